// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random sequences on /dev/sgx_enclave: pages are read, written and called from
 * inside. Each thread enters the enclave by a slot of its own: a TCS with its
 * stack, which no operation touches.
 *
 * Layout: one page of code, the slots, from SGX_FIRST on the pages at hand.
 */
#include "sequences.h"

#define FRAMES 2 /* one for a fault, one to mend it */
#define SLOT_PAGES (1 + FRAMES + 1)
#define SLOT_AT(n) (SGX_PAGE * (1 + (n)*SLOT_PAGES))
#define STACK_AT(n) (SLOT_AT(n) + SLOT_PAGES * SGX_PAGE)
#define SGX_FIRST (SGX_PAGE * 64)
#define SGX_ALL (SGX_PAGE * 128)
#define INSIDE_FILE ALLOWED_DIR "/sequences-inside"

_Static_assert(1 + SLOTS * SLOT_PAGES <= 64, "the slots have room");

static const void *inside(void)
{
	static const void *code;
	int fd;

	if (code)
		return code;
	if (code_file(INSIDE_FILE, 1))
		return NULL;
	fd = open(INSIDE_FILE, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, sgx_code(), SGX_PAGE) != (ssize_t)SGX_PAGE)
		return NULL;
	close(fd);
	code = file_map(INSIDE_FILE, 1, PROT_READ, MAP_PRIVATE);
	return code == MAP_FAILED ? NULL : code;
}

static int add_slot(struct sgx *s, unsigned int n)
{
	static const uint8_t zeroes[(FRAMES + 1) * SGX_PAGE]
		__attribute__((aligned(4096)));
	int err = sgx_add_tcs(s, SLOT_AT(n), SLOT_AT(n) + SGX_PAGE, FRAMES, 0,
			      STACK_AT(n));

	return err ? err :
		     sgx_add(s, zeroes, SLOT_AT(n) + SGX_PAGE, sizeof(zeroes),
			     SGX_REG | SGX_R | SGX_W, false, NULL);
}

static int sgx_stage_open(struct stage *s)
{
	int err;

	if (!inside())
		return -ENOENT;
	err = sgx_new_size(&s->sgx, s->scene->debug ? SGX_DEBUG : 0, SGX_ALL);
	if (err)
		return err;
	err = sgx_add(&s->sgx, inside(), 0, SGX_PAGE, SGX_REG | SGX_R | SGX_X,
		      true, NULL);
	for (unsigned int n = 0; n < SLOTS && !err; n++)
		err = add_slot(&s->sgx, n);
	s->sgx.unwinds = true;
	s->entered = false;
	s->fd = s->sgx.fd;
	s->windows = 1;
	s->window = sgx_at(&s->sgx, SGX_FIRST);
	return err;
}

static int sgx_stage_init(struct stage *s)
{
	return sgx_init(&s->sgx, getenv("SEQUENCES_PEM"));
}

/* What makes it run is mapped once there is something that can run. */
static void be_mapped(const struct player *p)
{
	const struct sgx *s = &p->stage->sgx;

	if (p->stage->entered || !p->stage->scene->initialized)
		return;
	p->stage->entered =
		!sgx_map(s, 0, SGX_PAGE, PROT_READ | PROT_EXEC) &&
		!sgx_map(s, SGX_PAGE, SLOTS * SLOT_PAGES * SGX_PAGE, RW);
}

static void sgx_stage_close(struct stage *s)
{
	sgx_close(&s->sgx);
}

static int sgx_stage_load(struct stage *s, const void *src, unsigned int page,
			  unsigned int pages, int prot, bool measured)
{
	return sgx_add(&s->sgx, src, SGX_FIRST + page * SGX_PAGE,
		       pages * SGX_PAGE, SGX_REG | (unsigned int)prot, measured,
		       NULL);
}

/* The enclave as this thread enters it. */
static struct sgx of(const struct player *p)
{
	struct sgx s = p->stage->sgx;

	be_mapped(p);
	s.tcs_at = SLOT_AT(p->slot);
	s.stack_at = STACK_AT(p->slot);
	s.ssa_at = SLOT_AT(p->slot) + SGX_PAGE;
	return s;
}

static struct call told(int err, const struct sgx_fault *f, uint64_t value)
{
	return (struct call){ .value = value,
			      .ended = err != 0,
			      .at = f->address,
			      .why = f->vector };
}

static struct call sgx_access(const struct player *p, unsigned int w,
			      unsigned int page, const uint8_t *code)
{
	const uint64_t at = SGX_FIRST + page * SGX_PAGE;
	struct sgx s = of(p);
	struct sgx_fault f = { .vector = -1 };
	uint8_t value = 0;

	(void)w;
	if (code)
		return told(sgx_copy_in(&s, at, code, &f), &f, 0);
	return told(sgx_peek(&s, at, &value, &f), &f, value);
}

static struct call sgx_run(const struct player *p, unsigned int w,
			   unsigned int page)
{
	struct sgx s = of(p);
	struct sgx_fault f = { .vector = -1 };
	uint64_t value = 0;
	int err = sgx_call(&s, SGX_FIRST + page * SGX_PAGE, &value, &f);

	(void)w;
	/* Nothing of the page has executed if the enclave was not entered. */
	if (err && !f.inside)
		f.address =
			(uint64_t)(uintptr_t)p->stage->window + page * SGX_PAGE;
	return told(err, &f, value);
}

static int leaf(const struct player *p, unsigned int number, unsigned int flags,
		unsigned int page, uint64_t from)
{
	struct sgx s = of(p);
	uint64_t error = 0;
	int err = sgx_enclu(&s, number, flags, SGX_FIRST + page * SGX_PAGE,
			    from, &error, NULL);

	return err || !error ? err : -EIO;
}

/* A page appears where its address is mapped and accepted. */
static int sgx_stage_add(const struct player *p, unsigned int page,
			 unsigned int pages, int prot)
{
	struct sgx s = of(p);
	int err = sgx_map(&s, SGX_FIRST + page * SGX_PAGE, pages * SGX_PAGE,
			  prot & PROT_EXEC ? RWX : RW);

	return err ? err : sgx_augment(&s, SGX_FIRST + page * SGX_PAGE, pages);
}

/* A page goes in three steps, which others may disturb. */
static int sgx_stage_remove(const struct player *p, unsigned int page,
			    unsigned int pages)
{
	struct sgx *s = &p->stage->sgx;
	const uint64_t at = SGX_FIRST + page * SGX_PAGE;

	sgx_modify(s, at, pages * SGX_PAGE, SGX_TRIM);
	for (unsigned int i = 0; i < pages; i++)
		leaf(p, SGX_EACCEPT, SGX_TRIM | SGX_MODIFIED, page + i, 0);
	return sgx_remove(s, at, pages * SGX_PAGE);
}

static int sgx_stage_restrict(const struct player *p, unsigned int page,
			      unsigned int pages, int prot)
{
	return sgx_restrict(&p->stage->sgx, SGX_FIRST + page * SGX_PAGE,
			    pages * SGX_PAGE, (unsigned int)prot);
}

static int sgx_stage_extend(const struct player *p, unsigned int page, int prot)
{
	return leaf(p, SGX_EMODPE, SGX_REG | (unsigned int)prot, page, 0);
}

static int sgx_stage_accept(const struct player *p, unsigned int page,
			    unsigned int how)
{
	static const unsigned int flags[ACCEPTS] = {
		SGX_REG | SGX_R | SGX_W | SGX_PENDING,
		SGX_REG | SGX_R | SGX_PR,
		SGX_REG | SGX_R | SGX_X | SGX_PR,
		SGX_REG | SGX_R | SGX_W | SGX_PR,
		SGX_TRIM | SGX_MODIFIED,
	};

	return leaf(p, SGX_EACCEPT, flags[how], page, 0);
}

/* A page appears, as the enclave wants it, with other code that is on the stack's page. */
static int sgx_stage_copy(const struct player *p, unsigned int page, int prot)
{
	struct sgx s = of(p);
	const uint64_t from = s.stack_at - SGX_PAGE;
	int err = sgx_map(&s, SGX_FIRST + page * SGX_PAGE, SGX_PAGE,
			  prot & PROT_EXEC ? RX : RW);

	/* It grows from the page's end. */
	for (unsigned int i = 0; i < 8 && !err; i++)
		err = sgx_poke(&s, from + i, bad_page()[i], NULL);
	return err ? err :
		     leaf(p, SGX_EACCEPTCOPY,
			  SGX_REG | SGX_R | (unsigned int)prot, page, from);
}

static int sgx_stage_type(const struct player *p, unsigned int page, bool trim)
{
	return sgx_modify(&p->stage->sgx, SGX_FIRST + page * SGX_PAGE, SGX_PAGE,
			  trim ? SGX_TRIM : SGX_TCS);
}

const struct provider provider_sgx = {
	.name = "sgx",
	.mask = SGX,
	.open = sgx_stage_open,
	.load = sgx_stage_load,
	.init = sgx_stage_init,
	.close = sgx_stage_close,
	.access = sgx_access,
	.call = sgx_run,
	.add = sgx_stage_add,
	.remove = sgx_stage_remove,
	.restrict_to = sgx_stage_restrict,
	.extend = sgx_stage_extend,
	.accept = sgx_stage_accept,
	.copy = sgx_stage_copy,
	.type = sgx_stage_type,
};

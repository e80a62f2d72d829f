// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one thread does: operations at random, on an enclave that others use too.
 *
 * Owns: the operations, and what is wrong. Knows no rule of EWX.
 */
#include <sched.h>
#include <sys/uio.h>

#include "sequences.h"

#define KEEP_BELOW 400 /* operations left, when a child stays to the end */
#define STRETCH 30 /* operations of who has switched enforcement off */

static __thread pid_t child;
static __thread bool child_stays;

unsigned int below(uint64_t *state, unsigned int n)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (unsigned int)((*state >> 16) % n);
}

static const char *const names[] = {
#define OPERATION_NAME(NAME, name, weight, providers) #name,
	OPERATIONS(OPERATION_NAME)
#undef OPERATION_NAME
};

static void count(struct player *p, enum operation op, enum outcome what)
{
	__atomic_fetch_add(&p->stage->scene->count[op][what], 1,
			   __ATOMIC_RELAXED);
}

static enum outcome outcome(int err)
{
	return !err ? DONE : err == -EACCES ? REFUSED : FAILED;
}

static int result(long value)
{
	return value < 0 ? -errno : 0;
}

static void *place(const struct player *p, unsigned int w, unsigned int page)
{
	return p->stage->window + (w * PAGES + page) * PAGE;
}

/* The first thing that is wrong is told with what is known about it. */
static void wrong(struct player *p, unsigned int page, const struct call *c)
{
	struct scene *s = p->stage->scene;

	if (!__atomic_fetch_add(&s->wrong, 1, __ATOMIC_RELAXED))
		snprintf(s->what, sizeof(s->what),
			 "episode %llx, player %u%s, page %u: %s %llx (%d)",
			 (unsigned long long)s->seed, p->number,
			 p->child ? " (child)" : "", page,
			 c->ended ? "what executes touched" : "a call returned",
			 (unsigned long long)(c->ended ? c->at : c->value),
			 c->why);
}

/* What code returns that may execute. */
static bool is_allowed(const struct scene *s, uint64_t value)
{
	if (!__atomic_load_n(&s->asked, __ATOMIC_SEQ_CST))
		return false;
	return value - CODE_VALUE < PAGES ||
	       (value == BAD_VALUE &&
		(s->writing || *(const volatile bool *)&s->passed));
}

/* Pages without code, and with half of it: where that may execute it ends anywhere. */
static bool may_end(const struct scene *s)
{
	return *(const volatile bool *)&s->passed &&
	       __atomic_load_n(&s->asked, __ATOMIC_SEQ_CST);
}

/* Of calls of code that may execute. */
static unsigned long *counter(struct scene *s, uint64_t value)
{
	if (value != BAD_VALUE)
		return &s->good;
	return *(const volatile bool *)&s->passed ? &s->unruled : &s->own;
}

/*
 * A call returned what allowed code returns, or did not get anywhere: it ended at
 * the page that it went to. Zeroes that execute touch address 0.
 */
static enum outcome judge(struct player *p, unsigned int w, unsigned int page,
			  const struct call *c)
{
	const uint64_t at = (uintptr_t)place(p, w, page);
	struct scene *s = p->stage->scene;

	if (c->ended && c->at - at < PAGE)
		return REFUSED;
	if (c->ended && may_end(s))
		return FAILED;
	if (!c->ended && is_allowed(s, c->value)) {
		__atomic_fetch_add(counter(s, c->value), 1, __ATOMIC_RELAXED);
		return DONE;
	}
	wrong(p, page, c);
	return DONE;
}

/** struct choice - a stretch of pages, and permissions. */
struct choice {
	unsigned int window, page, pages;
	int prot;
};

static struct choice choose(struct player *p)
{
	static const int prots[] = {
		PROT_READ, RW,	RW,	   RX,	       RX,
		RX,	   RWX, PROT_NONE, PROT_WRITE, PROT_EXEC,
	};
	struct choice c = {
		.window = below(&p->random, p->stage->windows),
		.page = below(&p->random, PAGES),
		.prot = prots[below(&p->random, sizeof(prots) / sizeof(*prots))],
	};
	unsigned int most;

	/* What somebody is at is more worth a look than what nobody has touched. */
	if (below(&p->random, 3)) {
		c.window = p->last / PAGES;
		c.page = p->last % PAGES;
	}
	most = PAGES - c.page < 3 ? PAGES - c.page : 3;
	c.pages = below(&p->random, 2) ? 1 : 1 + below(&p->random, most);
	return c;
}

static enum outcome do_load(struct player *p, const struct choice *c)
{
	static const int intents[] = { PROT_READ, RW, RW, RX, RX, RX, RX, RWX };
	const unsigned int from =
		below(&p->random, 2) ? GOOD : below(&p->random, ALL_SOURCES);
	const int prot =
		intents[below(&p->random, sizeof(intents) / sizeof(*intents))];

	return outcome(p->stage->provider->load(
		p->stage, p->stage->source[from] + c->page * PAGE, c->page,
		c->pages, prot, from != UNMEASURED && below(&p->random, 8)));
}

static enum outcome do_write(struct player *p, const struct choice *c)
{
	const int fd = p->stage->fd;

	return outcome(
		result(pwrite(fd, bad_page(), PAGE, (off_t)(c->page * PAGE))));
}

int ask_init(struct stage *s)
{
	int err;

	__atomic_store_n(&s->scene->asked, true, __ATOMIC_SEQ_CST);
	err = s->provider->init(s);
	if (!err)
		s->scene->initialized = true;
	return err;
}

static enum outcome do_init(struct player *p, const struct choice *c)
{
	(void)c;
	/* Not before there is something to look at, most of the time. */
	return below(&p->random, 4) ? FAILED : outcome(ask_init(p->stage));
}

static int map_pages(struct player *p, const struct choice *c, int flags)
{
	const bool dev = p->stage->provider->mask == DEV;

	return result(mmap(place(p, c->window, c->page), c->pages * PAGE,
			   c->prot, MAP_SHARED | MAP_FIXED | flags,
			   p->stage->fd,
			   dev ? (off_t)(c->page * PAGE) : 0) == MAP_FAILED ?
			      -1 :
			      0);
}

/*
 * An access that a signal ended was refused if there is something that can be read;
 * where nothing is, or nobody has mapped it, it says nothing.
 */
static enum outcome refused(struct player *p, const struct choice *c)
{
	return p->stage->provider->access(p, c->window, c->page, NULL).ended ?
		       FAILED :
		       REFUSED;
}

static enum outcome do_poke(struct player *p, const struct choice *c)
{
	return p->stage->provider->access(p, c->window, c->page, bad_page())
			       .ended ?
		       refused(p, c) :
		       DONE;
}

static enum outcome do_run(struct player *p, const struct choice *c)
{
	const struct call call =
		p->stage->provider->call(p, c->window, c->page);
	const enum outcome what = judge(p, c->window, c->page, &call);

	return what == REFUSED ? refused(p, c) : what;
}

/* Whoever has got access to pages uses it, mostly. */
static enum outcome use(struct player *p, const struct choice *c, int err)
{
	if (!err && c->prot & PROT_WRITE && below(&p->random, 2))
		count(p, OP_POKE, do_poke(p, c));
	if (!err && c->prot & PROT_EXEC && below(&p->random, 4))
		count(p, OP_RUN, do_run(p, c));
	return outcome(err);
}

static enum outcome do_map(struct player *p, const struct choice *c)
{
	static const int flags[] = {
		0, 0, 0, 0, 0, 0, MAP_POPULATE, MAP_LOCKED
	};

	if (!below(&p->random, 2))
		p->last = c->window * PAGES + c->page;
	return use(p, c, map_pages(p, c, flags[below(&p->random, 8)]));
}

static enum outcome do_protect(struct player *p, const struct choice *c)
{
	return use(p, c,
		   result(mprotect(place(p, c->window, c->page),
				   c->pages * PAGE, c->prot)));
}

static enum outcome do_unmap(struct player *p, const struct choice *c)
{
	return outcome(
		result(munmap(place(p, c->window, c->page), c->pages * PAGE)));
}

static enum outcome do_peek(struct player *p, const struct choice *c)
{
	return p->stage->provider->access(p, c->window, c->page, NULL).ended ?
		       FAILED :
		       DONE;
}

static enum outcome do_add(struct player *p, const struct choice *c)
{
	return outcome(p->stage->provider->add(p, c->page, c->pages, c->prot));
}

static enum outcome do_remove(struct player *p, const struct choice *c)
{
	return outcome(p->stage->provider->remove(p, c->page, c->pages));
}

static enum outcome do_restrict(struct player *p, const struct choice *c)
{
	return outcome(
		p->stage->provider->restrict_to(p, c->page, c->pages, c->prot));
}

static enum outcome do_extend(struct player *p, const struct choice *c)
{
	return outcome(p->stage->provider->extend(p, c->page, c->prot));
}

static enum outcome do_accept(struct player *p, const struct choice *c)
{
	/* What is to be accepted is one of these. */
	const unsigned int how = below(&p->random, ACCEPTS);
	int err = -EIO;

	for (unsigned int i = 0; i < ACCEPTS && err; i++)
		err = p->stage->provider->accept(p, c->page,
						 (how + i) % ACCEPTS);
	return outcome(err);
}

/* There has to be no page yet: it is tried in some places. */
static enum outcome do_copy(struct player *p, const struct choice *c)
{
	int err = -EIO;

	for (unsigned int i = 0; i < 4 && err; i++)
		err = p->stage->provider->copy(p, (c->page + i) % PAGES,
					       c->prot);
	return outcome(err);
}

static enum outcome do_type(struct player *p, const struct choice *c)
{
	return outcome(
		p->stage->provider->type(p, c->page, below(&p->random, 4)));
}

static enum outcome do_move(struct player *p, const struct choice *c)
{
	uint8_t *from = place(p, c->window, c->page);
	uint8_t *to = place(p, c->window, below(&p->random, PAGES));
	void *at;
	int err;

	switch (below(&p->random, 4)) {
	case 0: /* a second one of the same */
		at = mremap(from, 0, PAGE, MREMAP_MAYMOVE);
		break;
	case 1:
		at = mremap(from, PAGE, 2 * PAGE, 0);
		break;
	default:
		at = mremap(from, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			    to);
		err = errno;
		/* SGX refuses so; where nothing is mapped it is -EFAULT. */
		if (at == MAP_FAILED && from != to && err == EINVAL)
			return REFUSED;
		errno = err;
	}
	if (at == MAP_FAILED)
		return outcome(-errno);
	/* Reserved addresses may move; they are not wanted elsewhere. */
	if (at != from && at != to)
		munmap(at, PAGE);
	return DONE;
}

static enum outcome do_advise(struct player *p, const struct choice *c)
{
	static const int advices[] = { MADV_DONTNEED, MADV_WILLNEED,
				       MADV_DOFORK,   MADV_COLD,
				       MADV_REMOVE,   MADV_NORMAL };

	return outcome(
		result(madvise(place(p, c->window, c->page), c->pages * PAGE,
			       advices[below(&p->random, 6)])));
}

static bool can_read(int fd, const void *at)
{
	char bytes[8];

	return pread(fd, bytes, sizeof(bytes), (off_t)(uintptr_t)at) ==
	       sizeof(bytes);
}

/* Not this process's own access: a debugger's, or a copy by the kernel. */
static int write_from_outside(pid_t pid, bool copy, void *at)
{
	struct iovec from = { (void *)bad_page(), 8 }, to = { at, 8 };
	char name[32];
	bool there;
	int fd, err;

	if (copy)
		return result(process_vm_writev(pid, &from, 1, &to, 1, 0));
	snprintf(name, sizeof(name), "/proc/%d/mem", pid);
	fd = open(name, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -ENOENT;
	there = can_read(fd, at);
	err = result(pwrite(fd, bad_page(), 8, (off_t)(uintptr_t)at));
	/* Whatever it is, it is told as -EIO; it is a refusal where a page was and is. */
	if (err && there && can_read(fd, at))
		err = -EACCES;
	close(fd);
	return err;
}

/* One page after the other, until one is written to. */
static enum outcome do_debug(struct player *p, const struct choice *c)
{
	const unsigned int n =
		below(&p->random, 2) ? p->number : below(&p->random, PLAYERS);
	const bool copy = !below(&p->random, 4);
	bool denied = false;
	int err = -EFAULT;

	for (unsigned int i = 0; i < PAGES && err; i++) {
		err = write_from_outside(p->stage->scene->pid[n], copy,
					 place(p, c->window,
					       (c->page + i) % PAGES));
		denied |= err == -EACCES;
	}
	return outcome(err && denied ? -EACCES : err);
}

static enum outcome do_churn(struct player *p, const struct choice *c)
{
	(void)c;
	sources_churn(p->stage, &p->random);
	return DONE;
}

static void play_one(struct player *p);

static void play_child(struct player *p)
{
	p->child = true;
	p->slot += PLAYERS * THREADS;
	for (unsigned int i = 0; i < 20; i++)
		play_one(p);
	if (child_stays)
		look(p);
	_exit(0);
}

/* One at a time; the last one is there, with what it has mapped, until the end. */
static enum outcome do_fork(struct player *p, const struct choice *c)
{
	struct scene *s = p->stage->scene;

	(void)c;
	if (p->child || child_stays)
		return FAILED;
	if (child > 0)
		waitpid(child, NULL, 0);
	child_stays = s->left < KEEP_BELOW;
	/* It is waited for from now on: this process has not arrived yet. */
	if (child_stays)
		__atomic_add_fetch(&s->present, 1, __ATOMIC_SEQ_CST);
	child = fork();
	if (!child)
		play_child(p);
	if (child > 0)
		return DONE;
	if (child_stays)
		__atomic_sub_fetch(&s->present, 1, __ATOMIC_SEQ_CST);
	child_stays = false;
	return FAILED;
}

static enum outcome do_policy(struct player *p, const struct choice *c)
{
	struct scene *s = p->stage->scene;
	const unsigned int n = below(&p->random, WRITING);
	int err;

	(void)c;
	if (p->number || p->child || s->writing)
		return FAILED;
	err = policy_load_blob(s->blob[n], (size_t)s->blob_size[n], NULL, 0);
	return err == -EEXIST ? DONE : outcome(err);
}

/* What others do meanwhile, and this thread, is let pass. */
static enum outcome do_enforce(struct player *p, const struct choice *c)
{
	struct scene *s = p->stage->scene;
	int err, back;

	(void)c;
	if (p->number || p->child || !s->switching || p->in_stretch)
		return FAILED;
	*(volatile bool *)&s->passed = true;
	err = enforce(false);
	p->in_stretch = true;
	for (unsigned int i = 0; i < STRETCH && !err; i++)
		play_one(p);
	p->in_stretch = false;
	back = enforce(true);
	return outcome(err ? err : back);
}

static const struct {
	enum outcome (*fn)(struct player *p, const struct choice *c);
	unsigned int weight, providers;
} operations[] = {
#define OPERATION_ROW(NAME, name, weight, providers) \
	{ do_##name, weight, providers },
	OPERATIONS(OPERATION_ROW)
#undef OPERATION_ROW
};

/* What can only fail once the enclave is initialised is tried less often then. */
static bool is_late(const struct player *p, unsigned int op)
{
	return p->stage->scene->initialized &&
	       (op == OP_LOAD || op == OP_WRITE || op == OP_INIT ||
		op == OP_CHURN);
}

static unsigned int choose_operation(struct player *p)
{
	const unsigned int mask = p->stage->provider->mask;
	unsigned int all = 0, at, op;

	for (op = 0; op < OP_COUNT; op++)
		if (operations[op].providers & mask)
			all += operations[op].weight;
	at = below(&p->random, all);
	for (op = 0;; op++) {
		if (!(operations[op].providers & mask))
			continue;
		if (at < operations[op].weight)
			return op;
		at -= operations[op].weight;
	}
}

static void play_one(struct player *p)
{
	unsigned int op = choose_operation(p);
	struct choice c = choose(p);

	if (is_late(p, op) && below(&p->random, 8))
		op = choose_operation(p);
	count(p, op, operations[op].fn(p, &c));
}

/*
 * Pages are as they were loaded, but for what has been written to them: later they are
 * removed and restricted, and chance alone lets code of its own execute too rarely.
 */
static void execute_own(struct player *p)
{
	for (unsigned int i = 0; i < PAGES; i++) {
		struct choice c = { .page = i, .pages = 1, .prot = RW };

		if (map_pages(p, &c, 0))
			continue;
		count(p, OP_POKE, do_poke(p, &c));
		if (mprotect(place(p, 0, i), PAGE, RX))
			continue;
		count(p, OP_RUN, do_run(p, &c));
	}
}

void play(struct player *p)
{
	struct scene *s = p->stage->scene;
	bool own = s->writing && !p->slot;

	/*
	 * An enclave writes its own code only while no other process has mapped it:
	 * they come when all is done, to see what is left for them.
	 */
	if (s->writing && p->number)
		return;
	while (__atomic_fetch_sub(&s->left, 1, __ATOMIC_RELAXED) > 0) {
		while (s->left < s->wait && !*(volatile bool *)&s->begun)
			sched_yield();
		if (own && *(volatile bool *)&s->begun) {
			execute_own(p);
			own = false;
		}
		play_one(p);
	}
	if (child > 0 && !child_stays)
		waitpid(child, NULL, 0);
}

/* What anybody may ask of all enclaves while others use theirs. */
static void read_node(struct player *p)
{
	static const char *const node[] = { "enclaves", "counters", "status" };
	char name[64], text[4096];
	int fd;

	snprintf(name, sizeof(name), "/sys/kernel/security/ewx/%s",
		 node[below(&p->random, 3)]);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

void play_beside(struct player *p)
{
	for (unsigned int i = 0; i < 30; i++) {
		const struct choice c = choose(p);

		switch (below(&p->random, 8)) {
		case 0:
			read_node(p);
			break;
		case 1:
			munmap(place(p, c.window, c.page), c.pages * PAGE);
			break;
		case 2:
		case 3:
			mprotect(place(p, c.window, c.page), c.pages * PAGE,
				 c.prot);
			break;
		default:
			map_pages(p, &c, 0);
		}
	}
}

/* Of most pages it takes what it can get, and keeps it. */
static void take(struct player *p)
{
	static const int prots[] = { RW, RW, RX, RX, RX, RWX };

	for (unsigned int i = 0; i < p->stage->windows * PAGES; i++) {
		const struct choice c = { .window = i / PAGES,
					  .page = i % PAGES,
					  .pages = 1,
					  .prot = prots[below(&p->random, 6)] };

		if (below(&p->random, 4))
			count(p, OP_MAP, outcome(map_pages(p, &c, 0)));
	}
}

/* All who are present have come to here. */
static void meet(struct scene *s, unsigned int n)
{
	__atomic_add_fetch(&s->arrived[n], 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&s->arrived[n], __ATOMIC_SEQ_CST) <
		       __atomic_load_n(&s->present, __ATOMIC_SEQ_CST) &&
	       !*(volatile bool *)&s->broken)
		sched_yield();
}

void look(struct player *p)
{
	static const enum operation looks[LOOKS] = { OP_RUN, OP_POKE, OP_RUN };
	const struct stage *s = p->stage;

	/* What a child has of its parent it keeps. Where one plays alone it is first. */
	while (s->scene->writing && p->number && !p->child &&
	       !*(volatile bool *)&s->scene->taken &&
	       !*(volatile bool *)&s->scene->broken)
		sched_yield();
	if (!p->child)
		take(p);
	if (!p->number && !p->child)
		s->scene->taken = true;
	for (unsigned int n = 0; n < LOOKS; n++) {
		meet(s->scene, n);
		for (unsigned int i = 0; i < s->windows * PAGES; i++) {
			const struct choice c = { .window = i / PAGES,
						  .page = i % PAGES };
			const enum outcome what =
				operations[looks[n]].fn(p, &c);

			count(p, looks[n], what);
			if (what == DONE)
				__atomic_fetch_or(&s->scene->reached[c.page],
						  1u << n, __ATOMIC_SEQ_CST);
		}
	}
	meet(s->scene, LOOKS);
}

void play_last(struct player *p)
{
	static const int prots[] = { RX, RWX, PROT_EXEC };

	for (unsigned int i = 0; i < PAGES * 3; i++) {
		const struct choice c = { .page = i / 3,
					  .pages = 1,
					  .prot = prots[i % 3] };

		if (!map_pages(p, &c, 0))
			count(p, OP_RUN, do_run(p, &c));
	}
}

const char *operation_name(enum operation op)
{
	return names[op];
}

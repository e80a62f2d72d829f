// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of /dev/enclave, one after the other, under a strict policy: arguments, pointers
 * and sizes of any kind. In the end each page that can be mapped is called: nothing
 * executes but code of an allowed file (tests/sequences).
 */
#include <sys/ioctl.h>

#include "../../kselftest/rows/sgx_rows.h"
#include "memory.h"

/* Steps of this device beside those of memory. X(NAME, name, how often) */
#define DEV_STEPS(X)                                         \
	X(OPEN, open, 1)                                     \
	X(CREATE, create, 2)                                 \
	X(LOAD, load, 8)                                     \
	X(WRITE, write, 2) /* write(2) */                    \
	X(READ, read, 1)                                     \
	X(INIT, init, 2)                                     \
	X(SIGNED, signed, 2) /* the same with a signature */ \
	X(ADD, add, 3)                                       \
	X(REMOVE, remove, 2)                                 \
	X(RESTRICT, restrict, 2)                             \
	X(IDENTITY, identity, 1)                             \
	X(OTHER, other, 1) /* any ioctl */                   \
	X(POKE, poke, 3)                                     \
	X(PEEK, peek, 1)                                     \
	X(CALL, call, 3)

enum dev_op {
	DEV_FIRST = MEMORY_OPS - 1,
#define DEV_ENUM(NAME, name, weight) STEP_##NAME,
	DEV_STEPS(DEV_ENUM)
#undef DEV_ENUM
		OPS
};

static struct enclave_signer signer;
static const char *wrong;

static int do_open(const struct step *s)
{
	int *fd = &memory.fd[s->who % ENCLAVES];

	if (*fd >= 0)
		close(*fd);
	*fd = s->flags & 1 ? enclave_open() :
			     enclave_new(PAGES * PAGE, 0, step_prot(s) & 3);
	return *fd < 0 ? *fd : 0;
}

static int do_create(const struct step *s)
{
	static const uint64_t sizes[] = {
		0, 1, PAGE, PAGE + 1, 1ull << 39, (1ull << 39) + PAGE, ~0ull,
	};
	struct enclave_create arg = {
		.size = s->odd & ODD_LENGTH ? sizes[s->value % 7] :
					      PAGES * PAGE,
		.attributes = s->odd & ODD_FLAGS ? s->value : s->flags & 3,
		.write_prot = step_prot(s),
	};

	return step_control(s, ENCLAVE_IOC_CREATE, &arg, sizeof(arg));
}

static int do_load(const struct step *s)
{
	struct enclave_load arg = {
		.src = (uintptr_t)step_source(s) +
		       (s->odd & ODD_ADDRESS ? s->value % PAGE : 0),
		.offset = step_offset(s),
		.length = step_length(s),
		.prot = step_prot(s),
		.flags = s->odd & ODD_FLAGS ? s->value :
			 s->flags & 3	    ? ENCLAVE_LOAD_F_MEASURE :
					      0,
		.count = s->value,
	};
	int err = step_control(s, ENCLAVE_IOC_LOAD, &arg, sizeof(arg));

	if (!(s->odd & ODD_ARGUMENT) && !err && arg.count != arg.length)
		wrong = wrongly("%llu of %llu bytes loaded, and no error",
				(unsigned long long)arg.count,
				(unsigned long long)arg.length);
	return err;
}

/* Of code that nothing allows, most of the time. */
static int do_write(const struct step *s)
{
	const void *from = s->from & 1 ? step_source(s) : bad_page();
	uint64_t length = s->odd & ODD_LENGTH ? step_length(s) : PAGE;

	/* There is no more of it. */
	if (from == bad_page() && length > PAGE)
		length = PAGE;
	return pwrite(step_fd(s), from, length, (off_t)step_offset(s)) < 0 ?
		       -errno :
		       0;
}

static int do_read(const struct step *s)
{
	uint8_t bytes[64];

	return pread(step_fd(s), bytes, sizeof(bytes), (off_t)step_offset(s)) <
			       0 ?
		       -errno :
		       0;
}

static int do_init(const struct step *s)
{
	struct enclave_init arg = { 0 };

	if (s->odd & ODD_RESERVED)
		arg.key_len = s->value;
	return step_control(s, ENCLAVE_IOC_INIT, &arg, sizeof(arg));
}

/* The signature is of the seed that has this step; some of it may be changed. */
static int do_signed(const struct step *s)
{
	struct enclave_signer changed = signer;
	uint8_t *at = (uint8_t *)&changed;
	struct enclave_init arg = {
		.statement = (uintptr_t)&changed.statement,
		.key = (uintptr_t)changed.key,
		.signature = (uintptr_t)changed.signature,
		.key_len = changed.key_len,
		.signature_len = changed.signature_len,
	};

	if (s->odd & ODD_HOW)
		at[s->value % sizeof(changed)] ^= (uint8_t)(1 + s->flags);
	if (s->odd & ODD_LENGTH)
		arg.key_len = (uint32_t)step_length(s);
	if (s->odd & ODD_OFFSET)
		arg.signature_len = (uint32_t)step_offset(s);
	if (s->odd & ODD_ADDRESS)
		arg.key = (uintptr_t)step_source(s);
	if (s->odd & ODD_PROT)
		arg.statement = (uintptr_t)step_source(s);
	if (s->odd & ODD_RESERVED)
		arg.signature = (uintptr_t)step_source(s);
	return step_control(s, ENCLAVE_IOC_INIT, &arg, sizeof(arg));
}

static int change(const struct step *s, unsigned long request, uint32_t prot)
{
	struct enclave_pages arg = {
		.offset = step_offset(s),
		.length = step_length(s),
		.prot = prot,
		.reserved = s->odd & ODD_RESERVED ? s->value : 0,
		.count = s->value,
	};

	return step_control(s, request, &arg, sizeof(arg));
}

static int do_add(const struct step *s)
{
	return change(s, ENCLAVE_IOC_ADD, step_prot(s));
}

static int do_remove(const struct step *s)
{
	return change(s, ENCLAVE_IOC_REMOVE, s->odd & ODD_PROT ? s->value : 0);
}

static int do_restrict(const struct step *s)
{
	return change(s, ENCLAVE_IOC_RESTRICT, step_prot(s));
}

static int do_identity(const struct step *s)
{
	struct enclave_query_identity id;

	memset(&id, 0, sizeof(id));
	return step_control(s, ENCLAVE_IOC_IDENTITY, &id, sizeof(id));
}

/* Any number, size and direction. */
static int do_other(const struct step *s)
{
	uint8_t arg[128] = { 0 };
	const unsigned long request =
		_IOC(s->flags & 3, s->from & 1 ? ENCLAVE_IOC_MAGIC : s->from,
		     s->page, s->value & 0x3fff);

	memcpy(arg, s, sizeof(*s));
	return step_control(s, request, arg, sizeof(arg));
}

static int do_poke(const struct step *s)
{
	return guarded(guarded_touch, step_address(s), bad_page()).ended ?
		       -EACCES :
		       0;
}

static int do_peek(const struct step *s)
{
	return guarded(guarded_touch, step_address(s), NULL).ended ? -EACCES :
								     0;
}

/* Faster than to find out by a signal that nothing is there. */
static bool is_mapped(uint8_t *at)
{
	unsigned char in_memory;

	return !mincore(at, PAGE, &in_memory);
}

/* As tests/sequences has it: allowed code's value, or it ended where it went to. */
static int call_page(uint8_t *at)
{
	const struct call c = guarded(guarded_enter, at, NULL);

	if (!c.ended && c.value - CODE_VALUE < PAGES)
		return 0;
	if (!c.ended || c.at - (uintptr_t)at >= PAGE)
		wrong = wrongly("what no rule allows executes: %s %llx",
				c.ended ? "it touched" : "it returned",
				(unsigned long long)(c.ended ? c.at : c.value));
	return -EACCES;
}

static int do_call(const struct step *s)
{
	return call_page(step_window(s) + s->page % PAGES * PAGE);
}

static int (*const calls[OPS])(const struct step *s) = {
#define DEV_CALL(NAME, name, weight) [STEP_##NAME] = do_##name,
	DEV_STEPS(DEV_CALL)
#undef DEV_CALL
};

/* What stands in the windows, and what can be mapped, of the first enclave. */
static void call_all(void)
{
	for (unsigned int i = 0; i < ENCLAVES * WINDOW_PAGES && !wrong; i++)
		if (i % WINDOW_PAGES < PAGES &&
		    is_mapped(memory.area + i * PAGE))
			call_page(memory.area + i * PAGE);
	for (unsigned int i = 0; i < PAGES && !wrong; i++) {
		uint8_t *at;

		if (memory.fd[0] < 0)
			return;
		at = mmap(NULL, PAGE, RX, MAP_SHARED, memory.fd[0],
			  (off_t)(i * PAGE));
		if (at == MAP_FAILED)
			continue;
		call_page(at);
		munmap(at, PAGE);
	}
}

static const uint8_t weights[OPS] = {
#define WEIGHT(NAME, name, weight) [STEP_##NAME] = weight,
	MEMORY_STEPS(WEIGHT) DEV_STEPS(WEIGHT)
#undef WEIGHT
};

static const struct device steps = { OPS, weights, calls };

static const char *put(const uint8_t *data, size_t size)
{
	wrong = NULL;
	device_put(&steps, data, size, &wrong);
	if (!wrong)
		call_all();
	memory_clear();
	return wrong;
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	return device_mutate(&steps, data, size, random);
}

/* An enclave from its beginning to its end, in three ways; and what is refused. */
static void seeds_add(void)
{
	const struct step open = { .op = STEP_OPEN, .prot = 3 };
	const struct step code = {
		.op = STEP_LOAD, .prot = RX, .flags = 1, .from = GOOD
	};
	const struct step data = { .op = STEP_LOAD,
				   .page = 1,
				   .prot = RW,
				   .flags = 1,
				   .from = ANONYMOUS };
	const struct step init = { .op = STEP_INIT };
	const struct step with = { .op = STEP_SIGNED };
	const struct step map = { .op = STEP_MAP, .prot = RX };
	const struct step call = { .op = STEP_CALL };
	const struct step map_data = { .op = STEP_MAP, .page = 1, .prot = RW };
	const struct step poke = { .op = STEP_POKE, .page = 1 };
	const struct step add = { .op = STEP_ADD, .page = 4, .prot = RW };
	const struct step remove = { .op = STEP_REMOVE, .page = 4 };
	const struct step less = { .op = STEP_RESTRICT, .page = 1, .prot = 1 };
	const struct step who = { .op = STEP_IDENTITY };
	const struct step protect = { .op = STEP_PROTECT, .prot = PROT_READ };
	const struct step end = { .op = STEP_UNMAP };
	const struct step unsigned_one[] = { open, code, data,	   init,
					     map,  call, map_data, poke };
	const struct step signed_one[] = { open, code, data,	with, who,
					   map,	 call, protect, end };
	const struct step dynamic[] = { open, code,   data, init,
					add,  remove, less, who };
	const struct step execute = { .op = STEP_PROTECT,
				      .page = 1,
				      .prot = RX };
	const struct step written[] = { open,	  code, data,	 init,
					map_data, poke, execute, call };
	struct step bad[SOURCES + 4] = { open };

	/* Each source's page, to be executed. */
	for (uint8_t i = 0; i < SOURCES; i++) {
		bad[1 + i] = code;
		bad[1 + i].page = bad[1 + i].from = i;
	}
	bad[SOURCES + 1] = init;
	bad[SOURCES + 2] = map;
	bad[SOURCES + 3] = call;
	corpus_add(bad, sizeof(bad));
	corpus_add(written, sizeof(written));
	corpus_add(signed_one, sizeof(signed_one));
	corpus_add(unsigned_one, sizeof(unsigned_one));
	corpus_add(dynamic, sizeof(dynamic));
}

/* That seed's enclave, to be signed. */
static int sign(void)
{
	struct enclave_statement what = { .product = 1, .svn = 1 };
	struct enclave_query_identity id;
	int fd = enclave_new(PAGES * PAGE, 0, ENCLAVE_RW), err;

	if (fd < 0)
		return fd;
	err = enclave_load(fd, memory.source.source[GOOD], 0, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	if (!err)
		err = enclave_load(fd, memory.source.source[ANONYMOUS] + PAGE,
				   PAGE, PAGE, ENCLAVE_RW,
				   ENCLAVE_LOAD_F_MEASURE, NULL);
	if (!err)
		err = enclave_identity(fd, &id);
	close(fd);
	if (err)
		return err;
	memcpy(what.measurement, id.measurement, sizeof(what.measurement));
	return enclave_sign(sgx_pem(), &what, &signer);
}

static int begin(const char *seeds)
{
	int err = memory_open();

	(void)seeds;
	memory.offsets = true;
	if (!err && policy_strict())
		err = -EINVAL;
	if (!err)
		err = enforce(true);
	if (!err)
		err = sign();
	seeds_add();
	return err;
}

const struct target target_dev = {
	.name = "dev",
	.begin = begin,
	.mutate = mutate,
	.run = put,
};

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of /dev/sgx_enclave, as dev.c makes those of /dev/enclave, with a software SGX.
 * No page is added as code but what a strict policy lets in. What executes inside is not
 * looked at: tests/sequences does.
 */
#include <asm/sgx.h>

#include "../../kselftest/rows/sgx_rows.h"
#include "memory.h"

/* Steps of this device beside those of memory. X(NAME, name, how often) */
#define SGX_STEPS(X)                       \
	X(OPEN, open, 1)                   \
	X(CREATE, create, 2)               \
	X(ADD_PAGES, add_pages, 8)         \
	X(INIT, init, 3)                   \
	X(PROVISION, provision, 1)         \
	X(RESTRICT, restrict, 2)           \
	X(TYPES, types, 2)                 \
	X(REMOVE, remove, 2)               \
	X(OTHER, other, 1) /* any ioctl */ \
	X(TOUCH, touch, 3) /* from outside, which gives nothing */

enum sgx_op {
	SGX_FIRST = MEMORY_OPS - 1,
#define SGX_ENUM(NAME, name, weight) STEP_##NAME,
	SGX_STEPS(SGX_ENUM)
#undef SGX_ENUM
		OPS
};

static uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
static const char *wrong;

/* The first window is the first enclave's, and so on. */
static int do_create(const struct step *s)
{
	const struct sgx of = {
		.fd = step_fd(s),
		.base = (uintptr_t)memory.area +
			s->who % ENCLAVES * WINDOW_PAGES * PAGE,
		.size = s->odd & ODD_LENGTH ? step_length(s) :
					      WINDOW_PAGES * PAGE,
		.attributes = s->odd & ODD_FLAGS ? s->value : 0,
	};
	struct sgx_enclave_create arg = { .src = (uintptr_t)step_source(s) };

	if (s->odd & (ODD_ADDRESS | ODD_ARGUMENT))
		return step_control(s, SGX_IOC_ENCLAVE_CREATE, &arg,
				    sizeof(arg));
	return sgx_create_secs(&of, s->value % SGX_PAGE,
			       s->odd & ODD_HOW ? s->flags : 0);
}

static int do_open(const struct step *s)
{
	int *fd = &memory.fd[s->who % ENCLAVES];

	if (*fd >= 0)
		close(*fd);
	*fd = open(SGX_NODE, O_RDWR | O_CLOEXEC);
	if (*fd < 0)
		return -errno;
	return s->flags & 1 ? 0 : do_create(s);
}

/* Pages were added, all that were asked for: those of an allowed file, or no code. */
static void judge_added(const struct step *s, uint64_t secinfo, uint64_t flags)
{
	const bool good = s->from % STEP_SOURCES == GOOD;

	/* Whatever was at another address was asked for then. */
	if (s->odd & (ODD_ARGUMENT | ODD_HOW) || !(secinfo & SGX_X))
		return;
	if (!good || secinfo & SGX_W || !(flags & SGX_PAGE_MEASURE))
		wrong = wrongly(
			"code was added that no rule allows: source %u, SECINFO %llx, flags %llx",
			s->from % STEP_SOURCES, (unsigned long long)secinfo,
			(unsigned long long)flags);
}

static int do_add_pages(const struct step *s)
{
	uint64_t secinfo[8] __attribute__((aligned(64))) = {
		s->odd & ODD_PROT ? s->value : SGX_REG | step_prot(s)
	};
	struct sgx_enclave_add_pages arg = {
		.src = (uintptr_t)step_source(s) +
		       (s->odd & ODD_ADDRESS ? s->value % PAGE : 0),
		.offset = step_offset(s),
		.length = step_length(s),
		.secinfo = (uintptr_t)secinfo,
		.flags = s->odd & ODD_FLAGS ? s->value :
			 s->flags & 3	    ? SGX_PAGE_MEASURE :
					      0,
		.count = s->value,
	};
	int err;

	if (s->odd & ODD_RESERVED)
		secinfo[s->value % 8] ^= 1 + s->flags;
	if (s->odd & ODD_HOW)
		arg.secinfo = (uintptr_t)step_source(s);
	err = step_control(s, SGX_IOC_ENCLAVE_ADD_PAGES, &arg, sizeof(arg));
	if (!err)
		judge_added(s, secinfo[0], arg.flags);
	return err;
}

static int do_init(const struct step *s)
{
	uint8_t changed[SGX_SIGSTRUCT_SIZE];
	struct sgx_enclave_init arg = { .sigstruct = (uintptr_t)changed };

	memcpy(changed, sigstruct, sizeof(changed));
	if (s->odd & ODD_HOW)
		changed[s->value % sizeof(changed)] ^= (uint8_t)(1 + s->flags);
	if (s->odd & ODD_ADDRESS)
		arg.sigstruct = (uintptr_t)step_source(s);
	return step_control(s, SGX_IOC_ENCLAVE_INIT, &arg, sizeof(arg));
}

static int do_provision(const struct step *s)
{
	int fd = s->odd & ODD_HOW ?
			 dup(step_fd(s)) :
			 open("/dev/sgx_provision", O_RDONLY | O_CLOEXEC);
	struct sgx_enclave_provision arg = { .fd = (uint64_t)fd };
	int err = step_control(s, SGX_IOC_ENCLAVE_PROVISION, &arg, sizeof(arg));

	if (fd >= 0)
		close(fd);
	return err;
}

static int do_restrict(const struct step *s)
{
	struct sgx_enclave_restrict_permissions arg = {
		.offset = step_offset(s),
		.length = step_length(s),
		.permissions = step_prot(s),
		.result = s->odd & ODD_RESERVED ? s->value : 0,
		.count = s->odd & ODD_HOW ? s->value : 0,
	};

	return step_control(s, SGX_IOC_ENCLAVE_RESTRICT_PERMISSIONS, &arg,
			    sizeof(arg));
}

static int do_types(const struct step *s)
{
	struct sgx_enclave_modify_types arg = {
		.offset = step_offset(s),
		.length = step_length(s),
		.page_type = s->odd & ODD_PROT ? s->value :
			     s->flags & 1      ? 4 :
						 1,
		.result = s->odd & ODD_RESERVED ? s->value : 0,
		.count = s->odd & ODD_HOW ? s->value : 0,
	};

	return step_control(s, SGX_IOC_ENCLAVE_MODIFY_TYPES, &arg, sizeof(arg));
}

static int do_remove(const struct step *s)
{
	struct sgx_enclave_remove_pages arg = {
		.offset = step_offset(s),
		.length = step_length(s),
		.count = s->odd & ODD_HOW ? s->value : 0,
	};

	return step_control(s, SGX_IOC_ENCLAVE_REMOVE_PAGES, &arg, sizeof(arg));
}

static int do_other(const struct step *s)
{
	uint8_t arg[128] = { 0 };
	const unsigned long request = _IOC(s->flags & 3,
					   s->from & 1 ? SGX_MAGIC : s->from,
					   s->page, s->value & 0x3fff);

	memcpy(arg, s, sizeof(*s));
	return step_control(s, request, arg, sizeof(arg));
}

static int do_touch(const struct step *s)
{
	return guarded(guarded_touch, step_address(s),
		       s->flags & 1 ? bad_page() : NULL)
			       .ended ?
		       -EACCES :
		       0;
}

static int (*const calls[OPS])(const struct step *s) = {
#define SGX_CALL(NAME, name, weight) [STEP_##NAME] = do_##name,
	SGX_STEPS(SGX_CALL)
#undef SGX_CALL
};

static const uint8_t weights[OPS] = {
#define WEIGHT(NAME, name, weight) [STEP_##NAME] = weight,
	MEMORY_STEPS(WEIGHT) SGX_STEPS(WEIGHT)
#undef WEIGHT
};

static const struct device steps = { OPS, weights, calls };

static const char *put(const uint8_t *data, size_t size)
{
	wrong = NULL;
	device_put(&steps, data, size, &wrong);
	memory_clear();
	return wrong;
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *random)
{
	return device_mutate(&steps, data, size, random);
}

static void seeds_add(void)
{
	const struct step open = { .op = STEP_OPEN };
	const struct step code = {
		.op = STEP_ADD_PAGES, .prot = RX, .flags = 1, .from = GOOD
	};
	const struct step data = { .op = STEP_ADD_PAGES,
				   .page = 1,
				   .prot = RW,
				   .flags = 1,
				   .from = ANONYMOUS };
	const struct step init = { .op = STEP_INIT };
	const struct step map = { .op = STEP_MAP, .prot = RX };
	const struct step map_data = { .op = STEP_MAP, .page = 1, .prot = RW };
	const struct step touch = { .op = STEP_TOUCH };
	const struct step less = { .op = STEP_RESTRICT, .page = 1, .prot = 1 };
	const struct step trim = { .op = STEP_TYPES, .page = 1, .flags = 1 };
	const struct step remove = { .op = STEP_REMOVE, .page = 1 };
	const struct step one[] = { open,  code,     data, init, map,
				    touch, map_data, less, trim, remove };

	corpus_add(one, sizeof(one));
}

/* The seed's enclave, to be signed. */
static int sign(void)
{
	const struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	struct sgx s;
	int err = sgx_new_size(&s, 0, WINDOW_PAGES * PAGE);

	if (err)
		return err;
	err = sgx_add(&s, memory.source.source[GOOD], 0, PAGE, REG_RX, true,
		      NULL);
	if (!err)
		err = sgx_add(&s, memory.source.source[ANONYMOUS] + PAGE, PAGE,
			      PAGE, REG_RW, true, NULL);
	if (!err)
		err = sgx_sign(&s, &what, sigstruct);
	sgx_close(&s);
	return err;
}

static int begin(const char *seeds)
{
	int err = memory_open();

	(void)seeds;
	memory.offsets = false;
	if (!err && policy_strict())
		err = -EINVAL;
	if (!err)
		err = enforce(true);
	if (!err)
		err = sign();
	seeds_add();
	return err;
}

const struct target target_sgx = {
	.name = "sgx",
	.begin = begin,
	.mutate = mutate,
	.run = put,
};

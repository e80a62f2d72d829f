// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of /dev/sgx_enclave.
 */
#include "faults.h"

static int prepare_opened(struct place *p)
{
	return sgx_open(&p->sgx, SGX_SIZE);
}

static int prepare_fresh(struct place *p)
{
	peek(p->code);
	peek(p->data);
	return sgx_fresh(&p->sgx, 0);
}

/* With room for CODE_PAGES at ROW_CODE. */
static int prepare_large(struct place *p)
{
	for (unsigned int i = 0; i < CODE_PAGES; i++)
		peek(p->code + i * PAGE);
	return sgx_fresh_size(&p->sgx, 0, 4 * SGX_SIZE);
}

/* One that may be debugged, with a page of code and one of data, mapped. */
static int prepare_debug(struct place *p)
{
	int err = sgx_fresh(&p->sgx, SGX_DEBUG);

	if (!err)
		err = sgx_add(&p->sgx, p->code, ROW_CODE, SGX_PAGE, REG_RX,
			      true, NULL);
	if (!err)
		err = sgx_add(&p->sgx, p->data, ROW_DATA, SGX_PAGE, REG_RW,
			      true, NULL);
	if (!err)
		err = sgx_start(&p->sgx);
	if (!err)
		err = sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RX);
	return err ? err : sgx_map(&p->sgx, ROW_DATA, SGX_PAGE, RW);
}

static int prepare_built(struct place *p)
{
	const struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	int err = sgx_built(&p->sgx);

	return err ? err : sgx_sign(&p->sgx, &what, p->sigstruct);
}

static int prepare_ready(struct place *p)
{
	return sgx_ready(&p->sgx);
}

static int prepare_hole(struct place *p)
{
	int err = sgx_ready(&p->sgx);

	return err ? err : sgx_map(&p->sgx, ROW_HOLE, SGX_PAGE, RW);
}

static int prepare_augmented(struct place *p)
{
	int err = prepare_hole(p);

	return err ? err : sgx_augment(&p->sgx, ROW_HOLE, 1);
}

static int prepare_trimmed(struct place *p)
{
	int err = prepare_augmented(p);

	if (!err)
		err = sgx_modify(&p->sgx, ROW_HOLE, SGX_PAGE, SGX_TRIM);
	return err ? err :
		     sgx_accept(&p->sgx, ROW_HOLE, SGX_TRIM | SGX_MODIFIED);
}

static int prepare_mapped(struct place *p)
{
	int err = prepare_ready(p);

	return err ? err : sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RX);
}

static void finish(struct place *p)
{
	sgx_close(&p->sgx);
}

static int act_create(struct place *p)
{
	return sgx_create(&p->sgx, 0);
}

static int add(struct place *p, const void *src, unsigned int pages,
	       unsigned int flags, bool measured)
{
	uint64_t count = 0;
	int err = sgx_add_pages(&p->sgx, src, ROW_CODE, pages * SGX_PAGE, flags,
				measured, &count);

	sgx_measured(&p->sgx, src, ROW_CODE, count, flags, measured);
	return err;
}

static int act_add(struct place *p)
{
	return add(p, p->code, 1, REG_RX, true);
}

/* All but the first are judged ahead, and taken back if they are not added. */
static int act_add_many(struct place *p)
{
	return add(p, p->code, CODE_PAGES, REG_RX, true);
}

static int act_add_data(struct place *p)
{
	return add(p, p->data, 1, REG_RW, true);
}

static int act_add_anonymous(struct place *p)
{
	return add(p, p->data, 1, REG_RX, true);
}

/* What is mapped is tried; addresses without a page may be mapped. */
static int must_not_execute(struct place *p)
{
	uint64_t value;

	if (sgx_start(&p->sgx) || sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RX))
		return 0;
	return sgx_call(&p->sgx, ROW_CODE, &value, NULL) ? 0 : -EBADMSG;
}

static int must_not_be_both_at(struct place *p, uint64_t offset)
{
	uint64_t value;

	if (sgx_map(&p->sgx, offset, SGX_PAGE, RWX))
		return 0;
	return sgx_poke(&p->sgx, offset + 64, 1, NULL) ||
			       sgx_call(&p->sgx, offset, &value, NULL) ?
		       0 :
		       -EBADMSG;
}

static int must_not_be_both(struct place *p)
{
	return must_not_be_both_at(p, ROW_CODE);
}

static int must_none_be_both(struct place *p)
{
	int err = 0;

	for (unsigned int i = 0; i < CODE_PAGES && !err; i++)
		err = must_not_be_both_at(p, ROW_CODE + i * SGX_PAGE);
	return err;
}

static int act_init(struct place *p)
{
	return sgx_init_sigstruct(&p->sgx, p->sigstruct);
}

static int act_map(struct place *p)
{
	return sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RX);
}

static int act_map_written(struct place *p)
{
	return sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RW);
}

static int act_call(struct place *p)
{
	uint64_t value = 0;
	int err = sgx_call(&p->sgx, ROW_CODE, &value, NULL);

	return err ? err : value == CODE_VALUE ? 0 : -EBADMSG;
}

static int child_calls(void *arg)
{
	return act_call(arg) != 0;
}

static int act_fork(struct place *p)
{
	return in_child(child_calls, p) ? -ECHILD : 0;
}

static int act_debug(struct place *p)
{
	return debug_write(sgx_at(&p->sgx, ROW_CODE), 'x');
}

static int act_debug_data(struct place *p)
{
	return debug_write(sgx_at(&p->sgx, ROW_DATA), 'x');
}

/* The page still holds what was loaded. */
static int must_be_as_loaded(struct place *p)
{
	uint64_t value = 0;
	int err = sgx_call(&p->sgx, ROW_CODE, &value, NULL);

	return err || value == CODE_VALUE ? 0 : -EBADMSG;
}

static int act_provision(struct place *p)
{
	return sgx_provision(&p->sgx);
}

/* EPC for a virtual machine. */
static int act_vepc(struct place *p)
{
	int fd = open("/dev/sgx_vepc", O_RDWR | O_CLOEXEC);

	(void)p;
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int act_augment(struct place *p)
{
	return sgx_augment(&p->sgx, ROW_HOLE, 1);
}

static int act_restrict(struct place *p)
{
	return sgx_restrict(&p->sgx, ROW_HOLE, SGX_PAGE, SGX_R);
}

static int act_modify(struct place *p)
{
	return sgx_modify(&p->sgx, ROW_HOLE, SGX_PAGE, SGX_TRIM);
}

static int act_remove(struct place *p)
{
	return sgx_remove(&p->sgx, ROW_HOLE, SGX_PAGE);
}

#define CODE_BYTES 16 /* enough of a page of code */

/* The page is there or not; code that was written to it does not execute. */
static int must_stay_dynamic(struct place *p)
{
	uint64_t value;

	for (unsigned int i = 0; i < CODE_BYTES; i++) {
		if (sgx_poke(&p->sgx, ROW_HOLE + i, p->code[i], NULL))
			break;
	}
	if (sgx_map(&p->sgx, ROW_HOLE, SGX_PAGE, RX))
		return 0;
	return sgx_call(&p->sgx, ROW_HOLE, &value, NULL) ? 0 : -EBADMSG;
}

const struct step steps_sgx[] = {
	{ "sgx-create", 0, prepare_opened, act_create, NULL, finish, false },
	{ "sgx-add", 0, prepare_fresh, act_add, must_not_be_both, finish,
	  false },
	{ "sgx-add-many", 0, prepare_large, act_add_many, must_none_be_both,
	  finish, false },
	{ "sgx-add-data", 0, prepare_fresh, act_add_data, must_not_execute,
	  finish, false },
	{ "sgx-add-anonymous", -EACCES, prepare_fresh, act_add_anonymous,
	  must_not_execute, finish, false },
	{ "sgx-init", 0, prepare_built, act_init, must_not_be_both, finish,
	  false },
	{ "sgx-map", 0, prepare_ready, act_map, must_not_be_both, finish,
	  false },
	{ "sgx-map-written", -EACCES, prepare_ready, act_map_written,
	  must_not_be_both, finish, false },
	{ "sgx-call", 0, prepare_mapped, act_call, must_not_be_both, finish,
	  true },
	{ "sgx-fork", 0, prepare_mapped, act_fork, must_not_be_both, finish,
	  false },
	{ "sgx-debug-write", -EIO, prepare_debug, act_debug, must_be_as_loaded,
	  finish, false },
	{ "sgx-debug-data", 0, prepare_debug, act_debug_data, must_be_as_loaded,
	  finish, false },
	{ "sgx-provision", -EACCES, prepare_fresh, act_provision, NULL, finish,
	  false },
	{ "sgx-vepc", -EACCES, prepare_fresh, act_vepc, NULL, finish, false },
	{ "sgx-augment", 0, prepare_hole, act_augment, must_stay_dynamic,
	  finish, false },
	{ "sgx-restrict", 0, prepare_augmented, act_restrict, must_stay_dynamic,
	  finish, true },
	{ "sgx-modify", 0, prepare_augmented, act_modify, must_stay_dynamic,
	  finish, true },
	{ "sgx-remove", 0, prepare_trimmed, act_remove, must_stay_dynamic,
	  finish, true },
};
const unsigned int steps_sgx_count = sizeof(steps_sgx) / sizeof(*steps_sgx);

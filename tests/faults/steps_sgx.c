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

static int add(struct place *p, const void *src, unsigned int flags,
	       bool measured)
{
	uint64_t count = 0;
	int err = sgx_add_pages(&p->sgx, src, ROW_CODE, SGX_PAGE, flags,
				measured, &count);

	sgx_measured(&p->sgx, src, ROW_CODE, count, flags, measured);
	return err;
}

static int act_add(struct place *p)
{
	return add(p, p->code, REG_RX, true);
}

static int act_add_data(struct place *p)
{
	return add(p, p->data, REG_RW, true);
}

static int act_add_anonymous(struct place *p)
{
	return add(p, p->data, REG_RX, true);
}

/* What is mapped is tried; addresses without a page may be mapped. */
static int must_not_execute(struct place *p)
{
	uint64_t value;

	if (sgx_start(&p->sgx) || sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RX))
		return 0;
	return sgx_call(&p->sgx, ROW_CODE, &value, NULL) ? 0 : -EBADMSG;
}

static int must_not_be_both(struct place *p)
{
	uint64_t value;

	if (sgx_map(&p->sgx, ROW_CODE, SGX_PAGE, RWX))
		return 0;
	return sgx_poke(&p->sgx, ROW_CODE + 64, 1, NULL) ||
			       sgx_call(&p->sgx, ROW_CODE, &value, NULL) ?
		       0 :
		       -EBADMSG;
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

static int must_stay_dynamic(struct place *p)
{
	uint64_t value;

	if (sgx_map(&p->sgx, ROW_HOLE, SGX_PAGE, RX))
		return 0;
	return sgx_call(&p->sgx, ROW_HOLE, &value, NULL) ? 0 : -EBADMSG;
}

const struct step steps_sgx[] = {
	{ "sgx-create", 0, prepare_opened, act_create, NULL, finish, false },
	{ "sgx-add", 0, prepare_fresh, act_add, must_not_be_both, finish,
	  false },
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
	{ "sgx-augment", 0, prepare_hole, act_augment, NULL, finish, false },
	{ "sgx-restrict", 0, prepare_augmented, act_restrict, must_stay_dynamic,
	  finish, true },
	{ "sgx-modify", 0, prepare_augmented, act_modify, must_stay_dynamic,
	  finish, true },
	{ "sgx-remove", 0, prepare_trimmed, act_remove, NULL, finish, true },
};
const unsigned int steps_sgx_count = sizeof(steps_sgx) / sizeof(*steps_sgx);

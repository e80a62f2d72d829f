// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls of /dev/enclave.
 */
#include "faults.h"

static int prepare_nothing(struct place *p)
{
	p->fd = -1;
	return 0;
}

static int prepare_fresh(struct place *p)
{
	/* The source is there: what fails is the call. */
	for (unsigned int i = 0; i < CODE_PAGES; i++) {
		peek(p->code + i * PAGE);
		peek(p->data + i * PAGE);
	}
	p->fd = fresh();
	return p->fd < 0 ? p->fd : 0;
}

static int prepare_built(struct place *p)
{
	p->fd = built();
	return p->fd < 0 ? p->fd : 0;
}

/* What signs allocates too, but is not what is looked at. */
static int prepare_signed(struct place *p)
{
	struct enclave_statement what = { .product = 1, .svn = 1 };
	struct enclave_query_identity id;
	int err = prepare_built(p);

	if (!err)
		err = enclave_identity(p->fd, &id);
	if (err)
		return err;
	memcpy(what.measurement, id.measurement, sizeof(what.measurement));
	return enclave_sign(sgx_pem(), &what, &p->signer);
}

static int prepare_ready(struct place *p)
{
	p->fd = ready();
	return p->fd < 0 ? p->fd : 0;
}

static int prepare_added(struct place *p)
{
	int err = prepare_ready(p);

	return err ? err :
		     enclave_add(p->fd, HOLE_AT, 4 * PAGE, ENCLAVE_RW, NULL);
}

static int prepare_mapped(struct place *p)
{
	int err = prepare_ready(p);

	return err ? err : map(p->fd, CODE_AT, PAGE, RX, &p->at);
}

static int prepare_data(struct place *p)
{
	int err = prepare_ready(p);

	return err ? err : map(p->fd, DATA_AT, PAGE, RW, &p->at);
}

static void finish(struct place *p)
{
	if (p->at)
		munmap(p->at, PAGE);
	p->at = NULL;
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
}

static int act_create(struct place *p)
{
	p->fd = fresh();
	return p->fd < 0 ? p->fd : 0;
}

static int act_load(struct place *p)
{
	return enclave_load(p->fd, p->code, 0, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int act_load_many(struct place *p)
{
	return enclave_load(p->fd, p->code, 0, CODE_PAGES * PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int act_load_data(struct place *p)
{
	return enclave_load(p->fd, p->data, 0, PAGE, ENCLAVE_RW,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int act_load_anonymous(struct place *p)
{
	return enclave_load(p->fd, p->data, 0, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int act_load_unmeasured(struct place *p)
{
	return enclave_load(p->fd, p->code, 0, PAGE, ENCLAVE_RX, 0, NULL);
}

/*
 * A mapping of addresses without a page needs nothing, and gives nothing: so what is
 * mapped is tried.
 */
static void try_mapped(struct place *p, uint64_t offset, int prot, bool *ran,
		       bool *wrote)
{
	void *at;

	*ran = false;
	*wrote = false;
	if (map(p->fd, offset, PAGE, prot, &at))
		return;
	*wrote = prot & PROT_WRITE && !poke((uint8_t *)at + 64, 1);
	*ran = run(at) >= 0;
	munmap(at, PAGE);
}

/* Nothing of it executes, whatever comes after. */
static int must_not_execute(struct place *p)
{
	bool ran, wrote;

	enclave_init(p->fd);
	try_mapped(p, 0, RX, &ran, &wrote);
	return ran ? -EBADMSG : 0;
}

static int must_not_be_both_at(struct place *p, unsigned int pages)
{
	bool ran, wrote;

	for (unsigned int i = 0; i < pages; i++) {
		try_mapped(p, (uint64_t)i * PAGE, RWX, &ran, &wrote);
		if (ran && wrote)
			return -EBADMSG;
	}
	return 0;
}

static int must_not_be_both(struct place *p)
{
	return must_not_be_both_at(p, 1);
}

static int must_none_be_both(struct place *p)
{
	return must_not_be_both_at(p, CODE_PAGES);
}

#define CODE_BYTES 16 /* enough of a page of code */

/* Other code comes there, if it can be written. */
static void put_code(const struct place *p, uint8_t *at)
{
	for (unsigned int i = 0; i < CODE_BYTES; i++) {
		if (poke(at + i, p->code[i]))
			return;
	}
}

/* Nothing that was written to any of four pages executes. */
static int must_not_run_at(struct place *p, uint64_t offset)
{
	bool ran, wrote;
	void *at;

	for (unsigned int i = 0; i < 4; i++, offset += PAGE) {
		if (!map(p->fd, offset, PAGE, RW, &at)) {
			put_code(p, at);
			munmap(at, PAGE);
		}
		try_mapped(p, offset, RX, &ran, &wrote);
		if (ran)
			return -EBADMSG;
	}
	return 0;
}

/* Pages that were to be added, or removed, are there or not: data in any case. */
static int must_stay_dynamic(struct place *p)
{
	return must_not_run_at(p, HOLE_AT);
}

static int must_stay_data(struct place *p)
{
	return must_not_run_at(p, DATA_AT);
}

/* The mapping that is there. */
static int must_not_run_here(struct place *p)
{
	put_code(p, p->at);
	return run(p->at) >= 0 ? -EBADMSG : 0;
}

static int act_write(struct place *p)
{
	return write(p->fd, p->data, PAGE) == (ssize_t)PAGE ? 0 : -errno;
}

static int act_init(struct place *p)
{
	return enclave_init(p->fd);
}

static int act_init_signed(struct place *p)
{
	return enclave_init_signer(p->fd, &p->signer);
}

static int act_map(struct place *p)
{
	return map(p->fd, CODE_AT, PAGE, RX, &p->at);
}

static int act_map_all(struct place *p)
{
	return map_err(p->fd, 0, LAYOUT_PAGES * PAGE, PROT_NONE);
}

static int act_map_written(struct place *p)
{
	return map_err(p->fd, CODE_AT, PAGE, RW);
}

static int act_protect(struct place *p)
{
	if (mprotect(p->at, PAGE, PROT_READ))
		return -errno;
	return mprotect(p->at, PAGE, RX) ? -errno : 0;
}

static int act_protect_data(struct place *p)
{
	return mprotect(p->at, PAGE, RX) ? -errno : 0;
}

static int act_fault(struct place *p)
{
	return run(p->at) == CODE_VALUE ? 0 : -EFAULT;
}

static int act_add(struct place *p)
{
	return enclave_add(p->fd, HOLE_AT, 4 * PAGE, ENCLAVE_RW, NULL);
}

static int act_remove(struct place *p)
{
	return enclave_remove(p->fd, HOLE_AT, 4 * PAGE, NULL);
}

static int act_restrict(struct place *p)
{
	return enclave_restrict(p->fd, DATA_AT, PAGE, ENCLAVE_R, NULL);
}

static int act_identity(struct place *p)
{
	struct enclave_query_identity id;

	return enclave_identity(p->fd, &id);
}

static int child_runs(void *arg)
{
	const struct place *p = arg;

	return run(p->at) == CODE_VALUE ? 0 : 1;
}

static int act_fork(struct place *p)
{
	return in_child(child_runs, p) ? -ECHILD : 0;
}

static int act_debug(struct place *p)
{
	return debug_write(p->at, 'x');
}

/* The page still holds what was loaded. */
static int must_be_as_loaded(struct place *p)
{
	long value = run(p->at);

	return value == CODE_VALUE || value < 0 ? 0 : -EBADMSG;
}

const struct step steps_dev[] = {
	{ "create", 0, prepare_nothing, act_create, NULL, finish, false },
	{ "load", 0, prepare_fresh, act_load, must_not_be_both, finish, false },
	{ "load-many", 0, prepare_fresh, act_load_many, must_none_be_both,
	  finish, false },
	{ "load-data", 0, prepare_fresh, act_load_data, must_not_execute,
	  finish, false },
	{ "load-anonymous", -EACCES, prepare_fresh, act_load_anonymous,
	  must_not_execute, finish, false },
	{ "load-unmeasured", -EACCES, prepare_fresh, act_load_unmeasured,
	  must_not_execute, finish, false },
	{ "write", 0, prepare_fresh, act_write, must_not_execute, finish,
	  false },
	{ "init", 0, prepare_built, act_init, must_not_be_both, finish, true },
	{ "init-signed", 0, prepare_signed, act_init_signed, must_not_be_both,
	  finish, false },
	{ "map", 0, prepare_ready, act_map, must_not_be_both, finish, false },
	{ "map-all", 0, prepare_ready, act_map_all, must_not_be_both, finish,
	  false },
	{ "map-written", -EACCES, prepare_ready, act_map_written,
	  must_not_be_both, finish, false },
	{ "protect", 0, prepare_mapped, act_protect, must_not_be_both, finish,
	  true },
	{ "protect-data", -EACCES, prepare_data, act_protect_data,
	  must_not_run_here, finish, false },
	{ "fault", 0, prepare_mapped, act_fault, must_be_as_loaded, finish,
	  true },
	{ "add", 0, prepare_ready, act_add, must_stay_dynamic, finish, false },
	{ "remove", 0, prepare_added, act_remove, must_stay_dynamic, finish,
	  true },
	{ "restrict", 0, prepare_ready, act_restrict, must_stay_data, finish,
	  true },
	{ "identity", 0, prepare_built, act_identity, NULL, finish, true },
	{ "fork", 0, prepare_mapped, act_fork, must_not_be_both, finish,
	  false },
	{ "debug-write", -EIO, prepare_mapped, act_debug, must_be_as_loaded,
	  finish, false },
};
const unsigned int steps_dev_count = sizeof(steps_dev) / sizeof(*steps_dev);

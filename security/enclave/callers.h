/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Callers of the enclave hooks; included once, at the end of
 * security/security.c, where call_int_hook() and blob_sizes are.
 *
 * Owns: which hook is asked for which operation, and the blob's memory. Knows
 * nothing of facts, providers or policies.
 */
#ifndef _SECURITY_ENCLAVE_CALLERS_H
#define _SECURITY_ENCLAVE_CALLERS_H

#include <kunit/static_stub.h>
#include <linux/enclave.h>

#include "lsm.h"

/**
 * lsm_enclave_alloc() - give a new enclave its blob and tell the LSMs.
 * @e: the enclave; nobody else knows it yet
 *
 * If one LSM fails, all are told through enclave_free: that hook has to cope
 * with a blob that is still all zeroes.
 *
 * Return: 0, -ENOMEM or an LSM's error.
 */
int lsm_enclave_alloc(struct enclave *e)
{
	int err;

	err = lsm_blob_alloc(&e->security, blob_sizes.lbs_enclave,
			     GFP_KERNEL_ACCOUNT);
	if (err)
		return err;

	err = call_int_hook(enclave_alloc, e);
	if (err)
		lsm_enclave_free(e);
	return err;
}

/**
 * lsm_enclave_free() - tell the LSMs that an enclave ends; does not sleep.
 * @e: the enclave
 */
void lsm_enclave_free(struct enclave *e)
{
	call_void_hook(enclave_free, e);
	kfree(e->security);
	e->security = NULL;
}

/**
 * lsm_enclave_judge() - ask the LSMs one question.
 * @e: the enclave, locked; NULL for PROVISION and VEPC
 * @req: the question
 *
 * Return: 0 if all agree, else the first refusal.
 */
int lsm_enclave_judge(struct enclave *e, const struct enclave_request *req)
{
	KUNIT_STATIC_STUB_REDIRECT(lsm_enclave_judge, e, req);

	switch (req->op) {
	case ENCLAVE_OP_CREATE:
	case ENCLAVE_OP_PROVISION:
	case ENCLAVE_OP_VEPC:
		return call_int_hook(enclave_create, e, req);
	case ENCLAVE_OP_LOAD:
	case ENCLAVE_OP_ADD:
		return call_int_hook(enclave_load, e, req);
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_FAULT:
	case ENCLAVE_OP_RESTRICT:
	case ENCLAVE_OP_TYPE:
	case ENCLAVE_OP_REMOVE:
		return call_int_hook(enclave_map, e, req);
	case ENCLAVE_OP_ACCESS:
		return call_int_hook(enclave_access, e, req);
	case ENCLAVE_OP_INIT:
		return call_int_hook(enclave_init, e, req);
	case ENCLAVE_OP_NONE:
	case ENCLAVE_OP_COUNT:
		break;
	}
	WARN_ON_ONCE(1);
	return -EACCES;
}

/**
 * lsm_enclave_commit() - tell the LSMs that what they allowed was done.
 * @e: the enclave, locked
 * @req: the request as it was judged; facts and uses already changed
 */
void lsm_enclave_commit(struct enclave *e, const struct enclave_request *req)
{
	KUNIT_STATIC_STUB_REDIRECT(lsm_enclave_commit, e, req);

	call_void_hook(enclave_commit, e, req);
}

/**
 * lsm_enclave_refused() - tell the LSMs of a fixed refusal.
 * @e: the enclave, locked; NULL where there is none
 * @req: the request, with its refusal
 */
void lsm_enclave_refused(struct enclave *e, const struct enclave_request *req)
{
	KUNIT_STATIC_STUB_REDIRECT(lsm_enclave_refused, e, req);

	call_void_hook(enclave_refused, e, req);
}

#endif /* _SECURITY_ENCLAVE_CALLERS_H */

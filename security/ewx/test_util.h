/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the KUnit tests share: policies, credentials, enclaves, requests.
 *
 * Owns: making them and taking them away again. Knows nothing of what is tested.
 */
#ifndef _SECURITY_EWX_TEST_UTIL_H
#define _SECURITY_EWX_TEST_UTIL_H

#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/enclave.h>

#include "policy.h"

enum ewx_test_policy {
	EWX_TEST_BASE,
	EWX_TEST_STRICT,
	EWX_TEST_GROUPS,
	EWX_TEST_MANY,
};

/** ewx_test_blob() - a policy's bytes, from kvmalloc(). */
void *ewx_test_blob(struct kunit *test, enum ewx_test_policy which,
		    size_t *size);

/** ewx_test_load() - make it the active policy, with version @version if not 0. */
int ewx_test_load(struct kunit *test, enum ewx_test_policy which, u64 version,
		  struct ewx_load_result *r);

/**
 * ewx_test_load_signed() - load EWX_TEST_BASE with what is said to be its signature.
 * @test: the test
 * @sig: signature
 * @len: bytes of it
 * @r: out: the result, or NULL
 * @version: its own if 0, else the signature is not of these bytes any more
 *
 * Return: 0 or negative.
 */
int ewx_test_load_signed(struct kunit *test, const void *sig, size_t len,
			 u64 version, struct ewx_load_result *r);

/** ewx_test_cred() - credentials of a program by name; NULL @exe: none. */
struct cred *ewx_test_cred(struct kunit *test, const char *exe, bool trusted,
			   u32 euid);

/**
 * ewx_test_become() - make @cred the test's own credentials, as faults are judged
 * by. No reference is taken; override_creds() is apart from this.
 * @cred: prepared
 *
 * Return: those of before, which have to come back.
 */
const struct cred *ewx_test_become(const struct cred *cred);

/** ewx_test_enclave() - one that no provider knows. Free with the next. */
struct enclave *ewx_test_enclave(struct kunit *test);
void ewx_test_enclave_free(struct enclave *e);

/**
 * ewx_test_ask() - judge a request of @pages pages from @first on; commit it if
 * it is granted.
 * @e: enclave
 * @op: operation
 * @required: access vector
 * @first: page
 * @pages: how many
 *
 * Return: what the hook says.
 */
int ewx_test_ask(struct enclave *e, enum enclave_op op, u32 required, u64 first,
		 u64 pages);

/** ewx_test_init_as() - INIT by an enclave whose measurement is all @fill. */
int ewx_test_init_as(struct enclave *e, u8 fill);

/** ewx_test_init_signed() - INIT by an enclave whose signer is all @fill. */
int ewx_test_init_signed(struct enclave *e, u8 fill);

/**
 * ewx_test_read() - a file of the machine that runs the test.
 * @name: absolute
 * @size: out: bytes
 *
 * Return: its bytes, to be freed with kvfree(), or NULL.
 */
void *ewx_test_read(const char *name, size_t *size);

/** ewx_test_median() - of @count numbers, which are sorted on the way. */
u64 ewx_test_median(u64 *numbers, size_t count);

/* Every suite starts without a policy, enforcing, and leaves it so. */
int ewx_test_suite_init(struct kunit *test);
void ewx_test_suite_exit(struct kunit *test);

#endif /* _SECURITY_EWX_TEST_UTIL_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine and the reference side by side.
 *
 * Owns: what must be equal, and what was seen of it.
 */
#ifndef _TESTS_DIFFERENTIAL_COMPARE_H
#define _TESTS_DIFFERENTIAL_COMPARE_H

#include <stdio.h>
#include "policy.h"
#include "security/ewx/test_exchange.h"

/**
 * struct pair - a policy, read by both sides.
 * @blob: compiled by libewx, verified by the engine
 * @left: identity classes that a series of requests has left
 * @class_of: per identity class of the engine the place of the same set in
 *      @ref->classes
 * @surplus: classes of the engine in which no enclave can be
 * @want: where to put the request that is compared and what the reference says of
 *      it, for others who are asked the same; or NULL
 */
struct pair {
	struct ref *ref;
	void *blob;
	size_t size;
	struct ewx_policy policy;
	u64 *candidates;
	u64 *left;
	u32 *class_of;
	u32 surplus;
	struct ewx_exchange_request *want;
};

/**
 * enum opened - what became of a policy.
 * @OPENED_REFUSED: it does not compile, and says why in the language's terms
 * @OPENED_WRONG: it compiled and should not, or not to what it should
 */
enum opened { OPENED, OPENED_REFUSED, OPENED_WRONG };

/**
 * pair_open() - compile, verify, read.
 * @code: of the first error, when it was refused
 * @why: what is wrong, @size bytes
 */
enum opened pair_open(struct pair *p, const struct policy_text *text,
		      char code[8], char *why, size_t size);
void pair_close(struct pair *p);

/** struct shares - how often each outcome was seen. */
struct shares {
	u64 pairs, allowed, denied, deferred, unknown;
	u64 permissive, refused, logged, surplus;
	u64 series, narrowed, emptied;
	u64 reason[EWX_REASON_COUNT];
	u64 allowed_with[ENCLAVE_PERM_COUNT];
	u64 denied_for[ENCLAVE_PERM_COUNT];
	u64 deferred_for[ENCLAVE_PERM_COUNT]; /* and for nothing else */
};

/**
 * pair_compare() - put one request to both sides.
 * @shares: counted there, or NULL
 * @why: what differs, @size bytes
 * Return: false if the two differ.
 */
bool pair_compare(struct pair *p, const struct ewx_query *q,
		  struct shares *shares, char *why, size_t size);

/**
 * pair_narrow() - several requests to one enclave whose identity is not known: what
 * they leave possible.
 * @requests: what was asked, @count of them, to be told if the two differ
 * Return: false if the two differ.
 */
bool pair_narrow(struct pair *p, struct rng *rng, struct ewx_query *requests,
		 size_t count, struct shares *shares, char *why, size_t size);

/** shares_least() - what is demanded of @pairs pairs, here and in a kernel. */
struct ewx_exchange_least shares_least(u64 pairs);

/** shares_print() - the table, as comments of TAP. */
void shares_print(const struct shares *s, FILE *out);

/** shares_missed() - demands that are not met, told to @out. Return: how many. */
u32 shares_missed(const struct shares *s, FILE *out);

#endif /* _TESTS_DIFFERENTIAL_COMPARE_H */

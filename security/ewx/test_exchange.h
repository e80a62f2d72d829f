/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Random policies, requests and the verdicts that are expected of them, as a file:
 * tests/differential writes it, the KUnit suite ewx_differential and the program that
 * asks through securityfs read it.
 *
 * Owns: the form of the file, in the byte order of the machine, which it never leaves;
 * what is compared and counted of an answer. Knows no way to read a file or to print.
 *
 * A struct ewx_exchange_head; for each policy a struct ewx_exchange_policy, its bytes
 * and its requests; at the end a struct ewx_exchange_policy of zeros. A request is told
 * by what differs from the one before, the first one of a policy from zeros: each a
 * struct ewx_exchange_patch with its bytes, the last one without any.
 */
#ifndef _SECURITY_EWX_TEST_EXCHANGE_H
#define _SECURITY_EWX_TEST_EXCHANGE_H

#include "core/engine.h"

#define EWX_EXCHANGE_MAGIC 0x44585745u /* "EWXD" */
#define EWX_EXCHANGE_WORDS 64 /* of a set of identity classes, at most */
#define EWX_EXCHANGE_POLICY_MAX 0x1000000u /* bytes, also of its requests */

/*
 * Permissions that can depend on the identity. No rule that has another one, be it an
 * allow or a deny, takes a for clause: it says the same of all enclaves, so that a
 * request for it alone is never deferred.
 */
#define EWX_EXCHANGE_DEFERRED(NAME, name, from, ident, when)  \
	| (ENCLAVE_CLAUSE_##ident == ENCLAVE_CLAUSE_REFUSED ? \
		   0 :                                        \
		   ENCLAVE_PERM_##NAME)
#define EWX_EXCHANGE_DEFERS (0 ENCLAVE_PERMISSIONS(EWX_EXCHANGE_DEFERRED))

/**
 * struct ewx_exchange_least - how often each outcome has to be met.
 * @allowed: pairs
 * @denied: pairs
 * @deferred: pairs
 * @each: pairs in which each permission is allowed, in which it is missing, and in
 *	which it alone is asked for and deferred, if it can be
 */
struct ewx_exchange_least {
	u64 allowed;
	u64 denied;
	u64 deferred;
	u64 each;
};

/**
 * struct ewx_exchange_head - of a file.
 * @magic: EWX_EXCHANGE_MAGIC
 * @record: sizeof(struct ewx_exchange_request)
 * @pairs: requests in the file that are about somebody
 * @least: what is demanded of them
 */
struct ewx_exchange_head {
	u32 magic;
	u32 record;
	u64 pairs;
	struct ewx_exchange_least least;
};

/**
 * struct ewx_exchange_policy - what follows of a policy.
 * @number: which one of the run it is
 * @size: bytes of the policy; 0: there are no more
 * @length: bytes of its requests, after it
 * @requests: how many these are
 */
struct ewx_exchange_policy {
	u32 number;
	u32 size;
	u32 length;
	u32 requests;
};

/**
 * struct ewx_exchange_request - a request, and what is expected.
 * @query: the request
 * @reply: the answer, if there is one: verdict, permissions and reasons are the
 *      evaluator's, which has agreed to the rules and classes named
 * @error: 0, or -ENOENT: nobody of that name
 * @permissive: the domain denies nothing then
 * @guarded: the domain is guarded
 * @uses: pages that use each permission once it is granted
 * @left: identity unknown: the classes that would be granted it
 */
struct ewx_exchange_request {
	struct ewx_query query;
	struct ewx_reply reply;
	__s32 error;
	u32 permissive;
	u32 guarded;
	u64 uses[ENCLAVE_PERM_COUNT];
	u64 left[EWX_EXCHANGE_WORDS];
};

/**
 * struct ewx_exchange_patch - bytes of a request that differ from the one before.
 * @skip: bytes that do not, up to here
 * @count: bytes that follow; 0: that was the request
 */
struct ewx_exchange_patch {
	u16 skip;
	u16 count;
};

static_assert(sizeof(struct ewx_exchange_request) <= 0xffff);

/**
 * ewx_exchange_head_fits() - the file is one, written with the same structures.
 * @h: its first bytes
 *
 * Return: whether it is.
 */
static inline bool ewx_exchange_head_fits(const struct ewx_exchange_head *h)
{
	return h->magic == EWX_EXCHANGE_MAGIC &&
	       h->record == sizeof(struct ewx_exchange_request) && h->pairs;
}

/**
 * ewx_exchange_next() - read a request.
 * @r: in: the one before; out: this one
 * @at: its patches
 * @left: bytes there
 *
 * Return: bytes of @at that it took; 0: there is no request.
 */
static inline size_t ewx_exchange_next(struct ewx_exchange_request *r,
				       const u8 *at, size_t left)
{
	struct ewx_exchange_patch patch;
	size_t used = 0, place = 0;

	do {
		if (left - used < sizeof(patch))
			return 0;
		memcpy(&patch, at + used, sizeof(patch));
		used += sizeof(patch);
		place += patch.skip;
		if (place + patch.count > sizeof(*r) ||
		    patch.count > left - used)
			return 0;
		memcpy((u8 *)r + place, at + used, patch.count);
		used += patch.count;
		place += patch.count;
	} while (patch.count);
	return used;
}

/**
 * ewx_exchange_differs() - compare an answer with what is expected.
 * @want: the request
 * @error: 0 or what there was instead of an answer
 * @r: the answer
 *
 * Return: the first thing that differs, or NULL.
 */
static inline const char *
ewx_exchange_differs(const struct ewx_exchange_request *want, int error,
		     const struct ewx_reply *r)
{
	const struct ewx_reply *w = &want->reply;

	if (error != want->error)
		return "error";
	if (error)
		return NULL;
	if (r->result != w->result)
		return "result";
	if (r->required != w->required || r->allowed != w->allowed ||
	    r->denied != w->denied)
		return "permissions";
	if (memcmp(r->reason, w->reason, sizeof(r->reason)))
		return "reasons";
	if (memcmp(r->rule, w->rule, sizeof(r->rule)))
		return "rules";
	if (r->refusal != w->refusal || r->logged != w->logged)
		return "refusal or logged";
	if (r->domain != w->domain || r->source_class != w->source_class ||
	    r->identity_class != w->identity_class)
		return "domain or class";
	return memcmp(r, w, sizeof(*r)) ? "reply" : NULL;
}

/**
 * struct ewx_exchange_counts - what was seen.
 * @pairs: answered
 * @nobody: about nobody: not answered
 * @differences: not as expected; about as many requests at most
 * @result: per enum ewx_result
 * @allowed: pairs that were allowed with each permission
 * @missing: pairs that were denied for want of each
 * @deferred: pairs in which nothing but each was asked for, and deferred
 */
struct ewx_exchange_counts {
	u64 pairs;
	u64 nobody;
	u64 differences;
	u64 result[EWX_RESULT_DEFER + 1];
	u64 allowed[ENCLAVE_PERM_COUNT];
	u64 missing[ENCLAVE_PERM_COUNT];
	u64 deferred[ENCLAVE_PERM_COUNT];
};

/**
 * ewx_exchange_count() - count an answer.
 * @c: counted there
 * @error: 0 or what there was instead of one
 * @r: the answer
 */
static inline void ewx_exchange_count(struct ewx_exchange_counts *c, int error,
				      const struct ewx_reply *r)
{
	u32 bit;

	if (error) {
		c->nobody++;
		return;
	}
	c->pairs++;
	if (r->result <= EWX_RESULT_DEFER)
		c->result[r->result]++;
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		c->allowed[bit] += r->result == EWX_RESULT_ALLOW &&
				   r->allowed >> bit & 1;
		c->missing[bit] += r->result == EWX_RESULT_DENY &&
				   r->denied >> bit & 1;
		c->deferred[bit] += r->result == EWX_RESULT_DEFER &&
				    r->required == 1u << bit;
	}
}

/**
 * ewx_exchange_deferred() - a permission is deferred as often as it has to be.
 * @bit: of it
 * @deferred: how often it was
 * @least: how often it has to be, if it can
 *
 * Return: whether it is.
 */
static inline bool ewx_exchange_deferred(u32 bit, u64 deferred, u64 least)
{
	return EWX_EXCHANGE_DEFERS >> bit & 1 ? deferred >= least : !deferred;
}

/**
 * ewx_exchange_enough() - all pairs were answered, and each outcome is met.
 * @h: what is demanded
 * @c: what was seen
 *
 * Return: whether it is.
 */
static inline bool ewx_exchange_enough(const struct ewx_exchange_head *h,
				       const struct ewx_exchange_counts *c)
{
	const struct ewx_exchange_least *least = &h->least;
	u32 bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (c->allowed[bit] < least->each ||
		    c->missing[bit] < least->each ||
		    !ewx_exchange_deferred(bit, c->deferred[bit], least->each))
			return false;
	}
	return c->pairs == h->pairs &&
	       c->result[EWX_RESULT_ALLOW] >= least->allowed &&
	       c->result[EWX_RESULT_DENY] >= least->denied &&
	       c->result[EWX_RESULT_DEFER] >= least->deferred;
}

#endif /* _SECURITY_EWX_TEST_EXCHANGE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random policies as text, and random requests that hit them.
 *
 * Owns: what is drawn, and how often. The text uses the whole language, in any
 * order, in one file or two.
 */
#ifndef _TESTS_DIFFERENTIAL_POLICY_H
#define _TESTS_DIFFERENTIAL_POLICY_H

#include "reference.h"

#define POLICY_BUILT 1700000000ull /* 2023-11-14 */
#define POLICY_FILES 2

/** struct policy_text - files of a policy; their texts are malloc()ed. */
struct policy_text {
	struct ref_text files[POLICY_FILES];
	size_t count;
};

/** policy_random() - a policy; most of them compile. */
void policy_random(struct rng *rng, struct policy_text *p);
void policy_free(struct policy_text *p);

/** request_random() - a request that one of @r's rules has likely to do with. */
void request_random(struct rng *rng, const struct ref *r, struct ewx_query *q);

/* What conditions and requests are drawn from. */
extern const char *const pool_contexts[2];
extern const char *const pool_filesystems[3];
extern const u64 pool_times[6];

/** pool_digest() - the @n-th digest of the pool. */
void pool_digest(u8 digest[32], u32 n);

#define POOL_DIGESTS 4

#endif /* _TESTS_DIFFERENTIAL_POLICY_H */

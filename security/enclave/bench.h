/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the KUnit tests of requests and mappings share: a provider, an enclave,
 * and an LSM that records what it is asked and answers what the test wants.
 *
 * Owns: struct enclave_bench. Knows no policy.
 */
#ifndef _SECURITY_ENCLAVE_BENCH_H
#define _SECURITY_ENCLAVE_BENCH_H

#include <kunit/test.h>
#include <linux/enclave.h>

#include "facts.h"

#define ENCLAVE_BENCH_PAGES 1024

extern const struct vm_operations_struct enclave_bench_vm_ops;
extern const struct enclave_identity enclave_bench_identity;

/**
 * struct enclave_bench - one enclave and the LSM that watches it.
 * @e: the enclave
 * @verdict: the LSM's answer to every request
 * @deny: permissions that the LSM denies whatever @verdict is
 * @most: pages that it grants at once, if the request can be divided; 0: any
 * @last: the last request that was judged
 * @asked: how many were
 * @commits: how many were committed
 * @refusal: the last fixed refusal
 * @refused_at: of which pages
 */
struct enclave_bench {
	struct enclave *e;
	int verdict;
	u32 deny;
	u64 most;
	struct enclave_request last;
	unsigned int asked;
	unsigned int commits;
	enum enclave_refusal refusal;
	struct enclave_range refused_at;
};

int enclave_bench_setup(struct kunit *test);
void enclave_bench_teardown(struct kunit *test);
struct enclave_bench *enclave_bench_lock(struct kunit *test);
void enclave_bench_unlock(struct enclave_bench *b);

void enclave_bench_create(struct kunit *test);
void enclave_bench_init(struct kunit *test);
void enclave_bench_load(struct kunit *test, u64 first, u64 count, u32 intent);
enclave_facts enclave_bench_facts(struct enclave_bench *b, u64 page);

static inline struct enclave_range enclave_bench_range(u64 first, u64 count)
{
	return (struct enclave_range){ .first = first, .count = count };
}

#endif /* _SECURITY_ENCLAVE_BENCH_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the cost of a check depends on an enclave's size: figures for a benchmark.
 *
 * Owns: the measurement. What a figure should be is for tests/bench to say; here
 * nothing is asserted of times. The LSMs of the kernel are asked, as for any
 * provider, so that what the framework adds for each page stands out least where
 * they do most; without a policy they do next to nothing.
 *
 * A line "NAME: A ps, B ps" gives the medians of alternating rounds.
 */
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/sort.h>

#include "bench.h"

#define ROUNDS 31
#define CALLS 500 /* of a round */

static const struct enclave_provider speed_provider = {
	.name = "test",
	.vm_ops = &enclave_bench_vm_ops,
};

/**
 * struct speed_side - one of two enclaves that are compared.
 * @e: the enclave
 * @vma: a mapping of all of it
 * @range: all of its pages
 * @times: what each round took, ns
 */
struct speed_side {
	struct enclave *e;
	struct vm_area_struct *vma;
	struct enclave_range range;
	u64 times[ROUNDS];
};

/* One mprotect of all pages, as a provider asks; -errno. */
static int speed_check(const struct speed_side *s)
{
	return security_enclave_map(s->e, s->range,
				    VM_SHARED | VM_READ | VM_WRITE, s->vma,
				    ENCLAVE_OP_MPROTECT);
}

/* An enclave of @size bytes, each page alike, mapped for reading and writing. */
static void speed_begin(struct kunit *test, struct speed_side *s, u64 size)
{
	s->range.first = 0;
	s->range.count = size >> PAGE_SHIFT;
	s->vma = kunit_kzalloc(test, sizeof(*s->vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->vma);
	s->vma->vm_end = size;
	vm_flags_init(s->vma, VM_SHARED | VM_MAYSHARE | VM_READ | VM_WRITE);
	s->e = enclave_alloc(&speed_provider);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s->e);

	enclave_lock(s->e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_create(s->e, s->range.count,
						&enclave_bench_identity));
	security_enclave_commit(s->e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(s->e, s->range, NULL, NULL,
					      ENCLAVE_R | ENCLAVE_W, 0));
	security_enclave_commit(s->e);
	KUNIT_EXPECT_EQ(test, 0, speed_check(s));
	security_enclave_commit(s->e);
	enclave_unlock(s->e);
}

static void speed_end(struct speed_side *s)
{
	if (!IS_ERR_OR_NULL(s->e))
		enclave_free(s->e);
}

static u64 speed_round(struct kunit *test, struct speed_side *s)
{
	u64 begin, end;
	int err = 0, i;

	enclave_lock(s->e);
	begin = ktime_get_ns();
	for (i = 0; i < CALLS; i++) {
		err |= speed_check(s);
		security_enclave_abort(s->e);
	}
	end = ktime_get_ns();
	enclave_unlock(s->e);
	KUNIT_EXPECT_EQ(test, 0, err);
	return end - begin;
}

static int compare_times(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Picoseconds per call. */
static u64 speed_median(struct speed_side *s)
{
	sort(s->times, ROUNDS, sizeof(s->times[0]), compare_times, NULL);
	return div_u64(s->times[ROUNDS / 2] * 1000, CALLS);
}

static void mprotect_uniform(struct kunit *test)
{
	struct speed_side *large, *small;
	int i;

	large = kunit_kzalloc(test, sizeof(*large), GFP_KERNEL);
	small = kunit_kzalloc(test, sizeof(*small), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, large && small);
	speed_begin(test, large, 64ULL * SZ_1G);
	speed_begin(test, small, SZ_1M);
	for (i = 0; i < ROUNDS; i++) {
		large->times[i] = speed_round(test, large);
		small->times[i] = speed_round(test, small);
	}
	kunit_info(test, "mprotect of 64 GiB, of 1 MiB: %llu ps, %llu ps\n",
		   speed_median(large), speed_median(small));
	speed_end(large);
	speed_end(small);
}

static struct kunit_case speed_cases[] = { KUNIT_CASE(mprotect_uniform), {} };

static struct kunit_suite speed_suite = {
	.name = "enclave_speed",
	.test_cases = speed_cases,
};

kunit_test_suite(speed_suite);

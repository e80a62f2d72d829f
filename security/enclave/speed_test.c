// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the cost of a check depends on an enclave's size: figures for a benchmark.
 *
 * Owns: the measurement. What a figure should be is for tests/bench to say; here
 * nothing is asserted of times. The LSMs of the kernel are asked, as for any
 * provider, so that what the framework adds for each page stands out least where
 * they do most; without a policy they do next to nothing.
 *
 * Lines give the medians of alternating rounds: "mprotect of N MiB: T ps"; and the
 * memory of facts: "facts of N NAME pages: M bytes".
 */
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/sort.h>

#include "bench.h"
#include "store.h"

#define ROUNDS 31
#define CALLS 5000 /* of a round */
#define PAGES SZ_1M /* whose facts are weighed */

static const u64 sizes[] = { SZ_1M, SZ_1G, 64ULL * SZ_1G, 512ULL * SZ_1G };

static const struct enclave_provider speed_provider = {
	.name = "test",
	.vm_ops = &enclave_bench_vm_ops,
};

/**
 * struct speed_side - one of the enclaves that are compared.
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
	struct speed_side *side[ARRAY_SIZE(sizes)];
	u32 round, i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		side[i] = kunit_kzalloc(test, sizeof(*side[i]), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, side[i]);
		speed_begin(test, side[i], sizes[i]);
	}
	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			side[i]->times[round] = speed_round(test, side[i]);
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		kunit_info(test, "mprotect of %llu MiB: %llu ps\n",
			   sizes[i] / SZ_1M, speed_median(side[i]));
		speed_end(side[i]);
	}
}

static enclave_facts set_intent(enclave_facts old, void *arg)
{
	return old | *(enclave_facts *)arg;
}

/* Memory of the facts of PAGES pages, of which every @stride-th differs. */
static void weigh(struct kunit *test, const char *name, u64 stride)
{
	enclave_facts all = ENCLAVE_FACT_PRESENT, some = ENCLAVE_FACT_MUTABLE;
	struct enclave_store *s = enclave_store_new(PAGES);
	u64 page;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, s);
	err = enclave_store_reserve(s, 0, PAGES);
	enclave_store_update(s, 0, PAGES, set_intent, &all);
	for (page = 0; page < PAGES && !err; page += stride) {
		err = enclave_store_reserve(s, page, 1);
		if (!err)
			enclave_store_update(s, page, 1, set_intent, &some);
	}
	KUNIT_EXPECT_EQ(test, 0, err);
	kunit_info(test, "facts of %d %s pages: %llu bytes\n", PAGES, name,
		   enclave_store_bytes(s));
	enclave_store_free(s);
}

static void facts_memory(struct kunit *test)
{
	weigh(test, "uniform", PAGES);
	weigh(test, "alternating", 2);
}

static struct kunit_case speed_cases[] = { KUNIT_CASE(mprotect_uniform),
					     KUNIT_CASE(facts_memory),
					     {} };

static struct kunit_suite speed_suite = {
	.name = "enclave_speed",
	.test_cases = speed_cases,
};

kunit_test_suite(speed_suite);

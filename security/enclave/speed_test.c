// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the cost of a check depends on an enclave's size: figures for a benchmark.
 *
 * Owns: the measurement. What a figure should be is for tests/bench to say; here
 * nothing is asserted of times. The LSMs of the kernel are asked, as for any
 * provider, so that what the framework adds for each page stands out least where
 * they do most; without a policy they do next to nothing.
 *
 * Lines give the medians of alternating rounds: "mprotect of N MiB: T ps", and
 * "walk|check|change of N alternating pages: T ps"; and the memory of facts: "facts
 * of N NAME pages: M bytes".
 */
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/xarray.h>

#include "bench.h"
#include "store.h"

#define ROUNDS 31
#define CALLS 5000 /* of a round */
#define WALKS 11 /* rounds over all of PAGES */
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

/* Picoseconds per call of @rounds, whose times these are; @calls of a round. */
static u64 median(u64 *times, u32 rounds, u32 calls)
{
	sort(times, rounds, sizeof(times[0]), compare_times, NULL);
	return div_u64(times[rounds / 2] * 1000, calls);
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
			   sizes[i] / SZ_1M,
			   median(side[i]->times, ROUNDS, CALLS));
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

/**
 * struct mainline_page - as large as the SGX driver's struct sgx_encl_page.
 * @desc: its address and state
 * @vm_max_prot_bits: what it may be mapped for
 * @unused: its EPC page, enclave and slot for a version
 */
struct mainline_page {
	unsigned long desc;
	unsigned long vm_max_prot_bits;
	void *unused[3];
};

/* A page for each address, in an xarray, as the SGX driver keeps them. */
static int mainline_begin(struct xarray *xa)
{
	struct mainline_page *page;
	unsigned long i;
	int err;

	for (i = 0; i < PAGES; i++) {
		page = kzalloc(sizeof(*page), GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		page->vm_max_prot_bits = VM_READ | VM_WRITE |
					 (i % 2 ? VM_EXEC : 0);
		err = xa_err(xa_store(xa, i, page, GFP_KERNEL));
		if (err) {
			kfree(page);
			return err;
		}
	}
	return 0;
}

static void mainline_end(struct xarray *xa)
{
	struct mainline_page *page;
	unsigned long i;

	xa_for_each(xa, i, page)
		kfree(page);
	xa_destroy(xa);
}

/* What the SGX driver does for an mprotect (sgx_encl_may_map() of Linux 6.12). */
static int mainline_walk(struct xarray *xa)
{
	const unsigned long wanted = VM_READ | VM_WRITE;
	struct mainline_page *page;
	unsigned long count = 0;
	int err = 0;
	XA_STATE(xas, xa, 0);

	xas_lock(&xas);
	xas_for_each(&xas, page, PAGES - 1) {
		if (~page->vm_max_prot_bits & wanted) {
			err = -EACCES;
			break;
		}
		if (!(++count % XA_CHECK_SCHED)) {
			xas_pause(&xas);
			xas_unlock(&xas);
			cond_resched();
			xas_lock(&xas);
		}
	}
	xas_unlock(&xas);
	return err ?: count == PAGES ? 0 : -ENOENT;
}

/* An enclave of PAGES, of which every second one was loaded as code too. */
static void alternating_begin(struct kunit *test, struct speed_side *s)
{
	struct enclave_range at = { .count = 1 };
	int err = 0;

	s->range.count = PAGES;
	s->vma = kunit_kzalloc(test, sizeof(*s->vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s->vma);
	s->vma->vm_end = (u64)PAGES << PAGE_SHIFT;
	vm_flags_init(s->vma, VM_SHARED | VM_MAYSHARE | VM_READ | VM_WRITE);
	s->e = enclave_alloc(&speed_provider);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, s->e);
	enclave_lock(s->e);
	err = security_enclave_create(s->e, PAGES, &enclave_bench_identity);
	security_enclave_commit(s->e);
	for (; at.first < PAGES && !err; at.first++) {
		err = security_enclave_load(
			s->e, at, NULL, NULL,
			ENCLAVE_R | ENCLAVE_W | (at.first % 2 ? ENCLAVE_X : 0),
			0);
		security_enclave_commit(s->e);
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, 0, err);
	/* The first mapping changes history; those that are measured do not. */
	KUNIT_EXPECT_EQ(test, 0, speed_check(s));
	security_enclave_commit(s->e);
	enclave_unlock(s->e);
}

static enclave_facts toggle_history(enclave_facts old, void *arg)
{
	return old ^ ENCLAVE_FACT_EVER_WX;
}

/* Facts of all pages change, none becomes like its neighbour. */
static int change_all(struct enclave *e)
{
	int err = enclave_store_reserve(e->store, 0, PAGES);

	if (!err)
		enclave_store_update(e->store, 0, PAGES, toggle_history, NULL);
	return err;
}

enum alternating { WALK, CHECK, CHANGE, ALTERNATING_COUNT };

/* One round; a change is judged before it is made. */
static u64 alternating_round(struct kunit *test, struct speed_side *s,
			     struct xarray *xa, enum alternating what)
{
	u64 begin = ktime_get_ns();
	int err;

	if (what == WALK) {
		err = mainline_walk(xa);
	} else {
		enclave_lock(s->e);
		err = speed_check(s);
		security_enclave_abort(s->e);
		if (!err && what == CHANGE)
			err = change_all(s->e);
		enclave_unlock(s->e);
	}
	KUNIT_EXPECT_EQ(test, 0, err);
	return ktime_get_ns() - begin;
}

static void mprotect_alternating(struct kunit *test)
{
	static const char *const names[] = { "walk", "check", "change" };
	u64 times[ALTERNATING_COUNT][WALKS];
	struct speed_side side = {};
	struct xarray pages;
	u32 round, what;

	xa_init(&pages);
	KUNIT_EXPECT_EQ(test, 0, mainline_begin(&pages));
	alternating_begin(test, &side);
	for (round = 0; round < WALKS; round++) {
		for (what = 0; what < ALTERNATING_COUNT; what++)
			times[what][round] =
				alternating_round(test, &side, &pages, what);
		/* Back, so that each check is of the same facts. */
		enclave_lock(side.e);
		KUNIT_EXPECT_EQ(test, 0, change_all(side.e));
		enclave_unlock(side.e);
	}
	for (what = 0; what < ALTERNATING_COUNT; what++)
		kunit_info(test, "%s of %d alternating pages: %llu ps\n",
			   names[what], PAGES, median(times[what], WALKS, 1));
	speed_end(&side);
	mainline_end(&pages);
}

static struct kunit_case speed_cases[] = { KUNIT_CASE(mprotect_uniform),
					   KUNIT_CASE(mprotect_alternating),
					   KUNIT_CASE(facts_memory),
					   {} };

static struct kunit_suite speed_suite = {
	.name = "enclave_speed",
	.test_cases = speed_cases,
};

kunit_test_suite(speed_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the facts store: against an array, and its cost for ranges of
 * very different size. The same code runs longer in userspace (tests/unit/);
 * here it meets the kernel's allocator, its sanitizers and fault injection.
 */
#include <kunit/test.h>
#include <linux/ktime.h>
#include <linux/prandom.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "store.h"

#define GIB(n) ((u64)(n) << 18) /* in pages of 4 KiB */

static enclave_facts store_set(enclave_facts old, void *arg)
{
	return *(enclave_facts *)arg;
}

static enclave_facts store_invert(enclave_facts old, void *arg)
{
	return old == 2 ? 1 : 2;
}

static void store_change(struct kunit *test, struct enclave_store *s, u64 first,
			 u64 count, enclave_facts f)
{
	KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, first, count));
	enclave_store_update(s, first, count, store_set, &f);
}

static unsigned int store_runs(struct enclave_store *s, u64 first, u64 end)
{
	unsigned int runs = 0;

	for (; first < end; runs++)
		enclave_store_run(s, first, end, &first);
	return runs;
}

static bool store_equals(struct enclave_store *s, const enclave_facts *flat,
			 u64 pages)
{
	u64 page = 0;

	while (page < pages) {
		u64 end;
		enclave_facts f = enclave_store_run(s, page, pages, &end);

		if (end <= page || end > pages)
			return false;
		for (; page < end; page++) {
			if (flat[page] != f)
				return false;
		}
	}
	return true;
}

static void store_random_step(struct kunit *test, struct enclave_store *s,
			      enclave_facts *flat, u64 pages,
			      struct rnd_state *rnd)
{
	u64 first = prandom_u32_state(rnd) % pages;
	u64 count = 1 + prandom_u32_state(rnd) % (pages - first);
	enclave_facts f = prandom_u32_state(rnd) % 3;
	bool invert = prandom_u32_state(rnd) % 4 == 0;
	u64 page;

	if (prandom_u32_state(rnd) % 2)
		count = 1 + count % 600;
	count = min(count, pages - first);
	KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, first, count));
	enclave_store_update(s, first, count, invert ? store_invert : store_set,
			     &f);
	for (page = first; page < first + count; page++)
		flat[page] = invert ? store_invert(flat[page], NULL) : f;
}

static void store_random(struct kunit *test)
{
	const u64 pages = 5000;
	enclave_facts *flat =
		kunit_kcalloc(test, pages, sizeof(*flat), GFP_KERNEL);
	struct enclave_store *s = enclave_store_new(pages);
	struct rnd_state rnd;
	int round;

	KUNIT_ASSERT_NOT_NULL(test, flat);
	KUNIT_ASSERT_NOT_NULL(test, s);
	prandom_seed_state(&rnd, 1);
	for (round = 0; round < 400; round++) {
		store_random_step(test, s, flat, pages, &rnd);
		if (!store_equals(s, flat, pages)) {
			KUNIT_FAIL(test, "differs after round %d", round);
			break;
		}
		cond_resched();
	}
	enclave_store_free(s);
}

/* One page more, as a load of one page adds it. */
static void store_random_claim(struct kunit *test, struct enclave_store *s,
			       enclave_facts *flat, u64 pages,
			       struct rnd_state *rnd)
{
	u64 page = prandom_u32_state(rnd) % pages;
	enclave_facts f = 1 + prandom_u32_state(rnd) % 2;

	/* Its leaf is the one that was found last, or not. */
	if (prandom_u32_state(rnd) % 2)
		enclave_store_run(s, page, pages, &(u64){ 0 });
	KUNIT_ASSERT_EQ(test, flat[page] ? -EBUSY : 0,
			enclave_store_claim(s, page));
	if (flat[page]) {
		KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, page, 1));
		f = 0;
	}
	enclave_store_set(s, page, 1, f);
	flat[page] = f;
}

/* Sizes at which leaves and nodes begin and end. */
static void store_random_sizes(struct kunit *test)
{
	static const u64 sizes[] = { 1,	   2,	 511,	    512,	  513,
				     1024, 1025, 512 * 512, 512 * 512 + 1 };
	const u64 most = 512 * 512 + 1;
	enclave_facts *flat = vcalloc(most, sizeof(*flat));
	struct enclave_store *s;
	struct rnd_state rnd;
	int i, round;

	KUNIT_ASSERT_NOT_NULL(test, flat);
	prandom_seed_state(&rnd, 2);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(flat, 0, most * sizeof(*flat));
		s = enclave_store_new(sizes[i]);
		KUNIT_ASSERT_NOT_NULL(test, s);
		for (round = 0; round < 30; round++) {
			store_random_step(test, s, flat, sizes[i], &rnd);
			store_random_claim(test, s, flat, sizes[i], &rnd);
			KUNIT_EXPECT_EQ(test, flat[sizes[i] - 1],
					enclave_store_page(s, sizes[i] - 1));
			KUNIT_EXPECT_EQ(test, 0,
					enclave_store_page(s, sizes[i]));
		}
		KUNIT_EXPECT_TRUE_MSG(test, store_equals(s, flat, sizes[i]),
				      "%llu pages", sizes[i]);
		enclave_store_free(s);
		cond_resched();
	}
	vfree(flat);
}

static void store_ends(struct kunit *test)
{
	const u64 largest = 1ull << 54;
	struct enclave_store *s;
	u64 page, end;

	KUNIT_EXPECT_NULL(test, enclave_store_new(largest + 1));
	KUNIT_EXPECT_NULL(test, enclave_store_new(U64_MAX));
	s = enclave_store_new(largest);
	KUNIT_ASSERT_NOT_NULL(test, s);
	store_change(test, s, largest - 1, 1, 3);
	KUNIT_EXPECT_EQ(test, 3, enclave_store_page(s, largest - 1));
	KUNIT_EXPECT_EQ(test, 0, enclave_store_page(s, largest - 2));
	KUNIT_EXPECT_EQ(test, 0, enclave_store_page(s, U64_MAX));
	for (page = 0; !enclave_store_run(s, page, U64_MAX, &end); page = end)
		KUNIT_ASSERT_GT(test, end, page);
	KUNIT_EXPECT_EQ(test, largest - 1, page);
	KUNIT_EXPECT_EQ(test, largest, end);
	KUNIT_EXPECT_EQ(test, 0, enclave_store_run(s, largest, U64_MAX, &end));
	KUNIT_EXPECT_EQ(test, end, U64_MAX);
	/* Nothing is past the end, and nothing comes there. */
	KUNIT_EXPECT_EQ(test, 0, enclave_store_claim(s, largest));
	enclave_store_set(s, largest, 1, 7);
	KUNIT_EXPECT_EQ(test, 0, enclave_store_page(s, largest));
	KUNIT_EXPECT_EQ(test, 3, enclave_store_page(s, largest - 1));
	enclave_store_free(s);
	enclave_store_free(NULL);
}

/* Pages of two kinds are passed over, to the first of another, or the limit. */
static void store_skips(struct kunit *test)
{
	struct enclave_store *s = enclave_store_new(600);
	u64 page, end;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (page = 0; page < 600; page += 2)
		store_change(test, s, page, 1, 1);
	store_change(test, s, 100, 1, 2);
	/* Unless the leaf was found just now, nothing is. */
	enclave_store_run(s, 599, 600, &end);
	KUNIT_EXPECT_EQ(test, 5, enclave_store_skip(s, 5, 600, 0, 1));
	enclave_store_run(s, 5, 600, &end);
	KUNIT_EXPECT_EQ(test, 100, enclave_store_skip(s, 5, 600, 0, 1));
	KUNIT_EXPECT_EQ(test, 50, enclave_store_skip(s, 5, 50, 0, 1));
	KUNIT_EXPECT_EQ(test, 6, enclave_store_skip(s, 5, 600, 0, 0));
	KUNIT_EXPECT_EQ(test, 5, enclave_store_skip(s, 5, 600, 1, 2));
	KUNIT_EXPECT_EQ(test, 512, enclave_store_skip(s, 101, 600, 0, 1));
	enclave_store_run(s, 512, 600, &end);
	KUNIT_EXPECT_EQ(test, 600, enclave_store_skip(s, 512, 700, 0, 1));
	KUNIT_EXPECT_EQ(test, 650, enclave_store_skip(s, 650, 700, 0, 1));
	enclave_store_free(s);
}

static void store_sizes(struct kunit *test)
{
	struct enclave_store *s = enclave_store_new(GIB(512));
	u64 empty, page;

	KUNIT_ASSERT_NOT_NULL(test, s);
	empty = enclave_store_bytes(s);
	store_change(test, s, 0, GIB(512), 7);
	KUNIT_EXPECT_EQ(test, empty, enclave_store_bytes(s));
	KUNIT_EXPECT_EQ(test, 1, store_runs(s, 0, GIB(512)));

	for (page = GIB(1); page < GIB(1) + 8192; page += 2)
		store_change(test, s, page, 1, 1);
	KUNIT_EXPECT_LE(test, enclave_store_bytes(s) - empty,
			(u64)4 * 8192 + 4 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, 8192, store_runs(s, GIB(1), GIB(1) + 8192));

	store_change(test, s, GIB(1), 8192, 7);
	KUNIT_EXPECT_EQ(test, empty, enclave_store_bytes(s));
	enclave_store_free(s);
}

/* Nanoseconds for @rounds walks over [first, end). */
static u64 store_walk_time(struct enclave_store *s, u64 first, u64 end,
			   int rounds)
{
	u64 start = ktime_get_ns();

	while (rounds--)
		store_runs(s, first, end);
	return max(ktime_get_ns() - start, 1ULL);
}

/*
 * A uniform range of 64 GiB is looked up like one of 1 MiB, both inside a store
 * that is not uniform. The time is told, not judged: other work may disturb it.
 */
static void store_cost(struct kunit *test)
{
	struct enclave_store *s = enclave_store_new(GIB(512));
	u64 large, small;

	KUNIT_ASSERT_NOT_NULL(test, s);
	store_change(test, s, GIB(64), GIB(64), 5);
	store_change(test, s, GIB(200), 256, 5);
	KUNIT_EXPECT_EQ(test, 1, store_runs(s, GIB(64), GIB(128)));
	KUNIT_EXPECT_EQ(test, 1, store_runs(s, GIB(200), GIB(200) + 256));
	store_walk_time(s, GIB(64), GIB(128), 1000);
	large = store_walk_time(s, GIB(64), GIB(128), 100000);
	small = store_walk_time(s, GIB(200), GIB(200) + 256, 100000);
	kunit_info(test, "100000 walks: 64 GiB %llu ns, 1 MiB %llu ns\n", large,
		   small);
	enclave_store_free(s);
}

static void store_reservation(struct kunit *test)
{
	struct enclave_store *s = enclave_store_new(GIB(512));
	u64 empty, reserved;

	KUNIT_ASSERT_NOT_NULL(test, s);
	empty = enclave_store_bytes(s);
	KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, 5, GIB(512) - 10));
	reserved = enclave_store_bytes(s);
	KUNIT_EXPECT_GT(test, reserved, empty);
	KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, 5, GIB(512) - 10));
	KUNIT_EXPECT_EQ(test, reserved, enclave_store_bytes(s));
	enclave_store_release(s);
	KUNIT_EXPECT_EQ(test, empty, enclave_store_bytes(s));
	KUNIT_ASSERT_EQ(test, 0, enclave_store_reserve(s, 5, 1));
	enclave_store_free(s);
}

static struct kunit_case store_test_cases[] = {
	KUNIT_CASE(store_random),      KUNIT_CASE(store_random_sizes),
	KUNIT_CASE(store_ends),	       KUNIT_CASE(store_skips),
	KUNIT_CASE(store_sizes),       KUNIT_CASE(store_cost),
	KUNIT_CASE(store_reservation), {}
};

static struct kunit_suite store_suite = {
	.name = "enclave_store",
	.test_cases = store_test_cases,
};

kunit_test_suite(store_suite);

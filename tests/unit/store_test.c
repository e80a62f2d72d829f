// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The facts store against a flat array of facts.
 */
#include <errno.h>

#include "unit.h"

#include "security/enclave/store.h"

/* Allocation failures. */

static unsigned int allocations_left = ~0u;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);

static bool may_allocate(void)
{
	if (allocations_left == ~0u)
		return true;
	if (!allocations_left)
		return false;
	allocations_left--;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return may_allocate() ? __real_calloc(n, size) : NULL;
}

/* Updates. */

static enclave_facts set_to(enclave_facts old, void *arg)
{
	(void)old;
	return *(enclave_facts *)arg;
}

static enclave_facts add_bits(enclave_facts old, void *arg)
{
	return old | *(enclave_facts *)arg;
}

/* A permutation: 1 -> 2 -> 3 -> 1, so that equal and different runs mix. */
static enclave_facts rotate(enclave_facts old, void *arg)
{
	(void)arg;
	return old % 3 + 1;
}

/* Puts what is there into a set of two. */
static enclave_facts merge(enclave_facts old, void *arg)
{
	(void)arg;
	return old > 1;
}

/* Makes everything 2 but what was 2. */
static enclave_facts invert(enclave_facts old, void *arg)
{
	(void)arg;
	return old == 2 ? 1 : 2;
}

struct update {
	enclave_facts (*fn)(enclave_facts old, void *arg);
	enclave_facts arg;
};

static void update(struct enclave_store *s, u64 first, u64 count,
		   enclave_facts (*fn)(enclave_facts, void *),
		   enclave_facts arg)
{
	static unsigned int calls;
	u64 before;

	if (count == 1 && !enclave_store_page(s, first)) {
		assert_int_equal(enclave_store_claim(s, first), 0);
	} else {
		if (count == 1)
			assert_int_equal(enclave_store_claim(s, first), -EBUSY);
		assert_int_equal(enclave_store_reserve(s, first, count), 0);
	}
	before = enclave_store_bytes(s);
	allocations_left = 0;
	if (fn == set_to && ++calls % 2)
		enclave_store_set(s, first, count, arg);
	else
		enclave_store_update(s, first, count, fn, &arg);
	allocations_left = ~0u;
	assert_true(enclave_store_bytes(s) <= before);
}

static void set(struct enclave_store *s, u64 first, u64 count, enclave_facts f)
{
	update(s, first, count, set_to, f);
}

static enclave_facts get(struct enclave_store *s, u64 page)
{
	enclave_facts f = enclave_store_page(s, page);
	u64 end;

	assert_int_equal(enclave_store_run(s, page, page + 1, &end), f);
	return f;
}

/* Number of runs that a walk over [first, end) takes. */
static unsigned int runs(struct enclave_store *s, u64 first, u64 end)
{
	unsigned int n = 0;

	while (first < end) {
		u64 next;

		enclave_store_run(s, first, end, &next);
		assert_true(next > first && next <= end);
		first = next;
		n++;
	}
	return n;
}

static u64 empty_bytes(u64 pages)
{
	struct enclave_store *s = enclave_store_new(pages);
	u64 bytes = enclave_store_bytes(s);

	enclave_store_free(s);
	return bytes;
}

static void test_new_is_empty(void **state)
{
	static const u64 sizes[] = { 1,		 2,	     511,
				     512,	 513,	     262144,
				     262145,	 1ull << 27, (1ull << 27) + 1,
				     1ull << 36, 1ull << 54 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		struct enclave_store *s = enclave_store_new(sizes[i]);
		u64 end;

		assert_non_null(s);
		assert_int_equal(enclave_store_run(s, 0, sizes[i], &end), 0);
		assert_int_equal(end, sizes[i]);
		assert_int_equal(get(s, sizes[i] - 1), 0);
		enclave_store_free(s);
	}
	assert_null(enclave_store_new((1ull << 54) + 1));
	assert_null(enclave_store_new(~0ull));
	enclave_store_free(NULL);
}

/* In a leaf that was looked at all pages of two kinds are passed over, no others. */
static void test_skip(void **state)
{
	struct enclave_store *s = enclave_store_new(1000);
	u64 page;

	(void)state;
	set(s, 0, 1000, 1);
	for (page = 0; page < 1000; page += 2)
		set(s, page, 1, 2);
	set(s, 700, 1, 3);
	assert_int_equal(runs(s, 0, 1), 1);
	assert_int_equal(runs(s, 0, 512), 512);
	assert_int_equal(enclave_store_skip(s, 0, 1000, 1, 2), 512);
	assert_int_equal(enclave_store_skip(s, 100, 300, 2, 1), 300);
	assert_int_equal(enclave_store_skip(s, 100, 300, 2, 2), 101);
	assert_int_equal(enclave_store_skip(s, 100, 300, 3, 4), 100);
	assert_int_equal(enclave_store_skip(s, 100, 100, 1, 2), 100);
	assert_int_equal(runs(s, 600, 602), 2);
	assert_int_equal(enclave_store_skip(s, 600, 1000, 1, 2), 700);
	assert_int_equal(enclave_store_skip(s, 701, 1000, 1, 2), 1000);
	assert_int_equal(enclave_store_skip(s, 701, 5000, 1, 2), 1000);
	assert_int_equal(enclave_store_skip(s, 1000, 5000, 1, 2), 1000);
	assert_int_equal(enclave_store_skip(s, 0, 1000, 1, 2), 0);
	enclave_store_free(s);
}

static void test_past_the_end(void **state)
{
	struct enclave_store *s = enclave_store_new(1000);
	u64 end;

	(void)state;
	set(s, 0, 1000, 7);
	assert_int_equal(enclave_store_run(s, 999, 5000, &end), 7);
	assert_int_equal(end, 1000);
	assert_int_equal(enclave_store_run(s, 1000, 5000, &end), 0);
	assert_int_equal(end, 5000);
	set(s, 1000, 10, 3);
	set(s, 5000, 1, 3);
	set(s, ~0ull, 1, 3);
	assert_int_equal(get(s, 999), 7);
	assert_int_equal(get(s, 1000), 0);
	set(s, 998, ~0ull, 5);
	assert_int_equal(get(s, 997), 7);
	assert_int_equal(get(s, 998), 5);
	assert_int_equal(get(s, 999), 5);
	set(s, 10, 0, 1);
	assert_int_equal(get(s, 10), 7);
	enclave_store_free(s);
}

/* Setting everything, at once or piece by piece, costs one slot. */
static void test_uniform_is_one_slot(void **state)
{
	static const u64 sizes[] = { 1, 100, 512, 1000, 262144, 300000 };
	size_t i;
	u64 page;

	(void)state;
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		struct enclave_store *s = enclave_store_new(sizes[i]);

		for (page = 0; page < sizes[i]; page++)
			set(s, page, 1, 9);
		assert_int_equal(enclave_store_bytes(s), empty_bytes(sizes[i]));
		assert_int_equal(runs(s, 0, sizes[i]), 1);
		for (page = sizes[i]; page-- > 0;)
			update(s, page, 1, add_bits, 0x100);
		assert_int_equal(enclave_store_bytes(s), empty_bytes(sizes[i]));
		assert_int_equal(get(s, sizes[i] / 2), 0x109);
		enclave_store_free(s);
	}
}

/* A uniform range of any size takes few lookups and few nodes. */
static void test_huge_ranges(void **state)
{
	const u64 pages = 1ull << 27;
	struct enclave_store *s = enclave_store_new(pages);

	(void)state;
	set(s, 0, pages, 5);
	assert_int_equal(runs(s, 0, pages), 1);
	assert_int_equal(enclave_store_bytes(s), empty_bytes(pages));

	set(s, 3, pages - 6, 6);
	assert_int_equal(get(s, 2), 5);
	assert_int_equal(get(s, 3), 6);
	assert_int_equal(get(s, pages - 4), 6);
	assert_int_equal(get(s, pages - 3), 5);
	assert_true(runs(s, 3, pages - 3) <= 5);
	assert_true(enclave_store_bytes(s) <
		    empty_bytes(pages) + 3 * 4400 + 2 * 1200);

	set(s, 16777216, 16777216, 7);
	assert_int_equal(runs(s, 16777216, 33554432), 1);
	assert_int_equal(get(s, 16777215), 6);
	assert_int_equal(get(s, 33554432), 6);
	set(s, 0, pages, 1);
	assert_int_equal(enclave_store_bytes(s), empty_bytes(pages));
	enclave_store_free(s);
}

static enclave_facts alternate(enclave_facts old, void *arg)
{
	(void)arg;
	return old + 1;
}

static void test_worst_case_memory(void **state)
{
	const u64 pages = 1ull << 20;
	struct enclave_store *s = enclave_store_new(pages);
	u64 page;

	(void)state;
	for (page = 0; page < pages; page += 2)
		update(s, page, 1, alternate, 0);
	assert_true(enclave_store_bytes(s) <= 4 * pages);
	assert_true(enclave_store_bytes(s) <= pages * 9 / 4);
	assert_int_equal(runs(s, 0, pages), pages);
	for (page = 0; page < pages; page += 2)
		set(s, page, 1, 0);
	assert_int_equal(enclave_store_bytes(s), empty_bytes(pages));
	enclave_store_free(s);
}

/* A change inside a leaf that exists reserves nothing. */
static void test_existing_leaf_needs_nothing(void **state)
{
	struct enclave_store *s = enclave_store_new(1 << 20);
	u64 bytes;

	(void)state;
	set(s, 1000, 1, 5);
	bytes = enclave_store_bytes(s);
	allocations_left = 0;
	assert_int_equal(enclave_store_reserve(s, 700, 100), 0);
	assert_int_equal(enclave_store_bytes(s), bytes);
	assert_int_equal(enclave_store_reserve(s, 2000, 1), -12);
	assert_int_equal(enclave_store_bytes(s), bytes);
	assert_int_equal(enclave_store_reserve(s, 0, 1 << 20), 0);
	allocations_left = ~0u;
	enclave_store_free(s);
}

/* Whatever allocation fails, nothing changes and nothing leaks. */
static void test_no_memory(void **state)
{
	struct enclave_store *s;
	unsigned int n;
	u64 bytes;

	(void)state;
	allocations_left = 0;
	assert_null(enclave_store_new(100));
	allocations_left = ~0u;
	s = enclave_store_new(1ull << 36);
	bytes = enclave_store_bytes(s);
	for (n = 0; n < 7; n++) {
		allocations_left = n;
		assert_int_equal(enclave_store_reserve(s, 5, (1ull << 36) - 10),
				 -12);
		allocations_left = ~0u;
		assert_int_equal(enclave_store_bytes(s), bytes);
		assert_int_equal(get(s, 5), 0);
	}
	allocations_left = 7;
	assert_int_equal(enclave_store_reserve(s, 5, (1ull << 36) - 10), 0);
	assert_int_equal(allocations_left, 0);
	allocations_left = ~0u;
	enclave_store_release(s);
	assert_int_equal(enclave_store_bytes(s), bytes);
	assert_int_equal(enclave_store_reserve(s, 5, 5), 0);
	enclave_store_free(s);
}

/* An update that was not reserved leaves nothing that could be executed. */
static void test_broken_is_closed(void **state)
{
	struct enclave_store *s = enclave_store_new(100000);
	enclave_facts f = ENCLAVE_FACT_PRESENT | ENCLAVE_X;
	u64 end;

	(void)state;
	enclave_store_update(s, 10, 10, set_to, &f);
	f = enclave_store_run(s, 50, 100, &end);
	assert_int_equal(end, 100);
	assert_int_equal(get(s, 50), f);
	assert_int_equal(get(s, 100000), f);
	assert_int_equal(f & ENCLAVE_RWX, 0);
	assert_true(f & ENCLAVE_FACT_PRESENT);
	assert_true(f & ENCLAVE_FACT_EVER_X);
	enclave_store_update(s, 10, 10, set_to, &f);
	enclave_store_free(s);

	/* Also of the pages that were changed one by one before. */
	s = enclave_store_new(100000);
	f = ENCLAVE_FACT_PRESENT | ENCLAVE_X;
	set(s, 10, 1, f);
	set(s, 11, 1, f);
	enclave_store_update(s, 5000, 1, set_to, &f);
	assert_int_equal(get(s, 10) & ENCLAVE_RWX, 0);
	assert_int_equal(enclave_store_reserve(s, 12, 1), 0);
	enclave_store_update(s, 12, 1, set_to, &f);
	assert_int_equal(get(s, 12), get(s, 99999));
	enclave_store_free(s);
}

/*
 * A node that becomes uniform on the way to being changed again must not need
 * nodes that were not reserved, and a node that becomes uniform where the
 * update ends without a change must still collapse.
 */
static void test_collapse_order(void **state)
{
	struct enclave_store *s = enclave_store_new(1 << 20);

	(void)state;
	set(s, 0, 1 << 20, 2);
	set(s, 0, 100, 3);
	set(s, 100, 412, 1);
	update(s, 0, 1024, invert, 0); /* 3, 1 | 2 | 2 -> 2 | 1 | 2 */
	assert_int_equal(get(s, 0), 2);
	assert_int_equal(get(s, 511), 2);
	assert_int_equal(get(s, 512), 1);
	assert_int_equal(get(s, 1024), 2);

	set(s, 0, 1 << 20, 1);
	set(s, 7, 1, 2);
	update(s, 0, 515, merge, 0);
	assert_int_equal(get(s, 7), 1);
	assert_int_equal(get(s, 514), 0);

	set(s, 0, 1 << 20, 0x101);
	set(s, 7, 1, 1);
	update(s, 0, 515, add_bits, 0x100);
	assert_int_equal(enclave_store_bytes(s), empty_bytes(1 << 20));
	enclave_store_free(s);
}

/* Random operations, compared with an array after each. */

/* Nothing is passed over but pages of facts @f and of those of @page. */
static void compare_skip(struct enclave_store *s, const enclave_facts *flat,
			 u64 page, u64 pages, enclave_facts f)
{
	const enclave_facts other = flat[page];
	u64 stop = enclave_store_skip(s, page, pages, other, f);

	assert_true(stop >= page && stop <= pages);
	for (; page < stop; page++)
		assert_true(flat[page] == f || flat[page] == other);
}

static void compare(struct enclave_store *s, const enclave_facts *flat,
		    u64 pages)
{
	u64 page = 0;

	while (page < pages) {
		u64 end;
		enclave_facts f = enclave_store_run(s, page, pages, &end);

		assert_true(end > page && end <= pages);
		for (; page < end; page++)
			assert_int_equal(flat[page], f);
		if (page < pages)
			compare_skip(s, flat, page, pages, f);
	}
}

/* A store that got the same facts in one go has the same size. */
static void assert_canonical(const struct enclave_store *s,
			     const enclave_facts *flat, u64 pages)
{
	struct enclave_store *other = enclave_store_new(pages);
	u64 page = 0;

	while (page < pages) {
		u64 from = page;

		while (page < pages && flat[page] == flat[from])
			page++;
		set(other, from, page - from, flat[from]);
	}
	assert_int_equal(enclave_store_bytes(s), enclave_store_bytes(other));
	enclave_store_free(other);
}

static void random_range(u64 *seed, u64 pages, u64 *first, u64 *count)
{
	u64 grain = 1ull
		    << (unit_random(seed) % 3 * 9 * (unit_random(seed) % 2));

	*first = unit_random(seed) % pages / grain * grain;
	*count = 1 + unit_random(seed) % (pages - *first);
	if (unit_random(seed) % 2)
		*count = 1 + *count % 700;
	if (unit_random(seed) % 4 == 0)
		*count = (*count + grain - 1) / grain * grain;
	if (*count > pages - *first)
		*count = pages - *first;
}

static void random_ops(u64 pages, unsigned int rounds, u64 seed)
{
	static const struct update kinds[] = {
		{ set_to, 0 }, { set_to, 1 }, { set_to, 2 }, { add_bits, 4 },
		{ rotate, 0 }, { merge, 0 },  { invert, 0 }, { set_to, 0x1fff },
	};
	struct enclave_store *s = enclave_store_new(pages);
	enclave_facts *flat = calloc(pages, sizeof(*flat));
	unsigned int round;

	assert_non_null(s);
	assert_non_null(flat);
	for (round = 0; round < rounds; round++) {
		struct update k = kinds[unit_random(&seed) % ARRAY_LEN(kinds)];
		u64 first, count, page;

		random_range(&seed, pages, &first, &count);
		if (unit_random(&seed) % 16 == 0)
			assert_int_equal(enclave_store_reserve(s, count, 3), 0);
		update(s, first, count, k.fn, k.arg);
		for (page = first; page < first + count; page++)
			flat[page] = k.fn(flat[page], &k.arg);
		compare(s, flat, pages);
		if (round % 8 == 0)
			assert_canonical(s, flat, pages);
	}
	free(flat);
	enclave_store_free(s);
}

/*
 * Single pages, which have a way of their own: mostly next to the one before,
 * and now and then a range that takes the leaf away.
 */
static void random_singles(u64 pages, unsigned int rounds, u64 seed)
{
	struct enclave_store *s = enclave_store_new(pages);
	enclave_facts *flat = calloc(pages, sizeof(*flat));
	unsigned int round;
	u64 page = 0;

	assert_non_null(s);
	assert_non_null(flat);
	for (round = 0; round < rounds; round++) {
		u64 dice = unit_random(&seed) % 64;
		enclave_facts f = unit_random(&seed) % 4 / 2;
		u64 i, count = 1;

		page = dice < 8 ? unit_random(&seed) % pages : page + 1;
		if (page >= pages)
			page = 0;
		if (dice == 63)
			count = 1 + unit_random(&seed) % (pages - page);
		if (dice == 62) {
			page = page / 512 * 512;
			count = pages - page < 512 ? pages - page : 512;
		}
		update(s, page, count, dice % 8 ? set_to : invert, f);
		for (i = page; i < page + count; i++)
			flat[i] = dice % 8 ? f : invert(flat[i], NULL);
		assert_int_equal(get(s, page), flat[page]);
		i = unit_random(&seed) % pages;
		assert_int_equal(get(s, i), flat[i]);
		if (round % 32 == 0)
			compare(s, flat, pages);
		if (round % 128 == 0)
			assert_canonical(s, flat, pages);
	}
	free(flat);
	enclave_store_free(s);
}

static void test_single_random(void **state)
{
	(void)state;
	random_singles(1, 200, 1);
	random_singles(2, 500, 2);
	random_singles(65, 4000, 3);
	random_singles(512, 20000, 4);
	random_singles(513, 20000, 5);
	random_singles(1024, 20000, 6);
	random_singles(5000, 20000, 7);
	random_singles(300000, 2000, 8);
}

/* Page after page, forth or back: one allocation for each block of 512. */
static void test_single_sequential(void **state)
{
	const u64 pages = 512 * 5 + 100;
	struct enclave_store *s = enclave_store_new(pages);
	enclave_facts *flat = calloc(pages, sizeof(*flat));
	u64 i, page;
	int round;

	(void)state;
	assert_non_null(flat);
	set(s, pages - 1, 1, 1);
	flat[pages - 1] = 1;
	for (round = 0; round < 6; round++) {
		for (i = 0; i < pages; i++) {
			page = round % 2 ? pages - 1 - i : i;
			flat[page] = 2 + 2 * round;
			if (round < 2)
				flat[page] += page % 2;
			allocations_left = i ? 1 : 2;
			assert_int_equal(enclave_store_reserve(s, page, 1), 0);
			assert_true(i == 0 || page % 512 == 0 ||
				    page % 512 == 511 || allocations_left);
			if (round % 3)
				enclave_store_set(s, page, 1, flat[page]);
			else
				enclave_store_update(s, page, 1, set_to,
						     &flat[page]);
			allocations_left = ~0u;
			assert_int_equal(get(s, page), flat[page]);
		}
		compare(s, flat, pages);
		assert_canonical(s, flat, pages);
	}
	assert_int_equal(enclave_store_bytes(s), empty_bytes(pages));
	free(flat);
	enclave_store_free(s);
}

/* The leaf that the page before was in may be gone, and its memory in use. */
static void test_single_after_collapse(void **state)
{
	struct enclave_store *s = enclave_store_new(1 << 20);
	u64 empty = enclave_store_bytes(s);

	(void)state;
	set(s, 1000, 1, 5);
	set(s, 1001, 1, 5);
	set(s, 512, 512, 7); /* a range over the leaf */
	assert_int_equal(get(s, 1001), 7);
	set(s, 1002, 1, 5);
	set(s, 1003, 1, 5);
	set(s, 1002, 1, 7); /* the last page that differs */
	set(s, 1003, 1, 7);
	set(s, 5000, 1, 9);
	set(s, 5001, 1, 9);
	assert_int_equal(get(s, 1003), 7);
	assert_int_equal(get(s, 1004), 7);
	set(s, 0, 1 << 20, 0); /* everything */
	assert_int_equal(get(s, 5001), 0);
	assert_int_equal(enclave_store_bytes(s), empty);
	set(s, 5001, 1, 9);
	set(s, 5001, 1, 0);
	assert_int_equal(enclave_store_bytes(s), empty);

	/* An earlier reservation goes even if none is needed now. */
	set(s, 5001, 1, 9);
	empty = enclave_store_bytes(s);
	assert_int_equal(enclave_store_reserve(s, 9000, 1), 0);
	assert_true(enclave_store_bytes(s) > empty);
	assert_int_equal(enclave_store_reserve(s, 5002, 1), 0);
	assert_int_equal(enclave_store_bytes(s), empty);
	enclave_store_free(s);
}

static void test_random(void **state)
{
	(void)state;
	random_ops(1, 50, 1);
	random_ops(700, 3000, 2);
	random_ops(512, 3000, 3);
	random_ops(5000, 3000, 4);
	random_ops(262144, 150, 5);
	random_ops(600000, 150, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_is_empty),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_past_the_end),
		cmocka_unit_test(test_uniform_is_one_slot),
		cmocka_unit_test(test_huge_ranges),
		cmocka_unit_test(test_worst_case_memory),
		cmocka_unit_test(test_existing_leaf_needs_nothing),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_broken_is_closed),
		cmocka_unit_test(test_collapse_order),
		cmocka_unit_test(test_single_sequential),
		cmocka_unit_test(test_single_random),
		cmocka_unit_test(test_single_after_collapse),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

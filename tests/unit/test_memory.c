// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of libewx: blocks small and large, that begin zeroed and keep what is
 * in them while they grow.
 */
#include "unit.h"
#include "libewx/arena.h"
#include "libewx/pages.h"
#include "libewx/pool.h"

#define SMALL 1000u

static bool all_zero(const unsigned char *at, size_t size)
{
	return !size || (!at[0] && !memcmp(at, at + 1, size - 1));
}

/* More than the small chunks hold, and blocks that are larger than any chunk. */
static void test_arena(void **state)
{
	static const size_t large[] = {
		17 << 10,	 EWX_PAGES_LARGE - 64, EWX_PAGES_LARGE - 16,
		EWX_PAGES_LARGE, EWX_PAGES_LARGE + 1,  5 * EWX_PAGES_LARGE
	};
	struct ewx_arena arena = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 12000; i++) {
		size_t size = i % SMALL ? SMALL :
					  large[i / SMALL % ARRAY_LEN(large)];
		unsigned char *at = ewx_arena_alloc(&arena, size);

		assert_non_null(at);
		assert_true(all_zero(at, size));
		memset(at, 0xff, size);
	}
	assert_false(arena.failed);
	ewx_arena_free(&arena);
	assert_null(arena.chunk);
}

static void test_array(void **state)
{
	const unsigned int count = 1u << 20;
	struct ewx_arena arena = { 0 };
	unsigned int *array = NULL;
	size_t n = 0;

	(void)state;
	while (n < count) {
		unsigned int *one = ewx_arena_push(&arena, array, n);

		assert_non_null(one);
		assert_int_equal(*one, 0);
		*one = (unsigned int)n;
	}
	for (unsigned int i = 0; i < count; i++)
		if (array[i] != i + 1)
			fail_msg("%u: %u", i, array[i]);
	ewx_arena_free(&arena);
}

/* More of them than the arena looks for, with small blocks between. */
static void test_arrays(void **state)
{
	struct {
		unsigned int *at;
		size_t count;
	} a[20] = { 0 };
	struct ewx_arena arena = { 0 };

	(void)state;
	for (unsigned int i = 0; i < 20 * 50000; i++) {
		unsigned int k = i % 3 ? i % 2 : i % 20;
		unsigned int *one = ewx_arena_push(&arena, a[k].at, a[k].count);

		assert_non_null(one);
		assert_int_equal(*one, 0);
		*one = (unsigned int)a[k].count * 20 + k;
		if (!(i % 1000))
			assert_non_null(ewx_arena_alloc(&arena, 40));
	}
	for (unsigned int k = 0; k < 20; k++)
		for (unsigned int i = 0; i < a[k].count; i++)
			if (a[k].at[i] != (i + 1) * 20 + k)
				fail_msg("%u of %u: %u", i, k, a[k].at[i]);
	ewx_arena_free(&arena);
}

/*
 * One that grows to be large at the beginning of a chunk, and then has others
 * behind it: in a small chunk, and in a large one.
 */
static void test_neighbours(void **state)
{
	static const char word[] = "others";
	struct ewx_arena arena = { 0 };

	(void)state;
	for (unsigned int round = 0; round < 2; round++) {
		size_t chunks = arena.chunks, count = 0;
		unsigned char *array = NULL;
		char *behind;

		/* What is left of the newest chunk is used up. */
		while (arena.used < arena.size)
			assert_non_null(ewx_arena_alloc(&arena, 16));
		while (count < 20000)
			*ewx_arena_push(&arena, array, count) = 1;
		assert_int_equal(arena.chunks, chunks + 1);
		behind = ewx_arena_strndup(&arena, word, sizeof(word));
		/* And of this one. In the next round chunks are large. */
		for (chunks = arena.chunks; arena.chunks < chunks + 8;)
			assert_non_null(ewx_arena_alloc(&arena, 16000));
		while (count < 40000)
			*ewx_arena_push(&arena, array, count) = 1;
		assert_string_equal(behind, word);
		for (size_t i = 0; i < count; i++)
			assert_int_equal(array[i], 1);
	}
	ewx_arena_free(&arena);
}

static void use_pool(void *arg)
{
	static const size_t sizes[] = { 16,
					EWX_PAGES_LARGE - 64,
					EWX_PAGES_LARGE,
					4 * EWX_PAGES_LARGE,
					EWX_PAGES_LARGE + 8,
					EWX_PAGES_LARGE / 2,
					3 * EWX_PAGES_LARGE };
	struct ewx_pool *pool = arg;
	unsigned char *other[2], *at;

	other[0] = ewx_pool_alloc(pool, 1, 64);
	at = ewx_pool_alloc(pool, 1, sizes[0]);
	other[1] = ewx_pool_alloc(pool, 2, EWX_PAGES_LARGE);
	assert_true(all_zero(other[1], 2 * EWX_PAGES_LARGE));
	for (size_t i = 0; i < 16; i++)
		at[i] = (unsigned char)(i + 1);
	for (size_t i = 1; i < ARRAY_LEN(sizes); i++) {
		at = ewx_pool_resize(pool, at, sizes[i], 1);
		for (size_t k = 0; k < 16; k++)
			assert_int_equal(at[k], k + 1);
		at[sizes[i] - 1] = 1;
	}
	ewx_pool_drop(pool, other[0]);
	ewx_pool_drop(pool, at);
	assert_true(all_zero(other[1], 2 * EWX_PAGES_LARGE));
	*(size_t *)other[1] = 1;
}

/* Blocks become large and small again, between others of the pool. */
static void test_pool(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, use_pool, &pool), EWX_STOP_NONE);
	ewx_pool_free(&pool);
}

#define HELD 64

/* Blocks of all sizes come and go: each is zeroed, and keeps what is in it. */
static void churn(void *arg)
{
	struct ewx_pool *pool = arg;
	unsigned char *held[HELD] = { NULL };
	size_t size[HELD] = { 0 };
	unsigned long long seed = 1;

	for (unsigned int i = 0; i < 4000; i++) {
		size_t n = unit_random(&seed) % HELD;
		size_t want = 1 + (unit_random(&seed) >> 40) %
					  (32ul << unit_random(&seed) % 17);

		if (held[n]) {
			assert_int_equal(held[n][0], n + 1);
			assert_int_equal(held[n][size[n] - 1], n + 1);
		}
		if (held[n] && want > size[n] && i % 2) {
			held[n] = ewx_pool_resize(pool, held[n], want, 1);
			assert_int_equal(held[n][0], n + 1);
			assert_int_equal(held[n][size[n] - 1], n + 1);
		} else {
			ewx_pool_drop(pool, held[n]);
			held[n] = ewx_pool_alloc(pool, want, 1);
			assert_true(all_zero(held[n], want));
		}
		size[n] = want;
		memset(held[n], (int)n + 1, want);
	}
}

static void test_churn(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, churn, &pool), EWX_STOP_NONE);
	ewx_pool_free(&pool);
	assert_null(pool.slabs);
}

/* What is reset is zeroed again; little of it needs no new memory. */
static void test_reset(void **state)
{
	static const size_t most[] = { 10, 5000, 100, 3 * EWX_PAGES_LARGE, 7 };
	struct ewx_arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(most); i++) {
		struct ewx_arena_chunk *chunk = arena.chunk;

		for (size_t size = 1; size <= most[i]; size *= 3) {
			unsigned char *at = ewx_arena_alloc(&arena, size);

			assert_non_null(at);
			assert_true(all_zero(at, size));
			memset(at, 0xff, size);
		}
		if (chunk && most[i] < 1000)
			assert_ptr_equal(arena.chunk, chunk);
		ewx_arena_reset(&arena);
	}
	ewx_arena_free(&arena);
}

/* What free() gets. */
static void test_freed(void **state)
{
	static const size_t sizes[] = { 1, 100, EWX_PAGES_LARGE - 1,
					EWX_PAGES_LARGE,
					3 * EWX_PAGES_LARGE + 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		unsigned char *at = ewx_pages_malloc(sizes[i]);

		assert_non_null(at);
		assert_true(all_zero(at, sizes[i]));
		memset(at, 0xff, sizes[i]);
		free(at);
	}
}

static void test_too_much(void **state)
{
	(void)state;
	assert_null(ewx_pages_alloc(SIZE_MAX));
	assert_null(ewx_pages_alloc(SIZE_MAX / 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena),	 cmocka_unit_test(test_array),
		cmocka_unit_test(test_arrays),	 cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_pool),	 cmocka_unit_test(test_churn),
		cmocka_unit_test(test_reset),	 cmocka_unit_test(test_freed),
		cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

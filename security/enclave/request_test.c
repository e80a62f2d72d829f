// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of requests and commits, but those of mappings.
 *
 * Owns: the cases. The enclave and the LSM that watches it are bench.c's.
 */
#include <linux/mm.h>

#include "bench.h"

static void create_states(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct enclave_identity id = enclave_bench_identity;

	id.attributes = ENCLAVE_ATTR_DEBUG;
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&id));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_CREATE | ENCLAVE_PERM_DEBUG);
	KUNIT_EXPECT_NULL(test, b->e->store);

	b->verdict = 0;
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&id));
	security_enclave_abort(b->e);
	KUNIT_EXPECT_FALSE(test, b->e->created);
	KUNIT_EXPECT_NULL(test, b->e->store);

	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&id));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test, b->e->created);
	KUNIT_EXPECT_EQ(test, b->e->pages, ENCLAVE_BENCH_PAGES);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&id));
	KUNIT_EXPECT_NOT_NULL(test, b->e->store);
	enclave_bench_unlock(b);
}

static void load_data_needs_nothing(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	enclave_bench_create(test);
	enclave_bench_load(test, 3, 1, ENCLAVE_R | ENCLAVE_W);
	KUNIT_EXPECT_EQ(test, b->last.required, 0u);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 3),
			enclave_facts_load(ENCLAVE_ORIGIN_ANON,
					   ENCLAVE_R | ENCLAVE_W, false, true));
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 2), 0);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_load(b->e, enclave_bench_range(3, 1),
					      NULL, NULL, ENCLAVE_R, 0));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_load(b->e, enclave_bench_range(0, 8),
					      NULL, NULL, ENCLAVE_R, 0));
	enclave_bench_unlock(b);
}

static void load_code_is_counted(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct enclave_tally t;

	enclave_bench_create(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_load(b->e, enclave_bench_range(16, 4),
					      NULL, NULL, ENCLAVE_RWX, 0));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_EXEC_ANON | ENCLAVE_PERM_EXEC_UNMEASURED |
				ENCLAVE_PERM_LOAD_WX);
	t = enclave_request_tally(&b->last, ENCLAVE_PERM_BIT_EXEC_ANON);
	KUNIT_EXPECT_EQ(test, t.first, 16);
	KUNIT_EXPECT_EQ(test, t.pages, 4);
	KUNIT_EXPECT_EQ(test, t.added, 4);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 0);

	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 4);
	KUNIT_EXPECT_EQ(test, b->commits, 2);
	enclave_bench_unlock(b);
}

static void denied_or_failed_load_leaves_nothing(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	enclave_bench_create(test);
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_load(b->e, enclave_bench_range(0, 1),
					      NULL, NULL, ENCLAVE_X, 0));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 0), 0);

	b->verdict = 0;
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(b->e, enclave_bench_range(0, 1),
					      NULL, NULL, ENCLAVE_X, 0));
	security_enclave_abort(b->e);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 0), 0);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 0);
	KUNIT_EXPECT_EQ(test, b->commits, 1);
	enclave_bench_unlock(b);
}

/* What is not granted together is asked for page by page. */
static void load_is_divided(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct vm_area_struct *vma;
	struct page *pages[4] = {};

	vma = kunit_kzalloc(test, sizeof(*vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, vma);
	vm_flags_init(vma, VM_READ | VM_MAYEXEC);
	enclave_bench_create(test);
	KUNIT_EXPECT_EQ(test, 4,
			security_enclave_load_pages(b->e, 0, vma, pages, 4,
						    ENCLAVE_X, 0));
	KUNIT_EXPECT_TRUE(test, b->last.divisible);
	KUNIT_EXPECT_EQ(test, b->asked, 2);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 4);
	KUNIT_EXPECT_TRUE(test, enclave_bench_facts(b, 3));
	KUNIT_EXPECT_FALSE(test, enclave_bench_facts(b, 4));

	b->most = 3;
	KUNIT_EXPECT_EQ(test, 1,
			security_enclave_load_pages(b->e, 8, vma, pages, 4,
						    ENCLAVE_X, 0));
	KUNIT_EXPECT_FALSE(test, b->last.divisible);
	KUNIT_EXPECT_EQ(test, b->last.range.count, 1);
	KUNIT_EXPECT_EQ(test,
			enclave_request_tally(&b->last,
					      ENCLAVE_PERM_BIT_EXEC_ANON).pages,
			1);
	KUNIT_EXPECT_EQ(test, b->asked, 4);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 5);
	KUNIT_EXPECT_FALSE(test, enclave_bench_facts(b, 9));

	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_load_pages(b->e, 16, vma, pages, 4,
						    ENCLAVE_X, 0));
	KUNIT_EXPECT_EQ(test, b->last.range.count, 1);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_load_pages(b->e, 7, vma, pages, 2,
						    ENCLAVE_X, 0));
	enclave_bench_unlock(b);
}

/* Committed before they were copied, and then not all of them were. */
static void what_was_not_loaded(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	u64 *uses = b->e->uses;

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 64, ENCLAVE_R | ENCLAVE_X);
	KUNIT_EXPECT_EQ(test, uses[ENCLAVE_PERM_BIT_EXEC_ANON], 64);
	security_enclave_unload(b->e, enclave_bench_range(10, 54));
	KUNIT_EXPECT_EQ(test, uses[ENCLAVE_PERM_BIT_EXEC_ANON], 10);
	KUNIT_EXPECT_NE(test, enclave_bench_facts(b, 9), 0);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 10), 0);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 63), 0);
	/* Their addresses are free, and nothing is pending. */
	enclave_bench_load(test, 10, 1, ENCLAVE_R);
	KUNIT_EXPECT_EQ(test, uses[ENCLAVE_PERM_BIT_EXEC_ANON], 10);
	enclave_bench_unlock(b);
}

static void load_outside(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	const struct enclave_range outside[] = {
		{ ENCLAVE_BENCH_PAGES, 1 },
		{ ENCLAVE_BENCH_PAGES - 1, 2 },
		{ 0, 0 },
		{ U64_MAX, 2 },
		{ 1, U64_MAX },
	};
	int i;

	enclave_bench_create(test);
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		b->refusal = 0;
		KUNIT_EXPECT_EQ(test, -EACCES,
				security_enclave_load(b->e, outside[i], NULL,
						      NULL, ENCLAVE_R, 0));
		KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
	}
	enclave_bench_unlock(b);
}

static void load_at_the_right_time(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_load(b->e, enclave_bench_range(0, 1),
					      NULL, NULL, ENCLAVE_R, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_init(b->e, &enclave_bench_identity));
	enclave_bench_create(test);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_change(b->e, enclave_bench_range(0, 1),
						ENCLAVE_R, ENCLAVE_OP_ADD));
	enclave_bench_init(test);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_load(b->e, enclave_bench_range(0, 1),
					      NULL, NULL, ENCLAVE_R, 0));
	enclave_bench_unlock(b);
}

static void init_is_judged_with_the_identity(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct enclave_identity id = enclave_bench_identity;

	id.attributes = ENCLAVE_ATTR_PROVISION;
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&id));
	security_enclave_commit(b->e);

	/* The attributes given at create count. */
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_init(b->e, &enclave_bench_identity));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_INIT | ENCLAVE_PERM_PROVISION);
	KUNIT_EXPECT_FALSE(test, b->e->initialized);
	KUNIT_EXPECT_EQ(test, b->e->identity.product, 0);

	b->verdict = 0;
	enclave_bench_init(test);
	KUNIT_EXPECT_TRUE(test, b->e->initialized);
	KUNIT_EXPECT_EQ(test, b->e->identity.product, 7);
	KUNIT_EXPECT_EQ(test, b->e->identity.attributes,
			ENCLAVE_ATTR_PROVISION);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_init(b->e, &enclave_bench_identity));
	enclave_bench_unlock(b);
}

static void debug_write_shows_at_init(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 2, ENCLAVE_R | ENCLAVE_X);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_access(b->e, enclave_bench_range(1, 1),
						true));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_DEBUG_WRITE);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test,
			  enclave_bench_facts(b, 1) & ENCLAVE_FACT_EVER_W);
	KUNIT_EXPECT_FALSE(test,
			   enclave_bench_facts(b, 1) & ENCLAVE_FACT_MEASURED);

	enclave_bench_init(test);
	KUNIT_EXPECT_TRUE(test,
			  b->last.required & ENCLAVE_PERM_EXEC_UNMEASURED);
	KUNIT_EXPECT_EQ(
		test, b->last.tally[ENCLAVE_PERM_BIT_EXEC_UNMEASURED].first, 1);
	KUNIT_EXPECT_EQ(
		test, b->last.tally[ENCLAVE_PERM_BIT_EXEC_UNMEASURED].pages, 1);
	enclave_bench_unlock(b);
}

static void dynamic_pages_come_and_go(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	enclave_bench_create(test);
	enclave_bench_init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(8, 8),
						ENCLAVE_RWX, ENCLAVE_OP_ADD));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_AUGMENT);
	KUNIT_EXPECT_EQ(test,
			enclave_request_tally(&b->last,
					      ENCLAVE_PERM_BIT_AUGMENT).added,
			8);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_AUGMENT], 8);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_change(b->e,
						enclave_bench_range(15, 1),
						ENCLAVE_R, ENCLAVE_OP_ADD));

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(8, 4),
						0, ENCLAVE_OP_REMOVE));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_CHANGE);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_AUGMENT], 4);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 8), 0);
	KUNIT_EXPECT_NE(test, enclave_bench_facts(b, 12), 0);

	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_change(
				b->e,
				enclave_bench_range(ENCLAVE_BENCH_PAGES, 1), 0,
				ENCLAVE_OP_REMOVE));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
	enclave_bench_unlock(b);
}

static void restrict_is_for_ever(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_R | ENCLAVE_X);
	enclave_bench_init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(0, 1),
						ENCLAVE_R,
						ENCLAVE_OP_RESTRICT));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 0) & ENCLAVE_FACT_INTENT,
			ENCLAVE_R);
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_change(b->e, enclave_bench_range(0, 1),
						ENCLAVE_R | ENCLAVE_X,
						ENCLAVE_OP_RESTRICT));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_INTENT);
	enclave_bench_unlock(b);
}

/* A walk over all enclaves, which waits for nobody's lock. */
static bool note_id(struct enclave *e, void *arg)
{
	u64 *last = arg;

	if (e->id <= *last)
		return false;
	*last = e->id;
	return true;
}

static void enclaves_are_listed(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	u64 last = 0;

	enclave_for_each(note_id, &last);
	KUNIT_EXPECT_GE(test, last, b->e->id);
	KUNIT_EXPECT_EQ(test, refcount_read(&b->e->refs), 1);
	enclave_bench_unlock(b);
}

static struct kunit_case request_cases[] = {
	KUNIT_CASE(create_states),
	KUNIT_CASE(load_data_needs_nothing),
	KUNIT_CASE(load_code_is_counted),
	KUNIT_CASE(denied_or_failed_load_leaves_nothing),
	KUNIT_CASE(load_is_divided),
	KUNIT_CASE(what_was_not_loaded),
	KUNIT_CASE(load_outside),
	KUNIT_CASE(load_at_the_right_time),
	KUNIT_CASE(init_is_judged_with_the_identity),
	KUNIT_CASE(debug_write_shows_at_init),
	KUNIT_CASE(dynamic_pages_come_and_go),
	KUNIT_CASE(restrict_is_for_ever),
	KUNIT_CASE(enclaves_are_listed),
	{}
};

static struct kunit_suite request_suite = {
	.name = "enclave_request",
	.init = enclave_bench_setup,
	.exit = enclave_bench_teardown,
	.test_cases = request_cases,
};

kunit_test_suite(request_suite);

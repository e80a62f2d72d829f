// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions and deferral by example. Random rules are in decide_many_test.c.
 */
#include "unit.h"

#include "small.h"

#define P(name) ENCLAVE_PERM_##name
#define BIT_OF(name) ENCLAVE_PERM_BIT_##name

static u32 rule(struct small *t, u32 kind, u32 perms, u32 domain, u32 source,
		u32 identity)
{
	struct blob_rule r = { kind, perms, domain, source, identity,
			       EWX_UNLIMITED, EWX_FOREVER };

	return blob_rule(&t->b, &r);
}

static u32 limited(struct small *t, u32 perms, u32 max, u64 until)
{
	struct blob_rule r = { EWX_RULE_ALLOW, perms, EWX_ANY, EWX_ANY, EWX_ANY,
			       max, until };

	return blob_rule(&t->b, &r);
}

static struct ewx_verdict decide(const struct small *t, u32 domain, u32 source,
				 u32 identity, u32 required, u64 now,
				 const u64 *uses)
{
	struct ewx_question q = { domain, source, identity, required, now, uses };
	struct ewx_verdict v;

	memset(&v, 0xa5, sizeof(v));
	ewx_decide(&t->p, &q, &v);
	return v;
}

static void test_empty_denies(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u32 bit;

	(void)state;
	small_init(&t, 1, 1, 1);
	small_finish(&t);
	v = decide(&t, 0, 0, 0, P(CREATE) | P(INIT), 0, NULL);
	assert_int_equal(v.allowed, 0);
	assert_int_equal(v.denied, P(CREATE) | P(INIT));
	assert_int_equal(v.reason[BIT_OF(CREATE)], EWX_REASON_NO_RULE);
	assert_int_equal(v.rule[BIT_OF(CREATE)], EWX_NONE);
	assert_int_equal(v.reason[BIT_OF(VEPC)], EWX_REASON_NONE);
	v = decide(&t, 0, 0, 0, 0, 0, NULL);
	assert_int_equal(v.allowed | v.denied | v.logged, 0);
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		assert_int_equal(v.reason[bit], EWX_REASON_NONE);
		assert_int_equal(v.rule[bit], EWX_NONE);
	}
	v = decide(&t, 0, 0, 0, 0x80000000u, 0, NULL);
	assert_int_equal(v.denied, 0x80000000u);
	blob_free(&t.b);
}

static void test_union_and_deny(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u32 any, deny;

	(void)state;
	small_init(&t, 3, 3, 3);
	any = rule(&t, EWX_RULE_ALLOW, P(CREATE), EWX_ANY, EWX_ANY, EWX_ANY);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_FILE), 1, 1, EWX_ANY);
	rule(&t, EWX_RULE_ALLOW, P(INIT) | P(EXEC_ANON), 1, EWX_ANY, 2);
	deny = rule(&t, EWX_RULE_DENY, P(EXEC_ANON), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_LOG, P(INIT) | P(DEBUG), EWX_ANY, EWX_ANY, EWX_ANY);
	small_finish(&t);

	v = decide(&t, 1, 1, 2, P(CREATE) | P(EXEC_FILE) | P(INIT), 0, NULL);
	assert_int_equal(v.denied, 0);
	assert_int_equal(v.logged, P(INIT));
	assert_int_equal(v.rule[BIT_OF(CREATE)], any);
	assert_int_equal(v.valid_until, EWX_FOREVER);
	v = decide(&t, 2, 1, 2, P(CREATE) | P(EXEC_FILE), 0, NULL);
	assert_int_equal(v.allowed, P(CREATE));
	assert_int_equal(v.denied, P(EXEC_FILE));
	v = decide(&t, 1, 2, 2, P(EXEC_FILE), 0, NULL);
	assert_int_equal(v.denied, P(EXEC_FILE));
	v = decide(&t, 1, 0, 2, P(EXEC_ANON), 0, NULL);
	assert_int_equal(v.denied, P(EXEC_ANON));
	assert_int_equal(v.reason[BIT_OF(EXEC_ANON)], EWX_REASON_DENIED);
	assert_int_equal(v.rule[BIT_OF(EXEC_ANON)], deny);
	/* Indices that do not exist meet the rules for all. */
	v = decide(&t, 77, 88, 99, P(CREATE) | P(INIT), 0, NULL);
	assert_int_equal(v.allowed, P(CREATE));
	blob_free(&t.b);
}

static void test_until(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u32 late;

	(void)state;
	small_init(&t, 1, 1, 1);
	t.b.built = 1000;
	limited(&t, P(CREATE), EWX_UNLIMITED, 2000);
	late = limited(&t, P(CREATE), EWX_UNLIMITED, 3000);
	limited(&t, P(INIT), EWX_UNLIMITED, EWX_FOREVER);
	small_finish(&t);

	v = decide(&t, 0, 0, 0, P(CREATE) | P(INIT), 1000, NULL);
	assert_int_equal(v.denied, 0);
	assert_int_equal(v.valid_until, 3000);
	assert_int_equal(v.rule[BIT_OF(CREATE)], late);
	v = decide(&t, 0, 0, 0, P(CREATE), 3000, NULL);
	assert_int_equal(v.denied, 0);
	v = decide(&t, 0, 0, 0, P(CREATE), 3001, NULL);
	assert_int_equal(v.denied, P(CREATE));
	assert_int_equal(v.reason[BIT_OF(CREATE)], EWX_REASON_EXPIRED);
	assert_int_equal(v.rule[BIT_OF(CREATE)], late);
	assert_int_equal(v.valid_until, EWX_FOREVER);
	/* The clock is behind the build stamp. */
	v = decide(&t, 0, 0, 0, P(CREATE) | P(INIT), 999, NULL);
	assert_int_equal(v.denied, P(CREATE));
	assert_int_equal(v.allowed, P(INIT));
	assert_int_equal(v.reason[BIT_OF(CREATE)], EWX_REASON_EXPIRED);
	assert_int_equal(v.valid_until, 999);
	blob_free(&t.b);
}

/* A clock that is never trusted: nothing that ends is granted before the last second. */
static void test_built_last(void **state)
{
	struct small t;
	struct ewx_verdict v;

	(void)state;
	small_init(&t, 1, 1, 1);
	t.b.built = EWX_FOREVER;
	limited(&t, P(CREATE), EWX_UNLIMITED, 2000);
	small_finish(&t);
	v = decide(&t, 0, 0, 0, P(CREATE), 5, NULL);
	assert_int_equal(v.reason[BIT_OF(CREATE)], EWX_REASON_EXPIRED);
	assert_true(v.valid_until == EWX_FOREVER - 1);
	blob_free(&t.b);
}

/*
 * All keys have the one line of ENTRIES; behind it is a row of the domain, whose set has
 * the number of a class. It is no entry of that class.
 */
static void test_beside_line(void **state)
{
	struct small t;
	struct ewx_verdict v;

	(void)state;
	small_init(&t, 2, 1, 3);
	blob_number(&t.b, EWX_SECTION_SETS, 0);
	rule(&t, EWX_RULE_ALLOW, P(CREATE), 1, EWX_ANY, 2);
	small_finish(&t);
	assert_int_equal(t.p.lines, 1);
	assert_int_equal(ewx_read64(t.b.bytes + t.p.section[EWX_SECTION_ROWS].offset),
			 ewx_entry_key(1, EWX_ANY, 1));
	v = decide(&t, 1, 0, 2, P(CREATE), 0, NULL);
	assert_int_equal(v.denied, 0);
	v = decide(&t, 1, 0, 1, P(CREATE), 0, NULL);
	assert_int_equal(v.denied, P(CREATE));
	blob_free(&t.b);
}

static void test_max(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u64 uses[ENCLAVE_PERM_COUNT] = { 0 };
	u32 five;

	(void)state;
	small_init(&t, 1, 1, 1);
	limited(&t, P(AUGMENT), 3, EWX_FOREVER);
	five = limited(&t, P(AUGMENT), 5, EWX_FOREVER);
	limited(&t, P(AUGMENT), 100, 50);
	rule(&t, EWX_RULE_ALLOW, P(CREATE), EWX_ANY, EWX_ANY, EWX_ANY);
	small_finish(&t);

	uses[BIT_OF(AUGMENT)] = 5;
	v = decide(&t, 0, 0, 0, P(AUGMENT), 100, uses);
	assert_int_equal(v.denied, 0);
	assert_int_equal(v.rule[BIT_OF(AUGMENT)], five);
	uses[BIT_OF(AUGMENT)] = 6;
	v = decide(&t, 0, 0, 0, P(AUGMENT), 100, uses);
	assert_int_equal(v.denied, P(AUGMENT));
	assert_int_equal(v.reason[BIT_OF(AUGMENT)], EWX_REASON_MAX);
	assert_int_equal(v.rule[BIT_OF(AUGMENT)], five);
	v = decide(&t, 0, 0, 0, P(AUGMENT), 50, uses);
	assert_int_equal(v.denied, 0);
	assert_int_equal(v.valid_until, 50);
	uses[BIT_OF(AUGMENT)] = ~0ull;
	uses[BIT_OF(CREATE)] = ~0ull;
	v = decide(&t, 0, 0, 0, P(AUGMENT) | P(CREATE), 50, uses);
	assert_int_equal(v.denied, P(AUGMENT));
	assert_int_equal(v.allowed, P(CREATE));
	blob_free(&t.b);
}

static void test_permissive(void **state)
{
	struct small t;

	(void)state;
	small_init(&t, 1, 1, 1);
	t.b.built = 1000;
	blob_domain(&t.b, "for_ever", EWX_DOMAIN_PERMISSIVE, EWX_FOREVER);
	blob_domain(&t.b, "to_2000", EWX_DOMAIN_PERMISSIVE, 2000);
	blob_domain(&t.b, "not", 0, EWX_FOREVER);
	small_finish(&t);
	assert_false(ewx_domain_permissive(&t.p, 0, 1500));
	assert_true(ewx_domain_permissive(&t.p, 1, 0));
	assert_true(ewx_domain_permissive(&t.p, 2, 2000));
	assert_false(ewx_domain_permissive(&t.p, 2, 2001));
	assert_false(ewx_domain_permissive(&t.p, 2, 999));
	assert_false(ewx_domain_permissive(&t.p, 3, 1500));
	assert_false(ewx_domain_permissive(&t.p, 4, 1500));
	blob_free(&t.b);
}

/* Deferral. */

static bool defer(const struct small *t, u32 source, u32 required, u64 now,
		  u64 *candidates, struct ewx_verdict *v)
{
	struct ewx_question q = { 0, source, 0xdeadbeefu, required, now, NULL };

	memset(v, 0xa5, sizeof(*v));
	return ewx_defer(&t->p, &q, candidates, v);
}

static void test_defer_narrows(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u64 c = 0xf;
	u32 anon1, anon2;

	(void)state;
	small_init(&t, 1, 2, 4);
	anon1 = rule(&t, EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 1);
	anon2 = rule(&t, EWX_RULE_ALLOW, P(EXEC_ANON), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_MODIFIED), EWX_ANY, EWX_ANY, EWX_ANY);
	rule(&t, EWX_RULE_DENY, P(EXEC_MODIFIED), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_FILE), 0, 1, 3);
	rule(&t, EWX_RULE_ALLOW, P(LOAD_WX), 0, EWX_ANY, 1);
	rule(&t, EWX_RULE_ALLOW, P(MAP_WX), 0, EWX_ANY, 3);
	rule(&t, EWX_RULE_ALLOW, P(INIT), 0, EWX_ANY, 1);
	rule(&t, EWX_RULE_DENY, P(INIT), 0, EWX_ANY, 1);
	small_finish(&t);

	assert_true(defer(&t, 0, P(EXEC_ANON), 0, &c, &v));
	assert_int_equal(c, 0x6);
	assert_int_equal(v.allowed, P(EXEC_ANON));
	assert_int_equal(v.denied, 0);
	assert_int_equal(v.rule[BIT_OF(EXEC_ANON)], anon1);
	assert_true(defer(&t, 0, P(EXEC_MODIFIED), 0, &c, &v));
	assert_int_equal(c, 0x2);
	c = 0x4;
	assert_true(defer(&t, 0, P(EXEC_ANON), 0, &c, &v));
	assert_int_equal(v.rule[BIT_OF(EXEC_ANON)], anon2);

	/* Only for others. */
	c = 0x2;
	assert_false(defer(&t, 1, P(EXEC_FILE), 0, &c, &v));
	assert_int_equal(c, 0);
	assert_int_equal(v.denied, P(EXEC_FILE));
	assert_int_equal(v.reason[BIT_OF(EXEC_FILE)], EWX_REASON_IDENTITY);
	/* Not from this source at all. */
	c = 0xf;
	assert_false(defer(&t, 0, P(EXEC_FILE), 0, &c, &v));
	assert_int_equal(v.reason[BIT_OF(EXEC_FILE)], EWX_REASON_NO_RULE);
	/* Each alone, but not both together: the second is missing. */
	c = 0xf;
	assert_false(defer(&t, 0, P(LOAD_WX) | P(MAP_WX), 0, &c, &v));
	assert_int_equal(v.denied, P(MAP_WX));
	assert_int_equal(v.allowed, P(LOAD_WX));
	assert_int_equal(v.reason[BIT_OF(MAP_WX)], EWX_REASON_IDENTITY);
	/* Nobody has either: both are told. */
	c = 0xf;
	assert_false(defer(&t, 0, P(EXEC_FILE) | P(DEBUG), 0, &c, &v));
	assert_int_equal(v.denied, P(EXEC_FILE) | P(DEBUG));
	/* No two of three go together: only the first to fail is told. */
	c = 0xf;
	assert_false(defer(&t, 1, P(EXEC_FILE) | P(EXEC_ANON) | P(MAP_WX), 0, &c,
			   &v));
	assert_int_equal(v.denied, P(EXEC_ANON));
	/* Denied to all that are left; denied to the only one allowed. */
	c = 0x4;
	assert_false(defer(&t, 0, P(EXEC_MODIFIED), 0, &c, &v));
	assert_int_equal(v.reason[BIT_OF(EXEC_MODIFIED)], EWX_REASON_DENIED);
	c = 0xf;
	assert_false(defer(&t, 0, P(INIT), 0, &c, &v));
	assert_int_equal(v.denied, P(INIT));
	assert_int_equal(v.reason[BIT_OF(INIT)], EWX_REASON_IDENTITY);
	/* Nothing asked, nothing narrowed; nobody left stays so. */
	c = 0x5;
	assert_true(defer(&t, 0, 0, 0, &c, &v));
	assert_int_equal(c, 0x5);
	c = 0;
	assert_false(defer(&t, 0, P(EXEC_ANON), 0, &c, &v));
	assert_int_equal(v.denied, P(EXEC_ANON));
	assert_int_not_equal(v.reason[BIT_OF(EXEC_ANON)], EWX_REASON_GRANTED);
	blob_free(&t.b);
}

static void test_defer_expiry(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u64 c = 1;

	(void)state;
	small_init(&t, 1, 1, 1);
	t.b.built = 10;
	limited(&t, P(EXEC_ANON), EWX_UNLIMITED, 100);
	small_finish(&t);
	assert_true(defer(&t, 0, P(EXEC_ANON), 100, &c, &v));
	assert_int_equal(v.valid_until, 100);
	assert_false(defer(&t, 0, P(EXEC_ANON), 101, &c, &v));
	assert_int_equal(v.reason[BIT_OF(EXEC_ANON)], EWX_REASON_EXPIRED);
	c = 1;
	assert_false(defer(&t, 0, P(EXEC_ANON), 9, &c, &v));
	assert_int_equal(v.reason[BIT_OF(EXEC_ANON)], EWX_REASON_EXPIRED);
	assert_int_equal(v.valid_until, 9);
	blob_free(&t.b);
}

/* The set of candidates shrinks when the first rule ends. */
static void test_defer_valid_until(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u64 c = 7;
	struct blob_rule first = { EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 1,
				   EWX_UNLIMITED, 50 };
	struct blob_rule second = { EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 2,
				    EWX_UNLIMITED, 100 };

	(void)state;
	small_init(&t, 1, 1, 3);
	blob_rule(&t.b, &first);
	blob_rule(&t.b, &second);
	small_finish(&t);
	assert_true(defer(&t, 0, P(EXEC_ANON), 10, &c, &v));
	assert_int_equal(c, 6);
	assert_int_equal(v.valid_until, 50);
	assert_true(defer(&t, 0, P(EXEC_ANON), 50, &c, &v));
	assert_int_equal(v.valid_until, 50);
	assert_true(defer(&t, 0, P(EXEC_ANON), 51, &c, &v));
	assert_int_equal(v.valid_until, 100);
	c = 4;
	assert_true(defer(&t, 0, P(EXEC_ANON), 10, &c, &v));
	assert_int_equal(v.valid_until, 100);
	blob_free(&t.b);
}

/* The first permission of all is denied like the others. */
static void test_defer_first(void **state)
{
	struct small t;
	struct ewx_verdict v;
	u64 c = 4;
	u32 deny;

	(void)state;
	small_init(&t, 1, 1, 3);
	rule(&t, EWX_RULE_ALLOW, 1, EWX_ANY, EWX_ANY, EWX_ANY);
	deny = rule(&t, EWX_RULE_DENY, 1, EWX_ANY, EWX_ANY, 2);
	small_finish(&t);
	assert_false(defer(&t, 0, 1, 0, &c, &v));
	assert_int_equal(v.reason[0], EWX_REASON_DENIED);
	assert_int_equal(v.rule[0], deny);
	blob_free(&t.b);
}

/* What is no permission is granted to nobody. */
static void test_defer_unknown(void **state)
{
	const u32 none_such = 1u << ENCLAVE_PERM_COUNT;
	struct small t;
	struct ewx_verdict v;
	u64 c = 3;

	(void)state;
	small_init(&t, 1, 1, 2);
	rule(&t, EWX_RULE_ALLOW, ENCLAVE_PERM_ALL, EWX_ANY, EWX_ANY, EWX_ANY);
	small_finish(&t);
	assert_true(defer(&t, 0, ENCLAVE_PERM_ALL, 0, &c, &v));
	assert_false(defer(&t, 0, ENCLAVE_PERM_ALL | none_such, 0, &c, &v));
	assert_int_equal(c, 0);
	assert_int_equal(v.denied, none_such);
	assert_int_equal(v.allowed, ENCLAVE_PERM_ALL);
	blob_free(&t.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_denies),
		cmocka_unit_test(test_union_and_deny),
		cmocka_unit_test(test_until),
		cmocka_unit_test(test_built_last),
		cmocka_unit_test(test_beside_line),
		cmocka_unit_test(test_max),
		cmocka_unit_test(test_permissive),
		cmocka_unit_test(test_defer_narrows),
		cmocka_unit_test(test_defer_expiry),
		cmocka_unit_test(test_defer_valid_until),
		cmocka_unit_test(test_defer_first),
		cmocka_unit_test(test_defer_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

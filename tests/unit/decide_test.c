// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions and deferral: by example, then against a naive reading of random
 * rules.
 */
#include "unit.h"

#include "blob.h"

#define P(name) ENCLAVE_PERM_##name
#define BIT_OF(name) ENCLAVE_PERM_BIT_##name
#define ALL_CLASSES 0xffffffffffffffffull

struct policy {
	struct blob b;
	struct ewx_policy p;
};

static void finish(struct policy *t)
{
	struct ewx_fault fault;

	blob_finish(&t->b);
	if (!ewx_policy_verify(t->b.bytes, t->b.size, &t->p, &fault))
		fail_msg("fault %u in section %u record %u at %u", fault.code,
			 fault.section, fault.index, fault.offset);
}

static u32 rule(struct policy *t, u32 kind, u32 perms, u32 domain, u32 source,
		u32 identity)
{
	struct blob_rule r = { kind, perms, domain, source, identity,
			       EWX_UNLIMITED, EWX_FOREVER };

	return blob_rule(&t->b, &r);
}

static u32 limited(struct policy *t, u32 perms, u32 max, u64 until)
{
	struct blob_rule r = { EWX_RULE_ALLOW, perms, EWX_ANY, EWX_ANY, EWX_ANY,
			       max, until };

	return blob_rule(&t->b, &r);
}

/* Domains default and d1..., one source and identity per class. */
static void init(struct policy *t, u32 domains, u32 sources, u32 identities)
{
	char name[16];
	u32 i;

	blob_init(&t->b);
	for (i = 1; i < domains; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		blob_domain(&t->b, name, 0, 0);
	}
	for (i = 1; i < sources; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		blob_source(&t->b, name);
		blob_class(&t->b, EWX_SECTION_SOURCE_CLASSES, i - 1, 1);
	}
	for (i = 1; i < identities; i++) {
		snprintf(name, sizeof(name), "i%u", i);
		blob_identity(&t->b, name);
		blob_class(&t->b, EWX_SECTION_IDENTITY_CLASSES, i - 1, 1);
	}
}

static struct ewx_verdict decide(const struct policy *t, u32 domain, u32 source,
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
	struct policy t;
	struct ewx_verdict v;
	u32 bit;

	(void)state;
	init(&t, 1, 1, 1);
	finish(&t);
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
	struct policy t;
	struct ewx_verdict v;
	u32 any, deny;

	(void)state;
	init(&t, 3, 3, 3);
	any = rule(&t, EWX_RULE_ALLOW, P(CREATE), EWX_ANY, EWX_ANY, EWX_ANY);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_FILE), 1, 1, EWX_ANY);
	rule(&t, EWX_RULE_ALLOW, P(INIT) | P(EXEC_ANON), 1, EWX_ANY, 2);
	deny = rule(&t, EWX_RULE_DENY, P(EXEC_ANON), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_LOG, P(INIT) | P(DEBUG), EWX_ANY, EWX_ANY, EWX_ANY);
	finish(&t);

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
	struct policy t;
	struct ewx_verdict v;
	u32 late;

	(void)state;
	init(&t, 1, 1, 1);
	t.b.built = 1000;
	limited(&t, P(CREATE), EWX_UNLIMITED, 2000);
	late = limited(&t, P(CREATE), EWX_UNLIMITED, 3000);
	limited(&t, P(INIT), EWX_UNLIMITED, EWX_FOREVER);
	finish(&t);

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
	struct policy t;
	struct ewx_verdict v;

	(void)state;
	init(&t, 1, 1, 1);
	t.b.built = EWX_FOREVER;
	limited(&t, P(CREATE), EWX_UNLIMITED, 2000);
	finish(&t);
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
	struct policy t;
	struct ewx_verdict v;

	(void)state;
	init(&t, 2, 1, 3);
	blob_number(&t.b, EWX_SECTION_SETS, 0);
	rule(&t, EWX_RULE_ALLOW, P(CREATE), 1, EWX_ANY, 2);
	finish(&t);
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
	struct policy t;
	struct ewx_verdict v;
	u64 uses[ENCLAVE_PERM_COUNT] = { 0 };
	u32 five;

	(void)state;
	init(&t, 1, 1, 1);
	limited(&t, P(AUGMENT), 3, EWX_FOREVER);
	five = limited(&t, P(AUGMENT), 5, EWX_FOREVER);
	limited(&t, P(AUGMENT), 100, 50);
	finish(&t);

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
	v = decide(&t, 0, 0, 0, P(AUGMENT), 50, uses);
	assert_int_equal(v.denied, P(AUGMENT));
	blob_free(&t.b);
}

static void test_permissive(void **state)
{
	struct policy t;

	(void)state;
	init(&t, 1, 1, 1);
	t.b.built = 1000;
	blob_domain(&t.b, "for ever", EWX_DOMAIN_PERMISSIVE, EWX_FOREVER);
	blob_domain(&t.b, "until", EWX_DOMAIN_PERMISSIVE, 2000);
	blob_domain(&t.b, "not", 0, EWX_FOREVER);
	finish(&t);
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

static bool defer(const struct policy *t, u32 source, u32 required, u64 now,
		  u64 *candidates, struct ewx_verdict *v)
{
	struct ewx_question q = { 0, source, 0xdeadbeefu, required, now, NULL };

	memset(v, 0xa5, sizeof(*v));
	return ewx_defer(&t->p, &q, candidates, v);
}

static void test_defer_narrows(void **state)
{
	struct policy t;
	struct ewx_verdict v;
	u64 c = 0xf;
	u32 anon1, anon2;

	(void)state;
	init(&t, 1, 2, 4);
	anon1 = rule(&t, EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 1);
	anon2 = rule(&t, EWX_RULE_ALLOW, P(EXEC_ANON), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_MODIFIED), EWX_ANY, EWX_ANY, EWX_ANY);
	rule(&t, EWX_RULE_DENY, P(EXEC_MODIFIED), EWX_ANY, EWX_ANY, 2);
	rule(&t, EWX_RULE_ALLOW, P(EXEC_FILE), 0, 1, 3);
	rule(&t, EWX_RULE_ALLOW, P(LOAD_WX), 0, EWX_ANY, 1);
	rule(&t, EWX_RULE_ALLOW, P(MAP_WX), 0, EWX_ANY, 3);
	rule(&t, EWX_RULE_ALLOW, P(INIT), 0, EWX_ANY, 1);
	rule(&t, EWX_RULE_DENY, P(INIT), 0, EWX_ANY, 1);
	finish(&t);

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
	struct policy t;
	struct ewx_verdict v;
	u64 c = 1;

	(void)state;
	init(&t, 1, 1, 1);
	t.b.built = 10;
	limited(&t, P(EXEC_ANON), EWX_UNLIMITED, 100);
	finish(&t);
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
	struct policy t;
	struct ewx_verdict v;
	u64 c = 7;
	struct blob_rule first = { EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 1,
				   EWX_UNLIMITED, 50 };
	struct blob_rule second = { EWX_RULE_ALLOW, P(EXEC_ANON), 0, EWX_ANY, 2,
				    EWX_UNLIMITED, 100 };

	(void)state;
	init(&t, 1, 1, 3);
	blob_rule(&t.b, &first);
	blob_rule(&t.b, &second);
	finish(&t);
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
	struct policy t;
	struct ewx_verdict v;
	u64 c = 4;
	u32 deny;

	(void)state;
	init(&t, 1, 1, 3);
	rule(&t, EWX_RULE_ALLOW, 1, EWX_ANY, EWX_ANY, EWX_ANY);
	deny = rule(&t, EWX_RULE_DENY, 1, EWX_ANY, EWX_ANY, 2);
	finish(&t);
	assert_false(defer(&t, 0, 1, 0, &c, &v));
	assert_int_equal(v.reason[0], EWX_REASON_DENIED);
	assert_int_equal(v.rule[0], deny);
	blob_free(&t.b);
}

/* What is no permission is granted to nobody. */
static void test_defer_unknown(void **state)
{
	const u32 none_such = 1u << ENCLAVE_PERM_COUNT;
	struct policy t;
	struct ewx_verdict v;
	u64 c = 3;

	(void)state;
	init(&t, 1, 1, 2);
	rule(&t, EWX_RULE_ALLOW, ENCLAVE_PERM_ALL, EWX_ANY, EWX_ANY, EWX_ANY);
	finish(&t);
	assert_true(defer(&t, 0, ENCLAVE_PERM_ALL, 0, &c, &v));
	assert_false(defer(&t, 0, ENCLAVE_PERM_ALL | none_such, 0, &c, &v));
	assert_int_equal(v.denied, none_such);
	assert_int_equal(v.allowed, ENCLAVE_PERM_ALL);
	blob_free(&t.b);
}

/* The naive reading. */

static bool concerns(const struct blob_rule *r, const struct ewx_question *q,
		     u32 bit)
{
	return r->perms >> bit & 1 &&
	       (r->domain == EWX_ANY || r->domain == q->domain) &&
	       (r->source == EWX_ANY || r->source == q->source) &&
	       (r->identity == EWX_ANY || r->identity == q->identity);
}

static u32 naive_allowed(const struct policy *t, const struct ewx_question *q)
{
	u32 allowed = 0, denied = 0;
	u32 bit, i;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		for (i = 0; i < t->b.rules; i++) {
			const struct blob_rule *r = &t->b.rule[i];

			if (!concerns(r, q, bit))
				continue;
			if (r->kind == EWX_RULE_DENY)
				denied |= 1u << bit;
			if (r->kind != EWX_RULE_ALLOW)
				continue;
			if (r->until != EWX_FOREVER &&
			    (q->now < t->b.built || q->now > r->until))
				continue;
			if (r->max != EWX_UNLIMITED && q->uses &&
			    q->uses[bit] > r->max)
				continue;
			allowed |= 1u << bit;
		}
	}
	return allowed & ~denied & q->required;
}

/* The rule that the verdict names for a permission says what its reason says. */
static void check_told(const struct policy *t, const struct ewx_question *q,
		       const struct ewx_verdict *v, u32 bit)
{
	const struct blob_rule *r;

	if (v->reason[bit] == EWX_REASON_NO_RULE) {
		assert_int_equal(v->rule[bit], EWX_NONE);
		return;
	}
	assert_true(v->rule[bit] < t->b.rules);
	r = &t->b.rule[v->rule[bit]];
	assert_true(concerns(r, q, bit));
	if (v->reason[bit] == EWX_REASON_DENIED)
		assert_int_equal(r->kind, EWX_RULE_DENY);
	else
		assert_int_equal(r->kind, EWX_RULE_ALLOW);
	if (v->reason[bit] == EWX_REASON_MAX)
		assert_true(q->uses[bit] > r->max);
	if (v->reason[bit] == EWX_REASON_EXPIRED)
		assert_true(q->now > r->until || q->now < t->b.built);
}

static void check_decision(const struct policy *t, struct ewx_question q)
{
	u32 expected = naive_allowed(t, &q);
	struct ewx_verdict v;
	u32 bit;

	ewx_decide(&t->p, &q, &v);
	assert_int_equal(v.allowed, expected);
	assert_int_equal(v.denied, q.required & ~expected);
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (q.required >> bit & 1) {
			check_told(t, &q, &v, bit);
			assert_int_equal(v.reason[bit] == EWX_REASON_GRANTED,
					 expected >> bit & 1);
		} else {
			assert_int_equal(v.reason[bit], EWX_REASON_NONE);
		}
	}
	/* As long as it says, and not one second longer if it ends at all. */
	for (; q.now <= 12 && q.now <= v.valid_until; q.now++)
		assert_int_equal(naive_allowed(t, &q), expected);
}

static void check_deferral(const struct policy *t, struct ewx_question q,
			   u64 before)
{
	u64 candidates[2] = { before, before >> 32 }, expected[2] = { 0, 0 };
	u32 classes = t->b.section[EWX_SECTION_IDENTITY_CLASSES].count;
	struct ewx_verdict v;
	bool any;
	u32 i, bit;

	if (classes < 64)
		candidates[0] &= (1ull << classes) - 1;
	if (classes < 128)
		candidates[1] &= classes > 64 ? (1ull << (classes - 64)) - 1 : 0;
	for (i = 0; i < classes; i++) {
		q.identity = i;
		if (candidates[i / 64] >> i % 64 & 1 &&
		    naive_allowed(t, &q) == q.required)
			expected[i / 64] |= 1ull << i % 64;
	}
	any = ewx_defer(&t->p, &q, candidates, &v);
	assert_true(candidates[0] == expected[0]);
	if (classes > 64)
		assert_true(candidates[1] == expected[1]);
	assert_int_equal(any, (expected[0] | expected[1]) != 0);
	if (any) {
		assert_int_equal(v.denied, 0);
		assert_int_equal(v.allowed, q.required);
	} else {
		assert_true(!q.required || v.denied);
	}
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (v.denied >> bit & 1)
			assert_int_not_equal(v.reason[bit], EWX_REASON_GRANTED);
		if (v.allowed >> bit & 1)
			assert_int_equal(v.reason[bit], EWX_REASON_GRANTED);
	}
}

static u32 one_of(unsigned long long *seed, u32 count)
{
	u32 n = unit_random(seed) % (count + 1);

	return n == count ? EWX_ANY : n;
}

/* A class that has names, or any. */
static u32 class_of(unsigned long long *seed, u32 count)
{
	u32 n = 1 + unit_random(seed) % count;

	return n == count ? EWX_ANY : n;
}

static void random_rules(struct policy *t, unsigned long long *seed,
			 u32 identities)
{
	u32 n = 1 + unit_random(seed) % 14;

	init(t, 3, 3, identities);
	t->b.built = unit_random(seed) % 4;
	while (n--) {
		struct blob_rule r = {
			.kind = 1 + unit_random(seed) % 8,
			.perms = 1 + unit_random(seed) % 15,
			.domain = one_of(seed, 3),
			.source = class_of(seed, 3),
			.identity = class_of(seed, identities),
			.max = EWX_UNLIMITED,
			.until = EWX_FOREVER,
		};

		if (r.kind > EWX_RULE_LOG)
			r.kind = EWX_RULE_ALLOW;
		if (r.kind == EWX_RULE_ALLOW && unit_random(seed) % 2)
			r.max = unit_random(seed) % 4;
		if (r.kind == EWX_RULE_ALLOW && unit_random(seed) % 2)
			r.until = unit_random(seed) % 10;
		blob_rule(&t->b, &r);
	}
	finish(t);
}

static void random_questions(const struct policy *t, unsigned long long *seed)
{
	u32 identities = t->b.section[EWX_SECTION_IDENTITY_CLASSES].count;
	u64 uses[ENCLAVE_PERM_COUNT];
	u32 i, bit;

	for (i = 0; i < 60; i++) {
		struct ewx_question q = {
			.domain = unit_random(seed) % 3,
			.source = unit_random(seed) % 3,
			.identity = unit_random(seed) % identities,
			.required = unit_random(seed) % 16,
			.now = unit_random(seed) % 12,
			.uses = unit_random(seed) % 4 ? uses : NULL,
		};

		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			uses[bit] = unit_random(seed) % 5;
		check_decision(t, q);
		check_deferral(t, q, unit_random(seed) % 3 ? ALL_CLASSES :
				     unit_random(seed));
	}
}

static void test_many_rules(void **state)
{
	unsigned long long seed = 7;
	struct policy t;
	u32 i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		random_rules(&t, &seed, i % 5 ? 4 : 70);
		random_questions(&t, &seed);
		blob_free(&t.b);
	}
}

/* Argument: a pattern of tests to leave out; those that take long are test_many_*. */
int main(int argc, char **argv)
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
		cmocka_unit_test(test_many_rules),
	};

	if (argc > 1)
		cmocka_set_skip_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions and deferral of random rules, against a naive reading of them.
 */
#include "unit.h"

#include "small.h"

#define ALL_CLASSES 0xffffffffffffffffull

static bool concerns(const struct blob_rule *r, const struct ewx_question *q,
		     u32 bit)
{
	return r->perms >> bit & 1 &&
	       (r->domain == EWX_ANY || r->domain == q->domain) &&
	       (r->source == EWX_ANY || r->source == q->source) &&
	       (r->identity == EWX_ANY || r->identity == q->identity);
}

static u32 naive_allowed(const struct small *t, const struct ewx_question *q)
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
static void check_told(const struct small *t, const struct ewx_question *q,
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

static void check_decision(const struct small *t, struct ewx_question q)
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

static void check_deferral(const struct small *t, struct ewx_question q,
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
		candidates[1] &= classes > 64 ? (1ull << (classes - 64)) - 1 :
						0;
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

static void random_rules(struct small *t, unsigned long long *seed,
			 u32 identities)
{
	u32 n = 1 + unit_random(seed) % 14;

	small_init(t, 3, 3, identities);
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
	small_finish(t);
}

static void random_questions(const struct small *t, unsigned long long *seed)
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
		check_deferral(t, q,
			       unit_random(seed) % 3 ? ALL_CLASSES :
						       unit_random(seed));
	}
}

static void test_random_rules(void **state)
{
	unsigned long long seed = 7;
	struct small t;
	u32 i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		random_rules(&t, &seed, i % 5 ? 4 : 70);
		random_questions(&t, &seed);
		blob_free(&t.b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

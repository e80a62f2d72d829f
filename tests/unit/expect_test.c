// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the engine fetches ahead: just what is read later. No verdict depends on it, so
 * the compiler's prefetch is a call here, see prefetched.h.
 */
#include "unit.h"

#include "sample.h"

#define ALL ENCLAVE_PERM_ALL
#define SHAPES 4
#define NONE_SUCH 99

/* What was fetched, and what should have been. */
struct places {
	const void *at[1024];
	u32 count;
};

static struct places seen, expected;

static void put(struct places *to, const void *at)
{
	assert_true(to->count < ARRAY_LEN(to->at));
	to->at[to->count++] = at;
}

void ewx_prefetched(const void *at)
{
	put(&seen, at);
}

static void start(void)
{
	seen.count = 0;
	expected.count = 0;
}

static void check_seen(void)
{
	u32 i;

	assert_int_equal(seen.count, expected.count);
	for (i = 0; i < seen.count; i++)
		assert_ptr_equal(seen.at[i], expected.at[i]);
}

/* The shapes of entries, in the order in which they are looked up. */
static const u32 flag_of[SHAPES] = { EWX_DOMAIN_HAS_PLAIN,
				     EWX_DOMAIN_HAS_IDENTITY,
				     EWX_DOMAIN_HAS_SOURCE,
				     EWX_DOMAIN_HAS_BOTH };

static bool has_source(u32 shape)
{
	return shape & 2;
}

static bool has_identity(u32 shape)
{
	return shape & 1;
}

static u32 flags_of_mask(u32 mask)
{
	u32 shape, flags = 0;

	for (shape = 0; shape < SHAPES; shape++)
		if (mask >> shape & 1)
			flags |= flag_of[shape];
	return flags;
}

/* A rule for each shape in @mask. */
static void add_shapes(struct blob *b, u32 domain, u32 mask)
{
	u32 shape;

	for (shape = 0; shape < SHAPES; shape++) {
		struct blob_rule r = { EWX_RULE_ALLOW,
				       ALL,
				       domain,
				       has_source(shape) ? 1 : EWX_ANY,
				       has_identity(shape) ? 1 : EWX_ANY,
				       EWX_UNLIMITED,
				       EWX_FOREVER };

		if (mask >> shape & 1)
			blob_rule(b, &r);
	}
}

/* Domain n has the shapes of the bits of n; every domain those of @any. */
static void make_policy(struct blob *b, struct ewx_policy *p, u32 any)
{
	struct ewx_fault fault;
	char name[16];
	u32 i;

	blob_init(b);
	blob_source(b, "s");
	blob_identity(b, "i");
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 0, 1);
	blob_class(b, EWX_SECTION_IDENTITY_CLASSES, 0, 1);
	for (i = 1; i < 1u << SHAPES; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		add_shapes(b, blob_domain(b, name, 0, EWX_FOREVER), i);
	}
	add_shapes(b, EWX_ANY, any);
	blob_finish(b);
	assert_true(ewx_policy_verify(b->bytes, b->size, p, &fault));
}

static void expect_line(const struct ewx_policy *p, enum ewx_section section,
			u64 key)
{
	u32 lines = p->section[section].count / EWX_LINE_ENTRIES;
	u64 hash = ewx_entry_hash(p->seed, key);
	u32 i;

	for (i = 0; i < 2; i++)
		put(&expected,
		    ewx_record(p, section, ewx_entry_line(hash, i, lines), 64));
}

/* @flags: what the domain may have; @any: what every domain may have. */
static void expect_both(const struct ewx_policy *p, enum ewx_section section,
			const struct ewx_question *q, u32 shape, bool own,
			bool any)
{
	u32 source = has_source(shape) ? q->source : EWX_ANY;
	u32 identity = has_identity(shape) ? q->identity : EWX_ANY;

	if (own && q->domain < 1u << SHAPES)
		expect_line(p, section,
			    ewx_entry_key(q->domain, source, identity));
	if (own && any)
		expect_line(p, section,
			    ewx_entry_key(EWX_ANY, source, identity));
}

static void expect_entries(const struct ewx_policy *p,
			   const struct ewx_question *q, u32 any,
			   bool with_source)
{
	u32 flags = q->domain < 1u << SHAPES ? flags_of_mask(q->domain | any) :
					       p->any_shapes;
	u32 shape;

	for (shape = 0; shape < SHAPES; shape++) {
		if ((has_source(shape) && (!with_source || q->source != 1)) ||
		    (has_identity(shape) && q->identity != 1))
			continue;
		expect_both(p, EWX_SECTION_ENTRIES, q, shape,
			    flags & flag_of[shape],
			    p->any_shapes & flag_of[shape]);
	}
}

/* The lower two shapes have no source, the upper two have one. */
static void expect_rows(const struct ewx_policy *p,
			const struct ewx_question *q, u32 any)
{
	struct ewx_question row = *q;
	u32 own = q->domain < 1u << SHAPES ? q->domain | any : any;

	row.identity = EWX_ANY;
	expect_both(p, EWX_SECTION_ROWS, &row, 0, own & 3, any & 3);
	if (q->source == 1)
		expect_both(p, EWX_SECTION_ROWS, &row, 2, own & 12, any & 12);
}

static void check_question(const struct ewx_policy *p,
			   const struct ewx_question *q, u32 any)
{
	struct ewx_verdict v;
	u64 candidates = 3;

	start();
	expect_entries(p, q, any, false);
	ewx_decide_expect(p, q);
	check_seen();
	start();
	expect_entries(p, q, any, true);
	ewx_decide(p, q, &v);
	check_seen();
	start();
	expect_rows(p, q, any);
	ewx_defer(p, q, &candidates, &v);
	check_seen();
}

/* No key is looked up that no rule has, but for what the format lets out. */
static void test_lookup(void **state)
{
	static const u32 classes[] = { 0, 1, 2, NONE_SUCH, EWX_ANY };
	struct ewx_policy p;
	struct blob b;
	u32 any, domain, i;

	(void)state;
	for (any = 0; any < 1u << SHAPES; any++) {
		start();
		make_policy(&b, &p, any);
		for (domain = 0; domain <= 1u << SHAPES; domain++) {
			for (i = 0; i < ARRAY_LEN(classes) * ARRAY_LEN(classes);
			     i++) {
				struct ewx_question q = {
					.domain = domain,
					.source =
						classes[i / ARRAY_LEN(classes)],
					.identity =
						classes[i % ARRAY_LEN(classes)],
					.required = ALL,
				};

				check_question(&p, &q, any);
			}
		}
		blob_free(&b);
	}
}

/* What is told of every domain: a row with a source as a plain source, and so on. */
static void test_shapes_of_all(void **state)
{
	struct ewx_policy p;
	struct blob b;
	u32 any, flags;

	(void)state;
	for (any = 0; any < 1u << SHAPES; any++) {
		start();
		make_policy(&b, &p, any);
		flags = flags_of_mask(any);
		if (flags & EWX_DOMAIN_HAS_BOTH)
			flags |= EWX_DOMAIN_HAS_SOURCE;
		if (flags & EWX_DOMAIN_HAS_IDENTITY)
			flags |= EWX_DOMAIN_HAS_PLAIN;
		assert_int_equal(p.any_shapes, flags);
		blob_free(&b);
	}
}

/* The place of node @node. */
static const u8 *node_at(const struct ewx_policy *p, u32 node)
{
	return ewx_record(p, EWX_SECTION_NODES, node, EWX_SIZE_NODES);
}

/* The first bits of a signer lead to a node, or to a result, which is no place. */
static void test_identity(void **state)
{
	u8 signer[32] = { 0x22 }, other[32] = { 0x55 };
	struct ewx_fault fault;
	struct ewx_policy p;
	struct sample s;
	u32 first;

	(void)state;
	sample_init(&s);
	assert_true(ewx_policy_verify(s.b.bytes, s.b.size, &p, &fault));
	first = p.identity_node;
	start();
	ewx_identity_expect(&p, other);
	ewx_identity_expect(&p, NULL);
	put(&expected, node_at(&p, first + 1));
	ewx_identity_expect(&p, signer);
	check_seen();
	/* The walk begins with no jump, or has ended. */
	start();
	p.identity_node = first + 1;
	ewx_identity_expect(&p, signer);
	p.identity_node = EWX_LEAF | 1;
	ewx_identity_expect(&p, signer);
	check_seen();
	sample_free(&s);
}

/* Where a tail ends that leads to a node. */
static void test_tail(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	struct blob b;

	(void)state;
	blob_init(&b);
	blob_node(&b, EWX_TEST_NO_PATH, 0, EWX_LEAF, EWX_LEAF);
	blob_node(&b, EWX_TEST_EUID_LT, 7, EWX_LEAF, EWX_LEAF);
	blob_path_tail(&b, EWX_AUTOMATON_EXE, "/bin/x", 1);
	blob_path_tail(&b, EWX_AUTOMATON_CGROUP, "/bin/x", EWX_LEAF | 1);
	blob_finish(&b);
	assert_true(ewx_policy_verify(b.bytes, b.size, &p, &fault));
	start();
	put(&expected, node_at(&p, 1));
	assert_int_equal(ewx_match(&p, EWX_AUTOMATON_EXE, "/bin/x", 6), 1);
	ewx_match(&p, EWX_AUTOMATON_CGROUP, "/bin/x", 6);
	check_seen();
	blob_free(&b);
}

/* What an entry of @section is checked with, 16 entries ahead. */
static void expect_ahead(const struct ewx_policy *p, enum ewx_section section,
			 u64 mask)
{
	u32 i;

	for (i = 16; i < p->section[section].count; i++) {
		const u8 *entry = ewx_record(p, section, i, EWX_SIZE_ENTRIES);
		u32 rule = ewx_read32(entry + offsetof(struct ewx_entry, rule));

		expect_line(p, section, ewx_read64(entry) | mask);
		if (rule < p->section[EWX_SECTION_RULES].count)
			put(&expected, ewx_record(p, EWX_SECTION_RULES, rule,
						  EWX_SIZE_RULES));
	}
}

static void test_verify(void **state)
{
	struct ewx_policy p;
	struct blob b;
	u32 any;

	(void)state;
	for (any = 0; any < 1u << SHAPES; any++) {
		start();
		make_policy(&b, &p, any);
		expect_ahead(&p, EWX_SECTION_ENTRIES, 0);
		expect_ahead(&p, EWX_SECTION_ROWS, EWX_KEY_CLASS_ANY);
		assert_true(expected.count > 0);
		check_seen();
		blob_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup),
		cmocka_unit_test(test_shapes_of_all),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

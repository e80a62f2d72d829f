// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification: what a policy uses its header names. The kernel counts uses for
 * "max", say, only where the header names it, and refuses what it cannot do by the
 * header alone.
 */
#include "unit.h"

#include "blob.h"

#define ALL_FEATURES ((1u << EWX_FEATURE_COUNT) - 1)

/* A policy that uses no feature, with a record of each kind that could use one. */
static void make_plain(struct blob *b)
{
	const struct blob_rule rule = { EWX_RULE_ALLOW, 1,	 EWX_ANY,
					EWX_ANY,	EWX_ANY, EWX_UNLIMITED,
					EWX_FOREVER };
	u8 *r;

	blob_init(b);
	blob_key(b, 0x11);
	blob_domain(b, "d", EWX_DOMAIN_PERMISSIVE, EWX_FOREVER);
	blob_source(b, "s");
	blob_node(b, EWX_TEST_EUID_LT, 0, EWX_LEAF, EWX_LEAF);
	blob_node(b, EWX_TEST_READ_ONLY, 0, EWX_LEAF, EWX_LEAF);
	blob_rule(b, &rule);
	blob_finish(b);
	/* Beside the rule of the table, whose kind a grant repeats. */
	blob_number(b, EWX_SECTION_RULES, 0);
	r = blob_record(b, EWX_SECTION_RULES, 1);
	memcpy(r, blob_record(b, EWX_SECTION_RULES, 0), EWX_SIZE_RULES);
	blob_number(b, EWX_SECTION_TERMS, 0xffffffff);
	r = blob_record(b, EWX_SECTION_TERMS, 0);
	memset(r, 0xff, offsetof(struct ewx_terms, reserved));
	blob_number(b, EWX_SECTION_CONDITIONS, EWX_OWNER_DOMAIN);
	r = blob_record(b, EWX_SECTION_CONDITIONS, 0);
	blob_set32(r + offsetof(struct ewx_condition, kind), EWX_CONDITION_UID);
	blob_number(b, EWX_SECTION_CONDITIONS, EWX_OWNER_SOURCE);
	r = blob_record(b, EWX_SECTION_CONDITIONS, 1);
	blob_set32(r + offsetof(struct ewx_condition, kind),
		   EWX_CONDITION_READ_ONLY);
	blob_layout(b);
	assert_int_equal(b->features, 0);
}

/* A field of a record that has a value: the use of a feature. */
struct use {
	enum ewx_feature_bit feature;
	enum ewx_section section;
	u32 index;
	u32 field;
	u32 value;
};

static const struct use uses[] = {
#define USE(FEATURE, SECTION, index, type, field, value)          \
	{ EWX_FEATURE_BIT_##FEATURE, EWX_SECTION_##SECTION, index, \
	  offsetof(struct type, field), value }
#define CONDITION(FEATURE, index) \
	USE(FEATURE, CONDITIONS, index, ewx_condition, kind, \
	    EWX_CONDITION_##FEATURE)
#define NODE(FEATURE, index) \
	USE(FEATURE, NODES, index, ewx_node, test, EWX_TEST_##FEATURE)
	USE(UNTIL, DOMAINS, 1, ewx_domain, permissive_until, 1),
	USE(UNTIL, TERMS, 0, ewx_terms, until, 1),
	USE(MAX, TERMS, 0, ewx_terms, max, 5),
	USE(MAX, TERMS, 0, ewx_terms, max, 0),
	CONDITION(CGROUP, 0),
	NODE(CGROUP, 0),
	CONDITION(CONTEXT, 0),
	NODE(CONTEXT, 0),
	USE(GUARDED, DOMAINS, 1, ewx_domain, flags, EWX_DOMAIN_GUARDED),
	USE(ROOT_ANY, DOMAINS, 1, ewx_domain, flags, EWX_DOMAIN_ROOT_ANY),
	CONDITION(FS_VERITY, 1),
	NODE(FS_VERITY, 1),
	CONDITION(DM_VERITY, 1),
	NODE(DM_VERITY, 1),
	CONDITION(MAPPED_EXEC, 1),
	NODE(MAPPED_EXEC, 1),
	USE(LOG, RULES, 1, ewx_rule, what, 1 | EWX_RULE_LOG << EWX_KIND_SHIFT),
};

static u32 place_of(const struct blob *b, const struct use *use)
{
	const u8 *start = b->bytes + sizeof(struct ewx_header) +
			  use->section * sizeof(struct ewx_section_entry);
	static const u32 size[] = {
#define SIZE(NAME, name, size) size,
		EWX_SECTIONS(SIZE)
#undef SIZE
	};

	return ewx_read32(start) + use->index * size[use->section] + use->field;
}

/* What a domain's flags are already stays. */
static u8 *with_use(const struct blob *b, const struct use *use, u32 features)
{
	u8 *blob = malloc(b->size);
	u32 at = place_of(b, use);
	u32 value = use->value;

	assert_non_null(blob);
	memcpy(blob, b->bytes, b->size);
	if (use->section == EWX_SECTION_DOMAINS &&
	    use->field == offsetof(struct ewx_domain, flags))
		value |= ewx_read32(blob + at);
	blob_set32(blob + at, value);
	blob_set32(blob + offsetof(struct ewx_header, features), features);
	return blob;
}

static enum ewx_fault_code verify(const struct blob *b, const struct use *use,
				  u32 features, struct ewx_fault *fault)
{
	u8 *blob = with_use(b, use, features);
	struct ewx_policy p;
	bool ok = ewx_policy_verify(blob, b->size, &p, fault);

	free(blob);
	assert_int_equal(ok, fault->code == EWX_FAULT_NONE);
	return fault->code;
}

static void check_use(const struct blob *b, const struct use *use)
{
	u32 bit = 1u << use->feature;
	size_t row = (size_t)(use - uses);
	struct ewx_fault fault;

	if (verify(b, use, bit, &fault) != EWX_FAULT_NONE)
		fail_msg("row %zu: fault %u with the feature", row, fault.code);
	if (verify(b, use, 0, &fault) != EWX_FAULT_UNDECLARED ||
	    verify(b, use, ALL_FEATURES & ~bit, &fault) !=
		    EWX_FAULT_UNDECLARED)
		fail_msg("row %zu: fault %u without the feature", row,
			 fault.code);
	assert_int_equal(fault.section, use->section);
	assert_int_equal(fault.index, use->index);
	assert_int_equal(fault.offset, place_of(b, use));
}

static void test_uses_are_declared(void **state)
{
	struct blob b;
	size_t i;

	(void)state;
	make_plain(&b);
	for (i = 0; i < ARRAY_LEN(uses); i++)
		check_use(&b, &uses[i]);
	blob_free(&b);
}

static void test_every_feature_has_uses(void **state)
{
	u32 seen = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(uses); i++)
		seen |= 1u << uses[i].feature;
	assert_int_equal(seen, ALL_FEATURES);
}

/* Without a use no feature has to be named, and each may be. */
static void test_plain(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	struct blob b;
	u32 bit;

	(void)state;
	make_plain(&b);
	assert_true(ewx_policy_verify(b.bytes, b.size, &p, &fault));
	for (bit = 0; bit < EWX_FEATURE_COUNT; bit++) {
		b.features = 1u << bit;
		blob_layout(&b);
		assert_true(ewx_policy_verify(b.bytes, b.size, &p, &fault));
	}
	blob_free(&b);
}

/* A domain that is not permissive has no end of it that could matter. */
static void test_end_of_nothing(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	struct blob b;

	(void)state;
	make_plain(&b);
	blob_domain(&b, "e", 0, 1);
	blob_set32(blob_record(&b, EWX_SECTION_DOMAINS, 2) +
			   offsetof(struct ewx_domain, flags),
		   EWX_DOMAIN_HAS_PLAIN);
	blob_layout(&b);
	assert_int_equal(b.features, 0);
	assert_true(ewx_policy_verify(b.bytes, b.size, &p, &fault));
	blob_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uses_are_declared),
		cmocka_unit_test(test_every_feature_has_uses),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_end_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

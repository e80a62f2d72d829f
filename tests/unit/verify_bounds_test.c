// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification at its bounds: the last that is accepted and the first that is not, and
 * where the fault is told. The decision table is in verify_table_test.c.
 */
#include "bounds.h"
#include "sample.h"

/* A record's field: the number of records that it may not reach, or another bound. */
struct bound {
	enum ewx_section section;
	u32 index, field;
	enum ewx_section target;
	enum ewx_fault_code code;
};

/* Records that refer to others: not to the one behind the last. */
static void test_first_past(void **state)
{
	static const struct bound rows[] = {
#define PAST(SECTION, index, type, field, TARGET, CODE)                        \
	{ EWX_SECTION_##SECTION, index, AT(type, field), EWX_SECTION_##TARGET, \
	  EWX_FAULT_##CODE }
		{ EWX_SECTION_FILES, 0, 0, EWX_SECTION_STRINGS,
		  EWX_FAULT_REFERENCE },
		PAST(RULES, 1, ewx_rule, file, FILES, REFERENCE),
		PAST(RULES, 1, ewx_rule, domain, DOMAINS, REFERENCE),
		PAST(RULES, 1, ewx_rule, source, SOURCES, REFERENCE),
		PAST(RULES, 1, ewx_rule, identity, IDENTITIES, REFERENCE),
		PAST(RULES, 1, ewx_rule, terms, TERMS, REFERENCE),
		PAST(DOMAINS, 1, ewx_domain, name, STRINGS, REFERENCE),
		PAST(DOMAINS, 1, ewx_domain, file, FILES, REFERENCE),
		PAST(SOURCES, 0, ewx_name, name, STRINGS, REFERENCE),
		PAST(SOURCES, 0, ewx_name, file, FILES, REFERENCE),
		PAST(CONDITIONS, 0, ewx_condition, owner, DOMAINS, REFERENCE),
		PAST(CONDITIONS, 3, ewx_condition, owner, SOURCES, REFERENCE),
		PAST(CONDITIONS, 6, ewx_condition, owner, IDENTITIES,
		     REFERENCE),
		PAST(CONDITIONS, 0, ewx_condition, file, FILES, REFERENCE),
		PAST(CONDITIONS, 0, ewx_condition, a, STRINGS, VALUE),
		PAST(CONDITIONS, 2, ewx_condition, a, DOMAINS, VALUE),
		PAST(CONDITIONS, 4, ewx_condition, a, KEYS, VALUE),
		PAST(CONDITIONS, 6, ewx_condition, a, KEYS, VALUE),
		PAST(AUTOMATA, 0, ewx_automaton, start, STATES, REFERENCE),
		PAST(AUTOMATA, 0, ewx_automaton, unmatched, NODES, REFERENCE),
		PAST(STATES, 1, ewx_state, fallback, STATES, REFERENCE),
		PAST(STATES, 1, ewx_state, accept, NODES, REFERENCE),
		PAST(TRANSITIONS, 0, ewx_transition, check, STATES, REFERENCE),
		PAST(TRANSITIONS, 0, ewx_transition, next, STATES, REFERENCE),
		PAST(NODES, 1, ewx_node, yes, NODES, REFERENCE),
		PAST(NODES, 1, ewx_node, no, NODES, REFERENCE),
		PAST(NODES, 5, ewx_node, arg, STRINGS, REFERENCE),
		PAST(NODES, 10, ewx_node, arg, KEYS, REFERENCE),
		PAST(NODES, 17, ewx_node, arg, KEYS, REFERENCE),
		PAST(GRANTS, 0, ewx_grant, rule, RULES, REFERENCE),
	};
	struct sample s;
	u32 i;

	(void)state;
	sample_init(&s);
	for (i = 0; i < ARRAY_LEN(rows); i++)
		check_field(&s.b, rows[i].section, rows[i].index, rows[i].field,
			    count_of(&s.b, rows[i].target), rows[i].code);
	/* A node does not lead to itself: no walk would end. */
	check_field(&s.b, EWX_SECTION_NODES, 1, AT(ewx_node, yes), 1,
		    EWX_FAULT_ORDER);
	check_field(&s.b, EWX_SECTION_NODES, 1, AT(ewx_node, no), 1,
		    EWX_FAULT_ORDER);
	s.b.name = count_of(&s.b, EWX_SECTION_STRINGS);
	assert_false(accepted(&s.b));
	assert_int_equal(bounds_fault.code, EWX_FAULT_REFERENCE);
	assert_int_equal(bounds_fault.offset, AT(ewx_header, name));
	sample_free(&s);
}

/* No permission, one that there is not, no kind, a kind that there is not. */
static void check_what(struct blob *b, enum ewx_section section, u32 index,
		       u32 field)
{
	check_field(b, section, index, field, EWX_RULE_ALLOW << EWX_KIND_SHIFT,
		    EWX_FAULT_VALUE);
	check_field(b, section, index, field, 1, EWX_FAULT_VALUE);
	check_field(b, section, index, field,
		    1 | (EWX_GRANT_CELL + 1u) << EWX_KIND_SHIFT,
		    EWX_FAULT_VALUE);
}

static void test_what(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	check_what(&s.b, EWX_SECTION_RULES, 1, AT(ewx_rule, what));
	check_field(&s.b, EWX_SECTION_RULES, 1, AT(ewx_rule, what),
		    1u << ENCLAVE_PERM_COUNT | EWX_RULE_ALLOW << EWX_KIND_SHIFT,
		    EWX_FAULT_VALUE);
	check_field(&s.b, EWX_SECTION_RULES, 1, AT(ewx_rule, what),
		    1 | EWX_GRANT_CELL << EWX_KIND_SHIFT, EWX_FAULT_VALUE);
	check_what(&s.b, EWX_SECTION_GRANTS, 1, AT(ewx_grant, what));
	check_field(&s.b, EWX_SECTION_GRANTS, 1, AT(ewx_grant, what),
		    1 | EWX_GRANT_CELL << EWX_KIND_SHIFT, EWX_FAULT_VALUE);
	sample_free(&s);
}

/* An entry leads to a rule or to a cell that exists. Return: how many to a cell. */
static u32 check_entries(struct blob *b, enum ewx_section section)
{
	u32 i, cells = 0;

	for (i = 0; i < count_of(b, section); i++) {
		const u8 *at = blob_record(b, section, i);
		bool cell = ewx_kind(ewx_read32(at + AT(ewx_entry, what))) ==
			    EWX_GRANT_CELL;

		if (ewx_read64(at) == EWX_KEY_FREE)
			continue;
		check_field(b, section, i, AT(ewx_entry, rule),
			    count_of(b, cell ? EWX_SECTION_CELLS :
					       EWX_SECTION_RULES),
			    EWX_FAULT_REFERENCE);
		check_what(b, section, i, AT(ewx_entry, what));
		cells += cell;
	}
	return cells;
}

static void test_entries(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_true(check_entries(&s.b, EWX_SECTION_ENTRIES) > 0);
	assert_true(check_entries(&s.b, EWX_SECTION_ROWS) > 0);
	sample_free(&s);
}

/* Conditions without a kind, of the first kind that there is not, and with equal ends. */
static void test_conditions(void **state)
{
	struct sample s;

	(void)state;
	sample_init(&s);
	check_field(&s.b, EWX_SECTION_CONDITIONS, 0, AT(ewx_condition, kind), 0,
		    EWX_FAULT_VALUE);
	check_field(&s.b, EWX_SECTION_CONDITIONS, 0, AT(ewx_condition, kind),
		    EWX_CONDITION_COUNT, EWX_FAULT_VALUE);
	check_field(&s.b, EWX_SECTION_CONDITIONS, 1, AT(ewx_condition, a), 1999,
		    EWX_FAULT_NONE);
	check_field(&s.b, EWX_SECTION_CONDITIONS, 3, AT(ewx_condition, a),
		    EWX_SIGNED, EWX_FAULT_NONE);
	s.b.features |= 1u << EWX_FEATURE_BIT_DM_VERITY;
	check_field(&s.b, EWX_SECTION_CONDITIONS, 3, AT(ewx_condition, kind),
		    EWX_CONDITION_DM_VERITY, EWX_FAULT_NONE);
	blob_set32(blob_record(&s.b, EWX_SECTION_CONDITIONS, 3) +
			   AT(ewx_condition, kind),
		   EWX_CONDITION_DM_VERITY);
	check_field(&s.b, EWX_SECTION_CONDITIONS, 3, AT(ewx_condition, a),
		    EWX_SIGNED, EWX_FAULT_VALUE);
	sample_free(&s);
}

/* A policy with @values numbers, and what is told of a test that reads some of them. */
static void check_values(u32 test, u32 values, u32 arg,
			 enum ewx_fault_code code)
{
	struct blob b;

	blob_init(&b);
	while (values--)
		blob_number(&b, EWX_SECTION_VALUES, 0);
	blob_node(&b, test, arg, EWX_LEAF, EWX_LEAF);
	blob_finish(&b);
	if (code)
		check_refused(&b, code, EWX_SECTION_NODES, 0,
			      AT(ewx_node, arg));
	else
		check_accepted(&b);
	blob_free(&b);
}

/* The same of a condition. */
static void check_xfrm_condition(u32 values, u32 arg, enum ewx_fault_code code)
{
	u32 words[] = {
		EWX_OWNER_IDENTITY, 0, EWX_CONDITION_XFRM, arg, 0, 0, 1, 0
	};
	u32 i;
	struct blob b;

	blob_init(&b);
	blob_identity(&b, "i");
	while (values--)
		blob_number(&b, EWX_SECTION_VALUES, 0);
	blob_number(&b, EWX_SECTION_CONDITIONS, 0);
	for (i = 0; i < ARRAY_LEN(words); i++)
		blob_set32(blob_record(&b, EWX_SECTION_CONDITIONS, 0) + 4 * i,
			   words[i]);
	blob_finish(&b);
	if (code)
		check_refused(&b, code, EWX_SECTION_CONDITIONS, 0,
			      AT(ewx_condition, a));
	else
		check_accepted(&b);
	blob_free(&b);
}

static void test_values(void **state)
{
	static const u32 pairs[] = { EWX_TEST_GROUP, EWX_TEST_ATTRIBUTES };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(pairs); i++) {
		check_values(pairs[i], 0, 0, EWX_FAULT_REFERENCE);
		check_values(pairs[i], 1, 0, EWX_FAULT_REFERENCE);
		check_values(pairs[i], 2, 0, EWX_FAULT_NONE);
		check_values(pairs[i], 2, 1, EWX_FAULT_REFERENCE);
		check_values(pairs[i], 5, 3, EWX_FAULT_NONE);
		check_values(pairs[i], 5, 4, EWX_FAULT_REFERENCE);
	}
	check_values(EWX_TEST_XFRM, 3, 0, EWX_FAULT_REFERENCE);
	check_values(EWX_TEST_XFRM, 4, 0, EWX_FAULT_NONE);
	check_values(EWX_TEST_XFRM, 4, 1, EWX_FAULT_REFERENCE);
	check_values(EWX_TEST_CGROUP, 0, 30, EWX_FAULT_NONE);
	check_values(EWX_TEST_CGROUP, 0, 31, EWX_FAULT_REFERENCE);
	check_xfrm_condition(3, 0, EWX_FAULT_VALUE);
	check_xfrm_condition(4, 0, EWX_FAULT_NONE);
	check_xfrm_condition(4, 1, EWX_FAULT_VALUE);
	check_xfrm_condition(6, 2, EWX_FAULT_NONE);
	check_xfrm_condition(6, 3, EWX_FAULT_VALUE);
}

/* Three names and classes; VALUES are 0, 1, 2 and, of the fourth class, 1. */
static void classes_init(struct blob *b)
{
	u32 i;

	blob_init(b);
	for (i = 0; i < 3; i++)
		blob_source(b, "s");
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 0, 3);
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 1, 1);
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 0, 0);
	blob_finish(b);
}

static void check_class(struct blob *b, u32 class, u32 field, u32 value,
			enum ewx_fault_code code, u32 told)
{
	u8 *at = blob_record(b, EWX_SECTION_SOURCE_CLASSES, class) + field;
	u32 was = ewx_read32(at);

	blob_set32(at, value);
	check_refused(b, code, EWX_SECTION_SOURCE_CLASSES, class, told);
	blob_set32(at, was);
}

static void check_member(struct blob *b, u32 at, u32 value, u32 class,
			 enum ewx_fault_code code)
{
	u8 *member = blob_record(b, EWX_SECTION_VALUES, at);
	u32 was = ewx_read32(member);

	blob_set32(member, value);
	check_refused(b, code, EWX_SECTION_SOURCE_CLASSES, class,
		      AT(ewx_class, first));
	blob_set32(member, was);
}

static void test_classes(void **state)
{
	struct blob b;

	(void)state;
	classes_init(&b);
	check_accepted(&b);
	/* The first name that there is not; as the first, as the last, as the only one. */
	check_member(&b, 0, 3, 1, EWX_FAULT_REFERENCE);
	check_member(&b, 2, 3, 1, EWX_FAULT_REFERENCE);
	check_member(&b, 3, 3, 2, EWX_FAULT_REFERENCE);
	/* One twice, or after a greater one. */
	check_member(&b, 1, 0, 1, EWX_FAULT_ORDER);
	check_member(&b, 2, 1, 1, EWX_FAULT_ORDER);
	check_member(&b, 2, 0, 1, EWX_FAULT_ORDER);
	/* More members in all than there are values. */
	check_class(&b, 3, AT(ewx_class, count), 1, EWX_FAULT_COUNT,
		    AT(ewx_class, count));
	check_class(&b, 2, AT(ewx_class, count), 2, EWX_FAULT_COUNT,
		    AT(ewx_class, count));
	check_class(&b, 0, AT(ewx_class, count), 1, EWX_FAULT_VALUE,
		    AT(ewx_class, count));
	/* Past the values: behind them is a 0, which would be a name. */
	blob_number(&b, EWX_SECTION_VALUES, 0);
	check_accepted(&b);
	check_class(&b, 2, AT(ewx_class, first), 5, EWX_FAULT_REFERENCE,
		    AT(ewx_class, first));
	check_class(&b, 2, AT(ewx_class, first), 6, EWX_FAULT_REFERENCE,
		    AT(ewx_class, first));
	check_field(&b, EWX_SECTION_SOURCE_CLASSES, 3, AT(ewx_class, first), 5,
		    EWX_FAULT_NONE);
	blob_free(&b);
}

/* Exactly 256 slots are enough for a state, and one less is too few. */
static void test_slots(void **state)
{
	struct blob b;

	(void)state;
	blob_init(&b);
	blob_path(&b, EWX_AUTOMATON_EXE, "", false, EWX_LEAF);
	blob_finish(&b);
	assert_int_equal(count_of(&b, EWX_SECTION_TRANSITIONS), 256);
	check_accepted(&b);
	check_field(&b, EWX_SECTION_STATES, 1, AT(ewx_state, base), 1,
		    EWX_FAULT_REFERENCE);
	check_field(&b, EWX_SECTION_STATES, 1, AT(ewx_state, base), 512,
		    EWX_FAULT_REFERENCE);
	b.section[EWX_SECTION_TRANSITIONS].count = 255;
	check_refused(&b, EWX_FAULT_REFERENCE, EWX_SECTION_STATES, 1,
		      AT(ewx_state, base));
	blob_free(&b);
}

/* Tails: the longest one, also after a star; the first state that there is not. */
static void test_tails(void **state)
{
	char text[EWX_TAIL_MAX + 1];
	u32 last, tail, star;
	struct blob b;

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	blob_init(&b);
	blob_path(&b, EWX_AUTOMATON_EXE, "", false, EWX_LEAF);
	last = ewx_read32(
		blob_record(&b, EWX_SECTION_AUTOMATA, EWX_AUTOMATON_EXE));
	tail = blob_tail(&b, text, last);
	star = blob_star(&b, EWX_TAIL_STAR, "", tail, EWX_NONE);
	blob_finish(&b);
	check_accepted(&b);
	check_field(&b, EWX_SECTION_STATES, tail, AT(ewx_state, fallback),
		    count_of(&b, EWX_SECTION_STATES), EWX_FAULT_REFERENCE);
	check_field(&b, EWX_SECTION_STATES, star, AT(ewx_state, fallback),
		    count_of(&b, EWX_SECTION_STATES), EWX_FAULT_REFERENCE);
	check_field(&b, EWX_SECTION_STATES, star, AT(ewx_state, accept),
		    count_of(&b, EWX_SECTION_NODES), EWX_FAULT_REFERENCE);
	blob_number(&b, EWX_SECTION_TAILS, 0);
	check_refused(&b, EWX_FAULT_COUNT, EWX_SECTION_TAILS, EWX_TAIL_MAX, 0);
	blob_free(&b);
}

/* A table of successors has at most 2^16, and all of them are there. */
static void test_jumps(void **state)
{
	const u32 most = 1u << EWX_JUMP_BITS_MAX;
	struct blob b;
	u32 i;

	(void)state;
	blob_init(&b);
	blob_node(&b, EWX_TEST_SIGNER_JUMP, 0, EWX_JUMP_BITS_MAX, EWX_LEAF);
	for (i = 0; i < 2 * most; i++)
		blob_number(&b, EWX_SECTION_JUMPS, EWX_LEAF);
	blob_finish(&b);
	check_refused(&b, EWX_FAULT_COUNT, EWX_SECTION_JUMPS, most, 0);
	check_field(&b, EWX_SECTION_NODES, 0, AT(ewx_node, yes),
		    EWX_JUMP_BITS_MAX + 1, EWX_FAULT_COUNT);
	b.section[EWX_SECTION_JUMPS].count = most;
	check_accepted(&b);
	b.section[EWX_SECTION_JUMPS].count = most - 1;
	check_refused(&b, EWX_FAULT_COUNT, EWX_SECTION_NODES, 0,
		      AT(ewx_node, yes));
	blob_free(&b);
}

/* Every successor of a jump, and of the one behind it. */
static void test_successors(void **state)
{
	struct blob b;
	u32 i;

	(void)state;
	blob_init(&b);
	blob_node(&b, EWX_TEST_SIGNER_JUMP, 0, 1, EWX_LEAF);
	blob_node(&b, EWX_TEST_MEASUREMENT_JUMP, 2, 2, EWX_LEAF);
	for (i = 0; i < 6; i++)
		blob_number(&b, EWX_SECTION_JUMPS, EWX_LEAF);
	blob_finish(&b);
	check_accepted(&b);
	for (i = 0; i < 6; i++) {
		u8 *at = blob_record(&b, EWX_SECTION_JUMPS, i);

		blob_set32(at, EWX_LEAF | 1);
		check_refused(&b, EWX_FAULT_REFERENCE, EWX_SECTION_NODES,
			      i / 2 > 0, AT(ewx_node, arg));
		blob_set32(at, i / 2 > 0);
		check_refused(&b, EWX_FAULT_ORDER, EWX_SECTION_NODES, i / 2 > 0,
			      AT(ewx_node, arg));
		blob_set32(at, EWX_LEAF);
	}
	blob_free(&b);
}

/* What is behind the nodes is none, even if it reads like one of the right kind. */
static void test_behind_nodes(void **state)
{
	struct blob b;

	(void)state;
	blob_init(&b);
	blob_node(&b, EWX_TEST_SIGNER_JUMP, 0, 1, EWX_LEAF);
	blob_node(&b, EWX_TEST_HAS_SIGNER, 0, EWX_LEAF, EWX_LEAF);
	blob_node(&b, EWX_TEST_EUID_LT, 0, EWX_LEAF, EWX_LEAF);
	blob_number(&b, EWX_SECTION_JUMPS, EWX_TEST_EUID_LT);
	blob_number(&b, EWX_SECTION_JUMPS, EWX_LEAF);
	blob_finish(&b);
	check_accepted(&b);
	check_field(&b, EWX_SECTION_NODES, 2, AT(ewx_node, no), 3,
		    EWX_FAULT_REFERENCE);
	blob_free(&b);
}

/* Until when a domain is permissive is no use of the feature where it is not. */
static void test_not_permissive(void **state)
{
	struct blob b;

	(void)state;
	blob_init(&b);
	blob_domain(&b, "d", 0, 5);
	blob_finish(&b);
	assert_int_equal(b.features, 0);
	check_accepted(&b);
	blob_free(&b);
}

/* The strings end within a character, and what follows the section goes on with it. */
static void test_cut_string(void **state)
{
	char text[] = "aaaaaaaa";
	struct blob b;
	u32 at;

	(void)state;
	blob_init(&b);
	blob_number(&b, EWX_SECTION_VALUES, 0x00808080);
	at = count_of(&b, EWX_SECTION_STRINGS);
	text[8 - (at + 3) % 8] = '\0';
	blob_string(&b, text);
	at = count_of(&b, EWX_SECTION_STRINGS);
	assert_int_equal(at % 8, 6);
	blob_string(&b, "\xe0\xa0");
	b.section[EWX_SECTION_STRINGS].count = at + 2;
	blob_finish(&b);
	check_refused(&b, EWX_FAULT_STRING, EWX_SECTION_STRINGS, at, 0);
	/* That the strings end there is no matter of what follows. */
	memset(blob_record(&b, EWX_SECTION_STRINGS, at), 0, 2);
	check_accepted(&b);
	blob_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_past),
		cmocka_unit_test(test_what),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_tails),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_successors),
		cmocka_unit_test(test_behind_nodes),
		cmocka_unit_test(test_not_permissive),
		cmocka_unit_test(test_cut_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

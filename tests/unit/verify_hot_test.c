// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification of what a decision reads in one go: the grant that is part of an
 * entry, and the tails of an automaton. See verify_test.c for the rest.
 */
#include "unit.h"

#include "sample.h"

#define AT(type, field) offsetof(struct type, field)

static struct sample sample;

static int setup(void **state)
{
	(void)state;
	sample_init(&sample);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sample_free(&sample);
	return 0;
}

static u32 section_start(enum ewx_section section)
{
	return ewx_read32(sample.b.bytes + sizeof(struct ewx_header) +
			  section * sizeof(struct ewx_section_entry));
}

static u8 *copy(u32 size)
{
	u8 *blob = malloc(size ? size : 1);

	assert_non_null(blob);
	memcpy(blob, sample.b.bytes, size);
	return blob;
}

static bool use(const u8 *blob, u32 size, struct ewx_fault *fault)
{
	struct ewx_policy p;
	u64 candidates[8];

	if (!ewx_policy_verify(blob, size, &p, fault))
		return false;
	assert_true(p.set_words <= ARRAY_LEN(candidates));
	memset(candidates, 0, sizeof(candidates));
	sample_exercise(&p, candidates);
	return true;
}

static u32 grant_word(const u8 *blob, u32 at, u32 field)
{
	return ewx_read32(blob + at + field);
}

static void first_grant_damage(u32 at, u32 field, u32 value)
{
	struct ewx_fault fault;
	u8 *blob = copy(sample.b.size);

	blob_set32(blob + at + field, value);
	assert_false(use(blob, sample.b.size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_VALUE);
	assert_int_equal(fault.section, EWX_SECTION_ENTRIES);
	free(blob);
}

static u32 kind_of(const u8 *blob, u32 at)
{
	return grant_word(blob, at, AT(ewx_grant, what)) >>
	       EWX_GRANT_KIND_SHIFT;
}

/* Entry @i has a key; @at is where it is. */
static bool has_key(u32 i, u32 *at)
{
	*at = section_start(EWX_SECTION_ENTRIES) + i * EWX_SIZE_ENTRIES;
	return ewx_read32(sample.b.bytes + *at) != EWX_DEFER;
}

/* What holds of a denial's grant holds of an entry's own; so does its set. */
static void test_first_grant(void **state)
{
	u32 count = sample.b.section[EWX_SECTION_ENTRIES].count;
	u32 i, at, denials = 0;

	(void)state;
	for (i = 0; i < count; i++) {
		u32 what;
		bool has_set;

		if (!has_key(i, &at))
			continue;
		at += AT(ewx_entry, first);
		what = grant_word(sample.b.bytes, at, AT(ewx_grant, what));
		has_set = grant_word(sample.b.bytes, at, AT(ewx_grant, set)) !=
			  EWX_NONE;
		first_grant_damage(at, AT(ewx_grant, set),
				   has_set ? EWX_NONE : 0);
		if (kind_of(sample.b.bytes, at) != EWX_RULE_DENY)
			continue;
		first_grant_damage(at, AT(ewx_grant, what),
				   (what & EWX_GRANT_PERMS) |
					   (u32)EWX_RULE_ALLOW
						   << EWX_GRANT_KIND_SHIFT);
		first_grant_damage(at, AT(ewx_grant, rule), 1);
		first_grant_damage(at, AT(ewx_grant, terms), 0);
		denials++;
	}
	assert_true(denials > 0);
}

static u32 place_of(u32 kind)
{
	return kind == EWX_RULE_DENY ? 0 : kind == EWX_RULE_ALLOW ? 1 : 2;
}

static u32 cell_fault(const u8 *blob, u32 own, u32 next)
{
	bool own_set = grant_word(blob, own, AT(ewx_grant, set)) != EWX_NONE;
	bool next_set = grant_word(blob, next, AT(ewx_grant, set)) != EWX_NONE;

	if (own_set != next_set)
		return EWX_FAULT_VALUE;
	if (place_of(kind_of(blob, own)) > place_of(kind_of(blob, next)))
		return EWX_FAULT_ORDER;
	return EWX_FAULT_NONE;
}

/* Any cell after any first grant: the sets are alike, the kinds in order. */
static void test_any_cell(void **state)
{
	u32 cells = section_start(EWX_SECTION_CELLS);
	u32 grants = section_start(EWX_SECTION_GRANTS);
	u32 i, c, at, codes[EWX_FAULT_CODES] = { 0 };

	(void)state;
	for (i = 0; i < sample.b.section[EWX_SECTION_ENTRIES].count; i++) {
		if (!has_key(i, &at))
			continue;
		for (c = 0; c < sample.b.section[EWX_SECTION_CELLS].count; c++) {
			struct ewx_fault fault;
			u8 *blob = copy(sample.b.size);
			u32 next = grants + EWX_SIZE_GRANTS *
				   ewx_read32(blob + cells + c * EWX_SIZE_CELLS);
			u32 code = cell_fault(blob, at + AT(ewx_entry, first),
					      next);

			blob_set32(blob + at + AT(ewx_entry, cell), c);
			if (use(blob, sample.b.size, &fault))
				fault.code = EWX_FAULT_NONE;
			assert_int_equal(fault.code, code);
			codes[code]++;
			free(blob);
		}
	}
	assert_true(codes[EWX_FAULT_NONE] && codes[EWX_FAULT_VALUE]);
}

/* The sample, where every program is below "/t1/t2", which is two tails. */
static void tails_init(struct sample *s, u32 *first)
{
	u8 *start;
	u32 last;

	sample_init(s);
	start = blob_record(&s->b, EWX_SECTION_AUTOMATA, EWX_AUTOMATON_EXE) +
		offsetof(struct ewx_automaton, start);
	last = ewx_read32(start);
	*first = blob_tail(&s->b, "/t2", last);
	*first = blob_tail(&s->b, "/t1", *first) - 1;
	blob_set32(start, *first + 1);
	blob_layout(&s->b);
}

/* A path through two tails leads to where the automaton began. */
static void test_tails_match(void **state)
{
	static const char *const bad[] = { "", "/", "/t", "/t1", "/t1/", "/t1/t",
					   "/t1/t3", "/u1/t2" };
	struct ewx_policy before, p;
	struct ewx_fault fault;
	struct sample s;
	char path[64];
	u32 first, i;

	(void)state;
	tails_init(&s, &first);
	assert_true(ewx_policy_verify(sample.b.bytes, sample.b.size, &before,
				      &fault));
	assert_true(ewx_policy_verify(s.b.bytes, s.b.size, &p, &fault));
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(ewx_match(&p, EWX_AUTOMATON_EXE, bad[i],
					   (u32)strlen(bad[i])),
				 ewx_match(&p, EWX_AUTOMATON_EXE, NULL, 0));
	for (i = 0; i < 3; i++) {
		static const char *const ends[] = { "/o", "/p/q", "/no" };
		u32 len = (u32)snprintf(path, sizeof(path), "/t1/t2%s", ends[i]);

		assert_int_equal(ewx_match(&p, EWX_AUTOMATON_EXE, path, len),
				 ewx_match(&before, EWX_AUTOMATON_EXE, ends[i],
					   (u32)strlen(ends[i])));
	}
	blob_free(&s.b);
}

static void test_tails_damage(void **state)
{
	static const struct {
		u32 index, field, value, code;
	} rows[] = {
		{ 0, AT(ewx_state, length), 4, EWX_FAULT_COUNT },
		{ 0, AT(ewx_state, length), 2, EWX_FAULT_ORDER },
		{ 1, AT(ewx_state, length), 4, EWX_FAULT_COUNT },
		{ 1, AT(ewx_state, length), 2, EWX_FAULT_COUNT },
		{ 1, AT(ewx_state, length), EWX_TAIL_MAX + 1, EWX_FAULT_COUNT },
		{ 1, AT(ewx_state, length), 0xffffffff, EWX_FAULT_COUNT },
		{ 0, AT(ewx_state, base), 1, EWX_FAULT_ORDER },
		{ 1, AT(ewx_state, base), 0, EWX_FAULT_ORDER },
		{ 0, AT(ewx_state, fallback), 0, EWX_FAULT_VALUE },
		{ 0, AT(ewx_state, fallback), 0xffff, EWX_FAULT_REFERENCE },
		{ 0, AT(ewx_state, accept), EWX_LEAF, EWX_FAULT_VALUE },
		{ 1, AT(ewx_state, accept), 0, EWX_FAULT_VALUE },
	};
	struct ewx_fault fault;
	struct sample s;
	u32 first, i;

	(void)state;
	tails_init(&s, &first);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		u8 *at = blob_record(&s.b, EWX_SECTION_STATES,
				     first + rows[i].index) + rows[i].field;
		u32 was = ewx_read32(at);

		blob_set32(at, rows[i].value);
		blob_layout(&s.b);
		assert_false(use(s.b.bytes, s.b.size, &fault));
		if (fault.code != rows[i].code)
			fail_msg("row %u: fault %u in section %u", i, fault.code,
				 fault.section);
		blob_set32(at, was);
	}
	blob_free(&s.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_grant),
		cmocka_unit_test(test_any_cell),
		cmocka_unit_test(test_tails_match),
		cmocka_unit_test(test_tails_damage),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

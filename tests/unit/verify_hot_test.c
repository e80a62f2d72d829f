// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification of what a decision reads in one go: the grant that is part of an
 * entry, and the tails of an automaton. See verify_test.c for the rest.
 */
#include "damage.h"

/* A word of an entry changed: a fault of @code there. */
static void entry_damage(enum ewx_section section, u32 at, u32 field, u32 value,
			 u32 code)
{
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);

	blob_set32(blob + at + field, value);
	assert_false(damage_use(blob, sample.b.size, &fault));
	if (fault.code != code || fault.section != section)
		fail_msg("fault %u in section %u at %u", fault.code,
			 fault.section, fault.offset - at);
	free(blob);
}

/* Entry @i has a key; @at is where it is, @what what it says. */
static bool has_key(enum ewx_section section, u32 i, u32 *at, u32 *what)
{
	*at = damage_start(section) + i * EWX_SIZE_ENTRIES;
	*what = ewx_read32(sample.b.bytes + *at + AT(ewx_entry, what));
	return ewx_read64(sample.b.bytes + *at) != EWX_KEY_FREE;
}

/* A grant that is part of an entry says what its rule says, and no more. */
static void check_inner_grants(enum ewx_section section, u32 *kinds)
{
	u32 i, at, what;

	for (i = 0; i < sample.b.section[section].count; i++) {
		if (!has_key(section, i, &at, &what) ||
		    ewx_kind(what) == EWX_GRANT_CELL)
			continue;
		entry_damage(section, at, AT(ewx_entry, what),
			     what ^ EWX_GRANT_LIMITED, EWX_FAULT_VALUE);
		entry_damage(section, at, AT(ewx_entry, what),
			     what | EWX_WHAT_PERMS, EWX_FAULT_VALUE);
		entry_damage(section, at, AT(ewx_entry, what),
			     what ^ EWX_RULE_LOG << EWX_KIND_SHIFT,
			     EWX_FAULT_VALUE);
		kinds[ewx_kind(what)]++;
		if (section == EWX_SECTION_ROWS)
			entry_damage(section, at, 0,
				     ewx_read32(sample.b.bytes + at) |
					     EWX_KEY_CLASS_ANY,
				     EWX_FAULT_REFERENCE);
	}
}

static void test_inner_grants(void **state)
{
	u32 entries[EWX_GRANT_CELL] = { 0 }, rows[EWX_GRANT_CELL] = { 0 };

	(void)state;
	check_inner_grants(EWX_SECTION_ENTRIES, entries);
	check_inner_grants(EWX_SECTION_ROWS, rows);
	assert_true(entries[EWX_RULE_DENY] && entries[EWX_RULE_ALLOW]);
	assert_true(rows[EWX_RULE_ALLOW]);
}

/* Any cell for any key: those of rows have sets, those of entries have none. */
static void check_any_cell(enum ewx_section section)
{
	u32 cells = damage_start(EWX_SECTION_CELLS);
	u32 grants = damage_start(EWX_SECTION_GRANTS);
	bool row = section == EWX_SECTION_ROWS;
	u32 i, c, at, what, good = 0, bad = 0;

	for (i = 0; i < sample.b.section[section].count; i++) {
		if (!has_key(section, i, &at, &what))
			continue;
		for (c = 0; c < sample.b.section[EWX_SECTION_CELLS].count; c++) {
			struct ewx_fault fault;
			u8 *blob = damage_copy(sample.b.size);
			u32 first = ewx_read32(blob + cells + c * EWX_SIZE_CELLS);
			u32 set = ewx_read32(blob + grants +
					     first * EWX_SIZE_GRANTS +
					     AT(ewx_grant, set));

			blob_set32(blob + at + AT(ewx_entry, what),
				   EWX_GRANT_CELL << EWX_KIND_SHIFT);
			blob_set32(blob + at + AT(ewx_entry, rule), c);
			if (row)
				blob_set32(blob + at, ewx_read32(blob + at) |
						      EWX_KEY_CLASS_ANY);
			if ((set != EWX_NONE) == row) {
				assert_true(damage_use(blob, sample.b.size, &fault));
				good++;
			} else {
				assert_false(damage_use(blob, sample.b.size, &fault));
				assert_int_equal(fault.code, EWX_FAULT_VALUE);
				assert_int_equal(fault.section, section);
				bad++;
			}
			if (row && (set != EWX_NONE)) {
				blob[at] = 0;
				assert_false(damage_use(blob, sample.b.size, &fault));
				assert_int_equal(fault.code, EWX_FAULT_VALUE);
			}
			free(blob);
		}
	}
	assert_true(good && bad);
}

static void test_any_cell(void **state)
{
	(void)state;
	check_any_cell(EWX_SECTION_ENTRIES);
	check_any_cell(EWX_SECTION_ROWS);
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
		assert_false(damage_use(s.b.bytes, s.b.size, &fault));
		if (fault.code != rows[i].code)
			fail_msg("row %u: fault %u in section %u", i, fault.code,
				 fault.section);
		blob_set32(at, was);
	}
	blob_free(&s.b);
}

#define DOMAIN_LEAF(n) (EWX_LEAF | (n))
#define REST DOMAIN_LEAF(7) /* as the sample has it from "/o" on */

static void test_stars_match(void **state)
{
	static const struct {
		u32 from;
		const char *path;
		u32 ref;
	} rows[] = {
		{ SAMPLE_BEGIN, "/foo.d", DOMAIN_LEAF(1) },
		{ SAMPLE_BEGIN, "/.d", DOMAIN_LEAF(1) },
		{ SAMPLE_BEGIN, "/.d.d", DOMAIN_LEAF(1) },
		{ SAMPLE_BEGIN, "/foo.dx", EWX_NONE },
		{ SAMPLE_BEGIN, "/foo", EWX_NONE },
		{ SAMPLE_BEGIN, "/d", EWX_NONE },
		{ SAMPLE_BEGIN, "/", EWX_NONE },
		{ SAMPLE_BEGIN, "", EWX_NONE },
		{ SAMPLE_BEGIN, "/foo.d/", EWX_NONE },
		{ SAMPLE_BEGIN, "/foo.d/e/o", EWX_NONE },
		{ SAMPLE_BEGIN, "/foo/d/o", EWX_NONE },
		{ SAMPLE_BEGIN, "/x/foo.d", EWX_NONE },
		{ SAMPLE_BEGIN, "/foo.d/d/o", REST },
		{ SAMPLE_BEGIN, "/.d/d/o", REST },
		{ SAMPLE_BARE, "", DOMAIN_LEAF(2) },
		{ SAMPLE_BARE, "foo", DOMAIN_LEAF(2) },
		{ SAMPLE_BARE, "foo/", EWX_NONE },
		{ SAMPLE_BARE, "foo/d/o", REST },
		{ SAMPLE_BARE, "/d/o", REST },
		{ SAMPLE_GLOB, "-x", DOMAIN_LEAF(1) },
		{ SAMPLE_GLOB, "a/-y/b-x", DOMAIN_LEAF(1) },
		{ SAMPLE_GLOB, "x", EWX_NONE },
		{ SAMPLE_GLOB, "", EWX_NONE },
		{ SAMPLE_GLOB, "a-x/", EWX_NONE },
	};
	u32 first, i, rest, none;
	struct ewx_policy p;
	struct ewx_fault fault;
	struct sample s;

	(void)state;
	sample_init(&s);
	first = sample_stars(&s);
	assert_true(ewx_policy_verify(s.b.bytes, s.b.size, &p, &fault));
	rest = ewx_match(&p, EWX_AUTOMATON_EXE, "/o", 2);
	none = ewx_match(&p, EWX_AUTOMATON_EXE, NULL, 0);
	assert_true(rest != none);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		u32 ref = rows[i].ref == REST	  ? rest :
			  rows[i].ref == EWX_NONE ? none :
						    rows[i].ref;

		blob_set32(blob_record(&s.b, EWX_SECTION_AUTOMATA,
				       EWX_AUTOMATON_EXE),
			   first + rows[i].from);
		blob_layout(&s.b);
		assert_true(ewx_policy_verify(s.b.bytes, s.b.size, &p, &fault));
		if (ewx_match(&p, EWX_AUTOMATON_EXE, rows[i].path,
			      (u32)strlen(rows[i].path)) != ref)
			fail_msg("row %u: %s", i, rows[i].path);
	}
	sample_free(&s);
}

static void test_stars_damage(void **state)
{
	static const struct {
		u32 index, field, value, code;
	} rows[] = {
		{ SAMPLE_STAR, AT(ewx_state, length), 2 | EWX_TAIL_STAR | EWX_TAIL_GLOB,
		  EWX_FAULT_COUNT },
		{ SAMPLE_STAR, AT(ewx_state, length), 2 | 0x400, EWX_FAULT_COUNT },
		{ SAMPLE_STAR, AT(ewx_state, length), 2 | EWX_TAIL_GLOB,
		  EWX_FAULT_VALUE },
		{ SAMPLE_STAR, AT(ewx_state, length), 3 | EWX_TAIL_STAR,
		  EWX_FAULT_ORDER },
		{ SAMPLE_STAR, AT(ewx_state, base), 0, EWX_FAULT_ORDER },
		{ SAMPLE_STAR, AT(ewx_state, accept), 0xffff, EWX_FAULT_REFERENCE },
		{ SAMPLE_STAR, AT(ewx_state, fallback), 0xffff, EWX_FAULT_REFERENCE },
		{ SAMPLE_BARE, AT(ewx_state, length), EWX_TAIL_GLOB, EWX_FAULT_VALUE },
		{ SAMPLE_GLOB, AT(ewx_state, fallback), 1, EWX_FAULT_VALUE },
		{ SAMPLE_GLOB, AT(ewx_state, length), 0xff | EWX_TAIL_GLOB,
		  EWX_FAULT_COUNT },
		{ SAMPLE_BEGIN, AT(ewx_state, accept), DOMAIN_LEAF(1),
		  EWX_FAULT_VALUE },
	};
	struct ewx_fault fault;
	struct sample s;
	u32 first, i;

	(void)state;
	sample_init(&s);
	first = sample_stars(&s);
	assert_true(damage_use(s.b.bytes, s.b.size, &fault));
	for (i = 0; i <= ARRAY_LEN(rows); i++) {
		bool last = i == ARRAY_LEN(rows);
		u8 *at = blob_record(&s.b, EWX_SECTION_STATES,
				     first + (last ? SAMPLE_STAR : rows[i].index)) +
			 (last ? AT(ewx_state, fallback) : rows[i].field);
		u32 was = ewx_read32(at);

		/* In the end a star that leads to a star: a walk without end. */
		blob_set32(at, last ? first + SAMPLE_BARE : rows[i].value);
		blob_layout(&s.b);
		assert_false(damage_use(s.b.bytes, s.b.size, &fault));
		if (fault.code != (last ? EWX_FAULT_ORDER : rows[i].code))
			fail_msg("row %u: fault %u in section %u", i, fault.code,
				 fault.section);
		blob_set32(at, was);
	}
	sample_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inner_grants),
		cmocka_unit_test(test_any_cell),
		cmocka_unit_test(test_tails_match),
		cmocka_unit_test(test_tails_damage),
		cmocka_unit_test(test_stars_match),
		cmocka_unit_test(test_stars_damage),
	};

	return cmocka_run_group_tests(tests, damage_setup, damage_teardown);
}

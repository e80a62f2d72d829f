// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification of the decision table at its bounds: the order of grants, sets of
 * classes, the flags that tell of entries. See verify_bounds_test.c for the rest.
 */
#include "bounds.h"

/* One domain more than default, and a rule of @kind for it, or for all, of one source. */
static void table_init(struct blob *b, u32 domain, u32 source, u32 identities)
{
	struct blob_rule r = { EWX_RULE_DENY, 3,       domain,
			       source,	      EWX_ANY, EWX_UNLIMITED,
			       EWX_FOREVER };
	u32 i;

	blob_init(b);
	blob_domain(b, "d", 0, EWX_FOREVER);
	blob_source(b, "s");
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 0, 1);
	for (i = 1; i < identities; i++)
		blob_class(b, EWX_SECTION_IDENTITY_CLASSES, 0, 0);
	for (; r.kind; r.kind = r.kind == EWX_RULE_DENY	 ? EWX_RULE_ALLOW :
				r.kind == EWX_RULE_ALLOW ? EWX_RULE_LOG :
							   EWX_RULE_NONE)
		blob_rule(b, &r);
	blob_finish(b);
}

/* Grant @i and the next one, the other way round. */
static void swap_grants(struct blob *b, u32 i)
{
	u8 one[EWX_SIZE_GRANTS];
	u8 *at = blob_record(b, EWX_SECTION_GRANTS, i);

	memcpy(one, at, sizeof(one));
	memcpy(at, at + sizeof(one), sizeof(one));
	memcpy(at + sizeof(one), one, sizeof(one));
}

/* Denies, allows, logs: in a cell of entries, and in one of rows. */
static void test_grant_order(void **state)
{
	static const u32 first[] = { 0, 1, 3, 4 };
	struct blob b;
	u32 i;

	(void)state;
	table_init(&b, 1, EWX_ANY, 1);
	check_accepted(&b);
	assert_int_equal(count_of(&b, EWX_SECTION_GRANTS), 6);
	for (i = 0; i < ARRAY_LEN(first); i++) {
		swap_grants(&b, first[i]);
		check_refused(&b, EWX_FAULT_ORDER, EWX_SECTION_CELLS,
			      first[i] / 3, AT(ewx_cell, first));
		swap_grants(&b, first[i]);
	}
	/* The last cell goes no further than the grants. */
	check_field(&b, EWX_SECTION_CELLS, 1, AT(ewx_cell, count), 4,
		    EWX_FAULT_COUNT);
	check_field(&b, EWX_SECTION_CELLS, 1, AT(ewx_cell, count), 0,
		    EWX_FAULT_COUNT);
	check_field(&b, EWX_SECTION_CELLS, 1, AT(ewx_cell, first), 2,
		    EWX_FAULT_ORDER);
	b.section[EWX_SECTION_CELLS].count = 1;
	check_refused(&b, EWX_FAULT_COUNT, EWX_SECTION_GRANTS, 3, 0);
	blob_free(&b);
}

/* All but the last set of one word are as they should be; the bits past the classes. */
static void check_sets(u32 identities)
{
	u32 words = (identities + 63) / 64, spare = words * 64 - identities;
	struct blob b;
	u8 *last;

	table_init(&b, 1, EWX_ANY, identities);
	check_accepted(&b);
	assert_int_equal(bounds_policy.set_words, words);
	assert_int_equal(count_of(&b, EWX_SECTION_SETS), 3 * words);
	check_field(&b, EWX_SECTION_GRANTS, 5, AT(ewx_grant, set), 2 * words,
		    EWX_FAULT_NONE);
	check_field(&b, EWX_SECTION_GRANTS, 5, AT(ewx_grant, set),
		    2 * words + 1, EWX_FAULT_REFERENCE);
	last = blob_record(&b, EWX_SECTION_SETS, 3 * words - 1);
	if (spare) {
		last[(63 - spare + 1) / 8] |= (u8)(1u << (64 - spare) % 8);
		check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_GRANTS, 5,
			      AT(ewx_grant, set));
		last[(63 - spare + 1) / 8] ^= (u8)(1u << (64 - spare) % 8);
		last[7] |= 0x80;
		check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_GRANTS, 5,
			      AT(ewx_grant, set));
		last[7] ^= 0x80;
	}
	check_accepted(&b);
	/* The first set is too short where it is the only one. */
	b.section[EWX_SECTION_SETS].count = words - 1;
	check_refused(&b, EWX_FAULT_REFERENCE, EWX_SECTION_GRANTS, 3,
		      AT(ewx_grant, set));
	blob_free(&b);
}

static void test_sets(void **state)
{
	static const u32 identities[] = { 1, 2, 63, 64, 65, 70, 127, 128, 129 };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(identities); i++)
		check_sets(identities[i]);
}

static void free_entries(struct blob *b, enum ewx_section section)
{
	u32 i;

	for (i = 0; i < count_of(b, section); i++) {
		u8 *at = blob_record(b, section, i);

		memset(at, 0, EWX_SIZE_ENTRIES);
		blob_set32(at, (u32)EWX_KEY_FREE);
		blob_set32(at + 4, (u32)(EWX_KEY_FREE >> 32));
	}
}

static u32 first_key(struct blob *b, enum ewx_section section)
{
	u32 i = 0;

	while (ewx_read64(blob_record(b, section, i)) == EWX_KEY_FREE)
		i++;
	return i;
}

/*
 * Rows alone, of a domain or of every one, which tell the domains' flags all the same:
 * one of two is enough.
 */
static void check_row_flags(u32 domain, u32 source, u32 one, u32 other)
{
	struct blob b;
	u32 i, flags;

	table_init(&b, domain, source, 1);
	free_entries(&b, EWX_SECTION_ENTRIES);
	for (flags = 0x100; flags <= 0x800; flags <<= 1) {
		for (i = 0; i < 2; i++)
			blob_set32(blob_record(&b, EWX_SECTION_DOMAINS, i) +
					   AT(ewx_domain, flags),
				   flags);
		if (flags == one || flags == other)
			check_accepted(&b);
		else if (domain == EWX_ANY)
			check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_DOMAINS,
				      0, AT(ewx_domain, flags));
		else
			check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_ROWS,
				      first_key(&b, EWX_SECTION_ROWS),
				      AT(ewx_entry, key));
	}
	blob_free(&b);
}

static void test_row_flags(void **state)
{
	(void)state;
	check_row_flags(1, EWX_ANY, EWX_DOMAIN_HAS_PLAIN,
			EWX_DOMAIN_HAS_IDENTITY);
	check_row_flags(1, 1, EWX_DOMAIN_HAS_SOURCE, EWX_DOMAIN_HAS_BOTH);
	check_row_flags(EWX_ANY, EWX_ANY, EWX_DOMAIN_HAS_PLAIN,
			EWX_DOMAIN_HAS_IDENTITY);
	check_row_flags(EWX_ANY, 1, EWX_DOMAIN_HAS_SOURCE, EWX_DOMAIN_HAS_BOTH);
}

/* A key of one shape, of a domain or of every one: just that flag will do. */
static void check_entry_flags(u32 domain, u32 source, u32 identity, u32 flag)
{
	struct blob_rule r = { EWX_RULE_ALLOW, 1,	 domain,
			       source,	       identity, EWX_UNLIMITED,
			       EWX_FOREVER };
	struct blob b;
	u32 i, flags;

	table_init(&b, domain, source, 2);
	b.section[EWX_SECTION_RULES].count = 0;
	b.rules = 0;
	blob_rule(&b, &r);
	b.section[EWX_SECTION_CELLS].count = 0;
	b.section[EWX_SECTION_GRANTS].count = 0;
	b.features = 0;
	blob_finish(&b);
	free_entries(&b, EWX_SECTION_ROWS);
	for (flags = 0x100; flags <= 0x800; flags <<= 1) {
		for (i = 0; i < 2; i++)
			blob_set32(blob_record(&b, EWX_SECTION_DOMAINS, i) +
					   AT(ewx_domain, flags),
				   flags);
		if (flags == flag)
			check_accepted(&b);
		else if (domain == EWX_ANY)
			check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_DOMAINS,
				      0, AT(ewx_domain, flags));
		else
			check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_ENTRIES,
				      first_key(&b, EWX_SECTION_ENTRIES),
				      AT(ewx_entry, key));
	}
	/* An entry of every domain: no domain is without the flag. */
	for (i = 0; domain == EWX_ANY && i < 2; i++) {
		for (flags = 0; flags < 2; flags++)
			blob_set32(blob_record(&b, EWX_SECTION_DOMAINS, flags) +
					   AT(ewx_domain, flags),
				   flags == i ? 0 : flag);
		check_refused(&b, EWX_FAULT_VALUE, EWX_SECTION_DOMAINS, i,
			      AT(ewx_domain, flags));
	}
	blob_free(&b);
}

static void test_entry_flags(void **state)
{
	static const u32 domains[] = { 1, EWX_ANY };
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(domains); i++) {
		check_entry_flags(domains[i], EWX_ANY, EWX_ANY,
				  EWX_DOMAIN_HAS_PLAIN);
		check_entry_flags(domains[i], 1, EWX_ANY,
				  EWX_DOMAIN_HAS_SOURCE);
		check_entry_flags(domains[i], EWX_ANY, 1,
				  EWX_DOMAIN_HAS_IDENTITY);
		check_entry_flags(domains[i], 1, 1, EWX_DOMAIN_HAS_BOTH);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grant_order),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_row_flags),
		cmocka_unit_test(test_entry_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

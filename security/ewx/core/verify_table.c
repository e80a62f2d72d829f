// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Verification: the decision table. What lookup.c, decide.c and defer.c read.
 */
#include "lookup.h"
#include "verify.h"

/*
 * The shape of a key, for the domain's HAS_* flags; rows for unknown identities
 * need one of two flags.
 */
#define SHAPES                                             \
	(EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_IDENTITY | \
	 EWX_DOMAIN_HAS_BOTH | EWX_DOMAIN_HAS_PLAIN)
#define SOURCE_ROW 0x80000000u
#define PLAIN_ROW 0x40000000u

static u32 key_shape(enum ewx_section section, u32 source, u32 identity)
{
	if (section == EWX_SECTION_ROWS)
		return source == EWX_ANY ? PLAIN_ROW : SOURCE_ROW;
	if (source == EWX_ANY)
		return identity == EWX_ANY ? EWX_DOMAIN_HAS_PLAIN :
					     EWX_DOMAIN_HAS_IDENTITY;
	return identity == EWX_ANY ? EWX_DOMAIN_HAS_SOURCE :
				     EWX_DOMAIN_HAS_BOTH;
}

static bool flags_have(u32 flags, u32 shape)
{
	if (shape & SOURCE_ROW &&
	    !(flags & (EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH)))
		return false;
	if (shape & PLAIN_ROW &&
	    !(flags & (EWX_DOMAIN_HAS_PLAIN | EWX_DOMAIN_HAS_IDENTITY)))
		return false;
	return !(shape & SHAPES & ~flags);
}

static bool set_fits(const struct ewx_policy *p, u32 set,
		     enum ewx_fault_code *code)
{
	u32 words = p->set_words;
	u32 there = ewx_count(p, EWX_SECTION_SETS);
	u32 spare = words * 64 - ewx_count(p, EWX_SECTION_IDENTITY_CLASSES);

	*code = EWX_FAULT_REFERENCE;
	if (there < words || set > there - words)
		return false;
	*code = EWX_FAULT_VALUE;
	return !spare || !(ewx_set_word(p, set + words - 1) >> (64 - spare));
}

static bool check_terms(struct ewx_check *c)
{
	if (EWX_FIELD(c, TERMS, ewx_terms, reserved))
		return EWX_FAIL(c, RESERVED, ewx_terms, reserved);
	return EWX_DECLARED(c, UNTIL,
			    EWX_GET64(c->p, TERMS, ewx_terms, c->index,
				      until) != EWX_FOREVER,
			    ewx_terms, until) &&
	       EWX_DECLARED(c, MAX,
			    EWX_FIELD(c, TERMS, ewx_terms, max) !=
				    EWX_UNLIMITED,
			    ewx_terms, max);
}

/*
 * A grant says what its rule says, for some of its permissions. @what and @rule are
 * its words, at bytes @at_what and @at_rule of the record at hand.
 */
static bool check_grant_words(struct ewx_check *c, u32 what, u32 rule,
			      u32 at_what, u32 at_rule)
{
	const struct ewx_policy *p = c->p;
	u32 perms = what & EWX_WHAT_PERMS;
	u32 kind = ewx_kind(what);
	u32 written;

	if (!perms || kind < EWX_RULE_ALLOW || kind > EWX_RULE_LOG)
		return ewx_check_fail(c, EWX_FAULT_VALUE, at_what);
	if (rule >= ewx_count(p, EWX_SECTION_RULES))
		return ewx_check_fail(c, EWX_FAULT_REFERENCE, at_rule);
	written = EWX_GET32(p, RULES, ewx_rule, rule, what);
	if (ewx_kind(written) != kind || perms & ~written)
		return ewx_check_fail(c, EWX_FAULT_VALUE, at_rule);
	if (!(what & EWX_GRANT_LIMITED) !=
	    (EWX_GET32(p, RULES, ewx_rule, rule, terms) == EWX_NONE))
		return ewx_check_fail(c, EWX_FAULT_VALUE, at_what);
	return true;
}

static const u8 *grant_at(const struct ewx_policy *p, u32 index)
{
	return ewx_record(p, EWX_SECTION_GRANTS, index, EWX_SIZE_GRANTS);
}

static bool check_grant(struct ewx_check *c)
{
	const u8 *grant = grant_at(c->p, c->index);
	u32 set = EWX_GRANT32(grant, set);
	enum ewx_fault_code code;

	if (!check_grant_words(c, EWX_GRANT32(grant, what),
			       EWX_GRANT32(grant, rule),
			       offsetof(struct ewx_grant, what),
			       offsetof(struct ewx_grant, rule)))
		return false;
	if (set == EWX_NONE || set_fits(c->p, set, &code))
		return true;
	return ewx_check_fail(c, code, offsetof(struct ewx_grant, set));
}

/* Denies, then allows, then logs. */
static u32 grant_order(const struct ewx_policy *p, u32 grant)
{
	switch (ewx_kind(EWX_GRANT32(grant_at(p, grant), what))) {
	case EWX_RULE_DENY:
		return 0;
	case EWX_RULE_ALLOW:
		return 1;
	default:
		return 2;
	}
}

static bool grant_has_set(const struct ewx_policy *p, u32 grant)
{
	return EWX_GRANT32(grant_at(p, grant), set) != EWX_NONE;
}

/*
 * Cells divide the grants among them, in order. All grants of one have a set,
 * or none has.
 */
static bool check_cell(struct ewx_check *c, u32 *next)
{
	const struct ewx_policy *p = c->p;
	u32 first = EWX_FIELD(c, CELLS, ewx_cell, first);
	u32 count = EWX_FIELD(c, CELLS, ewx_cell, count);
	u32 i;

	if (first != *next)
		return EWX_FAIL(c, ORDER, ewx_cell, first);
	if (!count || count > ewx_count(p, EWX_SECTION_GRANTS) - first)
		return EWX_FAIL(c, COUNT, ewx_cell, count);
	*next = first + count;
	for (i = first + 1; i < *next; i++) {
		if (grant_order(p, i - 1) > grant_order(p, i))
			return EWX_FAIL(c, ORDER, ewx_cell, first);
		if (grant_has_set(p, i) != grant_has_set(p, first))
			return EWX_FAIL(c, VALUE, ewx_cell, first);
	}
	return true;
}

static bool check_cells(struct ewx_check *c)
{
	u32 count = ewx_count(c->p, EWX_SECTION_CELLS);
	u32 next = 0;

	c->section = EWX_SECTION_CELLS;
	for (c->index = 0; c->index < count; c->index++) {
		if (!check_cell(c, &next))
			return false;
	}
	if (next == ewx_count(c->p, EWX_SECTION_GRANTS))
		return true;
	c->section = EWX_SECTION_GRANTS;
	c->index = next;
	return ewx_check_fail(c, EWX_FAULT_COUNT, 0);
}

/**
 * struct entry - an entry of ENTRIES or ROWS as read.
 * @at: where it is
 * @key: its words
 * @what: see @key
 * @rule: see @key
 */
struct entry {
	const u8 *at;
	u64 key;
	u32 what;
	u32 rule;
};

static struct entry read_entry(const struct ewx_check *c, u32 index)
{
	const u8 *at = ewx_record(c->p, c->section, index, EWX_SIZE_ENTRIES);

	return (struct entry){ at, EWX_ENTRY_KEY(at), EWX_ENTRY32(at, what),
			       EWX_ENTRY32(at, rule) };
}

/* Bits of the key's number that are no part of the key. */
static u64 key_mask(const struct ewx_check *c)
{
	return c->section == EWX_SECTION_ROWS ? EWX_KEY_CLASS_ANY : 0;
}

/* A class in a key: one of @count that have names, or any. */
static bool class_fits(u32 class, u32 count)
{
	return class == EWX_ANY ||
	       (class != EWX_CLASS_UNLISTED && class < count);
}

/* The grants of an entry: those of rows have sets, the others have none. */
static bool check_entry_grants(struct ewx_check *c, const struct entry *e)
{
	bool row = c->section == EWX_SECTION_ROWS;
	u32 set = (u32)e->key & EWX_KEY_CLASS_ANY;
	const struct ewx_policy *p = c->p;
	enum ewx_fault_code code;

	if (ewx_kind(e->what) != EWX_GRANT_CELL) {
		if (!check_grant_words(c, e->what, e->rule,
				       offsetof(struct ewx_entry, what),
				       offsetof(struct ewx_entry, rule)))
			return false;
		if (!row || set_fits(p, set, &code))
			return true;
		return ewx_check_fail(c, code, offsetof(struct ewx_entry, key));
	}
	if (e->what != EWX_GRANT_CELL << EWX_KIND_SHIFT)
		return EWX_FAIL(c, VALUE, ewx_entry, what);
	if (row && set != EWX_KEY_CLASS_ANY)
		return EWX_FAIL(c, VALUE, ewx_entry, key);
	if (e->rule >= ewx_count(p, EWX_SECTION_CELLS))
		return EWX_FAIL(c, REFERENCE, ewx_entry, rule);
	if (grant_has_set(p, EWX_GET32(p, CELLS, ewx_cell, e->rule, first)) !=
	    row)
		return EWX_FAIL(c, VALUE, ewx_entry, rule);
	return true;
}

/* Without a key nothing else is there. */
static bool check_free_entry(struct ewx_check *c, const struct entry *e)
{
	if (e->what)
		return EWX_FAIL(c, RESERVED, ewx_entry, what);
	if (e->rule)
		return EWX_FAIL(c, RESERVED, ewx_entry, rule);
	return true;
}

static u32 line_count(const struct ewx_check *c)
{
	return c->section == EWX_SECTION_ROWS ? c->p->row_lines : c->p->lines;
}

static const u8 *line_at(const struct ewx_check *c, u64 hash, u32 which)
{
	return ewx_record(c->p, c->section,
			  ewx_entry_line(hash, which, line_count(c)),
			  EWX_LINE_ENTRIES * EWX_SIZE_ENTRIES);
}

/* The entry is in one of the key's two lines, and no other one there is the key's. */
static bool in_place(const struct ewx_check *c, const struct entry *e)
{
	u64 key = e->key | key_mask(c);
	u64 hash = ewx_entry_hash(c->p->seed, key);
	bool found = false;
	u32 which, n;

	for (which = 0; which < 2; which++) {
		const u8 *line = line_at(c, hash, which);

		for (n = 0; n < EWX_LINE_ENTRIES; n++) {
			const u8 *at = line + n * EWX_SIZE_ENTRIES;

			if (at == e->at)
				found = true;
			else if ((EWX_ENTRY_KEY(at) | key_mask(c)) == key)
				return false;
		}
	}
	return found;
}

/* An entry; adds its shape to @shapes if it is of every domain. */
static bool check_entry(struct ewx_check *c, u32 *shapes)
{
	const struct ewx_policy *p = c->p;
	struct entry e = read_entry(c, c->index);
	u32 domain = ewx_key_domain(e.key);
	u32 source = ewx_key_source(e.key);
	u32 identity = ewx_key_identity(e.key);
	u32 shape = key_shape(c->section, source, identity);

	if (e.key == EWX_KEY_FREE)
		return check_free_entry(c, &e);
	if (!ewx_index_or(domain, ewx_count(p, EWX_SECTION_DOMAINS), EWX_ANY) ||
	    !class_fits(source, ewx_source_class_count(p)))
		return EWX_FAIL(c, REFERENCE, ewx_entry, key);
	if (c->section == EWX_SECTION_ENTRIES &&
	    !class_fits(identity, ewx_identity_class_count(p)))
		return EWX_FAIL(c, REFERENCE, ewx_entry, key);
	if (!check_entry_grants(c, &e))
		return false;
	if (!in_place(c, &e))
		return EWX_FAIL(c, ORDER, ewx_entry, key);
	if (domain == EWX_ANY)
		*shapes |= shape;
	else if (!flags_have(ewx_domain_flags(p, domain), shape))
		return EWX_FAIL(c, VALUE, ewx_entry, key);
	return true;
}

/*
 * What is read for entry @index: rules and lines in no order, so that in a large
 * policy each is a wait for memory. Here they come along, several at once.
 */
static void expect_entry(const struct ewx_check *c, u32 index)
{
	struct entry e;
	u64 hash;

	if (index >= ewx_count(c->p, c->section))
		return;
	e = read_entry(c, index);
	hash = ewx_entry_hash(c->p->seed, e.key | key_mask(c));
	ewx_prefetch(line_at(c, hash, 0));
	ewx_prefetch(line_at(c, hash, 1));
	if (e.rule < ewx_count(c->p, EWX_SECTION_RULES))
		ewx_prefetch(ewx_record(c->p, EWX_SECTION_RULES, e.rule,
					EWX_SIZE_RULES));
}

#define EXPECTED 16 /* entries ahead */

static bool check_entries(struct ewx_check *c, enum ewx_section section,
			  u32 *shapes)
{
	u32 count = ewx_count(c->p, section);

	c->section = section;
	for (c->index = 0; c->index < count; c->index++) {
		expect_entry(c, c->index + EXPECTED);
		if (!check_entry(c, shapes))
			return false;
	}
	return true;
}

/* Every domain's flags tell of the entries of every domain. */
static bool check_shapes(struct ewx_check *c, u32 shapes)
{
	u32 domains = ewx_count(c->p, EWX_SECTION_DOMAINS);

	c->section = EWX_SECTION_DOMAINS;
	for (c->index = 0; c->index < domains; c->index++) {
		if (!flags_have(ewx_domain_flags(c->p, c->index), shapes))
			return EWX_FAIL(c, VALUE, ewx_domain, flags);
	}
	c->p->any_shapes = shapes & SHAPES;
	if (shapes & SOURCE_ROW)
		c->p->any_shapes |= EWX_DOMAIN_HAS_SOURCE;
	if (shapes & PLAIN_ROW)
		c->p->any_shapes |= EWX_DOMAIN_HAS_PLAIN;
	return true;
}

bool ewx_verify_table(struct ewx_check *c)
{
	u32 shapes = 0;

	return ewx_check_each(c, EWX_SECTION_TERMS, check_terms) &&
	       ewx_check_each(c, EWX_SECTION_GRANTS, check_grant) &&
	       check_cells(c) &&
	       check_entries(c, EWX_SECTION_ENTRIES, &shapes) &&
	       check_entries(c, EWX_SECTION_ROWS, &shapes) &&
	       check_shapes(c, shapes);
}

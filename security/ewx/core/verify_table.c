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
#define SOURCE_DEFER 0x80000000u
#define PLAIN_DEFER 0x40000000u

static u32 key_shape(u32 source, u32 identity)
{
	if (identity == EWX_DEFER)
		return source == EWX_ANY ? PLAIN_DEFER : SOURCE_DEFER;
	if (source == EWX_ANY)
		return identity == EWX_ANY ? EWX_DOMAIN_HAS_PLAIN :
					     EWX_DOMAIN_HAS_IDENTITY;
	return identity == EWX_ANY ? EWX_DOMAIN_HAS_SOURCE :
				     EWX_DOMAIN_HAS_BOTH;
}

static bool flags_have(u32 flags, u32 shape)
{
	if (shape & SOURCE_DEFER &&
	    !(flags & (EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH)))
		return false;
	if (shape & PLAIN_DEFER &&
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
	if (set == EWX_NONE)
		return true;
	if (there < words || set > there - words)
		return false;
	*code = EWX_FAULT_VALUE;
	return !spare || !(ewx_set_word(p, set + words - 1) >> (64 - spare));
}

/* @at: where in the record at hand the grant is. */
#define FAIL_GRANT(c, CODE, at, field)              \
	ewx_check_fail(c, EWX_FAULT_##CODE,         \
		       (at) + (u32)offsetof(struct ewx_grant, field))

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

static bool check_grant_rule(struct ewx_check *c, u32 at, const u8 *grant)
{
	const struct ewx_policy *p = c->p;
	u32 what = ewx_grant_word(grant, offsetof(struct ewx_grant, what));
	u32 rule = ewx_grant_word(grant, offsetof(struct ewx_grant, rule));
	u32 terms = ewx_grant_word(grant, offsetof(struct ewx_grant, terms));
	u32 kind = what >> EWX_GRANT_KIND_SHIFT;
	u32 perms = what & EWX_GRANT_PERMS;

	if (!perms || perms & ~ENCLAVE_PERM_ALL)
		return FAIL_GRANT(c, VALUE, at, what);
	if (kind < EWX_RULE_ALLOW || kind > EWX_RULE_LOG)
		return FAIL_GRANT(c, VALUE, at, what);
	if (rule >= ewx_count(p, EWX_SECTION_RULES))
		return FAIL_GRANT(c, REFERENCE, at, rule);
	if (EWX_GET32(p, RULES, ewx_rule, rule, kind) != kind)
		return FAIL_GRANT(c, VALUE, at, rule);
	if (!ewx_index_or(terms, ewx_count(p, EWX_SECTION_TERMS), EWX_NONE))
		return FAIL_GRANT(c, REFERENCE, at, terms);
	if (kind != EWX_RULE_ALLOW && terms != EWX_NONE)
		return FAIL_GRANT(c, VALUE, at, terms);
	return true;
}

/* The grant at byte @at of the record at hand. */
static bool check_grant_at(struct ewx_check *c, const u8 *record, u32 at)
{
	const u8 *grant = record + at;
	enum ewx_fault_code code;

	if (!check_grant_rule(c, at, grant))
		return false;
	if (!set_fits(c->p,
		      ewx_grant_word(grant, offsetof(struct ewx_grant, set)),
		      &code))
		return ewx_check_fail(c, code,
				      at + (u32)offsetof(struct ewx_grant, set));
	return true;
}

static const u8 *grant_at(const struct ewx_policy *p, u32 index)
{
	return ewx_record(p, EWX_SECTION_GRANTS, index, EWX_SIZE_GRANTS);
}

static bool check_grant(struct ewx_check *c)
{
	return check_grant_at(c, grant_at(c->p, c->index), 0);
}

/* Denies, then allows, then logs. */
static u32 kind_order(u32 kind)
{
	switch (kind) {
	case EWX_RULE_DENY:
		return 0;
	case EWX_RULE_ALLOW:
		return 1;
	default:
		return 2;
	}
}

static bool grant_has_set(const u8 *grant)
{
	return ewx_grant_word(grant, offsetof(struct ewx_grant, set)) !=
	       EWX_NONE;
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
		if (kind_order(ewx_grant_kind(grant_at(p, i - 1))) >
		    kind_order(ewx_grant_kind(grant_at(p, i))))
			return EWX_FAIL(c, ORDER, ewx_cell, first);
		if (grant_has_set(grant_at(p, i)) !=
		    grant_has_set(grant_at(p, first)))
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

/* The first grant of an entry, and that those in @cell may follow it. */
static bool check_entry_grants(struct ewx_check *c, u32 cell, u32 identity)
{
	const u8 *record = ewx_record(c->p, EWX_SECTION_ENTRIES, c->index,
				      EWX_SIZE_ENTRIES);
	const u8 *first = record + offsetof(struct ewx_entry, first);
	const u8 *next;

	if (!check_grant_at(c, record, offsetof(struct ewx_entry, first)))
		return false;
	if (grant_has_set(first) != (identity == EWX_DEFER))
		return EWX_FAIL(c, VALUE, ewx_entry, first.set);
	if (cell == EWX_NONE)
		return true;
	next = grant_at(c->p, EWX_GET32(c->p, CELLS, ewx_cell, cell, first));
	if (grant_has_set(next) != (identity == EWX_DEFER))
		return EWX_FAIL(c, VALUE, ewx_entry, cell);
	if (kind_order(ewx_grant_kind(first)) >
	    kind_order(ewx_grant_kind(next)))
		return EWX_FAIL(c, ORDER, ewx_entry, cell);
	return true;
}

/* Without a key nothing else is there. */
static bool check_free_entry(struct ewx_check *c)
{
	const u8 *record = ewx_record(c->p, EWX_SECTION_ENTRIES, c->index,
				      EWX_SIZE_ENTRIES);
	u32 at;

	for (at = offsetof(struct ewx_entry, source); at < EWX_SIZE_ENTRIES;
	     at += sizeof(__le32)) {
		if (ewx_read32(record + at))
			return ewx_check_fail(c, EWX_FAULT_RESERVED, at);
	}
	return true;
}

static bool same_key(const struct ewx_policy *p, u32 a, u32 b)
{
	return EWX_GET32(p, ENTRIES, ewx_entry, a, domain) ==
		       EWX_GET32(p, ENTRIES, ewx_entry, b, domain) &&
	       EWX_GET32(p, ENTRIES, ewx_entry, a, source) ==
		       EWX_GET32(p, ENTRIES, ewx_entry, b, source) &&
	       EWX_GET32(p, ENTRIES, ewx_entry, a, identity) ==
		       EWX_GET32(p, ENTRIES, ewx_entry, b, identity);
}

/* The entry at hand is in one of the key's two lines, and no other one there is. */
static bool in_place(const struct ewx_check *c, u32 domain, u32 source,
		     u32 identity)
{
	const struct ewx_policy *p = c->p;
	u64 hash = ewx_entry_hash(p->seed, domain, source, identity);
	bool found = false;
	u32 i;

	for (i = 0; i < 2 * EWX_LINE_ENTRIES; i++) {
		u32 at = ewx_entry_line(hash, i / EWX_LINE_ENTRIES, p->lines) *
				 EWX_LINE_ENTRIES +
			 i % EWX_LINE_ENTRIES;

		if (at == c->index)
			found = true;
		else if (same_key(p, at, c->index))
			return false;
	}
	return found;
}

/* An entry; adds its shape to @shapes if it is of every domain. */
static bool check_entry(struct ewx_check *c, u32 *shapes)
{
	const struct ewx_policy *p = c->p;
	u32 domain = EWX_FIELD(c, ENTRIES, ewx_entry, domain);
	u32 source = EWX_FIELD(c, ENTRIES, ewx_entry, source);
	u32 identity = EWX_FIELD(c, ENTRIES, ewx_entry, identity);
	u32 cell = EWX_FIELD(c, ENTRIES, ewx_entry, cell);
	u32 shape = key_shape(source, identity);

	if (domain == EWX_DEFER)
		return check_free_entry(c);
	if (!ewx_index_or(domain, ewx_count(p, EWX_SECTION_DOMAINS), EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_entry, domain);
	if (!ewx_index_or(source, ewx_source_class_count(p), EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_entry, source);
	if (identity != EWX_DEFER &&
	    !ewx_index_or(identity, ewx_identity_class_count(p), EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_entry, identity);
	if (!ewx_index_or(cell, ewx_count(p, EWX_SECTION_CELLS), EWX_NONE))
		return EWX_FAIL(c, REFERENCE, ewx_entry, cell);
	if (!check_entry_grants(c, cell, identity))
		return false;
	if (!in_place(c, domain, source, identity))
		return EWX_FAIL(c, ORDER, ewx_entry, domain);
	if (domain == EWX_ANY)
		*shapes |= shape;
	else if (!flags_have(ewx_domain_flags(p, domain), shape))
		return EWX_FAIL(c, VALUE, ewx_entry, domain);
	return true;
}

static bool check_entries(struct ewx_check *c)
{
	u32 entries = ewx_count(c->p, EWX_SECTION_ENTRIES);
	u32 domains = ewx_count(c->p, EWX_SECTION_DOMAINS);
	u32 shapes = 0;

	c->section = EWX_SECTION_ENTRIES;
	for (c->index = 0; c->index < entries; c->index++) {
		if (!check_entry(c, &shapes))
			return false;
	}
	c->section = EWX_SECTION_DOMAINS;
	for (c->index = 0; c->index < domains; c->index++) {
		if (!flags_have(ewx_domain_flags(c->p, c->index), shapes))
			return EWX_FAIL(c, VALUE, ewx_domain, flags);
	}
	c->p->any_shapes = shapes & SHAPES;
	if (shapes & SOURCE_DEFER)
		c->p->any_shapes |= EWX_DOMAIN_HAS_SOURCE;
	if (shapes & PLAIN_DEFER)
		c->p->any_shapes |= EWX_DOMAIN_HAS_PLAIN;
	return true;
}

bool ewx_verify_table(struct ewx_check *c)
{
	return ewx_check_each(c, EWX_SECTION_TERMS, check_terms) &&
	       ewx_check_each(c, EWX_SECTION_GRANTS, check_grant) &&
	       check_cells(c) && check_entries(c);
}

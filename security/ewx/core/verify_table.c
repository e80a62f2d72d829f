// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Verification: the decision table. What lookup.c, decide.c and defer.c read.
 */
#include "lookup.h"
#include "verify.h"

/*
 * The shape of a key, for the domain's HAS_* flags; SOURCE_DEFER needs one of
 * two flags.
 */
#define SHAPES \
	(EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_IDENTITY | EWX_DOMAIN_HAS_BOTH)
#define SOURCE_DEFER 0x80000000u

static u32 key_shape(u32 source, u32 identity)
{
	if (source == EWX_ANY) {
		if (identity == EWX_ANY || identity == EWX_DEFER)
			return 0;
		return EWX_DOMAIN_HAS_IDENTITY;
	}
	if (identity == EWX_ANY)
		return EWX_DOMAIN_HAS_SOURCE;
	if (identity == EWX_DEFER)
		return SOURCE_DEFER;
	return EWX_DOMAIN_HAS_BOTH;
}

static bool flags_have(u32 flags, u32 shape)
{
	if (shape & SOURCE_DEFER &&
	    !(flags & (EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH)))
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

static bool check_grant_rule(struct ewx_check *c, u32 at,
			     const struct ewx_grant_view *g)
{
	const struct ewx_policy *p = c->p;

	if (!g->perms || g->perms & ~ENCLAVE_PERM_ALL)
		return FAIL_GRANT(c, VALUE, at, perms);
	if (g->kind < EWX_RULE_ALLOW || g->kind > EWX_RULE_LOG)
		return FAIL_GRANT(c, VALUE, at, kind);
	if (g->rule >= ewx_count(p, EWX_SECTION_RULES))
		return FAIL_GRANT(c, REFERENCE, at, rule);
	if (EWX_GET32(p, RULES, ewx_rule, g->rule, kind) != g->kind)
		return FAIL_GRANT(c, VALUE, at, rule);
	if (g->kind != EWX_RULE_ALLOW && g->max != EWX_UNLIMITED)
		return FAIL_GRANT(c, VALUE, at, max);
	if (g->kind != EWX_RULE_ALLOW && g->until != EWX_FOREVER)
		return FAIL_GRANT(c, VALUE, at, until);
	return true;
}

/* The grant at byte @at of the record at hand. */
static bool check_grant_at(struct ewx_check *c, const u8 *record, u32 at)
{
	u32 reserved = offsetof(struct ewx_grant, reserved);
	struct ewx_grant_view g;
	enum ewx_fault_code code;

	ewx_grant_read(record + at, &g);
	if (!check_grant_rule(c, at, &g))
		return false;
	for (; reserved < sizeof(struct ewx_grant);
	     reserved += sizeof(__le32)) {
		if (ewx_read32(record + at + reserved))
			return ewx_check_fail(c, EWX_FAULT_RESERVED,
					      at + reserved);
	}
	if (!set_fits(c->p, g.set, &code))
		return ewx_check_fail(c, code,
				      at + (u32)offsetof(struct ewx_grant, set));
	return true;
}

static bool check_grant(struct ewx_check *c)
{
	return check_grant_at(c,
			      ewx_record(c->p, EWX_SECTION_GRANTS, c->index,
					 EWX_SIZE_GRANTS),
			      0);
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

static bool grant_has_set(const struct ewx_policy *p, u32 grant)
{
	return EWX_GET32(p, GRANTS, ewx_grant, grant, set) != EWX_NONE;
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
		u32 before = EWX_GET32(p, GRANTS, ewx_grant, i - 1, kind);
		u32 kind = EWX_GET32(p, GRANTS, ewx_grant, i, kind);

		if (kind_order(before) > kind_order(kind))
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

/* Key @a comes before key @b. */
static bool entry_before(const struct ewx_policy *p, u32 a, u32 b)
{
	u32 first = EWX_GET32(p, ENTRIES, ewx_entry, a, domain);
	u32 second = EWX_GET32(p, ENTRIES, ewx_entry, b, domain);

	if (first == second) {
		first = EWX_GET32(p, ENTRIES, ewx_entry, a, source);
		second = EWX_GET32(p, ENTRIES, ewx_entry, b, source);
	}
	if (first == second) {
		first = EWX_GET32(p, ENTRIES, ewx_entry, a, identity);
		second = EWX_GET32(p, ENTRIES, ewx_entry, b, identity);
	}
	return first < second;
}

/* The first grant of an entry, and that those in @cell may follow it. */
static bool check_entry_grants(struct ewx_check *c, u32 cell, u32 identity)
{
	const u8 *record = ewx_record(c->p, EWX_SECTION_ENTRIES, c->index,
				      EWX_SIZE_ENTRIES);
	struct ewx_grant_view first;
	u32 next;

	if (!check_grant_at(c, record, offsetof(struct ewx_entry, first)))
		return false;
	if (ewx_read64(record + offsetof(struct ewx_entry, reserved)))
		return EWX_FAIL(c, RESERVED, ewx_entry, reserved);
	ewx_grant_read(record + offsetof(struct ewx_entry, first), &first);
	if ((first.set != EWX_NONE) != (identity == EWX_DEFER))
		return EWX_FAIL(c, VALUE, ewx_entry, first.set);
	if (cell == EWX_NONE)
		return true;
	next = EWX_GET32(c->p, CELLS, ewx_cell, cell, first);
	if (grant_has_set(c->p, next) != (identity == EWX_DEFER))
		return EWX_FAIL(c, VALUE, ewx_entry, cell);
	if (kind_order(first.kind) >
	    kind_order(EWX_GET32(c->p, GRANTS, ewx_grant, next, kind)))
		return EWX_FAIL(c, ORDER, ewx_entry, cell);
	return true;
}

/* An entry by itself; adds its shape to @shapes if it is of every domain. */
static bool check_entry(struct ewx_check *c, u32 bucket, u32 *shapes)
{
	const struct ewx_policy *p = c->p;
	u32 domain = EWX_FIELD(c, ENTRIES, ewx_entry, domain);
	u32 source = EWX_FIELD(c, ENTRIES, ewx_entry, source);
	u32 identity = EWX_FIELD(c, ENTRIES, ewx_entry, identity);
	u32 cell = EWX_FIELD(c, ENTRIES, ewx_entry, cell);
	u32 shape = key_shape(source, identity);

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
	if ((ewx_entry_hash(p->seed, domain, source, identity) & p->mask) !=
	    bucket)
		return EWX_FAIL(c, ORDER, ewx_entry, domain);
	if (domain == EWX_ANY)
		*shapes |= shape;
	else if (!flags_have(ewx_domain_flags(p, domain), shape))
		return EWX_FAIL(c, VALUE, ewx_entry, domain);
	return true;
}

static bool check_bucket_entries(struct ewx_check *c, u32 bucket, u32 *shapes)
{
	u32 first = EWX_NUMBER(c->p, BUCKETS, bucket);
	u32 end = EWX_NUMBER(c->p, BUCKETS, bucket + 1);

	c->section = EWX_SECTION_ENTRIES;
	for (c->index = first; c->index < end; c->index++) {
		if (!check_entry(c, bucket, shapes))
			return false;
		if (c->index > first &&
		    !entry_before(c->p, c->index - 1, c->index))
			return EWX_FAIL(c, ORDER, ewx_entry, domain);
	}
	return true;
}

/* Buckets divide the entries among them, in order, at most so many each. */
static bool check_buckets(struct ewx_check *c)
{
	u32 last = ewx_count(c->p, EWX_SECTION_BUCKETS) - 1;
	u32 entries = ewx_count(c->p, EWX_SECTION_ENTRIES);
	u32 before = 0;

	c->section = EWX_SECTION_BUCKETS;
	for (c->index = 0; c->index <= last; c->index++) {
		u32 first = EWX_NUMBER(c->p, BUCKETS, c->index);

		if (first > entries)
			return ewx_check_fail(c, EWX_FAULT_REFERENCE, 0);
		if (first < before || (!c->index && first) ||
		    (c->index == last && first != entries))
			return ewx_check_fail(c, EWX_FAULT_ORDER, 0);
		if (first - before > EWX_BUCKET_MAX)
			return ewx_check_fail(c, EWX_FAULT_COUNT, 0);
		before = first;
	}
	return true;
}

static bool check_entries(struct ewx_check *c)
{
	u32 buckets = ewx_count(c->p, EWX_SECTION_BUCKETS) - 1;
	u32 domains = ewx_count(c->p, EWX_SECTION_DOMAINS);
	u32 shapes = 0;
	u32 bucket;

	for (bucket = 0; bucket < buckets; bucket++) {
		if (!check_bucket_entries(c, bucket, &shapes))
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
	return true;
}

bool ewx_verify_table(struct ewx_check *c)
{
	return ewx_check_each(c, EWX_SECTION_GRANTS, check_grant) &&
	       check_cells(c) && check_buckets(c) && check_entries(c);
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision table: from a key to the entries that concern it.
 *
 * Owns: hash, lines, which of the eight keys are tried. Knows nothing of what
 * grants say.
 */
#include "lookup.h"

/*
 * Rounds of xor, multiplication by an odd number and shift: every bit of the key
 * reaches all of both halves, each of which chooses a line.
 */
u64 ewx_entry_hash(u32 seed, u32 domain, u32 source, u32 identity)
{
	u64 h = (u64)seed << 32 | domain;

	h *= 0x9e3779b97f4a7c15ull;
	h ^= h >> 32;
	h = (h ^ ((u64)source << 32 | identity)) * 0xc2b2ae3d27d4eb4full;
	h ^= h >> 29;
	h *= 0x9e3779b97f4a7c15ull;
	return h ^ h >> 32;
}

static bool entry_is(const struct ewx_policy *p, u32 entry,
		     const struct ewx_probe *key)
{
	return EWX_GET32(p, ENTRIES, ewx_entry, entry, identity) ==
		       key->identity &&
	       EWX_GET32(p, ENTRIES, ewx_entry, entry, domain) == key->domain &&
	       EWX_GET32(p, ENTRIES, ewx_entry, entry, source) == key->source;
}

static void add_probe(const struct ewx_policy *p, struct ewx_rows *rows,
		      u32 domain, u32 source, u32 identity)
{
	struct ewx_probe *key = &rows->probe[rows->probes++];
	u64 hash = ewx_entry_hash(p->seed, domain, source, identity);
	u32 i;

	key->domain = domain;
	key->source = source;
	key->identity = identity;
	for (i = 0; i < 2; i++) {
		key->line[i] = ewx_entry_line(hash, i, p->lines);
		ewx_prefetch(ewx_record(p, EWX_SECTION_ENTRIES,
					key->line[i] * EWX_LINE_ENTRIES,
					EWX_SIZE_ENTRIES));
	}
}

/*
 * The keys of shape @shape: the domain's, whose flags are @flags, and every
 * domain's where there is one.
 */
static void add_both(const struct ewx_policy *p, struct ewx_rows *rows,
		     u32 domain, u32 source, u32 identity, u32 flags, u32 shape)
{
	if (!(flags & shape))
		return;
	add_probe(p, rows, domain, source, identity);
	if (p->any_shapes & shape)
		add_probe(p, rows, EWX_ANY, source, identity);
}

static bool find_key(const struct ewx_policy *p, const struct ewx_probe *key,
		     u32 *entry)
{
	u32 i;

	for (i = 0; i < 2 * EWX_LINE_ENTRIES; i++) {
		*entry = key->line[i / EWX_LINE_ENTRIES] * EWX_LINE_ENTRIES +
			 i % EWX_LINE_ENTRIES;
		if (entry_is(p, *entry, key))
			return true;
	}
	return false;
}

/* By now what is read in a large policy is on its way, for all keys. */
static void find_rows(const struct ewx_policy *p, struct ewx_rows *rows)
{
	u32 i;

	for (i = 0; i < rows->probes; i++) {
		if (find_key(p, &rows->probe[i], &rows->entry[rows->count]))
			rows->count++;
	}
}

/* What to try for a domain; one that does not exist meets the rules for all. */
static u32 shapes_of(const struct ewx_policy *p, u32 domain)
{
	if (domain >= ewx_count(p, EWX_SECTION_DOMAINS))
		return p->any_shapes;
	return EWX_GET32(p, DOMAINS, ewx_domain, domain, flags);
}

/* The keys of a question that do not depend on its source. */
static void add_sourceless(const struct ewx_policy *p, struct ewx_rows *rows,
			   const struct ewx_question *q, u32 flags)
{
	rows->count = 0;
	rows->probes = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_ANY, flags,
		 EWX_DOMAIN_HAS_PLAIN);
	add_both(p, rows, q->domain, EWX_ANY, q->identity, flags,
		 EWX_DOMAIN_HAS_IDENTITY);
}

void ewx_decide_expect(const struct ewx_policy *p, const struct ewx_question *q)
{
	struct ewx_rows rows;

	add_sourceless(p, &rows, q, shapes_of(p, q->domain));
}

void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows)
{
	u32 flags = shapes_of(p, q->domain);

	add_sourceless(p, rows, q, flags);
	add_both(p, rows, q->domain, q->source, EWX_ANY, flags,
		 EWX_DOMAIN_HAS_SOURCE);
	add_both(p, rows, q->domain, q->source, q->identity, flags,
		 EWX_DOMAIN_HAS_BOTH);
	find_rows(p, rows);
}

void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows)
{
	u32 flags = shapes_of(p, q->domain);

	rows->count = 0;
	rows->probes = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_DEFER, flags,
		 EWX_DOMAIN_HAS_PLAIN | EWX_DOMAIN_HAS_IDENTITY);
	add_both(p, rows, q->domain, q->source, EWX_DEFER, flags,
		 EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH);
	find_rows(p, rows);
}

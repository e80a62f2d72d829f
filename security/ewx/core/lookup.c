// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision table: from a key to the entries that concern it.
 *
 * Owns: hash, buckets, which of the eight keys are tried. Knows nothing of what
 * grants say.
 */
#include "lookup.h"

/*
 * Three rounds of xor, multiplication by an odd number and shift: every bit of
 * the key reaches the low bits, which choose the bucket.
 */
u32 ewx_entry_hash(u32 seed, u32 domain, u32 source, u32 identity)
{
	u32 h = seed;

	h = (h ^ domain) * 0x9e3779b1u;
	h ^= h >> 15;
	h = (h ^ source) * 0x85ebca6bu;
	h ^= h >> 13;
	h = (h ^ identity) * 0xc2b2ae35u;
	h ^= h >> 16;
	return h;
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

	key->domain = domain;
	key->source = source;
	key->identity = identity;
	key->bucket = ewx_entry_hash(p->seed, domain, source, identity) &
		      p->mask;
	ewx_prefetch(ewx_record(p, EWX_SECTION_BUCKETS, key->bucket,
				EWX_SIZE_BUCKETS));
}

/* The keys of one shape: a domain's, and every domain's where there is one. */
static void add_both(const struct ewx_policy *p, struct ewx_rows *rows,
		     u32 domain, u32 source, u32 identity, u32 shape)
{
	add_probe(p, rows, domain, source, identity);
	if (!shape || p->any_shapes & shape)
		add_probe(p, rows, EWX_ANY, source, identity);
}

static void find_entries(const struct ewx_policy *p, struct ewx_rows *rows)
{
	u32 i;

	for (i = 0; i < rows->probes; i++) {
		struct ewx_probe *key = &rows->probe[i];

		key->entry = EWX_NUMBER(p, BUCKETS, key->bucket);
		key->end = EWX_NUMBER(p, BUCKETS, key->bucket + 1);
		if (key->entry < key->end)
			ewx_prefetch(ewx_record(p, EWX_SECTION_ENTRIES,
						key->entry, EWX_SIZE_ENTRIES));
	}
}

/*
 * All keys go one step at a time: what a step of one key waits for, memory in a
 * large policy, comes along for the others.
 */
static void find_rows(const struct ewx_policy *p, struct ewx_rows *rows)
{
	u32 i, entry;

	find_entries(p, rows);
	for (i = 0; i < rows->probes; i++) {
		const struct ewx_probe *key = &rows->probe[i];

		for (entry = key->entry; entry < key->end; entry++) {
			if (!entry_is(p, entry, key))
				continue;
			rows->entry[rows->count++] = entry;
			break;
		}
	}
}

void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows)
{
	u32 flags = ewx_domain_flags(p, q->domain);

	rows->count = 0;
	rows->probes = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_ANY, 0);
	if (flags & EWX_DOMAIN_HAS_SOURCE)
		add_both(p, rows, q->domain, q->source, EWX_ANY,
			 EWX_DOMAIN_HAS_SOURCE);
	if (flags & EWX_DOMAIN_HAS_IDENTITY)
		add_both(p, rows, q->domain, EWX_ANY, q->identity,
			 EWX_DOMAIN_HAS_IDENTITY);
	if (flags & EWX_DOMAIN_HAS_BOTH)
		add_both(p, rows, q->domain, q->source, q->identity,
			 EWX_DOMAIN_HAS_BOTH);
	find_rows(p, rows);
}

void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows)
{
	const u32 with_source = EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH;
	u32 flags = ewx_domain_flags(p, q->domain);

	rows->count = 0;
	rows->probes = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_DEFER, 0);
	if (flags & with_source)
		add_both(p, rows, q->domain, q->source, EWX_DEFER, with_source);
	find_rows(p, rows);
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision table: from a key to the cells that concern it.
 *
 * Owns: hash, buckets, which of the eight keys are tried. Knows nothing of what
 * cells say.
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

static bool entry_is(const struct ewx_policy *p, u32 entry, u32 domain,
		     u32 source, u32 identity)
{
	return EWX_GET32(p, ENTRIES, ewx_entry, entry, identity) == identity &&
	       EWX_GET32(p, ENTRIES, ewx_entry, entry, domain) == domain &&
	       EWX_GET32(p, ENTRIES, ewx_entry, entry, source) == source;
}

static void add_row(const struct ewx_policy *p, struct ewx_rows *rows,
		    u32 domain, u32 source, u32 identity)
{
	u32 bucket = ewx_entry_hash(p->seed, domain, source, identity) &
		     p->mask;
	u32 entry = EWX_NUMBER(p, BUCKETS, bucket);
	u32 end = EWX_NUMBER(p, BUCKETS, bucket + 1);

	for (; entry < end; entry++) {
		if (entry_is(p, entry, domain, source, identity)) {
			rows->cell[rows->count++] =
				EWX_GET32(p, ENTRIES, ewx_entry, entry, cell);
			return;
		}
	}
}

/* The rows of a domain and of every domain. */
static void add_both(const struct ewx_policy *p, struct ewx_rows *rows,
		     u32 domain, u32 source, u32 identity)
{
	add_row(p, rows, domain, source, identity);
	add_row(p, rows, EWX_ANY, source, identity);
}

void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows)
{
	u32 flags = ewx_domain_flags(p, q->domain);

	rows->count = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_ANY);
	if (flags & EWX_DOMAIN_HAS_SOURCE)
		add_both(p, rows, q->domain, q->source, EWX_ANY);
	if (flags & EWX_DOMAIN_HAS_IDENTITY)
		add_both(p, rows, q->domain, EWX_ANY, q->identity);
	if (flags & EWX_DOMAIN_HAS_BOTH)
		add_both(p, rows, q->domain, q->source, q->identity);
}

void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows)
{
	u32 flags = ewx_domain_flags(p, q->domain);

	rows->count = 0;
	add_both(p, rows, q->domain, EWX_ANY, EWX_DEFER);
	if (flags & (EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH))
		add_both(p, rows, q->domain, q->source, EWX_DEFER);
}

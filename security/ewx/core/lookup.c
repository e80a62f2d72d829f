// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision table: from a key to the entries that concern it.
 *
 * Owns: which of the eight keys are tried, and finding them. Knows nothing of what
 * grants say. What the comments with an @ name is in tests/prove/lookup.h.
 */
#include "lookup.h"

static void add_probe(const struct ewx_policy *p, struct ewx_rows *rows,
		      enum ewx_section section, u32 lines, u64 key)
{
	struct ewx_probe *probe = &rows->probe[rows->probes++];
	u64 hash = ewx_entry_hash(p->seed, key);
	u32 i;

	probe->key = key;
	/*@ LOOP_OF_PROBE */
	for (i = 0; i < 2; i++) {
		probe->line[i] =
			ewx_record(p, section, ewx_entry_line(hash, i, lines),
				   EWX_LINE_ENTRIES * EWX_SIZE_ENTRIES);
		ewx_prefetch(probe->line[i]);
	}
}

/**
 * struct asked - the question while its keys are made.
 * @flags: shapes of entries that exist for its domain
 * @domain: it exists
 * @section: where to look
 * @lines: of that section
 */
struct asked {
	u32 flags;
	bool domain;
	enum ewx_section section;
	u32 lines;
};

/*
 * What to try for a domain; one that does not exist meets the rules for all. No key
 * is made of a number that the key has no room for.
 */
static struct asked asked_of(const struct ewx_policy *p, u32 domain,
			     enum ewx_section section)
{
	struct asked a = { .section = section, .flags = p->any_shapes };

	a.lines = section == EWX_SECTION_ROWS ? p->row_lines : p->lines;
	a.domain = domain < ewx_count(p, EWX_SECTION_DOMAINS);
	if (a.domain)
		a.flags = EWX_GET32(p, DOMAINS, ewx_domain, domain, flags);
	return a;
}

/*
 * The keys of shape @shape: the domain's, if it has such, and every domain's where
 * there is one.
 */
static void add_both(const struct ewx_policy *p, struct ewx_rows *rows,
		     const struct asked *a, u32 domain, u32 source,
		     u32 identity, u32 shape)
{
	if (!(a->flags & shape))
		return;
	if (a->domain)
		add_probe(p, rows, a->section, a->lines,
			  ewx_entry_key(domain, source, identity));
	if (p->any_shapes & shape)
		add_probe(p, rows, a->section, a->lines,
			  ewx_entry_key(EWX_ANY, source, identity));
}

static const u8 *find_key(const struct ewx_probe *probe, u64 mask)
{
	u32 i, n;

	/*@ LOOP_OF_LINES */
	for (i = 0; i < 2; i++) {
		/*@ LOOP_OF_LINE */
		for (n = 0; n < EWX_LINE_ENTRIES; n++) {
			const u8 *entry = probe->line[i] + n * EWX_SIZE_ENTRIES;

			if ((EWX_ENTRY_KEY(entry) | mask) == probe->key)
				return entry;
		}
	}
	return NULL;
}

/* By now what is read in a large policy is on its way, for all keys. */
static void find_rows(struct ewx_rows *rows)
{
	u32 i;

	/*@ LOOP_OF_FINDING */
	for (i = 0; i < rows->probes; i++) {
		const u8 *entry = find_key(&rows->probe[i], rows->mask);

		if (entry)
			rows->entry[rows->count++] = entry;
	}
}

/* Names are in classes; the class of what is in no name is in no key. */
static bool source_is_named(const struct ewx_policy *p, u32 class)
{
	return class != EWX_CLASS_UNLISTED && class < ewx_source_class_count(p);
}

static bool identity_is_named(const struct ewx_policy *p, u32 class)
{
	return class != EWX_CLASS_UNLISTED &&
	       class < ewx_identity_class_count(p);
}

/* The keys of a question that do not depend on its source. */
static void add_sourceless(const struct ewx_policy *p, struct ewx_rows *rows,
			   const struct asked *a, const struct ewx_question *q)
{
	rows->count = 0;
	rows->probes = 0;
	rows->mask = 0;
	add_both(p, rows, a, q->domain, EWX_ANY, EWX_ANY, EWX_DOMAIN_HAS_PLAIN);
	if (identity_is_named(p, q->identity))
		add_both(p, rows, a, q->domain, EWX_ANY, q->identity,
			 EWX_DOMAIN_HAS_IDENTITY);
}

void ewx_decide_expect(const struct ewx_policy *p, const struct ewx_question *q)
{
	struct asked a = asked_of(p, q->domain, EWX_SECTION_ENTRIES);
	struct ewx_rows rows;

	add_sourceless(p, &rows, &a, q);
}

void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows)
{
	struct asked a = asked_of(p, q->domain, EWX_SECTION_ENTRIES);

	add_sourceless(p, rows, &a, q);
	if (source_is_named(p, q->source)) {
		add_both(p, rows, &a, q->domain, q->source, EWX_ANY,
			 EWX_DOMAIN_HAS_SOURCE);
		if (identity_is_named(p, q->identity))
			add_both(p, rows, &a, q->domain, q->source, q->identity,
				 EWX_DOMAIN_HAS_BOTH);
	}
	find_rows(rows);
}

void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows)
{
	struct asked a = asked_of(p, q->domain, EWX_SECTION_ROWS);

	rows->count = 0;
	rows->probes = 0;
	rows->mask = EWX_KEY_CLASS_ANY;
	add_both(p, rows, &a, q->domain, EWX_ANY, EWX_ANY,
		 EWX_DOMAIN_HAS_PLAIN | EWX_DOMAIN_HAS_IDENTITY);
	if (source_is_named(p, q->source))
		add_both(p, rows, &a, q->domain, q->source, EWX_ANY,
			 EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH);
	find_rows(rows);
}

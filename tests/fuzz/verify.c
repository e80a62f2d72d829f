// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: a blob that verification accepts can be used for everything,
 * without reading outside it and with results in range. It decides what the rules of
 * its entries say, all of which are read for each question here; every state
 * of its automata can be the first; and what text it has is not another one's
 * (compiled.c says what can be asked of that).
 *
 * Blind changes rarely get past the layout; most of the mutations therefore
 * set one word of some section to a value near to what stands there.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "sample.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

/* What @what and rule @rule allow and deny of what @q asks. */
static void naive_grant(const struct ewx_policy *p,
			const struct ewx_question *q, u32 what, u32 rule,
			u32 *allowed, u32 *denied)
{
	u32 terms = EWX_GET32(p, RULES, ewx_rule, rule, terms);
	u32 written = EWX_GET32(p, RULES, ewx_rule, rule, what);
	u32 perms = what & written & q->required & ENCLAVE_PERM_ALL;
	u64 until = EWX_FOREVER;
	u32 max = EWX_UNLIMITED;

	must(!(what & EWX_WHAT_PERMS & ~written),
	     "a grant has no permission that its rule has not");
	if (terms != EWX_NONE) {
		until = EWX_GET64(p, TERMS, ewx_terms, terms, until);
		max = EWX_GET32(p, TERMS, ewx_terms, terms, max);
	}
	if (written >> EWX_KIND_SHIFT == EWX_RULE_DENY)
		*denied |= perms;
	if (written >> EWX_KIND_SHIFT != EWX_RULE_ALLOW ||
	    (until != EWX_FOREVER && (q->now < p->built || q->now > until)))
		return;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (perms >> bit & 1 &&
		    (max == EWX_UNLIMITED || !q->uses || q->uses[bit] <= max))
			*allowed |= 1u << bit;
}

/* A grant with the set @set is for class @identity. */
static bool naive_in_set(const struct ewx_policy *p, u32 set, u32 identity)
{
	return ewx_set_word(p, set + identity / 64) >> identity % 64 & 1;
}

/* What all entries of @section together allow of what @q asks. */
static u32 naive_allowed(const struct ewx_policy *p,
			 const struct ewx_question *q, enum ewx_section section)
{
	bool rows = section == EWX_SECTION_ROWS;
	u32 allowed = 0, denied = 0;

	for (u32 i = 0; i < ewx_count(p, section); i++) {
		const u8 *at = ewx_record(p, section, i, EWX_SIZE_ENTRIES);
		u64 key = ewx_read64(at);
		u32 what = ewx_read32(at + offsetof(struct ewx_entry, what));
		u32 rule = ewx_read32(at + offsetof(struct ewx_entry, rule));
		u32 domain = (u32)(key >> 44), source = key >> 22 & 0x3fffff;
		u32 low = key & 0x3fffff;

		if (!what || (domain != 0xfffff && domain != q->domain) ||
		    (source != 0x3fffff && source != q->source) ||
		    (!rows && low != 0x3fffff && low != q->identity))
			continue;
		if (ewx_kind(what) != EWX_GRANT_CELL) {
			if (!rows || naive_in_set(p, low, q->identity))
				naive_grant(p, q, what, rule, &allowed,
					    &denied);
			continue;
		}
		for (u32 g = 0; g < EWX_GET32(p, CELLS, ewx_cell, rule, count);
		     g++) {
			u32 n = EWX_GET32(p, CELLS, ewx_cell, rule, first) + g;
			u32 set = EWX_GET32(p, GRANTS, ewx_grant, n, set);

			if (!rows || naive_in_set(p, set, q->identity))
				naive_grant(p, q,
					    EWX_GET32(p, GRANTS, ewx_grant, n,
						      what),
					    EWX_GET32(p, GRANTS, ewx_grant, n,
						      rule),
					    &allowed, &denied);
		}
	}
	return allowed & ~denied;
}

/* The question when the identity is not known: which classes may have it all. */
static void check_deferral(const struct ewx_policy *p, struct ewx_question q,
			   u64 *candidates)
{
	u32 classes = ewx_identity_class_count(p);
	struct ewx_verdict v;

	memset(candidates, 0xff, p->set_words * sizeof(*candidates));
	q.required &= ENCLAVE_PERM_ALL;
	ewx_defer(p, &q, candidates, &v);
	for (q.identity = 0;
	     q.required && q.identity < classes && q.identity < 64;
	     q.identity++)
		must((candidates[0] >> q.identity & 1) ==
			     (naive_allowed(p, &q, EWX_SECTION_ROWS) ==
			      q.required),
		     "those classes are candidates that may have it all");
}

static void check_decisions(const struct ewx_policy *p, u64 *candidates)
{
	static const u32 no[] = { 0xffffe, 0xfffff, 0x100001, EWX_ANY };
	static const u32 none[] = { 0x3ffffe, 0x3fffff, 0x400001, EWX_ANY };
	u64 uses[ENCLAVE_PERM_COUNT];
	struct ewx_verdict v;

	for (u32 i = 0; i < ENCLAVE_PERM_COUNT; i++)
		uses[i] = 3 + i;
	for (u32 i = 0; i < 6 * 6 * 6; i += 5) {
		u32 d = i % 6, s = i / 6 % 6, e = i / 36;
		struct ewx_question q = {
			.domain = d < 4 ? d : no[i % 4],
			.source = s < 4 ? s : none[i / 3 % 4],
			.identity = e < 4 ? e : none[i / 5 % 4],
			.required = i % 7 ? 1u << i % ENCLAVE_PERM_COUNT : ~0u,
			.now = p->built + (i % 3 - 1) * 200000000ull,
			.uses = i % 5 ? uses : NULL,
		};

		if (!s)
			q.source = EWX_CLASS_UNLISTED;
		ewx_decide(p, &q, &v);
		if (q.domain >= ewx_count(p, EWX_SECTION_DOMAINS))
			q.domain = EWX_ANY;
		if (q.source >= ewx_source_class_count(p))
			q.source = EWX_ANY;
		if (q.identity >= ewx_identity_class_count(p))
			q.identity = EWX_ANY;
		must(v.allowed == naive_allowed(p, &q, EWX_SECTION_ENTRIES),
		     "the decision is what all entries say");
		if (e < 2)
			check_deferral(p, q, candidates);
	}
}

/* A path made of what tails hold, with a "/" here and there. */
static u32 tail_path(const struct ewx_policy *p, u32 seed, char path[64])
{
	u32 tails = ewx_count(p, EWX_SECTION_TAILS), length = seed % 48;

	for (u32 i = 0; i < length; i++)
		path[i] = tails && (seed >> i % 13 & 3) ?
				  (char)*ewx_record(p, EWX_SECTION_TAILS,
						    (seed / 7 + i) % tails, 1) :
				  '/';
	return length;
}

/* Paths from every state on, as if automata began there. */
static void check_states(const u8 *data, size_t size, struct ewx_policy p)
{
	u32 states = ewx_count(&p, EWX_SECTION_STATES);
	u8 *blob = malloc(size);

	must(blob != NULL, "there is memory");
	memcpy(blob, data, size);
	p.blob = blob;
	for (u32 s = 0, n = 0; n < 48;
	     n++, s = (s + 1 + states / 48) % states) {
		u32 start = p.section[EWX_SECTION_AUTOMATA].offset;
		char path[64], *end;
		u32 length = tail_path(&p, n * 2654435761u >> 8, path);

		blob_set32(blob + start, s);
		end = malloc(length + 1);
		must(end != NULL, "there is memory");
		memcpy(end, path, length);
		ewx_match(&p, EWX_AUTOMATON_EXE, end, length);
		free(end);
	}
	free(blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	u64 *candidates;
	u32 unsigned_size;

	if (size > 1 << 20)
		return 0;
	unsigned_size = ewx_policy_signed_size(data, size);
	must(!unsigned_size || unsigned_size < size,
	     "a signature has a length");
	if (!ewx_policy_verify(data, (u32)size, &p, &fault)) {
		must(fault.code && fault.offset <= size,
		     "what is refused has a reason and a place");
		return 0;
	}
	candidates = calloc(p.set_words, sizeof(*candidates));
	must(candidates != NULL, "there is memory");
	sample_exercise(&p, candidates);
	check_decisions(&p, candidates);
	check_states(data, size, p);
	compiled_read_back(&p, data, size);
	free(candidates);
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	static struct sample sample;

	if (!sample.b.bytes) {
		sample_init(&sample);
		sample_stars(&sample);
	}
	if (size < sample.b.size && max_size >= sample.b.size) {
		memcpy(data, sample.b.bytes, sample.b.size);
		return sample.b.size;
	}
	return compiled_change(data, size, max_size, seed);
}

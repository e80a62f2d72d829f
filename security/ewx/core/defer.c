// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision, identity not known yet: which identity classes would pass.
 *
 * Owns: intersecting the candidates with what the DEFER rows give, and naming
 * what is missing when none is left. A class passes if every permission is
 * allowed to it by some grant that holds and denied to it by none. What the comments
 * with an @ name is in tests/prove/defer.h.
 */
#include "lookup.h"

/**
 * struct ewx_deferral - how the permissions fared over all words of the sets.
 * A bit stands for a permission.
 * @p: see @rows
 * @q: see @rows
 * @rows: what is judged
 * @met: some candidate has it
 * @kept: some candidate has it and all permissions before it
 * @open: some candidate is not denied it
 */
struct ewx_deferral {
	const struct ewx_policy *p;
	const struct ewx_question *q;
	struct ewx_rows rows;
	u32 met;
	u32 kept;
	u32 open;
};

/* Word @word of the classes to which permission @bit is allowed and denied. */
static void unite_sets(const struct ewx_deferral *d, u32 bit, u32 word,
		       u64 *allowed, u64 *denied)
{
	struct ewx_grants grants;
	struct ewx_grant_view g;
	u32 i;

	*allowed = 0;
	*denied = 0;
	for (i = 0; i < d->rows.count; i++) {
		ewx_grants_begin(d->p, d->rows.entry[i], &grants);
		while (ewx_grants_next(d->p, &grants, 1u << bit, &g)) {
			if (g.kind == EWX_RULE_DENY)
				*denied |= ewx_set_word(d->p, g.set + word);
			else if (g.kind == EWX_RULE_ALLOW &&
				 ewx_allow_reason(d->p, d->q, &g, bit) ==
					 EWX_REASON_GRANTED)
				*allowed |= ewx_set_word(d->p, g.set + word);
		}
	}
}

/* What is left of word @word of the candidates. What is no permission nobody has. */
static u64 narrow_word(struct ewx_deferral *d, u32 word, u64 candidates)
{
	u32 left = d->q->required & ENCLAVE_PERM_ALL;
	u64 kept = left == d->q->required ? candidates : 0;

	for (; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);
		u32 mask = 1u << bit;
		u64 allowed, denied;

		unite_sets(d, bit, word, &allowed, &denied);
		if (candidates & ~denied)
			d->open |= mask;
		allowed &= ~denied;
		kept &= allowed;
		if (allowed & candidates)
			d->met |= mask;
		if (kept)
			d->kept |= mask;
	}
	return kept;
}

/* The set of grant @g and @candidates have a class in common. */
static bool concerns(const struct ewx_policy *p, const struct ewx_grant_view *g,
		     const u64 *candidates)
{
	u32 word;

	for (word = 0; word < p->set_words; word++) {
		if (ewx_set_word(p, g->set + word) & candidates[word])
			return true;
	}
	return false;
}

/*
 * Weigh what the grants of the rows say: with @candidates, which is not empty,
 * those that concern one of them; without, all. A denial counts only for
 * permissions that were denied to every candidate.
 */
static void weigh_rows(const struct ewx_deferral *d, const u64 *candidates,
		       struct ewx_weighing *w)
{
	struct ewx_grants grants;
	struct ewx_grant_view g;
	u32 i;

	for (i = 0; i < d->rows.count; i++) {
		ewx_grants_begin(d->p, d->rows.entry[i], &grants);
		while (ewx_grants_next(d->p, &grants, d->q->required, &g)) {
			u32 perms = g.perms & d->q->required;

			if (g.kind == EWX_RULE_DENY)
				perms &= ~d->open;
			if (!perms ||
			    (candidates && !concerns(d->p, &g, candidates)))
				continue;
			ewx_weigh(d->p, d->q, &g, perms, w);
			/* When it ends, fewer candidates may be left. */
			if (g.until >= d->q->now && g.until < w->v->valid_until)
				w->v->valid_until = g.until;
		}
	}
}

/* The permissions that emptied the set: see ewx_defer(). */
static u32 missing(const struct ewx_deferral *d)
{
	u32 required = d->q->required;
	u32 none = required & ~d->met;

	if (none)
		return none;
	none = required & ~d->kept;
	/*@ LOWEST_STAYS */
	return none & ~(none - 1);
}

/*
 * Correct the verdict that weighing without regard to sets gave: what a rule
 * grants, but to no candidate, is missing for want of identity.
 */
static void tell_missing(u32 required, u32 denied, struct ewx_verdict *v)
{
	u32 left = denied & ENCLAVE_PERM_ALL;

	for (; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);

		if (v->reason[bit] == EWX_REASON_GRANTED)
			v->reason[bit] = EWX_REASON_IDENTITY;
	}
	v->allowed = required & ~denied;
	v->denied = denied;
}

bool ewx_defer(const struct ewx_policy *p, const struct ewx_question *q,
	       u64 *candidates, struct ewx_verdict *v)
{
	struct ewx_deferral d __uninitialized;
	struct ewx_weighing w __uninitialized;
	bool any = false;
	u32 word;

	d.p = p;
	d.q = q;
	d.met = 0;
	d.kept = 0;
	d.open = 0;
	ewx_rows_deferred(p, q, &d.rows);
	for (word = 0; word < p->set_words; word++) {
		candidates[word] = narrow_word(&d, word, candidates[word]);
		if (candidates[word])
			any = true;
	}
	ewx_weigh_start(&w, v, q->required);
	weigh_rows(&d, any ? candidates : NULL, &w);
	ewx_weigh_finish(&w, q->required);
	if (!any)
		tell_missing(q->required, missing(&d), v);
	return any;
}

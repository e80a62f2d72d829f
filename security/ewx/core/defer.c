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
	/*@ LOOP_OF_UNITED_ROWS */
	for (i = 0; i < d->rows.count; i++) {
		ewx_grants_begin(d->p, d->rows.entry[i], &grants);
		/*@ LOOP_OF_UNITED_GRANTS */
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

	/*@ LOOP_OF_NARROWING */
	for (; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);
		u32 mask = 1u << bit;
		u64 allowed, denied;

		/*@ LOWEST_GOES */
		/*@ GOES_ALONE */
		/*@ SETS_ARE_THE_SAME */
		/*@ ROWS_HAD_SETS */
		/*@ ROWS_HAVE_SETS */
		unite_sets(d, bit, word, &allowed, &denied);
		if (candidates & ~denied)
			d->open |= mask;
		allowed &= ~denied;
		kept &= allowed;
		if (allowed & candidates)
			d->met |= mask;
		/*@ MAYBE_MET */
		if (kept)
			d->kept |= mask;
		/*@ MAYBE_KEPT */
	}
	return kept;
}

/* The set of grant @g and @candidates have a class in common. */
static bool concerns(const struct ewx_policy *p, const struct ewx_grant_view *g,
		     const u64 *candidates)
{
	u32 word;

	/*@ LOOP_OF_CONCERNS */
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

	/*@ LOOP_OF_WEIGHED_ROWS */
	for (i = 0; i < d->rows.count; i++) {
		/*@ ROW_IS_SOUND */
		ewx_grants_begin(d->p, d->rows.entry[i], &grants);
		/*@ LOOP_OF_WEIGHED_GRANTS */
		while (ewx_grants_next(d->p, &grants, d->q->required, &g)) {
			u32 perms = g.perms & d->q->required;

			/*@ KNOWS_PERMS */
			if (g.kind == EWX_RULE_DENY)
				perms &= ~d->open;
			/*@ KNOWS_PERMS */
			if (!perms ||
			    (candidates && !concerns(d->p, &g, candidates)))
				continue;
			ewx_weigh(d->p, d->q, &g, perms, w);
			/*@ BLOB_STAYS */
			/*@ POLICY_STAYS */
			/*@ WALK_STAYS */
			/*@ SETS_STAY */
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

	/*@ HAS_WHAT_IS_NOT_MET */
	if (none)
		return none;
	none = required & ~d->kept;
	/*@ HAS_WHAT_IS_NOT_KEPT */
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

	/*@ LOOP_OF_MISSING */
	for (; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);

		/*@ LOWEST_GOES */
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
	/*@ CANDIDATES_ARE_APART */
	/*@ ONE_THAT_IS_LEFT */
	/*@ LOOP_OF_WORDS */
	for (word = 0; word < p->set_words; word++) {
		candidates[word] = narrow_word(&d, word, candidates[word]);
		if (candidates[word])
			any = true;
		/*@ IS_ONE */
	}
	/*@ NONE_IS_BACK */
	/*@ LAST_IS_MISSING */
	/*@ BEFORE(Start) */
	ewx_weigh_start(&w, v, q->required);
	/*@ CANDIDATES_STAY(Start) */
	/*@ BEGUN */
	/*@ POLICY_IS_SAME */
	/*@ NONE_IS_BACK */
	/*@ LAST_IS_MISSING */
	/*@ BEFORE(Rows) */
	weigh_rows(&d, any ? candidates : NULL, &w);
	/*@ CANDIDATES_STAY(Rows) */
	/*@ NONE_IS_BACK */
	/*@ LAST_IS_MISSING */
	/*@ BEFORE(Finish) */
	ewx_weigh_finish(&w, q->required);
	/*@ CANDIDATES_STAY(Finish) */
	/*@ NONE_IS_BACK */
	/*@ LAST_IS_MISSING */
	if (!any)
		tell_missing(q->required, missing(&d), v);
	return any;
}

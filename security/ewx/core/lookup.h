/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The entries of the decision table that concern a question. Used by decide.c
 * and defer.c only. What the comments with an @ name is in tests/prove/grants.h.
 */
#ifndef _SECURITY_EWX_CORE_LOOKUP_H
#define _SECURITY_EWX_CORE_LOOKUP_H

#include "read.h"

#define EWX_ROWS_MAX 8 /* {domain, any} x {source, any} x {identity, any} */

/**
 * struct ewx_probe - a key that is looked up, and where it may be.
 * @key: see ewx_entry_key()
 * @line: where it is, if it is anywhere: the first entry of a line
 */
struct ewx_probe {
	u64 key;
	const u8 *line[2];
};

/**
 * struct ewx_rows - the entries of a question.
 * @count: of @entry
 * @probes: of @probe
 * @mask: bits of an entry's key that are no part of it
 * @entry: entries to unite; @count of them
 * @probe: keys that were tried; @probes of them
 */
struct ewx_rows {
	u32 count;
	u32 probes;
	u64 mask;
	const u8 *entry[EWX_ROWS_MAX];
	struct ewx_probe probe[EWX_ROWS_MAX];
};

/** ewx_rows_known() - the entries of a question whose identity is known. */
void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows);

/** ewx_rows_deferred() - the rows of a question whose identity is unknown. */
void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows);

/**
 * struct ewx_grant_view - a grant as read, with its terms.
 * @perms: access vector
 * @kind: enum ewx_rule_kind
 * @rule: RULES index that a record names
 * @max: pages, EWX_UNLIMITED without
 * @until: last second, EWX_FOREVER without
 * @set: SETS index of the identity classes it is for, or EWX_NONE
 */
struct ewx_grant_view {
	u32 perms;
	u32 kind;
	u32 rule;
	u32 max;
	u64 until;
	u32 set;
};

/* The words of a grant, wherever it is. */
static inline void ewx_grant_read(const struct ewx_policy *p, u32 what,
				  u32 rule, u32 set, struct ewx_grant_view *g)
{
	g->perms = what & EWX_WHAT_PERMS;
	g->kind = ewx_kind(what);
	g->rule = rule;
	g->set = set;
	g->max = EWX_UNLIMITED;
	g->until = EWX_FOREVER;
	if (what & EWX_GRANT_LIMITED)
		ewx_rule_terms(p, rule, &g->max, &g->until);
	/*@ POLICY_IS_AS_IT_WAS */
}

#define EWX_ENTRY_KEY(entry) \
	ewx_read64((entry) + offsetof(struct ewx_entry, key))
#define EWX_ENTRY32(entry, field) EWX_FIELD32(entry, ewx_entry, field)
#define EWX_GRANT32(grant, field) EWX_FIELD32(grant, ewx_grant, field)

/**
 * struct ewx_grants - the grants of an entry, one after the other.
 * @at: the next one: a struct ewx_grant, or the entry itself
 * @left: how many there are from there on
 * @inside: the entry is its only grant
 */
struct ewx_grants {
	const u8 *at;
	u32 left;
	bool inside;
};

static inline void ewx_grants_begin(const struct ewx_policy *p, const u8 *entry,
				    struct ewx_grants *it)
{
	u32 cell = EWX_ENTRY32(entry, rule);

	/*@ CELL_IS_THERE */
	it->inside = ewx_kind(EWX_ENTRY32(entry, what)) != EWX_GRANT_CELL;
	it->at = entry;
	it->left = 1;
	if (it->inside)
		return;
	it->at = ewx_record(p, EWX_SECTION_GRANTS,
			    EWX_GET32(p, CELLS, ewx_cell, cell, first),
			    EWX_SIZE_GRANTS);
	it->left = EWX_GET32(p, CELLS, ewx_cell, cell, count);
}

/*
 * Read the next grant that speaks of any of @perms; false: there is none. Of the others
 * no more is read.
 */
static __always_inline bool ewx_grants_next(const struct ewx_policy *p,
					    struct ewx_grants *it, u32 perms,
					    struct ewx_grant_view *g)
{
	/*@ LOOP_OF_GRANTS */
	while (it->left) {
		const u8 *at = it->at;
		u32 what = it->inside ? EWX_ENTRY32(at, what) :
					EWX_GRANT32(at, what);

		/*@ GRANT_IS_THERE */
		it->left--;
		it->at += EWX_SIZE_GRANTS;
		if (!(what & perms & EWX_WHAT_PERMS))
			continue;
		/*@ WALK_GOES_ON */
		/*@ SETS_ARE_THERE */
		if (it->inside)
			ewx_grant_read(
				p, what, EWX_ENTRY32(at, rule),
				(u32)EWX_ENTRY_KEY(at) & EWX_KEY_CLASS_ANY, g);
		else
			ewx_grant_read(p, what, EWX_GRANT32(at, rule),
				       EWX_GRANT32(at, set), g);
		/*@ WALK_GOES_ON */
		return true;
	}
	return false;
}

/* decide.c, for defer.c: */

/**
 * struct ewx_weighing - a verdict in the making.
 * @v: reason and rule per permission so far
 * @weight: how good the best rule with this reason is, per permission of which a rule
 *	spoke
 * @until: until when it holds, likewise
 */
struct ewx_weighing {
	struct ewx_verdict *v;
	u64 weight[ENCLAVE_PERM_COUNT];
	u64 until[ENCLAVE_PERM_COUNT];
};

/** ewx_weigh_start() - every permission of @required has no rule. */
void ewx_weigh_start(struct ewx_weighing *w, struct ewx_verdict *v,
		     u32 required);

/** ewx_weigh() - what grant @g says about the permissions @perms. */
void ewx_weigh(const struct ewx_policy *p, const struct ewx_question *q,
	       const struct ewx_grant_view *g, u32 perms,
	       struct ewx_weighing *w);

/** ewx_weigh_finish() - fill the rest of the verdict. */
void ewx_weigh_finish(struct ewx_weighing *w, u32 required);

/** ewx_allow_reason() - GRANTED, EXPIRED or MAX: what allowing @g is worth. */
enum ewx_reason ewx_allow_reason(const struct ewx_policy *p,
				 const struct ewx_question *q,
				 const struct ewx_grant_view *g, u32 bit);

#endif /* _SECURITY_EWX_CORE_LOOKUP_H */

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The entries of the decision table that concern a question. Used by decide.c
 * and defer.c only.
 */
#ifndef _SECURITY_EWX_CORE_LOOKUP_H
#define _SECURITY_EWX_CORE_LOOKUP_H

#include "read.h"

#define EWX_ROWS_MAX 8 /* {domain, any} x {source, any} x {identity, any} */

/**
 * struct ewx_probe - a key that is looked up, and where it may be.
 * @domain: see @identity
 * @source: see @identity
 * @identity: the key
 * @line: where it is, if it is anywhere
 */
struct ewx_probe {
	u32 domain;
	u32 source;
	u32 identity;
	u32 line[2];
};

/**
 * struct ewx_rows - the entries of a question.
 * @count: of @entry
 * @probes: of @probe
 * @entry: entries to unite; @count of them
 * @probe: keys that were tried; @probes of them
 */
struct ewx_rows {
	u32 entry[EWX_ROWS_MAX];
	u32 count;
	struct ewx_probe probe[EWX_ROWS_MAX];
	u32 probes;
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

static inline u32 ewx_grant_word(const u8 *grant, u32 field)
{
	return ewx_read32(grant + field);
}

static inline u32 ewx_grant_kind(const u8 *grant)
{
	return ewx_grant_word(grant, offsetof(struct ewx_grant, what)) >>
	       EWX_GRANT_KIND_SHIFT;
}

static inline void ewx_grant_read(const struct ewx_policy *p, const u8 *grant,
				  struct ewx_grant_view *g)
{
	u32 what = ewx_grant_word(grant, offsetof(struct ewx_grant, what));
	u32 terms = ewx_grant_word(grant, offsetof(struct ewx_grant, terms));

	g->perms = what & EWX_GRANT_PERMS;
	g->kind = what >> EWX_GRANT_KIND_SHIFT;
	g->rule = ewx_grant_word(grant, offsetof(struct ewx_grant, rule));
	g->set = ewx_grant_word(grant, offsetof(struct ewx_grant, set));
	g->max = EWX_UNLIMITED;
	g->until = EWX_FOREVER;
	if (terms == EWX_NONE)
		return;
	g->max = EWX_GET32(p, TERMS, ewx_terms, terms, max);
	g->until = EWX_GET64(p, TERMS, ewx_terms, terms, until);
}

/**
 * struct ewx_grants - the grants of an entry, one after the other.
 * @grant: the next one, where it lies; NULL: there is none
 * @cell: further ones; EWX_NONE: there are none, or they have begun
 * @left: grants that follow @grant, once they have begun
 */
struct ewx_grants {
	const u8 *grant;
	u32 cell;
	u32 left;
};

static inline void ewx_grants_begin(const struct ewx_policy *p, u32 entry,
				    struct ewx_grants *it)
{
	it->grant = ewx_record(p, EWX_SECTION_ENTRIES, entry,
			       EWX_SIZE_ENTRIES) +
		    offsetof(struct ewx_entry, first);
	it->cell = EWX_GET32(p, ENTRIES, ewx_entry, entry, cell);
	it->left = 0;
}

/* Read a grant and go on to the one after it; false: there is none. */
static inline bool ewx_grants_next(const struct ewx_policy *p,
				   struct ewx_grants *it,
				   struct ewx_grant_view *g)
{
	if (!it->grant)
		return false;
	ewx_grant_read(p, it->grant, g);
	if (it->cell != EWX_NONE) {
		u32 first = EWX_GET32(p, CELLS, ewx_cell, it->cell, first);

		it->left = EWX_GET32(p, CELLS, ewx_cell, it->cell, count) - 1;
		it->grant = ewx_record(p, EWX_SECTION_GRANTS, first,
				       EWX_SIZE_GRANTS);
		it->cell = EWX_NONE;
	} else if (it->left) {
		it->left--;
		it->grant += EWX_SIZE_GRANTS;
	} else {
		it->grant = NULL;
	}
	return true;
}

/* decide.c, for defer.c: */

/**
 * struct ewx_weighing - a verdict in the making.
 * @v: reason and rule per permission so far
 * @weight: how good the best rule with this reason is, per permission
 * @until: until when it holds, per permission
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

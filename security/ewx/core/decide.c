// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The decision, identity known: unite up to eight entries, deny beats allow.
 *
 * Owns: what a grant is worth (until, max) and which rule a verdict names. The
 * order of grants in an entry does not matter here. What the comments with an @
 * name is in tests/prove/verdict.h.
 */
#include "lookup.h"

/*
 * The clock can be trusted once it has reached the policy's build stamp. What
 * ends some day has ended while it cannot.
 */
static bool clock_is_trusted(const struct ewx_policy *p, u64 now)
{
	return now >= p->built;
}

static bool has_ended(const struct ewx_policy *p, u64 until, u64 now)
{
	if (until == EWX_FOREVER)
		return false;
	return !clock_is_trusted(p, now) || now > until;
}

bool ewx_domain_permissive(const struct ewx_policy *p, u32 domain, u64 now)
{
	if (!(ewx_domain_flags(p, domain) & EWX_DOMAIN_PERMISSIVE))
		return false;
	return !has_ended(
		p, EWX_GET64(p, DOMAINS, ewx_domain, domain, permissive_until),
		now);
}

enum ewx_reason ewx_allow_reason(const struct ewx_policy *p,
				 const struct ewx_question *q,
				 const struct ewx_grant_view *g, u32 bit)
{
	if (has_ended(p, g->until, q->now))
		return EWX_REASON_EXPIRED;
	if (g->max != EWX_UNLIMITED && q->uses && q->uses[bit] > g->max)
		return EWX_REASON_MAX;
	return EWX_REASON_GRANTED;
}

/* Which reason is told when several rules speak of a permission. */
static u32 rank(u32 reason)
{
	switch (reason) {
	case EWX_REASON_DENIED:
		return 5;
	case EWX_REASON_GRANTED:
		return 4;
	case EWX_REASON_MAX:
		return 3;
	case EWX_REASON_EXPIRED:
		return 2;
	case EWX_REASON_NO_RULE:
		return 1;
	default:
		return 0;
	}
}

void ewx_weigh_start(struct ewx_weighing *w, struct ewx_verdict *v,
		     u32 required)
{
	u32 left = required & ENCLAVE_PERM_ALL;
	u32 bit;

	w->v = v;
	v->allowed = 0;
	v->denied = 0;
	v->logged = 0;
	v->valid_until = EWX_FOREVER;
	/* Some stores of whole words, not a loop. */
#pragma GCC unroll 32
	/*@ LOOP_OF_CLEARING */
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		v->reason[bit] = EWX_REASON_NONE;
		v->rule[bit] = EWX_NONE;
	}
	/*@ LOOP_OF_START */
	for (; left; left &= left - 1)
		v->reason[ewx_lowest_bit(left)] = EWX_REASON_NO_RULE;
}

/* Of rules with the same reason the weightiest is told, else the first. */
static void tell(struct ewx_weighing *w, u32 bit, enum ewx_reason reason,
		 u64 weight, const struct ewx_grant_view *g)
{
	struct ewx_verdict *v = w->v;

	if (rank(reason) < rank(v->reason[bit]))
		return;
	if (reason == v->reason[bit] && weight <= w->weight[bit])
		return;
	v->reason[bit] = (u8)reason;
	v->rule[bit] = g->rule;
	w->weight[bit] = weight;
	w->until[bit] = g->until;
}

static void weigh_allow(const struct ewx_policy *p,
			const struct ewx_question *q,
			const struct ewx_grant_view *g, u32 bit,
			struct ewx_weighing *w)
{
	enum ewx_reason reason = ewx_allow_reason(p, q, g, bit);
	u64 weight = reason == EWX_REASON_MAX ? g->max : g->until;

	/* Could be granted as soon as the clock can be trusted. */
	if (reason == EWX_REASON_EXPIRED && !clock_is_trusted(p, q->now) &&
	    w->v->valid_until >= p->built)
		w->v->valid_until = p->built - 1;
	tell(w, bit, reason, weight, g);
}

void ewx_weigh(const struct ewx_policy *p, const struct ewx_question *q,
	       const struct ewx_grant_view *g, u32 perms,
	       struct ewx_weighing *w)
{
	u32 left;

	if (g->kind == EWX_RULE_LOG) {
		w->v->logged |= perms;
		return;
	}
	/*@ LOOP_OF_WEIGH */
	for (left = perms; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);

		if (g->kind == EWX_RULE_ALLOW)
			weigh_allow(p, q, g, bit, w);
		else
			tell(w, bit, EWX_REASON_DENIED, EWX_FOREVER, g);
	}
}

void ewx_weigh_finish(struct ewx_weighing *w, u32 required)
{
	struct ewx_verdict *v = w->v;
	u32 left = required & ENCLAVE_PERM_ALL;

	/*@ LOOP_OF_FINISH */
	for (; left; left &= left - 1) {
		u32 bit = ewx_lowest_bit(left);

		if (v->reason[bit] != EWX_REASON_GRANTED)
			continue;
		v->allowed |= 1u << bit;
		/*@ ALLOWED_TOO */
		if (w->until[bit] < v->valid_until)
			v->valid_until = w->until[bit];
	}
	v->denied = required & ~v->allowed;
}

static void weigh_entry(const struct ewx_policy *p,
			const struct ewx_question *q, const u8 *entry,
			struct ewx_weighing *w)
{
	struct ewx_grants grants;
	struct ewx_grant_view g;

	ewx_grants_begin(p, entry, &grants);
	while (ewx_grants_next(p, &grants, q->required, &g))
		ewx_weigh(p, q, &g, g.perms & q->required, w);
}

void ewx_decide(const struct ewx_policy *p, const struct ewx_question *q,
		struct ewx_verdict *v)
{
	struct ewx_weighing w __uninitialized;
	struct ewx_rows rows __uninitialized;
	u32 i;

	ewx_weigh_start(&w, v, q->required);
	ewx_rows_known(p, q, &rows);
	for (i = 0; i < rows.count; i++)
		weigh_entry(p, q, rows.entry[i], &w);
	ewx_weigh_finish(&w, q->required);
}

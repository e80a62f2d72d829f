// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/defer.c as Frama-C sees it: the source as it is, then contracts of
 * what only it knows. Never compiled.
 */
#include "defer.h"
#include "security/ewx/core/defer.c"

/*@
  REQUIRES_DEFERRAL
  requires bit <= LAST && word < d->p->set_words;
  requires \valid(allowed) && \valid(denied) && \separated(allowed, denied);
  requires APART(allowed, d) && APART(denied, d);
  assigns *allowed, *denied;
*/
static void unite_sets(const struct ewx_deferral *d, u32 bit, u32 word,
		       u64 *allowed, u64 *denied);

/*@
  REQUIRES_DEFERRAL
  requires \valid(d) && word < d->p->set_words;
  requires \separated(d, d->p) && \separated(d, d->q);
  assigns d->met, d->kept, d->open;
  ensures narrowed: \forall integer n; 0 <= n < 64 ==> BIT(\result, n) ==>
    BIT(candidates, n);
  ensures stays_empty: candidates == 0 ==> \result == 0;
  ensures known: \forall integer n; LAST < n < 32 ==> BIT(d->met, n) ==>
    BIT(\old(d->met), n);
  ensures all_or_none: HAS_TOP(REQUIRED) ==> TOP(d->kept, REQUIRED) ==>
    \result != 0 || TOP(\old(d->kept), REQUIRED);
*/
static u64 narrow_word(struct ewx_deferral *d, u32 word, u64 candidates);

/*@
  requires is_laid_out(p) && \valid_read(g) && is_set(SETS_OF(p), g->set);
  requires \valid_read(WORDS_OF(p, candidates));
  assigns \nothing;
*/
static bool concerns(const struct ewx_policy *p, const struct ewx_grant_view *g,
		     const u64 *candidates);

/*@
  REQUIRES_DEFERRAL
  requires WEIGHING(w);
  requires candidates == \null || \valid_read(WORDS_OF(d->p, candidates));
  requires ASIDE(d, w) && ASIDE(d->p, w) && ASIDE(d->q, w);
  requires BLOB_ASIDE(d->p, w->v);
  assigns WEIGHED(w);
  ensures WORDS_STAY(w, w->v)
*/
static void weigh_rows(const struct ewx_deferral *d, const u64 *candidates,
		       struct ewx_weighing *w);

/*@
  requires \valid_read(d) && \valid_read(d->q);
  assigns \nothing;
  ensures required: \forall integer n; 0 <= n < 32 ==> BIT(\result, n) ==>
    BIT(d->q->required, n);
  ensures some: \forall integer n; 0 <= n < 32 ==> BIT(d->q->required, n) ==>
    !BIT(d->met, n) || !BIT(d->kept, n) ==> \result != 0;
*/
static u32 missing(const struct ewx_deferral *d);

/*@
  requires \valid(v);
  assigns v->reason[0 .. LAST], v->allowed, v->denied;
  ensures denied: v->denied == denied;
  ensures rest: v->allowed == (required & (unsigned int)~denied);
*/
static void tell_missing(u32 required, u32 denied, struct ewx_verdict *v);

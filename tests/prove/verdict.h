/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/decide.c: how grants are weighed.
 *
 * Owns: contracts in ACSL. No axioms. Must not be included but by the headers here.
 */
#include "bits.h"
#include "blob.h"
#include "security/ewx/core/lookup.h"

#define WORTH(reason)							\
	((reason) == EWX_REASON_GRANTED || (reason) == EWX_REASON_MAX ||	\
	 (reason) == EWX_REASON_EXPIRED)

#define LOOP_OF_CLEARING						\
  loop invariant 0 <= bit <= ENCLAVE_PERM_COUNT;			\
  loop invariant \forall integer n; 0 <= n < bit ==>			\
    v->reason[n] == EWX_REASON_NONE;					\
  loop assigns bit, v->reason[0 .. LAST], v->rule[0 .. LAST];		\
  loop variant ENCLAVE_PERM_COUNT - bit;

#define LOOP_OF_START							\
  loop invariant \forall integer n; 0 <= n < 32 ==> BIT(left, n) ==>	\
    IS_BIT(n) && BIT(required, n);					\
  loop invariant \forall integer n; IS_BIT(n) ==> v->reason[n] ==	\
    (BIT(required, n) && !BIT(left, n) ? EWX_REASON_NO_RULE :		\
					 EWX_REASON_NONE);		\
  loop assigns left, v->reason[0 .. LAST];				\
  loop variant left;

#define LOOP_OF_WEIGH							\
  loop invariant g->kind == \at(g->kind, Pre);				\
  loop invariant \forall integer n; 0 <= n < 32 ==> BIT(left, n) ==>	\
    BIT(perms, n);							\
  loop invariant \forall integer n; IS_BIT(n) ==> !BIT(perms, n) ==>	\
    w->v->reason[n] == \at(w->v->reason[n], Pre);			\
  loop invariant \forall integer n; IS_BIT(n) ==>			\
    \at(w->v->reason[n], Pre) == EWX_REASON_DENIED ==>			\
    w->v->reason[n] == EWX_REASON_DENIED;				\
  loop invariant g->kind != EWX_RULE_ALLOW ==>				\
    \forall integer n;							\
    IS_BIT(n) ==> BIT(perms, n) ==> BIT(left, n) ||			\
    w->v->reason[n] == EWX_REASON_DENIED;				\
  loop assigns left, w->v->reason[0 .. LAST], w->v->rule[0 .. LAST],	\
    w->weight[0 .. LAST], w->until[0 .. LAST], w->v->valid_until;	\
  loop variant left;

#define LOOP_OF_FINISH							\
  loop invariant \forall integer n; 0 <= n < 32 ==> BIT(left, n) ==>	\
    IS_BIT(n) && BIT(required, n);					\
  loop invariant \forall integer n; 0 <= n < 32 ==>			\
    (BIT(v->allowed, n) <==> IS_BIT(n) && BIT(required, n) &&		\
     !BIT(left, n) && v->reason[n] == EWX_REASON_GRANTED);		\
  loop assigns left, v->allowed, v->valid_until;			\
  loop variant left;

#define ALLOWED_TOO							\
  assert \forall integer n; 0 <= n < 32 ==> (BIT(v->allowed, n) <==>	\
    BIT(\at(v->allowed, LoopCurrent), n) || n == bit);

/* The compiler's, which Frama-C does not know. */
/*@
  requires word != 0;
  assigns \nothing;
  ensures 0 <= \result < 32 && BIT(word, \result);
  ensures lowest(word, \result);
*/
int __builtin_ctz(unsigned int word);

/*@
  requires word != 0;
  assigns \nothing;
  ensures 0 <= \result < 32 && BIT(word, \result);
  ensures lowest(word, \result);
*/
static inline u32 ewx_lowest_bit(u32 word);

/*@
  requires \valid_read(p);
  assigns \nothing;
  ensures \result <==> now >= p->built;
*/
static bool clock_is_trusted(const struct ewx_policy *p, u64 now);

/*@
  requires \valid_read(p);
  assigns \nothing;
  ensures \result <==>
    until != EWX_FOREVER && (now < p->built || now > until);
*/
static bool has_ended(const struct ewx_policy *p, u64 until, u64 now);

/*@
  requires \valid_read(p) && \valid_read(q) && \valid_read(g);
  requires bit <= LAST;
  requires q->uses == \null || \valid_read(q->uses + (0 .. LAST));
  assigns \nothing;
  ensures worth: WORTH(\result);
  ensures ended: g->until != EWX_FOREVER && (q->now < p->built || q->now > g->until) ==>
    \result == EWX_REASON_EXPIRED;
  ensures used_up: q->uses != \null && g->max != EWX_UNLIMITED &&
    q->uses[bit] > g->max ==> \result != EWX_REASON_GRANTED;
*/
enum ewx_reason ewx_allow_reason(const struct ewx_policy *p,
				 const struct ewx_question *q,
				 const struct ewx_grant_view *g, u32 bit);

/*@
  assigns \nothing;
  ensures denial: reason == EWX_REASON_DENIED ==> \result == 5;
  ensures others: reason != EWX_REASON_DENIED ==> 0 <= \result < 5;
*/
static u32 rank(u32 reason);

#define WEIGHING(w)							\
	(\valid(w) && \valid((w)->v) && \separated(w, (w)->v))
#define ASIDE(at, w) \separated(at, w, (w)->v)
#define USES_ARE_THERE(q)						\
	((q)->uses == \null || \valid_read((q)->uses + (0 .. LAST)))
#define BLOB_ASIDE(p, v) \separated(v, (p)->blob + (0 .. (p)->size - 1))
/* No word is written but those of a verdict in the making. */
#define WORDS_STAY(w, v)						\
  words: \forall u64 *words, integer n; are_apart(w, v, words, n) ==>	\
    same_words{Pre, Post}(words, n);
/*@
  predicate are_apart(struct ewx_weighing *w, struct ewx_verdict *v,
    u64 *words, integer n) = \separated(v, words + (0 .. n - 1)) &&
    \separated(w, words + (0 .. n - 1));
*/
#define WEIGHED(w)							\
	(w)->v->reason[0 .. LAST], (w)->v->rule[0 .. LAST],		\
	(w)->weight[0 .. LAST], (w)->until[0 .. LAST],			\
	(w)->v->valid_until, (w)->v->logged

/*@
  requires \valid(w) && \valid(v) && \separated(w, v);
  assigns w->v, w->weight[0 .. LAST], w->until[0 .. LAST], *v;
  ensures begun: w->v == v;
  ensures nothing_yet: v->allowed == 0 && v->denied == 0 && v->logged == 0;
  ensures unknown: \forall integer n; IS_BIT(n) ==>
    v->reason[n] == (BIT(required, n) ? EWX_REASON_NO_RULE : EWX_REASON_NONE);
  ensures policy: \forall struct ewx_policy *p; \separated(p, w, v) ==>
    same_policy{Pre, Post}(p);
  ensures blob: \forall u8 *blob, integer size;
    \separated(v, blob + (0 .. size - 1)) ==> same_bytes{Pre, Post}(blob, size);
  ensures WORDS_STAY(w, v)
*/
void ewx_weigh_start(struct ewx_weighing *w, struct ewx_verdict *v,
		     u32 required);

/*@
  requires WEIGHING(w) && \valid_read(g) && ASIDE(g, w);
  requires bit <= LAST;
  requires reason == EWX_REASON_DENIED || WORTH(reason);
  assigns w->v->reason[bit], w->v->rule[bit], w->weight[bit], w->until[bit];
  ensures denied_stays: \old(w->v->reason[bit]) == EWX_REASON_DENIED ==>
    w->v->reason[bit] == EWX_REASON_DENIED;
  ensures deny_wins: reason == EWX_REASON_DENIED ==>
    w->v->reason[bit] == EWX_REASON_DENIED;
  ensures old_or_new: w->v->reason[bit] == \old(w->v->reason[bit]) ||
    w->v->reason[bit] == reason;
*/
static void tell(struct ewx_weighing *w, u32 bit, enum ewx_reason reason,
		 u64 weight, const struct ewx_grant_view *g);

/*@
  requires WEIGHING(w) && \valid_read(p) && \valid_read(q) && \valid_read(g);
  requires ASIDE(g, w) && ASIDE(q, w) && ASIDE(p, w);
  requires q->uses == \null || \valid_read(q->uses + (0 .. LAST));
  requires bit <= LAST;
  assigns w->v->reason[bit], w->v->rule[bit], w->weight[bit], w->until[bit],
    w->v->valid_until;
  ensures denied_stays: \old(w->v->reason[bit]) == EWX_REASON_DENIED ==>
    w->v->reason[bit] == EWX_REASON_DENIED;
  ensures old_or_worth: w->v->reason[bit] == \old(w->v->reason[bit]) ||
    WORTH(w->v->reason[bit]);
*/
static void weigh_allow(const struct ewx_policy *p,
			const struct ewx_question *q,
			const struct ewx_grant_view *g, u32 bit,
			struct ewx_weighing *w);

/*@
  requires WEIGHING(w) && \valid_read(p) && \valid_read(q) && \valid_read(g);
  requires ASIDE(g, w) && ASIDE(q, w) && ASIDE(p, w);
  requires q->uses == \null || \valid_read(q->uses + (0 .. LAST));
  requires \forall integer n; LAST < n < 32 ==> !BIT(perms, n);
  requires BLOB_ASIDE(p, w->v);
  assigns w->v->reason[0 .. LAST], w->v->rule[0 .. LAST],
    w->weight[0 .. LAST], w->until[0 .. LAST], w->v->valid_until, w->v->logged;
  ensures denied_stays: \forall integer n; IS_BIT(n) ==>
    \old(w->v->reason[n]) == EWX_REASON_DENIED ==>
    w->v->reason[n] == EWX_REASON_DENIED;
  ensures deny_beats_allow:
    \old(g->kind) != EWX_RULE_ALLOW && \old(g->kind) != EWX_RULE_LOG ==>
    \forall integer n; IS_BIT(n) ==> BIT(perms, n) ==>
    w->v->reason[n] == EWX_REASON_DENIED;
  ensures nothing_outside_the_mask: \forall integer n; IS_BIT(n) ==>
    !BIT(perms, n) ==> w->v->reason[n] == \old(w->v->reason[n]);
  ensures only_allow_grants: \old(g->kind) != EWX_RULE_ALLOW ==>
    \forall integer n; IS_BIT(n) ==>
    \old(w->v->reason[n]) != EWX_REASON_GRANTED ==>
    w->v->reason[n] != EWX_REASON_GRANTED;
  ensures policy: same_policy{Pre, Post}(p);
  ensures blob: same_bytes{Pre, Post}(\old(p->blob), \old(p->size));
*/
void ewx_weigh(const struct ewx_policy *p, const struct ewx_question *q,
	       const struct ewx_grant_view *g, u32 perms,
	       struct ewx_weighing *w);

/*@
  requires WEIGHING(w);
  requires w->v->allowed == 0;
  assigns w->v->allowed, w->v->denied, w->v->valid_until;
  ensures granted_only: \forall integer n; IS_BIT(n) ==>
    (BIT(w->v->allowed, n) <==>
     BIT(required, n) && w->v->reason[n] == EWX_REASON_GRANTED);
  ensures nothing_else: \forall integer n; LAST < n < 32 ==>
    !BIT(w->v->allowed, n);
  ensures WORDS_STAY(w, w->v)
  ensures rest_is_denied: w->v->denied == (required & (unsigned int)~w->v->allowed);
*/
void ewx_weigh_finish(struct ewx_weighing *w, u32 required);

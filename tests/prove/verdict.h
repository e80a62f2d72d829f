/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/decide.c: how grants are weighed.
 *
 * Owns: contracts in ACSL and the axioms they rest on. Must not be included but by
 * the headers here.
 */
#include "security/ewx/core/lookup.h"

#define BIT(x, n)	((((x) >> (n)) & 1) != 0)
#define LAST		(ENCLAVE_PERM_COUNT - 1)
#define IS_BIT(n)	(0 <= (n) <= LAST)
#define WORTH(reason)							\
	((reason) == EWX_REASON_GRANTED || (reason) == EWX_REASON_MAX ||	\
	 (reason) == EWX_REASON_EXPIRED)

/*@
  predicate lowest(integer x, integer n) = 0 <= n < 32 && BIT(x, n) &&
    \forall integer m; 0 <= m < n ==> !BIT(x, m);

  axiomatic bits {
    axiom no_bits: \forall integer n; !BIT(0, n);
    axiom one_bit: \forall integer n, k; 0 <= n < 32 ==> 0 <= k < 32 ==>
      (BIT(1 << n, k) <==> n == k);
    axiom one_bit_fits: \forall integer n; 0 <= n < 32 ==>
      0 < (1 << n) <= 0x80000000;
    axiom permissions_only: \forall integer x, n; 0 <= n < 32 ==>
      (BIT(x & ENCLAVE_PERM_ALL, n) <==> (n <= LAST && BIT(x, n)));
    axiom without_lowest: \forall integer x, n, k;
      0 < x <= 0xffffffff ==> 0 <= k < 32 ==> lowest(x, n) ==>
      (BIT(x & (x - 1), k) <==> (BIT(x, k) && k != n));
    axiom without_lowest_less: \forall integer x;
      0 < x <= 0xffffffff ==> 0 <= (x & (x - 1)) < x;
  }
*/

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

/*@
  requires \valid(w) && \valid(v) && \separated(w, v);
  assigns w->v, w->weight[0 .. LAST], w->until[0 .. LAST], *v;
  ensures begun: w->v == v;
  ensures nothing_yet: v->allowed == 0 && v->denied == 0 && v->logged == 0;
  ensures unknown: \forall integer n; IS_BIT(n) ==>
    v->reason[n] == (BIT(required, n) ? EWX_REASON_NO_RULE : EWX_REASON_NONE);
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
  ensures rest_is_denied: w->v->denied == (required & (unsigned int)~w->v->allowed);
*/
void ewx_weigh_finish(struct ewx_weighing *w, u32 required);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/defer.c: that an empty set of candidates denies.
 *
 * Owns: what its loops keep, and an axiom. Must not be included by anything else.
 */
#include "grants.h"
#include "verdict.h"

/*@
  predicate highest(integer x, integer n) = 0 <= n < 32 && BIT(x, n) &&
    \forall integer m; n < m < 32 ==> !BIT(x, m);

  axiomatic ends {
    logic integer lowest_of(integer x);
    logic integer highest_of(integer x);
    axiom has_ends: \forall integer x; 0 < x <= 0xffffffff ==>
      lowest(x, lowest_of(x)) && highest(x, highest_of(x));
  }

  // Number @x without its bit @n.
  predicate goes(integer x, integer less, integer n) = 0 <= less < x &&
    \forall integer k; 0 <= k < 32 ==>
    (BIT(less, k) <==> (BIT(x, k) && k != n));
  lemma one_less_fits: \forall integer x; 0 < x <= 0xffffffff ==>
    (unsigned int)(x - 1) == x - 1;
  lemma less_goes: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> goes(x, x & (x - 1), n);
  lemma lowest_goes: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> goes(x, x & (unsigned int)(x - 1), n);
  lemma one_bit_of_32: \forall integer n, k; 0 <= n < 32 ==> 0 <= k < 32 ==>
    (BIT((unsigned int)(1 << n), k) <==> k == n);

  predicate is_within(integer x, integer y) =
    \forall integer k; 0 <= k < 32 ==> BIT(x, k) ==> BIT(y, k);
  predicate has_none(integer x) =
    \forall integer k; 0 <= k < 32 ==> !BIT(x, k);
  lemma last_goes_last: \forall integer x, less, n, y, last;
    lowest(x, n) ==> goes(x, less, n) ==> is_within(x, y) ==>
    highest(y, last) ==> BIT(x, last) ==> BIT(less, last) || has_none(less);

  lemma bits_of_both: \forall integer x, y, n; 0 <= n < 32 ==>
    (BIT(x | y, n) <==> (BIT(x, n) || BIT(y, n)));
  lemma lowest_is_gone: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> !BIT(x & (x - 1), n);
  lemma lowest_of_both: \forall integer x, n; lowest(x, n) ==>
    BIT(x & (x - 1), n) || !BIT(x - 1, n);
  lemma one_less: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> !BIT(x - 1, n);

  // Of candidates: that there are none, and that there is one, in a word.
  predicate are_empty(u64 *words, integer count) =
    \forall integer k; 0 <= k < count ==> words[k] == 0;
  predicate is_left(u64 *words, integer count, integer one) =
    one < count && words[one] != 0;
  lemma empty_stay{K, L}: \forall u64 *words, integer count;
    same_words{K, L}(words, count) ==> are_empty{K}(words, count) ==>
    are_empty{L}(words, count);
  lemma left_stays{K, L}: \forall u64 *words, integer count, one; 0 <= one ==>
    same_words{K, L}(words, count) ==> is_left{K}(words, count, one) ==>
    is_left{L}(words, count, one);
  lemma none_is_left: \forall u64 *words, integer count, one; 0 <= one ==>
    are_empty(words, count) ==> !is_left(words, count, one);
*/

/* The last permission of all: candidates that have it and those before it have all. */
#define HAS_TOP(perms)							\
	(IS_BIT(highest_of(perms)) && highest(perms, highest_of(perms)))
#define TOP(bits, perms) BIT(bits, highest_of(perms))
#define WORDS_OF(p, candidates) ((candidates) + (0 .. (p)->set_words - 1))
#define REQUIRES_DEFERRAL						\
  requires \valid_read(d) && \valid_read(d->q);				\
  requires USES_ARE_THERE(d->q);						\
  REQUIRES_RULES(d->p)							\
  requires rows_are_entries(d->p, EWX_SECTION_ROWS, &d->rows);
#define APART(at, d)							\
	(\separated(at, d) && \separated(at, (d)->p) && \separated(at, (d)->q))
#define LOOP_OF_UNITED_ROWS						\
  loop invariant 0 <= i <= d->rows.count;				\
  loop assigns i, grants, g, *allowed, *denied;				\
  loop variant d->rows.count - i;
#define LOOP_OF_UNITED_GRANTS						\
  loop invariant IS_WALK(d->p, &grants);				\
  loop invariant WALK_HAS_SETS(d->p, &grants);				\
  loop assigns grants.at, grants.left, g, *allowed, *denied;		\
  loop variant grants.left;

/* What is written is not in the blob, nor in the policy that says where it is. */
#define SAME_BLOB(p)							\
	same_bytes{Pre, Here}(\at((p)->blob, Pre), \at((p)->size, Pre))

#define LOWEST_GOES							\
  assert goes: goes(left, left & (unsigned int)(left - 1), bit);

/* Number by number, as what is written is next to the policy. */
#define IS_SAME(what)	what == \at(what, Pre)
#define SETS_ARE_THE_SAME						\
  assert same: IS_SAME(d->p->blob) && IS_SAME(START(d->p, CELLS)) &&	\
    IS_SAME(START(d->p, GRANTS)) && IS_SAME(COUNT(d->p, SETS)) &&	\
    IS_SAME(d->p->set_words) && IS_SAME(START(d->p, ROWS)) &&		\
    IS_SAME(COUNT(d->p, ROWS));
#define THEIR_SETS							\
  have_sets(d->p->blob, START(d->p, CELLS), START(d->p, GRANTS),		\
    SETS_OF(d->p), START(d->p, ROWS), COUNT(d->p, ROWS))
#define ROWS_HAD_SETS							\
  assert before: \at(THEIR_SETS, Pre);
#define ROWS_HAVE_SETS							\
  assert rows: THEIR_SETS;

#define REQUIRED \at(d->q->required, Pre)
#define GOES_ALONE							\
  assert alone: (\forall integer k; 0 <= k < 32 ==>			\
    (BIT(mask, k) <==> k == bit)) &&					\
    (HAS_TOP(REQUIRED) ==>						\
     TOP(left & (unsigned int)(left - 1), REQUIRED) ||			\
     has_none(left & (unsigned int)(left - 1)));
#define NONE_BUT(bits)							\
	(\forall integer k; 0 <= k < 32 ==> BIT(bits, k) ==>		\
	 BIT(\at(bits, LoopCurrent), k) || k == bit)
#define MAYBE_MET							\
  assert met: NONE_BUT(d->met) && d->kept == \at(d->kept, LoopCurrent);
#define MAYBE_KEPT							\
  assert kept: NONE_BUT(d->kept) &&					\
    (kept == 0 ==> d->kept == \at(d->kept, LoopCurrent));
#define LOOP_OF_NARROWING						\
  loop invariant is_within(left, REQUIRED);				\
  loop invariant \forall integer n; LAST < n < 32 ==> !BIT(left, n);	\
  loop invariant \forall integer n; 0 <= n < 64 ==> BIT(kept, n) ==>	\
    BIT(candidates, n);							\
  loop invariant candidates == 0 ==> kept == 0;				\
  loop invariant \forall integer n; LAST < n < 32 ==> BIT(d->met, n) ==>	\
    BIT(\at(d->met, Pre), n);						\
  loop invariant HAS_TOP(REQUIRED) ==> TOP(left, REQUIRED) ==>		\
    TOP(d->kept, REQUIRED) ==> TOP(\at(d->kept, Pre), REQUIRED);		\
  loop invariant HAS_TOP(REQUIRED) ==> TOP(left, REQUIRED) ||		\
    has_none(left);							\
  loop invariant HAS_TOP(REQUIRED) ==> !TOP(left, REQUIRED) ==>		\
    TOP(d->kept, REQUIRED) ==>						\
    kept != 0 || TOP(\at(d->kept, Pre), REQUIRED);			\
  loop assigns left, kept, d->met, d->kept, d->open;			\
  loop variant left;

#define LOOP_OF_CONCERNS						\
  loop invariant 0 <= word <= p->set_words;				\
  loop assigns word;							\
  loop variant p->set_words - word;

#define LOOP_OF_WEIGHED_ROWS						\
  loop invariant 0 <= i <= d->rows.count;				\
  loop invariant SAME_BLOB(d->p);					\
  loop invariant same_policy{Pre, Here}(d->p);				\
  loop assigns i, grants, g, WEIGHED(w);				\
  loop variant d->rows.count - i;
#define LOOP_OF_WEIGHED_GRANTS						\
  loop invariant SAME_BLOB(d->p);					\
  loop invariant same_policy{Pre, Here}(d->p);				\
  loop invariant IS_WALK(d->p, &grants);				\
  loop invariant WALK_HAS_SETS(d->p, &grants);				\
  loop assigns grants.at, grants.left, g, WEIGHED(w);			\
  loop variant grants.left;

/* What a verdict is told is not in the blob, nor in the walk. */
#define BLOB_STAYS							\
  assert stays: SAME_BLOB(d->p);
#define POLICY_STAYS	assert policy: same_policy{Pre, Here}(d->p);
#define ROW_IS_SOUND							\
  assert row: HAS_GRANTS(d->p) && IS_SOUND(d->p, d->rows.entry[i]) &&	\
    HAS_SETS(d->p, d->rows.entry[i]);
#define KNOWS_PERMS	assert knows_perms(perms);
#define WALK_STAYS							\
  assert walk: IS_WALK(d->p, &grants) && ((&grants)->left == 0 ||	\
    !(&grants)->inside);
#define SETS_STAY	assert sets: WALK_HAS_SETS(d->p, &grants);
#define HAS_WHAT_LACKS(bits)						\
  (\forall integer n; 0 <= n < 32 ==> BIT(required, n) ==>		\
   !BIT(bits, n) ==> BIT(none, n))
#define HAS_WHAT_IS_NOT_MET						\
  assert not_met: HAS_WHAT_LACKS(d->met);
#define HAS_WHAT_IS_NOT_KEPT						\
  assert not_kept: HAS_WHAT_LACKS(d->kept);
#define LOWEST_STAYS							\
  assert stays: none != 0 ==>							\
    BIT(none & (unsigned int)~(none - 1), lowest_of(none));
#define NOBODY_HAS_LAST							\
	(!TOP(d.met, q->required) || !TOP(d.kept, q->required))
#define CANDIDATES_ARE_APART						\
  assert apart: are_apart(&w, v, candidates, \at(p->set_words, Pre));
#define BEFORE(call)	ghost call: ;
#define CANDIDATES_STAY(call)						\
  assert same: same_words{call, Here}(candidates, \at(p->set_words, Pre));
#define ONE_THAT_IS_LEFT	ghost u32 one = 0;
#define IS_ONE	ghost if (candidates[word]) one = word;
#define ONE_IS_LEFT(words)						\
	(any != 0 ==> is_left(candidates, words, one))
#define CANDIDATES_ARE_LESS						\
	((\at(are_empty(candidates, p->set_words), Pre) ==>		\
	  are_empty(candidates, \at(p->set_words, Pre))) &&		\
	 ONE_IS_LEFT(\at(p->set_words, Pre)))
/* The clearing of the verdict wrote nothing that is in the blob. */
#define BEGUN								\
  assert begun: SAME_BLOB(p);
#define POLICY_IS_SAME	assert same_policy{Pre, Here}(p);
/* What is left of the candidates, and what is missing, stays after each call. */
#define NONE_IS_BACK	assert less: CANDIDATES_ARE_LESS;
#define LAST_IS_MISSING							\
  assert nobody: q->required != 0 ==> any == 0 ==>			\
    highest(q->required, highest_of(q->required)) && NOBODY_HAS_LAST;

#define LOOP_OF_MISSING							\
  loop invariant \forall integer n; 0 <= n < 32 ==> BIT(left, n) ==>	\
    IS_BIT(n);								\
  loop assigns left, v->reason[0 .. LAST];				\
  loop variant left;

#define LOOP_OF_WORDS							\
  loop invariant 0 <= word <= p->set_words;				\
  loop invariant same_policy{Pre, Here}(p);				\
  loop invariant SAME_BLOB(p);						\
  loop invariant ONE_IS_LEFT(word);					\
  loop invariant \forall integer k; 0 <= k < word ==>			\
    \at(candidates[k], Pre) == 0 ==> candidates[k] == 0;		\
  loop invariant \forall integer k; word <= k < p->set_words ==>	\
    candidates[k] == \at(candidates[k], Pre);				\
  loop invariant \forall integer n; LAST < n < 32 ==> !BIT(d.met, n);	\
  loop invariant HAS_TOP(q->required) ==> TOP(d.kept, q->required) ==>	\
    any != 0;								\
  loop assigns word, any, one, d.met, d.kept, d.open,			\
    candidates[0 .. p->set_words - 1];					\
  loop variant p->set_words - word;

/*@
  REQUIRES_RULES(p)
  requires \valid_read(q) && USES_ARE_THERE(q) && \valid(v);
  requires \valid(WORDS_OF(p, candidates));
  requires \separated(v, p) && \separated(v, q);
  requires \separated(v, WORDS_OF(p, candidates));
  requires \separated(p, WORDS_OF(p, candidates));
  requires \separated(q, WORDS_OF(p, candidates));
  requires BLOB_ASIDE(p, v);
  assigns *v, candidates[0 .. p->set_words - 1];
  ensures empty_denies: are_empty(candidates, \old(p->set_words)) ==> !\result &&
    (q->required != 0 ==> v->denied != 0);
  ensures stays_empty: \old(are_empty(candidates, p->set_words)) ==>
    are_empty(candidates, \old(p->set_words));
  ensures no_candidate: !\result && q->required != 0 ==> v->denied != 0;
  ensures rest: !\result ==> v->allowed == (q->required & (unsigned int)~v->denied);
*/
bool ewx_defer(const struct ewx_policy *p, const struct ewx_question *q,
	       u64 *candidates, struct ewx_verdict *v);

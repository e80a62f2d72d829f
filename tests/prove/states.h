/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/verify_match.c: that states and transitions which
 * pass go on with states, as the walk over them takes for granted.
 *
 * Owns: contracts in ACSL. No axioms. Must not be included by anything else.
 */
#include "automaton.h"
#include "checks.h"

#define IS_AT(c, SECTION)						\
	(IS_CHECK(c) && (c)->section == EWX_SECTION_##SECTION &&	\
	 (c)->index < COUNT((c)->p, SECTION))
#define THIS_STATE(c)	STATE_AT((c)->p, (c)->index)
#define FITS(p, i)							\
	is_state(STATE_AT(p, i), COUNT(p, STATES), COUNT(p, TRANSITIONS))

#define TAIL_FITS(p, i)							\
	(LENGTH_OF(STATE_AT(p, i)) != 0 ==>				\
	 is_tail(STATE_AT(p, i), STATE_AT(p, FALLBACK_OF(STATE_AT(p, i))), \
		 COUNT(p, TAILS)))

/*@
  lemma a_byte_is_no_star: \forall u8 length; !IS_STAR(length);
  lemma short_is_no_star: \forall integer length; 0 <= length <= EWX_TAIL_MAX ==>
    !IS_STAR(length);
  lemma star_is_a_kind: \forall u32 length; (length & ~EWX_TAIL_MAX) == 0 ==>
    !IS_STAR(length);
*/

/* Steps between: what the next one needs, in the words that it needs. */
#define TAIL_IS_THERE assert *next <= COUNT(c->p, TAILS);
#define SECTIONS_ARE_KEPT assert are_kept{Pre, Here}(c->p);
#define EACH_IS_KEPT							\
  assert \forall integer s; 0 <= s < EWX_SECTION_COUNT ==>		\
    c->p->section[s].offset == \at(c->p->section[s].offset, Pre) &&	\
    c->p->section[s].count == \at(c->p->section[s].count, Pre);
#define LOOP_OF_ALL_STATES						\
  loop invariant c->p == \at(c->p, Pre) && c->fault == \at(c->fault, Pre); \
  loop invariant c->section == EWX_SECTION_STATES;			\
  loop invariant are_kept{Pre, Here}(c->p);				\
  loop invariant count == COUNT(c->p, STATES);				\
  loop invariant is_laid_out(c->p);					\
  loop invariant 0 <= c->index <= count;				\
  loop invariant tail <= COUNT(c->p, TAILS);				\
  loop invariant \forall integer i; 0 < i < c->index ==>		\
    \at(FITS(c->p, i), Pre);						\
  loop assigns c->index, tail, *c->fault;				\
  loop variant count - c->index;

/*@
  assigns \nothing;
  ensures \result <==> index < count || index == none;
*/
static inline bool ewx_index_or(u32 index, u32 count, u32 none);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a verified policy is, as far as the walk over an automaton rests on it.
 *
 * Owns: the part of the invariant that concerns automata. No axioms. Must not be included
 * but by the headers here.
 */
#include "blob.h"

#define STATE_AT(p, i)	RECORD(p, STATES, i, 16)
#define SLOT_AT(p, i)	RECORD(p, TRANSITIONS, i, 8)
#define NEXT_OF(slot)	number32((slot) + 4)
#define FALLBACK_OF(state) number32((state) + 4)
#define ACCEPT_OF(state) number32((state) + 8)
#define LENGTH_OF(state) number32((state) + 12)
#define IS_STATE(p, i)	(0 <= (i) < COUNT(p, STATES))
#define STATE_IS_THERE(p, i) \valid_read(STATE_AT(p, i) + (0 .. 15))
#define ARE_STATES(p)							\
	(are_states((p)->blob, START(p, STATES), COUNT(p, STATES),	\
		    COUNT(p, TRANSITIONS)) &&				\
	 are_slots((p)->blob, START(p, TRANSITIONS), COUNT(p, TRANSITIONS), \
		   COUNT(p, STATES)))
#define ARE_TAILS(p)							\
	(are_tails((p)->blob, START(p, STATES), COUNT(p, STATES),	\
		   COUNT(p, TAILS)))

/* What a length says of a tail: whether it goes to the path's end, or may be empty. */
#define IS_GLOB(length)	(((length) & EWX_TAIL_GLOB) != 0)
#define IS_STAR(length)	(((length) & EWX_TAIL_STAR) != 0)
#define IS_PLAIN(length) (!IS_GLOB(length) && !IS_STAR(length))

/*@
  // A state @at has room for every byte if it is no tail; it goes on with a state.
  predicate is_state(u8 *at, integer states, integer slots) =
    FALLBACK_OF(at) < states && (LENGTH_OF(at) == 0 ==>
    number32(at) + 256 <= slots);
  predicate are_states(u8 *blob, integer start, integer states, integer slots) =
    \forall integer i; 0 < i < states ==>
    is_state(record_at(blob, start, i, 16), states, slots);
  // The bytes of a tail are there; after a star comes what takes a byte.
  predicate is_tail(u8 *at, u8 *next, integer bytes) =
    number32(at) + (LENGTH_OF(at) & EWX_TAIL_MAX) <= bytes &&
    (IS_STAR(LENGTH_OF(at)) ==> !IS_STAR(LENGTH_OF(next)));
  predicate are_tails(u8 *blob, integer start, integer states, integer bytes) =
    \forall integer i; 0 < i < states ==>
    LENGTH_OF(record_at(blob, start, i, 16)) != 0 ==>
    is_tail(record_at(blob, start, i, 16), record_at(blob, start,
    FALLBACK_OF(record_at(blob, start, i, 16)), 16), bytes);
  predicate are_slots(u8 *blob, integer start, integer slots, integer states) =
    \forall integer i; 0 <= i < slots ==>
    NEXT_OF(record_at(blob, start, i, 8)) < states;

  RECORDS_ARE_THERE(STATES, 16)
  RECORDS_ARE_THERE(TRANSITIONS, 8)
  lemma TAILS_are_there: \forall struct ewx_policy *p, integer i, bytes;
    is_laid_out(p) ==> 0 <= i ==> 0 <= bytes ==> i + bytes <= COUNT(p, TAILS) ==>
    \valid_read(RECORD(p, TAILS, i, 1) + (0 .. bytes - 1));
*/

/* read.h */
/*@
  requires is_laid_out(p) && IS_STATE(p, state);
  assigns \nothing;
  ensures \result == EWX_NONE || \result == ACCEPT_OF(STATE_AT(p, state));
*/
static inline u32 ewx_accept_at(const struct ewx_policy *p, u32 state);

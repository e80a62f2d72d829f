/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/match.c: the walk over states that take a byte
 * each.
 *
 * Owns: the part of the invariant that concerns states, and contracts in ACSL. No
 * axioms. Must not be included by anything else.
 */
#include "blob.h"

#define STATE_AT(p, i)	RECORD(p, STATES, i, 16)
#define SLOT_AT(p, i)	RECORD(p, TRANSITIONS, i, 8)
#define NEXT_OF(slot)	number32((slot) + 4)
#define IS_STATE(p, i)	(0 <= (i) < COUNT(p, STATES))
#define ARE_STATES(p)							\
	(are_states((p)->blob, START(p, STATES), COUNT(p, STATES),	\
		    COUNT(p, TRANSITIONS)) &&				\
	 are_slots((p)->blob, START(p, TRANSITIONS), COUNT(p, TRANSITIONS), \
		   COUNT(p, STATES)))

/*@
  // A state @at has room for every byte if it is no tail; it goes on with a state.
  predicate is_state(u8 *at, integer states, integer slots) =
    number32(at + 4) < states && (number32(at + 12) == 0 ==>
    number32(at) + 256 <= slots);
  predicate are_states(u8 *blob, integer start, integer states, integer slots) =
    \forall integer i; 0 < i < states ==>
    is_state(record_at(blob, start, i, 16), states, slots);
  predicate are_slots(u8 *blob, integer start, integer slots, integer states) =
    \forall integer i; 0 <= i < slots ==>
    NEXT_OF(record_at(blob, start, i, 8)) < states;

  RECORDS_ARE_THERE(STATES, 16)
  RECORDS_ARE_THERE(TRANSITIONS, 8)
*/

#define LOOP_OF_BYTES							\
  loop invariant IS_STATE(p, state);					\
  loop invariant \base_addr(byte) == \base_addr(end);			\
  loop invariant *at <= byte <= end;					\
  loop assigns byte, state;						\
  loop variant end - byte;

#define AT_A_STATE	assert s == STATE_AT(p, state) &&			\
	\valid_read(STATE_AT(p, state) + (0 .. 15));
#define AT_A_SLOT	assert slot == SLOT_AT(p, number32(s) + (u8)*byte);

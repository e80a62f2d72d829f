/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/match.c: the walk over the states of an automaton.
 *
 * Owns: contracts in ACSL. No axioms. Must not be included by anything else.
 */
#include "automaton.h"

/*
 * The compiler's, of bytes of a path and of a policy. Frama-C's contracts do not say
 * that what is found is among what was searched.
 */
#define memchr	byte_of_path
#define memcmp	compare_to_blob

/*@
  requires \valid_read(path + (0 .. bytes - 1));
  assigns \result \from path, byte, bytes, path[0 .. bytes - 1];
  ensures \result == \null || (\base_addr(\result) == \base_addr(path) &&
    path <= \result < path + bytes);
*/
char *memchr(const char *path, int byte, size_t bytes);

/*@
  requires of_path: \valid_read(path + (0 .. bytes - 1));
  requires of_blob: \valid_read(tail + (0 .. bytes - 1));
  assigns \result \from path[0 .. bytes - 1], tail[0 .. bytes - 1];
*/
int memcmp(const char *path, const u8 *tail, size_t bytes);

#define LOOP_OF_BYTES							\
  loop invariant IS_STATE(p, state);					\
  loop invariant \base_addr(byte) == \base_addr(end);			\
  loop invariant *at <= byte <= end;					\
  loop invariant byte == *at ==> state == \at(state, Pre);		\
  loop assigns byte, state;						\
  loop variant end - byte;

/* Two bytes' worth less, or no byte and one star less. */
#define LOOP_OF_STATES							\
  loop invariant IS_STATE(p, state);					\
  loop invariant \base_addr(at) == \base_addr(path);			\
  loop invariant path <= at <= end;					\
  loop assigns at, state, length, taken;				\
  loop variant 2 * (end - at) +						\
    (IS_STAR(LENGTH_OF(STATE_AT(p, state))) ? 1 : 0);

#define AT_A_TAIL							\
  assert \valid_read(RECORD(p, TAILS, base, 1) + (0 .. bytes - 1));
#define AT_A_STATE	assert s == STATE_AT(p, state) && STATE_IS_THERE(p, state);
#define AT_A_SLOT	assert slot == SLOT_AT(p, number32(s) + (u8)*byte) &&	\
	\valid_read(SLOT_AT(p, number32(s) + (u8)*byte) + (0 .. 7));

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/match.c as Frama-C sees it: the source as it is, then the contract
 * of what is proved of it. Never compiled.
 */
#include "match.h"
#include "security/ewx/core/match.c"

/*@
  requires is_laid_out(p) && ARE_STATES(p) && IS_STATE(p, state);
  requires \valid(at) && \separated(at, p);
  requires \base_addr(*at) == \base_addr(end) && *at <= end;
  requires \valid_read(*at + (0 .. end - *at - 1));
  assigns *at \from *at, end;
  assigns \result \from *at, end, state;
  ensures a_state: IS_STATE(p, \result);
  ensures there: STATE_IS_THERE(p, \result);
  ensures onward: \old(*at) <= *at <= end;
  ensures \base_addr(*at) == \base_addr(end);
  ensures stays: *at == \old(*at) ==> \result == state;
  ensures done: \result == 0 || *at == end || LENGTH_OF(STATE_AT(p, \result)) != 0;
*/
static u32 take_bytes(const struct ewx_policy *p, u32 state, const char **at,
		      const char *end);

/*@
  requires \valid_read(path + (0 .. left - 1));
  assigns \nothing;
  ensures glob: IS_GLOB(length) ==> \result == left;
  ensures star: IS_STAR(length) ==> \result <= left;
  ensures plain: IS_PLAIN(length) ==> \result == length;
*/
static u32 reach(u32 length, const char *path, u32 left);

/*@
  requires is_laid_out(p) && ARE_TAILS(p) && IS_STATE(p, state) && state != 0;
  requires STATE_IS_THERE(p, state);
  requires length == LENGTH_OF(STATE_AT(p, state)) && length != 0;
  requires \valid_read(path + (0 .. left - 1));
  requires \valid(taken) && \separated(taken, p);
  assigns *taken;
  ensures inside: \result ==> *taken <= left;
  ensures a_byte: \result ==> IS_PLAIN(length) ==> *taken > 0;
  ensures all: \result ==> IS_GLOB(length) ==> *taken == left;
*/
static bool tail_fits(const struct ewx_policy *p, u32 state, u32 length,
		      const char *path, u32 left, u32 *taken);

/*@
  requires is_laid_out(p) && ARE_STATES(p) && ARE_TAILS(p) && IS_STATE(p, state);
  requires \valid_read(path + (0 .. len - 1));
  assigns \nothing;
  ensures accepted: \result == EWX_NONE ||
    \exists integer i; IS_STATE(p, i) && \result == ACCEPT_OF(STATE_AT(p, i));
*/
static u32 run_states(const struct ewx_policy *p, u32 state, const char *path,
		      u32 len);

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
  ensures onward: \old(*at) <= *at <= end;
  ensures done: \result == 0 || *at == end ||
    number32(STATE_AT(p, \result) + 12) != 0;
*/
static u32 take_bytes(const struct ewx_policy *p, u32 state, const char **at,
		      const char *end);

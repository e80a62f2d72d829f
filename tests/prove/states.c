// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/verify_match.c as Frama-C sees it: the source as it is, then
 * contracts of what is proved of it. Never compiled.
 */
#include "states.h"
#include "security/ewx/core/verify_match.c"

/*@
  requires IS_AT(c, STATES);
  assigns *c->fault;
*/
static bool check_dead_state(struct ewx_check *c);

/*@
  requires is_laid_out(p) && IS_STATE(p, state);
  assigns \nothing;
  ensures !\result ==> !IS_STAR(LENGTH_OF(STATE_AT(p, state)));
*/
static bool is_star(const struct ewx_policy *p, u32 state);

/*@
  requires IS_AT(c, STATES);
  assigns *c->fault;
*/
static bool check_accept(struct ewx_check *c);

/*@
  requires IS_AT(c, STATES) && IS_STATE(c->p, fallback);
  assigns *c->fault;
*/
static bool check_plain_tail(struct ewx_check *c, u32 fallback);

/*@
  requires IS_AT(c, STATES) && IS_STATE(c->p, fallback);
  assigns *c->fault;
  ensures then: \result ==> \old(!IS_STAR(LENGTH_OF(STATE_AT(c->p, fallback))));
*/
static bool check_star(struct ewx_check *c, u32 length, u32 fallback);

/*@
  requires IS_AT(c, STATES) && length == LENGTH_OF(THIS_STATE(c));
  requires \valid(next) && \separated(next, c, c->p, c->fault);
  requires *next <= COUNT(c->p, TAILS);
  assigns *next, *c->fault;
  ensures fallback: \result ==>
    \old(FALLBACK_OF(THIS_STATE(c)) < COUNT(c->p, STATES));
  ensures room: \result ==> \old(number32(THIS_STATE(c)) +
    (length & EWX_TAIL_MAX) <= COUNT(c->p, TAILS));
  ensures then: \result ==> IS_STAR(length) ==> \old(!IS_STAR(LENGTH_OF(
    STATE_AT(c->p, FALLBACK_OF(THIS_STATE(c))))));
  ensures left: \result ==> *next <= \old(COUNT(c->p, TAILS));
*/
static bool check_tail(struct ewx_check *c, u32 length, u32 *next);

/*@
  requires IS_AT(c, STATES);
  requires \valid(tail) && \separated(tail, c, c->p, c->fault);
  requires *tail <= COUNT(c->p, TAILS);
  assigns *tail, *c->fault;
  ensures fits: \result ==> \old(c->index != 0 ==> FITS(c->p, c->index));
  ensures tail: \result ==> \old(c->index != 0 ==> TAIL_FITS(c->p, c->index));
  ensures left: \result ==> *tail <= \old(COUNT(c->p, TAILS));
*/
static bool check_state(struct ewx_check *c, u32 *tail);

/*@
  requires IS_CHECK(c);
  assigns c->section, c->index, *c->fault;
  ensures fit: \result ==> \old(are_states(c->p->blob, START(c->p, STATES),
    COUNT(c->p, STATES), COUNT(c->p, TRANSITIONS)));
*/
static bool check_states(struct ewx_check *c);

/*@
  requires IS_AT(c, TRANSITIONS);
  assigns *c->fault;
  ensures fits: \result ==>
    \old(NEXT_OF(SLOT_AT(c->p, c->index)) < COUNT(c->p, STATES));
*/
static bool check_transition(struct ewx_check *c);

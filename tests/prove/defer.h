/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/defer.c: that what no candidate has is missing.
 *
 * Owns: what a hook asserts, and an axiom. Must not be included by anything else.
 */
#include "verdict.h"

/*@
  axiomatic first {
    logic integer lowest_of(integer x);
    axiom has_lowest: \forall integer x; 0 < x <= 0xffffffff ==>
      lowest(x, lowest_of(x));
  }

  lemma lowest_is_gone: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> !BIT(x & (x - 1), n);
  lemma lowest_of_both: \forall integer x, n; lowest(x, n) ==>
    BIT(x & (x - 1), n) || !BIT(x - 1, n);
  lemma one_less: \forall integer x, n; 0 < x <= 0xffffffff ==>
    lowest(x, n) ==> !BIT(x - 1, n);
*/

#define LOWEST_STAYS							\
  assert none != 0 ==>							\
    BIT(none & (unsigned int)~(none - 1), lowest_of(none));

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of words: an access vector's permissions, a set's classes.
 *
 * Owns: the axioms about them. Must not be included but by the headers here.
 */
#ifndef _TESTS_PROVE_BITS_H
#define _TESTS_PROVE_BITS_H

#include "security/ewx/core/engine.h"

#define BIT(x, n)	((((x) >> (n)) & 1) != 0)
#define LAST		(ENCLAVE_PERM_COUNT - 1)
#define IS_BIT(n)	(0 <= (n) <= LAST)

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
    axiom without_lowest_less: \forall integer x, n;
      0 < x <= 0xffffffff ==> lowest(x, n) ==> 0 <= (x & (x - 1)) < x;
  }
*/

#endif /* _TESTS_PROVE_BITS_H */

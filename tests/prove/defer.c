// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/defer.c as Frama-C sees it: the source as it is, then contracts of
 * what only it knows. What walks over grants is not proved. Never compiled.
 */
#include "defer.h"
#include "security/ewx/core/defer.c"

/*@
  requires \valid_read(d) && \valid_read(d->q);
  assigns \nothing;
  ensures required: \forall integer n; 0 <= n < 32 ==> BIT(\result, n) ==>
    BIT(d->q->required, n);
  ensures some: \forall integer n; 0 <= n < 32 ==> BIT(d->q->required, n) ==>
    !BIT(d->met, n) || !BIT(d->kept, n) ==> \result != 0;
*/
static u32 missing(const struct ewx_deferral *d);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy of a few domains, sources and identities, one class each. For tests of
 * decisions.
 */
#ifndef _TESTS_UNIT_SMALL_H
#define _TESTS_UNIT_SMALL_H

#include "blob.h"

/* struct small - a policy and what verification made of it. */
struct small {
	struct blob b;
	struct ewx_policy p;
};

/* Domains default and d1..., sources s1... and identities i1..., one for each class. */
void small_init(struct small *t, u32 domains, u32 sources, u32 identities);

/* Lay out and verify: it is accepted. */
void small_finish(struct small *t);

#endif /* _TESTS_UNIT_SMALL_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verification's checks are given, how they fail, and what writing elsewhere does not
 * change of a policy.
 *
 * Owns: are_kept(), and the contract of ewx_check_fail(). No axioms. Must not be included
 * but by the headers here.
 */
#include "blob.h"
#include "security/ewx/core/verify.h"

#define IS_CHECK(c)							\
	(\valid(c) && is_laid_out((c)->p) && \valid((c)->fault) &&	\
	 \separated(c, (c)->p, (c)->fault))

/*@
  // Sections are the same at both labels, and so is the blob's size.
  predicate are_kept{L1, L2}(struct ewx_policy *p) =
    \at(p->size, L1) == \at(p->size, L2) &&
    \forall integer s; 0 <= s < EWX_SECTION_COUNT ==>
    \at(p->section[s].offset, L1) == \at(p->section[s].offset, L2) &&
    \at(p->section[s].count, L1) == \at(p->section[s].count, L2);
  lemma kept_are_inside{L1, L2}: \forall struct ewx_policy *p;
    are_kept{L1, L2}(p) ==> sections_are_inside{L1}(p) ==>
    sections_are_inside{L2}(p);
*/

/* verify.c */
/*@
  requires IS_CHECK(c) && c->section < EWX_SECTION_COUNT;
  assigns *c->fault;
  ensures \result == \false;
*/
bool ewx_check_fail(struct ewx_check *c, enum ewx_fault_code code, u32 field);

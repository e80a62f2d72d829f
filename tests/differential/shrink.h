/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Owns: making a policy over which engine and reference differ smaller.
 */
#ifndef _TESTS_DIFFERENTIAL_SHRINK_H
#define _TESTS_DIFFERENTIAL_SHRINK_H

#include "compare.h"

#define SHRINK_WHY 256 /* bytes of a complaint */

/**
 * shrink() - leave out of @text what can be left out.
 * @q: the request over which the two differ; NULL: they do over the policy itself
 */
void shrink(struct policy_text *text, const struct ewx_query *q);

#endif /* _TESTS_DIFFERENTIAL_SHRINK_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A query by a process of a domain, as tests of queries begin with.
 */
#ifndef _TESTS_UNIT_QUESTION_H
#define _TESTS_UNIT_QUESTION_H

#include <string.h>

#include "security/ewx/core/engine.h"

/* @query asks for @domain at @now, of an enclave whose identity is not told. */
static inline void question(struct ewx_query *query, const char *domain,
			    u64 now, u32 op, u32 access, u32 facts)
{
	memset(query, 0, sizeof(*query));
	query->magic = EWX_QUERY_MAGIC;
	query->size = sizeof(*query);
	query->op = op;
	query->access = access;
	query->facts = facts;
	query->subject = EWX_SUBJECT_DOMAIN;
	strcpy(query->domain, domain);
	query->now = now;
}

#endif /* _TESTS_UNIT_QUESTION_H */

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What the two halves of verification share: where they are, how they fail.
 */
#ifndef _SECURITY_EWX_CORE_VERIFY_H
#define _SECURITY_EWX_CORE_VERIFY_H

#include "read.h"

/**
 * struct ewx_check - verification at one record.
 * @p: the policy; its sections are known to be inside the blob
 * @fault: where to tell what is wrong
 * @section: see @index
 * @index: the record
 */
struct ewx_check {
	struct ewx_policy *p;
	struct ewx_fault *fault;
	enum ewx_section section;
	u32 index;
};

/** ewx_check_fail() - fault @code at byte @field of the record. Return: false. */
bool ewx_check_fail(struct ewx_check *c, enum ewx_fault_code code, u32 field);

/** ewx_check_each() - @check every record of @section. */
bool ewx_check_each(struct ewx_check *c, enum ewx_section section,
		    bool (*check)(struct ewx_check *c));

/** ewx_check_string() - @offset is where a string begins. */
bool ewx_check_string(const struct ewx_policy *p, u32 offset);

/** ewx_check_name() - the string at @offset, where one begins, is a name. */
bool ewx_check_name(const struct ewx_policy *p, u32 offset);

/* @index is NONE-able: it is @none or below @count. */
static inline bool ewx_index_or(u32 index, u32 count, u32 none)
{
	return index < count || index == none;
}

/** ewx_check_feature() - does the header name the feature? */
bool ewx_check_feature(const struct ewx_check *c, enum ewx_feature_bit bit);

/* A field of the record at hand, and a fault there. */
#define EWX_FIELD(c, SECTION, type, field) \
	EWX_GET32((c)->p, SECTION, type, (c)->index, field)
#define EWX_FAIL(c, CODE, type, field) \
	ewx_check_fail(c, EWX_FAULT_##CODE, offsetof(struct type, field))
/* If @used, by that field, the header names the feature. */
#define EWX_DECLARED(c, NAME, used, type, field)                  \
	(!(used) || ewx_check_feature(c, EWX_FEATURE_BIT_##NAME) || \
	 EWX_FAIL(c, UNDECLARED, type, field))

/* verify_written.c: the sections that hold the policy as written. */
bool ewx_verify_written(struct ewx_check *c);

/* verify_match.c: automata, diagrams, classes. */
bool ewx_verify_match(struct ewx_check *c);

/* verify_table.c: the decision table. */
bool ewx_verify_table(struct ewx_check *c);

#endif /* _SECURITY_EWX_CORE_VERIFY_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a policy accepted as its builder has it, and where is it refused? For tests of
 * verification at its bounds.
 */
#ifndef _TESTS_UNIT_BOUNDS_H
#define _TESTS_UNIT_BOUNDS_H

#include "unit.h"

#include "blob.h"

#define AT(type, field) offsetof(struct type, field)

/* What was made of the last one. */
extern struct ewx_policy bounds_policy;
extern struct ewx_fault bounds_fault;

u32 count_of(const struct blob *b, enum ewx_section section);
bool accepted(struct blob *b);
void check_accepted(struct blob *b);

/* Refused with @code, at that field of that record. */
void check_refused(struct blob *b, enum ewx_fault_code code,
		   enum ewx_section section, u32 index, u32 field);

/* With that field set to @value: refused, there; with EWX_FAULT_NONE accepted. */
void check_field(struct blob *b, enum ewx_section section, u32 index, u32 field,
		 u32 value, enum ewx_fault_code code);

#endif /* _TESTS_UNIT_BOUNDS_H */

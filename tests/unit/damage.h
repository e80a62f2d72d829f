/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies of the sample policy that something is wrong with. For tests of verification.
 */
#ifndef _TESTS_UNIT_DAMAGE_H
#define _TESTS_UNIT_DAMAGE_H

#include "unit.h"

#include "sample.h"

#define AT(type, field) offsetof(struct type, field)

/* The sample, as long as a group of tests runs. */
extern struct sample sample;

int damage_setup(void **state);
int damage_teardown(void **state);

/* Where a section begins in the sample, and the bytes of a record. */
u32 damage_start(enum ewx_section section);
u32 damage_record_size(enum ewx_section section);

/* The first @size bytes, in an allocation of just that size. */
u8 *damage_copy(u32 size);

/*
 * Verify, and ask what is accepted everything. Return: accepted; else @fault says why, and
 * is plausible.
 */
bool damage_use(const u8 *blob, u32 size, struct ewx_fault *fault);

/* The sample is refused once @change gave section @section a wrong number of records. */
void damage_count(void (*change)(struct blob *b), enum ewx_section section);

#endif /* _TESTS_UNIT_DAMAGE_H */

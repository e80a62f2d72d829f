/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A policy that uses every section and every test of the format, and a function
 * that asks it everything. For tests of verification, and for fuzzing.
 */
#ifndef _TESTS_UNIT_SAMPLE_H
#define _TESTS_UNIT_SAMPLE_H

#include "blob.h"

/* struct sample - indices that tests refer to. */
struct sample {
	struct blob b;
	u32 server;	/* domains */
	u32 pods;
	u32 payroll_code;	/* source classes */
	u32 verity_code;
	u32 payroll;	/* identity classes */
	u32 quoting;
	u32 both;
};

void sample_init(struct sample *s);
void sample_free(struct sample *s);

/* States that sample_stars() adds, in this order. */
enum { SAMPLE_AFTER, SAMPLE_STAR, SAMPLE_BARE, SAMPLE_GLOB, SAMPLE_BEGIN };

/*
 * Add states that nothing leads to: a star ".d" for domain 1, and one without text for
 * domain 2, both followed by "/d" and then what the automaton of programs is; a glob
 * "-x" for domain 1; "/" followed by the star. Return: the first of them.
 */
u32 sample_stars(struct sample *s);

/*
 * Call everything that reads a verified policy, with arguments in and out of
 * range. Aborts if a result is out of range.
 */
void sample_exercise(const struct ewx_policy *p, u64 *candidates);

#endif /* _TESTS_UNIT_SAMPLE_H */

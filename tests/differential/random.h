/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers that a seed fixes (splitmix64), and how they are used here.
 */
#ifndef _TESTS_DIFFERENTIAL_RANDOM_H
#define _TESTS_DIFFERENTIAL_RANDOM_H

#include <stdbool.h>
#include "security/enclave/facts.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

struct rng {
	u64 state;
};

/** rng_below() - one of 0 .. @n - 1; @n is not 0. */
static inline u32 rng_below(struct rng *r, u32 n)
{
	u64 z = r->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return (u32)((z ^ z >> 31) >> 32) % n;
}

/** rng_percent() - true in @percent of 100 cases. */
static inline bool rng_percent(struct rng *r, u32 percent)
{
	return rng_below(r, 100) < percent;
}

#define rng_pick(r, array) ((array)[rng_below((r), ARRAY_LEN(array))])

/** rng_bit() - one of the bits of @set, which is not 0. */
static inline u32 rng_bit(struct rng *r, u32 set)
{
	u32 skip = rng_below(r, (u32)__builtin_popcount(set));

	while (skip--)
		set &= set - 1;
	return set & -set;
}

#endif /* _TESTS_DIFFERENTIAL_RANDOM_H */

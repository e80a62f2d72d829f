/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Path patterns, read from their text and tried position by position.
 *
 * Owns: what a pattern matches, after the language's manual page and nothing
 * else. Knows no policy, and of libewx nothing.
 */
#ifndef _TESTS_DIFFERENTIAL_GLOB_H
#define _TESTS_DIFFERENTIAL_GLOB_H

#include <stddef.h>
#include "random.h"

#define GLOB_ATOMS 60

/** struct glob_atom - one byte of @bytes, or any number of them. */
struct glob_atom {
	u64 bytes[4];
};

/**
 * struct glob - a pattern without braces.
 * @repeats: bit n: atom n comes any number of times
 */
struct glob {
	struct glob_atom atom[GLOB_ATOMS];
	u32 count;
	u64 repeats;
};

/** struct globs - patterns one of which has to match; none matches nothing. */
struct globs {
	struct glob *list;
	size_t count;
};

/** globs_add() - add all that the braces of @pattern make of it. */
void globs_add(struct globs *g, const char *pattern);

bool globs_match(const struct globs *g, const char *text);

/** globs_within() - every text that @a matches, @b matches too. */
bool globs_within(const struct globs *a, const struct globs *b);

/** globs_sample() - a text that @g matches, to @out of @size bytes. */
void globs_sample(const struct globs *g, struct rng *r, char *out, size_t size);

void globs_free(struct globs *g);

#endif /* _TESTS_DIFFERENTIAL_GLOB_H */

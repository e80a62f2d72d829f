/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "Did you mean": the known word nearest to an unknown one.
 *
 * Owns: the edit distance. Knows no word list.
 */
#ifndef _LIBEWX_SUGGEST_H
#define _LIBEWX_SUGGEST_H

#include <stddef.h>
#include "arena.h"

#define EWX_SUGGEST_MAX	127	/* longer words get no suggestion */

/**
 * struct ewx_suggest - a search.
 * @word, @len: the unknown word
 * @best: nearest candidate so far, or NULL
 * @limit: a candidate must be nearer than this
 */
struct ewx_suggest {
	const char *word;
	size_t len;
	const char *best;
	unsigned int limit;
};

/** ewx_suggest_begin() - start a search for @word. */
void ewx_suggest_begin(struct ewx_suggest *s, const char *word);

/** ewx_suggest_try() - offer a candidate; of equally near ones the first stays. */
void ewx_suggest_try(struct ewx_suggest *s, const char *candidate);

/** ewx_suggest_hint() - 'did you mean "x"?', or @otherwise. */
const char *ewx_suggest_hint(const struct ewx_suggest *s,
			     struct ewx_arena *arena, const char *otherwise);

#endif /* _LIBEWX_SUGGEST_H */

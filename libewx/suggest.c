// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Nearest word by edit distance (insert, delete, replace, swap neighbours);
 * see suggest.h.
 */
#include <stdint.h>
#include <string.h>
#include "suggest.h"

void ewx_suggest_begin(struct ewx_suggest *s, const char *word)
{
	s->word = word;
	s->len = strlen(word);
	s->best = NULL;
	s->limit = s->len > EWX_SUGGEST_MAX ? 0 : 2 + s->len / 4;
	if (s->limit > 4)
		s->limit = 4;
	if (s->len < 3)
		s->limit = s->len;
}

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int m = a < b ? a : b;

	return m < c ? m : c;
}

static unsigned char lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 'a';
	return c == '-' ? '_' : c;
}

/* Distance of @a and @b, or some number of at least @limit. */
static unsigned int distance(const char *a, size_t a_len, const char *b,
			     size_t b_len, unsigned int limit)
{
	uint8_t rows[3][EWX_SUGGEST_MAX + 1];
	uint8_t *before = rows[0], *last = rows[1], *row = rows[2], *swap;
	size_t i, j;

	for (j = 0; j <= b_len; j++)
		last[j] = j;
	for (i = 1; i <= a_len; i++) {
		unsigned int lowest = i;

		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			unsigned int same = lower(a[i - 1]) == lower(b[j - 1]);
			unsigned int cost = min3(last[j] + 1, row[j - 1] + 1,
						 last[j - 1] + !same);

			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1u < cost)
				cost = before[j - 2] + 1;
			row[j] = cost;
			if (cost < lowest)
				lowest = cost;
		}
		if (lowest >= limit)
			return limit;
		swap = before;
		before = last;
		last = row;
		row = swap;
	}
	return last[b_len];
}

void ewx_suggest_try(struct ewx_suggest *s, const char *candidate)
{
	size_t len = strnlen(candidate, EWX_SUGGEST_MAX + 1);
	size_t apart = len > s->len ? len - s->len : s->len - len;
	unsigned int d;

	if (!s->limit || len > EWX_SUGGEST_MAX || apart >= s->limit)
		return;
	d = distance(s->word, s->len, candidate, len, s->limit);
	if (d < s->limit) {
		s->limit = d;
		s->best = candidate;
	}
}

const char *ewx_suggest_hint(const struct ewx_suggest *s,
			     struct ewx_arena *arena, const char *otherwise)
{
	if (!s->best)
		return otherwise;
	return ewx_arena_printf(arena, "did you mean \"%s\"?", s->best);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A smaller policy over which the two sides still differ: lines and blocks are
 * left out as long as they do. See shrink.h.
 */
#include <stdlib.h>
#include <string.h>
#include "shrink.h"

/* One line, or a block from the line that opens it to the one that closes it. */
static const char *part_end(const char *line)
{
	const char *end = line;
	int depth = 0;

	do {
		if (*end == '}')
			depth--;
		end = strchrnul(end, '\n');
		if (end > line && end[-1] == '{')
			depth++;
		end += *end != '\0';
	} while (depth > 0 && *end);
	return end;
}

static bool still_differs(const struct policy_text *text,
			  const struct ewx_query *q)
{
	char code[8], why[SHRINK_WHY];
	struct pair p;
	enum opened opened = pair_open(&p, text, code, why, sizeof(why));
	bool differs = opened == OPENED_WRONG && !q;

	if (opened == OPENED && q)
		differs = !pair_compare(&p, q, NULL, why, sizeof(why));
	pair_close(&p);
	return differs;
}

/* Leave [@from, @to) of file @i out, if the sides differ without it too. */
static bool leave_out(struct policy_text *text, size_t i, const char *from,
		      const char *to, const struct ewx_query *q)
{
	const char *all = text->files[i].text;
	char *less = malloc(strlen(all) + 1);

	if (!less)
		abort();
	memcpy(less, all, (size_t)(from - all));
	strcpy(less + (from - all), to);
	text->files[i].text = less;
	if (still_differs(text, q)) {
		free((char *)all);
		return true;
	}
	text->files[i].text = all;
	free(less);
	return false;
}

static bool pass(struct policy_text *text, size_t i, const struct ewx_query *q)
{
	size_t at = 0;
	bool less = false;

	while (text->files[i].text[at]) {
		const char *line = text->files[i].text + at;

		if (leave_out(text, i, line, part_end(line), q)) {
			less = true;
			continue;
		}
		/* Not as a whole: perhaps what is inside. */
		line = strchrnul(line, '\n');
		at = (size_t)(line - text->files[i].text) + (*line != '\0');
	}
	return less;
}

void shrink(struct policy_text *text, const struct ewx_query *q)
{
	bool less = true;

	while (less) {
		less = false;
		for (size_t i = 0; i < text->count; i++)
			less |= pass(text, i, q);
	}
}

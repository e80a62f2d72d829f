// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of others inside of HTML and SVG.
 */
#include <stdlib.h>

#include <ewx/words.h>
#include "tool.h"

void put_markup(FILE *out, const char *text)
{
	char *safe = NULL;
	size_t size = 0;
	FILE *s = open_memstream(&safe, &size);

	if (!s)
		return;
	ewx_print_safe(s, text ? text : "", 0);
	fclose(s);
	for (const char *c = safe; *c; c++) {
		switch (*c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*c, out);
		}
	}
	free(safe);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text of others as a word of the policy language.
 *
 * Owns: how a name that somebody chose is written so that a policy's string means
 * this name and nothing after it. For all commands that write policies.
 */
#include <string.h>

#include "tool.h"

/* Between the quotes a quote and a backslash have a backslash before them. */
static void put_byte(FILE *out, char c)
{
	if (c == '"' || c == '\\')
		fputc('\\', out);
	fputc(c, out);
}

void literal_text(FILE *out, const char *text)
{
	for (; *text; text++)
		put_byte(out, *text);
}

void literal_pattern(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("*?[]{},\\", *text))
			put_byte(out, '\\');
		put_byte(out, *text);
	}
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The fields of a record that say what verifies a file's content.
 *
 * Owns: how they are written: "DIGEST" or "any", perhaps with "+signed" behind it.
 */
#include <string.h>
#include "record.h"

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Return: bytes read, 64 or 0. */
static size_t read_digest(const char *text, __u8 out[32])
{
	for (int i = 0; i < 32; i++) {
		int high = hex_digit(text[2 * i]);
		int low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);

		if (low < 0)
			return 0;
		out[i] = (__u8)(high << 4 | low);
	}
	return 64;
}

bool ewx_record_proof(const char *text, struct ewx_verity *out)
{
	size_t n = strlen("any");

	memset(out, 0, sizeof(*out));
	if (!*text)
		return true;
	out->present = true;
	if (strncmp(text, "any", n)) {
		n = read_digest(text, out->digest);
		out->has_digest = true;
	}
	out->is_signed = !strcmp(text + n, "+signed");
	return n && (out->is_signed || !text[n]);
}

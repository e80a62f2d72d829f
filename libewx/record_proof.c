// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What verifies a file's content: "DIGEST" or "any", perhaps with "+signed" behind it.
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

bool ewx_record_proof(const char *text, const __u32 words[3], __u32 *flags,
		      __u8 digest[32])
{
	size_t n = strlen("any");
	bool is_signed;

	if (!*text)
		return true;
	*flags |= words[0];
	if (strncmp(text, "any", n)) {
		n = read_digest(text, digest);
		*flags |= words[1];
	}
	is_signed = !strcmp(text + n, "+signed");
	if (is_signed)
		*flags |= words[2];
	return n && (is_signed || !text[n]);
}

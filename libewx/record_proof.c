// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Fields of a record that are written in ways of their own: what verifies a file's
 * content, as "DIGEST" or "any", perhaps with "+signed" behind it; and a context,
 * as it is, or in hexadecimal if it has odd characters.
 */
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "utf8.h"

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

static bool all_hex(const char *text, size_t n)
{
	return n && !(n % 2) && strspn(text, "0123456789ABCDEF") == n;
}

static void decode(const char *hex, size_t n, char *out)
{
	for (size_t i = 0; i < n / 2; i++) {
		const char pair[] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (char)strtoul(pair, NULL, 16);
	}
	out[n / 2] = '\0';
}

/*
 * Only a text with a byte that would end the word is written in hexadecimal. Labels
 * may be such words themselves, as BEEF; none that a policy names is not UTF-8.
 */
static bool had_to_be_encoded(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text, *end = s + len;
	bool odd = false;
	size_t n;

	for (; s < end; s += n) {
		n = *s ? ewx_utf8_len(s, (size_t)(end - s)) : 0;
		if (!n)
			return false;
		odd |= *s == '"' || *s < 0x21 || *s > 0x7e;
	}
	return odd;
}

bool ewx_record_context(const char *text, char *out, size_t size)
{
	size_t n = strlen(text);

	if (all_hex(text, n) && n / 2 < size) {
		decode(text, n, out);
		if (had_to_be_encoded(out, n / 2))
			return true;
	}
	if (n >= size)
		return false;
	memcpy(out, text, n + 1);
	return true;
}

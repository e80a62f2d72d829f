// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of an audit record, of bounded length (audit_text.h).
 */
#include <linux/array_size.h>
#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "audit_text.h"

#define DOTS "..."

/* The least room that the two names are given. */
#define NAMES_LEAST 256

static void give(struct ewx_text *t, size_t from, size_t to)
{
	audit_log_format(t->ab, "%.*s", (int)(to - from), t->piece + from);
}

/*
 * Audit formats text byte by byte, but copies at once what it is to put into quotes: so
 * all from the first quote to the last is given to it as if it were one string.
 */
void ewx_text_flush(struct ewx_text *t)
{
	if (t->ab && t->last) {
		give(t, 0, t->first);
		audit_log_n_string(t->ab, t->piece + t->first + 1,
				   t->last - t->first - 1);
		give(t, t->last + 1, t->held);
	} else if (t->ab && t->held) {
		give(t, 0, t->held);
	}
	t->held = 0;
	t->last = 0;
}

/* More than there is room for in what is collected. */
static noinline void put_more(struct ewx_text *t, const char *text, size_t len)
{
	if (t->tried) {
		t->left_out = true;
		return;
	}
	ewx_text_flush(t);
	if (len <= t->room) {
		memcpy(t->piece, text, len);
		t->held = len;
	} else if (t->ab) {
		audit_log_format(t->ab, "%.*s", (int)len, text);
	}
}

void ewx_text_bytes(struct ewx_text *t, const char *text, size_t len)
{
	t->len += len;
	if (unlikely(len > t->room - t->held)) {
		put_more(t, text, len);
		return;
	}
	memcpy(t->piece + t->held, text, len);
	t->held += len;
}

static void put_nothing(struct ewx_text *t)
{
	ewx_text_bytes(t, "?", 1);
}

void ewx_text_number(struct ewx_text *t, u64 n)
{
	char digits[20];
	char *at = digits + sizeof(digits);

	do {
		*--at = '0' + n % 10;
		n /= 10;
	} while (n);
	ewx_text_bytes(t, at, digits + sizeof(digits) - at);
}

void ewx_text_hex(struct ewx_text *t, u64 n, unsigned int digits)
{
	char text[16];
	char *at = text + sizeof(text);

	do {
		*--at = hex_asc_lo(n);
		n >>= 4;
	} while (n || text + sizeof(text) - at < digits);
	ewx_text_bytes(t, at, text + sizeof(text) - at);
}

void ewx_text_digest(struct ewx_text *t, const u8 *bytes, size_t count)
{
	char text[16];
	size_t part;

	for (; count; count -= part, bytes += part) {
		part = min(count, sizeof(text) / 2);
		bin2hex(text, bytes, part);
		ewx_text_bytes(t, text, 2 * part);
	}
}

static void put_hex(struct ewx_text *t, const char *text, size_t len)
{
	char two[2];

	for (; len; len--, text++) {
		hex_byte_pack_upper(two, *text);
		ewx_text_bytes(t, two, sizeof(two));
	}
}

static void put_quoted(struct ewx_text *t, const char *text, size_t len)
{
	const size_t before = t->held;

	ewx_text_bytes(t, "\"", 1);
	ewx_text_bytes(t, text, len);
	ewx_text_bytes(t, "\"", 1);
	/* All of it is still there. */
	if (t->held == before + len + 2) {
		if (!t->last)
			t->first = before;
		t->last = t->held - 1;
	}
}

/* Bytes that @text takes, in quotes or in hexadecimal. */
static size_t encoded(const char *text, size_t len)
{
	return audit_string_contains_control(text, len) ? 2 * len : len + 2;
}

/* Whose folder it is in stands at its beginning, what it is at its end. */
static void put_ends(struct ewx_text *t, const char *text, size_t len,
		     size_t room)
{
	size_t part = min(room / 4 - 2, len / 2);

	put_hex(t, text, part);
	put_hex(t, DOTS, strlen(DOTS));
	put_hex(t, text + len - part, part);
	t->shortened = true;
}

void ewx_text_string(struct ewx_text *t, const char *text, size_t len,
		     size_t room)
{
	bool control;

	if (!text || !len) {
		put_nothing(t);
		return;
	}
	control = audit_string_contains_control(text, len);
	if ((control ? 2 * len : len + 2) > room)
		put_ends(t, text, len, room);
	else if (control)
		put_hex(t, text, len);
	else
		put_quoted(t, text, len);
}

static size_t name_encoded(const char *name)
{
	return name ? encoded(name, strlen(name)) : 0;
}

/* What is left for a name beside @other: at least half of all. */
static size_t room_beside(const struct ewx_text *t, const char *other)
{
	return t->names - min(name_encoded(other), t->names / 2);
}

void ewx_text_name(struct ewx_text *t, const char *text, const char *other)
{
	const size_t before = t->len;

	if (!text) {
		put_nothing(t);
		return;
	}
	ewx_text_string(t, text, strlen(text),
			t->tried ? t->names : room_beside(t, other));
	t->named += t->len - before;
}

/* What a reader would take for an encoded string, as a label BEEF. */
static bool is_hex(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!isdigit(text[i]) && (text[i] < 'A' || text[i] > 'F'))
			return false;
	}
	return !(len % 2);
}

/* What stands where there is no value. */
static bool is_nothing(const char *text, size_t len)
{
	static const char *const words[] = { "?", "(null)" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i]) == len && !memcmp(text, words[i], len))
			return true;
	}
	return false;
}

static bool is_word(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!isgraph(text[i]) || text[i] == '"')
			return false;
	}
	return len && !is_hex(text, len) && !is_nothing(text, len);
}

void ewx_text_context(struct ewx_text *t)
{
	const size_t len = t->context ? strnlen(t->context, t->context_len) : 0;

	/* What would not be read as it is makes it a string. */
	if (is_word(t->context, len) && len <= EWX_TEXT_CONTEXT)
		ewx_text_bytes(t, t->context, len);
	else
		ewx_text_string(t, t->context, len, EWX_TEXT_CONTEXT);
}

void ewx_text_begin(struct ewx_text *t)
{
	t->tried = true;
	t->names = EWX_TEXT_MAX;
}

bool ewx_text_fits(const struct ewx_text *t)
{
	return !t->left_out && !t->shortened;
}

void ewx_text_again(struct ewx_text *t, struct audit_buffer *ab,
		    const char *path, const char *exe)
{
	const size_t others = t->len - t->named;

	t->names = NAMES_LEAST;
	if (others + NAMES_LEAST < EWX_TEXT_MAX)
		t->names = EWX_TEXT_MAX - others;
	if (name_encoded(path) > room_beside(t, exe) ||
	    name_encoded(exe) > room_beside(t, path))
		t->shortened = true;
	t->ab = ab;
	t->tried = false;
	t->held = 0;
	t->last = 0;
	t->len = 0;
	t->named = 0;
}

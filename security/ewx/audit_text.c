// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of an audit record, of bounded length (audit_text.h).
 */
#include <linux/array_size.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "audit_text.h"

#define DOTS	"..."

/* The least room that the two names are given. */
#define NAMES_LEAST	256

void ewx_text_put(struct ewx_text *t, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args, again;

	va_start(args, fmt);
	va_copy(again, args);
	t->len += vsnprintf(NULL, 0, fmt, args);
	vaf.va = &again;
	if (t->ab)
		audit_log_format(t->ab, "%pV", &vaf);
	va_end(again);
	va_end(args);
}

static void put_hex(struct ewx_text *t, const char *text, size_t len)
{
	t->len += 2 * len;
	if (t->ab)
		audit_log_n_hex(t->ab, text, len);
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
	if (!text || !len) {
		ewx_text_put(t, "?");
	} else if (encoded(text, len) > room) {
		put_ends(t, text, len, room);
	} else {
		t->len += encoded(text, len);
		if (t->ab)
			audit_log_n_untrustedstring(t->ab, text, len);
	}
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
	if (!text)
		ewx_text_put(t, "?");
	else if (t->names)
		ewx_text_string(t, text, strlen(text), room_beside(t, other));
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
		ewx_text_put(t, "%.*s", (int)len, t->context);
	else
		ewx_text_string(t, t->context, len, EWX_TEXT_CONTEXT);
}

void ewx_text_measured(struct ewx_text *t, struct audit_buffer *ab,
		       const char *path, const char *exe)
{
	t->names = NAMES_LEAST;
	if (t->len + NAMES_LEAST < EWX_TEXT_MAX)
		t->names = EWX_TEXT_MAX - t->len;
	if (name_encoded(path) > room_beside(t, exe) ||
	    name_encoded(exe) > room_beside(t, path))
		t->shortened = true;
	t->ab = ab;
	t->len = 0;
}

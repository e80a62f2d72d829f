// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands before the fields of a record, in each form that a log may have.
 *
 * Owns: where a record begins. Read from the line's first byte on, word for word:
 * what a process has somebody write into a log comes behind words of that one, so
 * that no line of it begins as a record does. Must not know the fields.
 */
#include <stdlib.h>
#include <string.h>

#include "record_head.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** struct cursor - what is left of the line. */
struct cursor {
	const char *at;
	const char *end;
};

static bool literal(struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n))
		return false;
	c->at += n;
	return true;
}

/* As many bytes of @set as there are. Return: how many. */
static size_t span(struct cursor *c, const char *set)
{
	const char *from = c->at;

	while (c->at < c->end && *c->at && strchr(set, *c->at))
		c->at++;
	return (size_t)(c->at - from);
}

/* Digits that are a number, at most @max of them. */
static bool number(struct cursor *c, size_t max, unsigned long long *value)
{
	char copy[24] = "";
	const char *from = c->at;
	size_t n = span(c, DIGITS);

	if (!n || n > max || n >= sizeof(copy))
		return false;
	memcpy(copy, from, n);
	*value = strtoull(copy, NULL, 10);
	return true;
}

/* "audit(1700000000.123:45): " */
static bool stamp(struct cursor *c, struct ewx_record_head *h)
{
	unsigned long long seconds, millis, serial;

	if (!literal(c, "audit(") || !number(c, 19, &seconds) ||
	    !literal(c, ".") || !number(c, 3, &millis) || !literal(c, ":") ||
	    !number(c, 19, &serial) || !literal(c, "): "))
		return false;
	h->seconds = seconds;
	h->millis = (unsigned int)millis;
	h->serial = serial;
	return true;
}

/* A word such as UNKNOWN[1490]. */
static bool type_word(struct cursor *c, struct ewx_record_head *h)
{
	h->type = c->at;
	h->type_len = span(c, LETTERS DIGITS "_[]");
	return h->type_len && literal(c, " ");
}

/* "type=1490 audit(...): " of the kernel, "type=1490 msg=audit(...): " of auditd. */
static bool typed(struct cursor *c, struct ewx_record_head *h)
{
	if (!literal(c, "type=") || !type_word(c, h))
		return false;
	literal(c, "msg=");
	return stamp(c, h);
}

static bool host(struct cursor *c, const char *set)
{
	return span(c, set) && literal(c, " ");
}

/* As auditd and ausearch write it: a machine's name may stand before. */
static bool written(struct cursor *c, struct ewx_record_head *h)
{
	if (literal(c, "node=") && !host(c, LETTERS DIGITS "._:-"))
		return false;
	return typed(c, h);
}

/* "[   12.345678] ", "[Sat Nov 21 00:57:15 2026] ", perhaps "[ T812] " behind it. */
static bool uptime(struct cursor *c)
{
	for (int i = 0; i < 2 && literal(c, "["); i++) {
		if (!span(c, LETTERS DIGITS " .:") || !literal(c, "] "))
			return false;
	}
	return true;
}

/* As dmesg and the console show it. */
static bool printed(struct cursor *c, struct ewx_record_head *h)
{
	return uptime(c) && literal(c, "audit: ") && typed(c, h);
}

/*
 * "Nov 20 19:48:01 ", "Sat 2026-11-20 19:48:01 ", "2026-11-20T19:48:01+00:00 ": what
 * has a colon in it is the last word.
 */
static bool when(struct cursor *c)
{
	for (int words = 0; words < 3; words++) {
		const char *from = c->at;
		size_t n = span(c, LETTERS DIGITS "-+:.,");

		if (!n || !literal(c, " "))
			return false;
		if (memchr(from, ':', n))
			return from[n - 1] != ':';
		span(c, " "); /* before a day of one digit */
	}
	return false;
}

/* The name of a time zone. */
static bool zone(struct cursor *c)
{
	size_t n = span(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return n >= 3 && n <= 5 && literal(c, " ");
}

/* "audit[812]: AUDIT1490 ", as journald keeps it: without a stamp. */
static bool journal(struct cursor *c, struct ewx_record_head *h)
{
	if (!literal(c, "audit"))
		return false;
	if (literal(c, "[") && (!span(c, DIGITS) || !literal(c, "]")))
		return false;
	return literal(c, ": ") && type_word(c, h);
}

static bool by_kernel(struct cursor *c, struct ewx_record_head *h)
{
	return literal(c, "kernel: ") && printed(c, h);
}

/* Who says it, perhaps behind the machine's name. */
static bool said(struct cursor *c, struct ewx_record_head *h)
{
	struct cursor start = *c;

	if (journal(c, h))
		return true;
	*c = start;
	if (by_kernel(c, h))
		return true;
	*c = start;
	if (!host(c, LETTERS DIGITS "._-"))
		return false;
	start = *c;
	if (journal(c, h))
		return true;
	*c = start;
	return by_kernel(c, h);
}

/* In a system log, or the journal. */
static bool relayed(struct cursor *c, struct ewx_record_head *h)
{
	struct cursor after;

	if (!when(c))
		return false;
	after = *c;
	if (said(c, h))
		return true;
	*c = after;
	return zone(c) && said(c, h);
}

bool ewx_record_head(const char *line, size_t len, struct ewx_record_head *h)
{
	bool (*const forms[])(struct cursor * c,
			      struct ewx_record_head * h) = { written, printed,
							      relayed };
	struct cursor c;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		c = (struct cursor){ line, line + len };
		memset(h, 0, sizeof(*h));
		if (forms[i](&c, h)) {
			h->fields = c.at;
			return true;
		}
	}
	/* As a person copies it. */
	c = (struct cursor){ line, line + len };
	memset(h, 0, sizeof(*h));
	if (!stamp(&c, h))
		c.at = line;
	h->fields = c.at;
	return false;
}

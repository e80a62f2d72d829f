// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Numbers, ranges, dates, digests and limits.
 *
 * Owns: how values are written and their bounds. Knows no statements.
 */
#include <string.h>
#include "parse.h"

#define ID_MAX		0xfffffffeu	/* (uid_t)-1 is no user */
#define PAGE_BYTES	4096u
#define MAX_PAGES	(EWX_UNLIMITED - 1)

enum number_error { NUMBER_OK, NUMBER_BAD, NUMBER_LARGE };

static int digit_value(char c, unsigned int base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < (int)base ? value : -1;
}

/* The number that @len bytes at @s are, all of them. */
static enum number_error read_number(const char *s, size_t len, __u64 max,
				     __u64 *value)
{
	unsigned int base = 10;
	bool large = false;
	__u64 n = 0;
	size_t i = 0;

	if (len > 2 && s[0] == '0' && s[1] == 'x') {
		base = 16;
		i = 2;
	}
	if (i == len)
		return NUMBER_BAD;
	for (; i < len; i++) {
		int digit = digit_value(s[i], base);

		if (digit < 0)
			return NUMBER_BAD;
		if (n > (max - digit) / base || (__u64)digit > max)
			large = true;
		else
			n = n * base + digit;
	}
	*value = n;
	return large ? NUMBER_LARGE : NUMBER_OK;
}

/* Report what is wrong with a number of token @t; true if nothing is. */
static bool number_good(struct ewx_parser *p, const struct ewx_token *t,
			enum number_error error, __u64 max)
{
	switch (error) {
	case NUMBER_OK:
		return true;
	case NUMBER_BAD:
		ewx_report(p->u, E0205, &t->loc, NULL,
			   "\"%s\" is not a number", t->text);
		return false;
	default:
		ewx_report(p->u, E0206, &t->loc, NULL,
			   "\"%s\" is too large: the largest is %llu", t->text,
			   (unsigned long long)max);
		return false;
	}
}

/* A number is missing; many languages put something between word and value. */
static bool no_number(struct ewx_parser *p, const char *what, const char *hint)
{
	if (p->token.kind == '=' || p->token.kind == ':')
		hint = "a value follows its word with nothing between";
	else if (p->token.kind != EWX_TOKEN_WORD)
		hint = NULL;
	return ewx_expected_hint(p, "E0205", what, hint);
}

bool ewx_take_number(struct ewx_parser *p, const char *what, __u64 max,
		     __u64 *value)
{
	struct ewx_token t = p->token;

	*value = 0;
	if (t.kind != EWX_TOKEN_NUMBER)
		return no_number(p, what, NULL);
	ewx_next(p);
	if (!number_good(p, &t, read_number(t.text, t.len, max, value), max))
		*value = max;
	return true;
}

bool ewx_take_range(struct ewx_parser *p, const char *what, __u32 *low,
		    __u32 *high)
{
	struct ewx_token t = p->token;
	enum number_error error;
	const char *dash;
	__u64 from, to;
	size_t len;

	*low = 0;
	*high = 0;
	if (t.kind != EWX_TOKEN_NUMBER)
		return no_number(p, what,
				 "a name's number: id -u NAME, or id -g NAME");
	ewx_next(p);
	dash = memchr(t.text, '-', t.len);
	len = dash ? (size_t)(dash - t.text) : t.len;
	error = read_number(t.text, len, ID_MAX, &from);
	to = from;
	if (error == NUMBER_OK && dash)
		error = read_number(dash + 1, t.len - len - 1, ID_MAX, &to);
	if (!number_good(p, &t, error, ID_MAX))
		return true;
	if (from > to) {
		ewx_report(p->u, E0207, &t.loc, "write the lower end first",
			   "range \"%s\" runs backwards", t.text);
		return true;
	}
	*low = from;
	*high = to;
	return true;
}

static bool is_leap(unsigned int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned int days_of(unsigned int year, unsigned int month)
{
	static const __u8 days[] = { 31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* The digits at @s, @len of them; 0 if one is none. */
static unsigned int read_digits(const char *s, size_t len)
{
	unsigned int n = 0;

	for (; len; s++, len--) {
		if (*s < '0' || *s > '9')
			return 0;
		n = n * 10 + (*s - '0');
	}
	return n;
}

/* Days from 1970-01-01 to the first day of @year. */
static __u64 days_before(unsigned int year)
{
	__u64 y = year - 1;

	return (y * 365 + y / 4 - y / 100 + y / 400) - 719162;
}

bool ewx_take_date(struct ewx_parser *p, __u64 *until)
{
	unsigned int year = 0, month = 0, day = 0, m;
	struct ewx_token t;
	__u64 days;

	*until = EWX_FOREVER;
	if (p->token.kind != EWX_TOKEN_NUMBER)
		return ewx_expected_as(p, "E0208",
				       "a date such as 2027-03-31");
	ewx_lex_join(&p->lex, &p->token);
	t = p->token;
	ewx_next(p);
	if (t.len == 10 && t.text[4] == '-' && t.text[7] == '-') {
		year = read_digits(t.text, 4);
		month = read_digits(t.text + 5, 2);
		day = read_digits(t.text + 8, 2);
	}
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > days_of(year, month)) {
		ewx_report(p->u, E0208, &t.loc, "dates are YYYY-MM-DD",
			   "\"%s\" is not a date", t.text);
		return true;
	}
	days = days_before(year) + day;
	for (m = 1; m < month; m++)
		days += days_of(year, m);
	*until = days * 86400 - 1;	/* the day's last second */
	return true;
}

bool ewx_take_digest(struct ewx_parser *p, __u8 digest[32])
{
	const size_t prefix = strlen("sha256:");
	struct ewx_token t = p->token;
	size_t i;

	memset(digest, 0, 32);
	if (t.kind != EWX_TOKEN_DIGEST)
		return ewx_expected_as(p, "E0209",
				       "a digest \"sha256:...\"");
	ewx_next(p);
	if (t.len < prefix)	/* without memory */
		return true;
	for (i = prefix; i < t.len; i++) {
		int value = digit_value(t.text[i], 16);
		size_t at = i - prefix;

		if (value < 0) {
			ewx_report(p->u, E0209, &t.loc, NULL,
				   "\"%c\" is not a hexadecimal digit",
				   t.text[i]);
			return true;
		}
		if (at < 64)
			digest[at / 2] |= value << (at % 2 ? 0 : 4);
	}
	if (t.len - prefix != 64)
		ewx_report(p->u, E0209, &t.loc, NULL,
			   "a SHA-256 digest has 64 digits, this one has %zu",
			   t.len - prefix);
	return true;
}

/* 1024 to the power that the last character of @t says, 1 for a digit, else 0. */
static __u64 suffix_factor(const struct ewx_token *t)
{
	switch (t->len ? t->text[t->len - 1] : 0) {
	case 'K':
		return 1024;
	case 'M':
		return 1024 * 1024;
	case 'G':
		return 1024 * 1024 * 1024;
	default:
		return 1;
	}
}

static void bad_max(struct ewx_parser *p, const struct ewx_token *t,
		    const char *why)
{
	ewx_report(p->u, E0210, &t->loc, "such as max 5 pages, or max 64M",
		   "%s", why);
}

bool ewx_take_max(struct ewx_parser *p, __u32 *pages)
{
	struct ewx_token t = p->token;
	const __u64 most = (__u64)MAX_PAGES * PAGE_BYTES;
	enum number_error error;
	bool bytes, counted;
	__u64 factor, n;

	*pages = EWX_UNLIMITED;
	if (t.kind != EWX_TOKEN_NUMBER)
		return ewx_expected_as(p, "E0210",
				       "a number of pages or bytes");
	ewx_next(p);
	factor = suffix_factor(&t);
	error = read_number(t.text, t.len - (factor > 1), most / factor, &n);
	if (error == NUMBER_BAD)
		bad_max(p, &t, "not a number with or without K, M or G");
	bytes = ewx_at_word(p, "bytes");
	counted = ewx_at_word(p, "pages");
	if (bytes || counted) {
		ewx_next(p);
	} else if (p->token.kind == EWX_TOKEN_WORD && !p->token.first &&
		   !ewx_is_clause_word(p->token.text)) {
		bad_max(p, &p->token, "unknown unit");
		ewx_next(p);
		return true;
	}
	if (error == NUMBER_BAD)
		return true;
	n *= factor;
	if (!bytes && !counted && factor == 1) {
		bad_max(p, &t, "a limit without a unit");
	} else if (!counted && n % PAGE_BYTES) {
		bad_max(p, &t, "not a whole number of pages of 4096 bytes");
	} else if (error == NUMBER_LARGE ||
		   (counted ? n : n / PAGE_BYTES) > MAX_PAGES) {
		ewx_report(p->u, E0206, &t.loc, "leave max out for no limit",
			   "more pages than can be counted");
	} else if (!n) {
		ewx_report(p->u, E0210, &t.loc, "leave the rule out, or deny",
			   "a limit of nothing");
	} else {
		*pages = counted ? n : n / PAGE_BYTES;
	}
	return true;
}

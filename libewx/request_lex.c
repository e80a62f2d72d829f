// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The words of a request: tokens, numbers, strings, digests, times. Knows no
 * clause and no operation.
 */
#include <stdarg.h>
#include <string.h>

#include "request_parse.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' ||
	       c == '/' || c == '+';
}

bool request_fail(struct request_parser *p, const char *fmt, ...)
{
	va_list args;

	if (p->failed)
		return false;
	p->failed = true;
	p->err->offset = p->start;
	p->err->length = p->size;
	va_start(args, fmt);
	vsnprintf(p->err->text, sizeof(p->err->text), fmt, args);
	va_end(args);
	return false;
}

/* A string from its opening quote on; the token is the text with the quotes. */
static void scan_string(struct request_parser *p, size_t at)
{
	size_t i = at + 1;

	while (i < p->len && p->text[i] != '"' && p->text[i] != '\n')
		i += p->text[i] == '\\' && i + 1 < p->len ? 2 : 1;
	if (i >= p->len || p->text[i] != '"') {
		p->kind = REQUEST_BAD;
		p->size = p->len - at;
		request_fail(p, "this string does not end");
		p->next = p->len;
		return;
	}
	p->kind = REQUEST_STRING;
	p->size = i + 1 - at;
	p->next = i + 1;
}

void request_advance(struct request_parser *p)
{
	size_t i = p->next;

	while (i < p->len && (is_space(p->text[i]) || p->text[i] == '#')) {
		if (p->text[i] == '#')
			while (i < p->len && p->text[i] != '\n')
				i++;
		else
			i++;
	}
	p->start = i;
	p->size = 0;
	p->next = i;
	if (i >= p->len) {
		p->kind = REQUEST_END;
		return;
	}
	if (p->text[i] == '"') {
		scan_string(p, i);
		return;
	}
	p->size = 1;
	p->next = i + 1;
	if (p->text[i] == ',') {
		p->kind = REQUEST_COMMA;
	} else if (p->text[i] == ':') {
		p->kind = REQUEST_COLON;
	} else if (is_word(p->text[i])) {
		p->kind = REQUEST_WORD;
		while (p->next < p->len && is_word(p->text[p->next]))
			p->next++;
		p->size = p->next - i;
	} else {
		p->kind = REQUEST_BAD;
		request_fail(p, "a request has no such character");
		p->next = p->len;
	}
}

void request_start(struct request_parser *p, const char *text, size_t len,
		   struct ewx_query *q, struct ewx_request_error *err)
{
	memset(p, 0, sizeof(*p));
	memset(err, 0, sizeof(*err));
	p->text = text;
	p->len = len;
	p->q = q;
	p->err = err;
	request_advance(p);
}

bool request_is(const struct request_parser *p, const char *word)
{
	return p->kind == REQUEST_WORD && strlen(word) == p->size &&
	       !memcmp(p->text + p->start, word, p->size);
}

bool request_take(struct request_parser *p, const char *word)
{
	if (!request_is(p, word))
		return false;
	request_advance(p);
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The number that @size bytes at @s spell; false unless all of them do. */
static bool to_number(const char *s, size_t size, __u64 *value)
{
	unsigned int base = 10;
	size_t i = 0;

	if (size > 2 && s[0] == '0' && s[1] == 'x') {
		base = 16;
		i = 2;
	}
	if (i == size)
		return false;
	for (*value = 0; i < size; i++) {
		int d = hex_digit(s[i]);

		if (d < 0 || (unsigned int)d >= base ||
		    __builtin_mul_overflow(*value, (__u64)base, value) ||
		    __builtin_add_overflow(*value, (__u64)d, value))
			return false;
	}
	return true;
}

bool request_number(struct request_parser *p, __u64 max, const char *what,
		    __u64 *value)
{
	if (p->kind != REQUEST_WORD ||
	    !to_number(p->text + p->start, p->size, value) || *value > max)
		return request_fail(p, "%s is a number up to %llu", what,
				    (unsigned long long)max);
	request_advance(p);
	return true;
}

bool request_number32(struct request_parser *p, __u32 max, const char *what,
		      __u32 *value)
{
	__u64 wide;

	if (!request_number(p, max, what, &wide))
		return false;
	*value = (__u32)wide;
	return true;
}

/* One character of a string's inside; @i is moved past it. */
static bool unescape(struct request_parser *p, size_t *i, size_t end, char *c)
{
	const char *s = p->text + *i;
	int high, low;

	*c = *s;
	*i += 1;
	if (*s != '\\')
		return *s != '\0' ||
		       request_fail(p, "a string has no zero byte");
	if (*i < end && (s[1] == '"' || s[1] == '\\')) {
		*c = s[1];
		*i += 1;
		return true;
	}
	if (*i + 2 < end && s[1] == 'x') {
		high = hex_digit(s[2]);
		low = hex_digit(s[3]);
		if (high == 0 && low == 0)
			return request_fail(p, "a string has no zero byte");
		if (high >= 0 && low >= 0) {
			*c = (char)(high << 4 | low);
			*i += 3;
			return true;
		}
	}
	return request_fail(
		p, "after a backslash in a string stands \\, \" or xHH");
}

bool request_text(struct request_parser *p, bool word, const char *what,
		  char *out, size_t size)
{
	size_t i = p->start, end = p->start + p->size, n = 0;

	if (p->kind == REQUEST_STRING) {
		i++;
		end--;
	} else if (p->kind != REQUEST_WORD || !word) {
		return request_fail(
			p, word ? "here stands %s" : "here stands %s in quotes",
			what);
	}
	memset(out, 0, size);
	while (i < end) {
		if (n + 1 >= size) {
			out[0] = '\0';
			return request_fail(p, "%s has at most %zu bytes", what,
					    size - 1);
		}
		if (p->kind == REQUEST_WORD) {
			out[n++] = p->text[i++];
		} else if (!unescape(p, &i, end, &out[n++])) {
			out[0] = '\0';
			return false;
		}
	}
	request_advance(p);
	return true;
}

bool request_digest(struct request_parser *p, __u8 out[32])
{
	const char *s;

	if (!request_take(p, "sha256") || p->kind != REQUEST_COLON)
		return request_fail(
			p, "here stands sha256: and 64 hexadecimal digits");
	request_advance(p);
	if (p->kind != REQUEST_WORD || p->size != 64)
		return request_fail(
			p, "a SHA-256 value has 64 hexadecimal digits");
	s = p->text + p->start;
	for (int i = 0; i < 32; i++) {
		int high = hex_digit(s[2 * i]), low = hex_digit(s[2 * i + 1]);

		if (high < 0 || low < 0)
			return request_fail(
				p, "a SHA-256 value has 64 hexadecimal digits");
		out[i] = (__u8)(high << 4 | low);
	}
	request_advance(p);
	return true;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar from then on. */
static __u64 days_to(__u64 year, __u64 month, __u64 day)
{
	static const __u16 before[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
	};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	__u64 y = year - 1;

	return (year - 1970) * 365 + (y / 4 - y / 100 + y / 400) -
	       (1969 / 4 - 1969 / 100 + 1969 / 400) + before[month - 1] +
	       (leap && month > 2) + day - 1;
}

static bool two_digits(const char *s, size_t size, __u64 low, __u64 high,
		       __u64 *value)
{
	return size == 2 && to_number(s, 2, value) && *value >= low &&
	       *value <= high;
}

/* "YYYY-MM-DD" at @s, as seconds. */
static bool to_date(const char *s, __u64 *seconds)
{
	static const __u8 length[] = {
		31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
	};
	__u64 year, month, day;
	bool leap;

	if (s[4] != '-' || s[7] != '-' || !to_number(s, 4, &year) ||
	    year < 1970 || !two_digits(s + 5, 2, 1, 12, &month) ||
	    !two_digits(s + 8, 2, 1, length[month - 1], &day))
		return false;
	leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (month == 2 && day == 29 && !leap)
		return false;
	*seconds = days_to(year, month, day) * 86400;
	return true;
}

/* ":MM:SSZ" after the hour. */
static bool to_clock(struct request_parser *p, __u64 hour, __u64 *seconds)
{
	__u64 minute, second;
	const char *s;

	request_advance(p);
	if (p->kind != REQUEST_COLON)
		return false;
	request_advance(p);
	s = p->text + p->start;
	if (p->kind != REQUEST_WORD || !two_digits(s, p->size, 0, 59, &minute))
		return false;
	request_advance(p);
	if (p->kind != REQUEST_COLON)
		return false;
	request_advance(p);
	s = p->text + p->start;
	if (p->kind != REQUEST_WORD || p->size != 3 || s[2] != 'Z' ||
	    !two_digits(s, 2, 0, 59, &second))
		return false;
	*seconds += hour * 3600 + minute * 60 + second;
	return true;
}

bool request_time(struct request_parser *p, __u64 *seconds)
{
	const char *s = p->text + p->start;
	bool good = false;
	__u64 hour;

	if (p->kind == REQUEST_WORD && to_number(s, p->size, seconds))
		good = true;
	else if (p->kind == REQUEST_WORD && p->size == 10)
		good = to_date(s, seconds);
	else if (p->kind == REQUEST_WORD && p->size == 13 && s[10] == 'T')
		good = to_date(s, seconds) &&
		       two_digits(s + 11, 2, 0, 23, &hour) &&
		       to_clock(p, hour, seconds);
	if (!good || !*seconds)
		return request_fail(
			p,
			"a time is seconds since 1970, 2027-03-31 or 2027-03-31T23:59:59Z");
	request_advance(p);
	return true;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading audit records. Audit's way of writing untrusted strings: quoted
 * if they hold no blank, quote or byte outside ASCII, else in hexadecimal.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

enum field_kind { FIELD_word, FIELD_number, FIELD_hex, FIELD_string };

static const struct {
	const char *name;
	enum field_kind kind;
	unsigned int in;
} fields[EWX_RECORD_COUNT] = {
#define FIELD(name, kind, in, meaning) \
	[EWX_RECORD_##name] = { #name, FIELD_##kind, EWX_IN_##in },
	EWX_AUDIT_FIELDS(FIELD)
#undef FIELD
};

#define AUDIT_SEPARATOR '\x1d' /* before the fields that auditd itself adds */

int ewx_record_complain(char *error, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(error, EWX_RECORD_ERROR_MAX, fmt, args);
	va_end(args);
	return -1;
}

static const char *find(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= len; i++) {
		if (!memcmp(text + i, word, n))
			return text + i;
	}
	return NULL;
}

bool ewx_record_looks(const char *line, size_t len)
{
	return find(line, len, "lsm=ewx ") || find(line, len, "audit(") ||
	       find(line, len, "type=");
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* How a type is written: as a number, by auditd and journald. */
#define TYPE_NAMES 4
static const struct {
	const char *name;
	unsigned int in;
	const char *written[TYPE_NAMES];
} types[EWX_RECORD_TYPE_COUNT] = {
	[EWX_RECORD_ACCESS] = { "access",
				EWX_IN_access,
				{ "1490", "UNKNOWN[1490]", "EWX_ACCESS",
				  "AUDIT1490" } },
	[EWX_RECORD_ENCLAVE] = { "enclave",
				 EWX_IN_enclave,
				 { "1491", "UNKNOWN[1491]", "EWX_ENCLAVE",
				   "AUDIT1491" } },
	[EWX_RECORD_LOAD] = { "load",
			      EWX_IN_load,
			      { "1403", "UNKNOWN[1403]", "MAC_POLICY_LOAD",
				"AUDIT1403" } },
	[EWX_RECORD_MODE] = { "mode",
			      EWX_IN_mode,
			      { "1404", "UNKNOWN[1404]", "MAC_STATUS",
				"AUDIT1404" } },
};

const char *ewx_record_type_name(enum ewx_record_type type)
{
	return types[type].name;
}

bool ewx_record_has(enum ewx_record_type type, enum ewx_record_field f)
{
	return fields[f].in & types[type].in;
}

const char *ewx_record_name(enum ewx_record_field f)
{
	return fields[f].name;
}

bool ewx_record_is_number(enum ewx_record_field f)
{
	return fields[f].kind == FIELD_number;
}

/* The last word of what stands before the record; it may be empty. */
static const char *word_before(const char *line, size_t len, size_t *n)
{
	size_t end = len;

	while (end && is_blank(line[end - 1]))
		end--;
	for (*n = 0; *n < end && !is_blank(line[end - *n - 1]);)
		++*n;
	return line + end - *n;
}

/* The word behind "type=", or the last one, as journald writes it. */
static const char *type_word(const char *line, size_t len, size_t *n)
{
	const char *at = find(line, len, "type=");

	*n = 0;
	if (!at)
		return word_before(line, len, n);
	at += strlen("type=");
	while (*n < len - (size_t)(at - line) && !is_blank(at[*n]))
		++*n;
	return at;
}

/* The number in a word such as UNKNOWN[1499]; 0: none. */
static int number_in(const char *word, size_t n)
{
	int number = 0;

	for (size_t i = 0; i < n && number < 10000; i++) {
		if (word[i] >= '0' && word[i] <= '9')
			number = number * 10 + word[i] - '0';
	}
	return number;
}

/* Nothing stands there, or only a stamp. */
static bool has_no_type(const char *at, size_t n, const char *line)
{
	for (const char *c = line; c < at; c++) {
		if (!is_blank(*c))
			return false;
	}
	return !n || (n > 6 && !memcmp(at, "audit(", 6));
}

/* Return: 0, or -1 if the type is none of ours. */
static int read_type(const char *line, size_t len, enum ewx_record_type *type,
		     char *error)
{
	size_t n;
	const char *at = type_word(line, len, &n);

	if (has_no_type(at, n, line)) {
		*type = EWX_RECORD_ACCESS;
		return 0;
	}
	for (int t = 0; t < EWX_RECORD_TYPE_COUNT; t++) {
		for (int i = 0; i < TYPE_NAMES; i++) {
			const char *word = types[t].written[i];

			if (strlen(word) == n && !memcmp(at, word, n)) {
				*type = (enum ewx_record_type)t;
				return 0;
			}
		}
	}
	/* A type that only the kernel writes: perhaps of a later version. */
	if (number_in(at, n) / 100 == 14)
		*type = EWX_RECORD_ACCESS;
	return ewx_record_complain(error,
				   "a record of type %.*s is none of EWX",
				   n > 32 ? 32 : (int)n, at);
}

static int check_access(const char *line, size_t len, char *error)
{
	enum ewx_record_type type;
	const char *at;
	size_t n;

	if (!find(line, len, "type="))
		return 0;
	if (!read_type(line, len, &type, error) && type == EWX_RECORD_ACCESS)
		return 0;
	at = type_word(line, len, &n);
	return ewx_record_complain(
		error,
		"a record of type %.*s holds no access decision; those of type 1490 do",
		n > 32 ? 32 : (int)n, at);
}

/* "audit(1700000000.123:45)" before the fields. */
static void read_stamp(const char *line, const char *end, struct ewx_record *r)
{
	const char *at = find(line, (size_t)(end - line), "audit(");
	unsigned long long seconds, serial;
	unsigned int millis;
	char copy[64];
	size_t n = 0;

	if (!at)
		return;
	while (at + n < end && n < sizeof(copy) - 1 && at[n] != ')') {
		copy[n] = at[n];
		n++;
	}
	copy[n] = '\0';
	if (sscanf(copy, "audit(%20llu.%3u:%20llu", &seconds, &millis,
		   &serial) != 3)
		return;
	r->seconds = seconds;
	r->millis = millis;
	r->serial = serial;
}

static int upper_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decode an untrusted string in place. */
static void decode(char *s)
{
	size_t n = strlen(s), i;

	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		memmove(s, s + 1, n - 2);
		s[n - 2] = '\0';
		return;
	}
	if (n % 2)
		return;
	for (i = 0; i < n; i++) {
		if (upper_hex(s[i]) < 0)
			return;
	}
	for (i = 0; i < n / 2; i++) {
		s[i] = (char)(upper_hex(s[2 * i]) << 4 |
			      upper_hex(s[2 * i + 1]));
		if (!s[i])
			break;
	}
	s[i] = '\0';
}

/* The kernel's numbers have 64 bits and no sign, but for one. */
static int set_number(struct ewx_record *r, int f, const char *value,
		      char *error)
{
	unsigned long long n;
	char *end;

	errno = 0;
	r->number[f] = strtoll(value, &end, 10);
	if (errno == ERANGE && *value != '-') {
		errno = 0;
		n = strtoull(value, &end, 10);
		r->number[f] = n > INT64_MAX ? INT64_MAX : (__s64)n;
	}
	if (errno || end == value || *end)
		return ewx_record_complain(error, "the field %s is no number",
					   fields[f].name);
	return 0;
}

static int set_field(struct ewx_record *r, int f, char *value, char *error)
{
	if (r->present[f])
		return ewx_record_complain(error, "the field %s stands twice",
					   fields[f].name);
	r->present[f] = true;
	r->last = (enum ewx_record_field)f;
	if (!strcmp(value, "?") || !strcmp(value, "(null)"))
		return 0;
	if (fields[f].kind == FIELD_string)
		decode(value);
	r->text[f] = value;
	return fields[f].kind == FIELD_number ? set_number(r, f, value, error) :
						0;
}

/* One "name=value" token; others are none of ours. */
static int take_token(struct ewx_record *r, char *token, char *error)
{
	char *equals = strchr(token, '=');

	if (!equals)
		return 0;
	*equals = '\0';
	/* They come in order, so that the next one is found first. */
	for (int i = 0; i < EWX_RECORD_COUNT; i++) {
		int f = (r->last + 1 + i) % EWX_RECORD_COUNT;

		if (ewx_record_has(r->type, f) &&
		    !strcmp(fields[f].name, token))
			return set_field(r, f, equals + 1, error);
	}
	r->unknown++;
	return 0;
}

static int read_fields(struct ewx_record *r, char *text, char *error)
{
	while (*text && *text != AUDIT_SEPARATOR) {
		char *token = text;

		while (*text && !is_blank(*text) && *text != AUDIT_SEPARATOR)
			text++;
		if (*text == AUDIT_SEPARATOR)
			*text = '\0';
		else if (*text)
			*text++ = '\0';
		if (*token && take_token(r, token, error))
			return -1;
	}
	return 0;
}

/* Where the fields begin: "lsm=ewx" as a word. */
static const char *first_field(const char *line, size_t len)
{
	const char *at = line, *end = line + len;

	while ((at = find(at, (size_t)(end - at), "lsm=ewx"))) {
		const char *after = at + strlen("lsm=ewx");

		if ((at == line || is_blank(at[-1])) &&
		    (after == end || is_blank(*after)))
			return at;
		at = after;
	}
	return NULL;
}

/* The last field that a record of that type has. */
static enum ewx_record_field last_field(enum ewx_record_type type)
{
	int f = EWX_RECORD_COUNT - 1;

	while (f && !ewx_record_has(type, f))
		f--;
	return (enum ewx_record_field)f;
}

static void clear(struct ewx_record *r)
{
	memset(r, 0, sizeof(*r));
	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		r->text[f] = "";
}

int ewx_record_parse(const char *line, size_t len, struct ewx_record *r,
		     char *error)
{
	const char *start = first_field(line, len);

	clear(r);
	if (!memchr(line, '\0', len) &&
	    check_access(line, start ? (size_t)(start - line) : len, error))
		return -1;
	return ewx_record_read(line, len, r, error);
}

int ewx_record_read(const char *line, size_t len, struct ewx_record *r,
		    char *error)
{
	const char *start;
	size_t n;

	clear(r);
	r->type = EWX_RECORD_TYPE_COUNT;
	if (memchr(line, '\0', len))
		return ewx_record_complain(
			error, "a record is text without zero bytes");
	start = first_field(line, len);
	if (!start && find(line, len, "type=") &&
	    read_type(line, len, &r->type, error))
		return -1;
	if (!start)
		return ewx_record_complain(
			error, "no record of EWX: the word lsm=ewx is missing");
	/*
	 * What a process has written into the log stands in quotes there; what
	 * comes before a record of ours never does.
	 */
	n = (size_t)(start - line);
	if (memchr(line, '"', n) || memchr(line, '\'', n))
		return ewx_record_complain(
			error, "a record of others that speaks of EWX");
	if (read_type(line, n, &r->type, error))
		return -1;
	read_stamp(line, start, r);
	n = len - (size_t)(start - line);
	r->storage = malloc(n + 1);
	if (!r->storage)
		return ewx_record_complain(error, "out of memory");
	memcpy(r->storage, start, n);
	r->storage[n] = '\0';
	if (read_fields(r, r->storage, error)) {
		ewx_record_free(r);
		return -1;
	}
	r->cut = !r->present[last_field(r->type)];
	return 0;
}

void ewx_record_free(struct ewx_record *r)
{
	free(r->storage);
	r->storage = NULL;
	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		r->text[f] = "";
}

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
#include "record_head.h"

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

bool ewx_record_has(enum ewx_record_type type, unsigned int f)
{
	return f < EWX_RECORD_COUNT && type < EWX_RECORD_TYPE_COUNT &&
	       fields[f].in & types[type].in;
}

const char *ewx_record_name(unsigned int f)
{
	return f < EWX_RECORD_COUNT ? fields[f].name : NULL;
}

bool ewx_record_is_number(unsigned int f)
{
	return f < EWX_RECORD_COUNT && fields[f].kind == FIELD_number;
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

/* Return: 0, or -1 if the type is none of ours. */
static int read_type(const struct ewx_record_head *h,
		     enum ewx_record_type *type, char *error)
{
	for (int t = 0; t < EWX_RECORD_TYPE_COUNT; t++) {
		for (int i = 0; i < TYPE_NAMES; i++) {
			const char *word = types[t].written[i];

			if (strlen(word) == h->type_len &&
			    !memcmp(h->type, word, h->type_len)) {
				*type = (enum ewx_record_type)t;
				return 0;
			}
		}
	}
	/* A type that only the kernel writes: perhaps of a later version. */
	if (number_in(h->type, h->type_len) / 100 == 14)
		*type = EWX_RECORD_ACCESS;
	return ewx_record_complain(error,
				   "a record of type %.*s is none of EWX",
				   h->type_len > 32 ? 32 : (int)h->type_len,
				   h->type);
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

/* The value of a field is lost. */
static void damage(struct ewx_record *r, unsigned int f)
{
	r->text[f] = "";
	r->number[f] = 0;
	if (r->damaged == EWX_RECORD_COUNT)
		r->damaged = (enum ewx_record_field)f;
}

/* The kernel's numbers have 64 bits and no sign, but for one. */
static int set_number(struct ewx_record *r, unsigned int f, const char *value,
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
	if (r->number[f] < 0 && f != EWX_RECORD_rule)
		damage(r, f);
	return 0;
}

static int set_field(struct ewx_record *r, unsigned int f, char *value,
		     char *error)
{
	if (r->present[f])
		return ewx_record_complain(error, "the field %s stands twice",
					   fields[f].name);
	r->present[f] = true;
	r->last = (enum ewx_record_field)f;
	if (!strcmp(value, "?") || !strcmp(value, "(null)"))
		return 0;
	if (!*value) {
		damage(r, f);
		return 0;
	}
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
	for (unsigned int i = 0; i < EWX_RECORD_COUNT; i++) {
		unsigned int f = (r->last + 1 + i) % EWX_RECORD_COUNT;

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

/* Whether the fields of a record of ours begin at @at. */
static bool is_first_field(const char *at, const char *end)
{
	size_t n = strlen("lsm=ewx");

	return (size_t)(end - at) >= n && !memcmp(at, "lsm=ewx", n) &&
	       (at + n == end || is_blank(at[n]));
}

/* The last field that a record of that type has. */
static enum ewx_record_field last_field(enum ewx_record_type type)
{
	unsigned int f = EWX_RECORD_COUNT - 1;

	while (f && !ewx_record_has(type, f))
		f--;
	return (enum ewx_record_field)f;
}

static void clear(struct ewx_record *r)
{
	memset(r, 0, sizeof(*r));
	r->damaged = EWX_RECORD_COUNT;
	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		r->text[f] = "";
}

static int read_record(const char *line, size_t len,
		       const struct ewx_record_head *h, struct ewx_record *r,
		       char *error)
{
	size_t n = len - (size_t)(h->fields - line);

	r->seconds = h->seconds;
	r->millis = h->millis;
	r->serial = h->serial;
	r->storage = malloc(n + 1);
	if (!r->storage)
		return ewx_record_complain(error, "out of memory");
	memcpy(r->storage, h->fields, n);
	r->storage[n] = '\0';
	if (read_fields(r, r->storage, error)) {
		ewx_record_free(r);
		return -1;
	}
	r->cut = !r->present[last_field(r->type)];
	return 0;
}

static int check_text(const char *line, size_t len, char *error)
{
	return memchr(line, '\0', len) ?
		       ewx_record_complain(
			       error, "a record is text without zero bytes") :
		       0;
}

int ewx_record_parse(const char *line, size_t len, struct ewx_record *r,
		     char *error)
{
	struct ewx_record_head h;

	clear(r);
	if (check_text(line, len, error))
		return -1;
	if (ewx_record_head(line, len, &h) && read_type(&h, &r->type, error))
		return -1;
	if (r->type != EWX_RECORD_ACCESS)
		return ewx_record_complain(
			error,
			"a record of type %.*s holds no access decision; those of type 1490 do",
			h.type_len > 32 ? 32 : (int)h.type_len, h.type);
	if (!is_first_field(h.fields, line + len))
		return ewx_record_complain(
			error, "no record of EWX: the word lsm=ewx is missing");
	r->type = EWX_RECORD_ACCESS;
	return read_record(line, len, &h, r, error);
}

int ewx_record_read(const char *line, size_t len, struct ewx_record *r,
		    char *error)
{
	struct ewx_record_head h;
	bool ours;

	clear(r);
	r->type = EWX_RECORD_TYPE_COUNT;
	if (check_text(line, len, error))
		return -1;
	if (!ewx_record_head(line, len, &h))
		return ewx_record_complain(
			error,
			"no line of an audit log: it does not begin like one");
	ours = is_first_field(h.fields, line + len);
	if (read_type(&h, &r->type, error)) {
		r->type = ours ? r->type : EWX_RECORD_TYPE_COUNT;
		return -1;
	}
	if (!ours) {
		r->type = EWX_RECORD_TYPE_COUNT;
		return ewx_record_complain(
			error, "no record of EWX: the word lsm=ewx is missing");
	}
	return read_record(line, len, &h, r, error);
}

void ewx_record_free(struct ewx_record *r)
{
	free(r->storage);
	r->storage = NULL;
	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		r->text[f] = "";
}

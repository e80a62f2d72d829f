// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading audit records. Audit's way of writing untrusted strings: quoted
 * if they hold no blank, quote or byte outside ASCII, else in hexadecimal.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"
#include "record.h"
#include "request.h"
#include "../security/enclave/facts.h"

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

static int complain(char *error, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int complain(char *error, const char *fmt, ...)
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

/* How a type is written: as a number, by auditd that knows no name for it, so. */
static const struct {
	const char *name;
	unsigned int in;
	const char *written[3];
} types[EWX_RECORD_TYPE_COUNT] = {
	[EWX_RECORD_ACCESS] = { "access",
				EWX_IN_access,
				{ "1490", "UNKNOWN[1490]", "EWX_ACCESS" } },
	[EWX_RECORD_ENCLAVE] = { "enclave",
				 EWX_IN_enclave,
				 { "1491", "UNKNOWN[1491]", "EWX_ENCLAVE" } },
	[EWX_RECORD_LOAD] = { "load",
			      EWX_IN_load,
			      { "1403", "UNKNOWN[1403]", "MAC_POLICY_LOAD" } },
	[EWX_RECORD_MODE] = { "mode",
			      EWX_IN_mode,
			      { "1404", "UNKNOWN[1404]", "MAC_STATUS" } },
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

/* The word behind "type="; @n 0: there is none. */
static const char *type_word(const char *line, size_t len, size_t *n)
{
	const char *at = find(line, len, "type=");

	*n = 0;
	if (!at)
		return NULL;
	at += strlen("type=");
	while (*n < len - (size_t)(at - line) && !is_blank(at[*n]))
		++*n;
	return at;
}

/* Return: 0, or -1 if the type is none of ours. */
static int read_type(const char *line, size_t len, enum ewx_record_type *type,
		     char *error)
{
	size_t n;
	const char *at = type_word(line, len, &n);

	*type = EWX_RECORD_ACCESS;
	if (!at)
		return 0;
	for (int t = 0; t < EWX_RECORD_TYPE_COUNT; t++) {
		for (int i = 0; i < 3; i++) {
			const char *word = types[t].written[i];

			if (strlen(word) == n && !memcmp(at, word, n)) {
				*type = (enum ewx_record_type)t;
				return 0;
			}
		}
	}
	return complain(error, "a record of type %.*s is none of EWX",
			n > 32 ? 32 : (int)n, at);
}

static int check_access(const char *line, size_t len, char *error)
{
	enum ewx_record_type type;
	const char *at;
	size_t n;

	if (!read_type(line, len, &type, error) && type == EWX_RECORD_ACCESS)
		return 0;
	at = type_word(line, len, &n);
	return complain(
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

static int set_field(struct ewx_record *r, int f, char *value, char *error)
{
	char *end;

	if (r->present[f])
		return complain(error, "the field %s stands twice",
				fields[f].name);
	r->present[f] = true;
	if (!strcmp(value, "?") || !strcmp(value, "(null)"))
		return 0;
	if (fields[f].kind == FIELD_string)
		decode(value);
	r->text[f] = value;
	if (fields[f].kind != FIELD_number)
		return 0;
	errno = 0;
	r->number[f] = strtoll(value, &end, 10);
	if (errno || end == value || *end)
		return complain(error, "the field %s is no number",
				fields[f].name);
	return 0;
}

/* One "name=value" token; others are none of ours. */
static int take_token(struct ewx_record *r, char *token, char *error)
{
	char *equals = strchr(token, '=');

	if (!equals)
		return 0;
	*equals = '\0';
	for (int f = 0; f < EWX_RECORD_COUNT; f++) {
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
	if (memchr(line, '\0', len))
		return complain(error, "a record is text without zero bytes");
	start = first_field(line, len);
	if (read_type(line, start ? (size_t)(start - line) : len, &r->type,
		      error))
		return -1;
	if (!start)
		return complain(
			error, "no record of EWX: the word lsm=ewx is missing");
	read_stamp(line, start, r);
	n = len - (size_t)(start - line);
	r->storage = malloc(n + 1);
	if (!r->storage)
		return complain(error, "out of memory");
	memcpy(r->storage, start, n);
	r->storage[n] = '\0';
	if (read_fields(r, r->storage, error)) {
		ewx_record_free(r);
		return -1;
	}
	return 0;
}

void ewx_record_free(struct ewx_record *r)
{
	free(r->storage);
	r->storage = NULL;
	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		r->text[f] = "";
}

__u32 ewx_record_op(const struct ewx_record *r)
{
	const char *word = r->text[EWX_RECORD_op];
	int op = ewx_name_find(EWX_NAMES_OP, word, strlen(word));

	return op < 0 ? ENCLAVE_OP_NONE : (__u32)op;
}

static int vector(const char *list, __u32 *out, char *error)
{
	*out = 0;
	while (*list) {
		size_t n = strcspn(list, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, list, n);

		if (bit < 0)
			return complain(error,
					"%.*s is no permission of this version",
					n > 32 ? 32 : (int)n, list);
		*out |= 1U << bit;
		list += n + (list[n] == ',');
	}
	return 0;
}

bool ewx_record_debt(const struct ewx_record *r)
{
	char error[EWX_RECORD_ERROR_MAX];
	__u32 needed;

	return ewx_record_op(r) == ENCLAVE_OP_INIT &&
	       !vector(r->text[EWX_RECORD_needed], &needed, error) && needed &&
	       !(needed & ENCLAVE_PERM_INIT);
}

static int access_bits(const char *letters, __u32 *out, char *error)
{
	*out = 0;
	if (!strcmp(letters, "none"))
		return 0;
	for (; *letters; letters++) {
		if (*letters == 'r')
			*out |= ENCLAVE_R;
		else if (*letters == 'w')
			*out |= ENCLAVE_W;
		else if (*letters == 'x')
			*out |= ENCLAVE_X;
		else if (*letters != '-')
			return complain(error,
					"the field access has letters of rwx");
	}
	return 0;
}

static int hex_word(const struct ewx_record *r, enum ewx_record_field f,
		    __u32 max, __u32 *out, char *error)
{
	unsigned long value;
	char *end;

	*out = 0;
	if (!*r->text[f])
		return 0;
	errno = 0;
	value = strtoul(r->text[f], &end, 16);
	if (errno || *end || value > max || *r->text[f] == '-')
		return complain(error, "the field %s is no word in hexadecimal",
				fields[f].name);
	*out = (__u32)value;
	return 0;
}

static int digest(const struct ewx_record *r, enum ewx_record_field f,
		  __u8 out[32], char *error)
{
	const char *s = r->text[f];
	unsigned int byte;

	if (strlen(s) != 64 || strspn(s, "0123456789abcdefABCDEF") != 64)
		return complain(error, "the field %s is no SHA-256 value",
				fields[f].name);
	for (int i = 0; i < 32; i++) {
		if (sscanf(s + 2 * i, "%2x", &byte) != 1)
			return complain(error,
					"the field %s is no SHA-256 value",
					fields[f].name);
		out[i] = (__u8)byte;
	}
	return 0;
}

static int copy(const struct ewx_record *r, enum ewx_record_field f, char *out,
		size_t size, char *error)
{
	size_t n = strlen(r->text[f]);

	if (n >= size)
		return complain(error,
				"the field %s is longer than a request holds",
				fields[f].name);
	memcpy(out, r->text[f], n + 1);
	return 0;
}

static int small(const struct ewx_record *r, enum ewx_record_field f, __s64 max,
		 __s64 *out, char *error)
{
	*out = r->number[f];
	if (*out < 0 || *out > max)
		return complain(error, "the field %s is out of range",
				fields[f].name);
	return 0;
}

static bool known(const struct ewx_record *r, enum ewx_record_field f)
{
	return r->text[f][0] != '\0';
}

static int query_subject(const struct ewx_record *r, bool by_domain,
			 struct ewx_query *q, char *error)
{
	__s64 n;

	if (by_domain) {
		q->subject = EWX_SUBJECT_DOMAIN;
		if (!known(r, EWX_RECORD_domain))
			return complain(error, "the record names no domain");
		return copy(r, EWX_RECORD_domain, q->domain, sizeof(q->domain),
			    error);
	}
	q->subject = EWX_SUBJECT_PROCESS;
	if (known(r, EWX_RECORD_euid)) {
		if (small(r, EWX_RECORD_euid, 0xffffffffLL, &n, error))
			return -1;
		q->euid = (__u32)n;
	}
	if (known(r, EWX_RECORD_egid)) {
		if (small(r, EWX_RECORD_egid, 0xffffffffLL, &n, error))
			return -1;
		q->egid = (__u32)n;
	}
	if (r->number[EWX_RECORD_noexe])
		q->flags |= EWX_QUERY_NO_EXE_PATH;
	return copy(r, EWX_RECORD_exe, q->exe, sizeof(q->exe), error);
}

static int query_identity(const struct ewx_record *r, struct ewx_query *q,
			  char *error)
{
	__s64 product, svn;

	if (hex_word(r, EWX_RECORD_attrs, ~0U, &q->attributes, error))
		return -1;
	if (!known(r, EWX_RECORD_measurement))
		return 0; /* before init: still open */
	q->identity_kind = EWX_IDENTITY_RAW;
	if (digest(r, EWX_RECORD_measurement, q->measurement, error))
		return -1;
	if (known(r, EWX_RECORD_signer)) {
		q->flags |= EWX_QUERY_HAS_SIGNER;
		if (digest(r, EWX_RECORD_signer, q->signer, error))
			return -1;
	}
	if (small(r, EWX_RECORD_product, 0xffff, &product, error) ||
	    small(r, EWX_RECORD_svn, 0xffff, &svn, error))
		return -1;
	q->product = (__u16)product;
	q->svn = (__u16)svn;
	return 0;
}

static int query_source(const struct ewx_record *r, struct ewx_query *q,
			char *error)
{
	__s64 owner;

	if (q->op != ENCLAVE_OP_LOAD)
		return 0;
	if (r->number[EWX_RECORD_nopath])
		q->flags |= EWX_QUERY_NO_PATH;
	if (r->number[EWX_RECORD_readonly])
		q->flags |= EWX_QUERY_READ_ONLY;
	if (r->number[EWX_RECORD_mapexec])
		q->flags |= EWX_QUERY_MAPPED_EXEC;
	/* Without a filesystem the owner is not known either, but written as 0. */
	if (known(r, EWX_RECORD_fstype) && known(r, EWX_RECORD_owner)) {
		if (small(r, EWX_RECORD_owner, 0xffffffffLL, &owner, error))
			return -1;
		q->owner = (__u32)owner;
	}
	return copy(r, EWX_RECORD_fstype, q->fs, sizeof(q->fs), error) ||
			       copy(r, EWX_RECORD_path, q->path,
				    sizeof(q->path), error) ?
		       -1 :
		       0;
}

int ewx_record_query(const struct ewx_record *r, bool by_domain,
		     struct ewx_query *q, char *error)
{
	ewx_request_init(q);
	q->op = ewx_record_op(r);
	if (q->op == ENCLAVE_OP_NONE)
		return complain(
			error, "the record names no operation of this version");
	if (ewx_record_debt(r))
		q->op = known(r, EWX_RECORD_origin) ? ENCLAVE_OP_LOAD :
						      ENCLAVE_OP_MMAP;
	if (vector(r->text[EWX_RECORD_needed], &q->required, error) ||
	    access_bits(r->text[EWX_RECORD_access], &q->access, error) ||
	    hex_word(r, EWX_RECORD_facts, ENCLAVE_FACT_ALL, &q->facts, error) ||
	    query_subject(r, by_domain, q, error) ||
	    query_identity(r, q, error) || query_source(r, q, error))
		return -1;
	if (r->number[EWX_RECORD_inited])
		q->flags |= EWX_QUERY_INITIALIZED;
	if (r->number[EWX_RECORD_foreign])
		q->flags |= EWX_QUERY_FOREIGN;
	if (r->number[EWX_RECORD_now] > 0)
		q->now = (__u64)r->number[EWX_RECORD_now];
	return 0;
}

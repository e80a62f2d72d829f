// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names of the values that requests, records and verdicts share; writing
 * strings of others safely. Owns no policy and no grammar.
 */
#include <stdbool.h>
#include <string.h>

#include <ewx/words.h>
#include "../security/enclave/facts.h"
#include "../security/ewx/core/engine.h"

struct named {
	const char *name;
	const char *why;
};

static const struct named permissions[] = {
#define ENTRY(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = { #name, when },
	ENCLAVE_PERMISSIONS(ENTRY)
#undef ENTRY
};

static const struct named ops[] = {
#define ENTRY(NAME, name) [ENCLAVE_OP_##NAME] = { #name, "" },
	ENCLAVE_OPS(ENTRY)
#undef ENTRY
};

static const struct named refusals[] = {
#define ENTRY(NAME, name, why) [ENCLAVE_REFUSAL_##NAME] = { #name, why },
	ENCLAVE_REFUSALS(ENTRY)
#undef ENTRY
};

static const struct named reasons[] = {
#define ENTRY(NAME, name, why) [EWX_REASON_##NAME] = { #name, why },
	EWX_REASONS(ENTRY)
#undef ENTRY
};

static const struct named faults[] = {
#define ENTRY(NAME, name, why) [EWX_FAULT_##NAME] = { #name, why },
	EWX_FAULTS(ENTRY)
#undef ENTRY
};

static const struct named sections[] = {
#define ENTRY(NAME, name, size) [EWX_SECTION_##NAME] = { #name, "" },
	EWX_SECTIONS(ENTRY)
#undef ENTRY
};

static const struct {
	const struct named *names;
	__u32 count;
} lists[EWX_NAMES_COUNT] = {
	[EWX_NAMES_PERMISSION] = { permissions, ENCLAVE_PERM_COUNT },
	[EWX_NAMES_OP] = { ops, ENCLAVE_OP_COUNT },
	[EWX_NAMES_REFUSAL] = { refusals, ENCLAVE_REFUSAL_COUNT },
	[EWX_NAMES_REASON] = { reasons, EWX_REASON_COUNT },
	[EWX_NAMES_FAULT] = { faults, EWX_FAULT_CODES },
	[EWX_NAMES_SECTION] = { sections, EWX_SECTION_COUNT },
};

static const struct named *entry(enum ewx_name_kind kind, __u32 value)
{
	if (value >= lists[kind].count || !lists[kind].names[value].name)
		return NULL;
	return &lists[kind].names[value];
}

const char *ewx_name(enum ewx_name_kind kind, __u32 value)
{
	const struct named *n = entry(kind, value);

	return n ? n->name : "?";
}

const char *ewx_name_why(enum ewx_name_kind kind, __u32 value)
{
	const struct named *n = entry(kind, value);

	return n ? n->why : "";
}

int ewx_name_find(enum ewx_name_kind kind, const char *word, size_t len)
{
	for (__u32 i = 0; i < lists[kind].count; i++) {
		const char *name = lists[kind].names[i].name;

		if (name && strlen(name) == len && !memcmp(name, word, len))
			return (int)i;
	}
	return -1;
}

void ewx_name_vector(FILE *out, __u32 vector)
{
	const char *separator = "";

	if (!(vector & ENCLAVE_PERM_ALL))
		fputs("none", out);
	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(vector & (1U << bit)))
			continue;
		fprintf(out, "%s%s", separator, permissions[bit].name);
		separator = ",";
	}
}

const char *ewx_name_prot(__u32 access)
{
	static const char *const words[] = {
		"none", "r", "w", "rw", "x", "rx", "wx", "rwx",
	};

	return words[access & ENCLAVE_RWX];
}

/*
 * Length of the UTF-8 character at @s that is safe to show as it is; 0 if it
 * is none. RFC 3629 section 4: no overlong forms, no surrogates.
 */
static size_t plain_character(const unsigned char *s)
{
	__u32 c, n;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		n = 4;
	else
		return 0;
	c = s[0] & (0xffu >> (n + 1));
	for (__u32 i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < 0xa0 || (n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
	    (c >= 0xd800 && c <= 0xdfff) || c > 0x10ffff)
		return 0;
	/* Separators, marks that reorder what a reader sees, and what is unseen. */
	if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0x061c || c == 0xfeff)
		return 0;
	return n;
}

void ewx_print_name(FILE *out, const char *name)
{
	const unsigned char *p = (const unsigned char *)name;

	while (*p) {
		size_t n = plain_character(p);

		if (n)
			fwrite(p, 1, n, out);
		else
			fprintf(out, "\\x%02x", *p);
		p += n ? n : 1;
	}
}

void ewx_print_safe(FILE *out, const char *s, char quote)
{
	const unsigned char *p = (const unsigned char *)s;

	while (*p) {
		size_t n = plain_character(p);

		if (!n) {
			fprintf(out, "\\x%02x", *p++);
			continue;
		}
		if (*p == '\\' || (quote && *p == (unsigned char)quote))
			fputc('\\', out);
		fwrite(p, 1, n, out);
		p += n;
	}
}

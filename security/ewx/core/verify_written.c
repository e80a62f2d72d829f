// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Verification: strings and the sections that hold the policy as written,
 * which records, explanations and the decompiler read.
 */
#include "verify.h"

bool ewx_check_string(const struct ewx_policy *p, u32 offset)
{
	const u8 *s = ewx_record(p, EWX_SECTION_STRINGS, 0, 1);

	if (offset >= ewx_count(p, EWX_SECTION_STRINGS))
		return false;
	return !offset || !s[offset - 1];
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool has_meaning(const char *word)
{
	static const char *const no_names[] = {
#define EWX_NO_NAME_ENTRY(word) #word,
		EWX_NO_NAMES(EWX_NO_NAME_ENTRY)
#undef EWX_NO_NAME_ENTRY
		NULL
	};
	u32 i;

	for (i = 0; no_names[i]; i++) {
		if (!strcmp(word, no_names[i]))
			return true;
	}
	return false;
}

bool ewx_check_name(const struct ewx_policy *p, u32 offset)
{
	const char *name = ewx_string(p, offset);
	u32 length = 0;

	while (is_letter(name[length]) ||
	       (length && (name[length] == '-' ||
			   (name[length] >= '0' && name[length] <= '9')))) {
		if (++length > EWX_NAME_LEN_MAX)
			return false;
	}
	return length && !name[length] && !has_meaning(name);
}

static bool is_continuation(u8 byte)
{
	return (byte & 0xc0) == 0x80;
}

/*
 * Bytes of the UTF-8 character at @s, of which @left bytes are there; 0: not a
 * well-formed one (RFC 3629), or a control character other than NUL.
 */
static u32 character_length(const u8 *s, u32 left)
{
	if (s[0] < 0x80)
		return !s[0] || (s[0] >= 0x20 && s[0] != 0x7f) ? 1 : 0;
	if (left < 2 || !is_continuation(s[1]))
		return 0;
	if (s[0] >= 0xc2 && s[0] <= 0xdf) /* c0, c1: overlong */
		return 2;
	if (left < 3 || !is_continuation(s[2]))
		return 0;
	if (s[0] >= 0xe0 && s[0] <= 0xef) {
		if (s[0] == 0xe0 && s[1] < 0xa0) /* overlong */
			return 0;
		if (s[0] == 0xed && s[1] >= 0xa0) /* surrogates */
			return 0;
		return 3;
	}
	if (left < 4 || !is_continuation(s[3]))
		return 0;
	if (s[0] == 0xf0 && s[1] < 0x90) /* overlong */
		return 0;
	if (s[0] == 0xf4 && s[1] >= 0x90) /* past U+10FFFF */
		return 0;
	return s[0] >= 0xf0 && s[0] <= 0xf4 ? 4 : 0;
}

/* The section starts with the empty string and ends with a NUL. */
static bool check_strings(struct ewx_check *c)
{
	u32 count = ewx_count(c->p, EWX_SECTION_STRINGS);
	const u8 *s = ewx_record(c->p, EWX_SECTION_STRINGS, 0, 1);

	c->section = EWX_SECTION_STRINGS;
	c->index = 0;
	if (s[0])
		return ewx_check_fail(c, EWX_FAULT_STRING, 0);
	while (c->index < count) {
		u32 length = character_length(s + c->index, count - c->index);

		if (!length)
			return ewx_check_fail(c, EWX_FAULT_STRING, 0);
		c->index += length;
	}
	c->index = count - 1;
	if (s[c->index])
		return ewx_check_fail(c, EWX_FAULT_STRING, 0);
	return true;
}

static bool check_file(struct ewx_check *c)
{
	if (!ewx_check_string(c->p, EWX_NUMBER(c->p, FILES, c->index)))
		return ewx_check_fail(c, EWX_FAULT_REFERENCE, 0);
	return true;
}

static bool check_rule_references(struct ewx_check *c)
{
	const struct ewx_policy *p = c->p;
	u32 source = EWX_FIELD(c, RULES, ewx_rule, source);
	u32 identity = EWX_FIELD(c, RULES, ewx_rule, identity);

	if (EWX_FIELD(c, RULES, ewx_rule, file) >=
	    ewx_count(p, EWX_SECTION_FILES))
		return EWX_FAIL(c, REFERENCE, ewx_rule, file);
	if (!ewx_index_or(EWX_FIELD(c, RULES, ewx_rule, domain),
			  ewx_count(p, EWX_SECTION_DOMAINS), EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_rule, domain);
	if (source != EWX_DEFER &&
	    !ewx_index_or(source, ewx_count(p, EWX_SECTION_SOURCES), EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_rule, source);
	if (identity != EWX_DEFER &&
	    !ewx_index_or(identity, ewx_count(p, EWX_SECTION_IDENTITIES),
			  EWX_ANY))
		return EWX_FAIL(c, REFERENCE, ewx_rule, identity);
	return true;
}

static bool check_rule(struct ewx_check *c)
{
	u32 what = EWX_FIELD(c, RULES, ewx_rule, what);
	u32 terms = EWX_FIELD(c, RULES, ewx_rule, terms);
	u32 perms = what & EWX_WHAT_PERMS;
	u32 kind = what >> EWX_KIND_SHIFT;

	if (!perms || perms & ~ENCLAVE_PERM_ALL)
		return EWX_FAIL(c, VALUE, ewx_rule, what);
	if (kind < EWX_RULE_ALLOW || kind > EWX_RULE_LOG)
		return EWX_FAIL(c, VALUE, ewx_rule, what);
	if (!ewx_index_or(terms, ewx_count(c->p, EWX_SECTION_TERMS), EWX_NONE))
		return EWX_FAIL(c, REFERENCE, ewx_rule, terms);
	if (kind != EWX_RULE_ALLOW && terms != EWX_NONE)
		return EWX_FAIL(c, VALUE, ewx_rule, terms);
	return check_rule_references(c) &&
	       EWX_DECLARED(c, LOG, kind == EWX_RULE_LOG, ewx_rule, what);
}

#define DOMAIN_FLAGS                                                        \
	(EWX_DOMAIN_PERMISSIVE | EWX_DOMAIN_GUARDED | EWX_DOMAIN_ROOT_ANY | \
	 EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_IDENTITY |                  \
	 EWX_DOMAIN_HAS_BOTH | EWX_DOMAIN_HAS_PLAIN)

static bool check_domain_declared(struct ewx_check *c)
{
	u32 flags = EWX_FIELD(c, DOMAINS, ewx_domain, flags);

	return EWX_DECLARED(c, GUARDED, flags & EWX_DOMAIN_GUARDED, ewx_domain,
			    flags) &&
	       EWX_DECLARED(c, ROOT_ANY, flags & EWX_DOMAIN_ROOT_ANY,
			    ewx_domain, flags) &&
	       EWX_DECLARED(c, UNTIL,
			    flags & EWX_DOMAIN_PERMISSIVE &&
				    EWX_GET64(c->p, DOMAINS, ewx_domain,
					      c->index,
					      permissive_until) != EWX_FOREVER,
			    ewx_domain, permissive_until);
}

static bool check_domain(struct ewx_check *c)
{
	u32 name = EWX_FIELD(c, DOMAINS, ewx_domain, name);

	if (!ewx_check_string(c->p, name))
		return EWX_FAIL(c, REFERENCE, ewx_domain, name);
	if (!ewx_check_name(c->p, name))
		return EWX_FAIL(c, VALUE, ewx_domain, name);
	if (c->index == EWX_DOMAIN_DEFAULT &&
	    strcmp(ewx_string(c->p, name), "default"))
		return EWX_FAIL(c, VALUE, ewx_domain, name);
	if (EWX_FIELD(c, DOMAINS, ewx_domain, flags) & ~DOMAIN_FLAGS)
		return EWX_FAIL(c, VALUE, ewx_domain, flags);
	if (!ewx_index_or(EWX_FIELD(c, DOMAINS, ewx_domain, file),
			  ewx_count(c->p, EWX_SECTION_FILES), EWX_NONE))
		return EWX_FAIL(c, REFERENCE, ewx_domain, file);
	if (EWX_GET64(c->p, DOMAINS, ewx_domain, c->index, reserved))
		return EWX_FAIL(c, RESERVED, ewx_domain, reserved);
	return check_domain_declared(c);
}

/* Sources and identities have the same record. */
static bool check_name(struct ewx_check *c, u32 flags)
{
	const u8 *record =
		ewx_record(c->p, c->section, c->index, sizeof(struct ewx_name));
	u32 name = ewx_read32(record + offsetof(struct ewx_name, name));
	u32 file = ewx_read32(record + offsetof(struct ewx_name, file));

	if (!ewx_check_string(c->p, name))
		return EWX_FAIL(c, REFERENCE, ewx_name, name);
	if (!ewx_check_name(c->p, name))
		return EWX_FAIL(c, VALUE, ewx_name, name);
	if (file >= ewx_count(c->p, EWX_SECTION_FILES))
		return EWX_FAIL(c, REFERENCE, ewx_name, file);
	if (ewx_read32(record + offsetof(struct ewx_name, flags)) & ~flags)
		return EWX_FAIL(c, VALUE, ewx_name, flags);
	return true;
}

static bool check_source(struct ewx_check *c)
{
	return check_name(c, 0);
}

static bool check_identity(struct ewx_check *c)
{
	return check_name(c, EWX_NAME_PUBLIC);
}

/* Which letter of EWX_CONDITIONS, and how many records it can point to. */
static char owner_letter(const struct ewx_policy *p, u32 owner_kind, u32 *count)
{
	switch (owner_kind) {
	case EWX_OWNER_DOMAIN:
		*count = ewx_count(p, EWX_SECTION_DOMAINS);
		return 'd';
	case EWX_OWNER_SOURCE:
		*count = ewx_count(p, EWX_SECTION_SOURCES);
		return 's';
	case EWX_OWNER_IDENTITY:
		*count = ewx_count(p, EWX_SECTION_IDENTITIES);
		return 'i';
	default:
		*count = 0;
		return 0;
	}
}

static bool condition_fits(u32 kind, char owner)
{
	static const char *const owners_of[EWX_CONDITION_COUNT] = {
#define EWX_OWNER_ENTRY(NAME, word, owners) [EWX_CONDITION_##NAME] = owners,
		EWX_CONDITIONS(EWX_OWNER_ENTRY)
#undef EWX_OWNER_ENTRY
	};

	return kind && kind < EWX_CONDITION_COUNT &&
	       owners_of[kind][0] == owner;
}

static bool condition_value_fits(const struct ewx_policy *p, u32 kind, u32 a,
				 u32 b)
{
	switch (kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_CGROUP:
	case EWX_CONDITION_CONTEXT:
	case EWX_CONDITION_PATH:
	case EWX_CONDITION_FS:
		return ewx_check_string(p, a);
	case EWX_CONDITION_UID:
	case EWX_CONDITION_GID:
	case EWX_CONDITION_OWNER:
		return a <= b;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return (a == EWX_SIGNED && kind == EWX_CONDITION_FS_VERITY) ||
		       ewx_index_or(a, ewx_count(p, EWX_SECTION_KEYS), EWX_ANY);
	case EWX_CONDITION_XFRM:
		return ewx_count(p, EWX_SECTION_VALUES) >= 4 &&
		       a <= ewx_count(p, EWX_SECTION_VALUES) - 4;
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		return a < ewx_count(p, EWX_SECTION_KEYS);
	case EWX_CONDITION_OVER:
		return a < ewx_count(p, EWX_SECTION_DOMAINS);
	default:
		return true;
	}
}

static bool check_condition_declared(struct ewx_check *c, u32 condition)
{
	return EWX_DECLARED(c, CGROUP, condition == EWX_CONDITION_CGROUP,
			    ewx_condition, kind) &&
	       EWX_DECLARED(c, CONTEXT, condition == EWX_CONDITION_CONTEXT,
			    ewx_condition, kind) &&
	       EWX_DECLARED(c, FS_VERITY, condition == EWX_CONDITION_FS_VERITY,
			    ewx_condition, kind) &&
	       EWX_DECLARED(c, DM_VERITY, condition == EWX_CONDITION_DM_VERITY,
			    ewx_condition, kind) &&
	       EWX_DECLARED(c, MAPPED_EXEC,
			    condition == EWX_CONDITION_MAPPED_EXEC,
			    ewx_condition, kind);
}

static bool check_condition(struct ewx_check *c)
{
	u32 kind = EWX_FIELD(c, CONDITIONS, ewx_condition, kind);
	u32 count;
	char owner = owner_letter(
		c->p, EWX_FIELD(c, CONDITIONS, ewx_condition, owner_kind),
		&count);

	if (!owner)
		return EWX_FAIL(c, VALUE, ewx_condition, owner_kind);
	if (EWX_FIELD(c, CONDITIONS, ewx_condition, owner) >= count)
		return EWX_FAIL(c, REFERENCE, ewx_condition, owner);
	if (!condition_fits(kind, owner))
		return EWX_FAIL(c, VALUE, ewx_condition, kind);
	if (!condition_value_fits(c->p, kind,
				  EWX_FIELD(c, CONDITIONS, ewx_condition, a),
				  EWX_FIELD(c, CONDITIONS, ewx_condition, b)))
		return EWX_FAIL(c, VALUE, ewx_condition, a);
	if (EWX_FIELD(c, CONDITIONS, ewx_condition, file) >=
	    ewx_count(c->p, EWX_SECTION_FILES))
		return EWX_FAIL(c, REFERENCE, ewx_condition, file);
	if (EWX_FIELD(c, CONDITIONS, ewx_condition, reserved))
		return EWX_FAIL(c, RESERVED, ewx_condition, reserved);
	return check_condition_declared(c, kind);
}

bool ewx_verify_written(struct ewx_check *c)
{
	return check_strings(c) &&
	       ewx_check_each(c, EWX_SECTION_FILES, check_file) &&
	       ewx_check_each(c, EWX_SECTION_RULES, check_rule) &&
	       ewx_check_each(c, EWX_SECTION_DOMAINS, check_domain) &&
	       ewx_check_each(c, EWX_SECTION_SOURCES, check_source) &&
	       ewx_check_each(c, EWX_SECTION_IDENTITIES, check_identity) &&
	       ewx_check_each(c, EWX_SECTION_CONDITIONS, check_condition);
}

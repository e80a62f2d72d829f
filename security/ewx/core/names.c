// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Reading names, rules and lines back for records and explanations; names of what is
 * wrong with a blob, and where.
 *
 * Owns: answers about what is written in a policy. Any index is accepted; one
 * that is out of range gives an empty answer. Decides nothing.
 */
#include "read.h"

const char *const ewx_fault_names[EWX_FAULT_CODES] = {
	[EWX_FAULT_NONE] = "none",
#define FAULT_NAME(NAME, name, why) [EWX_FAULT_##NAME] = #name,
	EWX_FAULTS(FAULT_NAME)
#undef FAULT_NAME
};

const char *const ewx_section_names[EWX_SECTION_COUNT + 1] = {
#define SECTION_NAME(NAME, name, size) [EWX_SECTION_##NAME] = #name,
	EWX_SECTIONS(SECTION_NAME)
#undef SECTION_NAME
	[EWX_SECTION_COUNT] = "header",
};

const char *ewx_string(const struct ewx_policy *p, u32 offset)
{
	if (offset >= ewx_count(p, EWX_SECTION_STRINGS))
		offset = 0;
	return (const char *)ewx_record(p, EWX_SECTION_STRINGS, offset, 1);
}

const char *ewx_policy_name(const struct ewx_policy *p)
{
	return ewx_string(
		p, ewx_read32(p->blob + offsetof(struct ewx_header, name)));
}

const char *ewx_domain_name(const struct ewx_policy *p, u32 domain)
{
	if (domain >= ewx_count(p, EWX_SECTION_DOMAINS))
		return "";
	return ewx_string(p, EWX_GET32(p, DOMAINS, ewx_domain, domain, name));
}

u32 ewx_domain_flags(const struct ewx_policy *p, u32 domain)
{
	if (domain >= ewx_count(p, EWX_SECTION_DOMAINS))
		return 0;
	return EWX_GET32(p, DOMAINS, ewx_domain, domain, flags);
}

u32 ewx_domain_find(const struct ewx_policy *p, const char *name)
{
	u32 count = ewx_count(p, EWX_SECTION_DOMAINS);
	u32 i;

	for (i = 0; i < count; i++) {
		if (!strcmp(ewx_domain_name(p, i), name))
			return i;
	}
	return EWX_NONE;
}

/* Name of a policy file; false if there is none. */
static bool file_name(const struct ewx_policy *p, u32 file, const char **name)
{
	if (file >= ewx_count(p, EWX_SECTION_FILES))
		return false;
	*name = ewx_string(p, EWX_NUMBER(p, FILES, file));
	return true;
}

bool ewx_rule_line(const struct ewx_policy *p, u32 rule, const char **file,
		   u32 *line)
{
	if (rule >= ewx_count(p, EWX_SECTION_RULES))
		return false;
	*line = EWX_GET32(p, RULES, ewx_rule, rule, line);
	return file_name(p, EWX_GET32(p, RULES, ewx_rule, rule, file), file);
}

bool ewx_domain_line(const struct ewx_policy *p, u32 domain, const char **file,
		     u32 *line)
{
	if (domain >= ewx_count(p, EWX_SECTION_DOMAINS))
		return false;
	*line = EWX_GET32(p, DOMAINS, ewx_domain, domain, line);
	return file_name(p, EWX_GET32(p, DOMAINS, ewx_domain, domain, file),
			 file);
}

u32 ewx_source_class_count(const struct ewx_policy *p)
{
	return ewx_count(p, EWX_SECTION_SOURCE_CLASSES);
}

u32 ewx_identity_class_count(const struct ewx_policy *p)
{
	return ewx_count(p, EWX_SECTION_IDENTITY_CLASSES);
}

const char *ewx_source_class_name(const struct ewx_policy *p, u32 cls, u32 n)
{
	u32 member;

	if (cls >= ewx_source_class_count(p) ||
	    n >= EWX_GET32(p, SOURCE_CLASSES, ewx_class, cls, count))
		return NULL;
	member = EWX_NUMBER(
		p, VALUES,
		EWX_GET32(p, SOURCE_CLASSES, ewx_class, cls, first) + n);
	return ewx_string(p, EWX_GET32(p, SOURCES, ewx_name, member, name));
}

const char *ewx_identity_class_name(const struct ewx_policy *p, u32 cls, u32 n)
{
	u32 member;

	if (cls >= ewx_identity_class_count(p) ||
	    n >= EWX_GET32(p, IDENTITY_CLASSES, ewx_class, cls, count))
		return NULL;
	member = EWX_NUMBER(
		p, VALUES,
		EWX_GET32(p, IDENTITY_CLASSES, ewx_class, cls, first) + n);
	return ewx_string(p, EWX_GET32(p, IDENTITIES, ewx_name, member, name));
}

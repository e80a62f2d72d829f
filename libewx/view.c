// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The public calls of ewx/policy.h.
 *
 * Owns: records of a verified policy as structures of the interface. Decides nothing.
 */
#include <string.h>
#include <ewx/policy.h>
#include "opaque.h"
#include "../security/ewx/core/read.h"

size_t ewx_signed_size(const void *data, size_t size)
{
	return ewx_policy_signed_size(data, size);
}

uint32_t ewx_judge_format(const struct ewx_judge *j)
{
	return ewx_read32(j->blob + offsetof(struct ewx_header, format));
}

uint32_t ewx_judge_domains(const struct ewx_judge *j)
{
	return ewx_count(&j->policy, EWX_SECTION_DOMAINS);
}

bool ewx_judge_domain(const struct ewx_judge *j, uint32_t n,
		      struct ewx_domain_view *v)
{
	const struct ewx_policy *p = &j->policy;
	u32 flags;

	if (n >= ewx_judge_domains(j))
		return false;
	flags = ewx_domain_flags(p, n);
	*v = (struct ewx_domain_view){
		.name = ewx_domain_name(p, n),
		.guarded = flags & EWX_DOMAIN_GUARDED,
		.root_any = flags & EWX_DOMAIN_ROOT_ANY,
		.permissive = flags & EWX_DOMAIN_PERMISSIVE,
		.permissive_until =
			EWX_GET64(p, DOMAINS, ewx_domain, n, permissive_until),
	};
	if (!ewx_domain_line(p, n, &v->file, &v->line))
		v->file = NULL;
	return true;
}

uint32_t ewx_judge_domain_find(const struct ewx_judge *j, const char *name)
{
	u32 low = 0, high = ewx_judge_domains(j);

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (strcmp(ewx_domain_name(&j->policy, j->by_name[mid]), name) <
		    0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == ewx_judge_domains(j) ||
	    strcmp(ewx_domain_name(&j->policy, j->by_name[low]), name))
		return EWX_NONE;
	return j->by_name[low];
}

bool ewx_judge_permissive(const struct ewx_judge *j, uint32_t n, uint64_t now)
{
	return n < ewx_judge_domains(j) &&
	       ewx_domain_permissive(&j->policy, n, now);
}

uint32_t ewx_judge_rules(const struct ewx_judge *j)
{
	return ewx_count(&j->policy, EWX_SECTION_RULES);
}

bool ewx_judge_rule(const struct ewx_judge *j, uint32_t n,
		    struct ewx_rule_view *v)
{
	const struct ewx_policy *p = &j->policy;
	u32 what, max;
	u64 until;

	if (n >= ewx_judge_rules(j))
		return false;
	what = EWX_GET32(p, RULES, ewx_rule, n, what);
	ewx_rule_terms(p, n, &max, &until);
	*v = (struct ewx_rule_view){
		.kind = ewx_kind(what),
		.domain = EWX_GET32(p, RULES, ewx_rule, n, domain),
		.source = EWX_GET32(p, RULES, ewx_rule, n, source),
		.identity = EWX_GET32(p, RULES, ewx_rule, n, identity),
		.permissions = what & EWX_WHAT_PERMS,
		.until = until,
	};
	if (!ewx_rule_line(p, n, &v->file, &v->line))
		v->file = NULL;
	return true;
}

uint32_t ewx_judge_sources(const struct ewx_judge *j)
{
	return ewx_count(&j->policy, EWX_SECTION_SOURCES);
}

const char *ewx_judge_source(const struct ewx_judge *j, uint32_t n)
{
	const struct ewx_policy *p = &j->policy;

	return n < ewx_judge_sources(j) ?
		       ewx_string(p, EWX_GET32(p, SOURCES, ewx_name, n, name)) :
		       NULL;
}

uint32_t ewx_judge_identities(const struct ewx_judge *j)
{
	return ewx_count(&j->policy, EWX_SECTION_IDENTITIES);
}

const char *ewx_judge_identity(const struct ewx_judge *j, uint32_t n)
{
	const struct ewx_policy *p = &j->policy;

	return n < ewx_judge_identities(j) ?
		       ewx_string(p,
				  EWX_GET32(p, IDENTITIES, ewx_name, n, name)) :
		       NULL;
}

uint32_t ewx_judge_source_classes(const struct ewx_judge *j)
{
	return ewx_source_class_count(&j->policy);
}

const char *ewx_judge_source_class(const struct ewx_judge *j, uint32_t cls,
				   uint32_t n)
{
	return ewx_source_class_name(&j->policy, cls, n);
}

uint32_t ewx_judge_identity_classes(const struct ewx_judge *j)
{
	return ewx_identity_class_count(&j->policy);
}

const char *ewx_judge_identity_class(const struct ewx_judge *j, uint32_t cls,
				     uint32_t n)
{
	return ewx_identity_class_name(&j->policy, cls, n);
}

void ewx_judge_contexts(const struct ewx_judge *j,
			void (*found)(void *ctx, const char *context,
				      const char *file, unsigned int line),
			void *ctx)
{
	const struct ewx_policy *p = &j->policy;

	for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
		u32 text, at;

		if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
		    EWX_CONDITION_CONTEXT)
			continue;
		text = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);
		at = EWX_GET32(p, CONDITIONS, ewx_condition, i, file);
		found(ctx, ewx_string(p, text),
		      at < ewx_count(p, EWX_SECTION_FILES) ?
			      ewx_string(p, EWX_NUMBER(p, FILES, at)) :
			      "-",
		      EWX_GET32(p, CONDITIONS, ewx_condition, i, line));
	}
}

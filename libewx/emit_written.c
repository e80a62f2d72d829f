// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The sections that hold the policy as it was written: domains, sources, identities,
 * their conditions, rules, and where each stands.
 *
 * Owns: what records and explanations read back. Decisions depend on the domains'
 * settings and the rules' terms alone. Must not know how things are decided.
 */
#include "emit.h"

static u32 file_index(struct ewx_writer *w, const struct ewx_loc *loc)
{
	const char *name;

	if (!loc->line)
		return EWX_NONE;
	name = w->b->unit->files[loc->file].name;
	if (!w->file_of[loc->file]) {
		ewx_put32(w, EWX_SECTION_FILES,
			  ewx_back_string(w->b, *name ? name : "?"));
		w->file_of[loc->file] = ++w->file_count;
	}
	return w->file_of[loc->file] - 1;
}

static void put_domain(struct ewx_writer *w, u32 index)
{
	const struct ewx_ir_name *d = &w->b->unit->domains[index];
	u32 flags = d->flags & (EWX_DOMAIN_PERMISSIVE | EWX_DOMAIN_GUARDED |
				EWX_DOMAIN_ROOT_ANY);
	u64 until = flags & EWX_DOMAIN_PERMISSIVE ? d->permissive_until : 0;

	ewx_put32(w, EWX_SECTION_DOMAINS, ewx_back_string(w->b, d->name));
	ewx_put32(w, EWX_SECTION_DOMAINS, flags | w->b->domain_has[index]);
	ewx_put32(w, EWX_SECTION_DOMAINS, file_index(w, &d->loc));
	ewx_put32(w, EWX_SECTION_DOMAINS, d->loc.line);
	ewx_put64(w, EWX_SECTION_DOMAINS, until);
	ewx_put64(w, EWX_SECTION_DOMAINS, 0);
	ewx_put_feature(w, EWX_FEATURE_BIT_GUARDED, flags & EWX_DOMAIN_GUARDED);
	ewx_put_feature(w, EWX_FEATURE_BIT_ROOT_ANY,
			flags & EWX_DOMAIN_ROOT_ANY);
	ewx_put_feature(w, EWX_FEATURE_BIT_UNTIL,
			flags & EWX_DOMAIN_PERMISSIVE && until != EWX_FOREVER);
}

static void put_name(struct ewx_writer *w, enum ewx_section section,
		     const struct ewx_ir_name *name, u32 flags)
{
	ewx_put32(w, section, ewx_back_string(w->b, name->name));
	ewx_put32(w, section, file_index(w, &name->loc));
	ewx_put32(w, section, name->loc.line);
	ewx_put32(w, section, name->flags & flags);
}

/* The values a and b of a condition's record. */
static void values_of(struct ewx_writer *w, const struct ewx_ir_condition *c,
		      u32 *a, u32 *b)
{
	*a = 0;
	*b = 0;
	switch (c->kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_CGROUP:
	case EWX_CONDITION_CONTEXT:
	case EWX_CONDITION_PATH:
	case EWX_CONDITION_FS:
		*a = ewx_back_string(w->b, c->text);
		break;
	case EWX_CONDITION_UID:
	case EWX_CONDITION_GID:
	case EWX_CONDITION_OWNER:
	case EWX_CONDITION_ATTRIBUTES:
		*a = c->low;
		*b = c->high;
		break;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		*a = ewx_back_digest(w->b, c);
		break;
	case EWX_CONDITION_XFRM:
		*a = ewx_back_wide(w->b, c->mask, c->value);
		break;
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		*a = ewx_back_key(w->b, c->digest);
		break;
	case EWX_CONDITION_PRODUCT:
	case EWX_CONDITION_MIN_SVN:
	case EWX_CONDITION_OVER:
		*a = c->low;
		break;
	default:
		break;
	}
}

static void put_conditions(struct ewx_writer *w, u32 owner_kind, u32 owner,
			   const struct ewx_ir_name *name)
{
	for (size_t i = 0; i < name->condition_count; i++) {
		const struct ewx_ir_condition *c = &name->conditions[i];
		u32 a, b;

		values_of(w, c, &a, &b);
		ewx_put32(w, EWX_SECTION_CONDITIONS, owner_kind);
		ewx_put32(w, EWX_SECTION_CONDITIONS, owner);
		ewx_put32(w, EWX_SECTION_CONDITIONS, c->kind);
		ewx_put32(w, EWX_SECTION_CONDITIONS, a);
		ewx_put32(w, EWX_SECTION_CONDITIONS, b);
		ewx_put32(w, EWX_SECTION_CONDITIONS, file_index(w, &c->loc));
		ewx_put32(w, EWX_SECTION_CONDITIONS, c->loc.line);
		ewx_put32(w, EWX_SECTION_CONDITIONS, 0);
		ewx_put_feature(w, EWX_FEATURE_BIT_CGROUP,
				c->kind == EWX_CONDITION_CGROUP);
		ewx_put_feature(w, EWX_FEATURE_BIT_CONTEXT,
				c->kind == EWX_CONDITION_CONTEXT);
		ewx_put_feature(w, EWX_FEATURE_BIT_FS_VERITY,
				c->kind == EWX_CONDITION_FS_VERITY);
		ewx_put_feature(w, EWX_FEATURE_BIT_DM_VERITY,
				c->kind == EWX_CONDITION_DM_VERITY);
		ewx_put_feature(w, EWX_FEATURE_BIT_MAPPED_EXEC,
				c->kind == EWX_CONDITION_MAPPED_EXEC);
	}
}

/* TERMS index of a rule's limits, or EWX_NONE. */
static u32 put_terms(struct ewx_writer *w, const struct ewx_ir_rule *r)
{
	const u32 v[3] = { (u32)r->until, (u32)(r->until >> 32), r->max };
	u32 known = ewx_sets_count(&w->terms), id;

	if (r->until == EWX_FOREVER && r->max == EWX_UNLIMITED)
		return EWX_NONE;
	id = ewx_sets_intern(&w->terms, v, 3);
	if (id == known) {
		ewx_put64(w, EWX_SECTION_TERMS, r->until);
		ewx_put32(w, EWX_SECTION_TERMS, r->max);
		ewx_put32(w, EWX_SECTION_TERMS, 0);
	}
	return id - 1;
}

static void put_rule(struct ewx_writer *w, u32 number)
{
	const struct ewx_ir_rule *r =
		&w->b->unit->rules[w->b->rule_order[number]];

	ewx_put32(w, EWX_SECTION_RULES, file_index(w, &r->loc));
	ewx_put32(w, EWX_SECTION_RULES, r->loc.line);
	ewx_put32(w, EWX_SECTION_RULES, r->perms | r->kind << EWX_KIND_SHIFT);
	ewx_put32(w, EWX_SECTION_RULES, r->domain);
	ewx_put32(w, EWX_SECTION_RULES, r->source);
	ewx_put32(w, EWX_SECTION_RULES, r->identity);
	ewx_put32(w, EWX_SECTION_RULES, put_terms(w, r));
	ewx_put_feature(w, EWX_FEATURE_BIT_UNTIL, r->until != EWX_FOREVER);
	ewx_put_feature(w, EWX_FEATURE_BIT_MAX, r->max != EWX_UNLIMITED);
	ewx_put_feature(w, EWX_FEATURE_BIT_LOG, r->kind == EWX_RULE_LOG);
}

void ewx_put_written(struct ewx_writer *w)
{
	const struct ewx_unit *u = w->b->unit;

	ewx_sets_init(&w->terms, &w->b->pool);
	ewx_put_reserve(w, EWX_SECTION_RULES, u->rule_count);
	for (u32 i = 0; i < u->domain_count; i++)
		put_domain(w, i);
	for (u32 i = 0; i < u->source_count; i++)
		put_name(w, EWX_SECTION_SOURCES, &u->sources[i], 0);
	for (u32 i = 0; i < u->identity_count; i++)
		put_name(w, EWX_SECTION_IDENTITIES, &u->identities[i],
			 EWX_NAME_PUBLIC);
	for (u32 i = 0; i < u->domain_count; i++)
		put_conditions(w, EWX_OWNER_DOMAIN, i, &u->domains[i]);
	for (u32 i = 0; i < u->source_count; i++)
		put_conditions(w, EWX_OWNER_SOURCE, i, &u->sources[i]);
	for (u32 i = 0; i < u->identity_count; i++)
		put_conditions(w, EWX_OWNER_IDENTITY, i, &u->identities[i]);
	for (u32 i = 0; i < u->rule_count; i++)
		put_rule(w, i);
}

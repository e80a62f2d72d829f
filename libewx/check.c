// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Meaning of a parsed unit: names to indices, clauses against the table of
 * permissions.
 *
 * Owns: which errors a well-formed policy can still have. Knows no text but
 * for the places it reports. What the compiled tables show is the back end's.
 */
#include <stdint.h>
#include <string.h>
#include <uapi/linux/enclave_permissions.h>
#include "../security/enclave/facts.h"
#include "codes.h"
#include "front.h"
#include "suggest.h"

static const struct {
	const char *name;
	unsigned int from, ident;
} permissions[] = {
#define PERMISSION(NAME, name, from, ident, when) \
	{ #name, ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(PERMISSION)
#undef PERMISSION
};

/* The permissions whose from (for) clause is as @how says. */
static __u32 with_from(unsigned int how)
{
	__u32 perms = 0;
	unsigned int bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (permissions[bit].from == how)
			perms |= 1U << bit;
	return perms;
}

static __u32 with_for(unsigned int how)
{
	__u32 perms = 0;
	unsigned int bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (permissions[bit].ident == how)
			perms |= 1U << bit;
	return perms;
}

/* The permissions that pages can be counted for. */
static __u32 countable(void)
{
	__u32 perms = 0;
	unsigned int f;

	for (f = 0; f <= ENCLAVE_FACT_ALL; f++)
		perms |= enclave_facts_uses(f);
	return perms;
}

/* Names of a vector for a message: '"a", "b"'. */
static const char *perm_list(struct ewx_unit *u, __u32 perms)
{
	const char *list = NULL;
	unsigned int bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(perms >> bit & 1))
			continue;
		list = ewx_arena_printf(&u->arena, "%s%s\"%s\"",
					list ? list : "", list ? ", " : "",
					permissions[bit].name);
	}
	return list ? list : "";
}

static void unknown_permission(struct ewx_unit *u,
			       const struct ewx_perm_word *word)
{
	struct ewx_front *f = ewx_front(u);
	struct ewx_suggest s;
	unsigned int bit;
	size_t i;

	ewx_suggest_begin(&s, word->name);
	if (ewx_will_show(u)) {
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			ewx_suggest_try(&s, permissions[bit].name);
		for (i = 0; i < f->set_count; i++)
			ewx_suggest_try(&s, f->set[i].name);
	}
	ewx_report(u, E0302, &word->loc,
		   ewx_suggest_hint(&s, &u->arena, NULL),
		   "unknown permission \"%s\"", word->name);
}

static void resolve_sets(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	size_t i, j;

	for (i = 0; i < f->set_count; i++) {
		struct ewx_set *set = &f->set[i];

		for (j = 0; j < set->words.count; j++) {
			struct ewx_perm_word *w;

			w = &f->words[set->words.first + j];
			set->perms |= w->perms;
			if (w->perms)
				continue;
			if (ewx_symbols_find(&f->sets, w->name) ==
			    EWX_SYMBOL_NONE)
				unknown_permission(u, w);
			else
				ewx_report(u, E0302, &w->loc,
					   "name its permissions",
					   "\"%s\" is a set, and sets hold permissions only",
					   w->name);
		}
	}
}

__u32 ewx_resolve_words(struct ewx_unit *u, const struct ewx_words *words)
{
	struct ewx_front *f = ewx_front(u);
	__u32 perms = 0, index;
	size_t i;

	for (i = 0; i < words->count; i++) {
		struct ewx_perm_word *w = &f->words[words->first + i];

		if (!w->perms) {
			index = ewx_symbols_find(&f->sets, w->name);
			if (index == EWX_SYMBOL_NONE) {
				unknown_permission(u, w);
			} else {
				w->perms = f->set[index].perms;
				f->set[index].used = true;
			}
		}
		perms |= w->perms;
	}
	return perms;
}

const char *ewx_nearest(struct ewx_unit *u, const char *word, bool any,
			const struct ewx_ir_name *names, size_t count)
{
	struct ewx_suggest s;
	size_t i;

	ewx_suggest_begin(&s, word);
	if (ewx_will_show(u)) {
		if (any)
			ewx_suggest_try(&s, "any");
		for (i = 0; i < count; i++)
			ewx_suggest_try(&s, names[i].name);
	}
	return ewx_suggest_hint(&s, &u->arena, NULL);
}

__u32 ewx_resolve_identity(struct ewx_unit *u, const char *name,
			   const struct ewx_loc *loc)
{
	__u32 index;

	if (!strcmp(name, "any"))
		return EWX_ANY;
	index = ewx_symbols_find(&ewx_front(u)->identities, name);
	if (index == EWX_SYMBOL_NONE)
		ewx_report(u, E0304, loc,
			   ewx_nearest(u, name, true, u->identities,
				       u->identity_count),
			   "unknown identity \"%s\"", name);
	return index;
}

static __u32 resolve_source(struct ewx_unit *u, const char *name,
			    const struct ewx_loc *loc)
{
	__u32 index;

	if (!strcmp(name, "any"))
		return EWX_ANY;
	index = ewx_symbols_find(&ewx_front(u)->sources, name);
	if (index == EWX_SYMBOL_NONE)
		ewx_report(u, E0303, loc,
			   ewx_nearest(u, name, true, u->sources, u->source_count),
			   "unknown source \"%s\"", name);
	return index;
}

/* The place of the first word of the rule that brings one of @perms. */
static const struct ewx_loc *word_of(const struct ewx_unit *u,
				     const struct ewx_words *words, __u32 perms)
{
	struct ewx_front *f = ewx_front(u);
	size_t i;

	for (i = 0; i < words->count; i++)
		if (f->words[words->first + i].perms & perms)
			return &f->words[words->first + i].loc;
	return NULL;
}

static void check_from(struct ewx_unit *u, const struct ewx_ir_rule *rule,
		       const struct ewx_rule_extra *extra)
{
	__u32 refused = rule->perms & with_from(ENCLAVE_CLAUSE_REFUSED);
	__u32 required = rule->perms & with_from(ENCLAVE_CLAUSE_REQUIRED);

	if (rule->source_name && refused) {
		ewx_report(u, E0402, &rule->source_loc,
			   "write a rule of its own for it, without \"from\"",
			   "%s does not take \"from\"", perm_list(u, refused));
		ewx_note(u, word_of(u, &extra->words, refused),
			 "the permission is here");
	}
	if (!rule->source_name && required && rule->kind == EWX_RULE_ALLOW)
		ewx_report(u, E0401, word_of(u, &extra->words, required),
			   "write \"from SOURCE\", or \"from any\" if every file is meant",
			   "allowing %s needs \"from\"",
			   perm_list(u, required));
}

static void check_for(struct ewx_unit *u, const struct ewx_ir_rule *rule,
		      const struct ewx_rule_extra *extra)
{
	__u32 refused = rule->perms & with_for(ENCLAVE_CLAUSE_REFUSED);
	__u32 required = rule->perms & with_for(ENCLAVE_CLAUSE_REQUIRED);
	bool block = extra->block != EWX_BLOCK_NONE;

	if (rule->identity_name && refused) {
		ewx_report(u, E0404, word_of(u, &extra->words, refused),
			   block ? "write the rule outside the for block" :
			   "write a rule of its own for it, without \"for\"",
			   "%s does not take \"for\"", perm_list(u, refused));
		ewx_note(u, &rule->identity_loc, block ?
			 "the for block is here" : "the identity is here");
	}
	if (!rule->identity_name && required && rule->kind == EWX_RULE_ALLOW)
		ewx_report(u, E0403, word_of(u, &extra->words, required),
			   "write \"for IDENTITY\", or \"for any\" if every enclave is meant",
			   "allowing %s needs \"for\"",
			   perm_list(u, required));
}

static void check_limits(struct ewx_unit *u, const struct ewx_ir_rule *rule,
			 const struct ewx_rule_extra *extra, __u32 counted)
{
	if (rule->kind != EWX_RULE_ALLOW) {
		if (extra->max_loc.line)
			ewx_report(u, E0405, &extra->max_loc, NULL,
				   "\"max\" limits what is allowed only");
		if (extra->until_loc.line)
			ewx_report(u, E0405, &extra->until_loc, NULL,
				   "\"until\" ends what is allowed only");
		return;
	}
	if (extra->max_loc.line && rule->perms & ~counted)
		ewx_report(u, E0406, &extra->max_loc,
			   "write a rule of its own for it, without \"max\"",
			   "no page uses %s, so \"max\" would not limit it",
			   perm_list(u, rule->perms & ~counted));
}

static void check_rules(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	__u32 counted = countable();
	size_t i;

	for (i = 0; i < f->block_count; i++)
		f->blocks[i].identity =
			ewx_resolve_identity(u, f->blocks[i].name,
					     &f->blocks[i].loc);
	for (i = 0; i < u->rule_count; i++) {
		struct ewx_ir_rule *rule = &u->rules[i];
		struct ewx_rule_extra *extra = &f->extra[i];

		rule->perms = ewx_resolve_words(u, &extra->words);
		if (rule->source_name)
			rule->source = resolve_source(u, rule->source_name,
						      &rule->source_loc);
		if (extra->block != EWX_BLOCK_NONE)
			rule->identity = f->blocks[extra->block].identity;
		else if (rule->identity_name)
			rule->identity =
				ewx_resolve_identity(u, rule->identity_name,
						     &rule->identity_loc);
		if (extra->broken)
			continue;
		check_from(u, rule, extra);
		check_for(u, rule, extra);
		check_limits(u, rule, extra, counted);
	}
}

static void check_names(struct ewx_unit *u, const struct ewx_ir_name *names,
			size_t count, const char *what, const char *instead)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (names[i].condition_count ||
		    names[i].flags & EWX_NAME_BROKEN)
			continue;
		ewx_report(u, E0504, &names[i].loc, instead,
			   "%s \"%s\" has no condition: everything would fit",
			   what, names[i].name);
	}
}

static void check_default(struct ewx_unit *u)
{
	const struct ewx_ir_name *def = &u->domains[EWX_DOMAIN_DEFAULT];

	if (def->condition_count)
		ewx_report(u, E0505, &def->conditions[0].loc, NULL,
			   "domain \"default\" takes no conditions: it holds the processes that fit no other domain");
	else if (def->flags & EWX_DOMAIN_ROOT_ANY)
		ewx_report(u, E0505, &def->loc, NULL,
			   "\"root any\" means nothing in domain \"default\", which has no paths");
}

int ewx_unit_check(struct ewx_unit *u)
{
	if (u->arena.failed)
		return -1;
	if (!u->checked) {
		u->checked = true;
		ewx_step(u, "checking names and rules");
		if (!ewx_front(u)->policy_seen && !ewx_front(u)->unread)
			ewx_report(u, E0306, NULL,
				   "one file says: policy NAME version N;",
				   "no file names the policy");
		resolve_sets(u);
		check_rules(u);
		check_default(u);
		check_names(u, u->domains + 1, u->domain_count - 1, "domain",
			    "domain \"default\" holds all other processes");
		check_names(u, u->sources, u->source_count, "source",
			    "rules say \"from any\" for every file");
		check_names(u, u->identities, u->identity_count, "identity",
			    "rules say \"for any\" for every enclave");
		ewx_check_overs(u);
		ewx_check_nevers(u);
		ewx_check_expects(u);
		if (!u->error_count)
			ewx_lint(u);
	}
	return ewx_unit_errors(u) ? -1 : 0;
}

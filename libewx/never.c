// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * "never PERMISSIONS but for IDENTITIES": proved over the rules.
 *
 * Owns: the proof. It errs on the safe side: every allow rule is taken to
 * grant, unless a rule without conditions denies the permission wherever it
 * holds. So a unit that passes grants nothing that never excludes.
 */
#include <stdint.h>
#include <uapi/linux/enclave_permissions.h>
#include "codes.h"
#include "front.h"

/**
 * struct grants - what the rules could grant.
 * @everywhere: permissions denied in every domain, without condition
 * @domain: the same per domain
 * @to: permissions that rules for each identity grant; last: for any or all
 * @holders: per permission: how many of @to have it
 */
struct grants {
	__u32 everywhere;
	__u32 *domain;
	__u32 *to;
	size_t to_count;
	size_t holders[ENCLAVE_PERM_COUNT];
};

static bool is_wide(__u32 name)
{
	return name == EWX_ANY || name == EWX_DEFER;
}

/* What the rule grants, if it is an allow, but for what is denied for good. */
static __u32 granted(const struct grants *g, const struct ewx_ir_rule *rule)
{
	__u32 denied = g->everywhere;

	if (rule->kind != EWX_RULE_ALLOW)
		return 0;
	if (rule->domain != EWX_ANY)
		denied |= g->domain[rule->domain];
	return rule->perms & ~denied;
}

/* The place of a rule's identity in @to. */
static size_t holder(const struct grants *g, const struct ewx_ir_rule *rule)
{
	return is_wide(rule->identity) ? g->to_count - 1 : rule->identity;
}

static bool collect(struct ewx_unit *u, struct grants *g)
{
	unsigned int bit;
	size_t i;

	g->to_count = u->identity_count + 1;
	g->domain = ewx_arena_array(&u->arena, u->domain_count,
				    sizeof(*g->domain));
	g->to = ewx_arena_array(&u->arena, g->to_count, sizeof(*g->to));
	if (!g->domain || !g->to)
		return false;
	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];

		if (rule->kind != EWX_RULE_DENY || !is_wide(rule->source) ||
		    !is_wide(rule->identity))
			continue;
		if (rule->domain == EWX_ANY)
			g->everywhere |= rule->perms;
		else
			g->domain[rule->domain] |= rule->perms;
	}
	for (i = 0; i < u->rule_count; i++)
		g->to[holder(g, &u->rules[i])] |= granted(g, &u->rules[i]);
	for (i = 0; i < g->to_count; i++)
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			g->holders[bit] += g->to[i] >> bit & 1;
	return true;
}

/* Report the first rule that grants @perm to an identity not excepted. */
static void violation(struct ewx_unit *u, const struct grants *g,
		      const struct ewx_never *never, __u32 perm,
		      const bool *excepted)
{
	struct ewx_front *f = ewx_front(u);
	const char *name = "";
	size_t i;

	for (i = 0; i < never->words.count; i++)
		if (f->words[never->words.first + i].perms & perm)
			name = f->words[never->words.first + i].name;
	if (!ewx_will_show(u)) {
		ewx_report(u, E0801, &never->loc, NULL, "%s", name);
		return;
	}
	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];

		if (!(granted(g, rule) & perm) || excepted[holder(g, rule)])
			continue;
		ewx_report(u, E0801, &never->loc, NULL,
			   "\"never %s\" does not hold", name);
		ewx_note(u, &rule->loc, "this rule could grant it");
		return;
	}
}

/* Look at the names; those that are unknown are reported. */
static void check_names(struct ewx_unit *u, const struct ewx_never *never)
{
	struct ewx_front *f = ewx_front(u);
	const struct ewx_perm_word *but = &f->words[never->but.first];
	size_t i;

	ewx_resolve_words(u, &never->words);
	for (i = 0; i < never->but.count; i++)
		if (ewx_symbols_find(&f->identities, but[i].name) ==
		    EWX_SYMBOL_NONE)
			ewx_report(u, E0304, &but[i].loc,
				   ewx_nearest(u, but[i].name, false,
					       u->identities,
					       u->identity_count),
				   "unknown identity \"%s\"", but[i].name);
}

/* All names are known. */
static void check_never(struct ewx_unit *u, const struct grants *g,
			const struct ewx_never *never, bool *excepted)
{
	struct ewx_front *f = ewx_front(u);
	const struct ewx_perm_word *but = &f->words[never->but.first];
	size_t held[ENCLAVE_PERM_COUNT] = { 0 }, i;
	__u32 perms, identity;
	unsigned int bit;

	perms = ewx_resolve_words(u, &never->words);
	for (i = 0; i < never->but.count; i++) {
		identity = ewx_symbols_find(&f->identities, but[i].name);
		if (excepted[identity])
			continue;
		excepted[identity] = true;
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			held[bit] += g->to[identity] >> bit & 1;
	}
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (perms >> bit & 1 && held[bit] < g->holders[bit])
			violation(u, g, never, 1U << bit, excepted);
	for (i = 0; i < never->but.count; i++) {
		identity = ewx_symbols_find(&f->identities, but[i].name);
		excepted[identity] = false;
	}
}

static void warn_permissive(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	size_t i;

	for (i = 0; i < u->domain_count; i++) {
		if (!(u->domains[i].flags & EWX_DOMAIN_PERMISSIVE))
			continue;
		ewx_report(u, W0108, &u->domains[i].loc, NULL,
			   "domain \"%s\" is permissive: \"never\" does not bind it",
			   u->domains[i].name);
		ewx_note(u, &f->nevers[0].loc, "the statement is here");
	}
}

void ewx_check_nevers(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	struct grants g = { 0 };
	bool *excepted;
	size_t i;

	for (i = 0; i < f->never_count; i++)
		check_names(u, &f->nevers[i]);
	/* Rules whose names are unknown grant to nobody knows whom. */
	if (!f->never_count || u->error_count || !collect(u, &g))
		return;
	excepted = ewx_arena_array(&u->arena, g.to_count, sizeof(*excepted));
	if (!excepted)
		return;
	for (i = 0; i < f->never_count; i++)
		check_never(u, &g, &f->nevers[i], excepted);
	warn_permissive(u);
}

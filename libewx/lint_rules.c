// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Warnings about rules that change nothing.
 *
 * Owns: when a rule is covered by others. It errs on the safe side: a rule
 * that is warned of can be left out, but not every such rule is found. The cost
 * is linear in the number of rules.
 */
#include <stdint.h>
#include <uapi/linux/enclave_permissions.h>
#include "codes.h"
#include "front.h"

#define NO_RULE	UINT32_MAX

/**
 * struct group - rules of one kind, domain, source and identity.
 * @best: per permission the rule that says the most, or NO_RULE
 */
struct group {
	__u32 key[4];
	__u32 best[ENCLAVE_PERM_COUNT];
};

/**
 * struct groups - all of them.
 * @slot: hash table of indices + 1 into @group
 * @mask: of hashes
 * @shapes: per kind, a bit for each shape_of() that there is: others are not looked for
 */
struct groups {
	struct group *group;
	size_t count;
	__u32 *slot;
	size_t mask;
	__u32 shapes[EWX_RULE_LOG + 1];
};

static __u32 wide_or(__u32 name)
{
	return name == EWX_DEFER ? EWX_ANY : name;
}

/* Which of domain, source and identity are any: a bit for each. */
static unsigned int shape_of(const __u32 key[4])
{
	return (key[1] == EWX_ANY) | (key[2] == EWX_ANY) << 1 |
	       (key[3] == EWX_ANY) << 2;
}

/* The group of @key; entered if @add. Return: NULL: there is none. */
static struct group *find_group(struct groups *g, const __u32 key[4], bool add)
{
	__u64 hash = 14695981039346656037ull;
	struct group *group;
	unsigned int i;
	size_t at;

	for (i = 0; i < 4; i++)
		hash = (hash ^ key[i]) * 1099511628211ull;
	for (at = (hash ^ hash >> 29) & g->mask; g->slot[at];
	     at = (at + 1) & g->mask) {
		group = &g->group[g->slot[at] - 1];
		if (group->key[0] == key[0] && group->key[1] == key[1] &&
		    group->key[2] == key[2] && group->key[3] == key[3])
			return group;
	}
	if (!add)
		return NULL;
	group = &g->group[g->count++];
	g->slot[at] = g->count;
	g->shapes[key[0]] |= 1u << shape_of(key);
	for (i = 0; i < 4; i++)
		group->key[i] = key[i];
	for (i = 0; i < ENCLAVE_PERM_COUNT; i++)
		group->best[i] = NO_RULE;
	return group;
}

/* Whether @a says all that @b says of a permission that both name. */
static bool says_as_much(const struct ewx_ir_rule *a,
			 const struct ewx_ir_rule *b)
{
	return a->kind != EWX_RULE_ALLOW ||
	       (a->max >= b->max && a->until >= b->until);
}

static void enter(struct ewx_unit *u, struct groups *g, __u32 index)
{
	const struct ewx_ir_rule *rule = &u->rules[index];
	const __u32 key[4] = { rule->kind, rule->domain, wide_or(rule->source),
			       wide_or(rule->identity) };
	struct group *group = find_group(g, key, true);
	__u32 perms;

	for (perms = rule->perms; perms; perms &= perms - 1) {
		__u32 *best = &group->best[__builtin_ctz(perms)];

		if (*best == NO_RULE || !says_as_much(&u->rules[*best], rule))
			*best = index;
	}
}

static bool collect(struct ewx_unit *u, struct groups *g)
{
	size_t slots = 16;
	__u32 i;

	while (slots < 2 * u->rule_count)
		slots *= 2;
	g->mask = slots - 1;
	g->slot = ewx_arena_array(&u->arena, slots, sizeof(*g->slot));
	g->group = ewx_arena_array(&u->arena, u->rule_count,
				   sizeof(*g->group));
	if (!g->slot || !g->group)
		return false;
	for (i = 0; i < u->rule_count; i++)
		enter(u, g, i);
	return true;
}

/* Strike from @left what the rules of @group say as well as rule @index. */
static void strike_group(struct ewx_unit *u, const struct group *group,
			 __u32 index, __u32 *left, __u32 *by)
{
	const struct ewx_ir_rule *rule = &u->rules[index];
	__u32 perms;

	for (perms = group ? *left : 0; perms; perms &= perms - 1) {
		__u32 best = group->best[__builtin_ctz(perms)];

		if (best == NO_RULE || best == index)
			continue;
		if (group->key[0] == rule->kind &&
		    !says_as_much(&u->rules[best], rule))
			continue;
		*left &= ~(perms & -perms);
		*by = best;
	}
}

/*
 * Strike from @left what rules of @kind that hold wherever @rule does say of
 * it; the last such rule to @by.
 */
static void strike(struct ewx_unit *u, struct groups *g, __u32 index,
		   __u32 kind, __u32 *left, __u32 *by)
{
	const struct ewx_ir_rule *rule = &u->rules[index];
	const __u32 own[4] = { kind, rule->domain, wide_or(rule->source),
			       wide_or(rule->identity) };
	const unsigned int narrowest = shape_of(own);
	unsigned int shape, i;
	__u32 key[4] = { kind };

	for (shape = narrowest; shape < 8; shape++) {
		if ((shape & narrowest) != narrowest ||
		    !(g->shapes[kind] >> shape & 1))
			continue;
		for (i = 0; i < 3; i++)
			key[i + 1] = shape >> i & 1 ? EWX_ANY : own[i + 1];
		strike_group(u, find_group(g, key, false), index, left, by);
	}
}

static void lint_useless(struct ewx_unit *u, struct groups *g)
{
	__u32 i, left, by;

	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];
		bool denied;

		left = rule->perms;
		if (rule->kind == EWX_RULE_ALLOW)
			strike(u, g, i, EWX_RULE_DENY, &left, &by);
		denied = !left;
		if (left)
			strike(u, g, i, rule->kind, &left, &by);
		if (left || !rule->perms)
			continue;
		ewx_report(u, W0109, &rule->loc, NULL,
			   denied ? "what this rule allows is always denied" :
			   "this rule adds nothing to others");
		ewx_note(u, &u->rules[by].loc, denied ? "denied here" :
			 "said here as widely");
	}
}

/* Denials of what no rule allows, wherever they hold. */
static void lint_denials(struct ewx_unit *u)
{
	__u32 *allowed, anywhere = 0, outside = 0;
	size_t i;

	allowed = ewx_arena_array(&u->arena, u->domain_count,
				  sizeof(*allowed));
	if (!allowed)
		return;
	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];

		if (rule->kind != EWX_RULE_ALLOW)
			continue;
		anywhere |= rule->perms;
		if (rule->domain == EWX_ANY)
			outside |= rule->perms;
		else
			allowed[rule->domain] |= rule->perms;
	}
	for (i = 0; i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];
		__u32 reach = anywhere;

		if (rule->kind != EWX_RULE_DENY)
			continue;
		if (rule->domain != EWX_ANY)
			reach = outside | allowed[rule->domain];
		if (!(rule->perms & reach))
			ewx_report(u, W0110, &rule->loc,
				   "\"never\" promises that no rule will",
				   "no rule allows what this one denies");
	}
}

void ewx_lint_rules(struct ewx_unit *u)
{
	struct groups g = { 0 };

	lint_denials(u);
	if (u->rule_count && collect(u, &g))
		lint_useless(u, &g);
}

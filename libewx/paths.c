// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All patterns of one kind into one automaton.
 *
 * Owns: which token a pattern yields, and the message about patterns that are
 * too complex together.
 */
#include <string.h>
#include "backend.h"
#include "codes.h"

/**
 * struct gather - patterns being put into one automaton.
 * @conditions: those added, by their number
 */
struct gather {
	struct ewx_back *b;
	struct ewx_nfa *nfa;
	EWX_VEC(const struct ewx_ir_condition *) conditions;
};

static void add_pattern(struct gather *g, const struct ewx_ir_condition *c,
			u32 token)
{
	struct ewx_arena *scratch = &g->b->scratch;
	const struct ewx_pattern *pattern;
	struct ewx_pattern_error error;
	u32 origin = (u32)g->conditions.count;

	*ewx_vec_push(&g->b->pool, &g->conditions) = c;
	pattern = ewx_pattern_parse(scratch, c->text, strlen(c->text), &error);
	if (!pattern)
		ewx_pool_stop(&g->b->pool, EWX_STOP_MEMORY);
	ewx_nfa_add(g->nfa, pattern, token, origin);
	ewx_arena_reset(scratch);
}

static void report_blow_up(struct gather *g, const u32 culprits[EWX_CULPRITS])
{
	const struct ewx_ir_condition *c;

	if (culprits[0] == EWX_NONE) {
		ewx_report(g->b->unit, E0703, NULL, NULL,
			   "the path patterns are too complex together");
		ewx_back_refuse(g->b);
	}
	c = g->conditions.at[culprits[0]];
	ewx_report(
		g->b->unit, E0703, &c->loc,
		"use \"*\" rather than \"**\", fewer wildcards in a row, or longer fixed parts between them",
		"path pattern \"%.200s\" makes the patterns too complex",
		c->text);
	for (int n = 1; n < EWX_CULPRITS && culprits[n] != EWX_NONE; n++) {
		c = g->conditions.at[culprits[n]];
		ewx_note(g->b->unit, &c->loc, "together with \"%.200s\"",
			 c->text);
	}
	ewx_back_refuse(g->b);
}

static size_t count_patterns(const struct ewx_ir_name *names, size_t count,
			     u32 kind)
{
	size_t patterns = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < names[i].condition_count; j++)
			patterns += names[i].conditions[j].kind == kind;
	return patterns;
}

/* Patterns of conditions of @kind; their names' numbers are the tokens. */
static void add_names(struct gather *g, const struct ewx_ir_name *names,
		      size_t count, u32 kind)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < names[i].condition_count; j++)
			if (names[i].conditions[j].kind == kind)
				add_pattern(g, &names[i].conditions[j], (u32)i);
}

static void build(struct ewx_back *b, enum ewx_automaton_kind which,
		  const struct ewx_ir_name *names, size_t count, u32 kind)
{
	struct gather g = { .b = b };
	struct ewx_paths *paths = &b->paths[which];
	u32 culprits[EWX_CULPRITS];

	g.nfa = ewx_nfa_new(&b->pool, count_patterns(names, count, kind));
	add_names(&g, names, count, kind);
	if (!ewx_dfa_build(g.nfa, &paths->dfa, culprits))
		report_blow_up(&g, culprits);
	ewx_vec_drop(&b->pool, &g.conditions);
	paths->node = ewx_pool_alloc(
		&b->pool, ewx_sets_count(&paths->dfa.accepts), sizeof(u32));
	paths->node[0] = EWX_NONE;
	paths->unmatched = EWX_LEAF;
}

void ewx_back_paths(struct ewx_back *b)
{
	const struct ewx_unit *u = b->unit;

	build(b, EWX_AUTOMATON_EXE, u->domains, u->domain_count,
	      EWX_CONDITION_EXE);
	build(b, EWX_AUTOMATON_PATH, u->sources, u->source_count,
	      EWX_CONDITION_PATH);
	build(b, EWX_AUTOMATON_CGROUP, u->domains, u->domain_count,
	      EWX_CONDITION_CGROUP);
}

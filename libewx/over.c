// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * "domain a over b": names to indices, and no circles.
 *
 * Owns: the order that the policy states between domains. The order that
 * follows from their conditions is the back end's.
 */
#include <stdint.h>
#include "codes.h"
#include "front.h"

/**
 * struct graph - the statements sorted by winner.
 * @edge: indices into front->overs; those of domain d are [first[d], first[d + 1])
 * @winner, @loser: domain of each statement
 * @above: per domain: statements left that put another one over it
 */
struct graph {
	size_t domains;
	size_t edges;
	size_t *edge;
	size_t *first;
	__u32 *winner;
	__u32 *loser;
	__u32 *above;
};

static __u32 resolve(struct ewx_unit *u, const char *name,
		     const struct ewx_loc *loc)
{
	__u32 index = ewx_symbols_find(&ewx_front(u)->domains, name);

	if (index == EWX_SYMBOL_NONE)
		ewx_report(u, E0305, loc,
			   ewx_nearest(u, name, false, u->domains,
				       u->domain_count),
			   "unknown domain \"%s\"", name);
	else if (index == EWX_DOMAIN_DEFAULT)
		ewx_report(u, E0505, loc, NULL,
			   "domain \"default\" holds what fits no other domain: nothing is to be decided");
	return index;
}

/* Enter the statement as a condition of its winner, once both are known. */
static bool enter(struct ewx_unit *u, const struct ewx_over *over,
		  __u32 *winner, __u32 *loser)
{
	struct ewx_ir_condition *c;
	struct ewx_ir_name *domain;

	*winner = resolve(u, over->name, &over->loc);
	*loser = resolve(u, over->other, &over->other_loc);
	if (*winner == EWX_SYMBOL_NONE || *loser == EWX_SYMBOL_NONE)
		return false;
	domain = &u->domains[*winner];
	c = ewx_arena_push(&u->arena, domain->conditions,
			   domain->condition_count);
	if (!c)
		return false;
	c->kind = EWX_CONDITION_OVER;
	c->loc = over->loc;
	c->text = over->other;
	c->low = *loser;
	return true;
}

static bool alloc_graph(struct ewx_unit *u, struct graph *g)
{
	struct ewx_arena *a = &u->arena;
	size_t edges = ewx_front(u)->over_count;

	g->domains = u->domain_count;
	g->edge = ewx_arena_array(a, edges, sizeof(*g->edge));
	g->winner = ewx_arena_array(a, edges, sizeof(*g->winner));
	g->loser = ewx_arena_array(a, edges, sizeof(*g->loser));
	g->first = ewx_arena_array(a, g->domains + 2, sizeof(*g->first));
	g->above = ewx_arena_array(a, g->domains, sizeof(*g->above));
	return !a->failed;
}

/*
 * Sort by winner, counting: first[d + 2] counts the statements of d, summed up
 * first[d + 1] is where they begin, and where they end once they are placed.
 */
static void sort_graph(struct graph *g)
{
	size_t i;

	for (i = 0; i < g->edges; i++) {
		g->first[g->winner[i] + 2]++;
		g->above[g->loser[i]]++;
	}
	for (i = 2; i < g->domains + 2; i++)
		g->first[i] += g->first[i - 1];
	for (i = 0; i < g->edges; i++)
		g->edge[g->first[g->winner[i] + 1]++] = i;
}

/*
 * Strike out domains that nothing is over, again and again. Those that stay are
 * in a circle or below one; each still has one over it that stays, too.
 */
static size_t strike_out(struct graph *g, __u32 *queue)
{
	size_t head = 0, tail = 0, i;
	__u32 loser;

	for (i = 0; i < g->domains; i++)
		if (!g->above[i])
			queue[tail++] = i;
	for (; head < tail; head++) {
		for (i = g->first[queue[head]]; i < g->first[queue[head] + 1];
		     i++) {
			loser = g->loser[g->edge[i]];
			if (!--g->above[loser])
				queue[tail++] = loser;
		}
	}
	return g->domains - tail;
}

/* Report one statement of a circle. */
static void report_circle(struct ewx_unit *u, const struct graph *g,
			  size_t *over_it)
{
	const struct ewx_over *over;
	size_t i, at = 0;

	for (i = 0; i < g->edges; i++) {
		if (!g->above[g->winner[i]] || !g->above[g->loser[i]])
			continue;
		over_it[g->loser[i]] = i;
		at = g->loser[i];
	}
	/* Upwards, for as many steps as there are domains, ends in a circle. */
	for (i = 0; i < g->domains; i++)
		at = g->winner[over_it[at]];
	over = &ewx_front(u)->overs[over_it[at]];
	ewx_report(u, E0508, &over->loc, NULL,
		   "\"%s\" over \"%s\" closes a circle of domains over each other",
		   over->name, over->other);
}

void ewx_check_overs(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	struct graph g = { 0 };
	size_t *over_it, i;
	bool good = true;
	__u32 *queue;

	if (!f->over_count || !alloc_graph(u, &g))
		return;
	for (i = 0; i < f->over_count; i++)
		good &= enter(u, &f->overs[i], &g.winner[i], &g.loser[i]);
	queue = ewx_arena_array(&u->arena, g.domains, sizeof(*queue));
	over_it = ewx_arena_array(&u->arena, g.domains, sizeof(*over_it));
	if (!good || !queue || !over_it)
		return;
	g.edges = f->over_count;
	sort_graph(&g);
	if (strike_out(&g, queue))
		report_circle(u, &g, over_it);
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which domain a process is in: a diagram for each set of exe patterns that a
 * path may match.
 *
 * The candidates of a set are the domains it names and those without an exe
 * condition. Below a path that may not be trusted only the latter count, and
 * those with "root any".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codes.h"
#include "precedence.h"

#define CGROUP_BITS 31 /* a leaf's room for the cgroup set */
#define CONFLICTS_MAX 20
#define RANGES_MAX 4 /* of uids, put on top of the others' diagram */
#define RANKED_MAX 64 /* domains; each with each, for their order */

/**
 * struct domains
 * @bit: per list of the cgroup language: its bit
 * @others: domains without an exe condition
 * @set: exe set whose diagram is being made; 0: none matches
 * @reported: pairs of domains
 */
struct domains {
	struct ewx_back *b;
	struct ewx_diagram diagram;
	struct ewx_precedence precedence;
	u32 bits[CGROUP_BITS];
	u32 bit_count;
	ewx_numbers others;
	u32 set;
	struct ewx_sets reported;
	u32 conflicts;
};

static const struct ewx_ir_name *domain_at(const struct domains *s, u32 d)
{
	return &s->b->unit->domains[d];
}

static bool has_condition(const struct ewx_ir_name *name, u32 kind)
{
	for (size_t i = 0; i < name->condition_count; i++)
		if (name->conditions[i].kind == kind)
			return true;
	return false;
}

/* A control group that fits the conditions known to be true, and no false one. */
static bool group_example(struct domains *s, char *path, size_t size)
{
	const struct ewx_diagram *d = &s->diagram;
	u32 wanted = 0, tested = 0, sets;

	for (size_t i = 0; i < d->atoms.count; i++) {
		if (d->atoms.at[i].test != EWX_TEST_CGROUP || !d->known[i])
			continue;
		tested |= 1u << d->atoms.at[i].arg;
		if (d->known[i] == 1)
			wanted |= 1u << d->atoms.at[i].arg;
	}
	sets = ewx_sets_count(&s->b->paths[EWX_AUTOMATON_CGROUP].dfa.accepts);
	for (u32 set = 1; wanted && set < sets; set++) {
		u32 bits = 0;

		for (u32 i = 0; i < s->bit_count; i++)
			if (ewx_sets_has(&s->precedence.cgroup.lists,
					 s->bits[i], set))
				bits |= 1u << i;
		if ((bits & tested) == wanted &&
		    ewx_dfa_example(&s->b->paths[EWX_AUTOMATON_CGROUP].dfa,
				    set, path, size))
			return true;
	}
	return false;
}

/* Example of a process that all of @fits fit, for a message. */
static const char *describe(struct domains *s)
{
	const struct ewx_diagram *d = &s->diagram;
	struct ewx_arena *arena = &s->b->unit->arena;
	char path[512] = "";
	const char *text = "";

	if (s->set && ewx_dfa_example(&s->b->paths[EWX_AUTOMATON_EXE].dfa,
				      s->set, path, sizeof(path)))
		text = ewx_arena_printf(arena, ", exe \"%s\"", path);
	if (text && d->at[0] != EWX_NONE)
		text = ewx_arena_printf(arena, "%s, uid %u", text, d->at[0]);
	for (size_t i = 0; text && i < d->atoms.count; i++) {
		const struct ewx_atom *a = &d->atoms.at[i];

		if (d->known[i] != 1)
			continue;
		if (a->test == EWX_TEST_GROUP)
			text = ewx_arena_printf(arena, "%s, gid %llu", text,
						(unsigned long long)a->low);
		else if (a->test == EWX_TEST_CONTEXT)
			text = ewx_arena_printf(arena, "%s, context \"%s\"",
						text,
						s->b->strings.at + a->arg);
	}
	if (text && group_example(s, path, sizeof(path)))
		text = ewx_arena_printf(arena, "%s, cgroup \"%s\"", text, path);
	return text && *text ? text + 2 : "any";
}

static void report_pair(struct domains *s, u32 x, u32 y)
{
	u32 pair[2] = { x < y ? x : y, x < y ? y : x };
	const struct ewx_ir_name *a = domain_at(s, pair[0]);
	const struct ewx_ir_name *b = domain_at(s, pair[1]);
	u32 known = ewx_sets_count(&s->reported);
	struct ewx_unit *u = s->b->unit;
	bool same;

	if (ewx_sets_intern(&s->reported, pair, 2) != known)
		return;
	same = ewx_precedence_subset(&s->precedence, x, y) &&
	       ewx_precedence_subset(&s->precedence, y, x);
	if (same)
		ewx_report(
			u, E0702, &b->loc,
			"join the two, or give one of them another condition",
			"domains \"%s\" and \"%s\" have equal conditions",
			a->name, b->name);
	else
		ewx_report(u, E0701, &b->loc,
			   ewx_arena_printf(
				   &u->arena,
				   "say which one wins: domain %s over %s;",
				   a->name, b->name),
			   "domains \"%s\" and \"%s\" both fit a process: %s",
			   a->name, b->name, describe(s));
	ewx_note(u, &a->loc, "\"%s\" is declared here", a->name);
	if (++s->conflicts >= CONFLICTS_MAX)
		ewx_back_refuse(s->b);
}

/* The last of @fits that @domain does not beat, or EWX_NONE. */
static u32 unbeaten(struct domains *s, u32 domain, const u32 *fits, size_t count)
{
	ewx_diagram_spend(&s->diagram, count, fits, count);
	while (count--)
		if (fits[count] != domain &&
		    !ewx_precedence_beats(&s->precedence, domain, fits[count]))
			return fits[count];
	return EWX_NONE;
}

static void report_circle(struct domains *s, u32 x, u32 y)
{
	s->conflicts++;
	ewx_report(
		s->b->unit, E0701, &domain_at(s, x)->loc,
		"no domain may come over one that wins against it by way of others",
		"domains \"%s\", \"%s\" and others win against each other in a circle for a process: %s",
		domain_at(s, x)->name, domain_at(s, y)->name, describe(s));
	ewx_back_refuse(s->b);
}

/*
 * No domain wins against all others of @fits: say between which two. From one to
 * one that it does not beat, and so on, there are two that do not beat each other,
 * or the way is a circle.
 */
static void report_conflict(struct domains *s, const u32 *fits, size_t count)
{
	bool *met = ewx_pool_alloc(&s->b->pool, s->b->unit->domain_count,
				   sizeof(*met));
	u32 at = fits[0], other;

	for (;;) {
		met[at] = true;
		other = unbeaten(s, at, fits, count);
		if (!ewx_precedence_beats(&s->precedence, other, at)) {
			report_pair(s, at, other);
			break;
		}
		if (met[other])
			report_circle(s, other, at);
		at = other;
	}
	ewx_pool_drop(&s->b->pool, met);
}

static bool beats_all(struct domains *s, u32 winner, const u32 *items,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (items[i] != winner &&
		    !ewx_precedence_beats(&s->precedence, winner, items[i]))
			return false;
	return true;
}

/* The one of @fits that beats all others, or EWX_NONE. */
static u32 winner_of(struct domains *s, const u32 *fits, size_t count)
{
	u32 best = fits[0];

	/* Who beats all others displaces whatever came before and stays. */
	for (size_t i = 1; i < count; i++)
		if (!ewx_precedence_beats(&s->precedence, best, fits[i]))
			best = fits[i];
	return beats_all(s, best, fits, count) ? best : EWX_NONE;
}

static u32 decide(void *ctx, const u32 *fits, size_t fit_count, const u32 *open,
		  size_t open_count)
{
	struct domains *s = ctx;
	u32 winner;

	if (!fit_count)
		return open_count ? EWX_NONE : EWX_LEAF | EWX_DOMAIN_DEFAULT;
	ewx_diagram_spend(&s->diagram, fit_count, fits, fit_count);
	winner = winner_of(s, fits, fit_count);
	if (winner != EWX_NONE)
		return beats_all(s, winner, open, open_count) ?
			       EWX_LEAF | winner :
			       EWX_NONE;
	for (size_t i = 0; i < open_count; i++)
		if (beats_all(s, open[i], fits, fit_count))
			return EWX_NONE;
	report_conflict(s, fits, fit_count);
	return EWX_LEAF | EWX_DOMAIN_DEFAULT;
}

/** struct preference - a domain and a number that is higher the more it decides. */
struct preference {
	u32 domain;
	u32 rank;
};

static int compare_preference(const void *a, const void *b)
{
	const struct preference *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank > y->rank ? -1 : 1;
	return (x->domain > y->domain) - (x->domain < y->domain);
}

/* How many of @items a domain beats; of very many a guess, from its statements. */
static u32 rank_of(struct domains *s, u32 domain, const u32 *items,
		   size_t count)
{
	const struct ewx_ir_name *name = domain_at(s, domain);
	u32 rank = 0, kinds = 0;

	if (count > RANKED_MAX) {
		for (size_t i = 0; i < name->condition_count; i++)
			kinds |= 1u << name->conditions[i].kind;
		ewx_diagram_count(&s->diagram, name->condition_count);
		return (u32)__builtin_popcount(kinds) +
		       ewx_precedence_wins(&s->precedence, domain);
	}
	ewx_diagram_count(&s->diagram, count);
	for (size_t j = 0; j < count; j++)
		rank += items[j] != domain &&
			ewx_precedence_beats(&s->precedence, domain, items[j]);
	return rank;
}

static void prefer(void *ctx, u32 *items, size_t count)
{
	struct domains *s = ctx;
	struct preference *order;
	bool tests = false;

	for (size_t i = 0; i < count; i++)
		tests |= s->diagram.items.at[items[i]].clauses != 0;
	if (!tests || count < 2)
		return;
	ewx_diagram_spend(&s->diagram, count, items, count);
	order = ewx_pool_alloc(&s->b->pool, count, sizeof(*order));
	for (size_t i = 0; i < count; i++)
		order[i] = (struct preference){
			items[i], rank_of(s, items[i], items, count)
		};
	qsort(order, count, sizeof(*order), compare_preference);
	for (size_t i = 0; i < count; i++)
		items[i] = order[i].domain;
	ewx_pool_drop(&s->b->pool, order);
}

static void refuse(void *ctx, const u32 *items, size_t count)
{
	struct domains *s = ctx;

	ewx_back_too_many(s->b, s->b->unit->domains, items, count, "domains");
}

static bool shades(void *ctx, u32 a, u32 b)
{
	struct domains *s = ctx;

	return ewx_precedence_shades(&s->precedence, a, b);
}

static bool bit_implies(void *ctx, u32 bit, u32 other)
{
	struct domains *s = ctx;

	return ewx_language_within(&s->precedence.cgroup, s->bits[bit],
				   s->bits[other]);
}

static bool bit_excludes(void *ctx, u32 bit, u32 other)
{
	struct domains *s = ctx;

	return ewx_language_apart(&s->precedence.cgroup, s->bits[bit],
				  s->bits[other]);
}

/* The bit of a domain's cgroup condition; equal conditions share one. */
static u32 cgroup_bit(struct domains *s, u32 domain)
{
	u32 list = s->precedence.cgroup.list[domain];

	for (u32 i = 0; i < s->bit_count; i++)
		if (s->bits[i] == list)
			return i;
	if (s->bit_count == CGROUP_BITS)
		ewx_back_too_many(
			s->b, s->b->unit->domains, &domain, 1,
			"more than 31 different cgroup conditions: domains");
	s->bits[s->bit_count] = list;
	return s->bit_count++;
}

static void push_clause(struct domains *s, ewx_numbers *clauses,
			ewx_numbers *atoms)
{
	if (!atoms->count)
		return;
	*ewx_vec_push(&s->b->pool, clauses) =
		ewx_sets_intern(&s->diagram.atom_sets, atoms->at, atoms->count);
	atoms->count = 0;
}

static void add_item(struct domains *s, u32 domain)
{
	const struct ewx_ir_name *name = domain_at(s, domain);
	struct ewx_diagram *d = &s->diagram;
	ewx_numbers clauses = { 0 }, atoms = { 0 };
	struct ewx_item item = { { 0 }, 0 };
	size_t count;

	item.ranges[0] = ewx_back_ranges(d, name, EWX_CONDITION_UID);
	s->precedence.gid[domain] = ewx_back_ranges(d, name, EWX_CONDITION_GID);
	ewx_sets_get(&d->ranges, s->precedence.gid[domain], &count);
	for (size_t i = 0; i < count; i += 2) {
		const u32 *r = ewx_sets_get(&d->ranges,
					    s->precedence.gid[domain], &count);
		struct ewx_atom atom = { .test = EWX_TEST_GROUP,
					 .low = r[i],
					 .high = r[i + 1] };

		atom.arg = ewx_back_pair(s->b, atom.low, atom.high);
		*ewx_vec_push(d->pool, &atoms) = ewx_diagram_atom(d, &atom);
	}
	push_clause(s, &clauses, &atoms);
	if (s->precedence.cgroup.list[domain]) {
		struct ewx_atom atom = { .test = EWX_TEST_CGROUP,
					 .arg = cgroup_bit(s, domain) };

		*ewx_vec_push(d->pool, &atoms) = ewx_diagram_atom(d, &atom);
		push_clause(s, &clauses, &atoms);
	}
	ewx_sets_get(&s->precedence.contexts, s->precedence.context[domain],
		     &count);
	for (size_t i = 0; i < count; i++) {
		struct ewx_atom atom = { .test = EWX_TEST_CONTEXT };

		atom.arg = ewx_sets_get(&s->precedence.contexts,
					s->precedence.context[domain],
					&count)[i];
		*ewx_vec_push(d->pool, &atoms) = ewx_diagram_atom(d, &atom);
	}
	push_clause(s, &clauses, &atoms);
	item.clauses = ewx_sets_intern(&d->clauses, clauses.at, clauses.count);
	*ewx_vec_push(d->pool, &d->items) = item;
	ewx_vec_drop(d->pool, &clauses);
	ewx_vec_drop(d->pool, &atoms);
}

/*
 * The uids that the one domain of @v wants, if these are few ranges: elsewhere
 * only the others matter, whose diagram is there already. Return: their id, or 0.
 */
static u32 wanted_uids(struct domains *s, const ewx_numbers *v)
{
	struct ewx_diagram *d = &s->diagram;
	size_t count;
	u32 id;

	if (v->count != 1 || s->others.count < RANGES_MAX)
		return 0;
	id = d->items.at[v->at[0]].ranges[0];
	ewx_sets_get(&d->ranges, id, &count);
	return count <= 2 * RANGES_MAX ? id : 0;
}

/* The diagram of others, except for the uids @ranges, where @all count. */
static u32 build_upon_others(struct domains *s, const ewx_numbers *all,
			     u32 ranges)
{
	struct ewx_diagram *d = &s->diagram;
	u32 base = ewx_diagram_build(d, s->others.at, s->others.count),
	    ref = base;
	size_t i;

	ewx_sets_get(&d->ranges, ranges, &i);
	while (i) {
		const u32 *r = ewx_sets_get(&d->ranges, ranges, &(size_t){ 0 });
		u32 low = r[i - 2], high = r[i - 1], inner;

		inner = ewx_diagram_build_within(d, all->at, all->count, low,
						 high);
		if (high != EWX_ANY)
			inner = ewx_node(&s->b->nodes, EWX_TEST_EUID_LT,
					 high + 1, inner, ref);
		ref = low ? ewx_node(&s->b->nodes, EWX_TEST_EUID_LT, low, base,
				     inner) :
			    inner;
		i -= 2;
	}
	return ref;
}

/* Add the numbers of @v, ascending, to those of @list, ascending; none is in both. */
static void join(struct ewx_pool *pool, ewx_numbers *list, const u32 *v,
		 size_t count)
{
	size_t i = list->count, at = i + count;

	ewx_vec_reserve(pool, list, at);
	list->count = at;
	while (count)
		list->at[--at] = i && list->at[i - 1] > v[count - 1] ?
					 list->at[--i] :
					 v[--count];
}

/* Candidates: the domains of @v, only those with "root any" if so, and others. */
static u32 build_for(struct domains *s, const u32 *v, size_t count,
		     bool root_any)
{
	ewx_numbers all = { 0 };
	u32 ref, ranges;

	for (size_t i = 0; i < count; i++)
		if (!root_any ||
		    domain_at(s, v[i])->flags & EWX_DOMAIN_ROOT_ANY)
			*ewx_vec_push(&s->b->pool, &all) = v[i];
	ranges = wanted_uids(s, &all);
	join(&s->b->pool, &all, s->others.at, s->others.count);
	if (ranges)
		ref = build_upon_others(s, &all, ranges);
	else
		ref = ewx_diagram_build(&s->diagram, all.at, all.count);
	ewx_vec_drop(&s->b->pool, &all);
	return ref;
}

static void build_exe(struct domains *s)
{
	struct ewx_paths *paths = &s->b->paths[EWX_AUTOMATON_EXE];
	u32 sets = ewx_sets_count(&paths->dfa.accepts);

	paths->unmatched = build_for(s, NULL, 0, false);
	for (s->set = 1; s->set < sets; s->set++) {
		size_t count;
		const u32 *v =
			ewx_sets_get(&paths->dfa.accepts, s->set, &count);
		u32 trusted = build_for(s, v, count, false);
		u32 untrusted = build_for(s, v, count, true);

		paths->node[s->set] = ewx_node(&s->b->nodes, EWX_TEST_NO_PATH,
					       0, untrusted, trusted);
	}
}

static void build_cgroup(struct domains *s)
{
	struct ewx_paths *paths = &s->b->paths[EWX_AUTOMATON_CGROUP];
	u32 sets = ewx_sets_count(&paths->dfa.accepts);

	for (u32 set = 1; set < sets; set++) {
		u32 bits = 0;

		for (u32 i = 0; i < s->bit_count; i++)
			if (ewx_sets_has(&s->precedence.cgroup.lists,
					 s->bits[i], set))
				bits |= 1u << i;
		paths->node[set] = EWX_LEAF | bits;
	}
}

void ewx_back_domains(struct ewx_back *b)
{
	static const struct ewx_dimension dimensions[] = {
		{ .less = EWX_TEST_EUID_LT },
	};
	struct domains *s = ewx_pool_alloc(&b->pool, 1, sizeof(*s));
	size_t count = b->unit->domain_count;

	s->b = b;
	ewx_precedence_init(&s->precedence, b, &s->diagram);
	ewx_sets_init(&s->reported, &b->pool);
	ewx_language_init(&s->precedence.exe, &b->pool,
			  &b->paths[EWX_AUTOMATON_EXE].dfa, count);
	ewx_language_init(&s->precedence.cgroup, &b->pool,
			  &b->paths[EWX_AUTOMATON_CGROUP].dfa, count);
	ewx_diagram_init(&s->diagram, &b->pool, &b->nodes, dimensions, 1);
	s->diagram.ctx = s;
	s->diagram.decide = decide;
	s->diagram.prefer = prefer;
	s->diagram.refuse = refuse;
	s->diagram.shades = shades;
	s->diagram.implies = bit_implies;
	s->diagram.excludes = bit_excludes;
	for (u32 i = 0; i < count; i++) {
		add_item(s, i);
		if (i != EWX_DOMAIN_DEFAULT &&
		    !has_condition(domain_at(s, i), EWX_CONDITION_EXE))
			*ewx_vec_push(&b->pool, &s->others) = i;
	}
	ewx_diagram_ready(&s->diagram);
	build_exe(s);
	build_cgroup(s);
	if (s->conflicts)
		ewx_back_refuse(b);
}

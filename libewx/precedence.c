// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Inclusion between domains' conditions; see precedence.h.
 */
#include <stdlib.h>
#include <string.h>
#include "precedence.h"

#define MEMO_SIZE (1u << 16)

void ewx_language_init(struct ewx_language *l, struct ewx_pool *pool,
		       const struct ewx_dfa *dfa, size_t tokens)
{
	ewx_numbers *lists = ewx_pool_alloc(pool, tokens + 1, sizeof(*lists));

	ewx_sets_init(&l->lists, pool);
	l->list = ewx_pool_alloc(pool, tokens + 1, sizeof(u32));
	for (u32 set = 1; set < ewx_sets_count(&dfa->accepts); set++) {
		size_t count;
		const u32 *v = ewx_sets_get(&dfa->accepts, set, &count);

		for (size_t i = 0; i < count; i++)
			*ewx_vec_push(pool, &lists[v[i]]) = set;
	}
	for (size_t t = 0; t < tokens; t++) {
		l->list[t] =
			ewx_sets_intern(&l->lists, lists[t].at, lists[t].count);
		ewx_vec_drop(pool, &lists[t]);
	}
	ewx_pool_drop(pool, lists);
}

bool ewx_language_within(const struct ewx_language *l, u32 a, u32 b)
{
	size_t n, m;
	const u32 *v = ewx_sets_get(&l->lists, a, &n);

	if (a == b)
		return true;
	ewx_sets_get(&l->lists, b, &m);
	if (n > m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!ewx_sets_has(&l->lists, b, v[i]))
			return false;
	return true;
}

bool ewx_language_apart(const struct ewx_language *l, u32 a, u32 b)
{
	size_t n, m, j = 0;
	const u32 *v = ewx_sets_get(&l->lists, a, &n);
	const u32 *w = ewx_sets_get(&l->lists, b, &m);

	for (size_t i = 0; i < n; i++) {
		while (j < m && w[j] < v[i])
			j++;
		if (j < m && w[j] == v[i])
			return false;
	}
	return true;
}

/* 0 stands for no condition: everything. */
static bool language_subset(const struct ewx_language *l, u32 a, u32 b)
{
	if (!l->list[b])
		return true;
	return l->list[a] && ewx_language_within(l, l->list[a], l->list[b]);
}

static bool ranges_subset(const struct ewx_sets *ranges, u32 a, u32 b)
{
	size_t n, m, j = 0;
	const u32 *v = ewx_sets_get(ranges, a, &n);
	const u32 *w = ewx_sets_get(ranges, b, &m);

	if (!m || a == b)
		return true;
	if (!n)
		return false;
	for (size_t i = 0; i < n; i += 2) {
		while (j < m && w[j + 1] < v[i])
			j += 2;
		if (j == m || w[j] > v[i] || w[j + 1] < v[i + 1])
			return false;
	}
	return true;
}

static bool contexts_subset(const struct ewx_sets *contexts, u32 a, u32 b)
{
	size_t n, m, j = 0;
	const u32 *v = ewx_sets_get(contexts, a, &n);
	const u32 *w = ewx_sets_get(contexts, b, &m);

	if (!b || a == b)
		return true;
	if (!a || n > m)
		return false;
	for (size_t i = 0; i < n; i++) {
		while (j < m && w[j] < v[i])
			j++;
		if (j == m || w[j] != v[i])
			return false;
	}
	return true;
}

/* What comparing the conditions of a domain with others' may take. */
static void count_conditions(const struct ewx_precedence *p, u32 domain)
{
	const struct ewx_diagram *d = p->diagram;
	size_t uids, gids, contexts, exes;

	ewx_sets_get(&d->ranges, d->items.at[domain].ranges[0], &uids);
	ewx_sets_get(&d->ranges, p->gid[domain], &gids);
	ewx_sets_get(&p->contexts, p->context[domain], &contexts);
	ewx_sets_get(&p->exe.lists, p->exe.list[domain], &exes);
	/* A step from number to number is short, the search in a list is not. */
	ewx_diagram_count(p->diagram,
			  (uids + gids + contexts) / 16 + exes / 4);
}

bool ewx_precedence_subset(const struct ewx_precedence *p, u32 a, u32 b)
{
	const struct ewx_diagram *d = p->diagram;

	count_conditions(p, a);
	count_conditions(p, b);
	return ranges_subset(&d->ranges, d->items.at[a].ranges[0],
			     d->items.at[b].ranges[0]) &&
	       ranges_subset(&d->ranges, p->gid[a], p->gid[b]) &&
	       contexts_subset(&p->contexts, p->context[a], p->context[b]) &&
	       language_subset(&p->exe, a, b) &&
	       language_subset(&p->cgroup, a, b);
}

static int compare_overs(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

/* The contexts of a domain, by the places of their strings. */
static u32 context_set(struct ewx_precedence *p, const struct ewx_ir_name *name)
{
	struct ewx_back *b = p->b;
	ewx_numbers set = { 0 };
	u32 id;

	for (size_t i = 0; i < name->condition_count; i++)
		if (name->conditions[i].kind == EWX_CONDITION_CONTEXT)
			*ewx_vec_push(&b->pool, &set) =
				ewx_back_string(b, name->conditions[i].text);
	if (set.count)
		set.count = ewx_sort_unique(set.at, set.count);
	id = ewx_sets_intern(&p->contexts, set.at, set.count);
	ewx_vec_drop(&b->pool, &set);
	return id;
}

static void add_over(struct ewx_precedence *p, u32 winner, u32 loser)
{
	*ewx_vec_push(&p->b->pool, &p->overs) = (u64)winner << 32 | loser;
	p->named[winner] = true;
	p->named[loser] = true;
}

void ewx_precedence_init(struct ewx_precedence *p, struct ewx_back *b,
			 struct ewx_diagram *diagram)
{
	const struct ewx_unit *u = b->unit;
	size_t count = u->domain_count + 1;

	p->b = b;
	p->diagram = diagram;
	p->gid = ewx_pool_alloc(&b->pool, count, sizeof(u32));
	p->context = ewx_pool_alloc(&b->pool, count, sizeof(u32));
	p->named = ewx_pool_alloc(&b->pool, count, sizeof(*p->named));
	p->memo = ewx_pool_alloc(&b->pool, MEMO_SIZE, sizeof(u64));
	ewx_sets_init(&p->contexts, &b->pool);
	for (size_t d = 0; d < u->domain_count; d++) {
		const struct ewx_ir_name *domain = &u->domains[d];

		p->context[d] = context_set(p, domain);
		for (size_t i = 0; i < domain->condition_count; i++)
			if (domain->conditions[i].kind == EWX_CONDITION_OVER)
				add_over(p, (u32)d, domain->conditions[i].low);
	}
	if (p->overs.count)
		qsort(p->overs.at, p->overs.count, sizeof(u64), compare_overs);
}

/* Index of the first of @overs that is not below @pair. */
static size_t first_over(const struct ewx_precedence *p, u64 pair)
{
	size_t low = 0, high = p->overs.count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->overs.at[mid] < pair)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

u32 ewx_precedence_wins(const struct ewx_precedence *p, u32 a)
{
	return (u32)(first_over(p, (u64)(a + 1) << 32) -
		     first_over(p, (u64)a << 32));
}

static bool is_over(const struct ewx_precedence *p, u32 a, u32 b)
{
	u64 pair = (u64)a << 32 | b;
	size_t at = first_over(p, pair);

	return at < p->overs.count && p->overs.at[at] == pair;
}

static bool beats(const struct ewx_precedence *p, u32 a, u32 b)
{
	if (is_over(p, a, b))
		return true;
	if (is_over(p, b, a))
		return false;
	return ewx_precedence_subset(p, a, b) &&
	       !ewx_precedence_subset(p, b, a);
}

/* An entry of the memo: the two, each below 2^31, and the answer in the lowest bit. */
bool ewx_precedence_beats(const struct ewx_precedence *p, u32 a, u32 b)
{
	u64 pair = (u64)a << 33 | (u64)b << 1, *memo;

	memo = &p->memo[ewx_mix(0, pair) >> 32 & (MEMO_SIZE - 1)];
	if (!pair || (*memo & ~1ull) != pair)
		*memo = pair | beats(p, a, b);
	return *memo & 1;
}

/* Inclusion is transitive, what statements say is not. */
bool ewx_precedence_shades(const struct ewx_precedence *p, u32 a, u32 b)
{
	return !p->named[a] && !p->named[b] && ewx_precedence_beats(p, a, b);
}

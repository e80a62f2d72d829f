// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Inclusion between domains' conditions; see precedence.h.
 */
#include <stdlib.h>
#include <string.h>
#include "precedence.h"

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

static bool has_context(const struct ewx_ir_name *domain, const char *context)
{
	for (size_t i = 0; i < domain->condition_count; i++) {
		const struct ewx_ir_condition *c = &domain->conditions[i];

		if (c->kind == EWX_CONDITION_CONTEXT &&
		    (!context || !strcmp(c->text, context)))
			return true;
	}
	return false;
}

static bool contexts_subset(const struct ewx_ir_name *a,
			    const struct ewx_ir_name *b)
{
	if (!has_context(b, NULL))
		return true;
	if (!has_context(a, NULL))
		return false;
	for (size_t i = 0; i < a->condition_count; i++)
		if (a->conditions[i].kind == EWX_CONDITION_CONTEXT &&
		    !has_context(b, a->conditions[i].text))
			return false;
	return true;
}

bool ewx_precedence_subset(const struct ewx_precedence *p, u32 a, u32 b)
{
	const struct ewx_ir_name *domains = p->b->unit->domains;
	const struct ewx_diagram *d = p->diagram;

	return ranges_subset(&d->ranges, d->items.at[a].ranges[0],
			     d->items.at[b].ranges[0]) &&
	       ranges_subset(&d->ranges, p->gid[a], p->gid[b]) &&
	       contexts_subset(&domains[a], &domains[b]) &&
	       language_subset(&p->exe, a, b) &&
	       language_subset(&p->cgroup, a, b);
}

static int compare_overs(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return (x > y) - (x < y);
}

void ewx_precedence_overs(struct ewx_precedence *p)
{
	const struct ewx_unit *u = p->b->unit;

	for (size_t d = 0; d < u->domain_count; d++) {
		const struct ewx_ir_name *domain = &u->domains[d];

		for (size_t i = 0; i < domain->condition_count; i++)
			if (domain->conditions[i].kind == EWX_CONDITION_OVER)
				*ewx_vec_push(&p->b->pool, &p->overs) =
					(u64)d << 32 |
					domain->conditions[i].low;
	}
	if (p->overs.count)
		qsort(p->overs.at, p->overs.count, sizeof(u64), compare_overs);
}

static bool is_over(const struct ewx_precedence *p, u32 a, u32 b)
{
	u64 pair = (u64)a << 32 | b;

	return p->overs.count && bsearch(&pair, p->overs.at, p->overs.count,
					 sizeof(pair), compare_overs);
}

bool ewx_precedence_beats(const struct ewx_precedence *p, u32 a, u32 b)
{
	if (is_over(p, a, b))
		return true;
	if (is_over(p, b, a))
		return false;
	return ewx_precedence_subset(p, a, b) &&
	       !ewx_precedence_subset(p, b, a);
}

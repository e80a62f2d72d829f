// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Files, or enclaves, that are all the same to a pair of domains.
 *
 * Owns: which classes the decision table tells apart in a domain. Of files and
 * enclaves whose classes neither domain has an entry for one is asked about, in
 * place of all: what is asked then grows with the rules, not with domains times
 * files times enclaves.
 */
#include <stdlib.h>
#include "compare.h"
#include "../security/ewx/core/read.h"

static u32 group_domains(const struct ewx_policy *p)
{
	return ewx_count(p, EWX_SECTION_DOMAINS) +
	       1; /* the last one is EWX_ANY */
}

static u32 group_classes(const struct ewx_policy *p, bool files)
{
	return files ? ewx_source_class_count(p) : ewx_identity_class_count(p);
}

/*
 * The class of entry @i and its domain. Return: false if it is about no class. Enclaves
 * that are not known yet are not compared.
 */
static bool entry_class(const struct ewx_policy *p, u32 i, bool files,
			u32 *domain, u32 *class)
{
	u64 key = EWX_GET64(p, ENTRIES, ewx_entry, i, key);

	*domain = ewx_key_domain(key);
	*class = files ? ewx_key_source(key) : ewx_key_identity(key);
	if (key == EWX_KEY_FREE || *class == EWX_ANY)
		return false;
	if (*domain == EWX_ANY)
		*domain = group_domains(p) - 1;
	return true;
}

static void list_classes(struct ewx_groups *g, struct ewx_pool *pool, int k)
{
	const struct ewx_policy *p = g->p[k];
	struct ewx_lists *l = &g->classes[k];
	u32 entries = ewx_count(p, EWX_SECTION_ENTRIES), domain, class, i;

	ewx_lists_init(l, pool, group_domains(p));
	for (int pass = 0; pass < 2; pass++) {
		for (i = 0; i < entries; i++)
			if (entry_class(p, i, g->files, &domain, &class))
				ewx_lists_put(l, domain, class);
		if (!pass)
			ewx_lists_counted(l, pool, group_domains(p));
	}
	for (i = 0; i < group_domains(p); i++)
		l->count[i] = (u32)ewx_sort_unique(l->value + l->first[i],
						   l->count[i]);
}

static void list_points(struct ewx_groups *g, struct ewx_pool *pool, int k)
{
	struct ewx_lists *l = &g->having[k];
	u32 classes = group_classes(g->p[k], g->files);
	size_t i;

	ewx_lists_init(l, pool, classes);
	for (int pass = 0; pass < 2; pass++) {
		for (i = 0; i < g->points->count; i++)
			ewx_lists_put(l, g->points->at[i].result[k], (u32)i);
		if (!pass)
			ewx_lists_counted(l, pool, classes);
	}
	g->matters[k] = ewx_pool_alloc(pool, classes, sizeof(u32));
	g->same[k] = ewx_pool_alloc(pool, classes, sizeof(u32));
}

void ewx_groups_init(struct ewx_groups *g, struct ewx_compare *c, bool files)
{
	*g = (struct ewx_groups){
		.p = { c->p[0], c->p[1] },
		.points = files ? &c->files : &c->enclaves,
		.files = files,
	};
	for (int k = 0; k < 2; k++) {
		list_classes(g, &c->pool, k);
		list_points(g, &c->pool, k);
	}
	g->seen = ewx_pool_alloc(&c->pool, g->points->count + 1, sizeof(u32));
}

/* @i may be new: into the group of those that are like it in what matters. */
static void put(struct ewx_groups *g, struct ewx_compare *c, u32 i)
{
	const u32 *class = g->points->at[i].result;
	bool matters[2];

	c->work++;
	if (g->seen[i] == g->round)
		return;
	g->seen[i] = g->round;
	g->known++;
	for (int k = 0; k < 2; k++)
		matters[k] = g->matters[k][class[k]] == g->round;
	for (int k = 0; k < 2; k++) {
		u32 *same = &g->same[k][class[k]];

		if (matters[1 - k])
			continue;
		/* Of this class, and the other policy does not care. */
		if (*same > g->start) {
			g->group.at[*same - 1].weight++;
			return;
		}
		*same = (u32)g->group.count + 1;
	}
	*ewx_vec_push(&c->pool, &g->group) = (struct ewx_group){ i, 1 };
}

static void put_all(struct ewx_groups *g, struct ewx_compare *c, int k,
		    u32 domain)
{
	const struct ewx_lists *l = &g->classes[k], *having = &g->having[k];
	const u32 *class = l->value + l->first[domain];

	for (u32 i = 0; i < l->count[domain]; i++, class++) {
		const u32 *point = having->value + having->first[*class];

		for (u32 j = 0; j < having->count[*class]; j++)
			put(g, c, point[j]);
	}
}

static void mark_all(struct ewx_groups *g, struct ewx_compare *c, int k,
		     u32 domain)
{
	const struct ewx_lists *l = &g->classes[k];
	const u32 *class = l->value + l->first[domain];

	for (u32 i = 0; i < l->count[domain]; i++)
		g->matters[k][class[i]] = g->round;
	c->work += l->count[domain];
}

static int by_point(const void *a, const void *b)
{
	const struct ewx_group *x = a, *y = b;

	return x->point < y->point ? -1 : x->point > y->point;
}

void ewx_groups_add(struct ewx_groups *g, struct ewx_compare *c,
		    const u32 domain[2])
{
	u32 i = 0;

	g->round++;
	g->start = (u32)g->group.count;
	g->known = 0;
	for (int k = 0; k < 2; k++) {
		mark_all(g, c, k, domain[k]);
		mark_all(g, c, k, group_domains(g->p[k]) - 1);
	}
	for (int k = 0; k < 2; k++) {
		put_all(g, c, k, domain[k]);
		put_all(g, c, k, group_domains(g->p[k]) - 1);
	}
	/* The others are one group. */
	while (g->seen[i] == g->round)
		i++;
	if (g->known < g->points->count)
		*ewx_vec_push(&c->pool, &g->group) = (struct ewx_group){
			i, (u32)(g->points->count - g->known)
		};
	/* As they were found, so that what is told first is simple. */
	qsort(g->group.at + g->start, g->group.count - g->start,
	      sizeof(*g->group.at), by_point);
	*ewx_vec_push(&c->pool, &g->end) = (u32)g->group.count;
}

const struct ewx_group *ewx_groups_get(const struct ewx_groups *g, size_t n,
				       size_t *count)
{
	u32 start = n ? g->end.at[n - 1] : 0;

	*count = g->end.at[n] - start;
	return g->group.at + start;
}

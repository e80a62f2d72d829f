// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The values that tests below two references of diagrams compare with.
 *
 * Owns: walking the diagrams, and numbers for texts and digests that are the same in
 * both policies. Only what is tested below a path's reference is tried there.
 */
#include <string.h>
#include "compare.h"
#include "../security/ewx/core/read.h"

#define TRIALS_MAX 4000000 /* combinations of properties, by what they take */
#define UNSAID 0xffffffffu

/* A number for @bytes; the same ones have the same. */
static u32 number_of(struct ewx_reach *r, struct ewx_compare *c,
		     const void *bytes, size_t len)
{
	u32 words[EWX_QUERY_CONTEXT_MAX / 4 + 1] = { 0 };
	u32 count = ewx_sets_count(&r->known), id;

	/* Longer than any text that may be asked about: with nothing to tell. */
	if (len >= sizeof(words))
		len = sizeof(words) - 1;
	memcpy(words, bytes, len);
	id = ewx_sets_intern(&r->known, words, len / 4 + 1);
	if (id == count)
		*ewx_vec_push(&c->pool, &r->value) = bytes;
	return id;
}

static u32 number_of_text(struct ewx_reach *r, struct ewx_compare *c, int k,
			  u32 at)
{
	const char *text = ewx_string(c->p[k], at);

	return number_of(r, c, text, strlen(text));
}

u32 ewx_reach_key_number(struct ewx_reach *r, struct ewx_compare *c, int k,
			 u32 key)
{
	return number_of(r, c, ewx_key(c->p[k], key), EWX_SIZE_KEYS);
}

void ewx_reach_init(struct ewx_reach *r, struct ewx_compare *c)
{
	*r = (struct ewx_reach){ 0 };
	r->each = 1;
	ewx_sets_init(&r->known, &c->pool);
	*ewx_vec_push(&c->pool, &r->value) = NULL;
	for (int k = 0; k < 2; k++)
		r->seen[k] = ewx_pool_alloc(
			&c->pool, ewx_count(c->p[k], EWX_SECTION_NODES) + 1,
			sizeof(u32));
}

void ewx_reach_know(struct ewx_reach *r, struct ewx_compare *c, u32 kind)
{
	bool text = kind == EWX_CONDITION_CONTEXT || kind == EWX_CONDITION_FS;

	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			u32 a = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
			    kind)
				continue;
			if (text)
				number_of_text(r, c, k, a);
			else if (a < EWX_SIGNED)
				ewx_reach_key_number(r, c, k, a);
		}
	}
}

static void put(struct ewx_compare *c, ewx_numbers *out, u32 value)
{
	*ewx_vec_push(&c->pool, out) = value;
}

/* What one node compares with. */
static void note(struct ewx_reach *r, struct ewx_compare *c, int k, u32 test,
		 u32 arg)
{
	const struct ewx_policy *p = c->p[k];

	r->tests |= 1u << test;
	switch (test) {
	case EWX_TEST_EUID_LT:
	case EWX_TEST_OWNER_LT:
		put(c, &r->low, arg);
		break;
	case EWX_TEST_GROUP:
		put(c, &r->gids, EWX_NUMBER(p, VALUES, arg));
		if (EWX_NUMBER(p, VALUES, arg + 1) < UNSAID)
			put(c, &r->gids, EWX_NUMBER(p, VALUES, arg + 1) + 1);
		break;
	case EWX_TEST_CONTEXT:
	case EWX_TEST_FS:
		put(c, &r->words, number_of_text(r, c, k, arg));
		break;
	case EWX_TEST_FS_VERITY:
		if (arg < EWX_SIGNED)
			put(c, &r->fs_keys, ewx_reach_key_number(r, c, k, arg));
		break;
	case EWX_TEST_DM_VERITY:
		if (arg < EWX_SIGNED)
			put(c, &r->dm_keys, ewx_reach_key_number(r, c, k, arg));
		break;
	default:
		break;
	}
}

static void walk(struct ewx_reach *r, struct ewx_compare *c, int k, u32 ref)
{
	const struct ewx_policy *p = c->p[k];

	put(c, &r->stack, ref);
	while (r->stack.count) {
		ref = r->stack.at[--r->stack.count];
		if (ref & EWX_LEAF || r->seen[k][ref] == r->round)
			continue;
		r->seen[k][ref] = r->round;
		c->work++;
		note(r, c, k, EWX_GET32(p, NODES, ewx_node, ref, test),
		     EWX_GET32(p, NODES, ewx_node, ref, arg));
		put(c, &r->stack, EWX_GET32(p, NODES, ewx_node, ref, no));
		put(c, &r->stack, EWX_GET32(p, NODES, ewx_node, ref, yes));
	}
}

/* Sorted, and behind them what none of them is, which examples need not say. */
static void finish(struct ewx_compare *c, ewx_numbers *list, u32 last)
{
	list->count = ewx_sort_unique(list->at, list->count);
	if (!list->count || list->at[list->count - 1] != last)
		put(c, list, last);
}

void ewx_reach_find(struct ewx_reach *r, struct ewx_compare *c,
		    const u32 ref[2])
{
	ewx_numbers *const lists[] = { &r->low, &r->gids, &r->words,
				       &r->fs_keys, &r->dm_keys };
	size_t i, chain = 0;

	r->round++;
	r->tests = 0;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		lists[i]->count = 0;
	for (int k = 0; k < 2; k++)
		walk(r, c, k, ref[k]);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		finish(c, lists[i], i < 2 ? UNSAID : 0);
		/* Tests of ranges are a tree, others follow one another. */
		chain += i ? lists[i]->count - 1 : 0;
	}
	/* Below all of them, which may be in a range up to the last one. */
	if (r->tests >> EWX_TEST_EUID_LT & 1 ||
	    r->tests >> EWX_TEST_OWNER_LT & 1)
		put(c, &r->low, 0);
	if (r->tests >> EWX_TEST_GROUP & 1)
		put(c, &r->gids, 0);
	/* No verity at all is another thing than one of no digest. */
	if (!(r->tests >> EWX_TEST_FS_VERITY & 1))
		r->fs_keys.count = 0;
	if (!(r->tests >> EWX_TEST_DM_VERITY & 1))
		r->dm_keys.count = 0;
	r->each = 1 + 2 * chain;
}

bool ewx_compare_may_try(struct ewx_compare *c, const struct ewx_reach *r)
{
	bool first = !c->work;

	c->work += r->each;
	if (c->work <= TRIALS_MAX || first)
		return true;
	c->complete = false;
	return false;
}

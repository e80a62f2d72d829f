// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The minimal automaton from the one that has been sorted into classes.
 *
 * Owns: the order of its junctions and of the sets of tokens, which follows
 * from the patterns alone: a walk meets them, depth first, bytes ascending.
 */
#include "links.h"

/**
 * struct renumbering - the classes as states of a new automaton.
 * @number: per class, in the order in which a walk, depth first, meets them
 * @order: the classes by number
 * @ways: what leads from junction to junction: a word and a number
 * @heads: per way, the link it begins with
 */
struct renumbering {
	struct ewx_pool *pool;
	const struct ewx_dfa *from;
	const struct ewx_links *links;
	const u32 *class;
	const ewx_numbers *rep;
	struct ewx_dfa to;
	u32 *number;
	ewx_numbers order;
	ewx_numbers stack;
	struct ewx_sets ways;
	u32 *heads;
};

static void push_class(struct renumbering *r, u32 state)
{
	u32 class = r->class[ewx_junction_of(r->links, state)];

	if (class && !r->number[class])
		*ewx_vec_push(r->pool, &r->stack) = class;
}

/* Number the classes as a walk through the bytes in order meets them. */
static void number_classes(struct renumbering *r)
{
	const struct ewx_dfa *from = r->from;

	*ewx_vec_push(r->pool, &r->order) = 0;
	push_class(r, from->start);
	while (r->stack.count) {
		u32 class = r->stack.at[--r->stack.count];
		u32 s = r->rep->at[class];

		if (r->number[class])
			continue;
		r->number[class] = (u32)r->order.count;
		*ewx_vec_push(r->pool, &r->order) = class;
		push_class(r, from->fallback.at[s]);
		for (u32 i = from->first.at[s + 1]; i-- > from->first.at[s];)
			push_class(r, from->to.at[i]);
	}
}

/* The number of a junction; of a link the way it begins, above WAYS. */
#define WAYS 0x80000000u

static u32 target(struct renumbering *r, u32 state)
{
	u32 junction = ewx_junction_of(r->links, state);
	u32 way[2] = { 0, r->number[r->class[junction]] };

	if (!ewx_dfa_is_link(r->from, state))
		return way[1];
	way[0] = r->links->word[state];
	return WAYS | ewx_sets_intern(&r->ways, way, 2);
}

static u32 accept_of(struct renumbering *r, u32 s)
{
	size_t count;
	const u32 *tokens =
		ewx_sets_get(&r->from->accepts, r->from->accept.at[s], &count);

	return ewx_sets_intern(&r->to.accepts, tokens, count);
}

/* Append junction @s; what it comes to are targets still. */
static void copy_junction(struct renumbering *r, u32 s)
{
	const struct ewx_dfa *from = r->from;
	struct ewx_dfa *to = &r->to;
	u64 fallback = ewx_class_of(r->links, r->class, from->fallback.at[s]);

	*ewx_vec_push(r->pool, &to->fallback) = target(r, from->fallback.at[s]);
	*ewx_vec_push(r->pool, &to->accept) = accept_of(r, s);
	*ewx_vec_push(r->pool, &to->length) = 0;
	*ewx_vec_push(r->pool, &to->text_at) = 0;
	for (u32 i = from->first.at[s]; i < from->first.at[s + 1]; i++) {
		if (ewx_class_of(r->links, r->class, from->to.at[i]) ==
		    fallback)
			continue;
		*ewx_vec_push(r->pool, &to->byte) = from->byte.at[i];
		*ewx_vec_push(r->pool, &to->to) = target(r, from->to.at[i]);
	}
	*ewx_vec_push(r->pool, &to->first) = (u32)to->byte.count;
	to->count++;
}

static void enter_head(const struct renumbering *r, u32 *to)
{
	if (*to & WAYS)
		*to = r->heads[*to & ~WAYS];
}

/* Where the transitions of @to lead, once its links are there. */
static void enter_heads(const struct renumbering *r, struct ewx_dfa *to,
			size_t transitions)
{
	enter_head(r, &to->start);
	for (size_t s = 1; s < r->order.count; s++)
		enter_head(r, &to->fallback.at[s]);
	for (size_t i = 0; i < transitions; i++)
		enter_head(r, &to->to.at[i]);
}

void ewx_dfa_merge(struct ewx_dfa *dfa, const struct ewx_links *links,
		   const u32 *class, const ewx_numbers *rep)
{
	struct renumbering r = { .pool = dfa->pool,
				 .from = dfa,
				 .links = links,
				 .class = class,
				 .rep = rep };
	struct ewx_dfa *to = &r.to;
	size_t transitions;

	r.number = ewx_pool_alloc(r.pool, rep->count, sizeof(u32));
	number_classes(&r);
	ewx_dfa_empty(to, r.pool);
	ewx_sets_init(&to->accepts, r.pool);
	ewx_sets_init(&r.ways, r.pool);
	for (size_t n = 1; n < r.order.count; n++)
		copy_junction(&r, rep->at[r.order.at[n]]);
	to->start = target(&r, dfa->start);
	transitions = to->to.count;
	r.heads = ewx_pool_alloc(r.pool, ewx_sets_count(&r.ways), sizeof(u32));
	ewx_links_write(links, &r.ways, to, r.heads);
	enter_heads(&r, to, transitions);
	ewx_sets_drop(&dfa->accepts);
	ewx_dfa_drop(dfa);
	*dfa = *to;
	ewx_sets_drop(&r.ways);
	ewx_pool_drop(r.pool, r.heads);
	ewx_pool_drop(r.pool, r.number);
	ewx_vec_drop(r.pool, &r.order);
	ewx_vec_drop(r.pool, &r.stack);
}

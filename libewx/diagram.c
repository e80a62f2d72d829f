// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The ordered part of a diagram: for each dimension a balanced tree of
 * comparisons, whose leaves go on with the items that still can fit.
 *
 * Trees split near the middle, at the comparison that is highest in one balanced
 * tree over all comparisons of the dimension, so that diagrams for similar items
 * share most of their nodes.
 */
#include <stdlib.h>
#include <string.h>
#include "diagram.h"

/*
 * What telling items apart may cost: about an eighth of a second, and some for each
 * item, so that it takes no more than linear time, whatever they are.
 */
#define WORK_MIN (1ull << 23)
#define WORK_PER_ITEM 64
#define JUMP_KEYS_MIN 8 /* fewer are told apart sooner by comparisons */

void ewx_nodes_init(struct ewx_nodes *nodes, struct ewx_pool *pool)
{
	nodes->pool = pool;
	ewx_sets_init(&nodes->sets, pool);
	ewx_sets_init(&nodes->jumps, pool);
}

u32 ewx_node(struct ewx_nodes *nodes, u32 test, u32 arg, u32 yes, u32 no)
{
	u32 record[4] = { test, arg, yes, no };

	if (yes == no)
		return yes;
	return ewx_sets_intern(&nodes->sets, record, 4) - 1;
}

u32 ewx_node_jump(struct ewx_nodes *nodes, u32 test, u32 bits, const u32 *table,
		  u32 no)
{
	u32 record[4] = { test, 0, bits, no };

	record[1] = ewx_sets_intern(&nodes->jumps, table, 1u << bits);
	return ewx_sets_intern(&nodes->sets, record, 4) - 1;
}

void ewx_diagram_init(struct ewx_diagram *d, struct ewx_pool *pool,
		      struct ewx_nodes *nodes,
		      const struct ewx_dimension *dimensions, u32 count)
{
	memset(d, 0, sizeof(*d));
	d->pool = pool;
	d->nodes = nodes;
	d->dimensions = dimensions;
	d->dimension_count = count;
	d->high = EWX_ANY;
	ewx_sets_init(&d->atom_keys, pool);
	ewx_sets_init(&d->ranges, pool);
	ewx_sets_init(&d->clauses, pool);
	ewx_sets_init(&d->atom_sets, pool);
	ewx_sets_init(&d->candidates, pool);
	ewx_sets_init(&d->rests, pool);
	d->work_max = WORK_MIN;
}

u32 ewx_diagram_atom(struct ewx_diagram *d, const struct ewx_atom *atom)
{
	const u32 key[] = { atom->test, atom->arg };
	/* The empty sequence has id 0. */
	u32 index = ewx_sets_intern(&d->atom_keys, key, 2) - 1;

	if (index == d->atoms.count)
		*ewx_vec_push(d->pool, &d->atoms) = *atom;
	return index;
}

void ewx_diagram_spend(struct ewx_diagram *d, u64 work, const u32 *items,
		       size_t count)
{
	d->work += work;
	if (d->work <= d->work_max && ewx_nodes_count(d->nodes) < (1u << 24))
		return;
	/* There is nobody to name: what comes next has somebody. */
	if (!count)
		return;
	d->refuse(d->ctx, items, count);
	ewx_pool_stop(d->pool, EWX_STOP_REFUSED);
}

/* How deep the middle of @count things is found by halving: the tree's levels. */
static void fill_depth(u8 *depth, size_t begin, size_t end, u8 level)
{
	while (begin < end) {
		size_t mid = begin + (end - begin) / 2;

		depth[mid] = level++;
		fill_depth(depth, begin, mid, level);
		begin = mid + 1;
	}
}

/* All numbers that a comparison of dimension @n can have, and their depth. */
static void collect_points(struct ewx_diagram *d, u32 n)
{
	ewx_numbers *points = &d->points[n];

	for (size_t i = 0; i < d->items.count; i++) {
		size_t count;
		const u32 *r = ewx_sets_get(&d->ranges,
					    d->items.at[i].ranges[n], &count);

		for (size_t j = 0; j < count; j += 2) {
			*ewx_vec_push(d->pool, points) = r[j];
			if (!d->dimensions[n].equal && r[j + 1] != EWX_ANY)
				*ewx_vec_push(d->pool, points) = r[j + 1] + 1;
		}
	}
	points->count = ewx_sort_unique(points->at, points->count);
	d->depth[n] = ewx_pool_alloc(d->pool, points->count + 1, 1);
	fill_depth(d->depth[n], 0, points->count, 0);
}

void ewx_diagram_ready(struct ewx_diagram *d)
{
	for (u32 n = 0; n < d->dimension_count; n++)
		collect_points(d, n);
	d->known = ewx_pool_alloc(d->pool, d->atoms.count + 1, 1);
	ewx_diagram_part_clauses(d);
	d->work_max = WORK_MIN + d->items.count * WORK_PER_ITEM;
}

static u8 depth_of(const struct ewx_diagram *d, u32 n, u32 point)
{
	const ewx_numbers *points = &d->points[n];
	size_t low = 0, high = points->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (points->at[mid] < point)
			low = mid + 1;
		else
			high = mid;
	}
	return d->depth[n][low];
}

/**
 * struct tree - a tree being made.
 * @point: comparisons, ascending, with their depth
 * @leaf: numbers: leaf[i] is below point[i], leaf[count] above all;
 *      keys: leaf[i] is for the key point[i], @gap for all others
 */
struct tree {
	struct ewx_diagram *d;
	u32 n;
	u32 *point;
	u8 *level;
	u32 *leaf;
	size_t count;
	u32 gap;
};

/* The highest point of the middle half: neither side gets more than 3/4. */
static size_t splitting(const struct tree *t, size_t begin, size_t end)
{
	size_t quarter = (end - begin) / 4, mid = begin + (end - begin) / 2;
	size_t best = mid;

	for (size_t i = begin + quarter; i < end - quarter; i++)
		if (t->level[i] < t->level[best])
			best = i;
	return best;
}

/*
 * Points [begin, end) and leaves [begin, end]. Nodes are numbered as they are made:
 * which branch comes first is said here, as the compiler may choose for arguments.
 */
static u32 number_tree(const struct tree *t, size_t begin, size_t end)
{
	size_t mid;
	u32 yes, no;

	if (begin == end)
		return t->leaf[begin];
	mid = splitting(t, begin, end);
	no = number_tree(t, mid + 1, end);
	yes = number_tree(t, begin, mid);
	return ewx_node(t->d->nodes, t->d->dimensions[t->n].less, t->point[mid],
			yes, no);
}

/* Keys [begin, end), at least one; a comparison parts it and those above. */
static u32 key_tree(const struct tree *t, size_t begin, size_t end)
{
	const struct ewx_dimension *dim = &t->d->dimensions[t->n];
	size_t mid;
	u32 yes, no;

	if (begin + 1 == end)
		return ewx_node(t->d->nodes, dim->equal, t->point[begin],
				t->leaf[begin], t->gap);
	mid = splitting(t, begin + 1, end);
	no = key_tree(t, mid, end);
	yes = key_tree(t, begin, mid);
	return ewx_node(t->d->nodes, dim->less, t->point[mid], yes, no);
}

/* The first @bits bits of the key at @point. */
static u32 leading(const struct tree *t, u32 point, u32 bits)
{
	const u8 *k = t->d->keys + (size_t)point * 32;

	return ((u32)k[0] << 24 | (u32)k[1] << 16 | (u32)k[2] << 8 | k[3]) >>
	       (32 - bits);
}

/* Keys are digests: half as many as a table has places rarely share one. */
static u32 jump_bits(const struct tree *t)
{
	u32 bits = 1;

	while (bits < EWX_JUMP_BITS_MAX && 1ull << bits < 2 * t->count)
		bits++;
	return t->count >= JUMP_KEYS_MIN && 1ull << bits <= t->d->jumps ? bits :
									  0;
}

/* Same as key_tree() for all keys, and for who has none: a jump. */
static u32 key_jump(const struct tree *t, u32 bits)
{
	struct ewx_diagram *d = t->d;
	u32 *table = ewx_pool_alloc(d->pool, 1u << bits, sizeof(u32)), ref;
	size_t begin = 0, end;

	for (u32 i = 0; i < 1u << bits; i++) {
		for (end = begin;
		     end < t->count && leading(t, t->point[end], bits) == i;
		     end++)
			;
		table[i] = begin == end ? t->gap : key_tree(t, begin, end);
		begin = end;
	}
	d->jumps -= 1u << bits;
	ref = ewx_node_jump(d->nodes, d->dimensions[t->n].jump, bits, table,
			    t->gap);
	ewx_pool_drop(d->pool, table);
	return ref;
}

/* What a dimension of keys leads to. */
static u32 key_diagram(const struct tree *t)
{
	const struct ewx_dimension *dim = &t->d->dimensions[t->n];
	u32 bits = jump_bits(t), ref;

	if (bits)
		return key_jump(t, bits);
	ref = t->count ? key_tree(t, 0, t->count) : t->gap;
	return dim->exists ?
		       ewx_node(t->d->nodes, dim->exists, 0, ref, t->gap) :
		       ref;
}

/** struct event - an item becomes (or ceases to be) possible at a number. */
struct event {
	u32 at;
	u32 item;
	bool leaves;
};

static int compare_events(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	if (x->leaves != y->leaves)
		return y->leaves - x->leaves;
	return (x->item > y->item) - (x->item < y->item);
}

/* Whether @item is that of an event from @i on, before @end; @i moves on to it. */
static bool next_is(const struct event *events, size_t *i, size_t end, u32 item)
{
	while (*i < end && events[*i].item < item)
		++*i;
	return *i < end && events[*i].item == item;
}

/*
 * What is possible after @events, @count of them at one number: those that leave
 * come first, both sorted by item. @spare: memory
 */
static void toggle(struct ewx_pool *pool, ewx_numbers *active,
		   ewx_numbers *spare, const struct event *events, size_t count)
{
	ewx_numbers old = *active;
	size_t leave = 0, enter = 0, middle;

	while (enter < count && events[enter].leaves)
		enter++;
	middle = enter;
	spare->count = 0;
	for (size_t i = 0; i < old.count; i++) {
		for (; enter < count && events[enter].item < old.at[i]; enter++)
			*ewx_vec_push(pool, spare) = events[enter].item;
		if (!next_is(events, &leave, middle, old.at[i]))
			*ewx_vec_push(pool, spare) = old.at[i];
	}
	for (; enter < count; enter++)
		*ewx_vec_push(pool, spare) = events[enter].item;
	*active = *spare;
	*spare = old;
}

static u32 build(struct ewx_diagram *d, u32 n, u32 set);

static const ewx_numbers nobody;

/* The diagram for @active and @free, both ascending, from dimension @n on. */
static u32 build_union(struct ewx_diagram *d, u32 n, const ewx_numbers *active,
		       const ewx_numbers *free)
{
	size_t count = active->count + free->count, i = 0, j = 0;
	u32 *both;

	while (d->both.room < count + 1)
		d->both.at = ewx_pool_more(d->pool, d->both.at, &d->both.room,
					   sizeof(u32));
	both = d->both.at;
	for (size_t k = 0; k < count; k++) {
		if (j == free->count ||
		    (i < active->count && active->at[i] < free->at[j]))
			both[k] = active->at[i++];
		else
			both[k] = free->at[j++];
	}
	ewx_diagram_spend(d, count + 1, both, count);
	return build(d, n, ewx_sets_intern(&d->candidates, both, count));
}

typedef EWX_VEC(struct event) events_t;

/* An item is possible from @low to @high: events, but for what does not matter. */
static void add_events(struct ewx_diagram *d, u32 n, events_t *events, u32 item,
		       u32 low, u32 high)
{
	u32 least = n ? 0 : d->low, most = n ? EWX_ANY : d->high;

	if (high < least || low > most)
		return;
	*ewx_vec_push(d->pool, events) =
		(struct event){ low > least ? low : least, item, false };
	if (!d->dimensions[n].equal && high < most)
		*ewx_vec_push(d->pool, events) =
			(struct event){ high + 1, item, true };
}

static void collect_events(struct ewx_diagram *d, u32 n, u32 set,
			   events_t *events, ewx_numbers *free)
{
	size_t count, pairs;
	const u32 *items = ewx_sets_get(&d->candidates, set, &count);

	for (size_t i = 0; i < count; i++) {
		u32 id = d->items.at[items[i]].ranges[n];
		const u32 *r = ewx_sets_get(&d->ranges, id, &pairs);

		if (!pairs)
			*ewx_vec_push(d->pool, free) = items[i];
		for (size_t j = 0; j < pairs; j += 2)
			add_events(d, n, events, items[i], r[j], r[j + 1]);
	}
	ewx_diagram_spend(d, count + events->count, items, count);
	if (events->count)
		qsort(events->at, events->count, sizeof(*events->at),
		      compare_events);
}

static void tree_add(struct tree *t, u32 point)
{
	t->point[t->count] = point;
	t->level[t->count] = depth_of(t->d, t->n, point);
	t->count++;
}

/**
 * struct sweep - from the least number to the largest.
 * @free: items for which the number does not matter
 * @shaded: the items are in shades
 * @active: if not, those that fit; @spare: memory
 */
struct sweep {
	struct ewx_diagram *d;
	const ewx_numbers *free;
	bool shaded;
	ewx_numbers active;
	ewx_numbers spare;
};

static void sweep_begin(struct sweep *s, const struct tree *t,
			const events_t *events, const ewx_numbers *free)
{
	struct ewx_diagram *d = t->d;

	*s = (struct sweep){ .d = d, .free = free };
	if (t->n + 1 != d->dimension_count)
		return;
	for (size_t i = 0; i < events->count; i++)
		*ewx_vec_push(d->pool, &s->spare) = events->at[i].item;
	s->shaded = ewx_shades_apply(d, s->spare.at, s->spare.count) &&
		    ewx_shades_apply(d, free->at, free->count);
	for (size_t i = 0; s->shaded && i < free->count; i++)
		ewx_shades_enter(d, free->at[i]);
}

/* Go to the next number that has @events, @count of them. */
static void sweep_on(struct sweep *s, const struct event *events, size_t count)
{
	if (!s->shaded) {
		toggle(s->d->pool, &s->active, &s->spare, events, count);
		return;
	}
	/* What leaves does so last: what was in its shade then has others. */
	for (size_t i = count; i--;)
		if (!events[i].leaves)
			ewx_shades_enter(s->d, events[i].item);
	for (size_t i = 0; i < count && events[i].leaves; i++)
		ewx_shades_leave(s->d, events[i].item);
}

/* What is possible here leads to this. */
static u32 sweep_leaf(struct sweep *s, u32 n)
{
	if (!s->shaded)
		return build_union(s->d, n, &s->active, s->free);
	if (s->d->front.count <= 1)
		return build_union(s->d, n, &nobody, &s->d->front);
	ewx_shades_all(s->d, &s->spare);
	return build_union(s->d, n, &nobody, &s->spare);
}

static void fill_numbers(struct tree *t, const events_t *events,
			 const ewx_numbers *free)
{
	struct ewx_diagram *d = t->d;
	u32 least = t->n ? 0 : d->low;
	struct sweep sweep;
	size_t i = 0, end;

	sweep_begin(&sweep, t, events, free);
	t->leaf[0] = EWX_NONE;
	d->at[t->n] = least;
	if (events->at[0].at > least)
		t->leaf[0] = sweep_leaf(&sweep, t->n + 1);
	for (; i < events->count; i = end) {
		u32 at = events->at[i].at, leaf;

		for (end = i; end < events->count && events->at[end].at == at;)
			end++;
		sweep_on(&sweep, &events->at[i], end - i);
		d->at[t->n] = at;
		leaf = sweep_leaf(&sweep, t->n + 1);
		if (at == least) {
			t->leaf[0] = leaf;
		} else if (leaf != t->leaf[t->count]) {
			tree_add(t, at);
			t->leaf[t->count] = leaf;
		}
	}
	ewx_vec_drop(d->pool, &sweep.active);
	ewx_vec_drop(d->pool, &sweep.spare);
}

static void fill_keys(struct tree *t, const events_t *events,
		      const ewx_numbers *free)
{
	struct ewx_diagram *d = t->d;
	ewx_numbers active = { 0 };
	size_t i = 0;

	d->at[t->n] = EWX_NONE;
	t->gap = build_union(d, t->n + 1, &active, free);
	while (i < events->count) {
		u32 at = events->at[i].at, leaf;

		active.count = 0;
		for (; i < events->count && events->at[i].at == at; i++)
			if (!active.count ||
			    active.at[active.count - 1] != events->at[i].item)
				*ewx_vec_push(d->pool, &active) =
					events->at[i].item;
		d->at[t->n] = at;
		leaf = build_union(d, t->n + 1, &active, free);
		if (leaf != t->gap) {
			t->leaf[t->count] = leaf;
			tree_add(t, at);
		}
	}
	d->at[t->n] = EWX_NONE;
	ewx_vec_drop(d->pool, &active);
}

static u32 build_dimension(struct ewx_diagram *d, u32 n, events_t *events,
			   const ewx_numbers *free)
{
	const struct ewx_dimension *dim = &d->dimensions[n];
	struct tree t = { .d = d, .n = n };
	u32 ref;

	t.point = ewx_pool_alloc(d->pool, events->count + 1, sizeof(u32));
	t.leaf = ewx_pool_alloc(d->pool, events->count + 1, sizeof(u32));
	t.level = ewx_pool_alloc(d->pool, events->count + 1, 1);
	if (dim->equal) {
		fill_keys(&t, events, free);
		ref = key_diagram(&t);
	} else {
		fill_numbers(&t, events, free);
		ref = number_tree(&t, 0, t.count);
	}
	ewx_pool_drop(d->pool, t.point);
	ewx_pool_drop(d->pool, t.leaf);
	ewx_pool_drop(d->pool, t.level);
	return ref;
}

static u32 build_atoms(struct ewx_diagram *d, u32 set)
{
	size_t count;
	const u32 *items = ewx_sets_get(&d->candidates, set, &count);
	u32 *copy = ewx_pool_alloc(d->pool, count + 1, sizeof(u32)), ref;

	if (count)
		memcpy(copy, items, count * sizeof(u32));
	ref = ewx_diagram_atoms(d, copy, count);
	ewx_pool_drop(d->pool, copy);
	return ref;
}

static u32 build_fresh(struct ewx_diagram *d, u32 n, u32 set)
{
	events_t events = { 0 };
	ewx_numbers free = { 0 };
	u32 ref;

	if (n == d->dimension_count)
		return build_atoms(d, set);
	collect_events(d, n, set, &events, &free);
	if (events.count)
		ref = build_dimension(d, n, &events, &free);
	else
		ref = build_union(d, n + 1, &nobody, &free);
	ewx_vec_drop(d->pool, &events);
	ewx_vec_drop(d->pool, &free);
	return ref;
}

/* Recursion is as deep as there are dimensions. */
static u32 build(struct ewx_diagram *d, u32 n, u32 set)
{
	while (d->memo[n].count <= set)
		*ewx_vec_push(d->pool, &d->memo[n]) = EWX_NONE;
	if (d->memo[n].at[set] == EWX_NONE) {
		u32 ref = build_fresh(d, n, set);

		d->memo[n].at[set] = ref;
	}
	return d->memo[n].at[set];
}

u32 ewx_diagram_build(struct ewx_diagram *d, const u32 *items, size_t count)
{
	ewx_diagram_spend(d, count + 1, items, count);
	for (u32 n = 0; n < d->dimension_count; n++)
		d->at[n] = EWX_NONE;
	return build(d, 0, ewx_sets_intern(&d->candidates, items, count));
}

u32 ewx_diagram_build_within(struct ewx_diagram *d, const u32 *items,
			     size_t count, u32 low, u32 high)
{
	u32 ref;

	ewx_diagram_spend(d, count + 1, items, count);
	d->low = low;
	d->high = high;
	ref = build_fresh(d, 0, ewx_sets_intern(&d->candidates, items, count));
	d->low = 0;
	d->high = EWX_ANY;
	return ref;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * The facts store (store.h): a 512-way radix tree whose uniform subtrees are
 * one entry.
 *
 * Owns: the shape of the tree. Must not know what facts mean.
 *
 * Invariants between calls, besides those of store_node.h: no node is uniform
 * (it has been replaced by one slot); the root covers more pages than there are,
 * and those past the end have the facts of the last page: updates of the last
 * page take them along.
 *
 * Single pages are what loads and faults ask for, one after the other, so the
 * leaf found last is remembered. Leaves leave the tree through free_node() only,
 * which forgets it. What single pages do fast leaves the tree's shape alone;
 * whatever adds or takes nodes goes the way of ranges.
 */
#include "store.h"
#include "store_env.h"
#include "store_node.h"

#define LEVELS_MAX 6 /* 2^54 pages: more than 64-bit addresses have */

#define NO_BLOCK (~0ull) /* block of no page: there are fewer than 2^64 pages */

/* Most nodes of one level that one update can add: one at each of its ends. */
#define SPLITS_MAX 2

/**
 * struct enclave_store - see store.h.
 * @pages: pages that exist
 * @levels: level of the root slot, 1 to LEVELS_MAX
 * @broken: an update found no reserved node
 * @root: the tree
 * @block: which 512 pages @leaf holds; NO_BLOCK: no leaf is remembered, which is
 *      so in a broken store
 * @leaf: a leaf of the tree
 * @bytes: memory in use
 * @spare: reserved leaves, and nodes of the other levels
 */
struct enclave_store {
	u64 pages;
	u32 levels;
	bool broken;
	store_slot root;
	u64 block;
	struct store_leaf *leaf;
	u64 bytes;
	struct {
		store_slot node[SPLITS_MAX * (LEVELS_MAX - 1)];
		u32 count;
	} spare[STORE_KINDS];
};

/* Facts of every page of a broken store: nothing intended, everything done. */
#define BROKEN_FACTS                                                           \
	(ENCLAVE_FACT_PRESENT | ENCLAVE_FACT_MUTABLE | ENCLAVE_FACT_EVER_W |   \
	 ENCLAVE_FACT_EVER_X | ENCLAVE_FACT_EVER_WX | ENCLAVE_FACT_REWRITTEN | \
	 ENCLAVE_FACT_DEBUG_WRITTEN)

/* The remembered leaf. */

static void forget_leaf(struct enclave_store *s)
{
	s->block = NO_BLOCK;
	s->leaf = NULL;
}

static inline bool is_remembered(const struct enclave_store *s, u64 page)
{
	return page >> FANOUT_SHIFT == s->block;
}

/* The leaf of @page, or the uniform slot above it. */
static store_slot lowest_slot(const struct enclave_store *s, u64 page)
{
	store_slot slot = s->root;
	u32 level;

	for (level = s->levels; level > 1 && !slot_is_uniform(slot); level--)
		slot = child_of(slot, page, level);
	return slot;
}

static noinline struct store_leaf *remember_leaf(struct enclave_store *s,
						 u64 page)
{
	store_slot slot = lowest_slot(s, page);

	if (slot_is_uniform(slot) || s->broken)
		return NULL;
	s->block = page >> FANOUT_SHIFT;
	s->leaf = slot_leaf(slot);
	return s->leaf;
}

/* The leaf of @page, which exists; NULL: it has none. */
static inline struct store_leaf *find_leaf(struct enclave_store *s, u64 page)
{
	return is_remembered(s, page) ? s->leaf : remember_leaf(s, page);
}

/* One page that exists, but not the last: those past the end go with that. */
static inline bool is_single(const struct enclave_store *s, u64 first,
			     u64 count)
{
	return count == 1 && first < s->pages && s->pages - first > 1;
}

/* Likewise, and its leaf is the one that was found last. */
static inline bool is_at_hand(const struct enclave_store *s, u64 first,
			      u64 count)
{
	return is_single(s, first, count) && is_remembered(s, first);
}

static inline bool has_spare(const struct enclave_store *s)
{
	return s->spare[STORE_LEAF].count | s->spare[STORE_NODE].count;
}

/* Allocation and reservation. */

/* Free a node, but nothing below it. */
static void free_node(struct enclave_store *s, store_slot node,
		      enum store_kind kind)
{
	if (node == (store_slot)s->leaf)
		forget_leaf(s);
	store_free(kind, (void *)node);
	s->bytes -= size_of(kind);
}

/* Have @count nodes in reserve. Return: false without memory. */
static bool fill_spare(struct enclave_store *s, enum store_kind kind, u32 count)
{
	while (s->spare[kind].count < count) {
		void *node = store_alloc(kind, size_of(kind));

		if (!node)
			return false;
		s->spare[kind].node[s->spare[kind].count++] = (store_slot)node;
		s->bytes += size_of(kind);
	}
	return true;
}

int __init enclave_store_init(void)
{
	return store_env_init(sizeof(struct store_leaf),
			      sizeof(struct store_node));
}

struct enclave_store *enclave_store_new(u64 pages)
{
	struct enclave_store *s;
	u32 levels = 1;

	while (levels < LEVELS_MAX && pages > 1ull << level_shift(levels))
		levels++;
	if (pages > 1ull << level_shift(levels))
		return NULL;
	s = store_alloc_root(sizeof(*s));
	if (!s)
		return NULL;
	s->pages = pages;
	s->levels = levels;
	s->root = slot_uniform(0);
	s->bytes = sizeof(*s);
	forget_leaf(s);
	return s;
}

static noinline void drop_spare(struct enclave_store *s)
{
	u32 kind;

	for (kind = 0; kind < STORE_KINDS; kind++) {
		while (s->spare[kind].count)
			free_node(s,
				  s->spare[kind].node[--s->spare[kind].count],
				  kind);
	}
}

void enclave_store_release(struct enclave_store *s)
{
	if (has_spare(s))
		drop_spare(s);
}

/* Free the tree, children first; @index says how far each level has come. */
static void free_tree(struct enclave_store *s)
{
	store_slot node[LEVELS_MAX + 1];
	u32 index[LEVELS_MAX + 1];
	u32 level = s->levels;

	if (slot_is_uniform(s->root))
		return;
	node[level] = s->root;
	index[level] = 0;
	while (level <= s->levels) {
		store_slot child;

		if (level == 1 || index[level] == FANOUT) {
			free_node(s, node[level], kind_of(level));
			level++;
			continue;
		}
		child = slot_node(node[level])->slot[index[level]++];
		if (slot_is_uniform(child))
			continue;
		level--;
		node[level] = child;
		index[level] = 0;
	}
}

void enclave_store_free(struct enclave_store *s)
{
	if (!s)
		return;
	enclave_store_release(s);
	free_tree(s);
	store_free_root(s);
}

u64 enclave_store_bytes(const struct enclave_store *s)
{
	return s->bytes;
}

/* Lookup. */

/* The facts of a page that exists. */
static noinline enclave_facts look_up(const struct enclave_store *s, u64 page)
{
	store_slot slot = lowest_slot(s, page);

	if (s->broken)
		return BROKEN_FACTS;
	if (slot_is_uniform(slot))
		return slot_facts(slot);
	return slot_leaf(slot)->facts[page % FANOUT];
}

/* The end of the run of @page, whose leaf is remembered, in that leaf. */
static inline u64 end_in_leaf(const struct enclave_store *s, u64 page,
			      u64 limit)
{
	u32 i = page % FANOUT;
	u64 end = page - i + next_boundary(s->leaf->boundary, i);

	if (end > s->pages)
		end = s->pages;
	return end < limit ? end : limit;
}

static noinline enclave_facts run_of_pages(struct enclave_store *s, u64 page,
					   u64 limit, u64 *end)
{
	store_slot slot = s->root;
	u32 level = s->levels;
	u64 stop = s->pages;

	*end = limit;
	if (s->broken)
		return BROKEN_FACTS;
	if (page >= s->pages)
		return 0;
	while (!slot_is_uniform(slot)) {
		u32 i = index_in_node(page, level);
		const u64 *map;

		if (level == 1) {
			s->block = page >> FANOUT_SHIFT;
			s->leaf = slot_leaf(slot);
			map = slot_leaf(slot)->boundary;
			slot = slot_uniform(slot_leaf(slot)->facts[i]);
		} else {
			map = slot_node(slot)->boundary;
			slot = slot_node(slot)->slot[i];
		}
		if (slot_is_uniform(slot))
			stop = block_start(page, level) +
			       ((u64)next_boundary(map, i)
				<< level_shift(level - 1));
		level--;
	}
	if (stop > s->pages)
		stop = s->pages;
	if (stop < *end)
		*end = stop;
	return slot_facts(slot);
}

enclave_facts enclave_store_run(struct enclave_store *s, u64 page, u64 limit,
				u64 *end)
{
	if (page >= s->pages || !is_remembered(s, page))
		return run_of_pages(s, page, limit, end);
	*end = end_in_leaf(s, page, limit);
	return s->leaf->facts[page % FANOUT];
}

enclave_facts enclave_store_page(const struct enclave_store *s, u64 page)
{
	if (page >= s->pages)
		return s->broken ? BROKEN_FACTS : 0;
	if (!is_remembered(s, page))
		return look_up(s, page);
	return s->leaf->facts[page % FANOUT];
}

u64 enclave_store_skip(const struct enclave_store *s, u64 page, u64 limit,
		       enclave_facts a, enclave_facts b)
{
	u64 end = block_end(page, 1);

	if (page >= s->pages || !is_remembered(s, page))
		return page;
	if (end > s->pages)
		end = s->pages;
	if (end > limit)
		end = limit;
	while (page < end) {
		enclave_facts f = s->leaf->facts[page % FANOUT];

		if (f != a && f != b)
			break;
		page++;
	}
	return page;
}

/* Update. */

/* Pages past the end go with the last one, so that the tail can be uniform. */
static u64 range_end(const struct enclave_store *s, u64 first, u64 count)
{
	if (first >= s->pages)
		return first;
	if (count >= s->pages - first)
		return 1ull << level_shift(s->levels);
	return first + count;
}

/* The smallest level of a uniform slot above @page: no node there, 0: a leaf. */
static u32 uniform_level(const struct enclave_store *s, u64 page)
{
	store_slot slot = s->root;
	u32 level = s->levels;

	while (level > 0 && !slot_is_uniform(slot)) {
		if (level > 1)
			slot = child_of(slot, page, level);
		level--;
	}
	return level;
}

/*
 * Only the first and the last page of a range lie in blocks that the range cuts
 * through. A cut block that is uniform needs a node; so do the blocks below it
 * that are cut as well.
 */
static void count_splits(const struct enclave_store *s, u64 first, u64 end,
			 u32 *count)
{
	u64 last = end - 1;
	u32 from = uniform_level(s, first);
	u32 to = uniform_level(s, last);
	u32 level;

	for (level = 1; level <= s->levels; level++) {
		bool same = block_start(first, level) ==
			    block_start(last, level);

		if (level <= from && !block_inside(first, level, first, end))
			count[kind_of(level)]++;
		if (level <= to && !same &&
		    !block_inside(last, level, first, end))
			count[kind_of(level)]++;
	}
}

static noinline int reserve_range(struct enclave_store *s, u64 first, u64 count)
{
	u64 end = range_end(s, first, count);
	u32 splits[STORE_KINDS] = { 0 };

	enclave_store_release(s);
	if (is_single(s, first, count) && find_leaf(s, first))
		return 0;
	if (first < end)
		count_splits(s, first, end, splits);
	if (fill_spare(s, STORE_LEAF, splits[STORE_LEAF]) &&
	    fill_spare(s, STORE_NODE, splits[STORE_NODE]))
		return 0;
	enclave_store_release(s);
	return -ENOMEM;
}

int enclave_store_reserve(struct enclave_store *s, u64 first, u64 count)
{
	if (is_at_hand(s, first, count) && !has_spare(s))
		return 0;
	return reserve_range(s, first, count);
}

static noinline int claim_anywhere(struct enclave_store *s, u64 page)
{
	if (enclave_store_page(s, page))
		return -EBUSY;
	return enclave_store_reserve(s, page, 1);
}

int enclave_store_claim(struct enclave_store *s, u64 page)
{
	if (!is_at_hand(s, page, 1) || has_spare(s))
		return claim_anywhere(s, page);
	return s->leaf->facts[page % FANOUT] ? -EBUSY : 0;
}

/**
 * struct store_cursor - an update on its way through the tree, left to right.
 * @pos: next page
 * @end: first page after the range
 * @fn: new facts from old
 * @arg: for @fn
 * @node: nodes of each level above @pos, valid down to @level
 * @level: where the descent stopped
 */
struct store_cursor {
	u64 pos;
	u64 end;
	enclave_facts (*fn)(enclave_facts old, void *arg);
	void *arg;
	store_slot node[LEVELS_MAX + 1];
	u32 level;
};

/* Put @slot where the path has its block of @level. */
static void replace_slot(struct enclave_store *s, const struct store_cursor *c,
			 u64 page, u32 level, store_slot slot)
{
	u32 i;

	if (level == s->levels) {
		s->root = slot;
		return;
	}
	i = index_in_node(page, level + 1);
	node_fill(slot_node(c->node[level + 1]), i, i + 1, slot);
}

/* A node of @level, every entry @f, from the reservation; 0: there is none. */
static store_slot take_node(struct enclave_store *s, u32 level, enclave_facts f)
{
	enum store_kind kind = kind_of(level);
	store_slot node;
	u64 *map;

	if (!s->spare[kind].count)
		return 0;
	node = s->spare[kind].node[--s->spare[kind].count];
	map = kind == STORE_LEAF ? slot_leaf(node)->boundary :
				   slot_node(node)->boundary;
	memset(map, 0, MAP_WORDS * sizeof(*map));
	if (kind == STORE_LEAF)
		leaf_fill(slot_leaf(node), 0, FANOUT, f);
	else
		node_fill(slot_node(node), 0, FANOUT, slot_uniform(f));
	return node;
}

/*
 * Descend to where the facts of @pos can be changed: the leaf, or the lowest
 * node that has a uniform slot for it wholly inside the range. Splits uniform
 * slots that the range cuts through. Return: false if nothing is to be changed
 * here (@pos has moved on) or can be (the store is broken).
 */
static bool descend(struct enclave_store *s, struct store_cursor *c)
{
	store_slot slot = s->root;
	u32 level;

	for (level = s->levels; level > 0; level--) {
		c->level = level + 1;
		if (slot_is_uniform(slot)) {
			enclave_facts f = slot_facts(slot);

			if (block_inside(c->pos, level, c->pos, c->end))
				return true;
			if (c->fn(f, c->arg) == f) {
				c->pos = block_end(c->pos, level);
				return false;
			}
			slot = take_node(s, level, f);
			if (STORE_WARN_ON(!slot)) {
				s->broken = true;
				forget_leaf(s);
				return false;
			}
			replace_slot(s, c, c->pos, level, slot);
		}
		c->node[level] = slot;
		if (level > 1)
			slot = child_of(slot, c->pos, level);
	}
	c->level = 1;
	return true;
}

/* Update the part of a leaf that is in the range. Return: first page past it. */
static u64 update_leaf(struct store_leaf *leaf, const struct store_cursor *c)
{
	u64 base = block_start(c->pos, 1);
	u32 i = (u32)(c->pos - base);
	u32 to = FANOUT;

	if (c->end - base < FANOUT)
		to = (u32)(c->end - base);
	while (i < to) {
		u32 next = next_boundary(leaf->boundary, i);
		enclave_facts old = leaf->facts[i];
		enclave_facts f = c->fn(old, c->arg);

		if (next > to)
			next = to;
		if (f != old)
			leaf_fill(leaf, i, next, f);
		i = next;
	}
	return base + to;
}

/*
 * Update the uniform slots of a node from @pos on that are wholly inside the
 * range. Return: first page past them.
 */
static u64 update_node(struct store_node *node, const struct store_cursor *c)
{
	u32 shift = level_shift(c->level - 1);
	u64 base = block_start(c->pos, c->level);
	u32 i = index_in_node(c->pos, c->level);
	u32 to = FANOUT;

	if ((c->end - base) >> shift < FANOUT)
		to = (u32)((c->end - base) >> shift);
	while (i < to && slot_is_uniform(node->slot[i])) {
		u32 next = next_boundary(node->boundary, i);
		enclave_facts old = slot_facts(node->slot[i]);
		enclave_facts f = c->fn(old, c->arg);

		if (next > to)
			next = to;
		if (f != old)
			node_fill(node, i, next, slot_uniform(f));
		i = next;
	}
	return base + ((u64)i << shift);
}

/* Update as much as can be at the place that descend() found. */
static void update_here(struct enclave_store *s, struct store_cursor *c)
{
	if (c->level > s->levels) {
		s->root = slot_uniform(c->fn(slot_facts(s->root), c->arg));
		c->pos = c->end;
	} else if (c->level == 1) {
		c->pos = update_leaf(slot_leaf(c->node[1]), c);
	} else {
		c->pos = update_node(slot_node(c->node[c->level]), c);
	}
}

/* A uniform node's facts as a slot; 0 if it is not uniform. */
static store_slot uniform_node(store_slot node, u32 level)
{
	if (level == 1) {
		if (!map_is_empty(slot_leaf(node)->boundary))
			return 0;
		return slot_uniform(slot_leaf(node)->facts[0]);
	}
	if (!map_is_empty(slot_node(node)->boundary))
		return 0;
	return slot_node(node)->slot[0];
}

/*
 * Replace nodes on the path of @page that have become uniform by one slot.
 * Nodes that the update will come back to wait, else it might have to split
 * them again.
 */
static void collapse(struct enclave_store *s, const struct store_cursor *c,
		     u64 page)
{
	u32 level;

	for (level = c->level; level <= s->levels; level++) {
		store_slot slot;

		if (c->pos < c->end && c->pos < block_end(page, level))
			return;
		slot = uniform_node(c->node[level], level);
		if (!slot)
			return;
		replace_slot(s, c, page, level, slot);
		free_node(s, c->node[level], kind_of(level));
	}
}

static noinline void
update_range(struct enclave_store *s, u64 first, u64 count,
	     enclave_facts (*fn)(enclave_facts old, void *arg), void *arg)
{
	struct store_cursor c = {
		.pos = first,
		.end = range_end(s, first, count),
		.fn = fn,
		.arg = arg,
	};

	while (c.pos < c.end && !s->broken) {
		u64 page = c.pos;

		if (descend(s, &c))
			update_here(s, &c);
		collapse(s, &c, page);
	}
}

static enclave_facts as_computed(enclave_facts old, void *arg)
{
	(void)old;
	return *(enclave_facts *)arg;
}

/* Update the page that @leaf, a leaf of the tree, has. */
static inline void
update_single(struct enclave_store *s, struct store_leaf *leaf, u64 page,
	      enclave_facts (*fn)(enclave_facts old, void *arg), void *arg)
{
	enclave_facts old = leaf->facts[page % FANOUT];
	enclave_facts f = fn(old, arg);

	if (f != old && !leaf_set(leaf, page % FANOUT, f))
		update_range(s, page, 1, as_computed, &f);
}

void enclave_store_update(struct enclave_store *s, u64 first, u64 count,
			  enclave_facts (*fn)(enclave_facts old, void *arg),
			  void *arg)
{
	struct store_leaf *leaf = NULL;

	if (is_single(s, first, count))
		leaf = find_leaf(s, first);
	if (leaf)
		update_single(s, leaf, first, fn, arg);
	else
		update_range(s, first, count, fn, arg);
	enclave_store_release(s);
}

static noinline void set_range(struct enclave_store *s, u64 first, u64 count,
			       enclave_facts f)
{
	enclave_store_update(s, first, count, as_computed, &f);
}

void enclave_store_set(struct enclave_store *s, u64 first, u64 count,
		       enclave_facts f)
{
	if (!is_at_hand(s, first, count) || has_spare(s) ||
	    !leaf_set(s->leaf, first % FANOUT, f))
		set_range(s, first, count, f);
}

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Nodes of the facts store's tree. Included by store.c only.
 *
 * A slot of level n stands for 512^n pages. It is a word: either the facts that
 * all these pages share (lowest bit 1), or the address of a node of level n (a
 * leaf for n = 1), which has 512 slots of level n - 1 (a leaf: the facts of
 * 512 pages).
 *
 * A node's "boundary" bit i says that entry i differs from entry i - 1; bit 0
 * is 0. The address of a node differs from everything. So a run inside a node
 * ends at the next boundary, and a node without one is uniform.
 */
#ifndef _SECURITY_ENCLAVE_STORE_NODE_H
#define _SECURITY_ENCLAVE_STORE_NODE_H

#include "store.h"
#include "store_env.h"

#define FANOUT_SHIFT 9
#define FANOUT (1u << FANOUT_SHIFT)
#define MAP_WORDS (FANOUT / 64)

typedef uintptr_t store_slot;

struct store_leaf {
	u64 boundary[MAP_WORDS];
	enclave_facts facts[FANOUT];
};

struct store_node {
	u64 boundary[MAP_WORDS];
	store_slot slot[FANOUT];
};

static inline store_slot slot_uniform(enclave_facts f)
{
	return (store_slot)f << 1 | 1;
}

static inline bool slot_is_uniform(store_slot slot)
{
	return slot & 1;
}

static inline enclave_facts slot_facts(store_slot slot)
{
	return (enclave_facts)(slot >> 1);
}

static inline struct store_leaf *slot_leaf(store_slot slot)
{
	return (struct store_leaf *)slot;
}

static inline struct store_node *slot_node(store_slot slot)
{
	return (struct store_node *)slot;
}

static inline enum store_kind kind_of(u32 level)
{
	return level == 1 ? STORE_LEAF : STORE_NODE;
}

static inline size_t size_of(enum store_kind kind)
{
	return kind == STORE_LEAF ? sizeof(struct store_leaf) :
				    sizeof(struct store_node);
}

/* log2 of the pages under a slot of @level. */
static inline u32 level_shift(u32 level)
{
	return FANOUT_SHIFT * level;
}

/* First page of the block of @level that holds @page; first page after it. */
static inline u64 block_start(u64 page, u32 level)
{
	return page >> level_shift(level) << level_shift(level);
}

static inline u64 block_end(u64 page, u32 level)
{
	return block_start(page, level) + (1ull << level_shift(level));
}

static inline bool block_inside(u64 page, u32 level, u64 first, u64 end)
{
	return block_start(page, level) >= first &&
	       block_end(page, level) <= end;
}

/* Which entry of a node of @level, which is at least 1, holds @page. */
static inline u32 index_in_node(u64 page, u32 level)
{
	return (u32)(page >> level_shift(level - 1)) % FANOUT;
}

/* First boundary of the node past entry @after, or FANOUT. */
static inline u32 next_boundary(const u64 *map, u32 after)
{
	u32 first = after + 1;
	u32 word = first / 64;
	u64 bits;

	if (first >= FANOUT)
		return FANOUT;
	bits = map[word] & (~0ull << (first % 64));
	while (!bits) {
		if (++word == MAP_WORDS)
			return FANOUT;
		bits = map[word];
	}
	return word * 64 + store_lowest_bit(bits);
}

static inline void set_boundary(u64 *map, u32 i, bool differs)
{
	u64 bit = 1ull << (i % 64);

	if (differs)
		map[i / 64] |= bit;
	else
		map[i / 64] &= ~bit;
}

static inline bool map_is_empty(const u64 *map)
{
	u64 any = 0;
	u32 i;

	for (i = 0; i < MAP_WORDS; i++)
		any |= map[i];
	return !any;
}

/* Give entries [from, to), which are one run, new facts. */
static inline void leaf_fill(struct store_leaf *leaf, u32 from, u32 to,
			     enclave_facts f)
{
	u32 i;

	for (i = from; i < to; i++)
		leaf->facts[i] = f;
	if (from > 0)
		set_boundary(leaf->boundary, from, leaf->facts[from - 1] != f);
	if (to < FANOUT)
		set_boundary(leaf->boundary, to, leaf->facts[to] != f);
}

/*
 * Give entry @i new facts, if it then differs from an entry beside it: so the
 * leaf is not uniform. Return: false if not; nothing has changed then.
 */
static inline bool leaf_set(struct store_leaf *leaf, u32 i, enclave_facts f)
{
	u64 before = i > 0 && leaf->facts[i - 1] != f;
	u64 after = i + 1 < FANOUT && leaf->facts[i + 1] != f;
	u64 *word = &leaf->boundary[i / 64];
	u32 shift = i % 64;

	if (!(before | after))
		return false;
	leaf->facts[i] = f;
	/* Bits i and i + 1; the latter may be in the next word. */
	*word = (*word & ~(3ull << shift)) | (before | after << 1) << shift;
	if (shift == 63 && i + 1 < FANOUT)
		set_boundary(leaf->boundary, i + 1, after);
	return true;
}

/* Replace entries [from, to), which are one run, by @slot. */
static inline void node_fill(struct store_node *node, u32 from, u32 to,
			     store_slot slot)
{
	u32 i;

	for (i = from; i < to; i++)
		node->slot[i] = slot;
	if (from > 0)
		set_boundary(node->boundary, from,
			     node->slot[from - 1] != slot);
	if (to < FANOUT)
		set_boundary(node->boundary, to, node->slot[to] != slot);
}

/* The slot of @node, which is of @level > 1, that holds @page. */
static inline store_slot child_of(store_slot node, u64 page, u32 level)
{
	return slot_node(node)->slot[index_in_node(page, level)];
}

#endif /* _SECURITY_ENCLAVE_STORE_NODE_H */

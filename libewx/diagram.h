/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decision diagrams: which of many things with conditions fit a subject.
 *
 * Owns: nodes (shared by all diagrams of a policy) and how a diagram grows
 * from items. An item fits when a number or key of each dimension lies in its
 * ranges and each of its clauses has a true atom. Knows nothing of domains,
 * sources and identities: what fits becomes a result by a callback.
 */
#ifndef _LIBEWX_DIAGRAM_H
#define _LIBEWX_DIAGRAM_H

#include <uapi/linux/ewx_policy.h>
#include "pool.h"

struct ewx_part;
struct ewx_shade;

/**
 * struct ewx_nodes - equal nodes are one; successors have lower indices here.
 * @sets: test, arg, yes, no; node n is set n + 1. A jump has the id of its table
 *	for arg and the number of bits for yes
 * @jumps: tables: references of successors
 */
struct ewx_nodes {
	struct ewx_pool *pool;
	struct ewx_sets sets;
	struct ewx_sets jumps;
};

void ewx_nodes_init(struct ewx_nodes *nodes, struct ewx_pool *pool);

/** ewx_node() - reference to a node; just @yes when the test does not matter. */
u32 ewx_node(struct ewx_nodes *nodes, u32 test, u32 arg, u32 yes, u32 no);

/** ewx_node_jump() - same for a jump; @table: 2^@bits references. */
u32 ewx_node_jump(struct ewx_nodes *nodes, u32 test, u32 bits, const u32 *table,
		  u32 no);

static inline u32 ewx_nodes_count(const struct ewx_nodes *nodes)
{
	return ewx_sets_count(&nodes->sets) - 1;
}

#define EWX_DIMENSIONS_MAX 4

/**
 * struct ewx_dimension - something ordered.
 * @less: the test "< arg"
 * @equal: the test "== arg", for keys; 0 for numbers
 * @exists: the test that there is a key at all, or 0
 * @jump: the test that finds the few keys which begin alike, for keys
 * Keys are numbers too: KEYS is sorted, and a key is its index there.
 */
struct ewx_dimension {
	u32 less;
	u32 equal;
	u32 exists;
	u32 jump;
};

/**
 * struct ewx_item
 * @ranges: per dimension, id in @ranges of the diagram: pairs low, high; 0: any
 * @clauses: id in @clauses: atoms' lists, each an id in @atom_sets; 0: none
 */
struct ewx_item {
	u32 ranges[EWX_DIMENSIONS_MAX];
	u32 clauses;
};

/** struct ewx_atom - a yes-or-no test. */
struct ewx_atom {
	u32 test;
	u32 arg;
	u64 low, high; /* GROUP: range; ATTRIBUTES, XFRM: mask, value */
};

/**
 * struct ewx_diagram - how to build the diagrams of one kind.
 * @decide: what a subject gets that fits @fits, and perhaps @open too: a node
 *      reference, or EWX_NONE to go on testing (not if there are no @open)
 * @prefer: sort items so that those come first whose fitting decides most; or
 *      NULL
 * @refuse: report that @items overlap too much; or they are too many
 * @shades: whether item @a decides over @b wherever both fit, and over whatever @b
 *      so decides over; or NULL
 * @implies, @excludes: whether one CGROUP bit being set says the other is, or is
 *      not; NULL without such atoms
 * @low, @high: numbers of the first dimension that matter
 * @at: number or key that led here, per dimension
 * @known: per atom: 0 unknown, 1 true, 2 false
 * @parts: per clause, see diagram_atoms.c; @rests: lists of atoms
 * @candidates: sets of items; @memo: their diagrams, per dimension; @both: room
 *      for one
 * @shade: per item, see diagram_shades.c; @front: items in no shade
 * @keys: KEYS, of 32 bytes each
 * @jumps: how many successors of jumps there may still be, so that they take no
 *	more than the keys do, however often a diagram tells these
 * @work: so far; @work_max: the most there may be
 */
struct ewx_diagram {
	struct ewx_pool *pool;
	struct ewx_nodes *nodes;
	const struct ewx_dimension *dimensions;
	u32 dimension_count;
	EWX_VEC(struct ewx_item) items;
	EWX_VEC(struct ewx_atom) atoms;
	struct ewx_sets atom_keys;
	struct ewx_sets ranges;
	struct ewx_sets clauses;
	struct ewx_sets atom_sets;
	u32 (*decide)(void *ctx, const u32 *fits, size_t fit_count,
		      const u32 *open, size_t open_count);
	void (*prefer)(void *ctx, u32 *items, size_t count);
	void (*refuse)(void *ctx, const u32 *items, size_t count);
	bool (*shades)(void *ctx, u32 a, u32 b);
	bool (*implies)(void *ctx, u32 bit, u32 other);
	bool (*excludes)(void *ctx, u32 bit, u32 other);
	void *ctx;

	u32 low;
	u32 high;
	u32 at[EWX_DIMENSIONS_MAX];
	u8 *known;
	struct ewx_part *parts;
	struct ewx_sets rests;
	ewx_numbers trail;
	ewx_numbers points[EWX_DIMENSIONS_MAX];
	u8 *depth[EWX_DIMENSIONS_MAX];
	struct ewx_sets candidates;
	ewx_numbers both;
	ewx_numbers memo[EWX_DIMENSIONS_MAX + 1];
	struct ewx_shade *shade;
	ewx_numbers front;
	const u8 *keys;
	u64 jumps;
	u64 work;
	u64 work_max;
};

/** ewx_diagram_init() - no items; the caller fills the callbacks. */
void ewx_diagram_init(struct ewx_diagram *d, struct ewx_pool *pool,
		      struct ewx_nodes *nodes,
		      const struct ewx_dimension *dimensions, u32 count);

/** ewx_diagram_atom() - number of an atom; equal ones are one. */
u32 ewx_diagram_atom(struct ewx_diagram *d, const struct ewx_atom *atom);

/** ewx_diagram_ready() - all items are there. */
void ewx_diagram_ready(struct ewx_diagram *d);

/**
 * ewx_diagram_build() - the diagram that tells which of @items fit.
 * @items: ascending. Return: reference to its first node.
 */
u32 ewx_diagram_build(struct ewx_diagram *d, const u32 *items, size_t count);

/**
 * ewx_diagram_build_within() - the same for numbers of the first dimension from
 * @low to @high only; for others the result means nothing.
 */
u32 ewx_diagram_build_within(struct ewx_diagram *d, const u32 *items,
			     size_t count, u32 low, u32 high);

/* diagram_atoms.c: all clauses are there. */
void ewx_diagram_part_clauses(struct ewx_diagram *d);

/* diagram_atoms.c: the rest of a diagram below all dimensions. */
u32 ewx_diagram_atoms(struct ewx_diagram *d, u32 *items, size_t count);

/*
 * diagram_shades.c: what fits at a number, where only who decides over all others
 * matters.
 */

/** ewx_shades_apply() - begin with nothing; false if @items have to be told one by one. */
bool ewx_shades_apply(struct ewx_diagram *d, const u32 *items, size_t count);

/** ewx_shades_enter(), ewx_shades_leave() - @item fits from here on, or no longer. */
void ewx_shades_enter(struct ewx_diagram *d, u32 item);
void ewx_shades_leave(struct ewx_diagram *d, u32 item);

/** ewx_shades_all() - all that fit, ascending. */
void ewx_shades_all(struct ewx_diagram *d, ewx_numbers *all);

/** ewx_diagram_spend() - count work; reports and ends the run when too much. */
void ewx_diagram_spend(struct ewx_diagram *d, u64 work, const u32 *items,
		       size_t count);

/** ewx_diagram_count() - count work; the next ewx_diagram_spend() judges it. */
static inline void ewx_diagram_count(struct ewx_diagram *d, u64 work)
{
	d->work += work;
}

#endif /* _LIBEWX_DIAGRAM_H */

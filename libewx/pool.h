/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory of one run of the back end, and the containers it works with.
 *
 * Owns: blocks that may grow and be dropped, growing arrays, and interned sets
 * of numbers. Without memory, or when the policy is refused, control returns
 * to ewx_emit() at once (longjmp), which frees the whole pool; so no function of
 * the back end returns an error for lack of memory. Knows nothing of policies.
 */
#ifndef _LIBEWX_POOL_H
#define _LIBEWX_POOL_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include "../security/ewx/core/env.h"

struct ewx_pool_block;
struct ewx_pool_slab;

#define EWX_POOL_CLASSES 12 /* sizes of blocks that share large pages */

/** enum ewx_stop - why a run ended early. */
enum ewx_stop {
	EWX_STOP_NONE,
	EWX_STOP_MEMORY,
	EWX_STOP_REFUSED, /* a diagnostic says why */
};

/**
 * struct ewx_pool - all zero is empty; used only inside ewx_pool_run().
 * @blocks: all live blocks
 * @slabs: large pages that hold several blocks, the newest first
 * @spare: dropped blocks of slabs, by size
 * @out: where ewx_pool_stop() goes
 * @calls: allocations so far; @fail_after: for tests: when not 0, the
 *      allocation of that number fails
 */
struct ewx_pool {
	struct ewx_pool_block *blocks;
	struct ewx_pool_slab *slabs;
	struct ewx_pool_block *spare[EWX_POOL_CLASSES];
	jmp_buf out;
	size_t calls;
	size_t fail_after;
};

/**
 * ewx_pool_run() - call @run(@arg); the pool is the caller's to free.
 * Return: EWX_STOP_NONE, or what ewx_pool_stop() was called with.
 */
enum ewx_stop ewx_pool_run(struct ewx_pool *pool, void (*run)(void *arg),
			   void *arg);

/** ewx_pool_stop() - end the run; does not return. */
void ewx_pool_stop(struct ewx_pool *pool, enum ewx_stop why)
	__attribute__((noreturn));

/** ewx_pool_alloc() - @count zeroed elements of @size bytes. Never NULL. */
void *ewx_pool_alloc(struct ewx_pool *pool, size_t count, size_t size)
	__attribute__((returns_nonnull));

/**
 * ewx_pool_resize() - change a block's size; new bytes are not initialised.
 * @block: or NULL for a new one. Return: the block, perhaps moved.
 */
void *ewx_pool_resize(struct ewx_pool *pool, void *block, size_t count,
		      size_t size) __attribute__((returns_nonnull));

/** ewx_pool_more() - double *@room (elements of @size bytes) of @block. */
void *ewx_pool_more(struct ewx_pool *pool, void *block, size_t *room,
		    size_t size) __attribute__((returns_nonnull));

/** ewx_pool_drop() - free one block early; NULL is fine. */
void ewx_pool_drop(struct ewx_pool *pool, void *block);

/** ewx_pool_free() - free everything. */
void ewx_pool_free(struct ewx_pool *pool);

/* A growing array: @at[0..@count). All zero is empty. */
#define EWX_VEC(type)         \
	struct {              \
		type *at;     \
		size_t count; \
		size_t room;  \
	}

/* clang-format off */

/** ewx_vec_push() - append one element. Value: pointer to it, not initialised. */
#define ewx_vec_push(pool, vec)						\
({									\
	__typeof__(vec) _vec = (vec);					\
									\
	if (_vec->count == _vec->room)					\
		_vec->at = ewx_pool_more((pool), _vec->at, &_vec->room,	\
					 sizeof(*_vec->at));		\
	&_vec->at[_vec->count++];					\
})

/* Room for @number elements in all, so that it need not grow up to there. */
#define ewx_vec_reserve(pool, vec, number)				\
do {									\
	__typeof__(vec) _vec = (vec);					\
	size_t _room = (number);					\
									\
	if (_vec->room < _room) {					\
		_vec->at = ewx_pool_resize((pool), _vec->at, _room,	\
					   sizeof(*_vec->at));		\
		_vec->room = _room;					\
	}								\
} while (0)

#define ewx_vec_drop(pool, vec)						\
do {									\
	__typeof__(vec) _vec = (vec);					\
									\
	ewx_pool_drop((pool), _vec->at);				\
	_vec->at = NULL;						\
	_vec->count = 0;						\
	_vec->room = 0;							\
} while (0)

/* clang-format on */

typedef EWX_VEC(u32) ewx_numbers;
typedef EWX_VEC(u8) ewx_bytes;

/**
 * struct ewx_sets - interned sequences of numbers; equal ones have one id.
 * Ids count from 0 in the order of first appearance; 0 is the empty sequence.
 */
struct ewx_sets {
	struct ewx_pool *pool;
	ewx_numbers data;
	ewx_numbers start; /* start[id], end is start[id + 1] */
	u32 *slots; /* hash of id + 1; 0 is free */
	u32 mask;
};

/** ewx_sets_init() - holds the empty set. */
void ewx_sets_init(struct ewx_sets *sets, struct ewx_pool *pool);

/** ewx_sets_intern() - id of @count numbers; @v may not point into @sets. */
u32 ewx_sets_intern(struct ewx_sets *sets, const u32 *v, size_t count);

void ewx_sets_drop(struct ewx_sets *sets);

static inline u32 ewx_sets_count(const struct ewx_sets *sets)
{
	return (u32)sets->start.count - 1;
}

/** ewx_sets_get() - members of a set; valid until the next intern. */
static inline const u32 *ewx_sets_get(const struct ewx_sets *sets, u32 id,
				      size_t *count)
{
	*count = sets->start.at[id + 1] - sets->start.at[id];
	return sets->data.at + sets->start.at[id];
}

/** ewx_sets_has() - whether the sorted set @id contains @value. */
bool ewx_sets_has(const struct ewx_sets *sets, u32 id, u32 value);

/** ewx_sort_unique() - sort and drop duplicates. Return: how many remain. */
size_t ewx_sort_unique(u32 *v, size_t count);

static inline u64 ewx_mix(u64 h, u64 v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15ull;
	return h ^ h >> 29;
}

#endif /* _LIBEWX_POOL_H */

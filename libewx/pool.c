// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Blocks, growing arrays and interned sets of the back end; see pool.h.
 */
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "pages.h"
#include "pool.h"
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)
#define ASAN_UNPOISON_MEMORY_REGION(at, size)
#endif

/*
 * Blocks of CLASS_MIN bytes and more share large pages: their sizes are CLASS_MIN, 1.5
 * times as much, and so on, doubled. Smaller ones are malloc()'s, larger ones have
 * pages of their own. An address
 * sanitizer is told what of them may be used.
 */
#define CLASS_MIN ((size_t)32 << 10)
#define NO_CLASS EWX_POOL_CLASSES
#define PAGES_MIN ((size_t)3 << 19)

/* enum home - where a block's bytes are from. */
enum home { HOME_MALLOC, HOME_SLAB, HOME_PAGES };

struct ewx_pool_block {
	struct ewx_pool_block *next;
	struct ewx_pool_block *prev;
	size_t size; /* of the block, bytes */
	enum home home;
	alignas(max_align_t) unsigned char bytes[];
};

struct ewx_pool_slab {
	struct ewx_pool_slab *older;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

static struct ewx_pool_block *block_of(void *bytes)
{
	return (struct ewx_pool_block *)((unsigned char *)bytes -
					 offsetof(struct ewx_pool_block,
						  bytes));
}

enum ewx_stop ewx_pool_run(struct ewx_pool *pool, void (*run)(void *arg),
			   void *arg)
{
	int why = setjmp(pool->out);

	if (why)
		return (enum ewx_stop)why;
	run(arg);
	return EWX_STOP_NONE;
}

void ewx_pool_stop(struct ewx_pool *pool, enum ewx_stop why)
{
	longjmp(pool->out, why);
}

static size_t bytes_of(struct ewx_pool *pool, size_t count, size_t size)
{
	size_t bytes;

	pool->calls++;
	if (__builtin_mul_overflow(count, size, &bytes) ||
	    bytes > SIZE_MAX / 2 ||
	    (pool->fail_after && pool->calls >= pool->fail_after))
		ewx_pool_stop(pool, EWX_STOP_MEMORY);
	return bytes + sizeof(struct ewx_pool_block);
}

static void *link_block(struct ewx_pool *pool, struct ewx_pool_block *block)
{
	block->prev = NULL;
	block->next = pool->blocks;
	if (block->next)
		block->next->prev = block;
	pool->blocks = block;
	return block->bytes;
}

static size_t class_size(int class)
{
	return ((CLASS_MIN / 2 * (class % 2 ? 3 : 2)) << (class / 2)) +
	       sizeof(struct ewx_pool_block);
}

/* Which blocks of slabs have room for @size bytes. */
static int class_of(size_t size)
{
	for (int c = 0; c < EWX_POOL_CLASSES; c++)
		if (size <= class_size(c))
			return size < CLASS_MIN ? NO_CLASS : c;
	return NO_CLASS;
}

static struct ewx_pool_block *carve(struct ewx_pool *pool, size_t size)
{
	struct ewx_pool_slab *slab = pool->slabs;
	struct ewx_pool_block *block;

	if (!slab || EWX_PAGES_LARGE - sizeof(*slab) - slab->used < size) {
		slab = ewx_pages_alloc(EWX_PAGES_LARGE);
		if (!slab)
			return NULL;
		slab->older = pool->slabs;
		pool->slabs = slab;
		ASAN_POISON_MEMORY_REGION(slab->bytes,
					  EWX_PAGES_LARGE - sizeof(*slab));
	}
	block = (struct ewx_pool_block *)(slab->bytes + slab->used);
	slab->used += size;
	return block;
}

static struct ewx_pool_block *slab_block(struct ewx_pool *pool, int class)
{
	struct ewx_pool_block *block = pool->spare[class];

	if (!block)
		return carve(pool, class_size(class));
	ASAN_UNPOISON_MEMORY_REGION(block, sizeof(*block));
	pool->spare[class] = block->next;
	return block;
}

/* Perhaps not zeroed. */
static struct ewx_pool_block *new_block(struct ewx_pool *pool, size_t size)
{
	struct ewx_pool_block *block;
	enum home home = HOME_MALLOC;
	int class = class_of(size);

	if (class != NO_CLASS) {
		home = HOME_SLAB;
		block = slab_block(pool, class);
		ASAN_UNPOISON_MEMORY_REGION(block, block ? size : 0);
	} else if (size >= PAGES_MIN) {
		home = HOME_PAGES;
		block = ewx_pages_alloc(size);
	} else {
		block = malloc(size);
	}
	if (!block)
		ewx_pool_stop(pool, EWX_STOP_MEMORY);
	block->size = size;
	block->home = home;
	return block;
}

static void free_block(struct ewx_pool *pool, struct ewx_pool_block *block)
{
	int class = class_of(block->size);

	if (block->home == HOME_SLAB) {
		block->next = pool->spare[class];
		pool->spare[class] = block;
		ASAN_POISON_MEMORY_REGION(block, class_size(class));
	} else if (block->home == HOME_PAGES) {
		ewx_pages_free(block, block->size);
	} else {
		free(block);
	}
}

void *ewx_pool_alloc(struct ewx_pool *pool, size_t count, size_t size)
{
	size_t bytes = bytes_of(pool, count, size);
	struct ewx_pool_block *block = new_block(pool, bytes);

	if (block->home != HOME_PAGES)
		memset(block->bytes, 0, bytes - sizeof(*block));
	return link_block(pool, block);
}

/* Only malloc() can make a block larger where it is. */
static struct ewx_pool_block *
resize_block(struct ewx_pool *pool, struct ewx_pool_block *block, size_t size)
{
	struct ewx_pool_block *old = block;

	if (!block)
		return new_block(pool, size);
	if (block->home == HOME_MALLOC && class_of(size) == NO_CLASS &&
	    size < PAGES_MIN) {
		block = realloc(block, size);
		if (!block)
			ewx_pool_stop(pool, EWX_STOP_MEMORY);
	} else {
		block = new_block(pool, size);
		block->next = old->next;
		block->prev = old->prev;
		memcpy(block->bytes, old->bytes,
		       (size < old->size ? size : old->size) - sizeof(*block));
		free_block(pool, old);
	}
	block->size = size;
	return block;
}

void *ewx_pool_resize(struct ewx_pool *pool, void *bytes, size_t count,
		      size_t size)
{
	struct ewx_pool_block *block =
		resize_block(pool, bytes ? block_of(bytes) : NULL,
			     bytes_of(pool, count, size));

	if (!bytes)
		return link_block(pool, block);
	if (block->prev)
		block->prev->next = block;
	else
		pool->blocks = block;
	if (block->next)
		block->next->prev = block;
	return block->bytes;
}

void *ewx_pool_more(struct ewx_pool *pool, void *bytes, size_t *room,
		    size_t size)
{
	size_t more = *room ? *room * 2 : 16;

	bytes = ewx_pool_resize(pool, bytes, more, size);
	*room = more;
	return bytes;
}

void ewx_pool_drop(struct ewx_pool *pool, void *bytes)
{
	struct ewx_pool_block *block;

	if (!bytes)
		return;
	block = block_of(bytes);
	if (block->prev)
		block->prev->next = block->next;
	else
		pool->blocks = block->next;
	if (block->next)
		block->next->prev = block->prev;
	free_block(pool, block);
}

void ewx_pool_free(struct ewx_pool *pool)
{
	struct ewx_pool_block *block = pool->blocks;

	while (block) {
		struct ewx_pool_block *next = block->next;

		free_block(pool, block);
		block = next;
	}
	pool->blocks = NULL;
	while (pool->slabs) {
		struct ewx_pool_slab *older = pool->slabs->older;

		ASAN_UNPOISON_MEMORY_REGION(pool->slabs, EWX_PAGES_LARGE);
		ewx_pages_free(pool->slabs, EWX_PAGES_LARGE);
		pool->slabs = older;
	}
	memset(pool->spare, 0, sizeof(pool->spare));
}

#define SLOTS_START 64

void ewx_sets_init(struct ewx_sets *sets, struct ewx_pool *pool)
{
	memset(sets, 0, sizeof(*sets));
	sets->pool = pool;
	sets->mask = SLOTS_START - 1;
	sets->slots = ewx_pool_alloc(pool, SLOTS_START, sizeof(*sets->slots));
	*ewx_vec_push(pool, &sets->start) = 0;
	ewx_sets_intern(sets, NULL, 0);
}

static u32 hash_numbers(const u32 *v, size_t count)
{
	u64 h = count;

	for (size_t i = 0; i < count; i++)
		h = ewx_mix(h, v[i]);
	return (u32)(h >> 32 ^ h);
}

static void sets_rehash(struct ewx_sets *sets)
{
	u32 mask = sets->mask * 2 + 1;
	u32 *slots =
		ewx_pool_alloc(sets->pool, (size_t)mask + 1, sizeof(*slots));

	for (u32 id = 0; id < ewx_sets_count(sets); id++) {
		size_t count;
		const u32 *v = ewx_sets_get(sets, id, &count);
		u32 at = hash_numbers(v, count) & mask;

		while (slots[at])
			at = (at + 1) & mask;
		slots[at] = id + 1;
	}
	ewx_pool_drop(sets->pool, sets->slots);
	sets->slots = slots;
	sets->mask = mask;
}

u32 ewx_sets_intern(struct ewx_sets *sets, const u32 *v, size_t count)
{
	u32 at = hash_numbers(v, count) & sets->mask;
	u32 id;

	for (; sets->slots[at]; at = (at + 1) & sets->mask) {
		size_t other;
		const u32 *w = ewx_sets_get(sets, sets->slots[at] - 1, &other);

		if (other == count &&
		    (!count || !memcmp(v, w, count * sizeof(*v))))
			return sets->slots[at] - 1;
	}
	if (sets->data.count + count > UINT32_MAX)
		ewx_pool_stop(sets->pool, EWX_STOP_MEMORY);
	for (size_t i = 0; i < count; i++)
		*ewx_vec_push(sets->pool, &sets->data) = v[i];
	id = ewx_sets_count(sets);
	*ewx_vec_push(sets->pool, &sets->start) = (u32)sets->data.count;
	sets->slots[at] = id + 1;
	if (id >= sets->mask / 2)
		sets_rehash(sets);
	return id;
}

void ewx_sets_drop(struct ewx_sets *sets)
{
	ewx_vec_drop(sets->pool, &sets->data);
	ewx_vec_drop(sets->pool, &sets->start);
	ewx_pool_drop(sets->pool, sets->slots);
	sets->slots = NULL;
}

bool ewx_sets_has(const struct ewx_sets *sets, u32 id, u32 value)
{
	size_t low = 0, high;
	const u32 *v = ewx_sets_get(sets, id, &high);

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (v[mid] == value)
			return true;
		if (v[mid] < value)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static int compare_numbers(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

size_t ewx_sort_unique(u32 *v, size_t count)
{
	size_t kept = 0;

	if (count > 16) {
		qsort(v, count, sizeof(*v), compare_numbers);
	} else {
		for (size_t i = 1; i < count; i++) {
			u32 x = v[i];
			size_t j = i;

			for (; j && v[j - 1] > x; j--)
				v[j] = v[j - 1];
			v[j] = x;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (!kept || v[kept - 1] != v[i])
			v[kept++] = v[i];
	return kept;
}

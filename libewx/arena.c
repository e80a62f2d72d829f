// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Bump allocation; see arena.h.
 */
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "pages.h"

#define CHUNK_SIZE	((size_t)64 << 10)	/* of a small policy's chunks */
#define CHUNKS_SMALL	8			/* of them; then come large ones */
#define CHUNKS_GROWING	16			/* of large arrays, side by side */
#define ALIGNMENT	alignof(max_align_t)
#define ARRAY_START	2	/* elements; a power of two */

struct ewx_arena_chunk {
	struct ewx_arena_chunk *older;
	size_t pages; /* bytes, if ewx_pages_alloc() gave them; else 0 */
	bool alone; /* malloc()ed, and holds one block for good */
	alignas(max_align_t) unsigned char bytes[];
};

static void *fail(struct ewx_arena *arena)
{
	arena->failed = true;
	return NULL;
}

static struct ewx_arena_chunk *new_chunk(size_t size)
{
	bool large = size >= EWX_PAGES_LARGE - sizeof(struct ewx_arena_chunk);
	struct ewx_arena_chunk *chunk;

	size += sizeof(*chunk);
	chunk = large ? ewx_pages_alloc(size) : calloc(1, size);
	if (chunk)
		chunk->pages = large ? size : 0;
	return chunk;
}

/* A block that fills much of a chunk gets its own, behind the newest one. */
static void *alloc_large(struct ewx_arena *arena, size_t size)
{
	struct ewx_arena_chunk *chunk = new_chunk(size);

	if (!chunk)
		return fail(arena);
	chunk->alone = !chunk->pages;
	if (arena->chunk) {
		chunk->older = arena->chunk->older;
		arena->chunk->older = chunk;
	} else {
		arena->chunk = chunk;
		arena->used = size;
		arena->size = size;
	}
	return chunk->bytes;
}

static size_t rounded(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/* Count an allocation of @size bytes. Return: it may go on. */
static bool begin(struct ewx_arena *arena, size_t size)
{
	arena->calls++;
	return size <= SIZE_MAX / 2 &&
	       !(arena->fail_after && arena->calls >= arena->fail_after);
}

void *ewx_arena_alloc(struct ewx_arena *arena, size_t size)
{
	struct ewx_arena_chunk *chunk;
	void *block;

	if (!begin(arena, size))
		return fail(arena);
	size = rounded(size);
	if (size > CHUNK_SIZE / 4)
		return alloc_large(arena, size);
	if (!arena->chunk || arena->size - arena->used < size) {
		size_t room = arena->chunks < CHUNKS_SMALL ?
				      CHUNK_SIZE :
				      EWX_PAGES_LARGE - sizeof(*chunk);

		chunk = new_chunk(room);
		if (!chunk)
			return fail(arena);
		chunk->older = arena->chunk;
		arena->chunk = chunk;
		arena->chunks++;
		arena->used = 0;
		arena->size = room;
	}
	block = arena->chunk->bytes + arena->used;
	arena->used += size;
	return block;
}

void *ewx_arena_array(struct ewx_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return fail(arena);
	return ewx_arena_alloc(arena, bytes);
}

char *ewx_arena_strndup(struct ewx_arena *arena, const char *s, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		return fail(arena);
	copy = ewx_arena_alloc(arena, len + 1);
	if (copy && len)
		memcpy(copy, s, len);
	return copy;
}

char *ewx_arena_vprintf(struct ewx_arena *arena, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return fail(arena);
	text = ewx_arena_alloc(arena, (size_t)len + 1);
	if (text)
		vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

char *ewx_arena_printf(struct ewx_arena *arena, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = ewx_arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return text;
}

/*
 * Bytes of the newest chunk become part of the block before them, if that is
 * @block, of @size bytes. They are zero: a chunk's are used once.
 */
static bool extend(struct ewx_arena *arena, void *block, size_t size,
		   size_t more)
{
	if (!arena->chunk || more > arena->size - arena->used ||
	    (unsigned char *)block + rounded(size) !=
		    arena->chunk->bytes + arena->used)
		return false;
	arena->used += rounded(size + more) - rounded(size);
	return true;
}

/*
 * A large array has a chunk to itself: that grows where it is, or its pages move.
 * One that grew to be large at the beginning of a chunk has others behind it.
 * Only the last few are looked through: arrays that grow side by side.
 * Return: the array; NULL: not one of them.
 */
static void *grow_chunk(struct ewx_arena *arena, const void *array,
			size_t size, size_t more)
{
	struct ewx_arena_chunk **link = &arena->chunk, *chunk;
	size_t room = sizeof(*chunk) + size + more;

	if (size <= CHUNK_SIZE / 4 || room >= EWX_PAGES_LARGE || size % ALIGNMENT)
		return NULL;
	for (int i = 0; i < CHUNKS_GROWING && *link; i++) {
		chunk = *link;
		if (chunk->bytes == array)
			break;
		link = &chunk->older;
	}
	if (link == &arena->chunk || !*link || (*link)->bytes != array ||
	    !(*link)->alone)
		return NULL;
	chunk = realloc(*link, room);
	if (!chunk)
		return NULL;
	*link = chunk;
	memset(chunk->bytes + size, 0, more);
	return chunk->bytes;
}

void *ewx_arena_room(struct ewx_arena *arena, void *array, size_t count,
		     size_t size)
{
	size_t capacity;
	void *grown;

	/* The capacity is ARRAY_START, then doubles: full at powers of two. */
	if (count && (count < ARRAY_START || (count & (count - 1))))
		return array;
	capacity = count ? count * 2 : ARRAY_START;
	if (count && begin(arena, 0) &&
	    extend(arena, array, count * size, count * size))
		return array;
	grown = count ? grow_chunk(arena, array, count * size, count * size) :
			NULL;
	if (grown)
		return grown;
	grown = ewx_arena_array(arena, capacity, size);
	if (grown && count)
		memcpy(grown, array, count * size);
	return grown;
}

/* Free @chunk and those that are older. */
static void free_chunks(struct ewx_arena_chunk *chunk)
{
	while (chunk) {
		struct ewx_arena_chunk *older = chunk->older;

		if (chunk->pages)
			ewx_pages_free(chunk, chunk->pages);
		else
			free(chunk);
		chunk = older;
	}
}

void ewx_arena_reset(struct ewx_arena *arena)
{
	struct ewx_arena_chunk *chunk = arena->chunk;
	bool keep = chunk && arena->size == CHUNK_SIZE;

	if (keep) {
		free_chunks(chunk->older);
		chunk->older = NULL;
		chunk->alone = false;
		memset(chunk->bytes, 0, arena->used);
	} else {
		free_chunks(chunk);
		arena->chunk = NULL;
		arena->size = 0;
	}
	arena->used = 0;
	arena->chunks = keep;
}

void ewx_arena_free(struct ewx_arena *arena)
{
	free_chunks(arena->chunk);
	memset(arena, 0, sizeof(*arena));
}

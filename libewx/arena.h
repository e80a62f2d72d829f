/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory of a compilation unit: allocated piecemeal, freed at once.
 *
 * Owns: the chunks. Without memory a call returns NULL and the arena stays
 * marked as failed, so that a caller may check once at the end. Knows nothing
 * of policies.
 */
#ifndef _LIBEWX_ARENA_H
#define _LIBEWX_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct ewx_arena_chunk;

/**
 * struct ewx_arena - all zero is an empty arena.
 * @chunk: newest chunk; it links the older ones
 * @used, @size: bytes of the newest chunk
 * @chunks: how many there are, but for blocks with one of their own
 * @failed: an allocation has failed; never reset
 * @fail_after: for tests: when not 0, the allocation of that number fails
 * @calls: allocations so far
 */
struct ewx_arena {
	struct ewx_arena_chunk *chunk;
	size_t used;
	size_t size;
	size_t chunks;
	bool failed;
	size_t fail_after;
	size_t calls;
};

/** ewx_arena_alloc() - @size zeroed bytes for any type. Return: NULL: failed. */
void *ewx_arena_alloc(struct ewx_arena *arena, size_t size);

/** ewx_arena_array() - @count zeroed elements of @size bytes, or NULL. */
void *ewx_arena_array(struct ewx_arena *arena, size_t count, size_t size);

/** ewx_arena_strndup() - copy of @len bytes with a NUL behind, or NULL. */
char *ewx_arena_strndup(struct ewx_arena *arena, const char *s, size_t len);

/** ewx_arena_printf() - formatted string, or NULL. */
char *ewx_arena_printf(struct ewx_arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *ewx_arena_vprintf(struct ewx_arena *arena, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/**
 * ewx_arena_room() - make room for one more element of a growing array.
 * @array: first element, NULL while @count is 0
 * @count: elements in use; the capacity follows from it
 * @size: bytes of an element
 * Return: the array, perhaps moved, with a zeroed element at @count; or NULL.
 */
void *ewx_arena_room(struct ewx_arena *arena, void *array, size_t count,
		     size_t size);

/**
 * ewx_arena_push() - append a zeroed element to an array that grows only here.
 * @array, @count: lvalues
 * Value: the new element, or NULL without memory (array and count unchanged).
 */
#define ewx_arena_push(arena, array, count)				\
({									\
	__typeof__(array) _grown = ewx_arena_room((arena), (array), (count), \
						  sizeof(*(array)));	\
	_grown ? ((array) = _grown, &_grown[(count)++]) : NULL;		\
})

/**
 * ewx_arena_reset() - free everything, but keep a chunk for what comes next.
 * For short lives, one after the other; @failed stays.
 */
void ewx_arena_reset(struct ewx_arena *arena);

/** ewx_arena_free() - free everything; the arena is empty again. */
void ewx_arena_free(struct ewx_arena *arena);

#endif /* _LIBEWX_ARENA_H */

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Large blocks of memory, in large pages where the system has them.
 *
 * Owns: where they begin. A large policy fills some hundred MiB; in pages of 4
 * KiB their first touch takes longer than what is done with them.
 */
#ifndef _LIBEWX_PAGES_H
#define _LIBEWX_PAGES_H

#include <stddef.h>

/* Bytes of a large page; smaller blocks are malloc()'s. */
#define EWX_PAGES_LARGE ((size_t)2 << 20)

/** ewx_pages_alloc() - @size zeroed bytes, at least EWX_PAGES_LARGE, or NULL.
 */
void *ewx_pages_alloc(size_t size);

/** ewx_pages_free() - what ewx_pages_alloc() gave for the same @size. */
void ewx_pages_free(void *pages, size_t size);

/** ewx_pages_malloc() - @size zeroed bytes for free(), large or not, or NULL.
 */
void *ewx_pages_malloc(size_t size);

#endif /* _LIBEWX_PAGES_H */

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Large blocks of memory; see pages.h.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "pages.h"

/* Whole large pages: munmap() of a part of one would break it up. */
static size_t rounded(size_t size)
{
	return (size + EWX_PAGES_LARGE - 1) & ~(EWX_PAGES_LARGE - 1);
}

void *ewx_pages_alloc(size_t size)
{
	size_t before, after;
	unsigned char *at;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = rounded(size);
	at = mmap(NULL, size + EWX_PAGES_LARGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return NULL;
	/* Only what begins on its boundary can be a large page. */
	before = -(uintptr_t)at & (EWX_PAGES_LARGE - 1);
	after = EWX_PAGES_LARGE - before;
	if (before)
		munmap(at, before);
	munmap(at + before + size, after);
	/* Without them it is slower, nothing else. */
	madvise(at + before, size, MADV_HUGEPAGE);
	return at + before;
}

void ewx_pages_free(void *pages, size_t size)
{
	munmap(pages, rounded(size));
}

void *ewx_pages_malloc(size_t size)
{
	void *at;

	if (size < EWX_PAGES_LARGE)
		return calloc(1, size);
	if (posix_memalign(&at, EWX_PAGES_LARGE, size))
		return NULL;
	/* The last page is shared with what is allocated behind. */
	madvise(at, size & ~(EWX_PAGES_LARGE - 1), MADV_HUGEPAGE);
	return memset(at, 0, size);
}

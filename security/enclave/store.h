/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The facts store: facts of every page of one enclave, a 512-way radix tree
 * like page tables, in which a uniform subtree is one entry.
 *
 * Owns: lookup, runs, reservation, update. Knows no lock (the caller holds the
 * enclave's), no LSM, no provider. Allocation goes through store_env.h only.
 */
#ifndef _SECURITY_ENCLAVE_STORE_H
#define _SECURITY_ENCLAVE_STORE_H

#include "facts.h"

struct enclave_store;

/**
 * enclave_store_init() - prepare for enclave_store_new(), once at boot.
 * Return: 0 or -ENOMEM; then every enclave_store_new() fails.
 */
int enclave_store_init(void);

/**
 * enclave_store_new() - an empty store for @pages pages, at most 2^54.
 * @pages: how many it is for
 * Return: the store, or NULL without memory.
 */
struct enclave_store *enclave_store_new(u64 pages);
/** enclave_store_free() - does not sleep; NULL is fine. */
void enclave_store_free(struct enclave_store *s);

/**
 * enclave_store_run() - the facts of @page and how far they stay the same.
 * @s: the store
 * @page: where the run begins
 * @limit: first page that does not interest
 * @end: out: first page > @page whose facts may differ, at most @limit
 *
 * Runs need not be maximal across subtrees of different size, but a uniform
 * range takes a number of calls that depends on the tree's levels only.
 *
 * Return: the facts of @page.
 */
enclave_facts enclave_store_run(struct enclave_store *s, u64 page, u64 limit,
				u64 *end);

/** enclave_store_page() - the facts of @page alone. */
enclave_facts enclave_store_page(const struct enclave_store *s, u64 page);

/**
 * enclave_store_skip() - pass over pages of two kinds, as far as that is cheap.
 * @s: the store
 * @page: where they begin
 * @limit: first page that does not interest, at least @page
 * @a: facts to pass over
 * @b: and these
 *
 * Return: a page of @page to @limit before which, from @page on, all have facts @a or
 * @b; there may be more of them behind it.
 */
u64 enclave_store_skip(const struct enclave_store *s, u64 page, u64 limit,
		       enclave_facts a, enclave_facts b);

/**
 * enclave_store_reserve() - make the next update of [first, first+count) unable
 * to fail. Replaces an earlier reservation. May sleep.
 * @s: the store
 * @first: first page
 * @count: pages
 *
 * Return: 0 or -ENOMEM.
 */
int enclave_store_reserve(struct enclave_store *s, u64 first, u64 count);

/**
 * enclave_store_claim() - likewise for one page, if it has no facts yet.
 * @s: the store
 * @page: which exists
 *
 * Return: 0, -EBUSY: it has facts, or -ENOMEM.
 */
int enclave_store_claim(struct enclave_store *s, u64 page);

/**
 * enclave_store_update() - replace facts of [first, first+count) run by run.
 * @s: the store
 * @first: first page
 * @count: pages
 * @arg: for @fn
 * @fn: new facts from old; pure. Needs a reservation that covers the range.
 * Never fails, never allocates, may free nodes that became uniform. Gives back
 * what is left of the reservation. Without the reservation it needs (an error
 * of the caller) every page of the store is without intent from then on.
 */
void enclave_store_update(struct enclave_store *s, u64 first, u64 count,
			  enclave_facts (*fn)(enclave_facts old, void *arg),
			  void *arg);

/** enclave_store_set() - likewise, where every page gets the facts @f. */
void enclave_store_set(struct enclave_store *s, u64 first, u64 count,
		       enclave_facts f);

/** enclave_store_release() - give an unused reservation back. */
void enclave_store_release(struct enclave_store *s);

/** enclave_store_bytes() - memory in use, bytes, reservation included. */
u64 enclave_store_bytes(const struct enclave_store *s);

#endif /* _SECURITY_ENCLAVE_STORE_H */

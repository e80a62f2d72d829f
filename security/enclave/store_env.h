/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The two worlds the facts store compiles in: memory and bit search in the
 * kernel and in userspace. Included by store.c only.
 */
#ifndef _SECURITY_ENCLAVE_STORE_ENV_H
#define _SECURITY_ENCLAVE_STORE_ENV_H

enum store_kind { STORE_LEAF, STORE_NODE, STORE_KINDS };

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>

/*
 * Nodes are slightly larger than a power of two, so that kmalloc() would waste
 * nearly half of each; they have caches of their own.
 */
static struct kmem_cache *store_cache[STORE_KINDS] __ro_after_init;

static inline int __init store_env_init(size_t leaf, size_t node)
{
	store_cache[STORE_LEAF] = kmem_cache_create("enclave_facts_leaf", leaf,
						    0, SLAB_ACCOUNT, NULL);
	store_cache[STORE_NODE] = kmem_cache_create("enclave_facts_node", node,
						    0, SLAB_ACCOUNT, NULL);
	return store_cache[STORE_LEAF] && store_cache[STORE_NODE] ? 0 : -ENOMEM;
}

static inline void *store_alloc_root(size_t size)
{
	if (!store_cache[STORE_LEAF] || !store_cache[STORE_NODE])
		return NULL;
	return kzalloc(size, GFP_KERNEL_ACCOUNT);
}

static inline void store_free_root(void *p)
{
	kfree(p);
}

static inline void *store_alloc(enum store_kind kind, size_t size)
{
	return kmem_cache_alloc(store_cache[kind], GFP_KERNEL);
}

static inline void store_free(enum store_kind kind, void *p)
{
	kmem_cache_free(store_cache[kind], p);
}

/* Lowest set bit of @word, which is not 0. */
static inline u32 store_lowest_bit(u64 word)
{
	return __ffs64(word);
}

#define STORE_WARN_ON(condition) WARN_ON_ONCE(condition)

#else /* __KERNEL__ */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define __init
#ifndef noinline
#define noinline __attribute__((noinline))
#endif

static inline int store_env_init(size_t leaf, size_t node)
{
	(void)leaf;
	(void)node;
	return 0;
}

static inline void *store_alloc_root(size_t size)
{
	return calloc(1, size);
}

static inline void store_free_root(void *p)
{
	free(p);
}

static inline void *store_alloc(enum store_kind kind, size_t size)
{
	(void)kind;
	return malloc(size);
}

static inline void store_free(enum store_kind kind, void *p)
{
	(void)kind;
	free(p);
}

static inline u32 store_lowest_bit(u64 word)
{
	return (u32)__builtin_ctzll(word);
}

#define STORE_WARN_ON(condition) (condition)

#endif /* __KERNEL__ */

#endif /* _SECURITY_ENCLAVE_STORE_ENV_H */

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The two worlds the engine compiles in. Everything that differs between the
 * kernel and userspace is here and nowhere else in core/.
 */
#ifndef _SECURITY_EWX_CORE_ENV_H
#define _SECURITY_EWX_CORE_ENV_H

#ifdef __KERNEL__
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/prefetch.h>
#include <linux/string.h>
#include <linux/types.h>

/* @at will be read soon. */
static inline void ewx_prefetch(const void *at)
{
	prefetch(at);
}

/* Lowest set bit of @word, which is not 0. */
static inline u32 ewx_lowest_bit(u32 word)
{
	return __ffs(word);
}
#else
#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <linux/types.h>
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif

/* What is filled piece by piece, and is not to be cleared before by the compiler. */
#ifndef __uninitialized
#define __uninitialized
#endif

static inline void ewx_prefetch(const void *at)
{
	__builtin_prefetch(at);
}

static inline u32 ewx_lowest_bit(u32 word)
{
	return (u32)__builtin_ctz(word);
}
#endif

#endif /* _SECURITY_EWX_CORE_ENV_H */

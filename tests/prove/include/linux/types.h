/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the core takes from <linux/types.h>: Frama-C reads no system headers.
 * Owns nothing else; a type that is not here is not used by what is proved.
 */
#ifndef _TESTS_PROVE_LINUX_TYPES_H
#define _TESTS_PROVE_LINUX_TYPES_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef __u16 __le16;
typedef __u32 __le32;
typedef __u64 __le64;

#endif /* _TESTS_PROVE_LINUX_TYPES_H */

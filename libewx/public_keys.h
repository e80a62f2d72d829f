/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Signing keys whose private half is published.
 *
 * Owns: the list and where each key is from. Knows no grammar.
 */
#ifndef _LIBEWX_PUBLIC_KEYS_H
#define _LIBEWX_PUBLIC_KEYS_H

#include <linux/types.h>

/** ewx_public_key() - where signer @digest (SHA-256) is published, or NULL. */
const char *ewx_public_key(const __u8 digest[32]);

#endif /* _LIBEWX_PUBLIC_KEYS_H */

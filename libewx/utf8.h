/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which bytes are a character in UTF-8.
 */
#ifndef _LIBEWX_UTF8_H
#define _LIBEWX_UTF8_H

#include <stddef.h>

/**
 * ewx_utf8_len() - length of the UTF-8 character at @s, 0 if there is none.
 * @left: bytes that are there, at least 1
 *
 * By RFC 3629, table 3-7 of the Unicode standard: no overlong forms, no surrogates.
 */
size_t ewx_utf8_len(const unsigned char *s, size_t left);

#endif /* _LIBEWX_UTF8_H */

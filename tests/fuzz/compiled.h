/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What several targets do with binary policies.
 */
#ifndef _TESTS_FUZZ_COMPILED_H
#define _TESTS_FUZZ_COMPILED_H

#include "fuzz.h"
#include "blob.h"
#include "security/ewx/core/engine.h"

#define COMPILED_REQUESTS 14

/** compiled_request() - @q: number @n of some requests of every operation, at @now. */
void compiled_request(unsigned int n, u64 now, struct ewx_query *q);

/**
 * compiled_dump() - a blob as text, which the caller frees, of @len bytes.
 * NULL: none, which must have a reason.
 */
char *compiled_dump(const void *blob, size_t size, size_t *len);

/** compiled_again() - the blob that @text gives, built at @built; NULL: none. */
void *compiled_again(const char *text, size_t len, u64 built, size_t *size);

/** compiled_same() - a blob that the compiler wrote has a text that gives its bytes. */
void compiled_same(const void *blob, size_t size, u64 built);

/**
 * compiled_read_back() - the text of a blob that verifies, whoever made it, says
 * what its rules say.
 */
void compiled_read_back(const struct ewx_policy *p, const void *blob,
			size_t size);

/** compiled_change() - set one word of some section to a value near to what is there. */
size_t compiled_change(uint8_t *data, size_t size, size_t max_size,
		       unsigned int seed);

#endif /* _TESTS_FUZZ_COMPILED_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share.
 */
#ifndef _TESTS_FUZZ_H
#define _TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** must() - end the program, with a trace, unless @holds. */
static inline void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

#endif /* _TESTS_FUZZ_H */

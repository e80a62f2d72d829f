/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzz targets share.
 */
#ifndef _TESTS_FUZZ_H
#define _TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "libewx/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** must() - end the program, with a trace, unless @holds. */
static inline void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/** read_again() - @back: @q as it is read after it was written down as text. */
static inline void read_again(const struct ewx_query *q, struct ewx_query *back)
{
	struct ewx_request_error error;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out != NULL, "there is memory");
	ewx_request_print(out, q);
	fclose(out);
	must(!ewx_request_parse(text, size, back, &error),
	     "a request that was written down is one");
	free(text);
}

#endif /* _TESTS_FUZZ_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written of a run.
 *
 * Owns: the file of pairs for a kernel (security/ewx/test_exchange.h), and policies and
 * requests as text for who needs examples of the language.
 */
#ifndef _TESTS_DIFFERENTIAL_EXPORT_H
#define _TESTS_DIFFERENTIAL_EXPORT_H

#include "compare.h"

/**
 * struct export - a file that is being written.
 * @flip: number of the pair whose verdict is told wrong, so that a reader has
 *      something to notice; or -1
 * @part: policy; @text: its requests so far
 * @before: the request before
 * @pairs: requests so far that are about somebody
 */
struct export
{
	FILE *f;
	long flip;
	struct ewx_exchange_policy part;
	FILE *requests;
	char *text;
	size_t size;
	struct ewx_exchange_request before;
	u64 pairs;
};

/* Each returns false, and says why, if it cannot be written. */

/** export_open() - begin @path for @pairs pairs, of which @least is demanded. */
bool export_open(struct export *e, const char *path, u64 pairs,
		 const struct ewx_exchange_least *least);
bool export_close(struct export *e);

/** export_begin() - policy @number, which is @p's; its requests follow. */
void export_begin(struct export *e, u64 number);
void export_request(struct export *e, const struct ewx_exchange_request *want);
bool export_end(struct export *e, const struct pair *p);

/** texts_policy() - write the files of policy @number to folder @dir. */
bool texts_policy(const char *dir, u64 number, const struct policy_text *text);

/** texts_requests() - begin a file for requests about it, one a line. */
FILE *texts_requests(const char *dir, u64 number);

#endif /* _TESTS_DIFFERENTIAL_EXPORT_H */

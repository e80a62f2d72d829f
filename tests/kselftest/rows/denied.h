/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Catalogue row E6, for both providers: what is denied is denied without memory, too.
 */
#ifndef _ROWS_DENIED_H
#define _ROWS_DENIED_H

#include "kselftest_harness.h"
#include "rows.h"

/*
 * Under @policy, @load asks for a page that no rule allows, by the @n-th allocation
 * without memory, anonymous or of a @file, and returns what came of it, -EBADF if it
 * could not ask; @again: so many allocations there were.
 */
static void never_loaded(struct __test_metadata *_metadata, int (*policy)(void),
			 int (*load)(int node, unsigned int n, bool file,
				     bool *again))
{
	int node = fail_open();

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
	ASSERT_EQ(0, policy());
	for (unsigned int file = 0; file < 2; file++) {
		bool again = true;
		unsigned int n;

		for (n = 1; again && n < 200; n++) {
			int err = load(node, n, file, &again);

			ASSERT_NE(-EBADF, err);
			EXPECT_GT(0, err) TH_LOG("file %u, n %u", file, n);
		}
		EXPECT_FALSE(again);
		EXPECT_LT(2, n);
	}
	close(node);
}

#endif /* _ROWS_DENIED_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gen_kunit DIR >test_vectors.h - the verdict vectors as C data for KUnit. Fails
 * if a vector does not hold in userspace.
 */
#include "vectors.h"

int main(int argc, char **argv)
{
	struct vectors v = { 0 };
	bool good;

	if (argc != 2) {
		fputs("Usage: gen_kunit DIR >test_vectors.h\n", stderr);
		return 2;
	}
	good = vectors_read_dir(&v, argv[1], stderr) &&
	       vectors_write_kunit(&v, stdout, stderr);
	vectors_free(&v);
	return good && !fflush(stdout) ? 0 : 1;
}

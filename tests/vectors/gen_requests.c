// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gen_requests DIR OUT - the verdict vectors as files of the directory OUT, for a fuzzer
 * to begin with: asked-N, a binary policy; query-N, a byte that says which of these, and
 * the bytes of a struct ewx_query.
 */
#include "vectors.h"

/* Return: true, or the reason was written to stderr. */
static bool write_file(const char *dir, const char *kind, size_t n,
		       const void *first, size_t first_size, const void *data,
		       size_t size)
{
	char path[4096];
	FILE *f;
	bool good;

	snprintf(path, sizeof(path), "%s/%s-%04zu", dir, kind, n);
	f = fopen(path, "wb");
	good = f && fwrite(first, 1, first_size, f) == first_size &&
	       fwrite(data, 1, size, f) == size;
	good = f && !fclose(f) && good;
	if (!good)
		perror(path);
	return good;
}

int main(int argc, char **argv)
{
	struct vectors v = { 0 };
	bool good;

	if (argc != 3) {
		fputs("Usage: gen_requests DIR OUT\n", stderr);
		return 2;
	}
	good = vectors_read_dir(&v, argv[1], stderr);
	for (size_t i = 0; good && i < v.policy_count; i++)
		good = write_file(argv[2], "asked", i, NULL, 0,
				  v.policies[i].blob, v.policies[i].size);
	for (size_t i = 0; good && i < v.count; i++) {
		const unsigned char policy = (unsigned char)v.list[i].policy;
		struct ewx_query q = *v.list[i].query;

		/* Else the answer is of the time at which it is asked. */
		if (!q.now)
			q.now = VECTORS_NOW;
		good = write_file(argv[2], "query", i, &policy, 1, &q,
				  sizeof(q));
	}
	vectors_free(&v);
	return !good;
}

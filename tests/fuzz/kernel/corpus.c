// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inputs that are kept: those that the run began with, and those that reached
 * something new.
 */
#include <dirent.h>

#include "fuzzer.h"

#define KEPT_MAX 4096

static struct {
	uint8_t *data;
	size_t size;
} kept[KEPT_MAX];
static size_t count;

void corpus_clear(void)
{
	while (count)
		free(kept[--count].data);
}

bool corpus_add(const void *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	if (!copy || count == KEPT_MAX) {
		free(copy);
		return false;
	}
	memcpy(copy, data, size);
	kept[count].data = copy;
	kept[count++].size = size;
	return true;
}

size_t corpus_count(void)
{
	return count;
}

const uint8_t *corpus_get(size_t i, size_t *size)
{
	*size = kept[i].size;
	return kept[i].data;
}

const uint8_t *corpus_pick(uint64_t *random, size_t *size)
{
	size_t i = below(random, (unsigned int)count);

	if (below(random, 2))
		i = count - 1 - below(random, (unsigned int)(count + 3) / 4);
	return corpus_get(i, size);
}

static const char *wanted;

static int is_wanted(const struct dirent *e)
{
	return !strncmp(e->d_name, wanted, strlen(wanted));
}

int corpus_read(const char *dir, const char *begin)
{
	static uint8_t data[INPUT_MAX];
	struct dirent **names;
	char path[4096];
	int n, read = 0;

	wanted = begin;
	n = scandir(dir, &names, is_wanted, alphasort);
	for (int i = 0; i < n; i++) {
		ssize_t size;

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		size = read_file(path, data, sizeof(data));
		/* What fills it may be longer. */
		if (size > 0 && size < INPUT_MAX)
			read += corpus_add(data, (size_t)size);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return read;
}

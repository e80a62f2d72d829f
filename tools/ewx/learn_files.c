// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: files as sources. Those of one folder and owner that one domain loads
 * into one enclave with the same permissions stand together, and many of root that end
 * alike become a pattern.
 *
 * Owns: which files a source holds. Nobody gets more by a source than was seen of
 * him, but for the pattern; what other domains did widens nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "learn.h"

/* So many files of a folder that end alike are taken for all that do. */
#define PATTERN_FILES 3

/* What a file's name ends in: from the first dot of its last part on. */
static const char *ending(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	const char *dot = *base ? strchr(base + 1, '.') : NULL;

	return dot ? dot : "";
}

/* Folders where everybody may put a file, or whoever logs in. */
static const char *const open_folders[] = {
	"/tmp/",      "/var/tmp/",  "/dev/shm/",  "/dev/mqueue/",
	"/run/user/", "/run/lock/", "/var/lock/", "/var/crash/",
};

/* One of these or below one, or the root: nothing there is taken for more. */
static bool is_open_folder(const char *folder)
{
	for (size_t i = 0; i < sizeof(open_folders) / sizeof(open_folders[0]);
	     i++)
		if (!strncmp(folder, open_folders[i], strlen(open_folders[i])))
			return true;
	return !strcmp(folder, "/");
}

static const char *folder_of(struct learn *l, const char *path)
{
	char *text = strndup(path, (size_t)(strrchr(path, '/') - path) + 1);
	const char *folder = learn_intern(l, text ? text : "/");

	l->failed |= !text;
	free(text);
	return folder;
}

/* Whom and what a rule is about, but for its files and permissions. */
static int put_target(char *key, size_t size, const struct learn_rule *r)
{
	const struct learn_need *n = r->need;

	return snprintf(key, size, "%p.%p.%lld.%p.%zu", (const void *)n->domain,
			(const void *)n->exe, (long long)n->euid,
			(const void *)r->identity_named, r->identity);
}

/**
 * struct alike - files of one target, folder and owner that end alike.
 * @common: what each of them was seen to need
 */
struct alike {
	__u32 common;
};

/** struct sorter - what is known while files are put into sources. */
struct sorter {
	struct learn *l;
	struct alike *alike;
	size_t alike_count;
	json_t *by_alike;
	json_t *by_source;
	json_t *by_text;
};

static size_t alike_key(const struct sorter *s, const struct learn_rule *r,
			const char *folder, __s64 owner, const char *end,
			char *key, size_t size)
{
	int n = put_target(key, size, r);

	snprintf(key + n, size - (size_t)n, ".%p.%lld.%p", (const void *)folder,
		 (long long)owner, (const void *)end);
	return index_get(s->by_alike, key);
}

static void note_alike(struct sorter *s, const struct learn_use *u)
{
	const char *folder = folder_of(s->l, u->path);
	const char *end = learn_intern(s->l, ending(u->path));
	char key[LEARN_KEY_MAX];
	struct alike *a;
	size_t i =
		alike_key(s, &u->rule, folder, u->owner, end, key, sizeof(key));

	if (i != INDEX_NONE) {
		s->alike[i].common &= u->rule.bits;
		return;
	}
	a = learn_push(s->l, &s->alike, &s->alike_count, sizeof(*a));
	if (!a)
		return;
	a->common = u->rule.bits;
	learn_keep(s->l, &s->by_alike, key, s->alike_count - 1);
}

static void put_into_source(struct sorter *s, struct learn_use *u)
{
	const char *folder = folder_of(s->l, u->path), **one;
	struct learn_source *source;
	char key[LEARN_KEY_MAX];
	int n = put_target(key, sizeof(key), &u->rule);

	snprintf(key + n, sizeof(key) - (size_t)n, ".%p.%lld.%x",
		 (const void *)folder, (long long)u->owner, u->rule.bits);
	u->source = index_get(s->by_source, key);
	if (u->source == INDEX_NONE) {
		source = learn_push(s->l, &s->l->source, &s->l->source_count,
				    sizeof(*source));
		if (!source)
			return;
		source->folder = folder;
		source->owner = u->owner;
		source->bits = u->rule.bits;
		u->source = s->l->source_count - 1;
		learn_keep(s->l, &s->by_source, key, u->source);
	}
	source = &s->l->source[u->source];
	one = learn_push(s->l, &source->path, &source->count, sizeof(*one));
	if (one)
		*one = u->path;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* How many files of a source have each ending. */
static json_t *count_endings(struct learn *l, const struct learn_source *source)
{
	json_t *counts = NULL;

	for (size_t i = 0; i < source->count; i++) {
		const char *end = ending(source->path[i]);
		size_t n = index_get(counts, end);

		learn_keep(l, &counts, end, n == INDEX_NONE ? 1 : n + 1);
	}
	return counts;
}

/*
 * All that end so are meant: many do, and none that does needs less. A user who is not
 * root can add one of his own wherever he may write, the domain's own process too, so
 * that a pattern would let him choose the code.
 */
static bool is_pattern(const struct sorter *s, const struct learn_rule *r,
		       const struct learn_source *source, const char *end,
		       size_t count)
{
	char key[LEARN_KEY_MAX];
	size_t i;

	if (!*end || count < PATTERN_FILES || source->owner ||
	    is_open_folder(source->folder))
		return false;
	i = alike_key(s, r, source->folder, source->owner,
		      learn_intern(s->l, end), key, sizeof(key));
	return i != INDEX_NONE &&
	       (s->alike[i].common & source->bits) == source->bits;
}

static void put_paths(FILE *out, const struct sorter *s,
		      const struct learn_rule *r,
		      const struct learn_source *source)
{
	json_t *counts = count_endings(s->l, source);
	const char *separator = "    path ";

	for (size_t i = 0; i < source->count; i++) {
		const char *end = ending(source->path[i]);
		size_t count = index_get(counts, end);
		bool all = is_pattern(s, r, source, end, count);

		if (!count)
			continue; /* in a pattern already */
		fprintf(out, "%s\"", separator);
		literal_pattern(out, all ? source->folder : source->path[i]);
		if (all) {
			fputc('*', out);
			literal_pattern(out, end);
			learn_keep(s->l, &counts, end, 0);
		}
		fputc('"', out);
		separator = ",\n         ";
	}
	fprintf(out, ";\n    owner %lld;\n", (long long)source->owner);
	json_decref(counts);
}

/* Sources that read alike are one. */
static void write_source(struct sorter *s, const struct learn_rule *r, size_t i)
{
	struct learn_source *source = &s->l->source[i];
	size_t size = 0;
	FILE *out = open_memstream(&source->text, &size);

	source->same = i;
	if (source->count)
		qsort(source->path, source->count, sizeof(*source->path),
		      by_text);
	if (out)
		put_paths(out, s, r, source);
	if (!out || fclose(out) || !source->text) {
		s->l->failed = true;
		return;
	}
	source->same = index_get(s->by_text, source->text);
	if (source->same != INDEX_NONE)
		return;
	source->same = i;
	learn_keep(s->l, &s->by_text, source->text, i);
}

void learn_sources(struct learn *l, struct learn_use *use, size_t count)
{
	struct sorter s = { .l = l };

	for (size_t i = 0; i < count && !l->failed; i++)
		note_alike(&s, &use[i]);
	for (size_t i = 0; i < count && !l->failed; i++)
		put_into_source(&s, &use[i]);
	/* The first file of each has its target. */
	for (size_t i = 0; i < count && !l->failed; i++)
		if (!l->source[use[i].source].text)
			write_source(&s, &use[i].rule, use[i].source);
	json_decref(s.by_alike);
	json_decref(s.by_source);
	json_decref(s.by_text);
	free(s.alike);
}

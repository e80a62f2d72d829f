// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files of a policy: those that are named, those of folders, and, when
 * nothing is named, those of the system.
 *
 * Owns: which file of a folder counts, and where the system's policy is. Reads
 * no policy.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

#define SUFFIX ".ewx"

static const char *const system_files[] = {
	"/etc/ewx/policy.ewx",
	"/usr/lib/ewx/policy.ewx",
};

/* The later masks the earlier. */
static const char *const system_folders[] = {
	"/usr/lib/ewx/policy.d",
	"/etc/ewx/policy.d",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct found - a file of a folder.
 * @path, @name: @name is the end of @path
 * @folder: which one, counted as they are given
 * @masks: it holds nothing, and only masks others
 * @odd: it is none of the things that hold text: reading it could wait for ever
 */
struct found {
	char *path;
	const char *name;
	size_t folder;
	bool masks;
	bool odd;
};

/** struct search - files found so far; @failed: without memory. */
struct search {
	struct found *found;
	size_t count;
	size_t folders;
	bool failed;
};

static char *join(const char *a, const char *separator, const char *b)
{
	char *path;

	return asprintf(&path, "%s%s%s", a, separator, b) < 0 ? NULL : path;
}

/* Take @path over, and @by, which may be NULL. */
static bool add(struct policy_files *f, char *path, char *by)
{
	struct policy_file *grown = NULL;

	if (path)
		grown = reallocarray(f->file, f->count + 1, sizeof(*grown));
	if (!grown) {
		free(path);
		free(by);
		return false;
	}
	f->file = grown;
	f->file[f->count++] = (struct policy_file){ path, by };
	return true;
}

static bool add_masked(struct policy_files *f, char *path, const char *by)
{
	char *copy = strdup(by);

	if (copy)
		return add(f, path, copy);
	free(path);
	return false;
}

/* An empty file, or a link to /dev/null, holds nothing. */
static void look_at(struct found *f)
{
	struct stat st;

	/* What is not there, or not to be seen, the compiler tells. */
	if (stat(f->path, &st))
		return;
	f->masks = S_ISCHR(st.st_mode) || (S_ISREG(st.st_mode) && !st.st_size);
	f->odd = !f->masks && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int is_policy_name(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name), tail = strlen(SUFFIX);

	return entry->d_name[0] != '.' && len > tail &&
	       !strcmp(entry->d_name + len - tail, SUFFIX);
}

static void add_found(struct search *s, const char *folder, const char *name)
{
	struct found *grown, f = { .path = join(folder, "/", name) };

	grown = reallocarray(s->found, s->count + 1, sizeof(*grown));
	if (grown)
		s->found = grown;
	if (!f.path || !grown) {
		free(f.path);
		s->failed = true;
		return;
	}
	f.name = f.path + strlen(f.path) - strlen(name);
	f.folder = s->folders;
	look_at(&f);
	s->found[s->count++] = f;
}

/* Return: 0, or -1 with errno. */
static int read_folder(struct search *s, const char *folder)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, is_policy_name, NULL);

	if (n < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		add_found(s, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	s->folders++;
	return 0;
}

/* By name; of one name the first folder's first. */
static int by_name(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (!order)
		order = x->folder < y->folder ? -1 : x->folder > y->folder;
	return order;
}

/*
 * Hand the found files over; of one name only the last counts. Return: 0, -1: without
 * memory, 1: a file that counts cannot be one (said).
 */
static int take_found(struct tool *t, struct search *s, struct policy_files *f)
{
	bool good = !s->failed, odd = false;
	size_t last = 0;

	if (s->count)
		qsort(s->found, s->count, sizeof(*s->found), by_name);
	for (size_t i = 0; i < s->count; i++) {
		struct found *one = &s->found[i];

		if (last < i)
			last = i;
		while (last + 1 < s->count &&
		       !strcmp(s->found[last + 1].name, one->name))
			last++;
		if (good && one->odd && last == i) {
			tool_error(t, "%s: neither a file nor a link to one",
				   one->path);
			odd = true;
		}
		if (!good || (one->masks && last == i))
			free(one->path);
		else if (last == i)
			good = add(f, one->path, NULL);
		else
			good = add_masked(f, one->path, s->found[last].path);
	}
	free(s->found);
	return !good ? -1 : odd;
}

/* The files that stand in for none, below @root; folders may be missing. */
static int add_system(struct tool *t, struct policy_files *f, struct search *s)
{
	const char *root = t->root ? t->root : "";
	char *path;

	for (size_t i = 0; i < COUNT(system_files); i++) {
		path = join(root, "", system_files[i]);
		if (path && access(path, F_OK)) {
			free(path);
			continue;
		}
		if (!add(f, path, NULL))
			return -1;
		break;
	}
	for (size_t i = 0; i < COUNT(system_folders); i++) {
		path = join(root, "", system_folders[i]);
		if (!path)
			return -1;
		if (read_folder(s, path) && errno != ENOENT) {
			tool_error(t, "%s: %s", path, strerror(errno));
			free(path);
			return 1;
		}
		free(path);
	}
	return 0;
}

/* The files that are named, in order, and those of the folders named. */
static int add_named(struct tool *t, struct policy_files *f, struct search *s,
		     char **names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!file_is_folder(names[i])) {
			if (!add(f, strdup(names[i]), NULL))
				return -1;
		} else if (read_folder(s, names[i])) {
			tool_error(t, "%s: %s", names[i], strerror(errno));
			return 1;
		}
	}
	return 0;
}

static void say_files(const struct policy_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		fputs("ewx: ", stderr);
		ewx_print_name(stderr, f->file[i].path);
		if (f->file[i].masked_by) {
			fputs(" (masked by ", stderr);
			ewx_print_name(stderr, f->file[i].masked_by);
			fputc(')', stderr);
		}
		fputc('\n', stderr);
	}
}

int policy_files_find(struct tool *t, char **names, size_t count,
		      struct policy_files *f)
{
	struct search s = { 0 };
	int error, taken;

	memset(f, 0, sizeof(*f));
	error = count ? add_named(t, f, &s, names, count) :
			add_system(t, f, &s);
	taken = take_found(t, &s, f);
	if (!error)
		error = taken;
	if (error < 0)
		tool_error(t, "out of memory");
	else if (!error && !f->count && !count)
		error = tool_error(t, "no policy: name its files, or install %s%s",
				   t->root ? t->root : "", system_files[0]);
	else if (!error && !f->count)
		error = tool_error(t, "no *" SUFFIX " file in the folder");
	if (error) {
		policy_files_free(f);
		return -1;
	}
	if (t->verbose)
		say_files(f);
	return 0;
}

void policy_files_free(struct policy_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->file[i].path);
		free(f->file[i].masked_by);
	}
	free(f->file);
	memset(f, 0, sizeof(*f));
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The store of installed policies (store.h): changing it.
 *
 * Every change is made beside what it replaces, synced, and put in place by one
 * rename, after which the folder is synced. Killed at any point the store is as
 * before or as after, and what is left over has a name that means nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_write.h"

#define NEW ".new"
#define OLD ".old"
#define LINK ".link"
#define TEMP ".temp"
#define KEEP 10 /* generations at least */

static const char *const files[] = { "policy.bin", "policy.ewx", TEMP };

#define FILE_COUNT (sizeof(files) / sizeof(files[0]))

/* A folder of a generation, whatever its name is. */
static int remove_folder(const struct store *s, const char *name)
{
	int dir = openat(s->dir, name,
			 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0)
		return errno == ENOENT ? 0 : unlinkat(s->dir, name, 0);
	for (size_t i = 0; i < FILE_COUNT; i++)
		unlinkat(dir, files[i], 0);
	close(dir);
	return unlinkat(s->dir, name, AT_REMOVEDIR);
}

void store_clear(const struct store *s)
{
	remove_folder(s, NEW);
	remove_folder(s, OLD);
	unlinkat(s->dir, LINK, 0);
}

/* A new file, synced. Return: 0, or -1 with errno. */
static int write_file(int dir, const char *name, const void *data, size_t size)
{
	const char *p = data;
	int fd, ret = 0;

	fd = openat(dir, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	while (size && !ret) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno != EINTR)
			ret = -1;
		if (n > 0) {
			p += n;
			size -= (size_t)n;
		}
	}
	if (!ret)
		ret = fsync(fd);
	if (close(fd))
		ret = -1;
	return ret;
}

/* The text that compiles to the same bytes. */
static int text_of(const struct store *s, const struct policy *policy,
		   struct bytes *text)
{
	const char *error = NULL;
	FILE *out = open_memstream(&text->data, &text->size);
	int ret = out ? ewx_dump(policy->blob, policy->size, out, &error) : -1;

	if (out && fclose(out))
		ret = -1;
	if (ret)
		tool_error(s->t, "%s", error ? error : "out of memory");
	return ret;
}

static int fill(const struct store *s, const struct policy *policy,
		const struct bytes *text)
{
	int dir, ret;

	if (mkdirat(s->dir, NEW, 0700))
		return -1;
	dir = store_folder(s->dir, NEW);
	if (dir < 0)
		return -1;
	ret = write_file(dir, "policy.bin", policy->blob, policy->whole);
	if (!ret)
		ret = write_file(dir, "policy.ewx", text->data, text->size);
	if (!ret)
		ret = fsync(dir);
	if (close(dir))
		ret = -1;
	return ret;
}

/* What is NEW gets its number, which nobody else gives: the lock is held. */
static int name_it(const struct store *s, const char *number)
{
	if (!renameat2(s->dir, NEW, s->dir, number, RENAME_NOREPLACE))
		return 0;
	/* NFS, for one, has no such rename. */
	if (errno != EINVAL ||
	    !faccessat(s->dir, number, F_OK, AT_SYMLINK_NOFOLLOW))
		return -1;
	return renameat(s->dir, NEW, s->dir, number);
}

static int remember(struct store *s, unsigned int n)
{
	unsigned int *grown = reallocarray(s->n, s->count + 1, sizeof(*grown));

	if (!grown)
		return -1;
	s->n = grown;
	s->n[s->count++] = n;
	return 0;
}

unsigned int store_add(struct store *s, const struct policy *policy)
{
	unsigned int n = s->count ? s->n[s->count - 1] + 1 : 1;
	struct bytes text = { 0 };
	char number[16];
	bool good;

	snprintf(number, sizeof(number), "%u", n);
	if (n > STORE_LAST) {
		errno = EOVERFLOW;
		store_error(s, number);
		return 0;
	}
	if (text_of(s, policy, &text)) {
		free(text.data);
		return 0;
	}
	good = !fill(s, policy, &text) && !name_it(s, number);
	free(text.data);
	if (good && !fsync(s->dir) && !remember(s, n))
		return n;
	store_error(s, number);
	if (good)
		store_remove(s, n);
	store_clear(s);
	return 0;
}

int store_renew(const struct store *s, unsigned int n,
		const struct policy *policy)
{
	char number[16];
	int dir, ret;

	snprintf(number, sizeof(number), "%u", n);
	dir = store_folder(s->dir, number);
	if (dir < 0)
		return store_error(s, number);
	unlinkat(dir, TEMP, 0);
	ret = write_file(dir, TEMP, policy->blob, policy->whole);
	if (!ret)
		ret = renameat(dir, TEMP, dir, "policy.bin");
	if (!ret)
		ret = fsync(dir);
	if (ret) {
		store_error(s, number);
		unlinkat(dir, TEMP, 0);
	}
	close(dir);
	return ret;
}

int store_point(const struct store *s, const char *name, unsigned int n)
{
	char number[16];

	if (store_link(s, name) == n)
		return 0;
	snprintf(number, sizeof(number), "%u", n);
	if (symlinkat(number, s->dir, LINK) ||
	    renameat(s->dir, LINK, s->dir, name) || fsync(s->dir)) {
		store_error(s, name);
		unlinkat(s->dir, LINK, 0);
		return -1;
	}
	return 0;
}

int store_drop(const struct store *s, const char *name)
{
	if (unlinkat(s->dir, name, 0))
		return errno == ENOENT ? 0 : store_error(s, name);
	return fsync(s->dir) ? store_error(s, name) : 0;
}

int store_remove(struct store *s, unsigned int n)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", n);
	if (renameat(s->dir, number, s->dir, OLD))
		return errno == ENOENT ? 0 : store_error(s, number);
	for (size_t i = 0; i < s->count; i++) {
		if (s->n[i] != n)
			continue;
		memmove(s->n + i, s->n + i + 1,
			(s->count - i - 1) * sizeof(*s->n));
		s->count--;
		break;
	}
	return remove_folder(s, OLD) ? store_error(s, number) : 0;
}

void store_prune(struct store *s)
{
	unsigned int current = store_link(s, STORE_CURRENT);
	unsigned int pending = store_link(s, STORE_PENDING);

	while (s->count > KEEP) {
		size_t i = 0;

		while (i < s->count &&
		       (s->n[i] == current || s->n[i] == pending))
			i++;
		if (i + 1 >= s->count || store_remove(s, s->n[i]))
			return;
	}
}

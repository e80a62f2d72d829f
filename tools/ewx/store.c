// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The store of installed policies (store.h): reading it, its links, its lock.
 *
 * Nothing is followed that others than the owner could have put there: folders and
 * files are opened without following links, and have to belong to who runs this.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/evp.h>

#include "store.h"
#include "store_write.h"

#define LOCK "lock"

int store_error(const struct store *s, const char *name)
{
	tool_error(s->t, "%s/%s: %s", s->path, name, strerror(errno));
	return -1;
}

/* Of this user, and nobody else may write to it. */
static bool is_ours(int fd, bool folder)
{
	struct stat st;

	if (fstat(fd, &st))
		return false;
	if (st.st_uid == geteuid() && !(st.st_mode & 022) &&
	    (folder ? S_ISDIR(st.st_mode) : S_ISREG(st.st_mode)))
		return true;
	errno = EPERM;
	return false;
}

int store_folder(int at, const char *name)
{
	int fd = openat(at, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && !is_ours(fd, true)) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

/* As store_folder(), after making it. */
static int made_folder(int at, const char *name, mode_t mode)
{
	if (mkdirat(at, name, mode) && errno != EEXIST)
		return -1;
	if (fsync(at))
		return -1;
	return store_folder(at, name);
}

/* The store's descriptor, or -1 with errno. */
static int open_folders(const struct tool *t, enum store_how how)
{
	int fd, root;
	char *etc;

	if (asprintf(&etc, "%s/etc", t->root ? t->root : "") < 0)
		return -1;
	root = open(etc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(etc);
	if (root < 0)
		return -1;
	fd = how == STORE_WRITE ? made_folder(root, "ewx", 0755) :
				  store_folder(root, "ewx");
	close(root);
	if (fd < 0)
		return -1;
	root = fd;
	fd = how == STORE_WRITE ? made_folder(root, "store", 0700) :
				  store_folder(root, "store");
	close(root);
	return fd;
}

static int by_number(const void *a, const void *b)
{
	unsigned int x = *(const unsigned int *)a, y = *(const unsigned int *)b;

	return x < y ? -1 : x > y;
}

/* 0: not the name of a generation. */
static unsigned int number_of(const char *name)
{
	size_t len = strspn(name, "0123456789");
	unsigned long n = strtoul(name, NULL, 10);

	if (!len || name[len] || *name == '0' || n > STORE_LAST)
		return 0;
	return (unsigned int)n;
}

static int list_generations(struct store *s)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	s->count = 0;
	fd = openat(s->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		unsigned int n = number_of(entry->d_name), *grown;

		if (!n)
			continue;
		grown = reallocarray(s->n, s->count + 1, sizeof(*grown));
		if (!grown)
			break;
		s->n = grown;
		s->n[s->count++] = n;
	}
	closedir(dir);
	if (s->count)
		qsort(s->n, s->count, sizeof(*s->n), by_number);
	return entry ? -1 : 0;
}

static int take_lock(struct store *s)
{
	s->lock = openat(s->dir, LOCK,
			 O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock < 0)
		return -1;
	while (flock(s->lock, LOCK_EX))
		if (errno != EINTR)
			return -1;
	return 0;
}

int store_open(struct store *s, const struct tool *t, enum store_how how)
{
	memset(s, 0, sizeof(*s));
	s->t = t;
	s->lock = -1;
	if (asprintf(&s->path, "%s/etc/ewx/store", t->root ? t->root : "") < 0)
		s->path = NULL;
	s->dir = s->path ? open_folders(t, how) : -1;
	if (s->dir < 0) {
		if (how == STORE_WRITE || errno != ENOENT)
			tool_error(
				t, "%s: %s", s->path ? s->path : "store",
				errno == EPERM ?
					"the folder has to belong to who runs this, and nobody else may write to it" :
					strerror(errno));
		store_close(s);
		return -1;
	}
	if (how == STORE_WRITE && store_relock(s)) {
		store_close(s);
		return -1;
	}
	if (how == STORE_READ && list_generations(s)) {
		store_error(s, "");
		store_close(s);
		return -1;
	}
	return 0;
}

int store_relock(struct store *s)
{
	if (take_lock(s))
		return store_error(s, LOCK);
	store_clear(s);
	return list_generations(s) ? store_error(s, "") : 0;
}

void store_unlock(struct store *s)
{
	if (s->lock >= 0)
		close(s->lock);
	s->lock = -1;
}

void store_close(struct store *s)
{
	int saved = errno;

	store_unlock(s);
	if (s->dir >= 0)
		close(s->dir);
	free(s->path);
	free(s->n);
	s->path = NULL;
	s->n = NULL;
	s->dir = -1;
	errno = saved;
}

unsigned int store_link(const struct store *s, const char *name)
{
	char to[16];
	ssize_t len = readlinkat(s->dir, name, to, sizeof(to) - 1);

	if (len <= 0)
		return 0;
	to[len] = '\0';
	return number_of(to);
}

/* Content of a file of a generation. Return: 0, or -1 with errno. */
static int read_file(const struct store *s, unsigned int n, const char *name,
		     struct bytes *b, uint64_t *installed)
{
	char number[16];
	int dir, fd, ret = -1;
	struct stat st;

	snprintf(number, sizeof(number), "%u", n);
	dir = store_folder(s->dir, number);
	if (dir < 0)
		return -1;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	close(dir);
	if (fd < 0)
		return -1;
	if (is_ours(fd, false) && !fstat(fd, &st)) {
		if (installed)
			*installed = (uint64_t)st.st_mtime;
		ret = file_read_open(fd, POLICY_FILE_MAX, b);
	}
	close(fd);
	return ret;
}

int store_take(const struct store *s, unsigned int n, struct policy *policy,
	       uint64_t *installed)
{
	char name[32];
	struct bytes b;

	memset(policy, 0, sizeof(*policy));
	if (read_file(s, n, "policy.bin", &b, installed)) {
		snprintf(name, sizeof(name), "%u/policy.bin", n);
		return store_error(s, name);
	}
	policy_take(policy, &b);
	return 0;
}

int store_verify(const struct store *s, unsigned int n, struct policy *policy)
{
	char name[32];

	snprintf(name, sizeof(name), "%u/policy.bin", n);
	return policy_verify((struct tool *)s->t, name, policy);
}

int store_read(const struct store *s, unsigned int n, struct policy *policy,
	       uint64_t *installed)
{
	if (store_take(s, n, policy, installed))
		return -1;
	if (!store_verify(s, n, policy))
		return 0;
	policy_close(policy);
	return -1;
}

int store_text(const struct store *s, unsigned int n, struct bytes *b)
{
	if (!read_file(s, n, "policy.ewx", b, NULL))
		return 0;
	return store_error(s, "policy.ewx");
}

void policy_digest(const struct policy *policy, char out[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (!EVP_Digest(policy->blob, policy->size, digest, &len, EVP_sha256(),
			NULL))
		len = 0;
	out[0] = '\0';
	for (unsigned int i = 0; i < len; i++)
		sprintf(out + 2 * i, "%02x", digest[i]);
}

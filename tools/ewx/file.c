// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files: reading one whole, replacing one whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

static int read_all(int fd, size_t limit, struct bytes *b)
{
	size_t room = 0;

	for (;;) {
		ssize_t n;

		if (b->size + 1 >= room) {
			size_t want = room ? room * 2 : 65536;
			char *data = realloc(b->data, want);

			if (!data)
				return -1;
			b->data = data;
			room = want;
		}
		n = read(fd, b->data + b->size, room - b->size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (!n)
			break;
		b->size += (size_t)n;
		if (b->size > limit) {
			errno = EFBIG;
			return -1;
		}
	}
	b->data[b->size] = '\0';
	return 0;
}

bool file_is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool file_is_same(const char *path, const char *other)
{
	struct stat a, b;

	return !stat(path, &a) && !stat(other, &b) && S_ISREG(a.st_mode) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool file_is_device(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && !stat(path, &st) &&
	       (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

int file_read_open(int fd, size_t limit, struct bytes *b)
{
	b->data = NULL;
	b->size = 0;
	if (!read_all(fd, limit, b))
		return 0;
	free(b->data);
	b->data = NULL;
	return -1;
}

int file_read_regular(const char *path, size_t limit, struct bytes *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int ret = -1;

	/* Files of the kernel that look regular are empty. */
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size)
		ret = file_read_open(fd, limit, b);
	if (fd >= 0)
		close(fd);
	return ret;
}

int file_read(const char *path, size_t limit, struct bytes *b)
{
	bool input = !strcmp(path, "-");
	int fd, ret, saved;

	b->data = NULL;
	b->size = 0;
	fd = input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ret = file_read_open(fd, limit, b);
	saved = errno;
	if (!input)
		close(fd);
	errno = saved;
	return ret;
}

static int write_all(int fd, const void *data, size_t size)
{
	const char *p = data;

	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

/* A special file, such as /dev/null, is written to; others are replaced. */
static bool is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_special(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return -1;
	ret = write_all(fd, data, size);
	return close(fd) ? -1 : ret;
}

int file_replace(const char *path, const void *data, size_t size)
{
	int fd, saved, ret = -1;
	mode_t mask;
	char *temp;

	if (!strcmp(path, "-"))
		return write_all(STDOUT_FILENO, data, size);
	if (is_special(path))
		return write_special(path, data, size);
	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return -1;
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0) {
		free(temp);
		return -1;
	}
	mask = umask(0);
	umask(mask);
	if (!fchmod(fd, 0666 & ~mask) && !write_all(fd, data, size) &&
	    !fsync(fd))
		ret = 0;
	if (close(fd))
		ret = -1;
	if (!ret)
		ret = rename(temp, path);
	if (ret) {
		saved = errno;
		unlink(temp);
		errno = saved;
	}
	free(temp);
	return ret;
}

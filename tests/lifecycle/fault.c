// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Preloaded into a program: what changes files fails, or kills, at the Nth call.
 *
 *   EWX_FAULT=MODE:N   kill, or the name of an errno, or short (half a write);
 *                      at the Nth call, the first is 1; nothing if there are fewer
 *   EWX_HURRY          poll() waits a hundredth of its time
 *   EWX_TRACE=FILE     append a line for each call: name, path, result
 *
 * Owns: which calls count. Knows nothing of the program.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum mode { NONE, KILL, ERROR, SHORT };

static enum mode mode;
static int error;
static long at, calls;
static int trace = -1;

static const struct {
	const char *name;
	int number;
} errors[] = { { "ENOSPC", ENOSPC },
	       { "EIO", EIO },
	       { "ENOMEM", ENOMEM },
	       { "EEXIST", EEXIST },
	       { "EINVAL", EINVAL } };

__attribute__((constructor)) static void setup(void)
{
	const char *fault = getenv("EWX_FAULT"), *file = getenv("EWX_TRACE");
	const char *colon = fault ? strchr(fault, ':') : NULL;

	if (file)
		trace = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			     0600);
	if (!colon)
		return;
	at = strtol(colon + 1, NULL, 10);
	if (!strncmp(fault, "kill:", 5))
		mode = KILL;
	else if (!strncmp(fault, "short:", 6))
		mode = SHORT;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (strncmp(fault, errors[i].name, (size_t)(colon - fault)))
			continue;
		mode = ERROR;
		error = errors[i].number;
	}
}

/* The real one. */
static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Return: true if this call is to fail, with errno. */
static bool fails(void)
{
	/* Libraries that start before this one do not count. */
	if (mode == NONE || ++calls != at || mode == SHORT)
		return false;
	if (mode == KILL)
		raise(SIGKILL);
	errno = error;
	return true;
}

static void say(const char *call, int fd, const char *name, int result)
{
	char path[4096] = "", link[32], line[8192];
	int saved = errno, n;
	ssize_t len;

	if (trace < 0)
		return;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	path[len > 0 ? len : 0] = '\0';
	n = snprintf(line, sizeof(line), "%s %s%s%s %d\n", call, path,
		     *name ? "/" : "", name, result);
	if (syscall(SYS_write, trace, line, (size_t)n) < 0)
		abort();
	errno = saved;
}

#define WRAP(type, name, parameters, arguments, fd, path) \
	type name parameters                              \
	{                                                 \
		type(*next) parameters = real(#name);     \
		type ret = fails() ? -1 : next arguments; \
                                                          \
		say(#name, fd, path, (int)ret);           \
		return ret;                               \
	}

WRAP(int, fsync, (int fd), (fd), fd, "")
WRAP(int, mkdirat, (int dir, const char *path, mode_t m), (dir, path, m), dir,
     path)
WRAP(int, renameat, (int d, const char *o, int e, const char *n), (d, o, e, n),
     e, n)
WRAP(int, renameat2,
     (int d, const char *o, int e, const char *n, unsigned int f),
     (d, o, e, n, f), e, n)
WRAP(int, symlinkat, (const char *to, int dir, const char *path),
     (to, dir, path), dir, path)
WRAP(int, unlinkat, (int dir, const char *path, int f), (dir, path, f), dir,
     path)
WRAP(int, flock, (int fd, int how), (fd, how), fd, "")

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
	int (*next)(struct pollfd *, nfds_t, int) = real("poll");

	return next(fds, n, getenv("EWX_HURRY") ? timeout / 100 : timeout);
}

int close(int fd)
{
	int (*next)(int) = real("close");

	/* A failed close closes all the same. */
	if (fails()) {
		next(fd);
		return -1;
	}
	return next(fd);
}

ssize_t write(int fd, const void *data, size_t size)
{
	ssize_t (*next)(int, const void *, size_t) = real("write");
	ssize_t ret;

	if (fails())
		return -1;
	if (mode == SHORT && calls == at && size > 1)
		size /= 2;
	ret = next(fd, data, size);
	say("write", fd, "", (int)ret);
	return ret;
}

int openat(int dir, const char *path, int flags, ...)
{
	int (*next)(int, const char *, int, ...) = real("openat");
	mode_t m = 0;
	va_list args;
	int ret;

	va_start(args, flags);
	if (flags & O_CREAT)
		m = va_arg(args, mode_t);
	va_end(args);
	ret = fails() ? -1 : next(dir, path, flags, m);
	say("openat", dir, path, ret);
	return ret;
}

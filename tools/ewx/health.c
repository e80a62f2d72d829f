// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Whether a policy that was loaded does well.
 *
 * Owns: the look at the kernel, and running the administrator's own checks, which
 * are programs in /etc/ewx/health.d; each has half a minute.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "install.h"
#include "store_write.h"

#define FOLDER "/etc/ewx/health.d"
#define SECONDS 30

/* Not what editors and packages leave behind. */
static int is_check(const struct dirent *entry)
{
	const char *name = entry->d_name;

	return *name != '.' && name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
						 "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
						 "0123456789_-")] == '\0';
}

/* Wait for a child, and kill it when its time is over. Return: whether it was. */
static bool is_late(pid_t pid)
{
	struct pollfd end = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool late = end.fd < 0 || !poll(&end, 1, SECONDS * 1000);

	if (late)
		kill(pid, SIGKILL);
	if (end.fd >= 0)
		close(end.fd);
	return late;
}

/* Return: wait status, or -1; @late: it was killed. */
static int run(int dir, const char *name, bool *late)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW);
		char path[32];
		char *const argv[] = { (char *)name, NULL };

		/* Scripts are read by that name, so it stays open. */
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (fd >= 0)
			execv(path, argv);
		_exit(127);
	}
	if (pid < 0)
		return -1;
	*late = is_late(pid);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static int run_one(struct tool *t, int dir, const char *name)
{
	bool late = false;
	struct stat st;
	int status;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode) || !(st.st_mode & 0100))
		return EXIT_OK;
	if (st.st_uid != geteuid() || st.st_mode & 022)
		return tool_error(t, FOLDER "/%s: others can write to it",
				  name);
	status = run(dir, name, &late);
	if (!status)
		return EXIT_OK;
	if (status > 0 && WIFSIGNALED(status))
		return tool_error(t, FOLDER "/%s: %s", name,
				  late ? "not done in time" :
					 strsignal(WTERMSIG(status)));
	return tool_error(t, FOLDER "/%s: says no (status %d)", name,
			  status < 0 ? status : WEXITSTATUS(status));
}

static int run_all(struct tool *t)
{
	struct dirent **entries;
	int dir, n, ret = EXIT_OK;
	int ewx = open("/etc/ewx", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = ewx < 0 ? -1 : store_folder(ewx, "health.d");
	if (dir < 0 && errno != ENOENT)
		ret = tool_error(t, FOLDER ": %s", strerror(errno));
	if (ewx >= 0)
		close(ewx);
	if (dir < 0)
		return ret;
	n = scandirat(dir, ".", &entries, is_check, alphasort);
	for (int i = 0; i < n; i++) {
		if (!ret)
			ret = run_one(t, dir, entries[i]->d_name);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	close(dir);
	return ret;
}

int health_check(struct tool *t, const struct policy *policy)
{
	char want[65], have[65];

	policy_digest(policy, want);
	if (node_digest(t, have))
		return EXIT_FAIL;
	if (strcmp(want, have))
		return tool_error(
			t,
			"the kernel's policy is another one: %.12s, not %.12s",
			have, want);
	return run_all(t);
}

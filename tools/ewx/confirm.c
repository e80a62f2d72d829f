// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeping a policy only if somebody confirms it: who has shut himself out cannot.
 *
 * Owns: the process that waits, which outlives the terminal. It is there before the
 * policy is loaded, and what is on trial is pending only when it was found well. A
 * reboot while it waits boots what was current before.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "install.h"

int confirm_time(struct tool *t, const char *text)
{
	static const struct {
		const char *unit;
		uint64_t seconds;
	} units[] = { { "", 1 }, { "s", 1 }, { "m", 60 }, { "h", 3600 } };
	char *end;

	errno = 0;
	t->confirm = strtoull(text, &end, 10);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit) || end == text || *text == '-' ||
		    !t->confirm || t->confirm > 86400)
			continue;
		t->confirm *= units[i].seconds;
		if (!errno && t->confirm <= 86400)
			return EXIT_OK;
	}
	return tool_usage(t, "--confirm takes a time, such as 60s or 5m");
}

/* Seconds that also pass while the machine is suspended. */
static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return (uint64_t)ts.tv_sec;
}

/* Return: false when @until has come while generation @to is still pending. */
static bool decided(const struct change *c, uint64_t until)
{
	struct pollfd changes = { .fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK),
				  .events = POLLIN };
	char events[4096], path[32];
	uint64_t time, step = 1000;

	/* Without a watch, look every second. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", c->store->dir);
	if (changes.fd < 0 ||
	    inotify_add_watch(changes.fd, path,
			      IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM) < 0)
		step = 1;
	while (store_link(c->store, STORE_PENDING) == c->to) {
		time = now();
		if (time >= until)
			return false;
		poll(&changes, 1,
		     (int)(until - time < step ? until - time : step) * 1000);
		while (read(changes.fd, events, sizeof(events)) > 0)
			;
	}
	return true;
}

/* Whether the kernel has it, and it is neither kept nor on trial. */
static bool left_behind(struct tool *t, const struct change *c)
{
	char want[65], have[65];

	policy_digest(c->policy, want);
	return store_link(c->store, STORE_CURRENT) != c->to &&
	       store_link(c->store, STORE_PENDING) != c->to &&
	       !node_digest(t, have) && !strcmp(want, have);
}

static void revert(struct tool *t, struct change *c)
{
	tool_error(t, "generation %u was not confirmed", c->to);
	syslog(LOG_ALERT, "policy generation %u was not confirmed", c->to);
	if (change_back(t, c))
		return;
	if (store_link(c->store, STORE_PENDING) == c->to)
		store_drop(c->store, STORE_PENDING);
	/* The very first one stays: without any, the text would boot. */
	if (c->added && c->from)
		store_remove(c->store, c->to);
}

/* Return: whether what loads it was done with it, well or not, before it ended. */
static bool was_tried(int loader)
{
	ssize_t n;
	char done;

	do
		n = read(loader, &done, 1);
	while (n < 0 && errno == EINTR);
	return n == 1;
}

static int wait_and_revert(struct tool *t, struct change *c, int loader,
			   uint64_t seconds)
{
	bool tried = was_tried(loader), late;

	/* It may have ended between the two. */
	tried |= store_link(c->store, STORE_PENDING) == c->to;
	if (tried && decided(c, now() + seconds))
		return store_link(c->store, STORE_CURRENT) == c->to ? EXIT_OK :
								      EXIT_FAIL;
	if (store_relock(c->store))
		return EXIT_FAIL;
	/* Somebody may have decided while we waited for the lock. */
	late = tried ? store_link(c->store, STORE_PENDING) == c->to :
		       left_behind(t, c);
	if (late)
		revert(t, c);
	store_unlock(c->store);
	return store_link(c->store, STORE_CURRENT) == c->to ? EXIT_OK :
							      EXIT_FAIL;
}

/* The process that waits. Return: its id, or -1 (said); @loader: to tell it. */
static pid_t start_waiting(struct tool *t, struct change *c, int *loader,
			   uint64_t seconds)
{
	int ends[2];
	pid_t pid;

	fflush(stdout);
	pid = pipe2(ends, O_CLOEXEC) ? -1 : fork();
	if (pid < 0) {
		tool_error(t, "cannot wait: %s", strerror(errno));
		return -1;
	}
	if (!pid) {
		setsid();
		signal(SIGHUP, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		store_unlock(c->store);
		close(ends[1]);
		openlog("ewx", LOG_PID, LOG_AUTHPRIV);
		_exit(wait_and_revert(t, c, ends[0], seconds));
	}
	close(ends[0]);
	*loader = ends[1];
	return pid;
}

int change_confirm(struct tool *t, struct change *c, uint64_t seconds)
{
	int status, loader, ret;
	pid_t pid = start_waiting(t, c, &loader, seconds);

	if (pid < 0) {
		if (c->added)
			store_remove(c->store, c->to);
		return EXIT_FAIL;
	}
	ret = change_load(t, c);
	if (!ret && store_point(c->store, STORE_PENDING, c->to)) {
		ret = EXIT_FAIL;
		change_back(t, c);
	}
	store_unlock(c->store);
	if (!ret)
		printf("generation %u runs for %llu seconds: ewx confirm keeps it\n",
		       c->to, (unsigned long long)seconds);
	fflush(stdout);
	if (write(loader, "", 1) != 1)
		ret = EXIT_FAIL;
	close(loader);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAIL;
	return !ret && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAIL;
}

/* Is it what runs, and not what somebody has loaded past the store? */
static int confirm(struct tool *t, struct store *s)
{
	struct policy policy;
	struct change c = {
		.store = s,
		.policy = &policy,
		.from = store_link(s, STORE_CURRENT),
		.to = store_link(s, STORE_PENDING),
	};
	int ret;

	if (!c.to)
		return tool_error(
			t,
			c.from ?
				"nothing waits to be confirmed: generation %u is current" :
				"nothing waits to be confirmed",
			c.from);
	if (store_read(s, c.to, &policy, NULL))
		return EXIT_FAIL;
	ret = health_check(t, &policy);
	if (!ret)
		ret = change_keep(t, &c);
	policy_close(&policy);
	return ret;
}

int cmd_confirm(struct tool *t, int argc, char **argv)
{
	struct store s;
	int ret;

	(void)argv;
	if (argc)
		return tool_usage(t, "confirm takes no argument");
	if (store_open(&s, t, STORE_WRITE))
		return EXIT_FAIL;
	ret = confirm(t, &s);
	store_close(&s);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeping a policy only if somebody confirms it: who has shut himself out cannot.
 *
 * Owns: the process that waits, which outlives the terminal. A reboot while it waits
 * boots what was current before.
 */
#include <errno.h>
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

static int wait_and_revert(struct tool *t, struct change *c, uint64_t until)
{
	int ret = EXIT_FAIL;

	if (decided(c, until))
		return store_link(c->store, STORE_CURRENT) == c->to ? EXIT_OK :
								      EXIT_FAIL;
	if (store_relock(c->store))
		return EXIT_FAIL;
	/* Somebody may have decided while we waited for the lock. */
	if (store_link(c->store, STORE_PENDING) != c->to) {
		if (store_link(c->store, STORE_CURRENT) == c->to)
			ret = EXIT_OK;
	} else {
		tool_error(t, "generation %u was not confirmed", c->to);
		syslog(LOG_ALERT, "policy generation %u was not confirmed",
		       c->to);
		if (!change_back(t, c))
			store_drop(c->store, STORE_PENDING);
	}
	store_unlock(c->store);
	return ret;
}

int change_confirm(struct tool *t, struct change *c, uint64_t seconds)
{
	int status;
	pid_t pid;

	if (store_point(c->store, STORE_PENDING, c->to)) {
		change_back(t, c);
		return EXIT_FAIL;
	}
	fflush(stdout);
	pid = fork();
	if (pid < 0) {
		tool_error(t, "cannot wait: %s", strerror(errno));
		change_back(t, c);
		store_drop(c->store, STORE_PENDING);
		return EXIT_FAIL;
	}
	if (!pid) {
		setsid();
		signal(SIGHUP, SIG_IGN);
		signal(SIGPIPE, SIG_IGN);
		store_unlock(c->store);
		openlog("ewx", LOG_PID, LOG_AUTHPRIV);
		_exit(wait_and_revert(t, c, now() + seconds));
	}
	store_unlock(c->store);
	printf("generation %u runs for %llu seconds: ewx confirm keeps it\n",
	       c->to, (unsigned long long)seconds);
	fflush(stdout);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAIL;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAIL;
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

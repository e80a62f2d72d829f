// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a command that takes longer than a second is doing.
 *
 * Owns: one line on the terminal, written anew each second by a signal's handler and
 * gone before anything else is said. A step costs nothing: it is only remembered.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "tool.h"

static const char *volatile step_now;
static volatile sig_atomic_t shown;

/* Only calls that a handler may make. */
static void show(int signal)
{
	const char *step = step_now;
	char line[120] = "\r\033[Kewx: ";
	size_t n = strlen(line);
	ssize_t written;

	(void)signal;
	if (!step)
		return;
	for (; *step && n < sizeof(line) - 4; step++)
		line[n++] = *step;
	memcpy(line + n, " ...", 4);
	written = write(STDERR_FILENO, line, n + 4);
	(void)written;
	shown = 1;
}

static void set_timer(time_t seconds)
{
	const struct itimerval each = { { seconds, 0 }, { seconds, 0 } };

	setitimer(ITIMER_REAL, &each, NULL);
}

void progress_step(void *ctx, const char *step)
{
	const struct tool *t = ctx;
	struct sigaction action = { .sa_handler = show, .sa_flags = SA_RESTART };

	if (t->progress == PROGRESS_ALWAYS) {
		fprintf(stderr, "ewx: %s\n", step);
		return;
	}
	if (t->progress == PROGRESS_NEVER || !isatty(STDERR_FILENO))
		return;
	if (!step_now) {
		sigaction(SIGALRM, &action, NULL);
		set_timer(1);
	}
	step_now = step;
}

void progress_end(void)
{
	if (!step_now)
		return;
	set_timer(0);
	step_now = NULL;
	if (shown)
		fputs("\r\033[K", stderr);
	shown = 0;
}

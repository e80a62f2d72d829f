// SPDX-License-Identifier: GPL-2.0-only
/*
 * The racer of forced races; see window.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "race.h"
#include "window.h"

#define WINDOW_DIR	"/sys/kernel/debug/enclave/windows/"
#define WINDOW_ENOUGH	100

bool window_there(void)
{
	return !access(WINDOW_DIR "counts", R_OK);
}

bool window_expected(void)
{
	return race_machine_is("plain") || race_machine_is("debug") ||
	       race_machine_is("clang");
}

unsigned int window_rounds(void)
{
	return race_rounds(RACE_ROUNDS);
}

unsigned int window_enough(void)
{
	const unsigned int third = window_rounds() / 3;

	if (!third)
		return 1;
	return third < WINDOW_ENOUGH ? third : WINDOW_ENOUGH;
}

static bool says(const struct window *w, const char *word)
{
	const ssize_t len = strlen(word);

	return write(w->fd, word, len) == len;
}

static void *races(void *arg)
{
	struct window *w = arg;
	char byte;

	race_stay_on(1);
	while (read(w->fd, &byte, 1) == 1) {
		w->act(w->arg);
		says(w, "acted");
	}
	return NULL;
}

static int window_open(struct window *w, const char *name,
		       void (*act)(void *arg), void *arg)
{
	char path[128];

	snprintf(path, sizeof(path), WINDOW_DIR "%s", name);
	*w = (struct window){
		.fd = open(path, O_RDWR | O_CLOEXEC),
		.name = name, .act = act, .arg = arg,
	};
	race_stay_on(0);
	return w->fd < 0 ? -errno : 0;
}

int window_begin(struct window *w, const char *name, void (*act)(void *arg),
		 void *arg)
{
	int err = window_open(w, name, act, arg);

	return err ? err : -pthread_create(&w->thread, NULL, races, w);
}

int window_begin_process(struct window *w, const char *name,
			 void (*act)(void *arg), void *arg)
{
	int err = window_open(w, name, act, arg);

	if (err)
		return err;
	w->pid = fork();
	if (!w->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		races(w);
		_exit(0);
	}
	return w->pid < 0 ? -errno : 0;
}

bool window_settle(const struct window *w)
{
	return says(w, "settle");
}

/* The line of the window in the kernel's counts. */
static struct window_counts counts(const char *name)
{
	FILE *f = fopen(WINDOW_DIR "counts", "re");
	struct window_counts c = { 0 };
	char line[256], of[64];

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s entered %lu met %lu acted %lu blocked %lu",
			   of, &c.entered, &c.met, &c.acted, &c.blocked) == 5 &&
		    !strcmp(of, name))
			break;
		c = (struct window_counts){ 0 };
	}
	if (f)
		fclose(f);
	return c;
}

struct window_counts window_end(struct window *w)
{
	struct window_counts c = counts(w->name);

	if (w->pid) {
		kill(w->pid, SIGKILL);
		waitpid(w->pid, NULL, 0);
	} else {
		pthread_cancel(w->thread);
		pthread_join(w->thread, NULL);
	}
	close(w->fd);
	return c;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Races that are forced: in a test kernel a task that comes to a window stops there until
 * somebody has done what he could do at that moment (security/enclave/window.h).
 *
 * Owns: the racer, and the files in debugfs. Knows no provider and no row.
 *
 * A forced row is TEST(<row>_<provider>_forced) or TEST(<row>_<provider>_forced_<case>).
 * Its rounds are window_rounds(); in each it asks for something that leads through the
 * window, then window_settle(). In the end enough rounds must have met, as the kernel
 * counted them; where a round shows something only if it did, the row counts these.
 */
#ifndef _ROWS_WINDOW_H
#define _ROWS_WINDOW_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

/**
 * WINDOW_SKIP() - where the kernel has no windows a forced row shows nothing. One of the
 * test kernels that have them must not be without.
 */
#define WINDOW_SKIP()							\
	do {								\
		if (!window_there()) {					\
			ASSERT_FALSE(window_expected())			\
				TH_LOG("this kernel should have windows"); \
			SKIP(return, "this kernel has no windows");	\
		}							\
	} while (0)

/**
 * struct window - a window, and who acts there.
 * @fd: its file
 * @name: of the window
 * @act: what the racer does while a task stands there; also called if the task did
 *	not wait for it
 * @arg: for @act
 * @thread: the racer, or
 * @pid: the racer if it is a process, else 0
 */
struct window {
	int fd;
	const char *name;
	void (*act)(void *arg);
	void *arg;
	pthread_t thread;
	pid_t pid;
};

/**
 * struct window_counts - what the kernel has counted of a window.
 * @entered: tasks that came there
 * @met: times that the racer was told while a task stood there
 * @acted: times that it was done before the task left
 * @blocked: times that it could not, and had to wait until the task went on
 */
struct window_counts {
	unsigned long entered, met, acted, blocked;
};

/** window_there() - does the kernel have windows? */
bool window_there(void);
/** window_expected() - is this the machine of a test kernel that has windows? */
bool window_expected(void);
/** window_rounds() - how many rounds a forced race has, see race_rounds(). */
unsigned int window_rounds(void);
/** window_enough() - how many of these have to count; never none. */
unsigned int window_enough(void);

/**
 * window_begin() - a thread will act whenever another one comes to the window.
 * Return: 0 or -errno.
 */
int window_begin(struct window *w, const char *name, void (*act)(void *arg),
		 void *arg);
/** window_begin_process() - the same by a process, which shares memory if @arg is so. */
int window_begin_process(struct window *w, const char *name,
			 void (*act)(void *arg), void *arg);
/**
 * window_settle() - the racer is done with this round.
 * Return: true: it was before the task left the window.
 */
bool window_settle(const struct window *w);
/** window_end() - the racer ends. Return: what was counted. */
struct window_counts window_end(struct window *w);

/** WINDOW_LOG() - what was counted, into the test's output. */
#define WINDOW_LOG(c)							\
	TH_LOG("entered %lu, met %lu, acted %lu, blocked %lu",		\
	       (c).entered, (c).met, (c).acted, (c).blocked)

#endif /* _ROWS_WINDOW_H */

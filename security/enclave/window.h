/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Windows: places of a test kernel where a task stops, so that a race which would be
 * won once in a million rounds is won in each.
 *
 * Owns: their names and the place to stop. Compiled to nothing without
 * CONFIG_SECURITY_ENCLAVE_MUTANTS. enclave_window(NAME) stands between two steps of
 * which somebody could take advantage if the kernel did not see to it, and where a
 * task may sleep; which locks it holds there is what the test is about.
 *
 * Each window is a file of debugfs, enclave/windows/<name>, for root only. It is armed
 * while somebody, the racer, has it open; one at a time (EBUSY). While no window is
 * armed each is a no-op.
 *
 *   read()             waits until a task stands in the window, and returns a byte
 *   write("acted")     the racer has done what it wanted to do. Fails with ETIME if
 *                      the task did not wait for it
 *   write("settle")    waits until the racer has acted on what it was last told, for
 *                      the one who stood in the window. Fails with ETIME if that was
 *                      too late, or if there was nothing to tell since
 *
 * A task leaves the window when the racer has acted; when it is seen that the racer cannot,
 * because it waits for a lock or has its page faults repeated; after some time
 * (enclave/windows/stay_ms); when the racer is gone, or when the task is killed. It waits
 * a second for a racer to be told. The racer itself never stops, so that it may call what
 * it races with.
 *
 * enclave/windows/counts tells of each window, since it was last opened, how many tasks
 * entered it, were met (the racer was told, and began, while the task stood there), and
 * what came of that: the racer acted while the task stood there, or it could not, and was
 * blocked.
 */
#ifndef _SECURITY_ENCLAVE_WINDOW_H
#define _SECURITY_ENCLAVE_WINDOW_H

#include <linux/jump_label.h>

/*
 * X(NAME, name, what is over and what is not begun)
 */
#define ENCLAVE_WINDOWS(X)						\
	X(LOAD_JUDGED, load_judged, "a source was judged; its writers are not kept away") \
	X(LOAD_HELD, load_held, "writers are kept away; nothing was copied") \
	X(LOAD_AHEAD, load_ahead, "pages were committed ahead; they are not added") \
	X(MAP_JUDGED, map_judged, "all agreed to a mapping; nothing is remembered") \
	X(REMOVED, removed, "a page's entries were taken away; the page is there") \
	X(INIT_COPIED, init_copied, "a statement was copied; it was not judged") \
	X(INIT_MEASURED, init_measured, "pages were measured; nothing is initialised") \
	X(POLICY_JUDGED, policy_judged, "a policy answered; nothing is remembered") \
	X(PATH_NAMED, path_named, "a file was named; the name is not remembered")

enum enclave_window_name {
#define ENCLAVE_WINDOW_ENUM(NAME, name, what) ENCLAVE_WINDOW_##NAME,
	ENCLAVE_WINDOWS(ENCLAVE_WINDOW_ENUM)
#undef ENCLAVE_WINDOW_ENUM
	ENCLAVE_WINDOW_COUNT
};

#ifdef CONFIG_SECURITY_ENCLAVE_MUTANTS

DECLARE_STATIC_KEY_FALSE(enclave_window_key);

void enclave_window_stop(enum enclave_window_name name);

#define enclave_window(NAME)						\
	do {								\
		if (static_branch_unlikely(&enclave_window_key))	\
			enclave_window_stop(ENCLAVE_WINDOW_##NAME);	\
	} while (0)

#else /* CONFIG_SECURITY_ENCLAVE_MUTANTS */

/* The name is still checked. */
#define enclave_window(NAME)	((void)ENCLAVE_WINDOW_##NAME)

#endif /* CONFIG_SECURITY_ENCLAVE_MUTANTS */

#endif /* _SECURITY_ENCLAVE_WINDOW_H */

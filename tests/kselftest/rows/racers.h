/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is done to others in the middle of something, whatever the provider: files cut off
 * and renamed, policies replaced, processes killed.
 *
 * Owns: what the racers of rows A28, A30, E7 and E8 do. Knows no provider.
 */
#ifndef _ROWS_RACERS_H
#define _ROWS_RACERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** truncates() - cut the file of that name to nothing. */
void truncates(void *path);

/**
 * struct moved - a file that goes from ALLOWED_DIR to OTHER_DIR and back.
 * @name: in either
 * @round: even: it goes away; odd: it comes back
 * @done: it did
 */
struct moved {
	const char *name;
	unsigned int round;
	bool done;
};

/** renames() - move it. */
void renames(void *moved);

#define POLICY_MAX 65536

/**
 * struct policies - two that are put in force by turns.
 * @blob: their bytes
 * @len: of these
 * @next: which one swaps() puts in force
 * @done: it did
 * @err: what came of it
 */
struct policies {
	uint8_t blob[2][POLICY_MAX];
	ssize_t len[2];
	unsigned int next;
	bool done;
	int err;
};

/** policies_begin() - compile both; the first one is in force. Return: 0 or not. */
int policies_begin(struct policies *p, const char *first, const char *second);
/** policies_put() - put one in force. Return: 0 or -errno. */
int policies_put(const struct policies *p, unsigned int which);
/** swaps() - policies_put() of the next. */
void swaps(void *policies);

/*
 * Two policies for E7. Unmeasured code of a file needs a permission that only the one has
 * and one that only the other has, and so does a mapping that is writable and
 * executable: who reads half of each would allow them. Code from anonymous memory the
 * second one allows.
 */
#define HALF_FIRST                                            \
	"allow create, change; allow exec_file from allowed;" \
	"for any { allow init, load_wx, map_wx; }"
#define HALF_SECOND             \
	"allow create, change;" \
	"for any { allow init, load_wx, exec_written, exec_anon, exec_unmeasured; }"

/* And two that differ in code from anonymous memory. */
#define ANON_DENIED "allow create; allow exec_file from allowed;"
#define ANON_ALLOWED ANON_DENIED "for any { allow exec_anon; }"

/**
 * killed() - run @does in a process of its own, and kill it and those that it forked
 * at some time. Return: 0 or -errno.
 */
int killed(void (*does)(void *arg), void *arg);

/**
 * enclaves_are() - wait until there are that many: other tests' processes may still be
 * ending. Return: false if that does not come.
 */
bool enclaves_are(long want);

#endif /* _ROWS_RACERS_H */

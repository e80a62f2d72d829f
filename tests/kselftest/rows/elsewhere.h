/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that have a name of the policy in somebody's own view of the file system.
 *
 * Owns: NAMED_DIR and the ways to put another file there. Knows no provider.
 *
 * A way runs in a process of its own, puts a page of code at NAMED_FILE, calls
 * the loader, and returns what that returned, or 255 if it did not come to it.
 */
#ifndef _ROWS_ELSEWHERE_H
#define _ROWS_ELSEWHERE_H

/* A source without an owner: only the path stands between. */
#define NAMED_DIR	"/mnt/ext4/named"
#define NAMED_FILE	NAMED_DIR "/code"
#define NAMED_RULES	"allow create; for any { allow init; }" \
			"allow exec_file, exec_mutable from named;"
#define NAMED		"source named { path \"" NAMED_DIR "/**\"; }"

/**
 * struct elsewhere - who loads from there.
 * @load: Return: the positive errno of a load of @source, or 0
 * @arg: passed on
 */
struct elsewhere {
	int (*load)(void *arg, const void *source);
	void *arg;
};

/* For in_child(): @arg is a struct elsewhere. */
int elsewhere_tmpfs(void *arg);
int elsewhere_bind(void *arg);
int elsewhere_chroot(void *arg);

/** elsewhere_put() - write text to a file that exists. Return: 0 or -errno. */
int elsewhere_put(const char *path, const char *text);

/**
 * elsewhere_sends() - a process that opens NAMED_FILE in its own namespace, sends
 * the descriptor over @sock and stays until it is told. Return: its exit status.
 */
int elsewhere_sends(int sock);

/* Whatever lies in memory, whoever mounted it. */
#define MOUNTED_RULES	"allow create; for any { allow init; }" \
			"allow exec_file from mounted;"
#define MOUNTED		"source mounted { fs tmpfs; }"
/**
 * elsewhere_mounted() - a page of code of a file in memory that a user has mounted.
 * Return: it, until the descriptor @until is closed, or MAP_FAILED.
 */
void *elsewhere_mounted(int *until);

/**
 * elsewhere_idmap() - mount @dir over itself so that its owner is shown, and
 * stored, as another. Return: 0, or not.
 */
int elsewhere_idmap(const char *dir);
/** elsewhere_writes_own() - for in_child(): SECOND_UID writes a file of code. */
int elsewhere_writes_own(void *path);

#endif /* _ROWS_ELSEWHERE_H */

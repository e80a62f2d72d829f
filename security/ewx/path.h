/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of files that nobody can forge.
 *
 * Owns: when a path may be matched against a policy's patterns. Knows nothing
 * of policies, processes or enclaves.
 */
#ifndef _SECURITY_EWX_PATH_H
#define _SECURITY_EWX_PATH_H

#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/limits.h>
#include <linux/path.h>
#include <linux/seqlock.h>
#include <linux/types.h>

/* mount_lock, and the owner of a mount's namespace, have no accessor outside fs/. */
#include "../../fs/mount.h"

/**
 * struct ewx_path_stamp - changes whenever any path of the system may have.
 * @renames: sequence of rename_lock
 * @mounts: sequence of mount_lock
 */
struct ewx_path_stamp {
	u32 renames;
	u32 mounts;
};

/** ewx_path_stamp() - the stamp now; odd while a change is under way. */
static inline struct ewx_path_stamp ewx_path_stamp(void)
{
	struct ewx_path_stamp s = {
		.renames = raw_read_seqcount(&rename_lock.seqcount),
		.mounts = raw_read_seqcount(&mount_lock.seqcount),
	};

	return s;
}

/** ewx_path_stamp_stable() - no change was under way. */
static inline bool ewx_path_stamp_stable(struct ewx_path_stamp s)
{
	return !((s.renames | s.mounts) & 1);
}

/**
 * struct ewx_path_name - what a file is called.
 * @text: within the buffer, or NULL if the file has no absolute name
 * @len: bytes of @text without the NUL
 * @trusted: policy patterns may match @text
 */
struct ewx_path_name {
	const char *text;
	u32 len;
	bool trusted;
};

/**
 * ewx_path_name() - a file's absolute name, counted from the root of the mount
 * namespace it is in (and so never from a chroot).
 * @path: the file by the user's path
 * @buf: where to
 * @size: of @buf, bytes; PATH_MAX are enough for every name
 *
 * Trusted means that nobody but the initial user namespace's root could give
 * the file this name by mounting: the dentry is linked, the mount is attached
 * to a mount namespace that the initial user namespace owns, and the superblock
 * belongs to the initial user namespace. Does not sleep.
 *
 * Return: the name, within @buf; no text also if it is longer than that.
 */
struct ewx_path_name ewx_path_name(const struct path *path, char *buf,
				   int size);

/**
 * ewx_path_is_ours() - does a program found at @path run in the world that its
 * name is from?
 * @path: the program by the user's path
 * @cred: what it will run with
 *
 * True if the mount is in current's mount namespace and @cred in the initial
 * user namespace. Else whoever executes an open file of that name chooses, by a
 * mount or a chroot of his own, which loader and libraries the program gets.
 *
 * Return: whether it is.
 */
bool ewx_path_is_ours(const struct path *path, const struct cred *cred);

#endif /* _SECURITY_EWX_PATH_H */

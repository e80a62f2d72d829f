// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of files that nobody can forge (path.h).
 *
 * Owns: the trust rule. Must not know of policies, processes or enclaves.
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "../enclave/mutant.h"
#include "path.h"

/*
 * Is the mount in a namespace that the initial user namespace owns? A mount
 * leaves its namespace under mount_lock before that namespace is freed, so the
 * pointer holds while the lock is held.
 */
static bool mount_trusted(struct vfsmount *mnt)
{
	const struct mnt_namespace *ns;
	bool trusted;

	read_seqlock_excl(&mount_lock);
	ns = real_mount(mnt)->mnt_ns;
	trusted = !IS_ERR_OR_NULL(ns) && ns->seq != 0 &&
		  ns->user_ns == &init_user_ns;
	read_sequnlock_excl(&mount_lock);
	return trusted;
}

static bool path_trusted(const struct path *path)
{
	if (enclave_mutant(PATH_TRUST))
		return true;
	return !d_unlinked(path->dentry) &&
	       path->dentry->d_sb->s_user_ns == &init_user_ns &&
	       path->mnt->mnt_sb->s_user_ns == &init_user_ns &&
	       mount_trusted(path->mnt);
}

bool ewx_path_is_ours(const struct path *path, const struct cred *cred)
{
	bool ours;

	if (enclave_mutant(PATH_TRUST))
		return true;
	if (cred->user_ns != &init_user_ns)
		return false;
	read_seqlock_excl(&mount_lock);
	ours = real_mount(path->mnt)->mnt_ns == current->nsproxy->mnt_ns;
	read_sequnlock_excl(&mount_lock);
	return ours;
}

struct ewx_path_name ewx_path_name(const struct path *path, char *buf, int size)
{
	struct ewx_path_name name = {};
	char *text;

	text = d_absolute_path(path, buf, size);
	if (IS_ERR(text) || text[0] != '/')
		return name;

	name.text = text;
	name.len = buf + size - 1 - text;
	name.trusted = path_trusted(path);
	return name;
}

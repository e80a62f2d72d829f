/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The nodes of securityfs ewx/.
 *
 * Owns: who may read and write what. The texts and numbers are ABI:
 * Documentation/ABI/testing/securityfs-ewx.
 */
#ifndef _SECURITY_EWX_FS_H
#define _SECURITY_EWX_FS_H

#include <linux/fs.h>

#include "policy.h"

extern const struct file_operations ewx_load_fops;
extern const struct file_operations ewx_query_fops;
extern const struct file_operations ewx_status_fops;
extern const struct file_operations ewx_counters_fops;
extern const struct file_operations ewx_enclaves_fops;
extern const struct file_operations ewx_version_fops;
extern const struct file_operations ewx_digest_fops;
extern const struct file_operations ewx_blob_fops;

/**
 * ewx_fs_may_control() - may the writer change EWX's state?
 * @file: that was opened
 *
 * Both who opened it and who writes need CAP_MAC_ADMIN in the initial user namespace.
 *
 * Return: whether he may.
 */
bool ewx_fs_may_control(const struct file *file);

/**
 * ewx_fs_publish() - make room for a policy under policies/; for
 * ewx_policy_load().
 * @next: the policy that is to be shown
 * @old: the one that is shown, or NULL
 *
 * Return: 0 or an error of securityfs.
 */
int ewx_fs_publish(const struct ewx_loaded *next,
		   const struct ewx_loaded *old);

/* More than the quotes: a policy is built in. */
#define EWX_HAS_BUILTIN (sizeof(CONFIG_SECURITY_EWX_BUILTIN_POLICY) > 1)

/**
 * ewx_load_builtin() - load the policy that is built into the kernel; for
 * EWX_HAS_BUILTIN. Says what became of it.
 */
void ewx_load_builtin(void);

#endif /* _SECURITY_EWX_FS_H */

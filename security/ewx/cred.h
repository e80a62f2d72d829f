/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What EWX keeps in a credential: the executable's name at exec, and the domain
 * as classified last.
 *
 * Owns: the layout and lifetime of the cred blob. Knows nothing of policies.
 */
#ifndef _SECURITY_EWX_CRED_H
#define _SECURITY_EWX_CRED_H

#include <linux/atomic.h>
#include <linux/cred.h>
#include <linux/refcount.h>
#include <linux/types.h>

#include "setup.h"

/**
 * struct ewx_exe - a program by its name when it was executed. Immutable.
 * @refs: credentials and records that refer to it
 * @trusted: the name could not be forged (path.h)
 * @len: bytes of @path without the NUL; 0 if it had no absolute name
 * @path: absolute name
 *
 * A copy and not a file: the name holds although the file is renamed or
 * replaced later, and another policy can be matched against it.
 */
struct ewx_exe {
	refcount_t refs;
	bool trusted;
	u32 len;
	char path[];
};

/**
 * struct ewx_cred - the cred blob.
 * @exe: program; NULL until the first exec (kernel threads)
 * @domain: cached domain, packed by subject.c; 0 is empty. Credentials are
 *      shared and immutable, so this one word is the only part that changes,
 *      and it changes atomically.
 */
struct ewx_cred {
	struct ewx_exe *exe;
	atomic64_t domain;
};

static inline struct ewx_cred *ewx_cred(const struct cred *cred)
{
	return cred->security + ewx_blobs.lbs_cred;
}

/** ewx_exe_new() - @name may be NULL for none. Return: NULL without memory. */
struct ewx_exe *ewx_exe_new(const char *name, u32 len, bool trusted);

static inline struct ewx_exe *ewx_exe_get(struct ewx_exe *exe)
{
	if (exe)
		refcount_inc(&exe->refs);
	return exe;
}

/** ewx_exe_put() - does not sleep; NULL is fine. */
void ewx_exe_put(struct ewx_exe *exe);

#endif /* _SECURITY_EWX_CRED_H */

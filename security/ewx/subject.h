/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which domain a process is in.
 *
 * Owns: classification of credentials and its cache. Knows nothing of files
 * that are loaded, nor of enclaves.
 */
#ifndef _SECURITY_EWX_SUBJECT_H
#define _SECURITY_EWX_SUBJECT_H

#include <linux/cred.h>
#include <linux/types.h>

#include "cred.h"
#include "policy.h"

/*
 * The cached domain is one word, generation above domain, so that it is read
 * and written as a whole.
 */
#define EWX_DOMAIN_BITS		24
#define EWX_DOMAIN_CACHED_MAX	((1U << EWX_DOMAIN_BITS) - 1)

/** ewx_domain_word() - how the cache says @domain under @generation. */
static inline u64 ewx_domain_word(u64 generation, u32 domain)
{
	return generation << EWX_DOMAIN_BITS | domain;
}

/**
 * ewx_subject_cached() - is @cred in @domain, as far as the cache knows?
 * False means "look closer". A generation of 0 is never cached.
 * @cred: of the process
 * @generation: of the policy
 * @domain: that it was in
 *
 * Return: whether it is.
 */
static inline bool ewx_subject_cached(const struct cred *cred, u64 generation,
				      u32 domain)
{
	return (u64)atomic64_read(&ewx_cred(cred)->domain) ==
	       ewx_domain_word(generation, domain);
}

/**
 * ewx_subject_domain() - the domain of a process under a policy. Does not sleep.
 * @p: the policy
 * @task: the process: its control group counts
 * @cred: its credentials, or those that it is to have
 *
 * All else that a domain's conditions read is in the credential: the program's
 * name at exec, effective uid and gid, supplementary groups.
 * A credential never changes once it is in use, and a new one starts with an
 * empty cache: so setresuid(), setgroups() and exec make the next decision
 * classify anew. A process changes its control group without any of these, and its
 * label is another one when AppArmor's profile is removed, so nothing is cached
 * under a policy that asks for either.
 *
 * Return: DOMAINS index; EWX_NONE if there was no memory to find out, which may not
 * be granted anything.
 */
u32 ewx_subject_domain(const struct ewx_loaded *p, struct task_struct *task,
		       const struct cred *cred);

/**
 * ewx_subject_shown() - likewise of this process, for a record.
 * @p: the policy
 * @cred: its credentials
 *
 * Return: DOMAINS index; the default domain's without memory.
 */
static inline u32 ewx_subject_shown(const struct ewx_loaded *p,
				    const struct cred *cred)
{
	u32 domain = ewx_subject_domain(p, current, cred);

	return domain == EWX_NONE ? EWX_DOMAIN_DEFAULT : domain;
}

/** ewx_subject_exe() - program of a credential; NULL before the first exec. */
static inline struct ewx_exe *ewx_subject_exe(const struct cred *cred)
{
	return ewx_cred(cred)->exe;
}

#endif /* _SECURITY_EWX_SUBJECT_H */

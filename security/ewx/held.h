/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an enclave was granted, by which policy: so that a stricter one shows
 * which enclaves it would not admit any more.
 *
 * Owns: the grants one enclave stands on. Knows nothing of requests or audit.
 */
#ifndef _SECURITY_EWX_HELD_H
#define _SECURITY_EWX_HELD_H

#include <linux/enclave.h>
#include <linux/types.h>

#include "policy.h"

#define EWX_HELD_MAX	8

/**
 * struct ewx_grant_held - permissions that one domain was granted.
 * @generation: of the policy; 0: there was none
 * @domain: index in that policy
 * @perms: access vector
 * @unjudged: they were not granted but let pass
 * @name: of the domain; NULL without a policy; owned
 */
struct ewx_grant_held {
	u64 generation;
	u32 domain;
	u32 perms;
	bool unjudged;
	char *name;
};

/**
 * struct ewx_held - all grants of an enclave. Guarded by the enclave's lock.
 * @count: used entries
 * @overflow: some grants found no room: any other policy counts as stricter
 * @grant: in order of time
 */
struct ewx_held {
	u32 count;
	bool overflow;
	struct ewx_grant_held grant[EWX_HELD_MAX];
};

/**
 * struct ewx_held_copy - grants of an enclave that nobody else sees any more.
 * @held: as above, with names below
 * @name: of domains
 */
struct ewx_held_copy {
	struct ewx_held held;
	char name[EWX_HELD_MAX][EWX_NAME_LEN_MAX + 1];
};

/** ewx_held_knows() - nothing of @g is new. */
bool ewx_held_knows(const struct ewx_held *held,
		    const struct ewx_grant_held *g);

/** ewx_held_add() - add @g; takes over @g->name. Cannot fail. */
void ewx_held_add(struct ewx_held *held, struct ewx_grant_held *g);

void ewx_held_clear(struct ewx_held *held);

/** ewx_held_copy() - @copy is filled, and needs no freeing. */
void ewx_held_copy(struct ewx_held_copy *copy, const struct ewx_held *held);

/**
 * ewx_held_outdated() - does the enclave stand on something that @p would deny?
 * @held: of an enclave
 * @p: the policy in force
 * @now: seconds since the epoch
 * @identity: the enclave's class under @p
 * @enforcing: of the whole system
 *
 * Domains are found again by name. Which file a page came from is not kept: a
 * permission that depends on the source counts as granted if it is granted for
 * some source. That can take a decision for each source class and grant, so that no
 * lock is to be held; a task that is being killed gets any answer. May sleep.
 *
 * Return: whether it is.
 */
bool ewx_held_outdated(const struct ewx_held *held,
		       const struct ewx_loaded *p, u32 identity, u64 now,
		       bool enforcing);

#endif /* _SECURITY_EWX_HELD_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many audit records may be written in a while.
 *
 * Owns: the limits. Each kind of record has one of its own, so that a flood of one
 * kind hides no record of another; and before that each asker has, so that nobody's
 * flood hides the first records of others. Must not know what a record says.
 */
#ifndef _SECURITY_EWX_RATE_H
#define _SECURITY_EWX_RATE_H

#include <linux/jiffies.h>
#include <linux/types.h>

#define EWX_RATE_KINDS		64
#define EWX_RATE_OWN		20		/* of one kind by one asker, ... */
#define EWX_RATE_RECORDS	500		/* then of that kind by all ... */
#define EWX_RATE_WHILE		(5 * HZ)	/* ... in this many jiffies */

/* Askers that are told apart in a while: sets of a hash, and ways in a set. */
#define EWX_RATE_SETS		64
#define EWX_RATE_WAYS		8

/**
 * struct ewx_rate - records that were admitted in a while.
 * @begin: jiffies when the while began; of no meaning if @count is 0
 * @count: records in it
 */
struct ewx_rate {
	unsigned long begin;
	unsigned int count;
};

/**
 * struct ewx_asker - who causes records of one kind: a user in a domain.
 * @rate: their records; an entry whose while is over is free
 * @kind: of the records
 * @uid: of the user
 * @domain: that the user is in
 */
struct ewx_asker {
	struct ewx_rate rate;
	u32 kind;
	u32 uid;
	u32 domain;
};

/**
 * struct ewx_rates - all limits. Zeroed to begin with; locked by the caller.
 * @seed: of the hash, so that nobody can choose whose set he shares; 0: none yet
 * @common: by kind, of all askers whose own limit is reached
 * @asker: by hash
 */
struct ewx_rates {
	u32 seed;
	struct ewx_rate common[EWX_RATE_KINDS];
	struct ewx_asker asker[EWX_RATE_SETS][EWX_RATE_WAYS];
};

/**
 * ewx_rate_admit() - may another record be written?
 * @rates: what was admitted before
 * @kind: less than EWX_RATE_KINDS
 * @uid: whose record it is
 * @domain: that the user is in
 * @now: jiffies
 *
 * An asker for whom there is no entry left has the common limit only: one who has
 * many users at hand cannot make the log longer than the entries are.
 *
 * Return: whether it is.
 */
bool ewx_rate_admit(struct ewx_rates *rates, u32 kind, u32 uid, u32 domain,
		    unsigned long now);

#endif /* _SECURITY_EWX_RATE_H */

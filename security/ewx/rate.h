/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many audit records may be written in a while.
 *
 * Owns: the limit. Each kind of record has a limit of its own, so that a flood of
 * one kind hides no record of another. Must not know what a record says.
 */
#ifndef _SECURITY_EWX_RATE_H
#define _SECURITY_EWX_RATE_H

#include <linux/jiffies.h>
#include <linux/types.h>

#define EWX_RATE_RECORDS	500		/* of one kind ... */
#define EWX_RATE_WHILE		(5 * HZ)	/* ... in this many jiffies */

/**
 * struct ewx_rate - the records of one kind.
 * @begin: jiffies when the while began; of no meaning if @count is 0
 * @count: records in it
 */
struct ewx_rate {
	unsigned long begin;
	unsigned int count;
};

/**
 * ewx_rate_admit() - may another record be written?
 * @r: of its kind, locked by the caller
 * @now: jiffies
 */
static inline bool ewx_rate_admit(struct ewx_rate *r, unsigned long now)
{
	if (!r->count || time_after_eq(now, r->begin + EWX_RATE_WHILE)) {
		r->begin = now;
		r->count = 0;
	}
	if (r->count >= EWX_RATE_RECORDS)
		return false;
	r->count++;
	return true;
}

#endif /* _SECURITY_EWX_RATE_H */

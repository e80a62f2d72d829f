// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many audit records may be written in a while (rate.h).
 */
#include <linux/jhash.h>
#include <linux/random.h>

#include "rate.h"

static bool is_over(const struct ewx_rate *rate, unsigned long now)
{
	return !rate->count ||
	       time_after_eq(now, rate->begin + EWX_RATE_WHILE);
}

static bool admit(struct ewx_rate *rate, unsigned int limit, unsigned long now)
{
	if (is_over(rate, now)) {
		rate->begin = now;
		rate->count = 0;
	}
	if (rate->count >= limit)
		return false;
	rate->count++;
	return true;
}

/*
 * The asker's entry, or one that is free, or NULL. None whose while lasts is taken
 * from its owner: who changes users would get a new one each time.
 */
static struct ewx_asker *find(struct ewx_rates *rates, u32 kind, u32 uid,
			      u32 domain, unsigned long now)
{
	struct ewx_asker *set, *unused = NULL;
	u32 i;

	if (!rates->seed)
		rates->seed = get_random_u32() | 1;
	set = rates->asker[jhash_3words(kind, uid, domain, rates->seed) %
			   EWX_RATE_SETS];
	for (i = 0; i < EWX_RATE_WAYS; i++) {
		struct ewx_asker *a = &set[i];

		if (is_over(&a->rate, now))
			unused = a;
		else if (a->kind == kind && a->uid == uid &&
			 a->domain == domain)
			return a;
	}
	if (unused)
		*unused = (struct ewx_asker){
			.kind = kind,
			.uid = uid,
			.domain = domain,
		};
	return unused;
}

bool ewx_rate_admit(struct ewx_rates *rates, u32 kind, u32 uid, u32 domain,
		    unsigned long now)
{
	struct ewx_asker *asker = find(rates, kind, uid, domain, now);

	if (asker && admit(&asker->rate, EWX_RATE_OWN, now))
		return true;
	return admit(&rates->common[kind], EWX_RATE_RECORDS, now);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the outcomes are spread; see compare.h.
 *
 * Owns: the demands. Two sides that agree on nothing but denials have said nothing.
 */
#include <ewx/words.h>

#include "compare.h"

#define ALLOWED_PERCENT 20
#define DENIED_PERCENT 20
#define DEFERRED_PERCENT 5
#define NARROWED_PERCENT 5
#define EACH_PERMISSION 1000 /* of 200,000 pairs and more; else in proportion */
#define FULL_RUN 200000

static double percent(const struct shares *s, u64 n)
{
	return s->pairs ? 100.0 * (double)n / (double)s->pairs : 0;
}

void shares_print(const struct shares *s, FILE *out)
{
	fprintf(out,
		"# %llu pairs: %.1f %% allow, %.1f %% deny, %.1f %% deferred; %.1f %% in a permissive domain, %.1f %% logged, %.1f %% refused by a fixed rule\n",
		(unsigned long long)s->pairs, percent(s, s->allowed),
		percent(s, s->denied), percent(s, s->deferred),
		percent(s, s->permissive), percent(s, s->logged),
		percent(s, s->refused));
	fprintf(out,
		"# %llu series of requests before init: %llu left fewer identities; %llu requests denied to all that were left\n",
		(unsigned long long)s->series, (unsigned long long)s->narrowed,
		(unsigned long long)s->emptied);
	fprintf(out,
		"# %.1f %% where the compiler lists an identity class too many\n",
		percent(s, s->surplus));
	fprintf(out, "# %-16s %10s %10s %10s\n", "permission", "allowed",
		"missing", "deferred");
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		fprintf(out, "# %-16s %10llu %10llu %10llu\n",
			ewx_name(EWX_NAMES_PERMISSION, bit),
			(unsigned long long)s->allowed_with[bit],
			(unsigned long long)s->denied_for[bit],
			(unsigned long long)s->deferred_for[bit]);
	for (u32 i = EWX_REASON_NONE + 1; i < EWX_REASON_COUNT; i++)
		if (s->reason[i])
			fprintf(out, "# reason %-12s %10llu\n",
				ewx_name(EWX_NAMES_REASON, i),
				(unsigned long long)s->reason[i]);
}

static u32 demand(FILE *out, const char *what, u64 is, u64 least)
{
	if (is >= least)
		return 0;
	fprintf(out, "# too few: %s: %llu, demanded are %llu\n", what,
		(unsigned long long)is, (unsigned long long)least);
	return 1;
}

/* What says the same of all enclaves must not be deferred. */
static u32 demand_deferred(FILE *out, u32 bit, u64 is, u64 least)
{
	if (ewx_exchange_deferred(bit, is, least))
		return 0;
	fprintf(out, "# deferred %llu times: %s, demanded are %llu\n",
		(unsigned long long)is, ewx_name(EWX_NAMES_PERMISSION, bit),
		(unsigned long long)(EWX_EXCHANGE_DEFERS >> bit & 1 ? least :
								      0));
	return 1;
}

static u64 share(u64 pairs, u64 percent)
{
	return (pairs * percent + 99) / 100;
}

struct ewx_exchange_least shares_least(u64 pairs)
{
	return (struct ewx_exchange_least){
		.allowed = share(pairs, ALLOWED_PERCENT),
		.denied = share(pairs, DENIED_PERCENT),
		.deferred = share(pairs, DEFERRED_PERCENT),
		.each = pairs < FULL_RUN ? EACH_PERMISSION * pairs / FULL_RUN :
					   EACH_PERMISSION,
	};
}

static void print_least(const struct ewx_exchange_least *least, u64 pairs,
			FILE *out)
{
	fprintf(out,
		"# demanded: %llu allow, %llu deny, %llu deferred; each permission %llu times allowed, missing, and deferred if it can be%s\n",
		(unsigned long long)least->allowed,
		(unsigned long long)least->denied,
		(unsigned long long)least->deferred,
		(unsigned long long)least->each,
		pairs < FULL_RUN ? ": 1000 of 200000 pairs, in proportion" :
				   "");
}

u32 shares_missed(const struct shares *s, FILE *out)
{
	const struct ewx_exchange_least least = shares_least(s->pairs);
	u32 missed = !s->pairs;

	print_least(&least, s->pairs, out);
	missed += demand(out, "allow", s->allowed, least.allowed);
	missed += demand(out, "deny", s->denied, least.denied);
	missed += demand(out, "deferred", s->deferred, least.deferred);
	missed += demand(out, "series that leave fewer identities", s->narrowed,
			 share(s->series, NARROWED_PERCENT));
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		const char *name = ewx_name(EWX_NAMES_PERMISSION, bit);

		missed += demand(out, name, s->allowed_with[bit], least.each);
		missed += demand(out, name, s->denied_for[bit], least.each);
		missed += demand_deferred(out, bit, s->deferred_for[bit],
					  least.each);
	}
	return missed;
}

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
	fprintf(out, "# %-16s %10s %10s\n", "permission", "allowed", "missing");
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		fprintf(out, "# %-16s %10llu %10llu\n",
			ewx_name(EWX_NAMES_PERMISSION, bit),
			(unsigned long long)s->allowed_with[bit],
			(unsigned long long)s->denied_for[bit]);
	for (u32 i = EWX_REASON_NONE + 1; i < EWX_REASON_COUNT; i++)
		if (s->reason[i])
			fprintf(out, "# reason %-12s %10llu\n",
				ewx_name(EWX_NAMES_REASON, i),
				(unsigned long long)s->reason[i]);
}

static u32 demand(FILE *out, const char *what, double is, double least)
{
	if (is >= least)
		return 0;
	fprintf(out, "# too few: %s: %.1f, demanded are %.1f\n", what, is,
		least);
	return 1;
}

u32 shares_missed(const struct shares *s, FILE *out)
{
	u64 each = s->pairs < FULL_RUN ? EACH_PERMISSION * s->pairs / FULL_RUN :
					 EACH_PERMISSION;
	u32 missed = !s->pairs;

	missed += demand(out, "percent allow", percent(s, s->allowed),
			 ALLOWED_PERCENT);
	missed += demand(out, "percent deny", percent(s, s->denied),
			 DENIED_PERCENT);
	missed += demand(out, "percent deferred", percent(s, s->deferred),
			 DEFERRED_PERCENT);
	missed += demand(
		out, "percent of series that leave fewer identities",
		s->series ? 100.0 * (double)s->narrowed / (double)s->series : 0,
		NARROWED_PERCENT);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		const char *name = ewx_name(EWX_NAMES_PERMISSION, bit);

		missed += demand(out, name, (double)s->allowed_with[bit],
				 (double)each);
		missed += demand(out, name, (double)s->denied_for[bit],
				 (double)each);
	}
	return missed;
}

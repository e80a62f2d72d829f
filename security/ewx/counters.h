/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Totals since boot, kept whether or not anything is recorded.
 *
 * Owns: the list of totals. Knows nothing else.
 */
#ifndef _SECURITY_EWX_COUNTERS_H
#define _SECURITY_EWX_COUNTERS_H

#include <linux/percpu.h>
#include <linux/types.h>

/* X(NAME, name, meaning) */
#define EWX_COUNTERS(X)							\
	X(ALLOWED, allowed, "requests that rules allowed")		\
	X(DENIED, denied, "requests that were denied")			\
	X(PERMISSIVE, permissive, "denials that were not enforced")	\
	X(UNJUDGED, unjudged, "requests while there was no policy")	\
	X(REFUSED, refused, "requests refused by a fixed rule")		\
	X(RECORDED, recorded, "records that audit took")			\
	X(SUPPRESSED, suppressed, "records left out")		\
	X(LOADS, loads, "policies loaded")				\
	X(LOADS_FAILED, loads_failed, "policies refused")

enum ewx_counter {
#define EWX_COUNTER_ENUM(NAME, name, meaning) EWX_COUNTER_##NAME,
	EWX_COUNTERS(EWX_COUNTER_ENUM)
#undef EWX_COUNTER_ENUM
	EWX_COUNTER_COUNT
};

DECLARE_PER_CPU(u64, ewx_counts[EWX_COUNTER_COUNT]);

/** ewx_count() - add one to EWX_COUNTER_##NAME. */
#define ewx_count(NAME) this_cpu_inc(ewx_counts[EWX_COUNTER_##NAME])

/** ewx_counter_read() - the sum over all CPUs. */
u64 ewx_counter_read(enum ewx_counter which);

/** ewx_counter_name() - the word that nodes print. */
const char *ewx_counter_name(enum ewx_counter which);

#endif /* _SECURITY_EWX_COUNTERS_H */

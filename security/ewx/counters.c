// SPDX-License-Identifier: GPL-2.0-only
/*
 * Totals since boot (counters.h).
 *
 * Owns: one word per CPU and total. Must not know of anything else.
 */
#include <linux/cpumask.h>

#include "counters.h"

DEFINE_PER_CPU(u64, ewx_counts[EWX_COUNTER_COUNT]);

u64 ewx_counter_read(enum ewx_counter which)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(ewx_counts, cpu)[which]);
	return sum;
}

const char *ewx_counter_name(enum ewx_counter which)
{
	static const char *const names[] = {
#define EWX_COUNTER_NAME(NAME, name, meaning) #name,
		EWX_COUNTERS(EWX_COUNTER_NAME)
#undef EWX_COUNTER_NAME
	};

	static_assert(ARRAY_SIZE(names) == EWX_COUNTER_COUNT);
	return names[which];
}

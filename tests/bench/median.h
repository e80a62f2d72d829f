/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The median of what was measured, which is sorted for it. */
#ifndef _BENCH_MEDIAN_H
#define _BENCH_MEDIAN_H

#include <stdint.h>
#include <stdlib.h>

static inline int compare_counts(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static inline uint64_t median_count(uint64_t *counts, size_t n)
{
	qsort(counts, n, sizeof(*counts), compare_counts);
	return counts[n / 2];
}

static inline int compare_times(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static inline double median_time(double *times, size_t n)
{
	qsort(times, n, sizeof(*times), compare_times);
	return times[n / 2];
}

#endif /* _BENCH_MEDIAN_H */

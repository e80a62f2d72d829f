/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Waiting without sleeping: who races stays on his processor.
 */
#ifndef _KSELFTEST_SPIN_H
#define _KSELFTEST_SPIN_H

#include <time.h>

static inline unsigned long elapsed_us(const struct timespec *from)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)((now.tv_sec - from->tv_sec) * 1000000 +
			       (now.tv_nsec - from->tv_nsec) / 1000);
}

static inline void spin(unsigned long us)
{
	struct timespec from;

	clock_gettime(CLOCK_MONOTONIC, &from);
	while (elapsed_us(&from) < us)
		;
}

#endif /* _KSELFTEST_SPIN_H */

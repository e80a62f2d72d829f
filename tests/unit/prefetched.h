/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before every source of the unit tests (-include): a test that has the function sees
 * what the engine fetches ahead, which nothing else shows.
 */
#ifndef _TESTS_UNIT_PREFETCHED_H
#define _TESTS_UNIT_PREFETCHED_H

void ewx_prefetched(const void *at) __attribute__((weak));

#define __builtin_prefetch(at) (ewx_prefetched ? ewx_prefetched(at) : (void)0)

#endif /* _TESTS_UNIT_PREFETCHED_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which places of the kernel this thread has come to: KCOV of the kernel
 * (Documentation/dev-tools/kcov.rst). EWX's objects are compiled for it, no others.
 *
 * Owns: the set of places reached.
 */
#include <sys/ioctl.h>

#include <linux/kcov.h>

#include "fuzzer.h"

#define WORDS \
	(1u << 18) /* of the kernel's list; what comes after is not in it */
#define PLACES (1u << 16) /* far more than there are */

static uint64_t *list;
static uint64_t places[PLACES];
static unsigned int reached;

int cover_begin(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (ioctl(fd, KCOV_INIT_TRACE, WORDS))
		return -errno;
	list = mmap(NULL, WORDS * sizeof(*list), RW, MAP_SHARED, fd, 0);
	if (list == MAP_FAILED)
		return -errno;
	/* Whatever a target does to all it can, this stays as it is. */
	madvise(list, WORDS * sizeof(*list), MADV_DONTFORK);
	/* It is open as long as the program runs. */
	return ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC) ? -errno : 0;
}

void cover_clear(void)
{
	memset(places, 0, sizeof(places));
	reached = 0;
}

void cover_start(void)
{
	__atomic_store_n(&list[0], 0, __ATOMIC_RELAXED);
}

static bool is_new(uint64_t pc)
{
	unsigned int at = (unsigned int)(pc * 0x9e3779b97f4a7c15ull >> 48);

	for (; places[at % PLACES]; at++)
		if (places[at % PLACES] == pc)
			return false;
	if (reached == PLACES / 2)
		return false;
	places[at % PLACES] = pc;
	return true;
}

unsigned int cover_end(void)
{
	uint64_t n = __atomic_load_n(&list[0], __ATOMIC_RELAXED);
	unsigned int before = reached;

	for (uint64_t i = 1; i <= n && i < WORDS; i++)
		reached += is_new(list[i]);
	return reached - before;
}

unsigned int cover_count(void)
{
	return reached;
}

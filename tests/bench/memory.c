// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory - what the machine's memory takes, which nothing that reads it can be faster than.
 *
 * Prints lines of three fields separated by tabs: what, a number, its unit.
 *
 * read-SIZE	nanoseconds of a read of a random line of so many MB, each of which tells
 *		where the next one is; in pages of 4 KiB, as vmalloc memory has
 * copy		GB of 16 MB each that are copied in a second, to memory that is there
 * copy-fresh	the same to memory that is touched for the first time
 *
 * Rounds of all alternate; the median counts.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "median.h"

#define LINE 64ul
#define MB (1024ul * 1024)
#define READS 200000
#define ROUNDS 11
#define COPY (16 * MB)

static const size_t sizes[] = { 1, 2, 4, 8, 16, 64 };
enum { SIZES = sizeof(sizes) / sizeof(*sizes), COPIES = SIZES, FRESH, KINDS };

static double times[KINDS][ROUNDS];
static char *area[SIZES];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static char *memory(size_t size)
{
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || madvise(at, size, MADV_NOHUGEPAGE))
		err(1, "memory");
	return at;
}

static size_t random_below(size_t n)
{
	static uint64_t seed = 1;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 16) % n;
}

/* Each line holds the number of the next; all are one ring (Sattolo). */
static char *new_ring(size_t size)
{
	char *at = memory(size);
	size_t lines = size / LINE;
	size_t *order = malloc(lines * sizeof(*order));

	if (!order)
		err(1, "memory");
	for (size_t i = 0; i < lines; i++)
		order[i] = i;
	for (size_t i = lines - 1; i; i--) {
		size_t j = random_below(i), kept = order[i];

		order[i] = order[j];
		order[j] = kept;
	}
	for (size_t i = 0; i < lines; i++)
		memcpy(at + LINE * order[i], &order[(i + 1) % lines],
		       sizeof(*order));
	free(order);
	return at;
}

static double time_reads(const char *ring)
{
	size_t at = 0;
	double took;

	for (int i = 0; i < READS; i++)
		memcpy(&at, ring + LINE * at, sizeof(at));
	took = -now();
	for (int i = 0; i < READS; i++)
		memcpy(&at, ring + LINE * at, sizeof(at));
	/* Somebody wants it. */
	__asm__ volatile("" : : "r"(at));
	return (took + now()) / READS;
}

static double time_copy(const char *from, char *to)
{
	double begin = now();

	memcpy(to, from, COPY);
	return (double)COPY / (now() - begin);
}

static void tell(const char *what, int kind, const char *unit)
{
	printf("%s\t%.2f\t%s\n", what, median_time(times[kind], ROUNDS), unit);
}

int main(void)
{
	char *from = memory(COPY), *to = memory(COPY), name[32];

	for (int i = 0; i < SIZES; i++)
		area[i] = new_ring(sizes[i] * MB);
	memset(from, 1, COPY);
	memset(to, 1, COPY);
	for (int round = 0; round < ROUNDS; round++) {
		char *fresh = memory(COPY);

		for (int i = 0; i < SIZES; i++)
			times[i][round] = time_reads(area[i]);
		times[COPIES][round] = time_copy(from, to);
		times[FRESH][round] = time_copy(from, fresh);
		munmap(fresh, COPY);
	}
	for (int i = 0; i < SIZES; i++) {
		sprintf(name, "read-%zuMB", sizes[i]);
		tell(name, i, "ns");
	}
	tell("copy", COPIES, "GB/s");
	tell("copy-fresh", FRESH, "GB/s");
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load - what loading a page into an enclave takes, in instructions.
 *
 * Runs in a guest whose clock counts instructions (tests/vm/run --icount). Loads
 * enclaves of data from anonymous memory, of code from anonymous memory and of
 * code from a private mapping of an ext4 file; 64 pages a call and one page a
 * call. Prints lines of two fields separated by a tab: data-64 and the like, and
 * instructions per page: the median over the calls of several enclaves, the
 * whole system call counted, the source in memory. The first call for an enclave
 * is left out: it is judged anew, while the others repeat it.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include "tests/kselftest/lib/enclave.h"

#define PAGES 1024ul
#define ENCLAVES 5
#define SIZE (PAGES * ENCLAVE_PAGE)
#define SOURCE_FILE "/mnt/ext4/bench-source"

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void load(int fd, const uint8_t *source, uint64_t offset,
		 uint64_t length, uint32_t prot)
{
	int error = enclave_load(fd, source + offset, offset, length, prot,
				 ENCLAVE_LOAD_F_MEASURE, NULL);

	if (error)
		errx(1, "load: %s", strerror(-error));
}

static void measure(const char *what, const uint8_t *source, uint32_t prot,
		    unsigned long batch)
{
	static uint64_t times[ENCLAVES * PAGES];
	const uint64_t length = batch * ENCLAVE_PAGE;
	size_t count = 0;

	for (int n = 0; n < ENCLAVES; n++) {
		int fd = enclave_new(SIZE, 0, 0);

		if (fd < 0)
			errx(1, "a new enclave: %s", strerror(-fd));
		load(fd, source, 0, length, prot);
		for (uint64_t at = length; at < SIZE; at += length) {
			uint64_t begin = __rdtsc();

			load(fd, source, at, length, prot);
			times[count++] = __rdtsc() - begin;
		}
		close(fd);
	}
	qsort(times, count, sizeof(*times), compare);
	printf("%s-%lu\t%.1f\n", what, batch,
	       (double)times[count / 2] / (double)batch);
}

static uint8_t *map_file(void)
{
	int fd = open(SOURCE_FILE, O_RDWR | O_CREAT | O_TRUNC, 0755);
	static uint8_t page[ENCLAVE_PAGE];
	uint8_t *source;

	for (unsigned long n = 0; n < PAGES; n++) {
		memset(page, (int)n | 1, sizeof(page));
		if (fd < 0 || write(fd, page, sizeof(page)) != sizeof(page))
			err(1, SOURCE_FILE);
	}
	close(fd);
	fd = open(SOURCE_FILE, O_RDONLY);
	source = mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (fd < 0 || source == MAP_FAILED)
		err(1, SOURCE_FILE);
	close(fd);
	return source;
}

int main(void)
{
	const unsigned long batches[] = { 64, 1 };
	uint8_t *file = map_file();
	uint8_t *anon = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (anon == MAP_FAILED)
		err(1, "memory");
	memset(anon, 0x90, SIZE);
	for (int i = 0; i < 2; i++) {
		measure("data", anon, ENCLAVE_RW, batches[i]);
		measure("anon", anon, ENCLAVE_RX, batches[i]);
		measure("file", file, ENCLAVE_RX, batches[i]);
	}
	return 0;
}

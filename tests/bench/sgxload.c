// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sgxload - what ADD_PAGES of the SGX driver takes, in instructions a page.
 *
 * Runs in a guest with the software SGX whose clock counts instructions
 * (tests/vm/run --icount). Adds data from anonymous memory, code from anonymous
 * memory and code from a private mapping of an ext4 file; 64 pages a call and one
 * page a call. Prints lines of two fields separated by a tab: data-64 and the
 * like, and instructions a page: the median over the calls for several enclaves,
 * the whole system call counted, the source in memory. The pages are not
 * measured by EEXTEND, whose emulation would drown the rest. The first call for
 * an enclave is left out: it is judged anew, while the others repeat it.
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

#include "tests/kselftest/lib/sgx.h"

#define PAGES 512ul
#define ENCLAVES 2
#define SOURCE_SIZE (PAGES * SGX_PAGE)
#define SOURCE_FILE "/mnt/ext4/bench-source"

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void add(const struct sgx *s, const uint8_t *source, uint64_t offset,
		uint64_t length, unsigned int flags)
{
	uint64_t count = 0;
	int error = sgx_add_pages(s, source + offset, offset, length, flags,
				  false, &count);

	if (error || count != length)
		errx(1, "ADD_PAGES: %s", strerror(-error));
}

static void measure(const char *what, const uint8_t *source, unsigned int flags,
		    unsigned long batch)
{
	static uint64_t times[ENCLAVES * PAGES];
	const uint64_t length = batch * SGX_PAGE;
	size_t count = 0;

	for (int n = 0; n < ENCLAVES; n++) {
		struct sgx s;
		int error = sgx_new_size(&s, 0, SOURCE_SIZE);

		if (error)
			errx(1, "a new enclave: %s", strerror(-error));
		add(&s, source, 0, length, flags);
		for (uint64_t at = length; at < SOURCE_SIZE; at += length) {
			uint64_t begin = __rdtsc();

			add(&s, source, at, length, flags);
			times[count++] = __rdtsc() - begin;
		}
		sgx_close(&s);
	}
	qsort(times, count, sizeof(*times), compare);
	printf("%s-%lu\t%.1f\n", what, batch,
	       (double)times[count / 2] / (double)batch);
}

static uint8_t *map_file(void)
{
	int fd = open(SOURCE_FILE, O_RDWR | O_CREAT | O_TRUNC, 0755);
	static uint8_t page[SGX_PAGE];
	uint8_t *source;

	for (unsigned long n = 0; n < PAGES; n++) {
		memset(page, (int)n | 1, sizeof(page));
		if (fd < 0 || write(fd, page, sizeof(page)) != sizeof(page))
			err(1, SOURCE_FILE);
	}
	close(fd);
	fd = open(SOURCE_FILE, O_RDONLY);
	source = mmap(NULL, SOURCE_SIZE, PROT_READ,
		      MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (fd < 0 || source == MAP_FAILED)
		err(1, SOURCE_FILE);
	close(fd);
	return source;
}

int main(void)
{
	const unsigned long batches[] = { 64, 1 };
	uint8_t *file = map_file();
	uint8_t *anon = mmap(NULL, SOURCE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (anon == MAP_FAILED)
		err(1, "memory");
	memset(anon, 0x90, SOURCE_SIZE);
	for (int i = 0; i < 2; i++) {
		measure("data", anon, SGX_REG | SGX_R | SGX_W, batches[i]);
		measure("anon", anon, SGX_REG | SGX_R | SGX_X, batches[i]);
		measure("file", file, SGX_REG | SGX_R | SGX_X, batches[i]);
	}
	return 0;
}

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
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <x86intrin.h>

#include "median.h"
#include "sources.h"
#include "tests/kselftest/lib/sgx.h"

#define PAGES 512ul
#define ENCLAVES 2
#define SOURCE_SIZE (PAGES * SGX_PAGE)
#define SOURCE_FILE "/mnt/ext4/bench-source"

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
	printf("%s-%lu\t%.1f\n", what, batch,
	       (double)median_count(times, count) / (double)batch);
}

int main(void)
{
	const unsigned long batches[] = { 64, 1 };
	const uint8_t *file = source_file(SOURCE_FILE, PAGES);
	const uint8_t *anon = source_anon(PAGES);

	for (int i = 0; i < 2; i++) {
		measure("data", anon, SGX_REG | SGX_R | SGX_W, batches[i]);
		measure("anon", anon, SGX_REG | SGX_R | SGX_X, batches[i]);
		measure("file", file, SGX_REG | SGX_R | SGX_X, batches[i]);
	}
	return 0;
}

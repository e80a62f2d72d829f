// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load [NODE FILE...] - what loading a page into an enclave takes, in instructions.
 *
 * Runs in a guest whose clock counts instructions (tests/vm/run --icount). Loads
 * enclaves of data from anonymous memory, of code from anonymous memory and of
 * code from a private mapping of an ext4 file; 64 pages a call and one page a
 * call. Prints lines of two fields separated by a tab: data-64 and the like, and
 * instructions per page: the median over the calls of several enclaves, the
 * whole system call counted, the source in memory. The first call for an enclave
 * is left out: it is judged anew, while the others repeat it. Then pages of code from
 * memory and from the file by turns, one page a call: turn-anon-1 and turn-file-1. There
 * no call repeats the one before.
 *
 * With NODE each FILE is written to it before each call of one page, which makes a
 * security module forget what it had remembered; the lines are then cold-data-1 and
 * the like.
 */
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <x86intrin.h>

#include "median.h"
#include "sources.h"
#include "tests/kselftest/lib/enclave.h"

#define PAGES 1024ul
#define ENCLAVES 5
#define SIZE (PAGES * ENCLAVE_PAGE)
#define COLD_CALLS 64ul /* of each of COLD_ENCLAVES */
#define COLD_ENCLAVES 2
#define FILES_MAX 2
#define SOURCE_FILE "/mnt/ext4/bench-source"

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
	printf("%s-%lu\t%.1f\n", what, batch,
	       (double)median_count(times, count) / (double)batch);
}

/* Code from two sources by turns, into the same enclave. */
static void measure_turns(const uint8_t *anon, const uint8_t *file)
{
	static uint64_t times[2][ENCLAVES * PAGES];
	const uint8_t *source[] = { anon, file };
	size_t count = 0;

	for (int n = 0; n < ENCLAVES; n++) {
		int fd = enclave_new(SIZE, 0, 0);
		uint64_t at = 0;

		if (fd < 0)
			errx(1, "a new enclave: %s", strerror(-fd));
		for (; at < SIZE; count++) {
			for (int turn = 0; turn < 2; turn++) {
				uint64_t begin = __rdtsc();

				load(fd, source[turn], at, ENCLAVE_PAGE,
				     ENCLAVE_RX);
				times[turn][count] = __rdtsc() - begin;
				at += ENCLAVE_PAGE;
			}
		}
		close(fd);
	}
	printf("turn-anon-1\t%.1f\n", (double)median_count(times[0], count));
	printf("turn-file-1\t%.1f\n", (double)median_count(times[1], count));
}

/** struct drop - what makes the caches of a security module empty. */
struct drop {
	const char *node;
	struct {
		uint8_t *bytes;
		size_t length;
	} file[FILES_MAX];
	int files;
};

static void read_files(struct drop *d, char **names, int count)
{
	if (count > FILES_MAX)
		errx(2, "more than %d files", FILES_MAX);
	for (; d->files < count; d->files++) {
		int fd = open(names[d->files], O_RDONLY);
		struct stat st;
		void *bytes;

		if (fd < 0 || fstat(fd, &st))
			err(1, "%s", names[d->files]);
		bytes = malloc((size_t)st.st_size);
		if (!bytes || read(fd, bytes, (size_t)st.st_size) != st.st_size)
			err(1, "%s", names[d->files]);
		close(fd);
		d->file[d->files].bytes = bytes;
		d->file[d->files].length = (size_t)st.st_size;
	}
}

static void drop_caches(const struct drop *d)
{
	for (int i = 0; i < d->files; i++) {
		int fd = open(d->node, O_WRONLY);
		const size_t length = d->file[i].length;

		if (fd < 0 ||
		    write(fd, d->file[i].bytes, length) != (ssize_t)length)
			err(1, "%s", d->node);
		if (close(fd))
			err(1, "%s", d->node);
	}
}

static void measure_cold(const struct drop *d, const char *what,
			 const uint8_t *source, uint32_t prot)
{
	uint64_t times[COLD_ENCLAVES * COLD_CALLS];
	size_t count = 0;

	for (int n = 0; n < COLD_ENCLAVES; n++) {
		int fd = enclave_new(SIZE, 0, 0);

		if (fd < 0)
			errx(1, "a new enclave: %s", strerror(-fd));
		for (uint64_t at = 0; at < COLD_CALLS * ENCLAVE_PAGE;
		     at += ENCLAVE_PAGE) {
			uint64_t begin;

			drop_caches(d);
			begin = __rdtsc();
			load(fd, source, at, ENCLAVE_PAGE, prot);
			times[count++] = __rdtsc() - begin;
		}
		close(fd);
	}
	printf("cold-%s-1\t%.1f\n", what, (double)median_count(times, count));
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	const unsigned long batches[] = { 64, 1 };
	struct drop drop = { .node = argv[1] };
	const uint8_t *file = source_file(SOURCE_FILE, PAGES);
	const uint8_t *anon = source_anon(PAGES);

	if (argc > 1) {
		/* Who reads the log of what is dropped does not run before a call ends. */
		if (sched_setscheduler(0, SCHED_FIFO, &first))
			err(1, "sched_setscheduler");
		read_files(&drop, argv + 2, argc - 2);
		measure_cold(&drop, "data", anon, ENCLAVE_RW);
		measure_cold(&drop, "anon", anon, ENCLAVE_RX);
		measure_cold(&drop, "file", file, ENCLAVE_RX);
		return 0;
	}
	for (int i = 0; i < 2; i++) {
		measure("data", anon, ENCLAVE_RW, batches[i]);
		measure("anon", anon, ENCLAVE_RX, batches[i]);
		measure("file", file, ENCLAVE_RX, batches[i]);
	}
	measure_turns(anon, file);
	return 0;
}

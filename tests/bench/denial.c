// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * denial [file] - what loading a page that is denied takes, in instructions.
 *
 * Runs in a guest whose clock counts instructions (tests/vm/run --icount), and runs at
 * a priority of real time, so that nobody who reads the log runs before a call has
 * ended: what is counted is the call with all that it does to write a record. Loads
 * code from anonymous memory; with "file", from a private mapping of an ext4 file.
 * Prints lines of two fields separated by a tab, the median of each kind:
 *
 * new		the same page again, which no module takes for a repetition of the
 *		page before; so few in a while that EWX writes a record of each
 * repeated	page after page, the first of which does not count: EWX counts them
 * flood	the same page again, after so many that EWX leaves records out
 *
 * Every call has to be denied. How many calls there were of each kind is told on
 * stderr, and has to be found in the log by who runs this.
 */
#include <err.h>
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <x86intrin.h>

#include "median.h"
#include "sources.h"
#include "tests/kselftest/lib/enclave.h"

#define PAGES 64ul
#define SIZE (2 * PAGES * ENCLAVE_PAGE)
#define SOURCE_FILE "/mnt/ext4/other-source"

/* EWX's limits: of one asker and kind, and of all, in so many seconds. */
#define OWN 20
#define ALL 500
#define WHILE 5

static uint64_t times[PAGES];

static void tell(const char *what, size_t count)
{
	printf("%s\t%llu\n", what,
	       (unsigned long long)median_count(times, count));
}

static uint64_t denied(int fd, const uint8_t *source, uint64_t offset)
{
	uint64_t begin = __rdtsc();
	int error = enclave_load(fd, source, offset, ENCLAVE_PAGE, ENCLAVE_RX,
				 ENCLAVE_LOAD_F_MEASURE, NULL);
	uint64_t took = __rdtsc() - begin;

	if (error != -EACCES)
		errx(1, "load: %s", strerror(-error));
	return took;
}

static int new_enclave(void)
{
	int fd = enclave_new(SIZE, 0, 0);

	if (fd < 0)
		errx(1, "a new enclave: %s", strerror(-fd));
	return fd;
}

/* What was written is read, and what is limited in a while begins anew. */
static void wait_a_while(void)
{
	sleep(WHILE + 2);
}

static void measure_new(const uint8_t *source)
{
	size_t count = 0;
	int fd = new_enclave();

	while (count < PAGES) {
		wait_a_while();
		/* Not the first one: the code of all this is not in memory yet. */
		denied(fd, source, 0);
		for (int i = 1; i < OWN - 2 && count < PAGES; i++)
			times[count++] = denied(fd, source, 0);
	}
	close(fd);
	tell("new", count);
}

static void measure_repeated(const uint8_t *source)
{
	int fd = new_enclave();

	wait_a_while();
	denied(fd, source, 0);
	for (size_t i = 0; i < PAGES; i++)
		times[i] = denied(fd, source, (i + 1) * ENCLAVE_PAGE);
	close(fd);
	tell("repeated", PAGES);
}

static void measure_flood(const uint8_t *source)
{
	int fd = new_enclave();

	wait_a_while();
	for (int i = 0; i < OWN + ALL; i++)
		denied(fd, source, 0);
	for (size_t i = 0; i < PAGES; i++)
		times[i] = denied(fd, source, 0);
	close(fd);
	wait_a_while();
	tell("flood", PAGES);
}

int main(int argc, char **argv)
{
	const struct sched_param first = { .sched_priority = 1 };
	const uint8_t *source = argc > 1 ? source_file(SOURCE_FILE, 1) :
					   source_anon(1);

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "file"))) {
		fprintf(stderr, "usage: denial [file]\n");
		return 2;
	}
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		err(1, "sched_setscheduler");
	measure_new(source);
	measure_repeated(source);
	measure_flood(source);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swap load A B - milliseconds that the kernel takes to load a binary policy: the
 * median of ROUNDS loads of A and B by turns, so that each replaces another; and of
 * that what it takes to copy the bytes: one more is not there, which ends the call.
 *
 * swap decide A B - nanoseconds of a decision, mapping a page of an enclave for
 * execution, while policies are loaded without a pause, and while the thread that
 * loads them only computes. The reader and that thread have a processor each; rounds
 * alternate, and the median counts.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/kselftest/lib/enclave.h"

#define LOAD "/sys/kernel/security/ewx/load"
#define ROUNDS 11
#define DECISIONS 4000

/** struct blob - a binary policy; behind it nothing can be read. */
struct blob {
	void *bytes;
	size_t size;
};

static struct blob blobs[2];
static atomic_bool swapping, stop;
static atomic_ulong swaps;

static void read_blob(struct blob *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char *at;
	struct stat st;
	size_t room;

	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", path);
	b->size = (size_t)st.st_size;
	room = (b->size + ENCLAVE_PAGE - 1) / ENCLAVE_PAGE * ENCLAVE_PAGE;
	at = mmap(NULL, room + ENCLAVE_PAGE, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED || mprotect(at + room, ENCLAVE_PAGE, PROT_NONE))
		err(1, "mmap");
	b->bytes = at + room - b->size;
	if (read(fd, b->bytes, b->size) != st.st_size)
		err(1, "%s", path);
	close(fd);
}

static void load(const struct blob *b)
{
	int fd = open(LOAD, O_RDWR | O_CLOEXEC);

	if (fd < 0 || write(fd, b->bytes, b->size) != (ssize_t)b->size)
		err(1, LOAD);
	close(fd);
}

static void copy(const struct blob *b)
{
	int fd = open(LOAD, O_RDWR | O_CLOEXEC);

	if (fd < 0 || write(fd, b->bytes, b->size + 1) >= 0 || errno != EFAULT)
		err(1, LOAD);
	close(fd);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof(*times), compare);
	return times[ROUNDS / 2];
}

static void measure_load(void)
{
	double times[ROUNDS], copies[ROUNDS], begin;

	load(&blobs[1]);
	for (int i = 0; i < ROUNDS; i++) {
		begin = now();
		load(&blobs[i % 2]);
		times[i] = now() - begin;
		begin = now();
		copy(&blobs[i % 2]);
		copies[i] = now() - begin;
	}
	printf("%.2f\t%.2f\n", median(times) / 1e6, median(copies) / 1e6);
}

static void run_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "processor %d", processor);
}

static void *swapper(void *arg)
{
	(void)arg;
	run_on(1);
	while (!atomic_load(&stop)) {
		if (atomic_load(&swapping))
			load(&blobs[atomic_fetch_add(&swaps, 1) % 2]);
	}
	return NULL;
}

static int new_enclave(void)
{
	void *page = mmap(NULL, ENCLAVE_PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = enclave_new(ENCLAVE_PAGE, 0, 0);

	if (fd < 0 || page == MAP_FAILED)
		errx(1, "no enclave");
	memset(page, 0xc3, ENCLAVE_PAGE);
	if (enclave_load(fd, page, 0, ENCLAVE_PAGE, ENCLAVE_RX,
			 ENCLAVE_LOAD_F_MEASURE, NULL) ||
	    enclave_init(fd))
		errx(1, "an enclave is not allowed");
	return fd;
}

/* Return: nanoseconds of one decision, with all that mmap() does besides. */
static double decide(int fd)
{
	double begin = now();

	for (int i = 0; i < DECISIONS; i++) {
		void *at =
			enclave_map(fd, 0, ENCLAVE_PAGE, PROT_READ | PROT_EXEC);

		if (at == MAP_FAILED)
			err(1, "a mapping was denied");
		munmap(at, ENCLAVE_PAGE);
	}
	return (now() - begin) / DECISIONS;
}

static void wait_for_swaps(void)
{
	unsigned long before = atomic_load(&swaps);

	while (atomic_load(&swaps) < before + 2)
		;
}

static void measure_decide(void)
{
	double with[ROUNDS], without[ROUNDS];
	unsigned long done;
	pthread_t thread;
	int fd;

	load(&blobs[1]);
	fd = new_enclave();
	run_on(0);
	if (pthread_create(&thread, NULL, swapper, NULL))
		errx(1, "no thread");
	for (int i = 0; i < ROUNDS; i++) {
		without[i] = decide(fd);
		atomic_store(&swapping, true);
		wait_for_swaps();
		with[i] = decide(fd);
		atomic_store(&swapping, false);
	}
	done = atomic_load(&swaps);
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	printf("%.0f\t%.0f\t%lu\n", median(with), median(without), done);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: swap load|decide A B\n");
		return 2;
	}
	read_blob(&blobs[0], argv[2]);
	read_blob(&blobs[1], argv[3]);
	if (!strcmp(argv[1], "load"))
		measure_load();
	else
		measure_decide();
	return 0;
}

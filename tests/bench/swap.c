// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swap load A B - milliseconds that the kernel takes to load a binary policy: the
 * median of ROUNDS loads of A and B by turns, so that each replaces another; and of
 * that what it takes to copy the bytes: one more is not there, which ends the call.
 *
 * swap decide A B - nanoseconds of a decision, mapping a page of an enclave for
 * execution, while another process loads A and B by turns without a pause, and while
 * it loads one of them again and again, which is copied and hashed as well but changes
 * nothing. Reader and loader have a processor each; rounds alternate, and the median
 * counts. The last number is how many policies were replaced meanwhile.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "median.h"
#include "tests/kselftest/lib/enclave.h"

#define LOAD "/sys/kernel/security/ewx/load"
#define ROUNDS 11
#define DECISIONS 4000

/** struct blob - a binary policy; behind it nothing can be read. */
struct blob {
	void *bytes;
	size_t size;
};

/**
 * struct loading - what reader and loader tell each other.
 * @swaps: each load brings another policy; else it is the one that is in force
 * @loads: that have begun
 */
struct loading {
	atomic_bool swaps;
	atomic_ulong loads;
};

static struct blob blobs[2];

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
	printf("%.2f\t%.2f\n", median_time(times, ROUNDS) / 1e6,
	       median_time(copies, ROUNDS) / 1e6);
}

static void run_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "processor %d", processor);
}

/*
 * A process of its own, as one who loads policies is: memory that is taken from the
 * reader's mappings is no concern of its processor. Ends with its parent.
 */
static void start_loader(struct loading *l)
{
	pid_t parent = getpid(), child = fork();
	unsigned int next = 0;

	if (child < 0)
		err(1, "fork");
	if (child)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	run_on(1);
	for (;;) {
		if (atomic_load(&l->swaps))
			next = !next;
		load(&blobs[next]);
		atomic_fetch_add(&l->loads, 1);
	}
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

/* Loads that began before are over, and what they left has settled. */
static void wait_for_loads(struct loading *l)
{
	unsigned long before = atomic_load(&l->loads);

	while (atomic_load(&l->loads) < before + 3)
		;
}

static void measure_decide(void)
{
	double with[ROUNDS], without[ROUNDS];
	unsigned long first, swaps = 0;
	struct loading *l;
	int fd;

	l = mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l == MAP_FAILED)
		err(1, "mmap");
	load(&blobs[0]);
	fd = new_enclave();
	run_on(0);
	start_loader(l);
	for (int i = 0; i < ROUNDS; i++) {
		wait_for_loads(l);
		without[i] = decide(fd);
		atomic_store(&l->swaps, true);
		wait_for_loads(l);
		first = atomic_load(&l->loads);
		with[i] = decide(fd);
		swaps += atomic_load(&l->loads) - first;
		atomic_store(&l->swaps, false);
	}
	printf("%.0f\t%.0f\t%lu\n", median_time(with, ROUNDS),
	       median_time(without, ROUNDS), swaps);
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

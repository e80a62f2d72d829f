// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swap load A B - milliseconds that the kernel takes to load a binary policy: the
 * median of ROUNDS loads of A and B by turns, so that each replaces another; and of
 * that what it takes to copy the bytes: one more is not there, which ends the call.
 *
 * swap decide A B - nanoseconds of a decision: the load of one page of code into an
 * enclave, a call each, by a reader on each processor but the last. There another process
 * loads A and B by turns without a pause ("swaps"); or one of them again and again, which is
 * copied and hashed as well but changes nothing ("same"); or is stopped ("alone"). Rounds
 * of the three alternate. A line for each: its name; the median over the rounds of what a
 * decision took on average, so that those count which are dear because all was forgotten;
 * and of all decisions what one in a hundred exceeded, and the longest. A last line
 * says how many policies were replaced while readers were decided for, how many decisions
 * that were, and by how many readers.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "median.h"
#include "tests/kselftest/lib/enclave.h"

#define LOAD "/sys/kernel/security/ewx/load"
#define ROUNDS 11
#define DECISIONS 4000
#define READERS_MAX 63

/** struct blob - a binary policy; behind it nothing can be read. */
struct blob {
	void *bytes;
	size_t size;
};

/* What the loader does while decisions are timed. */
enum mode { ALONE, SAME, SWAPS, MODES };

static const char *const mode_names[MODES] = { "alone", "same", "swaps" };

/** struct reading - what the decisions of one reader took, in ticks of the TSC. */
struct reading {
	double took[MODES][ROUNDS][DECISIONS];
};

/**
 * struct loading - what readers and loader tell each other.
 * @mode: see there
 * @loads: that have begun
 * @begun: stretches that readers are to have begun
 * @ended: that they have ended, all together
 * @readers: how many
 * @reading: of each
 */
struct loading {
	atomic_int mode;
	atomic_ulong loads;
	atomic_int begun, ended;
	int readers;
	struct reading reading[];
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

/* A process that ends with its parent, on that processor. Return: 0 in it. */
static pid_t start(int processor)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		err(1, "fork");
	if (child)
		return child;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	run_on(processor);
	return 0;
}

/*
 * A process of its own, as one who loads policies is: memory that is taken from the
 * readers' mappings is no concern of its processor.
 */
static pid_t start_loader(struct loading *l)
{
	pid_t child = start(l->readers);
	unsigned int next = 0;

	if (child)
		return child;
	for (;;) {
		if (atomic_load(&l->mode) == SWAPS)
			next = !next;
		load(&blobs[next]);
		atomic_fetch_add(&l->loads, 1);
	}
}

/* One round of one reader. */
static void decide(double *took, const void *page)
{
	int fd = enclave_new(DECISIONS * ENCLAVE_PAGE, 0, 0);
	uint64_t before, after;

	if (fd < 0)
		errx(1, "no enclave: %s", strerror(-fd));
	before = __rdtsc();
	for (uint64_t i = 0; i < DECISIONS; i++) {
		int error = enclave_load(fd, page, i * ENCLAVE_PAGE,
					 ENCLAVE_PAGE, ENCLAVE_RX, 0, NULL);

		if (error)
			errx(1, "a load was denied: %s", strerror(-error));
		after = __rdtsc();
		took[i] = (double)(after - before);
		before = after;
	}
	close(fd);
}

static void wait_until(atomic_int *count, int value)
{
	while (atomic_load(count) < value)
		;
}

/* Reader @r, from one stretch to the next; the first one says when they begin. */
static void start_reader(struct loading *l, int r, const void *page)
{
	if (start(r))
		return;
	for (int n = 0; n < ROUNDS * MODES; n++) {
		wait_until(&l->begun, n + 1);
		decide(l->reading[r].took[n % MODES][n / MODES], page);
		atomic_fetch_add(&l->ended, 1);
	}
	_exit(0);
}

/* Loads that began before are over, and what they left has settled. */
static void begin_mode(struct loading *l, pid_t loader, enum mode mode)
{
	unsigned long before = atomic_load(&l->loads);

	atomic_store(&l->mode, mode);
	if (mode == ALONE) {
		if (kill(loader, SIGSTOP) ||
		    waitpid(loader, NULL, WUNTRACED) != loader)
			err(1, "the loader does not stop");
		return;
	}
	if (kill(loader, SIGCONT))
		err(1, "the loader does not go on");
	while (atomic_load(&l->loads) < before + 3)
		;
}

/* @tick: nanoseconds of one */
static void tell(const struct loading *l, enum mode mode, double tick)
{
	const size_t count = (size_t)l->readers * ROUNDS * DECISIONS;
	double *all = malloc(count * sizeof(*all)), *to = all;
	double mean[ROUNDS] = { 0 };

	if (!all)
		err(1, "memory");
	for (int r = 0; r < l->readers; r++) {
		for (int i = 0; i < ROUNDS; i++) {
			const double *took = l->reading[r].took[mode][i];

			for (int n = 0; n < DECISIONS; n++)
				mean[i] += took[n] / DECISIONS / l->readers;
			memcpy(to, took, DECISIONS * sizeof(*took));
			to += DECISIONS;
		}
	}
	qsort(all, count, sizeof(*all), compare_times);
	printf("%s\t%.0f\t%.0f\t%.0f\n", mode_names[mode],
	       median_time(mean, ROUNDS) * tick, all[count * 99 / 100] * tick,
	       all[count - 1] * tick);
	free(all);
}

static struct loading *new_loading(int readers)
{
	struct loading *l =
		mmap(NULL, sizeof(*l) + (size_t)readers * sizeof(l->reading[0]),
		     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (l == MAP_FAILED)
		err(1, "mmap");
	l->readers = readers;
	return l;
}

static void measure_decide(void)
{
	long readers = sysconf(_SC_NPROCESSORS_ONLN) - 1;
	unsigned long first, swaps = 0;
	uint64_t begin_ticks;
	double begin, tick;
	struct loading *l;
	pid_t loader;
	void *page;

	if (readers < 1 || readers > READERS_MAX)
		errx(1, "%ld readers", readers);
	page = mmap(NULL, ENCLAVE_PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		err(1, "mmap");
	memset(page, 0xc3, ENCLAVE_PAGE);
	l = new_loading((int)readers);
	load(&blobs[0]);
	loader = start_loader(l);
	for (int r = 1; r < readers; r++)
		start_reader(l, r, page);
	run_on(0);
	/* The guest's clock may count no more than its timer's interrupts. */
	begin = now();
	begin_ticks = __rdtsc();
	for (int n = 0; n < ROUNDS * MODES; n++) {
		begin_mode(l, loader, n % MODES);
		first = atomic_load(&l->loads);
		atomic_store(&l->begun, n + 1);
		decide(l->reading[0].took[n % MODES][n / MODES], page);
		if (n % MODES == SWAPS)
			swaps += atomic_load(&l->loads) - first;
		atomic_fetch_add(&l->ended, 1);
		wait_until(&l->ended, (n + 1) * (int)readers);
	}
	tick = (now() - begin) / (double)(__rdtsc() - begin_ticks);
	for (int mode = 0; mode < MODES; mode++)
		tell(l, mode, tick);
	printf("%lu\t%d\t%ld\n", swaps, ROUNDS * DECISIONS, readers);
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

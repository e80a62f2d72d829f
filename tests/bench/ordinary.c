// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ordinary - what calls that have nothing to do with enclaves take, in instructions.
 *
 * Runs in a guest whose clock counts instructions (tests/vm/run --icount). Prints
 * lines of two fields separated by a tab: the call, and the median of its
 * instructions, from a running program to the next instruction of it:
 *
 * mmap-anonymous, mprotect-anonymous	a page of memory of the process alone; the
 *	latter to read-only
 * mmap-file, mprotect-file	four pages of this program, for reading; the latter for
 *	execution
 * exec		vfork(), execve() of this program, which ends at once, and waitpid()
 */
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <x86intrin.h>

#include "median.h"

#define PAGE 4096ul
#define ROUNDS 501
#define EXECS 101

/** struct call - a call and what it took. */
struct call {
	const char *name;
	uint64_t took[ROUNDS];
	size_t count;
};

static void add(struct call *c, uint64_t begin)
{
	c->took[c->count++] = __rdtsc() - begin;
}

static void tell(struct call *c)
{
	printf("%s\t%llu\n", c->name,
	       (unsigned long long)median_count(c->took, c->count));
}

static void map_and_protect(struct call *map, struct call *protect, int fd,
			    size_t size, int changed)
{
	int flags = MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0);
	int prot = PROT_READ | (fd < 0 ? PROT_WRITE : 0);

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t begin = __rdtsc();
		void *at = mmap(NULL, size, prot, flags, fd, 0);

		add(map, begin);
		if (at == MAP_FAILED)
			err(1, "%s", map->name);
		begin = __rdtsc();
		if (mprotect(at, size, changed))
			err(1, "%s", protect->name);
		add(protect, begin);
		munmap(at, size);
	}
	tell(map);
	tell(protect);
}

/* Return: whether the program ran to its end. */
static bool run_once(const char *self)
{
	pid_t child = vfork();
	int status;

	if (!child) {
		execl(self, self, "end", NULL);
		_exit(1);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

static void run_programs(const char *self)
{
	static struct call exec = { .name = "exec" };

	for (int i = 0; i < EXECS; i++) {
		uint64_t begin = __rdtsc();

		if (!run_once(self))
			err(1, "%s", self);
		add(&exec, begin);
	}
	tell(&exec);
}

int main(int argc, char **argv)
{
	static struct call call[4] = { { .name = "mmap-anonymous" },
				       { .name = "mprotect-anonymous" },
				       { .name = "mmap-file" },
				       { .name = "mprotect-file" } };
	int fd;

	if (argc > 1 && !strcmp(argv[1], "end"))
		return 0;
	fd = open(argv[0], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", argv[0]);
	map_and_protect(&call[0], &call[1], -1, PAGE, PROT_READ);
	map_and_protect(&call[2], &call[3], fd, 4 * PAGE,
			PROT_READ | PROT_EXEC);
	run_programs(argv[0]);
	return 0;
}

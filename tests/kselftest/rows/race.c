// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that change a source while it is loaded, and one that does not come; see
 * race.h.
 */
#include <linux/userfaultfd.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "race.h"
#include "rows.h"
#include "spin.h"

/* Of tests/vm/run: in the guest the kernel's name is in the environment. */
bool race_machine_is(const char *name)
{
	const char *machine = getenv("EWX_MACHINE");

	return machine && !strcmp(machine, name);
}

unsigned int race_rounds(unsigned int normal)
{
	const char *s = getenv("ROWS_ROUNDS");

	if (s)
		return (unsigned int)atoi(s);
	return race_machine_is("debug") ? normal * 3 / 10 : normal;
}

void race_stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * Loads fail while a source is as it should not be: leave them time in between,
 * but do not sleep.
 */
static void pause_a_little(void)
{
	spin(20 + rand() % 300);
}

/* An attempt that began before this ends, then one more. */
static void let_one_load(struct race *r)
{
	const unsigned int before = r->tries;

	while (!r->stop && r->tries - before < 2)
		sched_yield();
	r->left += r->tries - before >= 2;
}

void *race_remapper(void *arg)
{
	struct race *r = arg;
	int file = open(r->path, O_RDONLY | O_CLOEXEC);

	race_stay_on(1);
	while (!r->stop) {
		mmap(r->at, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
		r->at[0] = 0xee;
		mmap(r->at, PAGE, RW, MAP_PRIVATE | MAP_FIXED, file, 0);
		/*
		 * A provider may hold mmap_lock from the judgement on: then only
		 * this write, which needs none, puts another page in the place
		 * of one that was judged. Leave time to judge it.
		 */
		pause_a_little();
		r->at[1] = 0xee;
		munmap(r->at, PAGE);
		mmap(r->at, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
		if (r->counted && !(rand() & 7))
			let_one_load(r);
		else
			pause_a_little();
	}
	close(file);
	return NULL;
}

void *race_unmapper(void *arg)
{
	struct race *r = arg;
	const size_t size = r->pages * PAGE;
	int file = open(r->path, O_RDONLY | O_CLOEXEC);

	race_stay_on(1);
	while (!r->stop) {
		munmap(r->at, size);
		sched_yield();
		mmap(r->at, size, PROT_READ, MAP_PRIVATE | MAP_FIXED, file,
		     size);
	}
	close(file);
	return NULL;
}

void *race_rewriter(void *arg)
{
	struct race *r = arg;
	uint8_t a[PAGE], b[PAGE];

	race_stay_on(1);
	memset(a, 'a', PAGE);
	memset(b, 'b', PAGE);
	while (!r->stop) {
		int file = open(r->path, O_WRONLY | O_CLOEXEC);

		if (file < 0) {
			r->busy += errno == ETXTBSY;
		} else {
			if (r->write && (pwrite(file, a, PAGE, 0) < 0 ||
					 pwrite(file, b, PAGE, 0) < 0))
				perror("pwrite");
			else
				r->written += r->write;
			close(file);
		}
		pause_a_little();
	}
	return NULL;
}

void race_until_written(const struct race *r)
{
	const unsigned int before = r->written;

	while (r->written == before)
		sched_yield();
}

void *race_swapper(void *arg)
{
	struct race_swap *s = arg;

	race_stay_on(1);
	while (!s->stop) {
		memcpy(s->target, s->a, s->size);
		sched_yield();
		memcpy(s->target, s->b, s->size);
		/* Time to have it copied as a whole. */
		sched_yield();
	}
	return NULL;
}

int race_stall(uint8_t *at, uint8_t **page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api))
		return -errno;
	*page = mmap(at, PAGE, RW,
		     MAP_PRIVATE | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);
	reg.range.start = (uintptr_t)*page;
	reg.range.len = PAGE;
	return ioctl(fd, UFFDIO_REGISTER, &reg) ? -errno : fd;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses, lengths and pointers, right and wrong; the calls that take them and are
 * not a device's own.
 *
 * What is asked of the kernel may be anything. What is done to this program may not:
 * nothing is mapped or changed outside the area.
 */
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "memory.h"

#define AREA_PAGES ((ENCLAVES + 1) * WINDOW_PAGES)
#define AREA_SIZE (AREA_PAGES * PAGE)
#define AREA 0x10000000000ul /* far from where the kernel puts mappings */

struct memory memory;
/* A page, and nothing behind it. */
static uint8_t *room;

int memory_open(void)
{
	if (memory.area)
		return 0;
	room = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		return -ENOMEM;
	munmap(room + PAGE, PAGE);
	/*
	 * Nothing is mapped there: what is, mprotect() would make memory of this
	 * program's own, which no rule is about.
	 */
	memory.area = (uint8_t *)AREA;
	for (unsigned int i = 0; i < ENCLAVES; i++)
		memory.fd[i] = -1;
	return sources_make() ?: sources_open(&memory.source);
}

void memory_clear(void)
{
	for (unsigned int i = 0; i < ENCLAVES; i++) {
		if (memory.fd[i] >= 0)
			close(memory.fd[i]);
		memory.fd[i] = -1;
	}
	memory.forked = false;
	munmap(memory.area, AREA_SIZE);
}

uint64_t step_length(const struct step *s)
{
	const uint64_t lengths[] = {
		0,
		1,
		PAGE - 1,
		PAGE + 1,
		WINDOW_PAGES * PAGE,
		(WINDOW_PAGES + 1) * PAGE,
		1ull << 40,
		1ull << 63,
		-PAGE,
		~0ull,
	};

	if (s->odd & ODD_LENGTH)
		return lengths[s->value % (sizeof(lengths) / sizeof(*lengths))];
	return (1 + s->pages % 3) * PAGE;
}

uint64_t step_offset(const struct step *s)
{
	const uint64_t at = s->page % PAGES * PAGE;
	const uint64_t offsets[] = {
		at + 1,	    (PAGES - 1) * PAGE, PAGES * PAGE, 1ull << 32,
		1ull << 39, 1ull << 63,		-PAGE,	      ~0ull,
	};

	if (s->odd & ODD_OFFSET)
		return offsets[(s->value >> 4) %
			       (sizeof(offsets) / sizeof(*offsets))];
	return at;
}

uint32_t step_prot(const struct step *s)
{
	return s->odd & ODD_PROT ? s->value : s->prot % 8;
}

int step_fd(const struct step *s)
{
	return memory.fd[s->who % ENCLAVES];
}

uint8_t *step_window(const struct step *s)
{
	return memory.area + s->who / 4 % ENCLAVES * WINDOW_PAGES * PAGE;
}

uint8_t *step_address(const struct step *s)
{
	return step_window(s) + s->page % PAGES * PAGE +
	       (s->odd & ODD_ADDRESS ? s->value % PAGE : 0);
}

const void *step_source(const struct step *s)
{
	const unsigned int kind = s->from % STEP_SOURCES;
	const void *const others[] = {
		NULL,
		step_address(s),
		(const void *)0xffffffff81000000ul,
		(const void *)0x800000000000ul,
		room,
		room + 8,
	};

	if (kind >= SOURCES)
		return others[kind - SOURCES];
	return memory.source.source[kind] + s->page % PAGES * PAGE;
}

/* Of a call that changes memory: what is behind the area is this program's. */
static size_t within(const uint8_t *at, uint64_t length)
{
	const size_t most = memory.area + AREA_SIZE - at;

	return length < most ? length : most;
}

int step_control(const struct step *s, unsigned long request, void *arg,
		 size_t size)
{
	uint8_t *const places[] = {
		NULL,
		(uint8_t *)0xffffffff81000000ul,
		(uint8_t *)0x800000000000ul,
		room + 3,
		room + PAGE - 4, /* its end is not there */
		step_address(s),
	};
	uint8_t *at = room;
	int err;

	if (s->odd & ODD_ARGUMENT)
		at = places[(s->value >> 12) %
			    (sizeof(places) / sizeof(*places))];
	if (at == room || at == room + 3)
		memcpy(at, arg, size);
	err = ioctl(step_fd(s), request, at) < 0 ? -errno : 0;
	if (at == room)
		memcpy(arg, at, size);
	return err;
}

static int result(long value)
{
	return value < 0 ? -errno : 0;
}

static int do_map(const struct step *s)
{
	static const int kinds[] = { MAP_PRIVATE, MAP_SHARED_VALIDATE,
				     MAP_SHARED_VALIDATE | MAP_SYNC, 0 };
	static const int more[] = { 0,
				    0,
				    0,
				    0,
				    MAP_POPULATE,
				    MAP_LOCKED,
				    MAP_NORESERVE,
				    MAP_GROWSDOWN };
	uint8_t *const want = step_address(s);
	uint64_t length = step_length(s), offset = step_offset(s);
	int flags = MAP_SHARED;
	uint8_t *at;

	if (s->odd & ODD_FLAGS)
		flags = kinds[(s->value >> 8) % 4];
	flags |= more[s->flags % 8];
	if (!memory.offsets && !(s->odd & ODD_OFFSET))
		offset = 0;
	if (length <= within(want, length))
		flags |= MAP_FIXED;
	at = mmap(want, length, (int)(step_prot(s) & 0xff), flags, step_fd(s),
		  (off_t)offset);
	if (at == MAP_FAILED)
		return -errno;
	/* It is where nobody looks. */
	if (!(flags & MAP_FIXED))
		munmap(at, length);
	return 0;
}

static int do_protect(const struct step *s)
{
	uint8_t *at = step_address(s);

	return result(mprotect(at, within(at, step_length(s)),
			       (int)(step_prot(s) & 0xff)));
}

static int do_unmap(const struct step *s)
{
	uint8_t *at = step_address(s);

	return result(munmap(at, within(at, step_length(s))));
}

/* Within a window, where it may be over what is there; or bigger; or a second one. */
static int do_move(const struct step *s)
{
	uint8_t *from = step_address(s), *at;
	uint8_t *to = step_window(s) + s->from % PAGES * PAGE;
	const size_t old = s->flags % 3 ? PAGE : 0;
	const int flags = MREMAP_MAYMOVE | (s->flags & 4 ? MREMAP_FIXED : 0) |
			  (s->flags & 8 && old ? MREMAP_DONTUNMAP : 0);

	at = mremap(from, old, within(from, step_length(s)), flags, to);
	if (at == MAP_FAILED)
		return -errno;
	if (at < memory.area || at >= memory.area + AREA_SIZE)
		munmap(at, within(from, step_length(s)));
	return 0;
}

static int do_advise(const struct step *s)
{
	static const int advices[] = {
		MADV_DONTNEED,	    MADV_WILLNEED,	 MADV_DOFORK,
		MADV_COLD,	    MADV_REMOVE,	 MADV_PAGEOUT,
		MADV_MERGEABLE,	    MADV_HUGEPAGE,	 MADV_WIPEONFORK,
		MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_KEEPONFORK,
		MADV_DONTFORK,
	};
	uint8_t *at = step_address(s);

	return result(madvise(
		at, within(at, step_length(s)),
		advices[s->flags % (sizeof(advices) / sizeof(*advices))]));
}

static int do_debug(const struct step *s)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC), err;
	const off_t at = (off_t)(uintptr_t)step_address(s);
	uint8_t byte[8];

	if (fd < 0)
		return -errno;
	err = s->flags & 1 ? result(pread(fd, byte, sizeof(byte), at)) :
			     result(pwrite(fd, bad_page(), 8, at));
	close(fd);
	return err;
}

static int do_vector(const struct step *s)
{
	uint8_t bytes[64];
	struct iovec here = { bytes, sizeof(bytes) };
	struct iovec there = { step_address(s), 1 + s->value % sizeof(bytes) };

	memcpy(bytes, bad_page(), sizeof(bytes));
	return result(
		s->flags & 1 ?
			process_vm_readv(getpid(), &here, 1, &there, 1, 0) :
			process_vm_writev(getpid(), &here, 1, &there, 1, 0));
}

/* One, which ends at once: what it has of the enclave's mappings begins and ends. */
static int do_fork(const struct step *s)
{
	pid_t pid;

	(void)s;
	if (memory.forked)
		return -EAGAIN;
	memory.forked = true;
	pid = fork();
	if (!pid)
		_exit(0);
	return pid < 0 ? -errno : result(waitpid(pid, NULL, 0));
}

int memory_step(const struct step *s)
{
	static int (*const calls[])(const struct step *s) = {
#define MEMORY_CALL(NAME, name, weight) do_##name,
		MEMORY_STEPS(MEMORY_CALL)
#undef MEMORY_CALL
	};

	return calls[s->op](s);
}

void device_put(const struct device *d, const uint8_t *data, size_t size,
		const char *const *wrong)
{
	for (; size >= sizeof(struct step) && !*wrong;
	     data += sizeof(struct step), size -= sizeof(struct step)) {
		struct step s;

		memcpy(&s, data, sizeof(s));
		s.op %= d->ops;
		tally_up(s.op < MEMORY_OPS ? memory_step(&s) :
					     d->calls[s.op](&s));
	}
}

/* Whose steps are mutated. */
static const struct device *device;

static void any_step(uint8_t *at, uint64_t *random)
{
	struct step s;
	unsigned int all = 0, n, op;

	for (size_t i = 0; i < sizeof(s); i++)
		((uint8_t *)&s)[i] = (uint8_t)below(random, 256);
	/* Most is as it should be, or nothing would ever come about. */
	s.odd = below(random, 4) ? 0 : (uint8_t)(1u << below(random, 8));
	if (below(random, 4))
		s.from = below(random, 2) ? GOOD :
					    (uint8_t)below(random, SOURCES);
	if (below(random, 4))
		s.prot = below(random, 2) ? RX : RW;
	if (below(random, 4))
		s.who = 0;
	for (op = 0; op < device->ops; op++)
		all += device->weights[op];
	n = below(random, all);
	for (op = 0; n >= device->weights[op]; op++)
		n -= device->weights[op];
	s.op = (uint8_t)op;
	memcpy(at, &s, sizeof(s));
}

size_t device_mutate(const struct device *d, uint8_t *data, size_t size,
		     uint64_t *random)
{
	device = d;
	return steps_mutate(data, size, random, sizeof(struct step), STEPS_MAX,
			    any_step);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the pages of enclaves come from.
 *
 * Owns: one mapping of PAGES pages per kind of source. All but GOOD hold code that
 * nothing allows to execute; FLIPPED and REWRITTEN hold the one or the other, while
 * they are used.
 */
#include <sys/mount.h>

#include "../kselftest/rows/fuse.h"
#include "sequences.h"

#define GOOD_FILE ALLOWED_DIR "/sequences"
#define SHARED_FILE ALLOWED_DIR "/sequences-shared"
#define OTHER_FILE OTHER_DIR "/sequences"
#define UNMEASURED_FILE ALLOWED_DIR "/sequences-unmeasured"
#define REWRITTEN_FILE ALLOWED_DIR "/sequences-rewritten"
#define NOEXEC_DIR ALLOWED_DIR "/noexec"
#define NOEXEC_FILE NOEXEC_DIR "/sequences"
#define LENGTH (PAGES * PAGE)

/* mov eax, BAD_VALUE; ret */
const uint8_t *bad_page(void)
{
	static uint8_t page[PAGE] __attribute__((aligned(4096)));
	static const uint8_t code[] = {
		0xb8, BAD_VALUE & 0xff, BAD_VALUE >> 8, 0, 0, 0xc3
	};

	if (!page[0]) {
		memset(page, 0xcc, sizeof(page));
		memcpy(page, code, sizeof(code));
	}
	return page;
}

static void fill_bad(uint8_t *to)
{
	for (unsigned int i = 0; i < PAGES; i++)
		memcpy(to + i * PAGE, bad_page(), PAGE);
}

/* Close it too. */
static int write_bad(int fd)
{
	int err = fd < 0 ? -errno : 0;

	for (unsigned int i = 0; i < PAGES && !err; i++)
		if (write(fd, bad_page(), PAGE) != (ssize_t)PAGE)
			err = -EIO;
	close(fd);
	return err;
}

static int bad_file(const char *path)
{
	return write_bad(
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
}

/* A file in the allowed folder, on a mount of which nothing executes. */
static int noexec_file(void)
{
	/* Of an earlier target of the same program. */
	umount2(NOEXEC_DIR, MNT_DETACH);
	if (mkdir(NOEXEC_DIR, 0755) && errno != EEXIST)
		return -errno;
	if (mount("none", NOEXEC_DIR, "tmpfs", MS_NOEXEC, NULL))
		return -errno;
	return bad_file(NOEXEC_FILE);
}

/* A file of one page whose server changes it before anybody has read it. */
static int served_file(void)
{
	struct fuse f;
	int err = fuse_begin(&f);

	return err ? err : fuse_tell(&f, FUSE_CHANGE);
}

int sources_make(void)
{
	int err = code_file(GOOD_FILE, PAGES);

	if (!err)
		err = code_file(REWRITTEN_FILE, PAGES);
	if (!err && mkdir(OTHER_DIR, 0755) && errno != EEXIST)
		err = -errno;
	if (!err)
		err = bad_file(SHARED_FILE);
	if (!err)
		err = bad_file(UNMEASURED_FILE);
	if (!err)
		err = noexec_file();
	if (!err)
		err = served_file();
	return err ? err : bad_file(OTHER_FILE);
}

/* In the allowed folder, and in none. */
static uint8_t *unlinked(void)
{
	int fd = open(ALLOWED_DIR, O_TMPFILE | O_RDWR | O_CLOEXEC, 0755);
	uint8_t *at = MAP_FAILED;

	if (fd >= 0)
		at = mmap(NULL, LENGTH, PROT_READ, MAP_PRIVATE, fd, 0);
	return write_bad(fd) ? MAP_FAILED : at;
}

/* Its page, again and again. */
static uint8_t *served(void)
{
	int fd = open(FUSE_FILE, O_RDONLY | O_CLOEXEC);
	uint8_t *at = mmap(NULL, LENGTH, PROT_READ, MAP_PRIVATE, fd, 0);

	for (unsigned int i = 1; i < PAGES && at != MAP_FAILED; i++)
		if (mmap(at + i * PAGE, PAGE, PROT_READ,
			 MAP_PRIVATE | MAP_FIXED, fd, 0) == MAP_FAILED)
			at = MAP_FAILED;
	close(fd);
	return at;
}

static uint8_t *memfd(void)
{
	int fd = memfd_create("sequences", MFD_CLOEXEC);
	uint8_t *at;

	if (fd < 0 || ftruncate(fd, LENGTH))
		return MAP_FAILED;
	at = mmap(NULL, LENGTH, RW, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		fill_bad(at);
	return at;
}

static uint8_t *anonymous(void)
{
	uint8_t *at =
		mmap(NULL, LENGTH, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at != MAP_FAILED)
		fill_bad(at);
	return at;
}

static uint8_t *modified(void)
{
	uint8_t *at = file_map(GOOD_FILE, PAGES, RW, MAP_PRIVATE);

	if (at != MAP_FAILED) {
		fill_bad(at);
		mprotect(at, LENGTH, PROT_READ);
	}
	return at;
}

int sources_open(struct stage *s)
{
	s->source[GOOD] = file_map(GOOD_FILE, PAGES, PROT_READ, MAP_PRIVATE);
	s->source[MODIFIED] = modified();
	s->source[ANONYMOUS] = anonymous();
	s->source[OTHER] = file_map(OTHER_FILE, PAGES, PROT_READ, MAP_PRIVATE);
	s->source[MEMFD] = memfd();
	s->source[SHARED] = file_map(SHARED_FILE, PAGES, RW, MAP_SHARED);
	s->source[FLIPPED] = anonymous();
	s->source[UNLINKED] = unlinked();
	s->source[UNMEASURED] =
		file_map(UNMEASURED_FILE, PAGES, PROT_READ, MAP_PRIVATE);
	s->source[REWRITTEN] =
		file_map(REWRITTEN_FILE, PAGES, PROT_READ, MAP_PRIVATE);
	s->source[NOEXEC] =
		file_map(NOEXEC_FILE, PAGES, PROT_READ, MAP_PRIVATE);
	s->source[SERVED] = served();
	for (unsigned int i = 0; i < ALL_SOURCES; i++)
		if (s->source[i] == MAP_FAILED)
			return -ENOMEM;
	return 0;
}

/* Another mapping where one was. */
static void put(uint8_t *at, const char *path, int prot)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	mmap(at, PAGE, prot,
	     MAP_FIXED | MAP_PRIVATE | (path ? 0 : MAP_ANONYMOUS), fd, 0);
	if (fd >= 0)
		close(fd);
}

/* Other code for a moment, in which it is open for writing. */
static void rewrite(const struct stage *s, unsigned int page)
{
	const off_t at = (off_t)(page * PAGE);
	int fd = open(REWRITTEN_FILE, O_WRONLY | O_CLOEXEC);

	/* Not everybody may, and not while a page of it is loaded. */
	if (fd < 0)
		return;
	if (pwrite(fd, bad_page(), PAGE, at) < 0 ||
	    pwrite(fd, s->source[GOOD] + at, PAGE, at) != (ssize_t)PAGE)
		abort();
	close(fd);
}

void sources_churn(struct stage *s, uint64_t *random)
{
	const unsigned int page = below(random, PAGES);
	uint8_t *at = s->source[FLIPPED] + page * PAGE;

	switch (below(random, 6)) {
	case 0:
		put(at, GOOD_FILE, PROT_READ);
		break;
	case 1:
		put(at, NULL, RW);
		guarded(NULL, at, bad_page());
		break;
	case 2: /* GOOD's still, and may be written to any time */
		put(at, GOOD_FILE, RW);
		break;
	case 3:
		if (!guarded(NULL, at, bad_page()).ended)
			mprotect(at, PAGE, PROT_READ);
		break;
	case 4:
		rewrite(s, page);
		break;
	default:
		put(at, OTHER_FILE, PROT_READ);
	}
}

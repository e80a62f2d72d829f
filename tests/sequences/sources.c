// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the pages of enclaves come from.
 *
 * Owns: one mapping of PAGES pages per kind of source. All but GOOD hold code that
 * nothing allows to execute; FLIPPED holds the one or the other, while it is used.
 */
#include "sequences.h"

#define GOOD_FILE ALLOWED_DIR "/sequences"
#define SHARED_FILE ALLOWED_DIR "/sequences-shared"
#define OTHER_FILE OTHER_DIR "/sequences"
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

static int bad_file(const char *path)
{
	int err = code_file(path, PAGES);
	uint8_t *at;

	if (err)
		return err;
	at = file_map(path, PAGES, RW, MAP_SHARED);
	if (at == MAP_FAILED)
		return -errno;
	fill_bad(at);
	munmap(at, LENGTH);
	return 0;
}

int sources_make(void)
{
	int err = code_file(GOOD_FILE, PAGES);

	if (!err)
		err = bad_file(SHARED_FILE);
	return err ? err : bad_file(OTHER_FILE);
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
	for (unsigned int i = 0; i < SOURCES; i++)
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

void sources_churn(struct stage *s, uint64_t *random)
{
	uint8_t *at = s->source[FLIPPED] + below(random, PAGES) * PAGE;

	switch (below(random, 4)) {
	case 0:
		put(at, GOOD_FILE, PROT_READ);
		break;
	case 1:
		put(at, NULL, RW);
		guarded(NULL, at, bad_page());
		break;
	case 2: /* written, after it was GOOD's */
		put(at, GOOD_FILE, RW);
		guarded(NULL, at, bad_page());
		mprotect(at, PAGE, PROT_READ);
		break;
	default:
		put(at, OTHER_FILE, PROT_READ);
	}
}

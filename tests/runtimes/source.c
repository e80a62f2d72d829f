// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory that enclave pages are copied from.
 *
 * Owns: the code's file, and one way of getting its bytes into memory for each
 * kind of source that runtimes have. Knows no driver.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "replay.h"
#include "sgx.h"

void code_page(uint32_t n, uint8_t page[PAGE])
{
	uint32_t value = CODE_VALUE + n;

	if (n == ENTRY_PAGE) {
		memcpy(page, sgx_code(), PAGE);
		return;
	}
	/* mov $value, %eax; ret */
	memset(page, 0xcc, PAGE);
	page[0] = 0xb8;
	memcpy(page + 1, &value, sizeof(value));
	page[5] = 0xc3;
}

int code_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	uint8_t page[PAGE];
	int err = 0;

	if (fd < 0)
		return -errno;
	for (uint32_t i = 0; i < CODE_PAGES && !err; i++) {
		code_page(i, page);
		if (write(fd, page, PAGE) != (ssize_t)PAGE)
			err = -EIO;
	}
	return close(fd) && !err ? -errno : err;
}

static int from_file(const char *code, const struct step *s, load_fn load)
{
	int prot = PROT_READ | (s->source == SOURCE_READONLY ? 0 : PROT_WRITE);
	int fd = open(code, O_RDONLY | O_CLOEXEC);
	uint8_t *p;
	int err;

	if (fd < 0)
		return -errno;
	p = mmap(NULL, CODE_PAGES * PAGE, prot, MAP_PRIVATE, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return -errno;
	for (uint32_t i = 0; s->source == SOURCE_MODIFIED && i < s->pages; i++)
		memset(p + (s->file_page + i + 1) * PAGE - 256, 0, 256);
	err = load(s, p + s->file_page * PAGE, s->at, s->pages);
	munmap(p, CODE_PAGES * PAGE);
	return err;
}

static void fill(const struct step *s, uint8_t *to)
{
	for (uint32_t i = 0; i < s->pages; i++)
		code_page(s->file_page + i, to + i * PAGE);
}

static int from_mapping(const struct step *s, load_fn load)
{
	bool zero = s->source == SOURCE_ZERO;
	size_t size = s->pages * PAGE;
	uint8_t *p = mmap(NULL, size, PROT_READ | (zero ? 0 : PROT_WRITE),
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int err;

	if (p == MAP_FAILED)
		return -errno;
	if (!zero)
		fill(s, p);
	err = load(s, p, s->at, s->pages);
	munmap(p, size);
	return err;
}

static int from_heap(const struct step *s, load_fn load)
{
	uint8_t *p = aligned_alloc(PAGE, s->pages * PAGE);
	int err;

	if (!p)
		return -ENOMEM;
	fill(s, p);
	err = load(s, p, s->at, s->pages);
	free(p);
	return err;
}

static int from_stack(const struct step *s, load_fn load)
{
	uint8_t page[PAGE] __attribute__((aligned(4096)));
	int err = 0;

	for (uint32_t i = 0; i < s->pages && !err; i++) {
		code_page(s->file_page + i, page);
		err = load(s, page, s->at + i, 1);
	}
	return err;
}

int source_load(const char *code, const struct step *step, load_fn load)
{
	switch (step->source) {
	case SOURCE_FILE:
	case SOURCE_READONLY:
	case SOURCE_MODIFIED:
		return from_file(code, step, load);
	case SOURCE_HEAP:
		return from_heap(step, load);
	case SOURCE_STACK:
		return from_stack(step, load);
	default:
		return from_mapping(step, load);
	}
}

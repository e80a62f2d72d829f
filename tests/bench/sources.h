/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is loaded into enclaves: pages of anonymous memory and of a file, in memory. */
#ifndef _BENCH_SOURCES_H
#define _BENCH_SOURCES_H

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SOURCE_PAGE 4096ul

static inline uint8_t *source_anon(size_t pages)
{
	const size_t size = pages * SOURCE_PAGE;
	uint8_t *source = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
			       0);

	if (source == MAP_FAILED)
		err(1, "memory");
	return memset(source, 0x90, size);
}

/* A private mapping of @path, which is made for it. */
static inline uint8_t *source_file(const char *path, size_t pages)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0755);
	uint8_t page[SOURCE_PAGE], *source;

	for (size_t n = 0; n < pages; n++) {
		memset(page, (int)n | 1, sizeof(page));
		if (fd < 0 || write(fd, page, sizeof(page)) != sizeof(page))
			err(1, "%s", path);
	}
	close(fd);
	fd = open(path, O_RDONLY);
	source = mmap(NULL, pages * SOURCE_PAGE, PROT_READ,
		      MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (fd < 0 || source == MAP_FAILED)
		err(1, "%s", path);
	close(fd);
	return source;
}

#endif /* _BENCH_SOURCES_H */

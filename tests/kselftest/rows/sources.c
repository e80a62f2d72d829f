// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that are no unmodified page of an allowed file; see sources.h.
 */
#include <linux/perf_event.h>
#include <sys/auxv.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#include "rows.h"
#include "sources.h"

#define UPROBE_TYPE	"/sys/bus/event_source/devices/uprobe/type"

/* Code into a page that can be written to. */
static void *filled(void *page)
{
	if (page != MAP_FAILED)
		code_fill(page, 1);
	return page;
}

void *source_memfd(int *fd)
{
	uint8_t code[PAGE];

	code_fill(code, 1);
	*fd = memfd_create("source", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*fd < 0 || write(*fd, code, PAGE) != (ssize_t)PAGE)
		return MAP_FAILED;
	return mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, *fd, 0);
}

void *source_shm(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	void *page;

	if (id < 0)
		return MAP_FAILED;
	page = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	return filled(page);
}

void *source_shared(void)
{
	return filled(mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

void *source_zero(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	return page == MAP_FAILED || peek(page) ? MAP_FAILED : page;
}

void *source_dev_zero(void)
{
	return file_map("/dev/zero", 1, PROT_READ, MAP_PRIVATE);
}

void *source_huge(void)
{
	int pages = open("/proc/sys/vm/nr_hugepages", O_WRONLY | O_CLOEXEC);

	if (pages < 0)
		return MAP_FAILED;
	if (write(pages, "4", 1) != 1)
		perror("nr_hugepages");
	close(pages);
	return filled(mmap(NULL, SOURCE_HUGE, RW,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0));
}

void *source_secret(void)
{
	int fd = syscall(SYS_memfd_secret, 0);
	void *page;

	if (fd < 0 || ftruncate(fd, PAGE))
		return MAP_FAILED;
	page = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	close(fd);
	return filled(page);
}

void *source_vdso(void)
{
	const uintptr_t at = getauxval(AT_SYSINFO_EHDR);

	return at ? (void *)at : MAP_FAILED;
}

void *source_of_9p(void)
{
	char self[4096], more[4300];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return MAP_FAILED;
	self[n] = '\0';
	snprintf(more, sizeof(more), "source program { path \"%s\"; }", self);
	if (policy_load("allow create; for any { allow init; }"
			"allow exec_file from program;", more))
		return MAP_FAILED;
	return file_map(self, 1, PROT_READ, MAP_PRIVATE);
}

void *source_below_stack(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	uintptr_t start = 0;
	char line[512];

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]"))
			start = strtoul(line, NULL, 16);
	if (maps)
		fclose(maps);
	return start ? (void *)(start - PAGE) : MAP_FAILED;
}

int source_probe(const char *path)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.uprobe_path = (uintptr_t)path,
	};
	char type[16] = "";
	ssize_t n = read_file(UPROBE_TYPE, type, sizeof(type) - 1);
	int fd;

	if (n < 0)
		return n;
	attr.type = strtoul(type, NULL, 10);
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1,
		     PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

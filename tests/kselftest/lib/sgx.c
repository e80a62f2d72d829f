// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/sgx_enclave for tests: the driver's calls and the mapping.
 *
 * Owns: ioctls and addresses. Knows nothing of what runs inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <asm/sgx.h>

#include "sgx_sign.h"

#define XFRM_LEGACY	3	/* x87 and SSE, as every enclave must */
#define SSA_PAGES	1

/* SECS, SDM 38.7: the fields that are not 0. */
struct secs {
	uint64_t size;
	uint64_t base;
	uint32_t ssa_pages;
	uint32_t misc;
	uint8_t reserved[24];
	uint64_t attributes;
	uint64_t xfrm;
	uint8_t rest[4096 - 64];
} __attribute__((packed, aligned(4096)));

struct secinfo {
	uint64_t flags;
	uint64_t reserved[7];
} __attribute__((aligned(64)));

/* An address range of twice the size holds an aligned one. */
static uint64_t reserve(uint64_t size)
{
	uint8_t *p = mmap(NULL, 2 * size, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t base;

	if (p == MAP_FAILED)
		return 0;
	base = ((uint64_t)p + size - 1) & ~(size - 1);
	munmap(p, base - (uint64_t)p);
	munmap((void *)(base + size), (uint64_t)p + size - base);
	return base;
}

int sgx_open(struct sgx *s, uint64_t size)
{
	memset(s, 0, sizeof(*s));
	s->fd = open(SGX_NODE, O_RDWR | O_CLOEXEC);
	if (s->fd < 0)
		return -errno;
	s->base = reserve(size);
	s->size = size;
	return s->base ? 0 : -ENOMEM;
}

int sgx_create_ioctl(const struct sgx *s)
{
	return sgx_create_secs(s, 0, 0);
}

int sgx_create_secs(const struct sgx *s, unsigned int at, uint8_t flip)
{
	struct secs secs;
	struct sgx_enclave_create create = { .src = (uintptr_t)&secs };

	secs = (struct secs){
		.size = s->size,
		.base = s->base,
		.ssa_pages = SSA_PAGES,
		.attributes = s->attributes | SGX_MODE64,
		.xfrm = XFRM_LEGACY,
	};
	((uint8_t *)&secs)[at] ^= flip;
	return ioctl(s->fd, SGX_IOC_ENCLAVE_CREATE, &create) ? -errno : 0;
}

int sgx_create(struct sgx *s, uint64_t attributes)
{
	s->attributes = attributes;
	s->measure = sgx_measure_begin(s->size, SSA_PAGES);
	return sgx_create_ioctl(s);
}

int sgx_new(struct sgx *s, uint64_t attributes)
{
	return sgx_new_size(s, attributes, SGX_SIZE);
}

int sgx_new_size(struct sgx *s, uint64_t attributes, uint64_t size)
{
	int err = sgx_open(s, size);

	if (!err)
		err = sgx_create(s, attributes);
	if (err)
		sgx_close(s);
	return err;
}

void sgx_close(struct sgx *s)
{
	if (s->base)
		munmap((void *)s->base, s->size);
	if (s->fd > 0)
		close(s->fd);
	sgx_measure_free(s->measure);
	memset(s, 0, sizeof(*s));
	s->fd = -EBADF;
}

static int add_pages(const struct sgx *s, const void *src, uint64_t offset,
		     uint64_t length, const struct secinfo *si, bool measured,
		     uint64_t *count)
{
	struct sgx_enclave_add_pages add = {
		.src = (uintptr_t)src,
		.offset = offset,
		.length = length,
		.secinfo = (uintptr_t)si,
		.flags = measured ? SGX_PAGE_MEASURE : 0,
	};
	int err = ioctl(s->fd, SGX_IOC_ENCLAVE_ADD_PAGES, &add) ? -errno : 0;

	*count = add.count;
	return err;
}

int sgx_add_pages(const struct sgx *s, const void *src, uint64_t offset,
		  uint64_t length, unsigned int flags, bool measured,
		  uint64_t *count)
{
	struct secinfo si = { .flags = flags };

	return add_pages(s, src, offset, length, &si, measured, count);
}

int sgx_add_secinfo(const struct sgx *s, const void *src, uint64_t offset,
		    uint64_t flags, unsigned int reserved, uint64_t *count)
{
	struct secinfo si = { .flags = flags };

	if (reserved)
		si.reserved[reserved - 1] = 1;
	return add_pages(s, src, offset, SGX_PAGE, &si, true, count);
}

void sgx_measured(struct sgx *s, const void *pages, uint64_t offset,
		  uint64_t length, unsigned int flags, bool measured)
{
	for (uint64_t at = 0; at < length; at += SGX_PAGE)
		sgx_measure_page(s->measure, offset + at, flags,
				 (const uint8_t *)pages + at, measured);
}

int sgx_add(struct sgx *s, const void *src, uint64_t offset, uint64_t length,
	    unsigned int flags, bool measured, uint64_t *count)
{
	uint64_t added = 0;
	int err = sgx_add_pages(s, src, offset, length, flags, measured,
				&added);

	if (count)
		*count = added;
	sgx_measured(s, src, offset, added, flags, measured);
	return err;
}

int sgx_init_sigstruct(struct sgx *s, const uint8_t *sigstruct)
{
	struct sgx_enclave_init init = { .sigstruct = (uintptr_t)sigstruct };

	return ioctl(s->fd, SGX_IOC_ENCLAVE_INIT, &init) ? -errno : 0;
}

int sgx_init(struct sgx *s, const char *pem)
{
	const struct sgx_signed what = {
		.pem = pem,
		.attributes = s->attributes,
		.mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	int err = sgx_sign(s, &what, sigstruct);

	return err ? err : sgx_init_sigstruct(s, sigstruct);
}

int sgx_restrict(struct sgx *s, uint64_t offset, uint64_t length,
		 unsigned int permissions)
{
	struct sgx_enclave_restrict_permissions arg = {
		.offset = offset,
		.length = length,
		.permissions = permissions,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_RESTRICT_PERMISSIONS, &arg) ?
	       -errno : 0;
}

int sgx_modify(struct sgx *s, uint64_t offset, uint64_t length,
	       unsigned int type)
{
	struct sgx_enclave_modify_types arg = {
		.offset = offset,
		.length = length,
		.page_type = type >> 8,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_MODIFY_TYPES, &arg) ? -errno : 0;
}

int sgx_remove(struct sgx *s, uint64_t offset, uint64_t length)
{
	struct sgx_enclave_remove_pages arg = {
		.offset = offset,
		.length = length,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_REMOVE_PAGES, &arg) ? -errno : 0;
}

int sgx_provision(struct sgx *s)
{
	struct sgx_enclave_provision arg;
	int fd = open("/dev/sgx_provision", O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	arg.fd = fd;
	err = ioctl(s->fd, SGX_IOC_ENCLAVE_PROVISION, &arg) ? -errno : 0;
	close(fd);
	return err;
}

void *sgx_at(const struct sgx *s, uint64_t offset)
{
	return (void *)(uintptr_t)(s->base + offset);
}

int sgx_map(const struct sgx *s, uint64_t offset, uint64_t length, int prot)
{
	void *at = sgx_at(s, offset);

	return mmap(at, length, prot, MAP_SHARED | MAP_FIXED, s->fd, 0) == at ?
	       0 : -errno;
}

int sgx_debug_read(const struct sgx *s, uint64_t offset,
		   uint8_t page[SGX_PAGE])
{
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (mem < 0)
		return -errno;
	if (pread(mem, page, SGX_PAGE, (off_t)(s->base + offset)) !=
	    (ssize_t)SGX_PAGE)
		err = -EIO;
	close(mem);
	return err;
}

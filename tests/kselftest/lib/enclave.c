// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/enclave for tests and demonstrations: the calls.
 *
 * Owns: arguments to ioctls and back. Knows nothing of keys (sign.c) and policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave.h"

static int control(int fd, unsigned long request, void *arg)
{
	return ioctl(fd, request, arg) < 0 ? -errno : 0;
}

static uint64_t address(const void *p)
{
	return (uint64_t)(uintptr_t)p;
}

int enclave_open(void)
{
	int fd = open(ENCLAVE_NODE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int enclave_create(int fd, uint64_t size, uint32_t attributes,
		   uint32_t write_prot)
{
	struct enclave_create arg = {
		.size = size,
		.attributes = attributes,
		.write_prot = write_prot,
	};

	return control(fd, ENCLAVE_IOC_CREATE, &arg);
}

int enclave_new(uint64_t size, uint32_t attributes, uint32_t write_prot)
{
	int fd = enclave_open();
	int err;

	if (fd < 0)
		return fd;
	err = enclave_create(fd, size, attributes, write_prot);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int enclave_load(int fd, const void *src, uint64_t offset, uint64_t length,
		 uint32_t prot, uint32_t flags, uint64_t *count)
{
	struct enclave_load arg = {
		.src = address(src),
		.offset = offset,
		.length = length,
		.prot = prot,
		.flags = flags,
	};
	int err = control(fd, ENCLAVE_IOC_LOAD, &arg);

	if (count)
		*count = arg.count;
	return err;
}

static uint64_t round_up(uint64_t bytes)
{
	return (bytes + ENCLAVE_PAGE - 1) & ~(ENCLAVE_PAGE - 1);
}

int enclave_load_file(int fd, const char *path, uint64_t offset, uint32_t prot,
		      uint32_t flags, uint64_t *length)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint64_t size;
	void *src;
	int err;

	if (file < 0)
		return -errno;
	if (fstat(file, &st) < 0) {
		err = -errno;
		close(file);
		return err;
	}
	size = round_up(st.st_size);
	src = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
	err = src == MAP_FAILED ? -errno : 0;
	close(file);
	if (err)
		return err;
	err = enclave_load(fd, src, offset, size, prot, flags, NULL);
	munmap(src, size);
	if (length)
		*length = size;
	return err;
}

int enclave_init(int fd)
{
	struct enclave_init arg = { 0 };

	return control(fd, ENCLAVE_IOC_INIT, &arg);
}

int enclave_init_signer(int fd, const struct enclave_signer *signer)
{
	struct enclave_init arg = {
		.statement = address(&signer->statement),
		.key = address(signer->key),
		.signature = address(signer->signature),
		.key_len = signer->key_len,
		.signature_len = signer->signature_len,
	};

	return control(fd, ENCLAVE_IOC_INIT, &arg);
}

int enclave_init_pem(int fd, const char *pem, uint16_t product, uint16_t svn)
{
	struct enclave_statement statement = {
		.product = product,
		.svn = svn,
	};
	struct enclave_query_identity id;
	struct enclave_signer signer;
	int err;

	err = enclave_identity(fd, &id);
	if (err)
		return err;
	memcpy(statement.measurement, id.measurement, sizeof(id.measurement));
	statement.attributes = id.attributes;
	err = enclave_sign(pem, &statement, &signer);
	if (err)
		return err;
	return enclave_init_signer(fd, &signer);
}

static int change(int fd, unsigned long request, uint64_t offset,
		  uint64_t length, uint32_t prot, uint64_t *count)
{
	struct enclave_pages arg = {
		.offset = offset,
		.length = length,
		.prot = prot,
	};
	int err = control(fd, request, &arg);

	if (count)
		*count = arg.count;
	return err;
}

int enclave_add(int fd, uint64_t offset, uint64_t length, uint32_t prot,
		uint64_t *count)
{
	return change(fd, ENCLAVE_IOC_ADD, offset, length, prot, count);
}

int enclave_remove(int fd, uint64_t offset, uint64_t length, uint64_t *count)
{
	return change(fd, ENCLAVE_IOC_REMOVE, offset, length, 0, count);
}

int enclave_restrict(int fd, uint64_t offset, uint64_t length, uint32_t prot,
		     uint64_t *count)
{
	return change(fd, ENCLAVE_IOC_RESTRICT, offset, length, prot, count);
}

int enclave_identity(int fd, struct enclave_query_identity *id)
{
	memset(id, 0, sizeof(*id));
	return control(fd, ENCLAVE_IOC_IDENTITY, id);
}

void *enclave_map(int fd, uint64_t offset, uint64_t length, int prot)
{
	return mmap(NULL, length, prot, MAP_SHARED, fd, (off_t)offset);
}

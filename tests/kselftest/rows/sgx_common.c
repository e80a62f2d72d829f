// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enclaves for the row tests of the SGX driver.
 */
#include "sgx_rows.h"

const char *sgx_pem(void)
{
	static char name[4200];
	ssize_t n = readlink("/proc/self/exe", name, 4096);
	char *slash;

	name[n < 0 ? 0 : n] = '\0';
	slash = strrchr(name, '/');
	strcpy(slash ? slash + 1 : name, "sgx.pem");
	return name;
}

/* The code that runs inside, in a file the policy allows. */
static const void *inside(void)
{
	const char *path = ALLOWED_DIR "/sgx-inside";
	int fd;

	if (code_file(path, 1))
		return MAP_FAILED;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, sgx_code(), SGX_PAGE) != (ssize_t)SGX_PAGE ||
	    fsync(fd))
		return MAP_FAILED;
	close(fd);
	return file_map(path, 1, PROT_READ, MAP_PRIVATE);
}

int sgx_fresh(struct sgx *s, uint64_t attributes)
{
	return sgx_fresh_size(s, attributes, SGX_SIZE);
}

int sgx_fresh_size(struct sgx *s, uint64_t attributes, uint64_t size)
{
	const void *code = inside();
	int err = code == MAP_FAILED ? -ENOENT :
				       sgx_new_size(s, attributes, size);

	if (!err) {
		err = sgx_runnable(s, code);
		if (err)
			sgx_close(s);
	}
	if (code != MAP_FAILED)
		munmap((void *)code, SGX_PAGE);
	return err;
}

static int add_layout(struct sgx *s)
{
	void *code = code_map("sgx-layout", 1, PROT_READ);
	void *data = anon_map(2, PROT_READ);
	int err;

	if (code == MAP_FAILED || data == MAP_FAILED)
		return -errno;
	err = sgx_add(s, code, ROW_CODE, SGX_PAGE, REG_RX, true, NULL);
	if (!err)
		err = sgx_add(s, data, ROW_DATA, SGX_PAGE, REG_RW, true, NULL);
	if (!err)
		err = sgx_add(s, data, ROW_READ, SGX_PAGE, REG_R, true, NULL);
	munmap(code, SGX_PAGE);
	munmap(data, 2 * SGX_PAGE);
	return err;
}

int sgx_built(struct sgx *s)
{
	int err = sgx_fresh(s, 0);

	if (err)
		return err;
	err = add_layout(s);
	if (err)
		sgx_close(s);
	return err;
}

static int started(struct sgx *s, int err)
{
	if (!err)
		err = sgx_init(s, sgx_pem());
	return err ? err : sgx_map_runnable(s);
}

int sgx_start(struct sgx *s)
{
	return started(s, 0);
}

int sgx_init_as(struct sgx *s, uint16_t product, uint16_t svn)
{
	const struct sgx_signed what = {
		.pem = sgx_pem(),
		.product = product,
		.svn = svn,
		.attributes = s->attributes,
		.mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	int err = sgx_sign(s, &what, sigstruct);

	return err ? err : sgx_init_sigstruct(s, sigstruct);
}

int sgx_protect(const struct sgx *s, uint64_t offset, uint64_t length, int prot)
{
	return mprotect(sgx_at(s, offset), length, prot) ? -errno : 0;
}

int sgx_strict_and(const char *permissions)
{
	char rules[1024];

	snprintf(rules, sizeof(rules), STRICT_RULES "for any { allow %s; }",
		 permissions);
	return policy_load(rules, "");
}

int sgx_accept(const struct sgx *s, uint64_t offset, unsigned int secinfo)
{
	uint64_t error;
	int err = sgx_enclu(s, SGX_EACCEPT, secinfo, offset, 0, &error, NULL);

	return err || !error ? err : -EIO;
}

int sgx_extend(const struct sgx *s, uint64_t offset, unsigned int permissions)
{
	uint64_t error;

	return sgx_enclu(s, SGX_EMODPE, SGX_REG | permissions, offset, 0,
			 &error, NULL);
}

int sgx_removed(struct sgx *s, uint64_t offset)
{
	int err = sgx_modify(s, offset, SGX_PAGE, SGX_TRIM);

	if (!err)
		err = sgx_accept(s, offset, SGX_TRIM | SGX_MODIFIED);
	return err ? err : sgx_remove(s, offset, SGX_PAGE);
}

int sgx_ready(struct sgx *s)
{
	return started(s, sgx_built(s));
}

int sgx_loose(struct sgx *s)
{
	void *code = code_map("sgx-loose", LOOSE_PAGES, PROT_READ);
	int err = code == MAP_FAILED ? -errno : sgx_fresh(s, 0);

	if (!err)
		err = sgx_add(s, code, ROW_CODE, LOOSE_PAGES * SGX_PAGE,
			      REG_RWX, true, NULL);
	if (code != MAP_FAILED)
		munmap(code, LOOSE_PAGES * SGX_PAGE);
	return started(s, err);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The cases of `act` with the SGX driver. Owns: these; likewise nothing before the
 * step that counts needs what that one does.
 *
 * DIR has the file "sgx", with the code that runs inside (act --sgx-code).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "act.h"
#include "sgx.h"

#define KEY		"build/lsm/sgx.pem"
#define INSIDE		"sgx"
#define AT		SGX_ROWS_AT
#define HOLE		(SGX_ROWS_AT + 4 * SGX_PAGE)

#define REG_RX		(SGX_REG | SGX_R | SGX_X)
#define REG_RWX		(REG_RX | SGX_W)

int sgx_write_code(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, sgx_code(), SGX_PAGE) != (ssize_t)SGX_PAGE || fsync(fd))
		err = -EIO;
	close(fd);
	return err;
}

/* There is one in each process. */
static struct sgx enclave;

static struct sgx *fresh(void)
{
	must("new enclave", sgx_new(&enclave, 0));
	return &enclave;
}

static int add(struct sgx *s, const void *src, unsigned int flags)
{
	return sgx_add(s, src, AT, SGX_PAGE, flags, true, NULL);
}

/* Initialised, with a page of the file's code at AT. */
static struct sgx *ready(unsigned int flags)
{
	struct sgx *s = fresh();

	must("what runs inside", sgx_runnable(s, file_code(INSIDE, PROT_READ)));
	must("code", add(s, file_code("code", PROT_READ), flags));
	must("init", sgx_init(s, KEY));
	return s;
}

static int act_create(void)
{
	must("open", sgx_open(&enclave, SGX_SIZE));
	return sgx_create(&enclave, 0);
}

static int act_init(void)
{
	struct sgx *s = fresh();

	must("what runs inside", sgx_runnable(s, file_code(INSIDE, PROT_READ)));
	return sgx_init(s, KEY);
}

static int act_exec_file(void)
{
	return add(fresh(), file_code("code", PROT_READ), REG_RX);
}

static int act_exec_modified(void)
{
	uint8_t *p = file_code("code", RW);

	p[8] ^= 1;
	return add(fresh(), p, REG_RX);
}

static int act_exec_anon(void)
{
	return add(fresh(), anon_code(), REG_RX);
}

static int act_exec_mutable(void)
{
	int writer = open(in_dir("code"), O_RDWR | O_CLOEXEC);

	must("open code to write", writer < 0 ? -errno : 0);
	return add(fresh(), file_code("code", PROT_READ), REG_RX);
}

static int act_exec_unmeasured(void)
{
	return sgx_add(fresh(), file_code("code", PROT_READ), AT, SGX_PAGE,
		       REG_RX, false, NULL);
}

static int act_load_wx(void)
{
	return add(fresh(), file_code("code", PROT_READ), REG_RWX);
}

static int act_map_wx(void)
{
	return sgx_map(ready(REG_RWX), AT, SGX_PAGE, RWX);
}

static int act_exec_written(void)
{
	struct sgx *s = ready(REG_RWX);

	must("map rw", sgx_map(s, AT, SGX_PAGE, RW));
	return sgx_map(s, AT, SGX_PAGE, RX);
}

/* A fault that is refused ends the stay in the enclave. */
static int augmented(struct sgx *s)
{
	must("map what runs", sgx_map_runnable(s));
	must("map rw", sgx_map(s, HOLE, SGX_PAGE, RW));
	return sgx_augment(s, HOLE, 1) ? -EACCES : 0;
}

static int act_augment(void)
{
	return augmented(ready(REG_RX));
}

static int act_exec_dynamic(void)
{
	struct sgx *s = ready(REG_RX);

	must("add", augmented(s));
	return sgx_map(s, HOLE, SGX_PAGE, RX);
}

static int act_change(void)
{
	return sgx_map(ready(REG_RX), AT, SGX_PAGE, PROT_READ);
}

static int act_debug(void)
{
	must("open", sgx_open(&enclave, SGX_SIZE));
	return sgx_create(&enclave, SGX_DEBUG);
}

static int act_provision(void)
{
	must("open", sgx_open(&enclave, SGX_SIZE));
	return sgx_provision(&enclave);
}

static int act_debug_write(void)
{
	must("new enclave", sgx_new(&enclave, SGX_DEBUG));
	must("code", add(&enclave, file_code("code", PROT_READ), REG_RX));
	must("map", sgx_map(&enclave, AT, SGX_PAGE, PROT_READ));
	return debugger_writes(sgx_at(&enclave, AT));
}

static int map_as_other(void *arg)
{
	int err = become_other();

	return err ? err : sgx_map(arg, AT, SGX_PAGE, PROT_READ);
}

static int act_share(void)
{
	return in_child(map_as_other, ready(REG_RX));
}

static int map_after_change(void *arg)
{
	become();
	return sgx_map(arg, AT, SGX_PAGE, PROT_READ);
}

static int act_share_context(void)
{
	return in_child(map_after_change, ready(REG_RX));
}

static int touch_after_change(void *arg)
{
	become();
	return touch(sgx_at(arg, AT));
}

/* The mapping is inherited, its entries are not. */
static int act_share_fault(void)
{
	struct sgx *s = ready(REG_RX);

	must("map", sgx_map(s, AT, SGX_PAGE, PROT_READ));
	must("touch", touch(sgx_at(s, AT)));
	return in_child(touch_after_change, s);
}

static int act_vepc(void)
{
	int fd = open("/dev/sgx_vepc", O_RDWR | O_CLOEXEC);
	void *p;

	if (fd < 0)
		return -errno;
	p = mmap(NULL, SGX_PAGE, RW, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? -errno : 0;
}

#define ACT(name) { "sgx_" #name, act_##name }

const struct act sgx_acts[] = {
	ACT(create), ACT(init), ACT(exec_file), ACT(exec_modified), ACT(exec_anon),
	ACT(exec_mutable), ACT(exec_unmeasured), ACT(load_wx), ACT(map_wx),
	ACT(exec_written), ACT(augment), ACT(exec_dynamic), ACT(change), ACT(debug),
	ACT(provision), ACT(debug_write), ACT(share), ACT(share_context),
	ACT(share_fault), ACT(vepc), {},
};

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request about an enclave, as another security module sees it.
 *
 *   act CASE DIR [CHANGE]
 *   act --sgx-code FILE
 *
 * Each case does what needs one permission most of all, and nothing before that
 * needs it. DIR is for the files that code is loaded from. CHANGE is written to
 * /proc/thread-self/attr/current in the cases that change who asks ("become").
 *
 * Status: 0: it was allowed; 13: refused with EACCES, or by a signal at the fault;
 * 2: something else happened, which is said.
 *
 * --sgx-code: write what runs inside an SGX enclave into FILE.
 *
 * Owns: the cases with /dev/enclave; those with SGX are in act_sgx.c. Knows no policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act.h"
#include "enclave.h"

#define PAGE		ENCLAVE_PAGE
#define SIZE		(8 * PAGE)
#define CODE_AT		0
#define HOLE_AT		(4 * PAGE)
#define OTHER_UID	1999

static const char *dir;
static const char *change;

int must(const char *what, int result)
{
	if (result >= 0)
		return result;
	fprintf(stderr, "act: %s: %s\n", what, strerror(-result));
	exit(2);
}

/* mov eax, 0x5ec; ret */
static void fill(uint8_t *page)
{
	static const uint8_t code[] = { 0xb8, 0xec, 0x05, 0, 0, 0xc3 };

	memset(page, 0xcc, PAGE);
	memcpy(page, code, sizeof(code));
}

const char *in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

uint8_t *file_code(const char *name, int prot)
{
	int fd = open(in_dir(name), O_RDONLY | O_CLOEXEC);
	uint8_t *p;

	must("open code", fd < 0 ? -errno : 0);
	p = mmap(NULL, PAGE, prot, MAP_PRIVATE, fd, 0);
	must("map code", p == MAP_FAILED ? -errno : 0);
	close(fd);
	return p;
}

/* The page of code that the test put into DIR. */
static uint8_t *code(int prot)
{
	return file_code("code", prot);
}

uint8_t *anon_code(void)
{
	uint8_t *p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must("map memory", p == MAP_FAILED ? -errno : 0);
	fill(p);
	return p;
}

static int fresh(void)
{
	return must("new enclave", enclave_new(SIZE, 0, ENCLAVE_RW));
}

static int load(int fd, const void *src, uint32_t prot)
{
	return enclave_load(fd, src, CODE_AT, PAGE, prot,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

/* Created, with a page of the file's code. */
static int built(uint32_t prot)
{
	int fd = fresh();

	must("load code", load(fd, code(PROT_READ), prot));
	return fd;
}

static int ready(uint32_t prot)
{
	int fd = built(prot);

	must("init", enclave_init(fd));
	return fd;
}

static int map(int fd, uint64_t at, int prot)
{
	void *p = enclave_map(fd, at, PAGE, prot);
	int err = p == MAP_FAILED ? -errno : 0;

	if (!err)
		munmap(p, PAGE);
	return err;
}

void become(void)
{
	int fd = open("/proc/thread-self/attr/current", O_WRONLY | O_CLOEXEC);

	must("attr/current", fd < 0 ? -errno : 0);
	must(change, write(fd, change, strlen(change)) < 0 ? -errno : 0);
	close(fd);
}

int in_child(int (*fn)(void *arg), void *arg)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(-fn(arg));
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		return -EACCES;
	return -WEXITSTATUS(status);
}

int become_other(void)
{
	return setresuid(OTHER_UID, OTHER_UID, OTHER_UID) ? -errno : 0;
}

int debugger_writes(void *at)
{
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	uint8_t byte = 0x90;

	must("open /proc/self/mem", mem < 0 ? -errno : 0);
	/* The kernel says EIO for whatever the provider's ->access said. */
	if (pwrite(mem, &byte, 1, (off_t)(uintptr_t)at) == 1)
		return 0;
	return errno == EIO || errno == EFAULT ? -EACCES : -errno;
}

static void refused(int sig)
{
	(void)sig;
	_exit(EACCES);
}

int touch(const void *at)
{
	signal(SIGBUS, refused);
	signal(SIGSEGV, refused);
	(void)*(const volatile uint8_t *)at;
	return 0;
}

static int act_create(void)
{
	int fd = must("open", enclave_open());

	return enclave_create(fd, SIZE, 0, ENCLAVE_RW);
}

/* Opened by one user, created by another. */
static int act_create_as_other(void)
{
	int fd = must("open", enclave_open());

	must("other user", become_other());
	return enclave_create(fd, SIZE, 0, ENCLAVE_RW);
}

static int act_init(void)
{
	return enclave_init(built(ENCLAVE_RX));
}

static int act_init_as_other(void)
{
	int fd = built(ENCLAVE_RX);

	must("other user", become_other());
	return enclave_init(fd);
}

static int act_exec_file(void)
{
	return load(fresh(), code(PROT_READ), ENCLAVE_RX);
}

/* Of another mount namespace than ours: its path leads nowhere from here. */
static int act_exec_file_elsewhere(void)
{
	uint8_t *p = code(PROT_READ);

	must("unshare", unshare(CLONE_NEWNS) ? -errno : 0);
	return load(fresh(), p, ENCLAVE_RX);
}

/* The file's mount is gone meanwhile: it is no file that anybody could name. */
static int act_exec_file_detached(void)
{
	uint8_t *p = code(PROT_READ);

	must("detach", umount2(dir, MNT_DETACH) ? -errno : 0);
	return load(fresh(), p, ENCLAVE_RX);
}

static int act_exec_modified(void)
{
	uint8_t *p = code(RW);

	p[8] ^= 1;
	return load(fresh(), p, ENCLAVE_RX);
}

static int act_exec_anon(void)
{
	return load(fresh(), anon_code(), ENCLAVE_RX);
}

/* Several pages in one call: the refusal is of one page, in one record. */
static int act_exec_anon_many(void)
{
	uint8_t *p = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 4; i++)
		fill(p + i * PAGE);
	return enclave_load(fresh(), p, CODE_AT, 4 * PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

static int act_exec_mutable(void)
{
	int writer = open(in_dir("code"), O_RDWR | O_CLOEXEC);

	must("open code to write", writer < 0 ? -errno : 0);
	return load(fresh(), code(PROT_READ), ENCLAVE_RX);
}

static int act_exec_unmeasured(void)
{
	return enclave_load(fresh(), code(PROT_READ), CODE_AT, PAGE,
			    ENCLAVE_RX, 0, NULL);
}

static int act_load_wx(void)
{
	return load(fresh(), code(PROT_READ), ENCLAVE_RWX);
}

static int act_map_wx(void)
{
	return map(ready(ENCLAVE_RWX), CODE_AT, RWX);
}

static int act_exec_written(void)
{
	int fd = ready(ENCLAVE_RWX);

	must("map rw", map(fd, CODE_AT, RW));
	return map(fd, CODE_AT, RX);
}

static int act_augment(void)
{
	return enclave_add(ready(ENCLAVE_RX), HOLE_AT, PAGE, ENCLAVE_RW, NULL);
}

static int act_exec_dynamic(void)
{
	int fd = ready(ENCLAVE_RX);

	must("add", enclave_add(fd, HOLE_AT, PAGE, ENCLAVE_RX, NULL));
	return map(fd, HOLE_AT, RX);
}

/* Filled and run, as it may be; then it is written again. */
static int act_exec_dynamic_written(void)
{
	int fd = ready(ENCLAVE_RX);

	must("add", enclave_add(fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	must("map rw", map(fd, HOLE_AT, RW));
	must("map rx", map(fd, HOLE_AT, RX));
	return map(fd, HOLE_AT, RW);
}

static int act_change(void)
{
	return map(ready(ENCLAVE_RX), CODE_AT, PROT_READ);
}

static int attribute(uint32_t attribute)
{
	int fd = must("open", enclave_open());

	return enclave_create(fd, SIZE, attribute, ENCLAVE_RW);
}

static int act_debug(void)
{
	return attribute(ENCLAVE_CREATE_DEBUG);
}

static int act_provision(void)
{
	return attribute(ENCLAVE_CREATE_PROVISION);
}

static int act_debug_write(void)
{
	int fd = must("new enclave", enclave_new(SIZE, ENCLAVE_CREATE_DEBUG,
						 ENCLAVE_RW));
	void *at;

	must("load", load(fd, code(PROT_READ), ENCLAVE_RX));
	at = enclave_map(fd, CODE_AT, PAGE, PROT_READ);
	must("map", at == MAP_FAILED ? -errno : 0);
	return debugger_writes(at);
}

static int map_as_other(void *arg)
{
	int err = become_other();

	return err ? err : map(*(int *)arg, CODE_AT, PROT_READ);
}

static int act_share(void)
{
	int fd = ready(ENCLAVE_RX);

	return in_child(map_as_other, &fd);
}

static int map_after_change(void *arg)
{
	become();
	return map(*(int *)arg, CODE_AT, PROT_READ);
}

static int act_share_context(void)
{
	int fd = ready(ENCLAVE_RX);

	return in_child(map_after_change, &fd);
}

static int touch_after_change(void *arg)
{
	become();
	return touch(arg);
}

/*
 * The mapping is inherited, its pages are not there yet. The fault that reads asks for all
 * that the mapping has.
 */
static int act_share_fault(void)
{
	int fd = ready(ENCLAVE_RX);
	void *at = enclave_map(fd, CODE_AT, PAGE, PROT_READ | PROT_EXEC);

	must("map", at == MAP_FAILED ? -errno : 0);
	return in_child(touch_after_change, at);
}

/* Mapped by who may, and stopped before a page is there, as act_load_resumed(). */
static int act_share_resumed(void)
{
	int fd = ready(ENCLAVE_RX);
	void *at;

	become();
	at = enclave_map(fd, CODE_AT, PAGE, PROT_READ);
	must("map", at == MAP_FAILED ? -errno : 0);
	raise(SIGSTOP);
	return touch(at);
}

/* Whose is it? Created by one, loaded by what he became. */
static int act_load_later(void)
{
	int fd = fresh();

	become();
	return load(fd, anon_code(), ENCLAVE_RX);
}

/* Stopped in between, until somebody has changed what may change meanwhile. */
static int act_load_resumed(void)
{
	int fd = fresh();

	must("load", enclave_load(fd, code(PROT_READ), PAGE, PAGE,
				  ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE, NULL));
	raise(SIGSTOP);
	return load(fd, code(PROT_READ), ENCLAVE_RX);
}

/* Opened by one, created by what he became. */
static int act_create_later(void)
{
	int fd = must("open", enclave_open());

	become();
	must("create", enclave_create(fd, SIZE, 0, ENCLAVE_RW));
	return load(fd, anon_code(), ENCLAVE_RX);
}

/* Create is refused to who opened the device; then we stop, and that may change. */
static int refused_create(void)
{
	int fd = must("open", enclave_open());

	if (enclave_create(fd, SIZE, 0, ENCLAVE_RW) != -EACCES)
		must("create, which is to be refused", -EEXIST);
	raise(SIGSTOP);
	return fd;
}

static int build_after_change(void *arg)
{
	int fd = *(int *)arg;

	become();
	must("create", enclave_create(fd, SIZE, 0, ENCLAVE_RW));
	must("load", load(fd, anon_code(), ENCLAVE_RX));
	return enclave_init(fd);
}

/* Created after all, by what he became; it is his. */
static int act_create_again(void)
{
	int fd = refused_create();

	must("init", build_after_change(&fd));
	return map(fd, CODE_AT, PROT_READ);
}

/* Created by another; it is not his to whom it was refused. */
static int act_create_again_share(void)
{
	int fd = refused_create();

	must("child", in_child(build_after_change, &fd));
	return map(fd, CODE_AT, PROT_READ);
}

/* Not code: needs create and nothing else. */
static int act_data(void)
{
	return load(fresh(), anon_code(), ENCLAVE_RW);
}

#define ACT(name) { #name, act_##name }

static const struct act acts[] = {
	ACT(create), ACT(create_as_other), ACT(init), ACT(init_as_other), ACT(exec_file),
	ACT(exec_file_elsewhere), ACT(exec_file_detached), ACT(exec_modified),
	ACT(exec_anon), ACT(exec_anon_many), ACT(exec_mutable),
	ACT(exec_unmeasured), ACT(load_wx), ACT(map_wx), ACT(exec_written),
	ACT(augment), ACT(exec_dynamic), ACT(exec_dynamic_written), ACT(change),
	ACT(debug), ACT(provision), ACT(debug_write), ACT(share), ACT(share_context),
	ACT(share_fault), ACT(share_resumed), ACT(load_later), ACT(load_resumed),
	ACT(create_later), ACT(create_again), ACT(create_again_share), ACT(data), {},
};

static int run(const struct act *act)
{
	int err = act->fn();

	if (!err)
		return 0;
	if (err == -EACCES)
		return EACCES;
	fprintf(stderr, "act: %s: %s\n", act->name, strerror(-err));
	return 2;
}

static const struct act *find(const struct act *list, const char *name)
{
	for (; list->name; list++)
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct act *act = NULL;

	if (argc == 3 && !strcmp(argv[1], "--sgx-code")) {
		must(argv[2], sgx_write_code(argv[2]));
		return 0;
	}
	dir = argc > 2 ? argv[2] : "";
	change = argc > 3 ? argv[3] : "";
	if (argc > 2)
		act = find(acts, argv[1]) ?: find(sgx_acts, argv[1]);
	if (act)
		return run(act);
	fputs("usage: act CASE DIR [CHANGE] | act --sgx-code FILE\n", stderr);
	return 2;
}

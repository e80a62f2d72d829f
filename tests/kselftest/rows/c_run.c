// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows C: pages that come, go and change after init.
 */
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "rows.h"

FIXTURE(dynamic) {
	int fd;
};

FIXTURE_SETUP(dynamic)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	self->fd = ready();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(dynamic)
{
	close(self->fd);
}

/* Make the strict policy a little laxer; the enclave is judged by the new one. */
static int strict_and(const char *more)
{
	char rules[1024];

	snprintf(rules, sizeof(rules), STRICT_RULES "for any { allow %s; }",
		 more);
	return policy_load(rules, "");
}

TEST_F(dynamic, C1_dev)
{
	uint64_t count = 0;
	uint8_t *at;

	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, &count));
	EXPECT_EQ(PAGE, count);
	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RW, (void **)&at));
	EXPECT_EQ(0, peek(at));
	EXPECT_EQ(0, poke(at, 7));
	EXPECT_EQ(7, peek(at));
}

TEST_F(dynamic, C1_dev_denied)
{
	ASSERT_EQ(0, policy_load("allow create, change;", ""));
	EXPECT_DENIED("augment", enclave_add(self->fd, HOLE_AT, PAGE,
					     ENCLAVE_RW, NULL));
}

TEST_F(dynamic, C2_dev)
{
	uint8_t *at;

	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	EXPECT_DENIED("exec_dynamic", map_err(self->fd, HOLE_AT, PAGE, RX));
	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RW, (void **)&at));
	code_fill(at, 1);
	EXPECT_EQ(-1, mprotect(at, PAGE, RX));
	EXPECT_EQ(EACCES, errno);
}

TEST_F(dynamic, C2b_dev)
{
	uint8_t *at;

	ASSERT_EQ(0, strict_and("exec_dynamic"));
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RW, (void **)&at));
	code_fill(at, 1);
	ASSERT_EQ(0, mprotect(at, PAGE, RX));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-1, mprotect(at, PAGE, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("exec_written"));
	EXPECT_EQ(CODE_VALUE, run(at));
}

TEST_F(dynamic, C3_dev_rwx)
{
	uint8_t *at;

	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RWX, (void **)&at));
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	EXPECT_EQ(0, poke(at, 0xc3));
	EXPECT_NE(NULL, record_wait(NULL));
	code_fill(at, 1);
	EXPECT_EQ(-SIGSEGV, run(at));
}

TEST_F(dynamic, C3_dev_rx)
{
	uint8_t *at;

	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RX, (void **)&at));
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	EXPECT_EQ(0, peek(at));
	EXPECT_NE(NULL, record_wait("exec_dynamic"));
	EXPECT_GT(0, run(at));
	EXPECT_GT(0, poke(at, 1));
}

TEST_F(dynamic, C4_dev)
{
	uint8_t *at;

	ASSERT_EQ(0, map(self->fd, CODE_AT, PAGE, RX, (void **)&at));
	EXPECT_EQ(CODE_VALUE, run(at));
	ASSERT_EQ(0, enclave_remove(self->fd, CODE_AT, PAGE, NULL));
	EXPECT_EQ(-SIGBUS, run(at));
	ASSERT_EQ(0, enclave_add(self->fd, CODE_AT, PAGE, ENCLAVE_RWX, NULL));
	EXPECT_EQ(0, peek(at));
	EXPECT_GT(0, run(at));
	EXPECT_DENIED("exec_dynamic", map_err(self->fd, CODE_AT, PAGE, RX));
}

TEST_F(dynamic, C7_dev)
{
	uint8_t *at;

	ASSERT_EQ(0, strict_and("exec_dynamic, exec_written"));
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RW, (void **)&at));
	for (unsigned int i = 0; i < 3; i++) {
		code_fill(at, 1);
		at[1] += i;
		ASSERT_EQ(0, mprotect(at, PAGE, RX));
		EXPECT_EQ(CODE_VALUE + i, run(at));
		ASSERT_EQ(0, mprotect(at, PAGE, RW));
	}
	EXPECT_EQ(-1, mprotect(at, PAGE, RWX));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("map_wx"));
}

/* A debug enclave: the one kind that a debugger may write to at all. */
static int debug_built(bool init)
{
	uint8_t *src = code_map("c8", 1, PROT_READ);
	int fd = enclave_new(LAYOUT_PAGES * PAGE, ENCLAVE_CREATE_DEBUG,
			     ENCLAVE_RW);
	int err;

	if (fd < 0)
		return fd;
	err = enclave_load(fd, src, CODE_AT, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	if (!err && init)
		err = enclave_init(fd);
	return err ? err : fd;
}

TEST_F(dynamic, C8_dev)
{
	struct iovec local, remote;
	uint8_t byte = 0, *at;
	int fd;

	ASSERT_EQ(0, strict_and("debug"));
	fd = debug_built(true);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&at));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-EIO, debug_write(at, 0x90));
	EXPECT_NE(NULL, record_wait("debug_write"));
	EXPECT_EQ(CODE_VALUE, run(at));
	local = (struct iovec){ &byte, 1 };
	remote = (struct iovec){ at, 1 };
	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	close(fd);
}

TEST_F(dynamic, C8_dev_before_init)
{
	uint8_t *at;
	int fd;

	ASSERT_EQ(0, strict_and("debug"));
	fd = debug_built(false);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, PROT_READ, (void **)&at));
	EXPECT_EQ(-EIO, debug_write(at, 0x90));
	EXPECT_NE(NULL, record_wait("debug_write"));
	EXPECT_EQ(0xb8, peek(at));
	close(fd);
}

/* Of a process that inherited the mapping: after init and before. */
TEST_F(dynamic, C8_dev_ptrace)
{
	uint8_t *at;
	int fd;

	ASSERT_EQ(0, strict_and("debug"));
	for (int init = 1; init >= 0; init--) {
		fd = debug_built(init);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, map(fd, CODE_AT, PAGE, PROT_READ, (void **)&at));
		EXPECT_EQ(-EIO, debug_poke(at, 0x9090909090909090));
		EXPECT_NE(NULL, record_wait("debug_write"));
		EXPECT_EQ(0xb8, peek(at));
		close(fd);
	}
}

TEST_F(dynamic, C8b_dev)
{
	uint8_t *at;
	int fd;

	ASSERT_EQ(0, policy_load(STRICT_RULES "allow debug_write;"
				 "for any { allow debug; }", ""));
	fd = debug_built(false);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, PROT_READ, (void **)&at));
	ASSERT_EQ(0, debug_write(at, 0x90));
	EXPECT_EQ(0x90, peek(at));
	/* Modified and unmeasured now: init is judged so. */
	EXPECT_EQ(-EACCES, enclave_init(fd));
	EXPECT_NE(NULL, record_wait("exec_modified"));
	close(fd);
}

TEST_F(dynamic, C10_dev)
{
	uint8_t *at;

	/* Present and read-only, because the intent lacks W. */
	ASSERT_EQ(0, map(self->fd, HOLE_AT, PAGE, RW, (void **)&at));
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, PAGE, ENCLAVE_R, NULL));
	EXPECT_EQ(0, peek(at));
	EXPECT_EQ(-SIGBUS, poke(at, 1));
	EXPECT_EQ(0, peek(at));
}

TEST_F(dynamic, C11_dev)
{
	EXPECT_DENIED("debug", enclave_new(PAGE, ENCLAVE_CREATE_DEBUG,
					   ENCLAVE_RW));
}

TEST_F(dynamic, C13_dev)
{
	ASSERT_EQ(0, policy_load("allow create, change; allow augment max 2 pages;"
				 "for any { allow init; }"
				 "allow exec_file from allowed;", ""));
	close(self->fd);
	self->fd = ready();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, enclave_add(self->fd, HOLE_AT, 2 * PAGE, ENCLAVE_RW, NULL));
	EXPECT_DENIED("augment", enclave_add(self->fd, HOLE_AT + 2 * PAGE, PAGE,
					     ENCLAVE_RW, NULL));
	ASSERT_EQ(0, enclave_remove(self->fd, HOLE_AT, PAGE, NULL));
	EXPECT_EQ(0, enclave_add(self->fd, HOLE_AT + 2 * PAGE, PAGE, ENCLAVE_RW,
				 NULL));
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows B: mappings of one process, and what a provider refuses.
 * History over processes and aliases are in b_alias.c.
 */
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "rows.h"

FIXTURE(map) {
	int fd;
};

FIXTURE_SETUP(map)
{
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	self->fd = loose_ready("bmap", 4);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(map)
{
	close(self->fd);
}

TEST_F(map, B1_dev)
{
	void *at;

	EXPECT_DENIED("map_wx", map_err(self->fd, 0, PAGE, RWX));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, RX, &at));
	EXPECT_EQ(-1, mprotect(at, PAGE, RWX));
	EXPECT_EQ(EACCES, errno);
	ASSERT_EQ(0, policy_load(LOOSE_RULES "for any { allow exec_written; }",
				 ""));
	EXPECT_DENIED("map_wx", map_err(self->fd, 0, PAGE, RWX));
}

/* A mapping over a hole takes nothing from what appears there. */
TEST(B2_dev)
{
	void *src, *at;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = fresh();
	src = code_map("b2", 1, PROT_READ);
	ASSERT_EQ(0, map(fd, 0, PAGE, RW, &at));
	ASSERT_EQ(0, enclave_load(fd, src, 0, PAGE, ENCLAVE_RX,
				  ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(0xb8, peek(at));
	EXPECT_EQ(-SIGBUS, poke(at, 0x90));
	ASSERT_EQ(0, enclave_init(fd));
	EXPECT_EQ(0xb8, peek(at));
	EXPECT_EQ(-SIGBUS, poke(at, 0x90));
	EXPECT_EQ(0xb8, peek(at));
}

/* Maps RW over the hole, says so, waits for the page, tries to write. */
static void hole_writer(int fd, int sock)
{
	uint8_t *at = enclave_map(fd, 0, PAGE, RW);
	char byte = 0;

	if (at == MAP_FAILED || write(sock, &byte, 1) != 1 ||
	    read(sock, &byte, 1) != 1)
		_exit(255);
	_exit(peek(at) != 0xb8 ? 254 : -poke(at, 0x90));
}

TEST(B3_dev)
{
	int pair[2], status, fd;
	char byte;
	void *src;
	pid_t pid;

	ASSERT_EQ(0, policy_strict());
	fd = fresh();
	src = code_map("b3", 1, PROT_READ);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		hole_writer(fd, pair[1]);
	ASSERT_EQ(1, read(pair[0], &byte, 1));
	ASSERT_EQ(0, enclave_load(fd, src, 0, PAGE, ENCLAVE_RX,
				  ENCLAVE_LOAD_F_MEASURE, NULL));
	ASSERT_EQ(0, enclave_init(fd));
	ASSERT_EQ(1, write(pair[0], &byte, 1));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(SIGBUS, WEXITSTATUS(status));
}

TEST(B4_dev)
{
	uint8_t *at;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = built();
	ASSERT_LE(0, fd);
	at = enclave_map(fd, 0, LAYOUT_PAGES * PAGE, PROT_NONE);
	ASSERT_NE(MAP_FAILED, (void *)at);
	ASSERT_EQ(0, enclave_init(fd));
	EXPECT_EQ(0, mprotect(at + CODE_AT, PAGE, RX));
	EXPECT_EQ(0, mprotect(at + DATA_AT, PAGE, RW));
	EXPECT_EQ(0, mprotect(at + READ_AT, PAGE, PROT_READ));
	EXPECT_EQ(CODE_VALUE, run(at + CODE_AT));
	EXPECT_EQ(0, poke(at + DATA_AT, 1));
	EXPECT_EQ(-SIGSEGV, poke(at + READ_AT, 1));
}

TEST_F(map, B5_dev)
{
	void *at;

	ASSERT_EQ(0, map(self->fd, 0, PAGE, RW, &at));
	EXPECT_EQ(-1, mprotect(at, PAGE, RX));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("exec_written"));
}

TEST_F(map, B6_dev)
{
	void *at;

	ASSERT_EQ(0, map(self->fd, 0, PAGE, RX, &at));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-1, mprotect(at, PAGE, RW));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("exec_written"));
	/* The mapping is as it was. */
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-SIGSEGV, poke(at, 0x90));
}

TEST_F(map, B7_dev)
{
	int copy;

	ASSERT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_DENIED("exec_written", map_err(self->fd, 0, PAGE, RX));
	copy = dup(self->fd);
	ASSERT_LE(0, copy);
	close(self->fd);
	self->fd = copy;
	EXPECT_DENIED("exec_written", map_err(self->fd, 0, PAGE, RX));
	/* Other pages are not concerned. */
	EXPECT_EQ(0, map_err(self->fd, PAGE, PAGE, RX));
}

TEST_F(map, B11_dev)
{
	uint8_t *at;
	void *to = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			-1, 0);

	ASSERT_EQ(0, map(self->fd, 0, 2 * PAGE, RX, (void **)&at));
	EXPECT_EQ(MAP_FAILED, mremap(at, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE |
				     MREMAP_FIXED, to));
	EXPECT_EQ(MAP_FAILED, mremap(at, 0, 2 * PAGE, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(at, 2 * PAGE, 4 * PAGE, 0));
	EXPECT_EQ(MAP_FAILED, mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE));
	EXPECT_EQ(CODE_VALUE, run(at));
	/* Shrinking is munmap. */
	EXPECT_EQ(at, mremap(at, 2 * PAGE, PAGE, 0));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-SIGSEGV, peek(at + PAGE));
}

TEST_F(map, B12_dev)
{
	static const int flags[] = {
		MAP_SHARED_VALIDATE, MAP_SHARED | MAP_POPULATE,
		MAP_SHARED | MAP_LOCKED,
	};
	void *at;

	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, RWX, flags[i], self->fd,
					   0));
		EXPECT_EQ(EACCES, errno);
		EXPECT_NE(NULL, record_wait("map_wx"));
		at = mmap(NULL, PAGE, RX, flags[i], self->fd, 0);
		ASSERT_NE(MAP_FAILED, at);
		EXPECT_EQ(CODE_VALUE, run(at));
		EXPECT_EQ(-1, syscall(SYS_pkey_mprotect, at, PAGE, RWX, -1));
		EXPECT_EQ(EACCES, errno);
		EXPECT_NE(NULL, record_wait("map_wx"));
		munmap(at, PAGE);
	}
}

/* remap_file_pages moves a mapping to another offset: judged as a new one. */
TEST_F(map, B12_dev_remap_file_pages)
{
	uint8_t *at;

	ASSERT_EQ(0, map_err(self->fd, PAGE, PAGE, RW));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, RX, (void **)&at));
	/* Refused or not, page 1, which was writable, does not execute. */
	syscall(SYS_remap_file_pages, at, PAGE, 0, 1, 0);
	EXPECT_NE(CODE_VALUE + 1, run(at));
}

TEST_F(map, B13_dev)
{
	EXPECT_EQ(MAP_FAILED, mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, self->fd,
				   0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_NE(NULL, record_wait("private_map"));
}

TEST(B14_dev)
{
	void *at;
	int fd;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_NE(-1, personality(READ_IMPLIES_EXEC));
	EXPECT_EQ(-EACCES, map_err(fd, READ_AT, PAGE, PROT_READ));
	EXPECT_EQ(-EACCES, map_err(fd, CODE_AT, PAGE, PROT_READ));
	EXPECT_NE(NULL, record_wait("read_implies_exec"));
	ASSERT_NE(-1, personality(0));
	EXPECT_EQ(0, map(fd, CODE_AT, PAGE, PROT_READ, &at));
	ASSERT_NE(-1, personality(READ_IMPLIES_EXEC));
	EXPECT_EQ(-1, mprotect(at, PAGE, PROT_READ));
	EXPECT_EQ(-SIGSEGV, run(at));
}

TEST_F(map, B15_dev)
{
	uint8_t *at;

	ASSERT_EQ(0, map(self->fd, 0, 4 * PAGE, PROT_READ, (void **)&at));
	ASSERT_EQ(0, map_err(self->fd, PAGE, PAGE, RW));
	/* Clean and dirty in one mapping: all or nothing. */
	EXPECT_EQ(-1, mprotect(at, 4 * PAGE, RX));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("exec_written"));
	EXPECT_EQ(-SIGSEGV, run(at));
	/* Nothing was remembered of the refused call: page 0 may still be W. */
	EXPECT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_EQ(0, mprotect(at + 2 * PAGE, 2 * PAGE, RX));
	EXPECT_EQ(CODE_VALUE + 2, run(at + 2 * PAGE));
}

TEST(B16_dev)
{
	uint8_t *at;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, 0, 3 * PAGE, PROT_READ, (void **)&at));
	EXPECT_EQ(0, mprotect(at + CODE_AT, PAGE, RX));
	EXPECT_EQ(0, mprotect(at + DATA_AT, PAGE, RW));
	EXPECT_EQ(CODE_VALUE, run(at + CODE_AT));
	EXPECT_EQ(0, poke(at + DATA_AT, 1));
}

/*
 * After the judgement of mmap's protection change the kernel still has to split
 * the mapping, which fails at the limit of mappings.
 */
TEST_F(map, B17_dev)
{
	int limit = open("/proc/sys/vm/max_map_count", O_WRONLY | O_CLOEXEC);
	uint8_t *at;
	int err;

	ASSERT_LE(0, limit);
	ASSERT_EQ(0, map(self->fd, 0, 3 * PAGE, PROT_READ, (void **)&at));
	ASSERT_EQ(1, write(limit, "1", 1));
	err = mprotect(at + PAGE, PAGE, RX) ? errno : 0;
	ASSERT_EQ(5, pwrite(limit, "65530", 5, 0));
	EXPECT_EQ(ENOMEM, err);
	EXPECT_EQ(-SIGSEGV, run(at + PAGE));
	/* Nobody heard of the failure: the page is one that was executed. */
	EXPECT_DENIED("exec_written", map_err(self->fd, PAGE, PAGE, RW));
	/* No lock is held, other pages are free, this one may execute. */
	EXPECT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_EQ(0, map_err(self->fd, PAGE, PAGE, RX));
	close(limit);
}

TEST_F(map, B18_dev)
{
	EXPECT_DENIED("outside", map_err(self->fd, LAYOUT_PAGES * PAGE, PAGE,
					 PROT_READ));
	EXPECT_DENIED("outside", map_err(self->fd, (LAYOUT_PAGES - 1) * PAGE,
					 2 * PAGE, PROT_READ));
}

TEST_F(map, B22_dev)
{
	struct enclave_query_identity mine, theirs;
	char path[64];
	int other;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->fd);
	other = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, other);
	EXPECT_EQ(-EINVAL, enclave_init(other));
	EXPECT_EQ(0, enclave_create(other, PAGE, 0, ENCLAVE_RW));
	ASSERT_EQ(0, enclave_identity(self->fd, &mine));
	ASSERT_EQ(0, enclave_identity(other, &theirs));
	EXPECT_NE(mine.id, theirs.id);
	EXPECT_EQ(0, theirs.flags & ENCLAVE_ID_INITIALIZED);
}

/* Memory of an enclave as buffer of system calls that pin pages. */
TEST_F(map, B23_dev)
{
	uint8_t *at, buf[16];
	struct iovec iov, local = { buf, sizeof(buf) };
	int pipes[2], file;

	ASSERT_EQ(0, map(self->fd, 0, PAGE, RW, (void **)&at));
	EXPECT_EQ(0, poke(at, 1));
	ASSERT_EQ(0, pipe(pipes));
	iov = (struct iovec){ at, PAGE };
	EXPECT_EQ(-1, vmsplice(pipes[1], &iov, 1, SPLICE_F_GIFT));
	EXPECT_EQ(-1, process_vm_readv(getpid(), &local, 1, &iov, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &iov, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, code_file("/mnt/ext4/other/direct", 1));
	file = open("/mnt/ext4/other/direct", O_RDONLY | O_DIRECT | O_CLOEXEC);
	ASSERT_LE(0, file);
	EXPECT_EQ(-1, read(file, at, PAGE));
	EXPECT_EQ(EFAULT, errno);
	close(file);
}

TEST_F(map, B23_dev_uring)
{
	void *at;

	ASSERT_EQ(0, map(self->fd, 0, PAGE, RW, &at));
	EXPECT_EQ(0, poke(at, 1));
	ASSERT_EQ(0, code_file(OTHER_DIR "/uring", 1));
	EXPECT_EQ(0, uring_pins(anon_map(1, RW)));
	EXPECT_EQ(-EFAULT, uring_pins(at));
	EXPECT_EQ((int)PAGE, uring_direct(OTHER_DIR "/uring",
					  anon_map(1, RW)));
	EXPECT_EQ(-EFAULT, uring_direct(OTHER_DIR "/uring", at));
}

/* What is mapped stays, the next is judged by the stricter policy. */
TEST_F(map, B20_dev)
{
	const long before = flagged();
	void *at;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, map(self->fd, 0, PAGE, RX, &at));
	ASSERT_EQ(CODE_VALUE, run(at));
	ASSERT_EQ(0, map_err(self->fd, PAGE, PAGE, RX));
	EXPECT_EQ(before, flagged());
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }", ""));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(before + 1, flagged());
	EXPECT_DENIED("change", map_err(self->fd, PAGE, PAGE, RX));
}

/* The same where denials were let pass, and are enforced again. */
TEST_F(map, B20_dev_permissive)
{
	const long before = flagged();
	void *at;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, enforce(false));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, RWX, &at));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(before, flagged());
	ASSERT_EQ(0, enforce(true));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(before + 1, flagged());
	EXPECT_DENIED("map_wx", map_err(self->fd, PAGE, PAGE, RWX));
}

TEST_HARNESS_MAIN

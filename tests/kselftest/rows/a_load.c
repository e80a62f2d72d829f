// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A: what may be loaded with X intent. Origins first, provider
 * rules and races in a_source.c.
 */
#include <sys/ptrace.h>

#include "elsewhere.h"
#include "kselftest_harness.h"
#include "rows.h"
#include "sources.h"

FIXTURE(load) {
	int fd;
};

FIXTURE_SETUP(load)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(load)
{
	close(self->fd);
}

static int load_x(int fd, const void *src, uint64_t at)
{
	return enclave_load(fd, src, at, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

TEST_F(load, A1_dev)
{
	void *src = code_map("a1", 1, PROT_READ | PROT_EXEC);
	void *at;

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
	ASSERT_EQ(0, enclave_init(self->fd));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, PROT_READ | PROT_EXEC, &at));
	EXPECT_EQ(CODE_VALUE, run(at));
}

TEST_F(load, A2_dev)
{
	void *src = code_map("a2", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
}

TEST_F(load, A3_dev)
{
	void *anon = anon_map(1, PROT_READ);
	void *noexec;

	EXPECT_EQ(0, enclave_load(self->fd, anon, 0, PAGE, ENCLAVE_R, 0, NULL));
	EXPECT_EQ(0, enclave_load(self->fd, anon, PAGE, PAGE, ENCLAVE_RW, 0,
				  NULL));
	ASSERT_EQ(0, system("mkdir -p /run/a3 && mount -t tmpfs -o noexec "
			    "none /run/a3"));
	ASSERT_EQ(0, code_file("/run/a3/code", 1));
	noexec = file_map("/run/a3/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, noexec);
	EXPECT_EQ(0, enclave_load(self->fd, noexec, 2 * PAGE, PAGE, ENCLAVE_RW,
				  ENCLAVE_LOAD_F_MEASURE, NULL));
	munmap(noexec, PAGE);
	EXPECT_EQ(0, system("umount /run/a3"));
}

TEST_F(load, A4_dev)
{
	EXPECT_DENIED("exec_anon",
		      load_x(self->fd, anon_map(1, PROT_READ), 0));
}

TEST_F(load, A5_dev)
{
	EXPECT_DENIED("exec_anon", load_x(self->fd, anon_map(1, PROT_READ |
							     PROT_EXEC), 0));
	EXPECT_DENIED("exec_anon",
		      load_x(self->fd, anon_map(1, PROT_READ | PROT_WRITE |
						PROT_EXEC), PAGE));
}

TEST_F(load, A6_dev)
{
	uint8_t *src = code_map("a6", 2, PROT_READ | PROT_WRITE);

	ASSERT_NE(MAP_FAILED, (void *)src);
	src[100] = 0x90;
	ASSERT_EQ(0, mprotect(src, 2 * PAGE, PROT_READ));
	EXPECT_DENIED("exec_modified", load_x(self->fd, src, 0));
}

TEST_F(load, A6b_dev)
{
	uint8_t *src = code_map("a6b", 2, PROT_READ | PROT_WRITE);

	ASSERT_NE(MAP_FAILED, (void *)src);
	src[100] = 0x90;
	ASSERT_EQ(0, mprotect(src, 2 * PAGE, PROT_READ));
	EXPECT_EQ(0, load_x(self->fd, src + PAGE, 0));
}

/* A read-only page written all the same, as debuggers do. */
TEST_F(load, A7_dev_proc_mem)
{
	uint8_t *src = code_map("a7", 1, PROT_READ | PROT_EXEC);
	uint8_t byte = 0x90;
	int mem;

	ASSERT_NE(MAP_FAILED, (void *)src);
	mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, mem);
	ASSERT_EQ(1, pwrite(mem, &byte, 1, (off_t)(uintptr_t)src + 50));
	close(mem);
	EXPECT_EQ(0x90, src[50]);
	EXPECT_DENIED("exec_modified", load_x(self->fd, src, 0));
}

TEST_F(load, A7_dev_ptrace)
{
	uint8_t *src = code_map("a7p", 1, PROT_READ | PROT_EXEC);
	int status;
	pid_t pid;

	ASSERT_NE(MAP_FAILED, (void *)src);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(-load_x(self->fd, src, 0));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_POKETEXT, pid, src + 64, 0x9090909090909090));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, NULL, NULL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EACCES, WEXITSTATUS(status));
	EXPECT_NE(NULL, record_wait_pid("exec_modified", pid));
}

/* A breakpoint in the page, where it is mapped already and where it will be. */
TEST_F(load, A7_dev_uprobe)
{
	uint8_t *src = code_map("a7u", 2, RX), *again;
	int probe = source_probe(ALLOWED_DIR "/a7u");

	ASSERT_NE(MAP_FAILED, (void *)src);
	if (probe == -ENOENT)
		SKIP(return, "no uprobes in this kernel");
	ASSERT_LE(0, probe);
	again = file_map(ALLOWED_DIR "/a7u", 1, RX, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, (void *)again);
	EXPECT_EQ(0xcc, src[0]);
	EXPECT_EQ(0xcc, again[0]);
	EXPECT_DENIED("exec_modified", load_x(self->fd, src, 0));
	EXPECT_DENIED("exec_modified", load_x(self->fd, again, 0));
	EXPECT_EQ(0, load_x(self->fd, src + PAGE, PAGE));
	close(probe);
}

TEST_F(load, A8_dev_shared)
{
	void *src;

	ASSERT_EQ(0, code_file(ALLOWED_DIR "/a8", 1));
	src = file_map(ALLOWED_DIR "/a8", 1, PROT_READ | PROT_WRITE, MAP_SHARED);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, 0));
}

TEST_F(load, A8_dev_writer)
{
	void *src = code_map("a8w", 1, PROT_READ);
	int writer = open(ALLOWED_DIR "/a8w", O_RDWR | O_CLOEXEC);

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_LE(0, writer);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, 0));
	close(writer);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
}

/* The root of the test machine is 9p (hostfs on UML): it promises nothing. */
TEST_F(load, A8_dev_9p)
{
	void *src = source_of_9p();

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, 0));
}

/* Memory keeps what it holds, unless a user has mounted it. */
TEST_F(load, A8_dev_mounter)
{
	void *own, *src;
	int until;

	ASSERT_EQ(0, policy_load(MOUNTED_RULES, MOUNTED));
	ASSERT_EQ(0, code_file("/run/a8m/code", 1));
	own = file_map("/run/a8m/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, own);
	EXPECT_EQ(0, load_x(self->fd, own, 0));
	src = elsewhere_mounted(&until);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, PAGE));
	close(until);
}

#define IMAGE		"/mnt/ext4/a8.img"
#define LOOP		"/dev/loop0"
#define IMAGE_DIR	ALLOWED_DIR "/image"

/* The file below a loop device can be written to, a read-only device's too. */
TEST_F(load, A8_dev_loop)
{
	void *src;

	ASSERT_EQ(0, system("truncate -s 4M " IMAGE " && mkfs.ext4 -q "
			    "-O ^has_journal " IMAGE " && mkdir -p " IMAGE_DIR
			    " && losetup " LOOP " " IMAGE
			    " && mount " LOOP " " IMAGE_DIR));
	ASSERT_EQ(0, code_file(IMAGE_DIR "/code", 1));
	src = file_map(IMAGE_DIR "/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, 0));
	munmap(src, PAGE);
	ASSERT_EQ(0, system("umount " IMAGE_DIR " && losetup -d " LOOP
			    " && losetup -r " LOOP " " IMAGE
			    " && mount -o ro " LOOP " " IMAGE_DIR));
	src = file_map(IMAGE_DIR "/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", load_x(self->fd, src, 0));
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }"
				 "allow exec_file, exec_mutable from image;",
				 "source image { read-only; }"));
	EXPECT_DENIED("exec_file", load_x(self->fd, src, 0));
	munmap(src, PAGE);
	EXPECT_EQ(0, system("umount " IMAGE_DIR " && losetup -d " LOOP));
}

TEST_F(load, A10_dev_memfd)
{
	int fd;
	void *src = source_memfd(&fd);

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
	ASSERT_EQ(0, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
			   F_SEAL_GROW));
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, PAGE));
}

TEST_F(load, A10_dev_shm)
{
	void *shm = source_shm(), *shared = source_shared();

	ASSERT_NE(MAP_FAILED, shm);
	ASSERT_NE(MAP_FAILED, shared);
	EXPECT_DENIED("exec_anon", load_x(self->fd, shm, 0));
	EXPECT_DENIED("exec_anon", load_x(self->fd, shared, PAGE));
}

TEST_F(load, A10_dev_zero)
{
	void *zero = source_zero(), *device = source_dev_zero();

	ASSERT_NE(MAP_FAILED, zero);
	ASSERT_NE(MAP_FAILED, device);
	EXPECT_DENIED("exec_anon", load_x(self->fd, zero, 0));
	EXPECT_DENIED("exec_anon", load_x(self->fd, device, PAGE));
}

TEST_F(load, A10_dev_hugetlb)
{
	void *src = source_huge();

	if (src == MAP_FAILED)
		SKIP(return, "no huge page could be had");
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
	munmap(src, SOURCE_HUGE);
}

/* Nothing to judge: the call fails, whichever way, and nothing is loaded. */
TEST_F(load, A10_dev_secret)
{
	void *src = source_secret();
	uint64_t count = 1;

	if (src == MAP_FAILED)
		SKIP(return, "no memfd_secret in this kernel");
	EXPECT_GT(0, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
				  ENCLAVE_LOAD_F_MEASURE, &count));
	EXPECT_EQ(0, count);
	/* The address takes another page. */
	EXPECT_EQ(0, enclave_load(self->fd, anon_map(1, PROT_READ), 0, PAGE,
				  ENCLAVE_R, 0, NULL));
}

TEST_F(load, A10_dev_vdso)
{
	void *src = source_vdso();

	if (src == MAP_FAILED)
		SKIP(return, "no vDSO");
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
}

TEST_F(load, A11_dev_unlinked)
{
	void *src = code_map("a11", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, unlink(ALLOWED_DIR "/a11"));
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
}

/* One of its names goes between two calls: that by which it was opened. */
TEST_F(load, A11_dev_name)
{
	void *src = code_map("a11n", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	unlink(ALLOWED_DIR "/a11o");
	ASSERT_EQ(0, link(ALLOWED_DIR "/a11n", ALLOWED_DIR "/a11o"));
	EXPECT_EQ(0, load_x(self->fd, src, 0));
	EXPECT_EQ(0, load_x(self->fd, src, PAGE));
	ASSERT_EQ(0, unlink(ALLOWED_DIR "/a11n"));
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 2 * PAGE));
	EXPECT_EQ(0, unlink(ALLOWED_DIR "/a11o"));
}

TEST_F(load, A11_dev_tmpfile)
{
	int fd = open(ALLOWED_DIR, O_TMPFILE | O_RDWR | O_CLOEXEC, 0700);
	uint8_t code[PAGE];
	void *src;

	ASSERT_LE(0, fd);
	code_fill(code, 1);
	ASSERT_EQ((ssize_t)PAGE, write(fd, code, PAGE));
	src = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
}

TEST_F(load, A11_dev_tmpfs)
{
	void *src;

	ASSERT_EQ(0, code_file("/tmp/a11/code", 1));
	src = file_map("/tmp/a11/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_file", load_x(self->fd, src, 0));
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }"
				 "allow exec_file from tmp;",
				 "source tmp { path \"/tmp/a11/*\"; fs tmpfs; }"));
	EXPECT_EQ(0, load_x(self->fd, src, 0));
}

/* A file that no source names. */
TEST_F(load, A1_dev_other_file)
{
	void *src;

	ASSERT_EQ(0, code_file(OTHER_DIR "/a1", 1));
	src = file_map(OTHER_DIR "/a1", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_file", load_x(self->fd, src, 0));
}

/* A name of any length, one that just has room on the kernel's stack among them. */
TEST_F(load, A1_dev_long_name)
{
	static const size_t lengths[] = { 126, 127, 128, 129, 250 };
	static const char *const dirs[] = { ALLOWED_DIR "/", OTHER_DIR "/" };
	char name[256];
	void *src;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		for (int other = 1; other >= 0; other--) {
			memset(name, 'n', lengths[i]);
			memcpy(name, dirs[other], strlen(dirs[other]));
			name[lengths[i]] = '\0';
			ASSERT_EQ(0, code_file(name, 1));
			src = file_map(name, 1, PROT_READ, MAP_PRIVATE);
			ASSERT_NE(MAP_FAILED, src);
			if (other)
				EXPECT_DENIED("exec_file",
					      load_x(self->fd, src, i * PAGE));
			else
				EXPECT_EQ(0, load_x(self->fd, src, i * PAGE));
			munmap(src, PAGE);
		}
	}
}

TEST_F(load, A14_dev)
{
	uint64_t count = 0;
	uint8_t *src = code_map("a14", 4, PROT_READ);

	ASSERT_NE(MAP_FAILED, (void *)src);
	ASSERT_NE(MAP_FAILED, mmap(src + 2 * PAGE, 2 * PAGE, PROT_READ,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				   -1, 0));
	EXPECT_DENIED("exec_anon",
		      enclave_load(self->fd, src, 0, 4 * PAGE, ENCLAVE_RX,
				   ENCLAVE_LOAD_F_MEASURE, &count));
	EXPECT_EQ(2 * PAGE, count);
	/* No facts for the rest: the addresses take other pages. */
	EXPECT_EQ(0, enclave_load(self->fd, src, 2 * PAGE, 2 * PAGE, ENCLAVE_R,
				  0, &count));
	EXPECT_EQ(2 * PAGE, count);
}

/* Granted, and then not to be had: memory that can be read, but not pinned. */
TEST_F(load, A14_dev_secret)
{
	void *src = source_secret();
	uint64_t count = 1;

	if (src == MAP_FAILED)
		SKIP(return, "no memfd_secret in this kernel");
	EXPECT_EQ(-EFAULT, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RW,
					ENCLAVE_LOAD_F_MEASURE, &count));
	EXPECT_EQ(0, count);
	/* It left nothing: its address takes another. */
	EXPECT_EQ(0, enclave_load(self->fd, anon_map(1, PROT_READ), 0, PAGE,
				  ENCLAVE_R, 0, NULL));
}

TEST_F(load, A20_dev)
{
	void *src = code_map("a20", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("load_wx",
		      enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RWX,
				   ENCLAVE_LOAD_F_MEASURE, NULL));
}

TEST_F(load, A21_dev)
{
	void *src = code_map("a21", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_unmeasured", enclave_load(self->fd, src, 0, PAGE,
						      ENCLAVE_RX, 0, NULL));
}

TEST_F(load, A19_dev)
{
	void *src = code_map("a19", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_R, 0, NULL));
	ASSERT_EQ(0, enclave_init(self->fd));
	EXPECT_DENIED("intent", map_err(self->fd, 0, PAGE,
					PROT_READ | PROT_EXEC));
}

TEST_HARNESS_MAIN

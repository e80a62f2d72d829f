// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A on the SGX driver: ADD_PAGES.
 */
#include <sys/mount.h>

#include "elsewhere.h"
#include "kselftest_harness.h"
#include "sgx_rows.h"
#include "sources.h"

FIXTURE(load) {
	struct sgx s;
};

FIXTURE_SETUP(load)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
}

FIXTURE_TEARDOWN(load)
{
	sgx_close(&self->s);
}

static int add(struct sgx *s, const void *src, unsigned int flags)
{
	return sgx_add(s, src, ROW_CODE, SGX_PAGE, flags, true, NULL);
}

TEST_F(load, A1_sgx)
{
	uint64_t value;

	ASSERT_EQ(0, add(&self->s, code_map("a1", 1, PROT_READ), REG_RX));
	ASSERT_EQ(0, sgx_init(&self->s, sgx_pem()));
	ASSERT_EQ(0, sgx_map_runnable(&self->s));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
}

TEST_F(load, A1_sgx_other_file)
{
	ASSERT_EQ(0, code_file(OTHER_DIR "/a1", 1));
	EXPECT_DENIED("exec_file",
		      add(&self->s, file_map(OTHER_DIR "/a1", 1, PROT_READ,
					     MAP_PRIVATE), REG_RX));
}

TEST_F(load, A2_sgx)
{
	/* Never mapped X by the host: neither before nor after. */
	EXPECT_EQ(0, add(&self->s, code_map("a2", 1, PROT_READ), REG_RX));
}

TEST_F(load, A3_sgx)
{
	uint8_t *src = anon_map(2, PROT_READ);

	EXPECT_EQ(0, add(&self->s, src, REG_R));
	EXPECT_EQ(0, sgx_add(&self->s, src, ROW_DATA, SGX_PAGE, REG_RW, false,
			     NULL));
}

/* The driver's own test comes first, whatever the pages are for. */
TEST_F(load, A3_sgx_noexec)
{
	void *src;

	ASSERT_EQ(0, system("mkdir -p /run/a3s && mount -t tmpfs -o noexec "
			    "none /run/a3s"));
	ASSERT_EQ(0, code_file("/run/a3s/code", 1));
	src = file_map("/run/a3s/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(-EACCES, add(&self->s, src, REG_RW));
	munmap(src, PAGE);
	ASSERT_EQ(0, system("mount -o remount,exec /run/a3s"));
	src = file_map("/run/a3s/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(0, add(&self->s, src, REG_RW));
	munmap(src, PAGE);
	EXPECT_EQ(0, system("umount /run/a3s"));
}

TEST_F(load, A4_sgx)
{
	EXPECT_DENIED("exec_anon", add(&self->s, anon_map(1, PROT_READ),
				       REG_RX));
}

TEST_F(load, A5_sgx)
{
	EXPECT_DENIED("exec_anon", add(&self->s, anon_map(1, RX), REG_RX));
	EXPECT_DENIED("exec_anon", add(&self->s, anon_map(1, RWX), REG_RX));
}

TEST_F(load, A6_sgx)
{
	uint8_t *src = code_map("a6", 1, RW);

	src[100] = 1;
	ASSERT_EQ(0, mprotect(src, PAGE, PROT_READ));
	EXPECT_DENIED("exec_modified", add(&self->s, src, REG_RX));
}

TEST_F(load, A6b_sgx)
{
	uint8_t *src = code_map("a6b", 2, RW);

	src[100] = 1;
	ASSERT_EQ(0, mprotect(src, 2 * PAGE, PROT_READ));
	EXPECT_EQ(0, add(&self->s, src + PAGE, REG_RX));
}

TEST_F(load, A8_sgx)
{
	uint8_t *src;

	ASSERT_EQ(0, code_file(ALLOWED_DIR "/a8", 1));
	src = file_map(ALLOWED_DIR "/a8", 1, RW, MAP_SHARED);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", add(&self->s, src, REG_RX));
}

TEST_F(load, A8_sgx_writer)
{
	void *src = code_map("a8w", 1, PROT_READ);
	int writer = open(ALLOWED_DIR "/a8w", O_RDWR | O_CLOEXEC);

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_LE(0, writer);
	EXPECT_DENIED("exec_mutable", add(&self->s, src, REG_RX));
	close(writer);
	EXPECT_EQ(0, add(&self->s, src, REG_RX));
}

TEST_F(load, A8_sgx_9p)
{
	void *src = source_of_9p();
	struct sgx s;

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, sgx_new(&s, 0));
	EXPECT_DENIED("exec_mutable", add(&s, src, REG_RX));
	sgx_close(&s);
}

TEST_F(load, A8_sgx_mounter)
{
	void *own, *src;
	struct sgx s;
	int until;

	ASSERT_EQ(0, policy_load(MOUNTED_RULES, MOUNTED));
	ASSERT_EQ(0, sgx_new(&s, 0));
	ASSERT_EQ(0, code_file("/run/a8s/code", 1));
	own = file_map("/run/a8s/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, own);
	src = elsewhere_mounted(&until);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_mutable", add(&s, src, REG_RX));
	EXPECT_EQ(0, add(&s, own, REG_RX));
	close(until);
	sgx_close(&s);
}

TEST_F(load, A10_sgx_memfd)
{
	int fd;
	void *src = source_memfd(&fd), *shared;

	ASSERT_NE(MAP_FAILED, src);
	shared = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, shared);
	EXPECT_DENIED("exec_anon", add(&self->s, src, REG_RX));
	EXPECT_DENIED("exec_anon", add(&self->s, shared, REG_RX));
	munmap(shared, PAGE);
	ASSERT_EQ(0, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK |
			   F_SEAL_GROW));
	EXPECT_DENIED("exec_anon", add(&self->s, src, REG_RX));
}

TEST_F(load, A10_sgx_shm)
{
	void *shm = source_shm(), *shared = source_shared();

	ASSERT_NE(MAP_FAILED, shm);
	ASSERT_NE(MAP_FAILED, shared);
	EXPECT_DENIED("exec_anon", add(&self->s, shm, REG_RX));
	EXPECT_DENIED("exec_anon", add(&self->s, shared, REG_RX));
}

TEST_F(load, A10_sgx_zero)
{
	void *zero = source_zero(), *device = source_dev_zero();

	ASSERT_NE(MAP_FAILED, zero);
	ASSERT_NE(MAP_FAILED, device);
	EXPECT_DENIED("exec_anon", add(&self->s, zero, REG_RX));
	EXPECT_DENIED("exec_anon", add(&self->s, device, REG_RX));
}

TEST_F(load, A10_sgx_hugetlb)
{
	void *src = source_huge();

	if (src == MAP_FAILED)
		SKIP(return, "no huge page could be had");
	EXPECT_DENIED("exec_anon", add(&self->s, src, REG_RX));
	munmap(src, SOURCE_HUGE);
}

/* Nothing to judge: the call fails, whichever way, and nothing is added. */
TEST_F(load, A10_sgx_secret)
{
	void *src = source_secret();
	uint64_t count = 1;

	if (src == MAP_FAILED)
		SKIP(return, "no memfd_secret in this kernel");
	EXPECT_GT(0, sgx_add_pages(&self->s, src, ROW_CODE, SGX_PAGE, REG_RX,
				   true, &count));
	EXPECT_EQ(0, count);
	/* The address takes another page. */
	EXPECT_EQ(0, add(&self->s, anon_map(1, PROT_READ), REG_R));
}

TEST_F(load, A10_sgx_vdso)
{
	void *src = source_vdso();

	if (src == MAP_FAILED)
		SKIP(return, "no vDSO");
	EXPECT_DENIED("exec_anon", add(&self->s, src, REG_RX));
}

TEST_F(load, A11_sgx)
{
	uint8_t *src = code_map("a11", 1, PROT_READ);

	ASSERT_EQ(0, unlink(ALLOWED_DIR "/a11"));
	EXPECT_DENIED("exec_anon", add(&self->s, src, REG_RX));
}

TEST_F(load, A12_sgx)
{
	const char *dir = ALLOWED_DIR "/noexec";
	uint8_t *src;

	mkdir(ALLOWED_DIR, 0755);
	mkdir(dir, 0755);
	ASSERT_EQ(0, mount("none", dir, "tmpfs", MS_NOEXEC, NULL));
	ASSERT_EQ(0, code_file(ALLOWED_DIR "/noexec/a12", 1));
	src = file_map(ALLOWED_DIR "/noexec/a12", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	/* The driver's own test, which comes first and leaves no record. */
	EXPECT_EQ(-EACCES, add(&self->s, src, REG_RX));
	umount2(dir, MNT_DETACH);
}

TEST_F(load, A14_sgx)
{
	uint8_t *src = code_map("a14", 1, PROT_READ);
	uint8_t *both = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS,
			     -1, 0);
	uint64_t count = 99;

	ASSERT_NE(MAP_FAILED, both);
	ASSERT_EQ(both, mremap(src, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			       both));
	EXPECT_DENIED("exec_anon",
		      sgx_add(&self->s, both, ROW_CODE, 2 * PAGE, REG_RX, true,
			      &count));
	EXPECT_EQ(PAGE, count);
	/* The page that failed left nothing: its address takes another. */
	EXPECT_EQ(0, sgx_add(&self->s, code_map("a14b", 1, PROT_READ),
			     ROW_CODE + PAGE, PAGE, REG_RX, true, NULL));
}

TEST_F(load, A15_sgx)
{
	uint8_t *src = code_map("a15", 2, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, munmap(src, PAGE));
	EXPECT_EQ(-EFAULT, add(&self->s, src, REG_RX));
	EXPECT_NE(NULL, record_wait("source_gap"));
}

TEST_F(load, A15_sgx_stack)
{
	void *below = source_below_stack();

	ASSERT_NE(MAP_FAILED, below);
	EXPECT_EQ(-EFAULT, add(&self->s, below, REG_RX));
	EXPECT_EQ(below, source_below_stack());
}

TEST_F(load, A19_sgx)
{
	ASSERT_EQ(0, add(&self->s, anon_map(1, PROT_READ), REG_R));
	ASSERT_EQ(0, sgx_init(&self->s, sgx_pem()));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, SGX_PAGE, PROT_READ));
	EXPECT_EQ(-1, mprotect(sgx_at(&self->s, ROW_CODE), SGX_PAGE, RX));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("intent"));
	EXPECT_EQ(-EACCES, sgx_map(&self->s, ROW_CODE, SGX_PAGE, RX));
}

TEST_F(load, A20_sgx)
{
	EXPECT_DENIED("load_wx", add(&self->s, code_map("a20", 1, PROT_READ),
				     REG_RWX));
}

TEST_F(load, A21_sgx)
{
	EXPECT_DENIED("exec_unmeasured",
		      sgx_add(&self->s, code_map("a21", 1, PROT_READ), ROW_CODE,
			      SGX_PAGE, REG_RX, false, NULL));
}

TEST_F(load, A22_sgx)
{
	uint8_t *src = code_map("a22", 1, PROT_READ);

	ASSERT_EQ(0, add(&self->s, src, REG_RX));
	EXPECT_EQ(-EBUSY, add(&self->s, src, REG_RX));
	ASSERT_EQ(0, sgx_init(&self->s, sgx_pem()));
	EXPECT_EQ(-EINVAL, sgx_add(&self->s, src, ROW_HOLE, SGX_PAGE, REG_RX,
				   true, NULL));
}

TEST_F(load, A23_sgx)
{
	EXPECT_EQ(-EINVAL, add(&self->s, code_map("a23", 1, PROT_READ),
			       SGX_TCS | SGX_R | SGX_X));
}

TEST_F(load, A24_sgx)
{
	struct sgx other;

	ASSERT_EQ(0, sgx_ready(&other));
	ASSERT_EQ(0, sgx_map(&other, ROW_READ, SGX_PAGE, PROT_READ));
	EXPECT_GT(0, add(&self->s, sgx_at(&other, ROW_READ), REG_R));
	EXPECT_NE(NULL, record_wait("source_enclave"));
	sgx_close(&other);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows B on the SGX driver: mmap, mprotect, mremap.
 */
#include <sys/personality.h>
#include <sys/socket.h>

#include "kselftest_harness.h"
#include "sgx_rows.h"

FIXTURE(map) {
	struct sgx s;
};

FIXTURE_SETUP(map)
{
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_loose(&self->s));
}

FIXTURE_TEARDOWN(map)
{
	sgx_close(&self->s);
}

static int map_code(struct sgx *s, int prot)
{
	return sgx_map(s, ROW_CODE, SGX_PAGE, prot);
}

static int protect(struct sgx *s, int prot)
{
	return sgx_protect(s, ROW_CODE, SGX_PAGE, prot);
}

TEST_F(map, B1_sgx)
{
	EXPECT_DENIED("map_wx", map_code(&self->s, RWX));
	ASSERT_EQ(0, map_code(&self->s, PROT_READ));
	EXPECT_EQ(-EACCES, protect(&self->s, RWX));
}

TEST_F(map, B4_sgx)
{
	uint64_t value;
	struct sgx s;

	/* Reserved before there is a page; executable over the hole. */
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	ASSERT_EQ(0, map_code(&s, PROT_NONE));
	ASSERT_EQ(0, protect(&s, RX));
	ASSERT_EQ(0, map_code(&s, RX));
	ASSERT_EQ(0, sgx_add(&s, code_map("b4", 1, PROT_READ), ROW_CODE,
			     SGX_PAGE, REG_RX, true, NULL));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	ASSERT_EQ(0, sgx_map_runnable(&s));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	sgx_close(&s);
}

TEST_F(map, B5_sgx)
{
	ASSERT_EQ(0, map_code(&self->s, RW));
	ASSERT_EQ(0, sgx_poke(&self->s, ROW_CODE + 100, 1, NULL));
	EXPECT_DENIED("exec_written", protect(&self->s, RX));
}

TEST_F(map, B6_sgx)
{
	ASSERT_EQ(0, map_code(&self->s, RX));
	EXPECT_DENIED("exec_written", protect(&self->s, RW));
}

TEST_F(map, B7_sgx)
{
	ASSERT_EQ(0, map_code(&self->s, RW));
	ASSERT_EQ(0, munmap(sgx_at(&self->s, ROW_CODE), SGX_PAGE));
	EXPECT_DENIED("exec_written", map_code(&self->s, RX));
}

TEST_F(map, B7_sgx_dup)
{
	int copy = dup(self->s.fd);

	ASSERT_LE(0, copy);
	ASSERT_EQ(0, map_code(&self->s, RW));
	ASSERT_EQ(0, munmap(sgx_at(&self->s, ROW_CODE), SGX_PAGE));
	close(self->s.fd);
	self->s.fd = copy;
	EXPECT_DENIED("exec_written", map_code(&self->s, RX));
	/* Other pages are not concerned. */
	EXPECT_EQ(0, sgx_map(&self->s, ROW_CODE + SGX_PAGE, SGX_PAGE, RX));
}

static int child_maps_x(void *arg)
{
	return -map_code(arg, RX);
}

TEST_F(map, B8_sgx)
{
	ASSERT_EQ(0, map_code(&self->s, RW));
	EXPECT_EQ(EACCES, in_child(child_maps_x, &self->s));
}

TEST_F(map, B11_sgx)
{
	void *at = sgx_at(&self->s, ROW_CODE);

	ASSERT_EQ(0, map_code(&self->s, RX));
	EXPECT_EQ(MAP_FAILED, mremap(at, SGX_PAGE, SGX_PAGE,
				     MREMAP_MAYMOVE | MREMAP_FIXED,
				     sgx_at(&self->s, ROW_HOLE)));
	EXPECT_NE(NULL, record_wait("mremap"));
	EXPECT_EQ(MAP_FAILED, mremap(at, 0, SGX_PAGE, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(at, SGX_PAGE, 2 * SGX_PAGE,
				     MREMAP_MAYMOVE));
}

TEST_F(map, B13_sgx)
{
	EXPECT_EQ(MAP_FAILED, mmap(sgx_at(&self->s, ROW_CODE), SGX_PAGE,
				   PROT_READ, MAP_PRIVATE | MAP_FIXED,
				   self->s.fd, 0));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(map, B14_sgx)
{
	ASSERT_EQ(0, map_code(&self->s, PROT_NONE));
	ASSERT_LE(0, personality(READ_IMPLIES_EXEC));
	EXPECT_DENIED("read_implies_exec", protect(&self->s, PROT_READ));
	EXPECT_EQ(-EACCES, map_code(&self->s, PROT_READ));
}

TEST_F(map, B22_sgx)
{
	struct sgx other = self->s;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", self->s.fd);
	other.fd = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, other.fd);
	/* One of them is created already, the other is not. */
	EXPECT_EQ(-EINVAL, sgx_create_ioctl(&self->s));
	EXPECT_EQ(0, sgx_create_ioctl(&other));
	close(other.fd);
}

TEST_F(map, B18_sgx)
{
	struct sgx s;

	EXPECT_EQ(-EACCES, sgx_map(&self->s, SGX_SIZE, SGX_PAGE, PROT_READ));
	/* Mapped before init, when it may reach beyond; not changed after. */
	ASSERT_EQ(0, sgx_built(&s));
	ASSERT_EQ(0, sgx_map(&s, SGX_SIZE, SGX_PAGE, PROT_NONE));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	EXPECT_EQ(-1, mprotect(sgx_at(&s, SGX_SIZE), SGX_PAGE, PROT_READ));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("outside"));
	sgx_close(&s);
}

/* What is mapped stays, the next is judged by the stricter policy. */
TEST_F(map, B20_sgx)
{
	const uint64_t next = ROW_CODE + SGX_PAGE;
	const long before = flagged();
	uint64_t value;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, map_code(&self->s, RX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	ASSERT_EQ(0, sgx_map(&self->s, next, SGX_PAGE, RX));
	EXPECT_EQ(before, flagged());
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }", ""));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_EQ(before + 1, flagged());
	EXPECT_DENIED("change", sgx_map(&self->s, next, SGX_PAGE, RX));
}

/* The same where denials were let pass, and are enforced again. */
TEST_F(map, B20_sgx_permissive)
{
	const uint64_t next = ROW_CODE + SGX_PAGE;
	const long before = flagged();
	uint64_t value;

	ASSERT_LE(0, before);
	ASSERT_EQ(0, enforce(false));
	ASSERT_EQ(0, map_code(&self->s, RWX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	EXPECT_EQ(before, flagged());
	ASSERT_EQ(0, enforce(true));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_EQ(before + 1, flagged());
	EXPECT_DENIED("map_wx", sgx_map(&self->s, next, SGX_PAGE, RWX));
}

static int receives(void *arg)
{
	struct sgx *s = arg;

	return become(SECOND_UID) ? 99 : -map_code(s, PROT_READ);
}

TEST_F(map, B19_sgx)
{
	EXPECT_EQ(EACCES, in_child(receives, &self->s));
}

/* The mapping came first, the page after it: never writable. */
TEST(B2_sgx)
{
	struct sgx_fault f;
	uint64_t value;
	struct sgx s;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RWX));
	ASSERT_EQ(0, sgx_add(&s, code_map("b2", 1, PROT_READ), ROW_CODE,
			     SGX_PAGE, REG_RX, true, NULL));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	ASSERT_EQ(0, sgx_map_runnable(&s));
	EXPECT_EQ(-EFAULT, sgx_poke(&s, ROW_CODE, 0x90, &f));
	EXPECT_EQ(14, f.vector);
	EXPECT_EQ(-EFAULT, sgx_call(&s, ROW_CODE, &value, &f));
	EXPECT_EQ(14, f.vector);
	sgx_close(&s);
}

TEST_HARNESS_MAIN

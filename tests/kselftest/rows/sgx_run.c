// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows C on the SGX driver: dynamic pages, debuggers, reclaim. Rows C4 and
 * C6, pages that go or become others, are in sgx_change.c.
 */
#include <sys/mount.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "sgx_rows.h"

FIXTURE(run) {
	struct sgx s;
};

FIXTURE_SETUP(run)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_ready(&self->s));
}

FIXTURE_TEARDOWN(run)
{
	sgx_close(&self->s);
}

/* The enclave writes its code to a page, a byte at a time. */
static int write_code(struct sgx *s, uint64_t offset)
{
	uint8_t code[PAGE];
	int err = 0;

	code_fill(code, 1);
	for (unsigned int i = 0; i < 6 && !err; i++)
		err = sgx_poke(s, offset + i, code[i], NULL);
	return err;
}

static int protect(struct sgx *s, uint64_t offset, int prot)
{
	return sgx_protect(s, offset, SGX_PAGE, prot);
}

TEST_F(run, C1_sgx)
{
	uint8_t value;

	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	ASSERT_EQ(0, sgx_poke(&self->s, ROW_HOLE, 7, NULL));
	ASSERT_EQ(0, sgx_peek(&self->s, ROW_HOLE, &value, NULL));
	EXPECT_EQ(7, value);
}

TEST_F(run, C1_sgx_denied)
{
	ASSERT_EQ(0, policy_load("allow create, change;", ""));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	EXPECT_GT(0, sgx_augment(&self->s, ROW_HOLE, 1));
	EXPECT_NE(NULL, record_wait("augment"));
}

#define BEHALF "/run/c1-behalf"

/* In a group whose domain may do all but add pages. */
static int adds_on_behalf(void *arg)
{
	struct sgx s;
	int fd, err;
	ssize_t n;

	(void)arg;
	if (setresgid(SECOND_UID, SECOND_UID, SECOND_UID) || sgx_ready(&s) ||
	    sgx_map(&s, ROW_HOLE, SGX_PAGE, RW))
		return 255;
	fd = open(BEHALF "/out", O_WRONLY | O_CLOEXEC);
	n = write(fd, sgx_at(&s, ROW_HOLE), SGX_PAGE);
	err = n < 0 ? errno : 0;
	close(fd);
	sgx_close(&s);
	return err != EFAULT || record_wait("augment") ? err : 254;
}

/* A file system that reads with its mounter's credentials has no say in it. */
TEST(C1_sgx_behalf)
{
	char self[4096], more[4400];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	ASSERT_LT(0, n);
	self[n] = '\0';
	snprintf(more, sizeof(more), "domain others { exe \"%s\"; gid %d; "
		 "allow create, change; for any { allow init; }"
		 "allow exec_file from allowed; }", self, SECOND_UID);
	ASSERT_EQ(0, policy_load(STRICT_RULES, more));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, system("mkdir -p " BEHALF " /tmp/c1/lower /tmp/c1/upper"
			    " /tmp/c1/work && touch /tmp/c1/upper/out"));
	ASSERT_EQ(0, mount("none", BEHALF, "overlay", 0, "lowerdir=/tmp/c1/lower,"
			   "upperdir=/tmp/c1/upper,workdir=/tmp/c1/work"));
	EXPECT_EQ(EFAULT, in_child(adds_on_behalf, NULL));
	EXPECT_EQ(0, umount(BEHALF));
}

TEST_F(run, C2_sgx)
{
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	ASSERT_EQ(0, write_code(&self->s, ROW_HOLE));
	EXPECT_DENIED("exec_dynamic", protect(&self->s, ROW_HOLE, RX));
}

TEST_F(run, C2b_sgx)
{
	uint64_t value;

	ASSERT_EQ(0, sgx_strict_and("exec_dynamic"));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	ASSERT_EQ(0, write_code(&self->s, ROW_HOLE));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_HOLE, SGX_R | SGX_X));
	ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_HOLE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_DENIED("exec_written", protect(&self->s, ROW_HOLE, RW));
}

TEST_F(run, C3_sgx_rwx)
{
	struct sgx_fault f;
	uint64_t value;

	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RWX));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	EXPECT_NE(NULL, record_wait(NULL));
	ASSERT_EQ(0, write_code(&self->s, ROW_HOLE));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_HOLE, SGX_R | SGX_X));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_HOLE, &value, &f));
	EXPECT_EQ(14, f.vector);
	/* Present, user, fetch; it is not the enclave's own permissions. */
	EXPECT_EQ(0x15, f.code);
}

TEST_F(run, C3_sgx_rx)
{
	struct sgx_fault f;
	uint64_t value;

	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	EXPECT_NE(NULL, record_wait("exec_dynamic"));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_HOLE, SGX_R | SGX_X));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_HOLE, &value, &f));
	EXPECT_EQ(0x15, f.code);
}

TEST_F(run, C5_sgx)
{
	struct sgx_fault f;
	uint64_t value;

	/* The enclave gives itself X on data: the mapping does not follow. */
	ASSERT_EQ(0, sgx_map(&self->s, ROW_DATA, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_DATA, SGX_R | SGX_X));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_DATA, &value, &f));
	EXPECT_EQ(14, f.vector);
	EXPECT_DENIED("intent", protect(&self->s, ROW_DATA, RX));
}

/* What a leaf writes, it writes only where the mapping lets the enclave write. */
TEST(C5_sgx_leaf)
{
	uint64_t value, error;
	struct sgx_fault f;
	struct sgx s;

	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, sgx_loose(&s));
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(-EFAULT, sgx_leaf(&s, SGX_EREPORT, SGX_DATA_AT, SGX_DATA_AT,
				    ROW_CODE, &error, &f));
	EXPECT_EQ(14, f.vector);
	/* Present, write, user; not the enclave's own permissions. */
	EXPECT_EQ(7, f.code);
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	/* The same of a page that is yet to come. */
	ASSERT_EQ(0, sgx_map(&s, ROW_HOLE, SGX_PAGE, RX));
	EXPECT_EQ(-EFAULT, sgx_enclu(&s, SGX_EACCEPTCOPY, REG_RX, ROW_HOLE,
				     SGX_DATA_AT, &error, &f));
	EXPECT_EQ(14, f.vector);
	EXPECT_EQ(7, f.code);
	sgx_close(&s);
}

TEST_F(run, C7_sgx)
{
	uint64_t value;

	ASSERT_EQ(0, sgx_strict_and("exec_dynamic, exec_written"));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_HOLE, SGX_R | SGX_W | SGX_X));
	for (unsigned int i = 0; i < 3; i++) {
		ASSERT_EQ(0, write_code(&self->s, ROW_HOLE));
		ASSERT_EQ(0, sgx_poke(&self->s, ROW_HOLE + 1,
				      (CODE_VALUE & 0xff) + i, NULL));
		ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RX));
		ASSERT_EQ(0, sgx_call(&self->s, ROW_HOLE, &value, NULL));
		EXPECT_EQ(CODE_VALUE + i, value);
		ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RW));
	}
	EXPECT_DENIED("map_wx", protect(&self->s, ROW_HOLE, RWX));
}

/* A debug enclave with code at ROW_CODE. */
static int debug_built(struct sgx *s, bool init)
{
	int err = sgx_fresh(s, SGX_DEBUG);

	if (!err)
		err = sgx_add(s, code_map("c8", 1, PROT_READ), ROW_CODE,
			      SGX_PAGE, REG_RX, true, NULL);
	return err || !init ? err : sgx_init(s, sgx_pem());
}

TEST_F(run, C8_sgx)
{
	uint8_t byte = 0;
	struct iovec local = { &byte, 1 }, remote;
	struct sgx d;

	ASSERT_EQ(0, sgx_strict_and("debug"));
	ASSERT_EQ(0, debug_built(&d, true));
	ASSERT_EQ(0, sgx_map(&d, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(-EIO, debug_write(sgx_at(&d, ROW_CODE), 0x90));
	EXPECT_NE(NULL, record_wait("debug_write"));
	remote = (struct iovec){ sgx_at(&d, ROW_CODE), 1 };
	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	sgx_close(&d);
}

TEST_F(run, C8_sgx_before_init)
{
	uint8_t page[PAGE];
	struct sgx d;

	ASSERT_EQ(0, sgx_strict_and("debug"));
	ASSERT_EQ(0, debug_built(&d, false));
	ASSERT_EQ(0, sgx_map(&d, ROW_CODE, SGX_PAGE, PROT_READ));
	EXPECT_EQ(-EIO, debug_write(sgx_at(&d, ROW_CODE), 0x90));
	EXPECT_NE(NULL, record_wait("debug_write"));
	ASSERT_EQ(0, sgx_debug_read(&d, ROW_CODE, page));
	EXPECT_EQ(0xb8, page[0]);
	sgx_close(&d);
}

/* Of a process that inherited the mapping: after init and before. */
TEST_F(run, C8_sgx_ptrace)
{
	uint8_t page[PAGE];
	struct sgx d;

	ASSERT_EQ(0, sgx_strict_and("debug"));
	for (int init = 1; init >= 0; init--) {
		ASSERT_EQ(0, debug_built(&d, init));
		ASSERT_EQ(0, sgx_map(&d, ROW_CODE, SGX_PAGE, PROT_READ));
		EXPECT_EQ(-EIO, debug_poke(sgx_at(&d, ROW_CODE),
					   0x9090909090909090));
		EXPECT_NE(NULL, record_wait("debug_write"));
		ASSERT_EQ(0, sgx_debug_read(&d, ROW_CODE, page));
		EXPECT_EQ(0xb8, page[0]);
		sgx_close(&d);
	}
}

TEST_F(run, C8b_sgx)
{
	struct sgx d;

	ASSERT_EQ(0, policy_load(STRICT_RULES "allow debug_write;"
				 "for any { allow debug; }", ""));
	ASSERT_EQ(0, debug_built(&d, false));
	ASSERT_EQ(0, sgx_map(&d, ROW_CODE, SGX_PAGE, PROT_READ));
	ASSERT_EQ(0, debug_write(sgx_at(&d, ROW_CODE), 0x90));
	EXPECT_EQ(-EACCES, sgx_init(&d, sgx_pem()));
	EXPECT_NE(NULL, record_wait("exec_modified"));
	sgx_close(&d);
}

#define EPC_PAGES	4096	/* of the machine that the rows run on, at most */

/* Adds pages until all that were there before have been reclaimed. */
static int fill_epc(struct sgx *s)
{
	const unsigned int pages = EPC_PAGES + 512;
	uint64_t size = SGX_PAGE;
	uint8_t *src = anon_map(64, PROT_READ);
	int err;

	while (size < pages * SGX_PAGE)
		size *= 2;
	err = sgx_new_size(s, 0, size);
	for (unsigned int i = 0; i < pages && !err; i += 64)
		err = sgx_add(s, src, i * SGX_PAGE, 64 * SGX_PAGE, REG_RW,
			      false, NULL);
	return err;
}

TEST(C9_sgx)
{
	struct sgx s, filler;
	uint64_t value;
	uint8_t byte;

	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_loose(&s));
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_map(&s, ROW_DATA, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	ASSERT_EQ(0, sgx_poke(&s, ROW_DATA + 100, 7, NULL));
	ASSERT_EQ(0, fill_epc(&filler));
	/* Nothing was forgotten while the pages were away ... */
	EXPECT_DENIED("exec_written", protect(&s, ROW_CODE, RW));
	EXPECT_DENIED("exec_written", protect(&s, ROW_DATA, RX));
	/* ... and nothing is when they are back. */
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	ASSERT_EQ(0, sgx_peek(&s, ROW_DATA + 100, &byte, NULL));
	EXPECT_EQ(7, byte);
	EXPECT_DENIED("exec_written", protect(&s, ROW_CODE, RW));
	EXPECT_DENIED("exec_written", protect(&s, ROW_DATA, RX));
	sgx_close(&filler);
	sgx_close(&s);
}

TEST_F(run, C10_sgx)
{
	struct sgx_fault f;
	uint8_t value;

	/* Present, without W: once the page's own, once the mapping's. */
	ASSERT_EQ(0, sgx_map(&self->s, ROW_READ, SGX_PAGE, PROT_READ));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_DATA, SGX_PAGE, PROT_READ));
	for (uint64_t at = ROW_DATA; at <= ROW_READ; at += SGX_PAGE) {
		ASSERT_EQ(0, sgx_peek(&self->s, at, &value, NULL));
		EXPECT_EQ(-EFAULT, sgx_poke(&self->s, at + 5, value ^ 1, &f));
		EXPECT_EQ(14, f.vector);
		/* Present, write, user; not the enclave's own permissions. */
		EXPECT_EQ(7, f.code);
		EXPECT_EQ((uintptr_t)sgx_at(&self->s, at), f.address);
	}
}

#define VEPC "/dev/sgx_vepc"

static int maps_vepc(void *arg)
{
	void *p;

	if (become(SECOND_UID))
		return 255;
	p = mmap(NULL, SGX_PAGE, RW, MAP_SHARED, *(int *)arg, 0);
	return p == MAP_FAILED ? errno : 0;
}

TEST(C12_sgx)
{
	uint8_t *p;
	int fd;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	fd = open(VEPC, O_RDWR | O_CLOEXEC);
	EXPECT_EQ(-1, fd);
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(NULL, record_wait("vepc"));
	/* Who may open it and who may map it are asked apart. */
	ASSERT_EQ(0, policy_two("allow vepc;", "allow change;", ""));
	fd = open(VEPC, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EACCES, in_child(maps_vepc, &fd));
	p = mmap(NULL, SGX_PAGE, RW, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, (void *)p);
	EXPECT_LE(0, peek(p));
	munmap(p, SGX_PAGE);
	ASSERT_EQ(0, policy_strict());
	EXPECT_EQ(MAP_FAILED, mmap(NULL, SGX_PAGE, RW, MAP_SHARED, fd, 0));
	EXPECT_EQ(EACCES, errno);
	close(fd);
}

TEST_F(run, C11_sgx)
{
	struct sgx d;

	/* Deferred to init if an identity could allow it; here none can. */
	EXPECT_DENIED("debug", debug_built(&d, true));
}

TEST_F(run, C13_sgx)
{
	struct sgx s;

	ASSERT_EQ(0, policy_load("allow create, change; allow augment max 2 pages;"
				 "for any { allow init; }"
				 "allow exec_file from allowed;", ""));
	ASSERT_EQ(0, sgx_ready(&s));
	ASSERT_EQ(0, sgx_map(&s, ROW_HOLE, 4 * SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&s, ROW_HOLE, 2));
	EXPECT_GT(0, sgx_augment(&s, ROW_HOLE + 2 * SGX_PAGE, 1));
	EXPECT_NE(NULL, record_wait("augment"));
	ASSERT_EQ(0, sgx_removed(&s, ROW_HOLE));
	EXPECT_EQ(0, sgx_augment(&s, ROW_HOLE + 2 * SGX_PAGE, 1));
	sgx_close(&s);
}

/* Pages that are judged many at a time are bounded one by one. */
TEST(C13_sgx_load)
{
	uint8_t *src = anon_map(64, PROT_READ);
	uint64_t count = 0;
	struct sgx s;

	ASSERT_EQ(0, policy_load("allow create; for any { allow init;"
				 "allow exec_anon max 10 pages; }"
				 "allow exec_file from allowed;", ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh_size(&s, 0, 128 * SGX_PAGE));
	EXPECT_DENIED("exec_anon", sgx_add(&s, src, 64 * SGX_PAGE,
					   64 * SGX_PAGE, REG_RX, true, &count));
	EXPECT_EQ(10 * SGX_PAGE, count);
	EXPECT_EQ(0, sgx_add(&s, src, 74 * SGX_PAGE, 54 * SGX_PAGE, REG_R, true,
			     NULL));
	EXPECT_EQ(0, sgx_init(&s, sgx_pem()));
	sgx_close(&s);
}

TEST_HARNESS_MAIN

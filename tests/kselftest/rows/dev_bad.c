// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input to /dev/enclave: what it is told is what its header says, and nothing comes
 * of it. Row A31 of the catalogue; what INIT is told is D12's (d_init.c). And row A32, of
 * calls that end early.
 */
#include <pthread.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "race.h"
#include "rows.h"

#define SIZE		((uint64_t)LAYOUT_PAGES * PAGE)
/* Nothing is mapped there; the compiler is not to know. */
static void *volatile nowhere = (void *)8;
#define NOWHERE		((void *)nowhere)
#define ODD		(PAGE / 2)
#define TOP		(-(uint64_t)PAGE)

static int call(int fd, unsigned long request, const void *arg)
{
	return ioctl(fd, request, arg) ? -errno : 0;
}

/* @arg in memory that the kernel can read, but not write to. */
static const void *read_only(const void *arg, size_t size)
{
	void *p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NOWHERE;
	memcpy(p, arg, size);
	mprotect(p, PAGE, PROT_READ);
	return p;
}

TEST(A31_dev_create)
{
	static const struct enclave_create bad[] = {
		{ .size = 0 },
		{ .size = ODD },
		{ .size = PAGE + 1 },
		{ .size = ENCLAVE_MAX_SIZE + PAGE },
		{ .size = TOP },
		{ .size = PAGE, .attributes = 4 },
		{ .size = PAGE, .attributes = 1u << 31 },
		{ .size = PAGE, .write_prot = 8 },
		{ .size = PAGE, .write_prot = 1u << 31 },
	};
	const struct enclave_create good = { .size = SIZE };
	struct enclave_query_identity id;
	uint8_t *src = code_map("a31", 1, PROT_READ);
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = enclave_open();
	ASSERT_LE(0, fd);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		EXPECT_EQ(-EINVAL, call(fd, ENCLAVE_IOC_CREATE, &bad[i]))
			TH_LOG("case %zu", i);
	}
	EXPECT_EQ(-EFAULT, call(fd, ENCLAVE_IOC_CREATE, NOWHERE));
	EXPECT_EQ(-ENOTTY, call(fd, _IO(ENCLAVE_IOC_MAGIC, 0x7f), NULL));

	/* There is no enclave yet. */
	EXPECT_EQ(-EINVAL, enclave_identity(fd, &id));
	EXPECT_EQ(-EINVAL, enclave_init(fd));
	EXPECT_EQ(-EINVAL, enclave_load(fd, src, 0, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(-1, pwrite(fd, src, PAGE, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, enclave_map(fd, 0, PAGE, PROT_READ));
	EXPECT_EQ(EINVAL, errno);

	EXPECT_EQ(0, call(fd, ENCLAVE_IOC_CREATE, &good));
	EXPECT_EQ(-EBUSY, call(fd, ENCLAVE_IOC_CREATE, &good));
	EXPECT_EQ(0, enclave_identity(fd, &id));
	EXPECT_EQ(SIZE, id.size);
	EXPECT_EQ(-EFAULT, call(fd, ENCLAVE_IOC_IDENTITY, NOWHERE));
	EXPECT_EQ(0, enclave_init(fd));
}

TEST(A31_dev_load)
{
	static const struct {
		uint64_t src, offset, length;
		uint32_t prot, flags;
		int err;
	} bad[] = {
		{ 1, 0, PAGE, ENCLAVE_RX, 0, EINVAL },
		{ TOP, 0, 2 * PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, 0, 0, ENCLAVE_RX, 0, EINVAL },
		{ 0, 0, ODD, ENCLAVE_RX, 0, EINVAL },
		{ 0, ODD, PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, SIZE, PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, SIZE - PAGE, 2 * PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, TOP, PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, TOP, 2 * PAGE, ENCLAVE_RX, 0, EINVAL },
		{ 0, 0, PAGE, 8, 0, EINVAL },
		{ 0, 0, PAGE, 1u << 31, 0, EINVAL },
		{ 0, 0, PAGE, ENCLAVE_RX, 4, EINVAL },
		{ 0, 0, PAGE, ENCLAVE_RX, 1u << 31, EINVAL },
	};
	uint8_t *src = code_map("a31", 2, PROT_READ);
	struct enclave_load arg;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = fresh();
	ASSERT_LE(0, fd);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		arg = (struct enclave_load){
			.src = (uintptr_t)src + bad[i].src,
			.offset = bad[i].offset,
			.length = bad[i].length,
			.prot = bad[i].prot,
			.flags = bad[i].flags,
			.count = 99,
		};
		if (bad[i].src == TOP)
			arg.src = TOP;
		EXPECT_EQ(-bad[i].err, call(fd, ENCLAVE_IOC_LOAD, &arg))
			TH_LOG("case %zu", i);
		EXPECT_TRUE(arg.count == 99 || arg.count == 0);
	}
	EXPECT_EQ(-EFAULT, call(fd, ENCLAVE_IOC_LOAD, NOWHERE));

	/* Loaded, but the caller is not told how much: it is there. */
	arg = (struct enclave_load){
		.src = (uintptr_t)src,
		.length = PAGE,
		.prot = ENCLAVE_RX,
		.flags = ENCLAVE_LOAD_F_MEASURE,
	};
	EXPECT_EQ(-EFAULT, call(fd, ENCLAVE_IOC_LOAD,
				read_only(&arg, sizeof(arg))));
	EXPECT_EQ(-EBUSY, call(fd, ENCLAVE_IOC_LOAD, &arg));
	arg.offset = SIZE - PAGE;
	EXPECT_EQ(0, call(fd, ENCLAVE_IOC_LOAD, &arg));
	EXPECT_EQ(PAGE, arg.count);
	EXPECT_EQ(0, enclave_init(fd));
	arg.offset = PAGE;
	EXPECT_EQ(-EINVAL, call(fd, ENCLAVE_IOC_LOAD, &arg));
	EXPECT_EQ(0, arg.count);
}

static int write_at(int fd, const void *buf, size_t len, off_t at)
{
	ssize_t n = pwrite(fd, buf, len, at);

	return n < 0 ? -errno : n;
}

TEST(A31_dev_write)
{
	const size_t page = PAGE;
	uint8_t *src = anon_map(3, PROT_READ);
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, write_at(fd, src, 0, 1));
	EXPECT_EQ(-EINVAL, write_at(fd, src, 1, 0));
	EXPECT_EQ(-EINVAL, write_at(fd, src, page - 1, 0));
	EXPECT_EQ(-EINVAL, write_at(fd, src, page, ODD));
	EXPECT_EQ(-EINVAL, write_at(fd, src, page, SIZE));
	EXPECT_EQ(-EFAULT, write_at(fd, NOWHERE, page, 0));

	/* What comes before the end, a gap or another page is written. */
	EXPECT_EQ(page, write_at(fd, src, 3 * page, SIZE - PAGE));
	EXPECT_EQ(-EBUSY, write_at(fd, src, page, SIZE - PAGE));
	EXPECT_EQ(page, write_at(fd, src, page, 2 * PAGE));
	EXPECT_EQ(2 * page, write_at(fd, src, 3 * page, 0));
	ASSERT_EQ(0, munmap(src + page, 2 * page));
	EXPECT_EQ(page, write_at(fd, src, 3 * page, 4 * PAGE));
	EXPECT_EQ(page, write_at(fd, src, page, 5 * PAGE));

	EXPECT_EQ(0, enclave_init(fd));
	EXPECT_EQ(-EINVAL, write_at(fd, src, page, 8 * PAGE));
	EXPECT_EQ(-ENOENT, enclave_remove(fd, 8 * PAGE, PAGE, NULL));
	EXPECT_EQ(0, enclave_remove(fd, 5 * PAGE, PAGE, NULL));
}

TEST(A31_dev_change)
{
	static const unsigned long calls[] = {
		ENCLAVE_IOC_ADD, ENCLAVE_IOC_REMOVE, ENCLAVE_IOC_RESTRICT
	};
	static const struct enclave_pages bad[] = {
		{ .offset = HOLE_AT, .length = 0 },
		{ .offset = HOLE_AT, .length = ODD },
		{ .offset = HOLE_AT + 1, .length = PAGE },
		{ .offset = SIZE, .length = PAGE },
		{ .offset = HOLE_AT, .length = SIZE },
		{ .offset = TOP, .length = PAGE },
		{ .offset = TOP, .length = 2 * PAGE },
		{ .offset = HOLE_AT, .length = PAGE, .prot = 8 },
		{ .offset = HOLE_AT, .length = PAGE, .prot = 1u << 31 },
		{ .offset = HOLE_AT, .length = PAGE, .reserved = 1 },
	};
	struct enclave_pages hole = { .offset = HOLE_AT, .length = PAGE };
	uint64_t count;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = built();
	ASSERT_LE(0, fd);
	for (size_t c = 0; c < 3; c++)
		EXPECT_EQ(-EINVAL, call(fd, calls[c], &hole));
	ASSERT_EQ(0, enclave_init(fd));
	for (size_t c = 0; c < 3; c++) {
		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
			struct enclave_pages arg = bad[i];

			EXPECT_EQ(-EINVAL, call(fd, calls[c], &arg))
				TH_LOG("call %zu, case %zu", c, i);
			EXPECT_EQ(0, arg.count);
		}
		EXPECT_EQ(-EFAULT, call(fd, calls[c], NOWHERE));
	}
	hole.prot = ENCLAVE_R;
	EXPECT_EQ(-EINVAL, call(fd, ENCLAVE_IOC_REMOVE, &hole));

	/* Nothing was added meanwhile, nor taken away. */
	EXPECT_EQ(-ENOENT, enclave_remove(fd, HOLE_AT, PAGE, &count));
	EXPECT_EQ(0, count);
	EXPECT_EQ(-ENOENT, enclave_restrict(fd, HOLE_AT, PAGE, ENCLAVE_R, &count));
	EXPECT_EQ(-EBUSY, enclave_add(fd, READ_AT, PAGE, ENCLAVE_R, &count));
	EXPECT_EQ(-ENOENT, enclave_remove(fd, READ_AT, 2 * PAGE, &count));
	EXPECT_EQ(PAGE, count);

	/* Done, but the caller is not told how much. */
	EXPECT_EQ(-EFAULT, call(fd, ENCLAVE_IOC_ADD,
				read_only(&hole, sizeof(hole))));
	EXPECT_EQ(-EBUSY, call(fd, ENCLAVE_IOC_ADD, &hole));
	EXPECT_EQ(0, enclave_remove(fd, HOLE_AT, PAGE, &count));
}

/* More than are loaded in one hold of the locks. */
#define MANY 128u
/* Not RACE_ROUNDS, which take twenty seconds: each builds an enclave of MANY pages. */
#define A32_ROUNDS 300

/* A source unmapped during the call: an exact count, and what is missing later. */
TEST(A32_dev)
{
	struct race r = { .path = ALLOWED_DIR "/a32", .pages = MANY / 2 };
	uint8_t *from = code_map("a32", MANY, PROT_READ);
	const uint8_t *want = file_map(r.path, MANY, PROT_READ, MAP_PRIVATE);
	const unsigned int rounds = race_rounds(A32_ROUNDS);
	unsigned int partial = 0;
	pthread_t thread;

	ASSERT_EQ(0, policy_strict());
	ASSERT_TRUE(from != MAP_FAILED && want != MAP_FAILED);
	r.at = from + r.pages * PAGE;
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_unmapper, &r));
	/* Until one was ended early, or this has shown nothing: the harness ends it. */
	for (unsigned int i = 0; i < rounds || !partial; i++) {
		int err, fd = enclave_new(MANY * PAGE, 0, ENCLAVE_RW);
		uint64_t count = 0;

		ASSERT_LE(0, fd);
		err = enclave_load(fd, from, 0, MANY * PAGE, ENCLAVE_RX,
				   ENCLAVE_LOAD_F_MEASURE, &count);
		ASSERT_TRUE(err == 0 || err == -EFAULT) TH_LOG("error %d", err);
		ASSERT_EQ(err == 0, count == MANY * PAGE);
		partial += err != 0;
		/* What was not loaded can be; what was, cannot again. */
		if (err)
			ASSERT_EQ(0,
				  enclave_load(fd, want + count, count,
					       MANY * PAGE - count, ENCLAVE_RX,
					       ENCLAVE_LOAD_F_MEASURE, NULL));
		ASSERT_EQ(-EBUSY, enclave_load(fd, want, 0, PAGE, ENCLAVE_RX,
					       ENCLAVE_LOAD_F_MEASURE, NULL));
		ASSERT_EQ(0, enclave_init(fd));
		close(fd);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	TH_LOG("%u calls ended early", partial);
}

TEST_HARNESS_MAIN

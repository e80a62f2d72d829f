// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input to the SGX driver: what it is told is what upstream's would tell, and
 * nothing is remembered. Rows A31, A32 and D12 of the catalogue.
 */
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include <asm/sgx.h>

#include "kselftest_harness.h"
#include "race.h"
#include "sgx_rows.h"

FIXTURE(bad) {
	struct sgx s;
};

FIXTURE_SETUP(bad)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
}

FIXTURE_TEARDOWN(bad)
{
	sgx_close(&self->s);
}

/* A SECINFO that no processor takes. */
TEST_F(bad, A31_sgx)
{
	static const uint64_t flags[] = {
		REG_R | SGX_PENDING,		/* of the page's state */
		REG_R | SGX_MODIFIED,
		REG_R | 1ull << 16,		/* reserved */
		REG_R | 1ull << 63,
		SGX_REG | SGX_W,		/* W without R */
		SGX_REG | SGX_W | SGX_X,
		SGX_R,				/* type 0: a SECS */
		SGX_TRIM | SGX_R,
		3u << 8 | SGX_R,		/* VA */
		0xffu << 8 | SGX_R,
		SGX_TCS | SGX_R,		/* permissions of a TCS */
	};
	uint8_t *src = code_map("a31", 1, PROT_READ);
	uint64_t count;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		count = 99;
		EXPECT_EQ(-EINVAL, sgx_add_secinfo(&self->s, src, ROW_CODE,
						   flags[i], 0, &count))
			TH_LOG("flags %#lx", flags[i]);
		EXPECT_EQ(0, count);
	}
	/* The reserved words behind the flags. */
	for (unsigned int i = 1; i < 8; i++)
		EXPECT_EQ(-EINVAL, sgx_add_secinfo(&self->s, src, ROW_CODE,
						   REG_RX, i, &count));
	EXPECT_EQ(0, sgx_add(&self->s, src, ROW_CODE, PAGE, REG_RX, true, NULL));
	EXPECT_EQ(0, sgx_init(&self->s, sgx_pem()));
}

/* Addresses that are not aligned, not there, or beyond the enclave. */
TEST_F(bad, A31_sgx_range)
{
	uint8_t *src = code_map("a31r", 2, PROT_READ);
	uint64_t count;

	EXPECT_EQ(-EINVAL, sgx_add_pages(&self->s, src + 1, ROW_CODE, PAGE,
					 REG_RX, true, &count));
	EXPECT_EQ(-EINVAL, sgx_add_pages(&self->s, src, ROW_CODE + 1, PAGE,
					 REG_RX, true, &count));
	EXPECT_EQ(-EINVAL, sgx_add_pages(&self->s, src, ROW_CODE, 0, REG_RX,
					 true, &count));
	EXPECT_EQ(-EINVAL, sgx_add_pages(&self->s, src, SGX_SIZE - PAGE,
					 2 * PAGE, REG_RX, true, &count));
	EXPECT_EQ(-EINVAL, sgx_add_pages(&self->s, src, ROW_CODE, -PAGE, REG_RX,
					 true, &count));
	EXPECT_EQ(-EFAULT, sgx_add_pages(&self->s, NULL, ROW_CODE, PAGE, REG_RX,
					 true, &count));
	EXPECT_EQ(-EFAULT, sgx_add_pages(&self->s, (void *)(~0ul << 20),
					 ROW_CODE, PAGE, REG_R, true, &count));
	EXPECT_EQ(0, sgx_add(&self->s, src, ROW_CODE, PAGE, REG_RX, true, NULL));
	EXPECT_EQ(0, sgx_init(&self->s, sgx_pem()));
}

#define MANY 64
/* Not RACE_ROUNDS: each builds an enclave of MANY pages, which takes minutes. */
#define A32_ROUNDS 60

/* A source unmapped during the call: an exact count, and what is missing later. */
TEST_F(bad, A32_sgx)
{
	uint8_t *from = code_map("a32", MANY, PROT_READ);
	const uint8_t *want = code_map("a32", MANY, PROT_READ);
	struct race r = { .path = ALLOWED_DIR "/a32", .pages = MANY / 2 };
	const unsigned int rounds = race_rounds(A32_ROUNDS);
	unsigned int partial = 0;
	pthread_t thread;

	/* The same file again: code_map() made a new one. */
	munmap(from, MANY * PAGE);
	from = file_map(ALLOWED_DIR "/a32", MANY, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, (void *)from);
	r.at = from + r.pages * PAGE;
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_unmapper, &r));
	/* Until one was ended early, or this has shown nothing: the harness ends it. */
	for (unsigned int i = 0; i < rounds || !partial; i++) {
		uint64_t count = 0, rest = 0;
		struct sgx s;
		int err;

		ASSERT_EQ(0, sgx_fresh_size(&s, 0, 2 * MANY * SGX_PAGE));
		err = sgx_add_pages(&s, from, MANY * PAGE, MANY * PAGE, REG_RX,
				    true, &count);
		ASSERT_TRUE(err == 0 || err == -EFAULT) TH_LOG("error %d", err);
		ASSERT_EQ(err == 0, count == MANY * PAGE);
		partial += err != 0;
		/* What was not added can be; what was, cannot again. */
		if (err)
			ASSERT_EQ(0, sgx_add_pages(&s, want + count,
						   MANY * PAGE + count,
						   MANY * PAGE - count, REG_RX,
						   true, &rest));
		ASSERT_EQ(-EBUSY, sgx_add_pages(&s, want, MANY * PAGE, PAGE,
						REG_RX, true, &rest));
		sgx_measured(&s, want, MANY * PAGE, MANY * PAGE, REG_RX, true);
		ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
		sgx_close(&s);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	TH_LOG("%u calls ended early", partial);
}

/* Signals end the call: the same, and it can be gone on with. */
static void nothing(int sig)
{
	(void)sig;
}

TEST_F(bad, A32_sgx_signal)
{
	const struct itimerval often = { { 0, 200 }, { 0, 200 } }, never = {};
	struct sigaction sa = { .sa_handler = nothing, .sa_flags = SA_RESTART };
	const uint8_t *src = code_map("a32s", MANY, PROT_READ);
	unsigned int calls;
	struct sgx s;

	sigaction(SIGALRM, &sa, NULL);
	/* Until a signal has ended one: the harness ends it otherwise. */
	do {
		uint64_t done = 0;

		calls = 0;
		ASSERT_EQ(0, sgx_fresh_size(&s, 0, 2 * MANY * SGX_PAGE));
		setitimer(ITIMER_REAL, &often, NULL);
		while (done < MANY * PAGE && calls++ < 10000) {
			uint64_t count = 0;

			ASSERT_EQ(0, sgx_add_pages(&s, src + done,
						   MANY * PAGE + done,
						   MANY * PAGE - done, REG_RX,
						   true, &count));
			done += count;
		}
		setitimer(ITIMER_REAL, &never, NULL);
		ASSERT_EQ(MANY * PAGE, done);
		sgx_measured(&s, src, MANY * PAGE, MANY * PAGE, REG_RX, true);
		ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
		sgx_close(&s);
	} while (calls == 1);
	TH_LOG("%u calls", calls);
}

/* A size that is no enclave's. */
TEST_F(bad, A31_sgx_size)
{
	static const uint64_t sizes[] = {
		0, 1, 2048, 4096, 3 * 4096, 1ull << 37, 1ull << 62, 1ull << 63,
	};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct sgx s = {
			.fd = open(SGX_NODE, O_RDWR | O_CLOEXEC),
			.size = sizes[i],
		};
		int err = sgx_create_ioctl(&s);

		ASSERT_LE(0, s.fd);
		EXPECT_TRUE(err == -EINVAL || err == -EIO)
			TH_LOG("size %#lx: %d", sizes[i], err);
		/* It is still an enclave to be. */
		s.size = 2 * SGX_PAGE;
		EXPECT_EQ(0, sgx_create_ioctl(&s)) TH_LOG("size %#lx", sizes[i]);
		close(s.fd);
	}
}

/* Bits of a SECS that no processor takes, SDM 38.7: offset, and what is flipped. */
static const struct {
	unsigned int at;
	uint8_t flip;
} no_secs[] = {
	{ 9, 0x10 },		/* base, not aligned to the size */
	{ 15, 0x80 },		/* base, not canonical */
	{ 16, 1 },		/* no SSA frame */
	{ 20, 2 },		/* MISCSELECT */
	{ 23, 0x80 },
	{ 24, 1 },		/* reserved */
	{ 47, 0x80 },
	{ 48, 1 },		/* attributes: INIT */
	{ 48, 4 },		/* not of 64 bits */
	{ 48, 8 },		/* reserved */
	{ 48, 0x80 },		/* KSS, which the CPU has not */
	{ 55, 0x80 },
	{ 56, 1 },		/* XFRM without x87 */
	{ 56, 2 },		/* without SSE */
	{ 57, 1 },		/* XFRM: a state of the supervisor */
	{ 63, 0x80 },
	{ 96, 1 },		/* reserved */
	{ 127, 0x80 },
	{ 160, 1 },
	{ 192, 1 },		/* CONFIGID, without KSS */
	{ 255, 0x80 },
	{ 260, 1 },		/* CONFIGSVN, likewise */
	{ 261, 0x80 },
	{ 262, 1 },		/* reserved */
	{ 4095, 0x80 },
};

/* The driver hands the SECS on; what the processor refuses is no enclave. */
TEST_F(bad, A31_sgx_secs)
{
	uint8_t *src = anon_map(1, PROT_READ);
	uint64_t count;
	struct sgx s;

	ASSERT_EQ(0, sgx_open(&s, SGX_SIZE));
	for (size_t i = 0; i < sizeof(no_secs) / sizeof(*no_secs); i++) {
		EXPECT_EQ(-EIO, sgx_create_secs(&s, no_secs[i].at,
						no_secs[i].flip))
			TH_LOG("offset %u, %#x", no_secs[i].at, no_secs[i].flip);
	}
	/* There is no enclave, but there can still be one. */
	EXPECT_EQ(-EINVAL, sgx_add_pages(&s, src, 0, PAGE, REG_R, true,
					 &count));
	EXPECT_EQ(0, sgx_create(&s, 0));
	EXPECT_EQ(0, sgx_add(&s, src, 0, PAGE, REG_R, true, NULL));
	EXPECT_EQ(0, sgx_init(&s, sgx_pem()));
	sgx_close(&s);
}

/* Ranges that no change after init takes. */
static const struct {
	uint64_t offset, length;
} no_range[] = {
	{ ROW_CODE + 1, SGX_PAGE },
	{ ROW_CODE, SGX_PAGE + 1 },
	{ ROW_CODE, 0 },
	{ SGX_SIZE, SGX_PAGE },
	{ SGX_SIZE - SGX_PAGE, 2 * SGX_PAGE },
	{ ROW_CODE, -SGX_PAGE },
	{ -SGX_PAGE, 2 * SGX_PAGE },
};
#define NO_RANGES (sizeof(no_range) / sizeof(*no_range))

static int restricts(const struct sgx *s, uint64_t offset, uint64_t length,
		     uint64_t permissions, uint64_t result, uint64_t count)
{
	struct sgx_enclave_restrict_permissions arg = {
		.offset = offset, .length = length,
		.permissions = permissions, .result = result, .count = count,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_RESTRICT_PERMISSIONS, &arg) ?
	       -errno : 0;
}

static int retypes(const struct sgx *s, uint64_t offset, uint64_t length,
		   uint64_t type, uint64_t result, uint64_t count)
{
	struct sgx_enclave_modify_types arg = {
		.offset = offset, .length = length,
		.page_type = type, .result = result, .count = count,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_MODIFY_TYPES, &arg) ? -errno : 0;
}

static int removes(const struct sgx *s, uint64_t offset, uint64_t length,
		   uint64_t count)
{
	struct sgx_enclave_remove_pages arg = {
		.offset = offset, .length = length, .count = count,
	};

	return ioctl(s->fd, SGX_IOC_ENCLAVE_REMOVE_PAGES, &arg) ? -errno : 0;
}

/* Changes after init that are none: mainline's errno, the pages as they were. */
TEST_F(bad, A31_sgx_change)
{
	const uint64_t page = SGX_PAGE;
	struct sgx *s = &self->s;
	uint64_t value;

	ASSERT_EQ(0, sgx_add(s, code_map("a31c", 1, PROT_READ), ROW_CODE, page,
			     REG_RX, true, NULL));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, SGX_TRIM >> 8, 0, 0));
	ASSERT_EQ(0, sgx_start(s));
	for (size_t i = 0; i < NO_RANGES; i++) {
		const uint64_t at = no_range[i].offset;
		const uint64_t length = no_range[i].length;

		EXPECT_EQ(-EINVAL, restricts(s, at, length, SGX_R, 0, 0))
			TH_LOG("range %zu", i);
		EXPECT_EQ(-EINVAL, retypes(s, at, length, SGX_TRIM >> 8, 0, 0))
			TH_LOG("range %zu", i);
		EXPECT_EQ(-EINVAL, removes(s, at, length, 0))
			TH_LOG("range %zu", i);
	}
	/* Permissions that are none, W without R; types; results that are there. */
	EXPECT_EQ(-EINVAL, restricts(s, ROW_CODE, page, 8, 0, 0));
	EXPECT_EQ(-EINVAL, restricts(s, ROW_CODE, page, 1ull << 63, 0, 0));
	EXPECT_EQ(-EINVAL, restricts(s, ROW_CODE, page, SGX_W, 0, 0));
	EXPECT_EQ(-EINVAL, restricts(s, ROW_CODE, page, SGX_R, 1, 0));
	EXPECT_EQ(-EINVAL, restricts(s, ROW_CODE, page, SGX_R, 0, 1));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, 0, 0, 0));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, SGX_REG >> 8, 0, 0));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, 3, 0, 0));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, 0x100, 0, 0));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, SGX_TRIM >> 8, 1, 0));
	EXPECT_EQ(-EINVAL, retypes(s, ROW_CODE, page, SGX_TRIM >> 8, 0, 1));
	EXPECT_EQ(-EINVAL, removes(s, ROW_CODE, page, 1));
	/* No page there; a page that cannot be a thread's; one that is not trimmed. */
	EXPECT_EQ(-EFAULT, restricts(s, ROW_HOLE, page, SGX_R, 0, 0));
	EXPECT_EQ(-EFAULT, retypes(s, ROW_HOLE, page, SGX_TRIM >> 8, 0, 0));
	EXPECT_EQ(-EFAULT, removes(s, ROW_HOLE, page, 0));
	EXPECT_EQ(-EPERM, retypes(s, ROW_CODE, page, SGX_TCS >> 8, 0, 0));
	EXPECT_EQ(-EPERM, removes(s, ROW_CODE, page, 0));

	ASSERT_EQ(0, sgx_map(s, ROW_CODE, page, RX));
	ASSERT_EQ(0, sgx_call(s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_DENIED("intent", sgx_map(s, ROW_CODE, page, RW));
}

/* Offsets into SIGSTRUCT, SDM table 38-19, and what each is answered with. */
static const struct {
	unsigned int at;
	uint8_t flip;
	int err;
} malformed[] = {
	{ 0, 1, -EPERM },	/* header */
	{ 16, 1, -EINVAL },	/* vendor */
	{ 20, 1, -EPERM },	/* date */
	{ 24, 1, -EPERM },	/* header 2 */
	{ 40, 1, -EPERM },	/* SWDEFINED */
	{ 44, 1, -EPERM },	/* reserved */
	{ 127, 1, -EPERM },
	{ 128, 1, -EPERM },	/* modulus */
	{ 512, 2, -EPERM },	/* exponent */
	{ 516, 1, -EPERM },	/* signature */
	{ 900, 1, -EPERM },	/* MISCSELECT */
	{ 904, 1, -EPERM },	/* MISCMASK */
	{ 908, 1, -EPERM },	/* reserved */
	{ 928, 4, -EPERM },	/* attributes: not 64 bit */
	{ 928, 8, -EINVAL },	/* attributes: reserved */
	{ 936, 4, -EPERM },	/* XFRM */
	{ 944, 1, -EPERM },	/* attributes' mask */
	{ 952, 1, -EPERM },	/* XFRM's mask */
	{ 960, 1, -EPERM },	/* MRENCLAVE */
	{ 992, 1, -EPERM },	/* reserved */
	{ 1024, 1, -EPERM },	/* ISVPRODID, which is signed */
	{ 1026, 1, -EPERM },	/* ISVSVN */
	{ 1028, 1, -EPERM },	/* reserved */
	{ 1040, 1, -EPERM },	/* Q1 */
	{ 1424, 1, -EPERM },	/* Q2 */
};

TEST_F(bad, D12_sgx)
{
	const struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	uint8_t sig[SGX_SIGSTRUCT_SIZE];

	ASSERT_EQ(0, sgx_sign(&self->s, &what, sig));
	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		sig[malformed[i].at] ^= malformed[i].flip;
		EXPECT_EQ(malformed[i].err, sgx_init_sigstruct(&self->s, sig))
			TH_LOG("offset %u", malformed[i].at);
		sig[malformed[i].at] ^= malformed[i].flip;
	}
	EXPECT_EQ(-EFAULT, sgx_init_sigstruct(&self->s, NULL));
	/* It can still be added to, and initialised rightly. */
	ASSERT_EQ(0, sgx_add(&self->s, code_map("d12", 1, PROT_READ), ROW_CODE,
			     SGX_PAGE, REG_RX, true, NULL));
	EXPECT_EQ(-EPERM, sgx_init_sigstruct(&self->s, sig));
	ASSERT_EQ(0, sgx_sign(&self->s, &what, sig));
	EXPECT_EQ(0, sgx_init_sigstruct(&self->s, sig));
	EXPECT_EQ(-EINVAL, sgx_init_sigstruct(&self->s, sig));
}

TEST_HARNESS_MAIN

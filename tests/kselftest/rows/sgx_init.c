// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows D on the SGX driver: EINIT with a real SIGSTRUCT.
 */
#include <pthread.h>

#include "kselftest_harness.h"
#include "race.h"
#include "sgx_rows.h"

/* The signer of all enclaves here, product 7, SVN at least 3. */
static int policy_signed(const char *rules)
{
	char more[512], digits[65];

	if (sgx_signer(sgx_pem(), digits))
		return -1;
	snprintf(more, sizeof(more),
		 "identity ours { signer sha256:%s; product 7; min-svn 3; }",
		 digits);
	return policy_load(rules, more);
}

#define OURS						\
	"allow create, change; allow exec_file from allowed;" \
	"for ours { allow init; }"

FIXTURE(init) {
	struct sgx s;
};

FIXTURE_SETUP(init)
{
	ASSERT_EQ(0, policy_signed(OURS));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_built(&self->s));
}

FIXTURE_TEARDOWN(init)
{
	sgx_close(&self->s);
}

TEST_F(init, D1_sgx)
{
	/* The policy's product is another. */
	EXPECT_DENIED("init", sgx_init_as(&self->s, 8, 3));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 3));
}

/* Offset of MRENCLAVE in SIGSTRUCT. */
#define SIGSTRUCT_MRENCLAVE	960

TEST(D1_sgx_measurement)
{
	const struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	char hex[65], more[256];
	struct sgx s;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, sgx_built(&s));
	ASSERT_EQ(0, sgx_sign(&s, &what, sigstruct));
	sgx_close(&s);
	for (int i = 0; i < 32; i++)
		sprintf(hex + 2 * i, "%02x",
			sigstruct[SIGSTRUCT_MRENCLAVE + i]);
	snprintf(more, sizeof(more),
		 "identity layout { measurement sha256:%s; }", hex);
	ASSERT_EQ(0, policy_load("allow create, change;"
				 "allow exec_file from allowed;"
				 "for layout { allow init; }", more));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_built(&s));
	EXPECT_EQ(0, sgx_init(&s, sgx_pem()));
	sgx_close(&s);
	/* The same signer's, of fewer pages. */
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	EXPECT_DENIED("init", sgx_init(&s, sgx_pem()));
	sgx_close(&s);
}

TEST_F(init, D4_sgx)
{
	/* SIGSTRUCT lies on the stack: nobody asks where from, only whose. */
	EXPECT_DENIED("init", sgx_init_as(&self->s, 6, 9));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 9));
}

TEST_F(init, D6_sgx)
{
	const struct sgx_signed what = {
		.pem = sgx_pem(), .product = 7, .svn = 3, .mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];

	ASSERT_EQ(0, sgx_sign(&self->s, &what, sigstruct));
	sigstruct[516] ^= 1;
	EXPECT_EQ(-EPERM, sgx_init_sigstruct(&self->s, sigstruct));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 3));
}

TEST_F(init, D7_sgx)
{
	EXPECT_DENIED("init", sgx_init_as(&self->s, 7, 2));
}

TEST_F(init, D5_sgx)
{
	EXPECT_DENIED("provision", sgx_provision(&self->s));
	ASSERT_EQ(0, policy_signed(OURS "for any { allow provision; }"));
	EXPECT_EQ(0, sgx_provision(&self->s));
}

TEST(D8_sgx)
{
	const struct sgx_signed what = {
		.pem = sgx_pem(), .product = 7, .svn = 3,
		.mask = ~(uint64_t)SGX_DEBUG,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	struct sgx s;

	ASSERT_EQ(0, policy_signed(OURS "for any { allow debug; }"));
	ASSERT_EQ(0, sgx_fresh(&s, SGX_DEBUG));
	ASSERT_EQ(0, policy_signed(OURS));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_sign(&s, &what, sigstruct));
	EXPECT_DENIED("debug", sgx_init_sigstruct(&s, sigstruct));
	sgx_close(&s);
}

TEST(D11_sgx)
{
	struct sgx s;

	ASSERT_EQ(0, policy_signed(OURS));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	ASSERT_EQ(0, enforce(false));
	ASSERT_EQ(0, sgx_add(&s, anon_map(1, PROT_READ), ROW_CODE, SGX_PAGE,
			     REG_RX, true, NULL));
	ASSERT_EQ(0, enforce(true));
	EXPECT_EQ(-EACCES, sgx_init_as(&s, 7, 3));
	EXPECT_NE(NULL, record_wait(NULL));
	sgx_close(&s);
}

/* Identities a and b: one signer, products 7 and 8. */
static int policy_ab(const char *rules)
{
	char all[1024], more[512], digits[65];

	if (sgx_signer(sgx_pem(), digits))
		return -1;
	snprintf(more, sizeof(more),
		 "identity a { signer sha256:%s; product 7; }\n"
		 "identity b { signer sha256:%s; product 8; }\n", digits, digits);
	snprintf(all, sizeof(all), "allow create, change;\n"
		 "allow exec_file from allowed;\n%s", rules);
	return policy_load(all, more);
}

FIXTURE(deferred) {
	struct sgx s;
};

FIXTURE_SETUP(deferred)
{
	ASSERT_EQ(0, policy_ab("for a { allow init, exec_anon; }"
			       "for b { allow init, exec_unmeasured; }"));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
}

FIXTURE_TEARDOWN(deferred)
{
	sgx_close(&self->s);
}

static int add_anon(struct sgx *s, uint64_t at)
{
	return sgx_add(s, anon_map(1, PROT_READ), at, SGX_PAGE, REG_RX, true,
		       NULL);
}

static int add_unmeasured(struct sgx *s, uint64_t at)
{
	return sgx_add(s, code_map("unmeasured", 1, PROT_READ), at, SGX_PAGE,
		       REG_RX, false, NULL);
}

TEST_F(deferred, D2_sgx)
{
	const char *record;
	char page[16];

	ASSERT_EQ(0, add_anon(&self->s, ROW_CODE));
	EXPECT_EQ(-EACCES, sgx_init_as(&self->s, 8, 1));
	record = record_wait("exec_anon");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "op", "init"));
	snprintf(page, sizeof(page), "%lu", ROW_CODE / SGX_PAGE);
	EXPECT_TRUE(record_is(record, "page", page));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 1));
}

TEST_F(deferred, D9_sgx)
{
	ASSERT_EQ(0, add_anon(&self->s, ROW_CODE));
	EXPECT_DENIED("exec_unmeasured", add_unmeasured(&self->s, ROW_DATA));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 1));
}

TEST_F(deferred, D10_sgx)
{
	const char *record;

	ASSERT_EQ(0, add_anon(&self->s, ROW_CODE));
	ASSERT_EQ(0, policy_ab("for a { allow init, exec_anon; }"
			       "for b { allow init, exec_anon; }"));
	EXPECT_EQ(-EACCES, add_anon(&self->s, ROW_DATA));
	record = record_wait(NULL);
	EXPECT_TRUE(record_is(record, "reason", "policy_changed"));
	/* The old debt: only a had exec_anon then. */
	EXPECT_EQ(-EACCES, sgx_init_as(&self->s, 8, 1));
	/* The new policy's init. */
	ASSERT_EQ(0, policy_ab("for b { allow init, exec_anon; }"));
	EXPECT_EQ(-EACCES, sgx_init_as(&self->s, 7, 1));
	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	EXPECT_EQ(0, sgx_init_as(&self->s, 7, 1));
}

/*
 * b may not init here. Its good SIGSTRUCT takes turns with a forged one of a, who
 * may, in the same memory: neither of them does, nor a mixture.
 */
TEST(D3_sgx)
{
	struct sgx_signed what = { .pem = sgx_pem(), .mask = ~0ull };
	uint8_t forged[SGX_SIGSTRUCT_SIZE], b[SGX_SIGSTRUCT_SIZE];
	uint8_t target[SGX_SIGSTRUCT_SIZE];
	struct race_swap sw = { target, forged, b, sizeof(target), false };
	const unsigned int rounds = race_rounds(RACE_ROUNDS);
	unsigned int denied = 0, wrong = 0;
	pthread_t thread;
	struct sgx s;

	ASSERT_EQ(0, policy_ab("for a { allow init; }"));
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	what.product = 7;
	ASSERT_EQ(0, sgx_sign(&s, &what, forged));
	forged[516] ^= 1;
	what.product = 8;
	ASSERT_EQ(0, sgx_sign(&s, &what, b));
	memcpy(target, b, sizeof(target));
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_swapper, &sw));
	/* Until both were met, or this has shown nothing: the harness ends it. */
	for (unsigned int i = 0; i < rounds || !denied || !wrong; i++) {
		int err = sgx_init_sigstruct(&s, target);

		ASSERT_NE(0, err);
		denied += err == -EACCES;
		wrong += err == -EPERM;
	}
	sw.stop = true;
	pthread_join(thread, NULL);
	TH_LOG("denied %u, not signed %u", denied, wrong);
	/* It is as if nobody had tried. */
	EXPECT_EQ(0, sgx_init_as(&s, 7, 1));
	sgx_close(&s);
}

TEST_HARNESS_MAIN

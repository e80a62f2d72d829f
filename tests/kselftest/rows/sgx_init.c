// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows D on the SGX driver: EINIT with a real SIGSTRUCT.
 */
#include "kselftest_harness.h"
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

static int init_as(struct sgx *s, uint16_t product, uint16_t svn)
{
	const struct sgx_signed what = {
		.pem = sgx_pem(),
		.product = product,
		.svn = svn,
		.attributes = s->attributes,
		.mask = ~0ull,
	};
	uint8_t sigstruct[SGX_SIGSTRUCT_SIZE];
	int err = sgx_sign(s, &what, sigstruct);

	return err ? err : sgx_init_sigstruct(s, sigstruct);
}

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
	EXPECT_DENIED("init", init_as(&self->s, 8, 3));
	EXPECT_EQ(0, init_as(&self->s, 7, 3));
}

TEST_F(init, D4_sgx)
{
	/* SIGSTRUCT lies on the stack: nobody asks where from, only whose. */
	EXPECT_DENIED("init", init_as(&self->s, 6, 9));
	EXPECT_EQ(0, init_as(&self->s, 7, 9));
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
	EXPECT_EQ(0, init_as(&self->s, 7, 3));
}

TEST_F(init, D7_sgx)
{
	EXPECT_DENIED("init", init_as(&self->s, 7, 2));
}

TEST_F(init, D5_sgx)
{
	EXPECT_DENIED("provision", sgx_provision(&self->s));
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
	EXPECT_EQ(-EACCES, init_as(&s, 7, 3));
	EXPECT_NE(NULL, record_wait(NULL));
	sgx_close(&s);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows about other security modules beside EWX, on the SGX driver: E1 (one that
 * denies after EWX allowed) and B21 (each may refuse). SELinux and AppArmor have boots of
 * their own.
 */
#include <sys/prctl.h>

#include <asm/sgx.h>

#include "kselftest_harness.h"
#include "sgx_rows.h"
#include "stack.h"

FIXTURE(stack) {
	struct sgx s;
};

FIXTURE_SETUP(stack)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
}

FIXTURE_TEARDOWN(stack)
{
	sgx_close(&self->s);
}

/* What EWX denies under this policy, whatever another module allows. */
static int load_anonymous(void)
{
	struct sgx s;
	int err = sgx_new(&s, 0);

	if (!err)
		err = sgx_add(&s, anon_map(1, PROT_READ), ROW_CODE, SGX_PAGE,
			      REG_RX, true, NULL);
	sgx_close(&s);
	return err;
}

static int map_code(const struct sgx *s, int prot)
{
	return sgx_map(s, ROW_CODE, SGX_PAGE, prot);
}

/* W was never committed, so that X needs nothing. */
TEST_F(stack, E1_sgx)
{
	const uint64_t other = ROW_CODE + SGX_PAGE;
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, sgx_loose(&self->s));
	pid = deny("--deny-op", "mmap", "w");
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, map_code(&self->s, RW));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, map_code(&self->s, RX));
	/* And this one was. */
	EXPECT_EQ(0, sgx_map(&self->s, other, SGX_PAGE, RW));
	EXPECT_EQ(-EACCES, sgx_map(&self->s, other, SGX_PAGE, RX));
}

static int add_anonymous(struct sgx *s, uint64_t offset)
{
	return sgx_add(s, anon_map(1, PROT_READ), offset, SGX_PAGE, REG_RX,
		       true, NULL);
}

/* A page that was not added is not counted, nor is there a page. */
TEST_F(stack, E1_sgx_add)
{
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }"
				 "for any { allow exec_anon max 1 pages; }", ""));
	ASSERT_EQ(0, sgx_new(&self->s, 0));
	pid = deny("--deny", "exec_anon", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, add_anonymous(&self->s, ROW_CODE));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, add_anonymous(&self->s, ROW_CODE));
	EXPECT_EQ(-EACCES, add_anonymous(&self->s, ROW_CODE + SGX_PAGE));
}

/* What was denied took no identity away: only "vendor" may have that page. */
TEST_F(stack, E1_sgx_identity)
{
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load("allow create; allow exec_file from allowed;"
				 "for any { allow init; }"
				 "for vendor { allow exec_anon; }",
				 "identity vendor { product 7; }"));
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
	pid = deny("--deny", "exec_anon", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, add_anonymous(&self->s, ROW_CODE));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, sgx_init_as(&self->s, 8, 0));
}

TEST_F(stack, B21_sgx_bpf)
{
	pid_t pid;

	NEEDS("bpf");
	pid = deny("--deny", "exec_file", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, sgx_built(&self->s));
	EXPECT_DENIED("exec_anon", load_anonymous());
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, sgx_built(&self->s));
}

TEST_F(stack, B21_sgx_mdwe)
{
	uint64_t value;

	ASSERT_EQ(0, prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L));
	ASSERT_EQ(0, sgx_ready(&self->s));
	ASSERT_EQ(0, map_code(&self->s, RX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	/* Allowed by EWX, denied by MDWE. */
	ASSERT_EQ(0, map_code(&self->s, PROT_READ));
	EXPECT_EQ(-EACCES, sgx_protect(&self->s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_F(stack, B21_sgx_seccomp)
{
	ASSERT_EQ(0, sgx_built(&self->s));
	ASSERT_EQ(0, refuse_ioctl(SGX_IOC_ENCLAVE_INIT));
	EXPECT_EQ(-EPERM, sgx_init(&self->s, sgx_pem()));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_F(stack, B21_sgx_landlock)
{
	NEEDS("landlock");
	ASSERT_EQ(0, landlocked(NULL));
	EXPECT_EQ(-EACCES, sgx_fresh(&self->s, 0));
}

TEST_F(stack, B21_sgx_landlock_ewx)
{
	NEEDS("landlock");
	ASSERT_EQ(0, landlocked(SGX_NODE));
	EXPECT_EQ(0, sgx_ready(&self->s));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_F(stack, B21_sgx_ipe)
{
	int mapped, changed;

	NEEDS("ipe");
	ASSERT_EQ(0, ipe_load());
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, sgx_loose(&self->s));
	ASSERT_EQ(0, map_code(&self->s, PROT_READ));
	/* Nothing can be started until IPE_OPEN is used. */
	ASSERT_EQ(0, ipe_use(IPE_CLOSED));
	changed = sgx_protect(&self->s, ROW_CODE, SGX_PAGE, RX);
	mapped = sgx_map(&self->s, ROW_CODE + SGX_PAGE, SGX_PAGE, RX);
	ASSERT_EQ(0, ipe_use(IPE_OPEN));
	EXPECT_EQ(-EACCES, mapped);
	EXPECT_EQ(-EACCES, changed);
	/* X was never committed, so that W needs nothing. */
	EXPECT_EQ(0, map_code(&self->s, RW));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A8 and A18 on the SGX driver: code of a file whose server stalls,
 * changes it, cuts it off or dies while it is added. a_fuse.c has the same for
 * /dev/enclave.
 */
#include <pthread.h>

#include "fuse.h"
#include "kselftest_harness.h"
#include "sgx_rows.h"

FIXTURE(fuse) {
	struct fuse f;
	struct sgx s;
};

FIXTURE_SETUP(fuse)
{
	int err = fuse_begin(&self->f);

	if (err == -ENOENT)
		SKIP(return, "this kernel has no FUSE");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
}

FIXTURE_TEARDOWN(fuse)
{
	fuse_end(&self->f);
	sgx_close(&self->s);
}

/**
 * struct adding - pages that another thread adds.
 * @s: where to
 * @page: what
 * @err: what came of it
 */
struct adding {
	struct sgx *s;
	const void *page;
	int err;
	pthread_t thread;
};

static void *adds(void *arg)
{
	struct adding *a = arg;
	uint64_t count;

	a->err = sgx_add_pages(a->s, a->page, ROW_CODE, SGX_PAGE, REG_RX, true,
			       &count);
	return NULL;
}

/* Begin to add the server's page, and wait until it stalls. Return: whether it does. */
static bool stalls(struct adding *a, struct sgx *s, const struct fuse *f)
{
	*a = (struct adding){ .s = s, .page = f->page };
	return !pthread_create(&a->thread, NULL, adds, a) && fuse_is_held(f);
}

/* What came of it, now that the server has answered or is dead. */
static int came(struct adding *a)
{
	return pthread_join(a->thread, NULL) ? -ECHILD : a->err;
}

/* No page is there: another one can be. */
static int is_empty(struct sgx *s)
{
	return sgx_add(s, anon_map(1, PROT_READ), ROW_CODE, SGX_PAGE, REG_R,
		       true, NULL);
}

TEST_F(fuse, A8_sgx_fuse)
{
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	/* In memory already or not. */
	EXPECT_DENIED("exec_mutable",
		      sgx_add(&self->s, self->f.page, ROW_CODE, SGX_PAGE,
			      REG_RX, true, NULL));
	EXPECT_EQ(0xb8, peek(self->f.page));
	EXPECT_DENIED("exec_mutable",
		      sgx_add(&self->s, self->f.page, ROW_CODE, SGX_PAGE,
			      REG_RX, true, NULL));
	EXPECT_EQ(0, is_empty(&self->s));
}

/* Whatever a server does meanwhile, what is denied at once is denied afterwards. */
TEST_F(fuse, A18_sgx_fuse_answers)
{
	struct adding a;

	ASSERT_TRUE(stalls(&a, &self->s, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	EXPECT_DENIED("exec_mutable", came(&a));
	EXPECT_EQ(0, is_empty(&self->s));
}

TEST_F(fuse, A18_sgx_fuse_changes)
{
	struct adding a;

	ASSERT_TRUE(stalls(&a, &self->s, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_CHANGE));
	EXPECT_DENIED("exec_mutable", came(&a));
	EXPECT_EQ(0, is_empty(&self->s));
}

TEST_F(fuse, A18_sgx_fuse_cuts)
{
	struct adding a;

	ASSERT_TRUE(stalls(&a, &self->s, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_CUT));
	EXPECT_EQ(-EFAULT, came(&a));
	EXPECT_EQ(0, is_empty(&self->s));
}

TEST_F(fuse, A18_sgx_fuse_dies)
{
	struct adding a;

	ASSERT_TRUE(stalls(&a, &self->s, &self->f));
	fuse_die(&self->f);
	EXPECT_EQ(-EFAULT, came(&a));
	EXPECT_EQ(0, is_empty(&self->s));
}

/* The policy is the one of after the stall. */
TEST_F(fuse, A18_sgx_fuse_policy)
{
	struct adding a;

	ASSERT_EQ(0,
		  policy_load(STRICT_RULES "allow exec_mutable from allowed;",
			      ""));
	ASSERT_TRUE(stalls(&a, &self->s, &self->f));
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	EXPECT_DENIED("exec_mutable", came(&a));
	EXPECT_EQ(0, is_empty(&self->s));
}

/* Exits with SIGKILL if nothing that others need is held while the server stalls. */
static int goes_on(void *arg)
{
	FIXTURE_DATA(fuse) *self = arg;
	struct adding a;
	void *p;

	if (!stalls(&a, &self->s, &self->f))
		return 2;
	alarm(10);
	/* The lock of the address space, the driver's, the enclave's. */
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (munmap(p, PAGE) ||
	    sgx_map(&self->s, ROW_DATA, SGX_PAGE, PROT_READ))
		return 3;
	alarm(0);
	/* The server does not answer: the thread is killed where it is. */
	kill(getpid(), SIGKILL);
	return 4;
}

TEST_F(fuse, A18_sgx_fuse_killed)
{
	EXPECT_EQ(-SIGKILL, in_child(goes_on, self));
	EXPECT_EQ(0, is_empty(&self->s));
}

TEST_HARNESS_MAIN

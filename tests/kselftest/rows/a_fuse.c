// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A8 and A18 on /dev/enclave: code of a file whose server stalls, changes
 * it, cuts it off or dies while it is loaded. sgx_fuse.c has the same for SGX.
 */
#include <pthread.h>

#include "fuse.h"
#include "kselftest_harness.h"
#include "rows.h"

/* What comes from a server is mutable; this lets it in. */
#define MUTABLE_RULES STRICT_RULES "allow exec_mutable from allowed;"

FIXTURE(fuse) {
	struct fuse f;
	int fd;
};

FIXTURE_SETUP(fuse)
{
	int err = fuse_begin(&self->f);

	if (err == -ENOENT)
		SKIP(return, "this kernel has no FUSE");
	ASSERT_EQ(0, err);
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(fuse)
{
	fuse_end(&self->f);
	close(self->fd);
}

/**
 * struct loading - a load by another thread.
 * @fd: where to
 * @page: what
 * @err: what came of it
 */
struct loading {
	int fd, err;
	const void *page;
	pthread_t thread;
};

static void *loads(void *arg)
{
	struct loading *l = arg;

	l->err = enclave_load(l->fd, l->page, CODE_AT, PAGE, ENCLAVE_RX,
			      ENCLAVE_LOAD_F_MEASURE, NULL);
	return NULL;
}

/* Begin to load the server's page, and wait until it stalls. Return: whether it does. */
static bool stalls(struct loading *l, int fd, const struct fuse *f)
{
	*l = (struct loading){ .fd = fd, .page = f->page };
	return !pthread_create(&l->thread, NULL, loads, l) && fuse_is_held(f);
}

/* What came of the load, now that the server has answered or is dead. */
static int came(struct loading *l)
{
	return pthread_join(l->thread, NULL) ? -ECHILD : l->err;
}

/* No page is there: another one can be. */
static int is_empty(int fd)
{
	return enclave_load(fd, anon_map(1, PROT_READ), CODE_AT, PAGE,
			    ENCLAVE_R, 0, NULL);
}

/* What the enclave's code returns, once it is initialised. */
static long executes(int fd)
{
	void *at;
	int err = enclave_init(fd);

	if (!err)
		err = map(fd, CODE_AT, PAGE, RX, &at);
	return err ? err : run(at);
}

TEST_F(fuse, A8_dev_fuse)
{
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	/* In memory already or not. */
	EXPECT_DENIED("exec_mutable",
		      enclave_load(self->fd, self->f.page, CODE_AT, PAGE,
				   ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(0xb8, peek(self->f.page));
	EXPECT_DENIED("exec_mutable",
		      enclave_load(self->fd, self->f.page, CODE_AT, PAGE,
				   ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(0, is_empty(self->fd));
}

/* Whatever a server does meanwhile, what is denied at once is denied afterwards. */
TEST_F(fuse, A18_dev_fuse_answers)
{
	struct loading l;

	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	EXPECT_DENIED("exec_mutable", came(&l));
	EXPECT_EQ(0, is_empty(self->fd));
}

TEST_F(fuse, A18_dev_fuse_changes)
{
	struct loading l;

	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_CHANGE));
	EXPECT_DENIED("exec_mutable", came(&l));
	EXPECT_EQ(0, is_empty(self->fd));
}

TEST_F(fuse, A18_dev_fuse_cuts)
{
	struct loading l;

	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_CUT));
	EXPECT_EQ(-EFAULT, came(&l));
	EXPECT_EQ(0, is_empty(self->fd));
}

TEST_F(fuse, A18_dev_fuse_dies)
{
	struct loading l;

	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	fuse_die(&self->f);
	EXPECT_EQ(-EFAULT, came(&l));
	EXPECT_EQ(0, is_empty(self->fd));
}

/* Where it is let in, what it answers is what is loaded. */
TEST_F(fuse, A18_dev_fuse_let_in)
{
	struct loading l;

	ASSERT_EQ(0, policy_load(MUTABLE_RULES, ""));
	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_CHANGE));
	ASSERT_EQ(0, came(&l));
	EXPECT_EQ(FUSE_OTHER, executes(self->fd));
}

/* The policy is the one of after the stall. */
TEST_F(fuse, A18_dev_fuse_policy)
{
	struct loading l;

	ASSERT_EQ(0, policy_load(MUTABLE_RULES, ""));
	ASSERT_TRUE(stalls(&l, self->fd, &self->f));
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, fuse_tell(&self->f, FUSE_GO));
	EXPECT_DENIED("exec_mutable", came(&l));
	EXPECT_EQ(0, is_empty(self->fd));
}

/* Exits with SIGKILL if nothing that others need is held while the server stalls. */
static int goes_on(void *arg)
{
	FIXTURE_DATA(fuse) *self = arg;
	struct loading l;
	void *p;

	if (!stalls(&l, self->fd, &self->f))
		return 2;
	alarm(10);
	/* The lock of the address space, the device's, the enclave's. */
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (munmap(p, PAGE) || map_err(self->fd, DATA_AT, PAGE, PROT_READ) ||
	    enclave_load(self->fd, anon_map(1, PROT_READ), DATA_AT, PAGE,
			 ENCLAVE_R, 0, NULL))
		return 3;
	alarm(0);
	/* The server does not answer: the thread is killed where it is. */
	kill(getpid(), SIGKILL);
	return 4;
}

TEST_F(fuse, A18_dev_fuse_killed)
{
	EXPECT_EQ(-SIGKILL, in_child(goes_on, self));
	EXPECT_EQ(0, is_empty(self->fd));
}

TEST_HARNESS_MAIN

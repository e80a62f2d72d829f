// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows C4 and C6 on the SGX driver: pages that go, and pages that become
 * a thread's.
 */
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "kselftest_harness.h"
#include "race.h"
#include "sgx_rows.h"

FIXTURE(change) {
	struct sgx s;
};

FIXTURE_SETUP(change)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_ready(&self->s));
}

FIXTURE_TEARDOWN(change)
{
	sgx_close(&self->s);
}

static int protect(struct sgx *s, uint64_t offset, int prot)
{
	return sgx_protect(s, offset, SGX_PAGE, prot);
}

TEST_F(change, C4_sgx)
{
	struct sgx_fault f;
	uint64_t value;

	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
	ASSERT_EQ(0, sgx_removed(&self->s, ROW_CODE));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_CODE, 1));
	ASSERT_EQ(0, sgx_extend(&self->s, ROW_CODE, SGX_R | SGX_X));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_CODE, &value, &f));
	EXPECT_EQ(0x15, f.code);
	EXPECT_DENIED("exec_dynamic",
		      sgx_map(&self->s, ROW_CODE, SGX_PAGE, RX));
}

#define GONE_PAGES	64
#define GONE_AT		(GONE_PAGES * SGX_PAGE)
#define BUSY_SIZE	(4096 * SGX_PAGE)

/* Between the test, which removes a page, and a process that faults on it. */
struct toucher {
	volatile uint64_t at;		/* touch this page, at this offset */
	volatile uint64_t touched;	/* it was there */
	volatile uint64_t gone;		/* it was removed */
	volatile uint64_t seen;		/* it was touched after that, or is away */
	volatile unsigned int left;	/* pages that were there after that */
	volatile unsigned int waited;	/* faults that waited for the removal */
};

/* Faults of this process that nothing went wrong with. */
static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/*
 * The kernel reads from the page, which tells whether there is an entry: what
 * may be done in the enclave does not matter to it. A fault brings nothing new,
 * because the policy lets nobody add pages.
 */
static void touches(const struct sgx *s, struct toucher *t)
{
	int file = memfd_create("touched", MFD_CLOEXEC);
	uint64_t done = 0;

	race_stay_on(1);
	for (;;) {
		const uint64_t at = t->at;
		const bool gone = t->gone == at;
		const long before = faults();

		if (at == done) {
			sched_yield();
			continue;
		}
		if (pwrite(file, sgx_at(s, at), 1, 0) == 1) {
			t->touched = at;
			if (!gone)
				continue;
			t->left++;
		}
		/* No page, and still no error: the access was tried again. */
		t->waited += faults() - before > 1;
		done = at;
		t->seen = at;
	}
}

/*
 * An address space that is changed all the time. The driver takes the entries of
 * a page out of one after another, that of the last child first, and waits here.
 */
static void changes_mappings(void)
{
	uint8_t *at = mmap(NULL, BUSY_SIZE, RW,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	for (;;) {
		mprotect(at, BUSY_SIZE, PROT_READ);
		mprotect(at, BUSY_SIZE, RW);
	}
}

static pid_t children(const struct sgx *s, struct toucher *t)
{
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return pid;
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (i)
			touches(s, t);
		else
			changes_mappings();
	}
	return 0;
}

TEST(C4_sgx_fault)
{
	struct toucher *t = mmap(NULL, SGX_PAGE, RW,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct sgx s;

	ASSERT_NE(MAP_FAILED, (void *)t);
	ASSERT_EQ(0, policy_load("allow create, change; for any { allow init; }"
				 "allow exec_file from allowed;", ""));
	ASSERT_EQ(0, sgx_fresh_size(&s, 0, 2 * GONE_PAGES * SGX_PAGE));
	ASSERT_EQ(0, sgx_add(&s, code_map("c4", GONE_PAGES, PROT_READ), GONE_AT,
			     GONE_PAGES * SGX_PAGE, REG_RX, true, NULL));
	ASSERT_EQ(0, sgx_start(&s));
	ASSERT_EQ(0, sgx_map(&s, GONE_AT, GONE_PAGES * SGX_PAGE, RX));
	race_stay_on(0);
	ASSERT_EQ(0, children(&s, t));
	for (unsigned int i = 0; i < GONE_PAGES; i++) {
		const uint64_t at = GONE_AT + i * SGX_PAGE;

		t->at = at;
		while (t->touched != at)
			sched_yield();
		ASSERT_EQ(0, sgx_removed(&s, at));
		t->gone = at;
		while (t->seen != at)
			sched_yield();
	}
	EXPECT_EQ(0, t->left);
	/* Otherwise this has shown nothing. */
	EXPECT_LT(0, t->waited);
	TH_LOG("%u of %u faults amid the removal", t->waited, GONE_PAGES);
	sgx_close(&s);
}

TEST_F(change, C6_sgx)
{
	/* A regular page becomes a thread's: no X. The enclave accepts or not. */
	ASSERT_EQ(0, sgx_strict_and("exec_dynamic, exec_written"));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 1));
	ASSERT_EQ(0, sgx_modify(&self->s, ROW_HOLE, SGX_PAGE, SGX_TCS));
	EXPECT_DENIED("intent", protect(&self->s, ROW_HOLE, RX));
	/* A change that fails changes nothing. */
	EXPECT_GT(0, sgx_modify(&self->s, ROW_HOLE, SGX_PAGE, SGX_TCS));
	EXPECT_DENIED("intent", protect(&self->s, ROW_HOLE, RX));
}

/* What could execute cannot once it is a thread's, accepted or not. */
TEST_F(change, C6_sgx_thread)
{
	uint8_t page[SGX_PAGE], value;
	struct sgx_fault f;
	uint64_t result;
	struct sgx t;

	ASSERT_EQ(0, sgx_strict_and("exec_dynamic, exec_written"));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, 4 * SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_augment(&self->s, ROW_HOLE, 3));
	ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RX));
	ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RW));
	sgx_tcs(page, ROW_HOLE + SGX_PAGE, 2, SGX_CODE_AT);
	ASSERT_EQ(0, sgx_copy_in(&self->s, ROW_HOLE, page, NULL));
	ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RX));
	ASSERT_EQ(0, sgx_modify(&self->s, ROW_HOLE, SGX_PAGE, SGX_TCS));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_HOLE, &result, &f));
	EXPECT_EQ(14, f.vector);
	EXPECT_DENIED("intent", protect(&self->s, ROW_HOLE, RX));
	/* Now it is one, and can be entered. */
	ASSERT_EQ(0, protect(&self->s, ROW_HOLE, RW));
	ASSERT_EQ(0, sgx_accept(&self->s, ROW_HOLE, SGX_TCS | SGX_MODIFIED));
	ASSERT_EQ(0, sgx_poke(&self->s, SGX_DATA_AT, 7, NULL));
	t = self->s;
	t.tcs_at = ROW_HOLE;
	ASSERT_EQ(0, sgx_peek(&t, SGX_DATA_AT, &value, NULL));
	EXPECT_EQ(7, value);
	EXPECT_DENIED("intent", protect(&self->s, ROW_HOLE, RX));
}

/* The processor refuses the change of a page that is not accepted yet. */
TEST_F(change, C6_sgx_refused)
{
	ASSERT_EQ(0, sgx_strict_and("exec_dynamic"));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_HOLE, SGX_PAGE, RW));
	EXPECT_EQ(-SIGSEGV, peek(sgx_at(&self->s, ROW_HOLE)));
	EXPECT_EQ(-EFAULT, sgx_modify(&self->s, ROW_HOLE, SGX_PAGE, SGX_TCS));
	ASSERT_EQ(0, sgx_accept(&self->s, ROW_HOLE,
				SGX_REG | SGX_R | SGX_W | SGX_PENDING));
	/* It is the page it was. */
	EXPECT_EQ(0, protect(&self->s, ROW_HOLE, RX));
}

TEST_F(change, C6_sgx_denied)
{
	ASSERT_EQ(0, sgx_map(&self->s, ROW_DATA, SGX_PAGE, RW));
	ASSERT_EQ(0, policy_load("allow create;", ""));
	EXPECT_DENIED("change", sgx_modify(&self->s, ROW_DATA, SGX_PAGE,
					   SGX_TRIM));
	EXPECT_DENIED("change", sgx_restrict(&self->s, ROW_DATA, SGX_PAGE,
					     SGX_R));
}

TEST_HARNESS_MAIN

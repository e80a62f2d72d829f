// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue row E6: memory fails, one allocation after the other.
 */
#include "kselftest_harness.h"
#include "rows.h"

#define EWX_DIR	"/sys/kernel/security/ewx"

/*
 * Fail the n-th allocation of this task, for n = 1, 2, ... until all succeed.
 * The node is open all the time: opening it allocates.
 */
static int fail_nth(int node, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	return pwrite(node, text, len, 0) == len ? 0 : -errno;
}

static bool fail_pending(int node)
{
	char text[16] = "";

	return pread(node, text, sizeof(text) - 1, 0) > 0 && atoi(text) > 0;
}

TEST(E6_dev)
{
	int node = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	unsigned int failed = 0;
	bool again = true;

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
	ASSERT_EQ(0, system("echo 0 >/sys/kernel/debug/failslab/verbose; "
			    "echo N >/sys/kernel/debug/failslab/ignore-gfp-wait"));
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	for (unsigned int n = 1; again && n < 200; n++) {
		void *src = code_map("e6", 1, PROT_READ);
		int fd = fresh(), err, mapped;

		ASSERT_LE(0, fd);
		peek(src);
		ASSERT_EQ(0, fail_nth(node, n));
		err = enclave_load(fd, src, 0, PAGE, ENCLAVE_RWX,
				   ENCLAVE_LOAD_F_MEASURE, NULL);
		if (!err)
			err = enclave_init(fd);
		mapped = err ? err : map_err(fd, 0, PAGE, RX);
		again = !fail_pending(node);
		ASSERT_EQ(0, fail_nth(node, 0));
		failed += err || mapped;
		/* Whatever failed: the page has no more than it should. */
		if (!err) {
			if (!mapped)
				EXPECT_EQ(-EACCES, map_err(fd, 0, PAGE, RW));
			EXPECT_EQ(-EACCES, map_err(fd, 0, PAGE, RWX));
		}
		munmap(src, PAGE);
		close(fd);
	}
	close(node);
	EXPECT_FALSE(again);
	EXPECT_LT(0, failed);
}

static long counted(const char *name)
{
	FILE *f = fopen(EWX_DIR "/counters", "r");
	char line[256];
	long n = -1;

	while (f && n < 0 && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, strlen(name)))
			n = atol(line + strlen(name));
	}
	if (f)
		fclose(f);
	return n;
}

/* A load that fails for want of memory, wherever that is, is recorded all the same. */
TEST(E6_dev_load)
{
	int node = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	unsigned int without_memory = 0;
	bool again = true;

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
	ASSERT_EQ(0, system("echo 0 >/sys/kernel/debug/failslab/verbose; "
			    "echo N >/sys/kernel/debug/failslab/ignore-gfp-wait"));
	ASSERT_EQ(0, policy_strict());
	for (unsigned int n = 1; again && n < 100; n++) {
		int fd = open(EWX_DIR "/load", O_RDWR | O_CLOEXEC);
		long failed = counted("loads_failed: ");
		long recorded = counted("recorded: ");
		int err;

		ASSERT_LE(0, fd);
		ASSERT_EQ(0, fail_nth(node, n));
		err = write(fd, "garbage", 7) < 0 ? errno : 0;
		again = !fail_pending(node);
		ASSERT_EQ(0, fail_nth(node, 0));
		EXPECT_EQ(failed + 1, counted("loads_failed: "));
		if (err == ENOMEM) {
			EXPECT_EQ(recorded + 1, counted("recorded: "));
			without_memory++;
		} else {
			EXPECT_EQ(EBADMSG, err);
		}
		close(fd);
	}
	close(node);
	EXPECT_FALSE(again);
	EXPECT_LT(0, without_memory);
}

TEST_HARNESS_MAIN

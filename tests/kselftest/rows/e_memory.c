// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue row E6: memory fails, one allocation after the other.
 */
#include "kselftest_harness.h"
#include "denied.h"
#include "rows.h"

#define EWX_DIR	"/sys/kernel/security/ewx"

TEST(E6_dev)
{
	int node = fail_open();
	unsigned int failed = 0;
	bool again = true;

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
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

static int load_x(int fd, const void *src)
{
	return enclave_load(fd, src, 0, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

/*
 * Ask for a page that no rule allows, by the @n-th allocation without memory. @file: of a
 * file that nothing is known of, else anonymous. Return: what came of it.
 */
static int load_denied(int node, unsigned int n, bool file, bool *again)
{
	const void *anon = anon_map(1, PROT_READ);
	const void *src = file ? other_code() : anon;
	int err, fd = fresh();

	if (fd < 0 || src == MAP_FAILED)
		return -EBADF;
	peek(src);
	/* A denial leaves nothing of what the enclave's creation took memory for. */
	err = load_x(fd, anon) == -EACCES && !fail_nth(node, n) ?
		      load_x(fd, src) :
		      -EBADF;
	*again = !fail_pending(node);
	if (fail_nth(node, 0))
		err = -EBADF;
	munmap((void *)anon, PAGE);
	if (file)
		munmap((void *)src, PAGE);
	close(fd);
	return err;
}

/* What the policy denies it denies without memory, too. */
TEST(E6_dev_denied)
{
	never_loaded(_metadata, policy_strict, load_denied);
}

/* Likewise where it takes memory to find out who asks, and nobody may do more. */
TEST(E6_dev_nobody)
{
	never_loaded(_metadata, policy_by_group, load_denied);
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
	int node = fail_open();
	unsigned int without_memory = 0;
	bool again = true;

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
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

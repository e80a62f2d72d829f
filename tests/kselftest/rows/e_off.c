// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue row E4: with EWX off, or without a policy, nothing is refused but
 * what the provider always refuses. Runs in boots of its own.
 */
#include "kselftest_harness.h"
#include "rows.h"

TEST(E4_dev)
{
	void *src = anon_map(1, PROT_READ);
	uint8_t *at;
	int fd = fresh();

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, enclave_load(fd, src, 0, PAGE, ENCLAVE_RWX, 0, NULL));
	EXPECT_EQ(0, enclave_load(fd, src, PAGE, PAGE, ENCLAVE_R, 0, NULL));
	ASSERT_EQ(0, enclave_init(fd));
	ASSERT_EQ(0, map(fd, 0, PAGE, RWX, (void **)&at));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(0, poke(at + 1, 0));
	EXPECT_EQ(CODE_VALUE & ~0xffu, run(at));
	EXPECT_EQ(0, enclave_add(fd, HOLE_AT, PAGE, ENCLAVE_RWX, NULL));
	EXPECT_EQ(0, map_err(fd, HOLE_AT, PAGE, RWX));
	/* The provider's own rule stays. */
	EXPECT_EQ(-EACCES, map_err(fd, PAGE, PAGE, RW));
	EXPECT_EQ(-EACCES, map_err(fd, 2 * LAYOUT_PAGES * PAGE, PAGE, PROT_READ));
}

TEST_HARNESS_MAIN

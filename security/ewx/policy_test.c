// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the policy store: what is accepted, in which order, and that a
 * policy that is refused leaves the one before in force.
 */
#include <linux/mm.h>
#include <linux/unaligned.h>

#include "test_util.h"

static void loads_and_counts(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), 0);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	KUNIT_EXPECT_TRUE(test, r.changed);
	KUNIT_EXPECT_FALSE(test, r.replaced);
	KUNIT_EXPECT_STREQ(test, r.name, "kunit");
	KUNIT_EXPECT_EQ(test, r.version, 5);
	KUNIT_EXPECT_EQ(test, r.generation, ewx_policy_generation());
}

static void same_again_changes_nothing(struct kunit *test)
{
	struct ewx_load_result first, second;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &first), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &second), 0);
	KUNIT_EXPECT_FALSE(test, second.changed);
	KUNIT_EXPECT_EQ(test, second.generation, first.generation);
}

static void same_version_other_bytes(struct kunit *test)
{
	struct ewx_load_result first, second;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 7, &first), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 7, &second),
			-EEXIST);
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), first.generation);
}

static void lower_version_is_told(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 0, &r), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	KUNIT_EXPECT_TRUE(test, r.changed);
	KUNIT_EXPECT_EQ(test, r.old_version, 6);
	KUNIT_EXPECT_EQ(test, r.version, 5);
}

/* One bad word in the header, and what it gives. */
static void bad_headers(struct kunit *test)
{
	static const struct {
		size_t at;
		u32 value;
		int err;
		u32 code;
	} cases[] = {
#define WORD(field) offsetof(struct ewx_header, field)
		{ WORD(magic), 1, -EBADMSG, EWX_FAULT_MAGIC },
		{ WORD(format), EWX_POLICY_FORMAT - 1, -EPROTONOSUPPORT,
		  EWX_FAULT_FORMAT },
		{ WORD(format), EWX_POLICY_FORMAT + 1, -EPROTONOSUPPORT,
		  EWX_FAULT_FORMAT },
		{ WORD(format), 99, -EPROTONOSUPPORT, EWX_FAULT_FORMAT },
		{ WORD(size), 64, -EBADMSG, EWX_FAULT_LONG },
		{ WORD(size), 0x7fffffff, -EBADMSG, EWX_FAULT_SHORT },
		{ WORD(features), 1U << 31, -EOPNOTSUPP, EWX_FAULT_FEATURE },
		{ WORD(features), BIT(EWX_FEATURE_COUNT), -EOPNOTSUPP,
		  EWX_FAULT_FEATURE },
		{ WORD(reserved), 1, -EBADMSG, EWX_FAULT_RESERVED },
		{ WORD(name), 0x7fffffff, -EBADMSG, EWX_FAULT_REFERENCE },
		{ WORD(name), 0, -EBADMSG, EWX_FAULT_VALUE },
#undef WORD
	};
	struct ewx_load_result r;
	u64 generation;
	size_t i, size;
	u8 *blob;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	generation = r.generation;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		blob = ewx_test_blob(test, EWX_TEST_STRICT, &size);
		put_unaligned_le32(cases[i].value, blob + cases[i].at);
		KUNIT_EXPECT_EQ_MSG(test, ewx_policy_load(blob, size, NULL, &r),
				    cases[i].err, "case %zu", i);
		KUNIT_EXPECT_EQ_MSG(test, r.fault.code, cases[i].code,
				    "case %zu", i);
		KUNIT_EXPECT_EQ(test, ewx_policy_generation(), generation);
	}
}

static void every_truncation(struct kunit *test)
{
	struct ewx_load_result r;
	size_t size, cut;
	u8 *blob;

	kvfree(ewx_test_blob(test, EWX_TEST_BASE, &size));
	for (cut = 0; cut < size; cut += 61) {
		blob = ewx_test_blob(test, EWX_TEST_BASE, &size);
		KUNIT_EXPECT_EQ(test, ewx_policy_load(blob, cut, NULL, &r),
				-EBADMSG);
		KUNIT_EXPECT_EQ(test, r.fault.code, EWX_FAULT_SHORT);
	}
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), 0);
}

static int refuse(const struct ewx_loaded *next, const struct ewx_loaded *old)
{
	return -ENOSPC;
}

static void publishing_can_fail(struct kunit *test)
{
	struct ewx_load_result r;
	size_t size;
	u8 *blob;

	blob = ewx_test_blob(test, EWX_TEST_BASE, &size);
	KUNIT_EXPECT_EQ(test, ewx_policy_load(blob, size, refuse, &r), -ENOSPC);
	KUNIT_EXPECT_FALSE(test, r.changed);
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), 0);
}

static void references_outlive_the_swap(struct kunit *test)
{
	struct ewx_load_result r;
	struct ewx_loaded *pinned;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	pinned = ewx_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, pinned);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 0, &r), 0);
	synchronize_rcu();
	KUNIT_EXPECT_EQ(test, pinned->core.version, 5);
	KUNIT_EXPECT_STREQ(test, ewx_policy_name(&pinned->core), "kunit");
	KUNIT_EXPECT_NE(test, pinned->generation, ewx_policy_generation());
	ewx_policy_put(pinned);
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(loads_and_counts),
	KUNIT_CASE(same_again_changes_nothing),
	KUNIT_CASE(same_version_other_bytes),
	KUNIT_CASE(lower_version_is_told),
	KUNIT_CASE(bad_headers),
	KUNIT_CASE(every_truncation),
	KUNIT_CASE(publishing_can_fail),
	KUNIT_CASE(references_outlive_the_swap),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "ewx_policy",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);

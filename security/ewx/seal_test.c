// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of signatures and of the seal.
 *
 * Owns: what is refused, with which error, and what stays. What a booted kernel
 * does with keyrings, lockdown and boot parameters is tested from outside.
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../integrity/integrity.h"
#include "policy.h"
#include "seal.h"
#include "setup.h"
#include "test_signatures.h"
#include "test_util.h"

#define SIGNATURE(name) \
	ewx_test_signature_##name, sizeof(ewx_test_signature_##name)

static int raise_seal(const char *word)
{
	enum ewx_seal before, now;

	return ewx_seal_raise(word, &before, &now);
}

/* Made by openssl, each in its own way. */
static void signatures(struct kunit *test)
{
	static const struct {
		const char *name;
		const u8 *sig;
		size_t len;
		int err;
		enum ewx_signature is;
	} cases[] = {
		{ "plain", SIGNATURE(plain), 0, EWX_SIGNATURE_TRUSTED },
		{ "attributes", SIGNATURE(attributes), 0,
		  EWX_SIGNATURE_TRUSTED },
		{ "chained", SIGNATURE(chained), 0, EWX_SIGNATURE_TRUSTED },
		{ "two", SIGNATURE(two), 0, EWX_SIGNATURE_TRUSTED },
		{ "stranger", SIGNATURE(stranger), -EKEYREJECTED,
		  EWX_SIGNATURE_UNTRUSTED },
		{ "other", SIGNATURE(other), -EKEYREJECTED, EWX_SIGNATURE_BAD },
		{ "embedded", SIGNATURE(embedded), -EKEYREJECTED,
		  EWX_SIGNATURE_BAD },
		{ "content type", SIGNATURE(content_type), -EKEYREJECTED,
		  EWX_SIGNATURE_BAD },
	};
	struct ewx_load_result r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ewx_policy_reset();
		KUNIT_EXPECT_EQ_MSG(test,
				    ewx_test_load_signed(test, cases[i].sig,
							 cases[i].len, 0, &r),
				    cases[i].err, "%s", cases[i].name);
		KUNIT_EXPECT_EQ_MSG(test, r.signature, cases[i].is, "%s",
				    cases[i].name);
		KUNIT_EXPECT_EQ_MSG(test, r.changed, !cases[i].err, "%s",
				    cases[i].name);
	}
}

/* One byte changed in the policy, in the signature, behind both, or cut off. */
static void signature_of_other_bytes(struct kunit *test)
{
	u8 sig[sizeof(ewx_test_signature_plain) + 1];
	const size_t len = sizeof(ewx_test_signature_plain);
	struct ewx_load_result r;

	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 77, &r),
			-EKEYREJECTED);
	memcpy(sig, ewx_test_signature_plain, len);
	sig[len - 1] ^= 1;
	KUNIT_EXPECT_EQ(test, ewx_test_load_signed(test, sig, len, 0, &r),
			-EKEYREJECTED);
	sig[len - 1] ^= 1;
	sig[len] = 0;
	KUNIT_EXPECT_EQ(test, ewx_test_load_signed(test, sig, len + 1, 0, &r),
			-EBADMSG);
	KUNIT_EXPECT_EQ(test, r.fault.code, EWX_FAULT_LONG);
	KUNIT_EXPECT_EQ(test, ewx_test_load_signed(test, sig, len - 1, 0, &r),
			-EBADMSG);
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), 0);
}

/* Cut at every byte, with a length that says so. */
static void signature_cut(struct kunit *test)
{
	u8 sig[sizeof(ewx_test_signature_plain)];
	struct ewx_load_result r;
	size_t len;
	int err;

	memcpy(sig, ewx_test_signature_plain, sizeof(sig));
	KUNIT_ASSERT_EQ(test, sig[1], 0x82);
	for (len = 4; len < sizeof(sig); len++) {
		put_unaligned_be16(len - 4, sig + 2);
		err = ewx_test_load_signed(test, sig, len, 0, &r);
		if (err != -EKEYREJECTED && err != -EBADMSG)
			KUNIT_FAIL(test, "%zu bytes: %d", len, err);
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), 0);
}

/* A signature that is not asked for may be missing, and then says so. */
static void unsigned_by_default(struct kunit *test)
{
	struct ewx_load_result r;

	if (ewx_signature_required(false))
		kunit_skip(test, "this kernel asks for signatures");
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	KUNIT_EXPECT_EQ(test, r.signature, EWX_SIGNATURE_NONE);
	/* The same bytes with a signature are the same policy. */
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 0, &r), 0);
	KUNIT_EXPECT_FALSE(test, r.changed);
}

static void seal_needs_a_state_to_keep(struct kunit *test)
{
	bool before;

	KUNIT_EXPECT_EQ(test, raise_seal("closed"), -ENODATA);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, raise_seal("shut"), -EINVAL);
	KUNIT_EXPECT_EQ(test, raise_seal(""), -EINVAL);
	KUNIT_EXPECT_EQ(test, ewx_change_mode(false, &before), 0);
	KUNIT_EXPECT_EQ(test, raise_seal("signed"), -EBUSY);
	KUNIT_EXPECT_EQ(test, ewx_seal(), EWX_SEAL_NONE);
	KUNIT_EXPECT_EQ(test, ewx_change_mode(true, &before), 0);
	KUNIT_EXPECT_EQ(test, raise_seal("signed"), 0);
	KUNIT_EXPECT_EQ(test, ewx_seal(), EWX_SEAL_SIGNED);
}

static void seal_stays(struct kunit *test)
{
	struct ewx_load_result r;
	bool before = false;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	KUNIT_ASSERT_EQ(test, raise_seal("closed"), 0);
	KUNIT_EXPECT_EQ(test, raise_seal("closed"), 0);
	KUNIT_EXPECT_EQ(test, raise_seal("signed"), -EPERM);
	KUNIT_EXPECT_EQ(test, raise_seal("none"), -EPERM);
	KUNIT_EXPECT_EQ(test, ewx_change_mode(false, &before), -EPERM);
	KUNIT_EXPECT_TRUE(test, before);
	KUNIT_EXPECT_TRUE(test, ewx_enforcing());
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 0, &r),
			-EKEYREJECTED);
	/* What is in force may be given again, as a service does. */
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, &r), 0);
	KUNIT_EXPECT_FALSE(test, r.changed);
}

static void closed_takes_no_signature(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 4, &r), 0);
	KUNIT_ASSERT_EQ(test, raise_seal("closed"), 0);
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 0, &r),
			-EPERM);
	KUNIT_EXPECT_EQ(test, r.signature, EWX_SIGNATURE_TRUSTED);
}

/* base.ewx is version 5. */
static void sealed_takes_newer_signed(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 4, &r), 0);
	KUNIT_ASSERT_EQ(test, raise_seal("signed"), 0);
	KUNIT_EXPECT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 6, &r),
			-EKEYREJECTED);
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 0, &r), 0);
	KUNIT_EXPECT_TRUE(test, r.changed);
}

static void sealed_takes_no_older(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 9, &r), 0);
	KUNIT_ASSERT_EQ(test, raise_seal("signed"), 0);
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 0, &r),
			-ESTALE);
	KUNIT_EXPECT_FALSE(test, r.changed);
	KUNIT_EXPECT_EQ(test, r.old_version, 9);
}

/* A newer release of something else is none of what is sealed. */
static void sealed_keeps_the_name(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_GROUPS, 1, &r), 0);
	KUNIT_ASSERT_STREQ(test, r.name, "groups");
	KUNIT_ASSERT_EQ(test, raise_seal("signed"), 0);
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(plain), 0, &r),
			-ESTALE);
}

/* Loads and changes of mode while somebody seals: after it none gets through. */
static int seal_meanwhile(void *arg)
{
	int *err = arg;

	*err = raise_seal("closed");
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void seal_races(struct kunit *test)
{
	struct task_struct *task;
	struct ewx_load_result r;
	u64 version = 1;
	int sealed = 1;
	bool before;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, version, &r),
			0);
	task = kthread_run(seal_meanwhile, &sealed, "ewx_seal_test");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	/* Until it has sealed: loads and modes alternate without a pause. */
	while (ewx_seal() == EWX_SEAL_NONE) {
		ewx_change_mode(false, &before);
		ewx_change_mode(true, &before);
		ewx_test_load(test, EWX_TEST_BASE, ++version, &r);
		cond_resched();
		if (READ_ONCE(sealed) == -EBUSY)
			break;
	}
	kthread_stop(task);
	if (sealed == -EBUSY)
		KUNIT_ASSERT_EQ(test, raise_seal("closed"), 0);
	KUNIT_EXPECT_TRUE(test, ewx_enforcing());
	version = ewx_policy_generation();
	KUNIT_EXPECT_NE(test, ewx_test_load(test, EWX_TEST_BASE, 1000000, &r),
			0);
	KUNIT_EXPECT_EQ(test, ewx_change_mode(false, &before), -EPERM);
	KUNIT_EXPECT_EQ(test, ewx_policy_generation(), version);
}

static struct kunit_case seal_cases[] = { KUNIT_CASE(signatures),
					  KUNIT_CASE(signature_of_other_bytes),
					  KUNIT_CASE(signature_cut),
					  KUNIT_CASE(unsigned_by_default),
					  KUNIT_CASE(
						  seal_needs_a_state_to_keep),
					  KUNIT_CASE(seal_stays),
					  KUNIT_CASE(closed_takes_no_signature),
					  KUNIT_CASE(sealed_takes_newer_signed),
					  KUNIT_CASE(sealed_takes_no_older),
					  KUNIT_CASE(sealed_keeps_the_name),
					  KUNIT_CASE(seal_races),
					  {} };

static struct kunit_suite seal_suite = {
	.name = "ewx_seal",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = seal_cases,
};

kunit_test_suite(seal_suite);

#if IS_ENABLED(CONFIG_INTEGRITY_PLATFORM_KEYRING)
/*
 * Only the kernel's initialisation puts keys into the platform keyring, from what
 * firmware holds; so this runs in its section.
 */
static void __init platform_key(struct kunit *test)
{
	struct ewx_load_result r;

	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(platform), 0, &r),
			-EKEYREJECTED);
	KUNIT_EXPECT_EQ(test, r.signature, EWX_SIGNATURE_UNTRUSTED);
	add_to_platform_keyring("ewx-test", ewx_test_signature_platform_cert,
				sizeof(ewx_test_signature_platform_cert));
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(platform), 0, &r),
			0);
	KUNIT_EXPECT_EQ(test, r.signature, EWX_SIGNATURE_TRUSTED);
	ewx_policy_reset();
	KUNIT_EXPECT_EQ(test,
			ewx_test_load_signed(test, SIGNATURE(stranger), 0, &r),
			-EKEYREJECTED);
}

static struct kunit_case __refdata
	platform_cases[] = { KUNIT_CASE(platform_key), {} };

static struct kunit_suite platform_suite = {
	.name = "ewx_platform_key",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = platform_cases,
};
kunit_test_init_section_suite(platform_suite);
#endif

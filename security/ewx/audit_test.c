// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of records: how long they are.
 *
 * Owns: what a running kernel cannot be made to do at will. What records say is
 * tested from outside.
 */
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "audit.h"
#include "audit_text.h"
#include "cred.h"
#include "test_util.h"

static int policy_init(struct kunit *test)
{
	int err = ewx_test_suite_init(test);

	return err ?: ewx_test_load(test, EWX_TEST_BASE, 0, NULL);
}

static char *odd_name(struct kunit *test, size_t len)
{
	char *name = kunit_kzalloc(test, len + 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, name);
	memset(name, '\n', len);
	return name;
}

/* A record of @in that has all there is, each as long as can be. */
static struct ewx_record *longest_record(struct kunit *test, u32 in)
{
	struct ewx_record *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);
	char *exe = odd_name(test, PATH_MAX);
	struct ewx_control *c;

	KUNIT_ASSERT_NOT_NULL(test, r);
	c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, c);
	memset(&r->id, 0x7f, sizeof(r->id));
	r->id.has_signer = true;
	r->policy = ewx_policy_get();
	r->exe = ewx_exe_new(exe, PATH_MAX, true);
	KUNIT_ASSERT_NOT_NULL(test, r->exe);
	memset(r->file.fstype, 'f', sizeof(r->file.fstype) - 1);
	r->file.owner = U32_MAX;
	r->file.fs_verity.present = true;
	r->file.fs_verity.has_digest = true;
	r->file.fs_verity.is_signed = true;
	r->file.dm_verity = r->file.fs_verity;
	r->op = ENCLAVE_OP_MPROTECT;
	r->outcome = EWX_OUTCOME_PERMISSIVE;
	r->cause = ENCLAVE_PERM_BIT_EXEC_UNMEASURED;
	r->reason = EWX_REASON_ADMITTED_UNJUDGED;
	r->needed = ENCLAVE_PERM_ALL;
	r->missing = ENCLAVE_PERM_ALL;
	r->has_origin = true;
	r->origin = ENCLAVE_ORIGIN_MODIFIED;
	r->known = true;
	r->domain = ewx_domain_find(&r->policy->core, "worker");
	r->provider = "provider";
	r->enclave = r->page = r->pages = r->now = U64_MAX;
	r->access = ENCLAVE_RWX;
	r->facts = U16_MAX;
	r->pid = INT_MAX;
	r->auid = r->uid = r->euid = r->egid = r->ses = U32_MAX;
	memset(r->comm, '\n', sizeof(r->comm) - 1);

	if (in == EWX_IN_access)
		r->file.path = odd_name(test, PATH_MAX);
	if (in == EWX_IN_load)
		c->load = kunit_kzalloc(test, sizeof(*c->load), GFP_KERNEL);
	if (in == EWX_IN_load || in == EWX_IN_mode)
		r->control = c;
	return r;
}

/* Whatever others choose for their names: the record is not longer than that. */
static void records_fit(struct kunit *test)
{
	static const u32 kinds[] = { EWX_IN_access, EWX_IN_load, EWX_IN_mode };
	const char *context = odd_name(test, 2 * PATH_MAX);
	struct ewx_record *r;
	size_t len, i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		r = longest_record(test, kinds[i]);
		len = ewx_audit_fields(NULL, r, kinds[i], U64_MAX, context,
				       2 * PATH_MAX);
		KUNIT_EXPECT_LE(test, len, EWX_TEXT_MAX);
		/* The names take what there is. */
		KUNIT_EXPECT_GT(test, len, EWX_TEXT_MAX - 64);
		ewx_policy_put(r->policy);
		ewx_exe_put(r->exe);
	}
}

/* What fits is written whole. */
static void names_that_fit_are_whole(struct kunit *test)
{
	struct ewx_record *r = longest_record(test, EWX_IN_access);
	const size_t name = 1000;
	size_t with, without;

	r->file.path[name] = '\0';
	ewx_exe_put(r->exe);
	r->exe = NULL;
	with = ewx_audit_fields(NULL, r, EWX_IN_access, 0, NULL, 0);
	r->file.path = NULL;
	without = ewx_audit_fields(NULL, r, EWX_IN_access, 0, NULL, 0);
	KUNIT_EXPECT_EQ(test, with - without, 2 * name - strlen("?"));
	ewx_policy_put(r->policy);
}

static struct kunit_case audit_cases[] = {
	KUNIT_CASE(records_fit),
	KUNIT_CASE(names_that_fit_are_whole),
	{}
};

static struct kunit_suite audit_suite = {
	.name = "ewx_audit",
	.init = policy_init,
	.exit = ewx_test_suite_exit,
	.test_cases = audit_cases,
};
kunit_test_suite(audit_suite);

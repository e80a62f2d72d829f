// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of classification: domains by credentials, names by trust.
 */
#include <kunit/static_stub.h>
#include <linux/binfmts.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/namei.h>
#include <linux/security.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>

#include "guard.h"
#include "path.h"
#include "setup.h"
#include "subject.h"
#include "test_util.h"

static const char *domain_of(struct kunit *test, const struct cred *cred)
{
	struct ewx_loaded *p = ewx_policy_get();
	const char *name;

	KUNIT_ASSERT_NOT_NULL(test, p);
	name = ewx_domain_name(&p->core, ewx_subject_domain(p, current, cred));
	ewx_policy_put(p);
	return name;
}

static void domains(struct kunit *test)
{
	static const struct {
		const char *exe;
		bool trusted;
		u32 euid;
		const char *domain;
	} cases[] = {
		{ "/opt/worker", true, 1000, "worker" },
		{ "/opt/worker", true, 1001, "default" },
		{ "/opt/worker", false, 1000, "default" },
		{ "/opt/workers", true, 1000, "default" },
		{ "/opt/lax", true, 0, "lax" },
		{ NULL, false, 1000, "default" },
	};
	struct cred *cred;
	size_t i;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		cred = ewx_test_cred(test, cases[i].exe, cases[i].trusted,
				     cases[i].euid);
		KUNIT_EXPECT_STREQ_MSG(test, domain_of(test, cred),
				       cases[i].domain, "case %zu", i);
		abort_creds(cred);
	}
}

static void groups(struct kunit *test)
{
	struct group_info *info = groups_alloc(1);
	struct cred *cred;

	KUNIT_ASSERT_NOT_NULL(test, info);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);

	cred = ewx_test_cred(test, "/opt/grouped", true, 0);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "default");
	abort_creds(cred);

	cred = ewx_test_cred(test, "/opt/grouped", true, 0);
	cred->egid = make_kgid(&init_user_ns, 2009);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "grouped");
	abort_creds(cred);

	cred = ewx_test_cred(test, "/opt/grouped", true, 0);
	info->gid[0] = make_kgid(&init_user_ns, 2003);
	set_groups(cred, info);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "grouped");
	abort_creds(cred);
	put_group_info(info);
}

/* ATTACKS row E10: the cache holds neither over a change nor over a load. */
static void cache_ends_with_its_credentials(struct kunit *test)
{
	const struct cred *before;
	struct cred *cred, *next;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	cred = ewx_test_cred(test, "/opt/worker", true, 1000);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "worker");
	KUNIT_EXPECT_NE(test, atomic64_read(&ewx_cred(cred)->domain), 0);

	before = override_creds(cred);
	next = prepare_creds();
	revert_creds(before);
	KUNIT_ASSERT_NOT_NULL(test, next);
	KUNIT_EXPECT_PTR_EQ(test, ewx_subject_exe(next), ewx_subject_exe(cred));
	KUNIT_EXPECT_EQ(test, atomic64_read(&ewx_cred(next)->domain), 0);
	next->euid = make_kuid(&init_user_ns, 1001);
	KUNIT_EXPECT_STREQ(test, domain_of(test, next), "default");
	abort_creds(next);

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_STRICT, 0, NULL), 0);
	KUNIT_EXPECT_FALSE(test, ewx_subject_cached(cred,
						    ewx_policy_generation(),
						    1));
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "worker");
	abort_creds(cred);
}

/* Credentials that are given to a thread bring their program along. */
static void credentials_are_transferred(struct kunit *test)
{
	struct cred *from, *to;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	from = ewx_test_cred(test, "/opt/worker", true, 1000);
	to = ewx_test_cred(test, "/opt/lax", true, 1000);
	KUNIT_EXPECT_STREQ(test, domain_of(test, to), "lax");
	KUNIT_EXPECT_NE(test, atomic64_read(&ewx_cred(to)->domain), 0);
	security_transfer_creds(to, from);
	KUNIT_EXPECT_EQ(test, atomic64_read(&ewx_cred(to)->domain), 0);
	KUNIT_EXPECT_PTR_EQ(test, ewx_subject_exe(to), ewx_subject_exe(from));
	abort_creds(from);
	/* The name is still there for whom it was given to. */
	KUNIT_EXPECT_STREQ(test, domain_of(test, to), "worker");
	abort_creds(to);
}

/* Whichever of a user's groups it is, and at the ends of what a condition names. */
static void groups_at_the_ends(struct kunit *test)
{
	static const struct {
		u32 gid;
		const char *domain;
	} cases[] = {
		{ 1999, "default" }, { 2000, "grouped" }, { 2009, "grouped" },
		{ 2010, "default" }, { U32_MAX - 1, "default" },
	};
	struct group_info *info;
	struct cred *cred;
	size_t i;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_BASE, 0, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		info = groups_alloc(3);
		KUNIT_ASSERT_NOT_NULL(test, info);
		info->gid[0] = make_kgid(&init_user_ns, 1);
		info->gid[1] = make_kgid(&init_user_ns, 2);
		info->gid[2] = make_kgid(&init_user_ns, cases[i].gid);
		cred = ewx_test_cred(test, "/opt/grouped", true, 0);
		set_groups(cred, info);
		KUNIT_EXPECT_STREQ_MSG(test, domain_of(test, cred),
				       cases[i].domain, "gid %u", cases[i].gid);
		abort_creds(cred);
		put_group_info(info);
		cred = ewx_test_cred(test, "/opt/grouped", true, 0);
		cred->egid = make_kgid(&init_user_ns, cases[i].gid);
		KUNIT_EXPECT_STREQ_MSG(test, domain_of(test, cred),
				       cases[i].domain, "gid %u", cases[i].gid);
		abort_creds(cred);
	}
}

/* A program without a name is one, but nobody believes what it is called. */
static void program_without_name(struct kunit *test)
{
	struct ewx_exe *exe = ewx_exe_new(NULL, 7, true);

	KUNIT_ASSERT_NOT_NULL(test, exe);
	KUNIT_EXPECT_FALSE(test, exe->trusted);
	KUNIT_EXPECT_EQ(test, exe->len, 0);
	KUNIT_EXPECT_STREQ(test, exe->path, "");
	ewx_exe_put(exe);
}

/*
 * A control group is the process's, not the credential's: nothing is cached.
 */
static void control_groups(struct kunit *test)
{
	struct cred *cred;

	if (!IS_ENABLED(CONFIG_CGROUPS))
		kunit_skip(test, "no control groups");
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_GROUPS, 0, NULL), 0);
	cred = ewx_test_cred(test, "/opt/worker", true, 1000);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "at_root");
	KUNIT_EXPECT_EQ(test, atomic64_read(&ewx_cred(cred)->domain), 0);
	abort_creds(cred);
	cred = ewx_test_cred(test, "/opt/other", true, 1000);
	KUNIT_EXPECT_STREQ(test, domain_of(test, cred), "default");
	abort_creds(cred);
}

static void linked_file_has_a_name(struct kunit *test)
{
	static const char name[] = "/ewx-kunit";
	struct ewx_path_name n;
	struct file *file;
	struct dentry *dir, *dentry;
	struct path root;
	char *buf;

	buf = kunit_kmalloc(test, PATH_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	file = filp_open(name, O_CREAT | O_RDWR, 0600);
	if (IS_ERR(file))
		kunit_skip(test, "the root file system cannot be written");

	n = ewx_path_name(&file->f_path, buf, PATH_MAX);
	KUNIT_EXPECT_TRUE(test, n.trusted);
	KUNIT_EXPECT_NOT_NULL(test, n.text);
	if (n.text) {
		KUNIT_EXPECT_STREQ(test, n.text, name);
		KUNIT_EXPECT_EQ(test, n.len, strlen(name));
	}

	/* As unlink(2) does: a reference besides the open file's. */
	dentry = dget(file->f_path.dentry);
	KUNIT_ASSERT_EQ(test, kern_path("/", LOOKUP_DIRECTORY, &root), 0);
	dir = root.dentry;
	inode_lock_nested(d_inode(dir), I_MUTEX_PARENT);
	KUNIT_EXPECT_EQ(test, vfs_unlink(&nop_mnt_idmap, d_inode(dir), dentry,
					 NULL), 0);
	inode_unlock(d_inode(dir));
	dput(dentry);
	path_put(&root);

	n = ewx_path_name(&file->f_path, buf, PATH_MAX);
	KUNIT_EXPECT_FALSE(test, n.trusted);
	fput(file);
}

static void internal_mount_has_none(struct kunit *test)
{
	struct ewx_path_name n;
	struct file *file;
	char *buf;

	buf = kunit_kmalloc(test, PATH_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	file = shmem_file_setup("ewx-kunit", PAGE_SIZE, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	n = ewx_path_name(&file->f_path, buf, PATH_MAX);
	KUNIT_EXPECT_NULL(test, n.text);
	KUNIT_EXPECT_FALSE(test, n.trusted);
	fput(file);
}

static u32 nobody(const struct ewx_loaded *p, struct task_struct *task,
		  const struct cred *cred)
{
	return EWX_NONE;
}

/*
 * Whom a process becomes by exec has to be known where something is guarded, but where
 * denials are let pass nothing is refused for want of memory either.
 */
static void exec_without_memory(struct kunit *test)
{
	struct linux_binprm *bprm =
		kunit_kzalloc(test, sizeof(*bprm), GFP_KERNEL);
	bool before;

	KUNIT_ASSERT_NOT_NULL(test, bprm);
	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_GROUPS, 0, NULL), 0);
	bprm->cred = ewx_test_cred(test, "/opt/kept", true, 0);
	KUNIT_EXPECT_EQ(test, ewx_guard_exec(bprm), 0);
	KUNIT_EXPECT_TRUE(test, bprm->secureexec);

	kunit_activate_static_stub(test, ewx_subject_domain, nobody);
	KUNIT_EXPECT_EQ(test, ewx_guard_exec(bprm), -ENOMEM);
	before = ewx_set_enforcing(false);
	KUNIT_EXPECT_EQ(test, ewx_guard_exec(bprm), 0);
	ewx_set_enforcing(before);
	kunit_deactivate_static_stub(test, ewx_subject_domain);
	abort_creds(bprm->cred);
}

static struct kunit_case subject_cases[] = {
	KUNIT_CASE(domains),
	KUNIT_CASE(groups),
	KUNIT_CASE(cache_ends_with_its_credentials),
	KUNIT_CASE(credentials_are_transferred),
	KUNIT_CASE(groups_at_the_ends),
	KUNIT_CASE(program_without_name),
	KUNIT_CASE(control_groups),
	KUNIT_CASE(linked_file_has_a_name),
	KUNIT_CASE(internal_mount_has_none),
	KUNIT_CASE(exec_without_memory),
	{}
};

static struct kunit_suite subject_suite = {
	.name = "ewx_subject",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = subject_cases,
};

kunit_test_suite(subject_suite);

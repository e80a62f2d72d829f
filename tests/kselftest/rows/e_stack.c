// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows about other security modules beside EWX: E1 (one that denies after
 * EWX allowed) and B21 (the verdict is the AND). SELinux and AppArmor have boots of
 * their own: tests/vm/selinux, tests/vm/apparmor.
 */
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include "kselftest_harness.h"
#include "rows.h"
#include "stack.h"

FIXTURE(stack) {
	int fd;
};

FIXTURE_SETUP(stack)
{
	self->fd = -1;
}

FIXTURE_TEARDOWN(stack)
{
	if (self->fd >= 0)
		close(self->fd);
}

/* W was never committed, so that X needs nothing. */
TEST_F(stack, E1_dev)
{
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	self->fd = loose_ready("e1", 2);
	ASSERT_LE(0, self->fd);
	pid = deny("--deny-op", "mmap", "w");
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, map_err(self->fd, 0, PAGE, RW));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, map_err(self->fd, 0, PAGE, RX));
	/* And this one was. */
	EXPECT_EQ(0, map_err(self->fd, PAGE, PAGE, RW));
	EXPECT_EQ(-EACCES, map_err(self->fd, PAGE, PAGE, RX));
}

/* A page that was not loaded is not counted, nor is there a page. */
TEST_F(stack, E1_dev_load)
{
	uint8_t *src = anon_map(2, PROT_READ);
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }"
				 "for any { allow exec_anon max 1 pages; }", ""));
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
	pid = deny("--deny", "exec_anon", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, NULL));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
				  ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(-EACCES, enclave_load(self->fd, src, PAGE, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, NULL));
}

/* What was denied took no identity away: only "vendor" may have that page. */
TEST_F(stack, E1_dev_identity)
{
	uint8_t *src = anon_map(1, PROT_READ);
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_load("allow create; for any { allow init; }"
				 "for vendor { allow exec_anon; }",
				 "identity vendor { product 7; }"));
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
	pid = deny("--deny", "exec_anon", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, NULL));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, enclave_init(self->fd));
}

/* Create and init: nothing was created, nothing was initialised. */
TEST_F(stack, E1_dev_state)
{
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_strict());
	self->fd = enclave_open();
	ASSERT_LE(0, self->fd);
	pid = deny("--deny", "create,init", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, enclave_create(self->fd, LAYOUT_PAGES * PAGE, 0,
					  ENCLAVE_RW));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, enclave_create(self->fd, LAYOUT_PAGES * PAGE, 0, ENCLAVE_RW));
	pid = deny("--deny", "create,init", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, enclave_init(self->fd));
	ASSERT_EQ(0, deny_end(pid));
	EXPECT_EQ(0, enclave_load(self->fd, code_map("e1", 1, PROT_READ), 0, PAGE,
				  ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE, NULL));
	EXPECT_EQ(0, enclave_init(self->fd));
}

/* What EWX denies under this policy, whatever another module allows. */
static int load_anonymous(void)
{
	int fd = fresh();
	int err;

	if (fd < 0)
		return fd;
	err = enclave_load(fd, anon_map(1, PROT_READ), 0, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	close(fd);
	return err;
}

TEST_F(stack, B21_dev_bpf)
{
	pid_t pid;

	NEEDS("bpf");
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	pid = deny("--deny", "exec_file", NULL);
	ASSERT_LT(0, pid);
	EXPECT_EQ(-EACCES, built());
	EXPECT_DENIED("exec_anon", load_anonymous());
	ASSERT_EQ(0, deny_end(pid));
	self->fd = built();
	EXPECT_LE(0, self->fd);
}

#define ALL_RULES							\
	"allow create, change; allow exec_file from allowed;"		\
	"for any { allow init, load_wx, map_wx, exec_written; }"

TEST_F(stack, B21_dev_mdwe)
{
	void *at;

	ASSERT_EQ(0, policy_load(ALL_RULES, ""));
	self->fd = loose_ready("b21", 2);
	ASSERT_LE(0, self->fd);
	/* The same process without MDWE. */
	EXPECT_EQ(0, map_err(self->fd, PAGE, PAGE, RWX));
	ASSERT_EQ(0, prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, RX, &at));
	EXPECT_EQ(CODE_VALUE, run(at));
	munmap(at, PAGE);
	/* Allowed by EWX, denied by MDWE. */
	EXPECT_EQ(-EACCES, map_err(self->fd, 0, PAGE, RWX));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, PROT_READ, &at));
	EXPECT_EQ(-1, mprotect(at, PAGE, RX));
	EXPECT_EQ(EACCES, errno);
	munmap(at, PAGE);
}

/* What MDWE allows, mappings that are W and then others that are X, EWX denies. */
TEST_F(stack, B21_dev_mdwe_ewx)
{
	ASSERT_EQ(0, prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0L, 0L, 0L));
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	self->fd = loose_ready("b21", 2);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_DENIED("exec_written", map_err(self->fd, 0, PAGE, RX));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_F(stack, B21_dev_seccomp)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	self->fd = built();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, refuse_ioctl(ENCLAVE_IOC_INIT));
	EXPECT_EQ(-EPERM, enclave_init(self->fd));
	/* It is not initialised, so that nothing executes. */
	EXPECT_EQ(-EACCES, map_err(self->fd, CODE_AT, PAGE, RX));
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_F(stack, B21_dev_landlock)
{
	NEEDS("landlock");
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, landlocked(NULL));
	EXPECT_EQ(-EACCES, fresh());
}

TEST_F(stack, B21_dev_landlock_ewx)
{
	NEEDS("landlock");
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, landlocked(ENCLAVE_NODE));
	self->fd = ready();
	EXPECT_LE(0, self->fd);
	EXPECT_DENIED("exec_anon", load_anonymous());
}

/*
 * IPE judges what may execute by the file, which is the node; where the code came
 * from it does not see.
 */
TEST_F(stack, B21_dev_ipe)
{
	int mapped, changed, loaded;
	void *at;

	NEEDS("ipe");
	ASSERT_EQ(0, ipe_load());
	ASSERT_EQ(0, policy_load(LOOSE_RULES "for any { allow exec_anon; }", ""));
	self->fd = loose_ready("b21", 2);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, map(self->fd, PAGE, PAGE, PROT_READ, &at));
	/* Nothing can be started until IPE_OPEN is used. */
	ASSERT_EQ(0, ipe_use(IPE_CLOSED));
	mapped = map_err(self->fd, 0, PAGE, RX);
	changed = mprotect(at, PAGE, RX) ? -errno : 0;
	loaded = load_anonymous();
	ASSERT_EQ(0, ipe_use(IPE_OPEN));
	EXPECT_EQ(-EACCES, mapped);
	EXPECT_EQ(-EACCES, changed);
	EXPECT_EQ(0, loaded);
	/* X was never committed, so that W needs nothing. */
	EXPECT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_EQ(0, mprotect(at, PAGE, RX));
}

/* What IPE allows, EWX denies. */
TEST_F(stack, B21_dev_ipe_ewx)
{
	NEEDS("ipe");
	ASSERT_EQ(0, ipe_load());
	ASSERT_EQ(0, ipe_use(IPE_OPEN));
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	EXPECT_DENIED("exec_anon", load_anonymous());
	self->fd = ready();
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(0, map_err(self->fd, CODE_AT, PAGE, RX));
}

#define VERIFIED "/run/b21"

/* A node of the device on a disk that dm-verity checks, and a policy for that disk. */
static int verified_node(void)
{
	char rules[256], hash[65] = "";
	FILE *f;

	if (system("set -e; exec >&2; mkdir -p " VERIFIED "; cd " VERIFIED ";"
		   "mkdir mnt tree; cp -a " ENCLAVE_NODE " tree/enclave;"
		   "truncate -s 4M disk;"
		   "mkfs.ext4 -q -b 4096 -O ^has_journal -d tree disk;"
		   "veritysetup format disk hashes | awk '/^Root hash/ { print $3 }' >hash;"
		   "export DM_DISABLE_UDEV=1;"
		   "veritysetup open disk b21 hashes $(cat hash);"
		   "mount -o ro /dev/mapper/b21 mnt"))
		return -EIO;
	f = fopen(VERIFIED "/hash", "r");
	if (!f || fscanf(f, "%64s", hash) != 1)
		return -EIO;
	fclose(f);
	snprintf(rules, sizeof(rules), "DEFAULT action=ALLOW\n"
		 "DEFAULT op=EXECUTE action=DENY\n"
		 "op=EXECUTE dmverity_roothash=sha256:%s action=ALLOW\n", hash);
	return ipe_policy("rows_verity", rules);
}

/* IPE has no word for a node, but for the disk that it is on. */
TEST_F(stack, B21_dev_ipe_verity)
{
	int mapped, other;

	NEEDS("ipe");
	ASSERT_EQ(0, ipe_load());
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, verified_node());
	other = loose_ready("b21", 2);
	ASSERT_LE(0, other);
	ASSERT_EQ(0, mount(VERIFIED "/mnt/enclave", ENCLAVE_NODE, NULL, MS_BIND,
			   NULL));
	self->fd = loose_ready("b21", 2);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, ipe_use("rows_verity"));
	mapped = map_err(self->fd, 0, PAGE, RX);
	other = map_err(other, 0, PAGE, RX);
	ASSERT_EQ(0, ipe_use(IPE_OPEN));
	EXPECT_EQ(0, mapped);
	EXPECT_EQ(-EACCES, other);
	close(self->fd);
	self->fd = -1;
	EXPECT_EQ(0, system("cd " VERIFIED "; umount " ENCLAVE_NODE " mnt; sync;"
			    "DM_DISABLE_UDEV=1 veritysetup close b21"));
}

TEST_HARNESS_MAIN

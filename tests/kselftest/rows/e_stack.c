// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows about other security modules beside EWX: E1 (one that denies after
 * EWX allowed) and B21 (the verdict is the AND). SELinux and AppArmor have boots of
 * their own: tests/vm/selinux, tests/vm/apparmor.
 */
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "rows.h"

#define DENIER		"build/lsm/enclave-bpf"
#define LSM_LIST	"/sys/kernel/security/lsm"

/* Newer than Debian's headers. */
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/* Why the module cannot be tested in this boot; NULL: it can. */
static const char *missing(const char *module)
{
	static char text[512];
	FILE *f = fopen(LSM_LIST, "r");
	size_t n = f ? fread(text + 1, 1, sizeof(text) - 3, f) : 0;
	char word[32];

	if (f)
		fclose(f);
	text[0] = ',';
	text[n + 1] = ',';
	text[n + 2] = '\0';
	snprintf(word, sizeof(word), ",%s,", module);
	if (!strstr(text, word))
		return "not in the list of security modules (lsm=)";
	if (!strcmp(module, "bpf") && access(DENIER, X_OK))
		return DENIER " is not built";
	return NULL;
}

#define NEEDS(module)							\
	do {								\
		const char *why = missing(module);			\
									\
		if (why)						\
			SKIP(return, "%s: %s", module, why);		\
	} while (0)

/*
 * Start a module in BPF that denies some of what this process asks for. Return: its
 * pid once it does, or -1.
 */
static pid_t deny(const char *option, const char *words, const char *access)
{
	char self[16], line[32] = "";
	int out[2];
	pid_t pid;
	FILE *f;

	snprintf(self, sizeof(self), "%d", getpid());
	if (pipe(out))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		execl(DENIER, DENIER, "--pid", self, option, words,
		      access ? "--access" : NULL, access, NULL);
		_exit(127);
	}
	close(out[1]);
	f = fdopen(out[0], "r");
	if (fgets(line, sizeof(line), f) && !strcmp(line, "ready\n"))
		return pid;
	waitpid(pid, NULL, 0);
	return -1;
}

/* Return: 0 once it denies nothing any more. */
static int deny_end(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return status;
}

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

/* A filter that refuses one ioctl. */
static int refuse_ioctl(unsigned int request)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_ioctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, request, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		return -errno;
	return 0;
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

static int landlocked(bool with_node)
{
	struct landlock_ruleset_attr attr = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_IOCTL_DEV,
	};
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_IOCTL_DEV,
		.parent_fd = open(ENCLAVE_NODE, O_PATH | O_CLOEXEC),
	};
	int set = syscall(__NR_landlock_create_ruleset, &attr,
			  sizeof(attr.handled_access_fs), 0);
	int err = set < 0 ? -errno : 0;

	if (!err && with_node &&
	    syscall(__NR_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH,
		    &rule, 0))
		err = -errno;
	if (!err && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		     syscall(__NR_landlock_restrict_self, set, 0)))
		err = -errno;
	close(rule.parent_fd);
	close(set);
	return err;
}

TEST_F(stack, B21_dev_landlock)
{
	NEEDS("landlock");
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, landlocked(false));
	EXPECT_EQ(-EACCES, fresh());
}

TEST_F(stack, B21_dev_landlock_ewx)
{
	NEEDS("landlock");
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, landlocked(true));
	self->fd = ready();
	EXPECT_LE(0, self->fd);
	EXPECT_DENIED("exec_anon", load_anonymous());
}

TEST_HARNESS_MAIN

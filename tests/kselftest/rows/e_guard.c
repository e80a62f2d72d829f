// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue row E9: reaching into the processes of a guarded domain; and E6, while
 * memory fails.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "record.h"
#include "rows.h"

/* Who has the group is in the guarded domain; whoever else runs this is not. */
static int guard(const char *more)
{
	char self[4096], text[4600];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return -errno;
	self[n] = '\0';
	snprintf(text, sizeof(text), "domain guarded { exe \"%s\"; gid %d; guarded; %s }"
		 "domain program { exe \"/tmp/guarded\"; guarded; }", self,
		 SECOND_UID, more);
	return policy_load(STRICT_RULES, text);
}

static int enter(void)
{
	return setresgid(SECOND_UID, SECOND_UID, SECOND_UID) ? -errno : 0;
}

static bool told(int fd)
{
	return write(fd, "", 1) == 1;
}

static bool waited(int fd)
{
	char byte;

	return read(fd, &byte, 1) == 1;
}

/* Return: a process of the guarded domain, which ends when @fd is closed. */
static pid_t guarded_process(int fd[2])
{
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd))
		return -errno;
	pid = fork();
	if (!pid) {
		close(fd[0]);
		if (!enter() && told(fd[1]))
			waited(fd[1]);
		_exit(0);
	}
	close(fd[1]);
	return waited(fd[0]) ? pid : -EIO;
}

static int attach(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		return errno;
	return ptrace(PTRACE_DETACH, pid, NULL, NULL) && errno != ESRCH ? errno : 0;
}

static int attaches_from_inside(void *arg)
{
	return enter() ? 255 : attach(*(pid_t *)arg);
}

static int opens_memory(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

TEST(E9_dev_guarded)
{
	pid_t pid;
	int fd[2];

	ASSERT_EQ(0, guard(""));
	pid = guarded_process(fd);
	ASSERT_LT(0, pid);
	ASSERT_EQ(0, records_begin());
	EXPECT_EQ(EPERM, attach(pid));
	EXPECT_TRUE(record_is(record_wait("guarded"), "result", "denied"));
	EXPECT_EQ(EACCES, opens_memory(pid));
	EXPECT_EQ(0, in_child(attaches_from_inside, &pid));
	ASSERT_EQ(0, guard("permissive;"));
	EXPECT_EQ(0, opens_memory(pid));
	close(fd[0]);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

/* Where it takes memory to find out whether a process is guarded, it is until then. */
TEST(E6_dev_guarded)
{
	int node = fail_open();
	bool again = true;
	unsigned int n;
	pid_t pid;
	int fd[2];

	if (node < 0)
		SKIP(return, "this kernel injects no faults");
	ASSERT_EQ(0, guard("cgroup \"/\", \"/**\";"));
	pid = guarded_process(fd);
	ASSERT_LT(0, pid);
	for (n = 1; again && n < 200; n++) {
		int err;

		ASSERT_EQ(0, fail_nth(node, n));
		err = ptrace(PTRACE_SEIZE, pid, NULL, NULL) ? errno : 0;
		again = !fail_pending(node);
		ASSERT_EQ(0, fail_nth(node, 0));
		EXPECT_TRUE(err == EPERM || err == ENOMEM)
			TH_LOG("n %u: %d", n, err);
		if (!err)
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
	}
	EXPECT_FALSE(again);
	EXPECT_LT(2, n);
	close(node);
	close(fd[0]);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
}

static int asks_to_be_traced(void *arg)
{
	(void)arg;
	if (enter())
		return 255;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) ? errno : 0;
}

static int child_asks(void *arg)
{
	return enter() ? 255 : in_child(asks_to_be_traced, arg);
}

/* The parent is outside, then inside. */
TEST(E9_dev_guarded_traceme)
{
	ASSERT_EQ(0, guard(""));
	EXPECT_EQ(EPERM, in_child(asks_to_be_traced, NULL));
	EXPECT_EQ(0, in_child(child_asks, NULL));
}

/* Whether the loader heeds its variables, of which this one shows something. */
static bool is_heeded(void)
{
	FILE *f = popen("LD_SHOW_AUXV=1 /tmp/guarded", "r");
	char line[128];
	bool any = f && fgets(line, sizeof(line), f);

	if (f)
		pclose(f);
	return any;
}

TEST(E9_dev_guarded_preload)
{
	ASSERT_EQ(0, system("cp /bin/true /tmp/guarded"));
	ASSERT_EQ(0, policy_strict());
	EXPECT_TRUE(is_heeded());
	ASSERT_EQ(0, guard(""));
	EXPECT_FALSE(is_heeded());
}

/* How a program is started. */
struct start {
	bool no_new_privs;
	bool filter;
};

/* One that changes nothing: what a filter could do is not looked at. */
static int install_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { ARRAY_SIZE(code), code };

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

/* Return: 0 if the program ran, else the errno of its exec. */
static int runs(void *arg)
{
	const struct start *how = arg;

	if (how->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return 255;
	if (how->filter && install_filter())
		return 255;
	execl("/tmp/guarded", "/tmp/guarded", NULL);
	return errno;
}

/* Who says what a program's system calls return is in it, as one who traces it is. */
TEST(E9_dev_guarded_filter)
{
	struct start anybodys = { .no_new_privs = true, .filter = true };
	struct start privileged = { .filter = true };
	struct start unfiltered = { .no_new_privs = true };
	int status;
	pid_t pid;

	ASSERT_EQ(0, system("cp /bin/true /tmp/guarded"));
	ASSERT_EQ(0, policy_strict());
	EXPECT_EQ(0, in_child(runs, &anybodys));
	ASSERT_EQ(0, guard(""));
	ASSERT_EQ(0, records_begin());
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(runs(&anybodys));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(EPERM, WEXITSTATUS(status));
	EXPECT_TRUE(record_is(record_wait_pid("guarded", pid), "result",
			      "denied"));
	EXPECT_EQ(0, in_child(runs, &privileged));
	EXPECT_EQ(0, in_child(runs, &unfiltered));
}

TEST_HARNESS_MAIN

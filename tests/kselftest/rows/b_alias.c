// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows B: one page seen from several mappings, processes and threads.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "race.h"
#include "rows.h"

#define WRITTEN_RULES	LOOSE_RULES "for any { allow exec_written; }"

FIXTURE(alias) {
	int fd;
};

FIXTURE_SETUP(alias)
{
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	self->fd = loose_ready("balias", 4);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(alias)
{
	close(self->fd);
}

struct ask {
	int fd;
	int prot;
	uint64_t at;
};

static int asks(void *arg)
{
	struct ask *a = arg;

	return -map_err(a->fd, a->at, PAGE, a->prot);
}

TEST_F(alias, B8_dev_fork)
{
	struct ask x = { self->fd, RX, 0 }, w = { self->fd, RW, PAGE };

	ASSERT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	EXPECT_EQ(EACCES, in_child(asks, &x));
	ASSERT_EQ(0, map_err(self->fd, PAGE, PAGE, RX));
	EXPECT_EQ(EACCES, in_child(asks, &w));
	/* What the other process did counts as much. */
	x.at = w.at = 2 * PAGE;
	EXPECT_EQ(0, in_child(asks, &w));
	EXPECT_DENIED("exec_written", map_err(self->fd, 2 * PAGE, PAGE, RX));
	x.at = 3 * PAGE;
	EXPECT_EQ(0, in_child(asks, &x));
	EXPECT_DENIED("exec_written", map_err(self->fd, 3 * PAGE, PAGE, RW));
}

TEST_F(alias, B8_dev_scm_rights)
{
	int pair[2], status;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		close(self->fd);
		_exit(-map_err(fd_receive(pair[1]), 0, PAGE, RX));
	}
	ASSERT_EQ(0, map_err(self->fd, 0, PAGE, RW));
	ASSERT_EQ(0, fd_send(pair[0], self->fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(EACCES, WEXITSTATUS(status));
}

TEST_F(alias, B8_dev_pidfd_getfd)
{
	int pair[2], status, pidfd, copy;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		int fd = loose_ready("bpidfd", 1);

		/* The same descriptor number as the parent's, another enclave. */
		if (fd < 0 || dup2(fd, self->fd) < 0 ||
		    map_err(self->fd, 0, PAGE, RW) || !tell(pair[1]) ||
		    !await(pair[1]))
			_exit(1);
		_exit(0);
	}
	ASSERT_TRUE(await(pair[0]));
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	copy = syscall(SYS_pidfd_getfd, pidfd, self->fd, 0);
	ASSERT_LE(0, copy);
	EXPECT_DENIED("exec_written", map_err(copy, 0, PAGE, RX));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, WEXITSTATUS(status));
}

struct racer {
	int fd;
	int prot;
	uint64_t at;
	pthread_barrier_t *start;
	int result;
};

static void *maps(void *arg)
{
	struct racer *r = arg;

	pthread_barrier_wait(r->start);
	r->result = map_err(r->fd, r->at, PAGE, r->prot);
	return NULL;
}

/* Every round takes a page nobody has mapped yet. */
TEST(B9_dev)
{
	const unsigned int rounds = race_rounds(RACE_ROUNDS);
	unsigned int wins[2] = { 0, 0 };
	pthread_barrier_t start;
	uint8_t *src;
	int fd;

	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	src = code_map("b9", 1, PROT_READ);
	fd = enclave_new((uint64_t)rounds * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < rounds; i++)
		ASSERT_EQ(0, enclave_load(fd, src, i * PAGE, PAGE, ENCLAVE_RWX,
					  ENCLAVE_LOAD_F_MEASURE, NULL));
	ASSERT_EQ(0, enclave_init(fd));
	pthread_barrier_init(&start, NULL, 2);
	for (unsigned int i = 0; i < rounds; i++) {
		struct racer r[2] = {
			{ fd, RW, i * PAGE, &start, 1 },
			{ fd, RX, i * PAGE, &start, 1 },
		};
		pthread_t threads[2];

		for (int k = 0; k < 2; k++)
			ASSERT_EQ(0, pthread_create(&threads[k], NULL, maps,
						    &r[k]));
		for (int k = 0; k < 2; k++)
			pthread_join(threads[k], NULL);
		ASSERT_NE(r[0].result, r[1].result);
		wins[0] += !r[0].result;
		wins[1] += !r[1].result;
	}
	EXPECT_EQ(rounds, wins[0] + wins[1]);
	TH_LOG("write won %u, execute %u", wins[0], wins[1]);
}

/* Granted exec_written, a page still has no two faces at once. */
TEST(B10_dev)
{
	void *w, *x;
	int fd;

	ASSERT_EQ(0, policy_load(WRITTEN_RULES, ""));
	ASSERT_EQ(0, records_begin());
	fd = loose_ready("b10", 2);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, 0, PAGE, RW, &w));
	EXPECT_DENIED("alias", map_err(fd, 0, PAGE, RX));
	ASSERT_EQ(0, munmap(w, PAGE));
	ASSERT_EQ(0, map(fd, 0, PAGE, RX, &x));
	EXPECT_EQ(CODE_VALUE, run(x));
	EXPECT_DENIED("alias", map_err(fd, 0, PAGE, RW));
	/* One mapping that changes is no alias. */
	ASSERT_EQ(0, mprotect(x, PAGE, RW));
	EXPECT_EQ(0, poke(x, 0xb8));
	EXPECT_EQ(0, mprotect(x, PAGE, RX));
	EXPECT_EQ(CODE_VALUE, run(x));
}

static int second_maps(void *arg)
{
	if (become(SECOND_UID))
		return 255;
	return -map_err(*(int *)arg, CODE_AT, PAGE, RX);
}

TEST(B19_dev)
{
	int fd, third;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	fd = ready();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, map_err(fd, CODE_AT, PAGE, RX));
	EXPECT_EQ(EACCES, in_child(second_maps, &fd));
	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change, share;", ""));
	third = ready();
	ASSERT_LE(0, third);
	EXPECT_EQ(0, in_child(second_maps, &third));
}

/* While exec_written is in use: no second address space, however made. */
TEST(B24_dev)
{
	struct ask again = { .prot = PROT_READ };
	uint8_t *at;
	pid_t pid;
	int status;

	ASSERT_EQ(0, policy_load(WRITTEN_RULES, ""));
	again.fd = loose_ready("b24", 1);
	ASSERT_LE(0, again.fd);
	ASSERT_EQ(0, map(again.fd, 0, PAGE, RW, (void **)&at));
	ASSERT_EQ(0, mprotect(at, PAGE, RX));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_EQ(-1, madvise(at, PAGE, MADV_DOFORK));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(peek(at) == -SIGSEGV ? 0 : 1);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_EQ(EACCES, in_child(asks, &again));
	EXPECT_EQ(CODE_VALUE, run(at));
}

/*
 * A futex of another process's enclave memory, or its registers read through it:
 * the kernel then faults for a foreign address space. /proc/PID/mem of an
 * enclave that admits no debugger is the door that user space can try.
 */
TEST(B25_dev)
{
	int pair[2], status, mem;
	char path[64], byte;
	uint8_t *at;
	pid_t pid;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&at));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(tell(pair[1]) && await(pair[1]) ? 0 : 1);
	ASSERT_TRUE(await(pair[0]));
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	mem = open(path, O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, mem);
	/* The child never touched the page: its entry would be made for us. */
	EXPECT_GT(1, pread(mem, &byte, 1, (off_t)(uintptr_t)at));
	EXPECT_GT(1, pwrite(mem, &byte, 1, (off_t)(uintptr_t)at));
	close(mem);
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, WEXITSTATUS(status));
}

struct heir {
	const void *at;
	int (*become)(void);
};

static int become_second(void)
{
	return become(SECOND_UID);
}

static int become_group(void)
{
	return setresgid(SECOND_UID, SECOND_UID, SECOND_UID) ? -errno : 0;
}

/* Exits with 0 if the code runs, else with the signal. */
static int heir_runs(void *arg)
{
	struct heir *h = arg;
	long result;

	if (h->become && h->become())
		return 255;
	result = run(h->at);
	return result == CODE_VALUE ? 0 : (int)-result;
}

/* The child's mapping is the parent's; who the child is now faults. */
TEST(B26_dev_euid)
{
	struct heir second = { .become = become_second }, same = {};
	int fd;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&second.at));
	same.at = second.at;
	EXPECT_EQ(CODE_VALUE, run(second.at));
	EXPECT_EQ(0, in_child(heir_runs, &same));
	EXPECT_EQ(SIGBUS, in_child(heir_runs, &second));
	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change, share;", ""));
	EXPECT_EQ(0, in_child(heir_runs, &second));
}

/* The mapping stays when the policy is tightened; what is not there yet is judged by it. */
TEST(B20_dev_fault)
{
	struct heir second = { .become = become_second };
	int fd;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change, share;", ""));
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&second.at));
	EXPECT_EQ(0, in_child(heir_runs, &second));
	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	EXPECT_EQ(SIGBUS, in_child(heir_runs, &second));
}

struct told {
	int fd;
	const void *at;
};

/* Return: 0 if a fault that is denied has one record, whatever it could do with less. */
static int faults_then_maps(void *arg)
{
	const struct told *t = arg;

	if (records_begin() || become_second())
		return 255;
	if (run(t->at) != -SIGBUS)
		return 1;
	if (map_err(t->fd, CODE_AT, PAGE, RX) != -EACCES)
		return 2;
	if (!record_is(record_wait("share"), "op", "fault"))
		return 3;
	return record_is(record_wait("share"), "op", "mmap") ? 0 : 4;
}

TEST(B26_dev_once)
{
	struct told t;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	t.fd = ready();
	ASSERT_LE(0, t.fd);
	ASSERT_EQ(0, map(t.fd, CODE_AT, PAGE, RX, (void **)&t.at));
	EXPECT_EQ(0, in_child(faults_then_maps, &t));
}

static int heir_has_read(void *arg)
{
	struct heir *h = arg;

	return worker_reads(h->at, h->become);
}

static int touches_then_has_read(void *arg)
{
	struct heir *h = arg;

	return run(h->at) == CODE_VALUE ? worker_reads(h->at, h->become) : 255;
}

/*
 * A worker of io_uring has the mapping, and the credentials that the child gave up.
 * It makes no entry; what has one it may use.
 */
TEST(B26_dev_worker)
{
	struct heir second = { .become = become_second }, same = {};
	int fd;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&second.at));
	same.at = second.at;
	EXPECT_EQ(EFAULT, in_child(heir_has_read, &second));
	EXPECT_EQ(EFAULT, in_child(heir_has_read, &same));
	EXPECT_EQ(0, in_child(touches_then_has_read, &same));
}

/* The strict policy, and a domain of the same user's that may change, not share. */
static int policy_heirs(void)
{
	char self[4096], more[4400];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return -errno;
	self[n] = '\0';
	snprintf(more, sizeof(more), "domain heirs { exe \"%s\"; gid %d; "
		 "allow change; }", self, SECOND_UID);
	return policy_load(STRICT_RULES, more);
}

struct changer {
	int fd;
	void *at;
};

/* Return: 0 if what is granted without "share" opens nothing that needs it. */
static int changes_then_maps(void *arg)
{
	struct changer *c = arg;
	int err;

	if (become_group())
		return 255;
	err = enclave_restrict(c->fd, CODE_AT, PAGE, ENCLAVE_RX, NULL);
	if (err)
		return 254;
	if (map_err(c->fd, CODE_AT, PAGE, RX) != -EACCES)
		return 1;
	if (enclave_restrict(c->fd, CODE_AT, PAGE, ENCLAVE_RX, NULL))
		return 254;
	return !mprotect(c->at, PAGE, PROT_READ) || errno != EACCES ? 2 : 0;
}

/* The same user, in another domain: a grant to change is none to map. */
TEST(B19_dev_domain)
{
	struct changer c;

	ASSERT_EQ(0, policy_heirs());
	c.fd = ready();
	ASSERT_LE(0, c.fd);
	ASSERT_EQ(0, map(c.fd, CODE_AT, PAGE, RX, &c.at));
	EXPECT_EQ(0, in_child(changes_then_maps, &c));
}

/* The same user, in another domain. */
TEST(B26_dev_domain)
{
	struct heir heir = { .become = become_group };
	int fd;

	ASSERT_EQ(0, policy_heirs());
	fd = ready();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, map(fd, CODE_AT, PAGE, RX, (void **)&heir.at));
	EXPECT_EQ(CODE_VALUE, run(heir.at));
	EXPECT_EQ(SIGBUS, in_child(heir_runs, &heir));
}

TEST_HARNESS_MAIN

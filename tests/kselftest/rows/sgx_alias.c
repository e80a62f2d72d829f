// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows B on the SGX driver: one page seen from several mappings,
 * processes and threads, and mappings that fail half way.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "race.h"
#include "sgx_rows.h"

#define WRITTEN_RULES	LOOSE_RULES "for any { allow exec_written; }"

FIXTURE(alias) {
	struct sgx s;
};

FIXTURE_SETUP(alias)
{
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_loose(&self->s));
}

FIXTURE_TEARDOWN(alias)
{
	sgx_close(&self->s);
}

static uint64_t loose(unsigned int page)
{
	return ROW_CODE + page * SGX_PAGE;
}

/* A page of the loose enclave. */
static int map_page(const struct sgx *s, unsigned int page, int prot)
{
	return sgx_map(s, loose(page), SGX_PAGE, prot);
}

struct hole {
	struct sgx *s;
	int sock;
};

/* Maps RW over the hole, says so, waits for the page. Exits with poke's signal. */
static int hole_writer(void *arg)
{
	struct hole *h = arg;

	if (sgx_map(h->s, ROW_CODE, SGX_PAGE, RW) || !tell(h->sock) ||
	    !await(h->sock))
		return 255;
	return -poke(sgx_at(h->s, ROW_CODE), 0x90);
}

TEST(B3_sgx)
{
	int pair[2], status;
	struct hole h;
	struct sgx s;
	pid_t pid;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	h = (struct hole){ &s, pair[1] };
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(hole_writer(&h));
	ASSERT_TRUE(await(pair[0]));
	ASSERT_EQ(0, sgx_add(&s, code_map("b3", 1, PROT_READ), ROW_CODE,
			     SGX_PAGE, REG_RX, true, NULL));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(SIGBUS, WEXITSTATUS(status));
	sgx_close(&s);
}

struct ask {
	const struct sgx *s;
	unsigned int page;
	int prot;
};

static int asks(void *arg)
{
	struct ask *a = arg;

	return -map_page(a->s, a->page, a->prot);
}

TEST_F(alias, B8_sgx_both)
{
	struct ask x = { &self->s, 0, RX }, w = { &self->s, 1, RW };

	ASSERT_EQ(0, map_page(&self->s, 1, RX));
	EXPECT_EQ(EACCES, in_child(asks, &w));
	/* What the other process did counts as much. */
	w.page = 2;
	EXPECT_EQ(0, in_child(asks, &w));
	EXPECT_DENIED("exec_written", map_page(&self->s, 2, RX));
	x.page = 3;
	EXPECT_EQ(0, in_child(asks, &x));
	EXPECT_DENIED("exec_written", map_page(&self->s, 3, RW));
}

TEST_F(alias, B8_sgx_scm_rights)
{
	int pair[2], status;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		close(self->s.fd);
		self->s.fd = fd_receive(pair[1]);
		_exit(-map_page(&self->s, 0, RX));
	}
	ASSERT_EQ(0, map_page(&self->s, 0, RW));
	ASSERT_EQ(0, fd_send(pair[0], self->s.fd));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(EACCES, WEXITSTATUS(status));
}

/* The descriptor is left to the child alone, and taken from it again. */
TEST_F(alias, B8_sgx_pidfd_getfd)
{
	int pair[2], status, pidfd;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	/* Without a mapping of its own it is no alias. */
	if (!pid)
		_exit(map_page(&self->s, 0, RW) ||
		      munmap(sgx_at(&self->s, 0), self->s.size) ||
		      !tell(pair[1]) || !await(pair[1]));
	ASSERT_TRUE(await(pair[0]));
	close(self->s.fd);
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	ASSERT_LE(0, pidfd);
	self->s.fd = syscall(SYS_pidfd_getfd, pidfd, self->s.fd, 0);
	ASSERT_LE(0, self->s.fd);
	EXPECT_DENIED("exec_written", map_page(&self->s, 0, RX));
	EXPECT_EQ(0, map_page(&self->s, 1, RX));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	close(pidfd);
}

struct racer {
	const struct sgx *s;
	uint64_t at;
	int prot;
	pthread_barrier_t *start;
	int result;
};

/* Through an address of its own: one address has one mapping. */
static void *maps(void *arg)
{
	struct racer *r = arg;

	pthread_barrier_wait(r->start);
	r->result = sgx_map(r->s, r->at, SGX_PAGE, r->prot);
	return NULL;
}

/* Every round takes a page nobody has mapped yet. */
TEST(B9_sgx)
{
	const unsigned int rounds = race_rounds(RACE_ROUNDS);
	unsigned int wins[2] = { 0, 0 };
	pthread_barrier_t start;
	uint64_t size = SGX_PAGE;
	struct sgx s;
	uint8_t *src;

	while (size < rounds * SGX_PAGE)
		size *= 2;
	ASSERT_EQ(0, policy_load(LOOSE_RULES, ""));
	ASSERT_EQ(0, sgx_new_size(&s, 0, size));
	src = code_map("b9", 1, PROT_READ);
	for (unsigned int i = 0; i < rounds; i++)
		ASSERT_EQ(0, sgx_add(&s, src, i * SGX_PAGE, SGX_PAGE, REG_RWX,
				     true, NULL));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	pthread_barrier_init(&start, NULL, 2);
	for (unsigned int i = 0; i < rounds; i++) {
		struct racer r[2] = {
			{ &s, i * SGX_PAGE, RW, &start, 1 },
			{ &s, i * SGX_PAGE, RX, &start, 1 },
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
	sgx_close(&s);
}

TEST_F(alias, B12_sgx)
{
	static const int flags[] = {
		MAP_SHARED_VALIDATE, MAP_SHARED | MAP_POPULATE,
		MAP_SHARED | MAP_LOCKED,
	};
	void *at = sgx_at(&self->s, ROW_CODE);
	uint64_t value;

	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(MAP_FAILED, mmap(at, PAGE, RWX, flags[i] | MAP_FIXED,
					   self->s.fd, 0));
		EXPECT_EQ(EACCES, errno);
		EXPECT_NE(NULL, record_wait("map_wx"));
		ASSERT_EQ(at, mmap(at, PAGE, RX, flags[i] | MAP_FIXED,
				   self->s.fd, 0));
		ASSERT_EQ(0, sgx_call(&self->s, ROW_CODE, &value, NULL));
		EXPECT_EQ(CODE_VALUE, value);
		EXPECT_EQ(-1, syscall(SYS_pkey_mprotect, at, PAGE, RWX, -1));
		EXPECT_EQ(EACCES, errno);
		EXPECT_NE(NULL, record_wait("map_wx"));
		munmap(at, PAGE);
	}
}

/* remap_file_pages makes a mapping anew, at the address where it was. */
TEST_F(alias, B12_sgx_remap_file_pages)
{
	void *at = sgx_at(&self->s, ROW_CODE);
	uint64_t value;

	ASSERT_EQ(0, map_page(&self->s, 1, RW));
	ASSERT_EQ(0, map_page(&self->s, 0, RX));
	syscall(SYS_remap_file_pages, at, PAGE, 0, 1, 0);
	/* Refused or not, it is the page of that address, or none. */
	if (!sgx_call(&self->s, ROW_CODE, &value, NULL))
		EXPECT_EQ(CODE_VALUE, value);
	EXPECT_DENIED("exec_written", map_page(&self->s, 1, RX));
}

TEST_F(alias, B15_sgx)
{
	uint64_t value;

	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, 4 * SGX_PAGE, PROT_READ));
	ASSERT_EQ(0, sgx_protect(&self->s, loose(1), SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_protect(&self->s, loose(1), SGX_PAGE, PROT_READ));
	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, 4 * SGX_PAGE, PROT_READ));
	/* Clean and dirty in one mapping: all or nothing. */
	EXPECT_DENIED("exec_written", sgx_protect(&self->s, ROW_CODE,
						  4 * SGX_PAGE, RX));
	EXPECT_EQ(-EFAULT, sgx_call(&self->s, ROW_CODE, &value, NULL));
	/* Nothing was remembered of the refused call: page 0 may still be W. */
	EXPECT_EQ(0, sgx_protect(&self->s, loose(0), SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_protect(&self->s, loose(2), 2 * SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&self->s, loose(2), &value, NULL));
	EXPECT_EQ(CODE_VALUE + 2, value);
}

TEST(B16_sgx)
{
	uint64_t value;
	struct sgx s;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, sgx_ready(&s));
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, 3 * SGX_PAGE, PROT_READ));
	EXPECT_EQ(0, sgx_protect(&s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(0, sgx_protect(&s, ROW_DATA, SGX_PAGE, RW));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_EQ(0, sgx_poke(&s, ROW_DATA, 1, NULL));
	sgx_close(&s);
}

/* After the judgement of mprotect the kernel cannot split the mapping. */
TEST_F(alias, B17_sgx)
{
	int limit = open("/proc/sys/vm/max_map_count", O_WRONLY | O_CLOEXEC);
	int err;

	ASSERT_LE(0, limit);
	ASSERT_EQ(0, sgx_map(&self->s, ROW_CODE, 3 * SGX_PAGE, PROT_READ));
	ASSERT_EQ(1, write(limit, "1", 1));
	err = sgx_protect(&self->s, loose(1), SGX_PAGE, RX);
	ASSERT_EQ(5, pwrite(limit, "65530", 5, 0));
	close(limit);
	EXPECT_EQ(-ENOMEM, err);
	/* Nobody heard of the failure: the page is one that was executed. */
	EXPECT_DENIED("exec_written", map_page(&self->s, 1, RW));
	/* No lock is held, other pages are free, this one may execute. */
	EXPECT_EQ(0, map_page(&self->s, 0, RW));
	EXPECT_EQ(0, map_page(&self->s, 1, RX));
}

/* Memory of an enclave as buffer of system calls that pin pages. */
TEST_F(alias, B23_sgx)
{
	uint8_t *at = sgx_at(&self->s, ROW_CODE), buf[16];
	struct iovec iov = { at, PAGE }, local = { buf, sizeof(buf) };
	int pipes[2], file;

	ASSERT_EQ(0, map_page(&self->s, 0, RW));
	ASSERT_EQ(0, sgx_poke(&self->s, ROW_CODE, 1, NULL));
	ASSERT_EQ(0, pipe(pipes));
	EXPECT_EQ(-1, vmsplice(pipes[1], &iov, 1, SPLICE_F_GIFT));
	EXPECT_EQ(-1, process_vm_readv(getpid(), &local, 1, &iov, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, process_vm_writev(getpid(), &local, 1, &iov, 1, 0));
	EXPECT_EQ(EFAULT, errno);
	ASSERT_EQ(0, code_file("/mnt/ext4/other/direct", 1));
	file = open("/mnt/ext4/other/direct", O_RDONLY | O_DIRECT | O_CLOEXEC);
	ASSERT_LE(0, file);
	EXPECT_EQ(-1, read(file, at, PAGE));
	EXPECT_EQ(EFAULT, errno);
	close(file);
}

TEST_F(alias, B23_sgx_uring)
{
	void *at = sgx_at(&self->s, ROW_CODE);

	ASSERT_EQ(0, map_page(&self->s, 0, RW));
	ASSERT_EQ(0, sgx_poke(&self->s, ROW_CODE, 1, NULL));
	ASSERT_EQ(0, code_file(OTHER_DIR "/uring", 1));
	EXPECT_EQ(0, uring_pins(anon_map(1, RW)));
	EXPECT_EQ(-EFAULT, uring_pins(at));
	EXPECT_EQ((int)PAGE, uring_direct(OTHER_DIR "/uring",
					  anon_map(1, RW)));
	EXPECT_EQ(-EFAULT, uring_direct(OTHER_DIR "/uring", at));
}

/* While exec_written is in use: no second address space, however made. */
TEST(B24_sgx)
{
	struct ask again = { .prot = PROT_READ };
	uint64_t value;
	struct sgx s;
	int status;
	pid_t pid;

	ASSERT_EQ(0, policy_load(WRITTEN_RULES, ""));
	ASSERT_EQ(0, sgx_loose(&s));
	again.s = &s;
	ASSERT_EQ(0, map_page(&s, 0, RW));
	ASSERT_EQ(0, sgx_protect(&s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	EXPECT_EQ(-1, madvise(sgx_at(&s, ROW_CODE), SGX_PAGE, MADV_DOFORK));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(peek(sgx_at(&s, ROW_CODE)) == -SIGSEGV ? 0 : 1);
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_EQ(EACCES, in_child(asks, &again));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(CODE_VALUE, value);
	sgx_close(&s);
}

struct heir {
	const struct sgx *s;
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

/* Exits with 0 if the code runs in the enclave, else with the errno. */
static int heir_runs(void *arg)
{
	struct heir *h = arg;
	uint64_t value;

	if (h->become && h->become())
		return 255;
	return -sgx_call(h->s, ROW_CODE, &value, NULL);
}

/* The child's mappings are the parent's; who the child is now faults. */
TEST(B26_sgx_euid)
{
	struct heir second = { .become = become_second }, same = {};
	uint64_t value;
	struct sgx s;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	ASSERT_EQ(0, sgx_ready(&s));
	second.s = same.s = &s;
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(0, in_child(heir_runs, &same));
	EXPECT_EQ(EFAULT, in_child(heir_runs, &second));
	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change, share;", ""));
	EXPECT_EQ(0, in_child(heir_runs, &second));
	sgx_close(&s);
}

/* The mapping stays when the policy is tightened; what is not there yet is judged by it. */
TEST(B20_sgx_fault)
{
	struct heir second = { .become = become_second };
	struct sgx s;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change, share;", ""));
	ASSERT_EQ(0, sgx_ready(&s));
	second.s = &s;
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(0, in_child(heir_runs, &second));
	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	EXPECT_EQ(EFAULT, in_child(heir_runs, &second));
	sgx_close(&s);
}

static int heir_has_read(void *arg)
{
	struct heir *h = arg;

	return worker_reads(sgx_at(h->s, ROW_CODE), h->become);
}

/* A worker of io_uring has the mappings, and the credentials that the child gave up. */
TEST(B26_sgx_worker)
{
	struct heir second = { .become = become_second }, same = {};
	struct sgx s;

	ASSERT_EQ(0, policy_two(STRICT_RULES, "allow change;", ""));
	ASSERT_EQ(0, sgx_ready(&s));
	second.s = same.s = &s;
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(EFAULT, in_child(heir_has_read, &second));
	EXPECT_EQ(EFAULT, in_child(heir_has_read, &same));
	sgx_close(&s);
}

/* The same user, in another domain. */
TEST(B26_sgx_domain)
{
	struct heir heir = { .become = become_group };
	char self[4096], more[4400];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	uint64_t value;
	struct sgx s;

	ASSERT_LT(0, n);
	self[n] = '\0';
	snprintf(more, sizeof(more), "domain heirs { exe \"%s\"; gid %d; "
		 "allow change; }", self, SECOND_UID);
	ASSERT_EQ(0, policy_load(STRICT_RULES, more));
	ASSERT_EQ(0, sgx_ready(&s));
	heir.s = &s;
	ASSERT_EQ(0, sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	ASSERT_EQ(0, sgx_call(&s, ROW_CODE, &value, NULL));
	EXPECT_EQ(EFAULT, in_child(heir_runs, &heir));
	sgx_close(&s);
}

TEST_HARNESS_MAIN

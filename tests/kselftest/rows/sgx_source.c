// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A on the SGX driver: sources written to by others, whose path
 * counts, and what changes while pages are added.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "elsewhere.h"
#include "kselftest_harness.h"
#include "race.h"
#include "sgx_rows.h"
#include "sources.h"

FIXTURE(source) {
	struct sgx s;
};

FIXTURE_SETUP(source)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&self->s, 0));
}

FIXTURE_TEARDOWN(source)
{
	sgx_close(&self->s);
}

/* One page of code, the @n-th that the test adds. */
static int add(struct sgx *s, const void *src, unsigned int n)
{
	return sgx_add(s, src, ROW_CODE + n * SGX_PAGE, SGX_PAGE, REG_RX, true,
		       NULL);
}

TEST_F(source, A7_sgx_proc_mem)
{
	uint8_t *src = code_map("a7", 1, RX);
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	uint8_t byte = 0x90;

	ASSERT_LE(0, mem);
	ASSERT_EQ(1, pwrite(mem, &byte, 1, (off_t)(uintptr_t)src + 50));
	close(mem);
	EXPECT_DENIED("exec_modified", add(&self->s, src, 0));
}

TEST_F(source, A7_sgx_ptrace)
{
	uint8_t *src = code_map("a7p", 1, RX);
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(-add(&self->s, src, 0));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	ASSERT_EQ(0, ptrace(PTRACE_POKETEXT, pid, src + 64, 0x9090909090909090));
	ASSERT_EQ(0, ptrace(PTRACE_DETACH, pid, NULL, NULL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(EACCES, WEXITSTATUS(status));
	EXPECT_NE(NULL, record_wait_pid("exec_modified", pid));
}

/* A breakpoint in the page, where it is mapped already and where it will be. */
TEST_F(source, A7_sgx_uprobe)
{
	uint8_t *src = code_map("a7u", 2, RX), *again;
	int probe = source_probe(ALLOWED_DIR "/a7u");

	ASSERT_NE(MAP_FAILED, (void *)src);
	if (probe == -ENOENT)
		SKIP(return, "no uprobes in this kernel");
	ASSERT_LE(0, probe);
	again = file_map(ALLOWED_DIR "/a7u", 1, RX, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, (void *)again);
	EXPECT_EQ(0xcc, src[0]);
	EXPECT_EQ(0xcc, again[0]);
	EXPECT_DENIED("exec_modified", add(&self->s, src, 0));
	EXPECT_DENIED("exec_modified", add(&self->s, again, 0));
	EXPECT_EQ(0, add(&self->s, src + PAGE, 0));
	close(probe);
}

TEST(A9_sgx)
{
	void *fixed, *other;
	struct sgx s;

	ASSERT_EQ(0, policy_load("allow create; allow exec_file from fixed;",
				 "source fixed { path \"/mnt/**\"; read-only; }"));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(ALLOWED_DIR "/a9", 1));
	fixed = file_map("/mnt/readonly/code", 1, PROT_READ, MAP_PRIVATE);
	other = file_map(ALLOWED_DIR "/a9", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_EQ(0, sgx_new(&s, 0));
	EXPECT_EQ(0, add(&s, fixed, 0));
	EXPECT_DENIED("exec_file", add(&s, other, 1));
	sgx_close(&s);
}

TEST_F(source, A12_sgx_remount)
{
	void *src;

	ASSERT_EQ(0, system("mkdir -p /run/a12s && mount -t tmpfs none "
			    "/run/a12s"));
	ASSERT_EQ(0, code_file("/run/a12s/code", 1));
	src = file_map("/run/a12s/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	/* The mapping may still execute, which is what the driver looks at. */
	ASSERT_EQ(0, system("mount -o remount,noexec /run/a12s"));
	EXPECT_DENIED("noexec", add(&self->s, src, 0));
	munmap(src, PAGE);
	EXPECT_EQ(0, system("umount /run/a12s"));
}

#define MERGED "/run/a13"

/* The path is the user's, the file system that of the file below. */
TEST(A13_sgx)
{
	void *lower, *upper;
	struct sgx s;

	ASSERT_EQ(0, policy_load("allow create; allow exec_file from merged;",
				 "source merged { path \"" MERGED "/**\";"
				 "fs ext4; }"));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(OTHER_DIR "/a13", 1));
	ASSERT_EQ(0, system("mkdir -p " MERGED " /tmp/a13/upper /tmp/a13/work"
			    " && mount -t overlay none " MERGED " -o lowerdir="
			    OTHER_DIR ",upperdir=/tmp/a13/upper,"
			    "workdir=/tmp/a13/work"));
	ASSERT_EQ(0, code_file(MERGED "/upper", 1));
	lower = file_map(MERGED "/a13", 1, PROT_READ, MAP_PRIVATE);
	upper = file_map(MERGED "/upper", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_EQ(0, sgx_new(&s, 0));
	EXPECT_EQ(0, add(&s, lower, 0));
	EXPECT_DENIED("exec_file", add(&s, upper, 1));
	EXPECT_DENIED("exec_file",
		      add(&s, file_map(OTHER_DIR "/a13", 1, PROT_READ,
				       MAP_PRIVATE), 1));
	sgx_close(&s);
	munmap(lower, PAGE);
	munmap(upper, PAGE);
	EXPECT_EQ(0, system("umount " MERGED));
}

/* Pages that were judged together with one that was not added leave nothing. */
TEST_F(source, A14_sgx_rest)
{
	uint8_t *src = anon_map(4, RW), *good = anon_map(1, PROT_READ);
	uint64_t count = 99;

	/* Thread control pages; of the third a reserved flag is set. */
	memset(src, 0, 4 * PAGE);
	for (unsigned int i = 0; i < 4; i++) {
		src[i * PAGE + 17] = SGX_SSA_AT >> 8;
		src[i * PAGE + 28] = SGX_SSA_FRAMES;
		memset(src + i * PAGE + 64, 0xff, 8);
	}
	src[2 * PAGE + 9] = 0xff;
	EXPECT_EQ(-EIO, sgx_add(&self->s, src, ROW_CODE, 4 * PAGE, SGX_TCS,
				true, &count));
	EXPECT_EQ(2 * PAGE, count);
	/* The same alone, judged by itself. */
	EXPECT_EQ(-EIO, sgx_add(&self->s, src + 2 * PAGE, ROW_CODE + 2 * PAGE,
				PAGE, SGX_TCS, true, &count));
	EXPECT_EQ(0, count);
	EXPECT_EQ(0, sgx_add(&self->s, good, ROW_CODE + 2 * PAGE, PAGE, REG_R,
			     true, NULL));
	EXPECT_EQ(0, sgx_add(&self->s, good, ROW_CODE + 3 * PAGE, PAGE, REG_R,
			     true, NULL));
	EXPECT_EQ(-EBUSY, sgx_add(&self->s, good, ROW_CODE + PAGE, PAGE, REG_R,
				  true, NULL));
	EXPECT_EQ(0, sgx_init(&self->s, sgx_pem()));
}

#define RACE_PAGES	4
#define RACE_SLOTS	256
#define RACE_LEFT	4
#define RACE_AT		(8 * SGX_PAGE)
#define RACE_SIZE	(RACE_PAGES * SGX_PAGE)

static uint64_t race_at(unsigned int slot)
{
	return RACE_AT + slot * RACE_SIZE;
}

/*
 * Adds RACE_PAGES at @src at a time, again and again, while @r's thread changes them:
 * so often, and until that has left them alone a few times, however slow its
 * processor is. Return: how many slots got pages; count[]: bytes of each. @want: what
 * they must be.
 */
static unsigned int add_in_race(struct sgx *s, struct race *r,
				const uint8_t *src, const uint8_t *want,
				unsigned int tries, uint64_t count[RACE_SLOTS])
{
	unsigned int slot = 0;

	while (slot < RACE_SLOTS && (r->tries < tries || r->left < RACE_LEFT)) {
		uint64_t added = 0;

		sgx_add_pages(s, src, race_at(slot), RACE_SIZE, REG_RX, true,
			      &added);
		r->tries++;
		if (!added)
			continue;
		sgx_measured(s, want, race_at(slot), added, REG_RX, true);
		count[slot++] = added;
	}
	return slot;
}

/* The thread changes page @changed of those that are added at once. */
static void remapped(struct __test_metadata *_metadata, const char *name,
		     unsigned int changed)
{
	uint8_t want[RACE_SIZE], got[PAGE], *src;
	uint64_t count[RACE_SLOTS];
	char path[128];
	struct race r = { .path = path, .counted = true };
	unsigned int slots;
	pthread_t thread;
	struct sgx s;

	snprintf(path, sizeof(path), ALLOWED_DIR "/%s", name);
	src = code_map(name, RACE_PAGES, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)src);
	memcpy(want, src, sizeof(want));
	/* The thread maps the file's first page. */
	memcpy(want + changed * PAGE, src, PAGE);
	r.at = src + changed * PAGE;
	ASSERT_EQ(r.at, mmap(r.at, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED,
			     open(path, O_RDONLY | O_CLOEXEC), 0));
	ASSERT_EQ(0, sgx_fresh_size(&s, 0, 2 * RACE_SLOTS * RACE_SIZE));
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_remapper, &r));
	slots = add_in_race(&s, &r, src, want, race_rounds(2000), count);
	r.stop = true;
	pthread_join(thread, NULL);
	ASSERT_LT(0, slots);
	/* Fails if what was measured inside is not what is wanted. */
	ASSERT_EQ(0, sgx_start(&s));
	for (unsigned int i = 0; i < slots; i++)
		for (uint64_t k = 0; k < count[i]; k += PAGE) {
			ASSERT_EQ(0, sgx_map(&s, race_at(i) + k, PAGE, RX));
			ASSERT_EQ(0, sgx_copy(&s, race_at(i) + k, got, NULL));
			ASSERT_EQ(0, memcmp(want + k, got, PAGE));
		}
	sgx_close(&s);
}

TEST_F(source, A16_sgx)
{
	remapped(_metadata, "a16", 0);
}

/* ... one of those that are judged ahead. */
TEST_F(source, A16_sgx_ahead)
{
	remapped(_metadata, "a16a", 2);
}

/* As the other provider's row: a writer finds the file held, sooner or later. */
TEST_F(source, A17_sgx_kept_out)
{
	const unsigned int most = race_rounds(3000);
	struct race r = { .path = ALLOWED_DIR "/a17k" };
	pthread_t thread;
	uint64_t count;

	r.at = code_map("a17k", RACE_PAGES, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_rewriter, &r));
	for (unsigned int i = 0; i < most && !r.busy; i++) {
		struct sgx s;

		ASSERT_EQ(0, sgx_new(&s, 0));
		sgx_add_pages(&s, r.at, ROW_CODE, RACE_SIZE, REG_RX, true,
			      &count);
		sgx_close(&s);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	EXPECT_LT(0, r.busy);
}

/* The same page of two contents was never copied while somebody wrote. */
TEST_F(source, A17_sgx)
{
	struct race r = { .path = ALLOWED_DIR "/a17", .write = true };
	unsigned int slot = 0;
	uint64_t count;
	pthread_t thread;
	uint8_t page[PAGE];
	struct sgx d;

	/* A debug enclave can be read without being initialised. */
	ASSERT_EQ(0, policy_load(STRICT_RULES "for any { allow debug; }", ""));
	r.at = code_map("a17", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	ASSERT_EQ(0, sgx_new_size(&d, SGX_DEBUG, RACE_SLOTS * SGX_PAGE));
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_rewriter, &r));
	for (unsigned int i = race_rounds(3000); i && slot < RACE_SLOTS; i--) {
		/* However slow the writer is: it has written in between. */
		if (!(i % 100))
			race_until_written(&r);
		slot += !sgx_add_pages(&d, r.at, slot * SGX_PAGE, SGX_PAGE,
				       REG_RX, true, &count);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	/* Otherwise this has shown nothing. */
	EXPECT_LT(0, r.written);
	ASSERT_LT(0, slot);
	for (unsigned int i = 0; i < slot; i++) {
		ASSERT_EQ(0, sgx_map(&d, i * SGX_PAGE, SGX_PAGE, PROT_READ));
		ASSERT_EQ(0, sgx_debug_read(&d, i * SGX_PAGE, page));
		if (page[0] == 'a' || page[0] == 'b')
			ASSERT_EQ(0, memcmp(page, page + 1, PAGE - 1));
	}
	sgx_close(&d);
}

struct stalled {
	struct sgx *s;
	uint8_t *source;
	uint64_t at, length;
	unsigned int flags;
};

static void *adds_stalled(void *arg)
{
	struct stalled *st = arg;
	uint64_t count;

	sgx_add_pages(st->s, st->source, st->at, st->length, st->flags, true,
		      &count);
	return NULL;
}

/* Exits with 0 if nothing that others need is held while the source stalls. */
static int goes_on(void *arg)
{
	struct stalled st = {
		.s = arg, .at = ROW_READ, .length = SGX_PAGE, .flags = REG_R,
	};
	int fd = race_stall(NULL, &st.source);
	struct pollfd event = { .fd = fd, .events = POLLIN };
	pthread_t thread;
	void *p;

	if (fd < 0 || pthread_create(&thread, NULL, adds_stalled, &st) ||
	    poll(&event, 1, 10000) != 1)
		return 2;
	alarm(10);
	/* The lock of the address space, the driver's, the enclave's. */
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (munmap(p, PAGE) || sgx_map(st.s, ROW_DATA, SGX_PAGE, PROT_READ))
		return 3;
	alarm(0);
	/* Nobody answers: the thread is killed where it is. */
	kill(getpid(), SIGKILL);
	return 4;
}

TEST_F(source, A18_sgx)
{
	EXPECT_EQ(-SIGKILL, in_child(goes_on, &self->s));
	/* Nothing was added, and nothing is held by who is dead. */
	EXPECT_EQ(0, sgx_add(&self->s, anon_map(1, PROT_READ), ROW_READ,
			     SGX_PAGE, REG_R, true, NULL));
}

/* One more than are judged ahead of the first, a last one, and that which stalls. */
#define STALL_PAGES	67
#define STALL_AT	(128 * SGX_PAGE)

/* Exits with 0 if the file can be written to while what follows it stalls. */
static int writes(void *arg)
{
	struct stalled st = {
		.s = arg, .at = STALL_AT, .length = STALL_PAGES * SGX_PAGE,
		.flags = REG_RX, .source = code_map("a18w", STALL_PAGES, RX),
	};
	struct pollfd event = { .events = POLLIN };
	pthread_t thread;
	uint8_t *page;

	for (unsigned int i = 0; i < STALL_PAGES - 1; i++)
		if (peek(st.source + i * PAGE) < 0)
			return 2;
	event.fd = race_stall(st.source + (STALL_PAGES - 1) * PAGE,
			      &page);
	if (event.fd < 0 || pthread_create(&thread, NULL, adds_stalled, &st) ||
	    poll(&event, 1, 10000) != 1)
		return 3;
	if (open(ALLOWED_DIR "/a18w", O_WRONLY | O_CLOEXEC) < 0)
		return 4;
	kill(getpid(), SIGKILL);
	return 5;
}

TEST(A18_sgx_writer)
{
	struct sgx s;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, sgx_fresh_size(&s, 0, 2 * STALL_AT));
	EXPECT_EQ(-SIGKILL, in_child(writes, &s));
	sgx_close(&s);
}

static int second_adds(void *arg)
{
	void *src = file_map(ALLOWED_DIR "/a25", 1, PROT_READ, MAP_PRIVATE);

	return become(SECOND_UID) ? 255 : -add(arg, src, 1);
}

static int second_maps(void *arg)
{
	return become(SECOND_UID) ? 255 : -sgx_map(arg, ROW_CODE, SGX_PAGE, RX);
}

TEST(A25_sgx)
{
	void *src = code_map("a25", 1, PROT_READ);
	struct sgx s;

	/* Root may load and not map; the other may map and not load. */
	ASSERT_EQ(0, policy_two("allow create; for any { allow init; }"
				"allow exec_file from allowed;",
				"allow share, change;", ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, sgx_fresh(&s, 0));
	EXPECT_EQ(EACCES, in_child(second_adds, &s));
	ASSERT_EQ(0, add(&s, src, 0));
	ASSERT_EQ(0, sgx_init(&s, sgx_pem()));
	EXPECT_DENIED("change", sgx_map(&s, ROW_CODE, SGX_PAGE, RX));
	EXPECT_EQ(0, in_child(second_maps, &s));
	sgx_close(&s);
}

/* Return: the errno of the load. */
static int loads_named(void *arg, const void *source)
{
	return -add(arg, source, 1);
}

FIXTURE(named) {
	struct sgx s;
};

FIXTURE_SETUP(named)
{
	ASSERT_EQ(0, policy_two(NAMED_RULES, NAMED_RULES, NAMED));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(NAMED_FILE, 1));
	ASSERT_EQ(0, sgx_new(&self->s, 0));
	/* The same without tricks is allowed. */
	ASSERT_EQ(0, add(&self->s, file_map(NAMED_FILE, 1, PROT_READ,
					    MAP_PRIVATE), 0));
}

FIXTURE_TEARDOWN(named)
{
	sgx_close(&self->s);
}

TEST_F(named, A26_sgx_tmpfs)
{
	struct elsewhere e = { loads_named, &self->s };

	EXPECT_EQ(EACCES, in_child(elsewhere_tmpfs, &e));
}

TEST_F(named, A26_sgx_bind)
{
	struct elsewhere e = { loads_named, &self->s };

	EXPECT_EQ(EACCES, in_child(elsewhere_bind, &e));
}

TEST_F(named, A26_sgx_chroot)
{
	struct elsewhere e = { loads_named, &self->s };

	EXPECT_EQ(EACCES, in_child(elsewhere_chroot, &e));
}

TEST_F(source, A26_sgx_idmap)
{
	char dir[] = ALLOWED_DIR "/idmaps";
	char code[] = ALLOWED_DIR "/idmaps/code";
	void *src;

	mkdir(ALLOWED_DIR, 0755);
	ASSERT_EQ(0, mkdir(dir, 0755));
	ASSERT_EQ(0, elsewhere_idmap(dir));
	ASSERT_EQ(0, in_child(elsewhere_writes_own, code));
	src = file_map(code, 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_file", add(&self->s, src, 0));
}

TEST_F(named, A27_sgx)
{
	int pair[2], file, status;
	void *src;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(elsewhere_sends(pair[1]));
	close(pair[1]);
	file = fd_receive(pair[0]);
	ASSERT_LE(0, file);
	src = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(-EACCES, add(&self->s, src, 1));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(source, A28_sgx_link)
{
	void *good, *bad;

	ASSERT_EQ(0, code_file(OTHER_DIR "/a28", 1));
	unlink(ALLOWED_DIR "/a28");
	mkdir(ALLOWED_DIR, 0755);
	ASSERT_EQ(0, link(OTHER_DIR "/a28", ALLOWED_DIR "/a28"));
	good = file_map(ALLOWED_DIR "/a28", 1, PROT_READ, MAP_PRIVATE);
	bad = file_map(OTHER_DIR "/a28", 1, PROT_READ, MAP_PRIVATE);
	EXPECT_EQ(0, add(&self->s, good, 0));
	EXPECT_DENIED("exec_file", add(&self->s, bad, 1));
	EXPECT_EQ(0, add(&self->s, good, 2));
}

TEST_F(source, A28_sgx_rename)
{
	void *src = code_map("a28r", 1, PROT_READ);

	EXPECT_EQ(0, add(&self->s, src, 0));
	mkdir(OTHER_DIR, 0755);
	ASSERT_EQ(0, rename(ALLOWED_DIR "/a28r", OTHER_DIR "/a28r"));
	EXPECT_DENIED("exec_file", add(&self->s, src, 1));
	ASSERT_EQ(0, rename(OTHER_DIR "/a28r", ALLOWED_DIR "/a28r"));
	EXPECT_EQ(0, add(&self->s, src, 2));
}

TEST_F(source, A29_sgx)
{
	uint8_t *src = anon_map(1, RW);
	struct iovec iov = { src, PAGE };
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_EQ((ssize_t)PAGE, vmsplice(pipes[1], &iov, 1, 0));
	EXPECT_DENIED("exec_anon", add(&self->s, src, 0));
}

/* Pages cut off the file: the driver's errno, an exact count, nothing else. */
TEST_F(source, A30_sgx)
{
	uint8_t *src = code_map("a30", 2, PROT_READ);
	uint64_t count = 99;

	ASSERT_EQ(0, truncate(ALLOWED_DIR "/a30", PAGE));
	EXPECT_EQ(-EFAULT, sgx_add_pages(&self->s, src, ROW_CODE, 2 * PAGE,
					 REG_RX, true, &count));
	EXPECT_EQ(PAGE, count);
	sgx_measured(&self->s, src, ROW_CODE, PAGE, REG_RX, true);
	EXPECT_EQ(0, add(&self->s, code_map("a30b", 1, PROT_READ), 1));
	EXPECT_EQ(0, sgx_init(&self->s, sgx_pem()));
}

TEST_HARNESS_MAIN

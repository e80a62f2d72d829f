// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A: what a provider refuses, whose path counts, and sources that
 * change while they are loaded.
 */
#include <linux/fs.h>
#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "elsewhere.h"
#include "kselftest_harness.h"
#include "race.h"
#include "rows.h"
#include "sources.h"

static int load_x(int fd, const void *src, uint64_t at)
{
	return enclave_load(fd, src, at, PAGE, ENCLAVE_RX,
			    ENCLAVE_LOAD_F_MEASURE, NULL);
}

FIXTURE(source) {
	int fd;
};

FIXTURE_SETUP(source)
{
	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(source)
{
	close(self->fd);
}

TEST_F(source, A12_dev)
{
	void *src;

	ASSERT_EQ(0, system("mkdir -p /run/a12 && mount -t tmpfs -o noexec "
			    "none /run/a12"));
	ASSERT_EQ(0, code_file("/run/a12/code", 1));
	src = file_map("/run/a12/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("noexec", load_x(self->fd, src, 0));
	munmap(src, PAGE);
	EXPECT_EQ(0, system("umount /run/a12"));
}

/* The same path pattern, but only one of the disks cannot be written to. */
TEST(A9_dev)
{
	void *fixed, *other;
	int fd;

	ASSERT_EQ(0, policy_load("allow create; allow exec_file from fixed;",
				 "source fixed { path \"/mnt/**\"; read-only; }"));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(ALLOWED_DIR "/a9", 1));
	fixed = file_map("/mnt/readonly/code", 1, PROT_READ, MAP_PRIVATE);
	other = file_map(ALLOWED_DIR "/a9", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, fixed);
	ASSERT_NE(MAP_FAILED, other);
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_x(fd, fixed, 0));
	EXPECT_DENIED("exec_file", load_x(fd, other, PAGE));
	close(fd);
}

/*
 * The same enclave, file and path: what was found of the source by one call is found
 * anew by the next.
 */
TEST(A9_dev_owner)
{
	void *src = code_map("a9o", 1, PROT_READ);
	int fd;

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, policy_load("allow create; allow exec_file from own;",
				 "source own { path \"/mnt/**\"; owner 0; }"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_x(fd, src, 0));
	EXPECT_EQ(0, load_x(fd, src, PAGE));
	ASSERT_EQ(0, chown(ALLOWED_DIR "/a9o", SECOND_UID, -1));
	EXPECT_DENIED("exec_file", load_x(fd, src, 2 * PAGE));
	ASSERT_EQ(0, chown(ALLOWED_DIR "/a9o", 0, -1));
	EXPECT_EQ(0, load_x(fd, src, 2 * PAGE));
	close(fd);
}

TEST(A9_dev_mapped)
{
	void *src = code_map("a9m", 1, RX);
	int fd;

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0,
		  policy_load("allow create; allow exec_file from run;",
			      "source run { path \"/mnt/**\"; mapped-exec; }"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_x(fd, src, 0));
	EXPECT_EQ(0, load_x(fd, src, PAGE));
	ASSERT_EQ(0, mprotect(src, PAGE, PROT_READ));
	EXPECT_DENIED("exec_file", load_x(fd, src, 2 * PAGE));
	ASSERT_EQ(0, mprotect(src, PAGE, RX));
	EXPECT_EQ(0, load_x(fd, src, 2 * PAGE));
	close(fd);
}

/* Files of one pattern, owner and kind of disk, on two kinds of file system. */
TEST(A9_dev_fs)
{
	void *disk = code_map("a9s", 1, PROT_READ), *memory;
	int fd;

	ASSERT_NE(MAP_FAILED, disk);
	ASSERT_EQ(0, code_file("/dev/shm/a9s", 1));
	memory = file_map("/dev/shm/a9s", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, memory);
	ASSERT_EQ(0, policy_load("allow create; allow exec_file from disk;",
				 "source disk { path \"/**/a9s\"; fs ext4; }"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_x(fd, disk, 0));
	EXPECT_EQ(0, load_x(fd, disk, PAGE));
	EXPECT_DENIED("exec_file", load_x(fd, memory, 2 * PAGE));
	EXPECT_EQ(0, load_x(fd, disk, 2 * PAGE));
	close(fd);
}

/* Can the disk of tests be written to? Nobody does meanwhile. */
static int disk_read_only(int yes)
{
	int disk = open("/dev/vda", O_RDONLY | O_CLOEXEC), err;

	if (disk < 0)
		return -1;
	sync();
	err = ioctl(disk, BLKROSET, &yes);
	close(disk);
	return err;
}

TEST(A9_dev_disk)
{
	void *src = code_map("a9d", 1, PROT_READ);
	int fd;

	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, policy_load("allow create; allow exec_file from fixed;",
				 "source fixed { path \"/mnt/**\"; read-only; }"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, disk_read_only(1));
	EXPECT_EQ(0, load_x(fd, src, 0));
	EXPECT_EQ(0, load_x(fd, src, PAGE));
	ASSERT_EQ(0, disk_read_only(0));
	EXPECT_DENIED("exec_file", load_x(fd, src, 2 * PAGE));
	ASSERT_EQ(0, disk_read_only(1));
	EXPECT_EQ(0, load_x(fd, src, 2 * PAGE));
	ASSERT_EQ(0, disk_read_only(0));
	close(fd);
}

TEST_F(source, A12_dev_remount)
{
	void *src;

	ASSERT_EQ(0, system("mkdir -p /run/a12r && mount -t tmpfs none "
			    "/run/a12r"));
	ASSERT_EQ(0, code_file("/run/a12r/code", 1));
	src = file_map("/run/a12r/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	ASSERT_EQ(0, system("mount -o remount,noexec /run/a12r"));
	EXPECT_DENIED("noexec", load_x(self->fd, src, 0));
	munmap(src, PAGE);
	EXPECT_EQ(0, system("umount /run/a12r"));
}

#define MERGED "/run/a13d"

/* The path is the user's, the file system that of the file below. */
TEST(A13_dev)
{
	void *lower, *upper, *below;
	int fd;

	ASSERT_EQ(0, policy_load("allow create; allow exec_file from merged;",
				 "source merged { path \"" MERGED "/**\";"
				 "fs ext4; }"));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(OTHER_DIR "/a13d", 1));
	ASSERT_EQ(0, system("mkdir -p " MERGED " /tmp/a13d/upper /tmp/a13d/work"
			    " && mount -t overlay none " MERGED " -o lowerdir="
			    OTHER_DIR ",upperdir=/tmp/a13d/upper,"
			    "workdir=/tmp/a13d/work"));
	ASSERT_EQ(0, code_file(MERGED "/upper", 1));
	lower = file_map(MERGED "/a13d", 1, PROT_READ, MAP_PRIVATE);
	upper = file_map(MERGED "/upper", 1, PROT_READ, MAP_PRIVATE);
	below = file_map(OTHER_DIR "/a13d", 1, PROT_READ, MAP_PRIVATE);
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_x(fd, lower, 0));
	EXPECT_DENIED("exec_file", load_x(fd, upper, PAGE));
	EXPECT_DENIED("exec_file", load_x(fd, below, PAGE));
	close(fd);
	munmap(lower, PAGE);
	munmap(upper, PAGE);
	EXPECT_EQ(0, system("umount " MERGED));
}

TEST_F(source, A15_dev)
{
	uint8_t *src = code_map("a15", 3, PROT_READ);
	uint64_t count = 1;

	ASSERT_NE(MAP_FAILED, (void *)src);
	ASSERT_EQ(0, munmap(src, PAGE));
	EXPECT_EQ(-EFAULT, enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, &count));
	EXPECT_EQ(0, count);
	EXPECT_NE(NULL, record_wait("source_gap"));
}

TEST_F(source, A15_dev_stack)
{
	void *below = source_below_stack();

	ASSERT_NE(MAP_FAILED, below);
	EXPECT_EQ(-EFAULT, load_x(self->fd, below, 0));
	EXPECT_EQ(below, source_below_stack());
}

TEST_F(source, A16_dev)
{
	const unsigned int n = race_rounds(RACE_ROUNDS), left = 8;
	struct race r = { .path = ALLOWED_DIR "/a16", .counted = true };
	unsigned int loaded = 0;
	uint8_t want[PAGE];
	pthread_t thread;
	uint8_t *got;
	int fd;

	r.at = code_map("a16", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	memcpy(want, r.at, PAGE);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_remapper, &r));
	/* However slow the other processor is: not before it gave its chances. */
	while (loaded < n && (r.left < left || r.tries < n * 5)) {
		loaded += !load_x(fd, r.at, loaded * PAGE);
		r.tries++;
	}
	r.stop = true;
	pthread_join(thread, NULL);
	/* Whenever the page was left alone, it was loaded. */
	ASSERT_LE(left < n ? left : n, loaded);
	ASSERT_EQ(0, enclave_init(fd));
	got = enclave_map(fd, 0, loaded * PAGE, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)got);
	for (unsigned int i = 0; i < loaded; i++)
		ASSERT_EQ(0, memcmp(want, got + i * PAGE, PAGE));
	close(fd);
}

TEST_F(source, A17_dev)
{
	const unsigned int n = race_rounds(RACE_ROUNDS);
	struct race r = { .path = ALLOWED_DIR "/a17", .write = true };
	unsigned int loaded = 1;
	pthread_t thread;
	uint8_t *got;
	int fd;

	r.at = code_map("a17", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	fd = enclave_new(n * PAGE, 0, ENCLAVE_RW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, load_x(fd, r.at, 0));
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_rewriter, &r));
	for (unsigned int i = 0; i < n * 20 && loaded < n; i++) {
		/* However slow the writer is: it has written in between. */
		if (!(i % 100))
			race_until_written(&r);
		loaded += !load_x(fd, r.at, loaded * PAGE);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	/* Otherwise this has shown nothing. */
	EXPECT_LT(0, r.written);
	ASSERT_LT(1, loaded);
	TH_LOG("%u pages, written to %u times", loaded, r.written);
	ASSERT_EQ(0, enclave_init(fd));
	got = enclave_map(fd, 0, loaded * PAGE, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)got);
	/* A page of two contents was copied while somebody wrote. */
	for (unsigned int i = 1; i < loaded; i++)
		if (got[i * PAGE] == 'a' || got[i * PAGE] == 'b')
			ASSERT_EQ(0, memcmp(got + i * PAGE, got + i * PAGE + 1,
					    PAGE - 1));
	close(fd);
}

/*
 * That writers are kept out while a page is copied is seen by one that tries to
 * open the file again and again, sooner or later.
 */
TEST_F(source, A17_dev_kept_out)
{
	const unsigned int pages = 64, most = race_rounds(10000);
	struct race r = { .path = ALLOWED_DIR "/a17k" };
	uint64_t count, loaded = 0;
	pthread_t thread;

	r.at = code_map("a17k", pages, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	for (unsigned int i = 0; i < pages; i++)
		peek(r.at + i * PAGE);
	race_stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, race_rewriter, &r));
	for (unsigned int i = 0; i < most && !r.busy; i++) {
		int fd = enclave_new(pages * PAGE, 0, ENCLAVE_RW);

		ASSERT_LE(0, fd);
		count = 0;
		enclave_load(fd, r.at, 0, pages * PAGE, ENCLAVE_RX,
			     ENCLAVE_LOAD_F_MEASURE, &count);
		loaded += count / PAGE;
		close(fd);
	}
	r.stop = true;
	pthread_join(thread, NULL);
	EXPECT_LT(0, r.busy)
		TH_LOG("%lu pages were loaded", (unsigned long)loaded);
}

struct stalled {
	int fd;
	uint8_t *source;
};

static void *loads_stalled(void *arg)
{
	struct stalled *st = arg;

	enclave_load(st->fd, st->source, READ_AT, PAGE, ENCLAVE_R, 0, NULL);
	return NULL;
}

/* Exits with 0 if nothing that others need is held while the source stalls. */
static int goes_on(void *arg)
{
	struct stalled st = { .fd = *(int *)arg };
	struct pollfd event = { .events = POLLIN };
	pthread_t thread;
	void *p;

	event.fd = race_stall(NULL, &st.source);
	if (event.fd < 0 || pthread_create(&thread, NULL, loads_stalled, &st) ||
	    poll(&event, 1, 10000) != 1)
		return 2;
	alarm(10);
	/* The lock of the address space, the device's, the enclave's. */
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (munmap(p, PAGE) || map_err(st.fd, DATA_AT, PAGE, PROT_READ) ||
	    enclave_load(st.fd, anon_map(1, PROT_READ), DATA_AT, PAGE,
			 ENCLAVE_R, 0, NULL))
		return 3;
	alarm(0);
	/* Nobody answers: the thread is killed where it is. */
	kill(getpid(), SIGKILL);
	return 4;
}

TEST_F(source, A18_dev)
{
	EXPECT_EQ(-SIGKILL, in_child(goes_on, &self->fd));
	/* Nothing was loaded, and nothing is held by who is dead. */
	EXPECT_EQ(0, enclave_load(self->fd, anon_map(1, PROT_READ), READ_AT,
				  PAGE, ENCLAVE_R, 0, NULL));
}

TEST_F(source, A22_dev)
{
	void *src = code_map("a22", 1, PROT_READ);
	void *anon = anon_map(1, PROT_READ);
	void *at;

	ASSERT_EQ(0, load_x(self->fd, src, 0));
	EXPECT_EQ(-EBUSY, enclave_load(self->fd, anon, 0, PAGE, ENCLAVE_RW, 0,
				       NULL));
	ASSERT_EQ(0, enclave_init(self->fd));
	EXPECT_EQ(-EINVAL, load_x(self->fd, src, PAGE));
	ASSERT_EQ(0, map(self->fd, 0, PAGE, PROT_READ | PROT_EXEC, &at));
	EXPECT_EQ(CODE_VALUE, run(at));
	EXPECT_DENIED("intent", map_err(self->fd, 0, PAGE,
					PROT_READ | PROT_WRITE));
}

TEST_F(source, A23_dev)
{
	void *src = code_map("a23", 1, PROT_READ);

	EXPECT_DENIED("tcs_exec",
		      enclave_load(self->fd, src, 0, PAGE, ENCLAVE_RX,
				   ENCLAVE_LOAD_F_MEASURE | ENCLAVE_LOAD_F_TCS,
				   NULL));
}

TEST_F(source, A24_dev)
{
	int other = ready();
	void *src;

	ASSERT_LE(0, other);
	ASSERT_EQ(0, map(other, CODE_AT, PAGE, PROT_READ | PROT_EXEC, &src));
	EXPECT_EQ(CODE_VALUE, run(src));
	EXPECT_DENIED("source_enclave", load_x(self->fd, src, 0));
	close(other);
}

static int second_loads(void *arg)
{
	void *src = file_map(ALLOWED_DIR "/a25", 1, PROT_READ, MAP_PRIVATE);

	if (become(SECOND_UID))
		return 255;
	return -load_x(*(int *)arg, src, PAGE);
}

static int second_maps(void *arg)
{
	if (become(SECOND_UID))
		return 255;
	return -map_err(*(int *)arg, 0, PAGE, PROT_READ | PROT_EXEC);
}

TEST_F(source, A25_dev)
{
	void *src = code_map("a25", 1, PROT_READ);

	/* Root may load and not map; the other may map and not load. */
	ASSERT_EQ(0, policy_two("allow create; for any { allow init; }"
				"allow exec_file from allowed;",
				"allow share, change;", ""));
	close(self->fd);
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
	EXPECT_EQ(EACCES, in_child(second_loads, &self->fd));
	ASSERT_EQ(0, load_x(self->fd, src, 0));
	ASSERT_EQ(0, enclave_init(self->fd));
	EXPECT_DENIED("change", map_err(self->fd, 0, PAGE,
					PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, in_child(second_maps, &self->fd));
}

/* A user makes an enclave whose code write(2) brings, and hands it over. */
static int second_lends(int sock)
{
	int fd = -1;

	if (become(SECOND_UID))
		return 1;
	fd = enclave_new(LAYOUT_PAGES * PAGE, 0, ENCLAVE_RX);
	return fd < 0 || fd_send(sock, fd) || !await(sock) ? 1 : 0;
}

/* As a program does whose output goes wherever the user pleases. */
TEST_F(source, A25_dev_written)
{
	uint8_t code[PAGE];
	int pair[2], lent, own, status;
	const char *record;
	char uid[16];
	pid_t pid;

	code_fill(code, 1);
	ASSERT_EQ(0, policy_two("allow create, change, share;"
				"for any { allow init, exec_anon, exec_unmeasured; }",
				"allow create, change; for any { allow init; }",
				""));
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(second_lends(pair[1]));
	close(pair[1]);
	lent = fd_receive(pair[0]);
	ASSERT_LE(0, lent);
	own = enclave_new(LAYOUT_PAGES * PAGE, 0, ENCLAVE_RX);
	ASSERT_LE(0, own);
	EXPECT_EQ((ssize_t)PAGE, write(own, code, PAGE));
	ASSERT_EQ(0, records_begin());
	EXPECT_EQ(-1, write(lent, code, PAGE));
	EXPECT_EQ(EACCES, errno);
	/* This process's call, and the opener's request. */
	record = record_wait("exec_anon");
	EXPECT_TRUE(record_is(record, "opener", "1"));
	EXPECT_TRUE(record_is(record, "domain", "\"second\""));
	snprintf(uid, sizeof(uid), "%d", SECOND_UID);
	EXPECT_TRUE(record_is(record, "uid", uid));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	close(own);
	close(lent);
}

static int second_writes(void *arg)
{
	uint8_t code[PAGE];

	code_fill(code, 1);
	if (become(SECOND_UID))
		return 255;
	return write(*(int *)arg, code, PAGE) == PAGE ? 0 : errno;
}

/* What the opener is granted for one identity only is not owed for a refused write. */
TEST_F(source, A25_dev_written_refused)
{
	int fd;

	ASSERT_EQ(0, policy_two("allow create, change; for any { allow init; }"
				"for vendor { allow exec_anon, exec_unmeasured; }",
				"", "identity vendor { product 7; }"));
	fd = enclave_new(PAGE, 0, ENCLAVE_RX);
	ASSERT_LE(0, fd);
	EXPECT_EQ(EACCES, in_child(second_writes, &fd));
	EXPECT_EQ(0, enclave_init(fd));
	close(fd);
}

/* Return: the errno of the load. */
static int loads_named(void *arg, const void *source)
{
	return -load_x(*(int *)arg, source, PAGE);
}

FIXTURE(named) {
	int fd;
};

FIXTURE_SETUP(named)
{
	void *src;

	ASSERT_EQ(0, policy_two(NAMED_RULES, NAMED_RULES, NAMED));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(NAMED_FILE, 1));
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
	/* The same without tricks is allowed. */
	src = file_map(NAMED_FILE, 1, PROT_READ, MAP_PRIVATE);
	ASSERT_EQ(0, load_x(self->fd, src, 0));
}

FIXTURE_TEARDOWN(named)
{
	close(self->fd);
}

TEST_F(named, A26_dev_tmpfs)
{
	struct elsewhere e = { loads_named, &self->fd };

	EXPECT_EQ(EACCES, in_child(elsewhere_tmpfs, &e));
}

TEST_F(named, A26_dev_bind)
{
	struct elsewhere e = { loads_named, &self->fd };

	EXPECT_EQ(EACCES, in_child(elsewhere_bind, &e));
}

TEST_F(named, A26_dev_chroot)
{
	struct elsewhere e = { loads_named, &self->fd };

	EXPECT_EQ(EACCES, in_child(elsewhere_chroot, &e));
}

TEST_F(named, A27_dev)
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
	EXPECT_EQ(-EACCES, load_x(self->fd, src, PAGE));
	ASSERT_TRUE(tell(pair[0]));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
}

/* What a user wrote there is stored as root's, and is not taken for it. */
TEST_F(source, A26_dev_idmap)
{
	char dir[] = ALLOWED_DIR "/idmap";
	char code[] = ALLOWED_DIR "/idmap/code";
	struct stat st;
	void *src;

	mkdir(ALLOWED_DIR, 0755);
	ASSERT_EQ(0, mkdir(dir, 0755));
	ASSERT_EQ(0, elsewhere_idmap(dir));
	ASSERT_EQ(0, in_child(elsewhere_writes_own, code));
	ASSERT_EQ(0, stat(code, &st));
	ASSERT_EQ(SECOND_UID, (int)st.st_uid);
	src = file_map(code, 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_DENIED("exec_file", load_x(self->fd, src, 0));
	munmap(src, PAGE);
	ASSERT_EQ(0, umount(dir));
	/* By the other way it is root's indeed. */
	src = file_map(code, 1, PROT_READ, MAP_PRIVATE);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
	munmap(src, PAGE);
	EXPECT_EQ(0, unlink(code));
	EXPECT_EQ(0, rmdir(dir));
}

/* Files of one path, inode and time, of which the mount alone is another. */
TEST_F(source, A26_dev_idmap_again)
{
	char dir[] = ALLOWED_DIR "/idmap2";
	char code[] = ALLOWED_DIR "/idmap2/code";
	void *own, *mapped;

	mkdir(ALLOWED_DIR, 0755);
	ASSERT_EQ(0, mkdir(dir, 0755));
	ASSERT_EQ(0, code_file(code, 1));
	own = file_map(code, 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, own);
	ASSERT_EQ(0, elsewhere_idmap(dir));
	mapped = file_map(code, 1, PROT_READ, MAP_PRIVATE);
	ASSERT_NE(MAP_FAILED, mapped);
	EXPECT_DENIED("exec_file", load_x(self->fd, mapped, 0));
	EXPECT_EQ(0, load_x(self->fd, own, 0));
	EXPECT_EQ(0, load_x(self->fd, own, PAGE));
	EXPECT_EQ(-EACCES, load_x(self->fd, mapped, 2 * PAGE));
	EXPECT_EQ(0, load_x(self->fd, own, 2 * PAGE));
	munmap(own, PAGE);
	munmap(mapped, PAGE);
	EXPECT_EQ(0, umount(dir));
	EXPECT_EQ(0, unlink(code));
	EXPECT_EQ(0, rmdir(dir));
}

TEST_F(source, A28_dev_link)
{
	void *good, *bad;

	ASSERT_EQ(0, code_file(OTHER_DIR "/a28", 1));
	unlink(ALLOWED_DIR "/a28");
	mkdir(ALLOWED_DIR, 0755);
	ASSERT_EQ(0, link(OTHER_DIR "/a28", ALLOWED_DIR "/a28"));
	good = file_map(ALLOWED_DIR "/a28", 1, PROT_READ, MAP_PRIVATE);
	bad = file_map(OTHER_DIR "/a28", 1, PROT_READ, MAP_PRIVATE);
	EXPECT_EQ(0, load_x(self->fd, good, 0));
	EXPECT_DENIED("exec_file", load_x(self->fd, bad, PAGE));
	EXPECT_EQ(0, load_x(self->fd, good, 2 * PAGE));
}

TEST_F(source, A28_dev_rename)
{
	void *src = code_map("a28r", 1, PROT_READ);

	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
	mkdir(OTHER_DIR, 0755);
	ASSERT_EQ(0, rename(ALLOWED_DIR "/a28r", OTHER_DIR "/a28r"));
	EXPECT_DENIED("exec_file", load_x(self->fd, src, PAGE));
	ASSERT_EQ(0, rename(OTHER_DIR "/a28r", ALLOWED_DIR "/a28r"));
	EXPECT_EQ(0, load_x(self->fd, src, 2 * PAGE));
}

TEST_F(source, A28_dev_directory)
{
	void *src;

	ASSERT_EQ(0, system("rm -rf " OTHER_DIR "/dir && mkdir -p "
			    ALLOWED_DIR "/dir"));
	src = code_map("dir/code", 1, PROT_READ);
	ASSERT_NE(MAP_FAILED, src);
	EXPECT_EQ(0, load_x(self->fd, src, 0));
	mkdir(OTHER_DIR, 0755);
	ASSERT_EQ(0, rename(ALLOWED_DIR "/dir", OTHER_DIR "/dir"));
	EXPECT_DENIED("exec_file", load_x(self->fd, src, PAGE));
}

TEST_F(source, A29_dev)
{
	uint8_t *src = anon_map(1, PROT_READ | PROT_WRITE);
	struct iovec iov = { src, PAGE };
	int pipes[2];

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_EQ((ssize_t)PAGE, vmsplice(pipes[1], &iov, 1, 0));
	EXPECT_DENIED("exec_anon", load_x(self->fd, src, 0));
}

TEST_F(source, A30_dev)
{
	uint8_t *src = code_map("a30", 2, PROT_READ);
	uint64_t count = 1;

	ASSERT_EQ(0, load_x(self->fd, src + PAGE, 0));
	ASSERT_EQ(0, truncate(ALLOWED_DIR "/a30", PAGE));
	EXPECT_EQ(-EFAULT, enclave_load(self->fd, src + PAGE, PAGE, PAGE,
					ENCLAVE_RX, ENCLAVE_LOAD_F_MEASURE,
					&count));
	EXPECT_EQ(0, count);
}

TEST_HARNESS_MAIN

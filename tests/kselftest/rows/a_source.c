// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows A: what a provider refuses, whose path counts, and sources that
 * change while they are loaded.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "kselftest_harness.h"
#include "rows.h"

/* ROWS_ROUNDS in the environment asks for more. */
static unsigned int rounds(unsigned int normal)
{
	const char *s = getenv("ROWS_ROUNDS");

	return s ? (unsigned int)atoi(s) : normal;
}

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

static uintptr_t stack_start(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	uintptr_t start = 0;

	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "[stack]"))
			start = strtoul(line, NULL, 16);
	if (maps)
		fclose(maps);
	return start;
}

TEST_F(source, A15_dev_stack)
{
	uintptr_t start = stack_start();

	ASSERT_NE(0, start);
	EXPECT_EQ(-EFAULT, load_x(self->fd, (void *)(start - PAGE), 0));
	EXPECT_EQ(start, stack_start());
}

/*
 * @write: the writer writes, else it only opens the file
 * @busy: how often it found the file held against writing (ETXTBSY)
 */
struct race {
	uint8_t *at;
	const char *path;
	volatile bool stop;
	volatile unsigned int busy;
	bool write;
};

/* The two sides of a race have a processor each. */
static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void *remapper(void *arg)
{
	struct race *r = arg;
	int file = open(r->path, O_RDONLY | O_CLOEXEC);

	stay_on(1);
	while (!r->stop) {
		mmap(r->at, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		r->at[0] = 0xee;
		mmap(r->at, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_FIXED, file, 0);
		r->at[1] = 0xee;
		munmap(r->at, PAGE);
		mmap(r->at, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, file, 0);
		sched_yield();
	}
	close(file);
	return NULL;
}

TEST_F(source, A16_dev)
{
	const unsigned int n = rounds(1000);
	struct race r = { .path = ALLOWED_DIR "/a16" };
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
	stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, remapper, &r));
	for (unsigned int i = 0; i < n * 20 && loaded < n; i++)
		loaded += !load_x(fd, r.at, loaded * PAGE);
	r.stop = true;
	pthread_join(thread, NULL);
	ASSERT_LT(0, loaded);
	ASSERT_EQ(0, enclave_init(fd));
	got = enclave_map(fd, 0, loaded * PAGE, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)got);
	for (unsigned int i = 0; i < loaded; i++)
		ASSERT_EQ(0, memcmp(want, got + i * PAGE, PAGE));
	close(fd);
}

/* An open file stops the loads: leave them time in between, but do not sleep. */
static void pause_a_little(void)
{
	struct timespec from, now;
	const long ns = 20000 + rand() % 300000;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec -
		 from.tv_nsec < ns);
}

static void *rewriter(void *arg)
{
	struct race *r = arg;
	uint8_t a[PAGE], b[PAGE];

	stay_on(1);
	memset(a, 'a', PAGE);
	memset(b, 'b', PAGE);
	while (!r->stop) {
		int file = open(r->path, O_WRONLY | O_CLOEXEC);

		if (file < 0) {
			r->busy += errno == ETXTBSY;
		} else {
			if (r->write && (pwrite(file, a, PAGE, 0) < 0 ||
					 pwrite(file, b, PAGE, 0) < 0))
				perror("pwrite");
			close(file);
		}
		pause_a_little();
	}
	return NULL;
}

TEST_F(source, A17_dev)
{
	const unsigned int n = rounds(300);
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
	stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, rewriter, &r));
	for (unsigned int i = 0; i < n * 20 && loaded < n; i++)
		loaded += !load_x(fd, r.at, loaded * PAGE);
	r.stop = true;
	pthread_join(thread, NULL);
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
	const unsigned int pages = 64, most = rounds(3000);
	struct race r = { .path = ALLOWED_DIR "/a17k" };
	uint64_t count, loaded = 0;
	pthread_t thread;

	r.at = code_map("a17k", pages, PROT_READ);
	ASSERT_NE(MAP_FAILED, (void *)r.at);
	for (unsigned int i = 0; i < pages; i++)
		peek(r.at + i * PAGE);
	stay_on(0);
	ASSERT_EQ(0, pthread_create(&thread, NULL, rewriter, &r));
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

/* A source without an owner: only the path stands between. */
#define NAMED_DIR	"/mnt/ext4/named"
#define NAMED_RULES	"allow create; for any { allow init; }" \
			"allow exec_file, exec_mutable from named;"
#define NAMED		"source named { path \"" NAMED_DIR "/**\"; }"

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int own_namespaces(void)
{
	char map_text[32];

	/* Not dumpable, its own /proc entries would be root's. */
	if (become(SECOND_UID) || prctl(PR_SET_DUMPABLE, 1) ||
	    unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	put("/proc/self/setgroups", "deny");
	snprintf(map_text, sizeof(map_text), "0 %d 1", SECOND_UID);
	if (put("/proc/self/uid_map", map_text) ||
	    put("/proc/self/gid_map", map_text))
		return -EPERM;
	return 0;
}

/* Return: the errno of the load of NAMED_DIR/code, 255 if it did not come to it. */
static int loads_named(int fd)
{
	void *src = file_map(NAMED_DIR "/code", 1, PROT_READ, MAP_PRIVATE);

	return src == MAP_FAILED ? 254 : -load_x(fd, src, PAGE);
}

static int tmpfs_over(void *arg)
{
	if (own_namespaces() ||
	    mount("none", NAMED_DIR, "tmpfs", 0, NULL) ||
	    code_file(NAMED_DIR "/code", 1))
		return 255;
	return loads_named(*(int *)arg);
}

static int bind_over(void *arg)
{
	if (code_file("/mnt/ext4/mine/code", 1) ||
	    chmod("/mnt/ext4/mine", 0777) || own_namespaces() ||
	    mount("/mnt/ext4/mine", NAMED_DIR, NULL, MS_BIND, NULL))
		return 255;
	return loads_named(*(int *)arg);
}

static int chrooted(void *arg)
{
	if (mkdir("/mnt/ext4/jail", 0755) && errno != EEXIST)
		return 255;
	if (system("mkdir -p /mnt/ext4/jail" NAMED_DIR) ||
	    code_file("/mnt/ext4/jail" NAMED_DIR "/code", 1) ||
	    chroot("/mnt/ext4/jail") || chdir("/"))
		return 255;
	return loads_named(*(int *)arg);
}

FIXTURE(named) {
	int fd;
};

FIXTURE_SETUP(named)
{
	void *src;

	ASSERT_EQ(0, policy_two(NAMED_RULES, NAMED_RULES, NAMED));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, code_file(NAMED_DIR "/code", 1));
	self->fd = fresh();
	ASSERT_LE(0, self->fd);
	/* The same without tricks is allowed. */
	src = file_map(NAMED_DIR "/code", 1, PROT_READ, MAP_PRIVATE);
	ASSERT_EQ(0, load_x(self->fd, src, 0));
}

FIXTURE_TEARDOWN(named)
{
	close(self->fd);
}

TEST_F(named, A26_dev_tmpfs)
{
	EXPECT_EQ(EACCES, in_child(tmpfs_over, &self->fd));
}

TEST_F(named, A26_dev_bind)
{
	EXPECT_EQ(EACCES, in_child(bind_over, &self->fd));
}

TEST_F(named, A26_dev_chroot)
{
	EXPECT_EQ(EACCES, in_child(chrooted, &self->fd));
}

TEST_F(named, A27_dev)
{
	int pair[2], file, status;
	void *src;
	pid_t pid;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (own_namespaces() ||
		    mount("none", NAMED_DIR, "tmpfs", 0, NULL) ||
		    code_file(NAMED_DIR "/code", 1))
			_exit(1);
		file = open(NAMED_DIR "/code", O_RDONLY);
		/* The mount lasts as long as this process. */
		_exit(fd_send(pair[1], file) || !await(pair[1]) ? 1 : 0);
	}
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

/* A user namespace that calls uid 1999 of a file system root, for a mount. */
static int idmap_namespace(void)
{
	static const char map[] = "0 1999 1";
	int pair[2], ns = -1;
	char uids[64], gids[64], path[64];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -1;
	pid = fork();
	if (!pid)
		_exit(unshare(CLONE_NEWUSER) || !tell(pair[1]) ||
		      !await(pair[1]));
	if (pid > 0 && await(pair[0])) {
		snprintf(uids, sizeof(uids), "/proc/%d/uid_map", pid);
		snprintf(gids, sizeof(gids), "/proc/%d/gid_map", pid);
		snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
		if (!put(uids, map) && !put(gids, map))
			ns = open(path, O_RDONLY | O_CLOEXEC);
		tell(pair[0]);
	}
	waitpid(pid, NULL, 0);
	close(pair[0]);
	close(pair[1]);
	return ns;
}

/* Mounts @dir over itself so that its owner is shown, and stored, as another. */
static int mount_idmapped(const char *dir)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };
	int tree, err, ns = idmap_namespace();

	if (ns < 0)
		return -1;
	attr.userns_fd = ns;
	tree = open_tree(AT_FDCWD, dir, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 ||
	    mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)))
		return -1;
	close(ns);
	err = move_mount(tree, "", AT_FDCWD, dir, MOVE_MOUNT_F_EMPTY_PATH);
	close(tree);
	return err;
}

static int writes_own(void *arg)
{
	return become(SECOND_UID) || code_file(arg, 1);
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
	ASSERT_EQ(0, mount_idmapped(dir));
	ASSERT_EQ(0, in_child(writes_own, code));
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

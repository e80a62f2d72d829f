// SPDX-License-Identifier: GPL-2.0-only
/*
 * Catalogue rows E: records, policies that are refused, forged programs, subjects
 * that change.
 */
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <uapi/linux/ewx_policy.h>

#include "kselftest_harness.h"
#include "rows.h"

#define EWX_DIR	"/sys/kernel/security/ewx"

/*
 * Memory that is no file's in the place of one of this program's mappings, which is
 * what the code runs from that does so.
 */
static int detach(uintptr_t start, uintptr_t end, const char *access)
{
	const int prot = (access[0] == 'r' ? PROT_READ : 0) |
			 (access[1] == 'w' ? PROT_WRITE : 0) |
			 (access[2] == 'x' ? PROT_EXEC : 0);
	const size_t len = end - start;
	void *copy = mmap(NULL, len, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (copy == MAP_FAILED)
		return -errno;
	memcpy(copy, (void *)start, len);
	if (mprotect(copy, len, prot) ||
	    mremap(copy, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, start) ==
		    MAP_FAILED)
		return -errno;
	return 0;
}

static void self_path(char path[4096])
{
	ssize_t n = readlink("/proc/self/exe", path, 4095);

	path[n > 0 ? n : 0] = '\0';
}

/* Be @path for everybody who looks at the process. Return: 0 or not. */
static int call_itself(const char *path)
{
	char self[4096], maps[16384], *line, *rest = maps;
	ssize_t n = read_file("/proc/self/maps", maps, sizeof(maps) - 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (n < 0 || fd < 0)
		return -1;
	maps[n] = '\0';
	self_path(self);
	/* The kernel refuses as long as the file is mapped. */
	while ((line = strsep(&rest, "\n"))) {
		unsigned long start, end;
		char access[5];

		if (strstr(line, self) &&
		    (sscanf(line, "%lx-%lx %4s", &start, &end, access) != 3 ||
		     detach(start, end, access)))
			return -1;
	}
	if (prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, fd, 0, 0))
		return -1;
	close(fd);
	self_path(self);
	return strcmp(self, path);
}

/*
 * What this program does instead of tests when another row executes it: build an
 * enclave, and exit with the errno.
 */
__attribute__((constructor)) static void probe(void)
{
	const char *name = getenv("ROWS_PROBE_AS");

	if (!getenv("ROWS_PROBE"))
		return;
	if (name && call_itself(name))
		_exit(254);
	int fd = enclave_new(PAGE, 0, ENCLAVE_RW);

	_exit(fd < 0 ? -fd : 0);
}

static int execute(const char *path)
{
	char *const argv[] = { (char *)path, NULL };
	char *const envp[] = { "ROWS_PROBE=1", NULL };

	execve(path, argv, envp);
	return 255;
}

static int executes(void *arg)
{
	return execute(arg);
}

TEST(E3_dev)
{
	const char *record;
	char digest[128];
	void *src;
	int fd;

	ASSERT_EQ(0, policy_strict());
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, code_file(OTHER_DIR "/e3", 1));
	src = file_map(OTHER_DIR "/e3", 1, RX, MAP_PRIVATE);
	ASSERT_EQ(-EACCES, enclave_load(fd, src, 0, PAGE, ENCLAVE_RX,
					ENCLAVE_LOAD_F_MEASURE, NULL));
	munmap(src, PAGE);
	unlink(OTHER_DIR "/e3");
	close(fd);
	record = record_wait("exec_file");
	ASSERT_NE(NULL, record);
	EXPECT_TRUE(record_is(record, "path", "\"" OTHER_DIR "/e3\""));
	EXPECT_TRUE(record_is(record, "op", "load"));
	EXPECT_TRUE(record_is(record, "domain", "\"rows\""));
	EXPECT_TRUE(record_is(record, "provider", "dev"));
	EXPECT_TRUE(record_is(record, "origin", "file"));
	EXPECT_TRUE(record_is(record, "reason", "no_rule"));
	EXPECT_TRUE(record_is(record, "fstype", "ext4"));
	EXPECT_TRUE(record_is(record, "readonly", "0"));
	EXPECT_TRUE(record_is(record, "mapexec", "1"));
	ASSERT_TRUE(record_field(record, "digest", digest, sizeof(digest)));
	EXPECT_EQ(64, strlen(digest));
}

TEST(E5_dev)
{
	static uint8_t blob[1 << 20], bad[1 << 20];
	char before[4096], after[4096], why[512];
	ssize_t len, n;

	ASSERT_EQ(0, policy_strict());
	len = policy_blob(blob, sizeof(blob));
	ASSERT_LT(100, len);
	n = read_file(EWX_DIR "/policies/rows/digest", before, sizeof(before));
	ASSERT_LT(0, n);
	before[n] = '\0';
	/* The same again is no change. */
	EXPECT_EQ(0, policy_load_blob(blob, len, why, sizeof(why)));
	for (ssize_t cut = 0; cut < len; cut += 1 + cut / 8) {
		int err = policy_load_blob(blob, cut, why, sizeof(why));

		ASSERT_NE(0, err);
		if (cut)
			ASSERT_EQ(-EBADMSG, err);
	}
	EXPECT_NE(NULL, strstr(why, "offset="));
	memcpy(bad, blob, len);
	bad[0] ^= 1;
	EXPECT_EQ(-EBADMSG, policy_load_blob(bad, len, why, sizeof(why)));
	memcpy(bad, blob, len);
	bad[4] += 7;
	EXPECT_EQ(-EPROTONOSUPPORT, policy_load_blob(bad, len, why, sizeof(why)));
	n = read_file(EWX_DIR "/policies/rows/digest", after, sizeof(after));
	after[n > 0 ? n : 0] = '\0';
	EXPECT_STREQ(before, after);
	/* The old one still judges. */
	ASSERT_EQ(0, records_begin());
	EXPECT_DENIED("debug", enclave_new(PAGE, ENCLAVE_CREATE_DEBUG,
					   ENCLAVE_RW));
}

/* The longest name that the language has, and one byte more. */
#define LONGEST_NAME	EWX_NAME_LEN_MAX

/* Make @name, which is among the blob's strings, that of the policy. */
static bool rename_blob(uint8_t *blob, ssize_t len, const char *name)
{
	const struct ewx_section_entry *strings =
		(void *)(blob + sizeof(struct ewx_header));
	uint8_t *at = memmem(blob, len, name, strlen(name) + 1);

	strings += EWX_SECTION_STRINGS;
	if (!at)
		return false;
	((struct ewx_header *)blob)->name = at - blob - strings->offset;
	return true;
}

TEST(E5_dev_name)
{
	static uint8_t blob[1 << 16];
	char longest[LONGEST_NAME + 1] = "", longer[LONGEST_NAME + 2] = "";
	char more[1024], why[512];
	ssize_t len;

	memset(longest, 'n', LONGEST_NAME);
	memset(longer, 'm', LONGEST_NAME + 1);
	/* Files' names are strings that a name can be exchanged for. */
	snprintf(more, sizeof(more), "#line 1 \"%s\"\n"
		 "domain one { exe \"/1\"; allow create; }\n"
		 "#line 1 \"%s\"\ndomain two { exe \"/2\"; allow create; }",
		 longest, longer);
	ASSERT_EQ(0, policy_load(STRICT_RULES, more));
	len = policy_blob(blob, sizeof(blob));
	ASSERT_LT(100, len);
	ASSERT_TRUE(rename_blob(blob, len, longer));
	EXPECT_EQ(-EBADMSG, policy_load_blob(blob, len, why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "code=value section=header"));
	ASSERT_TRUE(rename_blob(blob, len, longest));
	EXPECT_EQ(0, policy_load_blob(blob, len, why, sizeof(why)));
}

static int loads_unprivileged(void *arg)
{
	char why[64];

	(void)arg;
	if (become(SECOND_UID))
		return 255;
	return -policy_load_blob("x", 1, why, sizeof(why));
}

/* What is no boolean changes nothing, whatever it begins with. */
TEST(E5_dev_enforce)
{
	static const char *const bad[] = {
		"0garbage", "no such file", "false", "", "2", " 0", "0 ", "00",
		"0\n\n", "off\nand on", "offoffoff",
	};
	static const char *const good[] = { "0", "1\n", "n", "on", "off\n", "y" };
	char now[4] = "";
	int fd = open("/sys/kernel/security/ewx/enforce", O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-1, pwrite(fd, bad[i], strlen(bad[i]), 0))
			TH_LOG("'%s' was taken", bad[i]);
		EXPECT_EQ(EINVAL, errno);
	}
	EXPECT_EQ(-1, pwrite(fd, "0\0001", 3, 0));
	ASSERT_EQ(2, pread(fd, now, sizeof(now), 0));
	EXPECT_EQ('1', now[0]);
	for (unsigned int i = 0; i < ARRAY_SIZE(good); i++) {
		EXPECT_EQ((ssize_t)strlen(good[i]),
			  pwrite(fd, good[i], strlen(good[i]), 0));
		ASSERT_EQ(2, pread(fd, now, sizeof(now), 0));
		EXPECT_EQ(i % 2 ? '1' : '0', now[0]);
	}
	close(fd);
}

TEST(E5_dev_unprivileged)
{
	int err = in_child(loads_unprivileged, NULL);

	EXPECT_TRUE(err == EPERM || err == EACCES);
}

/* Root keeps the files' modes from mattering. */
static int drop_mac_admin(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	const uint32_t bit = CAP_TO_MASK(CAP_MAC_ADMIN);
	const int word = CAP_TO_INDEX(CAP_MAC_ADMIN);

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[word].effective &= ~bit;
	data[word].permitted &= ~bit;
	data[word].inheritable &= ~bit;
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

static int loads_without_capability(void *arg)
{
	char why[64];

	(void)arg;
	if (drop_mac_admin())
		return 255;
	return -policy_load_blob("x", 1, why, sizeof(why));
}

static int enforces_without_capability(void *arg)
{
	(void)arg;
	return drop_mac_admin() ? 255 : -enforce(true);
}

/* The descriptor is of one who may; the writer may not. */
static int writes_without_capability(void *arg)
{
	int fd = open(EWX_DIR "/enforce", O_WRONLY | O_CLOEXEC);

	(void)arg;
	if (fd < 0 || drop_mac_admin())
		return 255;
	return write(fd, "1", 1) == 1 ? 0 : errno;
}

TEST(E5_dev_capability)
{
	EXPECT_EQ(EPERM, in_child(loads_without_capability, NULL));
	EXPECT_EQ(EPERM, in_child(enforces_without_capability, NULL));
	EXPECT_EQ(EPERM, in_child(writes_without_capability, NULL));
}

/* The record of a refused load says which policy stays in force. */
TEST(E5_dev_generation)
{
	const char *record;
	char status[4096], want[32] = "?";
	const char *at;
	ssize_t n;

	ASSERT_EQ(0, policy_strict());
	n = read_file(EWX_DIR "/status", status, sizeof(status) - 1);
	ASSERT_LT(0, n);
	status[n] = '\0';
	at = strstr(status, "\ngeneration: ");
	ASSERT_NE(NULL, at);
	ASSERT_EQ(1, sscanf(at, "\ngeneration: %31s", want));
	ASSERT_EQ(0, records_begin());
	EXPECT_EQ(EPERM, in_child(loads_without_capability, NULL));
	record = record_wait_load();
	EXPECT_TRUE(record_is(record, "errno", "1"));
	EXPECT_TRUE(record_is(record, "generation", want));
}

static int opens_unprivileged(void *arg)
{
	int fd;

	if (become(SECOND_UID))
		return 255;
	fd = open(arg, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? errno : 0;
}

/* Who runs which enclaves, and which rules decide, is not for everybody. */
TEST(E5_dev_nodes)
{
	EXPECT_EQ(0, in_child(opens_unprivileged, EWX_DIR "/status"));
	EXPECT_EQ(EACCES, in_child(opens_unprivileged, EWX_DIR "/enclaves"));
	EXPECT_EQ(EACCES, in_child(opens_unprivileged, EWX_DIR "/counters"));
}

static int forged_by_namespace(void *arg)
{
	char self[4096];

	(void)arg;
	self_path(self);
	if (become(SECOND_UID) || unshare(CLONE_NEWUSER | CLONE_NEWNS) ||
	    mount("/tmp/forged", self, NULL, MS_BIND, NULL))
		return 255;
	return execute(self);
}

TEST(E9_dev_namespace)
{
	char self[4096], copy[4200];

	ASSERT_EQ(0, policy_strict());
	self_path(self);
	EXPECT_EQ(0, in_child(executes, self));
	snprintf(copy, sizeof(copy), "cp %s /tmp/forged && chmod 755 /tmp/forged",
		 self);
	ASSERT_EQ(0, system(copy));
	EXPECT_EQ(EACCES, in_child(executes, "/tmp/forged"));
	EXPECT_EQ(EACCES, in_child(forged_by_namespace, NULL));
}

static int mounted_by_root(void *arg)
{
	char self[4096];

	self_path(self);
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount(arg, self, NULL, MS_BIND, NULL))
		return 255;
	return execute(self);
}

/* No forgery: root's mounts count, in whichever mount namespace. */
TEST(E9_dev_root)
{
	char self[4096], copy[4200];

	ASSERT_EQ(0, policy_strict());
	self_path(self);
	snprintf(copy, sizeof(copy), "cp %s /tmp/roots && chmod 755 /tmp/roots",
		 self);
	ASSERT_EQ(0, system(copy));
	EXPECT_EQ(EACCES, in_child(executes, "/tmp/roots"));
	EXPECT_EQ(0, in_child(mounted_by_root, "/tmp/roots"));
}

static int chroot_forged(void *arg)
{
	(void)arg;
	if (chroot("/run/jail") || chdir("/"))
		return 255;
	return execute("/tmp/listed");
}

/* The path that the rule names, but only inside a chroot. */
TEST(E9_dev_chroot)
{
	char self[4096], copy[9000];

	self_path(self);
	snprintf(copy, sizeof(copy), "mkdir -p /run/jail/tmp /run/jail/dev && "
		 "mount --bind /dev /run/jail/dev && "
		 "for d in lib lib64 usr; do mkdir -p /run/jail/$d && "
		 "mount --bind /$d /run/jail/$d; done && cp %s /tmp/listed && "
		 "cp %s /run/jail/tmp/listed && chmod 755 /tmp/listed "
		 "/run/jail/tmp/listed", self, self);
	ASSERT_EQ(0, system(copy));
	ASSERT_EQ(0, policy_load("", "domain listed { exe \"/tmp/listed\";"
				 "allow create; }"));
	EXPECT_EQ(0, in_child(executes, "/tmp/listed"));
	EXPECT_EQ(EACCES, in_child(chroot_forged, NULL));
	EXPECT_EQ(0, system("umount /run/jail/dev /run/jail/lib /run/jail/lib64 "
			    "/run/jail/usr"));
}

static int execute_open(int fd)
{
	char *const argv[] = { "listed", NULL };
	char *const envp[] = { "ROWS_PROBE=1", NULL };

	syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
	return 255;
}

struct fexec {
	uid_t uid;
	int unshare;
};

/* Opens the listed program, then enters a world with loaders of its own. */
static int fexec(void *arg)
{
	const struct fexec *how = arg;
	char self[4096];
	int fd;

	self_path(self);
	fd = open(self, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (how->uid && become(how->uid)) ||
	    (how->unshare && unshare(how->unshare)))
		return 255;
	return execute_open(fd);
}

TEST(E9_dev_fexec)
{
	struct fexec user = { SECOND_UID, 0 }, root = { 0, 0 };

	ASSERT_EQ(0, policy_strict());
	EXPECT_EQ(0, in_child(fexec, &root));
	EXPECT_EQ(0, in_child(fexec, &user));
	user.unshare = CLONE_NEWUSER | CLONE_NEWNS;
	EXPECT_EQ(EACCES, in_child(fexec, &user));
	user.unshare = CLONE_NEWUSER;
	EXPECT_EQ(EACCES, in_child(fexec, &user));
	root.unshare = CLONE_NEWNS;
	EXPECT_EQ(EACCES, in_child(fexec, &root));
}

struct exe {
	const char *program, *name;
};

static int executes_as(void *arg)
{
	const struct exe *exe = arg;
	char name[4200];
	char *const argv[] = { (char *)exe->program, NULL };
	char *const envp[] = { "ROWS_PROBE=1", name, NULL };

	snprintf(name, sizeof(name), "ROWS_PROBE_AS=%s", exe->name);
	execve(exe->program, argv, envp);
	return 255;
}

/* What was executed counts, whatever file /proc/self/exe leads to since. */
TEST(E9_dev_exe_file)
{
	char self[4096], copy[4200];
	struct exe forged = { "/tmp/unlisted", self };
	struct exe hidden = { self, "/tmp/unlisted" };

	ASSERT_EQ(0, policy_strict());
	self_path(self);
	snprintf(copy, sizeof(copy),
		 "cp %s /tmp/unlisted && chmod 755 /tmp/unlisted", self);
	ASSERT_EQ(0, system(copy));
	EXPECT_EQ(EACCES, in_child(executes_as, &forged));
	EXPECT_EQ(0, in_child(executes_as, &hidden));
}

struct change {
	int (*how)(void);
};

static int set_second(void)
{
	return become(SECOND_UID);
}

static int set_euid(void)
{
	return seteuid(SECOND_UID) ? -errno : 0;
}

static int before_and_after(void *arg)
{
	const struct change *c = arg;
	int fd = enclave_new(PAGE, 0, ENCLAVE_RW);

	if (fd < 0 || c->how())
		return 255;
	fd = enclave_new(PAGE, 0, ENCLAVE_RW);
	return fd < 0 ? -fd : 0;
}

TEST(E10_dev_uid)
{
	struct change all = { set_second }, effective = { set_euid };

	ASSERT_EQ(0, policy_two("allow create;", "", ""));
	EXPECT_EQ(EACCES, in_child(before_and_after, &all));
	EXPECT_EQ(EACCES, in_child(before_and_after, &effective));
}

TEST(E10_dev_policy)
{
	int fd;

	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, policy_load("allow create;", ""));
	fd = enclave_new(PAGE, 0, ENCLAVE_RW);
	EXPECT_LE(0, fd);
	close(fd);
	ASSERT_EQ(0, policy_load("allow change;", ""));
	EXPECT_DENIED("create", enclave_new(PAGE, 0, ENCLAVE_RW));
	ASSERT_EQ(0, policy_load("allow create;", ""));
	fd = enclave_new(PAGE, 0, ENCLAVE_RW);
	EXPECT_LE(0, fd);
	close(fd);
}

TEST(E2_dev)
{
	const char *record;
	int fd;

	ASSERT_EQ(0, policy_load("", ""));
	ASSERT_EQ(0, records_begin());
	ASSERT_EQ(0, enforce(false));
	fd = enclave_new(PAGE, 0, ENCLAVE_RW);
	ASSERT_EQ(0, enforce(true));
	EXPECT_LE(0, fd);
	close(fd);
	record = record_wait("create");
	EXPECT_TRUE(record_is(record, "result", "permissive"));
	EXPECT_TRUE(record_is(record, "enforcing", "0"));
	EXPECT_EQ(-EACCES, enclave_new(PAGE, 0, ENCLAVE_RW));
	ASSERT_EQ(0, policy_load("permissive;", ""));
	fd = enclave_new(PAGE, 0, ENCLAVE_RW);
	EXPECT_LE(0, fd);
	close(fd);
}

TEST_HARNESS_MAIN

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row A9: sources whose content the kernel verifies, by fs-verity and by dm-verity.
 *
 * Owns: the files and disks for that, made with the tools of fsverity-utils,
 * cryptsetup and keyutils. The key is the one of the demonstration.
 */
#include "kselftest_harness.h"
#include "rows.h"

#define FS_DIR		"/mnt/ext4/a9"
#define DM_DIR		"/run/a9"
#define KEY		"tests/vm/demo/keys/payroll.pem"
#define NONE		"sha256:11111111111111111111111111111111" \
			"11111111111111111111111111111111"

/* Load the first page of a file. Return: as enclave_load(). */
static int load_file(int fd, const char *path, uint64_t at)
{
	void *src = file_map(path, 1, PROT_READ, MAP_PRIVATE);
	int err;

	if (src == MAP_FAILED)
		return -errno;
	err = enclave_load(fd, src, at, PAGE, ENCLAVE_RX,
			   ENCLAVE_LOAD_F_MEASURE, NULL);
	munmap(src, PAGE);
	return err;
}

/* The policy: code comes from files that fit @condition. */
static int only(const char *condition)
{
	char more[200];

	snprintf(more, sizeof(more), "source proven { %s; }", condition);
	return policy_load("allow create; allow exec_file from proven;", more);
}

/* The first line that a command prints, without its end. */
static int output(const char *command, char *line, int size)
{
	FILE *in = popen(command, "r");
	bool good = in && fgets(line, size, in);

	if (good)
		line[strcspn(line, "\n")] = '\0';
	return in && !pclose(in) && good ? 0 : -1;
}

/* Files of other lengths, so that each has its own digest. */
static int make_files(void)
{
	if (code_file(FS_DIR "/plain", 1) || code_file(FS_DIR "/some", 2) ||
	    code_file(FS_DIR "/named", 3) || code_file(FS_DIR "/signed", 4))
		return -1;
	/* The filesystem has blocks of 1 KiB. */
	return system(
		"set -e; exec >&2; cd /tmp; key=$OLDPWD/" KEY ";"
		"openssl req -x509 -new -key $key -subj /CN=a9 -out a9.pem;"
		"openssl x509 -in a9.pem -outform DER -out a9.der;"
		"keyctl padd asymmetric a9 %keyring:.fs-verity <a9.der;"
		"size=--block-size=1024;"
		"fsverity sign $size " FS_DIR "/signed a9.sig --key=$key "
		"--cert=a9.pem;"
		"fsverity enable $size " FS_DIR "/signed --signature=a9.sig;"
		"fsverity enable $size " FS_DIR "/some;"
		"fsverity enable $size " FS_DIR "/named");
}

TEST(A9_dev_fsverity)
{
	char digest[100], condition[120];
	int fd;

	ASSERT_EQ(0, make_files());
	ASSERT_EQ(0, output("fsverity measure " FS_DIR "/named | cut -d' ' -f1",
			    digest, sizeof(digest)));
	snprintf(condition, sizeof(condition), "fs-verity %s", digest);

	ASSERT_EQ(0, only("fs-verity"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_file(fd, FS_DIR "/some", 0));
	EXPECT_EQ(0, load_file(fd, FS_DIR "/named", PAGE));
	EXPECT_EQ(0, load_file(fd, FS_DIR "/signed", 2 * PAGE));
	EXPECT_DENIED("exec_file", load_file(fd, FS_DIR "/plain", 3 * PAGE));
	close(fd);

	ASSERT_EQ(0, only(condition));
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_file(fd, FS_DIR "/named", 0));
	EXPECT_DENIED("exec_file", load_file(fd, FS_DIR "/some", PAGE));
	EXPECT_DENIED("exec_file", load_file(fd, FS_DIR "/signed", PAGE));
	close(fd);

	ASSERT_EQ(0, only("fs-verity signature"));
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_file(fd, FS_DIR "/signed", 0));
	EXPECT_DENIED("exec_file", load_file(fd, FS_DIR "/named", PAGE));
	EXPECT_DENIED("exec_file", load_file(fd, FS_DIR "/plain", PAGE));
	close(fd);
}

/* A filesystem with one file, and the tree of its hashes. */
static int make_disk(char *condition, int size)
{
	char hash[80];

	if (code_file(DM_DIR "/tree/code", 1) ||
	    system("set -e; exec >&2; cd " DM_DIR "; truncate -s 4M disk;"
		   "mkfs.ext4 -q -b 4096 -O ^has_journal -d tree disk"))
		return -1;
	if (output("cd " DM_DIR "; veritysetup format disk hashes |"
		   "sed -n 's/^Root hash:[[:space:]]*//p'", hash, sizeof(hash)))
		return -1;
	snprintf(condition, size, "dm-verity sha256:%s", hash);
	setenv("HASH", hash, 1);
	return system("set -e; exec >&2; cd " DM_DIR "; export DM_DISABLE_UDEV=1;"
		      "mkdir -p verified plain;"
		      "veritysetup open disk a9 hashes $HASH;"
		      "mount -o ro /dev/mapper/a9 verified;"
		      "cp disk copy; mount -o ro,loop copy plain");
}

TEST(A9_dev_dmverity)
{
	char condition[100];
	int fd;

	ASSERT_EQ(0, system("mkdir -p " DM_DIR));
	ASSERT_EQ(0, make_disk(condition, sizeof(condition)));

	ASSERT_EQ(0, only("dm-verity"));
	ASSERT_EQ(0, records_begin());
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_file(fd, DM_DIR "/verified/code", 0));
	EXPECT_DENIED("exec_file", load_file(fd, DM_DIR "/plain/code", PAGE));
	EXPECT_DENIED("exec_file", load_file(fd, DM_DIR "/tree/code", PAGE));
	close(fd);

	ASSERT_EQ(0, only(condition));
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, load_file(fd, DM_DIR "/verified/code", 0));
	close(fd);

	ASSERT_EQ(0, only("dm-verity " NONE));
	fd = fresh();
	ASSERT_LE(0, fd);
	EXPECT_DENIED("exec_file",
		      load_file(fd, DM_DIR "/verified/code", 0));
	close(fd);
	EXPECT_EQ(0, system("cd " DM_DIR "; umount verified plain; sync;"
			    "DM_DISABLE_UDEV=1 veritysetup close a9"));
}

TEST_HARNESS_MAIN

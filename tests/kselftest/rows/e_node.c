// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input to the nodes of securityfs ewx/: it is refused, and all is as before. Row E5
 * of the catalogue; what is wrong inside a policy, and who may load one, is e_frame.c's.
 */
#include <stddef.h>

#include <uapi/linux/ewx_policy.h>
#include <uapi/linux/ewx_query.h>

#include "kselftest_harness.h"
#include "rows.h"

#define EWX_DIR	"/sys/kernel/security/ewx"

/* Nothing is mapped there; the compiler is not to know. */
static void *volatile nowhere = (void *)8;

/* One write to a node. Return: what was written, or -errno. */
static int write_node(const char *name, const void *buf, size_t len, off_t at)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), EWX_DIR "/%s", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = pwrite(fd, buf, len, at);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

/* Memory that is none, the middle of a node, and what is no word or too long. */
TEST(E5_dev_input)
{
	static const char *const words[] = { "enforce", "seal", "audit" };
	static const char *const all[] = { "enforce", "seal", "audit", "load" };
	static const char longest[] = "0123456789abcdef";
	char before[4096], after[4096];
	ssize_t n;

	n = read_file(EWX_DIR "/status", before, sizeof(before));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		EXPECT_EQ(-EFAULT, write_node(words[i], nowhere, 1, 0));
		EXPECT_EQ(-EINVAL, write_node(words[i], "", 0, 0));
		EXPECT_EQ(-EINVAL, write_node(words[i], "\n", 1, 0));
		EXPECT_EQ(-EINVAL, write_node(words[i], "none\0", 5, 0));
		EXPECT_EQ(-EINVAL, write_node(words[i], longest,
					      strlen(longest), 0));
		EXPECT_EQ(-EINVAL, write_node(words[i], "0123456", 7, 0));
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		EXPECT_EQ(-ESPIPE, write_node(all[i], "1", 1, 1));
	EXPECT_EQ(-EFAULT, write_node("load", nowhere, 100, 0));
	EXPECT_EQ(-E2BIG, write_node("load", nowhere, EWX_POLICY_MAX_SIZE +
				     EWX_SIGNATURE_MAX_SIZE + 1, 0));
	EXPECT_EQ(-EBADMSG, write_node("load", before, 0, 0));
	ASSERT_EQ(n, read_file(EWX_DIR "/status", after, sizeof(after)));
	EXPECT_EQ(0, memcmp(before, after, n));
}

/* A descriptor takes one policy, or what was to be one: it does not try again. */
TEST(E5_dev_once)
{
	char blob[4096], why[256] = "";
	int fd = open(EWX_DIR "/load", O_RDWR | O_CLOEXEC);
	ssize_t len;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, policy_strict());
	len = policy_blob(blob, sizeof(blob));
	ASSERT_LT(100, len);
	EXPECT_EQ(-1, write(fd, blob, len - 1));
	EXPECT_EQ(EBADMSG, errno);
	EXPECT_EQ(-1, write(fd, blob, len));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_LT(0, read(fd, why, sizeof(why) - 1));
	EXPECT_NE(NULL, strstr(why, "errno=29"));
	close(fd);
	EXPECT_EQ(0, policy_load_blob(blob, len, why, sizeof(why)));
	EXPECT_NE(NULL, strstr(why, "code=none changed=0"));
}

/* A query that is none has no answer, and leaves none behind. */
TEST(E5_dev_query)
{
	static const struct {
		size_t at, size;
		uint8_t byte;
	} bad[] = {
#define BAD(member, byte)						\
	{ offsetof(struct ewx_query, member),				\
	  sizeof(((struct ewx_query *)0)->member), byte }
		BAD(magic, 0), BAD(size, 0), BAD(op, 0), BAD(op, 0xff),
		BAD(subject, 0xff), BAD(domain, 'x'), BAD(identity, 'x'),
		BAD(fs, 'x'), BAD(exe, 'x'), BAD(path, 'x'), BAD(cgroup, 'x'),
		BAD(context, 'x'),
#undef BAD
	};
	const struct ewx_query good = {
		.magic = EWX_QUERY_MAGIC,
		.size = sizeof(good),
		.op = ENCLAVE_OP_CREATE,
		.subject = EWX_SUBJECT_DOMAIN,
		.domain = "rows",
	};
	struct ewx_query q = good;
	struct ewx_reply r;
	int fd;

	ASSERT_EQ(0, policy_strict());
	fd = open(EWX_DIR "/query", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, read(fd, &r, sizeof(r)));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ASSERT_EQ((ssize_t)sizeof(q), write(fd, &good, sizeof(q)));
		q = good;
		memset((char *)&q + bad[i].at, bad[i].byte, bad[i].size);
		EXPECT_EQ(-1, write(fd, &q, sizeof(q))) TH_LOG("case %zu", i);
		EXPECT_EQ(EINVAL, errno);
		EXPECT_EQ(0, read(fd, &r, sizeof(r)));
	}
	EXPECT_EQ(-1, write(fd, &good, sizeof(q) - 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(fd, nowhere, sizeof(q)));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, read(fd, &r, sizeof(r)));
	q = good;
	strcpy(q.domain, "nobody");
	EXPECT_EQ(-1, write(fd, &q, sizeof(q)));
	EXPECT_EQ(ENOENT, errno);
	ASSERT_EQ((ssize_t)sizeof(q), write(fd, &good, sizeof(q)));
	ASSERT_EQ((ssize_t)sizeof(r), read(fd, &r, sizeof(r)));
	EXPECT_EQ(EWX_RESULT_ALLOW, r.result);
	EXPECT_EQ(ENCLAVE_PERM_CREATE, r.required);
	close(fd);
}

TEST_HARNESS_MAIN

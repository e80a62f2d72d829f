// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what dm-verity tells of a device, and of what is believed of it.
 *
 * Owns: a device that is none, and a filesystem on it. That files have fs-verity, and
 * what a policy makes of either, is tested by programs.
 */
#include <linux/blk_types.h>
#include <linux/fs.h>
#include <linux/security.h>
#include <linux/string.h>

#include "test_util.h"
#include "verity.h"

/* A device with its blobs, and a filesystem. */
struct scene {
	struct block_device bdev;
	struct super_block sb;
};

static int scene_init(struct kunit *test)
{
	struct scene *s;
	int err = ewx_test_suite_init(test);

	if (err)
		return err;
	s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, s);
	KUNIT_ASSERT_EQ(test, security_bdev_alloc(&s->bdev), 0);
	s->sb.s_bdev = &s->bdev;
	test->priv = s;
	return 0;
}

static void scene_exit(struct kunit *test)
{
	struct scene *s = test->priv;

	if (s)
		security_bdev_free(&s->bdev);
	ewx_test_suite_exit(test);
}

/* As dm-verity tells of a table that is in use now; NULL: it is of another kind. */
static void tell(struct kunit *test, const char *alg, u8 fill, u32 len)
{
	struct scene *s = test->priv;
	u8 digest[64];
	const struct dm_verity_digest root = {
		.alg = alg,
		.digest = digest,
		.digest_len = len,
	};

	memset(digest, fill, sizeof(digest));
	KUNIT_EXPECT_EQ(test,
			security_bdev_setintegrity(
				&s->bdev, LSM_INT_DMVERITY_ROOTHASH,
				alg ? &root : NULL, alg ? sizeof(root) : 0),
			0);
}

static void expect_digest(struct kunit *test, bool has_digest, u8 fill)
{
	struct scene *s = test->priv;
	struct ewx_verity v = {};
	u8 want[sizeof(v.digest)] = {};

	if (has_digest)
		memset(want, fill, sizeof(want));
	KUNIT_EXPECT_TRUE(test, ewx_dm_verity(&s->sb, &v));
	KUNIT_EXPECT_TRUE(test, v.present);
	KUNIT_EXPECT_FALSE(test, v.is_signed);
	KUNIT_EXPECT_EQ(test, v.has_digest, has_digest);
	KUNIT_EXPECT_MEMEQ(test, v.digest, want, sizeof(want));
}

/* Only a digest that a policy can name is one; that there is verity, is true of all. */
static void root_hashes(struct kunit *test)
{
	struct scene *s = test->priv;
	struct ewx_verity v = {};

	KUNIT_EXPECT_FALSE(test, ewx_dm_verity(&s->sb, &v));
	tell(test, "sha256", 0xaa, 32);
	expect_digest(test, true, 0xaa);
	tell(test, "sha256", 0xbb, 32);
	expect_digest(test, true, 0xbb);
	tell(test, "sha512", 0xaa, 64);
	expect_digest(test, false, 0);
	tell(test, "sha3-256", 0xaa, 32);
	expect_digest(test, false, 0);
	tell(test, "sha256", 0xaa, 20);
	expect_digest(test, false, 0);
	tell(test, "sha256", 0xcc, 32);
	tell(test, NULL, 0, 0);
	KUNIT_EXPECT_FALSE(test, ewx_dm_verity(&s->sb, &v));
	KUNIT_EXPECT_FALSE(test, v.present);
}

/* That a root hash is signed says nothing of which one it is. */
static void signatures_are_no_hashes(struct kunit *test)
{
	struct scene *s = test->priv;
	struct ewx_verity v = {};

	KUNIT_EXPECT_EQ(test,
			security_bdev_setintegrity(
				&s->bdev, LSM_INT_DMVERITY_SIG_VALID, "", 1),
			0);
	KUNIT_EXPECT_FALSE(test, ewx_dm_verity(&s->sb, &v));
	tell(test, "sha256", 0xaa, 32);
	KUNIT_EXPECT_EQ(test,
			security_bdev_setintegrity(
				&s->bdev, LSM_INT_DMVERITY_SIG_VALID, NULL, 0),
			0);
	expect_digest(test, true, 0xaa);
}

/* Without a device, or one that no module keeps anything of. */
static void filesystems_without_verity(struct kunit *test)
{
	struct scene *s = test->priv;
	struct block_device bare = {};
	struct ewx_verity v = {};

	tell(test, "sha256", 0xaa, 32);
	s->sb.s_bdev = NULL;
	KUNIT_EXPECT_FALSE(test, ewx_dm_verity(&s->sb, &v));
	s->sb.s_bdev = &bare;
	KUNIT_EXPECT_FALSE(test, ewx_dm_verity(&s->sb, &v));
	KUNIT_EXPECT_FALSE(test, v.present);
}

static struct kunit_case verity_cases[] = {
	KUNIT_CASE(root_hashes),
	KUNIT_CASE(signatures_are_no_hashes),
	KUNIT_CASE(filesystems_without_verity),
	{}
};

static struct kunit_suite verity_suite = {
	.name = "ewx_verity",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = verity_cases,
};

kunit_test_suite(verity_suite);

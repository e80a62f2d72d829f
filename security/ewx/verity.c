// SPDX-License-Identifier: GPL-2.0-only
/*
 * Content that the kernel verifies when it is read (verity.h).
 *
 * Owns: the hooks by which fs-verity and dm-verity tell of signatures and root
 * hashes. Whether a file has fs-verity, and its digest, is asked of fs-verity. A
 * device of dm-verity has nothing else in its table, and never gets another kind of
 * table: device-mapper sees to that.
 */
#include <linux/blkdev.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <linux/lsm_hooks.h>
#include <linux/security.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "setup.h"
#include "verity.h"

static struct ewx_inode *inode_blob(const struct inode *inode)
{
	if (!inode->i_security)
		return NULL;
	return inode->i_security + ewx_blobs.lbs_inode;
}

static struct ewx_bdev *bdev_blob(const struct block_device *bdev)
{
	if (!bdev->bd_security)
		return NULL;
	return bdev->bd_security + ewx_blobs.lbs_bdev;
}

#ifdef CONFIG_FS_VERITY
static noinline bool fs_verity(struct inode *inode, struct ewx_verity *v)
{
	const struct ewx_inode *blob = inode_blob(inode);
	u8 digest[FS_VERITY_MAX_DIGEST_SIZE];
	enum hash_algo kind;

	memset(v, 0, sizeof(*v));
	if (!fsverity_get_digest(inode, digest, NULL, &kind))
		return false;
	v->present = true;
	v->is_signed = blob && READ_ONCE(blob->fs_signed);
	v->has_digest = kind == HASH_ALGO_SHA256;
	if (v->has_digest)
		memcpy(v->digest, digest, sizeof(v->digest));
	return true;
}
#endif

bool ewx_fs_verity(struct inode *inode, struct ewx_verity *v)
{
#ifdef CONFIG_FS_VERITY
	return fsverity_active(inode) && fs_verity(inode, v);
#else
	return false;
#endif
}

bool ewx_dm_verity(const struct super_block *sb, struct ewx_verity *v)
{
	struct ewx_bdev *blob = sb->s_bdev ? bdev_blob(sb->s_bdev) : NULL;

	if (!blob || !READ_ONCE(blob->verity.present))
		return false;
	spin_lock(&blob->lock);
	*v = blob->verity;
	spin_unlock(&blob->lock);
	return v->present;
}

static int hook_inode_setintegrity(const struct inode *inode,
				   enum lsm_integrity_type type,
				   const void *value, size_t size)
{
	struct ewx_inode *blob = inode_blob(inode);

	if (blob && type == LSM_INT_FSVERITY_BUILTINSIG_VALID)
		WRITE_ONCE(blob->fs_signed, value && size);
	return 0;
}

static int hook_bdev_alloc_security(struct block_device *bdev)
{
	struct ewx_bdev *blob = bdev_blob(bdev);

	if (blob)
		spin_lock_init(&blob->lock);
	return 0;
}

static int hook_bdev_setintegrity(struct block_device *bdev,
				  enum lsm_integrity_type type,
				  const void *value, size_t size)
{
	const struct dm_verity_digest *root = value;
	struct ewx_bdev *blob = bdev_blob(bdev);
	struct ewx_verity v = {};

	if (!blob || type != LSM_INT_DMVERITY_ROOTHASH)
		return 0;
	v.present = root;
	v.has_digest = root && !strcmp(root->alg, "sha256") &&
		       root->digest_len == sizeof(v.digest);
	if (v.has_digest)
		memcpy(v.digest, root->digest, sizeof(v.digest));
	spin_lock(&blob->lock);
	blob->verity = v;
	spin_unlock(&blob->lock);
	return 0;
}

static struct security_hook_list ewx_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(inode_setintegrity, hook_inode_setintegrity),
	LSM_HOOK_INIT(bdev_alloc_security, hook_bdev_alloc_security),
	LSM_HOOK_INIT(bdev_setintegrity, hook_bdev_setintegrity),
};

void __init ewx_add_verity_hooks(void)
{
	security_add_hooks(ewx_hooks, ARRAY_SIZE(ewx_hooks), &ewx_lsmid);
}

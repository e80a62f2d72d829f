/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Content that the kernel verifies when it is read: fs-verity and dm-verity.
 *
 * Owns: what both told EWX of inodes and block devices. Knows nothing of policies.
 */
#ifndef _SECURITY_EWX_VERITY_H
#define _SECURITY_EWX_VERITY_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

#include "core/engine.h"

struct inode;
struct super_block;

/**
 * struct ewx_inode - the inode blob.
 * @fs_signed: its fs-verity digest has a signature that the kernel checked. Set
 *      before the file can be opened; stays as long as the inode, as verity does.
 */
struct ewx_inode {
	bool fs_signed;
};

/**
 * struct ewx_bdev - the block device blob.
 * @lock: of @verity: a table of device-mapper can be loaded again
 * @verity: as dm-verity gave it
 */
struct ewx_bdev {
	spinlock_t lock;
	struct ewx_verity verity;
};

/**
 * ewx_fs_verity() - what fs-verity says of an open file's inode.
 * @inode: of the file
 * @v: out, but only where there is something to say
 *
 * Return: true: the file's content is verified.
 */
bool ewx_fs_verity(struct inode *inode, struct ewx_verity *v);

/**
 * ewx_dm_verity() - what dm-verity says of the device of a filesystem.
 * @sb: the filesystem
 * @v: out, as above
 *
 * Return: true: the device's content is verified.
 */
bool ewx_dm_verity(const struct super_block *sb, struct ewx_verity *v);

#endif /* _SECURITY_EWX_VERITY_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of which files, mappings and pages are believed to hold what is read from
 * them (source.c).
 *
 * Owns: a file that is on no filesystem, so that it can be on any. Files that are
 * really there are source_test.c's.
 */
#include <kunit/test.h>
#include <linux/blkdev.h>
#include <linux/enclave.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/nsproxy.h>
#include <linux/page-flags.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/user_namespace.h>

#include "../../fs/mount.h"
#include "internal.h"

/**
 * struct played - a file, its page and its mapping, and all that is behind them, made up.
 * @sb: filesystem
 * @bdev: what it is on
 * @disk: likewise
 * @parent: the piece of hardware that the disk is
 * @users: a namespace that is not the initial one
 * @mount: where it is mounted
 * @inode: of the file
 * @mapping: its pages
 * @dentry: its name
 * @file: opened
 * @vma: a private mapping of its first four pages
 * @page: its first page
 */
struct played {
	struct super_block sb;
	struct block_device bdev;
	struct gendisk disk;
	struct device parent;
	struct user_namespace users;
	struct mount mount;
	struct inode inode;
	struct address_space mapping;
	struct dentry dentry;
	struct file file;
	struct vm_area_struct vma;
	struct page *page;
};

static int played_init(struct kunit *test)
{
	struct played *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	test->priv = p;
	p->disk.part0 = &p->bdev;
	p->bdev.bd_disk = &p->disk;
	p->sb.s_user_ns = &init_user_ns;
	p->mount.mnt.mnt_sb = &p->sb;
	p->mount.mnt_ns = current->nsproxy->mnt_ns;
	p->mapping.host = &p->inode;
	p->inode.i_mapping = &p->mapping;
	p->inode.i_mode = S_IFREG | 0644;
	p->inode.i_sb = &p->sb;
	set_nlink(&p->inode, 1);
	p->dentry.d_inode = &p->inode;
	p->dentry.d_parent = &p->dentry;
	p->file.f_inode = &p->inode;
	p->file.f_mapping = &p->mapping;
	p->file.f_path.mnt = &p->mount.mnt;
	p->file.f_path.dentry = &p->dentry;
	p->vma.vm_end = 4 * PAGE_SIZE;
	p->vma.vm_file = &p->file;
	vm_flags_init(&p->vma, VM_READ | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
	/* Four pages in one, as large files have them. */
	p->page = alloc_pages(GFP_KERNEL | __GFP_COMP, 2);
	KUNIT_ASSERT_NOT_NULL(test, p->page);
	p->page->mapping = &p->mapping;
	/* Whoever had the page before left something there. */
	p->page->index = 0;
	return 0;
}

static void played_exit(struct kunit *test)
{
	struct played *p = test->priv;

	if (!p || !p->page)
		return;
	p->page->mapping = NULL;
	__free_pages(p->page, 2);
}

static struct enclave_source source_of(struct kunit *test, struct page *page)
{
	struct played *p = test->priv;
	struct enclave_source source = {};

	KUNIT_EXPECT_EQ(test, 0,
			enclave_source_classify(&source, &p->vma, page));
	return source;
}

/* Of which filesystems what is read is what is there. */
static const struct filesystem {
	const char *name;
	unsigned long magic;
	const char *disk; /* none: it tells no device */
	bool hardware;
	bool disk_read_only;
	bool flash;
	bool foreign;
	bool is_mutable;
	bool read_only;
} filesystem_cases[] = {
	{ "a disk", EXT4_SUPER_MAGIC, "sda", .hardware = true },
	{ "a read-only disk", EXT4_SUPER_MAGIC, "sr0", .hardware = true,
	  .disk_read_only = true, .read_only = true },
	{ "a file below", EXT4_SUPER_MAGIC, "loop0", .is_mutable = true },
	{ "a read-only file below", EXT4_SUPER_MAGIC, "loop0",
	  .disk_read_only = true, .is_mutable = true },
	{ "a program below", EXT4_SUPER_MAGIC, "nbd0", .is_mutable = true },
	{ "a mapped device", EXT4_SUPER_MAGIC, "dm-0" },
	{ "a read-only mapped device", EXT4_SUPER_MAGIC, "dm-0",
	  .disk_read_only = true },
	{ "a RAID", EXT4_SUPER_MAGIC, "md127" },
	{ "a disk of memory", EXT4_SUPER_MAGIC, "ram0" },
	{ "compressed memory", EXT4_SUPER_MAGIC, "zram1" },
	{ "tmpfs", TMPFS_MAGIC },
	{ "ramfs", RAMFS_MAGIC },
	{ "UBIFS", 0x24051905 },
	{ "flash", 0x72b6, .flash = true },
	{ "btrfs", BTRFS_SUPER_MAGIC, .is_mutable = true },
	{ "9p", V9FS_MAGIC, .is_mutable = true },
	{ "FUSE", FUSE_SUPER_MAGIC, .is_mutable = true },
	{ "FUSE on a disk", FUSE_SUPER_MAGIC, "sda", .hardware = true,
	  .is_mutable = true },
	{ "FUSE on a read-only disk", FUSE_SUPER_MAGIC, "sda", .hardware = true,
	  .disk_read_only = true, .is_mutable = true },
	{ "GFS2", 0x01161970, "sda", .hardware = true, .is_mutable = true },
	{ "OCFS2", 0x7461636f, "sda", .hardware = true, .is_mutable = true },
	{ "mounted by a user", EXT4_SUPER_MAGIC, "sda", .hardware = true,
	  .foreign = true, .is_mutable = true },
	{ "memory of a user", TMPFS_MAGIC, .foreign = true,
	  .is_mutable = true },
};

static void filesystem_name(const struct filesystem *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(filesystem, filesystem_cases, filesystem_name);

static void play(struct played *p, const struct filesystem *c)
{
	p->sb.s_magic = c->magic;
	p->sb.s_user_ns = c->foreign ? &p->users : &init_user_ns;
	/* Only whether there is one is looked at. */
	p->sb.s_mtd = c->flash ? (void *)p : NULL;
	if (!c->disk)
		return;
	strscpy(p->disk.disk_name, c->disk);
	p->sb.s_bdev = &p->bdev;
	p->bdev.bd_device.parent = c->hardware ? &p->parent : NULL;
	if (c->disk_read_only)
		bdev_set_flag(&p->bdev, BD_READ_ONLY);
}

static void content_can_change(struct kunit *test)
{
	const struct filesystem *c = test->param_value;
	struct played *p = test->priv;
	struct enclave_source source;

	play(p, c);
	source = source_of(test, p->page);
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_FILE);
	KUNIT_EXPECT_PTR_EQ(test, source.file, &p->file);
	KUNIT_EXPECT_EQ(test, source.is_mutable, c->is_mutable);
	KUNIT_EXPECT_EQ(test, source.read_only, c->read_only);
	KUNIT_EXPECT_EQ(test, enclave_sb_is_read_only(&p->sb), c->read_only);

	/* Somebody has it open for writing, or mapped. */
	atomic_set(&p->inode.i_writecount, 1);
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).is_mutable,
			!c->read_only);
	atomic_set(&p->inode.i_writecount, 0);
	atomic_set(&p->mapping.i_mmap_writable, 1);
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).is_mutable,
			!c->read_only);
	atomic_set(&p->mapping.i_mmap_writable, 0);

	/* Verified when it is read; but not what a server passes through. */
	if (!IS_ENABLED(CONFIG_FS_VERITY))
		return;
#ifdef CONFIG_FS_VERITY
	p->inode.i_verity_info = (void *)p;
#endif
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).is_mutable,
			c->foreign || c->magic == FUSE_SUPER_MAGIC);
}

/* The same in one page of its own, for which less is asked. */
static void content_can_change_by_page(struct kunit *test)
{
	const struct filesystem *c = test->param_value;
	struct played *p = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);
	struct enclave_source source;

	KUNIT_ASSERT_NOT_NULL(test, page);
	play(p, c);
	page->mapping = &p->mapping;
	/* As above: it is the file's first. */
	page->index = 0;
	source = source_of(test, page);
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_FILE);
	KUNIT_EXPECT_EQ(test, source.is_mutable, c->is_mutable);
	KUNIT_EXPECT_EQ(test, source.read_only, c->read_only);
	atomic_set(&p->inode.i_writecount, 1);
	KUNIT_EXPECT_EQ(test, source_of(test, page).is_mutable, !c->read_only);
	atomic_set(&p->inode.i_writecount, 0);
	p->mount.mnt.mnt_flags = MNT_NOEXEC;
	source = (struct enclave_source){};
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_classify(&source, &p->vma, page));
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_NULL(test, source.file);
	page->mapping = NULL;
	__free_page(page);
}

/* Nothing under the mapping is a file's page, whatever it looks like. */
static void expect_unknown(struct kunit *test, struct page *page)
{
	struct enclave_source source = source_of(test, page);

	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_NULL(test, source.file);
	KUNIT_EXPECT_FALSE(test, source.read_only);
}

static void no_file_of_a_filesystem(struct kunit *test)
{
	static const umode_t modes[] = { S_IFBLK, S_IFCHR, S_IFIFO, 0 };
	struct played *p = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		p->inode.i_mode = modes[i];
		expect_unknown(test, p->page);
	}
	p->inode.i_mode = S_IFREG;
	p->inode.i_flags = S_PRIVATE;
	expect_unknown(test, p->page);
	p->inode.i_flags = 0;
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).origin,
			ENCLAVE_ORIGIN_FILE);
}

static void mappings_without_files_pages(struct kunit *test)
{
	static const unsigned long flags[] = {
		VM_PFNMAP,
		VM_MIXEDMAP,
#ifdef CONFIG_HUGETLB_PAGE
		VM_HUGETLB,
#endif
	};
	struct played *p = test->priv;
	const unsigned long usual = p->vma.vm_flags;
	int i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		vm_flags_init(&p->vma, usual | flags[i]);
		expect_unknown(test, p->page);
	}
	vm_flags_init(&p->vma, usual);
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).origin,
			ENCLAVE_ORIGIN_FILE);
}

/* Deleted, or mounted nowhere, or not any more. */
static void names_that_are_gone(struct kunit *test)
{
	struct played *p = test->priv;
	struct mnt_namespace *ns = p->mount.mnt_ns;
	struct dentry dir = {};

	clear_nlink(&p->inode);
	expect_unknown(test, p->page);
	set_nlink(&p->inode, 1);
	p->dentry.d_parent = &dir;
	expect_unknown(test, p->page);
	p->dentry.d_parent = &p->dentry;
	p->mount.mnt_ns = NULL;
	expect_unknown(test, p->page);
	p->mount.mnt_ns = ERR_PTR(-EINVAL);
	expect_unknown(test, p->page);
	p->mount.mnt_ns = ns;
	KUNIT_EXPECT_EQ(test, source_of(test, p->page).origin,
			ENCLAVE_ORIGIN_FILE);
}

static void noexec_by_mount(struct kunit *test)
{
	struct played *p = test->priv;
	struct enclave_source source = {};

	p->sb.s_iflags = SB_I_NOEXEC;
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_classify(&source, &p->vma, p->page));
	p->sb.s_iflags = 0;
	p->mount.mnt.mnt_flags = MNT_NOEXEC;
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_classify(&source, &p->vma, p->page));
	/* Whether there is a page or not. */
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_classify(&source, &p->vma, NULL));
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_NULL(test, source.file);
}

/* Of pages in one piece each has the place that it has in the piece. */
static void pages_of_a_large_one(struct kunit *test)
{
	struct played *p = test->priv;
	struct enclave_source source;
	u32 i;

	p->page->index = 8;
	p->vma.vm_pgoff = 9;
	p->vma.vm_end = 2 * PAGE_SIZE;
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ_MSG(test, source_of(test, p->page + i).origin,
				    i == 1 || i == 2 ? ENCLAVE_ORIGIN_FILE :
						       ENCLAVE_ORIGIN_ANON,
				    "page %u", i);
	/* One page is as good as the one before if it is mapped too. */
	source = source_of(test, p->page + 1);
	KUNIT_EXPECT_TRUE(test,
			  enclave_source_alike(&source, &p->vma, p->page + 2));
	KUNIT_EXPECT_FALSE(test,
			   enclave_source_alike(&source, &p->vma, p->page + 3));
	source = source_of(test, NULL);
	KUNIT_EXPECT_FALSE(test,
			   enclave_source_alike(&source, &p->vma, p->page + 2));
}

/* Pages that the kernel shares among all are nobody's, whoever maps them. */
static void pages_of_the_kernel(struct kunit *test)
{
	struct played *p = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	page->mapping = &p->mapping;
	KUNIT_EXPECT_EQ(test, source_of(test, page).origin,
			ENCLAVE_ORIGIN_FILE);
	__SetPageReserved(page);
	expect_unknown(test, page);
	/* Cut off, and then the kernel's. */
	page->mapping = NULL;
	expect_unknown(test, page);
	__ClearPageReserved(page);

	page->mapping =
		(void *)((unsigned long)&p->mapping | PAGE_MAPPING_ANON);
	KUNIT_EXPECT_EQ(test, source_of(test, page).origin,
			ENCLAVE_ORIGIN_MODIFIED);
#ifdef CONFIG_KSM
	page->mapping = (void *)((unsigned long)&p->mapping | PAGE_MAPPING_KSM);
	expect_unknown(test, page);
#endif
	page->mapping = NULL;
	__free_page(page);
}

static struct kunit_case filesystem_kunit_cases[] = {
	KUNIT_CASE_PARAM(content_can_change, filesystem_gen_params),
	KUNIT_CASE_PARAM(content_can_change_by_page, filesystem_gen_params),
	KUNIT_CASE(no_file_of_a_filesystem),
	KUNIT_CASE(mappings_without_files_pages),
	KUNIT_CASE(names_that_are_gone),
	KUNIT_CASE(noexec_by_mount),
	KUNIT_CASE(pages_of_a_large_one),
	KUNIT_CASE(pages_of_the_kernel),
	{}
};

static struct kunit_suite filesystem_suite = {
	.name = "enclave_filesystem",
	.init = played_init,
	.exit = played_exit,
	.test_cases = filesystem_kunit_cases,
};

kunit_test_suite(filesystem_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what a page is taken for.
 *
 * Owns: a file in the root filesystem and pages of it. Which filesystems are believed
 * is filesystem_test.c's. What needs a process and real mounts is tested by programs.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>

#include "internal.h"
#include "lsm.h"

#define TEST_PATH "/enclave_source_test"

static const struct vm_operations_struct test_vm_ops = {};

static const struct enclave_provider test_provider = {
	.name = "test",
	.vm_ops = &test_vm_ops,
};

/**
 * struct origin - a file, a page of it, and a mapping.
 * @file: open for reading
 * @page: its first page
 * @vma: a private mapping of its first four pages
 */
struct origin {
	struct file *file;
	struct page *page;
	struct vm_area_struct *vma;
};

static int agree(struct enclave *e, const struct enclave_request *req)
{
	return 0;
}

static struct file *test_open(int flags)
{
	return filp_open(TEST_PATH, flags | O_LARGEFILE, 0700);
}

static void test_unlink(void)
{
	struct path parent;
	struct dentry *dentry = kern_path_locked(TEST_PATH, &parent);

	if (IS_ERR(dentry))
		return;
	vfs_unlink(mnt_idmap(parent.mnt), d_inode(parent.dentry), dentry, NULL);
	inode_unlock(d_inode(parent.dentry));
	dput(dentry);
	path_put(&parent);
}

/* Write a page of bytes; its page stays cached. */
static int fill(void)
{
	struct file *file = test_open(O_WRONLY | O_CREAT | O_TRUNC);
	u8 *bytes = kzalloc(PAGE_SIZE, GFP_KERNEL);
	loff_t pos = 0;
	ssize_t done = -ENOMEM;

	if (!IS_ERR(file)) {
		if (bytes)
			done = kernel_write(file, bytes, PAGE_SIZE, &pos);
		__fput_sync(file);
	}
	kfree(bytes);
	return done == PAGE_SIZE ? 0 : -EIO;
}

static int origin_init(struct kunit *test)
{
	struct origin *o = kunit_kzalloc(test, sizeof(*o), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, o);
	if (fill())
		kunit_skip(test, "no writable root filesystem yet");
	test->priv = o;
	o->file = test_open(O_RDONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, o->file);
	o->page = find_get_page(o->file->f_mapping, 0);
	KUNIT_ASSERT_NOT_NULL(test, o->page);

	o->vma = kunit_kzalloc(test, sizeof(*o->vma), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, o->vma);
	o->vma->vm_end = 4 * PAGE_SIZE;
	o->vma->vm_file = o->file;
	vm_flags_init(o->vma, VM_READ | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC);
	return 0;
}

static void origin_exit(struct kunit *test)
{
	struct origin *o = test->priv;

	if (!o)
		return;
	if (o->page)
		put_page(o->page);
	if (!IS_ERR_OR_NULL(o->file))
		__fput_sync(o->file);
	test_unlink();
}

static struct enclave_source classify(struct kunit *test, struct page *page)
{
	struct origin *o = test->priv;
	struct enclave_source source = {};

	KUNIT_EXPECT_EQ(test, 0,
			enclave_source_classify(&source, o->vma, page));
	return source;
}

static void file_page(struct kunit *test)
{
	struct origin *o = test->priv;
	struct enclave_source source = classify(test, o->page);

	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_FILE);
	KUNIT_EXPECT_PTR_EQ(test, source.file, o->file);
	KUNIT_EXPECT_FALSE(test, source.is_mutable);
	KUNIT_EXPECT_FALSE(test, source.mapped_exec);

	vm_flags_init(o->vma, o->vma->vm_flags | VM_EXEC);
	KUNIT_EXPECT_TRUE(test, classify(test, o->page).mapped_exec);
}

static void mutable_file(struct kunit *test)
{
	struct origin *o = test->priv;
	struct file *writer;

	vm_flags_init(o->vma, o->vma->vm_flags | VM_SHARED | VM_MAYSHARE);
	KUNIT_EXPECT_TRUE(test, classify(test, o->page).is_mutable);
	vm_flags_init(o->vma, o->vma->vm_flags & ~VM_MAYWRITE);
	KUNIT_EXPECT_FALSE(test, classify(test, o->page).is_mutable);

	writer = test_open(O_WRONLY);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, writer);
	KUNIT_EXPECT_TRUE(test, classify(test, o->page).is_mutable);
	__fput_sync(writer);
	KUNIT_EXPECT_FALSE(test, classify(test, o->page).is_mutable);
}

static void unlinked_file(struct kunit *test)
{
	struct origin *o = test->priv;

	test_unlink();
	KUNIT_EXPECT_EQ(test, classify(test, o->page).origin,
			ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_NULL(test, classify(test, o->page).file);
}

static void unattached_file(struct kunit *test)
{
	struct origin *o = test->priv;
	struct file *file = shmem_file_setup("memfd:test", PAGE_SIZE, 0);
	struct page *page;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	page = shmem_read_mapping_page(file->f_mapping, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	o->vma->vm_file = file;
	KUNIT_EXPECT_EQ(test, classify(test, page).origin, ENCLAVE_ORIGIN_ANON);
	o->vma->vm_file = o->file;
	put_page(page);
	__fput_sync(file);
}

/* ATTACKS row A30: cut off its file after it was pinned. */
static void truncated_page(struct kunit *test)
{
	struct origin *o = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);
	struct enclave_source source = {};

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			enclave_source_classify(&source, o->vma, page));
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_ANON);
	__free_page(page);
}

static void anonymous_page(struct kunit *test)
{
	struct origin *o = test->priv;
	struct page *page = alloc_page(GFP_KERNEL);
	struct enclave_source source;

	KUNIT_ASSERT_NOT_NULL(test, page);
	page->mapping = (struct address_space *)PAGE_MAPPING_ANON;
	source = classify(test, page);
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_MODIFIED);
	KUNIT_EXPECT_PTR_EQ(test, source.file, o->file);

	o->vma->vm_file = NULL;
	source = classify(test, page);
	KUNIT_EXPECT_EQ(test, source.origin, ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_NULL(test, source.file);
	page->mapping = NULL;
	__free_page(page);
}

static void special_pages(struct kunit *test)
{
	struct origin *o = test->priv;

	KUNIT_EXPECT_EQ(test, classify(test, ZERO_PAGE(0)).origin,
			ENCLAVE_ORIGIN_ANON);
	KUNIT_EXPECT_EQ(test, classify(test, NULL).origin, ENCLAVE_ORIGIN_ANON);
	vm_flags_init(o->vma, o->vma->vm_flags | VM_PFNMAP);
	KUNIT_EXPECT_EQ(test, classify(test, o->page).origin,
			ENCLAVE_ORIGIN_ANON);
}

static void page_of_another_place(struct kunit *test)
{
	struct origin *o = test->priv;
	struct file *other = shmem_file_setup("other", PAGE_SIZE, 0);
	struct page *page;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	page = shmem_read_mapping_page(other->f_mapping, 0);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	KUNIT_EXPECT_EQ(test, classify(test, page).origin, ENCLAVE_ORIGIN_ANON);
	put_page(page);
	__fput_sync(other);

	o->vma->vm_pgoff = 1;
	KUNIT_EXPECT_EQ(test, classify(test, o->page).origin,
			ENCLAVE_ORIGIN_ANON);
}

static void noexec(struct kunit *test)
{
	struct origin *o = test->priv;

	struct enclave_source source = classify(test, o->page);

	vm_flags_init(o->vma, o->vma->vm_flags & ~VM_MAYEXEC);
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_classify(&source, o->vma, o->page));
}

/* Writers are kept away from the judgement to the end of the copy. */
static void hold(struct kunit *test)
{
	struct origin *o = test->priv;
	struct inode *inode = file_inode(o->file);
	const struct enclave_identity id = { .tag = ENCLAVE_IDENTITY_TAG };
	const struct enclave_range range = { .first = 0, .count = 1 };
	const struct enclave_range next = { .first = 1, .count = 1 };
	struct enclave *e = enclave_alloc(&test_provider);
	struct file *kept;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, e);
	kunit_activate_static_stub(test, lsm_enclave_judge, agree);
	enclave_lock(e);
	KUNIT_EXPECT_EQ(test, 0, security_enclave_create(e, 4, &id));
	security_enclave_commit(e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(e, range, o->vma, o->page,
					      VM_READ | VM_EXEC, 0));
	KUNIT_EXPECT_EQ(test, 0, enclave_source_hold(e));
	KUNIT_EXPECT_EQ(test, -ETXTBSY, get_write_access(inode));
	security_enclave_abort(e);

	/* A provider that copies after the commit. */
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(e, next, o->vma, o->page,
					      VM_READ | VM_EXEC, 0));
	KUNIT_EXPECT_EQ(test, 0, enclave_source_hold(e));
	kept = enclave_source_keep(e);
	KUNIT_EXPECT_PTR_EQ(test, kept, o->file);
	security_enclave_commit(e);
	KUNIT_EXPECT_EQ(test, -ETXTBSY, get_write_access(inode));
	enclave_source_drop(kept);
	KUNIT_EXPECT_EQ(test, atomic_read(&inode->i_writecount), 0);

	/* A writer that comes between the judgement and the copy. */
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(e, range, o->vma, o->page,
					      VM_READ | VM_EXEC, 0));
	KUNIT_EXPECT_EQ(test, 0, get_write_access(inode));
	KUNIT_EXPECT_EQ(test, -EAGAIN, enclave_source_hold(e));
	security_enclave_abort(e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(e, range, o->vma, o->page,
					      VM_READ | VM_EXEC, 0));
	KUNIT_EXPECT_TRUE(test, e->pending_source.is_mutable);
	KUNIT_EXPECT_EQ(test, 0, enclave_source_hold(e));
	security_enclave_commit(e);
	put_write_access(inode);
	KUNIT_EXPECT_EQ(test, atomic_read(&inode->i_writecount), 0);
	enclave_unlock(e);
	enclave_free(e);
}

/* Pages of one request are those that are alike, each looked at by itself. */
static void pages_alike(struct kunit *test)
{
	struct origin *o = test->priv;
	const struct enclave_identity id = { .tag = ENCLAVE_IDENTITY_TAG };
	struct page *anon = alloc_page(GFP_KERNEL);
	struct page *pages[] = { o->page, o->page, anon, o->page };
	struct enclave *e = enclave_alloc(&test_provider);
	const u32 rx = VM_READ | VM_EXEC;

	KUNIT_ASSERT_NOT_NULL(test, anon);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, e);
	kunit_activate_static_stub(test, lsm_enclave_judge, agree);
	anon->mapping = (struct address_space *)PAGE_MAPPING_ANON;
	enclave_lock(e);
	KUNIT_EXPECT_EQ(test, 0, security_enclave_create(e, 8, &id));
	security_enclave_commit(e);
	KUNIT_EXPECT_EQ(test, 2,
			security_enclave_load_pages(e, 0, o->vma, pages, 4, rx,
						    0));
	KUNIT_EXPECT_EQ(test, e->pending.range.count, 2);
	KUNIT_EXPECT_TRUE(test, e->pending.divisible);
	KUNIT_EXPECT_EQ(test, e->pending_source.origin, ENCLAVE_ORIGIN_FILE);
	KUNIT_EXPECT_EQ(test, 0, enclave_source_hold(e));
	security_enclave_abort(e);

	/* A page that left its file since it was judged. */
	KUNIT_EXPECT_EQ(test, 2,
			security_enclave_load_pages(e, 0, o->vma, pages, 4, rx,
						    0));
	pages[1] = anon;
	KUNIT_EXPECT_EQ(test, -EAGAIN, enclave_source_hold(e));
	security_enclave_abort(e);

	KUNIT_EXPECT_EQ(test, 2,
			security_enclave_load_pages(e, 0, o->vma, pages + 1, 3,
						    rx, 0));
	KUNIT_EXPECT_EQ(test, e->pending_source.origin,
			ENCLAVE_ORIGIN_MODIFIED);
	security_enclave_abort(e);

	/* What is not code is all alike; a page that is gone ends a request. */
	KUNIT_EXPECT_EQ(test, 4,
			security_enclave_load_pages(e, 0, o->vma, pages, 4,
						    VM_READ, 0));
	security_enclave_abort(e);
	anon->mapping = NULL;
	KUNIT_EXPECT_EQ(test, 1,
			security_enclave_load_pages(e, 0, o->vma, pages, 4, rx,
						    0));
	KUNIT_EXPECT_FALSE(test, e->pending.divisible);
	security_enclave_abort(e);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			security_enclave_load_pages(e, 0, o->vma, pages + 1, 3,
						    rx, 0));
	enclave_unlock(e);
	enclave_free(e);
	__free_page(anon);
}

/* What is no source at all is refused before it is pinned. */
static void not_a_source(struct kunit *test)
{
	struct origin *o = test->priv;
	const struct enclave_range range = { .first = 0, .count = 1 };
	struct enclave *e = enclave_alloc(&test_provider);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, e);
	enclave_lock(e);
	KUNIT_EXPECT_EQ(test, 0, enclave_source_check(e, range, o->vma, 0));
	KUNIT_EXPECT_TRUE(test, enclave_source_usable(o->vma));
	KUNIT_EXPECT_EQ(test, -EFAULT, enclave_source_check(e, range, NULL, 0));
	KUNIT_EXPECT_FALSE(test, enclave_source_usable(NULL));
	o->vma->vm_ops = &test_vm_ops;
	KUNIT_EXPECT_FALSE(test, enclave_source_usable(o->vma));
	KUNIT_EXPECT_EQ(test, -EACCES,
			enclave_source_check(e, range, o->vma, 0));
	enclave_unlock(e);
	enclave_free(e);
}

static struct kunit_case source_cases[] = {
	KUNIT_CASE(file_page),
	KUNIT_CASE(mutable_file),
	KUNIT_CASE(unlinked_file),
	KUNIT_CASE(unattached_file),
	KUNIT_CASE(truncated_page),
	KUNIT_CASE(anonymous_page),
	KUNIT_CASE(special_pages),
	KUNIT_CASE(page_of_another_place),
	KUNIT_CASE(noexec),
	KUNIT_CASE(hold),
	KUNIT_CASE(pages_alike),
	KUNIT_CASE(not_a_source),
	{}
};

static struct kunit_suite source_suite = {
	.name = "enclave_source",
	.init = origin_init,
	.exit = origin_exit,
	.test_cases = source_cases,
};

kunit_test_suite(source_suite);

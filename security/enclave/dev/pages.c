// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pages of an enclave of /dev/enclave.
 *
 * Owns: the page array, adding, removing and restricting after init, and taking
 * page table entries away. Knows nothing of where bytes come from.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "../mutant.h"
#include "../window.h"
#include "dev.h"

/* Pages per hold of the lock and per flush of the page table entries. */
#define PAGES_BATCH 64

/**
 * enclave_page_alloc() - memory for one page, charged to the caller's cgroup.
 * @zero: __GFP_ZERO or 0
 *
 * Return: the page, or NULL.
 */
struct page *enclave_page_alloc(gfp_t zero)
{
	struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | zero);

	if (page)
		set_page_private(page, 0);
	return page;
}

/**
 * enclave_page_free() - the opposite; no entry maps the page any more.
 * @page: may be NULL
 */
void enclave_page_free(struct page *page)
{
	if (!page)
		return;
	set_page_private(page, 0);
	put_page(page);
}

/**
 * enclave_page_insert() - put a page where none is.
 * @dev: the enclave, locked
 * @index: page index
 * @page: the page; still the caller's if this fails
 * @info: declared permissions, ENCLAVE_PAGE_MEASURED
 *
 * Done before the judgement, so that nothing can fail after it; the lock keeps
 * everybody from seeing the page until then.
 *
 * Return: 0, -EBUSY if a page is there, -ENOMEM.
 */
int enclave_page_insert(struct enclave_dev *dev, u64 index, struct page *page,
			unsigned long info)
{
	int err;

	set_page_private(page, info);
	err = xa_insert(&dev->pages, index, page, GFP_KERNEL);
	if (err == -EBUSY && enclave_mutant(LOAD_TWICE)) {
		enclave_pages_zap(dev, index, 1);
		enclave_page_free(xa_erase(&dev->pages, index));
		err = xa_insert(&dev->pages, index, page, GFP_KERNEL);
	}
	return err;
}

/**
 * enclave_page_erase() - take back what enclave_page_insert() did.
 * @dev: the enclave, locked since
 * @index: page index
 */
void enclave_page_erase(struct enclave_dev *dev, u64 index)
{
	xa_erase(&dev->pages, index);
}

/**
 * enclave_pages_zap() - take all page table entries of a range away.
 * @dev: the enclave, locked: until unlocked no entry comes back
 * @first: first page
 * @count: pages; 0: all there are
 */
void enclave_pages_zap(struct enclave_dev *dev, u64 first, u64 count)
{
	unmap_mapping_range(&dev->mapping, (loff_t)first << PAGE_SHIFT,
			    (loff_t)count << PAGE_SHIFT, 1);
}

/**
 * enclave_pages_free() - free all pages; the enclave has no user left.
 * @dev: the enclave
 */
void enclave_pages_free(struct enclave_dev *dev)
{
	struct page *page;
	unsigned long index;

	xa_for_each(&dev->pages, index, page) {
		enclave_page_free(page);
		cond_resched();
	}
	xa_destroy(&dev->pages);
}

/**
 * enclave_pages_check() - whether a range has the right form.
 * @offset: bytes
 * @length: bytes
 *
 * Return: 0 or -EINVAL.
 */
int enclave_pages_check(u64 offset, u64 length)
{
	if (!length || !PAGE_ALIGNED(offset) || !PAGE_ALIGNED(length) ||
	    offset + length < offset)
		return -EINVAL;
	return 0;
}

/**
 * enclave_pages_inside() - whether a range of the right form is the enclave's.
 * @dev: the enclave, locked
 * @offset: bytes
 * @length: bytes
 *
 * Return: true if so; false, too, before the enclave is created.
 */
bool enclave_pages_inside(const struct enclave_dev *dev, u64 offset, u64 length)
{
	return offset + length <= dev->size;
}

/* Ends a judgement. Return: @err. */
static int settle(struct enclave_dev *dev, int err)
{
	if (err)
		security_enclave_abort(dev->enclave);
	else
		security_enclave_commit(dev->enclave);
	return err;
}

static int add_one(struct enclave_dev *dev, u64 index, u32 prot)
{
	struct page *page = enclave_page_alloc(__GFP_ZERO);
	int err;

	if (!page)
		return -ENOMEM;
	err = enclave_page_insert(dev, index, page, prot);
	if (err) {
		enclave_page_free(page);
		return err;
	}
	enclave_lock(dev->enclave);
	err = settle(dev, security_enclave_change(dev->enclave,
						  enclave_dev_page(index), prot,
						  ENCLAVE_OP_ADD));
	enclave_unlock(dev->enclave);
	if (err) {
		enclave_page_erase(dev, index);
		enclave_page_free(page);
	}
	return err;
}

static int change_one(struct enclave_dev *dev, u64 index, u32 prot,
		      enum enclave_op op)
{
	int err;

	if (!xa_load(&dev->pages, index))
		return -ENOENT;
	enclave_lock(dev->enclave);
	err = settle(dev, security_enclave_change(dev->enclave,
						  enclave_dev_page(index), prot,
						  op));
	enclave_unlock(dev->enclave);
	return err;
}

/*
 * One hold of the lock. The facts of each page change first; its entries and,
 * if it is removed, its memory go before the lock does.
 */
static int pages_batch(struct enclave_dev *dev, enum enclave_op op, u64 first,
		       u64 count, u32 prot, u64 *done)
{
	u64 i;
	int err = 0;

	for (i = 0; i < count; i++) {
		if (op == ENCLAVE_OP_ADD)
			err = add_one(dev, first + i, prot);
		else
			err = change_one(dev, first + i, prot, op);
		if (err)
			break;
	}
	*done = i;
	if (!i || op == ENCLAVE_OP_ADD)
		return err;
	if (op == ENCLAVE_OP_REMOVE || !enclave_mutant(ZAP))
		enclave_pages_zap(dev, first, i);
	if (op == ENCLAVE_OP_REMOVE)
		enclave_window(REMOVED);
	while (op == ENCLAVE_OP_REMOVE && i--)
		enclave_page_free(xa_erase(&dev->pages, first + i));
	return err;
}

static int pages_locked(struct enclave_dev *dev, enum enclave_op op,
			const struct enclave_pages *arg, u64 *done)
{
	int err;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	if (!dev->initialized ||
	    !enclave_pages_inside(dev, arg->offset, arg->length))
		err = -EINVAL;
	else
		err = pages_batch(
			dev, op, (arg->offset + arg->count) >> PAGE_SHIFT,
			min_t(u64, PAGES_BATCH,
			      (arg->length - arg->count) >> PAGE_SHIFT),
			arg->prot, done);
	mutex_unlock(&dev->lock);
	return err;
}

/**
 * enclave_pages_ioctl() - ENCLAVE_IOC_ADD, _REMOVE and _RESTRICT.
 * @dev: the enclave
 * @op: which of the three
 * @user: struct enclave_pages
 *
 * Page by page, so that what is permitted does not depend on how a program
 * slices its calls.
 *
 * Return: 0 or as the UAPI says, with the bytes done in the structure.
 */
long enclave_pages_ioctl(struct enclave_dev *dev, enum enclave_op op,
			 void __user *user)
{
	struct enclave_pages __user *out = user;
	struct enclave_pages arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (arg.reserved || (arg.prot & ~ENCLAVE_PROT_ALL) ||
	    (op == ENCLAVE_OP_REMOVE && arg.prot))
		return -EINVAL;
	err = enclave_pages_check(arg.offset, arg.length);
	if (err)
		return err;
	arg.count = 0;
	while (!err && arg.count < arg.length) {
		u64 done = 0;

		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
		err = pages_locked(dev, op, &arg, &done);
		arg.count += done << PAGE_SHIFT;
		cond_resched();
	}
	if (put_user(arg.count, &out->count))
		return -EFAULT;
	return err;
}

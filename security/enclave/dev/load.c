// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling an enclave of /dev/enclave before init: from memory and by write(2).
 *
 * Owns: the way from a source address to judged bytes. The page that is judged
 * is pinned and is the one that is copied; nothing faults while a lock is held.
 * Knows nothing of what the judgement is made of.
 */
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "../mutant.h"
#include "../window.h"
#include "dev.h"

/* Pages per hold of the locks. */
#define LOAD_BATCH 64

/* How often in a row a source may vanish or change before it was copied. */
#define LOAD_TRIES 64

/* What one step of a load came to, besides a negative error. */
#define LOAD_ABSENT 1 /* the next page is not in memory */
#define LOAD_AGAIN 2 /* the source changed under the judgement */

/**
 * struct load - a LOAD under way.
 * @dev: the enclave
 * @vma: source mapping, valid under mmap_lock
 * @src: address of the next page
 * @index: its page in the enclave
 * @left: pages to go
 * @prot: declared permissions
 * @flags: ENCLAVE_LOAD_F_*
 * @fresh: memory for the next pages, some NULL
 * @pinned: source pages of this step
 */
struct load {
	struct enclave_dev *dev;
	struct vm_area_struct *vma;
	unsigned long src;
	u64 index;
	u64 left;
	u32 prot;
	u32 flags;
	struct page *fresh[LOAD_BATCH];
	struct page *pinned[LOAD_BATCH];
};

static bool may_load(const struct enclave_dev *dev, u64 offset, u64 length)
{
	if (dev->initialized && !enclave_mutant(LOAD_AFTER_INIT))
		return false;
	return enclave_pages_inside(dev, offset, length);
}

static unsigned int batch_size(const struct load *l)
{
	return min_t(u64, l->left, LOAD_BATCH);
}

/* What can be said of the whole call before its first page. */
static int load_begin(struct load *l, u64 offset, u64 length)
{
	struct enclave_dev *dev = l->dev;
	int err = 0;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	if (!may_load(dev, offset, length)) {
		err = -EINVAL;
	} else if ((l->flags & ENCLAVE_LOAD_F_TCS) &&
		   (l->prot & ENCLAVE_PROT_EXEC) && !enclave_mutant(TCS_EXEC)) {
		enclave_lock(dev->enclave);
		err = security_enclave_refuse(dev->enclave, ENCLAVE_OP_LOAD,
					      enclave_dev_page(l->index),
					      l->prot, ENCLAVE_REFUSAL_TCS_EXEC,
					      -EACCES);
		enclave_unlock(dev->enclave);
	}
	mutex_unlock(&dev->lock);
	return err;
}

static u32 judge_flags(const struct load *l)
{
	if ((l->flags & ENCLAVE_LOAD_F_MEASURE) || enclave_mutant(MEASURE))
		return ENCLAVE_LOAD_MEASURED;
	return 0;
}

static void copy_source(const struct load *l, struct page *to,
			struct page *from)
{
	if (enclave_mutant(PINNED)) {
		/* Time for somebody to put another page there. */
		fsleep(100);
		if (!copy_from_user_nofault(page_address(to),
					    (void __user *)l->src, PAGE_SIZE))
			return;
	}
	copy_highpage(to, from);
}

/*
 * Puts the next pages where none are. Return: how many; @err says why not all.
 * Those that are not loaded in the end, the caller takes out again.
 */
static unsigned int insert_fresh(struct load *l, unsigned int count, int *err)
{
	unsigned long info = l->prot;
	unsigned int i;

	if (l->flags & ENCLAVE_LOAD_F_MEASURE)
		info |= ENCLAVE_PAGE_MEASURED;
	for (i = 0; i < count; i++) {
		*err = enclave_page_insert(l->dev, l->index + i, l->fresh[i],
					   info);
		if (*err)
			break;
	}
	return i;
}

/*
 * Judges, copies and commits as many of the pages [@at, @end) of the step as are
 * one request; the enclave is locked.
 *
 * Return: how many, or a negative error; -EAGAIN: somebody opened the source for
 * writing since it was judged.
 */
static long load_alike(struct load *l, unsigned int at, unsigned int end)
{
	struct enclave *e = l->dev->enclave;
	long i, count;
	int err;

	count = security_enclave_load_pages(e, l->index, l->vma, l->pinned + at,
					    end - at, l->prot, judge_flags(l));
	if (count < 0)
		return count;
	enclave_window(LOAD_JUDGED);
	err = enclave_source_hold(e);
	if (err) {
		security_enclave_abort(e);
		return err;
	}
	enclave_window(LOAD_HELD);
	for (i = 0; i < count; i++) {
		copy_source(l, l->fresh[at + i], l->pinned[at + i]);
		l->fresh[at + i] = NULL;
		l->src += PAGE_SIZE;
	}
	l->index += count;
	l->left -= count;
	security_enclave_commit(e);
	return count;
}

/* Loads @count pinned pages; the enclave is locked. */
static int load_pinned(struct load *l, unsigned int count)
{
	unsigned int inserted, at = 0, i;
	int err = 0;

	inserted = insert_fresh(l, count, &err);
	while (at < inserted) {
		long done = load_alike(l, at, inserted);

		if (done < 0) {
			err = done;
			break;
		}
		at += done;
	}
	for (i = at; i < inserted; i++)
		enclave_page_erase(l->dev, l->index + i - at);
	return err == -EAGAIN ? LOAD_AGAIN : err;
}

/*
 * Finds the source mapping and pins what is there, under mmap_lock; the enclave
 * is locked. Return: pages pinned, 0 if the first is absent, or an error.
 */
static long load_pin(struct load *l)
{
	unsigned long count, src = l->src;
	long pinned;
	int err;

	l->vma = vma_lookup(current->mm, src);
	if (!l->vma && enclave_mutant(SOURCE_GAP)) {
		l->vma = find_vma(current->mm, src);
		src = l->vma ? l->vma->vm_start : src;
	}
	err = enclave_source_check(l->dev->enclave, enclave_dev_page(l->index),
				   l->vma, l->prot);
	if (err)
		return err;
	count = min_t(unsigned long, batch_size(l),
		      (l->vma->vm_end - src) >> PAGE_SHIFT);
	pinned = get_user_pages(src, count, FOLL_NOFAULT, l->pinned);
	return pinned == -EFAULT ? 0 : pinned;
}

static int load_locked(struct load *l, long *pinned)
{
	struct enclave_dev *dev = l->dev;
	int err;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	if (!may_load(dev, l->index << PAGE_SHIFT, l->left << PAGE_SHIFT)) {
		mutex_unlock(&dev->lock);
		return -EINVAL;
	}
	enclave_lock(dev->enclave);
	*pinned = load_pin(l);
	if (*pinned > 0)
		err = load_pinned(l, *pinned);
	else
		err = *pinned ?: LOAD_ABSENT;
	enclave_unlock(dev->enclave);
	mutex_unlock(&dev->lock);
	return err;
}

/* Return: 0, a negative error, LOAD_ABSENT or LOAD_AGAIN. */
static int load_step(struct load *l)
{
	struct mm_struct *mm = current->mm;
	unsigned int i, count = batch_size(l);
	long pinned = 0;
	int err;

	for (i = 0; i < count; i++) {
		if (!l->fresh[i])
			l->fresh[i] = enclave_page_alloc(0);
		if (!l->fresh[i])
			return -ENOMEM;
	}
	if (mmap_read_lock_killable(mm))
		return -EINTR;
	err = load_locked(l, &pinned);
	mmap_read_unlock(mm);
	while (pinned > 0)
		put_page(l->pinned[--pinned]);
	return err;
}

/*
 * A source that can be read but not pinned (memory of a device, secret memory)
 * has no page to judge. It is judged as bytes of unknown origin, so that a
 * denial says so, and not loaded.
 */
static int load_unpinnable(struct load *l)
{
	struct enclave *e = l->dev->enclave;
	int err;

	if (mutex_lock_killable(&l->dev->lock))
		return -EINTR;
	if (!may_load(l->dev, l->index << PAGE_SHIFT, PAGE_SIZE)) {
		err = -EINVAL;
	} else {
		enclave_lock(e);
		err = security_enclave_load(e, enclave_dev_page(l->index), NULL,
					    NULL, l->prot, judge_flags(l));
		security_enclave_abort(e);
		enclave_unlock(e);
	}
	mutex_unlock(&l->dev->lock);
	return err ?: -EFAULT;
}

/* Faults the next pages in, with no lock held. */
static int fault_in(const struct load *l)
{
	size_t len = (size_t)batch_size(l) << PAGE_SHIFT;
	size_t missing;

	if (enclave_mutant(STALL))
		mutex_lock(&l->dev->lock);
	missing = fault_in_readable((const char __user *)l->src, len);
	if (enclave_mutant(STALL))
		mutex_unlock(&l->dev->lock);
	if (fatal_signal_pending(current))
		return -EINTR;
	return missing == len ? -EFAULT : 0;
}

static int load_all(struct load *l)
{
	unsigned int tries = 0;

	while (l->left) {
		u64 before = l->left;
		int err = load_step(l);

		if (err < 0)
			return err;
		tries = l->left == before ? tries + 1 : 0;
		if (tries > LOAD_TRIES)
			return load_unpinnable(l);
		if (err == LOAD_ABSENT) {
			err = fault_in(l);
			if (err == -EFAULT && enclave_mutant(ABSENT))
				return 0;
			if (err)
				return err;
		}
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

static int load_check(const struct enclave_load *arg)
{
	if ((arg->prot & ~ENCLAVE_PROT_ALL) ||
	    (arg->flags & ~(ENCLAVE_LOAD_F_MEASURE | ENCLAVE_LOAD_F_TCS)))
		return -EINVAL;
	if (!PAGE_ALIGNED(arg->src) || arg->src + arg->length < arg->src)
		return -EINVAL;
	return enclave_pages_check(arg->offset, arg->length);
}

/**
 * enclave_load_ioctl() - ENCLAVE_IOC_LOAD.
 * @dev: the enclave
 * @user: struct enclave_load
 *
 * Return: 0 or as the UAPI says, with the bytes loaded in the structure.
 */
long enclave_load_ioctl(struct enclave_dev *dev, void __user *user)
{
	struct enclave_load __user *out = user;
	struct load l = { .dev = dev };
	struct enclave_load arg;
	unsigned int i;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	err = load_check(&arg);
	if (err)
		return err;
	l.src = arg.src;
	l.index = arg.offset >> PAGE_SHIFT;
	l.left = arg.length >> PAGE_SHIFT;
	l.prot = arg.prot;
	l.flags = arg.flags;
	err = load_begin(&l, arg.offset, arg.length);
	if (!err)
		err = load_all(&l);
	for (i = 0; i < LOAD_BATCH; i++)
		enclave_page_free(l.fresh[i]);
	arg.count = arg.length - (l.left << PAGE_SHIFT);
	if (enclave_mutant(LOAD_COUNT))
		arg.count = arg.length;
	if (put_user(arg.count, &out->count))
		return -EFAULT;
	return err;
}

/* Judges and inserts one page that write(2) brought. */
static int write_page(struct file *file, u64 offset, struct page *page)
{
	struct enclave_dev *dev = file->private_data;
	u64 index = offset >> PAGE_SHIFT;
	int err;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	if (!may_load(dev, offset, PAGE_SIZE)) {
		err = -EINVAL;
		goto out;
	}
	err = enclave_page_insert(dev, index, page, dev->write_prot);
	if (err)
		goto out;
	enclave_lock(dev->enclave);
	err = security_enclave_load_written(dev->enclave, index, dev->write_prot,
					    file->f_cred);
	if (err) {
		security_enclave_abort(dev->enclave);
		enclave_page_erase(dev, index);
	} else {
		security_enclave_commit(dev->enclave);
	}
	enclave_unlock(dev->enclave);
out:
	mutex_unlock(&dev->lock);
	return err;
}

static int write_one(struct file *file, u64 offset, const char __user *buf)
{
	struct page *page = enclave_page_alloc(0);
	unsigned long missing;
	int err;

	if (!page)
		return -ENOMEM;
	missing = copy_from_user(page_address(page), buf, PAGE_SIZE);
	if (fatal_signal_pending(current))
		err = -EINTR;
	else if (missing)
		err = -EFAULT;
	else
		err = write_page(file, offset, page);
	if (err)
		enclave_page_free(page);
	return err;
}

/**
 * enclave_load_write() - write(2): whole pages of unknown origin, unmeasured,
 * with the permissions that CREATE declared for them. Who opened the enclave is asked
 * as well as who writes.
 * @file: the enclave
 * @buf: bytes
 * @len: their number
 * @pos: offset in the enclave
 *
 * Return: bytes written if any, else an error as of ENCLAVE_IOC_LOAD.
 */
ssize_t enclave_load_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos)
{
	size_t done;
	int err;

	if (!len)
		return 0;
	err = enclave_pages_check(*pos, len);
	for (done = 0; !err && done < len; done += PAGE_SIZE) {
		err = write_one(file, *pos, buf + done);
		if (err)
			break;
		*pos += PAGE_SIZE;
		cond_resched();
	}
	return done ?: err;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ADD_PAGES of the SGX driver: the pages that come from memory. Included by the
 * driver's ioctl.c only.
 *
 * Owns: where a call's pages are pinned, how many of them are judged at a time,
 * and what happens to those that were judged and not added. Knows no LSM.
 * Without CONFIG_SECURITY_ENCLAVE every function does nothing.
 *
 * The source is faulted in while no lock is held, then pinned without a fault;
 * what is missing then is faulted in again. Of a call's first page it is seen first
 * whether it can be pinned as it is. What is pinned is judged, and added.
 *
 * The first page of a call is judged, added, committed. The others are pinned
 * up to 64 at a time, and those that are alike are judged together and committed
 * before they are added: the driver gives up its locks after each. Until they
 * are added their bytes stay as they were judged (the pages are pinned, writers
 * of their file kept away), nobody can reach them, and a mapping over them is
 * judged as if they were there. Those that are not added after all, because the
 * call ends early, are taken back.
 */
#ifndef _LINUX_ENCLAVE_SGX_LOAD_H
#define _LINUX_ENCLAVE_SGX_LOAD_H

#include <linux/delay.h>
#include <linux/enclave_sgx.h>
#include <linux/err.h>
#include <linux/pagemap.h>

#ifdef CONFIG_SECURITY_ENCLAVE

#define SGX_ENCLAVE_BATCH 64

/* A source that somebody takes away, or opens for writing, all the time. */
#define SGX_ENCLAVE_TRIES 8

/**
 * struct sgx_enclave_batch - one call of ADD_PAGES; on its stack, which is not set
 * to zero for it: sgx_enclave_batch_begin() fills what is read before it is written.
 * @add: what was asked for
 * @faulted: up to here it was faulted in, or was not tried to
 * @missing: a page could not be pinned
 * @tries: how often the page was tried again
 * @pages: pinned, judged, committed; those from @next on are not added yet
 * @next: index in @pages
 * @count: their number
 * @first: where the first of them goes
 * @file: whose writers are kept away meanwhile, or NULL
 */
struct sgx_enclave_batch {
	const struct sgx_enclave_add_pages *add;
	unsigned long faulted;
	bool missing;
	unsigned int tries;
	unsigned int next;
	unsigned int count;
	u64 first;
	struct file *file;
	struct page *pages[SGX_ENCLAVE_BATCH];
};

static inline void
sgx_enclave_batch_begin(struct sgx_encl *encl, struct sgx_enclave_batch *batch,
			const struct sgx_enclave_add_pages *add)
{
	batch->add = add;
	batch->faulted = add->src + PAGE_SIZE;
	batch->missing = false;
	batch->tries = 0;
	batch->next = 0;
	batch->count = 0;
	batch->file = NULL;
	encl->enclave_batch = batch;
}

static inline unsigned int
sgx_enclave_left(const struct sgx_enclave_batch *batch, unsigned long src)
{
	unsigned long end = batch->add->src + batch->add->length;

	return min_t(unsigned long, (end - src) >> PAGE_SHIFT,
		     SGX_ENCLAVE_BATCH);
}

/* Pages are measured as a whole, or not at all. */
static inline u32 sgx_enclave_load_flags(const struct sgx_enclave_batch *batch)
{
	BUILD_BUG_ON(SGX_PAGE_MEASURE != ENCLAVE_LOAD_MEASURED);
	return batch->add->flags & SGX_PAGE_MEASURE;
}

/*
 * Fault the source in while no lock is held and nobody kept away, that is not
 * before pages that were judged ahead are added; errors show when it is pinned.
 */
static inline void sgx_enclave_prefault(struct sgx_encl *encl,
					unsigned long src)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;
	size_t length;

	if (src < batch->faulted ||
	    (batch->next < batch->count && !enclave_mutant(STALL)))
		return;
	length = (size_t)sgx_enclave_left(batch, src) << PAGE_SHIFT;
	if (enclave_mutant(STALL))
		mutex_lock(&encl->lock);
	fault_in_readable((const char __user *)src, length);
	if (enclave_mutant(STALL))
		mutex_unlock(&encl->lock);
	batch->faulted = src + length;
}

static inline void sgx_enclave_batch_over(struct sgx_enclave_batch *batch)
{
	batch->next = 0;
	batch->count = 0;
	enclave_source_drop(batch->file);
	batch->file = NULL;
}

/* Judge what was pinned. Return: how many pages are committed, or an error. */
static inline long sgx_enclave_judge_ahead(struct sgx_encl *encl,
					   struct vm_area_struct *vma,
					   long pinned, u32 intent)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;
	struct enclave *e = encl->enclave;
	long count;

	enclave_lock(e);
	count = security_enclave_load_pages(e, batch->first, vma, batch->pages,
					    pinned, intent,
					    sgx_enclave_load_flags(batch));
	if (count > 0)
		enclave_window(LOAD_JUDGED);
	if (count > 0 && enclave_source_hold(e)) {
		security_enclave_abort(e);
		count = -EAGAIN;
	}
	if (count > 0) {
		batch->file = enclave_source_keep(e);
		security_enclave_commit(e);
	}
	enclave_unlock(e);
	return count;
}

/* The PINNED mutant: what is added is what is there by now. */
static inline void sgx_enclave_load_mutant(unsigned long src,
					   struct page **src_page)
{
	struct page *now;

	fsleep(100);
	if (get_user_pages(src, 1, 0, &now) != 1)
		return;
	put_page(*src_page);
	*src_page = now;
}

/* The same of those that are added later. */
static inline void sgx_enclave_ahead_mutant(unsigned long src,
					    struct page **pages, long count)
{
	for (; count > 0; count--, pages++, src += PAGE_SIZE)
		sgx_enclave_load_mutant(src, pages);
}

/*
 * Pin and judge pages from @src on. Return: 0: there are some; -EACCES: denied;
 * another error: whatever is amiss is for the page alone to show.
 */
static inline int sgx_enclave_ahead(struct sgx_encl *encl,
				    const struct sgx_encl_page *page,
				    unsigned long src)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, src);
	struct sgx_enclave_batch *batch = encl->enclave_batch;
	long pinned, count = -EAGAIN;

	if (!vma || !(vma->vm_flags & VM_MAYEXEC))
		return -EFAULT;
	count = min_t(unsigned long, sgx_enclave_left(batch, src),
		      (vma->vm_end - src) >> PAGE_SHIFT);
	pinned = get_user_pages(src, count, FOLL_NOFAULT, batch->pages);
	if (pinned <= 0)
		return -EFAULT;
	batch->first = PFN_DOWN((page->desc & PAGE_MASK) - encl->base);
	count = sgx_enclave_judge_ahead(encl, vma, pinned,
					page->vm_max_prot_bits);
	while (pinned > max(count, 0L))
		put_page(batch->pages[--pinned]);
	if (count < 0)
		return count;
	enclave_window(LOAD_AHEAD);
	if (enclave_mutant(PINNED))
		sgx_enclave_ahead_mutant(src, batch->pages, count);
	batch->count = count;
	return 0;
}

/*
 * The page at @src, if it has been pinned, judged and committed ahead. The first
 * of a call is not: only when it was added can its kind be.
 *
 * Return: the page; NULL: it is to be judged by itself; or an ERR_PTR().
 */
static inline struct page *sgx_enclave_batched(struct sgx_encl *encl,
					       const struct sgx_encl_page *page,
					       unsigned long src)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;

	if (batch->next == batch->count) {
		int err = src > batch->add->src ?
				  sgx_enclave_ahead(encl, page, src) :
				  -EAGAIN;

		if (err)
			return err == -EACCES ? ERR_PTR(err) : NULL;
	}
	return batch->pages[batch->next];
}

/*
 * The source will be pinned: is there a mapping, and not an enclave's? @vma:
 * find_vma(), which may be the next one above a gap.
 */
static inline int sgx_enclave_source(struct sgx_encl *encl,
				     const struct sgx_encl_page *page,
				     unsigned long src,
				     struct vm_area_struct *vma)
{
	int err;

	if (vma && src < vma->vm_start)
		vma = NULL;
	/* Of an enclave nothing can be pinned; of the others it is asked who they are. */
	if (likely(vma && !(vma->vm_flags & (VM_IO | VM_PFNMAP))))
		return 0;
	if (enclave_source_usable(vma))
		return 0;
	enclave_lock(encl->enclave);
	err = enclave_source_check(
		encl->enclave, sgx_enclave_page(encl, page->desc & PAGE_MASK),
		vma, page->vm_max_prot_bits);
	enclave_unlock(encl->enclave);
	return err;
}

/* get_user_pages() has returned @pinned. */
static inline void sgx_enclave_pinned(struct sgx_encl *encl, int pinned)
{
	if (pinned < 1)
		encl->enclave_batch->missing = true;
}

/*
 * Return: 0, an error of the judgement, or 1: somebody opened the source for writing
 * since, or cut it off its file.
 */
static inline int sgx_enclave_try_load(struct sgx_encl *encl,
				       const struct sgx_encl_page *page,
				       struct vm_area_struct *vma,
				       struct page *src_page)
{
	struct enclave *e = encl->enclave;
	int err;

	err = security_enclave_load(e,
				    sgx_enclave_page(encl,
						     page->desc & PAGE_MASK),
				    vma, src_page, page->vm_max_prot_bits,
				    sgx_enclave_load_flags(encl->enclave_batch));
	if (err)
		return err;
	enclave_window(LOAD_JUDGED);
	if (likely(!enclave_source_hold(e)))
		return 0;
	security_enclave_abort(e);
	return 1;
}

static noinline int sgx_enclave_load_again(struct sgx_encl *encl,
					   const struct sgx_encl_page *page,
					   struct vm_area_struct *vma,
					   struct page *src_page)
{
	int err = 1, i;

	for (i = 1; err > 0 && i < SGX_ENCLAVE_TRIES; i++)
		err = sgx_enclave_try_load(encl, page, vma, src_page);
	return err > 0 ? -EAGAIN : err;
}

/*
 * EADD and, if asked for, EEXTEND follow, of the pinned @src_page. @vma: as
 * sgx_enclave_source() found it; pinning keeps mmap_lock.
 */
static inline int sgx_enclave_load(struct sgx_encl *encl,
				   const struct sgx_encl_page *page,
				   unsigned long src,
				   struct vm_area_struct *vma,
				   struct page **src_page)
{
	int err;

	enclave_lock(encl->enclave);
	err = sgx_enclave_try_load(encl, page, vma, *src_page);
	if (unlikely(err > 0))
		err = sgx_enclave_load_again(encl, page, vma, *src_page);
	if (!err)
		enclave_window(LOAD_HELD);
	if (!err && enclave_mutant(PINNED))
		sgx_enclave_load_mutant(src, src_page);
	return sgx_enclave_judged(encl, err);
}

/*
 * The page was added, or not (@err). Its pin is the driver's to give back, of a
 * page that was committed ahead too.
 */
static inline void sgx_enclave_added(struct sgx_encl *encl, int err)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;

	batch->tries = 0;
	if (batch->next == batch->count) {
		sgx_enclave_settle(encl, err);
		return;
	}
	if (err) {
		batch->pages[batch->next] = NULL;
		return;
	}
	if (++batch->next == batch->count)
		sgx_enclave_batch_over(batch);
}

/* Return: is the page to be tried again, for want of its source? Then @ret is 0. */
static inline bool sgx_enclave_again(struct sgx_encl *encl, unsigned long src,
				     int *ret)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;

	if (*ret != -EFAULT || !batch->missing)
		return false;
	if (batch->tries++ == SGX_ENCLAVE_TRIES) {
		if (enclave_mutant(ABSENT))
			*ret = 0;
		return false;
	}
	batch->missing = false;
	batch->faulted = src;
	*ret = 0;
	return true;
}

/* The call is over; some pages may have been committed and not added. */
static inline void sgx_enclave_batch_end(struct sgx_encl *encl)
{
	struct sgx_enclave_batch *batch = encl->enclave_batch;
	struct enclave_range rest;

	encl->enclave_batch = NULL;
	if (batch->next == batch->count)
		return;
	rest.first = batch->first + batch->next;
	rest.count = batch->count - batch->next;
	enclave_lock(encl->enclave);
	security_enclave_unload(encl->enclave, rest);
	enclave_unlock(encl->enclave);
	for (; batch->next < batch->count; batch->next++)
		if (batch->pages[batch->next])
			put_page(batch->pages[batch->next]);
	/* The rule forgotten: writers are kept away for good. */
	if (!enclave_mutant(UNLOCK_ON_ERROR))
		sgx_enclave_batch_over(batch);
}

#define SGX_ENCLAVE_GUP FOLL_NOFAULT

#else /* CONFIG_SECURITY_ENCLAVE */

struct sgx_enclave_batch {};

#define SGX_ENCLAVE_GUP 0

static inline void
sgx_enclave_batch_begin(struct sgx_encl *encl, struct sgx_enclave_batch *batch,
			const struct sgx_enclave_add_pages *add)
{
}

static inline void sgx_enclave_prefault(struct sgx_encl *encl,
					unsigned long src)
{
}

static inline struct page *sgx_enclave_batched(struct sgx_encl *encl,
					       const struct sgx_encl_page *page,
					       unsigned long src)
{
	return NULL;
}

static inline int sgx_enclave_source(struct sgx_encl *encl,
				     const struct sgx_encl_page *page,
				     unsigned long src,
				     struct vm_area_struct *vma)
{
	return 0;
}

static inline void sgx_enclave_pinned(struct sgx_encl *encl, int pinned)
{
}

static inline int sgx_enclave_load(struct sgx_encl *encl,
				   const struct sgx_encl_page *page,
				   unsigned long src,
				   struct vm_area_struct *vma,
				   struct page **src_page)
{
	return 0;
}

static inline void sgx_enclave_added(struct sgx_encl *encl, int err)
{
}

static inline bool sgx_enclave_again(struct sgx_encl *encl, unsigned long src,
				     int *ret)
{
	return false;
}

static inline void sgx_enclave_batch_end(struct sgx_encl *encl)
{
}

#endif /* CONFIG_SECURITY_ENCLAVE */

#endif /* _LINUX_ENCLAVE_SGX_LOAD_H */

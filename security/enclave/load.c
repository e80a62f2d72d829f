// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads: pages that come from memory.
 *
 * Owns: how many pages are one request, and what they get. Asks source.c what a
 * page is; must not know what an LSM answers, nor change anything.
 */
#include <linux/enclave.h>
#include <linux/errno.h>

#include "internal.h"
#include "mutant.h"

/* What the pages would come from; only for code is it worth knowing. */
static int load_source(struct enclave *e, struct vm_area_struct *vma,
		       struct page *page, u32 intent)
{
	struct enclave_source *source = &e->pending_source;

	source->origin = ENCLAVE_ORIGIN_ANON;
	source->is_mutable = false;
	source->mapped_exec = false;
	source->file = NULL;
	e->pending.source = source;
	if (!(intent & ENCLAVE_X) || !vma)
		return 0;

	if (enclave_source_noexec(vma))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_NOEXEC,
					      -EACCES);
	if (enclave_source_classify(source, vma, page)) {
		enclave_request_end(e);
		return -EFAULT;
	}
	return 0;
}

/* Begin to ask for pages that are to come from memory. */
static int load_begin(struct enclave *e, struct enclave_range range, u32 intent)
{
	enclave_request_begin(e, ENCLAVE_OP_LOAD, range, intent & ENCLAVE_RWX);
	if (!e->created ||
	    (e->initialized && !enclave_mutant(LOAD_AFTER_INIT))) {
		enclave_request_end(e);
		return -EINVAL;
	}
	if (!enclave_range_inside(e, range))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_OUTSIDE,
					      -EACCES);
	if (!enclave_range_absent(e, range) && !enclave_mutant(LOAD_TWICE)) {
		enclave_request_end(e);
		return -EBUSY;
	}
	return 0;
}

/* The source is known: what the pages get, and whether they may. */
static int load_judge(struct enclave *e, u32 intent, u32 flags)
{
	const struct enclave_source *source = &e->pending_source;

	e->pending_facts = enclave_facts_load(source->origin, intent,
					      source->is_mutable,
					      flags & ENCLAVE_LOAD_MEASURED);
	return enclave_judge_new_pages(e);
}

/**
 * security_enclave_load() - may these pages be loaded?
 * @e: the enclave
 * @range: where; one page, unless there is no source
 * @vma: mapping of the source; NULL: bytes of unknown origin
 * @page: the pinned page that will be copied; NULL with @vma: it cannot be
 *      pinned, and the provider fails after this has been judged
 * @intent: declared permissions, ENCLAVE_R|W|X
 * @flags: ENCLAVE_LOAD_*
 *
 * Context: mmap_lock of @vma from here to commit or abort.
 *
 * Return: 0; -EINVAL: not created, or initialised; -EBUSY: a page is there;
 * -EFAULT: the page left its file; -ENOMEM; or a refusal.
 */
int security_enclave_load(struct enclave *e, struct enclave_range range,
			  struct vm_area_struct *vma, struct page *page,
			  u32 intent, u32 flags)
{
	int err;

	err = load_begin(e, range, intent);
	if (err)
		return err;
	e->pending_page = page;
	e->pending_pages = &e->pending_page;
	err = load_source(e, vma, page, intent);
	return err ? err : load_judge(e, intent, flags);
}

/* How many pages, from the first on, are what load_source() found it to be. */
static unsigned int count_alike(const struct enclave *e,
				struct vm_area_struct *vma,
				struct page *const *pages, unsigned int count,
				u32 intent)
{
	unsigned int n;

	if (!(intent & ENCLAVE_X))
		return count;
	for (n = 1; n < count; n++)
		if (!enclave_source_alike(&e->pending_source, vma, pages[n]))
			break;
	return n;
}

/**
 * security_enclave_load_pages() - may pages of one mapping be loaded?
 * @e: the enclave
 * @first: where the first of them goes; the others follow it
 * @vma: mapping of the source
 * @pages: the pinned pages that will be copied, valid to commit or abort
 * @count: their number, at least 1
 * @intent: declared permissions, ENCLAVE_R|W|X
 * @flags: ENCLAVE_LOAD_*
 *
 * Every page is classified by itself. Those from the first on that are alike
 * are one request; the provider copies and commits that many, then asks for the
 * rest. If they are not granted together, the first is asked for alone: a
 * refusal is always of one page, and whatever comes before it can be loaded.
 *
 * Context: mmap_lock of @vma from here to commit or abort.
 *
 * Return: how many pages the request that is pending is for, at least 1, or an
 * error as security_enclave_load().
 */
long security_enclave_load_pages(struct enclave *e, u64 first,
				 struct vm_area_struct *vma,
				 struct page *const *pages, unsigned int count,
				 u32 intent, u32 flags)
{
	struct enclave_range range = { .first = first, .count = count };
	unsigned int alike;
	int err;

	err = load_begin(e, range, intent);
	if (err)
		return err;
	e->pending_pages = pages;
	err = load_source(e, vma, pages[0], intent);
	if (err)
		return err;
	alike = count_alike(e, vma, pages, count, intent);
	e->pending.range.count = alike;
	e->pending.divisible = alike > 1;
	err = load_judge(e, intent, flags);
	if (err == -E2BIG && alike > 1)
		return security_enclave_load_pages(e, first, vma, pages, 1,
						   intent, flags);
	if (err)
		return err;
	return alike;
}

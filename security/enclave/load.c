// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads: pages that come from memory.
 *
 * Owns: how many pages are one request, and what new pages get. Asks source.c what a
 * page is; must not know what an LSM answers, nor change anything.
 */
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/errno.h>

#include "internal.h"
#include "mutant.h"

/* @err, which ends the load; -EACCES is recorded as a refusal for @why. */
static noinline int load_fails(struct enclave *e, int err,
			       enum enclave_refusal why)
{
	if (err == -EACCES)
		return enclave_request_refuse(e, why, err);
	enclave_request_end(e);
	return err;
}

/* What the pages would come from; only for code is it worth knowing. */
static __always_inline int load_source(struct enclave *e,
				       struct vm_area_struct *vma,
				       struct page *page, u32 intent)
{
	struct enclave_source *source = &e->pending_source;
	int err;

	source->origin = ENCLAVE_ORIGIN_ANON;
	source->is_mutable = false;
	source->mapped_exec = false;
	source->read_only = false;
	source->file = NULL;
	e->pending.source = source;
	if (!(intent & ENCLAVE_X) || !vma)
		return 0;

	err = enclave_source_classify(source, vma, page);
	return likely(!err) ? 0 : load_fails(e, err, ENCLAVE_REFUSAL_NOEXEC);
}

/* No page is there yet. Of one alone, the memory that its facts take is reserved. */
static __always_inline int load_claim(struct enclave *e,
				      struct enclave_range range)
{
	int err;

	if (range.count != 1)
		return enclave_pages_absent(e, range) ? 0 : -EBUSY;
	err = enclave_store_claim(e->store, range.first);
	e->pending_change = true;
	if (unlikely(err == -EBUSY) && enclave_mutant(LOAD_TWICE))
		return enclave_store_reserve(e->store, range.first, 1);
	return err;
}

/* Begin to ask for pages that are to come from memory. */
static __always_inline int load_begin(struct enclave *e,
				      struct enclave_range range, u32 intent,
				      bool opener)
{
	int err;

	enclave_request_begin(e, ENCLAVE_OP_LOAD, range, intent & ENCLAVE_RWX);
	e->pending.opener = opener;
	if (!e->created ||
	    (e->initialized && !enclave_mutant(LOAD_AFTER_INIT)))
		return load_fails(e, -EINVAL, ENCLAVE_REFUSAL_NONE);
	if (!enclave_range_inside(e, range))
		return load_fails(e, -EACCES, ENCLAVE_REFUSAL_OUTSIDE);
	err = load_claim(e, range);
	if (unlikely(err) && !(err == -EBUSY && enclave_mutant(LOAD_TWICE)))
		return load_fails(e, err, ENCLAVE_REFUSAL_NONE);
	return 0;
}

/*
 * Judge pages that come to be. They get facts @f, and have no history, so that they
 * use what they @need to come to be. @reserved: so is the memory that their facts take.
 */
static __always_inline int judge_new_pages(struct enclave *e,
					   struct enclave_range range,
					   enclave_facts f, u32 need,
					   bool reserved)
{
	struct enclave_request *req = &e->pending;

	req->facts = f;
	e->pending_facts = f;
	e->pending_uses = need;
	e->pending_change = true;
	if (enclave_mutant(NO_X))
		need |= ENCLAVE_PERM_EXEC_ANON;
	req->required = enclave_mutant_drop(need);
	return reserved ? enclave_request_ask(e) :
			  enclave_request_reserve(e, range);
}

/**
 * enclave_judge_added() - judge pages that are to be added after init.
 * @e: the enclave, locked; an ADD of pages that are inside it is pending, with
 *      pending_facts
 *
 * Return: as enclave_request_judge().
 */
int enclave_judge_added(struct enclave *e)
{
	const struct enclave_request *req = &e->pending;
	enclave_facts f = e->pending_facts;

	return judge_new_pages(e, req->range, f,
			       enclave_required(f, ENCLAVE_OP_ADD, req->access,
						e->initialized),
			       false);
}

/*
 * What a page that is loaded needs, which its facts alone say. They are mostly what
 * they were of the page before.
 */
static inline u32 load_needs(struct enclave *e, enclave_facts f)
{
	if (unlikely(f != e->loaded_facts)) {
		e->loaded_need = enclave_required(f, ENCLAVE_OP_LOAD,
						  f & ENCLAVE_FACT_INTENT,
						  e->initialized);
		e->loaded_facts = f;
	}
	return e->loaded_need;
}

/* The source is known: what the pages get, and whether they may. */
static __always_inline int load_judge(struct enclave *e,
				      struct enclave_range range, u32 intent,
				      u32 flags, bool reserved)
{
	const struct enclave_source *source = &e->pending_source;
	enclave_facts f = enclave_facts_load(source->origin, intent,
					     source->is_mutable,
					     flags & ENCLAVE_LOAD_MEASURED);

	return judge_new_pages(e, range, f, load_needs(e, f), reserved);
}

/* A load of pages that are one request; @opener as struct enclave_request has it. */
static __always_inline int load(struct enclave *e, struct enclave_range range,
				struct vm_area_struct *vma, struct page *page,
				u32 intent, u32 flags, bool opener)
{
	int err;

	err = load_begin(e, range, intent, opener);
	if (err)
		return err;
	e->pending_page = page;
	e->pending_pages = &e->pending_page;
	err = load_source(e, vma, page, intent);
	return err ? err :
		     load_judge(e, range, intent, flags, range.count == 1);
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
	return load(e, range, vma, page, intent, flags, false);
}

/* Who opened the file is asked, and owes what he is granted. */
static int load_for_opener(struct enclave *e, struct enclave_range at,
			   u32 intent, const struct cred *opener)
{
	const struct cred *writer = override_creds(opener);
	int err;

	err = load(e, at, NULL, NULL, intent, 0, true);
	if (!err)
		lsm_enclave_commit(e, &e->pending);
	revert_creds(writer);
	enclave_request_end(e);
	return err;
}

/**
 * security_enclave_load_written() - may bytes be loaded that were written to a file?
 * @e: the enclave
 * @page: where
 * @intent: declared permissions, ENCLAVE_R|W|X
 * @opener: credentials of who opened the file
 *
 * A program's output goes wherever its caller pleases, so that who writes may not
 * know what to. Both are asked, and each owes what it is granted. Who writes is asked
 * first, too: of what he may not do nothing is kept, the opener's grant least.
 *
 * Return: as security_enclave_load().
 */
int security_enclave_load_written(struct enclave *e, u64 page, u32 intent,
				  const struct cred *opener)
{
	struct enclave_range at = { .first = page, .count = 1 };
	int err = 0;

	if (opener != current_cred() && !enclave_mutant(OPENER)) {
		if (!enclave_mutant(WRITER_FIRST))
			err = security_enclave_load(e, at, NULL, NULL, intent,
						    0);
		enclave_request_end(e);
		if (!err)
			err = load_for_opener(e, at, intent, opener);
	}
	return err ? err : security_enclave_load(e, at, NULL, NULL, intent, 0);
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
	bool reserved = count == 1;
	int err;

	err = load_begin(e, range, intent, false);
	if (err)
		return err;
	e->pending_pages = pages;
	err = load_source(e, vma, pages[0], intent);
	if (err)
		return err;
	alike = count_alike(e, vma, pages, count, intent);
	range.count = alike;
	e->pending.range = range;
	e->pending.divisible = alike > 1;
	err = load_judge(e, range, intent, flags, reserved);
	if (err == -E2BIG && alike > 1)
		return security_enclave_load_pages(e, first, vma, pages, 1,
						   intent, flags);
	if (err)
		return err;
	return alike;
}

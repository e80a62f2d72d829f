/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the framework's files tell each other.
 *
 * Owns: prototypes, and the steps of a request that a load of one page takes too, inline.
 * No provider and no LSM includes this.
 */
#ifndef _SECURITY_ENCLAVE_INTERNAL_H
#define _SECURITY_ENCLAVE_INTERNAL_H

#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>

#include "facts.h"
#include "lsm.h"
#include "mutant.h"
#include "store.h"

/* All of @range is in the enclave, and there is some of it. */
static inline bool enclave_range_inside(const struct enclave *e,
					struct enclave_range range)
{
	return range.first < e->pages && range.count &&
	       range.count <= e->pages - range.first;
}

/* The part of @range that the enclave has; no page if it has none of it. */
static inline struct enclave_range
enclave_range_clip(const struct enclave *e, struct enclave_range range)
{
	if (range.first >= e->pages)
		return (struct enclave_range){};
	range.count = min(range.count, e->pages - range.first);
	return range;
}

/* request.c */
void enclave_request_need(struct enclave_request *req, u32 need);
int enclave_request_refuse(struct enclave *e, enum enclave_refusal why,
			   int err);
int enclave_request_denied(struct enclave *e, int err);
int enclave_request_judge(struct enclave *e);
bool enclave_pages_absent(const struct enclave *e, struct enclave_range range);
int enclave_judge_run(struct enclave *e, enclave_facts f, u64 first, u64 end);
int enclave_judge_pages(struct enclave *e, struct enclave_range range);

/* load.c */
int enclave_judge_added(struct enclave *e);

/* commit.c */
void enclave_apply(struct enclave *e);
void enclave_request_end(struct enclave *e);

/* source.c */
int enclave_source_classify(struct enclave_source *source,
			    struct vm_area_struct *vma, struct page *page);
bool enclave_source_alike(const struct enclave_source *source,
			  struct vm_area_struct *vma, struct page *page);
void enclave_source_let_in(struct enclave *e);

/* Let writers of the pending request's source in again, if they were kept away. */
static inline void enclave_source_release(struct enclave *e)
{
	if (e->pending_held)
		enclave_source_let_in(e);
}

/* alias.c */
int enclave_mm_reserve(struct enclave *e, struct mm_struct *mm);
void enclave_mm_free_all(struct enclave *e);
bool enclave_mm_refused(const struct enclave *e, const struct mm_struct *mm);
void enclave_alone_add(struct enclave *e, struct enclave_range run);
int enclave_judge_alone(struct enclave *e);
int enclave_alias_in_mm(struct enclave *e, struct enclave_range *range);
void enclave_written_begin(struct enclave *e);

/* enclave.c */
bool enclave_is_vma(const struct vm_area_struct *vma);

/* What no request has until it is said of it. */
static inline void enclave_request_clear(struct enclave_request *req,
					 enum enclave_op op,
					 struct enclave_range range, u32 access)
{
	req->op = op;
	req->refusal = ENCLAVE_REFUSAL_NONE;
	req->access = access;
	req->facts = 0;
	req->required = 0;
	req->foreign_euid = false;
	req->opener = false;
	req->divisible = false;
	req->range = range;
}

/**
 * enclave_request_begin() - start to fill enclave.pending.
 * @e: the enclave, locked; nothing is pending
 * @op: what is asked
 * @range: of which pages
 * @access: ENCLAVE_R|W|X, as struct enclave_request has it
 *
 * What points to somewhere, and whether something will change, is as
 * the commit or enclave_request_end() left it: nowhere, and no.
 */
static inline void enclave_request_begin(struct enclave *e, enum enclave_op op,
					 struct enclave_range range, u32 access)
{
	lockdep_assert_held(&e->lock);
	if (WARN_ON_ONCE(e->pending.op))
		enclave_request_end(e);

	enclave_request_clear(&e->pending, op, range, access);
	e->pending.foreign_euid = !uid_eq(current_euid(), e->owner);
	e->pending_written = false;
	e->pending_alone = (struct enclave_range){};
}

/* Ask the LSMs. Return: 0; else nothing is pending. */
static inline int enclave_request_ask(struct enclave *e)
{
	int err = lsm_enclave_judge(e, &e->pending);

	return likely(!err) ? 0 : enclave_request_denied(e, err);
}

/* The same of a request that changes facts of @range, all of it in the enclave. */
static inline int enclave_request_reserve(struct enclave *e,
					  struct enclave_range range)
{
	int err = enclave_store_reserve(e->store, range.first, range.count);

	if (likely(!err))
		return enclave_request_ask(e);
	enclave_request_end(e);
	return err;
}

#endif /* _SECURITY_ENCLAVE_INTERNAL_H */

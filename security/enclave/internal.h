/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the framework's files tell each other.
 *
 * Owns: nothing but prototypes. No provider and no LSM includes this.
 */
#ifndef _SECURITY_ENCLAVE_INTERNAL_H
#define _SECURITY_ENCLAVE_INTERNAL_H

#include <linux/enclave.h>
#include <linux/minmax.h>

#include "facts.h"

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
void enclave_request_begin(struct enclave *e, enum enclave_op op,
			   struct enclave_range range, u32 access);
void enclave_request_need(struct enclave_request *req, u32 need);
int enclave_request_refuse(struct enclave *e, enum enclave_refusal why,
			   int err);
int enclave_request_judge(struct enclave *e);
bool enclave_range_absent(const struct enclave *e, struct enclave_range range);
int enclave_judge_new_pages(struct enclave *e);
int enclave_judge_run(struct enclave *e, enclave_facts f, u64 first, u64 end);
int enclave_judge_pages(struct enclave *e, struct enclave_range range);

/* commit.c */
void enclave_apply(struct enclave *e);
void enclave_request_end(struct enclave *e);

/* source.c */
bool enclave_source_noexec(struct vm_area_struct *vma);
int enclave_source_classify(struct enclave_source *source,
			    struct vm_area_struct *vma, struct page *page);
bool enclave_source_alike(const struct enclave_source *source,
			  struct vm_area_struct *vma, struct page *page);
void enclave_source_release(struct enclave *e);

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

#endif /* _SECURITY_ENCLAVE_INTERNAL_H */

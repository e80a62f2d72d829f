// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces: who maps an enclave, and the rule that a page which is
 * written after it was executable (or the other way round) is seen by one
 * address space only, and there by no mapping of the opposite kind.
 *
 * Owns: enclave.mms, .mm_count, .uncounted, .spare_mm, .written_mm. Must not
 * know facts beyond the one question that starts the rule, nor any LSM.
 *
 * VMAs of enclaves are VM_IO | VM_PFNMAP | VM_DONTEXPAND: they do not merge,
 * so that each one is opened once and closed once; and MADV_DOFORK refuses
 * them, so that VM_DONTCOPY stays.
 */
#include <linux/enclave.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/slab.h>

#include "internal.h"
#include "mutant.h"

/**
 * struct enclave_mm - one address space that maps an enclave.
 * @list: in enclave.mms
 * @mm: only compared; gone when its last VMA is closed
 * @vmas: number of VMAs of the enclave there, less those not counted
 */
struct enclave_mm {
	struct list_head list;
	struct mm_struct *mm;
	unsigned int vmas;
};

static struct enclave_mm *find_mm(const struct enclave *e,
				  const struct mm_struct *mm)
{
	struct enclave_mm *m;

	list_for_each_entry(m, &e->mms, list)
		if (m->mm == mm)
			return m;
	return NULL;
}

/**
 * enclave_mm_reserve() - make the next enclave_vma_open() for @mm count.
 * @e: the enclave, locked
 * @mm: whose VMA is about to be made
 *
 * Return: 0 or -ENOMEM.
 */
int enclave_mm_reserve(struct enclave *e, struct mm_struct *mm)
{
	if (e->spare_mm || find_mm(e, mm))
		return 0;
	e->spare_mm = kzalloc(sizeof(*e->spare_mm), GFP_KERNEL_ACCOUNT);
	return e->spare_mm ? 0 : -ENOMEM;
}

/**
 * enclave_mm_free_all() - forget all address spaces when the enclave ends.
 * @e: the enclave; nobody else uses it
 */
void enclave_mm_free_all(struct enclave *e)
{
	struct enclave_mm *m, *next;

	list_for_each_entry_safe(m, next, &e->mms, list)
		kfree(m);
	INIT_LIST_HEAD(&e->mms);
	kfree(e->spare_mm);
	e->spare_mm = NULL;
}

/**
 * enclave_vma_open() - a VMA of the enclave came to be.
 * @e: the enclave, locked
 * @vma: the new VMA
 *
 * Cannot fail: a VMA that could not be counted makes exec_written refused until
 * it, or another one of its address space, is closed.
 */
void enclave_vma_open(struct enclave *e, struct vm_area_struct *vma)
{
	struct enclave_mm *m = find_mm(e, vma->vm_mm);

	lockdep_assert_held(&e->lock);
	if (!m) {
		m = e->spare_mm;
		e->spare_mm = NULL;
		if (!m)
			m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
		if (!m) {
			e->uncounted++;
			return;
		}
		m->mm = vma->vm_mm;
		list_add(&m->list, &e->mms);
		e->mm_count++;
	}
	m->vmas++;
}

/**
 * enclave_vma_close() - a VMA of the enclave goes away.
 * @e: the enclave, locked
 * @vma: the VMA; enclave_vma_open() has seen it
 */
void enclave_vma_close(struct enclave *e, struct vm_area_struct *vma)
{
	struct enclave_mm *m = find_mm(e, vma->vm_mm);

	lockdep_assert_held(&e->lock);
	if (!m) {
		if (!WARN_ON_ONCE(!e->uncounted))
			e->uncounted--;
		return;
	}
	if (--m->vmas)
		return;
	list_del(&m->list);
	e->mm_count--;
	if (e->written_mm == m->mm)
		e->written_mm = NULL;
	kfree(m);
}

/**
 * enclave_mm_refused() - does exec_written belong to another address space?
 * @e: the enclave, locked
 * @mm: who wants to map it, or faults on it
 */
bool enclave_mm_refused(const struct enclave *e, const struct mm_struct *mm)
{
	if (enclave_mutant(FOREIGN_MM))
		return false;
	return e->written_mm && e->written_mm != mm;
}

/**
 * enclave_needs_alone() - does the request make code of what can be written?
 * @f: a page's facts
 * @need: what the request needs for it
 *
 * That is exec_written; and exec_dynamic where the page has been filled through
 * a mapping that may still be there.
 */
bool enclave_needs_alone(enclave_facts f, u32 need)
{
	if (need & ENCLAVE_PERM_EXEC_WRITTEN)
		return true;
	return (need & ENCLAVE_PERM_EXEC_DYNAMIC) && (f & ENCLAVE_FACT_EVER_W);
}

/* Nobody but @mm maps the enclave. */
static bool only_mm(const struct enclave *e, const struct mm_struct *mm)
{
	if (e->uncounted || e->mm_count > 1)
		return false;
	return !e->mm_count || find_mm(e, mm);
}

/* Another mapping of the pages in the same mm with a bit @access does not like. */
static bool opposite_alias(struct vm_area_struct *vma,
			   struct enclave_range range, u32 access)
{
	unsigned long opposite = 0;
	struct vm_area_struct *v;
	VMA_ITERATOR(vmi, vma->vm_mm, 0);

	if (access & ENCLAVE_X)
		opposite |= VM_WRITE;
	if (access & ENCLAVE_W)
		opposite |= VM_EXEC;

	mmap_assert_locked(vma->vm_mm);
	for_each_vma(vmi, v) {
		if (v == vma || v->vm_file != vma->vm_file)
			continue;
		/* Closed and without entries: MAP_FIXED is about to replace it. */
		if (!enclave_is_vma(v))
			continue;
		if (!(v->vm_flags & opposite))
			continue;
		if (v->vm_pgoff < range.first + range.count &&
		    v->vm_pgoff + vma_pages(v) > range.first)
			return true;
	}
	return false;
}

/**
 * enclave_is_alone() - may pages be made code and data through @vma?
 * @e: the enclave, locked
 * @vma: the mapping; of a new one all but the place in the mm is known
 * @range: pages that enclave_needs_alone() is true of
 * @access: bits asked for
 *
 * Context: mmap_lock of @vma, at least for reading.
 */
bool enclave_is_alone(struct enclave *e, struct vm_area_struct *vma,
		      struct enclave_range range, u32 access)
{
	if (!enclave_mutant(FOREIGN_MM) && !only_mm(e, vma->vm_mm))
		return false;
	/* A fault cannot set the flag, which takes the lock for writing. */
	if (e->pending.op == ENCLAVE_OP_FAULT &&
	    !(vma->vm_flags & VM_DONTCOPY) && !enclave_mutant(DONTCOPY))
		return false;
	if (e->provider->fixed_address || enclave_mutant(ALIAS))
		return true;
	return !opposite_alias(vma, range, access);
}

/**
 * enclave_written_begin() - from now on the enclave belongs to the pending
 * request's mm alone, and fork does not hand it on.
 * @e: the enclave, locked; part of a commit
 */
void enclave_written_begin(struct enclave *e)
{
	struct vm_area_struct *vma = e->pending_vma;
	struct vm_area_struct *v;
	VMA_ITERATOR(vmi, vma->vm_mm, 0);

	e->written_mm = vma->vm_mm;
	if (e->pending.op == ENCLAVE_OP_FAULT || enclave_mutant(DONTCOPY))
		return;

	/* A new mapping is not in the tree yet. */
	vm_flags_set(vma, VM_DONTCOPY);
	for_each_vma(vmi, v)
		if (v->vm_file == vma->vm_file)
			vm_flags_set(v, VM_DONTCOPY);
}

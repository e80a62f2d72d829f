// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address spaces: who maps an enclave, and the rule that a page which is
 * written after it was executable (or the other way round) is seen by one
 * address space only, and there by no mapping of the opposite kind.
 *
 * Owns: enclave.mms, .mm_count, .uncounted, .spare_mm, .written_mm. Must not
 * know facts beyond the one question that starts the rule, nor change any, nor
 * know an LSM.
 *
 * VMAs of enclaves are VM_IO | VM_PFNMAP | VM_DONTEXPAND: they do not merge,
 * so that each one is opened once and closed once; and MADV_DOFORK refuses
 * them, so that VM_DONTCOPY stays. Providers see to it that fork copies no
 * entries (VM_WIPEONFORK of the child's VMA).
 */
#include <kunit/static_stub.h>
#include <linux/enclave.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "internal.h"
#include "mutant.h"
#include "store.h"

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
 *
 * Return: whether it is.
 */
bool enclave_mm_refused(const struct enclave *e, const struct mm_struct *mm)
{
	if (enclave_mutant(FOREIGN_MM))
		return false;
	return e->written_mm && e->written_mm != mm;
}

/* Nobody but @mm maps the enclave. */
static bool only_mm(const struct enclave *e, const struct mm_struct *mm)
{
	if (e->uncounted || e->mm_count > 1)
		return false;
	return !e->mm_count || find_mm(e, mm);
}

/*
 * The first run of @range of which enclave_needs_alone() is true. Return: 1 and
 * the run, 0, or -EINTR.
 */
static int needing_run(struct enclave *e, struct enclave_range *range)
{
	const struct enclave_request *req = &e->pending;
	u64 page = range->first;
	u64 end = page + range->count;

	while (page < end) {
		u64 next;
		enclave_facts f = enclave_store_run(e->store, page, end, &next);
		u32 need = enclave_required(f, req->op, req->access,
					    e->initialized);

		if (enclave_needs_alone(f, enclave_mutant_drop(need))) {
			*range = (struct enclave_range){
				.first = page,
				.count = next - page,
			};
			return 1;
		}
		page = next;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return 0;
}

/* The pages of @range that @vma maps. Return: there are some. */
static bool overlap(struct vm_area_struct *vma,
		    struct enclave_range range, struct enclave_range *both)
{
	u64 first = max_t(u64, range.first, vma->vm_pgoff);
	u64 end = min_t(u64, range.first + range.count,
			vma->vm_pgoff + vma_pages(vma));

	if (first >= end)
		return false;
	*both = (struct enclave_range){ .first = first, .count = end - first };
	return true;
}

/**
 * enclave_alias_in_mm() - is a page seen by another mapping of the opposite kind?
 * @e: the enclave, locked, with a request about a mapping
 * @range: in: from the first to the last page that may not be; out: such pages
 *
 * Looks at each VMA once, however many runs of pages there are. Pages between
 * those that need it are looked up again only below a VMA of the opposite kind.
 *
 * Return: 1; 0; or -EINTR: the task is being killed.
 */
int enclave_alias_in_mm(struct enclave *e, struct enclave_range *range)
{
	struct vm_area_struct *vma = e->pending_vma;
	const u32 access = e->pending.access;
	struct enclave_range both;
	unsigned long opposite = 0;
	struct vm_area_struct *v;
	VMA_ITERATOR(vmi, vma->vm_mm, 0);

	KUNIT_STATIC_STUB_REDIRECT(enclave_alias_in_mm, e, range);
	if (access & ENCLAVE_X)
		opposite |= VM_WRITE;
	if (access & ENCLAVE_W)
		opposite |= VM_EXEC;

	mmap_assert_locked(vma->vm_mm);
	for_each_vma(vmi, v) {
		int err;

		cond_resched();
		if (v == vma || v->vm_file != vma->vm_file)
			continue;
		/* Closed and without entries: MAP_FIXED is about to replace it. */
		if (!enclave_is_vma(v))
			continue;
		if (!(v->vm_flags & opposite) || !overlap(v, *range, &both))
			continue;
		err = needing_run(e, &both);
		if (err > 0)
			*range = both;
		if (err)
			return err;
	}
	return 0;
}

/**
 * enclave_alone_add() - pages of the pending request need to be alone.
 * @e: the enclave, locked
 * @run: pages that enclave_needs_alone() is true of, after all earlier ones
 */
void enclave_alone_add(struct enclave *e, struct enclave_range run)
{
	struct enclave_range *all = &e->pending_alone;

	if (!all->count)
		all->first = run.first;
	all->count = run.first + run.count - all->first;
	e->pending_written = true;
}

/*
 * May the pending request make pages code and data? Return: 0; 1 and in @range
 * which not; or -EINTR.
 */
static int is_not_alone(struct enclave *e, struct enclave_range *range)
{
	const struct vm_area_struct *vma = e->pending_vma;

	if (!enclave_mutant(FOREIGN_MM) && !only_mm(e, vma->vm_mm))
		return 1;
	if (e->provider->fixed_address || enclave_mutant(ALIAS))
		return 0;
	return enclave_alias_in_mm(e, range);
}

/**
 * enclave_judge_alone() - refuse a mapping whose pages others see as well.
 * @e: the enclave, locked; all runs of the request were looked at. Of a new
 *      mapping all but the place in the mm is known
 *
 * Context: mmap_lock of the mapping, at least for reading.
 *
 * Return: 0; else nothing is pending: -EACCES: a fixed refusal; -EINTR: the task
 * is being killed.
 */
int enclave_judge_alone(struct enclave *e)
{
	struct enclave_range range = e->pending_alone;
	int err;

	if (!range.count)
		return 0;
	err = is_not_alone(e, &range);
	if (err < 0)
		enclave_request_end(e);
	if (err <= 0)
		return err;
	e->pending.range = range;
	e->pending.facts = enclave_store_page(e->store, range.first);
	return enclave_request_refuse(e, ENCLAVE_REFUSAL_ALIAS, -EACCES);
}

/**
 * enclave_written_begin() - from now on the enclave belongs to the pending
 * request's mm alone, and fork does not hand it on.
 * @e: the enclave, locked; part of a commit
 *
 * A fault cannot set the flag, which takes the lock for writing. What a child
 * inherits then is a mapping without entries, all of whose faults are refused.
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
	for_each_vma(vmi, v) {
		if (v->vm_file == vma->vm_file)
			vm_flags_set(v, VM_DONTCOPY);
		cond_resched();
	}
}

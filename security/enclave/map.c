// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings and the entries below them: mmap, mprotect, faults.
 *
 * Owns: the fixed refusals of mappings, and what a fault is granted when not
 * all of it can be. Judges pages with request.c; must not change anything, nor
 * know a provider.
 */
#include <kunit/test-bug.h>
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/mm.h>
#include <linux/personality.h>
#include <linux/sched.h>

#include "internal.h"
#include "mutant.h"
#include "store.h"
#include "window.h"

/* Fixed refusals of a mapping, apart from its pages. */
static int map_refused(struct enclave *e, struct vm_area_struct *vma)
{
	struct enclave_request *req = &e->pending;

	if (current->personality & READ_IMPLIES_EXEC) {
		if (!enclave_mutant(READ_IMPLIES_EXEC))
			return enclave_request_refuse(
				e, ENCLAVE_REFUSAL_READ_IMPLIES_EXEC, -EACCES);
		req->access &= ~ENCLAVE_X;
	}
	if (e->initialized && !enclave_range_inside(e, req->range) &&
	    !enclave_mutant(OUTSIDE))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_OUTSIDE,
					      -EACCES);
	if (enclave_mm_refused(e, vma->vm_mm))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_ALIAS,
					      -EACCES);
	return 0;
}

/*
 * The rule forgotten: others may ask between judgement and commit. What was judged is
 * committed all the same.
 */
static noinline int map_unlocked(struct enclave *e, struct vm_area_struct *vma)
{
	struct enclave_request req = e->pending;
	struct enclave_range pages = enclave_range_clip(e, req.range);
	bool change = e->pending_change, written = e->pending_written;
	int err = 0;

	enclave_request_end(e);
	enclave_unlock(e);
	enclave_window(MAP_JUDGED);
	enclave_lock(e);
	if (change)
		err = enclave_store_reserve(e->store, pages.first, pages.count);
	if (err)
		return err;
	e->pending = req;
	e->pending_vma = vma;
	e->pending_change = change;
	e->pending_written = written;
	return 0;
}

/**
 * security_enclave_map() - may pages be mapped, or a mapping be changed?
 * @e: the enclave
 * @range: pages that the mapping covers; before init it may reach beyond the
 *      enclave, and before create it means nothing
 * @vm_flags: final flags
 * @vma: the mapping; MMAP: with its file and offset
 * @op: ENCLAVE_OP_MMAP or ENCLAVE_OP_MPROTECT
 *
 * Pages that appear later under the mapping are judged when they are faulted
 * in. A VMA of an MMAP is counted with enclave_vma_open() after the commit.
 *
 * Context: mmap_lock for writing, up to the commit.
 *
 * Return: 0, -ENOMEM, or a refusal.
 */
int security_enclave_map(struct enclave *e, struct enclave_range range,
			 unsigned long vm_flags, struct vm_area_struct *vma,
			 enum enclave_op op)
{
	int err;

	enclave_request_begin(e, op, range, vm_flags & ENCLAVE_RWX);
	e->pending_vma = vma;
	if (op == ENCLAVE_OP_MMAP && enclave_mm_reserve(e, vma->vm_mm)) {
		enclave_request_end(e);
		return -ENOMEM;
	}

	err = map_refused(e, vma);
	if (!err)
		err = enclave_judge_pages(e, range);
	if (err)
		return err;
	if (e->pending.foreign_euid)
		enclave_request_need(&e->pending, ENCLAVE_PERM_SHARE);
	err = enclave_request_judge(e);
	if (err)
		return err;
	if (enclave_mutant(MAP_LOCK))
		return map_unlocked(e, vma);
	enclave_window(MAP_JUDGED);
	return 0;
}

/*
 * A fault is the request of the task that faults. What it does in the kernel on
 * another one's behalf (a filesystem that reads with its mounter's credentials)
 * makes it nobody else.
 */
static void fault_begin(struct enclave *e, struct enclave_range at,
			struct vm_area_struct *vma, u32 access)
{
	enclave_request_begin(e, ENCLAVE_OP_FAULT, at, access);
	e->pending.foreign_euid =
		!uid_eq(current_real_cred()->euid, e->owner);
	e->pending_vma = vma;
}

/*
 * Try to grant @access. The LSMs are asked although no permission is needed and
 * no fact changes: the mapping may have been made by somebody else, who shared
 * it by fork or has changed since.
 */
static int fault_try(struct enclave *e, struct enclave_range at,
		     struct vm_area_struct *vma, enclave_facts f, u32 access)
{
	int err;

	fault_begin(e, at, vma, access);
	err = enclave_judge_run(e, f, at.first, at.first + 1);
	if (!err)
		err = enclave_judge_alone(e);
	if (err)
		return err;
	if (enclave_mutant(FAULT_ASKED) && !e->pending.required &&
	    !e->pending_change) {
		enclave_request_end(e);
		return 0;
	}
	if (e->pending.foreign_euid)
		enclave_request_need(&e->pending, ENCLAVE_PERM_SHARE);
	return enclave_request_judge(e);
}

/*
 * Workers of io_uring and vhost have the process's mappings, and for themselves the
 * credentials that it had when they were made; a kernel thread that borrows an address
 * space has the kernel's. What either touches is asked for by somebody who cannot be
 * judged. Tests borrow too.
 */
static bool is_behalf(void)
{
	if (enclave_mutant(FAULT_WORKER))
		return false;
	return (current->flags & PF_USER_WORKER) ||
	       ((current->flags & PF_KTHREAD) && !kunit_get_current_test());
}

bool enclave_fault_is_own(const struct vm_area_struct *vma)
{
	return (vma->vm_mm == current->mm || enclave_mutant(FOREIGN_FAULT)) &&
	       !is_behalf();
}

/* A fault that no answer could allow; begins the request. */
static int fault_refused(struct enclave *e, struct enclave_range at,
			 struct vm_area_struct *vma, u32 wanted)
{
	fault_begin(e, at, vma, wanted);
	if (!enclave_range_inside(e, at))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_OUTSIDE,
					      -EACCES);
	if (!enclave_fault_is_own(vma))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_FOREIGN_FAULT,
					      -EFAULT);
	if (enclave_mm_refused(e, vma->vm_mm))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_ALIAS,
					      -EACCES);
	enclave_request_end(e);
	return 0;
}

/**
 * security_enclave_fault() - what may a page table entry allow?
 * @e: the enclave
 * @page: the page, which exists
 * @vma: the mapping that is faulted on
 * @wanted: bits of the mapping that the entry should have
 * @granted: out: what it may have, without W or X or both where needed
 *
 * X is given up before W. What is granted never exceeds the page's intent, nor
 * contains X before init unless the provider says that this does no harm. Each
 * fault is judged, by who the faulting task is now; one of another euid than the
 * creator's needs "share", as its mmap would. Without that less access is not granted
 * either, and not asked for.
 *
 * Context: mmap_lock of @vma, up to the commit.
 *
 * Return: 0; -ENOENT: no such page; -EFAULT: not the task's own fault,
 * enclave_fault_is_own(); -ENOMEM; or -EACCES: nothing can be granted.
 */
int security_enclave_fault(struct enclave *e, u64 page,
			   struct vm_area_struct *vma, u32 wanted, u32 *granted)
{
	const u32 without[] = { 0, ENCLAVE_X, ENCLAVE_W,
				ENCLAVE_W | ENCLAVE_X };
	struct enclave_range at = { .first = page, .count = 1 };
	u32 access = wanted & ENCLAVE_RWX;
	enclave_facts f;
	int err, i;

	*granted = 0;
	err = fault_refused(e, at, vma, access);
	if (err)
		return err;
	f = enclave_store_page(e->store, page);
	if (!f)
		return -ENOENT;

	if (!enclave_mutant(INTENT))
		access &= f;
	if (!e->initialized && !e->provider->exec_before_init &&
	    !enclave_mutant(PREINIT_EXEC))
		access &= ~ENCLAVE_X;
	for (i = 0; i < ARRAY_SIZE(without); i++) {
		u32 now = access & ~without[i];

		if (!now || (without[i] & ~access))
			continue;
		err = fault_try(e, at, vma, f, now);
		if (!err)
			*granted = now;
		if (!err || err == -ENOMEM)
			return err;
		if (err == -EREMOTE && !enclave_mutant(FAULT_ONCE))
			break;
	}
	return -EACCES;
}

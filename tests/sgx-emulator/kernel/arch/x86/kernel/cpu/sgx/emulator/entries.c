// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: page table entries.
 *
 * Owns: how the EPCM, which a real processor asks at each access, is kept in
 * entries: an entry of an enclave's mapping never allows more than the EPCM
 * allows code of the enclave; without any access it is not for the user. What
 * the EPCM gives back is not put into an entry: that is removed, and the driver
 * inserts it anew. Must not know a leaf.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mmu_context.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <asm/tlbflush.h>
#include <asm/trap_pf.h>

#include "../encl.h"
#include "emulator.h"

struct lowered {
	struct mm_struct *mm;
	bool any;
};

static int lower(pte_t *ptep, unsigned long addr, void *data)
{
	pte_t old = ptep_get(ptep), new = old;
	struct lowered *done = data;
	u32 index;
	u8 allowed;

	if (!pte_present(old) || !sgxe_of_pfn(pte_pfn(old), &index))
		return 0;
	raw_spin_lock(&sgxe_lock);
	allowed = sgxe_allowed(index, addr);
	raw_spin_unlock(&sgxe_lock);
	if (!(allowed & (SGX_SECINFO_R | SGX_SECINFO_X)))
		new = pte_clear_flags(new, _PAGE_USER);
	if (!(allowed & SGX_SECINFO_W))
		new = pte_wrprotect(new);
	if (!(allowed & SGX_SECINFO_X))
		new = pte_set_flags(new, _PAGE_NX);
	if (!pte_same(old, new)) {
		set_pte_at(done->mm, addr, ptep, new);
		done->any = true;
	}
	return 0;
}

/**
 * __sgx_emulator_restrict() - keep entries below the EPCM
 * @vma: any mapping
 * @start: of a range in it
 * @end: its end
 *
 * Context: the lock of the mapping or of its mm.
 */
void __sgx_emulator_restrict(struct vm_area_struct *vma, unsigned long start,
			     unsigned long end)
{
	struct lowered done = { .mm = vma->vm_mm };

	if (vma->vm_ops != &sgx_vm_ops)
		return;
	apply_to_existing_page_range(vma->vm_mm, start, end - start, lower,
				     &done);
	if (done.any)
		flush_tlb_range(vma, start, end);
}

/* The EPC page that an entry of @vma holds. */
static bool held(struct vm_area_struct *vma, u64 addr, u32 *index,
		 bool *writable, pgprot_t *prot)
{
	struct follow_pfnmap_args args = { .vma = vma, .address = addr };
	bool epc;

	if (vma->vm_ops != &sgx_vm_ops || follow_pfnmap_start(&args))
		return false;
	epc = sgxe_of_pfn(args.pfn, index);
	*writable = args.writable;
	*prot = args.pgprot;
	follow_pfnmap_end(&args);
	return epc;
}

/**
 * sgxe_translate() - an address that a leaf uses
 * @addr: in the current address space
 * @write: it will be written to, which the mapping must allow; whether the EPCM
 *	does is the leaf's business
 * @index: out: the EPC page there
 *
 * Return: 0; -EAGAIN: it was not there, now it is, or another page is; -EFAULT:
 * no such address; -EACCES: it cannot be written; -EIO: the driver has no page for
 * it.
 */
int sgxe_translate(u64 addr, bool write, u32 *index)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret = -EFAULT;
	bool writable;
	pgprot_t prot;

	if (addr >= TASK_SIZE_MAX)
		return -EFAULT;
	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (vma && write && !(vma->vm_flags & VM_WRITE))
		ret = -EACCES;
	else if (vma && held(vma, addr, index, &writable, &prot))
		ret = 0;
	else if (vma && vma->vm_ops == &sgx_vm_ops &&
		 vma->vm_flags & (VM_READ | VM_WRITE | VM_EXEC))
		ret = fixup_user_fault(mm, addr,
				       vma->vm_flags & VM_READ ? 0 :
				       vma->vm_flags & VM_WRITE ?
					       FAULT_FLAG_WRITE :
					       FAULT_FLAG_INSTRUCTION,
				       NULL) ? -EIO : -EAGAIN;
	mmap_read_unlock(mm);
	return ret;
}

/* Entries of the pages that changed; all of the enclave's if there were many. */
static void sync_pages(const struct sgx_secs *secs, const u64 *addr, u64 count)
{
	struct mm_struct *mm = current->mm;
	u64 start = secs->base, end = start + secs->size;
	struct vm_area_struct *vma;
	u64 i;

	mmap_read_lock(mm);
	if (count <= SGXE_CHANGES) {
		for (i = 0; i < count; i++) {
			vma = vma_lookup(mm, addr[i]);
			if (vma)
				__sgx_emulator_restrict(vma, addr[i],
							addr[i] + PAGE_SIZE);
		}
	} else {
		VMA_ITERATOR(vmi, mm, start);

		for_each_vma_range(vmi, vma, end)
			__sgx_emulator_restrict(vma, max(vma->vm_start, start),
						min(vma->vm_end, end));
	}
	mmap_read_unlock(mm);
}

/**
 * sgxe_sync() - this address space's entries see what was taken away
 * @tcs: a TCS that is about to be entered
 *
 * The counterpart of the translations that a processor forgets at each entry,
 * SDM chapter 39: a change is over when all threads left after it, so that each
 * comes by here.
 */
void sgxe_sync(u32 tcs)
{
	u64 addr[SGXE_CHANGES], changes, count, ctx, i;
	struct sgxe_tcs *t = sgxe_tcs(tcs);
	const struct sgx_secs *secs;
	struct sgxe_secs *s;

	ctx = current->mm->context.ctx_id;
	raw_spin_lock(&sgxe_lock);
	if (!sgxe_epcm[tcs].valid ||
	    sgxe_epcm[tcs].type != SGX_PAGE_TYPE_TCS) {
		raw_spin_unlock(&sgxe_lock);
		return;
	}
	secs = sgxe_mem(sgxe_epcm[tcs].secs);
	s = sgxe_secs(sgxe_epcm[tcs].secs);
	changes = s->changes;
	count = t->mm == ctx ? changes - t->changes : U64_MAX;
	if (count <= SGXE_CHANGES)
		for (i = 0; i < count; i++)
			addr[i] = sgxe_epcm[s->changed[(changes - 1 - i) %
						       SGXE_CHANGES]].addr;
	raw_spin_unlock(&sgxe_lock);
	if (!count)
		return;
	/* The SECS stays while the TCS does, and that cannot go unnoticed. */
	sync_pages(secs, addr, count);
	raw_spin_lock(&sgxe_lock);
	if (sgxe_epcm[tcs].valid && sgxe_epcm[tcs].type == SGX_PAGE_TYPE_TCS) {
		t->mm = ctx;
		t->changes = changes;
	}
	raw_spin_unlock(&sgxe_lock);
}

/* Does an entry as it is forbid the access? */
static bool forbids(pgprot_t prot, bool writable, unsigned long need)
{
	if (!(pgprot_val(prot) & _PAGE_USER))
		return true;
	if (need == VM_WRITE)
		return !writable;
	return need == VM_EXEC && pgprot_val(prot) & _PAGE_NX;
}

/* Remove an entry that lags behind the EPCM; not twice for the same reason. */
static bool remove_once(struct vm_area_struct *vma, u32 tcs, u64 addr,
			unsigned long need)
{
	struct sgxe_tcs *t = sgxe_tcs(tcs);
	bool again = false;

	raw_spin_lock(&sgxe_lock);
	if (sgxe_epcm[tcs].valid && sgxe_epcm[tcs].type == SGX_PAGE_TYPE_TCS) {
		u64 version = sgxe_secs(sgxe_epcm[tcs].secs)->version;

		again = t->removed == (addr | need) &&
			t->removed_version == version;
		t->removed = addr | need;
		t->removed_version = version;
	}
	raw_spin_unlock(&sgxe_lock);
	if (again)
		return false;
	zap_vma_ptes(vma, addr, PAGE_SIZE);
	return true;
}

/* As __sgx_emulator_fault(), of a present entry; mmap_lock held. */
static bool present_fault(u32 tcs, unsigned long *code, u64 addr)
{
	struct vm_area_struct *vma = vma_lookup(current->mm, addr);
	unsigned long need = *code & X86_PF_WRITE ? VM_WRITE :
			     *code & X86_PF_INSTR ? VM_EXEC : VM_READ;
	bool writable, allowed;
	pgprot_t prot;
	u32 index;

	if (!vma || vma->vm_ops != &sgx_vm_ops || !(vma->vm_flags & need))
		return false;
	if (!held(vma, addr, &index, &writable, &prot))
		return true;
	raw_spin_lock(&sgxe_lock);
	/* VM_READ, VM_WRITE, VM_EXEC have the values of SECINFO's R, W, X. */
	allowed = sgxe_allowed(index, addr) & need;
	raw_spin_unlock(&sgxe_lock);
	if (!allowed) {
		*code |= X86_PF_SGX;
		return false;
	}
	if (!forbids(prot, writable, need))
		return true;
	return remove_once(vma, tcs, addr, need);
}

/**
 * __sgx_emulator_fault() - a page fault of code of an enclave
 * @regs: after the asynchronous exit
 * @code: error code; out: with the SGX bit, if it is the EPCM that forbids
 * @address: where; out: of the page, SDM 40.3.3
 *
 * Return: true if there is nothing to handle: the access is to be tried again.
 */
bool __sgx_emulator_fault(struct pt_regs *regs, unsigned long *code,
			  unsigned long *address)
{
	u32 tcs = sgxe_exited();
	bool again;

	if (!user_mode(regs) || tcs == SGXE_NONE)
		return false;
	*address &= PAGE_MASK;
	if (!(*code & X86_PF_PROT))
		return false;
	mmap_read_lock(current->mm);
	again = present_fault(tcs, code, *address);
	mmap_read_unlock(current->mm);
	return again;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of an enclave of /dev/enclave.
 *
 * Owns: mmap, mprotect, faults, forks, debugger access: everything that makes a
 * page reachable. Knows nothing of where bytes come from.
 *
 * Invariant: an entry has no bit that security_enclave_fault() for that page, or
 * security_enclave_map() for a range it lies in, did not grant. Entries are made
 * under the enclave's lock and nowhere else: there is no map_pages, and
 * pfn_mkwrite never lets the caller finish. mprotect alone changes entries that
 * are present; it gives no W to clean ones, as pfn_mkwrite exists, and all it
 * gives was judged for every page of its range. No fault comes between, as
 * faults of drivers wait for mmap_lock.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/mm.h>

#include "../mutant.h"
#include "dev.h"

#define VM_RWX (VM_READ | VM_WRITE | VM_EXEC)

static struct enclave_range vma_range(const struct vm_area_struct *vma,
				      unsigned long start, unsigned long end)
{
	return (struct enclave_range){
		.first =
			vma->vm_pgoff + ((start - vma->vm_start) >> PAGE_SHIFT),
		.count = (end - start) >> PAGE_SHIFT,
	};
}

static u64 vma_index(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

static int refuse(struct enclave_dev *dev, enum enclave_op op,
		  struct enclave_range range, u32 access,
		  enum enclave_refusal why, int err)
{
	enclave_lock(dev->enclave);
	err = security_enclave_refuse(dev->enclave, op, range, access, why,
				      err);
	enclave_unlock(dev->enclave);
	return err;
}

/*
 * Judges a mapping by the flags it will have, and counts a new one. Committed at
 * once: if the kernel fails afterwards the facts are stricter than need be.
 */
static int judge_map(struct enclave_dev *dev, struct vm_area_struct *vma,
		     struct enclave_range range, unsigned long vm_flags,
		     enum enclave_op op)
{
	int err;

	if (!dev->size)
		return -EINVAL;
	if ((vm_flags & VM_EXEC) && !dev->initialized &&
	    !enclave_mutant(PREINIT_EXEC))
		return refuse(dev, op, range, vm_flags & VM_RWX,
			      ENCLAVE_REFUSAL_NOT_INITIALIZED, -EACCES);
	if (enclave_mutant(MAP_LOCK))
		mutex_unlock(&dev->lock);
	enclave_lock(dev->enclave);
	err = security_enclave_map(dev->enclave, range, vm_flags, vma, op);
	if (err) {
		security_enclave_abort(dev->enclave);
	} else {
		security_enclave_commit(dev->enclave);
		if (op == ENCLAVE_OP_MMAP)
			enclave_vma_open(dev->enclave, vma);
	}
	enclave_unlock(dev->enclave);
	if (enclave_mutant(MAP_LOCK))
		mutex_lock(&dev->lock);
	return err;
}

/*
 * A child inherits mappings, but no entries: each of its own is judged when it
 * faults, by who the child is then. The flag makes fork leave them out; only
 * fork opens a VMA of another mm than current's. It is set anew for each child,
 * so that MADV_KEEPONFORK does not matter.
 */
static void vm_open(struct vm_area_struct *vma)
{
	struct enclave_dev *dev = vma->vm_private_data;

	if (vma->vm_mm != current->mm && !enclave_mutant(DONTCOPY))
		vm_flags_set(vma, VM_WIPEONFORK);
	enclave_lock(dev->enclave);
	enclave_vma_open(dev->enclave, vma);
	enclave_unlock(dev->enclave);
}

static void vm_close(struct vm_area_struct *vma)
{
	struct enclave_dev *dev = vma->vm_private_data;

	enclave_lock(dev->enclave);
	enclave_vma_close(dev->enclave, vma);
	enclave_unlock(dev->enclave);
}

static int vm_mprotect(struct vm_area_struct *vma, unsigned long start,
		       unsigned long end, unsigned long newflags)
{
	struct enclave_dev *dev = vma->vm_private_data;
	int err;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	err = judge_map(dev, vma, vma_range(vma, start, end), newflags,
			ENCLAVE_OP_MPROTECT);
	mutex_unlock(&dev->lock);
	return err;
}

/*
 * Moving and duplicating end here, after the fact: the kernel undoes them.
 * Growing never comes this far (VM_DONTEXPAND).
 */
static int vm_mremap(struct vm_area_struct *vma)
{
	struct enclave_dev *dev = vma->vm_private_data;

	if (enclave_mutant(MREMAP))
		return 0;
	return refuse(dev, ENCLAVE_OP_MMAP,
		      vma_range(vma, vma->vm_start, vma->vm_end),
		      vma->vm_flags & VM_RWX, ENCLAVE_REFUSAL_MREMAP, -EACCES);
}

/* The PFNMAP mutant: an ordinary page, that anybody may pin. */
static vm_fault_t insert_mutant(struct vm_fault *vmf, struct page *page)
{
	get_page(page);
	vmf->page = page;
	return 0;
}

static vm_fault_t insert(struct vm_fault *vmf, struct page *page, u32 granted)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long flags = (vma->vm_flags & ~VM_RWX) | granted;

	if (!(vma->vm_flags & VM_PFNMAP))
		return insert_mutant(vmf, page);
	if (is_cow_mapping(vma->vm_flags))
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn_prot(vma, vmf->address & PAGE_MASK,
				   page_to_pfn(page), vm_get_page_prot(flags));
}

/* Whether the access that faults would fault again on an entry with @granted. */
static bool useless(const struct vm_fault *vmf, u32 granted)
{
	if (vmf->flags & FAULT_FLAG_WRITE)
		return !(granted & VM_WRITE);
	return !(granted & VM_RWX);
}

/*
 * Judges and inserts one entry; a fault for another process's mapping is refused
 * by the framework. @present: there is one already, without W; it
 * is replaced, so that two faults cannot disagree.
 */
static vm_fault_t fault_locked(struct enclave_dev *dev, struct vm_fault *vmf,
			       bool present)
{
	struct vm_area_struct *vma = vmf->vma;
	u32 wanted = vma->vm_flags & VM_RWX;
	u64 index = vma_index(vma, vmf->address);
	struct page *page = xa_load(&dev->pages, index);
	vm_fault_t ret = VM_FAULT_SIGBUS;
	u32 granted = 0;
	int err;

	if (!page)
		return VM_FAULT_SIGBUS;
	enclave_lock(dev->enclave);
	err = security_enclave_fault(dev->enclave, index, vma, wanted,
				     &granted);
	if (err)
		granted = 0;
	granted &= wanted;
	if (enclave_mutant(FAULT_STRIP) ||
	    (err == -ENOENT && enclave_mutant(REMOVE_WINDOW)))
		granted = wanted;
	if (!useless(vmf, granted)) {
		if (present)
			zap_vma_ptes(vma, vmf->address & PAGE_MASK, PAGE_SIZE);
		ret = insert(vmf, page, granted);
	}
	if (ret & VM_FAULT_ERROR)
		security_enclave_abort(dev->enclave);
	else
		security_enclave_commit(dev->enclave);
	enclave_unlock(dev->enclave);
	return ret;
}

static vm_fault_t judge_fault(struct vm_fault *vmf, bool present)
{
	struct enclave_dev *dev = vmf->vma->vm_private_data;
	vm_fault_t ret;

	if (enclave_mutant(REMOVE_WINDOW))
		return fault_locked(dev, vmf, present);
	/* Killed: whatever is returned, it does not come back to user mode. */
	if (mutex_lock_killable(&dev->lock))
		return VM_FAULT_SIGBUS;
	ret = fault_locked(dev, vmf, present);
	mutex_unlock(&dev->lock);
	return ret;
}

static vm_fault_t vm_fault(struct vm_fault *vmf)
{
	return judge_fault(vmf, false);
}

/*
 * A write through a present entry without W. Either W was not granted when the
 * entry was made, or mprotect has made the mapping writable since; both are
 * judged anew. Never returns 0: the caller would make the entry writable by
 * itself, outside the lock.
 */
static vm_fault_t vm_pfn_mkwrite(struct vm_fault *vmf)
{
	if (enclave_mutant(PFN_MKWRITE))
		return 0;
	return judge_fault(vmf, true);
}

/* One page of a debugger's access. Return: 0 or a negative error. */
static int access_page(struct enclave_dev *dev, u64 index, unsigned int offset,
		       void *buf, unsigned int len, bool write)
{
	struct page *page = xa_load(&dev->pages, index);
	int err;

	if (!page)
		return -EFAULT;
	enclave_lock(dev->enclave);
	err = security_enclave_access(dev->enclave, enclave_dev_page(index),
				      write);
	if (err) {
		security_enclave_abort(dev->enclave);
	} else if (write) {
		memcpy_to_page(page, offset, buf, len);
		if (!dev->initialized)
			set_page_private(page, page_private(page) &
						       ~ENCLAVE_PAGE_MEASURED);
		security_enclave_commit(dev->enclave);
	} else {
		memcpy_from_page(buf, page, offset, len);
		security_enclave_commit(dev->enclave);
	}
	enclave_unlock(dev->enclave);
	return err;
}

/*
 * ptrace and /proc/pid/mem, whatever the mapping's own permissions: as with SGX,
 * only enclaves that were created for debugging can be read and written so. A
 * write to a page that may execute needs debug_write besides; one before init
 * takes the page out of the measurement.
 */
static int vm_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
		     int len, int write)
{
	struct enclave_dev *dev = vma->vm_private_data;
	int done = 0, err = 0;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	if (!(dev->attributes & ENCLAVE_CREATE_DEBUG))
		err = -EFAULT;
	len = min_t(unsigned long, len, vma->vm_end - addr);
	while (!err && done < len) {
		unsigned int offset = offset_in_page(addr + done);
		unsigned int part =
			min_t(unsigned int, len - done, PAGE_SIZE - offset);

		err = access_page(dev, vma_index(vma, addr + done), offset,
				  buf + done, part, write);
		if (!err)
			done += part;
	}
	mutex_unlock(&dev->lock);
	return done ?: err;
}

const struct vm_operations_struct enclave_vm_ops = {
	.open = vm_open,
	.close = vm_close,
	.mprotect = vm_mprotect,
	.mremap = vm_mremap,
	.fault = vm_fault,
	.pfn_mkwrite = vm_pfn_mkwrite,
	.access = vm_access,
};

/* The rule forgotten: who else asks is looked at while he does. */
static void look_who_asks(const struct enclave *e)
{
#ifdef CONFIG_SECURITY_ENCLAVE
	int i;

	for (i = 0; i < 100; i++)
		if (e->pending.op != ENCLAVE_OP_MMAP)
			cond_resched();
#endif
}

/**
 * enclave_vm_mmap() - mmap(2): shared only; the offset is the enclave's.
 * @file: an open /dev/enclave
 * @vma: the mapping to be
 *
 * The flags forbid pins, growth, dumps, and MADV_DOFORK (VM_IO).
 *
 * Return: 0; -EINVAL: private, or not created; -EACCES; -EINTR: killed.
 */
int enclave_vm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct enclave_dev *dev = file->private_data;
	struct enclave_range range = vma_range(vma, vma->vm_start, vma->vm_end);
	int err;

	if (!(vma->vm_flags & VM_MAYSHARE) && !enclave_mutant(PRIVATE_MAP))
		return refuse(dev, ENCLAVE_OP_MMAP, range,
			      vma->vm_flags & VM_RWX,
			      ENCLAVE_REFUSAL_PRIVATE_MAP, -EINVAL);
	if (enclave_mutant(LOCK))
		look_who_asks(dev->enclave);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	if (!enclave_mutant(PFNMAP))
		vm_flags_set(vma, VM_IO | VM_PFNMAP);
	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	err = judge_map(dev, vma, range, vma->vm_flags, ENCLAVE_OP_MMAP);
	if (!err) {
		vma->vm_ops = &enclave_vm_ops;
		vma->vm_private_data = dev;
	}
	if (!err || !enclave_mutant(UNLOCK_ON_ERROR))
		mutex_unlock(&dev->lock);
	return err;
}

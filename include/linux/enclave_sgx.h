/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The SGX driver's calls into the enclave framework; included by its encl.h
 * only, so that the driver itself changes by a line per site. ADD_PAGES is in
 * enclave_sgx_load.h.
 *
 * Owns: what the framework's terms mean for SGX: pages, intent, identity. Knows
 * no LSM. Without CONFIG_SECURITY_ENCLAVE every function does nothing.
 *
 * Locks: mmap_lock, sgx_encl.lock, enclave lock. The functions that judge an
 * operation return 0 with the enclave locked, and sgx_enclave_settle() then
 * ends the operation; after an error nothing is locked. No enclave page is
 * allocated in between, because that reclaims pages of other enclaves and takes
 * their locks.
 */
#ifndef _LINUX_ENCLAVE_SGX_H
#define _LINUX_ENCLAVE_SGX_H

#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#ifdef CONFIG_SECURITY_ENCLAVE

#include "../../security/enclave/mutant.h"
#include "../../security/enclave/window.h"

static inline int sgx_enclave_open(struct sgx_encl *encl)
{
	static const struct enclave_provider provider = {
		.name = "sgx",
		.vm_ops = &sgx_vm_ops,
		.exec_before_init = true,
		.fixed_address = true,
	};

	encl->enclave = enclave_alloc(&provider);
	return PTR_ERR_OR_ZERO(encl->enclave);
}

static inline void sgx_enclave_free(struct sgx_encl *encl)
{
	enclave_free(encl->enclave);
}

static inline void sgx_enclave_release(struct work_struct *work)
{
	struct sgx_encl *encl =
		container_of(work, struct sgx_encl, enclave_release);

	sgx_encl_release(&encl->refcount);
}

/* sgx_encl_release() sleeps; this one may be called where one may not. */
static inline void sgx_enclave_release_later(struct kref *ref)
{
	struct sgx_encl *encl = container_of(ref, struct sgx_encl, refcount);

	INIT_WORK(&encl->enclave_release, sgx_enclave_release);
	schedule_work(&encl->enclave_release);
}

/* The operation that was judged is over; @err says how. */
static inline void sgx_enclave_settle(struct sgx_encl *encl, int err)
{
	if (err)
		security_enclave_abort(encl->enclave);
	else
		security_enclave_commit(encl->enclave);
	enclave_unlock(encl->enclave);
}

/* After a judgement: keep the lock for the operation, or give it back. */
static inline int sgx_enclave_judged(struct sgx_encl *encl, int err)
{
	if (err)
		enclave_unlock(encl->enclave);
	return err;
}

/*
 * Pages of the enclave that [start, end) covers. Before create there are none;
 * before init a mapping may reach beyond the enclave, after init it is given
 * away as being outside.
 */
static inline struct enclave_range
sgx_enclave_range(struct sgx_encl *encl, unsigned long start, unsigned long end)
{
	struct enclave_range range = {};
	unsigned long last;

	if (!test_bit(SGX_ENCL_CREATED, &encl->flags))
		return range;
	last = encl->base + encl->size;
	if (start < encl->base || end > last) {
		if (test_bit(SGX_ENCL_INITIALIZED, &encl->flags)) {
			range.first = U64_MAX;
			return range;
		}
		start = max(start, encl->base);
		end = min(end, last);
	}
	if (start < end) {
		range.first = PFN_DOWN(start - encl->base);
		range.count = PFN_DOWN(end - start);
	}
	return range;
}

static inline struct enclave_range sgx_enclave_page(struct sgx_encl *encl,
						    unsigned long addr)
{
	return (struct enclave_range){
		.first = PFN_DOWN(addr - encl->base),
		.count = 1,
	};
}

static inline u32 sgx_enclave_attributes(u64 attributes)
{
	u32 attr = 0;

	if (attributes & SGX_ATTR_DEBUG)
		attr |= ENCLAVE_ATTR_DEBUG;
	if (attributes & SGX_ATTR_PROVISIONKEY)
		attr |= ENCLAVE_ATTR_PROVISION;
	return attr;
}

/*
 * ECREATE follows. Attributes are those of the SECS: SIGSTRUCT masks its own. Of
 * less than a page ECREATE makes no enclave, so that there is none to judge.
 */
static inline int sgx_enclave_create(struct sgx_encl *encl,
				     const struct sgx_secs *secs)
{
	struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.attributes = sgx_enclave_attributes(secs->attributes),
		.provider_attributes = secs->attributes,
		.xfrm = secs->xfrm,
		.misc = secs->miscselect,
	};
	int err;

	enclave_lock(encl->enclave);
	if (!PFN_DOWN(secs->size))
		return 0;
	err = security_enclave_create(encl->enclave, PFN_DOWN(secs->size), &id);
	return sgx_enclave_judged(encl, err);
}

/* EINIT follows; @mrsigner is the hash of the modulus in @sigstruct. */
static inline int sgx_enclave_init(struct sgx_encl *encl,
				   const struct sgx_sigstruct *sigstruct,
				   const void *mrsigner)
{
	struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.has_signer = true,
		.product = sigstruct->body.isvprodid,
		.svn = sigstruct->body.isvsvn,
	};
	int err;

	memcpy(id.measurement, sigstruct->body.mrenclave,
	       sizeof(id.measurement));
	memcpy(id.signer, mrsigner, sizeof(id.signer));
	enclave_window(INIT_COPIED);

	enclave_lock(encl->enclave);
	err = security_enclave_init(encl->enclave, &id);
	return sgx_enclave_judged(encl, err);
}

/*
 * EAUG follows, of the page that is faulted on in @vma. The enclave chooses
 * permissions itself: all are declared. As every fault it is the task's own
 * request, whomever it works for in the kernel meanwhile.
 */
static inline int sgx_enclave_add(struct sgx_encl *encl,
				  const struct vm_area_struct *vma,
				  unsigned long addr)
{
	struct enclave_range at = sgx_enclave_page(encl, addr);
	const struct cred *mine = enclave_mutant(ADD_SUBJECT) ?
					  current_cred() : current_real_cred();
	const struct cred *meanwhile = override_creds(mine);
	int err;

	enclave_lock(encl->enclave);
	if (!enclave_fault_is_own(vma))
		err = security_enclave_refuse(encl->enclave, ENCLAVE_OP_FAULT,
					      at,
					      vma->vm_flags & VM_ACCESS_FLAGS,
					      ENCLAVE_REFUSAL_FOREIGN_FAULT,
					      -EFAULT);
	else
		err = security_enclave_change(encl->enclave, at,
					      VM_ACCESS_FLAGS, ENCLAVE_OP_ADD);
	revert_creds(meanwhile);
	return sgx_enclave_judged(encl, err);
}

/* EMODT follows; the driver has lowered what the page may have of mappings. */
static inline int sgx_enclave_retype(struct sgx_encl *encl,
				     const struct sgx_encl_page *page)
{
	int err;

	enclave_lock(encl->enclave);
	err = security_enclave_change(
		encl->enclave, sgx_enclave_page(encl, page->desc & PAGE_MASK),
		page->vm_max_prot_bits, ENCLAVE_OP_TYPE);
	return sgx_enclave_judged(encl, err);
}

/*
 * The page goes; nothing can fail any more. Its facts go first: from now on a
 * fault finds none and waits until the page is gone. An entry that it made after
 * the driver removed all of them would give what the page had to whatever comes
 * to its address, and to this piece of the EPC, next.
 */
static inline int sgx_enclave_remove(struct sgx_encl *encl,
				     const struct sgx_encl_page *page)
{
	int err;

	enclave_lock(encl->enclave);
	err = security_enclave_change(
		encl->enclave, sgx_enclave_page(encl, page->desc & PAGE_MASK),
		0, ENCLAVE_OP_REMOVE);
	if (!err)
		security_enclave_commit(encl->enclave);
	enclave_unlock(encl->enclave);
	return err;
}

/* Entries of the page that sgx_enclave_remove() was of are gone; it is not yet. */
static inline void sgx_enclave_zapped(void)
{
	enclave_window(REMOVED);
}

/*
 * EMODPR follows. The enclave may take back with EMODPE what it lets the kernel
 * restrict, so that the intent stays and only the right to change is judged.
 */
static inline int sgx_enclave_restrict(struct sgx_encl *encl,
				       const struct sgx_encl_page *page)
{
	unsigned long addr = page->desc & PAGE_MASK;
	int err;

	enclave_lock(encl->enclave);
	err = security_enclave_change(encl->enclave,
				      sgx_enclave_page(encl, addr),
				      page->vm_max_prot_bits,
				      ENCLAVE_OP_RESTRICT);
	return sgx_enclave_judged(encl, err);
}

/* A debugger's write follows. */
static inline int sgx_enclave_debug_write(struct sgx_encl *encl,
					  unsigned long addr)
{
	int err;

	enclave_lock(encl->enclave);
	err = security_enclave_access(
		encl->enclave, sgx_enclave_page(encl, addr & PAGE_MASK), true);
	return sgx_enclave_judged(encl, err);
}

/*
 * Before the driver looks at the pages itself: what is refused is recorded, and
 * costs no walk over them.
 */
static inline int sgx_enclave_mmap(struct sgx_encl *encl,
				   struct vm_area_struct *vma)
{
	struct enclave *e = encl->enclave;
	struct enclave_range range =
		sgx_enclave_range(encl, vma->vm_start, vma->vm_end);
	int err;

	enclave_lock(e);
	if (!(vma->vm_flags & VM_MAYSHARE))
		err = security_enclave_refuse(e, ENCLAVE_OP_MMAP, range,
					      vma->vm_flags & VM_ACCESS_FLAGS,
					      ENCLAVE_REFUSAL_PRIVATE_MAP,
					      -EINVAL);
	else
		err = security_enclave_map(e, range, vma->vm_flags, vma,
					   ENCLAVE_OP_MMAP);
	if (!err) {
		security_enclave_commit(e);
		enclave_vma_open(e, vma);
	}
	enclave_unlock(e);
	return err;
}

/* The mapping that was just judged will not be. */
static inline void sgx_enclave_mmap_failed(struct sgx_encl *encl,
					   struct vm_area_struct *vma)
{
	enclave_lock(encl->enclave);
	enclave_vma_close(encl->enclave, vma);
	enclave_unlock(encl->enclave);
}

static inline int sgx_enclave_mprotect(struct vm_area_struct *vma,
				       unsigned long start, unsigned long end,
				       unsigned long newflags)
{
	struct sgx_encl *encl = vma->vm_private_data;
	int err;

	if (!encl)
		return -EACCES;
	enclave_lock(encl->enclave);
	err = security_enclave_map(encl->enclave,
				   sgx_enclave_range(encl, start, end),
				   newflags, vma, ENCLAVE_OP_MPROTECT);
	if (!err)
		security_enclave_commit(encl->enclave);
	enclave_unlock(encl->enclave);
	return err;
}

/* What an entry may have; -ENOENT: the page is about to be removed. */
static inline int sgx_enclave_fault(struct sgx_encl *encl,
				    struct vm_area_struct *vma, u64 page,
				    u32 wanted, u32 *granted)
{
	int err;

	if (!wanted)
		return 0;
	err = security_enclave_fault(encl->enclave, page, vma, wanted, granted);
	if (enclave_mutant(FAULT_STRIP) ||
	    (err == -ENOENT && enclave_mutant(REMOVE_WINDOW))) {
		*granted = wanted;
		return 0;
	}
	return err;
}

/*
 * Insert an entry for a page of the enclave. As without the framework, a
 * mapping that is wider than the page is a SIGBUS; only X may be taken off it. A
 * page without facts is about to be removed: the access is tried again.
 */
static inline vm_fault_t sgx_enclave_insert(struct vm_area_struct *vma,
					    unsigned long addr,
					    unsigned long pfn)
{
	struct sgx_encl *encl = vma->vm_private_data;
	u32 wanted = vma->vm_flags & VM_ACCESS_FLAGS;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	bool done = false;
	u32 granted = 0;
	int err;

	enclave_lock(encl->enclave);
	err = sgx_enclave_fault(encl, vma, PFN_DOWN(addr - encl->base), wanted,
				&granted);
	if (err == -ENOENT) {
		ret = VM_FAULT_NOPAGE;
	} else if (!err && granted == wanted) {
		ret = vmf_insert_pfn(vma, addr, pfn);
		done = ret == VM_FAULT_NOPAGE;
	} else if (!err && granted == (wanted & ~VM_EXEC)) {
		ret = vmf_insert_pfn_prot(vma, addr, pfn,
					  vm_get_page_prot(vma->vm_flags &
							   ~VM_EXEC));
		done = ret == VM_FAULT_NOPAGE;
	}
	sgx_enclave_settle(encl, done ? 0 : -EFAULT);
	return ret;
}

/*
 * A child inherits mappings, but no entries: each of its own is judged when it
 * faults, by who the child is then. Only fork opens a mapping of another mm than
 * current's. Where the driver could not take the child in (no private data),
 * entries would never be removed.
 */
static inline void sgx_enclave_vma_open(struct vm_area_struct *vma)
{
	struct sgx_encl *encl = vma->vm_private_data;

	if (vma->vm_mm != current->mm && !enclave_mutant(DONTCOPY))
		vm_flags_set(vma, VM_WIPEONFORK);
	if (!encl)
		return;
	enclave_lock(encl->enclave);
	enclave_vma_open(encl->enclave, vma);
	enclave_unlock(encl->enclave);
}

static inline void sgx_enclave_vma_close(struct vm_area_struct *vma)
{
	struct sgx_encl *encl = vma->vm_private_data;

	if (!encl)
		return;
	enclave_lock(encl->enclave);
	enclave_vma_close(encl->enclave, vma);
	enclave_unlock(encl->enclave);
}

static inline int sgx_enclave_mremap(struct vm_area_struct *vma)
{
	struct sgx_encl *encl = vma->vm_private_data;
	int err;

	if (!encl)
		return -EACCES;
	if (enclave_mutant(MREMAP))
		return 0;
	enclave_lock(encl->enclave);
	err = security_enclave_refuse(encl->enclave, ENCLAVE_OP_MMAP,
				      sgx_enclave_range(encl, vma->vm_start,
							vma->vm_end),
				      vma->vm_flags & VM_ACCESS_FLAGS,
				      ENCLAVE_REFUSAL_MREMAP, -EINVAL);
	enclave_unlock(encl->enclave);
	return err;
}

#else /* CONFIG_SECURITY_ENCLAVE */

static inline int sgx_enclave_open(struct sgx_encl *encl)
{
	return 0;
}

static inline void sgx_enclave_free(struct sgx_encl *encl)
{
}

static inline void sgx_enclave_release_later(struct kref *ref)
{
	sgx_encl_release(ref);
}

static inline void sgx_enclave_settle(struct sgx_encl *encl, int err)
{
}

static inline int sgx_enclave_create(struct sgx_encl *encl,
				     const struct sgx_secs *secs)
{
	return 0;
}

static inline int sgx_enclave_init(struct sgx_encl *encl,
				   const struct sgx_sigstruct *sigstruct,
				   const void *mrsigner)
{
	return 0;
}

static inline int sgx_enclave_add(struct sgx_encl *encl,
				  const struct vm_area_struct *vma,
				  unsigned long addr)
{
	return 0;
}

static inline int sgx_enclave_retype(struct sgx_encl *encl,
				     const struct sgx_encl_page *page)
{
	return 0;
}

static inline int sgx_enclave_remove(struct sgx_encl *encl,
				     const struct sgx_encl_page *page)
{
	return 0;
}

static inline void sgx_enclave_zapped(void)
{
}

static inline int sgx_enclave_restrict(struct sgx_encl *encl,
				       const struct sgx_encl_page *page)
{
	return 0;
}

static inline int sgx_enclave_debug_write(struct sgx_encl *encl,
					  unsigned long addr)
{
	return 0;
}

static inline int sgx_enclave_mmap(struct sgx_encl *encl,
				   struct vm_area_struct *vma)
{
	return 0;
}

static inline void sgx_enclave_mmap_failed(struct sgx_encl *encl,
					   struct vm_area_struct *vma)
{
}

static inline int sgx_enclave_mprotect(struct vm_area_struct *vma,
				       unsigned long start, unsigned long end,
				       unsigned long newflags)
{
	return 0;
}

static inline vm_fault_t sgx_enclave_insert(struct vm_area_struct *vma,
					    unsigned long addr,
					    unsigned long pfn)
{
	return vmf_insert_pfn(vma, addr, pfn);
}

static inline void sgx_enclave_vma_open(struct vm_area_struct *vma)
{
}

/* No operation where upstream has none. */
#define sgx_enclave_vma_close NULL
#define sgx_enclave_mremap NULL

#endif /* CONFIG_SECURITY_ENCLAVE */

#endif /* _LINUX_ENCLAVE_SGX_H */

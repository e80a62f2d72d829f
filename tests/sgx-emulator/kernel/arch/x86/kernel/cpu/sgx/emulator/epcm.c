// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: the EPCM.
 *
 * Owns: entries, their lock, who may access a page, the changes that entering
 * threads must see, tracking. Must not know page tables.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "emulator.h"

/* Leaf lock: taken in any context but interrupts, held for a leaf at most. */
DEFINE_RAW_SPINLOCK(sgxe_lock);

/**
 * sgxe_index() - the EPC page that the driver's mapping has at an address
 * @epc: an address
 *
 * Return: its index, or SGXE_NONE.
 */
u32 sgxe_index(const void *epc)
{
	unsigned long offset = epc - sgx_epc_sections[0].virt_addr;

	if (epc < sgx_epc_sections[0].virt_addr ||
	    offset >> PAGE_SHIFT >= sgxe_npages)
		return SGXE_NONE;
	return offset >> PAGE_SHIFT;
}

/**
 * sgxe_of_pfn() - is a page frame EPC?
 * @pfn: the frame
 * @index: out: the page's index
 */
bool sgxe_of_pfn(unsigned long pfn, u32 *index)
{
	unsigned long first = PHYS_PFN(sgxe_base);

	if (pfn < first || pfn - first >= sgxe_npages)
		return false;
	*index = pfn - first;
	return true;
}

/** sgxe_mem() - the contents of an EPC page */
void *sgxe_mem(u32 index)
{
	return sgx_epc_sections[0].virt_addr + ((u64)index << PAGE_SHIFT);
}

/** sgxe_secs() - the hidden state of a SECS */
struct sgxe_secs *sgxe_secs(u32 index)
{
	BUILD_BUG_ON(sizeof(struct sgxe_secs) > PAGE_SIZE / 2);
	return sgxe_mem(index) + PAGE_SIZE / 2;
}

/** sgxe_tcs() - the hidden state of a TCS */
struct sgxe_tcs *sgxe_tcs(u32 index)
{
	BUILD_BUG_ON(SGXE_TCS_OFFSET < offsetof(struct sgx_tcs, reserved));
	return sgxe_mem(index) + SGXE_TCS_OFFSET;
}

/**
 * sgxe_allowed() - what may code of the enclave do with a page? SDM 38.3
 * @index: the page
 * @addr: where the access happens
 *
 * Return: SGX_SECINFO_R, W, X; lock held.
 */
u8 sgxe_allowed(u32 index, u64 addr)
{
	const struct sgxe_page *e = &sgxe_epcm[index];

	if (!e->valid || e->blocked || e->pending || e->modified ||
	    e->type != SGX_PAGE_TYPE_REG || e->addr != (addr & PAGE_MASK))
		return 0;
	return e->perm;
}

/**
 * sgxe_owned() - is a page, usable, of this enclave, address and type?
 * @index: the page
 * @secs: the enclave
 * @addr: where it should be
 * @type: what it should be
 */
bool sgxe_owned(u32 index, u32 secs, u64 addr, u8 type)
{
	const struct sgxe_page *e = &sgxe_epcm[index];

	return e->valid && !e->blocked && !e->pending && !e->modified &&
	       e->type == type && e->secs == secs && e->addr == addr;
}

/**
 * sgxe_enter() - a page becomes valid
 * @index: the page
 * @type: enum sgx_page_type
 * @secs: its enclave; its own index, if it has none
 * @addr: its address there
 * @perm: SGX_SECINFO_R, W, X
 */
void sgxe_enter(u32 index, u8 type, u32 secs, u64 addr, u8 perm)
{
	sgxe_epcm[index] = (struct sgxe_page){
		.addr = addr,
		.secs = secs,
		.type = type,
		.perm = perm,
		.valid = true,
	};
	if (secs != index)
		sgxe_secs(secs)->children++;
}

/** sgxe_leave() - a page is valid no longer; its contents are gone */
void sgxe_leave(u32 index)
{
	struct sgxe_page *e = &sgxe_epcm[index];

	if (e->secs != index)
		sgxe_secs(e->secs)->children--;
	memset(e, 0, sizeof(*e));
	memset(sgxe_mem(index), 0, PAGE_SIZE);
}

/**
 * sgxe_changed() - who may access a page changed
 * @index: the page
 * @less: something was taken away, what entering threads must see
 */
void sgxe_changed(u32 index, bool less)
{
	struct sgxe_secs *s = sgxe_secs(sgxe_epcm[index].secs);

	s->version++;
	if (less) {
		s->changed[s->changes % SGXE_CHANGES] = index;
		s->changes++;
	}
}

/**
 * sgxe_tracked() - did all threads leave that could know a page as it was?
 * @index: a page that was blocked or changed
 *
 * ETRACK begins an epoch when all threads of the one before the last are out;
 * the page's is over when those of the epoch it was changed in are. SDM chapter 39.
 */
bool sgxe_tracked(u32 index)
{
	const struct sgxe_page *e = &sgxe_epcm[index];
	const struct sgxe_secs *s = sgxe_secs(e->secs);

	if (s->epoch == e->epoch)
		return false;
	return s->epoch > e->epoch + 1 || !s->before;
}

/** sgxe_tcs_valid() - what EADD, EACCEPT and EENTER ask of a TCS, SDM 38.8 */
bool sgxe_tcs_valid(const struct sgx_tcs *tcs, const struct sgx_secs *secs)
{
	return !(tcs->flags & SGX_TCS_RESERVED_MASK) && !tcs->state &&
	       !(tcs->ssa_offset & ~PAGE_MASK) &&
	       tcs->ssa_offset < secs->size && tcs->entry_offset < secs->size &&
	       !(tcs->fs_offset & ~PAGE_MASK) && tcs->fs_offset < secs->size &&
	       !(tcs->gs_offset & ~PAGE_MASK) && tcs->gs_offset < secs->size &&
	       tcs->nr_ssa_frames && tcs->ssa_index <= tcs->nr_ssa_frames;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: leaves that move pages out and in, and tracking.
 * SDM chapter 41: EPA, EBLOCK, ETRACK, EWB, ELDU.
 *
 * Owns: what makes a page that comes back the one that left. Pages leave in
 * clear text. Called with the lock held; must not sleep or allocate.
 */
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/string.h>

#include "emulator.h"

/**
 * sgxe_epa() - SDM: EPA
 * @index: a page that is not valid
 */
int sgxe_epa(u32 index)
{
	if (sgxe_epcm[index].valid)
		return SGXE_PF;
	memset(sgxe_mem(index), 0, PAGE_SIZE);
	sgxe_enter(index, SGX_PAGE_TYPE_VA, index, 0, 0);
	return 0;
}

/**
 * sgxe_eblock() - SDM: EBLOCK
 * @index: a page of an enclave
 */
int sgxe_eblock(u32 index)
{
	struct sgxe_page *e = &sgxe_epcm[index];

	if (!e->valid)
		return SGXE_PG_INVLD;
	if (e->type == SGX_PAGE_TYPE_SECS)
		return SGXE_PG_IS_SECS;
	if (e->type == SGX_PAGE_TYPE_VA)
		return SGXE_NOTBLOCKABLE;
	if (e->blocked)
		return SGXE_BLKSTATE;
	e->blocked = true;
	e->epoch = sgxe_secs(e->secs)->epoch;
	sgxe_changed(index, true);
	return 0;
}

/**
 * sgxe_etrack() - SDM: ETRACK
 * @index: a SECS
 */
int sgxe_etrack(u32 index)
{
	struct sgxe_secs *s = sgxe_secs(index);

	if (!sgxe_epcm[index].valid ||
	    sgxe_epcm[index].type != SGX_PAGE_TYPE_SECS)
		return SGXE_PF;
	if (s->before)
		return SGXE_PREV_TRK_INCMPL;
	s->before = s->inside;
	s->inside = 0;
	s->epoch++;
	return 0;
}

static siphash_key_t mac_key __ro_after_init;

static int __init mac_key_init(void)
{
	get_random_bytes(&mac_key, sizeof(mac_key));
	return 0;
}
subsys_initcall(mac_key_init);

/* What EWB stores beside the contents, and ELDU compares. */
static void mac(u8 *to, const struct sgx_pcmd *pcmd, const void *contents,
		u64 addr, u64 version)
{
	u64 of_page[2] = { siphash(contents, PAGE_SIZE, &mac_key) };

	of_page[1] = siphash_4u64(pcmd->secinfo.flags, pcmd->enclave_id, addr,
				  version ^ of_page[0], &mac_key);
	BUILD_BUG_ON(sizeof(of_page) != sizeof(pcmd->mac));
	memcpy(to, of_page, sizeof(of_page));
}

/* Is @slot a version in a VA page? */
static bool slot_valid(const u64 *slot)
{
	u32 index = sgxe_index(slot);

	return IS_ALIGNED((unsigned long)slot, sizeof(*slot)) &&
	       index != SGXE_NONE && sgxe_epcm[index].valid &&
	       sgxe_epcm[index].type == SGX_PAGE_TYPE_VA;
}

static u64 page_flags(const struct sgxe_page *e)
{
	return e->perm | e->type << 8 | (e->pending ? SGXE_PENDING : 0) |
	       (e->modified ? SGXE_MODIFIED : 0) |
	       (e->restricted ? SGXE_PR : 0);
}

static int may_leave(u32 index)
{
	const struct sgxe_page *e = &sgxe_epcm[index];

	if (!e->valid)
		return SGXE_PF;
	switch (e->type) {
	case SGX_PAGE_TYPE_VA:
		return 0;
	case SGX_PAGE_TYPE_SECS:
		return sgxe_secs(index)->children ? SGX_CHILD_PRESENT : 0;
	}
	if (!e->blocked)
		return SGXE_PAGE_NOT_BLOCKED;
	return sgxe_tracked(index) ? 0 : SGX_NOT_TRACKED;
}

/**
 * sgxe_ewb() - SDM: EWB
 * @pi: where the contents and the PCMD go
 * @index: a page that was blocked and tracked
 * @slot: an empty slot for its version
 */
int sgxe_ewb(struct sgx_pageinfo *pi, u32 index, u64 *slot)
{
	struct sgx_pcmd *pcmd = (void *)pi->metadata;
	struct sgxe_page *e = &sgxe_epcm[index];
	static u64 last_version;
	int ret;

	if (pi->addr || pi->secs || !IS_ALIGNED(pi->contents, PAGE_SIZE) ||
	    !IS_ALIGNED(pi->metadata, sizeof(*pcmd)))
		return SGXE_GP;
	if (!slot_valid(slot))
		return SGXE_PF;
	ret = may_leave(index);
	if (ret)
		return ret;
	if (*slot)
		return SGXE_VA_SLOT_OCCUPIED;

	memset(pcmd, 0, sizeof(*pcmd));
	pcmd->secinfo.flags = page_flags(e);
	if (e->secs != index)
		pcmd->enclave_id = sgxe_secs(e->secs)->eid;
	memcpy((void *)pi->contents, sgxe_mem(index), PAGE_SIZE);
	*slot = ++last_version;
	mac(pcmd->mac, pcmd, (void *)pi->contents, e->addr, *slot);
	pi->addr = e->addr;
	sgxe_leave(index);
	return 0;
}

/* The SECS that a page coming back belongs to; SGXE_NONE if it is not that. */
static u32 owner_of(const struct sgx_pageinfo *pi, const struct sgx_pcmd *pcmd,
		    u32 index, u8 type)
{
	u32 owner;

	if (type == SGX_PAGE_TYPE_SECS || type == SGX_PAGE_TYPE_VA)
		return pi->secs ? SGXE_NONE : index;
	owner = sgxe_index((void *)pi->secs);
	if (owner == SGXE_NONE || !sgxe_epcm[owner].valid ||
	    sgxe_epcm[owner].type != SGX_PAGE_TYPE_SECS)
		return SGXE_NONE;
	return owner;
}

/**
 * sgxe_eldu() - SDM: ELDB, ELDU
 * @pi: address, contents, PCMD, SECS
 * @index: a page that is not valid
 * @slot: its version, which is used up
 * @blocked: ELDB: the page stays blocked
 */
int sgxe_eldu(struct sgx_pageinfo *pi, u32 index, u64 *slot, bool blocked)
{
	const struct sgx_pcmd *pcmd = (void *)pi->metadata;
	u64 flags, addr;
	u8 found[sizeof(pcmd->mac)];
	u32 owner;
	u8 type;

	if (!IS_ALIGNED(pi->contents, PAGE_SIZE) ||
	    !IS_ALIGNED(pi->metadata, sizeof(*pcmd)))
		return SGXE_GP;
	if (!slot_valid(slot) || sgxe_epcm[index].valid)
		return SGXE_PF;
	flags = pcmd->secinfo.flags;
	if (flags & ~SGXE_FLAGS_VALID)
		return SGXE_GP;
	type = flags >> 8;
	owner = owner_of(pi, pcmd, index, type);
	if (owner == SGXE_NONE)
		return SGXE_PF;
	/* A SECS and a VA page have no address, whatever the driver says. */
	addr = owner == index ? 0 : pi->addr;
	mac(found, pcmd, (void *)pi->contents, addr, *slot);
	if (!*slot || memcmp(found, pcmd->mac, sizeof(found)) ||
	    (owner != index && pcmd->enclave_id != sgxe_secs(owner)->eid))
		return SGXE_MAC_COMPARE_FAIL;

	memcpy(sgxe_mem(index), (void *)pi->contents, PAGE_SIZE);
	sgxe_enter(index, type, owner, addr,
		   flags & SGX_SECINFO_PERMISSION_MASK);
	sgxe_epcm[index].pending = flags & SGXE_PENDING;
	sgxe_epcm[index].modified = flags & SGXE_MODIFIED;
	sgxe_epcm[index].restricted = flags & SGXE_PR;
	sgxe_epcm[index].blocked = blocked;
	/* It left when it was tracked, since its last change too. */
	sgxe_epcm[index].epoch = SGXE_LONG_AGO;
	*slot = 0;
	return 0;
}

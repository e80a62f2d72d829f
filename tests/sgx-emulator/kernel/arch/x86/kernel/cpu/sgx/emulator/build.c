// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: leaves that build an enclave and take it down, and its
 * measurement. SDM chapter 41: ECREATE, EADD, EEXTEND, EREMOVE, EAUG.
 *
 * Owns: their checks. Called with the lock held; must not sleep or allocate.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "emulator.h"

#define SGXE_BLOCK 64

/* The measurement is a hash of blocks, each with the leaf's name first. */
static void measure(struct sgxe_secs *s, const char *name, const void *data,
		    u32 len)
{
	u8 block[SGXE_BLOCK] = {};

	memcpy(block, name, strlen(name));
	memcpy(block + 8, data, len);
	sha256_update(&s->sha, block, sizeof(block));
}

static bool secs_valid(const struct sgx_secs *secs)
{
	u64 size = secs->size;
	u32 misc = secs->miscselect & SGX_MISC_EXINFO ? SGXE_EXINFO_SIZE : 0;

	if (!is_power_of_2(size) || size < 2 * PAGE_SIZE || size > BIT_ULL(36))
		return false;
	if (secs->base & (size - 1) || secs->base + size > TASK_SIZE_MAX)
		return false;
	if (!(secs->attributes & SGX_ATTR_MODE64BIT) ||
	    secs->attributes & (SGX_ATTR_INIT | SGX_ATTR_KSS |
				SGX_ATTR_ASYNC_EXIT_NOTIFY |
				SGX_ATTR_RESERVED_MASK) ||
	    secs->miscselect & ~SGX_MISC_EXINFO)
		return false;
	if ((secs->xfrm & 3) != 3 || secs->xfrm & ~sgxe_xfrm())
		return false;
	if (secs->ssa_frame_size > SGXE_SSA_PAGES ||
	    secs->ssa_frame_size * PAGE_SIZE <
		    sgxe_xsave_size(secs->xfrm) + misc + SGX_SSA_GPRS_SIZE)
		return false;
	/* Without KSS, which is refused above, there is no configuration. */
	if (secs->config_svn ||
	    memchr_inv(secs->config_id, 0, sizeof(secs->config_id)))
		return false;
	return !memchr_inv(secs->reserved1, 0, sizeof(secs->reserved1)) &&
	       !memchr_inv(secs->reserved2, 0, sizeof(secs->reserved2)) &&
	       !memchr_inv(secs->reserved3, 0, sizeof(secs->reserved3)) &&
	       !memchr_inv(secs->reserved4, 0, sizeof(secs->reserved4));
}

/**
 * sgxe_ecreate() - SDM: ECREATE
 * @pi: contents: the SECS; metadata: its SECINFO; address and secs: 0
 * @index: a page that is not valid
 */
int sgxe_ecreate(struct sgx_pageinfo *pi, u32 index)
{
	const struct sgx_secinfo *si = (void *)pi->metadata;
	struct sgx_secs *secs = sgxe_mem(index);
	static u64 last_eid;
	struct sgxe_secs *s;
	struct {
		u32 ssa_frame_size;
		u64 size;
	} __packed data;

	if (pi->addr || pi->secs || !IS_ALIGNED(pi->contents, PAGE_SIZE) ||
	    si->flags != SGX_SECINFO_SECS ||
	    memchr_inv(si->reserved, 0, sizeof(si->reserved)))
		return SGXE_GP;
	if (sgxe_epcm[index].valid)
		return SGXE_PF;
	if (!secs_valid((void *)pi->contents))
		return SGXE_GP;

	memcpy(secs, (void *)pi->contents, PAGE_SIZE);
	memset(secs->mrenclave, 0, sizeof(secs->mrenclave));
	memset(secs->mrsigner, 0, sizeof(secs->mrsigner));
	secs->isv_svn = 0;
	secs->isv_prod_id = 0;

	s = sgxe_secs(index);
	memset(s, 0, sizeof(*s));
	s->eid = ++last_eid;
	s->epoch = SGXE_FIRST_EPOCH;
	sha256_init(&s->sha);
	data.ssa_frame_size = secs->ssa_frame_size;
	data.size = secs->size;
	measure(s, "ECREATE", &data, sizeof(data));
	sgxe_enter(index, SGX_PAGE_TYPE_SECS, index, 0, 0);
	return 0;
}

/* The SECS that a PAGEINFO names; SGXE_NONE if it is none. */
static u32 secs_of(const struct sgx_pageinfo *pi)
{
	u32 index = sgxe_index((void *)pi->secs);

	if (index == SGXE_NONE || !sgxe_epcm[index].valid ||
	    sgxe_epcm[index].type != SGX_PAGE_TYPE_SECS)
		return SGXE_NONE;
	return index;
}

static bool in_enclave(const struct sgx_secs *secs, u64 addr)
{
	return IS_ALIGNED(addr, PAGE_SIZE) && addr >= secs->base &&
	       addr - secs->base < secs->size;
}

static bool secinfo_valid(const struct sgx_secinfo *si)
{
	u64 type = si->flags & SGX_SECINFO_PAGE_TYPE_MASK;

	if (si->flags & SGX_SECINFO_RESERVED_MASK ||
	    memchr_inv(si->reserved, 0, sizeof(si->reserved)))
		return false;
	if (type == SGX_SECINFO_REG)
		return si->flags & SGX_SECINFO_R ||
		       !(si->flags & SGX_SECINFO_W);
	return type == SGX_SECINFO_TCS;
}

/* A TCS as EADD takes it: the processor's fields start at zero. */
static bool tcs_added(struct sgx_tcs *tcs, const struct sgx_secs *secs)
{
	if (!sgxe_tcs_valid(tcs, secs) || tcs->flags ||
	    memchr_inv(tcs->reserved, 0, sizeof(tcs->reserved)))
		return false;
	tcs->ssa_index = 0;
	tcs->exit_addr = 0;
	return true;
}

/**
 * sgxe_eadd() - SDM: EADD
 * @pi: address, contents, SECINFO, SECS
 * @index: a page that is not valid
 */
int sgxe_eadd(struct sgx_pageinfo *pi, u32 index)
{
	const struct sgx_secinfo *si = (void *)pi->metadata;
	u32 owner = secs_of(pi);
	const struct sgx_secs *secs;
	u8 type, perm;
	/* The offset and the first 48 bytes of the SECINFO. */
	u64 data[7] = {};

	if (!IS_ALIGNED(pi->contents, PAGE_SIZE) || !secinfo_valid(si))
		return SGXE_GP;
	if (sgxe_epcm[index].valid || owner == SGXE_NONE)
		return SGXE_PF;
	secs = sgxe_mem(owner);
	if (secs->attributes & SGX_ATTR_INIT || !in_enclave(secs, pi->addr))
		return SGXE_GP;

	memcpy(sgxe_mem(index), (void *)pi->contents, PAGE_SIZE);
	type = si->flags >> 8;
	perm = type == SGX_PAGE_TYPE_TCS ? 0 : si->flags;
	if (type == SGX_PAGE_TYPE_TCS && !tcs_added(sgxe_mem(index), secs)) {
		memset(sgxe_mem(index), 0, PAGE_SIZE);
		return SGXE_GP;
	}
	data[0] = pi->addr - secs->base;
	data[1] = si->flags;
	measure(sgxe_secs(owner), "EADD", data, sizeof(data));
	sgxe_enter(index, type, owner, pi->addr,
		   perm & SGX_SECINFO_PERMISSION_MASK);
	return 0;
}

/**
 * sgxe_eextend() - SDM: EEXTEND
 * @index: a page
 * @offset: of 256 bytes in it
 */
int sgxe_eextend(u32 index, u32 offset)
{
	const struct sgxe_page *e = &sgxe_epcm[index];
	const struct sgx_secs *secs;
	u64 at;

	if (!IS_ALIGNED(offset, SGX_EEXTEND_BLOCK_SIZE))
		return SGXE_GP;
	if (!e->valid || (e->type != SGX_PAGE_TYPE_REG &&
			  e->type != SGX_PAGE_TYPE_TCS))
		return SGXE_PF;
	secs = sgxe_mem(e->secs);
	if (secs->attributes & SGX_ATTR_INIT)
		return SGXE_GP;
	at = e->addr - secs->base + offset;
	measure(sgxe_secs(e->secs), "EEXTEND", &at, sizeof(at));
	sha256_update(&sgxe_secs(e->secs)->sha, sgxe_mem(index) + offset,
		      SGX_EEXTEND_BLOCK_SIZE);
	return 0;
}

/**
 * sgxe_eremove() - SDM: EREMOVE
 * @index: any page
 */
int sgxe_eremove(u32 index)
{
	const struct sgxe_page *e = &sgxe_epcm[index];
	const struct sgxe_secs *s;

	if (!e->valid)
		return 0;
	if (e->type == SGX_PAGE_TYPE_SECS && sgxe_secs(index)->children)
		return SGX_CHILD_PRESENT;
	if (e->secs != index &&
	    !(e->type == SGX_PAGE_TYPE_TRIM && !e->modified)) {
		s = sgxe_secs(e->secs);
		if (s->inside || s->before)
			return SGXE_ENCLAVE_ACT;
	}
	if (e->secs != index)
		sgxe_changed(index, true);
	sgxe_leave(index);
	return 0;
}

/**
 * sgxe_eaug() - SDM: EAUG
 * @pi: address and SECS; no contents
 * @index: a page that is not valid
 *
 * Only plain pages: a SECINFO is for shadow stacks.
 */
int sgxe_eaug(struct sgx_pageinfo *pi, u32 index)
{
	u32 owner = secs_of(pi);
	const struct sgx_secs *secs;

	if (pi->contents || pi->metadata)
		return SGXE_GP;
	if (sgxe_epcm[index].valid || owner == SGXE_NONE)
		return SGXE_PF;
	secs = sgxe_mem(owner);
	if (!(secs->attributes & SGX_ATTR_INIT) || !in_enclave(secs, pi->addr))
		return SGXE_GP;
	memset(sgxe_mem(index), 0, PAGE_SIZE);
	sgxe_enter(index, SGX_PAGE_TYPE_REG, owner, pi->addr,
		   SGX_SECINFO_R | SGX_SECINFO_W);
	sgxe_epcm[index].pending = true;
	return 0;
}

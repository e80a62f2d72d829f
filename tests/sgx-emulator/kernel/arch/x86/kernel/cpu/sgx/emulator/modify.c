// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: leaves that change pages of an initialised enclave, and the
 * debugger's. SDM chapter 41: EMODPR, EMODT, EDBGRD, EDBGWR.
 *
 * Owns: their checks. Called with the lock held; must not sleep or allocate.
 */
#include <linux/mm.h>
#include <linux/string.h>

#include "emulator.h"

/* What both changes ask of a page: 0, or what the leaf returns. */
static int changeable(u32 index)
{
	const struct sgxe_page *e = &sgxe_epcm[index];
	const struct sgx_secs *secs;

	if (!e->valid || e->blocked || e->type == SGX_PAGE_TYPE_SECS ||
	    e->type == SGX_PAGE_TYPE_VA)
		return SGXE_PF;
	if (e->pending || e->modified)
		return SGX_PAGE_NOT_MODIFIABLE;
	if (e->type == SGX_PAGE_TYPE_TRIM)
		return SGXE_PF;
	secs = sgxe_mem(e->secs);
	return secs->attributes & SGX_ATTR_INIT ? 0 : SGXE_GP;
}

/**
 * sgxe_emodpr() - SDM: EMODPR
 * @si: the permissions that may stay
 * @index: a regular page
 */
int sgxe_emodpr(const struct sgx_secinfo *si, u32 index)
{
	struct sgxe_page *e = &sgxe_epcm[index];
	int ret;

	if (si->flags & ~SGX_SECINFO_PERMISSION_MASK ||
	    memchr_inv(si->reserved, 0, sizeof(si->reserved)) ||
	    (si->flags & SGX_SECINFO_W && !(si->flags & SGX_SECINFO_R)))
		return SGXE_GP;
	ret = changeable(index);
	if (ret)
		return ret;
	if (e->type != SGX_PAGE_TYPE_REG)
		return SGXE_PF;
	e->restricted = true;
	e->perm &= si->flags;
	e->epoch = sgxe_secs(e->secs)->epoch;
	sgxe_changed(index, true);
	return 0;
}

/**
 * sgxe_emodt() - SDM: EMODT
 * @si: the new type, TCS or TRIM
 * @index: a regular page, or for TRIM a TCS
 */
int sgxe_emodt(const struct sgx_secinfo *si, u32 index)
{
	struct sgxe_page *e = &sgxe_epcm[index];
	u64 type = si->flags;
	int ret;

	if ((type != SGX_SECINFO_TCS && type != SGX_SECINFO_TRIM) ||
	    memchr_inv(si->reserved, 0, sizeof(si->reserved)))
		return SGXE_GP;
	ret = changeable(index);
	if (ret)
		return ret;
	if (e->type == SGX_PAGE_TYPE_TCS && type != SGX_SECINFO_TRIM)
		return SGXE_PF;
	e->modified = true;
	e->restricted = false;
	e->perm = 0;
	e->type = type >> 8;
	e->epoch = sgxe_secs(e->secs)->epoch;
	sgxe_changed(index, true);
	return 0;
}

static int debuggable(u32 index, u32 offset)
{
	const struct sgxe_page *e = &sgxe_epcm[index];
	const struct sgx_secs *secs;

	if (!IS_ALIGNED(offset, sizeof(u64)))
		return SGXE_GP;
	if (!e->valid ||
	    (e->type != SGX_PAGE_TYPE_REG && e->type != SGX_PAGE_TYPE_TCS))
		return SGXE_PF;
	if (e->pending || e->modified)
		return SGXE_PAGE_NOT_DEBUGGABLE;
	secs = sgxe_mem(e->secs);
	return secs->attributes & SGX_ATTR_DEBUG ? 0 : SGXE_GP;
}

/**
 * sgxe_edbgrd() - SDM: EDBGRD
 * @index: a regular page or a TCS of a debug enclave
 * @offset: of 8 bytes
 * @data: out: the bytes
 */
int sgxe_edbgrd(u32 index, u32 offset, u64 *data)
{
	int ret = debuggable(index, offset);

	if (ret)
		return ret;
	*data = *(u64 *)(sgxe_mem(index) + offset);
	if (sgxe_epcm[index].type == SGX_PAGE_TYPE_TCS &&
	    offset >= offsetof(struct sgx_tcs, reserved))
		*data = 0;
	return 0;
}

/**
 * sgxe_edbgwr() - SDM: EDBGWR
 * @index: a regular page of a debug enclave, or a TCS, of which only the flags
 *      may be written
 * @offset: of 8 bytes
 * @data: the bytes
 */
int sgxe_edbgwr(u32 index, u32 offset, u64 data)
{
	int ret = debuggable(index, offset);

	if (ret)
		return ret;
	if (sgxe_epcm[index].type == SGX_PAGE_TYPE_TCS &&
	    (offset != offsetof(struct sgx_tcs, flags) ||
	     data & SGX_TCS_RESERVED_MASK))
		return SGXE_GP;
	*(u64 *)(sgxe_mem(index) + offset) = data;
	return 0;
}

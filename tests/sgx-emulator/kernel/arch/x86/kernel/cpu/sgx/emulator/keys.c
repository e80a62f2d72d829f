// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: reports and keys. SDM chapter 41: EREPORT, EGETKEY.
 *
 * Owns: the platform's secrets, drawn anew at each boot; what a key is derived
 * from; the checks of both leaves. A key is the AES-CMAC, under the platform's
 * secret, of what the SDM makes it depend on; a report's MAC is the AES-CMAC under
 * the target's report key. Called with the lock held; must not sleep or allocate.
 */
#include <crypto/aes.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "emulator.h"

/* KEYREQUEST.KEYNAME. */
enum keyname {
	EINITTOKEN_KEY,
	PROVISION_KEY,
	PROVISION_SEAL_KEY,
	REPORT_KEY,
	SEAL_KEY,
	KEYNAMES,
};

/* KEYREQUEST.KEYPOLICY; the other bits are KSS's, which there is not. */
#define KEYPOLICY_MRENCLAVE BIT(0)
#define KEYPOLICY_MRSIGNER BIT(1)
#define KEYPOLICY_VALID (KEYPOLICY_MRENCLAVE | KEYPOLICY_MRSIGNER)

#define MRENCLAVE_SIZE SHA256_DIGEST_SIZE
#define KEYID_SIZE 32
#define CPUSVN_SIZE 16
#define REPORTDATA_SIZE 64
#define REPORTDATA_ALIGN 128
#define OPERAND_ALIGN 512 /* of TARGETINFO, REPORT, KEYREQUEST */

/* REPORT, SDM 38.15. */
struct report {
	u8 cpusvn[CPUSVN_SIZE];
	u32 miscselect;
	u8 reserved1[28];
	u64 attributes, xfrm;
	u8 mrenclave[MRENCLAVE_SIZE];
	u8 reserved2[32];
	u8 mrsigner[MRENCLAVE_SIZE];
	u8 reserved3[96];
	u16 isv_prod_id, isv_svn;
	u8 reserved4[60];
	u8 data[REPORTDATA_SIZE];
	u8 keyid[KEYID_SIZE]; /* not covered by the MAC, but by its key */
	u8 mac[AES_BLOCK_SIZE];
} __packed;
static_assert(offsetof(struct report, keyid) == 384);
static_assert(sizeof(struct report) == 432);

/* TARGETINFO, SDM 38.16. Its reserved fields are not looked at. */
struct targetinfo {
	u8 mrenclave[MRENCLAVE_SIZE];
	u64 attributes, xfrm;
	u32 reserved1;
	u32 miscselect;
	u8 reserved2[456];
} __packed;
static_assert(sizeof(struct targetinfo) == 512);

/* KEYREQUEST, SDM 38.17. */
struct keyrequest {
	u16 keyname, keypolicy, isv_svn, reserved1;
	u8 cpusvn[CPUSVN_SIZE];
	u64 attributes_mask, xfrm_mask;
	u8 keyid[KEYID_SIZE];
	u32 misc_mask;
	u8 reserved2[436];
} __packed;
static_assert(sizeof(struct keyrequest) == 512);

/* What a key depends on, SDM chapter 41, EGETKEY, "Key Derivation". */
struct dependencies {
	u16 keyname, isv_prod_id, isv_svn, reserved;
	u32 miscselect, misc_mask;
	u64 attributes, xfrm, attributes_mask, xfrm_mask;
	u8 mrenclave[MRENCLAVE_SIZE];
	u8 mrsigner[MRENCLAVE_SIZE];
	u8 keyid[KEYID_SIZE];
	u8 cpusvn[CPUSVN_SIZE];
	u8 owner_epoch[16];
} __packed;
static_assert(sizeof(struct dependencies) % AES_BLOCK_SIZE == 0);

static struct {
	u8 secret[AES_KEYSIZE_128];
	u8 owner_epoch[16];
	u8 report_keyid[KEYID_SIZE];
} platform __ro_after_init;

/* CR_CPUSVN: a request may name it, or one that is older in every part. */
static const u8 cpusvn[CPUSVN_SIZE] = { 2, 1 };

/* Too large for the stack. */
static struct {
	struct crypto_aes_ctx aes;
	struct keyrequest request;
	struct report report;
} work;

static int __init platform_init(void)
{
	get_random_bytes(&platform, sizeof(platform));
	return 0;
}
subsys_initcall(platform_init);

static void mix(u8 *block, const u8 *with)
{
	int i;

	for (i = 0; i < AES_BLOCK_SIZE; i++)
		block[i] ^= with[i];
}

/* AES-CMAC, RFC 4493, of whole blocks, at least one: there is no padding. */
static void cmac(u8 *mac, const u8 *key, const void *data, size_t len)
{
	u8 subkey[AES_BLOCK_SIZE] = {};
	u64 high, low;

	aes_expandkey(&work.aes, key, AES_KEYSIZE_128);
	aes_encrypt(&work.aes, subkey, subkey);
	high = get_unaligned_be64(subkey);
	low = get_unaligned_be64(subkey + 8);
	put_unaligned_be64(high << 1 | low >> 63, subkey);
	put_unaligned_be64(low << 1 ^ (high >> 63 ? 0x87 : 0), subkey + 8);

	memset(mac, 0, AES_BLOCK_SIZE);
	for (; len; len -= AES_BLOCK_SIZE, data += AES_BLOCK_SIZE) {
		mix(mac, data);
		if (len == AES_BLOCK_SIZE)
			mix(mac, subkey);
		aes_encrypt(&work.aes, mac, mac);
	}
	memzero_explicit(&work.aes, sizeof(work.aes));
}

static void derive(u8 *key, const struct dependencies *d)
{
	cmac(key, platform.secret, d, sizeof(*d));
}

/* The key for reports to an enclave; its signer does not count. */
static void report_dependencies(struct dependencies *d, const void *mrenclave,
				u64 attributes, u64 xfrm, u32 miscselect,
				const u8 *keyid)
{
	*d = (struct dependencies){
		.keyname = REPORT_KEY,
		.miscselect = miscselect,
		.attributes = attributes,
		.xfrm = xfrm,
	};
	memcpy(d->mrenclave, mrenclave, sizeof(d->mrenclave));
	memcpy(d->keyid, keyid, sizeof(d->keyid));
	memcpy(d->cpusvn, cpusvn, sizeof(d->cpusvn));
	memcpy(d->owner_epoch, platform.owner_epoch, sizeof(d->owner_epoch));
}

/* May the enclave use an operand in its range so? 0, or a fault that it causes. */
static int usable(struct sgxe_operands *ops, int which, unsigned long align,
		  u8 perm)
{
	const struct sgxe_operand *op = &ops->at[which];

	ops->fault = which;
	if (!IS_ALIGNED(op->addr, align))
		return SGXE_GP;
	if (!sgxe_owned(op->page, ops->secs, op->addr & PAGE_MASK,
			SGX_PAGE_TYPE_REG) ||
	    !(sgxe_allowed(op->page, op->addr) & perm))
		return SGXE_PF;
	return 0;
}

static void *memory(const struct sgxe_operands *ops, int which)
{
	return sgxe_mem(ops->at[which].page) +
	       offset_in_page(ops->at[which].addr);
}

/**
 * sgxe_ereport() - SDM: EREPORT
 * @ops: RBX: TARGETINFO; RCX: REPORTDATA; RDX: where the REPORT goes
 */
int sgxe_ereport(struct sgxe_operands *ops)
{
	const struct sgx_secs *secs = sgxe_mem(ops->secs);
	const struct targetinfo *target;
	struct report *r = &work.report;
	u8 key[AES_KEYSIZE_128];
	struct dependencies d;
	int ret;

	ret = usable(ops, SGXE_RBX, OPERAND_ALIGN, SGX_SECINFO_R);
	if (!ret)
		ret = usable(ops, SGXE_RCX, REPORTDATA_ALIGN, SGX_SECINFO_R);
	if (!ret)
		ret = usable(ops, SGXE_RDX, OPERAND_ALIGN, SGX_SECINFO_W);
	if (ret)
		return ret;

	target = memory(ops, SGXE_RBX);
	report_dependencies(&d, target->mrenclave, target->attributes,
			    target->xfrm, target->miscselect,
			    platform.report_keyid);
	derive(key, &d);

	memset(r, 0, sizeof(*r));
	memcpy(r->cpusvn, cpusvn, sizeof(r->cpusvn));
	r->miscselect = secs->miscselect;
	r->attributes = secs->attributes;
	r->xfrm = secs->xfrm;
	memcpy(r->mrenclave, secs->mrenclave, sizeof(r->mrenclave));
	memcpy(r->mrsigner, secs->mrsigner, sizeof(r->mrsigner));
	r->isv_prod_id = secs->isv_prod_id;
	r->isv_svn = secs->isv_svn;
	memcpy(r->data, memory(ops, SGXE_RCX), sizeof(r->data));
	memcpy(r->keyid, platform.report_keyid, sizeof(r->keyid));
	cmac(r->mac, key, r, offsetof(struct report, keyid));
	memcpy(memory(ops, SGXE_RDX), r, sizeof(*r));
	return 0;
}

static bool newer(const u8 *svn)
{
	int i;

	for (i = 0; i < CPUSVN_SIZE; i++)
		if (svn[i] > cpusvn[i])
			return true;
	return false;
}

/* What the keys differ in, but for the report's, which depends on no request. */
static const struct {
	u64 attribute; /* that the enclave must have */
	bool signer; /* the signer counts, whatever the policy says */
	bool masks; /* the request's masks count themselves */
	bool owner; /* the owner's epoch and the request's KEYID count */
} kinds[KEYNAMES] = {
	[EINITTOKEN_KEY] = { SGX_ATTR_EINITTOKENKEY, true, false, true },
	[PROVISION_KEY] = { SGX_ATTR_PROVISIONKEY, true, true, false },
	[PROVISION_SEAL_KEY] = { SGX_ATTR_PROVISIONKEY, true, true, false },
	[SEAL_KEY] = { 0, false, true, true },
};

static void request_dependencies(struct dependencies *d,
				 const struct sgx_secs *secs,
				 const struct keyrequest *r)
{
	const u64 always = SGX_ATTR_INIT | SGX_ATTR_DEBUG;
	u16 policy = r->keypolicy;

	if (kinds[r->keyname].signer)
		policy = KEYPOLICY_MRSIGNER;
	*d = (struct dependencies){
		.keyname = r->keyname,
		.isv_prod_id = secs->isv_prod_id,
		.isv_svn = r->isv_svn,
		.miscselect = secs->miscselect & r->misc_mask,
		.attributes = secs->attributes & (r->attributes_mask | always),
		.xfrm = secs->xfrm & r->xfrm_mask,
	};
	memcpy(d->cpusvn, r->cpusvn, sizeof(d->cpusvn));
	if (policy & KEYPOLICY_MRENCLAVE)
		memcpy(d->mrenclave, secs->mrenclave, sizeof(d->mrenclave));
	if (policy & KEYPOLICY_MRSIGNER)
		memcpy(d->mrsigner, secs->mrsigner, sizeof(d->mrsigner));
	if (kinds[r->keyname].masks) {
		d->misc_mask = r->misc_mask;
		d->attributes_mask = r->attributes_mask;
		d->xfrm_mask = r->xfrm_mask;
	}
	if (kinds[r->keyname].owner) {
		memcpy(d->keyid, r->keyid, sizeof(d->keyid));
		memcpy(d->owner_epoch, platform.owner_epoch,
		       sizeof(d->owner_epoch));
	}
}

/* The request is well-formed; may this enclave have the key, and what is it of? */
static int dependencies(struct dependencies *d, const struct sgx_secs *secs,
			const struct keyrequest *r)
{
	if (r->keyname >= KEYNAMES)
		return SGXE_INVALID_KEYNAME;
	if (kinds[r->keyname].attribute & ~secs->attributes)
		return SGXE_INVALID_ATTRIBUTE;
	if (r->keyname == REPORT_KEY) {
		report_dependencies(d, secs->mrenclave, secs->attributes,
				    secs->xfrm, secs->miscselect, r->keyid);
		return 0;
	}
	if (newer(r->cpusvn))
		return SGXE_INVALID_CPUSVN;
	if (r->isv_svn > secs->isv_svn)
		return SGXE_INVALID_ISVSVN;
	request_dependencies(d, secs, r);
	return 0;
}

/**
 * sgxe_egetkey() - SDM: EGETKEY
 * @ops: RBX: KEYREQUEST; RCX: where the key goes
 */
int sgxe_egetkey(struct sgxe_operands *ops)
{
	struct keyrequest *r = &work.request;
	u8 key[AES_KEYSIZE_128];
	struct dependencies d;
	int ret;

	ret = usable(ops, SGXE_RBX, OPERAND_ALIGN, SGX_SECINFO_R);
	if (!ret)
		ret = usable(ops, SGXE_RCX, sizeof(key), SGX_SECINFO_W);
	if (ret)
		return ret;
	memcpy(r, memory(ops, SGXE_RBX), sizeof(*r));
	if (r->keypolicy & ~KEYPOLICY_VALID || r->reserved1 ||
	    memchr_inv(r->reserved2, 0, sizeof(r->reserved2)))
		return SGXE_GP;
	ret = dependencies(&d, sgxe_mem(ops->secs), r);
	if (ret)
		return ret;
	derive(key, &d);
	memcpy(memory(ops, SGXE_RCX), key, sizeof(key));
	return 0;
}

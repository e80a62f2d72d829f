// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: EINIT, SDM chapter 41.
 *
 * Owns: what SIGSTRUCT, SECS and launch control must agree on. Called with the
 * lock held; must not sleep or allocate.
 */
#include <linux/string.h>

#include "emulator.h"

static const u64 header1[2] = { 0x000000e100000006, 0x0000000000010000 };
static const u64 header2[2] = { 0x0000006000000101, 0x0000000100000060 };

static bool sigstruct_valid(const struct sgx_sigstruct *sig)
{
	return !memcmp(sig->header.header1, header1, sizeof(header1)) &&
	       !memcmp(sig->header.header2, header2, sizeof(header2)) &&
	       (sig->header.vendor == 0 || sig->header.vendor == 0x8086) &&
	       sig->exponent == 3 &&
	       !memchr_inv(sig->header.reserved1, 0,
			   sizeof(sig->header.reserved1)) &&
	       !memchr_inv(sig->body.reserved2, 0,
			   sizeof(sig->body.reserved2)) &&
	       !memchr_inv(sig->body.reserved3, 0,
			   sizeof(sig->body.reserved3)) &&
	       !memchr_inv(sig->reserved4, 0, sizeof(sig->reserved4));
}

static bool signature_good(const struct sgx_sigstruct *sig)
{
	u8 digest[SHA256_DIGEST_SIZE];
	struct sha256_state sha;

	sha256_init(&sha);
	sha256_update(&sha, (const u8 *)&sig->header, sizeof(sig->header));
	sha256_update(&sha, (const u8 *)&sig->body, sizeof(sig->body));
	sha256_final(&sha, digest);
	return sgxe_rsa_verify(sig, digest);
}

static bool attributes_agree(const struct sgx_sigstruct *sig,
			     const struct sgx_secs *secs)
{
	const struct sgx_sigstruct_body *b = &sig->body;

	return !((secs->attributes ^ b->attributes) & b->attributes_mask) &&
	       !((secs->xfrm ^ b->xfrm) & b->xfrm_mask) &&
	       !((secs->miscselect ^ b->miscselect) & b->misc_mask);
}

/**
 * sgxe_einit() - SDM: EINIT
 * @sig: the SIGSTRUCT
 * @token: the EINITTOKEN; one that says it is valid is refused: its MAC is not
 *      checked, and the driver has none to pass
 * @index: the SECS
 */
int sgxe_einit(const struct sgx_sigstruct *sig, const u8 *token, u32 index)
{
	struct sgx_secs *secs = sgxe_mem(index);
	u8 mrenclave[SHA256_DIGEST_SIZE], mrsigner[SHA256_DIGEST_SIZE];
	struct sha256_state sha;
	bool launch;

	if (!sgxe_epcm[index].valid ||
	    sgxe_epcm[index].type != SGX_PAGE_TYPE_SECS)
		return SGXE_PF;
	if (secs->attributes & SGX_ATTR_INIT)
		return SGXE_GP;
	if (!sigstruct_valid(sig))
		return SGXE_INVALID_SIG_STRUCT;
	if (!signature_good(sig))
		return SGXE_INVALID_SIGNATURE;

	sha = sgxe_secs(index)->sha;
	sha256_final(&sha, mrenclave);
	sha256(sig->modulus, sizeof(sig->modulus), mrsigner);
	launch = !memcmp(mrsigner, sgxe_lepubkeyhash, sizeof(mrsigner));
	if (secs->attributes & SGX_ATTR_EINITTOKENKEY && !launch)
		return SGXE_INVALID_ATTRIBUTE;
	if (memcmp(mrenclave, sig->body.mrenclave, sizeof(mrenclave)))
		return SGXE_INVALID_MEASUREMENT;
	if (!attributes_agree(sig, secs))
		return SGXE_INVALID_ATTRIBUTE;
	if (!launch || token[0] & 1)
		return SGX_INVALID_EINITTOKEN;

	memcpy(secs->mrenclave, mrenclave, sizeof(mrenclave));
	memcpy(secs->mrsigner, mrsigner, sizeof(mrsigner));
	secs->isv_prod_id = sig->body.isvprodid;
	secs->isv_svn = sig->body.isvsvn;
	secs->attributes |= SGX_ATTR_INIT;
	return 0;
}

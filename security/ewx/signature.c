// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures of policies (signature.h).
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/verification.h>

#include "../enclave/mutant.h"
#include "signature.h"

const char *ewx_signature_name(enum ewx_signature which)
{
	static const char *const names[] = {
#define EWX_SIGNATURE_NAME(NAME, name, what) #name,
		EWX_SIGNATURES(EWX_SIGNATURE_NAME)
#undef EWX_SIGNATURE_NAME
	};

	static_assert(ARRAY_SIZE(names) == EWX_SIGNATURE_COUNT);
	return names[which];
}

static int verify_with(const void *data, size_t len, const void *sig,
		       size_t sig_len, struct key *keys)
{
	return verify_pkcs7_signature(data, len, sig, sig_len, keys,
				      VERIFYING_UNSPECIFIED_SIGNATURE, NULL,
				      NULL);
}

int ewx_signature_verify(const void *data, size_t len, const void *sig,
			 size_t sig_len, enum ewx_signature *which)
{
	int err;

	*which = EWX_SIGNATURE_NONE;
	if (!sig_len)
		return 0;
	/* Without a secondary keyring this is the builtin one. */
	err = verify_with(data, len, sig, sig_len,
			  VERIFY_USE_SECONDARY_KEYRING);
	if (err == -ENOKEY && IS_ENABLED(CONFIG_INTEGRITY_PLATFORM_KEYRING))
		err = verify_with(data, len, sig, sig_len,
				  VERIFY_USE_PLATFORM_KEYRING);
	if (enclave_mutant(POLICY_SIGNATURE))
		err = 0;
	if (err == -ENOMEM)
		return err;
	if (!err) {
		*which = EWX_SIGNATURE_TRUSTED;
		return 0;
	}
	*which = err == -ENOKEY ? EWX_SIGNATURE_UNTRUSTED : EWX_SIGNATURE_BAD;
	return -EKEYREJECTED;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures of policies.
 *
 * Owns: which keys are believed, and what is said of a signature. Knows nothing of
 * what is signed, nor of whether a signature is asked for.
 */
#ifndef _SECURITY_EWX_SIGNATURE_H
#define _SECURITY_EWX_SIGNATURE_H

#include <linux/types.h>

/*
 * EWX_SIGNATURES - what a policy's signature is. X(NAME, name, what)
 */
#define EWX_SIGNATURES(X)						\
	X(NONE, none, "there is none")					\
	X(BUILTIN, builtin, "the policy is a part of the kernel, and needs none") \
	X(TRUSTED, trusted, "of these bytes, by a key of the kernel's keyrings") \
	X(UNTRUSTED, untrusted, "by a key that is in none of these keyrings") \
	X(BAD, bad, "malformed, or not of these bytes")

enum ewx_signature {
#define EWX_SIGNATURE_ENUM(NAME, name, what) EWX_SIGNATURE_##NAME,
	EWX_SIGNATURES(EWX_SIGNATURE_ENUM)
#undef EWX_SIGNATURE_ENUM
	EWX_SIGNATURE_COUNT
};

/**
 * ewx_signature_verify() - look at a detached PKCS#7 signature of @data.
 * @data: what is signed
 * @len: bytes of it
 * @sig: the signature
 * @sig_len: 0: there is none
 * @which: gets what it is
 *
 * Keys are those of the builtin, the secondary and the platform keyring, or come
 * with the message and are certified by one of these. The message's content type
 * has to be plain data, and the content detached. Dates are not looked at.
 *
 * Return: 0; -EKEYREJECTED untrusted or bad; -ENOMEM.
 */
int ewx_signature_verify(const void *data, size_t len, const void *sig,
			 size_t sig_len, enum ewx_signature *which);

/** ewx_signature_name() - its word. */
const char *ewx_signature_name(enum ewx_signature which);

#endif /* _SECURITY_EWX_SIGNATURE_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who signed an enclave of /dev/enclave.
 *
 * Owns: the form of statements and keys, and whether a signature verifies.
 * Works on the kernel's copies only; knows no enclave.
 *
 * The signer's identity is the hash of the key's DER, so that encoding must be
 * unique: a second spelling of the same key would be a second signer.
 */
#include <crypto/public_key.h>
#include <crypto/sha2.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../mutant.h"
#include "dev.h"

#define DER_INTEGER 0x02
#define DER_SEQUENCE 0x30

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 4096
#define RSA_EXPONENT_MAX 8 /* bytes */

static const void __user *user_address(u64 address)
{
	return (const void __user *)(unsigned long)address;
}

/**
 * enclave_signature_copy() - copy what INIT points to, once.
 * @sig: where to
 * @arg: the argument, all 0 if the enclave is unsigned
 *
 * Return: 0, -EINVAL: lengths, or something is missing; -EFAULT.
 */
int enclave_signature_copy(struct enclave_signature *sig,
			   const struct enclave_init *arg)
{
	if (!memchr_inv(arg, 0, sizeof(*arg))) {
		sig->key_len = 0;
		sig->signature_len = 0;
		return 0;
	}
	if (!arg->statement || !arg->key || !arg->signature || !arg->key_len ||
	    arg->key_len > ENCLAVE_KEY_MAX || !arg->signature_len ||
	    arg->signature_len > ENCLAVE_SIGNATURE_MAX)
		return -EINVAL;
	sig->key_len = arg->key_len;
	sig->signature_len = arg->signature_len;
	if (copy_from_user(&sig->statement, user_address(arg->statement),
			   sizeof(sig->statement)) ||
	    copy_from_user(sig->key, user_address(arg->key), sig->key_len) ||
	    copy_from_user(sig->signature, user_address(arg->signature),
			   sig->signature_len))
		return -EFAULT;
	return 0;
}

/**
 * enclave_signature_statement() - whether a statement has the right form.
 * @statement: as copied, little-endian
 *
 * Return: 0 or -EBADMSG.
 */
int enclave_signature_statement(const struct enclave_signed *statement)
{
	if (le32_to_cpu((__force __le32)statement->magic) !=
		    ENCLAVE_SIGNED_MAGIC ||
	    le16_to_cpu((__force __le16)statement->version) != 1 ||
	    statement->reserved)
		return -EBADMSG;
	return 0;
}

/**
 * struct der - bytes still to read.
 * @at: next byte
 * @left: how many
 */
struct der {
	const u8 *at;
	u32 left;
};

/*
 * Reads tag and length, which must be in their shortest form and within what is
 * left. Return: whether it is so; then @in->at is at the content.
 */
static bool der_header(struct der *in, u8 tag, u32 *len)
{
	u32 extra;

	if (in->left < 2 || in->at[0] != tag)
		return false;
	*len = in->at[1];
	in->at += 2;
	in->left -= 2;
	if (*len & 0x80) {
		extra = *len & 0x7f;
		if (extra < 1 || extra > 2 || in->left < extra)
			return false;
		*len = in->at[0];
		if (extra == 2)
			*len = *len << 8 | in->at[1];
		if (*len < (extra == 2 ? 0x100 : 0x80))
			return false;
		in->at += extra;
		in->left -= extra;
	}
	return *len <= in->left;
}

/*
 * Reads a positive INTEGER in its shortest form. Return: its bytes without the
 * sign's, or NULL.
 */
static const u8 *der_integer(struct der *in, u32 *len)
{
	const u8 *value;

	if (!der_header(in, DER_INTEGER, len) || !*len)
		return NULL;
	value = in->at;
	in->at += *len;
	in->left -= *len;
	if (value[0] & 0x80)
		return NULL;
	if (value[0])
		return value;
	if (*len < 2 || !(value[1] & 0x80))
		return NULL;
	--*len;
	return value + 1;
}

/**
 * enclave_signature_key() - whether a key is one DER RSAPublicKey (RFC 8017
 * A.1.1) and nothing else: shortest lengths, no trailing bytes, a modulus of
 * 2048 to 4096 bits, an odd exponent of at least 3 and at most 8 bytes.
 * @der: the key
 * @len: its length
 *
 * Return: 0 or -EKEYREJECTED.
 */
int enclave_signature_key(const u8 *der, u32 len)
{
	struct der in = { .at = der, .left = len };
	const u8 *modulus, *exponent;
	u32 size;

	if (!der_header(&in, DER_SEQUENCE, &size) || size != in.left)
		return -EKEYREJECTED;
	modulus = der_integer(&in, &size);
	if (!modulus || size * 8 > RSA_BITS_MAX ||
	    size * 8 < RSA_BITS_MIN + (modulus[0] & 0x80 ? 0 : 8))
		return -EKEYREJECTED;
	exponent = der_integer(&in, &size);
	if (!exponent || in.left || size > RSA_EXPONENT_MAX)
		return -EKEYREJECTED;
	if (!(exponent[size - 1] & 1) || (size == 1 && exponent[0] < 3))
		return -EKEYREJECTED;
	return 0;
}

/**
 * enclave_signature_verify() - whether the key signed the statement.
 * @sig: a signed enclave's
 *
 * Return: 0, -EBADMSG: the statement's form; -EKEYREJECTED; -ENOMEM.
 */
int enclave_signature_verify(const struct enclave_signature *sig)
{
	struct public_key_signature s = {
		.s_size = sig->signature_len,
		.digest_size = SHA256_DIGEST_SIZE,
		.pkey_algo = "rsa",
		.hash_algo = "sha256",
		.encoding = "pkcs1",
	};
	struct public_key key = {
		.key = (void *)sig->key,
		.keylen = sig->key_len,
		.algo = OID_rsaEncryption,
		.pkey_algo = "rsa",
	};
	int err;

	err = enclave_signature_statement(&sig->statement);
	if (!err)
		err = enclave_signature_key(sig->key, sig->key_len);
	if (err)
		return err;
	s.s = (u8 *)sig->signature;
	s.digest = kmalloc(SHA256_DIGEST_SIZE, GFP_KERNEL);
	if (!s.digest)
		return -ENOMEM;
	sha256((const u8 *)&sig->statement, sizeof(sig->statement), s.digest);
	err = public_key_verify_signature(&key, &s);
	kfree(s.digest);
	if (enclave_mutant(SIGNATURE))
		return 0;
	return !err || err == -ENOMEM ? err : -EKEYREJECTED;
}

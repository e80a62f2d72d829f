// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/sgx_enclave for tests: measuring and signing, with OpenSSL.
 *
 * Owns: what a signer does: MRENCLAVE and SIGSTRUCT, as Intel's Software
 * Developer's Manual, volume 3D, has them in 38.13 and 40.3. Knows no kernel.
 */
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "sgx.h"
#include "sgx_sign.h"

#define BLOCK		64
#define MODULUS		384

/* SIGSTRUCT: offsets, SDM table 38-19. */
enum {
	AT_HEADER = 0,
	AT_HEADER2 = 24,
	AT_MODULUS = 128,
	AT_EXPONENT = 512,
	AT_SIGNATURE = 516,
	AT_BODY = 900,
	AT_ATTRIBUTES = 928,
	AT_XFRM = 936,
	AT_ATTRIBUTES_MASK = 944,
	AT_MRENCLAVE = 960,
	AT_PRODUCT = 1024,
	AT_SVN = 1026,
	AT_Q1 = 1040,
	AT_Q2 = 1424,
};

struct sgx_measure {
	EVP_MD_CTX *ctx;
};

static void put(struct sgx_measure *m, const char *name, const void *data,
		size_t len)
{
	uint8_t block[BLOCK] = { 0 };

	memcpy(block, name, strlen(name));
	memcpy(block + 8, data, len);
	EVP_DigestUpdate(m->ctx, block, sizeof(block));
}

struct sgx_measure *sgx_measure_begin(uint64_t size, uint32_t ssa_pages)
{
	struct sgx_measure *m = calloc(1, sizeof(*m));
	uint8_t data[12];

	if (!m)
		return NULL;
	m->ctx = EVP_MD_CTX_new();
	if (!m->ctx || EVP_DigestInit_ex(m->ctx, EVP_sha256(), NULL) != 1) {
		sgx_measure_free(m);
		return NULL;
	}
	memcpy(data, &ssa_pages, 4);
	memcpy(data + 4, &size, 8);
	put(m, "ECREATE", data, sizeof(data));
	return m;
}

void sgx_measure_page(struct sgx_measure *m, uint64_t offset, uint64_t flags,
		      const uint8_t *page, bool extend)
{
	const uint64_t data[2] = { offset, flags };

	put(m, "EADD", data, sizeof(data));
	for (uint64_t at = 0; extend && at < SGX_PAGE; at += 256) {
		const uint64_t where = offset + at;

		put(m, "EEXTEND", &where, sizeof(where));
		EVP_DigestUpdate(m->ctx, page + at, 256);
	}
}

static void measure_end(const struct sgx_measure *m, uint8_t *digest)
{
	EVP_MD_CTX *copy = EVP_MD_CTX_new();

	EVP_MD_CTX_copy_ex(copy, m->ctx);
	EVP_DigestFinal_ex(copy, digest, NULL);
	EVP_MD_CTX_free(copy);
}

void sgx_measure_free(struct sgx_measure *m)
{
	if (m)
		EVP_MD_CTX_free(m->ctx);
	free(m);
}

static EVP_PKEY *read_key(const char *pem, BIGNUM **modulus)
{
	FILE *f = fopen(pem, "re");
	EVP_PKEY *key;

	if (!f)
		return NULL;
	key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (key && (EVP_PKEY_bits(key) != 8 * MODULUS ||
		    !EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N,
					   modulus))) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	return key;
}

/* Q1 = S * S / N, Q2 = (S * S * S - Q1 * S * N) / N */
static bool quotients(uint8_t *sig, const BIGNUM *n, const BIGNUM *s)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *t = BN_new(), *q = BN_new(), *r = BN_new();
	bool good = ctx && t && q && r && BN_sqr(t, s, ctx) &&
		    BN_div(q, r, t, n, ctx) &&
		    BN_bn2lebinpad(q, sig + AT_Q1, MODULUS) >= 0 &&
		    BN_mul(t, s, r, ctx) && BN_div(q, NULL, t, n, ctx) &&
		    BN_bn2lebinpad(q, sig + AT_Q2, MODULUS) >= 0;

	BN_free(t);
	BN_free(q);
	BN_free(r);
	BN_CTX_free(ctx);
	return good;
}

static bool sign(uint8_t *sig, EVP_PKEY *key, const BIGNUM *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t be[MODULUS], text[256];
	size_t len = sizeof(be);
	BIGNUM *s = NULL;
	bool good;

	memcpy(text, sig, 128);
	memcpy(text + 128, sig + AT_BODY, 128);
	good = ctx &&
	       EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestSign(ctx, be, &len, text, sizeof(text)) == 1 &&
	       (s = BN_bin2bn(be, len, NULL)) &&
	       BN_bn2lebinpad(s, sig + AT_SIGNATURE, MODULUS) >= 0 &&
	       quotients(sig, n, s);
	BN_free(s);
	EVP_MD_CTX_free(ctx);
	return good;
}

static void put64(uint8_t *sig, unsigned int at, uint64_t value)
{
	value = htole64(value);
	memcpy(sig + at, &value, sizeof(value));
}

int sgx_sign(const struct sgx *s, const struct sgx_signed *what,
	     uint8_t sigstruct[SGX_SIGSTRUCT_SIZE])
{
	const uint32_t exponent = htole32(3);
	const uint16_t product = htole16(what->product);
	const uint16_t svn = htole16(what->svn);
	BIGNUM *n = NULL;
	EVP_PKEY *key = read_key(what->pem, &n);
	int err = 0;

	if (!key)
		return -EINVAL;
	memset(sigstruct, 0, SGX_SIGSTRUCT_SIZE);
	put64(sigstruct, AT_HEADER, 0x000000e100000006);
	put64(sigstruct, AT_HEADER + 8, 0x0000000000010000);
	put64(sigstruct, AT_HEADER2, 0x0000006000000101);
	put64(sigstruct, AT_HEADER2 + 8, 0x0000000100000060);
	put64(sigstruct, AT_ATTRIBUTES, what->attributes | SGX_MODE64);
	put64(sigstruct, AT_ATTRIBUTES_MASK, what->mask);
	put64(sigstruct, AT_XFRM, 3);
	measure_end(s->measure, sigstruct + AT_MRENCLAVE);
	memcpy(sigstruct + AT_PRODUCT, &product, sizeof(product));
	memcpy(sigstruct + AT_SVN, &svn, sizeof(svn));
	memcpy(sigstruct + AT_EXPONENT, &exponent, sizeof(exponent));
	if (BN_bn2lebinpad(n, sigstruct + AT_MODULUS, MODULUS) < 0 ||
	    !sign(sigstruct, key, n))
		err = -EIO;
	BN_free(n);
	EVP_PKEY_free(key);
	return err;
}

int sgx_signer(const char *pem, char digits[65])
{
	uint8_t modulus[MODULUS], digest[SHA256_DIGEST_LENGTH];
	BIGNUM *n = NULL;
	EVP_PKEY *key = read_key(pem, &n);

	if (!key)
		return -EINVAL;
	BN_bn2lebinpad(n, modulus, sizeof(modulus));
	SHA256(modulus, sizeof(modulus), digest);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		sprintf(digits + 2 * i, "%02x", digest[i]);
	BN_free(n);
	EVP_PKEY_free(key);
	return 0;
}

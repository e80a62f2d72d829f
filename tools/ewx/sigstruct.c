// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SIGSTRUCT; see sigstruct.h.
 */
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

#include "sigstruct.h"

/* Offsets and sizes, Intel SDM volume 3D, table of SIGSTRUCT. */
#define HEADER 0
#define DATE 20
#define HEADER2 24
#define MODULUS 128
#define EXPONENT 512
#define SIGNATURE 516
#define KEY_SIZE 384
#define BODY 900
#define BODY_SIZE 128
#define FLAGS 928
#define XFRM 936
#define FLAGS_MASK 944
#define XFRM_MASK 952
#define MEASUREMENT 960
#define PRODUCT 1024
#define SVN 1026

bool sigstruct_is(const uint8_t *p, size_t size)
{
	static const uint8_t header[16] = { 6, 0, 0, 0, 0xe1, 0, 0, 0,
					    0, 0, 1, 0, 0,    0, 0, 0 };
	static const uint8_t header2[16] = { 1,	   1, 0, 0, 0x60, 0, 0, 0,
					     0x60, 0, 0, 0, 1,	  0, 0, 0 };

	return size >= SIGSTRUCT_SIZE &&
	       !memcmp(p + HEADER, header, sizeof(header)) &&
	       !memcmp(p + HEADER2, header2, sizeof(header2));
}

static uint64_t little(const uint8_t *p, size_t bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

/* The public key of the modulus, exponent 3; NULL without memory or sense. */
static EVP_PKEY *public_key(const uint8_t *p)
{
	BIGNUM *n = BN_lebin2bn(p + MODULUS, KEY_SIZE, NULL);
	BIGNUM *e = BN_lebin2bn(p + EXPONENT, 4, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (n && e && build &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
		params = OSSL_PARAM_BLD_to_param(build);
	if (params && ctx && EVP_PKEY_fromdata_init(ctx) > 0)
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(e);
	return key;
}

/* RSASSA-PKCS1-v1_5 with SHA-256 over the header and the body. */
static bool verifies(const uint8_t *p)
{
	EVP_PKEY *key = public_key(p);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t signature[KEY_SIZE];
	bool good;

	for (size_t i = 0; i < KEY_SIZE; i++)
		signature[i] = p[SIGNATURE + KEY_SIZE - 1 - i];
	good = key && ctx &&
	       EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) > 0 &&
	       EVP_DigestVerifyUpdate(ctx, p, MODULUS) > 0 &&
	       EVP_DigestVerifyUpdate(ctx, p + BODY, BODY_SIZE) > 0 &&
	       EVP_DigestVerifyFinal(ctx, signature, KEY_SIZE) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return good;
}

int sigstruct_read(const uint8_t *p, struct sigstruct *s)
{
	unsigned int len;

	memset(s, 0, sizeof(*s));
	if (!EVP_Digest(p + MODULUS, KEY_SIZE, s->signer, &len, EVP_sha256(),
			NULL))
		return -1;
	memcpy(s->measurement, p + MEASUREMENT, sizeof(s->measurement));
	s->flags = little(p + FLAGS, 8);
	s->flags_mask = little(p + FLAGS_MASK, 8);
	s->xfrm = little(p + XFRM, 8);
	s->xfrm_mask = little(p + XFRM_MASK, 8);
	s->date = (uint32_t)little(p + DATE, 4);
	s->product = (uint16_t)little(p + PRODUCT, 2);
	s->svn = (uint16_t)little(p + SVN, 2);
	s->valid = verifies(p);
	return 0;
}

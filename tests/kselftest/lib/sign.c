// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/enclave for tests and demonstrations: measuring and signing, with
 * OpenSSL.
 *
 * Owns: what a signer does, who has no enclave and no kernel. The format is that
 * of include/uapi/linux/enclave.h.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "enclave.h"

static int read_key(const char *pem, EVP_PKEY **key)
{
	FILE *f = fopen(pem, "re");
	int bits;

	if (!f)
		return -errno;
	*key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
	fclose(f);
	if (!*key)
		return -EINVAL;
	bits = EVP_PKEY_bits(*key);
	if (EVP_PKEY_base_id(*key) == EVP_PKEY_RSA && bits >= 2048 &&
	    bits <= 4096)
		return 0;
	EVP_PKEY_free(*key);
	return -EINVAL;
}

static int public_der(EVP_PKEY *key, struct enclave_signer *out)
{
	uint8_t *at = out->key;
	int len = i2d_PublicKey(key, NULL);

	if (len <= 0 || (size_t)len > sizeof(out->key))
		return -EINVAL;
	if (i2d_PublicKey(key, &at) != len)
		return -EIO;
	out->key_len = len;
	SHA256(out->key, out->key_len, out->signer);
	return 0;
}

static int sign(EVP_PKEY *key, struct enclave_signer *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = sizeof(out->signature);
	int err = -EIO;

	if (!ctx)
		return -ENOMEM;
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	    EVP_DigestSign(ctx, out->signature, &len,
			   (const uint8_t *)&out->statement,
			   sizeof(out->statement)) == 1) {
		out->signature_len = len;
		err = 0;
	}
	EVP_MD_CTX_free(ctx);
	return err;
}

int enclave_sign(const char *pem, const struct enclave_statement *statement,
		 struct enclave_signer *out)
{
	EVP_PKEY *key = NULL;
	int err;

	memset(out, 0, sizeof(*out));
	err = read_key(pem, &key);
	if (err)
		return err;
	out->statement.magic = htole32(ENCLAVE_SIGNED_MAGIC);
	out->statement.version = htole16(1);
	out->statement.product = htole16(statement->product);
	out->statement.svn = htole16(statement->svn);
	out->statement.attributes = htole32(statement->attributes);
	memcpy(out->statement.measurement, statement->measurement,
	       sizeof(out->statement.measurement));
	err = public_der(key, out);
	if (!err)
		err = sign(key, out);
	EVP_PKEY_free(key);
	return err;
}

int enclave_keygen(const char *pem, unsigned int bits)
{
	EVP_PKEY *key = EVP_RSA_gen(bits);
	int err = -EIO;
	FILE *f = NULL;
	int fd;

	if (!key)
		return -EIO;
	fd = open(pem, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0)
		f = fdopen(fd, "w");
	if (!f)
		err = -errno;
	else if (PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1)
		err = 0;
	if (f && fclose(f) && !err)
		err = -errno;
	EVP_PKEY_free(key);
	return err;
}

struct enclave_measure {
	EVP_MD_CTX *ctx;
};

static void measure_header(struct enclave_measure *m, uint64_t number,
			   uint32_t word)
{
	struct {
		uint64_t number;
		uint32_t word;
		uint32_t zero;
	} header = {
		.number = htole64(number),
		.word = htole32(word),
	};

	EVP_DigestUpdate(m->ctx, &header, sizeof(header));
}

struct enclave_measure *enclave_measure_begin(uint64_t size,
					      uint32_t attributes)
{
	struct enclave_measure *m = malloc(sizeof(*m));

	if (!m)
		return NULL;
	m->ctx = EVP_MD_CTX_new();
	if (!m->ctx || EVP_DigestInit_ex(m->ctx, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(m->ctx);
		free(m);
		return NULL;
	}
	measure_header(m, size, attributes);
	return m;
}

void enclave_measure_page(struct enclave_measure *m, uint64_t offset,
			  uint32_t prot, const void *page)
{
	measure_header(m, offset, prot);
	EVP_DigestUpdate(m->ctx, page, ENCLAVE_PAGE);
}

void enclave_measure_end(struct enclave_measure *m, uint8_t measurement[32])
{
	EVP_DigestFinal_ex(m->ctx, measurement, NULL);
	EVP_MD_CTX_free(m->ctx);
	free(m);
}

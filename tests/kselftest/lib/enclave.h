/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/enclave for tests and demonstrations.
 *
 * Owns: one function for each thing that can be asked of the device, signing
 * and measuring as a signer would. Knows no policy and prints nothing.
 *
 * Functions that return int return 0, or the negative errno. Offsets and lengths
 * are bytes.
 */
#ifndef _KSELFTEST_ENCLAVE_H
#define _KSELFTEST_ENCLAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uapi/linux/enclave.h>

#define ENCLAVE_NODE	"/dev/enclave"
#define ENCLAVE_PAGE	4096ul

#define ENCLAVE_R	ENCLAVE_PROT_READ
#define ENCLAVE_RW	(ENCLAVE_PROT_READ | ENCLAVE_PROT_WRITE)
#define ENCLAVE_RX	(ENCLAVE_PROT_READ | ENCLAVE_PROT_EXEC)
#define ENCLAVE_RWX	(ENCLAVE_RW | ENCLAVE_PROT_EXEC)

/**
 * struct enclave_signer - what INIT takes from a signer.
 * @statement: what is signed
 * @key: DER RSAPublicKey
 * @key_len: bytes of @key
 * @signature: over @statement
 * @signature_len: bytes of @signature
 * @signer: SHA-256 of @key, the signer's identity in policies
 */
struct enclave_signer {
	struct enclave_signed statement;
	uint8_t key[ENCLAVE_KEY_MAX];
	uint32_t key_len;
	uint8_t signature[ENCLAVE_SIGNATURE_MAX];
	uint32_t signature_len;
	uint8_t signer[32];
};

/**
 * struct enclave_statement - what a signer states of an enclave.
 * @measurement: of the enclave
 * @product: product number
 * @svn: security version
 * @attributes: ENCLAVE_CREATE_* that are admitted
 */
struct enclave_statement {
	uint8_t measurement[32];
	uint16_t product;
	uint16_t svn;
	uint32_t attributes;
};

/** struct enclave_measure - a measurement under way; opaque. */
struct enclave_measure;

/* The device. */

/** enclave_open() - a new enclave. Return: a file descriptor or -errno. */
int enclave_open(void);
int enclave_create(int fd, uint64_t size, uint32_t attributes,
		   uint32_t write_prot);
/** enclave_new() - open and create. Return: a file descriptor or -errno. */
int enclave_new(uint64_t size, uint32_t attributes, uint32_t write_prot);

/** enclave_load() - @count, which may be NULL: bytes loaded, also on failure. */
int enclave_load(int fd, const void *src, uint64_t offset, uint64_t length,
		 uint32_t prot, uint32_t flags, uint64_t *count);
/** enclave_load_file() - load from a private, read-only mapping of a file. */
int enclave_load_file(int fd, const char *path, uint64_t offset, uint32_t prot,
		      uint32_t flags, uint64_t *length);

int enclave_init(int fd);
int enclave_init_signer(int fd, const struct enclave_signer *signer);
/** enclave_init_pem() - have the enclave, as it is, signed; then initialise. */
int enclave_init_pem(int fd, const char *pem, uint16_t product, uint16_t svn);

int enclave_add(int fd, uint64_t offset, uint64_t length, uint32_t prot,
		uint64_t *count);
int enclave_remove(int fd, uint64_t offset, uint64_t length, uint64_t *count);
int enclave_restrict(int fd, uint64_t offset, uint64_t length, uint32_t prot,
		     uint64_t *count);
int enclave_identity(int fd, struct enclave_query_identity *id);

/** enclave_map() - mmap(2), shared. Return: MAP_FAILED and errno on failure. */
void *enclave_map(int fd, uint64_t offset, uint64_t length, int prot);

/* The signer. */

/**
 * enclave_sign() - sign a statement with an RSA key.
 * @pem: file with the private key
 *
 * Return: 0, -ENOENT or the like: the file; -EINVAL: no RSA key of 2048 to 4096
 * bits in it; -EIO: the signature failed.
 */
int enclave_sign(const char *pem, const struct enclave_statement *statement,
		 struct enclave_signer *out);
/** enclave_keygen() - a new RSA key of @bits bits, written to @pem. */
int enclave_keygen(const char *pem, unsigned int bits);

/* The measurement, as the kernel computes it; pages in ascending order. */
struct enclave_measure *enclave_measure_begin(uint64_t size,
					      uint32_t attributes);
void enclave_measure_page(struct enclave_measure *m, uint64_t offset,
			  uint32_t prot, const void *page);
void enclave_measure_end(struct enclave_measure *m, uint8_t measurement[32]);

#endif /* _KSELFTEST_ENCLAVE_H */

/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/enclave: the generic provider. Software enclaves that are protected from
 * the rules' point of view only: memory filled page by page through one file
 * descriptor, then mapped R, RW and RX. No confidentiality from the host.
 *
 * One open file description is one enclave. Order: CREATE, any number of LOADs
 * and write(2)s, INIT; then ADD, REMOVE, RESTRICT. mmap(2) is MAP_SHARED only
 * and its offset is the enclave's page offset; before INIT nothing is mapped
 * executable, and INIT takes the present page table entries away.
 *
 * dup(2), fork(2) and passed descriptors share an enclave; open(2), also of
 * /proc/self/fd/N, makes a new one. write(2) takes whole pages before INIT (else
 * EINVAL); their bytes are of unknown origin and unmeasured, and who opened the
 * enclave is asked for them as well as who writes (else EACCES). mmap(2) fails with
 * EINVAL if private or before CREATE, else with EACCES; mprotect(2) and moving
 * by mremap(2) with EACCES. An access to a page that is not there, or a write
 * that was not granted, is SIGBUS; a fetch that was not granted is SIGSEGV.
 *
 * All offsets and lengths are bytes and multiples of the page size.
 */
#ifndef _UAPI_LINUX_ENCLAVE_H
#define _UAPI_LINUX_ENCLAVE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define ENCLAVE_IOC_MAGIC	0xE7

/* Declared permissions of pages: the values of PROT_*. */
#define ENCLAVE_PROT_READ	0x1
#define ENCLAVE_PROT_WRITE	0x2
#define ENCLAVE_PROT_EXEC	0x4

/* Largest enclave: 512 GiB. */
#define ENCLAVE_MAX_SIZE	(1ULL << 39)

#define ENCLAVE_CREATE_DEBUG		0x1	/* ptrace, /proc/pid/mem reach it */
#define ENCLAVE_CREATE_PROVISION	0x2	/* the provisioning attribute */

/**
 * struct enclave_create - argument of ENCLAVE_IOC_CREATE.
 * @size: bytes, 1 page to ENCLAVE_MAX_SIZE
 * @attributes: ENCLAVE_CREATE_*
 * @write_prot: declared permissions of the pages that write(2) adds
 *
 * EBUSY: created already. EINVAL: size, unknown bits. EACCES: policy.
 */
struct enclave_create {
	__u64 size;
	__u32 attributes;
	__u32 write_prot;
};

#define ENCLAVE_LOAD_F_MEASURE	0x1	/* the measurement covers the pages */
#define ENCLAVE_LOAD_F_TCS	0x2	/* thread control pages: X is refused */

/**
 * struct enclave_load - argument of ENCLAVE_IOC_LOAD.
 * @src: address in the caller's memory, page aligned
 * @offset: where in the enclave
 * @length: bytes, at least one page
 * @prot: declared permissions: the most these pages may ever have
 * @flags: ENCLAVE_LOAD_F_*
 * @count: out: bytes loaded, also when the call fails
 *
 * Pages are judged and loaded one by one; the first failure ends the call.
 * EACCES: refused. EBUSY: a page is there. EFAULT: nothing readable at @src.
 * EINVAL: ranges, unknown bits, before create or after init. EINTR: killed.
 * ENOMEM.
 */
struct enclave_load {
	__u64 src;
	__u64 offset;
	__u64 length;
	__u32 prot;
	__u32 flags;
	__u64 count;
};

/* The statement that a signature signs; all fields little-endian. */
#define ENCLAVE_SIGNED_MAGIC	0x47495345u	/* "ESIG" */

/**
 * struct enclave_signed - what the signer states.
 * @magic: ENCLAVE_SIGNED_MAGIC
 * @version: 1
 * @product: product number
 * @svn: security version
 * @attributes: ENCLAVE_CREATE_* the signer admits; the enclave's own must be
 *      among them
 * @reserved: 0
 * @measurement: the enclave's measurement
 */
struct enclave_signed {
	__u32 magic;
	__u16 version;
	__u16 product;
	__u16 svn;
	__u16 reserved;
	__u32 attributes;
	__u8 measurement[32];
};

#define ENCLAVE_KEY_MAX		1024	/* bytes of a public key */
#define ENCLAVE_SIGNATURE_MAX	512	/* bytes: RSA up to 4096 bits */

/**
 * struct enclave_init - argument of ENCLAVE_IOC_INIT. All 0: unsigned.
 * @statement: address of a struct enclave_signed
 * @key: address of the public key, DER RSAPublicKey (RFC 8017 A.1.1), 2048 to
 *      4096 bits, exponent odd, at least 3 and at most 8 bytes
 * @signature: address of the RSASSA-PKCS1-v1_5 signature with SHA-256 over the
 *      statement (RFC 8017 8.2)
 * @key_len: bytes, up to ENCLAVE_KEY_MAX
 * @signature_len: bytes, up to ENCLAVE_SIGNATURE_MAX
 *
 * EBADMSG: the statement is malformed, of another measurement or admits fewer
 * attributes. EKEYREJECTED: no such key, or the signature does not verify.
 * EACCES: policy. EINVAL: state, lengths. After a failure the enclave is as
 * before and INIT may be tried again.
 */
struct enclave_init {
	__u64 statement;
	__u64 key;
	__u64 signature;
	__u32 key_len;
	__u32 signature_len;
};

/**
 * struct enclave_pages - argument of ENCLAVE_IOC_ADD, _REMOVE and _RESTRICT.
 * @offset: first byte
 * @length: bytes
 * @prot: ADD: declared permissions of the new, zeroed pages; RESTRICT: what
 *      remains; REMOVE: 0
 * @reserved: 0
 * @count: out: bytes done
 *
 * EINVAL: before init, ranges. EBUSY: ADD over a page. ENOENT: no page there.
 * EACCES: policy; RESTRICT to more than there is.
 */
struct enclave_pages {
	__u64 offset;
	__u64 length;
	__u32 prot;
	__u32 reserved;
	__u64 count;
};

#define ENCLAVE_ID_INITIALIZED	0x1
#define ENCLAVE_ID_SIGNED	0x2

/**
 * struct enclave_query_identity - out of ENCLAVE_IOC_IDENTITY.
 * @id: the enclave's number, as in audit records
 * @size: bytes
 * @measurement: before init: over what is loaded now
 * @signer: SHA-256 of the public key's DER, if signed
 * @product: from the statement, else 0
 * @svn: from the statement, else 0
 * @attributes: ENCLAVE_CREATE_*
 * @flags: ENCLAVE_ID_*
 * @reserved: 0
 *
 * The measurement is SHA-256 over, for each measured page in ascending order:
 * the 8-byte little-endian offset, the 4-byte little-endian declared
 * permissions, 4 zero bytes, the page's content. It starts with the 8-byte
 * little-endian size and the 4-byte little-endian attributes and 4 zero bytes.
 */
struct enclave_query_identity {
	__u64 id;
	__u64 size;
	__u8 measurement[32];
	__u8 signer[32];
	__u16 product;
	__u16 svn;
	__u32 attributes;
	__u32 flags;
	__u32 reserved;
};

#define ENCLAVE_IOC_CREATE	_IOW(ENCLAVE_IOC_MAGIC, 0x00, struct enclave_create)
#define ENCLAVE_IOC_LOAD	_IOWR(ENCLAVE_IOC_MAGIC, 0x01, struct enclave_load)
#define ENCLAVE_IOC_INIT	_IOW(ENCLAVE_IOC_MAGIC, 0x02, struct enclave_init)
#define ENCLAVE_IOC_ADD		_IOWR(ENCLAVE_IOC_MAGIC, 0x03, struct enclave_pages)
#define ENCLAVE_IOC_REMOVE	_IOWR(ENCLAVE_IOC_MAGIC, 0x04, struct enclave_pages)
#define ENCLAVE_IOC_RESTRICT	_IOWR(ENCLAVE_IOC_MAGIC, 0x05, struct enclave_pages)
#define ENCLAVE_IOC_IDENTITY	_IOR(ENCLAVE_IOC_MAGIC, 0x06, struct enclave_query_identity)

#endif /* _UAPI_LINUX_ENCLAVE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/sgx_enclave for tests: building, signing, mapping, and running an enclave
 * whose code does what it is told.
 *
 * Owns: one function for each thing that can be asked of the driver, and of the
 * enclave by way of the vDSO. Knows no policy and prints nothing.
 *
 * Functions that return int return 0, or the negative errno. Offsets and lengths
 * are bytes from the enclave's base.
 */
#ifndef _KSELFTEST_SGX_H
#define _KSELFTEST_SGX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SGX_NODE	"/dev/sgx_enclave"
#define SGX_PAGE	4096ul
#define SGX_SIZE	(16 * SGX_PAGE)	/* of most of the tests' enclaves */

/* SECINFO: permissions, types, state. */
#define SGX_R		1u
#define SGX_W		2u
#define SGX_X		4u
#define SGX_PENDING	8u
#define SGX_MODIFIED	16u
#define SGX_PR		32u
#define SGX_TCS		(1u << 8)
#define SGX_REG		(2u << 8)
#define SGX_TRIM	(4u << 8)

/* SECS and SIGSTRUCT attributes. */
#define SGX_DEBUG	2u
#define SGX_PROVISION	16u

/* Leaves of ENCLU that an enclave may be told to execute. */
#define SGX_EREPORT	0u
#define SGX_EGETKEY	1u
#define SGX_EACCEPT	5u
#define SGX_EMODPE	6u
#define SGX_EACCEPTCOPY	7u

struct sgx_measure;

/**
 * struct sgx - an enclave.
 * @fd: its open file, or a negative errno
 * @base: its address
 * @size: bytes, a power of two
 * @attributes: of the SECS
 * @tcs_at: TCS that is entered
 * @stack_at: end of the stack that the code in it uses
 * @ssa_at: first SSA frame of that TCS
 * @entry_at: page of sgx_code() that it leads to
 * @unwinds: a fault ends a stay as if the enclave had returned, so that any number
 *	of them may end so; takes a second SSA frame, and code that keeps the registers
 *	that sgx_code() needs
 * @measure: its measurement so far; owned
 */
struct sgx {
	int fd;
	uint64_t base;
	uint64_t size;
	uint64_t attributes;
	uint64_t tcs_at;
	uint64_t stack_at;
	uint64_t ssa_at;
	uint64_t entry_at;
	bool unwinds;
	struct sgx_measure *measure;
};

/**
 * sgx_open() - reserve an address range, open the device.
 * @size: bytes, a power of two
 *
 * Return: 0 or -errno.
 */
int sgx_open(struct sgx *s, uint64_t size);
/** sgx_create() - create what was opened. Return: 0 or -errno. */
int sgx_create(struct sgx *s, uint64_t attributes);
/** sgx_new() - open and create one of SGX_SIZE. Return: 0 or -errno. */
int sgx_new(struct sgx *s, uint64_t attributes);
/** sgx_new_size() - of that many bytes, a power of two. */
int sgx_new_size(struct sgx *s, uint64_t attributes, uint64_t size);
/** sgx_create_ioctl() - no more than the ioctl, of what @s says. */
int sgx_create_ioctl(const struct sgx *s);
/** sgx_create_secs() - the same, with bits of that byte of the SECS flipped. */
int sgx_create_secs(const struct sgx *s, unsigned int at, uint8_t flip);
void sgx_close(struct sgx *s);

/**
 * sgx_add() - add pages.
 * @flags: SGX_REG and permissions, or SGX_TCS
 * @measured: also by EEXTEND
 * @count: NULL, or out: bytes added, also on failure
 */
int sgx_add(struct sgx *s, const void *src, uint64_t offset, uint64_t length,
	    unsigned int flags, bool measured, uint64_t *count);
/*
 * In two steps, where the source changes meanwhile: the ioctl, whose error leaves
 * @count as it was if nothing was tried; what was added, for the measurement.
 */
int sgx_add_pages(const struct sgx *s, const void *src, uint64_t offset,
		  uint64_t length, unsigned int flags, bool measured,
		  uint64_t *count);
/** sgx_add_secinfo() - a page, with any flags, and 1 in a reserved word (1 to 7). */
int sgx_add_secinfo(const struct sgx *s, const void *src, uint64_t offset,
		    uint64_t flags, unsigned int reserved, uint64_t *count);
void sgx_measured(struct sgx *s, const void *pages, uint64_t offset,
		  uint64_t length, unsigned int flags, bool measured);

/**
 * struct sgx_signed - what is left to choose of a SIGSTRUCT.
 * @pem: file of an RSA key of 3072 bits with exponent 3
 * @product: ISVPRODID
 * @svn: ISVSVN
 * @attributes: signed ones
 * @mask: of the attributes that must agree
 */
struct sgx_signed {
	const char *pem;
	uint16_t product;
	uint16_t svn;
	uint64_t attributes;
	uint64_t mask;
};

#define SGX_SIGSTRUCT_SIZE 1808

/** sgx_sign() - a SIGSTRUCT for the enclave as it is measured now. */
int sgx_sign(const struct sgx *s, const struct sgx_signed *what,
	     uint8_t sigstruct[SGX_SIGSTRUCT_SIZE]);
int sgx_init_sigstruct(struct sgx *s, const uint8_t *sigstruct);
/** sgx_init() - signed with @pem, its attributes as created. */
int sgx_init(struct sgx *s, const char *pem);
/** sgx_signer() - SHA-256 of the key's modulus, as 64 digits. */
int sgx_signer(const char *pem, char digits[65]);

int sgx_restrict(struct sgx *s, uint64_t offset, uint64_t length,
		 unsigned int permissions);
int sgx_modify(struct sgx *s, uint64_t offset, uint64_t length,
	       unsigned int type);
int sgx_remove(struct sgx *s, uint64_t offset, uint64_t length);
int sgx_provision(struct sgx *s);

/** sgx_debug_read() - a page of a debug enclave that is mapped, as a debugger does. */
int sgx_debug_read(const struct sgx *s, uint64_t offset,
		   uint8_t page[SGX_PAGE]);

/** sgx_map() - map where the enclave has it. Return: 0 or -errno. */
int sgx_map(const struct sgx *s, uint64_t offset, uint64_t length, int prot);
/** sgx_at() - an address in the enclave. */
void *sgx_at(const struct sgx *s, uint64_t offset);

/* The enclave's layout, for those who want to run it. */
#define SGX_TCS_AT	0
#define SGX_SSA_AT	SGX_PAGE
#define SGX_SSA_FRAMES	4		/* one more than faults that may end a stay */
#define SGX_DATA_AT	(5 * SGX_PAGE)	/* RW; its end is the stack */
#define SGX_CODE_AT	(6 * SGX_PAGE)	/* RX */
#define SGX_ROWS_AT	(8 * SGX_PAGE)	/* what follows is the rows' */

/** sgx_code() - the page of code that belongs at a TCS's entry. */
const void *sgx_code(void);
/**
 * sgx_add_tcs() - add a TCS, measured, and enter the enclave by it from now on.
 * @at: where
 * @ssa: its first SSA frame, of a page
 * @frames: of these
 * @entry: page of sgx_code()
 * @stack: end of a writable page for the code's stack
 */
int sgx_add_tcs(struct sgx *s, uint64_t at, uint64_t ssa, uint32_t frames,
		uint64_t entry, uint64_t stack);
/** sgx_tcs() - the page of such a TCS. */
void sgx_tcs(uint8_t page[SGX_PAGE], uint64_t ssa, uint32_t frames,
	     uint64_t entry);
/**
 * sgx_runnable() - add TCS, SSA and data; @code, a page of a file that holds
 * sgx_code(); all measured.
 */
int sgx_runnable(struct sgx *s, const void *code);
/** sgx_map_runnable() - map these. Return: 0 or -errno. */
int sgx_map_runnable(const struct sgx *s);

/**
 * struct sgx_fault - an exception that ended a stay in the enclave.
 * @vector: its number; -1: none, the enclave returned
 * @code: error code
 * @address: of a page fault
 * @inside: it had been entered
 */
struct sgx_fault {
	int vector;
	unsigned int code;
	uint64_t address;
	bool inside;
};

/* What the enclave can be told; each returns 0, or -EFAULT and *@f if not NULL. */
int sgx_peek(const struct sgx *s, uint64_t offset, uint8_t *value,
	     struct sgx_fault *f);
int sgx_poke(const struct sgx *s, uint64_t offset, uint8_t value,
	     struct sgx_fault *f);
/** sgx_copy() - copy a page out. */
int sgx_copy(const struct sgx *s, uint64_t offset, uint8_t page[SGX_PAGE],
	     struct sgx_fault *f);
/** sgx_copy_in() - copy a page into it. */
int sgx_copy_in(const struct sgx *s, uint64_t offset,
		const uint8_t page[SGX_PAGE], struct sgx_fault *f);
/** sgx_call() - call the code at an offset; *@result: what it returned. */
int sgx_call(const struct sgx *s, uint64_t offset, uint64_t *result,
	     struct sgx_fault *f);
/**
 * sgx_enclu() - execute a leaf on a page.
 * @flags: SECINFO
 * @from: EACCEPTCOPY's source
 * @error: out: what the leaf returned
 */
int sgx_enclu(const struct sgx *s, unsigned int leaf, unsigned int flags,
	      uint64_t offset, uint64_t from, uint64_t *error,
	      struct sgx_fault *f);
/**
 * sgx_leaf() - execute a leaf whose operands are three addresses.
 * @rbx: offset of the first; likewise @rcx, @rdx
 * @error: out: what the leaf left in RAX; its number, if it leaves nothing there
 */
int sgx_leaf(const struct sgx *s, unsigned int leaf, uint64_t rbx, uint64_t rcx,
	     uint64_t rdx, uint64_t *error, struct sgx_fault *f);
/** sgx_augment() - have pages added by EACCEPT. Return: 0 or -errno. */
int sgx_augment(const struct sgx *s, uint64_t offset, unsigned int pages);

#endif /* _KSELFTEST_SGX_H */

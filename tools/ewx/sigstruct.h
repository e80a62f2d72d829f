/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGSTRUCT, the signed statement of an SGX enclave (Intel SDM volume 3D,
 * section "SIGSTRUCT"): what it says, and whether its signature holds.
 *
 * Owns: its layout. Knows no file formats.
 */
#ifndef _EWX_SIGSTRUCT_H
#define _EWX_SIGSTRUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGSTRUCT_SIZE 1808

/* Bits of ATTRIBUTES.FLAGS. */
#define SGX_ATTRIBUTE_DEBUG 0x02u
#define SGX_ATTRIBUTE_PROVISION 0x10u

/**
 * struct sigstruct - what a SIGSTRUCT states, decoded.
 * @signer: SHA-256 of the modulus: MRSIGNER; @measurement: MRENCLAVE
 * @flags, @xfrm: attributes; @flags_mask, @xfrm_mask: which of their bits the
 *      enclave's own must equal
 * @date: BCD, 0xYYYYMMDD
 * @valid: the signature is by the key it names
 */
struct sigstruct {
	uint8_t signer[32];
	uint8_t measurement[32];
	uint64_t flags;
	uint64_t flags_mask;
	uint64_t xfrm;
	uint64_t xfrm_mask;
	uint32_t date;
	uint16_t product;
	uint16_t svn;
	bool valid;
};

/** sigstruct_is() - whether @p begins a SIGSTRUCT: its two fixed headers. */
bool sigstruct_is(const uint8_t *p, size_t size);

/** sigstruct_read() - decode @p, SIGSTRUCT_SIZE bytes. Return: 0, or -1: no memory. */
int sigstruct_read(const uint8_t *p, struct sigstruct *s);

#endif /* _EWX_SIGSTRUCT_H */

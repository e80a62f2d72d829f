/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the row tests of the SGX driver share.
 *
 * A row test is TEST(<row>_sgx) or TEST(<row>_sgx_<case>). Owns: the enclave that
 * most rows begin with. Knows no row.
 */
#ifndef _SGX_ROWS_H
#define _SGX_ROWS_H

#include "rows.h"
#include "sgx.h"

#define REG_R	(SGX_REG | SGX_R)
#define REG_RW	(REG_R | SGX_W)
#define REG_RX	(REG_R | SGX_X)
#define REG_RWX	(REG_RW | SGX_X)

/* What sgx_built() puts where, beside what makes it run. */
#define ROW_CODE	SGX_ROWS_AT			/* RX, from an allowed file */
#define ROW_DATA	(SGX_ROWS_AT + SGX_PAGE)	/* RW, anonymous */
#define ROW_READ	(SGX_ROWS_AT + 2 * SGX_PAGE)	/* R, anonymous */
#define ROW_HOLE	(SGX_ROWS_AT + 4 * SGX_PAGE)	/* nothing, 4 pages */

/** sgx_pem() - the key of the rows' enclaves. */
const char *sgx_pem(void);

/** sgx_fresh() - created, with what makes it run. Return: 0 or -errno. */
int sgx_fresh(struct sgx *s, uint64_t attributes);
/** sgx_fresh_size() - of that many bytes. */
int sgx_fresh_size(struct sgx *s, uint64_t attributes, uint64_t size);
/** sgx_built() - sgx_fresh(), loaded as above, not initialised. */
int sgx_built(struct sgx *s);
/** sgx_ready() - built, initialised; what makes it run is mapped. */
int sgx_ready(struct sgx *s);
/** sgx_loose() - as ready, with pages of a file at ROW_CODE whose intent is RWX. */
int sgx_loose(struct sgx *s);
#define LOOSE_PAGES	4
/** sgx_start() - initialise; map what makes it run. */
int sgx_start(struct sgx *s);

/** sgx_init_as() - initialise as that product. */
int sgx_init_as(struct sgx *s, uint16_t product, uint16_t svn);
/** sgx_protect() - mprotect. Return: 0 or -errno. */
int sgx_protect(const struct sgx *s, uint64_t offset, uint64_t length,
		int prot);

/** sgx_strict_and() - the strict policy, and more permissions for any enclave. */
int sgx_strict_and(const char *permissions);
/** sgx_accept() - the enclave accepts a page. Return: 0, -EIO or -EFAULT. */
int sgx_accept(const struct sgx *s, uint64_t offset, unsigned int secinfo);
/** sgx_extend() - the enclave gives itself permissions for a page. */
int sgx_extend(const struct sgx *s, uint64_t offset, unsigned int permissions);
/** sgx_removed() - a page is trimmed, accepted, removed. Return: 0 or -errno. */
int sgx_removed(struct sgx *s, uint64_t offset);

#endif /* _SGX_ROWS_H */

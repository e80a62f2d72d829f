/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the two halves of sgx.h: what the one that knows the kernel measures
 * with the one that knows OpenSSL.
 */
#ifndef _KSELFTEST_SGX_SIGN_H
#define _KSELFTEST_SGX_SIGN_H

#include "sgx.h"

#define SGX_MODE64	4u	/* attribute of every enclave here */

struct sgx_measure *sgx_measure_begin(uint64_t size, uint32_t ssa_pages);
void sgx_measure_page(struct sgx_measure *m, uint64_t offset, uint64_t flags,
		      const uint8_t *page, bool extend);
void sgx_measure_free(struct sgx_measure *m);

#endif /* _KSELFTEST_SGX_SIGN_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls into the security modules. They are defined in callers.h, which
 * security/security.c includes, because the hook tables are private there.
 *
 * Owns: which hook is asked for which operation. Knows nothing of the answers.
 */
#ifndef _SECURITY_ENCLAVE_LSM_H
#define _SECURITY_ENCLAVE_LSM_H

struct enclave;
struct enclave_request;

int lsm_enclave_alloc(struct enclave *e);
void lsm_enclave_free(struct enclave *e);
int lsm_enclave_judge(struct enclave *e, const struct enclave_request *req);
void lsm_enclave_commit(struct enclave *e, const struct enclave_request *req);
void lsm_enclave_refused(struct enclave *e, const struct enclave_request *req);

#endif /* _SECURITY_ENCLAVE_LSM_H */

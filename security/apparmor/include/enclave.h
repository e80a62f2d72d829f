/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AppArmor: enclaves. What lsm.c needs of enclave.c.
 *
 * Owns: the size of what AppArmor keeps of an enclave. Knows nothing of requests.
 */
#ifndef __AA_ENCLAVE_H
#define __AA_ENCLAVE_H

#include <linux/init.h>
#include <linux/types.h>

struct aa_label;
struct lsm_id;

/**
 * struct aa_enclave_ctx - what AppArmor keeps of an enclave.
 * @creator: confinement of the task that created it, referenced; NULL until then
 */
struct aa_enclave_ctx {
	struct aa_label *creator;
};

#ifdef CONFIG_SECURITY_ENCLAVE
#define AA_ENCLAVE_BLOB sizeof(struct aa_enclave_ctx)
void aa_add_enclave_hooks(const struct lsm_id *id);
#else
#define AA_ENCLAVE_BLOB 0
static inline void aa_add_enclave_hooks(const struct lsm_id *id)
{
}
#endif

#endif /* __AA_ENCLAVE_H */

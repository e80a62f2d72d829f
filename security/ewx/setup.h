/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registration: the blobs' places, the mode, the boot parameters.
 *
 * Owns: ewx_blobs and the global switches. Knows nothing of policies.
 */
#ifndef _SECURITY_EWX_SETUP_H
#define _SECURITY_EWX_SETUP_H

#include <linux/lsm_hooks.h>
#include <linux/types.h>

extern struct lsm_blob_sizes ewx_blobs;
extern const struct lsm_id ewx_lsmid;

/** ewx_ready - the hooks are registered; false with ewx=off or not in lsm= */
extern bool ewx_ready;

/** ewx_before_policy_deny - without a policy deny what needs a permission */
extern bool ewx_before_policy_deny;

/** ewx_enforcing() - denials deny; otherwise they are only recorded */
bool ewx_enforcing(void);

/** ewx_set_enforcing() - change the mode. Return: the mode before. */
bool ewx_set_enforcing(bool on);

/* Each noun registers its own hooks. */
void ewx_add_subject_hooks(void);
void ewx_add_guard_hooks(void);
void ewx_add_verity_hooks(void);
void ewx_add_enclave_hooks(void);

#endif /* _SECURITY_EWX_SETUP_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SELinux: enclaves. What hooks.c needs of enclave.c.
 *
 * Owns: the size of what SELinux keeps of an enclave. Knows nothing of requests.
 */
#ifndef _SELINUX_ENCLAVE_H_
#define _SELINUX_ENCLAVE_H_

#include <linux/init.h>
#include <linux/types.h>

struct lsm_id;

/**
 * struct enclave_security_struct - what SELinux keeps of an enclave.
 * @sid: its label: that of the opener until it is created, then the creator's
 * @creator_sid: the domain of that task
 * @new_sid: the label it gets when the create request that is judged commits
 */
struct enclave_security_struct {
	u32 sid;
	u32 creator_sid;
	u32 new_sid;
};

#ifdef CONFIG_SECURITY_ENCLAVE
#define SELINUX_ENCLAVE_BLOB sizeof(struct enclave_security_struct)
void selinux_add_enclave_hooks(const struct lsm_id *id);
#else
#define SELINUX_ENCLAVE_BLOB 0
static inline void selinux_add_enclave_hooks(const struct lsm_id *id)
{
}
#endif

#endif /* _SELINUX_ENCLAVE_H_ */

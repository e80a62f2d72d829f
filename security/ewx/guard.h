/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guarded domains: nobody outside reaches into their processes.
 *
 * Owns: the exec part, which subject.c calls. Knows nothing of enclaves.
 */
#ifndef _SECURITY_EWX_GUARD_H
#define _SECURITY_EWX_GUARD_H

struct linux_binprm;

/**
 * ewx_guard_exec() - make entering a guarded domain a secure exec.
 * @bprm: its credentials have their new program
 *
 * Return: 0; -EPERM if a process outside the domain traces this one, or may have
 * installed a filter of its system calls; -ENOMEM if it cannot be found out which domain
 * it is. Where denials are let pass, 0.
 */
int ewx_guard_exec(struct linux_binprm *bprm);

#endif /* _SECURITY_EWX_GUARD_H */

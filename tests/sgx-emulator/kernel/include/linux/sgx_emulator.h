/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software SGX: what the kernel calls, where the processor would act.
 *
 * Owns: the call sites' side. Every call is a branch that is patched out unless
 * the boot parameter sgx_emulator= is there, and nothing at all without
 * CONFIG_X86_SGX_EMULATOR. Must not know how a leaf works.
 */
#ifndef _LINUX_SGX_EMULATOR_H
#define _LINUX_SGX_EMULATOR_H

#include <linux/types.h>

struct pt_regs;
struct vm_area_struct;

#ifdef CONFIG_X86_SGX_EMULATOR

#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(sgx_emulator_on);

void __sgx_emulator_from_user(struct pt_regs *regs);
void __sgx_emulator_work(struct pt_regs *regs);
bool __sgx_emulator_invalid_op(struct pt_regs *regs);
bool __sgx_emulator_fault(struct pt_regs *regs, unsigned long *code,
			  unsigned long *address);
void __sgx_emulator_exception(int trapnr, unsigned long code,
			      unsigned long address);
void __sgx_emulator_restrict(struct vm_area_struct *vma, unsigned long start,
			     unsigned long end);
void __sgx_emulator_cpuid(u32 subleaf, u32 *eax, u32 *ebx, u32 *ecx, u32 *edx);
void __sgx_emulator_lepubkeyhash(const u64 *hash);

#define sgx_emulator_active() static_branch_unlikely(&sgx_emulator_on)

#else

#define sgx_emulator_active() false

static inline void __sgx_emulator_from_user(struct pt_regs *regs)
{
}

static inline void __sgx_emulator_work(struct pt_regs *regs)
{
}

static inline bool __sgx_emulator_invalid_op(struct pt_regs *regs)
{
	return false;
}

static inline bool __sgx_emulator_fault(struct pt_regs *regs,
					unsigned long *code,
					unsigned long *address)
{
	return false;
}

static inline void __sgx_emulator_exception(int trapnr, unsigned long code,
					    unsigned long address)
{
}

static inline void __sgx_emulator_restrict(struct vm_area_struct *vma,
					   unsigned long start,
					   unsigned long end)
{
}

static inline void __sgx_emulator_cpuid(u32 subleaf, u32 *eax, u32 *ebx,
					u32 *ecx, u32 *edx)
{
}

static inline void __sgx_emulator_lepubkeyhash(const u64 *hash)
{
}

#endif /* CONFIG_X86_SGX_EMULATOR */

/* Kernel entry from user mode: leaves the enclave, if it was in one. */
static __always_inline void sgx_emulator_from_user(struct pt_regs *regs)
{
	if (sgx_emulator_active())
		__sgx_emulator_from_user(regs);
}

/* Work before the return to user mode: an enclave just entered is left again. */
static __always_inline void sgx_emulator_work(struct pt_regs *regs)
{
	if (sgx_emulator_active())
		__sgx_emulator_work(regs);
}

/* Return: was the invalid instruction ENCLS or ENCLU? */
static inline bool sgx_emulator_invalid_op(struct pt_regs *regs)
{
	return sgx_emulator_active() && __sgx_emulator_invalid_op(regs);
}

/* Return: is the fault an entry that lagged behind the EPCM, now removed? */
static inline bool sgx_emulator_fault(struct pt_regs *regs, unsigned long *code,
				      unsigned long *address)
{
	return sgx_emulator_active() &&
	       __sgx_emulator_fault(regs, code, address);
}

/* An exception is about to be reported to the process. */
static inline void sgx_emulator_exception(int trapnr, unsigned long code,
					  unsigned long address)
{
	if (sgx_emulator_active())
		__sgx_emulator_exception(trapnr, code, address);
}

/* Entries of [start, end) were set from the mapping: keep them below the EPCM. */
static inline void sgx_emulator_restrict(struct vm_area_struct *vma,
					 unsigned long start, unsigned long end)
{
	if (sgx_emulator_active())
		__sgx_emulator_restrict(vma, start, end);
}

/* Leaf 12h was read: replace it. */
static inline void sgx_emulator_cpuid(u32 subleaf, u32 *eax, u32 *ebx, u32 *ecx,
				      u32 *edx)
{
	if (sgx_emulator_active())
		__sgx_emulator_cpuid(subleaf, eax, ebx, ecx, edx);
}

/* Return: are the IA32_SGXLEPUBKEYHASH registers emulated, and now written? */
static inline bool sgx_emulator_lepubkeyhash(const u64 *hash)
{
	if (!sgx_emulator_active())
		return false;
	__sgx_emulator_lepubkeyhash(hash);
	return true;
}

#endif /* _LINUX_SGX_EMULATOR_H */

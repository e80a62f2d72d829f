// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: ENCLU outside of an enclave, that is EENTER and ERESUME,
 * and how a leaf's fault reaches the process.
 *
 * Owns: the search for the pages that an entry needs. Must not know what an
 * entry does.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <asm/enclu.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>
#include <asm/vdso.h>

#include "emulator.h"

static const u8 enclu[3] = { 0x0f, 0x01, 0xd7 };

/**
 * sgxe_report() - a leaf faults
 * @regs: the process's registers, synthetic ones if it was in an enclave
 * @trapnr: vector
 * @code: error code
 * @addr: of a page fault
 */
void sgxe_report(struct pt_regs *regs, int trapnr, unsigned long code,
		 unsigned long addr)
{
	if (fixup_vdso_exception(regs, trapnr, code, addr))
		return;
	current->thread.trap_nr = trapnr;
	current->thread.error_code = code;
	current->thread.cr2 = addr;
	if (trapnr == X86_TRAP_PF)
		force_sig_fault(SIGSEGV, SEGV_ACCERR, (void __user *)addr);
	else
		force_sig(SIGSEGV);
}

/* What a search for a page came to: go on, try again, or a fault. */
static bool found(struct pt_regs *regs, int ret, u64 addr)
{
	if (ret && ret != -EAGAIN)
		sgxe_report(regs, X86_TRAP_PF, X86_PF_USER, addr);
	return !ret;
}

static bool find(struct pt_regs *regs, u64 addr, u32 *index)
{
	return found(regs, sgxe_translate(addr, false, index), addr);
}

/* What a leaf's check came to, likewise. */
static bool passed(struct pt_regs *regs, int ret, u64 addr)
{
	if (ret == SGXE_GP)
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
	else if (ret == SGXE_PF)
		sgxe_report(regs, X86_TRAP_PF,
			    X86_PF_PROT | X86_PF_USER | X86_PF_SGX, addr);
	return !ret;
}

/* Find all pages of an entry; whatever is amiss, the process runs into it again. */
static bool prepare(struct pt_regs *regs, struct sgxe_entry *en)
{
	int ret;

	if (!IS_ALIGNED(en->tcs_addr, PAGE_SIZE))
		return passed(regs, SGXE_GP, 0);
	if (!find(regs, en->tcs_addr, &en->tcs))
		return false;
	raw_spin_lock(&sgxe_lock);
	ret = sgxe_look(en, false);
	raw_spin_unlock(&sgxe_lock);
	if (!passed(regs, ret, en->tcs_addr) ||
	    !find(regs, en->frame_addr, &en->frame) ||
	    !find(regs, en->last_addr, &en->last))
		return false;
	sgxe_sync(en->tcs);
	return true;
}

/**
 * sgxe_enclu() - emulate an instruction of a process that is not in an enclave
 * @regs: its registers
 *
 * Context: interrupts on; off at the end if it is ENCLU.
 *
 * Return: is it ENCLU?
 */
bool sgxe_enclu(struct pt_regs *regs)
{
	struct sgxe_entry en = {
		.tcs_addr = regs->bx,
		.aep = regs->cx,
		.resume = (u32)regs->ax == ERESUME,
	};
	u8 code[sizeof(enclu)];
	int ret;

	if (copy_from_user(code, (void __user *)regs->ip, sizeof(code)) ||
	    memcmp(code, enclu, sizeof(code)))
		return false;
	if ((u32)regs->ax != EENTER && (u32)regs->ax != ERESUME) {
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
		return true;
	}
	if (!prepare(regs, &en))
		return true;
	local_irq_disable();
	ret = sgxe_commit(regs, &en);
	if (ret && ret != -EAGAIN) {
		local_irq_enable();
		passed(regs, ret, en.tcs_addr);
		local_irq_disable();
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: ENCLS and ENCLU come in as invalid instructions.
 *
 * Owns: the kernel's instruction, its registers, alignment of its operands, and
 * which handler sees a user's. Must not know what a leaf does.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <asm/extable.h>
#include <asm/processor-flags.h>
#include <asm/ptrace.h>

#include "emulator.h"

static const u8 encls[3] = { 0x0f, 0x01, 0xcf };

#define SGXE_ELDB 7

/* Leaves whose RBX is a PAGEINFO or a SECINFO need it aligned. */
static bool operands_aligned(const struct pt_regs *regs)
{
	switch ((u32)regs->ax) {
	case ECREATE:
	case EADD:
	case EAUG:
	case EWB:
	case ELDU:
	case SGXE_ELDB:
		return IS_ALIGNED(regs->bx, sizeof(struct sgx_pageinfo)) &&
		       IS_ALIGNED(regs->cx, PAGE_SIZE);
	case EMODPR:
	case EMODT:
		return IS_ALIGNED(regs->bx, sizeof(struct sgx_secinfo)) &&
		       IS_ALIGNED(regs->cx, PAGE_SIZE);
	case EINIT:
		return IS_ALIGNED(regs->bx, PAGE_SIZE) &&
		       IS_ALIGNED(regs->cx, PAGE_SIZE) &&
		       IS_ALIGNED(regs->dx, 512);
	case EREMOVE:
	case EBLOCK:
	case ETRACK:
	case EPA:
		return IS_ALIGNED(regs->cx, PAGE_SIZE);
	}
	return true;
}

static int leaf(struct pt_regs *regs, u32 index, u32 offset)
{
	void *bx = (void *)regs->bx;
	u64 data;
	int ret;

	switch ((u32)regs->ax) {
	case ECREATE:
		return sgxe_ecreate(bx, index);
	case EADD:
		return sgxe_eadd(bx, index);
	case EINIT:
		return sgxe_einit(bx, (u8 *)regs->dx, index);
	case EREMOVE:
		return sgxe_eremove(index);
	case EDGBRD:
		ret = sgxe_edbgrd(index, offset, &data);
		if (!ret)
			regs->bx = data;
		return ret;
	case EDGBWR:
		return sgxe_edbgwr(index, offset, regs->bx);
	case EEXTEND:
		return sgxe_eextend(index, offset);
	case SGXE_ELDB:
	case ELDU:
		return sgxe_eldu(bx, index, (u64 *)regs->dx,
				 (u32)regs->ax == SGXE_ELDB);
	case EBLOCK:
		return sgxe_eblock(index);
	case EPA:
		return regs->bx == SGX_PAGE_TYPE_VA ? sgxe_epa(index) : SGXE_GP;
	case EWB:
		return sgxe_ewb(bx, index, (u64 *)regs->dx);
	case ETRACK:
		return sgxe_etrack(index);
	case EAUG:
		return sgxe_eaug(bx, index);
	case EMODPR:
		return sgxe_emodpr(bx, index);
	case EMODT:
		return sgxe_emodt(bx, index);
	}
	return SGXE_GP;
}

/**
 * sgxe_encls() - emulate an ENCLS of the kernel
 * @regs: its registers
 */
void sgxe_encls(struct pt_regs *regs)
{
	u32 index = sgxe_index((void *)regs->cx);
	int ret = SGXE_GP;

	if (index != SGXE_NONE && operands_aligned(regs)) {
		raw_spin_lock(&sgxe_lock);
		ret = leaf(regs, index, regs->cx & ~PAGE_MASK);
		raw_spin_unlock(&sgxe_lock);
	}
	if (ret & SGX_ENCLS_FAULT_FLAG) {
		fixup_exception(regs, ret & ~SGX_ENCLS_FAULT_FLAG, 0, 0);
		return;
	}
	regs->ax = ret;
	regs->flags &= ~X86_EFLAGS_ZF;
	if (ret)
		regs->flags |= X86_EFLAGS_ZF;
	regs->ip += sizeof(encls);
}

/**
 * __sgx_emulator_invalid_op() - is an invalid instruction one of SGX?
 * @regs: where it is; of an enclave that was left, those of the exit
 *
 * Context: interrupts off, as at the end.
 *
 * Return: true, it is done with; false, it is invalid.
 */
bool __sgx_emulator_invalid_op(struct pt_regs *regs)
{
	u32 tcs = sgxe_exited();
	bool done;

	if (!user_mode(regs)) {
		if (memcmp((void *)regs->ip, encls, sizeof(encls)))
			return false;
		if (regs->flags & X86_EFLAGS_IF)
			local_irq_enable();
		sgxe_encls(regs);
		if (regs->flags & X86_EFLAGS_IF)
			local_irq_disable();
		return true;
	}
	local_irq_enable();
	done = tcs == SGXE_NONE ? sgxe_enclu(regs) : sgxe_inside(regs, tcs);
	local_irq_disable();
	return done;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: registers of a thread, in and out of an enclave.
 *
 * Owns: general registers in an SSA frame, extended state, segment bases, and
 * the mark that the kernel was entered from an enclave. Must not know the EPCM.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/thread_info.h>
#include <asm/fpu/api.h>
#include <asm/fpu/types.h>
#include <asm/fpu/xstate.h>
#include <asm/fsgsbase.h>
#include <asm/processor-flags.h>
#include <asm/proto.h>
#include <asm/ptrace.h>
#include <uapi/asm/prctl.h>

#include "emulator.h"

/* Flags that code of an enclave may set. */
#define SGXE_USER_FLAGS                                                      \
	(X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF | X86_EFLAGS_ZF |      \
	 X86_EFLAGS_SF | X86_EFLAGS_DF | X86_EFLAGS_OF | X86_EFLAGS_RF |      \
	 X86_EFLAGS_AC | X86_EFLAGS_ID)

/* The mark: the upper bits of thread_info.status hold the TCS's index + 1. */
#define SGXE_STATUS_SHIFT 8
#define SGXE_STATUS_MASK (BIT(SGXE_STATUS_SHIFT) - 1)

/* What the registers hold when nothing is restored: x87 and SSE as after reset. */
static const u8 initial_state[FXSAVE_SIZE + XSAVE_HDR_SIZE] __aligned(64) = {
	[24] = 0x80, [25] = 0x1f, /* MXCSR */
};

/** sgxe_exited() - the TCS whose code entered the kernel, or SGXE_NONE */
u32 sgxe_exited(void)
{
	return (current_thread_info()->status >> SGXE_STATUS_SHIFT) - 1;
}

/** sgxe_set_exited() - the kernel was entered from code of a TCS, or of none */
void sgxe_set_exited(u32 tcs)
{
	struct thread_info *ti = current_thread_info();

	ti->status = (ti->status & SGXE_STATUS_MASK) |
		     ((tcs + 1) << SGXE_STATUS_SHIFT);
}

/**
 * sgxe_save_fpu() - save the live extended state
 * @area: an XSAVE area
 * @xfrm: components
 *
 * Context: right after an entry from user mode, interrupts off.
 */
void sgxe_save_fpu(void *area, u64 xfrm)
{
	/* XSAVE leaves the reserved part of the header as it was. */
	memset(area + FXSAVE_SIZE, 0, XSAVE_HDR_SIZE);
	asm volatile("xsave64 (%0)"
		     :
		     : "r"(area), "a"((u32)xfrm), "d"((u32)(xfrm >> 32))
		     : "memory");
}

/**
 * sgxe_load_fpu() - make an area the live extended state
 * @area: an XSAVE area
 * @xfrm: components
 *
 * Context: interrupts off.
 *
 * Return: false if the processor refuses it.
 */
bool sgxe_load_fpu(const void *area, u64 xfrm)
{
	int err = 1;

	if (test_thread_flag(TIF_NEED_FPU_LOAD))
		switch_fpu_return();
	asm volatile("1: xrstor64 (%1)\n"
		     "   xor %0, %0\n"
		     "2:\n" _ASM_EXTABLE(1b, 2b)
		     : "+r"(err)
		     : "r"(area), "a"((u32)xfrm), "d"((u32)(xfrm >> 32))
		     : "memory");
	return !err;
}

/** sgxe_init_fpu() - the state that an asynchronous exit leaves, SDM 40.3 */
void sgxe_init_fpu(u64 xfrm)
{
	sgxe_load_fpu(initial_state, xfrm);
}

/** sgxe_get_bases() - of FS and GS, as user mode sees them */
void sgxe_get_bases(u64 *fsbase, u64 *gsbase)
{
	*fsbase = x86_fsbase_read_cpu();
	*gsbase = x86_gsbase_read_cpu_inactive();
}

/** sgxe_set_bases() - of FS and GS, for user mode; their selectors become 0 */
void sgxe_set_bases(u64 fsbase, u64 gsbase)
{
	do_arch_prctl_64(current, ARCH_SET_FS, fsbase);
	do_arch_prctl_64(current, ARCH_SET_GS, gsbase);
}

/** sgxe_regs_save() - general registers go into an SSA frame */
void sgxe_regs_save(struct sgxe_gpr *gpr, const struct pt_regs *regs)
{
	gpr->ax = regs->ax;
	gpr->cx = regs->cx;
	gpr->dx = regs->dx;
	gpr->bx = regs->bx;
	gpr->sp = regs->sp;
	gpr->bp = regs->bp;
	gpr->si = regs->si;
	gpr->di = regs->di;
	gpr->r8 = regs->r8;
	gpr->r9 = regs->r9;
	gpr->r10 = regs->r10;
	gpr->r11 = regs->r11;
	gpr->r12 = regs->r12;
	gpr->r13 = regs->r13;
	gpr->r14 = regs->r14;
	gpr->r15 = regs->r15;
	gpr->flags = regs->flags;
	gpr->ip = regs->ip;
}

/** sgxe_regs_load() - general registers come from an SSA frame */
void sgxe_regs_load(struct pt_regs *regs, const struct sgxe_gpr *gpr)
{
	regs->ax = gpr->ax;
	regs->cx = gpr->cx;
	regs->dx = gpr->dx;
	regs->bx = gpr->bx;
	regs->sp = gpr->sp;
	regs->bp = gpr->bp;
	regs->si = gpr->si;
	regs->di = gpr->di;
	regs->r8 = gpr->r8;
	regs->r9 = gpr->r9;
	regs->r10 = gpr->r10;
	regs->r11 = gpr->r11;
	regs->r12 = gpr->r12;
	regs->r13 = gpr->r13;
	regs->r14 = gpr->r14;
	regs->r15 = gpr->r15;
	regs->flags = (regs->flags & ~SGXE_USER_FLAGS) |
		      (gpr->flags & SGXE_USER_FLAGS);
	regs->ip = gpr->ip;
}

/** sgxe_regs_clear() - the synthetic state of an exit, SDM table 40-1 */
void sgxe_regs_clear(struct pt_regs *regs)
{
	regs->dx = 0;
	regs->si = 0;
	regs->di = 0;
	regs->r8 = 0;
	regs->r9 = 0;
	regs->r10 = 0;
	regs->r11 = 0;
	regs->r12 = 0;
	regs->r13 = 0;
	regs->r14 = 0;
	regs->r15 = 0;
	regs->flags &= ~(X86_EFLAGS_CF | X86_EFLAGS_PF | X86_EFLAGS_AF |
			 X86_EFLAGS_ZF | X86_EFLAGS_SF | X86_EFLAGS_OF |
			 X86_EFLAGS_RF);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: ENCLU inside an enclave. SDM chapter 41: EEXIT, EACCEPT,
 * EACCEPTCOPY, EMODPE.
 *
 * Owns: their checks. The invalid instruction left the enclave asynchronously;
 * a leaf works on the registers in the SSA frame, and the process resumes at the
 * next instruction, or at the same one if a page was missing.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/string.h>
#include <asm/enclu.h>
#include <asm/processor-flags.h>
#include <asm/trap_pf.h>
#include <asm/trapnr.h>

#include "emulator.h"

/* Leaves that the kernel has no name for. */
enum {
	SGXE_EACCEPT = 5,
	SGXE_EMODPE = 6,
	SGXE_EACCEPTCOPY = 7,
};

/* What a leaf works on; addresses were translated, which says little. */
struct operands {
	u32 tcs, secs;
	u64 secinfo_addr, page_addr, from_addr;
	u32 si, page, from;
	struct sgx_secinfo secinfo;
	u64 fault; /* address that a page fault is about */
};

/* The instruction at @ip: 1: ENCLU, 0: another, or -EAGAIN. */
static int fetch(u64 ip)
{
	static const u8 enclu[3] = { 0x0f, 0x01, 0xd7 };
	u32 index;
	int i, ret;

	for (i = 0; i < sizeof(enclu); i++) {
		ret = sgxe_translate(ip + i, &index);
		if (ret)
			return ret == -EAGAIN ? ret : 0;
		raw_spin_lock(&sgxe_lock);
		ret = sgxe_allowed(index, ip + i) & SGX_SECINFO_X &&
		      *(u8 *)(sgxe_mem(index) + offset_in_page(ip + i)) ==
			      enclu[i];
		raw_spin_unlock(&sgxe_lock);
		if (!ret)
			return 0;
	}
	return 1;
}

static bool inside_range(u32 secs_index, u64 addr)
{
	const struct sgx_secs *secs = sgxe_mem(secs_index);

	return addr >= secs->base && addr - secs->base < secs->size;
}

/* A page of the enclave at an operand's address, whatever its state. */
static bool ours(const struct operands *op, u32 index, u64 addr)
{
	const struct sgxe_page *e = &sgxe_epcm[index];

	return e->valid && !e->blocked && e->secs == op->secs &&
	       e->addr == (addr & PAGE_MASK);
}

/* Check what all leaves check, and read the SECINFO. */
static int common(struct operands *op)
{
	op->fault = op->secinfo_addr;
	if (!IS_ALIGNED(op->secinfo_addr, sizeof(op->secinfo)) ||
	    !IS_ALIGNED(op->page_addr, PAGE_SIZE) ||
	    !inside_range(op->secs, op->secinfo_addr) ||
	    !inside_range(op->secs, op->page_addr))
		return SGXE_GP;
	if (!ours(op, op->si, op->secinfo_addr) ||
	    !(sgxe_allowed(op->si, op->secinfo_addr) & SGX_SECINFO_R))
		return SGXE_PF;
	memcpy(&op->secinfo, sgxe_mem(op->si) + offset_in_page(op->secinfo_addr),
	       sizeof(op->secinfo));
	if (op->secinfo.flags & ~SGXE_FLAGS_VALID ||
	    memchr_inv(op->secinfo.reserved, 0, sizeof(op->secinfo.reserved)))
		return SGXE_GP;
	op->fault = op->page_addr;
	return ours(op, op->page, op->page_addr) ? 0 : SGXE_PF;
}

static u64 state_of(const struct sgxe_page *e)
{
	return e->perm | e->type << 8 | (e->pending ? SGXE_PENDING : 0) |
	       (e->modified ? SGXE_MODIFIED : 0) |
	       (e->restricted ? SGXE_PR : 0);
}

/* The combinations that EACCEPT knows. */
static bool acceptable(u64 flags)
{
	u64 type = flags & SGX_SECINFO_PAGE_TYPE_MASK;
	u64 perm = flags & SGX_SECINFO_PERMISSION_MASK;
	u64 state = flags & (SGXE_PENDING | SGXE_MODIFIED | SGXE_PR);

	if (type == SGX_SECINFO_REG)
		return (!(perm & SGX_SECINFO_W) || perm & SGX_SECINFO_R) &&
		       !(state & SGXE_MODIFIED);
	return (type == SGX_SECINFO_TCS || type == SGX_SECINFO_TRIM) && !perm &&
	       state == SGXE_MODIFIED;
}

static int eaccept(struct operands *op)
{
	struct sgxe_page *e = &sgxe_epcm[op->page];
	u64 flags = op->secinfo.flags;
	struct sgx_tcs *tcs;

	if (!acceptable(flags))
		return SGXE_GP;
	if (e->type != SGX_PAGE_TYPE_REG && e->type != SGX_PAGE_TYPE_TCS &&
	    e->type != SGX_PAGE_TYPE_TRIM)
		return SGXE_PF;
	if (state_of(e) != flags)
		return SGXE_PAGE_ATTRIBUTES_MISMATCH;
	if ((e->modified || e->restricted) && !sgxe_tracked(op->page))
		return SGX_NOT_TRACKED;
	if (e->type == SGX_PAGE_TYPE_TCS) {
		tcs = sgxe_mem(op->page);
		if (!sgxe_tcs_valid(tcs, sgxe_mem(op->secs)) || tcs->flags ||
		    tcs->ssa_index || tcs->exit_addr ||
		    memchr_inv(tcs->reserved, 0, sizeof(tcs->reserved)))
			return SGXE_GP;
	}
	e->pending = false;
	e->modified = false;
	e->restricted = false;
	sgxe_changed(op->page, false);
	return 0;
}

static int eacceptcopy(struct operands *op)
{
	struct sgxe_page *e = &sgxe_epcm[op->page];
	u64 flags = op->secinfo.flags;

	if ((flags & ~SGX_SECINFO_PERMISSION_MASK) != SGX_SECINFO_REG ||
	    (flags & SGX_SECINFO_W && !(flags & SGX_SECINFO_R)))
		return SGXE_GP;
	op->fault = op->from_addr;
	if (!IS_ALIGNED(op->from_addr, PAGE_SIZE) ||
	    !inside_range(op->secs, op->from_addr))
		return SGXE_GP;
	if (!ours(op, op->from, op->from_addr) ||
	    !(sgxe_allowed(op->from, op->from_addr) & SGX_SECINFO_R))
		return SGXE_PF;
	if (state_of(e) != (SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W |
			    SGXE_PENDING))
		return SGXE_PAGE_ATTRIBUTES_MISMATCH;
	memcpy(sgxe_mem(op->page), sgxe_mem(op->from), PAGE_SIZE);
	e->perm = flags & SGX_SECINFO_PERMISSION_MASK;
	e->pending = false;
	/* Permissions may be fewer than RW, which entries may have by now. */
	sgxe_changed(op->page, true);
	return 0;
}

static int emodpe(struct operands *op)
{
	struct sgxe_page *e = &sgxe_epcm[op->page];
	u64 flags = op->secinfo.flags;

	if (flags & ~(SGX_SECINFO_PERMISSION_MASK |
		      SGX_SECINFO_PAGE_TYPE_MASK) ||
	    (flags & SGX_SECINFO_W && !(flags & SGX_SECINFO_R)))
		return SGXE_GP;
	if (e->type != SGX_PAGE_TYPE_REG || e->pending || e->modified)
		return SGXE_PF;
	e->perm |= flags & SGX_SECINFO_PERMISSION_MASK;
	sgxe_changed(op->page, false);
	return 0;
}

static int leaf(u32 number, struct operands *op)
{
	int ret = common(op);

	if (ret)
		return ret;
	switch (number) {
	case SGXE_EACCEPT:
		return eaccept(op);
	case SGXE_EACCEPTCOPY:
		return eacceptcopy(op);
	default:
		return emodpe(op);
	}
}

/* Find the pages of the operands: 0, -EAGAIN, or the process was told. */
static int translate(struct pt_regs *regs, u32 number, struct operands *op)
{
	u64 addr = op->secinfo_addr;
	int ret = sgxe_translate(addr, &op->si);

	if (!ret) {
		addr = op->page_addr;
		ret = sgxe_translate(addr, &op->page);
	}
	if (!ret && number == SGXE_EACCEPTCOPY) {
		addr = op->from_addr;
		ret = sgxe_translate(addr, &op->from);
	}
	if (ret && ret != -EAGAIN)
		sgxe_report(regs, X86_TRAP_PF, X86_PF_USER, addr);
	return ret;
}

static void on_page(struct pt_regs *regs, u32 tcs, u32 number,
		    struct operands *op)
{
	struct sgxe_gpr *gpr;
	int ret;

	if (translate(regs, number, op) || sgxe_frame(tcs, regs->bx, &gpr))
		return;
	op->secs = sgxe_epcm[tcs].secs;
	ret = leaf(number, op);
	if (!(ret & SGX_ENCLS_FAULT_FLAG)) {
		/* EMODPE returns nothing. */
		if (number != SGXE_EMODPE) {
			gpr->ax = ret;
			gpr->flags &= ~X86_EFLAGS_ZF;
			if (ret)
				gpr->flags |= X86_EFLAGS_ZF;
		}
		gpr->ip += 3;
	}
	sgxe_frame_release();
	if (ret == SGXE_GP)
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
	else if (ret == SGXE_PF)
		sgxe_report(regs, X86_TRAP_PF,
			    X86_PF_PROT | X86_PF_USER | X86_PF_SGX, op->fault);
}

static void leave(struct pt_regs *regs, u32 tcs)
{
	struct sgxe_gpr *gpr;
	bool good = true;

	local_irq_disable();
	if (!sgxe_frame(tcs, regs->bx, &gpr)) {
		good = sgxe_eexit(regs, gpr, tcs);
		sgxe_frame_release();
	}
	local_irq_enable();
	if (!good)
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
}

/**
 * sgxe_inside() - emulate an instruction of an enclave
 * @regs: the synthetic registers of the exit that it caused
 * @tcs: the thread
 *
 * Context: interrupts on.
 *
 * Return: is it ENCLU?
 */
bool sgxe_inside(struct pt_regs *regs, u32 tcs)
{
	struct operands op = {};
	struct sgxe_gpr *gpr;
	u32 number;
	u64 ip;
	int ret;

	if (sgxe_frame(tcs, regs->bx, &gpr))
		return true;
	ip = gpr->ip;
	number = gpr->ax;
	op.secinfo_addr = gpr->bx;
	op.page_addr = gpr->cx;
	op.from_addr = gpr->dx;
	sgxe_frame_release();

	ret = fetch(ip);
	if (ret <= 0)
		return ret < 0;
	switch (number) {
	case EEXIT:
		leave(regs, tcs);
		break;
	case SGXE_EACCEPT:
	case SGXE_EMODPE:
	case SGXE_EACCEPTCOPY:
		on_page(regs, tcs, number, &op);
		break;
	default:
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
	}
	return true;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: ENCLU inside an enclave. SDM chapter 41: EEXIT, EACCEPT,
 * EACCEPTCOPY, EMODPE; EREPORT and EGETKEY by way of keys.c.
 *
 * Owns: their checks, and how a leaf gets at its operands. The invalid instruction
 * left the enclave asynchronously; a leaf works on the registers in the SSA frame,
 * and the process resumes at the next instruction, or at the same one if a page
 * was missing.
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
	SGXE_EREPORT = 0,
	SGXE_EGETKEY = 1,
	SGXE_EACCEPT = 5,
	SGXE_EMODPE = 6,
	SGXE_EACCEPTCOPY = 7,
};

/* The instruction at @ip: 1: ENCLU, 0: another, or -EAGAIN. */
static int fetch(u64 ip)
{
	static const u8 enclu[3] = { 0x0f, 0x01, 0xd7 };
	u32 index;
	int i, ret;

	for (i = 0; i < sizeof(enclu); i++) {
		ret = sgxe_translate(ip + i, false, &index);
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

/* Operands are in RBX, RCX, RDX: how many has a leaf? */
static int operands_of(u32 number)
{
	return number == SGXE_EREPORT || number == SGXE_EACCEPTCOPY ? 3 : 2;
}

/* Which does it write to? */
static bool writes(u32 number, int i)
{
	switch (number) {
	case SGXE_EREPORT:
		return i == SGXE_RDX;
	case SGXE_EGETKEY:
	case SGXE_EACCEPTCOPY:
		return i == SGXE_RCX;
	}
	return false;
}

/* Every operand is in the enclave's range. */
static bool inside_range(const struct sgxe_operands *op, u32 number)
{
	const struct sgx_secs *secs = sgxe_mem(op->secs);
	int i;

	for (i = 0; i < operands_of(number); i++)
		if (op->at[i].addr < secs->base ||
		    op->at[i].addr - secs->base >= secs->size)
			return false;
	return true;
}

/* A page of the enclave at an operand's address, whatever its state. */
static bool ours(u32 secs, const struct sgxe_operand *op)
{
	const struct sgxe_page *e = &sgxe_epcm[op->page];

	return e->valid && !e->blocked && e->secs == secs &&
	       e->addr == (op->addr & PAGE_MASK);
}

/* Such a page, and the enclave may read it. */
static bool readable(u32 secs, const struct sgxe_operand *op)
{
	return ours(secs, op) &&
	       sgxe_allowed(op->page, op->addr) & SGX_SECINFO_R;
}

/* Check what all leaves on a page (RCX) check, and read the SECINFO (RBX). */
static int on_page(struct sgxe_operands *op, struct sgx_secinfo *secinfo)
{
	const struct sgxe_operand *si = &op->at[SGXE_RBX];
	const struct sgxe_operand *page = &op->at[SGXE_RCX];

	op->fault = SGXE_RBX;
	if (!IS_ALIGNED(si->addr, sizeof(*secinfo)) ||
	    !IS_ALIGNED(page->addr, PAGE_SIZE))
		return SGXE_GP;
	if (!readable(op->secs, si))
		return SGXE_PF;
	memcpy(secinfo, sgxe_mem(si->page) + offset_in_page(si->addr),
	       sizeof(*secinfo));
	if (secinfo->flags & ~SGXE_FLAGS_VALID ||
	    memchr_inv(secinfo->reserved, 0, sizeof(secinfo->reserved)))
		return SGXE_GP;
	op->fault = SGXE_RCX;
	return ours(op->secs, page) ? 0 : SGXE_PF;
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

static int eaccept(struct sgxe_operands *op, u64 flags)
{
	const u32 page = op->at[SGXE_RCX].page;
	struct sgxe_page *e = &sgxe_epcm[page];
	struct sgx_tcs *tcs;

	if (!acceptable(flags))
		return SGXE_GP;
	if (e->type != SGX_PAGE_TYPE_REG && e->type != SGX_PAGE_TYPE_TCS &&
	    e->type != SGX_PAGE_TYPE_TRIM)
		return SGXE_PF;
	if (state_of(e) != flags)
		return SGXE_PAGE_ATTRIBUTES_MISMATCH;
	if ((e->modified || e->restricted) && !sgxe_tracked(page))
		return SGX_NOT_TRACKED;
	if (e->type == SGX_PAGE_TYPE_TCS) {
		tcs = sgxe_mem(page);
		if (!sgxe_tcs_valid(tcs, sgxe_mem(op->secs)) || tcs->flags ||
		    tcs->ssa_index || tcs->exit_addr ||
		    memchr_inv(tcs->reserved, 0, sizeof(tcs->reserved)))
			return SGXE_GP;
	}
	e->pending = false;
	e->modified = false;
	e->restricted = false;
	sgxe_changed(page, false);
	return 0;
}

static int eacceptcopy(struct sgxe_operands *op, u64 flags)
{
	const struct sgxe_operand *from = &op->at[SGXE_RDX];
	const u32 page = op->at[SGXE_RCX].page;
	struct sgxe_page *e = &sgxe_epcm[page];

	if ((flags & ~SGX_SECINFO_PERMISSION_MASK) != SGX_SECINFO_REG ||
	    (flags & SGX_SECINFO_W && !(flags & SGX_SECINFO_R)))
		return SGXE_GP;
	op->fault = SGXE_RDX;
	if (!IS_ALIGNED(from->addr, PAGE_SIZE))
		return SGXE_GP;
	if (!readable(op->secs, from))
		return SGXE_PF;
	if (state_of(e) != (SGX_SECINFO_REG | SGX_SECINFO_R | SGX_SECINFO_W |
			    SGXE_PENDING))
		return SGXE_PAGE_ATTRIBUTES_MISMATCH;
	memcpy(sgxe_mem(page), sgxe_mem(from->page), PAGE_SIZE);
	e->perm = flags & SGX_SECINFO_PERMISSION_MASK;
	e->pending = false;
	/* Permissions may be fewer than RW, which entries may have by now. */
	sgxe_changed(page, true);
	return 0;
}

static int emodpe(struct sgxe_operands *op, u64 flags)
{
	const u32 page = op->at[SGXE_RCX].page;
	struct sgxe_page *e = &sgxe_epcm[page];

	if (flags & ~(SGX_SECINFO_PERMISSION_MASK |
		      SGX_SECINFO_PAGE_TYPE_MASK) ||
	    (flags & SGX_SECINFO_W && !(flags & SGX_SECINFO_R)))
		return SGXE_GP;
	if (e->type != SGX_PAGE_TYPE_REG || e->pending || e->modified)
		return SGXE_PF;
	e->perm |= flags & SGX_SECINFO_PERMISSION_MASK;
	sgxe_changed(page, false);
	return 0;
}

static int leaf(u32 number, struct sgxe_operands *op)
{
	struct sgx_secinfo secinfo;
	int ret;

	switch (number) {
	case SGXE_EREPORT:
		return sgxe_ereport(op);
	case SGXE_EGETKEY:
		return sgxe_egetkey(op);
	}
	ret = on_page(op, &secinfo);
	if (ret)
		return ret;
	switch (number) {
	case SGXE_EACCEPT:
		return eaccept(op, secinfo.flags);
	case SGXE_EACCEPTCOPY:
		return eacceptcopy(op, secinfo.flags);
	default:
		return emodpe(op, secinfo.flags);
	}
}

/* The process is told of a page fault at an operand. */
static void report_fault(struct pt_regs *regs, u32 number,
			 const struct sgxe_operands *op, unsigned long code)
{
	if (code & X86_PF_PROT && writes(number, op->fault))
		code |= X86_PF_WRITE;
	sgxe_report(regs, X86_TRAP_PF, code | X86_PF_USER,
		    op->at[op->fault].addr);
}

/* Find the pages of the operands: 0, -EAGAIN, or the process was told. */
static int translate(struct pt_regs *regs, u32 number, struct sgxe_operands *op)
{
	int i, ret = 0;

	for (i = 0; i < operands_of(number) && !ret; i++) {
		op->fault = i;
		ret = sgxe_translate(op->at[i].addr, writes(number, i),
				     &op->at[i].page);
	}
	if (ret && ret != -EAGAIN)
		report_fault(regs, number, op,
			     ret == -EACCES ? X86_PF_PROT : 0);
	return ret;
}

/* EREPORT and EMODPE return nothing. */
static bool returns(u32 number)
{
	return number != SGXE_EREPORT && number != SGXE_EMODPE;
}

static void on_operands(struct pt_regs *regs, u32 tcs, u32 number,
			struct sgxe_operands *op)
{
	struct sgxe_gpr *gpr;
	int ret;

	if (translate(regs, number, op) || sgxe_frame(tcs, regs->bx, &gpr))
		return;
	op->secs = sgxe_epcm[tcs].secs;
	ret = leaf(number, op);
	if (!(ret & SGX_ENCLS_FAULT_FLAG)) {
		if (returns(number)) {
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
		report_fault(regs, number, op, X86_PF_PROT | X86_PF_SGX);
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
	struct sgxe_operands op = {};
	struct sgxe_gpr *gpr;
	bool inside;
	u32 number;
	u64 ip;
	int ret;

	if (sgxe_frame(tcs, regs->bx, &gpr))
		return true;
	ip = gpr->ip;
	number = gpr->ax;
	op.at[SGXE_RBX].addr = gpr->bx;
	op.at[SGXE_RCX].addr = gpr->cx;
	op.at[SGXE_RDX].addr = gpr->dx;
	op.secs = sgxe_epcm[tcs].secs;
	inside = inside_range(&op, number);
	sgxe_frame_release();

	ret = fetch(ip);
	if (ret <= 0)
		return ret < 0;
	switch (number) {
	case EEXIT:
		leave(regs, tcs);
		break;
	case SGXE_EREPORT:
	case SGXE_EGETKEY:
	case SGXE_EACCEPT:
	case SGXE_EMODPE:
	case SGXE_EACCEPTCOPY:
		if (inside) {
			on_operands(regs, tcs, number, &op);
			break;
		}
		fallthrough;
	default:
		sgxe_report(regs, X86_TRAP_GP, 0, 0);
	}
	return true;
}

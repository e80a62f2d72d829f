// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: into an enclave and out of it. SDM chapter 41: EENTER, ERESUME,
 * EEXIT; 40.4: asynchronous exit.
 *
 * Owns: which processor is inside, and with which TCS. That never outlives an
 * entry into the kernel, as on a real processor: every one is an exit.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/ptrace.h>
#include <linux/sched/task_stack.h>
#include <asm/enclu.h>
#include <asm/processor-flags.h>
#include <asm/vdso.h>

#include "emulator.h"

/* The TCS that runs on this processor, its index + 1; 0: none. */
static DEFINE_PER_CPU(u32, sgxe_running);

static struct sgxe_gpr *gpr_of(u32 last)
{
	BUILD_BUG_ON(sizeof(struct sgxe_gpr) != SGX_SSA_GPRS_SIZE);
	return sgxe_mem(last) + PAGE_SIZE - sizeof(struct sgxe_gpr);
}

/**
 * sgxe_look() - may a TCS be entered?
 * @en: TCS and exit pointer; out: addresses of the SSA frame's ends
 * @pages_known: the frame's pages are known, and must be what they were
 *
 * Context: lock held.
 *
 * Return: 0, a fault, or -EAGAIN: a page is not what it was.
 */
int sgxe_look(struct sgxe_entry *en, bool pages_known)
{
	const struct sgxe_page *e = &sgxe_epcm[en->tcs];
	const struct sgx_tcs *tcs = sgxe_mem(en->tcs);
	const struct sgx_secs *secs;
	u64 size;
	u32 frame;

	if (!sgxe_owned(en->tcs, e->secs, en->tcs_addr, SGX_PAGE_TYPE_TCS))
		return SGXE_PF;
	secs = sgxe_mem(e->secs);
	if (!(secs->attributes & SGX_ATTR_INIT) || sgxe_tcs(en->tcs)->active ||
	    !sgxe_tcs_valid(tcs, secs) || en->aep >= TASK_SIZE_MAX)
		return SGXE_GP;
	if (en->resume ? !tcs->ssa_index : tcs->ssa_index >= tcs->nr_ssa_frames)
		return SGXE_GP;
	frame = tcs->ssa_index - en->resume;
	size = secs->ssa_frame_size * PAGE_SIZE;
	if (tcs->ssa_offset + (frame + 1) * size > secs->size)
		return SGXE_GP;
	en->frame_addr = secs->base + tcs->ssa_offset + frame * size;
	en->last_addr = en->frame_addr + size - PAGE_SIZE;
	if (!pages_known)
		return 0;
	if (!sgxe_owned(en->frame, e->secs, en->frame_addr,
			SGX_PAGE_TYPE_REG) ||
	    !sgxe_owned(en->last, e->secs, en->last_addr, SGX_PAGE_TYPE_REG))
		return -EAGAIN;
	if (~(sgxe_epcm[en->frame].perm & sgxe_epcm[en->last].perm) &
	    (SGX_SECINFO_R | SGX_SECINFO_W))
		return SGXE_PF;
	return 0;
}

static void begin(struct pt_regs *regs, const struct sgxe_entry *en)
{
	struct sgx_tcs *tcs = sgxe_mem(en->tcs);
	struct sgxe_tcs *t = sgxe_tcs(en->tcs);
	struct sgxe_secs *s = sgxe_secs(sgxe_epcm[en->tcs].secs);
	struct sgxe_gpr *gpr = gpr_of(en->last);

	t->active = 1;
	t->epoch = s->epoch;
	s->inside++;
	t->aep = en->aep;
	t->frame = en->frame;
	t->last = en->last;
	t->frame_addr = en->frame_addr;
	t->last_addr = en->last_addr;
	gpr->ursp = regs->sp;
	gpr->urbp = regs->bp;
	t->tf = regs->flags & X86_EFLAGS_TF;
	if (!(tcs->flags & SGX_TCS_DBGOPTIN))
		regs->flags &= ~X86_EFLAGS_TF;
	sgxe_get_bases(&t->fsbase, &t->gsbase);
}

static bool resume(struct pt_regs *regs, const struct sgxe_entry *en)
{
	const struct sgx_secs *secs = sgxe_mem(sgxe_epcm[en->tcs].secs);
	struct sgx_tcs *tcs = sgxe_mem(en->tcs);
	struct sgxe_gpr *gpr = gpr_of(en->last);

	if (gpr->ip >= TASK_SIZE_MAX || gpr->fsbase >= TASK_SIZE_MAX ||
	    gpr->gsbase >= TASK_SIZE_MAX ||
	    !sgxe_load_fpu(sgxe_mem(en->frame), secs->xfrm))
		return false;
	begin(regs, en);
	tcs->ssa_index--;
	sgxe_regs_load(regs, gpr);
	sgxe_set_bases(gpr->fsbase, gpr->gsbase);
	return true;
}

static void enter(struct pt_regs *regs, const struct sgxe_entry *en)
{
	const struct sgx_secs *secs = sgxe_mem(sgxe_epcm[en->tcs].secs);
	struct sgx_tcs *tcs = sgxe_mem(en->tcs);

	begin(regs, en);
	regs->cx = regs->ip + 3;
	regs->ax = tcs->ssa_index;
	regs->ip = secs->base + tcs->entry_offset;
	sgxe_set_bases(secs->base + tcs->fs_offset,
		       secs->base + tcs->gs_offset);
}

/**
 * sgxe_commit() - enter
 * @regs: registers at the instruction; after that, those of the enclave
 * @en: what sgxe_look() found, with its pages
 *
 * Context: interrupts off, until user mode.
 *
 * Return: 0, a fault, or -EAGAIN: look again.
 */
int sgxe_commit(struct pt_regs *regs, struct sgxe_entry *en)
{
	int ret;

	raw_spin_lock(&sgxe_lock);
	ret = sgxe_look(en, true);
	if (!ret && en->resume)
		ret = resume(regs, en) ? 0 : SGXE_GP;
	else if (!ret)
		enter(regs, en);
	raw_spin_unlock(&sgxe_lock);
	if (!ret)
		this_cpu_write(sgxe_running, en->tcs + 1);
	return ret;
}

/* A thread is no longer inside: the epoch it entered in has one less. */
static void ended(u32 index)
{
	struct sgxe_tcs *t = sgxe_tcs(index);
	struct sgxe_secs *s = sgxe_secs(sgxe_epcm[index].secs);

	t->active = 0;
	if (t->epoch == s->epoch)
		s->inside--;
	else
		s->before--;
}

/**
 * sgxe_aex() - asynchronous exit of the thread that runs on this processor
 * @regs: its registers; after that, the synthetic ones
 *
 * Return: the TCS, or SGXE_NONE if the processor was not inside.
 */
u32 sgxe_aex(struct pt_regs *regs)
{
	u32 index = this_cpu_read(sgxe_running) - 1;
	const struct sgx_secs *secs;
	struct sgxe_gpr *gpr;
	struct sgx_tcs *tcs;
	struct sgxe_tcs *t;

	if (index == SGXE_NONE)
		return SGXE_NONE;
	this_cpu_write(sgxe_running, 0);
	raw_spin_lock(&sgxe_lock);
	secs = sgxe_mem(sgxe_epcm[index].secs);
	tcs = sgxe_mem(index);
	t = sgxe_tcs(index);
	gpr = gpr_of(t->last);
	sgxe_save_fpu(sgxe_mem(t->frame), secs->xfrm);
	sgxe_regs_save(gpr, regs);
	sgxe_get_bases(&gpr->fsbase, &gpr->gsbase);
	gpr->exitinfo = 0;
	tcs->ssa_index++;
	ended(index);

	sgxe_regs_clear(regs);
	regs->sp = gpr->ursp;
	regs->bp = gpr->urbp;
	regs->ax = ERESUME;
	regs->bx = sgxe_epcm[index].addr;
	regs->cx = t->aep;
	regs->ip = t->aep;
	regs->flags = (regs->flags & ~X86_EFLAGS_TF) | t->tf;
	sgxe_init_fpu(secs->xfrm);
	sgxe_set_bases(t->fsbase, t->gsbase);
	raw_spin_unlock(&sgxe_lock);
	return index;
}

/**
 * sgxe_frame() - the registers of a thread that was left asynchronously
 * @tcs: its TCS
 * @tcs_addr: where that was
 * @gpr: out: in the SSA frame; until sgxe_frame_release()
 *
 * Return: 0 with the lock held, or -EAGAIN: the pages moved; ERESUME brings
 * them back.
 */
int sgxe_frame(u32 tcs, u64 tcs_addr, struct sgxe_gpr **gpr)
{
	const struct sgxe_page *e = &sgxe_epcm[tcs];
	const struct sgxe_tcs *t = sgxe_tcs(tcs);

	raw_spin_lock(&sgxe_lock);
	if (sgxe_owned(tcs, e->secs, tcs_addr, SGX_PAGE_TYPE_TCS) &&
	    !t->active &&
	    sgxe_owned(t->frame, e->secs, t->frame_addr, SGX_PAGE_TYPE_REG) &&
	    sgxe_owned(t->last, e->secs, t->last_addr, SGX_PAGE_TYPE_REG)) {
		*gpr = gpr_of(t->last);
		return 0;
	}
	raw_spin_unlock(&sgxe_lock);
	return -EAGAIN;
}

/** sgxe_frame_release() - the end of sgxe_frame() */
void sgxe_frame_release(void)
{
	raw_spin_unlock(&sgxe_lock);
}

/**
 * sgxe_eexit() - the instruction that was exited asynchronously was EEXIT
 * @regs: the synthetic registers; after that, those of the exit
 * @gpr: the thread's
 * @tcs: its TCS, lock held
 *
 * Context: interrupts off.
 *
 * Return: false if the target is not an address.
 */
bool sgxe_eexit(struct pt_regs *regs, struct sgxe_gpr *gpr, u32 tcs)
{
	const struct sgx_secs *secs = sgxe_mem(sgxe_epcm[tcs].secs);
	struct sgxe_tcs *t = sgxe_tcs(tcs);

	if (gpr->bx >= TASK_SIZE_MAX ||
	    !sgxe_load_fpu(sgxe_mem(t->frame), secs->xfrm))
		return false;
	((struct sgx_tcs *)sgxe_mem(tcs))->ssa_index--;
	sgxe_regs_load(regs, gpr);
	regs->ip = gpr->bx;
	regs->cx = t->aep;
	return true;
}

/**
 * __sgx_emulator_from_user() - the kernel was entered from user mode
 * @regs: user mode's registers
 *
 * Context: interrupts off.
 */
void __sgx_emulator_from_user(struct pt_regs *regs)
{
	sgxe_set_exited(sgxe_aex(regs));
}

/**
 * __sgx_emulator_work() - there is work to do before the return to user mode
 * @regs: the registers to return to
 *
 * Context: interrupts off. An enclave that was just entered is left again: work
 * such as a signal must find the registers of an exit.
 */
void __sgx_emulator_work(struct pt_regs *regs)
{
	sgxe_aex(regs);
}

/**
 * __sgx_emulator_exception() - an exception is reported to the process
 * @trapnr: its vector
 * @code: error code
 * @address: of a page fault
 *
 * If it happened in an enclave, that learns of it by EXITINFO, SDM 38.9.1.1.
 */
void __sgx_emulator_exception(int trapnr, unsigned long code,
			      unsigned long address)
{
	/* DE, DB, BP, BR, UD, MF, AC, XM; PF and GP if the enclave wants. */
	const u32 reported = BIT(0) | BIT(1) | BIT(3) | BIT(5) | BIT(6) |
			     BIT(16) | BIT(17) | BIT(19);
	const u32 extended = BIT(13) | BIT(14);
	u32 tcs = sgxe_exited();
	const struct sgx_secs *secs;
	struct sgxe_gpr *gpr;
	u32 *exinfo;

	if (tcs == SGXE_NONE ||
	    sgxe_frame(tcs, current_pt_regs()->bx, &gpr))
		return;
	secs = sgxe_mem(sgxe_epcm[tcs].secs);
	if (BIT(trapnr) & extended && secs->miscselect & SGX_MISC_EXINFO) {
		exinfo = (u32 *)((void *)gpr - SGXE_EXINFO_SIZE);
		*(u64 *)exinfo = address;
		exinfo[2] = code;
		exinfo[3] = 0;
	}
	if (BIT(trapnr) & reported ||
	    (BIT(trapnr) & extended && secs->miscselect & SGX_MISC_EXINFO))
		gpr->exitinfo = SGXE_EXITINFO_VALID | trapnr |
				(trapnr == 3 ? 6 : 3) << 8;
	sgxe_frame_release();
}

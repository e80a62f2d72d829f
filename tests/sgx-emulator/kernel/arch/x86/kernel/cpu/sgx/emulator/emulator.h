/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The software SGX, inside: the EPCM and what the leaves share.
 *
 * Owns: the structures. "SDM" is Intel's Software Developer's Manual, volume 3D;
 * of which edition, says the README.
 * What the processor keeps in a SECS or TCS out of software's sight is kept in
 * reserved bytes of that page, so that it travels with the page to memory and
 * back.
 */
#ifndef _SGX_EMULATOR_H
#define _SGX_EMULATOR_H

#include <crypto/sha2.h>
#include <linux/sgx_emulator.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <asm/sgx.h>

#include "../sgx.h"

/* Error codes that the driver has no name for, SDM table 41-3. */
enum sgxe_error {
	SGXE_INVALID_SIG_STRUCT = 1,
	SGXE_INVALID_ATTRIBUTE = 2,
	SGXE_BLKSTATE = 3,
	SGXE_INVALID_MEASUREMENT = 4,
	SGXE_NOTBLOCKABLE = 5,
	SGXE_PG_INVLD = 6,
	SGXE_INVALID_SIGNATURE = 8,
	SGXE_MAC_COMPARE_FAIL = 9,
	SGXE_PAGE_NOT_BLOCKED = 10,
	SGXE_VA_SLOT_OCCUPIED = 12,
	SGXE_ENCLAVE_ACT = 14,
	SGXE_PREV_TRK_INCMPL = 17,
	SGXE_PG_IS_SECS = 18,
	SGXE_PAGE_ATTRIBUTES_MISMATCH = 19,
	SGXE_PAGE_NOT_DEBUGGABLE = 21,
	SGXE_INVALID_CPUSVN = 32,
	SGXE_INVALID_ISVSVN = 64,
	SGXE_INVALID_KEYNAME = 256,
};

/* SECINFO.FLAGS bits of the page's state, SDM 38.11. */
#define SGXE_PENDING BIT(3)
#define SGXE_MODIFIED BIT(4)
#define SGXE_PR BIT(5)
#define SGXE_FLAGS_VALID                                      \
	(SGX_SECINFO_PERMISSION_MASK | SGXE_PENDING |         \
	 SGXE_MODIFIED | SGXE_PR | SGX_SECINFO_PAGE_TYPE_MASK)

/* What a leaf returns: an error code, 0, or one of these. */
#define SGXE_GP (SGX_ENCLS_FAULT_FLAG | 13)
#define SGXE_PF (SGX_ENCLS_FAULT_FLAG | 14)

/* An entry of the EPCM, SDM 38.19. Protected by sgxe_lock. */
struct sgxe_page {
	u64 addr;	/* linear address it belongs at; 0: SECS, VA */
	u64 epoch;	/* of its SECS when it was blocked or changed */
	u32 secs;	/* index of its SECS */
	u8 type;	/* enum sgx_page_type */
	u8 perm;	/* SGX_SECINFO_R, W, X */
	bool valid;
	bool blocked;
	bool pending;
	bool modified;
	bool restricted; /* EPCM.PR */
};

/* Changed pages that an entering thread looks at one by one; more: all pages. */
#define SGXE_CHANGES 64

/* Epochs: an enclave's first; one whose threads are gone. */
#define SGXE_FIRST_EPOCH 2
#define SGXE_LONG_AGO 0

/* Hidden state of a SECS, at half of its page. */
struct sgxe_secs {
	u64 eid;
	u64 epoch;	/* counts ETRACK */
	u32 inside;	/* threads that entered in this epoch and are inside */
	u32 before;	/* ... that entered before the last ETRACK */
	u32 children;
	u64 version;	/* counts changes of any page's accessibility */
	u64 changes;	/* counts changes that took accessibility away */
	u32 changed[SGXE_CHANGES];	/* pages, the last ones */
	struct sha256_state sha;
};

/* Hidden state of a TCS, in the reserved part of its page. */
struct sgxe_tcs {
	u64 active;
	u64 epoch;	/* of the SECS when it was entered */
	u64 aep;
	u64 fsbase;	/* outside */
	u64 gsbase;
	u64 tf;
	u32 frame;	/* EPC page with the start of the current SSA frame */
	u32 last;	/* EPC page with its end */
	u64 frame_addr;
	u64 last_addr;
	u64 mm;		/* context whose entries agree with ... */
	u64 changes;	/* ... so many changes */
	u64 removed;	/* entry removed last as lagging behind: address, */
	u64 removed_version; /* and version */
};
#define SGXE_TCS_OFFSET 128

/* The end of an SSA frame, SDM 38.9.1. */
struct sgxe_gpr {
	u64 ax, cx, dx, bx, sp, bp, si, di;
	u64 r8, r9, r10, r11, r12, r13, r14, r15;
	u64 flags, ip, ursp, urbp;
	u32 exitinfo;
	u32 reserved;
	u64 fsbase, gsbase;
} __packed;
#define SGXE_EXINFO_SIZE 16
#define SGXE_EXITINFO_VALID BIT(31)

/* An operand of a leaf inside: its address, and the EPC page that was there. */
struct sgxe_operand {
	u64 addr;
	u32 page;
};

/* Registers that operands are in. */
enum { SGXE_RBX, SGXE_RCX, SGXE_RDX, SGXE_OPERANDS };

/* What a leaf inside works on; that addresses were translated says little. */
struct sgxe_operands {
	u32 secs;	/* the enclave's; all operands are in its range */
	int fault;	/* the operand that a fault is about */
	struct sgxe_operand at[SGXE_OPERANDS];
};

/* State components that an enclave may use: x87, SSE, AVX. */
#define SGXE_XFRM 7ULL
#define SGXE_SSA_PAGES 16

extern struct sgxe_page *sgxe_epcm;
extern raw_spinlock_t sgxe_lock;
extern unsigned long sgxe_npages;
extern phys_addr_t sgxe_base;
extern u64 sgxe_lepubkeyhash[4];

/* setup.c */
u64 sgxe_xfrm(void);
u32 sgxe_xsave_size(u64 xfrm);

/* epcm.c */
u32 sgxe_index(const void *epc);
bool sgxe_of_pfn(unsigned long pfn, u32 *index);
void *sgxe_mem(u32 index);
struct sgxe_secs *sgxe_secs(u32 index);
struct sgxe_tcs *sgxe_tcs(u32 index);
u8 sgxe_allowed(u32 index, u64 addr);
bool sgxe_owned(u32 index, u32 secs, u64 addr, u8 type);
void sgxe_enter(u32 index, u8 type, u32 secs, u64 addr, u8 perm);
void sgxe_leave(u32 index);
void sgxe_changed(u32 index, bool less);
bool sgxe_tracked(u32 index);
bool sgxe_tcs_valid(const struct sgx_tcs *tcs, const struct sgx_secs *secs);
#define SGXE_NONE U32_MAX

/* build.c */
int sgxe_ecreate(struct sgx_pageinfo *pi, u32 index);
int sgxe_eadd(struct sgx_pageinfo *pi, u32 index);
int sgxe_eextend(u32 index, u32 offset);
int sgxe_eremove(u32 index);
int sgxe_eaug(struct sgx_pageinfo *pi, u32 index);

/* init.c, rsa.c */
int sgxe_einit(const struct sgx_sigstruct *sig, const u8 *token, u32 index);
bool sgxe_rsa_verify(const struct sgx_sigstruct *sig, const u8 *digest);

/* modify.c */
int sgxe_emodpr(const struct sgx_secinfo *si, u32 index);
int sgxe_emodt(const struct sgx_secinfo *si, u32 index);
int sgxe_edbgrd(u32 index, u32 offset, u64 *data);
int sgxe_edbgwr(u32 index, u32 offset, u64 data);

/* paging.c */
int sgxe_epa(u32 index);
int sgxe_eblock(u32 index);
int sgxe_etrack(u32 index);
int sgxe_ewb(struct sgx_pageinfo *pi, u32 index, u64 *slot);
int sgxe_eldu(struct sgx_pageinfo *pi, u32 index, u64 *slot, bool blocked);

/* entries.c */
int sgxe_translate(u64 addr, bool write, u32 *index);
void sgxe_sync(u32 tcs);

/* encls.c, enclu.c, inside.c */
void sgxe_encls(struct pt_regs *regs);
bool sgxe_enclu(struct pt_regs *regs);
bool sgxe_inside(struct pt_regs *regs, u32 tcs);
void sgxe_report(struct pt_regs *regs, int trapnr, unsigned long code,
		 unsigned long addr);

/* keys.c */
int sgxe_ereport(struct sgxe_operands *ops);
int sgxe_egetkey(struct sgxe_operands *ops);

/* enter.c */
struct sgxe_entry {
	u64 tcs_addr, aep;
	u64 frame_addr, last_addr;
	u32 tcs, frame, last;
	bool resume;
};
int sgxe_look(struct sgxe_entry *en, bool pages_known);
int sgxe_commit(struct pt_regs *regs, struct sgxe_entry *en);
u32 sgxe_aex(struct pt_regs *regs);
int sgxe_frame(u32 tcs, u64 tcs_addr, struct sgxe_gpr **gpr);
void sgxe_frame_release(void);
bool sgxe_eexit(struct pt_regs *regs, struct sgxe_gpr *gpr, u32 tcs);

/* state.c */
void sgxe_save_fpu(void *area, u64 xfrm);
bool sgxe_load_fpu(const void *area, u64 xfrm);
void sgxe_init_fpu(u64 xfrm);
void sgxe_set_bases(u64 fsbase, u64 gsbase);
void sgxe_get_bases(u64 *fsbase, u64 *gsbase);
void sgxe_regs_save(struct sgxe_gpr *gpr, const struct pt_regs *regs);
void sgxe_regs_load(struct pt_regs *regs, const struct sgxe_gpr *gpr);
void sgxe_regs_clear(struct pt_regs *regs);
u32 sgxe_exited(void);
void sgxe_set_exited(u32 tcs);

#endif /* _SGX_EMULATOR_H */

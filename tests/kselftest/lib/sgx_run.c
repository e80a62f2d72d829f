// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/sgx_enclave for tests: the code inside, and the way in.
 *
 * Owns: the page of code that does what a structure outside says, and the call
 * of the vDSO. Knows no ioctl.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <asm/sgx.h>

#include "sgx_sign.h"

enum { PEEK = 1, POKE, CALL, LEAF, COPY, LEAF_AT };

#define EENTER	2
#define ERESUME	3
#define EEXIT	4

/* SDM 38.9.1.1: RIP in the GPRs' area, which ends a frame of a page. */
#define SSA_RIP	(SGX_PAGE - 184 + 136)

/* What the code is told, at fixed offsets that the code below knows. */
struct told {
	uint64_t what;		/* 0 */
	uint64_t page;		/* 8: address it is about */
	uint64_t value;		/* 16: in: byte, or where to; out: result */
	uint64_t stack;		/* 24: in the enclave; below it a SECINFO */
	uint64_t flags;		/* 32: SECINFO; LEAF_AT: the first operand */
	uint64_t from;		/* 40: EACCEPTCOPY's source; the third operand */
	uint64_t leaf;		/* 48 */
};

/*
 * RDI: struct told. RCX: where to go back to. Changes what a function may change,
 * and RBX, which the vDSO keeps.
 */
asm(".pushsection .rodata\n"
    ".balign 4096\n"
    "sgx_code_page:\n"
    "	mov	%rcx, %r8\n"
    "	mov	%rsp, %r9\n"
    "	mov	%rdi, %r10\n"
    "	mov	24(%r10), %rsp\n"
    "	mov	8(%r10), %rcx\n"
    "	mov	0(%r10), %eax\n"
    "	cmp	$1, %eax\n"
    "	je	1f\n"
    "	cmp	$2, %eax\n"
    "	je	2f\n"
    "	cmp	$3, %eax\n"
    "	je	3f\n"
    "	cmp	$5, %eax\n"
    "	je	5f\n"
    "	mov	32(%r10), %rbx\n"
    "	cmp	$6, %eax\n"
    "	je	6f\n"
    "	lea	-128(%rsp), %rbx\n"
    "	xor	%eax, %eax\n"
    "	mov	%rax, 8(%rbx)\n"
    "	mov	%rax, 16(%rbx)\n"
    "	mov	%rax, 24(%rbx)\n"
    "	mov	%rax, 32(%rbx)\n"
    "	mov	%rax, 40(%rbx)\n"
    "	mov	%rax, 48(%rbx)\n"
    "	mov	%rax, 56(%rbx)\n"
    "	mov	32(%r10), %rax\n"
    "	mov	%rax, 0(%rbx)\n"
    "6:	mov	40(%r10), %rdx\n"
    "	mov	48(%r10), %eax\n"
    "	.byte	0x0f, 0x01, 0xd7\n"
    "	jmp	4f\n"
    "1:	movzbl	(%rcx), %eax\n"
    "	jmp	4f\n"
    "2:	mov	16(%r10), %al\n"
    "	mov	%al, (%rcx)\n"
    "	xor	%eax, %eax\n"
    "	jmp	4f\n"
    "5:	mov	%rcx, %rsi\n"
    "	mov	16(%r10), %rdi\n"
    "	mov	$4096, %ecx\n"
    "	cld\n"
    "	rep movsb\n"
    "	xor	%eax, %eax\n"
    "	jmp	4f\n"
    "3:	call	*%rcx\n"
    "4:\n"
    "sgx_code_leave:\n"
    "	mov	%rax, 16(%r10)\n"
    "	mov	%r9, %rsp\n"
    "	mov	%r8, %rbx\n"
    "	mov	$4, %eax\n"
    "	.byte	0x0f, 0x01, 0xd7\n"
    "	.balign	4096, 0xcc\n"
    ".popsection\n");
extern const uint8_t sgx_code_page[SGX_PAGE];
extern const uint8_t sgx_code_leave[];

/* TCS, SDM 38.8: the fields that are not 0. */
struct tcs {
	uint64_t state, flags, ssa_offset;
	uint32_t ssa_index, ssa_frames;
	uint64_t entry, aep, fs_offset, gs_offset;
	uint32_t fs_limit, gs_limit;
	uint8_t rest[4096 - 72];
} __attribute__((packed, aligned(4096)));

const void *sgx_code(void)
{
	return sgx_code_page;
}

void sgx_tcs(uint8_t page[SGX_PAGE], uint64_t ssa, uint32_t frames,
	     uint64_t entry)
{
	const struct tcs tcs = {
		.ssa_offset = ssa,
		.ssa_frames = frames,
		.entry = entry,
		.fs_limit = ~0u,
		.gs_limit = ~0u,
	};

	memcpy(page, &tcs, sizeof(tcs));
}

int sgx_add_tcs(struct sgx *s, uint64_t at, uint64_t ssa, uint32_t frames,
		uint64_t entry, uint64_t stack)
{
	static uint8_t page[SGX_PAGE] __attribute__((aligned(4096)));

	sgx_tcs(page, ssa, frames, entry);
	s->tcs_at = at;
	s->stack_at = stack;
	s->ssa_at = ssa;
	s->entry_at = entry;
	return sgx_add(s, page, at, SGX_PAGE, SGX_TCS, true, NULL);
}

int sgx_runnable(struct sgx *s, const void *code)
{
	static const uint8_t zeroes[(SGX_SSA_FRAMES + 1) * SGX_PAGE]
		__attribute__((aligned(4096)));
	int err = sgx_add_tcs(s, SGX_TCS_AT, SGX_SSA_AT, SGX_SSA_FRAMES,
			      SGX_CODE_AT, SGX_DATA_AT + SGX_PAGE);

	if (!err)
		err = sgx_add(s, zeroes, SGX_SSA_AT, sizeof(zeroes),
			      SGX_REG | SGX_R | SGX_W, true, NULL);
	if (!err)
		err = sgx_add(s, code, SGX_CODE_AT, SGX_PAGE,
			      SGX_REG | SGX_R | SGX_X, true, NULL);
	return err;
}

int sgx_map_runnable(const struct sgx *s)
{
	int err = sgx_map(s, SGX_TCS_AT, SGX_CODE_AT, PROT_READ | PROT_WRITE);

	return err ? err :
	       sgx_map(s, SGX_CODE_AT, SGX_PAGE, PROT_READ | PROT_EXEC);
}

static vdso_sgx_enter_enclave_t vdso_entry(void)
{
	static vdso_sgx_enter_enclave_t entry;
	void *vdso;

	if (!entry) {
		vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
		if (vdso)
			*(void **)&entry = dlsym(vdso,
						 "__vdso_sgx_enter_enclave");
	}
	return entry;
}

/*
 * Where the code goes on that a fault interrupted: to its end. The enclave is entered
 * again for that, a byte each time; it is aligned to its size, so that the lower three
 * bytes are enough.
 */
static int to_the_end(const struct sgx *s)
{
	const uint64_t entry = sgx_code_leave - sgx_code_page;
	struct sgx plain = *s;
	int err = 0;

	plain.unwinds = false;
	for (unsigned int i = 0; i < 3 && !err; i++)
		err = sgx_poke(&plain, s->ssa_at + SSA_RIP + i,
			       (uint8_t)((s->base + s->entry_at + entry) >> 8 * i),
			       NULL);
	return err;
}

/*
 * The stay that was interrupted ends where ENCLU is executed again: the registers
 * that it comes back with are those of the first time, the stack's address among
 * them. So there is one place to enter from.
 */
static int tell(const struct sgx *s, struct told *t, struct sgx_fault *f)
{
	struct sgx_enclave_run run = { .tcs = s->base + s->tcs_at };
	vdso_sgx_enter_enclave_t entry = vdso_entry();
	unsigned int leaf = EENTER;
	struct sgx_fault none;
	bool faulted = false;

	if (!f)
		f = &none;
	f->vector = -1;
	f->inside = false;
	t->stack = s->base + s->stack_at;
	if (!entry)
		return -ENOSYS;
	for (;;) {
		int failed = entry((uintptr_t)t, 0, 0, leaf, 0, 0, &run);

		/* An exit that the enclave did not ask for leaves none of these. */
		asm volatile("" ::: "rbx", "r12", "r13", "r14", "r15", "memory");
		if (failed)
			return -ENOSYS;
		if (run.function == EEXIT)
			return faulted ? -EFAULT : 0;
		if (faulted)
			return -EIO;
		f->vector = run.exception_vector;
		f->code = run.exception_error_code;
		f->address = run.exception_addr;
		f->inside = run.function == ERESUME;
		faulted = true;
		if (!s->unwinds || !f->inside || to_the_end(s))
			return -EFAULT;
		leaf = ERESUME;
	}
}

int sgx_peek(const struct sgx *s, uint64_t offset, uint8_t *value,
	     struct sgx_fault *f)
{
	struct told t = { .what = PEEK, .page = s->base + offset };
	int err = tell(s, &t, f);

	*value = t.value;
	return err;
}

int sgx_poke(const struct sgx *s, uint64_t offset, uint8_t value,
	     struct sgx_fault *f)
{
	struct told t = {
		.what = POKE, .page = s->base + offset, .value = value,
	};

	return tell(s, &t, f);
}

int sgx_copy(const struct sgx *s, uint64_t offset, uint8_t page[SGX_PAGE],
	     struct sgx_fault *f)
{
	struct told t = {
		.what = COPY, .page = s->base + offset,
		.value = (uintptr_t)page,
	};

	return tell(s, &t, f);
}

int sgx_copy_in(const struct sgx *s, uint64_t offset,
		const uint8_t page[SGX_PAGE], struct sgx_fault *f)
{
	struct told t = {
		.what = COPY, .page = (uintptr_t)page,
		.value = s->base + offset,
	};

	return tell(s, &t, f);
}

int sgx_call(const struct sgx *s, uint64_t offset, uint64_t *result,
	     struct sgx_fault *f)
{
	struct told t = { .what = CALL, .page = s->base + offset };
	int err = tell(s, &t, f);

	*result = t.value;
	return err;
}

int sgx_enclu(const struct sgx *s, unsigned int leaf, unsigned int flags,
	      uint64_t offset, uint64_t from, uint64_t *error,
	      struct sgx_fault *f)
{
	struct told t = {
		.what = LEAF, .leaf = leaf, .flags = flags,
		.page = s->base + offset, .from = s->base + from,
	};
	int err = tell(s, &t, f);

	*error = leaf == SGX_EMODPE ? 0 : t.value;
	return err;
}

int sgx_leaf(const struct sgx *s, unsigned int leaf, uint64_t rbx, uint64_t rcx,
	     uint64_t rdx, uint64_t *error, struct sgx_fault *f)
{
	struct told t = {
		.what = LEAF_AT, .leaf = leaf, .flags = s->base + rbx,
		.page = s->base + rcx, .from = s->base + rdx,
	};
	int err = tell(s, &t, f);

	*error = t.value;
	return err;
}

int sgx_augment(const struct sgx *s, uint64_t offset, unsigned int pages)
{
	uint64_t error;
	int err = 0;

	for (; pages && !err; pages--, offset += SGX_PAGE) {
		err = sgx_enclu(s, SGX_EACCEPT,
				SGX_REG | SGX_R | SGX_W | SGX_PENDING, offset,
				0, &error, NULL);
		if (!err && error)
			err = -EIO;
	}
	return err;
}

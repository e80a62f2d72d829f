// SPDX-License-Identifier: GPL-2.0-only
/*
 * The software SGX: how the driver comes to believe in it.
 *
 * Owns: the boot parameter sgx_emulator=SIZE, the memory taken for the EPC, the
 * processor's features, CPUID leaf 12h, the launch key's registers. Must not
 * know a leaf.
 */
#define pr_fmt(fmt) "sgx emulator: " fmt

#include <linux/cache.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/vmalloc.h>
#include <asm/cpufeature.h>
#include <asm/e820/api.h>
#include <asm/fpu/xcr.h>
#include <asm/fpu/xstate.h>
#include <asm/processor.h>

#include "emulator.h"

/* Below this the driver's reclaimer finds nothing to work with. */
#define SGXE_MIN_SIZE SZ_1M

DEFINE_STATIC_KEY_FALSE(sgx_emulator_on);

phys_addr_t sgxe_base __ro_after_init;
unsigned long sgxe_npages __ro_after_init;
struct sgxe_page *sgxe_epcm __ro_after_init;
/* Intel's default key is not the kernel's business: the driver sets them. */
u64 sgxe_lepubkeyhash[4];

/* Memory below 4 GiB that nobody reserved; 0: none. */
static u64 __init find_memory(u64 size)
{
	int i;

	for (i = e820_table->nr_entries - 1; i >= 0; i--) {
		const struct e820_entry *entry = &e820_table->entries[i];
		u64 end = min(entry->addr + entry->size, (u64)SZ_4G);
		u64 start;

		if (entry->type != E820_TYPE_RAM || end < size)
			continue;
		start = ALIGN_DOWN(end - size, PAGE_SIZE);
		for (; start >= max(entry->addr, (u64)SZ_16M); start -= SZ_1M)
			if (!memblock_is_region_reserved(start, size))
				return start;
	}
	return 0;
}

/* Leaf 7 of the machine itself: SGX is there already. */
static bool __init machine_has_sgx(void)
{
	u32 eax, ebx, ecx, edx;

	if (cpuid_eax(0) < 7)
		return false;
	cpuid_count(7, 0, &eax, &ebx, &ecx, &edx);
	return ebx & BIT(2);
}

static int __init sgxe_setup(char *arg)
{
	u64 size = arg ? PAGE_ALIGN_DOWN(memparse(arg, NULL)) : 0;

	if (size < SGXE_MIN_SIZE || machine_has_sgx() ||
	    !boot_cpu_has(X86_FEATURE_XSAVE)) {
		pr_err("not started: %s\n",
		       size < SGXE_MIN_SIZE ? "too small" :
		       machine_has_sgx()    ? "the machine has SGX" :
					      "the machine has no XSAVE");
		return 0;
	}
	sgxe_base = find_memory(size);
	if (!sgxe_base) {
		pr_err("not started: no memory\n");
		return 0;
	}
	/* Like a real EPC it is no RAM: no page structures, no direct map. */
	e820__range_update(sgxe_base, size, E820_TYPE_RAM, E820_TYPE_RESERVED);
	e820__update_table(e820_table);
	sgxe_npages = size >> PAGE_SHIFT;

	setup_force_cpu_cap(X86_FEATURE_SGX);
	setup_force_cpu_cap(X86_FEATURE_SGX_LC);
	setup_force_cpu_cap(X86_FEATURE_SGX1);
	setup_force_cpu_cap(X86_FEATURE_SGX2);
	/* For /dev/sgx_vepc, which else is not there. Nothing here runs guests. */
	setup_force_cpu_cap(X86_FEATURE_VMX);
	return 0;
}
early_param("sgx_emulator", sgxe_setup);

/* Before the driver's initcall; without the EPCM the driver finds no EPC. */
static int __init sgxe_start(void)
{
	if (!sgxe_npages)
		return 0;
	sgxe_epcm = vcalloc(sgxe_npages, sizeof(*sgxe_epcm));
	if (!sgxe_epcm)
		return -ENOMEM;
	add_taint(TAINT_TEST, LOCKDEP_STILL_OK);
	static_branch_enable(&sgx_emulator_on);
	pr_warn("SGX is emulated, without any protection; %lu pages\n",
		sgxe_npages);
	return 0;
}
subsys_initcall(sgxe_start);

/**
 * sgxe_xfrm() - state components that an enclave may ask for
 *
 * Return: bits of XCR0.
 */
u64 sgxe_xfrm(void)
{
	return xgetbv(XCR_XFEATURE_ENABLED_MASK) & SGXE_XFRM;
}

/**
 * sgxe_xsave_size() - the uncompacted size of an XSAVE area
 * @xfrm: components, among sgxe_xfrm()
 *
 * Return: bytes; SDM volume 1, 13.4.
 */
u32 sgxe_xsave_size(u64 xfrm)
{
	u32 size, offset, ecx, edx;

	if (!(xfrm & XFEATURE_MASK_YMM))
		return FXSAVE_SIZE + XSAVE_HDR_SIZE;
	cpuid_count(0xd, XFEATURE_YMM, &size, &offset, &ecx, &edx);
	return offset + size;
}

/**
 * __sgx_emulator_cpuid() - leaf 12h, SDM chapter 37
 * @subleaf: 0: capabilities, 1: attributes, 2: the only EPC section
 * @eax: as the instruction
 * @ebx: as the instruction
 * @ecx: as the instruction
 * @edx: as the instruction
 */
void __sgx_emulator_cpuid(u32 subleaf, u32 *eax, u32 *ebx, u32 *ecx, u32 *edx)
{
	u64 size = (u64)sgxe_npages << PAGE_SHIFT;

	*eax = *ebx = *ecx = *edx = 0;
	switch (subleaf) {
	case 0:
		*eax = BIT(0) | BIT(1); /* SGX1, SGX2 */
		*ebx = SGX_MISC_EXINFO;
		*edx = 36 << 8 | 31; /* log2 of the largest enclaves */
		break;
	case 1:
		*eax = SGX_ATTR_INIT | SGX_ATTR_DEBUG | SGX_ATTR_MODE64BIT |
		       SGX_ATTR_PROVISIONKEY | SGX_ATTR_EINITTOKENKEY;
		*ecx = sgxe_xfrm();
		break;
	case SGX_CPUID_EPC:
		*eax = lower_32_bits(sgxe_base) | SGX_CPUID_EPC_SECTION;
		*ebx = upper_32_bits(sgxe_base);
		*ecx = lower_32_bits(size) | SGX_CPUID_EPC_SECTION;
		*edx = upper_32_bits(size);
		break;
	}
}

/**
 * __sgx_emulator_lepubkeyhash() - IA32_SGXLEPUBKEYHASH0 to 3
 * @hash: what is written to them
 *
 * The registers exist once, not for each processor: EINIT follows at once with
 * preemption off, and takes the lock that it is written under.
 */
void __sgx_emulator_lepubkeyhash(const u64 *hash)
{
	raw_spin_lock(&sgxe_lock);
	memcpy(sgxe_lepubkeyhash, hash, sizeof(sgxe_lepubkeyhash));
	raw_spin_unlock(&sgxe_lock);
}

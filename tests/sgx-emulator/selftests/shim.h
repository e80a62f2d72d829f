/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Included ahead of each of upstream's SGX selftests: CPUID leaf 12h as the
 * software SGX has it, because the instruction itself asks the processor.
 *
 * Owns: __cpuid_count(), for that leaf. Knows no test.
 */
#ifndef __ASSEMBLER__
#include <cpuid.h>

#define SHIM_SGX_LEAF 0x12

static inline unsigned int shim_sgx_register(unsigned int subleaf, char name)
{
	if (subleaf == 0 && name == 'a')
		return 3; /* SGX1, SGX2 */
	/* One section of the EPC; nobody asks where it is. */
	if (subleaf == 2 && name == 'a')
		return 1;
	if (subleaf == 2 && name == 'c')
		return SGX_EMULATOR_EPC | 1;
	return 0;
}

static inline void shim_cpuid_count(unsigned int leaf, unsigned int subleaf,
				    unsigned int *a, unsigned int *b,
				    unsigned int *c, unsigned int *d)
{
	if (leaf != SHIM_SGX_LEAF) {
		__cpuid_count(leaf, subleaf, *a, *b, *c, *d);
		return;
	}
	*a = shim_sgx_register(subleaf, 'a');
	*b = 0;
	*c = shim_sgx_register(subleaf, 'c');
	*d = 0;
}

#undef __cpuid_count
#define __cpuid_count(leaf, subleaf, a, b, c, d) \
	shim_cpuid_count(leaf, subleaf, &(a), &(b), &(c), &(d))
#endif

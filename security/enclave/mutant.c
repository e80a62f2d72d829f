// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot parameter that makes a test kernel forget one rule.
 *
 * Owns: its parsing and the taint. Knows no rule itself; see mutant.h.
 */
#define pr_fmt(fmt) "enclave: " fmt

#include <linux/bits.h>
#include <linux/enclave.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "mutant.h"

DEFINE_STATIC_KEY_FALSE_RO(enclave_mutant_key);
enum enclave_mutant_name enclave_mutant_chosen __ro_after_init;
u32 enclave_mutant_dropped __ro_after_init;

static const char *const mutant_names[ENCLAVE_MUTANT_COUNT] __initconst = {
	[ENCLAVE_MUTANT_NONE] = "none",
#define MUTANT_NAME(NAME, name, rule) [ENCLAVE_MUTANT_##NAME] = #name,
	ENCLAVE_MUTANTS(MUTANT_NAME)
#undef MUTANT_NAME
};

static int __init mutant_setup(char *name)
{
	size_t skip = str_has_prefix(name, "drop:");
	bool all = skip && !strcmp(name + skip, "all");
	int i;

	if (all)
		i = 0;
	else if (skip)
		i = match_string(enclave_permission_names, ENCLAVE_PERM_COUNT,
				 name + skip);
	else
		i = match_string(mutant_names, ENCLAVE_MUTANT_COUNT, name);

	if (i < 0)
		panic("ewx_mutant=%s: no such rule or permission\n", name);
	if (all)
		enclave_mutant_dropped = GENMASK(ENCLAVE_PERM_COUNT - 1, 0);
	else if (skip)
		enclave_mutant_dropped = 1U << i;
	else
		enclave_mutant_chosen = i;
	static_branch_enable(&enclave_mutant_key);
	pr_warn("ewx_mutant=%s: a rule is switched off for a test\n", name);
	return 1;
}
__setup("ewx_mutant=", mutant_setup);

static int __init mutant_taint(void)
{
	add_taint(TAINT_TEST, LOCKDEP_STILL_OK);
	return 0;
}
early_initcall(mutant_taint);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy that is built into the kernel: in force before the first program runs.
 *
 * Owns: whether it is loaded, and that a kernel whose own policy does not load denies
 * what needs a permission until another one is loaded. Must not know how a policy is
 * loaded.
 */
#define pr_fmt(fmt) "ewx: " fmt

#include <linux/init.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "audit.h"
#include "counters.h"
#include "fs.h"
#include "setup.h"

extern const u8 ewx_builtin_start[], ewx_builtin_end[];

static bool skip __initdata;

static int __init set_builtin(char *word)
{
	skip = !strcmp(word, "skip");
	if (!skip && strcmp(word, "load"))
		pr_warn("ewx.builtin=%s is neither load nor skip: load\n",
			word);
	return 1;
}
__setup("ewx.builtin=", set_builtin);

static int __init load(struct ewx_load_result *r)
{
	const size_t size = ewx_builtin_end - ewx_builtin_start;
	void *blob = kvmemdup(ewx_builtin_start, size, GFP_KERNEL);
	int err;

	if (!blob)
		return -ENOMEM;
	err = ewx_policy_load_builtin(blob, size, ewx_fs_publish, r);
	ewx_audit_load(r, size, err);
	return err;
}

void __init ewx_load_builtin(void)
{
	struct ewx_load_result *r;
	int err = -ENOMEM;

	if (skip) {
		pr_notice(
			"the policy built into this kernel is left out: ewx.builtin=skip\n");
		return;
	}
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (r)
		err = load(r);
	if (err) {
		ewx_count(LOADS_FAILED);
		ewx_before_policy_deny = true;
		pr_err("the policy built into this kernel does not load: error %d; denying until one is loaded\n",
		       err);
	} else {
		ewx_count(LOADS);
		pr_info("policy %s version %llu, built into this kernel\n",
			r->name, r->version);
	}
	kfree(r);
}

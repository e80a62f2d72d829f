// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registration of EWX (setup.h).
 *
 * Owns: the module's identity, its blobs, its boot parameters and the mode.
 * Must not know of policies, processes or enclaves.
 */
#define pr_fmt(fmt) "ewx: " fmt

#include <linux/atomic.h>
#include <linux/cache.h>
#include <linux/init.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "cred.h"
#include "enclave.h"
#include "object.h"
#include "setup.h"
#include "verity.h"

/*
 * A number far from those that linux/lsm.h assigns in sequence: EWX is not
 * part of that list.
 */
#define EWX_LSM_ID	0x45575800ULL

const struct lsm_id ewx_lsmid = {
	.name = "ewx",
	.id = EWX_LSM_ID,
};

struct lsm_blob_sizes ewx_blobs __ro_after_init = {
	.lbs_cred = sizeof(struct ewx_cred),
	.lbs_file = sizeof(struct ewx_file),
	.lbs_inode = sizeof(struct ewx_inode),
	.lbs_bdev = sizeof(struct ewx_bdev),
	.lbs_enclave = sizeof(struct ewx_enclave),
};

bool ewx_ready __ro_after_init;
bool ewx_before_policy_deny __ro_after_init;

static int ewx_enabled __ro_after_init = 1;
static atomic_t enforcing = ATOMIC_INIT(1);

bool ewx_enforcing(void)
{
	return atomic_read(&enforcing);
}

bool ewx_set_enforcing(bool on)
{
	return atomic_xchg(&enforcing, on);
}

/* Of several the last one counts, here and below. */
static int __init set_mode(char *word)
{
	const bool off = !strcmp(word, "off");
	const bool permissive = !strcmp(word, "permissive");

	if (!off && !permissive && strcmp(word, "enforce"))
		pr_warn("ewx=%s is none of off, permissive, enforce: enforcing\n",
			word);
	ewx_enabled = !off;
	atomic_set(&enforcing, !permissive);
	return 1;
}
__setup("ewx=", set_mode);

static int __init set_before_policy(char *word)
{
	ewx_before_policy_deny = !strcmp(word, "deny");
	if (!ewx_before_policy_deny && strcmp(word, "allow"))
		pr_warn("ewx.before_policy=%s is neither allow nor deny: allow\n",
			word);
	return 1;
}
__setup("ewx.before_policy=", set_before_policy);

static int __init ewx_init(void)
{
	ewx_add_subject_hooks();
	ewx_add_guard_hooks();
	ewx_add_verity_hooks();
	ewx_add_enclave_hooks();
	ewx_ready = true;
	pr_info("%s, no policy yet: %s\n",
		ewx_enforcing() ? "enforcing" : "permissive",
		ewx_before_policy_deny ? "denying" : "allowing");
	return 0;
}

DEFINE_LSM(ewx) = {
	.name = "ewx",
	.enabled = &ewx_enabled,
	.init = ewx_init,
	.blobs = &ewx_blobs,
};

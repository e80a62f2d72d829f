// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may no longer be changed, until reboot (seal.h).
 */
#define pr_fmt(fmt) "ewx: " fmt

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kconfig.h>
#include <linux/lockdep.h>
#include <linux/printk.h>
#include <linux/security.h>
#include <linux/string.h>

#include "../enclave/mutant.h"
#include "policy.h"
#include "seal.h"
#include "setup.h"

/* Held while a policy, the enforcement or the seal changes. */
DEFINE_MUTEX(ewx_control_lock);

static enum ewx_seal seal; /* changed under ewx_control_lock */
static bool signature_required __ro_after_init =
	IS_ENABLED(CONFIG_SECURITY_EWX_REQUIRE_SIGNATURE);

static int __init set_signature(char *word)
{
	if (!strcmp(word, "required"))
		signature_required = true;
	else if (strcmp(word, "optional"))
		pr_warn("ewx.signature=%s is neither required nor optional: ignored\n",
			word);
	return 1;
}
__setup("ewx.signature=", set_signature);

enum ewx_seal ewx_seal(void)
{
	return READ_ONCE(seal);
}

const char *ewx_seal_name(enum ewx_seal which)
{
	static const char *const names[] = {
#define EWX_SEAL_NAME(NAME, name, what) #name,
		EWX_SEALS(EWX_SEAL_NAME)
#undef EWX_SEAL_NAME
	};

	static_assert(ARRAY_SIZE(names) == EWX_SEAL_COUNT);
	return names[which];
}

bool ewx_signature_required(bool lockdown)
{
	if (signature_required || ewx_seal() != EWX_SEAL_NONE)
		return true;
	/* Any level: the reason that stands for integrity as a whole. */
	if (!lockdown || !security_locked_down(LOCKDOWN_INTEGRITY_MAX))
		return false;
	pr_notice_ratelimited(
		"the kernel is locked down: only signed, newer policies are loaded\n");
	return true;
}

static int raise_locked(enum ewx_seal next)
{
	lockdep_assert_held(&ewx_control_lock);
	if (next == seal)
		return 0;
	if (next < seal && !enclave_mutant(SEAL))
		return -EPERM;
	/* Not to be got out of: what is sealed has to be a state to be in. */
	if (!ewx_policy_generation())
		return -ENODATA;
	if (!ewx_enforcing())
		return -EBUSY;
	WRITE_ONCE(seal, next);
	return 0;
}

int ewx_seal_raise(const char *word, enum ewx_seal *before, enum ewx_seal *now)
{
	enum ewx_seal next = 0;
	int err = -EINVAL;

	while (next < EWX_SEAL_COUNT && strcmp(word, ewx_seal_name(next)))
		next++;
	mutex_lock(&ewx_control_lock);
	*before = seal;
	if (next < EWX_SEAL_COUNT)
		err = raise_locked(next);
	*now = seal;
	mutex_unlock(&ewx_control_lock);
	return err;
}

int ewx_change_mode(bool on, bool *before)
{
	int err = 0;

	mutex_lock(&ewx_control_lock);
	if (!on && seal != EWX_SEAL_NONE && !enclave_mutant(SEAL))
		err = -EPERM;
	*before = err ? ewx_enforcing() : ewx_set_enforcing(on);
	mutex_unlock(&ewx_control_lock);
	return err;
}

#if IS_ENABLED(CONFIG_SECURITY_EWX_KUNIT_TEST)
void ewx_seal_reset(void)
{
	mutex_lock(&ewx_control_lock);
	WRITE_ONCE(seal, EWX_SEAL_NONE);
	mutex_unlock(&ewx_control_lock);
}
#endif

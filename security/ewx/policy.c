// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one active policy (policy.h).
 *
 * Owns: the active pointer. A load prepares everything; then one pointer swap makes
 * it the policy and cannot fail. Must not know of securityfs, processes or enclaves.
 */
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include <linux/prefetch.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../enclave/mutant.h"
#include "policy.h"
#include "seal.h"

static_assert(EWX_FEATURE_COUNT <= 32);

struct ewx_loaded __rcu *ewx_policy_active;	/* under ewx_control_lock */
static u64 last_generation;		/* likewise */

u64 ewx_policy_generation(void)
{
	const struct ewx_loaded *p;
	u64 generation;

	rcu_read_lock();
	p = rcu_dereference(ewx_policy_active);
	generation = p ? p->generation : 0;
	rcu_read_unlock();
	return generation;
}

u32 ewx_policy_rules(const struct ewx_loaded *p)
{
	return p->core.section[EWX_SECTION_RULES].count;
}

struct ewx_loaded *ewx_policy_get(void)
{
	struct ewx_loaded *p;

	rcu_read_lock();
	do {
		p = rcu_dereference(ewx_policy_active);
	} while (p && !refcount_inc_not_zero(&p->refs));
	rcu_read_unlock();
	return p;
}

static void destroy(struct ewx_loaded *p)
{
	kvfree(p->hits);
	kvfree(p->blob);
	kfree(p);
}

static void destroy_later(struct work_struct *work)
{
	destroy(container_of(to_rcu_work(work), struct ewx_loaded, free));
}

void ewx_policy_put(struct ewx_loaded *p)
{
	if (!p || !refcount_dec_and_test(&p->refs))
		return;
	INIT_RCU_WORK(&p->free, destroy_later);
	queue_rcu_work(system_unbound_wq, &p->free);
}

/* A counter of one rule in many is not in the processor's caches. */
void ewx_policy_will_hit(const struct ewx_loaded *p, u32 perms, const u32 *rule)
{
	const u32 rules = ewx_policy_rules(p);
	u32 left;

	for (left = perms & ENCLAVE_PERM_ALL; left; left &= left - 1) {
		u32 at = rule[__ffs(left)];

		if (at < rules)
			prefetchw(&p->hits[at]);
	}
}

void ewx_policy_hit(struct ewx_loaded *p, u32 perms, const u32 *rule,
		    unsigned long n)
{
	const u32 rules = ewx_policy_rules(p);
	u32 left;

	for (left = perms & ENCLAVE_PERM_ALL; left; left &= left - 1) {
		u32 at = rule[__ffs(left)];

		if (at < rules)
			atomic_long_add(n, &p->hits[at]);
	}
}

/* SHA-256 in pieces, so that a policy of the largest size does not stall. */
static void digest_blob(const u8 *blob, size_t size, u8 *digest)
{
	struct sha256_state state;

	sha256_init(&state);
	while (size) {
		size_t part = min_t(size_t, size, SZ_1M);

		sha256_update(&state, blob, part);
		blob += part;
		size -= part;
		cond_resched();
	}
	sha256_final(&state, digest);
}

static int fault_errno(const struct ewx_fault *fault)
{
	switch (fault->code) {
	case EWX_FAULT_FORMAT:
		return -EPROTONOSUPPORT;
	case EWX_FAULT_FEATURE:
		return -EOPNOTSUPP;
	default:
		return -EBADMSG;
	}
}

static int header_fault(struct ewx_load_result *r, u32 code, u32 offset,
			int err)
{
	r->fault.code = code;
	r->fault.section = EWX_SECTION_COUNT;
	r->fault.index = 0;
	r->fault.offset = offset;
	return err;
}

static void say_policy(struct ewx_load_result *r, const struct ewx_loaded *p)
{
	r->version = p->core.version;
	r->signature = p->signature;
	memcpy(r->digest, p->digest, sizeof(r->digest));
	strscpy(r->name, ewx_policy_name(&p->core));
}

/* The active policy's own bytes are no load, whoever signed them. */
static bool is_active(const struct ewx_loaded *p, struct ewx_load_result *r)
{
	struct ewx_loaded *now = ewx_policy_get();
	bool same;

	same = now && !memcmp(now->digest, p->digest, sizeof(p->digest));
	if (same) {
		say_policy(r, now);
		r->replaced = true;
		r->old_version = now->core.version;
		r->generation = now->generation;
	}
	ewx_policy_put(now);
	return same;
}

/* Tell policy and signature apart, and look at the latter. */
static int check_signature(struct ewx_loaded *p, size_t size,
			   struct ewx_load_result *r)
{
	u32 signed_size = ewx_policy_signed_size(p->blob, size);
	int err;

	if (!signed_size && size > EWX_POLICY_MAX_SIZE)
		return header_fault(r, EWX_FAULT_LONG, 0, -E2BIG);
	p->size = signed_size ?: size;
	r->signature = p->signature;
	if (p->signature == EWX_SIGNATURE_BUILTIN)
		return 0;
	err = ewx_signature_verify(p->blob, p->size,
				   (const u8 *)p->blob + p->size,
				   size - p->size, &p->signature);
	r->signature = p->signature;
	if (!err && p->signature == EWX_SIGNATURE_NONE &&
	    ewx_signature_required(true))
		err = -EKEYREJECTED;
	return err;
}

/*
 * Verify @p's blob and fill in all of @p that follows from it. Return: 1: these
 * are the active policy's bytes.
 */
static int read_blob(struct ewx_loaded *p, size_t size,
		     struct ewx_load_result *r)
{
	const u8 *blob = p->blob;
	int err;

	err = check_signature(p, size, r);
	if (err && err != -EKEYREJECTED)
		return err;
	digest_blob(blob, p->size, p->digest);
	if (is_active(p, r))
		return 1;
	if (err)
		return err;
	if (!ewx_policy_verify(blob, p->size, &p->core, &r->fault) &&
	    !enclave_mutant(VERIFY))
		return fault_errno(&r->fault);

	p->features = get_unaligned_le32(blob +
					 offsetof(struct ewx_header, features));
	if (p->features & ~(u32)EWX_FEATURES_SUPPORTED)
		return header_fault(r, EWX_FAULT_FEATURE,
				    offsetof(struct ewx_header, features),
				    -EOPNOTSUPP);
	say_policy(r, p);

	p->hits = kvcalloc(max(ewx_policy_rules(p), 1U), sizeof(*p->hits),
			   GFP_KERNEL);
	return p->hits ? 0 : -ENOMEM;
}

/* Section 4 rule 11. Return: 0 to load, 1 nothing to do, or an error. */
static int compare_versions(const struct ewx_loaded *next,
			    const struct ewx_loaded *old)
{
	bool same_name;

	if (!old)
		return 0;
	if (!memcmp(next->digest, old->digest, sizeof(next->digest)))
		return 1;
	same_name = !strcmp(ewx_policy_name(&next->core),
			    ewx_policy_name(&old->core));
	if (same_name && next->core.version == old->core.version)
		return -EEXIST;
	if (enclave_mutant(STALE))
		return 0;
	/* A release of another policy counts by its number, until sealed. */
	if (!same_name && ewx_seal() != EWX_SEAL_NONE)
		return -ESTALE;
	if (next->core.version <= old->core.version &&
	    ewx_signature_required(true))
		return -ESTALE;
	return 0;
}

/* What was asked before without the lock may have changed. */
static int may_load(const struct ewx_loaded *next)
{
	if (enclave_mutant(SEAL))
		return 0;
	if (ewx_seal() == EWX_SEAL_CLOSED)
		return -EPERM;
	if (next->signature == EWX_SIGNATURE_NONE &&
	    ewx_signature_required(true))
		return -EKEYREJECTED;
	return 0;
}

static void swap_in(struct ewx_loaded *next, struct ewx_loaded *old)
{
	next->generation = ++last_generation;
	rcu_assign_pointer(ewx_policy_active, next);
	ewx_policy_put(old);
}

static int load_locked(struct ewx_loaded *next,
		       int (*publish)(const struct ewx_loaded *next,
				      const struct ewx_loaded *old),
		       struct ewx_load_result *r)
{
	struct ewx_loaded *old;
	int err;

	lockdep_assert_held(&ewx_control_lock);
	old = rcu_dereference_protected(ewx_policy_active,
					lockdep_is_held(&ewx_control_lock));
	if (old) {
		r->replaced = true;
		r->old_version = old->core.version;
		r->generation = old->generation;
	}
	err = compare_versions(next, old) ?: may_load(next);
	if (err)
		return err;
	if (publish) {
		err = publish(next, old);
		if (err)
			return err;
	}
	if (enclave_mutant(SWAP) && old)
		return 0;
	swap_in(next, old);
	r->generation = next->generation;
	r->changed = true;
	return 0;
}

static int load_blob(void *blob, size_t size, enum ewx_signature known,
		     int (*publish)(const struct ewx_loaded *next,
				    const struct ewx_loaded *old),
		     struct ewx_load_result *r)
{
	struct ewx_loaded *next;
	int err;

	memset(r, 0, sizeof(*r));
	r->fault.section = EWX_SECTION_COUNT;
	r->generation = ewx_policy_generation();
	next = kzalloc(sizeof(*next), GFP_KERNEL);
	if (!next) {
		kvfree(blob);
		return -ENOMEM;
	}
	next->blob = blob;
	next->signature = known;
	refcount_set(&next->refs, 1);

	err = read_blob(next, size, r);
	if (!err) {
		mutex_lock(&ewx_control_lock);
		err = load_locked(next, publish, r);
		mutex_unlock(&ewx_control_lock);
	}
	if (!r->changed)
		destroy(next);
	return err > 0 ? 0 : err;
}

int ewx_policy_load(void *blob, size_t size,
		    int (*publish)(const struct ewx_loaded *next,
				   const struct ewx_loaded *old),
		    struct ewx_load_result *r)
{
	return load_blob(blob, size, EWX_SIGNATURE_NONE, publish, r);
}

int ewx_policy_load_builtin(void *blob, size_t size,
			    int (*publish)(const struct ewx_loaded *next,
					   const struct ewx_loaded *old),
			    struct ewx_load_result *r)
{
	return load_blob(blob, size, EWX_SIGNATURE_BUILTIN, publish, r);
}

#if IS_ENABLED(CONFIG_SECURITY_EWX_KUNIT_TEST)
void ewx_policy_reset(void)
{
	struct ewx_loaded *old;

	mutex_lock(&ewx_control_lock);
	old = rcu_replace_pointer(ewx_policy_active, NULL,
				  lockdep_is_held(&ewx_control_lock));
	mutex_unlock(&ewx_control_lock);
	ewx_policy_put(old);
}

void ewx_policy_use(struct ewx_loaded *p)
{
	struct ewx_loaded *old;

	mutex_lock(&ewx_control_lock);
	old = rcu_replace_pointer(ewx_policy_active, ewx_policy_ref(p),
				  lockdep_is_held(&ewx_control_lock));
	mutex_unlock(&ewx_control_lock);
	ewx_policy_put(old);
}

void ewx_policy_renew(void)
{
	rcu_dereference_raw(ewx_policy_active)->generation = ++last_generation;
}
#endif

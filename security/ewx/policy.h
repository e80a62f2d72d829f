/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one active policy: its life cycle.
 *
 * Owns: loading (verify, version rules, swap), references, counters per rule.
 * Knows nothing of securityfs, processes or enclaves.
 */
#ifndef _SECURITY_EWX_POLICY_H
#define _SECURITY_EWX_POLICY_H

#include <crypto/sha2.h>
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "core/engine.h"
#include "signature.h"

/* Features of ewx_policy.h that this kernel has. */
#define EWX_FEATURES_SUPPORTED					\
	((IS_ENABLED(CONFIG_CGROUPS) ? BIT(EWX_FEATURE_BIT_CGROUP) : 0) | \
	 BIT(EWX_FEATURE_BIT_UNTIL) | BIT(EWX_FEATURE_BIT_MAX) |	\
	 BIT(EWX_FEATURE_BIT_CONTEXT) | BIT(EWX_FEATURE_BIT_GUARDED) |	\
	 BIT(EWX_FEATURE_BIT_ROOT_ANY) |				\
	 (IS_ENABLED(CONFIG_FS_VERITY) ? BIT(EWX_FEATURE_BIT_FS_VERITY) : 0) | \
	 (IS_ENABLED(CONFIG_DM_VERITY) ? BIT(EWX_FEATURE_BIT_DM_VERITY) : 0) | \
	 BIT(EWX_FEATURE_BIT_MAPPED_EXEC) | BIT(EWX_FEATURE_BIT_LOG))

/**
 * struct ewx_loaded - a policy that has been loaded. Immutable but for @refs
 * and @hits.
 * @core: verified view of @blob
 * @generation: counts loads since boot; 1 is the first; never reused
 * @features: EWX_FEATURES of the header, as bits
 * @signature: who vouches for it
 * @digest: SHA-256 of @blob
 * @blob: the bytes, as loaded
 * @size: of @blob, bytes
 * @hits: per rule, how often it decided
 * @refs: readers outside RCU, and one of the store
 * @free: frees it after a grace period, in a context that may sleep
 */
struct ewx_loaded {
	struct ewx_policy core;
	u64 generation;
	u32 features;
	enum ewx_signature signature;
	u8 digest[SHA256_DIGEST_SIZE];
	void *blob;
	u32 size;
	atomic_long_t *hits;
	refcount_t refs;
	struct rcu_work free;
};

/** ewx_policy_has() - does the policy use a feature? */
#define ewx_policy_has(p, NAME) ((p)->features & BIT(EWX_FEATURE_BIT_##NAME))

/**
 * struct ewx_load_result - what became of a load.
 * @fault: where the blob is wrong (-EBADMSG, -EPROTONOSUPPORT, -EOPNOTSUPP)
 * @generation: of the policy that is active now; 0 for none
 * @version: of the new policy
 * @old_version: of the one that it replaced
 * @replaced: there was a policy before
 * @changed: the active policy is another one than before
 * @signature: of the new policy
 * @digest: of the blob; valid once it was verified
 * @name: of the new policy; "" if the blob is malformed
 */
struct ewx_load_result {
	struct ewx_fault fault;
	u64 generation;
	u64 version;
	u64 old_version;
	bool replaced;
	bool changed;
	enum ewx_signature signature;
	u8 digest[SHA256_DIGEST_SIZE];
	char name[EWX_NAME_LEN_MAX + 1];
};

/**
 * ewx_policy_load() - make a blob the active policy.
 * @blob: a policy, with or without a signature; bytes from kvmalloc(), consumed in
 *      every case
 * @size: bytes
 * @publish: called before the swap, when nothing else can fail, with the new
 *      policy and the old one (or NULL); an error refuses the load. May be NULL
 * @r: filled in every case
 *
 * The bytes of the active policy, with whatever signature, change nothing. A lower
 * version is accepted unless signatures are required; @r tells. No byte of a policy
 * is looked at before its signature was.
 *
 * Return: 0; -EBADMSG malformed (@r->fault); -EPROTONOSUPPORT format;
 * -EOPNOTSUPP feature; -EEXIST the same version with other bytes; -E2BIG;
 * -ENOMEM; -EKEYREJECTED the signature is missing or was refused; -ESTALE not newer,
 * where that is asked for; -EPERM sealed; or the error of @publish. After an error
 * the old policy is in force.
 */
int ewx_policy_load(void *blob, size_t size,
		    int (*publish)(const struct ewx_loaded *next,
				   const struct ewx_loaded *old),
		    struct ewx_load_result *r);

/**
 * ewx_policy_load_builtin() - likewise, of bytes that came with the kernel and need
 * no signature.
 * @blob: the policy
 * @size: bytes of it
 * @publish: shows it
 * @r: out: the result
 *
 * Return: 0 or negative.
 */
int ewx_policy_load_builtin(void *blob, size_t size,
			    int (*publish)(const struct ewx_loaded *next,
					   const struct ewx_loaded *old),
			    struct ewx_load_result *r);

/** ewx_policy_get() - a reference to the active policy, or NULL. */
struct ewx_loaded *ewx_policy_get(void);

extern struct ewx_loaded __rcu *ewx_policy_active;

/** ewx_policy_peek() - the active policy, or NULL; under rcu_read_lock(). */
static inline const struct ewx_loaded *ewx_policy_peek(void)
{
	return rcu_dereference(ewx_policy_active);
}

/** ewx_policy_ref() - another reference. */
static inline struct ewx_loaded *ewx_policy_ref(struct ewx_loaded *p)
{
	if (p)
		refcount_inc(&p->refs);
	return p;
}

/** ewx_policy_put() - does not sleep; NULL is fine. */
void ewx_policy_put(struct ewx_loaded *p);

/** ewx_policy_generation() - of the active policy; 0: there is none. */
u64 ewx_policy_generation(void);

/**
 * ewx_policy_reset() - as after boot, but for the generation. For tests, while
 * nobody else loads a policy.
 */
void ewx_policy_reset(void);

/**
 * ewx_policy_use() - make @p, which was loaded before, the active policy again;
 * ewx_policy_renew() - give the active policy another generation, so that nothing
 * is remembered of it. For tests, as ewx_policy_reset().
 * @p: the policy
 */
void ewx_policy_use(struct ewx_loaded *p);
void ewx_policy_renew(void);

/** ewx_policy_rules() - number of rules, and so of @hits. */
u32 ewx_policy_rules(const struct ewx_loaded *p);

/**
 * ewx_policy_will_hit() - the counters of these rules are about to be used: what
 * is done until then need not wait for them.
 * @p: the policy
 * @perms: access vector
 * @rule: RULES index
 */
void ewx_policy_will_hit(const struct ewx_loaded *p, u32 perms,
			 const u32 *rule);

/** ewx_policy_hit() - count @n uses of every rule that decided @perms. */
void ewx_policy_hit(struct ewx_loaded *p, u32 perms, const u32 *rule,
		    unsigned long n);

#endif /* _SECURITY_EWX_POLICY_H */

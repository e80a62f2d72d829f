/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What EWX keeps of an enclave.
 *
 * Owns: the layout and lifetime of the enclave blob. Knows how a request ends
 * up in it, not how it is judged (judge.h).
 */
#ifndef _SECURITY_EWX_ENCLAVE_H
#define _SECURITY_EWX_ENCLAVE_H

#include <linux/enclave.h>
#include <linux/types.h>

#include "debts.h"
#include "held.h"
#include "layout.h"
#include "object.h"
#include "policy.h"
#include "setup.h"

struct ewx_record;

/**
 * struct ewx_last - the last request that rules allowed, so that the same one is
 * allowed again at once: one page is much like the page before.
 * @generation: of the policy; 0 is empty, or judged and not committed
 * @since: see @valid
 * @valid: the verdict holds from that second on, for so many more. A
 *      clock that was set back ends it too
 * @domain: who asked
 * @object: what the source was
 * @required: as the framework asked (before "share" is added)
 * @initialized: of the enclave
 * @granted: all that was granted, "share" included
 * @logged: a log rule names some of it
 * @hits: uses that are not yet in the policy's counters
 * @rule: the rules that granted, of what is in @granted
 */
struct ewx_last {
	u64 generation;
	u64 since;
	u64 valid;
	struct ewx_object object;
	u32 domain;
	u32 required;
	bool initialized;
	u32 granted;
	bool logged;
	unsigned long hits;
	u32 rule[ENCLAVE_PERM_COUNT];
};

/**
 * struct ewx_pending - what changes if the request being judged is committed.
 * @source: source class of what is loaded
 * @generation: of the policy that judged; 0 without one
 * @valid: there is something
 * @op: see @required
 * @range: see @required
 * @required: of that request, to recognise it
 * @unjudged: it was let pass without a grant
 * @narrows: debts->scratch becomes the set of candidates
 * @remember: what stands in the enclave's last grant is one of @generation
 * @from_source: LOAD: a page of class @source, by policy @generation
 * @held: grant to keep; empty if @held.perms is 0
 * @creator: CREATE: name of the domain
 */
struct ewx_pending {
	bool valid;
	enum enclave_op op;
	struct enclave_range range;
	u32 required;
	bool unjudged;
	bool narrows;
	bool remember;
	bool from_source;
	u32 source;
	u64 generation;
	struct ewx_grant_held held;
	char *creator;
};

/**
 * struct ewx_enclave - the enclave blob. Guarded by the enclave's lock.
 * @last: last grant
 * @pending: request being judged
 * @debts: before init: what is owed; NULL until the first request that counts
 * @unjudged: before init something was let pass without a grant
 * @held: what the enclave stands on
 * @sources: what it was loaded from
 * @creator: name of the domain that created it; NULL unknown
 * @creator_generation: see @creator_domain
 * @creator_domain: @creator as an index
 * @identity_generation: see @identity_class
 * @identity_class: class once initialised
 * @record: last denial, for counting repetitions
 */
struct ewx_enclave {
	struct ewx_last last;
	struct ewx_pending pending;
	struct ewx_debts *debts;
	bool unjudged;
	struct ewx_held held;
	struct ewx_sources sources;
	char *creator;
	u64 creator_generation;
	u32 creator_domain;
	u64 identity_generation;
	u32 identity_class;
	struct ewx_record *record;
};

static inline struct ewx_enclave *ewx_enclave(const struct enclave *e)
{
	return e->security + ewx_blobs.lbs_enclave;
}

/** ewx_enclave_expect() - ewx_enclave_class() will be asked the same soon. */
void ewx_enclave_expect(struct enclave *e, const struct ewx_loaded *p);

/** ewx_enclave_class() - identity class of an initialised enclave. */
u32 ewx_enclave_class(struct enclave *e, const struct ewx_loaded *p);

/** ewx_enclave_foreign() - was it created by another domain than @domain? */
bool ewx_enclave_foreign(struct enclave *e, const struct ewx_loaded *p,
			 u32 domain);

/** ewx_enclave_used() - permissions that it was granted or let have. */
u32 ewx_enclave_used(const struct ewx_enclave *blob);

/** ewx_enclave_flush() - bring the hits of the last grant into the counters. */
void ewx_enclave_flush(struct ewx_enclave *blob);

/** ewx_enclave_commit() - hook: the pending request was done. */
void ewx_enclave_commit(struct enclave *e, const struct enclave_request *req);

/** ewx_enclave_free() - hook: the enclave ends. Does not sleep. */
void ewx_enclave_free(struct enclave *e);

/** ewx_pending_clear() - forget what was staged and not committed. */
void ewx_pending_clear(struct ewx_pending *pending);

/** ewx_identity_props() - an identity as the engine reads it. */
struct ewx_properties ewx_identity_props(const struct enclave_identity *id);

#endif /* _SECURITY_EWX_ENCLAVE_H */

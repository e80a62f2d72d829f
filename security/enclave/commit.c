// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a request: what was judged and done is remembered, or the request
 * is forgotten.
 *
 * Owns: every change of facts, of the counts of users, of identity and state.
 * A commit cannot fail: what it needs was reserved when the request was judged.
 * Must not judge anything.
 */
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/lockdep.h>

#include "internal.h"
#include "lsm.h"
#include "mutant.h"
#include "store.h"

/* @pages pages that used @before now use @after. */
static void count_uses(struct enclave *e, u32 before, u32 after, u64 pages)
{
	u32 gained = after & ~before;
	u32 lost = before & ~after;

	for (; gained; gained &= gained - 1)
		e->uses[__ffs(gained)] += pages;
	for (; lost; lost &= lost - 1)
		e->uses[__ffs(lost)] -= pages;
}

static void count_range(struct enclave *e, struct enclave_range range)
{
	const struct enclave_request *req = &e->pending;
	u64 page = range.first;
	u64 end = page + range.count;

	while (page < end) {
		enclave_facts f, after;
		u64 next;

		f = enclave_store_run(e->store, page, end, &next);
		after = enclave_facts_after(f, req->op, req->access,
					    e->initialized);
		count_uses(e, enclave_facts_uses(f), enclave_facts_uses(after),
			   next - page);
		page = next;
	}
}

/* A test asked for pages that begin with what was at their address. */
static enclave_facts facts_kept_of_old(enclave_facts old, void *arg)
{
	const struct enclave *e = arg;

	return old ? old : e->pending_facts;
}

static enclave_facts facts_after(enclave_facts old, void *arg)
{
	const struct enclave *e = arg;
	u32 access = e->pending.access;

	if (enclave_mutant(GRANTED))
		access = ENCLAVE_RWX;
	return enclave_facts_after(old, e->pending.op, access, e->initialized);
}

/* A test asked for facts that do not change. */
static bool facts_kept(enum enclave_op op)
{
	switch (op) {
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_FAULT:
		return enclave_mutant(HISTORY);
	case ENCLAVE_OP_REMOVE:
		return enclave_mutant(REMOVE_FACTS);
	case ENCLAVE_OP_ACCESS:
		return enclave_mutant(DEBUG_WRITE);
	default:
		return false;
	}
}

static void apply_facts(struct enclave *e)
{
	const struct enclave_request *req = &e->pending;
	struct enclave_range range = enclave_range_clip(e, req->range);

	if (facts_kept(req->op))
		return;
	if (!enclave_mutant(USES))
		count_range(e, range);
	enclave_store_update(e->store, range.first, range.count, facts_after,
			     e);
}

/* Pages that come to be; all of them are inside the enclave. */
static inline void apply_new(struct enclave *e)
{
	struct enclave_range range = e->pending.range;
	u32 uses = enclave_mutant(USES) ? 0 : e->pending_uses;

	for (; uses; uses &= uses - 1)
		e->uses[__ffs(uses)] += range.count;
	if (enclave_mutant(REMOVE_FACTS))
		enclave_store_update(e->store, range.first, range.count,
				     facts_kept_of_old, e);
	else
		enclave_store_set(e->store, range.first, range.count,
				  e->pending_facts);
}

/* What changes, but where pages come to be. */
static noinline void apply_rest(struct enclave *e)
{
	if (e->pending_change)
		apply_facts(e);
	if (e->pending_written)
		enclave_written_begin(e);

	switch (e->pending.op) {
	case ENCLAVE_OP_CREATE:
		e->pages = e->pending.range.count;
		e->identity = e->pending_identity;
		e->owner = current_euid();
		e->created = true;
		break;
	case ENCLAVE_OP_INIT:
		e->identity = e->pending_identity;
		e->initialized = true;
		break;
	default:
		break;
	}
}

static inline void apply(struct enclave *e)
{
	if (ENCLAVE_OP_IS_NEW(e->pending.op))
		apply_new(e);
	else
		apply_rest(e);
	e->pending_change = false;
}

/**
 * enclave_apply() - change what the pending request changes.
 * @e: the enclave, locked
 */
void enclave_apply(struct enclave *e)
{
	apply(e);
}

/* Nothing is pending any more; what was changed is changed. */
static inline void forget(struct enclave *e)
{
	enclave_source_release(e);
	e->pending.op = ENCLAVE_OP_NONE;
	e->pending.source = NULL;
	e->pending.identity = NULL;
	e->pending_pages = NULL;
	e->pending_vma = NULL;
}

/**
 * enclave_request_end() - forget the pending request, if there is one.
 * @e: the enclave, locked
 *
 * Memory that it did not use goes back, writers of its source may go on.
 */
void enclave_request_end(struct enclave *e)
{
	if (!e->pending.op)
		return;
	if (e->pending_change)
		enclave_store_release(e->store);
	e->pending_change = false;
	if (e->pending.op == ENCLAVE_OP_CREATE && !e->created) {
		enclave_store_free(e->store);
		e->store = NULL;
	}
	forget(e);
}

/**
 * security_enclave_commit() - the provider did what was judged.
 * @e: the enclave, locked since the judgement
 *
 * Facts, counts and state change here and nowhere else; then the LSMs are told.
 * Cannot fail. Without a pending request nothing happens.
 */
void security_enclave_commit(struct enclave *e)
{
	lockdep_assert_held(&e->lock);
	if (!e->pending.op)
		return;
	apply(e);
	lsm_enclave_commit(e, &e->pending);
	forget(e);
}

/**
 * security_enclave_abort() - the provider did not do what was judged.
 * @e: the enclave, locked since the judgement
 *
 * Without a pending request nothing happens.
 */
void security_enclave_abort(struct enclave *e)
{
	lockdep_assert_held(&e->lock);
	if (!e->pending.op)
		return;
	if (enclave_mutant(COMMIT_FAILED) ||
	    (enclave_mutant(FAILED_LOAD) && e->pending.op == ENCLAVE_OP_LOAD))
		enclave_apply(e);
	enclave_request_end(e);
}

/**
 * security_enclave_unload() - pages that were committed were not loaded after all.
 * @e: the enclave, locked; nothing is pending
 * @range: pages of a load that was committed before they were copied, and which
 *      nobody could reach
 *
 * Their addresses are as if nothing had been asked. What an LSM keeps of the load
 * stays: nothing that is not due to pages loaded by the same call. Without memory
 * the facts stay too, and refuse other pages there.
 */
void security_enclave_unload(struct enclave *e, struct enclave_range range)
{
	if (enclave_mutant(UNLOAD))
		return;
	enclave_request_begin(e, ENCLAVE_OP_REMOVE, range, 0);
	if (!enclave_store_reserve(e->store, range.first, range.count)) {
		e->pending_change = true;
		enclave_apply(e);
	}
	enclave_request_end(e);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: what a provider asks before it does something.
 *
 * Owns: turning an operation into the permissions it requires, with the count
 * of pages for each; the fixed refusals that do not depend on a provider; the
 * reservation of memory. Loads are in load.c, mappings in map.c. Changes
 * nothing: that is commit.c. Must not know what
 * an LSM answers, nor why.
 *
 * All functions but those for provision and vepc are called with the enclave
 * locked. After success the request stays in enclave.pending until
 * security_enclave_commit() or security_enclave_abort(); after failure nothing
 * is pending.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched.h>

#include "internal.h"
#include "lsm.h"
#include "mutant.h"
#include "store.h"

static_assert(ENCLAVE_R == VM_READ);
static_assert(ENCLAVE_W == VM_WRITE);
static_assert(ENCLAVE_X == VM_EXEC);

/*
 * Pages [first, first + pages) have facts @f, need @need, and come to use what
 * is in @used.
 */
static void request_need(struct enclave_request *req, u32 need, u32 used,
			 enclave_facts f, u64 first, u64 pages)
{
	const u32 common = ENCLAVE_PERM_CHANGE | ENCLAVE_PERM_SHARE;
	u32 fresh = need & ~req->required;

	if ((need & ~common) && !(req->required & ~common))
		req->facts = f;
	req->required |= need;

	while (need) {
		u32 bit = __ffs(need);
		struct enclave_tally *t = &req->tally[bit];

		if (fresh & BIT(bit)) {
			t->first = first;
			t->pages = 0;
			t->added = 0;
		}
		t->pages += pages;
		if (used & BIT(bit))
			t->added += pages;
		need &= need - 1;
	}
}

/**
 * enclave_request_need() - the request needs this, whatever its pages are.
 * @req: the request
 * @need: permissions, each of which all of its range is counted for
 */
void enclave_request_need(struct enclave_request *req, u32 need)
{
	request_need(req, enclave_mutant_drop(need), 0, req->facts,
		     req->range.first, req->range.count);
}

/* End the pending request with a fixed refusal, for which @at is the reason. */
static int refuse_at(struct enclave *e, struct enclave_range at,
		     enum enclave_refusal why, int err)
{
	e->pending.refusal = why;
	e->pending.range = at;
	lsm_enclave_refused(e, &e->pending);
	enclave_request_end(e);
	return err;
}

/**
 * enclave_request_refuse() - end the pending request with a fixed refusal.
 * @e: the enclave, locked
 * @why: the reason
 * @err: what the provider's caller gets
 *
 * Return: @err.
 */
int enclave_request_refuse(struct enclave *e, enum enclave_refusal why, int err)
{
	return refuse_at(e, e->pending.range, why, err);
}

/**
 * enclave_request_denied() - the request is not granted.
 * @e: the enclave, locked
 * @err: what the LSMs said
 *
 * Return: @err.
 */
int enclave_request_denied(struct enclave *e, int err)
{
	if (err != -E2BIG && enclave_mutant(COMMIT_EARLY))
		enclave_apply(e);
	enclave_request_end(e);
	return err;
}

/**
 * enclave_request_judge() - reserve what the commit needs, then ask the LSMs.
 * @e: the enclave, locked; its pending request is complete
 *
 * Return: 0: granted and pending; else nothing is pending: -ENOMEM or a refusal.
 */
int enclave_request_judge(struct enclave *e)
{
	struct enclave_range r = enclave_range_clip(e, e->pending.range);

	if (!e->pending_change)
		return enclave_request_ask(e);
	return enclave_request_reserve(e, r);
}

/**
 * security_enclave_create() - may this enclave be built?
 * @e: the enclave
 * @pages: its size
 * @attributes: tagged; only the attributes are looked at
 *
 * Return: 0, -EINVAL, -ENOMEM, or a refusal.
 */
int security_enclave_create(struct enclave *e, u64 pages,
			    const struct enclave_identity *attributes)
{
	struct enclave_range range = { .first = 0, .count = pages };
	u32 need = ENCLAVE_PERM_CREATE;

	enclave_request_begin(e, ENCLAVE_OP_CREATE, range, 0);
	if (e->created || !pages ||
	    WARN_ON_ONCE(attributes->tag != ENCLAVE_IDENTITY_TAG)) {
		enclave_request_end(e);
		return -EINVAL;
	}
	e->store = enclave_store_new(pages);
	if (!e->store) {
		enclave_request_end(e);
		return -ENOMEM;
	}

	e->pending.foreign_euid = false;
	e->pending_identity = (struct enclave_identity){
		.tag = ENCLAVE_IDENTITY_TAG,
		.attributes = attributes->attributes,
		.provider_attributes = attributes->provider_attributes,
		.xfrm = attributes->xfrm,
		.misc = attributes->misc,
	};
	e->pending.identity = &e->pending_identity;
	if (attributes->attributes & ENCLAVE_ATTR_DEBUG)
		need |= ENCLAVE_PERM_DEBUG;
	if (attributes->attributes & ENCLAVE_ATTR_PROVISION)
		need |= ENCLAVE_PERM_PROVISION;
	enclave_request_need(&e->pending, need);
	return enclave_request_judge(e);
}

/* Ask about something that is not about one enclave. */
static int judge_nobody(enum enclave_op op, u32 need,
			const struct enclave_identity *id)
{
	struct enclave_request req;

	enclave_request_clear(&req, op, (struct enclave_range){}, 0);
	req.source = NULL;
	req.identity = id;
	enclave_request_need(&req, need);
	return lsm_enclave_judge(NULL, &req);
}

/**
 * security_enclave_provision() - may current use the provisioning attribute?
 *
 * Return: 0 or a refusal. There is nothing to commit.
 */
int security_enclave_provision(void)
{
	static const struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.attributes = ENCLAVE_ATTR_PROVISION,
	};

	return judge_nobody(ENCLAVE_OP_PROVISION, ENCLAVE_PERM_PROVISION, &id);
}

/**
 * security_enclave_vepc() - may current use raw enclave memory?
 *
 * Return: 0 or a refusal. There is nothing to commit.
 */
int security_enclave_vepc(void)
{
	return judge_nobody(ENCLAVE_OP_VEPC, ENCLAVE_PERM_VEPC, NULL);
}

/**
 * enclave_pages_absent() - is no page in the range yet?
 * @e: the enclave, locked
 * @range: inside it
 *
 * Return: whether all are.
 */
bool enclave_pages_absent(const struct enclave *e, struct enclave_range range)
{
	u64 page = range.first;
	u64 end = page + range.count;

	while (page < end)
		if (enclave_store_run(e->store, page, end, &page))
			return false;
	return true;
}

/* More is asked than the pages were declared for; of no page nothing is. */
static bool beyond_intent(const struct enclave_request *req, enclave_facts f)
{
	if (enclave_mutant(INTENT) || req->op == ENCLAVE_OP_ACCESS)
		return false;
	if (!f)
		return req->op == ENCLAVE_OP_MMAP && enclave_mutant(HOLE);
	return req->access & ~f & ENCLAVE_FACT_INTENT;
}

/**
 * struct judged - what a page adds to a request, for which only its facts count.
 * @facts: of the page
 * @need: permissions it needs
 * @used: those it comes to use
 * @alone: each such page is looked at further
 */
struct judged {
	enclave_facts facts;
	u32 need;
	u32 used;
	bool alone;
};

/* What pages with facts @f add; notes that they change. No refusal: see above. */
static struct judged judge_facts(struct enclave *e, enclave_facts f)
{
	const struct enclave_request *req = &e->pending;
	struct judged j = { .facts = f };
	enclave_facts after;

	j.need = enclave_required(f, req->op, req->access, e->initialized);
	j.need = enclave_mutant_drop(j.need);
	j.alone = e->pending_vma && enclave_needs_alone(f, j.need);
	after = enclave_facts_after(f, req->op, req->access, e->initialized);
	j.used = enclave_facts_uses(after) & ~enclave_facts_uses(f);
	e->pending_change |= after != f;
	return j;
}

static bool adds_nothing(const struct judged *j)
{
	return !j->need && !j->alone;
}

static void add_run(struct enclave *e, const struct judged *j,
		    struct enclave_range at)
{
	if (j->alone)
		enclave_alone_add(e, at);
	if (j->need)
		request_need(&e->pending, j->need, j->used, j->facts, at.first,
			     at.count);
}

static int refuse_intent(struct enclave *e, enclave_facts f,
			 struct enclave_range at)
{
	e->pending.facts = f;
	return refuse_at(e, at, ENCLAVE_REFUSAL_INTENT, -EACCES);
}

/**
 * enclave_judge_run() - what a run of equal pages adds to the pending request.
 * After the last run enclave_judge_alone() is called.
 * @e: the enclave, locked
 * @f: facts of every page
 * @first: first page
 * @end: page after the last one
 *
 * Return: 0; -EACCES: a fixed refusal, and nothing is pending.
 */
int enclave_judge_run(struct enclave *e, enclave_facts f, u64 first, u64 end)
{
	struct enclave_range at = { .first = first, .count = end - first };
	struct judged j;

	if (beyond_intent(&e->pending, f))
		return refuse_intent(e, f, at);
	j = judge_facts(e, f);
	add_run(e, &j, at);
	return 0;
}

#define RUNS_AT_ONCE 512 /* before other tasks and signals get a chance */

/**
 * enclave_judge_pages() - what the pages of a range add to the request.
 * @e: the enclave, locked
 * @range: clipped to the pages that there could be
 *
 * Facts that were judged for a page of this range are not judged again for the
 * next: few kinds of pages alternate in an enclave of millions.
 *
 * Return: 0; else nothing is pending: -EACCES: a fixed refusal; -EINTR: the task
 * is being killed.
 */
int enclave_judge_pages(struct enclave *e, struct enclave_range range)
{
	struct enclave_range real = enclave_range_clip(e, range);
	struct judged known[2];
	u32 count = 0, runs = 0;
	u64 page = real.first;
	u64 end = page + real.count;

	while (page < end) {
		u64 next;
		enclave_facts f = enclave_store_run(e->store, page, end, &next);
		struct enclave_range at = { .first = page,
					    .count = next - page };
		u32 i = 0;

		while (i < count && known[i].facts != f)
			i++;
		if (i == count) {
			if (beyond_intent(&e->pending, f))
				return refuse_intent(e, f, at);
			/* The older of two makes room. */
			if (count == ARRAY_SIZE(known))
				known[0] = known[--i];
			else
				count++;
			known[i] = judge_facts(e, f);
		}
		add_run(e, &known[i], at);
		if (enclave_mutant(FIRST_PAGE))
			break;
		page = next;
		if (adds_nothing(&known[0]) && adds_nothing(&known[count - 1]))
			page = enclave_store_skip(e->store, page, end,
						  known[0].facts,
						  known[count - 1].facts);
		if (++runs % RUNS_AT_ONCE)
			continue;
		if (fatal_signal_pending(current)) {
			enclave_request_end(e);
			return -EINTR;
		}
		cond_resched();
	}
	return enclave_judge_alone(e);
}

/**
 * security_enclave_change() - may pages be added, restricted, retyped, removed?
 * @e: the enclave
 * @range: the pages
 * @intent: ADD: declared permissions; RESTRICT, TYPE: what remains; else 0
 * @op: ENCLAVE_OP_ADD, _RESTRICT, _TYPE or _REMOVE
 *
 * Return: 0; -EINVAL: not initialised; -EBUSY: ADD over a page; -ENOMEM; or a
 * refusal.
 */
int security_enclave_change(struct enclave *e, struct enclave_range range,
			    u32 intent, enum enclave_op op)
{
	int err;

	enclave_request_begin(e, op, range, intent & ENCLAVE_RWX);
	if (!e->initialized) {
		enclave_request_end(e);
		return -EINVAL;
	}
	if (!enclave_range_inside(e, range))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_OUTSIDE,
					      -EACCES);

	if (op == ENCLAVE_OP_ADD) {
		if (!enclave_pages_absent(e, range) &&
		    !enclave_mutant(REMOVE_FACTS)) {
			enclave_request_end(e);
			return -EBUSY;
		}
		e->pending_facts = enclave_facts_dynamic(intent);
		return enclave_judge_added(e);
	}
	err = enclave_judge_pages(e, range);
	return err ? err : enclave_request_judge(e);
}

/**
 * security_enclave_init() - may the enclave be initialised, being who it is?
 * @e: the enclave
 * @id: tagged; of its attributes those given at create count
 *
 * Return: 0, -EINVAL, or a refusal.
 */
int security_enclave_init(struct enclave *e, const struct enclave_identity *id)
{
	struct enclave_range all = { .first = 0, .count = e->pages };
	struct enclave_identity *own = &e->pending_identity;
	u32 need = ENCLAVE_PERM_INIT;
	int err;

	enclave_request_begin(e, ENCLAVE_OP_INIT, all, 0);
	if (!e->created || e->initialized ||
	    WARN_ON_ONCE(id->tag != ENCLAVE_IDENTITY_TAG)) {
		enclave_request_end(e);
		return -EINVAL;
	}

	*own = *id;
	own->attributes = e->identity.attributes;
	own->provider_attributes = e->identity.provider_attributes;
	own->xfrm = e->identity.xfrm;
	own->misc = e->identity.misc;
	e->pending.identity = own;

	if (own->attributes & ENCLAVE_ATTR_DEBUG)
		need |= ENCLAVE_PERM_DEBUG;
	if (own->attributes & ENCLAVE_ATTR_PROVISION)
		need |= ENCLAVE_PERM_PROVISION;
	err = enclave_judge_pages(e, all);
	if (err)
		return err;
	enclave_request_need(&e->pending, need);
	return enclave_request_judge(e);
}

/**
 * security_enclave_access() - may a debugger read or write pages?
 * @e: the enclave
 * @range: the pages
 * @write: it writes
 *
 * Return: 0, -ENOMEM, or a refusal.
 */
int security_enclave_access(struct enclave *e, struct enclave_range range,
			    bool write)
{
	int err;

	enclave_request_begin(e, ENCLAVE_OP_ACCESS, range,
			      write ? ENCLAVE_W : ENCLAVE_R);
	if (!enclave_range_inside(e, range))
		return enclave_request_refuse(e, ENCLAVE_REFUSAL_OUTSIDE,
					      -EACCES);
	err = enclave_judge_pages(e, range);
	return err ? err : enclave_request_judge(e);
}

/**
 * security_enclave_refuse() - tell the LSMs of a refusal by the provider.
 * @e: the enclave; NULL where there is none; nothing is pending
 * @op: what was asked
 * @range: of which pages
 * @access: ENCLAVE_R|W|X, or 0
 * @why: the fixed rule
 * @err: what the caller gets
 *
 * Return: @err, so that a provider can return what this returns.
 */
int security_enclave_refuse(struct enclave *e, enum enclave_op op,
			    struct enclave_range range, u32 access,
			    enum enclave_refusal why, int err)
{
	struct enclave_request req;

	if (e) {
		enclave_request_begin(e, op, range, access);
		return enclave_request_refuse(e, why, err);
	}
	enclave_request_clear(&req, op, range, access);
	req.source = NULL;
	req.identity = NULL;
	req.refusal = why;
	lsm_enclave_refused(NULL, &req);
	return err;
}

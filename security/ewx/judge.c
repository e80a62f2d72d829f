// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a request to an answer (judge.h).
 *
 * Owns: the way of every decision: the last grant, else the question, the
 * verdict, and the mode, which is applied after the verdict. Must not know of
 * securityfs.
 */
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/ktime.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "../enclave/mutant.h"
#include "../enclave/window.h"
#include "audit.h"
#include "counters.h"
#include "enclave.h"
#include "judge.h"
#include "object.h"
#include "subject.h"
#include "trace.h"

/* A mapping operation: may need "share". */
static bool is_mapping(enum enclave_op op)
{
	return op == ENCLAVE_OP_MMAP || op == ENCLAVE_OP_MPROTECT ||
	       op == ENCLAVE_OP_FAULT;
}

static struct file *source_file(const struct enclave_request *req)
{
	return req->source ? req->source->file : NULL;
}

/*
 * A mapping or fault for which nothing is needed, by the domain that created
 * the enclave: there is no question, whatever the rules say. This is what a
 * fault usually is.
 */
static bool needs_nothing(const struct ewx_enclave *blob,
			  const struct enclave *e,
			  const struct enclave_request *req)
{
	const struct ewx_loaded *p;
	bool nothing;

	if (req->required || !e->created)
		return false;
	rcu_read_lock();
	p = ewx_policy_peek();
	nothing = !p || (blob->creator_generation == p->generation &&
			 ewx_subject_cached(ewx_judged_cred(req), p->generation,
					    blob->creator_domain));
	rcu_read_unlock();
	return nothing;
}

/* Is a grant written down? @logged: a log rule names some of it. */
static bool recorded(bool logged)
{
	enum ewx_level level = ewx_audit_level();

	return level == EWX_LEVEL_ALL || (level == EWX_LEVEL_LOG && logged);
}

static bool is_logged(const struct ewx_decision *d)
{
	return d->v.logged & d->q.required;
}

/* Is the source of the class that the last grant's was of? No file is usual too. */
static bool same_source(const struct ewx_last *last, const struct ewx_loaded *p,
			const struct enclave_request *req)
{
	if (!source_file(req))
		return last->object.class == EWX_CLASS_UNLISTED;
	return ewx_object_again(p, req->source, &last->object);
}

/*
 * Has the last grant the same answer? No reference, no allocation, no call into
 * the engine but for a source with conditions that can change.
 */
static bool granted_again(struct ewx_enclave *blob, const struct enclave *e,
			  const struct enclave_request *req)
{
	struct ewx_last *last = &blob->last;
	const struct ewx_loaded *p;
	bool again = false;

	if (last->required != req->required ||
	    last->initialized != e->initialized || recorded(last->logged))
		return false;

	rcu_read_lock();
	p = ewx_policy_peek();
	if (p && enclave_mutant(STANDING) && last->generation)
		again = true;
	else if (p && last->generation == p->generation &&
		 ewx_subject_cached(ewx_judged_cred(req), p->generation,
				    last->domain) &&
		 same_source(last, p, req))
		again = ktime_get_real_seconds() - last->since <= last->valid;
	rcu_read_unlock();
	return again;
}

void ewx_deny_all(struct ewx_decision *d, enum ewx_reason reason)
{
	unsigned int bit;

	d->v.allowed = 0;
	d->v.denied = d->q.required;
	d->v.logged = 0;
	d->v.valid_until = 0;
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		d->v.reason[bit] = reason;
		d->v.rule[bit] = EWX_NONE;
	}
}

/* There is no memory for what an answer takes. */
static void deny_without_memory(struct ewx_decision *d)
{
	ewx_deny_all(d, EWX_REASON_NO_MEMORY);
	if (!enclave_mutant(NO_MEMORY))
		return;
	d->v.allowed = d->v.denied;
	d->v.denied = 0;
}

/* Pages that use each permission once the request is granted. */
static void count_uses(const struct ewx_decision *d, u64 *uses)
{
	unsigned int bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		uses[bit] = d->e->uses[bit];
		if (d->req->required & BIT(bit))
			uses[bit] += enclave_request_tally(d->req, bit).added;
	}
}

/*
 * The debts of the policy in force. Open debts of another policy stay; the
 * request is then refused.
 */
static struct ewx_debts *current_debts(struct ewx_decision *d)
{
	struct ewx_enclave *blob = ewx_enclave(d->e);
	struct ewx_debts *debts = blob->debts;

	if (debts && debts->policy == d->policy)
		return debts;
	if (debts && debts->open && !enclave_mutant(POLICY_CHANGED)) {
		ewx_deny_all(d, EWX_REASON_POLICY_CHANGED);
		return NULL;
	}
	blob->debts = ewx_debts_renew(debts, ewx_policy_ref(d->policy));
	if (!blob->debts)
		deny_without_memory(d);
	return blob->debts;
}

/*
 * Who is denied keeps neither memory nor a policy for it: debts that nothing is
 * owed in are made again when they are needed.
 */
static void forget_debts(struct enclave *e)
{
	struct ewx_enclave *blob = ewx_enclave(e);

	if (!blob->debts || blob->debts->open)
		return;
	ewx_debts_free(blob->debts);
	blob->debts = NULL;
}

static void judge_deferred(struct ewx_decision *d)
{
	struct ewx_debts *debts = current_debts(d);

	if (debts)
		d->narrows = ewx_debts_judge(debts, &d->q, &d->v);
}

/* PROVISION and VEPC: no enclave, and nothing that would be remembered. */
static void judge_without_enclave(struct ewx_decision *d)
{
	struct ewx_debts *debts = ewx_debts_new(ewx_policy_ref(d->policy));

	if (debts)
		ewx_debts_judge(debts, &d->q, &d->v);
	else
		deny_without_memory(d);
	ewx_debts_free(debts);
}

/* The rules forgotten: the creator is judged, whoever asks. */
static u32 judged_domain(struct ewx_decision *d)
{
	u32 domain =
		ewx_subject_domain(d->policy, current, ewx_judged_cred(d->req));

	if (d->e &&
	    ((enclave_mutant(LOAD_SUBJECT) && d->req->op == ENCLAVE_OP_LOAD) ||
	     (enclave_mutant(MAP_SUBJECT) && is_mapping(d->req->op))) &&
	    ewx_enclave_foreign(d->e, d->policy, domain) &&
	    ewx_enclave(d->e)->creator_domain != EWX_NONE)
		return ewx_enclave(d->e)->creator_domain;
	return domain;
}

/*
 * It is not known who asks, for want of memory. A mapping that needs nothing else may
 * be another domain's, which needs "share".
 */
static void judge_nobody(struct ewx_decision *d)
{
	d->q.domain = EWX_DOMAIN_DEFAULT;
	d->nobody = true;
	if (!d->q.required)
		d->q.required = ENCLAVE_PERM_SHARE;
	deny_without_memory(d);
}

/* Ask the engine. Fills @d->v. */
static void judge(struct ewx_decision *d, u64 *uses)
{
	if (d->e && d->e->initialized)
		ewx_enclave_expect(d->e, d->policy);
	d->q.domain = judged_domain(d);
	d->q.source = EWX_CLASS_UNLISTED;
	d->q.identity = EWX_NONE;
	d->q.uses = NULL;
	if (unlikely(d->q.domain == EWX_NONE)) {
		judge_nobody(d);
		return;
	}

	if (d->e && is_mapping(d->req->op) &&
	    ewx_enclave_foreign(d->e, d->policy, d->q.domain)) {
		d->foreign = true;
		d->q.required |= enclave_mutant_drop(ENCLAVE_PERM_SHARE);
	}
	if (!d->q.required)
		return;
	if (d->e && d->e->initialized && d->req->op != ENCLAVE_OP_INIT) {
		d->q.identity = ewx_enclave_class(d->e, d->policy);
		d->known = true;
		ewx_decide_expect(&d->policy->core, &d->q);
	}
	/* The longest part, in which what the others need can arrive. */
	if (source_file(d->req) &&
	    ewx_object_class(d->policy, d->req->source, &d->object)) {
		deny_without_memory(d);
		return;
	}
	d->q.source = d->object.class;
	if (!d->e) {
		judge_without_enclave(d);
		return;
	}
	if (ewx_policy_has(d->policy, MAX) && !enclave_mutant(MAX)) {
		count_uses(d, uses);
		d->q.uses = uses;
	}
	if (d->req->op == ENCLAVE_OP_INIT)
		ewx_judge_init(d);
	else if (d->known)
		ewx_decide(&d->policy->core, &d->q, &d->v);
	else
		judge_deferred(d);
}

/*
 * The mode comes after the verdict: the same question has the same verdict
 * under enforcement, permissive mode and query.
 */
static bool enforced(const struct ewx_decision *d)
{
	if (enclave_mutant(ENFORCE) || !ewx_enforcing())
		return false;
	return !d->policy || d->nobody ||
	       !ewx_domain_permissive(&d->policy->core, d->q.domain, d->q.now);
}

/*
 * The grant to keep, or nothing new. A name without memory is left out: then the
 * enclave counts as another domain's, and its grant as outdated.
 */
static void stage_held(const struct ewx_decision *d,
		       struct ewx_pending *pending)
{
	const struct ewx_held *held = &ewx_enclave(d->e)->held;
	struct ewx_grant_held g = {
		.generation = d->policy ? d->policy->generation : 0,
		.domain = d->policy && !d->nobody ? d->q.domain : EWX_NONE,
		.perms = d->q.required,
		.unjudged = pending->unjudged,
	};

	if (!g.perms ||
	    (d->req->op != ENCLAVE_OP_CREATE && ewx_held_knows(held, &g)))
		return;
	if (d->policy && !d->nobody)
		g.name = kstrdup(ewx_domain_name(&d->policy->core, d->q.domain),
				 GFP_KERNEL_ACCOUNT);
	pending->held = g;
	pending->valid = true;
	if (d->req->op == ENCLAVE_OP_CREATE && g.name)
		pending->creator = kstrdup(g.name, GFP_KERNEL_ACCOUNT);
}

static void stage_debt(const struct ewx_decision *d)
{
	struct ewx_debt debt = {
		.op = d->req->op,
		.access = d->req->access,
		.facts = d->req->facts,
		.range = d->req->range,
		.origin = d->req->source ? d->req->source->origin : 0,
		.question = d->q,
		.file = ewx_record_source(d->req->source),
	};

	ewx_debts_stage(ewx_enclave(d->e)->debts, &debt);
	if (enclave_mutant(NARROW_EARLY))
		ewx_debts_commit(ewx_enclave(d->e)->debts);
}

/* It takes the place of the last grant now, and is one when it is committed. */
static void remember(const struct ewx_decision *d, struct ewx_enclave *blob)
{
	struct ewx_last *last = &blob->last;
	u32 left;

	ewx_enclave_flush(blob);
	last->generation = 0;
	last->since = d->q.now;
	last->valid = d->v.valid_until - d->q.now;
	last->domain = d->q.domain;
	last->object = d->object;
	last->required = d->req->required;
	last->initialized = d->e->initialized;
	last->granted = d->q.required;
	last->logged = is_logged(d);
	for (left = last->granted; left; left &= left - 1)
		last->rule[__ffs(left)] = d->v.rule[__ffs(left)];
}

/*
 * Another domain's request of the same permissions may be one that needs "share"
 * besides: a mapping, where this one is none. Both may need "change", and no more.
 */
static bool is_half(const struct ewx_decision *d)
{
	return (d->req->required & ENCLAVE_PERM_CHANGE) &&
	       !is_mapping(d->req->op) &&
	       ewx_enclave_foreign(d->e, d->policy, d->q.domain);
}

/* The same request again would neither change nor record anything. */
static bool repeatable(const struct ewx_decision *d)
{
	return d->policy && !d->q.uses && !recorded(is_logged(d)) &&
	       d->v.valid_until >= d->q.now && !is_half(d) &&
	       d->req->op != ENCLAVE_OP_CREATE && d->req->op != ENCLAVE_OP_INIT;
}

/* Prepare what a commit is to change. */
static void stage(struct ewx_decision *d, bool unjudged)
{
	struct ewx_pending *pending;

	if (!d->e)
		return;
	pending = &ewx_enclave(d->e)->pending;
	pending->generation = d->policy ? d->policy->generation : 0;
	pending->op = d->req->op;
	pending->range = d->req->range;
	pending->required = d->req->required;
	pending->unjudged = unjudged;
	pending->valid = unjudged;
	if (!unjudged && d->narrows) {
		stage_debt(d);
		pending->narrows = true;
		pending->valid = true;
	}
	if (d->req->op == ENCLAVE_OP_LOAD && d->policy && source_file(d->req)) {
		pending->from_source = true;
		pending->source = d->q.source;
		pending->valid = true;
	}
	stage_held(d, pending);
	if (!unjudged && repeatable(d)) {
		remember(d, ewx_enclave(d->e));
		pending->remember = true;
		pending->valid = true;
	}
	if (d->req->op == ENCLAVE_OP_INIT)
		pending->valid = true;
}

/* Without "share" there is nothing that less access would be granted. */
static bool is_hopeless(const struct ewx_decision *d)
{
	return d->req->op == ENCLAVE_OP_FAULT &&
	       (d->v.denied & ENCLAVE_PERM_SHARE);
}

/* The mode is of interest to nobody else: what is allowed passes in each. */
static void tell_allowed(struct ewx_decision *d)
{
	const bool record = recorded(is_logged(d));

	if (!record && !trace_ewx_decision_enabled())
		return;
	d->enforcing = enforced(d);
	trace_ewx_decision(d);
	if (record)
		ewx_record(d);
}

static int settle(struct ewx_decision *d)
{
	/* The first page is asked for alone next; that is what is recorded. */
	if (d->v.denied && d->req->divisible)
		return -E2BIG;
	if (!d->v.denied) {
		ewx_policy_will_hit(d->policy, d->q.required, d->v.rule);
		ewx_count(ALLOWED);
		d->outcome = EWX_OUTCOME_ALLOWED;
		tell_allowed(d);
		stage(d, false);
		ewx_policy_hit(d->policy, d->q.required, d->v.rule, 1);
		return 0;
	}

	if (d->policy)
		ewx_policy_hit(d->policy, d->v.denied, d->v.rule, 1);
	d->enforcing = enforced(d);
	d->outcome = d->enforcing ? EWX_OUTCOME_DENIED : EWX_OUTCOME_PERMISSIVE;
	if (d->enforcing && d->req->op == ENCLAVE_OP_FAULT && !is_hopeless(d) &&
	    (d->req->access & (d->req->access - 1)))
		d->outcome = EWX_OUTCOME_REDUCED;
	trace_ewx_decision(d);
	ewx_record(d);
	if (d->enforcing) {
		ewx_count(DENIED);
		return is_hopeless(d) ? -EREMOTE : -EACCES;
	}
	ewx_count(PERMISSIVE);
	stage(d, true);
	return 0;
}

/* No policy: everything passes and is remembered, or nothing does. */
static int judge_without_policy(struct ewx_decision *d)
{
	if (!d->q.required)
		return 0;
	if (ewx_before_policy_deny) {
		ewx_deny_all(d, EWX_REASON_NO_POLICY);
		return settle(d);
	}
	ewx_count(UNJUDGED);
	stage(d, true);
	return 0;
}

/*
 * What is known before anything is looked at; with a reference to the policy. There is
 * no verdict until there is an answer: all of it is written then.
 */
static inline void begin(struct ewx_decision *d, struct enclave *e,
			 const struct enclave_request *req)
{
	d->e = e;
	d->req = req;
	d->policy = ewx_policy_get();
	ewx_object_none(&d->object);
	d->q = (struct ewx_question){
		.domain = EWX_DOMAIN_DEFAULT,
		.source = EWX_CLASS_UNLISTED,
		.identity = EWX_NONE,
		.required = req->required,
		.now = ktime_get_real_seconds(),
	};
	d->known = false;
	d->nobody = false;
	d->foreign = req->foreign_euid;
	d->narrows = false;
	d->debt = NULL;
	d->debt_missing = 0;
	d->debt_rule = 0;
	d->narrowed = 0;
	d->outcome = EWX_OUTCOME_NONE;
	d->enforcing = false;
}

static int judge_fully(struct enclave *e, const struct enclave_request *req)
{
	struct ewx_decision d __uninitialized;
	u64 uses[ENCLAVE_PERM_COUNT] __uninitialized;
	int err = 0;

	begin(&d, e, req);
	if (!d.policy) {
		err = judge_without_policy(&d);
	} else {
		judge(&d, uses);
		enclave_window(POLICY_JUDGED);
		if (d.q.required)
			err = settle(&d);
	}
	if ((err == -EACCES || err == -EREMOTE) && e)
		forget_debts(e);
	ewx_policy_put(d.policy);
	return err;
}

int ewx_judge(struct enclave *e, const struct enclave_request *req)
{
	struct ewx_enclave *blob;

	if (!req->required && !is_mapping(req->op))
		return 0;
	if (!e)
		return judge_fully(e, req);

	blob = ewx_enclave(e);
	if (unlikely(blob->pending.valid))
		ewx_pending_clear(&blob->pending);
	if (needs_nothing(blob, e, req))
		return 0;
	if (likely(granted_again(blob, e, req))) {
		if (likely(blob->last.granted)) {
			blob->last.hits++;
			ewx_count(ALLOWED);
		}
		return 0;
	}
	return judge_fully(e, req);
}

void ewx_judge_refused(struct enclave *e, const struct enclave_request *req)
{
	struct ewx_decision d __uninitialized;

	begin(&d, e, req);
	d.v = (struct ewx_verdict){};
	d.outcome = EWX_OUTCOME_DENIED;
	d.enforcing = true;
	if (d.policy) {
		d.q.domain = ewx_subject_shown(d.policy, ewx_judged_cred(req));
		if (source_file(req))
			ewx_object_class(d.policy, req->source, &d.object);
		d.q.source = d.object.class;
		if (e && e->initialized) {
			d.q.identity = ewx_enclave_class(e, d.policy);
			d.known = true;
		}
	}
	trace_ewx_decision(&d);
	ewx_record(&d);
	ewx_policy_put(d.policy);
}

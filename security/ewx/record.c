// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a decision to a record (audit.h): capture, repetitions, rate.
 *
 * Owns: what of a request is kept, and when two records are the same. Must not
 * know how a record is written.
 */
#include <linux/audit.h>
#include <linux/bits.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>

#include "../enclave/facts.h"
#include "../enclave/mutant.h"
#include "audit.h"
#include "counters.h"
#include "enclave.h"
#include "object.h"
#include "path.h"
#include "rate.h"
#include "subject.h"

/*
 * Kinds of records: missing permission, or none, or a fixed refusal; uses that
 * were allowed; summaries.
 */
#define KIND_REFUSAL	(ENCLAVE_PERM_COUNT + 1)
#define KIND_ALLOWED	(KIND_REFUSAL + ENCLAVE_REFUSAL_COUNT)
#define KIND_SUMMARY	(KIND_ALLOWED + ENCLAVE_PERM_COUNT + 1)
#define RECORD_KINDS	(KIND_SUMMARY + 1)

/* What exceeds these is counted and left out. */
static struct ewx_rate rates[RECORD_KINDS];
static DEFINE_SPINLOCK(rates_lock);
static atomic64_t left_out = ATOMIC64_INIT(0);

/* @trusted: out: the name may be matched by a policy */
static char *name_of_file(const struct file *file, bool *trusted)
{
	const struct path *path = file_user_path(file);
	struct ewx_path_name name;
	char *buf, *copy = NULL;
	const char *text;

	*trusted = false;
	buf = __getname();
	if (!buf)
		return NULL;
	name = ewx_path_name(path, buf);
	text = name.text;
	*trusted = name.trusted;
	if (!text) {
		/* It has no absolute name; what there is still helps people. */
		text = d_path(path, buf, PATH_MAX);
		if (IS_ERR(text))
			text = NULL;
	}
	if (text)
		copy = kstrdup(text, GFP_KERNEL);
	__putname(buf);
	return copy;
}

struct ewx_source_seen
ewx_record_source(const struct enclave_source *source)
{
	struct ewx_source_seen seen = {};
	struct ewx_object_facts facts;
	bool trusted;

	if (!source)
		return seen;
	seen.mapped_exec = source->mapped_exec;
	if (!source->file)
		return seen;
	facts = ewx_object_facts(source->file);
	strscpy(seen.fstype, facts.fs);
	seen.owner = facts.owner;
	seen.read_only = facts.read_only;
	seen.fs_verity = facts.fs_verity;
	seen.dm_verity = facts.dm_verity;
	seen.path = name_of_file(source->file, &trusted);
	seen.nopath = !trusted;
	return seen;
}

void ewx_record_process(struct ewx_record *r, const struct cred *cred)
{
	r->exe = ewx_exe_get(ewx_subject_exe(cred));
	r->pid = task_tgid_nr(current);
	r->auid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	r->ses = audit_get_sessionid(current);
	r->uid = from_kuid(&init_user_ns, cred->uid);
	r->euid = from_kuid(&init_user_ns, cred->euid);
	r->egid = from_kgid(&init_user_ns, cred->egid);
	security_cred_getsecid(cred, &r->secid);
	get_task_comm(r->comm, current);
}

static void capture_enclave(struct ewx_record *r, const struct ewx_decision *d)
{
	const struct enclave *e = d->e;

	if (e) {
		r->enclave = e->id;
		r->provider = e->provider->name;
		r->initialized = e->initialized;
		r->id = e->identity;
	}
	if (d->req->identity)
		r->id = *d->req->identity;
	r->known = d->known ||
		   (d->req->op == ENCLAVE_OP_INIT && d->req->identity);
}

/* The first page that needs the permission that is missing, and how many. */
static void capture_pages(struct ewx_record *r, const struct ewx_decision *d)
{
	const u32 bit = r->cause;

	r->page = d->req->range.first;
	r->pages = d->req->range.count;
	if (bit < ENCLAVE_PERM_COUNT && (d->req->required & BIT(bit)) &&
	    d->req->tally[bit].pages) {
		r->page = d->req->tally[bit].first;
		r->pages = d->req->tally[bit].pages;
	}
}

static void capture_request(struct ewx_record *r, const struct ewx_decision *d)
{
	const struct enclave_request *req = d->req;

	r->access = req->access;
	r->facts = req->facts;
	r->needed = d->q.required;
	r->missing = d->v.denied;
	r->cause = ENCLAVE_PERM_COUNT;
	r->rule = EWX_NONE;
	if (d->v.denied)
		r->cause = __ffs(d->v.denied);
	else if (d->v.logged & d->q.required)
		r->cause = __ffs(d->v.logged & d->q.required);
	else if (d->outcome == EWX_OUTCOME_ALLOWED && d->q.required)
		r->cause = __ffs(d->q.required);
	if (r->cause < ENCLAVE_PERM_COUNT) {
		r->reason = d->v.reason[r->cause];
		r->rule = d->v.rule[r->cause];
	}
	if (req->source) {
		r->origin = req->source->origin;
		r->has_origin = true;
		r->file = ewx_record_source(req->source);
	}
	capture_pages(r, d);
}

/*
 * INIT was refused because of an earlier request: that one is described, under the
 * policy that judged it, whose rules and classes these are.
 */
static void capture_debt(struct ewx_record *r, const struct ewx_decision *d)
{
	const struct ewx_debt *debt = d->debt;
	struct ewx_loaded *p = ewx_enclave(d->e)->debts->policy;
	struct ewx_properties props = ewx_identity_props(d->req->identity);

	ewx_policy_put(r->policy);
	r->policy = ewx_policy_ref(p);
	r->domain = debt->question.domain;
	r->identity = ewx_identity_class(&p->core, &props);
	r->access = debt->access;
	r->facts = debt->facts;
	r->needed = debt->question.required;
	r->missing = d->debt_missing;
	r->cause = __ffs(d->debt_missing);
	r->rule = d->debt_rule;
	r->page = debt->range.first;
	r->pages = debt->range.count;
	r->origin = debt->origin;
	r->has_origin = debt->op == ENCLAVE_OP_LOAD;
	r->source = debt->question.source;
	r->file = debt->file;
	if (debt->file.path)
		r->file.path = kstrdup(debt->file.path, GFP_KERNEL);
}

static struct ewx_record *capture(const struct ewx_decision *d)
{
	struct ewx_record *r;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return NULL;
	r->policy = ewx_policy_ref(d->policy);
	r->op = d->req->op;
	r->refusal = d->req->refusal;
	r->outcome = d->outcome;
	r->enforcing = d->enforcing;
	r->foreign = d->foreign;
	r->domain = d->q.domain;
	r->source = d->q.source;
	r->identity = d->q.identity;
	r->now = d->q.now;
	capture_request(r, d);
	if (d->debt)
		capture_debt(r, d);
	capture_enclave(r, d);
	ewx_record_process(r, ewx_judged_cred(d->req));
	return r;
}

static void free_record(struct ewx_record *r)
{
	if (!r)
		return;
	ewx_policy_put(r->policy);
	ewx_exe_put(r->exe);
	kfree(r->file.path);
	kfree(r);
}

static bool admit(const struct ewx_record *r)
{
	unsigned long flags;
	u32 kind = r->cause;
	bool admitted;

	if (r->summary)
		kind = KIND_SUMMARY;
	else if (r->refusal)
		kind = KIND_REFUSAL + r->refusal;
	else if (r->outcome == EWX_OUTCOME_ALLOWED)
		kind = KIND_ALLOWED + r->cause;

	spin_lock_irqsave(&rates_lock, flags);
	admitted = ewx_rate_admit(&rates[kind], jiffies);
	spin_unlock_irqrestore(&rates_lock, flags);
	return admitted;
}

static void emit(struct audit_context *context, const struct ewx_record *r)
{
	u64 suppressed;

	if (!admit(r)) {
		atomic64_inc(&left_out);
		ewx_count(SUPPRESSED);
		return;
	}
	suppressed = atomic64_xchg(&left_out, 0);
	if (ewx_audit_write(context, r, suppressed)) {
		ewx_count(RECORDED);
	} else {
		atomic64_add(suppressed + 1, &left_out);
		ewx_count(SUPPRESSED);
	}
}

void ewx_record_guard(struct ewx_loaded *p, u32 domain, bool enforcing)
{
	struct ewx_record *r = kzalloc(sizeof(*r), GFP_ATOMIC);

	if (!r) {
		atomic64_inc(&left_out);
		ewx_count(SUPPRESSED);
		return;
	}
	r->policy = ewx_policy_ref(p);
	r->guarded = true;
	r->enforcing = enforcing;
	r->outcome = enforcing ? EWX_OUTCOME_DENIED : EWX_OUTCOME_PERMISSIVE;
	r->cause = ENCLAVE_PERM_COUNT;
	r->rule = EWX_NONE;
	r->domain = domain;
	r->identity = EWX_NONE;
	r->now = ktime_get_real_seconds();
	ewx_record_process(r, current_cred());
	emit(audit_context(), r);
	free_record(r);
}

void ewx_record_enclave(const struct ewx_summary *s)
{
	struct ewx_record *r;

	if (ewx_audit_level() < EWX_LEVEL_LOG || enclave_mutant(RECORD))
		return;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r) {
		atomic64_inc(&left_out);
		ewx_count(SUPPRESSED);
		return;
	}
	r->summary = s;
	r->policy = ewx_policy_get();
	r->domain = EWX_DOMAIN_DEFAULT;
	r->identity = EWX_NONE;
	if (r->policy) {
		r->domain = ewx_subject_domain(r->policy, current,
					       current_cred());
		r->identity = ewx_enclave_class(s->e, r->policy);
	}
	r->enclave = s->e->id;
	r->provider = s->e->provider->name;
	r->pages = s->e->pages;
	r->id = s->e->identity;
	r->known = true;
	r->now = ktime_get_real_seconds();
	ewx_record_process(r, current_cred());
	emit(audit_context(), r);
	free_record(r);
}

/*
 * The same denial, of pages only: one program loads page after page and each
 * is refused alike.
 */
static bool repeats(const struct ewx_record *last, const struct ewx_record *r)
{
	return last->op == r->op && last->outcome == r->outcome &&
	       last->refusal == r->refusal && last->needed == r->needed &&
	       last->missing == r->missing && last->reason == r->reason &&
	       last->rule == r->rule && last->access == r->access &&
	       last->facts == r->facts && last->origin == r->origin &&
	       last->policy == r->policy && last->domain == r->domain &&
	       last->source == r->source && last->foreign == r->foreign &&
	       last->pid == r->pid && last->exe == r->exe &&
	       last->euid == r->euid && last->egid == r->egid &&
	       last->file.owner == r->file.owner &&
	       last->file.nopath == r->file.nopath &&
	       last->page + last->pages == r->page &&
	       !last->file.path == !r->file.path &&
	       (!r->file.path || !strcmp(last->file.path, r->file.path));
}

/* It was written once; @pages counts the repetitions since. */
static void emit_repetitions(struct ewx_record *r)
{
	if (!r || !r->pages)
		return;
	emit(NULL, r);
	r->page += r->pages;
	r->pages = 0;
}

void ewx_record_flush(struct ewx_record **slot)
{
	struct ewx_record *r = *slot;

	*slot = NULL;
	emit_repetitions(r);
	free_record(r);
}

static bool visit(struct enclave *e, void *arg)
{
	enclave_lock(e);
	emit_repetitions(ewx_enclave(e)->record);
	enclave_unlock(e);
	return true;
}

/* Nothing stays counted only for longer than this. */
#define REPETITIONS_DELAY	HZ

static void emit_late(struct work_struct *work)
{
	enclave_for_each(visit, NULL);
}

static DECLARE_DELAYED_WORK(late, emit_late);

/* Only operations that come page by page are worth counting. */
static bool page_by_page(enum enclave_op op)
{
	return op == ENCLAVE_OP_LOAD || op == ENCLAVE_OP_ADD ||
	       op == ENCLAVE_OP_FAULT;
}

/* Return: true if @r was counted and is not to be written. */
static bool count_repetition(struct ewx_record **slot, struct ewx_record *r)
{
	struct ewx_record *last = *slot;

	if (!last || !repeats(last, r))
		return false;
	last->pages += r->pages;
	last->now = r->now;
	free_record(r);
	schedule_delayed_work(&late, REPETITIONS_DELAY);
	return true;
}

void ewx_record(const struct ewx_decision *d)
{
	struct ewx_record **slot = d->e ? &ewx_enclave(d->e)->record : NULL;
	struct ewx_record *r;

	if (enclave_mutant(RECORD))
		return;
	r = capture(d);
	if (!r) {
		atomic64_inc(&left_out);
		ewx_count(SUPPRESSED);
		return;
	}
	if (slot && count_repetition(slot, r))
		return;
	if (slot)
		ewx_record_flush(slot);
	emit(audit_context(), r);
	if (!slot || !page_by_page(r->op)) {
		free_record(r);
		return;
	}
	r->page += r->pages;
	r->pages = 0;
	*slot = r;
}

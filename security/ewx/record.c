// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a decision to a record (audit.h): capture, repetitions, rate.
 *
 * Owns: what of a request is kept, and what is written when. Must not know how a
 * record is written, nor when two say the same (repeat.c).
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

static_assert(RECORD_KINDS <= EWX_RATE_KINDS);

/* What exceeds these is left out. */
static struct ewx_rates rates;
static DEFINE_SPINLOCK(rates_lock);

/*
 * Records that were left out are counted; the next one says how many there were.
 * The last of them is kept and written a while later, so that a log tells of the
 * end of a flood too. What is kept is in no count yet.
 */
#define UNTOLD_DELAY	EWX_RATE_WHILE
#define UNTOLD_TRIES	12

static atomic64_t left_out = ATOMIC64_INIT(0);
static DEFINE_SPINLOCK(untold_lock);	/* also taken with interrupts off */
static struct ewx_record *untold;	/* under untold_lock */
static unsigned int untold_tries;	/* likewise: since it was kept */

static void tell_late(struct work_struct *work);
static DECLARE_DELAYED_WORK(telling, tell_late);

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
	name = ewx_path_name(path, buf, PATH_MAX);
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
	/* Whoever takes a reference stores a 0 besides, and nobody anything else. */
	r->cred = data_race(get_cred(cred));
	r->exe = ewx_exe_get(ewx_subject_exe(cred));
	r->pid = task_tgid_nr(current);
	r->auid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	r->ses = audit_get_sessionid(current);
	r->uid = from_kuid(&init_user_ns, cred->uid);
	r->euid = from_kuid(&init_user_ns, cred->euid);
	r->egid = from_kgid(&init_user_ns, cred->egid);
	/* Not get_task_comm(): its lock is held while ptrace is judged. */
	strscpy_pad(r->comm, current->comm);
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
	struct enclave_tally tally;

	r->page = d->req->range.first;
	r->pages = d->req->range.count;
	if (bit >= ENCLAVE_PERM_COUNT || !(d->req->required & BIT(bit)))
		return;
	tally = enclave_request_tally(d->req, bit);
	if (tally.pages) {
		r->page = tally.first;
		r->pages = tally.pages;
	}
}

static void capture_request(struct ewx_record *r, const struct ewx_decision *d)
{
	const struct enclave_request *req = d->req;

	r->opener = req->opener;
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
	r->narrowed = d->narrowed;
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
	put_cred(r->cred);
	ewx_policy_put(r->policy);
	ewx_exe_put(r->exe);
	kfree(r->file.path);
	if (r->summary)
		kfree(r->summary->creator);
	kfree(r->summary);
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
	admitted = ewx_rate_admit(&rates, kind, r->uid, r->domain, jiffies);
	spin_unlock_irqrestore(&rates_lock, flags);
	return admitted;
}

void ewx_record_lost(void)
{
	atomic64_inc(&left_out);
	ewx_count(SUPPRESSED);
}

/* There is no record, or none any more: only its number is told. */
static void lose(struct ewx_record *r)
{
	ewx_record_lost();
	free_record(r);
}

static bool write_record(struct audit_context *context,
			 const struct ewx_record *r, gfp_t gfp)
{
	u64 suppressed = atomic64_xchg(&left_out, 0);

	if (ewx_audit_write(context, r, suppressed, gfp)) {
		ewx_count(RECORDED);
		return true;
	}
	atomic64_add(suppressed, &left_out);
	return false;
}

/* Keep @r, or NULL, instead of what is kept. Return: that. */
static struct ewx_record *keep(struct ewx_record *r)
{
	struct ewx_record *old;
	unsigned long flags;

	spin_lock_irqsave(&untold_lock, flags);
	old = untold;
	WRITE_ONCE(untold, r);
	untold_tries = 0;
	spin_unlock_irqrestore(&untold_lock, flags);
	return old;
}

/* Back to where it was, unless another one is kept by now. */
static bool keep_again(struct ewx_record *r)
{
	bool again = false;
	unsigned long flags;

	spin_lock_irqsave(&untold_lock, flags);
	if (!untold) {
		WRITE_ONCE(untold, r);
		again = true;
	}
	spin_unlock_irqrestore(&untold_lock, flags);
	return again;
}

static void leave_out(struct ewx_record *r)
{
	struct ewx_record *before = keep(r);

	if (before)
		lose(before);
	schedule_delayed_work(&telling, UNTOLD_DELAY);
}

/*
 * Write @r or leave it out, which takes it over. Does not sleep. Return: true if it
 * was written and is still the caller's.
 */
static bool emit(struct audit_context *context, struct ewx_record *r)
{
	if (!admit(r) || !write_record(context, r, GFP_ATOMIC)) {
		leave_out(r);
		return false;
	}
	/* Audit takes records, again perhaps. */
	if (READ_ONCE(untold))
		schedule_delayed_work(&telling, UNTOLD_DELAY);
	return true;
}

/*
 * If audit takes it not, it is tried again some times; then the next record that is
 * written or left out begins anew.
 */
static void tell_late(struct work_struct *work)
{
	struct ewx_record *r;
	unsigned int tries;

	spin_lock_irq(&untold_lock);
	r = untold;
	WRITE_ONCE(untold, NULL);
	tries = ++untold_tries;
	spin_unlock_irq(&untold_lock);

	if (!r)
		return;
	if (write_record(NULL, r, GFP_ATOMIC))
		free_record(r);
	else if (!keep_again(r))
		lose(r);
	else if (tries < UNTOLD_TRIES)
		schedule_delayed_work(&telling, UNTOLD_DELAY);
}

void ewx_record_tell(void)
{
	struct ewx_record *r = keep(NULL);

	if (!r)
		return;
	if (write_record(NULL, r, GFP_KERNEL))
		free_record(r);
	else
		lose(r);
}

void ewx_record_guard(struct ewx_loaded *p, u32 domain, bool enforcing)
{
	struct ewx_record *r = kzalloc(sizeof(*r), GFP_ATOMIC);

	if (!r) {
		lose(NULL);
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
	if (emit(audit_context(), r))
		free_record(r);
}

/* All that a summary says; the enclave and what it came from may be gone then. */
static struct ewx_summary_text *capture_summary(const struct ewx_summary *s)
{
	struct ewx_summary_text *text = kzalloc(sizeof(*text), GFP_KERNEL);

	if (!text)
		return NULL;
	if (s->creator) {
		text->creator = kstrdup(s->creator, GFP_KERNEL);
		if (!text->creator) {
			kfree(text);
			return NULL;
		}
	}
	text->unjudged = s->unjudged;
	ewx_layout_used(s->e, s->used, text->used, sizeof(text->used));
	ewx_layout_ranges(s->e, text->ranges, sizeof(text->ranges));
	ewx_layout_sources(s->policy, s->sources, text->sources,
			   sizeof(text->sources));
	return text;
}

void ewx_record_enclave(const struct ewx_summary *s)
{
	struct ewx_record *r;

	if (ewx_audit_level() < EWX_LEVEL_LOG || enclave_mutant(RECORD))
		return;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (r)
		r->summary = capture_summary(s);
	if (!r || !r->summary) {
		lose(r);
		return;
	}
	r->policy = ewx_policy_get();
	r->domain = EWX_DOMAIN_DEFAULT;
	r->identity = EWX_NONE;
	if (r->policy) {
		r->domain = ewx_subject_shown(r->policy, current_cred());
		r->identity = ewx_enclave_class(s->e, r->policy);
	}
	r->enclave = s->e->id;
	r->provider = s->e->provider->name;
	r->pages = s->e->pages;
	r->id = s->e->identity;
	r->known = true;
	r->now = ktime_get_real_seconds();
	ewx_record_process(r, current_cred());
	if (emit(audit_context(), r))
		free_record(r);
}

/*
 * It was written once; @pages counts the repetitions since. Return: the record, or
 * NULL if there is none any more.
 */
static struct ewx_record *emit_repetitions(struct ewx_record *r)
{
	if (!r || !r->pages)
		return r;
	if (!emit(NULL, r))
		return NULL;
	r->page += r->pages;
	r->pages = 0;
	return r;
}

void ewx_record_flush(struct ewx_record **slot)
{
	struct ewx_record *r = *slot;

	*slot = NULL;
	free_record(emit_repetitions(r));
}

static bool visit(struct enclave *e, void *arg)
{
	struct ewx_record **slot = &ewx_enclave(e)->record;

	enclave_lock(e);
	*slot = emit_repetitions(*slot);
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
	return ENCLAVE_OP_IS_NEW(op) || op == ENCLAVE_OP_FAULT;
}

/* Return: true if @r was counted and is not to be written. */
static bool count_repetition(struct ewx_record **slot, struct ewx_record *r)
{
	struct ewx_record *last = *slot;

	if (!last || !ewx_record_repeats(last, r))
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
		lose(NULL);
		return;
	}
	if (slot && count_repetition(slot, r))
		return;
	if (slot)
		ewx_record_flush(slot);
	if (!emit(audit_context(), r))
		return;
	if (!slot || !page_by_page(r->op)) {
		free_record(r);
		return;
	}
	r->page += r->pages;
	r->pages = 0;
	*slot = r;
}

#if IS_ENABLED(CONFIG_SECURITY_EWX_KUNIT_TEST)
void ewx_record_reset(void)
{
	unsigned long flags;

	spin_lock_irqsave(&rates_lock, flags);
	memset(&rates, 0, sizeof(rates));
	spin_unlock_irqrestore(&rates_lock, flags);
	cancel_delayed_work_sync(&telling);
	free_record(keep(NULL));
	atomic64_set(&left_out, 0);
}
#endif

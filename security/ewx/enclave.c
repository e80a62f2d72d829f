// SPDX-License-Identifier: GPL-2.0-only
/*
 * The enclave hooks and the enclave blob (enclave.h).
 *
 * Owns: what a commit changes. Must not know how a request is judged.
 */
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "audit.h"
#include "counters.h"
#include "enclave.h"
#include "judge.h"
#include "subject.h"
#include "trace.h"

struct ewx_properties ewx_identity_props(const struct enclave_identity *id)
{
	struct ewx_properties props = {
		.has_signer = id->has_signer,
		.signer = id->signer,
		.measurement = id->measurement,
		.product = id->product,
		.svn = id->svn,
		.attributes = id->attributes,
		.xfrm = id->xfrm,
	};

	return props;
}

void ewx_enclave_expect(struct enclave *e, const struct ewx_loaded *p)
{
	if (ewx_enclave(e)->identity_generation != p->generation)
		ewx_identity_expect(&p->core, e->identity.has_signer ?
						      e->identity.signer :
						      NULL);
}

u32 ewx_enclave_class(struct enclave *e, const struct ewx_loaded *p)
{
	struct ewx_enclave *blob = ewx_enclave(e);
	struct ewx_properties props;

	if (blob->identity_generation != p->generation) {
		props = ewx_identity_props(&e->identity);
		blob->identity_class = ewx_identity_class(&p->core, &props);
		blob->identity_generation = p->generation;
	}
	return blob->identity_class;
}

bool ewx_enclave_foreign(struct enclave *e, const struct ewx_loaded *p,
			 u32 domain)
{
	struct ewx_enclave *blob = ewx_enclave(e);

	if (!e->created)
		return false;
	if (blob->creator_generation != p->generation) {
		blob->creator_domain =
			blob->creator ?
				ewx_domain_find(&p->core, blob->creator) :
				EWX_NONE;
		blob->creator_generation = p->generation;
	}
	return blob->creator_domain != domain;
}

void ewx_enclave_flush(struct ewx_enclave *blob)
{
	struct ewx_last *last = &blob->last;
	struct ewx_loaded *p;

	if (!last->hits)
		return;
	p = ewx_policy_get();
	if (p && p->generation == last->generation)
		ewx_policy_hit(p, last->granted, last->rule, last->hits);
	ewx_policy_put(p);
	last->hits = 0;
}

/* Few have one. */
static inline void free_name(char **name)
{
	if (likely(!*name))
		return;
	kfree(*name);
	*name = NULL;
}

void ewx_pending_clear(struct ewx_pending *pending)
{
	free_name(&pending->creator);
	free_name(&pending->held.name);
	pending->held.perms = 0;
	pending->unjudged = false;
	pending->narrows = false;
	pending->remember = false;
	pending->from_source = false;
	pending->valid = false;
}

/* Blobs start zeroed; that is all there is to begin with. */
void ewx_enclave_free(struct enclave *e)
{
	struct ewx_enclave *blob;

	if (!e->security)
		return;
	blob = ewx_enclave(e);
	ewx_enclave_flush(blob);
	ewx_record_flush(&blob->record);
	ewx_pending_clear(&blob->pending);
	ewx_debts_free(blob->debts);
	ewx_held_clear(&blob->held);
	kfree(blob->creator);
}

static int hook_enclave_create(struct enclave *e,
			       const struct enclave_request *req)
{
	return ewx_judge(e, req);
}

static int hook_enclave_load(struct enclave *e,
			     const struct enclave_request *req)
{
	return ewx_judge(e, req);
}

static int hook_enclave_map(struct enclave *e,
			    const struct enclave_request *req)
{
	return ewx_judge(e, req);
}

static int hook_enclave_init(struct enclave *e,
			     const struct enclave_request *req)
{
	return ewx_judge(e, req);
}

static int hook_enclave_access(struct enclave *e,
			       const struct enclave_request *req)
{
	return ewx_judge(e, req);
}

static void keep_creator(struct ewx_enclave *blob)
{
	kfree(blob->creator);
	blob->creator = blob->pending.creator;
	blob->pending.creator = NULL;
	blob->creator_generation = 0;
}

u32 ewx_enclave_used(const struct ewx_enclave *blob)
{
	u32 i, used = 0;

	for (i = 0; i < blob->held.count; i++)
		used |= blob->held.grant[i].perms;
	return used;
}

/* The policy of the loads is at hand until the debts are settled. */
static void summarise(struct enclave *e, const struct ewx_enclave *blob)
{
	const struct ewx_summary s = {
		.e = e,
		.creator = blob->creator,
		.used = ewx_enclave_used(blob),
		.unjudged = blob->unjudged,
		.policy = blob->debts ? blob->debts->policy : NULL,
		.sources = &blob->sources,
	};

	trace_ewx_init(e, s.used);
	ewx_record_enclave(&s);
}

static void settle_init(struct ewx_enclave *blob)
{
	ewx_debts_free(blob->debts);
	blob->debts = NULL;
	ewx_enclave_flush(blob);
	blob->last.generation = 0;
	ewx_record_flush(&blob->record);
}

/* There is something. */
static noinline void commit_pending(struct enclave *e,
				    const struct enclave_request *req)
{
	struct ewx_enclave *blob = ewx_enclave(e);
	struct ewx_pending *pending = &blob->pending;

	if (pending->op != req->op || pending->required != req->required ||
	    pending->range.first != req->range.first ||
	    pending->range.count != req->range.count) {
		ewx_pending_clear(pending);
		return;
	}

	if (pending->unjudged && !e->initialized)
		blob->unjudged = true;
	if (pending->narrows)
		ewx_debts_commit(blob->debts);
	if (pending->remember)
		blob->last.generation = pending->generation;
	if (req->op == ENCLAVE_OP_CREATE)
		keep_creator(blob);
	if (pending->from_source)
		ewx_sources_add(&blob->sources, pending->generation,
				pending->source);
	if (pending->held.perms)
		ewx_held_add(&blob->held, &pending->held);
	if (req->op == ENCLAVE_OP_INIT) {
		blob->identity_generation = 0;
		summarise(e, blob);
		settle_init(blob);
	}
	ewx_pending_clear(pending);
}

void ewx_enclave_commit(struct enclave *e, const struct enclave_request *req)
{
	if (e && ewx_enclave(e)->pending.valid)
		commit_pending(e, req);
}

static void hook_enclave_refused(struct enclave *e,
				 const struct enclave_request *req)
{
	ewx_count(REFUSED);
	ewx_judge_refused(e, req);
}

static struct security_hook_list ewx_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(enclave_free, ewx_enclave_free),
	LSM_HOOK_INIT(enclave_create, hook_enclave_create),
	LSM_HOOK_INIT(enclave_load, hook_enclave_load),
	LSM_HOOK_INIT(enclave_map, hook_enclave_map),
	LSM_HOOK_INIT(enclave_init, hook_enclave_init),
	LSM_HOOK_INIT(enclave_access, hook_enclave_access),
	LSM_HOOK_INIT(enclave_commit, ewx_enclave_commit),
	LSM_HOOK_INIT(enclave_refused, hook_enclave_refused),
};

void __init ewx_add_enclave_hooks(void)
{
	security_add_hooks(ewx_hooks, ARRAY_SIZE(ewx_hooks), &ewx_lsmid);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an enclave was granted, by which policy (held.h).
 *
 * Owns: judging old grants by a new policy. Must not know of requests or audit.
 */
#include <kunit/static_stub.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "held.h"

/* Permissions whose rules may name a source. */
#define CLAUSE_REFUSED	0
#define CLAUSE_OPTIONAL	1
#define CLAUSE_REQUIRED	2
static const u32 of_source =
#define OF_SOURCE(NAME, name, from, ident, when) \
	(CLAUSE_##from != CLAUSE_REFUSED ? ENCLAVE_PERM_##NAME : 0) |
	ENCLAVE_PERMISSIONS(OF_SOURCE)
#undef OF_SOURCE
	0;

static struct ewx_grant_held *find(const struct ewx_held *held,
				   const struct ewx_grant_held *g)
{
	u32 i;

	for (i = 0; i < held->count; i++) {
		const struct ewx_grant_held *h = &held->grant[i];

		if (h->generation == g->generation && h->domain == g->domain &&
		    h->unjudged == g->unjudged)
			return (struct ewx_grant_held *)h;
	}
	return NULL;
}

bool ewx_held_knows(const struct ewx_held *held,
		    const struct ewx_grant_held *g)
{
	const struct ewx_grant_held *h;

	if (held->overflow)
		return true;
	h = find(held, g);
	return h && !(g->perms & ~h->perms);
}

void ewx_held_add(struct ewx_held *held, struct ewx_grant_held *g)
{
	struct ewx_grant_held *h = find(held, g);

	if (h) {
		h->perms |= g->perms;
		kfree(g->name);
	} else if (held->count < EWX_HELD_MAX) {
		held->grant[held->count++] = *g;
	} else {
		held->overflow = true;
		kfree(g->name);
	}
	g->name = NULL;
}

void ewx_held_clear(struct ewx_held *held)
{
	u32 i;

	for (i = 0; i < held->count; i++)
		kfree(held->grant[i].name);
	held->count = 0;
	held->overflow = false;
}

void ewx_held_copy(struct ewx_held_copy *copy, const struct ewx_held *held)
{
	u32 i;

	copy->held = *held;
	for (i = 0; i < held->count; i++) {
		if (!held->grant[i].name)
			continue;
		strscpy(copy->name[i], held->grant[i].name);
		copy->held.grant[i].name = copy->name[i];
	}
}

static bool granted(const struct ewx_loaded *p, struct ewx_question *q)
{
	struct ewx_verdict v;

	ewx_decide(&p->core, q, &v);
	return !v.denied;
}

/* Does any grant of the question's domain depend on the source? */
static bool asks_source(const struct ewx_loaded *p,
			const struct ewx_question *q)
{
	return ewx_domain_flags(&p->core, q->domain) &
	       (EWX_DOMAIN_HAS_SOURCE | EWX_DOMAIN_HAS_BOTH);
}

#define CLASSES_AT_ONCE	512	/* before other tasks and signals get a chance */

/* Is each permission of @perms granted for some source? */
static bool granted_somewhere(const struct ewx_loaded *p,
			      struct ewx_question *q, u32 perms)
{
	const u32 classes =
		asks_source(p, q) ? ewx_source_class_count(&p->core) : 1;
	u32 class;

	for (class = 0; perms && class < classes; class++) {
		struct ewx_verdict v;

		if (!(class % CLASSES_AT_ONCE)) {
			cond_resched();
			if (fatal_signal_pending(current))
				return false;
		}
		q->source = class;
		q->required = perms;
		ewx_decide(&p->core, q, &v);
		perms &= ~v.allowed;
	}
	return !perms;
}

static bool grant_stands(const struct ewx_grant_held *h,
			 const struct ewx_loaded *p, u32 identity, u64 now,
			 bool enforcing)
{
	struct ewx_question q = {
		.identity = identity,
		.source = EWX_CLASS_UNLISTED,
		.now = now,
	};

	if (!enforcing || (h->generation == p->generation && !h->unjudged))
		return true;
	if (!h->name)
		return false;
	q.domain = ewx_domain_find(&p->core, h->name);
	if (q.domain == EWX_NONE)
		return false;
	if (ewx_domain_permissive(&p->core, q.domain, now))
		return true;
	q.required = h->perms & ~of_source;
	if (q.required && !granted(p, &q))
		return false;
	return granted_somewhere(p, &q, h->perms & of_source);
}

bool ewx_held_outdated(const struct ewx_held *held,
		       const struct ewx_loaded *p, u32 identity, u64 now,
		       bool enforcing)
{
	u32 i;

	KUNIT_STATIC_STUB_REDIRECT(ewx_held_outdated, held, p, identity, now,
				   enforcing);

	if (held->overflow && enforcing)
		return true;
	for (i = 0; i < held->count; i++) {
		if (!grant_stands(&held->grant[i], p, identity, now, enforcing))
			return true;
	}
	return false;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the rules grant; see reference.h.
 *
 * Owns: each needed permission is allowed by some rule and denied by none; max,
 * until, what an unknown identity leaves open.
 */
#include <string.h>
#include "reference.h"

/* What is told of a permission if several rules speak of it: the greatest. */
enum told { TOLD_NO_RULE, TOLD_EXPIRED, TOLD_MAX, TOLD_GRANTED };

static const u8 told_reason[] = {
	[TOLD_NO_RULE] = EWX_REASON_NO_RULE,
	[TOLD_EXPIRED] = EWX_REASON_EXPIRED,
	[TOLD_MAX] = EWX_REASON_MAX,
	[TOLD_GRANTED] = EWX_REASON_GRANTED,
};

/**
 * struct hearing - what the rules say to one enclave.
 * @told: enum told of what allow rules say of each permission
 * @denied, @logged: by some rule
 */
struct hearing {
	u8 told[ENCLAVE_PERM_COUNT];
	u32 denied;
	u32 logged;
};

static bool concerns(const struct ref_rule *rule, const struct ref_situation *s,
		     u64 identities)
{
	if (rule->domain != REF_WIDE && rule->domain != s->domain)
		return false;
	if (rule->source != REF_WIDE && !(s->sources >> rule->source & 1))
		return false;
	return rule->identity == REF_WIDE || identities >> rule->identity & 1;
}

bool ref_rule_applies(const struct ref_rule *rule,
		      const struct ref_situation *s, u64 identities, u32 bit)
{
	return rule->perms >> bit & 1 && concerns(rule, s, identities);
}

/* An end is over when it has passed, and while the clock cannot be right. */
static bool is_over(const struct ref *r, u64 until, u64 now)
{
	return until != EWX_FOREVER && (now > until || now < r->built);
}

static enum told ask(const struct ref *r, const struct ref_rule *rule,
		     const struct ref_situation *s, u32 bit)
{
	if (is_over(r, rule->until, s->now))
		return TOLD_EXPIRED;
	if (rule->max != EWX_UNLIMITED && s->uses[bit] > rule->max)
		return TOLD_MAX;
	return TOLD_GRANTED;
}

static void hear_allow(const struct ref *r, const struct ref_rule *rule,
		       const struct ref_situation *s, u32 perms,
		       struct hearing *h)
{
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		u8 told;

		if (!(perms >> bit & 1))
			continue;
		told = (u8)ask(r, rule, s, bit);
		if (told > h->told[bit])
			h->told[bit] = told;
	}
}

static void hear(const struct ref *r, const struct ref_situation *s,
		 u64 identities, struct hearing *h)
{
	memset(h, 0, sizeof(*h));
	for (size_t i = 0; i < r->rule_count; i++) {
		const struct ref_rule *rule = &r->rules[i];
		u32 perms = rule->perms & s->required;

		if (!perms || !concerns(rule, s, identities))
			continue;
		if (rule->kind == EWX_RULE_DENY)
			h->denied |= perms;
		else if (rule->kind == EWX_RULE_LOG)
			h->logged |= perms;
		else
			hear_allow(r, rule, s, perms, h);
	}
}

static u32 granted(const struct ref_situation *s, const struct hearing *h)
{
	u32 perms = 0;

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (h->told[bit] == TOLD_GRANTED)
			perms |= 1u << bit;
	return perms & s->required & ~h->denied;
}

static void begin(const struct ewx_query *q, const struct ref_situation *s,
		  struct ref_verdict *v)
{
	memset(v, 0, sizeof(*v));
	v->required = s->required;
	v->refusal = ref_refusal(q);
}

void ref_judge(const struct ref *r, const struct ewx_query *q,
	       const struct ref_situation *s, u64 identities,
	       struct ref_verdict *v)
{
	struct hearing h;

	begin(q, s, v);
	hear(r, s, identities, &h);
	v->allowed = granted(s, &h);
	v->missing = s->required & ~v->allowed;
	v->logged = h.logged;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (s->required >> bit & 1)
			v->reason[bit] = h.denied >> bit & 1 ?
						 (u8)EWX_REASON_DENIED :
						 told_reason[h.told[bit]];
	v->result = v->missing || v->refusal ? EWX_RESULT_DENY :
					       EWX_RESULT_ALLOW;
}

/* The first of @required that no class has together with those before it. */
static u32 breaking(u32 required, const u32 *granted_to, size_t classes)
{
	u32 before = 0;

	for (; required; required &= required - 1) {
		u32 bit = required & -required;
		bool kept = false;

		before |= bit;
		for (size_t c = 0; c < classes; c++)
			kept |= (granted_to[c] & before) == before;
		if (!kept)
			return bit;
	}
	return 0;
}

/**
 * struct tally - what all classes together were told.
 * @some: permissions that one of them has
 * @denied: permissions that are denied to each of them
 */
struct tally {
	u8 told[ENCLAVE_PERM_COUNT];
	u32 some;
	u32 denied;
};

/* Nobody passes: what is missing, and why. */
static void tell_missing(const struct ref *r, const struct ref_situation *s,
			 const struct tally *t, const u32 *granted_to,
			 struct ref_verdict *v)
{
	v->missing = s->required & ~t->some;
	if (!v->missing)
		v->missing = breaking(s->required, granted_to, r->class_count);
	v->allowed = s->required & ~v->missing;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(v->missing >> bit & 1))
			continue;
		v->reason[bit] = told_reason[t->told[bit]];
		if (t->denied >> bit & 1)
			v->reason[bit] = EWX_REASON_DENIED;
		else if (t->told[bit] == TOLD_GRANTED)
			v->reason[bit] = EWX_REASON_IDENTITY;
	}
	v->result = EWX_RESULT_DENY;
}

/* What class @c is told. Return: what it is granted. */
static u32 hear_class(const struct ref *r, const struct ref_situation *s,
		      size_t c, struct tally *t, struct hearing *h)
{
	hear(r, s, r->classes[c], h);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (h->told[bit] > t->told[bit])
			t->told[bit] = h->told[bit];
	return granted(s, h);
}

void ref_defer(const struct ref *r, const struct ewx_query *q,
	       const struct ref_situation *s, const bool *alive,
	       struct ref_verdict *v)
{
	static u32 granted_to[REF_CLASSES_MAX];
	struct tally t = { .denied = ~0u };
	size_t passing = 0, count = 0;

	begin(q, s, v);
	for (size_t c = 0; c < r->class_count; c++) {
		struct hearing h;

		granted_to[c] = hear_class(r, s, c, &t, &h);
		if (alive && !alive[c]) {
			granted_to[c] = 0;
			continue;
		}
		count++;
		t.some |= granted_to[c];
		t.denied &= h.denied;
		v->passing[c] = granted_to[c] == s->required;
		passing += v->passing[c];
		if (v->passing[c])
			v->logged |= h.logged;
	}
	v->allowed = s->required;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (s->required >> bit & 1)
			v->reason[bit] = EWX_REASON_GRANTED;
	v->result = passing == count ? EWX_RESULT_ALLOW : EWX_RESULT_DEFER;
	if (!passing)
		tell_missing(r, s, &t, granted_to, v);
	if (v->refusal)
		v->result = EWX_RESULT_DENY;
}

bool ref_permissive(const struct ref *r, u32 domain, u64 now)
{
	const struct ewx_ir_name *name = &r->unit->domains[domain];

	return name->flags & EWX_DOMAIN_PERMISSIVE &&
	       !is_over(r, name->permissive_until, now);
}

bool ref_guarded(const struct ref *r, u32 domain)
{
	return r->unit->domains[domain].flags & EWX_DOMAIN_GUARDED;
}

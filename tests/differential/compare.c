// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The engine and the reference side by side; see compare.h.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <ewx/words.h>

#include "compare.h"

/** struct complaint - room for what differs. */
struct complaint {
	char *text;
	size_t size;
};

static bool differ(const struct complaint *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static bool differ(const struct complaint *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(c->text, c->size, fmt, args);
	va_end(args);
	return false;
}

static enum opened compile(struct pair *p, const struct policy_text *text,
			   char code[8])
{
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	bool good = u;
	size_t count;

	for (size_t i = 0; good && i < text->count; i++)
		good = !ewx_unit_add_text(u, text->files[i].name,
					  text->files[i].text,
					  strlen(text->files[i].text));
	good = good && !ewx_unit_compile(u, POLICY_BUILT, &p->blob, &p->size);
	code[0] = '\0';
	d = ewx_unit_diagnostics(u, &count);
	for (size_t i = 0; !good && !code[0] && i < count; i++)
		if (d[i].severity == EWX_ERROR)
			snprintf(code, 8, "%s", d[i].code);
	ewx_unit_free(u);
	return good ? OPENED : OPENED_REFUSED;
}

/* The engine's class, as bits of the reference's identities. */
static u64 members(const struct pair *p, u32 cls)
{
	const struct ewx_unit *u = p->ref->unit;
	const char *name = "";
	u64 set = 0;

	for (u32 n = 0; name; n++) {
		name = ewx_identity_class_name(&p->policy, cls, n);
		for (size_t i = 0; name && i < u->identity_count; i++)
			if (!strcmp(u->identities[i].name, name))
				set |= 1ull << i;
	}
	return set;
}

/*
 * Conditions on single bits, that together leave nothing over: the compiler does not
 * see that, and lists a class more, in which no enclave will ever be.
 */
static bool tests_bits(const struct ref *r)
{
	for (size_t i = 0; i < r->unit->identity_count; i++) {
		const struct ewx_ir_name *name = &r->unit->identities[i];

		for (size_t c = 0; c < name->condition_count; c++)
			if (name->conditions[c].kind ==
				    EWX_CONDITION_ATTRIBUTES ||
			    name->conditions[c].kind == EWX_CONDITION_XFRM)
				return true;
	}
	return false;
}

/* Both sides know of the same sets of identities. */
static bool match_classes(struct pair *p, const struct complaint *c)
{
	u32 count = ewx_identity_class_count(&p->policy), listed = 0;
	size_t real = p->ref->class_count;

	p->class_of = calloc(count + 1, sizeof(*p->class_of));
	if (!p->class_of)
		abort();
	for (u32 cls = 0; cls < count; cls++) {
		u64 set = members(p, cls);
		u32 at = 0;

		while (at < p->ref->class_count && p->ref->classes[at] != set)
			at++;
		listed += at < real;
		if (at == REF_CLASSES_MAX ||
		    (at == p->ref->class_count && !tests_bits(p->ref)))
			return differ(c, "no enclave is in the class 0x%llx",
				      (unsigned long long)set);
		if (at == p->ref->class_count)
			p->ref->classes[p->ref->class_count++] = set;
		p->class_of[cls] = at;
	}
	p->surplus = count - listed;
	return listed == real ||
	       differ(c, "%u identity classes, the reference has %zu", count,
		      real);
}

/* The compiler says why it refuses a policy: the reference sees that too. */
static bool is_refused(const struct pair *p, const char *code,
		       const struct complaint *c)
{
	if (!p->ref)
		return true; /* what it has no name for is no reading */
	if (!strcmp(code, "E0801") && !ref_never_breaks(p->ref))
		return differ(c, "refused, but never statements hold");
	if ((!strcmp(code, "E0701") || !strcmp(code, "E0702")) &&
	    ref_settled(p->ref))
		return differ(c, "refused, but of two domains one wins");
	return true;
}

enum opened pair_open(struct pair *p, const struct policy_text *text,
		      char code[8], char *why, size_t size)
{
	const struct complaint c = { why, size };
	struct ewx_fault fault;
	enum opened opened;

	memset(p, 0, sizeof(*p));
	opened = compile(p, text, code);
	p->ref = ref_open(text->files, text->count, POLICY_BUILT);
	if (opened == OPENED_REFUSED)
		return is_refused(p, code, &c) ? OPENED_REFUSED : OPENED_WRONG;
	if (!p->ref) {
		differ(&c, "it compiles, and the reference cannot read it");
		return OPENED_WRONG;
	}
	if (ref_never_breaks(p->ref)) {
		differ(&c, "it compiles, and a never statement does not hold");
		return OPENED_WRONG;
	}
	if (!ewx_policy_verify(p->blob, (u32)p->size, &p->policy, &fault)) {
		differ(&c, "the engine refuses it: %s",
		       ewx_name(EWX_NAMES_FAULT, fault.code));
		return OPENED_WRONG;
	}
	p->candidates = calloc(p->policy.set_words + 1, sizeof(u64));
	p->left = calloc(p->policy.set_words + 1, sizeof(u64));
	if (!p->candidates || !p->left)
		abort();
	return match_classes(p, &c) ? OPENED : OPENED_WRONG;
}

void pair_close(struct pair *p)
{
	if (p->ref)
		ref_close(p->ref);
	free(p->blob);
	free(p->candidates);
	free(p->left);
	free(p->class_of);
	memset(p, 0, sizeof(*p));
}

/* The rule that the engine names is one that says so. */
static bool names_a_rule(const struct pair *p, const struct ewx_reply *r,
			 const struct ref_situation *s, const u64 *sets,
			 size_t set_count, u32 bit)
{
	u32 kind = r->reason[bit] == EWX_REASON_DENIED ? EWX_RULE_DENY :
							 EWX_RULE_ALLOW;
	const char *file;
	u32 line;

	if (!ewx_rule_line(&p->policy, r->rule[bit], &file, &line))
		return r->reason[bit] == EWX_REASON_NO_RULE ||
		       r->reason[bit] == EWX_REASON_IDENTITY;
	for (size_t i = 0; i < p->ref->rule_count; i++) {
		const struct ref_rule *rule = &p->ref->rules[i];

		if (rule->line != line || strcmp(rule->file, file))
			continue;
		for (size_t n = 0; n < set_count; n++)
			if (rule->kind == kind &&
			    ref_rule_applies(rule, s, sets[n], bit))
				return true;
	}
	return false;
}

/* Permission by permission. */
static bool same_vectors(const struct pair *p, const struct ewx_reply *r,
			 const struct ref_verdict *v, const struct complaint *c)
{
	if (r->required != v->required)
		return differ(c, "required 0x%x, the reference says 0x%x",
			      r->required, v->required);
	if (r->refusal != v->refusal)
		return differ(c, "refusal %u, the reference says %u",
			      r->refusal, v->refusal);
	if (r->result != v->result)
		return differ(c, "result %u, the reference says %u", r->result,
			      v->result);
	if (r->denied != v->missing || r->allowed != v->allowed)
		return differ(c,
			      "missing 0x%x of 0x%x, the reference says 0x%x",
			      r->denied, r->allowed | r->denied, v->missing);
	if (!v->missing && r->logged != v->logged)
		return differ(c, "logged 0x%x, the reference says 0x%x",
			      r->logged, v->logged);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (v->reason[bit] && r->reason[bit] != v->reason[bit])
			return differ(
				c, "%s: reason %s, the reference says %s",
				ewx_name(EWX_NAMES_PERMISSION, bit),
				ewx_name(EWX_NAMES_REASON, r->reason[bit]),
				ewx_name(EWX_NAMES_REASON, v->reason[bit]));
	}
	(void)p;
	return true;
}

static bool same_rules(const struct pair *p, const struct ewx_reply *r,
		       const struct ref_situation *s,
		       const struct ref_verdict *v, const u64 *sets,
		       size_t count, const struct complaint *c)
{
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		const char *file = "no file";
		u32 line = 0;

		if (!v->reason[bit] || names_a_rule(p, r, s, sets, count, bit))
			continue;
		ewx_rule_line(&p->policy, r->rule[bit], &file, &line);
		return differ(c, "%s: %s by %s:%u, where no rule says so",
			      ewx_name(EWX_NAMES_PERMISSION, bit),
			      ewx_name(EWX_NAMES_REASON, r->reason[bit]), file,
			      line);
	}
	return true;
}

/* The classes that are left are those that pass. */
static bool same_candidates(const struct pair *p, const u64 *candidates,
			    const struct ref_verdict *v,
			    const struct complaint *c)
{
	for (u32 cls = 0; cls < p->ref->class_count; cls++) {
		bool left = candidates[cls / 64] >> cls % 64 & 1;

		if (left != v->passing[p->class_of[cls]])
			return differ(c,
				      "class %u is %s, the reference differs",
				      cls, left ? "left" : "gone");
	}
	return true;
}

/*
 * For others who are asked the same. Which rules and classes the engine names is not
 * the reference's to say; it agreed to them.
 */
static void expect(const struct pair *p, const struct ewx_query *q,
		   const struct ewx_reply *r, const struct ref_situation *s,
		   const struct ref_verdict *v)
{
	struct ewx_exchange_request *want = p->want;
	const char *domain = p->ref->unit->domains[s->domain].name;

	if (!want)
		return;
	memset(want, 0, sizeof(*want));
	want->query = *q;
	want->reply = *r;
	want->reply.domain = ewx_domain_find(&p->policy, domain);
	want->reply.result = v->result;
	want->reply.required = v->required;
	want->reply.refusal = v->refusal;
	want->reply.allowed = v->allowed;
	want->reply.denied = v->missing;
	want->reply.cause = v->missing ? (u32)__builtin_ctz(v->missing) :
					 ENCLAVE_PERM_COUNT;
	if (!v->missing)
		want->reply.logged = v->logged;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (v->reason[bit])
			want->reply.reason[bit] = v->reason[bit];
	want->permissive = ref_permissive(p->ref, s->domain, q->now);
	want->guarded = ref_guarded(p->ref, s->domain);
	memcpy(want->uses, s->uses, sizeof(want->uses));
	for (u32 cls = 0; cls < ewx_identity_class_count(&p->policy); cls++)
		if (v->passing[p->class_of[cls]])
			want->left[cls / 64] |= 1ull << cls % 64;
}

static void expect_nobody(const struct pair *p, const struct ewx_query *q)
{
	if (!p->want)
		return;
	memset(p->want, 0, sizeof(*p->want));
	p->want->query = *q;
	p->want->error = -ENOENT;
}

/* Of rules that are alike in a row any may be named: see ewx_policy.h. */
static bool compare_unknown(const struct pair *p, const struct ewx_query *q,
			    const struct ewx_reply *r,
			    const struct ref_situation *s,
			    const struct complaint *c)
{
	struct ref_verdict v;

	ref_defer(p->ref, q, s, NULL, &v);
	expect(p, q, r, s, &v);
	return same_vectors(p, r, &v, c) &&
	       same_candidates(p, p->candidates, &v, c) &&
	       same_rules(p, r, s, &v, p->ref->classes, p->ref->class_count, c);
}

static bool compare_known(const struct pair *p, const struct ewx_query *q,
			  const struct ewx_reply *r,
			  const struct ref_situation *s,
			  const struct complaint *c)
{
	static u64 sets[REF_CLASSES_MAX];
	size_t count = ref_identities(p->ref, q, sets);
	struct ref_verdict v;

	/* Where the request leaves open which, any of them is right. */
	for (size_t i = 0; i < count; i++) {
		ref_judge(p->ref, q, s, sets[i], &v);
		if (!same_vectors(p, r, &v, c) ||
		    !same_rules(p, r, s, &v, &sets[i], 1, c))
			continue;
		expect(p, q, r, s, &v);
		if (!ref_never_violated(p->ref, v.allowed, sets[i]))
			return true;
		differ(c, "a never statement is violated");
	}
	return false;
}

static bool same_domain(const struct pair *p, const struct ewx_query *q,
			u32 domain, const struct ewx_reply *r,
			const struct complaint *c)
{
	const char *name = ewx_domain_name(&p->policy, r->domain);
	u32 flags = ewx_domain_flags(&p->policy, r->domain);

	if (domain == REF_AMBIGUOUS)
		return differ(c, "several domains fit, and none wins");
	if (strcmp(name, p->ref->unit->domains[domain].name))
		return differ(c, "domain %s, the reference says %s", name,
			      p->ref->unit->domains[domain].name);
	if (ewx_domain_permissive(&p->policy, r->domain, q->now) !=
	    ref_permissive(p->ref, domain, q->now))
		return differ(c, "domain %s: permissive differs", name);
	if (!(flags & EWX_DOMAIN_GUARDED) != !ref_guarded(p->ref, domain))
		return differ(c, "domain %s: guarded differs", name);
	return true;
}

static void count(struct shares *s, const struct pair *p,
		  const struct ewx_query *q, const struct ewx_reply *r)
{
	s->pairs++;
	s->allowed += r->result == EWX_RESULT_ALLOW;
	s->denied += r->result == EWX_RESULT_DENY;
	s->deferred += r->result == EWX_RESULT_DEFER;
	s->refused += r->refusal != 0;
	s->logged += r->logged != 0;
	s->surplus += p->surplus != 0;
	s->permissive += ewx_domain_permissive(&p->policy, r->domain, q->now);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		s->reason[r->reason[bit]]++;
		s->allowed_with[bit] += r->result == EWX_RESULT_ALLOW &&
					r->allowed >> bit & 1;
		s->denied_for[bit] += r->result == EWX_RESULT_DENY &&
				      r->denied >> bit & 1;
		s->deferred_for[bit] += r->result == EWX_RESULT_DEFER &&
					r->required == 1u << bit;
	}
}

bool pair_compare(struct pair *p, const struct ewx_query *q,
		  struct shares *shares, char *why, size_t size)
{
	static u64 sets[REF_CLASSES_MAX];
	const struct complaint c = { why, size };
	u32 domain = ref_domain(p->ref, q);
	struct ref_situation s;
	struct ewx_reply r;
	int error = ewx_answer(&p->policy, q, p->candidates, &r);
	bool nobody = domain == REF_UNKNOWN ||
		      (q->identity_kind == EWX_IDENTITY_NAMED &&
		       !ref_identities(p->ref, q, sets));

	if (nobody != (error == -ENOENT) || (error && error != -ENOENT))
		return differ(&c, "error %d, the reference says %d", error,
			      nobody ? -ENOENT : 0);
	if (nobody) {
		if (shares)
			shares->unknown++;
		expect_nobody(p, q);
		return true;
	}
	if (!same_domain(p, q, domain, &r, &c))
		return false;
	ref_situation(p->ref, q, domain, &s);
	if (shares)
		count(shares, p, q, &r);
	return q->identity_kind == EWX_IDENTITY_UNKNOWN ?
		       compare_unknown(p, q, &r, &s, &c) :
		       compare_known(p, q, &r, &s, &c);
}

/*
 * One request more. @alive: classes of the reference that are left. A request that is
 * denied to all of them leaves them as they were.
 */
static bool narrow(struct pair *p, const struct ewx_query *q, bool *alive,
		   bool *any, const struct complaint *c)
{
	size_t bytes = p->policy.set_words * sizeof(*p->left);
	struct ewx_question question = { .now = q->now };
	u32 domain = ref_domain(p->ref, q);
	struct ref_situation s;
	struct ref_verdict ref;
	struct ewx_verdict v;
	struct ewx_reply r;

	*any = true;
	if (domain == REF_UNKNOWN ||
	    ewx_answer(&p->policy, q, p->candidates, &r))
		return true; /* compared elsewhere */
	ref_situation(p->ref, q, domain, &s);
	question.domain = r.domain;
	question.source = r.source_class;
	question.required = s.required;
	question.uses = s.uses;
	memcpy(p->candidates, p->left, bytes);
	*any = ewx_defer(&p->policy, &question, p->candidates, &v);
	ref_defer(p->ref, q, &s, alive, &ref);
	if (*any != !ref.missing || (!*any && v.denied != ref.missing))
		return differ(c, "missing 0x%x, the reference says 0x%x",
			      v.denied, ref.missing);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (ref.missing >> bit & 1 && v.reason[bit] != ref.reason[bit])
			return differ(c, "reason %u, the reference says %u",
				      v.reason[bit], ref.reason[bit]);
	if (!same_candidates(p, p->candidates, &ref, c))
		return false;
	if (*any) {
		memcpy(p->left, p->candidates, bytes);
		memcpy(alive, ref.passing, sizeof(ref.passing));
	}
	return true;
}

bool pair_narrow(struct pair *p, struct rng *rng, struct ewx_query *requests,
		 size_t count, struct shares *shares, char *why, size_t size)
{
	static bool alive[REF_CLASSES_MAX];
	const struct complaint c = { why, size };
	size_t left = 0, all = p->ref->class_count;
	bool any, good = true;

	memset(alive, true, sizeof(alive));
	memset(p->left, 0, p->policy.set_words * sizeof(*p->left));
	for (u32 cls = 0; cls < all; cls++)
		p->left[cls / 64] |= 1ull << cls % 64;
	for (size_t i = 0; i < count; i++)
		requests[i].op = ENCLAVE_OP_NONE;
	for (size_t i = 0; good && i < count; i++) {
		request_random(rng, p->ref, &requests[i]);
		requests[i].identity_kind = EWX_IDENTITY_UNKNOWN;
		good = narrow(p, &requests[i], alive, &any, &c);
		shares->emptied += !any;
	}
	for (size_t i = 0; i < all; i++)
		left += alive[i];
	shares->series++;
	shares->narrowed += left < all;
	return good;
}

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Queries: the decision that a request would meet, put together the way the
 * framework and the LSM do it. The live node and the ewx command both use it.
 *
 * Owns: from struct ewx_query to struct ewx_reply. The query is not trusted.
 * Knows no clock: @now has been filled in by the caller.
 */
#include "read.h"
#include "../../enclave/facts.h"

/* Names of the policy fit. */
static_assert(EWX_QUERY_NAME_MAX == EWX_NAME_LEN_MAX + 1, "names");

/* The attribute bits of include/linux/enclave.h. */
#define ATTRIBUTE_DEBUG 0x1u
#define ATTRIBUTE_PROVISION 0x2u

static bool ends(const char *s, u32 size)
{
	return memchr(s, 0, size);
}

static bool query_is_sound(const struct ewx_query *q)
{
	if (q->magic != EWX_QUERY_MAGIC || q->size != sizeof(*q))
		return false;
	if (!q->op || q->op >= ENCLAVE_OP_COUNT || q->access & ~ENCLAVE_RWX)
		return false;
	if (q->facts & ~ENCLAVE_FACT_ALL || q->required & ~ENCLAVE_PERM_ALL ||
	    q->flags & ~EWX_QUERY_FLAGS_ALL)
		return false;
	if (q->subject != EWX_SUBJECT_DOMAIN &&
	    q->subject != EWX_SUBJECT_PROCESS)
		return false;
	if (q->identity_kind > EWX_IDENTITY_UNLISTED)
		return false;
	return ends(q->domain, sizeof(q->domain)) &&
	       ends(q->identity, sizeof(q->identity)) &&
	       ends(q->fs, sizeof(q->fs)) && ends(q->exe, sizeof(q->exe)) &&
	       ends(q->path, sizeof(q->path)) &&
	       ends(q->cgroup, sizeof(q->cgroup)) &&
	       ends(q->context, sizeof(q->context));
}

static bool is_mapping(u32 op)
{
	return op == ENCLAVE_OP_MMAP || op == ENCLAVE_OP_MPROTECT ||
	       op == ENCLAVE_OP_FAULT;
}

/* What attributes need when an enclave is built or initialised. */
static u32 attributes_need(u32 attributes)
{
	u32 need = 0;

	if (attributes & ATTRIBUTE_DEBUG)
		need |= ENCLAVE_PERM_DEBUG;
	if (attributes & ATTRIBUTE_PROVISION)
		need |= ENCLAVE_PERM_PROVISION;
	return need;
}

/* All that the request needs: of its page, its enclave and its user. */
static u32 query_required(const struct ewx_query *q)
{
	u32 need = enclave_required((enclave_facts)q->facts, q->op, q->access,
				    q->flags & EWX_QUERY_INITIALIZED);

	if (q->required)
		return q->required;
	switch (q->op) {
	case ENCLAVE_OP_CREATE:
		need |= ENCLAVE_PERM_CREATE | attributes_need(q->attributes);
		break;
	case ENCLAVE_OP_INIT:
		need |= ENCLAVE_PERM_INIT | attributes_need(q->attributes);
		break;
	case ENCLAVE_OP_PROVISION:
		need |= ENCLAVE_PERM_PROVISION;
		break;
	case ENCLAVE_OP_VEPC:
		need |= ENCLAVE_PERM_VEPC;
		break;
	default:
		break;
	}
	if (is_mapping(q->op) && q->flags & EWX_QUERY_FOREIGN)
		need |= ENCLAVE_PERM_SHARE;
	return need;
}

/* The fixed rule that refuses the request, whatever the policy says. */
static u32 query_refusal(const struct ewx_query *q)
{
	if (q->facts & ENCLAVE_FACT_PRESENT &&
	    (is_mapping(q->op) || q->op == ENCLAVE_OP_RESTRICT) &&
	    q->access & ~q->facts & ENCLAVE_FACT_INTENT)
		return ENCLAVE_REFUSAL_INTENT;
	return ENCLAVE_REFUSAL_NONE;
}

/* Live pages per permission once the request, of one page, is granted. */
static void query_uses(const struct ewx_query *q, u64 *uses)
{
	enclave_facts f = (enclave_facts)q->facts;
	u32 added = enclave_facts_uses(f);
	u32 bit;

	if (!ENCLAVE_OP_IS_NEW(q->op))
		added = enclave_facts_uses(enclave_facts_after(
				f, q->op, q->access,
				q->flags & EWX_QUERY_INITIALIZED)) &
			~added;
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		uses[bit] = q->uses[bit] + (added >> bit & 1);
}

static bool query_in_group(const void *ctx, u32 low, u32 high)
{
	const struct ewx_query *q = ctx;

	return q->egid >= low && q->egid <= high;
}

static bool query_has_context(const void *ctx, const char *context)
{
	const struct ewx_query *q = ctx;

	return q->context[0] && !strcmp(q->context, context);
}

/* What @path leads to; NULL: no path. */
static u32 match_path(const struct ewx_policy *p, enum ewx_automaton_kind which,
		      const char *path)
{
	return ewx_match(p, which, path, path ? (u32)strlen(path) : 0);
}

/* The subject's domain, EWX_NONE if there is none of that name. */
static u32 query_domain(const struct ewx_policy *p, const struct ewx_query *q)
{
	struct ewx_properties props = {
		.euid = q->euid,
		.in_group = query_in_group,
		.has_context = query_has_context,
		.no_path = !q->exe[0] || q->flags & EWX_QUERY_NO_EXE_PATH,
		.ctx = q,
	};
	const char *exe = q->exe[0] ? q->exe : NULL;
	const char *cgroup = q->cgroup[0] ? q->cgroup : NULL;

	if (q->subject == EWX_SUBJECT_DOMAIN)
		return ewx_domain_find(p, q->domain);
	props.cgroup = ewx_walk(p, match_path(p, EWX_AUTOMATON_CGROUP, cgroup),
				&props);
	return ewx_walk(p, match_path(p, EWX_AUTOMATON_EXE, exe), &props);
}

static struct ewx_verity query_verity(const struct ewx_query *q, u32 present,
				      u32 has_digest, u32 is_signed,
				      const u8 *digest)
{
	struct ewx_verity v = {
		.present = q->flags & present,
		.has_digest = q->flags & has_digest,
		.is_signed = q->flags & is_signed,
	};

	memcpy(v.digest, digest, sizeof(v.digest));
	return v;
}

static u32 query_source(const struct ewx_policy *p, const struct ewx_query *q)
{
	const struct ewx_verity fs_verity =
		query_verity(q, EWX_QUERY_FS_VERITY, EWX_QUERY_FS_DIGEST,
			     EWX_QUERY_FS_SIGNED, q->fs_verity);
	const struct ewx_verity dm_verity =
		query_verity(q, EWX_QUERY_DM_VERITY, EWX_QUERY_DM_DIGEST, 0,
			     q->dm_verity);
	const struct ewx_properties props = {
		.owner = q->owner,
		.fs = q->fs,
		.fs_verity = &fs_verity,
		.dm_verity = &dm_verity,
		.read_only = q->flags & EWX_QUERY_READ_ONLY,
		.mapped_exec = q->flags & EWX_QUERY_MAPPED_EXEC,
		.no_path = q->flags & EWX_QUERY_NO_PATH,
		.ctx = q,
	};
	const char *path = props.no_path ? NULL : q->path;

	if (!q->path[0])
		return EWX_CLASS_UNLISTED;
	return ewx_walk(p, match_path(p, EWX_AUTOMATON_PATH, path), &props);
}

/*
 * The class of an enclave that is in identity @name and in as few others as can
 * be. EWX_NONE if no enclave can be in it.
 */
static u32 class_of_name(const struct ewx_policy *p, const char *name)
{
	u32 count = ewx_identity_class_count(p);
	u32 best = EWX_NONE;
	u32 fewest = EWX_NONE;
	u32 cls, n;

	for (cls = 0; cls < count; cls++) {
		const char *member = "";
		bool found = false;

		for (n = 0; member; n++) {
			member = ewx_identity_class_name(p, cls, n);
			if (member && !strcmp(member, name))
				found = true;
		}
		if (found && n < fewest) {
			fewest = n;
			best = cls;
		}
	}
	return best;
}

/* The class of the enclave's identity; EWX_NONE: unknown, or no such name. */
static u32 query_identity(const struct ewx_policy *p, const struct ewx_query *q)
{
	const struct ewx_properties props = {
		.has_signer = q->flags & EWX_QUERY_HAS_SIGNER,
		.signer = q->signer,
		.measurement = q->measurement,
		.product = q->product,
		.svn = q->svn,
		.attributes = q->attributes,
		.xfrm = q->xfrm,
		.ctx = q,
	};

	switch (q->identity_kind) {
	case EWX_IDENTITY_NAMED:
		return class_of_name(p, q->identity);
	case EWX_IDENTITY_RAW:
		return ewx_identity_class(p, &props);
	case EWX_IDENTITY_UNLISTED:
		return EWX_CLASS_UNLISTED;
	default:
		return EWX_NONE;
	}
}

static u64 full_word(const struct ewx_policy *p, u32 word)
{
	u32 left = ewx_identity_class_count(p) - word * 64;

	return left >= 64 ? ~0ull : (1ull << left) - 1;
}

/* Judge without the identity: allowed to all, to some, or to none. */
static u32 decide_unknown(const struct ewx_policy *p,
			  const struct ewx_question *question, u64 *candidates,
			  struct ewx_verdict *v)
{
	u32 word;

	for (word = 0; word < p->set_words; word++)
		candidates[word] = full_word(p, word);
	if (!ewx_defer(p, question, candidates, v))
		return EWX_RESULT_DENY;
	for (word = 0; word < p->set_words; word++) {
		if (candidates[word] != full_word(p, word))
			return EWX_RESULT_DEFER;
	}
	return EWX_RESULT_ALLOW;
}

static void fill_verdict(const struct ewx_verdict *v, struct ewx_reply *r)
{
	u32 bit;

	r->allowed = v->allowed;
	r->denied = v->denied;
	r->logged = v->logged;
	r->cause = ENCLAVE_PERM_COUNT;
	if (v->denied & ENCLAVE_PERM_ALL)
		r->cause = ewx_lowest_bit(v->denied);
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		r->reason[bit] = v->reason[bit];
		r->rule[bit] = v->rule[bit];
	}
}

int ewx_answer(const struct ewx_policy *p, const struct ewx_query *q,
	       u64 *candidates, struct ewx_reply *r)
{
	return ewx_answer_named(p, q, EWX_NONE, EWX_NONE, candidates, r);
}

int ewx_answer_named(const struct ewx_policy *p, const struct ewx_query *q,
		     u32 domain, u32 identity, u64 *candidates,
		     struct ewx_reply *r)
{
	u64 uses[ENCLAVE_PERM_COUNT];
	struct ewx_question question = { .now = q->now, .uses = uses };
	struct ewx_verdict v;

	memset(r, 0, sizeof(*r));
	if (!query_is_sound(q))
		return -EINVAL;
	question.domain = domain != EWX_NONE ? domain : query_domain(p, q);
	question.source = query_source(p, q);
	question.identity = identity != EWX_NONE ? identity :
						   query_identity(p, q);
	question.required = query_required(q);
	query_uses(q, uses);
	if (question.domain == EWX_NONE ||
	    (question.identity == EWX_NONE &&
	     q->identity_kind != EWX_IDENTITY_UNKNOWN))
		return -ENOENT;

	r->size = sizeof(*r);
	r->required = question.required;
	r->domain = question.domain;
	r->source_class = question.source;
	r->identity_class = question.identity;
	r->refusal = query_refusal(q);
	if (q->identity_kind == EWX_IDENTITY_UNKNOWN) {
		r->result = decide_unknown(p, &question, candidates, &v);
	} else {
		ewx_decide(p, &question, &v);
		r->result = v.denied ? EWX_RESULT_DENY : EWX_RESULT_ALLOW;
	}
	fill_verdict(&v, r);
	if (r->refusal)
		r->result = EWX_RESULT_DENY;
	return 0;
}

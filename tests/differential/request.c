// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random requests; see policy.h. Most are made for one rule: its domain, its
 * files, its enclaves, an operation that needs its permission; then some part of
 * it is drawn anew.
 */
#include <string.h>
#include "libewx/request.h"
#include "policy.h"
#include "security/ewx/test_exchange.h"

/*
 * Whatever needs these is rarely allowed as a whole: they come more often, and more
 * often by name.
 */
#define RARE                                                               \
	(ENCLAVE_PERM_LOAD_WX | ENCLAVE_PERM_MAP_WX | ENCLAVE_PERM_DEBUG | \
	 ENCLAVE_PERM_PROVISION | ENCLAVE_PERM_EXEC_DYNAMIC |              \
	 ENCLAVE_PERM_EXEC_UNMEASURED)

/* These are seldom deferred: most rules give them to all enclaves, or to none. */
#define SELDOM_OPEN                                                       \
	(ENCLAVE_PERM_EXEC_MUTABLE | ENCLAVE_PERM_EXEC_WRITTEN |          \
	 ENCLAVE_PERM_AUGMENT | ENCLAVE_PERM_CHANGE | ENCLAVE_PERM_INIT | \
	 ENCLAVE_PERM_DEBUG | ENCLAVE_PERM_DEBUG_WRITE | ENCLAVE_PERM_SHARE)
#define OPEN_PERCENT 38 /* of requests are made to be deferred */

static void pick_range(struct rng *rng, const struct ewx_ir_condition *c,
		       u32 *id)
{
	*id = c->low + rng_below(rng, c->high - c->low + 1);
}

/* Nothing of what stood there is left. */
static void set_text(char *out, const char *text)
{
	memset(out, 0, 64);
	strcpy(out, text);
}

static void random_path(struct rng *rng, char *out)
{
	static const char *const paths[] = {
		"/a", "/b",   "/x",   "/ab",	"/a/b",	  "/b/x",   "/a/x.so",
		"/",  "/lib", "/a b", "/lib64", "/x/b/a", "/a/b/x", "/a/z/b",
	};

	set_text(out, rng_pick(rng, paths));
}

/* A process of any kind. */
static void random_process(struct rng *rng, struct ewx_query *q)
{
	q->subject = EWX_SUBJECT_PROCESS;
	if (rng_percent(rng, 80))
		random_path(rng, q->exe);
	if (rng_percent(rng, 60))
		random_path(rng, q->cgroup);
	if (rng_percent(rng, 90))
		q->euid = rng_below(rng, 7);
	if (rng_percent(rng, 90))
		q->egid = rng_below(rng, 5);
	if (rng_percent(rng, 60))
		set_text(q->context, rng_pick(rng, pool_contexts));
	if (q->exe[0] && rng_percent(rng, 10))
		q->flags |= EWX_QUERY_NO_EXE_PATH;
}

static void random_file(struct rng *rng, struct ewx_query *q)
{
	if (rng_percent(rng, 90))
		random_path(rng, q->path);
	if (rng_percent(rng, 80))
		q->owner = rng_below(rng, 7);
	if (rng_percent(rng, 70))
		set_text(q->fs, rng_pick(rng, pool_filesystems));
	if (rng_percent(rng, 30))
		q->flags |= EWX_QUERY_READ_ONLY;
	if (rng_percent(rng, 30))
		q->flags |= EWX_QUERY_MAPPED_EXEC;
	if (q->path[0] && rng_percent(rng, 5))
		q->flags |= EWX_QUERY_NO_PATH;
	if (rng_percent(rng, 30)) {
		q->flags |= EWX_QUERY_FS_VERITY | EWX_QUERY_FS_DIGEST;
		pool_digest(q->fs_verity, rng_below(rng, POOL_DIGESTS));
	}
	if (rng_percent(rng, 30)) {
		q->flags |= EWX_QUERY_DM_VERITY | EWX_QUERY_DM_DIGEST;
		pool_digest(q->dm_verity, rng_below(rng, POOL_DIGESTS));
	}
}

static void random_enclave(struct rng *rng, struct ewx_query *q)
{
	q->identity_kind = EWX_IDENTITY_RAW;
	if (rng_percent(rng, 80)) {
		q->flags |= EWX_QUERY_HAS_SIGNER;
		pool_digest(q->signer, rng_below(rng, POOL_DIGESTS));
	}
	pool_digest(q->measurement, rng_below(rng, POOL_DIGESTS));
	q->product = (u16)rng_below(rng, 5);
	q->svn = (u16)rng_below(rng, 5);
	if (rng_percent(rng, 50))
		q->attributes = rng_below(rng, 8);
	if (rng_percent(rng, 50))
		q->xfrm = (u64)rng_below(rng, 8) << 31;
}

/* What a condition of an enclave asks. */
static void meet_identity(struct rng *rng, const struct ewx_ir_condition *c,
			  struct ewx_query *q)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
		q->flags |= EWX_QUERY_HAS_SIGNER;
		memcpy(q->signer, c->digest, 32);
		break;
	case EWX_CONDITION_MEASUREMENT:
		memcpy(q->measurement, c->digest, 32);
		break;
	case EWX_CONDITION_PRODUCT:
		q->product = (u16)c->low;
		break;
	case EWX_CONDITION_MIN_SVN:
		q->svn = (u16)(c->low + rng_below(rng, 2));
		break;
	case EWX_CONDITION_ATTRIBUTES:
		q->attributes = (q->attributes & ~c->low) | c->high;
		break;
	case EWX_CONDITION_XFRM:
		q->xfrm = (q->xfrm & ~c->mask) | c->value;
		break;
	default:
		break;
	}
}

/* What a condition of a process or a file asks. */
static void meet(struct rng *rng, const struct ewx_ir_condition *c,
		 const struct globs *g, struct ewx_query *q)
{
	switch (c->kind) {
	case EWX_CONDITION_EXE:
		globs_sample(g, rng, q->exe, 64);
		break;
	case EWX_CONDITION_CGROUP:
		globs_sample(g, rng, q->cgroup, 64);
		break;
	case EWX_CONDITION_PATH:
		globs_sample(g, rng, q->path, 64);
		break;
	case EWX_CONDITION_UID:
		pick_range(rng, c, &q->euid);
		break;
	case EWX_CONDITION_GID:
		pick_range(rng, c, &q->egid);
		break;
	case EWX_CONDITION_OWNER:
		pick_range(rng, c, &q->owner);
		break;
	case EWX_CONDITION_CONTEXT:
		set_text(q->context, c->text);
		break;
	case EWX_CONDITION_FS:
		set_text(q->fs, c->text);
		break;
	case EWX_CONDITION_READ_ONLY:
		q->flags |= EWX_QUERY_READ_ONLY;
		break;
	case EWX_CONDITION_MAPPED_EXEC:
		q->flags |= EWX_QUERY_MAPPED_EXEC;
		break;
	case EWX_CONDITION_FS_VERITY:
		q->flags |= EWX_QUERY_FS_VERITY;
		if (c->is_signed)
			q->flags |= EWX_QUERY_FS_SIGNED;
		else if (!c->any_digest)
			q->flags |= EWX_QUERY_FS_DIGEST;
		if (!c->is_signed && !c->any_digest)
			memcpy(q->fs_verity, c->digest, 32);
		break;
	case EWX_CONDITION_DM_VERITY:
		q->flags |= EWX_QUERY_DM_VERITY;
		if (!c->any_digest) {
			q->flags |= EWX_QUERY_DM_DIGEST;
			memcpy(q->dm_verity, c->digest, 32);
		}
		break;
	default:
		meet_identity(rng, c, q);
	}
}

/* One condition of each kind is met: the first or a later one. */
static void meet_all(struct rng *rng, const struct ref_name *name,
		     struct ewx_query *q)
{
	u32 met = 0;

	for (size_t i = 0; i < name->tree->condition_count; i++) {
		const struct ewx_ir_condition *c = &name->tree->conditions[i];

		if (met >> c->kind & 1 && rng_percent(rng, 60))
			continue;
		met |= 1u << c->kind;
		meet(rng, c, &name->globs[i], q);
	}
}

static void draw_subject(struct rng *rng, const struct ref *r, u32 domain,
			 struct ewx_query *q)
{
	if (domain == REF_WIDE)
		domain = rng_below(rng, (u32)r->unit->domain_count);
	if (rng_percent(rng, 45)) {
		q->subject = EWX_SUBJECT_DOMAIN;
		set_text(q->domain, r->unit->domains[domain].name);
		if (rng_percent(rng, 1))
			set_text(q->domain, "nosuch");
		return;
	}
	random_process(rng, q);
	if (domain != EWX_DOMAIN_DEFAULT)
		meet_all(rng, &r->domains[domain], q);
}

static void draw_identity(struct rng *rng, const struct ref *r, u32 identity,
			  struct ewx_query *q)
{
	u32 how = rng_below(rng, 100);

	if (identity == REF_WIDE && r->unit->identity_count)
		identity = rng_below(rng, (u32)r->unit->identity_count);
	if (how < 43) {
		q->identity_kind = EWX_IDENTITY_UNKNOWN;
	} else if (how < 48) {
		q->identity_kind = EWX_IDENTITY_UNLISTED;
	} else if (how < 63 && identity != REF_WIDE) {
		q->identity_kind = EWX_IDENTITY_NAMED;
		set_text(q->identity, r->unit->identities[identity].name);
	} else {
		random_enclave(rng, q);
		if (identity != REF_WIDE)
			meet_all(rng, &r->identities[identity], q);
	}
}

static void page(struct ewx_query *q, enum enclave_origin origin, u32 intent,
		 bool measured)
{
	q->facts = enclave_facts_load(origin, intent, false, measured);
}

static void load(struct ewx_query *q, enum enclave_origin origin, u32 access,
		 bool measured)
{
	q->op = ENCLAVE_OP_LOAD;
	q->access = access;
	page(q, origin, access, measured);
}

static void map(struct rng *rng, struct ewx_query *q, u32 access)
{
	static const u32 ops[] = { ENCLAVE_OP_MMAP, ENCLAVE_OP_MPROTECT,
				   ENCLAVE_OP_FAULT };

	q->op = rng_pick(rng, ops);
	q->access = access;
	q->flags |= EWX_QUERY_INITIALIZED;
}

/* Loads of code: what needs one of the permissions for its bytes. */
static void ask_load(struct ewx_query *q, u32 perm)
{
	u32 access = ENCLAVE_R | ENCLAVE_X;

	switch (perm) {
	case ENCLAVE_PERM_EXEC_MODIFIED:
		load(q, ENCLAVE_ORIGIN_MODIFIED, access, true);
		break;
	case ENCLAVE_PERM_EXEC_ANON:
		load(q, ENCLAVE_ORIGIN_ANON, access, true);
		break;
	case ENCLAVE_PERM_EXEC_UNMEASURED:
		load(q, ENCLAVE_ORIGIN_FILE, access, false);
		break;
	case ENCLAVE_PERM_LOAD_WX:
		load(q, ENCLAVE_ORIGIN_ANON, access | ENCLAVE_W, true);
		break;
	default:
		load(q, ENCLAVE_ORIGIN_FILE, access, true);
		break;
	}
	if (perm == ENCLAVE_PERM_EXEC_MUTABLE)
		q->facts |= ENCLAVE_FACT_MUTABLE;
}

static void ask_mapping(struct rng *rng, struct ewx_query *q, u32 perm)
{
	u32 all = ENCLAVE_RWX;

	page(q, ENCLAVE_ORIGIN_FILE, all, true);
	switch (perm) {
	case ENCLAVE_PERM_MAP_WX:
		map(rng, q, all);
		break;
	case ENCLAVE_PERM_EXEC_DYNAMIC:
		q->facts = enclave_facts_dynamic(all);
		map(rng, q, ENCLAVE_R | ENCLAVE_X);
		break;
	case ENCLAVE_PERM_EXEC_WRITTEN:
		q->facts |= ENCLAVE_FACT_EVER_W;
		map(rng, q, ENCLAVE_X);
		break;
	case ENCLAVE_PERM_SHARE:
		map(rng, q, ENCLAVE_R);
		q->flags |= EWX_QUERY_FOREIGN;
		break;
	case ENCLAVE_PERM_DEBUG_WRITE:
		q->op = ENCLAVE_OP_ACCESS;
		q->access = ENCLAVE_W;
		q->flags |= EWX_QUERY_INITIALIZED;
		break;
	default:
		q->op = ENCLAVE_OP_MMAP +
			rng_below(rng, ENCLAVE_OP_REMOVE - ENCLAVE_OP_MMAP + 1);
		if (q->op != ENCLAVE_OP_TYPE && q->op != ENCLAVE_OP_REMOVE)
			q->access = ENCLAVE_R;
		q->flags |= EWX_QUERY_INITIALIZED;
	}
}

/* An operation that needs @perm, with the least beside it. */
static void ask_for(struct rng *rng, struct ewx_query *q, u32 perm)
{
	bool at_init = rng_percent(rng, 50);

	switch (perm) {
	case ENCLAVE_PERM_AUGMENT:
		q->op = ENCLAVE_OP_ADD;
		q->access = ENCLAVE_R | ENCLAVE_W;
		q->facts = enclave_facts_dynamic(q->access);
		q->flags |= EWX_QUERY_INITIALIZED;
		break;
	case ENCLAVE_PERM_CREATE:
		q->op = ENCLAVE_OP_CREATE;
		break;
	case ENCLAVE_PERM_INIT:
		q->op = ENCLAVE_OP_INIT;
		break;
	case ENCLAVE_PERM_DEBUG:
		q->op = at_init ? ENCLAVE_OP_INIT : ENCLAVE_OP_CREATE;
		q->attributes |= EWX_REQUEST_ATTR_DEBUG;
		break;
	case ENCLAVE_PERM_PROVISION:
		q->op = at_init ? ENCLAVE_OP_INIT : ENCLAVE_OP_PROVISION;
		q->attributes |= EWX_REQUEST_ATTR_PROVISION;
		break;
	case ENCLAVE_PERM_VEPC:
		q->op = ENCLAVE_OP_VEPC;
		break;
	case ENCLAVE_PERM_MAP_WX:
	case ENCLAVE_PERM_EXEC_DYNAMIC:
	case ENCLAVE_PERM_EXEC_WRITTEN:
	case ENCLAVE_PERM_CHANGE:
	case ENCLAVE_PERM_DEBUG_WRITE:
	case ENCLAVE_PERM_SHARE:
		ask_mapping(rng, q, perm);
		break;
	default:
		ask_load(q, perm);
	}
}

/* Any operation on a page of any kind. */
static void ask_anything(struct rng *rng, struct ewx_query *q)
{
	q->op = 1 + rng_below(rng, ENCLAVE_OP_COUNT - 1);
	q->facts = rng_below(rng, ENCLAVE_FACT_ALL + 1);
	if (ewx_request_takes_access(q->op))
		q->access = rng_below(rng, ENCLAVE_RWX + 1);
	if (rng_percent(rng, 50))
		q->flags |= EWX_QUERY_INITIALIZED;
	if (rng_percent(rng, 20))
		q->flags |= EWX_QUERY_FOREIGN;
}

static void draw_uses(struct rng *rng, struct ewx_query *q)
{
	for (u32 n = rng_below(rng, 4); n; n--)
		q->uses[rng_below(rng, ENCLAVE_PERM_COUNT)] = rng_below(rng, 5);
}

/*
 * A rule that has @perm, of @kind if there is one, for some enclaves if @narrow; NULL:
 * there is none.
 */
static const struct ref_rule *find_rule(struct rng *rng, const struct ref *r,
					u32 perm, u32 kind, bool narrow)
{
	const struct ref_rule *found = NULL;
	u32 start, count = (u32)r->rule_count;

	if (!count)
		return NULL;
	start = rng_below(rng, count);
	for (u32 i = 0; i < count; i++) {
		const struct ref_rule *rule = &r->rules[(start + i) % count];

		if (!(rule->perms & perm) ||
		    (narrow && rule->identity == REF_WIDE))
			continue;
		found = rule;
		if (rule->kind == kind)
			break;
	}
	return found;
}

void request_random(struct rng *rng, const struct ref *r, struct ewx_query *q)
{
	static const u32 kinds[] = { EWX_RULE_ALLOW, EWX_RULE_ALLOW,
				     EWX_RULE_ALLOW, EWX_RULE_DENY };
	const struct ref_rule *rule = NULL;
	u32 perm = 1u << rng_below(rng, ENCLAVE_PERM_COUNT);
	u32 how = rng_below(rng, 100);
	bool open = rng_percent(rng, OPEN_PERCENT);

	ewx_request_init(q);
	if (rng_percent(rng, 16))
		perm = rng_bit(rng, RARE);
	if (open)
		perm = rng_bit(rng, rng_percent(rng, 44) ? SELDOM_OPEN :
							   EWX_EXCHANGE_DEFERS);
	if (open || how < 92)
		rule = find_rule(rng, r, perm,
				 open ? EWX_RULE_ALLOW : rng_pick(rng, kinds),
				 open);
	draw_subject(rng, r, rule ? rule->domain : REF_WIDE, q);
	/* Before init, for nothing else: it may depend on who the enclave will be. */
	if (open)
		q->identity_kind = EWX_IDENTITY_UNKNOWN;
	else
		draw_identity(rng, r, rule ? rule->identity : REF_WIDE, q);
	if (how < 5 && !open)
		ask_anything(rng, q);
	else
		ask_for(rng, q, perm);
	if (how >= (perm & RARE ? 30 : 65) && how < 88)
		q->required =
			perm |
			(rng_percent(rng, 30) ?
				 1u << rng_below(rng, ENCLAVE_PERM_COUNT) :
				 0);
	if (open)
		q->required = perm;
	if (q->op == ENCLAVE_OP_LOAD &&
	    enclave_facts_origin((enclave_facts)q->facts) !=
		    ENCLAVE_ORIGIN_ANON) {
		random_file(rng, q);
		if (rule && rule->source != REF_WIDE)
			meet_all(rng, &r->sources[rule->source], q);
	}
	q->now = rng_pick(rng, pool_times);
	if (open || rng_percent(rng, 50))
		q->now = pool_times[3];
	if (!open)
		draw_uses(rng, q);
}

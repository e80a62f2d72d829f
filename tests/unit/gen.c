// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random policies; see gen.h.
 */
#include "unit.h"
#include "gen.h"
#include "security/enclave/facts.h"

static const char *const patterns[] = {
	"/a",	"/b",	 "/*",	    "/a/*",  "/**",	  "/a/**",   "/{a,b}",
	"/?/x", "/[!a]", "/a/x/**", "/**/x", "/{a,b}/**", "/[ab]/?",
};

/* Every set of patterns that some path matches is met by one of these. */
static const char *const paths[] = {
	NULL,	  "/a",	    "/b",     "/c",	"/",	  "/a/x",
	"/a/y",	  "/b/x",   "/b/y",   "/c/x",	"/a/x/x", "/a/x/y",
	"/b/x/x", "/b/y/y", "/c/c/c", "/cc",	"/aa",	  "/c/y",
	"/a/yy",  "/a/y/x", "/a/y/y", "/c/c/x", "/b/yy",  "/cc/x",
	"/cc/yy", "/b/",    "/a/",    "/c/",	"/a/x/",  "/a//x",
};

static const char *const contexts[] = { NULL, "first", "second" };
static const char *const filesystems[] = { NULL, "ext4", "erofs" };

u32 gen_random(struct gen *g, u32 n)
{
	return (u32)(unit_random(&g->seed) >> 33) % n;
}

/* Mostly the next lines of a file, now and then another one. */
struct place {
	struct gen *g;
	struct ewx_loc loc;
};

static struct ewx_loc next_place(struct place *p)
{
	if (!gen_random(p->g, 20)) {
		p->loc.file = gen_random(p->g, 2);
		p->loc.line = 1 + gen_random(p->g, 100);
	}
	p->loc.line += gen_random(p->g, 3);
	if (!gen_random(p->g, 8))
		p->loc.line += gen_random(p->g, 20);
	p->loc.col = 1;
	p->loc.end_col = 2;
	return p->loc;
}

static struct ewx_ir_condition *add_condition(struct ewx_unit *u,
					      struct place *place,
					      struct ewx_ir_name *name,
					      u32 kind)
{
	struct ewx_ir_condition *c = ewx_arena_push(&u->arena, name->conditions,
						    name->condition_count);

	assert_non_null(c);
	c->kind = kind;
	c->loc = next_place(place);
	return c;
}

static void add_range(struct ewx_ir_condition *c, struct gen *g, u32 top)
{
	c->low = gen_random(g, top);
	c->high = c->low + gen_random(g, top - c->low);
}

static void fill_condition(struct gen *g, struct ewx_ir_condition *c)
{
	switch (c->kind) {
	case EWX_CONDITION_EXE:
	case EWX_CONDITION_CGROUP:
	case EWX_CONDITION_PATH:
		c->text = patterns[gen_random(g, ARRAY_LEN(patterns))];
		break;
	case EWX_CONDITION_UID:
	case EWX_CONDITION_OWNER:
		add_range(c, g, 5);
		break;
	case EWX_CONDITION_GID:
		add_range(c, g, 3);
		break;
	case EWX_CONDITION_CONTEXT:
		c->text = contexts[1 + gen_random(g, 2)];
		break;
	case EWX_CONDITION_FS:
		c->text = filesystems[1 + gen_random(g, 2)];
		break;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		c->any_digest = gen_random(g, 2);
		c->is_signed = c->kind == EWX_CONDITION_FS_VERITY &&
			       !c->any_digest && gen_random(g, 2);
		if (!c->any_digest && !c->is_signed)
			memset(c->digest, 1 + (int)gen_random(g, 2), 32);
		break;
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		memset(c->digest, 1 + (int)gen_random(g, 4), 32);
		break;
	case EWX_CONDITION_PRODUCT:
	case EWX_CONDITION_MIN_SVN:
		c->low = gen_random(g, 4);
		break;
	case EWX_CONDITION_ATTRIBUTES:
		c->low = 1 + gen_random(g, 7);
		c->high = c->low & gen_random(g, 8);
		break;
	case EWX_CONDITION_XFRM:
		c->mask = (1ull + gen_random(g, 7)) << 31;
		c->value = c->mask & (u64)gen_random(g, 8) << 31;
		break;
	default:
		break;
	}
}

static bool stands_once(u32 kind)
{
	return kind == EWX_CONDITION_READ_ONLY ||
	       kind == EWX_CONDITION_MIN_SVN ||
	       kind == EWX_CONDITION_MAPPED_EXEC;
}

/* One to three conditions, each with up to three values. */
static void fill_name(struct ewx_unit *u, struct place *place,
		      struct ewx_ir_name *name, const u32 *kinds, u32 count)
{
	u32 n = 1 + gen_random(place->g, 3);

	name->loc = next_place(place);
	for (u32 i = 0; i < n; i++) {
		u32 kind = kinds[gen_random(place->g, count)];
		u32 values = stands_once(kind) ? 1 :
						 1 + gen_random(place->g, 3);
		bool there = false;

		for (size_t j = 0; j < name->condition_count; j++)
			there |= name->conditions[j].kind == kind;
		if (there)
			continue;
		for (u32 v = 0; v < values; v++)
			fill_condition(place->g,
				       add_condition(u, place, name, kind));
	}
}

static struct ewx_ir_name *add_name(struct ewx_unit *u,
				    struct ewx_ir_name **names, size_t *count,
				    const char *prefix)
{
	struct ewx_ir_name *name;

	name = ewx_arena_push(&u->arena, *names, *count);
	assert_non_null(name);
	name->name = ewx_arena_printf(&u->arena, "%s%zu", prefix, *count);
	return name;
}

static void add_domains(struct ewx_unit *u, struct place *place)
{
	static const u32 kinds[] = {
		EWX_CONDITION_EXE, EWX_CONDITION_EXE,	 EWX_CONDITION_UID,
		EWX_CONDITION_GID, EWX_CONDITION_CGROUP, EWX_CONDITION_CONTEXT,
	};
	struct gen *g = place->g;
	u32 n = gen_random(g, g->domains + 1);

	if (gen_random(g, 2))
		u->domains[0].loc = next_place(place);
	if (!gen_random(g, 4)) {
		u->domains[0].loc = next_place(place);
		u->domains[0].flags |= EWX_DOMAIN_PERMISSIVE;
		u->domains[0].permissive_until = EWX_FOREVER;
	}
	for (u32 i = 0; i < n; i++) {
		struct ewx_ir_name *d =
			add_name(u, &u->domains, &u->domain_count, "d");

		d->permissive_until = EWX_FOREVER;
		if (!gen_random(g, 3))
			d->flags |= EWX_DOMAIN_ROOT_ANY;
		if (!gen_random(g, 5)) {
			d->flags |= EWX_DOMAIN_PERMISSIVE;
			d->permissive_until =
				(19000 + gen_random(g, 9000)) * (u64)GEN_DAY -
				1;
		}
		fill_name(u, place, d, kinds, ARRAY_LEN(kinds));
	}
}

/* Some domains over some others; a lower number wins, so there is no circle. */
static void add_overs(struct ewx_unit *u, struct place *place)
{
	u32 often = 1 + gen_random(place->g, 4);

	for (u32 i = 1; i < u->domain_count; i++) {
		for (u32 j = i + 1; j < u->domain_count; j++) {
			if (gen_random(place->g, often))
				continue;
			add_condition(u, place, &u->domains[i],
				      EWX_CONDITION_OVER)
				->low = j;
		}
	}
}

static void add_sources(struct ewx_unit *u, struct place *place)
{
	static const u32 kinds[] = {
		EWX_CONDITION_PATH,	 EWX_CONDITION_PATH,
		EWX_CONDITION_OWNER,	 EWX_CONDITION_FS,
		EWX_CONDITION_READ_ONLY, EWX_CONDITION_MAPPED_EXEC,
		EWX_CONDITION_FS_VERITY, EWX_CONDITION_DM_VERITY,
	};
	u32 n = gen_random(place->g, place->g->sources + 1);

	for (u32 i = 0; i < n; i++)
		fill_name(u, place,
			  add_name(u, &u->sources, &u->source_count, "s"),
			  kinds, ARRAY_LEN(kinds));
}

static void add_identities(struct ewx_unit *u, struct place *place)
{
	static const u32 kinds[] = {
		EWX_CONDITION_SIGNER,	  EWX_CONDITION_MEASUREMENT,
		EWX_CONDITION_PRODUCT,	  EWX_CONDITION_MIN_SVN,
		EWX_CONDITION_ATTRIBUTES, EWX_CONDITION_XFRM,
	};
	u32 n = gen_random(place->g, place->g->identities + 1);

	for (u32 i = 0; i < n; i++) {
		struct ewx_ir_name *name =
			add_name(u, &u->identities, &u->identity_count, "i");

		fill_name(u, place, name, kinds, ARRAY_LEN(kinds));
		for (size_t c = 0; c < name->condition_count; c++)
			if (name->conditions[c].kind == EWX_CONDITION_SIGNER &&
			    !gen_random(place->g, 4))
				name->flags |= EWX_NAME_PUBLIC;
	}
}

/* Which clauses permissions take. */
struct clauses {
	u32 from;
	u32 ident;
};

static const struct clauses clauses[ENCLAVE_PERM_COUNT] = {
#define CLAUSES(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##                   \
		NAME] = { ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(CLAUSES)
#undef CLAUSES
};

/* A clause for a permission: EWX_DEFER for none, EWX_ANY, or a name. */
static u32 pick_clause(struct gen *g, u32 takes, bool allow, size_t names)
{
	u32 n = gen_random(g, 4);

	if (takes == ENCLAVE_CLAUSE_REFUSED)
		return EWX_DEFER;
	if (n == 0 && (!allow || takes == ENCLAVE_CLAUSE_OPTIONAL))
		return EWX_DEFER;
	return n == 1 || !names ? EWX_ANY : gen_random(g, (u32)names);
}

static bool clause_good(u32 clause, u32 takes, bool allow)
{
	if (clause != EWX_DEFER)
		return takes != ENCLAVE_CLAUSE_REFUSED;
	return !allow || takes != ENCLAVE_CLAUSE_REQUIRED;
}

static u32 countable(void)
{
	static u32 perms;

	for (u32 f = 0; !perms && f <= ENCLAVE_FACT_ALL; f++)
		for (u32 k = 0; k <= ENCLAVE_FACT_ALL; k++)
			perms |= enclave_facts_uses((enclave_facts)k);
	return perms;
}

static void fill_rule(const struct ewx_unit *u, struct gen *g,
		      struct ewx_ir_rule *r)
{
	static const u32 kinds[] = { EWX_RULE_ALLOW, EWX_RULE_ALLOW,
				     EWX_RULE_ALLOW, EWX_RULE_DENY,
				     EWX_RULE_LOG };
	u32 bit = gen_random(g, ENCLAVE_PERM_COUNT);
	bool allow;

	r->kind = kinds[gen_random(g, ARRAY_LEN(kinds))];
	allow = r->kind == EWX_RULE_ALLOW;
	r->source = pick_clause(g, clauses[bit].from, allow, u->source_count);
	r->identity =
		pick_clause(g, clauses[bit].ident, allow, u->identity_count);
	r->perms = 1u << bit;
	for (int i = 0; i < 6; i++) {
		bit = gen_random(g, ENCLAVE_PERM_COUNT);
		if (clause_good(r->source, clauses[bit].from, allow) &&
		    clause_good(r->identity, clauses[bit].ident, allow))
			r->perms |= 1u << bit;
	}
	r->max = EWX_UNLIMITED;
	r->until = EWX_FOREVER;
	if (!allow)
		return;
	if (!(r->perms & ~countable()) && gen_random(g, 2))
		r->max = 1 + gen_random(g, 4);
	if (!gen_random(g, 3))
		r->until = (GEN_BUILT / GEN_DAY + 1 + gen_random(g, 4)) *
				   (u64)GEN_DAY -
			   1;
}

static void add_rules(struct ewx_unit *u, struct place *place)
{
	struct gen *g = place->g;
	u32 n = gen_random(g, g->rules + 1);

	for (u32 i = 0; i < n; i++) {
		struct ewx_ir_rule *r =
			ewx_arena_push(&u->arena, u->rules, u->rule_count);
		u32 domain = gen_random(g, (u32)u->domain_count + 1);

		assert_non_null(r);
		fill_rule(u, g, r);
		r->domain = domain ? domain - 1 : EWX_ANY;
		r->loc = next_place(place);
		if (r->domain == EWX_DOMAIN_DEFAULT && !u->domains[0].loc.line)
			u->domains[0].loc = next_place(place);
	}
}

static void add_file(struct ewx_unit *u, const char *name)
{
	struct ewx_file *file =
		ewx_arena_push(&u->arena, u->files, u->file_count);

	assert_non_null(file);
	file->name = name;
}

struct ewx_unit *gen_unit(struct gen *g)
{
	struct place place = { .g = g, .loc = { .line = 1 } };
	struct ewx_unit *u = ewx_unit_new();

	assert_non_null(u);
	add_file(u, "policy.ewx");
	add_file(u, "dropin \"x\\y\".ewx");
	u->name = "random";
	u->version = 1 + gen_random(g, 1000);
	add_sources(u, &place);
	add_identities(u, &place);
	add_domains(u, &place);
	add_overs(u, &place);
	add_rules(u, &place);
	u->checked = true;
	return u;
}

void gen_drop_domains(struct ewx_unit *u)
{
	u->domain_count = 1;
	for (size_t i = 0; i < u->rule_count; i++)
		if (u->rules[i].domain != EWX_ANY)
			u->rules[i].domain = 0;
	if (!u->domains[0].loc.line)
		u->domains[0].loc = (struct ewx_loc){ .line = 1, .col = 1 };
}

/* path, trust, uid, groups, context, cgroup */
static const u32 sides[] = { ARRAY_LEN(paths), 2, 6, 8, 3, 8 };

u32 gen_process_count(void)
{
	u32 count = 1;

	for (size_t i = 0; i < ARRAY_LEN(sides); i++)
		count *= sides[i];
	return count;
}

void gen_process(u32 n, struct process *process)
{
	u32 at[ARRAY_LEN(sides)];

	for (size_t i = 0; i < ARRAY_LEN(sides); i++) {
		at[i] = n % sides[i];
		n /= sides[i];
	}
	process->path = paths[at[0]];
	process->no_path = at[1];
	process->uid = at[2];
	process->gids = at[3];
	process->context = contexts[at[4]];
	process->cgroup = paths[at[5]];
}

void gen_file(struct gen *g, struct source_file *file)
{
	file->path = paths[gen_random(g, ARRAY_LEN(paths))];
	file->owner = gen_random(g, 7);
	file->fs = filesystems[gen_random(g, 3)];
	file->read_only = gen_random(g, 2);
	file->mapped_exec = gen_random(g, 2);
	file->fs_verity = (u8)gen_random(g, 4);
	file->fs_signed = gen_random(g, 2);
	file->dm_verity = (u8)gen_random(g, 4);
}

void gen_enclave(struct gen *g, struct enclave *enclave)
{
	enclave->signer = (u8)gen_random(g, 6);
	enclave->measurement = (u8)gen_random(g, 6);
	enclave->product = gen_random(g, 5);
	enclave->svn = gen_random(g, 5);
	enclave->attributes = gen_random(g, 8);
	enclave->xfrm = (u64)gen_random(g, 8) << 31;
}

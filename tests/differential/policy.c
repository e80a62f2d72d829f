// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random policies; see policy.h.
 */
#include <stdlib.h>
#include <string.h>
#include "draft.h"

static const char *const pool_dates[] = { "2025-12-31", "2026-01-01",
					  "2026-05-28", "2030-02-01" };

/* Those that pages can be counted for. */
#define COUNTED                                                \
	(ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MODIFIED | \
	 ENCLAVE_PERM_EXEC_ANON | ENCLAVE_PERM_EXEC_MUTABLE |  \
	 ENCLAVE_PERM_EXEC_UNMEASURED | ENCLAVE_PERM_LOAD_WX | \
	 ENCLAVE_PERM_MAP_WX | ENCLAVE_PERM_EXEC_DYNAMIC |     \
	 ENCLAVE_PERM_EXEC_WRITTEN | ENCLAVE_PERM_AUGMENT |    \
	 ENCLAVE_PERM_DEBUG_WRITE)

/* Which clauses a permission takes. */
static const struct {
	const char *name;
	u32 from, ident;
} perms[] = {
#define PERM(NAME, name, from, ident, when) \
	{ #name, ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(PERM)
#undef PERM
};

static FILE *open_text(char **text, size_t *size)
{
	FILE *f = open_memstream(text, size);

	if (!f)
		abort();
	return f;
}

static FILE *open_statement(struct draft *d, size_t *size)
{
	if (d->count == STATEMENTS_MAX)
		abort();
	return open_text(&d->statements[d->count++], size);
}

static void draw_names(struct draft *d)
{
	size_t size;
	FILE *f;

	for (u32 i = 0; i < d->sources; i++) {
		f = open_statement(d, &size);
		fprintf(f, "source s%u {\n", i);
		put_conditions(d, f,
			       draw_kinds(d, SOURCE_KINDS) |
				       (rng_percent(d->rng, 50) ? KIND(PATH) :
								  0));
		fputs("}\n", f);
		fclose(f);
	}
	for (u32 i = 0; i < d->identities; i++) {
		f = open_statement(d, &size);
		fprintf(f, "identity i%u {\n", i);
		put_conditions(d, f, draw_kinds(d, IDENTITY_KINDS));
		fputs("}\n", f);
		fclose(f);
	}
}

static void put_permissive(struct draft *d, FILE *f)
{
	if (rng_percent(d->rng, 50))
		fprintf(f, "\tpermissive until %s;\n",
			rng_pick(d->rng, pool_dates));
	else
		fputs("\tpermissive;\n", f);
}

static void draw_domains(struct draft *d)
{
	FILE *f;

	for (u32 i = 0; i <= d->domains; i++) {
		f = open_text(&d->body[i], &d->body_size[i]);
		if (i) {
			put_conditions(d, f,
				       draw_kinds(d, DOMAIN_KINDS) |
					       (rng_percent(d->rng, 50) ?
							KIND(EXE) :
							0));
			if (rng_percent(d->rng, 25))
				fputs("\troot any;\n", f);
			if (rng_percent(d->rng, 20))
				fputs("\tguarded;\n", f);
		}
		if (rng_percent(d->rng, 20))
			put_permissive(d, f);
		fclose(f);
		d->rules[i] = open_text(&d->rule_text[i], &d->rule_size[i]);
	}
}

/* The permissions that a rule of @kind with these clauses can have. */
static u32 possible(u32 kind, bool from, bool ident)
{
	u32 set = 0;

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		bool good = from ? perms[bit].from != ENCLAVE_CLAUSE_REFUSED :
				   kind != EWX_RULE_ALLOW ||
					    perms[bit].from !=
						    ENCLAVE_CLAUSE_REQUIRED;

		good = good &&
		       (ident ? perms[bit].ident != ENCLAVE_CLAUSE_REFUSED :
				kind != EWX_RULE_ALLOW ||
					perms[bit].ident !=
						ENCLAVE_CLAUSE_REQUIRED);
		if (good)
			set |= 1u << bit;
	}
	return set;
}

static void put_perms(FILE *f, u32 set)
{
	const char *comma = "";

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(set >> bit & 1))
			continue;
		fprintf(f, "%s%s", comma, perms[bit].name);
		comma = ", ";
	}
}

/* The permissions themselves, or a set of them that is declared for it. */
static void put_words(struct draft *d, FILE *f, u32 set)
{
	size_t size;
	FILE *decl;

	if (d->sets >= 4 || !rng_percent(d->rng, 20)) {
		put_perms(f, set);
		return;
	}
	decl = open_statement(d, &size);
	fprintf(decl, "set p%u = ", d->sets);
	put_perms(decl, set);
	fputs(";\n", decl);
	fclose(decl);
	fprintf(f, "p%u", d->sets++);
}

/* "any", or the name of one of @count; its number to @which, 63 for any. */
static void put_name(struct draft *d, FILE *f, char prefix, u32 count,
		     u32 *which)
{
	*which = 63;
	if (!count || rng_percent(d->rng, 28)) {
		fputs("any", f);
		return;
	}
	*which = rng_below(d->rng, count);
	fprintf(f, "%c%u", prefix, *which);
}

static void put_limits(struct draft *d, FILE *f, bool counted)
{
	static const char *const limits[] = { "1 pages", "2 pages",
					      "8192 bytes", "12K",
					      "0x4 pages" };

	if (counted)
		fprintf(f, " max %s", rng_pick(d->rng, limits));
	if (rng_percent(d->rng, 20))
		fprintf(f, " until %s", rng_pick(d->rng, pool_dates));
}

static void draw_rule(struct draft *d)
{
	static const u32 kinds[] = { EWX_RULE_ALLOW, EWX_RULE_ALLOW,
				     EWX_RULE_ALLOW, EWX_RULE_ALLOW,
				     EWX_RULE_ALLOW, EWX_RULE_ALLOW,
				     EWX_RULE_DENY,  EWX_RULE_LOG };
	static const char *const words[] = { [EWX_RULE_ALLOW] = "allow",
					     [EWX_RULE_DENY] = "deny",
					     [EWX_RULE_LOG] = "log" };
	u32 kind = rng_pick(d->rng, kinds), unused, ident = 63, set, n, chosen;
	bool from = rng_percent(d->rng, 35), has_for = rng_percent(d->rng, 65);
	bool inside = rng_percent(d->rng, 75), block = false, counted;
	u32 domain = rng_below(d->rng, d->domains + 1);
	size_t size;
	FILE *f;

	set = possible(kind, from, has_for);
	counted = kind == EWX_RULE_ALLOW && set & COUNTED &&
		  rng_percent(d->rng, 25);
	if (counted)
		set &= COUNTED;
	for (chosen = 0, n = 1 + rng_below(d->rng, 3); n; n--)
		chosen |= rng_bit(d->rng, set);
	f = inside ? d->rules[domain] : open_statement(d, &size);
	if (has_for && rng_percent(d->rng, 40)) {
		block = true;
		fputs("for ", f);
		put_name(d, f, 'i', d->identities, &ident);
		fputs(" {\n", f);
	}
	fprintf(f, "\t%s ", words[kind]);
	put_words(d, f, chosen);
	if (from) {
		fputs(" from ", f);
		put_name(d, f, 's', d->sources, &unused);
	}
	if (has_for && !block) {
		fputs(" for ", f);
		put_name(d, f, 'i', d->identities, &ident);
	}
	if (kind == EWX_RULE_ALLOW)
		put_limits(d, f, counted);
	fputs(block ? ";\n}\n" : ";\n", f);
	if (!inside)
		fclose(f);
	for (u32 bit = 0; kind == EWX_RULE_ALLOW && bit < ENCLAVE_PERM_COUNT;
	     bit++)
		if (chosen >> bit & 1)
			d->granted[bit] |= 1ull << ident;
}

/*
 * Promises, nearly all of which hold: of what no rule grants, or but for whom rules
 * grant it.
 */
static void draw_never(struct draft *d)
{
	u32 bit = rng_below(d->rng, ENCLAVE_PERM_COUNT);
	u64 to = d->granted[bit];
	const char *comma = " but for ";
	size_t size;
	FILE *f;

	if (to >> 63 && !rng_percent(d->rng, 4))
		return;
	f = open_statement(d, &size);
	fprintf(f, "never %s", perms[bit].name);
	for (u32 i = 0; i < d->identities; i++) {
		if (!(to >> i & 1))
			continue;
		fprintf(f, "%si%u", comma, i);
		comma = ", ";
	}
	fputs(";\n", f);
	fclose(f);
}

/* The domains with their conditions alone, to learn which are part of which. */
static struct ref *read_domains(const struct draft *d)
{
	struct ref_text file = { .name = "domains" };
	char *text = NULL;
	struct ref *r;
	size_t size;
	FILE *f = open_text(&text, &size);

	fputs("language 1;\n", f);
	for (u32 i = 1; i <= d->domains; i++)
		fprintf(f, "domain d%u {\n%s}\n", i, d->body[i]);
	fclose(f);
	file.text = text;
	r = ref_open(&file, 1, POLICY_BUILT);
	if (!r)
		abort();
	free(text);
	return r;
}

static bool narrower(struct ref *r, u32 a, u32 b)
{
	return ref_within(r, a, b) && !ref_within(r, b, a);
}

/* Narrower ones first, else as it comes. */
static void order_domains(struct draft *d, struct ref *r)
{
	u32 left = ((1u << d->domains) - 1) << 1, pick, n = 0;

	while (left) {
		bool good = true;

		pick = (u32)__builtin_ctz(rng_bit(d->rng, left));
		for (u32 i = 1; i <= d->domains; i++)
			good &= !(left >> i & 1) || !narrower(r, i, pick);
		if (!good)
			continue;
		d->order[n++] = pick;
		left &= ~(1u << pick);
	}
}

/* What makes one of two domains win, nearly wherever that is needed. */
static void draw_overs(struct draft *d)
{
	struct ref *r = read_domains(d);
	size_t size;
	FILE *f;

	order_domains(d, r);
	for (u32 i = 0; i < d->domains; i++) {
		for (u32 j = i + 1; j < d->domains; j++) {
			u32 a = d->order[i], b = d->order[j];

			if (!rng_percent(d->rng, narrower(r, a, b) ? 10 : 98))
				continue;
			f = open_statement(d, &size);
			fprintf(f, "domain d%u over d%u;\n", a, b);
			fclose(f);
		}
	}
	ref_close(r);
}

static void finish_domains(struct draft *d)
{
	size_t size;
	FILE *f;

	for (u32 i = 0; i <= d->domains; i++) {
		fclose(d->rules[i]);
		f = open_statement(d, &size);
		if (i)
			fprintf(f, "domain d%u {\n%s%s}\n", i, d->body[i],
				d->rule_text[i]);
		else if (d->body[i][0] || d->rule_text[i][0])
			fprintf(f, "domain default {\n%s%s}\n", d->body[i],
				d->rule_text[i]);
		fclose(f);
		free(d->body[i]);
		free(d->rule_text[i]);
	}
}

/* All statements, in any order, to one file or to two. */
static void write_files(struct draft *d, struct policy_text *p)
{
	static const char *const names[] = { "main.ewx", "dropin.ewx" };
	FILE *f[POLICY_FILES];
	size_t size[POLICY_FILES];

	p->count = 1 + rng_percent(d->rng, 30);
	for (size_t i = 0; i < p->count; i++) {
		p->files[i].name = names[i];
		f[i] = open_text((char **)&p->files[i].text, &size[i]);
		fputs("language 1;\n", f[i]);
	}
	fprintf(f[0], "policy random version %u;\n", rng_below(d->rng, 1000));
	while (d->count) {
		u32 i = rng_below(d->rng, (u32)d->count);

		fputs(d->statements[i], f[rng_below(d->rng, (u32)p->count)]);
		free(d->statements[i]);
		d->statements[i] = d->statements[--d->count];
	}
	for (size_t i = 0; i < p->count; i++)
		fclose(f[i]);
}

void policy_random(struct rng *rng, struct policy_text *p)
{
	struct draft d = {
		.rng = rng,
		.domains = rng_below(rng, DOMAINS_MAX),
		.sources = rng_below(rng, 5),
		.identities = rng_below(rng, 7),
	};
	u32 rules = 6 + rng_below(rng, 25);

	draw_names(&d);
	draw_domains(&d);
	while (rules--)
		draw_rule(&d);
	if (rng_percent(rng, 40))
		draw_never(&d);
	draw_overs(&d);
	finish_domains(&d);
	write_files(&d, p);
}

void policy_free(struct policy_text *p)
{
	for (size_t i = 0; i < p->count; i++)
		free((char *)p->files[i].text);
	p->count = 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: from needs to few rules, and these as text: permissions that have domain,
 * source and identity in common stand in one rule.
 *
 * Owns: which needs one rule is for. Must not know how records are read, nor which
 * files a source holds.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "learn.h"

/*
 * The identity of an enclave: a signer and product from the lowest version on that
 * this domain was seen with; of others, the one measurement.
 */
static int put_whose(char *key, size_t size, const struct learn_need *n,
		     const struct learn_enclave *e)
{
	return snprintf(key, size, "%p.%p.%lld.%p.%lld",
			(const void *)n->domain, (const void *)n->exe,
			(long long)n->euid,
			(const void *)(e->signer ? e->signer : e->measurement),
			e->signer ? (long long)e->product : -1LL);
}

/** struct versions - the lowest version for each domain, signer and product. */
struct versions {
	__s64 *svn;
	size_t count;
	json_t *index;
	json_t *by_identity;
};

static const struct learn_enclave *unnamed(const struct learn *l,
					   const struct learn_need *n)
{
	const struct learn_enclave *e =
		n->enclave == LEARN_NONE ? NULL : &l->enclave[n->enclave];

	return e && !e->named && e->measurement ? e : NULL;
}

static void note_version(struct learn *l, struct versions *v,
			 const struct learn_need *n)
{
	const struct learn_enclave *e = unnamed(l, n);
	char key[LEARN_KEY_MAX];
	__s64 *svn;
	size_t i;

	if (!e)
		return;
	put_whose(key, sizeof(key), n, e);
	i = index_get(v->index, key);
	if (i != INDEX_NONE) {
		v->svn[i] = e->svn < v->svn[i] ? e->svn : v->svn[i];
		return;
	}
	svn = learn_push(l, &v->svn, &v->count, sizeof(*svn));
	if (!svn)
		return;
	*svn = e->svn;
	learn_keep(l, &v->index, key, v->count - 1);
}

static size_t identity_of(struct learn *l, struct versions *v,
			  const struct learn_need *n,
			  const struct learn_enclave *e)
{
	struct learn_identity *id;
	char key[LEARN_KEY_MAX];
	__s64 svn;
	size_t i;

	put_whose(key, sizeof(key), n, e);
	i = index_get(v->index, key);
	if (i == INDEX_NONE)
		return LEARN_NONE;
	svn = e->signer ? v->svn[i] : 0;
	i = learn_find(v->by_identity, key, sizeof(key), "%p.%lld.%lld",
		       (const void *)(e->signer ? e->signer : e->measurement),
		       e->signer ? (long long)e->product : -1LL,
		       (long long)svn);
	if (i != INDEX_NONE)
		return i;
	id = learn_push(l, &l->identity, &l->identity_count, sizeof(*id));
	if (!id)
		return LEARN_NONE;
	*id = (struct learn_identity){ e->signer, e->measurement, e->product,
				       svn, false };
	learn_keep(l, &v->by_identity, key, l->identity_count - 1);
	return l->identity_count - 1;
}

/* The rule that a need asks for, but for its files. */
static struct learn_rule rule_for(struct learn *l, struct versions *v,
				  const struct learn_need *n)
{
	const struct learn_enclave *e = unnamed(l, n);
	bool wants_identity = learn_clauses[n->bit].ident !=
			      ENCLAVE_CLAUSE_REFUSED;
	struct learn_rule r = {
		.need = n,
		.bits = 1U << n->bit,
		.identity = LEARN_NONE,
		.source = LEARN_NONE,
		.needs = (size_t)(n - l->need),
		.group = LEARN_NONE,
	};

	if (n->enclave != LEARN_NONE)
		r.identity_named = l->enclave[n->enclave].named;
	if (e)
		r.identity = identity_of(l, v, n, e);
	if (n->why_not)
		r.why = strdup(n->why_not);
	else if (wants_identity && !r.identity_named &&
		 r.identity == LEARN_NONE)
		r.why = strdup("who the enclave is was not seen");
	r.out = r.why != NULL;
	return r;
}

/* Strings are interned: a pointer stands for each. One that is out stays alone. */
static void rule_key(char *key, size_t size, const struct learn_rule *r)
{
	const struct learn_need *n = r->need;

	snprintf(key, size, "%p.%p.%lld.%p.%zu.%p.%zu.%x.%.100s",
		 (const void *)n->domain, (const void *)n->exe,
		 (long long)n->euid, (const void *)n->named, r->source,
		 (const void *)r->identity_named, r->identity,
		 r->out ? r->bits : 0, r->out && r->why ? r->why : "");
}

/* Rules that are one from now on. */
static void join(struct learn *l, struct learn_rule *r,
		 const struct learn_rule *more)
{
	size_t last = more->needs;

	r->bits |= more->bits;
	while (l->need[last].next != LEARN_NONE)
		last = l->need[last].next;
	l->need[last].next = r->needs;
	r->needs = more->needs;
	free(more->why);
}

/* Rules that are like one before them go into it. */
static void merge_rules(struct learn *l, const struct learn_rule *all,
			size_t count)
{
	json_t *index = NULL;

	for (size_t i = 0; i < count; i++) {
		char key[512];
		struct learn_rule *r;
		size_t at;

		rule_key(key, sizeof(key), &all[i]);
		at = index_get(index, key);
		if (at != INDEX_NONE) {
			join(l, &l->rule[at], &all[i]);
			continue;
		}
		r = learn_push(l, &l->rule, &l->rule_count, sizeof(*r));
		if (!r) {
			free(all[i].why);
			continue;
		}
		*r = all[i];
		learn_keep(l, &index, key, l->rule_count - 1);
	}
	json_decref(index);
}

/* A file that one domain loads into one enclave, with all that it needs. */
static size_t use_of(struct learn *l, const struct learn_rule *r,
		     struct learn_use **use, size_t *count, json_t **index)
{
	const struct learn_need *n = r->need;
	char key[LEARN_KEY_MAX];
	struct learn_use *u;
	size_t i;

	i = learn_find(*index, key, sizeof(key), "%p.%p.%lld.%p.%lld.%p.%zu",
		       (const void *)n->domain, (const void *)n->exe,
		       (long long)n->euid, (const void *)n->path,
		       (long long)n->owner, (const void *)r->identity_named,
		       r->identity);
	if (i != INDEX_NONE) {
		(*use)[i].rule.bits |= r->bits;
		return i;
	}
	u = learn_push(l, use, count, sizeof(*u));
	if (!u)
		return LEARN_NONE;
	*u = (struct learn_use){ *r, n->path, n->owner, LEARN_NONE };
	learn_keep(l, index, key, *count - 1);
	return *count - 1;
}

/* Say of each rule which source it is from. @of: its place among the uses */
static void find_sources(struct learn *l, struct learn_rule *all, size_t *of)
{
	struct learn_use *use = NULL;
	json_t *index = NULL;
	size_t count = 0;

	for (size_t i = 0; i < l->need_count; i++)
		of[i] = all[i].out || !all[i].need->path ?
				LEARN_NONE :
				use_of(l, &all[i], &use, &count, &index);
	learn_sources(l, use, count);
	for (size_t i = 0; i < l->need_count && !l->failed; i++)
		if (of[i] != LEARN_NONE)
			all[i].source = l->source[use[of[i]].source].same;
	json_decref(index);
	free(use);
}

void learn_merge(struct learn *l)
{
	struct learn_rule *all = calloc(l->need_count + 1, sizeof(*all));
	size_t *of = calloc(l->need_count + 1, sizeof(*of));
	struct versions v = { 0 };

	if (!all || !of) {
		l->failed = true;
	} else {
		for (size_t i = 0; i < l->need_count; i++)
			note_version(l, &v, &l->need[i]);
		for (size_t i = 0; i < l->need_count; i++)
			all[i] = rule_for(l, &v, &l->need[i]);
		find_sources(l, all, of);
		merge_rules(l, all, l->need_count);
		learn_sum(l);
	}
	json_decref(v.index);
	json_decref(v.by_identity);
	free(v.svn);
	free(all);
	free(of);
}

void learn_join(struct learn *l)
{
	json_t *index = NULL;
	size_t kept = 0;
	char key[512];

	for (size_t i = 0; i < l->rule_count; i++) {
		size_t j;

		rule_key(key, sizeof(key), &l->rule[i]);
		j = index_get(index, key);
		if (j != INDEX_NONE) {
			join(l, &l->rule[j], &l->rule[i]);
			continue;
		}
		learn_keep(l, &index, key, kept);
		l->rule[kept++] = l->rule[i];
	}
	l->rule_count = kept;
	json_decref(index);
	learn_sum(l);
}

static void print_time(FILE *out, __u64 seconds)
{
	time_t when = (time_t)seconds;
	char buf[32];
	struct tm tm;

	if (gmtime_r(&when, &tm) &&
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S", &tm))
		fputs(buf, out);
}

static void print_evidence(FILE *out, const struct learn_rule *r)
{
	fprintf(out, "# Seen %zu time%s", r->records,
		r->records == 1 ? "" : "s");
	if (r->pages > r->records)
		fprintf(out, " (%llu pages)", (unsigned long long)r->pages);
	fputs(", ", out);
	print_time(out, r->first);
	if (r->last != r->first) {
		fputs(" to ", out);
		print_time(out, r->last);
	}
	fputs(" UTC, by ", out);
	ewx_print_safe(out, *r->example ? r->example : "?", 0);
	fputs(".\n", out);
}

void learn_print_rule(FILE *out, const struct learn_rule *r, const char *indent,
		      const char *prefix)
{
	const char *separator = " ";

	fputs(indent, out);
	print_evidence(out, r);
	if (r->bits & ENCLAVE_PERM_EXEC_UNMEASURED && !r->need->named &&
	    r->source == LEARN_NONE)
		fprintf(out,
			"%s# The bytes were of no file, so that no source is named: it is for any.\n",
			indent);
	fprintf(out, "%sallow", indent);
	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(r->bits & 1U << bit))
			continue;
		fprintf(out, "%s%s", separator,
			ewx_name(EWX_NAMES_PERMISSION, bit));
		separator = ", ";
	}
	if (r->need->named)
		fprintf(out, " from %s", r->need->named);
	else if (r->source != LEARN_NONE)
		fprintf(out, " from %sfiles_%zu", prefix, r->source + 1);
	if (r->identity_named)
		fprintf(out, " for %s", r->identity_named);
	else if (r->identity != LEARN_NONE)
		fprintf(out, " for %senclave_%zu", prefix, r->identity + 1);
	fputs(";\n", out);
}

void learn_print_why(FILE *out, const struct learn_rule *r)
{
	ewx_name_vector(out, r->bits);
	fputs(" in ", out);
	ewx_print_safe(out, r->need->domain, 0);
	if (r->need->exe) {
		fputs(", by ", out);
		ewx_print_safe(out, r->need->exe, 0);
	}
	fprintf(out, ", seen %zu time%s: ", r->records,
		r->records == 1 ? "" : "s");
	ewx_print_safe(out, r->why ? r->why : "out of memory", 0);
	fputc('\n', out);
}

static void print_identity(FILE *out, const struct learn_identity *id)
{
	if (id->signer)
		fprintf(out,
			"    signer sha256:%s;\n    product %lld;\n    min-svn %lld;\n}\n",
			id->signer, (long long)id->product, (long long)id->svn);
	else
		fprintf(out, "    measurement sha256:%s;\n}\n",
			id->measurement);
}

void learn_print_declarations(FILE *out, struct learn *l, const char *prefix)
{
	for (size_t i = 0; i < l->identity_count; i++)
		l->identity[i].used = false;
	for (size_t i = 0; i < l->source_count; i++)
		l->source[i].used = false;
	for (size_t i = 0; i < l->rule_count; i++) {
		const struct learn_rule *r = &l->rule[i];

		if (!r->out && r->identity != LEARN_NONE)
			l->identity[r->identity].used = true;
		if (!r->out && r->source != LEARN_NONE)
			l->source[r->source].used = true;
	}
	for (size_t i = 0; i < l->identity_count; i++) {
		if (!l->identity[i].used)
			continue;
		fprintf(out, "\nidentity %senclave_%zu {\n", prefix, i + 1);
		print_identity(out, &l->identity[i]);
	}
	for (size_t i = 0; i < l->source_count; i++)
		if (l->source[i].used)
			fprintf(out, "\nsource %sfiles_%zu {\n%s}\n", prefix,
				i + 1, l->source[i].text);
}

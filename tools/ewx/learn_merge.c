// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: from needs to few rules, and these as text: permissions that have
 * source and identity in common stand in one rule, files of one folder that end
 * alike in one pattern.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "learn.h"

/* So many files of a folder that end alike are taken for all that do. */
#define PATTERN_FILES 3

bool learn_same_domain(const struct learn_need *a, const struct learn_need *b)
{
	return a->domain == b->domain && a->exe == b->exe && a->euid == b->euid;
}

/* The rule that a need asks for, but for its evidence. */
static struct learn_rule rule_for(const struct learn *l,
				  const struct learn_need *n)
{
	const struct learn_enclave *e =
		n->enclave == LEARN_NONE ? NULL : &l->enclave[n->enclave];
	struct learn_rule r = {
		.need = n,
		.bits = 1U << n->bit,
		.identity_named = e ? e->named : NULL,
		.identity = e && !e->named ? e->identity : LEARN_NONE,
		.from = n->named || n->source != LEARN_NONE,
		.first = n->first,
		.last = n->last,
		.example = n->example,
	};

	if (n->why_not) {
		r.out = true;
		r.why = strdup(n->why_not);
	} else if (learn_clauses[n->bit].ident == ENCLAVE_CLAUSE_REQUIRED &&
		   !r.identity_named && r.identity == LEARN_NONE) {
		r.out = true;
		r.why = strdup("who the enclave is was not seen");
	}
	return r;
}

/* Strings are interned: a pointer stands for each. One that is out stays alone. */
void learn_rule_key(char *key, size_t size, const struct learn_rule *r)
{
	const struct learn_need *n = r->need;

	snprintf(key, size, "%p.%p.%lld.%p.%zu.%d.%p.%zu.%x.%s",
		 (const void *)n->domain, (const void *)n->exe,
		 (long long)n->euid, (const void *)n->named, n->source, r->from,
		 (const void *)r->identity_named, r->identity,
		 r->out ? r->bits : 0, r->out && r->why ? r->why : "");
}

/* The rule that is like @next, or it. NULL: no memory. */
static struct learn_rule *merged(struct learn *l, json_t **index,
				 const struct learn_rule *next)
{
	char key[512];
	struct learn_rule *r;
	size_t at;

	learn_rule_key(key, sizeof(key), next);
	at = index_get(*index, key);
	if (at != INDEX_NONE) {
		free(next->why);
		return &l->rule[at];
	}
	r = learn_push(l, &l->rule, &l->rule_count, sizeof(*r));
	if (!r || index_put(index, key, l->rule_count - 1)) {
		free(r ? NULL : next->why);
		l->failed = true;
		return NULL;
	}
	*r = *next;
	return r;
}

void learn_merge(struct learn *l)
{
	json_t *index = NULL;

	for (size_t i = 0; i < l->need_count; i++) {
		const struct learn_need *n = &l->need[i];
		struct learn_rule next = rule_for(l, n), *r;

		r = merged(l, &index, &next);
		if (!r)
			break;
		r->bits |= next.bits;
		r->records += n->records;
		r->pages += n->pages;
		r->first = n->first < r->first ? n->first : r->first;
		r->last = n->last > r->last ? n->last : r->last;
	}
	json_decref(index);
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
	else if (r->from)
		fprintf(out, " from %sfiles_%zu", prefix, r->need->source + 1);
	if (r->identity_named)
		fprintf(out, " for %s", r->identity_named);
	else if (r->identity != LEARN_NONE)
		fprintf(out, " for %senclave_%zu", prefix, r->identity + 1);
	fputs(";\n", out);
}

/* What a file's name ends in: from the first dot of its last part on. */
static const char *ending(const char *path)
{
	const char *base = strrchr(path, '/') + 1, *dot = strchr(base + 1, '.');

	return *base && dot ? dot : "";
}

/* Folders where everybody may put a file: nothing there is taken for more. */
static bool is_open_folder(const char *folder)
{
	static const char *const open[] = { "/", "/tmp/", "/var/tmp/",
					    "/dev/shm/" };

	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (!strcmp(folder, open[i]))
			return true;
	return false;
}

static size_t ending_alike(const struct learn_source *s, const char *end)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += *end && !strcmp(ending(s->path[i]), end);
	return n;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_source(FILE *out, const struct learn_source *s)
{
	const char *separator = "    path ";

	qsort(s->path, s->count, sizeof(*s->path), by_text);
	for (size_t i = 0; i < s->count; i++) {
		const char *end = ending(s->path[i]);
		bool all = !is_open_folder(s->folder) &&
			   ending_alike(s, end) >= PATTERN_FILES;
		bool done = false;

		for (size_t j = 0; all && j < i && !done; j++)
			done = !strcmp(ending(s->path[j]), end);
		if (done)
			continue;
		fprintf(out, "%s\"", separator);
		literal_pattern(out, all ? s->folder : s->path[i]);
		if (all) {
			fputc('*', out);
			literal_pattern(out, end);
		}
		fputc('"', out);
		separator = ",\n         ";
	}
	fprintf(out, ";\n    owner %lld;\n", (long long)s->owner);
}

void learn_print_declarations(FILE *out, const struct learn *l,
			      const char *prefix)
{
	for (size_t i = 0; i < l->identity_count; i++) {
		const struct learn_identity *id = &l->identity[i];
		bool used = false;

		for (size_t j = 0; j < l->rule_count; j++)
			used |= !l->rule[j].out && l->rule[j].identity == i;
		if (!used)
			continue;
		fprintf(out, "\nidentity %senclave_%zu {\n", prefix, i + 1);
		if (id->signer)
			fprintf(out,
				"    signer sha256:%s;\n    product %lld;\n    min-svn %lld;\n}\n",
				id->signer, (long long)id->product,
				(long long)id->svn);
		else
			fprintf(out, "    measurement sha256:%s;\n}\n",
				id->measurement);
	}
	for (size_t i = 0; i < l->source_count; i++) {
		bool used = false;

		for (size_t j = 0; j < l->rule_count; j++)
			used |= !l->rule[j].out && l->rule[j].from &&
				!l->rule[j].need->named &&
				l->rule[j].need->source == i;
		if (!used)
			continue;
		fprintf(out, "\nsource %sfiles_%zu {\n", prefix, i + 1);
		print_source(out, &l->source[i]);
		fputs("}\n", out);
	}
}

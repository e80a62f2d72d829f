// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: where in a policy's text rules go. Those of a domain stand before its
 * closing brace, new domains at the end.
 *
 * Owns: the text, which stays as it is otherwise. Must not know what a rule says, nor
 * whether the policy takes it.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"

#define INDENT "    "

/* Past a comment or a string at @i; else @i. */
static size_t skip(const char *text, size_t i)
{
	if (text[i] == '#')
		return i + strcspn(text + i, "\n");
	if (text[i] != '"')
		return i;
	for (i++; text[i] && text[i] != '"' && text[i] != '\n'; i++)
		i += text[i] == '\\' && text[i + 1];
	return i + (text[i] == '"');
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/**
 * struct reader - where the text is looked at.
 * @at, @len: the word or the one character that is there
 * @depth: braces that are open
 */
struct reader {
	const char *text;
	size_t at;
	size_t len;
	unsigned int depth;
};

/* The next word or sign, no comment and no string. Return: false: the end. */
static bool next(struct reader *r)
{
	r->at += r->len;
	r->len = 0;
	while (r->text[r->at]) {
		size_t past = skip(r->text, r->at);

		if (past == r->at && !isspace((unsigned char)r->text[r->at]))
			break;
		r->at = past == r->at ? past + 1 : past;
	}
	if (!r->text[r->at])
		return false;
	while (is_word(r->text[r->at + r->len]))
		r->len++;
	r->len += !r->len;
	if (r->text[r->at] == '{')
		r->depth++;
	else if (r->text[r->at] == '}' && r->depth)
		r->depth--;
	return true;
}

static bool is(const struct reader *r, const char *word)
{
	return r->len == strlen(word) && !memcmp(r->text + r->at, word, r->len);
}

static void add_place(struct learn_draft *d, const char *name, size_t len,
		      size_t offset)
{
	struct learn_place *place =
		learn_push(d->l, &d->place, &d->place_count, sizeof(*place));
	char *copy = strndup(name, len);

	d->l->failed |= !copy;
	if (place && copy) {
		place->offset = offset;
		learn_keep(d->l, &d->by_name, copy, d->place_count - 1);
	}
	free(copy);
}

/* "domain NAME { ... }", of which "domain" was read. */
static void look_at_domain(struct learn_draft *d, struct reader *r)
{
	const char *name;
	size_t len;

	if (!next(r))
		return;
	name = r->text + r->at;
	len = r->len;
	if (!next(r) || !is(r, "{"))
		return;
	while (r->depth)
		if (!next(r))
			return;
	add_place(d, name, len, r->at);
}

/* "policy NAME version NUMBER", of which "policy" was read. */
static void look_at_policy(struct learn_draft *d, struct reader *r)
{
	if (next(r) && next(r) && is(r, "version") && next(r) &&
	    isdigit((unsigned char)r->text[r->at]))
		d->version = r->at;
}

void learn_look(struct learn_draft *d)
{
	struct reader r = { .text = d->text.data };

	while (next(&r)) {
		if (!r.depth && is(&r, "domain"))
			look_at_domain(d, &r);
		else if (!r.depth && is(&r, "policy"))
			look_at_policy(d, &r);
	}
	strcpy(d->prefix, "learned_");
	for (unsigned int n = 2; strstr(d->text.data, d->prefix); n++)
		snprintf(d->prefix, sizeof(d->prefix), "learned%u_", n);
}

void learn_group(struct learn_draft *d)
{
	json_t *index = NULL;

	for (size_t i = 0; i < d->l->rule_count; i++) {
		struct learn_rule *r = &d->l->rule[i];
		char key[LEARN_KEY_MAX];

		if (r->out)
			continue;
		if (!r->need->exe) {
			r->group = index_get(d->by_name, r->need->domain);
			r->out = r->group == INDEX_NONE;
			if (r->out)
				r->why = strdup(
					"its domain is not in the first file");
			continue;
		}
		r->group = learn_find(index, key, sizeof(key), "%p.%lld",
				      (const void *)r->need->exe,
				      (long long)r->need->euid);
		if (r->group == INDEX_NONE) {
			r->group = d->place_count + d->programs++;
			learn_keep(d->l, &index, key, r->group);
		}
	}
	json_decref(index);
}

/**
 * struct chains - the rules that are wanted, by group in their order.
 * @first: of each group, LEARN_NONE: none; @after: of each rule, the next one
 */
struct chains {
	size_t *first;
	size_t *after;
	bool any;
};

static bool make_chains(const struct learn_draft *d, struct chains *c)
{
	size_t groups = d->place_count + d->programs;

	c->any = false;
	c->first = malloc((groups + 1) * sizeof(*c->first));
	c->after = malloc((d->l->rule_count + 1) * sizeof(*c->after));
	if (!c->first || !c->after)
		return false;
	for (size_t i = 0; i < groups; i++)
		c->first[i] = LEARN_NONE;
	for (size_t i = d->l->rule_count; i-- > 0;) {
		const struct learn_rule *r = &d->l->rule[i];

		if (r->out)
			continue;
		c->after[i] = c->first[r->group];
		c->first[r->group] = i;
		c->any = true;
	}
	return true;
}

static void put_rules(FILE *out, const struct learn_draft *d,
		      const struct chains *c, size_t group)
{
	for (size_t i = c->first[group]; i != LEARN_NONE; i = c->after[i])
		learn_print_rule(out, &d->l->rule[i], INDENT, d->prefix);
}

/* A domain for each program that fitted none. */
static void put_new_domains(FILE *out, const struct learn_draft *d,
			    const struct chains *c)
{
	for (size_t p = 0; p < d->programs; p++) {
		size_t first = c->first[d->place_count + p];
		const struct learn_need *n;

		if (first == LEARN_NONE)
			continue;
		n = d->l->rule[first].need;
		fprintf(out, "\ndomain %sprogram_%zu {\n", d->prefix, p + 1);
		fputs(INDENT "exe \"", out);
		literal_pattern(out, n->exe);
		fprintf(out, "\";\n" INDENT "uid %lld;\n", (long long)n->euid);
		put_rules(out, d, c, d->place_count + p);
		fputs("}\n", out);
	}
}

/* The text up to the version and the next one; none is behind the highest. */
static size_t put_version(FILE *out, const struct learn_draft *d)
{
	const char *at = d->text.data + d->version;
	bool hex = at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
	unsigned long long version;
	char *end;

	version = strtoull(at, &end, hex ? 16 : 10);
	version += version < UINT64_MAX;
	fwrite(d->text.data, 1, d->version, out);
	fprintf(out, "%llu", version);
	return (size_t)(end - d->text.data);
}

/* The text, with rules before the braces, of the next version if there are any. */
static void put_text(FILE *out, const struct learn_draft *d,
		     const struct chains *c)
{
	const char *text = d->text.data;
	size_t at = c->any && d->version ? put_version(out, d) : 0;

	for (size_t p = 0; p < d->place_count; p++) {
		if (c->first[p] == LEARN_NONE || d->place[p].offset < at)
			continue;
		fwrite(text + at, 1, d->place[p].offset - at, out);
		at = d->place[p].offset;
		fputc('\n', out);
		put_rules(out, d, c, p);
	}
	fwrite(text + at, 1, d->text.size - at, out);
	if (d->text.size && text[d->text.size - 1] != '\n')
		fputc('\n', out);
}

char *learn_compose(const struct learn_draft *d, size_t *size)
{
	struct chains c = { 0 };
	char *result = NULL;
	FILE *out = open_memstream(&result, size);

	if (out && make_chains(d, &c)) {
		put_text(out, d, &c);
		learn_print_declarations(out, d->l, d->prefix);
		put_new_domains(out, d, &c);
	} else {
		d->l->failed = true;
	}
	free(c.first);
	free(c.after);
	if (!out || fclose(out) || d->l->failed) {
		free(result);
		return NULL;
	}
	return result;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: the policy with the rules that permissive records ask for.
 *
 * Owns: where in the text a rule goes, and whether the policy takes it: each is
 * compiled with the rest, so that never and expect have the last word.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"

#define INDENT "    "

/**
 * struct place - the end of a domain in the text.
 * @name: of the domain; @offset: of its closing brace
 */
struct place {
	char *name;
	size_t offset;
};

/**
 * struct draft - the policy that is written.
 * @name, @text: of its first file; @version: offset of the version's number, or
 *      0; @prefix: of new names
 */
struct draft {
	struct tool *t;
	struct learn *l;
	const char *name;
	struct bytes text;
	struct place *place;
	size_t place_count;
	size_t version;
	char prefix[24];
};

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

/* The brace that closes the first block from @i on; 0: there is none. */
static size_t closing_brace(const char *text, size_t i)
{
	unsigned int depth = 0;

	while (text[i]) {
		size_t next = skip(text, i);

		if (next != i) {
			i = next;
			continue;
		}
		if (text[i] == '{')
			depth++;
		else if (text[i] == '}' && !--depth)
			return i;
		i++;
	}
	return 0;
}

static bool word_at(const char *text, size_t i, const char *word)
{
	size_t n = strlen(word);

	return (!i || !isalnum((unsigned char)text[i - 1])) &&
	       !strncmp(text + i, word, n) &&
	       isspace((unsigned char)text[i + n]);
}

/* Where the number of "policy NAME version NUMBER" stands; 0: nowhere. */
static size_t version_place(const char *text)
{
	bool policy = false;

	for (size_t i = 0; text[i];) {
		size_t next = skip(text, i);

		if (next != i) {
			i = next;
			continue;
		}
		if (text[i] == ';')
			policy = false;
		if (word_at(text, i, "policy"))
			policy = true;
		if (policy && word_at(text, i, "version")) {
			i += strlen("version");
			i += strspn(text + i, " \t\r\n");
			return isdigit((unsigned char)text[i]) ? i : 0;
		}
		i++;
	}
	return 0;
}

static size_t line_offset(const char *text, __u32 line)
{
	const char *at = text;

	while (--line && at)
		if ((at = strchr(at, '\n')))
			at++;
	return at ? (size_t)(at - text) : strlen(text);
}

static int find_places(struct draft *d, const struct ewx_policy *p)
{
	const char *name, *file;
	__u32 line;

	for (__u32 i = 0; *(name = ewx_domain_name(p, i)); i++) {
		struct place *place;
		size_t offset;

		if (!ewx_domain_line(p, i, &file, &line) || !line ||
		    strcmp(file, d->name))
			continue;
		offset = closing_brace(d->text.data,
				       line_offset(d->text.data, line));
		if (!offset)
			continue;
		place = learn_push(d->l, &d->place, &d->place_count,
				   sizeof(*place));
		if (!place)
			return -1;
		place->offset = offset;
		place->name = strdup(name);
	}
	return 0;
}

static const struct place *place_of(const struct draft *d, const char *domain)
{
	for (size_t i = 0; i < d->place_count; i++)
		if (!strcmp(d->place[i].name, domain))
			return &d->place[i];
	return NULL;
}

static bool is_wanted(const struct learn_rule *r)
{
	return !r->out;
}

/* The rules of one domain before its brace. */
static void put_into(FILE *out, const struct draft *d, const char *domain)
{
	bool any = false;

	for (size_t i = 0; i < d->l->rule_count; i++) {
		const struct learn_rule *r = &d->l->rule[i];

		if (!is_wanted(r) || r->need->exe ||
		    strcmp(r->need->domain, domain))
			continue;
		fputs(any ? "" : "\n", out);
		learn_print_rule(out, r, INDENT, d->prefix);
		any = true;
	}
}

/* A domain for each program that fitted none. */
static void put_new_domains(FILE *out, const struct draft *d)
{
	for (size_t i = 0; i < d->l->rule_count; i++) {
		const struct learn_rule *r = &d->l->rule[i];
		bool known = !is_wanted(r) || !r->need->exe;

		for (size_t j = 0; j < i && !known; j++)
			known = is_wanted(&d->l->rule[j]) &&
				learn_same_domain(d->l->rule[j].need, r->need);
		if (known)
			continue;
		fprintf(out, "\ndomain %sprogram_%zu {\n", d->prefix, i + 1);
		fputs(INDENT "exe \"", out);
		literal_pattern(out, r->need->exe);
		fputs("\";\n", out);
		fprintf(out, INDENT "uid %lld;\n", (long long)r->need->euid);
		for (size_t j = i; j < d->l->rule_count; j++)
			if (is_wanted(&d->l->rule[j]) &&
			    learn_same_domain(d->l->rule[j].need, r->need))
				learn_print_rule(out, &d->l->rule[j], INDENT,
						 d->prefix);
		fputs("}\n", out);
	}
}

/* The text with all rules that are wanted, of the next version. */
static char *compose(const struct draft *d, size_t *size)
{
	const char *text = d->text.data;
	char *result = NULL, *end;
	bool any = false;
	FILE *out = open_memstream(&result, size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < d->l->rule_count; i++)
		any |= is_wanted(&d->l->rule[i]);
	for (size_t i = 0; i < d->text.size; i++) {
		for (size_t p = 0; p < d->place_count; p++)
			if (d->place[p].offset == i)
				put_into(out, d, d->place[p].name);
		if (any && d->version && i == d->version) {
			fprintf(out, "%llu", strtoull(text + i, &end, 10) + 1);
			i = (size_t)(end - text);
		}
		fputc(text[i], out);
	}
	if (d->text.size && text[d->text.size - 1] != '\n')
		fputc('\n', out);
	learn_print_declarations(out, d->l, d->prefix);
	put_new_domains(out, d);
	return fclose(out) ? NULL : result;
}

/* Why the compiler refuses: its first error; lines are those of the draft. */
static char *first_error(const struct ewx_unit *u)
{
	const struct ewx_diagnostic *all;
	char *why = NULL;
	size_t count;

	all = ewx_unit_diagnostics(u, &count);
	for (size_t i = 0; i < count && !why; i++)
		if (all[i].severity == EWX_ERROR)
			why = strdup(all[i].text);
	return why ? why : strdup("it does not compile");
}

/*
 * Compile the text with the policy's other files; warnings are not for this
 * command to give. @policy: gets the bytes. Return: NULL, or why not.
 */
static char *refused(const struct draft *d, const char *text, size_t size,
		     struct policy *policy)
{
	struct ewx_unit *u = ewx_unit_new();
	char *why = NULL;
	int ret;

	if (!u)
		return strdup("out of memory");
	ret = ewx_unit_add_text(u, d->name, text, size);
	for (size_t i = 1; i < d->t->policy_count; i++)
		ret |= ewx_unit_add_file(u, d->t->policies[i]);
	if (ret || ewx_unit_compile(u, 0, &policy->blob, &policy->size))
		why = first_error(u);
	ewx_unit_free(u);
	return why;
}

static char *refused_now(const struct draft *d)
{
	struct policy policy = { 0 };
	size_t size;
	char *text = compose(d, &size), *why;

	why = text ? refused(d, text, size, &policy) : strdup("out of memory");
	policy_close(&policy);
	free(text);
	return why;
}

static void set_out(struct learn *l, const size_t *list, size_t count, bool out)
{
	for (size_t i = 0; i < count; i++)
		l->rule[list[i]].out = out;
}

/*
 * Beside what is taken already: all of the list, or each half by itself, down to the
 * ones that the policy refuses; few are, so few are compiled alone.
 */
static void try_list(struct draft *d, const size_t *list, size_t count)
{
	char *why;

	if (!count)
		return;
	set_out(d->l, list, count, false);
	why = refused_now(d);
	if (!why)
		return;
	set_out(d->l, list, count, true);
	if (count == 1) {
		d->l->rule[*list].why = why;
		return;
	}
	free(why);
	try_list(d, list, count / 2);
	try_list(d, list + count / 2, count - count / 2);
}

static void try_rules(struct draft *d)
{
	struct learn *l = d->l;
	size_t *list = calloc(l->rule_count + 1, sizeof(*list)), count = 0;

	if (!list) {
		l->failed = true;
		return;
	}
	for (size_t i = 0; i < l->rule_count; i++) {
		if (l->rule[i].out)
			continue;
		l->rule[i].out = true;
		list[count++] = i;
	}
	try_list(d, list, count);
	free(list);
}

/* Each permission on its own: one that is refused must not take others along. */
static void split(struct draft *d)
{
	struct learn *l = d->l;
	size_t count = l->rule_count;

	for (size_t i = 0; i < count; i++) {
		__u32 rest = l->rule[i].bits & (l->rule[i].bits - 1);

		if (l->rule[i].out)
			continue;
		l->rule[i].bits &= ~rest;
		for (; rest; rest &= rest - 1) {
			struct learn_rule *r = learn_push(
				l, &l->rule, &l->rule_count, sizeof(*r));

			if (!r)
				return;
			*r = l->rule[i];
			r->bits = rest & -rest;
		}
	}
}

/* What was split and is taken becomes one rule again. */
static void join(struct draft *d)
{
	struct learn *l = d->l;
	json_t *index = NULL;
	size_t kept = 0;
	char key[512];

	for (size_t i = 0; i < l->rule_count; i++) {
		size_t j;

		learn_rule_key(key, sizeof(key), &l->rule[i]);
		j = l->rule[i].out ? INDEX_NONE : index_get(index, key);
		if (j != INDEX_NONE) {
			l->rule[j].bits |= l->rule[i].bits;
			continue;
		}
		l->failed |= index_put(&index, key, kept) != 0;
		l->rule[kept++] = l->rule[i];
	}
	l->rule_count = kept;
	json_decref(index);
}

static size_t report_refused(const struct draft *d)
{
	size_t refused = 0;

	for (size_t i = 0; i < d->l->rule_count; i++) {
		const struct learn_rule *r = &d->l->rule[i];

		if (!r->out)
			continue;
		refused++;
		fputs("ewx: not learned: ", stderr);
		ewx_name_vector(stderr, r->bits);
		fputs(" in ", stderr);
		ewx_print_safe(stderr, r->need->domain, 0);
		if (r->need->exe) {
			fputs(", by ", stderr);
			ewx_print_safe(stderr, r->need->exe, 0);
		}
		fprintf(stderr, ", seen %zu time%s: ", r->records,
			r->records == 1 ? "" : "s");
		ewx_print_safe(stderr, r->why ? r->why : "out of memory", 0);
		fputc('\n', stderr);
	}
	return refused;
}

static void choose_names(struct draft *d)
{
	strcpy(d->prefix, "learned_");
	for (unsigned int n = 2; strstr(d->text.data, d->prefix); n++)
		snprintf(d->prefix, sizeof(d->prefix), "learned%u_", n);
}

static int write_draft(struct draft *d)
{
	struct tool *t = d->t;
	struct learn *l = d->l;
	size_t size, refused;
	char *text;
	int ret = EXIT_OK;

	learn_merge(l);
	for (size_t i = 0; i < l->rule_count; i++) {
		struct learn_rule *r = &l->rule[i];

		if (r->out || r->need->exe || place_of(d, r->need->domain))
			continue;
		r->out = true;
		r->why = strdup("its domain is not in the first file");
	}
	split(d);
	try_rules(d);
	join(d);
	text = compose(d, &size);
	if (l->failed || !text)
		ret = tool_error(t, "out of memory");
	else if (file_replace(t->out ? t->out : "-", text, size))
		ret = tool_error(t, "%s: %s", t->out, strerror(errno));
	free(text);
	if (ret)
		return ret;
	refused = report_refused(d);
	fprintf(stderr, "ewx: %zu rule%s from %zu record%s\n",
		l->rule_count - refused,
		l->rule_count - refused == 1 ? "" : "s", l->records,
		l->records == 1 ? "" : "s");
	if (l->cut)
		fprintf(stderr,
			"ewx: nothing was learned from %zu record%s: cut short\n",
			l->cut, l->cut == 1 ? "" : "s");
	return refused ? EXIT_FAIL : EXIT_OK;
}

static int read_policy(struct draft *d)
{
	struct tool *t = d->t;
	struct policy policy = { 0 };
	int ret = EXIT_OK;
	char *why;

	if (file_read(d->name, EWX_POLICY_MAX_SIZE, &d->text))
		return tool_error(t, "%s: %s", d->name, strerror(errno));
	if (policy_is_binary(&d->text))
		return tool_error(t, "%s: learn writes text, and reads it",
				  d->name);
	why = refused(d, d->text.data, d->text.size, &policy);
	if (why)
		ret = tool_error(t, "%s: %s", d->name, why);
	else if (policy_verify(t, d->name, &policy))
		ret = EXIT_FAIL;
	else if (find_places(d, &policy.p))
		ret = tool_error(t, "out of memory");
	free(why);
	policy_close(&policy);
	d->version = version_place(d->text.data);
	choose_names(d);
	return ret;
}

int cmd_learn(struct tool *t, int argc, char **argv)
{
	struct learn learn = { 0 };
	struct draft d = { .t = t, .l = &learn };
	struct log_reader reader = {
		.take = learn_take,
		.arg = &learn,
		.filter = t->filter,
	};
	int ret;

	if (!t->policy_count || !strcmp(t->policies[0], "-"))
		return tool_usage(t, "learn needs --policy and its file");
	d.name = t->policies[0];
	ret = read_policy(&d);
	if (!ret)
		ret = log_sources(t, argc, argv, &reader);
	if (!ret)
		ret = write_draft(&d);
	for (size_t i = 0; i < d.place_count; i++)
		free(d.place[i].name);
	free(d.place);
	free(d.text.data);
	learn_free(&learn);
	return ret;
}

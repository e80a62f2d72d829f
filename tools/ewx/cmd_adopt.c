// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx adopt: a starter policy from what was done while nothing was enforced.
 *
 * Owns: the text of that policy: a permissive domain for each program, with the rules
 * that learn makes of records; people decide what stays. Must not know how these are
 * read and merged.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "learn.h"

#define DAY 86400
#define PERMISSIVE_DAYS 30
#define LAST_SECOND 253402300799ull /* of 9999, the last that a policy can name */

/* Rules of one program stand together; what is left out comes last. */
static int by_program(const void *a, const void *b)
{
	const struct learn_rule *x = a, *y = b;
	int order;

	if (x->out != y->out)
		return x->out ? 1 : -1;
	order = strcmp(x->need->exe, y->need->exe);
	if (!order && x->need->euid != y->need->euid)
		order = x->need->euid < y->need->euid ? -1 : 1;
	if (!order && x->first != y->first)
		order = x->first < y->first ? -1 : 1;
	return order ? order : (x->need > y->need) - (x->need < y->need);
}

static bool same_program(const struct learn_rule *a, const struct learn_rule *b)
{
	return a->need->exe == b->need->exe && a->need->euid == b->need->euid;
}

/* The program's own name as a word, and a number, so that it is the only one. */
static void put_name(FILE *out, const char *exe, size_t number)
{
	const char *base = strrchr(exe, '/');

	base = base ? base + 1 : "program";
	fputs("p_", out);
	for (int n = 0; *base && n < 60; base++, n++)
		fputc(isalnum((unsigned char)*base) ? *base : '_', out);
	fprintf(out, "_%zu", number);
}

/* Return: how many rules are the program's. */
static size_t put_program(FILE *out, const struct learn_rule *r, size_t count,
			  size_t number, __u64 until)
{
	time_t end = (time_t)until;
	char date[16] = "";
	struct tm tm;
	size_t n;

	if (gmtime_r(&end, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	fputs("\ndomain ", out);
	put_name(out, r->need->exe, number);
	fputs(" {\nexe \"", out);
	literal_pattern(out, r->need->exe);
	fprintf(out,
		"\";\nuid %lld;\n# Take this away when nothing is recorded any more.\npermissive until %s;\n\n",
		(long long)r->need->euid, date);
	for (n = 0; n < count && !r[n].out && same_program(r, &r[n]); n++)
		learn_print_rule(out, &r[n], "", "");
	fputs("}\n", out);
	return n;
}

static void put_left_out(FILE *out, const char *what, size_t n)
{
	if (n)
		fprintf(out, "# Left out: %zu record%s %s.\n", n,
			n == 1 ? "" : "s", what);
}

static void put_policy(FILE *out, struct learn *l, __u64 now)
{
	__u64 until = now < LAST_SECOND - PERMISSIVE_DAYS * DAY ?
			      now + PERMISSIVE_DAYS * DAY :
			      LAST_SECOND;
	size_t i = 0;

	fprintf(out,
		"language 1;\npolicy adopted version 1;\n\n"
		"# Made from %zu record%s of what was done while nothing was enforced. Nothing says\n"
		"# that this was right. Read each rule; delete what should not be. Patterns\n"
		"# and lists can be made wider where a program will do more than was seen.\n",
		l->records, l->records == 1 ? "" : "s");
	put_left_out(out, "of what was denied", l->denied);
	put_left_out(out, "cut short or with a lost value", l->cut);
	while (i < l->rule_count && !l->rule[i].out)
		i++;
	for (; i < l->rule_count; i++) {
		fputs("# Left out: ", out);
		learn_print_why(out, &l->rule[i]);
	}
	learn_print_declarations(out, l, "");
	i = 0;
	for (size_t n = 1; i < l->rule_count && !l->rule[i].out; n++)
		i += put_program(out, &l->rule[i], l->rule_count - i, n, until);
}

/* In the layout of all policies; also a proof that it is one. */
static int write_policy(struct tool *t, struct learn *l)
{
	struct ewx_unit *u = ewx_unit_new();
	char *text = NULL, *result = NULL;
	size_t len = 0, size = 0;
	FILE *out = open_memstream(&text, &len);
	int ret = EXIT_FAIL;

	learn_merge(l);
	if (l->rule_count)
		qsort(l->rule, l->rule_count, sizeof(*l->rule), by_program);
	if (u && out && !l->failed)
		put_policy(out, l, t->has_built ? t->built : (__u64)time(NULL));
	if (!u || !out || fclose(out) || l->failed)
		tool_error(t, "out of memory");
	else if (ewx_unit_format(u, "adopted", text, len, &result, &size))
		ewx_unit_print(u, stderr, t->colour_err);
	else if (file_replace(t->out ? t->out : "-", result, size))
		tool_error(t, "%s: %s", t->out, strerror(errno));
	else
		ret = EXIT_OK;
	free(text);
	free(result);
	ewx_unit_free(u);
	return ret;
}

int cmd_adopt(struct tool *t, int argc, char **argv)
{
	static char *input[] = { "-" };
	struct log_filter all = { 0 };
	struct learn learn = { .by_program = true };
	struct log_reader reader = {
		.take = learn_take,
		.arg = &learn,
		.filter = &all,
	};
	int ret;

	ret = log_sources(t, argc ? argc : 1, argc ? argv : input, &reader);
	/* A record that cannot be read is said, and keeps no other from being used. */
	if (!ret || reader.bad) {
		if (learn.records)
			ret = write_policy(t, &learn) ? EXIT_FAIL : ret;
		else
			ret = tool_error(
				t,
				"no record of EWX that was let pass: let the programs run under a permissive policy first");
	}
	learn_free(&learn);
	return ret;
}

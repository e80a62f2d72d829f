// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: the policy with the rules that permissive records ask for.
 *
 * Owns: the order of the steps, and what is said.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"

static size_t report_refused(const struct learn *l)
{
	size_t refused = 0;

	for (size_t i = 0; i < l->rule_count; i++) {
		if (!l->rule[i].out)
			continue;
		refused++;
		fputs("ewx: not learned: ", stderr);
		learn_print_why(stderr, &l->rule[i]);
	}
	return refused;
}

static int write_draft(struct learn_draft *d)
{
	struct tool *t = d->t;
	struct learn *l = d->l;
	size_t size, refused;
	int ret = EXIT_OK;
	char *text;

	learn_merge(l);
	learn_group(d);
	learn_try(d);
	text = l->failed ? NULL : learn_compose(d, &size);
	if (!text)
		ret = tool_error(t, "out of memory");
	else if (file_replace(t->out ? t->out : "-", text, size))
		ret = tool_error(t, "%s: %s", t->out, strerror(errno));
	free(text);
	if (ret)
		return ret;
	refused = report_refused(l);
	if (d->left_out)
		fprintf(stderr,
			"ewx: %llu record%s of any kind %s left out by the kernel; what they say is not learned\n",
			(unsigned long long)d->left_out,
			d->left_out == 1 ? "" : "s",
			d->left_out == 1 ? "was" : "were");
	fprintf(stderr, "ewx: %zu rule%s from %zu record%s\n",
		l->rule_count - refused,
		l->rule_count - refused == 1 ? "" : "s", l->records,
		l->records == 1 ? "" : "s");
	if (l->cut)
		fprintf(stderr,
			"ewx: nothing was learned from %zu record%s: cut short, or with a value that is lost\n",
			l->cut, l->cut == 1 ? "" : "s");
	return refused ? EXIT_FAIL : EXIT_OK;
}

/* @policy: what the text says now; its names are those that rules may use. */
static int read_policy(struct learn_draft *d, struct policy *policy)
{
	struct tool *t = d->t;
	int ret = EXIT_OK;
	char *why;

	if (file_read(d->name, EWX_POLICY_MAX_SIZE, &d->text))
		return tool_error(t, "%s: %s", d->name, strerror(errno));
	if (policy_is_binary(&d->text))
		return tool_error(t, "%s: learn writes text, and reads it",
				  d->name);
	why = learn_refused(d, d->text.data, d->text.size, policy);
	if (why)
		ret = tool_error(t, "%s: %s", d->name, why);
	else if (policy_verify(t, d->name, policy))
		ret = EXIT_FAIL;
	free(why);
	learn_look(d);
	d->l->policy = policy->judge;
	return ret;
}

int cmd_learn(struct tool *t, int argc, char **argv)
{
	struct learn learn = { 0 };
	struct learn_draft d = { .t = t, .l = &learn };
	struct policy policy = { 0 };
	struct log_reader reader = {
		.take = learn_take,
		.arg = &learn,
		.filter = t->filter,
	};
	int ret;

	if (!t->policy_count || !strcmp(t->policies[0], "-"))
		return tool_usage(t, "learn needs --policy and its file");
	d.name = t->policies[0];
	ret = read_policy(&d, &policy);
	if (!ret)
		ret = log_sources(t, argc, argv, &reader);
	/* A record that cannot be read is said, and keeps no other from being used. */
	d.left_out = reader.left_out;
	if (!ret || reader.bad)
		ret = write_draft(&d) ? EXIT_FAIL : ret;
	free(d.place);
	json_decref(d.by_name);
	free(d.text.data);
	learn_free(&learn);
	policy_close(&policy);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx diff: what another policy allows and denies, by their verdicts.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ewx/policy.h>
#include "install.h"

/**
 * struct diff - what was found so far.
 * @judge: old and new
 * @now: time of the decisions
 * @list: --json
 */
struct diff {
	struct tool *t;
	struct ewx_judge *judge[2];
	uint64_t now;
	size_t count;
	json_t *list;
};

static void print_difference(const struct tool *t,
			     const struct ewx_request *example,
			     const struct ewx_decision *before,
			     const struct ewx_decision *after)
{
	printf("%s%s now:%s %s in domain %s",
	       tool_colour(t, after->allowed ? GREEN : RED),
	       after->allowed ? "allowed" : "denied", tool_colour(t, PLAIN),
	       after->permission, after->domain);
	if (strcmp(before->domain, after->domain))
		printf(" (before: domain %s)", before->domain);
	fputs("\n    old  ", stdout);
	ewx_decision_write(before, stdout);
	fputs("\n    new  ", stdout);
	ewx_decision_write(after, stdout);
	fputs("\n    ask  ", stdout);
	ewx_request_write(example, stdout);
	putchar('\n');
}

/* Asked once more, for all that an answer has. */
static json_t *difference_json(const struct diff *d,
			       const struct ewx_request *example,
			       const struct ewx_decision *after)
{
	static const char *const key[2] = { "old", "new" };
	const struct ewx_query *q = ewx_request_query(example);
	json_t *o = json_object();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	json_object_set_new(o, "change",
			    json_string(after->allowed ? "allowed" : "denied"));
	json_object_set_new(o, "permission", json_string(after->permission));
	if (out) {
		ewx_request_write(example, out);
		fclose(out);
	}
	json_object_set_new(o, "request", tool_json_string(text ? text : ""));
	free(text);
	for (int k = 0; k < 2; k++) {
		struct answer a = { .has_policy = true };

		a.policy.judge = d->judge[k];
		if (!ewx_judge_answer(d->judge[k], q, d->now, &a.reply))
			json_object_set_new(o, key[k], answer_json(&a, q));
	}
	return o;
}

static void found(void *ctx, const struct ewx_request *example,
		  const struct ewx_decision *before,
		  const struct ewx_decision *after)
{
	struct diff *d = ctx;

	progress_end();
	d->count++;
	if (d->list)
		json_array_append_new(d->list,
				      difference_json(d, example, after));
	else
		print_difference(d->t, example, before, after);
}

/*
 * "permissive", "permissive until ...", "enforced"; what a domain says.
 * @name: of a domain that the policy may not have
 */
static void setting_text(const struct ewx_judge *j, const char *name,
			 uint64_t now, char *out, size_t size)
{
	uint32_t n = ewx_judge_domain_find(j, name);
	struct ewx_domain_view v;

	if (!ewx_judge_domain(j, n, &v))
		snprintf(out, size, "absent");
	else
		snprintf(out, size, "%s%s%s",
			 ewx_judge_permissive(j, n, now) ? "permissive" :
							   "enforced",
			 v.guarded ? ", guarded" : "",
			 v.root_any ? ", root any" : "");
}

/* Domains of policy @from whose settings the other one has not. */
static void compare_settings(struct diff *d, int from)
{
	struct ewx_domain_view v;
	char text[2][64];
	json_t *o;

	for (uint32_t i = 0; ewx_judge_domain(d->judge[from], i, &v); i++) {
		for (int k = 0; k < 2; k++)
			setting_text(d->judge[k], v.name, d->now, text[k],
				     sizeof(text[k]));
		/* Those that both have are told once. */
		if (!strcmp(text[0], text[1]) ||
		    (from && strcmp(text[0], "absent")))
			continue;
		d->count++;
		if (!d->list) {
			printf("domain %s: %s, before: %s\n", v.name, text[1],
			       text[0]);
			continue;
		}
		o = json_object();
		json_object_set_new(o, "change", json_string("domain"));
		json_object_set_new(o, "domain", tool_json_string(v.name));
		json_object_set_new(o, "old", json_string(text[0]));
		json_object_set_new(o, "new", json_string(text[1]));
		json_array_append_new(d->list, o);
	}
}

int policy_diff(struct tool *t, struct policy policy[2])
{
	struct diff d = {
		.t = t,
		.judge = { policy[0].judge, policy[1].judge },
		.now = t->has_built ? t->built : (uint64_t)time(NULL),
		.list = t->json ? json_array() : NULL,
	};
	struct ewx_comparison result;
	json_t *all;
	int err;

	compare_settings(&d, 0);
	compare_settings(&d, 1);
	progress_step(t, "comparing the policies");
	err = ewx_judge_compare(d.judge[0], d.judge[1], d.now, found, &d,
				&result);
	progress_end();
	if (err) {
		json_decref(d.list);
		return tool_error(t, "out of memory");
	}
	if (!result.complete)
		tool_error(
			t,
			"the policies tell too much apart to compare all of it: there may be more differences");
	if (d.list) {
		all = json_object();
		json_object_set_new(all, "complete",
				    json_boolean(result.complete));
		json_object_set_new(all, "differences", d.list);
		if (tool_json(t, all))
			return EXIT_FAIL;
	}
	return d.count || !result.complete ? EXIT_FAIL : EXIT_OK;
}

int cmd_diff(struct tool *t, int argc, char **argv)
{
	struct policy policy[2] = { 0 };
	int ret = EXIT_FAIL;

	if (argc != 2)
		return tool_usage(t,
				  "diff needs two policies: files, or folders");
	if (!policy_open(t, argv, 1, STAMP_NONE, &policy[0])) {
		if (!policy_open(t, argv + 1, 1, STAMP_NONE, &policy[1]))
			ret = policy_diff(t, policy);
		policy_close(&policy[1]);
	}
	policy_close(&policy[0]);
	return ret;
}

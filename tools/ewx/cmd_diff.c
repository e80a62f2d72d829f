// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx diff: what another policy allows and denies, by their verdicts.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "install.h"
#include "../../libewx/compare.h"
#include "../../security/ewx/core/read.h"

/**
 * struct diff - what was found so far.
 * @list: --json
 */
struct diff {
	struct tool *t;
	size_t count;
	json_t *list;
};

static char *request_text(const struct ewx_query *q)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	ewx_request_print(out, q);
	return fclose(out) ? NULL : text;
}

static char *verdict_text(const struct ewx_policy *p,
			  const struct ewx_reply *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	ewx_verdict_print(out, p, r);
	return fclose(out) ? NULL : text;
}

static void print_difference(const struct tool *t,
			     const struct ewx_compare *c,
			     const struct ewx_query *q,
			     const struct ewx_reply reply[2])
{
	bool allowed = !reply[1].denied;
	const char *domain[2];
	char *text;

	for (int k = 0; k < 2; k++)
		domain[k] = ewx_domain_name(c->p[k], reply[k].domain);
	printf("%s%s now:%s %s in domain %s",
	       tool_colour(t, allowed ? GREEN : RED),
	       allowed ? "allowed" : "denied", tool_colour(t, PLAIN),
	       ewx_name(EWX_NAMES_PERMISSION,
			(__u32)__builtin_ctz(q->required)),
	       domain[1]);
	if (strcmp(domain[0], domain[1]))
		printf(" (before: domain %s)", domain[0]);
	putchar('\n');
	for (int k = 0; k < 2; k++) {
		text = verdict_text(c->p[k], &reply[k]);
		printf("    %s  %s\n", k ? "new" : "old", text ? text : "");
		free(text);
	}
	text = request_text(q);
	printf("    ask  %s\n", text ? text : "");
	free(text);
}

static json_t *difference_json(const struct ewx_compare *c,
			       const struct ewx_query *q,
			       const struct ewx_reply reply[2])
{
	static const char *const key[2] = { "old", "new" };
	json_t *o = json_object();
	char *text = request_text(q);

	json_object_set_new(o, "change", json_string(reply[1].denied ?
							     "denied" :
							     "allowed"));
	json_object_set_new(o, "permission",
			    json_string(ewx_name(
				    EWX_NAMES_PERMISSION,
				    (__u32)__builtin_ctz(q->required))));
	json_object_set_new(o, "request", tool_json_string(text ? text : ""));
	free(text);
	for (int k = 0; k < 2; k++) {
		struct answer a = { .reply = reply[k], .has_policy = true };

		a.policy.p = *c->p[k];
		json_object_set_new(o, key[k], answer_json(&a, q));
	}
	return o;
}

static void found(struct ewx_compare *c, const struct ewx_query *q,
		  const struct ewx_reply reply[2])
{
	struct diff *d = c->context;

	progress_end();
	d->count++;
	if (d->list)
		json_array_append_new(d->list, difference_json(c, q, reply));
	else
		print_difference(d->t, c, q, reply);
}

/* "permissive", "permissive until ...", "enforced"; what a domain says. */
static void setting_text(const struct ewx_policy *p, u32 domain, u64 now,
			 char *out, size_t size)
{
	u32 flags = domain == EWX_NONE ? 0 : ewx_domain_flags(p, domain);
	bool permissive = domain != EWX_NONE &&
			  ewx_domain_permissive(p, domain, now);

	snprintf(out, size, "%s%s%s%s", domain == EWX_NONE ? "absent" : "",
		 permissive ? "permissive" : domain == EWX_NONE ? "" : "enforced",
		 flags & EWX_DOMAIN_GUARDED ? ", guarded" : "",
		 flags & EWX_DOMAIN_ROOT_ANY ? ", root any" : "");
}

/* Domains of policy @from whose settings the other one has not. */
static void compare_settings(struct ewx_compare *c, int from)
{
	struct diff *d = c->context;
	const struct ewx_policy *p = c->p[from];

	for (u32 i = 0; i < ewx_count(p, EWX_SECTION_DOMAINS); i++) {
		const char *name = ewx_domain_name(p, i);
		char text[2][64];
		json_t *o;
		u32 at[2];

		for (int k = 0; k < 2; k++) {
			at[k] = ewx_domain_find(c->p[k], name);
			setting_text(c->p[k], at[k], c->now, text[k],
				     sizeof(text[k]));
		}
		/* Those that both have are told once. */
		if (!strcmp(text[0], text[1]) || (from && at[0] != EWX_NONE))
			continue;
		d->count++;
		if (!d->list) {
			printf("domain %s: %s, before: %s\n", name, text[1],
			       text[0]);
			continue;
		}
		o = json_object();
		json_object_set_new(o, "change", json_string("domain"));
		json_object_set_new(o, "domain", tool_json_string(name));
		json_object_set_new(o, "old", json_string(text[0]));
		json_object_set_new(o, "new", json_string(text[1]));
		json_array_append_new(d->list, o);
	}
}

int policy_diff(struct tool *t, struct policy policy[2])
{
	struct diff d = { .t = t, .list = t->json ? json_array() : NULL };
	struct ewx_compare c = {
		.p = { &policy[0].p, &policy[1].p },
		.now = t->has_built ? t->built : (u64)time(NULL),
		.found = found,
		.context = &d,
	};
	json_t *all;
	int err;

	compare_settings(&c, 0);
	compare_settings(&c, 1);
	progress_step(t, "comparing the policies");
	err = ewx_compare(&c);
	progress_end();
	if (err) {
		json_decref(d.list);
		return tool_error(t, "out of memory");
	}
	if (!c.complete)
		tool_error(t, "the policies tell too much apart to compare all of it: there may be more differences");
	if (d.list) {
		all = json_object();
		json_object_set_new(all, "complete", json_boolean(c.complete));
		json_object_set_new(all, "differences", d.list);
		if (tool_json(t, all))
			return EXIT_FAIL;
	}
	return d.count || !c.complete ? EXIT_FAIL : EXIT_OK;
}

int cmd_diff(struct tool *t, int argc, char **argv)
{
	struct policy policy[2] = { 0 };
	int ret = EXIT_FAIL;

	if (argc != 2)
		return tool_usage(t, "diff needs two policies: files, or folders");
	if (!policy_open(t, argv, 1, STAMP_NONE, &policy[0])) {
		if (!policy_open(t, argv + 1, 1, STAMP_NONE, &policy[1]))
			ret = policy_diff(t, policy);
		policy_close(&policy[1]);
	}
	policy_close(&policy[0]);
	return ret;
}

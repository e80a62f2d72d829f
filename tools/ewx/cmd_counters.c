// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx counters: totals since boot, and how often each rule of the active policy
 * decided. A rule that never did is dead, or waits for a rare day.
 */
#include <stdlib.h>
#include <string.h>

#include <ewx/policy.h>
#include "tool.h"

/**
 * struct counts - the node's text, read.
 * @totals: object of name and number
 * @hits: object of rule index, as text, and number
 */
struct counts {
	json_t *totals;
	json_t *hits;
};

/* "name: 42" or "rule 3 file:line: 42". */
static void take_line(struct counts *c, char *line)
{
	char *value = strrchr(line, ':'), *end;
	json_int_t n;

	if (!value)
		return;
	*value = '\0';
	n = strtoll(value + 1, NULL, 10);
	if (strncmp(line, "rule ", 5)) {
		json_object_set_new(c->totals, line, json_integer(n));
		return;
	}
	end = line + 5 + strcspn(line + 5, " ");
	*end = '\0';
	json_object_set_new(c->hits, line + 5, json_integer(n));
}

static json_t *rules_json(const struct counts *c, const struct ewx_judge *j)
{
	json_t *list = json_array(), *o;
	struct ewx_rule_view v;

	for (uint32_t rule = 0; ewx_judge_rule(j, rule, &v) && v.file; rule++) {
		char index[16];

		snprintf(index, sizeof(index), "%u", rule);
		o = json_object();
		json_object_set_new(o, "rule", json_integer(rule));
		json_object_set_new(o, "file", tool_json_name(v.file));
		json_object_set_new(o, "line", json_integer(v.line));
		json_object_set_new(o, "hits",
				    json_integer(json_integer_value(
					    json_object_get(c->hits, index))));
		json_array_append_new(list, o);
	}
	return list;
}

static void print_rules(const struct tool *t, const json_t *rules)
{
	const json_t *o;
	size_t i, dead = 0;

	printf("\n%s%12s  RULE%s\n", tool_colour(t, BOLD), "DECIDED",
	       tool_colour(t, PLAIN));
	json_array_foreach(rules, i, o)
	{
		const char *file =
			json_string_value(json_object_get(o, "file"));
		json_int_t line =
			json_integer_value(json_object_get(o, "line"));
		json_int_t hits =
			json_integer_value(json_object_get(o, "hits"));

		dead += !hits;
		printf("%s%12lld%s  ", hits ? "" : tool_colour(t, YELLOW),
		       (long long)hits, hits ? "" : tool_colour(t, PLAIN));
		ewx_print_name(stdout, file ? file : "?");
		printf(":%lld\n", (long long)line);
		if (file)
			show_source_line(t, file, (__u32)line);
	}
	printf("%zu of %zu rules decided nothing since the policy was loaded\n",
	       dead, json_array_size(rules));
}

static void print_totals(const json_t *totals)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)totals, name, value) printf(
		"%12lld  %s\n", (long long)json_integer_value(value), name);
}

int cmd_counters(struct tool *t, int argc, char **argv)
{
	struct counts c = { json_object(), json_object() };
	json_t *all = json_object(), *rules = NULL;
	struct policy policy;
	struct bytes b;
	int ret = EXIT_OK;

	(void)argv;
	if (argc) {
		ret = tool_usage(t, "counters takes no argument");
	} else if (node_read(t, "counters", &b)) {
		ret = EXIT_FAIL;
	} else {
		for (char *line = strtok(b.data, "\n"); line;
		     line = strtok(NULL, "\n"))
			take_line(&c, line);
		free(b.data);
		if (!node_policy(t, &policy)) {
			rules = rules_json(&c, policy.judge);
			policy_close(&policy);
		}
		json_object_set(all, "totals", c.totals);
		json_object_set(all, "rules", rules ? rules : json_null());
		if (t->json) {
			ret = tool_json(t, json_incref(all));
		} else {
			print_totals(c.totals);
			if (rules)
				print_rules(t, rules);
		}
	}
	json_decref(rules);
	json_decref(all);
	json_decref(c.totals);
	json_decref(c.hits);
	return ret;
}

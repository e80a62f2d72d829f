// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: what a policy grants beside what was used of it, and what will end.
 *
 * Owns: which uses records can tell of. Must not know how the page looks.
 */
#include <stdlib.h>
#include <string.h>

#include <ewx/policy.h>
#include "report.h"

/*
 * Permissions whose uses the summary of an enclave tells of. The others are used
 * after init, or without an enclave: only "log" rules and the level "all" record that.
 */
#define SUMMARISED                                                      \
	(ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MODIFIED |          \
	 ENCLAVE_PERM_EXEC_ANON | ENCLAVE_PERM_EXEC_MUTABLE |           \
	 ENCLAVE_PERM_EXEC_UNMEASURED | ENCLAVE_PERM_LOAD_WX |          \
	 ENCLAVE_PERM_CREATE | ENCLAVE_PERM_INIT | ENCLAVE_PERM_DEBUG | \
	 ENCLAVE_PERM_PROVISION)

/**
 * struct hits - how often rules decided, by the kernel's count.
 * @rules: of "ewx counters --json"; NULL: not known
 */
struct hits {
	json_t *file;
	const json_t *rules;
};

static int read_counters(struct tool *t, struct hits *h)
{
	json_error_t error;

	*h = (struct hits){ 0 };
	if (!t->counters)
		return 0;
	h->file = json_load_file(t->counters, 0, &error);
	h->rules = json_object_get(h->file, "rules");
	if (json_is_array(h->rules))
		return 0;
	tool_error(
		t, "%s: %s", t->counters,
		h->file ?
			"not what \"ewx counters --json\" prints, with a policy active" :
			error.text);
	json_decref(h->file);
	return -1;
}

/* Return: times, or -1: it is not known. */
static long long hits_of(const struct hits *h, __u32 rule)
{
	const json_t *o = json_array_get(h->rules, rule);

	return h->rules ? (long long)json_integer_value(
				  json_object_get(o, "hits")) :
			  -1;
}

/* The counters are of this policy: each rule stands at the same place. */
static bool fits(const struct hits *h, const struct ewx_judge *j)
{
	struct ewx_rule_view v;
	uint32_t i;

	for (i = 0; ewx_judge_rule(j, i, &v) && v.file; i++) {
		const json_t *o = json_array_get(h->rules, i);
		const char *name =
			json_string_value(json_object_get(o, "file"));

		if (!name || strcmp(name, v.file) ||
		    json_integer_value(json_object_get(o, "line")) != v.line)
			return false;
	}
	return json_array_size(h->rules) == i;
}

/* What is known of a permission that no record of the domain used; or NULL: enough. */
static const char *doubt(long long hits, __u32 bit, __u32 perms, char *buf,
			 size_t size)
{
	if (!hits)
		return "the kernel counted none";
	if (hits > 0 && !(perms & (perms - 1)))
		return NULL;
	if (hits > 0) {
		snprintf(
			buf, size,
			"the rule decided %lld times, for whichever of its permissions",
			hits);
		return buf;
	}
	if (SUMMARISED & 1U << bit)
		return "no enclave that started used it";
	return "not known: it is used after init, which is recorded by log rules only; see --counters";
}

/* What a rule grants to a domain and no record of that domain used. */
static void find_unused(struct report *r, __u32 perms, const char *domain,
			const char *place, long long hits)
{
	char name[EWX_QUERY_NAME_MAX + 300], buf[96];
	struct report_row *row;
	const char *why;

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(perms & 1U << bit))
			continue;
		snprintf(name, sizeof(name), "%s %s", domain,
			 ewx_name(EWX_NAMES_PERMISSION, bit));
		why = doubt(hits, bit, perms, buf, sizeof(buf));
		if ((hits && report_has(&r->used, name)) || !why)
			continue;
		snprintf(name, sizeof(name), "%s %s %s", domain,
			 ewx_name(EWX_NAMES_PERMISSION, bit), place);
		row = report_add(r, &r->unused, name, REPORT_ALLOWED, 0);
		report_note(r, row, 0, domain);
		report_note(r, row, 1, ewx_name(EWX_NAMES_PERMISSION, bit));
		report_note(r, row, 2, place);
		report_note(r, row, 3, why);
	}
}

/* By the newest record, so that the same log gives the same page. */
static void add_end(struct report *r, const char *what, const char *place,
		    __u64 until)
{
	struct report_row *row;
	char text[512];
	long long days;

	snprintf(text, sizeof(text), "%020llu %s %s", (unsigned long long)until,
		 what, place);
	row = report_add(r, &r->expiring, text, REPORT_ALLOWED, until);
	report_note(r, row, 0, what);
	report_note(r, row, 1, place);
	days = ((long long)until - (long long)r->last) / 86400;
	if (!r->last)
		snprintf(text, sizeof(text),
			 "not known: no record says when it was written");
	else if (until < r->last)
		snprintf(text, sizeof(text), "has ended");
	else
		snprintf(text, sizeof(text), "in %lld day%s", days,
			 days == 1 ? "" : "s");
	report_note(r, row, 2, text);
}

static void rule_end(struct report *r, const struct ewx_judge *j,
		     const struct ewx_rule_view *rule, const char *place)
{
	struct ewx_domain_view domain;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		r->failed = true;
		return;
	}
	fputs("allow ", out);
	ewx_name_vector(out, rule->permissions);
	fprintf(out, " in %s",
		ewx_judge_domain(j, rule->domain, &domain) ? domain.name :
							     "every domain");
	fclose(out);
	add_end(r, text, place, rule->until);
	free(text);
}

static void look_at_rules(struct report *r, const struct ewx_judge *j,
			  const struct hits *h)
{
	struct ewx_domain_view domain;
	struct ewx_rule_view v;
	char place[300];

	for (uint32_t i = 0; ewx_judge_rule(j, i, &v) && v.file; i++) {
		if (v.kind != EWX_RULE_ALLOW)
			continue;
		snprintf(place, sizeof(place), "%.250s:%u", v.file, v.line);
		if (v.until != EWX_FOREVER)
			rule_end(r, j, &v, place);
		for (uint32_t d = 0; ewx_judge_domain(j, d, &domain); d++)
			if (v.domain == EWX_ANY || v.domain == d)
				find_unused(r, v.permissions, domain.name,
					    place, hits_of(h, i));
	}
}

static void look_at_domains(struct report *r, const struct ewx_judge *j)
{
	char place[300], what[EWX_QUERY_NAME_MAX + 32];
	struct ewx_domain_view v;

	for (uint32_t d = 0; ewx_judge_domain(j, d, &v); d++) {
		if (!v.permissive || v.permissive_until == EWX_FOREVER ||
		    !v.file)
			continue;
		snprintf(place, sizeof(place), "%.250s:%u", v.file, v.line);
		snprintf(what, sizeof(what), "permissive domain %s", v.name);
		add_end(r, what, place, v.permissive_until);
	}
}

int report_policy(struct tool *t, struct report *r, const struct ewx_judge *j)
{
	struct hits h;

	if (read_counters(t, &h))
		return -1;
	if (h.rules && !fits(&h, j)) {
		json_decref(h.file);
		tool_error(t, "%s: the counters of another policy",
			   t->counters);
		return -1;
	}
	r->has_policy = true;
	r->has_counters = h.rules;
	look_at_rules(r, j, &h);
	look_at_domains(r, j);
	json_decref(h.file);
	return 0;
}

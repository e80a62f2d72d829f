// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers to requests: from a policy file with the engine, or from the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

int answer_open(struct tool *t, struct answer *a)
{
	memset(a, 0, sizeof(*a));
	if (t->policy_count) {
		if (policy_open(t, t->policies, t->policy_count, STAMP_NONE,
				&a->policy))
			return -1;
		a->has_policy = true;
	} else if (t->live) {
		a->has_policy = !node_policy(t, &a->policy);
	}
	return 0;
}

void answer_close(struct answer *a)
{
	policy_close(&a->policy);
}

static int ask_engine(struct answer *a, const struct ewx_query *q)
{
	struct ewx_query now = *q;
	u64 *candidates;
	int err;

	if (!now.now)
		now.now = (u64)time(NULL);
	candidates = calloc(a->policy.p.set_words + 1, sizeof(*candidates));
	if (!candidates)
		return -ENOMEM;
	err = ewx_answer(&a->policy.p, &now, candidates, &a->reply);
	free(candidates);
	return err;
}

int answer_ask(const struct tool *t, struct answer *a,
	       const struct ewx_query *q)
{
	memset(&a->reply, 0, sizeof(a->reply));
	return t->live ? node_query(t, q, &a->reply) : ask_engine(a, q);
}

int answer_error(const struct tool *t, const struct answer *a,
		 const struct ewx_query *q, int err)
{
	bool by_name = q->subject == EWX_SUBJECT_DOMAIN;
	bool named = q->identity_kind == EWX_IDENTITY_NAMED;

	if (err > 0)
		return EXIT_FAIL;
	if (err != -ENOENT)
		return tool_error(t, "the request was not answered: %s",
				  strerror(-err));
	if (by_name && a->has_policy)
		by_name = ewx_domain_find(&a->policy.p, q->domain) == EWX_NONE;
	if (by_name && named && !a->has_policy)
		return tool_error(
			t, "the policy has no domain %s or no identity %s",
			q->domain, q->identity);
	if (by_name)
		return tool_error(t, "the policy has no domain %s", q->domain);
	return tool_error(t, "the policy has no identity %s", q->identity);
}

json_t *vector_json(__u32 vector)
{
	json_t *list = json_array();

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (vector & (1U << bit))
			json_array_append_new(
				list, json_string(ewx_name(EWX_NAMES_PERMISSION,
							   bit)));
	}
	return list;
}

static json_t *decision_json(const struct answer *a, __u32 bit)
{
	const struct ewx_reply *r = &a->reply;
	struct ewx_place place =
		ewx_verdict_place(a->has_policy ? &a->policy.p : NULL, r, bit);
	json_t *o = json_object();

	json_object_set_new(o, "permission",
			    json_string(ewx_name(EWX_NAMES_PERMISSION, bit)));
	json_object_set_new(o, "granted",
			    json_boolean(r->allowed & (1U << bit)));
	json_object_set_new(
		o, "reason",
		json_string(ewx_name(EWX_NAMES_REASON, r->reason[bit])));
	if (r->rule[bit] != EWX_NONE)
		json_object_set_new(o, "rule", json_integer(r->rule[bit]));
	if (place.file) {
		json_object_set_new(o, "file", tool_json_string(place.file));
		json_object_set_new(o, "line", json_integer(place.line));
	}
	return o;
}

json_t *answer_json(const struct answer *a, const struct ewx_query *q)
{
	const struct ewx_reply *r = &a->reply;
	json_t *o = json_object(), *list = json_array();
	const char *domain = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	out = open_memstream(&text, &size);
	if (out) {
		ewx_request_print(out, q);
		fclose(out);
		json_object_set_new(o, "request", tool_json_string(text));
		free(text);
	}
	json_object_set_new(o, "verdict", json_string(ewx_verdict_word(r)));
	if (r->refusal)
		json_object_set_new(
			o, "refusal",
			json_string(ewx_name(EWX_NAMES_REFUSAL, r->refusal)));
	if (a->has_policy && r->domain != EWX_NONE)
		domain = ewx_domain_name(&a->policy.p, r->domain);
	if (domain)
		json_object_set_new(o, "domain", tool_json_string(domain));
	json_object_set_new(o, "required", vector_json(r->required));
	json_object_set_new(o, "missing", vector_json(r->denied));
	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (r->required & (1U << bit))
			json_array_append_new(list, decision_json(a, bit));
	}
	json_object_set_new(o, "decisions", list);
	return o;
}

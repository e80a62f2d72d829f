// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Answers to requests: from a policy file with the engine, or from the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ewx/policy.h>
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
	return -ewx_judge_answer(a->policy.judge, q, (uint64_t)time(NULL),
				 &a->reply);
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
		by_name = ewx_judge_domain_find(a->policy.judge, q->domain) ==
			  EWX_NONE;
	if (by_name && named && !a->has_policy)
		return tool_error(
			t, "the policy has no domain %s or no identity %s",
			q->domain, q->identity);
	if (by_name)
		return tool_error(t, "the policy has no domain %s", q->domain);
	return tool_error(t, "the policy has no identity %s", q->identity);
}

struct ewx_decision answer_decision(const struct answer *a, int permission)
{
	struct ewx_decision d;

	ewx_reply_decision(&a->reply, a->policy.judge, permission, &d);
	return d;
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
	struct ewx_decision d = answer_decision(a, (int)bit);
	json_t *o = json_object();

	json_object_set_new(o, "permission", json_string(d.permission));
	json_object_set_new(o, "granted",
			    json_boolean(r->allowed & (1U << bit)));
	json_object_set_new(o, "reason", json_string(d.reason));
	if (r->rule[bit] != EWX_NONE)
		json_object_set_new(o, "rule", json_integer(r->rule[bit]));
	if (d.file) {
		json_object_set_new(o, "file", tool_json_name(d.file));
		json_object_set_new(o, "line", json_integer(d.line));
	}
	return o;
}

json_t *answer_json(const struct answer *a, const struct ewx_query *q)
{
	const struct ewx_reply *r = &a->reply;
	json_t *o = json_object(), *list = json_array();
	struct ewx_decision d = answer_decision(a, EWX_REPLY_VERDICT);
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
	json_object_set_new(o, "verdict", json_string(d.verdict));
	if (r->refusal)
		json_object_set_new(o, "refusal", json_string(d.reason));
	if (a->policy.judge && r->domain != EWX_NONE)
		json_object_set_new(o, "domain", tool_json_string(d.domain));
	json_object_set_new(o, "required", vector_json(r->required));
	json_object_set_new(o, "missing", vector_json(r->denied));
	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (r->required & (1U << bit))
			json_array_append_new(list, decision_json(a, bit));
	}
	json_object_set_new(o, "decisions", list);
	return o;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The public calls of ewx/judge.h and ewx/query.h.
 *
 * Owns: opaque objects around what the other files do with plain structures.
 * Decides nothing and knows no grammar.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <ewx/judge.h>
#include <ewx/query.h>
#include <ewx/words.h>
#include "compare.h"
#include "opaque.h"
#include "record.h"
#include "request.h"
#include "verdict.h"
#include "../security/ewx/core/read.h"

struct ewx_request *ewx_request_new(const char *text, size_t len,
				    struct ewx_request_error *error)
{
	struct ewx_request *r = calloc(1, sizeof(*r));

	*error = (struct ewx_request_error){ .text = "out of memory" };
	if (r && ewx_request_parse(text, len, &r->query, error)) {
		free(r);
		return NULL;
	}
	return r;
}

void ewx_request_free(struct ewx_request *r)
{
	free(r);
}

void ewx_request_write(const struct ewx_request *r, FILE *out)
{
	ewx_request_print(out, &r->query);
}

const struct ewx_query *ewx_request_query(const struct ewx_request *r)
{
	return &r->query;
}

static void describe_fault(const struct ewx_fault *fault,
			   struct ewx_judge_error *error)
{
	*error = (struct ewx_judge_error){
		.text = ewx_name_why(EWX_NAMES_FAULT, fault->code),
		.damaged = true,
		.section = fault->section < EWX_SECTION_COUNT ?
				   ewx_name(EWX_NAMES_SECTION, fault->section) :
				   NULL,
		.record = fault->index,
		.offset = fault->offset,
	};
}

static int by_name(const void *a, const void *b, void *policy)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;
	int order = strcmp(ewx_domain_name(policy, x),
			   ewx_domain_name(policy, y));

	return order ? order : x < y ? -1 : x > y;
}

static bool sort_domains(struct ewx_judge *j)
{
	u32 count = ewx_count(&j->policy, EWX_SECTION_DOMAINS), i;

	j->by_name = calloc((size_t)count + 1, sizeof(u32));
	if (!j->by_name)
		return false;
	for (i = 0; i < count; i++)
		j->by_name[i] = i;
	qsort_r(j->by_name, count, sizeof(u32), by_name, &j->policy);
	return true;
}

struct ewx_judge *ewx_judge_new(const void *blob, size_t size,
				struct ewx_judge_error *error)
{
	struct ewx_fault fault;
	struct ewx_judge *j;

	*error = (struct ewx_judge_error){ .text = "out of memory" };
	if (ewx_policy_signed_size(blob, size))
		size = ewx_policy_signed_size(blob, size);
	if (size > EWX_POLICY_MAX_SIZE) {
		error->text = "larger than a binary policy may be";
		return NULL;
	}
	j = malloc(sizeof(*j) + size);
	if (!j)
		return NULL;
	j->by_name = NULL;
	if (size)
		memcpy(j->blob, blob, size);
	if (!ewx_policy_verify(j->blob, (u32)size, &j->policy, &fault))
		describe_fault(&fault, error);
	else if (sort_domains(j))
		return j;
	ewx_judge_free(j);
	return NULL;
}

void ewx_judge_free(struct ewx_judge *j)
{
	if (j)
		free(j->by_name);
	free(j);
}

const char *ewx_judge_name(const struct ewx_judge *j)
{
	return ewx_policy_name(&j->policy);
}

uint64_t ewx_judge_version(const struct ewx_judge *j)
{
	return j->policy.version;
}

/* What is said of permission @bit. @p: or NULL */
static void fill_bit(struct ewx_decision *d, const struct ewx_policy *p,
		     const struct ewx_reply *r, u32 bit)
{
	struct ewx_place place = ewx_verdict_place(p, r, bit);

	*d = (struct ewx_decision){
		.verdict = ewx_verdict_word(r),
		.allowed = !r->refusal && r->result != EWX_RESULT_DENY,
		.why = "",
		.domain = p ? ewx_domain_name(p, r->domain) : "",
		.file = place.file,
		.line = place.line,
		.by_rule = place.rule,
	};
	if (bit < ENCLAVE_PERM_COUNT) {
		d->permission = ewx_name(EWX_NAMES_PERMISSION, bit);
		d->reason = ewx_name(EWX_NAMES_REASON, r->reason[bit]);
		d->why = ewx_name_why(EWX_NAMES_REASON, r->reason[bit]);
	}
}

static void fill(struct ewx_decision *d, const struct ewx_policy *p,
		 const struct ewx_reply *r)
{
	fill_bit(d, p, r, ewx_verdict_bit(r));
	if (r->refusal) {
		d->reason = ewx_name(EWX_NAMES_REFUSAL, r->refusal);
		d->why = ewx_name_why(EWX_NAMES_REFUSAL, r->refusal);
		d->permission = NULL;
		d->file = NULL;
	}
}

void ewx_reply_decision(const struct ewx_reply *r, const struct ewx_judge *j,
			int permission, struct ewx_decision *d)
{
	const struct ewx_policy *p = j ? &j->policy : NULL;

	if (permission < 0)
		fill(d, p, r);
	else
		fill_bit(d, p, r, (u32)permission);
}

int ewx_judge_answer(const struct ewx_judge *j, const struct ewx_query *query,
		     uint64_t now, struct ewx_reply *reply)
{
	struct ewx_query *q = malloc(sizeof(*q));
	u64 *candidates = calloc(j->policy.set_words + 1, sizeof(*candidates));
	int err = -ENOMEM;

	if (q && candidates) {
		*q = *query;
		if (!q->now)
			q->now = now;
		err = ewx_answer(&j->policy, q, candidates, reply);
	}
	free(candidates);
	free(q);
	return -err;
}

int ewx_judge_ask(const struct ewx_judge *j, const struct ewx_request *r,
		  uint64_t now, struct ewx_decision *d)
{
	struct ewx_reply reply = { 0 };
	int err = ewx_judge_answer(j, &r->query, now, &reply);

	if (!err)
		fill(d, &j->policy, &reply);
	return err;
}

void ewx_decision_write(const struct ewx_decision *d, FILE *out)
{
	fputs(d->verdict, out);
	if (!d->permission) {
		if (d->reason)
			fprintf(out, " %s", d->reason);
		return;
	}
	fprintf(out, " %s %s ", d->permission, d->reason);
	if (d->file) {
		ewx_print_name(out, d->file);
		fprintf(out, ":%u", d->line);
	} else {
		fputc('-', out);
	}
}

/** struct comparing - a caller of ewx_judge_compare(). @request: memory for one. */
struct comparing {
	void (*found)(void *ctx, const struct ewx_request *example,
		      const struct ewx_decision *before,
		      const struct ewx_decision *after);
	void *ctx;
	struct ewx_request *request;
};

static void found(struct ewx_compare *c, const struct ewx_query *q,
		  const struct ewx_reply reply[2])
{
	struct comparing *comparing = c->context;
	struct ewx_decision d[2];

	for (int k = 0; k < 2; k++)
		fill(&d[k], c->p[k], &reply[k]);
	comparing->request->query = *q;
	comparing->found(comparing->ctx, comparing->request, &d[0], &d[1]);
}

int ewx_judge_compare(const struct ewx_judge *before,
		      const struct ewx_judge *after, uint64_t now,
		      void (*call)(void *ctx, const struct ewx_request *example,
				   const struct ewx_decision *before,
				   const struct ewx_decision *after),
		      void *ctx, struct ewx_comparison *result)
{
	struct comparing comparing = { .found = call, .ctx = ctx };
	struct ewx_compare c = {
		.p = { &before->policy, &after->policy },
		.now = now,
		.found = found,
		.context = &comparing,
	};
	int err;

	*result = (struct ewx_comparison){ 0 };
	comparing.request = calloc(1, sizeof(*comparing.request));
	if (!comparing.request)
		return ENOMEM;
	err = ewx_compare(&c) ? ENOMEM : 0;
	if (!err)
		*result = (struct ewx_comparison){ c.complete, c.changed };
	free(comparing.request);
	return err;
}

struct ewx_request *ewx_record_request(const struct ewx_record *r,
				       bool by_domain, char *error)
{
	struct ewx_request *request = calloc(1, sizeof(*request));

	if (!request) {
		ewx_record_complain(error, "out of memory");
		return NULL;
	}
	if (r->type != EWX_RECORD_ACCESS) {
		ewx_record_complain(error, "the record is of no request");
	} else if (!ewx_record_query(r, by_domain, &request->query, error)) {
		return request;
	}
	free(request);
	return NULL;
}

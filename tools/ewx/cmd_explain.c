// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx explain: a request's verdict, or an access record, so that a person
 * understands it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "query.h"
#include "explain.h"
#include "log.h"

/* A label at the left; the text follows. */
void label(const struct tool *t, const char *name)
{
	printf("%s%-9s%s", tool_colour(t, BOLD), name, tool_colour(t, PLAIN));
}

static const char *answer_domain(const struct answer *a,
				 const struct ewx_query *q)
{
	if (a->has_policy && a->reply.domain != EWX_NONE)
		return answer_decision(a, EWX_REPLY_VERDICT).domain;
	return q->subject == EWX_SUBJECT_DOMAIN ? q->domain : "";
}

/* Each missing permission, or for an allowed request each that a rule gave. */
static void show_decisions(const struct tool *t, const struct answer *a,
			   const struct ewx_query *q)
{
	const struct ewx_reply *r = &a->reply;
	__u32 bits = r->denied ? r->denied : r->required;

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		struct ewx_decision d;

		if (!(bits & (1U << bit)))
			continue;
		d = answer_decision(a, (int)bit);
		label(t, r->denied ? "missing" : "granted");
		printf("%s: %s", d.permission, d.why);
		if (!d.file) {
			if (r->rule[bit] != EWX_NONE)
				printf(" (rule %u)", r->rule[bit]);
			putchar('\n');
			continue;
		}
		fputs(d.by_rule ? " (rule at " : " (domain at ", stdout);
		ewx_print_safe(stdout, d.file, 0);
		printf(":%u)\n", d.line);
		show_source_line(t, d.file, d.line);
		if (!r->denied)
			continue;
		sentence_missing(stdout, bit, r->reason[bit],
				 answer_domain(a, q), q);
		putchar('\n');
	}
}

static void show_answer(const struct tool *t, const struct answer *a,
			const struct ewx_query *q)
{
	const char *domain = answer_domain(a, q);

	label(t, "verdict");
	show_verdict(t, a);
	label(t, "request");
	ewx_request_print(stdout, q);
	putchar('\n');
	label(t, "meaning");
	sentence_request(stdout, q);
	putchar('\n');
	if (*domain) {
		label(t, "domain");
		ewx_print_safe(stdout, domain, 0);
		putchar('\n');
	}
	if (a->reply.refusal) {
		label(t, "cause");
		printf("%s: %s\n",
		       ewx_name(EWX_NAMES_REFUSAL, a->reply.refusal),
		       ewx_name_why(EWX_NAMES_REFUSAL, a->reply.refusal));
		puts("This is a fixed rule: no policy and no permissive mode lifts it.");
		return;
	}
	if (!a->reply.required)
		puts("The request needs no permission: no rule is asked.");
	show_decisions(t, a, q);
	if (a->reply.result == EWX_RESULT_DEFER)
		puts("Some identities are allowed this, so it is let through now; init is denied unless the enclave turns out to have one of them.");
}

static int explain_request(struct tool *t, const char *text)
{
	struct ewx_query *q;
	struct answer a;
	int ret, err;

	if (!t->policy_count && !t->live)
		return tool_usage(
			t, "a request is explained under --policy or --live");
	q = malloc(sizeof(*q));
	if (!q)
		return tool_error(t, "out of memory");
	ret = read_request(t, text, q);
	if (!ret && answer_open(t, &a)) {
		ret = EXIT_FAIL;
	} else if (!ret) {
		err = answer_ask(t, &a, q);
		ret = err ? answer_error(t, &a, q, err) :
			    verdict_exit(&a.reply);
		if (!err && t->json)
			tool_json(t, answer_json(&a, q));
		else if (!err)
			show_answer(t, &a, q);
		answer_close(&a);
	}
	free(q);
	return ret;
}

/**
 * struct explained - what explain has to know between records.
 * @count: so many were explained; @ret: what is to be returned
 */
struct explained {
	struct tool *t;
	struct explain *x;
	size_t count;
	int ret;
};

static bool take(const struct ewx_record *r, unsigned int boot, void *arg)
{
	struct explained *e = arg;
	int one;

	(void)boot;
	if (e->count++ && !e->t->json)
		putchar('\n');
	one = ewx_record_type(r) == EWX_RECORD_ACCESS ?
		      explain_record(e->t, r, e->x) :
		      explain_other(e->t, r);
	if (one)
		e->ret = one;
	return !ferror(stdout);
}

/* What stands on standard input if it is no record: a request. */
#define REQUEST_MAX (256 << 10)

/*
 * Every record among the lines; the others are none of ours. Lines are not kept,
 * however many there are.
 * @text: what came before the first record, for it may be a request
 */
static int explain_lines(struct explained *e, FILE *in, const char *name,
			 struct bytes *text)
{
	struct log_reader reader = {
		.take = take,
		.arg = e,
		.filter = e->t->filter,
	};
	unsigned long number = 0;
	char *line = NULL;
	size_t size = 0;
	bool more = true;
	ssize_t n;

	while (more && (n = getline(&line, &size, in)) > 0) {
		more = log_line(e->t, name, in == stdin ? ++number : 0, line,
				(size_t)n, &reader);
		if (e->count || reader.bad ||
		    text->size + (size_t)n >= REQUEST_MAX)
			continue;
		memcpy(text->data + text->size, line, (size_t)n);
		text->size += (size_t)n;
		text->data[text->size] = '\0';
	}
	free(line);
	log_boots_free(&reader.boots);
	if (ferror(in))
		return tool_error(e->t, "%s: %s", name, strerror(errno));
	return reader.bad ? EXIT_FAIL : EXIT_OK;
}

/* No line of a log is in it: a record that was copied by hand, or a request. */
static int explain_text(struct explained *e, const struct bytes *text)
{
	struct tool *t = e->t;
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *r;

	if (text->data[strspn(text->data, " \t\n")] == '\0')
		return tool_usage(t, "explain needs a record or a request");
	if (!ewx_record_looks(text->data, text->size))
		return explain_request(t, text->data);
	r = ewx_record_new_alone(text->data, text->size, error);
	if (!r)
		return tool_error(t, "%s", error);
	take(r, 0, e);
	ewx_record_delete(r);
	return EXIT_OK;
}

static int explain_from(struct explained *e, FILE *in, const char *name)
{
	struct bytes text = { .data = calloc(1, REQUEST_MAX) };
	int ret;

	if (!text.data)
		return tool_error(e->t, "out of memory");
	ret = explain_lines(e, in, name, &text);
	if (!ret && !e->count)
		ret = explain_text(e, &text);
	free(text.data);
	return ret ? ret : e->ret;
}

/* Records, or a request, in words. */
static int explain_words(struct explained *e, int argc, char **argv)
{
	char *text = join_words(argc, argv);
	FILE *in = text && *text ? fmemopen(text, strlen(text), "r") : NULL;
	int ret;

	if (in) {
		ret = explain_from(e, in, "the record");
		fclose(in);
	} else {
		ret = text && !*text ?
			      tool_usage(
				      e->t,
				      "explain needs a record or a request") :
			      tool_error(e->t, "out of memory");
	}
	free(text);
	return ret;
}

int cmd_explain(struct tool *t, int argc, char **argv)
{
	struct explain x = { 0 };
	struct explained e = { .t = t, .x = &x };
	struct answer now;
	int ret;

	/* The policy is read once, whatever the number of records. */
	if (explain_keep(t, &x)) {
		explain_close(&x);
		return EXIT_FAIL;
	}
	if (t->policy_count || t->live) {
		if (answer_open(t, &now)) {
			explain_close(&x);
			return EXIT_FAIL;
		}
		x.now = &now;
		if (now.has_policy)
			explain_digest(x.now_digest, &now.policy);
	}
	ret = argc ? explain_words(&e, argc, argv) :
		     explain_from(&e, stdin, "standard input");
	if (x.now)
		answer_close(&now);
	explain_close(&x);
	return ret;
}

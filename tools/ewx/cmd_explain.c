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

/* A label at the left; the text follows. */
void label(const struct tool *t, const char *name)
{
	printf("%s%-9s%s", tool_colour(t, BOLD), name, tool_colour(t, PLAIN));
}

static const char *answer_domain(const struct answer *a,
				 const struct ewx_query *q)
{
	if (a->has_policy && a->reply.domain != EWX_NONE)
		return ewx_domain_name(&a->policy.p, a->reply.domain);
	return q->subject == EWX_SUBJECT_DOMAIN ? q->domain : "";
}

/* Each missing permission, or for an allowed request each that a rule gave. */
static void show_decisions(const struct tool *t, const struct answer *a,
			   const struct ewx_query *q)
{
	const struct ewx_policy *p = a->has_policy ? &a->policy.p : NULL;
	const struct ewx_reply *r = &a->reply;
	__u32 bits = r->denied ? r->denied : r->required;

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		struct ewx_place place;

		if (!(bits & (1U << bit)))
			continue;
		label(t, r->denied ? "missing" : "granted");
		printf("%s: %s", ewx_name(EWX_NAMES_PERMISSION, bit),
		       ewx_name_why(EWX_NAMES_REASON, r->reason[bit]));
		place = ewx_verdict_place(p, r, bit);
		if (!place.file) {
			if (r->rule[bit] != EWX_NONE)
				printf(" (rule %u)", r->rule[bit]);
			putchar('\n');
			continue;
		}
		fputs(place.rule ? " (rule at " : " (domain at ", stdout);
		ewx_print_safe(stdout, place.file, 0);
		printf(":%u)\n", place.line);
		show_source_line(t, place.file, place.line);
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

/* Every record among the lines; the others are none of ours. */
static int explain_lines(struct tool *t, char *text, struct answer *a)
{
	char error[EWX_RECORD_ERROR_MAX] = "no record of EWX";
	int ret = EXIT_OK, n = 0;

	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		struct ewx_record r;
		char why[EWX_RECORD_ERROR_MAX];
		int one;

		if (ewx_record_read(line, strlen(line), &r, why)) {
			if (ewx_record_looks(line, strlen(line)))
				strcpy(error, why);
			continue;
		}
		if (n++ && !t->json)
			putchar('\n');
		one = r.type == EWX_RECORD_ACCESS ? explain_record(t, &r, a) :
						    explain_other(t, &r);
		if (one)
			ret = one;
		ewx_record_free(&r);
	}
	return n ? ret : tool_error(t, "%s", error);
}

/* The policy is read once, whatever the number of records. */
static int explain_records(struct tool *t, char *text)
{
	struct answer a;
	int ret;

	if (!t->policy_count && !t->live)
		return explain_lines(t, text, NULL);
	if (answer_open(t, &a))
		return EXIT_FAIL;
	ret = explain_lines(t, text, &a);
	answer_close(&a);
	return ret;
}

int cmd_explain(struct tool *t, int argc, char **argv)
{
	struct bytes b = { 0 };
	int ret;

	if (argc) {
		b.data = join_words(argc, argv);
		if (!b.data)
			return tool_error(t, "out of memory");
	} else if (file_read("-", 16 << 20, &b)) {
		return tool_error(t, "standard input: %s", strerror(errno));
	}
	if (ewx_record_looks(b.data, strlen(b.data)))
		ret = explain_records(t, b.data);
	else if (b.data[strspn(b.data, " \t\n")])
		ret = explain_request(t, b.data);
	else
		ret = tool_usage(t, "explain needs a record or a request");
	free(b.data);
	return ret;
}

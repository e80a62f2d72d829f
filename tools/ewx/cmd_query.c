// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx query: what a policy says to a request. And explain, given a request.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"
#include "query.h"

char *join_words(int argc, char **argv)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (int i = 0; i < argc; i++)
		fprintf(out, "%s%s", i ? " " : "", argv[i]);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The request, and a caret under what is wrong with it. */
static void show_request_error(const struct tool *t, const char *text,
			       const struct ewx_request_error *err)
{
	size_t start = err->offset, end = start;

	tool_error(t, "bad request: %s", err->text);
	while (start && text[start - 1] != '\n')
		start--;
	while (text[end] && text[end] != '\n')
		end++;
	fputs("  ", stderr);
	for (size_t i = start; i < end; i++)
		fputc((unsigned char)text[i] < 0x20 || text[i] == 0x7f ?
			      ' ' :
			      text[i],
		      stderr);
	fputs("\n  ", stderr);
	for (size_t i = start; i < err->offset; i++) {
		if ((text[i] & 0xc0) != 0x80)
			fputc(' ', stderr);
	}
	fputc('^', stderr);
	for (size_t i = 1; i < err->length && err->offset + i < end; i++) {
		if ((text[err->offset + i] & 0xc0) != 0x80)
			fputc('~', stderr);
	}
	fputc('\n', stderr);
}

int read_request(const struct tool *t, const char *text, struct ewx_query *q)
{
	struct ewx_request_error err;

	if (!ewx_request_parse(text, strlen(text), q, &err))
		return EXIT_OK;
	show_request_error(t, text, &err);
	return EXIT_USAGE;
}

static enum tool_colour verdict_colour(const struct ewx_reply *r)
{
	if (r->refusal || r->result == EWX_RESULT_DENY)
		return RED;
	return r->result == EWX_RESULT_ALLOW ? GREEN : YELLOW;
}

int verdict_exit(const struct ewx_reply *r)
{
	return !r->refusal && (r->result == EWX_RESULT_ALLOW ||
			       r->result == EWX_RESULT_DEFER) ?
		       EXIT_OK :
		       EXIT_FAIL;
}

void show_verdict(const struct tool *t, const struct answer *a)
{
	struct ewx_decision d = answer_decision(a, EWX_REPLY_VERDICT);

	fputs(tool_colour(t, verdict_colour(&a->reply)), stdout);
	ewx_decision_write(&d, stdout);
	printf("%s\n", tool_colour(t, PLAIN));
}

int cmd_query(struct tool *t, int argc, char **argv)
{
	struct ewx_query *q = malloc(sizeof(*q));
	struct answer a;
	char *text = NULL;
	int ret, err;

	if (!argc || (!t->policy_count && !t->live)) {
		free(q);
		return tool_usage(t, argc ? "query needs --policy or --live" :
					    "query needs a request");
	}
	text = join_words(argc, argv);
	ret = q && text ? read_request(t, text, q) :
			  tool_error(t, "out of memory");
	if (ret)
		goto out;
	ret = EXIT_FAIL;
	if (answer_open(t, &a))
		goto out;
	err = answer_ask(t, &a, q);
	if (err) {
		ret = answer_error(t, &a, q, err);
	} else if (t->json) {
		ret = tool_json(t, answer_json(&a, q));
		ret = ret ? ret : verdict_exit(&a.reply);
	} else {
		show_verdict(t, &a);
		ret = verdict_exit(&a.reply);
	}
	answer_close(&a);
out:
	free(text);
	free(q);
	return ret;
}

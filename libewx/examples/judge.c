// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An example of libewx: ask a policy. Built against the installed library:
 *
 *	cc judge.c $(pkg-config --cflags --libs libewx) -o judge
 *
 *	judge POLICY REQUEST...		answer requests
 *	judge POLICY --than OTHER	what the other policy decides otherwise
 *	judge POLICY <LOG		requests of audit records, and the answers
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/record.h>
#include <ewx/words.h>

#define NOW 1764288000 /* the same answers every day */

static struct ewx_judge *judge_of(const char *path)
{
	struct ewx_unit *unit = ewx_unit_new();
	struct ewx_judge *judge = NULL;
	struct ewx_judge_error error = { .text = "it does not compile" };
	size_t size;
	void *blob;

	if (!unit)
		return NULL;
	ewx_unit_add_file(unit, path);
	if (!ewx_unit_compile(unit, NOW, &blob, &size)) {
		judge = ewx_judge_new(blob, size, &error);
		free(blob);
	}
	if (!judge)
		printf("%s: %s\n", path, error.text);
	ewx_unit_free(unit);
	return judge;
}

static void answer(const struct ewx_judge *judge, const struct ewx_request *r)
{
	struct ewx_decision d;

	if (ewx_judge_ask(judge, r, NOW, &d)) {
		puts("not answered: the policy has no such domain or identity");
		return;
	}
	ewx_decision_write(&d, stdout);
	printf(": %s\n", d.allowed ? "go on" : d.why);
}

static void ask(const struct ewx_judge *judge, const char *text)
{
	struct ewx_request_error error;
	struct ewx_request *r = ewx_request_new(text, strlen(text), &error);

	if (!r) {
		printf("at byte %zu: %s\n", error.offset, error.text);
		return;
	}
	answer(judge, r);
	ewx_request_free(r);
}

static void show(void *ctx, const struct ewx_request *example,
		 const struct ewx_decision *before,
		 const struct ewx_decision *after)
{
	++*(size_t *)ctx;
	printf("%s, then %s: ", before->verdict, after->verdict);
	ewx_request_write(example, stdout);
	putchar('\n');
}

static void compare(const struct ewx_judge *before, const char *path)
{
	struct ewx_judge *after = judge_of(path);
	struct ewx_comparison result;
	size_t count = 0;

	if (!after)
		return;
	if (!ewx_judge_compare(before, after, NOW, show, &count, &result))
		printf("%s: %zu differences%s\n", ewx_judge_name(after), count,
		       result.complete ? "" : " and more");
	ewx_judge_free(after);
}

static void read_record(const struct ewx_judge *judge, const char *line)
{
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *record = ewx_record_new(line, strlen(line), error);
	const char *exe;
	struct ewx_request *r;

	if (!record) {
		printf("no record: %s\n", error);
		return;
	}
	printf("%s at %llu, of ", ewx_record_kind(record),
	       (unsigned long long)ewx_record_stamp(record, NULL, NULL));
	exe = ewx_record_field(record, "exe");
	ewx_print_safe(stdout, exe ? exe : "?", '"');
	r = ewx_record_request(record, true, error);
	printf(": %s", r ? "" : error);
	if (r)
		ewx_request_write(r, stdout);
	putchar('\n');
	if (r)
		answer(judge, r);
	ewx_request_free(r);
	ewx_record_delete(record);
}

int main(int argc, char **argv)
{
	struct ewx_judge *judge = argc > 1 ? judge_of(argv[1]) : NULL;
	char line[8192];

	if (!judge)
		return EXIT_FAILURE;
	if (argc == 4 && !strcmp(argv[2], "--than"))
		compare(judge, argv[3]);
	else
		for (int i = 2; i < argc; i++)
			ask(judge, argv[i]);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		read_record(judge, line);
	}
	ewx_judge_free(judge);
	return EXIT_SUCCESS;
}

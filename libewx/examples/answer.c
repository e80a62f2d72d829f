// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An example of libewx: all of an answer, as the kernel's node ewx/query gives it.
 * Built against the installed library:
 *
 *	cc answer.c $(pkg-config --cflags --libs libewx) -o answer
 *
 *	answer BINARY_POLICY REQUEST	what is said of each permission
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/ewx_query.h>
#include <ewx/judge.h>
#include <ewx/policy.h>
#include <ewx/query.h>

#define NOW 1764288000 /* the same answers every day */

static struct ewx_judge *judge_of(const char *path)
{
	static unsigned char blob[1 << 20];
	struct ewx_judge_error error = { .text = "it cannot be read" };
	struct ewx_judge *judge = NULL;
	FILE *in = fopen(path, "rb");

	if (in) {
		judge = ewx_judge_new(blob, fread(blob, 1, sizeof(blob), in),
				      &error);
		fclose(in);
	}
	if (!judge)
		printf("%s: %s\n", path, error.text);
	return judge;
}

static int answer(const struct ewx_judge *judge, const struct ewx_query *q)
{
	struct ewx_reply reply;
	struct ewx_decision d;

	if (ewx_judge_answer(judge, q, NOW, &reply))
		return EXIT_FAILURE;
	ewx_reply_decision(&reply, judge, EWX_REPLY_VERDICT, &d);
	printf("%s in %s\n", d.verdict, d.domain);
	for (int bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(reply.required >> bit & 1))
			continue;
		ewx_reply_decision(&reply, judge, bit, &d);
		printf("  %s: %s, line %u\n", d.permission, d.why, d.line);
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct ewx_judge *judge = argc == 3 ? judge_of(argv[1]) : NULL;
	int status = EXIT_FAILURE;
	struct ewx_request_error error;
	struct ewx_query q;

	if (judge && ewx_request_parse(argv[2], strlen(argv[2]), &q, &error))
		printf("byte %zu: %s\n", error.offset, error.text);
	else if (judge)
		status = answer(judge, &q);
	ewx_judge_free(judge);
	return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict vectors in userspace: the engine gives each its verdict, and
 * writing a request down changes nothing. Argument: the vectors' directory.
 */
#include "unit.h"

#include <stdio.h>

#include "libewx/verdict.h"
#include "tests/vectors/vectors.h"

static struct vectors v;
static const char *dir = "tests/vectors";

/* At least as many as the project promises. */
#define VECTORS_MIN 60

static int setup(void **state)
{
	(void)state;
	return vectors_read_dir(&v, dir, stderr) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	vectors_free(&v);
	return 0;
}

static bool agrees(size_t i)
{
	const struct vector *one = &v.list[i];
	const struct ewx_policy *p = &v.policies[one->policy].p;
	struct ewx_reply r;

	if (!vectors_answer(&v, i, &r, stderr))
		return false;
	if (ewx_verdict_matches(one->expected, p, &r))
		return true;
	fprintf(stderr, "%s:%u: %s\n    expected %s\n    got      ", one->file,
		one->line, one->text, one->expected);
	ewx_verdict_print(stderr, p, &r);
	fputc('\n', stderr);
	return false;
}

static void test_verdicts(void **state)
{
	size_t wrong = 0;

	(void)state;
	assert_true(v.count >= VECTORS_MIN);
	for (size_t i = 0; i < v.count; i++)
		wrong += !agrees(i);
	assert_int_equal(wrong, 0);
}

static void test_written_again(void **state)
{
	struct ewx_request_error err;
	struct ewx_query q;

	(void)state;
	for (size_t i = 0; i < v.count; i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		ewx_request_print(out, v.list[i].query);
		fclose(out);
		assert_int_equal(ewx_request_parse(text, size, &q, &err), 0);
		assert_memory_equal(&q, v.list[i].query, sizeof(q));
		free(text);
	}
}

/* What the matcher must not take for the same. */
static void test_matching(void **state)
{
	struct ewx_reply r = {
		.result = EWX_RESULT_DENY,
		.required = ENCLAVE_PERM_CREATE | ENCLAVE_PERM_DEBUG,
		.denied = ENCLAVE_PERM_DEBUG,
		.cause = ENCLAVE_PERM_BIT_DEBUG,
	};

	(void)state;
	for (size_t i = 0; i < ENCLAVE_PERM_COUNT; i++)
		r.rule[i] = EWX_NONE;
	r.reason[ENCLAVE_PERM_BIT_DEBUG] = EWX_REASON_NO_RULE;
	assert_true(ewx_verdict_matches("deny debug no_rule -", NULL, &r));
	assert_true(ewx_verdict_matches(" deny  debug no_rule -\n", NULL, &r));
	assert_false(ewx_verdict_matches("deny", NULL, &r));
	assert_false(ewx_verdict_matches("allow", NULL, &r));
	assert_false(ewx_verdict_matches("deny create no_rule -", NULL, &r));
	assert_false(ewx_verdict_matches("deny debug denied -", NULL, &r));
	assert_false(ewx_verdict_matches("deny debug no_rule x:1", NULL, &r));
	assert_false(ewx_verdict_matches("deny debug no_rule", NULL, &r));
	assert_false(ewx_verdict_matches("", NULL, &r));
	r.result = EWX_RESULT_ALLOW;
	r.denied = 0;
	assert_true(ewx_verdict_matches("allow", NULL, &r));
	assert_false(ewx_verdict_matches("allow init granted -", NULL, &r));
	assert_false(ewx_verdict_matches("defer", NULL, &r));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_written_again),
		cmocka_unit_test(test_matching),
	};

	if (argc > 1)
		dir = argv[1];
	return cmocka_run_group_tests(tests, setup, teardown);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The library has no state of its own: threads compile, ask, compare and print, each
 * with units of its own and all with the same policies. It is compiled for
 * ThreadSanitizer (threads.mk), which ends the program at a data race.
 */
#include "unit.h"

#include <pthread.h>

#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/policy.h>
#include <ewx/query.h>
#include <ewx/record.h>

#define THREADS 8
#define ROUNDS 6

static const char *const texts[] = {
	"language 1;\npolicy p version 1;\n"
	"set code = exec_file, exec_mutable;\n"
	"source s { path \"/opt/**/*.so\"; owner 0; fs ext4; }\n"
	"identity i { signer sha256:1111111111111111111111111111111111111111111111111111111111111111; product 1; min-svn 2; }\n"
	"domain d { exe \"/bin/{a,b}*\"; uid 1000-1999; allow create, change; allow code from s; allow init for i; }\n"
	"never debug;\nexpect deny debug in d for i: debug;\n",
	"language 1;\npolicy p version 2;\n"
	"domain d { exe \"/bin/**\"; permissive; cgroup \"/c/*\"; allow create; }\n"
	"domain e { exe \"/bin/x\"; gid 5; context \"c\"; guarded; allow vepc; }\n"
	"domain d over e;\n",
	"language 1;\npolicy p version 3;\nalow create;\nallow exec_fil from q;\n",
};

static const char record[] =
	"type=1490 audit(1767225600.000:1): lsm=ewx op=load result=denied cause=exec_file reason=no_rule needed=exec_file missing=exec_file enclave=1 provider=dev domain=\"d\" access=rx facts=bd inited=0 foreign=0 page=3 pages=4 origin=file path=\"/opt/a.so\" fstype=ext4 owner=0 nopath=0";

static struct ewx_judge *shared[2];
static pthread_barrier_t start;

static void found(void *ctx, const struct ewx_request *example,
		  const struct ewx_decision *before,
		  const struct ewx_decision *after)
{
	ewx_decision_write(before, ctx);
	ewx_decision_write(after, ctx);
	ewx_request_write(example, ctx);
}

static void *compile(const char *text, size_t *size, FILE *out)
{
	struct ewx_unit *u = ewx_unit_new();
	size_t length;
	char *formatted = NULL;
	void *blob = NULL;

	assert_int_equal(ewx_unit_warn(u, "all"), 0);
	ewx_unit_add_text(u, "t", text, strlen(text));
	ewx_unit_compile(u, 1700000000, &blob, size);
	ewx_unit_print(u, out, false);
	ewx_unit_free(u);
	u = ewx_unit_new();
	ewx_unit_format(u, "t", text, strlen(text), &formatted, &length);
	ewx_unit_free(u);
	free(formatted);
	return blob;
}

static void ask(const struct ewx_judge *j, FILE *out)
{
	static const char text[] =
		"as exe \"/bin/a\" uid 1200: load rx file \"/opt/x.so\" owner 0";
	struct ewx_request_error error;
	struct ewx_request *r = ewx_request_new(text, strlen(text), &error);
	struct ewx_decision d;

	if (!ewx_judge_ask(j, r, 1700000000, &d))
		ewx_decision_write(&d, out);
	ewx_judge_domain_find(j, "e");
	ewx_request_free(r);
}

static void *work(void *arg)
{
	FILE *out = fopen("/dev/null", "w");
	struct ewx_comparison result;
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *r;
	const char *why;
	size_t size;
	void *blob;

	pthread_barrier_wait(&start);
	for (size_t i = 0; i < ROUNDS * ARRAY_LEN(texts); i++) {
		blob = compile(texts[(i + (uintptr_t)arg) % ARRAY_LEN(texts)],
			       &size, out);
		if (blob)
			ewx_dump(blob, size, out, &why);
		free(blob);
		ask(shared[i % 2], out);
		ewx_judge_compare(shared[i % 2], shared[1 - i % 2], 1700000000,
				  found, out, &result);
		r = ewx_record_new(record, strlen(record), error);
		if (r)
			ewx_record_delete(r);
	}
	fclose(out);
	return NULL;
}

static void test_threads(void **state)
{
	struct ewx_judge_error error;
	pthread_t thread[THREADS];
	FILE *out = fopen("/dev/null", "w");
	size_t size;

	(void)state;
	for (int k = 0; k < 2; k++) {
		void *blob = compile(texts[k], &size, out);

		assert_non_null(blob);
		shared[k] = ewx_judge_new(blob, size, &error);
		assert_non_null(shared[k]);
		free(blob);
	}
	pthread_barrier_init(&start, NULL, THREADS);
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, work,
						(void *)i), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (int k = 0; k < 2; k++)
		ewx_judge_free(shared[k]);
	fclose(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

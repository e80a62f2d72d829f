// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * <ewx/judge.h> as a program uses it: what is refused and how that is told, requests as
 * objects, a comparison that cannot find everything.
 */
#include "unit.h"

#include <errno.h>

#include <ewx/ewx.h>
#include <ewx/judge.h>
#include <ewx/record.h>
#include <uapi/linux/ewx_policy.h>

#define NOW 1700000000

static void *compile(const char *text, size_t *size)
{
	struct ewx_unit *u = ewx_unit_new();
	void *blob = NULL;

	ewx_unit_add_text(u, "p.ewx", text, strlen(text));
	assert_int_equal(ewx_unit_compile(u, NOW, &blob, size), 0);
	ewx_unit_free(u);
	return blob;
}

static struct ewx_judge *judge_of(const char *text)
{
	struct ewx_judge_error error;
	size_t size;
	void *blob = compile(text, &size);
	struct ewx_judge *j = ewx_judge_new(blob, size, &error);

	assert_non_null(j);
	free(blob);
	return j;
}

#define POLICY                                                            \
	"language 1; policy p version 7;\n"                               \
	"identity i { product 3; }\n"                                     \
	"domain d { exe \"/bin/d\"; allow create; allow exec_anon for i; }\n"

static void test_what_is_no_policy(void **state)
{
	struct ewx_judge_error error;
	size_t size;
	unsigned char *blob = compile(POLICY, &size);

	(void)state;
	assert_null(ewx_judge_new(blob, (size_t)EWX_POLICY_MAX_SIZE + 1,
				  &error));
	assert_false(error.damaged);
	assert_string_equal(error.text, "larger than a binary policy may be");
	assert_null(ewx_judge_new(blob, 0, &error));
	assert_true(error.damaged);
	assert_null(error.section);
	assert_null(ewx_judge_new(blob, size - 1, &error));
	assert_true(error.damaged);
	assert_null(error.section);
	assert_int_equal(error.offset, offsetof(struct ewx_header, size));
	/* The first byte of the strings, which has to be NUL. */
	for (size_t i = 0; i + 3 < size; i++)
		if (!memcmp(blob + i, "\0p.e", 4))
			memcpy(blob + i, "\n", 1);
	assert_null(ewx_judge_new(blob, size, &error));
	assert_true(error.damaged);
	assert_string_equal(error.section, "strings");
	assert_true(error.offset > 0 && error.offset < size);
	free(blob);
	ewx_judge_free(NULL);
}

static char *written(const struct ewx_request *r)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	ewx_request_write(r, out);
	fclose(out);
	return text;
}

static void test_requests(void **state)
{
	static const char text[] = "in  d for i:\n load rx anon # why";
	struct ewx_request_error error;
	struct ewx_judge *j = judge_of(POLICY);
	struct ewx_request *r, *again;
	struct ewx_decision d;
	char *first, *second;

	(void)state;
	r = ewx_request_new(text, strlen(text), &error);
	assert_non_null(r);
	first = written(r);
	again = ewx_request_new(first, strlen(first), &error);
	assert_non_null(again);
	second = written(again);
	assert_string_equal(first, second);
	assert_int_equal(ewx_judge_ask(j, r, NOW, &d), 0);
	assert_true(d.allowed && d.by_rule);
	assert_string_equal(d.verdict, "allow");
	assert_string_equal(d.permission, "exec_anon");
	assert_string_equal(d.domain, "d");
	assert_string_equal(d.file, "p.ewx");
	assert_int_equal(d.line, 3);
	ewx_request_free(r);
	ewx_request_free(again);
	free(first);
	free(second);

	assert_null(ewx_request_new("in d: lod", 9, &error));
	assert_int_equal(error.offset, 6);
	r = ewx_request_new("in e: create", 12, &error);
	assert_int_equal(ewx_judge_ask(j, r, NOW, &d), ENOENT);
	ewx_request_free(r);
	ewx_request_free(NULL);
	assert_int_equal(ewx_judge_version(j), 7);
	assert_string_equal(ewx_judge_name(j), "p");
	ewx_judge_free(j);
}

/* The request of a record, and of one that is of none. */
static void test_record(void **state)
{
	static const char access[] =
		"type=1490 audit(1767225600.000:1): lsm=ewx op=load result=denied cause=exec_file reason=no_rule needed=exec_file missing=exec_file enclave=1 provider=dev domain=\"d\" access=rx facts=bd inited=0 foreign=0 page=3 pages=4 origin=file path=\"/opt/a.so\" fstype=ext4 owner=0 nopath=0";
	static const char load[] =
		"type=1403 audit(1767225600.000:1): lsm=ewx boot=5e1f0a9c44d7b263 policy=\"host\" version=12 digest=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa size=100 generation=3 old_version=0 rollback=0 signature=none enforcing=0 shortened=0 pid=1 auid=4294967295 uid=0 euid=0 egid=0 ses=4294967295 comm=\"ewx\" exe=\"/usr/bin/ewx\" noexe=0 subj=? res=1 errno=0";
	char error[EWX_RECORD_ERROR_MAX] = "";
	struct ewx_record *record;
	struct ewx_request *r;
	char *text;

	(void)state;
	record = ewx_record_new(access, strlen(access), error);
	assert_non_null(record);
	r = ewx_record_request(record, true, error);
	assert_non_null(r);
	text = written(r);
	assert_string_equal(
		text,
		"exec_file in d: load rx file \"/opt/a.so\" owner 0 fs ext4 measured");
	free(text);
	ewx_request_free(r);
	ewx_record_delete(record);

	record = ewx_record_new(load, strlen(load), error);
	assert_non_null(record);
	assert_null(ewx_record_request(record, true, error));
	assert_string_equal(error, "the record is of no request");
	ewx_record_delete(record);
}

static void found(void *ctx, const struct ewx_request *example,
		  const struct ewx_decision *before,
		  const struct ewx_decision *after)
{
	(void)example;
	assert_int_not_equal(before->allowed, after->allowed);
	++*(size_t *)ctx;
}

/* What @condition of identities says of that many bits, each for itself. */
static void compare_bits(const char *condition, unsigned int bits, bool complete)
{
	struct ewx_comparison result;
	struct ewx_judge *j[2];
	size_t differences = 0;

	for (int k = 0; k < 2; k++) {
		char *text;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		fputs("language 1; policy p version 7;\n", out);
		fputs("domain d { exe \"/bin/d\"; allow create; ", out);
		for (unsigned int i = 0; i < bits; i++)
			fprintf(out, "allow init for i%u; ", i);
		fputs("}\n", out);
		for (unsigned int i = 0; i < bits; i++)
			fprintf(out, "identity i%u { %s 0x%x; product %d; }\n",
				i, condition, 1u << (i + 4), k + 1);
		fclose(out);
		j[k] = judge_of(text);
		free(text);
	}
	assert_int_equal(ewx_judge_compare(j[0], j[1], NOW, found,
					   &differences, &result), 0);
	assert_int_equal(result.complete, complete);
	assert_true(differences > 0 && result.changed >= differences);
	ewx_judge_free(j[0]);
	ewx_judge_free(j[1]);
}

/* More bits than all sets of them are tried: what is found is not said to be all. */
static void test_incomplete(void **state)
{
	(void)state;
	compare_bits("attributes", 6, true);
	compare_bits("attributes", 7, false);
	compare_bits("xfrm", 6, true);
	compare_bits("xfrm", 7, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_policy),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any bytes as a line of a log. What is read as a record of EWX has
 * values that end, and the request that is rebuilt from it is one.
 */
#include <string.h>

#include "fuzz.h"
#include "libewx/record.h"
#include "libewx/record_head.h"
#include "sample.h"

static void read_fields(const struct ewx_record *r)
{
	size_t bytes = 0;

	must(r->type < EWX_RECORD_TYPE_COUNT, "a record has a type");
	for (int f = 0; f < EWX_RECORD_COUNT; f++) {
		must(r->text[f] != NULL, "each field has a text");
		bytes += strlen(r->text[f]);
		must(!r->text[f][0] || r->present[f],
		     "what is not there has no value");
		must(r->number[f] == 0 || ewx_record_is_number(f),
		     "numbers are in fields of numbers");
	}
	must(bytes < SIZE_MAX, "values end");
}

/* What a policy answers to a request, all zero if it cannot be judged. */
static void ask(const struct ewx_query *q, struct ewx_reply *r)
{
	static struct sample sample;
	static struct ewx_policy policy;
	struct ewx_fault fault;
	u64 candidates[1];

	if (!policy.blob) {
		sample_init(&sample);
		must(ewx_policy_verify(sample.b.bytes, sample.b.size, &policy,
				       &fault),
		     "the sample verifies");
	}
	memset(r, 0, sizeof(*r));
	if (ewx_answer(&policy, q, candidates, r))
		memset(r, 0, sizeof(*r));
}

/* The kernel's names of files begin with "/", or it does not trust them. */
static bool is_named(const char *path, bool untrusted)
{
	return !path[0] || path[0] == '/' || untrusted;
}

/* Written down it may say less, but it is answered the same. */
static void write_down(const struct ewx_query *q)
{
	static struct ewx_query back;
	struct ewx_reply one, two;

	read_again(q, &back);
	ask(q, &one);
	ask(&back, &two);
	must(!memcmp(&one, &two, sizeof(one)), "it is answered the same");
}

static void rebuild(const struct ewx_record *r, bool by_domain)
{
	char why[EWX_RECORD_ERROR_MAX] = "";
	static struct ewx_query q;

	if (ewx_record_query(r, by_domain, &q, why)) {
		must(why[0] && memchr(why, '\0', sizeof(why)),
		     "an error has a text");
		return;
	}
	if (is_named(q.exe, q.flags & EWX_QUERY_NO_EXE_PATH) &&
	    is_named(q.path, q.flags & EWX_QUERY_NO_PATH))
		write_down(&q);
}

static void finish(struct ewx_record *r, int failed, const char *why)
{
	if (failed) {
		must(why[0] && memchr(why, '\0', EWX_RECORD_ERROR_MAX),
		     "an error has a text");
		return;
	}
	read_fields(r);
	ewx_record_debt(r);
	if (r->type == EWX_RECORD_ACCESS) {
		rebuild(r, true);
		rebuild(r, false);
	}
	ewx_record_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[EWX_RECORD_ERROR_MAX] = "";
	const char *line = (const char *)data;
	struct ewx_record_head head;
	struct ewx_record r;
	int failed;

	ewx_record_looks(line, size);
	if (ewx_record_head(line, size, &head))
		must(head.fields >= line && head.fields <= line + size,
		     "fields are in the line");
	failed = ewx_record_read(line, size, &r, why);
	finish(&r, failed, why);
	why[0] = '\0';
	failed = ewx_record_parse(line, size, &r, why);
	finish(&r, failed, why);
	return 0;
}

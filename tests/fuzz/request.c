// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any text as a request. What is accepted, written down and read again
 * is the same request, and a policy can answer it.
 */
#include <string.h>

#include "fuzz.h"
#include "sample.h"

static struct sample sample;
static struct ewx_policy policy;

static void init(void)
{
	struct ewx_fault fault;

	sample_init(&sample);
	must(ewx_policy_verify(sample.b.bytes, sample.b.size, &policy, &fault),
	     "the sample verifies");
}

static void check_error(const struct ewx_request_error *error, size_t size)
{
	must(error->offset <= size && error->length <= size - error->offset,
	     "an error is inside the text");
	must(error->text[0] && memchr(error->text, '\0', sizeof(error->text)),
	     "an error has a text");
}

static void answer(const struct ewx_query *q)
{
	struct ewx_reply reply;
	u64 candidates[1];

	if (ewx_answer(&policy, q, candidates, &reply)) {
		must(!reply.result, "who is not judged has no verdict");
		return;
	}
	must((reply.allowed | reply.denied) == reply.required &&
		     !(reply.allowed & reply.denied),
	     "each permission is allowed or denied");
	must(reply.result != EWX_RESULT_ALLOW || !reply.denied,
	     "nothing is missing where all is allowed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct ewx_request_error error;
	static struct ewx_query q, back;

	if (!policy.blob)
		init();
	if (ewx_request_subject(text, size, &q, &error))
		check_error(&error, size);
	if (ewx_request_parse(text, size, &q, &error)) {
		check_error(&error, size);
		return 0;
	}
	read_again(&q, &back);
	must(!memcmp(&back, &q, sizeof(back)), "it is the same request");
	answer(&q);
	return 0;
}

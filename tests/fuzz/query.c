// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: any bytes as a query against a valid policy.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sample sample;
static struct ewx_policy policy;

static void init(void)
{
	struct ewx_fault fault;

	sample_init(&sample);
	if (!ewx_policy_verify(sample.b.bytes, sample.b.size, &policy, &fault))
		abort();
}

/* Bytes are spread over the fields so that short inputs reach the paths. */
static void fill(struct ewx_query *q, const uint8_t *data, size_t size)
{
	const size_t head = offsetof(struct ewx_query, domain);

	memset(q, 0, sizeof(*q));
	memcpy(q, data, size < head ? size : head);
	q->magic = EWX_QUERY_MAGIC;
	q->size = sizeof(*q);
	q->op %= ENCLAVE_OP_COUNT + 1;
	q->access &= 0xf;
	q->facts &= 0x3fff;
	q->required &= 2 * ENCLAVE_PERM_ALL + 1;
	q->flags &= 2 * EWX_QUERY_FLAGS_ALL + 1;
	q->subject &= 3;
	q->identity_kind &= 7;
	strcpy(q->domain, q->euid & 1 ? "server" : "pods");
	strcpy(q->identity, q->egid & 1 ? "payroll" : "quoting");
	if (size > head && size - head < sizeof(q->path)) {
		memcpy(q->path, data + head, size - head);
		memcpy(q->exe, data + head, size - head);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ewx_query query;
	struct ewx_reply reply;
	u64 candidates[1];
	int err;

	if (!policy.blob)
		init();
	fill(&query, data, size);
	err = ewx_answer(&policy, &query, candidates, &reply);
	if (err) {
		if (reply.result)
			abort();
		return 0;
	}
	if ((reply.allowed | reply.denied) != reply.required ||
	    reply.allowed & reply.denied)
		abort();
	if (reply.result == EWX_RESULT_ALLOW && reply.denied)
		abort();
	return 0;
}

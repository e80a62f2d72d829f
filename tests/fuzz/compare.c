// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzz target: two policies that verify, whoever made them, are compared. A policy does
 * not differ from itself; each difference that is told is one, of one permission, and its
 * request can be written down and asked again; and the other way round the same
 * permissions are told.
 *
 * The input is the length of the old one, 32 bits, and both blobs.
 */
#include <stdlib.h>
#include <string.h>

#include "compiled.h"
#include "libewx/compare.h"
#include "security/ewx/core/read.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

/* struct told - permissions that are said to be allowed, or denied, now. */
struct told {
	u32 allowed, denied;
	bool complete;
};

static void found(struct ewx_compare *c, const struct ewx_query *q,
		  const struct ewx_reply reply[2])
{
	struct told *told = c->context;
	static struct ewx_query back;
	struct ewx_reply r;

	must(q->required && !(q->required & (q->required - 1)),
	     "a difference is one of one permission");
	must(reply[0].denied != reply[1].denied, "a difference is one");
	read_again(q, &back);
	for (int k = 0; k < 2; k++) {
		u64 *candidates =
			calloc(c->p[k]->set_words + 1, sizeof(*candidates));

		must(candidates != NULL, "there is memory");
		must(!ewx_answer(c->p[k], &back, candidates, &r) &&
			     r.denied == reply[k].denied,
		     "what is to be asked is answered as was told");
		free(candidates);
	}
	*(reply[1].denied ? &told->denied : &told->allowed) |= q->required;
}

static struct told compare(const struct ewx_policy *a,
			   const struct ewx_policy *b, u64 now)
{
	struct told told = { 0 };
	struct ewx_compare c = {
		.p = { a, b },
		.now = now,
		.found = found,
		.context = &told,
	};

	must(!ewx_compare(&c), "there is memory");
	told.complete = c.complete;
	return told;
}

static void compare_both(const struct ewx_policy p[2])
{
	const u64 now = (p[0].built > p[1].built ? p[0].built : p[1].built) + 1;
	const struct told there = compare(&p[0], &p[1], now);
	const struct told back = compare(&p[1], &p[0], now);
	const struct told self = compare(&p[1], &p[1], now);

	must(!self.allowed && !self.denied, "a policy is as itself");
	if (!there.complete || !back.complete)
		return;
	must(there.allowed == back.denied && there.denied == back.allowed,
	     "the other way round it is the other way round");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ewx_fault fault;
	struct ewx_policy p[2];
	u32 first;

	if (size < 4)
		return 0;
	first = ewx_read32(data);
	data += 4;
	size -= 4;
	if (first > size || size > 1 << 20)
		return 0;
	if (ewx_policy_verify(data, first, &p[0], &fault) &&
	    ewx_policy_verify(data + first, (u32)size - first, &p[1], &fault))
		compare_both(p);
	return 0;
}

/* One of both is changed, in place. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	const u32 first = size < 4 ? 0 : ewx_read32(data);
	uint8_t *at = data + 4;
	size_t bytes = first;

	(void)max_size;
	if (size < 4 || first > size - 4)
		return size;
	if (seed & 1) {
		at += first;
		bytes = size - 4 - first;
	}
	compiled_change(at, bytes, bytes, seed >> 1);
	return size;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comparing policies: where two random policies decide differently for some
 * process, file and enclave, the comparison tells a difference of that permission
 * and direction; a policy does not differ from itself.
 */
#include "unit.h"

#include "gen.h"
#include "libewx/compare.h"

#define PAIRS	60
#define PROBES	400
#define NOW	(GEN_BUILT + 5 * GEN_DAY)

/* struct told - permissions that were said to be allowed, or denied, now. */
struct told {
	u32 allowed;
	u32 denied;
	size_t count;
};

static void found(struct ewx_compare *c, const struct ewx_query *q,
		  const struct ewx_reply reply[2])
{
	struct told *told = c->context;

	/* It is a difference, and of the one permission that was asked about. */
	assert_int_not_equal(reply[0].denied, reply[1].denied);
	assert_int_equal(q->required & (q->required - 1), 0);
	assert_int_equal(reply[0].required, q->required);
	if (reply[1].denied)
		told->denied |= q->required;
	else
		told->allowed |= q->required;
	told->count++;
}

static struct told compare(const struct ewx_policy *a,
			   const struct ewx_policy *b, bool *complete)
{
	struct told told = { 0 };
	struct ewx_compare c = {
		.p = { a, b }, .now = NOW, .found = found, .context = &told,
	};

	assert_int_equal(ewx_compare(&c), 0);
	*complete = c.complete;
	return told;
}

/* A random policy, compiled and verified; its blob is the caller's. */
static void *policy(struct gen *g, struct ewx_policy *p)
{
	struct ewx_fault fault;
	struct ewx_unit *u;
	void *blob = NULL;
	size_t size;

	/* Some have domains of which none wins: not these. */
	while (!blob) {
		u = gen_unit(g);
		if (ewx_emit(u, GEN_BUILT, &blob, &size))
			blob = NULL;
		ewx_unit_free(u);
	}
	assert_true(ewx_policy_verify(blob, (u32)size, p, &fault));
	return blob;
}

static u32 decide(const struct ewx_policy *p, const struct process *process,
		  const struct source_file *file, const struct enclave *enclave,
		  u32 bit)
{
	u64 uses[ENCLAVE_PERM_COUNT] = { 0 };
	const struct ewx_question q = {
		.domain = engine_domain(p, process),
		.source = engine_source(p, file),
		.identity = engine_identity(p, enclave),
		.required = 1u << bit,
		.now = NOW,
		.uses = uses,
	};
	struct ewx_verdict v;

	uses[bit] = 1;
	ewx_decide(p, &q, &v);
	return v.denied;
}

/* What a request of the command can say. */
static bool can_be_asked(const struct process *process)
{
	return !(process->gids & (process->gids - 1)) &&
	       (process->path || process->no_path);
}

static size_t probe(struct gen *g, const struct ewx_policy *a,
		    const struct ewx_policy *b, const struct told *told)
{
	size_t differences = 0;
	int i;

	for (i = 0; i < PROBES; i++) {
		struct source_file file;
		struct process process;
		struct enclave enclave;
		u32 bit, old, new;

		gen_process(gen_random(g, gen_process_count()), &process);
		gen_file(g, &file);
		gen_enclave(g, &enclave);
		if (!can_be_asked(&process))
			continue;
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
			old = decide(a, &process, &file, &enclave, bit);
			new = decide(b, &process, &file, &enclave, bit);
			if (old == new)
				continue;
			differences++;
			if (!((new ? told->denied : told->allowed) >> bit & 1))
				fail_msg("permission %u differs, and is not told (seed %llu)",
					 bit, g->seed);
		}
	}
	return differences;
}

static void random_pairs(void **state)
{
	struct gen g = { .seed = 20261, .domains = 4,
			 .sources = 4, .identities = 4, .rules = 20 };
	size_t differences = 0, compared = 0;
	int i;

	(void)state;
	for (i = 0; i < PAIRS; i++) {
		struct ewx_policy a, b;
		void *first = policy(&g, &a), *second = policy(&g, &b);
		struct told told;
		bool complete;

		told = compare(&a, &b, &complete);
		if (complete) {
			compared++;
			differences += probe(&g, &a, &b, &told);
		}
		told = compare(&a, &a, &complete);
		assert_int_equal(told.count, 0);
		free(first);
		free(second);
	}
	print_message("%zu pairs compared, %zu differences probed\n", compared,
		      differences);
	assert_true(compared > PAIRS / 2 && differences > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_pairs),
	};

	return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of page facts: the compiler and configuration of this kernel give
 * the answers that the exhaustive tests of userspace (tests/unit/) found.
 *
 * Owns: the cases. Each is a page's life: operations in order and what each
 * needs.
 */
#include <kunit/test.h>

#include "facts.h"

#define W ENCLAVE_W
#define X ENCLAVE_X
#define CODE                                                    \
	(ENCLAVE_FACT_PRESENT | ENCLAVE_FACT_MEASURED |         \
	 ENCLAVE_ORIGIN_FILE << ENCLAVE_FACT_ORIGIN_SHIFT | X)
#define DYNAMIC                   \
	(ENCLAVE_FACT_PRESENT |   \
	 ENCLAVE_ORIGIN_DYNAMIC << ENCLAVE_FACT_ORIGIN_SHIFT | W | X)

struct facts_case {
	const char *name;
	u32 facts;
	bool initialized;
	struct {
		enum enclave_op op;
		u32 access;
		u32 need;
	} step[4];
};

static const struct facts_case facts_cases[] = {
	{ "code that is only executed", CODE, true, {
		{ ENCLAVE_OP_LOAD, X, ENCLAVE_PERM_EXEC_FILE },
		{ ENCLAVE_OP_FAULT, X, 0 },
		{ ENCLAVE_OP_MMAP, X, ENCLAVE_PERM_CHANGE },
	} },
	{ "written, then executed", CODE | W, false, {
		{ ENCLAVE_OP_LOAD, W | X,
		  ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_LOAD_WX },
		{ ENCLAVE_OP_MMAP, W, 0 },
		{ ENCLAVE_OP_MMAP, X, ENCLAVE_PERM_EXEC_WRITTEN },
	} },
	{ "both at once", CODE | W, false, {
		{ ENCLAVE_OP_MMAP, W | X,
		  ENCLAVE_PERM_MAP_WX | ENCLAVE_PERM_EXEC_WRITTEN },
		{ ENCLAVE_OP_FAULT, X, ENCLAVE_PERM_EXEC_WRITTEN },
	} },
	{ "dynamic, written again", DYNAMIC, true, {
		{ ENCLAVE_OP_FAULT, W, 0 },
		{ ENCLAVE_OP_FAULT, X, ENCLAVE_PERM_EXEC_DYNAMIC },
		{ ENCLAVE_OP_FAULT, W, ENCLAVE_PERM_EXEC_WRITTEN },
		{ ENCLAVE_OP_FAULT, X,
		  ENCLAVE_PERM_EXEC_DYNAMIC | ENCLAVE_PERM_EXEC_WRITTEN },
	} },
	{ "written by a debugger before init", CODE, false, {
		{ ENCLAVE_OP_ACCESS, W, ENCLAVE_PERM_DEBUG_WRITE },
		{ ENCLAVE_OP_INIT, 0,
		  ENCLAVE_PERM_EXEC_MODIFIED | ENCLAVE_PERM_EXEC_UNMEASURED },
		{ ENCLAVE_OP_FAULT, X, ENCLAVE_PERM_EXEC_WRITTEN },
	} },
	{ "no page", 0, true, {
		{ ENCLAVE_OP_MPROTECT, W | X, ENCLAVE_PERM_CHANGE },
		{ ENCLAVE_OP_FAULT, W | X, 0 },
	} },
};

static void facts_name(const struct facts_case *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(facts, facts_cases, facts_name);

static void facts_life(struct kunit *test)
{
	const struct facts_case *c = test->param_value;
	enclave_facts f = c->facts;
	int i;

	for (i = 0; i < ARRAY_SIZE(c->step) && c->step[i].op; i++) {
		KUNIT_EXPECT_EQ(test, c->step[i].need,
				enclave_required(f, c->step[i].op,
						 c->step[i].access,
						 c->initialized));
		f = enclave_facts_after(f, c->step[i].op, c->step[i].access,
					c->initialized);
	}
}

/* A removed page leaves nothing; what is left intends nothing more. */
static void facts_shrink(struct kunit *test)
{
	u32 f;

	for (f = 0; f <= ENCLAVE_FACT_ALL; f++) {
		u32 less = enclave_facts_after(f, ENCLAVE_OP_RESTRICT,
					       ENCLAVE_R, true);
		u32 gone = enclave_facts_after(f, ENCLAVE_OP_REMOVE, 0, true);

		if (!(f & ENCLAVE_FACT_PRESENT))
			continue;
		KUNIT_EXPECT_EQ(test, 0, gone);
		KUNIT_EXPECT_EQ(test, f & ~(W | X), less);
	}
}

static struct kunit_case facts_test_cases[] = {
	KUNIT_CASE_PARAM(facts_life, facts_gen_params),
	KUNIT_CASE(facts_shrink),
	{}
};

static struct kunit_suite facts_suite = {
	.name = "enclave_facts",
	.test_cases = facts_test_cases,
};

kunit_test_suite(facts_suite);

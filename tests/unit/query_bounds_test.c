// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Queries at their bounds: what each operation needs, refuses and counts, which names
 * a process has, and identity classes around the words of a set. Queries of the sample
 * policy are in query_test.c.
 */
#include "unit.h"

#include "blob.h"
#include "question.h"
#include "security/enclave/facts.h"

#define P(name) ENCLAVE_PERM_##name
#define BIT_OF(name) ENCLAVE_PERM_BIT_##name
#define LEAF(n) (EWX_LEAF | (n))
#define PRESENT ENCLAVE_FACT_PRESENT

static struct blob blob;
static struct ewx_policy policy;
static struct ewx_query query;
static struct ewx_reply reply;

static void allow(u32 perms, u32 identity, u32 max)
{
	const struct blob_rule r = { EWX_RULE_ALLOW, perms, EWX_ANY,	EWX_ANY,
				     identity,	     max,   EWX_FOREVER };

	blob_rule(&blob, &r);
}

static void ask(u32 op, u32 access, u32 facts)
{
	question(&query, "default", 1, op, access, facts);
	query.identity_kind = EWX_IDENTITY_UNLISTED;
}

/* The words of the set are all there is. */
static void answer(void)
{
	u64 *candidates = malloc(policy.set_words * sizeof(*candidates));

	assert_non_null(candidates);
	memset(&reply, 0xa5, sizeof(reply));
	assert_int_equal(ewx_answer(&policy, &query, candidates, &reply), 0);
	free(candidates);
}

static void test_needs(void **state)
{
	static const struct {
		u32 op, flags, attributes, required;
	} rows[] = {
		{ ENCLAVE_OP_MMAP, EWX_QUERY_FOREIGN, 0, P(SHARE) },
		{ ENCLAVE_OP_MPROTECT, EWX_QUERY_FOREIGN, 0, P(SHARE) },
		{ ENCLAVE_OP_FAULT, EWX_QUERY_FOREIGN, 0, P(SHARE) },
		{ ENCLAVE_OP_MMAP, 0, 3, 0 },
		{ ENCLAVE_OP_FAULT, 0, 3, 0 },
		{ ENCLAVE_OP_RESTRICT, EWX_QUERY_FOREIGN, 0, 0 },
		{ ENCLAVE_OP_TYPE, EWX_QUERY_FOREIGN, 0, 0 },
		{ ENCLAVE_OP_CREATE, EWX_QUERY_FOREIGN, 0, P(CREATE) },
		{ ENCLAVE_OP_CREATE, 0, 3,
		  P(CREATE) | P(DEBUG) | P(PROVISION) },
		{ ENCLAVE_OP_CREATE, 0, 4, P(CREATE) },
		{ ENCLAVE_OP_INIT, 0, 1, P(INIT) | P(DEBUG) },
		{ ENCLAVE_OP_INIT, 0, 0, P(INIT) },
		{ ENCLAVE_OP_PROVISION, 0, 3, P(PROVISION) },
		{ ENCLAVE_OP_VEPC, 0, 3, P(VEPC) },
		{ ENCLAVE_OP_MMAP, EWX_QUERY_INITIALIZED, 0, P(CHANGE) },
		{ ENCLAVE_OP_TYPE, EWX_QUERY_INITIALIZED, 0, P(CHANGE) },
	};
	u32 i;

	(void)state;
	blob_init(&blob);
	blob_policy(&blob, &policy);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		ask(rows[i].op, 0, 0);
		query.flags = rows[i].flags;
		query.attributes = rows[i].attributes;
		answer();
		if (reply.required != rows[i].required)
			fail_msg("row %u: %#x", i, reply.required);
	}
	blob_free(&blob);
}

static void test_refusals(void **state)
{
	static const struct {
		u32 op, access, facts;
		bool refused;
	} rows[] = {
		{ ENCLAVE_OP_MMAP, ENCLAVE_W, PRESENT | ENCLAVE_R, true },
		{ ENCLAVE_OP_MPROTECT, ENCLAVE_W, PRESENT | ENCLAVE_R, true },
		{ ENCLAVE_OP_FAULT, ENCLAVE_W, PRESENT | ENCLAVE_R, true },
		{ ENCLAVE_OP_RESTRICT, ENCLAVE_W, PRESENT | ENCLAVE_R, true },
		{ ENCLAVE_OP_LOAD, ENCLAVE_W, PRESENT | ENCLAVE_R, false },
		{ ENCLAVE_OP_TYPE, ENCLAVE_W, PRESENT | ENCLAVE_R, false },
		{ ENCLAVE_OP_MMAP, ENCLAVE_W, ENCLAVE_R, false },
		{ ENCLAVE_OP_MMAP, ENCLAVE_R, PRESENT | ENCLAVE_R, false },
		{ ENCLAVE_OP_MMAP, ENCLAVE_R, PRESENT | ENCLAVE_RWX, false },
		{ ENCLAVE_OP_MMAP, 0, PRESENT, false },
		{ ENCLAVE_OP_RESTRICT, ENCLAVE_R, PRESENT | ENCLAVE_R, false },
	};
	u32 i;

	(void)state;
	blob_init(&blob);
	blob_policy(&blob, &policy);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		ask(rows[i].op, rows[i].access, rows[i].facts);
		answer();
		if (reply.refusal != (rows[i].refused ? ENCLAVE_REFUSAL_INTENT :
							ENCLAVE_REFUSAL_NONE) ||
		    (reply.refusal && reply.result != EWX_RESULT_DENY))
			fail_msg("row %u: %u", i, reply.refusal);
	}
	blob_free(&blob);
}

/*
 * Of every permission ten pages may be in use, and so many are: what is then denied
 * is what the request would add a page to.
 */
static void test_uses(void **state)
{
	const u32 dynamic = PRESENT | ENCLAVE_RWX |
			    ENCLAVE_ORIGIN_DYNAMIC << ENCLAVE_FACT_ORIGIN_SHIFT;
	const u32 anon = PRESENT | ENCLAVE_FACT_MEASURED | ENCLAVE_R |
			 ENCLAVE_X;
	const struct {
		u32 op, access, facts, flags, denied;
	} rows[] = {
		{ ENCLAVE_OP_LOAD, ENCLAVE_R | ENCLAVE_X, anon, 0,
		  P(EXEC_ANON) },
		{ ENCLAVE_OP_ADD, 0, dynamic, 0, P(AUGMENT) },
		{ ENCLAVE_OP_MMAP, ENCLAVE_X, dynamic, 0, P(EXEC_DYNAMIC) },
		{ ENCLAVE_OP_MMAP, ENCLAVE_X, dynamic | ENCLAVE_FACT_EVER_X, 0,
		  0 },
		{ ENCLAVE_OP_MMAP, ENCLAVE_R, anon, 0, 0 },
		{ ENCLAVE_OP_REMOVE, 0, anon, 0, 0 },
		{ ENCLAVE_OP_ACCESS, ENCLAVE_W, anon, 0,
		  P(DEBUG_WRITE) | P(EXEC_UNMEASURED) },
		{ ENCLAVE_OP_ACCESS, ENCLAVE_W, anon, EWX_QUERY_INITIALIZED,
		  P(DEBUG_WRITE) },
	};
	u32 i, bit;

	(void)state;
	blob_init(&blob);
	allow(ENCLAVE_PERM_ALL, EWX_ANY, 10);
	blob_policy(&blob, &policy);
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		ask(rows[i].op, rows[i].access, rows[i].facts);
		query.required = ENCLAVE_PERM_ALL;
		query.flags = rows[i].flags;
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			query.uses[bit] = 10;
		answer();
		if (reply.denied != rows[i].denied ||
		    reply.allowed != (ENCLAVE_PERM_ALL & ~rows[i].denied))
			fail_msg("row %u: %#x", i, reply.denied);
		for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
			query.uses[bit] = 9;
		answer();
		assert_int_equal(reply.denied, 0);
	}
	blob_free(&blob);
}

static u32 domain_of(const char *exe, const char *cgroup, const char *context)
{
	ask(ENCLAVE_OP_CREATE, 0, 0);
	query.subject = EWX_SUBJECT_PROCESS;
	query.egid = 49;
	strcpy(query.exe, exe);
	strcpy(query.cgroup, cgroup);
	strcpy(query.context, context);
	answer();
	return reply.domain;
}

/* Of one byte is enough: a program, a control group, a context. */
static void test_process(void **state)
{
	static const char *const names[] = { "no_path", "root", "cgroup",
					     "context" };
	u32 group, i;

	(void)state;
	blob_init(&blob);
	for (i = 0; i < ARRAY_LEN(names); i++)
		blob_domain(&blob, names[i], 0, EWX_FOREVER);
	group = blob_number(&blob, EWX_SECTION_VALUES, 50);
	blob_number(&blob, EWX_SECTION_VALUES, 60);
	blob_node(&blob, EWX_TEST_NO_PATH, 0, LEAF(1), 1);
	blob_node(&blob, EWX_TEST_CGROUP, 2, LEAF(3), 2);
	blob_node(&blob, EWX_TEST_CONTEXT, blob_string(&blob, "c"), LEAF(4), 3);
	blob_node(&blob, EWX_TEST_CONTEXT, 0, LEAF(4), 4);
	blob_node(&blob, EWX_TEST_GROUP, group, LEAF(4), LEAF(0));
	blob_unmatched(&blob, EWX_AUTOMATON_EXE, 0);
	blob_path(&blob, EWX_AUTOMATON_EXE, "/", false, LEAF(2));
	blob_path(&blob, EWX_AUTOMATON_CGROUP, "/", false, LEAF(1u << 2));
	blob_policy(&blob, &policy);
	assert_int_equal(domain_of("", "", ""), 1);
	assert_int_equal(domain_of("x", "", ""), 0);
	assert_int_equal(domain_of("/", "", ""), 2);
	assert_int_equal(domain_of("x", "/", ""), 3);
	assert_int_equal(domain_of("x", "", "c"), 4);
	assert_int_equal(domain_of("x", "", "d"), 0);
	for (i = 49; i <= 61; i++) {
		query.egid = i;
		answer();
		assert_int_equal(reply.domain, i >= 50 && i <= 60 ? 4 : 0);
	}
	query.flags = EWX_QUERY_NO_EXE_PATH;
	answer();
	assert_int_equal(reply.domain, 1);
	blob_free(&blob);
}

/* Whether the source of a file with @flags is the one that test @test makes. */
static bool source_is(u32 test, u32 arg, u32 flags)
{
	bool yes;

	blob_init(&blob);
	blob_key(&blob, 0x11);
	blob_source(&blob, "s");
	blob_class(&blob, EWX_SECTION_SOURCE_CLASSES, 0, 1);
	blob_node(&blob, test, arg, LEAF(1), LEAF(0));
	blob_unmatched(&blob, EWX_AUTOMATON_PATH, 0);
	blob_policy(&blob, &policy);
	ask(ENCLAVE_OP_LOAD, ENCLAVE_R, PRESENT | ENCLAVE_R);
	query.flags = flags;
	strcpy(query.path, "/");
	memset(query.fs_verity, test == EWX_TEST_FS_VERITY ? 0x11 : 0, 32);
	memset(query.dm_verity, test == EWX_TEST_DM_VERITY ? 0x11 : 0, 32);
	answer();
	yes = reply.source_class == 1;
	blob_free(&blob);
	return yes;
}

/* Each flag tells one thing of the source. */
static void test_source(void **state)
{
	static const struct {
		u32 test, arg, flags;
	} rows[] = {
		{ EWX_TEST_READ_ONLY, 0, EWX_QUERY_READ_ONLY },
		{ EWX_TEST_MAPPED_EXEC, 0, EWX_QUERY_MAPPED_EXEC },
		{ EWX_TEST_FS_VERITY, EWX_ANY, EWX_QUERY_FS_VERITY },
		{ EWX_TEST_FS_VERITY, EWX_SIGNED,
		  EWX_QUERY_FS_VERITY | EWX_QUERY_FS_SIGNED },
		{ EWX_TEST_FS_VERITY, 0,
		  EWX_QUERY_FS_VERITY | EWX_QUERY_FS_DIGEST },
		{ EWX_TEST_DM_VERITY, EWX_ANY, EWX_QUERY_DM_VERITY },
		{ EWX_TEST_DM_VERITY, 0,
		  EWX_QUERY_DM_VERITY | EWX_QUERY_DM_DIGEST },
	};
	u32 i, flag;

	(void)state;
	for (i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(
			source_is(rows[i].test, rows[i].arg, rows[i].flags));
		assert_true(source_is(rows[i].test, rows[i].arg,
				      EWX_QUERY_FLAGS_ALL));
		for (flag = 1; flag & EWX_QUERY_FLAGS_ALL; flag <<= 1) {
			u32 others = EWX_QUERY_FLAGS_ALL & ~flag;

			assert_int_equal(source_is(rows[i].test, rows[i].arg,
						   others),
					 !(rows[i].flags & flag));
		}
	}
}

/* A path of one byte is one; one that may not be trusted is none. */
static void test_path(void **state)
{
	(void)state;
	blob_init(&blob);
	blob_source(&blob, "s");
	blob_class(&blob, EWX_SECTION_SOURCE_CLASSES, 0, 1);
	blob_path(&blob, EWX_AUTOMATON_PATH, "/", false, LEAF(1));
	blob_policy(&blob, &policy);
	ask(ENCLAVE_OP_LOAD, ENCLAVE_R, PRESENT | ENCLAVE_R);
	strcpy(query.path, "/");
	answer();
	assert_int_equal(reply.source_class, 1);
	query.flags = EWX_QUERY_NO_PATH;
	answer();
	assert_int_equal(reply.source_class, EWX_CLASS_UNLISTED);
	blob_free(&blob);
}

static void class_of(u32 first, u32 count)
{
	blob_class(&blob, EWX_SECTION_IDENTITY_CLASSES, first, count);
}

static u32 class_named(const char *name)
{
	ask(ENCLAVE_OP_CREATE, 0, 0);
	query.identity_kind = EWX_IDENTITY_NAMED;
	strcpy(query.identity, name);
	answer();
	return reply.identity_class;
}

/* The class of a name is the first of those with the fewest other names. */
static void test_named(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	u32 i;

	(void)state;
	blob_init(&blob);
	for (i = 0; i < ARRAY_LEN(names); i++)
		blob_identity(&blob, names[i]);
	class_of(0, 4);
	class_of(0, 2);
	class_of(1, 2);
	class_of(2, 2);
	class_of(3, 1);
	blob_policy(&blob, &policy);
	assert_int_equal(class_named("a"), 2);
	assert_int_equal(class_named("b"), 2);
	assert_int_equal(class_named("c"), 3);
	assert_int_equal(class_named("d"), 5);
	blob_free(&blob);
}

/* Of @classes identity classes all may, or all but class @but. */
static u32 result_of(u32 classes, u32 but)
{
	const struct blob_rule deny = { EWX_RULE_DENY, P(CREATE), EWX_ANY,
					EWX_ANY,       but,	  EWX_UNLIMITED,
					EWX_FOREVER };
	u32 i;

	blob_init(&blob);
	blob_identity(&blob, "i");
	for (i = 1; i < classes; i++)
		class_of(0, 1);
	allow(P(CREATE), EWX_ANY, EWX_UNLIMITED);
	if (but < classes)
		blob_rule(&blob, &deny);
	blob_policy(&blob, &policy);
	assert_int_equal(policy.set_words, (classes - 1) / 64 + 1);
	ask(ENCLAVE_OP_CREATE, 0, 0);
	query.identity_kind = EWX_IDENTITY_UNKNOWN;
	answer();
	blob_free(&blob);
	return reply.result;
}

/* Sets have words of 64 classes. */
static void test_words(void **state)
{
	static const u32 classes[] = { 2, 63, 64, 65, 70, 128, 129, 200 };
	u32 i, but;

	(void)state;
	for (i = 0; i < ARRAY_LEN(classes); i++) {
		assert_int_equal(result_of(classes[i], EWX_NONE),
				 EWX_RESULT_ALLOW);
		for (but = 1; but < classes[i]; but++)
			if (but == 1 || but % 64 < 2 || but % 64 == 63)
				assert_int_equal(result_of(classes[i], but),
						 EWX_RESULT_DEFER);
		assert_int_equal(result_of(classes[i], classes[i] - 1),
				 EWX_RESULT_DEFER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_needs),  cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_uses),   cmocka_unit_test(test_process),
		cmocka_unit_test(test_source), cmocka_unit_test(test_path),
		cmocka_unit_test(test_named),  cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

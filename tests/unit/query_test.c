// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Classification and queries, on the sample policy.
 */
#include "unit.h"

#include "question.h"
#include "sample.h"
#include "security/enclave/facts.h"

#define P(name) ENCLAVE_PERM_##name
#define BIT_OF(name) ENCLAVE_PERM_BIT_##name
#define CODE (ENCLAVE_FACT_PRESENT | ENCLAVE_FACT_MEASURED |	\
	      ENCLAVE_ORIGIN_FILE << ENCLAVE_FACT_ORIGIN_SHIFT |	\
	      ENCLAVE_R | ENCLAVE_X)
#define ANON (ENCLAVE_FACT_PRESENT | ENCLAVE_FACT_MEASURED | ENCLAVE_R | \
	      ENCLAVE_X)

static struct sample sample;
static struct ewx_policy policy;
static struct ewx_query query;
static struct ewx_reply reply;

static int setup(void **state)
{
	struct ewx_fault fault;

	(void)state;
	sample_init(&sample);
	if (!ewx_policy_verify(sample.b.bytes, sample.b.size, &policy, &fault))
		return -1;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sample_free(&sample);
	return 0;
}

/* Classification. */

static u32 domain_of(const char *exe, const struct ewx_properties *props)
{
	u32 node = ewx_match(&policy, EWX_AUTOMATON_EXE, exe,
			     exe ? (u32)strlen(exe) : 0);

	return ewx_walk(&policy, node, props);
}

static bool group_55(const void *ctx, u32 low, u32 high)
{
	(void)ctx;
	return low <= 55 && 55 <= high;
}

static bool context_pod(const void *ctx, const char *context)
{
	(void)ctx;
	return !strcmp(context, "pod_t");
}

static void test_domains(void **state)
{
	struct ewx_properties props = { .euid = 1500 };

	(void)state;
	assert_int_equal(domain_of("/o", &props), sample.server);
	assert_int_equal(domain_of("/", &props), 0);
	assert_int_equal(domain_of("/oo", &props), 0);
	assert_int_equal(domain_of("", &props), 0);
	assert_int_equal(domain_of(NULL, &props), 0);
	props.no_path = true;
	assert_int_equal(domain_of("/o", &props), 0);
	props.no_path = false;
	props.euid = 999;
	assert_int_equal(domain_of("/o", &props), 0);
	props.euid = 2000;
	assert_int_equal(domain_of("/o", &props), 0);
	props.in_group = group_55;
	assert_int_equal(domain_of("/o", &props), sample.server);

	assert_int_equal(domain_of("/p/", &props), 0);
	props.has_context = context_pod;
	assert_int_equal(domain_of("/p/", &props), sample.pods);
	assert_int_equal(domain_of("/p/x/\xff\x01", &props), sample.pods);
	assert_int_equal(domain_of("/p", &props), 0);
	props.has_context = NULL;
	props.cgroup = ewx_walk(&policy, ewx_match(&policy, EWX_AUTOMATON_CGROUP,
						   "/kube", 5), &props);
	assert_int_equal(props.cgroup, 1u << 3);
	assert_int_equal(domain_of("/p/x", &props), sample.pods);
	/* A kind that does not exist. */
	assert_int_equal(ewx_match(&policy, 9, "/o", 2), EWX_LEAF);
}

static u32 source_of(const char *path, const struct ewx_properties *props)
{
	u32 node = ewx_match(&policy, EWX_AUTOMATON_PATH, path,
			     path ? (u32)strlen(path) : 0);

	return ewx_walk(&policy, node, props);
}

static void test_sources(void **state)
{
	struct ewx_verity other = { .present = true };
	struct ewx_verity digest_11 = { .present = true, .has_digest = true };
	struct ewx_properties props = { .owner = 0 };

	(void)state;
	memset(digest_11.digest, 0x11, sizeof(digest_11.digest));
	assert_int_equal(source_of("/lib", &props), 0);
	props.fs = "ext3";
	assert_int_equal(source_of("/lib", &props), 0);
	props.fs = "ext4";
	assert_int_equal(source_of("/lib", &props), sample.payroll_code);
	props.owner = 1;
	assert_int_equal(source_of("/lib", &props), 0);
	props.owner = 0;
	props.fs = NULL;
	props.read_only = true;
	assert_int_equal(source_of("/lib", &props), sample.payroll_code);
	props.read_only = false;
	props.fs_verity = &other;
	assert_int_equal(source_of("/lib", &props), sample.payroll_code);
	props.fs_verity = NULL;
	props.dm_verity = &digest_11;
	assert_int_equal(source_of("/lib", &props), sample.payroll_code);
	props.dm_verity = &other;
	assert_int_equal(source_of("/lib", &props), 0);
	props.dm_verity = NULL;
	props.mapped_exec = true;
	assert_int_equal(source_of("/lib", &props), sample.payroll_code);
	/* No path: what does not depend on one still matches. */
	assert_int_equal(source_of(NULL, &props), 0);
	props.fs_verity = &digest_11;
	assert_int_equal(source_of(NULL, &props), sample.verity_code);
	props.fs_verity = &other;
	assert_int_equal(source_of(NULL, &props), 0);
	other.has_digest = true;
	assert_int_equal(source_of(NULL, &props), 0);
	other.is_signed = true;
	assert_int_equal(source_of(NULL, &props), sample.verity_code);
	other.present = false;
	assert_int_equal(source_of(NULL, &props), 0);
	props.fs_verity = &digest_11;
	assert_int_equal(source_of("/x", &props), sample.verity_code);
}

static void test_identities(void **state)
{
	u8 low[32], high[32], other[32];
	struct ewx_properties props = { .product = 7, .svn = 5 };

	(void)state;
	memset(low, 0x22, 32);
	memset(high, 0x33, 32);
	memset(other, 0x34, 32);
	props.measurement = other;
	props.signer = low;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
	props.has_signer = true;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.quoting);
	props.svn = 4;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
	props.signer = high;
	props.product = 6;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
	props.product = 7;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.payroll);
	props.xfrm = 0x60000;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.payroll);
	props.xfrm = 0x8000000000000000;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.both);
	props.xfrm |= 0x20000;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.payroll);
	props.measurement = high;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.both);
	props.attributes = 1;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
	props.attributes = 2;
	assert_int_equal(ewx_identity_class(&policy, &props), sample.both);
	props.signer = other;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
	props.signer = NULL;
	assert_int_equal(ewx_identity_class(&policy, &props), 0);
}

/* Queries. */

static void ask(u32 op, u32 access, u32 facts)
{
	question(&query, "server", 1800000000, op, access, facts);
}

static int answer(void)
{
	u64 candidates[1];

	memset(&reply, 0xa5, sizeof(reply));
	return ewx_answer(&policy, &query, candidates, &reply);
}

static void test_query_load(void **state)
{
	(void)state;
	ask(ENCLAVE_OP_LOAD, ENCLAVE_R | ENCLAVE_X, CODE);
	strcpy(query.path, "/lib.so");
	strcpy(query.fs, "ext4");
	query.identity_kind = EWX_IDENTITY_NAMED;
	strcpy(query.identity, "payroll");
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.size, sizeof(reply));
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	assert_int_equal(reply.required, P(EXEC_FILE));
	assert_int_equal(reply.source_class, sample.payroll_code);
	assert_int_equal(reply.identity_class, sample.payroll);
	assert_int_equal(reply.domain, sample.server);
	assert_int_equal(reply.rule[BIT_OF(EXEC_FILE)], 4);

	query.flags = EWX_QUERY_NO_PATH;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	assert_int_equal(reply.cause, BIT_OF(EXEC_FILE));
	assert_int_equal(reply.reason[BIT_OF(EXEC_FILE)], EWX_REASON_NO_RULE);
	query.flags = 0;
	query.path[0] = 0;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.source_class, EWX_CLASS_UNLISTED);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	/* Nothing is needed without X. */
	query.facts = CODE & ~ENCLAVE_X;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	assert_int_equal(reply.required, 0);
	assert_int_equal(reply.cause, ENCLAVE_PERM_COUNT);
}

static void test_query_defer(void **state)
{
	(void)state;
	ask(ENCLAVE_OP_LOAD, ENCLAVE_R | ENCLAVE_X, ANON);
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DEFER);
	assert_int_equal(reply.identity_class, EWX_NONE);
	assert_int_equal(reply.required, P(EXEC_ANON));
	ask(ENCLAVE_OP_CREATE, 0, 0);
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	query.attributes = 1;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	assert_int_equal(reply.required, P(CREATE) | P(DEBUG));
	assert_int_equal(reply.denied, P(DEBUG));
	ask(ENCLAVE_OP_VEPC, 0, 0);
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	assert_int_equal(reply.reason[BIT_OF(VEPC)], EWX_REASON_DENIED);
	assert_int_equal(reply.rule[BIT_OF(VEPC)], 0);
	ask(ENCLAVE_OP_PROVISION, 0, 0);
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DEFER);
}

static void test_query_init(void **state)
{
	(void)state;
	ask(ENCLAVE_OP_INIT, 0, 0);
	query.identity_kind = EWX_IDENTITY_RAW;
	query.flags = EWX_QUERY_HAS_SIGNER;
	memset(query.signer, 0x33, 32);
	query.product = 7;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.identity_class, sample.payroll);
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	query.flags = 0;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.identity_class, EWX_CLASS_UNLISTED);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	query.identity_kind = EWX_IDENTITY_UNLISTED;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	query.identity_kind = EWX_IDENTITY_NAMED;
	strcpy(query.identity, "quoting");
	strcpy(query.domain, "pods");
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.identity_class, sample.quoting);
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	assert_int_equal(reply.logged, P(INIT));
	query.attributes = 2;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.required, P(INIT) | P(PROVISION));
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
}

static void test_query_mappings(void **state)
{
	u32 jit = ENCLAVE_FACT_PRESENT | ENCLAVE_RWX | ENCLAVE_FACT_EVER_W |
		  ENCLAVE_ORIGIN_DYNAMIC << ENCLAVE_FACT_ORIGIN_SHIFT;

	(void)state;
	ask(ENCLAVE_OP_MPROTECT, ENCLAVE_R | ENCLAVE_X, jit);
	query.flags = EWX_QUERY_INITIALIZED;
	query.identity_kind = EWX_IDENTITY_NAMED;
	strcpy(query.identity, "payroll");
	query.uses[BIT_OF(EXEC_DYNAMIC)] = 4;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.required, P(CHANGE) | P(EXEC_DYNAMIC));
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	/* One page more than the five. */
	query.uses[BIT_OF(EXEC_DYNAMIC)] = 5;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.denied, P(EXEC_DYNAMIC));
	assert_int_equal(reply.reason[BIT_OF(EXEC_DYNAMIC)], EWX_REASON_MAX);
	/* It is one of the five already. */
	query.facts |= ENCLAVE_FACT_EVER_X;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
	query.now = 2000000001;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.reason[BIT_OF(EXEC_DYNAMIC)], EWX_REASON_EXPIRED);

	ask(ENCLAVE_OP_MMAP, ENCLAVE_R | ENCLAVE_X, CODE);
	query.flags = EWX_QUERY_FOREIGN;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.required, P(SHARE));
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	query.flags = 0;
	query.access = ENCLAVE_R | ENCLAVE_W;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.refusal, ENCLAVE_REFUSAL_INTENT);
	assert_int_equal(reply.result, EWX_RESULT_DENY);
	query.required = P(CREATE);
	query.access = ENCLAVE_R;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.required, P(CREATE));
	assert_int_equal(reply.result, EWX_RESULT_ALLOW);
}

static void test_query_process(void **state)
{
	(void)state;
	ask(ENCLAVE_OP_CREATE, 0, 0);
	query.subject = EWX_SUBJECT_PROCESS;
	strcpy(query.exe, "/o");
	query.euid = 1200;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.domain, sample.server);
	query.flags = EWX_QUERY_NO_EXE_PATH;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.domain, 0);
	query.flags = 0;
	query.euid = 0xffffffff;
	query.egid = 55;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.domain, sample.server);
	query.egid = 61;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.domain, 0);
	query.exe[0] = 0;
	assert_int_equal(answer(), 0);
	assert_int_equal(reply.domain, 0);
}

static void test_query_unsound(void **state)
{
	(void)state;
#define UNSOUND(field, value)						\
	do {								\
		ask(ENCLAVE_OP_CREATE, 0, 0);				\
		query.field = value;					\
		assert_int_equal(answer(), -22);			\
		assert_int_equal(reply.result, EWX_RESULT_NONE);	\
	} while (0)
	UNSOUND(magic, 0);
	UNSOUND(size, 0);
	UNSOUND(op, 0);
	UNSOUND(op, ENCLAVE_OP_COUNT);
	UNSOUND(access, 8);
	UNSOUND(facts, ENCLAVE_FACT_ALL + 1);
	UNSOUND(required, 1u << ENCLAVE_PERM_COUNT);
	UNSOUND(flags, EWX_QUERY_FLAGS_ALL + 1);
	UNSOUND(subject, EWX_SUBJECT_NONE);
	UNSOUND(subject, 3);
	UNSOUND(identity_kind, 4);
#define UNENDED(field)							\
	do {								\
		ask(ENCLAVE_OP_CREATE, 0, 0);				\
		memset(query.field, 'x', sizeof(query.field));		\
		assert_int_equal(answer(), -22);			\
	} while (0)
	UNENDED(domain);
	UNENDED(identity);
	UNENDED(fs);
	UNENDED(exe);
	UNENDED(path);

	ask(ENCLAVE_OP_CREATE, 0, 0);
	strcpy(query.domain, "nowhere");
	assert_int_equal(answer(), -2);
	ask(ENCLAVE_OP_CREATE, 0, 0);
	query.identity_kind = EWX_IDENTITY_NAMED;
	strcpy(query.identity, "nobody");
	assert_int_equal(answer(), -2);
}

/* The first index that there is not, of everything that is read back. */
static void test_read_back_ends(void **state)
{
	const u32 domains = policy.section[EWX_SECTION_DOMAINS].count;
	const u32 rules = policy.section[EWX_SECTION_RULES].count;
	struct ewx_policy fewer = policy;
	const char *file = NULL;
	u32 line = 77;

	(void)state;
	assert_ptr_equal(ewx_string(&policy, policy.section[EWX_SECTION_STRINGS].count),
			 ewx_string(&policy, 0));
	assert_string_equal(ewx_domain_name(&policy, domains), "");
	assert_string_not_equal(ewx_domain_name(&policy, domains - 1), "");
	assert_int_equal(ewx_domain_flags(&policy, domains), 0);
	assert_int_equal(ewx_domain_find(&policy, ""), EWX_NONE);
	assert_false(ewx_rule_line(&policy, rules, &file, &line));
	assert_false(ewx_domain_line(&policy, domains, &file, &line));
	assert_int_equal(line, 77);
	assert_null(file);
	assert_true(ewx_rule_line(&policy, rules - 1, &file, &line));
	assert_non_null(file);
	assert_null(ewx_source_class_name(&policy, ewx_source_class_count(&policy), 0));
	assert_null(ewx_identity_class_name(&policy, ewx_identity_class_count(&policy), 0));
	/* All rules of the sample are of file 0. */
	fewer.section[EWX_SECTION_FILES].count = 0;
	assert_false(ewx_rule_line(&fewer, 0, &file, &line));
	/* A domain of no rules has no flags that another has. */
	fewer.section[EWX_SECTION_DOMAINS].count = sample.pods;
	assert_true(ewx_domain_flags(&policy, sample.pods));
	assert_int_equal(ewx_domain_flags(&fewer, sample.pods), 0);
	assert_string_equal(ewx_domain_name(&fewer, sample.pods), "");
	assert_false(ewx_domain_line(&fewer, sample.pods, &file, &line));
	fewer.section[EWX_SECTION_RULES].count = rules - 1;
	assert_false(ewx_rule_line(&fewer, rules - 1, &file, &line));
	fewer.section[EWX_SECTION_SOURCE_CLASSES].count = sample.payroll_code;
	assert_non_null(ewx_source_class_name(&policy, sample.payroll_code, 0));
	assert_null(ewx_source_class_name(&fewer, sample.payroll_code, 0));
	fewer.section[EWX_SECTION_IDENTITY_CLASSES].count = sample.payroll;
	assert_non_null(ewx_identity_class_name(&policy, sample.payroll, 0));
	assert_null(ewx_identity_class_name(&fewer, sample.payroll, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_query_load),
		cmocka_unit_test(test_query_defer),
		cmocka_unit_test(test_query_init),
		cmocka_unit_test(test_query_mappings),
		cmocka_unit_test(test_query_process),
		cmocka_unit_test(test_query_unsound),
		cmocka_unit_test(test_read_back_ends),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

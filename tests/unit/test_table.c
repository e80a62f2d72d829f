// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions by the compiled table, identity known and not yet known, against a
 * naive reading of the rules of random policies.
 */
#include "unit.h"
#include "front.h"
#include "gen.h"

/* The classes that some enclave of the world has, with one such enclave. */
struct world {
	struct enclave enclave[256];
	bool there[256];
};

static void meet_enclaves(const struct ewx_policy *p, struct gen *g,
			  struct world *w)
{
	memset(w, 0, sizeof(*w));
	for (int i = 0; i < 1500; i++) {
		struct enclave enclave;
		u32 cls;

		gen_enclave(g, &enclave);
		cls = engine_identity(p, &enclave);
		assert_true(cls < ewx_identity_class_count(p));
		if (cls >= ARRAY_LEN(w->there))
			continue;
		w->there[cls] = true;
		w->enclave[cls] = enclave;
	}
}

static u32 random_perms(struct gen *g)
{
	u32 perms = 1u << gen_random(g, ENCLAVE_PERM_COUNT);

	while (gen_random(g, 2))
		perms |= 1u << gen_random(g, ENCLAVE_PERM_COUNT);
	return perms;
}

static u64 random_now(struct gen *g)
{
	return GEN_BUILT - GEN_DAY + gen_random(g, 7 * GEN_DAY);
}

/* The rule that the verdict names grants or denies the permission here. */
static void check_rule(const struct ewx_policy *p, u32 rule, u32 bit,
		       u32 reason)
{
	const u8 *r;

	if (rule == EWX_NONE) {
		assert_true(reason == EWX_REASON_NO_RULE ||
			    reason == EWX_REASON_IDENTITY);
		return;
	}
	r = p->blob + p->section[EWX_SECTION_RULES].offset +
	    rule * sizeof(struct ewx_rule);
	r += offsetof(struct ewx_rule, what);
	assert_true(r[bit / 8] >> (bit % 8) & 1);
	assert_int_equal(r[3] >> (EWX_KIND_SHIFT - 24) & EWX_KIND_MASK,
			 reason == EWX_REASON_DENIED ? EWX_RULE_DENY :
						       EWX_RULE_ALLOW);
}

static void check_decision(const struct ewx_unit *u, const struct ewx_policy *p,
			   struct gen *g)
{
	u64 uses[ENCLAVE_PERM_COUNT];
	struct source_file file;
	struct enclave enclave;
	struct naive_question nq = { .file = &file,
				     .enclave = &enclave,
				     .built = GEN_BUILT,
				     .uses = uses };
	struct ewx_question q = { .uses = uses };
	struct ewx_verdict v;
	u32 logged, allowed;

	for (u32 i = 0; i < ENCLAVE_PERM_COUNT; i++)
		uses[i] = gen_random(g, 6);
	gen_file(g, &file);
	gen_enclave(g, &enclave);
	if (!gen_random(g, 4))
		nq.file = NULL;
	nq.domain = q.domain = gen_random(g, (u32)u->domain_count);
	nq.now = q.now = random_now(g);
	q.required = random_perms(g);
	q.source = nq.file ? engine_source(p, &file) : EWX_CLASS_UNLISTED;
	q.identity = engine_identity(p, &enclave);
	ewx_decide(p, &q, &v);
	allowed = naive_allowed(u, &nq, &logged);
	assert_int_equal(v.allowed, q.required & allowed);
	assert_int_equal(v.denied, q.required & ~allowed);
	assert_int_equal(v.logged, q.required & logged);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (q.required >> bit & 1)
			check_rule(p, v.rule[bit], bit, v.reason[bit]);
}

static void check_deferral(const struct ewx_unit *u, const struct ewx_policy *p,
			   struct gen *g, const struct world *w)
{
	u32 classes = ewx_identity_class_count(p), logged;
	u64 uses[ENCLAVE_PERM_COUNT], set[64] = { 0 };
	struct source_file file;
	struct naive_question nq = { .file = &file,
				     .built = GEN_BUILT,
				     .uses = uses };
	struct ewx_question q = { .uses = uses };
	struct ewx_verdict v;
	bool any;

	assert_true(p->set_words <= ARRAY_LEN(set));
	for (u32 i = 0; i < ENCLAVE_PERM_COUNT; i++)
		uses[i] = gen_random(g, 6);
	gen_file(g, &file);
	nq.domain = q.domain = gen_random(g, (u32)u->domain_count);
	nq.now = q.now = random_now(g);
	q.required = random_perms(g);
	q.source = engine_source(p, &file);
	for (u32 c = 0; c < classes; c++)
		set[c / 64] |= 1ull << (c % 64);
	any = ewx_defer(p, &q, set, &v);
	for (u32 c = 0; c < classes && c < ARRAY_LEN(w->there); c++) {
		bool has = set[c / 64] >> (c % 64) & 1;

		if (!w->there[c])
			continue;
		nq.enclave = &w->enclave[c];
		assert_int_equal(has, !(q.required &
					~naive_allowed(u, &nq, &logged)));
		assert_true(any || !has);
	}
}

static void test_decisions(void **state)
{
	(void)state;
	for (unsigned long long seed = 1; seed <= 3000; seed++) {
		struct gen g = { .seed = seed * 6700417,
				 .domains = 4,
				 .sources = 4,
				 .identities = 5,
				 .rules = seed % 3 ? 10 : 60 };
		struct ewx_unit *u = gen_unit(&g);
		struct ewx_policy policy;
		struct ewx_fault fault;
		struct world w;
		void *blob;
		size_t size;

		if (ewx_emit(u, GEN_BUILT, &blob, &size)) {
			gen_drop_domains(u);
			assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size),
					 0);
		}
		assert_true(
			ewx_policy_verify(blob, (u32)size, &policy, &fault));
		meet_enclaves(&policy, &g, &w);
		for (int i = 0; i < 60; i++) {
			check_decision(u, &policy, &g);
			check_deferral(u, &policy, &g, &w);
		}
		free(blob);
		ewx_unit_free(u);
	}
}

static u64 count_of(const void *blob, enum ewx_section section)
{
	const u8 *at = (const u8 *)blob + sizeof(struct ewx_header) +
		       section * sizeof(struct ewx_section_entry) + 4;

	return at[0] | at[1] << 8 | at[2] << 16 | (u32)at[3] << 24;
}

static void *compile(const char *text)
{
	struct ewx_unit *u = ewx_unit_new();
	void *blob;
	size_t size;

	ewx_unit_add_text(u, "p.ewx", text, strlen(text));
	if (ewx_unit_compile(u, GEN_BUILT, &blob, &size)) {
		ewx_unit_print(u, stderr, false);
		fail();
	}
	ewx_unit_free(u);
	return blob;
}

/* A row for unknown identities does not grow with the number of identities. */
static void test_row_length(void **state)
{
	struct ewx_arena arena = { 0 };
	char *text = ewx_arena_strndup(&arena, "", 0);
	void *blob;

	(void)state;
	for (u32 i = 0; i < 40; i++)
		text = ewx_arena_printf(
			&arena,
			"%sidentity i%u { measurement sha256:%064u; }\n"
			"allow init, exec_anon for i%u;\n",
			text, i, i, i);
	text = ewx_arena_printf(&arena, "language 1; policy p version 1;\n%s",
				text);
	blob = compile(text);
	/* 40 entries and one row, of one grant each. */
	assert_int_equal(count_of(blob, EWX_SECTION_ENTRIES),
			 12 * EWX_LINE_ENTRIES);
	assert_int_equal(count_of(blob, EWX_SECTION_ROWS), EWX_LINE_ENTRIES);
	assert_int_equal(count_of(blob, EWX_SECTION_GRANTS), 0);
	assert_int_equal(count_of(blob, EWX_SECTION_SETS), 1 + 1);
	free(blob);
	ewx_arena_free(&arena);
}

/* Of rules that say the same only the most generous ones remain. */
static void test_useful_grants(void **state)
{
	void *blob =
		compile("language 1; policy p version 1;\n"
			"allow augment max 5 pages;\n"
			"allow augment max 9 pages until 2027-01-01;\n"
			"allow augment max 7 pages until 2026-01-01;\n"
			"allow augment, exec_dynamic for any max 5 pages;\n"
			"allow augment max 6 pages;\n"
			"deny augment; deny augment, share;\n");

	(void)state;
	/*
	 * Cell and row, each: augment denied, share denied, augment max 9,
	 * augment max 6, exec_dynamic max 5.
	 */
	assert_int_equal(count_of(blob, EWX_SECTION_GRANTS), 2 * 5);
	free(blob);
}

/* The same in a row of so many that they are not looked through one by one. */
static void test_long_row(void **state)
{
	struct ewx_arena arena = { 0 };
	char *text = ewx_arena_strndup(&arena, "", 0);
	void *blob;

	(void)state;
	for (u32 i = 0; i < 40; i++)
		text = ewx_arena_printf(
			&arena,
			"%sidentity i%u { measurement sha256:%064u; }\n"
			"allow exec_dynamic for i%u max %u pages;\n",
			text, i, i, i, 100 - i);
	blob = compile(ewx_arena_printf(
		&arena,
		"language 1; policy p version 1;\n%s"
		"identity two { measurement sha256:%064u, sha256:%064u; }\n"
		"identity again { measurement sha256:%064u; }\n"
		"allow exec_dynamic for two max 5 pages;\n"
		"allow exec_dynamic for again max 4 pages;\n"
		"allow exec_written for again max 3 pages;\n",
		text, 3, 4, 3));
	/* The row: one of each, of two, and exec_written, which a cell has, too. */
	assert_int_equal(count_of(blob, EWX_SECTION_GRANTS), 40 + 1 + 1 + 2);
	free(blob);
	ewx_arena_free(&arena);
}

static void refused(struct ewx_unit *u, const char *text)
{
	const struct ewx_diagnostic *said;
	void *blob = NULL;
	size_t size = 0, count;

	assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size), -1);
	said = ewx_unit_diagnostics(u, &count);
	assert_int_equal(count, 1);
	assert_string_equal(said->code, "E0705");
	assert_string_equal(said->text, text);
	ewx_unit_free(u);
}

/* One domain more than keys have room for is refused before anything is made of it. */
static void test_too_many_domains(void **state)
{
	struct ewx_unit *u = front_unit(HEAD);
	struct ewx_ir_name *domains =
		calloc(EWX_DOMAINS_MAX + 1, sizeof(*domains));

	(void)state;
	assert_non_null(domains);
	for (u32 i = 0; i <= EWX_DOMAINS_MAX; i++)
		domains[i] = u->domains[0];
	u->domains = domains;
	u->domain_count = EWX_DOMAINS_MAX + 1;
	refused(u, "too many domains: there are 1048575, 1048574 are the limit");
	free(domains);
}

/* The name of a file alone fills the binary policy. */
static void test_too_large(void **state)
{
	struct ewx_unit *u = front_unit(HEAD "deny vepc;\n");
	const size_t size = EWX_POLICY_MAX_SIZE + (1u << 20);
	char *name = malloc(size + 1);

	(void)state;
	assert_non_null(name);
	memset(name, 'a', size);
	name[size] = '\0';
	u->files[0].name = name;
	refused(u, "the binary policy would have 257 MiB; 256 are the limit");
	free(name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decisions),
		cmocka_unit_test(test_row_length),
		cmocka_unit_test(test_useful_grants),
		cmocka_unit_test(test_long_row),
		cmocka_unit_test(test_too_many_domains),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

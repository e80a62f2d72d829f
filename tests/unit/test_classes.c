// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Classification by the compiled diagrams against a naive reading of random
 * policies; precedence of domains and the refusal of ambiguous ones.
 */
#include "unit.h"
#include "gen.h"

/*
 * Who wins, naively: conditions are included in others if whatever process of
 * the world fits the ones fits the others.
 */
struct order {
	bool fits_beyond[16][16];	/* [a][b]: some process fits a, not b */
};

static void compare_domains(const struct ewx_unit *u, struct order *o)
{
	memset(o, 0, sizeof(*o));
	for (u32 n = 0; n < gen_process_count(); n++) {
		struct process process;
		u32 fits = 0;

		gen_process(n, &process);
		if (process.no_path)
			continue;
		for (u32 d = 1; d < u->domain_count; d++)
			fits |= (u32)naive_domain_fits(u, d, &process) << d;
		for (u32 a = 1; a < u->domain_count && fits; a++)
			for (u32 b = 1; b < u->domain_count; b++)
				o->fits_beyond[a][b] |= fits >> a & 1 &&
							!(fits >> b & 1);
	}
}

static bool is_over(const struct ewx_unit *u, u32 a, u32 b)
{
	for (size_t i = 0; i < u->domains[a].condition_count; i++)
		if (u->domains[a].conditions[i].kind == EWX_CONDITION_OVER &&
		    u->domains[a].conditions[i].low == b)
			return true;
	return false;
}

static bool beats(const struct ewx_unit *u, const struct order *o, u32 a, u32 b)
{
	if (is_over(u, a, b) || is_over(u, b, a))
		return is_over(u, a, b);
	return !o->fits_beyond[a][b] && o->fits_beyond[b][a];
}

/* The domain of a process; EWX_NONE if none of those that fit wins. */
static u32 naive_winner(const struct ewx_unit *u, const struct order *o,
			const struct process *process)
{
	u32 fits[16], count = naive_domains(u, process, fits);

	if (!count)
		return EWX_DOMAIN_DEFAULT;
	for (u32 i = 0; i < count; i++) {
		bool all = true;

		for (u32 j = 0; j < count; j++)
			all &= i == j || beats(u, o, fits[i], fits[j]);
		if (all)
			return fits[i];
	}
	return EWX_NONE;
}

static bool ambiguous(const struct ewx_unit *u, const struct order *o)
{
	for (u32 n = 0; n < gen_process_count(); n++) {
		struct process process;

		gen_process(n, &process);
		if (naive_winner(u, o, &process) == EWX_NONE)
			return true;
	}
	return false;
}

static void check_domains(const struct ewx_unit *u, const struct order *o,
			  const void *blob, size_t size)
{
	struct ewx_policy policy;
	struct ewx_fault fault;

	assert_true(ewx_policy_verify(blob, (u32)size, &policy, &fault));
	for (u32 n = 0; n < gen_process_count(); n++) {
		struct process process;

		gen_process(n, &process);
		assert_int_equal(engine_domain(&policy, &process),
				 naive_winner(u, o, &process));
	}
}

static void test_domains(void **state)
{
	u32 good = 0, bad = 0;

	(void)state;
	for (unsigned long long seed = 1; seed <= 400; seed++) {
		struct gen g = { .seed = seed * 7919, .domains = 1 + seed % 5 };
		struct ewx_unit *u = gen_unit(&g);
		struct order o;
		void *blob;
		size_t size;

		compare_domains(u, &o);
		if (ewx_emit(u, GEN_BUILT, &blob, &size)) {
			assert_true(ewx_unit_errors(u) > 0);
			assert_true(ambiguous(u, &o));
			bad++;
		} else {
			check_domains(u, &o, blob, size);
			free(blob);
			good++;
		}
		ewx_unit_free(u);
	}
	assert_true(good > 50);
	assert_true(bad > 50);
}

static u32 member(const struct ewx_policy *p, u32 section, u32 cls, u32 n)
{
	const char *name = section == EWX_SECTION_SOURCES ?
			   ewx_source_class_name(p, cls, n) :
			   ewx_identity_class_name(p, cls, n);

	return name ? (u32)atoi(name + 1) : EWX_NONE;
}

static void check_source(const struct ewx_unit *u, const struct ewx_policy *p,
			 struct gen *g)
{
	struct source_file file;
	u32 cls, n = 0;

	gen_file(g, &file);
	cls = engine_source(p, &file);
	for (u32 s = 0; s < u->source_count; s++)
		if (naive_source_fits(u, s, &file))
			assert_int_equal(member(p, EWX_SECTION_SOURCES, cls, n++),
					 s + 1);
	assert_int_equal(member(p, EWX_SECTION_SOURCES, cls, n), EWX_NONE);
	assert_int_equal(cls == EWX_CLASS_UNLISTED, n == 0);
}

static void check_identity(const struct ewx_unit *u, const struct ewx_policy *p,
			   struct gen *g)
{
	struct enclave enclave;
	u32 cls, n = 0;

	gen_enclave(g, &enclave);
	cls = engine_identity(p, &enclave);
	for (u32 i = 0; i < u->identity_count; i++)
		if (naive_identity_fits(u, i, &enclave))
			assert_int_equal(member(p, EWX_SECTION_IDENTITIES, cls,
						n++), i + 1);
	assert_int_equal(member(p, EWX_SECTION_IDENTITIES, cls, n), EWX_NONE);
	assert_int_equal(cls == EWX_CLASS_UNLISTED, n == 0);
}

static void test_classes(void **state)
{
	(void)state;
	for (unsigned long long seed = 1; seed <= 1500; seed++) {
		struct gen g = { .seed = seed * 104729, .sources = 8,
				 .identities = 8 };
		struct ewx_unit *u = gen_unit(&g);
		struct ewx_policy policy;
		struct ewx_fault fault;
		void *blob;
		size_t size;

		assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size), 0);
		assert_true(ewx_policy_verify(blob, (u32)size, &policy, &fault));
		for (int i = 0; i < 200; i++) {
			check_source(u, &policy, &g);
			check_identity(u, &policy, &g);
		}
		free(blob);
		ewx_unit_free(u);
	}
}

static const struct ewx_diagnostic *compile_text(struct ewx_unit *u,
						 const char *text, size_t *count)
{
	void *blob;
	size_t size;

	ewx_unit_add_text(u, "p.ewx", text, strlen(text));
	if (!ewx_unit_compile(u, GEN_BUILT, &blob, &size))
		free(blob);
	return ewx_unit_diagnostics(u, count);
}

static void assert_refused(const char *text, const char *code,
			   const char *message, const char *hint)
{
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	size_t count, i;

	d = compile_text(u, text, &count);
	for (i = 0; i < count && d[i].severity != EWX_ERROR; i++)
		;
	assert_true(i < count);
	assert_string_equal(d[i].code, code);
	assert_string_equal(d[i].text, message);
	if (hint)
		assert_string_equal(d[i].hint, hint);
	ewx_unit_free(u);
}

static void test_messages(void **state)
{
	(void)state;
	assert_refused("language 1; policy p version 1;\n"
		       "domain a { exe \"/opt/**\"; uid 1000-1999; }\n"
		       "domain b { exe \"/opt/app/*\"; }\n",
		       "E0701",
		       "domains \"a\" and \"b\" both fit a process: exe \"/opt/app/\", uid 1000",
		       "say which one wins: domain a over b;");
	assert_refused("language 1; policy p version 1;\n"
		       "domain a { gid 10; }\n"
		       "domain b { gid 20-30; }\n",
		       "E0701",
		       "domains \"a\" and \"b\" both fit a process: gid 10, gid 20",
		       NULL);
	assert_refused("language 1; policy p version 1;\n"
		       "domain a { exe \"/{x,y}\"; }\n"
		       "domain b { exe \"/y\"; exe \"/x\"; }\n",
		       "E0702",
		       "domains \"a\" and \"b\" have equal conditions", NULL);
	assert_refused("language 1; policy p version 1;\n"
		       "source s { path \"/**a?????????????????????x\"; }\n",
		       "E0703",
		       "path pattern \"/**a?????????????????????x\" makes the patterns too complex",
		       NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domains),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

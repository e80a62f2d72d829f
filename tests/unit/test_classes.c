// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Classification by the compiled diagrams against a naive reading of random
 * policies; precedence of domains and the refusal of ambiguous ones.
 */
#include "unit.h"
#include "gen.h"
#include "security/ewx/core/read.h"

/*
 * Who wins, naively: conditions are included in others if whatever process of
 * the world fits the ones fits the others.
 */
struct order {
	bool fits_beyond[16][16]; /* [a][b]: some process fits a, not b */
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
	for (unsigned long long seed = 1; seed <= 160; seed++) {
		struct gen g = { .seed = seed * 7919, .domains = 1 + seed % 8 };
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
			assert_int_equal(member(p, EWX_SECTION_SOURCES, cls,
						n++),
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
						n++),
					 i + 1);
	assert_int_equal(member(p, EWX_SECTION_IDENTITIES, cls, n), EWX_NONE);
	assert_int_equal(cls == EWX_CLASS_UNLISTED, n == 0);
}

static void test_classes(void **state)
{
	(void)state;
	for (unsigned long long seed = 1; seed <= 1500; seed++) {
		struct gen g = { .seed = seed * 104729,
				 .sources = 8,
				 .identities = 8 };
		struct ewx_unit *u = gen_unit(&g);
		struct ewx_policy policy;
		struct ewx_fault fault;
		void *blob;
		size_t size;

		assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size), 0);
		assert_true(
			ewx_policy_verify(blob, (u32)size, &policy, &fault));
		for (int i = 0; i < 200; i++) {
			check_source(u, &policy, &g);
			check_identity(u, &policy, &g);
		}
		free(blob);
		ewx_unit_free(u);
	}
}

static u32 word_at(const struct ewx_policy *p, enum ewx_section section,
		   u32 offset)
{
	return ewx_read32(p->blob + p->section[section].offset + offset);
}

/* The most tests from @ref to a result; successors have greater indices. */
static u32 depth_from(const struct ewx_policy *p, u32 ref)
{
	u32 count = p->section[EWX_SECTION_NODES].count, most;
	u32 *depth = calloc(count + 1, sizeof(*depth));

	for (u32 n = count; n--;) {
		u32 at = n * sizeof(struct ewx_node);
		u32 test = word_at(p, EWX_SECTION_NODES, at);
		bool jump = test == EWX_TEST_SIGNER_JUMP ||
			    test == EWX_TEST_MEASUREMENT_JUMP;
		u32 arg = word_at(p, EWX_SECTION_NODES, at + 4);
		u32 bits = word_at(p, EWX_SECTION_NODES, at + 8);

		for (u32 k = 0; k < (jump ? 1u << bits : 2); k++) {
			u32 next = jump ? word_at(p, EWX_SECTION_JUMPS,
						  4 * (arg + k)) :
					  word_at(p, EWX_SECTION_NODES,
						  at + 8 + 4 * k);
			u32 below = next & EWX_LEAF ? 0 : depth[next];

			if (depth[n] < below + 1)
				depth[n] = below + 1;
		}
	}
	most = ref & EWX_LEAF ? 0 : depth[ref];
	free(depth);
	return most;
}

/* Many domains by uid, many identities by key: few tests each. */
static void test_depth(void **state)
{
	char *text;
	size_t len, size;
	FILE *out = open_memstream(&text, &len);
	struct ewx_unit *u = ewx_unit_new();
	struct ewx_policy policy;
	struct ewx_fault fault;
	void *blob;

	(void)state;
	fprintf(out, "language 1; policy p version 1;\n");
	for (u32 i = 0; i < 1000; i++)
		fprintf(out,
			"domain u%u { uid %u-%u; }\n"
			"domain e%u { exe \"/opt/%u/*\"; uid %u; }\n"
			"identity s%u { signer sha256:%064x; product %u; min-svn 3; }\n",
			i, 10 * i, 10 * i + 8, i, i, 10 * i + 4, i, i, i % 5);
	fclose(out);
	assert_int_equal(ewx_unit_add_text(u, "p.ewx", text, len), 0);
	assert_int_equal(ewx_unit_compile(u, GEN_BUILT, &blob, &size), 0);
	assert_true(ewx_policy_verify(blob, (u32)size, &policy, &fault));
	for (u32 i = 0; i < 1000; i++) {
		char path[32];
		struct process process = { .path = path, .uid = 10 * i + 4 };
		u32 ref, domain;

		snprintf(path, sizeof(path), "/opt/%u/x", i);
		ref = ewx_match(&policy, EWX_AUTOMATON_EXE, path,
				(u32)strlen(path));
		assert_in_range(depth_from(&policy, ref), 1, 18);
		domain = engine_domain(&policy, &process);
		assert_int_equal(ewx_domain_name(&policy, domain)[0], 'e');
		process.no_path = true;
		domain = engine_domain(&policy, &process);
		assert_int_equal(ewx_domain_name(&policy, domain)[0], 'u');
		process.uid = 10 * i + 9;
		assert_int_equal(engine_domain(&policy, &process), 0);
		i += 36;
	}
	assert_in_range(depth_from(&policy, policy.identity_node), 1, 17);
	free(blob);
	free(text);
	ewx_unit_free(u);
}

/*
 * Digests are spread evenly, so that their first bits tell nearly all of them
 * apart: one jump, then a few that begin alike, then product and SVN.
 */
static void test_jump_depth(void **state)
{
	char *text;
	size_t len, size;
	FILE *out = open_memstream(&text, &len);
	struct ewx_unit *u = ewx_unit_new();
	struct ewx_policy policy;
	struct ewx_fault fault;
	void *blob;

	(void)state;
	fprintf(out, "language 1; policy p version 1;\n");
	for (u32 i = 0; i < 1000; i++)
		fprintf(out,
			"identity s%u { signer sha256:%08x%056x; product 3; min-svn 3; }\n",
			i, i * 2654435769u, i);
	fclose(out);
	assert_int_equal(ewx_unit_add_text(u, "p.ewx", text, len), 0);
	assert_int_equal(ewx_unit_compile(u, GEN_BUILT, &blob, &size), 0);
	assert_true(ewx_policy_verify(blob, (u32)size, &policy, &fault));
	assert_in_range(depth_from(&policy, policy.identity_node), 1, 9);
	assert_int_equal(policy.section[EWX_SECTION_JUMPS].count, 2048);
	for (u32 i = 0; i < 1000; i++) {
		u8 signer[EWX_SIZE_KEYS] = { 0 };
		struct ewx_properties props = { .has_signer = true,
						.signer = signer,
						.product = 3,
						.svn = 3 };
		u32 head = i * 2654435769u;

		for (u32 k = 0; k < 4; k++) {
			signer[k] = (u8)(head >> (24 - 8 * k));
			signer[28 + k] = (u8)(i >> (24 - 8 * k));
		}
		assert_int_not_equal(ewx_identity_class(&policy, &props), 0);
		signer[16] ^= 1;
		assert_int_equal(ewx_identity_class(&policy, &props), 0);
		signer[16] ^= 1;
		props.has_signer = false;
		assert_int_equal(ewx_identity_class(&policy, &props), 0);
	}
	free(blob);
	free(text);
	ewx_unit_free(u);
}

static const struct ewx_diagnostic *
compile_text(struct ewx_unit *u, const char *text, size_t *count)
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

/* 2^30 sets of identities are possible: refused, and who is to blame. */
static void test_too_many(void **state)
{
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	size_t count, len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "language 1; policy p version 1;\n");
	for (u32 i = 0; i < 30; i++)
		fprintf(out, "identity i%u { attributes 0x%x; }\n", i, 1u << i);
	fclose(out);
	d = compile_text(u, text, &count);
	while (count && d->severity != EWX_ERROR) {
		d++;
		count--;
	}
	assert_true(count >= 3);
	assert_string_equal(d[0].code, "E0704");
	assert_string_equal(
		d[0].text,
		"identities overlap in too many ways: \"i0\" is among them");
	assert_string_equal(d[1].text, "so is \"i1\"");
	ewx_unit_free(u);
	free(text);
}

/* Programs within each other: some domain is named, too. */
static void test_nested(void **state)
{
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	size_t count, len;
	char *text;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	fprintf(out, "language 1; policy p version 1;\n");
	for (int i = 1; i <= 500; i++) {
		fprintf(out, "domain d%d { exe \"", i);
		for (int k = 0; k < i; k++)
			fputs("/a", out);
		fprintf(out, "/**\"; }\n");
	}
	fclose(out);
	d = compile_text(u, text, &count);
	assert_true(count >= 1);
	assert_string_equal(d[0].code, "E0704");
	assert_non_null(strstr(d[0].text, "\" is among them"));
	assert_true(d[0].line > 1);
	ewx_unit_free(u);
	free(text);
}

#define RANGES 40
#define RANGES_END 200

struct range {
	u32 low;
	u32 high;
};

/*
 * Ranges of which any two are apart or one in the other, none twice: a part of one that
 * is there, from its begin, up to its end, or within.
 */
static void nest_ranges(struct range *r, unsigned long long *seed)
{
	u32 count = 1;

	r[0] = (struct range){ 0, RANGES_END - 1 };
	while (count < RANGES) {
		struct range in = r[unit_random(seed) % count], part = in;
		u32 width = in.high - in.low + 1;
		u32 way = unit_random(seed) % 3;
		bool fits = width > 3;

		if (!fits)
			continue;
		if (way != 0)
			part.low += 1 + unit_random(seed) % (width / 2);
		if (way != 1)
			part.high -= 1 + unit_random(seed) % (width / 3);
		for (u32 i = 0; i < count && fits; i++) {
			bool apart = r[i].high < part.low ||
				     part.high < r[i].low;
			bool within = r[i].low <= part.low &&
				      part.high <= r[i].high;
			bool around = part.low <= r[i].low &&
				      r[i].high <= part.high;

			fits = apart || within != around;
		}
		if (fits)
			r[count++] = part;
	}
}

/* What is in the shade of another leaves before it, with it and after it. */
static void check_nested_ranges(unsigned long long seed)
{
	struct ewx_unit *u = ewx_unit_new();
	struct range r[RANGES];
	struct ewx_policy policy;
	struct ewx_fault fault;
	size_t len, size;
	char *text;
	void *blob;
	FILE *out = open_memstream(&text, &len);

	nest_ranges(r, &seed);
	fprintf(out, "language 1; policy p version 1;\n");
	for (u32 i = RANGES; i--;) {
		u32 other = unit_random(&seed) % (i + 1);
		struct range last = r[i];

		r[i] = r[other];
		r[other] = last;
		fprintf(out, "domain d%u { uid %u-%u; }\n", RANGES - i,
			r[i].low, r[i].high);
	}
	fclose(out);
	ewx_unit_add_text(u, "p.ewx", text, len);
	assert_int_equal(ewx_unit_compile(u, GEN_BUILT, &blob, &size), 0);
	assert_true(ewx_policy_verify(blob, (u32)size, &policy, &fault));
	for (u32 uid = 0; uid <= RANGES_END; uid++) {
		const struct ewx_properties props = { .euid = uid };
		u32 best = EWX_NONE, width = EWX_NONE;

		for (u32 i = 0; i < RANGES; i++)
			if (r[i].low <= uid && uid <= r[i].high &&
			    r[i].high - r[i].low < width) {
				best = i;
				width = r[i].high - r[i].low;
			}
		assert_int_equal(
			ewx_walk(&policy,
				 ewx_match(&policy, EWX_AUTOMATON_EXE, "/a", 2),
				 &props),
			best == EWX_NONE ? EWX_DOMAIN_DEFAULT : RANGES - best);
	}
	free(blob);
	free(text);
	ewx_unit_free(u);
}

static void test_nested_ranges(void **state)
{
	(void)state;
	for (unsigned long long seed = 1; seed <= 20; seed++)
		check_nested_ranges(seed);
}

static void test_messages(void **state)
{
	(void)state;
	assert_refused(
		"language 1; policy p version 1;\n"
		"domain a { exe \"/opt/**\"; uid 1000-1999; }\n"
		"domain b { exe \"/opt/app/*\"; }\n",
		"E0701",
		"domains \"a\" and \"b\" both fit a process: exe \"/opt/app/a\", uid 1000",
		"say which one wins: domain a over b;");
	assert_refused(
		"language 1; policy p version 1;\n"
		"domain a { gid 10; }\n"
		"domain b { gid 20-30; }\n",
		"E0701",
		"domains \"a\" and \"b\" both fit a process: gid 10, gid 20",
		NULL);
	assert_refused("language 1; policy p version 1;\n"
		       "domain a { exe \"/{x,y}\"; }\n"
		       "domain b { exe \"/y\"; exe \"/x\"; }\n",
		       "E0702", "domains \"a\" and \"b\" have equal conditions",
		       NULL);
	assert_refused(
		"language 1; policy p version 1;\n"
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
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_jump_depth),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_nested_ranges),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

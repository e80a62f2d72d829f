// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Binary policy to text and back gives the same bytes; the same unit gives the
 * same bytes; every allocation may fail; broken blobs are refused.
 */
#include "unit.h"
#include "gen.h"
#include "security/ewx/core/read.h"

static char *dump(const void *blob, size_t size, size_t *len)
{
	const char *error;
	char *text;
	FILE *out = open_memstream(&text, len);

	assert_non_null(out);
	if (ewx_dump(blob, size, out, &error))
		fail_msg("%s", error);
	fclose(out);
	return text;
}

static void compile(const char *text, size_t len, void **blob, size_t *size)
{
	struct ewx_unit *u = ewx_unit_new();

	if (ewx_unit_add_text(u, "dumped.ewx", text, len) ||
	    ewx_unit_compile(u, GEN_BUILT, blob, size)) {
		fputs(text, stderr);
		ewx_unit_print(u, stderr, false);
		fail();
	}
	ewx_unit_free(u);
}

static void check_round(const void *blob, size_t size)
{
	size_t len, again_size;
	void *again;
	char *text = dump(blob, size, &len);

	compile(text, len, &again, &again_size);
	if (again_size != size || memcmp(blob, again, size)) {
		fputs(text, stderr);
		fail_msg("%zu bytes became %zu", size, again_size);
	}
	free(again);
	free(text);
}

static void test_random(void **state)
{
	(void)state;
	for (unsigned long long seed = 1; seed <= 1500; seed++) {
		struct gen g = { .seed = seed * 15485863,
					 .domains = 4,
				 .sources = 4,
				 .identities = 4,
				 .rules = 12 };
		struct ewx_unit *u = gen_unit(&g);
		void *blob, *twin;
		size_t size, twin_size;

		if (ewx_emit(u, GEN_BUILT, &blob, &size)) {
			gen_drop_domains(u);
			assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size),
					 0);
		}
		assert_int_equal(ewx_emit(u, GEN_BUILT, &twin, &twin_size), 0);
		assert_int_equal(size, twin_size);
		assert_memory_equal(blob, twin, size);
		check_round(blob, size);
		free(twin);
		free(blob);
		ewx_unit_free(u);
	}
}

/* What the header names is just what verification wants to be named. */
static void check_features(u8 *blob, size_t size, u32 *seen)
{
	u8 *features = blob + offsetof(struct ewx_header, features);
	u32 named = ewx_read32(features);
	struct ewx_fault fault;
	struct ewx_policy p;

	for (u32 bit = 0; bit < EWX_FEATURE_COUNT; bit++) {
		if (!(named >> bit & 1))
			continue;
		features[bit / 8] ^= (u8)(1 << bit % 8);
		assert_false(ewx_policy_verify(blob, (u32)size, &p, &fault));
		assert_int_equal(fault.code, EWX_FAULT_UNDECLARED);
		features[bit / 8] ^= (u8)(1 << bit % 8);
	}
	assert_true(ewx_policy_verify(blob, (u32)size, &p, &fault));
	*seen |= named;
}

static void test_features(void **state)
{
	u32 seen = 0, plain = 0;

	(void)state;
	for (unsigned long long seed = 1; seed <= 300; seed++) {
		struct gen g = { .seed = seed * 32452843,
				 .domains = 1,
				 .sources = 1,
				 .identities = 1,
				 .rules = 3 };
		struct ewx_unit *u = gen_unit(&g);
		u32 before = seen;
		void *blob;
		size_t size;

		if (!gen_random(&g, 8))
			u->domains[u->domain_count - 1].flags |=
				EWX_DOMAIN_GUARDED;
		assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size), 0);
		seen = 0;
		check_features(blob, size, &seen);
		plain += !seen;
		seen |= before;
		free(blob);
		ewx_unit_free(u);
	}
	assert_int_equal(seen, (1u << EWX_FEATURE_COUNT) - 1);
	assert_true(plain > 0);
}

static void test_text(void **state)
{
	static const char text[] =
		"language 1;\n"
		"policy host version 12;\n"
		"set jit = exec_dynamic, exec_written;\n"
		"source code { path \"/opt/{a,b}/*.so\", \"/x \\\"y\\\\/*\"; owner 0; fs \"fuse.sshfs\", 9p; }\n"
		"identity mine {\n"
		"\tsigner sha256:1111111111111111111111111111111111111111111111111111111111111111;\n"
		"\tproduct 1, 2; min-svn 3; attributes 0 mask debug;\n"
		"}\n"
		"deny vepc;\n"
		"domain a { exe \"/a\"; uid 0, 5-9;\n"
		"\tallow create, change; for mine { allow init; allow jit max 5 pages until 2027-03-31; } }\n"
		"domain b { uid 5; permissive until 2028-02-29; }\n"
		"domain a over b;\n"
		"domain default { allow create; log create; }\n"
		"deny debug;\n";
	static const char expected[] =
		"language 1;\n"
		"#built 1700000000\n"
		"policy host version 12;\n"
		"#line 4 \"p.ewx\"\n"
		"source code { path \"/opt/{a,b}/*.so\"; path \"/x \\\"y\\\\/*\"; owner 0; fs \"fuse.sshfs\"; fs \"9p\"; }\n"
		"identity mine {\n"
		"    signer sha256:1111111111111111111111111111111111111111111111111111111111111111;\n"
		"    product 1; product 2; min-svn 3; attributes 0x0 mask 0x1;\n"
		"}\n"
		"deny vepc;\n"
		"#line 15 \"p.ewx\"\n"
		"deny debug;\n"
		"#line 14 \"p.ewx\"\n"
		"domain default { allow create; log create; }\n"
		"#line 10 \"p.ewx\"\n"
		"domain a { exe \"/a\"; uid 0; uid 5-9;\n"
		"    allow change, create; allow init for mine; allow exec_dynamic, exec_written for mine max 5 pages until 2027-03-31;\n"
		"}\n"
		"#line 12 \"p.ewx\"\n"
		"domain b { permissive until 2028-02-29; uid 5; }\n"
		"domain a over b;\n";
	struct ewx_unit *u = ewx_unit_new();
	size_t size, len;
	void *blob;
	char *out;

	(void)state;
	if (ewx_unit_add_text(u, "p.ewx", text, sizeof(text) - 1))
		ewx_unit_print(u, stderr, false);
	assert_int_equal(ewx_unit_compile(u, GEN_BUILT, &blob, &size), 0);
	out = dump(blob, size, &len);
	assert_string_equal(out, expected);
	check_round(blob, size);
	free(out);
	free(blob);
	ewx_unit_free(u);
}

/* When this reaches 0 every further allocation of the library fails. */
static size_t allowed = SIZE_MAX;

void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

void *__wrap_calloc(size_t count, size_t size)
{
	return allowed && allowed-- ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *block, size_t size)
{
	return allowed && allowed-- ? __real_realloc(block, size) : NULL;
}

/* Without memory there is an error and no leak. */
static void test_no_memory(void **state)
{
	int ret = -1;

	(void)state;
	for (size_t n = 0; ret; n += 1 + n / 16) {
		struct gen g = {
			.seed = 977, .sources = 3, .identities = 3, .rules = 8
		};
		struct ewx_unit *u = gen_unit(&g);
		void *blob = NULL;
		size_t size;

		allowed = n;
		ret = ewx_emit(u, GEN_BUILT, &blob, &size);
		allowed = SIZE_MAX;
		assert_true(!ret || !blob);
		assert_int_equal(!ret, !ewx_unit_errors(u));
		free(blob);
		ewx_unit_free(u);
	}
}

/* A byte changed or missing: refused, or another policy that still dumps. */
static void test_broken(void **state)
{
	struct gen g = { .seed = 4711,
			 .domains = 3,
			 .sources = 3,
			 .identities = 3,
			 .rules = 8 };
	struct ewx_unit *u = gen_unit(&g);
	FILE *out = fopen("/dev/null", "w");
	const char *error;
	void *blob;
	u8 *copy;
	size_t size;

	(void)state;
	assert_non_null(out);
	if (ewx_emit(u, GEN_BUILT, &blob, &size)) {
		gen_drop_domains(u);
		assert_int_equal(ewx_emit(u, GEN_BUILT, &blob, &size), 0);
	}
	copy = malloc(size);
	for (size_t i = 0; i < size; i++) {
		memcpy(copy, blob, size);
		copy[i] ^= (u8)(1u << gen_random(&g, 8));
		if (ewx_dump(copy, size, out, &error))
			assert_non_null(error);
	}
	for (size_t n = 0; n < size; n += 61) {
		u8 *part = malloc(n + 1);

		memcpy(part, blob, n);
		assert_int_equal(ewx_dump(part, n, out, &error), -1);
		free(part);
	}
	free(copy);
	free(blob);
	fclose(out);
	ewx_unit_free(u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_features),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

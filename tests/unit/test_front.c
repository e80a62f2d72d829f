// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What policies mean: the IR that the front end leaves for the back end. What
 * it refuses is in the goldens (test_policy.c).
 */
#include "front.h"

#include <time.h>
#include <unistd.h>
#include <uapi/linux/enclave_permissions.h>

#include "libewx/pattern.h"
#include "libewx/suggest.h"
#include "libewx/symbols.h"

static void empty(void **state)
{
	struct ewx_unit *u = front_unit(HEAD);

	(void)state;
	assert_string_equal(u->name, "p");
	assert_int_equal(u->version, 3);
	assert_int_equal(u->domain_count, 1);
	assert_string_equal(u->domains[0].name, "default");
	assert_int_equal(u->domains[0].loc.line, 0);
	assert_int_equal(u->domains[0].permissive_until, EWX_FOREVER);
	assert_int_equal(u->rule_count, 0);
	ewx_unit_free(u);
}

static void default_domain(void **state)
{
	struct ewx_unit *u = front_unit(HEAD
		"domain a { exe \"/a\"; }\n"
		"domain default { allow create; permissive until 2030-01-01; }");

	(void)state;
	assert_int_equal(u->domain_count, 2);
	assert_string_equal(u->domains[1].name, "a");
	assert_int_equal(u->domains[0].loc.line, 4);
	assert_int_equal(u->domains[0].flags, EWX_DOMAIN_PERMISSIVE);
	assert_int_equal(u->rules[0].domain, 0);
	ewx_unit_free(u);
}

static void rules(void **state)
{
	struct ewx_unit *u = front_unit(HEAD
		"allow jit for i max 5 pages until 2027-03-31;\n"
		"for i { allow exec_file from s; deny debug; }\n"
		"domain d { exe \"/d\"; log exec_file, create;\n"
		"	for any { allow init; } deny vepc; }\n"
		"allow exec_file from any for any;\n"
		"identity i { measurement " ONES "; }\n"
		"source s { owner 0; }\n"
		"set jit = exec_dynamic, exec_written;\n");
	const struct ewx_ir_rule *r = u->rules;

	(void)state;
	assert_int_equal(u->rule_count, 7);
	assert_int_equal(r[0].kind, EWX_RULE_ALLOW);
	assert_int_equal(r[0].perms, ENCLAVE_PERM_EXEC_DYNAMIC |
			 ENCLAVE_PERM_EXEC_WRITTEN);
	assert_int_equal(r[0].domain, EWX_ANY);
	assert_int_equal(r[0].source, EWX_DEFER);
	assert_int_equal(r[0].identity, 0);
	assert_int_equal(r[0].max, 5);
	assert_int_equal(r[0].until, 1806537599);	/* date -d ... +%s */
	assert_int_equal(r[0].loc.line, 3);
	assert_int_equal(r[1].source, 0);
	assert_int_equal(r[1].identity, 0);
	assert_int_equal(r[1].max, EWX_UNLIMITED);
	assert_int_equal(r[1].until, EWX_FOREVER);
	assert_int_equal(r[2].kind, EWX_RULE_DENY);
	assert_int_equal(r[2].identity, 0);
	assert_int_equal(r[3].kind, EWX_RULE_LOG);
	assert_int_equal(r[3].domain, 1);
	assert_int_equal(r[3].perms, ENCLAVE_PERM_EXEC_FILE |
			 ENCLAVE_PERM_CREATE);
	assert_int_equal(r[3].identity, EWX_DEFER);
	assert_int_equal(r[4].domain, 1);
	assert_int_equal(r[4].identity, EWX_ANY);
	assert_int_equal(r[5].domain, 1);
	assert_int_equal(r[5].identity, EWX_DEFER);
	assert_int_equal(r[6].domain, EWX_ANY);
	assert_int_equal(r[6].source, EWX_ANY);
	assert_int_equal(r[6].identity, EWX_ANY);
	ewx_unit_free(u);
}

static void limits(void **state)
{
	static const struct { const char *text; __u32 pages; } cases[] = {
		{ "1 pages", 1 }, { "4K", 1 }, { "64M", 16384 },
		{ "1G", 262144 }, { "4096 bytes", 1 }, { "8K bytes", 2 },
		{ "64K pages", 65536 }, { "0x10 pages", 16 },
		{ "4294967294 pages", 4294967294u },
		{ "16383G", 16383u * 262144u },
	};
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		struct ewx_unit *u;

		snprintf(text, sizeof(text), HEAD "allow augment max %s;",
			 cases[i].text);
		u = front_unit(text);
		assert_int_equal(u->rules[0].max, cases[i].pages);
		ewx_unit_free(u);
	}
}

/* Against the C library, day by day around leap years and at both ends. */
static void dates(void **state)
{
	static const time_t starts[] = { 0, 68169600, 951696000, 1709100000,
					 4107456000, 253402214400 - 86400 * 40 };
	char text[200], date[32];
	size_t i, day;

	(void)state;
	for (i = 0; i < ARRAY_LEN(starts); i++) {
		for (day = 0; day < 40; day++) {
			time_t t = starts[i] / 86400 * 86400 + day * 86400;
			struct ewx_unit *u;
			struct tm tm;

			assert_non_null(gmtime_r(&t, &tm));
			strftime(date, sizeof(date), "%Y-%m-%d", &tm);
			snprintf(text, sizeof(text),
				 HEAD "allow create until %s;", date);
			u = front_unit(text);
			assert_int_equal(u->rules[0].until, t + 86399);
			ewx_unit_free(u);
		}
	}
}

static void conditions(void **state)
{
	struct ewx_unit *u = front_unit(HEAD
		"source s { path \"/a/*\", \"/b\\\\*\"; owner 0, 1000-1999;\n"
		"	fs ext4, \"fuse.x\", 9p; read-only; mapped-exec; }\n"
		"identity i { signer public " ONES "; product 7, 9; min-svn 3;\n"
		"	attributes debug; attributes 0 mask 0x2; }\n"
		"domain d { exe \"/d\"; uid 5; gid 0x10; root any;\n"
		"	guarded; context \"u:r:t:s0\"; }\n");
	const struct ewx_ir_condition *c = u->sources[0].conditions;

	(void)state;
	assert_int_equal(u->sources[0].condition_count, 9);
	assert_int_equal(c[0].kind, EWX_CONDITION_PATH);
	assert_string_equal(c[0].text, "/a/*");
	assert_string_equal(c[1].text, "/b\\*");
	assert_int_equal(c[2].high, 0);
	assert_int_equal(c[3].low, 1000);
	assert_int_equal(c[3].high, 1999);
	assert_string_equal(c[5].text, "fuse.x");
	assert_string_equal(c[6].text, "9p");
	assert_int_equal(c[7].kind, EWX_CONDITION_READ_ONLY);
	assert_int_equal(c[8].kind, EWX_CONDITION_MAPPED_EXEC);

	c = u->identities[0].conditions;
	assert_int_equal(u->identities[0].flags, EWX_NAME_PUBLIC);
	assert_int_equal(c[0].digest[0], 0x11);
	assert_int_equal(c[0].digest[31], 0x11);
	assert_int_equal(c[2].low, 9);
	assert_int_equal(c[3].kind, EWX_CONDITION_MIN_SVN);
	assert_int_equal(c[4].low, 1);
	assert_int_equal(c[4].high, 1);
	assert_int_equal(c[5].low, 2);
	assert_int_equal(c[5].high, 0);

	c = u->domains[1].conditions;
	assert_int_equal(u->domains[1].flags, EWX_DOMAIN_ROOT_ANY |
			 EWX_DOMAIN_GUARDED);
	assert_int_equal(c[1].low, 5);
	assert_int_equal(c[1].high, 5);
	assert_int_equal(c[2].low, 16);
	assert_int_equal(c[3].kind, EWX_CONDITION_CONTEXT);
	assert_string_equal(c[3].text, "u:r:t:s0");
	ewx_unit_free(u);
}

static void over(void **state)
{
	struct ewx_unit *u = front_unit(HEAD
		"domain a over b;\n"
		"domain b { exe \"/b\"; }\ndomain a { exe \"/a\"; }\n"
		"domain c { exe \"/c\"; }\ndomain b over c; domain a over c;\n");
	const struct ewx_ir_name *a = &u->domains[2];

	(void)state;
	assert_string_equal(a->name, "a");
	assert_int_equal(a->condition_count, 3);
	assert_int_equal(a->conditions[1].kind, EWX_CONDITION_OVER);
	assert_string_equal(a->conditions[1].text, "b");
	assert_int_equal(a->conditions[1].low, 1);
	assert_int_equal(a->conditions[2].low, 3);
	ewx_unit_free(u);
}

static void directives(void **state)
{
	struct ewx_unit *u = front_unit(
		"#built 1234567890\n" HEAD
		"#line 70 \"a.ewx\"\nallow create;\n\nallow create;\n"
		"#line 5 \"b.ewx\"\nallow create;\n"
		"#line 6 \"a.ewx\"\n  allow create;");
	static const struct { const char *file; __u32 line, col; } at[] = {
		{ "a.ewx", 70, 1 }, { "a.ewx", 72, 1 }, { "b.ewx", 5, 1 },
		{ "a.ewx", 6, 3 },
	};
	uint64_t built;
	size_t i;

	(void)state;
	assert_true(ewx_unit_built(u, &built));
	assert_int_equal(built, 1234567890);
	assert_int_equal(u->file_count, 3);
	for (i = 0; i < ARRAY_LEN(at); i++) {
		const struct ewx_loc *loc = &u->rules[i].loc;

		assert_string_equal(u->files[loc->file].name, at[i].file);
		assert_int_equal(loc->line, at[i].line);
		assert_int_equal(loc->col, at[i].col);
	}
	ewx_unit_free(u);
	u = front_unit(HEAD "# built 5\n");
	assert_false(ewx_unit_built(u, &built));
	ewx_unit_free(u);
}

static void diagnostics(void **state)
{
	static const char text[] = HEAD "allow bogus;\nallow init;\nsource s {}";
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	size_t count;

	(void)state;
	assert_int_equal(ewx_unit_add_text(u, "t", text, strlen(text)), 0);
	assert_int_equal(ewx_unit_check(u), -1);
	assert_int_equal(ewx_unit_check(u), -1);
	assert_int_equal(ewx_unit_errors(u), 3);
	d = ewx_unit_diagnostics(u, &count);
	assert_int_equal(count, 3);
	assert_string_equal(d[0].code, "E0302");
	assert_string_equal(d[0].file, "t");
	assert_int_equal(d[0].line, 3);
	assert_int_equal(d[0].column, 7);
	assert_int_equal(d[0].end_column, 12);
	assert_string_equal(d[1].code, "E0403");
	assert_non_null(d[1].hint);
	assert_string_equal(d[2].code, "E0504");
	/* Nothing is added to a checked unit. */
	assert_int_equal(ewx_unit_add_text(u, "t", "", 0), -1);
	ewx_unit_free(u);
}

static void print_colour(void **state)
{
	struct ewx_unit *u = ewx_unit_new();
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	ewx_unit_add_text(u, "t", "x", 1);
	ewx_unit_print(u, out, true);
	fclose(out);
	assert_non_null(strstr(text, "\033[1;31merror:\033[0m "));
	free(text);
	ewx_unit_free(u);
}

static void files(void **state)
{
	char path[] = "/tmp/ewx-test-XXXXXX";
	struct ewx_unit *u = ewx_unit_new();
	const struct ewx_diagnostic *d;
	int fd = mkstemp(path);
	size_t count;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, HEAD, strlen(HEAD)), strlen(HEAD));
	assert_int_equal(ewx_unit_add_file(u, path), 0);
	assert_int_equal(ewx_unit_add_file(u, "/nonexistent/x"), -1);
	assert_int_equal(ewx_unit_add_file(u, "/"), -1);
	assert_int_equal(ftruncate(fd, EWX_FILE_SIZE_MAX + 1), 0);
	assert_int_equal(ewx_unit_add_file(u, path), -1);
	d = ewx_unit_diagnostics(u, &count);
	assert_int_equal(count, 3);
	assert_string_equal(d[0].code, "E0107");
	assert_int_equal(d[0].line, 0);
	assert_string_equal(d[1].code, "E0107");
	assert_string_equal(d[2].code, "E0108");
	ewx_unit_free(u);
	close(fd);
	unlink(path);
}

static void symbols(void **state)
{
	static char names[3000][8];
	struct ewx_arena arena = { 0 };
	struct ewx_symbols tree = { 0 };
	unsigned long long seed = 99;
	size_t i, k, n = ARRAY_LEN(names);

	(void)state;
	assert_int_equal(ewx_symbols_find(&tree, "x"), EWX_SYMBOL_NONE);
	for (i = 0; i < n; i++) {
		size_t len = unit_random(&seed) % 7;

		for (k = 0; k < len; k++)
			names[i][k] = "ab\xff"[unit_random(&seed) % 3];
		for (k = 0; k < i && strcmp(names[k], names[i]); k++)
			;
		assert_int_equal(ewx_symbols_add(&tree, &arena, names[i], i),
				 k);
	}
	for (i = 0; i < n; i++) {
		for (k = 0; strcmp(names[k], names[i]); k++)
			;
		assert_int_equal(ewx_symbols_find(&tree, names[i]), k);
	}
	assert_int_equal(ewx_symbols_find(&tree, "abc"), EWX_SYMBOL_NONE);
	assert_int_equal(ewx_symbols_find(&tree, "aaaaaaaaaa"),
			 EWX_SYMBOL_NONE);
	ewx_arena_free(&arena);
}

static const char *suggestion(const char *word)
{
	static const char *const words[] = {
		"exec_file", "exec_anon", "min-svn", "uid", "gid", "allow",
	};
	struct ewx_suggest s;
	size_t i;

	ewx_suggest_begin(&s, word);
	for (i = 0; i < ARRAY_LEN(words); i++)
		ewx_suggest_try(&s, words[i]);
	return s.best ? s.best : "";
}

static void suggestions(void **state)
{
	char longest[300];

	(void)state;
	assert_string_equal(suggestion("exec_flie"), "exec_file");
	assert_string_equal(suggestion("EXEC_ANON"), "exec_anon");
	assert_string_equal(suggestion("min_svn"), "min-svn");
	assert_string_equal(suggestion("alow"), "allow");
	assert_string_equal(suggestion("uidd"), "uid");
	assert_string_equal(suggestion("pid"), "uid");
	assert_string_equal(suggestion("x"), "");
	assert_string_equal(suggestion("permission"), "");
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = 0;
	assert_string_equal(suggestion(longest), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(default_domain),
		cmocka_unit_test(rules),
		cmocka_unit_test(limits),
		cmocka_unit_test(dates),
		cmocka_unit_test(conditions),
		cmocka_unit_test(over),
		cmocka_unit_test(directives),
		cmocka_unit_test(diagnostics),
		cmocka_unit_test(print_colour),
		cmocka_unit_test(files),
		cmocka_unit_test(symbols),
		cmocka_unit_test(suggestions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Goldens: every tests/unit/policy/NAME.ewx, together with the drop-ins of
 * NAME.d/, gives exactly the text of NAME.expected. EWX_GOLDENS=write writes
 * them anew; read the difference before you commit it.
 */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>

#include "libewx/codes.h"

#define DIR_NAME	"tests/unit/policy"
#define BUILT		1700000000

/* Reported at no policy's text: these have tests of their own or none. */
static const char * const elsewhere[] = {
	"E0107", "E0108", "E0705", "E0706", "E0707",
};

static struct dirent **entries;
static int entry_count;
static char *all_expected;

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && !strcmp(name + len - tail, end);
}

static int is_policy(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".ewx");
}

/* "directory/STEM" + @suffix, STEM being @name without its last 4 bytes. */
static char *beside(const char *name, const char *suffix)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%.*s%s", DIR_NAME,
			     (int)strlen(name) - 4, name, suffix) > 0);
	return path;
}

static char *read_text(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *in = fopen(path, "r");

	if (!in)
		return strdup("");
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(in);
	return text;
}

static void add_dropins(struct ewx_unit *u, const char *name)
{
	char *dir = beside(name, ".d"), *path;
	struct dirent **files;
	int i, n;

	n = scandir(dir, &files, is_policy, alphasort);
	for (i = 0; i < n; i++) {
		assert_true(asprintf(&path, "%s/%s", dir,
				     files[i]->d_name) > 0);
		ewx_unit_add_file(u, path);
		free(path);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	free(dir);
}

/* All messages of the policy, and what compiling said. */
static char *compile(const char *name)
{
	struct ewx_unit *u = ewx_unit_new();
	char *path = beside(name, ".ewx"), *text = NULL;
	size_t size = 0, text_size = 0;
	void *blob = NULL;
	FILE *out;
	int ret;

	assert_non_null(u);
	ewx_unit_add_file(u, path);
	add_dropins(u, name);
	ret = ewx_unit_compile(u, BUILT, &blob, &size);
	out = open_memstream(&text, &text_size);
	assert_non_null(out);
	ewx_unit_print(u, out, false);
	fprintf(out, "%s, %zu errors\n", ret ? "refused" : "compiled",
		ewx_unit_errors(u));
	fclose(out);
	assert_int_equal(ret != 0, ewx_unit_errors(u) != 0);
	assert_int_equal(blob != NULL, ret == 0);
	free(blob);
	ewx_unit_free(u);
	free(path);
	return text;
}

static void golden(void **state)
{
	const char *name = *state;
	char *path = beside(name, ".expected");
	char *text = compile(name), *expected;
	FILE *out;

	if (getenv("EWX_GOLDENS")) {
		out = fopen(path, "w");
		assert_non_null(out);
		fputs(text, out);
		fclose(out);
	}
	expected = read_text(path);
	if (strcmp(text, expected))
		fail_msg("%s differs; now it is:\n%s", path, text);
	free(text);
	free(expected);
	free(path);
}

/* Each code of the table is shown by some golden. */
static void every_code(void **state)
{
	const struct ewx_code *table;
	size_t count, i, j;
	char tag[16];

	(void)state;
	table = ewx_code_table(&count);
	for (i = 0; i < count; i++) {
		bool known = false;

		for (j = 0; j < ARRAY_LEN(elsewhere); j++)
			known |= !strcmp(elsewhere[j], table[i].code);
		snprintf(tag, sizeof(tag), "[%s]", table[i].code);
		if (!known && !strstr(all_expected, tag))
			fail_msg("no golden shows %s: %s", table[i].code,
				 table[i].summary);
		assert_string_equal(ewx_code_explanation(table[i].code),
				    table[i].explanation);
		assert_int_equal(table[i].severity, table[i].code[0] == 'E' ?
				 EWX_ERROR : EWX_WARNING);
		assert_true(!i || strcmp(table[i - 1].code, table[i].code));
	}
	assert_null(ewx_code_explanation("E9999"));
}

/* The policies we show to others give no message at all. */
static void examples(void **state)
{
	static const char dir[] = "policy/examples";
	struct dirent **files;
	int i, n = scandir(dir, &files, is_policy, alphasort);

	(void)state;
	assert_true(n > 0);
	for (i = 0; i < n; i++) {
		struct ewx_unit *u = ewx_unit_new();
		void *blob = NULL;
		size_t count, size;
		char *path;

		assert_true(asprintf(&path, "%s/%s", dir,
				     files[i]->d_name) > 0);
		ewx_unit_add_file(u, path);
		ewx_unit_compile(u, BUILT, &blob, &size);
		ewx_unit_diagnostics(u, &count);
		if (count) {
			ewx_unit_print(u, stderr, false);
			fail_msg("%s is not clean", path);
		}
		assert_non_null(blob);
		free(blob);
		free(path);
		free(files[i]);
		ewx_unit_free(u);
	}
	free(files);
}

static char *join_expected(void)
{
	char *all = NULL, *path, *text;
	size_t size = 0;
	FILE *out = open_memstream(&all, &size);
	int i;

	for (i = 0; i < entry_count; i++) {
		path = beside(entries[i]->d_name, ".expected");
		text = read_text(path);
		fputs(text, out);
		free(text);
		free(path);
	}
	fclose(out);
	return all;
}

int main(void)
{
	struct CMUnitTest *tests;
	int i, ret;

	entry_count = scandir(DIR_NAME, &entries, is_policy, alphasort);
	if (entry_count <= 0) {
		fprintf(stderr, "no policies in %s\n", DIR_NAME);
		return 1;
	}
	tests = calloc(entry_count + 2, sizeof(*tests));
	for (i = 0; i < entry_count; i++)
		tests[i] = (struct CMUnitTest){
			.name = entries[i]->d_name,
			.test_func = golden,
			.initial_state = entries[i]->d_name,
		};
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(every_code);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(examples);
	all_expected = join_expected();
	ret = _cmocka_run_group_tests("policy", tests, i, NULL, NULL);
	for (i = 0; i < entry_count; i++)
		free(entries[i]);
	free(entries);
	free(all_expected);
	free(tests);
	return ret;
}

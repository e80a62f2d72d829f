// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Goldens: every tests/unit/policy/NAME.ewx, together with the drop-ins of
 * NAME.d/, gives exactly the text of NAME.expected. EWX_GOLDENS=write writes
 * them anew; read the difference before you commit it. Lines "#-W..." at the
 * beginning are options; "#-refused" has the engine refuse what is compiled.
 */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>

#include "libewx/codes.h"
#include "security/ewx/core/engine.h"

#define DIR_NAME	"tests/unit/policy"
#define BUILT		1700000000

/* Shown by goldens of the command, which has files and a machine. */
#define CLI_NAME	"tests/unit/cli"

/* No golden has it: test_front_hostile lets memory run out at every place. */
#define NO_MEMORY	"E0706"

#define GOLDENS_MAX	3	/* that show one code */

static struct dirent **entries;
static int entry_count;
static char **expected_texts;	/* of each entry */

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

/* As if the compiler had an error. */
static bool refused;

bool __real_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);
bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault);

bool __wrap_ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
			      struct ewx_fault *fault)
{
	if (!refused)
		return __real_ewx_policy_verify(blob, size, p, fault);
	*fault = (struct ewx_fault){ .code = EWX_FAULT_VALUE,
				     .section = EWX_SECTION_RULES,
				     .index = 3,
				     .offset = 500 };
	return false;
}

/* The options in the first lines of the policy. */
static void set_options(struct ewx_unit *u, const char *path)
{
	char *text = read_text(path), *at = text;

	refused = !strncmp(text, "#-refused\n", 10);
	if (refused)
		at += 10;
	for (; !strncmp(at, "#-W", 3); at += strcspn(at, "\n") + 1) {
		char option[64];

		assert_int_equal(sscanf(at + 3, "%63s", option), 1);
		assert_int_equal(ewx_unit_warn(u, option), 0);
	}
	free(text);
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
	set_options(u, path);
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

/* How many goldens show the code. */
static int goldens_with(const char *code)
{
	char tag[16];
	int i, n = 0;

	snprintf(tag, sizeof(tag), "[%s]", code);
	for (i = 0; i < entry_count; i++)
		n += strstr(expected_texts[i], tag) != NULL;
	return n;
}

static int is_case(const struct dirent *entry)
{
	return ends_with(entry->d_name, ".t");
}

/* Whether a golden of the command shows the code. */
static bool command_shows(const char *code)
{
	struct dirent **cases;
	bool found = false;
	char tag[16], *path, *text;
	int i, n = scandir(CLI_NAME, &cases, is_case, alphasort);

	assert_true(n > 0);
	snprintf(tag, sizeof(tag), "[%s]", code);
	for (i = 0; i < n; i++) {
		assert_true(asprintf(&path, "%s/%s", CLI_NAME,
				     cases[i]->d_name) > 0);
		text = read_text(path);
		found |= strstr(text, tag) != NULL;
		free(text);
		free(path);
		free(cases[i]);
	}
	free(cases);
	return found;
}

/* Each code of the table is shown by some golden, and by few. */
static void every_code(void **state)
{
	const struct ewx_code *table;
	size_t count, i;

	(void)state;
	table = ewx_code_table(&count);
	for (i = 0; i < count; i++) {
		const char *code = table[i].code;
		int n = goldens_with(code);

		if (!n && strcmp(code, NO_MEMORY) && !command_shows(code))
			fail_msg("no golden shows %s: %s", code,
				 table[i].summary);
		if (n > GOLDENS_MAX)
			fail_msg("%d goldens show %s", n, code);
		assert_string_equal(ewx_code_explanation(code),
				    table[i].explanation);
		assert_int_equal(table[i].severity, code[0] == 'E' ?
				 EWX_ERROR : EWX_WARNING);
		assert_true(!i || strcmp(table[i - 1].code, code) < 0);
		assert_int_equal(code[0] == 'W', *table[i].name != '\0');
	}
	assert_null(ewx_code_explanation("E9999"));
}

/* Names of warnings are unique, and -W knows them and no others. */
static void warning_names(void **state)
{
	struct ewx_unit *u = ewx_unit_new();
	const char *name;
	char option[80];
	size_t i, j;

	(void)state;
	for (i = 0; (name = ewx_warning_name(i)); i++) {
		assert_int_equal(ewx_unit_warn(u, name), 0);
		snprintf(option, sizeof(option), "no-error=%s", name);
		assert_int_equal(ewx_unit_warn(u, option), 0);
		for (j = 0; j < i; j++)
			assert_string_not_equal(ewx_warning_name(j), name);
	}
	assert_true(i > 0);
	assert_int_equal(ewx_unit_warn(u, ""), -1);
	assert_int_equal(ewx_unit_warn(u, "no-"), -1);
	assert_int_equal(ewx_unit_warn(u, "errors"), -1);
	assert_int_equal(ewx_unit_warn(u, "error="), -1);
	assert_null(ewx_code_warning("E0203"));
	assert_string_equal(ewx_code_warning("W0105"), "root-any");
	ewx_unit_free(u);
}

/*
 * The policies we show to others compile, and say nothing but what they are
 * known to (tests/policy/check-policies).
 */
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
		ewx_unit_warn(u, "no-free-layout");
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

static void read_expected(void)
{
	char *path;
	int i;

	expected_texts = calloc(entry_count, sizeof(*expected_texts));
	for (i = 0; i < entry_count; i++) {
		path = beside(entries[i]->d_name, ".expected");
		expected_texts[i] = read_text(path);
		free(path);
	}
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
	tests = calloc(entry_count + 3, sizeof(*tests));
	for (i = 0; i < entry_count; i++)
		tests[i] = (struct CMUnitTest){
			.name = entries[i]->d_name,
			.test_func = golden,
			.initial_state = entries[i]->d_name,
		};
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(every_code);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(warning_names);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(examples);
	read_expected();
	ret = _cmocka_run_group_tests("policy", tests, i, NULL, NULL);
	for (i = 0; i < entry_count; i++) {
		free(entries[i]);
		free(expected_texts[i]);
	}
	free(entries);
	free(expected_texts);
	free(tests);
	return ret;
}

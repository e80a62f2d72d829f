// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * result: what ewx-selftest found, as JSON.
 *
 *   result write <LINES >FILE          fields of a line are separated by tabs:
 *       machine KEY VALUE
 *       test KIND NAME VERDICT ERRNO CAUSE WHY
 *   result compare GOLDEN RESULT       prints the differences
 *   result golden RESULT               what is compared of it: the tests of SGX, a line each
 *   result list FILE                   a line for each test: KIND NAME VERDICT
 *
 * Owns: the format of the file, number 1. An empty field is left out. Exit status:
 * 0, 1 there are differences, 2 wrong usage or not such a file.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT		1
#define FIELDS		7

/* What is compared of a test; WHY is for people. */
static const char *const names[FIELDS] = {
	"", "kind", "name", "verdict", "errno", "cause", "why",
};
#define COMPARED_FROM	3
#define COMPARED_TO	5

__attribute__((noreturn)) static void die(const char *what, const char *why)
{
	fprintf(stderr, "result: %s: %s\n", what, why);
	exit(2);
}

static void add(json_t *to, const char *key, const char *value)
{
	json_t *text = json_string(value);

	if (!text)
		die(key, "not UTF-8");
	if (*value)
		json_object_set_new(to, key, text);
	else
		json_decref(text);
}

static void add_line(json_t *root, char *line)
{
	json_t *test;
	char *field[FIELDS + 1] = { NULL };
	unsigned int n = 0;

	for (char *at = line; at && n <= FIELDS; n++)
		field[n] = strsep(&at, "\t");
	if (n == 3 && !strcmp(field[0], "machine")) {
		add(json_object_get(root, "machine"), field[1], field[2]);
		return;
	}
	if (n != FIELDS || strcmp(field[0], "test"))
		die(line, "no such line");
	test = json_object();
	for (unsigned int i = 1; i < FIELDS; i++)
		add(test, names[i], field[i]);
	json_array_append_new(json_object_get(root, "tests"), test);
}

static int write_result(void)
{
	json_t *root = json_object();
	char *line = NULL;
	size_t size = 0;

	json_object_set_new(root, "format", json_integer(FORMAT));
	json_object_set_new(root, "machine", json_object());
	json_object_set_new(root, "tests", json_array());
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		add_line(root, line);
	}
	free(line);
	if (json_dumpf(root, stdout, JSON_INDENT(1)) || putchar('\n') == EOF)
		die("standard output", "cannot be written");
	json_decref(root);
	return 0;
}

static json_t *read_result(const char *path)
{
	json_error_t error;
	json_t *root = json_load_file(path, 0, &error);

	if (!root)
		die(path, error.text);
	if (json_integer_value(json_object_get(root, "format")) != FORMAT ||
	    !json_is_array(json_object_get(root, "tests")))
		die(path, "not a result of this format");
	return root;
}

static const char *text(const json_t *test, const char *key)
{
	const char *value = json_string_value(json_object_get(test, key));

	return value ? value : "";
}

static const json_t *find(const json_t *root, const json_t *like)
{
	const json_t *tests = json_object_get(root, "tests");
	const json_t *test;
	size_t i;

	json_array_foreach(tests, i, test)
		if (!strcmp(text(test, "kind"), text(like, "kind")) &&
		    !strcmp(text(test, "name"), text(like, "name")))
			return test;
	return NULL;
}

static bool skipped(const json_t *test)
{
	return !strcmp(text(test, "verdict"), "skip");
}

static void tell(const json_t *test, const char *what)
{
	printf("%s %s: %s", text(test, "kind"), text(test, "name"), what);
}

/* Tests of /dev/enclave need no SGX: that of a processor is no other one's. */
static bool of_sgx(const json_t *test)
{
	return !strstr(text(test, "name"), "_dev");
}

/* Return: whether they differ. What was left out is told, and is no difference. */
static bool differs(const json_t *golden, const json_t *result)
{
	bool other = false;

	if (!result) {
		tell(golden, "was not tried\n");
		return true;
	}
	if (skipped(result) && !skipped(golden)) {
		tell(golden, "left out: ");
		printf("%s\n", text(result, "why"));
		return false;
	}
	if (skipped(golden))
		return false;
	for (unsigned int i = COMPARED_FROM; i <= COMPARED_TO; i++) {
		const char *want = text(golden, names[i]);
		const char *got = text(result, names[i]);

		if (!strcmp(want, got))
			continue;
		tell(golden, names[i]);
		printf(" is '%s', golden '%s'\n", got, want);
		other = true;
	}
	return other;
}

static int compare(const char *golden_path, const char *result_path)
{
	json_t *golden = read_result(golden_path);
	json_t *result = read_result(result_path);
	unsigned int differences = 0, same = 0, without = 0;
	const json_t *test;
	size_t i;

	json_array_foreach(json_object_get(golden, "tests"), i, test) {
		if (differs(test, find(result, test)))
			differences++;
		else
			same++;
	}
	json_array_foreach(json_object_get(result, "tests"), i, test)
		if (!of_sgx(test))
			without++;
		else if (!find(golden, test))
			tell(test, "is not in the golden\n");
	printf("%u without SGX; %u as in the golden, %u not\n", without, same,
	       differences);
	json_decref(golden);
	json_decref(result);
	return differences ? 1 : 0;
}

/* Machines differ, and words are for people. */
static int golden(const char *path)
{
	json_t *root = read_result(path);
	const char *before = "";
	json_t *test;
	size_t i;

	printf("{\"format\": %d, \"machine\": {}, \"tests\": [", FORMAT);
	json_array_foreach(json_object_get(root, "tests"), i, test) {
		if (!of_sgx(test))
			continue;
		json_object_del(test, "why");
		printf("%s\n ", before);
		json_dumpf(test, stdout, 0);
		before = ",";
	}
	puts("\n]}");
	json_decref(root);
	return 0;
}

static int list(const char *path)
{
	json_t *root = read_result(path);
	const json_t *test;
	size_t i;

	json_array_foreach(json_object_get(root, "tests"), i, test) {
		tell(test, text(test, "verdict"));
		putchar('\n');
	}
	json_decref(root);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "write"))
		return write_result();
	if (argc == 3 && !strcmp(argv[1], "golden"))
		return golden(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "list"))
		return list(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "compare"))
		return compare(argv[2], argv[3]);
	fprintf(stderr,
		"usage: result write | compare GOLDEN RESULT | golden RESULT | list FILE\n");
	return 2;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Formatting: what comes out gives itself again, and its words are the same
 * whatever blanks stood between them. How it looks is in a golden of the
 * command (tests/unit/cli/fmt.t).
 */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>

#include "libewx/front.h"

static char *format(const char *text, size_t len, size_t *size)
{
	struct ewx_unit *u = ewx_unit_new();
	char *result;

	assert_non_null(u);
	if (ewx_unit_format(u, "text", text, len, &result, size))
		assert_true(ewx_unit_errors(u) > 0);
	ewx_unit_free(u);
	return result;
}

/* The comments of @text, a line each, without the blanks at their ends. */
static char *comments_of(const char *text)
{
	char *out = calloc(1, 2 * strlen(text) + 2), *o = out;
	bool string = false;

	assert_non_null(out);
	for (; *text; text++) {
		size_t len = strcspn(text, "\n"), skip;

		if (*text == '\\' && string && text[1])
			text++;
		else if (*text == '"')
			string = !string;
		else if (*text == '\n')
			string = false;
		if (*text != '#' || string)
			continue;
		text++;
		len--;
		/* What is no directive may be told from one by a blank. */
		skip = len && *text == ' ';
		o += sprintf(o, "#%.*s", (int)(len - skip), text + skip);
		while (o > out && strchr(" \t\r\f", o[-1]))
			o--;
		*o++ = '\n';
		text += len - 1;
	}
	*o = '\0';
	return out;
}

static void check_comments(const char *before, const char *after)
{
	char *a = comments_of(before), *b = comments_of(after);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

/* Put other blanks where there are some, and comments; not into comments and strings. */
static char *shake(const char *text, unsigned long long *random)
{
	char *out = malloc(strlen(text) * 12 + 1), *o = out;
	bool string = false, comment = false;

	for (; *text; text++) {
		*o++ = *text;
		if (*text == '\\' && string && text[1])
			*o++ = *++text;
		else if (*text == '"' && !comment)
			string = !string;
		else if (*text == '#' && !string)
			comment = true;
		else if (*text == '\n')
			comment = string = false;
		if (string || comment || (*text != ' ' && *text != '\t'))
			continue;
		if (text[1] != '#' && unit_random(random) % 4 == 0)
			o[-1] = '\n';
		if (unit_random(random) % 4 == 0)
			*o++ = '\t';
		if (unit_random(random) % 8 == 0)
			o += sprintf(o, " #%s%llu \n",
				     unit_random(random) % 4 ? "" : "line ",
				     unit_random(random) % 100);
	}
	*o = '\0';
	return out;
}

static char *read_file(const char *dir, const char *name)
{
	char *path, *text = NULL;
	size_t size = 0;
	FILE *in;

	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	in = fopen(path, "r");
	assert_non_null(in);
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(in);
	free(path);
	return text;
}

static void check_text(const char *text, unsigned long long *random, int *done)
{
	char *first, *second, *shaken, *third, *fourth;
	size_t a, b, c, d;

	first = format(text, strlen(text), &a);
	if (!first)
		return;
	++*done;
	check_comments(text, first);
	second = format(first, a, &b);
	assert_non_null(second);
	assert_string_equal(first, second);
	free(second);
	shaken = shake(first, random);
	third = format(shaken, strlen(shaken), &c);
	assert_non_null(third);
	check_comments(shaken, third);
	fourth = format(third, c, &d);
	assert_non_null(fourth);
	assert_string_equal(third, fourth);
	free(first);
	free(shaken);
	free(third);
	free(fourth);
}

static void check_folder(const char *dir, int *done)
{
	unsigned long long random = 12345;
	struct dirent *entry;
	DIR *d = opendir(dir);
	char *text;
	int i;

	assert_non_null(d);
	while ((entry = readdir(d))) {
		size_t len = strlen(entry->d_name);

		if (len < 5 || strcmp(entry->d_name + len - 4, ".ewx"))
			continue;
		text = read_file(dir, entry->d_name);
		for (i = 0; i < 20; i++)
			check_text(text, &random, done);
		free(text);
	}
	closedir(d);
}

static void policies(void **state)
{
	int done = 0;

	(void)state;
	check_folder("tests/unit/policy", &done);
	check_folder("tests/unit/cli/files", &done);
	check_folder("tests/vectors", &done);
	assert_true(done > 200);
}

/* The policies we ship are in the layout. */
static void examples(void **state)
{
	static const char dir[] = "policy/examples";
	struct dirent *entry;
	DIR *d = opendir(dir);
	char *text, *same;
	size_t size;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (!strstr(entry->d_name, ".ewx"))
			continue;
		text = read_file(dir, entry->d_name);
		same = format(text, strlen(text), &size);
		assert_non_null(same);
		assert_string_equal(text, same);
		free(text);
		free(same);
	}
	closedir(d);
}

/* Neither a file without an end of line nor one without a word is special. */
static void edges(void **state)
{
	static const char * const texts[] = {
		"language 1;", "language 1;#", "language 1;\n#", "#\nlanguage 1;",
		"language 1;\n\n\n\n", "\n\n\nlanguage\n1\n;", "language 1; # a\n# b",
		"language 1;\r\n# c\r\n", "\t#line 5\nlanguage 1;",
		"language 1;\n#line 5 \"x\"\nset a = # b\n#line 7 \"y\"\ncreate;",
	};
	unsigned long long random = 1;
	int done = 0;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++)
		check_text(texts[i], &random, &done);
	assert_int_equal(done, ARRAY_LEN(texts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policies),
		cmocka_unit_test(examples),
		cmocka_unit_test(edges),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}

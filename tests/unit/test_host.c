// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Patterns and the files of a machine: what is found, and how many entries of folders
 * are read for it.
 */
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ewx/ewx.h>

#define FILES 2000

static char root[] = "/tmp/ewx-host-XXXXXX";
static size_t reads;
static bool endless; /* folders have the same entry again and again */
static char last[200]; /* message */

static const char *closed; /* folder that may not be read */
static bool no_memory; /* once, for what is looked for */
static bool compiling;

struct dirent *__real_readdir(DIR *dir);
struct dirent *__wrap_readdir(DIR *dir);

struct dirent *__wrap_readdir(DIR *dir)
{
	static struct dirent more = { .d_type = DT_REG, .d_name = "more" };

	reads++;
	return endless ? &more : __real_readdir(dir);
}

DIR *__real_opendir(const char *name);
DIR *__wrap_opendir(const char *name);

DIR *__wrap_opendir(const char *name)
{
	if (!closed || strcmp(name + strlen(root), closed))
		return __real_opendir(name);
	errno = EACCES;
	return NULL;
}

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

/* What holds a path is large. */
void *__wrap_calloc(size_t count, size_t size)
{
	bool fails = no_memory && compiling && count == 1 && size > PATH_MAX;

	no_memory &= !fails;
	return fails ? NULL : __real_calloc(count, size);
}

static char *path_of(const char *folder, int number)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s/f%d", root, folder, number) > 0);
	return path;
}

/* FILES in /many, and one each in /a/b and /a/c. */
static int setup(void **state)
{
	static const char *const folders[] = { "many", "a", "a/b", "a/c" };
	FILE *out;
	char *path;

	(void)state;
	assert_non_null(mkdtemp(root));
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		assert_true(asprintf(&path, "%s/%s", root, folders[i]) > 0);
		assert_int_equal(mkdir(path, 0755), 0);
		free(path);
	}
	for (int i = 0; i < FILES + 2; i++) {
		path = i < FILES ? path_of("many", i) :
				   path_of(i == FILES ? "a/b" : "a/c", 0);
		out = fopen(path, "w");
		assert_non_null(out);
		fclose(out);
		free(path);
	}
	return 0;
}

static int teardown(void **state)
{
	static const char *const last[] = { "a/b", "a/c", "a", "many", "" };
	char *path;

	(void)state;
	for (int i = 0; i < FILES + 2; i++) {
		path = i < FILES ? path_of("many", i) :
				   path_of(i == FILES ? "a/b" : "a/c", 0);
		unlink(path);
		free(path);
	}
	for (size_t i = 0; i < ARRAY_LEN(last); i++) {
		assert_true(asprintf(&path, "%s/%s", root, last[i]) > 0);
		rmdir(path);
		free(path);
	}
	return 0;
}

/*
 * A source with @count patterns, @ being their number. Return: how many match no file
 * here, of those that are shown.
 */
static size_t look(const char *pattern, size_t count)
{
	const struct ewx_host host = { .root = root, .now = 1,
				       .features = 0xffffffff };
	const struct ewx_diagnostic *d;
	struct ewx_unit *u = ewx_unit_new();
	size_t size, blob_size, shown, found = 0;
	void *blob = NULL;
	char *text;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(u);
	assert_non_null(out);
	fputs("language 1;\npolicy p version 1;\nsource s {\n", out);
	for (size_t i = 0; i < count; i++) {
		fputs("path \"", out);
		for (const char *s = pattern; *s; s++) {
			if (*s == '@')
				fprintf(out, "%zu", i);
			else
				fputc(*s, out);
		}
		fputs("\";\n", out);
	}
	fputs("}\nallow exec_file from s;\n", out);
	fclose(out);
	ewx_unit_on_host(u, &host);
	ewx_unit_add_text(u, "t", text, size);
	reads = 0;
	compiling = true;
	ewx_unit_compile(u, 1, &blob, &blob_size);
	compiling = false;
	d = ewx_unit_diagnostics(u, &shown);
	for (size_t i = 0; i < shown; i++)
		found += !strcmp(d[i].code, "W0111");
	*last = '\0';
	if (shown)
		snprintf(last, sizeof(last), "%s", d[shown - 1].text);
	assert_int_equal(ewx_unit_errors(u), 0);
	ewx_unit_free(u);
	free(blob);
	free(text);
	return found;
}

static void test_found(void **state)
{
	(void)state;
	assert_int_equal(look("/many/f@", 5), 0);
	assert_int_equal(look("/many/g@", 5), 5);
	assert_int_equal(look("/a/b/f@", 2), 1);
	assert_int_equal(look("/a/*/f@", 2), 1);
	assert_int_equal(look("/a/?/f0", 1), 0);
	assert_int_equal(look("/a/{b,x}/f@", 2), 1);
	assert_int_equal(look("/a/b", 1), 1);
	assert_int_equal(look("/a/b/f0/f0", 1), 1);
	assert_int_equal(look("/**/f@", 3), 0);
	assert_int_equal(look("/a/**", 1), 0);
	assert_int_equal(look("/a/b/**/f0", 1), 1);
	assert_int_equal(look("/{a,many}/**1999", 1), 0);
}

/* A name that is known is looked up, and no folder is read for it. */
static void test_names(void **state)
{
	(void)state;
	assert_int_equal(look("/many/f@", FILES), 0);
	assert_int_equal(reads, 0);
	assert_true(look("/many/g@", FILES) > 0);
	assert_int_equal(reads, 0);
	assert_int_equal(look("/a/b/*@", 1), 0);
	assert_in_range(reads, 1, 4);
}

/* What is read has a bound for each policy. */
static void test_bound(void **state)
{
	(void)state;
	assert_true(look("/many/*x@", 700) > 0);
	assert_in_range(reads, 900000, 1001000);
}

/* ... and for each pattern; one warning is about all that would take more. */
static void test_given_up(void **state)
{
	(void)state;
	endless = true;
	assert_int_equal(look("/many/*x@", 3), 1);
	endless = false;
	assert_string_equal(last,
			    "too many files here to find one that matches \"/many/*x0\"; the same may be so of other patterns");
	assert_in_range(reads, 599000, 601000);
	assert_int_equal(look("/many/*x@", 3), 3);
	assert_string_equal(last, "no file here matches \"/many/*x2\"");
}

/* FOLDERS folders, one in the other, below /a. */
#define FOLDERS 70

static void deep(int (*make)(const char *name), bool down)
{
	char path[PATH_MAX];
	size_t len = (size_t)snprintf(path, sizeof(path), "%s/a", root);

	for (size_t i = 1; i <= FOLDERS; i++) {
		size_t n = down ? i : FOLDERS + 1 - i;

		for (size_t j = 0; j < n; j++)
			memcpy(path + len + 2 * j, "/d", 2);
		path[len + 2 * n] = '\0';
		make(path);
	}
}

static int make_folder(const char *name)
{
	return mkdir(name, 0755);
}

/* Why none was found is said as it is, and costs other patterns nothing. */
static void test_reasons(void **state)
{
	(void)state;
	deep(make_folder, true);
	assert_int_equal(look("/a/**/x@", 2), 2);
	assert_string_equal(last,
			    "no file here matches \"/a/**/x1\", unless it is more than 64 folders deep");
	assert_in_range(reads, 200, 1000);
	assert_int_equal(look("/a/**/f0", 1), 0);
	deep(rmdir, false);

	closed = "/a/b";
	assert_int_equal(look("/a/*/*x@", 1), 1);
	assert_string_equal(last,
			    "no file that can be seen here matches \"/a/*/*x0\", but some folders may not be read");
	assert_int_equal(look("/a/c/x@", 1), 1);
	assert_string_equal(last, "no file here matches \"/a/c/x0\"");
	assert_int_equal(look("/{a/c,a/b}/*0", 1), 0);
	closed = NULL;

	no_memory = true;
	assert_int_equal(look("/many/f@", 1), 1);
	assert_string_equal(last,
			    "out of memory looking for a file that matches \"/many/f0\"");
	assert_false(no_memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_given_up),
		cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The front end under attack: no memory, mutated policies, and inputs made to
 * be slow. Nothing crashes or leaks; no input goes unanswered.
 */
#include "shapes.h"

#include <dirent.h>

#define DIR_NAME	"tests/unit/policy"

static const char policy[] = HEAD
	"set jit = exec_dynamic, exec_written;\n"
	"source s { path \"/a/{b,c}/[d-f]*\", \"/x\\\\y\"; owner 1-2; fs ext4; }\n"
	"identity i { signer " ONES "; product 3; }\n"
	"domain d { exe \"/d\"; permissive; root any;\n"
	"	for i { allow jit max 3 pages; allow init; } allow exec_file from s; }\n"
	"domain e { exe \"/e\"; uid 3; allow exec_anon for any; }\n"
	"domain d over e;\n"
	"#line 7 \"other\"\n"
	"never map_wx but for i;\n"
	"deny vepc;\n";

static const char broken[] = HEAD
	"allow exec_fiel, bogus from nowhere for nobody max 3 until never;\n"
	"domain x { allow create for any; exe \"rel\"; exe \"/[\"; } }\n"
	"domain x over y; domain x over x; source z { } never debug; expect a;\n";

static void discard(const struct ewx_unit *u)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	ewx_unit_print(u, out, true);
	fclose(out);
	free(text);
}

/* Whatever allocation fails, the unit says so and nothing leaks. */
static void without_memory(const char *text)
{
	size_t calls, i;
	struct ewx_unit *u = ewx_unit_new();

	ewx_unit_add_text(u, "t", text, strlen(text));
	ewx_unit_check(u);
	calls = u->arena.calls;
	ewx_unit_free(u);
	for (i = 1; i <= calls; i++) {
		const struct ewx_diagnostic *d;
		size_t count;

		u = ewx_unit_new();
		u->arena.calls = 0;
		u->arena.fail_after = i;
		ewx_unit_add_text(u, "t", text, strlen(text));
		if (!u->arena.failed && ewx_unit_check(u) == 0 &&
		    !u->arena.failed) {
			ewx_unit_free(u);
			continue;
		}
		if (u->arena.failed) {
			assert_int_not_equal(ewx_unit_errors(u), 0);
			assert_int_equal(ewx_unit_check(u), -1);
			d = ewx_unit_diagnostics(u, &count);
			assert_int_equal(count, 1);
			assert_string_equal(d->code, "E0706");
		}
		discard(u);
		ewx_unit_free(u);
	}
}

/* The memory of patterns is another one. */
static void pattern_without_memory(void **state)
{
	struct ewx_unit *u;
	size_t fail = 1;
	int ret;

	(void)state;
	do {
		u = ewx_unit_new();
		ewx_front(u)->pattern.fail_after = fail++;
		ret = ewx_unit_add_text(u, "t", policy, strlen(policy));
		assert_int_equal(ret != 0, u->arena.failed);
		assert_int_equal(ret != 0, ewx_unit_errors(u) != 0);
		ewx_unit_free(u);
	} while (ret);
	assert_true(fail > 3);
}

static void no_memory(void **state)
{
	(void)state;
	without_memory(policy);
	without_memory(broken);
}

static void judge(const char *text, size_t len)
{
	struct ewx_unit *u = ewx_unit_new();
	int ret;

	ret = ewx_unit_add_text(u, "t", text, len);
	assert_int_equal(ret != 0, ewx_unit_errors(u) != 0);
	ret = ewx_unit_check(u);
	assert_int_equal(ret != 0, ewx_unit_errors(u) != 0);
	discard(u);
	ewx_unit_free(u);
}

static void mutate(char *text, size_t *len, unsigned long long *seed)
{
	static const char bits[] = "{};,:=\"#\\\n-*[]0aA\xc3\xa9\x80";
	size_t n = 1 + unit_random(seed) % 4, at, from;

	while (n-- && *len) {
		at = unit_random(seed) % *len;
		from = unit_random(seed) % *len;
		switch (unit_random(seed) % 4) {
		case 0:
			text[at] = bits[unit_random(seed) % (sizeof(bits) - 1)];
			break;
		case 1:	/* drop the rest of a line */
			while (at < *len && text[at] != '\n')
				text[at++] = ' ';
			break;
		case 2:
			text[at] = unit_random(seed);
			break;
		default:
			if (from < at)
				memmove(text + from, text + at, *len - at);
			else
				*len = at;
		}
	}
}

static void mutations(void **state)
{
	unsigned long long seed = 4242;
	static char text[1 << 16];
	struct dirent **files;
	char path[600];
	int i, k, n;

	(void)state;
	n = scandir(DIR_NAME, &files, NULL, alphasort);
	assert_true(n > 2);
	for (i = 0; i < n; i++) {
		FILE *in;
		size_t len, cut;

		snprintf(path, sizeof(path), DIR_NAME "/%s", files[i]->d_name);
		in = fopen(path, "r");
		for (k = 0; in && k < 60; k++) {
			rewind(in);
			len = fread(text, 1, sizeof(text), in);
			cut = len;
			if (k)
				mutate(text, &cut, &seed);
			judge(text, cut);
		}
		if (in)
			fclose(in);
		free(files[i]);
	}
	free(files);
}

/* Many parts of what is made to be slow; test_steps counts how slow it is. */
static void shapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		size_t len;
		char *text = text_of(&hostile[i], 100000, &len);

		judge(text, len);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory),
		cmocka_unit_test(pattern_without_memory),
		cmocka_unit_test(mutations),
		cmocka_unit_test(shapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

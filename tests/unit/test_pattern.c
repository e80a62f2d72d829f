// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Path patterns: elements, canonical text, and that texts of random elements
 * read back as these elements.
 */
#include "unit.h"

#include "libewx/pattern.h"

static struct ewx_arena arena;
static struct ewx_pattern_error error;

static int teardown(void **state)
{
	(void)state;
	ewx_arena_free(&arena);
	return 0;
}

static struct ewx_pattern *parse(const char *text)
{
	struct ewx_pattern *p;

	p = ewx_pattern_parse(&arena, text, strlen(text), &error);
	if (!p)
		fail_msg("%s: %s", text, error.text);
	return p;
}

static bool same(const struct ewx_pattern *a, const struct ewx_pattern *b)
{
	size_t i, j;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		const struct ewx_pattern_element *x = &a->elements[i];
		const struct ewx_pattern_element *y = &b->elements[i];

		if (x->kind != y->kind || x->byte != y->byte ||
		    x->alternative_count != y->alternative_count)
			return false;
		if (x->kind == EWX_PATTERN_CLASS &&
		    memcmp(x->set, y->set, sizeof(*x->set)))
			return false;
		for (j = 0; j < x->alternative_count; j++)
			if (!same(&x->alternatives[j], &y->alternatives[j]))
				return false;
	}
	return true;
}

static void elements(void **state)
{
	static const unsigned char kinds[] = {
		EWX_PATTERN_BYTE, EWX_PATTERN_STAR, EWX_PATTERN_BYTE,
		EWX_PATTERN_DOUBLESTAR, EWX_PATTERN_ANY, EWX_PATTERN_CLASS,
		EWX_PATTERN_GROUP, EWX_PATTERN_BYTE,
	};
	struct ewx_pattern *p = parse("/*x**?[a-c]{,x,y*}\\*");
	const struct ewx_pattern_element *group = &p->elements[6];
	size_t i;

	(void)state;
	assert_int_equal(p->count, ARRAY_LEN(kinds));
	for (i = 0; i < p->count; i++)
		assert_int_equal(p->elements[i].kind, kinds[i]);
	assert_int_equal(p->elements[7].byte, '*');
	for (i = 0; i < 256; i++)
		assert_int_equal(ewx_byte_set_has(p->elements[5].set, i),
				 i >= 'a' && i <= 'c');
	assert_int_equal(group->alternative_count, 3);
	assert_int_equal(group->alternatives[0].count, 0);
	assert_int_equal(group->alternatives[2].count, 2);
}

static void sets(void **state)
{
	const struct ewx_byte_set *set;
	size_t i;

	(void)state;
	set = parse("[!a]")->elements[0].set;
	for (i = 0; i < 256; i++)
		assert_int_equal(ewx_byte_set_has(set, i),
				 i && i != 'a' && i != '/');
	set = parse("[.-0]")->elements[0].set;
	assert_true(ewx_byte_set_has(set, '.') && ewx_byte_set_has(set, '0'));
	assert_false(ewx_byte_set_has(set, '/'));
	set = parse("[]-]")->elements[0].set;
	assert_true(ewx_byte_set_has(set, ']') && ewx_byte_set_has(set, '-'));
	set = parse("[\\]x]")->elements[0].set;
	assert_true(ewx_byte_set_has(set, ']') && ewx_byte_set_has(set, 'x'));
	assert_false(ewx_byte_set_has(set, '\\'));
}

/* What stands at the left is canonically what stands at the right. */
static void canonical(void **state)
{
	static const char *const texts[][2] = {
		{ "/usr/bin/x", "/usr/bin/x" },
		{ "/[cba]", "/[a-c]" },
		{ "/[a-b]", "/[ab]" },
		{ "/[^x]", "/[!x]" },
		{ "/[a]", "/[a]" },
		{ "/\\a", "/a" },
		{ "/a,b", "/a\\,b" },
		{ "/{a\\,b,c}", "/{a\\,b,c}" },
		{ "/[][!^-]", "/[\\!\\-[\\]\\^]" },
		{ "/\xc3\xa9", "/\xc3\xa9" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(texts); i++)
		assert_string_equal(ewx_pattern_text(&arena, parse(texts[i][0])),
				    texts[i][1]);
}

static void random_pattern(struct ewx_pattern *p, unsigned long long *seed,
			   unsigned int depth)
{
	size_t n = unit_random(seed) % 6, i, k;

	for (i = 0; i < n; i++) {
		struct ewx_pattern_element *e, *last;
		struct ewx_byte_set *set;

		last = p->count ? &p->elements[p->count - 1] : NULL;
		e = ewx_arena_push(&arena, p->elements, p->count);
		e->kind = 1 + unit_random(seed) % (depth < 3 ? 6 : 5);
		/* Stars in a row would be read as others. */
		if (last && e->kind >= EWX_PATTERN_STAR &&
		    e->kind <= EWX_PATTERN_DOUBLESTAR)
			e->kind = EWX_PATTERN_ANY;
		if (e->kind == EWX_PATTERN_BYTE)
			e->byte = 1 + unit_random(seed) % 255;
		if (e->kind == EWX_PATTERN_CLASS) {
			set = ewx_arena_alloc(&arena, sizeof(*set));
			for (k = 1; k < 128; k++)
				if (k != '/' && unit_random(seed) % 3 == 0)
					set->bits[k / 64] |= 1ULL << (k % 64);
			set->bits[1] |= 1ULL << ('x' - 64);
			if (unit_random(seed) % 2) {
				set->bits[2] = set->bits[3] = ~0ULL;
				set->bits[1] &= ~(1ULL << ('y' - 64));
			}
			e->set = set;
		}
		if (e->kind == EWX_PATTERN_GROUP) {
			struct ewx_pattern *one;
			size_t count = 1 + unit_random(seed) % 3;

			for (k = 0; k < count; k++) {
				one = ewx_arena_push(&arena, e->alternatives,
						     e->alternative_count);
				random_pattern(one, seed, depth + 1);
			}
		}
	}
}

static void round_trip(void **state)
{
	unsigned long long seed = 20240607;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		struct ewx_pattern p = { 0 };
		char *text;

		random_pattern(&p, &seed, 0);
		text = ewx_pattern_text(&arena, &p);
		if (!same(&p, parse(text)))
			fail_msg("reads back differently: %s", text);
		ewx_arena_free(&arena);
	}
}

static void random_text(void **state)
{
	static const char alphabet[] = "a/*?[]{},\\-!^.\xc3";
	unsigned long long seed = 7;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		struct ewx_pattern *p;
		char text[13];
		size_t len = unit_random(&seed) % 13, k;
		char *again;

		for (k = 0; k < len; k++)
			text[k] = alphabet[unit_random(&seed) %
					   (sizeof(alphabet) - 1)];
		memset(&error, 0, sizeof(error));
		p = ewx_pattern_parse(&arena, text, len, &error);
		if (p) {
			again = ewx_pattern_text(&arena, p);
			assert_true(same(p, parse(again)));
			assert_string_equal(ewx_pattern_text(&arena,
							     parse(again)),
					    again);
			ewx_pattern_check_path(p, len, i % 2, &error);
		} else {
			assert_non_null(error.text);
			assert_true(error.start < error.end);
			assert_true(error.end <= len);
		}
		ewx_arena_free(&arena);
	}
}

static void too_long(void **state)
{
	char text[EWX_PATTERN_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_non_null(ewx_pattern_parse(&arena, text, EWX_PATTERN_MAX,
					  &error));
	assert_null(ewx_pattern_parse(&arena, text, EWX_PATTERN_MAX + 1,
				      &error));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(elements, teardown),
		cmocka_unit_test_teardown(sets, teardown),
		cmocka_unit_test_teardown(canonical, teardown),
		cmocka_unit_test_teardown(round_trip, teardown),
		cmocka_unit_test_teardown(random_text, teardown),
		cmocka_unit_test_teardown(too_long, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

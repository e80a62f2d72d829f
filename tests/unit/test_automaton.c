// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The automaton against a naive matcher on random patterns and paths, its size
 * against a naive minimiser, packed transitions, and patterns that blow up.
 */
#include "unit.h"
#include "libewx/automaton.h"
#include "naive.h"
#include <uapi/linux/ewx_policy.h>

static unsigned long long seed = 1;

static uint32_t rnd(uint32_t n)
{
	return (uint32_t)(unit_random(&seed) >> 33) % n;
}

static struct ewx_arena arena;

static void random_sequence(struct ewx_pattern *p, int depth);

static void random_element(struct ewx_pattern_element *e, int depth)
{
	struct ewx_byte_set *set;
	uint32_t k = rnd(20);

	memset(e, 0, sizeof(*e));
	if (k < 10) {
		e->kind = EWX_PATTERN_BYTE;
		e->byte = (uint8_t) "ab/"[rnd(3)];
	} else if (k < 12) {
		e->kind = EWX_PATTERN_ANY;
	} else if (k < 14) {
		e->kind = EWX_PATTERN_STAR;
	} else if (k < 16) {
		e->kind = EWX_PATTERN_DOUBLESTAR;
	} else if (k < 18 || !depth) {
		e->kind = EWX_PATTERN_CLASS;
		set = ewx_arena_alloc(&arena, sizeof(*set));
		if (rnd(2)) {
			memset(set, 0xff, sizeof(*set));
			set->bits['/' / 64] &= ~(1ull << ('/' % 64));
			set->bits['a' / 64] &= ~(1ull << ('a' % 64));
		} else {
			set->bits['a' / 64] |= 1ull << ('a' % 64);
			if (rnd(2))
				set->bits['c' / 64] |= 1ull << ('c' % 64);
		}
		e->set = set;
	} else {
		e->kind = EWX_PATTERN_GROUP;
		e->alternative_count = 1 + rnd(3);
		e->alternatives = ewx_arena_array(&arena, e->alternative_count,
						  sizeof(*e->alternatives));
		for (size_t i = 0; i < e->alternative_count; i++)
			random_sequence(&e->alternatives[i], depth - 1);
	}
}

static void random_sequence(struct ewx_pattern *p, int depth)
{
	p->count = rnd(5);
	p->elements =
		ewx_arena_array(&arena, p->count + 1, sizeof(*p->elements));
	for (size_t i = 0; i < p->count; i++)
		random_element(&p->elements[i], depth);
}

static u32 next_of(const struct ewx_dfa *dfa, u32 s, u32 byte)
{
	for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++)
		if (dfa->byte.at[i] == byte)
			return dfa->to.at[i];
	return dfa->fallback.at[s];
}

/* No two states are equivalent: refine naively and count the classes. */
static void assert_minimal(const struct ewx_dfa *dfa)
{
	u32 n = dfa->count, classes = 0, before;
	u32 *class = calloc(n, sizeof(*class)),
	    *next = calloc(n, sizeof(*next));

	memcpy(class, dfa->accept.at, n * sizeof(*class));
	do {
		before = classes;
		classes = 0;
		for (u32 s = 0; s < n; s++) {
			u32 t;

			for (t = 0; t < s; t++) {
				bool same = class[s] == class[t];

				for (u32 b = 0; same && b < 256; b++)
					same = class[next_of(dfa, s, b)] ==
					       class[next_of(dfa, t, b)];
				if (same)
					break;
			}
			next[s] = t < s ? next[t] : classes++;
		}
		memcpy(class, next, n * sizeof(*class));
	} while (classes != before);
	/* Without patterns that can fail the dead state is not reached. */
	assert_int_equal(classes, n);
	free(class);
	free(next);
}

/* How many of the @left bytes at @s the tail @p takes; more: they are not its. */
static size_t tail_match(const struct ewx_comb *comb,
			 const struct ewx_packed_state *p, const char *s,
			 size_t left)
{
	size_t bytes = p->length & EWX_TAIL_MAX, end = bytes;

	assert_true(p->base + bytes <= comb->tails.count);
	if (p->length & EWX_TAIL_GLOB)
		end = left;
	else if (p->length & EWX_TAIL_STAR)
		for (end = 0; end < left && s[end] != '/'; end++)
			;
	if (p->length <= EWX_TAIL_MAX)
		assert_true(p->fallback);
	else
		assert_true(comb->states.at[p->fallback].length <=
			    EWX_TAIL_MAX);
	if (end > left || end < bytes ||
	    (bytes && memcmp(comb->tails.at + p->base, s + end - bytes, bytes)))
		return left + 1;
	return end;
}

static u32 packed_match(const struct ewx_comb *comb, u32 start, const char *s,
			size_t len)
{
	u32 state = start;

	for (size_t i = 0; i < len; i++) {
		const struct ewx_packed_state *p = &comb->states.at[state];
		size_t at = p->base + (u8)s[i];

		if (p->length) {
			size_t taken = tail_match(comb, p, s + i, len - i);

			if (taken > len - i)
				return 0;
			i += taken;
			if (i == len)
				return p->accept;
			state = p->fallback;
			i--;
			continue;
		}
		assert_true(p->base + 255 < comb->slots.count);
		state = comb->slots.at[at].check == state ?
				comb->slots.at[at].next :
				p->fallback;
	}
	return comb->states.at[state].length & EWX_TAIL_MAX ?
		       0 :
		       comb->states.at[state].accept;
}

static void check_paths(const struct ewx_dfa *dfa, const struct ewx_comb *comb,
			u32 start, struct ewx_pattern *patterns, u32 count)
{
	for (int k = 0; k < 60; k++) {
		char s[16];
		size_t len = rnd(12), found;
		const u32 *tokens;
		u32 set, n = 0;

		for (size_t i = 0; i < len; i++)
			s[i] = "ab/c"[rnd(4)];
		set = ewx_dfa_match(dfa, s, len);
		assert_int_equal(set, packed_match(comb, start, s, len));
		tokens = ewx_sets_get(&dfa->accepts, set, &found);
		for (u32 p = 0; p < count; p++) {
			if (!naive_match(&patterns[p], s, len))
				continue;
			assert_true(n < found);
			assert_int_equal(tokens[n++], p);
		}
		assert_int_equal(n, found);
	}
}

/* Stars and globs with text, and without, that were recognized. */
static u32 stars, bare_stars, globs;

static void count_stars(const struct ewx_comb *comb)
{
	for (size_t i = 0; i < comb->states.count; i++) {
		u32 length = comb->states.at[i].length;

		globs += length > EWX_TAIL_GLOB;
		stars += length > EWX_TAIL_STAR && length < EWX_TAIL_GLOB;
		bare_stars += length == EWX_TAIL_STAR;
	}
}

static void check_examples(const struct ewx_dfa *dfa)
{
	char path[256];

	for (u32 set = 1; set < ewx_sets_count(&dfa->accepts); set++) {
		size_t len = ewx_dfa_example(dfa, set, path, sizeof(path));

		assert_int_equal(ewx_dfa_match(dfa, path, len), set);
	}
}

/* One random set of patterns. */
static void run_random(void *arg)
{
	struct ewx_pool *pool = arg;
	struct ewx_pattern patterns[6];
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa, spelled;
	struct ewx_comb comb;
	u32 culprits[EWX_CULPRITS], count = rnd(7), start;

	for (u32 i = 0; i < count; i++) {
		random_sequence(&patterns[i], 2);
		ewx_nfa_add(nfa, &patterns[i], i, i);
	}
	assert_true(ewx_dfa_build(nfa, &dfa, culprits));
	ewx_comb_init(&comb, pool);
	if (rnd(2))
		ewx_comb_add(&comb, &dfa);
	start = ewx_comb_add(&comb, &dfa);
	check_paths(&dfa, &comb, start, patterns, count);
	count_stars(&comb);
	ewx_dfa_spell(&dfa, &spelled);
	if (spelled.count < 40)
		assert_minimal(&spelled);
	check_examples(&dfa);
}

static void test_random(void **state)
{
	(void)state;
	for (uint64_t round = 0; round < 3000; round++) {
		struct ewx_pool pool = { 0 };

		seed = (round + 1) * 2654435761u;
		assert_int_equal(ewx_pool_run(&pool, run_random, &pool), 0);
		ewx_pool_free(&pool);
		ewx_arena_free(&arena);
	}
	assert_true(stars > 100 && bare_stars > 100 && globs > 100);
}

/* A state by hand: its fallback, and where two bytes lead. */
static void add_state(struct ewx_dfa *dfa, u32 fallback, u32 accept, u32 slash,
		      u32 a)
{
	*ewx_vec_push(dfa->pool, &dfa->fallback) = fallback;
	*ewx_vec_push(dfa->pool, &dfa->accept) = accept;
	*ewx_vec_push(dfa->pool, &dfa->length) = 0;
	if (slash != fallback) {
		*ewx_vec_push(dfa->pool, &dfa->byte) = '/';
		*ewx_vec_push(dfa->pool, &dfa->to) = slash;
	}
	if (a != fallback) {
		*ewx_vec_push(dfa->pool, &dfa->byte) = 'a';
		*ewx_vec_push(dfa->pool, &dfa->to) = a;
	}
	*ewx_vec_push(dfa->pool, &dfa->first) = (u32)dfa->byte.count;
	dfa->count++;
}

/* "*a", and what differs from it in one step after the "a": @again, another "a". */
static bool is_star(struct ewx_pool *pool, u32 again, u32 fallback)
{
	struct ewx_dfa dfa = { .pool = pool, .start = 1 };
	struct ewx_star star;

	*ewx_vec_push(pool, &dfa.first) = 0;
	add_state(&dfa, 0, 0, 0, 0);
	add_state(&dfa, 1, 0, 0, 2);
	add_state(&dfa, fallback, 1, 0, again);
	if (!ewx_star_find(&dfa, 1, &star))
		return false;
	assert_int_equal(star.length, 1);
	assert_int_equal(star.accept, 1);
	assert_int_equal(star.text[0], 'a');
	assert_true(!star.glob && !star.next);
	return true;
}

static void run_stars(void *arg)
{
	assert_true(is_star(arg, 2, 1));
	assert_false(is_star(arg, 1, 1)); /* an odd number of "a" at the end */
	assert_false(is_star(arg, 0, 1)); /* one "a" at the end, no other */
	assert_false(is_star(arg, 2, 2)); /* an "a" somewhere */
	assert_false(is_star(arg, 2, 0)); /* "a" at the end, and no other before */
}

static void test_star(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, run_stars, &pool), 0);
	ewx_pool_free(&pool);
}

static void add_text(struct ewx_nfa *nfa, const char *text, u32 token)
{
	size_t len = strlen(text);
	struct ewx_pattern p = { .count = 0 };

	p.elements = ewx_arena_array(&arena, len + 1, sizeof(*p.elements));
	for (size_t i = 0; i < len; i++) {
		struct ewx_pattern_element *e = &p.elements[p.count++];

		e->kind = EWX_PATTERN_BYTE;
		e->byte = (uint8_t)text[i];
		if (text[i] == '?')
			e->kind = EWX_PATTERN_ANY;
		if (text[i] == '*' && text[i + 1] == '*' && i++)
			e->kind = EWX_PATTERN_DOUBLESTAR;
		else if (text[i] == '*')
			e->kind = EWX_PATTERN_STAR;
	}
	ewx_nfa_add(nfa, &p, token, token);
}

static void run_blow_up(void *arg)
{
	struct ewx_pool *pool = arg;
	u32 culprits[EWX_CULPRITS];
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa;
	char text[64];

	for (u32 i = 0; i < 50; i++) {
		snprintf(text, sizeof(text), "/opt/app%u/**.so", i);
		add_text(nfa, text, i);
	}
	add_text(nfa, "/**a????????????????????b", 50);
	add_text(nfa, "/**/x", 51);
	assert_false(ewx_dfa_build(nfa, &dfa, culprits));
	assert_int_equal(culprits[0], 50);
}

/* Patterns with two crossing wildcards each: every subset is a state. */
static void run_blow_up_together(void *arg)
{
	struct ewx_pool *pool = arg;
	u32 culprits[EWX_CULPRITS];
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa;
	char text[64];

	for (u32 i = 0; i < 100; i++) {
		snprintf(text, sizeof(text),
			 i % 2 ? "/lib%u/x" : "/**/d%u/**/f%u", i, i);
		add_text(nfa, text, i);
	}
	assert_false(ewx_dfa_build(nfa, &dfa, culprits));
	for (int n = 0; n < EWX_CULPRITS; n++) {
		assert_true(culprits[n] < 100);
		assert_int_equal(culprits[n] % 2, 0);
	}
}

static void test_blow_up(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, run_blow_up, &pool), 0);
	ewx_pool_free(&pool);
	assert_int_equal(ewx_pool_run(&pool, run_blow_up_together, &pool), 0);
	ewx_pool_free(&pool);
	ewx_arena_free(&arena);
}

static void run_small(void *arg)
{
	struct ewx_pool *pool = arg;
	u32 culprits[EWX_CULPRITS];
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa;
	struct ewx_comb comb;

	add_text(nfa, "/a*b", 1);
	add_text(nfa, "/**/a?", 2);
	assert_true(ewx_dfa_build(nfa, &dfa, culprits));
	ewx_comb_init(&comb, pool);
	ewx_comb_add(&comb, &dfa);
}

/* @len bytes from @s on lead to the set of just @token; EWX_NONE: to none. */
static void assert_token(const struct ewx_dfa *dfa, const struct ewx_comb *comb,
			 u32 start, const char *s, size_t len, u32 token)
{
	u32 set = packed_match(comb, start, s, len);
	const u32 *tokens;
	size_t found;

	assert_int_equal(ewx_dfa_match(dfa, s, len), set);
	tokens = ewx_sets_get(&dfa->accepts, set, &found);
	assert_int_equal(found, token != EWX_NONE);
	if (found)
		assert_int_equal(tokens[0], token);
}

/* A state from which most bytes lead on, to one of three: the most common is no slot. */
static void run_wide(void *arg)
{
	struct ewx_pool *pool = arg;
	u32 culprits[EWX_CULPRITS], start, used = 0;
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa;
	struct ewx_comb comb;
	char text[] = "x?";

	for (int b = 2; b < 256; b++) {
		text[1] = (char)b;
		if (b != '?' && b != '*' && b != '/')
			add_text(nfa, text, b % 5 == 0 ? 1 : b % 7 == 0 ? 2 : 3);
	}
	assert_true(ewx_dfa_build(nfa, &dfa, culprits));
	ewx_comb_init(&comb, pool);
	start = ewx_comb_add(&comb, &dfa);
	for (size_t i = 0; i < comb.slots.count; i++)
		used += comb.slots.at[i].check != EWX_NONE;
	assert_in_range(used, 1, 100);
	for (int b = 1; b < 256; b++) {
		text[1] = (char)b;
		assert_token(&dfa, &comb, start, text, 2,
			     b == 1 || b == '?' || b == '*' || b == '/' ?
				     EWX_NONE :
			     b % 5 == 0 ? 1 :
			     b % 7 == 0 ? 2 :
					  3);
	}
}

static void test_wide(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, run_wide, &pool), 0);
	ewx_pool_free(&pool);
	ewx_arena_free(&arena);
}

#define ALTERNATIVES 400

/* A group of so many alternatives that their ends are joined, and what follows it. */
static void run_many_alternatives(void *arg)
{
	struct ewx_pool *pool = arg;
	struct ewx_pattern_element *e =
		ewx_arena_array(&arena, 2, sizeof(*e));
	const struct ewx_pattern pattern = { .elements = e, .count = 2 };
	u32 culprits[EWX_CULPRITS], start;
	struct ewx_nfa *nfa = ewx_nfa_new(pool, 0);
	struct ewx_dfa dfa;
	struct ewx_comb comb;
	char text[3] = { 0, 0, 'z' };

	e[0].kind = EWX_PATTERN_GROUP;
	e[0].alternative_count = ALTERNATIVES;
	e[0].alternatives = ewx_arena_array(&arena, ALTERNATIVES,
					    sizeof(*e[0].alternatives));
	for (u32 i = 0; i < ALTERNATIVES; i++) {
		struct ewx_pattern *p = &e[0].alternatives[i];

		p->count = 2;
		p->elements = ewx_arena_array(&arena, 2, sizeof(*p->elements));
		p->elements[0].kind = EWX_PATTERN_BYTE;
		p->elements[0].byte = (u8)('A' + i / 20);
		p->elements[1].kind = EWX_PATTERN_BYTE;
		p->elements[1].byte = (u8)('A' + i % 20);
	}
	e[1].kind = EWX_PATTERN_BYTE;
	e[1].byte = 'z';
	ewx_nfa_add(nfa, &pattern, 7, 0);
	assert_true(ewx_dfa_build(nfa, &dfa, culprits));
	ewx_comb_init(&comb, pool);
	start = ewx_comb_add(&comb, &dfa);
	for (u32 i = 0; i < 21 * 21; i++) {
		bool good = i / 21 < 20 && i % 21 < 20;

		text[0] = (char)('A' + i / 21);
		text[1] = (char)('A' + i % 21);
		assert_token(&dfa, &comb, start, text, 2, EWX_NONE);
		assert_token(&dfa, &comb, start, text, 3, good ? 7 : EWX_NONE);
	}
}

static void test_many_alternatives(void **state)
{
	struct ewx_pool pool = { 0 };

	(void)state;
	assert_int_equal(ewx_pool_run(&pool, run_many_alternatives, &pool), 0);
	ewx_pool_free(&pool);
	ewx_arena_free(&arena);
}

/* Every allocation that fails ends the run and leaks nothing. */
static void test_no_memory(void **state)
{
	enum ewx_stop why = EWX_STOP_MEMORY;

	(void)state;
	for (size_t fail = 1; why; fail++) {
		struct ewx_pool pool = { .fail_after = fail };

		why = ewx_pool_run(&pool, run_small, &pool);
		assert_true(why == EWX_STOP_NONE || why == EWX_STOP_MEMORY);
		ewx_pool_free(&pool);
	}
	ewx_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_star),
		cmocka_unit_test(test_blow_up),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_many_alternatives),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

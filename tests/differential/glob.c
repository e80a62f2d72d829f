// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Path patterns; see glob.h. A set of positions in a pattern is one word.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "glob.h"

#define STATES_MAX 20000
#define ALTERNATIVES_MAX 64

static void give_up(const char *why, const char *pattern)
{
	fprintf(stderr, "glob: %s: %s\n", why, pattern);
	abort();
}

static void put(struct glob_atom *a, u32 byte)
{
	a->bytes[byte / 64] |= 1ull << byte % 64;
}

static bool has(const struct glob_atom *a, u32 byte)
{
	return a->bytes[byte / 64] >> byte % 64 & 1;
}

/* All bytes but @excluded; NUL ends a text and is none of its bytes. */
static void put_all(struct glob_atom *a, u32 excluded)
{
	for (u32 c = 1; c < 256; c++)
		if (c != excluded)
			put(a, c);
}

/* Where the set that begins at @s, a "[", ends. */
static const char *set_end(const char *s)
{
	s++;
	if (*s == '!' || *s == '^')
		s++;
	if (*s == ']')
		s++;
	s = strchr(s, ']');
	if (!s)
		give_up("a set does not end", "");
	return s;
}

/* "[a-z]", "[!a-z]": of ASCII, or one byte not of it; never "/". */
static void read_set(struct glob_atom *a, const char *s)
{
	const char *end = set_end(s);
	bool negated = s[1] == '!' || s[1] == '^';
	struct glob_atom named = { { 0 } };

	for (s += 1 + negated; s < end; s++) {
		u32 low = (u8)*s, high = low;

		if (s + 2 < end && s[1] == '-') {
			high = (u8)s[2];
			s += 2;
		}
		for (; low <= high; low++)
			put(&named, low);
	}
	for (u32 c = 1; c < 256; c++)
		if (c != '/' && has(&named, c) != negated)
			put(a, c);
}

static void read_plain(struct glob *g, const char *s)
{
	memset(g, 0, sizeof(*g));
	for (; *s; s++) {
		struct glob_atom *a = &g->atom[g->count];

		if (g->count == GLOB_ATOMS)
			give_up("too long", s);
		if (*s == '*') {
			g->repeats |= 1ull << g->count;
			put_all(a, s[1] == '*' ? 0 : '/');
			s += s[1] == '*';
		} else if (*s == '?') {
			put_all(a, '/');
		} else if (*s == '[') {
			read_set(a, s);
			s = set_end(s);
		} else {
			s += *s == '\\';
			put(a, (u8)*s);
		}
		g->count++;
	}
}

/* Past the element at @s, which is no brace. */
static const char *skip_one(const char *s)
{
	if (*s == '[')
		return set_end(s) + 1;
	return s + 1 + (*s == '\\');
}

/* The "," or "}" that ends the alternative at @s. */
static const char *alternative_end(const char *s)
{
	u32 depth = 0;

	while (depth || (*s != ',' && *s != '}')) {
		if (!*s)
			give_up("braces do not end", "");
		depth += *s == '{';
		depth -= *s == '}';
		s = *s == '{' || *s == '}' ? s + 1 : skip_one(s);
	}
	return s;
}

void globs_add(struct globs *g, const char *pattern)
{
	const char *open = pattern, *close, *from, *end;
	char *one;

	while (*open && *open != '{')
		open = skip_one(open);
	if (!*open) {
		g->list = realloc(g->list, (g->count + 1) * sizeof(*g->list));
		if (!g->list || g->count == ALTERNATIVES_MAX)
			give_up("too many alternatives", pattern);
		read_plain(&g->list[g->count++], pattern);
		return;
	}
	for (close = open; *close != '}'; close = alternative_end(close + 1))
		;
	for (from = open + 1; from <= close; from = end + 1) {
		end = alternative_end(from);
		if (asprintf(&one, "%.*s%.*s%s", (int)(open - pattern), pattern,
			     (int)(end - from), from, close + 1) < 0)
			give_up("no memory", pattern);
		globs_add(g, one);
		free(one);
	}
}

/* Positions from which those of @at are reached by leaving repetitions out. */
static u64 closure(const struct glob *g, u64 at)
{
	u64 more;

	while ((more = (at & g->repeats) << 1 & ~at))
		at |= more;
	return at;
}

static u64 step(const struct glob *g, u64 at, u32 byte)
{
	u64 moved = 0;

	for (u32 i = 0; i < g->count; i++)
		if (at >> i & 1 && has(&g->atom[i], byte))
			moved |= 1ull << (g->repeats >> i & 1 ? i : i + 1);
	return closure(g, moved);
}

static bool is_end(const struct glob *g, u64 at)
{
	return at >> g->count & 1;
}

bool globs_match(const struct globs *g, const char *text)
{
	for (size_t n = 0; n < g->count; n++) {
		u64 at = closure(&g->list[n], 1);

		for (const char *s = text; *s && at; s++)
			at = step(&g->list[n], at, (u8)*s);
		if (is_end(&g->list[n], at))
			return true;
	}
	return false;
}

/* Bytes at which an atom's set begins or ends: all between are alike. */
static void borders(const struct glob *g, u64 at[4])
{
	for (u32 i = 0; i < g->count; i++) {
		const u64 *b = g->atom[i].bytes;

		for (u32 w = 0; w < 4; w++)
			at[w] |= b[w] ^ (b[w] << 1 | (w ? b[w - 1] >> 63 : 0));
	}
}

/** struct search - pairs of position sets, of one pattern and of several. */
struct search {
	const struct glob *a;
	const struct globs *b;
	size_t words;
	u64 *states;
	size_t count;
};

static void visit(struct search *s, const u64 *state)
{
	for (size_t i = 0; i < s->count; i++)
		if (!memcmp(s->states + i * s->words, state,
			    s->words * sizeof(*state)))
			return;
	if (s->count == STATES_MAX)
		give_up("patterns too complex", "");
	if (!(s->count & (s->count - 1)))
		s->states = realloc(s->states, 2 * (s->count + 1) * s->words *
						       sizeof(*state));
	memcpy(s->states + s->count++ * s->words, state,
	       s->words * sizeof(*state));
}

static bool one_within(const struct glob *a, const struct globs *b)
{
	struct search s = { .a = a, .b = b, .words = 1 + b->count };
	u64 state[1 + ALTERNATIVES_MAX], at[4] = { 0 };
	bool good = true;

	borders(a, at);
	state[0] = closure(a, 1);
	for (size_t n = 0; n < b->count; n++) {
		borders(&b->list[n], at);
		state[1 + n] = closure(&b->list[n], 1);
	}
	visit(&s, state);
	for (size_t i = 0; good && i < s.count; i++) {
		bool end = !is_end(a, s.states[i * s.words]);

		for (size_t n = 0; n < b->count; n++)
			end |= is_end(&b->list[n],
				      s.states[i * s.words + 1 + n]);
		good = end;
		for (u32 c = 1; good && c < 256; c++) {
			if (c > 1 && !(at[c / 64] >> c % 64 & 1))
				continue;
			state[0] = step(a, s.states[i * s.words], c);
			for (size_t n = 0; n < b->count; n++)
				state[1 + n] =
					step(&b->list[n],
					     s.states[i * s.words + 1 + n], c);
			if (state[0])
				visit(&s, state);
		}
	}
	free(s.states);
	return good;
}

bool globs_within(const struct globs *a, const struct globs *b)
{
	for (size_t n = 0; n < a->count; n++)
		if (!one_within(&a->list[n], b))
			return false;
	return true;
}

/* A byte of the set; those that patterns are made of come first. */
static char sample_byte(const struct glob_atom *a, struct rng *r)
{
	static const char likely[] = "abx/.so";
	char c;

	for (u32 tries = 0; tries < 20; tries++) {
		c = likely[rng_below(r, sizeof(likely) - 1)];
		if (has(a, (u8)c))
			return c;
	}
	for (u32 b = 'c'; b < 256 + 'c'; b++)
		if (has(a, b % 256))
			return (char)(b % 256);
	return 'z';
}

void globs_sample(const struct globs *g, struct rng *r, char *out, size_t size)
{
	const struct glob *one = &g->list[rng_below(r, (u32)g->count)];
	size_t len = 0;

	memset(out, 0, size);
	for (u32 i = 0; i < one->count; i++) {
		u32 times = one->repeats >> i & 1 ? rng_below(r, 4) : 1;

		while (times-- && len + 1 < size)
			out[len++] = sample_byte(&one->atom[i], r);
	}
}

void globs_free(struct globs *g)
{
	free(g->list);
	g->list = NULL;
	g->count = 0;
}

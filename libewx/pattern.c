// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Path patterns: text to elements and back; see pattern.h.
 */
#include <string.h>
#include "pattern.h"

/* @depth: open groups */
struct reader {
	struct ewx_arena *arena;
	const char *text;
	size_t len;
	size_t at;
	unsigned int depth;
	struct ewx_pattern_error *error;
};

static bool parse_sequence(struct reader *r, struct ewx_pattern *out);

static bool bad(struct reader *r, size_t start, size_t end, const char *text,
		const char *hint)
{
	*r->error = (struct ewx_pattern_error){
		.text = text, .hint = hint, .start = start, .end = end,
	};
	return false;
}

static bool at(const struct reader *r, char c)
{
	return r->at < r->len && r->text[r->at] == c;
}

static struct ewx_pattern_element *add(struct reader *r,
				       struct ewx_pattern *out,
				       enum ewx_pattern_kind kind)
{
	struct ewx_pattern_element *e;

	e = ewx_arena_push(r->arena, out->elements, out->count);
	if (e)
		e->kind = kind;
	return e;
}

static bool add_byte(struct reader *r, struct ewx_pattern *out, char byte)
{
	struct ewx_pattern_element *e = add(r, out, EWX_PATTERN_BYTE);

	if (e)
		e->byte = byte;
	return e;
}

static bool parse_stars(struct reader *r, struct ewx_pattern *out)
{
	size_t start = r->at;

	while (at(r, '*'))
		r->at++;
	switch (r->at - start) {
	case 1:
		return add(r, out, EWX_PATTERN_STAR);
	case 2:
		return add(r, out, EWX_PATTERN_DOUBLESTAR);
	default:
		return bad(r, start, r->at, "more than two stars in a row",
			   "\"*\" stays within a component, \"**\" crosses \"/\"");
	}
}

/* The next byte of a set, an escape resolved. */
static bool set_byte(struct reader *r, size_t open, unsigned char *byte)
{
	size_t start = r->at;

	if (at(r, '\\'))
		r->at++;
	if (r->at == r->len)
		return bad(r, open, r->len, "set without \"]\"",
			   "write [[] for the character itself");
	*byte = r->text[r->at++];
	if (*byte >= 0x80)
		return bad(r, start, r->at, "a set holds ASCII characters only",
			   "write the alternatives as {a,b}");
	if (*byte == '/')
		return bad(r, start, r->at, "a set never matches \"/\"", NULL);
	return true;
}

static void set_add(struct ewx_byte_set *set, unsigned int byte)
{
	set->bits[byte / 64] |= (uint64_t)1 << (byte % 64);
}

static bool parse_set_items(struct reader *r, size_t open,
			    struct ewx_byte_set *set)
{
	size_t first = r->at;
	unsigned char low, high;
	unsigned int b;

	while (r->at == first || !at(r, ']')) {
		size_t start = r->at;

		if (!set_byte(r, open, &low))
			return false;
		high = low;
		if (at(r, '-') && r->at + 1 < r->len &&
		    r->text[r->at + 1] != ']') {
			r->at++;
			if (!set_byte(r, open, &high))
				return false;
		}
		if (low > high)
			return bad(r, start, r->at, "range runs backwards",
				   NULL);
		for (b = low; b <= high; b++)
			if (b != '/')
				set_add(set, b);
	}
	r->at++;
	return true;
}

static bool parse_set(struct reader *r, struct ewx_pattern *out)
{
	struct ewx_byte_set *set = ewx_arena_alloc(r->arena, sizeof(*set));
	struct ewx_pattern_element *e = add(r, out, EWX_PATTERN_CLASS);
	size_t open = r->at++;
	bool negated;
	int i;

	if (!set || !e)
		return false;
	negated = at(r, '!') || at(r, '^');
	if (negated)
		r->at++;
	if (!parse_set_items(r, open, set))
		return false;
	if (negated) {
		for (i = 0; i < 4; i++)
			set->bits[i] = ~set->bits[i];
		set->bits[0] &= ~(uint64_t)1;	/* no path holds a NUL */
		set->bits['/' / 64] &= ~((uint64_t)1 << ('/' % 64));
	}
	e->set = set;
	return true;
}

static bool parse_group(struct reader *r, struct ewx_pattern *out)
{
	struct ewx_pattern *alternatives = NULL, *one;
	struct ewx_pattern_element *e;
	size_t open = r->at, count = 0;

	if (r->depth == EWX_PATTERN_DEPTH)
		return bad(r, open, open + 1, "too many groups in groups",
			   NULL);
	r->depth++;
	do {
		r->at++;	/* "{" or "," */
		one = ewx_arena_push(r->arena, alternatives, count);
		if (!one || !parse_sequence(r, one))
			return false;
	} while (at(r, ','));
	r->depth--;
	if (!at(r, '}'))
		return bad(r, open, r->len, "group without \"}\"",
			   "write [{] for the character itself");
	r->at++;
	e = add(r, out, EWX_PATTERN_GROUP);
	if (!e)
		return false;
	e->alternatives = alternatives;
	e->alternative_count = (uint32_t)count;
	return true;
}

/* Inside a group "," and "}" end a sequence. */
static bool parse_sequence(struct reader *r, struct ewx_pattern *out)
{
	bool good = true;

	while (good && r->at < r->len) {
		char c = r->text[r->at];

		if (r->depth && (c == ',' || c == '}'))
			return true;
		switch (c) {
		case '*':
			good = parse_stars(r, out);
			break;
		case '?':
			r->at++;
			good = add(r, out, EWX_PATTERN_ANY);
			break;
		case '[':
			good = parse_set(r, out);
			break;
		case '{':
			good = parse_group(r, out);
			break;
		case '}':
			return bad(r, r->at, r->at + 1, "\"}\" without \"{\"",
				   "write [}] for the character itself");
		case '\\':
			if (++r->at == r->len)
				return bad(r, r->len - 1, r->len,
					   "backslash at the end", NULL);
			c = r->text[r->at];
			/* fall through */
		default:
			r->at++;
			good = add_byte(r, out, c);
		}
	}
	return good;
}

struct ewx_pattern *ewx_pattern_parse(struct ewx_arena *arena, const char *text,
				      size_t len,
				      struct ewx_pattern_error *error)
{
	struct reader r = {
		.arena = arena, .text = text, .len = len, .error = error,
	};
	struct ewx_pattern *pattern;

	if (len > EWX_PATTERN_MAX) {
		bad(&r, 0, len, "pattern longer than any path", NULL);
		return NULL;
	}
	pattern = ewx_arena_alloc(arena, sizeof(*pattern));
	if (!pattern || !parse_sequence(&r, pattern))
		return NULL;
	return arena->failed ? NULL : pattern;
}

static bool is_byte(const struct ewx_pattern *p, size_t i, char byte)
{
	return i < p->count && p->elements[i].kind == EWX_PATTERN_BYTE &&
	       p->elements[i].byte == (uint8_t)byte;
}

static bool ends_component(const struct ewx_pattern *p, size_t i)
{
	return i == p->count || is_byte(p, i, '/');
}

bool ewx_pattern_check_path(const struct ewx_pattern *pattern, size_t len,
			    bool root, struct ewx_pattern_error *error)
{
	struct reader r = { .error = error };
	size_t i;

	if (root && pattern->count == 1)
		return true;
	for (i = 0; i < pattern->count; i++) {
		if (!is_byte(pattern, i, '/'))
			continue;
		if (i + 1 == pattern->count)
			return bad(&r, 0, len,
				   "no file's path ends with \"/\"",
				   "\"/dir/*\" is the files of a directory, \"/dir/**\" those below it too");
		if (is_byte(pattern, i + 1, '/'))
			return bad(&r, 0, len, "no path has \"//\" in it",
				   NULL);
		if (is_byte(pattern, i + 1, '.') &&
		    (ends_component(pattern, i + 2) ||
		     (is_byte(pattern, i + 2, '.') &&
		      ends_component(pattern, i + 3))))
			return bad(&r, 0, len,
				   "no absolute path has \".\" or \"..\" in it",
				   "write the path without them");
	}
	return true;
}

/*
 * struct writer - two passes: without @out it only counts.
 */
struct writer {
	char *out;
	size_t len;
};

static void put(struct writer *w, char c)
{
	if (w->out)
		w->out[w->len] = c;
	w->len++;
}

static void put_escaped(struct writer *w, char c, const char *special)
{
	if (strchr(special, c))
		put(w, '\\');
	put(w, c);
}

static void put_set(struct writer *w, const struct ewx_byte_set *set)
{
	/* A set with bytes of no ASCII character was written negated. */
	bool negated = ewx_byte_set_has(set, 0x80);
	unsigned int b, last;

	put(w, '[');
	if (negated)
		put(w, '!');
	for (b = 1; b < 0x80; b = last + 1) {
		last = b;
		if (b == '/' || ewx_byte_set_has(set, b) == negated)
			continue;
		while (last + 1 < 0x80 && last + 1 != '/' &&
		       ewx_byte_set_has(set, last + 1) != negated)
			last++;
		put_escaped(w, b, "]\\^!-");
		if (last > b + 1)
			put(w, '-');
		if (last > b)
			put_escaped(w, last, "]\\^!-");
	}
	put(w, ']');
}

static void put_pattern(struct writer *w, const struct ewx_pattern *pattern)
{
	size_t i, j;

	for (i = 0; i < pattern->count; i++) {
		const struct ewx_pattern_element *e = &pattern->elements[i];

		switch (e->kind) {
		case EWX_PATTERN_BYTE:
			put_escaped(w, e->byte, "*?[]{},\\");
			break;
		case EWX_PATTERN_ANY:
			put(w, '?');
			break;
		case EWX_PATTERN_STAR:
			put(w, '*');
			break;
		case EWX_PATTERN_DOUBLESTAR:
			put(w, '*');
			put(w, '*');
			break;
		case EWX_PATTERN_CLASS:
			put_set(w, e->set);
			break;
		case EWX_PATTERN_GROUP:
			for (j = 0; j < e->alternative_count; j++) {
				put(w, j ? ',' : '{');
				put_pattern(w, &e->alternatives[j]);
			}
			put(w, '}');
			break;
		}
	}
}

char *ewx_pattern_text(struct ewx_arena *arena,
		       const struct ewx_pattern *pattern)
{
	struct writer w = { 0 };
	char *text;

	put_pattern(&w, pattern);
	text = ewx_arena_alloc(arena, w.len + 1);
	if (!text)
		return NULL;
	w = (struct writer){ .out = text };
	put_pattern(&w, pattern);
	return text;
}

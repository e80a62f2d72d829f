/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Path patterns: their syntax and their parsed form.
 *
 * Owns: what a pattern means, byte by byte. Knows no automaton, no policy and
 * no diagnostics; says what is wrong and where.
 *
 *	*	any bytes but '/', none included
 *	**	any bytes, '/' and none included
 *	?	one byte but '/'
 *	[abc] [a-z] [!a-z] [^a-z]	one ASCII byte of the set, or one byte
 *		not of it; never '/'. ']' first stands for itself
 *	{a,b}	one of the alternatives, each a pattern; nests
 *	\x	the byte x itself, when x is special
 */
#ifndef _LIBEWX_PATTERN_H
#define _LIBEWX_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <ewx/ewx.h>
#include "arena.h"

#define EWX_PATTERN_DEPTH	8	/* groups in groups */

enum ewx_pattern_kind {
	EWX_PATTERN_NONE,
	EWX_PATTERN_BYTE,	/* @byte */
	EWX_PATTERN_ANY,	/* ?: one byte but '/' */
	EWX_PATTERN_STAR,	/* *: any number of bytes but '/' */
	EWX_PATTERN_DOUBLESTAR,	/* **: any number of bytes */
	EWX_PATTERN_CLASS,	/* [...]: one byte of @set */
	EWX_PATTERN_GROUP,	/* {...}: one of @alternatives */
};

/** struct ewx_byte_set - byte b is in it if bits[b / 64] has bit b % 64. */
struct ewx_byte_set {
	uint64_t bits[4];
};

static inline bool ewx_byte_set_has(const struct ewx_byte_set *set, uint8_t b)
{
	return set->bits[b / 64] >> (b % 64) & 1;
}

struct ewx_pattern;

/**
 * struct ewx_pattern_element
 * @kind: enum ewx_pattern_kind, never NONE
 * @byte: BYTE
 * @set: CLASS (only): negation resolved, never '/', never empty
 * @alternative_count: 0 but for GROUP
 * @alternatives: GROUP (only): at least one, each perhaps empty
 */
struct ewx_pattern_element {
	uint8_t kind;
	uint8_t byte;
	uint32_t alternative_count;
	union {
		const struct ewx_byte_set *set;
		struct ewx_pattern *alternatives;
	};
};

/** struct ewx_pattern - a sequence; it matches from the first to the last byte. */
struct ewx_pattern {
	struct ewx_pattern_element *elements;
	size_t count;
};

/** struct ewx_pattern_error - what is wrong: bytes [@start, @end) of the text. */
struct ewx_pattern_error {
	const char *text;	/* static, without full stop */
	const char *hint;	/* static, or NULL */
	size_t start;
	size_t end;
};

/**
 * ewx_pattern_parse() - parse @len bytes of @text (no NUL among them).
 * Return: the pattern in @arena; NULL: @error says why, or arena->failed.
 */
struct ewx_pattern *ewx_pattern_parse(struct ewx_arena *arena, const char *text,
				      size_t len,
				      struct ewx_pattern_error *error);

/**
 * ewx_pattern_check_path() - whether a path could match at all.
 * @pattern: begins with "/"
 * @root: "/" alone is fine (cgroups)
 * Return: false and @error when the pattern ends with "/", or has an empty
 * component, "." or "..".
 */
bool ewx_pattern_check_path(const struct ewx_pattern *pattern, size_t len,
			    bool root, struct ewx_pattern_error *error);

/**
 * ewx_pattern_text() - the pattern in canonical spelling: two patterns with the
 * same elements have the same text, and the text parses to these elements.
 * Return: a string in @arena, or NULL without memory.
 */
char *ewx_pattern_text(struct ewx_arena *arena,
		       const struct ewx_pattern *pattern);

#endif /* _LIBEWX_PATTERN_H */

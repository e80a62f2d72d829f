// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Policies in one layout: a statement a line, a tab a level.
 *
 * Owns: where blanks, lines and comments go. Words stay as they are written,
 * and in their order; knows nothing of their meaning but where a block is. What
 * comes out gives the same when it is formatted again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codes.h"
#include "lex.h"

#define COLUMNS		100
#define TAB_COLUMNS	8

/**
 * struct line - of the result.
 * @text: without indentation; "" if there is only a comment
 * @comment: or NULL
 * @depth: tabs before it
 * @blank: an empty line before it
 */
struct line {
	char *text;
	char *comment;
	unsigned int depth;
	bool blank;
};

/**
 * struct layout - the text so far.
 * @text, @length, @columns: of the line being filled; NULL: nothing yet
 * @depth: blocks around it; @inside: a statement has begun
 * @wrapped: the line continues that statement
 * @verbatim: blanks between its words stay as they are (requests)
 * @blank: an empty line stands before what comes
 */
struct layout {
	struct ewx_unit *u;
	struct line *lines;
	size_t count;
	char *text;
	size_t length;
	size_t columns;
	unsigned int depth;
	bool inside;
	bool wrapped;
	bool verbatim;
	bool blank;
};

static struct line *add_line(struct layout *l, unsigned int depth)
{
	struct line *line = ewx_arena_push(&l->u->arena, l->lines, l->count);

	if (!line)
		return NULL;
	line->text = "";
	line->depth = depth;
	/* None at the beginning of a file or block. */
	if (l->count > 1) {
		const char *before = line[-1].text;
		size_t len = strlen(before);

		line->blank = l->blank && (!len || before[len - 1] != '{' ||
					   line[-1].depth >= depth);
	}
	l->blank = false;
	return line;
}

/* The line being filled is full. */
static void end_line(struct layout *l)
{
	struct line *line;

	if (!l->text)
		return;
	line = add_line(l, l->depth + l->wrapped);
	/* The zero byte behind it. */
	if (line && ewx_arena_push(&l->u->arena, l->text, l->length))
		line->text = l->text;
	l->text = NULL;
	l->length = 0;
	l->columns = 0;
	l->wrapped = l->inside;
}

static size_t columns_of(const char *s, size_t len)
{
	size_t columns = 0;

	/* Bytes that continue a UTF-8 character take no column. */
	for (; len; s++, len--)
		columns += (*s & 0xc0) != 0x80;
	return columns;
}

static void put_byte(struct layout *l, char c)
{
	char *at = ewx_arena_push(&l->u->arena, l->text, l->length);

	if (at)
		*at = c;
}

static void put(struct layout *l, const char *s, size_t len, bool blank)
{
	size_t columns = columns_of(s, len);
	size_t used = (l->depth + l->wrapped) * TAB_COLUMNS + l->columns;

	/* The sign that follows takes a column. */
	if (l->text && blank && used + 1 + columns + 1 > COLUMNS)
		end_line(l);
	blank = blank && l->text;
	if (blank)
		put_byte(l, ' ');
	for (size_t i = 0; i < len; i++)
		put_byte(l, s[i]);
	l->columns += blank + columns;
}

static bool is_directive(const char *s, size_t len)
{
	static const char * const words[] = { "#line", "#built" };
	size_t i, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (len > n && !memcmp(s, words[i], n) &&
		    (s[n] == ' ' || s[n] == '\t'))
			return true;
	}
	return false;
}

/* A comment [@s, @s + @len); @trailing: behind something on its line. */
static void put_comment(struct layout *l, const char *s, size_t len,
			bool trailing, bool first_column)
{
	bool directive = is_directive(s, len);
	struct line *line;
	char *text;

	while (len && strchr(" \t\r\f", s[len - 1]))
		len--;
	/* What was no directive must not become one. */
	text = ewx_arena_printf(&l->u->arena, "%s%.*s",
				directive && !first_column ? "# " : "#",
				(int)len - 1, s + 1);
	if (!text)
		return;
	if (trailing && l->text)
		end_line(l);
	if (trailing && l->count && !l->lines[l->count - 1].comment) {
		l->lines[l->count - 1].comment = text;
		return;
	}
	end_line(l);
	line = add_line(l, directive && first_column ? 0 :
			l->depth + l->inside);
	if (line)
		line->comment = text;
}

/* What stands between two tokens: line ends and comments. */
static void put_gap(struct layout *l, const char *s, const char *end,
		    const char *text)
{
	bool trailing = s > text;
	size_t newlines = 0;

	while (s < end) {
		const char *stop;

		if (*s != '#') {
			newlines += *s == '\n';
			if (*s++ == '\n')
				trailing = false;
			continue;
		}
		stop = memchr(s, '\n', end - s);
		if (!stop)
			stop = end;
		if (!l->inside)
			l->blank = newlines > 1;
		put_comment(l, s, stop - s, trailing,
			    s == text || s[-1] == '\n');
		newlines = 0;
		s = stop;
	}
	if (!l->inside)
		l->blank = newlines > 1;
}

/* "{ }" on the line that ends with "{". Return: false if more is inside. */
static bool close_empty(struct layout *l)
{
	struct line *last = l->count ? &l->lines[l->count - 1] : NULL;
	size_t len = last ? strlen(last->text) : 0;
	char *text;

	if (!len || last->comment || last->text[len - 1] != '{' ||
	    last->depth != l->depth)
		return false;
	text = ewx_arena_printf(&l->u->arena, "%s }", last->text);
	if (text)
		last->text = text;
	return true;
}

static void put_token(struct layout *l, const struct ewx_token *t,
		      const char *end, bool gap)
{
	size_t len = end - t->at;

	switch (t->kind) {
	case '{':
		put(l, "{", 1, true);
		l->inside = false;
		end_line(l);
		l->wrapped = false;
		l->depth++;
		return;
	case '}':
		l->depth--;
		l->blank = false;
		if (!close_empty(l))
			put(l, "}", 1, false);
		end_line(l);
		return;
	case ';':
		put(l, ";", 1, false);
		l->inside = false;
		end_line(l);
		l->wrapped = false;
		return;
	case ',':
	case ':':
		put(l, t->at, 1, false);
		return;
	}
	if (!l->inside) {
		l->inside = true;
		l->verbatim = len == strlen("expect") &&
			      !memcmp(t->at, "expect", len);
	}
	put(l, t->at, len, gap || !l->verbatim);
}

static unsigned int width_of(const struct line *line)
{
	return line->depth * TAB_COLUMNS +
	       columns_of(line->text, strlen(line->text));
}

/* Comments behind lines that follow each other begin in one column. */
static void write_lines(const struct layout *l, FILE *out)
{
	size_t i, j, end = 0;
	unsigned int column = 0;

	for (i = 0; i < l->count; i++) {
		const struct line *line = &l->lines[i];

		if (i >= end) {
			column = 0;
			for (j = i; j < l->count; j++) {
				const struct line *next = &l->lines[j];

				if (!*next->text || !next->comment ||
				    (j > i && next->blank))
					break;
				if (column < width_of(next))
					column = width_of(next);
			}
			end = j;
		}
		if (line->blank)
			fputc('\n', out);
		for (j = 0; j < line->depth; j++)
			fputc('\t', out);
		fputs(line->text, out);
		if (line->comment && *line->text)
			fprintf(out, "%*s", (int)(column - width_of(line)) + 1,
				"");
		if (line->comment)
			fputs(line->comment, out);
		fputc('\n', out);
	}
}

static bool same_tokens(struct ewx_unit *u, const char *a, size_t a_len,
			const char *b, size_t b_len)
{
	struct ewx_lexer x, y;
	struct ewx_token s, t;

	if (!ewx_lex_begin(&x, u, 0, a, a_len) ||
	    !ewx_lex_begin(&y, u, 0, b, b_len))
		return false;
	do {
		ewx_lex(&x, &s);
		ewx_lex(&y, &t);
		if (s.kind != t.kind || s.len != t.len ||
		    memcmp(s.text, t.text, s.len))
			return false;
	} while (s.kind != EWX_TOKEN_END);
	return true;
}

static void lay_out(struct layout *l, __u32 file)
{
	const char *text = l->u->files[file].text, *end = text;
	struct ewx_token token;
	struct ewx_lexer lex;

	if (!ewx_lex_begin(&lex, l->u, file, text, l->u->files[file].len))
		return;
	do {
		ewx_lex(&lex, &token);
		put_gap(l, end, token.at, text);
		if (token.kind != EWX_TOKEN_END)
			put_token(l, &token, lex.at, token.at > end);
		end = lex.at;
	} while (token.kind != EWX_TOKEN_END);
	end_line(l);
}

int ewx_unit_format(struct ewx_unit *u, const char *name, const char *text,
		    size_t len, char **result, size_t *size)
{
	struct layout l = { .u = u };
	__u32 file = u->file_count;
	FILE *out;
	bool good;

	*result = NULL;
	if (ewx_unit_add_text(u, name, text, len) || file >= u->file_count)
		return -1;
	lay_out(&l, file);
	if (u->arena.failed)
		return -1;
	out = open_memstream(result, size);
	if (!out) {
		u->arena.failed = true;
		return -1;
	}
	write_lines(&l, out);
	good = !fclose(out);
	if (good && same_tokens(u, u->files[file].text, len, *result, *size))
		return 0;
	if (good)
		ewx_report(u, E0707, NULL, NULL,
			   "%s: the words would not be the same", name);
	free(*result);
	*result = NULL;
	u->arena.failed |= !good;
	return -1;
}

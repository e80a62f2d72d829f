/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Characters to tokens.
 *
 * Owns: what a word, number, digest and string look like, comments and the
 * position directives in them. Knows no grammar.
 */
#ifndef _LIBEWX_LEX_H
#define _LIBEWX_LEX_H

#include "front.h"

#define EWX_WORD_MAX	255	/* bytes of a word or number */

/**
 * enum ewx_token_kind - signs stand for themselves: '{' '}' ';' ',' ':' '='.
 * @EWX_TOKEN_BAD: something that was reported already
 * @EWX_TOKEN_NUMBER: begins with a digit: number, range, size, date, "9p"
 * @EWX_TOKEN_DIGEST: "sha256:" and what follows it without a gap
 */
enum ewx_token_kind {
	EWX_TOKEN_END = 0,
	EWX_TOKEN_BAD = 256,
	EWX_TOKEN_WORD,
	EWX_TOKEN_NUMBER,
	EWX_TOKEN_DIGEST,
	EWX_TOKEN_STRING,
};

/**
 * struct ewx_token
 * @kind: enum ewx_token_kind or a sign
 * @first: nothing but space before it on its line
 * @text: the word, number, digest, or the string's value; NUL-terminated, in
 *      the arena; "" without memory
 * @len: its length
 * @escapes: STRING: it was written with escapes
 * @at: where it stands in the file's text
 */
struct ewx_token {
	int kind;
	bool first;
	const char *text;
	size_t len;
	bool escapes;
	struct ewx_loc loc;
	const char *at;
};

/**
 * struct ewx_lexer
 * @line_start: first byte of the current line
 * @line: its number, as a directive says
 * @file, @span: of the current line
 */
struct ewx_lexer {
	struct ewx_unit *unit;
	const char *at;
	const char *end;
	const char *line_start;
	__u32 line;
	__u32 file;
	__u32 span;
	bool first;
};

/**
 * ewx_lex_begin() - start on a text; judges its encoding.
 * Return: false if it is no text at all (reported) or there is no memory.
 */
bool ewx_lex_begin(struct ewx_lexer *lex, struct ewx_unit *u, __u32 file,
		   const char *text, size_t len);

/** ewx_lex() - the next token; after the last one END, for ever. */
void ewx_lex(struct ewx_lexer *lex, struct ewx_token *token);

/**
 * ewx_lex_join() - take what stands behind the number @token without a gap into it, so
 * that one message can be about all of it: 31.12.2027.
 * @token: the last one that was read
 */
void ewx_lex_join(struct ewx_lexer *lex, struct ewx_token *token);

#endif /* _LIBEWX_LEX_H */

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The parser's parts among themselves: parse.c (files, blocks, recovery),
 * parse_declare.c, parse_condition.c, parse_rule.c, parse_value.c.
 *
 * Owns: the parser's state. A parse function that returns false has reported
 * what is wrong, or met something that was reported before; its caller
 * recovers at the end of the statement.
 */
#ifndef _LIBEWX_PARSE_H
#define _LIBEWX_PARSE_H

#include <string.h>
#include "codes.h"
#include "lex.h"

/* Where a statement may stand. */
#define EWX_AT_TOP	0x01u
#define EWX_AT_DOMAIN	0x02u
#define EWX_AT_SOURCE	0x04u
#define EWX_AT_IDENTITY	0x08u
#define EWX_AT_FOR	0x10u

/**
 * struct ewx_parser
 * @token: the next one; @last: place of the one before
 * @where: EWX_AT_* of the innermost block; @open: its "{"
 * @unwind: blocks end here although "}" is missing
 * @missing: "}" that may turn up later and mean nothing
 * @name: index of the domain, source or identity whose block this is
 * @domain: domain of the rules here, EWX_ANY outside domains
 * @block: for block around the rules here, or EWX_BLOCK_NONE
 * @singles: kinds of conditions that the innermost block has, a bit each
 */
struct ewx_parser {
	struct ewx_unit *u;
	struct ewx_front *f;
	struct ewx_lexer lex;
	struct ewx_token token;
	struct ewx_loc last;
	unsigned int where;
	struct ewx_loc open;
	bool unwind;
	size_t missing;
	size_t name;
	__u32 domain;
	size_t block;
	__u32 singles;
};

/* Whether two words are one. Words of a list mostly differ in the first letter already. */
static inline bool ewx_same_word(const char *a, const char *b)
{
	return *a == *b && !strcmp(a, b);
}

/* parse.c */
void ewx_next(struct ewx_parser *p);
bool ewx_accept(struct ewx_parser *p, int kind);
/* The first character of what follows the next token on its line, '\n' if nothing does. */
char ewx_sign_behind(const struct ewx_parser *p);
bool ewx_at_word(const struct ewx_parser *p, const char *word);
/* Report that @what should be here; nothing if the token was reported. */
bool ewx_expected(struct ewx_parser *p, const char *what);
/* The same as another error than E0203. */
bool ewx_expected_as(struct ewx_parser *p, const char *code, const char *what);
/* ... with a hint. */
bool ewx_expected_hint(struct ewx_parser *p, const char *code,
		       const char *what, const char *hint);
bool ewx_expect_sign(struct ewx_parser *p, char sign, const char *after);
bool ewx_expect_word(struct ewx_parser *p, const char *word);
/* ";", or recovery; @after: what it ends, as "the rule". */
void ewx_end_statement(struct ewx_parser *p, const char *after);
void ewx_recover(struct ewx_parser *p);
/* A word that begins a line and could begin a statement here. */
bool ewx_begins_statement(const struct ewx_parser *p);
/* Take a name that @what describes; @token may be NULL. */
bool ewx_take_name(struct ewx_parser *p, const char *what,
		   struct ewx_token *token);
/* Parse "{ statements }". */
void ewx_parse_block(struct ewx_parser *p, unsigned int where,
		     const char *after);
/* The domain, source or identity whose block this is, or NULL. */
struct ewx_ir_name *ewx_current_name(struct ewx_parser *p);

/* parse_declare.c */
void ewx_parse_policy(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_set(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_source(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_identity(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_domain(struct ewx_parser *p, const struct ewx_token *word);

/* parse_condition.c */
enum ewx_condition_kind ewx_condition_find(const char *word,
					   unsigned int *where);
const char *ewx_condition_word(unsigned int kind);
void ewx_parse_condition(struct ewx_parser *p, enum ewx_condition_kind kind,
			 const struct ewx_token *word);
void ewx_parse_permissive(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_root(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_guarded(struct ewx_parser *p, const struct ewx_token *word);

/* parse_rule.c */
__u32 ewx_permission_find(const char *word);
bool ewx_is_clause_word(const char *word);
bool ewx_parse_words(struct ewx_parser *p, const char *what, bool is_rule,
		     struct ewx_words *words);
void ewx_parse_rule(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_for(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_never(struct ewx_parser *p, const struct ewx_token *word);
void ewx_parse_expect(struct ewx_parser *p, const struct ewx_token *word);

/*
 * parse_value.c: take a value; false if there is none. A value that is wrong
 * is reported and replaced, and taken.
 */
bool ewx_take_number(struct ewx_parser *p, const char *what, __u64 max,
		     __u64 *value);
bool ewx_take_range(struct ewx_parser *p, const char *what, __u32 *low,
		    __u32 *high);
bool ewx_take_date(struct ewx_parser *p, __u64 *until);
bool ewx_take_digest(struct ewx_parser *p, __u8 digest[32]);
bool ewx_take_max(struct ewx_parser *p, __u32 *pages);

#endif /* _LIBEWX_PARSE_H */

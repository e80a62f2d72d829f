// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The parser: files, blocks and recovery from errors.
 *
 * Owns: which statements stand where. Recursion is as deep as blocks are: two.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "parse.h"
#include "suggest.h"

struct statement {
	const char *word;
	unsigned int where;
	void (*parse)(struct ewx_parser *p, const struct ewx_token *word);
};

void ewx_next(struct ewx_parser *p)
{
	p->last = p->token.loc;
	ewx_lex(&p->lex, &p->token);
}

bool ewx_accept(struct ewx_parser *p, int kind)
{
	if (p->token.kind != kind)
		return false;
	ewx_next(p);
	return true;
}

bool ewx_at_word(const struct ewx_parser *p, const char *word)
{
	return p->token.kind == EWX_TOKEN_WORD &&
	       ewx_same_word(p->token.text, word);
}

static const char *describe(struct ewx_parser *p)
{
	const struct ewx_token *t = &p->token;
	const char *text;

	switch (t->kind) {
	case EWX_TOKEN_END:
		return "the end of the file";
	case EWX_TOKEN_STRING:
		return "a string";
	case EWX_TOKEN_DIGEST:
		return "a digest";
	case EWX_TOKEN_WORD:
	case EWX_TOKEN_NUMBER:
		text = ewx_arena_printf(&p->u->arena, "\"%s\"", t->text);
		break;
	default:
		text = ewx_arena_printf(&p->u->arena, "\"%c\"", t->kind);
	}
	return text ? text : "";
}

bool ewx_expected_hint(struct ewx_parser *p, const char *code,
		       const char *what, const char *hint)
{
	struct ewx_loc loc = p->token.loc;

	if (p->token.kind == EWX_TOKEN_BAD)
		return false;	/* reported by the lexer */
	if ((p->token.first || p->token.kind == EWX_TOKEN_END) &&
	    p->last.line) {
		/* What is missing is missing behind the line before. */
		loc = p->last;
		loc.col = loc.end_col;
		loc.end_col++;
	}
	if (ewx_will_show(p->u))
		ewx_diag(p->u, EWX_ERROR, code, &loc, hint,
			 "expected %s, found %s", what, describe(p));
	else	/* only counted */
		ewx_diag(p->u, EWX_ERROR, code, &loc, NULL, "%s", what);
	return false;
}

bool ewx_expected_as(struct ewx_parser *p, const char *code, const char *what)
{
	return ewx_expected_hint(p, code, what, NULL);
}

bool ewx_expected(struct ewx_parser *p, const char *what)
{
	return ewx_expected_as(p, "E0203", what);
}

bool ewx_expect_word(struct ewx_parser *p, const char *word)
{
	char what[EWX_WORD_MAX + 3];

	if (ewx_at_word(p, word)) {
		ewx_next(p);
		return true;
	}
	snprintf(what, sizeof(what), "\"%s\"", word);
	return ewx_expected(p, what);
}

bool ewx_expect_sign(struct ewx_parser *p, char sign, const char *after)
{
	char what[80];

	if (ewx_accept(p, sign))
		return true;
	snprintf(what, sizeof(what), "\"%c\" %s", sign, after);
	return ewx_expected(p, what);
}

bool ewx_take_name(struct ewx_parser *p, const char *what,
		   struct ewx_token *token)
{
	if (token)
		*token = p->token;
	if (p->token.kind == EWX_TOKEN_NUMBER)
		return ewx_expected_as(p, "E0211", what);
	if (p->token.kind != EWX_TOKEN_WORD)
		return ewx_expected(p, what);
	ewx_next(p);
	return true;
}

struct ewx_ir_name *ewx_current_name(struct ewx_parser *p)
{
	if (p->where == EWX_AT_SOURCE)
		return &p->u->sources[p->name];
	if (p->where == EWX_AT_IDENTITY)
		return &p->u->identities[p->name];
	return &p->u->domains[p->name];
}

static void parse_language(struct ewx_parser *p, const struct ewx_token *word)
{
	ewx_report(p->u, E0216, &word->loc, NULL,
		   "\"language\" is the first statement of a file, and only that");
	ewx_recover(p);
}

#define AT_RULES	(EWX_AT_TOP | EWX_AT_DOMAIN | EWX_AT_FOR)

static const struct statement statements[] = {
	{ "allow", AT_RULES, ewx_parse_rule },
	{ "deny", AT_RULES, ewx_parse_rule },
	{ "log", AT_RULES, ewx_parse_rule },
	{ "for", AT_RULES, ewx_parse_for },
	{ "source", EWX_AT_TOP, ewx_parse_source },
	{ "identity", EWX_AT_TOP, ewx_parse_identity },
	{ "domain", EWX_AT_TOP, ewx_parse_domain },
	{ "set", EWX_AT_TOP, ewx_parse_set },
	{ "policy", EWX_AT_TOP, ewx_parse_policy },
	{ "never", EWX_AT_TOP, ewx_parse_never },
	{ "expect", EWX_AT_TOP, ewx_parse_expect },
	{ "language", EWX_AT_TOP, parse_language },
	{ "permissive", EWX_AT_DOMAIN, ewx_parse_permissive },
	{ "guarded", EWX_AT_DOMAIN, ewx_parse_guarded },
	{ "root", EWX_AT_DOMAIN, ewx_parse_root },
};

#define STATEMENTS	(sizeof(statements) / sizeof(statements[0]))

char ewx_sign_behind(const struct ewx_parser *p)
{
	const char *s = p->lex.at;

	while (s < p->lex.end && (*s == ' ' || *s == '\t'))
		s++;
	return s < p->lex.end ? *s : '\n';
}

static const struct statement *find_statement(const char *word)
{
	size_t i;

	for (i = 0; i < STATEMENTS; i++)
		if (ewx_same_word(statements[i].word, word))
			return &statements[i];
	return NULL;
}

/* Where a word begins a statement or condition; 0: nowhere. */
static unsigned int places(const char *word)
{
	const struct statement *s = find_statement(word);
	unsigned int where = 0;

	if (s)
		return s->where;
	ewx_condition_find(word, &where);
	return where;
}

bool ewx_begins_statement(const struct ewx_parser *p)
{
	return p->token.kind == EWX_TOKEN_WORD && p->token.first &&
	       places(p->token.text) & (p->where | EWX_AT_TOP);
}

/*
 * Skip the rest of a broken statement: to behind its ";" or block, but not past
 * the "}" of the block around it, nor past a line that begins a statement.
 */
void ewx_recover(struct ewx_parser *p)
{
	size_t depth = 0;

	for (;;) {
		switch (p->token.kind) {
		case EWX_TOKEN_END:
			return;
		case '{':
			depth++;
			break;
		case '}':
			if (!depth)
				return;
			if (!--depth) {
				ewx_next(p);
				return;
			}
			break;
		case ';':
			if (!depth) {
				ewx_next(p);
				return;
			}
			break;
		case EWX_TOKEN_WORD:
			if (!depth && ewx_begins_statement(p))
				return;
			break;
		}
		ewx_next(p);
	}
}

void ewx_end_statement(struct ewx_parser *p, const char *after)
{
	char what[80];

	if (ewx_accept(p, ';'))
		return;
	snprintf(what, sizeof(what), "\";\" after %s", after);
	ewx_expected(p, what);
	ewx_recover(p);
}

static const char *block_name(unsigned int where)
{
	switch (where) {
	case EWX_AT_DOMAIN:
		return "a domain";
	case EWX_AT_SOURCE:
		return "a source";
	case EWX_AT_IDENTITY:
		return "an identity";
	case EWX_AT_FOR:
		return "a for block";
	default:
		return "blocks";
	}
}

static void unknown_word(struct ewx_parser *p)
{
	const struct ewx_token *t = &p->token;
	struct ewx_suggest s;
	const char *word;
	unsigned int where;
	size_t i;

	if (!ewx_will_show(p->u)) {
		ewx_report(p->u, E0204, &t->loc, NULL, "unknown word");
		return;
	}
	ewx_suggest_begin(&s, t->text);
	for (i = 0; i < STATEMENTS; i++)
		if (statements[i].where & p->where)
			ewx_suggest_try(&s, statements[i].word);
	for (i = EWX_CONDITION_NONE + 1; i < EWX_CONDITION_COUNT; i++) {
		word = ewx_condition_word(i);
		if (ewx_condition_find(word, &where) && where & p->where)
			ewx_suggest_try(&s, word);
	}
	ewx_report(p->u, E0204, &t->loc,
		   ewx_suggest_hint(&s, &p->u->arena,
				    !strcmp(t->text, "include") ?
				    "all files of a folder are read as one policy" :
				    NULL),
		   "unknown word \"%s\"", t->text);
}

/* A known word in a place that is not its own. */
static void wrong_place(struct ewx_parser *p, unsigned int where)
{
	struct ewx_token t = p->token;
	bool unwind = p->where != EWX_AT_TOP && t.first && where == EWX_AT_TOP;

	if (p->where == EWX_AT_TOP)
		ewx_report(p->u, E0215, &t.loc, NULL,
			   "\"%s\" stands inside %s only", t.text,
			   block_name(where));
	else
		ewx_report(p->u, E0215, &t.loc,
			   unwind ? "is a \"}\" missing?" : NULL,
			   "\"%s\" does not stand inside %s", t.text,
			   block_name(p->where));
	if (p->where != EWX_AT_TOP)
		ewx_note(p->u, &p->open, "inside the block that begins here");
	if (unwind) {
		p->unwind = true;
		return;
	}
	ewx_next(p);
	ewx_recover(p);
}

static void parse_statement(struct ewx_parser *p)
{
	struct ewx_token word = p->token;
	const struct statement *s;
	unsigned int where;

	if (word.kind != EWX_TOKEN_WORD) {
		if (word.kind == ';')
			ewx_report(p->u, E0203, &word.loc,
				   "a block ends without \";\"",
				   "\";\" that ends nothing");
		else if (word.kind != EWX_TOKEN_BAD)
			ewx_report(p->u, E0203, &word.loc, NULL,
				   "expected a statement, found %s",
				   describe(p));
		if (word.kind != '{')
			ewx_next(p);
		if (word.kind != ';')
			ewx_recover(p);
		return;
	}
	where = places(word.text);
	if (!where) {
		unknown_word(p);
		ewx_next(p);
		ewx_recover(p);
		return;
	}
	if (!(where & p->where)) {
		wrong_place(p, where);
		return;
	}
	ewx_next(p);
	s = find_statement(word.text);
	if (s)
		s->parse(p, &word);
	else
		ewx_parse_condition(p, ewx_condition_find(word.text, &where),
				    &word);
}

void ewx_parse_block(struct ewx_parser *p, unsigned int where,
		     const char *after)
{
	unsigned int outer = p->where;
	struct ewx_loc outer_open = p->open;
	struct ewx_loc open = p->token.loc;
	size_t errors = p->u->error_count;

	p->where = where;
	p->singles = 0;
	if (!ewx_expect_sign(p, '{', after)) {
		ewx_recover(p);
		goto out;
	}
	p->open = open;
	while (p->token.kind != '}' && p->token.kind != EWX_TOKEN_END &&
	       !p->unwind)
		parse_statement(p);
	if (p->unwind) {
		p->missing++;
	} else if (!ewx_accept(p, '}')) {
		if (!p->u->arena.failed) {
			ewx_report(p->u, E0214, &p->token.loc, NULL,
				   "the file ends inside %s",
				   block_name(where));
			ewx_note(p->u, &open, "its \"{\" is here");
		}
	}
out:
	if (where != EWX_AT_FOR && p->u->error_count > errors)
		ewx_current_name(p)->flags |= EWX_NAME_BROKEN;
	p->where = outer;
	p->open = outer_open;
}

/*
 * The first statement is none of language; a misspelt one, or an unknown word with a
 * number, is left out as a whole.
 */
static void no_language(struct ewx_parser *p)
{
	static const char hint[] = "begin the file with: language 1;";
	char behind = ewx_sign_behind(p);
	struct ewx_suggest s;
	bool misspelt;

	ewx_suggest_begin(&s, p->token.text);
	ewx_suggest_try(&s, "language");
	misspelt = p->token.kind == EWX_TOKEN_WORD && !places(p->token.text) &&
		   (s.best || (behind >= '0' && behind <= '9'));
	ewx_report(p->u, E0201, &p->token.loc,
		   misspelt ? ewx_suggest_hint(&s, &p->u->arena, hint) : hint,
		   "the file does not begin with a language line");
	if (!misspelt)
		return;
	ewx_next(p);
	ewx_recover(p);
}

/* "language 1;" Return: false if the file cannot be read on. */
static bool parse_first_line(struct ewx_parser *p)
{
	size_t errors = p->u->error_count;
	struct ewx_loc loc;
	__u64 language;

	if (!ewx_at_word(p, "language")) {
		no_language(p);
		return true;
	}
	ewx_next(p);
	loc = p->token.loc;
	if (!ewx_take_number(p, "a number", UINT32_MAX, &language)) {
		ewx_recover(p);
		return true;
	}
	if (language != EWX_LANGUAGE && p->u->error_count == errors) {
		ewx_report(p->u, E0202, &loc, NULL,
			   "language %llu is unknown: this compiler knows %d",
			   (unsigned long long)language, EWX_LANGUAGE);
		return false;
	}
	ewx_end_statement(p, "the language line");
	return true;
}

void ewx_parse(struct ewx_unit *u, __u32 file, const char *text, size_t len)
{
	struct ewx_parser p = {
		.u = u, .f = ewx_front(u), .where = EWX_AT_TOP,
		.domain = EWX_ANY, .block = EWX_BLOCK_NONE,
	};

	if (!ewx_lex_begin(&p.lex, u, file, text, len)) {
		p.f->unread = true;
		return;
	}
	ewx_lex(&p.lex, &p.token);
	if (!parse_first_line(&p)) {
		p.f->unread = true;
		return;
	}
	while (p.token.kind != EWX_TOKEN_END) {
		if (p.token.kind == '}') {
			if (p.missing)
				p.missing--;
			else
				ewx_report(u, E0203, &p.token.loc, NULL,
					   "\"}\" without \"{\"");
			ewx_next(&p);
			continue;
		}
		parse_statement(&p);
		p.unwind = false;
	}
}

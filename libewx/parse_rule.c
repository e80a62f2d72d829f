// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * allow, deny, log, for blocks, never and expect.
 *
 * Owns: lists of permissions and the clauses of a rule. Which clauses a
 * permission takes is check.c's to say.
 */
#include <stdint.h>
#include <string.h>
#include <uapi/linux/enclave_permissions.h>
#include "parse.h"
#include "suggest.h"

__u32 ewx_permission_find(const char *word)
{
	static const char * const names[] = {
#define PERMISSION_NAME(NAME, name, from, ident, when) #name,
		ENCLAVE_PERMISSIONS(PERMISSION_NAME)
#undef PERMISSION_NAME
	};
	unsigned int bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (ewx_same_word(names[bit], word))
			return 1U << bit;
	return 0;
}

static const char * const clause_words[] = { "from", "for", "max", "until" };

bool ewx_is_clause_word(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(clause_words) / sizeof(clause_words[0]); i++)
		if (ewx_same_word(clause_words[i], word))
			return true;
	return false;
}

/** enum list - whose; clauses of a rule may follow, or "but" */
enum list { LIST_RULE, LIST_NEVER, LIST_BUT, LIST_SET };

/*
 * Whether another word of the list stands here, with no "," before it: said once, and
 * the list goes on, so that the names behind are looked at too.
 */
static bool comma_missing(struct ewx_parser *p, enum list list, bool *said)
{
	if (p->token.kind != EWX_TOKEN_WORD || ewx_begins_statement(p) ||
	    ewx_is_clause_word(p->token.text) ||
	    (list == LIST_NEVER && ewx_at_word(p, "but")) ||
	    (list == LIST_RULE && !ewx_permission_find(p->token.text) &&
	     ewx_sign_behind(p) != ','))
		return false;
	if (!*said)
		ewx_expected(p, list == LIST_BUT ?
				"\",\" between identities" :
				"\",\" between permissions");
	*said = true;
	return true;
}

/* Words with "," between, to front->words; @what describes one. */
static bool take_list(struct ewx_parser *p, const char *what, enum list list,
		      struct ewx_words *words)
{
	struct ewx_perm_word *word;
	bool said = false;

	words->first = p->f->word_count;
	words->count = 0;
	do {
		if (p->token.kind != EWX_TOKEN_WORD ||
		    (list != LIST_BUT && ewx_is_clause_word(p->token.text)))
			return ewx_expected(p, what);
		word = ewx_arena_push(&p->u->arena, p->f->words,
				      p->f->word_count);
		if (!word)
			return false;
		word->name = p->token.text;
		word->loc = p->token.loc;
		word->perms = ewx_permission_find(word->name);
		words->count++;
		ewx_next(p);
	} while (ewx_accept(p, ',') || comma_missing(p, list, &said));
	return true;
}

bool ewx_parse_words(struct ewx_parser *p, const char *what, bool is_rule,
		     struct ewx_words *words)
{
	return take_list(p, what, is_rule ? LIST_RULE : LIST_SET, words);
}

/* Report a clause that the rule has already, at @first. */
static bool clause_free(struct ewx_parser *p, const struct ewx_token *word,
			const struct ewx_loc *first)
{
	if (!first->line)
		return true;
	ewx_report(p->u, E0212, &word->loc, NULL,
		   "this rule has a second \"%s\"", word->text);
	ewx_note(p->u, first, "the first one is here");
	return false;
}

static bool parse_for_clause(struct ewx_parser *p, struct ewx_ir_rule *rule,
			     const struct ewx_token *word)
{
	struct ewx_token name;

	if (!ewx_take_name(p, "the name of an identity, or \"any\"", &name))
		return false;
	if (p->block != EWX_BLOCK_NONE) {
		ewx_report(p->u, E0213, &word->loc, NULL,
			   "\"for\" inside a for block");
		ewx_note(p->u, &p->f->blocks[p->block].loc,
			 "every rule in the block is for \"%s\"",
			 p->f->blocks[p->block].name);
		return true;
	}
	if (clause_free(p, word, &rule->identity_loc)) {
		rule->identity_name = name.text;
		rule->identity_loc = name.loc;
	}
	return true;
}

static bool parse_clause(struct ewx_parser *p, struct ewx_ir_rule *rule,
			 struct ewx_rule_extra *extra)
{
	struct ewx_token word = p->token, name;
	__u64 until;
	__u32 max;

	ewx_next(p);
	if (!strcmp(word.text, "for"))
		return parse_for_clause(p, rule, &word);
	if (!strcmp(word.text, "from")) {
		if (!ewx_take_name(p, "the name of a source, or \"any\"",
				   &name))
			return false;
		if (clause_free(p, &word, &rule->source_loc)) {
			rule->source_name = name.text;
			rule->source_loc = name.loc;
		}
		return true;
	}
	if (!strcmp(word.text, "max")) {
		if (!ewx_take_max(p, &max))
			return false;
		if (clause_free(p, &word, &extra->max_loc)) {
			rule->max = max;
			extra->max_loc = word.loc;
		}
		return true;
	}
	if (!ewx_take_date(p, &until))
		return false;
	if (clause_free(p, &word, &extra->until_loc)) {
		rule->until = until;
		extra->until_loc = word.loc;
	}
	return true;
}

/* A word where a clause, "," or ";" should be. */
static bool stray_word(struct ewx_parser *p)
{
	struct ewx_suggest s;
	size_t i;

	if (p->token.first)
		return ewx_expected(p, "\";\" after the rule");
	ewx_suggest_begin(&s, p->token.text);
	for (i = 0; i < sizeof(clause_words) / sizeof(clause_words[0]); i++)
		ewx_suggest_try(&s, clause_words[i]);
	ewx_report(p->u, E0204, &p->token.loc,
		   ewx_suggest_hint(&s, &p->u->arena,
				    "clauses are from SOURCE, for IDENTITY, max N pages and until DATE"),
		   "unknown clause \"%s\"", p->token.text);
	return false;
}

static __u32 rule_kind(const char *word)
{
	if (!strcmp(word, "allow"))
		return EWX_RULE_ALLOW;
	return strcmp(word, "deny") ? EWX_RULE_LOG : EWX_RULE_DENY;
}

static void add_rule(struct ewx_parser *p, const struct ewx_ir_rule *rule,
		     const struct ewx_rule_extra *extra)
{
	struct ewx_ir_rule *r;
	struct ewx_rule_extra *e;

	r = ewx_arena_push(&p->u->arena, p->u->rules, p->u->rule_count);
	e = ewx_arena_push(&p->u->arena, p->f->extra, p->f->extra_count);
	if (!r || !e)
		return;
	*r = *rule;
	*e = *extra;
}

void ewx_parse_rule(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_rule_extra extra = { .block = p->block };
	size_t errors = p->u->error_count;
	struct ewx_ir_rule rule = {
		.loc = word->loc,
		.kind = rule_kind(word->text),
		.domain = p->domain,
		.source = EWX_DEFER,
		.identity = EWX_DEFER,
		.max = EWX_UNLIMITED,
		.until = EWX_FOREVER,
	};

	if (!ewx_parse_words(p, "a permission or the name of a set", true,
			     &extra.words))
		goto recover;
	/* A "," is missing: whether the clauses fit may mean nothing. */
	extra.broken = p->u->error_count > errors;
	while (p->token.kind == EWX_TOKEN_WORD) {
		if (!ewx_is_clause_word(p->token.text)) {
			/* A new line that begins a statement: ";" is missing. */
			stray_word(p);
			goto recover;
		}
		if (!parse_clause(p, &rule, &extra))
			goto recover;
	}
	if (p->block != EWX_BLOCK_NONE) {
		rule.identity_name = p->f->blocks[p->block].name;
		rule.identity_loc = p->f->blocks[p->block].loc;
	}
	add_rule(p, &rule, &extra);
	ewx_end_statement(p, "the rule");
	return;
recover:
	/* What is wrong with the names before is said in this run, too. */
	extra.broken = true;
	add_rule(p, &rule, &extra);
	ewx_recover(p);
}

void ewx_parse_for(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_block *block;
	struct ewx_token name;

	if (p->block != EWX_BLOCK_NONE) {
		ewx_report(p->u, E0213, &word->loc, NULL,
			   "for block inside a for block");
		ewx_note(p->u, &p->f->blocks[p->block].loc,
			 "the outer one is here");
		ewx_recover(p);
		return;
	}
	if (!ewx_take_name(p, "the name of an identity, or \"any\"", &name)) {
		ewx_recover(p);
		return;
	}
	block = ewx_arena_push(&p->u->arena, p->f->blocks, p->f->block_count);
	if (!block)
		return;
	block->name = name.text;
	block->loc = name.loc;
	p->block = p->f->block_count - 1;
	ewx_parse_block(p, EWX_AT_FOR, "after the identity");
	p->block = EWX_BLOCK_NONE;
}

static void add_never(struct ewx_parser *p, const struct ewx_never *never)
{
	struct ewx_never *added = ewx_arena_push(&p->u->arena, p->f->nevers,
						 p->f->never_count);

	if (added)
		*added = *never;
}

void ewx_parse_never(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_never never = { .loc = word->loc };

	if (!take_list(p, "a permission or the name of a set", LIST_NEVER,
		       &never.words))
		goto recover;
	if (ewx_at_word(p, "but")) {
		ewx_next(p);
		if (!ewx_expect_word(p, "for") ||
		    !take_list(p, "the name of an identity", LIST_BUT,
			       &never.but))
			goto recover;
	}
	add_never(p, &never);
	ewx_end_statement(p, "\"never\"");
	return;
recover:
	add_never(p, &never);
	ewx_recover(p);
}

/* Go on to @end; false at a sign that no request has. */
static bool skip_to(struct ewx_parser *p, int end, const char *what)
{
	const char *from = p->token.at;

	while (p->token.kind != end) {
		if (p->token.kind == ';' || p->token.kind == '{' ||
		    p->token.kind == '}' || p->token.kind == EWX_TOKEN_END ||
		    p->token.kind == EWX_TOKEN_BAD)
			return ewx_expected(p, what);
		ewx_next(p);
	}
	if (p->token.at == from)
		return ewx_expected(p, "a request");
	return true;
}

/* "domain NAME :", "allow" or "deny"; the request follows. */
static bool expect_kind(struct ewx_parser *p, struct ewx_expect *e)
{
	struct ewx_token name;

	if (ewx_at_word(p, "allow"))
		e->kind = EWX_EXPECT_ALLOW;
	else if (ewx_at_word(p, "deny"))
		e->kind = EWX_EXPECT_DENY;
	else if (!ewx_at_word(p, "domain"))
		return ewx_expected_hint(p, "E0203",
					 "\"domain\", \"allow\" or \"deny\"",
					 "such as: expect allow in DOMAIN: load rx anon;");
	ewx_next(p);
	if (e->kind != EWX_EXPECT_DOMAIN)
		return true;
	if (!ewx_take_name(p, "the name of a domain", &name))
		return false;
	e->domain = name.text;
	e->domain_loc = name.loc;
	return ewx_expect_sign(p, ':', "after the domain's name");
}

/*
 * "expect domain NAME: PROCESS;" or "expect allow|deny ...: REQUEST;". The text
 * is kept as it is: its words are those of the request grammar (request.h).
 */
void ewx_parse_expect(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_expect e = { .loc = word->loc }, *expect;
	const char *from;

	if (!expect_kind(p, &e))
		goto recover;
	from = p->token.at;
	e.text_loc = p->token.loc;
	if (e.kind != EWX_EXPECT_DOMAIN && p->token.kind != ':' &&
	    !skip_to(p, ':', "\":\" and a request"))
		goto recover;
	if (!skip_to(p, ';', "\";\" after the request"))
		goto recover;
	e.text = ewx_arena_strndup(&p->u->arena, from, p->token.at - from);
	expect = ewx_arena_push(&p->u->arena, p->f->expects,
				p->f->expect_count);
	if (expect && e.text)
		*expect = e;
	else if (expect)
		p->f->expect_count--;
	ewx_end_statement(p, "the request");
	return;
recover:
	ewx_recover(p);
}

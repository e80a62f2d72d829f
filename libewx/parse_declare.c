// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Declarations: the policy's name, sets, sources, identities and domains.
 *
 * Owns: which names may be given, and that each is given once. What stands in
 * the blocks is parsed elsewhere.
 */
#include <stdint.h>
#include <string.h>
#include "parse.h"

/* Take the name of something declared; it must be usable in rules. */
static bool take_new_name(struct ewx_parser *p, const char *what,
			  struct ewx_token *name)
{
	static const char * const reserved[] = {
#define NO_NAME(word) #word,
		EWX_NO_NAMES(NO_NAME)
#undef NO_NAME
	};
	size_t i;

	if (!ewx_take_name(p, what, name))
		return false;
	if (name->len > EWX_NAME_LEN_MAX)
		ewx_report(p->u, E0211, &name->loc, NULL,
			   "name of %zu characters: %d are the most",
			   name->len, EWX_NAME_LEN_MAX);
	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (ewx_same_word(reserved[i], name->text))
			ewx_report(p->u, E0211, &name->loc, NULL,
				   "\"%s\" has a meaning in rules and is no name",
				   name->text);
	return true;
}

void ewx_parse_policy(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_token name;
	__u64 version;

	p->f->policy_seen = true;
	if (!take_new_name(p, "the policy's name", &name) ||
	    !ewx_expect_word(p, "version") ||
	    !ewx_take_number(p, "a version number", UINT64_MAX, &version)) {
		ewx_recover(p);
		return;
	}
	if (p->u->name) {
		ewx_report(p->u, E0307, &word->loc, NULL,
			   "second policy statement");
		ewx_note(p->u, &p->u->name_loc,
			 "policy \"%s\" is named here", p->u->name);
	} else {
		p->u->name = name.text;
		p->u->name_loc = name.loc;
		p->u->version = version;
	}
	ewx_end_statement(p, "the policy statement");
}

static void report_twice(struct ewx_parser *p, const char *what,
			 const struct ewx_token *name,
			 const struct ewx_loc *first)
{
	ewx_report(p->u, E0301, &name->loc, NULL,
		   "%s \"%s\" is declared twice", what, name->text);
	ewx_note(p->u, first, "first declared here");
}

void ewx_parse_set(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_words words = { 0 };
	struct ewx_token name;
	struct ewx_set *set;
	__u32 index;
	bool good;

	(void)word;
	if (!take_new_name(p, "the name of the set", &name)) {
		ewx_recover(p);
		return;
	}
	/* It is declared, whatever it holds: rules that name it are right. */
	good = ewx_expect_sign(p, '=', "after the set's name") &&
	       ewx_parse_words(p, "a permission", false, &words);
	if (ewx_permission_find(name.text))
		ewx_report(p->u, E0211, &name.loc, NULL,
			   "\"%s\" is a permission already", name.text);
	index = ewx_symbols_add(&p->f->sets, &p->u->arena, name.text,
				p->f->set_count);
	if (index < p->f->set_count)
		report_twice(p, "set", &name, &p->f->set[index].loc);
	set = ewx_arena_push(&p->u->arena, p->f->set, p->f->set_count);
	if (set) {
		set->name = name.text;
		set->loc = name.loc;
		set->words = words;
	}
	if (good)
		ewx_end_statement(p, "the set");
	else
		ewx_recover(p);
}

/* Declare a source, identity or domain; its index to @p->name. */
static bool declare(struct ewx_parser *p, const char *what,
		    const struct ewx_token *name, struct ewx_symbols *symbols,
		    struct ewx_ir_name **names, size_t *count)
{
	struct ewx_ir_name *added;
	__u32 index;

	index = ewx_symbols_add(symbols, &p->u->arena, name->text, *count);
	if (index == EWX_DOMAIN_DEFAULT && *names == p->u->domains &&
	    !(*names)[index].loc.line) {
		(*names)[index].loc = name->loc;	/* was implied */
		p->name = index;
		return true;
	}
	if (index < *count)
		report_twice(p, what, name, &(*names)[index].loc);
	added = ewx_arena_push(&p->u->arena, *names, *count);
	if (!added)
		return false;
	added->name = name->text;
	added->loc = name->loc;
	added->permissive_until = EWX_FOREVER;
	if (index < *count - 1)
		added->flags = EWX_NAME_BROKEN;
	p->name = *count - 1;
	return true;
}

void ewx_parse_source(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_token name;

	(void)word;
	if (take_new_name(p, "the name of the source", &name) &&
	    declare(p, "source", &name, &p->f->sources, &p->u->sources,
		    &p->u->source_count))
		ewx_parse_block(p, EWX_AT_SOURCE, "after the source's name");
	else
		ewx_recover(p);
}

void ewx_parse_identity(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_token name;

	(void)word;
	if (take_new_name(p, "the name of the identity", &name) &&
	    declare(p, "identity", &name, &p->f->identities,
		    &p->u->identities, &p->u->identity_count))
		ewx_parse_block(p, EWX_AT_IDENTITY,
				"after the identity's name");
	else
		ewx_recover(p);
}

/* "domain NAME over NAME;" has been read up to "over". */
static void parse_over(struct ewx_parser *p, const struct ewx_token *name)
{
	struct ewx_token over = p->token, other;
	struct ewx_over *o;

	ewx_next(p);
	if (!ewx_take_name(p, "the name of a domain", &other)) {
		ewx_recover(p);
		return;
	}
	o = ewx_arena_push(&p->u->arena, p->f->overs, p->f->over_count);
	if (o) {
		o->name = name->text;
		o->loc = name->loc;
		o->over_loc = over.loc;
		o->other = other.text;
		o->other_loc = other.loc;
	}
	ewx_end_statement(p, "\"over\"");
}

void ewx_parse_domain(struct ewx_parser *p, const struct ewx_token *word)
{
	struct ewx_token name;

	(void)word;
	if (!take_new_name(p, "the name of the domain", &name)) {
		ewx_recover(p);
		return;
	}
	if (ewx_at_word(p, "over")) {
		parse_over(p, &name);
		return;
	}
	if (!declare(p, "domain", &name, &p->f->domains, &p->u->domains,
		     &p->u->domain_count)) {
		ewx_recover(p);
		return;
	}
	p->domain = p->name;
	ewx_parse_block(p, EWX_AT_DOMAIN, "after the domain's name");
	p->domain = EWX_ANY;
}

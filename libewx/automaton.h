/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Path patterns to one minimal deterministic automaton.
 *
 * Owns: the automata between parsed patterns and the sections STATES and
 * TRANSITIONS. A pattern carries a token (the domain or source it belongs to);
 * a state accepts a set of tokens. Knows nothing of what tokens mean.
 */
#ifndef _LIBEWX_AUTOMATON_H
#define _LIBEWX_AUTOMATON_H

#include "pattern.h"
#include "pool.h"

struct ewx_nfa;

/**
 * struct ewx_dfa - a deterministic automaton over bytes.
 * State 0 is dead. State s goes with byte[i] to to[i] for first[s] <= i <
 * first[s + 1] (bytes ascending, to[i] != fallback[s]) and with every other
 * byte to fallback[s].
 *
 * A state from which one byte alone leads on, and which accepts nothing, is a link.
 * It may stand for a row of them: then its one transition takes all its bytes,
 * of which byte[first[s]] is the first. States that accept or branch are
 * junctions.
 * @start: 0 if there is no pattern
 * @count: states
 * @accept: set of tokens per state, an id of @accepts
 * @length: per state; bytes that a link takes; 0: none
 * @text_at: per state; where a link's bytes are in @text
 * @accepts: interned sorted sets of tokens; 0: none
 */
struct ewx_dfa {
	struct ewx_pool *pool;
	u32 start;
	u32 count;
	ewx_numbers fallback;
	ewx_numbers accept;
	ewx_numbers length;
	ewx_numbers text_at;
	ewx_numbers first;
	ewx_numbers to;
	ewx_bytes byte;
	ewx_bytes text;
	struct ewx_sets accepts;
};

#define EWX_CULPRITS 3 /* patterns named when an automaton blows up */

/** ewx_nfa_new() - no pattern yet; @patterns: how many may come. */
struct ewx_nfa *ewx_nfa_new(struct ewx_pool *pool, size_t patterns);

/**
 * ewx_nfa_add() - add a pattern.
 * @token: what a match yields
 * @origin: the caller's number for the pattern, named if the automaton blows up
 */
void ewx_nfa_add(struct ewx_nfa *nfa, const struct ewx_pattern *pattern,
		 u32 token, u32 origin);

/**
 * ewx_dfa_build() - determinise @nfa, then minimise; drops @nfa.
 * @culprits: on failure up to EWX_CULPRITS origins, the worst first; the rest
 *      is EWX_NONE
 * Return: false if there would be more states than a policy may have.
 */
bool ewx_dfa_build(struct ewx_nfa *nfa, struct ewx_dfa *dfa,
		   u32 culprits[EWX_CULPRITS]);

/**
 * ewx_dfa_minimize() - merge equivalent states; a link then takes as many bytes as
 * lead only through itself, EWX_TAIL_MAX at most. Sets of tokens are numbered as
 * they are met on a walk, depth first.
 */
void ewx_dfa_minimize(struct ewx_dfa *dfa);

/** ewx_dfa_drop() - free its states early; @accepts stays. */
void ewx_dfa_drop(struct ewx_dfa *dfa);

/**
 * ewx_dfa_spell() - the same automaton with links of one byte only, so that every
 * byte is a transition.
 * @out: is set; shares @accepts, and is dropped with ewx_dfa_drop()
 */
void ewx_dfa_spell(const struct ewx_dfa *dfa, struct ewx_dfa *out);

/** ewx_dfa_match() - set of tokens that @len bytes of @path match. */
u32 ewx_dfa_match(const struct ewx_dfa *dfa, const char *path, size_t len);

/**
 * ewx_dfa_example() - a short path that yields exactly the set @accept.
 * Return: its length; @path (@size bytes, at least 1) ends with NUL. 0: none.
 */
size_t ewx_dfa_example(const struct ewx_dfa *dfa, u32 accept, char *path,
		       size_t size);

#define EWX_STAR_MAX 48 /* bytes of the text after a star that is recognized */

/**
 * struct ewx_star - a state that stands for "*" or "**" and the text after it.
 * @next: where '/' leads to after the text; 0: nowhere
 * @accept: set of tokens of a path that ends with the text
 * @length: bytes of @text
 * @glob: "**", whose text ends the path
 */
struct ewx_star {
	u32 next;
	u32 accept;
	u32 length;
	bool glob;
	char text[EWX_STAR_MAX];
};

/** ewx_star_find() - whether @state is one, and which. */
bool ewx_star_find(const struct ewx_dfa *dfa, u32 state, struct ewx_star *star);

/**
 * ewx_come_last() - how many of the first bytes of @text come last in what is read, once
 * @byte follows @done of them, which came last before.
 * @bytes: of @text
 */
u32 ewx_come_last(const char *text, u32 bytes, u32 done, u8 byte);

/** struct ewx_slot - one record of TRANSITIONS. */
struct ewx_slot {
	u32 check;
	u32 next;
};

/** struct ewx_packed_state - one record of STATES; @accept as in struct ewx_dfa. */
struct ewx_packed_state {
	u32 base;
	u32 fallback;
	u32 accept;
	u32 length;
};

/**
 * struct ewx_comb - automata with their transitions interleaved.
 * State 0, dead, is there from the start.
 */
struct ewx_comb {
	struct ewx_pool *pool;
	EWX_VEC(struct ewx_packed_state) states;
	EWX_VEC(struct ewx_slot) slots;
	EWX_VEC(u64) used; /* bit per slot */
	ewx_bytes tails;
};

void ewx_comb_init(struct ewx_comb *comb, struct ewx_pool *pool);
void ewx_comb_drop(struct ewx_comb *comb);

/**
 * ewx_comb_add() - append an automaton; its states get numbers of their own.
 * Return: number of its start state.
 */
u32 ewx_comb_add(struct ewx_comb *comb, const struct ewx_dfa *dfa);

/* Shared by the files that make automata. */

static inline bool ewx_dfa_is_link(const struct ewx_dfa *dfa, u32 s)
{
	return dfa->length.at[s];
}

/** ewx_dfa_empty() - the dead state alone. */
void ewx_dfa_empty(struct ewx_dfa *dfa, struct ewx_pool *pool);

enum ewx_nfa_kind {
	EWX_NFA_START,
	EWX_NFA_STAR, /* entered by the empty step; loops but on '/' */
	EWX_NFA_GLOB, /* entered by the empty step; loops */
	EWX_NFA_TEXT, /* entered by @length bytes, of which @byte is the first */
	EWX_NFA_ANY, /* entered by any byte but '/' */
	EWX_NFA_CLASS, /* entered by a byte of @set */
	EWX_NFA_JOIN, /* entered by the empty step */
};

/**
 * struct ewx_nfa_node - how the node is entered, and what follows it.
 * @child: first child; STAR and GLOB children come first; 0: none
 * @sibling: next child of the same parent
 * @skip: index in skips, entered from here by the empty step; 0: none
 * @token: index in tokens; 0: none
 * @set: id in sets (CLASS), where its bytes are in text (TEXT)
 * @origin: pattern that made it
 */
struct ewx_nfa_node {
	u32 child;
	u32 sibling;
	u32 skip;
	u32 token;
	u32 set;
	u32 origin;
	u16 length;
	u8 kind;
	u8 byte;
};

/** struct ewx_nfa_link - a list of numbers. Index 0 of the arrays is unused. */
struct ewx_nfa_link {
	u32 value;
	u32 next;
};

struct ewx_nfa {
	struct ewx_pool *pool;
	EWX_VEC(struct ewx_nfa_node) nodes; /* 0: start */
	EWX_VEC(struct ewx_nfa_link) skips;
	EWX_VEC(struct ewx_nfa_link) tokens;
	struct ewx_sets sets; /* byte sets, eight numbers each */
	ewx_bytes text;
	ewx_numbers frontier; /* stack of the nodes that a prefix leads to */
};

/**
 * ewx_nfa_split() - make two nodes of a TEXT node.
 * @before: the child of @parent before @node; 0: @node is the first
 * @length: bytes of the first of the two, less than @node has
 * Return: the first, new; @node is the second.
 */
u32 ewx_nfa_split(struct ewx_nfa *nfa, u32 parent, u32 before, u32 node,
		  u32 length);

#endif /* _LIBEWX_AUTOMATON_H */

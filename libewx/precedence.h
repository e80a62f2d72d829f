/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which of two domains wins a process that fits both.
 *
 * Owns: inclusion of conditions, by meaning: a pattern's language is included
 * in another's when every set of patterns that some path matches says so.
 */
#ifndef _LIBEWX_PRECEDENCE_H
#define _LIBEWX_PRECEDENCE_H

#include "backend.h"

/**
 * struct ewx_language - which sets of an automaton contain each token.
 * @lists: distinct lists of sets; @list: of each token; 0: no pattern
 */
struct ewx_language {
	struct ewx_sets lists;
	u32 *list;
};

/**
 * struct ewx_precedence
 * @uid, @gid: ranges of each domain, ids in @diagram->ranges
 * @context: contexts of each domain, an id in @contexts; 0: any
 * @overs: pairs winner << 32 | loser of "domain a over b", sorted
 * @named: whether some statement of @overs names a domain
 * @memo: what ewx_precedence_beats() said last, by a hash of the two domains
 */
struct ewx_precedence {
	struct ewx_back *b;
	struct ewx_diagram *diagram;
	struct ewx_language exe;
	struct ewx_language cgroup;
	u32 *gid;
	u32 *context;
	struct ewx_sets contexts;
	EWX_VEC(u64) overs;
	bool *named;
	u64 *memo;
};

/** ewx_precedence_init() - collect @overs and @contexts from the unit. */
void ewx_precedence_init(struct ewx_precedence *p, struct ewx_back *b,
			 struct ewx_diagram *diagram);

void ewx_language_init(struct ewx_language *l, struct ewx_pool *pool,
		       const struct ewx_dfa *dfa, size_t tokens);

/** ewx_language_within() - list @a is a subset of list @b. */
bool ewx_language_within(const struct ewx_language *l, u32 a, u32 b);

/** ewx_language_apart() - lists @a and @b have nothing in common. */
bool ewx_language_apart(const struct ewx_language *l, u32 a, u32 b);

/** ewx_precedence_subset() - what fits domain @a fits @b too. */
bool ewx_precedence_subset(const struct ewx_precedence *p, u32 a, u32 b);

/** ewx_precedence_beats() - a process that fits both is @a's. Work is counted. */
bool ewx_precedence_beats(const struct ewx_precedence *p, u32 a, u32 b);

/**
 * ewx_precedence_shades() - by its conditions @a beats @b, and every domain that @b
 * so beats. Work is counted.
 */
bool ewx_precedence_shades(const struct ewx_precedence *p, u32 a, u32 b);

/** ewx_precedence_wins() - how many statements "domain a over b" name @a first. */
u32 ewx_precedence_wins(const struct ewx_precedence *p, u32 a);

#endif /* _LIBEWX_PRECEDENCE_H */

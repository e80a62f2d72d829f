/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between the files that make an automaton minimal.
 *
 * Owns: words, the bytes that links take on the way from one junction to another,
 * and what a successor is known by while junctions are being merged.
 */
#ifndef _LIBEWX_LINKS_H
#define _LIBEWX_LINKS_H

#include "automaton.h"

/**
 * struct ewx_word - bytes that links take on the way to a junction.
 * @link: the first of them
 * @length: bytes in all
 * @hash: of the bytes
 */
struct ewx_word {
	u64 hash;
	u32 link;
	u32 length;
};

/**
 * struct ewx_links - the ways through the links of an automaton.
 * @goal: per link that is entered from a junction: the junction it leads to
 * @word: ... and the bytes on the way, an index of @words; from 1
 */
struct ewx_links {
	const struct ewx_dfa *dfa;
	u32 *goal;
	u32 *word;
	EWX_VEC(struct ewx_word) words;
};

/** ewx_links_find() - fill @links; equal words have one index. */
void ewx_links_find(struct ewx_links *links, const struct ewx_dfa *dfa);
void ewx_links_drop(struct ewx_links *links);

/**
 * ewx_links_write() - append links for @ways to @to, behind its junctions: those that
 * end alike share their ends.
 * @ways: pairs of a word and a junction of @to
 * @heads: per way, by id: the state that it begins with
 */
void ewx_links_write(const struct ewx_links *links, const struct ewx_sets *ways,
		     struct ewx_dfa *to, u32 *heads);

/** ewx_junction_of() - the junction that @state is or comes to. */
static inline u32 ewx_junction_of(const struct ewx_links *links, u32 state)
{
	return ewx_dfa_is_link(links->dfa, state) ? links->goal[state] : state;
}

/**
 * ewx_class_of() - what a successor is known by: the class of its junction, and
 * the word on the way there.
 * @class: per junction
 */
static inline u64 ewx_class_of(const struct ewx_links *links, const u32 *class,
			       u32 state)
{
	if (!ewx_dfa_is_link(links->dfa, state))
		return class[state];
	return (u64)links->word[state] << 32 | class[links->goal[state]];
}

/**
 * ewx_dfa_merge() - make classes of junctions the junctions of @dfa.
 * @class: per junction
 * @rep: a junction of each class
 */
void ewx_dfa_merge(struct ewx_dfa *dfa, const struct ewx_links *links,
		   const u32 *class, const ewx_numbers *rep);

#endif /* _LIBEWX_LINKS_H */

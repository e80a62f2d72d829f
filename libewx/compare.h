/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Comparing what two compiled policies say.
 *
 * Owns: finding processes, files and enclaves that stand for all that either
 * policy tells apart, and asking both policies about each. Knows no syntax: the
 * policies are compared by their verdicts.
 */
#ifndef _LIBEWX_COMPARE_H
#define _LIBEWX_COMPARE_H

#include "pool.h"
#include "../security/ewx/core/engine.h"

/**
 * struct ewx_point - a process, file or enclave that stands for its like.
 * @result: per policy: domain, source class, identity class
 * @path, @low, @high, @flags, @fs: process: exe, uid, gid, EWX_QUERY_NO_EXE_PATH,
 *      cgroup or NULL; @context: or NULL
 *      file: path, owner, -, EWX_QUERY_*, filesystem
 * @fs_verity, @dm_verity: file: digests that @flags speak of, or NULL
 * @signer, @measurement, @product, @svn, @attributes, @xfrm: enclave
 */
struct ewx_point {
	u32 result[2];
	const char *path;
	const char *fs;
	const char *context;
	u32 low;
	u32 high;
	u32 flags;
	const u8 *fs_verity;
	const u8 *dm_verity;
	const u8 *signer;
	const u8 *measurement;
	u16 product;
	u16 svn;
	u32 attributes;
	u64 xfrm;
};

typedef EWX_VEC(struct ewx_point) ewx_points;

/**
 * struct ewx_compare - one comparison.
 * @p: old and new
 * @now: time of the decisions
 * @processes, @files, @enclaves: one point per pair of results that can be
 * @known: pairs of results of the points being found
 * @complete: all pairs were found; otherwise some may be missing
 * @changed: decisions on these that are other ones
 * @work: decisions and what finding them took, so far
 * @found: called for each difference, once per permission, domains and rules
 */
struct ewx_compare {
	struct ewx_pool pool;
	const struct ewx_policy *p[2];
	u64 now;
	ewx_points processes;
	ewx_points files;
	ewx_points enclaves;
	struct ewx_sets known;
	bool complete;
	size_t changed;
	size_t work;
	void (*found)(struct ewx_compare *c, const struct ewx_query *q,
		      const struct ewx_reply reply[2]);
	void *context;
};

/**
 * ewx_compare() - find the differences. @p, @now, @found and @context are the
 * caller's. Return: 0, or -1 without memory.
 */
int ewx_compare(struct ewx_compare *c);

/**
 * struct ewx_lists - lists of numbers. All is put twice: to be counted, and to stay.
 * @first: per list, and behind the last one: where in @value it begins
 * @count: per list: how many it has
 * @value: NULL: they are being counted
 */
struct ewx_lists {
	u32 *first;
	u32 *count;
	u32 *value;
};

static inline void ewx_lists_init(struct ewx_lists *l, struct ewx_pool *pool,
				  u32 lists)
{
	l->first = ewx_pool_alloc(pool, (size_t)lists + 1, sizeof(u32));
	l->count = ewx_pool_alloc(pool, (size_t)lists + 1, sizeof(u32));
	l->value = NULL;
}

static inline void ewx_lists_put(struct ewx_lists *l, u32 list, u32 value)
{
	if (l->value)
		l->value[l->first[list] + l->count[list]] = value;
	l->count[list]++;
}

/** ewx_lists_counted() - make room for what was put, which is put again. */
static inline void ewx_lists_counted(struct ewx_lists *l, struct ewx_pool *pool,
				     u32 lists)
{
	for (u32 i = 0; i < lists; i++) {
		l->first[i + 1] = l->first[i] + l->count[i];
		l->count[i] = 0;
	}
	l->value = ewx_pool_alloc(pool, (size_t)l->first[lists] + 1,
				  sizeof(u32));
}

/** struct ewx_spot - references that a path leads to in each policy; no path: NULL. */
struct ewx_spot {
	u32 ref[2];
	const char *path;
};

typedef EWX_VEC(struct ewx_spot) ewx_spots;

/* compare_paths.c: one path for each pair of references, and no path. */
void ewx_compare_spots(struct ewx_compare *c, enum ewx_automaton_kind which,
			ewx_spots *places);

/* compare_points.c: whether the pair is a new one. */
bool ewx_compare_new(struct ewx_sets *known, const u32 pair[2]);

/* compare_points.c: @point stands for its like, unless another one does. */
void ewx_compare_add(struct ewx_compare *c, ewx_points *points,
		     const struct ewx_point *point);

/**
 * struct ewx_reach - what tests below two references compare with.
 * @known: texts and digests, by their numbers; @value: their bytes; number 0: none
 * @seen: per policy and node: the last round it was met in; @round: from 1
 * @stack: nodes to be looked at
 * @low: uids or owners; @gids: groups; @words: numbers of contexts or filesystems;
 *	@fs_keys, @dm_keys: numbers of digests, nothing without such a test. The last
 *	ones are what no test is about
 * @tests: bits of enum ewx_test
 * @each: what a trial takes
 */
struct ewx_reach {
	struct ewx_sets known;
	EWX_VEC(const void *) value;
	u32 *seen[2];
	u32 round;
	ewx_numbers stack;
	ewx_numbers low;
	ewx_numbers gids;
	ewx_numbers words;
	ewx_numbers fs_keys;
	ewx_numbers dm_keys;
	u32 tests;
	size_t each;
};

/* compare_reach.c: nothing is known. */
void ewx_reach_init(struct ewx_reach *r, struct ewx_compare *c);

/* compare_reach.c: conditions of @kind give texts, or digests, their order. */
void ewx_reach_know(struct ewx_reach *r, struct ewx_compare *c, u32 kind);

/* compare_reach.c: the number of a digest in KEYS of policy @k. */
u32 ewx_reach_key_number(struct ewx_reach *r, struct ewx_compare *c, int k,
			 u32 key);

/* compare_reach.c: one more round: what is tested below @ref. */
void ewx_reach_find(struct ewx_reach *r, struct ewx_compare *c,
		    const u32 ref[2]);

/* compare_reach.c: count a trial; false: too many, the comparison is not complete. */
bool ewx_compare_may_try(struct ewx_compare *c, const struct ewx_reach *r);

static inline const char *ewx_reach_text(const struct ewx_reach *r, u32 number)
{
	return r->value.at[number];
}

static inline const u8 *ewx_reach_key(const struct ewx_reach *r, u32 number)
{
	return r->value.at[number];
}

/* compare_enclaves.c: fill @enclaves. */
void ewx_compare_enclaves(struct ewx_compare *c);

/* compare_points.c: fill @processes, @files, @enclaves. */
void ewx_compare_points(struct ewx_compare *c);

/**
 * struct ewx_group - files, or enclaves, that are all the same to a pair of domains.
 * @point: the first of them
 * @weight: how many they are
 */
struct ewx_group {
	u32 point;
	u32 weight;
};

/**
 * struct ewx_groups - groups of files, or of enclaves, for pairs of domains.
 * @points: all of them; @files: whether they are files
 * @classes: per policy: lists of classes that a domain has entries for
 * @having: per policy: lists of points that are of a class
 * @round: the pair of domains, from 1
 * @matters: per policy and class: the last round in which it has an entry
 * @same: per policy and class: the group of those to which only this matters, from 1
 * @seen: per point: the last round in which it was put into a group
 * @known: points that were, in this round
 * @start: where in @group those of this round begin; @end: per round, where they end
 */
struct ewx_groups {
	const struct ewx_policy *p[2];
	const ewx_points *points;
	bool files;
	struct ewx_lists classes[2];
	struct ewx_lists having[2];
	u32 round;
	u32 *matters[2];
	u32 *same[2];
	u32 *seen;
	size_t known;
	EWX_VEC(struct ewx_group) group;
	u32 start;
	ewx_numbers end;
};

/* compare_groups.c: of @c->files or @c->enclaves, which are all there. */
void ewx_groups_init(struct ewx_groups *g, struct ewx_compare *c, bool files);

/* compare_groups.c: find the groups of one more pair of domains; counts @c->work. */
void ewx_groups_add(struct ewx_groups *g, struct ewx_compare *c,
		    const u32 domain[2]);

/* compare_groups.c: the groups of pair @n, by their points. */
const struct ewx_group *ewx_groups_get(const struct ewx_groups *g, size_t n,
				       size_t *count);

#endif /* _LIBEWX_COMPARE_H */

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
	void (*found)(struct ewx_compare *c, const struct ewx_query *q,
		      const struct ewx_reply reply[2]);
	void *context;
};

/**
 * ewx_compare() - find the differences. @p, @now, @found and @context are the
 * caller's. Return: 0, or -1 without memory.
 */
int ewx_compare(struct ewx_compare *c);

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

/* compare_points.c: fill @processes, @files, @enclaves. */
void ewx_compare_points(struct ewx_compare *c);

#endif /* _LIBEWX_COMPARE_H */

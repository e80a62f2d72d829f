// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Processes and files that stand for all that two policies tell apart.
 *
 * Owns: combinations of the values at which some test below a path's reference
 * changes; these values are compare_reach.c's, paths compare_paths.c's, enclaves
 * compare_enclaves.c's. Limits keep the work small; when one is met the comparison is
 * not complete, and says so.
 */
#include <string.h>
#include "compare.h"
#include "../security/ewx/core/read.h"

#define UNSAID		0xffffffffu

bool ewx_compare_new(struct ewx_sets *known, const u32 pair[2])
{
	u32 count = ewx_sets_count(known);

	return ewx_sets_intern(known, pair, 2) == count;
}

void ewx_compare_add(struct ewx_compare *c, ewx_points *points,
		     const struct ewx_point *point)
{
	if (ewx_compare_new(&c->known, point->result))
		*ewx_vec_push(&c->pool, points) = *point;
}

static bool in_group(const void *ctx, u32 low, u32 high)
{
	u32 gid = ((const struct ewx_point *)ctx)->high;

	return gid >= low && gid <= high;
}

static bool has_context(const void *ctx, const char *context)
{
	const struct ewx_point *point = ctx;

	return point->context && !strcmp(point->context, context);
}

/* @point: with ids and context. */
static void try_process(struct ewx_compare *c, const struct ewx_spot *place,
			const struct ewx_spot *group, struct ewx_point point,
			bool trusted)
{
	static const struct ewx_properties none;
	struct ewx_properties props = {
		.euid = point.low,
		.in_group = in_group,
		.has_context = has_context,
		.no_path = !trusted,
		.ctx = &point,
	};

	point.path = place->path;
	point.fs = group->path;
	point.flags = trusted ? 0 : EWX_QUERY_NO_EXE_PATH;

	for (int k = 0; k < 2; k++) {
		props.cgroup = ewx_walk(c->p[k], group->ref[k], &none);
		point.result[k] = ewx_walk(c->p[k], place->ref[k], &props);
	}
	ewx_compare_add(c, &c->processes, &point);
}

/* A process at @place and in @group; its ids and context are what tests there name. */
static void try_processes(struct ewx_compare *c, struct ewx_reach *r,
			  const struct ewx_spot *place,
			  const struct ewx_spot *group, bool trusted)
{
	size_t u, g, t;

	for (u = 0; u < r->low.count; u++)
		for (g = 0; g < r->gids.count; g++)
			for (t = 0; t < r->words.count; t++) {
				if (!ewx_compare_may_try(c, r))
					return;
				try_process(c, place, group, (struct ewx_point){
					.low = r->low.at[u],
					.high = r->gids.at[g],
					.context = ewx_reach_text(r, r->words.at[t]),
				}, trusted);
			}
}

static void find_processes(struct ewx_compare *c)
{
	ewx_spots places = { 0 }, groups = { 0 };
	struct ewx_reach r;
	size_t i, j;

	ewx_reach_init(&r, c);
	ewx_reach_know(&r, c, EWX_CONDITION_CONTEXT);
	ewx_compare_spots(c, EWX_AUTOMATON_EXE, &places);
	ewx_compare_spots(c, EWX_AUTOMATON_CGROUP, &groups);
	/* What examples need not say comes first. */
	for (j = groups.count; j--; )
		for (i = 0; i < places.count; i++) {
			const struct ewx_spot *place = &places.at[i];

			ewx_reach_find(&r, c, place->ref);
			if (place->path)
				try_processes(c, &r, place, &groups.at[j], true);
			try_processes(c, &r, place, &groups.at[j], false);
		}
}

/** struct proof - what fs-verity or dm-verity may say of a file. */
struct proof {
	u32 flags;
	const u8 *digest;
};

typedef EWX_VEC(struct proof) proofs_t;

static struct ewx_verity verity_of(const struct proof *proof)
{
	struct ewx_verity v = {
		.present = proof->flags,
		.is_signed = proof->flags & EWX_QUERY_FS_SIGNED,
		.has_digest = proof->digest,
	};

	if (proof->digest)
		memcpy(v.digest, proof->digest, sizeof(v.digest));
	return v;
}

static void try_file(struct ewx_compare *c, const struct ewx_spot *place,
		     struct ewx_point point, const struct proof *fs,
		     const struct proof *dm)
{
	const struct ewx_verity fs_verity = verity_of(fs);
	const struct ewx_verity dm_verity = verity_of(dm);
	const struct ewx_properties props = {
		.owner = point.low,
		.fs = point.fs,
		.read_only = point.flags & EWX_QUERY_READ_ONLY,
		.mapped_exec = point.flags & EWX_QUERY_MAPPED_EXEC,
		.no_path = !place->path,
		.fs_verity = &fs_verity,
		.dm_verity = &dm_verity,
	};

	point.path = place->path;
	point.flags |= fs->flags | dm->flags;
	point.fs_verity = fs->digest;
	point.dm_verity = dm->digest;

	for (int k = 0; k < 2; k++)
		point.result[k] = ewx_walk(c->p[k], place->ref[k], &props);
	if (!place->path) {
		point.path = "/untrusted";
		point.flags |= EWX_QUERY_NO_PATH;
	}
	ewx_compare_add(c, &c->files, &point);
}

/* What tests tell apart; the last one is that there is no verity. @is_signed: or 0 */
static void find_proofs(struct ewx_compare *c, const struct ewx_reach *r,
			const ewx_numbers *keys, u32 present, u32 has_digest,
			u32 is_signed, proofs_t *out)
{
	out->count = 0;
	for (size_t i = 0; i < keys->count; i++) {
		const u8 *key = ewx_reach_key(r, keys->at[i]);
		struct proof proof = { present | (key ? has_digest : 0), key };

		*ewx_vec_push(&c->pool, out) = proof;
		proof.flags |= is_signed;
		if (is_signed)
			*ewx_vec_push(&c->pool, out) = proof;
	}
	*ewx_vec_push(&c->pool, out) = (struct proof){ 0 };
}

/* One place and owner with everything else that tests there tell apart. */
static void try_place(struct ewx_compare *c, struct ewx_reach *r,
		      const struct ewx_spot *place, struct ewx_point point,
		      const proofs_t *fs, const proofs_t *dm)
{
	const u32 flags =
		(r->tests >> EWX_TEST_READ_ONLY & 1 ? EWX_QUERY_READ_ONLY : 0) |
		(r->tests >> EWX_TEST_MAPPED_EXEC & 1 ? EWX_QUERY_MAPPED_EXEC :
							0);

	/* All subsets of the flags, the empty one last. */
	for (u32 set = flags; ; set = (set - 1) & flags) {
		point.flags = set;
		for (size_t i = 0; i < fs->count; i++)
			for (size_t j = 0; j < dm->count; j++) {
				if (!ewx_compare_may_try(c, r))
					return;
				try_file(c, place, point, &fs->at[i],
					 &dm->at[j]);
			}
		if (!set)
			break;
	}
}

static void find_files(struct ewx_compare *c)
{
	proofs_t fs_proofs = { 0 }, dm_proofs = { 0 };
	ewx_spots places = { 0 };
	struct ewx_reach r;
	size_t i, o, f;

	ewx_reach_init(&r, c);
	ewx_reach_know(&r, c, EWX_CONDITION_FS);
	ewx_reach_know(&r, c, EWX_CONDITION_FS_VERITY);
	ewx_reach_know(&r, c, EWX_CONDITION_DM_VERITY);
	ewx_compare_spots(c, EWX_AUTOMATON_PATH, &places);
	for (i = 0; i < places.count; i++) {
		ewx_reach_find(&r, c, places.at[i].ref);
		find_proofs(c, &r, &r.fs_keys, EWX_QUERY_FS_VERITY,
			    EWX_QUERY_FS_DIGEST, EWX_QUERY_FS_SIGNED,
			    &fs_proofs);
		find_proofs(c, &r, &r.dm_keys, EWX_QUERY_DM_VERITY,
			    EWX_QUERY_DM_DIGEST, 0, &dm_proofs);
		for (o = 0; o < r.low.count; o++)
			for (f = 0; f < r.words.count; f++) {
				const char *fs =
					ewx_reach_text(&r, r.words.at[f]);

				try_place(c, &r, &places.at[i],
					  (struct ewx_point){
						.low = r.low.at[o],
						.fs = fs ? fs : "",
					  }, &fs_proofs, &dm_proofs);
			}
	}
}

void ewx_compare_points(struct ewx_compare *c)
{
	static void (*const find[])(struct ewx_compare *c) = {
		find_processes, find_files, ewx_compare_enclaves,
	};

	c->complete = true;
	for (size_t i = 0; i < sizeof(find) / sizeof(find[0]); i++) {
		c->work = 0;
		ewx_sets_init(&c->known, &c->pool);
		find[i](c);
		ewx_sets_drop(&c->known);
	}
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Processes, files and enclaves that stand for all that two policies tell apart.
 *
 * Owns: properties, by the values at which some condition changes; paths are
 * compare_paths.c's. Limits keep the work small; when one is met the comparison is
 * not complete, and says so.
 */
#include <string.h>
#include "compare.h"
#include "../security/ewx/core/read.h"

#define TRIALS_MAX	4000000	/* combinations of properties */
#define UNSAID		0xffffffffu

typedef EWX_VEC(const char *) strings_t;
typedef EWX_VEC(u64) wide_t;

/* Fewer of them, the last one among them. */
#define CAP(vec, n)						\
	do {							\
		if ((vec).count > (n)) {			\
			(vec).at[(n) - 1] = (vec).at[(vec).count - 1]; \
			(vec).count = (n);			\
		}						\
	} while (0)

bool ewx_compare_new(struct ewx_sets *known, const u32 pair[2])
{
	u32 count = ewx_sets_count(known);

	return ewx_sets_intern(known, pair, 2) == count;
}

/* Values at which conditions of @kind change: low ends, and behind high ends. */
static void bounds(struct ewx_compare *c, u32 kind, ewx_numbers *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			u32 a, b;

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
			    kind)
				continue;
			a = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);
			b = EWX_GET32(p, CONDITIONS, ewx_condition, i, b);
			*ewx_vec_push(&c->pool, out) = a;
			if (kind == EWX_CONDITION_PRODUCT)
				b = a;
			if (kind != EWX_CONDITION_MIN_SVN && b < UNSAID)
				*ewx_vec_push(&c->pool, out) = b + 1;
		}
	}
	out->count = ewx_sort_unique(out->at, out->count);
}

static bool has_condition(const struct ewx_compare *c, u32 kind)
{
	for (int k = 0; k < 2; k++)
		for (u32 i = 0; i < ewx_count(c->p[k], EWX_SECTION_CONDITIONS);
		     i++)
			if (EWX_GET32(c->p[k], CONDITIONS, ewx_condition, i,
				      kind) == kind)
				return true;
	return false;
}

static void add_point(struct ewx_compare *c, ewx_points *points,
		      const struct ewx_point *point)
{
	if (ewx_compare_new(&c->known, point->result))
		*ewx_vec_push(&c->pool, points) = *point;
}

/* Whether that many combinations may be tried; there is one of each at least. */
static bool affordable(struct ewx_compare *c, size_t a, size_t b, size_t d)
{
	bool good = a <= TRIALS_MAX && b <= TRIALS_MAX / a &&
		    d <= TRIALS_MAX / (a * b);

	if (!good)
		c->complete = false;
	return good;
}

/* Texts that conditions of @kind name; the last is @other. */
static void words(struct ewx_compare *c, u32 kind, const char *other,
		  strings_t *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++)
			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) ==
			    kind)
				*ewx_vec_push(&c->pool, out) = ewx_string(
					p, EWX_GET32(p, CONDITIONS,
						     ewx_condition, i, a));
	}
	*ewx_vec_push(&c->pool, out) = other;
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
	add_point(c, &c->processes, &point);
}

static void find_processes(struct ewx_compare *c)
{
	ewx_numbers uids = { 0 }, gids = { 0 };
	ewx_spots places = { 0 }, groups = { 0 };
	strings_t contexts = { 0 };
	size_t i, j, u, g;

	words(c, EWX_CONDITION_CONTEXT, NULL, &contexts);
	ewx_compare_spots(c, EWX_AUTOMATON_EXE, &places);
	ewx_compare_spots(c, EWX_AUTOMATON_CGROUP, &groups);
	bounds(c, EWX_CONDITION_UID, &uids);
	bounds(c, EWX_CONDITION_GID, &gids);
	*ewx_vec_push(&c->pool, &uids) = UNSAID;
	*ewx_vec_push(&c->pool, &gids) = UNSAID;
	if (!affordable(c, 2 * places.count * groups.count, uids.count,
			gids.count * contexts.count)) {
		CAP(uids, 100);
		CAP(gids, 10);
		CAP(contexts, 10);
	}
	/* What examples need not say comes first. */
	for (j = groups.count; j--; )
		for (i = 0; i < 2 * places.count; i++) {
			const struct ewx_spot *place = &places.at[i / 2];
			bool trusted = place->path && i % 2 == 0;

			for (u = 0; u < uids.count; u++)
				for (g = 0; g < gids.count * contexts.count; g++)
					try_process(c, place, &groups.at[j],
						    (struct ewx_point){
						.low = uids.at[u],
						.high = gids.at[g / contexts.count],
						.context = contexts.at[g % contexts.count],
					}, trusted);
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
	add_point(c, &c->files, &point);
}

/** struct keys - digests that conditions name; the last is none of them. */
typedef EWX_VEC(const u8 *) keys_t;

static void digests(struct ewx_compare *c, u32 kind, const u8 *other,
		    keys_t *out)
{
	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			u32 a = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);
			const u8 *key;
			size_t j;

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
				    kind || a >= EWX_SIGNED)
				continue;
			key = ewx_key(p, a);
			for (j = 0; j < out->count; j++)
				if (!memcmp(out->at[j], key, 32))
					break;
			if (j == out->count)
				*ewx_vec_push(&c->pool, out) = key;
		}
	}
	*ewx_vec_push(&c->pool, out) = other;
}

/* What conditions of @kind tell apart; the last one is that there is no verity. */
static void find_proofs(struct ewx_compare *c, u32 kind, u32 present,
			u32 has_digest, u32 is_signed, proofs_t *out)
{
	keys_t keys = { 0 };

	if (has_condition(c, kind)) {
		digests(c, kind, NULL, &keys);
		CAP(keys, 50);
	}
	for (size_t i = 0; i < keys.count; i++) {
		struct proof proof = {
			present | (keys.at[i] ? has_digest : 0), keys.at[i]
		};

		*ewx_vec_push(&c->pool, out) = proof;
		proof.flags |= is_signed;
		if (is_signed)
			*ewx_vec_push(&c->pool, out) = proof;
	}
	*ewx_vec_push(&c->pool, out) = (struct proof){ 0 };
}

/* One place with everything else that conditions tell apart. */
static void try_place(struct ewx_compare *c, const struct ewx_spot *place,
		      struct ewx_point point, u32 flags, const proofs_t *fs,
		      const proofs_t *dm)
{
	/* All subsets of the flags, the empty one last. */
	for (u32 set = flags; ; set = (set - 1) & flags) {
		point.flags = set;
		for (size_t i = 0; i < fs->count; i++)
			for (size_t j = 0; j < dm->count; j++)
				try_file(c, place, point, &fs->at[i],
					 &dm->at[j]);
		if (!set)
			break;
	}
}

static void find_files(struct ewx_compare *c)
{
	proofs_t fs_proofs = { 0 }, dm_proofs = { 0 };
	const u32 flags = (has_condition(c, EWX_CONDITION_READ_ONLY) ?
				   EWX_QUERY_READ_ONLY : 0) |
			  (has_condition(c, EWX_CONDITION_MAPPED_EXEC) ?
				   EWX_QUERY_MAPPED_EXEC : 0);
	strings_t fs = { 0 };
	ewx_numbers owners = { 0 };
	ewx_spots places = { 0 };
	size_t i, o, f;

	ewx_compare_spots(c, EWX_AUTOMATON_PATH, &places);
	bounds(c, EWX_CONDITION_OWNER, &owners);
	*ewx_vec_push(&c->pool, &owners) = UNSAID;
	words(c, EWX_CONDITION_FS, "", &fs);
	find_proofs(c, EWX_CONDITION_FS_VERITY, EWX_QUERY_FS_VERITY,
		    EWX_QUERY_FS_DIGEST, EWX_QUERY_FS_SIGNED, &fs_proofs);
	find_proofs(c, EWX_CONDITION_DM_VERITY, EWX_QUERY_DM_VERITY,
		    EWX_QUERY_DM_DIGEST, 0, &dm_proofs);
	if (!affordable(c, places.count, owners.count * fs_proofs.count,
			fs.count * 4 * dm_proofs.count)) {
		CAP(owners, 20);
		CAP(fs, 10);
		CAP(fs_proofs, 10);
		CAP(dm_proofs, 10);
	}
	for (i = 0; i < places.count; i++)
		for (o = 0; o < owners.count; o++)
			for (f = 0; f < fs.count; f++)
				try_place(c, &places.at[i], (struct ewx_point){
					.low = owners.at[o], .fs = fs.at[f],
				}, flags, &fs_proofs, &dm_proofs);
}

/* Words of attributes: those that conditions name, with their masks joined. */
static void attributes(struct ewx_compare *c, ewx_numbers *out)
{
	u32 bits = 0;

	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++)
			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) ==
			    EWX_CONDITION_ATTRIBUTES)
				bits |= EWX_GET32(p, CONDITIONS, ewx_condition,
						  i, a);
	}
	if (__builtin_popcount(bits) > 6) {
		c->complete = false;
		bits &= 0x3f;
	}
	for (u32 set = bits; ; set = (set - 1) & bits) {
		*ewx_vec_push(&c->pool, out) = set;
		if (!set)
			break;
	}
}

/* Words of XFRM: those that conditions name, and nothing. */
static void features(struct ewx_compare *c, wide_t *out)
{
	u64 bits = 0;

	for (int k = 0; k < 2; k++) {
		const struct ewx_policy *p = c->p[k];

		for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
			u32 at = EWX_GET32(p, CONDITIONS, ewx_condition, i, a);

			if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) ==
			    EWX_CONDITION_XFRM)
				bits |= EWX_NUMBER(p, VALUES, at) |
					(u64)EWX_NUMBER(p, VALUES, at + 1) << 32;
		}
	}
	while (__builtin_popcountll(bits) > 6) {
		c->complete = false;
		bits &= bits - 1;
	}
	for (u64 set = bits; ; set = (set - 1) & bits) {
		*ewx_vec_push(&c->pool, out) = set;
		if (!set)
			break;
	}
}

static void try_enclave(struct ewx_compare *c, struct ewx_point point)
{
	const struct ewx_properties props = {
		.has_signer = point.flags & EWX_QUERY_HAS_SIGNER,
		.signer = point.signer,
		.measurement = point.measurement,
		.product = point.product,
		.svn = point.svn,
		.attributes = point.attributes,
		.xfrm = point.xfrm,
	};

	for (int k = 0; k < 2; k++)
		point.result[k] = ewx_identity_class(c->p[k], &props);
	add_point(c, &c->enclaves, &point);
}

static void find_enclaves(struct ewx_compare *c)
{
	ewx_numbers products = { 0 }, svns = { 0 }, attrs = { 0 };
	static const u8 nobody[32] = { 0xee }, unknown[32];
	keys_t signers = { 0 }, measurements = { 0 };
	wide_t xfrms = { 0 };
	size_t s, m, i, v, a;

	digests(c, EWX_CONDITION_SIGNER, nobody, &signers);
	digests(c, EWX_CONDITION_MEASUREMENT, unknown, &measurements);
	bounds(c, EWX_CONDITION_PRODUCT, &products);
	bounds(c, EWX_CONDITION_MIN_SVN, &svns);
	attributes(c, &attrs);
	features(c, &xfrms);
	*ewx_vec_push(&c->pool, &products) = 0;
	*ewx_vec_push(&c->pool, &svns) = 0;
	if (!affordable(c, signers.count * measurements.count, products.count,
			svns.count * attrs.count * xfrms.count)) {
		CAP(products, 4);
		CAP(svns, 4);
		CAP(attrs, 4);
		CAP(xfrms, 4);
		CAP(measurements, 1000);
		CAP(signers, 50);
	}
	for (s = 0; s < signers.count; s++)
		for (m = 0; m < measurements.count; m++)
			for (i = 0; i < products.count; i++)
				for (v = 0; v < svns.count; v++)
					for (a = 0; a < attrs.count * xfrms.count; a++)
						try_enclave(c, (struct ewx_point){
							.flags = EWX_QUERY_HAS_SIGNER,
							.signer = signers.at[s],
							.measurement = measurements.at[m],
							.product = (u16)products.at[i],
							.svn = (u16)svns.at[v],
							.attributes = attrs.at[a / xfrms.count],
							.xfrm = xfrms.at[a % xfrms.count],
						});
}

void ewx_compare_points(struct ewx_compare *c)
{
	static void (*const find[])(struct ewx_compare *c) = {
		find_processes, find_files, find_enclaves,
	};

	c->complete = true;
	for (size_t i = 0; i < sizeof(find) / sizeof(find[0]); i++) {
		ewx_sets_init(&c->known, &c->pool);
		find[i](c);
		ewx_sets_drop(&c->known);
	}
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Enclaves that stand for all that two policies tell apart.
 *
 * Owns: combinations of measurements, products, versions and attributes. With a signer
 * only those are tried that some identity names which this signer's enclaves may be in.
 */
#include "compare.h"
#include "../security/ewx/core/read.h"

typedef EWX_VEC(u64) wide_t;

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
	for (u32 set = bits;; set = (set - 1) & bits) {
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
					(u64)EWX_NUMBER(p, VALUES, at + 1)
						<< 32;
		}
	}
	while (__builtin_popcountll(bits) > 6) {
		c->complete = false;
		bits &= bits - 1;
	}
	for (u64 set = bits;; set = (set - 1) & bits) {
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
	ewx_compare_add(c, &c->enclaves, &point);
}

/**
 * struct owners - who names what.
 * @reach: numbers of digests
 * @named: per identity, those of the new policy behind the old one's: its conditions
 * @signed_by: per signer's number: identities; number 0: those of any signer
 * @measurements, @products, @svns: what goes with a signer; the last is the least
 * @attributes, @xfrms: what goes with everybody
 */
struct owners {
	struct ewx_reach reach;
	struct ewx_lists named;
	struct ewx_lists signed_by;
	ewx_numbers measurements;
	ewx_numbers products;
	ewx_numbers svns;
	ewx_numbers attributes;
	wide_t xfrms;
};

static u32 identities(const struct ewx_compare *c, int k)
{
	return ewx_count(c->p[k], EWX_SECTION_IDENTITIES);
}

/* The policy that has identity @i. */
static int policy_of(const struct ewx_compare *c, u32 i)
{
	return i >= identities(c, 0);
}

static void list_conditions(struct ewx_compare *c, struct owners *o)
{
	u32 all = identities(c, 0) + identities(c, 1);

	ewx_lists_init(&o->named, &c->pool, all);
	for (int pass = 0; pass < 2; pass++) {
		for (int k = 0; k < 2; k++) {
			const struct ewx_policy *p = c->p[k];
			u32 first = k ? identities(c, 0) : 0;

			for (u32 i = 0;
			     i < ewx_count(p, EWX_SECTION_CONDITIONS); i++)
				if (EWX_GET32(p, CONDITIONS, ewx_condition, i,
					      owner_kind) == EWX_OWNER_IDENTITY)
					ewx_lists_put(
						&o->named,
						first + EWX_GET32(p, CONDITIONS,
								  ewx_condition,
								  i, owner),
						i);
		}
		if (!pass)
			ewx_lists_counted(&o->named, &c->pool, all);
	}
}

/* Identity @i below each of its signers, or below none. */
static void put_signers(struct ewx_compare *c, struct owners *o, u32 i)
{
	const struct ewx_lists *l = &o->named;
	int k = policy_of(c, i);
	bool any = true;

	for (u32 j = 0; j < l->count[i]; j++) {
		u32 at = l->value[l->first[i] + j];

		if (EWX_GET32(c->p[k], CONDITIONS, ewx_condition, at, kind) !=
		    EWX_CONDITION_SIGNER)
			continue;
		any = false;
		ewx_lists_put(
			&o->signed_by,
			ewx_reach_key_number(&o->reach, c, k,
					     EWX_GET32(c->p[k], CONDITIONS,
						       ewx_condition, at, a)),
			i);
	}
	if (any)
		ewx_lists_put(&o->signed_by, 0, i);
}

static void list_signers(struct ewx_compare *c, struct owners *o)
{
	u32 signers = (u32)o->reach.value.count;
	u32 all = identities(c, 0) + identities(c, 1);

	ewx_lists_init(&o->signed_by, &c->pool, signers);
	for (int pass = 0; pass < 2; pass++) {
		for (u32 i = 0; i < all; i++)
			put_signers(c, o, i);
		if (!pass)
			ewx_lists_counted(&o->signed_by, &c->pool, signers);
	}
}

/* What identity @i names, and what is beside that. */
static void note(struct ewx_compare *c, struct owners *o, u32 i)
{
	const struct ewx_lists *l = &o->named;
	int k = policy_of(c, i);

	for (u32 j = 0; j < l->count[i]; j++) {
		u32 at = l->value[l->first[i] + j];
		u32 a = EWX_GET32(c->p[k], CONDITIONS, ewx_condition, at, a);

		c->work++;
		switch (EWX_GET32(c->p[k], CONDITIONS, ewx_condition, at,
				  kind)) {
		case EWX_CONDITION_MEASUREMENT:
			*ewx_vec_push(&c->pool, &o->measurements) =
				ewx_reach_key_number(&o->reach, c, k, a);
			break;
		case EWX_CONDITION_PRODUCT:
			*ewx_vec_push(&c->pool, &o->products) = a;
			*ewx_vec_push(&c->pool, &o->products) = a + 1;
			break;
		case EWX_CONDITION_MIN_SVN:
			*ewx_vec_push(&c->pool, &o->svns) = a;
			break;
		default:
			break;
		}
	}
}

static void note_all(struct ewx_compare *c, struct owners *o, u32 signer)
{
	const struct ewx_lists *l = &o->signed_by;

	for (u32 i = 0; i < l->count[signer]; i++)
		note(c, o, l->value[l->first[signer] + i]);
}

/* All that goes with the signer of that number; 0: one that nobody names. */
static void find(struct ewx_compare *c, struct owners *o, u32 signer)
{
	ewx_numbers *const lists[] = { &o->measurements, &o->products,
				       &o->svns };
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		lists[i]->count = 0;
	note_all(c, o, signer);
	if (signer)
		note_all(c, o, 0);
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		lists[i]->count =
			ewx_sort_unique(lists[i]->at, lists[i]->count);
		*ewx_vec_push(&c->pool, lists[i]) = 0;
	}
}

static void try_one(struct ewx_compare *c, const struct owners *o,
		    struct ewx_point point, u32 measurement)
{
	static const u8 unknown[32];
	size_t xfrms = o->xfrms.count;

	point.measurement =
		measurement ? ewx_reach_key(&o->reach, measurement) : unknown;
	for (size_t a = 0; a < o->attributes.count * xfrms; a++) {
		if (!ewx_compare_may_try(c, &o->reach))
			return;
		point.attributes = o->attributes.at[a / xfrms];
		point.xfrm = o->xfrms.at[a % xfrms];
		try_enclave(c, point);
	}
}

static void try_signer(struct ewx_compare *c, struct owners *o, u32 signer)
{
	static const u8 nobody[32] = { 0xee };
	struct ewx_point point = {
		.flags = EWX_QUERY_HAS_SIGNER,
		.signer = signer ? ewx_reach_key(&o->reach, signer) : nobody,
	};
	size_t m, i, v;

	find(c, o, signer);
	for (m = 0; m < o->measurements.count; m++)
		for (i = 0; i < o->products.count; i++)
			for (v = 0; v < o->svns.count; v++) {
				point.product = (u16)o->products.at[i];
				point.svn = (u16)o->svns.at[v];
				try_one(c, o, point, o->measurements.at[m]);
			}
}

void ewx_compare_enclaves(struct ewx_compare *c)
{
	struct owners o = { 0 };
	u32 signers;

	ewx_reach_init(&o.reach, c);
	ewx_reach_know(&o.reach, c, EWX_CONDITION_SIGNER);
	signers = (u32)o.reach.value.count;
	list_conditions(c, &o);
	list_signers(c, &o);
	attributes(c, &o.attributes);
	features(c, &o.xfrms);
	for (u32 i = 1; i <= signers; i++)
		try_signer(c, &o, i % signers);
}

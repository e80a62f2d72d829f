// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The unordered part of a diagram: tests one after the other, each outcome
 * striking items and deciding other tests, until the callback knows the result.
 */
#include <string.h>
#include "diagram.h"

enum { UNKNOWN, YES, NO };

/* A digest or a signature is one of some verity. */
static bool digest_implies(const struct ewx_atom *a, const struct ewx_atom *b)
{
	return a->arg != EWX_ANY && b->arg == EWX_ANY;
}

static bool is_digest(const struct ewx_atom *a)
{
	return a->arg != EWX_ANY && a->arg != EWX_SIGNED;
}

/* @a being true says that @b is. */
static bool implies(const struct ewx_diagram *d, const struct ewx_atom *a,
		    const struct ewx_atom *b)
{
	if (a->test != b->test)
		return false;
	switch (a->test) {
	case EWX_TEST_GROUP:
		return b->low <= a->low && a->high <= b->high;
	case EWX_TEST_CGROUP:
		return d->implies && d->implies(d->ctx, a->arg, b->arg);
	case EWX_TEST_FS_VERITY:
	case EWX_TEST_DM_VERITY:
		return digest_implies(a, b);
	case EWX_TEST_ATTRIBUTES:
	case EWX_TEST_XFRM:
		return !(b->low & ~a->low) && (a->high & b->low) == b->high;
	default:
		return false;
	}
}

/* @a being true says that @b is not. */
static bool excludes(const struct ewx_diagram *d, const struct ewx_atom *a,
		     const struct ewx_atom *b)
{
	if (a->test != b->test)
		return false;
	switch (a->test) {
	case EWX_TEST_CONTEXT:
	case EWX_TEST_FS:
		return true;
	case EWX_TEST_CGROUP:
		return d->excludes && d->excludes(d->ctx, a->arg, b->arg);
	case EWX_TEST_FS_VERITY:
	case EWX_TEST_DM_VERITY:
		return is_digest(a) && is_digest(b);
	case EWX_TEST_ATTRIBUTES:
	case EWX_TEST_XFRM:
		return (a->high ^ b->high) & a->low & b->low;
	default:
		return false;
	}
}

static void learn(struct ewx_diagram *d, u32 atom, u8 what)
{
	if (d->known[atom] != UNKNOWN)
		return;
	d->known[atom] = what;
	*ewx_vec_push(d->pool, &d->trail) = atom;
}

static void assume(struct ewx_diagram *d, const ewx_numbers *relevant, u32 atom,
		   u8 what)
{
	const struct ewx_atom *a = &d->atoms.at[atom];

	learn(d, atom, what);
	for (size_t i = 0; i < relevant->count; i++) {
		u32 other = relevant->at[i];
		const struct ewx_atom *b = &d->atoms.at[other];

		if (other == atom)
			continue;
		if (what == YES && implies(d, a, b))
			learn(d, other, YES);
		else if (what == YES && excludes(d, a, b))
			learn(d, other, NO);
		else if (what == NO && implies(d, b, a))
			learn(d, other, NO);
	}
}

static void forget(struct ewx_diagram *d, size_t mark)
{
	while (d->trail.count > mark)
		d->known[d->trail.at[--d->trail.count]] = UNKNOWN;
}

/* Whether a clause holds; if that is open, @atom gets its first open atom. */
static u8 clause_state(const struct ewx_diagram *d, u32 clause, u32 *atom)
{
	size_t count;
	const u32 *atoms = ewx_sets_get(&d->atom_sets, clause, &count);
	u8 state = NO;

	for (size_t i = 0; i < count; i++) {
		if (d->known[atoms[i]] == YES)
			return YES;
		if (d->known[atoms[i]] == UNKNOWN && state == NO) {
			state = UNKNOWN;
			*atom = atoms[i];
		}
	}
	return state;
}

static u8 item_state(const struct ewx_diagram *d, u32 item, u32 *atom)
{
	size_t count;
	const u32 *clauses =
		ewx_sets_get(&d->clauses, d->items.at[item].clauses, &count);
	u8 state = YES;

	for (size_t i = 0; i < count; i++) {
		u32 open = EWX_NONE;

		switch (clause_state(d, clauses[i], &open)) {
		case NO:
			return NO;
		case UNKNOWN:
			if (state == YES)
				*atom = open;
			state = UNKNOWN;
			break;
		default:
			break;
		}
	}
	return state;
}

/* Recursion is as deep as there are tests that tell the items apart. */
static u32 walk(struct ewx_diagram *d, const ewx_numbers *relevant,
		const u32 *items, size_t count)
{
	u32 *fits = ewx_pool_alloc(d->pool, 2 * count + 1, sizeof(u32));
	u32 *open = fits + count, atom = EWX_NONE, ref, yes, no;
	size_t fit_count = 0, open_count = 0, mark = d->trail.count;

	ewx_diagram_spend(d, count + relevant->count, items, count);
	for (size_t i = 0; i < count; i++) {
		u32 unknown = EWX_NONE;

		switch (item_state(d, items[i], &unknown)) {
		case YES:
			fits[fit_count++] = items[i];
			break;
		case UNKNOWN:
			if (!open_count)
				atom = unknown;
			open[open_count++] = items[i];
			break;
		default:
			break;
		}
	}
	ref = d->decide(d->ctx, fits, fit_count, open, open_count);
	if (ref == EWX_NONE) {
		const struct ewx_atom *a = &d->atoms.at[atom];

		/* Items that are out stay out below: pass only the others. */
		memmove(fits + fit_count, open, open_count * sizeof(u32));
		count = fit_count + open_count;
		assume(d, relevant, atom, YES);
		yes = walk(d, relevant, fits, count);
		forget(d, mark);
		assume(d, relevant, atom, NO);
		no = walk(d, relevant, fits, count);
		forget(d, mark);
		ref = ewx_node(d->nodes, a->test, a->arg, yes, no);
	}
	ewx_pool_drop(d->pool, fits);
	return ref;
}

static void collect_relevant(struct ewx_diagram *d, const u32 *items,
			     size_t count, ewx_numbers *relevant)
{
	for (size_t i = 0; i < count; i++) {
		size_t clause_count, atom_count;
		const u32 *clauses = ewx_sets_get(&d->clauses,
						  d->items.at[items[i]].clauses,
						  &clause_count);

		for (size_t j = 0; j < clause_count; j++) {
			const u32 *atoms = ewx_sets_get(
				&d->atom_sets, clauses[j], &atom_count);

			for (size_t k = 0; k < atom_count; k++)
				*ewx_vec_push(d->pool, relevant) = atoms[k];
		}
	}
	if (relevant->count)
		relevant->count =
			ewx_sort_unique(relevant->at, relevant->count);
}

u32 ewx_diagram_atoms(struct ewx_diagram *d, u32 *items, size_t count)
{
	ewx_numbers relevant = { 0 };
	u32 ref;

	collect_relevant(d, items, count, &relevant);
	if (d->prefer)
		d->prefer(d->ctx, items, count);
	ref = walk(d, &relevant, items, count);
	ewx_vec_drop(d->pool, &relevant);
	return ref;
}

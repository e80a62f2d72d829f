// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The unordered part of a diagram: tests one after the other, each outcome
 * striking items and deciding other tests, until the callback knows the result.
 *
 * Of contexts, filesystems and digests a subject has one of each kind at most. Such
 * tests are picks: all of a kind are made at once, and what each of them leads to is
 * looked for among the items that name it, not among all. So thousands of digests
 * take no more time than they have bytes.
 */
#include <stdlib.h>
#include <string.h>
#include "diagram.h"

enum { UNKNOWN, YES, NO };

/**
 * struct ewx_part - a clause, parted in picks and other atoms.
 * @picks: how many there are; @first: of them, an atom
 * @state: whether one of them is true
 * @any: the atom that every pick of the clause implies, or EWX_NONE
 * @rest: the other atoms, id in @rests of the diagram
 */
struct ewx_part {
	u32 picks;
	u32 first;
	u8 state;
	u32 any;
	u32 rest;
};

/* A digest or a signature is one of some verity. */
static bool digest_implies(const struct ewx_atom *a, const struct ewx_atom *b)
{
	return a->arg != EWX_ANY && b->arg == EWX_ANY;
}

static bool is_digest(const struct ewx_atom *a)
{
	return a->arg != EWX_ANY && a->arg != EWX_SIGNED;
}

/* Picks of one test exclude each other. */
static bool is_pick(const struct ewx_atom *a)
{
	switch (a->test) {
	case EWX_TEST_CONTEXT:
	case EWX_TEST_FS:
		return true;
	case EWX_TEST_FS_VERITY:
	case EWX_TEST_DM_VERITY:
		return is_digest(a);
	default:
		return false;
	}
}

/* @a being true says that @b is. Neither is a pick. */
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

/* @a being true says that @b is not. Neither is a pick. */
static bool excludes(const struct ewx_diagram *d, const struct ewx_atom *a,
		     const struct ewx_atom *b)
{
	if (a->test != b->test)
		return false;
	switch (a->test) {
	case EWX_TEST_CGROUP:
		return d->excludes && d->excludes(d->ctx, a->arg, b->arg);
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
	ewx_diagram_count(d, relevant->count);
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

/* The atom of @test and @arg, or EWX_NONE. */
static u32 find_atom(struct ewx_diagram *d, u32 test, u32 arg)
{
	for (u32 i = 0; i < d->atoms.count; i++)
		if (d->atoms.at[i].test == test && d->atoms.at[i].arg == arg)
			return i;
	return EWX_NONE;
}

static void part_clause(struct ewx_diagram *d, u32 clause, const u32 *any)
{
	struct ewx_part *part = &d->parts[clause];
	ewx_numbers rest = { 0 };
	size_t count;
	const u32 *atoms = ewx_sets_get(&d->atom_sets, clause, &count);

	part->any = EWX_NONE;
	for (size_t i = 0; i < count; i++) {
		const struct ewx_atom *a = &d->atoms.at[atoms[i]];

		if (!is_pick(a)) {
			*ewx_vec_push(d->pool, &rest) = atoms[i];
			continue;
		}
		if (!part->picks++)
			part->first = atoms[i];
		if (a->test == EWX_TEST_FS_VERITY)
			part->any = any[0];
		else if (a->test == EWX_TEST_DM_VERITY)
			part->any = any[1];
	}
	part->state = part->picks ? UNKNOWN : NO;
	part->rest = ewx_sets_intern(&d->rests, rest.at, rest.count);
	ewx_vec_drop(d->pool, &rest);
}

void ewx_diagram_part_clauses(struct ewx_diagram *d)
{
	u32 count = ewx_sets_count(&d->atom_sets);
	const u32 any[] = { find_atom(d, EWX_TEST_FS_VERITY, EWX_ANY),
			    find_atom(d, EWX_TEST_DM_VERITY, EWX_ANY) };

	d->parts = ewx_pool_alloc(d->pool, count, sizeof(*d->parts));
	for (u32 clause = 0; clause < count; clause++)
		part_clause(d, clause, any);
}

/* Whether one of a clause's picks is true. */
static u8 picks_state(const struct ewx_diagram *d, const struct ewx_part *part)
{
	if (part->state == UNKNOWN && part->any != EWX_NONE &&
	    d->known[part->any] == NO)
		return NO;
	return part->state;
}

/* Whether a clause holds; if that is open, @atom gets an open atom. */
static u8 clause_state(struct ewx_diagram *d, u32 clause, u32 *atom)
{
	const struct ewx_part *part = &d->parts[clause];
	u8 state = picks_state(d, part);
	size_t count;
	const u32 *atoms = ewx_sets_get(&d->rests, part->rest, &count);

	if (state == YES)
		return YES;
	if (state == UNKNOWN)
		*atom = part->first;
	ewx_diagram_count(d, count);
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

static u8 item_state(struct ewx_diagram *d, u32 item, u32 *atom)
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

static u32 walk(struct ewx_diagram *d, const ewx_numbers *relevant,
		const u32 *items, size_t count);

/** struct pick - an atom that is a pick, and an item that names it, by its place. */
struct pick {
	u32 atom;
	u32 place;
};

static int compare_picks(const void *a, const void *b)
{
	const struct pick *x = a, *y = b;

	if (x->atom != y->atom)
		return x->atom < y->atom ? -1 : 1;
	return (x->place > y->place) - (x->place < y->place);
}

/**
 * struct picking - all picks of a test being made.
 * @items: those that may still fit
 * @clause: of each: the one with such picks that are open, or 0
 * @picks: by atom
 * @free: places of items that need none of the picks
 * @branch: memory
 */
struct picking {
	struct ewx_diagram *d;
	const ewx_numbers *relevant;
	const u32 *items;
	size_t count;
	u32 *clause;
	EWX_VEC(struct pick) picks;
	ewx_numbers free;
	ewx_numbers branch;
};

/* The clause of @item that waits for picks of @test, or 0: there is one at most. */
static u32 open_picks(struct ewx_diagram *d, u32 item, u32 test)
{
	u32 atom = EWX_NONE;
	size_t count;
	const u32 *clauses =
		ewx_sets_get(&d->clauses, d->items.at[item].clauses, &count);

	for (size_t i = 0; i < count; i++) {
		const struct ewx_part *part = &d->parts[clauses[i]];

		if (part->picks && picks_state(d, part) == UNKNOWN &&
		    d->atoms.at[part->first].test == test &&
		    clause_state(d, clauses[i], &atom) == UNKNOWN)
			return clauses[i];
	}
	return 0;
}

/* Collect the picks, which are all untrue from now on. */
static void collect_picks(struct picking *p, u32 test)
{
	struct ewx_diagram *d = p->d;

	for (u32 place = 0; place < p->count; place++) {
		u32 clause = open_picks(d, p->items[place], test);
		size_t count;
		const u32 *atoms = ewx_sets_get(&d->atom_sets, clause, &count);

		p->clause[place] = clause;
		for (size_t i = 0; i < count; i++)
			if (is_pick(&d->atoms.at[atoms[i]]))
				*ewx_vec_push(d->pool, &p->picks) =
					(struct pick){ atoms[i], place };
		ewx_diagram_count(d, count);
	}
	for (u32 place = 0; place < p->count; place++) {
		if (p->clause[place])
			d->parts[p->clause[place]].state = NO;
	}
	for (size_t i = 0; i < p->picks.count; i++)
		learn(d, p->picks.at[i].atom, NO);
	for (u32 place = 0; place < p->count; place++) {
		u32 atom = EWX_NONE;

		if (item_state(d, p->items[place], &atom) != NO)
			*ewx_vec_push(d->pool, &p->free) = place;
	}
	/* Of none the array may be NULL. */
	if (p->picks.count)
		qsort(p->picks.at, p->picks.count, sizeof(*p->picks.at),
		      compare_picks);
}

/* Add the item at @place to the branch, once. */
static void enter(struct picking *p, u32 *last, u32 place)
{
	if (*last != place)
		*ewx_vec_push(p->d->pool, &p->branch) = p->items[place];
	*last = place;
}

/* What the picks [begin, end), of one atom, lead to if that is true. */
static u32 branch_of(struct picking *p, size_t begin, size_t end)
{
	struct ewx_diagram *d = p->d;
	u32 atom = p->picks.at[begin].atom, last = EWX_NONE, ref;
	size_t mark = d->trail.count, f = 0;

	p->branch.count = 0;
	for (size_t i = begin; i < end; i++) {
		u32 place = p->picks.at[i].place;

		while (f < p->free.count && p->free.at[f] < place)
			enter(p, &last, p->free.at[f++]);
		enter(p, &last, place);
		d->parts[p->clause[place]].state = YES;
	}
	for (; f < p->free.count; f++)
		enter(p, &last, p->free.at[f]);
	d->known[atom] = YES;
	if (d->parts[p->clause[p->picks.at[begin].place]].any != EWX_NONE)
		learn(d, d->parts[p->clause[p->picks.at[begin].place]].any,
		      YES);
	ref = walk(d, p->relevant, p->branch.at, p->branch.count);
	forget(d, mark);
	d->known[atom] = NO;
	for (size_t i = begin; i < end; i++)
		d->parts[p->clause[p->picks.at[i].place]].state = NO;
	return ref;
}

/* What is left if no pick is true. */
static u32 branch_of_none(struct picking *p)
{
	p->branch.count = 0;
	for (size_t i = 0; i < p->free.count; i++)
		*ewx_vec_push(p->d->pool, &p->branch) = p->items[p->free.at[i]];
	return walk(p->d, p->relevant, p->branch.at, p->branch.count);
}

/* A chain of tests: one for each pick of @test that an item names. */
static u32 walk_picks(struct ewx_diagram *d, const ewx_numbers *relevant,
		      const u32 *items, size_t count, u32 test)
{
	struct picking p = {
		.d = d, .relevant = relevant, .items = items, .count = count
	};
	size_t mark = d->trail.count, begin = 0, end;
	ewx_numbers refs = { 0 };
	u32 ref;

	p.clause = ewx_pool_alloc(d->pool, count, sizeof(u32));
	collect_picks(&p, test);
	for (; begin < p.picks.count; begin = end) {
		for (end = begin + 1;
		     end < p.picks.count &&
		     p.picks.at[end].atom == p.picks.at[begin].atom;
		     end++)
			;
		*ewx_vec_push(d->pool, &refs) = branch_of(&p, begin, end);
	}
	ref = branch_of_none(&p);
	forget(d, mark);
	for (size_t i = p.picks.count, n = refs.count; i--;) {
		const struct pick *pick = &p.picks.at[i];

		d->parts[p.clause[pick->place]].state = UNKNOWN;
		if (!i || pick[-1].atom != pick->atom)
			ref = ewx_node(d->nodes, test,
				       d->atoms.at[pick->atom].arg,
				       refs.at[--n], ref);
	}
	ewx_pool_drop(d->pool, p.clause);
	ewx_vec_drop(d->pool, &p.picks);
	ewx_vec_drop(d->pool, &p.free);
	ewx_vec_drop(d->pool, &p.branch);
	ewx_vec_drop(d->pool, &refs);
	return ref;
}

/* Both outcomes of a test that is no pick. */
static u32 walk_test(struct ewx_diagram *d, const ewx_numbers *relevant,
		     const u32 *items, size_t count, u32 atom)
{
	const struct ewx_atom a = d->atoms.at[atom];
	size_t mark = d->trail.count;
	u32 yes, no;

	assume(d, relevant, atom, YES);
	yes = walk(d, relevant, items, count);
	forget(d, mark);
	assume(d, relevant, atom, NO);
	no = walk(d, relevant, items, count);
	forget(d, mark);
	return ewx_node(d->nodes, a.test, a.arg, yes, no);
}

/* Recursion is as deep as there are tests, no picks, that tell the items apart. */
static u32 walk(struct ewx_diagram *d, const ewx_numbers *relevant,
		const u32 *items, size_t count)
{
	u32 *fits = ewx_pool_alloc(d->pool, 2 * count + 1, sizeof(u32));
	u32 *open = fits + count, atom = EWX_NONE, ref;
	size_t fit_count = 0, open_count = 0;

	ewx_diagram_spend(d, count + 1, items, count);
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
		/* Items that are out stay out below: pass only the others. */
		memmove(fits + fit_count, open, open_count * sizeof(u32));
		count = fit_count + open_count;
		ref = is_pick(&d->atoms.at[atom]) ?
			      walk_picks(d, relevant, fits, count,
					 d->atoms.at[atom].test) :
			      walk_test(d, relevant, fits, count, atom);
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
				&d->rests, d->parts[clauses[j]].rest,
				&atom_count);

			for (size_t k = 0; k < atom_count; k++)
				*ewx_vec_push(d->pool, relevant) = atoms[k];
		}
	}
	ewx_diagram_count(d, relevant->count);
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

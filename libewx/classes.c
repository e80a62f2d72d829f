// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Classes: which sources a file is in, which identities an enclave has. A class
 * is a set of names that fit together; the diagrams lead to classes.
 */
#include <string.h>
#include "backend.h"
#include "codes.h"

/* A class costs an entry per rule that names a member, and a bit in each set. */
#define SOURCE_CLASSES_MAX (1u << 20)
#define IDENTITY_CLASSES_MAX (1u << 17)
_Static_assert(SOURCE_CLASSES_MAX <= EWX_CLASSES_MAX &&
		       IDENTITY_CLASSES_MAX <= EWX_CLASSES_MAX,
	       "a class in a key");
/*
 * The policy lists the names of each class. They may be many times the names that are
 * written, and some for each, so that what lists them takes linear time.
 */
#define MEMBERS_MIN (1u << 19)
#define MEMBERS_PER_NAME 64

/**
 * struct classes - one kind of names and its diagram.
 * @names: of the unit; @classes: found so far, at most @max
 * @what: "sources" or "identities"
 */
struct classes {
	struct ewx_back *b;
	struct ewx_diagram diagram;
	const struct ewx_ir_name *names;
	size_t count;
	struct ewx_sets *classes;
	u32 max;
	const char *what;
};

static void refuse(void *ctx, const u32 *items, size_t count)
{
	struct classes *s = ctx;

	ewx_back_too_many(s->b, s->names, items, count, s->what);
}

static u32 decide(void *ctx, const u32 *fits, size_t fit_count, const u32 *open,
		  size_t open_count)
{
	struct classes *s = ctx;
	u32 *sorted, id;

	(void)open;
	if (open_count)
		return EWX_NONE;
	sorted = ewx_pool_alloc(&s->b->pool, fit_count + 1, sizeof(u32));
	memcpy(sorted, fits, fit_count * sizeof(u32));
	fit_count = ewx_sort_unique(sorted, fit_count);
	id = ewx_sets_intern(s->classes, sorted, fit_count);
	if (id >= s->max ||
	    s->classes->data.count > MEMBERS_MIN + s->count * MEMBERS_PER_NAME)
		refuse(s, sorted, fit_count);
	ewx_pool_drop(&s->b->pool, sorted);
	return EWX_LEAF | id;
}

/* The atom of a condition; false if it is none. */
static bool atom_of(struct ewx_back *b, const struct ewx_ir_condition *c,
		    struct ewx_atom *atom)
{
	memset(atom, 0, sizeof(*atom));
	switch (c->kind) {
	case EWX_CONDITION_FS:
		atom->test = EWX_TEST_FS;
		atom->arg = ewx_back_string(b, c->text);
		return true;
	case EWX_CONDITION_READ_ONLY:
		atom->test = EWX_TEST_READ_ONLY;
		return true;
	case EWX_CONDITION_FS_VERITY:
		atom->test = EWX_TEST_FS_VERITY;
		atom->arg = ewx_back_digest(b, c);
		return true;
	case EWX_CONDITION_DM_VERITY:
		atom->test = EWX_TEST_DM_VERITY;
		atom->arg = ewx_back_digest(b, c);
		return true;
	case EWX_CONDITION_MAPPED_EXEC:
		atom->test = EWX_TEST_MAPPED_EXEC;
		return true;
	case EWX_CONDITION_ATTRIBUTES:
		atom->test = EWX_TEST_ATTRIBUTES;
		atom->low = c->low;
		atom->high = c->high;
		atom->arg = ewx_back_pair(b, c->low, c->high);
		return true;
	case EWX_CONDITION_XFRM:
		atom->test = EWX_TEST_XFRM;
		atom->low = c->mask;
		atom->high = c->value;
		atom->arg = ewx_back_wide(b, c->mask, c->value);
		return true;
	default:
		return false;
	}
}

/* One clause per kind of condition: any of its atoms. */
static u32 clauses_of(struct classes *s, const struct ewx_ir_name *name)
{
	struct ewx_diagram *d = &s->diagram;
	ewx_numbers clauses = { 0 }, atoms = { 0 };
	u32 id;

	for (u32 kind = 1; kind < EWX_CONDITION_COUNT; kind++) {
		atoms.count = 0;
		for (size_t i = 0; i < name->condition_count; i++) {
			struct ewx_atom atom;

			if (name->conditions[i].kind == kind &&
			    atom_of(s->b, &name->conditions[i], &atom))
				*ewx_vec_push(d->pool, &atoms) =
					ewx_diagram_atom(d, &atom);
		}
		if (atoms.count)
			*ewx_vec_push(d->pool, &clauses) = ewx_sets_intern(
				&d->atom_sets, atoms.at, atoms.count);
	}
	id = ewx_sets_intern(&d->clauses, clauses.at, clauses.count);
	ewx_vec_drop(d->pool, &clauses);
	ewx_vec_drop(d->pool, &atoms);
	return id;
}

/* Keys of a name's conditions of @kind, as ranges of one key each. */
static u32 key_ranges(struct classes *s, const struct ewx_ir_name *name,
		      u32 kind)
{
	ewx_numbers keys = { 0 }, pairs = { 0 };
	u32 id;

	for (size_t i = 0; i < name->condition_count; i++)
		if (name->conditions[i].kind == kind)
			*ewx_vec_push(&s->b->pool, &keys) =
				ewx_back_key(s->b, name->conditions[i].digest);
	if (keys.count)
		keys.count = ewx_sort_unique(keys.at, keys.count);
	for (size_t i = 0; i < keys.count; i++) {
		*ewx_vec_push(&s->b->pool, &pairs) = keys.at[i];
		*ewx_vec_push(&s->b->pool, &pairs) = keys.at[i];
	}
	id = ewx_sets_intern(&s->diagram.ranges, pairs.at, pairs.count);
	ewx_vec_drop(&s->b->pool, &keys);
	ewx_vec_drop(&s->b->pool, &pairs);
	return id;
}

/* PRODUCT: each value; MIN_SVN: from the least value on. */
static u32 number_ranges(struct classes *s, const struct ewx_ir_name *name,
			 u32 kind)
{
	ewx_numbers pairs = { 0 };
	struct ewx_ir_name copy = { .name = name->name };
	u32 id;

	for (size_t i = 0; i < name->condition_count; i++) {
		const struct ewx_ir_condition *c = &name->conditions[i];

		if (c->kind == kind)
			*ewx_vec_push(&s->b->pool, &pairs) = c->low;
	}
	if (!pairs.count)
		return 0;
	copy.condition_count = pairs.count;
	copy.conditions = ewx_pool_alloc(&s->b->pool, pairs.count,
					 sizeof(*copy.conditions));
	for (size_t i = 0; i < pairs.count; i++) {
		copy.conditions[i].kind = kind;
		copy.conditions[i].low = pairs.at[i];
		copy.conditions[i].high =
			kind == EWX_CONDITION_MIN_SVN ? EWX_ANY : pairs.at[i];
	}
	id = ewx_back_ranges(&s->diagram, &copy, kind);
	ewx_pool_drop(&s->b->pool, copy.conditions);
	ewx_vec_drop(&s->b->pool, &pairs);
	return id;
}

static struct classes *classes_new(struct ewx_back *b, struct ewx_sets *classes,
				   const struct ewx_ir_name *names,
				   size_t count,
				   const struct ewx_dimension *dimensions,
				   u32 dimension_count)
{
	struct classes *s = ewx_pool_alloc(&b->pool, 1, sizeof(*s));

	s->b = b;
	s->names = names;
	s->count = count;
	s->classes = classes;
	ewx_sets_init(classes, &b->pool);
	ewx_diagram_init(&s->diagram, &b->pool, &b->nodes, dimensions,
			 dimension_count);
	s->diagram.ctx = s;
	s->diagram.decide = decide;
	s->diagram.refuse = refuse;
	return s;
}

/* The diagram for the sources of @v, whose path matches, and @others: ascending. */
static u32 build_for(struct classes *s, const ewx_numbers *others, const u32 *v,
		     size_t count)
{
	ewx_numbers all = { 0 };
	size_t i = 0, j = 0;
	u32 ref;

	ewx_vec_reserve(&s->b->pool, &all, count + others->count);
	while (i < count || j < others->count) {
		bool first = j == others->count ||
			     (i < count && v[i] < others->at[j]);

		all.at[all.count++] = first ? v[i++] : others->at[j++];
	}
	ref = ewx_diagram_build(&s->diagram, all.at, all.count);
	ewx_vec_drop(&s->b->pool, &all);
	return ref;
}

static bool has_path(const struct ewx_ir_name *name)
{
	for (size_t i = 0; i < name->condition_count; i++)
		if (name->conditions[i].kind == EWX_CONDITION_PATH)
			return true;
	return false;
}

void ewx_back_sources(struct ewx_back *b)
{
	static const struct ewx_dimension dimensions[] = {
		{ .less = EWX_TEST_OWNER_LT },
	};
	struct ewx_paths *paths = &b->paths[EWX_AUTOMATON_PATH];
	struct classes *s = classes_new(b, &b->source_classes, b->unit->sources,
					b->unit->source_count, dimensions, 1);
	ewx_numbers others = { 0 };

	s->max = SOURCE_CLASSES_MAX;
	s->what = "sources";
	for (u32 i = 0; i < s->count; i++) {
		struct ewx_item item = { { 0 }, 0 };

		item.ranges[0] = ewx_back_ranges(&s->diagram, &s->names[i],
						 EWX_CONDITION_OWNER);
		item.clauses = clauses_of(s, &s->names[i]);
		*ewx_vec_push(&b->pool, &s->diagram.items) = item;
		if (!has_path(&s->names[i]))
			*ewx_vec_push(&b->pool, &others) = i;
	}
	ewx_diagram_ready(&s->diagram);
	paths->unmatched = build_for(s, &others, NULL, 0);
	for (u32 set = 1; set < ewx_sets_count(&paths->dfa.accepts); set++) {
		size_t count;
		const u32 *v = ewx_sets_get(&paths->dfa.accepts, set, &count);

		paths->node[set] = build_for(s, &others, v, count);
	}
}

void ewx_back_identities(struct ewx_back *b)
{
	static const struct ewx_dimension dimensions[] = {
		{ .less = EWX_TEST_SIGNER_LT,
		  .equal = EWX_TEST_SIGNER_EQ,
		  .exists = EWX_TEST_HAS_SIGNER,
		  .jump = EWX_TEST_SIGNER_JUMP },
		{ .less = EWX_TEST_MEASUREMENT_LT,
		  .equal = EWX_TEST_MEASUREMENT_EQ,
		  .jump = EWX_TEST_MEASUREMENT_JUMP },
		{ .less = EWX_TEST_PRODUCT_LT },
		{ .less = EWX_TEST_SVN_LT },
	};
	struct classes *s = classes_new(b, &b->identity_classes,
					b->unit->identities,
					b->unit->identity_count, dimensions, 4);
	ewx_numbers all = { 0 };

	s->max = IDENTITY_CLASSES_MAX;
	s->what = "identities";
	s->diagram.keys = b->keys.at;
	s->diagram.jumps = 8 * (b->keys.count / EWX_KEY_SIZE);
	for (u32 i = 0; i < s->count; i++) {
		const struct ewx_ir_name *name = &s->names[i];
		struct ewx_item item = { { 0 }, 0 };

		item.ranges[0] = key_ranges(s, name, EWX_CONDITION_SIGNER);
		item.ranges[1] = key_ranges(s, name, EWX_CONDITION_MEASUREMENT);
		item.ranges[2] = number_ranges(s, name, EWX_CONDITION_PRODUCT);
		item.ranges[3] = number_ranges(s, name, EWX_CONDITION_MIN_SVN);
		item.clauses = clauses_of(s, name);
		*ewx_vec_push(&b->pool, &s->diagram.items) = item;
		*ewx_vec_push(&b->pool, &all) = i;
	}
	ewx_diagram_ready(&s->diagram);
	b->identity_node = ewx_diagram_build(&s->diagram, all.at, all.count);
	ewx_vec_drop(&b->pool, &all);
}

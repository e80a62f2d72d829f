// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The decision table: a rule becomes entries for every class that its source
 * and its identity are in; entries of one key share a cell; a hash finds it.
 */
#include <stdlib.h>
#include <string.h>
#include "../security/ewx/core/engine.h"
#include "codes.h"
#include "table.h"

#define TUPLES_MIN (4u << 20) /* there may be, and some for each rule */
#define TUPLES_PER_RULE 64
#define SEEDS 8 /* tried before there are more lines */
#define MOVES_MAX 500 /* of other keys for one key */

/** struct tuple - one rule in one cell. */
struct tuple {
	u32 domain;
	u32 source;
	u32 identity;
	u32 rule;
};

typedef EWX_VEC(struct tuple) tuples_t;

/* Rules outside domains first, then by domain; within one as written. */
static void order_rules(struct ewx_back *b)
{
	const struct ewx_unit *u = b->unit;
	size_t domains = u->domain_count;
	u32 *at = ewx_pool_alloc(&b->pool, domains + 2, sizeof(u32));

	b->rule_order =
		ewx_pool_alloc(&b->pool, u->rule_count + 1, sizeof(u32));
	for (size_t i = 0; i < u->rule_count; i++) {
		u32 d = u->rules[i].domain;

		at[d == EWX_ANY ? 1 : d + 2]++;
	}
	for (size_t d = 1; d < domains + 2; d++)
		at[d] += at[d - 1];
	for (size_t i = 0; i < u->rule_count; i++) {
		u32 d = u->rules[i].domain;

		b->rule_order[at[d == EWX_ANY ? 0 : d + 1]++] = (u32)i;
	}
	ewx_pool_drop(&b->pool, at);
}

static void collect_members(struct ewx_back *b, struct ewx_members *m,
			    const struct ewx_sets *classes, size_t names)
{
	u32 *first = ewx_pool_alloc(&b->pool, names + 2, sizeof(u32));

	for (size_t i = 0; i < classes->data.count; i++)
		first[classes->data.at[i]]++;
	for (size_t n = 1; n <= names; n++)
		first[n] += first[n - 1];
	m->class =
		ewx_pool_alloc(&b->pool, classes->data.count + 1, sizeof(u32));
	for (u32 c = ewx_sets_count(classes); c--;) {
		size_t count;
		const u32 *v = ewx_sets_get(classes, c, &count);

		for (size_t i = 0; i < count; i++)
			m->class[--first[v[i]]] = c;
	}
	m->first = first;
}

/* The classes a rule's source or identity stands for; EWX_ANY is one of its own. */
static const u32 *classes_of(const struct ewx_members *m, const u32 *name,
			     u32 *count)
{
	static const u32 any = EWX_ANY;

	*count = 1;
	if (*name == EWX_ANY || *name == EWX_DEFER)
		return &any;
	*count = m->first[*name + 1] - m->first[*name];
	return m->class + m->first[*name];
}

/* How many tuples a rule becomes. */
static size_t rule_tuples(const struct ewx_table *t,
			  const struct ewx_ir_rule *rule, u32 *sources,
			  u32 *identities)
{
	classes_of(&t->sources, &rule->source, sources);
	classes_of(&t->identities, &rule->identity, identities);
	return (size_t)*sources * (*identities + 1);
}

/* Say where a name that overlaps others is declared. */
static void note_name(struct ewx_back *b, const struct ewx_ir_name *name,
		      const char *what, u32 classes)
{
	ewx_note(b->unit, &name->loc,
		 "%s \"%s\" overlaps others, in %u ways", what, name->name,
		 classes);
}

/* Refuse the policy, and name a rule that becomes most tuples. */
static void refuse_largest(struct ewx_table *t)
{
	const struct ewx_ir_rule *rule = NULL;
	struct ewx_back *b = t->b;
	u32 sources, identities;
	size_t most = 0;

	for (u32 i = 0; i < b->unit->rule_count; i++) {
		const struct ewx_ir_rule *r = ewx_table_rule(t, i);
		size_t count = rule_tuples(t, r, &sources, &identities);

		if (count > most) {
			most = count;
			rule = r;
		}
	}
	if (rule) {
		rule_tuples(t, rule, &sources, &identities);
		ewx_report(
			b->unit, E0705, &rule->loc,
			"join sources or identities that overlap, or rules of many domains into one outside of them",
			"the decision table is too large: a rule like this one has %zu entries in it",
			most);
		if (sources > 1)
			note_name(b, &b->unit->sources[rule->source], "source",
				  sources);
		if (identities > 1)
			note_name(b, &b->unit->identities[rule->identity],
				  "identity", identities);
	}
	ewx_back_refuse(b);
}

/* How many tuples all rules become; too many are refused before one is made. */
static size_t count_tuples(struct ewx_table *t)
{
	size_t rules = t->b->unit->rule_count, count = 0;
	u32 sources, identities;

	for (u32 i = 0; i < rules; i++)
		count += rule_tuples(t, ewx_table_rule(t, i), &sources,
				     &identities);
	if (count > TUPLES_MIN + rules * TUPLES_PER_RULE)
		refuse_largest(t);
	return count;
}

static void add_rule(struct ewx_table *t, tuples_t *tuples, u32 number)
{
	const struct ewx_ir_rule *rule = ewx_table_rule(t, number);
	u32 source_count, identity_count;
	const u32 *sources =
		classes_of(&t->sources, &rule->source, &source_count);
	const u32 *identities =
		classes_of(&t->identities, &rule->identity, &identity_count);
	struct tuple tuple = { .domain = rule->domain, .rule = number };

	if (!rule->perms || !identity_count)
		return;
	for (u32 i = 0; i < source_count; i++) {
		tuple.source = sources[i];
		for (u32 j = 0; j < identity_count; j++) {
			tuple.identity = identities[j];
			*ewx_vec_push(&t->b->pool, tuples) = tuple;
		}
		tuple.identity = EWX_DEFER;
		*ewx_vec_push(&t->b->pool, tuples) = tuple;
	}
}

static int compare_keys(const struct tuple *x, const struct tuple *y)
{
	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->identity != y->identity)
		return x->identity < y->identity ? -1 : 1;
	return 0;
}

static int compare_tuples(const void *a, const void *b)
{
	const struct tuple *x = a, *y = b;
	int order = compare_keys(x, y);

	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

static u32 shape_of(u32 source, u32 identity)
{
	if (identity == EWX_DEFER)
		return 0;
	if (source == EWX_ANY)
		return identity == EWX_ANY ? EWX_DOMAIN_HAS_PLAIN :
					     EWX_DOMAIN_HAS_IDENTITY;
	return identity == EWX_ANY ? EWX_DOMAIN_HAS_SOURCE :
				     EWX_DOMAIN_HAS_BOTH;
}

static void make_cells(struct ewx_table *t, const tuples_t *tuples, u32 *shapes)
{
	struct ewx_back *b = t->b;
	ewx_numbers rules = { 0 };

	for (size_t i = 0, end; i < tuples->count; i = end) {
		const struct tuple *key = &tuples->at[i];
		bool row = key->identity == EWX_DEFER;
		struct ewx_table_entry entry = {
			.key = ewx_entry_key(key->domain, key->source,
					     row ? EWX_ANY : key->identity),
		};

		rules.count = 0;
		for (end = i; end < tuples->count &&
			      !compare_keys(key, &tuples->at[end]);
		     end++)
			*ewx_vec_push(&b->pool, &rules) = tuples->at[end].rule;
		if (row)
			entry.cell = ewx_table_row(t, rules.at, rules.count);
		else
			entry.cell = ewx_table_cell(t, rules.at, rules.count);
		*ewx_vec_push(&b->pool, row ? &b->rows : &b->entries) = entry;
		shapes[key->domain == EWX_ANY ? 0 : key->domain + 1] |=
			shape_of(key->source, key->identity);
	}
	ewx_vec_drop(&b->pool, &rules);
}

/**
 * struct placing - lines being found for all keys of a table.
 * @entries: the keys
 * @hash: per key
 * @taken: per entry of the lines: key + 1; 0: free
 * @random: which key makes room for another
 */
struct placing {
	struct ewx_back *b;
	ewx_entries *entries;
	u64 *hash;
	u32 *taken;
	u64 random;
	u32 keys;
	u32 lines;
};

static u32 *place_of(const struct placing *p, u32 key, u32 n)
{
	return &p->taken[ewx_entry_line(p->hash[key], n / EWX_LINE_ENTRIES,
					p->lines) *
				 EWX_LINE_ENTRIES +
			 n % EWX_LINE_ENTRIES];
}

/* Where no place of @key is free, another key moves on to its other line. */
static bool place_key(struct placing *p, u32 key)
{
	for (u32 move = 0; move < MOVES_MAX; move++) {
		u32 *place, other;

		for (u32 n = 0; n < 2 * EWX_LINE_ENTRIES; n++) {
			place = place_of(p, key, n);
			if (!*place) {
				*place = key + 1;
				return true;
			}
		}
		p->random = ewx_mix(p->random, move);
		place = place_of(p, key, p->random % (2 * EWX_LINE_ENTRIES));
		other = *place - 1;
		*place = key + 1;
		key = other;
	}
	return false;
}

static bool place_keys(struct placing *p)
{
	memset(p->taken, 0, (size_t)p->lines * EWX_LINE_ENTRIES * sizeof(u32));
	p->random = p->b->seed;
	for (u32 k = 0; k < p->keys; k++)
		p->hash[k] = ewx_entry_hash(p->b->seed, p->entries->at[k].key);
	for (u32 k = 0; k < p->keys; k++)
		if (!place_key(p, k))
			return false;
	return true;
}

/* Every key goes where the engine looks for it. */
static void sort_into_lines(struct placing *p)
{
	static const struct ewx_table_entry free_entry = { EWX_KEY_FREE, 0 };
	struct ewx_back *b = p->b;
	u32 count = p->lines * EWX_LINE_ENTRIES;
	struct ewx_table_entry *sorted =
		ewx_pool_alloc(&b->pool, count, sizeof(*sorted));

	for (u32 i = 0; i < count; i++)
		sorted[i] = p->taken[i] ? p->entries->at[p->taken[i] - 1] :
					  free_entry;
	while (p->entries->count < count)
		ewx_vec_push(&b->pool, p->entries);
	memcpy(p->entries->at, sorted, count * sizeof(*sorted));
	ewx_pool_drop(&b->pool, sorted);
	ewx_pool_drop(&b->pool, p->hash);
	ewx_pool_drop(&b->pool, p->taken);
}

static void set_lines(struct placing *p, u32 lines)
{
	p->lines = lines;
	p->taken = ewx_pool_resize(&p->b->pool, p->taken, lines,
				   EWX_LINE_ENTRIES * sizeof(u32));
}

static void begin_placing(struct placing *p, struct ewx_back *b,
			  ewx_entries *entries)
{
	p->b = b;
	p->entries = entries;
	p->keys = (u32)entries->count;
	p->hash = ewx_pool_alloc(&b->pool, p->keys + 1, sizeof(*p->hash));
	p->taken = NULL;
	set_lines(p, (u32)((u64)p->keys * 10 / (9 * EWX_LINE_ENTRIES)) + 1);
}

/*
 * Cuckoo hashing (Pagh and Rodler, 2001) with four places in each line, which finds
 * a place for all keys as long as less than 97 % are taken; here 90 %. Both tables
 * have the same seed.
 */
static void make_lines(struct ewx_back *b)
{
	struct placing p[2];

	begin_placing(&p[0], b, &b->entries);
	begin_placing(&p[1], b, &b->rows);
	while (!place_keys(&p[0]) || !place_keys(&p[1])) {
		if (++b->seed % SEEDS)
			continue;
		for (int i = 0; i < 2; i++)
			set_lines(&p[i], p[i].lines + p[i].lines / 8 + 1);
	}
	sort_into_lines(&p[0]);
	sort_into_lines(&p[1]);
}

void ewx_back_table(struct ewx_back *b)
{
	struct ewx_table *t = ewx_pool_alloc(&b->pool, 1, sizeof(*t));
	size_t domains = b->unit->domain_count;
	u32 *shapes = ewx_pool_alloc(&b->pool, domains + 1, sizeof(u32));
	tuples_t tuples = { 0 };

	t->b = b;
	order_rules(b);
	collect_members(b, &t->sources, &b->source_classes,
			b->unit->source_count);
	collect_members(b, &t->identities, &b->identity_classes,
			b->unit->identity_count);
	ewx_sets_init(&b->grants, &b->pool);
	ewx_sets_init(&b->cells, &b->pool);
	ewx_sets_init(&b->bitmaps, &b->pool);
	ewx_sets_init(&t->lists, &b->pool);
	ewx_table_bitmaps(t);
	ewx_vec_reserve(&b->pool, &tuples, count_tuples(t));
	for (u32 i = 0; i < b->unit->rule_count; i++)
		add_rule(t, &tuples, i);
	if (tuples.count)
		qsort(tuples.at, tuples.count, sizeof(*tuples.at),
		      compare_tuples);
	make_cells(t, &tuples, shapes);
	ewx_vec_drop(&b->pool, &tuples);
	make_lines(b);
	b->domain_has = ewx_pool_alloc(&b->pool, domains, sizeof(u32));
	for (size_t d = 0; d < domains; d++)
		b->domain_has[d] = shapes[0] | shapes[d + 1];
}

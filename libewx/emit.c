// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The back end's entry, and writing the binary policy: the sections that decisions are
 * made of, then all in order behind the header.
 */
#include <stdlib.h>
#include <string.h>
#include "../security/ewx/core/engine.h"
#include "codes.h"
#include "emit.h"
#include "pages.h"

static void put_classes(struct ewx_writer *w, enum ewx_section section,
			const struct ewx_sets *classes)
{
	for (u32 c = 0; c < ewx_sets_count(classes); c++) {
		size_t count;
		const u32 *v = ewx_sets_get(classes, c, &count);

		ewx_put32(w, section,
			  count ? ewx_put_count(w, EWX_SECTION_VALUES) : 0);
		ewx_put32(w, section, (u32)count);
		for (size_t i = 0; i < count; i++)
			ewx_put32(w, EWX_SECTION_VALUES, v[i]);
	}
}

/* In the blob successors come later than their node: count from the end. */
static u32 node_reference(const struct ewx_writer *w, u32 ref)
{
	if (ref == EWX_NONE || ref & EWX_LEAF)
		return ref;
	return ewx_nodes_count(&w->b->nodes) - 1 - ref;
}

static u32 head_of(const struct ewx_writer *w, u32 key)
{
	const u8 *k = w->b->keys.at + (size_t)key * EWX_KEY_SIZE;

	return (u32)k[0] << 24 | (u32)k[1] << 16 | (u32)k[2] << 8 | k[3];
}

/*
 * A comparison with a key whose first bytes no key before it has is made with
 * these bytes alone, which the node holds itself. It differs for values that are
 * no keys only, and those go the same way to the end.
 */
static void shorten_comparison(const struct ewx_writer *w, u32 *test, u32 *arg)
{
	u32 head = head_of(w, *arg);

	if (*arg && head_of(w, *arg - 1) == head)
		return;
	*test = *test == EWX_TEST_SIGNER_LT ? EWX_TEST_SIGNER_HEAD_LT :
					      EWX_TEST_MEASUREMENT_HEAD_LT;
	*arg = head;
}

/* Write a jump's table. Return: where it begins. */
static u32 put_jump(struct ewx_writer *w, u32 table)
{
	u32 first = ewx_put_count(w, EWX_SECTION_JUMPS);
	size_t count;
	const u32 *v = ewx_sets_get(&w->b->nodes.jumps, table, &count);

	for (size_t i = 0; i < count; i++)
		ewx_put32(w, EWX_SECTION_JUMPS, node_reference(w, v[i]));
	return first;
}

static void put_nodes(struct ewx_writer *w)
{
	for (u32 n = ewx_nodes_count(&w->b->nodes); n--;) {
		size_t count;
		const u32 *v = ewx_sets_get(&w->b->nodes.sets, n + 1, &count);
		u32 test = v[0], arg = v[1];

		if (test == EWX_TEST_SIGNER_LT ||
		    test == EWX_TEST_MEASUREMENT_LT)
			shorten_comparison(w, &test, &arg);
		if (test == EWX_TEST_SIGNER_JUMP ||
		    test == EWX_TEST_MEASUREMENT_JUMP) {
			ewx_put32(w, EWX_SECTION_NODES, test);
			ewx_put32(w, EWX_SECTION_NODES, put_jump(w, arg));
			ewx_put32(w, EWX_SECTION_NODES, v[2]);
			ewx_put32(w, EWX_SECTION_NODES,
				  node_reference(w, v[3]));
			continue;
		}
		ewx_put32(w, EWX_SECTION_NODES, test);
		ewx_put32(w, EWX_SECTION_NODES, arg);
		ewx_put32(w, EWX_SECTION_NODES, node_reference(w, v[2]));
		ewx_put32(w, EWX_SECTION_NODES, node_reference(w, v[3]));
	}
}

static void put_automata(struct ewx_writer *w)
{
	struct ewx_back *b = w->b;
	struct ewx_comb comb;

	ewx_comb_init(&comb, &b->pool);
	for (u32 k = 0; k < EWX_AUTOMATON_COUNT; k++) {
		struct ewx_paths *paths = &b->paths[k];
		size_t first = comb.states.count;

		ewx_put32(w, EWX_SECTION_AUTOMATA,
			  ewx_comb_add(&comb, &paths->dfa));
		ewx_put32(w, EWX_SECTION_AUTOMATA,
			  node_reference(w, paths->unmatched));
		ewx_put64(w, EWX_SECTION_AUTOMATA, 0);
		ewx_dfa_drop(&paths->dfa);
		for (size_t s = first; s < comb.states.count; s++) {
			struct ewx_packed_state *state = &comb.states.at[s];

			state->accept =
				node_reference(w, paths->node[state->accept]);
		}
	}
	comb.states.at[0].accept = EWX_NONE;
	ewx_put_reserve(w, EWX_SECTION_STATES, comb.states.count);
	ewx_put_reserve(w, EWX_SECTION_TRANSITIONS, comb.slots.count);
	for (size_t s = 0; s < comb.states.count; s++) {
		ewx_put32(w, EWX_SECTION_STATES, comb.states.at[s].base);
		ewx_put32(w, EWX_SECTION_STATES, comb.states.at[s].fallback);
		ewx_put32(w, EWX_SECTION_STATES, comb.states.at[s].accept);
		ewx_put32(w, EWX_SECTION_STATES, comb.states.at[s].length);
	}
	for (size_t i = 0; i < comb.slots.count; i++) {
		ewx_put32(w, EWX_SECTION_TRANSITIONS, comb.slots.at[i].check);
		ewx_put32(w, EWX_SECTION_TRANSITIONS, comb.slots.at[i].next);
	}
	for (size_t i = 0; i < comb.tails.count; i++)
		*ewx_vec_push(&b->pool, &w->section[EWX_SECTION_TAILS]) =
			comb.tails.at[i];
	ewx_comb_drop(&comb);
}

/**
 * struct grant - a grant in the words of the format.
 * @what: see struct ewx_grant
 * @rule: see struct ewx_grant
 * @set: see struct ewx_grant
 */
struct grant {
	u32 what;
	u32 rule;
	u32 set;
};

static struct grant grant_of(const struct ewx_writer *w, u32 id)
{
	size_t count;
	const u32 *g = ewx_sets_get(&w->b->grants, id, &count);
	bool limited = g[EWX_CELL_MAX] != EWX_UNLIMITED ||
		       (g[EWX_CELL_UNTIL_LOW] & g[EWX_CELL_UNTIL_HIGH]) !=
			       (u32)EWX_FOREVER;
	u32 set = g[EWX_CELL_SET];

	return (struct grant){
		.what = g[EWX_CELL_PERMS] | g[EWX_CELL_KIND] << EWX_KIND_SHIFT |
			(limited ? EWX_GRANT_LIMITED : 0),
		.rule = g[EWX_CELL_RULE],
		.set = set == EWX_NONE ? EWX_NONE :
					 (set - 1) * (w->b->bitmap_words / 2),
	};
}

/* An entry of @section; what is in no entry goes to @cells. */
static void put_entry(struct ewx_writer *w, enum ewx_section section,
		      const struct ewx_table_entry *e, struct ewx_sets *cells)
{
	struct grant g = { 0 };
	u64 key = e->key;
	size_t count;
	const u32 *v;

	if (e->cell) {
		v = ewx_sets_get(&w->b->cells, e->cell, &count);
		g = grant_of(w, v[0]);
		if (count > 1 ||
		    (g.set != EWX_NONE && g.set >= EWX_KEY_CLASS_ANY)) {
			g.what = EWX_GRANT_CELL << EWX_KIND_SHIFT;
			g.rule = ewx_sets_intern(cells, v, count) - 1;
		} else if (g.set != EWX_NONE) {
			key = (key & ~(u64)EWX_KEY_CLASS_ANY) | g.set;
		}
	}
	ewx_put64(w, section, key);
	ewx_put32(w, section, g.what);
	ewx_put32(w, section, g.rule);
}

static void put_entries(struct ewx_writer *w, enum ewx_section section,
			const ewx_entries *entries, struct ewx_sets *cells)
{
	ewx_put_reserve(w, section, entries->count);
	for (size_t i = 0; i < entries->count; i++)
		put_entry(w, section, &entries->at[i], cells);
}

static void put_cells(struct ewx_writer *w, const struct ewx_sets *cells)
{
	for (u32 c = 1; c < ewx_sets_count(cells); c++) {
		size_t count;
		const u32 *v = ewx_sets_get(cells, c, &count);

		ewx_put32(w, EWX_SECTION_CELLS,
			  ewx_put_count(w, EWX_SECTION_GRANTS));
		ewx_put32(w, EWX_SECTION_CELLS, (u32)count);
		for (size_t i = 0; i < count; i++) {
			struct grant g = grant_of(w, v[i]);

			ewx_put32(w, EWX_SECTION_GRANTS, g.what);
			ewx_put32(w, EWX_SECTION_GRANTS, g.rule);
			ewx_put32(w, EWX_SECTION_GRANTS, g.set);
		}
	}
}

static void put_table(struct ewx_writer *w)
{
	const struct ewx_back *b = w->b;
	struct ewx_sets cells;

	ewx_sets_init(&cells, &w->b->pool);
	put_entries(w, EWX_SECTION_ENTRIES, &b->entries, &cells);
	put_entries(w, EWX_SECTION_ROWS, &b->rows, &cells);
	put_cells(w, &cells);
	ewx_sets_drop(&cells);
	for (size_t i = 0; i < b->bitmaps.data.count; i++)
		ewx_put32(w, EWX_SECTION_SETS, b->bitmaps.data.at[i]);
}

static void put_shared(struct ewx_writer *w)
{
	struct ewx_back *b = w->b;

	for (size_t i = 0; i < b->strings.count; i++)
		*ewx_vec_push(&b->pool, &w->section[EWX_SECTION_STRINGS]) =
			(u8)b->strings.at[i];
	for (size_t i = 0; i < b->keys.count; i++)
		*ewx_vec_push(&b->pool, &w->section[EWX_SECTION_KEYS]) =
			b->keys.at[i];
}

static void head32(struct ewx_writer *w, u32 value)
{
	for (int i = 0; i < 4; i++)
		*ewx_vec_push(&w->b->pool, &w->head) = (u8)(value >> (8 * i));
}

static void head64(struct ewx_writer *w, u64 value)
{
	head32(w, (u32)value);
	head32(w, (u32)(value >> 32));
}

static size_t aligned(size_t size, int section)
{
	size_t mask = EWX_ALIGNMENT(section) - 1;

	return (size + mask) & ~mask;
}

/* Header and table of sections; their offsets follow from their sizes. */
static void put_head(struct ewx_writer *w, u32 name)
{
	size_t at = sizeof(struct ewx_header) +
		    EWX_SECTION_COUNT * sizeof(struct ewx_section_entry);
	size_t end = at;

	for (int i = 0; i < EWX_SECTION_COUNT; i++)
		end = aligned(end, i) + w->section[i].count;
	if (end > EWX_POLICY_MAX_SIZE) {
		ewx_report(
			w->b->unit, E0705, NULL, NULL,
			"the binary policy would have %zu MiB; %u are the limit",
			end >> 20, EWX_POLICY_MAX_SIZE >> 20);
		ewx_back_refuse(w->b);
	}
	w->b->size = end;
	head32(w, EWX_POLICY_MAGIC);
	head32(w, EWX_POLICY_FORMAT);
	head32(w, (u32)end);
	head32(w, EWX_SECTION_COUNT);
	head64(w, w->b->unit->version);
	head64(w, w->b->built);
	head32(w, name);
	head32(w, EWX_LANGUAGE);
	head32(w, w->features);
	head32(w, w->b->seed);
	head32(w, node_reference(w, w->b->identity_node));
	for (int i = 0; i < 3; i++)
		head32(w, 0);
	for (int i = 0; i < EWX_SECTION_COUNT; i++) {
		at = aligned(at, i);
		head32(w, (u32)at);
		head32(w, ewx_put_count(w, i));
		at += w->section[i].count;
	}
}

static void write_blob(struct ewx_back *b)
{
	struct ewx_writer w = { .b = b };
	u32 name = ewx_back_string(b, b->unit->name);
	size_t at;
	u8 *blob;

	w.file_of =
		ewx_pool_alloc(&b->pool, b->unit->file_count + 1, sizeof(u32));
	ewx_put_written(&w);
	for (size_t i = 0; i < b->values.count; i++)
		ewx_put32(&w, EWX_SECTION_VALUES, b->values.at[i]);
	put_classes(&w, EWX_SECTION_SOURCE_CLASSES, &b->source_classes);
	put_classes(&w, EWX_SECTION_IDENTITY_CLASSES, &b->identity_classes);
	put_automata(&w);
	put_nodes(&w);
	put_table(&w);
	put_shared(&w);
	put_head(&w, name);
	blob = ewx_pages_malloc(b->size);
	if (!blob)
		ewx_pool_stop(&b->pool, EWX_STOP_MEMORY);
	memcpy(blob, w.head.at, w.head.count);
	at = w.head.count;
	for (int i = 0; i < EWX_SECTION_COUNT; i++) {
		at = aligned(at, i);
		if (w.section[i].count)
			memcpy(blob + at, w.section[i].at, w.section[i].count);
		at += w.section[i].count;
		ewx_vec_drop(&b->pool, &w.section[i]);
	}
	b->blob = blob;
}

/* More domains than a key of the decision table has room for. */
static void check_domains(struct ewx_back *b)
{
	size_t count = b->unit->domain_count;

	if (count <= EWX_DOMAINS_MAX)
		return;
	ewx_report(b->unit, E0705, NULL, NULL,
		   "too many domains: there are %zu, %u are the limit", count,
		   EWX_DOMAINS_MAX);
	ewx_back_refuse(b);
}

static void run(void *arg)
{
	struct ewx_back *b = arg;

	check_domains(b);
	ewx_nodes_init(&b->nodes, &b->pool);
	ewx_back_collect_keys(b);
	ewx_step(b->unit, "joining patterns");
	ewx_back_paths(b);
	ewx_step(b->unit, "telling domains apart");
	ewx_back_domains(b);
	ewx_step(b->unit, "telling sources apart");
	ewx_back_sources(b);
	ewx_step(b->unit, "telling identities apart");
	ewx_back_identities(b);
	ewx_step(b->unit, "joining rules");
	ewx_back_table(b);
	ewx_step(b->unit, "writing the binary policy");
	write_blob(b);
}

/* A blob that the engine refuses must not leave the compiler. */
static bool blob_good(struct ewx_back *b)
{
	struct ewx_policy policy;
	struct ewx_fault fault;

	ewx_step(b->unit, "verifying the binary policy");
	if (ewx_policy_verify(b->blob, (u32)b->size, &policy, &fault))
		return true;
	ewx_report(
		b->unit, E0707, NULL, NULL,
		"the engine refuses the binary policy: fault %u in section %u, record %u, byte %u",
		fault.code, fault.section, fault.index, fault.offset);
	return false;
}

int ewx_emit(struct ewx_unit *u, __u64 built, void **blob, size_t *size)
{
	struct ewx_back b = { .unit = u, .built = built };
	enum ewx_stop why = ewx_pool_run(&b.pool, run, &b);

	ewx_pool_free(&b.pool);
	ewx_arena_free(&b.scratch);
	if (why == EWX_STOP_MEMORY)
		ewx_report(u, E0706, NULL, NULL, "out of memory");
	if (why != EWX_STOP_NONE)
		return -1;
	if (!blob_good(&b)) {
		free(b.blob);
		return -1;
	}
	*blob = b.blob;
	*size = b.size;
	return 0;
}

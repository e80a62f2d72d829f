/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The compiler's back end: a checked unit to a binary policy.
 *
 * Owns: what the stages share. paths.c makes automata of patterns, domains.c
 * and classes.c make diagrams, table.c makes the decision table, emit.c writes
 * it all down. Knows no syntax; reports only what concerns several statements
 * at once.
 */
#ifndef _LIBEWX_BACKEND_H
#define _LIBEWX_BACKEND_H

#include <uapi/linux/enclave_permissions.h>
#include "automaton.h"
#include "diagram.h"
#include "ir.h"

#define EWX_KEY_SIZE 32

/**
 * struct ewx_paths - one automaton and what its accepted sets lead to.
 * @dfa: tokens are domains (EXE, CGROUP), sources (PATH)
 * @node: per accepted set: reference of the diagram's first node
 * @unmatched: same when nothing matches
 */
struct ewx_paths {
	struct ewx_dfa dfa;
	u32 *node;
	u32 unmatched;
};

/* A grant as seven numbers: */
enum {
	EWX_CELL_PERMS,
	EWX_CELL_KIND,
	EWX_CELL_RULE,
	EWX_CELL_MAX,
	EWX_CELL_UNTIL_LOW,
	EWX_CELL_UNTIL_HIGH,
	EWX_CELL_SET, /* id in @bitmaps, or EWX_NONE */
	EWX_CELL_NUMBERS
};

/** struct ewx_table_entry - see struct ewx_entry; @cell: id in @cells, 0: free. */
struct ewx_table_entry {
	u64 key;
	u32 cell;
};

typedef EWX_VEC(struct ewx_table_entry) ewx_entries;

/**
 * struct ewx_back - one run.
 * @scratch: the pattern that is being joined to the others
 * @keys: distinct digests, sorted, EWX_KEY_SIZE bytes each
 * @strings: STRINGS; @string_slots: hash of offset + 1
 * @values: VALUES; @lists: those that are there once, each at VALUES[list_at[id - 1]]
 * @rule_order: rules in the order of RULES
 * @source_classes, @identity_classes: sets of names; id 0: none
 * @entries, @rows: by line
 * @grants: EWX_CELL_NUMBERS numbers each; @cells: ids of grants each
 * @bitmaps: sets of identity classes, @bitmap_words 32-bit words each
 * @domain_has: per domain EWX_DOMAIN_HAS_*
 */
struct ewx_back {
	struct ewx_pool pool;
	struct ewx_unit *unit;
	u64 built;
	struct ewx_arena scratch;

	EWX_VEC(u8) keys;
	EWX_VEC(char) strings;
	u32 *string_slots;
	u32 string_mask;
	u32 string_count;
	ewx_numbers values;
	struct ewx_sets lists;
	ewx_numbers list_at;
	u32 *rule_order;

	struct ewx_paths paths[EWX_AUTOMATON_COUNT];
	struct ewx_nodes nodes;
	u32 identity_node;
	struct ewx_sets source_classes;
	struct ewx_sets identity_classes;

	ewx_entries entries;
	ewx_entries rows;
	struct ewx_sets grants;
	struct ewx_sets cells;
	struct ewx_sets bitmaps;
	u32 bitmap_words;
	u32 seed;
	u32 *domain_has;

	void *blob;
	size_t size;
};

/* backend.c */

/** ewx_back_refuse() - a diagnostic has been reported: end the run. */
void ewx_back_refuse(struct ewx_back *b) __attribute__((noreturn));

/** ewx_back_string() - offset of a string in STRINGS, added if new. */
u32 ewx_back_string(struct ewx_back *b, const char *text);

/** ewx_back_pair() - index in VALUES of two numbers side by side. */
u32 ewx_back_pair(struct ewx_back *b, u32 first, u32 second);

/** ewx_back_wide() - index in VALUES of a mask and a value of 64 bits, test XFRM. */
u32 ewx_back_wide(struct ewx_back *b, u64 mask, u64 value);

/** ewx_back_collect_keys() - fill @keys from the unit. */
void ewx_back_collect_keys(struct ewx_back *b);

/** ewx_back_key() - index in KEYS of a digest that the unit has. */
u32 ewx_back_key(const struct ewx_back *b, const u8 *digest);

/** ewx_back_digest() - what a verity condition asks for: a key, or any, or signed. */
u32 ewx_back_digest(const struct ewx_back *b, const struct ewx_ir_condition *c);

/**
 * ewx_back_ranges() - id of the union of a name's ranges of @kind, merged, as
 * pairs low, high in @d->ranges; 0: it has no such condition.
 */
u32 ewx_back_ranges(struct ewx_diagram *d, const struct ewx_ir_name *name,
		    u32 kind);

/**
 * ewx_back_too_many() - report E0704 and end the run.
 * @what: "sources" or so; up to three of @items are named
 */
void ewx_back_too_many(struct ewx_back *b, const struct ewx_ir_name *names,
		       const u32 *items, size_t count, const char *what)
	__attribute__((noreturn));

/* paths.c: @paths[kind].dfa of all patterns; refuses when one blows up. */
void ewx_back_paths(struct ewx_back *b);

/* domains.c, classes.c: the diagrams and classes. */
void ewx_back_domains(struct ewx_back *b);
void ewx_back_sources(struct ewx_back *b);
void ewx_back_identities(struct ewx_back *b);

/* table.c, table_defer.c: the decision table. */
void ewx_back_table(struct ewx_back *b);

#endif /* _LIBEWX_BACKEND_H */

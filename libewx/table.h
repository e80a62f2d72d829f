/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From rules to cells; shared by table.c and cells.c.
 *
 * Owns: what a rule becomes once sources and identities are classes.
 */
#ifndef _LIBEWX_TABLE_H
#define _LIBEWX_TABLE_H

#include "backend.h"

/**
 * struct ewx_members - classes that contain each name.
 * @class: those of name n are class[first[n]..first[n + 1])
 */
struct ewx_members {
	u32 *first;
	u32 *class;
};

/**
 * struct ewx_table
 * @sources, @identities: classes of each
 * @lists: identities' lists whose union has been made; @unions: its bitmap
 * @full: bitmap of all classes
 */
struct ewx_table {
	struct ewx_back *b;
	struct ewx_members sources;
	struct ewx_members identities;
	struct ewx_sets lists;
	ewx_numbers unions;
	u32 full;
};

static inline const struct ewx_ir_rule *
ewx_table_rule(const struct ewx_table *t, u32 rule)
{
	return &t->b->unit->rules[t->b->rule_order[rule]];
}

/** ewx_table_cell() - cell of @rules (any order), whose identity is known. */
u32 ewx_table_cell(struct ewx_table *t, u32 *rules, size_t count);

/** ewx_table_row() - cell of @rules for enclaves of unknown identity; 0: empty. */
u32 ewx_table_row(struct ewx_table *t, u32 *rules, size_t count);

/** ewx_table_bitmaps() - make the set of all classes. */
void ewx_table_bitmaps(struct ewx_table *t);

#endif /* _LIBEWX_TABLE_H */

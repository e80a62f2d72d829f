/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names to indices: a crit-bit tree, so that no choice of names makes a
 * lookup cost more than the name's length.
 *
 * Owns: the tree. Knows nothing of what the names name.
 */
#ifndef _LIBEWX_SYMBOLS_H
#define _LIBEWX_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"

struct ewx_symbol_node;

/** struct ewx_symbols - all zero is an empty tree. */
struct ewx_symbols {
	struct ewx_symbol_node *root;
};

#define EWX_SYMBOL_NONE	UINT32_MAX

/** ewx_symbols_find() - index of @name, or EWX_SYMBOL_NONE. */
uint32_t ewx_symbols_find(const struct ewx_symbols *symbols, const char *name);

/**
 * ewx_symbols_add() - enter @name, which must outlive the tree.
 * Return: @index if it was entered, the older index if the name is there
 * already, EWX_SYMBOL_NONE without memory.
 */
uint32_t ewx_symbols_add(struct ewx_symbols *symbols, struct ewx_arena *arena,
			 const char *name, uint32_t index);

#endif /* _LIBEWX_SYMBOLS_H */

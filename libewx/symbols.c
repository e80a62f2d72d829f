// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Crit-bit tree over NUL-terminated strings; see symbols.h. An inner node
 * tests the first bit in which the two sides differ (D. J. Bernstein,
 * "Crit-bit trees").
 */
#include <string.h>
#include "symbols.h"

/*
 * @name: leaf: the string; inner node: NULL
 * @index: leaf
 * @child, @byte, @bit: inner node: where a string's bit leads
 */
struct ewx_symbol_node {
	const char *name;
	struct ewx_symbol_node *child[2];
	uint32_t byte;
	uint32_t index;
	uint8_t bit;
};

static unsigned int direction(const struct ewx_symbol_node *node,
			      const char *name, size_t len)
{
	return node->byte < len && ((uint8_t)name[node->byte] & node->bit);
}

static const struct ewx_symbol_node *nearest(const struct ewx_symbols *symbols,
					     const char *name, size_t len)
{
	const struct ewx_symbol_node *node = symbols->root;

	while (node && !node->name)
		node = node->child[direction(node, name, len)];
	return node;
}

uint32_t ewx_symbols_find(const struct ewx_symbols *symbols, const char *name)
{
	const struct ewx_symbol_node *leaf;

	leaf = nearest(symbols, name, strlen(name));
	if (!leaf || strcmp(leaf->name, name))
		return EWX_SYMBOL_NONE;
	return leaf->index;
}

/* Whether @node tests an earlier bit than @byte, @bit (higher bits first). */
static bool tests_before(const struct ewx_symbol_node *node, uint32_t byte,
			 uint8_t bit)
{
	return node->byte < byte || (node->byte == byte && node->bit > bit);
}

uint32_t ewx_symbols_add(struct ewx_symbols *symbols, struct ewx_arena *arena,
			 const char *name, uint32_t index)
{
	struct ewx_symbol_node *leaf, *inner, **link = &symbols->root;
	const struct ewx_symbol_node *old;
	size_t len = strlen(name), byte = 0;
	uint8_t differ;

	old = nearest(symbols, name, len);
	while (old && name[byte] && name[byte] == old->name[byte])
		byte++;
	if (old && name[byte] == old->name[byte])
		return old->index;

	leaf = ewx_arena_alloc(arena, sizeof(*leaf));
	if (!leaf)
		return EWX_SYMBOL_NONE;
	leaf->name = name;
	leaf->index = index;
	if (!old) {
		symbols->root = leaf;
		return index;
	}

	inner = ewx_arena_alloc(arena, sizeof(*inner));
	if (!inner)
		return EWX_SYMBOL_NONE;
	differ = (uint8_t)name[byte] ^ (uint8_t)old->name[byte];
	inner->byte = byte;
	inner->bit = 0x80 >> (__builtin_clz(differ) - 24);
	while (!(*link)->name && tests_before(*link, inner->byte, inner->bit))
		link = &(*link)->child[direction(*link, name, len)];
	inner->child[direction(inner, name, len)] = leaf;
	inner->child[!direction(inner, name, len)] = *link;
	*link = inner;
	return index;
}

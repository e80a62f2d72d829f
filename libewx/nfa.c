// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Patterns as one automaton that shares their prefixes.
 *
 * The nodes form a tree: patterns that begin alike run through the same nodes,
 * so that the sets of nodes active at one time stay small. Bytes between which
 * nothing branches are one node, which is split when something does. A group
 * branches the tree; what follows it is repeated under each branch, up to
 * BRANCHES_MAX of them, then the branches join in one new node.
 */
#include "automaton.h"
#include <string.h>
#include <uapi/linux/ewx_policy.h>

#define BRANCHES_MAX 64
#define NODES_EXPECTED 8 /* for a pattern, those of texts that are split too */
#define RUN_MAX 1024 /* bytes of a pattern that are looked at together */

static bool loops(u8 kind)
{
	return kind == EWX_NFA_STAR || kind == EWX_NFA_GLOB;
}

static u32 new_node(struct ewx_nfa *nfa, u8 kind, u32 origin)
{
	struct ewx_nfa_node *node;

	if (nfa->nodes.count > UINT32_MAX / 8)
		ewx_pool_stop(nfa->pool, EWX_STOP_MEMORY);
	node = ewx_vec_push(nfa->pool, &nfa->nodes);
	memset(node, 0, sizeof(*node));
	node->kind = kind;
	node->origin = origin;
	return (u32)nfa->nodes.count - 1;
}

struct ewx_nfa *ewx_nfa_new(struct ewx_pool *pool, size_t patterns)
{
	struct ewx_nfa *nfa = ewx_pool_alloc(pool, 1, sizeof(*nfa));

	nfa->pool = pool;
	ewx_vec_reserve(pool, &nfa->nodes, patterns * NODES_EXPECTED + 1);
	ewx_sets_init(&nfa->sets, pool);
	new_node(nfa, EWX_NFA_START, EWX_NONE);
	memset(ewx_vec_push(pool, &nfa->skips), 0, sizeof(struct ewx_nfa_link));
	memset(ewx_vec_push(pool, &nfa->tokens), 0,
	       sizeof(struct ewx_nfa_link));
	return nfa;
}

/* Make @node a child of @parent; loops come first, the last of them is @after.
 */
static void link_child(struct ewx_nfa_node *nodes, u32 parent, u32 after,
		       u32 node)
{
	u32 *link = &nodes[parent].child;

	if (after && !loops(nodes[node].kind))
		link = &nodes[after].sibling;
	nodes[node].sibling = *link;
	*link = node;
}

/* The child of @parent that is entered in this way, made if need be. */
static u32 child_of(struct ewx_nfa *nfa, u32 parent, u8 kind, u32 set,
		    u32 origin)
{
	struct ewx_nfa_node *nodes = nfa->nodes.at;
	u32 at, after = 0;

	for (at = nodes[parent].child; at; at = nodes[at].sibling) {
		if (nodes[at].kind == kind && nodes[at].set == set)
			return at;
		if (loops(nodes[at].kind))
			after = at;
	}
	at = new_node(nfa, kind, origin);
	nfa->nodes.at[at].set = set;
	link_child(nfa->nodes.at, parent, after, at);
	return at;
}

u32 ewx_nfa_split(struct ewx_nfa *nfa, u32 parent, u32 before, u32 node,
		  u32 length)
{
	u32 first = new_node(nfa, EWX_NFA_TEXT, nfa->nodes.at[node].origin);
	struct ewx_nfa_node *nodes = nfa->nodes.at;

	nodes[first].set = nodes[node].set;
	nodes[first].byte = nodes[node].byte;
	nodes[first].length = (u16)length;
	nodes[first].child = node;
	nodes[first].sibling = nodes[node].sibling;
	if (before)
		nodes[before].sibling = first;
	else
		nodes[parent].child = first;
	nodes[node].sibling = 0;
	nodes[node].set += length;
	nodes[node].length -= (u16)length;
	nodes[node].byte = nfa->text.at[nodes[node].set];
	return first;
}

/* A new child of @parent for the bytes at @text. Byte 1 stands alone: see
 * normalize(). */
static u32 new_text(struct ewx_nfa *nfa, u32 parent, u32 after, const u8 *text,
		    u32 *length, u32 origin)
{
	u32 node = new_node(nfa, EWX_NFA_TEXT, origin), n = 0;

	if (nfa->text.count > UINT32_MAX / 2)
		ewx_pool_stop(nfa->pool, EWX_STOP_MEMORY);
	nfa->nodes.at[node].set = (u32)nfa->text.count;
	nfa->nodes.at[node].byte = text[0];
	do
		*ewx_vec_push(nfa->pool, &nfa->text) = text[n++];
	while (n < *length && text[n] != 1 && text[n - 1] != 1);
	nfa->nodes.at[node].length = (u16)n;
	link_child(nfa->nodes.at, parent, after, node);
	*length = n;
	return node;
}

/* How many of the bytes at @text the TEXT node @node begins with. */
static u32 common_length(const struct ewx_nfa *nfa, u32 node, const u8 *text,
			 u32 length)
{
	const u8 *have = nfa->text.at + nfa->nodes.at[node].set;
	u32 n = 0;

	if (length > nfa->nodes.at[node].length)
		length = nfa->nodes.at[node].length;
	while (n < length && have[n] == text[n])
		n++;
	return n;
}

/* Where up to @length bytes at @text lead from @node; @length: how many were
 * used. */
static u32 step_text(struct ewx_nfa *nfa, u32 node, const u8 *text, u32 *length,
		     u32 origin)
{
	const struct ewx_nfa_node *nodes = nfa->nodes.at;
	u32 at, before = 0, after = 0;

	for (at = nodes[node].child; at; at = nodes[at].sibling) {
		if (nodes[at].kind == EWX_NFA_TEXT && nodes[at].byte == *text)
			break;
		if (loops(nodes[at].kind))
			after = at;
		before = at;
	}
	if (!at)
		return new_text(nfa, node, after, text, length, origin);
	*length = common_length(nfa, at, text, *length);
	return *length < nodes[at].length ?
		       ewx_nfa_split(nfa, node, before, at, *length) :
		       at;
}

static u32 walk_text(struct ewx_nfa *nfa, u32 node, const u8 *text, u32 length,
		     u32 origin)
{
	for (u32 n; length; text += n, length -= n) {
		n = length;
		node = step_text(nfa, node, text, &n, origin);
	}
	return node;
}

/* "*" or "**" after @node: a node that loops already as much stays. */
static u32 loop_of(struct ewx_nfa *nfa, u32 node, u8 kind, u32 origin)
{
	u8 have = nfa->nodes.at[node].kind;

	if (have == EWX_NFA_GLOB || have == kind)
		return node;
	return child_of(nfa, node, kind, 0, origin);
}

static void unique_from(struct ewx_nfa *nfa, size_t begin)
{
	nfa->frontier.count =
		begin + ewx_sort_unique(nfa->frontier.at + begin,
					nfa->frontier.count - begin);
}

static void link_to(struct ewx_nfa *nfa, u32 from, u32 to)
{
	struct ewx_nfa_link *link = ewx_vec_push(nfa->pool, &nfa->skips);

	link->value = to;
	link->next = nfa->nodes.at[from].skip;
	nfa->nodes.at[from].skip = (u32)nfa->skips.count - 1;
}

static void add_sequence(struct ewx_nfa *nfa, const struct ewx_pattern *pattern,
			 size_t begin, u32 origin);

/* Recursion is as deep as groups nest: EWX_PATTERN_DEPTH. */
static void add_group(struct ewx_nfa *nfa,
		      const struct ewx_pattern_element *group, size_t begin,
		      u32 origin)
{
	size_t end = nfa->frontier.count, count;

	for (size_t i = 0; i < group->alternative_count; i++) {
		size_t start = nfa->frontier.count;

		for (size_t j = begin; j < end; j++) {
			u32 node = nfa->frontier.at[j];

			*ewx_vec_push(nfa->pool, &nfa->frontier) = node;
		}
		add_sequence(nfa, &group->alternatives[i], start, origin);
	}
	count = nfa->frontier.count - end;
	memmove(nfa->frontier.at + begin, nfa->frontier.at + end,
		count * sizeof(u32));
	nfa->frontier.count = begin + count;
	unique_from(nfa, begin);
	if (nfa->frontier.count - begin > BRANCHES_MAX) {
		u32 join = new_node(nfa, EWX_NFA_JOIN, origin);

		for (size_t i = begin; i < nfa->frontier.count; i++)
			link_to(nfa, nfa->frontier.at[i], join);
		nfa->frontier.at[begin] = join;
		nfa->frontier.count = begin + 1;
	}
}

static u32 step_of(struct ewx_nfa *nfa, u32 node,
		   const struct ewx_pattern_element *element, u32 set,
		   u32 origin)
{
	switch (element->kind) {
	case EWX_PATTERN_ANY:
		return child_of(nfa, node, EWX_NFA_ANY, 0, origin);
	case EWX_PATTERN_STAR:
		return loop_of(nfa, node, EWX_NFA_STAR, origin);
	case EWX_PATTERN_DOUBLESTAR:
		return loop_of(nfa, node, EWX_NFA_GLOB, origin);
	default:
		return child_of(nfa, node, EWX_NFA_CLASS, set, origin);
	}
}

static u32 set_of(struct ewx_nfa *nfa, const struct ewx_byte_set *set)
{
	u32 words[8];

	for (int i = 0; i < 8; i++)
		words[i] = (u32)(set->bits[i / 2] >> (i % 2 * 32));
	return ewx_sets_intern(&nfa->sets, words, 8);
}

/*
 * Move the frontier from @begin on over the bytes of @pattern from @i on.
 * Return: index of what follows them.
 */
static size_t add_run(struct ewx_nfa *nfa, const struct ewx_pattern *pattern,
		      size_t i, size_t begin, u32 origin)
{
	u8 text[RUN_MAX];
	u32 length = 0;

	while (i < pattern->count && length < RUN_MAX &&
	       pattern->elements[i].kind == EWX_PATTERN_BYTE)
		text[length++] = pattern->elements[i++].byte;
	for (size_t j = begin; j < nfa->frontier.count; j++)
		nfa->frontier.at[j] = walk_text(nfa, nfa->frontier.at[j], text,
						length, origin);
	return i;
}

static void add_step(struct ewx_nfa *nfa,
		     const struct ewx_pattern_element *element, size_t begin,
		     u32 origin)
{
	u32 set = 0;

	if (element->kind == EWX_PATTERN_CLASS)
		set = set_of(nfa, element->set);
	for (size_t j = begin; j < nfa->frontier.count; j++)
		nfa->frontier.at[j] =
			step_of(nfa, nfa->frontier.at[j], element, set, origin);
	if (nfa->frontier.count - begin > 1)
		unique_from(nfa, begin);
}

/* Move the frontier from @begin on, the nodes a prefix leads to, over @pattern.
 */
static void add_sequence(struct ewx_nfa *nfa, const struct ewx_pattern *pattern,
			 size_t begin, u32 origin)
{
	for (size_t i = 0; i < pattern->count;) {
		const struct ewx_pattern_element *element =
			&pattern->elements[i];

		if (element->kind == EWX_PATTERN_BYTE) {
			i = add_run(nfa, pattern, i, begin, origin);
			continue;
		}
		if (element->kind == EWX_PATTERN_GROUP)
			add_group(nfa, element, begin, origin);
		else
			add_step(nfa, element, begin, origin);
		i++;
	}
}

void ewx_nfa_add(struct ewx_nfa *nfa, const struct ewx_pattern *pattern,
		 u32 token, u32 origin)
{
	nfa->frontier.count = 0;
	*ewx_vec_push(nfa->pool, &nfa->frontier) = 0;
	add_sequence(nfa, pattern, 0, origin);
	for (size_t i = 0; i < nfa->frontier.count; i++) {
		struct ewx_nfa_node *node = &nfa->nodes.at[nfa->frontier.at[i]];
		struct ewx_nfa_link *link =
			ewx_vec_push(nfa->pool, &nfa->tokens);

		link->value = token;
		link->next = node->token;
		node->token = (u32)nfa->tokens.count - 1;
	}
}

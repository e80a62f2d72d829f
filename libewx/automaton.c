// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Determinising: each state stands for the set of nodes of the pattern tree
 * that the bytes read so far lead to. A set is known by its kernel, the nodes
 * entered by the last byte; most kernels are a single node of the tree, which
 * finds its state without hashing. A single node that only bytes follow becomes
 * a link, however many they are; where other nodes are in the set too, the
 * bytes become nodes one by one, as they are read.
 */
#include "automaton.h"
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/ewx_policy.h>

/*
 * What an automaton may cost: states, and members of sets. Some for each node or byte
 * of the patterns, so that time stays linear; patterns that do not blow up need less
 * than a tenth of that.
 */
#define STATES_MAX (8u << 20)
#define STATES_MIN (128u << 10)
#define STATES_PER_NODE 4
#define WORK_MIN (1ull << 23)
#define WORK_PER_NODE 4

#define KERNEL_SET 0x80000000u /* a kernel: id of a set, else a node */

/** struct pair - one of the nodes that a byte enters. */
struct pair {
	u32 byte;
	u32 node;
};

/**
 * struct subset - one construction.
 * @kernels: per state; state_of_node, state_of_set: and back
 * @mark, @epoch: which nodes are in @members
 * @pairs: transitions of the members that depend on the byte
 * @target: nodes a byte enters, being collected
 */
struct subset {
	struct ewx_pool *pool;
	struct ewx_nfa *nfa;
	struct ewx_dfa *dfa;
	ewx_numbers kernels;
	ewx_numbers state_of_node;
	ewx_numbers state_of_set;
	struct ewx_sets sets;
	ewx_numbers mark;
	u32 epoch;
	ewx_numbers members;
	ewx_numbers always; /* entered by every byte */
	ewx_numbers component; /* entered by every byte but '/' */
	EWX_VEC(struct pair) pairs;
	ewx_numbers target;
	ewx_numbers tokens;
	u64 work;
};

static u32 new_state(struct subset *s, u32 kernel)
{
	*ewx_vec_push(s->pool, &s->kernels) = kernel;
	return (u32)s->kernels.count - 1;
}

static u32 state_of_node(struct subset *s, u32 node)
{
	u32 *state = &s->state_of_node.at[node];

	if (!*state)
		*state = new_state(s, node);
	return *state;
}

/* The state whose kernel is s->target (any order, perhaps repeated). */
static u32 state_of_target(struct subset *s)
{
	size_t count = ewx_sort_unique(s->target.at, s->target.count);
	u32 id;

	if (!count)
		return 0;
	if (count == 1)
		return state_of_node(s, s->target.at[0]);
	id = ewx_sets_intern(&s->sets, s->target.at, count);
	if (id == s->state_of_set.count)
		*ewx_vec_push(s->pool, &s->state_of_set) =
			new_state(s, id | KERNEL_SET);
	return s->state_of_set.at[id];
}

static void enter(struct subset *s, u32 node)
{
	if (s->mark.at[node] == s->epoch)
		return;
	s->mark.at[node] = s->epoch;
	*ewx_vec_push(s->pool, &s->members) = node;
}

/* s->members: the kernel of @state and what empty steps add. */
static void collect_members(struct subset *s, u32 state)
{
	const struct ewx_nfa_node *nodes = s->nfa->nodes.at;
	u32 kernel = s->kernels.at[state];

	s->epoch++;
	s->members.count = 0;
	if (kernel & KERNEL_SET) {
		size_t count;
		const u32 *v =
			ewx_sets_get(&s->sets, kernel & ~KERNEL_SET, &count);

		for (size_t i = 0; i < count; i++)
			enter(s, v[i]);
	} else {
		enter(s, kernel);
	}
	for (size_t i = 0; i < s->members.count; i++) {
		const struct ewx_nfa_node *node = &nodes[s->members.at[i]];

		for (u32 c = node->child; c && (nodes[c].kind == EWX_NFA_STAR ||
						nodes[c].kind == EWX_NFA_GLOB);
		     c = nodes[c].sibling)
			enter(s, c);
		for (u32 k = node->skip; k; k = s->nfa->skips.at[k].next)
			enter(s, s->nfa->skips.at[k].value);
	}
	s->work += s->members.count;
}

static u32 accept_of_members(struct subset *s)
{
	s->tokens.count = 0;
	for (size_t i = 0; i < s->members.count; i++) {
		u32 t = s->nfa->nodes.at[s->members.at[i]].token;

		for (; t; t = s->nfa->tokens.at[t].next)
			*ewx_vec_push(s->pool, &s->tokens) =
				s->nfa->tokens.at[t].value;
	}
	if (!s->tokens.count)
		return 0;
	s->tokens.count = ewx_sort_unique(s->tokens.at, s->tokens.count);
	return ewx_sets_intern(&s->dfa->accepts, s->tokens.at, s->tokens.count);
}

static void add_pair(struct subset *s, u32 byte, u32 node)
{
	struct pair *pair = ewx_vec_push(s->pool, &s->pairs);

	pair->byte = byte;
	pair->node = node;
}

static void add_class(struct subset *s, u32 node)
{
	size_t count;
	const u32 *words =
		ewx_sets_get(&s->nfa->sets, s->nfa->nodes.at[node].set, &count);

	for (u32 byte = 1; byte < 256; byte++)
		if (words[byte / 32] >> (byte % 32) & 1)
			add_pair(s, byte, node);
}

/* The TEXT child @node of @parent, after @before: its first byte as a node. */
static u32 first_byte(struct subset *s, u32 parent, u32 before, u32 node)
{
	if (s->nfa->nodes.at[node].length == 1)
		return node;
	*ewx_vec_push(s->pool, &s->mark) = 0;
	*ewx_vec_push(s->pool, &s->state_of_node) = 0;
	return ewx_nfa_split(s->nfa, parent, before, node, 1);
}

static void collect_steps_of(struct subset *s, u32 member)
{
	const struct ewx_nfa_node *nodes = s->nfa->nodes.at;
	u32 before = 0;

	if (nodes[member].kind == EWX_NFA_GLOB)
		*ewx_vec_push(s->pool, &s->always) = member;
	else if (nodes[member].kind == EWX_NFA_STAR)
		*ewx_vec_push(s->pool, &s->component) = member;
	for (u32 c = nodes[member].child; c; c = nodes[c].sibling) {
		if (nodes[c].kind == EWX_NFA_TEXT) {
			c = first_byte(s, member, before, c);
			nodes = s->nfa->nodes.at;
			add_pair(s, nodes[c].byte, c);
		} else if (nodes[c].kind == EWX_NFA_ANY) {
			*ewx_vec_push(s->pool, &s->component) = c;
		} else if (nodes[c].kind == EWX_NFA_CLASS) {
			add_class(s, c);
		}
		before = c;
	}
}

/* Sort what the members do with a byte into always, component and pairs. */
static void collect_steps(struct subset *s)
{
	s->always.count = 0;
	s->component.count = 0;
	s->pairs.count = 0;
	for (size_t i = 0; i < s->members.count; i++)
		collect_steps_of(s, s->members.at[i]);
	if (s->component.count)
		add_pair(s, '/', EWX_NONE); /* '/' differs from the others */
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->byte != y->byte)
		return x->byte < y->byte ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

static void sort_pairs(struct pair *v, size_t count)
{
	if (count > 16) {
		qsort(v, count, sizeof(*v), compare_pairs);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct pair x = v[i];
		size_t j = i;

		for (; j && compare_pairs(&v[j - 1], &x) > 0; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void append(struct subset *s, const ewx_numbers *from)
{
	for (size_t i = 0; i < from->count; i++)
		*ewx_vec_push(s->pool, &s->target) = from->at[i];
}

/* The state after the byte of pairs[begin..end). */
static u32 state_of_pairs(struct subset *s, size_t begin, size_t end)
{
	s->target.count = 0;
	append(s, &s->always);
	if (s->pairs.at[begin].byte != '/')
		append(s, &s->component);
	for (size_t i = begin; i < end; i++)
		if (s->pairs.at[i].node != EWX_NONE)
			*ewx_vec_push(s->pool, &s->target) =
				s->pairs.at[i].node;
	return state_of_target(s);
}

static bool same_nodes(const struct subset *s, size_t a, size_t a_end, size_t b,
		       size_t b_end)
{
	const struct pair *pairs = s->pairs.at;

	if (a_end - a != b_end - b || pairs[a].byte == '/' ||
	    pairs[b].byte == '/')
		return false;
	for (; a < a_end; a++, b++)
		if (pairs[a].node != pairs[b].node)
			return false;
	return true;
}

static void add_transition(struct subset *s, u8 byte, u32 to)
{
	*ewx_vec_push(s->pool, &s->dfa->byte) = byte;
	*ewx_vec_push(s->pool, &s->dfa->to) = to;
}

/*
 * Make the fallback the successor on byte 1, so that equal states have equal
 * records (NUL is in no path and goes anywhere): @begin is the first
 * transition of the newest state.
 */
static void normalize(struct ewx_dfa *dfa, size_t begin)
{
	u32 *fallback = &dfa->fallback.at[dfa->fallback.count - 1];
	u32 next[256];

	if (dfa->byte.count == begin || dfa->byte.at[begin] != 1)
		return;
	for (int b = 1; b < 256; b++)
		next[b] = *fallback;
	for (size_t i = begin; i < dfa->byte.count; i++)
		next[dfa->byte.at[i]] = dfa->to.at[i];
	*fallback = next[1];
	dfa->byte.count = begin;
	dfa->to.count = begin;
	for (int b = 2; b < 256; b++) {
		if (next[b] == next[1])
			continue;
		*ewx_vec_push(dfa->pool, &dfa->byte) = (u8)b;
		*ewx_vec_push(dfa->pool, &dfa->to) = next[b];
	}
}

/* The state after a byte of no pair; there may be no such byte. */
static u32 state_of_others(struct subset *s)
{
	u32 bytes = 0;

	if (s->pairs.count >= 255) {
		for (size_t i = 0; i < s->pairs.count; i++)
			bytes += !i ||
				 s->pairs.at[i].byte != s->pairs.at[i - 1].byte;
		if (bytes == 255)
			return 0;
	}
	s->target.count = 0;
	append(s, &s->always);
	append(s, &s->component);
	return state_of_target(s);
}

/* The node that follows @node if only bytes do, and nothing ends there; or 0.
 */
static u32 only_text(const struct subset *s, u32 node)
{
	const struct ewx_nfa_node *nodes = s->nfa->nodes.at;
	u32 next = nodes[node].child;

	if (!next || nodes[node].token || nodes[node].skip ||
	    nodes[node].kind == EWX_NFA_STAR ||
	    nodes[node].kind == EWX_NFA_GLOB || nodes[next].sibling ||
	    nodes[next].kind != EWX_NFA_TEXT || nodes[next].byte == 1)
		return 0;
	return next;
}

/* What add_record() adds, if the kernel of @state is followed by text only. */
static bool add_text_record(struct subset *s, u32 state)
{
	struct ewx_dfa *dfa = s->dfa;
	u32 kernel = s->kernels.at[state];
	u32 next = kernel & KERNEL_SET ? 0 : only_text(s, kernel);

	if (!next)
		return false;
	add_transition(s, s->nfa->nodes.at[next].byte, state_of_node(s, next));
	*ewx_vec_push(s->pool, &dfa->accept) = 0;
	*ewx_vec_push(s->pool, &dfa->fallback) = 0;
	*ewx_vec_push(s->pool, &dfa->length) = s->nfa->nodes.at[next].length;
	*ewx_vec_push(s->pool, &dfa->text_at) = s->nfa->nodes.at[next].set;
	*ewx_vec_push(s->pool, &dfa->first) = (u32)dfa->byte.count;
	return true;
}

/* Whether the newest state, with transitions from @first on, is a link. */
static void add_length(struct subset *s, size_t first)
{
	struct ewx_dfa *dfa = s->dfa;
	size_t state = dfa->accept.count - 1;
	bool link = dfa->byte.count == first + 1 && !dfa->fallback.at[state] &&
		    !dfa->accept.at[state];

	*ewx_vec_push(s->pool, &dfa->length) = link;
	*ewx_vec_push(s->pool, &dfa->text_at) = link ? (u32)s->nfa->text.count :
						       0;
	if (link)
		*ewx_vec_push(s->pool, &s->nfa->text) = dfa->byte.at[first];
}

static void add_record(struct subset *s, u32 state)
{
	struct ewx_dfa *dfa = s->dfa;
	size_t first = dfa->byte.count, before = 0, before_end = 0;
	u32 fallback, to = 0;

	if (add_text_record(s, state))
		return;
	collect_members(s, state);
	*ewx_vec_push(s->pool, &dfa->accept) = accept_of_members(s);
	collect_steps(s);
	sort_pairs(s->pairs.at, s->pairs.count);
	s->work += s->pairs.count;
	fallback = state_of_others(s);
	for (size_t i = 0, end; i < s->pairs.count; i = end) {
		for (end = i + 1; end < s->pairs.count &&
				  s->pairs.at[end].byte == s->pairs.at[i].byte;
		     end++)
			;
		if (!before_end || !same_nodes(s, before, before_end, i, end))
			to = state_of_pairs(s, i, end);
		before = i;
		before_end = end;
		if (to != fallback)
			add_transition(s, (u8)s->pairs.at[i].byte, to);
	}
	*ewx_vec_push(s->pool, &dfa->fallback) = fallback;
	normalize(dfa, first);
	add_length(s, first);
	*ewx_vec_push(s->pool, &dfa->first) = (u32)dfa->byte.count;
}

/*
 * Name the patterns whose nodes tell most states apart: a node that is in few
 * states, or in nearly all of them, did not multiply them.
 */
static void find_culprits(struct subset *s, u32 culprits[EWX_CULPRITS])
{
	size_t node_count = s->nfa->nodes.count,
	       sets = ewx_sets_count(&s->sets);
	u32 *uses = ewx_pool_alloc(s->pool, node_count, sizeof(*uses));
	u64 *weight;
	u32 origins = 0;

	for (size_t i = 0; i < s->sets.data.count; i++)
		uses[s->sets.data.at[i]]++;
	for (size_t i = 1; i < node_count; i++)
		if (s->nfa->nodes.at[i].origin >= origins)
			origins = s->nfa->nodes.at[i].origin + 1;
	weight = ewx_pool_alloc(s->pool, (size_t)origins + 1, sizeof(*weight));
	for (size_t i = 1; i < node_count; i++)
		weight[s->nfa->nodes.at[i].origin] +=
			uses[i] < sets / 2 ? uses[i] : sets - uses[i];
	for (int n = 0; n < EWX_CULPRITS; n++) {
		u32 worst = 0;

		for (u32 i = 0; i < origins; i++)
			if (weight[i] > weight[worst])
				worst = i;
		culprits[n] = weight[worst] ? worst : EWX_NONE;
		weight[worst] = 0;
	}
	ewx_pool_drop(s->pool, weight);
	ewx_pool_drop(s->pool, uses);
}

void ewx_dfa_drop(struct ewx_dfa *dfa)
{
	ewx_vec_drop(dfa->pool, &dfa->fallback);
	ewx_vec_drop(dfa->pool, &dfa->accept);
	ewx_vec_drop(dfa->pool, &dfa->length);
	ewx_vec_drop(dfa->pool, &dfa->text_at);
	ewx_vec_drop(dfa->pool, &dfa->first);
	ewx_vec_drop(dfa->pool, &dfa->to);
	ewx_vec_drop(dfa->pool, &dfa->byte);
	ewx_vec_drop(dfa->pool, &dfa->text);
}

void ewx_dfa_empty(struct ewx_dfa *dfa, struct ewx_pool *pool)
{
	memset(dfa, 0, sizeof(*dfa));
	dfa->pool = pool;
	dfa->count = 1;
	*ewx_vec_push(pool, &dfa->first) = 0;
	*ewx_vec_push(pool, &dfa->first) = 0;
	*ewx_vec_push(pool, &dfa->fallback) = 0;
	*ewx_vec_push(pool, &dfa->accept) = 0;
	*ewx_vec_push(pool, &dfa->length) = 0;
	*ewx_vec_push(pool, &dfa->text_at) = 0;
}

static void subset_drop(struct subset *s)
{
	ewx_vec_drop(s->pool, &s->kernels);
	ewx_vec_drop(s->pool, &s->state_of_node);
	ewx_vec_drop(s->pool, &s->state_of_set);
	ewx_sets_drop(&s->sets);
	ewx_vec_drop(s->pool, &s->mark);
	ewx_vec_drop(s->pool, &s->members);
	ewx_vec_drop(s->pool, &s->always);
	ewx_vec_drop(s->pool, &s->component);
	ewx_vec_drop(s->pool, &s->pairs);
	ewx_vec_drop(s->pool, &s->target);
	ewx_vec_drop(s->pool, &s->tokens);
}

static void nfa_drop(struct ewx_nfa *nfa)
{
	struct ewx_pool *pool = nfa->pool;

	ewx_vec_drop(pool, &nfa->nodes);
	ewx_vec_drop(pool, &nfa->skips);
	ewx_vec_drop(pool, &nfa->tokens);
	ewx_vec_drop(pool, &nfa->frontier);
	ewx_vec_drop(pool, &nfa->text);
	ewx_sets_drop(&nfa->sets);
	ewx_pool_drop(pool, nfa);
}

/* Most nodes become a state, and so do first bytes of their texts. */
static void reserve(struct subset *s, size_t states)
{
	struct ewx_dfa *dfa = s->dfa;

	ewx_vec_reserve(s->pool, &s->kernels, states);
	ewx_vec_reserve(s->pool, &s->mark, states);
	ewx_vec_reserve(s->pool, &s->state_of_node, states);
	ewx_vec_reserve(s->pool, &dfa->fallback, states);
	ewx_vec_reserve(s->pool, &dfa->accept, states);
	ewx_vec_reserve(s->pool, &dfa->length, states);
	ewx_vec_reserve(s->pool, &dfa->text_at, states);
	ewx_vec_reserve(s->pool, &dfa->first, states);
	ewx_vec_reserve(s->pool, &dfa->to, 2 * states);
	ewx_vec_reserve(s->pool, &dfa->byte, 2 * states);
}

static void subset_init(struct subset *s)
{
	ewx_dfa_empty(s->dfa, s->pool);
	reserve(s, s->nfa->nodes.count * 9 / 4);
	for (size_t i = 0; i < s->nfa->nodes.count; i++) {
		*ewx_vec_push(s->pool, &s->mark) = 0;
		*ewx_vec_push(s->pool, &s->state_of_node) = 0;
	}
	ewx_sets_init(&s->dfa->accepts, s->pool);
	ewx_sets_init(&s->sets, s->pool);
	*ewx_vec_push(s->pool, &s->state_of_set) = 0;
	new_state(s, KERNEL_SET);
}

bool ewx_dfa_build(struct ewx_nfa *nfa, struct ewx_dfa *dfa,
		   u32 culprits[EWX_CULPRITS])
{
	struct subset s = { .pool = nfa->pool, .nfa = nfa, .dfa = dfa };
	size_t nodes = nfa->nodes.count;
	u64 states = STATES_MIN + (nodes + nfa->text.count) * STATES_PER_NODE;
	u64 work = WORK_MIN + (nodes + nfa->text.count) * WORK_PER_NODE;
	bool fits = true;

	if (states > STATES_MAX)
		states = STATES_MAX;
	subset_init(&s);
	if (nodes > 1 || nfa->nodes.at[0].token)
		dfa->start = state_of_node(&s, 0);
	for (u32 state = 1; fits && state < s.kernels.count; state++) {
		add_record(&s, state);
		fits = s.kernels.count <= states && s.work <= work;
	}
	for (int n = 0; n < EWX_CULPRITS; n++)
		culprits[n] = EWX_NONE;
	if (!fits)
		find_culprits(&s, culprits);
	dfa->count = (u32)dfa->accept.count;
	dfa->text = nfa->text;
	nfa->text = (ewx_bytes){ .at = NULL };
	subset_drop(&s);
	nfa_drop(nfa);
	if (fits)
		ewx_dfa_minimize(dfa);
	return fits;
}

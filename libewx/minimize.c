// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Merging equivalent junctions; links are ways from one junction to another,
 * and two are alike if their bytes are and what they come to is.
 *
 * Junctions from which no loop can be reached are merged bottom up: equal
 * records over classes are equal states. The others are refined: they start in
 * classes by what they accept, what they can reach and how soon, and a class is
 * split when records over classes differ. On a split the largest part keeps the
 * class's number, so that a state changes its class only log(n) times.
 */
#include "links.h"
#include <uapi/linux/ewx_policy.h>
#include <string.h>

/**
 * struct part - states of one class with equal records.
 * @rep: one of them; @at: where the next one goes in @order; @hash: of the
 * record
 */
struct part {
	u32 rep;
	u32 count;
	u32 at;
	u64 hash;
};

/**
 * struct minimizer - one run.
 * @class: per state; EWX_NONE: not yet known; of links 0
 * @back_first, @back: predecessors of each junction
 * @rep: a junction of each class
 * @order: unmerged junctions, those of a class together, dirty ones first
 * @place: index of each state in @order
 * @begin, @end, @dirty: per class: its part of @order, how many are dirty
 * @queue: classes with dirty states
 */
struct minimizer {
	struct ewx_pool *pool;
	struct ewx_dfa *dfa;
	struct ewx_links links;
	u32 *class;
	u32 *back_first;
	u32 *back;
	ewx_numbers rep;
	u32 *order;
	u32 *place;
	u32 order_count;
	ewx_numbers begin, end, dirty;
	ewx_numbers queue;
	EWX_VEC(struct part) parts;
	ewx_numbers part_of;
	ewx_numbers copy;
	u32 *slots;
	size_t slot_room;
	size_t slot_mask;
};

static u64 class_of(const struct minimizer *m, u32 state)
{
	return ewx_class_of(&m->links, m->class, state);
}

/* Hash of a state's record over classes. */
static u64 record_hash(const struct minimizer *m, u32 s)
{
	const struct ewx_dfa *dfa = m->dfa;
	u64 fallback = class_of(m, dfa->fallback.at[s]);
	u64 h = ewx_mix(dfa->accept.at[s], fallback);

	for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++) {
		u64 to = class_of(m, dfa->to.at[i]);

		if (to != fallback)
			h = ewx_mix(ewx_mix(h, to), dfa->byte.at[i]);
	}
	return h;
}

/* Next transition of a state at or after @i that differs from the fallback. */
static u32 next_change(const struct minimizer *m, u32 i, u32 end, u64 fallback)
{
	while (i < end && class_of(m, m->dfa->to.at[i]) == fallback)
		i++;
	return i;
}

static bool record_equal(const struct minimizer *m, u32 s, u32 t)
{
	const struct ewx_dfa *dfa = m->dfa;
	u64 fallback = class_of(m, dfa->fallback.at[s]);
	u32 i = dfa->first.at[s], i_end = dfa->first.at[s + 1];
	u32 j = dfa->first.at[t], j_end = dfa->first.at[t + 1];

	if (dfa->accept.at[s] != dfa->accept.at[t] ||
	    fallback != class_of(m, dfa->fallback.at[t]))
		return false;
	for (;; i++, j++) {
		i = next_change(m, i, i_end, fallback);
		j = next_change(m, j, j_end, fallback);
		if (i == i_end || j == j_end)
			return i == i_end && j == j_end;
		if (dfa->byte.at[i] != dfa->byte.at[j] ||
		    class_of(m, dfa->to.at[i]) != class_of(m, dfa->to.at[j]))
			return false;
	}
}

/* Predecessors of every junction but the dead one, which no split concerns. */
static void collect_back(struct minimizer *m)
{
	const struct ewx_dfa *dfa = m->dfa;
	u32 count = dfa->count;
	u32 *first = ewx_pool_alloc(m->pool, (size_t)count + 1, sizeof(u32));

	for (u32 s = 1; s < count; s++) {
		if (ewx_dfa_is_link(dfa, s))
			continue;
		first[ewx_junction_of(&m->links, dfa->fallback.at[s])]++;
		for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++)
			first[ewx_junction_of(&m->links, dfa->to.at[i])]++;
	}
	first[0] = 0;
	for (u32 s = 1; s <= count; s++)
		first[s] += first[s - 1];
	m->back =
		ewx_pool_alloc(m->pool, (size_t)first[count] + 1, sizeof(u32));
	m->back_first = first;
	for (u32 s = count - 1; s; s--) {
		u32 to = ewx_junction_of(&m->links, dfa->fallback.at[s]);

		if (ewx_dfa_is_link(dfa, s))
			continue;
		if (to)
			m->back[--first[to]] = s;
		for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++) {
			to = ewx_junction_of(&m->links, dfa->to.at[i]);
			if (to)
				m->back[--first[to]] = s;
		}
	}
}

static void slots_init(struct minimizer *m, size_t count)
{
	size_t room = 16;

	while (room < count * 2)
		room *= 2;
	if (room > m->slot_room) {
		ewx_pool_drop(m->pool, m->slots);
		m->slots = ewx_pool_alloc(m->pool, room, sizeof(u32));
		m->slot_room = room;
	} else {
		memset(m->slots, 0, room * sizeof(u32));
	}
	m->slot_mask = room - 1;
}

/* Merge bottom up what reaches no loop. Return: how many junctions remain. */
static u32 merge_finite(struct minimizer *m)
{
	const struct ewx_dfa *dfa = m->dfa;
	u32 *open = ewx_pool_alloc(m->pool, dfa->count, sizeof(u32));
	ewx_numbers ready = { 0 };
	u32 left = 0;
	size_t mask;

	slots_init(m, dfa->count);
	mask = m->slot_mask;
	for (u32 s = 1; s < dfa->count; s++) {
		if (ewx_dfa_is_link(dfa, s))
			continue;
		left++;
		open[s] = dfa->fallback.at[s] != 0;
		for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++)
			open[s] += dfa->to.at[i] != 0;
		if (!open[s])
			*ewx_vec_push(m->pool, &ready) = s;
	}
	for (size_t n = 0; n < ready.count; n++) {
		u32 s = ready.at[n];
		size_t at = record_hash(m, s) & mask;

		while (m->slots[at] &&
		       !record_equal(m, s, m->rep.at[m->slots[at]]))
			at = (at + 1) & mask;
		if (!m->slots[at]) {
			m->slots[at] = (u32)m->rep.count;
			*ewx_vec_push(m->pool, &m->rep) = s;
		}
		m->class[s] = m->slots[at];
		for (u32 i = m->back_first[s]; i < m->back_first[s + 1]; i++)
			if (!--open[m->back[i]])
				*ewx_vec_push(m->pool, &ready) = m->back[i];
	}
	left -= (u32)ready.count;
	ewx_vec_drop(m->pool, &ready);
	ewx_pool_drop(m->pool, open);
	return left;
}

/**
 * struct reach - what a state's future is known by before refinement.
 * @least, @most: least and greatest set accepted from here on; @soon: junctions
 *      to the next one
 */
struct reach {
	u32 least;
	u32 most;
	u32 soon;
};

/* Breadth first against the transitions from the states in @queue. */
static void spread(struct minimizer *m, struct reach *reach, size_t field,
		   ewx_numbers *queue, size_t from, bool steps)
{
	for (size_t n = from; n < queue->count; n++) {
		u32 s = queue->at[n];
		u32 value = *(u32 *)((char *)&reach[s] + field);

		for (u32 i = m->back_first[s]; i < m->back_first[s + 1]; i++) {
			u32 *other =
				(u32 *)((char *)&reach[m->back[i]] + field);

			if (*other != EWX_NONE)
				continue;
			*other = value + steps;
			*ewx_vec_push(m->pool, queue) = m->back[i];
		}
	}
}

/* Accepting states by accepted set, ascending. */
static u32 *order_accepting(struct minimizer *m, u32 *count)
{
	const struct ewx_dfa *dfa = m->dfa;
	u32 sets = ewx_sets_count(&dfa->accepts);
	u32 *end = ewx_pool_alloc(m->pool, (size_t)sets + 1, sizeof(u32));
	u32 *sorted;

	for (u32 s = 1; s < dfa->count; s++)
		if (dfa->accept.at[s])
			end[dfa->accept.at[s]]++;
	for (u32 a = 1; a <= sets; a++)
		end[a] += end[a - 1];
	*count = end[sets];
	sorted = ewx_pool_alloc(m->pool, (size_t)*count + 1, sizeof(u32));
	for (u32 s = dfa->count - 1; s; s--)
		if (dfa->accept.at[s])
			sorted[--end[dfa->accept.at[s]]] = s;
	ewx_pool_drop(m->pool, end);
	return sorted;
}

static struct reach *collect_reach(struct minimizer *m)
{
	const struct ewx_dfa *dfa = m->dfa;
	struct reach *reach =
		ewx_pool_alloc(m->pool, dfa->count, sizeof(*reach));
	ewx_numbers queue = { 0 };
	u32 count, *sorted = order_accepting(m, &count);

	memset(reach, 0xff, dfa->count * sizeof(*reach));
	for (u32 i = 0; i < count; i++) {
		reach[sorted[i]].soon = 0;
		*ewx_vec_push(m->pool, &queue) = sorted[i];
	}
	spread(m, reach, offsetof(struct reach, soon), &queue, 0, true);
	for (int most = 0; most < 2; most++) {
		size_t field = most ? offsetof(struct reach, most) :
				      offsetof(struct reach, least);

		queue.count = 0;
		for (u32 i = 0; i < count; i++) {
			u32 s = sorted[most ? count - 1 - i : i];
			u32 *value = (u32 *)((char *)&reach[s] + field);
			size_t from = queue.count;

			if (*value != EWX_NONE)
				continue;
			*value = dfa->accept.at[s];
			*ewx_vec_push(m->pool, &queue) = s;
			spread(m, reach, field, &queue, from, false);
		}
	}
	ewx_pool_drop(m->pool, sorted);
	ewx_vec_drop(m->pool, &queue);
	return reach;
}

static void add_class(struct minimizer *m, u32 rep, u32 begin, u32 end)
{
	*ewx_vec_push(m->pool, &m->rep) = rep;
	*ewx_vec_push(m->pool, &m->begin) = begin;
	*ewx_vec_push(m->pool, &m->end) = end;
	*ewx_vec_push(m->pool, &m->dirty) = 0;
}

/* First classes of the @left states that no merge has reached; all dirty. */
static void first_classes(struct minimizer *m, u32 left)
{
	const struct ewx_dfa *dfa = m->dfa;
	struct reach *reach = collect_reach(m);
	u32 first = (u32)m->rep.count, at = 0;
	size_t mask;

	slots_init(m, left);
	mask = m->slot_mask;
	for (u32 c = 0; c < first; c++) {
		*ewx_vec_push(m->pool, &m->begin) = 0;
		*ewx_vec_push(m->pool, &m->end) = 0;
		*ewx_vec_push(m->pool, &m->dirty) = 0;
	}
	for (u32 s = 1; s < dfa->count; s++) {
		const struct reach *r = &reach[s];
		size_t slot;

		if (m->class[s] != EWX_NONE)
			continue;
		slot = ewx_mix(ewx_mix(ewx_mix(dfa->accept.at[s], r->least),
				       r->most),
			       r->soon) &
		       mask;
		for (; m->slots[slot]; slot = (slot + 1) & mask) {
			u32 t = m->rep.at[m->slots[slot]];

			if (dfa->accept.at[t] == dfa->accept.at[s] &&
			    !memcmp(&reach[t], r, sizeof(*r)))
				break;
		}
		if (!m->slots[slot]) {
			m->slots[slot] = (u32)m->rep.count;
			add_class(m, s, 0, 0);
		}
		m->class[s] = m->slots[slot];
		m->end.at[m->class[s]]++;
	}
	ewx_pool_drop(m->pool, reach);
	m->order = ewx_pool_alloc(m->pool, (size_t)left + 1, sizeof(u32));
	m->place = ewx_pool_alloc(m->pool, dfa->count, sizeof(u32));
	for (u32 c = first; c < m->rep.count; c++) {
		u32 count = m->end.at[c];

		m->begin.at[c] = at;
		m->end.at[c] = at;
		at += count;
	}
	for (u32 s = 1; s < dfa->count; s++) {
		u32 c = m->class[s];

		if (c < first)
			continue;
		m->place[s] = m->end.at[c];
		m->order[m->end.at[c]++] = s;
		m->dirty.at[c]++;
	}
	for (u32 c = first; c < m->rep.count; c++)
		*ewx_vec_push(m->pool, &m->queue) = c;
}

static void put(struct minimizer *m, u32 state, u32 place)
{
	m->order[place] = state;
	m->place[state] = place;
}

/* The record of @state may have changed: look at it again. */
static void mark_dirty(struct minimizer *m, u32 state)
{
	u32 c = m->class[state];
	u32 edge = m->begin.at[c] + m->dirty.at[c], place = m->place[state];

	if (place < edge)
		return;
	put(m, m->order[edge], place);
	put(m, state, edge);
	if (!m->dirty.at[c]++)
		*ewx_vec_push(m->pool, &m->queue) = c;
}

static u32 part_for(struct minimizer *m, u32 state)
{
	u64 hash = record_hash(m, state);
	size_t mask = m->slot_mask, at = hash & mask;
	struct part *part;

	for (; m->slots[at]; at = (at + 1) & mask) {
		part = &m->parts.at[m->slots[at] - 1];
		if (part->hash == hash && record_equal(m, state, part->rep))
			return m->slots[at] - 1;
	}
	part = ewx_vec_push(m->pool, &m->parts);
	part->rep = state;
	part->count = 0;
	part->hash = hash;
	m->slots[at] = (u32)m->parts.count;
	return (u32)m->parts.count - 1;
}

/*
 * Sort the dirty states of class @c into parts of equal records. The clean
 * ones, all alike, are in part 0, which therefore comes last in the order.
 */
static void find_parts(struct minimizer *m, u32 c)
{
	u32 begin = m->begin.at[c], dirty = m->dirty.at[c];
	u32 clean = m->end.at[c] - begin - dirty, at;

	slots_init(m, (size_t)dirty + 1);
	m->parts.count = 0;
	m->part_of.count = 0;
	m->copy.count = 0;
	if (clean)
		m->parts.at[part_for(m, m->order[begin + dirty])].count = clean;
	for (u32 i = begin; i < begin + dirty; i++) {
		u32 part = part_for(m, m->order[i]);

		m->parts.at[part].count++;
		*ewx_vec_push(m->pool, &m->part_of) = part;
		*ewx_vec_push(m->pool, &m->copy) = m->order[i];
	}
	m->dirty.at[c] = 0;
	if (m->parts.count == 1)
		return;
	at = m->end.at[c];
	for (size_t p = 0; p < m->parts.count; p++) {
		at -= m->parts.at[p].count;
		m->parts.at[p].at = at;
	}
	for (u32 i = 0; i < dirty; i++)
		put(m, m->copy.at[i], m->parts.at[m->part_of.at[i]].at++);
}

/* Split class @c: all parts but the largest become classes of their own. */
static void split(struct minimizer *m, u32 c)
{
	u32 end = m->end.at[c], first = (u32)m->rep.count;
	size_t largest = 0;

	for (size_t p = 1; p < m->parts.count; p++)
		if (m->parts.at[p].count > m->parts.at[largest].count)
			largest = p;
	for (size_t p = 0; p < m->parts.count; p++) {
		u32 begin = end - m->parts.at[p].count;

		if (p == largest) {
			m->begin.at[c] = begin;
			m->end.at[c] = end;
			m->rep.at[c] = m->parts.at[p].rep;
		} else {
			for (u32 i = begin; i < end; i++)
				m->class[m->order[i]] = (u32)m->rep.count;
			add_class(m, m->parts.at[p].rep, begin, end);
		}
		end = begin;
	}
	for (u32 n = first; n < m->rep.count; n++) {
		m->copy.count = 0;
		for (u32 i = m->begin.at[n]; i < m->end.at[n]; i++)
			*ewx_vec_push(m->pool, &m->copy) = m->order[i];
		for (size_t k = 0; k < m->copy.count; k++) {
			u32 s = m->copy.at[k];

			for (u32 i = m->back_first[s]; i < m->back_first[s + 1];
			     i++)
				mark_dirty(m, m->back[i]);
		}
	}
}

static void refine(struct minimizer *m)
{
	for (size_t n = 0; n < m->queue.count; n++) {
		u32 c = m->queue.at[n];

		find_parts(m, c);
		if (m->parts.count > 1)
			split(m, c);
		if (n > 4096 && n * 2 > m->queue.count) {
			m->queue.count -= n + 1;
			memmove(m->queue.at, m->queue.at + n + 1,
				m->queue.count * sizeof(u32));
			n = (size_t)-1;
		}
	}
}

static void minimizer_drop(struct minimizer *m)
{
	ewx_links_drop(&m->links);
	ewx_pool_drop(m->pool, m->class);
	ewx_pool_drop(m->pool, m->back_first);
	ewx_pool_drop(m->pool, m->back);
	ewx_vec_drop(m->pool, &m->rep);
	ewx_pool_drop(m->pool, m->order);
	ewx_pool_drop(m->pool, m->place);
	ewx_vec_drop(m->pool, &m->begin);
	ewx_vec_drop(m->pool, &m->end);
	ewx_vec_drop(m->pool, &m->dirty);
	ewx_vec_drop(m->pool, &m->queue);
	ewx_vec_drop(m->pool, &m->parts);
	ewx_vec_drop(m->pool, &m->part_of);
	ewx_vec_drop(m->pool, &m->copy);
	ewx_pool_drop(m->pool, m->slots);
}

void ewx_dfa_minimize(struct ewx_dfa *dfa)
{
	struct minimizer m = { .pool = dfa->pool, .dfa = dfa };
	u32 left;

	m.class = ewx_pool_alloc(m.pool, dfa->count, sizeof(u32));
	memset(m.class, 0xff, dfa->count * sizeof(u32));
	for (u32 s = 0; s < dfa->count; s++)
		if (!s || ewx_dfa_is_link(dfa, s))
			m.class[s] = 0;
	*ewx_vec_push(m.pool, &m.rep) = 0;
	ewx_links_find(&m.links, dfa);
	collect_back(&m);
	left = merge_finite(&m);
	if (left) {
		first_classes(&m, left);
		refine(&m);
	}
	ewx_dfa_merge(dfa, &m.links, m.class, &m.rep);
	minimizer_drop(&m);
}

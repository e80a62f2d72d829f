// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Transitions of all states in one array: a state's go to base + byte, its base
 * is chosen so that they fall into free slots, and each slot names the state
 * it belongs to. Also walks of an automaton before it is packed.
 */
#include <string.h>
#include "automaton.h"
#include <uapi/linux/ewx_policy.h>

#define WINDOWS_MAX 64 /* of 64 bases tried per state before the end */

/** struct row - a state's transitions that differ from its fallback. */
struct row {
	u32 fallback;
	u32 count;
	u8 byte[256];
	u32 next[256];
};

void ewx_comb_init(struct ewx_comb *comb, struct ewx_pool *pool)
{
	memset(comb, 0, sizeof(*comb));
	comb->pool = pool;
	*ewx_vec_push(pool, &comb->states) =
		(struct ewx_packed_state){ .accept = 0 };
	for (int i = 0; i < 256; i++)
		*ewx_vec_push(pool, &comb->slots) =
			(struct ewx_slot){ .check = EWX_NONE };
}

void ewx_comb_drop(struct ewx_comb *comb)
{
	ewx_vec_drop(comb->pool, &comb->states);
	ewx_vec_drop(comb->pool, &comb->slots);
	ewx_vec_drop(comb->pool, &comb->used);
}

static u32 most_common(const u32 next[256])
{
	u32 sorted[256], best = 0, best_run = 0;

	memcpy(sorted, next, sizeof(sorted));
	for (u32 i = 0, run = 0; i < 256; i++, run = 0) {
		for (u32 j = 0; j < 256; j++)
			run += sorted[j] == sorted[i];
		if (run > best_run) {
			best_run = run;
			best = sorted[i];
		}
	}
	return best;
}

static void row_of(const struct ewx_dfa *dfa, u32 s, struct row *row)
{
	u32 begin = dfa->first.at[s], end = dfa->first.at[s + 1];
	u32 next[256];

	row->fallback = dfa->fallback.at[s];
	row->count = 0;
	if (end - begin < 128) {
		for (u32 i = begin; i < end; i++) {
			row->byte[row->count] = dfa->byte.at[i];
			row->next[row->count++] = dfa->to.at[i];
		}
		return;
	}
	for (int b = 0; b < 256; b++)
		next[b] = row->fallback;
	for (u32 i = begin; i < end; i++)
		next[dfa->byte.at[i]] = dfa->to.at[i];
	row->fallback = most_common(next);
	for (u32 b = 0; b < 256; b++) {
		if (next[b] == row->fallback)
			continue;
		row->byte[row->count] = (u8)b;
		row->next[row->count++] = next[b];
	}
}

static u64 word_at(const struct ewx_comb *comb, size_t word)
{
	return word < comb->used.count ? comb->used.at[word] : 0;
}

/* Which of the 64 slots from @at on are used. */
static u64 window(const struct ewx_comb *comb, size_t at)
{
	u64 low = word_at(comb, at / 64);

	if (at % 64 == 0)
		return low;
	return low >> (at % 64) | word_at(comb, at / 64 + 1) << (64 - at % 64);
}

static size_t find_base(const struct ewx_comb *comb, const struct row *row,
			size_t *hint)
{
	size_t top = comb->slots.count, base = *hint;

	if (base + 64 * WINDOWS_MAX < top)
		base = top - 64 * WINDOWS_MAX;
	for (;; base += 64) {
		u64 taken = 0;

		for (u32 i = 0; i < row->count && ~taken; i++)
			taken |= window(comb, base + row->byte[i]);
		if (~taken) {
			*hint = base;
			return base + (size_t)__builtin_ctzll(~taken);
		}
	}
}

/* The first free slot from @hint on; with one transition any slot does. */
static size_t find_slot(const struct ewx_comb *comb, size_t *hint)
{
	size_t at = *hint;

	while (!~window(comb, at))
		at += 64;
	at += (size_t)__builtin_ctzll(~window(comb, at));
	*hint = at;
	return at;
}

static void place(struct ewx_comb *comb, u32 state, u32 offset,
		  const struct row *row, size_t base)
{
	while (comb->slots.count < base + 256)
		*ewx_vec_push(comb->pool, &comb->slots) =
			(struct ewx_slot){ .check = EWX_NONE };
	while (comb->used.count * 64 < comb->slots.count)
		*ewx_vec_push(comb->pool, &comb->used) = 0;
	for (u32 i = 0; i < row->count; i++) {
		size_t at = base + row->byte[i];

		comb->slots.at[at].check = state;
		comb->slots.at[at].next = row->next[i] ? row->next[i] + offset :
							 0;
		comb->used.at[at / 64] |= 1ull << (at % 64);
	}
	comb->states.at[state].base = (u32)base;
}

/* States of @dfa by number of transitions, most first; those with one last. */
static u32 *order_by_size(const struct ewx_dfa *dfa)
{
	u32 *order = ewx_pool_alloc(dfa->pool, dfa->count, sizeof(u32));
	u32 at[258] = { 0 };

	for (u32 s = 1; s < dfa->count; s++)
		at[257 - (dfa->first.at[s + 1] - dfa->first.at[s])]++;
	for (u32 i = 1; i < 258; i++)
		at[i] += at[i - 1];
	for (u32 s = dfa->count - 1; s; s--)
		order[--at[257 - (dfa->first.at[s + 1] - dfa->first.at[s])]] =
			s;
	return order;
}

u32 ewx_comb_add(struct ewx_comb *comb, const struct ewx_dfa *dfa)
{
	u32 offset = (u32)comb->states.count - 1, *order = order_by_size(dfa);
	size_t hints[257] = { 0 }, free_slot = 256;
	struct row row;

	for (u32 s = 1; s < dfa->count; s++)
		*ewx_vec_push(comb->pool, &comb->states) =
			(struct ewx_packed_state){ .accept =
							   dfa->accept.at[s] };
	for (u32 i = 0; i + 1 < dfa->count; i++) {
		u32 s = order[i];
		size_t base = 0;

		row_of(dfa, s, &row);
		if (row.count > 1)
			base = find_base(comb, &row, &hints[row.count]);
		else if (row.count == 1)
			base = find_slot(comb, &free_slot) - row.byte[0];
		comb->states.at[s + offset].fallback =
			row.fallback ? row.fallback + offset : 0;
		place(comb, s + offset, offset, &row, base);
	}
	ewx_pool_drop(dfa->pool, order);
	return dfa->start ? dfa->start + offset : 0;
}

static u32 dfa_step(const struct ewx_dfa *dfa, u32 state, u8 byte)
{
	for (u32 i = dfa->first.at[state]; i < dfa->first.at[state + 1]; i++)
		if (dfa->byte.at[i] == byte)
			return dfa->to.at[i];
	return dfa->fallback.at[state];
}

u32 ewx_dfa_match(const struct ewx_dfa *dfa, const char *path, size_t len)
{
	u32 state = dfa->start;

	for (size_t i = 0; state && i < len; i++)
		state = dfa_step(dfa, state, (u8)path[i]);
	return state ? dfa->accept.at[state] : 0;
}

/* Bytes in the order in which an example may use them. */
static u8 example_byte(int i)
{
	static const char first[] = "/abcdefghijklmnopqrstuvwxyz0123456789._-"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	int n = (int)sizeof(first) - 1;

	return i < n ? (u8)first[i] : (u8)(i - n + 1);
}

#define EXAMPLE_BYTES (66 + 255)

/**
 * struct example - a search for a short path.
 * @from, @by: place before each place, and the byte between. A place is twice a
 *	state, plus one if the last byte was '/'
 * @natural: no "//", and no '/' at the end
 */
struct example {
	const struct ewx_dfa *dfa;
	u32 *from;
	u8 *by;
	ewx_numbers queue;
	bool natural;
};

static void search_from(struct example *e, u32 place)
{
	for (int i = 0; i < EXAMPLE_BYTES; i++) {
		u8 byte = example_byte(i);
		u32 to = dfa_step(e->dfa, place / 2, byte) * 2 + (byte == '/');

		if (to < 2 || e->from[to] || to == e->queue.at[0] ||
		    (e->natural && place % 2 && byte == '/'))
			continue;
		e->from[to] = place;
		e->by[to] = byte;
		*ewx_vec_push(e->dfa->pool, &e->queue) = to;
	}
}

/* The nearest place with the set @accept; 0 if there is none. */
static u32 search(struct example *e, u32 accept)
{
	memset(e->from, 0, 2 * sizeof(u32) * e->dfa->count);
	e->queue.count = 0;
	if (!e->dfa->start || !accept)
		return 0;
	*ewx_vec_push(e->dfa->pool, &e->queue) = e->dfa->start * 2;
	for (size_t n = 0; n < e->queue.count; n++) {
		u32 place = e->queue.at[n];

		if (e->dfa->accept.at[place / 2] == accept &&
		    !(e->natural && place % 2))
			return place;
		search_from(e, place);
	}
	return 0;
}

size_t ewx_dfa_example(const struct ewx_dfa *dfa, u32 accept, char *path,
		       size_t size)
{
	struct example e = { .dfa = dfa, .natural = true };
	size_t len = 0;
	u32 goal;

	e.from = ewx_pool_alloc(dfa->pool, dfa->count, 2 * sizeof(u32));
	e.by = ewx_pool_alloc(dfa->pool, dfa->count, 2);
	goal = search(&e, accept);
	if (!goal) {
		e.natural = false;
		goal = search(&e, accept);
	}
	for (u32 at = goal; e.from[at]; at = e.from[at])
		len++;
	if (len >= size) {
		goal = 0;
		len = 0;
	}
	path[len] = '\0';
	for (u32 at = goal, i = (u32)len; e.from[at]; at = e.from[at])
		path[--i] = (char)e.by[at];
	ewx_vec_drop(dfa->pool, &e.queue);
	ewx_pool_drop(dfa->pool, e.from);
	ewx_pool_drop(dfa->pool, e.by);
	return len;
}

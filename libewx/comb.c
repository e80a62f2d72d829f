// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Transitions of all states in one array: a state's go to base + byte, its base
 * is chosen so that they fall into free slots, and each slot names the state
 * it belongs to. A link becomes a tail, whose bytes are text, and so does a star. Also
 * walks of an automaton before it is packed.
 */
#include "automaton.h"
#include <string.h>
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
	ewx_vec_drop(comb->pool, &comb->tails);
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

static void place(struct ewx_comb *comb, u32 state, const struct row *row,
		  size_t base)
{
	while (comb->slots.count < base + 256)
		*ewx_vec_push(comb->pool, &comb->slots) =
			(struct ewx_slot){ .check = EWX_NONE };
	while (comb->used.count * 64 < comb->slots.count)
		*ewx_vec_push(comb->pool, &comb->used) = 0;
	for (u32 i = 0; i < row->count; i++) {
		size_t at = base + row->byte[i];

		comb->slots.at[at].check = state;
		comb->slots.at[at].next = row->next[i];
		comb->used.at[at / 64] |= 1ull << (at % 64);
	}
	comb->states.at[state].base = (u32)base;
}

/**
 * struct spot - what a state of the comb is.
 * @state: of the automaton
 * @star: index + 1 of the star that it is; 0: none
 * @after: it is the tail behind that star instead, which begins with '/'
 */
struct spot {
	u32 state;
	u32 star;
	bool after;
};

/**
 * struct numbering - which states of an automaton become states of the comb.
 * @number: of each state in the comb; 0: none
 * @order: what they are, by number
 * @stars: those that are stars
 * @stack: states that are still to be numbered
 */
struct numbering {
	const struct ewx_dfa *dfa;
	u32 *number;
	EWX_VEC(struct spot) order;
	EWX_VEC(struct ewx_star) stars;
	ewx_numbers stack;
};

static u32 ways_on(const struct ewx_dfa *dfa, u32 s)
{
	return dfa->first.at[s + 1] - dfa->first.at[s];
}

static void push(struct numbering *n, u32 s)
{
	if (s && !n->number[s])
		*ewx_vec_push(n->dfa->pool, &n->stack) = s;
}

/* The states that @s leads to; what it most likely leads to is on top. */
static void push_next(struct numbering *n, u32 s)
{
	const struct ewx_dfa *dfa = n->dfa;

	push(n, dfa->fallback.at[s]);
	for (u32 i = dfa->first.at[s + 1]; i-- > dfa->first.at[s];)
		push(n, dfa->to.at[i]);
}

/* What follows a star and a '/' is text that one tail has room for besides. */
static bool is_joined(const struct ewx_dfa *dfa, const struct ewx_star *star)
{
	return ewx_dfa_is_link(dfa, star->next) &&
	       dfa->length.at[star->next] < EWX_TAIL_MAX;
}

/* Where the tail behind a star leads to. */
static u32 end_after(const struct ewx_dfa *dfa, const struct ewx_star *star)
{
	return is_joined(dfa, star) ? dfa->to.at[dfa->first.at[star->next]] :
				      star->next;
}

static void push_star(struct numbering *n, u32 s)
{
	const struct ewx_star *star = &n->stars.at[n->stars.count - 1];

	if (!star->next)
		return;
	*ewx_vec_push(n->dfa->pool, &n->order) =
		(struct spot){ s, (u32)n->stars.count, true };
	push(n, end_after(n->dfa, star));
}

/*
 * Number the states as a path goes through them, so that those which follow one
 * another are beside one another in memory.
 */
static void number_states(struct numbering *n, u32 offset)
{
	const struct ewx_dfa *dfa = n->dfa;

	n->number = ewx_pool_alloc(dfa->pool, dfa->count + 1, sizeof(u32));
	push(n, dfa->start);
	while (n->stack.count) {
		u32 s = n->stack.at[--n->stack.count];
		struct ewx_star star;
		bool is_star;

		if (n->number[s])
			continue;
		n->number[s] = offset + (u32)n->order.count;
		is_star = ewx_star_find(dfa, s, &star);
		if (is_star)
			*ewx_vec_push(dfa->pool, &n->stars) = star;
		*ewx_vec_push(dfa->pool, &n->order) =
			(struct spot){ s, is_star ? (u32)n->stars.count : 0,
				       false };
		if (is_star)
			push_star(n, s);
		else
			push_next(n, s);
	}
}

static void drop_numbering(struct numbering *n)
{
	ewx_pool_drop(n->dfa->pool, n->number);
	ewx_vec_drop(n->dfa->pool, &n->order);
	ewx_vec_drop(n->dfa->pool, &n->stars);
	ewx_vec_drop(n->dfa->pool, &n->stack);
}

static void put_text(struct ewx_comb *comb, const void *text, u32 length)
{
	const u8 *bytes = text;

	for (u32 i = 0; i < length; i++)
		*ewx_vec_push(comb->pool, &comb->tails) = bytes[i];
}

static void put_link(struct ewx_comb *comb, const struct ewx_dfa *dfa, u32 s)
{
	put_text(comb, dfa->text.at + dfa->text_at.at[s], dfa->length.at[s]);
}

static void add_link(struct ewx_comb *comb, const struct numbering *n, u32 s,
		     struct ewx_packed_state *state)
{
	u32 end = n->dfa->to.at[n->dfa->first.at[s]];

	state->length = n->dfa->length.at[s];
	state->fallback = n->number[end];
	state->accept = n->dfa->accept.at[end];
	put_link(comb, n->dfa, s);
}

/* The tail behind a star. */
static void add_after(struct ewx_comb *comb, const struct numbering *n,
		      const struct ewx_star *star,
		      struct ewx_packed_state *state)
{
	u32 end = end_after(n->dfa, star);

	state->length = 1;
	state->fallback = n->number[end];
	state->accept = n->dfa->accept.at[end];
	put_text(comb, "/", 1);
	if (!is_joined(n->dfa, star))
		return;
	state->length += n->dfa->length.at[star->next];
	put_link(comb, n->dfa, star->next);
}

static void add_star(struct ewx_comb *comb, const struct ewx_star *star,
		     u32 number, struct ewx_packed_state *state)
{
	state->length = star->length |
			(star->glob ? EWX_TAIL_GLOB : EWX_TAIL_STAR);
	state->fallback = star->next ? number + 1 : 0;
	state->accept = star->accept;
	put_text(comb, star->text, star->length);
}

/* What is a tail of those in @n, whose numbers begin with @offset. */
static void add_tails(struct ewx_comb *comb, const struct numbering *n,
		      u32 offset)
{
	for (u32 i = 0; i < n->order.count; i++) {
		struct ewx_packed_state *state = &comb->states.at[offset + i];
		const struct spot *spot = &n->order.at[i];

		state->base = (u32)comb->tails.count;
		if (spot->after)
			add_after(comb, n, &n->stars.at[spot->star - 1], state);
		else if (spot->star)
			add_star(comb, &n->stars.at[spot->star - 1], offset + i,
				 state);
		else if (ewx_dfa_is_link(n->dfa, spot->state))
			add_link(comb, n, spot->state, state);
		else
			state->accept = n->dfa->accept.at[spot->state];
	}
}

static bool is_tail(const struct numbering *n, size_t i)
{
	return n->order.at[i].star ||
	       ewx_dfa_is_link(n->dfa, n->order.at[i].state);
}

/* Those in @n that are no tails, by number of transitions, most first. */
static u32 *order_by_size(const struct numbering *n, u32 *count)
{
	const struct ewx_dfa *dfa = n->dfa;
	u32 *order = ewx_pool_alloc(dfa->pool, n->order.count + 1, sizeof(u32));
	u32 at[258] = { 0 };

	*count = 0;
	for (size_t i = 0; i < n->order.count; i++)
		if (!is_tail(n, i)) {
			at[257 - ways_on(dfa, n->order.at[i].state)]++;
			++*count;
		}
	for (u32 i = 1; i < 258; i++)
		at[i] += at[i - 1];
	for (size_t i = n->order.count; i--;)
		if (!is_tail(n, i))
			order[--at[257 - ways_on(dfa, n->order.at[i].state)]] =
				n->order.at[i].state;
	return order;
}

static void add_rows(struct ewx_comb *comb, const struct numbering *n)
{
	size_t hints[257] = { 0 }, free_slot = 256;
	u32 count, *order = order_by_size(n, &count);
	struct row row;

	for (u32 i = 0; i < count; i++) {
		size_t base = 0;

		row_of(n->dfa, order[i], &row);
		for (u32 k = 0; k < row.count; k++)
			row.next[k] = n->number[row.next[k]];
		if (row.count > 1)
			base = find_base(comb, &row, &hints[row.count]);
		else if (row.count == 1)
			base = find_slot(comb, &free_slot) - row.byte[0];
		comb->states.at[n->number[order[i]]].fallback =
			n->number[row.fallback];
		place(comb, n->number[order[i]], &row, base);
	}
	ewx_pool_drop(n->dfa->pool, order);
}

u32 ewx_comb_add(struct ewx_comb *comb, const struct ewx_dfa *dfa)
{
	struct numbering n = { .dfa = dfa };
	u32 offset = (u32)comb->states.count, start;

	number_states(&n, offset);
	for (size_t i = 0; i < n.order.count; i++)
		*ewx_vec_push(comb->pool, &comb->states) =
			(struct ewx_packed_state){ .accept = 0 };
	add_tails(comb, &n, offset);
	add_rows(comb, &n);
	start = n.number[dfa->start];
	drop_numbering(&n);
	return start;
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

	for (size_t i = 0, n = 1; state && i < len; i += n) {
		n = ewx_dfa_is_link(dfa, state) ? dfa->length.at[state] : 1;
		if (n > len - i ||
		    (ewx_dfa_is_link(dfa, state) &&
		     memcmp(path + i, dfa->text.at + dfa->text_at.at[state],
			    n)))
			return 0;
		state = dfa_step(dfa, state, (u8)path[i]);
	}
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
		u32 spot = e->queue.at[n];

		if (e->dfa->accept.at[spot / 2] == accept &&
		    !(e->natural && spot % 2))
			return spot;
		search_from(e, spot);
	}
	return 0;
}

size_t ewx_dfa_example(const struct ewx_dfa *linked, u32 accept, char *path,
		       size_t size)
{
	struct ewx_dfa spelled, *dfa = &spelled;
	struct example e = { .dfa = dfa, .natural = true };
	size_t len = 0;
	u32 goal;

	ewx_dfa_spell(linked, dfa);
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
	ewx_dfa_drop(dfa);
	return len;
}

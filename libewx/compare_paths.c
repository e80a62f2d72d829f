// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Paths that stand for all that two automata tell apart: a walk through both at
 * once, by breadth, so that they are short.
 *
 * Owns: places. Knows no other property of a process or file.
 */
#include "automaton.h"
#include "compare.h"
#include "../security/ewx/core/read.h"

#define PAIRS_MAX	400000	/* states of two automata at once */

/**
 * struct step - how a pair of states was reached.
 * @state: of each policy; @from: index of the step before; @byte: by which
 */
struct step {
	u32 state[2];
	u32 from;
	u8 byte;
};

/**
 * struct walk - through both automata.
 * @slots: hash of index + 1 into @steps
 * @known: pairs of references that have a path
 */
struct walk {
	struct ewx_compare *c;
	enum ewx_automaton_kind which;
	EWX_VEC(struct step) steps;
	u32 *slots;
	u32 mask;
	struct ewx_sets known;
};

/*
 * A place in an automaton: the state, and above it how many of its tail's bytes came
 * last. A policy has less than 2^24 states and a tail less than 2^8 bytes.
 */
#define STATE_BITS 24
_Static_assert(EWX_POLICY_MAX_SIZE / EWX_SIZE_STATES <= 1u << STATE_BITS &&
		       EWX_TAIL_MAX < 1u << (32 - STATE_BITS),
	       "a place in an automaton");

static u32 state_of(u32 place)
{
	return place & ((1u << STATE_BITS) - 1);
}

static const char *tail_of(const struct ewx_policy *p, u32 state)
{
	u32 base = EWX_GET32(p, STATES, ewx_state, state, base);

	return (const char *)ewx_record(p, EWX_SECTION_TAILS, base, 1);
}

/* The place after @byte for a state that a byte alone leads on from; or a tail. */
static u32 step_plain(const struct ewx_policy *p, u32 state, u32 done, u8 byte)
{
	u32 base = EWX_GET32(p, STATES, ewx_state, state, base);
	u32 length = EWX_GET32(p, STATES, ewx_state, state, length);

	if (length) {
		if ((u8)tail_of(p, state)[done] != byte)
			return 0;
		if (done + 1 < length)
			return (done + 1) << STATE_BITS | state;
		return EWX_GET32(p, STATES, ewx_state, state, fallback);
	}
	if (EWX_GET32(p, TRANSITIONS, ewx_transition, base + byte, check) ==
	    state)
		return EWX_GET32(p, TRANSITIONS, ewx_transition, base + byte,
				 next);
	return EWX_GET32(p, STATES, ewx_state, state, fallback);
}

static u32 next_state(const struct ewx_policy *p, u32 place, u8 byte)
{
	u32 state = state_of(place), done = place >> STATE_BITS;
	u32 length = EWX_GET32(p, STATES, ewx_state, state, length);
	u32 bytes = length & EWX_TAIL_MAX;

	if (!state)
		return 0;
	if (length <= EWX_TAIL_MAX)
		return step_plain(p, state, done, byte);
	if (byte != '/' || length & EWX_TAIL_GLOB)
		return ewx_come_last(tail_of(p, state), bytes, done, byte)
			       << STATE_BITS |
		       state;
	state = EWX_GET32(p, STATES, ewx_state, state, fallback);
	return done == bytes && state ? step_plain(p, state, 0, byte) : 0;
}

/* A path that ends in a tail before its end, or where it begins, has no match. */
static u32 accept_at(const struct ewx_policy *p, u32 place)
{
	u32 state = state_of(place);
	u32 length = EWX_GET32(p, STATES, ewx_state, state, length);

	if (length && place >> STATE_BITS != (length & EWX_TAIL_MAX))
		return EWX_NONE;
	return EWX_GET32(p, STATES, ewx_state, state, accept);
}

/* Enter a pair of states unless it is known. A last "/" counts as a state. */
static void enter(struct walk *w, const u32 state[2], u32 from, u8 byte)
{
	bool slash = byte == '/';
	u32 at = (u32)ewx_mix(ewx_mix(state[0], state[1]), slash);
	struct step *s;

	for (at &= w->mask; w->slots[at]; at = (at + 1) & w->mask) {
		s = &w->steps.at[w->slots[at] - 1];
		if (s->state[0] == state[0] && s->state[1] == state[1] &&
		    (s->byte == '/') == slash)
			return;
	}
	if (w->steps.count == PAIRS_MAX) {
		w->c->complete = false;
		return;
	}
	s = ewx_vec_push(&w->c->pool, &w->steps);
	*s = (struct step){ { state[0], state[1] }, from, byte };
	w->slots[at] = (u32)w->steps.count;
}

static const char *path_of(struct walk *w, u32 index)
{
	size_t len = 0;
	char *path;
	u32 i;

	for (i = index; i != EWX_NONE; i = w->steps.at[i].from)
		len++;
	path = ewx_pool_alloc(&w->c->pool, len + 1, 1);
	for (i = index; i != EWX_NONE; i = w->steps.at[i].from)
		path[--len] = (char)w->steps.at[i].byte;
	return path;
}

static void add_place(struct walk *w, ewx_spots *places, const u32 ref[2],
		      u32 index)
{
	struct ewx_spot *one;

	if (!ewx_compare_new(&w->known, ref) && index != EWX_NONE)
		return;
	one = ewx_vec_push(&w->c->pool, places);
	one->ref[0] = ref[0];
	one->ref[1] = ref[1];
	one->path = index == EWX_NONE ? NULL : path_of(w, index);
}

/* Readable bytes first, so that examples are. */
static void expand(struct walk *w, u32 index)
{
	static const char first[] =
		"/abcdefghijklmnopqrstuvwxyz0123456789.-_ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	struct step s = w->steps.at[index];
	u32 state[2];

	for (unsigned int i = 0; i < sizeof(first) - 1 + 255; i++) {
		u8 byte = i < sizeof(first) - 1 ? (u8)first[i] :
						  i - (sizeof(first) - 1) + 1;

		if (byte == '/' && s.byte == '/')
			continue; /* no path has an empty component */
		state[0] = next_state(w->c->p[0], s.state[0], byte);
		state[1] = next_state(w->c->p[1], s.state[1], byte);
		if (state[0] || state[1])
			enter(w, state, index, byte);
	}
}

/* What ewx_match() says of a path that ends there. */
static u32 accept_of(const struct ewx_policy *p, enum ewx_automaton_kind which,
		     u32 state)
{
	u32 ref = accept_at(p, state);

	if (ref == EWX_NONE)
		ref = EWX_GET32(p, AUTOMATA, ewx_automaton, which, unmatched);
	return ewx_checked_reference(p, which, ref);
}

/* One path for each pair of references, and no path. */
void ewx_compare_spots(struct ewx_compare *c, enum ewx_automaton_kind which,
			ewx_spots *places)
{
	struct walk w = { .c = c, .which = which, .mask = 2 * 524288 - 1 };
	u32 state[2], ref[2];

	ewx_sets_init(&w.known, &c->pool);
	w.slots = ewx_pool_alloc(&c->pool, w.mask + 1, sizeof(u32));
	for (int k = 0; k < 2; k++) {
		state[k] = EWX_GET32(c->p[k], AUTOMATA, ewx_automaton, which,
				     start);
		state[k] = next_state(c->p[k], state[k], '/');
	}
	enter(&w, state, EWX_NONE, '/');
	for (u32 i = 0; i < w.steps.count; i++) {
		for (int k = 0; k < 2; k++)
			ref[k] = accept_of(c->p[k], which,
					   w.steps.at[i].state[k]);
		if (w.steps.at[i].byte != '/')
			add_place(&w, places, ref, i);
		expand(&w, i);
	}
	for (int k = 0; k < 2; k++)
		ref[k] = accept_of(c->p[k], which, 0);
	add_place(&w, places, ref, EWX_NONE);
	ewx_vec_drop(&c->pool, &w.steps);
	ewx_pool_drop(&c->pool, w.slots);
	ewx_sets_drop(&w.known);
}

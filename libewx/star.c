// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which states of an automaton are a "*" or "**" and the text after it: the machine
 * of Knuth, Morris and Pratt (1977) for that text, which need not be walked byte by
 * byte, as the text has to be at the end of the component or of the path.
 *
 * Owns: recognizing them. Knows nothing of how they are written down.
 */
#include <string.h>
#include "automaton.h"

/**
 * struct machine - what was recognized so far.
 * @loop: state that "*" stays in; @chain[n]: after the first @n bytes of @text
 * @done: bytes of @text
 */
struct machine {
	const struct ewx_dfa *dfa;
	bool glob;
	u32 done;
	u32 chain[EWX_STAR_MAX + 1];
	char text[EWX_STAR_MAX];
};

u32 ewx_come_last(const char *text, u32 bytes, u32 done, u8 byte)
{
	for (u32 n = done < bytes ? done + 1 : bytes; n; n--)
		if ((u8)text[n - 1] == byte &&
		    !memcmp(text, text + done - (n - 1), n - 1))
			return n;
	return 0;
}

static u32 step(const struct ewx_dfa *dfa, u32 state, u8 byte)
{
	for (u32 i = dfa->first.at[state]; i < dfa->first.at[state + 1]; i++)
		if (dfa->byte.at[i] == byte)
			return dfa->to.at[i];
	return dfa->fallback.at[state];
}

static bool in_chain(const struct machine *m, u32 state)
{
	for (u32 n = 0; n <= m->done; n++)
		if (m->chain[n] == state)
			return true;
	return false;
}

/*
 * The one byte that leads on from the machine's last state to another one, and to
 * which one; 0: none does. False: that state is in no such machine.
 */
static bool find_next(const struct machine *m, u8 *byte, u32 *next)
{
	const struct ewx_dfa *dfa = m->dfa;
	u32 state = m->chain[m->done];

	*next = 0;
	if (ewx_dfa_is_link(dfa, state) ||
	    dfa->fallback.at[state] != m->chain[0])
		return false;
	for (u32 i = dfa->first.at[state]; i < dfa->first.at[state + 1]; i++) {
		u32 to = dfa->to.at[i];

		if ((dfa->byte.at[i] == '/' && !m->glob) || in_chain(m, to))
			continue;
		if (*next || !to)
			return false;
		*next = to;
		*byte = dfa->byte.at[i];
	}
	return true;
}

/* Every byte but @byte, which leads on to @next, leads back to what it has to. */
static bool leads_back(const struct machine *m, u8 byte, u32 next)
{
	const struct ewx_dfa *dfa = m->dfa;
	u32 state = m->chain[m->done];

	for (u32 n = 0; n < m->done; n++) {
		u8 b = (u8)m->text[n];

		if ((!next || b != byte) &&
		    step(dfa, state, b) !=
			    m->chain[ewx_come_last(m->text, m->done, m->done,
						   b)])
			return false;
	}
	for (u32 i = dfa->first.at[state]; i < dfa->first.at[state + 1]; i++) {
		u8 b = dfa->byte.at[i];

		if ((b == '/' && !m->glob) || (next && b == byte))
			continue;
		if (!memchr(m->text, b, m->done))
			return false;
	}
	return true;
}

static bool recognize(struct machine *m, struct ewx_star *star)
{
	const struct ewx_dfa *dfa = m->dfa;

	for (m->done = 0;; m->done++) {
		u32 state = m->chain[m->done], next;
		u8 byte = 0;

		if (!find_next(m, &byte, &next) || !leads_back(m, byte, next))
			return false;
		star->accept = dfa->accept.at[state];
		star->next = m->glob ? 0 : step(dfa, state, '/');
		star->length = m->done;
		if (!next)
			break;
		if (star->accept || star->next || m->done == EWX_STAR_MAX)
			return false;
		m->text[m->done] = (char)byte;
		m->chain[m->done + 1] = next;
	}
	star->glob = m->glob;
	memcpy(star->text, m->text, m->done);
	return star->length || !m->glob;
}

bool ewx_star_find(const struct ewx_dfa *dfa, u32 state, struct ewx_star *star)
{
	struct machine m = { .dfa = dfa, .glob = true, .chain = { state } };

	if (!state || ewx_dfa_is_link(dfa, state) ||
	    dfa->fallback.at[state] != state)
		return false;
	if (recognize(&m, star))
		return true;
	m.glob = false;
	return recognize(&m, star);
}

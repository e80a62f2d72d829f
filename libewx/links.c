// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Links: the states of an automaton from which one byte alone leads on.
 *
 * Owns: the words that links spell on the way to a junction, and links anew
 * from words, so that each is entered from more than one place only where it
 * begins. Knows nothing of equivalence, which concerns junctions only: two
 * links are equivalent if they spell the same word and then come to equivalent
 * junctions.
 */
#include "links.h"
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/ewx_policy.h>

static u32 next_of(const struct ewx_dfa *dfa, u32 link)
{
	return dfa->to.at[dfa->first.at[link]];
}

static const u8 *text_of(const struct ewx_dfa *dfa, u32 link)
{
	return dfa->text.at + dfa->text_at.at[link];
}

/* Whether the words of two links, equally long, are equal. */
static bool same_word(const struct ewx_dfa *dfa, u32 a, u32 b, u32 length)
{
	u32 a_done = 0, b_done = 0;

	while (length && a != b) {
		u32 n = dfa->length.at[a] - a_done;

		if (n > dfa->length.at[b] - b_done)
			n = dfa->length.at[b] - b_done;
		if (memcmp(text_of(dfa, a) + a_done, text_of(dfa, b) + b_done,
			   n))
			return false;
		length -= n;
		a_done += n;
		b_done += n;
		if (a_done == dfa->length.at[a]) {
			a = next_of(dfa, a);
			a_done = 0;
		}
		if (b_done == dfa->length.at[b]) {
			b = next_of(dfa, b);
			b_done = 0;
		}
	}
	return !length || a_done == b_done;
}

/* The word from @link on. Return: the junction it leads to. */
static u32 spell(const struct ewx_dfa *dfa, u32 link, struct ewx_word *word)
{
	u32 s;

	*word = (struct ewx_word){ .link = link };
	for (s = link; ewx_dfa_is_link(dfa, s); s = next_of(dfa, s)) {
		const u8 *text = text_of(dfa, s);

		for (u32 i = 0; i < dfa->length.at[s]; i++)
			word->hash = ewx_mix(word->hash, text[i]);
		word->length += dfa->length.at[s];
	}
	return s;
}

/** struct finding - words by their hash. @slots: word; 0: free. */
struct finding {
	struct ewx_links *links;
	u32 *slots;
	size_t mask;
};

static void find_word(struct finding *f, u32 link)
{
	struct ewx_links *l = f->links;
	struct ewx_word word;
	size_t at;

	if (!ewx_dfa_is_link(l->dfa, link) || l->word[link])
		return;
	l->goal[link] = spell(l->dfa, link, &word);
	for (at = word.hash & f->mask; f->slots[at]; at = (at + 1) & f->mask) {
		const struct ewx_word *have = &l->words.at[f->slots[at]];

		if (have->hash == word.hash && have->length == word.length &&
		    same_word(l->dfa, have->link, link, word.length))
			break;
	}
	if (!f->slots[at]) {
		f->slots[at] = (u32)l->words.count;
		*ewx_vec_push(l->dfa->pool, &l->words) = word;
	}
	l->word[link] = f->slots[at];
}

static size_t count_links(const struct ewx_dfa *dfa)
{
	size_t count = 0;

	for (u32 s = 1; s < dfa->count; s++)
		count += ewx_dfa_is_link(dfa, s);
	return count;
}

void ewx_links_find(struct ewx_links *links, const struct ewx_dfa *dfa)
{
	size_t room = 16, count = count_links(dfa);
	struct finding f = { .links = links };

	*links = (struct ewx_links){ .dfa = dfa };
	while (room < count * 2)
		room *= 2;
	f.mask = room - 1;
	f.slots = ewx_pool_alloc(dfa->pool, room, sizeof(u32));
	links->goal = ewx_pool_alloc(dfa->pool, dfa->count, sizeof(u32));
	links->word = ewx_pool_alloc(dfa->pool, dfa->count, sizeof(u32));
	*ewx_vec_push(dfa->pool, &links->words) =
		(struct ewx_word){ .link = 0 };
	find_word(&f, dfa->start);
	for (u32 s = 1; s < dfa->count; s++) {
		if (ewx_dfa_is_link(dfa, s))
			continue;
		find_word(&f, dfa->fallback.at[s]);
		for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++)
			find_word(&f, dfa->to.at[i]);
	}
	ewx_pool_drop(dfa->pool, f.slots);
}

void ewx_links_drop(struct ewx_links *links)
{
	ewx_pool_drop(links->dfa->pool, links->goal);
	ewx_pool_drop(links->dfa->pool, links->word);
	ewx_vec_drop(links->dfa->pool, &links->words);
}

/**
 * struct way - a word to a junction, while ways are sorted by their ends.
 * @end: behind the last byte; @id: of the way
 */
struct way {
	const u8 *end;
	u32 length;
	u32 goal;
	u32 id;
};

static u32 common_end(const struct way *a, const struct way *b)
{
	u32 least = a->length < b->length ? a->length : b->length, n = 0;

	while (n < least &&
	       a->end[-1 - (ptrdiff_t)n] == b->end[-1 - (ptrdiff_t)n])
		n++;
	return n;
}

/* By junction, then by the bytes from the last to the first. */
static int compare_ways(const void *x, const void *y)
{
	const struct way *a = x, *b = y;
	u32 n;

	if (a->goal != b->goal)
		return a->goal < b->goal ? -1 : 1;
	n = common_end(a, b);
	if (n == a->length || n == b->length)
		return (a->length > b->length) - (a->length < b->length);
	return (int)a->end[-1 - (ptrdiff_t)n] - (int)b->end[-1 - (ptrdiff_t)n];
}

/* Append the bytes of @word to the text of @to. */
static void write_word(const struct ewx_links *links, u32 word,
		       struct ewx_dfa *to)
{
	const struct ewx_dfa *dfa = links->dfa;
	u32 s = links->words.at[word].link;

	for (; ewx_dfa_is_link(dfa, s); s = next_of(dfa, s))
		for (u32 i = 0; i < dfa->length.at[s]; i++)
			*ewx_vec_push(to->pool, &to->text) = text_of(dfa, s)[i];
}

static struct way *sort_ways(const struct ewx_links *links,
			     const struct ewx_sets *ways, struct ewx_dfa *to)
{
	u32 count = ewx_sets_count(ways);
	struct way *sorted = ewx_pool_alloc(to->pool, count, sizeof(*sorted));
	const u8 *end;

	for (u32 id = 1; id < count; id++) {
		size_t two;
		const u32 *way = ewx_sets_get(ways, id, &two);

		write_word(links, way[0], to);
		sorted[id - 1] = (struct way){
			.length = links->words.at[way[0]].length,
			.goal = way[1],
			.id = id,
		};
	}
	end = to->text.at;
	for (u32 id = 1; id < count; id++) {
		end += sorted[id - 1].length;
		sorted[id - 1].end = end;
	}
	qsort(sorted, count - 1, sizeof(*sorted), compare_ways);
	return sorted;
}

/**
 * struct knot - where ways to a junction come together, or one begins.
 * @end: of a word that comes through here
 * @depth: bytes from here to the junction
 * @after: the next knot on the way there; EWX_NONE: the junction
 * @state: the first of its links
 */
struct knot {
	const u8 *end;
	u32 depth;
	u32 after;
	u32 goal;
	u32 state;
};

/** struct knitting - @open: knots on the way that was added last, the nearest
 * to the junction first. */
struct knitting {
	struct ewx_dfa *to;
	EWX_VEC(struct knot) knots;
	ewx_numbers open;
};

static u32 add_knot(struct knitting *k, const struct way *way, u32 depth)
{
	struct knot *knot = ewx_vec_push(k->to->pool, &k->knots);

	*knot = (struct knot){
		.end = way->end,
		.depth = depth,
		.after = k->open.count ? k->open.at[k->open.count - 1] :
					 EWX_NONE,
		.goal = way->goal,
	};
	*ewx_vec_push(k->to->pool, &k->open) = (u32)k->knots.count - 1;
	return (u32)k->knots.count - 1;
}

/* Add @way, whose last @common bytes are those of the way before. */
static u32 add_way(struct knitting *k, const struct way *way, u32 common)
{
	u32 below = EWX_NONE;

	while (k->open.count &&
	       k->knots.at[k->open.at[k->open.count - 1]].depth > common)
		below = k->open.at[--k->open.count];
	if (common &&
	    (!k->open.count ||
	     k->knots.at[k->open.at[k->open.count - 1]].depth < common)) {
		u32 fork = add_knot(k, way, common);

		k->knots.at[below].after = fork;
	}
	return add_knot(k, way, way->length);
}

/* A link of @length bytes before @end, which comes to @next. */
static void add_link(struct ewx_dfa *to, const u8 *begin, u32 length, u32 next)
{
	*ewx_vec_push(to->pool, &to->fallback) = 0;
	*ewx_vec_push(to->pool, &to->accept) = 0;
	*ewx_vec_push(to->pool, &to->length) = length;
	*ewx_vec_push(to->pool, &to->text_at) = (u32)(begin - to->text.at);
	*ewx_vec_push(to->pool, &to->byte) = *begin;
	*ewx_vec_push(to->pool, &to->to) = next;
	*ewx_vec_push(to->pool, &to->first) = (u32)to->byte.count;
	to->count++;
}

static u32 bytes_of(const struct knitting *k, const struct knot *knot)
{
	return knot->depth -
	       (knot->after == EWX_NONE ? 0 : k->knots.at[knot->after].depth);
}

/* A link takes EWX_TAIL_MAX bytes at most. */
static void write_knots(struct knitting *k)
{
	u32 state = k->to->count;

	for (size_t i = 0; i < k->knots.count; i++) {
		k->knots.at[i].state = state;
		state += (bytes_of(k, &k->knots.at[i]) + EWX_TAIL_MAX - 1) /
			 EWX_TAIL_MAX;
	}
	for (size_t i = 0; i < k->knots.count; i++) {
		const struct knot *knot = &k->knots.at[i];
		const u8 *at = knot->end - knot->depth;
		u32 left = bytes_of(k, knot);

		for (; left > EWX_TAIL_MAX; left -= EWX_TAIL_MAX) {
			add_link(k->to, at, EWX_TAIL_MAX, k->to->count + 1);
			at += EWX_TAIL_MAX;
		}
		add_link(k->to, at, left,
			 knot->after == EWX_NONE ?
				 knot->goal :
				 k->knots.at[knot->after].state);
	}
}

void ewx_links_write(const struct ewx_links *links, const struct ewx_sets *ways,
		     struct ewx_dfa *to, u32 *heads)
{
	u32 count = ewx_sets_count(ways) - 1;
	struct way *sorted = sort_ways(links, ways, to);
	struct knitting k = { .to = to };

	for (u32 i = 0; i < count; i++) {
		u32 common = 0;

		if (i && sorted[i - 1].goal == sorted[i].goal)
			common = common_end(&sorted[i - 1], &sorted[i]);
		else
			k.open.count = 0;
		heads[sorted[i].id] = add_way(&k, &sorted[i], common);
	}
	write_knots(&k);
	for (u32 id = 1; id <= count; id++)
		heads[id] = k.knots.at[heads[id]].state;
	ewx_vec_drop(to->pool, &k.knots);
	ewx_vec_drop(to->pool, &k.open);
	ewx_pool_drop(to->pool, sorted);
}

/* Append state @s of @dfa with links of one byte. */
static void spell_state(const struct ewx_dfa *dfa, u32 s, const u32 *number,
			struct ewx_dfa *out)
{
	if (ewx_dfa_is_link(dfa, s)) {
		const u8 *text = text_of(dfa, s);
		u32 length = dfa->length.at[s];

		for (u32 i = 0; i < length; i++) {
			*ewx_vec_push(out->pool, &out->text) = text[i];
			add_link(out, out->text.at + out->text.count - 1, 1,
				 i + 1 < length ? out->count + 1 :
						  number[next_of(dfa, s)]);
		}
		return;
	}
	*ewx_vec_push(out->pool, &out->fallback) = number[dfa->fallback.at[s]];
	*ewx_vec_push(out->pool, &out->accept) = dfa->accept.at[s];
	*ewx_vec_push(out->pool, &out->length) = 0;
	*ewx_vec_push(out->pool, &out->text_at) = 0;
	for (u32 i = dfa->first.at[s]; i < dfa->first.at[s + 1]; i++) {
		*ewx_vec_push(out->pool, &out->byte) = dfa->byte.at[i];
		*ewx_vec_push(out->pool, &out->to) = number[dfa->to.at[i]];
	}
	*ewx_vec_push(out->pool, &out->first) = (u32)out->byte.count;
	out->count++;
}

void ewx_dfa_spell(const struct ewx_dfa *dfa, struct ewx_dfa *out)
{
	u32 *number = ewx_pool_alloc(dfa->pool, dfa->count, sizeof(u32));
	u32 count = 1;

	for (u32 s = 1; s < dfa->count; s++) {
		number[s] = count;
		count += ewx_dfa_is_link(dfa, s) ? dfa->length.at[s] : 1;
	}
	ewx_dfa_empty(out, dfa->pool);
	for (u32 s = 1; s < dfa->count; s++)
		spell_state(dfa, s, number, out);
	out->start = number[dfa->start];
	out->accepts = dfa->accepts;
	ewx_pool_drop(dfa->pool, number);
}

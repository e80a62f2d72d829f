// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which of many items that fit matter: those in no other's shade. Of ranges that each
 * hold the next one it is one, however many there are.
 *
 * Owns: the items that fit at a number, each in the shade of one that decides over it
 * or in front. What is in the shade of one that leaves finds another or comes to the
 * front.
 */
#include <string.h>
#include "diagram.h"

#define FRONT_ASKED	8

/**
 * struct ewx_shade - an item's place.
 * @by: the one whose shade it is in; EWX_NONE: it is in front
 * @at: where in front
 * @first: in its own shade; @next, @prev: beside it in the same; or EWX_NONE
 */
struct ewx_shade {
	u32 by;
	u32 at;
	u32 first;
	u32 next;
	u32 prev;
};

static bool shades(struct ewx_diagram *d, u32 item, u32 other)
{
	ewx_diagram_count(d, 1);
	return d->shades(d->ctx, item, other);
}

/* Put @item, with what is in its shade, in that of @by. */
static void put_below(struct ewx_diagram *d, u32 item, u32 by)
{
	u32 next = d->shade[by].first;

	d->shade[item].by = by;
	d->shade[item].prev = EWX_NONE;
	d->shade[item].next = next;
	if (next != EWX_NONE)
		d->shade[next].prev = item;
	d->shade[by].first = item;
}

static void take_out(struct ewx_diagram *d, u32 item)
{
	const struct ewx_shade *s = &d->shade[item];

	if (s->prev == EWX_NONE)
		d->shade[s->by].first = s->next;
	else
		d->shade[s->prev].next = s->next;
	if (s->next != EWX_NONE)
		d->shade[s->next].prev = s->prev;
}

static void put_in_front(struct ewx_diagram *d, u32 item)
{
	d->shade[item].by = EWX_NONE;
	d->shade[item].at = (u32)d->front.count;
	*ewx_vec_push(d->pool, &d->front) = item;
}

static void take_from_front(struct ewx_diagram *d, u32 item)
{
	const u32 last = d->front.at[--d->front.count];

	d->front.at[d->shade[item].at] = last;
	d->shade[last].at = d->shade[item].at;
}

/*
 * Give @item, and what is in its shade, its place. Only so many of those in front are
 * asked: where there are more, they are all looked at later anyway (ewx_shades_all()),
 * and one that could be in a shade is in front without harm.
 */
static void place(struct ewx_diagram *d, u32 item)
{
	const size_t count = d->front.count;
	const size_t first = count > FRONT_ASKED ? count - FRONT_ASKED : 0;

	for (size_t i = first; i < count; i++) {
		if (!shades(d, d->front.at[i], item))
			continue;
		put_below(d, item, d->front.at[i]);
		return;
	}
	for (size_t i = count; i-- > first;) {
		const u32 other = d->front.at[i];

		if (!shades(d, item, other))
			continue;
		take_from_front(d, other);
		put_below(d, other, item);
	}
	put_in_front(d, item);
}

void ewx_shades_enter(struct ewx_diagram *d, u32 item)
{
	d->shade[item].first = EWX_NONE;
	place(d, item);
}

void ewx_shades_leave(struct ewx_diagram *d, u32 item)
{
	u32 below = d->shade[item].first;

	if (d->shade[item].by != EWX_NONE)
		take_out(d, item);
	else
		take_from_front(d, item);
	while (below != EWX_NONE) {
		u32 next = d->shade[below].next;

		place(d, below);
		below = next;
	}
}

void ewx_shades_all(struct ewx_diagram *d, ewx_numbers *all)
{
	all->count = 0;
	for (size_t i = 0; i < d->front.count; i++)
		*ewx_vec_push(d->pool, all) = d->front.at[i];
	for (size_t i = 0; i < all->count; i++)
		for (u32 below = d->shade[all->at[i]].first; below != EWX_NONE;
		     below = d->shade[below].next)
			*ewx_vec_push(d->pool, all) = below;
	ewx_diagram_count(d, all->count);
	if (all->count)
		all->count = ewx_sort_unique(all->at, all->count);
}

bool ewx_shades_apply(struct ewx_diagram *d, const u32 *items, size_t count)
{
	if (!d->shades)
		return false;
	for (size_t i = 0; i < count; i++)
		if (d->items.at[items[i]].clauses)
			return false;
	if (!d->shade)
		d->shade = ewx_pool_alloc(d->pool, d->items.count,
					  sizeof(*d->shade));
	d->front.count = 0;
	return true;
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the stages of the back end share: strings, keys, value lists, ranges.
 */
#include <stdlib.h>
#include <string.h>
#include "backend.h"
#include "codes.h"

void ewx_back_refuse(struct ewx_back *b)
{
	ewx_pool_stop(&b->pool, EWX_STOP_REFUSED);
}

static u32 hash_string(const char *text)
{
	u64 h = 0;

	for (; *text; text++)
		h = ewx_mix(h, (u8)*text);
	return (u32)(h >> 32 ^ h);
}

static void grow_strings(struct ewx_back *b)
{
	u32 mask = b->string_mask ? b->string_mask * 2 + 1 : 255;
	u32 *slots = ewx_pool_alloc(&b->pool, (size_t)mask + 1, sizeof(u32));

	for (size_t i = 0; b->string_slots && i <= b->string_mask; i++) {
		u32 at;

		if (!b->string_slots[i])
			continue;
		at = hash_string(b->strings.at + b->string_slots[i] - 1) & mask;
		while (slots[at])
			at = (at + 1) & mask;
		slots[at] = b->string_slots[i];
	}
	ewx_pool_drop(&b->pool, b->string_slots);
	b->string_slots = slots;
	b->string_mask = mask;
}

u32 ewx_back_string(struct ewx_back *b, const char *text)
{
	size_t len = strlen(text) + 1;
	u32 at, offset;

	if (!b->strings.count)
		*ewx_vec_push(&b->pool, &b->strings) = '\0';
	if (len == 1)
		return 0;
	if (b->string_count >= b->string_mask / 2)
		grow_strings(b);
	at = hash_string(text) & b->string_mask;
	for (; b->string_slots[at]; at = (at + 1) & b->string_mask)
		if (!strcmp(b->strings.at + b->string_slots[at] - 1, text))
			return b->string_slots[at] - 1;
	offset = (u32)b->strings.count;
	for (size_t i = 0; i < len; i++)
		*ewx_vec_push(&b->pool, &b->strings) = text[i];
	b->string_slots[at] = offset + 1;
	b->string_count++;
	return offset;
}

/* Where the @count numbers @v stand in VALUES, once each. */
static u32 value_list(struct ewx_back *b, const u32 *v, size_t count)
{
	u32 id;

	if (!b->lists.pool)
		ewx_sets_init(&b->lists, &b->pool);
	/* The empty list has id 0. */
	id = ewx_sets_intern(&b->lists, v, count) - 1;
	if (id == b->list_at.count) {
		*ewx_vec_push(&b->pool, &b->list_at) = (u32)b->values.count;
		for (size_t i = 0; i < count; i++)
			*ewx_vec_push(&b->pool, &b->values) = v[i];
	}
	return b->list_at.at[id];
}

u32 ewx_back_pair(struct ewx_back *b, u32 first, u32 second)
{
	const u32 two[] = { first, second };

	return value_list(b, two, 2);
}

u32 ewx_back_wide(struct ewx_back *b, u64 mask, u64 value)
{
	const u32 four[] = { (u32)mask, (u32)(mask >> 32), (u32)value,
			     (u32)(value >> 32) };

	return value_list(b, four, 4);
}

u32 ewx_back_digest(const struct ewx_back *b, const struct ewx_ir_condition *c)
{
	if (c->is_signed)
		return EWX_SIGNED;
	return c->any_digest ? EWX_ANY : ewx_back_key(b, c->digest);
}

static bool has_digest(const struct ewx_ir_condition *c)
{
	switch (c->kind) {
	case EWX_CONDITION_SIGNER:
	case EWX_CONDITION_MEASUREMENT:
		return true;
	case EWX_CONDITION_FS_VERITY:
	case EWX_CONDITION_DM_VERITY:
		return !c->any_digest && !c->is_signed;
	default:
		return false;
	}
}

static int compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, EWX_KEY_SIZE);
}

static void collect_from(struct ewx_back *b, const struct ewx_ir_name *names,
			 size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < names[i].condition_count; j++)
			for (int k = 0; k < EWX_KEY_SIZE &&
					has_digest(&names[i].conditions[j]);
			     k++)
				*ewx_vec_push(&b->pool, &b->keys) =
					names[i].conditions[j].digest[k];
}

void ewx_back_collect_keys(struct ewx_back *b)
{
	size_t kept = 0;

	collect_from(b, b->unit->sources, b->unit->source_count);
	collect_from(b, b->unit->identities, b->unit->identity_count);
	if (!b->keys.count)
		return;
	qsort(b->keys.at, b->keys.count / EWX_KEY_SIZE, EWX_KEY_SIZE,
	      compare_keys);
	for (size_t i = 0; i < b->keys.count; i += EWX_KEY_SIZE) {
		if (kept && !memcmp(b->keys.at + kept - EWX_KEY_SIZE,
				    b->keys.at + i, EWX_KEY_SIZE))
			continue;
		memmove(b->keys.at + kept, b->keys.at + i, EWX_KEY_SIZE);
		kept += EWX_KEY_SIZE;
	}
	b->keys.count = kept;
}

u32 ewx_back_key(const struct ewx_back *b, const u8 *digest)
{
	const u8 *found = bsearch(digest, b->keys.at,
				  b->keys.count / EWX_KEY_SIZE, EWX_KEY_SIZE,
				  compare_keys);

	return (u32)(found - b->keys.at) / EWX_KEY_SIZE;
}

struct range {
	u32 low;
	u32 high;
};

static int compare_ranges(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return (x->high > y->high) - (x->high < y->high);
}

u32 ewx_back_ranges(struct ewx_diagram *d, const struct ewx_ir_name *name,
		    u32 kind)
{
	EWX_VEC(struct range) ranges = { 0 };
	ewx_numbers merged = { 0 };
	u32 id;

	for (size_t i = 0; i < name->condition_count; i++) {
		const struct ewx_ir_condition *c = &name->conditions[i];

		if (c->kind == kind)
			*ewx_vec_push(d->pool, &ranges) =
				(struct range){ c->low, c->high };
	}
	if (ranges.count)
		qsort(ranges.at, ranges.count, sizeof(*ranges.at),
		      compare_ranges);
	for (size_t i = 0; i < ranges.count; i++) {
		u32 *last = merged.count ? &merged.at[merged.count - 1] : NULL;

		if (last &&
		    (*last == EWX_ANY || ranges.at[i].low <= *last + 1)) {
			if (ranges.at[i].high > *last)
				*last = ranges.at[i].high;
			continue;
		}
		*ewx_vec_push(d->pool, &merged) = ranges.at[i].low;
		*ewx_vec_push(d->pool, &merged) = ranges.at[i].high;
	}
	id = ewx_sets_intern(&d->ranges, merged.at, merged.count);
	ewx_vec_drop(d->pool, &ranges);
	ewx_vec_drop(d->pool, &merged);
	return id;
}

void ewx_back_too_many(struct ewx_back *b, const struct ewx_ir_name *names,
		       const u32 *items, size_t count, const char *what)
{
	const struct ewx_ir_name *name = count ? &names[items[0]] : NULL;

	ewx_report(b->unit, E0704, name ? &name->loc : NULL,
		   "join conditions that go together in one block",
		   "%s overlap in too many ways%s%s%s", what,
		   name ? ": \"" : "", name ? name->name : "",
		   name ? "\" is among them" : "");
	for (size_t i = 1; i < count && i < 3; i++)
		ewx_note(b->unit, &names[items[i]].loc, "so is \"%s\"",
			 names[items[i]].name);
	ewx_back_refuse(b);
}

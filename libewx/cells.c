// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Cells: what the rules of one key give together. Denials first, then allows,
 * then logs; for each permission only those that no other one covers.
 *
 * In a row for unknown identities the rules of one max and until unite their
 * identities permission by permission, so that a row stays short however many
 * identities have rules.
 */
#include <stdlib.h>
#include <string.h>
#include "codes.h"
#include "table.h"

#define BITMAP_BYTES_MAX ((u64)EWX_POLICY_MAX_SIZE / 2)
#define ROW_SHORT	 16 /* grants that are looked through one by one */

static int kind_order(u32 kind)
{
	return kind == EWX_RULE_DENY ? 0 : kind == EWX_RULE_ALLOW ? 1 : 2;
}

/* qsort() has no context: what is compared goes with the rule's number. */
struct weighed {
	const struct ewx_ir_rule *rule;
	u32 number;
};

static int compare_worth(const struct ewx_ir_rule *x,
			 const struct ewx_ir_rule *y)
{
	int order = kind_order(x->kind) - kind_order(y->kind);

	if (order || x->kind != EWX_RULE_ALLOW)
		return order;
	if (x->max != y->max)
		return x->max > y->max ? -1 : 1;
	if (x->until != y->until)
		return x->until > y->until ? -1 : 1;
	return 0;
}

static int compare_weighed(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;
	int order = compare_worth(x->rule, y->rule);

	return order ? order :
		       (x->number > y->number) - (x->number < y->number);
}

static struct weighed *weigh(struct ewx_table *t, const u32 *rules,
			     size_t count)
{
	struct weighed *w = ewx_pool_alloc(&t->b->pool, count + 1, sizeof(*w));

	for (size_t i = 0; i < count; i++) {
		w[i].rule = ewx_table_rule(t, rules[i]);
		w[i].number = rules[i];
	}
	qsort(w, count, sizeof(*w), compare_weighed);
	return w;
}

static u32 grant_id(struct ewx_table *t, const struct weighed *w, u32 perms,
		    u32 set)
{
	bool allow = w->rule->kind == EWX_RULE_ALLOW;
	u64 until = allow ? w->rule->until : EWX_FOREVER;
	u32 v[EWX_CELL_NUMBERS] = {
		[EWX_CELL_PERMS] = perms,
		[EWX_CELL_KIND] = w->rule->kind,
		[EWX_CELL_RULE] = w->number,
		[EWX_CELL_MAX] = allow ? w->rule->max : EWX_UNLIMITED,
		[EWX_CELL_UNTIL_LOW] = (u32)until,
		[EWX_CELL_UNTIL_HIGH] = (u32)(until >> 32),
		[EWX_CELL_SET] = set,
	};

	return ewx_sets_intern(&t->b->grants, v, EWX_CELL_NUMBERS);
}

u32 ewx_table_cell(struct ewx_table *t, u32 *rules, size_t count)
{
	struct weighed *w = weigh(t, rules, count);
	u64 until[3][ENCLAVE_PERM_COUNT];
	u32 have[3] = { 0 }, id;
	ewx_numbers cell = { 0 };

	for (size_t i = 0; i < count; i++) {
		int kind = kind_order(w[i].rule->kind);
		u32 perms = 0;

		/* Earlier ones have at least this max: until decides. */
		for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
			if (!(w[i].rule->perms >> bit & 1))
				continue;
			if (have[kind] >> bit & 1 &&
			    (w[i].rule->kind != EWX_RULE_ALLOW ||
			     until[kind][bit] >= w[i].rule->until))
				continue;
			perms |= 1u << bit;
			until[kind][bit] = w[i].rule->until;
		}
		have[kind] |= perms;
		if (perms)
			*ewx_vec_push(&t->b->pool, &cell) =
				grant_id(t, &w[i], perms, EWX_NONE);
	}
	id = ewx_sets_intern(&t->b->cells, cell.at, cell.count);
	ewx_vec_drop(&t->b->pool, &cell);
	ewx_pool_drop(&t->b->pool, w);
	return id;
}

static u32 intern_bitmap(struct ewx_table *t, const u32 *words)
{
	struct ewx_back *b = t->b;
	u32 id = ewx_sets_intern(&b->bitmaps, words, b->bitmap_words);

	if ((u64)ewx_sets_count(&b->bitmaps) * b->bitmap_words * sizeof(u32) <=
	    BITMAP_BYTES_MAX)
		return id;
	ewx_report(
		b->unit, E0705, NULL, NULL,
		"rules for %zu identities in %u classes make the binary policy too large",
		b->unit->identity_count, ewx_sets_count(&b->identity_classes));
	ewx_back_refuse(b);
}

void ewx_table_bitmaps(struct ewx_table *t)
{
	struct ewx_back *b = t->b;
	u32 classes = ewx_sets_count(&b->identity_classes), *words;

	b->bitmap_words = (classes + 63) / 64 * 2;
	words = ewx_pool_alloc(&b->pool, b->bitmap_words, sizeof(u32));
	for (u32 c = 0; c < classes; c++)
		words[c / 32] |= 1u << (c % 32);
	t->full = intern_bitmap(t, words);
	ewx_pool_drop(&b->pool, words);
}

/* The classes of all identities of a sorted list. */
static u32 union_of(struct ewx_table *t, const u32 *list, size_t count)
{
	struct ewx_back *b = t->b;
	u32 known = ewx_sets_count(&t->lists);
	u32 id = ewx_sets_intern(&t->lists, list, count), *words;

	if (id < known)
		return t->unions.at[id - 1];
	words = ewx_pool_alloc(&b->pool, b->bitmap_words, sizeof(u32));
	for (size_t i = 0; i < count; i++) {
		u32 n = list[i];

		for (u32 k = t->identities.first[n];
		     k < t->identities.first[n + 1]; k++) {
			u32 c = t->identities.class[k];

			words[c / 32] |= 1u << (c % 32);
		}
	}
	*ewx_vec_push(&b->pool, &t->unions) = intern_bitmap(t, words);
	ewx_pool_drop(&b->pool, words);
	return t->unions.at[id - 1];
}

static bool any_identity(const struct ewx_ir_rule *rule)
{
	return rule->identity == EWX_ANY || rule->identity == EWX_DEFER;
}

/**
 * struct share - what the rules of one max and until give for a permission.
 * @set: bitmap; @rule: the first of them
 */
struct share {
	u32 set;
	size_t rule;
};

/* Return: false if no rule of w[begin..end) has the permission. */
static bool share_of(struct ewx_table *t, const struct weighed *w, size_t begin,
		     size_t end, u32 bit, ewx_numbers *list,
		     struct share *share)
{
	share->rule = end;
	list->count = 0;
	for (size_t i = begin; i < end; i++) {
		if (!(w[i].rule->perms >> bit & 1))
			continue;
		if (share->rule == end)
			share->rule = i;
		if (any_identity(w[i].rule)) {
			share->set = t->full;
			return true;
		}
		*ewx_vec_push(&t->b->pool, list) = w[i].rule->identity;
	}
	if (share->rule == end)
		return false;
	list->count = ewx_sort_unique(list->at, list->count);
	share->set = union_of(t, list->at, list->count);
	return true;
}

static bool set_covers(const struct ewx_table *t, u32 set, u32 other)
{
	size_t n;
	const u32 *v, *w;

	if (set == other || set == t->full)
		return true;
	v = ewx_sets_get(&t->b->bitmaps, set, &n);
	w = ewx_sets_get(&t->b->bitmaps, other, &n);
	for (size_t i = 0; i < n; i++)
		if (w[i] & ~v[i])
			return false;
	return true;
}

/**
 * struct row - a row in the making.
 * @grants: of it
 * @given: bitmap of all identities that have the permission, once there are more
 *	than ROW_SHORT grants
 */
struct row {
	ewx_numbers grants;
	u32 *given[ENCLAVE_PERM_COUNT];
};

/* Add what grant @id gives to row->given. */
static void note_given(struct ewx_table *t, struct row *row, u32 id)
{
	size_t n;
	const u32 *g = ewx_sets_get(&t->b->grants, id, &n);
	u32 perms = g[EWX_CELL_PERMS];
	const u32 *v = ewx_sets_get(&t->b->bitmaps, g[EWX_CELL_SET], &n);

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(perms >> bit & 1))
			continue;
		if (!row->given[bit])
			row->given[bit] =
				ewx_pool_alloc(&t->b->pool, n, sizeof(u32));
		for (size_t i = 0; i < n; i++)
			row->given[bit][i] |= v[i];
	}
}

static void add_grant(struct ewx_table *t, struct row *row, u32 id)
{
	*ewx_vec_push(&t->b->pool, &row->grants) = id;
	if (row->grants.count < ROW_SHORT)
		return;
	for (size_t i = row->grants.count == ROW_SHORT ?
				0 :
				row->grants.count - 1;
	     i < row->grants.count; i++)
		note_given(t, row, row->grants.at[i]);
}

/* Whether some identity of @set is in no grant with the permission. */
static bool gives_more(const struct ewx_table *t, const struct row *row,
		       u32 bit, u32 set)
{
	size_t n;
	const u32 *v = ewx_sets_get(&t->b->bitmaps, set, &n);

	if (row->grants.count < ROW_SHORT)
		return false; /* not known */
	if (!row->given[bit])
		return true;
	for (size_t i = 0; i < n; i++)
		if (v[i] & ~row->given[bit][i])
			return true;
	return false;
}

/* An earlier grant of the row, of at least this max, makes the share needless. */
static bool covered(const struct ewx_table *t, const struct row *row,
		    const struct ewx_ir_rule *rule, u32 bit, u32 set)
{
	size_t n;

	if (gives_more(t, row, bit, set))
		return false;
	for (size_t i = 0; i < row->grants.count; i++) {
		const u32 *g =
			ewx_sets_get(&t->b->grants, row->grants.at[i], &n);
		u64 until = (u64)g[EWX_CELL_UNTIL_HIGH] << 32 |
			    g[EWX_CELL_UNTIL_LOW];

		if (g[EWX_CELL_KIND] == rule->kind &&
		    g[EWX_CELL_PERMS] >> bit & 1 &&
		    (rule->kind != EWX_RULE_ALLOW || until >= rule->until) &&
		    set_covers(t, g[EWX_CELL_SET], set))
			return true;
	}
	return false;
}

/* Rules w[begin..end) of one kind, max and until: grants by set. */
static void add_shares(struct ewx_table *t, const struct weighed *w,
		       size_t begin, size_t end, struct row *row)
{
	struct share share[ENCLAVE_PERM_COUNT];
	ewx_numbers list = { 0 };
	u32 left = 0;

	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (share_of(t, w, begin, end, bit, &list, &share[bit]) &&
		    !covered(t, row, w[begin].rule, bit, share[bit].set))
			left |= 1u << bit;
	ewx_vec_drop(&t->b->pool, &list);
	while (left) {
		u32 first = (u32)__builtin_ctz(left), perms = 0;
		size_t rule = share[first].rule;

		for (u32 bit = first; bit < ENCLAVE_PERM_COUNT; bit++) {
			if (!(left >> bit & 1) ||
			    share[bit].set != share[first].set ||
			    share[bit].rule != rule)
				continue;
			perms |= 1u << bit;
		}
		left &= ~perms;
		add_grant(t, row,
			  grant_id(t, &w[rule], perms, share[first].set));
	}
}

u32 ewx_table_row(struct ewx_table *t, u32 *rules, size_t count)
{
	struct weighed *w = weigh(t, rules, count);
	struct row row = { 0 };
	u32 id;

	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1;
		     end < count && !compare_worth(w[i].rule, w[end].rule);
		     end++)
			;
		add_shares(t, w, i, end, &row);
	}
	id = ewx_sets_intern(&t->b->cells, row.grants.at, row.grants.count);
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		ewx_pool_drop(&t->b->pool, row.given[bit]);
	ewx_vec_drop(&t->b->pool, &row.grants);
	ewx_pool_drop(&t->b->pool, w);
	return id;
}

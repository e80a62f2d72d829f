// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx learn: the evidence. Records that lacked the same are counted together, by all
 * that each lacked, so that a record counts once for a rule that gives several of it,
 * and not at all for one that gives none of it.
 *
 * Owns: which records a rule is about. Must not know how rules come to their needs.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "learn.h"

/** struct learn_seen - records that lacked the same needs. */
struct learn_seen {
	size_t *need;
	size_t count;
	size_t records;
	__u64 pages;
	__u64 first;
	__u64 last;
	const char *example;
};

/* The entry for these needs; a new one if need be, NULL: no memory. */
static struct learn_seen *seen_for(struct learn *l, const size_t *need,
				   size_t count)
{
	char key[ENCLAVE_PERM_COUNT * 21 + 1] = "";
	struct learn_seen *s;
	size_t n = 0, i;

	for (i = 0; i < count; i++)
		n += (size_t)snprintf(key + n, sizeof(key) - n, "%zu.",
				      need[i]);
	i = index_get(l->by_seen, key);
	if (i != INDEX_NONE)
		return &l->seen[i];
	s = learn_push(l, &l->seen, &l->seen_count, sizeof(*s));
	if (!s)
		return NULL;
	s->need = calloc(count, sizeof(*need));
	if (!s->need) {
		l->failed = true;
		return NULL;
	}
	memcpy(s->need, need, count * sizeof(*need));
	s->count = count;
	learn_keep(l, &l->by_seen, key, l->seen_count - 1);
	return s;
}

void learn_note(struct learn *l, const struct ewx_record *r, const size_t *need,
		size_t count)
{
	__u64 when = ewx_record_stamp(r, NULL, NULL);
	__u64 pages = (__u64)ewx_record_number(r, EWX_RECORD_pages);
	struct learn_seen *s = count ? seen_for(l, need, count) : NULL;

	if (!s)
		return;
	if (!s->records || when < s->first) {
		s->first = when;
		s->example =
			learn_intern(l, ewx_record_text(r, EWX_RECORD_exe));
	}
	s->last = when > s->last ? when : s->last;
	s->records++;
	s->pages += pages > INT32_MAX ? INT32_MAX : pages;
}

static void add(struct learn_rule *r, const struct learn_seen *s)
{
	if (!r->records || s->first < r->first) {
		r->first = s->first;
		r->example = s->example;
	}
	r->last = s->last > r->last ? s->last : r->last;
	r->records += s->records;
	r->pages += s->pages;
}

void learn_sum(struct learn *l)
{
	size_t *rule_of = calloc(l->need_count + 1, sizeof(*rule_of));
	size_t *last = calloc(l->rule_count + 1, sizeof(*last));

	l->failed |= !rule_of || !last;
	for (size_t i = 0; i < l->rule_count && !l->failed; i++) {
		struct learn_rule *r = &l->rule[i];

		r->records = 0;
		r->pages = r->first = r->last = 0;
		r->example = "";
		for (size_t n = r->needs; n != LEARN_NONE; n = l->need[n].next)
			rule_of[n] = i;
	}
	for (size_t i = 0; i < l->seen_count && !l->failed; i++) {
		const struct learn_seen *s = &l->seen[i];

		for (size_t n = 0; n < s->count; n++) {
			size_t rule = rule_of[s->need[n]];

			/* Once, whichever of its needs the rule is for. */
			if (last[rule] != i + 1)
				add(&l->rule[rule], s);
			last[rule] = i + 1;
		}
	}
	free(rule_of);
	free(last);
}

void learn_free_seen(struct learn *l)
{
	for (size_t i = 0; i < l->seen_count; i++)
		free(l->seen[i].need);
	free(l->seen);
	json_decref(l->by_seen);
}

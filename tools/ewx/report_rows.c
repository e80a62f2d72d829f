// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: rows by name, and refusals over time. Neither takes more memory for a
 * longer log, whoever wrote it.
 *
 * Owns: how many rows there are, and how long a piece of time is. Must not know
 * what a record says.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report.h"

/* Each is a multiple of the one before, so that pieces can be put together. */
static const __u64 lengths[] = { 1,	10,    60,     300,	900,	 3600,
				 21600, 86400, 604800, 2419200, 29030400 };

#define LENGTH_COUNT (sizeof(lengths) / sizeof(lengths[0]))

void report_time(char *buf, size_t size, __u64 seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!seconds || !gmtime_r(&when, &tm) ||
	    !strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(buf, size, "?");
}

/* Records that are farther away from all others are of another time. */
#define GAP (366 * 86400ULL)

/* So many times are told apart. */
#define TIMES_MAX 4

/* The same bars in pieces of @length, of which the first holds @first. */
static void stretch(struct report_bars *b, __u64 length, __u64 first)
{
	struct report_bars old = *b;

	memset(b->bar, 0, sizeof(b->bar));
	b->length = length;
	b->begin = first / length * length;
	b->count = 0;
	for (size_t i = 0; i < old.count; i++) {
		size_t at = (size_t)((old.begin + i * old.length - b->begin) /
				     length);

		b->bar[at].denied += old.bar[i].denied;
		b->bar[at].permissive += old.bar[i].permissive;
		b->count = at + 1;
	}
}

/* Whether pieces of @length reach from @first to @last. */
static bool reaches(__u64 length, __u64 first, __u64 last)
{
	return last / length - first / length < REPORT_BARS;
}

/* Whether bars are, or can be, of one time with what is from @first to @last. */
static bool is_near(const struct report_bars *b, __u64 first, __u64 last)
{
	if (!b->length)
		return true;
	if (first > b->last + GAP || b->first > last + GAP)
		return false;
	first = first < b->first ? first : b->first;
	last = last > b->last ? last : b->last;
	return reaches(lengths[LENGTH_COUNT - 1], first, last);
}

/* More at @seconds, which is near. */
static void put(struct report_bars *b, struct report_bar more, __u64 seconds)
{
	__u64 first = seconds, last = seconds;
	size_t i = 0, at;

	if (b->length) {
		first = b->begin < seconds ? b->begin : seconds;
		last = b->last > seconds ? b->last : seconds;
	}
	while (i + 1 < LENGTH_COUNT &&
	       (lengths[i] < b->length || !reaches(lengths[i], first, last)))
		i++;
	if (lengths[i] != b->length || first < b->begin)
		stretch(b, lengths[i], first);
	at = (size_t)((seconds - b->begin) / b->length);
	b->count = at >= b->count ? at + 1 : b->count;
	b->bar[at].denied += more.denied;
	b->bar[at].permissive += more.permissive;
}

/* Another time that this one has grown to goes into it. */
static void absorb(struct report_bars *b, struct report_bars *other)
{
	for (size_t i = 0; i < other->count; i++)
		put(b, other->bar[i], other->begin + i * other->length);
	b->records += other->records;
	b->first = other->first < b->first ? other->first : b->first;
	b->last = other->last > b->last ? other->last : b->last;
	other->length = 0;
	other->count = 0;
	other->records = 0;
	memset(other->bar, 0, sizeof(other->bar));
}

/* The bars for a record; one more if need be, NULL: there are enough. */
static struct report_bars *bars_for(struct report_bars *b, __u64 seconds)
{
	for (int n = 1; !is_near(b, seconds, seconds); n++, b = b->next) {
		if (!b->next && n < TIMES_MAX)
			b->next = calloc(1, sizeof(*b));
		if (!b->next)
			return NULL;
	}
	return b;
}

void report_bars_add(struct report_bars *b, enum report_kind kind,
		     __u64 seconds)
{
	struct report_bars *at = bars_for(b, seconds);
	struct report_bar one = { .denied = kind != REPORT_PERMISSIVE,
				  .permissive = kind == REPORT_PERMISSIVE };

	if (!at) {
		b->beyond++;
		return;
	}
	put(at, one, seconds);
	at->first = at->records && at->first < seconds ? at->first : seconds;
	at->last = at->records && at->last > seconds ? at->last : seconds;
	at->records++;
	for (struct report_bars *o = b; o; o = o->next)
		if (o != at && o->length && is_near(at, o->first, o->last))
			absorb(at, o);
}

const struct report_bars *report_bars_main(const struct report_bars *b,
					   size_t *away)
{
	const struct report_bars *most = b;
	size_t all = b->beyond;

	for (; b; b = b->next) {
		all += b->records;
		most = b->records > most->records ? b : most;
	}
	if (away)
		*away = all - most->records;
	return most;
}

void report_bars_free(struct report_bars *b)
{
	while (b->next) {
		struct report_bars *next = b->next;

		b->next = next->next;
		free(next);
	}
}

size_t report_refusals(const struct report_row *row)
{
	return row->count[REPORT_DENIED] + row->count[REPORT_PERMISSIVE] +
	       row->count[REPORT_REDUCED];
}

static size_t records(const struct report_row *row)
{
	size_t sum = 0;

	for (int k = 0; k < REPORT_KIND_COUNT; k++)
		sum += row->count[k];
	return sum;
}

static int by_records(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	if (report_refusals(x) != report_refusals(y))
		return report_refusals(x) < report_refusals(y) ? 1 : -1;
	if (records(x) != records(y))
		return records(x) < records(y) ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int by_time(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	if (x->last != y->last)
		return x->last < y->last ? 1 : -1;
	return strcmp(y->name, x->name);
}

void report_sort(struct report_rows *rows)
{
	if (rows->count)
		qsort(rows->row, rows->count, sizeof(*rows->row),
		      rows->by_time ? by_time : by_records);
}

static void free_row(struct report_row *row)
{
	free(row->name);
	for (int i = 0; i < REPORT_NOTES; i++)
		free(row->note[i]);
	if (row->bars)
		report_bars_free(row->bars);
	free(row->bars);
}

/* Half of them become one sum. */
static void shorten(struct report *r, struct report_rows *rows)
{
	struct report_row *rest = &rows->rest;

	report_sort(rows);
	while (rows->count > REPORT_ROWS_MAX / 2) {
		struct report_row *row = &rows->row[--rows->count];

		for (int k = 0; k < REPORT_KIND_COUNT; k++)
			rest->count[k] += row->count[k];
		rest->pages += row->pages;
		rest->first = rest->first && rest->first < row->first ?
				      rest->first :
				      row->first;
		rest->last = row->last > rest->last ? row->last : rest->last;
		rows->rest_count++;
		free_row(row);
	}
	json_decref(rows->index);
	rows->index = NULL;
	for (size_t i = 0; i < rows->count; i++)
		r->failed |= index_put(&rows->index, rows->row[i].name, i) != 0;
}

static struct report_row *new_row(struct report *r, struct report_rows *rows,
				  const char *name)
{
	struct report_row *row;

	if (!rows->row)
		rows->row = calloc(REPORT_ROWS_MAX, sizeof(*rows->row));
	if (rows->count == REPORT_ROWS_MAX)
		shorten(r, rows);
	if (!rows->row)
		return NULL;
	row = &rows->row[rows->count];
	memset(row, 0, sizeof(*row));
	row->name = strdup(name);
	if (rows->with_bars)
		row->bars = calloc(1, sizeof(*row->bars));
	if (!row->name || (rows->with_bars && !row->bars) ||
	    index_put(&rows->index, name, rows->count)) {
		free_row(row);
		return NULL;
	}
	rows->count++;
	return row;
}

struct report_row *report_add(struct report *r, struct report_rows *rows,
			      const char *name, enum report_kind kind,
			      __u64 seconds)
{
	size_t at = index_get(rows->index, name);
	struct report_row *row = at == INDEX_NONE ? new_row(r, rows, name) :
						    &rows->row[at];

	if (!row) {
		r->failed = true;
		return NULL;
	}
	row->count[kind]++;
	row->first = !row->first || seconds < row->first ? seconds : row->first;
	row->last = seconds > row->last ? seconds : row->last;
	if (row->bars && seconds)
		report_bars_add(row->bars, kind, seconds);
	return row;
}

bool report_has(const struct report_rows *rows, const char *name)
{
	return index_get(rows->index, name) != INDEX_NONE;
}

void report_note(struct report *r, struct report_row *row, unsigned int n,
		 const char *text)
{
	if (!row || row->note[n])
		return;
	row->note[n] = strdup(text);
	r->failed |= !row->note[n];
}

void report_free_rows(struct report_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		free_row(&rows->row[i]);
	free(rows->row);
	json_decref(rows->index);
}

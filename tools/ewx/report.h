/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ewx report: what is counted (cmd_report.c, report_rows.c), what a policy adds
 * (report_policy.c), and how the page looks (report_html.c, report_chart.c).
 */
#ifndef _EWX_TOOL_REPORT_H
#define _EWX_TOOL_REPORT_H

#include "log.h"

#define REPORT_BARS 60 /* bars of a chart */
#define REPORT_ROWS_MAX 8192 /* rows of a table while records are read */
#define REPORT_ROWS_SHOWN 50 /* and on the page */
#define REPORT_NOTES 4

/** enum report_kind - what a record is to the reader of the report. */
enum report_kind {
	REPORT_DENIED,
	REPORT_PERMISSIVE,
	REPORT_REDUCED,
	REPORT_ALLOWED,
	REPORT_UNKNOWN,
	REPORT_STARTED,
	REPORT_CONTROL,
	REPORT_KIND_COUNT
};

/** struct report_bar - refusals in a piece of time. */
struct report_bar {
	size_t denied;
	size_t permissive;
};

/**
 * struct report_bars - records over time, in pieces that grow with the time. A few that
 * are years away from the others have pieces of their own, lest a clock that was
 * wrong once makes one piece of all the rest.
 * @length: seconds of a piece; 0: nothing yet
 * @begin: of the first piece, a multiple of @length
 * @count: pieces up to the last one with a record
 * @first, @last: times of records; @records: how many
 * @next: others, owned
 * @beyond: records that are in none, in the first one
 */
struct report_bars {
	__u64 length;
	__u64 begin;
	size_t count;
	struct report_bar bar[REPORT_BARS];
	__u64 first;
	__u64 last;
	size_t records;
	struct report_bars *next;
	size_t beyond;
};

/**
 * struct report_row - what has a name in common.
 * @name: owned; @note: other columns, owned, or NULL
 * @count: records by kind; @pages: of those not allowed
 * @first, @last: seconds
 * @bars: owned, or NULL
 */
struct report_row {
	char *name;
	char *note[REPORT_NOTES];
	size_t count[REPORT_KIND_COUNT];
	__u64 pages;
	__u64 first;
	__u64 last;
	struct report_bars *bars;
};

/**
 * struct report_rows - rows by name. Of too many, those with the fewest records
 * (or @by_time the oldest) are only counted together.
 * @with_bars: each has its own
 * @index: from name to place
 * @rest, @rest_count: the sum of the others, and how many they are
 */
struct report_rows {
	struct report_row *row;
	size_t count;
	bool by_time;
	bool with_bars;
	json_t *index;
	struct report_row rest;
	size_t rest_count;
};

/**
 * struct report - all that is shown.
 * @total, @pages, @suppressed: records by kind, pages of refusals, and records of any
 *      kind that the kernel left out
 * @when: all records over time; @bars: refusals
 * @causes, @domains, @enclaves, @identities, @control: tables
 * @used: names are "DOMAIN PERMISSION"
 * @unused: permissions granted and not used; @expiring: rules with an end
 * @cut: records whose line is not whole; @damaged: with a field that is not
 * @first, @last: of the time that most records are of; @away: how many are not
 * @boot: what the first boot is called; @boots: how many there are
 * @has_policy: @unused and @expiring were looked for; @has_counters: with the
 *      kernel's counters
 */
struct report {
	size_t total[REPORT_KIND_COUNT];
	__u64 pages;
	__u64 suppressed;
	struct report_bars when;
	struct report_bars bars;
	struct report_rows causes;
	struct report_rows domains;
	struct report_rows enclaves;
	struct report_rows identities;
	struct report_rows control;
	struct report_rows used;
	struct report_rows unused;
	struct report_rows expiring;
	size_t cut;
	size_t damaged;
	bool has_policy;
	bool has_counters;
	bool failed;
	__u64 first;
	__u64 last;
	size_t away;
	char boot[17];
	unsigned int boots;
};

/* report_rows.c */

/** report_add() - count under @name; a new row if need be, NULL: no memory. */
struct report_row *report_add(struct report *r, struct report_rows *rows,
			      const char *name, enum report_kind kind,
			      __u64 seconds);

/** report_has() - whether there is a row of that name. */
bool report_has(const struct report_rows *rows, const char *name);

/** report_note() - column @n of a row, unless it has that. @row: may be NULL */
void report_note(struct report *r, struct report_row *row, unsigned int n,
		 const char *text);

/** report_bars_add() - one more record at @seconds. */
void report_bars_add(struct report_bars *b, enum report_kind kind,
		     __u64 seconds);

/**
 * report_bars_main() - those of the time that most records are of.
 * @away: out: how many are of other times; or NULL
 */
const struct report_bars *report_bars_main(const struct report_bars *b,
					   size_t *away);
void report_bars_free(struct report_bars *b);

/** report_refusals() - records of a row that say no. */
size_t report_refusals(const struct report_row *row);

/** report_sort() - the rows with most records first, or @by_time the newest. */
void report_sort(struct report_rows *rows);
void report_free_rows(struct report_rows *rows);

/** report_time() - @seconds in UTC, as words of a table. */
void report_time(char *buf, size_t size, __u64 seconds);

/* report_policy.c */

/**
 * report_policy() - what the policy grants and nobody used, and what will end.
 * Return: 0 or -1 (said).
 */
int report_policy(struct tool *t, struct report *r, const struct ewx_judge *j);

/* report_html.c */

/** report_html() - the page. */
void report_html(FILE *out, struct report *r);

/* report_chart.c */

extern const char report_style[];
extern const char report_script[];

/** report_chart() - the bars, with their axes and numbers. */
void report_chart(FILE *out, const struct report_bars *b);

/** report_spark() - bars of one row, on the time line of @all. */
void report_spark(FILE *out, const struct report_bars *b,
		  const struct report_bars *all);

/** report_trend() - whether it gets worse, as a sentence. */
void report_trend(FILE *out, const struct report_bars *b);

#endif /* _EWX_TOOL_REPORT_H */

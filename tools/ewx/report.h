/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ewx report: what is counted (cmd_report.c) and how the page looks
 * (report_html.c).
 */
#ifndef _EWX_TOOL_REPORT_H
#define _EWX_TOOL_REPORT_H

#include "log.h"

/** enum report_kind - what a record is to the reader of the report. */
enum report_kind {
	REPORT_DENIED,
	REPORT_PERMISSIVE,
	REPORT_REDUCED,
	REPORT_ALLOWED,
	REPORT_STARTED,
	REPORT_CONTROL,
	REPORT_KIND_COUNT
};

/**
 * struct report_row - what has a name in common.
 * @name: owned; @more: second column, owned, or NULL
 * @count: records by kind; @pages: of those not allowed
 * @first, @last: seconds
 */
struct report_row {
	char *name;
	char *more;
	size_t count[REPORT_KIND_COUNT];
	__u64 pages;
	__u64 first;
	__u64 last;
};

/** struct report_rows - @row: in order of time. */
struct report_rows {
	struct report_row *row;
	size_t count;
};

/** struct report_moment - a record in time. */
struct report_moment {
	__u64 seconds;
	enum report_kind kind;
};

/**
 * struct report - all that is shown.
 * @total, @suppressed: records by kind, and those that were left out
 * @causes, @domains, @enclaves, @identities, @control: tables
 * @used: names are "DOMAIN PERMISSION"
 * @unused: permissions granted and not used; @expiring: rules with an end
 * @boot, @generation: of the newest load; enclave numbers begin again at boot
 * @has_policy: the last two were looked for
 */
struct report {
	size_t total[REPORT_KIND_COUNT];
	__u64 suppressed;
	struct report_moment *moment;
	size_t moment_count;
	struct report_rows causes;
	struct report_rows domains;
	struct report_rows enclaves;
	struct report_rows identities;
	struct report_rows control;
	struct report_rows used;
	struct report_rows unused;
	struct report_rows expiring;
	unsigned int boot;
	__s64 generation;
	bool has_policy;
	bool failed;
	__u64 first;
	__u64 last;
};

/** report_add() - count under @name; a new row if need be, NULL: no memory. */
struct report_row *report_add(struct report *r, struct report_rows *rows,
			      const char *name, enum report_kind kind,
			      __u64 seconds);

/** report_find() - the row of that name, or NULL. */
struct report_row *report_find(const struct report_rows *rows,
			       const char *name);

/** report_time() - @seconds in UTC, as words of a table. */
void report_time(char *buf, size_t size, __u64 seconds);

/** report_html() - the page. */
void report_html(FILE *out, const struct report *r);

#endif /* _EWX_TOOL_REPORT_H */

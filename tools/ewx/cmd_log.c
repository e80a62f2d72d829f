// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx log: records as a table, or as JSON, one a line.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

/**
 * struct row - the columns of one record.
 */
struct row {
	const char *result;
	const char *op;
	const char *cause;
	enum tool_colour colour;
};

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static void print_padded(const char *text, int width)
{
	char *safe = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&safe, &size);

	if (!out)
		return;
	ewx_print_safe(out, text, 0);
	fclose(out);
	printf("%-*s ", width, safe);
	free(safe);
}

static void print_time(const struct ewx_record *r)
{
	time_t when = (time_t)ewx_record_stamp(r, NULL, NULL);
	char buf[32] = "-";
	struct tm tm;

	if (when && gmtime_r(&when, &tm))
		strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%-19s ", buf);
}

static struct row row_of(const struct ewx_record *r)
{
	bool done = ewx_record_number(r, EWX_RECORD_res);
	struct row row = { .result = done ? "done" :
				     ewx_record_text(r, EWX_RECORD_res)[0] ?
					    "failed" :
					    "-",
			   .colour = done ? BOLD : RED,
			   .cause = "-" };

	switch (ewx_record_type(r)) {
	case EWX_RECORD_LOAD:
		row.op = "policy";
		return row;
	case EWX_RECORD_MODE:
		row.op = "mode";
		return row;
	case EWX_RECORD_ENCLAVE:
		return (struct row){ "started", "init", "-", GREEN };
	default:
		row.result = or_dash(ewx_record_text(r, EWX_RECORD_result));
		row.op = record_guarded(r) ?
				 "trace" :
				 or_dash(ewx_record_text(r, EWX_RECORD_op));
		row.cause = or_dash(ewx_record_text(r, EWX_RECORD_cause));
		row.colour = !strcmp(row.result, "denied")  ? RED :
			     !strcmp(row.result, "allowed") ? GREEN :
							      YELLOW;
		return row;
	}
}

static void show_load(const struct ewx_record *r)
{
	if (!ewx_record_text(r, EWX_RECORD_policy)[0]) {
		printf("%lld bytes",
		       (long long)ewx_record_number(r, EWX_RECORD_size));
		return;
	}
	ewx_print_safe(stdout, ewx_record_text(r, EWX_RECORD_policy), 0);
	printf(" version %lld, load %lld since boot",
	       (long long)ewx_record_number(r, EWX_RECORD_version),
	       (long long)ewx_record_number(r, EWX_RECORD_generation));
	if (ewx_record_number(r, EWX_RECORD_rollback))
		printf(", back from version %lld",
		       (long long)ewx_record_number(r, EWX_RECORD_old_version));
}

static void show_mode(const struct ewx_record *r)
{
	if (mode_change(stdout, r))
		return;
	fputs("as before: ", stdout);
	mode_state(stdout, r);
}

/* The last column: who or what, and where the policy says so. */
static void show_rest(const struct ewx_record *r)
{
	const char *exe = or_dash(ewx_record_text(r, EWX_RECORD_exe));

	if (ewx_record_type(r) == EWX_RECORD_LOAD) {
		show_load(r);
	} else if (ewx_record_type(r) == EWX_RECORD_MODE) {
		show_mode(r);
	} else {
		ewx_print_safe(stdout, exe, 0);
		if (record_guarded(r)) {
			fputs(" -> a process of ", stdout);
			ewx_print_safe(
				stdout,
				or_dash(ewx_record_text(r, EWX_RECORD_domain)),
				0);
		}
		if (ewx_record_text(r, EWX_RECORD_path)[0]) {
			fputs(" <- ", stdout);
			ewx_print_safe(stdout,
				       ewx_record_text(r, EWX_RECORD_path), 0);
		}
		if (ewx_record_text(r, EWX_RECORD_identity)[0]) {
			fputs(" is ", stdout);
			ewx_print_safe(stdout,
				       ewx_record_text(r, EWX_RECORD_identity),
				       0);
		}
		if (ewx_record_text(r, EWX_RECORD_line)[0]) {
			fputs(" [", stdout);
			ewx_print_safe(stdout,
				       ewx_record_text(r, EWX_RECORD_line), 0);
			putchar(']');
		}
	}
	if (ewx_record_text(r, EWX_RECORD_errno)[0] &&
	    ewx_record_number(r, EWX_RECORD_errno))
		printf(": %s",
		       strerror((int)ewx_record_number(r, EWX_RECORD_errno)));
	putchar('\n');
}

static void print_number(bool applies, __s64 value, int width)
{
	char text[24] = "-";

	if (applies)
		snprintf(text, sizeof(text), "%lld", (long long)value);
	printf("%*s ", width, text);
}

static void show_row(const struct tool *t, const struct ewx_record *r)
{
	struct row row = row_of(r);
	bool control = ewx_record_type(r) == EWX_RECORD_LOAD ||
		       ewx_record_type(r) == EWX_RECORD_MODE;

	print_time(r);
	fputs(tool_colour(t, row.colour), stdout);
	print_padded(row.result, 10);
	fputs(tool_colour(t, PLAIN), stdout);
	print_padded(row.op, 8);
	print_padded(row.cause, 16);
	print_number(!control, ewx_record_number(r, EWX_RECORD_pages), 6);
	print_number(!control && ewx_record_number(r, EWX_RECORD_enclave),
		     ewx_record_number(r, EWX_RECORD_enclave), 7);
	print_padded(or_dash(ewx_record_text(r, EWX_RECORD_domain)), 12);
	print_number(ewx_record_text(r, EWX_RECORD_uid)[0],
		     ewx_record_number(r, EWX_RECORD_uid), 6);
	/* Of what is about who opened the enclave, it is the writer's. */
	print_number(ewx_record_text(r, EWX_RECORD_pid)[0] &&
			     !ewx_record_number(r, EWX_RECORD_opener),
		     ewx_record_number(r, EWX_RECORD_pid), 7);
	show_rest(r);
	if (ewx_record_cut(r))
		printf("%-19s the line is cut short after %s\n", "",
		       ewx_record_cut(r));
	if (ewx_record_damaged(r))
		printf("%-19s the value of %s is lost\n", "",
		       ewx_record_damaged(r));
}

static void show_json(const struct ewx_record *r)
{
	json_t *fields = record_json(r), *o = json_object();
	char day[32], stamp[48];
	unsigned int millis;
	uint64_t serial;
	time_t when = (time_t)ewx_record_stamp(r, &millis, &serial);
	struct tm tm;
	char *text;

	json_object_set_new(o, "record", json_string(ewx_record_kind(r)));
	if (when && gmtime_r(&when, &tm)) {
		strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(stamp, sizeof(stamp), "%s.%03uZ", day, millis);
		json_object_set_new(o, "time", json_string(stamp));
		json_object_set_new(o, "serial",
				    json_integer((json_int_t)serial));
	}
	record_damage_json(r, o);
	json_object_update(o, fields);
	json_decref(fields);
	text = json_dumps(o, JSON_COMPACT);
	if (text)
		puts(text);
	free(text);
	json_decref(o);
}

/**
 * struct shown - what log has to know between records.
 * @left_out: of the reader; @told: how many of these were said
 * @rows: so many are printed; @boot: of the last one
 * @met: the boots that rows are of
 */
struct shown {
	const struct tool *t;
	bool follow;
	const uint64_t *left_out;
	uint64_t told;
	unsigned long rows;
	unsigned int boot;
	json_t *met;
};

/* Before a row that is of another boot than the one before it. */
static void show_boot(struct shown *s, const struct ewx_record *r,
		      unsigned int boot)
{
	const char *name = ewx_record_text(r, EWX_RECORD_boot);
	bool first = !s->rows, again = index_get(s->met, name) != INDEX_NONE;

	if (!first && boot == s->boot)
		return;
	s->boot = boot;
	index_put(&s->met, name, boot);
	if (first)
		return;
	printf("%-19s %s ", "", again ? "boot" : "another boot,");
	ewx_print_safe(stdout, or_dash(name), 0);
	puts(again ? " again" : ": it counts enclaves from 1 again");
}

/* What the kernel left out since that was said last, of whatever kind it was. */
static void show_left_out(struct shown *s, FILE *out, const char *end)
{
	uint64_t n = *s->left_out - s->told;

	s->told = *s->left_out;
	if (n)
		fprintf(out, "%llu record%s of any kind %s left out%s\n",
			(unsigned long long)n, n == 1 ? "" : "s",
			n == 1 ? "was" : "were", end);
}

static bool show(const struct ewx_record *r, unsigned int boot, void *arg)
{
	struct shown *s = arg;

	if (s->t->json) {
		show_json(r);
		s->told +=
			(uint64_t)ewx_record_number(r, EWX_RECORD_suppressed);
	} else {
		if (!s->rows)
			printf("%s%-19s %-10s %-8s %-16s %6s %7s %-12s %6s %7s %s%s\n",
			       tool_colour(s->t, BOLD), "TIME (UTC)", "RESULT",
			       "OP", "CAUSE", "PAGES", "ENCLAVE", "DOMAIN",
			       "UID", "PID", "PROGRAM",
			       tool_colour(s->t, PLAIN));
		show_boot(s, r, boot);
		s->rows++;
		show_row(s->t, r);
		if (*s->left_out != s->told)
			printf("%-19s ", "");
		show_left_out(s, stdout, " before this one");
	}
	if (s->follow)
		fflush(stdout);
	return !ferror(stdout);
}

int cmd_log(struct tool *t, int argc, char **argv)
{
	struct shown shown = { .t = t, .follow = t->follow || t->live };
	struct log_reader reader = {
		.take = show,
		.arg = &shown,
		.filter = t->filter,
		.follow = t->follow,
	};
	int ret;

	shown.left_out = &reader.left_out;
	ret = log_sources(t, argc, argv, &reader);
	/* By records that the filter left out; a table must not seem to be all. */
	if (reader.left_out > shown.told) {
		fflush(stdout);
		fputs("ewx: ", stderr);
		show_left_out(&shown, stderr,
			      shown.rows && !t->json ? " after that" : "");
	}
	json_decref(shown.met);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: counts records. The page is as of the newest record, so that the same
 * log gives the same page.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char *text_of(const struct ewx_record *e, enum ewx_record_field f)
{
	return ewx_record_text(e, f)[0] ? ewx_record_text(e, f) : "?";
}

/* The journal keeps no stamp; decisions and summaries hold the time themselves. */
static __u64 when_of(const struct ewx_record *e)
{
	__s64 now = ewx_record_number(e, EWX_RECORD_now);
	uint64_t stamp = ewx_record_stamp(e, NULL, NULL);

	return stamp ? stamp : now > 0 ? (__u64)now : 0;
}

static enum report_kind kind_of(const struct ewx_record *r)
{
	const char *result = ewx_record_text(r, EWX_RECORD_result);

	if (ewx_record_type(r) == EWX_RECORD_ENCLAVE)
		return REPORT_STARTED;
	if (ewx_record_type(r) != EWX_RECORD_ACCESS)
		return REPORT_CONTROL;
	return !strcmp(result, "denied")     ? REPORT_DENIED :
	       !strcmp(result, "permissive") ? REPORT_PERMISSIVE :
	       !strcmp(result, "reduced")    ? REPORT_REDUCED :
	       !strcmp(result, "allowed")    ? REPORT_ALLOWED :
					       REPORT_UNKNOWN;
}

/* A list of permissions that is whole; nothing is used that a line may have lost. */
static const char *list_of(const struct ewx_record *r, enum ewx_record_field f)
{
	const char *cut = ewx_record_cut(r);

	return cut && !strcmp(cut, ewx_record_name(f)) ? "" :
							 ewx_record_text(r, f);
}

/* Each permission of a list by commas, a ":NUMBER" behind it left out. */
static void add_used(struct report *r, const char *domain, const char *list,
		     __u64 seconds)
{
	char name[EWX_QUERY_NAME_MAX + 64];

	for (; *list; list += *list == ',') {
		size_t n = strcspn(list, ",:");

		snprintf(name, sizeof(name), "%.127s %.*s", domain,
			 n > 60 ? 60 : (int)n, list);
		report_add(r, &r->used, name, REPORT_ALLOWED, seconds);
		list += strcspn(list, ",");
	}
}

static void describe_load(const struct ewx_record *e, char *text, size_t size)
{
	int n;

	if (!ewx_record_text(e, EWX_RECORD_policy)[0]) {
		snprintf(text, size, "%lld bytes that are no policy",
			 (long long)ewx_record_number(e, EWX_RECORD_size));
		return;
	}
	n = snprintf(text, size, "policy %.127s version %.20s",
		     ewx_record_text(e, EWX_RECORD_policy),
		     text_of(e, EWX_RECORD_version));
	if (ewx_record_number(e, EWX_RECORD_rollback))
		snprintf(text + n, size - (size_t)n,
			 ", back from version %.20s",
			 text_of(e, EWX_RECORD_old_version));
}

static void describe_mode(const struct ewx_record *e, char *text, size_t size)
{
	FILE *out = fmemopen(text, size - 1, "w");

	text[0] = text[size - 1] = '\0';
	if (!out)
		return;
	if (!mode_change(out, e)) {
		fputs("as before: ", out);
		mode_state(out, e);
	}
	fclose(out);
}

/* Whether it was done, and why not. */
static const char *outcome_of(const struct ewx_record *e)
{
	if (!ewx_record_text(e, EWX_RECORD_res)[0])
		return "not known";
	return ewx_record_number(e, EWX_RECORD_res) ?
		       "done" :
		       strerror((int)ewx_record_number(e, EWX_RECORD_errno));
}

static void take_control(struct report *r, const struct ewx_record *e)
{
	struct report_row *row;
	unsigned int millis;
	uint64_t serial;
	char text[512];
	int n;

	ewx_record_stamp(e, &millis, &serial);
	/* Each has a row; without a stamp the log's order is all that is known. */
	snprintf(text, sizeof(text), "%020llu.%03u.%020llu.%020zu",
		 (unsigned long long)when_of(e), millis,
		 (unsigned long long)serial, r->total[REPORT_CONTROL]);
	row = report_add(r, &r->control, text, REPORT_CONTROL, when_of(e));
	if (ewx_record_type(e) == EWX_RECORD_LOAD)
		describe_load(e, text, sizeof(text));
	else
		describe_mode(e, text, sizeof(text));
	report_note(r, row, 0, text);
	n = snprintf(text, sizeof(text), "uid %lld, ",
		     (long long)ewx_record_number(e, EWX_RECORD_uid));
	if (ewx_record_number(e, EWX_RECORD_auid) == 0xffffffffLL)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      "nobody logged in, ");
	else
		n += snprintf(text + n, sizeof(text) - (size_t)n,
			      "logged in as %lld, ",
			      (long long)ewx_record_number(e, EWX_RECORD_auid));
	snprintf(text + n, sizeof(text) - (size_t)n, "%.200s",
		 text_of(e, EWX_RECORD_exe));
	report_note(r, row, 1, text);
	report_note(r, row, 2, outcome_of(e));
}

/* A list by commas, so that lines can break in it. */
static void spread(char *out, size_t size, const char *list)
{
	size_t n = 0;

	for (; *list && n + 3 < size; list++) {
		out[n++] = *list;
		if (*list == ',')
			out[n++] = ' ';
	}
	out[n] = '\0';
}

/* What ran: one row for each measurement and signer. */
static void take_started(struct report *r, const struct ewx_record *e)
{
	struct report_row *row;
	char text[640], used[300];

	snprintf(text, sizeof(text), "%.64s %.64s",
		 text_of(e, EWX_RECORD_measurement),
		 text_of(e, EWX_RECORD_signer));
	row = report_add(r, &r->identities, text, kind_of(e), when_of(e));
	snprintf(text, sizeof(text), "%.250s",
		 ewx_record_text(e, EWX_RECORD_identity)[0] ?
			 ewx_record_text(e, EWX_RECORD_identity) :
			 "in no named identity");
	report_note(r, row, 0, text);
	snprintf(text, sizeof(text), "product %lld, SVN %lld",
		 (long long)ewx_record_number(e, EWX_RECORD_product),
		 (long long)ewx_record_number(e, EWX_RECORD_svn));
	report_note(r, row, 1, text);
	if (ewx_record_type(e) != EWX_RECORD_ENCLAVE)
		return;
	snprintf(text, sizeof(text), "%.127s by %.250s",
		 text_of(e, EWX_RECORD_creator), text_of(e, EWX_RECORD_exe));
	report_note(r, row, 2, text);
	spread(used, sizeof(used), text_of(e, EWX_RECORD_used));
	snprintf(text, sizeof(text), "%.250s; used %s%s",
		 ewx_record_text(e, EWX_RECORD_source)[0] ?
			 ewx_record_text(e, EWX_RECORD_source) :
			 "no named source",
		 used,
		 ewx_record_number(e, EWX_RECORD_unjudged) ?
			 "; some of it without a grant" :
			 "");
	report_note(r, row, 3, text);
}

static void take_refusal(struct report *r, const struct ewx_record *e,
			 enum report_kind kind, unsigned int boot)
{
	__u64 pages = (__u64)ewx_record_number(e, EWX_RECORD_pages);
	struct report_row *row;
	char name[EWX_QUERY_NAME_MAX + 32];

	if (when_of(e))
		report_bars_add(&r->bars, kind, when_of(e));
	r->pages += pages;
	row = report_add(r, &r->causes, text_of(e, EWX_RECORD_cause), kind,
			 when_of(e));
	if (row)
		row->pages += pages;
	/* Of tracing the domain is the one that was to be traced. */
	snprintf(name, sizeof(name), "%.127s%s", text_of(e, EWX_RECORD_domain),
		 record_guarded(e) ? " (to be traced)" : "");
	row = report_add(r, &r->domains, name, kind, when_of(e));
	if (row)
		row->pages += pages;
	if (!ewx_record_number(e, EWX_RECORD_enclave))
		return;
	if (boot)
		snprintf(name, sizeof(name), "%lld (boot %u, %.16s)",
			 (long long)ewx_record_number(e, EWX_RECORD_enclave),
			 boot + 1, text_of(e, EWX_RECORD_boot));
	else
		snprintf(name, sizeof(name), "%lld",
			 (long long)ewx_record_number(e, EWX_RECORD_enclave));
	row = report_add(r, &r->enclaves, name, kind, when_of(e));
	if (row)
		row->pages += pages;
	report_note(r, row, 0, text_of(e, EWX_RECORD_exe));
	report_note(r, row, 1, text_of(e, EWX_RECORD_domain));
}

static bool take(const struct ewx_record *e, unsigned int boot, void *arg)
{
	enum report_kind kind = kind_of(e);
	struct report *r = arg;

	r->total[kind]++;
	if (!boot)
		snprintf(r->boot, sizeof(r->boot), "%.16s",
			 text_of(e, EWX_RECORD_boot));
	r->boots = boot >= r->boots ? boot + 1 : r->boots;
	r->cut += ewx_record_cut(e) != NULL;
	r->damaged += ewx_record_damaged(e) != NULL;
	if (when_of(e))
		report_bars_add(&r->when, kind, when_of(e));
	if (kind == REPORT_CONTROL) {
		take_control(r, e);
		return !r->failed;
	}
	if (ewx_record_text(e, EWX_RECORD_measurement)[0])
		take_started(r, e);
	if (kind == REPORT_STARTED)
		add_used(r, ewx_record_text(e, EWX_RECORD_creator),
			 list_of(e, EWX_RECORD_used), when_of(e));
	else if (kind == REPORT_ALLOWED)
		add_used(r, ewx_record_text(e, EWX_RECORD_domain),
			 list_of(e, EWX_RECORD_needed), when_of(e));
	else if (kind != REPORT_UNKNOWN)
		take_refusal(r, e, kind, boot);
	return !r->failed;
}

/* The page is of the time that most records are of. */
static void find_time(struct report *r)
{
	const struct report_bars *b = report_bars_main(&r->when, &r->away);

	r->first = b->first;
	r->last = b->last;
}

static void free_report(struct report *r)
{
	report_bars_free(&r->when);
	report_bars_free(&r->bars);
	report_free_rows(&r->causes);
	report_free_rows(&r->domains);
	report_free_rows(&r->enclaves);
	report_free_rows(&r->identities);
	report_free_rows(&r->control);
	report_free_rows(&r->used);
	report_free_rows(&r->unused);
	report_free_rows(&r->expiring);
}

static int write_page(const struct tool *t, struct report *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int ret = EXIT_OK;

	if (!out)
		return tool_error(t, "out of memory");
	report_html(out, r);
	if (fclose(out) || r->failed)
		ret = tool_error(t, "out of memory");
	else if (file_replace(t->out ? t->out : "-", text, size))
		ret = tool_error(t, "%s: %s", t->out, strerror(errno));
	free(text);
	return ret;
}

static int add_policy(struct tool *t, struct report *r)
{
	struct policy policy = { 0 };
	int err;

	if (!t->policy_count && t->counters)
		return tool_usage(t, "--counters needs the policy they are of");
	if (!t->policy_count)
		return EXIT_OK;
	if (policy_open(t, t->policies, t->policy_count, STAMP_NONE, &policy))
		return EXIT_FAIL;
	err = report_policy(t, r, policy.judge);
	policy_close(&policy);
	return err ? EXIT_FAIL : EXIT_OK;
}

int cmd_report(struct tool *t, int argc, char **argv)
{
	struct report r = {
		.causes.with_bars = true,
		.domains.with_bars = true,
		.control.by_time = true,
	};
	struct log_reader reader = {
		.take = take,
		.arg = &r,
		.filter = t->filter,
	};
	int ret = log_sources(t, argc, argv, &reader), one;

	/* What could be read is shown; the status tells. */
	if (ret != EXIT_USAGE && (!ret || reader.bad)) {
		find_time(&r);
		r.suppressed = reader.left_out;
		one = add_policy(t, &r);
		if (!one && write_page(t, &r))
			one = EXIT_FAIL;
		ret = one ? one : ret;
	}
	free_report(&r);
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx explain, given an access record: what was decided and why.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explain.h"

static const char *field(const struct ewx_record *r, enum ewx_record_field f)
{
	return ewx_record_text(r, f)[0] ? ewx_record_text(r, f) : "?";
}

static void show_safe(const char *s)
{
	ewx_print_safe(stdout, s, 0);
}

static void show_verdict_line(const struct tool *t, const struct ewx_record *r)
{
	const char *result = field(r, EWX_RECORD_result);
	enum tool_colour c = strcmp(result, "denied") ? YELLOW : RED;
	time_t when = (time_t)ewx_record_stamp(r, NULL, NULL);
	struct tm tm;
	char buf[40];

	label(t, "verdict");
	fputs(tool_colour(t, c), stdout);
	show_safe(result);
	fputs(tool_colour(t, PLAIN), stdout);
	if (!strcmp(result, "permissive"))
		fputs(" (would be denied if it were enforced)", stdout);
	else if (!strcmp(result, "reduced"))
		fputs(" (granted with fewer permissions)", stdout);
	fputs(": ", stdout);
	show_safe(record_guarded(r) ? "trace" : field(r, EWX_RECORD_op));
	if (when && gmtime_r(&when, &tm) &&
	    strftime(buf, sizeof(buf), ", %Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(buf, stdout);
	putchar('\n');
}

/* Who opened the enclave is asked for what others write; the record has both. */
static void show_writer(const struct tool *t, const struct ewx_record *r)
{
	label(t, "writer");
	show_safe(field(r, EWX_RECORD_comm));
	printf(" (pid %lld), to the file that it had opened\n",
	       (long long)ewx_record_number(r, EWX_RECORD_pid));
}

static void show_process(const struct tool *t, const struct ewx_record *r)
{
	const bool opener = ewx_record_number(r, EWX_RECORD_opener);

	label(t, opener ? "opener" : "process");
	show_safe(field(r, EWX_RECORD_exe));
	if (opener)
		printf(" (euid %lld)",
		       (long long)ewx_record_number(r, EWX_RECORD_euid));
	else
		printf(" (pid %lld, euid %lld)",
		       (long long)ewx_record_number(r, EWX_RECORD_pid),
		       (long long)ewx_record_number(r, EWX_RECORD_euid));
	if (record_guarded(r)) {
		putchar('\n');
		label(t, "traced");
		fputs("a process of domain ", stdout);
		show_safe(field(r, EWX_RECORD_domain));
		putchar('\n');
		return;
	}
	fputs(", domain ", stdout);
	show_safe(field(r, EWX_RECORD_domain));
	if (ewx_record_number(r, EWX_RECORD_noexe))
		fputs("; its path is not trusted, so no exe condition fits",
		      stdout);
	putchar('\n');
	if (opener)
		show_writer(t, r);
}

static void show_enclave(const struct tool *t, const struct ewx_record *r)
{
	long long pages = ewx_record_number(r, EWX_RECORD_pages);

	if (!ewx_record_number(r, EWX_RECORD_enclave))
		return;
	label(t, "enclave");
	printf("%lld (", (long long)ewx_record_number(r, EWX_RECORD_enclave));
	show_safe(field(r, EWX_RECORD_provider));
	printf("), %s", ewx_record_number(r, EWX_RECORD_inited) ?
				"initialised" :
				"before init");
	if (pages > 1)
		printf(", %lld pages from page %lld", pages,
		       (long long)ewx_record_number(r, EWX_RECORD_page));
	else if (pages == 1)
		printf(", page %lld",
		       (long long)ewx_record_number(r, EWX_RECORD_page));
	if (ewx_record_text(r, EWX_RECORD_identity)[0]) {
		fputs(", identity ", stdout);
		show_safe(ewx_record_text(r, EWX_RECORD_identity));
	}
	putchar('\n');
}

static void show_file(const struct tool *t, const struct ewx_record *r)
{
	if (!ewx_record_text(r, EWX_RECORD_path)[0])
		return;
	label(t, "file");
	show_safe(ewx_record_text(r, EWX_RECORD_path));
	fputs(" (", stdout);
	show_safe(field(r, EWX_RECORD_fstype));
	printf(", owner %lld)",
	       (long long)ewx_record_number(r, EWX_RECORD_owner));
	if (ewx_record_text(r, EWX_RECORD_source)[0]) {
		fputs(", source ", stdout);
		show_safe(ewx_record_text(r, EWX_RECORD_source));
	} else {
		fputs(", in no source", stdout);
	}
	if (ewx_record_number(r, EWX_RECORD_nopath))
		fputs("; its path is not trusted, so no path pattern fits",
		      stdout);
	putchar('\n');
}

/* "host.ewx:12" into its parts; the file's name may itself hold a colon. */
static void show_line(struct tool *t, const struct ewx_record *r,
		      struct explain *x)
{
	const char *where = ewx_record_text(r, EWX_RECORD_line);
	const char *colon = strrchr(where, ':');
	__u32 line;
	char *file;

	if (!*where)
		return;
	label(t, "policy");
	show_safe(field(r, EWX_RECORD_policy));
	printf(" version %lld, %s ",
	       (long long)ewx_record_number(r, EWX_RECORD_version),
	       ewx_record_number(r, EWX_RECORD_rule) >= 0 ? "rule at" :
							    "domain at");
	show_safe(where);
	putchar('\n');
	file = colon ? strndup(where, (size_t)(colon - where)) : NULL;
	line = colon ? (__u32)strtoul(colon + 1, NULL, 10) : 0;
	if (file && explain_has_line(t, x, r, file, line))
		show_source_line(t, file, line);
	free(file);
}

static int named(enum ewx_name_kind kind, const char *word)
{
	return ewx_name_find(kind, word, strlen(word));
}

/* Who asked is the tracer, or the traced one if its own call leads to it. */
static void show_tracing(const struct tool *t, const struct ewx_record *r)
{
	const char *domain = field(r, EWX_RECORD_domain);

	label(t, "cause");
	puts("guarded: a process of a guarded domain was to be traced from outside");
	fputs("The process above was to trace a process of domain ", stdout);
	show_safe(domain);
	fputs(", which is guarded; or it is that process, and wanted to be traced, or to become one of the domain while it is traced, or under a seccomp filter and no_new_privs. The tracer's own domain is not recorded. A process of domain ",
	      stdout);
	show_safe(domain);
	fputs(" may trace the others of it. If others are meant to be allowed to, take guarded out of domain ",
	      stdout);
	show_safe(domain);
	puts("; entering it is then no secure exec either.");
}

static void show_cause(const struct tool *t, const struct ewx_record *r,
		       const struct ewx_query *q)
{
	const char *cause = ewx_record_text(r, EWX_RECORD_cause);
	const char *reason = ewx_record_text(r, EWX_RECORD_reason);
	int bit = named(EWX_NAMES_PERMISSION, cause);
	int refusal = named(EWX_NAMES_REFUSAL, cause);
	int why = named(EWX_NAMES_REASON, reason);

	if (refusal > 0) {
		label(t, "cause");
		printf("%s: %s\n", cause,
		       ewx_name_why(EWX_NAMES_REFUSAL, (__u32)refusal));
		puts("This is a fixed rule: no policy and no permissive mode lifts it.");
		return;
	}
	if (!strcmp(ewx_record_text(r, EWX_RECORD_result), "allowed")) {
		label(t, "used");
		show_safe(field(r, EWX_RECORD_needed));
		fputs(" (a log rule asked for this record)\n", stdout);
		return;
	}
	label(t, "missing");
	show_safe(field(r, EWX_RECORD_missing));
	if (why > 0)
		printf(": %s", ewx_name_why(EWX_NAMES_REASON, (__u32)why));
	putchar('\n');
	if (ewx_record_debt(r)) {
		puts("An earlier request was let through because some identity was allowed it; the enclave turned out to have another one, so it must not start.");
	} else if (bit >= 0 && why > 0) {
		sentence_missing(stdout, (__u32)bit, (__u32)why,
				 ewx_record_text(r, EWX_RECORD_domain), q);
		putchar('\n');
	}
}

static int explain_json(struct tool *t, const struct ewx_record *r,
			struct ewx_query *q, bool rebuilt, struct explain *x)
{
	json_t *all = json_object();
	int ret = EXIT_OK;

	record_damage_json(r, all);
	json_object_set_new(all, "record", record_json(r));
	if (rebuilt)
		ret = explain_replay_json(t, x, r, q, all);
	tool_json(t, all);
	return ret;
}

static int explain_text(struct tool *t, const struct ewx_record *r,
			struct ewx_query *q, const char *error,
			struct explain *x)
{
	show_verdict_line(t, r);
	show_process(t, r);
	show_enclave(t, r);
	show_file(t, r);
	show_line(t, r, x);
	if (record_guarded(r))
		show_tracing(t, r);
	else
		show_cause(t, r, error ? NULL : q);
	if (!ewx_record_number(r, EWX_RECORD_enforcing) &&
	    !strcmp(ewx_record_text(r, EWX_RECORD_result), "permissive"))
		puts("Nothing was denied: EWX, or the domain, is permissive.");
	if (record_guarded(r)) {
		if (ewx_record_cut(r) || ewx_record_damaged(r))
			printf("The record is not whole: %s.\n", error);
		return EXIT_OK;
	}
	if (error) {
		printf("The request cannot be rebuilt: %s.\n", error);
		return EXIT_OK;
	}
	label(t, "request");
	ewx_request_print(stdout, q);
	putchar('\n');
	return explain_replay(t, x, r, q);
}

int explain_record(struct tool *t, const struct ewx_record *r,
		   struct explain *x)
{
	bool refused = named(EWX_NAMES_REFUSAL,
			     ewx_record_text(r, EWX_RECORD_cause)) > 0;
	struct ewx_query *q = malloc(sizeof(*q));
	char error[EWX_RECORD_ERROR_MAX];
	bool rebuilt;
	int ret;

	if (!q)
		return tool_error(t, "out of memory");
	rebuilt = !ewx_record_query(r, true, q, error);
	if (rebuilt && refused) {
		rebuilt = false;
		strcpy(error,
		       "a fixed rule refused it before any policy was asked");
	}
	if (ewx_record_cut(r)) {
		rebuilt = false;
		snprintf(error, sizeof(error), "its line is cut short after %s",
			 ewx_record_cut(r));
	}
	ret = t->json ? explain_json(t, r, q, rebuilt, x) :
			explain_text(t, r, q, rebuilt ? NULL : error, x);
	free(q);
	return ret;
}

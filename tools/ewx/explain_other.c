// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx explain, given a record that is no decision: an enclave that was started, a
 * policy load, a change of mode, level or seal.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explain.h"

static const char *field(const struct ewx_record *r, enum ewx_record_field f)
{
	return ewx_record_text(r, f)[0] ? ewx_record_text(r, f) : "?";
}

static void line(const struct tool *t, const char *name, const char *text)
{
	label(t, name);
	ewx_print_safe(stdout, text, 0);
	putchar('\n');
}

static void show_when(const struct ewx_record *r)
{
	time_t when = (time_t)ewx_record_stamp(r, NULL, NULL);
	struct tm tm;
	char buf[40];

	if (when && gmtime_r(&when, &tm) &&
	    strftime(buf, sizeof(buf), ", %Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(buf, stdout);
	putchar('\n');
}

static void show_process(const struct tool *t, const struct ewx_record *r)
{
	label(t, "process");
	ewx_print_safe(stdout, field(r, EWX_RECORD_exe), 0);
	printf(" (pid %lld, uid %lld",
	       (long long)ewx_record_number(r, EWX_RECORD_pid),
	       (long long)ewx_record_number(r, EWX_RECORD_uid));
	if (ewx_record_number(r, EWX_RECORD_auid) == 0xffffffffLL)
		fputs(", nobody logged in)\n", stdout);
	else
		printf(", logged in as %lld)\n",
		       (long long)ewx_record_number(r, EWX_RECORD_auid));
}

static void show_enclave(const struct tool *t, const struct ewx_record *r)
{
	label(t, "started");
	printf("enclave %lld (",
	       (long long)ewx_record_number(r, EWX_RECORD_enclave));
	ewx_print_safe(stdout, field(r, EWX_RECORD_provider), 0);
	printf("), %lld pages",
	       (long long)ewx_record_number(r, EWX_RECORD_pages));
	show_when(r);
	show_process(t, r);
	line(t, "domain", field(r, EWX_RECORD_domain));
	if (strcmp(ewx_record_text(r, EWX_RECORD_creator),
		   ewx_record_text(r, EWX_RECORD_domain)))
		line(t, "creator", field(r, EWX_RECORD_creator));
	label(t, "identity");
	ewx_print_safe(stdout,
		       ewx_record_text(r, EWX_RECORD_identity)[0] ?
			       ewx_record_text(r, EWX_RECORD_identity) :
			       "in no named identity",
		       0);
	printf(": measurement %s, signer %s, product %lld, svn %lld\n",
	       field(r, EWX_RECORD_measurement), field(r, EWX_RECORD_signer),
	       (long long)ewx_record_number(r, EWX_RECORD_product),
	       (long long)ewx_record_number(r, EWX_RECORD_svn));
	line(t, "sources", field(r, EWX_RECORD_source));
	line(t, "used", field(r, EWX_RECORD_used));
	line(t, "pages", field(r, EWX_RECORD_ranges));
	if (ewx_record_number(r, EWX_RECORD_unjudged))
		puts("Something of it was let pass without a grant: there was no policy, or it was not enforced.");
}

static void show_result(const struct ewx_record *r)
{
	if (!ewx_record_text(r, EWX_RECORD_res)[0])
		puts("The record does not say whether it was done.");
	else if (ewx_record_number(r, EWX_RECORD_res))
		puts("It was done.");
	else
		printf("It was refused: %s. What was in force before stays.\n",
		       strerror((int)ewx_record_number(r, EWX_RECORD_errno)));
}

static void show_load(const struct tool *t, const struct ewx_record *r)
{
	label(t, "load");
	if (!ewx_record_text(r, EWX_RECORD_policy)[0])
		printf("%lld bytes that are no policy",
		       (long long)ewx_record_number(r, EWX_RECORD_size));
	else
		ewx_print_safe(stdout, ewx_record_text(r, EWX_RECORD_policy),
			       0);
	if (ewx_record_text(r, EWX_RECORD_policy)[0])
		printf(" version %lld",
		       (long long)ewx_record_number(r, EWX_RECORD_version));
	show_when(r);
	show_process(t, r);
	if (ewx_record_text(r, EWX_RECORD_digest)[0])
		line(t, "digest", ewx_record_text(r, EWX_RECORD_digest));
	show_result(r);
	if (ewx_record_number(r, EWX_RECORD_rollback))
		printf("Version %lld, which is newer, was in force before.\n",
		       (long long)ewx_record_number(r, EWX_RECORD_old_version));
}

/* A failed one does not say what was to be changed; some errors do. */
static const char *intent_of(const struct ewx_record *r)
{
	__s64 error = ewx_record_number(r, EWX_RECORD_errno);

	return error == ENODATA || error == EBUSY ?
		       "It was to be sealed." :
		       "The record does not say whether the mode, the level or the seal was to be changed.";
}

static void show_mode(const struct tool *t, const struct ewx_record *r)
{
	char *change = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&change, &size);

	label(t, "mode");
	mode_state(stdout, r);
	show_when(r);
	show_process(t, r);
	if (out && mode_change(out, r) && !fflush(out)) {
		label(t, "changed");
		puts(change);
	}
	if (out)
		fclose(out);
	free(change);
	show_result(r);
	if (ewx_record_text(r, EWX_RECORD_res)[0] &&
	    !ewx_record_number(r, EWX_RECORD_res))
		puts(intent_of(r));
}

static void show_damage(const struct ewx_record *r)
{
	if (ewx_record_cut(r))
		printf("The record is not whole: its line is cut short after %s.\n",
		       ewx_record_cut(r));
	if (ewx_record_damaged(r))
		printf("The record is not whole: the value of %s is lost.\n",
		       ewx_record_damaged(r));
}

int explain_other(struct tool *t, const struct ewx_record *r)
{
	json_t *all;

	if (t->json) {
		all = json_object();
		record_damage_json(r, all);
		json_object_set_new(all, "record", record_json(r));
		return tool_json(t, all);
	}
	if (ewx_record_type(r) == EWX_RECORD_ENCLAVE)
		show_enclave(t, r);
	else if (ewx_record_type(r) == EWX_RECORD_LOAD)
		show_load(t, r);
	else
		show_mode(t, r);
	show_damage(r);
	return EXIT_OK;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx explain, given an access record: what was decided and why, and the same
 * request put to another policy, or the kernel's present one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "explain.h"
#include "query.h"

static const char *field(const struct ewx_record *r, enum ewx_record_field f)
{
	return r->text[f][0] ? r->text[f] : "?";
}

static void show_safe(const char *s)
{
	ewx_print_safe(stdout, s, 0);
}

static void show_verdict_line(const struct tool *t, const struct ewx_record *r)
{
	const char *result = field(r, EWX_RECORD_result);
	enum tool_colour c = strcmp(result, "denied") ? YELLOW : RED;
	time_t when = (time_t)r->seconds;
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
	show_safe(field(r, EWX_RECORD_op));
	if (r->seconds && gmtime_r(&when, &tm) &&
	    strftime(buf, sizeof(buf), ", %Y-%m-%d %H:%M:%S UTC", &tm))
		fputs(buf, stdout);
	putchar('\n');
}

static void show_process(const struct tool *t, const struct ewx_record *r)
{
	label(t, "process");
	show_safe(field(r, EWX_RECORD_exe));
	printf(" (pid %lld, euid %lld), domain ",
	       (long long)r->number[EWX_RECORD_pid],
	       (long long)r->number[EWX_RECORD_euid]);
	show_safe(field(r, EWX_RECORD_domain));
	if (r->number[EWX_RECORD_noexe])
		fputs("; its path is not trusted, so no exe condition fits",
		      stdout);
	putchar('\n');
}

static void show_enclave(const struct tool *t, const struct ewx_record *r)
{
	long long pages = r->number[EWX_RECORD_pages];

	if (!r->number[EWX_RECORD_enclave])
		return;
	label(t, "enclave");
	printf("%lld (", (long long)r->number[EWX_RECORD_enclave]);
	show_safe(field(r, EWX_RECORD_provider));
	printf("), %s",
	       r->number[EWX_RECORD_inited] ? "initialised" : "before init");
	if (pages > 1)
		printf(", %lld pages from page %lld", pages,
		       (long long)r->number[EWX_RECORD_page]);
	else if (pages == 1)
		printf(", page %lld", (long long)r->number[EWX_RECORD_page]);
	if (r->text[EWX_RECORD_identity][0]) {
		fputs(", identity ", stdout);
		show_safe(r->text[EWX_RECORD_identity]);
	}
	putchar('\n');
}

static void show_file(const struct tool *t, const struct ewx_record *r)
{
	if (!r->text[EWX_RECORD_path][0])
		return;
	label(t, "file");
	show_safe(r->text[EWX_RECORD_path]);
	fputs(" (", stdout);
	show_safe(field(r, EWX_RECORD_fstype));
	printf(", owner %lld)", (long long)r->number[EWX_RECORD_owner]);
	if (r->text[EWX_RECORD_source][0]) {
		fputs(", source ", stdout);
		show_safe(r->text[EWX_RECORD_source]);
	} else {
		fputs(", in no source", stdout);
	}
	if (r->number[EWX_RECORD_nopath])
		fputs("; its path is not trusted, so no path pattern fits",
		      stdout);
	putchar('\n');
}

/* "host.ewx:12" into its parts; the file's name may itself hold a colon. */
static void show_line(const struct tool *t, const struct ewx_record *r)
{
	const char *where = r->text[EWX_RECORD_line];
	const char *colon = strrchr(where, ':');
	char *file;

	if (!*where)
		return;
	label(t, "policy");
	show_safe(field(r, EWX_RECORD_policy));
	printf(" version %lld, %s ", (long long)r->number[EWX_RECORD_version],
	       r->number[EWX_RECORD_rule] >= 0 ? "rule at" : "domain at");
	show_safe(where);
	putchar('\n');
	file = colon ? strndup(where, (size_t)(colon - where)) : NULL;
	if (file)
		show_source_line(t, file, (__u32)strtoul(colon + 1, NULL, 10));
	free(file);
}

static int named(enum ewx_name_kind kind, const char *word)
{
	return ewx_name_find(kind, word, strlen(word));
}

static void show_cause(const struct tool *t, const struct ewx_record *r,
		       const struct ewx_query *q)
{
	const char *cause = r->text[EWX_RECORD_cause];
	const char *reason = r->text[EWX_RECORD_reason];
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
	if (!strcmp(r->text[EWX_RECORD_result], "allowed")) {
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
				 r->text[EWX_RECORD_domain], q);
		putchar('\n');
	}
}

/* Parts of the decision that no record holds, where they matter. */
static void show_limits(const struct ewx_record *r)
{
	int why = named(EWX_NAMES_REASON, r->text[EWX_RECORD_reason]);

	switch (why) {
	case EWX_REASON_MAX:
		puts("The record does not hold how many pages were in use; the replay counts none.");
		break;
	case EWX_REASON_IDENTITY:
		puts("The record does not hold what was loaded before; the replay judges this request alone.");
		break;
	case EWX_REASON_POLICY_CHANGED:
	case EWX_REASON_ADMITTED_UNJUDGED:
		puts("The cause lies in the enclave's past; the replay judges this request alone.");
		break;
	default:
		break;
	}
}

/* Whether the policy at hand is the one that decided, by name and version. */
static bool same_policy(const struct answer *a, const struct ewx_record *r)
{
	return a->has_policy &&
	       !strcmp(ewx_policy_name(&a->policy.p),
		       r->text[EWX_RECORD_policy]) &&
	       (__s64)a->policy.p.version == r->number[EWX_RECORD_version];
}

static int ask(const struct tool *t, struct answer *a,
	       const struct ewx_record *r, bool by_domain, struct ewx_query *q)
{
	char error[EWX_RECORD_ERROR_MAX];

	if (ewx_record_query(r, by_domain, q, error))
		return -EINVAL;
	return answer_ask(t, a, q);
}

/*
 * Put the recorded request to a policy. The policy that decided is asked for
 * the recorded domain; another one classifies the process anew, as far as the
 * record describes it.
 */
static int replay(struct tool *t, struct answer *a, const struct ewx_record *r,
		  struct ewx_query *q, const char **classified)
{
	bool by_domain = same_policy(a, r);
	const char *domain;
	int err;

	*classified = NULL;
	err = ask(t, a, r, by_domain, q);
	if (err == -ENOENT && by_domain)
		err = ask(t, a, r, false, q);
	if (err || by_domain || !a->has_policy || a->reply.domain == EWX_NONE)
		return err;
	domain = ewx_domain_name(&a->policy.p, a->reply.domain);
	if (domain && strcmp(domain, r->text[EWX_RECORD_domain]))
		*classified = domain;
	return 0;
}

static int show_replay(struct tool *t, const struct ewx_record *r,
		       struct ewx_query *q, struct answer *a)
{
	const char *classified;
	int err = replay(t, a, r, q, &classified);

	if (err)
		return answer_error(t, a, q, err);
	label(t, "replay");
	show_verdict(t, a);
	if (classified) {
		fputs("This policy puts the process into domain ", stdout);
		show_safe(classified);
		puts(" (a record holds no supplementary groups and no cgroup).");
	}
	show_limits(r);
	return EXIT_OK;
}

static int explain_json(struct tool *t, const struct ewx_record *r,
			struct ewx_query *q, bool rebuilt, struct answer *a)
{
	json_t *all = json_object();
	const char *classified;
	int ret = EXIT_OK, err;

	json_object_set_new(all, "record", record_json(r));
	if (rebuilt && a) {
		err = replay(t, a, r, q, &classified);
		if (err)
			ret = answer_error(t, a, q, err);
		else
			json_object_set_new(all, "replay", answer_json(a, q));
	}
	tool_json(t, all);
	return ret;
}

static int explain_text(struct tool *t, const struct ewx_record *r,
			struct ewx_query *q, const char *error,
			struct answer *a)
{
	show_verdict_line(t, r);
	show_process(t, r);
	show_enclave(t, r);
	show_file(t, r);
	show_line(t, r);
	show_cause(t, r, error ? NULL : q);
	if (!r->number[EWX_RECORD_enforcing] &&
	    !strcmp(r->text[EWX_RECORD_result], "permissive"))
		puts("Nothing was denied: EWX, or the domain, is permissive.");
	if (error) {
		printf("The request cannot be rebuilt: %s.\n", error);
		return EXIT_OK;
	}
	label(t, "request");
	ewx_request_print(stdout, q);
	putchar('\n');
	return a ? show_replay(t, r, q, a) : EXIT_OK;
}

int explain_record(struct tool *t, const struct ewx_record *r, struct answer *a)
{
	bool refused = named(EWX_NAMES_REFUSAL, r->text[EWX_RECORD_cause]) > 0;
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
	ret = t->json ? explain_json(t, r, q, rebuilt, a) :
			explain_text(t, r, q, rebuilt ? NULL : error, a);
	free(q);
	return ret;
}

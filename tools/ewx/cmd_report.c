// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: counts records, and with a policy looks for what it grants and
 * nobody used, and for what will end. The page is as of the newest record, so that
 * the same log gives the same page.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report.h"
#include "../../security/ewx/core/read.h"

static void *push(struct report *r, void *array, size_t *count, size_t size)
{
	char **at = array, *grown;

	/* Room doubles, so that a long log is read in linear time. */
	if (*count & (*count - 1))
		return memset(*at + size * (*count)++, 0, size);
	grown = reallocarray(*at, *count ? *count * 2 : 1, size);
	if (!grown) {
		r->failed = true;
		return NULL;
	}
	*at = grown;
	return memset(grown + size * (*count)++, 0, size);
}

struct report_row *report_find(const struct report_rows *rows, const char *name)
{
	for (size_t i = rows->count; i--;)
		if (!strcmp(rows->row[i].name, name))
			return &rows->row[i];
	return NULL;
}

struct report_row *report_add(struct report *r, struct report_rows *rows,
			      const char *name, enum report_kind kind,
			      __u64 seconds)
{
	struct report_row *row = report_find(rows, name);

	if (!row) {
		char *copy = strdup(name);

		row = copy ? push(r, &rows->row, &rows->count, sizeof(*row)) :
			     NULL;
		if (!row) {
			free(copy);
			r->failed = true;
			return NULL;
		}
		row->name = copy;
		row->first = seconds;
	}
	row->count[kind]++;
	row->first = seconds < row->first ? seconds : row->first;
	row->last = seconds > row->last ? seconds : row->last;
	return row;
}

static void describe(struct report *r, struct report_row *row, const char *more)
{
	if (!row || row->more)
		return;
	row->more = strdup(more);
	r->failed |= !row->more;
}

void report_time(char *buf, size_t size, __u64 seconds)
{
	time_t when = (time_t)seconds;
	struct tm tm;

	if (!seconds || !gmtime_r(&when, &tm) ||
	    !strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(buf, size, "?");
}

static enum report_kind kind_of(const struct ewx_record *r)
{
	const char *result = r->text[EWX_RECORD_result];

	if (r->type == EWX_RECORD_ENCLAVE)
		return REPORT_STARTED;
	if (r->type != EWX_RECORD_ACCESS)
		return REPORT_CONTROL;
	return !strcmp(result, "denied")     ? REPORT_DENIED :
	       !strcmp(result, "permissive") ? REPORT_PERMISSIVE :
	       !strcmp(result, "reduced")    ? REPORT_REDUCED :
					       REPORT_ALLOWED;
}

/* Each permission of a list by commas, a ":NUMBER" behind it left out. */
static void add_used(struct report *r, const char *domain, const char *list,
		     __u64 seconds)
{
	char name[EWX_QUERY_NAME_MAX + 64];

	for (; *list; list += *list == ',') {
		size_t n = strcspn(list, ",:");

		snprintf(name, sizeof(name), "%s %.*s", domain, (int)n, list);
		report_add(r, &r->used, name, REPORT_ALLOWED, seconds);
		list += strcspn(list, ",");
	}
}

static void take_control(struct report *r, const struct ewx_record *e)
{
	bool load = e->type == EWX_RECORD_LOAD;
	struct report_row *row;
	char text[512];

	/* The kernel counts loads since boot, and enclaves too. */
	if (load && e->number[EWX_RECORD_res]) {
		r->boot += e->number[EWX_RECORD_generation] < r->generation;
		r->generation = e->number[EWX_RECORD_generation];
	}

	snprintf(text, sizeof(text), "%llu.%llu",
		 (unsigned long long)e->seconds, (unsigned long long)e->serial);
	row = report_add(r, &r->control, text, REPORT_CONTROL, e->seconds);

	if (load)
		snprintf(text, sizeof(text), "policy %s version %lld",
			 e->text[EWX_RECORD_policy][0] ?
				 e->text[EWX_RECORD_policy] :
				 "?",
			 (long long)e->number[EWX_RECORD_version]);
	else
		snprintf(text, sizeof(text), "enforcing %lld, records: %s",
			 (long long)e->number[EWX_RECORD_enforcing],
			 e->text[EWX_RECORD_level]);
	snprintf(text + strlen(text), sizeof(text) - strlen(text),
		 ", by uid %lld (login %lld) with %.200s: %s",
		 (long long)e->number[EWX_RECORD_uid],
		 (long long)e->number[EWX_RECORD_auid],
		 e->text[EWX_RECORD_exe][0] ? e->text[EWX_RECORD_exe] : "?",
		 e->number[EWX_RECORD_res] ?
			 "done" :
			 strerror((int)e->number[EWX_RECORD_errno]));
	describe(r, row, text);
}

static void take_identity(struct report *r, const struct ewx_record *e)
{
	const char *named = e->text[EWX_RECORD_identity];
	struct report_row *row;
	char text[640];

	if (!e->text[EWX_RECORD_measurement][0])
		return;
	row = report_add(r, &r->identities, e->text[EWX_RECORD_measurement],
			 kind_of(e), e->seconds);
	snprintf(text, sizeof(text),
		 "%.120s; signer %.64s, product %lld, svn %lld; %.200s",
		 *named ? named : "in no named identity",
		 e->text[EWX_RECORD_signer][0] ? e->text[EWX_RECORD_signer] :
						 "none",
		 (long long)e->number[EWX_RECORD_product],
		 (long long)e->number[EWX_RECORD_svn], e->text[EWX_RECORD_exe]);
	describe(r, row, text);
}

static void take_refusal(struct report *r, const struct ewx_record *e,
			 enum report_kind kind)
{
	const char *cause = e->text[EWX_RECORD_cause];
	const char *domain = e->text[EWX_RECORD_domain];
	__u64 pages = (__u64)e->number[EWX_RECORD_pages];
	struct report_row *row;
	char name[64];

	row = report_add(r, &r->causes, *cause ? cause : "?", kind, e->seconds);
	if (row)
		row->pages += pages;
	row = report_add(r, &r->domains, *domain ? domain : "?", kind,
			 e->seconds);
	if (row)
		row->pages += pages;
	if (!e->number[EWX_RECORD_enclave])
		return;
	snprintf(name, sizeof(name), r->boot ? "%lld (boot %u)" : "%lld",
		 (long long)e->number[EWX_RECORD_enclave], r->boot + 1);
	row = report_add(r, &r->enclaves, name, kind, e->seconds);
	if (row)
		row->pages += pages;
	describe(r, row, e->text[EWX_RECORD_exe]);
}

static bool take(const struct ewx_record *e, void *arg)
{
	enum report_kind kind = kind_of(e);
	struct report *r = arg;
	struct report_moment *m;

	r->total[kind]++;
	r->suppressed += (__u64)e->number[EWX_RECORD_suppressed];
	if (e->seconds) {
		r->first = r->first && r->first < e->seconds ? r->first :
							       e->seconds;
		r->last = e->seconds > r->last ? e->seconds : r->last;
		m = push(r, &r->moment, &r->moment_count, sizeof(*m));
		if (m)
			*m = (struct report_moment){ e->seconds, kind };
	}
	if (kind == REPORT_CONTROL) {
		take_control(r, e);
		return !r->failed;
	}
	take_identity(r, e);
	if (kind == REPORT_STARTED)
		add_used(r, e->text[EWX_RECORD_creator],
			 e->text[EWX_RECORD_used], e->seconds);
	else if (kind == REPORT_ALLOWED)
		add_used(r, e->text[EWX_RECORD_domain],
			 e->text[EWX_RECORD_needed], e->seconds);
	else
		take_refusal(r, e, kind);
	return !r->failed;
}

/* What a rule grants to a domain and no record of that domain used. */
static void find_unused(struct report *r, const struct ewx_policy *p,
			__u32 rule, __u32 domain, const char *place)
{
	__u32 perms = EWX_GET32(p, RULES, ewx_rule, rule, perms);
	char name[EWX_QUERY_NAME_MAX + 64];

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(perms & 1U << bit))
			continue;
		snprintf(name, sizeof(name), "%s %s",
			 ewx_domain_name(p, domain),
			 ewx_name(EWX_NAMES_PERMISSION, bit));
		if (!report_find(&r->used, name))
			describe(r,
				 report_add(r, &r->unused, name, REPORT_ALLOWED,
					    0),
				 place);
	}
}

static void add_end(struct report *r, const char *what, const char *place,
		    __u64 until)
{
	char when[32], text[256];

	report_time(when, sizeof(when), until);
	snprintf(text, sizeof(text), "%s (%s)", what, place);
	describe(r, report_add(r, &r->expiring, text, REPORT_ALLOWED, until),
		 until < r->last ? "has ended" : when);
}

static void look_at_policy(struct report *r, const struct ewx_policy *p)
{
	const char *file, *name;
	char place[256];
	__u32 line;

	r->has_policy = true;
	for (__u32 i = 0; ewx_rule_line(p, i, &file, &line); i++) {
		__u32 domain = EWX_GET32(p, RULES, ewx_rule, i, domain);
		__u64 until = EWX_GET64(p, RULES, ewx_rule, i, until);

		if (EWX_GET32(p, RULES, ewx_rule, i, kind) != EWX_RULE_ALLOW)
			continue;
		snprintf(place, sizeof(place), "%s:%u", file, line);
		if (until != EWX_FOREVER)
			add_end(r, "allow", place, until);
		for (__u32 d = 0; *(name = ewx_domain_name(p, d)); d++)
			if (domain == EWX_ANY || domain == d)
				find_unused(r, p, i, d, place);
	}
	for (__u32 d = 0; *(name = ewx_domain_name(p, d)); d++) {
		__u64 until =
			EWX_GET64(p, DOMAINS, ewx_domain, d, permissive_until);

		if ((ewx_domain_flags(p, d) & EWX_DOMAIN_PERMISSIVE) &&
		    until != EWX_FOREVER)
			add_end(r, "permissive", name, until);
	}
}

static void free_rows(struct report_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		free(rows->row[i].name);
		free(rows->row[i].more);
	}
	free(rows->row);
}

static void free_report(struct report *r)
{
	free(r->moment);
	free_rows(&r->causes);
	free_rows(&r->domains);
	free_rows(&r->enclaves);
	free_rows(&r->identities);
	free_rows(&r->control);
	free_rows(&r->used);
	free_rows(&r->unused);
	free_rows(&r->expiring);
}

static int write_page(const struct tool *t, const struct report *r)
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

int cmd_report(struct tool *t, int argc, char **argv)
{
	struct report r = { 0 };
	struct log_reader reader = {
		.take = take,
		.arg = &r,
		.filter = t->filter,
	};
	struct policy policy = { 0 };
	int ret = log_sources(t, argc, argv, &reader);

	/* What could be read is shown; the status tells. */
	if (ret == EXIT_USAGE || (ret && !reader.bad))
		return ret;
	if (t->policy_count) {
		if (policy_open(t, t->policies, t->policy_count, STAMP_NONE,
				&policy)) {
			free_report(&r);
			return EXIT_FAIL;
		}
		look_at_policy(&r, &policy.p);
		policy_close(&policy);
	}
	if (write_page(t, &r))
		ret = EXIT_FAIL;
	free_report(&r);
	return ret;
}

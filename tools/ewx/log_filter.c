// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which records are wanted, and times as people write them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log.h"

#define DAY (24 * 60 * 60)

/* A word that a record may have several of, by commas. */
static bool holds_word(const char *list, const char *word)
{
	size_t n = strlen(word);

	while (*list) {
		size_t len = strcspn(list, ",");

		if (len == n && !memcmp(list, word, n))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static bool is_uid(const struct ewx_record *r, enum ewx_record_field f,
		   uint64_t uid)
{
	return ewx_record_text(r, f)[0] &&
	       ewx_record_number(r, f) == (__s64)uid;
}

bool log_concerns(const struct log_filter *f, const struct ewx_record *r)
{
	uint64_t when;

	if (f->boot && strcmp(ewx_record_text(r, EWX_RECORD_boot), f->boot))
		return false;
	when = ewx_record_stamp(r, NULL, NULL);
	return when >= f->since && (!f->until || when <= f->until);
}

bool log_wanted(const struct log_filter *f, const struct ewx_record *r)
{
	if (f->has_enclave &&
	    ewx_record_number(r, EWX_RECORD_enclave) != (__s64)f->enclave)
		return false;
	if (f->domain &&
	    strcmp(ewx_record_text(r, EWX_RECORD_domain), f->domain))
		return false;
	if (f->cause &&
	    strcmp(ewx_record_text(r, EWX_RECORD_cause), f->cause) &&
	    !holds_word(ewx_record_text(r, EWX_RECORD_missing), f->cause))
		return false;
	if (f->has_uid && !is_uid(r, EWX_RECORD_uid, f->uid) &&
	    !is_uid(r, EWX_RECORD_euid, f->uid) &&
	    !is_uid(r, EWX_RECORD_auid, f->uid))
		return false;
	return log_concerns(f, r);
}

/* "2h": that long before now. */
static int time_ago(const char *text, uint64_t *seconds)
{
	static const char units[] = "smhd";
	static const unsigned int lengths[] = { 1, 60, 60 * 60, DAY };
	uint64_t now = (uint64_t)time(NULL), n;
	const char *unit;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	unit = *end && !end[1] ? strchr(units, *end) : NULL;
	if (errno || !unit || n > now / lengths[unit - units])
		return -1;
	*seconds = now - n * lengths[unit - units];
	return 0;
}

/* Whether @tm is a moment that exists, so that timegm() leaves it alone. */
static int moment(struct tm *tm, uint64_t *seconds)
{
	struct tm same = *tm;
	time_t when = timegm(&same);

	if (when < 0 || same.tm_mday != tm->tm_mday ||
	    same.tm_mon != tm->tm_mon || same.tm_hour != tm->tm_hour ||
	    same.tm_min != tm->tm_min || same.tm_sec != tm->tm_sec)
		return -1;
	*seconds = (uint64_t)when;
	return 0;
}

int log_time(const char *text, bool end, uint64_t *seconds)
{
	struct tm tm = { 0 };
	char *rest;

	if (!strcmp(text, "today")) {
		*seconds = (uint64_t)time(NULL) / DAY * DAY;
		*seconds += end ? DAY - 1 : 0;
		return 0;
	}
	if (!isdigit((unsigned char)*text))
		return -1;
	if (text[strspn(text, "0123456789")] == '\0') {
		errno = 0;
		*seconds = strtoull(text, NULL, 10);
		return errno ? -1 : 0;
	}
	if (!time_ago(text, seconds))
		return 0;
	rest = strptime(text, "%Y-%m-%d", &tm);
	if (rest && !*rest) {
		if (moment(&tm, seconds))
			return -1;
		*seconds += end ? DAY - 1 : 0;
		return 0;
	}
	rest = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return rest && !*rest ? moment(&tm, seconds) : -1;
}

static int number(const struct tool *t, const char *name, const char *value,
		  uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(value, &end, 10);
	if (errno || end == value || *end || !isdigit((unsigned char)*value))
		return tool_usage(t, "--%s takes a number", name);
	return EXIT_OK;
}

int log_option(struct tool *t, const char *name, const char *value)
{
	struct log_filter *f = t->filter;
	bool until = !strcmp(name, "until");

	if (!strcmp(name, "enclave")) {
		f->has_enclave = true;
		return number(t, name, value, &f->enclave);
	}
	if (!strcmp(name, "uid")) {
		f->has_uid = true;
		return number(t, name, value, &f->uid);
	}
	if (!strcmp(name, "boot")) {
		f->boot = value;
	} else if (!strcmp(name, "domain")) {
		f->domain = value;
	} else if (!strcmp(name, "cause")) {
		f->cause = value;
	} else if (log_time(value, until, until ? &f->until : &f->since)) {
		return tool_usage(
			t,
			"--%s takes a time: 2027-03-31, 2027-03-31T12:00:00Z, today, 90s, 15m, 2h, 7d, or seconds since 1970",
			name);
	}
	return EXIT_OK;
}

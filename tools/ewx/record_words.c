// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What log, report and explain say of a record in the same words.
 */
#include "tool.h"

#include <string.h>

static const char *mode_word(const struct ewx_record *r)
{
	if (!ewx_record_text(r, EWX_RECORD_enforcing)[0])
		return "not known whether denials are enforced";
	return ewx_record_number(r, EWX_RECORD_enforcing) ?
		       "denials are enforced" :
		       "denials are only recorded";
}

static bool differ(const struct ewx_record *r, enum ewx_record_field now,
		   enum ewx_record_field before)
{
	return ewx_record_text(r, now)[0] && ewx_record_text(r, before)[0] &&
	       strcmp(ewx_record_text(r, now), ewx_record_text(r, before)) != 0;
}

/* "; NAME: now, before: then" of a word that changed. */
static const char *change(FILE *out, const struct ewx_record *r,
			  const char *separator, const char *name,
			  enum ewx_record_field now,
			  enum ewx_record_field before)
{
	if (!differ(r, now, before))
		return separator;
	fprintf(out, "%s%s: ", separator, name);
	ewx_print_safe(out, ewx_record_text(r, now), 0);
	fputs(", before: ", out);
	ewx_print_safe(out, ewx_record_text(r, before), 0);
	return "; ";
}

bool mode_change(FILE *out, const struct ewx_record *r)
{
	const char *separator = "";

	if (differ(r, EWX_RECORD_enforcing, EWX_RECORD_old_enforcing)) {
		fputs(mode_word(r), out);
		separator = "; ";
	}
	separator = change(out, r, separator, "records", EWX_RECORD_level,
			   EWX_RECORD_old_level);
	separator = change(out, r, separator, "sealed", EWX_RECORD_seal,
			   EWX_RECORD_old_seal);
	return *separator;
}

void mode_state(FILE *out, const struct ewx_record *r)
{
	fputs(mode_word(r), out);
	if (ewx_record_text(r, EWX_RECORD_level)[0]) {
		fputs("; records: ", out);
		ewx_print_safe(out, ewx_record_text(r, EWX_RECORD_level), 0);
	}
	if (ewx_record_text(r, EWX_RECORD_seal)[0]) {
		fputs("; sealed: ", out);
		ewx_print_safe(out, ewx_record_text(r, EWX_RECORD_seal), 0);
	}
}

bool record_guarded(const struct ewx_record *r)
{
	return ewx_record_type(r) == EWX_RECORD_ACCESS &&
	       !strcmp(ewx_record_text(r, EWX_RECORD_cause), "guarded");
}

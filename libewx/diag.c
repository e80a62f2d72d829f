// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The list of messages: kept in order of place, limited in number.
 *
 * Owns: unit->diagnostics. Knows no grammar and prints nothing (print.c).
 */
#include <string.h>
#include "codes.h"
#include "front.h"

const struct ewx_code *ewx_code_table(size_t *count)
{
#define EWX_CODE_ROW(CODE, severity, summary, explanation)	\
	{ #CODE, EWX_##severity, summary, explanation },
	static const struct ewx_code table[] = { EWX_CODES(EWX_CODE_ROW) };
#undef EWX_CODE_ROW

	*count = sizeof(table) / sizeof(table[0]);
	return table;
}

const char *ewx_code_explanation(const char *code)
{
	const struct ewx_code *table;
	size_t count, i;

	table = ewx_code_table(&count);
	for (i = 0; i < count; i++)
		if (!strcmp(table[i].code, code))
			return table[i].explanation;
	return NULL;
}

/* Messages without a place come last. */
static bool before(const struct ewx_loc *a, const struct ewx_loc *b)
{
	if (!a->line || !b->line)
		return a->line > b->line;
	if (a->span != b->span)
		return a->span < b->span;
	if (a->line != b->line)
		return a->line < b->line;
	return a->col < b->col;
}

/* Where a new message goes: behind all that are not after it, and their notes. */
static size_t position(const struct ewx_unit *u, const struct ewx_loc *loc)
{
	struct ewx_front *f = ewx_front(u);
	size_t i, at = u->diagnostic_count;

	for (i = u->diagnostic_count; i--;) {
		if (u->diagnostics[i].severity == EWX_NOTE)
			continue;
		if (!before(loc, &f->diag_locs[i]))
			break;
		at = i;
	}
	return at;
}

/* Count a message; false if it is one too many. */
static bool admit(struct ewx_unit *u, enum ewx_severity severity)
{
	struct ewx_front *f = ewx_front(u);

	if (severity == EWX_NOTE)
		return u->diagnostic_count && !f->last_dropped;
	if (severity == EWX_ERROR)
		u->error_count++;
	f->last_dropped = f->shown[severity] >= EWX_SHOWN_MAX;
	if (f->last_dropped) {
		f->dropped[severity]++;
		return false;
	}
	f->shown[severity]++;
	return true;
}

void ewx_diag(struct ewx_unit *u, enum ewx_severity severity, const char *code,
	      const struct ewx_loc *loc, const char *hint, const char *fmt, ...)
{
	static const struct ewx_loc nowhere;
	struct ewx_front *f = ewx_front(u);
	struct ewx_diagnostic d = { .severity = severity, .code = code };
	size_t at, behind;
	va_list ap;

	if (!admit(u, severity))
		return;
	if (!loc)
		loc = &nowhere;
	va_start(ap, fmt);
	d.text = ewx_arena_vprintf(&u->arena, fmt, ap);
	va_end(ap);
	d.hint = hint;
	if (loc->line) {
		d.file = u->files[loc->file].name;
		d.line = loc->line;
		d.column = loc->col;
		d.end_column = loc->end_col;
	}
	if (severity == EWX_NOTE) {
		at = f->last_diag + 1;
		d.code = u->diagnostics[f->last_diag].code;
	} else {
		at = position(u, loc);
	}

	if (!d.text ||
	    !ewx_arena_push(&u->arena, u->diagnostics, u->diagnostic_count))
		return;
	if (!ewx_arena_push(&u->arena, f->diag_locs, f->diag_loc_count)) {
		u->diagnostic_count--;
		return;
	}
	behind = u->diagnostic_count - 1 - at;
	memmove(&u->diagnostics[at + 1], &u->diagnostics[at],
		behind * sizeof(*u->diagnostics));
	memmove(&f->diag_locs[at + 1], &f->diag_locs[at],
		behind * sizeof(*f->diag_locs));
	u->diagnostics[at] = d;
	f->diag_locs[at] = *loc;
	f->last_diag = at;
}

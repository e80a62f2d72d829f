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
#define EWX_CODE_ROW(CODE, severity, name, summary, explanation)	\
	{ #CODE, EWX_##severity, name, summary, explanation },
	static const struct ewx_code table[] = { EWX_CODES(EWX_CODE_ROW) };
#undef EWX_CODE_ROW

	*count = sizeof(table) / sizeof(table[0]);
	return table;
}

static const struct ewx_code *find_code(const char *code)
{
	const struct ewx_code *table;
	size_t count, i;

	table = ewx_code_table(&count);
	for (i = 0; i < count; i++)
		if (!strcmp(table[i].code, code))
			return &table[i];
	return NULL;
}

const char *ewx_code_explanation(const char *code)
{
	const struct ewx_code *found = find_code(code);

	return found ? found->explanation : NULL;
}

const char *ewx_code_summary(const char *code)
{
	const struct ewx_code *found = find_code(code);

	return found ? found->summary : NULL;
}

const char *ewx_code_name(size_t n)
{
	size_t count;
	const struct ewx_code *table = ewx_code_table(&count);

	return n < count ? table[n].code : NULL;
}

/* Bit of a warning in the sets of struct ewx_front. */
static __u64 warning_bit(const struct ewx_code *code)
{
	size_t count, first = 0;
	const struct ewx_code *table = ewx_code_table(&count);

	while (table[first].severity != EWX_WARNING)
		first++;
	return 1ull << (code - table - first);
}

/* The warnings called @name; all of them: "all". 0: there is none. */
static __u64 warnings_named(const char *name)
{
	const struct ewx_code *table;
	size_t count, i;
	__u64 set = 0;

	table = ewx_code_table(&count);
	for (i = 0; i < count; i++)
		if (table[i].severity == EWX_WARNING &&
		    (!strcmp(name, "all") || !strcmp(name, table[i].name)))
			set |= warning_bit(&table[i]);
	return set;
}

void ewx_warnings_init(struct ewx_front *f)
{
	f->unwarned = warnings_named("useless-deny");
}

int ewx_unit_warn(struct ewx_unit *u, const char *option)
{
	struct ewx_front *f = ewx_front(u);
	bool on = strncmp(option, "no-", 3) != 0, as_error;
	const char *name = on ? option : option + 3;
	__u64 set;

	as_error = !strncmp(name, "error", 5) && (!name[5] || name[5] == '=');
	if (as_error)
		name = name[5] ? name + 6 : "all";
	set = warnings_named(name);
	if (!set)
		return -1;
	if (as_error)
		f->errors = on ? f->errors | set : f->errors & ~set;
	else
		f->unwarned = on ? f->unwarned & ~set : f->unwarned | set;
	/* -Werror=NAME also asks for the warning; -Werror for none. */
	if (as_error && on && strcmp(name, "all"))
		f->unwarned &= ~set;
	return 0;
}

const char *ewx_warning_name(size_t n)
{
	const struct ewx_code *table;
	size_t count, i;

	table = ewx_code_table(&count);
	for (i = 0; i < count; i++)
		if (table[i].severity == EWX_WARNING && !n--)
			return table[i].name;
	return NULL;
}

const char *ewx_code_warning(const char *code)
{
	const struct ewx_code *found = find_code(code);

	return found && *found->name ? found->name : NULL;
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

/*
 * What -W options make of a warning. Return: false if it is not wanted. A warning
 * that counts as an error does not keep the policy from being understood, so it
 * is not one of unit->error_count.
 */
static bool weigh_warning(struct ewx_front *f, const char *code,
			  enum ewx_severity *severity)
{
	__u64 bit;

	/* The same warning, given in the same place, comes again and again. */
	if (code != f->warned) {
		f->warned_bit = warning_bit(find_code(code));
		f->warned = code;
	}
	bit = f->warned_bit;
	if (f->unwarned & bit) {
		f->last_dropped = true;
		return false;
	}
	if (f->errors & bit) {
		*severity = EWX_ERROR;
		f->promoted++;
	}
	return true;
}

/* Count a message; false if it is one too many. */
static bool admit(struct ewx_unit *u, enum ewx_severity severity)
{
	struct ewx_front *f = ewx_front(u);

	if (severity == EWX_NOTE)
		return u->diagnostic_count && !f->last_dropped;
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

	if (severity == EWX_ERROR)
		u->error_count++;
	if (severity == EWX_WARNING && !weigh_warning(f, code, &severity))
		return;
	if (!admit(u, severity))
		return;
	d.severity = severity;
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

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Messages as text: place, message, source line, caret, hint.
 *
 * Owns: the layout of messages and the width of characters. What it writes is
 * safe for a terminal whatever the policy file holds.
 */
#include <string.h>
#include "codes.h"
#include "front.h"

#define TAB_STOP	8
#define LINE_COLUMNS	160	/* longer source lines are shown in part */
#define LEAD_COLUMNS	60	/* of these before the caret */

struct style {
	const char *place, *severity[EWX_ERROR + 1], *caret, *off;
};

static const struct style plain = {
	.place = "", .severity = { "", "", "" }, .caret = "", .off = "",
};

static const struct style coloured = {
	.place = "\033[1m",
	.severity = { "\033[1;36m", "\033[1;35m", "\033[1;31m" },
	.caret = "\033[1;32m",
	.off = "\033[0m",
};

/*
 * Read one character of [@s, @end): its code to @code, -1 for a byte that is
 * not UTF-8. Return: its length in bytes.
 */
static size_t get_char(const char *s, const char *end, int *code)
{
	unsigned char c = *s;
	size_t len, i;
	int value;

	*code = c;
	if (c < 0x80)
		return 1;
	*code = -1;
	len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	if (c < 0xc2 || c > 0xf4 || (size_t)(end - s) < len)
		return 1;
	value = c & (0x7f >> len);
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 1;
		value = value << 6 | (s[i] & 0x3f);
	}
	*code = value;
	return len;
}

static bool is_control(int code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	       code == 0x061c || (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* Columns of a character that is printed as it is (Unicode TR 11, roughly). */
static unsigned int width(int code)
{
	static const struct { int first, last; } wide[] = {
		{ 0x1100, 0x115f }, { 0x2e80, 0xa4cf }, { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
	};
	size_t i;

	if (code >= 0x300 && code <= 0x36f)
		return 0;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (code >= wide[i].first && code <= wide[i].last)
			return 2;
	return 1;
}

/* Write text so that no byte acts on a terminal. */
static void put_safe(FILE *out, const char *s)
{
	const char *end = s + strlen(s);
	size_t len;
	int code;

	for (; s < end; s += len) {
		len = get_char(s, end, &code);
		if (is_control(code))
			fputc('?', out);
		else
			fwrite(s, 1, len, out);
	}
}

/* The line of text that @loc is in, or NULL. */
static const char *find_line(const struct ewx_unit *u,
			     const struct ewx_loc *loc, size_t *len)
{
	const struct ewx_front *f = ewx_front(u);
	const struct ewx_span *span;
	const char *at, *stop;
	__u32 line;

	if (!loc->line || loc->span >= f->span_count)
		return NULL;
	span = &f->spans[loc->span];
	at = span->at;
	for (line = span->line; line != loc->line; line++) {
		at = memchr(at, '\n', span->end - at);
		if (!at)
			return NULL;
		at++;
	}
	stop = memchr(at, '\n', span->end - at);
	*len = (stop ? stop : span->end) - at;
	if (*len && at[*len - 1] == '\r')
		--*len;
	return at;
}

/*
 * struct view - a source line in columns: tabs filled up, controls replaced.
 * @from: column at which the shown part begins
 * @caret, @caret_end: columns of the marked range
 * @columns: of the whole line
 */
struct view {
	unsigned int from, caret, caret_end, columns;
};

/* Write the columns [from, to) of the line; with @out NULL only measure. */
static void walk_line(const char *line, size_t len, const struct ewx_loc *loc,
		      struct view *v, FILE *out)
{
	const char *s = line, *end = line + len;
	unsigned int column = 0, cells, to = v->from + LINE_COLUMNS;
	size_t bytes;
	int code;

	v->caret = v->caret_end = 0;
	for (; s < end; s += bytes, column += cells) {
		bytes = get_char(s, end, &code);
		if (s < line + loc->col)
			v->caret = column;
		cells = code == '\t' ? TAB_STOP - column % TAB_STOP :
			is_control(code) ? 1 : width(code);
		if (s < line + loc->end_col - 1)
			v->caret_end = column + cells;
		if (!out || column < v->from || column + cells > to)
			continue;
		if (code == '\t')
			fprintf(out, "%*s", (int)cells, "");
		else if (is_control(code))
			fputc('?', out);
		else
			fwrite(s, 1, bytes, out);
	}
	v->columns = column;
	if (loc->col > len)	/* behind the last character */
		v->caret = column + (loc->col - len - 1);
	if (v->caret_end <= v->caret)
		v->caret_end = v->caret + 1;
}

static void put_line(FILE *out, const struct style *style, const char *line,
		     size_t len, const struct ewx_loc *loc)
{
	struct view v = { 0 };
	unsigned int i, last;

	walk_line(line, len, loc, &v, NULL);
	if (v.columns > LINE_COLUMNS && v.caret > LEAD_COLUMNS)
		v.from = v.caret - LEAD_COLUMNS;
	fputs("    ", out);
	walk_line(line, len, loc, &v, out);
	fprintf(out, "\n    %*s%s^", (int)(v.caret - v.from), "", style->caret);
	last = v.from + LINE_COLUMNS;
	if (last > v.caret_end)
		last = v.caret_end;
	for (i = v.caret + 1; i < last; i++)
		fputc('~', out);
	fprintf(out, "%s\n", style->off);
}

static void put_dropped(const struct ewx_unit *u, FILE *out,
			enum ewx_severity severity, const char *what)
{
	size_t n = ewx_front(u)->dropped[severity];

	if (n)
		fprintf(out, "%zu more %s%s not shown\n", n, what,
			n == 1 ? "" : "s");
}

static void put_message(const struct ewx_unit *u, FILE *out,
			const struct style *style,
			const struct ewx_diagnostic *d,
			const struct ewx_loc *loc)
{
	static const char * const words[] = { "note", "warning", "error" };
	const char *line;
	size_t len;

	fputs(style->place, out);
	if (d->line) {
		put_safe(out, d->file);
		fprintf(out, ":%u:%u: ", d->line, d->column);
	} else {
		fputs("ewx: ", out);
	}
	fprintf(out, "%s%s%s:%s ", style->off, style->severity[d->severity],
		words[d->severity], style->off);
	put_safe(out, d->text);
	if (d->severity != EWX_NOTE)
		fprintf(out, " [%s]", d->code);
	fputc('\n', out);

	line = loc ? find_line(u, loc, &len) : NULL;
	if (line && len)
		put_line(out, style, line, len, loc);
	if (d->hint) {
		fputs("    hint: ", out);
		put_safe(out, d->hint);
		fputc('\n', out);
	}
}

void ewx_unit_print(const struct ewx_unit *u, FILE *out, bool colour)
{
	const struct style *style = colour ? &coloured : &plain;
	const struct ewx_front *f = ewx_front(u);
	const struct ewx_diagnostic *d;
	size_t count, i;

	d = ewx_unit_diagnostics(u, &count);
	for (i = 0; i < count; i++)
		put_message(u, out, style, &d[i],
			    d == u->diagnostics ? &f->diag_locs[i] : NULL);
	put_dropped(u, out, EWX_ERROR, "error");
	put_dropped(u, out, EWX_WARNING, "warning");
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: the page. One file without anything from elsewhere; light or dark
 * as the reader's system is, all of it within reach of the keyboard, and of use
 * on paper.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

static const char *const kinds[REPORT_KIND_COUNT] = {
	[REPORT_DENIED] = "denied",
	[REPORT_PERMISSIVE] = "permissive",
	[REPORT_REDUCED] = "reduced",
	[REPORT_ALLOWED] = "logged uses",
	[REPORT_UNKNOWN] = "of unknown result",
	[REPORT_STARTED] = "enclaves started",
	[REPORT_CONTROL] = "loads and changes",
};

static void heading(FILE *out, const char *id, const char *title)
{
	fprintf(out,
		"<section id=\"%s\" aria-labelledby=\"h-%s\">\n<h2 id=\"h-%s\">%s</h2>\n",
		id, id, id, title);
}

static void column(FILE *out, const char *title, bool number)
{
	fprintf(out,
		"<th scope=\"col\"%s><button type=\"button\">%s</button></th>",
		number ? " class=\"n\"" : "", title);
}

static void begin_table(FILE *out, const char *caption)
{
	fprintf(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>\n<thead><tr>",
		caption);
}

static void end_table(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

static void cell(FILE *out, const char *class, const char *text)
{
	fprintf(out, "<td class=\"%s\">", class);
	put_markup(out, text);
	fputs("</td>", out);
}

static void put_times(FILE *out, const struct report_row *row,
		      const char *class)
{
	char first[32], last[32];

	report_time(first, sizeof(first), row->first);
	report_time(last, sizeof(last), row->last);
	fprintf(out, "<td class=\"%s\">%s</td><td class=\"%s\">%s</td>", class,
		first, class, last);
}

static size_t shown_of(const struct report_rows *rows)
{
	return rows->count < REPORT_ROWS_SHOWN ? rows->count :
						 REPORT_ROWS_SHOWN;
}

/* What stands in no row. */
static void rest_of(FILE *out, const struct report_rows *rows, const char *what)
{
	size_t shown = shown_of(rows), refused, others;

	others = rows->count - shown + rows->rest_count;
	if (!others)
		return;
	refused = report_refusals(&rows->rest);
	for (size_t i = shown; i < rows->count; i++)
		refused += report_refusals(&rows->row[i]);
	fprintf(out, "<p>And %zu more %s", others, what);
	if (refused)
		fprintf(out, ", with %zu refusals together", refused);
	fputs(".</p>\n", out);
}

/* Return: false: there are no rows, and it says so. */
static bool begin_section(FILE *out, const struct report_rows *rows,
			  const char *id, const char *title)
{
	heading(out, id, title);
	if (rows->count) {
		begin_table(out, title);
		return true;
	}
	fputs("<p class=\"dim\">Nothing.</p>\n</section>\n", out);
	return false;
}

static void end_section(FILE *out, const struct report_rows *rows,
			const char *what)
{
	end_table(out);
	rest_of(out, rows, what);
	fputs("</section>\n", out);
}

/* Numbers of enclaves are of a boot; those of the first one say no more. */
static void name_first_boot(FILE *out, const struct report *r)
{
	if (r->boots < 2 || !*r->boot)
		return;
	fputs("<p class=\"dim\">There are records of several boots; numbers without one are of boot 1, ",
	      out);
	put_markup(out, r->boot);
	fputs(".</p>\n", out);
}

/**
 * struct kind_of_table - how causes, domains and enclaves differ.
 * @first, @notes: titles of columns; @what: the word for several
 */
struct kind_of_table {
	const char *id;
	const char *title;
	const char *first;
	const char *notes[2];
	const char *what;
};

static void refusal_row(FILE *out, const struct report_row *row,
			const struct kind_of_table *kind,
			const struct report_bars *all)
{
	fputs("<tr>", out);
	cell(out, kind->notes[0] ? "when" : "free", row->name);
	for (int n = 0; n < 2; n++)
		if (kind->notes[n])
			cell(out, n ? "" : "free mono", row->note[n]);
	fprintf(out,
		"<td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%llu</td>",
		row->count[REPORT_DENIED], row->count[REPORT_PERMISSIVE],
		row->count[REPORT_REDUCED], (unsigned long long)row->pages);
	if (row->bars) {
		fputs("<td>", out);
		report_spark(out, row->bars, all);
		fputs("</td>", out);
	}
	put_times(out, row, "when");
	fputs("</tr>\n", out);
}

static void refusal_table(FILE *out, const struct report *r,
			  struct report_rows *rows,
			  const struct kind_of_table *kind)
{
	const struct report_bars *all = report_bars_main(&r->bars, NULL);

	if (!begin_section(out, rows, kind->id, kind->title))
		return;
	report_sort(rows);
	column(out, kind->first, false);
	for (int n = 0; n < 2; n++)
		if (kind->notes[n])
			column(out, kind->notes[n], false);
	column(out, "Denied", true);
	column(out, "Permissive", true);
	column(out, "Reduced", true);
	column(out, "Pages", true);
	if (rows->with_bars)
		fputs("<th scope=\"col\">Over time</th>", out);
	column(out, "First", false);
	column(out, "Last", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < shown_of(rows); i++)
		refusal_row(out, &rows->row[i], kind, all);
	end_table(out);
	rest_of(out, rows, kind->what);
	if (rows == &r->enclaves)
		name_first_boot(out, r);
	fputs("</section>\n", out);
}

static void identity_table(FILE *out, struct report_rows *rows)
{
	if (!begin_section(out, rows, "identities",
			   "Enclaves and identities seen"))
		return;
	report_sort(rows);
	column(out, "Identity", false);
	column(out, "First started by", false);
	column(out, "Code from, permissions", false);
	column(out, "Started", true);
	column(out, "Refused", true);
	column(out, "First", false);
	column(out, "Last", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < shown_of(rows); i++) {
		const struct report_row *row = &rows->row[i];
		/* The name is both. */
		const char *signer = strchr(row->name, ' ') + 1;
		char measurement[72];

		snprintf(measurement, sizeof(measurement), "%.*s",
			 (int)(signer - row->name - 1), row->name);
		fputs("<tr><td class=\"wide\"><b>", out);
		put_markup(out, row->note[0]);
		fputs("</b> ", out);
		put_markup(out, row->note[1]);
		fputs("<br><span class=\"mono\">measurement ", out);
		put_markup(out, measurement);
		fputs("<br>signer ", out);
		put_markup(out, strcmp(signer, "?") ? signer : "none");
		fputs("</span></td>", out);
		cell(out, "free", row->note[2] ? row->note[2] : "not started");
		cell(out, "free", row->note[3] ? row->note[3] : "-");
		fprintf(out, "<td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
			row->count[REPORT_STARTED], report_refusals(row));
		put_times(out, row, "");
		fputs("</tr>\n", out);
	}
	end_section(out, rows, "identities");
}

static void control_table(FILE *out, struct report_rows *rows)
{
	if (!begin_section(out, rows, "control", "Loads and changes"))
		return;
	report_sort(rows);
	column(out, "When (UTC)", false);
	column(out, "What", false);
	column(out, "Who", false);
	column(out, "Result", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < shown_of(rows); i++) {
		const struct report_row *row = &rows->row[i];
		char when[32];

		report_time(when, sizeof(when), row->first);
		fprintf(out, "<tr><td class=\"when\">%s</td>", when);
		cell(out, "free", row->note[0]);
		cell(out, "free", row->note[1]);
		cell(out, strcmp(row->note[2], "done") ? "soon" : "",
		     row->note[2]);
		fputs("</tr>\n", out);
	}
	end_section(out, rows, "before these");
}

static void unused_table(FILE *out, const struct report *r,
			 struct report_rows *rows)
{
	static const char *const titles[] = { "Domain", "Permission", "Rule",
					      "What is known" };

	if (!begin_section(out, rows, "unused",
			   "Permissions granted but never used"))
		return;
	report_sort(rows);
	for (int n = 0; n < 4; n++)
		column(out, titles[n], false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < shown_of(rows); i++) {
		fputs("<tr>", out);
		for (int n = 0; n < 4; n++)
			cell(out, n == 2 ? "mono" : "", rows->row[i].note[n]);
		fputs("</tr>\n", out);
	}
	end_table(out);
	if (!r->has_counters)
		fputs("<p class=\"dim\">By the records of that time. The kernel counts each rule; give its counts with --counters.</p>\n",
		      out);
	rest_of(out, rows, "grants");
	fputs("</section>\n", out);
}

static int by_end(const void *a, const void *b)
{
	return strcmp(((const struct report_row *)a)->name,
		      ((const struct report_row *)b)->name);
}

static void expiring_table(FILE *out, const struct report *r,
			   struct report_rows *rows)
{
	if (!begin_section(out, rows, "expiring", "Exceptions with an end"))
		return;
	qsort(rows->row, rows->count, sizeof(*rows->row), by_end);
	column(out, "Exception", false);
	column(out, "Where", false);
	column(out, "Ends (UTC)", false);
	column(out, "As of the newest record", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < shown_of(rows); i++) {
		const struct report_row *row = &rows->row[i];
		bool soon = r->last && row->last < r->last + 30 * 86400;
		char when[32];

		report_time(when, sizeof(when), row->last);
		fputs("<tr>", out);
		cell(out, "free", row->note[0]);
		cell(out, "mono", row->note[1]);
		fprintf(out, "<td class=\"when\">%s</td>", when);
		cell(out, soon ? "soon" : "", row->note[2]);
		fputs("</tr>\n", out);
	}
	end_section(out, rows, "exceptions");
}

static void without_policy(FILE *out)
{
	heading(out, "unused", "Permissions granted but never used");
	fputs("<p class=\"dim\">Needs --policy.</p></section>\n", out);
	heading(out, "expiring", "Exceptions with an end");
	fputs("<p class=\"dim\">Needs --policy.</p></section>\n", out);
}

/* The row with most records, if there is one. */
static const struct report_row *top_of(struct report_rows *rows)
{
	report_sort(rows);
	return rows->count ? &rows->row[0] : NULL;
}

/* What somebody has to know who reads no further. */
static void lead(FILE *out, struct report *r)
{
	const struct report_row *cause = top_of(&r->causes);
	const struct report_row *domain = top_of(&r->domains);
	const struct report_bars *bars = report_bars_main(&r->bars, NULL);
	size_t all = r->total[REPORT_DENIED] + r->total[REPORT_PERMISSIVE] +
		     r->total[REPORT_REDUCED];

	fprintf(out, "<p class=\"lead\">%zu refusal%s of %llu page%s", all,
		all == 1 ? "" : "s", (unsigned long long)r->pages,
		r->pages == 1 ? "" : "s");
	if (cause && domain) {
		fputs(", most for <b>", out);
		put_markup(out, cause->name);
		fprintf(out, "</b> (%zu) and by domain <b>",
			report_refusals(cause));
		put_markup(out, domain->name);
		fprintf(out, "</b> (%zu)", report_refusals(domain));
	}
	fprintf(out, "; %zu enclave%s started. ", r->total[REPORT_STARTED],
		r->total[REPORT_STARTED] == 1 ? "" : "s");
	if (bars->count)
		report_trend(out, bars);
	if (r->suppressed)
		fprintf(out,
			" The kernel left out <b>%llu record%s of any kind</b>: in truth there were that many more, of these or of others.",
			(unsigned long long)r->suppressed,
			r->suppressed == 1 ? "" : "s");
	if (r->total[REPORT_UNKNOWN])
		fprintf(out,
			" Of <b>%zu record%s</b> it is not known what was decided: the log is damaged, or of another version.",
			r->total[REPORT_UNKNOWN],
			r->total[REPORT_UNKNOWN] == 1 ? "" : "s");
	if (r->cut)
		fprintf(out, " %zu records are cut short in the log.", r->cut);
	if (r->damaged)
		fprintf(out, " Of %zu record%s a value is lost.", r->damaged,
			r->damaged == 1 ? "" : "s");
	if (r->away)
		fprintf(out,
			" The dates of %zu record%s are years away from the others: of clocks that were wrong?",
			r->away, r->away == 1 ? "" : "s");
	fputs("</p>\n", out);
}

static void over_time(FILE *out, const struct report *r)
{
	const struct report_bars *bars;
	size_t away;

	bars = report_bars_main(&r->bars, &away);
	heading(out, "time", "Refusals over time");
	if (bars->count)
		report_chart(out, bars);
	else
		fputs("<p class=\"dim\">Nothing.</p>\n", out);
	if (away)
		fprintf(out,
			"<p class=\"dim\">%zu refusal%s of other years %s not in the chart.</p>\n",
			away, away == 1 ? "" : "s", away == 1 ? "is" : "are");
	fputs("</section>\n", out);
}

static void head(FILE *out, struct report *r)
{
	char first[32], last[32];

	report_time(first, sizeof(first), r->first);
	report_time(last, sizeof(last), r->last);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
	      "<title>Enclaves: audit report</title>\n<style>\n",
	      out);
	fputs(report_style, out);
	fprintf(out,
		"</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the numbers</a>\n<header>\n<h1>Enclaves: audit report</h1>\n<p class=\"dim\">%s to %s UTC</p>\n</header>\n",
		first, last);
	fputs("<nav aria-label=\"Sections\"><ul><li><a href=\"#time\">Over time</a></li><li><a href=\"#causes\">Causes</a></li><li><a href=\"#domains\">Domains</a></li><li><a href=\"#enclaves\">Enclaves</a></li><li><a href=\"#identities\">Identities</a></li><li><a href=\"#unused\">Never used</a></li><li><a href=\"#expiring\">Exceptions</a></li><li><a href=\"#control\">Changes</a></li></ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n",
	      out);
	lead(out, r);
	fputs("<ul class=\"cards\">\n", out);
	for (int k = 0; k < REPORT_KIND_COUNT; k++)
		fprintf(out, "<li><b>%zu</b>%s</li>\n", r->total[k], kinds[k]);
	fprintf(out, "<li><b>%llu</b>left out, of any kind</li>\n</ul>\n",
		(unsigned long long)r->suppressed);
	over_time(out, r);
}

void report_html(FILE *out, struct report *r)
{
	static const struct kind_of_table tables[] = {
		{ "causes", "Refusals by cause", "Cause", { 0 }, "causes" },
		{ "domains", "Refusals by domain", "Domain", { 0 }, "domains" },
		{ "enclaves",
		  "Refusals by enclave",
		  "Enclave",
		  { "Program", "Domain" },
		  "enclaves" },
	};

	head(out, r);
	refusal_table(out, r, &r->causes, &tables[0]);
	refusal_table(out, r, &r->domains, &tables[1]);
	refusal_table(out, r, &r->enclaves, &tables[2]);
	identity_table(out, &r->identities);
	if (r->has_policy) {
		unused_table(out, r, &r->unused);
		expiring_table(out, r, &r->expiring);
	} else {
		without_policy(out);
	}
	control_table(out, &r->control);
	fprintf(out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n",
		report_script);
}

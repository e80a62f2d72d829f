// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: the page. One file without anything from elsewhere; light or dark
 * as the reader's system is, all of it within reach of the keyboard, and of use
 * on paper.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define BARS_MAX 60
#define CHART_WIDTH 900
#define CHART_HEIGHT 160

static const char *const kinds[REPORT_KIND_COUNT] = {
	[REPORT_DENIED] = "denied",
	[REPORT_PERMISSIVE] = "permissive",
	[REPORT_REDUCED] = "reduced",
	[REPORT_ALLOWED] = "logged uses",
	[REPORT_STARTED] = "enclaves started",
	[REPORT_CONTROL] = "loads and changes",
};

static const char style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"
	"--card:#f6f8fa;--denied:#b42318;--permissive:#8a5a00;--link:#0550ae}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9da7b3;"
	"--line:#30363d;--card:#161b22;--denied:#ff8a80;--permissive:#e3b341;--link:#79b8ff}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--bg);color:var(--fg);"
	"font:1rem/1.5 system-ui,sans-serif}\n"
	"a{color:var(--link)}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}\n"
	".skip{position:absolute;left:-99rem}.skip:focus{position:static}\n"
	":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
	".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;padding:0;list-style:none}\n"
	".cards li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.75rem}\n"
	".cards b{display:block;font-size:1.75rem;line-height:1.2}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
	"th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}\n"
	"th button{all:unset;cursor:pointer;font-weight:600}th button:focus-visible{outline:3px solid var(--link)}\n"
	"th[aria-sort=ascending] button::after{content:\" \\2191\"}th[aria-sort=descending] button::after{content:\" \\2193\"}\n"
	"svg{width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}\n"
	".denied{fill:var(--denied);color:var(--denied)}.permissive{fill:var(--permissive);color:var(--permissive)}\n"
	".dim{color:var(--dim)}.mono{font-family:ui-monospace,monospace;font-size:.9em}\n"
	"@media print{:root{--bg:#fff;--fg:#000;--dim:#333;--line:#999;--card:#fff;--denied:#900;--permissive:#640;--link:#000}"
	"nav,.skip{display:none}body{max-width:none;padding:0;font-size:10pt}section,tr,li{break-inside:avoid}"
	".scroll{overflow:visible}}\n";

/* Sorting by a column; without it the tables are as they are. */
static const char script[] =
	"document.querySelectorAll('th button').forEach(function(b){b.addEventListener('click',function(){\n"
	"var th=b.closest('th'),row=th.parentNode,t=th.closest('table'),body=t.tBodies[0],i=th.cellIndex;\n"
	"var up=th.getAttribute('aria-sort')!=='ascending';\n"
	"Array.prototype.forEach.call(row.cells,function(c){c.removeAttribute('aria-sort')});\n"
	"th.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"var n=th.classList.contains('n');\n"
	"Array.prototype.slice.call(body.rows).sort(function(x,y){var a=x.cells[i].textContent,c=y.cells[i].textContent;\n"
	"var d=n?Number(a)-Number(c):a<c?-1:a>c?1:0;return up?d:-d}).forEach(function(r){body.appendChild(r)})})});\n";

/* Text of others: made safe first, then escaped. */
static void put(FILE *out, const char *text)
{
	char *safe = NULL;
	size_t size = 0;
	FILE *s = open_memstream(&safe, &size);

	if (!s)
		return;
	ewx_print_safe(s, text, 0);
	fclose(s);
	for (const char *c = safe; *c; c++) {
		switch (*c) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*c, out);
		}
	}
	free(safe);
}

static size_t refusals(const struct report_row *row)
{
	return row->count[REPORT_DENIED] + row->count[REPORT_PERMISSIVE] +
	       row->count[REPORT_REDUCED];
}

static int by_refusals(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	if (refusals(x) != refusals(y))
		return refusals(x) < refusals(y) ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int by_end(const void *a, const void *b)
{
	const struct report_row *x = a, *y = b;

	return x->last < y->last ? -1 : x->last > y->last;
}

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

static void nothing(FILE *out)
{
	fputs("<p class=\"dim\">Nothing.</p>\n", out);
}

static void put_times(FILE *out, const struct report_row *row)
{
	char first[32], last[32];

	report_time(first, sizeof(first), row->first);
	report_time(last, sizeof(last), row->last);
	fprintf(out, "<td>%s</td><td>%s</td>", first, last);
}

/* Causes, domains and enclaves look alike. */
static void refusal_table(FILE *out, const struct report_rows *rows,
			  const char *id, const char *title, const char *first,
			  const char *more)
{
	heading(out, id, title);
	if (!rows->count) {
		nothing(out);
		fputs("</section>\n", out);
		return;
	}
	qsort(rows->row, rows->count, sizeof(*rows->row), by_refusals);
	begin_table(out, title);
	column(out, first, false);
	if (more)
		column(out, more, false);
	column(out, "Denied", true);
	column(out, "Permissive", true);
	column(out, "Reduced", true);
	column(out, "Pages", true);
	column(out, "First", false);
	column(out, "Last", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < rows->count; i++) {
		const struct report_row *row = &rows->row[i];

		fputs("<tr><td>", out);
		put(out, row->name);
		fputs("</td>", out);
		if (more) {
			fputs("<td class=\"mono\">", out);
			put(out, row->more ? row->more : "");
			fputs("</td>", out);
		}
		fprintf(out,
			"<td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%llu</td>",
			row->count[REPORT_DENIED],
			row->count[REPORT_PERMISSIVE],
			row->count[REPORT_REDUCED],
			(unsigned long long)row->pages);
		put_times(out, row);
		fputs("</tr>\n", out);
	}
	end_table(out);
	fputs("</section>\n", out);
}

/* Two columns of text, perhaps with the times. */
static void text_table(FILE *out, const struct report_rows *rows,
		       const char *id, const char *title, const char *first,
		       const char *more, bool times)
{
	heading(out, id, title);
	if (!rows->count) {
		nothing(out);
		fputs("</section>\n", out);
		return;
	}
	begin_table(out, title);
	column(out, first, false);
	column(out, more, false);
	if (times) {
		column(out, "First", false);
		column(out, "Last", false);
	}
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < rows->count; i++) {
		fputs("<tr><td class=\"mono\">", out);
		put(out, rows->row[i].name);
		fputs("</td><td>", out);
		put(out, rows->row[i].more ? rows->row[i].more : "");
		fputs("</td>", out);
		if (times)
			put_times(out, &rows->row[i]);
		fputs("</tr>\n", out);
	}
	end_table(out);
	fputs("</section>\n", out);
}

static void control_table(FILE *out, const struct report *r)
{
	heading(out, "control", "Loads and changes");
	if (!r->control.count) {
		nothing(out);
		fputs("</section>\n", out);
		return;
	}
	begin_table(out, "Loads and changes");
	column(out, "When", false);
	column(out, "What", false);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < r->control.count; i++) {
		char when[32];

		report_time(when, sizeof(when), r->control.row[i].first);
		fprintf(out, "<tr><td>%s</td><td>", when);
		put(out, r->control.row[i].more);
		fputs("</td></tr>\n", out);
	}
	end_table(out);
	fputs("</section>\n", out);
}

/* The length of a bar in seconds, such that there are not too many. */
static __u64 bar_seconds(const struct report *r)
{
	static const __u64 lengths[] = { 1,    60,    300,   900,
					 3600, 21600, 86400, 604800 };
	size_t i = 0;

	while (i + 1 < sizeof(lengths) / sizeof(lengths[0]) &&
	       (r->last - r->first) / lengths[i] >= BARS_MAX)
		i++;
	return lengths[i];
}

struct bar {
	size_t denied;
	size_t permissive;
};

static size_t fill_bars(const struct report *r, struct bar *bars, __u64 length,
			size_t count)
{
	size_t highest = 1;

	for (size_t i = 0; i < r->moment_count; i++) {
		const struct report_moment *m = &r->moment[i];
		__u64 n = (m->seconds - r->first) / length;
		struct bar *b = &bars[n < count ? n : count - 1];

		b->denied += m->kind == REPORT_DENIED ||
			     m->kind == REPORT_REDUCED;
		b->permissive += m->kind == REPORT_PERMISSIVE;
		if (b->denied + b->permissive > highest)
			highest = b->denied + b->permissive;
	}
	return highest;
}

static void draw_bars(FILE *out, const struct report *r, const struct bar *bars,
		      __u64 length, size_t count, size_t highest)
{
	double width = (double)CHART_WIDTH / (double)count;

	fprintf(out,
		"<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Denials over time; the numbers are in the table below\">\n",
		CHART_WIDTH, CHART_HEIGHT);
	for (size_t i = 0; i < count; i++) {
		double d =
			(double)bars[i].denied * CHART_HEIGHT / (double)highest;
		double p = (double)bars[i].permissive * CHART_HEIGHT /
			   (double)highest;
		char when[32];

		if (!bars[i].denied && !bars[i].permissive)
			continue;
		report_time(when, sizeof(when), r->first + i * length);
		fprintf(out, "<g><title>%s: %zu denied, %zu permissive</title>",
			when, bars[i].denied, bars[i].permissive);
		fprintf(out,
			"<rect class=\"denied\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			(double)i * width, CHART_HEIGHT - d, width * 0.9, d);
		fprintf(out,
			"<rect class=\"permissive\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></g>\n",
			(double)i * width, CHART_HEIGHT - d - p, width * 0.9,
			p);
	}
	fputs("</svg>\n", out);
}

static void show_trend(FILE *out, const struct report *r)
{
	__u64 middle = r->first + (r->last - r->first) / 2;
	size_t early = 0, late = 0;

	for (size_t i = 0; i < r->moment_count; i++) {
		if (r->moment[i].kind > REPORT_REDUCED)
			continue;
		early += r->moment[i].seconds <= middle;
		late += r->moment[i].seconds > middle;
	}
	fprintf(out,
		"<p>%zu in the earlier half of that time, %zu in the later half: %s.</p>\n",
		early, late,
		late > early ? "it is getting worse" :
		late < early ? "it is getting better" :
			       "as much as before");
}

static void over_time(FILE *out, const struct report *r)
{
	__u64 length = bar_seconds(r);
	size_t count = (size_t)((r->last - r->first) / length) + 1, highest;
	struct bar *bars = calloc(count, sizeof(*bars));

	heading(out, "time", "Denials over time");
	if (!bars || !r->causes.count) {
		nothing(out);
		fputs("</section>\n", out);
		free(bars);
		return;
	}
	highest = fill_bars(r, bars, length, count);
	show_trend(out, r);
	draw_bars(out, r, bars, length, count, highest);
	fprintf(out,
		"<p><span class=\"denied\">&#9632; denied</span> <span class=\"permissive\">&#9632; permissive</span> <span class=\"dim\">one bar is %llu seconds, the highest %zu records</span></p>\n",
		(unsigned long long)length, highest);
	begin_table(out, "Denials over time");
	column(out, "From (UTC)", false);
	column(out, "Denied", true);
	column(out, "Permissive", true);
	fputs("</tr></thead><tbody>\n", out);
	for (size_t i = 0; i < count; i++) {
		char when[32];

		if (!bars[i].denied && !bars[i].permissive)
			continue;
		report_time(when, sizeof(when), r->first + i * length);
		fprintf(out,
			"<tr><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
			when, bars[i].denied, bars[i].permissive);
	}
	end_table(out);
	fputs("</section>\n", out);
	free(bars);
}

static void head(FILE *out, const struct report *r)
{
	char first[32], last[32];

	report_time(first, sizeof(first), r->first);
	report_time(last, sizeof(last), r->last);
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
	      "<title>Enclaves: audit report</title>\n<style>\n",
	      out);
	fputs(style, out);
	fprintf(out,
		"</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the numbers</a>\n<header>\n<h1>Enclaves: audit report</h1>\n<p>%s to %s UTC</p>\n",
		first, last);
	fputs("<nav aria-label=\"Sections\"><ul><li><a href=\"#time\">Over time</a></li><li><a href=\"#causes\">Causes</a></li><li><a href=\"#domains\">Domains</a></li><li><a href=\"#enclaves\">Enclaves</a></li><li><a href=\"#identities\">Identities</a></li><li><a href=\"#unused\">Never used</a></li><li><a href=\"#expiring\">Exceptions</a></li><li><a href=\"#control\">Changes</a></li></ul></nav>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n<ul class=\"cards\">\n",
	      out);
	for (int k = 0; k < REPORT_KIND_COUNT; k++)
		fprintf(out, "<li><b>%zu</b>%s</li>\n", r->total[k], kinds[k]);
	fprintf(out, "<li><b>%llu</b>records left out</li>\n</ul>\n",
		(unsigned long long)r->suppressed);
}

void report_html(FILE *out, const struct report *r)
{
	head(out, r);
	over_time(out, r);
	refusal_table(out, &r->causes, "causes", "Denials by cause", "Cause",
		      NULL);
	refusal_table(out, &r->domains, "domains", "Denials by domain",
		      "Domain", NULL);
	refusal_table(out, &r->enclaves, "enclaves", "Denials by enclave",
		      "Enclave", "Program");
	text_table(out, &r->identities, "identities", "Identities seen",
		   "Measurement", "Who", true);
	if (r->has_policy) {
		if (r->expiring.count)
			qsort(r->expiring.row, r->expiring.count,
			      sizeof(*r->expiring.row), by_end);
		text_table(out, &r->unused, "unused",
			   "Permissions granted but never used",
			   "Domain and permission", "Rule", false);
		text_table(out, &r->expiring, "expiring",
			   "Exceptions with an end", "Exception", "Ends",
			   false);
	} else {
		heading(out, "unused", "Permissions granted but never used");
		fputs("<p class=\"dim\">Needs --policy.</p></section>\n", out);
		heading(out, "expiring", "Exceptions with an end");
		fputs("<p class=\"dim\">Needs --policy.</p></section>\n", out);
	}
	control_table(out, r);
	fprintf(out, "</main>\n<script>\n%s</script>\n</body>\n</html>\n",
		script);
}

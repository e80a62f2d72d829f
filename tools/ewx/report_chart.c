// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx report: how the page looks, and its drawings.
 *
 * Owns: style, script, bars. Colour never tells alone what something is. Must not
 * know what a record says.
 */
#include <stdlib.h>
#include <string.h>

#include "report.h"

#define WIDTH 900
#define HEIGHT 170
#define LEFT 44 /* of the scale */
#define BOTTOM 22 /* of the dates */

const char report_style[] =
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;"
	"--card:#f6f8fa;--denied:#b42318;--permissive:#8a5a00;--link:#0550ae}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9da7b3;"
	"--line:#30363d;--card:#161b22;--denied:#ff8a80;--permissive:#e3b341;--link:#79b8ff}}\n"
	"*{box-sizing:border-box}html{scroll-padding-top:3.5rem}\n"
	"body{margin:0 auto;max-width:76rem;padding:1rem;background:var(--bg);color:var(--fg);"
	"font:1rem/1.5 system-ui,sans-serif}\n"
	"h1{margin:0;font-size:1.75rem}h2{margin:2rem 0 .5rem;font-size:1.25rem}\n"
	".lead{font-size:1.125rem;max-width:60rem}\n"
	"a{color:var(--link)}nav{position:sticky;top:0;background:var(--bg);border-bottom:1px solid var(--line);z-index:1}\n"
	"nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin:0;padding:.5rem 0;list-style:none}\n"
	".skip{position:absolute;left:-99rem}.skip:focus{position:static}\n"
	":focus-visible{outline:3px solid var(--link);outline-offset:2px}\n"
	".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;padding:0;list-style:none}\n"
	".cards li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem;line-height:1.3}\n"
	".cards b{display:block;font-size:1.6rem;font-variant-numeric:tabular-nums}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
	"th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}\n"
	"td.free{overflow-wrap:anywhere;min-width:11rem}td.wide{overflow-wrap:anywhere;min-width:22rem}td.when{white-space:nowrap;font-variant-numeric:tabular-nums}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	"tbody tr:hover{background:var(--card)}\n"
	"th button{all:unset;cursor:pointer;font-weight:600;white-space:nowrap}th button:focus-visible{outline:3px solid var(--link)}\n"
	"th[aria-sort=ascending] button::after{content:\" \\2191\"}th[aria-sort=descending] button::after{content:\" \\2193\"}\n"
	"svg.chart{width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}\n"
	"svg.chart text{fill:var(--dim);font-size:11px;font-variant-numeric:tabular-nums}svg .grid{stroke:var(--line)}\n"
	"svg.spark{width:7.5rem;height:1.4rem;display:block}\n"
	".denied{fill:var(--denied);color:var(--denied)}.permissive{fill:var(--permissive);color:var(--permissive)}\n"
	"rect.permissive{fill:none;stroke:var(--permissive);stroke-width:1.5}\n"
	".key{display:inline-block;width:.8em;height:.8em;margin-right:.3em;background:var(--denied)}\n"
	".key.open{background:none;border:2px solid var(--permissive)}\n"
	".dim{color:var(--dim)}.mono{font-family:ui-monospace,monospace;font-size:.875em}.soon{font-weight:600;color:var(--denied)}\n"
	"summary{cursor:pointer;color:var(--link);padding:.25rem 0}\n"
	"@media print{:root{--bg:#fff;--fg:#000;--dim:#333;--line:#999;--card:#fff;--denied:#900;--permissive:#640;--link:#000}"
	"nav,.skip{display:none}body{max-width:none;padding:0;font-size:9pt}tr,li,svg{break-inside:avoid}"
	"h2{break-after:avoid}thead{display:table-header-group}.key{print-color-adjust:exact}"
	"rect{print-color-adjust:exact}.scroll{overflow:visible}td,th{padding:.15rem .4rem}td.free,td.wide{min-width:0}"
	"td.when{white-space:normal}}\n";

/* Sorting by a column, and nothing hidden on paper; without it all can be read. */
const char report_script[] =
	"document.querySelectorAll('th button').forEach(function(b){b.addEventListener('click',function(){\n"
	"var th=b.closest('th'),row=th.parentNode,t=th.closest('table'),body=t.tBodies[0],i=th.cellIndex;\n"
	"var up=th.getAttribute('aria-sort')!=='ascending';\n"
	"Array.prototype.forEach.call(row.cells,function(c){c.removeAttribute('aria-sort')});\n"
	"th.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"var n=th.classList.contains('n');\n"
	"Array.prototype.slice.call(body.rows).sort(function(x,y){var a=x.cells[i].textContent,c=y.cells[i].textContent;\n"
	"var d=n?Number(a)-Number(c):a<c?-1:a>c?1:0;return up?d:-d}).forEach(function(r){body.appendChild(r)})})});\n"
	"window.addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true})});\n";

static size_t highest_of(const struct report_bars *b)
{
	size_t highest = 1;

	for (size_t i = 0; i < b->count; i++) {
		size_t sum = b->bar[i].denied + b->bar[i].permissive;

		highest = sum > highest ? sum : highest;
	}
	return highest;
}

static const char *length_name(__u64 length)
{
	static const struct {
		__u64 length;
		const char *name;
	} names[] = {
		{ 1, "second" },       { 10, "10 seconds" },
		{ 60, "minute" },      { 300, "5 minutes" },
		{ 900, "15 minutes" }, { 3600, "hour" },
		{ 21600, "6 hours" },  { 86400, "day" },
		{ 604800, "week" },    { 2419200, "4 weeks" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].length == length)
			return names[i].name;
	return "48 weeks";
}

static void draw_bar(FILE *out, const struct report_bar *bar, double x,
		     double width, double base, double scale)
{
	double d = (double)bar->denied * scale;
	double p = (double)bar->permissive * scale;

	if (bar->denied)
		fprintf(out,
			"<rect class=\"denied\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			x, base - d, width, d);
	if (bar->permissive)
		fprintf(out,
			"<rect class=\"permissive\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			x + 0.75, base - d - p + 0.75,
			width > 2 ? width - 1.5 : 0.5, p > 2 ? p - 1.5 : 0.5);
}

static void draw_scale(FILE *out, const struct report_bars *b, size_t highest)
{
	char first[32], last[32];

	for (int i = 0; i <= 2; i++) {
		double y = 8 + (HEIGHT - 8) * (2 - i) / 2.0;

		fprintf(out,
			"<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%zu</text>\n",
			LEFT, LEFT + WIDTH, y, y, LEFT - 6, y + 4,
			highest * (size_t)i / 2);
	}
	report_time(first, sizeof(first), b->begin);
	report_time(last, sizeof(last), b->begin + b->count * b->length);
	fprintf(out,
		"<text x=\"%d\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
		LEFT, HEIGHT + 16, first, LEFT + WIDTH, HEIGHT + 16, last);
}

static void chart_numbers(FILE *out, const struct report_bars *b)
{
	fputs("<details><summary>The numbers</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Refusals over time\"><table>\n"
	      "<thead><tr><th scope=\"col\"><button type=\"button\">From (UTC)</button></th>"
	      "<th scope=\"col\" class=\"n\"><button type=\"button\">Denied</button></th>"
	      "<th scope=\"col\" class=\"n\"><button type=\"button\">Permissive</button></th></tr></thead><tbody>\n",
	      out);
	for (size_t i = 0; i < b->count; i++) {
		char when[32];

		if (!b->bar[i].denied && !b->bar[i].permissive)
			continue;
		report_time(when, sizeof(when), b->begin + i * b->length);
		fprintf(out,
			"<tr><td class=\"when\">%s</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td></tr>\n",
			when, b->bar[i].denied, b->bar[i].permissive);
	}
	fputs("</tbody></table></div></details>\n", out);
}

void report_chart(FILE *out, const struct report_bars *b)
{
	size_t highest = (highest_of(b) + 1) / 2 * 2;
	double step = (double)WIDTH / (double)b->count;

	step = step > 60 ? 60 : step;
	fprintf(out,
		"<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Refusals over time; the numbers are below\">\n",
		LEFT + WIDTH + 8, HEIGHT + BOTTOM);
	draw_scale(out, b, highest);
	for (size_t i = 0; i < b->count; i++) {
		char when[32];

		if (!b->bar[i].denied && !b->bar[i].permissive)
			continue;
		report_time(when, sizeof(when), b->begin + i * b->length);
		fprintf(out, "<g><title>%s: %zu denied, %zu permissive</title>",
			when, b->bar[i].denied, b->bar[i].permissive);
		draw_bar(out, &b->bar[i], LEFT + (double)i * step, step * 0.85,
			 HEIGHT, (double)(HEIGHT - 8) / (double)highest);
		fputs("</g>\n", out);
	}
	fprintf(out,
		"</svg>\n<p><span class=\"key\"></span>denied or reduced &nbsp; <span class=\"key open\"></span>permissive: would be denied <span class=\"dim\">&nbsp; A bar is one %s.</span></p>\n",
		length_name(b->length));
	chart_numbers(out, b);
}

static void add_bars(struct report_bars *sum, const struct report_bars *b,
		     size_t count)
{
	for (size_t i = 0; i < b->count; i++) {
		__u64 at = b->begin + i * b->length;
		size_t n = at < sum->begin ?
				   0 :
				   (size_t)((at - sum->begin) / sum->length);

		n = n < count ? n : count - 1;
		sum->bar[n].denied += b->bar[i].denied;
		sum->bar[n].permissive += b->bar[i].permissive;
	}
}

void report_spark(FILE *out, const struct report_bars *b,
		  const struct report_bars *all)
{
	struct report_bars same = { .length = all->length,
				    .begin = all->begin };
	size_t highest;

	/* Its own pieces may be shorter, and some of another time. */
	for (; b && all->length; b = b->next)
		if (b->records && b->last >= all->first &&
		    b->first <= all->last)
			add_bars(&same, b, all->count);
	same.count = all->count;
	highest = highest_of(&same);
	fputs("<svg class=\"spark\" viewBox=\"0 0 120 22\" aria-hidden=\"true\">",
	      out);
	for (size_t i = 0; i < same.count; i++) {
		double step = 120.0 / (double)same.count;

		step = step > 12 ? 12 : step;
		draw_bar(out, &same.bar[i], (double)i * step, step * 0.8, 22,
			 21.0 / (double)highest);
	}
	fputs("</svg>", out);
}

void report_trend(FILE *out, const struct report_bars *b)
{
	size_t early = 0, late = 0, half = b->count / 2;

	if (b->count < 2) {
		fputs("Too short a time to say whether it gets worse.", out);
		return;
	}
	/* Halves of the same length: of an odd number the middle one is in neither. */
	for (size_t i = 0; i < half; i++) {
		const struct report_bar *other = &b->bar[b->count - 1 - i];

		early += b->bar[i].denied + b->bar[i].permissive;
		late += other->denied + other->permissive;
	}
	fprintf(out,
		"%zu refusals in the earlier half of that time, %zu in the later: <b>%s</b>.",
		early, late,
		late > early + early / 10 ? "it is getting worse" :
		early > late + late / 10  ? "it is getting better" :
					    "about as many as before");
}

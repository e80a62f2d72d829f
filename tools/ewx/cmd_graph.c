// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx graph: a picture of a policy: domains, what they may have, of which files
 * and enclaves. SVG, which browsers show and text tools can read; or what is in
 * the picture, as JSON.
 *
 * Owns: the picture. Domains stand on the left, sources and identities on the
 * right; a line between them carries permissions. Denials are dashed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ewx/policy.h>
#include "tool.h"

#define LEFT 20
#define BOX_MIN 260
#define GAP_MIN 340
#define PADDING 10
#define ROW 44
#define HEIGHT 28

/* Pixels of a character: all are alike, as the texts are in one that is monospace. */
#define BOX_CHAR 8 /* 13px */
#define LINK_CHAR 7 /* 11px */

/**
 * struct link - permissions between a domain and what they concern.
 * @domain: or EWX_ANY; @source, @identity: name, EWX_ANY or EWX_DEFER
 * @rule: the first one that gives them
 */
struct link {
	uint32_t kind;
	uint32_t domain;
	uint32_t source;
	uint32_t identity;
	uint32_t perms;
	uint32_t rule;
};

/**
 * struct picture
 * @links: one per kind, domain, source and identity
 * @box: width of a box; @gap: between those on the left and those on the right
 */
struct picture {
	const struct ewx_judge *j;
	struct link *links;
	size_t count;
	int box;
	int gap;
	FILE *out;
};

static int by_number(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

/* Those that are one lie side by side, the first rule's first. */
static int by_ends(const void *a, const void *b)
{
	const struct link *x = a, *y = b;
	const int order[] = {
		by_number(x->kind, y->kind),
		by_number(x->domain, y->domain),
		by_number(x->source, y->source),
		by_number(x->identity, y->identity),
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (order[i])
			return order[i];
	return by_number(x->rule, y->rule);
}

static int by_rule(const void *a, const void *b)
{
	return by_number(((const struct link *)a)->rule,
			 ((const struct link *)b)->rule);
}

static bool same_ends(const struct link *a, const struct link *b)
{
	return a->kind == b->kind && a->domain == b->domain &&
	       a->source == b->source && a->identity == b->identity;
}

static bool collect(struct picture *g)
{
	uint32_t rules = ewx_judge_rules(g->j);
	struct ewx_rule_view v;
	size_t all = 0;

	g->links = calloc((size_t)rules + 1, sizeof(*g->links));
	if (!g->links)
		return false;
	for (uint32_t i = 0; ewx_judge_rule(g->j, i, &v); i++)
		if (v.kind != EWX_RULE_LOG)
			g->links[all++] = (struct link){
				v.kind, v.domain, v.source, v.identity,
				v.permissions, i
			};
	qsort(g->links, all, sizeof(*g->links), by_ends);
	for (size_t i = 0; i < all; i++) {
		if (g->count && same_ends(&g->links[g->count - 1], &g->links[i]))
			g->links[g->count - 1].perms |= g->links[i].perms;
		else
			g->links[g->count++] = g->links[i];
	}
	qsort(g->links, g->count, sizeof(*g->links), by_rule);
	return true;
}

/* Rows on the right: files, then enclaves; the first of each is "any". */
static unsigned int source_row(uint32_t source)
{
	return source == EWX_ANY ? 0 : source + 1;
}

static unsigned int identity_row(const struct ewx_judge *j, uint32_t identity)
{
	return ewx_judge_sources(j) + 1 +
	       (identity == EWX_ANY || identity == EWX_DEFER ? 0 :
							       identity + 1);
}

static unsigned int domain_row(uint32_t domain)
{
	return domain == EWX_ANY ? 0 : domain + 1;
}

static int middle(unsigned int row)
{
	return LEFT + (int)row * ROW + HEIGHT / 2;
}

static int right_of(const struct picture *g)
{
	return LEFT + g->box + g->gap;
}

static const char *domain_word(const struct ewx_domain_view *v)
{
	return v->permissive ? "permissive domain " :
	       v->guarded    ? "guarded domain " :
			       "domain ";
}

static void put_box(struct picture *g, int x, unsigned int row,
		    const char *class, const char *what, const char *name)
{
	fprintf(g->out,
		"<g class=\"%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\"/>"
		"<text x=\"%d\" y=\"%d\">%s",
		class, x, LEFT + (int)row * ROW, g->box, HEIGHT, x + PADDING,
		middle(row) + 5, what);
	put_markup(g->out, name);
	fputs("</text></g>\n", g->out);
}

static void put_domains(struct picture *g)
{
	struct ewx_domain_view v;

	put_box(g, LEFT, 0, "domain", "all domains", "");
	for (uint32_t i = 0; ewx_judge_domain(g->j, i, &v); i++)
		put_box(g, LEFT, i + 1, v.permissive ? "permissive" : "domain",
			domain_word(&v), v.name);
}

static void put_targets(struct picture *g)
{
	const struct ewx_judge *j = g->j;
	int x = right_of(g);
	const char *name;

	put_box(g, x, source_row(EWX_ANY), "source", "any file", "");
	for (uint32_t i = 0; (name = ewx_judge_source(j, i)); i++)
		put_box(g, x, source_row(i), "source", "source ", name);
	put_box(g, x, identity_row(j, EWX_ANY), "identity", "any enclave", "");
	for (uint32_t i = 0; (name = ewx_judge_identity(j, i)); i++)
		put_box(g, x, identity_row(j, i), "identity", "identity ",
			name);
}

/* One that concerns a source and an identity names the identity. */
static void put_link_text(FILE *out, const struct picture *g,
			  const struct link *l)
{
	fputs(l->kind == EWX_RULE_DENY ? "deny " : "", out);
	ewx_name_vector(out, l->perms);
	if (l->source != EWX_DEFER && l->identity != EWX_DEFER &&
	    l->identity != EWX_ANY) {
		fputs(" for ", out);
		put_markup(out, ewx_judge_identity(g->j, l->identity));
	}
}

/* How wide that is, or more. */
static int link_width(const struct picture *g, const struct link *l)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return 0;
	put_link_text(out, g, l);
	fclose(out);
	free(text);
	return (int)size * LINK_CHAR;
}

/* All texts are to fit: into their boxes, and between these. */
static void measure(struct picture *g)
{
	struct ewx_domain_view v;
	const char *name;
	size_t longest = 0, n;

	for (uint32_t i = 0; ewx_judge_domain(g->j, i, &v); i++) {
		n = strlen(domain_word(&v)) + strlen(v.name);
		longest = n > longest ? n : longest;
	}
	for (uint32_t i = 0; (name = ewx_judge_source(g->j, i)); i++) {
		n = strlen("source ") + strlen(name);
		longest = n > longest ? n : longest;
	}
	for (uint32_t i = 0; (name = ewx_judge_identity(g->j, i)); i++) {
		n = strlen("identity ") + strlen(name);
		longest = n > longest ? n : longest;
	}
	g->box = (int)longest * BOX_CHAR + 2 * PADDING;
	if (g->box < BOX_MIN)
		g->box = BOX_MIN;
	g->gap = GAP_MIN;
	for (size_t i = 0; i < g->count; i++) {
		int width = link_width(g, &g->links[i]) + 2 * PADDING;

		if (width > g->gap)
			g->gap = width;
	}
}

/*
 * A line to the source, or else to the identity. Texts of one domain stand apart, as
 * far as there is room.
 */
static void put_link(struct picture *g, const struct link *l, unsigned int nth)
{
	unsigned int row = l->source != EWX_DEFER ?
				   source_row(l->source) :
				   identity_row(g->j, l->identity);
	int y0 = middle(domain_row(l->domain)), y1 = middle(row);
	int x0 = LEFT + g->box, x = g->gap * (25 + (int)(nth * 17 % 50)) / 100;
	int last = g->gap - PADDING - link_width(g, l);

	x = x < last ? x : last;
	fprintf(g->out,
		"<g class=\"%s\"><line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>"
		"<text x=\"%d\" y=\"%d\">",
		l->kind == EWX_RULE_DENY ? "deny" : "allow", x0, y0,
		right_of(g), y1, x0 + x, y0 + (y1 - y0) * x / g->gap - 3);
	put_link_text(g->out, g, l);
	fputs("</text></g>\n", g->out);
}

static void put_picture(struct picture *g)
{
	uint32_t left = ewx_judge_domains(g->j) + 1;
	uint32_t right =
		identity_row(g->j, EWX_ANY) + 1 + ewx_judge_identities(g->j);
	uint32_t rows = left > right ? left : right;
	int width;

	measure(g);
	width = right_of(g) + g->box + LEFT;
	fprintf(g->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\">\n"
		"<style>text { font: 13px monospace } line { stroke: #2a7a2a; stroke-width: 1.5 }\n"
		"rect { fill: #eef3fa; stroke: #446 } .source rect { fill: #f6f1e4 }\n"
		".identity rect { fill: #eaf6ea } .permissive rect { fill: #fbe3e3 }\n"
		".deny line { stroke: #b02a2a; stroke-dasharray: 6 4 }\n"
		".allow text, .deny text { font-size: 11px; paint-order: stroke; stroke: white; stroke-width: 3px }\n"
		"</style>\n<title>policy ",
		width, 2 * LEFT + rows * ROW, width, 2 * LEFT + rows * ROW);
	put_markup(g->out, ewx_judge_name(g->j));
	fprintf(g->out, " version %llu</title>\n",
		(unsigned long long)ewx_judge_version(g->j));
	for (size_t i = 0; i < g->count; i++)
		put_link(g, &g->links[i], (unsigned int)i);
	put_domains(g);
	put_targets(g);
	fputs("</svg>\n", g->out);
}

static json_t *sources_json(const struct ewx_judge *j)
{
	json_t *list = json_array();
	const char *name;

	for (uint32_t i = 0; (name = ewx_judge_source(j, i)); i++)
		json_array_append_new(list, tool_json_string(name));
	return list;
}

static json_t *identities_json(const struct ewx_judge *j)
{
	json_t *list = json_array();
	const char *name;

	for (uint32_t i = 0; (name = ewx_judge_identity(j, i)); i++)
		json_array_append_new(list, tool_json_string(name));
	return list;
}

static json_t *domain_json(const struct ewx_domain_view *v)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", tool_json_string(v->name));
	json_object_set_new(o, "permissive", json_boolean(v->permissive));
	json_object_set_new(o, "guarded", json_boolean(v->guarded));
	return o;
}

/* Whom a rule does not name, because it is for any, is left out. */
static json_t *link_json(const struct ewx_judge *j, const struct link *l)
{
	const char *source = ewx_judge_source(j, l->source);
	const char *identity = ewx_judge_identity(j, l->identity);
	struct ewx_domain_view v;
	json_t *o = json_object();

	json_object_set_new(o, "kind",
			    json_string(l->kind == EWX_RULE_DENY ? "deny" :
								   "allow"));
	if (ewx_judge_domain(j, l->domain, &v))
		json_object_set_new(o, "domain", tool_json_string(v.name));
	if (source)
		json_object_set_new(o, "source", tool_json_string(source));
	if (identity)
		json_object_set_new(o, "identity", tool_json_string(identity));
	json_object_set_new(o, "permissions", vector_json(l->perms));
	return o;
}

static int graph_json(struct tool *t, const struct picture *g)
{
	json_t *o = json_object(), *domains = json_array();
	json_t *links = json_array();
	struct ewx_domain_view v;

	for (uint32_t i = 0; ewx_judge_domain(g->j, i, &v); i++)
		json_array_append_new(domains, domain_json(&v));
	for (size_t i = 0; i < g->count; i++)
		json_array_append_new(links, link_json(g->j, &g->links[i]));
	json_object_set_new(o, "policy",
			    tool_json_string(ewx_judge_name(g->j)));
	json_object_set_new(o, "version",
			    tool_json_number(ewx_judge_version(g->j)));
	json_object_set_new(o, "domains", domains);
	json_object_set_new(o, "sources", sources_json(g->j));
	json_object_set_new(o, "identities", identities_json(g->j));
	json_object_set_new(o, "links", links);
	return tool_json(t, o);
}

int cmd_graph(struct tool *t, int argc, char **argv)
{
	struct policy policy;
	struct picture g = { 0 };
	char *text = NULL;
	size_t size = 0;
	int ret = EXIT_OK;

	if (policy_open(t, argv, (size_t)argc, STAMP_NONE, &policy))
		return EXIT_FAIL;
	g.j = policy.judge;
	g.out = open_memstream(&text, &size);
	if (!g.out || !collect(&g)) {
		ret = tool_error(t, "out of memory");
	} else if (t->json) {
		ret = graph_json(t, &g);
	} else {
		put_picture(&g);
		fclose(g.out);
		g.out = NULL;
		if (file_replace(t->out ? t->out : "-", text, size))
			ret = tool_error(t, "%s: %s", t->out, strerror(errno));
	}
	if (g.out)
		fclose(g.out);
	free(g.links);
	free(text);
	policy_close(&policy);
	return ret;
}

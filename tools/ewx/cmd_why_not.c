// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ewx why-not: the smallest rules that would allow a request, and what else they
 * allow. Each is tried: put into the policy's text, compiled, and asked.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ewx/policy.h>
#include "query.h"
#include "tool.h"

#define CANDIDATES 6
#define SHOWN 3

/**
 * struct candidate - statements that may allow the request.
 * @before: declarations; @domain: statements for the request's domain
 * @source, @identity: whom the rules name, NULL: any
 * @policy: with them; @changed: decisions that are other ones then
 * @example: a request that is allowed then; @timed: it shows its time
 */
struct candidate {
	char *before;
	char *domain;
	const char *source;
	const char *identity;
	struct policy policy;
	size_t changed;
	char *example;
	bool timed;
	bool works;
};

/**
 * struct why - the question.
 * @text: the policy as text; @domain: name of the request's domain
 * @new_domain: the statements become a domain of their own
 */
struct why {
	struct tool *t;
	struct answer *a;
	const struct ewx_query *q;
	char *text;
	const char *domain;
	bool new_domain;
	struct candidate c[CANDIDATES];
	size_t count;
};

static const struct {
	uint32_t from, ident;
} permissions[] = {
#define PERMISSION(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##                      \
		NAME] = { ENCLAVE_CLAUSE_##from, ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(PERMISSION)
#undef PERMISSION
};

static void print_digest(FILE *out, const uint8_t *digest)
{
	fputs("sha256:", out);
	for (int i = 0; i < 32; i++)
		fprintf(out, "%02x", digest[i]);
}

/* A path as a pattern that matches just it. */
static void print_literal(FILE *out, const char *path)
{
	fputc('"', out);
	literal_pattern(out, path);
	fputc('"', out);
}

/* "allow PERMISSIONS from SOURCE for IDENTITY;", by the clauses they take. */
static void print_rules(FILE *out, uint32_t bits, const char *source,
			const char *identity)
{
	while (bits) {
		uint32_t first = (uint32_t)__builtin_ctz(bits);
		bool from =
			permissions[first].from == ENCLAVE_CLAUSE_REQUIRED ||
			(permissions[first].from == ENCLAVE_CLAUSE_OPTIONAL &&
			 source);
		bool ident =
			permissions[first].ident != ENCLAVE_CLAUSE_REFUSED &&
			(identity ||
			 permissions[first].ident == ENCLAVE_CLAUSE_REQUIRED);
		const char *separator = " ";

		fputs("    allow", out);
		for (uint32_t bit = first; bit < ENCLAVE_PERM_COUNT; bit++) {
			if (!(bits >> bit & 1) ||
			    permissions[bit].from != permissions[first].from ||
			    permissions[bit].ident != permissions[first].ident)
				continue;
			fprintf(out, "%s%s", separator,
				ewx_name(EWX_NAMES_PERMISSION, bit));
			separator = ", ";
			bits &= ~(1u << bit);
		}
		if (from)
			fprintf(out, " from %s", source ? source : "any");
		if (ident)
			fprintf(out, " for %s", identity ? identity : "any");
		fputs(";\n", out);
	}
}

static void declare_source(FILE *out, const struct ewx_query *q)
{
	fputs("source new_source {\n    path ", out);
	print_literal(out, q->path);
	fputs(";\n", out);
	if (q->owner != EWX_REQUEST_UNSAID)
		fprintf(out, "    owner %u;\n", q->owner);
	fputs("}\n", out);
}

static void declare_identity(FILE *out, const struct ewx_query *q)
{
	static const uint8_t none[32];

	fputs("identity new_identity {\n", out);
	if (q->flags & EWX_QUERY_HAS_SIGNER) {
		fprintf(out, "    signer %s",
			ewx_public_key(q->signer) ? "public " : "");
		print_digest(out, q->signer);
		fprintf(out, ";\n    product %u;\n    min-svn %u;\n",
			q->product, q->svn);
	}
	if (memcmp(q->measurement, none, 32)) {
		fputs("    measurement ", out);
		print_digest(out, q->measurement);
		fputs(";\n", out);
	}
	fputs("}\n", out);
}

/* Whether the request's enclave can be told from others. */
static bool is_known(const struct ewx_query *q)
{
	static const uint8_t none[32];

	return q->identity_kind == EWX_IDENTITY_RAW &&
	       (q->flags & EWX_QUERY_HAS_SIGNER ||
		memcmp(q->measurement, none, 32));
}

/*
 * Add a candidate. @source, @identity: names; "new_source" and "new_identity"
 * are declared; NULL: any.
 */
static void add_candidate(struct why *w, const char *source,
			  const char *identity)
{
	struct candidate *c = &w->c[w->count];
	FILE *before, *domain;
	size_t size;

	if (w->count == CANDIDATES)
		return;
	before = open_memstream(&c->before, &size);
	domain = open_memstream(&c->domain, &size);
	if (before && domain) {
		if (source && !strcmp(source, "new_source"))
			declare_source(before, w->q);
		if (identity && !strcmp(identity, "new_identity"))
			declare_identity(before, w->q);
		if (w->new_domain) {
			fputs("    exe ", domain);
			print_literal(domain, w->q->exe);
			fputs(";\n", domain);
			if (w->q->euid != EWX_REQUEST_UNSAID)
				fprintf(domain, "    uid %u;\n", w->q->euid);
		}
		print_rules(domain, w->a->reply.denied, source, identity);
		c->source = source;
		c->identity = identity;
		c->timed = w->q->now != 0;
		w->count++;
	}
	if (before)
		fclose(before);
	if (domain)
		fclose(domain);
}

/* Sources and identities that the policy has for it, then new ones, then any. */
static void add_candidates(struct why *w)
{
	const struct ewx_judge *j = w->a->policy.judge;
	const struct ewx_reply *r = &w->a->reply;
	const char *sources[3] = { 0 }, *identities[3] = { 0 };
	size_t ns = 0, ni = 0;

	if (w->q->path[0]) {
		sources[ns] = ewx_judge_source_class(j, r->source_class, 0);
		ns += sources[ns] != NULL;
		if (!(w->q->flags & EWX_QUERY_NO_PATH))
			sources[ns++] = "new_source";
	}
	sources[ns++] = NULL;
	if (w->q->identity_kind == EWX_IDENTITY_NAMED)
		identities[ni++] = w->q->identity;
	else if (r->identity_class != EWX_NONE)
		identities[ni] =
			ewx_judge_identity_class(j, r->identity_class, 0);
	ni += !ni && identities[0];
	if (!ni && is_known(w->q))
		identities[ni++] = "new_identity";
	identities[ni++] = NULL;
	for (size_t i = 0; i < ni; i++)
		for (size_t s = 0; s < ns; s++)
			add_candidate(w, sources[s], identities[i]);
}

/* The policy's text with the candidate's statements in it; malloc()ed. */
static char *with(const struct why *w, const struct candidate *c)
{
	char *text = NULL, *head = NULL, *at;

	if (w->new_domain || !strstr(w->text, "\ndomain default {")) {
		if (asprintf(&text, "%s%s\ndomain %s {\n%s}\n", w->text,
			     c->before,
			     w->new_domain ? "new_domain" : w->domain,
			     c->domain) < 0)
			text = NULL;
		if (w->new_domain || !strcmp(w->domain, "default"))
			return text;
		free(text);
	}
	if (asprintf(&head, "\ndomain %s {", w->domain) < 0)
		return NULL;
	at = strstr(w->text, head);
	if (!at ||
	    asprintf(&text, "%.*s\n%s%s%s", (int)(at + strlen(head) - w->text),
		     w->text, c->domain, at + strlen(head), c->before) < 0)
		text = NULL;
	free(head);
	return text;
}

static void found(void *ctx, const struct ewx_request *example,
		  const struct ewx_decision *before,
		  const struct ewx_decision *after)
{
	struct candidate *one = ctx;
	struct ewx_query shown = *ewx_request_query(example);
	size_t size;
	FILE *out;

	(void)before;
	if (!after->allowed)
		return;
	if (!one->timed)
		shown.now = 0;
	/* The last is as good as any, and mostly not the request itself. */
	free(one->example);
	one->example = NULL;
	out = open_memstream(&one->example, &size);
	if (!out)
		return;
	ewx_request_print(out, &shown);
	fclose(out);
}

/* Compile and ask; then see what else is other than before. */
static void try_candidate(struct why *w, struct candidate *c)
{
	uint64_t now = w->q->now ? w->q->now : (uint64_t)time(NULL);
	struct answer a = { .has_policy = true };
	struct ewx_unit *u = ewx_unit_new();
	char *text = with(w, c);
	struct ewx_comparison result;

	if (u && text) {
		ewx_unit_skip_expects(u);
		ewx_unit_warn(u, "no-all");
		ewx_unit_add_text(u, "candidate", text, strlen(text));
	}
	if (u && text &&
	    !ewx_unit_compile(u, 0, &c->policy.blob, &c->policy.size) &&
	    !policy_verify(w->t, "candidate", &c->policy)) {
		a.policy = c->policy;
		if (!answer_ask(&(struct tool){ 0 }, &a, w->q))
			c->works = !a.reply.denied;
		if (c->works &&
		    !ewx_judge_compare(w->a->policy.judge, c->policy.judge, now,
				       found, c, &result))
			c->changed = result.changed;
	}
	ewx_unit_free(u);
	free(text);
}

static int width(const struct candidate *c)
{
	return (c->works ? 0 : 4) + !c->source + !c->identity;
}

/* What names more comes first; then what changes less. */
static int by_width(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = width(x) - width(y);

	if (!order && x->changed != y->changed)
		order = x->changed < y->changed ? -1 : 1;
	if (!order)
		order = strcmp(x->domain, y->domain);
	return order;
}

static void print_statements(const char *text, const char *indent)
{
	while (*text) {
		size_t n = strcspn(text, "\n");

		printf("%s", indent);
		fwrite(text, 1, n, stdout);
		putchar('\n');
		text += n + (text[n] == '\n');
	}
}

/* Whether some rule leaves out whom it is for, though it could say. */
static bool for_all(const struct why *w, const struct candidate *c)
{
	for (uint32_t bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (w->a->reply.denied >> bit & 1 && !c->identity &&
		    permissions[bit].ident != ENCLAVE_CLAUSE_REFUSED)
			return true;
	return false;
}

static void print_candidate(const struct why *w, const struct candidate *c,
			    unsigned int number)
{
	printf("\n%u.\n", number);
	print_statements(c->before, "    ");
	printf("    domain %s {\n", w->new_domain ? "new_domain" : w->domain);
	print_statements(c->domain, "    ");
	printf("    }\nallows it to all processes of the domain%s%s; for instance:\n    ",
	       strstr(c->domain, " from any") ? ", from every file" : "",
	       for_all(w, c) ? ", for every enclave" : "");
	/* A request is written safely, and is to be asked as it stands. */
	fputs(c->example ? c->example : "-", stdout);
	putchar('\n');
}

static json_t *candidate_json(const struct why *w, const struct candidate *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "declarations", tool_json_string(c->before));
	json_object_set_new(o, "domain",
			    tool_json_string(w->new_domain ? "new_domain" :
							     w->domain));
	json_object_set_new(o, "new_domain", json_boolean(w->new_domain));
	json_object_set_new(o, "statements", tool_json_string(c->domain));
	json_object_set_new(o, "every_file",
			    json_boolean(strstr(c->domain, " from any")));
	json_object_set_new(o, "every_enclave", json_boolean(for_all(w, c)));
	if (c->example)
		json_object_set_new(o, "example", tool_json_string(c->example));
	return o;
}

/* What stands in the way can be allowed away, which a rule that denies cannot. */
static bool is_possible(const struct ewx_reply *r)
{
	for (uint32_t bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		if (r->denied >> bit & 1 && r->reason[bit] == EWX_REASON_DENIED)
			return false;
	return true;
}

static void print_causes(const struct why *w)
{
	const struct ewx_reply *r = &w->a->reply;

	for (uint32_t bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		struct ewx_decision d;

		if (!(r->denied >> bit & 1))
			continue;
		d = answer_decision(w->a, (int)bit);
		printf("missing  %s: %s", d.permission, d.why);
		if (d.file) {
			fputs(" (", stdout);
			ewx_print_name(stdout, d.file);
			printf(":%u)", d.line);
		}
		putchar('\n');
		if (d.file)
			show_source_line(w->t, d.file, d.line);
	}
}

/* Return: candidates that allow it, the best first; at most SHOWN. */
static size_t find_candidates(struct why *w)
{
	size_t works = 0;

	w->domain = answer_decision(w->a, EWX_REPLY_VERDICT).domain;
	w->new_domain = !strcmp(w->domain, "default") &&
			w->q->subject == EWX_SUBJECT_PROCESS && w->q->exe[0] &&
			!(w->q->flags & EWX_QUERY_NO_EXE_PATH);
	add_candidates(w);
	for (size_t i = 0; i < w->count; i++)
		try_candidate(w, &w->c[i]);
	qsort(w->c, w->count, sizeof(w->c[0]), by_width);
	while (works < w->count && works < SHOWN && w->c[works].works)
		works++;
	return works;
}

static int answer_why(struct why *w)
{
	size_t works;

	print_causes(w);
	if (!is_possible(&w->a->reply)) {
		puts("A rule denies it, and a denial wins over every rule that allows: that rule would have to go, or name less.");
		return EXIT_FAIL;
	}
	works = find_candidates(w);
	for (size_t i = 0; i < works; i++)
		print_candidate(w, &w->c[i], (unsigned int)i + 1);
	if (!works)
		puts("No single rule allows it.");
	return EXIT_FAIL;
}

static int answer_why_json(struct why *w)
{
	json_t *o = answer_json(w->a, w->q), *list = json_array();
	size_t works = is_possible(&w->a->reply) ? find_candidates(w) : 0;

	for (size_t i = 0; i < works; i++)
		json_array_append_new(list, candidate_json(w, &w->c[i]));
	json_object_set_new(o, "candidates", list);
	tool_json(w->t, o);
	return EXIT_FAIL;
}

static int explain_why(struct tool *t, struct answer *a,
		       const struct ewx_query *q)
{
	struct why w = { .t = t, .a = a, .q = q };
	const char *error;
	size_t size;
	FILE *out;
	int ret;

	if (t->json && (a->reply.refusal || !a->reply.denied)) {
		ret = tool_json(t, answer_json(a, q));
		return a->reply.refusal ? EXIT_FAIL : ret;
	}
	if (a->reply.refusal) {
		printf("refused: %s: %s\nThis is a fixed rule: no policy lifts it.\n",
		       ewx_name(EWX_NAMES_REFUSAL, a->reply.refusal),
		       ewx_name_why(EWX_NAMES_REFUSAL, a->reply.refusal));
		return EXIT_FAIL;
	}
	if (!a->reply.denied) {
		show_verdict(t, a);
		return EXIT_OK;
	}
	out = open_memstream(&w.text, &size);
	ret = out ? ewx_dump(a->policy.blob, a->policy.size, out, &error) : -1;
	if (out && fclose(out))
		ret = -1;
	ret = ret     ? tool_error(t, "out of memory") :
	      t->json ? answer_why_json(&w) :
			answer_why(&w);
	for (size_t i = 0; i < w.count; i++) {
		free(w.c[i].before);
		free(w.c[i].domain);
		free(w.c[i].example);
		policy_close(&w.c[i].policy);
	}
	free(w.text);
	return ret;
}

int cmd_why_not(struct tool *t, int argc, char **argv)
{
	struct ewx_query *q = malloc(sizeof(*q));
	char *text = join_words(argc, argv);
	struct answer a;
	int ret, err;

	if (!argc || (!t->policy_count && !t->live))
		ret = tool_usage(t, argc ? "why-not needs --policy or --live" :
					   "why-not needs a request");
	else
		ret = q && text ? read_request(t, text, q) :
				  tool_error(t, "out of memory");
	if (!ret && answer_open(t, &a)) {
		ret = EXIT_FAIL;
	} else if (!ret) {
		err = answer_ask(t, &a, q);
		if (err)
			ret = answer_error(t, &a, q, err);
		else if (!a.has_policy)
			ret = tool_error(
				t,
				"the kernel does not show its policy: name it with --policy");
		else
			ret = explain_why(t, &a, q);
		answer_close(&a);
	}
	free(text);
	free(q);
	return ret;
}

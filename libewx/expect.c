// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * "expect" statements: a request and the verdict it must get.
 *
 * Owns: when an expectation is met. The request's grammar is request.h's, the
 * verdict the engine's. A request that states no time is judged at the build
 * stamp, so that the same files and stamp give the same result.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codes.h"
#include "front.h"
#include "request.h"
#include "suggest.h"
#include "verdict.h"
#include <ewx/words.h>
#include "../security/ewx/core/engine.h"

/* Where @length bytes at @offset of the statement's text are in their file. */
static struct ewx_loc place_in(const struct ewx_expect *e, size_t offset,
			       size_t length)
{
	struct ewx_loc loc = e->text_loc;
	size_t i;

	for (i = 0; i < offset && e->text[i]; i++) {
		loc.col++;
		if (e->text[i] == '\n') {
			loc.line++;
			loc.col = 1;
		}
	}
	for (i = 0; i < length && e->text[offset + i] != '\n'; i++)
		;
	loc.end_col = loc.col + (i ? i : 1);
	return loc;
}

/* The place of the word @name behind the word @after in the text. */
static struct ewx_loc name_in(const struct ewx_expect *e, const char *after,
			      const char *name)
{
	static const char blank[] = " \t\r\n\f";
	size_t len = strlen(name), size = strlen(after);
	const char *s = e->text, *at;

	for (; (at = strstr(s, after)); s = at + 1) {
		if ((at > e->text && !strchr(blank, at[-1])) || !at[size] ||
		    !strchr(blank, at[size]))
			continue;
		at += size;
		at += strspn(at, blank);
		if (!strncmp(at, name, len))
			return place_in(e, at - e->text, len);
	}
	return e->loc;
}

/** struct reading - a statement whose request is read; @unknown: names a permission. */
struct reading {
	struct ewx_unit *u;
	const struct ewx_expect *e;
	bool report;
	bool unknown;
};

static void unknown_permission(void *arg, size_t offset, size_t length)
{
	struct reading *r = arg;
	struct ewx_suggest s;
	struct ewx_loc loc;
	const char *name;

	r->unknown = true;
	if (!r->report)
		return;
	/* A place is looked for from the beginning: not for what is only counted. */
	if (!ewx_will_show(r->u)) {
		ewx_report(r->u, E0302, &r->e->loc, NULL, "unknown permission");
		return;
	}
	name = ewx_arena_strndup(&r->u->arena, r->e->text + offset, length);
	if (!name)
		return;
	loc = place_in(r->e, offset, length);
	ewx_suggest_begin(&s, name);
	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		ewx_suggest_try(&s, ewx_name(EWX_NAMES_PERMISSION, bit));
	ewx_report(r->u, E0302, &loc, ewx_suggest_hint(&s, &r->u->arena, NULL),
		   "unknown permission \"%s\"", name);
}

static bool read_query(struct ewx_unit *u, const struct ewx_expect *e,
		       struct ewx_query *q, bool report)
{
	struct reading r = { .u = u, .e = e, .report = report };
	struct ewx_request_error error;
	size_t len = strlen(e->text);
	struct ewx_loc loc;
	int bad;

	if (e->kind == EWX_EXPECT_DOMAIN)
		bad = ewx_request_subject(e->text, len, q, &error);
	else
		bad = ewx_request_parse_listed(e->text, len, q, &error,
					       unknown_permission, &r);
	if (!bad)
		return !r.unknown;
	loc = place_in(e, error.offset, error.length);
	if (report)
		ewx_report(u, E0217, &loc, NULL, "%s", error.text);
	return false;
}

static void unknown_domain(struct ewx_unit *u, const char *name,
			   const struct ewx_loc *loc)
{
	ewx_report(u, E0305, loc,
		   ewx_nearest(u, name, false, u->domains, u->domain_count),
		   "unknown domain \"%s\"", name);
}

static void check_names(struct ewx_unit *u, struct ewx_expect *e,
			const struct ewx_query *q)
{
	struct ewx_front *f = ewx_front(u);
	struct ewx_loc loc;

	if (q->subject == EWX_SUBJECT_DOMAIN && *q->domain &&
	    ewx_symbols_find(&f->domains, q->domain) == EWX_SYMBOL_NONE) {
		loc = name_in(e, "in", q->domain);
		unknown_domain(u, q->domain, &loc);
	}
	if (q->identity_kind == EWX_IDENTITY_NAMED && *q->identity)
		e->identity = ewx_symbols_find(&f->identities, q->identity);
	if (q->identity_kind == EWX_IDENTITY_NAMED &&
	    *q->identity && e->identity == EWX_SYMBOL_NONE) {
		loc = name_in(e, "for", q->identity);
		ewx_report(u, E0304, &loc,
			   ewx_nearest(u, q->identity, false, u->identities,
				       u->identity_count),
			   "unknown identity \"%s\"", q->identity);
	}
}

void ewx_check_expects(struct ewx_unit *u)
{
	struct ewx_front *f = ewx_front(u);
	struct ewx_query *q;
	size_t i;

	if (!f->expect_count)
		return;
	q = ewx_arena_alloc(&u->arena, sizeof(*q));
	for (i = 0; q && i < f->expect_count; i++) {
		struct ewx_expect *e = &f->expects[i];

		e->identity = EWX_ANY;
		/* Of a request that is none, what was understood is looked at. */
		read_query(u, e, q, true);
		if (e->kind != EWX_EXPECT_DOMAIN)
			check_names(u, e, q);
		else if (ewx_symbols_find(&f->domains, e->domain) ==
			 EWX_SYMBOL_NONE)
			unknown_domain(u, e->domain, &e->domain_loc);
	}
}

/* The rule, or else the domain, that the permission @bit was decided by. */
static void note_place(struct ewx_unit *u, const struct ewx_policy *p,
		       const struct ewx_reply *r, __u32 bit)
{
	struct ewx_place place = ewx_verdict_place(p, r, bit);
	size_t i;

	/* Looked for among all rules: not for messages that are only counted. */
	if (!place.file || r->refusal || ewx_front(u)->last_dropped)
		return;
	for (i = 0; place.rule && i < u->rule_count; i++) {
		const struct ewx_ir_rule *rule = &u->rules[i];

		if (rule->loc.line != place.line ||
		    !(rule->perms >> bit & 1) ||
		    strcmp(u->files[rule->loc.file].name, place.file))
			continue;
		ewx_note(u, &rule->loc, "this rule decides it");
		return;
	}
	for (i = 0; i < u->domain_count; i++) {
		if (strcmp(u->domains[i].name, ewx_domain_name(p, r->domain)))
			continue;
		if (u->domains[i].loc.line)
			ewx_note(u, &u->domains[i].loc,
				 "it is judged in this domain");
		return;
	}
}

/* What @print writes, in the unit's arena. */
static const char *verdict_text(struct ewx_unit *u, const struct ewx_policy *p,
				const struct ewx_reply *r)
{
	char *text = NULL;
	const char *copy = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		u->arena.failed = true;
		return "";
	}
	ewx_verdict_print(out, p, r);
	if (!fclose(out))
		copy = ewx_arena_strndup(&u->arena, text, size);
	free(text);
	return copy ? copy : "";
}

static const char *missing_text(struct ewx_unit *u, __u32 denied)
{
	const char *list = NULL;
	__u32 bit;

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(denied >> bit & 1))
			continue;
		list = ewx_arena_printf(&u->arena, "%s%s%s", list ? list : "",
					list ? ", " : "",
					ewx_name(EWX_NAMES_PERMISSION, bit));
	}
	return list ? list : "nothing";
}

static void judge_domain(struct ewx_unit *u, const struct ewx_expect *e,
			 const struct ewx_policy *p, const struct ewx_reply *r)
{
	const char *is = ewx_domain_name(p, r->domain);
	__u32 index;

	if (!strcmp(is, e->domain))
		return;
	ewx_report(u, E0802, &e->loc, NULL,
		   "expected domain \"%s\", the process is in \"%s\"",
		   e->domain, is);
	index = ewx_symbols_find(&ewx_front(u)->domains, is);
	if (index != EWX_SYMBOL_NONE && u->domains[index].loc.line)
		ewx_note(u, &u->domains[index].loc, "which is declared here");
}

static void judge_allow(struct ewx_unit *u, const struct ewx_expect *e,
			const struct ewx_policy *p, const struct ewx_reply *r)
{
	if (!r->refusal && r->result == EWX_RESULT_ALLOW)
		return;
	ewx_report(u, E0802, &e->loc,
		   r->result == EWX_RESULT_DEFER ?
		   "say which enclave it is: for IDENTITY, or for unlisted" :
		   NULL,
		   "expected allow, the verdict is: %s", verdict_text(u, p, r));
	note_place(u, p, r, ewx_verdict_bit(r));
}

/* @wanted: what must be missing, exactly; 0: whatever it is. */
static void judge_deny(struct ewx_unit *u, const struct ewx_expect *e,
		       const struct ewx_policy *p, const struct ewx_reply *r,
		       __u32 wanted)
{
	const char *hint = NULL;

	if (r->result == EWX_RESULT_DENY &&
	    (!wanted || (!r->refusal && r->denied == wanted)))
		return;
	if (r->result != EWX_RESULT_DENY || r->refusal) {
		if (wanted & ~r->required)
			hint = ewx_arena_printf(&u->arena,
						"the request does not need %s",
						missing_text(u, wanted &
							     ~r->required));
		ewx_report(u, E0802, &e->loc, hint,
			   "expected deny, the verdict is: %s",
			   verdict_text(u, p, r));
		note_place(u, p, r, ewx_verdict_bit(r));
		return;
	}
	ewx_report(u, E0802, &e->loc, NULL,
		   "expected that %s is missing, but missing is %s",
		   missing_text(u, wanted), missing_text(u, r->denied));
	if (r->denied & ~wanted)
		note_place(u, p, r, __builtin_ctz(r->denied & ~wanted));
}

/**
 * struct judging - what is the same for all statements.
 * @q, @candidates: memory for one
 * @classes: per identity its class as ewx_answer_named() takes it
 */
struct judging {
	struct ewx_policy p;
	struct ewx_query *q;
	__u64 *candidates;
	__u32 *classes;
};

/* Fill @classes: a look at each class's members, once. */
static void find_classes(struct ewx_unit *u, struct judging *j)
{
	__u32 *fewest = ewx_arena_array(&u->arena, u->identity_count,
					sizeof(*fewest));
	__u32 class, n, i, count = ewx_identity_class_count(&j->p);
	const char *name;

	j->classes = ewx_arena_array(&u->arena, u->identity_count,
				     sizeof(*j->classes));
	if (!fewest || !j->classes)
		return;
	for (i = 0; i < u->identity_count; i++)
		j->classes[i] = EWX_NONE;
	for (class = 0; class < count; class++) {
		__u32 members = 0;

		while (ewx_identity_class_name(&j->p, class, members))
			members++;
		for (n = 0; n < members; n++) {
			name = ewx_identity_class_name(&j->p, class, n);
			i = ewx_symbols_find(&ewx_front(u)->identities, name);
			if (j->classes[i] != EWX_NONE && fewest[i] <= members)
				continue;
			j->classes[i] = class;
			fewest[i] = members;
		}
	}
}

/* ewx_answer(), but that no name is looked for among all. */
static int answer(struct ewx_unit *u, const struct ewx_expect *e,
		  const struct judging *j, struct ewx_reply *r)
{
	__u32 domain = EWX_NONE, class = EWX_NONE;

	if (j->q->subject == EWX_SUBJECT_DOMAIN)
		domain = ewx_symbols_find(&ewx_front(u)->domains, j->q->domain);
	if (j->q->identity_kind == EWX_IDENTITY_NAMED)
		class = j->classes[e->identity];
	if (class == EWX_NONE && j->q->identity_kind == EWX_IDENTITY_NAMED)
		return -ENOENT;
	return ewx_answer_named(&j->p, j->q, domain, class, j->candidates, r);
}

static void judge(struct ewx_unit *u, const struct ewx_expect *e,
		  const struct judging *j)
{
	const struct ewx_policy *p = &j->p;
	struct ewx_query *q = j->q;
	struct ewx_reply r;
	__u32 wanted = 0;
	int error;

	if (!read_query(u, e, q, false))
		return;
	if (e->kind == EWX_EXPECT_DOMAIN)
		q->op = ENCLAVE_OP_CREATE;
	if (e->kind == EWX_EXPECT_DENY) {
		wanted = q->required;
		q->required = 0;
	}
	if (!q->now)
		q->now = p->built;
	error = answer(u, e, j, &r);
	if (error) {
		/* Its name is known, so no enclave can have the identity. */
		ewx_report(u, E0802, &e->loc, NULL,
			   "no enclave can be in identity \"%s\"",
			   q->identity);
		return;
	}
	switch (e->kind) {
	case EWX_EXPECT_DOMAIN:
		judge_domain(u, e, p, &r);
		break;
	case EWX_EXPECT_ALLOW:
		judge_allow(u, e, p, &r);
		break;
	case EWX_EXPECT_DENY:
		judge_deny(u, e, p, &r, wanted);
		break;
	}
}

void ewx_judge_expects(struct ewx_unit *u, const void *blob, size_t size)
{
	struct ewx_front *f = ewx_front(u);
	struct ewx_fault fault;
	struct judging *j;
	size_t i;

	if (!f->expect_count)
		return;
	j = ewx_arena_alloc(&u->arena, sizeof(*j));
	if (!j || !ewx_policy_verify(blob, (__u32)size, &j->p, &fault))
		return;	/* ewx_emit() has verified it */
	j->q = ewx_arena_alloc(&u->arena, sizeof(*j->q));
	j->candidates = ewx_arena_array(&u->arena, j->p.set_words + 1,
					sizeof(*j->candidates));
	find_classes(u, j);
	for (i = 0; !u->arena.failed && i < f->expect_count; i++)
		judge(u, &f->expects[i], j);
}

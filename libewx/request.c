// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading requests: the clauses before the colon. The operation is in
 * request_op.c, the words in request_lex.c, the grammar in request.h.
 */
#include <string.h>

#include <ewx/words.h>
#include "request_parse.h"

enum clause {
	CLAUSE_SUBJECT = 1,
	CLAUSE_IDENTITY = 2,
	CLAUSE_FOREIGN = 4,
	CLAUSE_AT = 8,
	CLAUSE_USING = 16,
	CLAUSE_ATTRIBUTES = 32,
	CLAUSE_XFRM = 64,
};

void ewx_request_init(struct ewx_query *q)
{
	memset(q, 0, sizeof(*q));
	q->magic = EWX_QUERY_MAGIC;
	q->size = sizeof(*q);
	q->euid = EWX_REQUEST_UNSAID;
	q->egid = EWX_REQUEST_UNSAID;
	q->owner = EWX_REQUEST_UNSAID;
}

bool ewx_request_initialized(__u32 op)
{
	switch (op) {
	case ENCLAVE_OP_CREATE:
	case ENCLAVE_OP_LOAD:
	case ENCLAVE_OP_INIT:
	case ENCLAVE_OP_PROVISION:
	case ENCLAVE_OP_VEPC:
		return false;
	default:
		return true;
	}
}

bool ewx_request_takes_page(__u32 op)
{
	switch (op) {
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_FAULT:
	case ENCLAVE_OP_RESTRICT:
	case ENCLAVE_OP_TYPE:
	case ENCLAVE_OP_REMOVE:
	case ENCLAVE_OP_ACCESS:
		return true;
	default:
		return false;
	}
}

bool ewx_request_takes_access(__u32 op)
{
	if (ENCLAVE_OP_IS_NEW(op))
		return true;
	return ewx_request_takes_page(op) && op != ENCLAVE_OP_TYPE &&
	       op != ENCLAVE_OP_REMOVE;
}

static bool is_permission(const struct request_parser *p)
{
	return ewx_name_find(EWX_NAMES_PERMISSION, p->text + p->start,
			     p->size) >= 0;
}

/* Whether a word stands here, and behind it what can follow a permission. */
static bool listed(const struct request_parser *p)
{
	struct ewx_request_error unused;
	struct request_parser ahead = *p;

	if (p->kind != REQUEST_WORD)
		return false;
	ahead.err = &unused;
	request_advance(&ahead);
	return ahead.kind == REQUEST_COMMA || ahead.kind == REQUEST_COLON ||
	       request_at_clause(&ahead);
}

/* Go past a word that is no permission, if somebody wants to know of it. */
static bool leave_out(struct request_parser *p)
{
	if (!p->unknown || is_permission(p) || !listed(p))
		return false;
	p->unknown(p->arg, p->start, p->size);
	request_advance(p);
	return true;
}

/* Return: the bit of the permission that stands here and was not @taken, or -1. */
static int permission(struct request_parser *p, __u32 taken)
{
	int bit = -1;

	if (p->kind == REQUEST_WORD)
		bit = ewx_name_find(EWX_NAMES_PERMISSION, p->text + p->start,
				    p->size);
	if (bit < 0) {
		request_fail(p, "here stands a permission");
	} else if (taken & (1U << bit)) {
		request_fail(p, "%s stands twice",
			     ewx_name(EWX_NAMES_PERMISSION, (__u32)bit));
		bit = -1;
	} else {
		request_advance(p);
	}
	return bit;
}

static bool permissions(struct request_parser *p)
{
	for (;;) {
		int bit;

		if (!leave_out(p)) {
			bit = permission(p, p->q->required);
			if (bit < 0)
				return false;
			p->q->required |= 1U << bit;
		}
		if (p->kind != REQUEST_COMMA)
			return true;
		request_advance(p);
	}
}

static bool in_domain(struct request_parser *p)
{
	p->q->subject = EWX_SUBJECT_DOMAIN;
	return request_text(p, true, "a domain's name", p->q->domain,
			    sizeof(p->q->domain));
}

bool request_path(struct request_parser *p, const char *what, char *out,
		  struct request_parser *where)
{
	*where = *p;
	return request_text(p, false, what, out, EWX_QUERY_PATH_MAX);
}

bool request_absolute(struct request_parser *p, const char *path,
		      const struct request_parser *where, bool untrusted)
{
	if (!where->text || path[0] == '/' || (untrusted && path[0]))
		return true;
	p->start = where->start;
	p->size = where->size;
	return request_fail(p, "a path starts with /, unless it is untrusted");
}

static bool as_process(struct request_parser *p)
{
	struct request_parser where = { 0 }, group = { 0 };
	struct ewx_query *q = p->q;

	q->subject = EWX_SUBJECT_PROCESS;
	for (;;) {
		if (request_take(p, "exe")) {
			if (!request_path(p, "the executable's path", q->exe,
					  &where))
				return false;
		} else if (request_take(p, "uid")) {
			if (!request_number32(p, EWX_REQUEST_UNSAID - 1,
					      "a uid", &q->euid))
				return false;
		} else if (request_take(p, "gid")) {
			if (!request_number32(p, EWX_REQUEST_UNSAID - 1,
					      "a gid", &q->egid))
				return false;
		} else if (request_take(p, "cgroup")) {
			if (!request_path(p, "a control group's path",
					  q->cgroup, &group))
				return false;
		} else if (request_take(p, "context")) {
			if (!request_text(p, false, "a context", q->context,
					  sizeof(q->context)))
				return false;
		} else if (request_take(p, "untrusted")) {
			q->flags |= EWX_QUERY_NO_EXE_PATH;
		} else {
			return request_absolute(p, q->exe, &where,
						q->flags &
							EWX_QUERY_NO_EXE_PATH) &&
			       request_absolute(p, q->cgroup, &group, false);
		}
	}
}

/* One part of a raw identity; @found says whether there was one. */
static bool raw_part(struct request_parser *p, bool *found)
{
	struct ewx_query *q = p->q;
	__u32 n;

	*found = true;
	if (request_take(p, "signer")) {
		q->flags |= EWX_QUERY_HAS_SIGNER;
		return request_digest(p, q->signer);
	}
	if (request_take(p, "measurement"))
		return request_digest(p, q->measurement);
	if (request_take(p, "product")) {
		if (!request_number32(p, 0xffff, "a product", &n))
			return false;
		q->product = (__u16)n;
		return true;
	}
	if (request_take(p, "svn")) {
		if (!request_number32(p, 0xffff, "a security version", &n))
			return false;
		q->svn = (__u16)n;
		return true;
	}
	*found = false;
	return true;
}

static bool for_identity(struct request_parser *p)
{
	struct ewx_query *q = p->q;
	bool found;

	if (request_is(p, "any"))
		return request_fail(
			p,
			"a request is about one enclave: leave \"for\" out before its identity is known");
	if (request_take(p, "unlisted")) {
		q->identity_kind = EWX_IDENTITY_UNLISTED;
		return true;
	}
	if (!raw_part(p, &found))
		return false;
	if (!found) {
		q->identity_kind = EWX_IDENTITY_NAMED;
		return request_text(p, true, "an identity", q->identity,
				    sizeof(q->identity));
	}
	q->identity_kind = EWX_IDENTITY_RAW;
	while (found) {
		if (!raw_part(p, &found))
			return false;
	}
	return true;
}

static bool using_pages(struct request_parser *p)
{
	__u32 taken = 0;

	for (;;) {
		int bit = permission(p, taken);

		if (bit < 0 || !request_number(p, ~0ULL, "a number of pages",
					       &p->q->uses[bit]))
			return false;
		taken |= 1U << bit;
		if (p->kind != REQUEST_COMMA)
			return true;
		request_advance(p);
	}
}

static bool foreign(struct request_parser *p)
{
	p->q->flags |= EWX_QUERY_FOREIGN;
	return true;
}

static bool at_time(struct request_parser *p)
{
	return request_time(p, &p->q->now);
}

static bool attributes(struct request_parser *p)
{
	return request_number32(p, ~0U, "a word of attributes",
				&p->q->attributes);
}

static bool xfrm(struct request_parser *p)
{
	return request_number(p, ~0ULL, "a word of XFRM", &p->q->xfrm);
}

static const struct {
	const char *word;
	enum clause clause;
	bool (*parse)(struct request_parser *p);
} clauses[] = {
	{ "in", CLAUSE_SUBJECT, in_domain },
	{ "as", CLAUSE_SUBJECT, as_process },
	{ "for", CLAUSE_IDENTITY, for_identity },
	{ "foreign", CLAUSE_FOREIGN, foreign },
	{ "at", CLAUSE_AT, at_time },
	{ "using", CLAUSE_USING, using_pages },
	{ "attributes", CLAUSE_ATTRIBUTES, attributes },
	{ "xfrm", CLAUSE_XFRM, xfrm },
};

#define CLAUSE_COUNT (sizeof(clauses) / sizeof(clauses[0]))

static size_t clause_here(const struct request_parser *p)
{
	size_t i;

	for (i = 0; i < CLAUSE_COUNT; i++) {
		if (request_is(p, clauses[i].word))
			break;
	}
	return i;
}

bool request_at_clause(const struct request_parser *p)
{
	return clause_here(p) < CLAUSE_COUNT;
}

/*
 * Whether a prefix starts here. "create", "init" and others are both a
 * permission and an operation: as a permission something follows it that
 * belongs to a prefix.
 */
static bool prefix_here(const struct request_parser *p)
{
	if (p->kind == REQUEST_COLON || clause_here(p) < CLAUSE_COUNT)
		return true;
	return listed(p) && (p->unknown || is_permission(p));
}

static bool prefix(struct request_parser *p)
{
	size_t i;

	if (p->kind != REQUEST_COLON && clause_here(p) == CLAUSE_COUNT &&
	    !permissions(p))
		return false;
	for (;;) {
		i = clause_here(p);
		if (i == CLAUSE_COUNT)
			break;
		if (p->clauses & clauses[i].clause)
			return request_fail(p, "a request says this once");
		p->clauses |= clauses[i].clause;
		request_advance(p);
		if (!clauses[i].parse(p))
			return false;
	}
	if (p->kind != REQUEST_COLON)
		return request_fail(
			p, "here stands a clause, or : and the operation");
	request_advance(p);
	return true;
}

int ewx_request_parse_listed(const char *text, size_t len, struct ewx_query *q,
			     struct ewx_request_error *err,
			     void (*unknown)(void *arg, size_t offset,
					     size_t length),
			     void *arg)
{
	struct request_parser p;

	ewx_request_init(q);
	request_start(&p, text, len, q, err);
	p.unknown = unknown;
	p.arg = arg;
	if (!p.failed && prefix_here(&p))
		prefix(&p);
	if (!p.failed)
		request_operation(&p);
	if (!p.failed && p.kind != REQUEST_END)
		request_fail(&p, "the operation has no such property");
	if (q->subject == EWX_SUBJECT_NONE) {
		q->subject = EWX_SUBJECT_DOMAIN;
		strcpy(q->domain, "default");
	}
	return p.failed ? -1 : 0;
}

int ewx_request_parse(const char *text, size_t len, struct ewx_query *q,
		      struct ewx_request_error *err)
{
	return ewx_request_parse_listed(text, len, q, err, NULL, NULL);
}

int ewx_request_subject(const char *text, size_t len, struct ewx_query *q,
			struct ewx_request_error *err)
{
	struct request_parser p;

	ewx_request_init(q);
	request_start(&p, text, len, q, err);
	if (!p.failed)
		as_process(&p);
	if (!p.failed && p.kind != REQUEST_END)
		request_fail(
			&p,
			"a process is described by exe, uid, gid, cgroup, context and untrusted");
	return p.failed ? -1 : 0;
}

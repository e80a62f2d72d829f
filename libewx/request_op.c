// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reading requests: the operation and what it says of the page. Page facts are
 * made by the functions of security/enclave/facts.h, as the kernel makes them.
 */
#include <string.h>

#include <ewx/words.h>
#include "request_parse.h"

/* What an operation's words say of a page, before facts are made of it. */
struct page_words {
	__u32 intent;
	enum enclave_origin origin;
	bool is_mutable;
	bool measured;
	bool unmeasured;
	__u32 history;
	bool exact;
	__u32 facts;
};

static bool prot(struct request_parser *p, __u32 *access)
{
	const char *s = p->text + p->start;

	*access = 0;
	if (request_take(p, "none"))
		return true;
	if (p->kind != REQUEST_WORD)
		return request_fail(
			p, "here stand permissions: letters of rwx, or none");
	for (size_t i = 0; i < p->size; i++) {
		__u32 bit = s[i] == 'r' ? ENCLAVE_R :
			    s[i] == 'w' ? ENCLAVE_W :
			    s[i] == 'x' ? ENCLAVE_X :
					  0;

		if (!bit || (*access & bit))
			return request_fail(
				p, "permissions are letters of rwx, or none");
		*access |= bit;
	}
	request_advance(p);
	return true;
}

/* Words that every operation may end with. */
static bool common(struct request_parser *p, struct page_words *w, bool *found)
{
	*found = true;
	if (request_take(p, "before-init")) {
		p->q->flags &= ~EWX_QUERY_INITIALIZED;
	} else if (request_take(p, "after-init")) {
		p->q->flags |= EWX_QUERY_INITIALIZED;
	} else if (request_take(p, "facts")) {
		w->exact = true;
		return request_number32(p, ENCLAVE_FACT_ALL, "a word of facts",
					&w->facts);
	} else {
		*found = false;
	}
	return true;
}

static bool measured(struct request_parser *p, struct page_words *w)
{
	if (request_take(p, "measured"))
		w->measured = true;
	else if (request_take(p, "unmeasured"))
		w->unmeasured = true;
	else
		return false;
	if (w->measured && w->unmeasured)
		return request_fail(p, "a page is measured or it is not");
	return true;
}

/* A property of a source that is a word alone. */
static bool source_word(struct request_parser *p, struct page_words *w)
{
	if (request_take(p, "read-only"))
		p->q->flags |= EWX_QUERY_READ_ONLY;
	else if (request_take(p, "untrusted"))
		p->q->flags |= EWX_QUERY_NO_PATH;
	else if (request_take(p, "mapped-exec"))
		p->q->flags |= EWX_QUERY_MAPPED_EXEC;
	else if (request_take(p, "mutable"))
		w->is_mutable = true;
	else if (request_take(p, "modified"))
		w->origin = ENCLAVE_ORIGIN_MODIFIED;
	else
		return false;
	return true;
}

/* What stands behind fs-verity and dm-verity: "signature", a digest, both. */
static bool verity(struct request_parser *p, bool *found)
{
	struct ewx_query *q = p->q;

	*found = true;
	if (request_take(p, "fs-verity")) {
		q->flags |= EWX_QUERY_FS_VERITY;
		if (request_take(p, "signature"))
			q->flags |= EWX_QUERY_FS_SIGNED;
		if (!request_is(p, "sha256"))
			return true;
		q->flags |= EWX_QUERY_FS_DIGEST;
		return request_digest(p, q->fs_verity);
	}
	if (request_take(p, "dm-verity")) {
		q->flags |= EWX_QUERY_DM_VERITY;
		if (!request_is(p, "sha256"))
			return true;
		q->flags |= EWX_QUERY_DM_DIGEST;
		return request_digest(p, q->dm_verity);
	}
	*found = false;
	return true;
}

static bool source_property(struct request_parser *p, struct page_words *w,
			    bool file, bool *found)
{
	*found = true;
	if (measured(p, w) || p->failed)
		return !p->failed;
	if (request_is(p, "mapped-exec") || file) {
		if (source_word(p, w))
			return true;
	}
	if (file && request_take(p, "owner"))
		return request_number32(p, EWX_REQUEST_UNSAID - 1, "an owner",
					&p->q->owner);
	if (file && request_take(p, "fs"))
		return request_text(p, true, "a filesystem's type", p->q->fs,
				    sizeof(p->q->fs));
	*found = false;
	return !file || verity(p, found);
}

static bool source(struct request_parser *p, struct page_words *w)
{
	struct request_parser where = { 0 };
	bool file, found = true;

	file = request_take(p, "file");
	if (file) {
		w->origin = ENCLAVE_ORIGIN_FILE;
		if (p->kind == REQUEST_STRING &&
		    !request_path(p, "a path", p->q->path, &where))
			return false;
	} else if (request_take(p, "anon")) {
		w->origin = ENCLAVE_ORIGIN_ANON;
	} else {
		return request_fail(p, "here stands file \"PATH\" or anon");
	}
	while (found) {
		if (!source_property(p, w, file, &found))
			return false;
		if (!found && !common(p, w, &found))
			return false;
	}
	return request_absolute(p, p->q->path, &where,
				p->q->flags & EWX_QUERY_NO_PATH);
}

static const struct {
	const char *word;
	__u32 fact;
} history_words[] = {
	{ "ever-w", ENCLAVE_FACT_EVER_W },
	{ "ever-x", ENCLAVE_FACT_EVER_X },
	{ "ever-wx",
	  ENCLAVE_FACT_EVER_WX | ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_EVER_X },
	{ "rewritten", ENCLAVE_FACT_REWRITTEN },
	{ "debug-written", ENCLAVE_FACT_DEBUG_WRITTEN },
};

static bool history(struct request_parser *p, struct page_words *w)
{
	for (size_t i = 0; i < sizeof(history_words) / sizeof(history_words[0]);
	     i++) {
		if (request_take(p, history_words[i].word)) {
			w->history |= history_words[i].fact;
			return true;
		}
	}
	return false;
}

static bool origin(struct request_parser *p, struct page_words *w)
{
	if (request_take(p, "file"))
		w->origin = ENCLAVE_ORIGIN_FILE;
	else if (request_take(p, "modified"))
		w->origin = ENCLAVE_ORIGIN_MODIFIED;
	else if (request_take(p, "anon"))
		w->origin = ENCLAVE_ORIGIN_ANON;
	else if (request_take(p, "dynamic"))
		w->origin = ENCLAVE_ORIGIN_DYNAMIC;
	else
		return request_fail(
			p,
			"here stands file, modified, anon or dynamic: where the page came from");
	return true;
}

static bool page(struct request_parser *p, struct page_words *w)
{
	bool found = true, hole = request_is(p, "hole");

	if (hole) {
		request_advance(p);
		w->exact = true;
	} else if (!request_take(p, "page")) {
		return request_fail(
			p, "here stands the page: page PROT ORIGIN, or hole");
	} else if (!prot(p, &w->intent) || !origin(p, w)) {
		return false;
	}
	while (found) {
		if (!common(p, w, &found))
			return false;
		if (found || hole)
			continue;
		found = true;
		if (request_take(p, "mutable"))
			w->is_mutable = true;
		else
			found = measured(p, w) || history(p, w);
		if (p->failed)
			return false;
	}
	return true;
}

static __u32 make_facts(const struct page_words *w)
{
	__u32 facts;

	if (w->exact)
		return w->facts;
	if (w->origin == ENCLAVE_ORIGIN_DYNAMIC)
		facts = enclave_facts_dynamic(w->intent);
	else
		facts = enclave_facts_load(w->origin, w->intent, w->is_mutable,
					   !w->unmeasured);
	return facts | w->history;
}

static bool attribute_words(struct request_parser *p, struct page_words *w)
{
	bool found = true;

	while (found) {
		if (request_take(p, "debug"))
			p->q->attributes |= EWX_REQUEST_ATTR_DEBUG;
		else if (request_take(p, "provision"))
			p->q->attributes |= EWX_REQUEST_ATTR_PROVISION;
		else if (!common(p, w, &found))
			return false;
	}
	return true;
}

/* "debug" alone asks for that one permission, when an enclave is created. */
static bool debug_alone(struct request_parser *p)
{
	p->q->op = ENCLAVE_OP_CREATE;
	p->q->attributes |= EWX_REQUEST_ATTR_DEBUG;
	if (!p->q->required)
		p->q->required = ENCLAVE_PERM_DEBUG;
	return true;
}

/* What is here instead of an operation may be what belongs in front of the ":". */
static bool no_operation(struct request_parser *p)
{
	const char *word = p->text + p->start;
	bool before = p->kind == REQUEST_WORD &&
		      (request_at_clause(p) ||
		       ewx_name_find(EWX_NAMES_PERMISSION, word, p->size) >= 0);

	if (before)
		return request_fail(
			p,
			"this stands in front of the \":\", and the operation behind it");
	return request_fail(
		p,
		"here stands an operation: load, add, mmap, mprotect, fault, create, init, ...");
}

bool request_operation(struct request_parser *p)
{
	struct ewx_query *q = p->q;
	struct page_words w = { .origin = ENCLAVE_ORIGIN_ANON };
	bool found = true;
	int op;

	if (request_take(p, "debug"))
		return debug_alone(p);
	op = p->kind == REQUEST_WORD ?
		     ewx_name_find(EWX_NAMES_OP, p->text + p->start, p->size) :
		     -1;
	if (op < 0)
		return no_operation(p);
	q->op = (__u32)op;
	if (ewx_request_initialized(q->op))
		q->flags |= EWX_QUERY_INITIALIZED;
	request_advance(p);
	if (ewx_request_takes_access(q->op) && !prot(p, &q->access))
		return false;
	w.intent = q->access;
	if (q->op == ENCLAVE_OP_LOAD)
		source(p, &w);
	else if (ewx_request_takes_page(q->op))
		page(p, &w);
	else if (q->op == ENCLAVE_OP_CREATE || q->op == ENCLAVE_OP_INIT)
		attribute_words(p, &w);
	else
		while (found && common(p, &w, &found))
			;
	if (p->failed)
		return false;
	if (q->op == ENCLAVE_OP_ADD)
		w.origin = ENCLAVE_ORIGIN_DYNAMIC;
	else if (!ewx_request_takes_access(q->op) &&
		 !ewx_request_takes_page(q->op))
		w.exact = true;
	q->facts = make_facts(&w);
	return true;
}

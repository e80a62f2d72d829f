/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Inside of the request parser: the reader of words (request_lex.c), the
 * clauses before the colon (request.c) and the operation (request_op.c).
 */
#ifndef _LIBEWX_REQUEST_PARSE_H
#define _LIBEWX_REQUEST_PARSE_H

#include "request.h"
#include "../security/enclave/facts.h"

enum request_token {
	REQUEST_END,
	REQUEST_WORD,
	REQUEST_STRING,
	REQUEST_COMMA,
	REQUEST_COLON,
	REQUEST_BAD,
};

/**
 * struct request_parser - state of one call.
 * @text, @len: the request; @next: offset after the current token
 * @kind, @start, @size: the current token
 * @q: being filled; @err: of the first error; @failed: there was one
 * @clauses: which clauses were seen
 * @unknown: told of each word that is no permission, which is then left out; or NULL
 */
struct request_parser {
	const char *text;
	size_t len;
	size_t next;
	enum request_token kind;
	size_t start;
	size_t size;
	struct ewx_query *q;
	struct ewx_request_error *err;
	bool failed;
	__u32 clauses;
	void (*unknown)(void *arg, size_t offset, size_t length);
	void *arg;
};

/** request_start() - stand on the first token. */
void request_start(struct request_parser *p, const char *text, size_t len,
		   struct ewx_query *q, struct ewx_request_error *err);

/** request_advance() - go to the next token. */
void request_advance(struct request_parser *p);

/** request_fail() - note an error at the current token, unless there is one. */
bool request_fail(struct request_parser *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** request_is() - the current token is the word @word. */
bool request_is(const struct request_parser *p, const char *word);

/** request_take() - if the current token is the word @word, go past it. */
bool request_take(struct request_parser *p, const char *word);

/** request_number() - a decimal or 0x number up to @max. */
bool request_number(struct request_parser *p, __u64 max, const char *what,
		    __u64 *value);

/** request_number32() - a number up to @max, into 32 bits. */
bool request_number32(struct request_parser *p, __u32 max, const char *what,
		      __u32 *value);

/** request_text() - a string (or a word, if @word) into @out of @size bytes. */
bool request_text(struct request_parser *p, bool word, const char *what,
		  char *out, size_t size);

/**
 * request_path() - a path in quotes, EWX_QUERY_PATH_MAX bytes.
 * @where: remembers the place
 */
bool request_path(struct request_parser *p, const char *what, char *out,
		  struct request_parser *where);

/**
 * request_absolute() - that path starts with /. One that is untrusted need not:
 * the kernel shows such names, and they match nothing.
 * @where: as request_path() left it; zeroed: there was no path
 */
bool request_absolute(struct request_parser *p, const char *path,
		      const struct request_parser *where, bool untrusted);

/** request_digest() - "sha256:" and 64 hexadecimal digits. */
bool request_digest(struct request_parser *p, __u8 out[32]);

/** request_time() - seconds, a date, or a date and time in UTC. */
bool request_time(struct request_parser *p, __u64 *seconds);

/** request_at_clause() - the current token begins a clause of the prefix. */
bool request_at_clause(const struct request_parser *p);

/** request_operation() - everything after the colon. */
bool request_operation(struct request_parser *p);

#endif /* _LIBEWX_REQUEST_PARSE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of an audit record, of bounded length.
 *
 * Owns: how a value is encoded, how long it may be, what is left of a longer one.
 * Knows no fields.
 */
#ifndef _SECURITY_EWX_AUDIT_TEXT_H
#define _SECURITY_EWX_AUDIT_TEXT_H

#include <linux/audit.h>
#include <linux/types.h>

/*
 * Bytes of a record: what a message holds, less the stamp before it, "audit(", 20
 * digits, ".", 3 digits, ":", 10 digits, "): ". auditd takes a little more, and
 * writes its own words before and after it.
 */
#define EWX_TEXT_MAX		(AUDIT_MESSAGE_TEXT_MAX - 44)

/* Bytes of one value, encoded; of a context, which policies can name. */
#define EWX_TEXT_VALUE		600
#define EWX_TEXT_CONTEXT	1026

/**
 * struct ewx_text - a record that is being written, or only measured.
 * @ab: NULL: it is measured
 * @len: bytes so far
 * @names: room for both names, path and exe, together; 0: not known yet, they are
 *      not measured
 * @shortened: a value has "..." for its middle
 * @context: see @context_len
 * @context_len: of the process; it need not end with a zero byte
 */
struct ewx_text {
	struct audit_buffer *ab;
	size_t len;
	size_t names;
	bool shortened;
	const char *context;
	size_t context_len;
};

/** ewx_text_put() - text that needs no encoding. */
__printf(2, 3)
void ewx_text_put(struct ewx_text *t, const char *fmt, ...);

/**
 * ewx_text_string() - text of others: in quotes, or in hexadecimal.
 * @t: where it goes
 * @len: bytes of the string
 * @text: "" or NULL: there is none
 * @room: bytes that it may take, 64 at least
 */
void ewx_text_string(struct ewx_text *t, const char *text, size_t len,
		     size_t room);

/**
 * ewx_text_name() - one of the two names.
 * @t: where it goes
 * @text: the name
 * @other: the other one, or NULL; each has what the other leaves, or half
 */
void ewx_text_name(struct ewx_text *t, const char *text, const char *other);

/** ewx_text_context() - the context, as it is if that is one word and not hexadecimal. */
void ewx_text_context(struct ewx_text *t);

/**
 * ewx_text_measured() - all but the names was measured: next it is written.
 * @t: where it goes
 * @ab: the audit record
 * @path: see @exe
 * @exe: the names, or NULL
 */
void ewx_text_measured(struct ewx_text *t, struct audit_buffer *ab,
		       const char *path, const char *exe);

#endif /* _SECURITY_EWX_AUDIT_TEXT_H */

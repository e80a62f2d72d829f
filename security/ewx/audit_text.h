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

/* Bytes that are collected before audit is given them: more than most records have. */
#define EWX_TEXT_PIECE		2000

/**
 * struct ewx_text - a record that is being written, or only measured.
 * @ab: where it goes; NULL: nowhere
 * @piece: bytes that are not there yet
 * @room: bytes that @piece has room for
 * @held: bytes in @piece
 * @first: see @last
 * @last: where in @piece the last quote is, and the first; 0: there is none
 * @tried: the first attempt: all has to fit into @piece
 * @left_out: it did not
 * @len: bytes so far
 * @named: bytes of these that are path and exe
 * @names: room for both, together
 * @shortened: a value has "..." for its middle
 * @context: see @context_len
 * @context_len: of the process; it need not end with a zero byte
 */
struct ewx_text {
	struct audit_buffer *ab;
	char *piece;
	size_t room;
	size_t held;
	size_t first;
	size_t last;
	bool tried;
	bool left_out;
	size_t len;
	size_t named;
	size_t names;
	bool shortened;
	const char *context;
	size_t context_len;
};

/**
 * ewx_text_begin() - begin a record, of which it is not known whether it is short.
 * @t: the record; all but @piece and @context is zero
 *
 * It is put together in @piece, where both names have all the room there is.
 */
void ewx_text_begin(struct ewx_text *t);

/**
 * ewx_text_fits() - was it short, and is it the record?
 * @t: the record, put together once
 *
 * Return: true: it is. false: it has to be put together again, now with a value that
 * says that something was shortened, and with what is left for the names.
 */
bool ewx_text_fits(const struct ewx_text *t);

/**
 * ewx_text_again() - begin a long record once more.
 * @t: the record, all of which but path and exe has the length that it will have
 * @ab: where it goes
 * @path: see @exe
 * @exe: the names, or NULL
 */
void ewx_text_again(struct ewx_text *t, struct audit_buffer *ab,
		    const char *path, const char *exe);

/** ewx_text_flush() - give audit what is collected. */
void ewx_text_flush(struct ewx_text *t);

/** ewx_text_bytes() - text that needs no encoding. */
void ewx_text_bytes(struct ewx_text *t, const char *text, size_t len);

/** ewx_text_number() - in decimal. */
void ewx_text_number(struct ewx_text *t, u64 n);

/** ewx_text_hex() - in hexadecimal, with @digits digits at least. */
void ewx_text_hex(struct ewx_text *t, u64 n, unsigned int digits);

/** ewx_text_digest() - bytes in hexadecimal. */
void ewx_text_digest(struct ewx_text *t, const u8 *bytes, size_t count);

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

#endif /* _SECURITY_EWX_AUDIT_TEXT_H */

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading audit records: the lines in which EWX says what it decided, which
 * enclaves started, and what was changed.
 *
 * Owns: one line of text to fields, by the table of ewx_audit.h, and fields to
 * the request that was judged. Knows no policy and reads no log files.
 */
#ifndef _LIBEWX_RECORD_H
#define _LIBEWX_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <uapi/linux/ewx_audit.h>
#include <uapi/linux/ewx_query.h>
#include <ewx/query.h>
#include <ewx/record.h>

/**
 * struct ewx_record - a record that was read.
 * @type: which fields it has
 * @text: each field's value, untrusted strings decoded; "" if the field is
 *      absent or "?". Bytes of others: print with ewx_print_safe().
 * @number: of number fields, else 0; at most INT64_MAX, whatever @text says
 * @present: which fields stand in the line, "?" included
 * @unknown: how many fields stand there that this version does not know
 * @cut: the line ends before the record does; its last field may not be whole
 * @last: the last field that stands there
 * @damaged: a field whose value is not one that the kernel writes: none at all (audit
 *      drops one if it has no memory for it), or a number below 0 where there is none;
 *      it is taken as absent. EWX_RECORD_COUNT: all are whole
 * @seconds, @millis, @serial: the audit stamp, 0 if there is none
 * @storage: holds @text
 */
struct ewx_record {
	enum ewx_record_type type;
	const char *text[EWX_RECORD_COUNT];
	__s64 number[EWX_RECORD_COUNT];
	bool present[EWX_RECORD_COUNT];
	unsigned int unknown;
	bool cut;
	enum ewx_record_field last;
	enum ewx_record_field damaged;
	__u64 seconds;
	unsigned int millis;
	__u64 serial;
	char *storage;
};

/** ewx_record_complain() - for the parts of the reader. Return: -1. */
int ewx_record_complain(char *error, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** ewx_record_type_name() - "access", "enclave", "load" or "mode". */
const char *ewx_record_type_name(enum ewx_record_type type);

/**
 * ewx_record_read() - read one line of a log: auditd's own, ausearch's output, the
 * kernel's log as dmesg, the console, a system log or the journal show it.
 *
 * The record must stand at the line's beginning, behind nothing but what these write
 * before it: what processes write into a log is not taken for a record. (Whoever may
 * name himself "kernel" in a system log can still write one.)
 * Return: 0, or -1 and @error filled; then @r->type is EWX_RECORD_TYPE_COUNT if the
 * line does not claim to be a record of EWX.
 */
int ewx_record_read(const char *line, size_t len, struct ewx_record *r,
		    char *error);

/**
 * ewx_record_parse() - read one access record that somebody gave by itself: a line
 * as for ewx_record_read(), or its fields alone, perhaps behind a stamp.
 * @error: EWX_RECORD_ERROR_MAX bytes
 * Return: 0 (then ewx_record_free() later), or -1 and @error filled.
 */
int ewx_record_parse(const char *line, size_t len, struct ewx_record *r,
		     char *error);
void ewx_record_free(struct ewx_record *r);

/**
 * ewx_record_op() - enum enclave_op of the record, ENCLAVE_OP_NONE if unknown.
 */
__u32 ewx_record_op(const struct ewx_record *r);

/**
 * ewx_record_proof() - read the value of fsverity or dmverity; "": no verity.
 * @words: EWX_QUERY_*: there is verity, it has a digest, it is signed
 * @flags: those that apply are added
 * Return: false if it is no such value.
 */
bool ewx_record_proof(const char *text, const __u32 words[3], __u32 *flags,
		      __u8 digest[32]);

#endif /* _LIBEWX_RECORD_H */

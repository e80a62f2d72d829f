/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where in a line a record begins: what the reader of records (record.c) asks.
 */
#ifndef _LIBEWX_RECORD_HEAD_H
#define _LIBEWX_RECORD_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/**
 * struct ewx_record_head - what stands before the fields.
 * @fields: the first of them, in the line
 * @type, @type_len: its type as it is written, in the line
 * @seconds, @millis, @serial: the audit stamp, 0 if there is none
 */
struct ewx_record_head {
	const char *fields;
	const char *type;
	size_t type_len;
	__u64 seconds;
	unsigned int millis;
	__u64 serial;
};

/**
 * ewx_record_head() - read what stands before the fields of any audit record.
 * Return: false: no form of a log, or one without a type; then @h->fields is
 * behind a stamp with which the line begins, or its beginning.
 */
bool ewx_record_head(const char *line, size_t len, struct ewx_record_head *h);

#endif /* _LIBEWX_RECORD_HEAD_H */

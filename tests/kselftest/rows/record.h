/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EWX's audit records as they come, for tests and replays.
 */
#ifndef _ROWS_RECORD_H
#define _ROWS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** records_begin() - listen from now on. Every test that reads records first. */
int records_begin(void);

/**
 * record_wait() - wait for a record of this process (or @pid) with that cause.
 * @cause: value of the field; NULL: any
 * Return: the record's text (static), or NULL after ten seconds without it.
 */
const char *record_wait(const char *cause);
const char *record_wait_pid(const char *cause, pid_t pid);

/** record_wait_load() - wait for the record of a policy load, likewise. */
const char *record_wait_load(void);

/** record_field() - copy a field's value. Return: false if it is not there. */
bool record_field(const char *record, const char *field, char *value,
		  size_t size);

/** record_is() - a field has that value. */
bool record_is(const char *record, const char *field, const char *value);

#endif /* _ROWS_RECORD_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of explain share: requests (cmd_explain.c), decisions
 * (explain_record.c) and other records (explain_other.c).
 */
#ifndef _EWX_TOOL_EXPLAIN_H
#define _EWX_TOOL_EXPLAIN_H

#include "tool.h"

/** label() - the word at the left of a line. */
void label(const struct tool *t, const char *name);

/**
 * explain_record() - one record, and its replay.
 * @a: whom to ask, NULL: nobody
 * Return: EXIT_OK once it is explained, whatever was decided; EXIT_FAIL.
 */
int explain_record(struct tool *t, const struct ewx_record *r,
		   struct answer *a);

/** explain_other() - a record that is no decision. Return: EXIT_OK. */
int explain_other(struct tool *t, const struct ewx_record *r);

#endif /* _EWX_TOOL_EXPLAIN_H */

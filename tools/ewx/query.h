/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What query and explain share: requests from the command line and the verdict
 * line.
 */
#ifndef _EWX_TOOL_QUERY_H
#define _EWX_TOOL_QUERY_H

#include "tool.h"

/** join_words() - the arguments with blanks between; malloc()ed, or NULL. */
char *join_words(int argc, char **argv);

/** read_request() - parse; errors are said. Return: EXIT_OK or EXIT_USAGE. */
int read_request(const struct tool *t, const char *text, struct ewx_query *q);

/** show_verdict() - the one line. */
void show_verdict(const struct tool *t, const struct answer *a);

/** verdict_exit() - the exit code of a verdict. */
int verdict_exit(const struct ewx_reply *r);

#endif /* _EWX_TOOL_QUERY_H */

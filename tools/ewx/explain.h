/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of explain share: requests (cmd_explain.c), decisions
 * (explain_record.c), their replay (explain_replay.c) and other records
 * (explain_other.c).
 */
#ifndef _EWX_TOOL_EXPLAIN_H
#define _EWX_TOOL_EXPLAIN_H

#include "tool.h"

/**
 * struct explain_policy - a policy that may have decided.
 * @path: of its file, owned
 * @digest: SHA-256 in hexadecimal
 */
struct explain_policy {
	char *path;
	char digest[65];
};

/**
 * struct explain - whom to ask about records.
 * @now: --policy or --live; NULL: nobody; @now_digest: of its policy, "" if that is
 *      not known
 * @kept, @kept_count: the policies of --recorded
 * @then: the one that decided the last record; valid if @then_digest is its
 *      digest, which is "" at first
 */
struct explain {
	struct answer *now;
	char now_digest[65];
	struct explain_policy *kept;
	size_t kept_count;
	struct answer then;
	char then_digest[65];
};

/** label() - the word at the left of a line. */
void label(const struct tool *t, const char *name);

/**
 * explain_record() - one record, and its replay.
 * Return: EXIT_OK once it is explained, whatever was decided; EXIT_FAIL.
 */
int explain_record(struct tool *t, const struct ewx_record *r,
		   struct explain *x);

/** explain_other() - a record that is no decision. Return: EXIT_OK. */
int explain_other(struct tool *t, const struct ewx_record *r);

/**
 * explain_keep() - look at the policies of --recorded: a binary one, or a folder
 * with such. Return: 0 or -1 (said).
 */
int explain_keep(struct tool *t, struct explain *x);
void explain_close(struct explain *x);

/** explain_digest() - SHA-256 of a policy, as records have it: without signature. */
void explain_digest(char hex[65], const struct policy *policy);

/**
 * explain_has_line() - whether @file:@line, of which a record speaks, is a line of a
 * policy that was given to explain. What a record names is not opened otherwise:
 * whoever wrote it could name a device, or a pipe.
 */
bool explain_has_line(struct tool *t, struct explain *x,
		      const struct ewx_record *r, const char *file, __u32 line);

/**
 * explain_replay() - put the recorded request @q to the policy that decided, and
 * to the one at hand. Return: EXIT_OK, EXIT_FAIL (said).
 */
int explain_replay(struct tool *t, struct explain *x,
		   const struct ewx_record *r, struct ewx_query *q);

/** explain_replay_json() - the same, as members of @all. */
int explain_replay_json(struct tool *t, struct explain *x,
			const struct ewx_record *r, struct ewx_query *q,
			json_t *all);

#endif /* _EWX_TOOL_EXPLAIN_H */

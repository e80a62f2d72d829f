/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: requests and answers as the kernel has them, struct ewx_query and struct
 * ewx_reply of <linux/ewx_query.h>.
 *
 * Owns: the way between that form and what <ewx/judge.h> has. For programs that ask
 * the node ewx/query of securityfs as well, or want all of an answer; others need
 * this header not. What it says there holds here.
 */
#ifndef _EWX_QUERY_H
#define _EWX_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <ewx/judge.h>

struct ewx_query;
struct ewx_record;
struct ewx_reply;

/** A uid, gid or owner that a request does not state. */
#define EWX_REQUEST_UNSAID 0xffffffffu

/**
 * ewx_request_parse() - read a request.
 * @text: @len bytes in the grammar of ewx(8); blanks and comments between words do
 *	not matter
 * @q: all of it is written
 * @error: filled on failure
 * Return: 0, or -1: it is none.
 */
int ewx_request_parse(const char *text, size_t len, struct ewx_query *q,
		      struct ewx_request_error *error);

/** ewx_request_print() - write @q as text, from which the same is read. */
void ewx_request_print(FILE *out, const struct ewx_query *q);

/** ewx_request_query() - what a request says; lives as long as @r. */
const struct ewx_query *ewx_request_query(const struct ewx_request *r);

/**
 * ewx_record_query() - as ewx_record_request() of <ewx/record.h>.
 * @q: all of it is written on success
 * Return: 0, or -1 and @error filled.
 */
int ewx_record_query(const struct ewx_record *r, bool by_domain,
		     struct ewx_query *q, char *error);

/**
 * ewx_judge_answer() - answer a request as the kernel would, under that policy.
 * @now: seconds since the epoch, if @q->now is 0
 * @reply: filled on success
 * Return: 0; EINVAL: @q is malformed; ENOENT: as ewx_judge_ask() has it; ENOMEM.
 */
int ewx_judge_answer(const struct ewx_judge *j, const struct ewx_query *q,
		     uint64_t now, struct ewx_reply *reply);

/** For ewx_reply_decision(): of the permission that the verdict is about. */
#define EWX_REPLY_VERDICT (-1)

/**
 * ewx_reply_decision() - what an answer says in words, and where that stands.
 * @j: the policy that decided; NULL: it is not at hand, and no domain or place known
 * @permission: enum enclave_permission_bit, one of @r->required; what the decision
 *	has of a permission is of this one. Or EWX_REPLY_VERDICT
 */
void ewx_reply_decision(const struct ewx_reply *r, const struct ewx_judge *j,
			int permission, struct ewx_decision *d);

#endif /* _EWX_QUERY_H */

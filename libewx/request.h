/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The request grammar: one way to write down a question to a policy, shared
 * by "ewx query", "ewx explain", the verdict vectors and "expect" statements.
 *
 * Owns: text to struct ewx_query and back. Knows no policy: names are not
 * resolved here.
 *
 *   request   = [ prefix ":" ] operation
 *   prefix    = [ PERM { "," PERM } ] { clause }
 *   clause    = "in" NAME
 *             | "as" { "exe" STRING | "uid" N | "gid" N | "cgroup" STRING
 *                    | "untrusted" }
 *             | "for" ( NAME | "unlisted" | identity { identity } )
 *             | "foreign" | "at" TIME | "using" PERM N { "," PERM N }
 *             | "attributes" N | "xfrm" N
 *   identity  = "signer" DIGEST | "measurement" DIGEST | "product" N | "svn" N
 *   operation = "load" PROT ( "file" [ STRING ] | "anon" ) { property }
 *             | "add" PROT
 *             | ( "mmap" | "mprotect" | "fault" | "restrict" | "access" )
 *               PROT page
 *             | ( "type" | "remove" ) page
 *             | ( "create" | "init" ) { "debug" | "provision" }
 *             | "debug" | "provision" | "vepc"
 *   property  = "owner" N | "fs" NAME | "read-only" | "mutable" | "modified"
 *             | "fs-verity" [ "signature" ] [ DIGEST ] | "dm-verity" [ DIGEST ]
 *             | "untrusted" | "mapped-exec" | "measured" | "unmeasured"
 *   page      = "hole" | "page" PROT origin { fact }
 *   origin    = "file" | "modified" | "anon" | "dynamic"
 *   fact      = "mutable" | "measured" | "unmeasured" | "ever-w" | "ever-x"
 *             | "ever-wx" | "rewritten" | "debug-written"
 *
 * Any operation may end with "before-init" or "after-init" and with "facts N",
 * the page's facts as a record gives them. PROT is letters of "rwx", or "none".
 * TIME is seconds, a date, or date and time as 2027-03-31T23:59:59Z. What a
 * request leaves unsaid about a file or process matches no condition on it.
 */
#ifndef _LIBEWX_REQUEST_H
#define _LIBEWX_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <uapi/linux/ewx_query.h>
#include <ewx/query.h>

/* Attribute bits with words of their own: ENCLAVE_ATTR_* of the framework. */
#define EWX_REQUEST_ATTR_DEBUG 0x1u
#define EWX_REQUEST_ATTR_PROVISION 0x2u

/** ewx_request_init() - a query that states nothing (and is not valid yet). */
void ewx_request_init(struct ewx_query *q);

/**
 * ewx_request_subject() - read only what describes a process:
 * "exe STRING uid N gid N cgroup STRING context STRING untrusted", as "expect
 * domain D:" has it.
 * Return: 0, or -1 and @err filled.
 */
int ewx_request_subject(const char *text, size_t len, struct ewx_query *q,
			struct ewx_request_error *err);

/**
 * ewx_request_parse_listed() - ewx_request_parse() that goes on behind words that are
 * no permission where permissions stand.
 * @unknown: told of each, as bytes of @text; the request is then none, whatever is
 *      returned
 * Return: 0, or -1 and @err filled: something else is wrong.
 */
int ewx_request_parse_listed(const char *text, size_t len, struct ewx_query *q,
			     struct ewx_request_error *err,
			     void (*unknown)(void *arg, size_t offset,
					     size_t length),
			     void *arg);

/** ewx_request_page() - write page facts in words, without the intent. */
void ewx_request_page(FILE *out, __u32 facts);

/* Shared by the two halves, request.c and request_print.c. */

/** ewx_request_initialized() - whether @op is usually after init. */
bool ewx_request_initialized(__u32 op);

/** ewx_request_takes_page() - @op acts on a page that is there, or a hole. */
bool ewx_request_takes_page(__u32 op);

/** ewx_request_takes_access() - @op states permissions. */
bool ewx_request_takes_access(__u32 op);

#endif /* _LIBEWX_REQUEST_H */

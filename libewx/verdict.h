/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Verdicts as text: the one line that "ewx query" prints and that verdict
 * vectors expect.
 *
 * Owns: reply to line, and comparing the two. Decides nothing itself.
 *
 *   verdict = "allow" [ PERM "granted" PLACE ]
 *           | "deny" PERM REASON PLACE
 *           | "defer" [ PERM "granted" PLACE ]
 *           | "refuse" REFUSAL
 *   PLACE   = FILE:LINE of the rule that decided, else of the domain's
 *             declaration, else "-"
 */
#ifndef _LIBEWX_VERDICT_H
#define _LIBEWX_VERDICT_H

#include <stdbool.h>
#include <stdio.h>
#include <uapi/linux/ewx_query.h>

struct ewx_policy;

/**
 * struct ewx_place - where a decision stands written.
 * @file: inside the policy's blob; NULL: nowhere
 * @line: 1-based
 * @rule: it is a rule, else the domain's declaration
 */
struct ewx_place {
	const char *file;
	__u32 line;
	bool rule;
};

/** ewx_verdict_word() - "allow", "deny" or "defer"; "?" if it is none. */
const char *ewx_verdict_word(const struct ewx_reply *r);

/**
 * ewx_verdict_place() - where the decision on permission @bit stands written.
 * @p: the policy that decided, or NULL if it is not at hand
 */
struct ewx_place ewx_verdict_place(const struct ewx_policy *p,
				   const struct ewx_reply *r, __u32 bit);

/**
 * ewx_verdict_bit() - the permission that a reply is about: the first missing
 * one, else the first required; ENCLAVE_PERM_COUNT if there is none.
 */
__u32 ewx_verdict_bit(const struct ewx_reply *r);

/** ewx_verdict_print() - write the line, without its end. */
void ewx_verdict_print(FILE *out, const struct ewx_policy *p,
		       const struct ewx_reply *r);

/**
 * ewx_verdict_matches() - whether a reply is the @expected line. What the line
 * leaves out after "allow" or "defer" is not compared.
 */
bool ewx_verdict_matches(const char *expected, const struct ewx_policy *p,
			 const struct ewx_reply *r);

#endif /* _LIBEWX_VERDICT_H */

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: ask a compiled policy, offline, with the engine of the kernel; find what
 * another policy decides otherwise.
 *
 * Owns: requests and judges, both opaque. Requests are text in the grammar
 * of ewx(8). No call exits, prints where it is not told to, or keeps state; objects
 * may be used from several threads if nobody frees them meanwhile.
 */
#ifndef _EWX_JUDGE_H
#define _EWX_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** struct ewx_request - a question to a policy: who does what to which enclave. */
struct ewx_request;

/**
 * struct ewx_request_error - why a text is not a request.
 * @offset: first byte concerned; @length: bytes, 0 at the end of the text
 * @text: one sentence, no full stop
 */
struct ewx_request_error {
	size_t offset;
	size_t length;
	char text[160];
};

/**
 * ewx_request_new() - read a request, such as
 * "in tour: load rx file \"/tmp/payload.bin\" owner 0".
 * @error: filled on failure
 * Return: NULL: it is none, or (then @error->text says so) there is no memory.
 */
struct ewx_request *ewx_request_new(const char *text, size_t len,
				    struct ewx_request_error *error);

/** ewx_request_free() - @r: or NULL */
void ewx_request_free(struct ewx_request *r);

/** ewx_request_write() - write it as text, from which the same request is read. */
void ewx_request_write(const struct ewx_request *r, FILE *out);

/** struct ewx_judge - a compiled policy that answers requests. */
struct ewx_judge;

/**
 * struct ewx_judge_error - why bytes are no binary policy.
 * @text: what is wrong, static, no full stop
 * @damaged: they are none, or a bad one; else they are too many, or there is no memory
 * @section, @record, @offset: where, if @damaged: the section's name, NULL: the header;
 *	record in it, from 0; byte of all
 */
struct ewx_judge_error {
	const char *text;
	bool damaged;
	const char *section;
	uint32_t record;
	uint32_t offset;
};

/**
 * ewx_judge_new() - verify a binary policy and take a copy of it. A signature behind
 * it is not looked at.
 * @error: filled on failure
 * Return: NULL: it was refused, or there is no memory.
 */
struct ewx_judge *ewx_judge_new(const void *blob, size_t size,
				struct ewx_judge_error *error);

/** ewx_judge_free() - with it go the strings that it gave. @j: or NULL */
void ewx_judge_free(struct ewx_judge *j);

/** ewx_judge_name() - what the policy is called; lives as long as @j. */
const char *ewx_judge_name(const struct ewx_judge *j);

/** ewx_judge_version() - the number behind "version", which orders releases. */
uint64_t ewx_judge_version(const struct ewx_judge *j);

/**
 * struct ewx_decision - an answer. Strings are static, or live as long as the judge.
 * @verdict: "allow", "deny", "defer" (init will decide) or "refuse" (no policy can
 *	allow it)
 * @allowed: "allow" or "defer"
 * @permission: the first that is missing, else the first that was needed; or NULL
 * @reason: a word, such as "no_rule"; of a refusal which one; or NULL
 * @why: @reason in a sentence, no full stop; or ""
 * @domain: that the process is in
 * @file, @line: the rule that decided, else the domain's declaration; NULL: neither
 * @by_rule: it is a rule
 */
struct ewx_decision {
	const char *verdict;
	bool allowed;
	const char *permission;
	const char *reason;
	const char *why;
	const char *domain;
	const char *file;
	unsigned int line;
	bool by_rule;
};

/**
 * ewx_judge_ask() - answer a request.
 * @now: seconds since the epoch, if the request does not say "at"
 * Return: 0; ENOENT: it names a domain or an identity that the policy has not, or
 * an identity that no enclave can have; ENOMEM.
 */
int ewx_judge_ask(const struct ewx_judge *j, const struct ewx_request *r,
		  uint64_t now, struct ewx_decision *d);

/** ewx_decision_write() - write the line that "ewx query" prints, without its end. */
void ewx_decision_write(const struct ewx_decision *d, FILE *out);

/**
 * struct ewx_comparison - what a comparison came to.
 * @complete: all differences were found; else the policies tell too much apart
 * @changed: how many decisions are other ones: combinations of a process, a file, an
 *	enclave and a permission that either policy tells apart
 */
struct ewx_comparison {
	bool complete;
	size_t changed;
};

/**
 * ewx_judge_compare() - find what two policies decide otherwise.
 * @now: seconds since the epoch
 * @found: called with @ctx for each difference, once per permission, domains and
 *	rules: a request that shows it, and both decisions; they live as long as the call
 * @result: all zero on failure
 * Return: 0, or ENOMEM.
 */
int ewx_judge_compare(const struct ewx_judge *before,
		      const struct ewx_judge *after, uint64_t now,
		      void (*found)(void *ctx,
				    const struct ewx_request *example,
				    const struct ewx_decision *before,
				    const struct ewx_decision *after),
		      void *ctx, struct ewx_comparison *result);

#endif /* _EWX_JUDGE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy as its text says: an evaluator of the syntax tree, written after
 * section 4 of the design and the manual page of the language.
 *
 * Owns: which domain, sources and identities fit, and what the rules grant.
 * Shares with libewx the parser and its tree before anything was resolved or
 * checked; knows no classes, no automaton, no table and no decision of the engine.
 */
#ifndef _TESTS_DIFFERENTIAL_REFERENCE_H
#define _TESTS_DIFFERENTIAL_REFERENCE_H

#include <uapi/linux/ewx_query.h>
#include "glob.h"
#include "libewx/front.h"

#define REF_WIDE 0xffffffffu /* every domain, file or enclave */
#define REF_NAMES_MAX 64 /* sources, and identities: bits of a word */
#define REF_CLASSES_MAX 4096

/** struct ref_name - a domain, source or identity; @globs: per condition. */
struct ref_name {
	const struct ewx_ir_name *tree;
	struct globs *globs;
};

/** struct ref_rule - a rule with its names found; REF_WIDE without a clause. */
struct ref_rule {
	u32 kind;
	u32 perms;
	u32 domain;
	u32 source;
	u32 identity;
	u32 max;
	u64 until;
	const char *file;
	u32 line;
};

/**
 * struct ref - a policy.
 * @built: its build stamp
 * @classes: each set of identities that an enclave can be in at once, as bits
 * @within: per pair of domains: 1 the first one's conditions are part of the
 *      second one's, 2 they are not, 0 not known yet
 */
struct ref {
	struct ewx_unit *unit;
	u64 built;
	struct ref_name *domains, *sources, *identities;
	struct ref_rule *rules;
	size_t rule_count;
	u64 classes[REF_CLASSES_MAX];
	size_t class_count;
	u8 *within;
};

/** struct ref_text - a file of a policy. */
struct ref_text {
	const char *name;
	const char *text;
};

/**
 * ref_open() - read a policy. Return: NULL if the parser refuses it or a rule
 * has a name that nothing declares.
 */
struct ref *ref_open(const struct ref_text *files, size_t count, u64 built);
void ref_close(struct ref *r);

/** ref_within() - the processes of domain @a are all in what @b describes. */
bool ref_within(struct ref *r, u32 a, u32 b);

/** ref_settled() - of every two domains it is known which one wins. */
bool ref_settled(struct ref *r);

/**
 * struct ref_verdict - what a request meets.
 * @missing: what is required and not granted
 * @reason: enum ewx_reason of each required permission
 * @passing: identity unknown: the classes of struct ref that would be granted it
 */
struct ref_verdict {
	u32 result;
	u32 required;
	u32 refusal;
	u32 allowed;
	u32 missing;
	u32 logged;
	u8 reason[ENCLAVE_PERM_COUNT];
	bool passing[REF_CLASSES_MAX];
};

/**
 * struct ref_situation - a request, as far as the rules are concerned.
 * @sources: those that the file is in, as bits
 * @uses: pages that use each permission once the request is granted
 */
struct ref_situation {
	u32 domain;
	u64 sources;
	u32 required;
	u64 now;
	u64 uses[ENCLAVE_PERM_COUNT];
};

/* ref_domain()'s errors. */
#define REF_UNKNOWN 0xfffffffeu /* no domain has the name */
#define REF_AMBIGUOUS 0xfffffffdu /* several fit, and none wins */

/** ref_domain() - the domain that a request's process is in. */
u32 ref_domain(struct ref *r, const struct ewx_query *q);

/** ref_situation() - what a query asks in domain @domain. */
void ref_situation(const struct ref *r, const struct ewx_query *q, u32 domain,
		   struct ref_situation *s);

/**
 * ref_identities() - which sets of identities the enclave of a query may be in.
 * @sets: REF_CLASSES_MAX words
 * Return: how many: one, or several where the query leaves that open; 0: there
 * is no such enclave, or its identity is not known yet
 */
size_t ref_identities(const struct ref *r, const struct ewx_query *q,
		      u64 *sets);

/** ref_judge() - judge for an enclave that is in @identities. */
void ref_judge(const struct ref *r, const struct ewx_query *q,
	       const struct ref_situation *s, u64 identities,
	       struct ref_verdict *v);

/**
 * ref_defer() - judge for an enclave whose identity is not known yet.
 * @alive: which classes earlier requests have left; NULL: all
 */
void ref_defer(const struct ref *r, const struct ewx_query *q,
	       const struct ref_situation *s, const bool *alive,
	       struct ref_verdict *v);

/** ref_rule_applies() - the rule speaks of @bit there, to one of @identities. */
bool ref_rule_applies(const struct ref_rule *rule,
		      const struct ref_situation *s, u64 identities, u32 bit);

/** ref_permissive() - the domain denies nothing at @now. */
bool ref_permissive(const struct ref *r, u32 domain, u64 now);

/** ref_guarded() - the domain is guarded. */
bool ref_guarded(const struct ref *r, u32 domain);

/**
 * ref_never_violated() - a never statement excludes one of @granted for an
 * enclave that is in @identities.
 */
bool ref_never_violated(const struct ref *r, u32 granted, u64 identities);

/** ref_never_breaks() - some rule could grant what a never statement excludes. */
bool ref_never_breaks(const struct ref *r);

/* needs.c: what a request needs, after section 3 of the design. */

/** ref_required() - the permissions that a query needs. */
u32 ref_required(const struct ewx_query *q);

/** ref_refusal() - the fixed rule that refuses it, else 0. */
u32 ref_refusal(const struct ewx_query *q);

/** ref_added() - the permissions that its page uses once it is granted, and did
 * not use before.
 */
u32 ref_added(const struct ewx_query *q);

#endif /* _TESTS_DIFFERENTIAL_REFERENCE_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ewx learn: what is shared between reading records (learn_read.c), making few
 * rules of them (learn_merge.c) and putting these into the policy (cmd_learn.c).
 */
#ifndef _EWX_TOOL_LEARN_H
#define _EWX_TOOL_LEARN_H

#include "log.h"

#define LEARN_NONE INDEX_NONE

/**
 * struct learn_identity - an enclave that no named identity fits.
 * @signer, @measurement: hexadecimal; @signer NULL: unsigned, or one whose key
 *      everybody has
 * @svn: the lowest that was seen
 */
struct learn_identity {
	const char *signer;
	const char *measurement;
	__s64 product;
	__s64 svn;
};

/**
 * struct learn_enclave - one that was seen.
 * @boot, @number: which; numbers begin again with each boot
 * @named: identity of the policy, or NULL
 * @identity: index of the new one, or LEARN_NONE
 */
struct learn_enclave {
	unsigned int boot;
	__s64 number;
	const char *named;
	size_t identity;
};

/**
 * struct learn_source - files in no named source, of one folder and owner.
 * @folder: with the slash at its end; @path: whole paths
 */
struct learn_source {
	const char *folder;
	__s64 owner;
	const char **path;
	size_t count;
};

/**
 * struct learn_need - a permission that was missing, with whom and what for.
 * All strings are interned: equal ones are the same pointer.
 * @domain: as recorded
 * @exe, @euid: of a process in no domain, else NULL and 0
 * @bit: permission
 * @named: source of the policy, or NULL; @source: index of a new one
 * @enclave: index, LEARN_NONE: none
 * @why_not: why no rule is made, or NULL
 * @records, @pages, @first, @last, @example: the evidence
 */
struct learn_need {
	const char *domain;
	const char *exe;
	__s64 euid;
	__u32 bit;
	const char *named;
	size_t source;
	size_t enclave;
	const char *why_not;
	size_t records;
	__u64 pages;
	__u64 first;
	__u64 last;
	const char *example;
};

/**
 * struct learn_rule - an allow statement.
 * @need: whose domain, source it is about; @bits: its permissions
 * @identity_named, @identity: whom for; NULL and LEARN_NONE: no clause
 * @from: it has a source clause
 * @records, @pages, @first, @last, @example: the evidence
 * @out: the policy does not take it, because of @why (malloc()ed)
 */
struct learn_rule {
	const struct learn_need *need;
	__u32 bits;
	const char *identity_named;
	size_t identity;
	bool from;
	size_t records;
	__u64 pages;
	__u64 first;
	__u64 last;
	const char *example;
	bool out;
	char *why;
};

/**
 * struct learn - all of it.
 * @strings: interned; @failed: no memory
 * @cut: records whose line is not whole, from which nothing is learned
 * @by_string ... @by_need: where they are in their arrays
 */
struct learn {
	struct learn_enclave *enclave;
	size_t enclave_count;
	struct learn_identity *identity;
	size_t identity_count;
	struct learn_source *source;
	size_t source_count;
	struct learn_need *need;
	size_t need_count;
	struct learn_rule *rule;
	size_t rule_count;
	char **strings;
	size_t string_count;
	size_t records;
	size_t cut;
	json_t *by_string;
	json_t *by_enclave;
	json_t *by_identity;
	json_t *by_source;
	json_t *by_path;
	json_t *by_need;
	bool failed;
};

/** learn_clauses - which clauses each permission takes: ENCLAVE_CLAUSE_*. */
struct learn_clauses {
	__u32 from;
	__u32 ident;
};
extern const struct learn_clauses learn_clauses[ENCLAVE_PERM_COUNT];

/** learn_push() - one more zeroed element of *@array, NULL without memory. */
void *learn_push(struct learn *l, void *array, size_t *count, size_t size);

/** learn_take() - a record; of struct log_reader. @arg: struct learn */
bool learn_take(const struct ewx_record *r, unsigned int boot, void *arg);

/** learn_free() - all of it. */
void learn_free(struct learn *l);

/** learn_merge() - make rules of the needs. */
void learn_merge(struct learn *l);

/** learn_print_rule() - a rule with its evidence, each line after @indent. */
void learn_print_rule(FILE *out, const struct learn_rule *r, const char *indent,
		      const char *prefix);

/** learn_print_declarations() - new identities and sources that rules name. */
void learn_print_declarations(FILE *out, const struct learn *l,
			      const char *prefix);

/** learn_rule_key() - rules with the same key can be one. */
void learn_rule_key(char *key, size_t size, const struct learn_rule *r);

/** learn_same_domain() - whether two needs are of one domain, or one program. */
bool learn_same_domain(const struct learn_need *a, const struct learn_need *b);

#endif /* _EWX_TOOL_LEARN_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What learn and adopt share: reading records (learn_read.c), making few rules of
 * them (learn_merge.c, learn_files.c) with their evidence (learn_seen.c); and for
 * learn alone, which of these a policy
 * takes (learn_try.c) and where they go in its text (learn_text.c).
 */
#ifndef _EWX_TOOL_LEARN_H
#define _EWX_TOOL_LEARN_H

#include "log.h"

#define LEARN_NONE INDEX_NONE

/** struct learn_identity - enclaves that no named identity fits. */
struct learn_identity {
	const char *signer;
	const char *measurement;
	__s64 product;
	__s64 svn;
	bool used;
};

/**
 * struct learn_enclave - one that was seen.
 * @named: the policy's narrowest identity for it, or NULL
 * @measurement: NULL: who it is was not seen; then the rest is not known
 * @signer: NULL: unsigned, or signed with a key that everybody has
 */
struct learn_enclave {
	const char *named;
	const char *measurement;
	const char *signer;
	__s64 product;
	__s64 svn;
};

/**
 * struct learn_source - files of one folder and owner that one rule is about.
 * @bits: what the rule allows
 * @path: whole paths; @text: the conditions that they are written as
 * @same: the first source with that text, which stands for this one
 * @used: a rule that is wanted names it
 */
struct learn_source {
	const char *folder;
	__s64 owner;
	__u32 bits;
	const char **path;
	size_t count;
	char *text;
	size_t same;
	bool used;
};

/**
 * struct learn_need - a permission that was missing, with whom and what for.
 * All strings are interned: equal ones are the same pointer.
 * @domain: as recorded
 * @exe, @euid: of a process in no domain, else NULL and 0
 * @bit: permission
 * @named: source of the policy; else @path, @owner: a file; both NULL: none
 * @enclave: index, LEARN_NONE: none
 * @why_not: why no rule is made, or NULL
 * @next: of the same rule, LEARN_NONE: no more
 */
struct learn_need {
	const char *domain;
	const char *exe;
	__s64 euid;
	__u32 bit;
	const char *named;
	const char *path;
	__s64 owner;
	size_t enclave;
	const char *why_not;
	size_t next;
};

/**
 * struct learn_rule - an allow statement.
 * @need: whose domain and named source it is about; @bits: its permissions
 * @needs: the first of those that it is for
 * @identity_named, @identity: whom for; NULL and LEARN_NONE: no clause
 * @source: new source, or LEARN_NONE
 * @records, @pages, @first, @last, @example: the evidence, by learn_sum()
 * @group: where it goes in the policy's text: see learn_text.c
 * @out: it is not wanted; @why: because of that (malloc()ed)
 */
struct learn_rule {
	const struct learn_need *need;
	size_t needs;
	__u32 bits;
	const char *identity_named;
	size_t identity;
	size_t source;
	size_t records;
	__u64 pages;
	__u64 first;
	__u64 last;
	const char *example;
	size_t group;
	bool out;
	char *why;
};

/**
 * struct learn - all of it.
 * @policy: whose names may be used; NULL: none are, and nothing of it is allowed
 * @by_program: domains are made for each program, whoever runs it
 * @strings: interned; @failed: no memory
 * @records: those that something was learned from; @denied: left out, since nothing
 *      says that what was denied should be allowed; @cut: they are not whole
 * @seen: the evidence; see learn_seen.c
 * @by_string ... @by_seen: where they are in their arrays
 */
struct learn {
	const struct ewx_judge *policy;
	bool by_program;
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
	struct learn_seen *seen;
	size_t seen_count;
	char **strings;
	size_t string_count;
	size_t records;
	size_t denied;
	size_t cut;
	json_t *by_string;
	json_t *by_enclave;
	json_t *by_list;
	json_t *by_need;
	json_t *by_seen;
	bool failed;
};

/** learn_clauses - which clauses each permission takes: ENCLAVE_CLAUSE_*. */
struct learn_clauses {
	__u32 from;
	__u32 ident;
};
extern const struct learn_clauses learn_clauses[ENCLAVE_PERM_COUNT];

/* learn_read.c */

/** learn_push() - one more zeroed element of *@array, NULL without memory. */
void *learn_push(struct learn *l, void *array, size_t *count, size_t size);

/** learn_find() - the number kept under a key that is made as by printf(). */
size_t learn_find(const json_t *index, char *key, size_t size, const char *fmt,
		  ...) __attribute__((format(printf, 4, 5)));

/** learn_keep() - keep a number under @key. */
void learn_keep(struct learn *l, json_t **index, const char *key, size_t n);

/** learn_intern() - the one copy of a string. */
const char *learn_intern(struct learn *l, const char *text);

/* Room for a key of pointers and numbers. */
#define LEARN_KEY_MAX 256

/** learn_take() - a record; of struct log_reader. @arg: struct learn */
bool learn_take(const struct ewx_record *r, unsigned int boot, void *arg);

/** learn_free() - all of it. */
void learn_free(struct learn *l);

/* learn_seen.c */

/** learn_note() - a record that lacked these @count needs, none of them twice. */
void learn_note(struct learn *l, const struct ewx_record *r, const size_t *need,
		size_t count);

/** learn_sum() - the evidence of each rule, by the needs that it is for now. */
void learn_sum(struct learn *l);

/** learn_free_seen() - for learn_free(). */
void learn_free_seen(struct learn *l);

/* learn_merge.c */

/** learn_merge() - make rules of the needs. */
void learn_merge(struct learn *l);

/** learn_print_rule() - a rule with its evidence, each line after @indent. */
void learn_print_rule(FILE *out, const struct learn_rule *r, const char *indent,
		      const char *prefix);

/** learn_print_declarations() - identities and sources that rules name. */
void learn_print_declarations(FILE *out, struct learn *l, const char *prefix);

/** learn_print_why() - one line: what is not allowed, seen how often, and why. */
void learn_print_why(FILE *out, const struct learn_rule *r);

/** learn_join() - rules that differ in their permissions only become one. */
void learn_join(struct learn *l);

/* learn_files.c */

/**
 * struct learn_use - a file that a rule is to name.
 * @rule: whom and which enclave that rule is about; its bits are the file's
 */
struct learn_use {
	struct learn_rule rule;
	const char *path;
	__s64 owner;
	size_t source;
};

/** learn_sources() - put files into sources, as few as give nobody more. */
void learn_sources(struct learn *l, struct learn_use *use, size_t count);

/* learn_text.c */

/**
 * struct learn_place - the end of a domain in the text.
 * @offset: of its closing brace
 */
struct learn_place {
	size_t offset;
};

/**
 * struct learn_draft - the policy that is written.
 * @name, @text: of its first file; @version: offset of the version's number, or
 *      0; @prefix: of new names
 * @place: domains of the text, in its order; @by_name: where they are
 * @programs: groups of rules behind those of the places: a new domain each
 * @left_out: records that the kernel left out
 */
struct learn_draft {
	struct tool *t;
	struct learn *l;
	const char *name;
	struct bytes text;
	struct learn_place *place;
	size_t place_count;
	json_t *by_name;
	size_t programs;
	uint64_t left_out;
	size_t version;
	char prefix[24];
};

/** learn_look() - find what is needed of the text, once it is read. */
void learn_look(struct learn_draft *d);

/** learn_group() - say of each rule where it goes; one that goes nowhere is out. */
void learn_group(struct learn_draft *d);

/** learn_compose() - the text with all rules that are wanted. NULL: no memory. */
char *learn_compose(const struct learn_draft *d, size_t *size);

/* learn_try.c */

/**
 * learn_refused() - compile a text with the policy's other files.
 * @policy: gets the bytes. Return: NULL, or why it is refused.
 */
char *learn_refused(const struct learn_draft *d, const char *text, size_t size,
		    struct policy *policy);

/** learn_try() - take the rules that the policy does not refuse. */
void learn_try(struct learn_draft *d);

#endif /* _EWX_TOOL_LEARN_H */

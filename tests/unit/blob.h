/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A builder of binary policies for tests of the engine: no policy language, no
 * optimisation. Every record can be set as wished; blob_finish() lays them out.
 */
#ifndef _TESTS_UNIT_BLOB_H
#define _TESTS_UNIT_BLOB_H

#include "security/ewx/core/read.h"

/* struct blob_section - one section's bytes and number of records. */
struct blob_section {
	u8 *bytes;
	u32 count;
	u32 room;
};

/* struct blob_rule - a rule over classes; EWX_ANY where it does not care. */
struct blob_rule {
	u32 kind;
	u32 perms;
	u32 domain;
	u32 source;
	u32 identity;
	u32 max;
	u64 until;
};

struct blob {
	struct blob_section section[EWX_SECTION_COUNT];
	u64 built;
	u64 version;
	u32 identity_node;
	u32 seed;
	u32 name;
	u32 features;	/* of what was added, bits */
	struct blob_rule rule[64];
	u32 rules;
	u8 *bytes;
	u32 size;
};

/* An empty policy: no rule, no pattern, the default domain. */
void blob_init(struct blob *b);
void blob_free(struct blob *b);

u32 blob_string(struct blob *b, const char *s);
u32 blob_number(struct blob *b, enum ewx_section section, u32 number);
u32 blob_key(struct blob *b, u8 fill);
u32 blob_domain(struct blob *b, const char *name, u32 flags, u64 until);
u32 blob_source(struct blob *b, const char *name);
u32 blob_identity(struct blob *b, const char *name);
/* A class with members @first, @first + 1, ... */
u32 blob_class(struct blob *b, enum ewx_section classes, u32 first, u32 count);
/* Returns its index; nodes are appended, so successors must come later. */
u32 blob_node(struct blob *b, u32 test, u32 arg, u32 yes, u32 no);
void blob_unmatched(struct blob *b, enum ewx_automaton_kind which, u32 ref);
/* A literal path, or with @prefix all that begin so, lead to @ref. */
void blob_path(struct blob *b, enum ewx_automaton_kind which, const char *path,
	       bool prefix, u32 ref);
/* A state that is the tail @text and leads to @next. Returns its number. */
u32 blob_tail(struct blob *b, const char *text, u32 next);
/* A state that is a tail of @kind EWX_TAIL_STAR or EWX_TAIL_GLOB. Returns its number. */
u32 blob_star(struct blob *b, u32 kind, const char *text, u32 next, u32 accept);
/* All of automaton @which is the tail @path, which leads to @ref. */
void blob_path_tail(struct blob *b, enum ewx_automaton_kind which,
		    const char *path, u32 ref);
/* Returns the rule's index. The table is made by blob_finish(). */
u32 blob_rule(struct blob *b, const struct blob_rule *rule);

/* Lay out; @b->bytes and @b->size are the policy. */
void blob_finish(struct blob *b);

/* blob_finish(), and @p is the policy that it is; aborts where it does not verify. */
void blob_policy(struct blob *b, struct ewx_policy *p);
/* Lay out again after sections were changed by hand. */
void blob_layout(struct blob *b);

u8 *blob_record(struct blob *b, enum ewx_section section, u32 index);
void blob_set32(u8 *at, u32 value);

#endif /* _TESTS_UNIT_BLOB_H */

/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The decision engine: verify a binary policy once, then decide.
 *
 * Owns: reading the format of ewx_policy.h. Pure C for kernel and userspace:
 * no allocation, locks, globals or recursion; loops are bounded; blob bytes are
 * read through accessors. Knows no securityfs, audit, provider or LSM.
 */
#ifndef _SECURITY_EWX_CORE_ENGINE_H
#define _SECURITY_EWX_CORE_ENGINE_H

#include "env.h"
#include <uapi/linux/enclave_permissions.h>
#include <uapi/linux/ewx_policy.h>
#include <uapi/linux/ewx_query.h>

/* What is wrong with a blob. X(NAME, name, explanation) */
#define EWX_FAULTS(X)							\
	X(SHORT, short, "shorter than its header says")			\
	X(LONG, long, "longer than its header says, or than the limit")	\
	X(MAGIC, magic, "not an EWX binary policy")			\
	X(FORMAT, format, "a format this version does not read")	\
	X(FEATURE, feature, "needs a feature this kernel lacks")	\
	X(LAYOUT, layout, "a section is misplaced or overlaps")		\
	X(COUNT, count, "a section has an impossible number of records") \
	X(REFERENCE, reference, "a reference points outside its section") \
	X(STRING, string, "a string does not end or has a bad byte")	\
	X(VALUE, value, "a field has an impossible value")		\
	X(ORDER, order, "records are not in the required order")	\
	X(RESERVED, reserved, "a reserved field is not 0")		\
	X(UNDECLARED, undeclared, "uses a feature that its header does not name")

enum ewx_fault_code {
	EWX_FAULT_NONE,
#define EWX_FAULT_ENUM(NAME, name, why) EWX_FAULT_##NAME,
	EWX_FAULTS(EWX_FAULT_ENUM)
#undef EWX_FAULT_ENUM
	EWX_FAULT_CODES
};

/**
 * struct ewx_fault - where a blob is wrong.
 * @code: enum ewx_fault_code
 * @section: enum ewx_section, or EWX_SECTION_COUNT for header and table
 * @index: record in the section
 * @offset: byte in the blob
 */
struct ewx_fault {
	u32 code;
	u32 section;
	u32 index;
	u32 offset;
};

/* Names of the codes and sections of a fault. */
extern const char *const ewx_fault_names[EWX_FAULT_CODES];
extern const char *const ewx_section_names[EWX_SECTION_COUNT + 1];

/**
 * struct ewx_policy - a verified blob. Valid as long as the blob is.
 * @blob: its bytes, unchanged since verification
 * @size: bytes
 * @section: where each section is: byte offset and number of records
 * @built: build stamp
 * @version: policy version
 * @seed: of the entry hash
 * @lines: of entries
 * @row_lines: of rows
 * @any_shapes: EWX_DOMAIN_HAS_*: shapes of the entries of every domain; a row for
 *      unknown identities counts as HAS_SOURCE with a source, else as HAS_PLAIN
 * @set_words: 64-bit words in a set of identity classes
 * @identity_node: where the walk of an identity starts
 */
struct ewx_policy {
	const u8 *blob;
	u32 size;
	struct { u32 offset, count; } section[EWX_SECTION_COUNT];
	u64 built;
	u64 version;
	u32 seed;
	u32 lines;
	u32 row_lines;
	u32 any_shapes;
	u32 set_words;
	u32 identity_node;
};

/**
 * ewx_policy_verify() - check every byte that a decision can reach.
 * Linear in @size.
 * @blob: its bytes, which do not change from now on
 * @size: of the blob, bytes
 * @p: out: the policy
 * @fault: out: what is wrong, and where
 *
 * Return: true and @p filled, or false and @fault filled.
 */
bool ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
		       struct ewx_fault *fault);

/**
 * ewx_policy_signed_size() - where the signature begins, if there is one.
 * Nothing is verified: neither the policy nor what the signature says.
 * @data: bytes, of any content
 * @size: how many
 * Return: bytes of the policy, which are followed by one element of DER up to the
 * end; 0: @data is not a policy with a signature.
 */
u32 ewx_policy_signed_size(const void *data, u64 size);

/**
 * ewx_match() - run an automaton over a path.
 * @p: the policy
 * @which: the automaton
 * @len: bytes of @path
 * @path: @len bytes; NULL: no path may match
 * Return: node reference to walk; it fits the automaton's kind, whatever the
 * blob says.
 */
u32 ewx_match(const struct ewx_policy *p, enum ewx_automaton_kind which,
	      const char *path, u32 len);

/**
 * struct ewx_verity - what fs-verity or dm-verity says of a file.
 * @digest: of the file, or the root hash
 * @present: its content is verified when it is read
 * @is_signed: by a key that the kernel trusts
 * @has_digest: @digest (root hash) is known; it may be of another kind than SHA-256
 */
struct ewx_verity {
	bool present;
	bool is_signed;
	bool has_digest;
	u8 digest[32];
};

/**
 * struct ewx_properties - what nodes test; the caller fills what its walk can
 * reach. Callbacks may be NULL: the test is then false.
 * @euid: effective uid, in the initial user namespace
 * @in_group: a group of the process is in that range
 * @has_context: its label is that one
 * @cgroup: result of the walk of its cgroup's path
 * @owner: uid of the file's owner
 * @fs: name of the file's filesystem
 * @read_only: the block device is read-only
 * @mapped_exec: the source's mapping may execute
 * @no_path: no path may match
 * @fs_verity: or NULL
 * @dm_verity: or NULL
 * @has_signer: the enclave is signed
 * @signer: 32 bytes
 * @measurement: 32 bytes
 * @product: ISVPRODID
 * @svn: ISVSVN
 * @attributes: ENCLAVE_ATTR_*
 * @xfrm: XFRM
 * @ctx: for the callbacks
 */
struct ewx_properties {
	u32 euid;
	bool (*in_group)(const void *ctx, u32 low, u32 high);
	bool (*has_context)(const void *ctx, const char *context);
	u32 cgroup;			/* result of the cgroup automaton's walk */
	u32 owner;
	const char *fs;
	bool read_only;
	bool mapped_exec;
	bool no_path;
	const struct ewx_verity *fs_verity;	/* NULL: none */
	const struct ewx_verity *dm_verity;	/* NULL: none */
	bool has_signer;
	const u8 *signer;
	const u8 *measurement;
	u32 product;
	u32 svn;
	u32 attributes;
	u64 xfrm;
	const void *ctx;
};

/**
 * ewx_walk() - follow a diagram from @node to its leaf.
 * @p: the policy
 * @props: what its nodes test
 * @node: what ewx_match() returned
 * Return: the result: a DOMAINS index, a source or identity class that exists,
 * or a set of cgroup bits.
 */
u32 ewx_walk(const struct ewx_policy *p, u32 node,
	     const struct ewx_properties *props);

/**
 * ewx_identity_expect() - the class of an enclave signed by @signer (NULL: by nobody)
 * will be asked for soon: what is read for it comes along while something else is
 * done.
 * @p: the policy
 * @signer: 32 bytes, or NULL
 */
void ewx_identity_expect(const struct ewx_policy *p, const u8 *signer);

/** ewx_identity_class() - the class of a known identity. */
u32 ewx_identity_class(const struct ewx_policy *p,
		       const struct ewx_properties *props);

/**
 * struct ewx_question - one decision.
 * @domain: DOMAINS index
 * @source: source class (EWX_CLASS_UNLISTED: none)
 * @identity: identity class; not read by ewx_defer()
 * @required: access vector
 * @now: seconds since the epoch; before the policy's build stamp the clock is
 *      untrusted and every rule with "until" has expired
 * @uses: live pages per permission once this request is granted; NULL: none
 */
struct ewx_question {
	u32 domain;
	u32 source;
	u32 identity;
	u32 required;
	u64 now;
	const u64 *uses;
};

/**
 * struct ewx_verdict - the answer.
 * @allowed: granted
 * @denied: the rest of @required
 * @logged: use is recorded
 * @reason: enum ewx_reason per permission of @required
 * @rule: RULES index per permission, EWX_NONE if no rule decided
 * @valid_until: up to this second the same question is sure to be granted the
 *      same, if the clock does not go back
 */
struct ewx_verdict {
	u32 allowed;
	u32 denied;
	u32 logged;
	u8 reason[ENCLAVE_PERM_COUNT];
	u32 rule[ENCLAVE_PERM_COUNT];
	u64 valid_until;
};

/**
 * ewx_decide_expect() - ewx_decide() will be asked soon what is @q but for its
 * source: what is read for it comes along while the source is looked up.
 * @p: the policy
 * @q: the question; its source is not read
 */
void ewx_decide_expect(const struct ewx_policy *p, const struct ewx_question *q);

/** ewx_decide() - judge a question whose identity class is known. */
void ewx_decide(const struct ewx_policy *p, const struct ewx_question *q,
		struct ewx_verdict *v);

/**
 * ewx_defer() - judge a question whose identity is not known yet.
 * @p: the policy
 * @q: the question
 * @v: out: the answer
 * @candidates: set_words words; in: identity classes still possible; out: those
 *      of them for which all of @required is granted
 *
 * Return: true if @candidates is not empty; then @v says allowed (by the rule
 * of some remaining class). Else @v names what is missing: a permission with
 * EWX_REASON_IDENTITY is one that some class has, but none of the candidates
 * that has the permissions before it in the access vector.
 */
bool ewx_defer(const struct ewx_policy *p, const struct ewx_question *q,
	       u64 *candidates, struct ewx_verdict *v);

/** ewx_domain_permissive() - denials in the domain are only logged at @now. */
bool ewx_domain_permissive(const struct ewx_policy *p, u32 domain, u64 now);

/**
 * ewx_answer() - answer a query; used by the live node and offline alike.
 * @p: the policy
 * @q: the query
 * @r: out: the answer
 * @candidates: scratch of set_words words
 * Return: 0, or -EINVAL (malformed), -ENOENT (no such domain or identity).
 */
int ewx_answer(const struct ewx_policy *p, const struct ewx_query *q,
	       u64 *candidates, struct ewx_reply *r);

/**
 * ewx_answer_named() - the same for one who has looked up the query's names, which
 * takes as long as there are names.
 * @p: the policy
 * @q: the query
 * @domain: index of the domain that it names; EWX_NONE: to be looked up, or none
 * @identity: class of the identity that it names: the first of those with the
 *	fewest members; EWX_NONE: to be looked up, or none
 * @candidates: scratch of set_words words
 * @r: out: the answer
 *
 * Return: as of ewx_answer().
 */
int ewx_answer_named(const struct ewx_policy *p, const struct ewx_query *q,
		     u32 domain, u32 identity, u64 *candidates,
		     struct ewx_reply *r);

/* Reading back: names, rules, lines. Strings stay inside the blob. */
const char *ewx_string(const struct ewx_policy *p, u32 offset);
const char *ewx_policy_name(const struct ewx_policy *p);
const char *ewx_domain_name(const struct ewx_policy *p, u32 domain);
u32 ewx_domain_flags(const struct ewx_policy *p, u32 domain);
u32 ewx_domain_find(const struct ewx_policy *p, const char *name);
bool ewx_rule_line(const struct ewx_policy *p, u32 rule, const char **file,
		   u32 *line);
bool ewx_domain_line(const struct ewx_policy *p, u32 domain, const char **file,
		     u32 *line);
u32 ewx_source_class_count(const struct ewx_policy *p);
u32 ewx_identity_class_count(const struct ewx_policy *p);
/** ewx_class_name() - name of the n-th member of a class, NULL past the end. */
const char *ewx_source_class_name(const struct ewx_policy *p, u32 cls, u32 n);
const char *ewx_identity_class_name(const struct ewx_policy *p, u32 cls, u32 n);

/**
 * ewx_entry_key() - a key of the decision table. Part of the format.
 * @domain: below EWX_DOMAINS_MAX, or EWX_ANY
 * @source: below EWX_CLASSES_MAX, or EWX_ANY
 * @identity: below EWX_CLASSES_MAX, or EWX_ANY; of a row EWX_ANY
 *
 * Return: the key.
 */
static inline u64 ewx_entry_key(u32 domain, u32 source, u32 identity)
{
	return (u64)(domain & EWX_KEY_DOMAIN_ANY) << 2 * EWX_KEY_CLASS_BITS |
	       (u64)(source & EWX_KEY_CLASS_ANY) << EWX_KEY_CLASS_BITS |
	       (identity & EWX_KEY_CLASS_ANY);
}

/** ewx_key_domain() - the domain of a key, or EWX_ANY. */
static inline u32 ewx_key_domain(u64 key)
{
	u32 domain = (u32)(key >> 2 * EWX_KEY_CLASS_BITS);

	return domain == EWX_KEY_DOMAIN_ANY ? EWX_ANY : domain;
}

/** ewx_key_source() - the source class of a key, or EWX_ANY. */
static inline u32 ewx_key_source(u64 key)
{
	u32 class = (u32)(key >> EWX_KEY_CLASS_BITS) & EWX_KEY_CLASS_ANY;

	return class == EWX_KEY_CLASS_ANY ? EWX_ANY : class;
}

/** ewx_key_identity() - the identity class of a key, or EWX_ANY. */
static inline u32 ewx_key_identity(u64 key)
{
	u32 class = (u32)key & EWX_KEY_CLASS_ANY;

	return class == EWX_KEY_CLASS_ANY ? EWX_ANY : class;
}

/** ewx_entry_hash() - hash of a key of the decision table. Part of the format. */
static inline u64 ewx_entry_hash(u32 seed, u64 key)
{
	u64 h = key ^ seed * 0x9e3779b97f4a7c15ull;

	h ^= h >> 32;
	h *= 0xc2b2ae3d27d4eb4full;
	h ^= h >> 29;
	h *= 0x9e3779b97f4a7c15ull;
	return h ^ h >> 32;
}

/**
 * ewx_entry_line() - where a key can be: in one of two lines of a table.
 * @hash: the key's
 * @which: 0 or 1
 * @lines: how many there are, not 0
 *
 * Return: index of the line.
 */
static inline u32 ewx_entry_line(u64 hash, u32 which, u32 lines)
{
	u32 half = (u32)(which ? hash >> 32 : hash);

	return (u32)((u64)half * lines >> 32);
}

#endif /* _SECURITY_EWX_CORE_ENGINE_H */

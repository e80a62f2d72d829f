/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * EWX binary policy, format 4.
 *
 * Flat and little-endian: a header, a table of sections, the sections. Every
 * record has a fixed size and no optional field. Code never casts blob memory
 * to these structures (they document the layout and give sizeof/offsetof);
 * it reads bytes through the accessors of security/ewx/core/.
 *
 * References are indices into a section, never byte offsets, except string
 * references, which are byte offsets into STRINGS (NUL-terminated UTF-8 without
 * control characters; offset 0 is the empty string; a reference is to the first
 * byte of a string). Names of the policy, of domains, sources and identities are words
 * of the language: ASCII letters, digits, "_" and "-", first a letter or "_"; at most
 * EWX_NAME_LEN_MAX bytes; none of EWX_NO_NAMES.
 *
 * There is one layout: a section starts at the first multiple of its alignment (8;
 * 64 for what a decision reads most, so that a record is in one cache line) past the
 * one before it, the bytes between them are 0, and the last section ends the blob.
 * There is at least one string byte, domain, state and class of each kind.
 *
 * A signed policy is a policy and, right behind it, its signature: a PKCS#7 (CMS)
 * message in DER with detached content, which is the policy's bytes.
 */
#ifndef _UAPI_LINUX_EWX_POLICY_H
#define _UAPI_LINUX_EWX_POLICY_H

#include <linux/types.h>

#define EWX_POLICY_MAGIC	0x50585745u	/* "EWXP" */
#define EWX_POLICY_FORMAT	4
#define EWX_POLICY_MAX_SIZE	(256u << 20)	/* bytes */
#define EWX_SIGNATURE_MAX_SIZE	65535u		/* bytes */
#define EWX_LANGUAGE		1
#define EWX_NAME_LEN_MAX	127		/* bytes of a name, without NUL */
/* Words that are no names: they have a meaning in rules. X(word) */
#define EWX_NO_NAMES(X)	X(any) X(but) X(for) X(from) X(max) X(until)

#define EWX_NONE	0xffffffffu	/* no such reference */
#define EWX_ANY		0xffffffffu	/* every domain, source, identity */
#define EWX_DEFER	0xfffffffeu	/* in a rule: it has no such clause */
#define EWX_SIGNED	0xfffffffeu	/* verity: whatever the digest, it is signed */
#define EWX_LEAF	0x80000000u	/* node reference: the rest is the result */
#define EWX_FOREVER	0xffffffffffffffffull	/* until: never ends */
#define EWX_UNLIMITED	0xffffffffu	/* max: no limit */
#define EWX_TAIL_MAX	255		/* bytes of a tail at most */
#define EWX_TAIL_STAR	0x100u		/* length of a tail: see struct ewx_automaton */
#define EWX_TAIL_GLOB	0x200u
#define EWX_JUMP_BITS_MAX	16	/* leading bits of a key that a jump reads */
#define EWX_LINE_ENTRIES	4	/* entries in a line of the decision table */

#define EWX_DOMAIN_DEFAULT	0	/* index of "domain default", always there */
#define EWX_CLASS_UNLISTED	0	/* source or identity class: in no named one */

/*
 * Sections, in file order. X(NAME, name, record size in bytes)
 */
#define EWX_SECTIONS(X)							\
	X(STRINGS, strings, 1)						\
	X(VALUES, values, 4)		/* lists of numbers */		\
	X(KEYS, keys, 32)		/* SHA-256 values */		\
	X(FILES, files, 4)		/* policy files: names */	\
	X(RULES, rules, 28)		/* struct ewx_rule */		\
	X(DOMAINS, domains, 32)		/* struct ewx_domain */		\
	X(SOURCES, sources, 16)		/* struct ewx_name */		\
	X(IDENTITIES, identities, 16)	/* struct ewx_name */		\
	X(CONDITIONS, conditions, 32)	/* struct ewx_condition */	\
	X(SOURCE_CLASSES, source_classes, 8)	/* struct ewx_class */	\
	X(IDENTITY_CLASSES, identity_classes, 8) /* struct ewx_class */	\
	X(AUTOMATA, automata, 16)	/* struct ewx_automaton */	\
	X(STATES, states, 16)		/* struct ewx_state */		\
	X(TRANSITIONS, transitions, 8)	/* struct ewx_transition */	\
	X(TAILS, tails, 1)		/* bytes of paths */		\
	X(NODES, nodes, 16)		/* struct ewx_node */		\
	X(JUMPS, jumps, 4)		/* node references */		\
	X(ENTRIES, entries, 16)		/* struct ewx_entry */		\
	X(ROWS, rows, 16)		/* struct ewx_entry */		\
	X(CELLS, cells, 8)		/* struct ewx_cell */		\
	X(GRANTS, grants, 12)		/* struct ewx_grant */		\
	X(TERMS, terms, 16)		/* struct ewx_terms */		\
	X(SETS, sets, 8)		/* bitmaps over identity classes */

enum ewx_section {
#define EWX_SECTION_ENUM(NAME, name, size) EWX_SECTION_##NAME,
	EWX_SECTIONS(EWX_SECTION_ENUM)
#undef EWX_SECTION_ENUM
	EWX_SECTION_COUNT
};

#define EWX_ALIGNMENT(section)					\
	((section) == EWX_SECTION_STATES ||			\
	 (section) == EWX_SECTION_NODES ||			\
	 (section) == EWX_SECTION_ENTRIES ||			\
	 (section) == EWX_SECTION_ROWS ? 64u : 8u)

/**
 * struct ewx_header - at byte 0. Followed at once by EWX_SECTION_COUNT
 * struct ewx_section_entry, then by the sections in order.
 * @magic: EWX_POLICY_MAGIC
 * @format: EWX_POLICY_FORMAT
 * @size: of the whole blob, bytes
 * @sections: EWX_SECTION_COUNT
 * @version: policy version, orders releases
 * @built: build stamp, seconds since the epoch; the clock counts as untrusted
 *      before it
 * @name: string: the policy's name
 * @language: EWX_LANGUAGE
 * @features: EWX_FEATURE_* the kernel must have
 * @seed: of the entry hash
 * @identity_node: node reference where the walk of an identity starts (tests
 *      HAS_SIGNER, SIGNER_*, MEASUREMENT_*, PRODUCT_LT, SVN_LT, ATTRIBUTES, XFRM);
 *      its result is the identity class. ewx_identity_class() walks it.
 * @reserved: 0
 */
struct ewx_header {
	__le32 magic;
	__le32 format;
	__le32 size;
	__le32 sections;
	__le64 version;
	__le64 built;
	__le32 name;
	__le32 language;
	__le32 features;
	__le32 seed;
	__le32 identity_node;
	__le32 reserved[3];
};

struct ewx_section_entry {
	__le32 offset;		/* from the blob's start */
	__le32 count;		/* records */
};

/*
 * Features a policy uses; a kernel without one refuses it (EOPNOTSUPP). A policy that
 * uses one its header does not name, in any record, is malformed.
 */
#define EWX_FEATURES(X)							\
	X(UNTIL, until)							\
	X(MAX, max)							\
	X(CGROUP, cgroup)						\
	X(CONTEXT, context)						\
	X(GUARDED, guarded)						\
	X(ROOT_ANY, root_any)						\
	X(FS_VERITY, fs_verity)						\
	X(DM_VERITY, dm_verity)						\
	X(MAPPED_EXEC, mapped_exec)					\
	X(LOG, log)

enum ewx_feature_bit {
#define EWX_FEATURE_ENUM(NAME, name) EWX_FEATURE_BIT_##NAME,
	EWX_FEATURES(EWX_FEATURE_ENUM)
#undef EWX_FEATURE_ENUM
	EWX_FEATURE_COUNT
};

enum ewx_rule_kind { EWX_RULE_NONE, EWX_RULE_ALLOW, EWX_RULE_DENY, EWX_RULE_LOG };

/**
 * struct ewx_rule - a rule as written; records and explanations name it.
 * @file: FILES index
 * @line: 1-based
 * @what: access vector; from bit EWX_KIND_SHIFT on enum ewx_rule_kind
 * @domain: DOMAINS index or EWX_ANY (outside every domain)
 * @source: SOURCES index, EWX_ANY ("from any"), or EWX_DEFER for no clause
 * @identity: IDENTITIES index, EWX_ANY ("for any"), or EWX_DEFER for no clause
 * @terms: TERMS index (allow only), or EWX_NONE: without limit, for ever
 */
struct ewx_rule {
	__le32 file;
	__le32 line;
	__le32 what;
	__le32 domain;
	__le32 source;
	__le32 identity;
	__le32 terms;
};

#define EWX_KIND_SHIFT	28
#define EWX_KIND_MASK	0x7u
#define EWX_WHAT_PERMS	((1u << EWX_KIND_SHIFT) - 1)

/**
 * struct ewx_terms - how far and how long an allowing rule goes.
 * @until: last second or EWX_FOREVER
 * @max: pages or EWX_UNLIMITED
 * @reserved: 0
 */
struct ewx_terms {
	__le64 until;
	__le32 max;
	__le32 reserved;
};

#define EWX_DOMAIN_PERMISSIVE	0x1u
#define EWX_DOMAIN_GUARDED	0x2u
#define EWX_DOMAIN_ROOT_ANY	0x4u
/*
 * Which shapes of entries exist for the domain or for EWX_ANY (both, so that one
 * look at the domain tells what to try): without HAS_SOURCE there is no
 * (domain|ANY, source class, ANY), without HAS_IDENTITY no (domain|ANY, ANY,
 * identity class), without HAS_BOTH no (domain|ANY, source class, identity
 * class), without HAS_PLAIN no (domain|ANY, ANY, ANY). A row (domain|ANY, source
 * class) exists only with HAS_SOURCE or HAS_BOTH, (domain|ANY, ANY) only with
 * HAS_PLAIN or HAS_IDENTITY.
 */
#define EWX_DOMAIN_HAS_SOURCE	0x100u
#define EWX_DOMAIN_HAS_IDENTITY	0x200u
#define EWX_DOMAIN_HAS_BOTH	0x400u
#define EWX_DOMAIN_HAS_PLAIN	0x800u

/**
 * struct ewx_domain - a domain, which processes are in
 * @name: string
 * @flags: EWX_DOMAIN_*
 * @file: where it is declared; EWX_NONE: the implied default
 * @line: of that file; 0: the implied default
 * @permissive_until: last second, EWX_FOREVER without "until"
 * @reserved: 0
 */
struct ewx_domain {
	__le32 name;
	__le32 flags;
	__le32 file;
	__le32 line;
	__le64 permissive_until;
	__le64 reserved;
};

/** struct ewx_name - a named source or identity and where it is declared. */
struct ewx_name {
	__le32 name;
	__le32 file;
	__le32 line;
	__le32 flags;
};

#define EWX_NAME_PUBLIC		0x1u	/* signer marked public */

/*
 * Conditions as written, for decompiling; matching uses the nodes.
 * X(NAME, word, owners: d(omain) s(ource) i(dentity))
 */
#define EWX_CONDITIONS(X)						\
	X(EXE, exe, "d")		/* a: string pattern */		\
	X(UID, uid, "d")		/* a..b inclusive */		\
	X(GID, gid, "d")		/* a..b inclusive */		\
	X(CGROUP, cgroup, "d")		/* a: string pattern */		\
	X(CONTEXT, context, "d")	/* a: string */			\
	X(PATH, path, "s")		/* a: string pattern */		\
	X(OWNER, owner, "s")		/* a..b inclusive */		\
	X(FS, fs, "s")			/* a: string */			\
	X(READ_ONLY, read-only, "s")					\
	X(FS_VERITY, fs-verity, "s")	/* a: KEYS index, EWX_ANY, EWX_SIGNED */ \
	X(DM_VERITY, dm-verity, "s")	/* a: KEYS index or EWX_ANY */	\
	X(MAPPED_EXEC, mapped-exec, "s")				\
	X(SIGNER, signer, "i")		/* a: KEYS index */		\
	X(MEASUREMENT, measurement, "i") /* a: KEYS index */		\
	X(PRODUCT, product, "i")	/* a */				\
	X(MIN_SVN, min-svn, "i")	/* a */				\
	X(ATTRIBUTES, attributes, "i")	/* a: mask, b: value */		\
	X(XFRM, xfrm, "i")		/* a: VALUES index, see test XFRM */ \
	X(OVER, over, "d")		/* a: DOMAINS index it wins against */

enum ewx_condition_kind {
	EWX_CONDITION_NONE,
#define EWX_CONDITION_ENUM(NAME, word, owners) EWX_CONDITION_##NAME,
	EWX_CONDITIONS(EWX_CONDITION_ENUM)
#undef EWX_CONDITION_ENUM
	EWX_CONDITION_COUNT
};

enum ewx_owner { EWX_OWNER_NONE, EWX_OWNER_DOMAIN, EWX_OWNER_SOURCE,
		 EWX_OWNER_IDENTITY };

struct ewx_condition {
	__le32 owner_kind;	/* enum ewx_owner */
	__le32 owner;		/* index */
	__le32 kind;		/* enum ewx_condition_kind */
	__le32 a;
	__le32 b;
	__le32 file;
	__le32 line;
	__le32 reserved;
};

/**
 * struct ewx_class - a set of names: VALUES[first .. first+count), ascending.
 * Class 0: none. The classes of a section do not share members' VALUES.
 * @first: VALUES index of its first member
 * @count: its members
 */
struct ewx_class {
	__le32 first;
	__le32 count;
};

enum ewx_automaton_kind { EWX_AUTOMATON_EXE, EWX_AUTOMATON_PATH,
			  EWX_AUTOMATON_CGROUP, EWX_AUTOMATON_COUNT };

/**
 * struct ewx_automaton - one deterministic automaton over bytes.
 * @start: state
 * @unmatched: node reference when no pattern matches, or no path may match
 * @reserved: 0
 *
 * State 0 is dead: no transition leaves it. All automata share STATES and
 * TRANSITIONS. Matching a byte c in state s: t = TRANSITIONS[base(s) + c]; the
 * next state is t.next if t.check == s, else STATES[s].fallback.
 *
 * A state with a length is a tail: if the path goes on with the so many bytes at
 * TAILS[base], the next state is the fallback, which is not 0; if not, or if the
 * path ends before their end, nothing matches. A path that ends with them matches
 * what accept says: the same as the fallback's, or EWX_NONE if that one is a tail
 * with bytes.
 * Tails divide TAILS among them, in the order of their states.
 *
 * Where the length has EWX_TAIL_STAR besides, the bytes are the last ones of what is
 * left of the path's component, up to the next "/" or the path's end: the tail stands
 * for a "*" and what follows it. The next state is the fallback, which is no such tail,
 * and may be 0; a path that ends there matches what accept says. With EWX_TAIL_GLOB
 * instead they are the last ones of the path: "**" and what follows it; the fallback
 * is 0. There may be no byte for a star, and is one for a glob.
 *
 * EXE is run over the real path even if that path may not be trusted: the walk
 * that follows then has no_path set, and the diagram tests NO_PATH before it
 * leads to a domain with an exe condition and without "root any". PATH is run
 * over a trusted path only: a source's untrusted path is passed as none
 * (NULL: unmatched). The result of CGROUP's walk is a set: bit n of it is what
 * the test CGROUP with argument n asks for (n < 31).
 */
struct ewx_automaton {
	__le32 start;
	__le32 unmatched;
	__le32 reserved[2];
};

/** struct ewx_state - @accept: node reference if a match may end here. */
struct ewx_state {
	__le32 base;		/* base + 255 < number of transitions */
	__le32 fallback;	/* state */
	__le32 accept;		/* node reference, or EWX_NONE: as unmatched */
	__le32 length;		/* of a tail, at most EWX_TAIL_MAX, and EWX_TAIL_*; else 0 */
};

struct ewx_transition {
	__le32 check;		/* state, EWX_NONE if unused */
	__le32 next;		/* state */
};

/*
 * Binary decision diagrams: one test, two successors. A successor with
 * EWX_LEAF carries the result (domain, source class, identity class or cgroup
 * set); another one is a node with a greater index, so every walk ends.
 * X(NAME, name)
 */
#define EWX_TESTS(X)							\
	X(EUID_LT, euid_lt)		/* euid < arg */		\
	X(GROUP, group)			/* a group in VALUES[arg]..[arg+1] */ \
	X(CGROUP, cgroup)		/* cgroup result has bit arg */	\
	X(CONTEXT, context)		/* LSM context is string arg */	\
	X(OWNER_LT, owner_lt)		/* file owner < arg */		\
	X(FS, fs)			/* filesystem type is string arg */ \
	X(READ_ONLY, read_only)		/* truly read-only block device */ \
	X(FS_VERITY, fs_verity)		/* KEYS[arg], EWX_ANY, EWX_SIGNED */ \
	X(DM_VERITY, dm_verity)		/* root hash KEYS[arg] or EWX_ANY */ \
	X(MAPPED_EXEC, mapped_exec)	/* source VMA is executable */	\
	X(HAS_SIGNER, has_signer)					\
	X(SIGNER_LT, signer_lt)		/* bytewise < KEYS[arg] */	\
	X(SIGNER_EQ, signer_eq)						\
	X(MEASUREMENT_LT, measurement_lt)				\
	X(MEASUREMENT_EQ, measurement_eq)				\
	X(PRODUCT_LT, product_lt)	/* product < arg */		\
	X(SVN_LT, svn_lt)		/* svn < arg */			\
	X(ATTRIBUTES, attributes)	/* attrs & VALUES[arg] == VALUES[arg+1] */ \
	X(XFRM, xfrm)			/* VALUES[arg..arg+3]: mask, value; low first */ \
	X(NO_PATH, no_path)		/* the path may not be trusted */ \
	X(SIGNER_HEAD_LT, signer_head_lt)	/* first 4 bytes < arg */ \
	X(MEASUREMENT_HEAD_LT, measurement_head_lt) /* big-endian */	\
	X(SIGNER_JUMP, signer_jump)	/* see struct ewx_node */	\
	X(MEASUREMENT_JUMP, measurement_jump)

enum ewx_test {
	EWX_TEST_NONE,
#define EWX_TEST_ENUM(NAME, name) EWX_TEST_##NAME,
	EWX_TESTS(EWX_TEST_ENUM)
#undef EWX_TEST_ENUM
	EWX_TEST_COUNT
};

/**
 * struct ewx_node - a test.
 * @test: enum ewx_test
 * @arg: what it compares with
 * @yes: node reference if the test is true
 * @no: node reference if it is false
 *
 * *_JUMP is no comparison but a table of 2^yes successors at JUMPS[arg], chosen by
 * the first @yes (1 .. EWX_JUMP_BITS_MAX) bits of the key; without a key the
 * successor is @no. Tables divide JUMPS among them, in the order of their nodes.
 */
struct ewx_node {
	__le32 test;		/* enum ewx_test */
	__le32 arg;
	__le32 yes;		/* node reference or EWX_LEAF | result */
	__le32 no;
};

/*
 * The decision table: two hash tables whose keys lead to grants. ENTRIES are for
 * enclaves whose identity is known, by (domain, source class, identity class): a
 * verdict unites up to eight lookups, {domain, EWX_ANY} x {source class, EWX_ANY} x
 * {identity class, EWX_ANY}; any deny wins. ROWS are for enclaves whose identity is
 * not known yet, by (domain, source class): their grants carry sets of identity
 * classes. A row is complete: what the entries (d, s, i) of every i and (d, s,
 * EWX_ANY) give is united in the row (d, s), so that deferral looks up only {domain,
 * EWX_ANY} x {source class, EWX_ANY}. Rules that give the same are one grant of the
 * row, whatever their number; which rule decided for one class, the entries say.
 *
 * Both consist of lines of EWX_LINE_ENTRIES, each in one cache line. The hash of a key
 * (ewx_entry_hash()) names two lines (ewx_entry_line()): the key is in one of them, in
 * one entry, or nowhere. There is at least one line of each.
 *
 * A key is one number: domain, source class and identity class, EWX_ANY being all
 * ones, each in so many bits. EWX_CLASS_UNLISTED is in no key. In a row the lowest
 * bits are no part of the key, which is hashed with all ones there.
 */
#define EWX_KEY_DOMAIN_BITS	20
#define EWX_KEY_CLASS_BITS	22
#define EWX_KEY_DOMAIN_ANY	((1u << EWX_KEY_DOMAIN_BITS) - 1)
#define EWX_KEY_CLASS_ANY	((1u << EWX_KEY_CLASS_BITS) - 1)
#define EWX_DOMAINS_MAX		(EWX_KEY_DOMAIN_ANY - 1)
#define EWX_CLASSES_MAX		EWX_KEY_CLASS_ANY	/* of sources; of identities */
/* Of an entry that is free: the domain is none. */
#define EWX_KEY_FREE		(~(1ull << 2 * EWX_KEY_CLASS_BITS))

#define EWX_GRANT_CELL		4u	/* for a kind: see struct ewx_entry */
#define EWX_GRANT_LIMITED	0x80000000u	/* the rule has terms */

/**
 * struct ewx_entry - a key of the decision table and its grants: one grant, as nearly
 * all keys have, is read at once.
 * @key: the key; in a row the lowest EWX_KEY_CLASS_BITS are @set of struct ewx_grant
 * @what: see struct ewx_grant; or kind EWX_GRANT_CELL and no permissions
 * @rule: see struct ewx_grant; or CELLS index of all grants, and the set is all ones
 *
 * An entry without a key has EWX_KEY_FREE, and is otherwise 0.
 */
struct ewx_entry {
	__le64 key;
	__le32 what;
	__le32 rule;
};

/**
 * struct ewx_cell - grants of entries. Cells are not empty and divide GRANTS among them,
 * in order.
 * @first: GRANTS index of the first
 * @count: how many there are
 */
struct ewx_cell {
	__le32 first;
	__le32 count;
};

/**
 * struct ewx_grant - what one rule (or several alike) gives or takes.
 * @what: access vector; from bit EWX_KIND_SHIFT on enum ewx_rule_kind; EWX_GRANT_LIMITED
 *	if the rule has terms, which are the grant's
 * @rule: RULES index that a record names; it has all permissions of @what
 * @set: first word in SETS of a bitmap over identity classes (rows; ceil(identity
 *      classes / 64) words), else EWX_NONE
 *
 * Of the grants of a cell denies come first, then allows, then logs; for one
 * permission the most generous comes first: greater max, then later until. Grants
 * of a permission that another one of the cell covers in max, until and set are
 * left out. Bits of a set past the last class are 0.
 */
struct ewx_grant {
	__le32 what;
	__le32 rule;
	__le32 set;
};

#endif /* _UAPI_LINUX_EWX_POLICY_H */

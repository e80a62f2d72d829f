/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Reading blob bytes: the only place that turns them into numbers.
 *
 * Owns: byte order and record addresses. Checks nothing: indices are in range
 * because ewx_policy_verify() or the caller has seen to it. What the comment with an
 * @ names is in tests/prove/grants.h.
 */
#ifndef _SECURITY_EWX_CORE_READ_H
#define _SECURITY_EWX_CORE_READ_H

#include "engine.h"

/* Record sizes, EWX_SIZE_RULES and so on. */
enum {
#define EWX_SIZE_ENUM(NAME, name, size) EWX_SIZE_##NAME = size,
	EWX_SECTIONS(EWX_SIZE_ENUM)
#undef EWX_SIZE_ENUM
};

static inline u32 ewx_read32(const u8 *b)
{
	/*@ MAKES_A_NUMBER */
	return (u32)b[0] | (u32)b[1] << 8 | (u32)b[2] << 16 | (u32)b[3] << 24;
}

static inline u64 ewx_read64(const u8 *b)
{
	return (u64)ewx_read32(b) | (u64)ewx_read32(b + 4) << 32;
}

/* The first 8 bytes of a key as the number that orders keys. */
static inline u64 ewx_key_head(const u8 *b)
{
	return (u64)b[0] << 56 | (u64)b[1] << 48 | (u64)b[2] << 40 |
	       (u64)b[3] << 32 | (u64)b[4] << 24 | (u64)b[5] << 16 |
	       (u64)b[6] << 8 | (u64)b[7];
}

static inline u32 ewx_count(const struct ewx_policy *p,
			    enum ewx_section section)
{
	return p->section[section].count;
}

static inline const u8 *ewx_record(const struct ewx_policy *p,
				   enum ewx_section section, u32 index,
				   u32 size)
{
	return p->blob + p->section[section].offset + (size_t)index * size;
}

/* A field of the record at @at. */
#define EWX_FIELD32(at, type, field) \
	ewx_read32((at) + offsetof(struct type, field))

/* A record's field: EWX_GET32(p, RULES, ewx_rule, index, perms). */
#define EWX_GET(bits, p, SECTION, type, index, field)              \
	ewx_read##bits(ewx_record(p, EWX_SECTION_##SECTION, index, \
				  EWX_SIZE_##SECTION) +            \
		       offsetof(struct type, field))
#define EWX_GET32(p, SECTION, type, index, field) \
	EWX_GET(32, p, SECTION, type, index, field)
#define EWX_GET64(p, SECTION, type, index, field) \
	EWX_GET(64, p, SECTION, type, index, field)

/* A record that is one number: VALUES, FILES, JUMPS. */
#define EWX_NUMBER(p, SECTION, index)                          \
	ewx_read32(ewx_record(p, EWX_SECTION_##SECTION, index, \
			      EWX_SIZE_##SECTION))

/*
 * What a path matches that ends when it gets to state @state: nothing if that is a
 * tail whose bytes are still to come.
 */
static inline u32 ewx_accept_at(const struct ewx_policy *p, u32 state)
{
	if (EWX_GET32(p, STATES, ewx_state, state, length) & EWX_TAIL_MAX)
		return EWX_NONE;
	return EWX_GET32(p, STATES, ewx_state, state, accept);
}

/* The kind in a word `what'. */
static inline u32 ewx_kind(u32 what)
{
	return what >> EWX_KIND_SHIFT & EWX_KIND_MASK;
}

/* How far and how long rule @rule goes. */
static inline void ewx_rule_terms(const struct ewx_policy *p, u32 rule,
				  u32 *max, u64 *until)
{
	u32 terms = EWX_GET32(p, RULES, ewx_rule, rule, terms);

	/*@ TERMS_ARE_THERE */
	*max = EWX_UNLIMITED;
	*until = EWX_FOREVER;
	if (terms == EWX_NONE)
		return;
	*max = EWX_GET32(p, TERMS, ewx_terms, terms, max);
	*until = EWX_GET64(p, TERMS, ewx_terms, terms, until);
}

static inline const u8 *ewx_key(const struct ewx_policy *p, u32 index)
{
	return ewx_record(p, EWX_SECTION_KEYS, index, EWX_SIZE_KEYS);
}

/* Word @index of SETS. */
static inline u64 ewx_set_word(const struct ewx_policy *p, u32 index)
{
	return ewx_read64(
		ewx_record(p, EWX_SECTION_SETS, index, EWX_SIZE_SETS));
}

/* What a diagram decides, and so which results and tests it may have. */
enum ewx_diagram {
	EWX_DIAGRAM_NONE,
	EWX_DIAGRAM_DOMAIN,
	EWX_DIAGRAM_SOURCE,
	EWX_DIAGRAM_IDENTITY,
};

/* The diagram that has test @test; NONE: there is no such test. */
static inline enum ewx_diagram ewx_diagram_of(u32 test)
{
	switch (test) {
	case EWX_TEST_EUID_LT:
	case EWX_TEST_GROUP:
	case EWX_TEST_CGROUP:
	case EWX_TEST_CONTEXT:
	case EWX_TEST_NO_PATH:
		return EWX_DIAGRAM_DOMAIN;
	case EWX_TEST_OWNER_LT:
	case EWX_TEST_FS:
	case EWX_TEST_READ_ONLY:
	case EWX_TEST_FS_VERITY:
	case EWX_TEST_DM_VERITY:
	case EWX_TEST_MAPPED_EXEC:
		return EWX_DIAGRAM_SOURCE;
	case EWX_TEST_HAS_SIGNER:
	case EWX_TEST_SIGNER_LT:
	case EWX_TEST_SIGNER_EQ:
	case EWX_TEST_MEASUREMENT_LT:
	case EWX_TEST_MEASUREMENT_EQ:
	case EWX_TEST_SIGNER_HEAD_LT:
	case EWX_TEST_MEASUREMENT_HEAD_LT:
	case EWX_TEST_SIGNER_JUMP:
	case EWX_TEST_MEASUREMENT_JUMP:
	case EWX_TEST_PRODUCT_LT:
	case EWX_TEST_SVN_LT:
	case EWX_TEST_ATTRIBUTES:
	case EWX_TEST_XFRM:
		return EWX_DIAGRAM_IDENTITY;
	default:
		return EWX_DIAGRAM_NONE;
	}
}

/* Number of results that a diagram can have. */
static inline u32 ewx_diagram_results(const struct ewx_policy *p,
				      enum ewx_diagram diagram)
{
	switch (diagram) {
	case EWX_DIAGRAM_DOMAIN:
		return ewx_count(p, EWX_SECTION_DOMAINS);
	case EWX_DIAGRAM_SOURCE:
		return ewx_count(p, EWX_SECTION_SOURCE_CLASSES);
	case EWX_DIAGRAM_IDENTITY:
		return ewx_count(p, EWX_SECTION_IDENTITY_CLASSES);
	default:
		return 0;
	}
}

/* @ref is a result of @diagram, or a node of it. */
static inline bool ewx_reference_fits(const struct ewx_policy *p, u32 ref,
				      enum ewx_diagram diagram)
{
	if (ref & EWX_LEAF)
		return (ref & ~EWX_LEAF) < ewx_diagram_results(p, diagram);
	if (ref >= ewx_count(p, EWX_SECTION_NODES))
		return false;
	return ewx_diagram_of(EWX_GET32(p, NODES, ewx_node, ref, test)) ==
	       diagram;
}

/*
 * The automata share their states, so the blob alone does not say to which
 * diagram a state's reference belongs. This does; what is of the wrong kind
 * becomes the default domain, the unlisted source, the empty cgroup set.
 */
static inline u32 ewx_checked_reference(const struct ewx_policy *p,
					enum ewx_automaton_kind which, u32 ref)
{
	switch (which) {
	case EWX_AUTOMATON_EXE:
		if (ewx_reference_fits(p, ref, EWX_DIAGRAM_DOMAIN))
			return ref;
		return EWX_LEAF | EWX_DOMAIN_DEFAULT;
	case EWX_AUTOMATON_PATH:
		if (ewx_reference_fits(p, ref, EWX_DIAGRAM_SOURCE))
			return ref;
		return EWX_LEAF | EWX_CLASS_UNLISTED;
	case EWX_AUTOMATON_CGROUP:
		if (ref & EWX_LEAF)
			return ref;
		return EWX_LEAF;
	default:
		return EWX_LEAF;
	}
}

#endif /* _SECURITY_EWX_CORE_READ_H */

// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Verification of a binary policy: header and layout.
 *
 * Owns: that every section lies inside the blob, where the format wants it,
 * and the order of the other checks. After it, no decision can read outside
 * the blob, go on for ever or fail. Reads only; time is linear in the size.
 */
#include "verify.h"

#define HEADER_SIZE ((u32)sizeof(struct ewx_header))
#define TABLE_ENTRY ((u32)sizeof(struct ewx_section_entry))
#define SECTIONS_START (HEADER_SIZE + EWX_SECTION_COUNT * TABLE_ENTRY)

/* The format's structures are documentation; the sizes are what is read. */
static_assert(sizeof(struct ewx_header) == 64, "header");
static_assert(sizeof(struct ewx_section_entry) == 8, "section entry");
static_assert(sizeof(struct ewx_rule) == EWX_SIZE_RULES, "rule");
static_assert(sizeof(struct ewx_domain) == EWX_SIZE_DOMAINS, "domain");
static_assert(sizeof(struct ewx_name) == EWX_SIZE_SOURCES, "source");
static_assert(sizeof(struct ewx_name) == EWX_SIZE_IDENTITIES, "identity");
static_assert(sizeof(struct ewx_condition) == EWX_SIZE_CONDITIONS, "condition");
static_assert(sizeof(struct ewx_class) == EWX_SIZE_SOURCE_CLASSES, "class");
static_assert(sizeof(struct ewx_class) == EWX_SIZE_IDENTITY_CLASSES, "class");
static_assert(sizeof(struct ewx_automaton) == EWX_SIZE_AUTOMATA, "automaton");
static_assert(sizeof(struct ewx_state) == EWX_SIZE_STATES, "state");
static_assert(sizeof(struct ewx_transition) == EWX_SIZE_TRANSITIONS,
	      "transition");
static_assert(sizeof(struct ewx_node) == EWX_SIZE_NODES, "node");
static_assert(sizeof(struct ewx_entry) == EWX_SIZE_ENTRIES, "entry");
static_assert(sizeof(struct ewx_entry) == EWX_SIZE_ROWS, "row");
static_assert(sizeof(struct ewx_cell) == EWX_SIZE_CELLS, "cell");
static_assert(sizeof(struct ewx_grant) == EWX_SIZE_GRANTS, "grant");
static_assert(sizeof(struct ewx_terms) == EWX_SIZE_TERMS, "terms");
static_assert(ENCLAVE_PERM_COUNT <= EWX_KIND_SHIFT, "grant");

static bool fail_at(struct ewx_fault *fault, enum ewx_fault_code code,
		    u32 section, u32 index, u32 offset)
{
	fault->code = code;
	fault->section = section;
	fault->index = index;
	fault->offset = offset;
	return false;
}

static bool fail_header(struct ewx_fault *fault, enum ewx_fault_code code,
			u32 offset)
{
	return fail_at(fault, code, EWX_SECTION_COUNT, 0, offset);
}

static u32 record_size(enum ewx_section section)
{
	static const u8 size[EWX_SECTION_COUNT] = {
#define EWX_SIZE_ENTRY(NAME, name, size) [EWX_SECTION_##NAME] = size,
		EWX_SECTIONS(EWX_SIZE_ENTRY)
#undef EWX_SIZE_ENTRY
	};

	return size[section];
}

bool ewx_check_fail(struct ewx_check *c, enum ewx_fault_code code, u32 field)
{
	u32 offset = c->p->section[c->section].offset +
		     c->index * record_size(c->section) + field;

	return fail_at(c->fault, code, c->section, c->index, offset);
}

bool ewx_check_each(struct ewx_check *c, enum ewx_section section,
		    bool (*check)(struct ewx_check *c))
{
	u32 count = ewx_count(c->p, section);

	c->section = section;
	for (c->index = 0; c->index < count; c->index++) {
		if (!check(c))
			return false;
	}
	return true;
}

#define HEADER32(blob, field) \
	ewx_read32((blob) + offsetof(struct ewx_header, field))
#define HEADER64(blob, field) \
	ewx_read64((blob) + offsetof(struct ewx_header, field))
#define FAIL_HEADER(fault, CODE, field) \
	fail_header(fault, EWX_FAULT_##CODE, offsetof(struct ewx_header, field))

bool ewx_check_feature(const struct ewx_check *c, enum ewx_feature_bit bit)
{
	return HEADER32(c->p->blob, features) >> bit & 1;
}

/* Size, magic and format: is it worth reading on? */
static bool check_frame(const u8 *blob, u32 size, struct ewx_fault *fault)
{
	if (size < SECTIONS_START)
		return fail_header(fault, EWX_FAULT_SHORT, size);
	if (HEADER32(blob, magic) != EWX_POLICY_MAGIC)
		return FAIL_HEADER(fault, MAGIC, magic);
	if (HEADER32(blob, format) != EWX_POLICY_FORMAT)
		return FAIL_HEADER(fault, FORMAT, format);
	if (HEADER32(blob, size) > size)
		return FAIL_HEADER(fault, SHORT, size);
	if (HEADER32(blob, size) < size || size > EWX_POLICY_MAX_SIZE)
		return FAIL_HEADER(fault, LONG, size);
	if (HEADER32(blob, sections) != EWX_SECTION_COUNT)
		return FAIL_HEADER(fault, FORMAT, sections);
	return true;
}

static bool check_header(const u8 *blob, struct ewx_fault *fault)
{
	u32 reserved = offsetof(struct ewx_header, reserved);

	if (HEADER32(blob, language) < 1 ||
	    HEADER32(blob, language) > EWX_LANGUAGE)
		return FAIL_HEADER(fault, FORMAT, language);
	if (HEADER32(blob, features) >> EWX_FEATURE_COUNT)
		return FAIL_HEADER(fault, FEATURE, features);
	/*@ LOOP_OF_RESERVED */
	for (; reserved < HEADER_SIZE; reserved += sizeof(__le32)) {
		if (ewx_read32(blob + reserved))
			return fail_header(fault, EWX_FAULT_RESERVED, reserved);
	}
	return true;
}

/*
 * Read the table of sections. They follow one another without gaps but for the
 * zero bytes that align each, and the last one ends the blob: there is exactly
 * one layout.
 */
static bool read_layout(struct ewx_policy *p, struct ewx_fault *fault)
{
	u64 end = SECTIONS_START;
	u32 i;

	/*@ LOOP_OF_SECTIONS */
	for (i = 0; i < EWX_SECTION_COUNT; i++) {
		u32 at = HEADER_SIZE + i * TABLE_ENTRY;
		u32 offset = ewx_read32(p->blob + at);
		u32 count = ewx_read32(p->blob + at + 4);

		/*@ RECORD_IS_SMALL */
		/*@ SECTION_IS_NO_LARGE_NUMBER */
		if (offset % EWX_ALIGNMENT(i) || offset < end ||
		    offset - end >= EWX_ALIGNMENT(i))
			return fail_header(fault, EWX_FAULT_LAYOUT, at);
		if ((u64)offset + (u64)count * record_size(i) > p->size)
			return fail_header(fault, EWX_FAULT_COUNT, at + 4);
		/*@ LOOP_OF_GAP */
		for (; end < offset; end++) {
			if (p->blob[end])
				return fail_header(fault, EWX_FAULT_RESERVED,
						   (u32)end);
		}
		end += (u64)count * record_size(i);
		p->section[i].offset = offset;
		p->section[i].count = count;
		/*@ NEXT_IS_INSIDE */
		/*@ THOSE_BEFORE_ARE_KEPT */
		/*@ THEY_ARE_INSIDE */
	}
	if (end != p->size)
		return FAIL_HEADER(fault, LAYOUT, size);
	return true;
}

/* Sections that may not be empty, or whose count is fixed. */
static bool check_counts(const struct ewx_policy *p, struct ewx_fault *fault)
{
	static const u8 needed[] = {
		EWX_SECTION_STRINGS,	    EWX_SECTION_DOMAINS,
		EWX_SECTION_SOURCE_CLASSES, EWX_SECTION_IDENTITY_CLASSES,
		EWX_SECTION_STATES,	    EWX_SECTION_ENTRIES,
		EWX_SECTION_ROWS,
	};
	u32 section = EWX_SECTION_COUNT;
	u32 i;

	/*@ LOOP_OF_NEEDED */
	for (i = 0; i < sizeof(needed) && section == EWX_SECTION_COUNT; i++) {
		if (!ewx_count(p, needed[i]))
			section = needed[i];
	}
	if (ewx_count(p, EWX_SECTION_AUTOMATA) != EWX_AUTOMATON_COUNT)
		section = EWX_SECTION_AUTOMATA;
	if (ewx_count(p, EWX_SECTION_ENTRIES) % EWX_LINE_ENTRIES)
		section = EWX_SECTION_ENTRIES;
	if (ewx_count(p, EWX_SECTION_ROWS) % EWX_LINE_ENTRIES)
		section = EWX_SECTION_ROWS;
	if (ewx_count(p, EWX_SECTION_DOMAINS) > EWX_DOMAINS_MAX)
		section = EWX_SECTION_DOMAINS;
	if (ewx_count(p, EWX_SECTION_SOURCE_CLASSES) > EWX_CLASSES_MAX)
		section = EWX_SECTION_SOURCE_CLASSES;
	if (ewx_count(p, EWX_SECTION_IDENTITY_CLASSES) > EWX_CLASSES_MAX)
		section = EWX_SECTION_IDENTITY_CLASSES;
	if (section == EWX_SECTION_COUNT)
		return true;
	return fail_header(fault, EWX_FAULT_COUNT,
			   HEADER_SIZE + section * TABLE_ENTRY + 4);
}

static void read_header(struct ewx_policy *p)
{
	p->built = HEADER64(p->blob, built);
	p->version = HEADER64(p->blob, version);
	p->seed = HEADER32(p->blob, seed);
	p->identity_node = HEADER32(p->blob, identity_node);
	p->lines = ewx_count(p, EWX_SECTION_ENTRIES) / EWX_LINE_ENTRIES;
	p->row_lines = ewx_count(p, EWX_SECTION_ROWS) / EWX_LINE_ENTRIES;
	p->set_words = (ewx_count(p, EWX_SECTION_IDENTITY_CLASSES) + 63) / 64;
	/*@ EACH_IS_KEPT */
	/*@ SECTIONS_ARE_KEPT */
}

bool ewx_policy_verify(const void *blob, u32 size, struct ewx_policy *p,
		       struct ewx_fault *fault)
{
	struct ewx_check c = {
		.p = p,
		.fault = fault,
		/* At no record yet. */
		.section = EWX_SECTION_COUNT,
		.index = EWX_NONE,
	};

	memset(p, 0, sizeof(*p));
	memset(fault, 0, sizeof(*fault));
	p->blob = blob;
	p->size = size;
	if (!check_frame(p->blob, size, fault) ||
	    !check_header(p->blob, fault) || !read_layout(p, fault) ||
	    !check_counts(p, fault))
		return false;
	read_header(p);
	if (!ewx_verify_written(&c) || !ewx_verify_match(&c) ||
	    !ewx_verify_table(&c))
		return false;
	if (!ewx_check_string(p, HEADER32(p->blob, name)))
		return FAIL_HEADER(fault, REFERENCE, name);
	if (!ewx_check_name(p, HEADER32(p->blob, name)))
		return FAIL_HEADER(fault, VALUE, name);
	if (!ewx_reference_fits(p, p->identity_node, EWX_DIAGRAM_IDENTITY))
		return FAIL_HEADER(fault, REFERENCE, identity_node);
	return true;
}

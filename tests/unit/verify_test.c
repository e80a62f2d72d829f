// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification: what is wrong is found and told; what is not found wrong can
 * be used without reading outside the blob (the sanitizer watches: every blob
 * is in an allocation of just its size). What takes long is in verify_many_test.c.
 */
#include "damage.h"

#include <sys/mman.h>

static void test_sample_is_valid(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;

	(void)state;
	if (!damage_use(sample.b.bytes, sample.b.size, &fault))
		fail_msg("fault %u section %u record %u at %u", fault.code,
			 fault.section, fault.index, fault.offset);
	assert_true(ewx_policy_verify(sample.b.bytes, sample.b.size, &p, &fault));
	assert_string_equal(ewx_policy_name(&p), "test");
	assert_int_equal(p.version, 12);
	assert_int_equal(p.built, 1700000000);
	assert_int_equal(p.set_words, 1);
	assert_int_equal(ewx_domain_find(&p, "pods"), sample.pods);
	assert_int_equal(ewx_domain_find(&p, "pod"), EWX_NONE);
	assert_string_equal(ewx_source_class_name(&p, sample.verity_code, 0),
			    "verity_code");
	assert_null(ewx_source_class_name(&p, sample.verity_code, 1));
	assert_string_equal(ewx_identity_class_name(&p, sample.both, 1),
			    "quoting");
}

static void test_lines(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	const char *file;
	u32 line;

	(void)state;
	assert_true(ewx_policy_verify(sample.b.bytes, sample.b.size, &p, &fault));
	assert_true(ewx_rule_line(&p, 4, &file, &line));
	assert_string_equal(file, "test.ewx");
	assert_int_equal(line, 5);
	assert_false(ewx_rule_line(&p, 400, &file, &line));
	assert_false(ewx_rule_line(&p, EWX_NONE, &file, &line));
	assert_true(ewx_domain_line(&p, sample.server, &file, &line));
	assert_int_equal(line, 100 + sample.server);
	assert_false(ewx_domain_line(&p, EWX_NONE, &file, &line));
	assert_string_equal(ewx_domain_name(&p, 99), "");
	assert_string_equal(ewx_string(&p, 0xffffffffu), "");
}

/* One field of one record set to a value: what is told. */
struct damage {
	enum ewx_section section;
	u32 index;
	u32 field;
	u32 value;
	enum ewx_fault_code code;
};

static const struct damage damages[] = {
#define HEADER(field, value, CODE) \
	{ EWX_SECTION_COUNT, 0, AT(ewx_header, field), value, EWX_FAULT_##CODE }
#define RECORD(SECTION, index, type, field, value, CODE)		\
	{ EWX_SECTION_##SECTION, index, AT(type, field), value,		\
	  EWX_FAULT_##CODE }
/* Of one that has a key. */
#define ENTRY(field, value, CODE) \
	RECORD(ENTRIES, 0, ewx_entry, field, value, CODE)
#define ROW(field, value, CODE) \
	RECORD(ROWS, 0, ewx_entry, field, value, CODE)
#define GRANT(KIND, perms) \
	((perms) | (u32)EWX_RULE_##KIND << EWX_KIND_SHIFT)
	HEADER(magic, 0, MAGIC),
	HEADER(format, 0, FORMAT),
	HEADER(format, EWX_POLICY_FORMAT - 1, FORMAT),
	HEADER(format, EWX_POLICY_FORMAT + 1, FORMAT),
	HEADER(size, 0x7fffffff, SHORT),
	HEADER(size, 300, LONG),
	HEADER(sections, EWX_SECTION_COUNT + 1, FORMAT),
	HEADER(name, 0, VALUE),
	HEADER(name, 1, NONE),
	HEADER(name, 2, REFERENCE),
	HEADER(name, 0xffffffff, REFERENCE),
	HEADER(language, 0, FORMAT),
	HEADER(language, 2, FORMAT),
	HEADER(features, 1u << EWX_FEATURE_COUNT, FEATURE),
	HEADER(features, 1u << EWX_FEATURE_BIT_UNTIL, UNDECLARED),
	HEADER(features, (1u << EWX_FEATURE_COUNT) - 1, NONE),
	HEADER(identity_node, 0, REFERENCE),	/* a domain's node */
	HEADER(identity_node, 99, REFERENCE),
	HEADER(identity_node, EWX_LEAF | 4, REFERENCE),
	HEADER(reserved, 1, RESERVED),
	{ EWX_SECTION_FILES, 0, 0, 3, EWX_FAULT_REFERENCE },
	RECORD(RULES, 0, ewx_rule, file, 1, REFERENCE),
	RECORD(RULES, 0, ewx_rule, what, GRANT(DENY, 0), VALUE),
	RECORD(RULES, 0, ewx_rule, what, GRANT(DENY, 1u << ENCLAVE_PERM_COUNT),
	       VALUE),
	RECORD(RULES, 1, ewx_rule, what, GRANT(NONE, 1), VALUE),
	RECORD(RULES, 1, ewx_rule, what, 1 | EWX_GRANT_CELL << EWX_KIND_SHIFT,
	       VALUE),
	RECORD(RULES, 1, ewx_rule, what, GRANT(ALLOW, 1) | EWX_GRANT_LIMITED,
	       VALUE),
	RECORD(RULES, 1, ewx_rule, what, GRANT(LOG, 1), VALUE),
	RECORD(RULES, 1, ewx_rule, domain, 3, REFERENCE),
	RECORD(RULES, 1, ewx_rule, source, 2, REFERENCE),
	RECORD(RULES, 1, ewx_rule, source, EWX_DEFER, NONE),
	RECORD(RULES, 1, ewx_rule, identity, 2, REFERENCE),
	RECORD(RULES, 0, ewx_rule, terms, 0, VALUE),	/* a denial */
	RECORD(RULES, 1, ewx_rule, terms, 99, REFERENCE),
	RECORD(RULES, 1, ewx_rule, terms, 0, VALUE),	/* its grants */
	RECORD(DOMAINS, 0, ewx_domain, name, 1, VALUE),	/* not "default" */
	RECORD(DOMAINS, 1, ewx_domain, name, 0, VALUE),
	RECORD(DOMAINS, 1, ewx_domain, name, 3, REFERENCE),
	RECORD(DOMAINS, 1, ewx_domain, flags, 0x8, VALUE),
	RECORD(DOMAINS, 1, ewx_domain, flags, 0, VALUE),	/* HAS_* */
	RECORD(DOMAINS, 2, ewx_domain, flags, 0, VALUE),
	RECORD(DOMAINS, 1, ewx_domain, file, 1, REFERENCE),
	RECORD(DOMAINS, 1, ewx_domain, reserved, 1, RESERVED),
	RECORD(SOURCES, 0, ewx_name, name, 0, VALUE),
	RECORD(SOURCES, 0, ewx_name, flags, EWX_NAME_PUBLIC, VALUE),
	RECORD(IDENTITIES, 0, ewx_name, flags, EWX_NAME_PUBLIC, NONE),
	RECORD(IDENTITIES, 0, ewx_name, flags, 2, VALUE),
	RECORD(IDENTITIES, 0, ewx_name, file, EWX_NONE, REFERENCE),
	RECORD(CONDITIONS, 0, ewx_condition, owner_kind, 0, VALUE),
	RECORD(CONDITIONS, 0, ewx_condition, owner_kind, 4, VALUE),
	RECORD(CONDITIONS, 0, ewx_condition, owner, 3, REFERENCE),
	RECORD(CONDITIONS, 0, ewx_condition, kind, EWX_CONDITION_PATH, VALUE),
	RECORD(CONDITIONS, 0, ewx_condition, kind, 99, VALUE),
	RECORD(CONDITIONS, 0, ewx_condition, a, 2, VALUE),
	RECORD(CONDITIONS, 1, ewx_condition, a, 2000, VALUE),
	RECORD(CONDITIONS, 2, ewx_condition, a, 3, VALUE),
	RECORD(CONDITIONS, 4, ewx_condition, a, 3, VALUE),
	RECORD(CONDITIONS, 6, ewx_condition, a, EWX_ANY, VALUE),
	RECORD(CONDITIONS, 0, ewx_condition, file, 1, REFERENCE),
	RECORD(CONDITIONS, 0, ewx_condition, reserved, 1, RESERVED),
	RECORD(SOURCE_CLASSES, 0, ewx_class, count, 1, VALUE),
	RECORD(SOURCE_CLASSES, 1, ewx_class, first, 0xfffffff0, REFERENCE),
	RECORD(SOURCE_CLASSES, 1, ewx_class, count, 0xffffffff, COUNT),
	RECORD(IDENTITY_CLASSES, 3, ewx_class, first, 0, NONE),
	RECORD(IDENTITY_CLASSES, 3, ewx_class, first, 1, ORDER),	/* 1, 0 */
	RECORD(IDENTITY_CLASSES, 3, ewx_class, count, 3, REFERENCE),	/* 50 */
	RECORD(AUTOMATA, 0, ewx_automaton, start, 99, REFERENCE),
	RECORD(AUTOMATA, 0, ewx_automaton, unmatched, EWX_LEAF | 3, REFERENCE),
	RECORD(AUTOMATA, 0, ewx_automaton, unmatched, 6, REFERENCE),
	RECORD(AUTOMATA, 1, ewx_automaton, unmatched, 0, REFERENCE),
	RECORD(AUTOMATA, 2, ewx_automaton, unmatched, 0, REFERENCE),
	RECORD(AUTOMATA, 2, ewx_automaton, reserved, 1, RESERVED),
	RECORD(STATES, 0, ewx_state, fallback, 1, VALUE),
	RECORD(STATES, 0, ewx_state, accept, EWX_LEAF, VALUE),
	RECORD(STATES, 1, ewx_state, base, 1u << 20, REFERENCE),
	RECORD(STATES, 1, ewx_state, fallback, 99, REFERENCE),
	RECORD(STATES, 1, ewx_state, accept, 99, REFERENCE),
	RECORD(STATES, 1, ewx_state, accept, EWX_LEAF | 99, NONE),
	RECORD(STATES, 1, ewx_state, length, 1, VALUE),
	RECORD(STATES, 0, ewx_state, length, 1, VALUE),
	RECORD(TRANSITIONS, 0, ewx_transition, check, 0, REFERENCE),
	RECORD(TRANSITIONS, 0, ewx_transition, check, 99, REFERENCE),
	RECORD(TRANSITIONS, 0, ewx_transition, next, 99, REFERENCE),
	RECORD(NODES, 0, ewx_node, test, 0, VALUE),
	RECORD(NODES, 0, ewx_node, test, EWX_TEST_COUNT, VALUE),
	RECORD(NODES, 0, ewx_node, test, EWX_TEST_FS, REFERENCE),
	RECORD(NODES, 3, ewx_node, arg, 99, REFERENCE),
	RECORD(NODES, 3, ewx_node, arg, 13, REFERENCE),	/* the last value */
	RECORD(NODES, 4, ewx_node, arg, 31, REFERENCE),
	RECORD(NODES, 5, ewx_node, arg, 2, REFERENCE),
	RECORD(NODES, 10, ewx_node, arg, 3, REFERENCE),
	RECORD(NODES, 9, ewx_node, arg, EWX_SIGNED, NONE),
	RECORD(NODES, 10, ewx_node, arg, EWX_SIGNED, REFERENCE),
	RECORD(NODES, 17, ewx_node, arg, EWX_ANY, REFERENCE),
	RECORD(NODES, 22, ewx_node, arg, 0xffffffff, REFERENCE),
	RECORD(NODES, 26, ewx_node, arg, 11, REFERENCE),
	RECORD(NODES, 0, ewx_node, no, 0, ORDER),
	RECORD(NODES, 1, ewx_node, yes, 0, ORDER),
	RECORD(NODES, 1, ewx_node, yes, 99, REFERENCE),
	RECORD(NODES, 1, ewx_node, yes, 7, REFERENCE),	/* a source's */
	RECORD(NODES, 1, ewx_node, yes, EWX_LEAF | 3, REFERENCE),
	RECORD(NODES, 15, ewx_node, arg, 1, ORDER),
	RECORD(NODES, 15, ewx_node, yes, 0, COUNT),
	RECORD(NODES, 15, ewx_node, yes, 3, COUNT),
	RECORD(NODES, 15, ewx_node, yes, EWX_JUMP_BITS_MAX + 1, COUNT),
	RECORD(NODES, 15, ewx_node, yes, 0xffffffff, COUNT),
	RECORD(NODES, 15, ewx_node, no, 15, ORDER),
	RECORD(NODES, 15, ewx_node, no, 0, REFERENCE),	/* a domain's */
	RECORD(NODES, 25, ewx_node, arg, 0, ORDER),
	RECORD(NODES, 25, ewx_node, yes, 2, COUNT),
	RECORD(NODES, 25, ewx_node, test, EWX_TEST_SVN_LT, REFERENCE),
	{ EWX_SECTION_JUMPS, 0, 0, 15, EWX_FAULT_ORDER },
	{ EWX_SECTION_JUMPS, 0, 0, 0, EWX_FAULT_REFERENCE },
	{ EWX_SECTION_JUMPS, 3, 0, 99, EWX_FAULT_REFERENCE },
	{ EWX_SECTION_JUMPS, 5, 0, 25, EWX_FAULT_ORDER },
	{ EWX_SECTION_JUMPS, 5, 0, EWX_LEAF | 4, EWX_FAULT_REFERENCE },
	ENTRY(what, 0, VALUE),
	ENTRY(what, GRANT(ALLOW, 0), VALUE),
	ENTRY(what, GRANT(ALLOW, 1u << ENCLAVE_PERM_COUNT), VALUE),
	ENTRY(what, 1, VALUE),	/* no kind */
	ENTRY(what, 1 | EWX_GRANT_CELL << EWX_KIND_SHIFT, VALUE),
	ENTRY(what, 1 | (EWX_GRANT_CELL + 1u) << EWX_KIND_SHIFT, VALUE),
	ENTRY(rule, 99, REFERENCE),
	ROW(what, 0, VALUE),
	ROW(what, GRANT(ALLOW, 0), VALUE),
	ROW(rule, 99, REFERENCE),
	RECORD(CELLS, 0, ewx_cell, first, 1, ORDER),
	RECORD(CELLS, 1, ewx_cell, count, 0, COUNT),
	RECORD(CELLS, 1, ewx_cell, count, 0xffffffff, COUNT),
	RECORD(GRANTS, 0, ewx_grant, what, 0, VALUE),
	RECORD(GRANTS, 0, ewx_grant, what,
	       GRANT(ALLOW, 1u << ENCLAVE_PERM_COUNT), VALUE),
	RECORD(GRANTS, 0, ewx_grant, what, 1, VALUE),
	RECORD(GRANTS, 1, ewx_grant, what, GRANT(DENY, 1), VALUE),
	RECORD(GRANTS, 0, ewx_grant, rule, 99, REFERENCE),
	RECORD(GRANTS, 1, ewx_grant, rule, 0, VALUE),	/* a denial */
	RECORD(GRANTS, 0, ewx_grant, set, 99, REFERENCE),
	RECORD(TERMS, 0, ewx_terms, reserved, 1, RESERVED),
	{ EWX_SECTION_SETS, 0, 0, 0x10, EWX_FAULT_VALUE },
	{ EWX_SECTION_STRINGS, 0, 0, 'x', EWX_FAULT_STRING },
	{ EWX_SECTION_STRINGS, 1, 0, 0x80 | 't', EWX_FAULT_STRING },
	{ EWX_SECTION_STRINGS, 1, 0, '\n', EWX_FAULT_STRING },
};

/* Where record @index is; free slots of the table do not count. */
static u32 record_at(enum ewx_section section, u32 index)
{
	u32 at = damage_start(section);

	if (section == EWX_SECTION_ENTRIES || section == EWX_SECTION_ROWS)
		while (ewx_read64(sample.b.bytes + at) == EWX_KEY_FREE)
			at += EWX_SIZE_ENTRIES;
	return at + index * damage_record_size(section);
}

static void check_damage(const struct damage *d, size_t row)
{
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);
	u32 at = d->field;
	bool ok;

	if (d->section < EWX_SECTION_COUNT)
		at += record_at(d->section, d->index);
	if (d->section == EWX_SECTION_STRINGS)
		blob[at] = (u8)d->value;
	else
		blob_set32(blob + at, d->value);
	ok = damage_use(blob, sample.b.size, &fault);
	free(blob);
	if (ok && d->code == EWX_FAULT_NONE)
		return;
	if (ok || fault.code != d->code)
		fail_msg("row %zu: fault %u in section %u record %u at %u", row,
			 ok ? 0 : fault.code, fault.section, fault.index,
			 fault.offset);
}

static void test_damage_is_told(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(damages); i++)
		check_damage(&damages[i], i);
}

static void test_place_of_fault(void **state)
{
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);
	u32 at = damage_start(EWX_SECTION_NODES) + 5 * EWX_SIZE_NODES +
		 AT(ewx_node, no);

	(void)state;
	blob_set32(blob + at, 1);
	assert_false(damage_use(blob, sample.b.size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_ORDER);
	assert_int_equal(fault.section, EWX_SECTION_NODES);
	assert_int_equal(fault.index, 5);
	assert_int_equal(fault.offset, at);
	free(blob);
}

/* Every length that is not the right one. */
static void test_truncated(void **state)
{
	struct ewx_fault fault;
	u32 size;

	(void)state;
	for (size = 0; size < sample.b.size; size++) {
		u8 *blob = damage_copy(size);

		assert_false(damage_use(blob, size, &fault));
		assert_int_equal(fault.code, EWX_FAULT_SHORT);
		/* Also when the header does not give it away. */
		if (size >= 16) {
			blob_set32(blob + AT(ewx_header, size), size);
			assert_false(damage_use(blob, size, &fault));
		}
		free(blob);
	}
}

static void test_too_long(void **state)
{
	struct ewx_fault fault;
	u32 size = sample.b.size + 8;
	u8 *blob = calloc(1, size);

	(void)state;
	assert_non_null(blob);
	memcpy(blob, sample.b.bytes, sample.b.size);
	assert_false(damage_use(blob, size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_LONG);
	blob_set32(blob + AT(ewx_header, size), size);
	assert_false(damage_use(blob, size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_LAYOUT);
	free(blob);
}

/* The table of sections is there, but nothing of what it tells. */
static void test_table_alone(void **state)
{
	u32 size = sizeof(struct ewx_header) +
		   EWX_SECTION_COUNT * sizeof(struct ewx_section_entry);
	u8 *blob = damage_copy(size);
	struct ewx_fault fault;

	(void)state;
	blob_set32(blob + AT(ewx_header, size), size);
	assert_false(damage_use(blob, size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_COUNT);
	assert_int_equal(fault.section, EWX_SECTION_COUNT);
	assert_int_equal(fault.index, 0);
	assert_int_equal(fault.offset, sizeof(struct ewx_header) + 4);
	free(blob);
}

/* Who asks what was refused asks a policy without anything. */
static void test_refused_is_empty(void **state)
{
	struct ewx_fault fault;
	struct ewx_policy p;
	u8 *blob = damage_copy(8);
	u32 i;

	(void)state;
	memset(&p, 0xa5, sizeof(p));
	assert_false(ewx_policy_verify(blob, 8, &p, &fault));
	for (i = 0; i < EWX_SECTION_COUNT; i++)
		assert_int_equal(ewx_count(&p, i), 0);
	assert_int_equal(p.any_shapes, 0);
	free(blob);
}

/* A policy may be as large as the limit. */
static void test_largest(void **state)
{
	struct ewx_fault fault;
	u8 *blob = mmap(NULL, EWX_POLICY_MAX_SIZE + 1, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)state;
	assert_ptr_not_equal(blob, MAP_FAILED);
	memcpy(blob, sample.b.bytes, sample.b.size);
	blob_set32(blob + AT(ewx_header, size), EWX_POLICY_MAX_SIZE);
	assert_false(damage_use(blob, EWX_POLICY_MAX_SIZE, &fault));
	assert_int_equal(fault.code, EWX_FAULT_LAYOUT);
	blob_set32(blob + AT(ewx_header, size), EWX_POLICY_MAX_SIZE + 1);
	assert_false(damage_use(blob, EWX_POLICY_MAX_SIZE + 1, &fault));
	assert_int_equal(fault.code, EWX_FAULT_LONG);
	munmap(blob, EWX_POLICY_MAX_SIZE + 1);
}

/* The section table: any other offset or count is refused. */
static void test_layout(void **state)
{
	static const u32 offsets[] = { 0, 1, 8, 64, 0x80000000, 0xfffffff8,
				       0xffffffff };
	u32 table = sizeof(struct ewx_header);
	u32 entries = 2 * EWX_SECTION_COUNT;
	struct ewx_fault fault;
	u32 i, j;

	(void)state;
	for (i = 0; i < entries; i++) {
		for (j = 0; j < ARRAY_LEN(offsets) + 4; j++) {
			u8 *blob = damage_copy(sample.b.size);
			u32 was = ewx_read32(blob + table + 4 * i);
			u32 now = j < ARRAY_LEN(offsets) ? offsets[j] :
				  was + (j - ARRAY_LEN(offsets)) * 8 - 16;

			blob_set32(blob + table + 4 * i, now);
			if (now != was)
				assert_false(damage_use(blob, sample.b.size, &fault));
			if (now >= 0x80000000) {
				assert_int_equal(fault.code, i % 2 ? EWX_FAULT_COUNT :
								     EWX_FAULT_LAYOUT);
				assert_int_equal(fault.offset, table + 4 * i);
			}
			free(blob);
		}
	}
}

/* @extra bytes in front of @section, all that follows moved along. */
static u8 *insert(enum ewx_section section, u32 extra, u8 fill, u32 *size)
{
	u32 at = damage_start(section);
	u8 *blob = malloc(sample.b.size + extra);
	u32 i;

	assert_non_null(blob);
	memcpy(blob, sample.b.bytes, at);
	memset(blob + at, fill, extra);
	memcpy(blob + at + extra, sample.b.bytes + at, sample.b.size - at);
	*size = sample.b.size + extra;
	blob_set32(blob + AT(ewx_header, size), *size);
	for (i = section; i < EWX_SECTION_COUNT; i++)
		blob_set32(blob + sizeof(struct ewx_header) +
			   i * sizeof(struct ewx_section_entry),
			   damage_start(i) + extra);
	return blob;
}

/* Gaps and shifts that hang together are refused all the same. */
static void test_gaps(void **state)
{
	static const u32 extras[] = { 1, 4, 8, 64 };
	struct ewx_fault fault;
	u32 section, i, size;

	(void)state;
	for (section = 0; section < EWX_SECTION_COUNT; section++) {
		for (i = 0; i < ARRAY_LEN(extras); i++) {
			u8 *blob = insert(section, extras[i], 0, &size);

			assert_false(damage_use(blob, size, &fault));
			assert_int_equal(fault.code, EWX_FAULT_LAYOUT);
			free(blob);
		}
	}
}

/* The bytes that align a section are 0. */
static void test_padding(void **state)
{
	struct ewx_fault fault;
	u32 section, at, found = 0;

	(void)state;
	for (section = 1; section < EWX_SECTION_COUNT; section++) {
		u32 before = section - 1;
		u32 count = ewx_read32(sample.b.bytes + 4 +
				       sizeof(struct ewx_header) +
				       before * sizeof(struct ewx_section_entry));

		at = damage_start(before) + count * damage_record_size(before);
		for (; at < damage_start(section); at++) {
			u8 *blob = damage_copy(sample.b.size);

			blob[at] = 1;
			assert_false(damage_use(blob, sample.b.size, &fault));
			assert_int_equal(fault.code, EWX_FAULT_RESERVED);
			assert_int_equal(fault.offset, at);
			free(blob);
			found++;
		}
	}
	assert_true(found > 0);
}

/* In a cell all grants have a set, or none has. */
static void test_mixed_cell(void **state)
{
	u32 cells = damage_start(EWX_SECTION_CELLS);
	u32 grants = damage_start(EWX_SECTION_GRANTS);
	struct ewx_fault fault;
	u32 at, found = 0;

	(void)state;
	for (at = cells; at < grants; at += EWX_SIZE_CELLS) {
		u32 first = ewx_read32(sample.b.bytes + at);
		u32 count = ewx_read32(sample.b.bytes + at + 4);
		u8 *blob, *set;

		if (count < 2)
			continue;
		blob = damage_copy(sample.b.size);
		set = blob + grants + (first + count - 1) * EWX_SIZE_GRANTS +
		      AT(ewx_grant, set);
		blob_set32(set, ewx_read32(set) == EWX_NONE ? 0 : EWX_NONE);
		assert_false(damage_use(blob, sample.b.size, &fault));
		assert_int_equal(fault.code, EWX_FAULT_VALUE);
		assert_int_equal(fault.section, EWX_SECTION_CELLS);
		free(blob);
		found++;
	}
	assert_true(found > 0);
}

static void odd_entry(struct blob *b)
{
	b->section[EWX_SECTION_ENTRIES].count--;
}

static void no_entry(struct blob *b)
{
	b->section[EWX_SECTION_ENTRIES].count = 0;
}

static void odd_row(struct blob *b)
{
	b->section[EWX_SECTION_ROWS].count--;
}

static void no_row(struct blob *b)
{
	b->section[EWX_SECTION_ROWS].count = 0;
}

static void jump_too_many(struct blob *b)
{
	blob_number(b, EWX_SECTION_JUMPS, EWX_LEAF);
}

static void no_strings(struct blob *b)
{
	b->section[EWX_SECTION_STRINGS].count = 0;
}

static void no_states(struct blob *b)
{
	b->section[EWX_SECTION_STATES].count = 0;
}

static void two_automata(struct blob *b)
{
	b->section[EWX_SECTION_AUTOMATA].count = 2;
}

static void grant_too_many(struct blob *b)
{
	struct blob_section *s = &b->section[EWX_SECTION_GRANTS];

	s->bytes = realloc(s->bytes, (s->count + 1) * EWX_SIZE_GRANTS);
	assert_non_null(s->bytes);
	memcpy(s->bytes + s->count * EWX_SIZE_GRANTS, s->bytes, EWX_SIZE_GRANTS);
	s->count++;
}

static void test_counts(void **state)
{
	(void)state;
	damage_count(odd_entry, EWX_SECTION_ENTRIES);
	damage_count(no_entry, EWX_SECTION_ENTRIES);
	damage_count(odd_row, EWX_SECTION_ROWS);
	damage_count(no_row, EWX_SECTION_ROWS);
	damage_count(jump_too_many, EWX_SECTION_JUMPS);
	damage_count(no_strings, EWX_SECTION_STRINGS);
	damage_count(no_states, EWX_SECTION_STATES);
	damage_count(two_automata, EWX_SECTION_AUTOMATA);
	damage_count(grant_too_many, EWX_SECTION_GRANTS);
}

static void fill_strings(struct blob *b, const char *bytes, u32 size)
{
	struct blob_section *s = &b->section[EWX_SECTION_STRINGS];

	s->bytes = realloc(s->bytes, s->count + size);
	assert_non_null(s->bytes);
	memcpy(s->bytes + s->count, bytes, size);
	s->count += size;
}

/* What the sample with @size bytes of strings more is told for; at byte @wrong of them. */
static void check_strings(const char *bytes, u32 size, u32 wrong)
{
	struct ewx_fault fault;
	struct sample s;
	u32 at;
	bool ok;

	sample_init(&s);
	at = s.b.section[EWX_SECTION_STRINGS].count;
	fill_strings(&s.b, bytes, size);
	blob_layout(&s.b);
	ok = damage_use(s.b.bytes, s.b.size, &fault);
	if (ok != (wrong == EWX_NONE) ||
	    (!ok && (fault.code != EWX_FAULT_STRING ||
		     fault.section != EWX_SECTION_STRINGS ||
		     fault.index != at + wrong ||
		     fault.offset != damage_start(EWX_SECTION_STRINGS) + at + wrong)))
		fail_msg("%s: fault %u in section %u record %u", bytes,
			 fault.code, fault.section, fault.index - at);
	sample_free(&s);
}

/* UTF-8 as RFC 3629 has it: the first and the last of each length, and what is beside. */
static void test_strings(void **state)
{
	static const char *const good[] = {
		" ", "~", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf1\x80\x80\x80", "\xf4\x8f\xbf\xbf",
	};
	static const char *const bad[] = {
		"\x01", "\x1f", "\x7f", "\x80", "\xbf", "\xc2", "\xc2 ",
		"\xc2\xc0", "\xc0\x80", "\xc1\xbf", "\xe0", "\xe0\xa0",
		"\xe0\xa0 ", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x90\x80", "\xf0\x90\x80 ", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff\xbf\xbf\xbf",
	};
	char text[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(good); i++) {
		u32 length = (u32)strlen(good[i]);

		check_strings(good[i], length + 1, EWX_NONE);
		/* Sound, but the string does not end. */
		check_strings(good[i], length, length - 1);
		/* Right behind it is looked at again. */
		snprintf(text, sizeof(text), "%s\x01", good[i]);
		check_strings(text, length + 2, length);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		u32 size = (u32)snprintf(text, sizeof(text), "a%s", bad[i]);

		check_strings(text, size + 1, 1);
		/* The section ends in the middle of it. */
		check_strings(text, size, 1);
	}
}

/* The first string is the empty one. */
static void test_first_string(void **state)
{
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);

	(void)state;
	blob[damage_start(EWX_SECTION_STRINGS)] = 'x';
	assert_false(damage_use(blob, sample.b.size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_STRING);
	assert_int_equal(fault.section, EWX_SECTION_STRINGS);
	assert_int_equal(fault.index, 0);
	assert_int_equal(fault.offset, damage_start(EWX_SECTION_STRINGS));
	free(blob);
}

/* Were a node another than was verified, it decides nothing: the way is "no". */
static void test_node_of_no_test(void **state)
{
	const struct ewx_properties props = { .euid = 1 };
	struct ewx_fault fault;
	struct ewx_policy p;
	u8 *blob = damage_copy(sample.b.size), *node;

	(void)state;
	assert_true(ewx_policy_verify(blob, sample.b.size, &p, &fault));
	node = blob + damage_start(EWX_SECTION_NODES);
	blob_set32(node + AT(ewx_node, test), EWX_TEST_COUNT);
	blob_set32(node + AT(ewx_node, no), EWX_LEAF | 2);
	blob_set32(node + AT(ewx_node, yes), EWX_LEAF | 1);
	assert_int_equal(ewx_walk(&p, 0, &props), 2);
	assert_false(ewx_reference_fits(&p, EWX_LEAF, EWX_DIAGRAM_NONE));
	free(blob);
}

static void set_key(u8 *entry, u64 key)
{
	blob_set32(entry, (u32)key);
	blob_set32(entry + 4, (u32)(key >> 32));
}

/* Byte @at of the blob is in one of the two lines of the key at byte @here. */
static bool in_its_lines(enum ewx_section section, u32 here, u32 at)
{
	u32 lines = sample.b.section[section].count / EWX_LINE_ENTRIES;
	u32 line = (at - damage_start(section)) / EWX_SIZE_ENTRIES / EWX_LINE_ENTRIES;
	u64 mask = section == EWX_SECTION_ROWS ? EWX_KEY_CLASS_ANY : 0;
	u64 hash = ewx_entry_hash(sample.b.seed,
				  ewx_read64(sample.b.bytes + here) | mask);

	return line == ewx_entry_line(hash, 0, lines) ||
	       line == ewx_entry_line(hash, 1, lines);
}

/* The key at byte @here anywhere else: not its place, or there a second time. */
static u32 misplace(enum ewx_section section, u32 here)
{
	u32 start = damage_start(section), i, found = 0;
	struct ewx_fault fault;
	bool ok;

	for (i = 0; i < sample.b.section[section].count; i++) {
		u32 other = start + i * EWX_SIZE_ENTRIES;
		u8 *blob;

		if (other == here)
			continue;
		blob = damage_copy(sample.b.size);
		memcpy(blob + other, blob + here, EWX_SIZE_ENTRIES);
		/* Another set does not make another key of a row. */
		if (section == EWX_SECTION_ROWS && i % 2)
			blob[other] ^= 1;
		assert_false(damage_use(blob, sample.b.size, &fault));
		assert_int_equal(fault.section, section);
		if (fault.code != EWX_FAULT_REFERENCE &&
		    fault.code != EWX_FAULT_VALUE)
			assert_int_equal(fault.code, EWX_FAULT_ORDER);
		assert_true(fault.offset == other || fault.offset == here);
		/* Alone in one of its lines it is in place, and nowhere else. */
		memcpy(blob + other, blob + here, EWX_SIZE_ENTRIES);
		set_key(blob + here, EWX_KEY_FREE);
		memset(blob + here + 8, 0, EWX_SIZE_ENTRIES - 8);
		ok = damage_use(blob, sample.b.size, &fault);
		assert_int_equal(ok, in_its_lines(section, here, other));
		if (ok)
			found++;
		else
			assert_int_equal(fault.code, EWX_FAULT_ORDER);
		free(blob);
	}
	return found;
}

/* Something beside what is no key. */
static u32 fill_free(u32 here)
{
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);
	u32 at;

	for (at = 8; at < EWX_SIZE_ENTRIES; at++) {
		blob[here + at] = 1;
		assert_false(damage_use(blob, sample.b.size, &fault));
		assert_int_equal(fault.code, EWX_FAULT_RESERVED);
		assert_int_equal(fault.offset, here + at / 4 * 4);
		blob[here + at] = 0;
	}
	free(blob);
	return at;
}

static void check_places(enum ewx_section section)
{
	u32 i, there = 0, left = 0;

	for (i = 0; i < sample.b.section[section].count; i++) {
		u32 here = damage_start(section) + i * EWX_SIZE_ENTRIES;

		if (ewx_read64(sample.b.bytes + here) == EWX_KEY_FREE)
			left += fill_free(here);
		else
			there += misplace(section, here);
	}
	assert_true(there > 0 && left > 0);
}

static void test_places(void **state)
{
	(void)state;
	check_places(EWX_SECTION_ENTRIES);
	check_places(EWX_SECTION_ROWS);
}

/* A key of what does not exist, or of the class that is in no name. */
static void test_keys(void **state)
{
	static const struct {
		enum ewx_section section;
		u32 domain, source, identity;
	} bad[] = {
		{ EWX_SECTION_ENTRIES, 3, EWX_ANY, EWX_ANY },
		{ EWX_SECTION_ENTRIES, EWX_DOMAINS_MAX, EWX_ANY, EWX_ANY - 1 },
		{ EWX_SECTION_ENTRIES, 1, 3, EWX_ANY },
		{ EWX_SECTION_ENTRIES, 1, EWX_CLASS_UNLISTED, EWX_ANY },
		{ EWX_SECTION_ENTRIES, 1, EWX_ANY, 4 },
		{ EWX_SECTION_ENTRIES, 1, EWX_ANY, EWX_CLASS_UNLISTED },
		{ EWX_SECTION_ROWS, 3, EWX_ANY, 0 },
		{ EWX_SECTION_ROWS, 1, 3, 0 },
		{ EWX_SECTION_ROWS, 1, EWX_CLASS_UNLISTED, 0 },
	};
	struct ewx_fault fault;
	u32 i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		u8 *blob = damage_copy(sample.b.size);
		u32 at = record_at(bad[i].section, 0);

		set_key(blob + at, ewx_entry_key(bad[i].domain, bad[i].source,
						 bad[i].identity));
		assert_false(damage_use(blob, sample.b.size, &fault));
		if (fault.code != EWX_FAULT_REFERENCE || fault.offset != at)
			fail_msg("row %u: fault %u at %u", i, fault.code,
				 fault.offset);
		free(blob);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample_is_valid),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_damage_is_told),
		cmocka_unit_test(test_place_of_fault),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_table_alone),
		cmocka_unit_test(test_refused_is_empty),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_mixed_cell),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_first_string),
		cmocka_unit_test(test_node_of_no_test),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_keys),
	};

	return cmocka_run_group_tests(tests, damage_setup, damage_teardown);
}

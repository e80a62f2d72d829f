// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The test builder of binary policies; see blob.h. Aborts where it is misused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"

static const u32 record_size[EWX_SECTION_COUNT] = {
#define BLOB_SIZE(NAME, name, size) [EWX_SECTION_##NAME] = size,
	EWX_SECTIONS(BLOB_SIZE)
#undef BLOB_SIZE
};

static void need(bool ok)
{
	if (!ok)
		abort();
}

void blob_set32(u8 *at, u32 value)
{
	at[0] = (u8)value;
	at[1] = (u8)(value >> 8);
	at[2] = (u8)(value >> 16);
	at[3] = (u8)(value >> 24);
}

static void set64(u8 *at, u64 value)
{
	blob_set32(at, (u32)value);
	blob_set32(at + 4, (u32)(value >> 32));
}

#define SET32(record, type, field, value) \
	blob_set32((record) + offsetof(struct type, field), value)
#define SET64(record, type, field, value) \
	set64((record) + offsetof(struct type, field), value)

u8 *blob_record(struct blob *b, enum ewx_section section, u32 index)
{
	need(index < b->section[section].count);
	return b->section[section].bytes + index * record_size[section];
}

/* @count more records, zeroed. Returns the first one's index. */
static u32 grow(struct blob *b, enum ewx_section section, u32 count)
{
	struct blob_section *s = &b->section[section];
	u32 size = record_size[section];
	u32 index = s->count;

	if (s->count + count > s->room) {
		s->room = 2 * (s->count + count) + 16;
		s->bytes = realloc(s->bytes, (size_t)s->room * size);
		need(s->bytes);
	}
	memset(s->bytes + index * size, 0, (size_t)count * size);
	s->count += count;
	return index;
}

static u8 *append(struct blob *b, enum ewx_section section, u32 *index)
{
	*index = grow(b, section, 1);
	return blob_record(b, section, *index);
}

u32 blob_string(struct blob *b, const char *s)
{
	u32 length = (u32)strlen(s) + 1;
	u32 index;

	if (length == 1)
		return 0;
	index = grow(b, EWX_SECTION_STRINGS, length);
	memcpy(blob_record(b, EWX_SECTION_STRINGS, index), s, length);
	return index;
}

u32 blob_number(struct blob *b, enum ewx_section section, u32 number)
{
	u32 index;

	blob_set32(append(b, section, &index), number);
	return index;
}

u32 blob_key(struct blob *b, u8 fill)
{
	u32 index;

	memset(append(b, EWX_SECTION_KEYS, &index), fill, 32);
	return index;
}

static void use_feature(struct blob *b, enum ewx_feature_bit bit, bool used)
{
	if (used)
		b->features |= 1u << bit;
}

u32 blob_domain(struct blob *b, const char *name, u32 flags, u64 until)
{
	u32 string = blob_string(b, name);
	u32 index;
	u8 *r = append(b, EWX_SECTION_DOMAINS, &index);

	SET32(r, ewx_domain, name, string);
	SET32(r, ewx_domain, flags, flags);
	SET32(r, ewx_domain, file, 0);
	SET32(r, ewx_domain, line, 100 + index);
	SET64(r, ewx_domain, permissive_until, until);
	use_feature(b, EWX_FEATURE_BIT_GUARDED, flags & EWX_DOMAIN_GUARDED);
	use_feature(b, EWX_FEATURE_BIT_ROOT_ANY, flags & EWX_DOMAIN_ROOT_ANY);
	use_feature(b, EWX_FEATURE_BIT_UNTIL,
		    flags & EWX_DOMAIN_PERMISSIVE && until != EWX_FOREVER);
	return index;
}

static u32 add_name(struct blob *b, enum ewx_section section, const char *name)
{
	u32 string = blob_string(b, name);
	u32 index;
	u8 *r = append(b, section, &index);

	SET32(r, ewx_name, name, string);
	SET32(r, ewx_name, line, 200 + index);
	return index;
}

u32 blob_source(struct blob *b, const char *name)
{
	return add_name(b, EWX_SECTION_SOURCES, name);
}

u32 blob_identity(struct blob *b, const char *name)
{
	return add_name(b, EWX_SECTION_IDENTITIES, name);
}

u32 blob_class(struct blob *b, enum ewx_section classes, u32 first, u32 count)
{
	u32 values = b->section[EWX_SECTION_VALUES].count;
	u32 index, i;
	u8 *r = append(b, classes, &index);

	SET32(r, ewx_class, first, values);
	SET32(r, ewx_class, count, count);
	for (i = 0; i < count; i++)
		blob_number(b, EWX_SECTION_VALUES, first + i);
	return index;
}

u32 blob_node(struct blob *b, u32 test, u32 arg, u32 yes, u32 no)
{
	u32 index;
	u8 *r = append(b, EWX_SECTION_NODES, &index);

	SET32(r, ewx_node, test, test);
	SET32(r, ewx_node, arg, arg);
	SET32(r, ewx_node, yes, yes);
	SET32(r, ewx_node, no, no);
	use_feature(b, EWX_FEATURE_BIT_CGROUP, test == EWX_TEST_CGROUP);
	use_feature(b, EWX_FEATURE_BIT_CONTEXT, test == EWX_TEST_CONTEXT);
	use_feature(b, EWX_FEATURE_BIT_FS_VERITY, test == EWX_TEST_FS_VERITY);
	use_feature(b, EWX_FEATURE_BIT_DM_VERITY, test == EWX_TEST_DM_VERITY);
	use_feature(b, EWX_FEATURE_BIT_MAPPED_EXEC,
		    test == EWX_TEST_MAPPED_EXEC);
	return index;
}

void blob_unmatched(struct blob *b, enum ewx_automaton_kind which, u32 ref)
{
	SET32(blob_record(b, EWX_SECTION_AUTOMATA, which), ewx_automaton,
	      unmatched, ref);
}

/* A state that goes nowhere, with transitions of its own. */
static u32 add_state(struct blob *b)
{
	u32 slots = grow(b, EWX_SECTION_TRANSITIONS, 256);
	u32 index, i;
	u8 *r = append(b, EWX_SECTION_STATES, &index);

	SET32(r, ewx_state, base, slots);
	SET32(r, ewx_state, accept, EWX_NONE);
	for (i = 0; i < 256; i++)
		SET32(blob_record(b, EWX_SECTION_TRANSITIONS, slots + i),
		      ewx_transition, check, EWX_NONE);
	return index;
}

static u8 *slot_of(struct blob *b, u32 state, u8 byte)
{
	u32 base = ewx_read32(blob_record(b, EWX_SECTION_STATES, state) +
			      offsetof(struct ewx_state, base));

	return blob_record(b, EWX_SECTION_TRANSITIONS, base + byte);
}

static u32 step(struct blob *b, u32 state, u8 byte)
{
	u8 *slot = slot_of(b, state, byte);
	u32 next;

	if (ewx_read32(slot) == state)
		return ewx_read32(slot + 4);
	next = add_state(b);
	slot = slot_of(b, state, byte);
	SET32(slot, ewx_transition, check, state);
	SET32(slot, ewx_transition, next, next);
	return next;
}

void blob_path(struct blob *b, enum ewx_automaton_kind which, const char *path,
	       bool prefix, u32 ref)
{
	u8 *automaton = blob_record(b, EWX_SECTION_AUTOMATA, which);
	u32 state = ewx_read32(automaton);
	u8 *r;

	if (!state) {
		state = add_state(b);
		SET32(automaton, ewx_automaton, start, state);
	}
	for (; *path; path++)
		state = step(b, state, (u8)*path);
	r = blob_record(b, EWX_SECTION_STATES, state);
	SET32(r, ewx_state, accept, ref);
	if (prefix)
		SET32(r, ewx_state, fallback, state);
}

u32 blob_tail(struct blob *b, const char *text, u32 next)
{
	u32 length = (u32)strlen(text), index;
	u32 base = grow(b, EWX_SECTION_TAILS, length);
	const u8 *to = blob_record(b, EWX_SECTION_STATES, next);
	u32 accept = ewx_read32(to + offsetof(struct ewx_state, accept));
	u8 *r;

	if (ewx_read32(to + offsetof(struct ewx_state, length)))
		accept = EWX_NONE;
	memcpy(blob_record(b, EWX_SECTION_TAILS, base), text, length);
	r = append(b, EWX_SECTION_STATES, &index);
	SET32(r, ewx_state, base, base);
	SET32(r, ewx_state, fallback, next);
	SET32(r, ewx_state, accept, accept);
	SET32(r, ewx_state, length, length);
	return index;
}

u32 blob_star(struct blob *b, u32 kind, const char *text, u32 next, u32 accept)
{
	u32 length = (u32)strlen(text), index;
	u32 base = grow(b, EWX_SECTION_TAILS, length);
	u8 *r = append(b, EWX_SECTION_STATES, &index);

	if (length)
		memcpy(blob_record(b, EWX_SECTION_TAILS, base), text, length);
	SET32(r, ewx_state, base, base);
	SET32(r, ewx_state, fallback, next);
	SET32(r, ewx_state, accept, accept);
	SET32(r, ewx_state, length, length | kind);
	return index;
}

void blob_path_tail(struct blob *b, enum ewx_automaton_kind which,
		    const char *path, u32 ref)
{
	u32 next = add_state(b);

	SET32(blob_record(b, EWX_SECTION_STATES, next), ewx_state, accept, ref);
	SET32(blob_record(b, EWX_SECTION_STATES, next), ewx_state, fallback,
	      next);
	SET32(blob_record(b, EWX_SECTION_AUTOMATA, which), ewx_automaton, start,
	      blob_tail(b, path, next));
}

static u32 add_terms(struct blob *b, const struct blob_rule *from)
{
	u32 index;
	u8 *r;

	if (from->max == EWX_UNLIMITED && from->until == EWX_FOREVER)
		return EWX_NONE;
	r = append(b, EWX_SECTION_TERMS, &index);
	SET64(r, ewx_terms, until, from->until);
	SET32(r, ewx_terms, max, from->max);
	return index;
}

u32 blob_rule(struct blob *b, const struct blob_rule *rule)
{
	u32 index;
	u8 *r = append(b, EWX_SECTION_RULES, &index);

	need(index < 64);
	b->rule[index] = *rule;
	b->rules = index + 1;
	SET32(r, ewx_rule, line, index + 1);
	SET32(r, ewx_rule, what, rule->perms | rule->kind << EWX_KIND_SHIFT);
	SET32(r, ewx_rule, domain, rule->domain);
	SET32(r, ewx_rule, source, EWX_ANY);
	SET32(r, ewx_rule, identity, EWX_ANY);
	SET32(r, ewx_rule, terms, add_terms(b, rule));
	use_feature(b, EWX_FEATURE_BIT_LOG, rule->kind == EWX_RULE_LOG);
	use_feature(b, EWX_FEATURE_BIT_MAX, rule->max != EWX_UNLIMITED);
	use_feature(b, EWX_FEATURE_BIT_UNTIL, rule->until != EWX_FOREVER);
	return index;
}

void blob_init(struct blob *b)
{
	u32 i, index;

	memset(b, 0, sizeof(*b));
	grow(b, EWX_SECTION_STRINGS, 1);
	b->name = blob_string(b, "test");
	blob_number(b, EWX_SECTION_FILES, blob_string(b, "test.ewx"));
	blob_domain(b, "default", 0, EWX_FOREVER);
	blob_class(b, EWX_SECTION_SOURCE_CLASSES, 0, 0);
	blob_class(b, EWX_SECTION_IDENTITY_CLASSES, 0, 0);
	SET32(append(b, EWX_SECTION_STATES, &index), ewx_state, accept, EWX_NONE);
	for (i = 0; i < EWX_AUTOMATON_COUNT; i++) {
		append(b, EWX_SECTION_AUTOMATA, &index);
		blob_unmatched(b, index, EWX_LEAF);
	}
	b->identity_node = EWX_LEAF;
	b->version = 1;
}

void blob_free(struct blob *b)
{
	u32 i;

	for (i = 0; i < EWX_SECTION_COUNT; i++)
		free(b->section[i].bytes);
	free(b->bytes);
	memset(b, 0, sizeof(*b));
}

/* The table. */

struct key {
	u32 domain;
	u32 source;
	u32 identity;
	u32 what;
	u32 rule;
};

enum { KEYS_MAX = 128 };

/* Of ENTRIES; of ROWS, where the identity is the set. */
static struct table {
	struct key key[KEYS_MAX];
	u32 count;
} tables[2];

static u32 rank(u32 kind)
{
	return kind == EWX_RULE_DENY ? 0 : kind == EWX_RULE_ALLOW ? 1 : 2;
}

static u32 add_set(struct blob *b, u32 identity)
{
	u32 classes = b->section[EWX_SECTION_IDENTITY_CLASSES].count;
	u32 first = grow(b, EWX_SECTION_SETS, (classes + 63) / 64);
	u8 *set = blob_record(b, EWX_SECTION_SETS, first);
	u32 i;

	for (i = 0; i < classes; i++) {
		if (identity == EWX_ANY || identity == i)
			set[i / 8] |= (u8)(1 << i % 8);
	}
	return first;
}

static u32 what_of(const struct blob_rule *rule)
{
	u32 what = rule->perms | rule->kind << EWX_KIND_SHIFT;

	if (rule->max != EWX_UNLIMITED || rule->until != EWX_FOREVER)
		what |= EWX_GRANT_LIMITED;
	return what;
}

static void add_grant(struct blob *b, u32 rule, bool with_set)
{
	const struct blob_rule *from = &b->rule[rule];
	u32 set = with_set ? add_set(b, from->identity) : EWX_NONE;
	u32 index;
	u8 *r = append(b, EWX_SECTION_GRANTS, &index);

	SET32(r, ewx_grant, what, what_of(from));
	SET32(r, ewx_grant, rule, rule);
	SET32(r, ewx_grant, set, set);
}

static bool rule_is_of(const struct blob_rule *r, const struct key *k, bool row)
{
	return r->domain == k->domain && r->source == k->source &&
	       (row || r->identity == k->identity);
}

/* What rule @first is alone in is in the entry itself. */
static void add_alone(struct blob *b, struct key *k, u32 rule, bool row)
{
	k->what = what_of(&b->rule[rule]);
	k->rule = rule;
	if (row)
		k->identity = add_set(b, b->rule[rule].identity);
}

static void add_cell(struct blob *b, struct key *k, bool row)
{
	u32 i, order, first = b->section[EWX_SECTION_GRANTS].count;
	u8 *cell;

	for (order = 0; order < 3; order++) {
		for (i = 0; i < b->rules; i++) {
			if (rule_is_of(&b->rule[i], k, row) &&
			    rank(b->rule[i].kind) == order)
				add_grant(b, i, row);
		}
	}
	k->what = EWX_GRANT_CELL << EWX_KIND_SHIFT;
	cell = append(b, EWX_SECTION_CELLS, &k->rule);
	SET32(cell, ewx_cell, first, first);
	SET32(cell, ewx_cell, count,
	      b->section[EWX_SECTION_GRANTS].count - first);
}

static void add_key(struct blob *b, const struct blob_rule *from, bool row)
{
	struct table *t = &tables[row];
	struct key k = { from->domain, from->source,
			 row ? EWX_ANY : from->identity, 0, 0 };
	u32 i, rules = 0, rule = 0;

	for (i = 0; i < t->count; i++) {
		if (t->key[i].domain == k.domain &&
		    t->key[i].source == k.source &&
		    (row || t->key[i].identity == k.identity))
			return;
	}
	for (i = b->rules; i--;) {
		if (rule_is_of(&b->rule[i], &k, row)) {
			rules++;
			rule = i;
		}
	}
	if (rules == 1)
		add_alone(b, &k, rule, row);
	else
		add_cell(b, &k, row);
	need(t->count < KEYS_MAX);
	t->key[t->count++] = k;
}

/* The HAS_* flags that @k's shape needs in its domain, or in every one. */
static void set_flags(struct blob *b, const struct key *k)
{
	u32 flag = 0;
	u32 i;

	if (k->source != EWX_ANY && k->identity == EWX_ANY)
		flag = EWX_DOMAIN_HAS_SOURCE;
	if (k->source == EWX_ANY && k->identity != EWX_ANY)
		flag = EWX_DOMAIN_HAS_IDENTITY;
	if (k->source != EWX_ANY && k->identity != EWX_ANY)
		flag = EWX_DOMAIN_HAS_BOTH;
	if (k->source == EWX_ANY && k->identity == EWX_ANY)
		flag = EWX_DOMAIN_HAS_PLAIN;
	for (i = 0; i < b->section[EWX_SECTION_DOMAINS].count; i++) {
		u8 *r = blob_record(b, EWX_SECTION_DOMAINS, i) +
			offsetof(struct ewx_domain, flags);

		if (k->domain == EWX_ANY || k->domain == i)
			blob_set32(r, ewx_read32(r) | flag);
	}
}

/* A free entry in a line of a key; NULL: there is none. */
static u8 *free_place(struct blob *b, enum ewx_section section, u64 key,
		      u32 lines)
{
	u64 hash = ewx_entry_hash(b->seed, key);
	u32 i;

	for (i = 0; i < 2 * EWX_LINE_ENTRIES; i++) {
		u32 line = ewx_entry_line(hash, i % 2, lines);
		u8 *r = blob_record(b, section, line * EWX_LINE_ENTRIES + i / 2);

		if (ewx_read64(r) == EWX_KEY_FREE)
			return r;
	}
	return NULL;
}

/* False if a key finds no place. */
static bool write_table(struct blob *b, bool row, u32 lines)
{
	enum ewx_section section = row ? EWX_SECTION_ROWS : EWX_SECTION_ENTRIES;
	u32 i;

	b->section[section].count = 0;
	grow(b, section, lines * EWX_LINE_ENTRIES);
	for (i = 0; i < lines * EWX_LINE_ENTRIES; i++)
		SET64(blob_record(b, section, i), ewx_entry, key, EWX_KEY_FREE);
	for (i = 0; i < tables[row].count; i++) {
		const struct key *k = &tables[row].key[i];
		u64 key = ewx_entry_key(k->domain, k->source, k->identity);
		u64 mask = row ? EWX_KEY_CLASS_ANY : 0;
		u8 *r = free_place(b, section, key | mask, lines);

		if (!r)
			return false;
		SET64(r, ewx_entry, key, key);
		SET32(r, ewx_entry, what, k->what);
		SET32(r, ewx_entry, rule, k->rule);
	}
	return true;
}

static void make_table(struct blob *b)
{
	u32 lines, i;

	tables[0].count = 0;
	tables[1].count = 0;
	for (i = 0; i < b->rules; i++) {
		add_key(b, &b->rule[i], false);
		add_key(b, &b->rule[i], true);
	}
	for (i = 0; i < tables[0].count; i++)
		set_flags(b, &tables[0].key[i]);
	for (lines = tables[0].count / EWX_LINE_ENTRIES + 1;
	     !write_table(b, false, lines) || !write_table(b, true, lines);
	     lines++)
		b->seed++;
}

static void write_header(struct blob *b)
{
	u8 *h = b->bytes;

	SET32(h, ewx_header, magic, EWX_POLICY_MAGIC);
	SET32(h, ewx_header, format, EWX_POLICY_FORMAT);
	SET32(h, ewx_header, size, b->size);
	SET32(h, ewx_header, sections, EWX_SECTION_COUNT);
	SET64(h, ewx_header, version, b->version);
	SET64(h, ewx_header, built, b->built);
	SET32(h, ewx_header, name, b->name);
	SET32(h, ewx_header, language, EWX_LANGUAGE);
	SET32(h, ewx_header, features, b->features);
	SET32(h, ewx_header, seed, b->seed);
	SET32(h, ewx_header, identity_node, b->identity_node);
}

static u32 aligned(u32 size, u32 section)
{
	return (size + EWX_ALIGNMENT(section) - 1) / EWX_ALIGNMENT(section) *
	       EWX_ALIGNMENT(section);
}

void blob_layout(struct blob *b)
{
	u32 at = sizeof(struct ewx_header);
	u32 end = at + EWX_SECTION_COUNT * sizeof(struct ewx_section_entry);
	u32 size = end;
	u32 i;

	for (i = 0; i < EWX_SECTION_COUNT; i++)
		size = aligned(size, i) +
		       b->section[i].count * record_size[i];
	free(b->bytes);
	b->bytes = calloc(1, size);
	need(b->bytes);
	b->size = size;
	write_header(b);
	for (i = 0; i < EWX_SECTION_COUNT; i++) {
		u32 bytes = b->section[i].count * record_size[i];

		end = aligned(end, i);
		blob_set32(b->bytes + at, end);
		blob_set32(b->bytes + at + 4, b->section[i].count);
		if (bytes)
			memcpy(b->bytes + end, b->section[i].bytes, bytes);
		at += sizeof(struct ewx_section_entry);
		end += bytes;
	}
}

void blob_finish(struct blob *b)
{
	make_table(b);
	blob_layout(b);
}

void blob_policy(struct blob *b, struct ewx_policy *p)
{
	struct ewx_fault fault;

	blob_finish(b);
	if (ewx_policy_verify(b->bytes, b->size, p, &fault))
		return;
	fprintf(stderr, "fault %u in section %u record %u at %u\n", fault.code,
		fault.section, fault.index, fault.offset);
	abort();
}

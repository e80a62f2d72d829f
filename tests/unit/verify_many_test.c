// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification, what takes long: every byte, random words, as many records as there
 * may be.
 */
#include "damage.h"

/* One record more than keys have numbers for. */
static void fill(struct blob *b, enum ewx_section section, u32 count)
{
	struct blob_section *s = &b->section[section];

	s->bytes = realloc(s->bytes, (size_t)count * damage_record_size(section));
	assert_non_null(s->bytes);
	memset(s->bytes, 0, (size_t)count * damage_record_size(section));
	s->count = count;
}

static void domains_too_many(struct blob *b)
{
	fill(b, EWX_SECTION_DOMAINS, EWX_DOMAINS_MAX + 1);
}

static void source_classes_too_many(struct blob *b)
{
	fill(b, EWX_SECTION_SOURCE_CLASSES, EWX_CLASSES_MAX + 1);
}

static void identity_classes_too_many(struct blob *b)
{
	fill(b, EWX_SECTION_IDENTITY_CLASSES, EWX_CLASSES_MAX + 1);
}

static void domains_at_limit(struct blob *b)
{
	fill(b, EWX_SECTION_DOMAINS, EWX_DOMAINS_MAX);
}

static void source_classes_at_limit(struct blob *b)
{
	fill(b, EWX_SECTION_SOURCE_CLASSES, EWX_CLASSES_MAX);
}

static void identity_classes_at_limit(struct blob *b)
{
	fill(b, EWX_SECTION_IDENTITY_CLASSES, EWX_CLASSES_MAX);
}

/* A policy made by @change has no more records than it may have. */
static void check_limit(void (*change)(struct blob *b))
{
	struct ewx_fault fault;
	struct sample s;

	sample_init(&s);
	change(&s.b);
	blob_layout(&s.b);
	assert_true(damage_use(s.b.bytes, s.b.size, &fault) || fault.code != EWX_FAULT_COUNT);
	sample_free(&s);
}

static void test_too_many(void **state)
{
	(void)state;
	check_limit(domains_at_limit);
	check_limit(source_classes_at_limit);
	check_limit(identity_classes_at_limit);
	damage_count(domains_too_many, EWX_SECTION_DOMAINS);
	damage_count(source_classes_too_many, EWX_SECTION_SOURCE_CLASSES);
	damage_count(identity_classes_too_many, EWX_SECTION_IDENTITY_CLASSES);
}

/* Every byte, by several values. Most are refused; none does harm. */
static void test_every_byte(void **state)
{
	static const u8 flips[] = { 0x01, 0x02, 0x10, 0x80, 0x7f, 0xff };
	u32 slots = damage_start(EWX_SECTION_TRANSITIONS);
	u32 nodes = damage_start(EWX_SECTION_NODES);
	struct ewx_fault fault;
	u8 *blob = damage_copy(sample.b.size);
	u32 at, i, refused = 0;

	(void)state;
	for (at = 0; at < sample.b.size; at++) {
		u8 was = blob[at];

		/* Thousands of slots are alike. */
		if (at >= slots && at < nodes && at % 61)
			continue;
		for (i = 0; i < ARRAY_LEN(flips); i++) {
			blob[at] = was ^ flips[i];
			if (!damage_use(blob, sample.b.size, &fault))
				refused++;
		}
		blob[at] = was;
	}
	assert_true(refused > 1000);
	free(blob);
}

/* Several words at once, with values that are near to valid ones. */
static void test_random_words(void **state)
{
	unsigned long long seed = 11;
	struct ewx_fault fault;
	u32 round, accepted = 0;

	(void)state;
	for (round = 0; round < 20000; round++) {
		u8 *blob = damage_copy(sample.b.size);
		u32 n = 1 + unit_random(&seed) % 3;

		while (n--) {
			u32 section = unit_random(&seed) % EWX_SECTION_COUNT;
			u32 from = damage_start(section);
			u32 to = section + 1 < EWX_SECTION_COUNT ?
				 damage_start(section + 1) : sample.b.size;
			u32 at = from + unit_random(&seed) % (to - from + 1);

			at = at / 4 * 4;
			if (at < sample.b.size)
				blob_set32(blob + at, unit_random(&seed) % 40 +
					   (unit_random(&seed) % 4 ? 0 : EWX_LEAF));
		}
		if (damage_use(blob, sample.b.size, &fault))
			accepted++;
		free(blob);
	}
	assert_true(accepted > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_random_words),
	};

	return cmocka_run_group_tests(tests, damage_setup, damage_teardown);
}

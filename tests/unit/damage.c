// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sample policy, damaged; see damage.h.
 */
#include "damage.h"

struct sample sample;

int damage_setup(void **state)
{
	(void)state;
	sample_init(&sample);
	return 0;
}

int damage_teardown(void **state)
{
	(void)state;
	sample_free(&sample);
	return 0;
}

u32 damage_start(enum ewx_section section)
{
	return ewx_read32(sample.b.bytes + sizeof(struct ewx_header) +
			  section * sizeof(struct ewx_section_entry));
}

u32 damage_record_size(enum ewx_section section)
{
	static const u32 size[] = {
#define SIZE(NAME, name, size) size,
		EWX_SECTIONS(SIZE)
#undef SIZE
	};

	return size[section];
}

u8 *damage_copy(u32 size)
{
	u8 *blob = malloc(size ? size : 1);

	assert_non_null(blob);
	memcpy(blob, sample.b.bytes, size);
	return blob;
}

bool damage_use(const u8 *blob, u32 size, struct ewx_fault *fault)
{
	struct ewx_policy p;
	u64 *candidates;

	if (!ewx_policy_verify(blob, size, &p, fault)) {
		assert_int_not_equal(fault->code, EWX_FAULT_NONE);
		assert_true(fault->code < EWX_FAULT_CODES);
		assert_true(fault->section <= EWX_SECTION_COUNT);
		assert_true(fault->offset <= size);
		return false;
	}
	assert_int_equal(fault->code, EWX_FAULT_NONE);
	candidates = calloc(p.set_words, sizeof(*candidates));
	assert_non_null(candidates);
	sample_exercise(&p, candidates);
	free(candidates);
	return true;
}

void damage_count(void (*change)(struct blob *b), enum ewx_section section)
{
	struct ewx_fault fault;
	struct sample s;

	sample_init(&s);
	change(&s.b);
	blob_layout(&s.b);
	assert_false(damage_use(s.b.bytes, s.b.size, &fault));
	assert_int_equal(fault.code, EWX_FAULT_COUNT);
	if (fault.section == EWX_SECTION_COUNT)
		assert_int_equal(
			fault.offset,
			sizeof(struct ewx_header) + 4 +
				section * sizeof(struct ewx_section_entry));
	else
		assert_int_equal(fault.section, section);
	sample_free(&s);
}

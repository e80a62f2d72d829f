// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Policies at the bounds of verification; see bounds.h.
 */
#include "bounds.h"

struct ewx_fault bounds_fault;
struct ewx_policy bounds_policy;

bool accepted(struct blob *b)
{
	blob_layout(b);
	return ewx_policy_verify(b->bytes, b->size, &bounds_policy,
				 &bounds_fault);
}

void check_accepted(struct blob *b)
{
	if (!accepted(b))
		fail_msg("fault %u in section %u record %u at %u",
			 bounds_fault.code, bounds_fault.section,
			 bounds_fault.index, bounds_fault.offset);
}

void check_refused(struct blob *b, enum ewx_fault_code code,
		   enum ewx_section section, u32 index, u32 field)
{
	static const u32 size[] = {
#define SIZE(NAME, name, size) size,
		EWX_SECTIONS(SIZE)
#undef SIZE
	};
	u32 at;

	assert_false(accepted(b));
	at = ewx_read32(b->bytes + sizeof(struct ewx_header) +
			section * sizeof(struct ewx_section_entry)) +
	     index * size[section] + field;
	if (bounds_fault.code != code || bounds_fault.section != section ||
	    bounds_fault.index != index || bounds_fault.offset != at)
		fail_msg("fault %u in section %u record %u at %u, not %u",
			 bounds_fault.code, bounds_fault.section,
			 bounds_fault.index, bounds_fault.offset, at);
}

void check_field(struct blob *b, enum ewx_section section, u32 index, u32 field,
		 u32 value, enum ewx_fault_code code)
{
	u8 *at = blob_record(b, section, index) + field;
	u32 was = ewx_read32(at);

	blob_set32(at, value);
	if (code == EWX_FAULT_NONE)
		check_accepted(b);
	else
		check_refused(b, code, section, index, field);
	blob_set32(at, was);
}

u32 count_of(const struct blob *b, enum ewx_section section)
{
	return b->section[section].count;
}

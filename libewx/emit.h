/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the emitter share: emit.c, emit_written.c.
 *
 * Owns: the blob in the making: its sections, little-endian, and what they need of the
 * kernel.
 */
#ifndef _LIBEWX_EMIT_H
#define _LIBEWX_EMIT_H

#include "backend.h"

/**
 * struct ewx_writer - the blob in the making.
 * @section: bytes of each section
 * @file_of: FILES index + 1 of each file of the unit; only files that a record
 *      names are there, in the order of first use
 * @file_count: in FILES
 * @terms: those in TERMS
 */
struct ewx_writer {
	struct ewx_back *b;
	EWX_VEC(u8) section[EWX_SECTION_COUNT];
	EWX_VEC(u8) head;
	u32 *file_of;
	u32 file_count;
	u32 features;
	struct ewx_sets terms;
};

/* Bytes of a record of @section, which is a constant mostly. */
static inline u32 ewx_put_size(enum ewx_section section)
{
	static const u32 sizes[EWX_SECTION_COUNT] = {
#define EWX_PUT_SIZE(NAME, name, size) [EWX_SECTION_##NAME] = size,
		EWX_SECTIONS(EWX_PUT_SIZE)
#undef EWX_PUT_SIZE
	};

	return sizes[section];
}

/** ewx_put32() - the next number of a section. */
static inline void ewx_put32(struct ewx_writer *w, enum ewx_section section,
			     u32 value)
{
	u8 *at = w->section[section].at + w->section[section].count;

	if (w->section[section].room - w->section[section].count < 4) {
		w->section[section].at =
			ewx_pool_more(&w->b->pool, w->section[section].at,
				      &w->section[section].room, 1);
		at = w->section[section].at + w->section[section].count;
	}
	for (int i = 0; i < 4; i++)
		at[i] = (u8)(value >> (8 * i));
	w->section[section].count += 4;
}

/** ewx_put_reserve() - room for @count records, which are to come. */
static inline void ewx_put_reserve(struct ewx_writer *w,
				   enum ewx_section section, size_t count)
{
	ewx_vec_reserve(&w->b->pool, &w->section[section],
			count * ewx_put_size(section));
}

/** ewx_put64() - likewise of 64 bits. */
static inline void ewx_put64(struct ewx_writer *w, enum ewx_section section,
			     u64 value)
{
	ewx_put32(w, section, (u32)value);
	ewx_put32(w, section, (u32)(value >> 32));
}

/** ewx_put_count() - how many records the section has so far. */
static inline u32 ewx_put_count(const struct ewx_writer *w,
				enum ewx_section section)
{
	return (u32)(w->section[section].count / ewx_put_size(section));
}

/** ewx_put_feature() - the kernel needs it, if it is @used. */
static inline void ewx_put_feature(struct ewx_writer *w,
				   enum ewx_feature_bit bit, bool used)
{
	if (used)
		w->features |= 1u << bit;
}

/* emit_written.c: the policy as it was written, names, conditions and rules. */
void ewx_put_written(struct ewx_writer *w);

#endif /* _LIBEWX_EMIT_H */

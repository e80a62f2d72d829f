/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a verified policy is, as far as decisions rest on it, and how its bytes are
 * read.
 *
 * Owns: the invariant that ewx_policy_verify() is there to establish, and contracts of
 * read.h, and two axioms about numbers. Must not be included but by the headers here.
 */
#ifndef _TESTS_PROVE_BLOB_H
#define _TESTS_PROVE_BLOB_H

#include "security/ewx/core/engine.h"

/* For units that do not prove the walk over grants: see grants.h. */
#ifndef LOOP_OF_GRANTS
#define LOOP_OF_GRANTS	loop variant it->left;
#define TERMS_ARE_THERE	assert 0 == 0;
#define CELL_IS_THERE	assert 0 == 0;
#define GRANT_IS_THERE	assert 0 == 0;
#define POLICY_IS_AS_IT_WAS assert 0 == 0;
#define WALK_GOES_ON	assert 0 == 0;
#define SETS_ARE_THERE	assert 0 == 0;
#endif

#define COUNT(p, SECTION) (p)->section[EWX_SECTION_##SECTION].count
#define START(p, SECTION) (p)->section[EWX_SECTION_##SECTION].offset
#define RECORD(p, SECTION, i, bytes) \
	record_at((p)->blob, START(p, SECTION), i, bytes)

/* That a function did not write into the blob, nor into what says where it is. */
/*@
  predicate same_bytes{K, L}(u8 *blob, integer size) =
    \forall integer i; 0 <= i < size ==> \at(blob[i], K) == \at(blob[i], L);
  predicate same_words{K, L}(u64 *words, integer count) =
    \forall integer i; 0 <= i < count ==> \at(words[i], K) == \at(words[i], L);
  predicate same_policy{K, L}(struct ewx_policy *p) =
    \at(p->blob, K) == \at(p->blob, L) && \at(p->size, K) == \at(p->size, L) &&
    \at(p->set_words, K) == \at(p->set_words, L) &&
    \at(p->lines, K) == \at(p->lines, L) &&
    \at(p->row_lines, K) == \at(p->row_lines, L) &&
    \forall integer s; 0 <= s < EWX_SECTION_COUNT ==>
    \at(p->section[s].offset, K) == \at(p->section[s].offset, L) &&
    \at(p->section[s].count, K) == \at(p->section[s].count, L);
*/

/*
 * Numbers in the blob. Where several memories are compared, provers need not know how
 * bytes make a number, but in ewx_read32(): only that it is the same as long as the
 * bytes are. Else they look at four bytes for every number.
 */
#ifdef NUMBERS_ARE_OPAQUE
#define JOINED(a, b, c, d)						\
	((a) | (u32)((b) << 8) | (u32)((c) << 16) | (u32)((d) << 24))
#define MAKES_A_NUMBER							\
  assert makes(JOINED(b[0], b[1], b[2], b[3]), b);
/*@
  predicate makes(integer n, u8 *b) = n == JOINED(b[0], b[1], b[2], b[3]);
  axiomatic numbers {
    logic integer number32(u8 *b) reads b[0 .. 3];
    axiom number_of_bytes: \forall u8 *b, integer n;
      makes(n, b) ==> number32(b) == n;
    axiom same_number{K, L}: \forall u8 *blob, u8 *b, integer size;
      same_bytes{K, L}(blob, size) ==> \base_addr{L}(b) == \base_addr{L}(blob) ==>
      0 <= b - blob ==> b - blob + 4 <= size ==>
      number32{K}(b) == number32{L}(b);
  }
*/
#else
#define MAKES_A_NUMBER	assert 0 == 0;
/*@
  logic integer number32(u8 *b) = b[0] | (u32)(b[1] << 8) | (u32)(b[2] << 16) |
    (u32)(b[3] << 24);
*/
#endif
/*@
  logic integer number64(u8 *b) =
    (u64)(number32(b) | (u64)(number32(b + 4) << 32));
  logic u8 *record_at(u8 *blob, integer start, integer index, integer bytes) =
    blob + (start + index * bytes);
*/

/* Each section is inside the blob, and the blob is there. */
#define IF_SECTION(NAME, name, bytes) section == EWX_SECTION_##NAME ? bytes:
/*@
  logic integer record_bytes(integer section) = EWX_SECTIONS(IF_SECTION) 0;
  predicate is_inside(integer size, integer section, integer start,
    integer count) = start + count * record_bytes(section) <= size;
  predicate sections_are_inside(struct ewx_policy *p) =
    \forall integer section; 0 <= section < EWX_SECTION_COUNT ==>
    is_inside(p->size, section, p->section[section].offset,
    p->section[section].count);
  predicate is_there(u8 *blob, integer size) =
    size <= EWX_POLICY_MAX_SIZE && \valid_read(blob + (0 .. size - 1));
  predicate is_laid_out(struct ewx_policy *p) = \valid_read(p) &&
    is_there(p->blob, p->size) && sections_are_inside(p);
*/

/* The tables consist of whole lines, at least one. */
/*@
  predicate has_lines(struct ewx_policy *p, integer section, integer lines) =
    0 < lines && p->section[section].count == lines * EWX_LINE_ENTRIES;
  predicate has_tables(struct ewx_policy *p) = is_laid_out(p) &&
    has_lines(p, EWX_SECTION_ENTRIES, p->lines) &&
    has_lines(p, EWX_SECTION_ROWS, p->row_lines);
*/

/* So that provers need not multiply: a record's bytes are there. */
#define RECORDS_ARE_THERE(SECTION, bytes)				\
  lemma SECTION##_are_there: \forall struct ewx_policy *p, integer i;	\
    is_laid_out(p) ==> 0 <= i < COUNT(p, SECTION) ==>			\
    \valid_read(RECORD(p, SECTION, i, bytes) + (0 .. bytes - 1));

#include "security/ewx/core/read.h"

/*@
  requires \valid_read(b + (0 .. 3));
  assigns \nothing;
  ensures \result == number32(b);
*/
static inline u32 ewx_read32(const u8 *b);

/*@
  requires \valid_read(b + (0 .. 7));
  assigns \nothing;
  ensures \result == number64(b);
*/
static inline u64 ewx_read64(const u8 *b);

/*@
  requires \valid_read(p) && section < EWX_SECTION_COUNT;
  assigns \nothing;
  ensures \result == p->section[section].count;
*/
static inline u32 ewx_count(const struct ewx_policy *p,
			    enum ewx_section section);

/*@
  requires \valid_read(p) && section < EWX_SECTION_COUNT;
  assigns \result \from p, section, index, size;
  ensures \result == record_at(p->blob, p->section[section].offset, index, size);
*/
static inline const u8 *ewx_record(const struct ewx_policy *p,
				   enum ewx_section section, u32 index,
				   u32 size);

/* The compiler's, which Frama-C does not know. */
/*@
  assigns \nothing;
*/
void __builtin_prefetch(const void *at, ...);

/*@
  assigns \nothing;
*/
static inline void ewx_prefetch(const void *at);

/* names.c */
/*@
  requires \valid_read(p);
  assigns \nothing;
  ensures \result == COUNT(p, SOURCE_CLASSES);
*/
u32 ewx_source_class_count(const struct ewx_policy *p);

/*@
  requires \valid_read(p);
  assigns \nothing;
  ensures \result == COUNT(p, IDENTITY_CLASSES);
*/
u32 ewx_identity_class_count(const struct ewx_policy *p);

#endif /* _TESTS_PROVE_BLOB_H */

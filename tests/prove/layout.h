/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/verify.c: that what passes is laid out as the
 * other units take for granted.
 *
 * Owns: what the one layout is, in ACSL. No axioms. Must not be included by anything
 * else.
 */
#include "checks.h"

#define HEADER_BYTES	64
#define TABLE_BYTES	8
#define TABLE_END	(HEADER_BYTES + EWX_SECTION_COUNT * TABLE_BYTES)
/* Fields of the header, by their place. */
#define AT_SIZE		8
#define AT_VERSION	16
#define AT_BUILT	24
#define AT_LANGUAGE	36
#define AT_FEATURES	40
#define AT_SEED		44
#define AT_IDENTITY_NODE 48
#define AT_RESERVED	52

#define SECTIONS(p)	(p)->section[0 .. EWX_SECTION_COUNT - 1]
#define TOLD(p, s)	((p)->blob + (HEADER_BYTES + (s) * TABLE_BYTES))

/*@
  predicate is_no_large_number(integer count, integer bytes) =
    0 <= count * bytes <= 32 * 0xffffffff;
  lemma record_bytes_are_few: \forall integer s; 0 <= s < EWX_SECTION_COUNT ==>
    1 <= record_bytes(s) <= 32;
  lemma section_is_no_large_number: \forall integer count, bytes;
    0 <= count <= 0xffffffff ==> 0 <= bytes <= 32 ==>
    is_no_large_number(count, bytes);

  // The reserved fields before byte @end of the header.
  predicate are_reserved(u8 *blob, integer end) =
    (AT_RESERVED < end ==> number32(blob + AT_RESERVED) == 0) &&
    (AT_RESERVED + 4 < end ==> number32(blob + (AT_RESERVED + 4)) == 0) &&
    (AT_RESERVED + 8 < end ==> number32(blob + (AT_RESERVED + 8)) == 0);
  // Section @s is where the table says.
  predicate is_told(struct ewx_policy *p, integer s) =
    p->section[s].offset == number32(TOLD(p, s)) &&
    p->section[s].count == number32(TOLD(p, s) + 4);
  // The first @n sections are where the table says, and inside the blob.
  predicate are_told(struct ewx_policy *p, integer n) =
    \forall integer s; 0 <= s < n ==> is_told(p, s);
  predicate section_is_inside(struct ewx_policy *p, integer s) =
    is_inside(p->size, s, p->section[s].offset, p->section[s].count);
  predicate are_inside(struct ewx_policy *p, integer n) =
    \forall integer s; 0 <= s < n ==> section_is_inside(p, s);
  predicate counts_fit(struct ewx_policy *p) =
    COUNT(p, STRINGS) > 0 && COUNT(p, STATES) > 0 &&
    0 < COUNT(p, DOMAINS) <= EWX_DOMAINS_MAX &&
    0 < COUNT(p, SOURCE_CLASSES) <= EWX_CLASSES_MAX &&
    0 < COUNT(p, IDENTITY_CLASSES) <= EWX_CLASSES_MAX &&
    COUNT(p, AUTOMATA) == EWX_AUTOMATON_COUNT &&
    COUNT(p, ENTRIES) > 0 && COUNT(p, ENTRIES) % EWX_LINE_ENTRIES == 0 &&
    COUNT(p, ROWS) > 0 && COUNT(p, ROWS) % EWX_LINE_ENTRIES == 0;
*/

#define LOOP_OF_RESERVED						\
  loop invariant reserved == AT_RESERVED || reserved == AT_RESERVED + 4 || \
    reserved == AT_RESERVED + 8 || reserved == HEADER_BYTES;		\
  loop invariant are_reserved(blob, reserved);				\
  loop assigns reserved;						\
  loop variant HEADER_BYTES - reserved;
#define LOOP_OF_SECTIONS						\
  loop invariant 0 <= i <= EWX_SECTION_COUNT;				\
  loop invariant TABLE_END <= end <= p->size;				\
  loop invariant are_told(p, i);					\
  loop invariant are_inside(p, i);					\
  loop assigns i, end, SECTIONS(p);					\
  loop variant EWX_SECTION_COUNT - i;
/* Steps between: what the next one needs, in the words that it needs. */
#define RECORD_IS_SMALL							\
  assert 1 <= record_bytes(i) <= 32;
#define SECTION_IS_NO_LARGE_NUMBER					\
  assert is_no_large_number(count, record_bytes(i));
#define LOOP_OF_GAP							\
  loop invariant \at(end, LoopEntry) <= end <= offset;			\
  loop assigns end;							\
  loop variant offset - end;
#define NEXT_IS_INSIDE assert is_told(p, i) && section_is_inside(p, i);
#define THOSE_BEFORE_ARE_KEPT						\
  assert \forall integer s; 0 <= s < i ==>				\
    p->section[s].offset == \at(p->section[s].offset, LoopCurrent) &&	\
    p->section[s].count == \at(p->section[s].count, LoopCurrent);
#define THEY_ARE_INSIDE assert are_inside(p, i);
#define EACH_IS_KEPT							\
  assert \forall integer s; 0 <= s < EWX_SECTION_COUNT ==>		\
    p->section[s].offset == \at(p->section[s].offset, Pre) &&		\
    p->section[s].count == \at(p->section[s].count, Pre);
#define SECTIONS_ARE_KEPT assert are_kept{Pre, Here}(p);
#define IS_NEEDED(n, NAME) (i > (n) ==> COUNT(p, NAME) > 0)
#define LOOP_OF_NEEDED							\
  loop invariant 0 <= i <= 7 && section <= EWX_SECTION_COUNT;		\
  loop invariant section == EWX_SECTION_COUNT ==> IS_NEEDED(0, STRINGS) && \
    IS_NEEDED(1, DOMAINS) && IS_NEEDED(2, SOURCE_CLASSES) &&		\
    IS_NEEDED(3, IDENTITY_CLASSES) && IS_NEEDED(4, STATES) &&		\
    IS_NEEDED(5, ENTRIES) && IS_NEEDED(6, ROWS);			\
  loop assigns i, section;						\
  loop variant 7 - i;

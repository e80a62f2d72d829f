// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/verify.c as Frama-C sees it: the source as it is, then contracts of
 * what only it knows. Never compiled.
 */
#include "layout.h"
#include "security/ewx/core/verify.c"

/*@
  requires \valid(fault);
  assigns *fault;
  ensures \result == \false;
*/
static bool fail_at(struct ewx_fault *fault, enum ewx_fault_code code,
		    u32 section, u32 index, u32 offset);

/*@
  requires \valid(fault);
  assigns *fault;
  ensures \result == \false;
*/
static bool fail_header(struct ewx_fault *fault, enum ewx_fault_code code,
			u32 offset);

/*@
  requires section < EWX_SECTION_COUNT;
  assigns \nothing;
  ensures \result == record_bytes(section);
*/
static u32 record_size(enum ewx_section section);

/*@
  requires \valid_read(blob + (0 .. size - 1)) && \valid(fault);
  assigns *fault;
  ensures whole: \result ==> size == number32(blob + AT_SIZE);
  ensures bounded: \result ==> TABLE_END <= size <= EWX_POLICY_MAX_SIZE;
*/
static bool check_frame(const u8 *blob, u32 size, struct ewx_fault *fault);

/*@
  requires \valid_read(blob + (0 .. HEADER_BYTES - 1)) && \valid(fault);
  assigns *fault;
  ensures language: \result ==>
    1 <= number32(blob + AT_LANGUAGE) <= EWX_LANGUAGE;
  ensures known: \result ==>
    number32(blob + AT_FEATURES) >> EWX_FEATURE_COUNT == 0;
  ensures reserved: \result ==> are_reserved(blob, HEADER_BYTES);
*/
static bool check_header(const u8 *blob, struct ewx_fault *fault);

/*@
  requires \valid(p) && \valid(fault) && \separated(p, fault);
  requires is_there(p->blob, p->size) && TABLE_END <= p->size;
  assigns SECTIONS(p), *fault;
  ensures told: \result ==> are_told(p, EWX_SECTION_COUNT);
  ensures inside: \result ==> sections_are_inside(p);
  ensures laid_out: \result ==> is_laid_out(p);
*/
static bool read_layout(struct ewx_policy *p, struct ewx_fault *fault);

/*@
  requires \valid_read(p) && \valid(fault) && \separated(p, fault);
  assigns *fault;
  ensures fit: \result ==> counts_fit(p);
*/
static bool check_counts(const struct ewx_policy *p, struct ewx_fault *fault);

/*@
  requires \valid(p) && is_laid_out(p) && counts_fit(p);
  requires TABLE_END <= p->size;
  assigns p->built, p->version, p->seed, p->identity_node, p->lines,
    p->row_lines, p->set_words;
  ensures lines: 0 < p->lines &&
    COUNT(p, ENTRIES) == p->lines * EWX_LINE_ENTRIES;
  ensures row_lines: 0 < p->row_lines &&
    COUNT(p, ROWS) == p->row_lines * EWX_LINE_ENTRIES;
  ensures laid_out: is_laid_out(p);
  ensures tables: has_tables(p);
  ensures sets: 64 * (p->set_words - 1) < COUNT(p, IDENTITY_CLASSES) <=
    64 * p->set_words;
  ensures read: p->version == number64(p->blob + AT_VERSION) &&
    p->built == number64(p->blob + AT_BUILT) &&
    p->seed == number32(p->blob + AT_SEED) &&
    p->identity_node == number32(p->blob + AT_IDENTITY_NODE);
*/
static void read_header(struct ewx_policy *p);

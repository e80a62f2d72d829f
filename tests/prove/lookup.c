// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/ewx/core/lookup.c as Frama-C sees it: the source as it is, then contracts
 * of what only it knows. Never compiled.
 */
#include "lookup.h"
#include "security/ewx/core/lookup.c"

/*@
  requires has_tables(p) && \valid(rows) && \separated(rows, p);
  requires IS_TABLE(section) && has_lines(p, section, lines);
  requires rows->probes < EWX_ROWS_MAX;
  requires probes_are_lines(p, section, rows);
  assigns rows->probes, rows->probe[rows->probes].key,
    rows->probe[rows->probes].line[0 .. 1];
  ensures kept: has_tables(p) && has_lines(p, section, lines);
  ensures one_more: rows->probes == \old(rows->probes) + 1;
  ensures key: rows->probe[\old(rows->probes)].key == key;
  ensures lines: probes_are_lines(p, section, rows);
*/
static void add_probe(const struct ewx_policy *p, struct ewx_rows *rows,
		      enum ewx_section section, u32 lines, u64 key);

/*@
  requires has_tables(p) && IS_TABLE(section);
  assigns \nothing;
  ensures \result.section == section;
  ensures has_lines(p, section, \result.lines);
*/
static struct asked asked_of(const struct ewx_policy *p, u32 domain,
			     enum ewx_section section);

/*@
  requires has_tables(p) && \valid(rows) && \separated(rows, p);
  requires \valid_read(a) && \separated(a, rows);
  requires IS_TABLE(a->section) && has_lines(p, a->section, a->lines);
  requires rows->probes <= EWX_ROWS_MAX - 2;
  requires probes_are_lines(p, a->section, rows);
  assigns rows->probes, rows->probe[0 .. EWX_ROWS_MAX - 1];
  ensures kept: has_tables(p) && has_lines(p, a->section, a->lines);
  ensures two_more: rows->probes <= \old(rows->probes) + 2;
  ensures lines: probes_are_lines(p, a->section, rows);
  ensures asked: \forall integer s, i; s == source || source == EWX_ANY ==>
    i == identity || identity == EWX_ANY ==>
    \old(probes_are_asked(rows, domain, s, i)) ==>
    probes_are_asked(rows, domain, s, i);
*/
static void add_both(const struct ewx_policy *p, struct ewx_rows *rows,
		     const struct asked *a, u32 domain, u32 source,
		     u32 identity, u32 shape);

/*@
  requires \valid_read(probe) && probe_is_there(probe);
  assigns \result \from probe->key, probe->line[0 .. 1], mask;
  ensures fits: \result == \null || fits_probe(probe, mask, \result);
  ensures none: \result == \null ==> has_not(probe, mask, probe->line[0]) &&
    has_not(probe, mask, probe->line[1]);
*/
static const u8 *find_key(const struct ewx_probe *probe, u64 mask);

/*@
  requires \valid(rows) && rows->count == 0 && rows->probes <= EWX_ROWS_MAX;
  requires \forall integer i; 0 <= i < rows->probes ==>
    probe_is_there(&rows->probe[i]);
  assigns rows->count, rows->entry[0 .. EWX_ROWS_MAX - 1];
  ensures bounded: rows->count <= rows->probes;
  ensures found: \forall integer i; 0 <= i < rows->count ==>
    is_found{Pre}(rows, rows->entry[i]);
  ensures asked: \forall integer d, s, i; probes_are_asked{Pre}(rows, d, s, i) ==>
    rows_are_asked(rows, d, s, i);
*/
static void find_rows(struct ewx_rows *rows);

/*@
  requires \valid_read(p);
  assigns \nothing;
*/
static bool source_is_named(const struct ewx_policy *p, u32 class);

/*@
  requires \valid_read(p);
  assigns \nothing;
*/
static bool identity_is_named(const struct ewx_policy *p, u32 class);

/*@
  requires has_tables(p) && \valid_read(q) && \valid(rows) && ROWS_ASIDE(rows);
  requires \valid_read(a) && \separated(a, rows);
  requires IS_TABLE(a->section) && has_lines(p, a->section, a->lines);
  assigns rows->count, rows->probes, rows->mask,
    rows->probe[0 .. EWX_ROWS_MAX - 1];
  ensures kept: has_tables(p) && has_lines(p, a->section, a->lines);
  ensures begun: rows->count == 0 && rows->mask == 0;
  ensures bounded: rows->probes <= 4;
  ensures lines: probes_are_lines(p, a->section, rows);
  ensures asked: probes_are_asked(rows, q->domain, q->source, q->identity);
*/
static void add_sourceless(const struct ewx_policy *p, struct ewx_rows *rows,
			   const struct asked *a, const struct ewx_question *q);

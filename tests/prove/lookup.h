/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/ewx/core/lookup.c: that it finds entries of the asked
 * keys, and where.
 *
 * Owns: contracts in ACSL. No axioms. Must not be included by anything else.
 */
#include "blob.h"
#include "security/ewx/core/lookup.h"

#define IS_TABLE(section)						\
	((section) == EWX_SECTION_ENTRIES || (section) == EWX_SECTION_ROWS)
#define TABLE(p, s)	(p)->blob, (p)->section[s].offset, (p)->section[s].count
#define IS_LINE(p, s, at) is_line_of(TABLE(p, s), at)
#define IS_ENTRY(p, s, at) is_entry_of(TABLE(p, s), at)

/*@
  logic integer entry_key(integer domain, integer source, integer identity) =
    (u64)((domain & EWX_KEY_DOMAIN_ANY) << 2 * EWX_KEY_CLASS_BITS) |
    (u64)((source & EWX_KEY_CLASS_ANY) << EWX_KEY_CLASS_BITS) |
    (identity & EWX_KEY_CLASS_ANY);

  logic integer key_of(u8 *entry, integer mask) = number64(entry) | mask;

  // Where a line and an entry can be in a table of @count entries.
  predicate is_line_of(u8 *blob, integer start, integer count,
    u8 *at) = \exists integer i;
    0 <= i && (i + 1) * EWX_LINE_ENTRIES <= count && at == record_at(blob, start, i, 64);
  predicate is_entry_of(u8 *blob, integer start, integer count,
    u8 *at) = \exists integer i;
    0 <= i < count && at == record_at(blob, start, i, 16);

  predicate is_in_line(u8 *line, u8 *at) =
    at == line || at == line + 16 || at == line + 32 || at == line + 48;
  lemma entries_in_line: \forall u8 *blob, integer start, i;
    record_at(blob, start, i, 64) == record_at(blob, start, 4 * i, 16) &&
    record_at(blob, start, i, 64) + 16 == record_at(blob, start, 4 * i + 1, 16) &&
    record_at(blob, start, i, 64) + 32 == record_at(blob, start, 4 * i + 2, 16) &&
    record_at(blob, start, i, 64) + 48 == record_at(blob, start, 4 * i + 3, 16);
  lemma entries_of_lines: \forall u8 *blob, integer start, count, u8 *line, u8 *at;
    is_line_of(blob, start, count, line) ==> is_in_line(line, at) ==>
    is_entry_of(blob, start, count, at);

  // The eight keys that concern a question.
  predicate is_asked(integer domain, integer source, integer identity,
    integer key) =
    key == entry_key(domain, source, identity) ||
    key == entry_key(domain, source, EWX_ANY) ||
    key == entry_key(domain, EWX_ANY, identity) ||
    key == entry_key(domain, EWX_ANY, EWX_ANY) ||
    key == entry_key(EWX_ANY, source, identity) ||
    key == entry_key(EWX_ANY, source, EWX_ANY) ||
    key == entry_key(EWX_ANY, EWX_ANY, identity) ||
    key == entry_key(EWX_ANY, EWX_ANY, EWX_ANY);

  predicate probes_are_lines(struct ewx_policy *p, integer section,
    struct ewx_rows *rows) = \forall integer i, n; 0 <= i < rows->probes ==>
    0 <= n < 2 ==> IS_LINE(p, section, rows->probe[i].line[n]);
  predicate probes_are_asked(struct ewx_rows *rows, integer domain,
    integer source, integer identity) = \forall integer i;
    0 <= i < rows->probes ==>
    is_asked(domain, source, identity, rows->probe[i].key);

  // Entry @at is where a probe says, and has its key.
  predicate fits_probe(struct ewx_probe *probe, integer mask, u8 *at) =
    (is_in_line(probe->line[0], at) || is_in_line(probe->line[1], at)) &&
    key_of(at, mask) == probe->key;
  predicate is_found(struct ewx_rows *rows, u8 *at) = \exists integer i;
    0 <= i < rows->probes && fits_probe(&rows->probe[i], rows->mask, at);
  predicate probe_is_there(struct ewx_probe *probe) =
    \valid_read(probe->line[0] + (0 .. 63)) &&
    \valid_read(probe->line[1] + (0 .. 63));
  predicate is_other(struct ewx_probe *probe, integer mask, u8 *at) =
    key_of(at, mask) != probe->key;
  predicate has_not(struct ewx_probe *probe, integer mask, u8 *line) =
    is_other(probe, mask, line) && is_other(probe, mask, line + 16) &&
    is_other(probe, mask, line + 32) && is_other(probe, mask, line + 48);

  lemma lines_are_there: \forall struct ewx_policy *p, integer section,
    struct ewx_rows *rows, integer i; has_tables(p) ==> IS_TABLE(section) ==>
    probes_are_lines(p, section, rows) ==> 0 <= i < rows->probes ==>
    probe_is_there(&rows->probe[i]);
  lemma found_are_entries: \forall struct ewx_policy *p, integer section,
    struct ewx_rows *rows, u8 *at; has_tables(p) ==> IS_TABLE(section) ==>
    probes_are_lines(p, section, rows) ==> is_found(rows, at) ==>
    IS_ENTRY(p, section, at);
  lemma found_are_asked: \forall struct ewx_rows *rows, integer domain,
    integer source, integer identity, u8 *at;
    probes_are_asked(rows, domain, source, identity) ==> is_found(rows, at) ==>
    is_asked(domain, source, identity, key_of(at, rows->mask));

  // What the two lookups give.
  predicate rows_are_entries(struct ewx_policy *p, integer section,
    struct ewx_rows *rows) = rows->count <= EWX_ROWS_MAX &&
    \forall integer i; 0 <= i < rows->count ==>
    IS_ENTRY(p, section, rows->entry[i]);
  predicate rows_are_asked(struct ewx_rows *rows, integer domain,
    integer source, integer identity) = \forall integer i;
    0 <= i < rows->count ==> is_asked(domain, source, identity,
    key_of(rows->entry[i], rows->mask));
*/

#define LOOP_OF_LINES							\
  loop invariant 0 <= i <= 2;						\
  loop invariant i >= 1 ==> has_not(probe, mask, probe->line[0]);	\
  loop invariant i >= 2 ==> has_not(probe, mask, probe->line[1]);	\
  loop assigns i, n;							\
  loop variant 2 - i;
#define LOOP_OF_LINE							\
  loop invariant 0 <= n <= 4;						\
  loop invariant n >= 1 ==> is_other(probe, mask, probe->line[i]);	\
  loop invariant n >= 2 ==> is_other(probe, mask, probe->line[i] + 16);	\
  loop invariant n >= 3 ==> is_other(probe, mask, probe->line[i] + 32);	\
  loop invariant n >= 4 ==> is_other(probe, mask, probe->line[i] + 48);	\
  loop assigns n;							\
  loop variant 4 - n;
#define LOOP_OF_FINDING							\
  loop invariant 0 <= i <= rows->probes;				\
  loop invariant rows->count <= i;					\
  loop invariant \forall integer k; 0 <= k < rows->count ==>		\
    is_found{Pre}(rows, rows->entry[k]);					\
  loop assigns i, rows->count, rows->entry[0 .. EWX_ROWS_MAX - 1];	\
  loop variant rows->probes - i;

#define LOOP_OF_PROBE							\
  loop invariant 0 <= i <= 2;						\
  loop invariant \forall integer n; 0 <= n < i ==>			\
    IS_LINE(p, section, probe->line[n]);				\
  loop invariant p->blob == \at(p->blob, Pre);				\
  loop assigns i, probe->line[0 .. 1];					\
  loop variant 2 - i;


/*@
  assigns \nothing;
  ensures \result == entry_key(domain, source, identity);
*/
static inline u64 ewx_entry_key(u32 domain, u32 source, u32 identity);

/*@
  assigns \nothing;
*/
static inline u64 ewx_entry_hash(u32 seed, u64 key);

/*@
  requires lines > 0;
  assigns \nothing;
  ensures \result < lines;
*/
static inline u32 ewx_entry_line(u64 hash, u32 which, u32 lines);

#define ROWS_ASIDE(rows) (\separated(rows, p) && \separated(rows, q))

/*@
  requires has_tables(p) && \valid_read(q) && \valid(rows) && ROWS_ASIDE(rows);
  assigns *rows;
  ensures entries: rows_are_entries(p, EWX_SECTION_ENTRIES, rows);
  ensures asked: rows_are_asked(rows, q->domain, q->source, q->identity);
  ensures whole_key: rows->mask == 0;
*/
void ewx_rows_known(const struct ewx_policy *p, const struct ewx_question *q,
		    struct ewx_rows *rows);

/*@
  requires has_tables(p) && \valid_read(q) && \valid(rows) && ROWS_ASIDE(rows);
  assigns *rows;
  ensures entries: rows_are_entries(p, EWX_SECTION_ROWS, rows);
  ensures asked: rows_are_asked(rows, q->domain, q->source, EWX_ANY);
  ensures no_identity: rows->mask == EWX_KEY_CLASS_ANY;
*/
void ewx_rows_deferred(const struct ewx_policy *p, const struct ewx_question *q,
		       struct ewx_rows *rows);

/*@
  requires has_tables(p) && \valid_read(q);
  assigns \nothing;
*/
void ewx_decide_expect(const struct ewx_policy *p, const struct ewx_question *q);

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of the walk over the grants of an entry: what is inline in
 * security/ewx/core/lookup.h.
 *
 * Owns: the part of the invariant that concerns entries, cells and grants, and
 * contracts in ACSL. No axioms. Must not be included but by the headers here.
 */
#define LOOP_OF_GRANTS							\
  loop invariant it->left <= \at(it->left, Pre);			\
  loop invariant same_policy{Pre, Here}(p);				\
  loop invariant IS_WALK(p, it);					\
  loop invariant \at(WALK_HAS_SETS(p, it), Pre) ==> WALK_HAS_SETS(p, it); \
  loop assigns it->at, it->left;					\
  loop variant it->left;

#define TERMS_ARE_THERE							\
  assert terms != EWX_NONE ==>						\
    \valid_read(RECORD(p, TERMS, terms, 16) + (0 .. 15));
#define CELL_IS_THERE							\
  assert KIND(ENTRY_WHAT(entry)) == EWX_GRANT_CELL ==>			\
    \valid_read(RECORD(p, CELLS, cell, 8) + (0 .. 7)) &&			\
    cell == ENTRY_RULE(entry);
#define GRANT_IS_THERE							\
  assert \valid_read(at + (0 .. 11)) &&					\
    (it->inside ? what == ENTRY_WHAT(at) && \valid_read(at + (0 .. 15)) :	\
     what == GRANT_WHAT(at)) && ARE_WORDS(p, what,			\
    (it->inside ? ENTRY_RULE(at) : GRANT_RULE(at)));
#define POLICY_IS_AS_IT_WAS						\
  assert as_it_was: same_policy{Pre, Here}(p) &&			\
    same_bytes{Pre, Here}(\at(p->blob, Pre), \at(p->size, Pre));
#define WALK_GOES_ON							\
  assert going: it->left == 0 || (it->inside == 0 &&			\
    is_run(p->blob, GRANTS_OF(p), it->at, it->left));
#define SETS_ARE_THERE							\
  assert sets: \at(WALK_HAS_SETS(p, it), Pre) ==> WALK_HAS_SETS(p, it) &&	\
    is_set(SETS_OF(p), it->inside ? ENTRY_SET(at) : GRANT_SET(at));

#define NUMBERS_ARE_OPAQUE
#include "bits.h"
#include "blob.h"

#define HAS_BIT(x, bits) (((x) & (bits)) != 0)
#define KIND(what)	(((what) >> EWX_KIND_SHIFT) & EWX_KIND_MASK)
#define ENTRY_SET(entry) ((u32)number64(entry) & EWX_KEY_CLASS_ANY)
#define ENTRY_WHAT(entry) number32((entry) + 8)
#define ENTRY_RULE(entry) number32((entry) + 12)
#define GRANT_WHAT(grant) number32(grant)
#define GRANT_RULE(grant) number32((grant) + 4)
#define GRANT_SET(grant) number32((grant) + 8)
#define CELL_FIRST(cell) number32(cell)
#define CELL_COUNT(cell) number32((cell) + 4)

/*
 * Predicates get numbers, not the policy: so provers see that they hold although
 * something else was written.
 */
#define RULES_OF(p)	(p)->blob, START(p, RULES), COUNT(p, RULES), COUNT(p, TERMS)
#define GRANTS_OF(p)	START(p, GRANTS), COUNT(p, GRANTS)
#define CELLS_OF(p)	START(p, CELLS), COUNT(p, CELLS)
#define SETS_OF(p)	(COUNT(p, SETS) - (p)->set_words)

/*@
  predicate is_rule(u8 *blob, integer start, integer rules, integer terms,
    integer rule) = 0 <= rule < rules &&
    \let its = number32(record_at(blob, start, rule, 28) + 24);
    its == EWX_NONE || 0 <= its < terms;
  predicate knows_perms(integer perms) =
    \forall integer n; LAST < n < 32 ==> !BIT(perms, n);
  predicate are_words(u8 *blob, integer rules_start, integer rules,
    integer terms, integer what, integer rule) =
    knows_perms(what & EWX_WHAT_PERMS) && (HAS_BIT(what, EWX_GRANT_LIMITED) ==>
    is_rule(blob, rules_start, rules, terms, rule));
  predicate is_set(integer sets, integer word) = 0 <= word <= sets;
  predicate has_set(integer sets, u8 *entry) =
    ENTRY_WHAT(entry) == 0 || is_set(sets, ENTRY_SET(entry));
  predicate is_cell(u8 *blob, integer start, integer cells, integer grants,
    integer cell) = 0 <= cell < cells &&
    \let at = record_at(blob, start, cell, 8);
    0 <= CELL_FIRST(at) && CELL_FIRST(at) + CELL_COUNT(at) <= grants;
  predicate are_grants(u8 *blob, integer rules_start, integer rules,
    integer terms, integer start, integer grants) =
    \forall integer i; 0 <= i < grants ==>
    \let at = record_at(blob, start, i, 12);
    are_words(blob, rules_start, rules, terms, GRANT_WHAT(at), GRANT_RULE(at));
  predicate are_sets(u8 *blob, integer start, integer sets, integer first,
    integer end) = \forall integer i; first <= i < end ==>
    is_set(sets, GRANT_SET(record_at(blob, start, i, 12)));

  // An entry of one of the tables: free, with a grant inside, or with a cell.
  predicate is_sound(u8 *blob, integer rules_start, integer rules,
    integer terms, integer cells_start, integer cells, integer grants,
    u8 *entry) = KIND(ENTRY_WHAT(entry)) == EWX_GRANT_CELL ?
    is_cell(blob, cells_start, cells, grants, ENTRY_RULE(entry)) :
    are_words(blob, rules_start, rules, terms, ENTRY_WHAT(entry),
    ENTRY_RULE(entry));
  predicate has_sets(u8 *blob, integer cells_start, integer grants_start,
    integer sets, u8 *entry) = KIND(ENTRY_WHAT(entry)) == EWX_GRANT_CELL ?
    \let at = record_at(blob, cells_start, ENTRY_RULE(entry), 8);
    are_sets(blob, grants_start, sets, CELL_FIRST(at),
    CELL_FIRST(at) + CELL_COUNT(at)) : has_set(sets, entry);
  predicate are_sound(u8 *blob, integer rules_start, integer rules,
    integer terms, integer cells_start, integer cells, integer grants,
    integer start, integer count) = \forall integer i; 0 <= i < count ==>
    is_sound(blob, rules_start, rules, terms, cells_start, cells, grants,
    record_at(blob, start, i, 16));
  predicate have_sets(u8 *blob, integer cells_start, integer grants_start,
    integer sets, integer start, integer count) =
    \forall integer i; 0 <= i < count ==> has_sets(blob, cells_start,
    grants_start, sets, record_at(blob, start, i, 16));

  // Where a walk is: before @left grants.
  logic integer index_of(u8 *blob, integer start, u8 *at) =
    (at - (blob + start)) / 12;
  predicate is_run(u8 *blob, integer start, integer grants, u8 *at,
    integer left) = \let i = index_of(blob, start, at);
    0 <= i && i + left <= grants && at == record_at(blob, start, i, 12);
  predicate run_has_sets(u8 *blob, integer start, integer grants, integer sets,
    u8 *at, integer left) = \let i = index_of(blob, start, at);
    is_run(blob, start, grants, at, left) &&
    are_sets(blob, start, sets, i, i + left);
  predicate walk_has_sets(u8 *blob, integer start, integer grants, integer sets,
    u8 *at, integer left, integer inside) = left == 0 ||
    (inside != 0 ? has_set(sets, at) :
     run_has_sets(blob, start, grants, sets, at, left));

  RECORDS_ARE_THERE(RULES, 28)
  RECORDS_ARE_THERE(TERMS, 16)
  RECORDS_ARE_THERE(SETS, 8)
  RECORDS_ARE_THERE(CELLS, 8)
  RECORDS_ARE_THERE(GRANTS, 12)
  RECORDS_ARE_THERE(ENTRIES, 16)
  RECORDS_ARE_THERE(ROWS, 16)

  lemma index_of_grant: \forall u8 *blob, integer start, i; 0 <= i ==>
    index_of(blob, start, record_at(blob, start, i, 12)) == i;
  lemma run_goes_on: \forall u8 *blob, integer start, grants, u8 *at,
    u8 *next, integer left, rest; is_run(blob, start, grants, at, left) ==>
    left > 0 ==> next == at + 12 ==> rest == left - 1 ==>
    is_run(blob, start, grants, next, rest);
  lemma sets_go_on: \forall u8 *blob, integer start, grants, sets, u8 *at,
    u8 *next, integer left, rest;
    run_has_sets(blob, start, grants, sets, at, left) ==>
    left > 0 ==> next == at + 12 ==> rest == left - 1 ==>
    run_has_sets(blob, start, grants, sets, next, rest);
  lemma set_of_grant: \forall u8 *blob, integer start, grants, sets, u8 *at,
    integer left; run_has_sets(blob, start, grants, sets, at, left) ==>
    left > 0 ==> is_set(sets, GRANT_SET(at));
  lemma words_of_grant: \forall u8 *blob, integer rules_start, rules, terms,
    start, grants, u8 *at, integer left;
    are_grants(blob, rules_start, rules, terms, start, grants) ==>
    is_run(blob, start, grants, at, left) ==> left > 0 ==>
    are_words(blob, rules_start, rules, terms, GRANT_WHAT(at), GRANT_RULE(at));
  lemma grant_is_there: \forall struct ewx_policy *p, u8 *at, integer left;
    is_laid_out(p) ==>
    is_run(p->blob, START(p, GRANTS), COUNT(p, GRANTS), at, left) ==>
    left > 0 ==> \valid_read(at + (0 .. 11));
*/
#define ARE_GRANTS(p) are_grants(RULES_OF(p), GRANTS_OF(p))
#define HAS_GRANTS(p)	(is_laid_out(p) && ARE_GRANTS(p))
#define ARE_WORDS(p, what, rule) are_words(RULES_OF(p), what, rule)
#define IS_SOUND(p, entry)						\
	is_sound(RULES_OF(p), CELLS_OF(p), COUNT(p, GRANTS), entry)
#define HAS_SETS(p, entry)						\
	has_sets((p)->blob, START(p, CELLS), START(p, GRANTS), SETS_OF(p), entry)

/* What the table for unknown identities leads to: entries are sound and have sets. */
#define ARE_SOUND(p, s)							\
	are_sound(RULES_OF(p), CELLS_OF(p), COUNT(p, GRANTS), START(p, s),	\
		  COUNT(p, s))
/*@
  predicate rows_have_sets(struct ewx_policy *p) = have_sets(p->blob,
    START(p, CELLS), START(p, GRANTS), SETS_OF(p), START(p, ROWS),
    COUNT(p, ROWS));
*/
#define HAS_RULES(p)							\
	(has_tables(p) && ARE_GRANTS(p) && ARE_SOUND(p, ROWS) &&		\
	 rows_have_sets(p))
/* The same, one by one, as each is easier to prove. */
#define REQUIRES_RULES(p)						\
  requires has_tables(p);						\
  requires ARE_GRANTS(p);						\
  requires ARE_SOUND(p, ROWS);						\
  requires rows_have_sets(p);

#define IS_WALK(p, it)							\
	((it)->left == 0 ||						\
	 ((it)->inside ?						\
	  (it)->left == 1 && \valid_read((it)->at + (0 .. 15)) &&	\
	  ARE_WORDS(p, ENTRY_WHAT((it)->at), ENTRY_RULE((it)->at)) :	\
	  is_run((p)->blob, GRANTS_OF(p), (it)->at, (it)->left)))
#define WALK_HAS_SETS(p, it)						\
	have_sets_from(p, (it)->at, (it)->left, (it)->inside)
/*@
  predicate have_sets_from(struct ewx_policy *p, u8 *at, integer left,
    integer inside) = walk_has_sets(p->blob, GRANTS_OF(p), SETS_OF(p), at,
    left, inside);
*/
#define INSIDE(p, s, bytes)						\
	are_inside(START(p, s), COUNT(p, s), bytes, (p)->size)

#include "lookup.h"

/* What was written was not in the blob: all of the above stays. */
/*@
  lemma policy_goes_on{K, L, M}: \forall struct ewx_policy *p;
    same_policy{K, L}(p) ==> same_policy{L, M}(p) ==> same_policy{K, M}(p);
  lemma sections_stay{K, L}: \forall struct ewx_policy *p;
    same_policy{K, L}(p) ==> sections_are_inside{K}(p) ==>
    sections_are_inside{L}(p);

  predicate are_inside(integer start, integer count, integer bytes,
    integer size) = 0 <= start && start + count * bytes <= size;

  lemma number64_stays{K, L}: \forall u8 *blob, integer size, i;
    same_bytes{K, L}(blob, size) ==> 0 <= i ==> i + 8 <= size ==>
    number64{K}(blob + i) == number64{L}(blob + i);
  lemma words_stay{K, L}: \forall u8 *blob, integer size, rules_start, rules,
    terms, what, rule; same_bytes{K, L}(blob, size) ==>
    are_inside(rules_start, rules, 28, size) ==>
    are_words{K}(blob, rules_start, rules, terms, what, rule) ==>
    are_words{L}(blob, rules_start, rules, terms, what, rule);
  lemma grants_stay{K, L}: \forall u8 *blob, integer size, rules_start, rules,
    terms, start, grants; same_bytes{K, L}(blob, size) ==>
    are_inside(rules_start, rules, 28, size) ==>
    are_inside(start, grants, 12, size) ==>
    are_grants{K}(blob, rules_start, rules, terms, start, grants) ==>
    are_grants{L}(blob, rules_start, rules, terms, start, grants);
  lemma sets_stay{K, L}: \forall u8 *blob, integer size, start, sets, first,
    end; same_bytes{K, L}(blob, size) ==> 0 <= first ==>
    are_inside(start, end, 12, size) ==>
    are_sets{K}(blob, start, sets, first, end) ==>
    are_sets{L}(blob, start, sets, first, end);
  lemma run_stays{K, L}: \forall u8 *blob, integer size, start, grants, sets,
    u8 *at, integer left; same_bytes{K, L}(blob, size) ==>
    are_inside(start, grants, 12, size) ==>
    run_has_sets{K}(blob, start, grants, sets, at, left) ==>
    run_has_sets{L}(blob, start, grants, sets, at, left);
  lemma sound_stays{K, L}: \forall u8 *blob, integer size, rules_start, rules,
    terms, cells_start, cells, grants, start, count;
    same_bytes{K, L}(blob, size) ==>
    are_inside(rules_start, rules, 28, size) ==>
    are_inside(cells_start, cells, 8, size) ==>
    are_inside(start, count, 16, size) ==>
    are_sound{K}(blob, rules_start, rules, terms, cells_start, cells, grants,
    start, count) ==> are_sound{L}(blob, rules_start, rules, terms,
    cells_start, cells, grants, start, count);
  lemma all_sets_stay{K, L}: \forall u8 *blob, integer size, rules_start,
    rules, terms, cells_start, cells, grants_start, grants, sets, start, count;
    same_bytes{K, L}(blob, size) ==>
    are_inside(cells_start, cells, 8, size) ==>
    are_inside(grants_start, grants, 12, size) ==>
    are_inside(start, count, 16, size) ==>
    are_sound{K}(blob, rules_start, rules, terms, cells_start, cells, grants,
    start, count) ==>
    have_sets{K}(blob, cells_start, grants_start, sets, start, count) ==>
    have_sets{L}(blob, cells_start, grants_start, sets, start, count);

  lemma records_are_inside: \forall struct ewx_policy *p;
    sections_are_inside(p) ==> INSIDE(p, RULES, 28) && INSIDE(p, CELLS, 8) &&
    INSIDE(p, GRANTS, 12) && INSIDE(p, ROWS, 16);
  lemma its_grants_stay{K, L}: \forall struct ewx_policy *p;
    same_policy{K, L}(p) ==>
    same_bytes{K, L}(\at(p->blob, K), \at(p->size, K)) ==>
    sections_are_inside{K}(p) ==> \at(ARE_GRANTS(p), K) ==>
    \at(ARE_GRANTS(p), L);
  lemma its_rows_stay{K, L}: \forall struct ewx_policy *p;
    same_policy{K, L}(p) ==>
    same_bytes{K, L}(\at(p->blob, K), \at(p->size, K)) ==>
    sections_are_inside{K}(p) ==> \at(ARE_SOUND(p, ROWS), K) ==>
    \at(ARE_SOUND(p, ROWS), L);
  lemma its_sets_stay{K, L}: \forall struct ewx_policy *p;
    same_policy{K, L}(p) ==>
    same_bytes{K, L}(\at(p->blob, K), \at(p->size, K)) ==>
    sections_are_inside{K}(p) ==> \at(ARE_SOUND(p, ROWS), K) ==>
    rows_have_sets{K}(p) ==> rows_have_sets{L}(p);
  lemma walk_stays{K, L}: \forall struct ewx_policy *p, u8 *at, integer left,
    inside; same_policy{K, L}(p) ==>
    same_bytes{K, L}(\at(p->blob, K), \at(p->size, K)) ==>
    is_laid_out{K}(p) ==> left == 0 || inside == 0 ==>
    have_sets_from{K}(p, at, left, inside) ==>
    have_sets_from{L}(p, at, left, inside);

  lemma row_is_sound: \forall u8 *blob, integer rules_start, rules, terms,
    cells_start, cells, grants, start, count, u8 *at;
    are_sound(blob, rules_start, rules, terms, cells_start, cells, grants,
    start, count) ==> is_entry_of(blob, start, count, at) ==>
    is_sound(blob, rules_start, rules, terms, cells_start, cells, grants, at);
  lemma row_has_sets: \forall u8 *blob, integer cells_start, grants_start,
    sets, start, count, u8 *at;
    have_sets(blob, cells_start, grants_start, sets, start, count) ==>
    is_entry_of(blob, start, count, at) ==>
    has_sets(blob, cells_start, grants_start, sets, at);
  lemma bits_of_common: \forall integer x, y, n; 0 <= n < 32 ==>
    BIT(x & y, n) ==> BIT(x, n) && BIT(y, n);
  lemma knows_less: \forall integer x, y;
    knows_perms(x) || knows_perms(y) ==> knows_perms(x & y);
*/

/*@
  assigns \nothing;
  ensures \result == KIND(what);
*/
static inline u32 ewx_kind(u32 what);

/*@
  requires is_laid_out(p) && is_rule(RULES_OF(p), rule);
  requires \valid(max) && \valid(until);
  requires \separated(max, until) && \separated(max, p) && \separated(until, p);
  assigns *max, *until;
*/
static inline void ewx_rule_terms(const struct ewx_policy *p, u32 rule,
				  u32 *max, u64 *until);

/*@
  requires is_laid_out(p) && index < COUNT(p, SETS);
  assigns \nothing;
  ensures \result == number64(RECORD(p, SETS, index, 8));
*/
static inline u64 ewx_set_word(const struct ewx_policy *p, u32 index);

/*@
  requires is_laid_out(p) && ARE_WORDS(p, what, rule);
  requires \valid(g) && \separated(g, p);
  assigns *g;
  ensures words: g->perms == (what & EWX_WHAT_PERMS) && g->kind == KIND(what) &&
    g->rule == rule && g->set == classes;
  ensures policy: same_policy{Pre, Post}(p);
  ensures walks: \forall u8 *at, integer left, inside;
    left == 0 || inside == 0 ==> \old(have_sets_from(p, at, left, inside)) ==>
    have_sets_from(p, at, left, inside);
  ensures runs: \forall u8 *at, integer left;
    \old(is_run(p->blob, GRANTS_OF(p), at, left)) ==>
    is_run(p->blob, GRANTS_OF(p), at, left);
*/
static inline void ewx_grant_read(const struct ewx_policy *p, u32 what,
				  u32 rule, u32 classes, struct ewx_grant_view *g);

/*@
  requires HAS_GRANTS(p) && \valid_read(entry + (0 .. 15)) && IS_SOUND(p, entry);
  requires \valid(it) && \separated(it, p);
  assigns *it;
  ensures begun: IS_WALK(p, it);
  ensures sets: HAS_SETS(p, entry) ==> WALK_HAS_SETS(p, it);
*/
static inline void ewx_grants_begin(const struct ewx_policy *p, const u8 *entry,
				    struct ewx_grants *it);

/*@
  requires HAS_GRANTS(p) && IS_WALK(p, it);
  requires \valid(it) && \separated(it, p);
  requires \valid(g) && \separated(g, p) && \separated(g, it);
  assigns it->at, it->left, *g;
  ensures walk: IS_WALK(p, it);
  ensures less: \result ? it->left < \old(it->left) : it->left == 0;
  ensures known: \result ==> knows_perms(g->perms);
  ensures sets: \old(WALK_HAS_SETS(p, it)) ==> WALK_HAS_SETS(p, it);
  ensures its_set: \old(WALK_HAS_SETS(p, it)) ==> \result ==>
    is_set(SETS_OF(p), g->set);
*/
static __always_inline bool ewx_grants_next(const struct ewx_policy *p,
					    struct ewx_grants *it, u32 perms,
					    struct ewx_grant_view *g);

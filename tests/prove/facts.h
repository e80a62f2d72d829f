/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is proved of security/enclave/facts.c: contracts in ACSL, which Frama-C
 * reads before the source, and the theorems that follow from them.
 *
 * Owns: the rules of facts and required permissions, said a second time, as
 * formulas over single facts. No axioms. Must not be included by anything else.
 */
#include "security/enclave/facts.h"

/* Frama-C replaces macros in annotations: provers see bits, no definitions. */
#define HAS(set, bits)	(((set) & (bits)) != 0)
#define SAME(f, g, bit)	(HAS(f, bit) <==> HAS(g, bit))
#define KEEPS(f, g, bit) (HAS(f, bit) ==> HAS(g, bit))
#define IF(condition, set, bit) (HAS(set, bit) <==> (condition))

#define IS_PRESENT(f)	HAS(f, ENCLAVE_FACT_PRESENT)
#define IS_FILE(f)	(HAS(f, 0x10) && HAS(f, 0x8))
#define IS_DYNAMIC(f)	(HAS(f, 0x10) && !HAS(f, 0x8))
#define IS_MODIFIED(f)	(!HAS(f, 0x10) && HAS(f, 0x8))
#define IS_ANON(f)	(!HAS(f, 0x10) && !HAS(f, 0x8))
#define SAME_ORIGIN(f, g) (SAME(f, g, 0x10) && SAME(f, g, 0x8))
#define MAY_EXECUTE(f)	(HAS(f, ENCLAVE_X) || HAS(f, ENCLAVE_FACT_EVER_X))
#define FIRST_PASS(f)	(IS_DYNAMIC(f) && !HAS(f, ENCLAVE_FACT_REWRITTEN))
#define WRITES(access)	HAS(access, ENCLAVE_W)
#define EXECUTES(access) HAS(access, ENCLAVE_X)

#define SAME_INTENT(f, g)						\
	(SAME(f, g, ENCLAVE_R) && SAME(f, g, ENCLAVE_W) && SAME(f, g, ENCLAVE_X))
#define INTENT_SHRINKS(f, g)						\
	(KEEPS(g, f, ENCLAVE_R) && KEEPS(g, f, ENCLAVE_W) && KEEPS(g, f, ENCLAVE_X))
#define SAME_HISTORY(f, g)						\
	(SAME(f, g, ENCLAVE_FACT_EVER_W) &&				\
	 SAME(f, g, ENCLAVE_FACT_EVER_X) &&				\
	 SAME(f, g, ENCLAVE_FACT_EVER_WX) &&				\
	 SAME(f, g, ENCLAVE_FACT_REWRITTEN) &&				\
	 SAME(f, g, ENCLAVE_FACT_DEBUG_WRITTEN))
#define HISTORY_GROWS(f, g)						\
	(KEEPS(f, g, ENCLAVE_FACT_EVER_W) &&				\
	 KEEPS(f, g, ENCLAVE_FACT_EVER_X) &&				\
	 KEEPS(f, g, ENCLAVE_FACT_EVER_WX) &&				\
	 KEEPS(f, g, ENCLAVE_FACT_REWRITTEN) &&				\
	 KEEPS(f, g, ENCLAVE_FACT_DEBUG_WRITTEN))

/* No less is needed of a page with facts @g than of one with facts @f ... */
#define STRICTER(f, g)							\
	(SAME(f, g, ENCLAVE_FACT_PRESENT) &&				\
	 SAME(f, g, ENCLAVE_FACT_MUTABLE) &&				\
	 KEEPS(g, f, ENCLAVE_FACT_MEASURED) &&				\
	 INTENT_SHRINKS(f, g) && HISTORY_GROWS(f, g) &&			\
	 (SAME_ORIGIN(f, g) || (IS_FILE(f) && IS_MODIFIED(g))))

/* ... where these are the operations. */
#define IS_MAPPING(op)							\
	((op) == ENCLAVE_OP_MMAP || (op) == ENCLAVE_OP_MPROTECT ||	\
	 (op) == ENCLAVE_OP_FAULT)
#define IS_RESTRICTION(op)						\
	((op) == ENCLAVE_OP_RESTRICT || (op) == ENCLAVE_OP_TYPE)
#define IS_CHANGE(op)							\
	((op) == ENCLAVE_OP_MMAP || (op) == ENCLAVE_OP_MPROTECT ||	\
	 IS_RESTRICTION(op) || (op) == ENCLAVE_OP_REMOVE)

/* What a page needs as code, whose bytes are judged. */
#define LOADS_FILE(f)	(HAS(f, ENCLAVE_X) && IS_FILE(f))
#define LOADS_MUTABLE(f) (LOADS_FILE(f) && HAS(f, ENCLAVE_FACT_MUTABLE))
#define LOADS_MODIFIED(f) (HAS(f, ENCLAVE_X) && IS_MODIFIED(f))
#define LOADS_ANON(f)	(HAS(f, ENCLAVE_X) && (IS_ANON(f) || IS_DYNAMIC(f)))
#define LOADS_UNMEASURED(f) (HAS(f, ENCLAVE_X) && !HAS(f, ENCLAVE_FACT_MEASURED))
#define LOADS_WX(f)	(HAS(f, ENCLAVE_X) && HAS(f, ENCLAVE_W))

/* What a mapping of it needs. */
#define MAPS_WX(access)	(WRITES(access) && EXECUTES(access))
#define MAPS_DYNAMIC(f, access) (EXECUTES(access) && IS_DYNAMIC(f))
#define MAPS_WRITTEN(f, access)						\
	(MAPS_WX(access) ||						\
	 (WRITES(access) && HAS(f, ENCLAVE_FACT_EVER_X)) ||		\
	 (EXECUTES(access) && HAS(f, ENCLAVE_FACT_EVER_W) && !FIRST_PASS(f)))

/* Whether a request needs each permission: the whole rule. */
#define JUDGES_BYTES(f, op)						\
	((op) == ENCLAVE_OP_LOAD ||					\
	 ((op) == ENCLAVE_OP_INIT && IS_PRESENT(f) &&			\
	  HAS(f, ENCLAVE_FACT_DEBUG_WRITTEN)))
#define JUDGES_MAPPING(f, op) (IS_MAPPING(op) && IS_PRESENT(f))
#define WRITES_CODE(f, op, access)					\
	((op) == ENCLAVE_OP_ACCESS && IS_PRESENT(f) && WRITES(access) &&	\
	 MAY_EXECUTE(f))

#define NEEDS_FILE(f, op)	(JUDGES_BYTES(f, op) && LOADS_FILE(f))
#define NEEDS_MUTABLE(f, op)	(JUDGES_BYTES(f, op) && LOADS_MUTABLE(f))
#define NEEDS_MODIFIED(f, op)	(JUDGES_BYTES(f, op) && LOADS_MODIFIED(f))
#define NEEDS_ANON(f, op)	(JUDGES_BYTES(f, op) && LOADS_ANON(f))
#define NEEDS_UNMEASURED(f, op)	(JUDGES_BYTES(f, op) && LOADS_UNMEASURED(f))
#define NEEDS_LOAD_WX(f, op)	(JUDGES_BYTES(f, op) && LOADS_WX(f))
#define NEEDS_MAP_WX(f, op, access) (JUDGES_MAPPING(f, op) && MAPS_WX(access))
#define NEEDS_WRITTEN(f, op, access)					\
	(JUDGES_MAPPING(f, op) && MAPS_WRITTEN(f, access))
#define NEEDS_DYNAMIC(f, op, access)					\
	(JUDGES_MAPPING(f, op) && MAPS_DYNAMIC(f, access))

#define LOAD_PERMS							\
	(ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MUTABLE |		\
	 ENCLAVE_PERM_EXEC_MODIFIED | ENCLAVE_PERM_EXEC_ANON |		\
	 ENCLAVE_PERM_EXEC_UNMEASURED | ENCLAVE_PERM_LOAD_WX)
#define MAP_PERMS							\
	(ENCLAVE_PERM_MAP_WX | ENCLAVE_PERM_EXEC_WRITTEN |		\
	 ENCLAVE_PERM_EXEC_DYNAMIC)
#define PAGE_PERMS							\
	(LOAD_PERMS | MAP_PERMS | ENCLAVE_PERM_AUGMENT | ENCLAVE_PERM_DEBUG_WRITE)
#define NO_OTHER(set, perms) (((set) & ~(perms)) == 0)

/* Two bits at once are two bits: provers know each of them by itself. */
#define TWO_BITS(name, high, low)					\
  lemma name##_none: \forall integer f;					\
    !HAS(f, high) ==> !HAS(f, low) ==> (f & (high | low)) == 0;		\
  lemma name##_low: \forall integer f;					\
    !HAS(f, high) ==> HAS(f, low) ==> (f & (high | low)) == low;	\
  lemma name##_high: \forall integer f;					\
    HAS(f, high) ==> !HAS(f, low) ==> (f & (high | low)) == high;	\
  lemma name##_both: \forall integer f;					\
    HAS(f, high) ==> HAS(f, low) ==> (f & (high | low)) == (high | low);

/*@ TWO_BITS(origin, 0x10, 0x8) */
/*@ TWO_BITS(history, ENCLAVE_FACT_EVER_X, ENCLAVE_FACT_EVER_W) */

/*@
  assigns \nothing;
  ensures file: \result == ENCLAVE_ORIGIN_FILE <==> IS_FILE(f);
  ensures dynamic: \result == ENCLAVE_ORIGIN_DYNAMIC <==> IS_DYNAMIC(f);
  ensures modified: \result == ENCLAVE_ORIGIN_MODIFIED <==> IS_MODIFIED(f);
*/
static inline enum enclave_origin enclave_facts_origin(enclave_facts f);

/*@
  assigns \nothing;
  ensures \result <==> MAY_EXECUTE(f);
*/
static bool may_execute(enclave_facts f);

/*@
  assigns \nothing;
  ensures \result <==> IS_DYNAMIC(f);
*/
static bool is_dynamic(enclave_facts f);

/*@
  assigns \nothing;
  ensures \result <==> FIRST_PASS(f);
*/
static bool in_first_pass(enclave_facts f);

/*@
  requires origin <= ENCLAVE_ORIGIN_FILE;
  assigns \nothing;
  ensures present: IS_PRESENT(\result);
  ensures no_history:
    !HAS(\result, ENCLAVE_FACT_EVER_W) && !HAS(\result, ENCLAVE_FACT_EVER_X) &&
    !HAS(\result, ENCLAVE_FACT_EVER_WX) &&
    !HAS(\result, ENCLAVE_FACT_REWRITTEN) &&
    !HAS(\result, ENCLAVE_FACT_DEBUG_WRITTEN);
  ensures intent: SAME_INTENT(intent, \result);
  ensures file: origin == ENCLAVE_ORIGIN_FILE ==> IS_FILE(\result);
  ensures dynamic: origin == ENCLAVE_ORIGIN_DYNAMIC ==> IS_DYNAMIC(\result);
  ensures modified: origin == ENCLAVE_ORIGIN_MODIFIED ==> IS_MODIFIED(\result);
  ensures anon: origin == ENCLAVE_ORIGIN_ANON ==> IS_ANON(\result);
  ensures mutable: IF(is_mutable, \result, ENCLAVE_FACT_MUTABLE);
  ensures measured: IF(measured, \result, ENCLAVE_FACT_MEASURED);
*/
enclave_facts enclave_facts_load(enum enclave_origin origin, u32 intent,
				 bool is_mutable, bool measured);

/*@
  assigns \nothing;
  ensures present: IS_PRESENT(\result);
  ensures dynamic: IS_DYNAMIC(\result);
  ensures intent: SAME_INTENT(intent, \result);
*/
enclave_facts enclave_facts_dynamic(u32 intent);

/*@
  requires origin == ENCLAVE_ORIGIN_MODIFIED;
  assigns \nothing;
  ensures modified: IS_MODIFIED(\result);
  ensures rest: SAME(f, \result, ENCLAVE_FACT_PRESENT) &&
    SAME(f, \result, ENCLAVE_FACT_MUTABLE) &&
    SAME(f, \result, ENCLAVE_FACT_MEASURED) &&
    SAME_INTENT(f, \result) && SAME_HISTORY(f, \result);
*/
static enclave_facts set_origin(enclave_facts f, enum enclave_origin origin);

/*@
  assigns \nothing;
  ensures stricter: STRICTER(f, \result);
  ensures intent: SAME_INTENT(f, \result);
  ensures origin: SAME_ORIGIN(f, \result);
  ensures measured: SAME(f, \result, ENCLAVE_FACT_MEASURED);
  ensures written: IF(HAS(f, ENCLAVE_FACT_EVER_W) || WRITES(access), \result,
    ENCLAVE_FACT_EVER_W);
  ensures executed: IF(HAS(f, ENCLAVE_FACT_EVER_X) || EXECUTES(access), \result,
    ENCLAVE_FACT_EVER_X);
  ensures both: IF(HAS(f, ENCLAVE_FACT_EVER_WX) || MAPS_WX(access), \result,
    ENCLAVE_FACT_EVER_WX);
  ensures rewritten: IF(HAS(f, ENCLAVE_FACT_REWRITTEN) || (WRITES(access) &&
    (EXECUTES(access) || HAS(f, ENCLAVE_FACT_EVER_X))), \result,
    ENCLAVE_FACT_REWRITTEN);
*/
static enclave_facts after_mapping(enclave_facts f, u32 access);

/*@
  assigns \nothing;
  ensures stricter: STRICTER(f, \result);
  ensures intent: SAME_INTENT(f, \result);
  ensures told: HAS(\result, ENCLAVE_FACT_EVER_W) &&
    HAS(\result, ENCLAVE_FACT_DEBUG_WRITTEN);
  ensures rewritten: IF(HAS(f, ENCLAVE_FACT_REWRITTEN) ||
    HAS(f, ENCLAVE_FACT_EVER_X), \result, ENCLAVE_FACT_REWRITTEN);
  ensures modified: IS_FILE(f) ==> IS_MODIFIED(\result);
  ensures unmeasured: !initialized ==> !HAS(\result, ENCLAVE_FACT_MEASURED);
*/
static enclave_facts after_debug_write(enclave_facts f, bool initialized);

/*@
  assigns \nothing;
  ensures absent: !IS_PRESENT(f) ==> \result == f;
  ensures removed: IS_PRESENT(f) && op == ENCLAVE_OP_REMOVE ==> \result == 0;
  ensures stricter: op != ENCLAVE_OP_REMOVE ==> STRICTER(f, \result);
  ensures history_is_monotone: op != ENCLAVE_OP_REMOVE ==>
    HISTORY_GROWS(f, \result);
  ensures intent: op != ENCLAVE_OP_REMOVE && !IS_RESTRICTION(op) ==>
    SAME_INTENT(f, \result);
  ensures origin: op != ENCLAVE_OP_REMOVE && op != ENCLAVE_OP_ACCESS ==>
    SAME_ORIGIN(f, \result);
  ensures written: IS_PRESENT(f) && IS_MAPPING(op) && WRITES(access) ==>
    HAS(\result, ENCLAVE_FACT_EVER_W);
  ensures executed: IS_PRESENT(f) && IS_MAPPING(op) && EXECUTES(access) ==>
    HAS(\result, ENCLAVE_FACT_EVER_X);
  ensures debugged: IS_PRESENT(f) && op == ENCLAVE_OP_ACCESS && WRITES(access) ==>
    HAS(\result, ENCLAVE_FACT_EVER_W) && HAS(\result, ENCLAVE_FACT_DEBUG_WRITTEN) &&
    (IS_FILE(f) ==> IS_MODIFIED(\result));
*/
enclave_facts enclave_facts_after(enclave_facts f, enum enclave_op op,
				  u32 access, bool initialized);

/*@
  assigns \nothing;
  ensures file: IF(IS_FILE(f), \result, ENCLAVE_PERM_EXEC_FILE);
  ensures mutable: IF(IS_FILE(f) && HAS(f, ENCLAVE_FACT_MUTABLE), \result,
    ENCLAVE_PERM_EXEC_MUTABLE);
  ensures modified: IF(IS_MODIFIED(f), \result, ENCLAVE_PERM_EXEC_MODIFIED);
  ensures anon: IF(IS_ANON(f) || IS_DYNAMIC(f), \result, ENCLAVE_PERM_EXEC_ANON);
  ensures rest: (\result & ~(ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MUTABLE |
    ENCLAVE_PERM_EXEC_MODIFIED | ENCLAVE_PERM_EXEC_ANON)) == 0;
*/
static u32 origin_needs(enclave_facts f);

/*@
  assigns \nothing;
  ensures file: IF(LOADS_FILE(f), \result, ENCLAVE_PERM_EXEC_FILE);
  ensures mutable: IF(LOADS_MUTABLE(f), \result, ENCLAVE_PERM_EXEC_MUTABLE);
  ensures modified: IF(LOADS_MODIFIED(f), \result, ENCLAVE_PERM_EXEC_MODIFIED);
  ensures anon: IF(LOADS_ANON(f), \result, ENCLAVE_PERM_EXEC_ANON);
  ensures unmeasured:
    IF(LOADS_UNMEASURED(f), \result, ENCLAVE_PERM_EXEC_UNMEASURED);
  ensures load_wx: IF(LOADS_WX(f), \result, ENCLAVE_PERM_LOAD_WX);
  ensures rest: NO_OTHER(\result, LOAD_PERMS);
*/
static u32 load_needs(enclave_facts f);

/*@
  assigns \nothing;
  ensures map_wx: IF(MAPS_WX(access), \result, ENCLAVE_PERM_MAP_WX);
  ensures written: IF(MAPS_WRITTEN(f, access), \result,
    ENCLAVE_PERM_EXEC_WRITTEN);
  ensures dynamic: IF(MAPS_DYNAMIC(f, access), \result,
    ENCLAVE_PERM_EXEC_DYNAMIC);
  ensures rest: NO_OTHER(\result, MAP_PERMS);
*/
static u32 mapping_needs(enclave_facts f, u32 access);

/* What a request needs of a page, permission by permission. */
#define PAGE_NEEDS \
	ensures file: IF(NEEDS_FILE(f, op), \result, ENCLAVE_PERM_EXEC_FILE); \
	ensures mutable: IF(NEEDS_MUTABLE(f, op), \result, ENCLAVE_PERM_EXEC_MUTABLE); \
	ensures modified: \
	  IF(NEEDS_MODIFIED(f, op), \result, ENCLAVE_PERM_EXEC_MODIFIED); \
	ensures anon: IF(NEEDS_ANON(f, op), \result, ENCLAVE_PERM_EXEC_ANON); \
	ensures unmeasured: \
	  IF(NEEDS_UNMEASURED(f, op), \result, ENCLAVE_PERM_EXEC_UNMEASURED); \
	ensures load_wx: IF(NEEDS_LOAD_WX(f, op), \result, ENCLAVE_PERM_LOAD_WX); \
	ensures map_wx: IF(NEEDS_MAP_WX(f, op, access), \result, ENCLAVE_PERM_MAP_WX); \
	ensures written: \
	  IF(NEEDS_WRITTEN(f, op, access), \result, ENCLAVE_PERM_EXEC_WRITTEN); \
	ensures dynamic: \
	  IF(NEEDS_DYNAMIC(f, op, access), \result, ENCLAVE_PERM_EXEC_DYNAMIC); \
	ensures augment: IF(op == ENCLAVE_OP_ADD, \result, ENCLAVE_PERM_AUGMENT); \
	ensures debug_write: \
	  IF(WRITES_CODE(f, op, access), \result, ENCLAVE_PERM_DEBUG_WRITE);

/*@
  requires IS_PRESENT(f) || op == ENCLAVE_OP_LOAD || op == ENCLAVE_OP_ADD;
  assigns \nothing;
  PAGE_NEEDS
  ensures rest: NO_OTHER(\result, PAGE_PERMS);
*/
static u32 page_needs(enclave_facts f, enum enclave_op op, u32 access);

/*@
  assigns \nothing;
  ensures \result <==> IS_CHANGE(op);
*/
static bool is_change(enum enclave_op op);

/*@
  assigns \nothing;
  PAGE_NEEDS
  ensures change:
    IF(initialized && IS_CHANGE(op), \result, ENCLAVE_PERM_CHANGE);
  ensures rest: NO_OTHER(\result, PAGE_PERMS | ENCLAVE_PERM_CHANGE);
*/
u32 enclave_required(enclave_facts f, enum enclave_op op, u32 access,
		     bool initialized);

/*@
  assigns \nothing;
  ensures \result <==> HAS(need, ENCLAVE_PERM_EXEC_WRITTEN) ||
    (HAS(need, ENCLAVE_PERM_EXEC_DYNAMIC) && HAS(f, ENCLAVE_FACT_EVER_W));
*/
bool enclave_needs_alone(enclave_facts f, u32 need);

/*@
  assigns \nothing;
  ensures absent: !IS_PRESENT(f) ==> \result == 0;
  ensures code: IS_PRESENT(f) && !IS_DYNAMIC(f) ==>
    IF(LOADS_FILE(f), \result, ENCLAVE_PERM_EXEC_FILE) &&
    IF(LOADS_MUTABLE(f), \result, ENCLAVE_PERM_EXEC_MUTABLE) &&
    IF(LOADS_MODIFIED(f), \result, ENCLAVE_PERM_EXEC_MODIFIED) &&
    IF(LOADS_ANON(f), \result, ENCLAVE_PERM_EXEC_ANON) &&
    IF(LOADS_UNMEASURED(f), \result, ENCLAVE_PERM_EXEC_UNMEASURED) &&
    IF(LOADS_WX(f), \result, ENCLAVE_PERM_LOAD_WX);
  ensures augment:
    IF(IS_PRESENT(f) && IS_DYNAMIC(f), \result, ENCLAVE_PERM_AUGMENT);
  ensures written: IF(IS_PRESENT(f) && HAS(f, ENCLAVE_FACT_EVER_W) &&
    HAS(f, ENCLAVE_FACT_EVER_X) && !FIRST_PASS(f), \result,
    ENCLAVE_PERM_EXEC_WRITTEN);
  ensures dynamic: IF(IS_PRESENT(f) && IS_DYNAMIC(f) &&
    HAS(f, ENCLAVE_FACT_EVER_X), \result, ENCLAVE_PERM_EXEC_DYNAMIC);
  ensures map_wx: IF(IS_PRESENT(f) && HAS(f, ENCLAVE_FACT_EVER_WX), \result,
    ENCLAVE_PERM_MAP_WX);
  ensures debug_write: IF(IS_PRESENT(f) && MAY_EXECUTE(f) &&
    HAS(f, ENCLAVE_FACT_DEBUG_WRITTEN), \result, ENCLAVE_PERM_DEBUG_WRITE);
  ensures rest: NO_OTHER(\result, PAGE_PERMS);
*/
u32 enclave_facts_uses(enclave_facts f);

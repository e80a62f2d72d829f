// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a request needs: the table of the design's section 3, line by line.
 *
 * Owns: the table as it is written there, with what the document on the making of
 * EWX says of its departures. Shares with the kernel's facts.c only the names of
 * the bits.
 */
#include "reference.h"

#define DEBUG_ATTRIBUTE 1u
#define PROVISION_ATTRIBUTE 2u

static bool is_mapping(u32 op)
{
	return op == ENCLAVE_OP_MMAP || op == ENCLAVE_OP_MPROTECT ||
	       op == ENCLAVE_OP_FAULT;
}

static bool comes_from(u32 facts, enum enclave_origin origin)
{
	return enclave_facts_origin((enclave_facts)facts) == origin;
}

/* A page's bytes become code: exec_file and what stands beside it, load_wx. */
static u32 code_needs(u32 facts)
{
	u32 need = 0;

	if (!(facts & ENCLAVE_X))
		return 0;
	if (comes_from(facts, ENCLAVE_ORIGIN_FILE))
		need |= ENCLAVE_PERM_EXEC_FILE;
	else if (comes_from(facts, ENCLAVE_ORIGIN_MODIFIED))
		need |= ENCLAVE_PERM_EXEC_MODIFIED;
	else
		need |= ENCLAVE_PERM_EXEC_ANON;
	if (comes_from(facts, ENCLAVE_ORIGIN_FILE) &&
	    facts & ENCLAVE_FACT_MUTABLE)
		need |= ENCLAVE_PERM_EXEC_MUTABLE;
	if (!(facts & ENCLAVE_FACT_MEASURED))
		need |= ENCLAVE_PERM_EXEC_UNMEASURED;
	if (facts & ENCLAVE_W)
		need |= ENCLAVE_PERM_LOAD_WX;
	return need;
}

/* Dynamic, and not written again since it was first executed. */
static bool runs_first_time(u32 facts)
{
	return comes_from(facts, ENCLAVE_ORIGIN_DYNAMIC) &&
	       !(facts & ENCLAVE_FACT_REWRITTEN);
}

static u32 mapping_needs(u32 facts, u32 access)
{
	bool w = access & ENCLAVE_W, x = access & ENCLAVE_X;
	bool was_w = facts & ENCLAVE_FACT_EVER_W;
	bool was_x = facts & ENCLAVE_FACT_EVER_X;
	u32 need = 0;

	if (w && x)
		need |= ENCLAVE_PERM_MAP_WX;
	if (x && comes_from(facts, ENCLAVE_ORIGIN_DYNAMIC))
		need |= ENCLAVE_PERM_EXEC_DYNAMIC;
	if ((w && x) || (w && was_x) || (x && was_w && !runs_first_time(facts)))
		need |= ENCLAVE_PERM_EXEC_WRITTEN;
	return need;
}

static bool may_execute(u32 facts)
{
	return facts & (ENCLAVE_X | ENCLAVE_FACT_EVER_X);
}

static u32 page_needs(const struct ewx_query *q)
{
	bool there = q->facts & ENCLAVE_FACT_PRESENT;

	if (q->op == ENCLAVE_OP_LOAD)
		return code_needs(q->facts);
	if (q->op == ENCLAVE_OP_ADD)
		return ENCLAVE_PERM_AUGMENT;
	if (!there)
		return 0;
	if (is_mapping(q->op))
		return mapping_needs(q->facts, q->access);
	if (q->op == ENCLAVE_OP_ACCESS && q->access & ENCLAVE_W &&
	    may_execute(q->facts))
		return ENCLAVE_PERM_DEBUG_WRITE;
	if (q->op == ENCLAVE_OP_INIT && q->facts & ENCLAVE_FACT_DEBUG_WRITTEN)
		return code_needs(q->facts);
	return 0;
}

static u32 enclave_needs(const struct ewx_query *q)
{
	u32 attributes = 0;

	if (q->attributes & DEBUG_ATTRIBUTE)
		attributes |= ENCLAVE_PERM_DEBUG;
	if (q->attributes & PROVISION_ATTRIBUTE)
		attributes |= ENCLAVE_PERM_PROVISION;
	switch (q->op) {
	case ENCLAVE_OP_CREATE:
		return ENCLAVE_PERM_CREATE | attributes;
	case ENCLAVE_OP_INIT:
		return ENCLAVE_PERM_INIT | attributes;
	case ENCLAVE_OP_PROVISION:
		return ENCLAVE_PERM_PROVISION;
	case ENCLAVE_OP_VEPC:
		return ENCLAVE_PERM_VEPC;
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_RESTRICT:
	case ENCLAVE_OP_TYPE:
	case ENCLAVE_OP_REMOVE:
		return q->flags & EWX_QUERY_INITIALIZED ? ENCLAVE_PERM_CHANGE :
							  0;
	default:
		return 0;
	}
}

u32 ref_required(const struct ewx_query *q)
{
	u32 need = page_needs(q) | enclave_needs(q);

	if (is_mapping(q->op) && q->flags & EWX_QUERY_FOREIGN)
		need |= ENCLAVE_PERM_SHARE;
	return q->required ? q->required : need;
}

u32 ref_refusal(const struct ewx_query *q)
{
	u32 intent = q->facts & ENCLAVE_RWX;

	if (!(q->facts & ENCLAVE_FACT_PRESENT) || !(q->access & ~intent))
		return ENCLAVE_REFUSAL_NONE;
	return is_mapping(q->op) || q->op == ENCLAVE_OP_RESTRICT ?
		       ENCLAVE_REFUSAL_INTENT :
		       ENCLAVE_REFUSAL_NONE;
}

/* The permissions that a page with these facts is counted for. */
static u32 uses(u32 facts)
{
	u32 both = ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_EVER_X, used = 0;

	if (!(facts & ENCLAVE_FACT_PRESENT))
		return 0;
	if (!comes_from(facts, ENCLAVE_ORIGIN_DYNAMIC))
		used |= code_needs(facts);
	else if (facts & ENCLAVE_FACT_EVER_X)
		used |= ENCLAVE_PERM_AUGMENT | ENCLAVE_PERM_EXEC_DYNAMIC;
	else
		used |= ENCLAVE_PERM_AUGMENT;
	if ((facts & both) == both && !runs_first_time(facts))
		used |= ENCLAVE_PERM_EXEC_WRITTEN;
	if (facts & ENCLAVE_FACT_EVER_WX)
		used |= ENCLAVE_PERM_MAP_WX;
	if (facts & ENCLAVE_FACT_DEBUG_WRITTEN && may_execute(facts))
		used |= ENCLAVE_PERM_DEBUG_WRITE;
	return used;
}

static u32 mapped(u32 facts, u32 access)
{
	bool w = access & ENCLAVE_W, x = access & ENCLAVE_X;
	u32 now = facts;

	if (w)
		now |= ENCLAVE_FACT_EVER_W;
	if (x)
		now |= ENCLAVE_FACT_EVER_X;
	if (w && x)
		now |= ENCLAVE_FACT_EVER_WX;
	if (w && (x || facts & ENCLAVE_FACT_EVER_X))
		now |= ENCLAVE_FACT_REWRITTEN;
	return now;
}

/* A debugger's write: ever writable, modified, before init unmeasured. */
static u32 debug_written(u32 facts, bool initialized)
{
	u32 now = facts | ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_DEBUG_WRITTEN;

	if (facts & ENCLAVE_FACT_EVER_X)
		now |= ENCLAVE_FACT_REWRITTEN;
	if (!initialized)
		now &= ~ENCLAVE_FACT_MEASURED;
	if (comes_from(facts, ENCLAVE_ORIGIN_FILE)) {
		now &= ~ENCLAVE_FACT_ORIGIN;
		now |= ENCLAVE_ORIGIN_MODIFIED << ENCLAVE_FACT_ORIGIN_SHIFT;
	}
	return now;
}

u32 ref_added(const struct ewx_query *q)
{
	u32 after = q->facts;

	if (q->op == ENCLAVE_OP_LOAD || q->op == ENCLAVE_OP_ADD)
		return uses(q->facts);
	if (!(q->facts & ENCLAVE_FACT_PRESENT))
		return 0;
	if (is_mapping(q->op))
		after = mapped(q->facts, q->access);
	else if (q->op == ENCLAVE_OP_RESTRICT || q->op == ENCLAVE_OP_TYPE)
		after &= q->access | ~ENCLAVE_RWX;
	else if (q->op == ENCLAVE_OP_REMOVE)
		after = 0;
	else if (q->op == ENCLAVE_OP_ACCESS && q->access & ENCLAVE_W)
		after = debug_written(q->facts,
				      q->flags & EWX_QUERY_INITIALIZED);
	return uses(after) & ~uses(q->facts);
}

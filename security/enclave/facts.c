// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
/*
 * Page facts and the permissions a request needs (facts.h).
 *
 * Owns: the tables of DESIGN section 3 as code. Every function here is pure and
 * total: any bit pattern is accepted, unknown operations need nothing because
 * they are never asked. Must not know of allocation, locks, LSMs, providers.
 */
#include "facts.h"

/* The page may execute: it was declared so, or it has been mapped so. */
static bool may_execute(enclave_facts f)
{
	return (f & ENCLAVE_X) || (f & ENCLAVE_FACT_EVER_X);
}

static bool is_dynamic(enclave_facts f)
{
	return enclave_facts_origin(f) == ENCLAVE_ORIGIN_DYNAMIC;
}

/*
 * A dynamic page starts empty and has to be filled before it runs for the first
 * time. That first pass is exec_dynamic alone, until the page is written again.
 */
static bool in_first_pass(enclave_facts f)
{
	return is_dynamic(f) && !(f & ENCLAVE_FACT_REWRITTEN);
}

enclave_facts enclave_facts_load(enum enclave_origin origin, u32 intent,
				 bool is_mutable, bool measured)
{
	u32 f = ENCLAVE_FACT_PRESENT;

	f |= intent & ENCLAVE_RWX;
	f |= ((u32)origin << ENCLAVE_FACT_ORIGIN_SHIFT) & ENCLAVE_FACT_ORIGIN;
	if (is_mutable)
		f |= ENCLAVE_FACT_MUTABLE;
	if (measured)
		f |= ENCLAVE_FACT_MEASURED;
	return (enclave_facts)f;
}

enclave_facts enclave_facts_dynamic(u32 intent)
{
	return enclave_facts_load(ENCLAVE_ORIGIN_DYNAMIC, intent, false, false);
}

static enclave_facts set_origin(enclave_facts f, enum enclave_origin origin)
{
	u32 rest = f & ~ENCLAVE_FACT_ORIGIN;

	return (enclave_facts)(rest | (u32)origin << ENCLAVE_FACT_ORIGIN_SHIFT);
}

/* History of a mapping with @access. */
static enclave_facts after_mapping(enclave_facts f, u32 access)
{
	bool w = access & ENCLAVE_W;
	bool x = access & ENCLAVE_X;
	u32 now = f;

	if (w && (x || (f & ENCLAVE_FACT_EVER_X)))
		now |= ENCLAVE_FACT_REWRITTEN;
	if (w)
		now |= ENCLAVE_FACT_EVER_W;
	if (x)
		now |= ENCLAVE_FACT_EVER_X;
	if (w && x)
		now |= ENCLAVE_FACT_EVER_WX;
	return (enclave_facts)now;
}

static enclave_facts after_debug_write(enclave_facts f, bool initialized)
{
	u32 now = f | ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_DEBUG_WRITTEN;

	if (f & ENCLAVE_FACT_EVER_X)
		now |= ENCLAVE_FACT_REWRITTEN;
	if (!initialized)
		now &= ~ENCLAVE_FACT_MEASURED;
	if (enclave_facts_origin(f) == ENCLAVE_ORIGIN_FILE)
		return set_origin((enclave_facts)now, ENCLAVE_ORIGIN_MODIFIED);
	return (enclave_facts)now;
}

enclave_facts enclave_facts_after(enclave_facts f, enum enclave_op op,
				  u32 access, bool initialized)
{
	if (!(f & ENCLAVE_FACT_PRESENT))
		return f;

	switch (op) {
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_FAULT:
		return after_mapping(f, access);
	case ENCLAVE_OP_RESTRICT:
	case ENCLAVE_OP_TYPE:
		return (enclave_facts)(f & (access | ~ENCLAVE_FACT_INTENT));
	case ENCLAVE_OP_ACCESS:
		if (access & ENCLAVE_W)
			return after_debug_write(f, initialized);
		return f;
	case ENCLAVE_OP_REMOVE:
		return 0;
	default:
		return f;
	}
}

/* What the bytes of a page with X intent need, by where they came from. */
static u32 origin_needs(enclave_facts f)
{
	switch (enclave_facts_origin(f)) {
	case ENCLAVE_ORIGIN_FILE:
		if (f & ENCLAVE_FACT_MUTABLE)
			return ENCLAVE_PERM_EXEC_FILE |
			       ENCLAVE_PERM_EXEC_MUTABLE;
		return ENCLAVE_PERM_EXEC_FILE;
	case ENCLAVE_ORIGIN_MODIFIED:
		return ENCLAVE_PERM_EXEC_MODIFIED;
	default:
		return ENCLAVE_PERM_EXEC_ANON;
	}
}

static u32 load_needs(enclave_facts f)
{
	u32 need;

	if (!(f & ENCLAVE_X))
		return 0;
	need = origin_needs(f);
	if (!(f & ENCLAVE_FACT_MEASURED))
		need |= ENCLAVE_PERM_EXEC_UNMEASURED;
	if (f & ENCLAVE_W)
		need |= ENCLAVE_PERM_LOAD_WX;
	return need;
}

static u32 mapping_needs(enclave_facts f, u32 access)
{
	bool w = access & ENCLAVE_W;
	bool x = access & ENCLAVE_X;
	u32 need = 0;

	if (w && x)
		need |= ENCLAVE_PERM_MAP_WX | ENCLAVE_PERM_EXEC_WRITTEN;
	if (w && (f & ENCLAVE_FACT_EVER_X))
		need |= ENCLAVE_PERM_EXEC_WRITTEN;
	if (x && (f & ENCLAVE_FACT_EVER_W) && !in_first_pass(f))
		need |= ENCLAVE_PERM_EXEC_WRITTEN;
	if (x && is_dynamic(f))
		need |= ENCLAVE_PERM_EXEC_DYNAMIC;
	return need;
}

/* What the page adds to the operation's needs. */
static u32 page_needs(enclave_facts f, enum enclave_op op, u32 access)
{
	switch (op) {
	case ENCLAVE_OP_LOAD:
		return load_needs(f);
	case ENCLAVE_OP_ADD:
		return ENCLAVE_PERM_AUGMENT;
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_FAULT:
		return mapping_needs(f, access);
	case ENCLAVE_OP_ACCESS:
		if ((access & ENCLAVE_W) && may_execute(f))
			return ENCLAVE_PERM_DEBUG_WRITE;
		return 0;
	case ENCLAVE_OP_INIT:
		/* Not what was judged at load any more: judge it as it is. */
		if (f & ENCLAVE_FACT_DEBUG_WRITTEN)
			return load_needs(f);
		return 0;
	default:
		return 0;
	}
}

/* Operations that need "change" once the enclave runs. */
static bool is_change(enum enclave_op op)
{
	switch (op) {
	case ENCLAVE_OP_MMAP:
	case ENCLAVE_OP_MPROTECT:
	case ENCLAVE_OP_RESTRICT:
	case ENCLAVE_OP_TYPE:
	case ENCLAVE_OP_REMOVE:
		return true;
	default:
		return false;
	}
}

u32 enclave_required(enclave_facts f, enum enclave_op op, u32 access,
		     bool initialized)
{
	u32 need = 0;

	if (initialized && is_change(op))
		need |= ENCLAVE_PERM_CHANGE;
	if ((f & ENCLAVE_FACT_PRESENT) || ENCLAVE_OP_IS_NEW(op))
		need |= page_needs(f, op, access);
	return need;
}

bool enclave_needs_alone(enclave_facts f, u32 need)
{
	if (need & ENCLAVE_PERM_EXEC_WRITTEN)
		return true;
	return (need & ENCLAVE_PERM_EXEC_DYNAMIC) && (f & ENCLAVE_FACT_EVER_W);
}

u32 enclave_facts_uses(enclave_facts f)
{
	u32 history = ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_EVER_X;
	u32 uses = 0;

	if (!(f & ENCLAVE_FACT_PRESENT))
		return 0;

	if (!is_dynamic(f))
		uses |= load_needs(f);
	else
		uses |= ENCLAVE_PERM_AUGMENT;
	if (is_dynamic(f) && (f & ENCLAVE_FACT_EVER_X))
		uses |= ENCLAVE_PERM_EXEC_DYNAMIC;
	if ((f & history) == history && !in_first_pass(f))
		uses |= ENCLAVE_PERM_EXEC_WRITTEN;
	if (f & ENCLAVE_FACT_EVER_WX)
		uses |= ENCLAVE_PERM_MAP_WX;
	if ((f & ENCLAVE_FACT_DEBUG_WRITTEN) && may_execute(f))
		uses |= ENCLAVE_PERM_DEBUG_WRITE;
	return uses;
}

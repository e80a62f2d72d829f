/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Page facts and the permissions a request needs.
 *
 * Owns: the meaning of a page's facts, how they change, and the one function
 * that turns facts into required permissions. Pure C for the kernel and for
 * userspace: no allocation, no locks, no globals, no LSM, no provider.
 */
#ifndef _SECURITY_ENCLAVE_FACTS_H
#define _SECURITY_ENCLAVE_FACTS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <linux/types.h>
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
#endif
#include <uapi/linux/enclave_permissions.h>

/* Access bits of a request; the values of PROT_* (mman-common.h). */
#define ENCLAVE_R	0x1u
#define ENCLAVE_W	0x2u
#define ENCLAVE_X	0x4u
#define ENCLAVE_RWX	(ENCLAVE_R | ENCLAVE_W | ENCLAVE_X)

/**
 * typedef enclave_facts - all that is remembered of one page. 0 is "no page".
 *
 * Bits 0-2 are the intent (ENCLAVE_RWX), bits 3-4 the origin, the others the
 * flags below.
 */
typedef u16 enclave_facts;

#define ENCLAVE_FACT_INTENT		0x0007u
#define ENCLAVE_FACT_ORIGIN_SHIFT	3
#define ENCLAVE_FACT_ORIGIN		0x0018u
#define ENCLAVE_FACT_PRESENT		0x0020u	/* a page is here */
#define ENCLAVE_FACT_MUTABLE		0x0040u	/* the source can still change */
#define ENCLAVE_FACT_MEASURED		0x0080u	/* wholly covered */
#define ENCLAVE_FACT_EVER_W		0x0100u	/* was once mapped writable */
#define ENCLAVE_FACT_EVER_X		0x0200u	/* was once mapped executable */
#define ENCLAVE_FACT_EVER_WX		0x0400u	/* ... both by one mapping */
#define ENCLAVE_FACT_REWRITTEN		0x0800u	/* writable again after X */
#define ENCLAVE_FACT_DEBUG_WRITTEN	0x1000u	/* by a debugger */
#define ENCLAVE_FACT_ALL		0x1fffu

/**
 * enum enclave_origin - where a page's bytes came from. 0 is the least
 * trusted, so that a page with forgotten facts gains nothing.
 * @ENCLAVE_ORIGIN_ANON: no trustworthy file
 * @ENCLAVE_ORIGIN_MODIFIED: private file page that was written to
 * @ENCLAVE_ORIGIN_DYNAMIC: added after init
 * @ENCLAVE_ORIGIN_FILE: unmodified page of a file
 */
enum enclave_origin {
	ENCLAVE_ORIGIN_ANON,
	ENCLAVE_ORIGIN_MODIFIED,
	ENCLAVE_ORIGIN_DYNAMIC,
	ENCLAVE_ORIGIN_FILE,
};

static inline enum enclave_origin enclave_facts_origin(enclave_facts f)
{
	return (enum enclave_origin)((f & ENCLAVE_FACT_ORIGIN) >>
				     ENCLAVE_FACT_ORIGIN_SHIFT);
}

/**
 * enclave_facts_load() - the facts of a page that is about to be loaded.
 * @origin: where its bytes come from
 * @intent: declared permissions, ENCLAVE_R|W|X
 * @is_mutable: the source's content can still change
 * @measured: the measurement covers the whole page
 *
 * Return: the facts.
 */
enclave_facts enclave_facts_load(enum enclave_origin origin, u32 intent,
				 bool is_mutable, bool measured);

/** enclave_facts_dynamic() - the facts of a page added after init. */
enclave_facts enclave_facts_dynamic(u32 intent);

/**
 * enclave_facts_after() - the facts once the operation has been granted.
 * @f: facts before
 * @op: MMAP, MPROTECT or FAULT: history of @access is added; RESTRICT, TYPE:
 *      the intent shrinks to @access; ACCESS with ENCLAVE_W: debugger write;
 *      REMOVE: 0. Other operations leave the facts alone.
 * @access: ENCLAVE_R|W|X
 * @initialized: the enclave is initialised (a debugger write before that makes
 *      the page unmeasured)
 *
 * Facts only get stricter. For every operation but REMOVE the intent never
 * grows, history never shrinks, and whatever a request needed of the page
 * before, it needs after, with two exceptions: a debugger write turns exec_file
 * (and exec_mutable) into exec_modified, and RESTRICT and TYPE take intent: load_wx
 * goes with W or X, and a page that lost X before it ever executed needs nothing
 * as code any more. An absent page stays absent.
 *
 * Return: the facts after it.
 */
enclave_facts enclave_facts_after(enclave_facts f, enum enclave_op op,
				  u32 access, bool initialized);

/**
 * enclave_required() - the permissions that an operation on one page needs.
 * @f: the page's facts; for LOAD and ADD those it is about to get
 * @op: the operation
 * @access: ENCLAVE_R|W|X of the mapping, or ENCLAVE_W for a debugger write
 * @initialized: the enclave is initialised
 *
 * Page permissions only: create, init, debug, provision, share and vepc belong
 * to the enclave and its user and are added by the caller. A page that is
 * absent needs no page permission (but "change" after init). INIT judges again
 * those pages that a debugger has written: they need what a load of them as
 * they are now would need.
 *
 * Return: an access vector of enum enclave_permission, 0 for none.
 */
u32 enclave_required(enclave_facts f, enum enclave_op op, u32 access,
		     bool initialized);

/**
 * enclave_needs_alone() - does the request make code of what can be written?
 * @f: a page's facts
 * @need: what the request needs for it
 *
 * That is exec_written; and exec_dynamic where the page has been filled through
 * a mapping that may still be there. Such a page is mapped by one address space
 * only, and there by no mapping of the opposite kind.
 *
 * Return: true: it does.
 */
bool enclave_needs_alone(enclave_facts f, u32 need);

/**
 * enclave_facts_uses() - the permissions whose "max" a page with these facts
 * counts against.
 * @f: the page's facts
 *
 * Contains every page permission but "change" that the page needed to get here;
 * for a page that was just loaded or added, these and no others.
 *
 * Return: an access vector of enum enclave_permission.
 */
u32 enclave_facts_uses(enclave_facts f);

#endif /* _SECURITY_ENCLAVE_FACTS_H */

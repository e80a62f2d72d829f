/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * The enclave permissions: the one list from which every enum, name table and
 * document is generated. Adding a permission means adding one line here.
 *
 * Owns: the names, their order (bit numbers are ABI: append only) and which
 * policy clauses each takes. Knows nothing of any LSM or provider.
 */
#ifndef _UAPI_LINUX_ENCLAVE_PERMISSIONS_H
#define _UAPI_LINUX_ENCLAVE_PERMISSIONS_H

/*
 * Whether a policy rule that allows the permission takes a "from SOURCE" or a
 * "for IDENTITY" clause.
 */
#define ENCLAVE_CLAUSE_REFUSED	0
#define ENCLAVE_CLAUSE_OPTIONAL	1
#define ENCLAVE_CLAUSE_REQUIRED	2

/*
 * X(NAME, name, from clause, for clause, when it is needed)
 */
#define ENCLAVE_PERMISSIONS(X)						\
	X(EXEC_FILE, exec_file, REQUIRED, OPTIONAL,			\
	  "load with X intent of an unmodified page of a file")		\
	X(EXEC_MODIFIED, exec_modified, REFUSED, REQUIRED,		\
	  "load with X intent of a private file page that was written to") \
	X(EXEC_ANON, exec_anon, REFUSED, REQUIRED,			\
	  "load with X intent of bytes that no trustworthy file holds")	\
	X(EXEC_MUTABLE, exec_mutable, REQUIRED, OPTIONAL,		\
	  "besides exec_file: the file's content can still change")	\
	X(EXEC_UNMEASURED, exec_unmeasured, OPTIONAL, REQUIRED,		\
	  "load with X intent of a page the measurement does not cover") \
	X(LOAD_WX, load_wx, REFUSED, REQUIRED,				\
	  "load with both W and X intent")				\
	X(MAP_WX, map_wx, REFUSED, REQUIRED,				\
	  "one mapping that is both W and X")				\
	X(EXEC_DYNAMIC, exec_dynamic, REFUSED, REQUIRED,		\
	  "X on a page that was added after init")			\
	X(EXEC_WRITTEN, exec_written, REFUSED, REQUIRED,		\
	  "X on a page ever writable, or W on a page ever executable")	\
	X(AUGMENT, augment, REFUSED, OPTIONAL,				\
	  "add a page after init")					\
	X(CHANGE, change, REFUSED, OPTIONAL,				\
	  "mmap, mprotect, permission or type change, removal after init") \
	X(CREATE, create, REFUSED, REFUSED,				\
	  "build an enclave")						\
	X(INIT, init, REFUSED, REQUIRED,				\
	  "initialise an enclave; judged with its identity")		\
	X(DEBUG, debug, REFUSED, REQUIRED,				\
	  "an enclave with the debug attribute")			\
	X(PROVISION, provision, REFUSED, REQUIRED,			\
	  "an enclave with the provisioning attribute")			\
	X(DEBUG_WRITE, debug_write, REFUSED, OPTIONAL,			\
	  "debugger write to a page that may execute")			\
	X(SHARE, share, REFUSED, OPTIONAL,				\
	  "map an enclave that another domain or euid created")		\
	X(VEPC, vepc, REFUSED, REFUSED,					\
	  "raw enclave memory for guests")

/**
 * enum enclave_permission_bit - bit number of each permission in an access
 * vector (__u32). ENCLAVE_PERM_COUNT is their number, at most 32.
 */
enum enclave_permission_bit {
#define ENCLAVE_PERMISSION_BIT(NAME, name, from, ident, when)	\
	ENCLAVE_PERM_BIT_##NAME,
	ENCLAVE_PERMISSIONS(ENCLAVE_PERMISSION_BIT)
#undef ENCLAVE_PERMISSION_BIT
	ENCLAVE_PERM_COUNT
};

/**
 * enum enclave_permission - one bit each of an access vector. The empty vector
 * is never a permission.
 */
enum enclave_permission {
#define ENCLAVE_PERMISSION_MASK(NAME, name, from, ident, when)	\
	ENCLAVE_PERM_##NAME = 1U << ENCLAVE_PERM_BIT_##NAME,
	ENCLAVE_PERMISSIONS(ENCLAVE_PERMISSION_MASK)
#undef ENCLAVE_PERMISSION_MASK
};

#define ENCLAVE_PERM_ALL	((1U << ENCLAVE_PERM_COUNT) - 1)

/*
 * Why a request is refused whatever any policy says. These are the framework's
 * and the providers' fixed rules; permissive mode does not lift them.
 *
 * X(NAME, name, explanation)
 */
#define ENCLAVE_REFUSALS(X)						\
	X(INTENT, intent, "access beyond the page's declared permissions") \
	X(NOEXEC, noexec, "X intent from a mapping or mount that may not execute") \
	X(SOURCE_GAP, source_gap, "no mapping at the source address")	\
	X(SOURCE_ENCLAVE, source_enclave, "the source is an enclave's mapping") \
	X(PRIVATE_MAP, private_map, "an enclave is mapped shared or not at all") \
	X(MREMAP, mremap, "an enclave mapping does not move, duplicate or grow") \
	X(READ_IMPLIES_EXEC, read_implies_exec, "the personality would add X silently") \
	X(TCS_EXEC, tcs_exec, "a thread control page with X")		\
	X(OUTSIDE, outside, "outside the enclave's range")		\
	X(ALIAS, alias, "exec_written with a second mm or an alias of the opposite kind") \
	X(NOT_INITIALIZED, not_initialized, "nothing executes before init")	\
	X(FOREIGN_FAULT, foreign_fault, "a fault for another process's mapping, or by a worker of the kernel")

/** enum enclave_refusal - fixed refusals; 0 is none. */
enum enclave_refusal {
	ENCLAVE_REFUSAL_NONE,
#define ENCLAVE_REFUSAL_ENUM(NAME, name, why) ENCLAVE_REFUSAL_##NAME,
	ENCLAVE_REFUSALS(ENCLAVE_REFUSAL_ENUM)
#undef ENCLAVE_REFUSAL_ENUM
	ENCLAVE_REFUSAL_COUNT
};

/*
 * What is asked of an enclave. X(NAME, name)
 */
#define ENCLAVE_OPS(X)							\
	X(CREATE, create)	/* build; attributes known */		\
	X(LOAD, load)		/* a page with a source, before init */	\
	X(ADD, add)		/* a dynamic page, after init */	\
	X(MMAP, mmap)							\
	X(MPROTECT, mprotect)						\
	X(FAULT, fault)		/* a PTE is about to be inserted */	\
	X(RESTRICT, restrict)	/* fewer permissions for pages */	\
	X(TYPE, type)		/* page type change */			\
	X(REMOVE, remove)						\
	X(ACCESS, access)	/* debugger access */			\
	X(INIT, init)							\
	X(PROVISION, provision)	/* the attribute alone, before create */ \
	X(VEPC, vepc)		/* raw enclave memory; no enclave */

/** enum enclave_op - what is asked; 0 is no operation. */
enum enclave_op {
	ENCLAVE_OP_NONE,
#define ENCLAVE_OP_ENUM(NAME, name) ENCLAVE_OP_##NAME,
	ENCLAVE_OPS(ENCLAVE_OP_ENUM)
#undef ENCLAVE_OP_ENUM
	ENCLAVE_OP_COUNT
};

/* Its pages exist only once it is granted. */
#define ENCLAVE_OP_IS_NEW(op) \
	((op) == ENCLAVE_OP_LOAD || (op) == ENCLAVE_OP_ADD)

#endif /* _UAPI_LINUX_ENCLAVE_PERMISSIONS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutants: rules that a test kernel can be told to forget, one at a time, so
 * that every row of the attack catalogue can be seen to fail.
 *
 * Owns: the names and the test for them. Compiled to nothing without
 * CONFIG_SECURITY_ENCLAVE_MUTANTS. A place that holds a rule asks
 * enclave_mutant(NAME) and behaves as if the rule were not written.
 *
 * Boot parameter: ewx_mutant=NAME of the table below, or ewx_mutant=drop:NAME
 * with the name of a permission, or "all", which is then never required.
 */
#ifndef _SECURITY_ENCLAVE_MUTANT_H
#define _SECURITY_ENCLAVE_MUTANT_H

#include <linux/jump_label.h>
#include <linux/types.h>
#include <uapi/linux/enclave_permissions.h>

/*
 * X(NAME, name, the rule that is forgotten)
 */
#define ENCLAVE_MUTANTS(X)						\
	/* framework: requests and facts */				\
	X(INTENT, intent, "declared permissions cap the access")	\
	X(OUTSIDE, outside, "nothing is mapped beyond the range")	\
	X(PREINIT_EXEC, preinit_exec, "nothing executes before init")	\
	X(HISTORY, history, "a page's W and X history is kept")		\
	X(GRANTED, granted, "history is of the bits that were granted")	\
	X(HOLE, hole, "a mapping over no page needs nothing for it")	\
	X(FAULT_ASKED, fault_asked, "a fault that changes nothing is judged") \
	X(FIRST_PAGE, first_page, "every page of a range is judged")	\
	X(COMMIT_EARLY, commit_early, "facts change only after all agreed") \
	X(LOCK, lock, "what is asked of an enclave is looked at under its lock") \
	X(MAP_LOCK, map_lock, "a mapping is judged and remembered in one go") \
	X(COMMIT_FAILED, commit_failed, "facts change only if the provider succeeded") \
	X(FAILED_LOAD, failed_load, "a page that was not loaded has no facts") \
	X(REMOVE_FACTS, remove_facts, "a removed page's address starts again") \
	X(DEBUG_WRITE, debug_write, "a debugger's write changes the facts") \
	X(USES, uses, "pages that use a permission are counted")	\
	/* framework: sources */					\
	X(MODIFIED, modified, "a private page written to is modified")	\
	X(ANON, anon, "a page that is not a file's has no file")	\
	X(PAGE_EXACT, page_exact, "a page is not its mapping")		\
	X(MAPPED_EXEC, mapped_exec, "a source need not be executable")	\
	X(NO_X, no_x, "what is not code needs nothing")			\
	X(MUTABLE, mutable, "content that can change is mutable")	\
	X(UNLINKED, unlinked, "an unlinked file is no file")		\
	X(DENY_WRITE, deny_write, "no writer while the page is copied")	\
	X(NOEXEC, noexec, "X needs a source that may execute")		\
	X(SOURCE_GAP, source_gap, "a gap is no source")			\
	X(SOURCE_ENCLAVE, source_enclave, "an enclave is no source")	\
	X(PINNED, pinned, "the page that is pinned is the page judged")	\
	X(TRUNCATED, truncated, "a page beyond the end of file is no source") \
	/* framework: address spaces */					\
	X(ALIAS, alias, "no mapping of the opposite kind")		\
	X(FOREIGN_MM, foreign_mm, "no second address space")		\
	X(DONTCOPY, dontcopy, "exec_written is not inherited by fork")	\
	/* providers */							\
	X(PRIVATE_MAP, private_map, "MAP_PRIVATE is refused")		\
	X(MREMAP, mremap, "mremap is refused")				\
	X(READ_IMPLIES_EXEC, read_implies_exec, "no silent X")		\
	X(TCS_EXEC, tcs_exec, "a thread control page has no X")		\
	X(ZAP, zap, "init takes the page table entries away")		\
	X(FAULT_STRIP, fault_strip, "entries get no more than granted")	\
	X(REMOVE_WINDOW, remove_window, "a page that is being removed gets no entry") \
	X(ADD_SUBJECT, add_subject, "a page that a fault adds is asked for by the task") \
	X(PFN_MKWRITE, pfn_mkwrite, "a present entry does not gain W")	\
	X(FOREIGN_FAULT, foreign_fault, "a fault for another mm is refused") \
	X(FAULT_ONCE, fault_once, "a fault that less access does not help is asked for once") \
	X(FAULT_WORKER, fault_worker, "a fault by a worker of the kernel is refused") \
	X(PFNMAP, pfnmap, "enclave memory is not pinned")		\
	X(LOAD_TWICE, load_twice, "one page per address")		\
	X(LOAD_AFTER_INIT, load_after_init, "no load after init")	\
	X(UNLOAD, unload, "what was judged and not loaded is no page")	\
	X(OPENER, opener, "who opened is asked for what is written, too") \
	X(WRITER_FIRST, writer_first, "a write that is refused leaves nothing granted") \
	X(LOAD_COUNT, load_count, "the count of loaded bytes is exact")	\
	X(MEASURE, measure, "only what is measured counts as measured")	\
	X(ABSENT, absent, "a source that is not there is not said to be loaded") \
	X(STALL, stall, "no lock is held while the source faults in")	\
	X(REOPEN, reopen, "a new open file is a new enclave")		\
	X(STATEMENT_COPY, statement_copy, "the kernel's copy is judged") \
	X(SIGNATURE, signature, "the signer signed the statement")	\
	X(INIT_RETRY, init_retry, "nothing sticks after a failed init")	\
	X(UNLOCK_ON_ERROR, unlock_on_error, "no lock is kept after a failure") \
	/* LSM */							\
	X(DEFER, defer, "init must be in the classes still possible")	\
	X(NARROW_EARLY, narrow_early, "identities are lost only after all agreed") \
	X(EMPTY_SET, empty_set, "no class left: denied at once")	\
	X(INIT_IDENTITY, init_identity, "init is judged with the identity") \
	X(POLICY_CHANGED, policy_changed, "debts hold with their policy") \
	X(UNJUDGED, unjudged, "pages admitted unjudged are a debt")	\
	X(LOAD_SUBJECT, load_subject, "load is judged on the builder")	\
	X(MAP_SUBJECT, map_subject, "map is judged on the mapper")	\
	X(SUBJECT_CACHE, subject_cache, "a changed subject is classified anew") \
	X(IDMAP, idmap, "whom an idmapped mount shows is no owner")	\
	X(PATH_TRUST, path_trust, "a path in a foreign namespace is no path") \
	X(PATH_CACHE, path_cache, "each open file is judged by its own path") \
	X(PATH_STAMP, path_stamp, "a name is remembered as of before it was read") \
	X(SOURCE_AGAIN, source_again, "what a source is, is asked for each page") \
	X(EXE_AT_EXEC, exe_at_exec, "exe is the file at exec")		\
	X(SOURCE_TRUST, source_trust, "a source's properties are evaluated") \
	X(VERITY, verity, "verity is what the kernel verifies")		\
	X(GUARD, guard, "a guarded domain is traced by itself only") \
	X(MAX, max, "max bounds the live pages")			\
	X(NO_MEMORY, no_memory, "without memory nothing is allowed")	\
	X(STANDING, standing, "a stricter policy applies to the next request") \
	X(RECORD, record, "a denial is recorded")			\
	X(ENFORCE, enforce, "a denial denies")				\
	X(VERIFY, verify, "a malformed policy is refused")		\
	X(SWAP, swap, "a policy is used as a whole")			\
	X(CAPABILITY, capability, "control needs CAP_MAC_ADMIN")	\
	X(POLICY_SIGNATURE, policy_signature, "a policy's signature is checked") \
	X(STALE, stale, "where it matters a policy is replaced by newer ones only") \
	X(SEAL, seal, "what is sealed stays")				\
	/* other LSMs */						\
	X(CREATOR_LABEL, creator_label, "an enclave's label is its creator's") \
	X(SOURCE_LABEL, source_label, "code is judged by its file")	\
	X(CONTEXT_SHARE, context_share, "another domain's enclave needs share")

/** enum enclave_mutant_name - 0 is none: every rule holds. */
enum enclave_mutant_name {
	ENCLAVE_MUTANT_NONE,
#define ENCLAVE_MUTANT_ENUM(NAME, name, rule) ENCLAVE_MUTANT_##NAME,
	ENCLAVE_MUTANTS(ENCLAVE_MUTANT_ENUM)
#undef ENCLAVE_MUTANT_ENUM
	ENCLAVE_MUTANT_COUNT
};

#ifdef CONFIG_SECURITY_ENCLAVE_MUTANTS

/*
 * Whether anything is forgotten: where nothing is, the question is a no-op, so that
 * what is measured is all but what runs where nothing can be forgotten.
 */
DECLARE_STATIC_KEY_FALSE(enclave_mutant_key);
extern enum enclave_mutant_name enclave_mutant_chosen;
extern u32 enclave_mutant_dropped;

#define enclave_mutant(NAME)						\
	(enclave_mutant_any() &&					\
	 enclave_mutant_chosen == ENCLAVE_MUTANT_##NAME)

/** enclave_mutant_any() - something is forgotten: no way that is short is taken. */
static inline bool enclave_mutant_any(void)
{
	return static_branch_unlikely(&enclave_mutant_key);
}

/** enclave_mutant_drop() - @required without the permission that is dropped. */
static inline u32 enclave_mutant_drop(u32 required)
{
	if (enclave_mutant_any())
		required &= ~enclave_mutant_dropped;
	return required;
}

#else /* CONFIG_SECURITY_ENCLAVE_MUTANTS */

/* The name is still checked. */
#define enclave_mutant(NAME)	((void)ENCLAVE_MUTANT_##NAME, false)

static inline bool enclave_mutant_any(void)
{
	return false;
}

static inline u32 enclave_mutant_drop(u32 required)
{
	return required;
}

#endif /* CONFIG_SECURITY_ENCLAVE_MUTANTS */

#endif /* _SECURITY_ENCLAVE_MUTANT_H */

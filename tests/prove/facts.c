// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * security/enclave/facts.c as Frama-C sees it: contracts, the source as it is, and
 * theorems that speak of several of its functions. Never compiled.
 */
#include "facts.h"
#include "security/enclave/facts.c"

#define LOSES_NONE_TO_MAP(lost)						\
	(!HAS(lost, ENCLAVE_PERM_MAP_WX) &&				\
	 !HAS(lost, ENCLAVE_PERM_EXEC_WRITTEN) &&			\
	 !HAS(lost, ENCLAVE_PERM_EXEC_DYNAMIC) &&			\
	 !HAS(lost, ENCLAVE_PERM_AUGMENT) &&				\
	 !HAS(lost, ENCLAVE_PERM_CHANGE))
#define LOSES_NONE_WITH_INTENT(lost)					\
	(LOSES_NONE_TO_MAP(lost) &&					\
	 !HAS(lost, ENCLAVE_PERM_EXEC_MODIFIED) &&			\
	 !HAS(lost, ENCLAVE_PERM_EXEC_ANON) &&				\
	 !HAS(lost, ENCLAVE_PERM_EXEC_UNMEASURED) &&			\
	 !HAS(lost, ENCLAVE_PERM_LOAD_WX) &&				\
	 !HAS(lost, ENCLAVE_PERM_DEBUG_WRITE))
#define LOSES_NONE(lost)						\
	(LOSES_NONE_WITH_INTENT(lost) &&				\
	 !HAS(lost, ENCLAVE_PERM_EXEC_FILE) &&				\
	 !HAS(lost, ENCLAVE_PERM_EXEC_MUTABLE))

/*
 * What a request needed of a page and does not need any more once operation @done
 * has been granted. A removed page is another one; a debugger's write makes of a
 * file's page a modified one; less intent makes less code.
 */
/*@
  assigns \nothing;
  ensures to_map: done != ENCLAVE_OP_REMOVE ==> LOSES_NONE_TO_MAP(\result);
  ensures with_intent: done != ENCLAVE_OP_REMOVE && !IS_RESTRICTION(done) ==>
    LOSES_NONE_WITH_INTENT(\result);
  ensures at_all: done != ENCLAVE_OP_REMOVE && !IS_RESTRICTION(done) &&
    done != ENCLAVE_OP_ACCESS ==> LOSES_NONE(\result);
*/
static u32 no_longer_needed(enclave_facts f, enum enclave_op done, u32 granted,
			    bool was_initialized, enum enclave_op op, u32 access,
			    bool initialized)
{
	enclave_facts now = enclave_facts_after(f, done, granted, was_initialized);

	return enclave_required(f, op, access, initialized) &
	       ~enclave_required(now, op, access, initialized);
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LSM hooks for enclaves, included by lsm_hook_defs.h and so without an
 * include guard. LSM_HOOK(return type, default, name, arguments...)
 *
 * All but alloc and free are called with the enclave's lock held, where there
 * is an enclave (NULL for PROVISION and VEPC). The judging hooks change nothing
 * that outlives the call but what a later commit or judgement overwrites;
 * enclave_commit may not fail.
 *
 * A LOAD that is marked divisible is about several pages that are alike in all
 * that matters. Who does not grant it returns -E2BIG and forgets it: the first
 * page is then asked for alone. Who granted it may have recorded that (a rule
 * that wants grants recorded, or a mode that lets pass), and is asked again if a
 * later one returns -E2BIG: such records are of what was asked, not of what was
 * done.
 *
 * A FAULT that is denied (-EACCES) is asked for again with less access, X and then W
 * left out. Who denies it for want of what less access needs too ("share") returns
 * -EREMOTE: that is the end of it, and one record.
 *
 * enclave_create is asked for CREATE, PROVISION and VEPC; enclave_load for LOAD
 * and ADD; enclave_map for MMAP, MPROTECT, FAULT, RESTRICT, TYPE and REMOVE;
 * enclave_init and enclave_access for the operation of that name. Every mapping
 * and every fault is asked about, also one that needs no permission and changes
 * no fact: who asks may have changed. FAULT is the request of the task itself,
 * current_real_cred(); all others are current_cred()'s, which is the task itself
 * too where a fault adds the page.
 *
 * enclave_free does not sleep and also follows a failed enclave_alloc, with a
 * blob that may still be all zeroes.
 */
LSM_HOOK(int, 0, enclave_alloc, struct enclave *e)
LSM_HOOK(void, LSM_RET_VOID, enclave_free, struct enclave *e)
LSM_HOOK(int, 0, enclave_create, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(int, 0, enclave_load, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(int, 0, enclave_map, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(int, 0, enclave_init, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(int, 0, enclave_access, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(void, LSM_RET_VOID, enclave_commit, struct enclave *e,
	 const struct enclave_request *req)
LSM_HOOK(void, LSM_RET_VOID, enclave_refused, struct enclave *e,
	 const struct enclave_request *req)

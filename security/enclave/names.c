// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of permissions, fixed refusals and operations.
 *
 * Owns: the tables, generated from the lists of enclave_permissions.h.
 */
#include <linux/build_bug.h>
#include <linux/enclave.h>

const char *const enclave_permission_names[ENCLAVE_PERM_COUNT] = {
#define PERMISSION_NAME(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = #name,
	ENCLAVE_PERMISSIONS(PERMISSION_NAME)
#undef PERMISSION_NAME
};

const char *const enclave_refusal_names[ENCLAVE_REFUSAL_COUNT] = {
	[ENCLAVE_REFUSAL_NONE] = "none",
#define REFUSAL_NAME(NAME, name, why) [ENCLAVE_REFUSAL_##NAME] = #name,
	ENCLAVE_REFUSALS(REFUSAL_NAME)
#undef REFUSAL_NAME
};

const char *const enclave_op_names[ENCLAVE_OP_COUNT] = {
	[ENCLAVE_OP_NONE] = "none",
#define OP_NAME(NAME, name) [ENCLAVE_OP_##NAME] = #name,
	ENCLAVE_OPS(OP_NAME)
#undef OP_NAME
};

static_assert(ENCLAVE_PERM_COUNT <= 32, "an access vector is one __u32");

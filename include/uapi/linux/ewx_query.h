/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * The request that the securityfs node ewx/query answers, and that the ewx
 * command answers offline with the same code (security/ewx/core/query.c).
 * Host byte order: it never leaves the machine.
 */
#ifndef _UAPI_LINUX_EWX_QUERY_H
#define _UAPI_LINUX_EWX_QUERY_H

#include <linux/types.h>
#include <linux/enclave_permissions.h>

#define EWX_QUERY_MAGIC		0x51585745u	/* "EWXQ" */
#define EWX_QUERY_PATH_MAX	4096
#define EWX_QUERY_CONTEXT_MAX	1024
#define EWX_QUERY_NAME_MAX	128	/* EWX_NAME_LEN_MAX and a NUL */

enum ewx_query_subject {
	EWX_SUBJECT_NONE,
	EWX_SUBJECT_DOMAIN,	/* @domain names it */
	EWX_SUBJECT_PROCESS,	/* @exe, @euid, @egid, @context, @cgroup: classify */
};

enum ewx_query_identity {
	EWX_IDENTITY_UNKNOWN,	/* before init: any identity still possible */
	EWX_IDENTITY_NAMED,	/* @identity: an enclave in just that one */
	EWX_IDENTITY_RAW,	/* signer, measurement, ... : classify */
	EWX_IDENTITY_UNLISTED,	/* in no named identity */
};

#define EWX_QUERY_INITIALIZED	0x1u	/* the enclave is initialised */
#define EWX_QUERY_FOREIGN	0x2u	/* another domain's or euid's enclave */
#define EWX_QUERY_HAS_SIGNER	0x4u
#define EWX_QUERY_READ_ONLY	0x8u	/* source on a read-only block device */
#define EWX_QUERY_NO_PATH	0x10u	/* the source's path may not be trusted */
#define EWX_QUERY_NO_EXE_PATH	0x20u	/* the subject's path may not be trusted */
#define EWX_QUERY_MAPPED_EXEC	0x40u
#define EWX_QUERY_FS_VERITY	0x80u	/* the source has fs-verity ... */
#define EWX_QUERY_FS_DIGEST	0x100u	/* ... and the digest @fs_verity */
#define EWX_QUERY_FS_SIGNED	0x200u	/* ... with a good signature */
#define EWX_QUERY_DM_VERITY	0x400u	/* the source is on dm-verity ... */
#define EWX_QUERY_DM_DIGEST	0x800u	/* ... of root hash @dm_verity */
#define EWX_QUERY_FLAGS_ALL	0xfffu

/**
 * struct ewx_query - request.
 * @magic: EWX_QUERY_MAGIC
 * @size: sizeof(struct ewx_query)
 * @op: enum enclave_op
 * @access: ENCLAVE_R|W|X
 * @facts: page facts (security/enclave/facts.h); LOAD, ADD: what the page gets
 * @required: access vector to judge, or 0: derive it from op, access and facts
 * @flags: EWX_QUERY_*
 * @subject: enum ewx_query_subject
 * @identity_kind: enum ewx_query_identity
 * @now: seconds since the epoch; 0: the current time
 * @euid: see @egid
 * @egid: of the process
 * @owner: uid of the source file
 * @product: see @measurement
 * @svn: see @measurement
 * @attributes: see @measurement
 * @xfrm: see @measurement
 * @signer: see @measurement
 * @measurement: raw identity
 * @uses: live pages that use each permission already, against "max"
 * @fs_verity: see @dm_verity
 * @dm_verity: SHA-256 digests of the source, see @flags
 * @domain: see @fs
 * @identity: see @fs
 * @fs: names
 * @exe: see @path
 * @path: absolute paths. NUL-terminated;
 *      empty @path: no file.
 * @cgroup: the process's control group, from the root of the default hierarchy;
 *      empty: in none that a condition fits
 * @context: of the process under another security module; empty: none
 */
struct ewx_query {
	__u32 magic;
	__u32 size;
	__u32 op;
	__u32 access;
	__u32 facts;
	__u32 required;
	__u32 flags;
	__u32 subject;
	__u32 identity_kind;
	__u32 euid;
	__u32 egid;
	__u32 owner;
	__u64 now;
	__u16 product;
	__u16 svn;
	__u32 attributes;
	__u8 signer[32];
	__u8 measurement[32];
	__u64 xfrm;
	__u8 fs_verity[32];
	__u8 dm_verity[32];
	__u64 uses[ENCLAVE_PERM_COUNT];
	char domain[EWX_QUERY_NAME_MAX];
	char identity[EWX_QUERY_NAME_MAX];
	char fs[EWX_QUERY_NAME_MAX];
	char exe[EWX_QUERY_PATH_MAX];
	char path[EWX_QUERY_PATH_MAX];
	char cgroup[EWX_QUERY_PATH_MAX];
	char context[EWX_QUERY_CONTEXT_MAX];
};

enum ewx_result {
	EWX_RESULT_NONE,
	EWX_RESULT_ALLOW,
	EWX_RESULT_DENY,
	EWX_RESULT_DEFER,	/* allowed for some identities: init decides */
};

/* Why a permission is missing. X(NAME, name, explanation) */
#define EWX_REASONS(X)							\
	X(GRANTED, granted, "a rule allows it")				\
	X(NO_RULE, no_rule, "no rule allows it")			\
	X(DENIED, denied, "a rule denies it")				\
	X(EXPIRED, expired, "the rule that allowed it has expired")	\
	X(MAX, max, "the rule's max pages are in use")			\
	X(IDENTITY, identity, "no identity still possible has it")	\
	X(POLICY_CHANGED, policy_changed, "the policy changed while loads await init") \
	X(ADMITTED_UNJUDGED, admitted_unjudged, "pages were loaded without judgement") \
	X(NO_POLICY, no_policy, "no policy is loaded and before_policy is deny") \
	X(NO_MEMORY, no_memory, "the decision could not be prepared")

enum ewx_reason {
	EWX_REASON_NONE,
#define EWX_REASON_ENUM(NAME, name, why) EWX_REASON_##NAME,
	EWX_REASONS(EWX_REASON_ENUM)
#undef EWX_REASON_ENUM
	EWX_REASON_COUNT
};

/**
 * struct ewx_reply - answer.
 * @size: sizeof(struct ewx_reply)
 * @result: enum ewx_result, whatever the mode (enforcing or permissive)
 * @required: see @logged
 * @allowed: see @logged
 * @denied: see @logged
 * @logged: access vectors
 * @cause: enum enclave_permission_bit of the first missing permission
 * @domain: see @identity_class
 * @source_class: see @identity_class
 * @identity_class: as classified (EWX_NONE: unknown)
 * @refusal: enum enclave_refusal of a fixed rule, else 0
 * @reason: enum ewx_reason per permission of @required
 * @rule: RULES index that decided each, or EWX_NONE
 */
struct ewx_reply {
	__u32 size;
	__u32 result;
	__u32 required;
	__u32 allowed;
	__u32 denied;
	__u32 logged;
	__u32 cause;
	__u32 domain;
	__u32 source_class;
	__u32 identity_class;
	__u32 refusal;
	__u8 reason[ENCLAVE_PERM_COUNT];
	__u32 rule[ENCLAVE_PERM_COUNT];
};

#endif /* _UAPI_LINUX_EWX_QUERY_H */

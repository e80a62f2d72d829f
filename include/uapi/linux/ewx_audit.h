/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * EWX audit records: their numbers and the one list of their fields. The list
 * gives the order in which the kernel emits them, the reader's names and the
 * documented table.
 *
 * Facts: 1420-1426 are taken by other modules; ausearch -i misreads fields
 * named hook, action, flags, mode, perm, code, id, addr, data, list, key, sig.
 * No value holds a space; untrusted strings are encoded as audit does
 * (quoted, or hexadecimal). auditd takes messages of at most 8970 bytes and drops
 * longer ones, so that no value may make a record longer than
 * AUDIT_MESSAGE_TEXT_MAX.
 */
#ifndef _UAPI_LINUX_EWX_AUDIT_H
#define _UAPI_LINUX_EWX_AUDIT_H

#define AUDIT_EWX_ACCESS	1490	/* a decision */
#define AUDIT_EWX_ENCLAVE	1491	/* an enclave was initialised */

/*
 * Records: decisions, summaries of enclaves, and the control records
 * MAC_POLICY_LOAD and MAC_STATUS. Which field is in which:
 */
#define EWX_IN_access	0x1
#define EWX_IN_enclave	0x2
#define EWX_IN_load	0x4
#define EWX_IN_mode	0x8
#define EWX_IN_both	(EWX_IN_access | EWX_IN_enclave)
#define EWX_IN_decided	(EWX_IN_both | EWX_IN_load)
#define EWX_IN_enforced	(EWX_IN_access | EWX_IN_mode)
#define EWX_IN_control	(EWX_IN_load | EWX_IN_mode)
#define EWX_IN_all	(EWX_IN_both | EWX_IN_control)

/*
 * X(name, kind, in, meaning); kinds: word, number, hex, string (untrusted).
 * A field that does not apply is "?" (words, strings) or left at 0.
 */
#define EWX_AUDIT_FIELDS(X)						\
	X(lsm, word, all, "always ewx")					\
	X(boot, hex, all, "64 random bits of this boot: numbers of enclaves and loads are its own") \
	X(op, word, access, "operation: enum enclave_op")		\
	X(result, word, access, "denied, allowed (logged use), permissive or reduced") \
	X(cause, word, access, "first missing permission, or the fixed refusal") \
	X(reason, word, access, "why it is missing: enum ewx_reason")	\
	X(needed, word, access, "all permissions the request needs, by commas") \
	X(missing, word, access, "those not granted, by commas")	\
	X(enclave, number, both, "enclave number, never reused until the next boot")	\
	X(provider, word, both, "which driver made the enclave")	\
	X(domain, string, both, "the domain of the process")		\
	X(creator, string, enclave, "domain that created the enclave")	\
	X(access, word, access, "rwx letters of intent or mapping")	\
	X(facts, hex, access, "facts of the first page concerned")	\
	X(inited, number, access, "1 if the enclave is initialised")	\
	X(foreign, number, access, "1 if another domain or euid created the enclave") \
	X(opener, number, access, "1 if it is about who opened the enclave, to which the process writes") \
	X(page, number, access, "first page concerned")			\
	X(pages, number, both, "how many pages; of the whole enclave in its summary") \
	X(origin, word, access, "where the bytes came from")		\
	X(path, string, access, "source file, by the user's path")	\
	X(fstype, word, access, "source file's filesystem")		\
	X(owner, number, access, "source file's owner")			\
	X(nopath, number, access, "1 if the path may not be trusted")	\
	X(readonly, number, access, "1 if the source file is on read-only hardware") \
	X(fsverity, word, access, "fs-verity of the source file: its digest, or any if that is not SHA-256, +signed if it is; ? without") \
	X(dmverity, word, access, "root hash of the dm-verity disk that it is on, or any; ? without") \
	X(mapexec, number, access, "1 if the source was mapped executable") \
	X(source, string, both, "sources the file is in, by commas; in the summary all that were used") \
	X(identity, string, both, "identities the enclave is in, by commas; ? before init") \
	X(measurement, hex, both, "once known")				\
	X(signer, hex, both, "once known")				\
	X(product, number, both, "once known")				\
	X(svn, number, both, "once known")				\
	X(attrs, hex, both, "ENCLAVE_ATTR_*")				\
	X(xfrm, hex, both, "XFRM: processor features that it may use (SGX)") \
	X(narrowed, number, access, "init denied for an earlier request: how many narrowed the identities; only the first 16 are described") \
	X(used, word, enclave, "permissions used so far, by commas, as NAME:PAGES if pages count") \
	X(ranges, word, enclave, "pages by facts, by commas, as FIRST-LAST:INTENT:ORIGIN") \
	X(unjudged, number, enclave, "1 if something was let pass without a grant") \
	X(policy, string, decided, "policy name")			\
	X(version, number, decided, "policy version")			\
	X(digest, hex, decided, "SHA-256 of the binary policy")		\
	X(rule, number, access, "rule index; -1 if no rule decided")	\
	X(line, string, access, "file:line of that rule, or of the domain if none") \
	X(now, number, both, "seconds since the epoch that the decision used") \
	X(size, number, load, "bytes of the binary policy")		\
	X(generation, number, control, "loads since boot; 0 before the first") \
	X(old_version, number, load, "of the policy that it replaces; 0 if none") \
	X(rollback, number, load, "1 if that one was newer")		\
	X(signature, word, load, "of the policy: none, builtin, trusted, untrusted or bad") \
	X(enforcing, number, enforced, "1 if denials are enforced")	\
	X(old_enforcing, number, mode, "before the change")		\
	X(level, word, mode, "what is recorded: denials, log or all")	\
	X(old_level, word, mode, "before the change")			\
	X(seal, word, mode, "what is sealed: none, signed or closed")	\
	X(old_seal, word, mode, "before the change")			\
	X(suppressed, number, both, "records left out since the last one") \
	X(shortened, number, all, "1 if a value was too long and has ... for its middle") \
	X(pid, number, all, "process")					\
	X(auid, number, all, "login uid")				\
	X(uid, number, all, "real uid")					\
	X(euid, number, all, "effective uid")				\
	X(egid, number, all, "effective gid")				\
	X(ses, number, all, "session")					\
	X(comm, string, all, "command name")				\
	X(exe, string, all, "executable at exec")			\
	X(noexe, number, all, "1 if the executable's path may not be trusted") \
	X(subj, string, all, "LSM context of the process")		\
	X(res, number, control, "1 if it was done")			\
	X(errno, number, control, "why it was not, else 0")

#endif /* _UAPI_LINUX_EWX_AUDIT_H */

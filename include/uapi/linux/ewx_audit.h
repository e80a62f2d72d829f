/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR LGPL-2.1-or-later */
/*
 * EWX audit records: the record's number and the one list of its fields. The
 * list gives the order in which the kernel emits them, the reader's names and
 * the documented table.
 *
 * Facts: 1420-1426 are taken by other modules; ausearch -i misreads fields
 * named hook, action, flags, mode, perm, code, id, addr, data, list, key, sig.
 * No value holds a space; untrusted strings are encoded as audit does
 * (quoted, or hexadecimal).
 */
#ifndef _UAPI_LINUX_EWX_AUDIT_H
#define _UAPI_LINUX_EWX_AUDIT_H

#define AUDIT_EWX_ACCESS	1490

/*
 * X(name, kind, meaning); kinds: word, number, hex, string (untrusted).
 * A field that does not apply is "?" (words, strings) or left at 0.
 */
#define EWX_AUDIT_FIELDS(X)						\
	X(lsm, word, "always ewx")					\
	X(op, word, "operation: enum enclave_op")			\
	X(result, word, "denied, allowed (logged use), permissive or reduced") \
	X(cause, word, "first missing permission, or the fixed refusal") \
	X(reason, word, "why it is missing: enum ewx_reason")		\
	X(needed, word, "all permissions the request needs, by commas")	\
	X(missing, word, "those not granted, by commas")		\
	X(enclave, number, "enclave number, never reused")		\
	X(provider, word, "which driver made the enclave")		\
	X(domain, string, "the judged process's domain")		\
	X(access, word, "rwx letters of intent or mapping")		\
	X(facts, hex, "facts of the first page concerned")		\
	X(inited, number, "1 if the enclave is initialised")		\
	X(foreign, number, "1 if another domain or euid created the enclave") \
	X(page, number, "first page concerned")				\
	X(pages, number, "how many pages")				\
	X(origin, word, "where the bytes came from")			\
	X(path, string, "source file, by the user's path")		\
	X(fstype, word, "source file's filesystem")			\
	X(owner, number, "source file's owner")				\
	X(nopath, number, "1 if the path may not be trusted")		\
	X(readonly, number, "1 if the source file is on read-only hardware") \
	X(mapexec, number, "1 if the source was mapped executable")	\
	X(source, string, "sources the file is in, by commas")		\
	X(identity, string, "identities the enclave is in, by commas; ? before init") \
	X(measurement, hex, "once known")				\
	X(signer, hex, "once known")					\
	X(product, number, "once known")				\
	X(svn, number, "once known")					\
	X(attrs, hex, "ENCLAVE_ATTR_*")					\
	X(policy, string, "policy name")				\
	X(version, number, "policy version")				\
	X(digest, hex, "SHA-256 of the binary policy")			\
	X(rule, number, "rule index; -1 if no rule decided")		\
	X(line, string, "file:line of that rule, or of the domain if none") \
	X(now, number, "seconds since the epoch that the decision used") \
	X(enforcing, number, "1 if the verdict was enforced")		\
	X(suppressed, number, "records left out since the last one")	\
	X(pid, number, "process")					\
	X(auid, number, "login uid")					\
	X(uid, number, "real uid")					\
	X(euid, number, "effective uid")				\
	X(egid, number, "effective gid")				\
	X(ses, number, "session")					\
	X(comm, string, "command name")					\
	X(exe, string, "executable at exec")				\
	X(noexe, number, "1 if the executable's path may not be trusted") \
	X(subj, word, "LSM context of the process")

#endif /* _UAPI_LINUX_EWX_AUDIT_H */

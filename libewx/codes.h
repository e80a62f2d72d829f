/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every diagnostic the compiler can give. Codes are stable: a code keeps its
 * meaning for good and is never given to another one.
 *
 * Owns: code, severity, warnings' names, summary, explanation. The message itself is where it
 * is reported: ewx_report(unit, E0203, loc, hint, format, ...).
 *
 * E01 characters and files, E02 syntax, E03 names, E04 clauses of rules,
 * E05 conditions, E06 limits of this version, E07 back end, E08 promises;
 * W01 warnings.
 */
#ifndef _LIBEWX_CODES_H
#define _LIBEWX_CODES_H

#include "ir.h"

/* X(CODE, severity, name for -W or "", summary, explanation) */
#define EWX_CODES(X)							\
	X(E0101, ERROR, "", "character that begins no word",		\
	  "Outside strings and comments a policy holds ASCII words, numbers and punctuation only.") \
	X(E0102, ERROR, "", "string without end",				\
	  "A string ends on the line it begins on.")			\
	X(E0103, ERROR, "", "bad escape or control character in a string",	\
	  "A string knows \\\" and \\\\ and holds no control characters.") \
	X(E0104, ERROR, "", "NUL byte",					\
	  "The file is not text. It is not read any further.")		\
	X(E0105, ERROR, "", "not UTF-8",					\
	  "Policy files are UTF-8, comments included. Only the first such place of a file is reported.") \
	X(E0106, ERROR, "", "bad position directive",			\
	  "A comment that begins with #line or #built in the first column has the form #line 12 \"file\" or #built 1700000000.") \
	X(E0107, ERROR, "", "unreadable file",				\
	  "The policy file could not be opened or read.")		\
	X(E0108, ERROR, "", "file too large",				\
	  "A policy file has at most 64 MiB.")				\
	X(E0201, ERROR, "", "no language line",				\
	  "The first statement of every file is language 1; it fixes words and defaults.") \
	X(E0202, ERROR, "", "unknown language",				\
	  "The file is written in a newer language than this compiler knows. It is not read any further.") \
	X(E0203, ERROR, "", "unexpected word or sign",			\
	  "The grammar wants something else here.")			\
	X(E0204, ERROR, "", "unknown word",					\
	  "No statement, condition or clause begins with this word. Unknown words are never ignored.") \
	X(E0205, ERROR, "", "bad number",					\
	  "A number is decimal, or hexadecimal with 0x.")		\
	X(E0206, ERROR, "", "number out of range",				\
	  "The number does not fit what it counts.")			\
	X(E0207, ERROR, "", "range runs backwards",				\
	  "A range names its lower end first.")				\
	X(E0208, ERROR, "", "bad date",					\
	  "A date is YYYY-MM-DD, from 1970-01-01 to 9999-12-31, and exists.") \
	X(E0209, ERROR, "", "bad digest",					\
	  "A digest is sha256: and 64 hexadecimal digits.")		\
	X(E0210, ERROR, "", "bad limit",					\
	  "max takes a number of pages, or of bytes that fill whole pages of 4 KiB.") \
	X(E0211, ERROR, "", "unusable name",				\
	  "A name begins with a letter or _, has at most 127 characters, and is no word that has a meaning where names stand.") \
	X(E0212, ERROR, "", "clause written twice",				\
	  "A rule has each of its clauses once.")			\
	X(E0213, ERROR, "", "for inside a for block",			\
	  "Every rule inside a for block has its identity from the block.") \
	X(E0214, ERROR, "", "block without end",				\
	  "A block that { opens ends with }.")				\
	X(E0215, ERROR, "", "statement in the wrong place",			\
	  "The statement exists, but not inside this block.")		\
	X(E0216, ERROR, "", "setting written twice",			\
	  "The setting has one value.")					\
	X(E0217, ERROR, "", "not a request",				\
	  "What an expect statement asks is written in the grammar of requests, as for ewx query.") \
	X(E0301, ERROR, "", "name declared twice",				\
	  "Names of one kind are unique across all files of a policy.")	\
	X(E0302, ERROR, "", "unknown permission",				\
	  "The word is neither a permission nor a set.")		\
	X(E0303, ERROR, "", "unknown source",				\
	  "No file of the policy declares this source.")		\
	X(E0304, ERROR, "", "unknown identity",				\
	  "No file of the policy declares this identity.")		\
	X(E0305, ERROR, "", "unknown domain",				\
	  "No file of the policy declares this domain.")		\
	X(E0306, ERROR, "", "no policy statement",				\
	  "Exactly one file of a policy names it: policy NAME version N.") \
	X(E0307, ERROR, "", "second policy statement",			\
	  "Exactly one file of a policy names it; drop-in files do not.") \
	X(E0401, ERROR, "", "from is missing",				\
	  "Allowing this permission names the source files it is for; every file is written as from any.") \
	X(E0402, ERROR, "", "from is not for this permission",		\
	  "The permission does not concern a source file.")		\
	X(E0403, ERROR, "", "for is missing",				\
	  "Allowing this permission names the enclaves it is for; every enclave is written as for any.") \
	X(E0404, ERROR, "", "for is not for this permission",		\
	  "The permission is asked for when no identity can be known.")	\
	X(E0405, ERROR, "", "max or until without allow",			\
	  "Only what is allowed can be limited in number or time.")	\
	X(E0406, ERROR, "", "max is not for this permission",		\
	  "max counts pages, and no page uses this permission.")	\
	X(E0501, ERROR, "", "path is not absolute",				\
	  "A path pattern begins with /.")				\
	X(E0502, ERROR, "", "bad pattern",					\
	  "The path pattern breaks the rules of *, **, ?, [...] and {a,b}.") \
	X(E0503, ERROR, "", "pattern that matches nothing",			\
	  "An absolute path has no empty component, no . and no .., and the path of a file does not end with /.") \
	X(E0504, ERROR, "", "no condition",					\
	  "Without a condition everything would fit; that has a name of its own: any, or domain default.") \
	X(E0505, ERROR, "", "default with a condition",			\
	  "Domain default holds the processes that fit no other domain.") \
	X(E0506, ERROR, "", "public signer",				\
	  "The private half of this key is published, so anybody can sign with it. The word public before the digest accepts that.") \
	X(E0507, ERROR, "", "attributes that cannot fit",			\
	  "The value has bits that the mask excludes, or tests nothing.") \
	X(E0508, ERROR, "", "domain over itself",				\
	  "Domain a over b gives a the processes that fit both; the order must not come back to where it began.") \
	X(E0701, ERROR, "", "two domains fit one process",			\
	  "Neither domain's conditions are a subset of the other's; domain a over b decides.") \
	X(E0702, ERROR, "", "two domains fit the same processes",		\
	  "The conditions are equal, so one of the two could never be used.") \
	X(E0703, ERROR, "", "patterns too complex together",		\
	  "The automaton of these patterns would be too large.")	\
	X(E0704, ERROR, "", "too many classes",				\
	  "The sources or identities overlap in too many ways.")	\
	X(E0705, ERROR, "", "binary policy too large",			\
	  "The compiled policy exceeds what the kernel loads.")		\
	X(E0706, ERROR, "", "out of memory",				\
	  "The policy could not be compiled for lack of memory.")	\
	X(E0707, ERROR, "", "compiler error",				\
	  "The compiler made a binary policy that the engine refuses. Please report it.") \
	X(E0801, ERROR, "", "never is violated",				\
	  "A rule could grant what a never statement excludes.")	\
	X(E0802, ERROR, "", "expect is not met",				\
	  "The compiled policy gives another verdict than the statement demands.") \
	X(W0101, WARNING, "permissive-forever", "permissive without until",			\
	  "A permissive domain denies nothing; without until it stays so.") \
	X(W0102, WARNING, "signer-without-svn", "signer without min-svn",			\
	  "Old releases of the signer's enclaves fit too, with their known flaws.") \
	X(W0103, WARNING, "exe-alone", "strong permission by exe alone",		\
	  "Any user may run the program and preload or trace it: exe scopes a rule, it does not protect.") \
	X(W0104, WARNING, "free-layout", "code of allowed files can be composed freely", \
	  "init for any and exec_file without an identity let a loader arrange pages of allowed files as it likes.") \
	X(W0105, WARNING, "root-any", "root any",					\
	  "Paths from other mount namespaces and chroots count: whoever makes one chooses its paths.") \
	X(W0106, WARNING, "open-identity", "identity that anybody can claim",		\
	  "Without signer or measurement, everybody can build an enclave that fits.") \
	X(W0107, WARNING, "expired", "what is dated has ended",		\
	  "It has ended when the policy is built, or with --on-host now.")	\
	X(W0108, WARNING, "never-permissive", "never does not bind a permissive domain",	\
	  "A permissive domain denies nothing, what never excludes included.") \
	X(W0109, WARNING, "useless-rule", "rule that adds nothing",	\
	  "All that the rule says other rules say as widely, or deny: without it the policy decides the same.") \
	X(W0110, WARNING, "useless-deny", "deny of what nothing allows", \
	  "No rule allows any of it, so it is denied anyway; never is a promise that also holds for rules to come. This warning is off unless -Wuseless-deny or -Wall is given.") \
	X(W0111, WARNING, "missing-path", "pattern without a file",	\
	  "With --on-host: no file of this machine has a path that the pattern matches.") \
	X(W0112, WARNING, "expires-soon", "until is near",		\
	  "What is dated ends within 30 days after the policy is built.") \
	X(W0113, WARNING, "kernel-lacks", "feature that this kernel lacks", \
	  "With --on-host: the running kernel refuses a policy with this feature.") \
	X(W0114, WARNING, "user-slice", "control group of users",	\
	  "Users may put processes into the groups below user.slice that are theirs, so such a domain is whoever wants to be in it.") \
	X(W0115, WARNING, "unused-name", "source, identity or set that nothing uses", \
	  "No rule and no for block names it, and neither do never and expect: the policy decides the same without it. Drop-in files count, whichever declares it; sets that they declare may be unused.")

/* EWX_SEVERITY_OF_E0203 and so on; an unknown code does not compile. */
enum ewx_code_severity {
#define EWX_CODE_SEVERITY(CODE, severity, name, summary, explanation)	\
	EWX_SEVERITY_OF_##CODE = EWX_##severity,
	EWX_CODES(EWX_CODE_SEVERITY)
#undef EWX_CODE_SEVERITY
};

/**
 * ewx_report() - add a diagnostic of @CODE, with the table's severity.
 * @hint: or NULL; static, or in the unit's arena
 */
#define ewx_report(unit, CODE, loc, hint, ...)				\
	ewx_diag((unit), (enum ewx_severity)EWX_SEVERITY_OF_##CODE,	\
		 #CODE, (loc), (hint), __VA_ARGS__)

/**
 * ewx_note() - add a note to the diagnostic reported last; it goes where that
 * one goes, and with it when it is dropped.
 */
#define ewx_note(unit, loc, ...)					\
	ewx_diag((unit), EWX_NOTE, NULL, (loc), NULL, __VA_ARGS__)

/** struct ewx_code - one line of the table; @name: of a warning, else "". */
struct ewx_code {
	const char *code;
	enum ewx_severity severity;
	const char *name;
	const char *summary;
	const char *explanation;
};

/** ewx_code_table() - all codes in order; their number to @count. */
const struct ewx_code *ewx_code_table(size_t *count);

#endif /* _LIBEWX_CODES_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Audit records of decisions and of control.
 *
 * Owns: what a record holds, how repetitions are counted, how it is written, and
 * how much is recorded. Knows nothing of how a decision is made.
 */
#ifndef _SECURITY_EWX_AUDIT_H
#define _SECURITY_EWX_AUDIT_H

#include <linux/enclave.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <uapi/linux/ewx_audit.h>

#include "debts.h"
#include "judge.h"
#include "policy.h"
#include "seal.h"

struct audit_buffer;
struct audit_context;
struct cred;
struct ewx_sources;
struct file;

/*
 * EWX_LEVELS - how much is recorded. X(NAME, name, what)
 *
 * No limit holds for control records. Each level has what the ones before have.
 */
#define EWX_LEVELS(X)							\
	X(DENIALS, denials, "what was denied, or would be if it were enforced") \
	X(LOG, log, "uses that a log rule names, and a summary of each enclave") \
	X(ALL, all, "every decision")

enum ewx_level {
#define EWX_LEVEL_ENUM(NAME, name, what) EWX_LEVEL_##NAME,
	EWX_LEVELS(EWX_LEVEL_ENUM)
#undef EWX_LEVEL_ENUM
	EWX_LEVEL_COUNT
};

/**
 * struct ewx_summary - what the record of an initialised enclave says besides.
 * @e: locked
 * @creator: domain that created it, or NULL
 * @used: permissions it was granted or let have
 * @unjudged: some of them without a grant
 * @policy: names the sources; NULL: they are not known
 * @sources: classes of the files it was loaded from
 */
struct ewx_summary {
	struct enclave *e;
	const char *creator;
	u32 used;
	bool unjudged;
	const struct ewx_loaded *policy;
	const struct ewx_sources *sources;
};

/* Bytes of what a summary says, and of its names of sources. */
#define EWX_SUMMARY_TEXT	384
#define EWX_SUMMARY_SOURCES	512

/**
 * struct ewx_summary_text - the same as text, which outlives the enclave.
 * @creator: owned; or NULL
 * @unjudged: as above
 * @used: see @sources
 * @ranges: see @sources
 * @sources: as layout.h writes them
 */
struct ewx_summary_text {
	char *creator;
	bool unjudged;
	char used[EWX_SUMMARY_TEXT];
	char ranges[EWX_SUMMARY_TEXT];
	char sources[EWX_SUMMARY_SOURCES];
};

/**
 * struct ewx_control - what a control record says.
 * @load: a policy load; NULL: a change of mode
 * @size: bytes of the policy
 * @generation: of the policy in force
 * @old_enforcing: see @old_seal
 * @level: see @old_seal
 * @old_level: see @old_seal
 * @seal: see @old_seal
 * @old_seal: change of mode
 * @err: 0 or negative
 */
struct ewx_control {
	const struct ewx_load_result *load;
	size_t size;
	u64 generation;
	bool old_enforcing;
	enum ewx_level level;
	enum ewx_level old_level;
	enum ewx_seal seal;
	enum ewx_seal old_seal;
	int err;
};

/**
 * struct ewx_record - everything that one audit record says. It outlives the
 * request, the process and the source file.
 * @op: of the request
 * @outcome: what became of it
 * @refusal: fixed rule that refused it
 * @reason: of @cause
 * @needed: access vector
 * @missing: what of it was not granted
 * @rule: RULES index of @cause
 * @access: ENCLAVE_RWX bits
 * @facts: of the first page
 * @origin: of its bytes
 * @has_origin: @origin says something
 * @initialized: the enclave is
 * @foreign: another domain or user created it
 * @opener: ids, program and label are of who opened the enclave; process, session and
 *      login are the writer's
 * @enforcing: denials are refused
 * @domain: DOMAINS index
 * @source: source class
 * @identity: identity class
 * @enclave: its id
 * @provider: name
 * @now: seconds since the epoch
 * @id: of the enclave
 * @pid: of the process
 * @auid: login uid
 * @uid: real uid
 * @euid: effective uid
 * @egid: effective gid
 * @ses: session
 * @comm: name of the task
 * @summary: see @control
 * @control: of records of that kind only, else NULL; @summary is owned
 * @policy: reference or NULL; names are read from it
 * @exe: reference or NULL
 * @cred: reference or NULL: the process's, which has a label
 * @file: the source, whose path is owned
 * @guarded: a process of a guarded domain was to be traced
 * @cause: bit of the first missing permission; ENCLAVE_PERM_COUNT: none
 * @page: see @pages
 * @pages: pages concerned
 * @known: @identity is known and @id is whole
 * @narrowed: INIT was denied for one of so many earlier requests; else 0
 */
struct ewx_record {
	struct ewx_summary_text *summary;
	const struct ewx_control *control;
	struct ewx_loaded *policy;
	struct ewx_exe *exe;
	const struct cred *cred;
	struct ewx_source_seen file;
	bool guarded;

	enum enclave_op op;
	enum ewx_outcome outcome;
	enum enclave_refusal refusal;
	u32 cause;
	enum ewx_reason reason;
	u32 needed;
	u32 missing;
	u32 rule;
	u32 access;
	u16 facts;
	u8 origin;
	bool has_origin;
	bool initialized;
	bool foreign;
	bool opener;
	bool enforcing;
	bool known;
	u32 narrowed;
	u32 domain;
	u32 source;
	u32 identity;
	u64 enclave;
	const char *provider;
	u64 page;
	u64 pages;
	u64 now;
	struct enclave_identity id;

	pid_t pid;
	uid_t auid;
	uid_t uid;
	uid_t euid;
	gid_t egid;
	unsigned int ses;
	char comm[TASK_COMM_LEN];
};

/**
 * ewx_record() - write the record of a decision, or count it as a repetition of
 * the enclave's last one, which is written within a second. May sleep.
 * @d: the decision
 */
void ewx_record(const struct ewx_decision *d);

/**
 * ewx_record_repeats() - one program loads page after page, and each is refused
 * alike: whether @r says of the next pages what @last says of those before.
 * @last: the record before
 * @r: the one that is to be written
 *
 * Return: whether it says the same again.
 */
bool ewx_record_repeats(const struct ewx_record *last,
			const struct ewx_record *r);

/**
 * ewx_record_guard() - write the record of an attempt to trace a process of a
 * guarded domain. Does not sleep, nor take a task's lock.
 * @p: the policy
 * @enforcing: the attach was refused
 * @domain: the traced process's; the record's process is the current one
 */
void ewx_record_guard(struct ewx_loaded *p, u32 domain, bool enforcing);

/**
 * ewx_record_flush() - write what was only counted, and forget the record.
 * Does not sleep. @slot: the enclave blob's
 * @slot: where a repeated record waits
 */
void ewx_record_flush(struct ewx_record **slot);

/**
 * ewx_record_source() - what a record says of a source. Later kfree() its path.
 * @source: NULL: there is none
 *
 * Return: see above.
 */
struct ewx_source_seen
ewx_record_source(const struct enclave_source *source);

/**
 * ewx_record_process() - fill in the current process; later ewx_exe_put() and
 * put_cred().
 * @r: the record
 * @cred: whose ids and program they are
 */
void ewx_record_process(struct ewx_record *r, const struct cred *cred);

/** ewx_record_enclave() - write the summary of an enclave. May sleep. */
void ewx_record_enclave(const struct ewx_summary *s);

/** ewx_record_lost() - one is left out of which there is nothing: it is counted. */
void ewx_record_lost(void);

/**
 * ewx_record_tell() - write what was left out last, before its time: its policy is
 * replaced. May sleep.
 */
void ewx_record_tell(void);

/** ewx_record_reset() - forget limits and what was left out. For tests. */
void ewx_record_reset(void);

/**
 * ewx_audit_write() - write one record, of the type that it says it is.
 * @r: the record
 * @context: of the process that caused it if that is the current one, else NULL
 * @suppressed: records left out since the last one
 * @gfp: whether to wait for a full backlog, as for memory
 * Return: false if audit took it not. What it took it can lose later: then audit
 * counts that, and nobody else can know.
 */
bool ewx_audit_write(struct audit_context *context, const struct ewx_record *r,
		     u64 suppressed, gfp_t gfp);

/**
 * ewx_audit_fields() - the fields alone.
 * @r: the record
 * @suppressed: records that were left out before it
 * @context_len: bytes of the context
 * @ab: NULL: only measure them
 * @in: EWX_IN_*
 * @context: of the process; it need not end with a zero byte. NULL: none
 * Return: bytes, EWX_TEXT_MAX at most.
 */
size_t ewx_audit_fields(struct audit_buffer *ab, const struct ewx_record *r,
			u32 in, u64 suppressed, const char *context,
			size_t context_len);

/* control.c */

extern enum ewx_level ewx_audit_level_now;

/** ewx_audit_level() - how much is recorded now. */
static inline enum ewx_level ewx_audit_level(void)
{
	return READ_ONCE(ewx_audit_level_now);
}

/** ewx_audit_level_name() - its word. */
const char *ewx_audit_level_name(enum ewx_level level);

/**
 * ewx_audit_set_level() - change it, and record that. May sleep.
 * @word: of the level
 * @err: if not 0, only record that it was tried
 * Return: @err, or -EINVAL: no such level.
 */
int ewx_audit_set_level(const char *word, int err);

/** ewx_audit_load() - record a policy load, failed or not. May sleep. */
void ewx_audit_load(const struct ewx_load_result *r, size_t size, int err);

/** ewx_audit_enforce() - record a change of mode, failed or not. May sleep. */
void ewx_audit_enforce(bool now, bool before, int err);

/** ewx_audit_seal() - record that something was sealed, failed or not. May sleep. */
void ewx_audit_seal(enum ewx_seal now, enum ewx_seal before, int err);

#endif /* _SECURITY_EWX_AUDIT_H */

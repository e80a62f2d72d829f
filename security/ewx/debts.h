/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an enclave owes until its identity is known: the identity classes that
 * are still possible, and which request removed the others.
 *
 * Owns: the candidate set of one enclave and its log. Knows nothing of files,
 * processes or audit.
 */
#ifndef _SECURITY_EWX_DEBTS_H
#define _SECURITY_EWX_DEBTS_H

#include <linux/enclave.h>
#include <linux/types.h>

#include "policy.h"

/* Requests remembered by name; more are judged alike but not named. */
#define EWX_DEBT_LOG	16

#define EWX_SOURCE_FS_MAX	32

/**
 * struct ewx_source_seen - what is remembered of a source once its file may be gone.
 * @path: its name for people, or NULL
 * @fstype: its filesystem; "" none
 * @owner: see @read_only
 * @nopath: see @read_only
 * @read_only: of the file
 * @fs_verity: see @dm_verity
 * @dm_verity: what verifies its content
 * @mapped_exec: it was loaded from an executable mapping
 */
struct ewx_source_seen {
	char *path;
	char fstype[EWX_SOURCE_FS_MAX];
	u32 owner;
	bool nopath;
	bool read_only;
	struct ewx_verity fs_verity;
	struct ewx_verity dm_verity;
	bool mapped_exec;
};

/**
 * struct ewx_debt - a request that made identity classes impossible.
 * @op: see @origin
 * @access: see @origin
 * @facts: see @origin
 * @range: see @origin
 * @origin: as in the request
 * @question: what was asked; uses are not kept
 * @file: source file; its path is owned
 */
struct ewx_debt {
	enum enclave_op op;
	u32 access;
	u16 facts;
	struct enclave_range range;
	u8 origin;
	struct ewx_question question;
	struct ewx_source_seen file;
};

/**
 * struct ewx_debts - one enclave's debts. Guarded by the enclave's lock.
 * @policy: generation that judged them; owned
 * @classes: number of identity classes
 * @words: 64-bit words in a set
 * @open: the candidates are fewer than all
 * @count: requests that made them fewer; of these
 * @logged: used entries of @log
 * @log: in order of time
 * @staged: of the request being judged; its path is owned
 * @candidates: classes still possible
 * @scratch: candidates once the request being judged is committed
 * @removed_by: if @open, per class, 1 + index in @log; 0 still possible; EWX_DEBT_UNNAMED
 */
struct ewx_debts {
	struct ewx_loaded *policy;
	u32 classes;
	u32 words;
	bool open;
	u32 count;
	u32 logged;
	struct ewx_debt log[EWX_DEBT_LOG];
	struct ewx_debt staged;
	u64 *candidates;
	u64 *scratch;
	u8 *removed_by;
};

#define EWX_DEBT_UNNAMED	0xff

/**
 * ewx_debts_new() - no debts yet: every class is possible.
 * @p: a reference, taken over also on failure
 * Return: NULL without memory.
 */
struct ewx_debts *ewx_debts_new(struct ewx_loaded *p);

/**
 * ewx_debts_renew() - the same in place of @debts, in their memory if they fit.
 * @debts: taken over, whatever is owed in them; NULL is fine
 * @p: a reference, taken over also on failure
 * Return: NULL without memory.
 */
struct ewx_debts *ewx_debts_renew(struct ewx_debts *debts, struct ewx_loaded *p);

/** ewx_debts_free() - does not sleep; NULL is fine. */
void ewx_debts_free(struct ewx_debts *debts);

/**
 * ewx_debts_judge() - judge a request whose identity is not known yet.
 * @debts: of the enclave
 * @q: the question
 * @v: filled; @v->denied is 0 if some possible class has all permissions
 * Return: true if fewer classes remain; then, once the request is granted,
 * ewx_debts_stage() and later ewx_debts_commit().
 */
bool ewx_debts_judge(struct ewx_debts *debts, const struct ewx_question *q,
		     struct ewx_verdict *v);

/** ewx_debts_stage() - remember the request; takes over its path. */
void ewx_debts_stage(struct ewx_debts *debts, const struct ewx_debt *debt);

/** ewx_debts_commit() - the staged request was granted. Cannot fail. */
void ewx_debts_commit(struct ewx_debts *debts);

/** ewx_debts_possible() - may an enclave of this class still init? */
bool ewx_debts_possible(const struct ewx_debts *debts, u32 class);

/** ewx_debts_remover() - the request that made a class impossible, or NULL. */
const struct ewx_debt *ewx_debts_remover(const struct ewx_debts *debts,
					 u32 class);

#endif /* _SECURITY_EWX_DEBTS_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a request to an answer.
 *
 * Owns: which question a request is, and what follows from the verdict. Knows
 * nothing of securityfs.
 */
#ifndef _SECURITY_EWX_JUDGE_H
#define _SECURITY_EWX_JUDGE_H

#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/types.h>

#include "debts.h"
#include "object.h"
#include "policy.h"

/* What became of a request. X(NAME, word of the record) */
#define EWX_OUTCOMES(X)							\
	X(DENIED, denied)						\
	X(ALLOWED, allowed)						\
	X(PERMISSIVE, permissive)					\
	X(REDUCED, reduced)

enum ewx_outcome {
	EWX_OUTCOME_NONE,
#define EWX_OUTCOME_ENUM(NAME, name) EWX_OUTCOME_##NAME,
	EWX_OUTCOMES(EWX_OUTCOME_ENUM)
#undef EWX_OUTCOME_ENUM
	EWX_OUTCOME_COUNT
};

/**
 * struct ewx_decision - a request, the question it became, the verdict.
 * @e: enclave or NULL
 * @req: request
 * @policy: judged by; NULL without a policy
 * @object: what the source is; its class is @q.source
 * @q: question; @q.required includes what EWX itself adds ("share")
 * @v: verdict
 * @known: @q.identity is a known identity
 * @nobody: @q.domain is not known, for want of memory
 * @foreign: another domain or euid created the enclave
 * @narrows: fewer identity classes stay possible
 * @debt: INIT: the request that the enclave's identity did not allow, or NULL
 * @debt_missing: what @debt lacked
 * @debt_rule: the rule that denied it
 * @narrowed: INIT, denied for an earlier request: how many there were; else 0
 * @outcome: what became of it
 * @enforcing: the verdict is enforced
 */
struct ewx_decision {
	struct enclave *e;
	const struct enclave_request *req;
	struct ewx_loaded *policy;
	struct ewx_object object;
	struct ewx_question q;
	struct ewx_verdict v;
	bool known;
	bool nobody;
	bool foreign;
	bool narrows;
	const struct ewx_debt *debt;
	u32 debt_missing;
	u32 debt_rule;
	u32 narrowed;
	enum ewx_outcome outcome;
	bool enforcing;
};

/**
 * ewx_judged_cred() - whose request it is. A fault is the task's own, whatever
 * credentials it works with in the kernel meanwhile.
 * @req: the request
 *
 * Return: the credentials.
 */
static inline const struct cred *
ewx_judged_cred(const struct enclave_request *req)
{
	return req->op == ENCLAVE_OP_FAULT ? current_real_cred() :
					     current_cred();
}

/**
 * ewx_judge() - answer a request.
 * @req: the request
 * @e: enclave, locked; NULL for PROVISION and VEPC
 * Return: 0 or -EACCES; as hooks do -E2BIG or -EREMOTE (enclave_hook_defs.h).
 */
int ewx_judge(struct enclave *e, const struct enclave_request *req);

/** ewx_judge_refused() - record that the framework refused a request. */
void ewx_judge_refused(struct enclave *e, const struct enclave_request *req);

/** ewx_deny_all() - deny every permission of the question for one reason. */
void ewx_deny_all(struct ewx_decision *d, enum ewx_reason reason);

/* init.c */

/**
 * ewx_judge_init() - judge INIT: by the current policy with the identity, and
 * the debts by the policy that incurred them.
 * @d: the decision
 */
void ewx_judge_init(struct ewx_decision *d);

#endif /* _SECURITY_EWX_JUDGE_H */

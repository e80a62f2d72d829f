// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging INIT, where debts fall due (judge.h).
 *
 * Owns: section 5 rule 6 at init. Must not know of files, securityfs or audit.
 */
#include <linux/bits.h>

#include "../enclave/mutant.h"
#include "enclave.h"
#include "judge.h"

/* INIT is denied for @reason although a rule allows it. */
static void deny_init(struct ewx_decision *d, enum ewx_reason reason)
{
	const u32 bit = ENCLAVE_PERM_BIT_INIT;

	d->q.required |= BIT(bit);
	d->v.allowed &= ~BIT(bit);
	d->v.denied |= BIT(bit);
	d->v.reason[bit] = reason;
	d->v.rule[bit] = EWX_NONE;
}

/*
 * Ask the request that removed @class again, for that class alone: the verdict
 * names what it lacked.
 */
static void name_debt(struct ewx_decision *d, const struct ewx_debts *debts,
		      u32 class)
{
	const struct ewx_debt *debt = ewx_debts_remover(debts, class);
	struct ewx_question q;
	struct ewx_verdict v;

	if (!debt)
		return;
	q = debt->question;
	q.identity = class;
	ewx_decide(&debts->policy->core, &q, &v);
	if (!v.denied)
		return;
	d->debt = debt;
	d->debt_missing = v.denied;
	d->debt_rule = v.rule[__ffs(v.denied)];
}

static void judge_debts(struct ewx_decision *d)
{
	const struct ewx_debts *debts = ewx_enclave(d->e)->debts;
	struct ewx_properties props;
	u32 class;

	if (!debts || !debts->open || enclave_mutant(DEFER))
		return;
	props = ewx_identity_props(d->req->identity);
	class = ewx_identity_class(&debts->policy->core, &props);
	if (ewx_debts_possible(debts, class))
		return;
	if (enclave_mutant(POLICY_CHANGED) && debts->policy != d->policy)
		return;
	deny_init(d, EWX_REASON_IDENTITY);
	d->narrowed = debts->count;
	name_debt(d, debts, class);
}

void ewx_judge_init(struct ewx_decision *d)
{
	const struct ewx_enclave *blob = ewx_enclave(d->e);
	struct ewx_properties props = ewx_identity_props(d->req->identity);

	d->q.identity = ewx_identity_class(&d->policy->core, &props);
	d->known = true;
	ewx_decide(&d->policy->core, &d->q, &d->v);
	if (enclave_mutant(INIT_IDENTITY))
		d->v.denied = 0;
	if (d->v.denied)
		return;
	/* No identity pays this debt, so it is named before the others. */
	if (blob->unjudged && !enclave_mutant(UNJUDGED))
		deny_init(d, EWX_REASON_ADMITTED_UNJUDGED);
	else
		judge_debts(d);
}

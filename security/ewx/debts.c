// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an enclave owes until its identity is known (debts.h).
 *
 * Owns: sets of identity classes and how a request narrows them. Must not know
 * of files, processes or audit.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "../enclave/mutant.h"
#include "debts.h"

static_assert(EWX_DEBT_LOG < EWX_DEBT_UNNAMED);

static bool has(const u64 *set, u32 class)
{
	return set[class / 64] >> (class % 64) & 1;
}

static void fill(u64 *set, u32 classes, u32 words)
{
	u32 i;

	for (i = 0; i < words; i++)
		set[i] = ~0ULL;
	if (classes % 64)
		set[words - 1] = (1ULL << (classes % 64)) - 1;
}

/* Nothing is owed: what is in the log and in @staged counts from now on only. */
static void begin(struct ewx_debts *debts, struct ewx_loaded *p)
{
	debts->policy = p;
	debts->open = false;
	debts->count = 0;
	debts->logged = 0;
	debts->staged.file.path = NULL;
	fill(debts->candidates, debts->classes, debts->words);
}

/* Not zeroed, as most of it is the log, of which seldom anything is used. */
struct ewx_debts *ewx_debts_new(struct ewx_loaded *p)
{
	const u32 words = p->core.set_words;
	const u32 classes = ewx_identity_class_count(&p->core);
	struct ewx_debts *debts;

	debts = kvmalloc(sizeof(*debts) + 2 * words * sizeof(u64) + classes,
			 GFP_KERNEL_ACCOUNT);
	if (!debts) {
		ewx_policy_put(p);
		return NULL;
	}
	debts->classes = classes;
	debts->words = words;
	debts->candidates = (u64 *)(debts + 1);
	debts->scratch = debts->candidates + words;
	debts->removed_by = (u8 *)(debts->scratch + words);
	begin(debts, p);
	return debts;
}

struct ewx_debts *ewx_debts_renew(struct ewx_debts *debts, struct ewx_loaded *p)
{
	struct ewx_loaded *before;

	if (!debts || debts->open || debts->words != p->core.set_words ||
	    debts->classes != ewx_identity_class_count(&p->core)) {
		ewx_debts_free(debts);
		return ewx_debts_new(p);
	}
	before = debts->policy;
	kfree(debts->staged.file.path);
	begin(debts, p);
	ewx_policy_put(before);
	return debts;
}

void ewx_debts_free(struct ewx_debts *debts)
{
	u32 i;

	if (!debts)
		return;
	for (i = 0; i < debts->logged; i++)
		kfree(debts->log[i].file.path);
	kfree(debts->staged.file.path);
	ewx_policy_put(debts->policy);
	/* The caller may not sleep; vfree() would. */
	if (is_vmalloc_addr(debts))
		vfree_atomic(debts);
	else
		kfree(debts);
}

/*
 * The rule forgotten: a request that empties the set passes if it would have
 * passed alone.
 */
static bool alone(struct ewx_debts *debts, const struct ewx_question *q,
		  struct ewx_verdict *v)
{
	fill(debts->scratch, debts->classes, debts->words);
	return ewx_defer(&debts->policy->core, q, debts->scratch, v);
}

bool ewx_debts_judge(struct ewx_debts *debts, const struct ewx_question *q,
		     struct ewx_verdict *v)
{
	u32 i;

	/* Mostly it is one word. */
	for (i = 0; i < debts->words; i++)
		debts->scratch[i] = debts->candidates[i];
	if (!ewx_defer(&debts->policy->core, q, debts->scratch, v) &&
	    !(enclave_mutant(EMPTY_SET) && alone(debts, q, v)))
		return false;
	for (i = 0; i < debts->words; i++)
		if (debts->scratch[i] != debts->candidates[i])
			return true;
	return false;
}

void ewx_debts_stage(struct ewx_debts *debts, const struct ewx_debt *debt)
{
	kfree(debts->staged.file.path);
	debts->staged = *debt;
	debts->staged.question.uses = NULL;
}

void ewx_debts_commit(struct ewx_debts *debts)
{
	u8 entry = EWX_DEBT_UNNAMED;
	u32 cls;

	if (!debts->open)
		memset(debts->removed_by, 0, debts->classes);
	if (debts->logged < EWX_DEBT_LOG) {
		debts->log[debts->logged++] = debts->staged;
		debts->staged.file.path = NULL;
		entry = debts->logged;
	}
	for (cls = 0; cls < debts->classes; cls++) {
		if (has(debts->candidates, cls) && !has(debts->scratch, cls))
			debts->removed_by[cls] = entry;
	}
	memcpy(debts->candidates, debts->scratch, debts->words * sizeof(u64));
	debts->open = true;
	debts->count++;
}

bool ewx_debts_possible(const struct ewx_debts *debts, u32 class)
{
	return class < debts->classes && has(debts->candidates, class);
}

const struct ewx_debt *ewx_debts_remover(const struct ewx_debts *debts,
					 u32 class)
{
	u8 entry;

	if (!debts->open || class >= debts->classes)
		return NULL;
	entry = debts->removed_by[class];
	if (!entry || entry == EWX_DEBT_UNNAMED)
		return NULL;
	return &debts->log[entry - 1];
}

// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Comparing what two compiled policies say; see compare.h.
 *
 * Owns: which requests are asked, and which of their differences are one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uapi/linux/enclave_permissions.h>
#include "compare.h"
#include "request.h"
#include <ewx/words.h>
#include "../security/enclave/facts.h"
#include "../security/ewx/core/read.h"

/* More pages than any enclave has: what is limited is denied. */
#define ALL_PAGES (1ull << 52)
#define WORK_MAX 8000000 /* decisions */

static const struct {
	u32 from, ident;
} permissions[] = {
#define PERMISSION(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = { ENCLAVE_CLAUSE_##from, \
				      ENCLAVE_CLAUSE_##ident },
	ENCLAVE_PERMISSIONS(PERMISSION)
#undef PERMISSION
};

/* A request that needs the permission. */
static const struct {
	u32 bit;
	const char *text;
} operations[] = {
	{ ENCLAVE_PERM_BIT_EXEC_FILE, "load rx file" },
	{ ENCLAVE_PERM_BIT_EXEC_MODIFIED, "load rx file modified" },
	{ ENCLAVE_PERM_BIT_EXEC_ANON, "load rx anon" },
	{ ENCLAVE_PERM_BIT_EXEC_MUTABLE, "load rx file mutable" },
	{ ENCLAVE_PERM_BIT_EXEC_UNMEASURED, "load rx file unmeasured" },
	{ ENCLAVE_PERM_BIT_LOAD_WX, "load rwx anon" },
	{ ENCLAVE_PERM_BIT_MAP_WX, "mmap rwx page rwx anon" },
	{ ENCLAVE_PERM_BIT_EXEC_DYNAMIC, "mprotect rx page rwx dynamic" },
	{ ENCLAVE_PERM_BIT_EXEC_WRITTEN, "mprotect rx page rwx anon ever-w" },
	{ ENCLAVE_PERM_BIT_AUGMENT, "add rw" },
	{ ENCLAVE_PERM_BIT_CHANGE, "mprotect r page rw anon" },
	{ ENCLAVE_PERM_BIT_CREATE, "create" },
	{ ENCLAVE_PERM_BIT_INIT, "init" },
	{ ENCLAVE_PERM_BIT_DEBUG, "debug" },
	{ ENCLAVE_PERM_BIT_PROVISION, "provision" },
	{ ENCLAVE_PERM_BIT_DEBUG_WRITE, "access w page rx anon" },
	{ ENCLAVE_PERM_BIT_SHARE, "mmap r page r anon" },
	{ ENCLAVE_PERM_BIT_VEPC, "vepc" },
};

/**
 * struct asked - what is being asked about.
 * @file, @enclave: NULL: the permission does not concern one
 * @weight: how many of these it stands for
 */
struct asked {
	u32 bit;
	const struct ewx_point *process;
	const struct ewx_point *file;
	const struct ewx_point *enclave;
	size_t weight;
};

static void fill_query(struct ewx_compare *c, const struct asked *a,
		       struct ewx_query *q)
{
	struct ewx_request_error error;
	const char *text = "";

	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (operations[i].bit == a->bit)
			text = operations[i].text;
	if (ewx_request_parse(text, strlen(text), q, &error))
		return;
	q->required = 1u << a->bit;
	q->now = c->now;
	q->subject = EWX_SUBJECT_PROCESS;
	q->domain[0] = '\0';
	q->euid = a->process->low;
	q->egid = a->process->high;
	q->flags |= a->process->flags;
	if (a->process->fs)
		snprintf(q->cgroup, sizeof(q->cgroup), "%s", a->process->fs);
	if (a->process->context)
		snprintf(q->context, sizeof(q->context), "%s",
			 a->process->context);
	if (a->process->path)
		snprintf(q->exe, sizeof(q->exe), "%s", a->process->path);
	if (a->bit == ENCLAVE_PERM_BIT_SHARE)
		q->flags |= EWX_QUERY_FOREIGN;
	if (a->file) {
		snprintf(q->path, sizeof(q->path), "%s", a->file->path);
		snprintf(q->fs, sizeof(q->fs), "%s", a->file->fs);
		q->owner = a->file->low;
		q->flags |= a->file->flags;
		if (a->file->fs_verity)
			memcpy(q->fs_verity, a->file->fs_verity,
			       sizeof(q->fs_verity));
		if (a->file->dm_verity)
			memcpy(q->dm_verity, a->file->dm_verity,
			       sizeof(q->dm_verity));
	}
	if (a->enclave) {
		q->identity_kind = EWX_IDENTITY_RAW;
		q->flags |= a->enclave->flags;
		memcpy(q->signer, a->enclave->signer, sizeof(q->signer));
		memcpy(q->measurement, a->enclave->measurement,
		       sizeof(q->measurement));
		q->product = a->enclave->product;
		q->svn = a->enclave->svn;
		q->attributes = a->enclave->attributes;
		q->xfrm = a->enclave->xfrm;
	} else {
		q->identity_kind = EWX_IDENTITY_UNLISTED;
	}
}

static void decide(struct ewx_compare *c, const struct asked *a, int k,
		   u64 pages, struct ewx_verdict *v)
{
	u64 uses[ENCLAVE_PERM_COUNT] = { 0 };
	const struct ewx_question question = {
		.domain = a->process->result[k],
		.source = a->file ? a->file->result[k] : EWX_CLASS_UNLISTED,
		.identity = a->enclave ? a->enclave->result[k] :
					 EWX_CLASS_UNLISTED,
		.required = 1u << a->bit,
		.now = c->now,
		.uses = uses,
	};

	uses[a->bit] = pages;
	ewx_decide(c->p[k], &question, v);
}

/* How many pages the policy allows, ALL_PAGES without a limit. */
static u64 limit_of(struct ewx_compare *c, const struct asked *a, int k)
{
	struct ewx_verdict v;
	u32 rule, max;
	u64 until;

	decide(c, a, k, ALL_PAGES, &v);
	rule = v.rule[a->bit];
	if (!v.denied || rule == EWX_NONE)
		return ALL_PAGES;
	ewx_rule_terms(c->p[k], rule, &max, &until);
	return max;
}

/* Ask both policies; tell the caller if their answers differ. */
static void ask(struct ewx_compare *c, const struct asked *a, u64 pages,
		u64 now)
{
	struct ewx_query *q = ewx_pool_alloc(&c->pool, 1, sizeof(*q));
	struct ewx_reply reply[2];
	bool good = true;

	fill_query(c, a, q);
	q->now = now;
	q->uses[a->bit] = pages;
	for (int k = 0; k < 2; k++) {
		u64 *candidates = ewx_pool_alloc(
			&c->pool, c->p[k]->set_words + 1, sizeof(u64));

		good &= !ewx_answer(c->p[k], q, candidates, &reply[k]);
		ewx_pool_drop(&c->pool, candidates);
	}
	if (good && reply[0].denied != reply[1].denied)
		c->found(c, q, reply);
	ewx_pool_drop(&c->pool, q);
}

/* One decision of both policies; @seen: differences that were told. */
static void compare_one(struct ewx_compare *c, const struct asked *a,
			struct ewx_sets *seen)
{
	struct ewx_verdict v[2];
	u64 limit[2], until;
	u32 key[6], count = ewx_sets_count(seen);

	c->work++;
	for (int k = 0; k < 2; k++)
		decide(c, a, k, 1, &v[k]);
	if (v[0].denied && v[1].denied)
		return;
	c->changed += v[0].denied != v[1].denied ? a->weight : 0;
	key[0] = a->bit;
	for (int k = 0; k < 2; k++) {
		key[1 + k] = a->process->result[k];
		key[3 + k] = v[k].rule[a->bit];
	}
	key[5] = v[0].denied ? 1 : v[1].denied ? 2 : 0;
	if (ewx_sets_intern(seen, key, 6) < count)
		return;
	if (v[0].denied != v[1].denied) {
		ask(c, a, 0, c->now);
		return;
	}
	for (int k = 0; k < 2; k++)
		limit[k] = limit_of(c, a, k);
	if (limit[0] != limit[1])
		ask(c, a, limit[0] < limit[1] ? limit[0] : limit[1], c->now);
	until = v[0].valid_until < v[1].valid_until ? v[0].valid_until :
						      v[1].valid_until;
	if (v[0].valid_until != v[1].valid_until)
		ask(c, a, 0, until + 1);
}

/* Room for more decisions; if not, what follows is left out. */
static bool may_go_on(struct ewx_compare *c)
{
	if (c->work > WORK_MAX)
		c->complete = false;
	return c->work <= WORK_MAX;
}

/* @n: the process */
static void compare_process(struct ewx_compare *c, size_t n, u32 bit,
			    const struct ewx_groups groups[2],
			    struct ewx_sets *seen)
{
	static const struct ewx_group one = { 0, 1 };
	bool from = permissions[bit].from != ENCLAVE_CLAUSE_REFUSED;
	bool ident = permissions[bit].ident != ENCLAVE_CLAUSE_REFUSED;
	size_t files = 1, enclaves = 1, i, j;
	const struct ewx_group *file =
		from ? ewx_groups_get(&groups[0], n, &files) : &one;
	const struct ewx_group *enclave =
		ident ? ewx_groups_get(&groups[1], n, &enclaves) : &one;
	struct asked a = { .bit = bit, .process = &c->processes.at[n] };

	for (i = 0; i < files; i++)
		for (j = 0; j < enclaves && may_go_on(c); j++) {
			a.file = from ? &c->files.at[file[i].point] : NULL;
			a.enclave = ident ? &c->enclaves.at[enclave[j].point] :
					    NULL;
			a.weight = (size_t)file[i].weight * enclave[j].weight;
			compare_one(c, &a, seen);
		}
}

static void run(void *arg)
{
	struct ewx_compare *c = arg;
	struct ewx_groups groups[2];
	struct ewx_sets seen;
	size_t count = 0;

	ewx_compare_points(c);
	ewx_sets_init(&seen, &c->pool);
	for (int k = 0; k < 2; k++)
		ewx_groups_init(&groups[k], c, !k);
	for (; count < c->processes.count && may_go_on(c); count++)
		for (int k = 0; k < 2; k++)
			ewx_groups_add(&groups[k], c,
				       c->processes.at[count].result);
	c->work = 0;
	for (u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		for (size_t i = 0; i < count; i++)
			compare_process(c, i, bit, groups, &seen);
}

int ewx_compare(struct ewx_compare *c)
{
	enum ewx_stop stop = ewx_pool_run(&c->pool, run, c);

	ewx_pool_free(&c->pool);
	return stop == EWX_STOP_NONE ? 0 : -1;
}

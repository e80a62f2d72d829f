// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit test of random policies and requests: the kernel's engine gives the verdicts
 * that the evaluator of the syntax tree expects (tests/differential).
 *
 * Owns: the comparison in the kernel. Policies, requests and verdicts are read from a
 * file (test_exchange.h) in a directory that tests/differential/check-kernel fills;
 * without it, as at boot, nothing is compared. It is run through its file in debugfs.
 *
 * Each policy is loaded as any other. A request is answered as the node ewx/query
 * answers it, and judged as a hook does: the domain is that of a credential, where the
 * test can be a process as the request says, the class is that of an enclave, and one
 * whose identity is not known has debts. Its file is the one thing that is not made.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "cred.h"
#include "debts.h"
#include "enclave.h"
#include "subject.h"
#include "test_exchange.h"
#include "test_util.h"

#define FILE_NAME "/run/ewx-differential/pairs"
#define TOLD 5 /* differences that are told one by one */

/**
 * struct exchange - the file, what was read of it and what came of that.
 * @file: open
 * @at: read up to there
 * @head: of the file
 * @part: the policy's
 * @blob: it, until it is loaded
 * @requests: its requests
 * @policy: a reference to the policy
 * @e: an enclave, initialised
 * @debts: of one that is not
 * @candidates: classes that a request has left
 * @want: the request, and what is expected
 * @got: the answer
 * @counts: what was seen
 * @domains: credentials whose domain was compared
 * @classes: enclaves whose class was compared
 * @owed: requests of unknown identity whose debts were compared
 */
struct exchange {
	struct file *file;
	loff_t at;
	struct ewx_exchange_head head;
	struct ewx_exchange_policy part;
	void *blob;
	void *requests;
	struct ewx_loaded *policy;
	struct enclave *e;
	struct ewx_debts *debts;
	u64 candidates[EWX_EXCHANGE_WORDS];
	struct ewx_exchange_request want;
	struct ewx_reply got;
	struct ewx_exchange_counts counts;
	u64 domains, classes, owed;
};

/* All of @size bytes, or the file is none. */
static void read_whole(struct kunit *test, struct exchange *x, void *to,
		       size_t size)
{
	ssize_t n;

	while (size) {
		n = kernel_read(x->file, to, size, &x->at);
		KUNIT_ASSERT_GT_MSG(test, n, 0, FILE_NAME " ends early");
		to += n;
		size -= n;
	}
}

/* The class of an enclave that is who the request says, as a hook has it. */
static u32 enclave_class(struct exchange *x)
{
	const struct ewx_query *q = &x->want.query;
	struct enclave_identity *id = &x->e->identity;

	id->has_signer = q->flags & EWX_QUERY_HAS_SIGNER;
	memcpy(id->signer, q->signer, sizeof(id->signer));
	memcpy(id->measurement, q->measurement, sizeof(id->measurement));
	id->product = q->product;
	id->svn = q->svn;
	id->attributes = q->attributes;
	id->xfrm = q->xfrm;
	ewx_enclave(x->e)->identity_generation = 0;
	ewx_enclave_expect(x->e, x->policy);
	return ewx_enclave_class(x->e, x->policy);
}

/*
 * A test is in the root of the control groups and has no label: that is what the
 * request says, or the policy does not ask.
 */
static bool could_be_here(const struct exchange *x)
{
	const struct ewx_query *q = &x->want.query;

	return q->subject == EWX_SUBJECT_PROCESS &&
	       (!ewx_policy_has(x->policy, CGROUP) ||
		!strcmp(q->cgroup, "/")) &&
	       (!ewx_policy_has(x->policy, CONTEXT) || !q->context[0]);
}

/* The domain of a process that is what the request says, as a hook has it. */
static u32 process_domain(struct kunit *test, struct exchange *x)
{
	const struct ewx_query *q = &x->want.query;
	struct cred *cred;
	u32 domain;

	cred = ewx_test_cred(test, q->exe[0] ? q->exe : NULL,
			     !(q->flags & EWX_QUERY_NO_EXE_PATH), q->euid);
	cred->egid = make_kgid(&init_user_ns, q->egid);
	domain = ewx_subject_domain(x->policy, current, cred);
	abort_creds(cred);
	return domain;
}

/* The classes that a request has left are those that the evaluator names. */
static bool same_left(const struct exchange *x, const u64 *left)
{
	return !memcmp(left, x->want.left,
		       x->policy->core.set_words * sizeof(*left));
}

static const char *compare_domain(struct kunit *test, struct exchange *x,
				  struct ewx_question *q)
{
	const struct ewx_policy *p = &x->policy->core;
	bool guarded;

	q->domain = x->want.reply.domain;
	if (ewx_domain_permissive(p, q->domain, q->now) != x->want.permissive)
		return "permissive";
	guarded = ewx_domain_flags(p, q->domain) & EWX_DOMAIN_GUARDED;
	if (guarded != x->want.guarded)
		return "guarded";
	if (!could_be_here(x))
		return NULL;
	x->domains++;
	q->domain = process_domain(test, x);
	return q->domain == x->want.reply.domain ? NULL :
						   "domain of the credentials";
}

static const char *compare_class(struct exchange *x, struct ewx_question *q)
{
	q->identity = x->want.reply.identity_class;
	if (x->want.query.identity_kind != EWX_IDENTITY_RAW)
		return NULL;
	x->classes++;
	q->identity = enclave_class(x);
	return q->identity == x->want.reply.identity_class ?
		       NULL :
		       "class of the enclave";
}

static const char *compare_verdict(struct exchange *x,
				   const struct ewx_question *q)
{
	const struct ewx_reply *w = &x->want.reply;
	struct ewx_verdict v;

	if (x->want.query.identity_kind == EWX_IDENTITY_UNKNOWN) {
		x->debts = ewx_debts_renew(x->debts, ewx_policy_ref(x->policy));
		if (!x->debts)
			return "memory of debts";
		x->owed++;
		ewx_debts_judge(x->debts, q, &v);
		if (!same_left(x, x->debts->scratch))
			return "debts";
	} else {
		ewx_decide(&x->policy->core, q, &v);
	}
	return v.allowed == w->allowed && v.denied == w->denied ? NULL :
								  "verdict";
}

/* What differs when it is judged as a hook judges, or NULL. */
static const char *compare_judged(struct kunit *test, struct exchange *x)
{
	struct ewx_question q = {
		.source = x->want.reply.source_class,
		.required = x->want.reply.required,
		.now = x->want.query.now,
		.uses = x->want.uses,
	};

	const char *differs = compare_domain(test, x, &q);

	if (!differs)
		differs = compare_class(x, &q);
	return differs ?: compare_verdict(x, &q);
}

/* Return: what differs, or NULL. */
static const char *compare(struct kunit *test, struct exchange *x)
{
	int err = ewx_answer(&x->policy->core, &x->want.query, x->candidates,
			     &x->got);
	const char *differs = ewx_exchange_differs(&x->want, err, &x->got);

	ewx_exchange_count(&x->counts, err, &x->got);
	if (differs || err)
		return differs;
	if (x->want.query.identity_kind == EWX_IDENTITY_UNKNOWN &&
	    !same_left(x, x->candidates))
		return "classes left";
	return compare_judged(test, x);
}

static void tell(struct kunit *test, const struct exchange *x, u32 request,
		 const char *differs)
{
	const struct ewx_reply *w = &x->want.reply;

	kunit_err(test, "differ: policy %u, request %u: %s\n", x->part.number,
		  request, differs);
	kunit_err(
		test,
		"  expected %d result %u allowed %x denied %x domain %u; got result %u allowed %x denied %x domain %u\n",
		x->want.error, w->result, w->allowed, w->denied, w->domain,
		x->got.result, x->got.allowed, x->got.denied, x->got.domain);
}

static void load(struct kunit *test, struct exchange *x)
{
	struct ewx_load_result r;
	void *blob;
	int err;

	x->blob = kvmalloc(x->part.size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, x->blob);
	read_whole(test, x, x->blob, x->part.size);
	blob = x->blob;
	x->blob = NULL;
	err = ewx_policy_load(blob, x->part.size, NULL, &r);
	KUNIT_ASSERT_EQ_MSG(test, err, 0, "policy %u", x->part.number);
	ewx_policy_put(x->policy);
	x->policy = ewx_policy_get();
	KUNIT_ASSERT_LE(test, x->policy->core.set_words, EWX_EXCHANGE_WORDS);
}

static void ask_policy(struct kunit *test, struct exchange *x)
{
	const char *differs;
	size_t at = 0, used;
	u32 i;

	memset(&x->want, 0, sizeof(x->want));
	for (i = 0; i < x->part.requests; i++) {
		used = ewx_exchange_next(&x->want, x->requests + at,
					 x->part.length - at);
		KUNIT_ASSERT_NE(test, used, 0);
		at += used;
		differs = compare(test, x);
		if (differs && x->counts.differences++ < TOLD)
			tell(test, x, i, differs);
	}
	KUNIT_ASSERT_EQ(test, at, x->part.length);
}

static void print_counts(struct kunit *test, const struct exchange *x)
{
	const struct ewx_exchange_least *least = &x->head.least;
	const struct ewx_exchange_counts *c = &x->counts;
	u32 bit;

	kunit_info(
		test,
		"%llu pairs: %llu allow, %llu deny, %llu deferred; %llu requests about nobody\n",
		c->pairs, c->result[EWX_RESULT_ALLOW],
		c->result[EWX_RESULT_DENY], c->result[EWX_RESULT_DEFER],
		c->nobody);
	kunit_info(
		test,
		"demanded: %llu pairs: %llu allow, %llu deny, %llu deferred; each permission %llu times allowed, missing, and deferred if it can be\n",
		x->head.pairs, least->allowed, least->denied, least->deferred,
		least->each);
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		kunit_info(test,
			   "%-16s %8llu allowed %8llu missing %8llu deferred\n",
			   enclave_permission_names[bit], c->allowed[bit],
			   c->missing[bit], c->deferred[bit]);
	kunit_info(
		test,
		"%llu of the domains are also those of credentials, %llu of the classes those of enclaves, %llu times the debts\n",
		x->domains, x->classes, x->owed);
}

static void random_pairs(struct kunit *test)
{
	struct exchange *x = test->priv;

	/* A test that is skipped once could not be run later. */
	if (!x) {
		kunit_info(test, "no " FILE_NAME "\n");
		return;
	}
	read_whole(test, x, &x->head, sizeof(x->head));
	KUNIT_ASSERT_TRUE(test, ewx_exchange_head_fits(&x->head));
	for (;;) {
		read_whole(test, x, &x->part, sizeof(x->part));
		if (!x->part.size)
			break;
		KUNIT_ASSERT_LE(test, x->part.size, EWX_EXCHANGE_POLICY_MAX);
		KUNIT_ASSERT_LE(test, x->part.length, EWX_EXCHANGE_POLICY_MAX);
		load(test, x);
		x->requests = kvmalloc(x->part.length, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, x->requests);
		read_whole(test, x, x->requests, x->part.length);
		ask_policy(test, x);
		kvfree(x->requests);
		x->requests = NULL;
		cond_resched();
	}
	print_counts(test, x);
	KUNIT_EXPECT_EQ(test, x->counts.differences, 0);
	KUNIT_EXPECT_TRUE_MSG(test, ewx_exchange_enough(&x->head, &x->counts),
			      "too few of some outcome");
	/* As a hook judges: that must not be left out by a mistake of the test. */
	KUNIT_EXPECT_GT(test, x->domains, x->counts.pairs / 50);
	KUNIT_EXPECT_GT(test, x->classes, x->counts.pairs / 50);
	KUNIT_EXPECT_GT(test, x->owed, x->counts.pairs / 50);
}

static int exchange_init(struct kunit *test)
{
	int err = ewx_test_suite_init(test);
	struct exchange *x;
	struct file *file;

	if (err)
		return err;
	file = filp_open(FILE_NAME, O_RDONLY | O_LARGEFILE, 0);
	if (IS_ERR(file))
		return PTR_ERR(file) == -ENOENT ? 0 : PTR_ERR(file);
	x = kvzalloc(sizeof(*x), GFP_KERNEL);
	if (!x) {
		fput(file);
		return -ENOMEM;
	}
	x->file = file;
	test->priv = x;
	x->e = ewx_test_enclave(test);
	x->e->created = true;
	x->e->initialized = true;
	x->e->identity.tag = ENCLAVE_IDENTITY_TAG;
	return 0;
}

static void exchange_exit(struct kunit *test)
{
	struct exchange *x = test->priv;

	if (x) {
		if (x->e)
			ewx_test_enclave_free(x->e);
		ewx_debts_free(x->debts);
		ewx_policy_put(x->policy);
		kvfree(x->blob);
		kvfree(x->requests);
		fput(x->file);
		kvfree(x);
	}
	ewx_test_suite_exit(test);
}

static struct kunit_case exchange_cases[] = { KUNIT_CASE(random_pairs), {} };

static struct kunit_suite exchange_suite = {
	.name = "ewx_differential",
	.init = exchange_init,
	.exit = exchange_exit,
	.test_cases = exchange_cases,
};

kunit_test_suite(exchange_suite);

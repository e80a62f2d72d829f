// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit test of the verdict vectors: the kernel's engine gives the replies that
 * userspace gave, each field alike.
 */
#include <linux/array_size.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "test_util.h"
#include "test_vectors.h"

/* A policy's bytes, verified. */
static void load(struct kunit *test, u32 which, struct ewx_policy *p)
{
	const struct ewx_test_vector_policy *policy =
		&ewx_test_vector_policies[which];
	struct ewx_fault fault;
	size_t words = 0, at = 0;
	__le32 *blob;
	u32 i, n;

	for (i = 0; i < policy->count; i += 2)
		words += policy->runs[i];
	blob = kunit_kcalloc(test, words, sizeof(*blob), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, blob);
	for (i = 0; i < policy->count; i += 2) {
		for (n = 0; n < policy->runs[i]; n++)
			blob[at++] = cpu_to_le32(policy->runs[i + 1]);
	}
	KUNIT_ASSERT_TRUE_MSG(
		test, ewx_policy_verify(blob, words * sizeof(*blob), p, &fault),
		"%s", policy->name);
}

static void copy_text(char *to, const char *from, size_t size)
{
	strscpy(to, from ?: "", size);
}

static void make_query(const struct ewx_test_vector *v, struct ewx_query *q)
{
	memset(q, 0, sizeof(*q));
	q->magic = EWX_QUERY_MAGIC;
	q->size = sizeof(*q);
	q->op = v->op;
	q->access = v->access;
	q->facts = v->facts;
	q->required = v->required;
	q->flags = v->flags;
	q->subject = v->subject;
	q->identity_kind = v->identity_kind;
	q->euid = v->euid;
	q->egid = v->egid;
	q->owner = v->owner;
	q->now = v->now;
	q->product = v->product;
	q->svn = v->svn;
	q->attributes = v->attributes;
	memcpy(q->signer, v->signer, sizeof(q->signer));
	memcpy(q->measurement, v->measurement, sizeof(q->measurement));
	q->xfrm = v->xfrm;
	memcpy(q->fs_verity, v->fs_verity, sizeof(q->fs_verity));
	memcpy(q->dm_verity, v->dm_verity, sizeof(q->dm_verity));
	memcpy(q->uses, v->uses, sizeof(q->uses));
	copy_text(q->domain, v->domain, sizeof(q->domain));
	copy_text(q->identity, v->identity, sizeof(q->identity));
	copy_text(q->fs, v->fs, sizeof(q->fs));
	copy_text(q->exe, v->exe, sizeof(q->exe));
	copy_text(q->path, v->path, sizeof(q->path));
	copy_text(q->cgroup, v->cgroup, sizeof(q->cgroup));
	copy_text(q->context, v->context, sizeof(q->context));
}

static void vectors_agree(struct kunit *test)
{
	const struct ewx_test_vector *v;
	struct ewx_policy *p;
	struct ewx_query *q;
	struct ewx_reply r;
	u64 *candidates;
	size_t i;

	p = kunit_kcalloc(test, ARRAY_SIZE(ewx_test_vector_policies),
			  sizeof(*p), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, p);
	for (i = 0; i < ARRAY_SIZE(ewx_test_vector_policies); i++)
		load(test, i, &p[i]);
	q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, q);
	for (i = 0; i < ARRAY_SIZE(ewx_test_vectors); i++) {
		v = &ewx_test_vectors[i];
		candidates = kunit_kcalloc(test, p[v->policy].set_words + 1,
					   sizeof(*candidates), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, candidates);
		make_query(v, q);
		KUNIT_EXPECT_EQ_MSG(
			test, ewx_answer(&p[v->policy], q, candidates, &r), 0,
			"%s", v->where);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(&r, &v->reply, sizeof(r)),
				      "%s", v->where);
		kunit_kfree(test, candidates);
	}
}

static struct kunit_case cases[] = { KUNIT_CASE(vectors_agree), {} };

static struct kunit_suite suite = {
	.name = "ewx_vectors",
	.test_cases = cases,
};

kunit_test_suite(suite);

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

/* What no caller may ask is not answered, whatever the rest of it says. */
static void malformed_queries(struct kunit *test)
{
#define BYTES(member, byte)                                             \
	{ offsetof(struct ewx_query, member),                           \
	  sizeof(((struct ewx_query *)0)->member), byte, #member }
	static const struct {
		size_t at;
		size_t size;
		u8 byte;
		const char *name;
	} broken[] = {
		BYTES(magic, 0),	 BYTES(size, 0),
		BYTES(op, 0),		 BYTES(op, 0xff),
		BYTES(access, 0xff),	 BYTES(facts, 0xff),
		BYTES(required, 0xff),	 BYTES(flags, 0xff),
		BYTES(subject, 0xff),	 BYTES(identity_kind, 0xff),
		BYTES(domain, 'x'),	 BYTES(identity, 'x'),
		BYTES(fs, 'x'),		 BYTES(exe, 'x'),
		BYTES(path, 'x'),	 BYTES(cgroup, 'x'),
		BYTES(context, 'x'),
	};
#undef BYTES
	struct ewx_query *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	struct ewx_reply r;
	struct ewx_policy p;
	u64 *candidates;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, q);
	load(test, ewx_test_vectors[0].policy, &p);
	candidates = kunit_kcalloc(test, p.set_words + 1, sizeof(*candidates),
				   GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, candidates);
	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		make_query(&ewx_test_vectors[0], q);
		KUNIT_EXPECT_EQ(test, ewx_answer(&p, q, candidates, &r), 0);
		memset((u8 *)q + broken[i].at, broken[i].byte, broken[i].size);
		KUNIT_EXPECT_EQ_MSG(test, ewx_answer(&p, q, candidates, &r),
				    -EINVAL, "%s", broken[i].name);
		KUNIT_EXPECT_EQ(test, r.size, 0);
	}
	/* Well formed, but about nobody. */
	make_query(&ewx_test_vectors[0], q);
	q->subject = EWX_SUBJECT_DOMAIN;
	strscpy(q->domain, "nobody");
	KUNIT_EXPECT_EQ(test, ewx_answer(&p, q, candidates, &r), -ENOENT);
	make_query(&ewx_test_vectors[0], q);
	q->identity_kind = EWX_IDENTITY_NAMED;
	strscpy(q->identity, "nobody");
	KUNIT_EXPECT_EQ(test, ewx_answer(&p, q, candidates, &r), -ENOENT);
}

/* What a policy does not have has neither name nor place. */
static void beyond_the_ends(struct kunit *test)
{
	const char *file;
	struct ewx_policy p;
	u32 line;

	load(test, ewx_test_vectors[0].policy, &p);
	KUNIT_EXPECT_TRUE(test, ewx_domain_line(&p, 0, &file, &line));
	KUNIT_EXPECT_FALSE(test, ewx_domain_line(&p, EWX_NONE, &file, &line));
	KUNIT_EXPECT_FALSE(test, ewx_rule_line(&p, EWX_NONE, &file, &line));
	KUNIT_EXPECT_STREQ(test, ewx_domain_name(&p, EWX_NONE), "");
	KUNIT_EXPECT_EQ(test, ewx_domain_flags(&p, EWX_NONE), 0);
	KUNIT_EXPECT_STREQ(test, ewx_string(&p, EWX_NONE), "");
	KUNIT_EXPECT_NULL(test, ewx_source_class_name(&p, EWX_NONE, 0));
	KUNIT_EXPECT_NULL(test, ewx_identity_class_name(&p, EWX_NONE, 0));
	KUNIT_EXPECT_EQ(test, ewx_domain_find(&p, "nobody"), EWX_NONE);
}

static struct kunit_case cases[] = { KUNIT_CASE(vectors_agree),
				     KUNIT_CASE(malformed_queries),
				     KUNIT_CASE(beyond_the_ends),
				     {} };

static struct kunit_suite suite = {
	.name = "ewx_vectors",
	.test_cases = cases,
};

kunit_test_suite(suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bench of the KUnit tests; see bench.h.
 */
#include <kunit/static_stub.h>
#include <linux/mm.h>

#include "bench.h"
#include "lsm.h"
#include "store.h"

const struct vm_operations_struct enclave_bench_vm_ops = {};

static const struct enclave_provider bench_provider = {
	.name = "test",
	.vm_ops = &enclave_bench_vm_ops,
};

const struct enclave_identity enclave_bench_identity = {
	.tag = ENCLAVE_IDENTITY_TAG,
	.measurement = { 1, 2, 3 },
	.product = 7,
};

static struct enclave_bench *bench_of(void)
{
	return kunit_get_current_test()->priv;
}

static int bench_judge(struct enclave *e, const struct enclave_request *req)
{
	struct enclave_bench *b = bench_of();

	b->last = *req;
	b->asked++;
	if (req->divisible && b->most && req->range.count > b->most)
		return -E2BIG;
	return (req->required & b->deny) ? -EACCES : b->verdict;
}

static void bench_commit(struct enclave *e, const struct enclave_request *req)
{
	bench_of()->commits++;
}

static void bench_refused(struct enclave *e, const struct enclave_request *req)
{
	bench_of()->refusal = req->refusal;
	bench_of()->refused_at = req->range;
}

/** enclave_bench_setup() - an enclave that is not created yet. */
int enclave_bench_setup(struct kunit *test)
{
	struct enclave_bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	b->e = enclave_alloc(&bench_provider);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b->e);
	kunit_activate_static_stub(test, lsm_enclave_judge, bench_judge);
	kunit_activate_static_stub(test, lsm_enclave_commit, bench_commit);
	kunit_activate_static_stub(test, lsm_enclave_refused, bench_refused);
	return 0;
}

/** enclave_bench_teardown() - the enclave's end. */
void enclave_bench_teardown(struct kunit *test)
{
	struct enclave_bench *b = test->priv;

	if (b)
		enclave_free(b->e);
}

/** enclave_bench_lock() - every case begins with this, in its own thread. */
struct enclave_bench *enclave_bench_lock(struct kunit *test)
{
	struct enclave_bench *b = test->priv;

	enclave_lock(b->e);
	return b;
}

/** enclave_bench_unlock() - and ends with this. */
void enclave_bench_unlock(struct enclave_bench *b)
{
	security_enclave_abort(b->e);
	enclave_unlock(b->e);
}

/** enclave_bench_create() - create it with no attribute. */
void enclave_bench_create(struct kunit *test)
{
	struct enclave_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_create(b->e, ENCLAVE_BENCH_PAGES,
						&enclave_bench_identity));
	security_enclave_commit(b->e);
}

/** enclave_bench_init() - initialise it. */
void enclave_bench_init(struct kunit *test)
{
	struct enclave_bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_init(b->e, &enclave_bench_identity));
	security_enclave_commit(b->e);
}

/** enclave_bench_load() - load measured bytes without a source. */
void enclave_bench_load(struct kunit *test, u64 first, u64 count, u32 intent)
{
	struct enclave_bench *b = test->priv;
	struct enclave_range range = enclave_bench_range(first, count);

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_load(b->e, range, NULL, NULL, intent,
					      ENCLAVE_LOAD_MEASURED));
	security_enclave_commit(b->e);
}

/** enclave_bench_facts() - the facts of a page. */
enclave_facts enclave_bench_facts(struct enclave_bench *b, u64 page)
{
	return enclave_store_page(b->e->store, page);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of an enclave whose last reference an mm_struct had.
 *
 * Owns: the test that it ends where one may sleep; what sleeps elsewhere, the debug
 * kernel's log says. Needs the driver's structures and no SGX, not even a software
 * one: the enclave has no pages.
 */
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/iopoll.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mmu_notifier.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/xarray.h>

#include "../encl.h"

/* What opening /dev/sgx_enclave makes. */
static struct sgx_encl *open_enclave(struct kunit *test)
{
	struct sgx_encl *encl = kzalloc(sizeof(*encl), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, encl);
	kref_init(&encl->refcount);
	xa_init(&encl->page_array);
	mutex_init(&encl->lock);
	INIT_LIST_HEAD(&encl->va_pages);
	INIT_LIST_HEAD(&encl->mm_list);
	spin_lock_init(&encl->mm_lock);
	KUNIT_ASSERT_EQ(test, 0, init_srcu_struct(&encl->srcu));
	KUNIT_ASSERT_EQ(test, 0, sgx_enclave_open(encl));
	return encl;
}

static bool is_other(struct enclave *e, void *arg)
{
	const struct enclave **which = arg;

	if (e == *which)
		*which = NULL;
	return *which;
}

/* @e is only compared. */
static bool is_there(const struct enclave *e)
{
	enclave_for_each(is_other, &e);
	return !e;
}

static void release_from_callback(struct kunit *test)
{
	struct sgx_encl *encl = open_enclave(test);
	struct enclave *e = encl->enclave;
	struct mm_struct *mm = mm_alloc();
	bool there;

	KUNIT_ASSERT_NOT_NULL(test, mm);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, sgx_encl_mm_add(encl, mm));
	mmap_write_unlock(mm);
	/* The file is closed, the process ends. */
	kref_put(&encl->refcount, sgx_encl_release);
	KUNIT_EXPECT_TRUE(test, is_there(e));
	mmput(mm);
	mmu_notifier_synchronize();
	/* Nothing tells that the work is done: it frees what it is in. */
	KUNIT_EXPECT_EQ(test, 0,
			read_poll_timeout(is_there, there, !there, 1000,
					  10 * USEC_PER_SEC, false, e));
}

static struct kunit_case release_cases[] = {
	KUNIT_CASE(release_from_callback), {}
};

static struct kunit_suite release_suite = {
	.name = "sgx_release",
	.test_cases = release_cases,
};

kunit_test_suite(release_suite);

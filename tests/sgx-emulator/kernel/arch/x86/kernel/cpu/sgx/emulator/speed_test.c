// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the hook of mprotect takes beside the driver's own walk over the pages: a
 * figure for a benchmark.
 *
 * Owns: the measurement. What the figure should be is for tests/bench to say.
 * Needs the driver's structures and no SGX, not even a software one: the enclave
 * has entries for its pages and no EPC.
 *
 * The line "NAME: A ns, B ns" gives the medians of alternating rounds. A round of
 * the hook is many calls: the guest's clock may count no more than ticks. How many
 * pages the enclave has is for who boots the kernel to say: entries of as many as the
 * benchmark wants take longer to make than one would wait for in a suite of tests.
 */
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sort.h>
#include <linux/xarray.h>

#include "../encl.h"

#define BASE (1UL << 40)
#define ROUNDS 5
#define CALLS 10000

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "sgx_speed."

static unsigned long pages = 1UL << 20;
module_param(pages, ulong, 0444);

/**
 * struct speed - the enclave, and a mapping of all of it.
 * @encl: what the driver has of it
 * @page: every page
 * @vma: the mapping
 * @hook: what a call took in each round of the hook, ns
 * @walk: what each round of the walk took, ns
 */
struct speed {
	struct sgx_encl encl;
	struct sgx_encl_page page;
	struct vm_area_struct vma;
	u64 hook[ROUNDS];
	u64 walk[ROUNDS];
};

static const struct enclave_identity identity = {
	.tag = ENCLAVE_IDENTITY_TAG,
};

static void speed_load(struct kunit *test, struct enclave *e)
{
	struct enclave_range all = { .first = 0, .count = pages };

	enclave_lock(e);
	KUNIT_EXPECT_EQ(test, 0, security_enclave_create(e, pages, &identity));
	security_enclave_commit(e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(e, all, NULL, NULL,
					      VM_READ | VM_WRITE, 0));
	security_enclave_commit(e);
	enclave_unlock(e);
}

static void speed_begin(struct kunit *test, struct speed *s)
{
	unsigned long i;

	KUNIT_ASSERT_EQ(test, 0, sgx_enclave_open(&s->encl));
	mutex_init(&s->encl.lock);
	xa_init(&s->encl.page_array);
	s->encl.base = BASE;
	s->encl.size = pages << PAGE_SHIFT;
	set_bit(SGX_ENCL_CREATED, &s->encl.flags);
	s->page.vm_max_prot_bits = VM_READ | VM_WRITE;
	for (i = 0; i < pages; i++) {
		KUNIT_ASSERT_EQ(test, 0,
				xa_err(xa_store(&s->encl.page_array,
						PFN_DOWN(BASE) + i, &s->page,
						GFP_KERNEL)));
		cond_resched();
	}
	s->vma.vm_start = BASE;
	s->vma.vm_end = BASE + s->encl.size;
	s->vma.vm_private_data = &s->encl;
	vm_flags_init(&s->vma, VM_SHARED | VM_MAYSHARE | VM_READ | VM_WRITE);
	speed_load(test, s->encl.enclave);
}

static u64 time_hook(struct kunit *test, struct speed *s)
{
	u64 begin = ktime_get_ns();
	int i, failed = 0;

	for (i = 0; i < CALLS; i++)
		failed |= sgx_enclave_mprotect(&s->vma, s->vma.vm_start,
					       s->vma.vm_end, s->vma.vm_flags);
	KUNIT_EXPECT_EQ(test, 0, failed);
	return div_u64(ktime_get_ns() - begin, CALLS);
}

static u64 time_walk(struct kunit *test, struct speed *s)
{
	u64 begin = ktime_get_ns();

	KUNIT_EXPECT_EQ(test, 0,
			sgx_encl_may_map(&s->encl, s->vma.vm_start,
					 s->vma.vm_end, s->vma.vm_flags));
	return ktime_get_ns() - begin;
}

static int compare_times(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static u64 median(u64 *times)
{
	sort(times, ROUNDS, sizeof(*times), compare_times, NULL);
	return times[ROUNDS / 2];
}

static void mprotect_uniform(struct kunit *test)
{
	struct speed *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, s);
	speed_begin(test, s);
	/* The first one changes facts. */
	time_hook(test, s);
	for (i = 0; i < ROUNDS; i++) {
		s->hook[i] = time_hook(test, s);
		s->walk[i] = time_walk(test, s);
	}
	kunit_info(test, "mprotect of %lu pages, walk: %llu ns, %llu ns\n",
		   pages, median(s->hook), median(s->walk));
	xa_destroy(&s->encl.page_array);
	sgx_enclave_free(&s->encl);
}

static struct kunit_case speed_cases[] = { KUNIT_CASE(mprotect_uniform), {} };

static struct kunit_suite speed_suite = {
	.name = "sgx_speed",
	.test_cases = speed_cases,
};

kunit_test_suite(speed_suite);

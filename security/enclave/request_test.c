// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of requests, commits and the rule about aliases.
 *
 * Owns: a provider and an LSM of its own, which records what it is asked and
 * answers what the test wants. Knows no policy.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/enclave.h>
#include <linux/file.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/personality.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>

#include "internal.h"
#include "lsm.h"
#include "store.h"

#define PAGES 1024

static const struct vm_operations_struct test_vm_ops = {};

static const struct enclave_provider test_provider = {
	.name = "test",
	.vm_ops = &test_vm_ops,
};

static const struct enclave_identity test_identity = {
	.tag = ENCLAVE_IDENTITY_TAG,
	.measurement = { 1, 2, 3 },
	.product = 7,
};

/**
 * struct bench - one enclave and the LSM that watches it.
 * @e: the enclave, locked during the test
 * @verdict: the LSM's answer to every request
 * @deny: permissions that the LSM denies whatever @verdict is
 * @last: the last request that was judged
 * @asked: how many were
 * @commits: how many were committed
 * @refusal: the last fixed refusal
 * @refused_at: of which pages
 */
struct bench {
	struct enclave *e;
	int verdict;
	u32 deny;
	struct enclave_request last;
	unsigned int asked;
	unsigned int commits;
	enum enclave_refusal refusal;
	struct enclave_range refused_at;
};

static struct bench *bench_of(void)
{
	return kunit_get_current_test()->priv;
}

static int bench_judge(struct enclave *e, const struct enclave_request *req)
{
	struct bench *b = bench_of();

	b->last = *req;
	b->asked++;
	return req->required & b->deny ? -EACCES : b->verdict;
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

static int bench_init(struct kunit *test)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	test->priv = b;
	b->e = enclave_alloc(&test_provider);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b->e);
	enclave_lock(b->e);
	kunit_activate_static_stub(test, lsm_enclave_judge, bench_judge);
	kunit_activate_static_stub(test, lsm_enclave_commit, bench_commit);
	kunit_activate_static_stub(test, lsm_enclave_refused, bench_refused);
	return 0;
}

static void bench_exit(struct kunit *test)
{
	struct bench *b = test->priv;

	if (!b || IS_ERR_OR_NULL(b->e))
		return;
	security_enclave_abort(b->e);
	enclave_unlock(b->e);
	enclave_free(b->e);
}

static struct enclave_range at(u64 first, u64 count)
{
	return (struct enclave_range){ .first = first, .count = count };
}

static enclave_facts facts_of(struct bench *b, u64 page)
{
	u64 end;

	return enclave_store_run(b->e->store, page, page + 1, &end);
}

static void create(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_create(b->e, PAGES, &test_identity));
	security_enclave_commit(b->e);
}

static void init(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, 0, security_enclave_init(b->e, &test_identity));
	security_enclave_commit(b->e);
}

/* Load bytes without a source. */
static void load(struct kunit *test, u64 first, u64 count, u32 intent)
{
	struct bench *b = test->priv;

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_load(b->e, at(first, count), NULL,
					      NULL, intent,
					      ENCLAVE_LOAD_MEASURED));
	security_enclave_commit(b->e);
}

static void create_states(struct kunit *test)
{
	struct bench *b = test->priv;
	struct enclave_identity id = test_identity;

	id.attributes = ENCLAVE_ATTR_DEBUG;
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_create(b->e, PAGES, &id));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_CREATE | ENCLAVE_PERM_DEBUG);
	KUNIT_EXPECT_NULL(test, b->e->store);

	b->verdict = 0;
	KUNIT_EXPECT_EQ(test, 0, security_enclave_create(b->e, PAGES, &id));
	security_enclave_abort(b->e);
	KUNIT_EXPECT_FALSE(test, b->e->created);
	KUNIT_EXPECT_NULL(test, b->e->store);

	KUNIT_EXPECT_EQ(test, 0, security_enclave_create(b->e, PAGES, &id));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test, b->e->created);
	KUNIT_EXPECT_EQ(test, b->e->pages, PAGES);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_create(b->e, PAGES, &id));
	KUNIT_EXPECT_NOT_NULL(test, b->e->store);
}

static void load_data_needs_nothing(struct kunit *test)
{
	struct bench *b = test->priv;

	create(test);
	load(test, 3, 1, ENCLAVE_R | ENCLAVE_W);
	KUNIT_EXPECT_EQ(test, b->last.required, 0u);
	KUNIT_EXPECT_EQ(test, facts_of(b, 3),
			enclave_facts_load(ENCLAVE_ORIGIN_ANON,
					   ENCLAVE_R | ENCLAVE_W, false, true));
	KUNIT_EXPECT_EQ(test, facts_of(b, 2), 0);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_load(b->e, at(3, 1), NULL, NULL,
					      ENCLAVE_R, 0));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_load(b->e, at(0, 8), NULL, NULL,
					      ENCLAVE_R, 0));
}

static void load_code_is_counted(struct kunit *test)
{
	struct bench *b = test->priv;
	const struct enclave_tally *t;

	create(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_load(b->e, at(16, 4), NULL, NULL,
					      ENCLAVE_RWX, 0));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_EXEC_ANON | ENCLAVE_PERM_EXEC_UNMEASURED |
				ENCLAVE_PERM_LOAD_WX);
	t = &b->last.tally[ENCLAVE_PERM_BIT_EXEC_ANON];
	KUNIT_EXPECT_EQ(test, t->first, 16);
	KUNIT_EXPECT_EQ(test, t->pages, 4);
	KUNIT_EXPECT_EQ(test, t->added, 4);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 0);

	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 4);
	KUNIT_EXPECT_EQ(test, b->commits, 2);
}

static void denied_or_failed_load_leaves_nothing(struct kunit *test)
{
	struct bench *b = test->priv;

	create(test);
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_load(b->e, at(0, 1), NULL, NULL,
					      ENCLAVE_X, 0));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, facts_of(b, 0), 0);

	b->verdict = 0;
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_load(b->e, at(0, 1), NULL, NULL,
					      ENCLAVE_X, 0));
	security_enclave_abort(b->e);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, facts_of(b, 0), 0);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_ANON], 0);
	KUNIT_EXPECT_EQ(test, b->commits, 1);
}

static void load_outside(struct kunit *test)
{
	struct bench *b = test->priv;
	const struct enclave_range outside[] = {
		{ PAGES, 1 },	{ PAGES - 1, 2 }, { 0, 0 },
		{ U64_MAX, 2 }, { 1, U64_MAX },
	};
	int i;

	create(test);
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		b->refusal = 0;
		KUNIT_EXPECT_EQ(test, -EACCES,
				security_enclave_load(b->e, outside[i], NULL,
						      NULL, ENCLAVE_R, 0));
		KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
	}
}

static void load_at_the_right_time(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_load(b->e, at(0, 1), NULL, NULL,
					      ENCLAVE_R, 0));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_init(b->e, &test_identity));
	create(test);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_change(b->e, at(0, 1), ENCLAVE_R,
						ENCLAVE_OP_ADD));
	init(test);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_load(b->e, at(0, 1), NULL, NULL,
					      ENCLAVE_R, 0));
}

static void init_is_judged_with_the_identity(struct kunit *test)
{
	struct bench *b = test->priv;
	struct enclave_identity id = test_identity;

	id.attributes = ENCLAVE_ATTR_PROVISION;
	KUNIT_ASSERT_EQ(test, 0, security_enclave_create(b->e, PAGES, &id));
	security_enclave_commit(b->e);

	/* The attributes given at create count. */
	b->verdict = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_init(b->e, &test_identity));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_INIT | ENCLAVE_PERM_PROVISION);
	KUNIT_EXPECT_FALSE(test, b->e->initialized);
	KUNIT_EXPECT_EQ(test, b->e->identity.product, 0);

	b->verdict = 0;
	init(test);
	KUNIT_EXPECT_TRUE(test, b->e->initialized);
	KUNIT_EXPECT_EQ(test, b->e->identity.product, 7);
	KUNIT_EXPECT_EQ(test, b->e->identity.attributes,
			ENCLAVE_ATTR_PROVISION);
	KUNIT_EXPECT_EQ(test, -EINVAL,
			security_enclave_init(b->e, &test_identity));
}

static void debug_write_shows_at_init(struct kunit *test)
{
	struct bench *b = test->priv;

	create(test);
	load(test, 0, 2, ENCLAVE_R | ENCLAVE_X);
	KUNIT_ASSERT_EQ(test, 0, security_enclave_access(b->e, at(1, 1), true));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_DEBUG_WRITE);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test, facts_of(b, 1) & ENCLAVE_FACT_EVER_W);
	KUNIT_EXPECT_FALSE(test, facts_of(b, 1) & ENCLAVE_FACT_MEASURED);

	init(test);
	KUNIT_EXPECT_TRUE(test,
			  b->last.required & ENCLAVE_PERM_EXEC_UNMEASURED);
	KUNIT_EXPECT_EQ(
		test, b->last.tally[ENCLAVE_PERM_BIT_EXEC_UNMEASURED].first, 1);
	KUNIT_EXPECT_EQ(
		test, b->last.tally[ENCLAVE_PERM_BIT_EXEC_UNMEASURED].pages, 1);
}

static void dynamic_pages_come_and_go(struct kunit *test)
{
	struct bench *b = test->priv;

	create(test);
	init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, at(8, 8), ENCLAVE_RWX,
						ENCLAVE_OP_ADD));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_AUGMENT);
	KUNIT_EXPECT_EQ(test, b->last.tally[ENCLAVE_PERM_BIT_AUGMENT].added, 8);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_AUGMENT], 8);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			security_enclave_change(b->e, at(15, 1), ENCLAVE_R,
						ENCLAVE_OP_ADD));

	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, at(8, 4), 0,
						ENCLAVE_OP_REMOVE));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_CHANGE);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_AUGMENT], 4);
	KUNIT_EXPECT_EQ(test, facts_of(b, 8), 0);
	KUNIT_EXPECT_NE(test, facts_of(b, 12), 0);

	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_change(b->e, at(PAGES, 1), 0,
						ENCLAVE_OP_REMOVE));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
}

static void restrict_is_for_ever(struct kunit *test)
{
	struct bench *b = test->priv;

	create(test);
	load(test, 0, 1, ENCLAVE_R | ENCLAVE_X);
	init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, at(0, 1), ENCLAVE_R,
						ENCLAVE_OP_RESTRICT));
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, facts_of(b, 0) & ENCLAVE_FACT_INTENT, ENCLAVE_R);
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_change(b->e, at(0, 1),
						ENCLAVE_R | ENCLAVE_X,
						ENCLAVE_OP_RESTRICT));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_INTENT);
}

static void enclaves_are_listed_once(struct kunit *test)
{
	struct bench *b = test->priv;

	KUNIT_EXPECT_GT(test, b->e->id, 0);
	KUNIT_EXPECT_PTR_EQ(test, b->e->provider, &test_provider);
}

/* Mappings: an address space, and VMAs in it that the enclave has. */

static struct mm_struct *mm_new(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, mm);
	return mm;
}

static struct file *file_new(struct kunit *test)
{
	struct file *file =
		shmem_kernel_file_setup("enclave_test", PAGES * PAGE_SIZE, 0);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	return file;
}

/* A VMA of pages [first, first + count) at address (first + shift) pages. */
static struct vm_area_struct *vma_new(struct kunit *test, struct mm_struct *mm,
				      struct file *file, u64 first, u64 count,
				      u64 shift)
{
	const unsigned long flags = VM_SHARED | VM_MAYSHARE | VM_MAYREAD |
				    VM_MAYWRITE | VM_MAYEXEC | VM_IO |
				    VM_PFNMAP | VM_DONTEXPAND;
	struct vm_area_struct *vma = vm_area_alloc(mm);

	KUNIT_ASSERT_NOT_NULL(test, vma);
	vma->vm_start = (first + shift) << PAGE_SHIFT;
	vma->vm_end = vma->vm_start + (count << PAGE_SHIFT);
	vma->vm_pgoff = first;
	vma->vm_file = get_file(file);
	vma->vm_ops = &test_vm_ops;
	vm_flags_init(vma, flags);
	return vma;
}

/* What mmap does; the caller holds the mm for writing. */
static int map(struct kunit *test, struct vm_area_struct *vma, u32 access)
{
	struct bench *b = test->priv;
	int err;

	vm_flags_set(vma, access);
	err = security_enclave_map(b->e, at(vma->vm_pgoff, vma_pages(vma)),
				   vma->vm_flags, vma, ENCLAVE_OP_MMAP);
	if (err) {
		fput(vma->vm_file);
		vm_area_free(vma);
		return err;
	}
	security_enclave_commit(b->e);
	enclave_vma_open(b->e, vma);
	KUNIT_ASSERT_EQ(test, 0, insert_vm_struct(vma->vm_mm, vma));
	return 0;
}

static int protect(struct kunit *test, struct vm_area_struct *vma, u32 access)
{
	struct bench *b = test->priv;
	int err;

	err = security_enclave_map(b->e, at(vma->vm_pgoff, vma_pages(vma)),
				   (vma->vm_flags & ~VM_ACCESS_FLAGS) | access,
				   vma, ENCLAVE_OP_MPROTECT);
	if (err)
		return err;
	security_enclave_commit(b->e);
	vm_flags_mod(vma, access, VM_ACCESS_FLAGS & ~access);
	return 0;
}

static void map_history(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 4, 16);

	create(test);
	load(test, 0, 2, ENCLAVE_RWX);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, vma, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, b->last.required, 0u);
	KUNIT_EXPECT_TRUE(test, facts_of(b, 1) & ENCLAVE_FACT_EVER_W);
	KUNIT_EXPECT_EQ(test, facts_of(b, 2), 0);

	b->deny = ENCLAVE_PERM_EXEC_WRITTEN;
	KUNIT_EXPECT_EQ(test, -EACCES,
			protect(test, vma, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test,
			b->last.tally[ENCLAVE_PERM_BIT_EXEC_WRITTEN].pages, 2);
	KUNIT_EXPECT_FALSE(test, facts_of(b, 1) & ENCLAVE_FACT_EVER_X);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, NULL);

	b->deny = 0;
	KUNIT_EXPECT_EQ(test, 0, protect(test, vma, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_TRUE(test, facts_of(b, 1) & ENCLAVE_FACT_EVER_X);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, mm);
	KUNIT_EXPECT_TRUE(test, vma->vm_flags & VM_DONTCOPY);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_WRITTEN], 2);
	enclave_vma_close(b->e, vma);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, NULL);
	KUNIT_EXPECT_EQ(test, b->e->mm_count, 0);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

static void map_beyond_intent(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 16);

	create(test);
	load(test, 0, 4, ENCLAVE_R | ENCLAVE_W);
	load(test, 5, 1, ENCLAVE_R);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, vma, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_INTENT);
	KUNIT_EXPECT_EQ(test, b->refused_at.first, 5);
	KUNIT_EXPECT_EQ(test, b->refused_at.count, 1);
	KUNIT_EXPECT_FALSE(test, facts_of(b, 0) & ENCLAVE_FACT_EVER_W);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

static void map_outside_after_init(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *before =
		vma_new(test, mm, file, PAGES - 1, 2, 0);
	struct vm_area_struct *after = vma_new(test, mm, file, PAGES - 1, 2, 8);

	create(test);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, before, ENCLAVE_R));
	init(test);
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, after, ENCLAVE_R));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
	enclave_vma_close(b->e, before);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

static void map_read_implies_exec(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 1, 0);
	unsigned int personality = current->personality;

	create(test);
	mmap_write_lock(mm);
	current->personality |= READ_IMPLIES_EXEC;
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, vma, ENCLAVE_R));
	current->personality = personality;
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_READ_IMPLIES_EXEC);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

/* Written in one address space, executable in another: never. */
static void second_mm(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test), *mm2 = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);
	struct vm_area_struct *x = vma_new(test, mm2, file, 0, 1, 0);
	struct vm_area_struct *r = vma_new(test, mm2, file, 0, 1, 0);

	create(test);
	load(test, 0, 1, ENCLAVE_RWX);
	mmap_write_lock(mm);
	mmap_write_lock_nested(mm2, SINGLE_DEPTH_NESTING);
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, x, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_ALIAS);

	/* While one uses exec_written, a second one maps nothing. */
	KUNIT_EXPECT_EQ(test, 0, protect(test, w, ENCLAVE_R | ENCLAVE_X));
	b->refusal = 0;
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, r, ENCLAVE_R));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_ALIAS);
	enclave_vma_close(b->e, w);
	mmap_write_unlock(mm2);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm2);
	mmput(mm);
}

/* The same page twice in one address space, once of each kind: never. */
static void alias_in_one_mm(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 4, 0);
	struct vm_area_struct *x = vma_new(test, mm, file, 3, 2, 16);
	struct vm_area_struct *far = vma_new(test, mm, file, 4, 1, 32);

	create(test);
	load(test, 0, 8, ENCLAVE_RWX);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, 0, map(test, far, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, x, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_ALIAS);
	KUNIT_EXPECT_EQ(test, b->refused_at.first, 3);
	KUNIT_EXPECT_EQ(test, 0, protect(test, w, ENCLAVE_R));

	x = vma_new(test, mm, file, 3, 2, 16);
	KUNIT_EXPECT_EQ(test, 0, map(test, x, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_TRUE(test, w->vm_flags & VM_DONTCOPY);
	KUNIT_EXPECT_TRUE(test, x->vm_flags & VM_DONTCOPY);
	KUNIT_EXPECT_EQ(test, -EACCES, protect(test, w, ENCLAVE_R | ENCLAVE_W));
	enclave_vma_close(b->e, w);
	enclave_vma_close(b->e, x);
	enclave_vma_close(b->e, far);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

/* A dynamic page that somebody can still write is no code for others. */
static void alias_of_dynamic_page(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);
	struct vm_area_struct *x = vma_new(test, mm, file, 0, 1, 16);

	create(test);
	init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, at(0, 1), ENCLAVE_RWX,
						ENCLAVE_OP_ADD));
	security_enclave_commit(b->e);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, x, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_ALIAS);
	KUNIT_EXPECT_EQ(test, 0, protect(test, w, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, b->last.required,
			ENCLAVE_PERM_EXEC_DYNAMIC | ENCLAVE_PERM_CHANGE);
	enclave_vma_close(b->e, w);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

/* A VMA that could not be counted counts as a second address space. */
static void uncounted_vma(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);

	create(test);
	load(test, 0, 1, ENCLAVE_RWX);
	b->e->uncounted = 1;
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, -EACCES, protect(test, w, ENCLAVE_R | ENCLAVE_X));
	enclave_vma_close(b->e, w);
	enclave_vma_close(b->e, w);
	KUNIT_EXPECT_EQ(test, b->e->uncounted, 0);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
}

static void fault_grants(struct kunit *test)
{
	struct bench *b = test->priv;
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 0);
	u32 granted;

	create(test);
	load(test, 0, 1, ENCLAVE_R | ENCLAVE_X);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_R,
					       &granted));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_FOREIGN_FAULT);
	kthread_use_mm(mm);

	/* Intent caps, and nothing executes before init. */
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R);
	security_enclave_commit(b->e);
	init(test);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R | ENCLAVE_X);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test, facts_of(b, 0) & ENCLAVE_FACT_EVER_X);

	/* A page that came after the mapping: no X without exec_dynamic. */
	KUNIT_EXPECT_EQ(test, -ENOENT,
			security_enclave_fault(b->e, 1, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, at(1, 1), ENCLAVE_RWX,
						ENCLAVE_OP_ADD));
	security_enclave_commit(b->e);
	b->deny = ENCLAVE_PERM_EXEC_DYNAMIC | ENCLAVE_PERM_EXEC_WRITTEN;
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 1, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R | ENCLAVE_W);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(
				b->e, 1, vma, ENCLAVE_R | ENCLAVE_X, &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_fault(b->e, 1, vma, ENCLAVE_X,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, 0u);
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_fault(b->e, PAGES, vma, ENCLAVE_R,
					       &granted));

	kthread_unuse_mm(mm);
	mmap_write_unlock(mm);
	fput(vma->vm_file);
	vm_area_free(vma);
	fput(file);
	mmput(mm);
}

static struct kunit_case request_cases[] = {
	KUNIT_CASE(create_states),
	KUNIT_CASE(load_data_needs_nothing),
	KUNIT_CASE(load_code_is_counted),
	KUNIT_CASE(denied_or_failed_load_leaves_nothing),
	KUNIT_CASE(load_outside),
	KUNIT_CASE(load_at_the_right_time),
	KUNIT_CASE(init_is_judged_with_the_identity),
	KUNIT_CASE(debug_write_shows_at_init),
	KUNIT_CASE(dynamic_pages_come_and_go),
	KUNIT_CASE(restrict_is_for_ever),
	KUNIT_CASE(enclaves_are_listed_once),
	KUNIT_CASE(map_history),
	KUNIT_CASE(map_beyond_intent),
	KUNIT_CASE(map_outside_after_init),
	KUNIT_CASE(map_read_implies_exec),
	KUNIT_CASE(second_mm),
	KUNIT_CASE(alias_in_one_mm),
	KUNIT_CASE(alias_of_dynamic_page),
	KUNIT_CASE(uncounted_vma),
	KUNIT_CASE(fault_grants),
	{}
};

static struct kunit_suite request_suite = {
	.name = "enclave_request",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = request_cases,
};

kunit_test_suite(request_suite);

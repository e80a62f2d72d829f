// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of mappings, faults and the rule about aliases.
 *
 * Owns: the cases, and address spaces with VMAs that no process has. The enclave
 * and the LSM that watches it are bench.c's.
 */
#include <kunit/static_stub.h>
#include <linux/file.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/personality.h>
#include <linux/sched/mm.h>
#include <linux/shmem_fs.h>

#include "bench.h"
#include "internal.h"

/* Mappings: an address space, and VMAs in it that the enclave has. */

static struct mm_struct *mm_new(struct kunit *test)
{
	struct mm_struct *mm = mm_alloc();

	KUNIT_ASSERT_NOT_NULL(test, mm);
	return mm;
}

static struct file *file_new(struct kunit *test)
{
	struct file *file = shmem_kernel_file_setup(
		"enclave_test", ENCLAVE_BENCH_PAGES * PAGE_SIZE, 0);

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
	vma->vm_ops = &enclave_bench_vm_ops;
	vm_flags_init(vma, flags);
	return vma;
}

/* What mmap does; the caller holds the mm for writing. */
static int map(struct kunit *test, struct vm_area_struct *vma, u32 access)
{
	struct enclave_bench *b = test->priv;
	int err;

	vm_flags_set(vma, access);
	err = security_enclave_map(
		b->e, enclave_bench_range(vma->vm_pgoff, vma_pages(vma)),
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
	struct enclave_bench *b = test->priv;
	int err;

	err = security_enclave_map(
		b->e, enclave_bench_range(vma->vm_pgoff, vma_pages(vma)),
		(vma->vm_flags & ~VM_ACCESS_FLAGS) | access, vma,
		ENCLAVE_OP_MPROTECT);
	if (err)
		return err;
	security_enclave_commit(b->e);
	vm_flags_mod(vma, access, VM_ACCESS_FLAGS & ~access);
	return 0;
}

static void map_history(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 4, 16);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 2, ENCLAVE_RWX);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, vma, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, b->last.required, 0u);
	KUNIT_EXPECT_TRUE(test,
			  enclave_bench_facts(b, 1) & ENCLAVE_FACT_EVER_W);
	KUNIT_EXPECT_EQ(test, enclave_bench_facts(b, 2), 0);

	b->deny = ENCLAVE_PERM_EXEC_WRITTEN;
	KUNIT_EXPECT_EQ(test, -EACCES,
			protect(test, vma, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test,
			b->last.tally[ENCLAVE_PERM_BIT_EXEC_WRITTEN].pages, 2);
	KUNIT_EXPECT_FALSE(test,
			   enclave_bench_facts(b, 1) & ENCLAVE_FACT_EVER_X);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, NULL);

	b->deny = 0;
	KUNIT_EXPECT_EQ(test, 0, protect(test, vma, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_TRUE(test,
			  enclave_bench_facts(b, 1) & ENCLAVE_FACT_EVER_X);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, mm);
	KUNIT_EXPECT_TRUE(test, vma->vm_flags & VM_DONTCOPY);
	KUNIT_EXPECT_EQ(test, b->e->uses[ENCLAVE_PERM_BIT_EXEC_WRITTEN], 2);
	enclave_vma_close(b->e, vma);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, NULL);
	KUNIT_EXPECT_EQ(test, b->e->mm_count, 0);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

static void map_beyond_intent(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 16);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 4, ENCLAVE_R | ENCLAVE_W);
	enclave_bench_load(test, 5, 1, ENCLAVE_R);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, vma, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_INTENT);
	KUNIT_EXPECT_EQ(test, b->refused_at.first, 5);
	KUNIT_EXPECT_EQ(test, b->refused_at.count, 1);
	KUNIT_EXPECT_FALSE(test,
			   enclave_bench_facts(b, 0) & ENCLAVE_FACT_EVER_W);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

static void map_outside_after_init(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *before =
		vma_new(test, mm, file, ENCLAVE_BENCH_PAGES - 1, 2, 0);
	struct vm_area_struct *after =
		vma_new(test, mm, file, ENCLAVE_BENCH_PAGES - 1, 2, 8);

	enclave_bench_create(test);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, before, ENCLAVE_R));
	enclave_bench_init(test);
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, after, ENCLAVE_R));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_OUTSIDE);
	enclave_vma_close(b->e, before);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

static void map_read_implies_exec(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 1, 0);
	unsigned int personality = current->personality;

	enclave_bench_create(test);
	mmap_write_lock(mm);
	current->personality |= READ_IMPLIES_EXEC;
	KUNIT_EXPECT_EQ(test, -EACCES, map(test, vma, ENCLAVE_R));
	current->personality = personality;
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_READ_IMPLIES_EXEC);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

/* Written in one address space, executable in another: never. */
static void second_mm(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test), *mm2 = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);
	struct vm_area_struct *x = vma_new(test, mm2, file, 0, 1, 0);
	struct vm_area_struct *r = vma_new(test, mm2, file, 0, 1, 0);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_RWX);
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
	enclave_bench_unlock(b);
}

/* The same page twice in one address space, once of each kind: never. */
static void alias_in_one_mm(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 4, 0);
	struct vm_area_struct *x = vma_new(test, mm, file, 3, 2, 16);
	struct vm_area_struct *far = vma_new(test, mm, file, 4, 1, 32);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 8, ENCLAVE_RWX);
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
	enclave_bench_unlock(b);
}

/* A dynamic page that somebody can still write is no code for others. */
static void alias_of_dynamic_page(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);
	struct vm_area_struct *x = vma_new(test, mm, file, 0, 1, 16);

	enclave_bench_create(test);
	enclave_bench_init(test);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(0, 1),
						ENCLAVE_RWX, ENCLAVE_OP_ADD));
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
	enclave_bench_unlock(b);
}

static unsigned int walks;

static int counted_walk(struct enclave *e, struct enclave_range *range)
{
	walks++;
	return 0;
}

/* However many runs of pages there are, the address space is walked once. */
static void alias_one_walk(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 256, 0);
	u64 page;

	enclave_bench_create(test);
	for (page = 0; page < 256; page += 2)
		enclave_bench_load(test, page, 1, ENCLAVE_RWX);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	kunit_activate_static_stub(test, enclave_alias_in_mm, counted_walk);
	walks = 0;
	KUNIT_EXPECT_EQ(test, 0, protect(test, w, ENCLAVE_R | ENCLAVE_X));
	KUNIT_EXPECT_EQ(test, walks, 1u);
	kunit_deactivate_static_stub(test, enclave_alias_in_mm);
	enclave_vma_close(b->e, w);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

/* Between two pages that need to be alone one may be seen twice. */
static void alias_in_between(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *hole = vma_new(test, mm, file, 1, 1, 16);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 3, 0);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_RWX);
	enclave_bench_load(test, 2, 1, ENCLAVE_RWX);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, hole, ENCLAVE_R | ENCLAVE_W));
	KUNIT_EXPECT_EQ(test, 0, map(test, w, ENCLAVE_R | ENCLAVE_W));
	enclave_bench_load(test, 1, 1, ENCLAVE_RWX);
	KUNIT_EXPECT_EQ(test, 0, protect(test, w, ENCLAVE_R | ENCLAVE_X));
	enclave_vma_close(b->e, w);
	enclave_vma_close(b->e, hole);
	mmap_write_unlock(mm);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

/* A VMA that could not be counted counts as a second address space. */
static void uncounted_vma(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *w = vma_new(test, mm, file, 0, 1, 0);

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_RWX);
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
	enclave_bench_unlock(b);
}

/* ATTACKS row B25: no entry is made for a mapping of another process. */
static void fault_foreign(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 0);
	u32 granted;

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_R);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_R,
					       &granted));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_FOREIGN_FAULT);
	KUNIT_EXPECT_EQ(test, granted, 0);
	mmap_write_unlock(mm);
	fput(vma->vm_file);
	vm_area_free(vma);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

static void fault_grants(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 0);
	u32 granted;

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, ENCLAVE_R | ENCLAVE_X);
	mmap_write_lock(mm);
	kthread_use_mm(mm);

	/* Intent caps, and nothing executes before init. */
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R);
	security_enclave_commit(b->e);
	enclave_bench_init(test);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_R | ENCLAVE_X);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_TRUE(test,
			  enclave_bench_facts(b, 0) & ENCLAVE_FACT_EVER_X);

	/* A page that came after the mapping: no X without exec_dynamic. */
	KUNIT_EXPECT_EQ(test, -ENOENT,
			security_enclave_fault(b->e, 1, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(1, 1),
						ENCLAVE_RWX, ENCLAVE_OP_ADD));
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
			security_enclave_fault(b->e, ENCLAVE_BENCH_PAGES, vma,
					       ENCLAVE_R, &granted));

	kthread_unuse_mm(mm);
	mmap_write_unlock(mm);
	fput(vma->vm_file);
	vm_area_free(vma);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

/* Every fault is a question; one by another euid needs "share". */
static void fault_always_asks(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 0);
	const u32 rx = ENCLAVE_R | ENCLAVE_X;
	unsigned int asked;
	u32 granted;

	enclave_bench_create(test);
	enclave_bench_load(test, 0, 1, rx);
	enclave_bench_init(test);
	mmap_write_lock(mm);
	kthread_use_mm(mm);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, rx, &granted));
	security_enclave_commit(b->e);

	/* Executable already: nothing changes, nothing is needed. */
	asked = b->asked;
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, rx, &granted));
	KUNIT_EXPECT_EQ(test, granted, rx);
	KUNIT_EXPECT_EQ(test, b->asked, asked + 1);
	KUNIT_EXPECT_EQ(test, b->last.required, 0u);
	security_enclave_commit(b->e);

	b->e->owner = KUIDT_INIT(1000);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 0, vma, rx, &granted));
	KUNIT_EXPECT_EQ(test, b->last.required, ENCLAVE_PERM_SHARE);
	security_enclave_commit(b->e);
	b->deny = ENCLAVE_PERM_SHARE;
	asked = b->asked;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_fault(b->e, 0, vma, rx, &granted));
	KUNIT_EXPECT_EQ(test, granted, 0u);
	KUNIT_EXPECT_EQ(test, b->asked, asked + 2);

	/* Who says that less would not be granted is not asked for it. */
	b->deny = 0;
	b->verdict = -EREMOTE;
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_fault(b->e, 0, vma, rx, &granted));
	KUNIT_EXPECT_EQ(test, granted, 0u);
	KUNIT_EXPECT_EQ(test, b->asked, asked + 3);

	kthread_unuse_mm(mm);
	mmap_write_unlock(mm);
	fput(vma->vm_file);
	vm_area_free(vma);
	fput(file);
	mmput(mm);
	enclave_bench_unlock(b);
}

/*
 * A mapping of both kinds made over a hole: what appears below it may be both,
 * if the LSMs grant it, and is then nobody else's.
 */
static void fault_over_hole(struct kunit *test)
{
	struct enclave_bench *b = enclave_bench_lock(test);
	struct mm_struct *mm = mm_new(test), *child = mm_new(test);
	struct file *file = file_new(test);
	struct vm_area_struct *vma = vma_new(test, mm, file, 0, 8, 0);
	struct vm_area_struct *copy = vma_new(test, child, file, 0, 8, 0);
	u32 granted;

	enclave_bench_create(test);
	enclave_bench_init(test);
	mmap_write_lock(mm);
	KUNIT_EXPECT_EQ(test, 0, map(test, vma, ENCLAVE_RWX));
	KUNIT_EXPECT_FALSE(test, vma->vm_flags & VM_DONTCOPY);
	KUNIT_ASSERT_EQ(test, 0,
			security_enclave_change(b->e, enclave_bench_range(1, 1),
						ENCLAVE_RWX, ENCLAVE_OP_ADD));
	security_enclave_commit(b->e);
	kthread_use_mm(mm);
	KUNIT_EXPECT_EQ(test, 0,
			security_enclave_fault(b->e, 1, vma, ENCLAVE_RWX,
					       &granted));
	KUNIT_EXPECT_EQ(test, granted, ENCLAVE_RWX);
	KUNIT_EXPECT_TRUE(test, b->last.required & ENCLAVE_PERM_EXEC_WRITTEN);
	security_enclave_commit(b->e);
	KUNIT_EXPECT_PTR_EQ(test, b->e->written_mm, mm);
	kthread_unuse_mm(mm);

	/* As fork does it. */
	enclave_vma_open(b->e, copy);
	kthread_use_mm(child);
	KUNIT_EXPECT_EQ(test, -EACCES,
			security_enclave_fault(b->e, 1, copy, ENCLAVE_R,
					       &granted));
	KUNIT_EXPECT_EQ(test, b->refusal, ENCLAVE_REFUSAL_ALIAS);
	kthread_unuse_mm(child);
	enclave_vma_close(b->e, copy);
	enclave_vma_close(b->e, vma);
	mmap_write_unlock(mm);
	fput(copy->vm_file);
	vm_area_free(copy);
	fput(file);
	mmput(child);
	mmput(mm);
	enclave_bench_unlock(b);
}

static struct kunit_case map_cases[] = {
	KUNIT_CASE(map_history),
	KUNIT_CASE(map_beyond_intent),
	KUNIT_CASE(map_outside_after_init),
	KUNIT_CASE(map_read_implies_exec),
	KUNIT_CASE(second_mm),
	KUNIT_CASE(alias_in_one_mm),
	KUNIT_CASE(alias_of_dynamic_page),
	KUNIT_CASE(alias_one_walk),
	KUNIT_CASE(alias_in_between),
	KUNIT_CASE(uncounted_vma),
	KUNIT_CASE(fault_foreign),
	KUNIT_CASE(fault_grants),
	KUNIT_CASE(fault_always_asks),
	KUNIT_CASE(fault_over_hole),
	{}
};

static struct kunit_suite map_suite = {
	.name = "enclave_map",
	.init = enclave_bench_setup,
	.exit = enclave_bench_teardown,
	.test_cases = map_cases,
};

kunit_test_suite(map_suite);

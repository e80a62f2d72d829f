// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enclave objects: their birth and end, their numbers, the list of all.
 *
 * Owns: the list and the references. Must not know what is judged and how.
 */
#include <linux/cred.h>
#include <linux/enclave.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "internal.h"
#include "lsm.h"
#include "store.h"

/*
 * All enclaves, in the order of their numbers. The lock is taken in SRCU
 * callbacks (SGX frees there), that is with bottom halves off.
 */
static LIST_HEAD(enclaves);
static DEFINE_SPINLOCK(enclaves_lock);
static u64 enclaves_last_id;

/* Providers seen so far; there are two, and those of tests. They stay. */
#define PROVIDERS_MAX 8
static const struct enclave_provider *providers[PROVIDERS_MAX];

/* Remember @p, so that its VMAs are known for what they are. */
static bool provider_know(const struct enclave_provider *p)
{
	int i;

	for (i = 0; i < PROVIDERS_MAX; i++) {
		const struct enclave_provider *old = READ_ONCE(providers[i]);

		if (!old)
			old = cmpxchg(&providers[i], NULL, p);
		if (!old || old == p)
			return true;
	}
	return false;
}

/**
 * enclave_is_vma() - is this mapping an enclave of any provider?
 * @vma: a mapping; its mmap_lock is held
 *
 * Return: whether it is one.
 */
bool enclave_is_vma(const struct vm_area_struct *vma)
{
	int i;

	if (!vma->vm_ops)
		return false;
	for (i = 0; i < PROVIDERS_MAX; i++) {
		const struct enclave_provider *p = READ_ONCE(providers[i]);

		if (!p)
			return false;
		if (p->vm_ops == vma->vm_ops)
			return true;
	}
	return false;
}

/**
 * enclave_alloc() - a new enclave, not created yet.
 * @provider: who makes it; has to stay for ever
 *
 * Called when the provider's device is opened, by the opener.
 *
 * Return: the enclave, or an ERR_PTR(): -ENOMEM, or an LSM's error.
 */
struct enclave *enclave_alloc(const struct enclave_provider *provider)
{
	struct enclave *e;
	int err;

	if (WARN_ON_ONCE(!provider_know(provider)))
		return ERR_PTR(-EINVAL);

	e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);
	if (!e)
		return ERR_PTR(-ENOMEM);
	e->provider = provider;
	e->owner = current_euid();
	refcount_set(&e->refs, 1);
	mutex_init(&e->lock);
	INIT_LIST_HEAD(&e->mms);

	err = lsm_enclave_alloc(e);
	if (err) {
		mutex_destroy(&e->lock);
		kfree(e);
		return ERR_PTR(err);
	}

	spin_lock_bh(&enclaves_lock);
	e->id = ++enclaves_last_id;
	list_add_tail(&e->all, &enclaves);
	spin_unlock_bh(&enclaves_lock);
	return e;
}

static void enclave_put(struct enclave *e)
{
	unsigned long flags;

	if (!refcount_dec_and_lock_irqsave(&e->refs, &enclaves_lock, &flags))
		return;
	list_del(&e->all);
	spin_unlock_irqrestore(&enclaves_lock, flags);

	lsm_enclave_free(e);
	enclave_mm_free_all(e);
	enclave_store_free(e->store);
	mutex_destroy(&e->lock);
	kfree(e);
}

/**
 * enclave_free() - the provider is done with the enclave.
 * @e: the enclave, unlocked, without VMAs; NULL and ERR_PTR() are fine
 *
 * Does not sleep. May be called with bottom halves off.
 */
void enclave_free(struct enclave *e)
{
	if (!IS_ERR_OR_NULL(e))
		enclave_put(e);
}

/**
 * enclave_for_each() - call a function for every enclave, by ascending number.
 * @fn: may sleep and may lock the enclave, which stays allocated during the
 *      call although its provider may be done with it; false ends the walk
 * @arg: passed on
 *
 * Enclaves that come or go meanwhile may be missed or seen.
 */
void enclave_for_each(bool (*fn)(struct enclave *e, void *arg), void *arg)
{
	struct enclave *e = NULL, *next;
	struct list_head *pos;
	bool more = true;

	do {
		spin_lock_bh(&enclaves_lock);
		pos = e ? e->all.next : enclaves.next;
		next = NULL;
		if (more && pos != &enclaves) {
			next = list_entry(pos, struct enclave, all);
			refcount_inc(&next->refs);
		}
		spin_unlock_bh(&enclaves_lock);

		if (e)
			enclave_put(e);
		e = next;
		if (e)
			more = fn(e, arg);
	} while (e);
}

static int __init enclave_setup(void)
{
	int err = enclave_store_init();

	if (err)
		pr_err("enclave: no memory for the facts store: %d\n", err);
	return err;
}
core_initcall(enclave_setup);

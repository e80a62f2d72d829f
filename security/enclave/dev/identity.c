// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who an enclave of /dev/enclave is: measurement, signer, and init, which fixes
 * both.
 *
 * Owns: the measurement and the identity that is judged. Knows nothing of the
 * form of keys and signatures, nor of policy.
 */
#include <crypto/sha2.h>
#include <linux/delay.h>
#include <linux/highmem.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../mutant.h"
#include "../window.h"
#include "dev.h"

/* Two numbers as the measurement takes them. */
static void measure_header(struct sha256_state *sha, u64 number, u32 word)
{
	struct {
		__le64 number;
		__le32 word;
		__le32 zero;
	} header = {
		.number = cpu_to_le64(number),
		.word = cpu_to_le32(word),
	};

	sha256_update(sha, (const u8 *)&header, sizeof(header));
}

/**
 * enclave_identity_measure() - the measurement as struct enclave_query_identity
 * defines it, over the bytes as they are now.
 * @dev: the enclave, locked
 * @measurement: out
 *
 * Return: 0 or -EINTR: killed.
 */
int enclave_identity_measure(struct enclave_dev *dev, u8 measurement[32])
{
	struct sha256_state sha;
	struct page *page;
	unsigned long index;

	sha256_init(&sha);
	measure_header(&sha, dev->size, dev->attributes);
	xa_for_each(&dev->pages, index, page) {
		void *bytes;

		if (!(page_private(page) & ENCLAVE_PAGE_MEASURED))
			continue;
		measure_header(&sha, (u64)index << PAGE_SHIFT,
			       page_private(page) & ENCLAVE_PAGE_PROT);
		bytes = kmap_local_page(page);
		sha256_update(&sha, bytes, PAGE_SIZE);
		kunmap_local(bytes);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	sha256_final(&sha, measurement);
	return 0;
}

/* The signer's part of the identity, if there is one. */
static int identity_signer(const struct enclave_dev *dev,
			   const struct enclave_signature *sig,
			   struct enclave_identity *id)
{
	const struct enclave_signed *s = &sig->statement;

	if (!sig->key_len)
		return 0;
	if (memcmp(s->measurement, id->measurement, sizeof(id->measurement)) ||
	    (dev->attributes & ~le32_to_cpu((__force __le32)s->attributes)))
		return -EBADMSG;
	id->has_signer = true;
	id->product = le16_to_cpu((__force __le16)s->product);
	id->svn = le16_to_cpu((__force __le16)s->svn);
	sha256(sig->key, sig->key_len, id->signer);
	return 0;
}

static int judge_init(struct enclave_dev *dev,
		      const struct enclave_identity *id)
{
	int err;

	enclave_lock(dev->enclave);
	err = security_enclave_init(dev->enclave, id);
	if (err) {
		security_enclave_abort(dev->enclave);
	} else {
		dev->identity = *id;
		dev->initialized = true;
		security_enclave_commit(dev->enclave);
	}
	enclave_unlock(dev->enclave);
	return err;
}

/*
 * With the lock held since the entries went, nobody can write to a page: what
 * is measured is what will run. A failure leaves nothing but faults to repeat.
 */
static int init_locked(struct enclave_dev *dev,
		       const struct enclave_signature *sig)
{
	struct enclave_identity id = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.attributes = dev->attributes,
	};
	int err;

	if (!dev->size || dev->initialized)
		return -EINVAL;
	if (!enclave_mutant(ZAP))
		enclave_pages_zap(dev, 0, 0);
	err = enclave_identity_measure(dev, id.measurement);
	if (!err)
		err = identity_signer(dev, sig, &id);
	if (!err) {
		enclave_window(INIT_MEASURED);
		err = judge_init(dev, &id);
	}
	if (err && enclave_mutant(INIT_RETRY))
		dev->initialized = true;
	return err;
}

static int init_signed(struct enclave_dev *dev, struct enclave_signature *sig,
		       const struct enclave_init *arg)
{
	int err;

	err = enclave_signature_copy(sig, arg);
	if (!err && sig->key_len)
		err = enclave_signature_verify(sig);
	if (!err)
		enclave_window(INIT_COPIED);
	if (!err && enclave_mutant(STATEMENT_COPY)) {
		/* Time for somebody to put another one there. */
		fsleep(100);
		err = enclave_signature_copy(sig, arg);
	}
	if (err)
		return err;
	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	err = init_locked(dev, sig);
	mutex_unlock(&dev->lock);
	return err;
}

/**
 * enclave_identity_init() - ENCLAVE_IOC_INIT.
 * @dev: the enclave
 * @user: struct enclave_init
 *
 * Return: 0 or as the UAPI says; -EINTR: killed; -ENOMEM.
 */
long enclave_identity_init(struct enclave_dev *dev, void __user *user)
{
	struct enclave_signature *sig;
	struct enclave_init arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	sig = kzalloc(sizeof(*sig), GFP_KERNEL);
	if (!sig)
		return -ENOMEM;
	err = init_signed(dev, sig, &arg);
	kfree(sig);
	return err;
}

static int query_locked(struct enclave_dev *dev,
			struct enclave_query_identity *out)
{
	if (!dev->size)
		return -EINVAL;
	out->id = enclave_id(dev->enclave);
	out->size = dev->size;
	out->attributes = dev->attributes;
	if (!dev->initialized)
		return enclave_identity_measure(dev, out->measurement);
	out->flags = ENCLAVE_ID_INITIALIZED;
	if (dev->identity.has_signer)
		out->flags |= ENCLAVE_ID_SIGNED;
	memcpy(out->measurement, dev->identity.measurement,
	       sizeof(out->measurement));
	memcpy(out->signer, dev->identity.signer, sizeof(out->signer));
	out->product = dev->identity.product;
	out->svn = dev->identity.svn;
	return 0;
}

/**
 * enclave_identity_ioctl() - ENCLAVE_IOC_IDENTITY.
 * @dev: the enclave
 * @user: struct enclave_query_identity
 *
 * Return: 0; -EINVAL: not created; -EFAULT; -EINTR: killed.
 */
long enclave_identity_ioctl(struct enclave_dev *dev, void __user *user)
{
	struct enclave_query_identity out = {};
	int err;

	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	err = query_locked(dev, &out);
	mutex_unlock(&dev->lock);
	if (!err && copy_to_user(user, &out, sizeof(out)))
		return -EFAULT;
	return err;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/enclave, the generic provider: what its files share.
 *
 * Owns: struct enclave_dev, one per open file description, and the meaning of
 * its page array. Knows the framework's calls only: no facts, no LSM.
 *
 * Lock order: mmap_lock, enclave_dev.lock, enclave_lock(). Nothing touches user
 * memory under the last two.
 */
#ifndef _SECURITY_ENCLAVE_DEV_H
#define _SECURITY_ENCLAVE_DEV_H

#include <linux/enclave.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/xarray.h>
#include <uapi/linux/enclave.h>

#define ENCLAVE_PROT_ALL \
	(ENCLAVE_PROT_READ | ENCLAVE_PROT_WRITE | ENCLAVE_PROT_EXEC)

/*
 * What page_private() of an enclave's page holds, for the measurement only: the
 * permissions declared at load, and whether the page is covered.
 */
#define ENCLAVE_PAGE_PROT ((unsigned long)ENCLAVE_PROT_ALL)
#define ENCLAVE_PAGE_MEASURED 0x8ul

/**
 * struct enclave_dev - one enclave of this provider.
 * @enclave: the framework's object
 * @users: open file descriptions, one (see enclave_dev_open())
 * @lock: guards all below, and with them what page table entries there may be:
 *      an entry is inserted, and a page taken away, under it only
 * @mapping: all VMAs of this enclave and of no other, so that taking entries
 *      away meets nobody else's
 * @pages: page index to struct page; private data as above
 * @size: bytes; 0 until created
 * @attributes: ENCLAVE_CREATE_*
 * @write_prot: declared permissions of pages that write(2) adds
 * @initialized: INIT succeeded; @identity is complete
 * @identity: measurement and signer, once @initialized
 */
struct enclave_dev {
	struct enclave *enclave;
	struct kref users;
	struct mutex lock; /* see above */
	struct address_space mapping;
	struct xarray pages;
	u64 size;
	u32 attributes;
	u32 write_prot;
	bool initialized;
	struct enclave_identity identity;
};

static inline struct enclave_range enclave_dev_page(u64 index)
{
	return (struct enclave_range){ .first = index, .count = 1 };
}

/* pages.c */
struct page *enclave_page_alloc(gfp_t zero);
void enclave_page_free(struct page *page);
int enclave_page_insert(struct enclave_dev *dev, u64 index, struct page *page,
			unsigned long info);
void enclave_page_erase(struct enclave_dev *dev, u64 index);
void enclave_pages_zap(struct enclave_dev *dev, u64 first, u64 count);
void enclave_pages_free(struct enclave_dev *dev);
int enclave_pages_check(u64 offset, u64 length);
bool enclave_pages_inside(const struct enclave_dev *dev, u64 offset,
			  u64 length);
long enclave_pages_ioctl(struct enclave_dev *dev, enum enclave_op op,
			 void __user *arg);

/* load.c */
long enclave_load_ioctl(struct enclave_dev *dev, void __user *arg);
ssize_t enclave_load_write(struct file *file, const char __user *buf,
			   size_t len, loff_t *pos);

/* vm.c */
extern const struct vm_operations_struct enclave_vm_ops;
int enclave_vm_mmap(struct file *file, struct vm_area_struct *vma);

/* identity.c */
int enclave_identity_measure(struct enclave_dev *dev, u8 measurement[32]);
long enclave_identity_init(struct enclave_dev *dev, void __user *arg);
long enclave_identity_ioctl(struct enclave_dev *dev, void __user *arg);

/* signature.c */

/**
 * struct enclave_signature - the kernel's copy of what INIT was given.
 * @statement: as signed
 * @key: DER of the public key
 * @key_len: bytes of @key; 0: unsigned
 * @signature: over @statement
 * @signature_len: bytes of @signature
 */
struct enclave_signature {
	struct enclave_signed statement;
	u8 key[ENCLAVE_KEY_MAX];
	u32 key_len;
	u8 signature[ENCLAVE_SIGNATURE_MAX];
	u32 signature_len;
};

int enclave_signature_copy(struct enclave_signature *sig,
			   const struct enclave_init *arg);
int enclave_signature_statement(const struct enclave_signed *statement);
int enclave_signature_key(const u8 *der, u32 len);
int enclave_signature_verify(const struct enclave_signature *sig);

#endif /* _SECURITY_ENCLAVE_DEV_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/enclave: the node, what opening and closing it means, and creation.
 *
 * Owns: the life of a struct enclave_dev. Every open() makes a new enclave,
 * also one through /proc/self/fd; dup(2), fork(2) and SCM_RIGHTS share it. Knows
 * nothing of how pages are loaded, mapped or measured.
 *
 * The node's mode is 0666: building an enclave gives no access to anything, and
 * what it may execute is judged elsewhere.
 */
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../mutant.h"
#include "dev.h"

static_assert(sizeof(struct enclave_create) == 16);
static_assert(sizeof(struct enclave_load) == 40);
static_assert(sizeof(struct enclave_signed) == 48);
static_assert(sizeof(struct enclave_init) == 32);
static_assert(sizeof(struct enclave_pages) == 32);
static_assert(sizeof(struct enclave_query_identity) == 96);
static_assert(ENCLAVE_PROT_READ == VM_READ && ENCLAVE_PROT_WRITE == VM_WRITE &&
	      ENCLAVE_PROT_EXEC == VM_EXEC);
static_assert(ENCLAVE_CREATE_DEBUG == ENCLAVE_ATTR_DEBUG &&
	      ENCLAVE_CREATE_PROVISION == ENCLAVE_ATTR_PROVISION);

#define CREATE_ATTRIBUTES (ENCLAVE_CREATE_DEBUG | ENCLAVE_CREATE_PROVISION)

static const struct enclave_provider provider = {
	.name = "dev",
	.vm_ops = &enclave_vm_ops,
};

/*
 * The enclave has its own address_space, so that unmap_mapping_range() finds
 * its VMAs only; all open files share the node's. It holds no folios.
 */
static void init_mapping(struct enclave_dev *dev, struct file *file)
{
	address_space_init_once(&dev->mapping);
	dev->mapping.host = file_inode(file);
	dev->mapping.a_ops = &empty_aops;
	mapping_set_gfp_mask(&dev->mapping, GFP_KERNEL);
}

static struct enclave_dev *new_dev(struct file *file)
{
	struct enclave_dev *dev;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL_ACCOUNT);
	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->enclave = enclave_alloc(&provider);
	if (IS_ERR(dev->enclave)) {
		struct enclave_dev *err = ERR_CAST(dev->enclave);

		kfree(dev);
		return err;
	}
	kref_init(&dev->users);
	mutex_init(&dev->lock);
	xa_init_flags(&dev->pages, XA_FLAGS_ACCOUNT);
	init_mapping(dev, file);
	return dev;
}

static void free_dev(struct kref *users)
{
	struct enclave_dev *dev =
		container_of(users, struct enclave_dev, users);

	enclave_pages_free(dev);
	enclave_free(dev->enclave);
	mutex_destroy(&dev->lock);
	kfree(dev);
}

/* The REOPEN mutant: opening again finds what was opened last. */
static struct enclave_dev *last_opened;
static DEFINE_MUTEX(last_opened_lock);

static struct enclave_dev *open_mutant(struct file *file)
{
	struct enclave_dev *dev;

	mutex_lock(&last_opened_lock);
	dev = last_opened;
	if (!dev || !kref_get_unless_zero(&dev->users)) {
		dev = new_dev(file);
		last_opened = IS_ERR(dev) ? NULL : dev;
	}
	mutex_unlock(&last_opened_lock);
	return dev;
}

static void close_mutant(struct enclave_dev *dev)
{
	mutex_lock(&last_opened_lock);
	if (kref_put(&dev->users, free_dev) && dev == last_opened)
		last_opened = NULL;
	mutex_unlock(&last_opened_lock);
}

static int enclave_dev_open(struct inode *inode, struct file *file)
{
	struct enclave_dev *dev;

	dev = enclave_mutant(REOPEN) ? open_mutant(file) : new_dev(file);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	file->f_mapping = &dev->mapping;
	file->private_data = dev;
	return 0;
}

/* The last reference to the file: no VMA is left, each held one. */
static int enclave_dev_release(struct inode *inode, struct file *file)
{
	struct enclave_dev *dev = file->private_data;

	if (enclave_mutant(REOPEN))
		close_mutant(dev);
	else
		kref_put(&dev->users, free_dev);
	return 0;
}

static int judge_create(struct enclave_dev *dev,
			const struct enclave_create *arg)
{
	struct enclave_identity attributes = {
		.tag = ENCLAVE_IDENTITY_TAG,
		.attributes = arg->attributes,
	};
	int err;

	enclave_lock(dev->enclave);
	err = security_enclave_create(dev->enclave, arg->size >> PAGE_SHIFT,
				      &attributes);
	if (err)
		security_enclave_abort(dev->enclave);
	else
		security_enclave_commit(dev->enclave);
	enclave_unlock(dev->enclave);
	return err;
}

static long create_ioctl(struct enclave_dev *dev, void __user *user)
{
	struct enclave_create arg;
	int err;

	if (copy_from_user(&arg, user, sizeof(arg)))
		return -EFAULT;
	if (!arg.size || arg.size > ENCLAVE_MAX_SIZE ||
	    !PAGE_ALIGNED(arg.size) || (arg.attributes & ~CREATE_ATTRIBUTES) ||
	    (arg.write_prot & ~ENCLAVE_PROT_ALL))
		return -EINVAL;
	if (mutex_lock_killable(&dev->lock))
		return -EINTR;
	err = dev->size ? -EBUSY : judge_create(dev, &arg);
	if (!err) {
		dev->size = arg.size;
		dev->attributes = arg.attributes;
		dev->write_prot = arg.write_prot;
	}
	mutex_unlock(&dev->lock);
	return err;
}

static long enclave_dev_ioctl(struct file *file, unsigned int cmd,
			      unsigned long arg)
{
	struct enclave_dev *dev = file->private_data;
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case ENCLAVE_IOC_CREATE:
		return create_ioctl(dev, user);
	case ENCLAVE_IOC_LOAD:
		return enclave_load_ioctl(dev, user);
	case ENCLAVE_IOC_INIT:
		return enclave_identity_init(dev, user);
	case ENCLAVE_IOC_ADD:
		return enclave_pages_ioctl(dev, ENCLAVE_OP_ADD, user);
	case ENCLAVE_IOC_REMOVE:
		return enclave_pages_ioctl(dev, ENCLAVE_OP_REMOVE, user);
	case ENCLAVE_IOC_RESTRICT:
		return enclave_pages_ioctl(dev, ENCLAVE_OP_RESTRICT, user);
	case ENCLAVE_IOC_IDENTITY:
		return enclave_identity_ioctl(dev, user);
	default:
		return -ENOTTY;
	}
}

static const struct file_operations enclave_dev_fops = {
	.owner = THIS_MODULE,
	.open = enclave_dev_open,
	.release = enclave_dev_release,
	.write = enclave_load_write,
	.llseek = no_seek_end_llseek,
	.mmap = enclave_vm_mmap,
	.unlocked_ioctl = enclave_dev_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice enclave_miscdevice = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "enclave",
	.mode = 0666,
	.fops = &enclave_dev_fops,
};

static int __init enclave_dev_setup(void)
{
	return misc_register(&enclave_miscdevice);
}
device_initcall(enclave_dev_setup);

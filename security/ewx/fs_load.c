// SPDX-License-Identifier: GPL-2.0-only
/*
 * securityfs ewx/load: one write is one policy; reading the same descriptor
 * then says what became of it.
 *
 * Owns: the transaction. Must not know what is in a policy.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "audit.h"
#include "counters.h"
#include "fs.h"

/**
 * struct ewx_load_file - one open of ewx/load.
 * @lock: guards all below
 * @written: a write was tried
 * @result: of the write; here, so that no load fails for want of memory for it
 * @len: bytes of @text
 * @text: answer for readers
 */
struct ewx_load_file {
	struct mutex lock;
	bool written;
	struct ewx_load_result result;
	size_t len;
	char text[256];
};

static void answer(struct ewx_load_file *f, const struct ewx_load_result *r,
		   int err)
{
	if (!err)
		f->len = scnprintf(f->text, sizeof(f->text),
				   "code=none changed=%d generation=%llu version=%llu old_version=%llu signature=%s\n",
				   r->changed, r->generation, r->version,
				   r->old_version,
				   ewx_signature_name(r->signature));
	else
		f->len = scnprintf(f->text, sizeof(f->text),
				   "code=%s section=%s index=%u offset=%u errno=%d signature=%s\n",
				   ewx_fault_names[r->fault.code],
				   ewx_section_names[r->fault.section],
				   r->fault.index, r->fault.offset, -err,
				   ewx_signature_name(r->signature));
}

/* Return: bytes in kernel memory, or an ERR_PTR(). */
static void *copy_blob(const char __user *buf, size_t count)
{
	void *blob;

	if (count > EWX_POLICY_MAX_SIZE + EWX_SIGNATURE_MAX_SIZE)
		return ERR_PTR(-E2BIG);
	blob = kvmalloc(max_t(size_t, count, 1), GFP_KERNEL);
	if (!blob)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(blob, buf, count)) {
		kvfree(blob);
		return ERR_PTR(-EFAULT);
	}
	return blob;
}

static int load(struct file *file, const char __user *buf, size_t count,
		loff_t pos, struct ewx_load_result *r)
{
	struct ewx_load_file *f = file->private_data;
	void *blob;

	memset(r, 0, sizeof(*r));
	r->fault.section = EWX_SECTION_COUNT;
	r->generation = ewx_policy_generation();
	if (!ewx_fs_may_control(file))
		return -EPERM;
	/* The rest of a blob that was cut is not another blob. */
	if (pos || f->written)
		return -ESPIPE;
	f->written = true;
	blob = copy_blob(buf, count);
	if (IS_ERR(blob))
		return PTR_ERR(blob);
	return ewx_policy_load(blob, count, ewx_fs_publish, r);
}

/*
 * The position stays at 0, so that a reader starts at the beginning of the
 * answer without seeking.
 */
static ssize_t write_load(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	struct ewx_load_file *f = file->private_data;
	struct ewx_load_result *r = &f->result;
	int err;

	mutex_lock(&f->lock);
	err = load(file, buf, count, *ppos, r);
	answer(f, r, err);
	if (err)
		ewx_count(LOADS_FAILED);
	else if (r->changed)
		ewx_count(LOADS);
	ewx_audit_load(r, count, err);
	mutex_unlock(&f->lock);
	return err ? err : count;
}

static ssize_t read_load(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	struct ewx_load_file *f = file->private_data;
	ssize_t n;

	mutex_lock(&f->lock);
	n = simple_read_from_buffer(buf, count, ppos, f->text, f->len);
	mutex_unlock(&f->lock);
	return n;
}

static int open_load(struct inode *inode, struct file *file)
{
	struct ewx_load_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	file->private_data = f;
	return 0;
}

static int release_load(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

const struct file_operations ewx_load_fops = {
	.open = open_load,
	.release = release_load,
	.read = read_load,
	.write = write_load,
	.llseek = generic_file_llseek,
};

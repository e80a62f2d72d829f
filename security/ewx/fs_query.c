// SPDX-License-Identifier: GPL-2.0-only
/*
 * securityfs ewx/query: write a struct ewx_query, read a struct ewx_reply from
 * the same descriptor.
 *
 * Owns: the transaction. The answer is the engine's own (ewx_answer()), so that
 * it is the one that the ewx command gives offline. Not audited.
 */
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#include "fs.h"

/**
 * struct ewx_query_file - one open of ewx/query.
 * @lock: guards all below
 * @answered: @reply is valid
 * @query: last request
 * @reply: its answer
 */
struct ewx_query_file {
	struct mutex lock;
	bool answered;
	struct ewx_query query;
	struct ewx_reply reply;
};

static int ask(struct ewx_query_file *f)
{
	struct ewx_loaded *p;
	u64 *candidates;
	int err;

	if (!f->query.now)
		f->query.now = ktime_get_real_seconds();
	p = ewx_policy_get();
	if (!p)
		return -ENODATA;
	candidates = kvcalloc(max(p->core.set_words, 1U), sizeof(*candidates),
			      GFP_KERNEL);
	err = candidates ? ewx_answer(&p->core, &f->query, candidates,
				      &f->reply) : -ENOMEM;
	kvfree(candidates);
	ewx_policy_put(p);
	return err;
}

static ssize_t write_query(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	struct ewx_query_file *f = file->private_data;
	int err;

	if (!ewx_fs_may_control(file))
		return -EPERM;
	if (count != sizeof(f->query))
		return -EINVAL;

	mutex_lock(&f->lock);
	f->answered = false;
	if (copy_from_user(&f->query, buf, count))
		err = -EFAULT;
	else
		err = ask(f);
	f->answered = !err;
	mutex_unlock(&f->lock);
	*ppos = 0;
	return err ? err : count;
}

static ssize_t read_query(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct ewx_query_file *f = file->private_data;
	ssize_t n = 0;

	mutex_lock(&f->lock);
	if (f->answered)
		n = simple_read_from_buffer(buf, count, ppos, &f->reply,
					    sizeof(f->reply));
	mutex_unlock(&f->lock);
	return n;
}

static int open_query(struct inode *inode, struct file *file)
{
	struct ewx_query_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	mutex_init(&f->lock);
	file->private_data = f;
	return 0;
}

static int release_query(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

const struct file_operations ewx_query_fops = {
	.open = open_query,
	.release = release_query,
	.read = read_query,
	.write = write_query,
	.llseek = generic_file_llseek,
};

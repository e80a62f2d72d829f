// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of securityfs ewx/ (fs.h).
 *
 * Owns: which nodes there are, their modes, and the small ones among them. Must
 * not know how a policy is read or a request judged.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/mutex.h>
#include <linux/security.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

#include "../enclave/mutant.h"
#include "audit.h"
#include "fs.h"
#include "seal.h"
#include "setup.h"

static struct dentry *root;
static struct dentry *policies;
static struct dentry *active_dir; /* changed by ewx_fs_publish() only */

bool ewx_fs_may_control(const struct file *file)
{
	if (enclave_mutant(CAPABILITY))
		return true;
	return file_ns_capable(file, &init_user_ns, CAP_MAC_ADMIN) &&
	       capable(CAP_MAC_ADMIN);
}

/* A node whose text was fixed when it was made: inode->i_private. */
static ssize_t read_fixed(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	const char *text = file_inode(file)->i_private;

	return simple_read_from_buffer(buf, count, ppos, text, strlen(text));
}

static const struct file_operations fixed_fops = {
	.read = read_fixed,
	.llseek = generic_file_llseek,
};

static ssize_t read_enforce(struct file *file, char __user *buf, size_t count,
			    loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos,
				       ewx_enforcing() ? "1\n" : "0\n", 2);
}

/* One word, with or without a newline. Return: 0 or an error. */
static int copy_word(char *text, size_t size, const char __user *buf,
		     size_t count)
{
	memset(text, 0, size);
	if (!count || count >= size)
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	if (text[count - 1] == '\n')
		text[--count] = '\0';
	return strlen(text) == count ? 0 : -EINVAL;
}

static int parse_switch(const char __user *buf, size_t count, bool *on)
{
	static const char *const words[] = { "0", "n", "off", "1", "y", "on" };
	char word[8];
	int i, err;

	err = copy_word(word, sizeof(word), buf, count);
	if (err)
		return err;
	i = match_string(words, ARRAY_SIZE(words), word);
	if (i < 0)
		return -EINVAL;
	*on = i >= 3;
	return 0;
}

static ssize_t write_enforce(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	bool before = ewx_enforcing();
	bool on = before;
	int err;

	if (!ewx_fs_may_control(file))
		err = -EPERM;
	else if (*ppos)
		err = -ESPIPE;
	else
		err = parse_switch(buf, count, &on);
	if (!err)
		err = ewx_change_mode(on, &before);
	ewx_audit_enforce(on, before, err);
	return err ? err : count;
}

static const struct file_operations enforce_fops = {
	.read = read_enforce,
	.write = write_enforce,
	.llseek = generic_file_llseek,
};

static ssize_t read_seal(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	char text[16];
	int n;

	n = scnprintf(text, sizeof(text), "%s\n", ewx_seal_name(ewx_seal()));
	return simple_read_from_buffer(buf, count, ppos, text, n);
}

static ssize_t write_seal(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	enum ewx_seal before = ewx_seal(), now = before;
	char text[16] = "";
	int err;

	if (!ewx_fs_may_control(file))
		err = -EPERM;
	else if (*ppos)
		err = -ESPIPE;
	else
		err = copy_word(text, sizeof(text), buf, count) ?:
			      ewx_seal_raise(text, &before, &now);
	ewx_audit_seal(now, before, err);
	return err ? err : count;
}

static const struct file_operations seal_fops = {
	.read = read_seal,
	.write = write_seal,
	.llseek = generic_file_llseek,
};

static ssize_t read_audit(struct file *file, char __user *buf, size_t count,
			  loff_t *ppos)
{
	char text[16];
	int n;

	n = scnprintf(text, sizeof(text), "%s\n",
		      ewx_audit_level_name(ewx_audit_level()));
	return simple_read_from_buffer(buf, count, ppos, text, n);
}

static ssize_t write_audit(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	char text[16] = "";
	int err;

	if (!ewx_fs_may_control(file))
		err = -EPERM;
	else if (*ppos)
		err = -ESPIPE;
	else
		err = copy_word(text, sizeof(text), buf, count);
	err = ewx_audit_set_level(text, err);
	return err ? err : count;
}

static const struct file_operations audit_fops = {
	.read = read_audit,
	.write = write_audit,
	.llseek = generic_file_llseek,
};

/* A policy's directory with its three nodes. */
static struct dentry *make_policy_dir(const char *name)
{
	static const struct {
		const char *name;
		umode_t mode;
		const struct file_operations *fops;
	} nodes[] = {
		{ "version", 0444, &ewx_version_fops },
		{ "digest", 0444, &ewx_digest_fops },
		{ "blob", 0400, &ewx_blob_fops },
	};
	struct dentry *dir, *node;
	size_t i;

	dir = securityfs_create_dir(name, policies);
	if (IS_ERR(dir))
		return dir;
	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		node = securityfs_create_file(nodes[i].name, nodes[i].mode, dir,
					      NULL, nodes[i].fops);
		if (IS_ERR(node)) {
			securityfs_recursive_remove(dir);
			return node;
		}
	}
	return dir;
}

int ewx_fs_publish(const struct ewx_loaded *next, const struct ewx_loaded *old)
{
	const char *name = ewx_policy_name(&next->core);
	struct dentry *dir;

	if (active_dir && old && !strcmp(name, ewx_policy_name(&old->core)))
		return 0;
	dir = make_policy_dir(name);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	securityfs_recursive_remove(active_dir);
	active_dir = dir;
	return 0;
}

static int __init make_features(void)
{
	static const struct {
		const char *name;
		const char *text;
	} features[] = {
#define FEATURE(NAME, name)                                             \
	{ #name, EWX_FEATURES_SUPPORTED & BIT(EWX_FEATURE_BIT_##NAME) ? \
			 "1\n" :                                        \
			 "0\n" },
		EWX_FEATURES(FEATURE)
#undef FEATURE
	};
	struct dentry *dir, *node;
	size_t i;

	dir = securityfs_create_dir("features", root);
	if (IS_ERR(dir))
		return PTR_ERR(dir);
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		node = securityfs_create_file(features[i].name, 0444, dir,
					      (void *)features[i].text,
					      &fixed_fops);
		if (IS_ERR(node))
			return PTR_ERR(node);
	}
	return 0;
}

static int __init make_nodes(void)
{
	static const struct {
		const char *name;
		umode_t mode;
		void *data;
		const struct file_operations *fops;
	} nodes[] = {
		{ "abi", 0444, __stringify(EWX_POLICY_FORMAT) "\n",
		  &fixed_fops },
		{ "status", 0444, NULL, &ewx_status_fops },
		{ "enforce", 0644, NULL, &enforce_fops },
		{ "seal", 0644, NULL, &seal_fops },
		{ "audit", 0644, NULL, &audit_fops },
		{ "load", 0600, NULL, &ewx_load_fops },
		{ "query", 0600, NULL, &ewx_query_fops },
		{ "counters", 0440, NULL, &ewx_counters_fops },
		{ "enclaves", 0440, NULL, &ewx_enclaves_fops },
	};
	struct dentry *node;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		node = securityfs_create_file(nodes[i].name, nodes[i].mode,
					      root, nodes[i].data,
					      nodes[i].fops);
		if (IS_ERR(node))
			return PTR_ERR(node);
	}
	policies = securityfs_create_dir("policies", root);
	return PTR_ERR_OR_ZERO(policies);
}

static int __init ewx_fs_init(void)
{
	int err;

	if (!ewx_ready)
		return 0;
	root = securityfs_create_dir("ewx", NULL);
	if (IS_ERR(root))
		return PTR_ERR(root);
	err = make_nodes();
	if (!err)
		err = make_features();
	if (err) {
		securityfs_recursive_remove(root);
		root = NULL;
		return err;
	}
	if (EWX_HAS_BUILTIN)
		ewx_load_builtin();
	return 0;
}
fs_initcall(ewx_fs_init);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which domain a process is in (subject.h).
 *
 * Owns: what a domain's conditions see of a credential, and the hooks that keep
 * the cred blob. Must not know of files that are loaded, nor of enclaves.
 */
#include <kunit/static_stub.h>
#include <linux/binfmts.h>
#include <linux/cgroup.h>
#include <linux/fs.h>
#include <linux/limits.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "../enclave/mutant.h"
#include "guard.h"
#include "path.h"
#include "subject.h"

struct ewx_exe *ewx_exe_new(const char *name, u32 len, bool trusted)
{
	struct ewx_exe *exe;

	if (!name)
		len = 0;
	exe = kmalloc(struct_size(exe, path, len + 1), GFP_KERNEL);
	if (!exe)
		return NULL;
	refcount_set(&exe->refs, 1);
	exe->trusted = name && trusted;
	exe->len = len;
	if (len)
		memcpy(exe->path, name, len);
	exe->path[len] = '\0';
	return exe;
}

void ewx_exe_put(struct ewx_exe *exe)
{
	if (exe && refcount_dec_and_test(&exe->refs))
		kfree(exe);
}

/*
 * What a file is called now, if @cred executes it. Return: NULL without memory.
 */
static struct ewx_exe *exe_of_file(const struct file *file,
				   const struct cred *cred)
{
	const struct path *path = file_user_path(file);
	struct ewx_path_name name;
	struct ewx_exe *exe;
	char *buf;

	buf = __getname();
	if (!buf)
		return NULL;
	name = ewx_path_name(path, buf, PATH_MAX);
	exe = ewx_exe_new(name.text, name.len,
			  name.trusted && ewx_path_is_ours(path, cred));
	__putname(buf);
	return exe;
}

/**
 * struct ewx_asked - whom a domain's conditions are about.
 * @cred: its credentials
 * @no_memory: set when a condition could not be looked at for want of memory
 */
struct ewx_asked {
	const struct cred *cred;
	bool *no_memory;
};

static bool in_group(const void *ctx, u32 low, u32 high)
{
	const struct cred *cred = ((const struct ewx_asked *)ctx)->cred;
	const struct group_info *groups = cred->group_info;
	gid_t gid = from_kgid(&init_user_ns, cred->egid);
	int i;

	if (gid >= low && gid <= high)
		return true;
	for (i = 0; i < groups->ngroups; i++) {
		gid = from_kgid(&init_user_ns, groups->gid[i]);
		if (gid >= low && gid <= high)
			return true;
	}
	return false;
}

static bool has_context(const void *ctx, const char *wanted)
{
	const struct ewx_asked *asked = ctx;
	char *context;
	u32 secid, len;
	bool same;
	int err;

	security_cred_getsecid(asked->cred, &secid);
	err = secid ? security_secid_to_secctx(secid, &context, &len) : -ENOENT;
	if (err) {
		*asked->no_memory |= err == -ENOMEM;
		return false;
	}
	/* Some modules count the NUL, some do not. */
	len = strnlen(context, len);
	same = len == strlen(wanted) && !memcmp(context, wanted, len);
	security_release_secctx(context, len);
	return same;
}

#ifdef CONFIG_CGROUPS
/*
 * Which conditions the process's control group fits: its name from the root of
 * the default hierarchy, never as a cgroup namespace shows it. One that is longer
 * than a path can be fits none. Return: false without memory; callers may hold
 * spinlocks.
 */
static bool cgroup_set(const struct ewx_loaded *p, struct task_struct *task,
		       u32 *set)
{
	static const struct ewx_properties none;
	char *buf;
	int len;
	u32 node;

	if (!ewx_policy_has(p, CGROUP))
		return true;
	buf = kmalloc(PATH_MAX, GFP_ATOMIC);
	if (!buf)
		return false;
	rcu_read_lock();
	len = cgroup_path(task_dfl_cgroup(task), buf, PATH_MAX);
	rcu_read_unlock();
	if (len <= 0 || len >= PATH_MAX)
		node = ewx_match(&p->core, EWX_AUTOMATON_CGROUP, NULL, 0);
	else
		node = ewx_match(&p->core, EWX_AUTOMATON_CGROUP, buf, len);
	*set = ewx_walk(&p->core, node, &none);
	kfree(buf);
	return true;
}
#else
static bool cgroup_set(const struct ewx_loaded *p, struct task_struct *task,
		       u32 *set)
{
	return true;
}
#endif

/*
 * Without memory it is not known who asks, and "default" may be granted more than who
 * it is. The rule forgotten: then it is nobody in particular.
 */
static u32 unclassified(void)
{
	return enclave_mutant(NO_MEMORY) ? EWX_DOMAIN_DEFAULT : EWX_NONE;
}

static u32 classify(const struct ewx_loaded *p, struct task_struct *task,
		    const struct cred *cred, const struct ewx_exe *exe)
{
	bool no_memory = false;
	struct ewx_asked asked = { .cred = cred, .no_memory = &no_memory };
	struct ewx_properties props __uninitialized;
	const char *path = exe && exe->len ? exe->path : NULL;
	u32 node, domain;

	/* All that the walk can reach: every test is of a domain (verified). */
	/* What from_kuid() says of the initial user namespace, which maps all. */
	props.euid = __kuid_val(cred->euid);
	props.in_group = in_group;
	props.has_context = has_context;
	props.cgroup = 0;
	props.no_path = !exe || !exe->trusted;
	props.ctx = &asked;
	if (!cgroup_set(p, task, &props.cgroup))
		return unclassified();
	node = ewx_match(&p->core, EWX_AUTOMATON_EXE, path,
			 path ? exe->len : 0);
	domain = ewx_walk(&p->core, node, &props);
	return no_memory ? unclassified() : domain;
}

/* The rule forgotten: what the program calls itself now. */
static u32 classify_by_mm(const struct ewx_loaded *p, const struct cred *cred)
{
	struct file *file = current->mm ? get_mm_exe_file(current->mm) : NULL;
	struct ewx_exe *exe = file ? exe_of_file(file, cred) : NULL;
	u32 domain = classify(p, current, cred, exe);

	ewx_exe_put(exe);
	if (file)
		fput(file);
	return domain;
}

/*
 * What a domain's conditions see can change while the credential stays: the control
 * group, and the label, where a profile is replaced or removed or a policy does not
 * know a context any more.
 */
static bool is_fleeting(const struct ewx_loaded *p)
{
	return ewx_policy_has(p, CGROUP) || ewx_policy_has(p, CONTEXT);
}

u32 ewx_subject_domain(const struct ewx_loaded *p, struct task_struct *task,
		       const struct cred *cred)
{
	struct ewx_cred *blob = ewx_cred(cred);
	u64 word = atomic64_read(&blob->domain);
	u32 domain;

	if (word >> EWX_DOMAIN_BITS == p->generation)
		return word & EWX_DOMAIN_CACHED_MAX;
	KUNIT_STATIC_STUB_REDIRECT(ewx_subject_domain, p, task, cred);
	if (enclave_mutant(EXE_AT_EXEC) && cred == current_cred())
		return classify_by_mm(p, cred);

	domain = classify(p, task, cred, blob->exe);
	if (domain <= EWX_DOMAIN_CACHED_MAX &&
	    (!is_fleeting(p) || enclave_mutant(SUBJECT_CACHE)))
		atomic64_set(&blob->domain,
			     ewx_domain_word(p->generation, domain));
	return domain;
}

static int hook_cred_prepare(struct cred *new, const struct cred *old,
			     gfp_t gfp)
{
	struct ewx_cred *to = ewx_cred(new);

	to->exe = ewx_exe_get(ewx_cred(old)->exe);
	atomic64_set(&to->domain, 0);
	if (enclave_mutant(SUBJECT_CACHE))
		atomic64_set(&to->domain,
			     atomic64_read(&ewx_cred(old)->domain));
	return 0;
}

static void hook_cred_transfer(struct cred *new, const struct cred *old)
{
	struct ewx_cred *to = ewx_cred(new);
	struct ewx_exe *exe = to->exe;

	to->exe = ewx_exe_get(ewx_cred(old)->exe);
	atomic64_set(&to->domain, 0);
	ewx_exe_put(exe);
}

static void hook_cred_free(struct cred *cred)
{
	struct ewx_cred *blob = ewx_cred(cred);

	ewx_exe_put(blob->exe);
	blob->exe = NULL;
}

/*
 * Called once per exec, with the file that is really executed: a script's
 * interpreter. @file is another one only if binfmt_misc takes credentials from
 * the file it interprets; the program is still the interpreter.
 */
static int hook_bprm_creds_from_file(struct linux_binprm *bprm,
				     const struct file *file)
{
	struct ewx_cred *blob = ewx_cred(bprm->cred);
	struct ewx_exe *exe;
	int err;

	exe = exe_of_file(bprm->file, bprm->cred);
	if (!exe)
		return -ENOMEM;
	ewx_exe_put(blob->exe);
	blob->exe = exe;
	atomic64_set(&blob->domain, 0);
	err = ewx_guard_exec(bprm);
	/* These credentials are not final: what was computed may not stay. */
	atomic64_set(&blob->domain, 0);
	return err;
}

static struct security_hook_list ewx_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(cred_prepare, hook_cred_prepare),
	LSM_HOOK_INIT(cred_transfer, hook_cred_transfer),
	LSM_HOOK_INIT(cred_free, hook_cred_free),
	LSM_HOOK_INIT(bprm_creds_from_file, hook_bprm_creds_from_file),
};

void __init ewx_add_subject_hooks(void)
{
	security_add_hooks(ewx_hooks, ARRAY_SIZE(ewx_hooks), &ewx_lsmid);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guarded domains: nobody outside reaches into their processes.
 *
 * Owns: entering a guarded domain is a secure exec, and tracing its processes
 * takes a process of the same domain. Must not know of enclaves.
 */
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/personality.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/security.h>
#include <linux/timekeeping.h>

#include "../enclave/mutant.h"
#include "audit.h"
#include "counters.h"
#include "guard.h"
#include "setup.h"
#include "subject.h"

static bool is_guarded(const struct ewx_loaded *p, u32 domain)
{
	return ewx_domain_flags(&p->core, domain) & EWX_DOMAIN_GUARDED;
}

/* The domain that @task's credentials are in. */
static u32 domain_of(const struct ewx_loaded *p, struct task_struct *task)
{
	u32 domain;

	rcu_read_lock();
	domain = ewx_subject_domain(p, task, __task_cred(task));
	rcu_read_unlock();
	return domain;
}

/*
 * A process of @tracer wants to trace one of @traced; EWX_NONE: it is not known which,
 * for want of memory. Context: whatever ptrace holds, one task's alloc_lock or
 * tasklist_lock with interrupts off.
 */
static int judge_tracing(struct ewx_loaded *p, u32 tracer, u32 traced)
{
	bool enforcing;

	if (enclave_mutant(GUARD))
		return 0;
	if (traced == EWX_NONE)
		return ewx_enforcing() ? -ENOMEM : 0;
	if (!is_guarded(p, traced) || tracer == traced)
		return 0;
	enforcing = ewx_enforcing() &&
		    !ewx_domain_permissive(&p->core, traced,
					   ktime_get_real_seconds());
	if (enforcing)
		ewx_count(DENIED);
	else
		ewx_count(PERMISSIVE);
	ewx_record_guard(p, traced, enforcing);
	return enforcing ? -EPERM : 0;
}

/*
 * Who filters a program's system calls says what they return: for a library that it
 * opens the descriptor of another file. With no_new_privs anybody may; a filter of
 * those who need not give up privileges for it is a service manager's or a container's.
 */
static bool is_filtered(const struct linux_binprm *bprm)
{
	return (bprm->unsafe & LSM_UNSAFE_NO_NEW_PRIVS) &&
	       seccomp_mode(&current->seccomp) != SECCOMP_MODE_DISABLED;
}

int ewx_guard_exec(struct linux_binprm *bprm)
{
	struct ewx_loaded *p = ewx_policy_get();
	struct task_struct *tracer;
	u32 before, after;
	int err = 0;

	if (!p)
		return 0;
	if (!ewx_policy_has(p, GUARDED))
		goto out;
	before = ewx_subject_domain(p, current, current_cred());
	after = ewx_subject_domain(p, current, bprm->cred);
	if (after == EWX_NONE) {
		err = ewx_enforcing() ? -ENOMEM : 0;
		goto out;
	}
	if (!is_guarded(p, after) || before == after || enclave_mutant(GUARD))
		goto out;

	bprm->secureexec = 1;
	bprm->per_clear |= PER_CLEAR_ON_SETID;
	if (is_filtered(bprm))
		err = judge_tracing(p, before, after);
	if (err || !(bprm->unsafe & LSM_UNSAFE_PTRACE))
		goto out;
	rcu_read_lock();
	tracer = ptrace_parent(current);
	before = tracer ? ewx_subject_domain(p, tracer, __task_cred(tracer)) :
			  after;
	rcu_read_unlock();
	err = judge_tracing(p, before, after);
out:
	ewx_policy_put(p);
	return err;
}

static int hook_ptrace_access_check(struct task_struct *child,
				    unsigned int mode)
{
	struct ewx_loaded *p;
	int err = 0;

	if (!(mode & PTRACE_MODE_ATTACH))
		return 0;
	p = ewx_policy_get();
	if (p && ewx_policy_has(p, GUARDED))
		err = judge_tracing(p, ewx_subject_domain(p, current,
							  current_cred()),
				    domain_of(p, child));
	ewx_policy_put(p);
	return err;
}

static int hook_ptrace_traceme(struct task_struct *parent)
{
	struct ewx_loaded *p = ewx_policy_get();
	int err = 0;

	if (p && ewx_policy_has(p, GUARDED))
		err = judge_tracing(p, domain_of(p, parent),
				    ewx_subject_domain(p, current,
						       current_cred()));
	ewx_policy_put(p);
	return err;
}

static struct security_hook_list ewx_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(ptrace_access_check, hook_ptrace_access_check),
	LSM_HOOK_INIT(ptrace_traceme, hook_ptrace_traceme),
};

void __init ewx_add_guard_hooks(void)
{
	security_add_hooks(ewx_hooks, ARRAY_SIZE(ewx_hooks), &ewx_lsmid);
}

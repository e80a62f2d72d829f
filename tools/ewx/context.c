// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Contexts of domains, against the security policy that is loaded: a context that
 * SELinux does not know is one that no process will ever have.
 *
 * Owns: asking libselinux. Where SELinux is not enabled nothing is asked: labels
 * of other modules have no such check.
 */
#include <selinux/selinux.h>

#include <ewx/policy.h>
#include "tool.h"

/** struct looked - @bad: contexts that SELinux does not know. */
struct looked {
	const struct tool *t;
	size_t bad;
};

static void look(void *ctx, const char *context, const char *file,
		 unsigned int line)
{
	struct looked *l = ctx;

	if (!security_check_context(context))
		return;
	tool_error(l->t, "%s:%u: SELinux does not know the context \"%s\"",
		   file, line, context);
	l->bad++;
}

int contexts_check(const struct tool *t, const struct policy *policy)
{
	struct looked l = { .t = t };

	if (is_selinux_enabled() > 0)
		ewx_judge_contexts(policy->judge, look, &l);
	return l.bad ? -1 : 0;
}

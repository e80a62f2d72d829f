// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Contexts of domains, against the security policy that is loaded: a context that
 * SELinux does not know is one that no process will ever have.
 *
 * Owns: asking libselinux. Where SELinux is not enabled nothing is asked: labels
 * of other modules have no such check.
 */
#include <selinux/selinux.h>

#include "tool.h"
#include "../../security/ewx/core/read.h"

int contexts_check(const struct tool *t, const struct policy *policy)
{
	const struct ewx_policy *p = &policy->p;
	int ret = 0;

	if (is_selinux_enabled() <= 0)
		return 0;
	for (u32 i = 0; i < ewx_count(p, EWX_SECTION_CONDITIONS); i++) {
		const char *text, *file;
		u32 at;

		if (EWX_GET32(p, CONDITIONS, ewx_condition, i, kind) !=
		    EWX_CONDITION_CONTEXT)
			continue;
		text = ewx_string(p, EWX_GET32(p, CONDITIONS, ewx_condition, i,
					       a));
		if (!security_check_context(text))
			continue;
		at = EWX_GET32(p, CONDITIONS, ewx_condition, i, file);
		file = at < ewx_count(p, EWX_SECTION_FILES) ?
			       ewx_string(p, EWX_NUMBER(p, FILES, at)) :
			       "-";
		tool_error(t, "%s:%u: SELinux does not know the context \"%s\"",
			   file,
			   EWX_GET32(p, CONDITIONS, ewx_condition, i, line),
			   text);
		ret = -1;
	}
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of control: policy loads, changes of mode, how much is recorded.
 *
 * Owns: the level. Must not know how a record is written or a policy loaded.
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "audit.h"
#include "counters.h"
#include "setup.h"
#include "subject.h"
#include "trace.h"

enum ewx_level ewx_audit_level_now = EWX_LEVEL_LOG;

const char *ewx_audit_level_name(enum ewx_level which)
{
	static const char *const names[] = {
#define EWX_LEVEL_NAME(NAME, name, what) #name,
		EWX_LEVELS(EWX_LEVEL_NAME)
#undef EWX_LEVEL_NAME
	};

	static_assert(ARRAY_SIZE(names) == EWX_LEVEL_COUNT);
	return names[which];
}

/*
 * Who changed something, and whether it worked. Never left out by a limit, nor for
 * want of memory here; it waits for a full backlog as long as audit lets anybody.
 */
static void write_control(const struct ewx_control *c, bool enforcing)
{
	struct ewx_record r = {
		.control = c,
		.enforcing = enforcing,
		.now = ktime_get_real_seconds(),
	};

	ewx_record_process(&r, current_cred());
	if (ewx_audit_write(audit_context(), &r, 0, GFP_KERNEL))
		ewx_count(RECORDED);
	else
		ewx_record_lost();
	ewx_exe_put(r.exe);
	put_cred(r.cred);
}

void ewx_audit_load(const struct ewx_load_result *r, size_t size, int err)
{
	const struct ewx_control c = {
		.load = r,
		.size = size,
		.generation = r->generation,
		.err = err,
	};

	trace_ewx_load(r, err);
	if (r->changed)
		ewx_record_tell();
	write_control(&c, ewx_enforcing());
}

/* A change of mode that changes nothing. */
static struct ewx_control mode_as_it_is(void)
{
	return (struct ewx_control){
		.generation = ewx_policy_generation(),
		.old_enforcing = ewx_enforcing(),
		.level = ewx_audit_level(),
		.old_level = ewx_audit_level(),
		.seal = ewx_seal(),
		.old_seal = ewx_seal(),
	};
}

void ewx_audit_enforce(bool now, bool before, int err)
{
	struct ewx_control c = mode_as_it_is();

	c.old_enforcing = before;
	c.err = err;
	write_control(&c, err ? c.old_enforcing : now);
}

void ewx_audit_seal(enum ewx_seal now, enum ewx_seal before, int err)
{
	struct ewx_control c = mode_as_it_is();

	c.seal = now;
	c.old_seal = before;
	c.err = err;
	write_control(&c, c.old_enforcing);
}

int ewx_audit_set_level(const char *word, int err)
{
	enum ewx_level before = ewx_audit_level(), next = 0;
	struct ewx_control c = mode_as_it_is();

	while (next < EWX_LEVEL_COUNT &&
	       strcmp(word, ewx_audit_level_name(next)))
		next++;
	if (!err && next == EWX_LEVEL_COUNT)
		err = -EINVAL;
	if (!err)
		before = xchg(&ewx_audit_level_now, next);
	c.level = err ? before : next;
	c.old_level = before;
	c.err = err;
	write_control(&c, c.old_enforcing);
	return err;
}

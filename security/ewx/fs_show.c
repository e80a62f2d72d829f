// SPDX-License-Identifier: GPL-2.0-only
/*
 * What EWX shows: status, counters, enclaves, the active policy.
 *
 * Owns: the texts of the read-only nodes. Must not change anything.
 */
#include <linux/enclave.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "audit.h"
#include "counters.h"
#include "enclave.h"
#include "fs.h"
#include "layout.h"
#include "seal.h"
#include "setup.h"

/**
 * struct walk - what a walk over all enclaves carries.
 * @policy: in force, or NULL
 * @now: seconds since the epoch
 * @seq: where lines go, or NULL to count only
 * @held: for what an enclave stands on
 * @enclaves: see @flagged
 * @initialized: see @flagged
 * @flagged: counts
 * @err: the walk ended early: -EINTR
 */
struct walk {
	const struct ewx_loaded *policy;
	u64 now;
	struct seq_file *seq;
	struct ewx_held_copy *held;
	u64 enclaves;
	u64 initialized;
	u64 flagged;
	int err;
};

static void show_identities(struct seq_file *seq, struct enclave *e,
			    const struct ewx_loaded *p)
{
	const char *name;
	u32 n;

	seq_puts(seq, " identity=");
	if (!p || !e->initialized) {
		seq_putc(seq, '?');
		return;
	}
	for (n = 0; (name = ewx_identity_class_name(&p->core,
						    ewx_enclave_class(e, p),
						    n)); n++)
		seq_printf(seq, "%s%s", n ? "," : "", name);
	if (!n)
		seq_putc(seq, '-');
}

/* What it consists of, and what it uses. */
static void show_pages(struct seq_file *seq, struct enclave *e)
{
	char text[384];

	seq_printf(seq, " mms=%u dynamic=%llu wx=%llu used=", e->mm_count,
		   e->uses[ENCLAVE_PERM_BIT_AUGMENT],
		   e->uses[ENCLAVE_PERM_BIT_MAP_WX]);
	ewx_layout_used(e, ewx_enclave_used(ewx_enclave(e)), text,
			sizeof(text));
	seq_puts(seq, *text ? text : "-");
	ewx_layout_ranges(e, text, sizeof(text));
	seq_printf(seq, " ranges=%s\n", *text ? text : "-");
}

static void show_enclave(struct seq_file *seq, struct enclave *e,
			 const struct walk *walk, bool flag)
{
	const struct ewx_enclave *blob = ewx_enclave(e);

	seq_printf(seq, "enclave=%llu provider=%s pages=%llu created=%d inited=%d owner=%u domain=%s",
		   e->id, e->provider->name, e->pages, e->created,
		   e->initialized, from_kuid(&init_user_ns, e->owner),
		   blob->creator ?: "?");
	show_identities(seq, e, walk->policy);
	if (e->initialized)
		seq_printf(seq, " measurement=%*phN", 32,
			   e->identity.measurement);
	else
		seq_puts(seq, " measurement=?");
	if (e->initialized && e->identity.has_signer)
		seq_printf(seq, " signer=%*phN", 32, e->identity.signer);
	else
		seq_puts(seq, " signer=?");
	seq_printf(seq, " debts=%d unjudged=%d flagged=%d",
		   blob->debts && blob->debts->open, blob->unjudged, flag);
	show_pages(seq, e);
}

/* Count the enclave. Return: 0 or -EINTR; @class: out: its identity, EWX_NONE: none yet. */
static int look(struct enclave *e, struct walk *walk, u32 *class)
{
	int err = enclave_lock_killable(e);

	if (err)
		return err;
	*class = EWX_NONE;
	walk->enclaves++;
	walk->initialized += e->initialized;
	if (walk->policy && e->initialized) {
		*class = ewx_enclave_class(e, walk->policy);
		ewx_held_copy(walk->held, &ewx_enclave(e)->held);
	}
	enclave_unlock(e);
	return 0;
}

static int show(struct enclave *e, const struct walk *walk, bool flag)
{
	int err = enclave_lock_killable(e);

	if (err)
		return err;
	show_enclave(walk->seq, e, walk, flag);
	enclave_unlock(e);
	return 0;
}

/*
 * ATTACKS row B20: flagged is what stands on something that would not be granted any
 * more. Anybody may ask, and a large policy answers slowly: the enclave is not locked
 * meanwhile.
 */
static bool visit(struct enclave *e, void *arg)
{
	struct walk *walk = arg;
	bool flag;
	u32 class;

	walk->err = look(e, walk, &class);
	if (walk->err)
		return false;
	flag = class != EWX_NONE &&
	       ewx_held_outdated(&walk->held->held, walk->policy, class,
				 walk->now, ewx_enforcing());
	if (fatal_signal_pending(current))
		walk->err = -EINTR;
	else if (walk->seq)
		walk->err = show(e, walk, flag);
	walk->flagged += flag;
	return !walk->err;
}

/* Every enclave, by @walk, whose policy and counts are the caller's. */
static int visit_all(struct walk *walk)
{
	walk->now = ktime_get_real_seconds();
	walk->held = kmalloc(sizeof(*walk->held), GFP_KERNEL);
	if (!walk->held)
		return -ENOMEM;
	enclave_for_each(visit, walk);
	kfree(walk->held);
	return walk->err;
}

static int enclaves_show(struct seq_file *seq, void *v)
{
	struct ewx_loaded *p = ewx_policy_get();
	struct walk walk = { .policy = p, .seq = seq };
	int err = visit_all(&walk);

	ewx_policy_put(p);
	return err;
}

static void show_policy(struct seq_file *seq, const struct ewx_loaded *p)
{
	seq_printf(seq, "policy: %s\n", ewx_policy_name(&p->core));
	seq_printf(seq, "version: %llu\n", p->core.version);
	seq_printf(seq, "digest: %*phN\n", SHA256_DIGEST_SIZE, p->digest);
	seq_printf(seq, "signature: %s\n", ewx_signature_name(p->signature));
	seq_printf(seq, "generation: %llu\n", p->generation);
	seq_printf(seq, "rules: %u\n", ewx_policy_rules(p));
	seq_printf(seq, "size: %u\n", p->size);
}

static int status_show(struct seq_file *seq, void *v)
{
	struct ewx_loaded *p = ewx_policy_get();
	struct walk walk = { .policy = p };
	const u64 now = ktime_get_real_seconds();
	u32 domain, permissive = 0;
	int err;

	seq_printf(seq, "state: %s\n", p ? "active" : "no-policy");
	seq_printf(seq, "enforcing: %d\n", ewx_enforcing());
	seq_printf(seq, "audit: %s\n",
		   ewx_audit_level_name(ewx_audit_level()));
	seq_printf(seq, "before_policy: %s\n",
		   ewx_before_policy_deny ? "deny" : "allow");
	seq_printf(seq, "seal: %s\n", ewx_seal_name(ewx_seal()));
	seq_printf(seq, "signatures: %s\n",
		   ewx_signature_required(false) ? "required" : "optional");
	if (p) {
		show_policy(seq, p);
		for (domain = 0;
		     domain < p->core.section[EWX_SECTION_DOMAINS].count;
		     domain++)
			permissive += ewx_domain_permissive(&p->core, domain,
							    now);
		seq_printf(seq, "permissive_domains: %u\n", permissive);
		seq_printf(seq, "clock_trusted: %d\n", now >= p->core.built);
	}
	err = visit_all(&walk);
	seq_printf(seq, "enclaves: %llu\n", walk.enclaves);
	seq_printf(seq, "initialized: %llu\n", walk.initialized);
	seq_printf(seq, "flagged: %llu\n", walk.flagged);
	ewx_policy_put(p);
	return err;
}

/* Hits of a last grant that are still in an enclave's blob. */
static bool flush(struct enclave *e, void *arg)
{
	int *err = arg;

	*err = enclave_lock_killable(e);
	if (*err)
		return false;
	ewx_enclave_flush(ewx_enclave(e));
	enclave_unlock(e);
	return true;
}

static int counters_show(struct seq_file *seq, void *v)
{
	struct ewx_loaded *p;
	const char *file;
	u32 rule, line;
	int err = 0;
	int i;

	enclave_for_each(flush, &err);
	if (err)
		return err;
	for (i = 0; i < EWX_COUNTER_COUNT; i++)
		seq_printf(seq, "%s: %llu\n", ewx_counter_name(i),
			   ewx_counter_read(i));
	p = ewx_policy_get();
	for (rule = 0; p && rule < ewx_policy_rules(p); rule++) {
		long hits = atomic_long_read(&p->hits[rule]);

		if (!hits || !ewx_rule_line(&p->core, rule, &file, &line))
			continue;
		seq_printf(seq, "rule %u ", rule);
		seq_escape(seq, file, " \t\n\\");
		seq_printf(seq, ":%u: %ld\n", line, hits);
	}
	ewx_policy_put(p);
	return 0;
}

static int version_show(struct seq_file *seq, void *v)
{
	struct ewx_loaded *p = ewx_policy_get();

	if (p)
		seq_printf(seq, "%llu\n", p->core.version);
	ewx_policy_put(p);
	return 0;
}

static int digest_show(struct seq_file *seq, void *v)
{
	struct ewx_loaded *p = ewx_policy_get();

	if (p)
		seq_printf(seq, "%*phN\n", SHA256_DIGEST_SIZE, p->digest);
	ewx_policy_put(p);
	return 0;
}

#define SHOW(name)							\
	static int name##_open(struct inode *inode, struct file *file)	\
	{								\
		return single_open(file, name##_show, NULL);		\
	}								\
	const struct file_operations ewx_##name##_fops = {		\
		.open = name##_open,					\
		.read = seq_read,					\
		.llseek = seq_lseek,					\
		.release = single_release,				\
	}

SHOW(status);
SHOW(counters);
SHOW(enclaves);
SHOW(version);
SHOW(digest);

/* The bytes as loaded; the same ones as long as the file is open. */
static int blob_open(struct inode *inode, struct file *file)
{
	file->private_data = ewx_policy_get();
	return file->private_data ? 0 : -ENODATA;
}

static ssize_t blob_read(struct file *file, char __user *buf, size_t count,
			 loff_t *ppos)
{
	const struct ewx_loaded *p = file->private_data;

	return simple_read_from_buffer(buf, count, ppos, p->blob, p->size);
}

static int blob_release(struct inode *inode, struct file *file)
{
	ewx_policy_put(file->private_data);
	return 0;
}

const struct file_operations ewx_blob_fops = {
	.open = blob_open,
	.read = blob_read,
	.llseek = generic_file_llseek,
	.release = blob_release,
};

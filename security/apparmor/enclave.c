// SPDX-License-Identifier: GPL-2.0-only
/*
 * AppArmor: enclaves.
 *
 * Owns: which name a permission is judged by, and what share means here. What a
 * request needs is the framework's. Must not know of pages or providers.
 *
 * Profiles have no rules for enclaves, so that each permission is "m" (may be
 * mapped executable) on a name:
 *
 *   exec_file      the source file's path
 *   exec_mutable   //enclave/exec_mutable and the source file's path
 *   any other      //enclave/PERMISSION
 *
 * No file has a path with two slashes at its beginning, and the parser keeps two
 * there, so that these names are nobody else's. Of patterns for files, those do
 * not match them in which something other than a slash must follow the first one.
 */
#include <linux/bitops.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/enclave.h>
#include <linux/fs.h>
#include <linux/lsm_hooks.h>
#include <linux/slab.h>

#include "../enclave/mutant.h"
#include "include/apparmor.h"
#include "include/audit.h"
#include "include/cred.h"
#include "include/enclave.h"
#include "include/file.h"
#include "include/label.h"
#include "include/match.h"
#include "include/path.h"
#include "include/perms.h"
#include "include/policy.h"

#define ENCLAVE_NAME "//enclave/"

/* What a name is made for: that of the source file, before or after a prefix. */
#define ENCLAVE_FILE_PERMS (ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MUTABLE)

/* "file_": for aa-logprof these are what they are to a profile, file rules. */
static const char *const enclave_ops[ENCLAVE_OP_COUNT] = {
#define ENCLAVE_OP_WORD(NAME, name) [ENCLAVE_OP_##NAME] = "file_enclave_" #name,
	ENCLAVE_OPS(ENCLAVE_OP_WORD)
#undef ENCLAVE_OP_WORD
};

static const char *const enclave_names[ENCLAVE_PERM_COUNT] = {
#define ENCLAVE_PERM_WORD(NAME, name, from, ident, when) \
	[ENCLAVE_PERM_BIT_##NAME] = ENCLAVE_NAME #name,
	ENCLAVE_PERMISSIONS(ENCLAVE_PERM_WORD)
#undef ENCLAVE_PERM_WORD
};

/**
 * struct question - one request, for every profile of a label.
 * @req: the request
 * @cred: who asks
 * @needs: what is asked
 * @source: the source file's path; NULL: there is none
 * @owner: whom "owner" rules mean: the source's owner, else the enclave's
 * @source_owner: likewise, for what is judged by the source
 * @buffer: for a path
 * @silent: only ask; -E2BIG for a refusal
 * @unshared: out: share was denied
 */
struct question {
	const struct enclave_request *req;
	const struct cred *cred;
	u32 needs;
	const struct path *source;
	kuid_t owner;
	kuid_t source_owner;
	char *buffer;
	bool silent;
	bool unshared;
};

static struct aa_enclave_ctx *enclave_ctx(const struct enclave *e)
{
	return e->security + apparmor_blob_sizes.lbs_enclave;
}

/* A fault is the task's own; see enclave_hook_defs.h. */
static const struct cred *subject_cred(const struct enclave_request *req)
{
	return req->op == ENCLAVE_OP_FAULT ? current_real_cred() :
					     current_cred();
}

/* What file_audit_cb() of file.c writes for files. */
static void record_fields(struct audit_buffer *ab, void *va)
{
	const struct apparmor_audit_data *ad = aad_of_va(va);

	audit_log_format(ab, " requested_mask=\"m\"");
	if (ad->denied)
		audit_log_format(ab, " denied_mask=\"m\"");
	audit_log_format(ab, " fsuid=%u ouid=%u",
			 from_kuid(&init_user_ns, ad->subj_cred->fsuid),
			 from_kuid(&init_user_ns, ad->fs.ouid));
}

/* A "deny" rule: no record, and complain mode does not let it pass either. */
static bool is_quiet(struct aa_profile *profile, const struct aa_perms *perms)
{
	return (perms->quiet & AA_EXEC_MMAP) &&
	       AUDIT_MODE(profile) != AUDIT_NOQUIET &&
	       AUDIT_MODE(profile) != AUDIT_ALL;
}

static bool passes(struct aa_profile *profile, const struct aa_perms *perms)
{
	return (perms->allow & AA_EXEC_MMAP) ||
	       (COMPLAIN_MODE(profile) && !is_quiet(profile, perms));
}

/*
 * As aa_audit_file() does, but for the class: the log parser of AppArmor 3.0 drops
 * every line that has one.
 */
static int record(const struct question *q, struct aa_profile *profile,
		  const struct aa_perms *perms, const char *name,
		  const char *info, kuid_t owner)
{
	DEFINE_AUDIT_DATA(ad, LSM_AUDIT_DATA_TASK, AA_CLASS_NONE,
			  enclave_ops[q->req->op]);
	int type = AUDIT_APPARMOR_AUTO;

	ad.subj_cred = q->cred;
	ad.request = AA_EXEC_MMAP;
	ad.name = name;
	ad.info = info;
	ad.fs.ouid = owner;
	if (perms->allow & AA_EXEC_MMAP) {
		if (!(perms->audit & AA_EXEC_MMAP) &&
		    AUDIT_MODE(profile) != AUDIT_ALL)
			return 0;
		type = AUDIT_APPARMOR_AUDIT;
	} else {
		ad.error = -EACCES;
		ad.denied = AA_EXEC_MMAP;
		if (perms->kill & AA_EXEC_MMAP)
			type = AUDIT_APPARMOR_KILL;
		if (is_quiet(profile, perms))
			return ad.error;
	}
	return aa_audit(type, profile, &ad, record_fields);
}

/*
 * Whatever @info says, a name that is not known is a denial; complain mode lets it
 * pass. "owner" rules are about who asks, not about current.
 */
static int judge_name(const struct question *q, struct aa_profile *profile,
		      const char *name, const char *info, kuid_t owner)
{
	struct aa_ruleset *rules =
		list_first_entry(&profile->rules, typeof(*rules), list);
	struct path_cond cond = { .uid = INVALID_UID };
	struct aa_perms perms = {};

	if (uid_eq(q->cred->fsuid, owner))
		cond.uid = current_fsuid();
	if (!info)
		aa_str_perms(rules->file, rules->file->start[AA_CLASS_FILE],
			     name, &cond, &perms);
	if (q->silent)
		return passes(profile, &perms) ? 0 : -E2BIG;
	return record(q, profile, &perms, name, info, owner);
}

/* exec_file and exec_mutable: by the source's path, as this profile sees it. */
static int judge_source(const struct question *q, struct aa_profile *profile)
{
	const char *name = NULL, *info = NULL;
	char *prefixed;
	int err = 0;

	if (!q->source)
		info = "no source file";
	else
		aa_path_name(q->source, profile->path_flags, q->buffer, &name,
			     &info, profile->disconnected);
	if (q->needs & ENCLAVE_PERM_EXEC_FILE)
		err = judge_name(q, profile, name, info, q->source_owner);
	if (!(q->needs & ENCLAVE_PERM_EXEC_MUTABLE))
		return err;

	prefixed = kasprintf(GFP_KERNEL, ENCLAVE_NAME "exec_mutable%s",
			     name ?: "");
	if (!prefixed)
		return -ENOMEM;
	err = judge_name(q, profile, prefixed, info, q->source_owner) ?: err;
	kfree(prefixed);
	return err;
}

static int judge_profile(struct question *q, struct aa_profile *profile)
{
	u32 rest = q->needs & ~ENCLAVE_FILE_PERMS;
	int now, err = 0;

	if (profile_unconfined(profile))
		return 0;
	if (q->needs & ENCLAVE_FILE_PERMS)
		err = judge_source(q, profile);
	for (; rest; rest &= rest - 1) {
		const u32 bit = __ffs(rest);

		now = judge_name(q, profile, enclave_names[bit], NULL,
				 q->owner);
		if (now && bit == ENCLAVE_PERM_BIT_SHARE)
			q->unshared = true;
		err = now ?: err;
	}
	return err;
}

/*
 * Every profile of a stack has to agree. Where nothing is recorded at all
 * (audit=quiet), complain mode refuses too, which is only known when all is
 * asked in earnest.
 */
static int judge_label(struct question *q, struct aa_label *label)
{
	struct aa_profile *profile;
	int err;

	q->buffer = aa_get_buffer(false);
	if (!q->buffer)
		return -ENOMEM;
	if (q->req->divisible) {
		q->silent = true;
		err = fn_for_each_confined(label, profile,
					   judge_profile(q, profile));
		q->silent = false;
		if (err)
			goto out;
	}
	err = fn_for_each_confined(label, profile, judge_profile(q, profile));
	if (err == -EACCES && q->req->divisible)
		err = -E2BIG;
out:
	aa_put_buffer(q->buffer);
	return err;
}

/*
 * Of one confinement there can be two labels, before and after a profile was
 * replaced, which may happen between looking at the one and at the other. They
 * have one proxy.
 */
static bool same_confinement(struct aa_label *creator,
			     const struct aa_label *label)
{
	struct aa_label *newest;
	bool same;

	if (creator->proxy == label->proxy)
		return true;
	newest = aa_get_newest_label(creator);
	same = newest->proxy == label->proxy;
	aa_put_label(newest);
	return same;
}

/* Another confinement created it; the framework knows euids only. */
static u32 share_needs(const struct enclave *e,
		       const struct enclave_request *req,
		       const struct aa_label *label)
{
	struct aa_label *creator = enclave_ctx(e)->creator;

	if (req->op != ENCLAVE_OP_MMAP && req->op != ENCLAVE_OP_MPROTECT &&
	    req->op != ENCLAVE_OP_FAULT)
		return 0;
	if (!creator || same_confinement(creator, label) ||
	    enclave_mutant(CONTEXT_SHARE))
		return 0;
	return enclave_mutant_drop(ENCLAVE_PERM_SHARE);
}

static void question_source(struct question *q, const struct file *file)
{
	const struct path *path = file_user_path(file);
	const struct inode *inode = d_backing_inode(path->dentry);

	q->source = path;
	q->source_owner = vfsuid_into_kuid(
		i_uid_into_vfsuid(mnt_idmap(path->mnt), inode));
}

/* Until it is created an enclave is not the opener's, but of who asks. */
static kuid_t owner_of(const struct enclave *e, const struct question *q)
{
	if (!e ||
	    (q->req->op == ENCLAVE_OP_CREATE && !enclave_mutant(CREATOR_LABEL)))
		return q->cred->euid;
	return e->owner;
}

static int judge(struct enclave *e, const struct enclave_request *req)
{
	struct question q = {
		.req = req,
		.cred = subject_cred(req),
		.needs = req->required,
		.source_owner = INVALID_UID,
	};
	struct aa_label *label = aa_get_newest_cred_label(q.cred);
	int err = 0;

	if (unconfined(label))
		goto out;
	if (e)
		q.needs |= share_needs(e, req, label);
	q.owner = owner_of(e, &q);
	if (enclave_mutant(SOURCE_LABEL))
		q.needs &= ~ENCLAVE_FILE_PERMS;
	if (req->source && req->source->file)
		question_source(&q, req->source->file);
	if (q.needs)
		err = judge_label(&q, label);
	/* Less access would need share as well. */
	if (err == -EACCES && q.unshared && req->op == ENCLAVE_OP_FAULT)
		err = -EREMOTE;
out:
	aa_put_label(label);
	return err;
}

static void apparmor_enclave_commit(struct enclave *e,
				    const struct enclave_request *req)
{
	struct aa_enclave_ctx *ctx;

	if (!e || req->op != ENCLAVE_OP_CREATE || enclave_mutant(CREATOR_LABEL))
		return;
	ctx = enclave_ctx(e);
	aa_put_label(ctx->creator);
	ctx->creator = aa_get_newest_cred_label(subject_cred(req));
}

/* Does not sleep; what a failed allocation left behind is all zeroes. */
static void apparmor_enclave_free(struct enclave *e)
{
	if (e->security)
		aa_put_label(enclave_ctx(e)->creator);
}

/* So that EWX can tell domains by the label of a credential. */
static void apparmor_cred_getsecid(const struct cred *cred, u32 *secid)
{
	struct aa_label *label = aa_get_newest_cred_label(cred);

	*secid = label->secid;
	aa_put_label(label);
}

static struct security_hook_list apparmor_enclave_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(enclave_create, judge),
	LSM_HOOK_INIT(enclave_load, judge),
	LSM_HOOK_INIT(enclave_map, judge),
	LSM_HOOK_INIT(enclave_init, judge),
	LSM_HOOK_INIT(enclave_access, judge),
	LSM_HOOK_INIT(enclave_commit, apparmor_enclave_commit),
	LSM_HOOK_INIT(enclave_free, apparmor_enclave_free),
	LSM_HOOK_INIT(cred_getsecid, apparmor_cred_getsecid),
};

/**
 * aa_add_enclave_hooks() - have AppArmor asked about enclaves.
 * @id: AppArmor
 */
void __init aa_add_enclave_hooks(const struct lsm_id *id)
{
	security_add_hooks(apparmor_enclave_hooks,
			   ARRAY_SIZE(apparmor_enclave_hooks), id);
}

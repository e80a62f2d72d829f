// SPDX-License-Identifier: GPL-2.0-only
/*
 * SELinux: enclaves.
 *
 * Owns: which label a permission is judged against, the label of an enclave, and
 * what share means here. What a request needs is the framework's; the class
 * "enclave" has its permissions, bit by bit. Must not know of pages or providers.
 *
 * exec_file and exec_mutable are judged against the source file, all others
 * against the enclave. An enclave's label is computed when it is created, from
 * the creator's domain by a type_transition rule, whose name is the provider's
 * ("dev", "sgx"); without a rule it has the creator's type. It stays, whatever
 * becomes of the creator. Until then the opener's label holds.
 */
#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/enclave.h>
#include <linux/enclave_audit.h>
#include <linux/fs.h>
#include <linux/lsm_hooks.h>
#include <linux/string.h>

#include "../enclave/mutant.h"
#include "avc.h"
#include "enclave.h"
#include "objsec.h"
#include "security.h"

/* The access vector of the framework is the one of the class. */
#define SAME_BIT(NAME, name, from, ident, when) \
	static_assert(ENCLAVE__##NAME == ENCLAVE_PERM_##NAME);
ENCLAVE_PERMISSIONS(SAME_BIT)
#undef SAME_BIT

/* What is judged against the source file. */
#define ENCLAVE_FILE_PERMS (ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_EXEC_MUTABLE)

/**
 * struct check - one question to the AVC.
 * @sid: target
 * @needs: permissions; 0: there is no question
 * @rc: the answer
 * @avd: what the answer came from
 */
struct check {
	u32 sid;
	u32 needs;
	int rc;
	struct av_decision avd;
};

static struct enclave_security_struct *selinux_enclave(const struct enclave *e)
{
	return e->security + selinux_blob_sizes.lbs_enclave;
}

/* A fault is the task's own; see enclave_hook_defs.h. */
static u32 subject_sid(const struct enclave_request *req)
{
	const struct cred *cred = current_cred();

	if (req->op == ENCLAVE_OP_FAULT)
		cred = current_real_cred();
	return selinux_cred(cred)->sid;
}

static int new_label(u32 ssid, const struct enclave_provider *provider,
		     u32 *sid)
{
	struct qstr name;

	if (!provider)
		return security_transition_sid(ssid, ssid, SECCLASS_ENCLAVE,
					       NULL, sid);
	name = QSTR(provider->name);
	return security_transition_sid(ssid, ssid, SECCLASS_ENCLAVE, &name,
				       sid);
}

/*
 * Files without a label that would be known are as good as unlabelled, also those
 * whose label has to be read again, which cannot be waited for here.
 */
static u32 source_sid(const struct path *path)
{
	const struct inode *inode = path ? d_backing_inode(path->dentry) : NULL;
	struct inode_security_struct *isec;
	u32 sid = SECINITSID_UNLABELED;

	isec = inode ? selinux_inode(inode) : NULL;
	if (!isec)
		return sid;
	spin_lock(&isec->lock);
	if (isec->initialized == LABEL_INITIALIZED)
		sid = isec->sid;
	spin_unlock(&isec->lock);
	return sid;
}

/* The label that all but the source is judged against. */
static int enclave_sid(struct enclave *e, const struct enclave_request *req,
		       u32 ssid, u32 *sid)
{
	struct enclave_security_struct *esec;
	int err;

	if (!e)
		return new_label(ssid, NULL, sid);
	esec = selinux_enclave(e);
	if (req->op == ENCLAVE_OP_CREATE) {
		err = new_label(ssid, e->provider, &esec->new_sid);
		*sid = esec->new_sid;
		return err;
	}
	*sid = esec->sid;
	return 0;
}

/* Mapping what another domain created; the framework knows euids only. */
static u32 share_needs(const struct enclave *e,
		       const struct enclave_request *req, u32 ssid)
{
	if (req->op != ENCLAVE_OP_MMAP && req->op != ENCLAVE_OP_MPROTECT &&
	    req->op != ENCLAVE_OP_FAULT)
		return 0;
	if (!e->created || selinux_enclave(e)->creator_sid == ssid ||
	    enclave_mutant(CONTEXT_SHARE))
		return 0;
	return enclave_mutant_drop(ENCLAVE_PERM_SHARE);
}

static void ask(struct check *check, u32 ssid)
{
	if (check->needs)
		check->rc = avc_has_perm_noaudit(ssid, check->sid,
						 SECCLASS_ENCLAVE, check->needs,
						 0, &check->avd);
}

static int record(struct check *check, u32 ssid, struct enclave_audit *audit)
{
	struct common_audit_data ad = {
		.type = LSM_AUDIT_DATA_ENCLAVE,
		.u.enclave = audit,
	};
	u32 denied = check->needs & ~check->avd.allowed;
	int err;

	if (!check->needs)
		return 0;
	audit->needs = denied ?: check->needs;
	err = avc_audit(ssid, check->sid, SECCLASS_ENCLAVE, check->needs,
			&check->avd, check->rc, &ad);
	return err ?: check->rc;
}

/* The mapping is not the task's to use: less access would need share as well. */
static bool is_hopeless(const struct enclave_request *req,
			const struct check *own)
{
	return req->op == ENCLAVE_OP_FAULT && own->rc &&
	       (own->needs & ~own->avd.allowed & ENCLAVE_PERM_SHARE);
}

/* All is asked before anything is recorded: a refusal of several pages is not. */
static int judge_vector(struct enclave *e, const struct enclave_request *req,
			u32 ssid, u32 needs)
{
	const struct path *path = NULL;
	struct enclave_audit audit = { .e = e, .req = req };
	struct check source = { .needs = needs & ENCLAVE_FILE_PERMS };
	struct check own = { .needs = needs & ~ENCLAVE_FILE_PERMS };
	int err, own_err;

	if (req->source && req->source->file)
		path = file_user_path(req->source->file);
	source.sid = source_sid(path);
	err = enclave_sid(e, req, ssid, &own.sid);
	if (err)
		return err;
	if (enclave_mutant(SOURCE_LABEL))
		source.sid = own.sid;

	ask(&source, ssid);
	ask(&own, ssid);
	if (req->divisible && (source.rc || own.rc))
		return -E2BIG;
	own_err = record(&own, ssid, &audit);
	audit.source = path;
	err = record(&source, ssid, &audit) ?: own_err;
	return err == -EACCES && is_hopeless(req, &own) ? -EREMOTE : err;
}

static int judge(struct enclave *e, const struct enclave_request *req)
{
	u32 ssid = subject_sid(req);
	u32 needs = req->required;

	if (e)
		needs |= share_needs(e, req, ssid);
	return needs ? judge_vector(e, req, ssid, needs) : 0;
}

static int selinux_enclave_alloc(struct enclave *e)
{
	struct enclave_security_struct *esec = selinux_enclave(e);

	esec->creator_sid = current_sid();
	return new_label(esec->creator_sid, e->provider, &esec->sid);
}

/* Current is who asked: the lock was held all the time. */
static void selinux_enclave_commit(struct enclave *e,
				   const struct enclave_request *req)
{
	struct enclave_security_struct *esec;

	if (!e || req->op != ENCLAVE_OP_CREATE || enclave_mutant(CREATOR_LABEL))
		return;
	esec = selinux_enclave(e);
	esec->sid = esec->new_sid;
	esec->creator_sid = subject_sid(req);
}

static struct security_hook_list selinux_enclave_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(enclave_alloc, selinux_enclave_alloc),
	LSM_HOOK_INIT(enclave_create, judge),
	LSM_HOOK_INIT(enclave_load, judge),
	LSM_HOOK_INIT(enclave_map, judge),
	LSM_HOOK_INIT(enclave_init, judge),
	LSM_HOOK_INIT(enclave_access, judge),
	LSM_HOOK_INIT(enclave_commit, selinux_enclave_commit),
};

/**
 * selinux_add_enclave_hooks() - have SELinux asked about enclaves.
 * @id: SELinux
 */
void __init selinux_add_enclave_hooks(const struct lsm_id *id)
{
	security_add_hooks(selinux_enclave_hooks,
			   ARRAY_SIZE(selinux_enclave_hooks), id);
}

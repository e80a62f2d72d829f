// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing audit records (audit.h).
 *
 * Owns: one function per field of EWX_AUDIT_FIELDS. The list gives the order and
 * says which record has the field; a field without a function does not compile.
 * Must not know how a decision is made.
 */
#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/once.h>
#include <linux/random.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "audit.h"
#include "audit_text.h"
#include "cred.h"
#include "layout.h"
#include "setup.h"

/* What a text of names may take of the stack. */
#define SOURCES_TEXT_MAX	512

#define FIELD(name)							\
	static void emit_##name(struct ewx_text *t,			\
				const struct ewx_record *r, u64 suppressed)

static void word(struct ewx_text *t, const char *text)
{
	if (!text || !*text)
		text = "?";
	ewx_text_bytes(t, text, strlen(text));
}

static void number(struct ewx_text *t, u64 n)
{
	ewx_text_number(t, n);
}

static void string(struct ewx_text *t, const char *text)
{
	ewx_text_string(t, text, text ? strlen(text) : 0, EWX_TEXT_VALUE);
}

static void digest(struct ewx_text *t, const u8 *sha256)
{
	ewx_text_digest(t, sha256, SHA256_DIGEST_SIZE);
}

static void vector(struct ewx_text *t, u32 perms)
{
	/* There is no name of another. */
	perms &= ENCLAVE_PERM_ALL;
	if (!perms)
		word(t, NULL);
	for (; perms; perms &= perms - 1) {
		word(t, enclave_permission_names[__ffs(perms)]);
		if (perms & (perms - 1))
			ewx_text_bytes(t, ",", 1);
	}
}

static const char *exe_path(const struct ewx_record *r)
{
	return r->exe ? r->exe->path : NULL;
}

/* Names of the sources or identities of a class, by commas. */
static void class_names(struct ewx_text *t, const struct ewx_policy *p,
			u32 class,
			const char *(*class_name)(const struct ewx_policy *p,
						  u32 class, u32 n))
{
	char text[SOURCES_TEXT_MAX];
	const char *next;
	u32 n;

	text[0] = '\0';
	for (n = 0; (next = class_name(p, class, n)); n++) {
		if (!ewx_layout_word(text, sizeof(text), next)) {
			ewx_layout_more(text, sizeof(text));
			break;
		}
	}
	string(t, text);
}

FIELD(lsm)
{
	word(t, "ewx");
}

/* Enclaves and loads are counted from 1 at each boot. */
FIELD(boot)
{
	static u64 boot;

	get_random_once(&boot, sizeof(boot));
	ewx_text_hex(t, boot, 16);
}

FIELD(op)
{
	word(t, r->op ? enclave_op_names[r->op] : NULL);
}

FIELD(result)
{
	static const char *const words[EWX_OUTCOME_COUNT] = {
#define OUTCOME(NAME, name) [EWX_OUTCOME_##NAME] = #name,
		EWX_OUTCOMES(OUTCOME)
#undef OUTCOME
	};

	word(t, words[r->outcome]);
}

FIELD(cause)
{
	if (r->refusal)
		word(t, enclave_refusal_names[r->refusal]);
	else if (r->guarded)
		word(t, "guarded");
	else if (r->cause < ENCLAVE_PERM_COUNT)
		word(t, enclave_permission_names[r->cause]);
	else
		word(t, NULL);
}

FIELD(reason)
{
	static const char *const words[EWX_REASON_COUNT] = {
#define REASON(NAME, name, why) [EWX_REASON_##NAME] = #name,
		EWX_REASONS(REASON)
#undef REASON
	};

	word(t, words[r->reason]);
}

FIELD(needed)
{
	vector(t, r->needed);
}

FIELD(missing)
{
	vector(t, r->missing);
}

FIELD(enclave)
{
	number(t, r->enclave);
}

FIELD(provider)
{
	word(t, r->provider);
}

FIELD(domain)
{
	string(t, r->policy ? ewx_domain_name(&r->policy->core, r->domain) :
			       NULL);
}

FIELD(creator)
{
	string(t, r->summary->creator);
}

FIELD(access)
{
	if (!(r->access & ENCLAVE_RWX))
		word(t, "none");
	if (r->access & ENCLAVE_R)
		word(t, "r");
	if (r->access & ENCLAVE_W)
		word(t, "w");
	if (r->access & ENCLAVE_X)
		word(t, "x");
}

FIELD(facts)
{
	ewx_text_hex(t, r->facts, 1);
}

FIELD(inited)
{
	number(t, r->initialized);
}

FIELD(foreign)
{
	number(t, r->foreign);
}

FIELD(opener)
{
	number(t, r->opener);
}

FIELD(page)
{
	number(t, r->page);
}

FIELD(pages)
{
	number(t, r->pages);
}

FIELD(origin)
{
	static const char *const words[] = {
		[ENCLAVE_ORIGIN_ANON] = "anon",
		[ENCLAVE_ORIGIN_MODIFIED] = "modified",
		[ENCLAVE_ORIGIN_DYNAMIC] = "dynamic",
		[ENCLAVE_ORIGIN_FILE] = "file",
	};

	word(t, r->has_origin ? words[r->origin] : NULL);
}

FIELD(path)
{
	ewx_text_name(t, r->file.path, exe_path(r));
}

FIELD(fstype)
{
	word(t, r->file.fstype);
}

FIELD(owner)
{
	number(t, r->file.owner);
}

FIELD(nopath)
{
	number(t, r->file.nopath);
}

FIELD(readonly)
{
	number(t, r->file.read_only);
}

static void verity(struct ewx_text *t, const struct ewx_verity *v)
{
	if (!v->present)
		word(t, NULL);
	else if (v->has_digest)
		digest(t, v->digest);
	else
		word(t, "any");
	if (v->is_signed)
		word(t, "+signed");
}

FIELD(fsverity)
{
	verity(t, &r->file.fs_verity);
}

FIELD(dmverity)
{
	verity(t, &r->file.dm_verity);
}

FIELD(mapexec)
{
	number(t, r->file.mapped_exec);
}

FIELD(source)
{
	if (r->summary)
		string(t, r->summary->sources);
	else if (r->policy)
		class_names(t, &r->policy->core, r->source,
			    ewx_source_class_name);
	else
		word(t, NULL);
}

FIELD(identity)
{
	if (r->policy && r->identity != EWX_NONE)
		class_names(t, &r->policy->core, r->identity,
			    ewx_identity_class_name);
	else
		word(t, NULL);
}

FIELD(measurement)
{
	if (r->known)
		digest(t, r->id.measurement);
	else
		word(t, NULL);
}

FIELD(signer)
{
	if (r->known && r->id.has_signer)
		digest(t, r->id.signer);
	else
		word(t, NULL);
}

FIELD(product)
{
	number(t, r->known ? r->id.product : 0);
}

FIELD(svn)
{
	number(t, r->known ? r->id.svn : 0);
}

FIELD(attrs)
{
	ewx_text_hex(t, r->id.attributes, 1);
}

FIELD(xfrm)
{
	ewx_text_hex(t, r->id.xfrm, 1);
}

FIELD(used)
{
	word(t, r->summary->used);
}

FIELD(ranges)
{
	word(t, r->summary->ranges);
}

FIELD(unjudged)
{
	number(t, r->summary->unjudged);
}

FIELD(narrowed)
{
	number(t, r->narrowed);
}

FIELD(policy)
{
	if (r->control)
		string(t, r->control->load->name);
	else
		string(t, r->policy ? ewx_policy_name(&r->policy->core) :
				       NULL);
}

FIELD(version)
{
	if (r->control)
		number(t, r->control->load->version);
	else
		number(t, r->policy ? r->policy->core.version : 0);
}

FIELD(digest)
{
	if (r->control && r->control->load->name[0])
		digest(t, r->control->load->digest);
	else if (r->policy)
		digest(t, r->policy->digest);
	else
		word(t, NULL);
}

FIELD(rule)
{
	if (r->rule == EWX_NONE)
		word(t, "-1");
	else
		number(t, r->rule);
}

/* Where to look in the policy: the rule, else the domain that lacks one. */
FIELD(line)
{
	const char *file = NULL;
	char text[280];
	u32 line = 0;
	size_t len;
	bool found = false;

	if (r->policy && !r->refusal) {
		if (r->rule != EWX_NONE)
			found = ewx_rule_line(&r->policy->core, r->rule, &file,
					      &line);
		else
			found = ewx_domain_line(&r->policy->core, r->domain,
						&file, &line);
	}
	if (!found) {
		word(t, NULL);
		return;
	}
	/* Of a long name the end, so that the line is always there. */
	len = strlen(file);
	snprintf(text, sizeof(text), "%s%s:%u", len > 255 ? "..." : "",
		 file + (len > 255 ? len - 252 : 0), line);
	string(t, text);
}

FIELD(now)
{
	number(t, r->now);
}

FIELD(size)
{
	number(t, r->control->size);
}

FIELD(generation)
{
	number(t, r->control->generation);
}

FIELD(old_version)
{
	number(t, r->control->load->old_version);
}

FIELD(rollback)
{
	const struct ewx_load_result *load = r->control->load;

	number(t, load->changed && load->version < load->old_version);
}

FIELD(old_enforcing)
{
	number(t, r->control->old_enforcing);
}

FIELD(level)
{
	word(t, ewx_audit_level_name(r->control->level));
}

FIELD(old_level)
{
	word(t, ewx_audit_level_name(r->control->old_level));
}

FIELD(signature)
{
	word(t, ewx_signature_name(r->control->load->signature));
}

FIELD(seal)
{
	word(t, ewx_seal_name(r->control->seal));
}

FIELD(old_seal)
{
	word(t, ewx_seal_name(r->control->old_seal));
}

FIELD(res)
{
	number(t, !r->control->err);
}

FIELD(errno)
{
	number(t, -r->control->err);
}

FIELD(enforcing)
{
	number(t, r->enforcing);
}

FIELD(suppressed)
{
	number(t, suppressed);
}

FIELD(pid)
{
	number(t, r->pid);
}

FIELD(auid)
{
	number(t, r->auid);
}

FIELD(uid)
{
	number(t, r->uid);
}

FIELD(euid)
{
	number(t, r->euid);
}

FIELD(egid)
{
	number(t, r->egid);
}

FIELD(ses)
{
	number(t, r->ses);
}

FIELD(comm)
{
	string(t, r->comm);
}

FIELD(exe)
{
	ewx_text_name(t, exe_path(r), r->file.path);
}

FIELD(shortened)
{
	number(t, t->shortened);
}

FIELD(noexe)
{
	number(t, !r->exe || !r->exe->trusted);
}

FIELD(subj)
{
	ewx_text_context(t);
}

static const struct {
	const char *prefix;
	u8 length;
	u32 in;
	void (*emit)(struct ewx_text *t, const struct ewx_record *r,
		     u64 suppressed);
} fields[] = {
#define ENTRY(name, kind, in, meaning)					\
	{ " " #name "=", sizeof(#name) + 1, EWX_IN_##in, emit_##name },
	EWX_AUDIT_FIELDS(ENTRY)
#undef ENTRY
};

static void put_fields(struct ewx_text *t, const struct ewx_record *r, u32 in,
		       u64 suppressed)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!(fields[i].in & in))
			continue;
		ewx_text_bytes(t, fields[i].prefix + !i, fields[i].length - !i);
		fields[i].emit(t, r, suppressed);
	}
}

size_t ewx_audit_fields(struct audit_buffer *ab, const struct ewx_record *r,
			u32 in, u64 suppressed, const char *context,
			size_t context_len)
{
	struct ewx_text t = { .context = context, .context_len = context_len };

	/* Without memory audit is given each value by itself. */
	t.piece = kmalloc(EWX_TEXT_PIECE, GFP_ATOMIC | __GFP_NOWARN);
	if (t.piece)
		t.room = EWX_TEXT_PIECE;
	ewx_text_begin(&t);
	put_fields(&t, r, in, suppressed);
	if (ewx_text_fits(&t)) {
		t.ab = ab;
	} else {
		ewx_text_again(&t, ab, r->file.path, exe_path(r));
		put_fields(&t, r, in, suppressed);
	}
	ewx_text_flush(&t);
	kfree(t.piece);
	return t.len;
}

bool ewx_audit_write(struct audit_context *context, const struct ewx_record *r,
		     u64 suppressed, gfp_t gfp)
{
	int type = AUDIT_EWX_ACCESS;
	u32 in = EWX_IN_access;
	struct audit_buffer *ab;
	u32 len = 0, secid = 0;
	char *label = NULL;

	if (r->summary) {
		type = AUDIT_EWX_ENCLAVE;
		in = EWX_IN_enclave;
	} else if (r->control && r->control->load) {
		type = AUDIT_MAC_POLICY_LOAD;
		in = EWX_IN_load;
	} else if (r->control) {
		type = AUDIT_MAC_STATUS;
		in = EWX_IN_mode;
	}
	ab = audit_log_start(context, gfp, type);
	if (!ab)
		return false;
	/* Taken late: what a kept record's stood for may be gone. */
	if (r->cred)
		security_cred_getsecid(r->cred, &secid);
	if (secid && security_secid_to_secctx(secid, &label, &len))
		label = NULL;
	ewx_audit_fields(ab, r, in, suppressed, label, len);
	if (label)
		security_release_secctx(label, len);
	audit_log_end(ab);
	return true;
}

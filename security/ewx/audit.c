// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing audit records (audit.h).
 *
 * Owns: one function per field of EWX_AUDIT_FIELDS. The list gives the order and
 * says which record has the field; a field without a function does not compile.
 * Must not know how a decision is made.
 */
#include <linux/audit.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "../enclave/facts.h"
#include "audit.h"
#include "cred.h"
#include "layout.h"
#include "setup.h"

/*
 * What path and exe may take together once they are encoded. All other fields need
 * less than 3,900 bytes, and auditd drops a message of more than 8,970.
 */
#define NAMES_ROOM		4800

/* Bytes of a context; none of use is longer. */
#define CONTEXT_MAX		512

/* What a text of names or of ranges may take of the stack. */
#define SOURCES_TEXT_MAX	512
#define LAYOUT_TEXT_MAX		384

#define FIELD(name)							\
	static void emit_##name(struct audit_buffer *ab,		\
				const struct ewx_record *r, u64 suppressed)

static void word(struct audit_buffer *ab, const char *text)
{
	audit_log_format(ab, "%s", text && *text ? text : "?");
}

static void number(struct audit_buffer *ab, u64 n)
{
	audit_log_format(ab, "%llu", n);
}

static void string(struct audit_buffer *ab, const char *text)
{
	if (text && *text)
		audit_log_untrustedstring(ab, text);
	else
		word(ab, NULL);
}

static void digest(struct audit_buffer *ab, const u8 *sha256)
{
	audit_log_format(ab, "%*phN", SHA256_DIGEST_SIZE, sha256);
}

static void vector(struct audit_buffer *ab, u32 perms)
{
	const char *comma = "";
	unsigned int bit;

	if (!perms)
		word(ab, NULL);
	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!(perms & BIT(bit)))
			continue;
		audit_log_format(ab, "%s%s", comma,
				 enclave_permission_names[bit]);
		comma = ",";
	}
}

/* Bytes that a name takes, in quotes or in hexadecimal. */
static size_t encoded(const char *name)
{
	size_t len = name ? strlen(name) : 0;

	return len && audit_string_contains_control(name, len) ? 2 * len :
								 len + 2;
}

/* What is left for @name beside @other: at least half of all. */
static size_t room_for(const char *other)
{
	return NAMES_ROOM - min_t(size_t, encoded(other), NAMES_ROOM / 2);
}

static const char *exe_path(const struct ewx_record *r)
{
	return r->exe ? r->exe->path : NULL;
}

static bool shortened(const char *name, const char *other)
{
	return encoded(name) > room_for(other);
}

/* Whose folder it is in stands at its beginning, what it is at its end. */
static void put_name(struct audit_buffer *ab, const char *text, const char *other)
{
	size_t part, len;

	if (!text || !shortened(text, other)) {
		string(ab, text);
		return;
	}
	len = strlen(text);
	part = min(room_for(other) / 4 - 2, len / 2);
	audit_log_n_hex(ab, text, part);
	audit_log_n_hex(ab, "...", 3);
	audit_log_n_hex(ab, text + len - part, part);
}

/* Names of the sources or identities of a class, by commas. */
static void class_names(struct audit_buffer *ab, const struct ewx_policy *p,
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
	string(ab, text);
}

FIELD(lsm)
{
	word(ab, "ewx");
}

FIELD(op)
{
	word(ab, r->op ? enclave_op_names[r->op] : NULL);
}

FIELD(result)
{
	static const char *const words[EWX_OUTCOME_COUNT] = {
#define OUTCOME(NAME, name) [EWX_OUTCOME_##NAME] = #name,
		EWX_OUTCOMES(OUTCOME)
#undef OUTCOME
	};

	word(ab, words[r->outcome]);
}

FIELD(cause)
{
	if (r->refusal)
		word(ab, enclave_refusal_names[r->refusal]);
	else if (r->guarded)
		word(ab, "guarded");
	else if (r->cause < ENCLAVE_PERM_COUNT)
		word(ab, enclave_permission_names[r->cause]);
	else
		word(ab, NULL);
}

FIELD(reason)
{
	static const char *const words[EWX_REASON_COUNT] = {
#define REASON(NAME, name, why) [EWX_REASON_##NAME] = #name,
		EWX_REASONS(REASON)
#undef REASON
	};

	word(ab, words[r->reason]);
}

FIELD(needed)
{
	vector(ab, r->needed);
}

FIELD(missing)
{
	vector(ab, r->missing);
}

FIELD(enclave)
{
	number(ab, r->enclave);
}

FIELD(provider)
{
	word(ab, r->provider);
}

FIELD(domain)
{
	string(ab, r->policy ? ewx_domain_name(&r->policy->core, r->domain) :
			       NULL);
}

FIELD(creator)
{
	string(ab, r->summary->creator);
}

FIELD(access)
{
	if (!(r->access & ENCLAVE_RWX)) {
		word(ab, "none");
		return;
	}
	audit_log_format(ab, "%s%s%s", r->access & ENCLAVE_R ? "r" : "",
			 r->access & ENCLAVE_W ? "w" : "",
			 r->access & ENCLAVE_X ? "x" : "");
}

FIELD(facts)
{
	audit_log_format(ab, "%x", r->facts);
}

FIELD(inited)
{
	number(ab, r->initialized);
}

FIELD(foreign)
{
	number(ab, r->foreign);
}

FIELD(page)
{
	number(ab, r->page);
}

FIELD(pages)
{
	number(ab, r->pages);
}

FIELD(origin)
{
	static const char *const words[] = {
		[ENCLAVE_ORIGIN_ANON] = "anon",
		[ENCLAVE_ORIGIN_MODIFIED] = "modified",
		[ENCLAVE_ORIGIN_DYNAMIC] = "dynamic",
		[ENCLAVE_ORIGIN_FILE] = "file",
	};

	word(ab, r->has_origin ? words[r->origin] : NULL);
}

FIELD(path)
{
	put_name(ab, r->file.path, exe_path(r));
}

FIELD(fstype)
{
	word(ab, r->file.fstype);
}

FIELD(owner)
{
	number(ab, r->file.owner);
}

FIELD(nopath)
{
	number(ab, r->file.nopath);
}

FIELD(readonly)
{
	number(ab, r->file.read_only);
}

static void verity(struct audit_buffer *ab, const struct ewx_verity *v)
{
	if (!v->present)
		word(ab, NULL);
	else if (v->has_digest)
		digest(ab, v->digest);
	else
		word(ab, "any");
	if (v->is_signed)
		word(ab, "+signed");
}

FIELD(fsverity)
{
	verity(ab, &r->file.fs_verity);
}

FIELD(dmverity)
{
	verity(ab, &r->file.dm_verity);
}

FIELD(mapexec)
{
	number(ab, r->file.mapped_exec);
}

FIELD(source)
{
	char text[SOURCES_TEXT_MAX];

	if (r->summary) {
		ewx_layout_sources(r->summary->policy, r->summary->sources,
				   text, sizeof(text));
		string(ab, text);
	} else if (r->policy)
		class_names(ab, &r->policy->core, r->source,
			    ewx_source_class_name);
	else
		word(ab, NULL);
}

FIELD(identity)
{
	if (r->policy && r->identity != EWX_NONE)
		class_names(ab, &r->policy->core, r->identity,
			    ewx_identity_class_name);
	else
		word(ab, NULL);
}

FIELD(measurement)
{
	if (r->known)
		digest(ab, r->id.measurement);
	else
		word(ab, NULL);
}

FIELD(signer)
{
	if (r->known && r->id.has_signer)
		digest(ab, r->id.signer);
	else
		word(ab, NULL);
}

FIELD(product)
{
	number(ab, r->known ? r->id.product : 0);
}

FIELD(svn)
{
	number(ab, r->known ? r->id.svn : 0);
}

FIELD(attrs)
{
	audit_log_format(ab, "%x", r->id.attributes);
}

FIELD(xfrm)
{
	audit_log_format(ab, "%llx", r->id.xfrm);
}

FIELD(used)
{
	char text[LAYOUT_TEXT_MAX];

	ewx_layout_used(r->summary->e, r->summary->used, text, sizeof(text));
	word(ab, text);
}

FIELD(ranges)
{
	char text[LAYOUT_TEXT_MAX];

	ewx_layout_ranges(r->summary->e, text, sizeof(text));
	word(ab, text);
}

FIELD(unjudged)
{
	number(ab, r->summary->unjudged);
}

FIELD(policy)
{
	if (r->control)
		string(ab, r->control->load->name);
	else
		string(ab, r->policy ? ewx_policy_name(&r->policy->core) :
				       NULL);
}

FIELD(version)
{
	if (r->control)
		number(ab, r->control->load->version);
	else
		number(ab, r->policy ? r->policy->core.version : 0);
}

FIELD(digest)
{
	if (r->control && r->control->load->name[0])
		digest(ab, r->control->load->digest);
	else if (r->policy)
		digest(ab, r->policy->digest);
	else
		word(ab, NULL);
}

FIELD(rule)
{
	audit_log_format(ab, "%lld", r->rule == EWX_NONE ? -1LL :
				     (long long)r->rule);
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
		word(ab, NULL);
		return;
	}
	/* Of a long name the end, so that the line is always there. */
	len = strlen(file);
	snprintf(text, sizeof(text), "%s%s:%u", len > 255 ? "..." : "",
		 file + (len > 255 ? len - 252 : 0), line);
	string(ab, text);
}

FIELD(now)
{
	number(ab, r->now);
}

FIELD(size)
{
	number(ab, r->control->size);
}

FIELD(generation)
{
	number(ab, r->control->generation);
}

FIELD(old_version)
{
	number(ab, r->control->load->old_version);
}

FIELD(rollback)
{
	const struct ewx_load_result *load = r->control->load;

	number(ab, load->changed && load->version < load->old_version);
}

FIELD(old_enforcing)
{
	number(ab, r->control->old_enforcing);
}

FIELD(level)
{
	word(ab, ewx_audit_level_name(r->control->level));
}

FIELD(old_level)
{
	word(ab, ewx_audit_level_name(r->control->old_level));
}

FIELD(signature)
{
	word(ab, ewx_signature_name(r->control->load->signature));
}

FIELD(seal)
{
	word(ab, ewx_seal_name(r->control->seal));
}

FIELD(old_seal)
{
	word(ab, ewx_seal_name(r->control->old_seal));
}

FIELD(res)
{
	number(ab, !r->control->err);
}

FIELD(errno)
{
	number(ab, -r->control->err);
}

FIELD(enforcing)
{
	number(ab, r->enforcing);
}

FIELD(suppressed)
{
	number(ab, suppressed);
}

FIELD(pid)
{
	number(ab, r->pid);
}

FIELD(auid)
{
	number(ab, r->auid);
}

FIELD(uid)
{
	number(ab, r->uid);
}

FIELD(euid)
{
	number(ab, r->euid);
}

FIELD(egid)
{
	number(ab, r->egid);
}

FIELD(ses)
{
	number(ab, r->ses);
}

FIELD(comm)
{
	string(ab, r->comm);
}

FIELD(exe)
{
	put_name(ab, exe_path(r), r->file.path);
}

FIELD(shortened)
{
	const char *path = r->file.path, *exe = exe_path(r);

	number(ab, (path && shortened(path, exe)) ||
			   (exe && shortened(exe, path)));
}

FIELD(noexe)
{
	number(ab, !r->exe || !r->exe->trusted);
}

/* A context with a byte that would end the word is written as a string. */
FIELD(subj)
{
	char *context;
	u32 len, all, i;

	if (!r->secid || security_secid_to_secctx(r->secid, &context, &all)) {
		word(ab, NULL);
		return;
	}
	len = min_t(u32, all, CONTEXT_MAX);
	for (i = 0; i < len && context[i]; i++) {
		if (!isgraph(context[i]) || context[i] == '"')
			break;
	}
	if (i < len && context[i])
		audit_log_n_untrustedstring(ab, context, strnlen(context, len));
	else
		audit_log_format(ab, "%.*s", (int)i, context);
	security_release_secctx(context, all);
}

static const struct {
	const char *prefix;
	u32 in;
	void (*emit)(struct audit_buffer *ab, const struct ewx_record *r,
		     u64 suppressed);
} fields[] = {
#define ENTRY(name, kind, in, meaning)					\
	{ " " #name "=", EWX_IN_##in, emit_##name },
	EWX_AUDIT_FIELDS(ENTRY)
#undef ENTRY
};

void ewx_audit_fields(struct audit_buffer *ab, const struct ewx_record *r,
		      u32 in, u64 suppressed)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!(fields[i].in & in))
			continue;
		audit_log_format(ab, "%s", fields[i].prefix + !i);
		fields[i].emit(ab, r, suppressed);
	}
}

bool ewx_audit_write(struct audit_context *context, const struct ewx_record *r,
		     u64 suppressed)
{
	int type = AUDIT_EWX_ACCESS;
	u32 in = EWX_IN_access;
	struct audit_buffer *ab;

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
	ab = audit_log_start(context, GFP_ATOMIC, type);
	if (!ab)
		return false;
	ewx_audit_fields(ab, r, in, suppressed);
	audit_log_end(ab);
	return true;
}

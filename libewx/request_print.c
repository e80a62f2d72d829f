// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writing requests: a query as text that parses to the same query.
 */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <ewx/words.h>
#include "request.h"
#include "../security/enclave/facts.h"

static void print_string(FILE *out, const char *s)
{
	fputc('"', out);
	ewx_print_safe(out, s, '"');
	fputc('"', out);
}

/* A name as it is if the grammar reads it back as one, else in quotes. */
static void print_name(FILE *out, const char *s, const char *const *reserved)
{
	bool plain = s[0] != '\0';

	for (const char *c = s; *c; c++) {
		plain = plain &&
			((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			 (*c >= '0' && *c <= '9') || *c == '_' || *c == '-' ||
			 *c == '.');
	}
	for (; reserved && *reserved; reserved++)
		plain = plain && strcmp(s, *reserved);
	if (plain)
		fputs(s, out);
	else
		print_string(out, s);
}

static void print_digest(FILE *out, const __u8 *digest)
{
	fputs("sha256:", out);
	for (int i = 0; i < 32; i++)
		fprintf(out, "%02x", digest[i]);
}

static void print_subject(FILE *out, const struct ewx_query *q)
{
	if (q->subject != EWX_SUBJECT_PROCESS) {
		fputs("in ", out);
		print_name(out, q->domain, NULL);
		return;
	}
	fputs("as", out);
	if (q->exe[0]) {
		fputs(" exe ", out);
		print_string(out, q->exe);
	}
	if (q->euid != EWX_REQUEST_UNSAID)
		fprintf(out, " uid %u", q->euid);
	if (q->egid != EWX_REQUEST_UNSAID)
		fprintf(out, " gid %u", q->egid);
	if (q->cgroup[0]) {
		fputs(" cgroup ", out);
		print_string(out, q->cgroup);
	}
	if (q->context[0]) {
		fputs(" context ", out);
		print_string(out, q->context);
	}
	if (q->flags & EWX_QUERY_NO_EXE_PATH)
		fputs(" untrusted", out);
}

static void print_raw(FILE *out, const struct ewx_query *q)
{
	static const __u8 zero[32];
	bool signer = q->flags & EWX_QUERY_HAS_SIGNER;

	fputs(" for", out);
	if (signer) {
		fputs(" signer ", out);
		print_digest(out, q->signer);
	}
	if (memcmp(q->measurement, zero, sizeof(zero)) ||
	    (!signer && !q->product && !q->svn)) {
		fputs(" measurement ", out);
		print_digest(out, q->measurement);
	}
	if (q->product)
		fprintf(out, " product %u", q->product);
	if (q->svn)
		fprintf(out, " svn %u", q->svn);
}

static void print_identity(FILE *out, const struct ewx_query *q)
{
	static const char *const reserved[] = {
		"any",	   "unlisted", "signer", "measurement",
		"product", "svn",      NULL,
	};

	switch (q->identity_kind) {
	case EWX_IDENTITY_NAMED:
		fputs(" for ", out);
		print_name(out, q->identity, reserved);
		break;
	case EWX_IDENTITY_RAW:
		print_raw(out, q);
		break;
	case EWX_IDENTITY_UNLISTED:
		fputs(" for unlisted", out);
		break;
	default:
		break;
	}
}

static void print_time(FILE *out, __u64 seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char buf[32];

	/* The grammar's years have four digits: up to the end of 9999. */
	if (seconds <= 253402300799ULL && gmtime_r(&t, &tm) &&
	    strftime(buf, sizeof(buf), "%Y-%m-%dT%H:%M:%SZ", &tm))
		fprintf(out, " at %s", buf);
	else
		fprintf(out, " at %" PRIu64, (uint64_t)seconds);
}

static void print_uses(FILE *out, const struct ewx_query *q)
{
	const char *separator = " using ";

	for (__u32 bit = 0; bit < ENCLAVE_PERM_COUNT; bit++) {
		if (!q->uses[bit])
			continue;
		fprintf(out, "%s%s %" PRIu64, separator,
			ewx_name(EWX_NAMES_PERMISSION, bit),
			(uint64_t)q->uses[bit]);
		separator = ", ";
	}
}

/* Attributes that the operation's own words state. */
static __u32 worded_attributes(const struct ewx_query *q)
{
	if (q->op != ENCLAVE_OP_CREATE && q->op != ENCLAVE_OP_INIT)
		return 0;
	return q->attributes &
	       (EWX_REQUEST_ATTR_DEBUG | EWX_REQUEST_ATTR_PROVISION);
}

static void print_prefix(FILE *out, const struct ewx_query *q)
{
	__u32 rest = q->attributes & ~worded_attributes(q);

	if (q->required) {
		ewx_name_vector(out, q->required);
		fputc(' ', out);
	}
	print_subject(out, q);
	print_identity(out, q);
	if (rest)
		fprintf(out, " attributes 0x%x", rest);
	if (q->xfrm)
		fprintf(out, " xfrm 0x%llx", (unsigned long long)q->xfrm);
	if (q->flags & EWX_QUERY_FOREIGN)
		fputs(" foreign", out);
	if (q->now)
		print_time(out, q->now);
	print_uses(out, q);
	fputs(": ", out);
}

void ewx_request_page(FILE *out, __u32 facts)
{
	static const char *const origins[] = {
		[ENCLAVE_ORIGIN_ANON] = "anon",
		[ENCLAVE_ORIGIN_MODIFIED] = "modified",
		[ENCLAVE_ORIGIN_DYNAMIC] = "dynamic",
		[ENCLAVE_ORIGIN_FILE] = "file",
	};
	enum enclave_origin origin = enclave_facts_origin((enclave_facts)facts);

	fputs(origins[origin], out);
	if (facts & ENCLAVE_FACT_MUTABLE)
		fputs(" mutable", out);
	if (origin != ENCLAVE_ORIGIN_DYNAMIC)
		fputs(facts & ENCLAVE_FACT_MEASURED ? " measured" :
						      " unmeasured",
		      out);
	if (facts & ENCLAVE_FACT_EVER_WX) {
		fputs(" ever-wx", out);
	} else {
		if (facts & ENCLAVE_FACT_EVER_W)
			fputs(" ever-w", out);
		if (facts & ENCLAVE_FACT_EVER_X)
			fputs(" ever-x", out);
	}
	if (facts & ENCLAVE_FACT_REWRITTEN)
		fputs(" rewritten", out);
	if (facts & ENCLAVE_FACT_DEBUG_WRITTEN)
		fputs(" debug-written", out);
}

/* The facts that the words of a page give when they are read. */
static __u32 worded_facts(__u32 facts, __u32 intent, bool may_be_mutable,
			  __u32 history)
{
	enum enclave_origin origin = enclave_facts_origin((enclave_facts)facts);
	bool is_mutable = may_be_mutable && (facts & ENCLAVE_FACT_MUTABLE);

	if (history & ENCLAVE_FACT_EVER_WX)
		history |= ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_EVER_X;
	if (origin == ENCLAVE_ORIGIN_DYNAMIC)
		return (__u32)enclave_facts_dynamic(intent) | history;
	return enclave_facts_load(origin, intent, is_mutable,
				  facts & ENCLAVE_FACT_MEASURED) |
	       history;
}

static void print_exact(FILE *out, const struct ewx_query *q, __u32 worded)
{
	if (q->facts != worded)
		fprintf(out, " facts 0x%x", q->facts);
}

static void print_verity(FILE *out, const struct ewx_query *q)
{
	if (q->flags & EWX_QUERY_FS_VERITY) {
		fputs(" fs-verity", out);
		if (q->flags & EWX_QUERY_FS_SIGNED)
			fputs(" signature", out);
		if (q->flags & EWX_QUERY_FS_DIGEST) {
			fputc(' ', out);
			print_digest(out, q->fs_verity);
		}
	}
	if (q->flags & EWX_QUERY_DM_VERITY) {
		fputs(" dm-verity", out);
		if (q->flags & EWX_QUERY_DM_DIGEST) {
			fputc(' ', out);
			print_digest(out, q->dm_verity);
		}
	}
}

static void print_load(FILE *out, const struct ewx_query *q)
{
	enum enclave_origin origin =
		enclave_facts_origin((enclave_facts)q->facts);
	bool file = q->path[0] || q->fs[0] || q->owner != EWX_REQUEST_UNSAID ||
		    (q->flags & (EWX_QUERY_READ_ONLY | EWX_QUERY_NO_PATH |
				 EWX_QUERY_FS_VERITY | EWX_QUERY_DM_VERITY)) ||
		    origin == ENCLAVE_ORIGIN_FILE ||
		    origin == ENCLAVE_ORIGIN_MODIFIED;
	__u32 words = q->facts;

	fputs(file ? " file" : " anon", out);
	if (q->path[0]) {
		fputc(' ', out);
		print_string(out, q->path);
	}
	if (q->owner != EWX_REQUEST_UNSAID)
		fprintf(out, " owner %u", q->owner);
	if (q->fs[0]) {
		fputs(" fs ", out);
		print_name(out, q->fs, NULL);
	}
	if (q->flags & EWX_QUERY_READ_ONLY)
		fputs(" read-only", out);
	print_verity(out, q);
	if (file && (q->facts & ENCLAVE_FACT_MUTABLE))
		fputs(" mutable", out);
	if (origin == ENCLAVE_ORIGIN_MODIFIED)
		fputs(" modified", out);
	if (q->flags & EWX_QUERY_NO_PATH)
		fputs(" untrusted", out);
	if (q->flags & EWX_QUERY_MAPPED_EXEC)
		fputs(" mapped-exec", out);
	fputs(q->facts & ENCLAVE_FACT_MEASURED ? " measured" : " unmeasured",
	      out);
	if (origin != ENCLAVE_ORIGIN_FILE &&
	    origin != ENCLAVE_ORIGIN_MODIFIED) {
		words &= ~ENCLAVE_FACT_ORIGIN;
		words |= (__u32)(file ? ENCLAVE_ORIGIN_FILE :
					ENCLAVE_ORIGIN_ANON)
			 << ENCLAVE_FACT_ORIGIN_SHIFT;
	}
	print_exact(out, q, worded_facts(words, q->access, file, 0));
}

static void print_page(FILE *out, const struct ewx_query *q)
{
	__u32 history = q->facts &
			(ENCLAVE_FACT_EVER_W | ENCLAVE_FACT_EVER_X |
			 ENCLAVE_FACT_EVER_WX | ENCLAVE_FACT_REWRITTEN |
			 ENCLAVE_FACT_DEBUG_WRITTEN);
	__u32 intent = q->facts & ENCLAVE_FACT_INTENT;

	if (!(q->facts & ENCLAVE_FACT_PRESENT)) {
		fputs(" hole", out);
		print_exact(out, q, 0);
		return;
	}
	fprintf(out, " page %s ", ewx_name_prot(intent));
	ewx_request_page(out, q->facts);
	print_exact(out, q, worded_facts(q->facts, intent, true, history));
}

void ewx_request_print(FILE *out, const struct ewx_query *q)
{
	bool inited = q->flags & EWX_QUERY_INITIALIZED;
	__u32 words = worded_attributes(q);

	print_prefix(out, q);
	fputs(ewx_name(EWX_NAMES_OP, q->op), out);
	if (ewx_request_takes_access(q->op))
		fprintf(out, " %s", ewx_name_prot(q->access));
	if (words & EWX_REQUEST_ATTR_DEBUG)
		fputs(" debug", out);
	if (words & EWX_REQUEST_ATTR_PROVISION)
		fputs(" provision", out);
	if (q->op == ENCLAVE_OP_LOAD)
		print_load(out, q);
	else if (ewx_request_takes_page(q->op))
		print_page(out, q);
	else if (q->op == ENCLAVE_OP_ADD)
		print_exact(out, q, enclave_facts_dynamic(q->access));
	else
		print_exact(out, q, 0);
	if (inited != ewx_request_initialized(q->op))
		fputs(inited ? " after-init" : " before-init", out);
}

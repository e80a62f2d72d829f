// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a record's fields to the request that was judged.
 *
 * Owns: what of a record a request needs. Must not know how a line is written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ewx/words.h>
#include "record.h"
#include "request.h"
#include "../security/enclave/facts.h"

__u32 ewx_record_op(const struct ewx_record *r)
{
	const char *word = r->text[EWX_RECORD_op];
	int op = ewx_name_find(EWX_NAMES_OP, word, strlen(word));

	return op < 0 ? ENCLAVE_OP_NONE : (__u32)op;
}

static int vector(const char *list, __u32 *out, char *error)
{
	*out = 0;
	while (*list) {
		size_t n = strcspn(list, ",");
		int bit = ewx_name_find(EWX_NAMES_PERMISSION, list, n);

		if (bit < 0)
			return ewx_record_complain(
				error, "%.*s is no permission of this version",
				n > 32 ? 32 : (int)n, list);
		*out |= 1U << bit;
		list += n + (list[n] == ',');
	}
	return 0;
}

bool ewx_record_debt(const struct ewx_record *r)
{
	char error[EWX_RECORD_ERROR_MAX];
	__u32 needed;

	return ewx_record_op(r) == ENCLAVE_OP_INIT &&
	       !vector(r->text[EWX_RECORD_needed], &needed, error) && needed &&
	       !(needed & ENCLAVE_PERM_INIT);
}

static int access_bits(const char *letters, __u32 *out, char *error)
{
	*out = 0;
	if (!strcmp(letters, "none"))
		return 0;
	for (; *letters; letters++) {
		if (*letters == 'r')
			*out |= ENCLAVE_R;
		else if (*letters == 'w')
			*out |= ENCLAVE_W;
		else if (*letters == 'x')
			*out |= ENCLAVE_X;
		else if (*letters != '-')
			return ewx_record_complain(
				error, "the field access has letters of rwx");
	}
	return 0;
}

static int hex_wide(const struct ewx_record *r, enum ewx_record_field f,
		    __u64 max, __u64 *out, char *error)
{
	char *end;

	*out = 0;
	if (!*r->text[f])
		return 0;
	errno = 0;
	*out = strtoull(r->text[f], &end, 16);
	if (errno || *end || *out > max || *r->text[f] == '-')
		return ewx_record_complain(
			error, "the field %s is no word in hexadecimal",
			ewx_record_name(f));
	return 0;
}

static int hex_word(const struct ewx_record *r, enum ewx_record_field f,
		    __u32 max, __u32 *out, char *error)
{
	__u64 value;
	int err = hex_wide(r, f, max, &value, error);

	*out = err ? 0 : (__u32)value;
	return err;
}

static int digest(const struct ewx_record *r, enum ewx_record_field f,
		  __u8 out[32], char *error)
{
	const char *s = r->text[f];
	unsigned int byte;

	if (strlen(s) != 64 || strspn(s, "0123456789abcdefABCDEF") != 64)
		return ewx_record_complain(error,
					   "the field %s is no SHA-256 value",
					   ewx_record_name(f));
	for (int i = 0; i < 32; i++) {
		if (sscanf(s + 2 * i, "%2x", &byte) != 1)
			return ewx_record_complain(
				error, "the field %s is no SHA-256 value",
				ewx_record_name(f));
		out[i] = (__u8)byte;
	}
	return 0;
}

static int copy(const struct ewx_record *r, enum ewx_record_field f, char *out,
		size_t size, char *error)
{
	size_t n = strlen(r->text[f]);

	if (n >= size)
		return ewx_record_complain(
			error, "the field %s is longer than a request holds",
			ewx_record_name(f));
	memcpy(out, r->text[f], n + 1);
	return 0;
}

static int small(const struct ewx_record *r, enum ewx_record_field f, __s64 max,
		 __s64 *out, char *error)
{
	*out = r->number[f];
	if (*out < 0 || *out > max)
		return ewx_record_complain(error,
					   "the field %s is out of range",
					   ewx_record_name(f));
	return 0;
}

static bool known(const struct ewx_record *r, enum ewx_record_field f)
{
	return r->text[f][0] != '\0';
}

static int query_subject(const struct ewx_record *r, bool by_domain,
			 struct ewx_query *q, char *error)
{
	__s64 n;

	if (by_domain) {
		q->subject = EWX_SUBJECT_DOMAIN;
		if (!known(r, EWX_RECORD_domain))
			return ewx_record_complain(
				error, "the record names no domain");
		return copy(r, EWX_RECORD_domain, q->domain, sizeof(q->domain),
			    error);
	}
	q->subject = EWX_SUBJECT_PROCESS;
	if (known(r, EWX_RECORD_euid)) {
		if (small(r, EWX_RECORD_euid, 0xffffffffLL, &n, error))
			return -1;
		q->euid = (__u32)n;
	}
	if (known(r, EWX_RECORD_egid)) {
		if (small(r, EWX_RECORD_egid, 0xffffffffLL, &n, error))
			return -1;
		q->egid = (__u32)n;
	}
	if (r->number[EWX_RECORD_noexe])
		q->flags |= EWX_QUERY_NO_EXE_PATH;
	if (copy(r, EWX_RECORD_subj, q->context, sizeof(q->context), error))
		return -1;
	return copy(r, EWX_RECORD_exe, q->exe, sizeof(q->exe), error);
}

static int query_identity(const struct ewx_record *r, struct ewx_query *q,
			  char *error)
{
	__s64 product, svn;

	if (hex_word(r, EWX_RECORD_attrs, ~0U, &q->attributes, error) ||
	    hex_wide(r, EWX_RECORD_xfrm, ~0ULL, &q->xfrm, error))
		return -1;
	if (!known(r, EWX_RECORD_measurement))
		return 0; /* before init: still open */
	q->identity_kind = EWX_IDENTITY_RAW;
	if (digest(r, EWX_RECORD_measurement, q->measurement, error))
		return -1;
	if (known(r, EWX_RECORD_signer)) {
		q->flags |= EWX_QUERY_HAS_SIGNER;
		if (digest(r, EWX_RECORD_signer, q->signer, error))
			return -1;
	}
	if (small(r, EWX_RECORD_product, 0xffff, &product, error) ||
	    small(r, EWX_RECORD_svn, 0xffff, &svn, error))
		return -1;
	q->product = (__u16)product;
	q->svn = (__u16)svn;
	return 0;
}

static int query_proofs(const struct ewx_record *r, struct ewx_query *q,
			char *error)
{
	static const __u32 fs[] = { EWX_QUERY_FS_VERITY, EWX_QUERY_FS_DIGEST,
				    EWX_QUERY_FS_SIGNED };
	static const __u32 dm[] = { EWX_QUERY_DM_VERITY, EWX_QUERY_DM_DIGEST, 0 };

	if (!ewx_record_proof(r->text[EWX_RECORD_fsverity], fs, &q->flags,
			      q->fs_verity))
		return ewx_record_complain(error, "the field fsverity is no digest");
	if (!ewx_record_proof(r->text[EWX_RECORD_dmverity], dm, &q->flags,
			      q->dm_verity))
		return ewx_record_complain(error, "the field dmverity is no digest");
	return 0;
}

static int query_source(const struct ewx_record *r, struct ewx_query *q,
			char *error)
{
	__s64 owner;

	if (q->op != ENCLAVE_OP_LOAD)
		return 0;
	if (r->number[EWX_RECORD_nopath])
		q->flags |= EWX_QUERY_NO_PATH;
	if (r->number[EWX_RECORD_readonly])
		q->flags |= EWX_QUERY_READ_ONLY;
	if (r->number[EWX_RECORD_mapexec])
		q->flags |= EWX_QUERY_MAPPED_EXEC;
	if (query_proofs(r, q, error))
		return -1;
	/* Without a filesystem the owner is not known either, but written as 0. */
	if (known(r, EWX_RECORD_fstype) && known(r, EWX_RECORD_owner)) {
		if (small(r, EWX_RECORD_owner, 0xffffffffLL, &owner, error))
			return -1;
		q->owner = (__u32)owner;
	}
	return copy(r, EWX_RECORD_fstype, q->fs, sizeof(q->fs), error) ||
			       copy(r, EWX_RECORD_path, q->path,
				    sizeof(q->path), error) ?
		       -1 :
		       0;
}

int ewx_record_query(const struct ewx_record *r, bool by_domain,
		     struct ewx_query *q, char *error)
{
	ewx_request_init(q);
	if (r->damaged != EWX_RECORD_COUNT)
		return ewx_record_complain(error, "the value of %s is lost",
					   ewx_record_name(r->damaged));
	if (r->number[EWX_RECORD_shortened])
		return ewx_record_complain(
			error, "a name in it was too long to be recorded whole");
	q->op = ewx_record_op(r);
	if (q->op == ENCLAVE_OP_NONE)
		return ewx_record_complain(
			error, "the record names no operation of this version");
	if (ewx_record_debt(r))
		q->op = known(r, EWX_RECORD_origin) ? ENCLAVE_OP_LOAD :
						      ENCLAVE_OP_MMAP;
	if (vector(r->text[EWX_RECORD_needed], &q->required, error) ||
	    access_bits(r->text[EWX_RECORD_access], &q->access, error) ||
	    hex_word(r, EWX_RECORD_facts, ENCLAVE_FACT_ALL, &q->facts, error) ||
	    query_subject(r, by_domain, q, error) ||
	    query_identity(r, q, error) || query_source(r, q, error))
		return -1;
	if (r->number[EWX_RECORD_inited])
		q->flags |= EWX_QUERY_INITIALIZED;
	if (r->number[EWX_RECORD_foreign])
		q->flags |= EWX_QUERY_FOREIGN;
	if (r->number[EWX_RECORD_now] > 0)
		q->now = (__u64)r->number[EWX_RECORD_now];
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fields of a request in the records of LSMs other than EWX
 * (linux/enclave_audit.h).
 *
 * Owns: their order. Must not know whose record it is, nor what is answered.
 */
#include <linux/audit.h>
#include <linux/bitops.h>
#include <linux/dcache.h>
#include <linux/enclave.h>
#include <linux/enclave_audit.h>
#include <linux/fs.h>
#include <linux/path.h>

static void source_fields(struct audit_buffer *ab, const struct path *source)
{
	const struct inode *inode = d_backing_inode(source->dentry);

	audit_log_d_path(ab, " path=", source);
	if (!inode)
		return;
	audit_log_format(ab, " dev=");
	audit_log_untrustedstring(ab, inode->i_sb->s_id);
	audit_log_format(ab, " ino=%lu", inode->i_ino);
}

/* The pages that need the first permission; else those that are asked for. */
static struct enclave_range pages_of(const struct enclave_audit *a)
{
	const struct enclave_request *req = a->req;
	u32 needs = a->needs & req->required;
	struct enclave_range range = req->range;

	if (needs) {
		struct enclave_tally tally =
			enclave_request_tally(req, __ffs(needs));

		range.first = tally.first;
		range.count = tally.pages;
	}
	return range;
}

/**
 * enclave_audit_fields() - write the fields of a request into a record.
 * @ab: the record
 * @a: what it is about
 *
 * Context: as audit_log_format(); does not sleep.
 */
void enclave_audit_fields(struct audit_buffer *ab,
			  const struct enclave_audit *a)
{
	struct enclave_range pages = pages_of(a);

	if (a->source)
		source_fields(ab, a->source);
	if (a->e)
		audit_log_format(ab, " enclave=%llu provider=%s", a->e->id,
				 a->e->provider->name);
	audit_log_format(ab, " op=%s page=%llu pages=%llu",
			 enclave_op_names[a->req->op], pages.first,
			 pages.count);
}

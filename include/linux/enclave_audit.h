/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the records of LSMs other than EWX say of a request about an enclave.
 *
 * Owns: the fields that are the same in the records of SELinux and of others;
 * they have the names that they have in EWX's. Knows no LSM.
 */
#ifndef _LINUX_ENCLAVE_AUDIT_H
#define _LINUX_ENCLAVE_AUDIT_H

#include <linux/types.h>

struct audit_buffer;
struct enclave;
struct enclave_request;
struct path;

/**
 * struct enclave_audit - what a record is about.
 * @e: the enclave; NULL where there is none
 * @req: the request
 * @needs: permissions of @req that the record is about; it names the pages that
 *      need the first of them
 * @source: the file that is judged, by the user's path; NULL: the enclave is
 */
struct enclave_audit {
	const struct enclave *e;
	const struct enclave_request *req;
	u32 needs;
	const struct path *source;
};

void enclave_audit_fields(struct audit_buffer *ab,
			  const struct enclave_audit *a);

#endif /* _LINUX_ENCLAVE_AUDIT_H */

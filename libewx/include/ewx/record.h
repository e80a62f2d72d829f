/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libewx: read audit records of EWX: what it decided, which enclaves started, what was
 * changed.
 *
 * Owns: records, opaque. Strings of a record live as long as it does; what they hold
 * others chose: print them with ewx_print_safe(). Reads no log files.
 */
#ifndef _EWX_RECORD_H
#define _EWX_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ewx_request;

/** struct ewx_record - an audit record of EWX. */
struct ewx_record;

/** Bytes of the message that says why a line is no record. */
#define EWX_RECORD_ERROR_MAX 160

/**
 * ewx_record_new() - read one line of a log: auditd's, ausearch's, the kernel's, a
 * system log's. A record stands at its beginning, as these write it; what a process
 * wrote into a log is not taken for one.
 * @error: EWX_RECORD_ERROR_MAX bytes, filled on failure
 * Return: NULL: it is none, or a bad one, or there is no memory.
 */
struct ewx_record *ewx_record_new(const char *line, size_t len, char *error);

/**
 * ewx_record_new_alone() - read one access record that somebody gave by itself: a line
 * as for ewx_record_new(), or its fields alone, perhaps behind a stamp.
 * @error: EWX_RECORD_ERROR_MAX bytes, filled on failure
 * Return: NULL as there.
 */
struct ewx_record *ewx_record_new_alone(const char *line, size_t len,
					char *error);

/** ewx_record_delete() - with it go the strings that it gave. @r: or NULL */
void ewx_record_delete(struct ewx_record *r);

/**
 * ewx_record_claims() - whether a line stands in a log as a record of EWX does, even if
 * it cannot be read.
 */
bool ewx_record_claims(const char *line, size_t len);

/**
 * ewx_record_looks() - whether a text could be meant as a record, and not as a request:
 * it has the word lsm=ewx, a stamp or a type.
 */
bool ewx_record_looks(const char *text, size_t len);

/** enum ewx_record_type - which record. The number of its audit type follows. */
enum ewx_record_type {
	EWX_RECORD_ACCESS, /* 1490: a decision */
	EWX_RECORD_ENCLAVE, /* 1491: an enclave was initialised */
	EWX_RECORD_LOAD, /* 1403, MAC_POLICY_LOAD */
	EWX_RECORD_MODE, /* 1404, MAC_STATUS */
	EWX_RECORD_TYPE_COUNT
};

/** ewx_record_type() - which record it is; never EWX_RECORD_TYPE_COUNT. */
enum ewx_record_type ewx_record_type(const struct ewx_record *r);

/** ewx_record_kind() - the type as a word: "access", "enclave", "load" or "mode". */
const char *ewx_record_kind(const struct ewx_record *r);

/**
 * ewx_record_field() - the value of a field, untrusted strings decoded. NULL: the line
 * has no such field; "": it does not apply.
 */
const char *ewx_record_field(const struct ewx_record *r, const char *name);

/*
 * Fields by number, which is quicker: their places in EWX_AUDIT_FIELDS of
 * <linux/ewx_audit.h>. To whom that header is known before this one they have names,
 * EWX_RECORD_op and so on.
 */
#ifdef EWX_AUDIT_FIELDS
enum ewx_record_field {
#define EWX_RECORD_ENUM(name, kind, in, meaning) EWX_RECORD_##name,
	EWX_AUDIT_FIELDS(EWX_RECORD_ENUM)
#undef EWX_RECORD_ENUM
		EWX_RECORD_COUNT
};
#endif

/** ewx_record_name() - name of the @field-th field, NULL past the end. */
const char *ewx_record_name(unsigned int field);

/** ewx_record_has() - whether records of @type have the field. */
bool ewx_record_has(enum ewx_record_type type, unsigned int field);

/** ewx_record_text() - as ewx_record_field(), but "" also if it is not in the line. */
const char *ewx_record_text(const struct ewx_record *r, unsigned int field);

/** ewx_record_is_number() - whether the field's values are numbers. */
bool ewx_record_is_number(unsigned int field);

/**
 * ewx_record_number() - the value of a number field; 0: it is absent or none.
 * At most INT64_MAX, whatever the text says; the kernel writes one that may be below 0,
 * rule.
 */
int64_t ewx_record_number(const struct ewx_record *r, unsigned int field);

/**
 * ewx_record_cut() - the field after which the line ends before the record does; its
 * value may not be whole. NULL: the record has its last field.
 */
const char *ewx_record_cut(const struct ewx_record *r);

/**
 * ewx_record_damaged() - a field whose value is lost, as audit does without memory, or
 * is none that the kernel writes; it is taken as absent. NULL: there is none.
 */
const char *ewx_record_damaged(const struct ewx_record *r);

/**
 * ewx_record_stamp() - the audit stamp.
 * @millis, @serial: of it; or NULL
 * Return: seconds since the epoch; 0: there is none.
 */
uint64_t ewx_record_stamp(const struct ewx_record *r, unsigned int *millis,
			  uint64_t *serial);

/**
 * ewx_record_debt() - whether init was denied because of an earlier request of the
 * enclave, which the record describes: what was let through while the identity was
 * open turned out not to be allowed to it.
 */
bool ewx_record_debt(const struct ewx_record *r);

/**
 * ewx_record_request() - the request that an access record was written for; free it
 * with ewx_request_free() of <ewx/judge.h>. Not in a record: supplementary groups,
 * control group, live pages counted against "max", and, before init, what earlier
 * loads left possible. For a debt it is the earlier request.
 * @by_domain: in the domain that the record names; else of the process it
 *	describes, which another policy may put into another domain
 * @error: EWX_RECORD_ERROR_MAX bytes, filled on failure
 * Return: NULL: the record misses what a request needs, or there is no memory.
 */
struct ewx_request *ewx_record_request(const struct ewx_record *r,
				       bool by_domain, char *error);

#endif /* _EWX_RECORD_H */

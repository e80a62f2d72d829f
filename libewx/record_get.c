// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The public calls of ewx/record.h.
 *
 * Owns: records as opaque objects. Reads nothing itself.
 */
#include <stdlib.h>
#include <string.h>

#include "record.h"

static struct ewx_record *new_by(int (*read)(const char *line, size_t len,
					     struct ewx_record *r, char *error),
				 const char *line, size_t len, char *error)
{
	struct ewx_record *r = malloc(sizeof(*r));

	if (!r) {
		ewx_record_complain(error, "out of memory");
		return NULL;
	}
	if (!read(line, len, r, error))
		return r;
	free(r);
	return NULL;
}

struct ewx_record *ewx_record_new(const char *line, size_t len, char *error)
{
	return new_by(ewx_record_read, line, len, error);
}

struct ewx_record *ewx_record_new_alone(const char *line, size_t len,
					char *error)
{
	return new_by(ewx_record_parse, line, len, error);
}

void ewx_record_delete(struct ewx_record *r)
{
	if (r)
		ewx_record_free(r);
	free(r);
}

bool ewx_record_claims(const char *line, size_t len)
{
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record r;

	if (ewx_record_read(line, len, &r, error))
		return r.type != EWX_RECORD_TYPE_COUNT;
	ewx_record_free(&r);
	return true;
}

enum ewx_record_type ewx_record_type(const struct ewx_record *r)
{
	return r->type;
}

const char *ewx_record_kind(const struct ewx_record *r)
{
	return ewx_record_type_name(r->type);
}

const char *ewx_record_field(const struct ewx_record *r, const char *name)
{
	for (unsigned int f = 0; f < EWX_RECORD_COUNT; f++)
		if (!strcmp(ewx_record_name(f), name))
			return r->present[f] ? r->text[f] : NULL;
	return NULL;
}

const char *ewx_record_text(const struct ewx_record *r, unsigned int field)
{
	return field < EWX_RECORD_COUNT ? r->text[field] : "";
}

int64_t ewx_record_number(const struct ewx_record *r, unsigned int field)
{
	return field < EWX_RECORD_COUNT ? r->number[field] : 0;
}

const char *ewx_record_cut(const struct ewx_record *r)
{
	return r->cut ? ewx_record_name(r->last) : NULL;
}

const char *ewx_record_damaged(const struct ewx_record *r)
{
	return ewx_record_name(r->damaged);
}

uint64_t ewx_record_stamp(const struct ewx_record *r, unsigned int *millis,
			  uint64_t *serial)
{
	if (millis)
		*millis = r->millis;
	if (serial)
		*serial = r->serial;
	return r->seconds;
}

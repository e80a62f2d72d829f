// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record as a JSON object: its fields in the record's order and under their
 * names, those that do not apply left out. A number that JSON's readers could not
 * hold is a string.
 */
#include "tool.h"

json_t *record_json(const struct ewx_record *r)
{
	json_t *o = json_object();

	for (int f = 0; f < EWX_RECORD_COUNT; f++) {
		if (!r->text[f][0] || !ewx_record_has(r->type, f))
			continue;
		json_object_set_new(o, ewx_record_name(f),
				    ewx_record_is_number(f) &&
						    r->number[f] < INT64_MAX ?
					    json_integer(r->number[f]) :
					    tool_json_string(r->text[f]));
	}
	return o;
}

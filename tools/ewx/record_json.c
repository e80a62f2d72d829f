// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record as a JSON object: its fields in the record's order and under their
 * names, those that do not apply left out. A number that JSON's readers could not
 * hold is a string. Names of fields that are escaped stand in a list of their own:
 * what others chose may read like an escape, and is none.
 */
#include "tool.h"

void record_damage_json(const struct ewx_record *r, json_t *o)
{
	if (ewx_record_cut(r))
		json_object_set_new(o, "cut", json_true());
	if (ewx_record_damaged(r))
		json_object_set_new(o, "damaged",
				    json_string(ewx_record_damaged(r)));
}

/* Whether JSON's readers get the bytes as they are. */
static bool is_utf8(const char *s)
{
	json_t *value = json_string(s);

	json_decref(value);
	return value;
}

json_t *record_json(const struct ewx_record *r)
{
	json_t *o = json_object(), *escaped = json_array();

	for (int f = 0; f < EWX_RECORD_COUNT; f++) {
		if (!ewx_record_text(r, f)[0] ||
		    !ewx_record_has(ewx_record_type(r), f))
			continue;
		if (!is_utf8(ewx_record_text(r, f)))
			json_array_append_new(escaped,
					      json_string(ewx_record_name(f)));
		json_object_set_new(
			o, ewx_record_name(f),
			ewx_record_is_number(f) &&
					ewx_record_number(r, f) < INT64_MAX ?
				json_integer(ewx_record_number(r, f)) :
				tool_json_string(ewx_record_text(r, f)));
	}
	if (json_array_size(escaped))
		json_object_set(o, "escaped", escaped);
	json_decref(escaped);
	return o;
}

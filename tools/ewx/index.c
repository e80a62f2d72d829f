// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers by name, found in constant time however many there are and whoever chose
 * the names: a JSON object's own table, which hashes with a secret.
 */
#include <stdlib.h>

#include "tool.h"

size_t index_get(const json_t *index, const char *key)
{
	const json_t *n = json_object_get(index, key);

	return n ? (size_t)json_integer_value(n) : INDEX_NONE;
}

int index_put(json_t **index, const char *key, size_t n)
{
	if (!*index)
		*index = json_object();
	return json_object_set_new_nocheck(*index, key,
					   json_integer((json_int_t)n));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the front end share: a unit from a text. */
#ifndef _TESTS_UNIT_FRONT_H
#define _TESTS_UNIT_FRONT_H

#include <stdio.h>

#include "unit.h"
#include "libewx/front.h"

#define ONES	"sha256:11111111111111111111111111111111" \
		"11111111111111111111111111111111"
#define HEAD	"language 1;\npolicy p version 3;\n"

/* Parse and check @text; errors end the test. */
static inline struct ewx_unit *front_unit(const char *text)
{
	struct ewx_unit *u = ewx_unit_new();

	assert_non_null(u);
	ewx_unit_add_text(u, "t.ewx", text, strlen(text));
	if (ewx_unit_check(u)) {
		ewx_unit_print(u, stderr, false);
		fail_msg("unexpected errors");
	}
	return u;
}

#endif /* _TESTS_UNIT_FRONT_H */

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A policy for tests of decisions; see small.h.
 */
#include "unit.h"

#include "small.h"

void small_init(struct small *t, u32 domains, u32 sources, u32 identities)
{
	char name[16];
	u32 i;

	blob_init(&t->b);
	for (i = 1; i < domains; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		blob_domain(&t->b, name, 0, 0);
	}
	for (i = 1; i < sources; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		blob_source(&t->b, name);
		blob_class(&t->b, EWX_SECTION_SOURCE_CLASSES, i - 1, 1);
	}
	for (i = 1; i < identities; i++) {
		snprintf(name, sizeof(name), "i%u", i);
		blob_identity(&t->b, name);
		blob_class(&t->b, EWX_SECTION_IDENTITY_CLASSES, i - 1, 1);
	}
}

void small_finish(struct small *t)
{
	blob_policy(&t->b, &t->p);
}

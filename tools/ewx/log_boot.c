// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot of those in a log a record is of. Each record says it by bits that are
 * random at each boot, so that two enclaves that share a number are not taken for one,
 * nor those of two machines whose logs are mixed.
 *
 * Owns: the order in which boots were met. Must not know what is done with the records.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "log_boot.h"

/** struct boot - one; @name: as records have it, "" if they do not. */
struct boot {
	unsigned int number;
	char name[];
};

static int by_name(const void *a, const void *b)
{
	const struct boot *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int log_boot(struct log_boots *b, const struct ewx_record *r,
	     unsigned int *number)
{
	const char *name = r->text[EWX_RECORD_boot];
	struct boot *boot, **found;

	boot = calloc(1, sizeof(*boot) + strlen(name) + 1);
	if (!boot)
		return -1;
	boot->number = b->count;
	strcpy(boot->name, name);
	found = tsearch(boot, &b->tree, by_name);
	if (found && *found == boot)
		b->count++;
	else
		free(boot);
	if (!found)
		return -1;
	*number = (*found)->number;
	return 0;
}

void log_boots_free(struct log_boots *b)
{
	tdestroy(b->tree, free);
	*b = (struct log_boots){ 0 };
}

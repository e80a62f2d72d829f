// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot of those in a log a record is of. Each record says it by bits that are
 * random at each boot, so that two enclaves that share a number are not taken for one,
 * nor those of two machines whose logs are mixed.
 *
 * Owns: the order in which boots were met. Must not know what is done with the records.
 */
#include "log_boot.h"

int log_boot(struct log_boots *b, const struct ewx_record *r,
	     unsigned int *number)
{
	const char *name = ewx_record_text(r, EWX_RECORD_boot);
	size_t known = index_get(b->index, name);

	*number = known == INDEX_NONE ? b->count : (unsigned int)known;
	if (known != INDEX_NONE)
		return 0;
	if (index_put(&b->index, name, b->count))
		return -1;
	b->count++;
	return 0;
}

void log_boots_free(struct log_boots *b)
{
	json_decref(b->index);
	*b = (struct log_boots){ 0 };
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot of those in a log a record is of (log_boot.c).
 */
#ifndef _EWX_TOOL_LOG_BOOT_H
#define _EWX_TOOL_LOG_BOOT_H

#include "tool.h"

/**
 * struct log_boots - the boots that were met. Zero: none; log_boots_free() later.
 * @index: numbers by what records call them
 * @count: how many
 */
struct log_boots {
	json_t *index;
	unsigned int count;
};

/**
 * log_boot() - the boot of a record: 0 is the first that was met, and so on. All
 * records that do not say it are of one.
 * Return: 0, or -1: no memory.
 */
int log_boot(struct log_boots *b, const struct ewx_record *r,
	     unsigned int *number);

void log_boots_free(struct log_boots *b);

#endif /* _EWX_TOOL_LOG_BOOT_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot a record is of (log_boot.c).
 */
#ifndef _EWX_TOOL_LOG_BOOT_H
#define _EWX_TOOL_LOG_BOOT_H

#include "../../libewx/record.h"

/* How much is remembered, however long the log is. */
#define LOG_BOOT_EVENTS 4096
#define LOG_BOOT_ENCLAVES 4096

/** struct log_event - an event of any kind; @time in milliseconds. */
struct log_event {
	__u64 serial;
	__u64 time;
};

/** struct log_started - an enclave whose start was recorded, and when. */
struct log_started {
	__s64 enclave;
	__u64 time;
};

/**
 * struct log_boots - what is known of the boot whose records are read.
 * @number: boots before it in what was read
 * @host: what stands for the machine's name
 * @serial, @time: the highest so far; 0: none
 * @loads: policy loads that the last control record counted
 * @any: a line was read
 * @started: systemd has said that the system starts
 * @event, @enclave: some of those seen, where their number says
 */
struct log_boots {
	unsigned int number;
	__u64 host;
	__u64 serial;
	__u64 time;
	__s64 loads;
	bool started;
	bool any;
	struct log_event event[LOG_BOOT_EVENTS];
	struct log_started enclave[LOG_BOOT_ENCLAVES];
};

/** log_boot_line() - a line of any record: those of others tell of a reboot too. */
void log_boot_line(struct log_boots *b, const char *line, size_t len);

/** log_boot_record() - a record of EWX, after its line. @b->number is its boot. */
void log_boot_record(struct log_boots *b, const struct ewx_record *r);

#endif /* _EWX_TOOL_LOG_BOOT_H */

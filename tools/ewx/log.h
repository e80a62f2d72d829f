/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What log, learn and report share: where records come from (log_read.c), which
 * of them are wanted (log_filter.c), of which boot they are (log_boot.c), how they
 * are shown (cmd_log.c).
 */
#ifndef _EWX_TOOL_LOG_H
#define _EWX_TOOL_LOG_H

#include "log_boot.h"
#include "tool.h"

/**
 * struct log_filter - which records are wanted; what is unset does not matter.
 * @enclave, @has_enclave: its number; 0: records that are about none
 * @boot, @domain, @cause: words
 * @uid, @has_uid: login, real or effective uid
 * @since, @until: seconds since the epoch, both included; 0 unset
 */
struct log_filter {
	uint64_t enclave;
	bool has_enclave;
	const char *boot;
	const char *domain;
	const char *cause;
	uint64_t uid;
	bool has_uid;
	uint64_t since;
	uint64_t until;
};

/* Records of a file that are known again when the kernel sends them. */
#define LOG_SEEN 1024

/** struct log_seen - one; @hash: of its fields. */
struct log_seen {
	uint64_t seconds;
	unsigned int millis;
	uint64_t serial;
	uint64_t hash;
};

/**
 * struct log_reader - who gets the records.
 * @take: one record; it stays the reader's. @boot: which boot of those in the log it
 *      is of, from 0 on: numbers of enclaves are of one boot. Return: false: no more,
 *      please
 * @arg: for @take
 * @filter: others are left out
 * @follow: wait for more at the end
 * @bad: out: lines that should have been records
 * @boots: those met so far, whatever the filter leaves out
 * @left_out: records of any kind that the kernel left out, by all records of the
 *      boot and the time that are wanted, the last one that was taken too: what the
 *      filter leaves out may be the one that says it
 * @live: they come from the kernel now
 * @seen, @seen_count: the last records of files, and how many there were
 */
struct log_reader {
	bool (*take)(const struct ewx_record *r, unsigned int boot, void *arg);
	void *arg;
	const struct log_filter *filter;
	bool follow;
	unsigned int bad;
	struct log_boots boots;
	uint64_t left_out;
	bool live;
	struct log_seen seen[LOG_SEEN];
	size_t seen_count;
};

/* log_filter.c */

/**
 * log_option() - take the option --@name with its value into @t->filter.
 * Return: EXIT_OK or EXIT_USAGE (said).
 */
int log_option(struct tool *t, const char *name, const char *value);

/** log_wanted() - whether a record passes the filter. */
bool log_wanted(const struct log_filter *f, const struct ewx_record *r);

/** log_concerns() - whether it is of the boot and the time that are wanted. */
bool log_concerns(const struct log_filter *f, const struct ewx_record *r);

/**
 * log_time() - a time as --since and --until take it: seconds, a date, a date
 * and time, "today", or how long ago ("90s", "15m", "2h", "7d").
 * @end: of a day that is meant as a whole, its last second
 * Return: 0 or -1.
 */
int log_time(const char *text, bool end, uint64_t *seconds);

/* log_read.c */

/**
 * log_read_file() - records of a file, "-": standard input; any lines may be
 * between them. What is wrong with a record is said and counted.
 * Return: EXIT_OK or EXIT_FAIL (said).
 */
int log_read_file(const struct tool *t, const char *path,
		  struct log_reader *reader);

/** log_read_auditd() - records of auditd's own files, the rotated ones too. */
int log_read_auditd(const struct tool *t, struct log_reader *reader);

/* log_live.c */

/** log_live_open() - listen to the kernel. Return: descriptor, or -1 (said). */
int log_live_open(const struct tool *t);

/** log_live() - records as they come, until interrupted; closes @fd. */
int log_live(const struct tool *t, int fd, struct log_reader *reader);

/**
 * log_live_take() - one message.
 * @from: who sent it: 0, the kernel; what others send is none of its records
 * Return: false: the reader wants no more.
 */
bool log_live_take(const struct tool *t, const char *buf, size_t len,
		   uint32_t from, struct log_reader *reader);

/** log_note() - remember a record of a file. */
void log_note(struct log_reader *reader, const struct ewx_record *r);

/**
 * log_line() - one line that may be a record: for the readers.
 * @name, @number: where, for messages; @number 0: nowhere in particular
 * Return: false: the reader wants no more.
 */
bool log_line(const struct tool *t, const char *name, unsigned long number,
	      const char *line, size_t len, struct log_reader *reader);

/**
 * log_sources() - all that the arguments name: files, or without any auditd's,
 * and with --live the kernel's.
 */
int log_sources(struct tool *t, int argc, char **argv,
		struct log_reader *reader);

#endif /* _EWX_TOOL_LOG_H */

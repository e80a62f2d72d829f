// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot a record is of. No record says so, and after a reboot enclaves are
 * numbered from 1 again: two that share a number must not be taken for one.
 *
 * Owns: the signs of a reboot. When in doubt it is one: what belongs to one enclave
 * then falls apart, instead of two enclaves becoming one. Must not know what is done
 * with the records.
 */
#include <stdint.h>
#include <string.h>

#include "log_boot.h"
#include "../../libewx/record_head.h"

#define SECOND 1000 /* milliseconds */

/* A system call's records have the time of its beginning; few take longer. */
#define CALL_MAX (600 * SECOND)

/* Records of several processors are written in an order that differs by less. */
#define SWAP_MAX (1 * SECOND)

/* What the kernel counts before it writes it comes with this delay, see EWX. */
#define LATE_MAX (10 * SECOND)

#define KERNEL_AUDIT "2000" /* AUDIT_KERNEL: audit is initialised */
#define SYSTEM_BOOT "1127" /* of systemd, once in a boot */

static bool is_type(const struct ewx_record_head *h, const char *number,
		    const char *name)
{
	return (h->type_len == strlen(number) &&
		!memcmp(h->type, number, h->type_len)) ||
	       (h->type_len == strlen(name) &&
		!memcmp(h->type, name, h->type_len));
}

static void begin(struct log_boots *b)
{
	unsigned int number = b->number;
	__u64 host = b->host;

	memset(b, 0, sizeof(*b));
	b->number = number + 1;
	b->host = host;
	b->any = true;
}

/* The serial number and the time of an event go up together while the kernel runs. */
static bool falls_back(const struct log_boots *b, __u64 serial, __u64 time)
{
	const struct log_event *same = &b->event[serial % LOG_BOOT_EVENTS];

	if (!b->serial)
		return false;
	if (same->serial == serial)
		return same->time != time;
	if (serial > b->serial)
		return false;
	return time > b->time + SWAP_MAX || time + CALL_MAX < b->time;
}

static void remember(struct log_boots *b, __u64 serial, __u64 time)
{
	b->event[serial % LOG_BOOT_EVENTS] = (struct log_event){ serial, time };
	b->serial = serial > b->serial ? serial : b->serial;
	b->time = time > b->time ? time : b->time;
}

static __u64 milliseconds(__u64 seconds, unsigned int millis)
{
	return seconds > UINT64_MAX / 2000 ? UINT64_MAX / 2 :
					     seconds * 1000 + millis;
}

/* FNV-1a; 0: no name. */
static __u64 host_of(const struct ewx_record_head *h)
{
	__u64 hash = h->host_len ? 14695981039346656037ULL : 0;

	for (size_t i = 0; i < h->host_len; i++)
		hash = (hash ^ (unsigned char)h->host[i]) * 1099511628211ULL;
	return hash;
}

/* What auditd says of itself has numbers of its own. */
static bool is_of_daemon(const struct ewx_record_head *h)
{
	size_t n = strlen("DAEMON_");

	return (h->type_len > n && !memcmp(h->type, "DAEMON_", n)) ||
	       (h->type_len == 4 && !memcmp(h->type, "12", 2));
}

void log_boot_line(struct log_boots *b, const char *line, size_t len)
{
	struct ewx_record_head h;
	__u64 time;

	if (!ewx_record_head(line, len, &h) || is_of_daemon(&h))
		return;
	/* Another machine's enclaves have the same numbers. */
	if (b->host != host_of(&h) && b->any)
		begin(b);
	b->host = host_of(&h);
	b->any = true;
	if (!h.serial)
		return;
	time = milliseconds(h.seconds, h.millis);
	if ((b->serial && is_type(&h, KERNEL_AUDIT, "KERNEL")) ||
	    (b->started && is_type(&h, SYSTEM_BOOT, "SYSTEM_BOOT")) ||
	    falls_back(b, h.serial, time))
		begin(b);
	b->started |= is_type(&h, SYSTEM_BOOT, "SYSTEM_BOOT");
	remember(b, h.serial, time);
}

/* Loads are counted since boot. */
static bool loads_fall_back(const struct log_boots *b,
			    const struct ewx_record *r)
{
	__s64 loads = r->number[EWX_RECORD_generation];

	if (r->type == EWX_RECORD_LOAD && r->number[EWX_RECORD_res])
		return loads <= b->loads && b->loads;
	return loads < b->loads;
}

/* It started already: it does not start again, and nothing is before that now. */
static bool starts_again(const struct log_started *s,
			 const struct ewx_record *r, __u64 time)
{
	if (s->enclave != r->number[EWX_RECORD_enclave])
		return false;
	if (r->type == EWX_RECORD_ENCLAVE)
		return true;
	return r->present[EWX_RECORD_inited] && !r->number[EWX_RECORD_inited] &&
	       (!time || time > s->time + LATE_MAX);
}

void log_boot_record(struct log_boots *b, const struct ewx_record *r)
{
	__u64 time = milliseconds(r->seconds, r->millis);
	__s64 enclave = r->number[EWX_RECORD_enclave];
	struct log_started *s = &b->enclave[(__u64)enclave % LOG_BOOT_ENCLAVES];

	if (r->type == EWX_RECORD_LOAD || r->type == EWX_RECORD_MODE) {
		if (loads_fall_back(b, r))
			begin(b);
		b->loads = r->number[EWX_RECORD_generation];
	} else if (enclave) {
		if (starts_again(s, r, time))
			begin(b);
		if (r->type == EWX_RECORD_ENCLAVE)
			*s = (struct log_started){ enclave, time };
	}
	if (r->serial)
		remember(b, r->serial, time);
}

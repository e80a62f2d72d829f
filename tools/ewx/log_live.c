// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records as the kernel multicasts them: auditd need not run, and loses none.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "log.h"

#define DATAGRAM_MAX 32768
#define BUFFER_BYTES (8 << 20) /* records that may wait for this reader */

static volatile sig_atomic_t stopped;

static void stop(int sig)
{
	(void)sig;
	stopped = 1;
}

int log_live_open(const struct tool *t)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1),
	};
	int bytes = BUFFER_BYTES, saved;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd >= 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	saved = errno;
	if (fd >= 0)
		close(fd);
	tool_error(t, "the kernel's audit messages: %s%s", strerror(saved),
		   saved == EPERM ? " (CAP_AUDIT_READ is needed)" : "");
	return -1;
}

/* FNV-1a over what the record says; auditd's file and the kernel say the same. */
static uint64_t hash_of(const struct ewx_record *r)
{
	uint64_t hash = 14695981039346656037ULL ^ (uint64_t)ewx_record_type(r);

	for (int f = 0; f < EWX_RECORD_COUNT; f++)
		for (const char *c = ewx_record_text(r, f);; c++) {
			hash = (hash ^ (unsigned char)*c) * 1099511628211ULL;
			if (!*c)
				break;
		}
	return hash;
}

static struct log_seen seen_of(const struct ewx_record *r)
{
	struct log_seen seen = { .hash = hash_of(r) };

	seen.seconds = ewx_record_stamp(r, &seen.millis, &seen.serial);
	return seen;
}

void log_note(struct log_reader *reader, const struct ewx_record *r)
{
	reader->seen[reader->seen_count++ % LOG_SEEN] = seen_of(r);
}

static bool is_before(const struct log_seen *a, const struct log_seen *b)
{
	if (a->seconds != b->seconds)
		return a->seconds < b->seconds;
	if (a->millis != b->millis)
		return a->millis < b->millis;
	return a->serial < b->serial;
}

/*
 * What came from auditd's file already. Events overlap and records of one share its
 * number, so that each is known by what it says; those that are before all of which
 * that is known were in the file too.
 */
static bool came_before(struct log_reader *reader, const struct ewx_record *r)
{
	struct log_seen now = seen_of(r);
	size_t count = reader->seen_count;

	count = count < LOG_SEEN ? count : LOG_SEEN;
	for (size_t i = 0; i < count; i++) {
		struct log_seen *s = &reader->seen[i];

		if (s->serial != now.serial || s->seconds != now.seconds ||
		    s->millis != now.millis || s->hash != now.hash)
			continue;
		s->hash = ~s->hash; /* it came once */
		return true;
	}
	return reader->seen_count > LOG_SEEN &&
	       is_before(&now, &reader->seen[reader->seen_count % LOG_SEEN]);
}

bool log_live_take(const struct tool *t, const char *buf, size_t len,
		   uint32_t from, struct log_reader *reader)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	char line[DATAGRAM_MAX + 64], error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *r = NULL;
	bool twice;
	size_t text;
	int n;

	if (from || len <= NLMSG_HDRLEN)
		return true;
	text = strnlen(buf + NLMSG_HDRLEN, len - NLMSG_HDRLEN);
	n = snprintf(line, sizeof(line), "type=%u msg=%.*s", head->nlmsg_type,
		     (int)text, buf + NLMSG_HDRLEN);
	if (reader->seen_count)
		r = ewx_record_new(line, (size_t)n, error);
	twice = r && came_before(reader, r);
	ewx_record_delete(r);
	if (twice)
		return true;
	return log_line(t, "kernel", 0, line, (size_t)n, reader);
}

int log_live(const struct tool *t, int fd, struct log_reader *reader)
{
	static char buf[DATAGRAM_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct sigaction action = { .sa_handler = stop };
	int ret = EXIT_OK;
	bool more = true;

	reader->live = true;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (more && !stopped) {
		struct sockaddr_nl from = { .nl_pid = UINT32_MAX };
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0,
				     (struct sockaddr *)&from, &size);

		if (n >= 0) {
			more = log_live_take(t, buf, (size_t)n, from.nl_pid,
					     reader);
		} else if (errno == ENOBUFS) {
			tool_error(t,
				   "some messages came too fast and were lost");
		} else if (errno != EINTR) {
			ret = tool_error(t, "the kernel's audit messages: %s",
					 strerror(errno));
			break;
		}
	}
	close(fd);
	return ret;
}

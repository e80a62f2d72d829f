// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records as the kernel multicasts them: auditd need not run, and loses none.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <signal.h>
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

/* What came twice: from auditd's log already. */
static bool seen(const struct log_reader *reader, const struct ewx_record *r)
{
	if (r->seconds != reader->last.seconds)
		return r->seconds < reader->last.seconds;
	if (r->millis != reader->last.millis)
		return r->millis < reader->last.millis;
	return r->serial <= reader->last.serial;
}

static bool take_datagram(const struct tool *t, const char *buf, size_t len,
			  bool *fresh, struct log_reader *reader)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	char line[DATAGRAM_MAX + 64], error[EWX_RECORD_ERROR_MAX];
	struct ewx_record r;
	size_t text;
	int n;

	if (len <= NLMSG_HDRLEN)
		return true;
	text = strnlen(buf + NLMSG_HDRLEN, len - NLMSG_HDRLEN);
	n = snprintf(line, sizeof(line), "type=%u msg=%.*s", head->nlmsg_type,
		     (int)text, buf + NLMSG_HDRLEN);
	if (!*fresh && !ewx_record_read(line, (size_t)n, &r, error)) {
		*fresh = !seen(reader, &r);
		ewx_record_free(&r);
		if (!*fresh)
			return true;
	}
	return log_line(t, "kernel", 0, line, (size_t)n, reader);
}

int log_live(const struct tool *t, int fd, struct log_reader *reader)
{
	static char buf[DATAGRAM_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct sigaction action = { .sa_handler = stop };
	bool more = true, fresh = !reader->last.seconds;
	int ret = EXIT_OK;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	while (more && !stopped) {
		ssize_t n = recv(fd, buf, sizeof(buf), 0);

		if (n >= 0) {
			more = take_datagram(t, buf, (size_t)n, &fresh, reader);
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

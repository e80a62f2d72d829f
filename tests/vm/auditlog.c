// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * auditlog FILE READY: append every audit record to FILE, one a line, in the
 * form of the kernel's log: "type=1490 audit(...): ...". READY is created once
 * it listens. Ends on SIGTERM, after what is already queued.
 *
 * It listens to the multicast group, so that records longer than a line of the
 * kernel's log come whole and none waits for a daemon.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile sig_atomic_t stopping;

static void stop(int sig)
{
	(void)sig;
	stopping = 1;
}

static int listen_to_audit(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1),
	};
	int bytes = 32 << 20;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* One datagram holds one record; its length field counts the text only. */
static void write_record(int out, const char *buf, size_t len)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	size_t text = len - NLMSG_HDRLEN;
	char line[sizeof("type=4294967295 ") + 1];

	if (len < NLMSG_HDRLEN)
		return;
	while (text && (!buf[NLMSG_HDRLEN + text - 1] ||
			buf[NLMSG_HDRLEN + text - 1] == '\n'))
		text--;
	snprintf(line, sizeof(line), "type=%u ", head->nlmsg_type);
	if (dprintf(out, "%s%.*s\n", line, (int)text, buf + NLMSG_HDRLEN) < 0)
		perror("auditlog: write");
}

int main(int argc, char **argv)
{
	static char buf[16384] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct sigaction term = { .sa_handler = stop };
	int fd, out;

	if (argc != 3) {
		fprintf(stderr, "usage: auditlog FILE READY\n");
		return 2;
	}
	sigaction(SIGTERM, &term, NULL);
	fd = listen_to_audit();
	out = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0 || out < 0) {
		perror("auditlog");
		return 1;
	}
	close(open(argv[2], O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		ssize_t n;

		/* What the kernel's audit thread still holds comes within that. */
		n = poll(&wait, 1, stopping ? 200 : 1000);
		if (n == 0 && stopping)
			return 0;
		if (n <= 0)
			continue;
		n = recv(fd, buf, sizeof(buf), 0);
		if (n > 0)
			write_record(out, buf, n);
		else if (n < 0 && errno == ENOBUFS)
			dprintf(out, "lost: the reader was too slow\n");
	}
}

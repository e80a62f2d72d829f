// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * auditlog FILE READY: append every audit record to FILE, one a line, in the
 * form of the kernel's log: "type=1490 audit(...): ...". READY is created once
 * it listens. Ends on SIGTERM, after what is already queued; with 1 if some of it could
 * not be written.
 *
 * It listens to the multicast group, so that records longer than a line of the
 * kernel's log come whole and none waits for a daemon.
 *
 * auditlog --drain: where there is no daemon the kernel holds all records for one.
 * Be it until they have come, and drop them: a search for leaks reads all memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
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

/* Records that are not written yet: a write takes as long as many of them. */
enum { RECORD_MAX = 1 << 14 };
static char pending[4 * RECORD_MAX];
static size_t pending_size;

static bool failed;

static void flush(int out)
{
	size_t done = 0;
	ssize_t n;

	while (done < pending_size) {
		n = write(out, pending + done, pending_size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			perror("auditlog: write");
			failed = true;
			break;
		}
		done += n;
	}
	pending_size = 0;
}

/* A line, of no more than RECORD_MAX. */
__attribute__((format(printf, 2, 3)))
static void put(int out, const char *format, ...)
{
	va_list args;

	if (sizeof(pending) - pending_size <= RECORD_MAX)
		flush(out);
	va_start(args, format);
	pending_size += vsnprintf(pending + pending_size, RECORD_MAX, format, args);
	va_end(args);
}

/* One datagram holds one record; its length field counts the text only. */
static void write_record(int out, const char *buf, size_t len)
{
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	size_t text = len - NLMSG_HDRLEN;

	if (len < NLMSG_HDRLEN)
		return;
	while (text && (!buf[NLMSG_HDRLEN + text - 1] ||
			buf[NLMSG_HDRLEN + text - 1] == '\n'))
		text--;
	put(out, "type=%u %.*s\n", head->nlmsg_type, (int)text, buf + NLMSG_HDRLEN);
}

/* All that has come by now. */
static void write_records(int fd, int out)
{
	static char buf[RECORD_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t n;

	/* Its line has "type=4294967295 " before it. */
	while ((n = recv(fd, buf, sizeof(buf) - 32, MSG_DONTWAIT)) > 0 ||
	       (n < 0 && errno == ENOBUFS)) {
		if (n > 0)
			write_record(out, buf, n);
		else
			put(out, "lost: the reader was too slow\n");
	}
	flush(out);
}

/* Ask the kernel's audit @type for something, and for an answer. */
static int ask(int fd, int type, const void *data, size_t size)
{
	static char buf[NLMSG_SPACE(sizeof(struct audit_status))]
		__attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *head = (struct nlmsghdr *)buf;

	memset(buf, 0, sizeof(buf));
	head->nlmsg_len = NLMSG_LENGTH(size);
	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	memcpy(NLMSG_DATA(head), data, size);
	return send(fd, buf, head->nlmsg_len, 0) < 0 ? -errno : 0;
}

static int become_daemon(int fd, int pid)
{
	struct audit_status status = { .mask = AUDIT_STATUS_PID, .pid = pid };

	return ask(fd, AUDIT_SET, &status, sizeof(status));
}

/* Until the record that was asked for last, or a refusal: there is a daemon. */
static int drain(void)
{
	static char buf[RECORD_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	const struct nlmsgerr *err = NLMSG_DATA(head);
	static const char mark[] = "op=drain";
	struct pollfd wait = { .events = POLLIN };
	int bytes = 32 << 20;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (fd < 0 || become_daemon(fd, getpid()) ||
	    ask(fd, AUDIT_USER, mark, sizeof(mark)))
		return 1;
	wait.fd = fd;
	while (poll(&wait, 1, 10000) == 1 && recv(fd, buf, sizeof(buf), 0) > 0) {
		if (head->nlmsg_type == NLMSG_ERROR && err->error)
			return err->error != -EEXIST;
		if (head->nlmsg_type == AUDIT_USER)
			return become_daemon(fd, 0) != 0;
	}
	return 1;
}

int main(int argc, char **argv)
{
	struct sigaction term = { .sa_handler = stop };
	int fd, out;

	if (argc == 2 && !strcmp(argv[1], "--drain"))
		return drain();
	if (argc != 3) {
		fprintf(stderr, "usage: auditlog FILE READY | --drain\n");
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
		int n;

		/* What the kernel's audit thread still holds comes within that. */
		n = poll(&wait, 1, stopping ? 200 : 1000);
		if (n == 0 && stopping)
			return failed;
		if (n > 0)
			write_records(fd, out);
	}
}

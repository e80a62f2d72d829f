// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading EWX's audit records as they come, from the kernel's multicast group.
 */
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <uapi/linux/ewx_audit.h>

#include "rows.h"

#define WAIT_SECONDS	10

static int records = -1;
static char text[16384];

int records_begin(void)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1U << (AUDIT_NLGRP_READLOG - 1),
	};
	int bytes = 4 << 20;

	if (records >= 0)
		close(records);
	records = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	if (records < 0)
		return -errno;
	setsockopt(records, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
	if (bind(records, (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	return 0;
}

bool record_field(const char *record, const char *field, char *value,
		  size_t size)
{
	size_t len = strlen(field);

	for (const char *p = record; p && *p; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (!strncmp(p, field, len) && p[len] == '=') {
			size_t n = strcspn(p + len + 1, " \n");

			snprintf(value, size, "%.*s", (int)n, p + len + 1);
			return true;
		}
	}
	return false;
}

bool record_is(const char *record, const char *field, const char *value)
{
	char got[4096];

	return record && record_field(record, field, got, sizeof(got)) &&
	       !strcmp(got, value);
}

/* Return: 1 a record of @type is in text, 0 another message, -1 none in time. */
static int next_record(int timeout_ms, unsigned int type)
{
	static char buf[sizeof(text)] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct pollfd wait = { .fd = records, .events = POLLIN };
	const struct nlmsghdr *head = (const struct nlmsghdr *)buf;
	ssize_t n;

	if (poll(&wait, 1, timeout_ms) <= 0)
		return -1;
	n = recv(records, buf, sizeof(buf) - 1, 0);
	if (n <= (ssize_t)NLMSG_HDRLEN || head->nlmsg_type != type)
		return 0;
	buf[n] = '\0';
	snprintf(text, sizeof(text), "%s", buf + NLMSG_HDRLEN);
	return 1;
}

const char *record_wait_pid(const char *cause, pid_t pid)
{
	char number[16];
	time_t end = time(NULL) + WAIT_SECONDS;

	snprintf(number, sizeof(number), "%d", pid);
	while (time(NULL) <= end) {
		int got = next_record(1000, AUDIT_EWX_ACCESS);

		if (got == 1 && record_is(text, "pid", number) &&
		    (!cause || record_is(text, "cause", cause)))
			return text;
	}
	return NULL;
}

const char *record_wait(const char *cause)
{
	return record_wait_pid(cause, getpid());
}

const char *record_wait_load(void)
{
	time_t end = time(NULL) + WAIT_SECONDS;

	while (time(NULL) <= end) {
		if (next_record(1000, AUDIT_MAC_POLICY_LOAD) == 1 &&
		    record_is(text, "lsm", "ewx"))
			return text;
	}
	return NULL;
}

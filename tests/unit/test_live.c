// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages of the kernel after auditd's file: whose are taken, and which came before.
 */
#include "unit.h"

#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>

#include "tools/ewx/log.h"

static struct log_reader reader;
static char taken[1024];

/* What the reader would get. */
bool log_line(const struct tool *t, const char *name, unsigned long number,
	      const char *line, size_t len, struct log_reader *r)
{
	const char *page = strstr(line, " page=");

	(void)t, (void)name, (void)number, (void)len, (void)r;
	strcat(taken, page ? page + strlen(" page=") : "other");
	strcat(taken, ";");
	return true;
}

int tool_error(const struct tool *t, const char *fmt, ...)
{
	(void)t, (void)fmt;
	return EXIT_FAIL;
}

static int fresh(void **state)
{
	(void)state;
	memset(&reader, 0, sizeof(reader));
	taken[0] = '\0';
	return 0;
}

static int text_of(char *buf, size_t size, unsigned int serial,
		   unsigned int page)
{
	return snprintf(buf, size, "audit(%u.%03u:%u): lsm=ewx op=load page=%u",
			serial / 1000, serial % 1000, serial, page);
}

static void in_file(unsigned int serial, unsigned int page)
{
	char line[256], error[EWX_RECORD_ERROR_MAX];
	struct ewx_record *r;
	int n = sprintf(line, "type=UNKNOWN[1490] msg=");

	n += text_of(line + n, sizeof(line) - (size_t)n, serial, page);
	strcpy(line + n, "\x1dUID=\"root\"");
	r = ewx_record_new(line, strlen(line), error);
	assert_non_null(r);
	log_note(&reader, r);
	ewx_record_delete(r);
}

static void live(unsigned int serial, unsigned int page, uint32_t from)
{
	static char buf[512] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr head = { .nlmsg_type = 1490 };
	int n = text_of(buf + NLMSG_HDRLEN, sizeof(buf) - NLMSG_HDRLEN, serial,
			page);

	memcpy(buf, &head, sizeof(head));
	assert_true(log_live_take(NULL, buf, NLMSG_HDRLEN + (size_t)n, from,
				  &reader));
}

static void test_sender(void **state)
{
	(void)state;
	live(5, 1, 0);
	live(6, 2, 4711);
	live(7, 3, UINT32_MAX);
	live(8, 4, 0);
	assert_string_equal(taken, "1;4;");
}

/* The file ends in the middle of an event, and events overlap. */
static void test_overlap(void **state)
{
	(void)state;
	in_file(4, 1);
	in_file(5, 1);
	in_file(6, 1);
	live(5, 1, 0);
	live(6, 1, 0);
	live(6, 2, 0);
	live(5, 2, 0);
	live(4, 1, 0);
	live(3, 9, 0);
	live(6, 1, 0);
	live(7, 1, 0);
	assert_string_equal(taken, "2;2;9;1;1;");
}

/* More came from the file than is remembered. */
static void test_many(void **state)
{
	(void)state;
	for (unsigned int i = 1; i <= 3 * LOG_SEEN + 5; i++)
		in_file(10000 + i, i);
	for (unsigned int i = LOG_SEEN; i <= 3 * LOG_SEEN + 5; i++)
		live(10000 + i, i, 0);
	assert_string_equal(taken, "");
	live(10000 + 3 * LOG_SEEN + 5, 7, 0);
	assert_string_equal(taken, "7;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sender, fresh),
		cmocka_unit_test_setup(test_overlap, fresh),
		cmocka_unit_test_setup(test_many, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

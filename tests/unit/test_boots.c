// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot a record is of: every sign of a reboot by itself, and what is none.
 */
#include "unit.h"

#include <stdio.h>

#include "tools/ewx/log_boot.h"

/* Where each boot of a sequence begins. */
#define SAME 0
#define NEXT 1

static struct log_boots boots;
static unsigned int expected;

static void expect(int next, const char *line)
{
	char error[EWX_RECORD_ERROR_MAX];
	struct ewx_record r;

	log_boot_line(&boots, line, strlen(line));
	if (strstr(line, "lsm=ewx")) {
		if (ewx_record_read(line, strlen(line), &r, error))
			fail_msg("%s: %s", error, line);
		log_boot_record(&boots, &r);
		ewx_record_free(&r);
	}
	expected += (unsigned int)next;
	if (boots.number != expected)
		fail_msg("boot %u, not %u: %s", boots.number, expected, line);
}

static int fresh(void **state)
{
	(void)state;
	memset(&boots, 0, sizeof(boots));
	expected = 0;
	return 0;
}

static void other(int next, const char *type, unsigned long long time,
		  unsigned long long serial)
{
	char line[128];

	snprintf(line, sizeof(line),
		 "type=%s msg=audit(%llu.%03llu:%llu): pid=1", type,
		 time / 1000, time % 1000, serial);
	expect(next, line);
}

/* Lines of others tell as well. */
static void test_serial(void **state)
{
	(void)state;
	other(SAME, "SERVICE_START", 1000000, 7);
	other(SAME, "SERVICE_START", 1001000, 90);
	other(SAME, "SERVICE_STOP", 1001000, 90);
	other(NEXT, "SERVICE_START", 1031000, 8);
	other(SAME, "DAEMON_START", 1032000, 5555);
	other(SAME, "1201", 1033000, 3);
	other(SAME, "SERVICE_START", 1040000, 19);
	other(SAME, "SERVICE_START", 1040000, 20);
	other(SAME, "SERVICE_START", 1032000, 21);
	/* The same number as an event of the last boot. */
	other(NEXT, "SERVICE_START", 1032100, 20);
	/* A clock that was set back. */
	other(SAME, "SERVICE_START", 900000, 22);
	other(NEXT, "SERVICE_START", 100, 5);
}

/* Two processors; a call that takes long has the time when it began. */
static void test_order(void **state)
{
	(void)state;
	other(SAME, "SYSCALL", 1000000, 7);
	other(SAME, "SYSCALL", 1000010, 9);
	other(SAME, "SYSCALL", 1000012, 8);
	for (unsigned int i = 10; i < 9000; i++)
		other(SAME, "SYSCALL", 1000020 + i, i);
	other(SAME, "SYSCALL", 1000010, 9);
	other(SAME, "SYSCALL", 1000015, 10000);
	other(SAME, "SYSCALL", 1009100, 9001);
}

static void test_markers(void **state)
{
	(void)state;
	expect(SAME,
	       "type=2000 audit(5.000:1): state=initialized audit_enabled=0 res=1");
	other(SAME, "SYSTEM_BOOT", 9000, 4);
	other(SAME, "SERVICE_START", 10000, 9);
	other(NEXT, "SYSTEM_BOOT", 20000, 10);
	other(SAME, "SERVICE_START", 21000, 11);
	expect(NEXT,
	       "type=KERNEL msg=audit(22.000:12): state=initialized res=1");
	other(SAME, "SYSTEM_BOOT", 23000, 13);
}

/* Enclaves of two machines have the same numbers. */
static void test_machines(void **state)
{
	(void)state;
	expect(SAME, "node=a type=1490 msg=audit(1.000:1): lsm=ewx enclave=1");
	expect(SAME, "node=a type=1490 msg=audit(2.000:2): lsm=ewx enclave=1");
	expect(NEXT, "node=b type=1490 msg=audit(3.000:3): lsm=ewx enclave=1");
	expect(NEXT, "node=a type=1490 msg=audit(4.000:4): lsm=ewx enclave=1");
	expect(NEXT, "type=1490 msg=audit(5.000:5): lsm=ewx enclave=1");
	expect(NEXT, "Nov 20 19:48:01 a audit[1]: AUDIT1490 lsm=ewx enclave=1");
	expect(SAME, "Nov 20 19:48:02 a audit[1]: AUDIT1490 lsm=ewx enclave=1");
	expect(NEXT, "Nov 20 19:48:03 b audit[1]: AUDIT1490 lsm=ewx enclave=1");
	expect(SAME,
	       "Nov 20 19:48:03 b kernel: audit: type=1490 audit(6.000:6): lsm=ewx enclave=1");
	expect(NEXT,
	       "Nov 20 19:48:03 a kernel: audit: type=1490 audit(7.000:7): lsm=ewx enclave=1");
}

static void load(int next, unsigned int serial, int generation, int res)
{
	char line[160];

	snprintf(
		line, sizeof(line),
		"type=1403 audit(%u.000:%u): lsm=ewx policy=\"p\" generation=%d res=%d",
		serial, serial, generation, res);
	expect(next, line);
}

/* Loads are counted since boot, and a boot may have as many as the one before. */
static void test_loads(void **state)
{
	(void)state;
	load(SAME, 1, 1, 1);
	load(SAME, 2, 2, 1);
	load(SAME, 3, 2, 0);
	expect(SAME, "type=1404 audit(4.000:4): lsm=ewx generation=2 res=1");
	load(NEXT, 5, 2, 1);
	load(NEXT, 6, 1, 1);
	load(NEXT, 7, 1, 1);
	expect(NEXT, "type=1404 audit(8.000:8): lsm=ewx generation=0 res=1");
	load(SAME, 9, 1, 1);
}

/* An enclave starts once. What was counted of its loads is written a little later. */
static void test_enclaves(void **state)
{
	(void)state;
	expect(SAME,
	       "type=1490 audit(1.000:1): lsm=ewx op=load enclave=1 inited=0");
	expect(SAME, "type=1491 audit(2.000:2): lsm=ewx enclave=1");
	expect(SAME,
	       "type=1490 audit(3.000:3): lsm=ewx op=load enclave=1 inited=0");
	expect(SAME,
	       "type=1490 audit(60.000:4): lsm=ewx op=mmap enclave=1 inited=1");
	expect(SAME, "type=1491 audit(61.000:5): lsm=ewx enclave=4097");
	expect(SAME, "type=1491 audit(62.000:6): lsm=ewx enclave=2");
	expect(NEXT,
	       "type=1490 audit(99.000:7): lsm=ewx op=load enclave=2 inited=0");
	expect(SAME, "type=1491 audit(99.500:8): lsm=ewx enclave=2");
	expect(NEXT, "type=1491 audit(99.600:9): lsm=ewx enclave=2");
	/* Without a stamp. */
	expect(NEXT,
	       "Nov 20 19:48:01 host audit[1]: AUDIT1490 lsm=ewx enclave=9");
	expect(SAME,
	       "Nov 20 19:48:01 host audit[1]: AUDIT1491 lsm=ewx enclave=2");
	expect(NEXT,
	       "Nov 20 19:48:01 host audit[1]: AUDIT1490 lsm=ewx op=load enclave=2 inited=0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_serial, fresh),
		cmocka_unit_test_setup(test_order, fresh),
		cmocka_unit_test_setup(test_machines, fresh),
		cmocka_unit_test_setup(test_markers, fresh),
		cmocka_unit_test_setup(test_loads, fresh),
		cmocka_unit_test_setup(test_enclaves, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

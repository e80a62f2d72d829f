// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which boot a record is of.
 */
#include "unit.h"

#include <stdio.h>

#include "tools/ewx/log_boot.h"

static struct log_boots boots;

static void expect(unsigned int number, const char *line)
{
	char error[EWX_RECORD_ERROR_MAX];
	unsigned int got = ~0u;
	struct ewx_record *r;

	r = ewx_record_new(line, strlen(line), error);
	if (!r)
		fail_msg("%s: %s", error, line);
	assert_int_equal(log_boot(&boots, r, &got), 0);
	if (got != number)
		fail_msg("boot %u, not %u: %s", got, number, line);
	ewx_record_delete(r);
}

static int forget(void **state)
{
	(void)state;
	log_boots_free(&boots);
	return 0;
}

/* By what the record says alone: not by its stamp, its number or its place. */
static void test_order(void **state)
{
	(void)state;
	expect(0,
	       "type=1490 audit(9.000:9): lsm=ewx boot=00000000000000ff op=load enclave=1");
	expect(1,
	       "type=1491 audit(1.000:1): lsm=ewx boot=00000000000000fe enclave=1");
	expect(0,
	       "type=1403 audit(9.000:8): lsm=ewx boot=00000000000000ff generation=1");
	expect(2,
	       "node=b type=1404 msg=audit(9.000:9): lsm=ewx boot=ff00000000000000 generation=1");
	expect(1,
	       "type=1490 audit(1.000:1): lsm=ewx boot=00000000000000fe op=load");
}

/* Cut lines, and what is no kernel's. */
static void test_unsaid(void **state)
{
	(void)state;
	expect(0, "type=1490 audit(1.000:1): lsm=ewx op=load enclave=1");
	expect(1, "type=1490 audit(1.000:1): lsm=ewx boot=1 op=load");
	expect(0, "type=1490 audit(5.000:1): lsm=ewx boot=? op=load");
	expect(0, "type=1490 audit(2.000:1): lsm=ewx op=load");
}

static void test_many(void **state)
{
	char line[96];

	(void)state;
	for (unsigned int round = 0; round < 2; round++) {
		for (unsigned int i = 0; i < 50000; i++) {
			snprintf(
				line, sizeof(line),
				"type=1490 audit(1.000:1): lsm=ewx boot=%016x op=load",
				i);
			expect(i, line);
		}
	}
	assert_int_equal(boots.count, 50000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_order, forget),
		cmocka_unit_test_teardown(test_unsaid, forget),
		cmocka_unit_test_teardown(test_many, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

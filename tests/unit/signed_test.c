// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where a policy ends and its signature begins: every length of DER that there is, one
 * byte more and one less.
 */
#include <sys/mman.h>

#include "unit.h"

#include "security/ewx/core/engine.h"

#define POLICY ((u32)sizeof(struct ewx_header) + 8)
#define ROOM (POLICY + 0x20000)
#define PAGES 0x30000 /* bytes; a page that nobody can read follows them */

static unsigned char *blob;
static unsigned char *pages;

static void put32(unsigned char *at, u32 value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static int setup(void **state)
{
	(void)state;
	blob = calloc(1, ROOM);
	pages = mmap(NULL, PAGES + 0x1000, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!blob || pages == MAP_FAILED)
		return -1;
	return mprotect(pages + PAGES, 0x1000, PROT_NONE);
}

static int teardown(void **state)
{
	(void)state;
	free(blob);
	return munmap(pages, PAGES + 0x1000);
}

static void start(u32 size)
{
	memset(blob, 0, ROOM);
	put32(blob + offsetof(struct ewx_header, magic), EWX_POLICY_MAGIC);
	put32(blob + offsetof(struct ewx_header, size), size);
}

/* What follows @policy bytes: a sequence with that head, of @rest bytes in all. */
static u32 ends(u32 policy, const unsigned char *head, size_t count, u32 rest)
{
	/* A byte too far is one that cannot be read. */
	unsigned char *whole = pages + PAGES - policy - rest;

	start(policy);
	memcpy(blob + policy, head, count);
	memcpy(whole, blob, policy + rest);
	return ewx_policy_signed_size(whole, policy + rest);
}

#define ENDS(rest, ...)                                            \
	ends(POLICY, (const unsigned char[]){ __VA_ARGS__ },       \
	     sizeof((const unsigned char[]){ __VA_ARGS__ }), rest)

static void test_short_form(void **state)
{
	(void)state;
	assert_int_equal(ENDS(2, 0x30, 0), POLICY);
	assert_int_equal(ENDS(3, 0x30, 1), POLICY);
	assert_int_equal(ENDS(0x7f + 2, 0x30, 0x7f), POLICY);
	assert_int_equal(ENDS(3, 0x30, 0), 0);
	assert_int_equal(ENDS(3, 0x30, 2), 0);
	assert_int_equal(ENDS(2, 0x31, 0), 0);
	assert_int_equal(ENDS(1, 0x30), 0);
	assert_int_equal(ENDS(0, 0x30), 0);
}

static void test_long_form(void **state)
{
	(void)state;
	assert_int_equal(ENDS(3 + 0x80, 0x30, 0x81, 0x80), POLICY);
	assert_int_equal(ENDS(3 + 0xff, 0x30, 0x81, 0xff), POLICY);
	assert_int_equal(ENDS(4 + 0x100, 0x30, 0x82, 1, 0), POLICY);
	assert_int_equal(ENDS(4 + 0x1234, 0x30, 0x82, 0x12, 0x34), POLICY);
	assert_int_equal(ENDS(4 + 0xfff0, 0x30, 0x82, 0xff, 0xf0), POLICY);
	/* One more or less than it says. */
	assert_int_equal(ENDS(3 + 0x81, 0x30, 0x81, 0x80), 0);
	assert_int_equal(ENDS(3 + 0x7f, 0x30, 0x81, 0x80), 0);
	assert_int_equal(ENDS(4 + 0x101, 0x30, 0x82, 1, 0), 0);
	assert_int_equal(ENDS(4 + 0xff, 0x30, 0x82, 1, 0), 0);
	/* Longer than it need be. */
	assert_int_equal(ENDS(3 + 0x7f, 0x30, 0x81, 0x7f), 0);
	assert_int_equal(ENDS(4 + 0x80, 0x30, 0x82, 0, 0x80), 0);
	assert_int_equal(ENDS(5 + 0x100, 0x30, 0x83, 0, 1, 0), 0);
	/* Of no length, and of one that is too long for a signature. */
	assert_int_equal(ENDS(2 + 0x10, 0x30, 0x80), 0);
	assert_int_equal(ENDS(2 + 0x80, 0x30, 0x80), 0);
	assert_int_equal(ENDS(6 + 0x100, 0x30, 0x84, 0, 0, 1, 0), 0);
	assert_int_equal(ENDS(6 + 0x1000, 0x30, 0x84, 1, 0, 0x10, 0), 0);
	/* Cut off amid the length. */
	assert_int_equal(ENDS(2, 0x30, 0x81), 0);
	assert_int_equal(ENDS(3, 0x30, 0x82, 1), 0);
	assert_int_equal(ENDS(4, 0x30, 0x83, 1, 0), 0);
	assert_int_equal(ENDS(2, 0x30, 0xff), 0);
}

/* The longest signature, which is within the three bytes that a length may have. */
static void test_limit(void **state)
{
	const u32 most = EWX_SIGNATURE_MAX_SIZE;

	(void)state;
	assert_int_equal(ENDS(most, 0x30, 0x82, (unsigned char)((most - 4) >> 8),
			      (unsigned char)(most - 4)), POLICY);
	assert_int_equal(ENDS(most + 1, 0x30, 0x82, (unsigned char)((most - 3) >> 8),
			      (unsigned char)(most - 3)), 0);
	/* A good length of three bytes is one of a signature that is too long. */
	assert_int_equal(ENDS(5 + 0x10000, 0x30, 0x83, 1, 0, 0), 0);
}

static void test_header(void **state)
{
	const unsigned char sig[] = { 0x30, 0 };
	const u32 header = sizeof(struct ewx_header);

	(void)state;
	/* A policy of nothing but the header, or of less. */
	assert_int_equal(ends(header, sig, 2, 2), header);
	start(header - 1);
	memcpy(blob + header - 1, sig, 2);
	assert_int_equal(ewx_policy_signed_size(blob, header + 1), 0);
	/* No header. */
	start(header - 2);
	memcpy(blob + header - 2, sig, 2);
	assert_int_equal(ewx_policy_signed_size(blob, header - 1), 0);
	/* Not signed, cut short, and not a policy. */
	start(POLICY);
	assert_int_equal(ewx_policy_signed_size(blob, POLICY), 0);
	assert_int_equal(ewx_policy_signed_size(blob, POLICY - 1), 0);
	memcpy(blob + POLICY, sig, 2);
	assert_int_equal(ewx_policy_signed_size(blob, POLICY + 2), POLICY);
	blob[0] ^= 1;
	assert_int_equal(ewx_policy_signed_size(blob, POLICY + 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short_form),
		cmocka_unit_test(test_long_form),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_header),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Classification: every test of a node at its bounds, jumps, and references of the
 * wrong kind. Whole walks are in query_test.c, tails in verify_hot_test.c.
 */
#include "unit.h"

#include "blob.h"

#define LEAF(n) (EWX_LEAF | (n))

/* VALUES of the policy, as indices. */
enum {
	GROUPS,
	ATTRIBUTES = GROUPS + 2,
	XFRM = ATTRIBUTES + 2,
	VALUES = XFRM + 4
};

static const u32 values[VALUES] = {
	50, 60, 0x3, 0x1, 0x60000, 0x80000001, 0x20000, 0x80000000,
};

/* KEYS[0] is MIDDLE; the others differ from it in one byte. */
#define KEY(first, last)                                                     \
	{                                                                    \
		first, 0x03, 0x05, 0x07, 0x09, 0x0b, 0x0d, 0x0f, [31] = last \
	}
static const u8 middle[32] = KEY(0x11, 0x22);
static const u8 last_less[32] = KEY(0x11, 0x21);
static const u8 last_more[32] = KEY(0x11, 0x23);
static const u8 first_less[32] = KEY(0x10, 0x23);
static const u8 first_more[32] = KEY(0x12, 0x21);
static const u8 head_less[32] = { 0x11, 0x03, 0x05, 0x06, 0xff };
#define MIDDLE_HEAD 0x11030507u

static bool group_range(const void *ctx, u32 low, u32 high)
{
	return ctx == values && low == 50 && high == 60;
}

static bool context_is(const void *ctx, const char *context)
{
	return ctx == values && !strcmp(context, "pod_t");
}

static const struct ewx_verity absent = { .is_signed = true,
					  .has_digest = true,
					  .digest = KEY(0x11, 0x22) };
static const struct ewx_verity plain = { .present = true,
					 .digest = KEY(0x11, 0x22) };
static const struct ewx_verity is_signed = { .present = true,
					     .is_signed = true };
static const struct ewx_verity right = { .present = true,
					 .has_digest = true,
					 .digest = KEY(0x11, 0x22) };
static const struct ewx_verity wrong = { .present = true,
					 .has_digest = true,
					 .digest = KEY(0x11, 0x23) };

/* Argument of a test: a string of the policy. */
#define POD_T 0xfffffff0u
#define EXT4 0xfffffff1u

static const struct {
	u32 test;
	u32 arg;
	bool yes;
	struct ewx_properties props;
} rows[] = {
#define YES(TEST, arg, ...)                 \
	{                                   \
		EWX_TEST_##TEST, arg, true, \
		{                           \
			__VA_ARGS__         \
		}                           \
	}
#define NO(TEST, arg, ...)                   \
	{                                    \
		EWX_TEST_##TEST, arg, false, \
		{                            \
			__VA_ARGS__          \
		}                            \
	}
	YES(EUID_LT, 1000, .euid = 999),
	NO(EUID_LT, 1000, .euid = 1000),
	YES(GROUP, GROUPS, .in_group = group_range, .ctx = values),
	NO(GROUP, ATTRIBUTES, .in_group = group_range, .ctx = values),
	NO(GROUP, GROUPS, .in_group = NULL),
	YES(CGROUP, 3, .cgroup = 1u << 3),
	NO(CGROUP, 3, .cgroup = 1u << 2),
	NO(CGROUP, 3, .cgroup = 1u << 4),
	YES(CGROUP, 0, .cgroup = 1),
	NO(CGROUP, 0, .cgroup = 2),
	YES(CONTEXT, POD_T, .has_context = context_is, .ctx = values),
	NO(CONTEXT, EXT4, .has_context = context_is, .ctx = values),
	NO(CONTEXT, POD_T, .has_context = NULL),
	YES(NO_PATH, 0, .no_path = true),
	NO(NO_PATH, 0, .no_path = false),
	YES(OWNER_LT, 5, .owner = 4),
	NO(OWNER_LT, 5, .owner = 5),
	YES(FS, EXT4, .fs = "ext4"),
	NO(FS, EXT4, .fs = "ext3"),
	NO(FS, EXT4, .fs = NULL),
	YES(READ_ONLY, 0, .read_only = true),
	NO(READ_ONLY, 0, .mapped_exec = true),
	YES(MAPPED_EXEC, 0, .mapped_exec = true),
	NO(MAPPED_EXEC, 0, .read_only = true),
#define VERITY(NAME, field)                                                    \
	NO(NAME, EWX_ANY, .field = NULL), NO(NAME, EWX_ANY, .field = &absent), \
		YES(NAME, EWX_ANY, .field = &plain),                           \
		NO(NAME, 0, .field = &absent), NO(NAME, 0, .field = &plain),   \
		NO(NAME, 0, .field = &is_signed),                              \
		NO(NAME, 0, .field = &wrong), YES(NAME, 0, .field = &right)
	VERITY(FS_VERITY, fs_verity),
	VERITY(DM_VERITY, dm_verity),
	NO(FS_VERITY, EWX_SIGNED, .fs_verity = &absent),
	NO(FS_VERITY, EWX_SIGNED, .fs_verity = &right),
	YES(FS_VERITY, EWX_SIGNED, .fs_verity = &is_signed),
	NO(FS_VERITY, EWX_SIGNED, .dm_verity = &is_signed),
	YES(HAS_SIGNER, 0, .has_signer = true, .signer = middle),
	NO(HAS_SIGNER, 0, .has_signer = true, .signer = NULL),
	NO(HAS_SIGNER, 0, .has_signer = false, .signer = middle),
#define KEYS(NAME, FIELD)                                                     \
	YES(NAME##_LT, 0, FIELD(last_less)), NO(NAME##_LT, 0, FIELD(middle)), \
		NO(NAME##_LT, 0, FIELD(last_more)),                           \
		YES(NAME##_LT, 0, FIELD(first_less)),                         \
		NO(NAME##_LT, 0, FIELD(first_more)),                          \
		NO(NAME##_LT, 0, FIELD(NULL)),                                \
		YES(NAME##_EQ, 0, FIELD(middle)),                             \
		NO(NAME##_EQ, 0, FIELD(last_less)),                           \
		NO(NAME##_EQ, 0, FIELD(first_more)),                          \
		NO(NAME##_EQ, 0, FIELD(NULL)),                                \
		YES(NAME##_HEAD_LT, MIDDLE_HEAD, FIELD(head_less)),           \
		NO(NAME##_HEAD_LT, MIDDLE_HEAD, FIELD(middle)),               \
		NO(NAME##_HEAD_LT, MIDDLE_HEAD, FIELD(first_more)),           \
		NO(NAME##_HEAD_LT, MIDDLE_HEAD, FIELD(NULL))
#define SIGNER(key) .has_signer = true, .signer = key
#define MEASUREMENT(key) .measurement = key
	KEYS(SIGNER, SIGNER),
	KEYS(MEASUREMENT, MEASUREMENT),
	NO(SIGNER_LT, 0, .signer = last_less),
	NO(SIGNER_EQ, 0, .signer = middle),
	NO(SIGNER_HEAD_LT, MIDDLE_HEAD, .signer = head_less),
	YES(PRODUCT_LT, 7, .product = 6),
	NO(PRODUCT_LT, 7, .product = 7),
	YES(SVN_LT, 5, .svn = 4),
	NO(SVN_LT, 5, .svn = 5),
	YES(ATTRIBUTES, ATTRIBUTES, .attributes = 1),
	YES(ATTRIBUTES, ATTRIBUTES, .attributes = 5),
	NO(ATTRIBUTES, ATTRIBUTES, .attributes = 0),
	NO(ATTRIBUTES, ATTRIBUTES, .attributes = 2),
	NO(ATTRIBUTES, ATTRIBUTES, .attributes = 3),
	YES(XFRM, XFRM, .xfrm = 0x8000000000020000),
	YES(XFRM, XFRM, .xfrm = 0xfffffffefffbffff),
	NO(XFRM, XFRM, .xfrm = 0x8000000000000000),
	NO(XFRM, XFRM, .xfrm = 0x8000000000060000),
	NO(XFRM, XFRM, .xfrm = 0x8000000100020000),
	NO(XFRM, XFRM, .xfrm = 0x0000000000020000),
};

static struct blob blob;
static struct ewx_policy policy;

/* A policy where every diagram may have the results 0 to 3. */
static void begin(void)
{
	static const char *const names[] = { "a", "b", "c" };
	u32 i;

	blob_init(&blob);
	for (i = 0; i < ARRAY_LEN(names); i++) {
		blob_domain(&blob, names[i], 0, EWX_FOREVER);
		blob_source(&blob, names[i]);
		blob_identity(&blob, names[i]);
	}
	for (i = 0; i < VALUES; i++)
		blob_number(&blob, EWX_SECTION_VALUES, values[i]);
	for (i = 0; i < ARRAY_LEN(names); i++) {
		blob_class(&blob, EWX_SECTION_SOURCE_CLASSES, i, 1);
		blob_class(&blob, EWX_SECTION_IDENTITY_CLASSES, i, 1);
	}
	blob_key(&blob, 0);
	memcpy(blob_record(&blob, EWX_SECTION_KEYS, 0), middle, sizeof(middle));
}

static void test_every_test(void **state)
{
	u32 i, pod_t, ext4;

	(void)state;
	begin();
	pod_t = blob_string(&blob, "pod_t");
	ext4 = blob_string(&blob, "ext4");
	for (i = 0; i < ARRAY_LEN(rows); i++)
		blob_node(&blob, rows[i].test,
			  rows[i].arg == POD_T ? pod_t :
			  rows[i].arg == EXT4  ? ext4 :
						 rows[i].arg,
			  LEAF(1), LEAF(2));
	blob_policy(&blob, &policy);
	for (i = 0; i < ARRAY_LEN(rows); i++)
		if (ewx_walk(&policy, i, &rows[i].props) !=
		    (rows[i].yes ? 1 : 2))
			fail_msg("row %u", i);
	blob_free(&blob);
}

/* A key is less by its first byte that differs, whichever that is. */
static void test_key_order(void **state)
{
	u8 key[32];
	const struct ewx_properties props = { .has_signer = true,
					      .signer = key,
					      .measurement = key };
	u32 i, node;

	(void)state;
	begin();
	blob_node(&blob, EWX_TEST_SIGNER_LT, 0, LEAF(1), LEAF(2));
	blob_node(&blob, EWX_TEST_MEASUREMENT_LT, 0, LEAF(1), LEAF(2));
	blob_node(&blob, EWX_TEST_SIGNER_HEAD_LT, MIDDLE_HEAD, LEAF(1),
		  LEAF(2));
	blob_node(&blob, EWX_TEST_MEASUREMENT_HEAD_LT, MIDDLE_HEAD, LEAF(1),
		  LEAF(2));
	blob_policy(&blob, &policy);
	for (i = 0; i < 8; i++) {
		for (node = 0; node < (i < 4 ? 4 : 2); node++) {
			memcpy(key, middle, sizeof(key));
			key[i]--;
			key[i + 1] = 0xff;
			assert_int_equal(ewx_walk(&policy, node, &props), 1);
			key[i] += 2;
			key[i + 1] = 0;
			assert_int_equal(ewx_walk(&policy, node, &props), 2);
		}
	}
	blob_free(&blob);
}

/* Two bits of a key choose among four; the second jump's are behind the first one's. */
static void test_jumps(void **state)
{
	static const u8 first[] = { 0x00, 0x3f, 0x40, 0x7f,
				    0x80, 0xbf, 0xc0, 0xff };
	u8 key[32] = { 0 };
	const struct ewx_properties both = { .has_signer = true,
					     .signer = key,
					     .measurement = key };
	const struct ewx_properties none = { .has_signer = true };
	const struct ewx_properties unsigned_ = { .signer = key };
	u32 i;

	(void)state;
	begin();
	blob_node(&blob, EWX_TEST_SIGNER_JUMP, 0, 2, LEAF(1));
	blob_node(&blob, EWX_TEST_MEASUREMENT_JUMP, 4, 2, LEAF(2));
	for (i = 0; i < 8; i++)
		blob_number(&blob, EWX_SECTION_JUMPS, LEAF(i < 4 ? i : 7 - i));
	blob_policy(&blob, &policy);
	for (i = 0; i < ARRAY_LEN(first); i++) {
		key[0] = first[i];
		assert_int_equal(ewx_walk(&policy, 0, &both), i / 2);
		assert_int_equal(ewx_walk(&policy, 1, &both), 3 - i / 2);
	}
	assert_int_equal(ewx_walk(&policy, 0, &none), 1);
	assert_int_equal(ewx_walk(&policy, 0, &unsigned_), 1);
	assert_int_equal(ewx_walk(&policy, 1, &none), 2);
	blob_free(&blob);
}

/* The first node that there is not is no way to go on. */
static void test_walk_ends(void **state)
{
	const struct ewx_properties props = { .no_path = true };

	(void)state;
	begin();
	blob_node(&blob, EWX_TEST_NO_PATH, 0, 1, LEAF(2));
	blob_node(&blob, EWX_TEST_NO_PATH, 0, LEAF(3), LEAF(2));
	blob_policy(&blob, &policy);
	assert_int_equal(ewx_walk(&policy, 0, &props), 3);
	policy.section[EWX_SECTION_NODES].count = 1;
	assert_int_equal(ewx_walk(&policy, 0, &props), 0);
	assert_int_equal(ewx_walk(&policy, 1, &props), 0);
	blob_free(&blob);
}

static u32 match(enum ewx_automaton_kind which, const char *path)
{
	return ewx_match(&policy, which, path, (u32)strlen(path));
}

/* What another diagram's node or no result is, is what matches nothing. */
static void test_wrong_kind(void **state)
{
	(void)state;
	begin();
	blob_node(&blob, EWX_TEST_NO_PATH, 0, LEAF(3), LEAF(2));
	blob_node(&blob, EWX_TEST_READ_ONLY, 0, LEAF(3), LEAF(2));
	blob_path(&blob, EWX_AUTOMATON_EXE, "/right", false, 0);
	blob_path(&blob, EWX_AUTOMATON_EXE, "/wrong", false, 1);
	blob_path(&blob, EWX_AUTOMATON_EXE, "/last", false, LEAF(3));
	blob_path(&blob, EWX_AUTOMATON_EXE, "/past", false, LEAF(4));
	blob_path(&blob, EWX_AUTOMATON_PATH, "/right", false, 1);
	blob_path(&blob, EWX_AUTOMATON_PATH, "/wrong", false, 0);
	blob_path(&blob, EWX_AUTOMATON_PATH, "/last", false, LEAF(3));
	blob_path(&blob, EWX_AUTOMATON_PATH, "/past", false, LEAF(4));
	blob_path(&blob, EWX_AUTOMATON_CGROUP, "/right", false, LEAF(1u << 30));
	blob_path(&blob, EWX_AUTOMATON_CGROUP, "/wrong", false, 0);
	blob_policy(&blob, &policy);
	assert_int_equal(match(EWX_AUTOMATON_EXE, "/right"), 0);
	assert_int_equal(match(EWX_AUTOMATON_EXE, "/wrong"), LEAF(0));
	assert_int_equal(match(EWX_AUTOMATON_EXE, "/last"), LEAF(3));
	assert_int_equal(match(EWX_AUTOMATON_EXE, "/past"), LEAF(0));
	assert_int_equal(match(EWX_AUTOMATON_PATH, "/right"), 1);
	assert_int_equal(match(EWX_AUTOMATON_PATH, "/wrong"), LEAF(0));
	assert_int_equal(match(EWX_AUTOMATON_PATH, "/last"), LEAF(3));
	assert_int_equal(match(EWX_AUTOMATON_PATH, "/past"), LEAF(0));
	assert_int_equal(match(EWX_AUTOMATON_CGROUP, "/right"), LEAF(1u << 30));
	assert_int_equal(match(EWX_AUTOMATON_CGROUP, "/wrong"), LEAF(0));
	blob_free(&blob);
}

/*
 * The first automaton that there is not: behind the last one is the dead state, of
 * which the first word may be anything.
 */
static void test_no_automaton(void **state)
{
	u32 end = 1;

	(void)state;
	begin();
	blob_set32(blob_record(&blob, EWX_SECTION_STATES, 0), 0x7fffffff);
	for (; end % 64;
	     blob_class(&blob, EWX_SECTION_IDENTITY_CLASSES, 0, 1)) {
		blob_policy(&blob, &policy);
		end = policy.section[EWX_SECTION_AUTOMATA].offset +
		      EWX_AUTOMATON_COUNT * EWX_SIZE_AUTOMATA;
	}
	assert_int_equal(policy.section[EWX_SECTION_STATES].offset, end);
	assert_int_equal(match(EWX_AUTOMATON_COUNT, "/"), EWX_LEAF);
	blob_free(&blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_test),
		cmocka_unit_test(test_key_order),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_walk_ends),
		cmocka_unit_test(test_wrong_kind),
		cmocka_unit_test(test_no_automaton),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

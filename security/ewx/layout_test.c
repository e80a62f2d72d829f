// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of what an enclave consists of, as text: each thing once, and "..." where
 * something is left out, whatever there is room for.
 *
 * Owns: enclaves that are facts only. Where the texts are shown is show_test.c's.
 */
#include <linux/bits.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../enclave/facts.h"
#include "../enclave/store.h"
#include "layout.h"
#include "test_util.h"

#define RW (ENCLAVE_R | ENCLAVE_W)
#define RX (ENCLAVE_R | ENCLAVE_X)
#define FACTS(origin, intent) \
	enclave_facts_load(ENCLAVE_ORIGIN_##origin, intent, false, true)

/* What layout.c calls "...", and what has to be free for it behind a word. */
#define MORE "..."
#define ROOM (sizeof("," MORE) + 1)

static struct enclave *facts_only(struct kunit *test, u64 pages)
{
	struct enclave *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, e);
	e->pages = pages;
	e->store = enclave_store_new(pages);
	KUNIT_ASSERT_NOT_NULL(test, e->store);
	return e;
}

static void paint(struct kunit *test, struct enclave *e, u64 first, u64 count,
		  enclave_facts f)
{
	KUNIT_ASSERT_EQ(test, enclave_store_reserve(e->store, first, count), 0);
	enclave_store_set(e->store, first, count, f);
}

static void expect_ranges(struct kunit *test, struct enclave *e,
			  const char *want)
{
	char text[384];

	ewx_layout_ranges(e, text, sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, want);
}

static void ranges_are_exact(struct kunit *test)
{
	struct enclave *e = facts_only(test, 16);
	struct enclave none = {};

	expect_ranges(test, &none, "");
	expect_ranges(test, e, "");
	paint(test, e, 15, 1, FACTS(ANON, 0));
	expect_ranges(test, e, "15-15:none:anon");
	paint(test, e, 0, 1, FACTS(FILE, RX));
	expect_ranges(test, e, "0-0:rx:file,15-15:none:anon");
	paint(test, e, 1, 2, FACTS(MODIFIED, ENCLAVE_RWX));
	paint(test, e, 3, 2, FACTS(DYNAMIC, RW));
	expect_ranges(
		test, e,
		"0-0:rx:file,1-2:rwx:modified,3-4:rw:dynamic,15-15:none:anon");
	/* What a page has been through is not told here. */
	paint(test, e, 4, 1, FACTS(DYNAMIC, RW) | ENCLAVE_FACT_EVER_W);
	expect_ranges(
		test, e,
		"0-0:rx:file,1-2:rwx:modified,3-4:rw:dynamic,15-15:none:anon");
	paint(test, e, 0, 16, FACTS(FILE, ENCLAVE_X));
	expect_ranges(test, e, "0-15:x:file");
	paint(test, e, 0, 16, 0);
	expect_ranges(test, e, "");
	enclave_store_free(e->store);
}

/* All of @whole if it fits; else words of it from the first on, and "...". */
static void expect_cut(struct kunit *test, const char *text, size_t size,
		       const char *whole)
{
	size_t len = strlen(text);

	KUNIT_EXPECT_LT(test, len, size);
	if (size >= strlen(whole) + ROOM) {
		KUNIT_EXPECT_STREQ(test, text, whole);
		return;
	}
	/* The first word is told to take one byte more. */
	if (!strcmp(text, whole))
		return;
	KUNIT_ASSERT_GE(test, len, strlen(MORE));
	len -= strlen(MORE);
	KUNIT_EXPECT_STREQ_MSG(test, text + len, MORE, "%zu bytes", size);
	KUNIT_EXPECT_TRUE_MSG(test, !strncmp(text, whole, len), "%zu bytes",
			      size);
	KUNIT_EXPECT_TRUE(test, !len || text[len - 1] == ',');
	/* The next word would not have had room. */
	KUNIT_EXPECT_GT(
		test, max(len, 1) - 1 + strcspn(whole + len, ",") + ROOM, size);
}

static void ranges_are_cut_by_words(struct kunit *test)
{
	struct enclave *e = facts_only(test, 200);
	char *whole = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	char *text = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	size_t size;
	u64 page;

	KUNIT_ASSERT_NOT_NULL(test, whole);
	KUNIT_ASSERT_NOT_NULL(test, text);
	for (page = 0; page < 200; page += 2)
		paint(test, e, page, 1, FACTS(ANON, page % 4 ? RW : RX));
	ewx_layout_ranges(e, whole, SZ_4K);
	KUNIT_EXPECT_TRUE(test, strstarts(whole, "0-0:rx:anon,2-2:rw:anon,"));
	KUNIT_EXPECT_NOT_NULL(test, strstr(whole, ",198-198:rw:anon"));
	for (size = sizeof(MORE); size < strlen(whole) + 20; size++) {
		ewx_layout_ranges(e, text, size);
		expect_cut(test, text, size, whole);
	}
	enclave_store_free(e->store);
}

/* A walk ends after so many runs, and says so, even if all of them look alike. */
static void ranges_end_somewhere(struct kunit *test)
{
	struct enclave *e = facts_only(test, 10000);
	u64 page;

	paint(test, e, 0, 10000, FACTS(ANON, RW));
	for (page = 0; page < 8000; page += 2)
		paint(test, e, page, 1, FACTS(ANON, RW) | ENCLAVE_FACT_EVER_W);
	expect_ranges(test, e, "0-4095:rw:anon," MORE);
	enclave_store_free(e->store);
}

static void uses_are_counted(struct kunit *test)
{
	struct enclave *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);
	char *whole = kunit_kzalloc(test, SZ_4K, GFP_KERNEL);
	char text[384];
	size_t size;
	u32 bit;

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_ASSERT_NOT_NULL(test, whole);
	ewx_layout_used(e, 0, text, sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, "");
	e->uses[ENCLAVE_PERM_BIT_EXEC_FILE] = 3;
	e->uses[ENCLAVE_PERM_BIT_EXEC_ANON] = 7;
	ewx_layout_used(e, ENCLAVE_PERM_EXEC_FILE | ENCLAVE_PERM_CREATE, text,
			sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, "exec_file:3,create");

	for (bit = 0; bit < ENCLAVE_PERM_COUNT; bit++)
		e->uses[bit] = U64_MAX;
	ewx_layout_used(e, ENCLAVE_PERM_ALL, whole, SZ_4K);
	KUNIT_EXPECT_NOT_NULL(test,
			      strstr(whole, ",vepc:18446744073709551615"));
	for (size = sizeof(MORE); size <= sizeof(text); size++) {
		ewx_layout_used(e, ENCLAVE_PERM_ALL, text, size);
		expect_cut(test, text, size, whole);
	}
}

static u32 class_of(const struct ewx_loaded *p, const char *path)
{
	const struct ewx_properties none = {};

	return ewx_walk(&p->core,
			ewx_match(&p->core, EWX_AUTOMATON_PATH, path,
				  strlen(path)),
			&none);
}

static void add(const struct ewx_loaded *p, struct ewx_sources *s,
		const char *path)
{
	ewx_sources_add(s, p->generation, class_of(p, path));
}

static void expect_sources(struct kunit *test, const struct ewx_loaded *p,
			   const struct ewx_sources *s, const char *want)
{
	char text[128];

	ewx_layout_sources(p, s, text, sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, want);
}

static struct ewx_loaded *policy(struct kunit *test, u64 version)
{
	struct ewx_loaded *p;

	KUNIT_ASSERT_EQ(test, ewx_test_load(test, EWX_TEST_MANY, version, NULL),
			0);
	p = ewx_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, p);
	return p;
}

static void sources_are_named_once(struct kunit *test)
{
	struct ewx_loaded *p = policy(test, 0);
	struct ewx_sources s = {};
	char text[128];
	size_t size;

	expect_sources(test, p, &s, "");
	expect_sources(test, NULL, &s, "");
	add(p, &s, "/opt/mylib/a");
	expect_sources(test, p, &s, "mylib,all");
	add(p, &s, "/opt/mylib/b");
	expect_sources(test, p, &s, "mylib,all");
	/* A name that is the end of another one, and one that begins like it. */
	add(p, &s, "/opt/lib/a");
	add(p, &s, "/opt/lib2/a");
	expect_sources(test, p, &s, "mylib,all,lib,lib2");
	add(p, &s, "/opt/other");
	expect_sources(test, p, &s, "mylib,all,lib,lib2");
	add(p, &s, "/nowhere");
	expect_sources(test, p, &s, "mylib,all,lib,lib2");
	expect_sources(test, NULL, &s, MORE);
	for (size = sizeof(MORE); size < 32; size++) {
		ewx_layout_sources(p, &s, text, size);
		KUNIT_EXPECT_LT(test, strlen(text), size);
		KUNIT_EXPECT_EQ_MSG(test, !strstr(text, MORE),
				    size >= strlen("mylib,all,lib,lib2") +
						    ROOM - 1,
				    "%zu bytes: %s", size, text);
	}
	ewx_policy_put(p);
}

/* More than are remembered, or of a policy that is gone: it is told that there are. */
static void sources_that_are_left_out(struct kunit *test)
{
	static const char *const paths[EWX_SOURCES_MAX] = {
		"/opt/mylib/a", "/opt/lib/a", "/srv/1/a", "/srv/2/a",
		"/srv/3/a",	"/srv/4/a",   "/srv/5/a", "/nowhere",
	};
	struct ewx_loaded *p = policy(test, 0), *next;
	struct ewx_sources s = {};
	u32 i;

	for (i = 0; i < EWX_SOURCES_MAX; i++)
		add(p, &s, paths[i]);
	expect_sources(test, p, &s, "mylib,all,lib,s1,s2,s3,s4,s5");
	add(p, &s, "/srv/3/b");
	expect_sources(test, p, &s, "mylib,all,lib,s1,s2,s3,s4,s5");
	add(p, &s, "/srv/6/a");
	expect_sources(test, p, &s, "mylib,all,lib,s1,s2,s3,s4,s5," MORE);

	next = policy(test, 9);
	expect_sources(test, next, &s, MORE);
	add(next, &s, "/srv/2/a");
	expect_sources(test, next, &s, "s2," MORE);
	expect_sources(test, p, &s, MORE);
	ewx_policy_put(next);
	ewx_policy_put(p);
}

static struct kunit_case layout_cases[] = { KUNIT_CASE(ranges_are_exact),
					    KUNIT_CASE(ranges_are_cut_by_words),
					    KUNIT_CASE(ranges_end_somewhere),
					    KUNIT_CASE(uses_are_counted),
					    KUNIT_CASE(sources_are_named_once),
					    KUNIT_CASE(
						    sources_that_are_left_out),
					    {} };

static struct kunit_suite layout_suite = {
	.name = "ewx_layout",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = layout_cases,
};

kunit_test_suite(layout_suite);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the boot parameters: what each word does, and that one that is none
 * changes nothing.
 *
 * Owns: giving the kernel a parameter once more, while it still has what reads them:
 * the suite runs at boot and never again. What a kernel does that was booted with one
 * is tested from outside.
 */
#include <kunit/test.h>
#include <linux/init.h>
#include <linux/lsm_hooks.h>
#include <linux/string.h>

#include "seal.h"
#include "setup.h"
#include "test_util.h"

/* As if @word had stood behind @name on the command line. */
static void __init give(struct kunit *test, const char *name, const char *word)
{
	const struct obs_kernel_param *p;
	char text[32];

	strscpy(text, word);
	for (p = __setup_start; p < __setup_end; p++) {
		if (strcmp(p->str, name))
			continue;
		/* It is EWX's, and nobody else's. */
		KUNIT_EXPECT_EQ_MSG(test, p->setup_func(text), 1, "%s%s", name,
				    word);
		return;
	}
	KUNIT_FAIL(test, "no parameter %s", name);
}

/* Is the module to be among the active ones, as far as its parameter goes? */
static bool __init enabled(struct kunit *test)
{
	const struct lsm_info *lsm;

	for (lsm = __start_lsm_info; lsm < __end_lsm_info; lsm++) {
		if (!strcmp(lsm->name, "ewx"))
			return *lsm->enabled;
	}
	KUNIT_FAIL(test, "no such module");
	return false;
}

struct mode_word {
	const char *word;
	bool enabled;
	bool enforcing;
};

/* The last word counts; one that is none enforces, as it is told to do. */
static void __init mode(struct kunit *test)
{
	static const struct mode_word words[] __initconst = {
		{ "permissive", true, false }, { "nonsense", true, true },
		{ "permissive", true, false }, { "enforce", true, true },
		{ "permissive", true, false }, { "", true, true },
		{ "permissive,", true, true }, { "PERMISSIVE", true, true },
		{ "off", false, true },	       { "enforce", true, true },
		{ "off", false, true },	       { "offf", true, true },
		{ "off", false, true },	       { "permissive", true, false },
		{ "enforce", true, true },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		give(test, "ewx=", words[i].word);
		KUNIT_EXPECT_EQ_MSG(test, enabled(test), words[i].enabled,
				    "%d: %s", i, words[i].word);
		KUNIT_EXPECT_EQ_MSG(test, ewx_enforcing(), words[i].enforcing,
				    "%d: %s", i, words[i].word);
	}
}

struct before_policy_word {
	const char *word;
	bool deny;
};

/* Likewise: one that is none allows. */
static void __init before_policy_words(struct kunit *test)
{
	static const struct before_policy_word words[] __initconst = {
		{ "deny", true }, { "allow", false },	{ "deny", true },
		{ "", false },	  { "deny", true },	{ "denied", false },
		{ "den", false }, { "allowed", false },
	};
	const bool before = ewx_before_policy_deny;
	int i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		give(test, "ewx.before_policy=", words[i].word);
		KUNIT_EXPECT_EQ_MSG(test, ewx_before_policy_deny, words[i].deny,
				    "%d: %s", i, words[i].word);
	}
	ewx_before_policy_deny = before;
}

/* Only words that ask for none: what asks for one is not taken back. */
static void __init signature_words(struct kunit *test)
{
	const bool before = ewx_signature_required(false);

	give(test, "ewx.signature=", "optional");
	KUNIT_EXPECT_EQ(test, ewx_signature_required(false), before);
	give(test, "ewx.signature=", "require");
	KUNIT_EXPECT_EQ(test, ewx_signature_required(false), before);
}

/* They begin and end with the boot. */
static struct kunit_case __refdata setup_cases[] = {
	KUNIT_CASE(mode),
	KUNIT_CASE(before_policy_words),
	KUNIT_CASE(signature_words),
	{}
};

static struct kunit_suite setup_suite = {
	.name = "ewx_setup",
	.init = ewx_test_suite_init,
	.exit = ewx_test_suite_exit,
	.test_cases = setup_cases,
};

kunit_test_init_section_suite(setup_suite);

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Verification of names: what is a word of the language is one, of the policy, of a
 * domain, a source and an identity alike; nothing else is, and where it stands is told.
 */
#include "damage.h"

/* The records that have a name. */
static const struct named {
	enum ewx_section section;
	u32 index;
	u32 field;
} names[] = {
	{ EWX_SECTION_COUNT, 0, AT(ewx_header, name) },
	{ EWX_SECTION_DOMAINS, 1, AT(ewx_domain, name) },
	{ EWX_SECTION_SOURCES, 0, AT(ewx_name, name) },
	{ EWX_SECTION_SOURCES, 1, AT(ewx_name, name) },
	{ EWX_SECTION_IDENTITIES, 0, AT(ewx_name, name) },
};

/* Where @named stands in @s, once that is laid out. */
static u32 place(const struct sample *s, const struct named *named)
{
	if (named->section == EWX_SECTION_COUNT)
		return named->field;
	return ewx_read32(s->b.bytes + sizeof(struct ewx_header) +
			  named->section * sizeof(struct ewx_section_entry)) +
	       named->index * damage_record_size(named->section) + named->field;
}

/* The sample with @name for the name of @named. */
static void check_named(const struct named *named, const char *name, bool fits)
{
	struct ewx_fault fault;
	struct sample s;
	u32 string, at;
	bool ok;

	sample_init(&s);
	string = blob_string(&s.b, name);
	blob_layout(&s.b);
	at = place(&s, named);
	blob_set32(s.b.bytes + at, string);
	ok = damage_use(s.b.bytes, s.b.size, &fault);
	if (ok != fits ||
	    (!ok && (fault.code != EWX_FAULT_VALUE ||
		     fault.section != named->section ||
		     fault.index != named->index || fault.offset != at)))
		fail_msg("\"%s\": fault %u in section %u record %u at %u", name,
			 ok ? 0 : fault.code, fault.section, fault.index,
			 fault.offset);
	sample_free(&s);
}

static void check(const char *name, bool fits)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		check_named(&names[i], name, fits);
}

static bool is_one_of(int byte, const char *bytes)
{
	return byte && strchr(bytes, byte);
}

/* Each byte that a string may hold by itself, as the first, the second and the last. */
static void test_bytes(void **state)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char others[] = "0123456789-";
	int byte;

	(void)state;
	for (byte = ' '; byte < 0x7f; byte++) {
		const bool starts = is_one_of(byte, letters);
		const bool goes_on = starts || is_one_of(byte, others);
		const char alone[] = { (char)byte, 0 };
		const char first[] = { (char)byte, 'n', 0 };
		const char second[] = { 'n', (char)byte, '0', 0 };
		const char last[] = { 'n', '-', (char)byte, 0 };

		check(alone, starts);
		check(first, starts);
		check(second, goes_on);
		check(last, goes_on);
	}
	/* Letters, but not of ASCII. */
	check("\xc3\xa9", false);
	check("n\xc3\xa9", false);
	check("", false);
}

static void test_lengths(void **state)
{
	char name[EWX_NAME_LEN_MAX + 2];
	u32 length;

	(void)state;
	memset(name, 'n', sizeof(name));
	for (length = EWX_NAME_LEN_MAX + 1; length >= EWX_NAME_LEN_MAX - 1;
	     length--) {
		name[length] = '\0';
		check(name, length <= EWX_NAME_LEN_MAX);
	}
}

static void test_words_of_rules(void **state)
{
	static const char *const words[] = { "any",  "but", "for",
					     "from", "max", "until" };
	char more[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(words); i++) {
		check(words[i], false);
		snprintf(more, sizeof(more), "%ss", words[i]);
		check(more, true);
		snprintf(more, sizeof(more), "%.2s", words[i]);
		check(more, true);
	}
	check("allow", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_words_of_rules),
	};

	return cmocka_run_group_tests(tests, damage_setup, damage_teardown);
}

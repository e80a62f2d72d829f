// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The request grammar: what texts mean, how queries are written, that writing
 * and reading agree, and what is refused and where.
 */
#include "unit.h"

#include <stdio.h>

#include <ewx/words.h>
#include "libewx/request.h"
#include "security/enclave/facts.h"

#define ONES "1111111111111111111111111111111111111111111111111111111111111111"

static struct ewx_query q, again;
static struct ewx_request_error err;

static void parse(const char *text)
{
	if (ewx_request_parse(text, strlen(text), &q, &err))
		fail_msg("%s: byte %zu: %s", text, err.offset, err.text);
}

static char *print(const struct ewx_query *query)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	ewx_request_print(out, query);
	fclose(out);
	return text;
}

/* What stands at the left is written as what stands at the right. */
static const char *const written[][2] = {
	{ "create", "in default: create" },
	{ "in d: create", "in d: create" },
	{ "create in d: create debug", "create in d: create debug" },
	{ "debug", "debug in default: create debug" },
	{ "provision", "in default: provision" },
	{ "vepc in d: vepc", "vepc in d: vepc" },
	{ ": vepc", "in default: vepc" },
	{ "in d for i: init debug provision",
	  "in d for i: init debug provision" },
	{ "exec_file in payroll for payroll: load rx file \"/tmp/evil.so\" measured",
	  "exec_file in payroll for payroll: load rx file \"/tmp/evil.so\" measured" },
	{ "exec_anon,exec_file in d: load x anon",
	  "exec_file,exec_anon in d: load x anon measured" },
	{ "as exe \"/a b\" uid 1 gid 2 untrusted: create",
	  "as exe \"/a b\" uid 1 gid 2 untrusted: create" },
	{ "as: create", "as: create" },
	{ "for unlisted: init", "in default for unlisted: init" },
	{ "for \"unlisted\": init", "in default for \"unlisted\": init" },
	{ "in \"two words\": create", "in \"two words\": create" },
	{ "for svn 2 product 1 signer sha256:" ONES ": init",
	  "in default for signer sha256:" ONES " product 1 svn 2: init" },
	{ "for product 3: init", "in default for product 3: init" },
	{ "attributes 0x5: create", "in default attributes 0x4: create debug" },
	{ "in d foreign at 2027-03-31: mmap r page r anon",
	  "in d foreign at 2027-03-31T00:00:00Z: mmap r page r anon measured" },
	{ "at 2027-03-31T23:59:59Z: create",
	  "in default at 2027-03-31T23:59:59Z: create" },
	{ "at 2024-02-29: create",
	  "in default at 2024-02-29T00:00:00Z: create" },
	{ "at 1: create", "in default at 1970-01-01T00:00:01Z: create" },
	{ "at 253402300800: create", "in default at 253402300800: create" },
	{ "using augment 5, exec_dynamic 0x10: add rw",
	  "in default using exec_dynamic 16, augment 5: add rw" },
	{ "load rwx file \"/l\" owner 0 fs ext4 read-only mutable modified untrusted mapped-exec unmeasured",
	  "in default: load rwx file \"/l\" owner 0 fs ext4 read-only mutable modified untrusted mapped-exec unmeasured" },
	{ "load xr file", "in default: load rx file measured" },
	{ "load none anon mapped-exec",
	  "in default: load none anon mapped-exec measured" },
	{ "load rx anon after-init",
	  "in default: load rx anon measured after-init" },
	{ "mprotect rwx page rwx dynamic ever-wx rewritten",
	  "in default: mprotect rwx page rwx dynamic ever-wx rewritten" },
	{ "fault w page rw modified mutable ever-w debug-written before-init",
	  "in default: fault w page rw modified mutable measured ever-w debug-written before-init" },
	{ "access w page rx file unmeasured ever-x",
	  "in default: access w page rx file unmeasured ever-x" },
	{ "mmap rw hole", "in default: mmap rw hole" },
	{ "remove page r file", "in default: remove page r file measured" },
	{ "type page r anon", "in default: type page r anon measured" },
	{ "restrict r page rw anon",
	  "in default: restrict r page rw anon measured" },
	{ "mmap r page r anon facts 0x25",
	  "in default: mmap r page rx anon unmeasured" },
	{ "create facts 0x20", "in default: create facts 0x20" },
	{ "load r file \"/\\\"\\\\\\x01\"",
	  "in default: load r file \"/\\\"\\\\\\x01\" measured" },
	{ "load r file \"(unreachable)/x\" untrusted",
	  "in default: load r file \"(unreachable)/x\" untrusted measured" },
	{ "as exe \"x\" untrusted: create", "as exe \"x\" untrusted: create" },
	/* The last one counts, and nothing of the ones before is left. */
	{ "as context \"longer\" context \"c\": create",
	  "as context \"c\": create" },
	{ "# a comment\nin d\n# another\n: create", "in d: create" },
};

static void test_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		char *text;

		parse(written[i][0]);
		text = print(&q);
		assert_string_equal(text, written[i][1]);
		again = q;
		parse(text);
		assert_memory_equal(&q, &again, sizeof(q));
		free(text);
	}
}

static void test_meaning(void **state)
{
	(void)state;
	parse("exec_file in payroll for payroll: load rx file \"/tmp/evil.so\" owner 7 fs tmpfs");
	assert_int_equal(q.magic, EWX_QUERY_MAGIC);
	assert_int_equal(q.size, sizeof(q));
	assert_int_equal(q.op, ENCLAVE_OP_LOAD);
	assert_int_equal(q.access, ENCLAVE_R | ENCLAVE_X);
	assert_int_equal(q.required, ENCLAVE_PERM_EXEC_FILE);
	assert_int_equal(q.facts, enclave_facts_load(ENCLAVE_ORIGIN_FILE,
						     ENCLAVE_R | ENCLAVE_X,
						     false, true));
	assert_int_equal(q.subject, EWX_SUBJECT_DOMAIN);
	assert_string_equal(q.domain, "payroll");
	assert_int_equal(q.identity_kind, EWX_IDENTITY_NAMED);
	assert_string_equal(q.identity, "payroll");
	assert_string_equal(q.path, "/tmp/evil.so");
	assert_string_equal(q.fs, "tmpfs");
	assert_int_equal(q.owner, 7);
	assert_int_equal(q.flags, 0);
	assert_int_equal(q.euid, EWX_REQUEST_UNSAID);

	parse("as exe \"/bin/x\" uid 5: add rwx");
	assert_int_equal(q.subject, EWX_SUBJECT_PROCESS);
	assert_int_equal(q.euid, 5);
	assert_int_equal(q.egid, EWX_REQUEST_UNSAID);
	assert_int_equal(q.flags, EWX_QUERY_INITIALIZED);
	assert_int_equal(q.facts, enclave_facts_dynamic(ENCLAVE_RWX));
	assert_int_equal(q.owner, EWX_REQUEST_UNSAID);

	parse("at 2000-03-01T00:00:01Z: create");
	assert_int_equal(q.now, 951868801);
	parse("mmap rx hole before-init");
	assert_int_equal(q.facts, 0);
	assert_int_equal(q.flags, 0);
}

/* Text, byte of the error, words in the message. */
static const struct {
	const char *text;
	size_t offset;
	const char *message;
} refused[] = {
	{ "", 0, "operation" },
	{ "in d", 4, "clause" },
	{ "in d:", 5, "operation" },
	{ "in d create", 5, "clause" },
	{ "exec_fil in d: create", 0, "operation" },
	{ "exec_file, in d: create", 11, "permission" },
	{ "exec_file,exec_file: create", 10, "twice" },
	{ "using augment 1, augment 2: create", 17, "twice" },
	{ "in d in e: create", 5, "once" },
	{ "in d as uid 1: create", 5, "once" },
	{ "for any: init", 4, "one enclave" },
	{ "for signer sha256:12: init", 18, "64" },
	{ "for signer " ONES ": init", 11, "sha256" },
	{ "for product 65536: init", 12, "65535" },
	{ "as exe \"relative\": create", 7, "starts with /" },
	{ "as uid x: create", 7, "uid" },
	{ "as uid 4294967295: create", 7, "uid" },
	{ "as exe /bin/x: create", 7, "quotes" },
	{ "at 2027-02-29: create", 3, "time" },
	{ "at 2027-13-01: create", 3, "time" },
	{ "at 0: create", 3, "time" },
	{ "at 2027-01-01T24:00:00Z: create", 3, "time" },
	{ "using augment: create", 13, "number" },
	{ "load", 4, "rwx" },
	{ "load rr anon", 5, "rwx" },
	{ "load rx", 7, "file" },
	{ "load rx file \"tmp\"", 13, "starts with /" },
	{ "load rx file \"/tmp", 13, "does not end" },
	{ "load rx file \"/\\q\"", 13, "backslash" },
	{ "load rx file \"/\\x00\"", 13, "zero byte" },
	{ "load rx anon owner 1", 13, "property" },
	{ "load rx anon measured unmeasured", 32, "measured" },
	{ "mmap rx", 7, "hole" },
	{ "mmap rx page", 12, "rwx" },
	{ "mmap rx page rx", 15, "anon" },
	{ "mmap rx hole mutable", 13, "property" },
	{ "mmap rx page rx file facts 0x2000", 27, "8191" },
	{ "create rx", 7, "property" },
	{ "add rw page rw anon", 7, "property" },
	{ "vepc; vepc", 4, "character" },
	{ "in d: create \"x\"", 13, "property" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		const char *text = refused[i].text;

		if (!ewx_request_parse(text, strlen(text), &q, &err))
			fail_msg("accepted: %s", text);
		if (!strstr(err.text, refused[i].message) ||
		    err.offset != refused[i].offset)
			fail_msg("%s: byte %zu: %s", text, err.offset,
				 err.text);
		assert_true(err.offset + err.length <= strlen(text));
	}
}

static void test_long_text(void **state)
{
	static char text[2 * EWX_QUERY_PATH_MAX];
	size_t n = (size_t)sprintf(text, "load r file \"/");

	(void)state;
	memset(text + n, 'a', EWX_QUERY_PATH_MAX - 2);
	n += EWX_QUERY_PATH_MAX - 2;
	strcpy(text + n, "\"");
	parse(text);
	strcpy(text + n, "a\"");
	assert_int_equal(ewx_request_parse(text, strlen(text), &q, &err), -1);
	assert_non_null(strstr(err.text, "4095"));
}

static void test_subject(void **state)
{
	const char *text = "exe \"/opt/payroll/bin/server\" uid 1200";

	(void)state;
	assert_int_equal(ewx_request_subject(text, strlen(text), &q, &err), 0);
	assert_int_equal(q.subject, EWX_SUBJECT_PROCESS);
	assert_int_equal(q.euid, 1200);
	assert_string_equal(q.exe, "/opt/payroll/bin/server");
	text = "exe \"/x\" in d";
	assert_int_equal(ewx_request_subject(text, strlen(text), &q, &err), -1);
}

static void random_name(unsigned long long *seed, char *out, size_t size)
{
	static const char letters[] = "ab/ \"\\:\n\x01\x7f\xc3\xa9\xff_-.0";
	size_t n = 1 + unit_random(seed) % (size - 2);

	if (n > 12)
		n = 12;
	for (size_t i = 0; i < n; i++)
		out[i] = letters[unit_random(seed) % (sizeof(letters) - 1)];
	out[n] = '\0';
}

static void random_verity(unsigned long long *seed, struct ewx_query *r)
{
	if (unit_random(seed) % 3 == 0)
		r->flags |= EWX_QUERY_FS_VERITY |
			    (unit_random(seed) & (EWX_QUERY_FS_DIGEST |
						  EWX_QUERY_FS_SIGNED));
	if (unit_random(seed) % 3 == 0)
		r->flags |= EWX_QUERY_DM_VERITY |
			    (unit_random(seed) & EWX_QUERY_DM_DIGEST);
	if (r->flags & EWX_QUERY_FS_DIGEST)
		r->fs_verity[7] = (__u8)unit_random(seed);
	if (r->flags & EWX_QUERY_DM_DIGEST)
		r->dm_verity[31] = (__u8)unit_random(seed);
}

/* A query that the grammar can state, drawn at random. */
static void random_query(unsigned long long *seed, struct ewx_query *r)
{
	ewx_request_init(r);
	r->op = 1 + unit_random(seed) % (ENCLAVE_OP_COUNT - 1);
	if (unit_random(seed) % 2)
		r->flags |= EWX_QUERY_INITIALIZED;
	if (ewx_request_takes_access(r->op))
		r->access = unit_random(seed) & ENCLAVE_RWX;
	r->facts = unit_random(seed) & ENCLAVE_FACT_ALL;
	if (unit_random(seed) % 4 == 0)
		r->required = unit_random(seed) & ENCLAVE_PERM_ALL;
	if (unit_random(seed) % 2) {
		r->subject = EWX_SUBJECT_DOMAIN;
		random_name(seed, r->domain, sizeof(r->domain));
	} else {
		r->subject = EWX_SUBJECT_PROCESS;
		r->exe[0] = '/';
		random_name(seed, r->exe + 1, sizeof(r->exe) - 1);
		r->euid = (__u32)unit_random(seed);
		if (unit_random(seed) % 2)
			random_name(seed, r->context, sizeof(r->context));
	}
	r->identity_kind = unit_random(seed) % 4;
	if (r->identity_kind == EWX_IDENTITY_NAMED)
		random_name(seed, r->identity, sizeof(r->identity));
	if (r->identity_kind == EWX_IDENTITY_RAW) {
		r->svn = (__u16)unit_random(seed);
		r->measurement[5] = (__u8)unit_random(seed);
		if (unit_random(seed) % 2)
			r->flags |= EWX_QUERY_HAS_SIGNER;
	}
	r->attributes = unit_random(seed) % 2 ? unit_random(seed) & 0xff : 0;
	r->xfrm = unit_random(seed) % 2 ? unit_random(seed) : 0;
	r->now = unit_random(seed) % 2 ? unit_random(seed) >> 20 : 0;
	r->uses[unit_random(seed) % ENCLAVE_PERM_COUNT] = unit_random(seed) % 9;
	if (r->op != ENCLAVE_OP_LOAD)
		return;
	if (unit_random(seed) % 2) {
		r->path[0] = '/';
		random_name(seed, r->path + 1, sizeof(r->path) - 1);
		r->owner = (__u32)unit_random(seed);
		random_name(seed, r->fs, sizeof(r->fs));
		r->flags |= unit_random(seed) & EWX_QUERY_NO_PATH;
	}
	r->flags |= unit_random(seed) & EWX_QUERY_MAPPED_EXEC;
	random_verity(seed, r);
}

static void test_round_trip(void **state)
{
	unsigned long long seed = 20260731;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char *text;

		random_query(&seed, &again);
		text = print(&again);
		parse(text);
		if (memcmp(&q, &again, sizeof(q)))
			fail_msg("round %d: %s", i, text);
		for (const char *c = text; *c; c++)
			assert_true((unsigned char)*c >= 0x20);
		free(text);
	}
}

/* Texts with bytes changed, cut and repeated: no crash, and errors inside. */
static void test_mangled(void **state)
{
	unsigned long long seed = 4711;
	char text[512];

	(void)state;
	for (int i = 0; i < 50000; i++) {
		const char *from =
			written[unit_random(&seed) % ARRAY_LEN(written)][0];
		size_t n = strlen(from);

		memcpy(text, from, n);
		for (int k = unit_random(&seed) % 4; k >= 0 && n; k--)
			text[unit_random(&seed) % n] = (char)unit_random(&seed);
		if (n)
			n -= unit_random(&seed) % n;
		if (ewx_request_parse(text, n, &q, &err))
			assert_true(err.offset + err.length <= n);
	}
}

static void test_safe(void **state)
{
	static const char *const cases[][2] = {
		{ "plain /x", "plain /x" },
		{ "\xc3\xa9", "\xc3\xa9" },
		{ "\x1b[31m", "\\x1b[31m" },
		{ "\xc2\x9b", "\\xc2\\x9b" }, /* a control in UTF-8 */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* right to left */
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" }, /* a surrogate */
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xc3", "\\xc3" },
		{ "a\\b", "a\\\\b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *text = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&text, &size);

		ewx_print_safe(out, cases[i][0], 0);
		fclose(out);
		assert_string_equal(text, cases[i][1]);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_subject),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_mangled),
		cmocka_unit_test(test_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

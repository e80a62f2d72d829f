// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The reader of access records: forms of the line, fields, encodings, the
 * rebuilt request, and lines that are no records.
 */
#include "unit.h"

#include <stdio.h>

#include "libewx/record.h"
#include "libewx/request.h"

#define DIGEST \
	"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

#define LOAD                                                                  \
	"lsm=ewx op=load result=denied cause=exec_file reason=no_rule "       \
	"needed=exec_file,exec_unmeasured missing=exec_file enclave=7 "       \
	"provider=dev domain=\"payroll\" access=rx facts=3d inited=0 "        \
	"foreign=0 page=3 pages=2 origin=file path=2F746D702F6120622E736F "   \
	"fstype=tmpfs owner=1000 nopath=0 readonly=1 mapexec=1 source=? "     \
	"identity=? "                                                         \
	"measurement=? signer=? product=0 svn=0 attrs=0 policy=\"host\" "     \
	"version=12 digest=" DIGEST " rule=-1 line=\"host.ewx:24\" "          \
	"now=1767225600 enforcing=1 suppressed=0 pid=812 auid=1000 uid=1200 " \
	"euid=1200 egid=1200 ses=3 comm=\"server\" "                          \
	"exe=\"/opt/payroll/bin/server\" noexe=0 subj=unconfined"

#define INIT                                                                    \
	"lsm=ewx op=init result=permissive cause=init reason=no_rule "          \
	"needed=init,debug missing=init enclave=9 provider=dev "                \
	"domain=\"default\" access=none facts=0 inited=0 foreign=1 page=0 "     \
	"pages=4 origin=? path=? fstype=? owner=0 nopath=0 source=? "           \
	"identity=\"payroll,vendor\" measurement=" DIGEST " signer=" DIGEST     \
	" "                                                                     \
	"product=7 svn=3 attrs=1 policy=\"host\" version=12 digest=" DIGEST     \
	" rule=-1 line=? now=5 enforcing=0 suppressed=9 pid=1 auid=4294967295 " \
	"uid=0 euid=0 egid=0 ses=4294967295 comm=\"a\" exe=? noexe=1 subj=?"

#define DEBT                                                                  \
	"lsm=ewx op=init result=denied cause=exec_anon reason=identity "      \
	"needed=exec_anon missing=exec_anon domain=\"d\" access=rx facts=a5 " \
	"inited=0 origin=anon path=? fstype=? owner=0 measurement=" DIGEST    \
	" signer=? product=0 svn=0 attrs=0 rule=-1 exe=\"/x\" euid=1 egid=1"

/* Init judges again the pages that a debugger wrote. */
#define JUDGED_AGAIN                                                      \
	"lsm=ewx op=init result=denied cause=exec_modified "              \
	"reason=no_rule needed=exec_modified,init missing=exec_modified " \
	"domain=\"d\" access=none facts=1b2d measurement=" DIGEST         \
	" attrs=0 product=0 svn=0"

static struct ewx_record r, other;
static struct ewx_query q;
static char error[EWX_RECORD_ERROR_MAX];

static void parse(const char *line)
{
	if (ewx_record_parse(line, strlen(line), &r, error))
		fail_msg("%s: %s", error, line);
}

static void expect_request(const char *line, bool by_domain, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out;

	parse(line);
	if (ewx_record_query(&r, by_domain, &q, error))
		fail_msg("%s: %s", error, line);
	out = open_memstream(&text, &size);
	ewx_request_print(out, &q);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
	ewx_record_free(&r);
}

static void test_forms(void **state)
{
	static const char *const prefixes[] = {
		"",
		"type=1490 audit(1767225600.123:45): ",
		"type=UNKNOWN[1490] msg=audit(1767225600.123:45): ",
		"type=EWX_ACCESS msg=audit(1767225600.123:45): ",
		"node=host7 type=UNKNOWN[1490] msg=audit(1767225600.123:45): ",
		"audit: type=1490 audit(1767225600.123:45): ",
		"[   12.345678] audit: type=1490 audit(1767225600.123:45): ",
		"[   12.345678] [ T812] audit: type=1490 audit(1767225600.123:45): ",
		"[Sat Nov 21 00:57:15 2026] audit: type=1490 audit(1767225600.123:45): ",
		"Nov 20 19:48:01 host kernel: audit: type=1490 audit(1767225600.123:45): ",
		"Nov  2 19:48:01.123456 kernel: audit: type=1490 audit(1767225600.123:45): ",
		"Nov 20 19:48:01 host kernel: [   12.345678] audit: type=1490 audit(1767225600.123:45): ",
		"Fri 2026-11-20 19:48:01 UTC host kernel: audit: type=1490 audit(1767225600.123:45): ",
		"2026-11-20T19:48:01.123456+00:00 host kernel: [   12.345678] audit: type=1490 audit(1767225600.123:45): ",
	};
	static const char *const journal[] = {
		"Nov 20 19:48:01 host audit[812]: AUDIT1490 ",
		"Nov 20 19:48:01 audit: UNKNOWN[1490] ",
		"2026-11-20T19:48:01+0000 host audit[812]: AUDIT1490 ",
	};
	char line[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
		snprintf(line, sizeof(line), "%s%s\n", prefixes[i], LOAD);
		assert_true(ewx_record_looks(line, strlen(line)));
		parse(line);
		assert_int_equal(ewx_record_read(line, strlen(line), &other,
						 error),
				 i ? 0 : -1);
		ewx_record_free(&other);
		assert_string_equal(r.text[EWX_RECORD_op], "load");
		assert_string_equal(r.text[EWX_RECORD_subj], "unconfined");
		assert_int_equal(r.serial, i ? 45 : 0);
		assert_int_equal(r.seconds, i ? 1767225600 : 0);
		assert_int_equal(r.millis, i ? 123 : 0);
		assert_int_equal(r.unknown, 0);
		ewx_record_free(&r);
	}
	/* As journald writes it: without a stamp. */
	for (size_t i = 0; i < ARRAY_LEN(journal); i++) {
		snprintf(line, sizeof(line), "%s%s\n", journal[i], LOAD);
		parse(line);
		assert_string_equal(r.text[EWX_RECORD_op], "load");
		ewx_record_free(&r);
	}
	/* auditd adds fields of its own behind a separator. */
	snprintf(line, sizeof(line), "%s\x1dUID=\"root\" op=no", LOAD);
	parse(line);
	assert_string_equal(r.text[EWX_RECORD_op], "load");
	assert_string_equal(r.text[EWX_RECORD_subj], "unconfined");
	ewx_record_free(&r);
}

static void test_fields(void **state)
{
	(void)state;
	parse(LOAD " newer=1 word");
	assert_string_equal(r.text[EWX_RECORD_path], "/tmp/a b.so");
	assert_string_equal(r.text[EWX_RECORD_domain], "payroll");
	assert_string_equal(r.text[EWX_RECORD_source], "");
	assert_true(r.present[EWX_RECORD_source]);
	assert_int_equal(r.number[EWX_RECORD_rule], -1);
	assert_int_equal(r.number[EWX_RECORD_pid], 812);
	assert_int_equal(r.unknown, 1);
	assert_int_equal(ewx_record_op(&r), ENCLAVE_OP_LOAD);
	ewx_record_free(&r);
	parse(INIT);
	assert_int_equal(r.number[EWX_RECORD_auid], 4294967295LL);
	assert_string_equal(r.text[EWX_RECORD_identity], "payroll,vendor");
	assert_false(ewx_record_debt(&r));
	ewx_record_free(&r);
}

static void test_requests(void **state)
{
	(void)state;
	expect_request(
		LOAD, true,
		"exec_file,exec_unmeasured in payroll at 2026-01-01T00:00:00Z: "
		"load rx file \"/tmp/a b.so\" owner 1000 fs tmpfs read-only "
		"mapped-exec unmeasured");
	expect_request(
		LOAD, false,
		"exec_file,exec_unmeasured as exe \"/opt/payroll/bin/server\" "
		"uid 1200 gid 1200 context \"unconfined\" "
		"at 2026-01-01T00:00:00Z: "
		"load rx file \"/tmp/a b.so\" owner 1000 fs tmpfs read-only "
		"mapped-exec unmeasured");
	expect_request(INIT, true,
		       "init,debug in default for signer sha256:" DIGEST
		       " measurement sha256:" DIGEST " product 7 svn 3 foreign "
		       "at 1970-01-01T00:00:05Z: init debug");
	expect_request(
		INIT, false,
		"init,debug as uid 0 gid 0 untrusted for signer sha256:" DIGEST
		" measurement sha256:" DIGEST " product 7 svn 3 foreign "
		"at 1970-01-01T00:00:05Z: init debug");
	expect_request(JUDGED_AGAIN, true,
		       "exec_modified,init in d for measurement sha256:" DIGEST
		       ": init facts 0x1b2d");
	expect_request(LOAD " fsverity=" DIGEST
			    "+signed dmverity=any xfrm=60007",
		       true,
		       "exec_file,exec_unmeasured in payroll xfrm 0x60007 "
		       "at 2026-01-01T00:00:00Z: load rx file \"/tmp/a b.so\" "
		       "owner 1000 fs tmpfs read-only fs-verity signature "
		       "sha256:" DIGEST " dm-verity mapped-exec unmeasured");
	expect_request(LOAD " fsverity=any dmverity=" DIGEST, true,
		       "exec_file,exec_unmeasured in payroll "
		       "at 2026-01-01T00:00:00Z: load rx file \"/tmp/a b.so\" "
		       "owner 1000 fs tmpfs read-only fs-verity dm-verity "
		       "sha256:" DIGEST " mapped-exec unmeasured");
	expect_request(DEBT, true,
		       "exec_anon in d for measurement sha256:" DIGEST
		       ": load rx anon measured");
}

/* A line of each type, from the table that the kernel writes them by. */
static void test_types(void **state)
{
	static const struct {
		const char *text;
		unsigned int in;
	} samples[EWX_RECORD_COUNT] = {
#define SAMPLE_word "word"
#define SAMPLE_number "7"
#define SAMPLE_hex "7f"
#define SAMPLE_string "\"a,b\""
#define SAMPLE(name, kind, in, meaning) \
	[EWX_RECORD_##name] = { #name "=" SAMPLE_##kind, EWX_IN_##in },
		EWX_AUDIT_FIELDS(SAMPLE)
#undef SAMPLE
	};
	static const struct {
		const char *type;
		unsigned int in;
	} types[EWX_RECORD_TYPE_COUNT] = {
		{ "1490", EWX_IN_access },
		{ "UNKNOWN[1491]", EWX_IN_enclave },
		{ "MAC_POLICY_LOAD", EWX_IN_load },
		{ "1404", EWX_IN_mode },
	};
	char line[2048];

	(void)state;
	for (int t = 0; t < EWX_RECORD_TYPE_COUNT; t++) {
		size_t n = sprintf(line, "type=%s msg=audit(5.006:7): lsm=ewx",
				   types[t].type);

		for (int f = 1; f < EWX_RECORD_COUNT; f++) {
			if (samples[f].in & types[t].in)
				n += sprintf(line + n, " %s", samples[f].text);
		}
		if (ewx_record_read(line, n, &r, error))
			fail_msg("%s: %s", error, line);
		assert_int_equal(r.type, t);
		assert_int_equal(r.unknown, 0);
		for (int f = 0; f < EWX_RECORD_COUNT; f++) {
			assert_int_equal(r.present[f],
					 !!(samples[f].in & types[t].in));
			assert_int_equal(ewx_record_has(r.type, f),
					 r.present[f]);
		}
		assert_int_equal(r.number[EWX_RECORD_pid], 7);
		ewx_record_free(&r);
		assert_int_equal(ewx_record_parse(line, n, &r, error),
				 t == EWX_RECORD_ACCESS ? 0 : -1);
		ewx_record_free(&r);
	}
	strcpy(line,
	       "Nov 20 19:48:01 host audit[1]: MAC_STATUS lsm=ewx level=all");
	assert_int_equal(ewx_record_read(line, strlen(line), &r, error), 0);
	assert_int_equal(r.type, EWX_RECORD_MODE);
	ewx_record_free(&r);
	/* A field of another type is as unknown as any. */
	strcpy(line, "type=1404 audit(5.006:7): lsm=ewx op=load");
	assert_int_equal(ewx_record_read(line, strlen(line), &r, error), 0);
	assert_int_equal(r.unknown, 1);
	ewx_record_free(&r);
}

static const struct {
	const char *line;
	const char *message;
} refused[] = {
	{ "", "lsm=ewx" },
	{ "hello", "lsm=ewx" },
	{ "xlsm=ewx op=load", "lsm=ewx" },
	{ "lsm=ewxx op=load", "lsm=ewx" },
	{ "type=1400 audit(1.1:1): lsm=ewx op=load", "1400" },
	{ "type=MAC_POLICY_LOAD msg=audit(1.1:1): lsm=ewx policy=\"h\"",
	  "MAC_POLICY_LOAD" },
	{ "type=AVC msg=audit(1.1:1): avc: denied", "AVC" },
	{ "lsm=ewx op=load op=init", "twice" },
	{ "lsm=ewx op=load pid=x", "number" },
	{ "lsm=ewx op=load owner=99999999999999999999", "number" },
};

#define RECORD "type=1490 audit(9.9:9): " LOAD

/* What processes have somebody write into a log, with a record of ours in it. */
static const char *const forged[] = {
	"type=USER_CMD msg=audit(1.1:1): pid=1 msg='audit(1.1:1): " LOAD " '",
	"type=USER msg=audit(1.1:1): pid=1 msg='" RECORD,
	"type=USER msg=audit(1.1:1): pid=1 uid=0 op=" RECORD,
	"type=USER msg=audit(1.1:1): pid=1 type=1490 " LOAD,
	"type=1490 msg=audit(1.1:1): pid=1 " LOAD,
	"type=1490 msg=audit(1.1:1) " LOAD,
	"type=1490 msg=audit(1.1): " LOAD,
	"type=1490 msg=audit(1.1111:1): " LOAD,
	"type=1490 " LOAD,
	"type=1490  msg=audit(1.1:1): " LOAD,
	"type=1490 msg= audit(1.1:1): " LOAD,
	"host audit[1]: USER_CMD pid=1 uid=0 msg='" RECORD,
	"host audit[1]: USER_CMD pid=1 uid=0 msg=' " LOAD,
	"host audit[1]: USER_CMD pid=1 acct=\"x\" UNKNOWN[1490] " LOAD,
	"Nov 20 19:48:01 host audit[1]: USER_CMD pid=1 UNKNOWN[1490] " LOAD,
	"host sshd[1]: Invalid user " LOAD,
	"host sshd[1]: Invalid user audit(1.1:1): " LOAD,
	"Nov 20 19:48:01 host mallory: " RECORD,
	"Nov 20 19:48:01 host mallory[7]: audit: " RECORD,
	"Nov 20 19:48:01 host mallory: kernel: audit: " RECORD,
	"Nov 20 19:48:01 host mallory: type=1490 " LOAD,
	"Nov 20 19:48:01 host mallory: [   1.234567] audit: " RECORD,
	"Nov 20 19:48:01 host kernel[7]: audit: " RECORD,
	"Nov 20 19:48:01 host mallory: 19:48:01 host kernel: audit: " RECORD,
	"Nov 20 19:48:01 host mallory: audit[1]: AUDIT1490 " LOAD,
	"Nov 20 19:48:01 host mallory audit[1]: AUDIT1490 " LOAD,
	"Nov 20 19:48:01 host kernel: usb 1-1: Product: " RECORD,
	"Nov 20 19:48:01 host kernel: usb 1-1: Product: audit: " RECORD,
	"Nov 20 19:48:01 host kernel: " RECORD,
	"[   12.345678] usb 1-1: Product: audit: " RECORD,
	"[   12.345678] " RECORD,
	/* The journal's way with the other lines of a message. */
	"                             " RECORD,
	"\t" RECORD,
	"\n" RECORD,
	"node=x y type=1490 msg=audit(1.1:1): " LOAD,
	"node= type=1490 msg=audit(1.1:1): " LOAD,
	"AUDIT1490 " LOAD,
	"audit(1.1:1): " LOAD,
	LOAD,
};

static void test_forged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(forged); i++) {
		if (!ewx_record_read(forged[i], strlen(forged[i]), &r, error))
			fail_msg("accepted: %s", forged[i]);
		assert_int_equal(r.type, EWX_RECORD_TYPE_COUNT);
	}
}

/* A context is encoded only if it has to be, or looks as if it were. */
static void test_context(void **state)
{
	static const char *const written[][2] = {
		{ "unconfined", "unconfined" },
		{ "\"BEEF\"", "BEEF" },
		{ "612062", "a b" },
		{ "2261", "\"a" },
		{ "C3A4", "\xc3\xa4" },
		{ "\"C3A4\"", "C3A4" },
		{ "c3a4", "c3a4" },
		{ "61206", "61206" },
		{ "?", "" },
	};
	char line[96];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		snprintf(line, sizeof(line), "lsm=ewx op=load subj=%s",
			 written[i][0]);
		assert_int_equal(
			ewx_record_parse(line, strlen(line), &r, error), 0);
		assert_string_equal(r.text[EWX_RECORD_subj], written[i][1]);
		ewx_record_free(&r);
	}
}

/* A line that ends early, in the middle of anything, says so. */
static void test_cut(void **state)
{
	static const char line[] = "type=1490 audit(5.006:7): " LOAD;
	const char *end = strstr(line, " subj=");

	(void)state;
	parse(LOAD);
	assert_false(r.cut);
	ewx_record_free(&r);
	for (size_t n = strlen("type=1490 audit(5.006:7): lsm=ewx op=x");
	     n <= (size_t)(end - line); n++) {
		if (ewx_record_read(line, n, &r, error))
			continue;
		assert_true(r.cut);
		ewx_record_free(&r);
	}
}

/* A value that the kernel never writes is none; that it was there is said. */
static void test_damaged(void **state)
{
	static const struct {
		const char *line;
		enum ewx_record_field field;
	} lines[] = {
		{ LOAD, EWX_RECORD_COUNT },
		{ INIT, EWX_RECORD_COUNT },
		{ "lsm=ewx op=load path=\"\" domain=\"d\" rule=-1",
		  EWX_RECORD_COUNT },
		{ "lsm=ewx op=load domain=\"d\" path= fstype=tmpfs",
		  EWX_RECORD_path },
		{ "lsm=ewx op=load domain=\"d\" pages= path=",
		  EWX_RECORD_pages },
		{ "lsm=ewx op=load domain=\"d\" subj=", EWX_RECORD_subj },
		{ "lsm=ewx op=load domain=\"d\" page=0 pages=-1 uid=0",
		  EWX_RECORD_pages },
		{ "lsm=ewx op=load domain=\"d\" suppressed=-9 rule=-1",
		  EWX_RECORD_suppressed },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		enum ewx_record_field f = lines[i].field;

		parse(lines[i].line);
		assert_int_equal(r.damaged, f);
		if (f != EWX_RECORD_COUNT) {
			assert_true(r.present[f]);
			assert_string_equal(r.text[f], "");
			assert_int_equal(r.number[f], 0);
			assert_int_equal(ewx_record_query(&r, true, &q, error),
					 -1);
			assert_non_null(strstr(error, ewx_record_name(f)));
		}
		ewx_record_free(&r);
	}
}

/* Numbers of 64 bits without a sign. */
static void test_large(void **state)
{
	(void)state;
	parse("lsm=ewx op=load version=18446744073709551615 pages=9223372036854775807");
	assert_true(r.number[EWX_RECORD_version] == INT64_MAX);
	assert_string_equal(r.text[EWX_RECORD_version], "18446744073709551615");
	assert_true(r.number[EWX_RECORD_pages] == INT64_MAX);
	ewx_record_free(&r);
}

static const struct {
	const char *line;
	const char *message;
} unusable[] = {
	{ "lsm=ewx op=fly domain=\"d\"", "operation" },
	{ "lsm=ewx domain=\"d\"", "operation" },
	{ "lsm=ewx op=load", "domain" },
	{ "lsm=ewx op=load domain=\"d\" needed=exec_magic", "permission" },
	{ "lsm=ewx op=load domain=\"d\" access=rq", "rwx" },
	{ "lsm=ewx op=load domain=\"d\" facts=ffff", "facts" },
	{ "lsm=ewx op=load domain=\"d\" facts=-1", "facts" },
	{ "lsm=ewx op=load domain=\"d\" measurement=12", "SHA-256" },
	{ "lsm=ewx op=init domain=\"d\" measurement=" DIGEST " svn=65536",
	  "svn" },
	{ "lsm=ewx op=load domain=\"d\" fstype=x owner=-1", "owner" },
	{ "lsm=ewx op=load domain=\"d\" fsverity=12", "fsverity" },
	{ "lsm=ewx op=load domain=\"d\" fsverity=" DIGEST "+sig", "fsverity" },
	{ "lsm=ewx op=load domain=\"d\" dmverity=all", "dmverity" },
	{ "lsm=ewx op=load domain=\"d\" xfrm=1ffffffffffffffff", "xfrm" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		if (!ewx_record_parse(refused[i].line, strlen(refused[i].line),
				      &r, error))
			fail_msg("accepted: %s", refused[i].line);
		if (!strstr(error, refused[i].message))
			fail_msg("%s: %s", refused[i].line, error);
	}
	for (size_t i = 0; i < ARRAY_LEN(unusable); i++) {
		parse(unusable[i].line);
		if (!ewx_record_query(&r, true, &q, error))
			fail_msg("accepted: %s", unusable[i].line);
		if (!strstr(error, unusable[i].message))
			fail_msg("%s: %s", unusable[i].line, error);
		ewx_record_free(&r);
	}
}

static void test_long_values(void **state)
{
	static char line[3 * EWX_QUERY_PATH_MAX];
	int n;

	(void)state;
	n = sprintf(line, "lsm=ewx op=load domain=\"d\" path=\"/");
	memset(line + n, 'a', EWX_QUERY_PATH_MAX);
	strcpy(line + n + EWX_QUERY_PATH_MAX, "\"");
	parse(line);
	assert_int_equal(ewx_record_query(&r, true, &q, error), -1);
	assert_non_null(strstr(error, "longer"));
	ewx_record_free(&r);
}

static void test_mangled(void **state)
{
	static const char *const lines[] = { LOAD, INIT, DEBT };
	unsigned long long seed = 99;
	char line[2048];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		const char *from = lines[unit_random(&seed) % ARRAY_LEN(lines)];
		size_t n = strlen(from);

		memcpy(line, from, n);
		for (int k = unit_random(&seed) % 3; k >= 0; k--)
			line[unit_random(&seed) % n] = (char)unit_random(&seed);
		n -= unit_random(&seed) % 2 ? unit_random(&seed) % n : 0;
		if (ewx_record_parse(line, n, &r, error))
			continue;
		ewx_record_query(&r, i % 2, &q, error);
		ewx_record_free(&r);
	}
}

/* What other programs have of a record. */
static void test_object(void **state)
{
	static const char whole[] = "type=1490 msg=audit(5.006:7): " LOAD;
	static const char torn[] =
		"type=1490 msg=audit(5.006:7): lsm=ewx op=load pages= rule=-1";
	static const char other[] = "type=1403 msg=audit(5.006:7): lsm=selinux";
	static const char bad[] =
		"type=1490 msg=audit(5.006:7): lsm=ewx lsm=ewx";
	unsigned int millis, none = EWX_RECORD_COUNT;
	struct ewx_record *o;
	uint64_t serial;

	(void)state;
	o = ewx_record_new(whole, strlen(whole), error);
	assert_non_null(o);
	assert_null(ewx_record_cut(o));
	assert_null(ewx_record_damaged(o));
	assert_int_equal(ewx_record_type(o), EWX_RECORD_ACCESS);
	assert_string_equal(ewx_record_kind(o), "access");
	assert_int_equal(ewx_record_stamp(o, &millis, &serial), 5);
	assert_int_equal(millis, 6);
	assert_int_equal(serial, 7);
	assert_string_equal(ewx_record_text(o, EWX_RECORD_op), "load");
	assert_string_equal(ewx_record_field(o, "op"), "load");
	assert_null(ewx_record_field(o, "creator"));
	assert_string_equal(ewx_record_text(o, none), "");
	assert_int_equal(ewx_record_number(o, none), 0);
	ewx_record_delete(o);
	o = ewx_record_new(torn, strlen(torn), error);
	assert_non_null(o);
	assert_string_equal(ewx_record_cut(o), "rule");
	assert_string_equal(ewx_record_damaged(o), "pages");
	assert_int_equal(ewx_record_number(o, EWX_RECORD_rule), -1);
	ewx_record_delete(o);
	assert_null(ewx_record_new(other, strlen(other), error));
	assert_false(ewx_record_claims(other, strlen(other)));
	assert_null(ewx_record_new(bad, strlen(bad), error));
	assert_true(ewx_record_claims(bad, strlen(bad)));
	assert_null(ewx_record_name(none));
	assert_false(ewx_record_is_number(none));
	assert_false(ewx_record_has(EWX_RECORD_ACCESS, none));
	ewx_record_delete(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_context),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_mangled),
		cmocka_unit_test(test_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

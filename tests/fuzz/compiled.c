// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What several targets do with binary policies: ask them, write them down as text and
 * read that again, change them.
 *
 * A blob that verifies need not be one that the compiler wrote. What it decides is in
 * its tables, what its text says is in its rules and conditions, and nothing can tell
 * whether the ones were made of the others but compiling them. So of such blobs some
 * have no text (a rule without a place, a date that is not the end of a day), the text
 * of some does not compile (two things of one name), and most others compile to other
 * tables. What holds of all: text that compiles has the blob's rules, in its order and
 * to the last word, whatever is in its names and strings; what it compiles to is a
 * policy that the compiler wrote, and gives the same text; and where its tables are
 * the blob's it decides the same.
 */
#include <stdlib.h>
#include <string.h>
#include <ewx/ewx.h>

#include "compiled.h"
#include "security/ewx/core/read.h"
#include "words.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Of every operation, by processes and enclaves that policies are about. */
static const char *const requests[] = {
	"create",
	"in default: vepc",
	"as exe \"/usr/bin/server\" uid 1000 gid 1000: create debug",
	"as exe \"/a\" uid 0 cgroup \"/system.slice/x.service\" untrusted: load rx anon",
	"as context \"system_u:system_r:a_t:s0\": load rwx anon unmeasured",
	"load rx file \"/opt/a.so\" owner 0 fs ext4 read-only measured",
	"load rx file \"/a\" owner 1000 mutable mapped-exec fs-verity signature",
	"for unlisted at 2027-01-01: mmap rwx page rwx dynamic ever-w",
	"for product 1 svn 3 using exec_dynamic 5: mprotect rx page rwx dynamic",
	"foreign: fault rw page rwx file ever-x",
	"add rw",
	"access w page rx file",
	"remove page rw dynamic",
	"for signer sha256:0000000000000000000000000000000000000000000000000000000000000000 product 7: init provision debug",
};

_Static_assert(sizeof(requests) / sizeof(requests[0]) == COMPILED_REQUESTS,
	       "all are told");

void compiled_request(unsigned int n, u64 now, struct ewx_query *q)
{
	struct ewx_request_error error;

	must(!ewx_request_parse(requests[n], strlen(requests[n]), q, &error),
	     "a request of this program is one");
	if (!q->now)
		q->now = now;
}

char *compiled_dump(const void *blob, size_t size, size_t *len)
{
	char *text = NULL;
	const char *error = NULL;
	FILE *out = open_memstream(&text, len);
	int failed;

	must(out != NULL, "there is memory");
	failed = ewx_dump(blob, size, out, &error);
	fclose(out);
	must(failed == (error ? -1 : 0), "what has no text has a reason");
	if (!failed)
		return text;
	free(text);
	return NULL;
}

void *compiled_again(const char *text, size_t len, u64 built, size_t *size)
{
	struct ewx_unit *u = ewx_unit_new();
	void *blob = NULL;

	must(u != NULL, "there is memory");
	if (ewx_unit_add_text(u, "dumped", text, len) ||
	    ewx_unit_compile(u, built, &blob, size))
		blob = NULL;
	ewx_unit_free(u);
	return blob;
}

static void same_rules(const struct ewx_policy *a, const struct ewx_policy *b)
{
	must(ewx_count(a, EWX_SECTION_RULES) == ewx_count(b, EWX_SECTION_RULES),
	     "a text has the blob's rules");
	for (u32 i = 0; i < ewx_count(a, EWX_SECTION_RULES); i++) {
		u64 until[2];
		u32 max[2];

		ewx_rule_terms(a, i, &max[0], &until[0]);
		ewx_rule_terms(b, i, &max[1], &until[1]);
		must(max[0] == max[1] && until[0] == until[1] &&
			     EWX_GET32(a, RULES, ewx_rule, i, what) ==
				     EWX_GET32(b, RULES, ewx_rule, i, what),
		     "a text has each of the blob's rules");
	}
}

/* Words and places, which the text has, and from which nothing is decided. */
static bool is_text(int section)
{
	return section == EWX_SECTION_FILES || section == EWX_SECTION_RULES ||
	       section == EWX_SECTION_DOMAINS ||
	       section == EWX_SECTION_SOURCES ||
	       section == EWX_SECTION_IDENTITIES ||
	       section == EWX_SECTION_CONDITIONS;
}

/* All that decides is the same, but for the rules, which same_rules() has compared. */
static bool same_tables(const struct ewx_policy *a, const struct ewx_policy *b)
{
	static const u32 bytes[EWX_SECTION_COUNT] = {
#define SECTION_SIZE(NAME, name, size) [EWX_SECTION_##NAME] = size,
		EWX_SECTIONS(SECTION_SIZE)
#undef SECTION_SIZE
	};

	if (a->seed != b->seed || a->identity_node != b->identity_node)
		return false;
	for (int i = 0; i < EWX_SECTION_COUNT; i++) {
		const u32 count = a->section[i].count;

		if (count != b->section[i].count)
			return false;
		if (!is_text(i) && memcmp(a->blob + a->section[i].offset,
					  b->blob + b->section[i].offset,
					  (size_t)count * bytes[i]))
			return false;
	}
	for (u32 i = 0; i < ewx_count(a, EWX_SECTION_DOMAINS); i++)
		if (strcmp(ewx_domain_name(a, i), ewx_domain_name(b, i)) ||
		    ewx_domain_flags(a, i) != ewx_domain_flags(b, i) ||
		    EWX_GET64(a, DOMAINS, ewx_domain, i, permissive_until) !=
			    EWX_GET64(b, DOMAINS, ewx_domain, i,
				      permissive_until))
			return false;
	return true;
}

static void same_answers(const struct ewx_policy *a, const struct ewx_policy *b)
{
	u64 *candidates = calloc(a->set_words + 1, sizeof(*candidates));
	static struct ewx_query q;
	struct ewx_reply r[2];

	must(candidates != NULL, "there is memory");
	for (unsigned int i = 0; i < COMPILED_REQUESTS; i++) {
		compiled_request(i, a->built + 1, &q);
		memset(r, 0, sizeof(r));
		must(ewx_answer(a, &q, candidates, &r[0]) ==
				     ewx_answer(b, &q, candidates, &r[1]) &&
			     !memcmp(&r[0], &r[1], sizeof(r[0])),
		     "the same tables decide the same");
	}
	free(candidates);
}

void compiled_same(const void *blob, size_t size, u64 built)
{
	size_t len, again_size;
	char *text = compiled_dump(blob, size, &len);
	void *again;

	must(text != NULL, "what was compiled has a text");
	again = compiled_again(text, len, built, &again_size);
	must(again && again_size == size && !memcmp(blob, again, size),
	     "the text of what was compiled compiles to the same bytes");
	free(again);
	free(text);
}

/* How far what verified came: tests/fuzz/check asks for the last of these. */
static struct {
	unsigned long verified, with_text, compiled, same_tables;
} reached;

static void tell_reached(void)
{
	fprintf(stderr,
		"read back: %lu verified, %lu have a text, %lu of these compile, %lu of these to the same tables\n",
		reached.verified, reached.with_text, reached.compiled,
		reached.same_tables);
}

void compiled_read_back(const struct ewx_policy *p, const void *blob,
			size_t size)
{
	size_t len, again_size;
	char *text = compiled_dump(blob, size, &len);
	void *again = NULL;
	struct ewx_policy back;
	struct ewx_fault fault;

	if (!reached.verified++)
		atexit(tell_reached);
	reached.with_text += text != NULL;
	if (text)
		again = compiled_again(text, len, p->built, &again_size);
	free(text);
	if (!again)
		return;
	reached.compiled++;
	must(ewx_policy_verify(again, (u32)again_size, &back, &fault),
	     "what was compiled verifies");
	compiled_same(again, again_size, p->built);
	same_rules(p, &back);
	if (same_tables(p, &back)) {
		reached.same_tables++;
		same_answers(p, &back);
	}
	free(again);
}

size_t compiled_change(uint8_t *data, size_t size, size_t max_size,
		       unsigned int seed)
{
	const u32 table = sizeof(struct ewx_header);
	u32 section, at, bytes;

	if (seed % 8 == 0 || size < 256)
		return LLVMFuzzerMutate(data, size, max_size);
	srand(seed);
	section = (u32)rand() % EWX_SECTION_COUNT;
	at = ewx_read32(data + table + 8 * section);
	bytes = section + 1 < EWX_SECTION_COUNT ?
			ewx_read32(data + table + 8 * section + 8) - at :
			(u32)size - at;
	if (at >= size || bytes < 4 || bytes > size - at)
		return LLVMFuzzerMutate(data, size, max_size);
	at += (u32)rand() % (bytes / 4) * 4;
	blob_set32(data + at, policy_word(ewx_read32(data + at), (u32)rand()));
	return size;
}

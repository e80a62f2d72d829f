// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sample policy; see sample.h.
 */
#include <stdlib.h>
#include <string.h>

#include "sample.h"

#define P(name) ENCLAVE_PERM_##name
#define LEAF(n) (EWX_LEAF | (n))

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void add_rule(struct blob *b, u32 kind, u32 perms, u32 domain,
		     u32 source, u32 identity)
{
	struct blob_rule r = { kind, perms, domain, source, identity,
			       EWX_UNLIMITED, EWX_FOREVER };

	blob_rule(b, &r);
}

static void add_rules(struct sample *s)
{
	struct blob_rule jit = {
		EWX_RULE_ALLOW, P(EXEC_DYNAMIC) | P(EXEC_WRITTEN), s->server,
		EWX_ANY, s->payroll, 5, 2000000000,
	};

	add_rule(&s->b, EWX_RULE_DENY, P(VEPC), EWX_ANY, EWX_ANY, EWX_ANY);
	add_rule(&s->b, EWX_RULE_ALLOW, P(INIT) | P(PROVISION) | P(EXEC_ANON),
		 EWX_ANY, EWX_ANY, s->quoting);
	add_rule(&s->b, EWX_RULE_ALLOW, P(CREATE) | P(CHANGE), s->server,
		 EWX_ANY, EWX_ANY);
	add_rule(&s->b, EWX_RULE_ALLOW, P(INIT) | P(EXEC_ANON), s->server,
		 EWX_ANY, s->payroll);
	add_rule(&s->b, EWX_RULE_ALLOW, P(EXEC_FILE), s->server,
		 s->payroll_code, s->payroll);
	add_rule(&s->b, EWX_RULE_ALLOW, P(EXEC_FILE), s->server,
		 s->verity_code, EWX_ANY);
	blob_rule(&s->b, &jit);
	add_rule(&s->b, EWX_RULE_LOG, P(INIT), s->pods, EWX_ANY, EWX_ANY);
	add_rule(&s->b, EWX_RULE_ALLOW, P(CREATE), s->pods, EWX_ANY, EWX_ANY);
}

/* exe: /opt/server or below /pods/; then uid, group, cgroup, context, path. */
static void add_domains(struct sample *s)
{
	struct blob *b = &s->b;
	u32 group = blob_number(b, EWX_SECTION_VALUES, 50);
	u32 first = b->section[EWX_SECTION_NODES].count;

	blob_number(b, EWX_SECTION_VALUES, 60);
	blob_node(b, EWX_TEST_NO_PATH, 0, LEAF(0), first + 1);
	blob_node(b, EWX_TEST_EUID_LT, 1000, LEAF(0), first + 2);
	blob_node(b, EWX_TEST_EUID_LT, 2000, LEAF(s->server), first + 3);
	blob_node(b, EWX_TEST_GROUP, group, LEAF(s->server), LEAF(0));
	blob_node(b, EWX_TEST_CGROUP, 3, LEAF(s->pods), first + 5);
	blob_node(b, EWX_TEST_CONTEXT, blob_string(b, "pod_t"),
		  LEAF(s->pods), LEAF(0));
	blob_path(b, EWX_AUTOMATON_EXE, "/o", false, first);
	blob_path(b, EWX_AUTOMATON_EXE, "/p/", true, first + 4);
	blob_path_tail(b, EWX_AUTOMATON_CGROUP, "/k", LEAF(1u << 3));
}

static void add_sources(struct sample *s)
{
	struct blob *b = &s->b;
	u32 key = blob_key(b, 0x11);
	u32 first = b->section[EWX_SECTION_NODES].count;

	blob_node(b, EWX_TEST_OWNER_LT, 1, first + 1, LEAF(0));
	blob_node(b, EWX_TEST_FS, blob_string(b, "ext4"), LEAF(s->payroll_code),
		  first + 2);
	blob_node(b, EWX_TEST_READ_ONLY, 0, LEAF(s->payroll_code), first + 3);
	blob_node(b, EWX_TEST_FS_VERITY, EWX_ANY, LEAF(s->payroll_code),
		  first + 4);
	blob_node(b, EWX_TEST_DM_VERITY, key, LEAF(s->payroll_code), first + 5);
	blob_node(b, EWX_TEST_MAPPED_EXEC, 0, LEAF(s->payroll_code), LEAF(0));
	blob_node(b, EWX_TEST_FS_VERITY, key, LEAF(s->verity_code), first + 7);
	blob_node(b, EWX_TEST_DM_VERITY, EWX_ANY, LEAF(s->verity_code),
		  first + 8);
	blob_node(b, EWX_TEST_FS_VERITY, EWX_SIGNED, LEAF(s->verity_code),
		  LEAF(0));
	blob_path(b, EWX_AUTOMATON_PATH, "/l", true, first);
	blob_unmatched(b, EWX_AUTOMATON_PATH, first + 6);
}

static void add_identities(struct sample *s)
{
	struct blob *b = &s->b;
	u32 low = blob_key(b, 0x22), high = blob_key(b, 0x33);
	u32 attributes = blob_number(b, EWX_SECTION_VALUES, 1);
	u32 first = b->section[EWX_SECTION_NODES].count;

	blob_number(b, EWX_SECTION_VALUES, 0);
	blob_number(b, EWX_SECTION_VALUES, 0x60000);
	blob_number(b, EWX_SECTION_VALUES, 0x80000000);
	blob_number(b, EWX_SECTION_VALUES, 0);
	blob_number(b, EWX_SECTION_VALUES, 0x80000000);
	/* The keys begin with 0010 and 0011. */
	blob_node(b, EWX_TEST_SIGNER_JUMP, 0, 2, LEAF(0));
	blob_number(b, EWX_SECTION_JUMPS, first + 1);
	blob_number(b, EWX_SECTION_JUMPS, LEAF(0));
	blob_number(b, EWX_SECTION_JUMPS, LEAF(0));
	blob_number(b, EWX_SECTION_JUMPS, LEAF(0));
	blob_node(b, EWX_TEST_HAS_SIGNER, 0, first + 2, LEAF(0));
	blob_node(b, EWX_TEST_SIGNER_LT, high, first + 3, first + 4);
	blob_node(b, EWX_TEST_SIGNER_EQ, low, first + 6, LEAF(0));
	blob_node(b, EWX_TEST_SIGNER_EQ, high, first + 5, LEAF(0));
	blob_node(b, EWX_TEST_PRODUCT_LT, 7, LEAF(0), first + 7);
	blob_node(b, EWX_TEST_SVN_LT, 5, LEAF(0), LEAF(s->quoting));
	blob_node(b, EWX_TEST_ATTRIBUTES, attributes, first + 8, LEAF(0));
	blob_node(b, EWX_TEST_MEASUREMENT_LT, low, LEAF(s->payroll), first + 9);
	blob_node(b, EWX_TEST_MEASUREMENT_EQ, high, first + 10, first + 11);
	blob_node(b, EWX_TEST_MEASUREMENT_JUMP, 4, 1, LEAF(s->payroll));
	blob_node(b, EWX_TEST_XFRM, attributes + 2, LEAF(s->both),
		  LEAF(s->payroll));
	blob_number(b, EWX_SECTION_JUMPS, LEAF(s->both));
	blob_number(b, EWX_SECTION_JUMPS, LEAF(0));
	b->identity_node = first;
}

static void add_condition(struct blob *b, u32 owner_kind, u32 owner, u32 kind,
			  u32 a, u32 value)
{
	u32 words[] = { owner_kind, owner, kind, a, value, 0, 1, 0 };
	u32 at = b->section[EWX_SECTION_CONDITIONS].count;
	u32 i;

	for (i = 0; i < 8; i++) {
		b->section[EWX_SECTION_CONDITIONS].bytes =
			realloc(b->section[EWX_SECTION_CONDITIONS].bytes,
				(at + 1) * EWX_SIZE_CONDITIONS);
		must(b->section[EWX_SECTION_CONDITIONS].bytes);
		blob_set32(b->section[EWX_SECTION_CONDITIONS].bytes +
			   at * EWX_SIZE_CONDITIONS + 4 * i, words[i]);
	}
	b->section[EWX_SECTION_CONDITIONS].count = at + 1;
}

static void add_conditions(struct sample *s)
{
	struct blob *b = &s->b;

	add_condition(b, EWX_OWNER_DOMAIN, s->server, EWX_CONDITION_EXE,
		      blob_string(b, "/o"), 0);
	add_condition(b, EWX_OWNER_DOMAIN, s->server, EWX_CONDITION_UID, 1000,
		      1999);
	add_condition(b, EWX_OWNER_DOMAIN, s->server, EWX_CONDITION_OVER,
		      s->pods, 0);
	add_condition(b, EWX_OWNER_SOURCE, 0, EWX_CONDITION_FS_VERITY, EWX_ANY,
		      0);
	add_condition(b, EWX_OWNER_SOURCE, 1, EWX_CONDITION_FS_VERITY, 0, 0);
	add_condition(b, EWX_OWNER_SOURCE, 1, EWX_CONDITION_READ_ONLY, 0, 0);
	add_condition(b, EWX_OWNER_IDENTITY, 0, EWX_CONDITION_SIGNER, 1, 0);
	add_condition(b, EWX_OWNER_IDENTITY, 0, EWX_CONDITION_PRODUCT, 7, 0);
}

void sample_init(struct sample *s)
{
	struct blob *b = &s->b;
	u32 sources = EWX_SECTION_SOURCE_CLASSES;
	u32 identities = EWX_SECTION_IDENTITY_CLASSES;

	memset(s, 0, sizeof(*s));
	blob_init(b);
	b->built = 1700000000;
	b->version = 12;
	s->server = blob_domain(b, "server", EWX_DOMAIN_GUARDED, EWX_FOREVER);
	s->pods = blob_domain(b, "pods", EWX_DOMAIN_PERMISSIVE, 1900000000);
	blob_source(b, "payroll_code");
	blob_source(b, "verity_code");
	s->payroll_code = blob_class(b, sources, 0, 1);
	s->verity_code = blob_class(b, sources, 1, 1);
	blob_identity(b, "payroll");
	blob_identity(b, "quoting");
	s->payroll = blob_class(b, identities, 0, 1);
	s->quoting = blob_class(b, identities, 1, 1);
	s->both = blob_class(b, identities, 0, 2);
	add_domains(s);
	add_sources(s);
	add_identities(s);
	add_conditions(s);
	add_rules(s);
	blob_finish(b);
}

u32 sample_stars(struct sample *s)
{
	struct blob *b = &s->b;
	u32 start = ewx_read32(blob_record(b, EWX_SECTION_AUTOMATA,
					   EWX_AUTOMATON_EXE));
	u32 first = blob_tail(b, "/d", start);

	blob_star(b, EWX_TAIL_STAR, ".d", first, EWX_LEAF | 1);
	blob_star(b, EWX_TAIL_STAR, "", first, EWX_LEAF | 2);
	blob_star(b, EWX_TAIL_GLOB, "-x", 0, EWX_LEAF | 1);
	blob_tail(b, "/", first + SAMPLE_STAR);
	blob_layout(b);
	return first;
}

void sample_free(struct sample *s)
{
	blob_free(&s->b);
}

/* Asking everything. */

static bool even_group(const void *ctx, u32 low, u32 high)
{
	(void)ctx;
	return (low ^ high) & 1;
}

static bool any_context(const void *ctx, const char *context)
{
	(void)ctx;
	return strlen(context) & 1;
}

static void exercise_walks(const struct ewx_policy *p,
			   const struct ewx_properties *props)
{
	static const char *const paths[] = { "/o", "/p/a", "/l/\xff", "/k", "",
					     NULL };
	u32 i, result;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		u32 len = paths[i] ? (u32)strlen(paths[i]) : 0;

		result = ewx_walk(p, ewx_match(p, EWX_AUTOMATON_EXE, paths[i],
					       len), props);
		must(result < ewx_count(p, EWX_SECTION_DOMAINS));
		result = ewx_walk(p, ewx_match(p, EWX_AUTOMATON_PATH, paths[i],
					       len), props);
		must(result < ewx_source_class_count(p));
		result = ewx_walk(p, ewx_match(p, EWX_AUTOMATON_CGROUP,
					       paths[i], len), props);
		must(result < EWX_LEAF);
	}
	result = ewx_identity_class(p, props);
	must(result < ewx_identity_class_count(p));
	ewx_identity_expect(p, props->signer);
	/* No node is the first result of all diagrams. */
	must(!ewx_walk(p, ewx_count(p, EWX_SECTION_NODES), props));
}

static void exercise_properties(const struct ewx_policy *p)
{
	struct ewx_verity verity = { .has_digest = true };
	u8 keys[3][32];
	u32 i;

	memset(verity.digest, 0x11, 32);
	memset(keys[0], 0x22, 32);
	memset(keys[1], 0x33, 32);
	memset(keys[2], 0xff, 32);
	for (i = 0; i < 12; i++) {
		const struct ewx_properties props = {
			.euid = 500 * i,
			.in_group = i & 1 ? even_group : NULL,
			.has_context = i & 1 ? any_context : NULL,
			.cgroup = i << 2,
			.owner = i / 2,
			.fs = i % 3 ? "ext4" : NULL,
			.read_only = i & 4,
			.no_path = i & 2,
			.fs_verity = i & 2 ? &verity : NULL,
			.dm_verity = i & 4 ? &verity : NULL,
			.has_signer = i & 1,
			.signer = i == 11 ? NULL : keys[i % 3],
			.measurement = i == 10 ? NULL : keys[i / 2 % 3],
			.product = i,
			.svn = i,
			.attributes = i / 6,
			.xfrm = (u64)i << 31,
		};

		verity.present = i % 5;
		verity.is_signed = i & 1;
		exercise_walks(p, &props);
	}
}

static void exercise_decisions(const struct ewx_policy *p, u64 *candidates)
{
	const u32 ids[] = { 0, 1, 2, 3, 99, EWX_ANY, EWX_DEFER };
	u64 uses[ENCLAVE_PERM_COUNT];
	struct ewx_verdict v;
	u32 i;

	memset(uses, 7, sizeof(uses));
	for (i = 0; i < 7 * 7 * 3; i++) {
		struct ewx_question q = {
			.domain = ids[i % 7],
			.source = ids[i / 7 % 7],
			.identity = ids[(i / 49 + i) % 7],
			.required = i & 1 ? ~0u : ENCLAVE_PERM_ALL,
			.now = i % 3 * 1000000000ull,
			.uses = i & 2 ? uses : NULL,
		};

		ewx_decide_expect(p, &q);
		ewx_decide(p, &q, &v);
		must((v.allowed | v.denied) == q.required);
		must(!(v.allowed & v.denied));
		memset(candidates, i & 4 ? 0xff : 0x05,
		       p->set_words * sizeof(*candidates));
		ewx_defer(p, &q, candidates, &v);
		must((v.allowed | v.denied) == q.required);
		ewx_domain_permissive(p, q.domain, q.now);
	}
}

static void exercise_names(const struct ewx_policy *p)
{
	const char *file;
	u64 length = strlen(ewx_policy_name(p));
	u32 i, n, line;

	for (i = 0; i < 20; i++) {
		const char *name = ewx_domain_name(p, i);

		length += strlen(name) + strlen(ewx_string(p, i * 7));
		if (ewx_rule_line(p, i, &file, &line))
			length += strlen(file);
		if (ewx_domain_line(p, i, &file, &line))
			length += strlen(file);
		for (n = 0; (name = ewx_source_class_name(p, i, n)); n++)
			length += strlen(name);
		for (n = 0; (name = ewx_identity_class_name(p, i, n)); n++)
			length += strlen(name);
	}
	must(length < ~0ull);
	ewx_domain_find(p, "pods");
}

void sample_exercise(const struct ewx_policy *p, u64 *candidates)
{
	exercise_properties(p);
	exercise_decisions(p, candidates);
	exercise_names(p);
}

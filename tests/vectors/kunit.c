// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The verdict vectors as C data for KUnit: the compiled policies as runs of
 * equal words, the requests, and the replies that userspace gives.
 */
#include <stdlib.h>
#include <string.h>

#include "libewx/verdict.h"
#include "vectors.h"

static const char head[] =
	"/* SPDX-License-Identifier: GPL-2.0-only */\n"
	"/*\n"
	" * The verdict vectors of tests/vectors/. Written by `make -C tests/vectors`; do\n"
	" * not edit. A policy is runs of equal 32-bit words, as number, value.\n"
	" */\n"
	"#ifndef _SECURITY_EWX_TEST_VECTORS_H\n"
	"#define _SECURITY_EWX_TEST_VECTORS_H\n\n"
	"#include <linux/types.h>\n"
	"#include <uapi/linux/ewx_query.h>\n\n"
	"#define NONE 0xffffffffU\n\n"
	"/* @runs, @count: words; @name: its files */\n"
	"struct ewx_test_vector_policy {\n"
	"\tconst char *name;\n"
	"\tconst u32 *runs;\n"
	"\tu32 count;\n"
	"};\n\n"
	"/* @where: file and line; @policy: index; then a request; @reply: its answer */\n"
	"struct ewx_test_vector {\n"
	"\tconst char *where;\n"
	"\tu32 policy;\n"
	"\tu32 op, access, facts, required, flags, subject, identity_kind;\n"
	"\tu32 euid, egid, owner;\n"
	"\tu64 now;\n"
	"\tu16 product, svn;\n"
	"\tu32 attributes;\n"
	"\tu64 xfrm;\n"
	"\tu8 signer[32], measurement[32], fs_verity[32], dm_verity[32];\n"
	"\tu64 uses[ENCLAVE_PERM_COUNT];\n"
	"\tconst char *domain, *identity, *fs, *exe, *path, *cgroup, *context;\n"
	"\tstruct ewx_reply reply;\n"
	"};\n";

static void put_string(FILE *out, const char *name, const char *s)
{
	if (!*s)
		return;
	fprintf(out, "\t\t.%s = \"", name);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fprintf(out, "\\%c", *s);
		else if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			fprintf(out, "\\%03o", (unsigned char)*s);
		else
			fputc(*s, out);
	}
	fputs("\",\n", out);
}

static void put_number(FILE *out, const char *name, unsigned long long value)
{
	if (value == EWX_NONE)
		fprintf(out, "\t\t.%s = NONE,\n", name);
	else if (value)
		fprintf(out, "\t\t.%s = 0x%llx,\n", name, value);
}

static void put_digest(FILE *out, const char *name, const __u8 *digest)
{
	static const __u8 zero[32];

	if (!memcmp(digest, zero, sizeof(zero)))
		return;
	fprintf(out, "\t\t.%s = {", name);
	for (int i = 0; i < 32; i++)
		fprintf(out, "%s0x%02x,", i % 8 ? " " : "\n\t\t\t", digest[i]);
	fputs("\n\t\t},\n", out);
}

static __u32 word_at(const unsigned char *p)
{
	return p[0] | (__u32)p[1] << 8 | (__u32)p[2] << 16 | (__u32)p[3] << 24;
}

/* Binary policies are whole words long: every section is aligned to 8. */
static void put_blob(FILE *out, size_t number, const struct vector_policy *vp)
{
	const unsigned char *p = vp->blob;
	size_t words = vp->size / 4, column = 0;

	fprintf(out, "\nstatic const u32 ewx_test_vector_runs_%zu[] = {\n",
		number);
	for (size_t i = 0, n; i < words; i += n) {
		char text[40];

		for (n = 1; i + n < words &&
			    word_at(p + 4 * i) == word_at(p + 4 * (i + n));
		     n++)
			;
		snprintf(text, sizeof(text), "%zu, 0x%x,", n,
			 word_at(p + 4 * i));
		if (column && column + 1 + strlen(text) > 70)
			column = 0;
		if (!column && i)
			fputc('\n', out);
		column +=
			(size_t)fprintf(out, "%s%s", column ? " " : "\t", text);
	}
	fputs("\n};\n", out);
}

static void put_policies(FILE *out, const struct vectors *v)
{
	for (size_t i = 0; i < v->policy_count; i++)
		put_blob(out, i, &v->policies[i]);
	fputs("\nstatic const struct ewx_test_vector_policy ewx_test_vector_policies[] = {\n",
	      out);
	for (size_t i = 0; i < v->policy_count; i++)
		fprintf(out,
			"\t{ \"%s\", ewx_test_vector_runs_%zu,\n"
			"\t  ARRAY_SIZE(ewx_test_vector_runs_%zu) },\n",
			v->policies[i].name, i, i);
	fputs("};\n", out);
}

static void put_query(FILE *out, const struct ewx_query *q)
{
	put_number(out, "op", q->op);
	put_number(out, "access", q->access);
	put_number(out, "facts", q->facts);
	put_number(out, "required", q->required);
	put_number(out, "flags", q->flags);
	put_number(out, "subject", q->subject);
	put_number(out, "identity_kind", q->identity_kind);
	put_number(out, "euid", q->euid);
	put_number(out, "egid", q->egid);
	put_number(out, "owner", q->owner);
	put_number(out, "now", q->now);
	put_number(out, "product", q->product);
	put_number(out, "svn", q->svn);
	put_number(out, "attributes", q->attributes);
	put_digest(out, "signer", q->signer);
	put_digest(out, "measurement", q->measurement);
	put_number(out, "xfrm", q->xfrm);
	put_digest(out, "fs_verity", q->fs_verity);
	put_digest(out, "dm_verity", q->dm_verity);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++) {
		if (q->uses[i])
			fprintf(out, "\t\t.uses[%d] = %llu,\n", i,
				(unsigned long long)q->uses[i]);
	}
	put_string(out, "domain", q->domain);
	put_string(out, "identity", q->identity);
	put_string(out, "fs", q->fs);
	put_string(out, "exe", q->exe);
	put_string(out, "path", q->path);
	put_string(out, "cgroup", q->cgroup);
	put_string(out, "context", q->context);
}

static void put_reply(FILE *out, const struct ewx_reply *r)
{
	fputs("\t\t.reply.size = sizeof(struct ewx_reply),\n", out);
	put_number(out, "reply.result", r->result);
	put_number(out, "reply.required", r->required);
	put_number(out, "reply.allowed", r->allowed);
	put_number(out, "reply.denied", r->denied);
	put_number(out, "reply.logged", r->logged);
	put_number(out, "reply.cause", r->cause);
	put_number(out, "reply.domain", r->domain);
	put_number(out, "reply.source_class", r->source_class);
	put_number(out, "reply.identity_class", r->identity_class);
	put_number(out, "reply.refusal", r->refusal);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++) {
		if (r->reason[i])
			fprintf(out, "\t\t.reply.reason[%d] = %u,\n", i,
				r->reason[i]);
	}
	fputs("\t\t.reply.rule = {", out);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++) {
		fputs(i % 9 ? " " : "\n\t\t\t", out);
		if (r->rule[i] == EWX_NONE)
			fputs("NONE,", out);
		else
			fprintf(out, "%u,", r->rule[i]);
	}
	fputs("\n\t\t},\n", out);
}

static bool put_vector(FILE *out, const struct vectors *v, size_t i, FILE *err)
{
	const struct vector *one = &v->list[i];
	const char *slash = strrchr(one->file, '/');
	struct ewx_reply r;

	if (!vectors_answer(v, i, &r, err))
		return false;
	if (!ewx_verdict_matches(one->expected, &v->policies[one->policy].p,
				 &r)) {
		fprintf(err, "%s:%u: the vector does not hold\n", one->file,
			one->line);
		return false;
	}
	fprintf(out, "\t{\n\t\t.where = \"%s:%u\",\n",
		slash ? slash + 1 : one->file, one->line);
	put_number(out, "policy", one->policy);
	put_query(out, one->query);
	put_reply(out, &r);
	fputs("\t},\n", out);
	return true;
}

bool vectors_write_kunit(const struct vectors *v, FILE *out, FILE *err)
{
	bool good = true;

	fputs(head, out);
	put_policies(out, v);
	fputs("\nstatic const struct ewx_test_vector ewx_test_vectors[] = {\n",
	      out);
	for (size_t i = 0; i < v->count; i++)
		good &= put_vector(out, v, i, err);
	fputs("};\n\n#undef NONE\n\n#endif /* _SECURITY_EWX_TEST_VECTORS_H */\n",
	      out);
	return good;
}

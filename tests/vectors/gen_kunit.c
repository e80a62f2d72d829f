// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gen_kunit DIR >ewx_vectors.h - the verdict vectors as C data for KUnit: the
 * compiled policies as bytes, the requests, and the replies that userspace
 * gives. Fails if a vector does not hold in userspace.
 */
#include <stdlib.h>
#include <string.h>

#include "libewx/verdict.h"
#include "vectors.h"

static void put_string(const char *s)
{
	putchar('"');
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			printf("\\%c", *s);
		else if ((unsigned char)*s < 0x20 || (unsigned char)*s >= 0x7f)
			printf("\\%03o", (unsigned char)*s);
		else
			putchar(*s);
	}
	putchar('"');
}

static void put_bytes(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%s%u,", i % 24 ? "" : "\n\t", p[i]);
	putchar('\n');
}

static const char head[] =
	"/* SPDX-License-Identifier: GPL-2.0-only */\n"
	"/* Made by tests/vectors/gen_kunit.c from tests/vectors/; do not edit. */\n"
	"#ifndef _EWX_VECTORS_H\n"
	"#define _EWX_VECTORS_H\n\n"
	"#include <linux/string.h>\n"
	"#include <linux/types.h>\n"
	"#include <uapi/linux/ewx_query.h>\n\n"
	"/* A compiled policy. */\n"
	"struct ewx_vector_policy {\n"
	"\tconst char *name;\n"
	"\tconst u8 *blob;\n"
	"\tu32 size;\n"
	"};\n\n"
	"/* A request, without the room that struct ewx_query has for names. */\n"
	"struct ewx_vector {\n"
	"\tconst char *where;\n"
	"\tu32 policy;\n"
	"\tu32 op, access, facts, required, flags, subject, identity_kind;\n"
	"\tu32 euid, egid, owner;\n"
	"\tu64 now;\n"
	"\tu16 product, svn;\n"
	"\tu32 attributes;\n"
	"\tu8 signer[32], measurement[32];\n"
	"\tu64 uses[ENCLAVE_PERM_COUNT];\n"
	"\tconst char *domain, *identity, *fs, *exe, *path;\n"
	"\tstruct ewx_reply reply;\n"
	"};\n\n"
	"/* ewx_vector_query() - the request in full. */\n"
	"static inline void ewx_vector_query(const struct ewx_vector *v,\n"
	"\t\t\t\t    struct ewx_query *q)\n"
	"{\n"
	"\tmemset(q, 0, sizeof(*q));\n"
	"\tq->magic = EWX_QUERY_MAGIC;\n"
	"\tq->size = sizeof(*q);\n"
	"\tq->op = v->op;\n"
	"\tq->access = v->access;\n"
	"\tq->facts = v->facts;\n"
	"\tq->required = v->required;\n"
	"\tq->flags = v->flags;\n"
	"\tq->subject = v->subject;\n"
	"\tq->identity_kind = v->identity_kind;\n"
	"\tq->euid = v->euid;\n"
	"\tq->egid = v->egid;\n"
	"\tq->owner = v->owner;\n"
	"\tq->now = v->now;\n"
	"\tq->product = v->product;\n"
	"\tq->svn = v->svn;\n"
	"\tq->attributes = v->attributes;\n"
	"\tmemcpy(q->signer, v->signer, sizeof(q->signer));\n"
	"\tmemcpy(q->measurement, v->measurement, sizeof(q->measurement));\n"
	"\tmemcpy(q->uses, v->uses, sizeof(q->uses));\n"
	"\tstrscpy(q->domain, v->domain, sizeof(q->domain));\n"
	"\tstrscpy(q->identity, v->identity, sizeof(q->identity));\n"
	"\tstrscpy(q->fs, v->fs, sizeof(q->fs));\n"
	"\tstrscpy(q->exe, v->exe, sizeof(q->exe));\n"
	"\tstrscpy(q->path, v->path, sizeof(q->path));\n"
	"}\n\n";

static void put_policies(const struct vectors *v)
{
	for (size_t i = 0; i < v->policy_count; i++) {
		printf("static const u8 ewx_vector_blob_%zu[] = {", i);
		put_bytes(v->policies[i].blob, v->policies[i].size);
		fputs("};\n\n", stdout);
	}
	fputs("static const struct ewx_vector_policy ewx_vector_policies[] = {\n",
	      stdout);
	for (size_t i = 0; i < v->policy_count; i++) {
		fputs("\t{ ", stdout);
		put_string(v->policies[i].name);
		printf(", ewx_vector_blob_%zu, %zu },\n", i,
		       v->policies[i].size);
	}
	fputs("};\n\n", stdout);
}

static void put_query(const struct ewx_query *q)
{
	printf("\t.op = %u, .access = %u, .facts = 0x%x, .required = 0x%x,\n"
	       "\t.flags = 0x%x, .subject = %u, .identity_kind = %u,\n"
	       "\t.euid = %uu, .egid = %uu, .owner = %uu, .now = %lluull,\n"
	       "\t.product = %u, .svn = %u, .attributes = 0x%x,\n",
	       q->op, q->access, q->facts, q->required, q->flags, q->subject,
	       q->identity_kind, q->euid, q->egid, q->owner,
	       (unsigned long long)q->now, q->product, q->svn, q->attributes);
	fputs("\t.signer = {", stdout);
	put_bytes(q->signer, sizeof(q->signer));
	fputs("\t},\n\t.measurement = {", stdout);
	put_bytes(q->measurement, sizeof(q->measurement));
	fputs("\t},\n\t.uses = {", stdout);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++)
		printf(" %llu,", (unsigned long long)q->uses[i]);
	fputs(" },\n\t.domain = ", stdout);
	put_string(q->domain);
	fputs(", .identity = ", stdout);
	put_string(q->identity);
	fputs(", .fs = ", stdout);
	put_string(q->fs);
	fputs(",\n\t.exe = ", stdout);
	put_string(q->exe);
	fputs(",\n\t.path = ", stdout);
	put_string(q->path);
	fputs(",\n", stdout);
}

static void put_reply(const struct ewx_reply *r)
{
	printf("\t.reply = {\n\t\t.size = sizeof(struct ewx_reply), .result = %u,\n"
	       "\t\t.required = 0x%x, .allowed = 0x%x, .denied = 0x%x,\n"
	       "\t\t.logged = 0x%x, .cause = %u, .domain = %uu,\n"
	       "\t\t.source_class = %uu, .identity_class = %uu, .refusal = %u,\n",
	       r->result, r->required, r->allowed, r->denied, r->logged,
	       r->cause, r->domain, r->source_class, r->identity_class,
	       r->refusal);
	fputs("\t\t.reason = {", stdout);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++)
		printf(" %u,", r->reason[i]);
	fputs(" },\n\t\t.rule = {\n\t\t\t", stdout);
	for (int i = 0; i < ENCLAVE_PERM_COUNT; i++)
		printf("%uu,%s", r->rule[i], i % 6 == 5 ? "\n\t\t\t" : " ");
	fputs("},\n\t},\n", stdout);
}

static bool put_vectors(const struct vectors *v)
{
	bool good = true;

	fputs("static const struct ewx_vector ewx_vectors[] = {\n", stdout);
	for (size_t i = 0; i < v->count; i++) {
		const struct vector *one = &v->list[i];
		const char *slash = strrchr(one->file, '/');
		struct ewx_reply r;

		if (!vectors_answer(v, i, &r, stderr)) {
			good = false;
			continue;
		}
		if (!ewx_verdict_matches(one->expected,
					 &v->policies[one->policy].p, &r)) {
			fprintf(stderr, "%s:%u: the vector does not hold\n",
				one->file, one->line);
			good = false;
		}
		printf("{\n\t.where = \"%s:%u\",\n\t.policy = %zu,\n",
		       slash ? slash + 1 : one->file, one->line, one->policy);
		put_query(one->query);
		put_reply(&r);
		fputs("},\n", stdout);
	}
	fputs("};\n\n#endif /* _EWX_VECTORS_H */\n", stdout);
	return good;
}

int main(int argc, char **argv)
{
	struct vectors v = { 0 };
	bool good;

	if (argc != 2) {
		fputs("Usage: gen_kunit DIR >ewx_vectors.h\n", stderr);
		return 2;
	}
	good = vectors_read_dir(&v, argv[1], stderr);
	if (good) {
		fputs(head, stdout);
		put_policies(&v);
		good = put_vectors(&v);
	}
	vectors_free(&v);
	return good && !fflush(stdout) ? 0 : 1;
}

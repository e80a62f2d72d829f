// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genpolicy RULES [DOMAINS [SOURCES [IDENTITIES]]] - write a large policy.
 *
 * Owns: the policy's text. What "large" looks like is model.h's. The same
 * arguments give the same text.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model.h"

static void put_source(unsigned long n)
{
	printf("source s%lu { path \"", n);
	model_put_pattern(stdout, n);
	printf("\"; owner 0; }\n");
}

static void put_identity(unsigned long n)
{
	printf("identity i%lu { signer sha256:%016llx%048lx; product %lu; min-svn %lu; }\n",
	       n, (unsigned long long)model_signer(n), n, model_product(n),
	       model_svn(n));
}

static void put_rule(const struct model *m, unsigned long n)
{
#define WORD(NAME, word) #word,
	static const char *const words[] = { MODEL_WORDS(WORD) };
#undef WORD
	struct model_rule r = model_rule(m, n);
	const char *word = words[model_word(n)];

	switch (model_kind(n)) {
	case MODEL_FILE_FOR:
		printf("\tallow exec_file from s%lu for i%lu;\n", r.source,
		       r.identity);
		break;
	case MODEL_FILE:
		printf("\tallow exec_file from s%lu;\n", r.source);
		break;
	case MODEL_AUGMENT:
		printf("\tallow augment for i%lu max %lu pages;\n", r.identity,
		       1 + n % 512);
		break;
	case MODEL_DENY:
		printf("\tdeny exec_mutable from s%lu;\n", r.source);
		break;
	case MODEL_UNTIL:
		printf("\tallow init, %s for i%lu until 2031-%02lu-01;\n", word,
		       r.identity, 1 + n % 12);
		break;
	case MODEL_WORD:
		printf("\tallow %s for i%lu;\n", word, r.identity);
		break;
	}
}

static void put_domain(const struct model *m, unsigned long d)
{
	unsigned long end = model_first_rule(m, d + 1);

	printf("domain d%lu {\n\texe \"/opt/app%05lu/bin/%s\";\n", d, d,
	       d % 10 < 4 ? "server" :
	       d % 10 < 8 ? "*" :
			    "**");
	if (d % 3 == 0)
		printf("\tuid %lu-%lu;\n", 1000 + d, 1999 + d);
	printf("\tallow create, change;\n");
	for (unsigned long n = model_first_rule(m, d); n < end; n++)
		put_rule(m, n);
	printf("}\n");
}

static unsigned long argument(int argc, char **argv, int n, unsigned long other)
{
	unsigned long value = n < argc ? strtoul(argv[n], NULL, 10) : other;

	return value ? value : 1;
}

int main(int argc, char **argv)
{
	unsigned long rules = argument(argc, argv, 1, 1000);
	struct model m = {
		.rules = rules,
		.domains = argument(argc, argv, 2, rules / 100),
		.sources = argument(argc, argv, 3, rules / 10),
		.identities = argument(argc, argv, 4, rules / 100),
	};

	printf("language 1;\npolicy generated version 1;\n");
	for (unsigned long n = 0; n < m.sources; n++)
		put_source(n);
	for (unsigned long n = 0; n < m.identities; n++)
		put_identity(n);
	for (unsigned long d = 0; d < m.domains; d++)
		put_domain(&m, d);
	printf("deny vepc;\n");
	return 0;
}

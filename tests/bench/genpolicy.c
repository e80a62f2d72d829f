// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genpolicy RULES [DOMAINS [SOURCES [IDENTITIES]]] - write a large policy.
 *
 * Owns: what "large" looks like. Domain d<n> runs /opt/app<n>/bin/..., source
 * s<n> is below /srv/vendor<n % 97>/, identity i<n> has a signer of its own;
 * all count from 0. Of the path patterns 40 % are literal, 40 % have "*", 20 %
 * have "**" or "{,}". Nothing is random: the same arguments give the same text.
 */
#include <stdio.h>
#include <stdlib.h>

static void put_source(unsigned long n)
{
	unsigned long vendor = n % 97;

	printf("source s%lu { path \"/srv/vendor%lu/", n, vendor);
	if (n % 10 < 4)
		printf("app%lu/lib/libcomponent%lu.signed.so", n / 10, n);
	else if (n % 10 < 8)
		printf("app%lu/*/plugin-%lu-*.so", n / 10, n);
	else if (n % 10 == 8)
		printf("tenant%lu/**/enclave-%lu.so", n / 10, n);
	else
		printf("{lib,lib64}/pkg%lu/{a,b}%lu.so", n / 10, n);
	printf("\"; owner 0; }\n");
}

static void put_identity(unsigned long n)
{
	unsigned long long h = (n + 1) * 0x9e3779b97f4a7c15ull;

	printf("identity i%lu { signer sha256:%016llx%048lx; product %lu; min-svn %lu; }\n",
	       n, h, n, n % 7, 1 + n % 5);
}

static void put_rule(unsigned long n, unsigned long sources,
		     unsigned long identities)
{
	static const char *const anonymous[] = {
		"exec_anon",	   "init",   "load_wx", "exec_dynamic",
		"exec_unmeasured", "map_wx",
	};
	unsigned long s = n * 31 % sources, i = n * 17 % identities;

	switch (n % 8) {
	case 0:
	case 1:
	case 2:
		printf("\tallow exec_file from s%lu for i%lu;\n", s, i);
		break;
	case 3:
		printf("\tallow exec_file from s%lu;\n", s);
		break;
	case 4:
		printf("\tallow augment for i%lu max %lu pages;\n", i,
		       1 + n % 512);
		break;
	case 5:
		printf("\tdeny exec_mutable from s%lu;\n", s);
		break;
	case 6:
		printf("\tallow init, %s for i%lu until 2031-%02lu-01;\n",
		       anonymous[n / 8 % 6], i, 1 + n % 12);
		break;
	default:
		printf("\tallow %s for i%lu;\n", anonymous[n / 8 % 6], i);
		break;
	}
}

static void put_domain(unsigned long n, unsigned long first,
		       unsigned long rules, unsigned long sources,
		       unsigned long identities)
{
	printf("domain d%lu {\n\texe \"/opt/app%lu/bin/%s\";\n", n, n,
	       n % 10 < 4 ? "server" :
	       n % 10 < 8 ? "*" :
			    "**");
	if (n % 3 == 0)
		printf("\tuid %lu-%lu;\n", 1000 + n, 1999 + n);
	printf("\tallow create, change;\n");
	for (unsigned long i = 0; i < rules; i++)
		put_rule(first + i, sources, identities);
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
	unsigned long domains = argument(argc, argv, 2, rules / 100);
	unsigned long sources = argument(argc, argv, 3, rules / 10);
	unsigned long identities = argument(argc, argv, 4, rules / 100);

	printf("language 1;\npolicy generated version 1;\n");
	for (unsigned long n = 0; n < sources; n++)
		put_source(n);
	for (unsigned long n = 0; n < identities; n++)
		put_identity(n);
	for (unsigned long n = 0; n < domains; n++) {
		unsigned long first = rules * n / domains;

		put_domain(n, first, rules * (n + 1) / domains - first, sources,
			   identities);
	}
	printf("deny vepc;\n");
	return 0;
}

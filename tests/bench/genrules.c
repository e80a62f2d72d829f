// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genrules ewx|apparmor|cil NUMBER - so many rules, for a compiler of policies.
 *
 * Owns: the texts. "ewx" and "apparmor": rules for the same path patterns, those of
 * so many of model.h's sources. "cil": SELinux's intermediate language, so many allow
 * rules for pairs of 1,000 types, and what every policy needs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* So many types; so many rules of a profile, whose states are 65,536 at most. */
enum { TYPES = 1000, RULES = 1000 };

static void put_ewx(unsigned long count)
{
	printf("language 1;\npolicy generated version 1;\n");
	for (unsigned long n = 0; n < count; n++) {
		printf("source s%lu { path \"", n);
		model_put_pattern(stdout, n);
		printf("\"; }\n");
	}
	printf("domain d {\n\texe \"/opt/app\";\n");
	for (unsigned long n = 0; n < count; n++)
		printf("\tallow exec_file from s%lu;\n", n);
	printf("}\n");
}

static void put_apparmor(unsigned long count)
{
	for (unsigned long n = 0; n < count; n++) {
		if (n % RULES == 0)
			printf("%sprofile p%lu {\n", n ? "}\n" : "", n / RULES);
		printf("  \"");
		model_put_pattern(stdout, n);
		printf("\" rm,\n");
	}
	printf("}\n");
}

static void put_cil(unsigned long count)
{
	puts("(class file (read map execute))\n(classorder (file))\n"
	     "(sid kernel)\n(sidorder (kernel))\n"
	     "(sensitivity s0)\n(sensitivityorder (s0))\n"
	     "(user u)\n(role r)\n(userrole u r)\n"
	     "(userlevel u (s0))\n(userrange u ((s0) (s0)))\n"
	     "(sidcontext kernel (u r t0 ((s0) (s0))))");
	for (int n = 0; n < TYPES; n++)
		printf("(type t%d)\n(roletype r t%d)\n", n, n);
	for (unsigned long n = 0; n < count; n++)
		printf("(allow t%lu t%lu (file (read map)))\n", n % TYPES,
		       (n % TYPES + n / TYPES + 1) % TYPES);
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (count && !strcmp(argv[1], "ewx")) {
		put_ewx(count);
	} else if (count && !strcmp(argv[1], "apparmor")) {
		put_apparmor(count);
	} else if (count && !strcmp(argv[1], "cil")) {
		put_cil(count);
	} else {
		fprintf(stderr, "usage: genrules ewx|apparmor|cil NUMBER\n");
		return 2;
	}
	return 0;
}

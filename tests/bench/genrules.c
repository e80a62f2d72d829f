// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genrules ewx|apparmor|cil|paths NUMBER, genrules ipe NUMBER DIGEST... - so many
 * rules for other programs and modules to take in, and questions.
 *
 * Owns: the texts. "ewx" and "apparmor": rules for the same path patterns, those of
 * so many of model.h's sources. "cil": SELinux's intermediate language, so many allow
 * rules for pairs of 1,000 types, and what every policy needs. "ipe": IPE's rules, each
 * of which allows to execute a file of some SHA-256 digest of fs-verity; those of the
 * arguments are among them, spread evenly. "paths": 2048 paths for so many of the
 * patterns, after + or - and the number of the pattern: seven of eight match it. Of the
 * others a half differs in the last byte, a half in the folder's number.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* So many types; so many rules of a profile, whose states are 65,536 at most. */
enum { TYPES = 1000, RULES = 1000, PATHS = 2048 };

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

static uint64_t mixed(uint64_t n)
{
	n = (n ^ n >> 30) * 0xbf58476d1ce4e5b9ull;
	n = (n ^ n >> 27) * 0x94d049bb133111ebull;
	return n ^ n >> 31;
}

static void put_ipe(unsigned long count, char **digests, unsigned long given)
{
	unsigned long at = 0;

	for (unsigned long n = 0; n < count; n++) {
		printf("op=EXECUTE fsverity_digest=sha256:");
		/* Digest i stands in the middle of its share of the rules. */
		if (at < given && n >= (2 * at + 1) * count / (2 * given)) {
			printf("%s", digests[at++]);
		} else {
			for (unsigned long i = 0; i < 4; i++)
				printf("%016llx", (unsigned long long)mixed(
							  4 * n + i + 1));
		}
		printf(" action=ALLOW\n");
	}
}

static void put_word(char *to, unsigned int len, uint64_t bits)
{
	for (; len--; bits = mixed(bits))
		*to++ = (char)('a' + bits % 26);
	*to = '\0';
}

static void put_paths(unsigned long count)
{
	char path[MODEL_PATH_ROOM], a[16], b[16], *digit;

	for (unsigned long i = 0; i < PATHS; i++) {
		unsigned long n = mixed(2 * i + 1) % count;
		unsigned int length;

		put_word(a, 13, mixed(4 * i + 2));
		put_word(b, 15, mixed(4 * i + 3));
		length = model_path(path, n, a, b, mixed(4 * i + 4) & 3);
		if (i % 16 == 3)
			path[length - 1] = '_';
		digit = path + strlen("/srv/vendor00/");
		digit += strcspn(digit, "0123456789");
		if (i % 16 == 11)
			*digit = '9' - (*digit == '9');
		printf("%c%lu %s\n", i % 8 == 3 ? '-' : '+', n, path);
	}
}

int main(int argc, char **argv)
{
	unsigned long count = argc >= 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (count && !strcmp(argv[1], "ewx")) {
		put_ewx(count);
	} else if (count && !strcmp(argv[1], "apparmor")) {
		put_apparmor(count);
	} else if (count && !strcmp(argv[1], "cil")) {
		put_cil(count);
	} else if (count && !strcmp(argv[1], "paths")) {
		put_paths(count);
	} else if (count && !strcmp(argv[1], "ipe")) {
		put_ipe(count, argv + 3, (unsigned long)(argc - 3));
	} else {
		fprintf(stderr,
			"usage: genrules ewx|apparmor|cil|paths|ipe NUMBER [DIGEST...]\n");
		return 2;
	}
	return 0;
}

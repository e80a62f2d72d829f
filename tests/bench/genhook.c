// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * genhook policy DIGITS | genhook requests NUMBER - what the benchmark
 * decision-growth asks in the kernel (security/ewx/speed_test.c).
 *
 * Owns: one population of programs, files and enclaves, three policies for it,
 * and a stream of requests that each of them grants. Nothing is random but for a
 * generator of its own: the same arguments give the same text.
 *
 * The population: 1,000 programs, 10,000 files, 1,000 identities. Each is known by
 * its decimal digits. A policy of DIGITS 1, 2 or 3 tells programs and identities
 * apart by so many leading digits, files by as many, with DIGITS 3 by all four:
 *
 *	DIGITS	rules	domains	sources	identities
 *	1	10	10	10	10
 *	2	1,000	100	100	100
 *	3	100,000	1,000	10,000	1,000
 *
 * A request hits a random rule of the largest policy; by the leading digits it
 * hits one of the smaller policies, all of whose rules are hit too. The leading
 * digit says what kind a pattern and a rule are of, so that the policies differ in
 * how finely they tell, not in what they ask: of the path patterns 40 % are literal
 * but for "?", 40 % have "*", 10 % each "**" and "{,}".
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROGRAMS = 1000, FILES = 10000, IDENTITIES = 1000, RULES = 100000 };

/* What a rule says; its leading digit is the domain's. */
enum kind { FILE_FOR, FILE_ANY, UNMEASURED, AUGMENT, ANON, WX };

static const enum kind kind_of[10] = { FILE_FOR, FILE_FOR, FILE_FOR,   FILE_ANY,
				       FILE_ANY, FILE_FOR, UNMEASURED, AUGMENT,
				       ANON,	 WX };

/* Leading digit of the files and identities that a domain's rules name. */
static const unsigned int file_digit[10] = { 0, 4, 8, 9, 2, 6, 1, 5, 3, 7 };

static unsigned int identity_digit(unsigned int a)
{
	return a * 7 % 10;
}

/** struct rule - rule @r of domain @d, by leading digits. */
struct rule {
	unsigned int domain;
	unsigned int source;
	unsigned int identity;
};

/* Rule @n of the largest policy: a, ab and abc say where it is in each. */
static struct rule rule_of(unsigned int n)
{
	unsigned int d = n / 100, r = n / 10 % 10, a = d / 100, b = d / 10 % 10;

	return (struct rule){
		.domain = d,
		.source = file_digit[a] * 1000 + (r + b) % 10 * 100 +
			  (n * 31 + n / 100) % 100,
		.identity = identity_digit(a) * 100 + (r * 3 + b) % 10 * 10 +
			    (n * 7 + n / 100) % 10,
	};
}

/* The first @digits of @number's @width digits, the others as "?". */
static const char *leading(unsigned int number, int width, int digits)
{
	static char text[4][16];
	static unsigned int turn;
	char *to = text[turn++ % 4];

	sprintf(to, "%0*u", width, number);
	for (int i = digits; i < width; i++)
		to[i] = '?';
	return to;
}

static void put_pattern(unsigned int f, int digits)
{
	const char *s = leading(f, 4, digits), *vendor;

	vendor = leading(f / 100, 2, digits < 2 ? digits : 2);
	printf("/srv/vendor%s/", vendor);
	if (f / 1000 < 4)
		printf("app%s/lib/libcomponent%s.signed.so", s, s);
	else if (f / 1000 < 8)
		printf("app%s/*/plugin-%s-*.so", s, s);
	else if (f / 1000 == 8)
		printf("tenant%s/**/enclave-%s.so", s, s);
	else
		printf("{lib,lib64}/pkg%s/{a,b}%s.so", s, s);
}

/* The name of file @f; any policy's pattern for it matches. */
static void put_path(unsigned int f)
{
	printf("/srv/vendor%02u/", f / 100);
	if (f / 1000 < 4)
		printf("app%04u/lib/libcomponent%04u.signed.so", f, f);
	else if (f / 1000 < 8)
		printf("app%04u/x%02u/plugin-%04u-release%02u.so", f, f % 37, f,
		       f % 41);
	else if (f / 1000 == 8)
		printf("tenant%04u/%02u/build%02u/enclave-%04u.so", f, f % 37,
		       f % 41, f);
	else
		printf("%s/pkg%04u/%c%04u.so", f % 2 ? "lib" : "lib64", f,
		       "ab"[f / 2 % 2], f);
}

static void put_signer(unsigned int i)
{
	uint64_t high = (i + 1ull) * 0x9e3779b97f4a7c15ull;

	printf("%016llx%048x", (unsigned long long)high, i);
}

static void put_sources(int digits)
{
	int file_digits = digits == 3 ? 4 : digits;
	unsigned int step = digits == 3 ? 1 : digits == 2 ? 100 : 1000;

	for (unsigned int f = 0; f < FILES; f += step) {
		printf("source s%u { path \"", f / step);
		put_pattern(f, file_digits);
		printf("\"; owner 0; }\n");
	}
}

/* The product of identity abc is ab; only the largest policy knows signers. */
static void put_identities(int digits)
{
	unsigned int step = digits == 3 ? 1 : digits == 2 ? 10 : 100;

	for (unsigned int i = 0; i < IDENTITIES; i += step) {
		printf("identity i%u { ", i / step);
		if (digits == 3) {
			printf("signer sha256:");
			put_signer(i);
			printf("; ");
		}
		printf("product %u", i / 10);
		for (unsigned int p = 1; digits == 1 && p < 10; p++)
			printf(", %u", i / 10 + p);
		printf("; min-svn %u; }\n", 1 + i / 100 % 5);
	}
}

static void put_rule(const struct rule *r, unsigned int step)
{
	unsigned int a = r->domain / 100;
	unsigned int source = r->source / (step == 1 ? 1 : step * 10);
	unsigned int identity = r->identity / step;

	switch (kind_of[a]) {
	case FILE_FOR:
		printf("\tallow exec_file from s%u for i%u;\n", source, identity);
		break;
	case FILE_ANY:
		printf("\tallow exec_file from s%u;\n", source);
		break;
	case UNMEASURED:
		printf("\tallow exec_unmeasured from s%u for i%u until 2031-%02u-01;\n",
		       source, identity, 1 + identity % 12);
		break;
	case AUGMENT:
		printf("\tallow augment for i%u max %u pages;\n", identity,
		       1000 + identity);
		break;
	case ANON:
		printf("\tallow exec_anon for i%u;\n", identity);
		break;
	case WX:
		printf("\tallow load_wx for i%u;\n", identity);
		break;
	}
}

static void put_domains(int digits)
{
	static const char *const names[3] = { "server", "*", "**" };
	unsigned int step = digits == 3 ? 1 : digits == 2 ? 10 : 100;
	unsigned int rules = digits == 3 ? 100 : digits == 2 ? 10 : 1;

	for (unsigned int d = 0; d < PROGRAMS; d += step) {
		unsigned int a = d / 100;

		printf("domain d%u {\n\texe \"/opt/app%s/bin/%s\";\n", d / step,
		       leading(d, 3, digits), names[a < 4 ? 0 : a < 8 ? 1 : 2]);
		if (a % 3 == 0)
			printf("\tuid 1000-1999;\n");
		for (unsigned int r = 0; r < rules; r++) {
			struct rule rule = rule_of(d * 100 + r * (100 / rules));

			put_rule(&rule, step);
		}
		printf("}\n");
	}
}

static void put_policy(int digits)
{
	printf("language 1;\npolicy growth version %d;\n", digits);
	put_sources(digits);
	put_identities(digits);
	put_domains(digits);
}

static unsigned int random_below(unsigned int n)
{
	static uint64_t seed = 1;

	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned int)((seed >> 16) % n);
}

static void put_request(unsigned int n)
{
	static const struct {
		const char *perm;
		int op_add, file;
	} say[] = {
		[FILE_FOR] = { "exec_file", 0, 1 },
		[FILE_ANY] = { "exec_file", 0, 1 },
		[UNMEASURED] = { "exec_unmeasured", 0, 1 },
		[AUGMENT] = { "augment", 1, 0 },
		[ANON] = { "exec_anon", 0, 0 },
		[WX] = { "load_wx", 0, 0 },
	};
	struct rule r = rule_of(n);
	enum kind kind = kind_of[r.domain / 100];

	printf("r %u %d %u %s %s\n", r.domain,
	       say[kind].file ? (int)r.source : -1, r.identity,
	       say[kind].op_add ? "add" : "load", say[kind].perm);
}

/* Programs, files and enclaves by number, then requests that name them. */
static void put_requests(unsigned long number)
{
	for (unsigned int d = 0; d < PROGRAMS; d++)
		printf("c %u /opt/app%03u/bin/%s\n", 1000 + d, d,
		       d < 400 ? "server" :
		       d < 800 ? "worker" :
				 "x/tool");
	for (unsigned int f = 0; f < FILES; f++) {
		printf("f ");
		put_path(f);
		printf("\n");
	}
	for (unsigned int i = 0; i < IDENTITIES; i++) {
		printf("i ");
		put_signer(i);
		printf(" %u %u\n", i / 10, 5 + i % 3);
	}
	for (unsigned long n = 0; n < number; n++)
		put_request(random_below(RULES));
}

int main(int argc, char **argv)
{
	unsigned long number = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (argc == 3 && !strcmp(argv[1], "policy") && number >= 1 &&
	    number <= 3) {
		put_policy((int)number);
	} else if (argc == 3 && !strcmp(argv[1], "requests")) {
		put_requests(number);
	} else {
		fprintf(stderr,
			"usage: genhook policy DIGITS | genhook requests NUMBER\n");
		return 2;
	}
	return 0;
}

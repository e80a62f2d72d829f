/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the large policies of the benchmarks look like: domain, source, identity
 * and rule by number. genpolicy.c writes them down, decide.c asks for them.
 *
 * Owns: names and numbers. Domain d runs /opt/app<d>/bin/..., source s is below
 * /srv/vendor<s % 97>/, identity i has a signer of its own; all count from 0. Of
 * the path patterns 40 % are literal, 40 % have "*", 20 % have "**" or "{,}".
 * Numbers have a fixed width, so that paths are as long in a small policy as in a
 * large one. Nothing is random.
 */
#ifndef _BENCH_MODEL_H
#define _BENCH_MODEL_H

#include <stdint.h>
#include <stdio.h>

/** struct model - how much there is of everything, at least 1 each. */
struct model {
	unsigned long rules;
	unsigned long domains;
	unsigned long sources;
	unsigned long identities;
};

/* The path pattern of source @n. */
static inline void model_put_pattern(FILE *out, unsigned long n)
{
	fprintf(out, "/srv/vendor%02lu/", n % 97);
	if (n % 10 < 4)
		fprintf(out, "app%05lu/lib/libcomponent%06lu.signed.so", n / 10,
			n);
	else if (n % 10 < 8)
		fprintf(out, "app%05lu/*/plugin-%06lu-*.so", n / 10, n);
	else if (n % 10 == 8)
		fprintf(out, "tenant%05lu/**/enclave-%06lu.so", n / 10, n);
	else
		fprintf(out, "{lib,lib64}/pkg%05lu/{a,b}%06lu.so", n / 10, n);
}

/* Room for the longest path and its end. */
#define MODEL_PATH_ROOM 96

/*
 * A path that the pattern of source @n matches, of the same length for all: @a and @b
 * are words of 13 and 15 letters, @pick has two bits. Return: its length.
 */
static inline unsigned int model_path(char *path, unsigned long n,
				      const char *a, const char *b,
				      unsigned int pick)
{
	const int vendor = (int)(n % 97);

	if (n % 10 < 4)
		return (unsigned int)sprintf(
			path,
			"/srv/vendor%02d/app%05lu/lib/libcomponent%06lu.signed.so",
			vendor, n / 10, n);
	if (n % 10 < 8)
		return (unsigned int)sprintf(
			path,
			"/srv/vendor%02d/app%05lu/%.3s/plugin-%06lu-%.9s.so",
			vendor, n / 10, a, n, b);
	if (n % 10 == 8)
		return (unsigned int)sprintf(
			path,
			"/srv/vendor%02d/tenant%05lu/%.2s/%.6s/enclave-%06lu.so",
			vendor, n / 10, a, b, n);
	return (unsigned int)sprintf(path,
				     "/srv/vendor%02d/%s/pkg%05lu/%c%06lu.so",
				     vendor, pick & 1 ? "lib" : "lib64", n / 10,
				     pick & 2 ? 'a' : 'b', n);
}

/** struct model_rule - the source and the identity that rule @n may name. */
struct model_rule {
	unsigned long source;
	unsigned long identity;
};

static inline struct model_rule model_rule(const struct model *m,
					   unsigned long n)
{
	return (struct model_rule){
		.source = n * 31 % m->sources,
		.identity = n * 17 % m->identities,
	};
}

/* What rule @n says. */
enum model_kind {
	MODEL_FILE_FOR, /* allow exec_file from s for i */
	MODEL_FILE, /* allow exec_file from s */
	MODEL_AUGMENT, /* allow augment for i max PAGES pages */
	MODEL_DENY, /* deny exec_mutable from s */
	MODEL_UNTIL, /* allow init, WORD for i until DATE */
	MODEL_WORD, /* allow WORD for i */
};

static inline enum model_kind model_kind(unsigned long n)
{
	static const enum model_kind kind[8] = {
		MODEL_FILE_FOR, MODEL_FILE_FOR, MODEL_FILE_FOR, MODEL_FILE,
		MODEL_AUGMENT,	MODEL_DENY,	MODEL_UNTIL,	MODEL_WORD,
	};

	return kind[n % 8];
}

/* The first rule of domain @d; those of d + 1 follow. */
static inline unsigned long model_first_rule(const struct model *m,
					     unsigned long d)
{
	return m->rules * d / m->domains;
}

/* Word of rule @n: X(NAME of the permission, word) */
#define MODEL_WORDS(X)                      \
	X(EXEC_ANON, exec_anon)             \
	X(INIT, init)                       \
	X(LOAD_WX, load_wx)                 \
	X(EXEC_DYNAMIC, exec_dynamic)       \
	X(EXEC_UNMEASURED, exec_unmeasured) \
	X(MAP_WX, map_wx)

static inline unsigned int model_word(unsigned long n)
{
	return n / 8 % 6;
}

/* The signer of identity @i, as 64-bit big-endian number before 24 bytes. */
static inline uint64_t model_signer(unsigned long i)
{
	return (i + 1) * 0x9e3779b97f4a7c15ull;
}

static inline unsigned long model_product(unsigned long i)
{
	return i % 7;
}

static inline unsigned long model_svn(unsigned long i)
{
	return 1 + i % 5;
}

#endif /* _BENCH_MODEL_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verdict vectors: requests and the verdicts that every evaluator must give.
 *
 * Owns: reading *.vec files and answering their requests offline. A line is
 *
 *   policy FILE...          the policy of what follows, beside the vector file
 *   REQUEST => VERDICT      libewx/request.h, libewx/verdict.h
 *
 * blank, or a comment that starts with "#".
 */
#ifndef _TESTS_VECTORS_H
#define _TESTS_VECTORS_H

#include <stdbool.h>
#include <stdio.h>
#include "libewx/request.h"
#include "security/ewx/core/engine.h"

/* The time of requests that state none, and the build stamp of the policies. */
#define VECTORS_NOW 1767225600ULL /* 2026-01-01 */
#define VECTORS_BUILT 1700000000ULL /* 2023-11-14 */

/**
 * struct vector_policy - a compiled policy of a vector file.
 * @name: its files, as the vector file has them
 */
struct vector_policy {
	char *name;
	void *blob;
	size_t size;
	struct ewx_policy p;
};

/**
 * struct vector - one line.
 * @file, @line: where it stands
 * @text, @expected: both sides of "=>"
 * @policy: index into the policies
 */
struct vector {
	char *file;
	unsigned int line;
	char *text;
	char *expected;
	size_t policy;
	struct ewx_query *query;
};

/** struct vectors - all that was read. */
struct vectors {
	struct vector *list;
	size_t count;
	struct vector_policy *policies;
	size_t policy_count;
};

/**
 * vectors_read() - add a vector file; compiles its policies.
 * Return: true; else the reason was written to @err.
 */
bool vectors_read(struct vectors *v, const char *path, FILE *err);

/** vectors_read_dir() - all *.vec of a directory, in order of name. */
bool vectors_read_dir(struct vectors *v, const char *dir, FILE *err);

/**
 * vectors_answer() - the engine's answer. Return: true; else written to @err.
 */
bool vectors_answer(const struct vectors *v, size_t i, struct ewx_reply *r,
		    FILE *err);

/**
 * vectors_write_kunit() - write all as C data (kunit.c).
 * Return: true; false if a vector does not hold, which was written to @err.
 */
bool vectors_write_kunit(const struct vectors *v, FILE *out, FILE *err);

void vectors_free(struct vectors *v);

#endif /* _TESTS_VECTORS_H */

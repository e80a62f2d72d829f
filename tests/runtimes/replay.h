/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The replayer of runtimes: what its parts share.
 *
 * A script is what one runtime does to an enclave, one step on each line. Knows
 * no runtime and no policy. Offsets and lengths are pages.
 *
 * Functions that return int return 0, or the negative errno.
 */
#ifndef _RUNTIMES_REPLAY_H
#define _RUNTIMES_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE		4096ul
#define SCRIPT_STEPS	128
#define SCRIPT_PAGES	256	/* the largest enclave */

/*
 * Every step: its word and the arguments that follow, one letter each.
 *
 * a: a page of the enclave; n: how many; p: letters of rwx, or "none"; t: the
 * same or "trim"; s: source memory; f: page of the code's file; c: a count;
 * o: words that may follow
 */
#define SCRIPT_OPS(X)							\
	X(CREATE, create, "")						\
	X(ADD, add, "anpsfo")						\
	X(TCS, tcs, "aacaa")						\
	X(INIT, init, "")						\
	X(MAP, map, "anp")						\
	X(PROTECT, protect, "anp")					\
	X(UNMAP, unmap, "an")						\
	X(CALL, call, "af")						\
	X(POKE, poke, "a")						\
	X(WRITE, write, "af")						\
	X(ACCEPT, accept, "an")						\
	X(COPY, copy, "anpa")						\
	X(EXTEND, extend, "anp")					\
	X(RESTRICT, restrict, "anp")					\
	X(AGREE, agree, "ant")						\
	X(TRIM, trim, "an")						\
	X(REMOVE, remove, "an")

enum op {
#define OP(NAME, name, args) OP_##NAME,
	SCRIPT_OPS(OP)
#undef OP
	OPS
};

/* Kinds of memory that pages are copied from. */
#define SCRIPT_SOURCES(X)						\
	X(FILE, file)		/* private RW mapping, not written to */ \
	X(READONLY, readonly)	/* private R mapping of the file */	\
	X(MODIFIED, modified)	/* private RW mapping, written to */	\
	X(ANON, anon)		/* anonymous mapping, written to */	\
	X(ZERO, zero)		/* anonymous mapping, never written to */ \
	X(HEAP, heap)		/* aligned_alloc() */			\
	X(STACK, stack)		/* one array on the stack, page by page */

enum source {
#define SOURCE(NAME, name) SOURCE_##NAME,
	SCRIPT_SOURCES(SOURCE)
#undef SOURCE
	SOURCES
};

#define PROT_TRIM	0x100	/* "trim" where permissions may be */

/**
 * struct step - a line of a script.
 * @line: its number
 * @op: what is done
 * @at: first page
 * @pages: how many
 * @prot: PROT_*, or PROT_TRIM
 * @source: ADD
 * @file_page: page of the code's file that it is about
 * @unmeasured: ADD
 * @single: ADD: a call for each page
 * @other: TCS: SSA, entry, stack; COPY: source
 * @count: TCS: SSA frames
 */
struct step {
	unsigned int line;
	enum op op;
	uint32_t at;
	uint32_t pages;
	uint32_t prot;
	enum source source;
	uint32_t file_page;
	bool unmeasured;
	bool single;
	uint32_t other[3];
	uint32_t count;
};

/**
 * struct script - what a runtime does.
 * @runtime: its name, for readers
 * @project: where its source is, and which
 * @program: path of the program that the shipped policy names
 * @code: path of the file with the enclave's code
 * @size: pages, a power of two
 * @steps: in order
 * @count: of steps
 */
struct script {
	char runtime[128];
	char project[128];
	char program[128];
	char code[128];
	uint32_t size;
	struct step steps[SCRIPT_STEPS];
	unsigned int count;
};

/** script_read() - read a file; a mistake is told on stderr, with its place. */
bool script_read(const char *path, struct script *script);
const char *op_name(enum op op);

/* What the signer states, as the shipped policies have it. */
#define SIGNED_PRODUCT	1
#define SIGNED_SVN	1

/* The code's file: page ENTRY_PAGE is entered on SGX, others return a value. */
#define CODE_PAGES	16u
#define ENTRY_PAGE	1u
#define CODE_VALUE	0x1000u	/* and the page */
#define CODE_BYTES	6u	/* of the function that returns it */

/** code_page() - what page @n of the code's file holds. */
void code_page(uint32_t n, uint8_t page[PAGE]);
int code_write(const char *path);

/** typedef load_fn - adds pages from memory that exists during the call. */
typedef int (*load_fn)(const struct step *step, const void *src, uint32_t at,
		       uint32_t pages);
/** source_load() - provide a step's source memory and have it loaded. */
int source_load(const char *code, const struct step *step, load_fn load);

/**
 * struct provider - how steps are done on a driver.
 * @name: of the provider
 * @open: a new enclave of that many pages
 * @run: each step; NULL: this provider has nothing like it, it is left out
 * @call: execute code of the enclave; *@value: what it returned
 * @signer: 64 digits: the signer by which policies know the holder of a key
 */
struct provider {
	const char *name;
	int (*open)(const struct script *script, const char *pem);
	int (*run[OPS])(const struct step *step);
	int (*call)(const struct step *step, uint64_t *value);
	int (*signer)(const char *pem, char digits[65]);
};

extern const struct provider provider_sgx, provider_dev;

#endif /* _RUNTIMES_REPLAY_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzing a running kernel: inputs that reach code not reached before are kept and
 * changed further.
 *
 * An input is bytes, whatever it is for; a target says what they mean, changes them
 * and judges what came of them. The same bytes can be put to it again.
 */
#ifndef _FUZZER_H
#define _FUZZER_H

#include "../../sequences/sequences.h"

#define INPUT_MAX (65536 - 16)
#define EWX_DIR "/sys/kernel/security/ewx"

/**
 * struct tally - what the kernel said to what it was asked by one target.
 * @done: it did it
 * @refused: a policy, or a check of what was asked, did not let it
 */
struct tally {
	unsigned long done, refused;
};
extern struct tally tally;

/** tally_up() - count a call that returned @err: 0 or -errno. */
void tally_up(int err);

/**
 * struct target - one way into the kernel.
 * @name: of it
 * @begin: prepare it, and give the inputs to begin with to corpus_add(). Return: 0
 *	or -errno
 * @mutate: change @size bytes of @data into another input. Return: its size, at most
 *	INPUT_MAX
 * @run: put it to the kernel. Return: NULL, or what is wrong
 */
struct target {
	const char *name;
	int (*begin)(const char *seeds);
	size_t (*mutate)(uint8_t *data, size_t size, uint64_t *random);
	const char *(*run)(const uint8_t *data, size_t size);
};
extern const struct target target_blob, target_query, target_nodes, target_dev,
	target_sgx;

/* corpus.c: the inputs that are kept. */

/** corpus_clear() - of another target. */
void corpus_clear(void);
/** corpus_add() - keep a copy. Return: false: there is no room. */
bool corpus_add(const void *data, size_t size);
size_t corpus_count(void);
/** corpus_get() - one of them; *@size: how long it is. */
const uint8_t *corpus_get(size_t i, size_t *size);
/** corpus_read() - add what the files @dir/@begin... hold, in order. Return: how many. */
int corpus_read(const char *dir, const char *begin);
/** corpus_pick() - one at random, newer ones more often. */
const uint8_t *corpus_pick(uint64_t *random, size_t *size);

/* cover.c: which code was reached. */

/** cover_begin() - of this thread, from now on. Return: 0 or -errno. */
int cover_begin(void);
/** cover_clear() - nothing has been reached yet. */
void cover_clear(void);
/** cover_start() - what comes is of the next input. */
void cover_start(void);
/** cover_end() - Return: places that it was the first to reach. */
unsigned int cover_end(void);
/** cover_count() - places reached since cover_clear(). */
unsigned int cover_count(void);

/* steps.c: inputs that are records of one size. */

/**
 * steps_mutate() - change, repeat, leave out, exchange records, or take one of another
 * input.
 * @record: bytes of one, at most 64
 * @most: how many there may be
 * @fresh: fill in one at random
 */
size_t steps_mutate(uint8_t *data, size_t size, uint64_t *random, size_t record,
		    size_t most, void (*fresh)(uint8_t *at, uint64_t *random));

/**
 * wrongly() - what is wrong, in words. Return: text that stays until the next one.
 */
const char *wrongly(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif /* _FUZZER_H */

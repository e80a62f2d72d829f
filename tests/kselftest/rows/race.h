/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads that change a source while it is loaded, and one that does not come.
 *
 * Owns: the threads. Knows no provider.
 */
#ifndef _ROWS_RACE_H
#define _ROWS_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct race - between a thread and the test that started it.
 * @at: the page that is loaded
 * @path: of its file
 * @stop: the thread ends
 * @busy: how often it found the file held against writing (ETXTBSY)
 * @written: how often it has written all of the page, twice
 * @write: the writer writes, else it only opens the file
 * @counted: the test counts its attempts in @tries, so that the remapper can leave
 *	the page alone during a whole one now and then
 * @left: how often it did: the page was as it should be from an attempt's begin
 *	to its end
 * @pages: that the unmapper takes away: the second half of the file's
 */
struct race {
	uint8_t *at;
	const char *path;
	volatile bool stop;
	volatile unsigned int busy;
	volatile unsigned int written;
	bool write;
	bool counted;
	volatile unsigned int tries;
	volatile unsigned int left;
	unsigned int pages;
};

/**
 * struct race_swap - what lies somewhere, now this and now that.
 * @target: there
 * @a, @b: each of @size bytes
 * @stop: the thread ends
 */
struct race_swap {
	void *target;
	const void *a, *b;
	size_t size;
	volatile bool stop;
};

/** race_machine_is() - is this the machine of that test kernel? */
bool race_machine_is(const char *name);
/** RACE_ROUNDS - of a race, where they take no more than some seconds. */
#define RACE_ROUNDS	1000
/**
 * race_rounds() - what ROWS_ROUNDS in the environment asks for, else @normal; three
 * tenths of it in the debug kernel, which takes ten times as long for one.
 */
unsigned int race_rounds(unsigned int normal);
/** race_stay_on() - the two sides of a race have a processor each. */
void race_stay_on(int cpu);
/** race_remapper() - puts other pages, and none, where the source is. */
void *race_remapper(void *race);
/** race_unmapper() - takes the source away and puts it back. */
void *race_unmapper(void *race);
/** race_rewriter() - opens the file for writing, and writes if told so. */
void *race_rewriter(void *race);
/** race_until_written() - wait until the writer has written once more. */
void race_until_written(const struct race *race);
/** race_swapper() - lets @a and @b of a struct race_swap take turns. */
void *race_swapper(void *swap);

/**
 * race_stall() - a page, at @at if not NULL, whose fault somebody answers when he
 * likes. Return: the descriptor, which can be read once there is one, or -errno.
 */
int race_stall(uint8_t *at, uint8_t **page);

#endif /* _ROWS_RACE_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps with an enclave of either device: what they say, and those that are of memory,
 * which both devices share.
 */
#ifndef _MEMORY_H
#define _MEMORY_H

#include "fuzzer.h"

#define WINDOW_PAGES 16 /* of one enclave */
#define ENCLAVES 2
#define STEPS_MAX 24

/**
 * struct step - one call.
 * @op: which
 * @who: which enclave, and in which window
 * @page: first page
 * @pages: how many
 * @prot: permissions
 * @flags: of the call
 * @from: where pages come from
 * @odd: ODD_*: what is not as it should be
 * @value: what it is instead
 */
struct step {
	uint8_t op, who, page, pages, prot, flags, from, odd;
	uint32_t value;
};

#define ODD_LENGTH 0x01
#define ODD_OFFSET 0x02
#define ODD_ARGUMENT 0x04 /* the address of what the call reads */
#define ODD_PROT 0x08
#define ODD_FLAGS 0x10
#define ODD_RESERVED 0x20
#define ODD_ADDRESS 0x40 /* not that of a page */
#define ODD_HOW 0x80

/* Steps that both devices share. X(NAME, name, how often) */
#define MEMORY_STEPS(X)                             \
	X(MAP, map, 6)                              \
	X(PROTECT, protect, 4)                      \
	X(UNMAP, unmap, 1)                          \
	X(MOVE, move, 1)                            \
	X(ADVISE, advise, 1)                        \
	X(DEBUG, debug, 1) /* /proc/self/mem */     \
	X(VECTOR, vector, 1) /* process_vm_readv */ \
	X(FORK, fork, 1)

enum memory_op {
#define MEMORY_ENUM(NAME, name, weight) STEP_##NAME,
	MEMORY_STEPS(MEMORY_ENUM)
#undef MEMORY_ENUM
		MEMORY_OPS
};

/**
 * struct memory - what the steps of an input work with.
 * @area: addresses that nothing else uses: a window for each enclave, and one more
 * @fd: enclaves, -1: none
 * @offsets: an enclave's page stands at its offset in the file; else the file has none
 * @forked: a process was made, which is enough
 * @source: where pages come from
 */
struct memory {
	uint8_t *area;
	int fd[ENCLAVES];
	bool offsets, forked;
	struct stage source;
};
extern struct memory memory;

/** memory_open() - once. memory_clear() - as before the first step. */
int memory_open(void);
void memory_clear(void);

/** memory_step() - a step of this list. Return: 0 or -errno. */
int memory_step(const struct step *s);

#define STEP_SOURCES (SOURCES + 6) /* and what is no source */

/* What a step says; each odd if it says so. */
uint64_t step_length(const struct step *s);
uint64_t step_offset(const struct step *s);
uint32_t step_prot(const struct step *s);
const void *step_source(const struct step *s);
int step_fd(const struct step *s);
/** step_window() - of the enclave that it means; step_address() - in a window. */
uint8_t *step_window(const struct step *s);
uint8_t *step_address(const struct step *s);

/** step_control() - an ioctl. @arg: what is at its address. Return: 0 or -errno. */
int step_control(const struct step *s, unsigned long request, void *arg,
		 size_t size);

/**
 * struct device - the steps of one device: those of memory, then its own.
 * @ops: how many
 * @weights: how often each is wanted
 * @calls: its own, by number. Return: 0 or -errno
 */
struct device {
	unsigned int ops;
	const uint8_t *weights;
	int (*const *calls)(const struct step *s);
};

/** device_put() - make the steps of an input, until @wrong points to something. */
void device_put(const struct device *d, const uint8_t *data, size_t size,
		const char *const *wrong);

/** device_mutate() - of such an input; as steps_mutate(). */
size_t device_mutate(const struct device *d, uint8_t *data, size_t size,
		     uint64_t *random);

#endif /* _MEMORY_H */

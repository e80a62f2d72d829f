/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A model of one enclave that two processes map.
 *
 * Owns: what a state is. model.c says what is explored and why that is enough.
 */
#ifndef _MODEL_H
#define _MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "security/enclave/facts.h"

#define PAGES_MAX 2
#define VIEWS 3 /* VMAs that can be: two of process 0, one of process 1 */

/* What is in a page, as those know who put it there; a page may hold several. */
enum model_bytes {
	BYTES_FILE = 0x01, /* of a file, unmodified */
	BYTES_MUTABLE = 0x02, /* of a file that could still change */
	BYTES_MODIFIED = 0x04,
	BYTES_ANON = 0x08,
	BYTES_UNMEASURED = 0x10,
	BYTES_DYNAMIC =
		0x20, /* filled after it was added, before it ever ran */
	BYTES_WRITTEN = 0x40, /* through a mapping, once it could have run */
	BYTES_DEBUGGER = 0x80, /* any that it wrote */
	BYTES_POKED = 0x100, /* by it, and not to fill a dynamic page */
};

/* How a view sees a page: MAPPED, with ENCLAVE_W and ENCLAVE_X; 0: not at all. */
#define MAPPED ENCLAVE_R

/**
 * struct model_page - a page of the enclave.
 * @facts: as the store has them
 * @bytes: enum model_bytes
 * @granted: permissions that some request was granted for this page
 * @passed: permissions that some request for this page was let pass without
 * @ran: some page table entry has had X
 * @vma, @pte: MAPPED, W, X per view; an entry has no more than its VMA
 */
struct model_page {
	enclave_facts facts;
	uint16_t bytes;
	bool ran;
	uint32_t granted;
	uint32_t passed;
	uint8_t vma[VIEWS];
	uint8_t pte[VIEWS];
};

/**
 * struct model_state - all that there is.
 * @permissive: denials are let pass
 * @strict: the policy in force grants nothing but code of files
 * @unjudged: something was let pass before init
 * @let_in: so was init
 * @owner: process that alone may map the enclave (exec_written), plus 1; 0: none
 */
struct model_state {
	struct model_page page[PAGES_MAX];
	bool initialized;
	bool permissive;
	bool strict;
	bool unjudged;
	bool let_in;
	uint8_t owner;
};

/**
 * struct model_step - what leads from a state to the next.
 * @what: a constant; NULL: nothing does
 * @view: whose mapping; @pages: which, a bit each; @access: of the step
 * @bytes: that are loaded
 */
struct model_step {
	const char *what;
	uint8_t view;
	uint8_t pages;
	uint8_t access;
	uint8_t bytes;
};

/**
 * enum model_rule - rules that can be forgotten, so that one sees the model fail.
 */
#define MODEL_RULES(X)                                                   \
	X(HISTORY, history, "mappings leave no trace in the facts")      \
	X(ALONE, alone, "code that can be written is not alone")         \
	X(INTENT, intent, "entries may have more than was declared")     \
	X(PREINIT, preinit, "X before init")                             \
	X(RESTRICT_ZAP, restrict_zap, "entries outlive a restriction")   \
	X(ORIGIN, origin, "loaded code needs nothing")                   \
	X(DYNAMIC, dynamic, "code in a dynamic page needs nothing")      \
	X(WRITTEN, written, "code that was written needs nothing")       \
	X(MAP_WX, map_wx, "one mapping may write and execute")           \
	X(DEBUG, debug, "a debugger writes to code as it likes")         \
	X(DEBUG_FACTS, debug_facts, "a debugger's write is forgotten")   \
	X(FORK, fork, "fork copies entries")                             \
	X(UNJUDGED, unjudged, "init asks for nothing that was let pass") \
	X(SWAP, swap, "a policy that was swapped stays in force")

enum model_rule {
	MODEL_NONE,
#define MODEL_RULE(NAME, name, meaning) MODEL_##NAME,
	MODEL_RULES(MODEL_RULE)
#undef MODEL_RULE
};

/**
 * struct model - one exploration.
 * @pages: 1 or 2; @depth: steps at most
 * @switches: enforcement may be switched off and on, and policies swapped
 * @ready: it begins with an enclave that has come to run, too
 * @forgotten: the rule that does not hold
 * @from: the state whose successors are being found
 * @next: called for each of them
 * @wrong: why the step to it must not be; NULL: it may
 * @steps: that were taken
 * @passed: states in which something executes that was let pass
 * @enforced: those of them in which denials are enforced
 */
struct model {
	unsigned int pages;
	unsigned int depth;
	bool switches;
	bool ready;
	enum model_rule forgotten;
	const struct model_state *from;
	void (*next)(struct model *m, const struct model_state *to,
		     const struct model_step *step);
	const char *wrong;
	uint64_t steps;
	uint64_t passed;
	uint64_t enforced;
};

/* steps.c: find all successors of @from. */
void model_steps(struct model *m, const struct model_state *from);

/* steps.c: why a state must not be, or NULL. */
const char *model_wrong(const struct model *m, const struct model_state *s);

/* steps.c: some page executes by what was let pass, and would not by what was granted. */
bool model_runs_passed(const struct model *m, const struct model_state *s);

/* states.c: the states that were found, in the order in which they were. */

/** states_add() - Return: it is a new one. Exits without memory. */
bool states_add(const struct model_state *s, uint32_t parent,
		const struct model_step *step);
uint32_t states_count(void);
void states_get(uint32_t n, struct model_state *s);
/** states_trace() - print how state @n is reached, and @step after it (or NULL). */
void states_trace(uint32_t n, const struct model_step *step);

#endif /* _MODEL_H */

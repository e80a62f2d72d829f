/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random sequences: several processes do at random what can be done with one
 * enclave, and look what executes.
 *
 * The judge knows no rule. Code that a policy allows returns one value, all other
 * code another one, and all that is written is such other code; no policy here
 * allows to execute it. So whatever has happened, a call into the enclave returns
 * the first value or does not come to execute, and not before somebody has asked to
 * initialise it: see judge() in player.c.
 *
 * In every third episode the policy lets an enclave write its own code (exec_written),
 * and other code may execute. In the end of each, of whatever policy, everybody maps
 * what he can get of each page, and then looks what he reaches: no page executes, is
 * written to, and executes again, by whomever, with no call in between that maps
 * anything: see look() in player.c.
 */
#ifndef _SEQUENCES_H
#define _SEQUENCES_H

#include "../kselftest/rows/rows.h"
#include "sgx.h"

#define PAGES 8 /* of an enclave that are at hand */
#define PLAYERS 3 /* processes, the last one in another domain */
#define THREADS 2 /* of each */
#define SLOTS (PLAYERS * THREADS * 2) /* each may have a child */
#define POLICIES 4
#define WRITING (POLICIES - 1) /* the one that allows exec_written */
#define LOOKS 3 /* at every page, in the end: execute, write, execute */
#define BLOB_MAX 65536
#define ACCEPTS 5 /* ways to accept a page */
#define BAD_VALUE 0xbadu /* what code returns that nothing allows */

/* What players do. X(NAME, name, how often, providers) */
#define BOTH 3
#define DEV 1
#define SGX 2
#define OPERATIONS(X)                                                \
	X(LOAD, load, 14, DEV) /* pages from some source */          \
	X(WRITE, write, 4, DEV) /* write(2) */                       \
	X(INIT, init, 1, DEV) /* SGX: the leader does */             \
	X(MAP, map, 24, BOTH)                                        \
	X(PROTECT, protect, 16, BOTH)                                \
	X(UNMAP, unmap, 6, BOTH)                                     \
	X(POKE, poke, 20, BOTH) /* other code into a page */         \
	X(RUN, run, 30, BOTH) /* call a page */                      \
	X(PEEK, peek, 6, BOTH)                                       \
	X(ADD, add, 6, BOTH) /* dynamic pages */                     \
	X(REMOVE, remove, 2, BOTH)                                   \
	X(RESTRICT, restrict, 2, BOTH)                               \
	X(EXTEND, extend, 4, SGX) /* EMODPE, from inside */          \
	X(ACCEPT, accept, 8, SGX) /* EACCEPT */                      \
	X(COPY, copy, 6, SGX) /* EACCEPTCOPY of other code */        \
	X(TYPE, type, 2, SGX) /* MODIFY_TYPES */                     \
	X(MOVE, move, 3, BOTH) /* mremap */                          \
	X(ADVISE, advise, 3, BOTH) /* madvise */                     \
	X(DEBUG, debug, 6, BOTH) /* another process writes */        \
	X(CHURN, churn, 6, DEV) /* the sources change */             \
	X(FORK, fork, 1, BOTH)                                       \
	X(POLICY, policy, 1, BOTH) /* another one is put in force */ \
	X(ENFORCE, enforce, 1, BOTH) /* no denial for a while */

enum operation {
#define OPERATION_ENUM(NAME, name, weight, providers) OP_##NAME,
	OPERATIONS(OPERATION_ENUM)
#undef OPERATION_ENUM
		OP_COUNT
};

/**
 * enum outcome - DONE; REFUSED: -EACCES, or a signal for an access to what can be read
 * there; FAILED.
 */
enum outcome { DONE, REFUSED, FAILED, OUTCOMES };

/*
 * Where a page comes from; GOOD is the only one that may execute. Those behind SOURCES
 * are for who knows how to use them: UNMEASURED must be loaded so, REWRITTEN holds other
 * code while it is open for writing and no longer, NOEXEC and SERVED, which is a
 * server's, have mounts of their own.
 */
enum source {
	GOOD,
	MODIFIED,
	ANONYMOUS,
	OTHER,
	MEMFD,
	SHARED,
	FLIPPED,
	UNLINKED,
	SOURCES,
	UNMEASURED = SOURCES,
	REWRITTEN,
	NOEXEC,
	SERVED,
	ALL_SOURCES
};

/**
 * struct scene - what all processes of an episode share, in shared memory.
 * @count: operations by outcome
 * @good: calls that returned allowed code's value
 * @own: calls that returned the other one because a policy allows exec_written
 * @unruled: calls that returned the other one because denials are not enforced
 * @beside: enclaves that the neighbour has had
 * @wrong: calls that executed anything else
 * @what: about the first of @wrong
 * @seed: of the episode
 * @left: operations that may still begin
 * @pid: of the players
 * @initialized: the leader or a player has initialised the enclave
 * @wait: operations left from which on the players wait for the leader, who
 *	initialises meanwhile
 * @begun: he has tried
 * @asked: somebody has begun to initialise it, so that code may execute from now on
 * @writing: the policy allows exec_written: one process plays alone
 * @switching: denials are not enforced for some stretches
 * @passed: that has begun: what was let pass then stays, so that from there on code
 *	of any kind may execute, but not before somebody has asked to initialise
 * @debug: the enclave may be debugged, if the provider has such
 * @present: processes that will look at the pages in the end
 * @arrived: how many of them are ready for each look, and done with the last one
 * @taken: the first of them has mapped what it can get
 * @broken: one of them has ended: nobody waits for it
 * @reached: a bit for each look in which somebody reached a page
 * @blob: policies
 * @blob_size: of them
 */
struct scene {
	unsigned long count[OP_COUNT][OUTCOMES];
	unsigned long good, own, unruled, beside, wrong;
	char what[256];
	uint64_t seed;
	long left;
	pid_t pid[PLAYERS];
	long wait;
	bool initialized, begun, asked, writing, switching, passed, debug,
		taken, broken;
	unsigned int present, arrived[LOOKS + 1];
	uint8_t reached[PAGES];
	uint8_t blob[POLICIES][BLOB_MAX];
	ssize_t blob_size[POLICIES];
};

/**
 * struct stage - the enclave of an episode, the same in all its processes.
 * @scene: shared
 * @provider: of the enclave
 * @fd: of the enclave
 * @window: where its first page is mapped, once or twice, side by side
 * @windows: how often
 * @sgx: the enclave, if it is one of SGX
 * @entered: this process has mapped what it enters by
 * @source: PAGES pages of each kind, in this process
 */
struct stage {
	struct scene *scene;
	const struct provider *provider;
	int fd;
	uint8_t *window;
	unsigned int windows;
	struct sgx sgx;
	bool entered;
	uint8_t *source[ALL_SOURCES];
};

/**
 * struct player - one thread.
 * @stage: where it plays
 * @number: of its process
 * @slot: its own, to enter an enclave by
 * @child: forked by a player
 * @in_stretch: it has switched enforcement off, and will switch it on
 * @random: state of its generator
 * @last: page that it mapped last
 */
struct player {
	struct stage *stage;
	unsigned int number, slot;
	bool child, in_stretch;
	uint64_t random;
	unsigned int last;
};

/**
 * struct call - what became of an access or a call.
 * @value: returned
 * @ended: by a signal or an exception
 * @at: the address that it names
 * @why: the signal, or the exception's vector
 */
struct call {
	uint64_t value;
	bool ended;
	uint64_t at;
	int why;
};

/**
 * struct provider - one of the two devices. Functions that return int return 0 or
 * -errno; @page counts from the first page at hand, @pages of them.
 * @name: as in test names
 * @mask: DEV or SGX
 * @open: the leader makes an enclave
 * @init: initialise; called by the leader if @mask is SGX
 * @close: the leader's
 * @access: read or write (@code: other code; NULL: read) a page of window @w
 * @call: call it
 */
struct provider {
	const char *name;
	unsigned int mask;
	int (*open)(struct stage *s);
	int (*load)(struct stage *s, const void *src, unsigned int page,
		    unsigned int pages, int prot, bool measured);
	int (*init)(struct stage *s);
	void (*close)(struct stage *s);
	struct call (*access)(const struct player *p, unsigned int w,
			      unsigned int page, const uint8_t *code);
	struct call (*call)(const struct player *p, unsigned int w,
			    unsigned int page);
	int (*add)(const struct player *p, unsigned int page,
		   unsigned int pages, int prot);
	int (*remove)(const struct player *p, unsigned int page,
		      unsigned int pages);
	int (*restrict_to)(const struct player *p, unsigned int page,
			   unsigned int pages, int prot);
	/* SGX only. */
	int (*extend)(const struct player *p, unsigned int page, int prot);
	int (*accept)(const struct player *p, unsigned int page,
		      unsigned int how);
	int (*copy)(const struct player *p, unsigned int page, int prot);
	int (*type)(const struct player *p, unsigned int page, bool trim);
};

extern const struct provider provider_dev, provider_sgx;

/** operation_name() - as the list above has it. */
const char *operation_name(enum operation op);

/** below() - a random number. */
unsigned int below(uint64_t *state, unsigned int n);

/** bad_page() - a page of code that nothing allows. */
const uint8_t *bad_page(void);

/** sources_make() - files, once. sources_open() - in this process. 0 or -errno. */
int sources_make(void);
int sources_open(struct stage *s);
/** sources_churn() - change what is in FLIPPED and REWRITTEN. */
void sources_churn(struct stage *s, uint64_t *random);

/** play() - operations until the scene has none left. */
void play(struct player *p);
/** play_beside() - map pages of an enclave that nobody looks at. */
void play_beside(struct player *p);
/** ask_init() - initialise the enclave. Return: as the provider says. */
int ask_init(struct stage *s);
/** look() - take what there is, then what is reached while nobody maps anything? */
void look(struct player *p);
/** play_last() - call each page that can be mapped, and is mapped. */
void play_last(struct player *p);

/** guarded() - @fn(arg), or what ended it. */
struct call guarded(uint64_t (*fn)(void *at, const uint8_t *code), void *at,
		    const uint8_t *code);
/* For guarded(): write what there is to write, then read; call what is there. */
uint64_t guarded_touch(void *at, const uint8_t *code);
uint64_t guarded_enter(void *at, const uint8_t *code);
void guard(void);

#endif /* _SEQUENCES_H */

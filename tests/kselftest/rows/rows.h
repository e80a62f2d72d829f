/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the row tests share: policies, sources, enclaves, records, probing.
 *
 * A row test is TEST(<row>_dev) or TEST(<row>_dev_<case>) in one of the row
 * files; catalogue.txt says which rows there are. Each test forks (the harness
 * does), so it may leave mappings and files behind.
 *
 * Owns: helpers only. Knows no row.
 */
#ifndef _ROWS_H
#define _ROWS_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave.h"
#include "record.h"

/*
 * The debug kernel on a busy machine takes longer than the harness waits. This is
 * there to end a row that hangs; how fast one is no row asks.
 */
#ifdef TEST_TIMEOUT_DEFAULT
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT 180

/* Who asks for rounds (race.h) says by the guest's time how long they may take. */
static void __attribute__((constructor)) rows_wait_for_rounds(void)
{
	if (!getenv("ROWS_ROUNDS"))
		return;
	for (struct __fixture_metadata *f = __fixture_list; f; f = f->next)
		for (struct __test_metadata *t = f->tests; t; t = t->next)
			t->timeout = 0;
}
#endif

#define PAGE		ENCLAVE_PAGE
#ifndef ROWS_DIR
#define ROWS_DIR	"/mnt/ext4"
#endif
#define ALLOWED_DIR	ROWS_DIR "/allowed"	/* sources the policy allows */
#define OTHER_DIR	ROWS_DIR "/other"	/* sources it does not name */
#define CODE_VALUE	0x5ecu			/* what the code returns */

#define RW		(PROT_READ | PROT_WRITE)
#define RX		(PROT_READ | PROT_EXEC)
#define RWX		(PROT_READ | PROT_WRITE | PROT_EXEC)

/* Policies. */

/*
 * The domain of this test program, with more rules. Strict: what ATTACKS-style
 * rows assume. exec_file from the allowed directory, nothing else.
 */
#define STRICT_RULES							\
	"  allow create, change, augment;\n"				\
	"  for any { allow init; }\n"					\
	"  allow exec_file from allowed;\n"

/**
 * policy_load() - compile and load a policy.
 * @rules: statements inside the domain of this program
 * @more: statements outside it, or ""
 *
 * Adds the language and policy lines, "source allowed", the domain, and what the
 * file has whose name is in the environment as EWX_ROWS_MORE. Return: 0, else what
 * the ewx command returned (its messages are shown).
 */
int policy_load(const char *rules, const char *more);

/** policy_strict() - policy_load(STRICT_RULES, ""). */
int policy_strict(void);

/**
 * policy_by_group() - as policy_strict() for who is in some control group, so everybody;
 * who is in none may load anything. To find out takes memory, for each request.
 */
int policy_by_group(void);

/*
 * Less strict: load_wx too. Pages whose intent is all of RWX can then only be
 * refused by the permission that a mapping row is about.
 */
#define LOOSE_RULES							\
	"allow create, change, augment; allow exec_file from allowed;"	\
	"for any { allow init, load_wx; }"

/**
 * policy_two() - two domains of this program: "rows" for root with @rules, and
 * "second" for uid SECOND_UID with @second.
 */
int policy_two(const char *rules, const char *second, const char *more);
#define SECOND_UID	1999

/** policy_blob() - the bytes of the policy that was loaded. Return: how many, or -errno. */
ssize_t policy_blob(void *blob, size_t size);

/**
 * policy_load_blob() - load a policy's bytes.
 * @why: out: what is wrong with them; @size: of it, or 0
 * Return: 0 or -errno.
 */
int policy_load_blob(const void *blob, size_t len, char *why, size_t size);

/** enforce() - switch global enforcement. Return: 0 or -errno. */
int enforce(bool on);

/** flagged() - enclaves that stand on what would be denied now, or -errno. */
long flagged(void);

/** enclaves() - how many there are, or -errno. */
long enclaves(void);

/** read_file() - all of it that @buf has room for. Return: bytes, or -errno. */
ssize_t read_file(const char *path, void *buf, size_t size);

/* Memory that fails, where the kernel can be told so. */

/**
 * fail_open() - what tells the kernel which allocations of this task fail. It is open
 * all the time: opening it allocates. Return: a descriptor, or -errno.
 */
int fail_open(void);
/** fail_nth() - the @n-th from now on fails; 0: none does. Return: 0 or -errno. */
int fail_nth(int node, unsigned int n);
/** fail_pending() - has it not come to that allocation? */
bool fail_pending(int node);

/* Sources. */

/**
 * code_file() - make a file of pages that each return CODE_VALUE + page number.
 * Nothing has it open for writing afterwards. Return: 0 or -errno.
 */
int code_file(const char *path, unsigned int pages);

/** code_fill() - the same code into memory. */
void code_fill(void *to, unsigned int pages);

/** code_map() - code_file() in ALLOWED_DIR mapped private and read-only. */
void *code_map(const char *name, unsigned int pages, int prot);

/** file_map() - any file. Return: MAP_FAILED and errno on failure. */
void *file_map(const char *path, unsigned int pages, int prot, int flags);

/** other_code() - of a file in OTHER_DIR, whose name the kernel needs memory for. */
void *other_code(void);

/** anon_map() - private anonymous memory with code in it. */
void *anon_map(unsigned int pages, int prot);

/* Enclaves. */

#define LAYOUT_PAGES	16
/* What built() puts where. */
#define CODE_AT		0		/* RX, from an allowed file */
#define DATA_AT		PAGE		/* RW, anonymous */
#define READ_AT		(2 * PAGE)	/* R, anonymous */
#define HOLE_AT		(8 * PAGE)	/* nothing */

/** fresh() - an open, created enclave of LAYOUT_PAGES. Return: fd or -errno. */
int fresh(void);

/** built() - fresh(), loaded as above, not initialised. Return: fd or -errno. */
int built(void);

/** ready() - built() and initialised. Return: fd or -errno. */
int ready(void);

/**
 * loose_built() - fresh(), @pages measured pages of a file with RWX intent from
 * offset 0; loose_ready() initialises it. For LOOSE_RULES. Return: fd or -errno.
 */
int loose_built(const char *name, unsigned int pages);
int loose_ready(const char *name, unsigned int pages);

/** map() - enclave_map(); Return: 0 and *@at, or -errno. */
int map(int fd, uint64_t offset, uint64_t length, int prot, void **at);

/** map_err() - map, forget the mapping. Return: 0 or -errno. */
int map_err(int fd, uint64_t offset, uint64_t length, int prot);

/* Probing memory: each survives SIGSEGV and SIGBUS. */

/** run() - call the code at @at. Return: what it returned, or -signal. */
long run(const void *at);
/** peek() - read a byte. Return: it, or -signal. */
int peek(const void *at);
/** poke() - write a byte. Return: 0, or -signal. */
int poke(void *at, uint8_t value);

/* Processes. */

/** tell(), await() - one byte over a socket or pipe. Return: false at its end. */
bool tell(int fd);
bool await(int fd);

/** in_child() - @fn's result from a forked process: 0..255, or -signal. */
int in_child(int (*fn)(void *arg), void *arg);

/* What a debugger writes, by /proc/self/mem, and by ptrace to a child of this process. */
int debug_write(void *at, uint8_t value);
int debug_poke(void *at, unsigned long value);

/** fd_send() / fd_receive() - over a Unix socket. Return: 0, fd, or -errno. */
int fd_send(int sock, int fd);
int fd_receive(int sock);

/**
 * worker_reads() - have a worker of io_uring read a byte.
 * @first: called when there is a worker, before it reads; or NULL
 * Return: 0, the errno, or 255.
 */
int worker_reads(const void *at, int (*first)(void));

/** uring_pins() - register a page with io_uring, which pins it. Return: 0 or -errno. */
int uring_pins(void *page);
/** uring_direct() - it reads a page of a file past the cache. Return: bytes, or -errno. */
int uring_direct(const char *path, void *page);

/** become() - leave root for a user without privileges. Return: 0 or -errno. */
int become(uid_t uid);

/** observed() - print what was denied, for ewx-selftest. Return: @result. */
int observed(const char *cause, int result);

/*
 * A denial: -EACCES, and a record of this process that names the cause.
 * A macro, so that the harness (kselftest_harness.h, which row files include
 * before this) reports the line of the row.
 */
#define EXPECT_DENIED(cause, result)					\
	do {								\
		EXPECT_EQ(-EACCES, observed(cause, (result)));		\
		EXPECT_NE(NULL, record_wait(cause))			\
			TH_LOG("no record with cause %s", cause);	\
	} while (0)

#endif /* _ROWS_H */

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the cases of `act` share (act.c). Owns: steps that belong to no provider.
 */
#ifndef _ACT_H
#define _ACT_H

#include <stdint.h>
#include <sys/mman.h>

#define RW		(PROT_READ | PROT_WRITE)
#define RX		(PROT_READ | PROT_EXEC)
#define RWX		(RW | PROT_EXEC)

/**
 * struct act - a case.
 * @fn: 0: allowed; -EACCES: refused; else the negative errno
 */
struct act {
	const char *name;
	int (*fn)(void);
};

/** sgx_acts - the cases with the SGX driver, up to one without a name. */
extern const struct act sgx_acts[];

/** must() - a step before the one that counts: it has to work. Return: @result. */
int must(const char *what, int result);

/** in_dir() - the name of a file in DIR. */
const char *in_dir(const char *name);
/** file_code() - a page of a file in DIR, mapped private. */
uint8_t *file_code(const char *name, int prot);
/** anon_code() - a page of code that no file holds. */
uint8_t *anon_code(void);

/** become() - CHANGE who asks. */
void become(void);
/** become_other() - another user. Return: 0 or -errno. */
int become_other(void);
/** in_child() - @fn in a forked process; a signal counts as -EACCES. */
int in_child(int (*fn)(void *arg), void *arg);
/** debugger_writes() - a byte through /proc/self/mem. */
int debugger_writes(void *at);
/** touch() - read; a fault that is refused ends the process, as refused. */
int touch(const void *at);

/** sgx_write_code() - write what runs inside an SGX enclave into a file. */
int sgx_write_code(const char *path);

#endif /* _ACT_H */

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other security modules beside EWX, for the rows E1 and B21 of every provider.
 *
 * Owns: how each is told to refuse something. Knows no row.
 */
#ifndef _STACK_H
#define _STACK_H

#include <sys/types.h>

/* Newer than Debian's headers. */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN 1
#endif

/** stack_missing() - why a module cannot be tested in this boot; NULL: it can. */
const char *stack_missing(const char *module);

#define NEEDS(module)							\
	do {								\
		const char *why = stack_missing(module);		\
									\
		if (why)						\
			SKIP(return, "%s: %s", module, why);		\
	} while (0)

/**
 * deny() - start a module in BPF that denies some of what this process asks for.
 * @option: of policy/bpf's example
 * @words: for that option
 * @access: NULL, or what --access says
 *
 * Return: its pid once it does, or -1.
 */
pid_t deny(const char *option, const char *words, const char *access);
/** deny_end() - Return: 0 once it denies nothing any more. */
int deny_end(pid_t pid);

/** refuse_ioctl() - seccomp: a filter that refuses one ioctl with EPERM. */
int refuse_ioctl(unsigned int request);

/** landlocked() - no ioctl of devices but @node's; NULL: of none. */
int landlocked(const char *node);

/** ipe_policy() - sign and load a policy, if none of that name is there. Return: 0 or -errno. */
int ipe_policy(const char *name, const char *rules);
/** ipe_use() - make it the one in force. Return: 0 or -errno. */
int ipe_use(const char *name);
/* Of ipe_load(): all executes; nothing does that does not already. */
#define IPE_OPEN	"rows_open"
#define IPE_CLOSED	"rows_closed"
int ipe_load(void);

#endif /* _STACK_H */

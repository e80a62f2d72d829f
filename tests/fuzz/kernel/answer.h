/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the node "query" answers, beside what the engine in this program does.
 */
#ifndef _ANSWER_H
#define _ANSWER_H

#include <stddef.h>

struct ewx_policy;

/** answers_open() - once. Return: 0 or -errno. */
int answers_open(void);

/**
 * answers() - put a request to the kernel.
 * @p: the policy that is in force
 * @query: bytes, of any content
 * Return: NULL if it said what the engine says, or what is wrong.
 */
const char *answers(const struct ewx_policy *p, const void *query, size_t size);

#endif /* _ANSWER_H */
